package beheer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// The form of an activity. Lists are a text box with one item a line; what has more than one part is rows of fields, with
// empty ones at the end, so that it works without script.

const (
	legeRijen = 3
	maxRijen  = 200 // of one list
	// maxActiviteit is for a document of 256 KiB, of which a browser may write each byte as three.
	maxActiviteit = 1 << 20
)

// lijstVelden are the text boxes with one item a line.
var lijstVelden = []string{"gezamenlijkMet", "betrokkenen", "ontvangers", "internationaleDerden"}

// keuzeVelden are those of which more values can be chosen.
var keuzeVelden = []string{"grondslagen", "uitzonderingen"}

// rijVelden are the lists of rows, with the fields of a row.
var rijVelden = map[string][]string{
	"persoonsgegevens": {"rol", "naam", "soort"}, "verwerkers": {"naam", "contact", "overeenkomst"}, "overig": {"naam", "waarde"},
	"plichten": {"plicht", "grondslag", "toelichting"},
}

// regels are the items of a text box.
func regels(s string) (uit []string) {
	for r := range strings.SplitSeq(s, "\n") {
		if r = strings.TrimSpace(r); r != "" {
			uit = append(uit, r)
		}
	}
	return uit
}

// gekozen are the values that were chosen in a list of boxes.
func gekozen(b *pagina.Bezoek, veld string) (uit []string) {
	for _, w := range b.Formulier.Waarden[veld] {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(uit, w) {
			uit = append(uit, w)
		}
	}
	return uit
}

func rijVeld(lijst string, i int, veld string) string {
	return lijst + "." + strconv.Itoa(i) + "." + veld
}

// rijen reads rows of fields; a row of which all that counts is empty, is none.
func rijen(b *pagina.Bezoek, lijst string, tellen ...string) (uit [][]string) {
	for i := range maxRijen + legeRijen {
		rij := make([]string, len(rijVelden[lijst]))
		vol := false
		for k, veld := range rijVelden[lijst] {
			rij[k] = b.Waarde(rijVeld(lijst, i, veld))
			vol = vol || rij[k] != "" && slices.Contains(tellen, veld)
		}
		if vol {
			uit = append(uit, rij)
		}
	}
	return uit
}

// zetRijen fills in rows, and forgets those that were sent: a row that was empty does not shift what is wrong.
func zetRijen(f *pagina.Formulier, lijst string, rijen [][]string) {
	for naam := range f.Waarden {
		if strings.HasPrefix(naam, lijst+".") {
			f.Waarden.Del(naam)
		}
	}
	for i, rij := range rijen {
		for k, veld := range rijVelden[lijst] {
			f.Zet(rijVeld(lijst, i, veld), rij[k])
		}
	}
}

// nummers counts the rows to show.
func nummers(n, leeg int) []int {
	uit := make([]int, min(n+leeg, maxRijen))
	for i := range uit {
		uit[i] = i
	}
	return uit
}

// termijnVeld reads a term.
func termijnVeld(b *pagina.Bezoek, veld string) string {
	iso, ok := leesTermijn(b.Waarde(veld))
	if !ok {
		b.Formulier.Meld(veld, b.T("Vul een termijn in, zoals 5 jaar of 18 maanden."))
	}
	return iso
}

