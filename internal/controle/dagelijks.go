package controle

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Nagekeken is what one check of an organisation came to.
type Nagekeken struct {
	Omvang
	Begonnen time.Time // to the microsecond
	Duur     time.Duration
	Oordeel  Oordeel
	Aantal   int      // of what is wrong
	Gebreken []Gebrek // the first maxBewaard of them
}

// maxBewaard bounds what is kept of a check.
const maxBewaard = 100

// Nakijkingen keeps what checks came to.
type Nakijkingen interface {
	// Voeg durably adds one.
	Voeg(ctx context.Context, n *Nagekeken) error
	// Laatste is the newest of an organisation, and Heel the newest in which all was well; nil: there is none.
	Laatste(ctx context.Context, oin string) (*Nagekeken, error)
	Heel(ctx context.Context, oin string) (*Nagekeken, error)
}

// Pacht is the lease by which one node at a time checks. It saves double work and no more.
type Pacht interface {
	Acquire(ctx context.Context) (bool, error)
	Release(ctx context.Context) error
}

const (
	// PachtDuur is how long a lease must last at least: it is renewed four times as often.
	PachtDuur = time.Minute
	// tempo is how often is looked whether a check is due, and how often the lease is renewed.
	tempo = PachtDuur / 4
	// aanloop is how long a register that was never checked runs before it is.
	aanloop = 10 * time.Minute
	// spreiding is over how much time registers that share a machine are spread.
	spreiding = time.Hour
	// opnieuw is how long after a check that could not be done it is tried again.
	opnieuw = time.Hour
)

// Dagelijks checks the stores of a register once a day while it runs.
type Dagelijks struct {
	OINs []string
	// Nakijk checks all stores, and gives one report for each. An error means that one can't be read.
	Nakijk      func(ctx context.Context) ([]*Verslag, error)
	Nakijkingen Nakijkingen
	Pacht       Pacht         // nil: no other node can check
	Tijd        time.Duration // since midnight in Nederland; negative: never
	Naam        string        // of the register, by which the moment is spread
	Nu          func() time.Time
	// Klaar is told of every check, of this node or of another one, once; and in the beginning of the newest.
	Klaar func(n *Nagekeken, heel *Nagekeken)
	Meld  func(error)

	begin   time.Time            // when it was first asked
	gezien  map[string]time.Time // the check that Klaar was told of
	mislukt time.Time            // when Doe failed
}

// Run checks until ctx ends.
func (d *Dagelijks) Run(ctx context.Context) {
	klok := time.NewTicker(tempo)
	defer klok.Stop()
	for {
		if err := d.Kijk(ctx); err != nil && ctx.Err() == nil {
			d.Meld(fmt.Errorf("daily check: %w", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-klok.C:
		}
	}
}

// Kijk checks when it is due, and tells of checks that are new. It must not be called by two at once.
func (d *Dagelijks) Kijk(ctx context.Context) error {
	if d.begin.IsZero() {
		d.begin = d.Nu()
	}
	if err := d.vertel(ctx); err != nil {
		return err
	}
	due, err := d.due(ctx)
	if err != nil || !due {
		return err
	}
	err = d.Doe(ctx)
	if err != nil {
		d.mislukt = d.Nu()
	}
	return err
}

// vertel passes on what is new.
func (d *Dagelijks) vertel(ctx context.Context) error {
	if d.gezien == nil {
		d.gezien = map[string]time.Time{}
	}
	for _, oin := range d.OINs {
		n, err := d.Nakijkingen.Laatste(ctx, oin)
		if err != nil {
			return err
		}
		if n == nil || n.Begonnen.Equal(d.gezien[oin]) {
			continue
		}
		heel, err := d.Nakijkingen.Heel(ctx, oin)
		if err != nil {
			return err
		}
		d.Klaar(n, heel)
		d.gezien[oin] = n.Begonnen
	}
	return nil
}

// due tells whether the newest check is from before the last moment at which there should have been one, or from the future.
func (d *Dagelijks) due(ctx context.Context) (bool, error) {
	nu := d.Nu()
	if d.Tijd < 0 || nu.Sub(d.mislukt) < opnieuw {
		return false, nil
	}
	for _, oin := range d.OINs {
		n, err := d.Nakijkingen.Laatste(ctx, oin)
		if err != nil {
			return false, err
		}
		switch {
		case n == nil && nu.Sub(d.begin) >= aanloop,
			n != nil && n.Begonnen.Before(d.hoort(nu)),
			// The clock was put back, or somebody wrote it there: it would keep the next one away.
			n != nil && n.Begonnen.After(nu.Add(opnieuw)),
			n != nil && n.Oordeel == Onbekend && nu.Sub(n.Begonnen) >= opnieuw:
			return true, nil
		}
	}
	return false, nil
}

// hoort gives the last moment up to nu at which a check should begin.
func (d *Dagelijks) hoort(nu time.Time) time.Time {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		zone = time.UTC
	}
	h := fnv.New32a()
	h.Write([]byte(d.Naam))
	later := d.Tijd + time.Duration(h.Sum32()%uint32(spreiding/time.Second))*time.Second
	j, m, dag := nu.In(zone).Date()
	for ; ; dag-- {
		// Hours of the clock, also on the days that have 23 or 25.
		if t := time.Date(j, m, dag, 0, 0, int(later/time.Second), 0, zone); !t.After(nu) {
			return t
		}
	}
}

// Doe checks now, when this node has the lease, and keeps what it comes to. It must not be called by two at once.
func (d *Dagelijks) Doe(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if d.Pacht != nil {
		held, err := d.Pacht.Acquire(ctx)
		if err != nil || !held {
			return err
		}
		stop := d.houd(ctx, cancel)
		defer stop()
	}
	begonnen, start := d.Nu().UTC().Truncate(time.Microsecond), time.Now()
	verslagen, err := d.zeker(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx) // the register stops, or another node checks
	}
	if err != nil {
		d.Meld(fmt.Errorf("daily check: the store can't be read: %w", err))
	}
	duur := time.Since(start)
	for _, oin := range d.OINs {
		if err := d.Nakijkingen.Voeg(ctx, uitkomst(oin, begonnen, duur, verslagen, err)); err != nil {
			return err
		}
	}
	return d.vertel(ctx)
}

