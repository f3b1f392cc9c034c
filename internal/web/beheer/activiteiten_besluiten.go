package beheer

import (
	"slices"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// What is decided about an activity: that a concept is definite, that it ends, that citizens may read it, that a concept goes.

// besluit is a page that asks for a decision about an activity: shown, or done and then away from it.
func (p *paginas) besluit(b *pagina.Bezoek, mag func(*ActiviteitBlad) bool, toon func(*ActiviteitBlad) *pagina.Scherm, doe func(*ActiviteitBlad) (pagina.Verder, error)) (pagina.Antwoord, error) {
	a, err := p.activiteit(b)
	if err != nil {
		return nil, err
	}
	if !mag(a) { // the page was left open, or the address typed
		return pagina.Verder{Naar: padActiviteit(a.ID)}, nil
	}
	if b.Method != "POST" {
		b.Formulier.Zet("versie", strconv.FormatInt(a.DocStand, 10))
		return toon(a), nil
	}
	if b.Formulier.Goed() {
		verder, err := doe(a)
		if err == nil && b.Formulier.Goed() {
			return verder, nil
		}
		if err != nil && !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return toon(a), nil
}

type vaststelBlad struct {
	Pad, Terug    string
	Eerste        bool // version 1
	Nummer        int  // it will have
	Mist          []string
	Komt          []verschil
	Vertrouwelijk bool
}

func heeftConcept(a *ActiviteitBlad) bool { return a.Concept != nil }

func (p *paginas) vaststellen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, "")
	if err != nil {
		return nil, err
	}
	toon := func(a *ActiviteitBlad) *pagina.Scherm {
		n := len(a.Versies)
		blad := vaststelBlad{Pad: b.URL.Path, Terug: padActiviteit(a.ID), Eerste: n == 0, Nummer: n + 1, Mist: a.Concept.Mist, Vertrouwelijk: a.Concept.Vertrouwelijk}
		if a.Laatste != nil {
			blad.Komt = verschillen(b, &a.Laatste.ActiviteitInhoud, &a.Concept.ActiviteitInhoud, j)
		}
		for i, v := range b.Formulier.Fouten { // what is wrong with the concept has no field here
			if !slices.Contains([]string{"ingangsdatum", "einddatum", "reden"}, v.Veld) {
				b.Formulier.Fouten[i].Veld = ""
			}
		}
		if b.Method != "POST" {
			b.Formulier.Zet("ingangsdatum", vandaag(b))
			if a.Openbaar || n == 0 && !a.Concept.Vertrouwelijk {
				b.Formulier.Zet("openbaar", "ja")
			}
		}
		return &pagina.Scherm{Sjabloon: "activiteit_vaststellen", Titel: b.T("Versie %d vaststellen", n+1), Kruimels: kruimelsActiviteiten(b, a), Inhoud: blad}
	}
	return p.besluit(b, heeftConcept, toon, func(a *ActiviteitBlad) (pagina.Verder, error) {
		v := ActiviteitVaststelling{
			Ingangsdatum: datumVeld(b, "ingangsdatum", true), Einddatum: datumVeld(b, "einddatum", false), Reden: b.Waarde("reden"), Openbaar: b.Waarde("openbaar") == "ja",
		}
		if len(a.Versies) > 0 && v.Reden == "" {
			b.Formulier.Meld("reden", b.T("Vul in wat er verandert en waarom."))
		}
		if !b.Formulier.Goed() {
			return pagina.Verder{}, nil
		}
		return pagina.Verder{Naar: padActiviteit(a.ID), Melding: pagina.Vastgesteld}, p.o.Activiteiten.StelVast(b.Context(), b.Bezoeker, a.ID, versie(b), v)
	})
}

// datumVeld reads a day of a form.
func datumVeld(b *pagina.Bezoek, veld string, nodig bool) string {
	tekst := b.Waarde(veld)
	d := leesDag(tekst)
	if d == "" && (tekst != "" || nodig) {
		b.Formulier.Meld(veld, b.T("Vul een datum in als jaar-maand-dag, zoals 2027-01-31."))
	}
	return d
}

