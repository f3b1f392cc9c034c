package keten

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/sdk"
)

// Activities. The first of each organisation has the id that it has in case C2866.
const (
	heffen       = "5f0bef4c-f66f-4311-84a5-19e8bf359eaf"
	onderzoeken  = "b1c7e0a4-2d53-4a7e-9a55-6e0c2f1f7d31"
	vergunnen    = "3f5d2b8e-71c6-4d0b-8f2a-94a1f0b7c6e2"
	beantwoorden = "c9a0f3d7-5b84-4e19-a6d3-0b7e8c2d4f15"
	derdeToezien = "7d1e4c52-8a3b-4f60-b9c1-2e5f6a7d8c93"
	derdeInzien  = "c5ae3b42-4002-403f-a1fa-f396f2675aaa"
	derdeVragen  = "689b6150-9406-44d5-ba8c-337a558e68c5"

	leveren           = "40fc7068-050d-45cc-8f60-770cd6d9de64"
	leverenOnderzoek  = "8e2b6f1d-4c97-4b3a-9d05-f1a6c3e7b284"
	leverenZonderDoel = "e6f4a2c8-1b5d-47e3-8a90-5c7d2e9f0b36"
	gemeenteToezien   = "2a9c7e5b-3d18-4f6a-b0e4-8d1f5c6a9e72"
	gemeenteInzien    = "9f86b732-1bd8-4269-8b3e-a41737c56a31"
	gemeenteVragen    = "9942695e-b26d-451d-94b0-b3a5e16b6d59"
)

// Clients of the logs, beside clientLog.
const (
	clientProces     = "procesapplicatie"
	clientOud        = "procesapplicatie-oud" // has no SDK, and sends no headers
	clientToezicht   = "verantwoording"
	clientMagazijn   = "gegevensmagazijn"
	clientWaterschap = "waterschap" // of the third party, at the log of the municipality
)

