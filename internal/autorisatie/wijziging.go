package autorisatie

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Handeling is what was done to an application.
type Handeling string

// The kinds of change.
const (
	Toegevoegd Handeling = "toegevoegd"
	Gewijzigd  Handeling = "gewijzigd"
	Verwijderd Handeling = "verwijderd"
)

// Opdrachtregel stands for the client id when the operator made the change on the machine itself.
const Opdrachtregel = "(opdrachtregel)"

// Wijziging is the record of a change: who, when and what, never the secret.
type Wijziging struct {
	Nummer      int64
	Applicatie  uuid.UUID
	Versie      int64 // of the application, after the change
	Moment      time.Time
	Door        string // client id, Opdrachtregel, or "(gebruiker <id>)"
	Handeling   Handeling
	GeheimGezet bool        // the secret was set or changed
	Voor, Na    *Applicatie // without the secret; nil where there is none
}

// wijziging makes the record of a change from voor to na, one of which may be nil.
func (b *Beheer) wijziging(s *betrokkene.Sleutels, door Beheerder, voor, na *Registratie) (WijzigingRij, error) {
	in := wijzigingInhoud{Door: door.ClientID, Handeling: Gewijzigd}
	switch {
	case door.Persoon != nil:
		in.Door = "(gebruiker " + door.Persoon.ID + ")"
	case in.Door == "":
		in.Door = Opdrachtregel
	}
	var oud, nieuw Geheim
	if voor == nil {
		in.Handeling = Toegevoegd
	} else {
		in.Voor, oud = naarOpslag(&voor.Applicatie), voor.Geheim
		in.Voor.Geheim = nil
	}
	rij := WijzigingRij{Moment: b.nu().UTC().Truncate(time.Microsecond)}
	if na == nil {
		in.Handeling = Verwijderd
		rij.OIN, rij.ID, rij.Versie = voor.Organisatie, voor.ID, voor.Versie+1
	} else {
		rij.OIN, rij.ID, rij.Versie = na.Organisatie, na.ID, na.Versie
		in.Na, nieuw = naarOpslag(&na.Applicatie), na.Geheim
		in.Na.Geheim = nil
		in.Geheim = !bytes.Equal(oud, nieuw)
	}
	plain, err := json.Marshal(in)
	if err != nil {
		return WijzigingRij{}, fmt.Errorf("write change of application %s: it can't be written as JSON", rij.ID)
	}
	rij.Verzegeld = s.Seal(nil, betrokkene.KlasseNormaal, rij.Binding(), plain)
	regel, err := beheerlog.New(s, rij.OIN, rij.Moment, event(door, rij.ID, &in))
	rij.Regel = &regel
	return rij, err
}

// event tells a change in the beheerlog.
func event(door Beheerder, id uuid.UUID, in *wijzigingInhoud) beheerlog.Regel {
	r := beheerlog.Regel{Soort: beheerlog.Applicatie, Door: beheerlog.Opdrachtregel, Betreft: beheerlog.Wie{Soort: "applicatie", ID: id.String()}}
	switch {
	case door.Persoon != nil:
		r.Door = *door.Persoon
	case door.ClientID != "":
		r.Door = beheerlog.Wie{Soort: "applicatie", ID: door.ClientID}
	}
	r.Reden = door.Reden
	for _, v := range []*verzegelbaar{in.Voor, in.Na} {
		if v != nil {
			r.Betreft.Naam = v.Label
		}
	}
	r.Wat = "Applicatie " + string(in.Handeling)
	if in.Geheim && in.Voor != nil {
		r.Wat = "Applicatie gewijzigd; zij heeft een nieuw geheim"
	}
	if door.Met != "" {
		r.Wat += ", " + door.Met
	}
	r.Wat += "."
	if in.Voor != nil {
		r.Voor = in.Voor
	}
	if in.Na != nil {
		r.Na = in.Na
	}
	return r
}

// Wijzigingen gives every change to the applications of an organisation, oldest first.
func (b *Beheer) Wijzigingen(ctx context.Context, oin string) ([]Wijziging, error) {
	s, err := b.keys(oin)
	if err != nil {
		return nil, err
	}
	rijen, err := b.opslag.LoadWijzigingen(ctx, oin)
	if err != nil {
		return nil, fmt.Errorf("load changes of applications: %w", err)
	}
	uit := make([]Wijziging, 0, len(rijen))
	for _, r := range rijen {
		plain, err := s.Open(nil, betrokkene.KlasseNormaal, r.Binding(), r.Verzegeld)
		if err != nil {
			return nil, fmt.Errorf("open change %d: %w", r.Nummer, err)
		}
		var in wijzigingInhoud
		if err := json.Unmarshal(plain, &in); err != nil {
			return nil, fmt.Errorf("open change %d: it is in no form this version knows", r.Nummer)
		}
		w := Wijziging{
			Nummer: r.Nummer, Applicatie: r.ID, Versie: r.Versie, Moment: r.Moment,
			Door: in.Door, Handeling: in.Handeling, GeheimGezet: in.Geheim,
		}
		for _, p := range []struct {
			uit **Applicatie
			v   *verzegelbaar
		}{{&w.Voor, in.Voor}, {&w.Na, in.Na}} {
			if p.v != nil {
				a := p.v.applicatie(r.OIN)
				*p.uit = &a
			}
		}
		uit = append(uit, w)
	}
	return uit, nil
}
