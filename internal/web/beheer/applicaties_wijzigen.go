package beheer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Adding and changing an application: choose, see what it means, save. Its secret is made apart, once it is there.

const veldScopes = "scopes."

// alleenInBestand tells on a form that the application can't be changed here.
var alleenInBestand = fout.New(fout.CodeGeenToestemming, "Deze applicatie staat in het applicatiebestand en is hier alleen te lezen. Vraag de beheerder van de server om het bestand aan te passen.")

// teWijzigen gives the application of the path; nil for a new one.
func (p *paginas) teWijzigen(b *pagina.Bezoek) (*ApplicatieBlad, error) {
	if b.PathValue("id") == "" {
		return nil, nil
	}
	return p.welkeApplicatie(b)
}

// tekstregels cuts a text into its lines that are not empty.
func tekstregels(s string) (uit []string) {
	for r := range strings.SplitSeq(s, "\n") {
		if r = strings.TrimSpace(r); r != "" {
			uit = append(uit, r)
		}
	}
	return uit
}

// leesApplicatie reads the form; what is wrong is left to the room.
func (p *paginas) leesApplicatie(b *pagina.Bezoek) *ApplicatieKeuze {
	k := &ApplicatieKeuze{Naam: b.Waarde("naam"), Clients: tekstregels(b.Waarde("clients")), OINs: tekstregels(b.Waarde("oins"))}
	for _, c := range p.o.Applicaties.Componenten() {
		if scopes := b.Formulier.Waarden[veldScopes+c.Sleutel]; len(scopes) > 0 {
			k.Autorisaties = append(k.Autorisaties, Autorisatie{Component: c.Sleutel, Scopes: scopes})
		}
	}
	return k
}

type applicatieFormulier struct {
	Nieuw      bool
	Pad, Terug string
	Groepen    []scopeGroep
}

// scopeGroep are the choices on one component.
type scopeGroep struct {
	Veld, Naam string
	Keuzes     []pagina.Keuze
}

func (p *paginas) applicatieScherm(b *pagina.Bezoek, a *ApplicatieBlad) *pagina.Scherm {
	blad := applicatieFormulier{Nieuw: a == nil, Pad: padApplicaties + "/nieuw", Terug: padApplicaties}
	titel := b.T("Applicatie toevoegen")
	if a != nil {
		titel, blad.Pad, blad.Terug = b.T("%s wijzigen", a.Naam), padApplicatie(a.ID)+"/wijzigen", padApplicatie(a.ID)
	}
	for _, c := range p.o.Applicaties.Componenten() {
		g := scopeGroep{Veld: veldScopes + c.Sleutel, Naam: c.Naam}
		for _, s := range c.Scopes {
			uitleg := s.Sleutel
			if s.Sleutel == "create:normal" {
				uitleg = b.T("create:normal. Dit kan elke applicatie, ook zonder vinkje.")
			}
			g.Keuzes = append(g.Keuzes, pagina.Keuze{
				Waarde: s.Sleutel, Tekst: s.Naam, Uitleg: uitleg, Gekozen: slices.Contains(b.Formulier.Waarden[g.Veld], s.Sleutel),
			})
		}
		blad.Groepen = append(blad.Groepen, g)
	}
	return &pagina.Scherm{Sjabloon: "applicatie_formulier", Titel: titel, Kruimels: kruimelsApplicaties(b, a), Inhoud: blad}
}

func (p *paginas) toonNieuweApplicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	b.Formulier.Zet("oins", b.Bezoeker.OIN)
	return p.applicatieScherm(b, nil), nil
}

func (p *paginas) toonWijzigApplicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.welkeApplicatie(b)
	if err != nil {
		return nil, err
	}
	if a.Bestand {
		return nil, alleenInBestand
	}
	f := b.Formulier
	f.Zet("versie", strconv.FormatInt(a.Versie, 10))
	f.Zet("naam", a.Naam)
	f.Zet("clients", strings.Join(a.Clients, "\n"))
	f.Zet("oins", strings.Join(a.OINs, "\n"))
	for _, r := range a.Autorisaties {
		f.Waarden[veldScopes+r.Component] = append(f.Waarden[veldScopes+r.Component], r.Scopes...)
	}
	return p.applicatieScherm(b, a), nil
}

type applicatieVoorzieBlad struct {
	ApplicatieVoorstelling
	Nieuw      bool
	Pad, Terug string
	Velden     []veldwaarde
}

// applicatieVelden are those that make up the choice, in a fixed order.
func applicatieVelden(f *pagina.Formulier) (uit []veldwaarde) {
	for naam, waarden := range f.Waarden {
		if !slices.Contains([]string{"versie", "naam", "clients", "oins"}, naam) && !strings.HasPrefix(naam, veldScopes) {
			continue
		}
		for _, w := range waarden {
			uit = append(uit, veldwaarde{naam, w})
		}
	}
	slices.SortStableFunc(uit, func(a, b veldwaarde) int { return strings.Compare(a.Naam, b.Naam) })
	return uit
}

// voorzieApplicatie shows what the choices mean, before anything changes; or the form again, to go on choosing.
func (p *paginas) voorzieApplicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.teWijzigen(b)
	if err != nil {
		return nil, err
	}
	if b.Waarde("stap") == "aanpassen" {
		return p.applicatieScherm(b, a), nil
	}
	return p.applicatieVoorzie(b, a, p.leesApplicatie(b))
}

