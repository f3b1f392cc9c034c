package verhuizing_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // to purge behind the back of the store

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func sqliteExec(t testing.TB, pad, tekst string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+pad)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(tekst); err != nil {
		t.Fatal(err)
	}
}

func postgresExec(t testing.TB, url, tekst string, want int64) {
	t.Helper()
	c, err := pgx.Connect(bg, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(bg)
	if tag, err := c.Exec(bg, tekst); err != nil || tag.RowsAffected() != want {
		t.Fatalf("%d rows, %v", tag.RowsAffected(), err)
	}
}

var errOnderbroken = errors.New("interrupted")

// breekbaar is a target of which a call fails, before it did anything or after it.
type breekbaar struct {
	*postgres.Store
	stap string // that fails
	na   bool   // after it did its work
	over int    // calls of it that succeed first
}

func (b *breekbaar) breek(stap string, f func() error) error {
	if stap != b.stap {
		return f()
	}
	if b.over--; b.over >= 0 {
		return f()
	}
	if b.na {
		_ = f()
	}
	return errOnderbroken
}

func (b *breekbaar) Take(ctx context.Context, oin string, k verhuizing.Kop, l []verhuizing.Blad) (na verhuizing.Kop, err error) {
	err = b.breek("take", func() error { na, err = b.Store.Take(ctx, oin, k, l); return err })
	return na, err
}

func (b *breekbaar) TakeSleutels(ctx context.Context, oin string, l []verhuizing.Sleutel) error {
	return b.breek("keys", func() error { return b.Store.TakeSleutels(ctx, oin, l) })
}

func (b *breekbaar) Release(ctx context.Context, oin string, laatste int64) error {
	return b.breek("release", func() error { return b.Store.Release(ctx, oin, laatste) })
}

func TestAMoveThatWasInterruptedIsFinished(t *testing.T) {
	t.Parallel()
	for naam, b := range map[string]breekbaar{
		"before the first portion":          {stap: "take"},
		"after a portion that nobody heard": {stap: "take", na: true},
		"after some portions":               {stap: "take", over: 2},
		"before the keys":                   {stap: "keys"},
		"between the keys of two":           {stap: "keys", over: 1, na: true},
		"before the target is opened":       {stap: "release"},
		"after one organisation was opened": {stap: "release", over: 1},
		"when opening was not heard of":     {stap: "release", na: true},
		"when the second was not heard of":  {stap: "release", over: 1, na: true},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			bron, doel := openPostgres(t, postgrestest.Database(t)), openPostgres(t, postgrestest.Database(t))
			v := newVulling(t)
			v.fill(t, bron, 10, 10)
			v.fill(t, bron, 4, 200)
			b.Store = doel
			if _, err := run(t, bron, &b); !errors.Is(err, errOnderbroken) {
				t.Fatalf("error %v", err)
			}
			for _, oin := range oins { // one side takes in at most
				if kop(t, bron, oin).Staat == verhuizing.Open && kop(t, doel, oin).Staat == verhuizing.Open && kop(t, doel, oin).Grootte() > 0 {
					t.Fatalf("organisation %s is open on both sides", oin)
				}
			}
			mustRun(t, bron, doel)
			v.sameReads(t, bron, doel)
			v.sameKeys(t, doel)
		})
	}
}

// Killed right after the source was closed, before anything of a small log was copied.
func TestAMoveThatWasKilledWhileTheSourceWasClosedIsFinished(t *testing.T) {
	t.Parallel()
	bron, doel := openPostgres(t, postgrestest.Database(t)), openPostgres(t, postgrestest.Database(t))
	v := newVulling(t)
	v.fill(t, bron, 10, 10)
	if _, err := run(t, bron, &breekbaar{Store: doel, stap: "take"}); !errors.Is(err, errOnderbroken) {
		t.Fatalf("error %v", err)
	}
	for _, oin := range oins { // as whoever is killed leaves it
		if err := bron.SetGesloten(bg, oin, true); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, bron, doel)
	v.sameReads(t, bron, doel)
}

func TestWhatWasTamperedWithOnTheTargetIsFound(t *testing.T) {
	t.Parallel()
	const van = ` WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = '` + storetest.A + `')`
	for naam, c := range map[string]struct{ tekst, want string }{
		"a byte of the content":  {`UPDATE versie SET inhoud = set_byte(inhoud, 0, get_byte(inhoud, 0) # 1)` + van + ` AND (groep, plaats) = (SELECT nr, 3 FROM groep` + van + ` AND aantal > 3 LIMIT 1)`, "is op het doel niet wat het op de bron is"},
		"a state":                {`UPDATE versie SET kenmerk = kenmerk + 1` + van + ` AND (groep, plaats) = (SELECT nr, 3 FROM groep` + van + ` AND aantal > 3 LIMIT 1)`, "is op het doel niet wat het op de bron is"},
		"a key":                  {`UPDATE versie SET verwerking = gen_random_uuid(), ingangen = NULL` + van + ` AND (groep, plaats) = (SELECT nr, 3 FROM groep` + van + ` AND aantal > 3 LIMIT 1)`, "is op het doel niet wat het op de bron is"},
		"a version that is gone": {`DELETE FROM versie` + van + ` AND (groep, plaats) = (SELECT nr, 3 FROM groep` + van + ` AND aantal > 3 LIMIT 1)`, "is op het doel niet wat het op de bron is"},
		"a registration":         {`UPDATE groep SET registratie = registratie + 1` + van + ` AND van = 0`, "is op het doel niet wat het op de bron is"},
		"a hash of a leaf":       {`UPDATE groep SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)` + van + ` AND van = 0`, "is op het doel niet wat het op de bron is"},
		"the edge of the tree":   {`UPDATE organisatie SET rand = set_byte(rand, 0, get_byte(rand, 0) # 1) WHERE oin = '` + storetest.A + `'`, "wortel"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.Database(t)
			bron, doel := openPostgres(t, postgrestest.Database(t)), openPostgres(t, url)
			v := newVulling(t)
			v.fill(t, bron, 30, 30)
			if _, err := run(t, bron, &breekbaar{Store: doel, stap: "keys"}); !errors.Is(err, errOnderbroken) {
				t.Fatalf("error %v", err)
			}
			postgresExec(t, url, c.tekst, 1)
			if _, err := run(t, bron, doel); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v", err)
			}
			if kop(t, doel, storetest.A).Staat != verhuizing.Komt {
				t.Error("the target is open")
			}
			v.fill(t, bron, 3, 3) // the source takes in again
		})
	}
}

// A group that meets a closed organisation loses its units and keeps those of others.
func TestAClosedOrganisationCostsOnlyItself(t *testing.T) {
	t.Parallel()
	s := openPostgres(t, postgrestest.Database(t))
	newVulling(t).fill(t, s, 3, 3)
	n := kop(t, s, storetest.B).Grootte()
	if err := s.SetGesloten(bg, storetest.B, true); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a, b := storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.B)
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{b, a}); err != nil || a.Err != nil {
			t.Fatal(err, a.Err)
		}
		f, ok := errors.AsType[*fout.Fout](b.Err)
		if !ok || f.Code != fout.CodeNietBeschikbaar || f.OpnieuwNa == 0 || !strings.Contains(f.Detail, "verhuist") {
			t.Fatalf("the unit of the closed one: %v", b.Err)
		}
	}
	if got := kop(t, s, storetest.B).Grootte(); got != n {
		t.Errorf("%d leaves after %d", got, n)
	}
	if err := s.SetGesloten(bg, storetest.B, false); err != nil {
		t.Fatal(err)
	}
	newVulling(t).fill(t, s, 5, 3)
}