func (p *paginas) beeindigen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	toon := func(a *ActiviteitBlad) *pagina.Scherm {
		return &pagina.Scherm{
			Sjabloon: "besluit", Titel: b.T("Activiteit beëindigen"), Kruimels: kruimelsActiviteiten(b, a),
			Inhoud: besluitBlad{
				Uitleg: []string{
					b.T("Hiermee legt u vast tot en met welke dag deze activiteit geldt. Wat al is vastgelegd in de log, blijft naar deze activiteit verwijzen."),
					b.T("Applicaties worden niet tegengehouden. Logregels van na de einddatum komen in de rapportage over kwaliteit."),
				},
				Knop: b.T("Einde vastleggen"), Gevaar: true, Pad: b.URL.Path, Terug: padActiviteit(a.ID), RedenNodig: true, Dag: "einddatum", DagLabel: b.T("Laatste dag"),
				RedenUitleg: b.T("Bijvoorbeeld: de verordening is ingetrokken. De reden staat bij de versie en in de beheerlog."),
			},
		}
	}
	return p.besluit(b, func(a *ActiviteitBlad) bool { return len(a.Versies) > 0 }, toon, func(a *ActiviteitBlad) (pagina.Verder, error) {
		dag := datumVeld(b, "einddatum", true)
		if b.Waarde("reden") == "" {
			b.Formulier.Meld("reden", b.T("Vul in waarom."))
		}
		if !b.Formulier.Goed() {
			return pagina.Verder{}, nil
		}
		return pagina.Verder{Naar: padActiviteit(a.ID), Melding: pagina.Beeindigd}, p.o.Activiteiten.Beeindig(b.Context(), b.Bezoeker, a.ID, versie(b), dag, b.Waarde("reden"))
	})
}

func (p *paginas) openbaarMaken(b *pagina.Bezoek) (pagina.Antwoord, error) {
	toon := func(a *ActiviteitBlad) *pagina.Scherm {
		blad := besluitBlad{Pad: b.URL.Path, Terug: padActiviteit(a.ID), ZonderReden: true}
		titel := b.T("Openbaar maken")
		if a.Openbaar {
			titel = b.T("Niet meer openbaar")
			blad.Knop, blad.Gevaar = b.T("Niet meer openbaar"), true
			blad.Uitleg = []string{
				b.T("Inwoners kunnen deze activiteit dan niet meer lezen. Een adres dat al is gedeeld, werkt niet meer."),
				b.T("Inwoners hebben recht op informatie over wat u met hun gegevens doet. Doe dit dus alleen als u hen op een andere manier inlicht."),
			}
		} else {
			blad.Knop = b.T("Openbaar maken")
			blad.Uitleg = []string{
				b.T("Iedereen kan deze activiteit dan lezen op de website, in gewone taal. Een concept is nooit openbaar."),
				b.T("Niet openbaar zijn: beveiliging, overeenkomsten, proceseigenaar, nummer, kolommen uit een bestand en wat er in de log komt."),
			}
		}
		return &pagina.Scherm{Sjabloon: "besluit", Titel: titel, Kruimels: kruimelsActiviteiten(b, a), Inhoud: blad}
	}
	return p.besluit(b, func(a *ActiviteitBlad) bool { return len(a.Versies) > 0 }, toon, func(a *ActiviteitBlad) (pagina.Verder, error) {
		ja := !a.Openbaar
		melding := pagina.NietOpenbaar
		if ja {
			melding = pagina.Gepubliceerd
		}
		return pagina.Verder{Naar: padActiviteit(a.ID), Melding: melding}, p.o.Activiteiten.ZetOpenbaar(b.Context(), b.Bezoeker, a.ID, versie(b), ja)
	})
}

func (p *paginas) weggooien(b *pagina.Bezoek) (pagina.Antwoord, error) {
	toon := func(a *ActiviteitBlad) *pagina.Scherm {
		uitleg := b.T("Het concept verdwijnt. Wat is vastgesteld, blijft zoals het is.")
		if len(a.Versies) == 0 {
			uitleg = b.T("Deze activiteit is nooit vastgesteld en verdwijnt helemaal.")
		}
		return &pagina.Scherm{
			Sjabloon: "besluit", Titel: b.T("Concept weggooien"), Kruimels: kruimelsActiviteiten(b, a),
			Inhoud: besluitBlad{Uitleg: []string{uitleg}, Knop: b.T("Weggooien"), Gevaar: true, Pad: b.URL.Path, Terug: padActiviteit(a.ID), ZonderReden: true},
		}
	}
	return p.besluit(b, heeftConcept, toon, func(a *ActiviteitBlad) (pagina.Verder, error) {
		naar := padActiviteit(a.ID)
		if len(a.Versies) == 0 {
			naar = padActiviteiten
		}
		return pagina.Verder{Naar: naar, Melding: pagina.ConceptWeg}, p.o.Activiteiten.GooiWeg(b.Context(), b.Bezoeker, a.ID, versie(b))
	})
}
