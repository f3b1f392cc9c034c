package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The rows that the store writes for one record, with the indexes that it needs (met), or the key alone
// (log); put with COPY in groups, or with one INSERT a transaction.
const (
	pgKolommen = `organisatie integer, groep bigint, plaats integer, actie uuid, nummer integer, tijdstip bigint, kenmerk integer,
		activiteit uuid, persoon uuid, verwerking uuid, afnemer uuid, object uuid, ingangen bytea, inhoud bytea,
		PRIMARY KEY(organisatie, groep, plaats)`
	pgTabellen = `CREATE TABLE log(` + pgKolommen + `);
		CREATE TABLE met(` + pgKolommen + `);
		CREATE UNIQUE INDEX ON met(organisatie, actie, nummer);
		CREATE INDEX ON met(organisatie, persoon) WHERE persoon IS NOT NULL;
		CREATE INDEX ON met(organisatie, verwerking) WHERE verwerking IS NOT NULL;
		CREATE INDEX ON met(organisatie, afnemer) WHERE afnemer IS NOT NULL;
		CREATE INDEX ON met(organisatie, object) WHERE object IS NOT NULL`
	pgInsert = `INSERT INTO met VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
)

var pgNamen = []string{
	"organisatie", "groep", "plaats", "actie", "nummer", "tijdstip", "kenmerk",
	"activiteit", "persoon", "verwerking", "afnemer", "object", "ingangen", "inhoud",
}

// postgres is a server that is there already; the bench makes two databases on it and drops them: one
// for the register, one for the limits.
type postgres struct {
	beheer          *pgx.Conn // to the database that the URL names
	url             url.URL
	register, basis string
	pool            *pgxpool.Pool
	groep           atomic.Int64
	leeg            int64 // bytes of a database without anything
}

// pgSchrijvers is how many connections write groups: what the register uses.
const pgSchrijvers = 2

func newPostgres(ctx context.Context, adres string) (_ motor, err error) {
	u, err := url.Parse(adres)
	if err != nil {
		return nil, errors.New("het adres van PostgreSQL is geen URL; geef postgres://gebruiker@host/database")
	}
	m := &postgres{url: *u}
	if m.beheer, err = pgx.Connect(ctx, adres); err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	naam := "verantwoord_bench_" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	for _, db := range []*string{&m.register, &m.basis} {
		*db = naam + strconv.Itoa(len(m.register))
		if _, err = m.beheer.Exec(ctx, "CREATE DATABASE "+*db); err != nil {
			return nil, err
		}
	}
	if err = m.beheer.QueryRow(ctx, `SELECT pg_database_size($1)`, m.register).Scan(&m.leeg); err != nil {
		return nil, err
	}
	c, err := pgxpool.ParseConfig(m.database(m.basis))
	if err != nil {
		return nil, err
	}
	c.MaxConns = 64
	if m.pool, err = pgxpool.NewWithConfig(ctx, c); err != nil {
		return nil, err
	}
	_, err = m.pool.Exec(ctx, pgTabellen)
	return m, err
}

func (m *postgres) database(naam string) string {
	u := m.url
	u.Path = "/" + naam
	return u.String()
}

func (m *postgres) naam() string  { return "postgres" }
func (m *postgres) store() string { return m.database(m.register) }

func (m *postgres) plannen() []plan {
	kopie := func(tabel string) func(context.Context, int) error {
		return func(ctx context.Context, n int) error {
			rij := m.rijen()
			_, err := m.pool.CopyFrom(ctx, pgx.Identifier{tabel}, pgNamen,
				pgx.CopyFromSlice(n, func(k int) ([]any, error) { return rij(k), nil }))
			return err
		}
	}
	return motorplannen(pgSchrijvers, kopie("met"), kopie("log"), func(ctx context.Context, _ int) error {
		_, err := m.pool.Exec(ctx, pgInsert, m.rijen()(0)...)
		return err
	})
}

// rijen makes the rows of one group.
func (m *postgres) rijen() func(k int) []any {
	groep := m.groep.Add(1)
	return func(k int) []any {
		var ids [6]uuid.UUID
		for n := range ids {
			rand.Read(ids[n][:])
		}
		inhoud := make([]byte, inhoudBytes)
		rand.Read(inhoud[:32])
		return []any{1, groep, k, ids[0], 1, time.Now().UnixMicro(), 1, ids[1], ids[2], ids[3], ids[4], ids[5], nil, inhoud}
	}
}

func (m *postgres) bytes(ctx context.Context) (n int64, err error) {
	err = m.beheer.QueryRow(ctx, `SELECT pg_database_size($1)`, m.register).Scan(&n)
	return n - m.leeg, err
}

// cpu adds up the processes of the server, when it runs on this machine; those that have ended meanwhile
// are missing, so connections must live as long as a measurement.
func (m *postgres) cpu() (sum float64) {
	rows, err := m.beheer.Query(context.Background(), `SELECT pid FROM pg_stat_activity`)
	if err != nil {
		return 0
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return 0
	}
	for _, pid := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		velden := strings.Fields(rest)
		if len(velden) < 13 {
			continue
		}
		for _, veld := range velden[11:13] { // utime and stime, in ticks of 10 ms
			t, _ := strconv.Atoi(veld)
			sum += float64(t) / 100
		}
	}
	return sum
}

func (m *postgres) close() error {
	if m.pool != nil {
		m.pool.Close()
	}
	var errs []error
	for _, db := range []string{m.register, m.basis} {
		if db != "" {
			_, err := m.beheer.Exec(context.Background(), "DROP DATABASE IF EXISTS "+db+" WITH (FORCE)")
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, m.beheer.Close(context.Background()))...)
}
