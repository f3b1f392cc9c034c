// Package beheerlog keeps who did what to the register itself: sign-ins, people, groups and rights, applications,
// settings, keys and purges. These are never in the verwerkingenlog (B0538), and have the same kind of proof: every
// event is a leaf of a tree of its own, `<host>/bewijs/<oin>/beheer`, and its content is sealed.
//
// A room that changes something makes the event with New and hands its row to its own store, which adds it in the
// transaction of the change: no change without its event, and no event of what did not happen. A Log is for what
// happens without a change in a store, and for reading.
//
// An event names people, as accountability asks; it holds no secret, no password or code, and no identifier of a
// citizen.
package beheerlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Opslag keeps the rows and the tree.
type Opslag interface {
	// Add durably adds the rows, in order, and sets Nummer and Moment of each.
	Add(ctx context.Context, rijen []*Rij) error
	// List gives at most n rows of an organisation, of one kind or "" for all, with a number below voor, newest first.
	List(ctx context.Context, oin string, soort Soort, voor uint64, n int) ([]Rij, error)
	// Stand gives the tree as stored: its edge, and the hashes of all leaves and nodes from leaf van on, in the order
	// of tlog, for at most n leaves.
	Stand(ctx context.Context, oin string) (*bewijs.Rand, error)
	Hashes(ctx context.Context, oin string, van uint64, n int) ([][]bewijs.Hash, error)
}

// Log reads and writes events.
type Log struct {
	opslag   Opslag
	sleutels func(oin string) (*betrokkene.Sleutels, bool)
	nu       func() time.Time
}

// NewLog makes a Log; sleutels gives the keys of an organisation.
func NewLog(o Opslag, sleutels func(oin string) (*betrokkene.Sleutels, bool), nu func() time.Time) *Log {
	return &Log{o, sleutels, nu}
}

func (l *Log) keys(oin string) (*betrokkene.Sleutels, error) {
	s, ok := l.sleutels(oin)
	if !ok {
		return nil, errors.New("unknown organisation")
	}
	return s, nil
}

// Rij makes the row of an event, for a room that adds it in a transaction of its own.
func (l *Log) Rij(oin string, r Regel) (*Rij, error) {
	s, err := l.keys(oin)
	if err != nil {
		return nil, err
	}
	rij, err := New(s, oin, l.nu(), r)
	return &rij, err
}

// Add durably adds an event by itself.
func (l *Log) Add(ctx context.Context, oin string, r Regel) error {
	rij, err := l.Rij(oin, r)
	if err == nil {
		err = l.opslag.Add(ctx, []*Rij{rij})
	}
	if err != nil {
		return fmt.Errorf("add to beheerlog: %w", err)
	}
	return nil
}

// MaxLijst bounds a list.
const MaxLijst = 500

// Vanaf is where a list of the newest events begins.
const Vanaf = uint64(1) << 62

// List gives at most n events with a number below voor, newest first.
func (l *Log) List(ctx context.Context, oin string, voor uint64, n int) ([]*Regel, error) {
	return l.Van(ctx, oin, "", voor, n)
}

// Van gives those of one kind.
func (l *Log) Van(ctx context.Context, oin string, soort Soort, voor uint64, n int) ([]*Regel, error) {
	s, err := l.keys(oin)
	if err != nil {
		return nil, err
	}
	rijen, err := l.opslag.List(ctx, oin, soort, voor, min(n, MaxLijst))
	if err != nil {
		return nil, fmt.Errorf("read beheerlog: %w", err)
	}
	uit := make([]*Regel, len(rijen))
	for i := range rijen {
		if uit[i], err = Open(s, &rijen[i]); err != nil {
			return nil, err
		}
	}
	return uit, nil
}

// Inhouden gives what the leaves from van up to tot hash, made anew from the events.
func (l *Log) Inhouden(ctx context.Context, oin string, van, tot uint64) ([]bewijs.Hash, error) {
	s, err := l.keys(oin)
	if err != nil {
		return nil, err
	}
	rijen, err := l.opslag.List(ctx, oin, "", tot, int(tot-van))
	if err != nil {
		return nil, fmt.Errorf("read beheerlog: %w", err)
	}
	out := make([]bewijs.Hash, tot-van)
	for i := range out {
		if i >= len(rijen) || rijen[len(rijen)-1-i].Nummer != van+uint64(i) {
			return nil, fmt.Errorf("beheerlog: event %d is missing", van+uint64(i))
		}
		r := &rijen[len(rijen)-1-i]
		if _, err := Open(s, r); err != nil {
			return nil, err
		}
		out[i] = r.Entry()
	}
	return out, nil
}

// Controle recomputes the tree from what the events say. The error names the first leaf at which the store differs
// from its own tree; nil: nothing was changed, added or removed since the edge was written.
func (l *Log) Controle(ctx context.Context, oin string) (aantal uint64, err error) {
	s, err := l.keys(oin)
	if err != nil {
		return 0, err
	}
	stand, err := l.opslag.Stand(ctx, oin)
	if err != nil {
		return 0, fmt.Errorf("read tree of beheerlog: %w", err)
	}
	rand := &bewijs.Rand{}
	for van := uint64(0); van < stand.Grootte(); van = rand.Grootte() {
		n := int(min(MaxLijst, stand.Grootte()-van))
		rijen, err := l.opslag.List(ctx, oin, "", van+uint64(n), n)
		if err != nil {
			return van, fmt.Errorf("read beheerlog: %w", err)
		}
		hashes, err := l.opslag.Hashes(ctx, oin, van, n)
		if err != nil {
			return van, fmt.Errorf("read tree of beheerlog: %w", err)
		}
		if len(rijen) != n || len(hashes) != n {
			return van, fmt.Errorf("beheerlog: events are missing from leaf %d on", van)
		}
		for i := range n {
			r := &rijen[n-1-i]
			if r.Nummer != van+uint64(i) {
				return van, fmt.Errorf("beheerlog: event %d is missing", van+uint64(i))
			}
			if _, err := Open(s, r); err != nil {
				return r.Nummer, err
			}
			nieuw := rand.Append(nil, r.BladHash())
			if len(nieuw) != len(hashes[i]) {
				return r.Nummer, fmt.Errorf("beheerlog: event %d differs from its leaf", r.Nummer)
			}
			for j := range nieuw {
				if nieuw[j] != hashes[i][j] {
					return r.Nummer, fmt.Errorf("beheerlog: event %d differs from its leaf", r.Nummer)
				}
			}
		}
	}
	if string(rand.AppendBytes(nil)) != string(stand.AppendBytes(nil)) {
		return rand.Grootte(), errors.New("beheerlog: the tree differs from its edge")
	}
	return rand.Grootte(), nil
}
