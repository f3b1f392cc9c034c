package procesapplicatie

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/sdk"
)

// Kant is one of the two organisations.
type Kant string

// The organisations of the landscape.
const (
	Derde    Kant = "derde"
	Gemeente Kant = "gemeente"
)

// Naam is how people call it.
func (k Kant) Naam() string {
	if k == Gemeente {
		return "gemeente"
	}
	return "waterschap"
}

// Gegeven is a value that was sent or stored, with the organisation it comes from.
type Gegeven struct {
	Naam, Waarde string
	Van          Kant
	Bij          string // where it comes from, when that is not plain
}

// Stap is one of the seven of C2866, or what came before, after or in place of one.
type Stap struct {
	Nr       int // of C2866; 0: none of them
	Titel    string
	Wie      Kant
	Route    string // from whom to whom
	Uitleg   string
	Kop      string // what the values are
	Koppen   []Gegeven
	Kaal     bool // it could have told something in its headers, and did not
	Inhoud   []Gegeven
	Meer     []Gegeven // that tell less
	Uitkomst string
	Soort    string        // of the outcome: goed, fout, stil
	Begin    int64         // place in the order; 0: it did not happen
	Na       time.Duration // since the step before
	Duurt    time.Duration
}

// Verloop is what a look-up did, in the order in which it happened.
type Verloop struct {
	Stappen []Stap
	acties  map[Kant][]uuid.UUID // ids of what was logged

	vertrouwelijk bool // the third party asked confidentially
}

// maker puts what was noted into steps.
type maker struct {
	aanroepen []waarneming.Aanroep
	koppen    []waarneming.Veld // of the call to the municipality
	zoekt     bool
	stappen   []Stap
	acties    map[Kant][]uuid.UUID

	vertrouwelijk bool
}

// newVerloop tells of a look-up what was noted of it.
func newVerloop(o Opdracht, u Uitkomst, aanroepen []waarneming.Aanroep) Verloop {
	m := &maker{aanroepen: aanroepen, zoekt: o.Vraag == Zoeken, acties: map[Kant][]uuid.UUID{}}
	for k := range aanroepen {
		if aanroepen[k].Plaats == waarneming.Magazijn {
			m.koppen = aanroepen[k].Koppen
		}
	}
	for k := range aanroepen {
		switch a := &aanroepen[k]; {
		case a.Plaats == waarneming.DerdeFuncties:
			m.functie(o, a)
		case a.Plaats == waarneming.DerdeLog && isActie(a):
			m.log(Derde, 2, a, o)
		case a.Plaats == waarneming.Magazijn:
			m.vraag(o, a)
		case a.Plaats == waarneming.GemeenteLeveringen:
			m.levering(a)
		case a.Plaats == waarneming.GemeenteLog && isActie(a):
			m.log(Gemeente, 6, a, o)
		}
	}
	m.stil(o, u)
	m.slot(u)
	m.tijden()
	return Verloop{m.stappen, m.acties, m.vertrouwelijk}
}

func isActie(a *waarneming.Aanroep) bool {
	return a.Methode == "POST" && strings.HasSuffix(a.Pad, "/verwerkingsacties")
}

func (m *maker) functie(o Opdracht, a *waarneming.Aanroep) {
	s := Stap{Nr: 1, Wie: Derde, Titel: "Waarvoor is het?", Route: "de procesapplicatie, in haar eigen tabel uit het register van verwerkingsactiviteiten", Begin: a.Begin.Nr, Kop: "Gevonden"}
	if a.Status != 200 {
		s.Uitleg = "De applicatie zoekt welke verwerkingsactiviteit bij deze functie hoort. Er is er geen, dus er is geen doel. Dan mag het niet."
		s.Uitkomst, s.Soort = "Geen verwerkingsactiviteit: de aanroep gaat niet weg", "fout"
	} else {
		s.Uitleg = "De applicatie zoekt zelf welke verwerkingsactiviteit bij deze functie hoort. Zonder doel is er geen grond, en gaat er niets de deur uit."
		for _, v := range a.Antwoord {
			s.Inhoud = append(s.Inhoud, Gegeven{v.Naam, v.Waarde, Derde, ""})
		}
		s.Uitkomst, s.Soort = "Gevonden", "goed"
	}
	m.stappen = append(m.stappen, s)
}