// leesActiviteit reads the form.
func leesActiviteit(b *pagina.Bezoek) ActiviteitInhoud {
	in := ActiviteitInhoud{
		Naam: b.Waarde("naam"), Nummer: b.Waarde("nummer"), GebaseerdOp: b.Waarde("gebaseerdOp"), Categorie: b.Waarde("categorie"),
		VerantwoordelijkeOrganisatie: b.Waarde("verantwoordelijkeOrganisatie"), VerantwoordelijkeBestuursorgaan: b.Waarde("verantwoordelijkeBestuursorgaan"),
		GezamenlijkMet: regels(b.Waarde("gezamenlijkMet")), GedelegeerdVerantwoordelijke: b.Waarde("gedelegeerdVerantwoordelijke"), Proceseigenaar: b.Waarde("proceseigenaar"),
		Doel: b.Waarde("doel"), Grondslagen: gekozen(b, "grondslagen"), ToelichtingGrondslag: b.Waarde("toelichtingGrondslag"), Uitzonderingen: gekozen(b, "uitzonderingen"),
		Betrokkenen: regels(b.Waarde("betrokkenen")), Bewaartermijn: b.Waarde("bewaartermijn"), Herkomst: b.Waarde("herkomst"),
		Ontvangers: regels(b.Waarde("ontvangers")), InternationaleDerden: regels(b.Waarde("internationaleDerden")), Doorgifte: b.Waarde("doorgifte"),
		Beveiliging: b.Waarde("beveiliging"), Selecties: b.Waarde("selecties"), Toestemming: b.Waarde("toestemming"),
		LogOmvang: b.Waarde("log.omvang"), LogGebruiker: b.Waarde("log.gebruiker") == "ja", LogSoorten: b.Waarde("log.soorten") == "ja",
		Vertrouwelijk: b.Waarde("vertrouwelijkheid") == "ja", GrondVertrouwelijk: b.Waarde("grondVertrouwelijk"),
	}
	if in.Naam == "" {
		b.Formulier.Meld("naam", b.T("Vul een naam in."))
	}
	in.BewaartermijnLog = termijnVeld(b, "bewaartermijnLog")
	in.DuurVertrouwelijkheid = termijnVeld(b, "duurVertrouwelijkheid")
	for _, r := range rijen(b, "persoonsgegevens", "rol", "naam") {
		in.Persoonsgegevens = append(in.Persoonsgegevens, SoortGegeven{Rol: r[0], Naam: r[1], Soort: r[2]})
	}
	for _, r := range rijen(b, "verwerkers", "naam", "contact", "overeenkomst") {
		in.Verwerkers = append(in.Verwerkers, Verwerker{Naam: r[0], Contact: r[1], Overeenkomst: r[2]})
	}
	for _, r := range rijen(b, "overig", "waarde") {
		in.Overig = append(in.Overig, ActiviteitVeld{Naam: r[0], Waarde: r[1]})
	}
	return in
}

// vulActiviteit fills in the form.
func vulActiviteit(b *pagina.Bezoek, in *ActiviteitInhoud) {
	f := b.Formulier
	janee := func(ja bool) string {
		if ja {
			return "ja"
		}
		return ""
	}
	for naam, w := range map[string]string{
		"naam": in.Naam, "nummer": in.Nummer, "gebaseerdOp": in.GebaseerdOp, "categorie": in.Categorie,
		"verantwoordelijkeOrganisatie": in.VerantwoordelijkeOrganisatie, "verantwoordelijkeBestuursorgaan": in.VerantwoordelijkeBestuursorgaan,
		"gezamenlijkMet": strings.Join(in.GezamenlijkMet, "\n"), "gedelegeerdVerantwoordelijke": in.GedelegeerdVerantwoordelijke, "proceseigenaar": in.Proceseigenaar,
		"doel": in.Doel, "toelichtingGrondslag": in.ToelichtingGrondslag, "betrokkenen": strings.Join(in.Betrokkenen, "\n"),
		"bewaartermijn": in.Bewaartermijn, "herkomst": in.Herkomst, "ontvangers": strings.Join(in.Ontvangers, "\n"),
		"internationaleDerden": strings.Join(in.InternationaleDerden, "\n"), "doorgifte": in.Doorgifte, "beveiliging": in.Beveiliging,
		"selecties": in.Selecties, "toestemming": in.Toestemming, "log.omvang": in.LogOmvang, "log.gebruiker": janee(in.LogGebruiker), "log.soorten": janee(in.LogSoorten),
		"vertrouwelijkheid": janee(in.Vertrouwelijk), "grondVertrouwelijk": in.GrondVertrouwelijk,
	} {
		f.Zet(naam, w)
	}
	// A term that was not understood stays as it was typed.
	for naam, iso := range map[string]string{"bewaartermijnLog": in.BewaartermijnLog, "duurVertrouwelijkheid": in.DuurVertrouwelijkheid} {
		if iso != "" || f.Fout(naam) == "" {
			f.Zet(naam, schrijfTermijn(b.Taal, iso))
		}
	}
	f.Waarden["grondslagen"], f.Waarden["uitzonderingen"] = in.Grondslagen, in.Uitzonderingen
	var gegevens, verwerkers, overig [][]string
	for _, g := range in.Persoonsgegevens {
		gegevens = append(gegevens, []string{g.Rol, g.Naam, g.Soort})
	}
	for _, v := range in.Verwerkers {
		verwerkers = append(verwerkers, []string{v.Naam, v.Contact, v.Overeenkomst})
	}
	for _, o := range in.Overig {
		overig = append(overig, []string{o.Naam, o.Waarde})
	}
	zetRijen(f, "persoonsgegevens", gegevens)
	zetRijen(f, "verwerkers", verwerkers)
	zetRijen(f, "overig", overig)
}

