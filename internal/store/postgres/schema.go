package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// stap is one migration of the log. It only adds: nodes of the version before go on while it runs. Its
// statements may be run again (IF NOT EXISTS), and whole numbers are int4, which is four bytes on every engine
// (besluit 0015).
type stap struct{ naam, tekst string }

// stappen are the migrations, forward only: step i leads to version i+1. What has been released is never
// changed.
var stappen = []stap{
	{"logboek", `
	-- The head row: it is locked for every group and rewritten in place, hence the room in its page. rand is
	-- the right edge of the tree, laatste the registration of the newest version. gesloten: the log takes
	-- nothing in, as it comes from another store (1), or leaves for one or has left (2).
	CREATE TABLE IF NOT EXISTS organisatie(nr int4 PRIMARY KEY, oin text NOT NULL UNIQUE,
		grootte bigint NOT NULL, laatste bigint NOT NULL, rand bytea NOT NULL,
		gesloten smallint NOT NULL DEFAULT 0) WITH (fillfactor = 10);

	CREATE TABLE IF NOT EXISTS sleutel(organisatie int4, naam text, vingerafdruk text NOT NULL, PRIMARY KEY(organisatie, naam));

	-- What one transaction adds to one organisation: the leaves van to van + aantal, registered at registratie and
	-- each a microsecond later, and the hashes of the tree that they bring, in the order of tlog. nr is chosen by the
	-- node that writes, before the leaves have numbers.
	CREATE TABLE IF NOT EXISTS groep(organisatie int4, van bigint, nr bigint NOT NULL, registratie bigint NOT NULL,
		aantal int4 NOT NULL, hashes bytea NOT NULL, PRIMARY KEY(organisatie, van), UNIQUE(organisatie, nr));

	-- The first key of each kind stands in a column. ingangen is NULL when the columns say all there is: each key
	-- once, in the order of the columns. Fixed widths come first, so that nothing is lost between them.
	CREATE TABLE IF NOT EXISTS versie(groep bigint, tijdstip bigint NOT NULL, organisatie int4, plaats int4,
		nummer int4 NOT NULL, kenmerk smallint NOT NULL, actie uuid NOT NULL, activiteit uuid,
		verwerking uuid, afnemer uuid, persoon uuid, object uuid, ingangen bytea, inhoud bytea NOT NULL,
		PRIMARY KEY(organisatie, groep, plaats));
	CREATE UNIQUE INDEX IF NOT EXISTS versie_actie ON versie(organisatie, actie, nummer);
	CREATE INDEX IF NOT EXISTS versie_verwerking ON versie(organisatie, verwerking) WHERE verwerking IS NOT NULL;
	CREATE INDEX IF NOT EXISTS versie_afnemer ON versie(organisatie, afnemer) WHERE afnemer IS NOT NULL;
	CREATE INDEX IF NOT EXISTS versie_persoon ON versie(organisatie, persoon) WHERE persoon IS NOT NULL;
	CREATE INDEX IF NOT EXISTS versie_object ON versie(organisatie, object) WHERE object IS NOT NULL;

	-- The second and further keys of a kind.
	CREATE TABLE IF NOT EXISTS ingang(organisatie int4, soort smallint, sleutel uuid, groep bigint, plaats int4,
		PRIMARY KEY(organisatie, soort, sleutel, groep, plaats));

	CREATE TABLE IF NOT EXISTS idempotentie(organisatie int4, dag int4, sleutel uuid, lichaam uuid NOT NULL,
		registratie bigint NOT NULL, blad bigint NOT NULL, PRIMARY KEY(organisatie, dag, sleutel));`},
	// Of each version 16 bytes, in the order of plaats; zeros or NULL of those from before it.
	{"logboek, merken", `ALTER TABLE groep ADD COLUMN IF NOT EXISTS merken bytea`},
}