// minder are values of a record that say less about the chain.
var minder = []string{"verwerkingsactiviteitUrl", "systeem", "gebruiker", "gegevensbron", "soortAfnemerId", "verwerkingsactiviteitUrlAfnemer", "handelingNaam", "verwerkingNaam"}

func (m *maker) log(k Kant, nr int, a *waarneming.Aanroep, o Opdracht) {
	s := Stap{Nr: nr, Wie: k, Begin: a.Begin.Nr, Duurt: duur(a), Kop: "In het bericht"}
	if k == Derde {
		s.Titel, s.Route = "Het waterschap legt vast", "van de procesapplicatie naar het verwerkingenlog van het waterschap"
		s.Uitleg = "Eerst vastleggen, dan pas vragen. Zo staat er altijd een regel als er gegevens zijn opgevraagd."
		if o.Vraag == Zoeken {
			s.Uitleg = "Bij zoeken weet men pas achteraf wie er in het antwoord staan. Daarom wordt het antwoord vastgehouden tot iedereen erin is vastgelegd. Waarop is gezocht, staat er niet bij."
		}
	} else {
		s.Titel, s.Route = "De gemeente legt vast", "van het gegevensmagazijn naar het verwerkingenlog van de gemeente"
		s.Uitleg = "Ook de gemeente legt vast voordat zij levert. Wat zij van het waterschap hoorde, neemt zij over. Zo wijzen de twee regels naar elkaar."
		if len(m.koppen) == 0 {
			s.Uitleg = "Ook de gemeente legt vast voordat zij levert. Zij weet wie er vroeg, want dat staat in het token. Waarvoor, dat weet zij niet: die velden blijven leeg."
		}
	}
	for _, v := range a.Velden {
		if slices.Contains(minder, v.Naam) {
			s.Meer = append(s.Meer, m.herkomst(k, v))
		} else {
			s.Inhoud = append(s.Inhoud, m.herkomst(k, v))
		}
	}
	s.Uitkomst, s.Soort = "Vastgelegd", "goed"
	if a.Status != 201 {
		s.Uitkomst, s.Soort = "Niet vastgelegd", "fout"
	} else if id, err := uuid.Parse(a.Uit("actieId")); err == nil {
		m.acties[k] = append(m.acties[k], id)
	}
	m.vertrouwelijk = m.vertrouwelijk || a.Veld("vertrouwelijkheid") == string(sdk.Vertrouwelijk)
	m.stappen = append(m.stappen, s, m.recht(k, nr+1, a))
}

// recht is what the log asked of its Autorisatiecomponent while it handled a record.
func (m *maker) recht(k Kant, nr int, log *waarneming.Aanroep) Stap {
	plaats, client := waarneming.DerdeAC, log.Van
	if k == Gemeente {
		plaats = waarneming.GemeenteAC
	}
	s := Stap{Nr: nr, Wie: k, Titel: "Mag deze applicatie dat?", Route: "van het verwerkingenlog naar het Autorisatiecomponent van " + lid(k)}
	for n := range m.aanroepen {
		a := &m.aanroepen[n]
		if a.Plaats == plaats && a.Veld("clientId") == client && a.Begin.Nr > log.Begin.Nr && (log.Einde.Nr == 0 || a.Begin.Nr < log.Einde.Nr) {
			s.Begin, s.Duurt = a.Begin.Nr, duur(a)
			s.Uitleg = "Vertrouwelijk vastleggen mag niet iedereen. Het log vraagt het na voordat het de regel bewaart."
			s.Kop, s.Inhoud = "Gevraagd", []Gegeven{{"clientId", client, k, ""}}
			s.Uitkomst, s.Soort = "Ja: create:confidential", "goed"
			if log.Status != 201 {
				s.Uitkomst, s.Soort = "Nee", "fout"
			}
			return s
		}
	}
	s.Uitleg = "Gewoon vastleggen mag elke bekende applicatie. Daarom wordt deze stap overgeslagen."
	s.Uitkomst, s.Soort = "Overgeslagen", "stil"
	return s
}

