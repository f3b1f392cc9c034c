package beheer

import (
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// What couples activities to the landscape: functions of applications, and what may be delivered to whom.

const (
	padKoppelingen = padActiviteiten + "/koppelingen"
	padLeveringen  = padActiviteiten + "/leveringen"
)

// activiteitKeuzes are the activities to choose from, the chosen one too when it is not there any more.
func (p *paginas) activiteitKeuzes(b *pagina.Bezoek, gekozen string) ([]pagina.Keuze, error) {
	alle, err := p.o.Activiteiten.Namen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	uit := []pagina.Keuze{{Tekst: b.T("Kies een verwerkingsactiviteit")}}
	gevonden := gekozen == ""
	for _, a := range alle {
		tekst := a.Naam
		switch a.Stand {
		case StandConcept:
			tekst += " (" + b.T("concept") + ")"
		case StandVerlopen:
			tekst += " (" + b.T("geldt niet meer") + ")"
		}
		gevonden = gevonden || a.ID.String() == gekozen
		uit = append(uit, pagina.Keuze{Waarde: a.ID.String(), Tekst: tekst})
	}
	if !gevonden {
		uit = append(uit, pagina.Keuze{Waarde: gekozen, Tekst: b.T("onbekende activiteit %s", gekozen)})
	}
	return uit, nil
}

// activiteitVeld reads which activity was chosen.
func activiteitVeld(b *pagina.Bezoek) uuid.UUID {
	id, err := uuid.Parse(b.Waarde("activiteit"))
	if err != nil {
		b.Formulier.Meld("activiteit", b.T("Kies een verwerkingsactiviteit."))
	}
	return id
}

// bij finds what a path is about.
func bij[T any](b *pagina.Bezoek, alle []T, id func(*T) uuid.UUID) (*T, error) {
	zoek, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	for i := range alle {
		if id(&alle[i]) == zoek {
			return &alle[i], nil
		}
	}
	return nil, fout.NietGevonden
}

type koppelingenBlad struct {
	Menu        []menuRegel
	Koppelingen []Koppeling
	MagWijzigen bool
}

func (p *paginas) koppelingen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	alle, err := p.o.Doelbinding.Koppelingen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "koppelingen", Titel: b.T("Functies van applicaties"), Kruimels: kruimelsActiviteiten(b, nil),
		Inhoud: koppelingenBlad{activiteitenMenu(b), alle, b.Bezoeker.Mag("activiteiten", "wijzigen")},
	}, nil
}

// koppeling gives the one of the path; nil on the page of a new one.
func (p *paginas) koppeling(b *pagina.Bezoek) (*Koppeling, error) {
	if b.PathValue("id") == "" {
		return nil, nil
	}
	alle, err := p.o.Doelbinding.Koppelingen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return bij(b, alle, func(k *Koppeling) uuid.UUID { return k.ID })
}

// rijBlad is the form of a row of one of these tables.
type rijBlad struct {
	Nieuw        bool
	Pad, Terug   string
	Weg          string // page to take it away; empty: it is new
	Activiteiten []pagina.Keuze
}

func (p *paginas) koppelingFormulier(b *pagina.Bezoek) (pagina.Antwoord, error) {
	k, err := p.koppeling(b)
	if err != nil {
		return nil, err
	}
	blad := rijBlad{Nieuw: k == nil, Pad: b.URL.Path, Terug: padKoppelingen}
	titel := b.T("Functie koppelen")
	if k != nil {
		titel, blad.Weg = b.T("Koppeling wijzigen"), padKoppelingen+"/weg/"+k.ID.String()
	}
	switch {
	case b.Method == "POST":
		in := Koppeling{Applicatie: b.Waarde("applicatie"), Functie: b.Waarde("functie"), Activiteit: activiteitVeld(b), Toelichting: b.Waarde("toelichting")}
		if in.Applicatie == "" {
			b.Formulier.Meld("applicatie", b.T("Vul in welke applicatie het is."))
		}
		if in.Functie == "" {
			b.Formulier.Meld("functie", b.T("Vul in hoe de applicatie de functie noemt."))
		}
		melding := pagina.Toegevoegd
		if k != nil {
			in.ID, in.Stand, melding = k.ID, versie(b), pagina.Bewaard
		}
		if b.Formulier.Goed() {
			err := p.o.Doelbinding.ZetKoppeling(b.Context(), b.Bezoeker, in)
			if err == nil {
				return pagina.Verder{Naar: padKoppelingen, Melding: melding}, nil
			}
			if !b.Formulier.Neem(b, err) {
				return nil, err
			}
		}
	case k != nil:
		vulIn(b.Formulier, "versie", strconv.FormatInt(k.Stand, 10), "applicatie", k.Applicatie, "functie", k.Functie, "activiteit", k.Activiteit.String(), "toelichting", k.Toelichting)
	default:
		b.Formulier.Zet("activiteit", b.URL.Query().Get("activiteit"))
	}
	if blad.Activiteiten, err = p.activiteitKeuzes(b, b.Waarde("activiteit")); err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "koppeling_formulier", Titel: titel, Inhoud: blad,
		Kruimels: append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Functies van applicaties"), Pad: padKoppelingen}),
	}, nil
}

// vulIn fills in fields; names and values come in pairs.
func vulIn(f *pagina.Formulier, paren ...string) {
	for i := 0; i+1 < len(paren); i += 2 {
		f.Zet(paren[i], paren[i+1])
	}
}

