package beheerpaginas

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Juridisch gives the legal data of a day. They are the same for all organisations.
func (a activiteiten) Juridisch(_ context.Context, b *pagina.Bezoeker, op string) (*beheer.Juridisch, error) {
	if !a.activiteitDader(b).Mag(activiteit.Zien) {
		return nil, fout.GeenToestemming
	}
	dag := string(a.dag(op))
	stand, uit := a.Koppeling.Juridisch.Op(dag), &beheer.Juridisch{Op: dag}
	for _, g := range stand.Grondslagen() {
		r := juridischeRegel(&g.Regel)
		r.MetToelichting = g.ToelichtingNodig
		uit.Grondslagen.Regels = append(uit.Grondslagen.Regels, r)
	}
	for _, u := range stand.Uitzonderingen() {
		uit.Uitzonderingen.Regels = append(uit.Uitzonderingen.Regels, juridischeRegel(&u.Regel))
	}
	for _, u := range stand.Beperkingen() {
		uit.Beperkingen.Regels = append(uit.Beperkingen.Regels, juridischeRegel(&u.Regel))
	}
	for _, r := range stand.Selectielijst() {
		uit.Selectielijst.Regels = append(uit.Selectielijst.Regels, beheer.JuridischeRegel{
			Code: r.Nummer, Naam: r.Omschrijving, Uitleg: r.Lijst, Waardering: r.Waardering, Termijn: r.Termijn, Voorbeeld: r.Voorbeeld,
		})
	}
	for _, f := range stand.Bestanden() {
		soort := map[juridisch.Soort]*beheer.JuridischeSoort{
			juridisch.Grondslagen: &uit.Grondslagen, juridisch.Uitzonderingen: &uit.Uitzonderingen, juridisch.Beperkingen: &uit.Beperkingen, juridisch.Selectielijst: &uit.Selectielijst,
		}[f.Soort]
		soort.Bestand, soort.Eigen, soort.Sinds, soort.Bron, soort.Toelichting = f.Naam, f.Laag > 0, f.Vanaf, f.Bron, f.Toelichting
		if f.Nagekeken != nil {
			soort.NagekekenDoor, soort.NagekekenOp = f.Nagekeken.Door, f.Nagekeken.Op
		}
	}
	return uit, nil
}

func juridischeRegel(r *juridisch.Regel) beheer.JuridischeRegel {
	return beheer.JuridischeRegel{Code: r.Code, Naam: r.Naam, Uitleg: r.Uitleg, LetOp: r.LetOp, Artikel: r.Artikel}
}