// richt points what a room found wrong at a field that is on the form: an item of a text box has no field of its own.
func richt(f *pagina.Formulier) {
	for i := range f.Fouten {
		v := &f.Fouten[i]
		for _, lijst := range slices.Concat(lijstVelden, keuzeVelden) {
			if strings.HasPrefix(v.Veld, lijst+".") {
				v.Veld = lijst
			}
		}
		for lijst, velden := range rijVelden {
			rest, ok := strings.CutPrefix(v.Veld, lijst)
			if !ok {
				continue
			}
			switch delen := strings.Split(rest, "."); {
			case rest == "":
				v.Veld = rijVeld(lijst, 0, velden[0])
			case len(delen) == 2:
				v.Veld += "." + velden[0]
			}
		}
		if v.Veld == "log" {
			v.Veld = "log.omvang"
		}
	}
}

// activiteitFormulier is what the form of an activity gets.
type activiteitFormulier struct {
	Nieuw                        bool
	Pad, Terug                   string
	Grondslagen, Uitzonderingen  []pagina.Keuze
	Beperkingen, Omvang, Soorten []pagina.Keuze
	Persoonsgegevens, Verwerkers []int // numbers of the rows
	Overig                       []int
	UitzonderingenOpen           bool
	Versies                      int
}

// keuzes makes choices of legal data; what was chosen and is not in them any more, stays to be seen.
func keuzes(j JuridischeSoort, gekozen []string) (uit []pagina.Keuze) {
	for _, r := range j.Regels {
		tekst := r.Naam
		if r.Artikel != "" {
			tekst += " (" + r.Artikel + ")"
		}
		uit = append(uit, pagina.Keuze{Waarde: r.Code, Tekst: tekst, Uitleg: r.Uitleg, Gekozen: slices.Contains(gekozen, r.Code)})
	}
	for _, c := range gekozen {
		if c != "" && !slices.ContainsFunc(uit, func(k pagina.Keuze) bool { return k.Waarde == c }) {
			uit = append(uit, pagina.Keuze{Waarde: c, Tekst: c, Gekozen: true})
		}
	}
	return uit
}

