package postgres

import (
	"context"
	"time"
)

// The clock of a lease is that of the database: those of the nodes may differ.
const (
	sqlPachtNeem = `INSERT INTO pacht(naam, houder, tot) VALUES($1, $2, now() + $3 * interval '1 microsecond')
		ON CONFLICT (naam) DO UPDATE SET houder = excluded.houder, tot = excluded.tot
		WHERE pacht.houder = excluded.houder OR pacht.tot <= now()`
	sqlPachtVerleng = `UPDATE pacht SET tot = now() + $3 * interval '1 microsecond' WHERE naam = $1 AND houder = $2`
	sqlPachtGeef    = `DELETE FROM pacht WHERE naam = $1 AND houder = $2`
)

// Lease is a task that one node at a time has, for a while. It saves double work and no more: a node that
// was away longer than its lease can't know that it lost it. What must not happen twice is guarded by the
// transaction that does it.
type Lease struct {
	exec   func(ctx context.Context, stap, tekst string, args ...any) (int64, error)
	naam   string
	houder string
	duur   time.Duration
}

// Lease is the lease of a task. The node loses it duur after it was acquired or renewed for the last time.
func (s *Store) Lease(naam string, duur time.Duration) *Lease {
	return &Lease{exec: s.exec, naam: naam, houder: s.node, duur: duur}
}

// Acquire takes the lease when nobody has it, and tells whether this node has it now.
func (l *Lease) Acquire(ctx context.Context) (bool, error) {
	n, err := l.exec(ctx, "acquire lease", sqlPachtNeem, l.naam, l.houder, l.duur.Microseconds())
	return n == 1, err
}

// Renew keeps the lease; false means that another node took it.
func (l *Lease) Renew(ctx context.Context) (bool, error) {
	n, err := l.exec(ctx, "renew lease", sqlPachtVerleng, l.naam, l.houder, l.duur.Microseconds())
	return n == 1, err
}

// Release gives the lease back, when this node has it.
func (l *Lease) Release(ctx context.Context) error {
	_, err := l.exec(ctx, "release lease", sqlPachtGeef, l.naam, l.houder)
	return err
}
