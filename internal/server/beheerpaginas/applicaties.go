package beheerpaginas

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// applicaties implements beheer.Applicaties.
type applicaties struct{ *Koppeling }

func (a applicaties) Applicaties(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Applicatie, err error) {
	if err := a.mag(b, gebruiker.ModuleApplicaties, gebruiker.Zien); err != nil {
		return nil, err
	}
	for _, r := range a.Register.List(b.OIN, nil) {
		uit = append(uit, naarApplicatie(r).Applicatie)
	}
	return uit, nil
}

func (a applicaties) Applicatie(_ context.Context, b *pagina.Bezoeker, id string) (*beheer.ApplicatieBlad, error) {
	if err := a.mag(b, gebruiker.ModuleApplicaties, gebruiker.Zien); err != nil {
		return nil, err
	}
	r, err := a.Register.Get(b.OIN, id)
	if err != nil {
		return nil, err
	}
	return naarApplicatie(r), nil
}

// zinnen say in plain Dutch what a scope allows, and how grave that is.
var zinnen = map[autorisatie.Scope]struct{ tekst, ernst string }{
	autorisatie.CreateNormal:          {"gewone verwerkingen vastleggen", ""},
	autorisatie.CreateConfidential:    {"vertrouwelijke verwerkingen vastleggen", ""},
	autorisatie.ReadNormal:            {"gewone verwerkingen van alle inwoners opvragen", "let_op"},
	autorisatie.ReadConfidential:      {"vertrouwelijke verwerkingen opvragen, zoals van een lopend onderzoek", "ernstig"},
	autorisatie.UpdateNormal:          {"gewone verwerkingen wijzigen", "let_op"},
	autorisatie.UpdateConfidential:    {"verwerkingen vertrouwelijk maken, en dat opheffen", "ernstig"},
	autorisatie.DeleteNormal:          {"gewone verwerkingen laten vervallen", "let_op"},
	autorisatie.DeleteConfidential:    {"vertrouwelijke verwerkingen laten vervallen", "ernstig"},
	autorisatie.AuditRead:             {"alle eerdere versies van verwerkingen zien", "let_op"},
	autorisatie.VARRead:               {"alle verwerkingsactiviteiten van de organisatie lezen, ook die niet openbaar zijn", ""},
	autorisatie.VARLeveringen:         {"zien welke organisaties welke gegevens krijgen, en waarvoor", ""},
	autorisatie.AutorisatiesLezen:     {"zien welke applicaties er zijn en wat zij mogen", ""},
	autorisatie.AutorisatiesBijwerken: {"applicaties rechten geven en afnemen", "ernstig"},
}

func naarApplicatie(r *autorisatie.Registratie) *beheer.ApplicatieBlad {
	uit := &beheer.ApplicatieBlad{Applicatie: beheer.Applicatie{ID: r.ID.String(), Naam: r.Label, Herkomst: "API"}, Clients: r.ClientIDs, OINs: r.OINs}
	if r.UitBestand() {
		uit.Herkomst = "bestand"
	}
	rang := map[string]int{"": 0, "info": 1, "let_op": 2, "ernstig": 3}
	for _, g := range r.Autorisaties {
		l := beheer.Autorisatie{Component: g.Component}
		for _, s := range g.Scopes {
			l.Scopes = append(l.Scopes, string(s))
			uit.Scopes++
			z, ok := zinnen[s]
			if !ok {
				z.tekst, z.ernst = "gebruikmaken van "+string(s), "let_op"
			}
			uit.Zinnen = append(uit.Zinnen, beheer.Zin{Tekst: "Deze applicatie kan " + z.tekst + "."})
			if z.ernst != "" {
				uit.Waarschuwingen = append(uit.Waarschuwingen, beheer.Waarschuwing{Ernst: z.ernst, Regel: string(s), Tekst: "Deze applicatie kan " + z.tekst + ". Is dat voor haar werk nodig?"})
			}
			if rang[z.ernst] > rang[uit.Ernst] {
				uit.Ernst = z.ernst
			}
		}
		uit.Autorisaties = append(uit.Autorisaties, l)
	}
	return uit
}
