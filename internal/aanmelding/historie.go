package aanmelding

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
)

// maxHistorie is how many events a person sees of their own sign-ins.
const maxHistorie = 50

// Gebeurtenis is one line of a person's history of sign-ins.
type Gebeurtenis struct {
	Moment  time.Time
	Soort   beheerlog.Soort
	Wat     string
	Door    string // name; empty when it was the person
	Browser string // family
}

// LaatstAangemeld gives when a person signed in last; zero when that is not among the last 50 events about them.
func (d *Dienst) LaatstAangemeld(ctx context.Context, oin string, gebruiker uuid.UUID) (time.Time, error) {
	nummers, err := d.opslag.Historie(ctx, oin, gebruiker, maxHistorie)
	if err != nil {
		return time.Time{}, err
	}
	for _, nr := range nummers {
		l, err := d.log.List(ctx, oin, nr+1, 1)
		if err != nil {
			return time.Time{}, err
		}
		if len(l) == 1 && l[0].Nummer == nr && l[0].Soort == beheerlog.Aangemeld {
			return l[0].Moment, nil
		}
	}
	return time.Time{}, nil
}

// Historie gives the last 50 events about how a person signs in, newest first. They are those of the beheerlog itself.
func (d *Dienst) Historie(ctx context.Context, oin string, gebruiker uuid.UUID) ([]Gebeurtenis, error) {
	nummers, err := d.opslag.Historie(ctx, oin, gebruiker, maxHistorie)
	if err != nil {
		return nil, err
	}
	var uit []Gebeurtenis
	for _, nr := range nummers {
		l, err := d.log.List(ctx, oin, nr+1, 1)
		if err != nil {
			return nil, err
		}
		if len(l) != 1 || l[0].Nummer != nr {
			continue
		}
		r := l[0]
		g := Gebeurtenis{Moment: r.Moment, Soort: r.Soort, Wat: r.Wat}
		if r.Door.ID != gebruiker.String() {
			g.Door = r.Door.Naam
			if g.Door == "" {
				g.Door = "de beheerder van de server"
			}
		}
		var na gebeurtenis
		if v, ok := r.Na.(jsontext.Value); ok && json.Unmarshal(v, &na) == nil {
			g.Browser = na.Browser
		}
		uit = append(uit, g)
	}
	return uit, nil
}
