package beheer_test

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

var voorstelApp = id(401)

const proefGeheim = "q1w2e3r4t5y6u7i8o9p0aZsXdCfVgBhNjMkLq1w2e3r"

type applicaties struct{ *proef }

func (a applicaties) Applicaties(context.Context, *pagina.Bezoeker) ([]beheer.Applicatie, error) {
	if a.leeg {
		return nil, a.stuk
	}
	return []beheer.Applicatie{
		{ID: "zaaksysteem", Naam: "Zaaksysteem", Bestand: true, Scopes: 2, KanAanmelden: true},
		{ID: "onderzoek", Naam: "Onderzoek naleving", Scopes: 3, Ernst: "ernstig", KanAanmelden: true, Wacht: 1},
		{ID: "nieuw-loket", Naam: "Digitaal loket", Scopes: 1},
	}, a.stuk
}

func (a applicaties) Applicatie(ctx context.Context, b *pagina.Bezoeker, id string) (*beheer.ApplicatieBlad, error) {
	lijst, err := a.Applicaties(ctx, b)
	for _, l := range lijst {
		if l.ID == id {
			return &beheer.ApplicatieBlad{
				Applicatie: l, Versie: 3, Clients: []string{id}, OINs: []string{"00000099123456780000"},
				Autorisaties:   []beheer.Autorisatie{{Component: "verwerkingenlogging-bewerking", Naam: "Verwerkingenlogging Bewerking", Scopes: []string{"create:normal", "read:confidential"}}},
				Zinnen:         []beheer.Zin{{Tekst: "Deze applicatie kan vertrouwelijke verwerkingen opvragen om ze bij te werken."}},
				Waarschuwingen: []beheer.Waarschuwing{{Ernst: "let_op", Regel: "wijzigen", Tekst: "Deze applicatie kan verwerkingen wijzigen die al zijn vastgelegd."}, {Ernst: "ernstig", Regel: "vertrouwelijk", Tekst: "Deze applicatie kan bij vertrouwelijke verwerkingen, zoals van een lopend onderzoek."}},
			}, err
		}
	}
	return nil, fout.NietGevonden
}

func (a applicaties) Componenten() []beheer.Component {
	return []beheer.Component{
		{Sleutel: "verwerkingenlogging-bewerking", Naam: "Verwerkingenlogging Bewerking", Scopes: []beheer.Woord{
			{Sleutel: "create:normal", Naam: "Gewone verwerkingen vastleggen"}, {Sleutel: "create:confidential", Naam: "Vertrouwelijke verwerkingen vastleggen"},
			{Sleutel: "read:confidential", Naam: "Vertrouwelijke verwerkingen opvragen om ze bij te werken"},
		}},
		{Sleutel: "verwerkingenlogging-inzage", Naam: "Verwerkingenlogging Inzage", Scopes: []beheer.Woord{{Sleutel: "read:normal", Naam: "Gewone verwerkingen van alle inwoners opvragen"}}},
	}
}

func (a applicaties) Voorzie(_ context.Context, _ *pagina.Bezoeker, id string, k *beheer.ApplicatieKeuze) (*beheer.ApplicatieVoorstelling, error) {
	var mis []fout.Param
	if k.Naam == "" {
		mis = append(mis, fout.Param{Name: "naam", Code: "required", Reason: "Vul in hoe de applicatie heet."})
	}
	if len(k.Clients) == 0 {
		mis = append(mis, fout.Param{Name: "clients", Code: "required", Reason: "Noem minstens een client_id."})
	}
	if slices.Contains(k.Clients, "zaaksysteem") {
		mis = append(mis, fout.Param{Name: "clients", Code: "unique", Reason: "Deze client_id is al in gebruik; kies een andere."})
	}
	if mis != nil {
		return nil, fout.Ongeldig(mis...)
	}
	v := &beheer.ApplicatieVoorstelling{}
	for _, g := range k.Autorisaties {
		for _, s := range g.Scopes {
			v.Zinnen = append(v.Zinnen, beheer.Zin{Tekst: "Deze applicatie kan " + s + ".", Verschil: "komt"})
			if s == "read:confidential" {
				v.Ernstig = true
				v.Waarschuwingen = append(v.Waarschuwingen, beheer.Waarschuwing{Ernst: "ernstig", Regel: "vertrouwelijk", Tekst: "Deze applicatie kan bij vertrouwelijke verwerkingen, zoals van een lopend onderzoek."})
			}
		}
	}
	if id != "" {
		v.Verschillen = []string{"Client-id " + k.Clients[0] + " komt erbij."}
	}
	return v, a.stuk
}