// activiteitScherm shows the form, for a new one when a is nil; extra is how many more empty rows are shown.
func (p *paginas) activiteitScherm(b *pagina.Bezoek, a *ActiviteitBlad, in *ActiviteitInhoud, extra int) (pagina.Antwoord, error) {
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, "")
	if err != nil {
		return nil, err
	}
	vulActiviteit(b, in)
	richt(b.Formulier)
	leeg := legeRijen + extra
	inhoud := activiteitFormulier{
		Nieuw: a == nil, Pad: b.URL.Path, Terug: padActiviteiten,
		Grondslagen: keuzes(j.Grondslagen, in.Grondslagen), Uitzonderingen: keuzes(j.Uitzonderingen, in.Uitzonderingen),
		Beperkingen: append([]pagina.Keuze{{Tekst: b.T("Kies een grond")}}, keuzes(j.Beperkingen, een(in.GrondVertrouwelijk))...),
		Omvang: []pagina.Keuze{
			{Waarde: "", Tekst: b.T("Nog niet kiezen")}, {Waarde: "volledig", Tekst: omvangTekst(b, "volledig")},
			{Waarde: "minimaal", Tekst: omvangTekst(b, "minimaal")}, {Waarde: "uit", Tekst: omvangTekst(b, "uit")},
		},
		Soorten: []pagina.Keuze{
			{Waarde: "", Tekst: b.T("gewoon")}, {Waarde: "bsn", Tekst: soortWoord(b, "bsn")},
			{Waarde: "bijzonder", Tekst: soortWoord(b, "bijzonder")}, {Waarde: "strafrechtelijk", Tekst: soortWoord(b, "strafrechtelijk")},
		},
		Persoonsgegevens: nummers(len(in.Persoonsgegevens), leeg), Verwerkers: nummers(len(in.Verwerkers), min(leeg, 1+extra)), Overig: nummers(len(in.Overig), 0),
	}
	inhoud.UitzonderingenOpen = len(in.Uitzonderingen) > 0 || slices.ContainsFunc(in.Persoonsgegevens, func(g SoortGegeven) bool {
		return g.Soort == "bijzonder" || g.Soort == "strafrechtelijk"
	})
	titel := b.T("Nieuwe verwerkingsactiviteit")
	if a != nil {
		titel, inhoud.Terug, inhoud.Versies = b.T("Concept wijzigen"), padActiviteit(a.ID), len(a.Versies)
	}
	return &pagina.Scherm{Sjabloon: "activiteit_formulier", Titel: titel, Kruimels: kruimelsActiviteiten(b, a), Inhoud: inhoud}, nil
}

func (p *paginas) toonNieuweActiviteit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.activiteitScherm(b, nil, &ActiviteitInhoud{VerantwoordelijkeOrganisatie: b.Bezoeker.OIN, LogGebruiker: true, LogSoorten: true}, 0)
}

func (p *paginas) nieuweActiviteit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.bewaarActiviteit(b, nil)
}

func (p *paginas) toonWijzigActiviteit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.activiteit(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("versie", strconv.FormatInt(a.DocStand, 10))
	var in ActiviteitInhoud
	switch {
	case a.Concept != nil:
		in = a.Concept.ActiviteitInhoud
	case a.Laatste != nil:
		in = a.Laatste.ActiviteitInhoud
	}
	return p.activiteitScherm(b, a, &in, 0)
}

func (p *paginas) wijzigActiviteit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.activiteit(b)
	if err != nil {
		return nil, err
	}
	return p.bewaarActiviteit(b, a)
}

func (p *paginas) bewaarActiviteit(b *pagina.Bezoek, a *ActiviteitBlad) (pagina.Antwoord, error) {
	if b.Waarde("stap") == "meer" { // only more rows; nothing is kept, and nothing is judged
		in := leesActiviteit(b)
		b.Formulier.Fouten = nil
		return p.activiteitScherm(b, a, &in, 7)
	}
	in := leesActiviteit(b)
	if b.Formulier.Goed() {
		var err error
		naar := padActiviteiten
		if a == nil {
			id, beginErr := p.o.Activiteiten.Begin(b.Context(), b.Bezoeker, in)
			naar, err = padActiviteit(id), beginErr
		} else {
			naar, err = padActiviteit(a.ID), p.o.Activiteiten.Wijzig(b.Context(), b.Bezoeker, a.ID, versie(b), in)
		}
		if err == nil {
			return pagina.Verder{Naar: naar, Melding: pagina.ConceptBewaard}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.activiteitScherm(b, a, &in, 0)
}