func (m *maker) vraag(o Opdracht, a *waarneming.Aanroep) {
	s := Stap{Nr: 4, Wie: Derde, Titel: "Het waterschap vraagt de gemeente", Route: "van de procesapplicatie naar het gegevensmagazijn van de gemeente", Begin: a.Begin.Nr, Duurt: duur(a), Kop: "In het bericht"}
	s.Uitleg = "In de koppen van het verzoek vertelt het waterschap namens wie, waarvoor en als deel van welke verwerking het vraagt. In het bericht zelf staat alleen de vraag."
	if len(a.Koppen) == 0 {
		s.Kaal = true
		s.Uitleg = "De oude applicatie stuurt alleen de vraag en haar token. Waarvoor zij vraagt, vertelt zij niet."
	}
	for _, v := range a.Koppen {
		s.Koppen = append(s.Koppen, Gegeven{v.Naam, v.Waarde, Derde, ""})
	}
	for _, v := range a.Velden {
		s.Inhoud = append(s.Inhoud, Gegeven{v.Naam, v.Waarde, Derde, ""})
	}
	switch {
	case a.Status == 200:
		s.Uitkomst, s.Soort = "Beantwoord met de gegevens, na stap 7", "goed"
	case a.Status == 503:
		s.Uitkomst, s.Soort = "Niet geleverd: "+a.Code, "fout"
	case a.Status == 404:
		s.Uitkomst, s.Soort = "Beantwoord: niemand gevonden", "stil"
	case a.Code != "":
		s.Uitkomst, s.Soort = "Geweigerd: "+a.Code, "fout"
	default:
		s.Uitkomst, s.Soort = "Niet beantwoord", "fout"
	}
	m.stappen = append(m.stappen, s)
}

func (m *maker) levering(a *waarneming.Aanroep) {
	s := Stap{Nr: 5, Wie: Gemeente, Titel: "Mag de gemeente hiervoor leveren?", Route: "het gegevensmagazijn, in de tabel van leveringen", Begin: a.Begin.Nr, Kop: "Gezocht en gevonden"}
	for _, v := range a.Velden {
		g := Gegeven{v.Naam, v.Waarde, Derde, ""}
		if v.Naam == "gegevensset" {
			g.Van = Gemeente
		}
		if len(m.koppen) == 0 && v.Naam == "afnemer" {
			g.Bij = "uit het token"
		}
		if len(m.koppen) == 0 && v.Naam == "doel" {
			g.Van = Gemeente
		}
		s.Inhoud = append(s.Inhoud, g)
	}
	for _, v := range a.Antwoord {
		s.Inhoud = append(s.Inhoud, Gegeven{v.Naam, v.Waarde, Gemeente, ""})
	}
	switch {
	case a.Status != 200:
		s.Uitleg = "De gemeente zoekt of zij deze gegevens aan het waterschap levert voor dit doel. Dat is niet afgesproken, dus zij levert niet. Het magazijn is niet gelezen."
		s.Uitkomst, s.Soort = "Geen levering: geweigerd", "fout"
	case len(m.koppen) == 0:
		s.Uitleg = "Zonder doel kan de gemeente alleen kijken wie er vraagt. Een beheerder heeft voor dit waterschap één regel gemaakt, zo smal mogelijk. Wat het waterschap ermee doet, ziet niemand meer."
		s.Uitkomst, s.Soort = "Levering zonder opgegeven doel", "stil"
	default:
		s.Uitleg = "De gemeente zoekt of zij deze gegevens aan het waterschap levert voor dit doel, en welke activiteit van haarzelf dat is."
		s.Uitkomst, s.Soort = "Levering gevonden", "goed"
	}
	m.stappen = append(m.stappen, s)
}

// stil adds the step that did not happen because a log did not answer: there is no socket to note it at.
func (m *maker) stil(o Opdracht, u Uitkomst) {
	heeft := func(nr int) bool {
		for k := range m.stappen {
			if m.stappen[k].Nr == nr {
				return true
			}
		}
		return false
	}
	if nietVastgelegd(u) && !heeft(2) {
		s := Stap{Nr: 2, Wie: Derde, Titel: "Het waterschap legt vast", Route: "van de procesapplicatie naar het verwerkingenlog van het waterschap", Uitkomst: "Het log antwoordt niet", Soort: "fout"}
		s.Uitleg = "Het log van het waterschap staat uit. De applicatie probeerde het een paar keer en stopte. Zij heeft de gemeente niets gevraagd."
		if o.Vraag == Zoeken {
			s.Uitleg = "Het log van het waterschap staat uit. Het antwoord van de gemeente is er, maar wordt niet getoond: wie erin staan, kon niet worden vastgelegd."
		}
		m.stappen = append(m.stappen, s)
	}
	if u.Code == "log_niet_beschikbaar" && !heeft(6) {
		m.stappen = append(m.stappen, Stap{
			Nr: 6, Wie: Gemeente, Titel: "De gemeente legt vast", Route: "van het gegevensmagazijn naar het verwerkingenlog van de gemeente", Uitkomst: "Het log antwoordt niet", Soort: "fout",
			Uitleg: "Het log van de gemeente staat uit. Dan levert zij niet: wat niet is vastgelegd, gaat de deur niet uit. Het waterschap mag het over een seconde opnieuw proberen.",
		})
	}
}