// zeker checks, and when something is wrong checks again: only what is wrong twice is told. What is rewritten while it is
// looked at, such as records that get another key, could look wrong once.
func (d *Dagelijks) zeker(ctx context.Context) ([]*Verslag, error) {
	eerst, err := d.Nakijk(ctx)
	if err != nil || !fouten(eerst) {
		return eerst, err
	}
	weer, err := d.Nakijk(ctx)
	if err != nil {
		return nil, err
	}
	toen := map[Gebrek]bool{}
	meer := false
	for _, v := range eerst {
		meer = meer || v.Meer > 0
		for _, g := range v.Gebreken {
			toen[g] = true
		}
	}
	for _, v := range weer {
		var blijft []Gebrek
		for _, g := range v.Gebreken {
			// A report that is full may have left out what the other names.
			if toen[g] || meer {
				blijft = append(blijft, g)
			}
		}
		v.Gebreken = blijft
	}
	return weer, nil
}

func fouten(l []*Verslag) bool {
	for _, v := range l {
		if len(v.Gebreken) > 0 {
			return true
		}
	}
	return false
}

// uitkomst is what reports say of an organisation. What is wrong with a file or table is wrong for all that are in it.
func uitkomst(oin string, begonnen time.Time, duur time.Duration, l []*Verslag, err error) *Nagekeken {
	n := &Nagekeken{Omvang: Omvang{OIN: oin}, Begonnen: begonnen, Duur: duur, Oordeel: Onbekend}
	if err != nil {
		n.Gebreken = []Gebrek{{OIN: oin, Deel: DeelOpslag, Wat: "Het nakijken is niet gelukt, want de opslag was niet te lezen."}}
		n.Aantal = 1
		return n
	}
	for _, v := range l {
		var van *Omvang
		hier := false
		for i := range v.Organisaties {
			if v.Organisaties[i].OIN == oin {
				van = &v.Organisaties[i]
			}
		}
		deel := Verslag{Meer: v.Meer}
		for _, g := range v.Gebreken {
			hier = hier || g.OIN == oin
			if g.OIN == oin || g.OIN == "" {
				deel.Gebreken = append(deel.Gebreken, g)
			}
		}
		if van == nil && !hier {
			continue
		}
		if van != nil {
			n.Omvang = *van
		}
		n.Oordeel, n.Aantal = deel.Oordeel(), len(deel.Gebreken)+v.Meer
		n.Gebreken = deel.Gebreken[:min(len(deel.Gebreken), maxBewaard)]
	}
	return n
}

// houd renews the lease until it is stopped, and ends the work when another node has it.
func (d *Dagelijks) houd(ctx context.Context, verloren context.CancelCauseFunc) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		klok := time.NewTicker(tempo)
		defer klok.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-klok.C:
			}
			if held, err := d.Pacht.Acquire(ctx); err == nil && !held {
				verloren(errors.New("another node took over the check"))
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
		ctx, cancel := context.WithTimeout(context.Background(), tempo)
		defer cancel()
		if err := d.Pacht.Release(ctx); err != nil {
			d.Meld(fmt.Errorf("daily check: %w", err))
		}
	}
}

// Soorten counts what is wrong by part of the store, with where the first stands.
func Soorten(l []Gebrek) (uit []Soort) {
	per := map[string]int{}
	for _, g := range l {
		i, is := per[g.Deel]
		if !is {
			i = len(uit)
			per[g.Deel] = i
			uit = append(uit, Soort{Deel: g.Deel, Eerste: strings.TrimSpace(g.Waar)})
		}
		uit[i].Aantal++
	}
	return uit
}

// Soort is how much is wrong in one part of a store.
type Soort struct {
	Deel   string
	Aantal int
	Eerste string // Dutch, where; names nobody
}