var (
	maken       = autorisatie.CreateConfidential
	lezen       = autorisatie.ReadConfidential
	veranderen  = autorisatie.UpdateConfidential
	derdePartij = organisatie{
		oin: oinDerde, naam: "Waterschap Voorbeeldvliet", kort: "waterschap", inzien: derdeInzien, opvragen: derdeVragen,
		applicaties: []applicatie{
			{clientProces, "Procesapplicatie", []string{oinDerde}, []autorisatie.Scope{maken, veranderen}, []autorisatie.Scope{autorisatie.VARRead}, nil},
			{clientOud, "Oude procesapplicatie", []string{oinDerde}, []autorisatie.Scope{maken}, nil, nil},
			{clientToezicht, "Functionaris gegevensbescherming", []string{oinDerde}, []autorisatie.Scope{maken, lezen}, []autorisatie.Scope{autorisatie.VARRead}, []autorisatie.Scope{lezen}},
		},
		activiteiten: []activiteit.Invoer{
			inhoud(oinDerde, heffen, "Heffen van waterschapsbelastingen", "De kosten van het waterbeheer over huishoudens verdelen", "Waterschapswet, artikel 117", "P7Y"),
			vertrouwelijk(inhoud(oinDerde, onderzoeken, "Onderzoeken van misbruik van kwijtschelding", "Nagaan of kwijtschelding terecht is gegeven, na een vermoeden van misbruik", "Invorderingswet 1990, artikel 26", "P10Y")),
			inhoud(oinDerde, vergunnen, "Behandelen van watervergunningen", "Beslissen op aanvragen om bij of in het water te bouwen", "Omgevingswet, artikel 5.1", ""),
			inhoud(oinDerde, beantwoorden, "Beantwoorden van vragen van inwoners", "Inwoners antwoord geven op hun vraag", "Waterschapswet, artikel 56", "P2Y"),
			inhoud(oinDerde, derdeToezien, "Toezicht op het verwerkingenlog", "Nagaan of gegevens alleen zijn gebruikt waarvoor dat mag", "AVG, artikelen 5 lid 2 en 39", "P5Y"),
			inhoud(oinDerde, derdeInzien, "Inzage door betrokkenen in het verwerkingenlog", "Mensen laten zien wie hun gegevens heeft gebruikt en waarom", "AVG, artikel 15", "P2Y"),
			inhoud(oinDerde, derdeVragen, "Opvragen van verwerkingsacties", "Toezicht houden op het gebruik van gegevens", "AVG, artikelen 5 lid 2 en 32", "P5Y"),
		},
		functies: []activiteit.Koppeling{
			koppel(clientProces, procesapplicatie.Aanslag, heffen),
			koppel(clientProces, procesapplicatie.Onderzoek, onderzoeken),
			koppel(clientProces, procesapplicatie.Vergunning, vergunnen),
			koppel(clientProces, procesapplicatie.Vraag, beantwoorden),
			koppel(clientToezicht, functieToezicht, derdeToezien),
		},
	}
	gemeente = organisatie{
		oin: oinGemeente, naam: "Gemeente Voorbeeldstad", kort: "gemeente", inzien: gemeenteInzien, opvragen: gemeenteVragen,
		applicaties: []applicatie{
			{clientMagazijn, "Gegevensmagazijn", []string{oinGemeente}, []autorisatie.Scope{maken, veranderen}, []autorisatie.Scope{autorisatie.VARLeveringen}, nil},
			{clientToezicht, "Functionaris gegevensbescherming", []string{oinGemeente}, []autorisatie.Scope{maken, lezen}, []autorisatie.Scope{autorisatie.VARRead}, []autorisatie.Scope{lezen}},
			{clientWaterschap, "Waterschap Voorbeeldvliet", []string{oinDerde}, []autorisatie.Scope{veranderen}, nil, nil},
		},
		activiteiten: []activiteit.Invoer{
			inhoud(oinGemeente, leveren, "Persoonsgegevens leveren aan derde partij", "Overheden de gegevens van inwoners geven die hun wettelijke taak vraagt", "Wet basisregistratie personen, artikel 3.9", "P5Y"),
			metGrond(inhoud(oinGemeente, leverenOnderzoek, "Persoonsgegevens leveren voor onderzoek naar misbruik", "Andere overheden helpen om misbruik van regelingen te vinden", "Wet basisregistratie personen, artikel 3.9", "P5Y")),
			inhoud(oinGemeente, leverenZonderDoel, "Adressen leveren aan het waterschap dat geen doel noemt", "Het waterschap adressen geven zolang zijn oude applicatie niet zegt waarvoor", "Wet basisregistratie personen, artikel 3.9, en de afspraak met het waterschap", "P5Y"),
			inhoud(oinGemeente, gemeenteToezien, "Toezicht op het verwerkingenlog", "Nagaan of gegevens alleen zijn gebruikt waarvoor dat mag", "AVG, artikelen 5 lid 2 en 39", "P5Y"),
			inhoud(oinGemeente, gemeenteInzien, "Inzage door betrokkenen in het verwerkingenlog", "Inwoners laten zien wie hun gegevens heeft gebruikt en waarom", "AVG, artikel 15", "P2Y"),
			inhoud(oinGemeente, gemeenteVragen, "Opvragen van verwerkingsacties", "Toezicht houden op het gebruik van gegevens", "AVG, artikelen 5 lid 2 en 32", "P5Y"),
		},
		functies: []activiteit.Koppeling{koppel(clientToezicht, functieToezicht, gemeenteToezien)},
		leveringen: slices.Concat(
			lever(heffen, leveren, false, magazijn.SetAdres, magazijn.SetZoeken),
			lever(onderzoeken, leverenOnderzoek, true, magazijn.SetAdres, magazijn.SetZoeken, magazijn.SetDocumenten),
			lever(vergunnen, leveren, false, magazijn.SetAdres, magazijn.SetZoeken, magazijn.SetDocumenten),
			// What the standard advises for who does not tell: as narrow as it can be.
			lever(sdk.NietOpgegeven, leverenZonderDoel, false, magazijn.SetAdres),
		),
	}
)

// functieToezicht is for what the officers of both organisations read back.
const functieToezicht = "log-controleren"

// sinds is when all activities began.
const sinds = "2021-01-01"