const (
	// These two exist before the first step: they guard the steps.
	sqlSchema = `CREATE TABLE IF NOT EXISTS schema(versie int4 PRIMARY KEY);
		CREATE TABLE IF NOT EXISTS pacht(naam text PRIMARY KEY, houder text NOT NULL, tot timestamptz NOT NULL)`
	sqlSchemaLees  = `SELECT coalesce(max(versie), 0) FROM schema`
	sqlSchemaNieuw = `INSERT INTO schema(versie) VALUES($1)`
)

// Plan names the steps that Open would take on the database.
func Plan(ctx context.Context, url string) ([]string, error) {
	c, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer c.Close(ctx)
	versie, err := schemaVersie(ctx, c, stappen)
	if err != nil {
		return nil, err
	}
	var namen []string
	for _, s := range stappen[versie:] {
		namen = append(namen, s.naam)
	}
	kamers, err := kamer.Plan(ctx, kamers{c})
	return append(namen, kamers...), err
}

// connect makes one connection outside the pools, without their limits.
func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	settle(cfg)
	c, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, judge("connect", fmt.Errorf("%w: %w", errVerbinding, err))
	}
	return c, nil
}

func schemaVersie(ctx context.Context, c *pgx.Conn, stappen []stap) (versie int, err error) {
	err = c.QueryRow(ctx, sqlSchemaLees).Scan(&versie)
	switch {
	case code(err) == codeGeenTabel:
		return 0, nil
	case err != nil:
		return 0, judge("read version of the log", err)
	case versie > len(stappen):
		return 0, fout.New(fout.CodeNietBeschikbaar,
			"De opslag is gemaakt door een nieuwere versie van Verantwoord; installeer die versie of een latere.")
	}
	return versie, nil
}

// migrate brings the tables of the log to the newest version. Several nodes may do it at once, and a
// database that has it is only read.
func migrate(ctx context.Context, c *pgx.Conn, node string, stappen []stap) error {
	versie, err := schemaVersie(ctx, c, stappen)
	if err != nil || versie == len(stappen) {
		return err
	}
	if err := makeSchema(ctx, c); err != nil {
		return fmt.Errorf("prepare migration of the log: %w", err)
	}
	l := &Lease{naam: "migratie", houder: node, duur: time.Minute,
		exec: func(ctx context.Context, stap, tekst string, args ...any) (int64, error) {
			tag, err := c.Exec(ctx, tekst, args...)
			return tag.RowsAffected(), judge(stap, err)
		}}
	for {
		if held, err := l.Acquire(ctx); err != nil {
			return err
		} else if held {
			break
		}
		pause(ctx, 50*time.Millisecond)
	}
	defer l.Release(ctx)
	if versie, err = schemaVersie(ctx, c, stappen); err != nil {
		return err
	}
	for ; versie < len(stappen); versie++ {
		if err := step(ctx, c, versie, stappen); err != nil {
			return fmt.Errorf("migrate log to version %d (%s): %w", versie+1, stappen[versie].naam, err)
		}
		if _, err := l.Renew(ctx); err != nil {
			return err
		}
	}
	return nil
}

// makeSchema makes what the steps are guarded by. IF NOT EXISTS does not keep two from colliding.
func makeSchema(ctx context.Context, c *pgx.Conn) error {
	for {
		if _, err := c.Exec(ctx, sqlSchema); !met(err) {
			return judge("make tables", err)
		}
	}
}

// step takes one step, or waits for the node that takes it.
func step(ctx context.Context, c *pgx.Conn, versie int, stappen []stap) error {
	tx, err := c.Begin(ctx)
	if err != nil {
		return judge("begin", err)
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, stappen[versie].tekst); err != nil {
		return judge("change tables", err)
	}
	// Last: an engine that commits each table by itself must not note what is not there yet.
	if _, err := tx.Exec(ctx, sqlSchemaNieuw, versie+1); err != nil {
		if code(err) == codeBestaatAl {
			return nil // whoever had the lease before took longer than that, and did it
		}
		return judge("note version", err)
	}
	return judge("commit", tx.Commit(ctx))
}
