package inzage

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Elders is what a portal that the organisation has itself asks to show to a citizen. Who that is, is for the portal to know: it signed
// the citizen in, logged its own look as the consumer, and passes on in the Doorgave for what.
type Elders struct {
	Aanroeper *verwerkingenlog.Aanroeper // the portal, with what it may read of the Inzage API
	Doorgave  verwerkingenlog.Doorgave   // its activity tells which lines are looks of the citizen
	Persoon   inwoner.Persoon
}

var errElders = fout.New(fout.CodeGeenToestemming, "Dit overzicht is hier niet te tonen. Verwijs de inwoner naar de pagina's van het register zelf.")

// kijker is the portal as it asks for this one citizen: its cursors open for nobody else.
//
// Of somebody who is protected nothing is shown elsewhere: what another portal does with it is not ours to keep coarse. Of who died neither.
// Which of both it is, is not told. By another number than the BSN neither is known, so nothing is shown.
func (i *Inzage) kijker(e *Elders) (*verwerkingenlog.Aanroeper, zitting, error) {
	if !e.Persoon.HeeftBSN() {
		return nil, zitting{}, fout.Ongeldig(fout.Param{Name: "soortObjectId", Code: "invalid_choice", Reason: "Geef het burgerservicenummer van de inwoner, met soort BSN."})
	}
	if t := i.o.Toestand(e.Aanroeper.Organisatie, e.Persoon); t.Beschermd || t.Overleden {
		return nil, zitting{}, errElders
	}
	s, ok := i.o.Sleutels(e.Aanroeper.Organisatie)
	if !ok {
		return nil, zitting{}, fout.NietGevonden
	}
	a := *e.Aanroeper
	h := s.Vast(e.Persoon.Objecttype, e.Persoon.Soort, e.Persoon.ID)
	a.Kijker = hex.EncodeToString(h[:])
	return &a, zitting{oin: a.Organisatie, handle: h, portaal: a.ClientID}, nil
}

// OverzichtElders is Overzicht for such a portal. Without a cursor the look is logged; with one it goes on with a look that was.
//
// Errors: those of verwerkingenlog.Log.ListInzage, CodeOngeldig for a filter or another number than a BSN, and CodeGeenToestemming for a citizen
// of whom nothing is shown elsewhere.
func (i *Inzage) OverzichtElders(ctx context.Context, e Elders, f Filter, cursor string) (*Overzicht, error) {
	if err := f.controleer(); err != nil {
		return nil, err
	}
	a, z, err := i.kijker(&e)
	if err != nil {
		return nil, err
	}
	if len(i.o.Instellingen(a.Organisatie).Automatisch) == 0 {
		f.Wijze = "" // nothing is known of it
	}
	a.Zeef = i.zeef(a.Organisatie, f)
	p, err := i.o.Log.ListInzage(ctx, a, i.eerste(f, e.Persoon), cursor, e.Doorgave)
	if err != nil {
		return nil, err
	}
	w := &inwoner.Inwoner{OIN: a.Organisatie, Organisatie: i.o.Naam(a.Organisatie), Persoon: e.Persoon}
	var moment time.Time
	if cursor == "" { // later pages are of a look whose moment the cursor does not tell
		moment = time.UnixMicro(p.Peilmoment)
	}
	uit := i.vertalerElders(a, e.Doorgave).overzicht(w, f, p, moment)
	uit.Zoekt, uit.Organisaties = a.Zeef != nil, i.gezien(z, uit)
	return uit, nil
}

// EenElders is Een for such a portal, as part of the look that the cursor is of; without a cursor a look begins. It gives the cursor of that
// look back.
//
// Errors: as Een and OverzichtElders; CodeOngeldig for the cursor.
func (i *Inzage) EenElders(ctx context.Context, e Elders, cursor string, id uuid.UUID) (*Gebruik, string, error) {
	a, _, err := i.kijker(&e)
	if err != nil {
		return nil, "", err
	}
	if cursor == "" {
		p, err := i.o.Log.ListInzage(ctx, a, i.eerste(Filter{}, e.Persoon), "", e.Doorgave)
		if err != nil {
			return nil, "", err
		}
		if cursor = p.Hier; cursor == "" {
			return nil, "", fout.NietGevonden
		}
	}
	r, err := i.o.Log.LineInzage(ctx, a, cursor, id, e.Doorgave)
	if err != nil {
		return nil, "", err
	}
	g := i.vertalerElders(a, e.Doorgave).gebruik(r)
	return &g, cursor, nil
}

// vertalerElders knows the looks of this portal too: those that were logged under the activity for which it asks.
func (i *Inzage) vertalerElders(a *verwerkingenlog.Aanroeper, d verwerkingenlog.Doorgave) *vertaler {
	v := i.newVertaler(&inwoner.Inwoner{OIN: a.Organisatie})
	v.portaal, v.kijken = a.ClientID, d.ActiviteitID
	return v
}
