package beheerpaginas

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/toezicht"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// toezichten implements beheer.Toezicht.
type toezichten struct{ *Koppeling }

func (t toezichten) Kwaliteit(ctx context.Context, b *pagina.Bezoeker, sinds string) (*beheer.Kwaliteit, error) {
	if !t.Beheer.Register().Rechten(b.OIN, b.ID, t.Nu()).MagErgens(gebruiker.ModuleActiviteiten, gebruiker.Zien) {
		return nil, fout.GeenToestemming
	}
	r, err := t.Teller.Rapport(ctx, t.Activiteiten, b.OIN, activiteit.Datum(sinds))
	if err != nil {
		return nil, err
	}
	uit := &beheer.Kwaliteit{Totaal: r.Totaal, Goed: r.Goed, Ongeteld: int64(r.Grootte - r.Geteld)}
	for _, v := range r.Bevindingen {
		uit.Bevindingen = append(uit.Bevindingen, t.bevinding(b, &v))
	}
	return uit, nil
}

func (t toezichten) bevinding(b *pagina.Bezoeker, v *toezicht.Bevinding) beheer.Bevinding {
	uit := beheer.Bevinding{Reden: string(v.Reden), Activiteit: v.Activiteit, Aantal: v.Aantal, Van: string(v.Van), Tot: string(v.Tot)}
	if v.Reden == toezicht.RedenOngeldig {
		if a, err := t.Activiteiten.Een(t.activiteitDader(b), v.Activiteit); err == nil {
			uit.Naam = a.Actueel().Naam
		}
	}
	return uit
}
