package verwerkingenlog

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// What follows on an inquiry about a person is the same step of the same verwerking, and is not logged again (B7952, R-402): its cursor
// is the proof that the inquiry was logged.

// WalkInzage gives all lines of the list that a cursor is of, in order, wherever in it the cursor stands. It ends at the first error of f,
// and gives that.
//
// Errors: CodeOngeldig for the cursor; as ListInzage.
func (l *Log) WalkInzage(ctx context.Context, a *Aanroeper, token string, d Doorgave, f func(*Regel) error) error {
	o, c, err := l.vervolg(a, token, d)
	if err != nil {
		return err
	}
	lines, err := l.lines(ctx, o, &c)
	if err != nil {
		return err
	}
	for deel := range slices.Chunk(lines, max(l.opties.MaxPagina, 1)) {
		regels, err := l.regels(ctx, o, &c, deel)
		if err != nil {
			return err
		}
		for k := range regels {
			if err := f(&regels[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// LineInzage gives one line about the person that a cursor is of, whatever its period and activity. What is of another person, was
// registered after the inquiry or may not be seen now is not found: no answer tells which of these it is.
//
// Errors: CodeOngeldig for the cursor; fout.NietGevonden; as ListInzage.
func (l *Log) LineInzage(ctx context.Context, a *Aanroeper, token string, objectID uuid.UUID, d Doorgave) (*Regel, error) {
	o, c, err := l.vervolg(a, token, d)
	if err != nil {
		return nil, err
	}
	treffers, err := l.store.Find(ctx, Zoekvraag{OIN: a.Organisatie, Soort: IngangVerwerktObject, Sleutels: [][16]byte{objectID}, Tot: c.Tot})
	if err != nil {
		return nil, err
	}
	if len(treffers) == 0 || treffers[0].Toen.Aantal == 0 || treffers[0].Nu.Aantal == 0 || !o.sees(treffers[0].Nu.Staat) {
		return nil, fout.NietGevonden
	}
	v, err := l.openOne(ctx, o.s, a.Organisatie, treffers[0].ActieID, treffers[0].Nu.Blad)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fout.NietGevonden
	}
	k := slices.IndexFunc(v.Actie.Objecten, func(p VerwerktObject) bool { return p.ID == objectID })
	if k < 0 || !c.names(o.s, &v.Actie.Objecten[k]) || !o.sees(v.Staat) || !a.binnen(v.Actie.VerwerkingsactiviteitID) {
		return nil, fout.NietGevonden
	}
	r := limit(v, v.Actie.Objecten[k])
	return &r, nil
}

// vervolg opens the inquiry about a person that a cursor is of.
func (l *Log) vervolg(a *Aanroeper, token string, d Doorgave) (*opvraging, cursor, error) {
	o, err := l.begin(a, d, true)
	if err != nil {
		return nil, cursor{}, err
	}
	c, err := l.openCursor(a, o.s, true, token)
	if err != nil {
		return nil, cursor{}, err
	}
	if a.Lezen == GeenBereik || c.Soort != IngangPersoon {
		return nil, cursor{}, geenToestemming
	}
	return o, c, nil
}
