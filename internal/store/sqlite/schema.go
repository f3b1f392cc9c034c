package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// paginaGrootte of both databases: a group of small rows fits in fewer pages than with 4096, and
// every page costs a frame of the write-ahead log.
const paginaGrootte = 8192

// stappen are the migrations of log.db, forward only: step i leads to version i+1. What has been
// released is never changed.
var stappen = []string{
	// logboek.id names this log, so that an index of another one is recognised.
	`CREATE TABLE logboek(id BLOB NOT NULL) STRICT;

	CREATE TABLE organisatie(nr INTEGER PRIMARY KEY, oin TEXT NOT NULL UNIQUE) STRICT;

	CREATE TABLE sleutel(organisatie INTEGER NOT NULL, naam TEXT NOT NULL, vingerafdruk TEXT NOT NULL,
		PRIMARY KEY(organisatie, naam)) STRICT, WITHOUT ROWID;

	-- nr = organisation << 40 | leaf. The content comes last: what stands before it is read without it.
	CREATE TABLE versie(nr INTEGER PRIMARY KEY, actie BLOB NOT NULL, nummer INTEGER NOT NULL,
		registratie INTEGER NOT NULL, tijdstip INTEGER NOT NULL, kenmerk INTEGER NOT NULL,
		activiteit BLOB, ingangen BLOB NOT NULL, inhoud BLOB NOT NULL) STRICT;

	-- nr = tree << 41 | index of the first hash; one row for all hashes of a group.
	CREATE TABLE knoop(nr INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;

	CREATE TABLE idempotentie(dag INTEGER NOT NULL, organisatie INTEGER NOT NULL, sleutel BLOB NOT NULL,
		lichaam BLOB NOT NULL, registratie INTEGER NOT NULL, blad INTEGER NOT NULL,
		PRIMARY KEY(dag, organisatie, sleutel)) STRICT, WITHOUT ROWID;`,

	// The rooms count their own steps since (kamer.Migrate); this one was released as a step of the log.
	kamer.Applicaties,

	// Of versions that were put under other keys, the entries that the index has of them: those of before.
	`CREATE TABLE hersleuteld(nr INTEGER PRIMARY KEY, ingangen BLOB NOT NULL) STRICT`,

	// NULL of versions from before it.
	`ALTER TABLE versie ADD COLUMN merk BLOB`,
}

// stapNamen name them for an operator.
var stapNamen = []string{"logboek", "logboek, tweede stap", "logboek, andere sleutels", "logboek, merken"}

// migrate brings log.db to the newest version, each step in a transaction of its own.
func migrate(ctx context.Context, c *sql.Conn) error {
	if _, err := c.ExecContext(ctx,
		`CREATE TABLE IF NOT EXISTS schema(versie INTEGER PRIMARY KEY) STRICT`); err != nil {
		return err
	}
	var versie int
	if err := c.QueryRowContext(ctx, `SELECT coalesce(max(versie), 0) FROM schema`).Scan(&versie); err != nil {
		return err
	}
	if versie > len(stappen) {
		return fout.New(fout.CodeNietBeschikbaar,
			"De opslag is gemaakt door een nieuwere versie van Verantwoord; installeer die versie of een latere.")
	}
	for ; versie < len(stappen); versie++ {
		if err := step(ctx, c, versie); err != nil {
			return fmt.Errorf("migrate log to version %d: %w", versie+1, err)
		}
	}
	return nil
}

func step(ctx context.Context, c *sql.Conn, versie int) error {
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, stappen[versie]); err != nil {
		return err
	}
	if versie == 0 {
		id := make([]byte, 16)
		rand.Read(id)
		if _, err := tx.ExecContext(ctx, `INSERT INTO logboek(id) VALUES(?)`, id); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO schema(versie) VALUES(?)`, versie+1); err != nil {
		return err
	}
	return tx.Commit()
}
