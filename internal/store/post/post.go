// Package post keeps the mail of internal/post in the store, on the rooms of kamer. Other rooms queue theirs with Add,
// in the transaction of what it is about.
package post

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ post.Opslag = (*Opslag)(nil)

const (
	sqlNieuw    = `INSERT INTO post(id, organisatie, stand, pogingen, volgende, gemaakt, inhoud) SELECT $2, nr, $3, $4, $5, $6, $7 FROM organisatie WHERE oin = $1`
	sqlWachtend = `SELECT count(*), coalesce(min(volgende), 0), coalesce(min(gemaakt), 0) FROM post WHERE stand = 'wacht'`
	sqlRijpe    = `SELECT p.id, o.oin, p.stand, p.pogingen, p.volgende, p.gemaakt, p.inhoud FROM post p JOIN organisatie o ON o.nr = p.organisatie WHERE p.stand = 'wacht' AND p.volgende <= $1 ORDER BY p.volgende LIMIT $2`
	sqlNeem     = `UPDATE post SET volgende = $3, pogingen = pogingen + 1 WHERE id = $1 AND stand = 'wacht' AND volgende = $2`
	sqlZet      = `UPDATE post SET stand = $4, volgende = $5, inhoud = $6 WHERE id = $1 AND stand = 'wacht' AND volgende = $2 AND pogingen = $3`
	sqlLijst    = `SELECT p.id, o.oin, p.stand, p.pogingen, p.volgende, p.gemaakt, p.inhoud FROM post p JOIN organisatie o ON o.nr = p.organisatie WHERE o.oin = $1 ORDER BY p.gemaakt DESC, p.id LIMIT $2`
	sqlRuim     = `DELETE FROM post WHERE stand <> 'wacht' AND gemaakt < $1`
)

// Opslag implements post.Opslag on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives the mail of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

// Verzegeld says what is sealed of mail.
func Verzegeld() []kamer.Verzegeld {
	return []kamer.Verzegeld{{Tabel: "post", Sleutel: []string{"id"}, Ook: []string{"stand", "gemaakt"}, Inhoud: "inhoud", Binding: func(oin string, rij []any) ([]byte, error) {
		id, err := uuid.Parse(rij[0].(string))
		return (&post.Rij{OIN: oin, ID: id, Stand: post.Stand(rij[1].(string)), Gemaakt: rij[2].(int64)}).Binding(), err
	}}}
}

// Add queues a message in a transaction. Its id must be new.
func Add(tx *kamer.Tx, r post.Rij) error {
	n, err := tx.Exec(sqlNieuw, r.OIN, r.ID.String(), string(r.Stand), r.Pogingen, r.Volgende, r.Gemaakt, r.Verzegeld)
	if err == nil && n != 1 {
		err = errors.New("unknown organisation")
	}
	if err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	return nil
}

// Add implements post.Opslag.
func (s *Opslag) Add(ctx context.Context, rijen ...post.Rij) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		for _, r := range rijen {
			if err := Add(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// Wachtend implements post.Opslag.
func (s *Opslag) Wachtend(ctx context.Context) (w post.Wachtend, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error { return tx.QueryRow(sqlWachtend).Scan(&w.Aantal, &w.Eerste, &w.Oudste) })
	if err != nil {
		return post.Wachtend{}, fmt.Errorf("count waiting mail: %w", err)
	}
	return w, nil
}

// Neem implements post.Opslag.
func (s *Opslag) Neem(ctx context.Context, nu, tot int64, n int) (uit []post.Rij, err error) {
	err = s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		uit = nil
		rijen, err := lees(tx, sqlRijpe, nu, int64(n))
		if err != nil {
			return err
		}
		for _, r := range rijen {
			n, err := tx.Exec(sqlNeem, r.ID.String(), r.Volgende, tot)
			if err != nil {
				return err
			}
			if n == 1 { // otherwise another node has it
				r.Volgende, r.Pogingen = tot, r.Pogingen+1
				uit = append(uit, r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take mail to deliver: %w", err)
	}
	return uit, nil
}

// Zet implements post.Opslag.
func (s *Opslag) Zet(ctx context.Context, r post.Rij, genomen int64) error {
	return s.kamer.Write(ctx, func(tx *kamer.Tx) error {
		n, err := tx.Exec(sqlZet, r.ID.String(), genomen, r.Pogingen, string(r.Stand), r.Volgende, r.Verzegeld)
		if err != nil {
			return fmt.Errorf("note how mail went: %w", err)
		}
		if n != 1 {
			return fout.Gelijktijdig
		}
		return nil
	})
}

// List implements post.Opslag.
func (s *Opslag) List(ctx context.Context, oin string, n int) (uit []post.Rij, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit, err = lees(tx, sqlLijst, oin, int64(n))
		return err
	})
	return uit, err
}

// Ruim implements post.Opslag.
func (s *Opslag) Ruim(ctx context.Context, voor int64) (n int64, err error) {
	err = s.kamer.Write(ctx, func(tx *kamer.Tx) error { n, err = tx.Exec(sqlRuim, voor); return err })
	return n, err
}

// lees reads rows.
func lees(tx *kamer.Tx, tekst string, args ...any) (uit []post.Rij, err error) {
	for row, err := range tx.Query(tekst, args...) {
		var r post.Rij
		var id, stand string
		if err == nil {
			err = row.Scan(&id, &r.OIN, &stand, &r.Pogingen, &r.Volgende, &r.Gemaakt, &r.Verzegeld)
		}
		if err != nil {
			return nil, err
		}
		if r.ID, err = uuid.Parse(id); err != nil {
			return nil, errors.New("the id of a message is no uuid")
		}
		r.Stand = post.Stand(stand)
		uit = append(uit, r)
	}
	return uit, nil
}
