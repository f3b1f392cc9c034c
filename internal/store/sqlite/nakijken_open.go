package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/verantwoord/verantwoord/internal/controle"
)

// Nakijk looks at the store while it is open and goes on. It has connections of its own: what it reads costs no reader its place.
//
// A snapshot of log.db for as long as a whole check takes would keep its write-ahead log from starting anew all that time.
// None is needed: up to the size at which looking began, rows are only added. So each piece is read by itself. The index is
// rewritten all the time, and is read in one snapshot that ends when its entries were seen.
func (s *Store) Nakijk(ctx context.Context) (_ *Nakijker, err error) {
	if s.gesloten.Load() {
		return nil, s.usable()
	}
	n := &Nakijker{open: s, dir: s.dir, oins: map[string]int64{}, namen: map[int64]string{}, tot: map[int64]uint64{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	if n.log, err = openReaders(filepath.Join(s.dir, logBestand), 1<<10); err != nil {
		return nil, err
	}
	n.kamerLezer = kamerLezer{n.log}
	if err = n.read(ctx); err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return n, nil
}

// vastOpen fixes up to where is looked: first the index, then the log, so that the index is not ahead. The sizes of the log are
// those of the register itself: leaves that went from the end of the file are missed.
func (n *Nakijker) vastOpen(ctx context.Context) (err error) {
	if n.index != nil {
		if err := n.index.close(); err != nil {
			return err
		}
	}
	n.gebrek, n.index = nil, nil
	if n.open.index.stuk.Load() {
		n.gebrek = append(n.gebrek, controle.Gebrek{Deel: controle.DeelIndex, Waar: indexBestand, Wat: "De index is beschadigd; het register maakt haar bij de volgende start opnieuw."})
	} else if n.index, err = n.openIndex(ctx); err != nil {
		return err
	}
	for _, o := range n.open.organisaties {
		n.tot[o.nr] = o.grootte.Load()
	}
	return nil
}

// bouwOpen leaves out what takes long in one piece: the large tables, whose every row is held against others anyway.
func (n *Nakijker) bouwOpen(ctx context.Context, meld controle.Meld) error {
	if err := heelBehalve(ctx, n.log, logBestand, controle.DeelOpslag, meld, "versie", "knoop"); err != nil || n.index == nil {
		return err
	}
	if err := heelBehalve(ctx, n.index.bron, indexBestand, controle.DeelIndex, meld, "blok"); err != nil {
		return err
	}
	einde, err := n.index.snapshot(ctx)
	if err != nil {
		return stuk(err, indexBestand, controle.DeelIndex, meld)
	}
	defer einde()
	// Those of this snapshot; where looking began stays as it was.
	y := &indexKijker{db: n.index.db, standen: map[int64]stand{}}
	err = y.load(ctx, n.id, func(wat string) {
		meld(controle.Gebrek{Deel: controle.DeelIndex, Waar: indexBestand, Wat: wat})
	})
	if err != nil {
		return stuk(err, indexBestand, controle.DeelIndex, meld)
	}
	return y.bouwRuns(ctx, n, meld)
}

// heelBehalve asks SQLite of each table but some whether it is whole.
func heelBehalve(ctx context.Context, db *sql.DB, bestand, deel string, meld controle.Meld, behalve ...string) error {
	var tabellen []string
	rows, err := db.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
	if err != nil {
		return stuk(err, bestand, deel, meld)
	}
	defer rows.Close()
	for rows.Next() {
		var naam string
		if err := rows.Scan(&naam); err != nil {
			return err
		}
		tabellen = append(tabellen, naam)
	}
	if err := rows.Err(); err != nil {
		return stuk(err, bestand, deel, meld)
	}
	for _, naam := range tabellen {
		if slices.Contains(behalve, naam) {
			continue
		}
		if err := heelVolgens(ctx, db, `PRAGMA integrity_check("`+naam+`")`, bestand, deel, meld); err != nil {
			return err
		}
	}
	return nil
}

// snapshot shows the file as it is now, until einde.
func (x *indexKijker) snapshot(ctx context.Context) (einde func(), err error) {
	tx, err := x.bron.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	x.db = tx
	return func() { _ = tx.Rollback(); x.db = x.bron }, nil
}