func (p *paginas) applicatieVoorzie(b *pagina.Bezoek, a *ApplicatieBlad, k *ApplicatieKeuze) (pagina.Antwoord, error) {
	blad := applicatieVoorzieBlad{Nieuw: a == nil, Pad: padApplicaties + "/nieuw", Terug: padApplicaties, Velden: applicatieVelden(b.Formulier)}
	id := ""
	if a != nil {
		id, blad.Pad, blad.Terug = a.ID, padApplicatie(a.ID)+"/wijzigen", padApplicatie(a.ID)
	}
	v, err := p.o.Applicaties.Voorzie(b.Context(), b.Bezoeker, id, k)
	if err != nil {
		if b.Formulier.Neem(b, err) {
			return p.applicatieScherm(b, a), nil
		}
		return nil, err
	}
	blad.ApplicatieVoorstelling = *v
	blad.Waarschuwingen = opErnst(v.Waarschuwingen)
	return &pagina.Scherm{Sjabloon: "applicatie_voorzie", Titel: b.T("Wat dit betekent voor %s", k.Naam), Kruimels: kruimelsApplicaties(b, a), Inhoud: blad}, nil
}

func (p *paginas) zetApplicatie(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.teWijzigen(b)
	if err != nil {
		return nil, err
	}
	id := ""
	if a != nil {
		id = a.ID
	}
	k := p.leesApplicatie(b)
	na, melding, err := p.o.Applicaties.Zet(b.Context(), b.Bezoeker, id, versie(b), k, b.Waarde("reden"))
	switch {
	case err == nil && na == "":
		return pagina.Verder{Naar: padApplicaties, Melding: melding}, nil
	case err == nil:
		return pagina.Verder{Naar: padApplicatie(na), Melding: melding}, nil
	case !b.Formulier.Neem(b, err):
		return nil, err
	case b.Formulier.Fout("reden") == "":
		return p.applicatieScherm(b, a), nil // the choice itself is not right, or no longer
	}
	return p.applicatieVoorzie(b, a, k)
}

// geheimBlad shows a secret once.
type geheimBlad struct {
	Naam    string
	Clients []string
	Geheim  string
	Terug   string
}

func (p *paginas) geheimScherm(b *pagina.Bezoek, a *ApplicatieBlad) *pagina.Scherm {
	titel, uitleg := b.T("Nieuw geheim voor %s", a.Naam), []string{
		b.T("De applicatie ondertekent haar tokens met een geheim. U ziet het nieuwe geheim één keer, op de volgende pagina. Daarna is het nergens meer te zien."),
	}
	if a.KanAanmelden {
		uitleg = append(uitleg, b.T("Het geheim van nu werkt daarna meteen niet meer. Tot het nieuwe is ingesteld, weigert het register alles van deze applicatie. Spreek een moment af met wie haar beheert."))
	}
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: titel, Kruimels: kruimelsApplicaties(b, a),
		Inhoud: besluitBlad{
			Uitleg: uitleg, Knop: b.T("Nieuw geheim maken"), Gevaar: a.KanAanmelden, Pad: b.URL.Path, Terug: padApplicatie(a.ID), RedenNodig: true,
			RedenUitleg: b.T("Bijvoorbeeld: eerste geheim voor de leverancier. Minstens 15 tekens; de reden komt in het beheerlog, het geheim niet."),
		},
	}
}

// anderBlad gives the application of a page that changes it, and fills in the version that is seen.
func (p *paginas) anderBlad(b *pagina.Bezoek) (*ApplicatieBlad, error) {
	a, err := p.welkeApplicatie(b)
	if err != nil {
		return nil, err
	}
	if a.Bestand && b.Method != "POST" {
		return nil, alleenInBestand
	}
	if b.Method != "POST" {
		b.Formulier.Zet("versie", strconv.FormatInt(a.Versie, 10))
	}
	return a, nil
}

func (p *paginas) toonGeheim(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.anderBlad(b)
	if err != nil {
		return nil, err
	}
	return p.geheimScherm(b, a), nil
}

func (p *paginas) geheim(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.anderBlad(b)
	if err != nil {
		return nil, err
	}
	geheim, err := p.o.Applicaties.Geheim(b.Context(), b.Bezoeker, a.ID, versie(b), b.Waarde("reden"))
	if err == nil {
		return &pagina.Scherm{
			Sjabloon: "applicatie_geheim", Titel: b.T("Het nieuwe geheim van %s", a.Naam), Kruimels: kruimelsApplicaties(b, a),
			Inhoud: geheimBlad{a.Naam, a.Clients, geheim, padApplicatie(a.ID)},
		}, nil
	}
	if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.geheimScherm(b, a), nil
}

type applicatieWegBlad struct {
	ApplicatieBlad
	Pad, Terug string
}

func (p *paginas) applicatieWegScherm(b *pagina.Bezoek, a *ApplicatieBlad) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "applicatie_weghalen", Titel: b.T("%s weghalen", a.Naam), Kruimels: kruimelsApplicaties(b, a),
		Inhoud: applicatieWegBlad{*a, b.URL.Path, padApplicatie(a.ID)},
	}
}

func (p *paginas) toonApplicatieWeg(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.anderBlad(b)
	if err != nil {
		return nil, err
	}
	return p.applicatieWegScherm(b, a), nil
}

func (p *paginas) applicatieWeg(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.anderBlad(b)
	if err != nil {
		return nil, err
	}
	err = p.o.Applicaties.NeemWeg(b.Context(), b.Bezoeker, a.ID, versie(b), b.Waarde("reden"))
	if err == nil {
		return pagina.Verder{Naar: padApplicaties, Melding: pagina.Verwijderd}, nil
	}
	if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.applicatieWegScherm(b, a), nil
}
