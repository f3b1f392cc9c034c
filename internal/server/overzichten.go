package server

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/api"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// overzichten puts the log in words for a portal of the organisation itself, as our own pages do.
type overzichten struct {
	inzage *inzage.Inzage
	mijn   *mijn.Mijn
	naam   func(oin string) string
}

func (o overzichten) Overzicht(ctx context.Context, a *verwerkingenlog.Aanroeper, v *api.OverzichtVraag, d verwerkingenlog.Doorgave) ([]byte, error) {
	wie := inzage.Elders{Aanroeper: a, Doorgave: d, Persoon: inwoner.Persoon{Objecttype: "persoon", Soort: v.SoortObjectID, ID: v.ObjectID}}
	waar := mijn.Elders{
		OIN: a.Organisatie, Organisatie: o.naam(a.Organisatie), Basis: v.Basis, Taal: taal.Nederlands, Cursor: v.Cursor,
		Filter: inzage.Filter{Van: activiteit.Datum(v.Van), Tot: activiteit.Datum(v.Tot), Activiteit: v.Doel, Organisatie: v.Organisatie, Wijze: inzage.Wijze(v.Wijze)},
	}
	if v.Engels {
		waar.Taal = taal.Engels
	}
	if v.Gebruik != "" {
		id, ok := verwerkingenlog.ParseUUID(v.Gebruik)
		if !ok {
			return nil, fout.NietGevonden
		}
		g, cursor, err := o.inzage.EenElders(ctx, wie, v.Cursor, id)
		if err != nil {
			return nil, err
		}
		waar.Cursor = cursor
		if v.Data {
			return o.mijn.GebruikData(waar, g)
		}
		return o.mijn.GebruikStuk(waar, g), nil
	}
	gevonden, err := o.inzage.OverzichtElders(ctx, wie, waar.Filter, v.Cursor)
	if err != nil {
		return nil, err
	}
	if v.Data {
		return o.mijn.OverzichtData(waar, gevonden)
	}
	return o.mijn.OverzichtStuk(waar, gevonden), nil
}
