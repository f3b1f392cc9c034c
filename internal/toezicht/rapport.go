package toezicht

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// Activiteiten is what is asked of the register of processing activities.
type Activiteiten interface {
	// Bekend gives the version that was valid at a moment, nil when none was; bekend is false for an unknown activity.
	Bekend(oin string, id uuid.UUID, op time.Time) (v *activiteit.Versie, bekend bool)
}

// Reden is why records can't be accounted for.
type Reden string

// The reasons, gravest first.
const (
	RedenLeeg     Reden = "leeg"     // no activity was logged
	RedenOnbekend Reden = "onbekend" // the register of activities has no such id
	RedenOngeldig Reden = "ongeldig" // the activity was not valid on the day: not yet, or no longer
)

// redenen in the order of a report.
var redenen = []Reden{RedenLeeg, RedenOnbekend, RedenOngeldig}

// Bevinding is what is wrong with the records of one activity.
type Bevinding struct {
	Reden      Reden
	Activiteit uuid.UUID
	Aantal     int64            // records
	Van, Tot   activiteit.Datum // first and last day on which there are such
}

// Rapport is the state of the log at a moment.
type Rapport struct {
	Geteld      uint64 // leaves that were counted
	Grootte     uint64 // leaves that there are; the rest is counted within a minute
	Van         activiteit.Datum
	Totaal      int64 // records since Van
	Goed        int64 // of these, with an activity that was valid
	Bevindingen []Bevinding
	Gebruik     map[uuid.UUID]int64 // records by activity since Van
}

// Rapport holds the counts of days from van on against the register of activities; empty van is all.
func (t *Teller) Rapport(ctx context.Context, a Activiteiten, oin string, van activiteit.Datum) (*Rapport, error) {
	grootte, err := t.log.Size(ctx, oin)
	if err != nil {
		return nil, err
	}
	geteld, err := t.opslag.Stand(ctx, oin)
	if err != nil {
		return nil, err
	}
	tellingen, err := t.opslag.Tellingen(ctx, oin, van)
	if err != nil {
		return nil, err
	}
	r := &Rapport{Geteld: geteld, Grootte: max(grootte, geteld), Van: van, Gebruik: map[uuid.UUID]int64{}}
	type soort struct {
		reden Reden
		id    uuid.UUID
	}
	mis := map[soort]*Bevinding{}
	for _, n := range tellingen {
		r.Totaal += n.Aantal
		r.Gebruik[n.Activiteit] += n.Aantal
		reden := oordeel(a, oin, n)
		if reden == "" {
			r.Goed += n.Aantal
			continue
		}
		s := soort{reden, n.Activiteit}
		b, ok := mis[s]
		if !ok {
			b = &Bevinding{Reden: reden, Activiteit: n.Activiteit, Van: n.Dag, Tot: n.Dag}
			mis[s] = b
		}
		b.Aantal += n.Aantal
		b.Van, b.Tot = min(b.Van, n.Dag), max(b.Tot, n.Dag)
	}
	for _, b := range mis {
		r.Bevindingen = append(r.Bevindingen, *b)
	}
	slices.SortFunc(r.Bevindingen, func(a, b Bevinding) int {
		return cmp.Or(cmp.Compare(slices.Index(redenen, a.Reden), slices.Index(redenen, b.Reden)), cmp.Compare(b.Aantal, a.Aantal),
			cmp.Compare(a.Activiteit.String(), b.Activiteit.String()))
	})
	return r, nil
}

// oordeel is empty when the records of a day can be accounted for. Validity is a matter of days.
func oordeel(a Activiteiten, oin string, n Telling) Reden {
	if n.Activiteit == uuid.Nil {
		return RedenLeeg
	}
	v, bekend := a.Bekend(oin, n.Activiteit, n.Dag.Middag())
	switch {
	case !bekend:
		return RedenOnbekend
	case v == nil:
		return RedenOngeldig
	}
	return ""
}