// slot tells what the employee sees in the end.
func (m *maker) slot(u Uitkomst) {
	s := Stap{Wie: Derde, Titel: "De medewerker ziet het antwoord", Route: "van het gegevensmagazijn naar het scherm van de procesapplicatie", Uitkomst: "Getoond", Soort: "goed"}
	s.Uitleg = "Pas nu, nadat beide logs hun regel hebben, staan de gegevens op het scherm."
	if !u.gelukt() {
		s.Titel, s.Route = "De medewerker ziet niets", "op het scherm van de procesapplicatie"
		s.Uitkomst, s.Soort = "Niets getoond", "fout"
		s.Uitleg = "Er staan geen gegevens op het scherm. Liever niets dan gegevens waarvan niemand kan zeggen waarom ze zijn opgevraagd."
	}
	for k := range m.aanroepen {
		// The last answer that it waited for: of the data store, or of its own log after a search.
		if a := &m.aanroepen[k]; a.Plaats == waarneming.Magazijn || a.Plaats == waarneming.DerdeLog && isActie(a) {
			s.Begin = max(s.Begin, a.Einde.Nr)
		}
	}
	m.stappen = append(m.stappen, s)
}

// tijden puts between the steps how long it took from one to the next.
func (m *maker) tijden() {
	momenten := map[int64]time.Time{}
	for k := range m.aanroepen {
		a := &m.aanroepen[k]
		momenten[a.Begin.Nr], momenten[a.Einde.Nr] = a.Begin.Moment, a.Einde.Moment
	}
	var vorige time.Time
	for k := range m.stappen {
		nu, ok := momenten[m.stappen[k].Begin]
		if m.stappen[k].Begin == 0 || !ok {
			continue
		}
		if !vorige.IsZero() {
			m.stappen[k].Na = nu.Sub(vorige)
		}
		vorige = nu
	}
}

// herkomst tells whose a value of a record is: what the municipality took over from the headers is the third party's.
func (m *maker) herkomst(k Kant, v waarneming.Veld) Gegeven { return herkomst(k, v, m.koppen, m.zoekt) }

func herkomst(k Kant, v waarneming.Veld, koppen []waarneming.Veld, zoekt bool) Gegeven {
	g := Gegeven{v.Naam, v.Waarde, k, ""}
	if v.Naam == "object" { // who it is about, the third party named, or the municipality found
		g.Van = Derde
		if zoekt {
			g.Van = Gemeente
		}
		return g
	}
	if k == Derde {
		return g
	}
	kop := func(naam string) bool {
		for _, h := range koppen {
			if h.Naam == naam && strings.EqualFold(h.Waarde, v.Waarde) {
				return true
			}
		}
		return false
	}
	switch v.Naam {
	case "afnemerId":
		g.Van = Derde
		if !kop("OIN") {
			g.Bij = "uit het token"
		}
	case "verwerkingsactiviteitIdAfnemer", "verwerkingsactiviteitUrlAfnemer", "verwerkingIdAfnemer":
		g.Van = Derde
	case "vertrouwelijkheid":
		if kop("Vertrouwelijkheid") {
			g.Van = Derde
		}
	case "bewaartermijn":
		if kop("Bewaartermijn") {
			g.Van = Derde
		}
	}
	return g
}

func lid(k Kant) string {
	if k == Gemeente {
		return "de gemeente"
	}
	return "het waterschap"
}

func duur(a *waarneming.Aanroep) time.Duration {
	if a.Einde.Nr == 0 {
		return 0
	}
	return a.Einde.Moment.Sub(a.Begin.Moment)
}
