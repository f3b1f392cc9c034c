package autorisatie

import (
	"bytes"
	"fmt"
	"slices"
)

// Ernst is how much a warning about an application matters.
type Ernst uint8

// The grades. Ernstig asks a reason and a second administrator.
const (
	Info Ernst = iota + 1
	LetOp
	Ernstig
)

// Waarschuwing tells what is risky about an application.
type Waarschuwing struct {
	Ernst Ernst
	Regel string // stable code
	Tekst string // Dutch, whole sentences
	Nieuw bool   // the change brings it, or makes it wider
}

// zin is what a scope allows on a component: kan follows "Deze applicatie kan".
type zin struct {
	component string
	scope     Scope
	kan       string
}

// zinnen are all that can be granted, in the order of the table of components.
var zinnen = []zin{
	{ComponentBewerking, CreateNormal, "gewone verwerkingen vastleggen"},
	{ComponentBewerking, CreateConfidential, "vertrouwelijke verwerkingen vastleggen"},
	{ComponentBewerking, ReadNormal, "gewone verwerkingen van alle inwoners opvragen om ze bij te werken"},
	{ComponentBewerking, ReadConfidential, "vertrouwelijke verwerkingen opvragen om ze bij te werken"},
	{ComponentBewerking, UpdateNormal, "gewone verwerkingen wijzigen"},
	{ComponentBewerking, UpdateConfidential, "verwerkingen vertrouwelijk maken, en dat opheffen"},
	{ComponentBewerking, DeleteNormal, "gewone verwerkingen laten vervallen"},
	{ComponentBewerking, DeleteConfidential, "vertrouwelijke verwerkingen laten vervallen"},
	{ComponentBewerking, AuditRead, "alle eerdere versies van verwerkingen zien"},
	{ComponentInzage, ReadNormal, "gewone verwerkingen van alle inwoners opvragen"},
	{ComponentInzage, ReadConfidential, "vertrouwelijke verwerkingen opvragen, zoals van een lopend onderzoek"},
	{ComponentAC, AutorisatiesLezen, "zien welke applicaties er zijn en wat zij mogen"},
	{ComponentAC, AutorisatiesBijwerken, "applicaties rechten geven en afnemen"},
	{ComponentVAR, VARRead, "alle verwerkingsactiviteiten van de organisatie lezen, ook die niet openbaar zijn"},
	{ComponentVAR, VARLeveringen, "zien welke organisaties welke gegevens krijgen, en waarvoor"},
}

// Kan says what a scope allows on a component, as an infinitive in Dutch; empty: there is no such scope.
func Kan(component string, s Scope) string {
	for _, z := range zinnen {
		if z.component == component && z.scope == s {
			return z.kan
		}
	}
	return ""
}

// Componenten gives every component with the scopes that it knows.
func Componenten() (uit []Autorisatie) {
	for _, c := range componenten {
		uit = append(uit, Autorisatie{c.naam, slices.Clone(c.scopes)})
	}
	return uit
}

// kan gives what an application can do once it can sign in: what is granted, what goes with that, and what every
// application can.
func (a *Applicatie) kan() (uit []zin) {
	r := rechtenVan(a.Autorisaties)
	for _, z := range zinnen {
		if r[componentIndex(z.component)]&scopeBits[z.scope] != 0 {
			uit = append(uit, z)
		}
	}
	return uit
}

// Profiel says in Dutch sentences what an application can do: the rights it has, with those that each application has.
func (a *Applicatie) Profiel() (uit []string) {
	for _, z := range a.kan() {
		uit = append(uit, "Deze applicatie kan "+z.kan+".")
	}
	return uit
}

// risico is a rule about an application of an organisation. vind gives what it stumbles over, as words; nothing: all is well.
type risico struct {
	code  string
	ernst Ernst
	vind  func(a *Applicatie, oin string) []string
	tekst string
}

// metScope finds scopes on any component.
func metScope(scopes ...Scope) func(*Applicatie, string) []string {
	return func(a *Applicatie, _ string) (uit []string) {
		for _, z := range a.kan() {
			if slices.Contains(scopes, z.scope) {
				uit = append(uit, z.component+" "+string(z.scope))
			}
		}
		return uit
	}
}

func meerOINs(a *Applicatie, _ string) []string {
	if len(a.OINs) < 2 {
		return nil
	}
	return a.OINs
}

func andereOIN(a *Applicatie, oin string) (uit []string) {
	for _, o := range a.OINs {
		if o != oin {
			uit = append(uit, o)
		}
	}
	return uit
}

func geenOIN(a *Applicatie, _ string) []string {
	if len(a.OINs) == 0 {
		return []string{"geen"}
	}
	return nil
}

func meerClients(a *Applicatie, _ string) []string {
	if len(a.ClientIDs) < 2 {
		return nil
	}
	return a.ClientIDs
}

