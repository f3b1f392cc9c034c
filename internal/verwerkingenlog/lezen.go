package verwerkingenlog

import (
	"context"
	"errors"
	"slices"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Get gives one current actie with all its persons (Bewerking GET by id, R-220). They are known only
// after the fetch: act, log, then show.
//
// Errors: fout.NietGevonden for an unknown or vervallen actie; fout.GeenToestemming, the same for
// every confidential state; fout.Voorwaarde; fout.NietBeschikbaar.
func (l *Log) Get(ctx context.Context, a *Aanroeper, actieID, ifMatch string, d Doorgave) (*Versie, error) {
	o, err := l.begin(a, d, false)
	if err != nil {
		return nil, err
	}
	id, ok := ParseUUID(actieID)
	if !ok {
		return nil, actieNietGevonden
	}
	rij, err := l.store.Latest(ctx, a.Organisatie, id)
	if errors.Is(err, fout.NietGevonden) || err == nil && rij.Staat.Vervallen() {
		return nil, actieNietGevonden
	}
	if err != nil {
		return nil, err
	}
	v, err := l.open(o.s, a.Organisatie, id, rij)
	if err != nil {
		return nil, err
	}
	if !a.Lezen.SeesInBewerking(rij.Staat) {
		return nil, geenToestemming
	}
	if !matches(ifMatch, v.Nummer) {
		return nil, fout.New(fout.CodeVoorwaarde, "De verwerkingsactie is intussen gewijzigd; haal haar op zonder If-Match.")
	}
	if _, err := l.record(ctx, o, v.Actie.Objecten, rij.Staat.Ooit()); err != nil {
		return nil, err
	}
	return v, nil
}

// GetInzage gives one verwerkt object and its actie (Inzage GET by id). What the caller may not see
// is not found: a refusal would tell that an actie became confidential (R-310, X04).
//
// Errors: fout.NietGevonden; fout.NietBeschikbaar.
func (l *Log) GetInzage(ctx context.Context, a *Aanroeper, objectID string, d Doorgave) (*Regel, error) {
	o, err := l.begin(a, d, true)
	if err != nil {
		return nil, err
	}
	nietGevonden := fout.New(fout.CodeNietGevonden, "Dit verwerkte object is niet bekend; controleer het nummer in de URL.")
	id, ok := ParseUUID(objectID)
	if !ok {
		return nil, nietGevonden
	}
	size, err := l.store.Size(ctx, a.Organisatie)
	if err != nil {
		return nil, err
	}
	treffers, err := l.store.Find(ctx, Zoekvraag{OIN: a.Organisatie, Soort: IngangVerwerktObject, Sleutels: [][16]byte{id}, Tot: size})
	if err != nil {
		return nil, err
	}
	if len(treffers) == 0 || treffers[0].Nu.Aantal == 0 || !o.sees(treffers[0].Nu.Staat) {
		return nil, nietGevonden
	}
	v, err := l.openOne(ctx, o.s, a.Organisatie, treffers[0].ActieID, treffers[0].Nu.Blad)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, nietGevonden
	}
	k := slices.IndexFunc(v.Actie.Objecten, func(p VerwerktObject) bool { return p.ID == id })
	if k < 0 || !a.binnen(v.Actie.VerwerkingsactiviteitID) {
		return nil, nietGevonden
	}
	p := v.Actie.Objecten[k]
	if _, err := l.record(ctx, o, []VerwerktObject{p}, false); err != nil {
		return nil, err
	}
	r := limit(v, p)
	return &r, nil
}

// History gives every version of an actie, oldest first, also of a vervallen one: for auditors only
// . It is itself logged.
//
// Errors: fout.GeenToestemming; fout.NietGevonden; fout.NietBeschikbaar.
func (l *Log) History(ctx context.Context, a *Aanroeper, actieID string, d Doorgave) ([]*Versie, error) {
	if !a.MagAudit {
		return nil, geenToestemming
	}
	o, err := l.begin(a, d, false)
	if err != nil {
		return nil, err
	}
	id, ok := ParseUUID(actieID)
	if !ok {
		return nil, actieNietGevonden
	}
	rijen, err := l.store.Versions(ctx, a.Organisatie, id)
	if errors.Is(err, fout.NietGevonden) {
		return nil, actieNietGevonden
	}
	if err != nil {
		return nil, err
	}
	versies := make([]*Versie, len(rijen))
	var personen []VerwerktObject
	for k, rij := range rijen {
		if versies[k], err = l.open(o.s, a.Organisatie, id, rij); err != nil {
			return nil, err
		}
		personen = append(personen, versies[k].Actie.Objecten...)
	}
	if _, err := l.record(ctx, o, personen, rijen[len(rijen)-1].Staat.Ooit()); err != nil {
		return nil, err
	}
	return versies, nil
}

var actieNietGevonden = fout.New(fout.CodeNietGevonden, "Deze verwerkingsactie is niet bekend of is vervallen; controleer het nummer in de URL.")