func (a applicaties) Zet(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, k *beheer.ApplicatieKeuze, reden string) (string, string, error) {
	v, err := a.Voorzie(ctx, b, id, k)
	switch {
	case err != nil:
		return "", "", err
	case id != "" && versie != 3:
		return "", "", fout.Voorwaarde
	case v.Ernstig && len(reden) < 15:
		return "", "", fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in een zin waarom dit nodig is, in minstens 15 tekens. De reden komt in het beheerlog."})
	}
	a.noteer("applicatie %s %v %v %v", k.Naam, k.Clients, k.OINs, k.Autorisaties)
	if v.Ernstig {
		return id, pagina.WachtOpTweede, nil
	}
	return "nieuw-loket", pagina.Toegevoegd, nil
}

func (a applicaties) Geheim(_ context.Context, _ *pagina.Bezoeker, id string, versie int64, reden string) (string, error) {
	if versie != 3 {
		return "", fout.Voorwaarde
	}
	if len(reden) < 15 {
		return "", fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in een zin waarom dit nodig is, in minstens 15 tekens. De reden komt in het beheerlog."})
	}
	a.noteer("geheim %s", id)
	return proefGeheim, nil
}

func (a applicaties) NeemWeg(_ context.Context, _ *pagina.Bezoeker, id string, versie int64, reden string) error {
	if versie != 3 {
		return fout.Voorwaarde
	}
	a.noteer("weg %s %s", id, reden)
	return nil
}

func (a applicaties) Voorstellen(ctx context.Context, b *pagina.Bezoeker) ([]beheer.ApplicatieVoorstel, error) {
	if a.leeg {
		return nil, a.stuk
	}
	v, err := a.Voorstel(ctx, b, voorstelApp)
	return []beheer.ApplicatieVoorstel{*v}, err
}

func (a applicaties) Voorstel(_ context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.ApplicatieVoorstel, error) {
	if id != voorstelApp {
		return nil, fout.NietGevonden
	}
	v := &beheer.ApplicatieVoorstel{
		ID: id, Versie: 1, Titel: "De applicatie Onderzoek naleving wijzigen", Applicatie: "onderzoek", Naam: "Onderzoek naleving", Clients: []string{"onderzoek"}, OINs: []string{"00000099123456780000"},
		Door: "Bram van den Bovenkamp-Oosterhuizen", Op: a.nu.Add(-26 * time.Hour), Vervalt: a.nu.AddDate(0, 0, 12), Reden: "De afdeling handhaving onderzoekt meldingen.",
		ApplicatieVoorstelling: beheer.ApplicatieVoorstelling{
			Zinnen:         []beheer.Zin{{Tekst: "Deze applicatie kan gewone verwerkingen vastleggen."}, {Tekst: "Deze applicatie kan vertrouwelijke verwerkingen laten vervallen.", Verschil: "komt"}},
			Waarschuwingen: []beheer.Waarschuwing{{Ernst: "ernstig", Regel: "verwijderen_vertrouwelijk", Tekst: "Deze applicatie kan vertrouwelijke verwerkingen laten vervallen. Daarmee is te verbergen dat er een onderzoek was."}}, Ernstig: true,
		},
		MagBeslissen: b.Mag("applicaties", "goedkeuren"), WaaromNiet: "U kunt hier niet over beslissen: daarvoor is het recht nodig om applicaties goed te keuren. Vraag het een andere beheerder.",
	}
	return v, a.stuk
}

func (a applicaties) Beslis(_ context.Context, _ *pagina.Bezoeker, _ uuid.UUID, versie int64, goed bool, reden string) error {
	if versie != 1 {
		return fout.Gelijktijdig
	}
	a.noteer("applicatievoorstel %v %s", goed, reden)
	return nil
}

func (a applicaties) TrekIn(context.Context, *pagina.Bezoeker, uuid.UUID, int64) error {
	a.noteer("applicatievoorstel ingetrokken")
	return nil
}
