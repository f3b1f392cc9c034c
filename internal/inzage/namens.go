package inzage

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// clientNamens is under which the portal stands in the log when somebody looks who acts for another: it is no look of the citizen, who
// meets it in the own overview.
const clientNamens = "Verantwoord, namens een ander"

// Domeinen is what is open for who acts for another; *domein.Domeinen is one.
type Domeinen interface {
	Open(oin string, soort inwoner.NamensSoort) []domein.OpenDomein
}

// NamensDomeinen gives the domeinen that somebody may look in for who they act for. Nothing is read or logged for it.
//
// It is empty when nothing is open, and also when the other is protected, died, or is not known by a BSN: nothing tells which.
//
// Errors: fout.GeenToestemming with the way out for who acts for nobody, or signed in at too low a level.
func (i *Inzage) NamensDomeinen(w *inwoner.Inwoner) ([]domein.OpenDomein, error) {
	if err := w.MagNamens(); err != nil {
		return nil, err
	}
	if i.o.Domeinen == nil || w.Beschermd {
		return nil, nil
	}
	if t := i.o.Toestand(w.OIN, w.Namens.Persoon); t.Beschermd || t.Overleden {
		return nil, nil
	}
	return i.o.Domeinen.Open(w.OIN, w.Namens.Soort), nil
}

// NamensOverzicht is a page of what was done for the tasks of one domein with data about who somebody acts for. There are no counts: how
// much there is, is for the other.
type NamensOverzicht struct {
	Domein           domein.OpenDomein
	Moment           time.Time // of the look
	Delen            []Deel    // newest first
	Vorige, Volgende string    // cursors; "" at the ends
}

// Namens gives a page of a domein. The look is logged about the other before anything is shown, and stands in their overview; one look is
// one session with one domein. What is open, and of whom, is judged on every page; a cursor opens nothing by itself.
//
// Only what never was confidential is shown (X28), of the activities of the domein, and of who is represented alone.
//
// Errors: as NamensDomeinen; fout.NietGevonden for a domein that is not open for them; CodeOngeldig for the cursor; fout.NietBeschikbaar when
// the look can't be logged; CodeTeVeel.
func (i *Inzage) Namens(ctx context.Context, w *inwoner.Inwoner, id uuid.UUID, cursor string) (*NamensOverzicht, error) {
	open, err := i.NamensDomeinen(w)
	if err != nil {
		return nil, err
	}
	k := slices.IndexFunc(open, func(d domein.OpenDomein) bool { return d.ID == id })
	if k < 0 {
		return nil, fout.NietGevonden
	}
	o, err := i.oogNamens(w, &open[k])
	if err != nil {
		return nil, err
	}
	s, p, err := i.bladzijde(ctx, o, Filter{domein: id}, cursor)
	if err != nil {
		return nil, err
	}
	p.Regels = slices.DeleteFunc(p.Regels, func(r verwerkingenlog.Regel) bool {
		a := &r.Versie.Actie
		toen, _ := i.o.Activiteiten.Bekend(w.OIN, a.VerwerkingsactiviteitID, time.UnixMicro(a.Tijdstip.Micro()))
		return !open[k].Toont(a.VerwerkingsactiviteitID, toen)
	})
	uit := i.newVertaler(w).overzicht(w, Filter{}, p, s.moment)
	return &NamensOverzicht{open[k], s.moment, uit.Delen, uit.Vorige, uit.Volgende}, nil
}

// oogNamens is the portal as it stands before the log for who acts for another: with no right to what ever was confidential, and within one
// domein. Its cursors are of this person, for that other, in this domein.
func (i *Inzage) oogNamens(w *inwoner.Inwoner, d *domein.OpenDomein) (*oog, error) {
	s, ok := i.o.Sleutels(w.OIN)
	if !ok {
		return nil, fout.NietGevonden
	}
	ander := w.Namens.Persoon
	zelf, over := s.Vast(w.Persoon.Objecttype, w.Persoon.Soort, w.Persoon.ID), s.Vast(ander.Objecttype, ander.Soort, ander.ID)
	a := &verwerkingenlog.Aanroeper{
		Organisatie: w.OIN, ClientID: clientNamens, OINs: []string{w.OIN}, Lezen: verwerkingenlog.BereikNormaal, Alleen: d.Activiteiten(),
		Kijker: hex.EncodeToString(zelf[:]) + " namens " + hex.EncodeToString(over[:]) + " " + d.ID.String(),
	}
	return &oog{a, zittingVan(w, zelf), ander, func(ctx context.Context, g verwerkingenlog.Doorgave) error {
		in := i.actie(w.OIN, ander, w.Persoon, g)
		in.Set(verwerkingenlog.VeldActieNaam, tonenAan[w.Namens.Soort])
		in.Set(verwerkingenlog.VeldHandelingNaam, d.Naam)
		in.Set(verwerkingenlog.VeldVerwerkingNaam, kijkenNamens)
		return i.schrijf(ctx, a, in)
	}}, nil
}

// kijkenNamens is what the look of who acts for another is called in the log.
const kijkenNamens = "Bekijken door iemand die namens u mag kijken"

// tonenAan names in what way somebody acts, and not who it is.
var tonenAan = map[inwoner.NamensSoort]string{
	inwoner.Ouder: "Tonen verwerkingen aan een ouder of voogd", inwoner.Curator: "Tonen verwerkingen aan een curator", inwoner.Gemachtigde: "Tonen verwerkingen aan een gemachtigde",
}

// namens makes of both lines of a look of who acts for the citizen one verwerking, with the same words.
func (v *vertaler) namens(g *Gebruik, r *verwerkingenlog.Regel) {
	g.Namens, g.Verwerking, g.Ontvanger = true, kijkenNamens, Partij{Soort: Namens}
	if r.Versie.Eigen {
		g.verwerking = r.Versie.Actie.VerwerkingIDAfnemer
	}
}