func (p *paginas) koppelingWeg(b *pagina.Bezoek) (pagina.Antwoord, error) {
	k, err := p.koppeling(b)
	if err != nil {
		return nil, err
	}
	return weg(b, k.Stand, &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("Koppeling weghalen"),
		Kruimels: append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Functies van applicaties"), Pad: padKoppelingen}),
		Inhoud: besluitBlad{
			Uitleg: []string{b.T("De functie %s van %s hoort dan bij geen enkele verwerkingsactiviteit meer, en mag dus niet werken.", k.Functie, k.Applicatie)},
			Knop:   b.T("Weghalen"), Gevaar: true, Pad: b.URL.Path, Terug: padKoppelingen, ZonderReden: true,
		},
	}, func() error { return p.o.Doelbinding.WisKoppeling(b.Context(), b.Bezoeker, k.ID, versie(b)) })
}

// weg asks whether a row may go, or takes it away and leads to where the question came from.
func weg(b *pagina.Bezoek, stand int64, vraag *pagina.Scherm, doe func() error) (pagina.Antwoord, error) {
	if b.Method != "POST" {
		b.Formulier.Zet("versie", strconv.FormatInt(stand, 10))
		return vraag, nil
	}
	if err := doe(); err != nil {
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
		return vraag, nil
	}
	return pagina.Verder{Naar: vraag.Inhoud.(besluitBlad).Terug, Melding: pagina.Verwijderd}, nil
}

type leveringenBlad struct {
	Menu       []menuRegel
	Leveringen []Levering
	MagBeheren bool
}

func (p *paginas) leveringen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	alle, err := p.o.Doelbinding.Leveringen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "leveringen", Titel: b.T("Leveringen"), Kruimels: kruimelsActiviteiten(b, nil),
		Inhoud: leveringenBlad{activiteitenMenu(b), alle, b.Bezoeker.Mag("activiteiten", "beheren")},
	}, nil
}

// levering gives the one of the path; nil on the page of a new one.
func (p *paginas) levering(b *pagina.Bezoek) (*Levering, error) {
	if b.PathValue("id") == "" {
		return nil, nil
	}
	alle, err := p.o.Doelbinding.Leveringen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return bij(b, alle, func(l *Levering) uuid.UUID { return l.ID })
}

func (p *paginas) leveringFormulier(b *pagina.Bezoek) (pagina.Antwoord, error) {
	l, err := p.levering(b)
	if err != nil {
		return nil, err
	}
	blad := rijBlad{Nieuw: l == nil, Pad: b.URL.Path, Terug: padLeveringen}
	titel := b.T("Levering toevoegen")
	if l != nil {
		titel, blad.Weg = b.T("Levering wijzigen"), padLeveringen+"/weg/"+l.ID.String()
	}
	switch {
	case b.Method == "POST":
		in := Levering{
			Afnemer: b.Waarde("afnemer"), Gegevensset: b.Waarde("gegevensset"), Doel: b.Waarde("doel"), Activiteit: activiteitVeld(b), Toelichting: b.Waarde("toelichting"),
			Vertrouwelijk: b.Waarde("vertrouwelijk") == "ja", Van: datumVeld(b, "van", false), Tot: datumVeld(b, "tot", false),
		}
		for _, v := range [][2]string{
			{"afnemer", b.T("Vul het OIN van de afnemer in.")}, {"gegevensset", b.T("Vul in welke gegevens het zijn.")}, {"doel", b.T("Vul in voor welk doel de afnemer ze krijgt.")},
		} {
			if b.Waarde(v[0]) == "" {
				b.Formulier.Meld(v[0], v[1])
			}
		}
		melding := pagina.Toegevoegd
		if l != nil {
			in.ID, in.Stand, melding = l.ID, versie(b), pagina.Bewaard
		}
		if b.Formulier.Goed() {
			err := p.o.Doelbinding.ZetLevering(b.Context(), b.Bezoeker, in)
			if err == nil {
				return pagina.Verder{Naar: padLeveringen, Melding: melding}, nil
			}
			if !b.Formulier.Neem(b, err) {
				return nil, err
			}
		}
	case l != nil:
		vulIn(b.Formulier, "versie", strconv.FormatInt(l.Stand, 10), "afnemer", l.Afnemer, "gegevensset", l.Gegevensset, "doel", l.Doel, "activiteit", l.Activiteit.String(), "toelichting", l.Toelichting, "van", l.Van, "tot", l.Tot)
		if l.Vertrouwelijk {
			b.Formulier.Zet("vertrouwelijk", "ja")
		}
	default:
		b.Formulier.Zet("activiteit", b.URL.Query().Get("activiteit"))
	}
	if blad.Activiteiten, err = p.activiteitKeuzes(b, b.Waarde("activiteit")); err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "levering_formulier", Titel: titel, Inhoud: blad,
		Kruimels: append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Leveringen"), Pad: padLeveringen}),
	}, nil
}

func (p *paginas) leveringWeg(b *pagina.Bezoek) (pagina.Antwoord, error) {
	l, err := p.levering(b)
	if err != nil {
		return nil, err
	}
	return weg(b, l.Stand, &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("Levering weghalen"),
		Kruimels: append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Leveringen"), Pad: padLeveringen}),
		Inhoud: besluitBlad{
			Uitleg: []string{
				b.T("De afnemer krijgt %s dan niet meer voor dit doel: wat niet in de tabel staat, wordt geweigerd.", l.Gegevensset),
				b.T("Loopt een levering gewoon af? Vul dan liever een laatste dag in, zodat te zien blijft dat zij er was."),
			},
			Knop: b.T("Weghalen"), Gevaar: true, Pad: b.URL.Path, Terug: padLeveringen, ZonderReden: true,
		},
	}, func() error { return p.o.Doelbinding.WisLevering(b.Context(), b.Bezoeker, l.ID, versie(b)) })
}
