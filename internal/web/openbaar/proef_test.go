package openbaar_test

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
)

// proef is a municipality with some activities that are public. Everybody in it is made up.
type proef struct{ leeg, meer bool }

func id(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

var parkeren, onderzoek, gestopt = id(1), id(2), id(3)

func parkeervergunning() openbaar.Activiteit {
	return openbaar.Activiteit{
		ID: parkeren, Organisatie: "Gemeente Voorbeeldstad", Naam: "Verlenen van parkeervergunningen", Categorie: "Vergunningen", Nummer: 2, Van: "2026-01-01",
		Eerder: []openbaar.Periode{{Nummer: 1, Van: "2025-01-01"}}, Doel: "De schaarse parkeerruimte verdelen onder wie er woont.",
		Grondslagen: []openbaar.Grond{{Code: "publieke_taak", Naam: "Publieke taak", Uitleg: "Het is nodig voor een taak van de overheid die in een wet staat.", Artikel: "AVG art. 6 lid 1 onder e"}},
		Toelichting: "Gemeentewet, artikel 225, en de parkeerverordening.", Betrokkenen: []string{"aanvragers van een parkeervergunning", "bezoekers"},
		Persoonsgegevens: []openbaar.Gegevens{{Rol: "aanvrager", Namen: []string{"naam en adres", "burgerservicenummer", "kenteken"}}, {Rol: "bezoeker", Namen: []string{"kenteken"}}},
		Herkomst:         "De aanvrager zelf en de basisregistratie personen.", Ontvangers: []string{"handhavers van de gemeente"}, Verwerkers: []string{"Parkeerdiensten De Slagboom"},
		Bewaartermijn: "Verleend: 1 jaar na afloop.\nGeweigerd: 1 jaar.", Bestuursorgaan: "College van burgemeester en wethouders",
		Verantwoordelijke: "Gemeente Voorbeeldstad", Adres: "Marktplein 1\n1234 AB Voorbeeldstad",
		Contact: openbaar.Contact{Naam: "Loket privacy", Email: "privacy@voorbeeldstad.example", Telefoon: "14 099"}, FG: openbaar.Contact{Email: "fg@voorbeeldstad.example"},
	}
}

func (p proef) Zoek(z openbaar.Zoek) openbaar.Lijst {
	if p.leeg {
		return openbaar.Lijst{}
	}
	uit := openbaar.Lijst{Categorien: []string{"Sociaal domein", "Vergunningen"}}
	alle := []openbaar.Regel{
		{ID: onderzoek, Naam: "Onderzoeken van misbruik van uitkeringen", Doel: "Nagaan of een uitkering terecht is verstrekt.", Categorie: "Sociaal domein", Organisatie: "Gemeente Voorbeeldstad"},
		{ID: gestopt, Naam: "Uitgeven van papieren stempelkaarten", Doel: "Mensen toegang geven tot het zwembad.", Organisatie: "Gemeente Voorbeeldstad", Gestopt: true},
		{ID: parkeren, Naam: "Verlenen van parkeervergunningen", Doel: "De schaarse parkeerruimte verdelen onder wie er woont.", Categorie: "Vergunningen", Organisatie: "Gemeente Voorbeeldstad"},
	}
	for n := range 60 {
		if p.meer {
			alle = append(alle, openbaar.Regel{ID: id(100 + n), Naam: fmt.Sprintf("Taak %d", n), Doel: "Iets doen.", Organisatie: "Waterschap Voorbeeldvliet"})
		}
	}
	for _, r := range alle {
		if strings.Contains(strings.ToLower(r.Naam), strings.ToLower(z.Tekst)) && (z.Categorie == "" || z.Categorie == r.Categorie) {
			uit.Regels = append(uit.Regels, r)
		}
	}
	return uit
}

func (p proef) Een(uid uuid.UUID, op string) (*openbaar.Activiteit, bool) {
	a := parkeervergunning()
	switch uid {
	case parkeren:
		if op != "" && op < "2025-01-01" {
			return &openbaar.Activiteit{ID: uid, Anders: op}, true
		}
		if op != "" && op < "2026-01-01" {
			a.Nummer, a.Van, a.Anders, a.Eerder, a.Ontvangers, a.Verwerkers = 1, "2025-01-01", op, nil, nil, nil
		}
		return &a, true
	case onderzoek:
		a.ID, a.Naam, a.Vertrouwelijk, a.Eerder = uid, "Onderzoeken van misbruik van uitkeringen", true, nil
		a.Grondslagen = append(a.Grondslagen, openbaar.Grond{Code: "toestemming", Naam: "Toestemming betrokkene"})
		a.Toestemming = "Dat kan bij het loket."
		a.Uitzonderingen = []openbaar.Grond{{Code: "uavg33_1a", Naam: "Organen die het strafrecht toepassen", Artikel: "UAVG art. 33", Uitleg: "De politie en het Openbaar Ministerie."}}
		a.BuitenEU, a.Doorgifte, a.GezamenlijkMet = []string{"Speurwerk Inc., Verenigde Staten"}, "Met een modelcontract van de Europese Commissie.", []string{"Uitvoeringsinstituut"}
		return &a, true
	case gestopt:
		a.ID, a.Naam, a.Tot, a.Gestopt, a.Grondslagen = uid, "Uitgeven van papieren stempelkaarten", "2025-12-31", true, []openbaar.Grond{{Code: "wettelijke_verplichting", Naam: "Wettelijke verplichting"}}
		return &a, true
	}
	return nil, false
}

func opties(p proef) openbaar.Opties {
	o := openbaar.Opties{
		Versie: "0.6.0", Ontwerp: ontwerp.New(nil), Activiteiten: p, Logger: slog.New(slog.DiscardHandler),
		Organisaties: []openbaar.Organisatie{{OIN: "00000099123456780000", Naam: "Gemeente Voorbeeldstad"}},
	}
	if p.meer {
		o.Organisaties = append(o.Organisaties, openbaar.Organisatie{OIN: "00000099234567890000", Naam: "Waterschap Voorbeeldvliet"})
	}
	return o
}