func inhoud(oin, id, naam, doel, wet, termijn string) activiteit.Invoer {
	return activiteit.Invoer{ID: uuid.MustParse(id), Ingangsdatum: sinds, Inhoud: activiteit.Inhoud{
		Naam: naam, VerantwoordelijkeOrganisatie: oin, Doel: doel + ".", Grondslagen: []string{"wettelijke_verplichting"}, ToelichtingGrondslag: wet + ".",
		Betrokkenen: []string{"inwoners"}, Persoonsgegevens: []activiteit.Persoonsgegeven{{Rol: "inwoner", Naam: "naam en adres"}, {Rol: "inwoner", Naam: "BSN", Soort: activiteit.SoortBSN}},
		Bewaartermijn: "Zolang de taak het vraagt.", Beveiliging: "Alleen medewerkers die dit werk doen, kunnen bij de gegevens, en elk gebruik wordt vastgelegd.",
		Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig, Gebruiker: true, Soorten: true}, BewaartermijnLog: termijn,
	}}
}

// metGrond lets an activity be confidential now and then; vertrouwelijk makes it so always.
func metGrond(i activiteit.Invoer) activiteit.Invoer {
	i.GrondVertrouwelijk, i.DuurVertrouwelijkheid = "toezicht", "P2Y"
	return i
}

func vertrouwelijk(i activiteit.Invoer) activiteit.Invoer {
	i = metGrond(i)
	i.Vertrouwelijkheid = activiteit.Vertrouwelijk
	return i
}

func koppel(client, functie, id string) activiteit.Koppeling {
	return activiteit.Koppeling{Applicatie: client, Functie: functie, Activiteit: uuid.MustParse(id)}
}

func lever(doel, id string, vertrouwelijk bool, sets ...string) (uit []activiteit.Levering) {
	for _, set := range sets {
		uit = append(uit, activiteit.Levering{Afnemer: oinDerde, Gegevensset: set, Doel: doel, Activiteit: uuid.MustParse(id), Vertrouwelijk: vertrouwelijk})
	}
	return uit
}

// vul puts into a register of activities what is not there yet, so that a start that was interrupted is made complete.
func (o *organisatie) vul(ctx context.Context, r *activiteit.Register) error {
	d := activiteit.Dader{OIN: o.oin, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	er, err := r.Lijst(d, activiteit.Filter{})
	if err != nil {
		return fmt.Errorf("read activities: %w", err)
	}
	var nieuw []activiteit.Invoer
	for _, i := range o.activiteiten {
		if !slices.ContainsFunc(er, func(a *activiteit.Activiteit) bool { return a.ID == i.ID }) {
			nieuw = append(nieuw, i)
		}
	}
	if _, err := r.Importeer(ctx, d, nieuw, true); err != nil {
		return fmt.Errorf("fill activities: %w", err)
	}
	if er, err = r.Lijst(d, activiteit.Filter{}); err != nil {
		return fmt.Errorf("read activities: %w", err)
	}
	for _, a := range er {
		if err := r.ZetOpenbaar(ctx, d, a.ID, a.Stand, true); err != nil {
			return fmt.Errorf("publish an activity: %w", err)
		}
	}
	return o.vulTabellen(ctx, r, d)
}

func (o *organisatie) vulTabellen(ctx context.Context, r *activiteit.Register, d activiteit.Dader) error {
	functies, err := r.Koppelingen(d)
	if err != nil {
		return fmt.Errorf("read functions: %w", err)
	}
	for _, k := range o.functies {
		if slices.ContainsFunc(functies, func(f activiteit.Koppeling) bool { return f.Applicatie == k.Applicatie && f.Functie == k.Functie }) {
			continue
		}
		if _, err := r.ZetKoppeling(ctx, d, k); err != nil {
			return fmt.Errorf("couple a function: %w", err)
		}
	}
	leveringen, err := r.Leveringen(d)
	if err != nil {
		return fmt.Errorf("read deliveries: %w", err)
	}
	for _, l := range o.leveringen {
		if slices.ContainsFunc(leveringen, func(m activiteit.Levering) bool {
			return m.Afnemer == l.Afnemer && m.Gegevensset == l.Gegevensset && m.Doel == l.Doel
		}) {
			continue
		}
		if _, err := r.ZetLevering(ctx, d, l); err != nil {
			return fmt.Errorf("add a delivery: %w", err)
		}
	}
	return nil
}
