package controle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// Beheer is the beheerlog of a store; beheerlog.Log and its store together implement it.
type Beheer interface {
	// Controle recomputes the tree from the events; the number with an error is that of the first that is wrong.
	Controle(ctx context.Context, oin string) (uint64, error)
	Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error)
	// Tijdvakregels gives the numbers of the lines that begin an epoch.
	Tijdvakregels(ctx context.Context, oin string) ([]uint64, error)
}

// Winkel is a store to be checked as a whole.
type Winkel struct {
	Opslag   Opslag
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	Beheer   Beheer
	Punten   Punten
	// Geheugen gives the last signed checkpoint of each epoch of a tree that is kept outside the store; it may be nil.
	Geheugen func(oin string, b bewijs.Boom) ([][]byte, error)
	// Tijdvakken reads the epochs of both trees.
	Tijdvakken Tijdvakken
	Gang       func(oin string, bladen uint64) // told how far it is; may be nil
}

// maxGebreken bounds a report; more are counted.
const maxGebreken = 200

// Verslag is what a check found.
type Verslag struct {
	Organisaties []Omvang `json:"organisaties"`
	Gebreken     []Gebrek `json:"gebreken"`
	Meer         int      `json:"meer,omitempty"` // further ones, not named
}

// Omvang is what was checked of an organisation.
type Omvang struct {
	OIN         string `json:"organisatie"`
	Versies     uint64 `json:"versies"`
	Beheerlog   uint64 `json:"beheerlog"`
	Checkpoints int    `json:"checkpoints"`
}

// Oordeel says what a check comes to.
type Oordeel int

// The outcomes; also the exit status of the command.
const (
	Goed     Oordeel = 0
	Fout     Oordeel = 1
	Onbekend Oordeel = 2 // it could not be checked
)

// Oordeel tells what the findings come to: without the keys of an organisation nothing can be said of it.
func (v *Verslag) Oordeel() Oordeel {
	o := Goed
	for _, g := range v.Gebreken {
		if g.Deel != DeelSleutel {
			return Fout
		}
		o = Onbekend
	}
	return o
}

// Add takes a finding.
func (v *Verslag) Add(g Gebrek) {
	if len(v.Gebreken) >= maxGebreken {
		v.Meer++
		return
	}
	v.Gebreken = append(v.Gebreken, g)
}

// Run checks a whole store. An error means that it could not be read, or that ctx ended.
func (w *Winkel) Run(ctx context.Context) (*Verslag, error) {
	v := &Verslag{Gebreken: []Gebrek{}}
	per := map[string]map[bewijs.Boom]*getekend{}
	groottes := map[string][]uint64{}
	for _, oin := range w.Opslag.OINs() {
		per[oin] = map[bewijs.Boom]*getekend{}
		for _, b := range bewijs.Bomen {
			g, err := w.getekend(ctx, oin, b)
			if err != nil {
				return nil, err
			}
			per[oin][b] = g
		}
		for _, p := range slices.Concat(per[oin][bewijs.BoomLog].punten, per[oin][bewijs.BoomLog].buiten) {
			groottes[oin] = append(groottes[oin], p.Grootte)
		}
	}
	if err := w.Opslag.Vast(ctx); err != nil {
		return nil, err
	}
	tijdvak, err := w.tijdvakken(ctx, v.Add)
	if err != nil {
		return nil, err
	}
	l := &Log{Opslag: w.Opslag, Sleutels: w.Sleutels, Meld: v.Add, Gang: w.Gang, Tijdvakken: func(oin string) bewijs.Tijdvakken { return tijdvak[oin][bewijs.BoomLog] }}
	bladen, err := l.Run(ctx, groottes)
	if err != nil {
		return nil, err
	}
	for _, oin := range w.Opslag.OINs() {
		s, ok := w.Sleutels(oin)
		if !ok {
			continue
		}
		o := Omvang{OIN: oin, Versies: bladen[oin]}
		if o.Beheerlog, err = w.Beheer.Controle(ctx, oin); err != nil {
			if ctx.Err() != nil || errors.Is(err, fout.NietBeschikbaar) {
				return nil, err
			}
			v.Add(Gebrek{oin, DeelBeheerlog, fmt.Sprintf("regel %d", o.Beheerlog), "Het beheerlog is hier veranderd: de regel en haar blad in de boom verschillen, of zij ontbreekt."})
		}
		if err := w.beheerTijdvakken(ctx, oin, o.Beheerlog, tijdvak[oin][bewijs.BoomBeheer], v.Add); err != nil {
			return nil, err
		}
		for _, b := range bewijs.Bomen {
			g := per[oin][b]
			o.Checkpoints += len(g.punten)
			wortels := w.wortels(ctx, l, oin, b)
			punten(oin, b, g.punten, tijdvak[oin][b], g.sinds, s, wortels, v.Add)
			onthouden(oin, b, g.buiten, tijdvak[oin][b], s, wortels, v.Add)
			medeondertekend(oin, b, g.punten, g.mede, v.Add)
		}
		v.Organisaties = append(v.Organisaties, o)
	}
	return v, ctx.Err()
}

// getekend is what was signed of a tree.
type getekend struct {
	punten, buiten []Punt // in the store, and kept outside it
	sinds          map[string]time.Time
	mede           map[uint64][]getuige.Medeondertekening
}

// getekend reads it. The checkpoints come last: others add to a store that is open, and all else is of one of these.
func (w *Winkel) getekend(ctx context.Context, oin string, b bewijs.Boom) (g *getekend, err error) {
	g = &getekend{}
	if g.buiten, err = w.buiten(oin, b); err != nil {
		return nil, err
	}
	if g.sinds, err = w.Punten.Sinds(ctx, oin, b); err != nil {
		return nil, fmt.Errorf("read keys of checkpoints: %w", err)
	}
	if g.mede, err = w.Punten.AlleMede(ctx, oin, b); err != nil {
		return nil, fmt.Errorf("read cosignatures: %w", err)
	}
	if g.punten, err = w.Punten.Alle(ctx, oin, b); err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	return g, nil
}

// buiten reads what is kept of a tree outside the store.
func (w *Winkel) buiten(oin string, b bewijs.Boom) (l []Punt, err error) {
	if w.Geheugen == nil {
		return nil, nil
	}
	teksten, err := w.Geheugen(oin, b)
	for _, tekst := range teksten {
		p := Punt{Tekst: tekst}
		kop, _, _ := bytes.Cut(tekst, []byte("\n\n"))
		// One that can't be read is of no leaves, and its signature will not hold.
		if c, err := bewijs.ParseCheckpoint(string(kop) + "\n"); err == nil {
			p.Grootte, p.Wortel, p.Moment = c.Grootte, c.Wortel, c.Moment
		}
		l = append(l, p)
	}
	return l, err
}

// wortels gives the roots that a tree may have at a size.
func (w *Winkel) wortels(ctx context.Context, l *Log, oin string, b bewijs.Boom) func(uint64) ([]bewijs.Hash, bool) {
	if b == bewijs.BoomLog {
		return func(n uint64) ([]bewijs.Hash, bool) {
			r, ok := l.Wortel(oin, n)
			return slices.Clone(r[:]), ok
		}
	}
	return func(n uint64) ([]bewijs.Hash, bool) {
		r, err := bewijs.Wortel(n, func(x []uint64) ([]bewijs.Hash, error) { return w.Beheer.Knopen(ctx, oin, x) })
		return []bewijs.Hash{r}, err == nil
	}
}