// risicos are the rules. To read what citizens were subject to is as grave for an application as the sight of a BSN is for a
// group of people: whoever holds the secret has it.
var risicos = []risico{
	{"vertrouwelijk", Ernstig, metScope(CreateConfidential, ReadConfidential, UpdateConfidential, DeleteConfidential),
		"Deze applicatie kan bij vertrouwelijke verwerkingen, zoals van een lopend onderzoek. De inwoner om wie het gaat ziet die nog niet; dat moet zo blijven tot het onderzoek klaar is."},
	{"verwijderen_vertrouwelijk", Ernstig, metScope(DeleteConfidential),
		"Deze applicatie kan vertrouwelijke verwerkingen laten vervallen. Daarmee is te verbergen dat er een onderzoek was; geef dit alleen als het echt nodig is."},
	{"inzage", Ernstig, metScope(ReadNormal),
		"Deze applicatie kan opvragen wat er met gegevens van inwoners is gebeurd, met hun BSN. Wie het geheim van de applicatie heeft, kan dat ook. Geef dit alleen als de applicatie zonder inzage haar werk niet kan doen."},
	{"audit", Ernstig, metScope(AuditRead),
		"Deze applicatie kan alle eerdere versies zien, ook van wat is verbeterd of vervallen. Dat is alleen nodig voor toezicht."},
	{"rechten_uitdelen", Ernstig, metScope(AutorisatiesBijwerken),
		"Deze applicatie kan zelf applicaties toevoegen en rechten geven, zonder tweede beheerder. Geef dit alleen aan software waarmee u applicaties beheert."},
	{"meer_oins", Ernstig, meerOINs,
		"Deze applicatie spreekt namens meer dan één organisatie. Wie haar gebruikt, is dan niet meer aan te wijzen; maak per organisatie een applicatie."},
	{"wijzigen", LetOp, metScope(UpdateNormal), "Deze applicatie kan verwerkingen wijzigen die al zijn vastgelegd. Wat er stond, blijft als eerdere versie bewaard."},
	{"verwijderen", LetOp, metScope(DeleteNormal), "Deze applicatie kan verwerkingen laten vervallen. Inwoners zien die dan niet meer."},
	{"andere_organisatie", LetOp, andereOIN,
		"Deze applicatie spreekt namens een andere organisatie. Wat zij opvraagt, gaat uw organisatie uit; kijk of daar een afspraak over is."},
	{"meer_clients", Info, meerClients, "Deze applicatie heeft meer dan één client-id met hetzelfde geheim. Lekt het geheim, dan moeten alle installaties een nieuw krijgen."},
	{"geen_oin", Info, geenOIN, "Deze applicatie heeft geen OIN. Zij telt daarom als een derde, ook als zij van uw eigen organisatie is."},
}

// Waarschuwingen tells what is risky about na, most serious first, and which of it voor did not have. voor is nil for a new
// application. oin is that of the organisation.
func Waarschuwingen(voor, na *Applicatie, oin string) (uit []Waarschuwing) {
	for _, r := range risicos {
		gevonden := r.vind(na, oin)
		if len(gevonden) == 0 {
			continue
		}
		var had []string
		if voor != nil {
			had = r.vind(voor, oin)
		}
		nieuw := slices.ContainsFunc(gevonden, func(s string) bool { return !slices.Contains(had, s) })
		uit = append(uit, Waarschuwing{Ernst: r.ernst, Regel: r.code, Tekst: r.tekst, Nieuw: nieuw})
	}
	if voor != nil && heeftErnstig(uit) && slices.ContainsFunc(na.ClientIDs, func(id string) bool { return !slices.Contains(voor.ClientIDs, id) }) {
		uit = append([]Waarschuwing{{Ernst: Ernstig, Regel: "andere_client", Nieuw: true,
			Tekst: "Een client-id komt erbij, en krijgt alle zware rechten die deze applicatie al heeft."}}, uit...)
	}
	return uit
}

func heeftErnstig(w []Waarschuwing) bool {
	return slices.ContainsFunc(w, func(w Waarschuwing) bool { return w.Ernst == Ernstig })
}

// Zwaar reports whether an application has anything that asks a second administrator.
func (a *Applicatie) Zwaar(oin string) bool { return heeftErnstig(Waarschuwingen(nil, a, oin)) }

// TweedeNodig reports whether a change brings something that asks a second administrator.
func TweedeNodig(w []Waarschuwing) bool {
	return slices.ContainsFunc(w, func(w Waarschuwing) bool { return w.Ernst == Ernstig && w.Nieuw })
}

// Verschillen says in Dutch what of an application changes beside its rights: "Naam: Zaaksysteem wordt Zaken". A secret is in none.
func Verschillen(voor, na *Applicatie) (uit []string) {
	if voor.Label != na.Label {
		uit = append(uit, fmt.Sprintf("De naam %s wordt %s.", voor.Label, na.Label))
	}
	lijst := func(wat string, voor, na []string) {
		for _, s := range na {
			if !slices.Contains(voor, s) {
				uit = append(uit, wat+" "+s+" komt erbij.")
			}
		}
		for _, s := range voor {
			if !slices.Contains(na, s) {
				uit = append(uit, wat+" "+s+" vervalt.")
			}
		}
	}
	lijst("Client-id", voor.ClientIDs, na.ClientIDs)
	lijst("OIN", voor.OINs, na.OINs)
	return uit
}

// Gelijk reports whether two applications differ in nothing that can be chosen.
func Gelijk(voor, na *Applicatie) bool {
	return voor.Label == na.Label && zelfdeRechten(voor, na) && bytes.Equal(voor.Geheim, na.Geheim)
}

// KanAanmelden reports whether an application has a secret to sign its tokens with.
func (a *Applicatie) KanAanmelden() bool { return len(a.Geheim) >= minGeheim }
