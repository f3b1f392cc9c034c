package overdracht

import (
	"strings"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// Columns that are no field.
const (
	Overig = "overig" // kept under the name of the column
	Negeer = "-"      // left out, by choice
)

// Veld is a field that a column can be.
type Veld struct {
	Naam  string // as a Koppeling names it: the path in the JSON of an activity
	Titel string // Dutch; also the name of the column in an export
	Lijst bool   // several columns may be this field: their entries come after one another
}

// Velden are all fields, in the order of an export. Overig and Negeer are not among them.
func Velden() []Veld {
	uit := make([]Veld, len(velden))
	for k := range velden {
		uit[k] = velden[k].Veld
	}
	return uit
}

// veld knows how a field is read from a cell and written to one.
type veld struct {
	Veld
	namen   []string // how a column may be called elsewhere, as norm gives it
	vorm    vorm
	deel    bool                        // of another field, which writes it
	lees    func(r *rijLezer, s string) // s has text
	schrijf func(r *rij) string         // as one cell
	lijst   func(r *rij) []string       // or as entries; then schrijf is not used
}

// vorm tells which fields can be joined when a person points several columns at one.
type vorm byte

const (
	enkel vorm = iota // one column only
	lang              // joined with a line end
	lijst             // entries after one another
)

// rij is an activity as a row holds it.
type rij struct {
	activiteit.Invoer
	versie, status, openbaar string // of the register; written, never read
}

func kort(naam, titel string, max int, in func(*activiteit.Inhoud) *string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel}, namen: namen,
		lees:    func(r *rijLezer, s string) { *in(&r.uit.Inhoud) = r.kort(s, max) },
		schrijf: func(r *rij) string { return *in(&r.Inhoud) }}
}

func lange(naam, titel string, in func(*activiteit.Inhoud) *string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel}, namen: namen, vorm: lang,
		lees: func(r *rijLezer, s string) {
			to := in(&r.uit.Inhoud)
			*to = r.lang(samen(*to, s), maxLang)
		},
		schrijf: func(r *rij) string { return *in(&r.Inhoud) }}
}

func lijstVan(naam, titel string, in func(*activiteit.Inhoud) *[]string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel, Lijst: true}, namen: namen, vorm: lijst,
		lees:  func(r *rijLezer, s string) { r.lijst(in(&r.uit.Inhoud), s) },
		lijst: func(r *rij) []string { return *in(&r.Inhoud) }}
}

func codes(naam, titel, soort string, in func(*activiteit.Inhoud) *[]string, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel, Lijst: true}, namen: namen, vorm: lijst,
		lees:  func(r *rijLezer, s string) { r.codes(soort, in(&r.uit.Inhoud), s) },
		lijst: func(r *rij) []string { return *in(&r.Inhoud) }}
}

func jaNee(naam, titel string, in func(*activiteit.Inhoud) *bool, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel}, namen: namen,
		lees: func(r *rijLezer, s string) { *in(&r.uit.Inhoud) = r.jaNee(s) },
		schrijf: func(r *rij) string {
			if *in(&r.Inhoud) {
				return "ja"
			}
			return ""
		}}
}

func datum(naam, titel string, in func(*activiteit.Invoer) *activiteit.Datum, namen ...string) veld {
	return veld{Veld: Veld{Naam: naam, Titel: titel}, namen: namen,
		lees:    func(r *rijLezer, s string) { *in(&r.uit) = r.datum(s) },
		schrijf: func(r *rij) string { return string(*in(&r.Invoer)) }}
}

// samen joins two texts of one field.
func samen(a, b string) string {
	if a == "" {
		return b
	}
	return a + "\n" + b
}

// Lengths in characters, as activiteit.Inhoud has them.
const (
	maxKort  = 242
	maxLang  = 2042
	maxVeld  = 8192
	maxLijst = 200
)

type inhoud = activiteit.Inhoud

// velden in the order of an export. The names are those of the sheet that the IBD prefilled for municipalities, of art. 30,
// and of what else turns up; norm has taken capitals, accents and punctuation away.
var velden = []veld{
	{Veld: Veld{Naam: "id", Titel: "UUID"}, namen: []string{"uuid verwerking", "verwerkingsactiviteit id", "uuid verwerkingsactiviteit", "guid"},
		lees: func(r *rijLezer, s string) { r.id(s) }, schrijf: func(r *rij) string { return r.ID.String() }},
	kort("nummer", "ID", 50, func(i *inhoud) *string { return &i.Nummer }, "nummer", "nr", "volgnummer", "id nummer", "kenmerk", "code", "verwerkingsnummer", "registratienummer"),
	kort("categorie", "Hoofdproces", maxKort, func(i *inhoud) *string { return &i.Categorie }, "categorie", "proces", "hoofd proces", "taakveld", "domein", "cluster", "werkveld", "beleidsterrein"),
	kort("naam", "Naam verwerking", maxKort, func(i *inhoud) *string { return &i.Naam }, "naam", "verwerking", "verwerkingsactiviteit", "naam verwerkingsactiviteit",
		"naam van de verwerking", "naam van de verwerkingsactiviteit", "omschrijving verwerking", "benaming", "activiteit", "titel", "naam activiteit", "soort verwerking"),
	lange("doel", "Doeleinde", func(i *inhoud) *string { return &i.Doel }, "doel", "doeleinden", "doelen", "verwerkingsdoel", "verwerkingsdoeleinde", "verwerkingsdoeleinden",
		"doel van de verwerking", "doel verwerking", "doelomschrijving", "omschrijving doel", "doelbinding"),
	codes("grondslagen", "Grondslag", "grondslag", func(i *inhoud) *[]string { return &i.Grondslagen }, "grondslagen", "rechtsgrond", "rechtsgrondslag", "rechtmatigheid",
		"wettelijke grondslag", "avg grondslag", "grondslag avg", "juridische grondslag", "verwerkingsgrondslag", "grondslag verwerking"),
	lange("toelichtingGrondslag", "Toelichting grondslag", func(i *inhoud) *string { return &i.ToelichtingGrondslag }, "grondslag toelichting", "toelichting op grondslag",
		"toelichting op de grondslag", "wet", "wetgeving", "wet en regelgeving", "wettelijke basis", "wetsartikel", "wetsartikelen", "wettelijke bepaling", "specifieke wetgeving"),
	codes("uitzonderingen", "Uitzondering bijzondere gegevens", "uitzondering", func(i *inhoud) *[]string { return &i.Uitzonderingen }, "uitzonderingen", "uitzonderingsgrond",
		"uitzondering", "grondslag bijzondere persoonsgegevens", "uitzondering artikel 9", "uitzonderingsgrond bijzondere persoonsgegevens"),
	lijstVan("betrokkenen", "Betrokkenen", func(i *inhoud) *[]string { return &i.Betrokkenen }, "betrokkene", "categorie betrokkenen", "categorieen betrokkenen",
		"categorieen van betrokkenen", "categorie van betrokkenen", "soort betrokkenen", "doelgroep", "betrokken personen"),
	persoonsgegevens("persoonsgegevens", "Persoonsgegevens", "", "persoonsgegeven", "categorie persoonsgegevens", "categorieen persoonsgegevens", "gegevens",
		"categorieen van persoonsgegevens", "soort persoonsgegevens", "soorten persoonsgegevens", "verwerkte persoonsgegevens", "gewone persoonsgegevens", "welke persoonsgegevens"),
	persoonsgegevens("persoonsgegevens.bsn", "Burgerservicenummer", "bsn", "bsn", "gebruik bsn", "bsn ja nee", "verwerking bsn"),
	persoonsgegevens("persoonsgegevens.bijzonder", "Bijzondere persoonsgegevens", "bijzonder", "bijzondere gegevens", "bijzonder persoonsgegeven",
		"bijzondere categorieen persoonsgegevens", "bijzondere categorieen van persoonsgegevens", "gevoelige gegevens"),
	persoonsgegevens("persoonsgegevens.strafrechtelijk", "Strafrechtelijke gegevens", "strafrechtelijk", "strafrechtelijke persoonsgegevens",
		"gegevens van strafrechtelijke aard", "strafrechtelijk", "persoonsgegevens van strafrechtelijke aard"),
	lange("bewaartermijn", "Bewaartermijn", func(i *inhoud) *string { return &i.Bewaartermijn }, "bewaartermijnen", "bewaar termijn", "termijn", "bewaarperiode", "bewaartijd",
		"beoogde termijn", "beoogde bewaartermijn", "bewaartermijn gegevens", "vernietigingstermijn", "termijn voor wissing"),
	lange("herkomst", "Herkomst", func(i *inhoud) *string { return &i.Herkomst }, "bron", "bronnen", "herkomst gegevens", "herkomst van de gegevens", "bron van de gegevens",
		"gegevensbron", "oorsprong", "verkregen van"),
	lijstVan("ontvangers", "Ontvangers", func(i *inhoud) *[]string { return &i.Ontvangers }, "ontvanger", "categorie ontvangers", "categorieen ontvangers",
		"categorieen van ontvangers", "categorie van ontvangers", "afnemers", "verstrekking aan", "verstrekkingen", "derden", "ontvangende partijen", "afnemende categorie ontvangers"),
	lijstVan("internationaleDerden", "Ontvangers buiten de EU", func(i *inhoud) *[]string { return &i.InternationaleDerden }, "derde land", "derde landen", "internationale derden",
		"doorgifte aan derde landen", "internationale organisaties", "derde landen of internationale organisaties", "ontvangers buiten eer", "afnemende internationale derden",
		"landen buiten de eu", "doorgifte derde land", "doorgifte derde landen", "doorgifte buiten de eu", "doorgifte buiten eer"),
	lange("doorgifte", "Waarborgen doorgifte", func(i *inhoud) *string { return &i.Doorgifte }, "passende waarborgen", "waarborgen", "waarborgen doorgifte buiten de eu", "doorgifte",
		"doorgifte waarborgen", "documenten inzake passende waarborgen"),
	{Veld: Veld{Naam: "verwerkers", Titel: "Verwerkers", Lijst: true}, vorm: lijst, namen: []string{"verwerker", "naam verwerker", "sub verwerkers", "leverancier", "leveranciers", "bewerker"},
		lees: func(r *rijLezer, s string) { r.verwerkers(s) }, lijst: func(r *rij) []string { return schrijfVerwerkers(r.Verwerkers) }},
	lange("beveiliging", "Beveiligingsmaatregelen", func(i *inhoud) *string { return &i.Beveiliging }, "beveiliging", "maatregelen", "technische en organisatorische maatregelen",
		"organisatorische en technische maatregelen", "technische en organisatorische beveiligingsmaatregelen", "technische maatregelen", "algemene beschrijving beveiligingsmaatregelen"),
	lange("selecties", "Selecties", func(i *inhoud) *string { return &i.Selecties }, "selectie", "massale selecties", "selectiecriteria"),
	lange("toestemming", "Toestemming", func(i *inhoud) *string { return &i.Toestemming }, "proces toestemming", "toestemmingsproces", "hoe wordt toestemming gevraagd"),
	kort("verantwoordelijkeBestuursorgaan", "Verwerkingsverantwoordelijke", maxKort, func(i *inhoud) *string { return &i.VerantwoordelijkeBestuursorgaan }, "verantwoordelijke",
		"bestuursorgaan", "verantwoordelijk bestuursorgaan", "verantwoordelijke bestuursorgaan", "naam verwerkingsverantwoordelijke"),
	{Veld: Veld{Naam: "verantwoordelijkeOrganisatie", Titel: "OIN verantwoordelijke organisatie"}, namen: []string{"oin", "verantwoordelijke organisatie", "oin verantwoordelijke", "oin organisatie"},
		lees:    func(r *rijLezer, s string) { r.oin(s) },
		schrijf: func(r *rij) string { return r.VerantwoordelijkeOrganisatie }},
	lijstVan("gezamenlijkMet", "Gezamenlijk verantwoordelijk met", func(i *inhoud) *[]string { return &i.GezamenlijkMet }, "gezamenlijke verwerkingsverantwoordelijke",
		"gezamenlijke verwerkingsverantwoordelijken", "gezamenlijk verantwoordelijken", "gezamenlijk met", "medeverantwoordelijke"),
	kort("gedelegeerdVerantwoordelijke", "Gedelegeerd verantwoordelijke", maxKort, func(i *inhoud) *string { return &i.GedelegeerdVerantwoordelijke }, "gedelegeerd verwerkingsverantwoordelijke",
		"gedelegeerde", "gemandateerde", "gemandateerd verantwoordelijke"),
	kort("proceseigenaar", "Proceseigenaar", maxKort, func(i *inhoud) *string { return &i.Proceseigenaar }, "eigenaar", "proces eigenaar", "eigenaar proces", "procesverantwoordelijke", "afdeling", "team"),
	{Veld: Veld{Naam: "gebaseerdOp", Titel: "Gebaseerd op"}, namen: []string{"landelijk uuid", "uuid landelijk", "landelijke verwerkingsactiviteit", "uuid landelijk var", "gebaseerd op landelijk"},
		lees:    func(r *rijLezer, s string) { r.gebaseerdOp(s) },
		schrijf: func(r *rij) string { return r.GebaseerdOp }},
	keuze("log.omvang", "Omvang van het log", []string{"uit", "minimaal", "volledig"}, func(i *inhoud) *string { return &i.Log.Omvang }, "omvang log", "logprofiel", "logging", "logniveau"),
	jaNee("log.gebruiker", "Log: welke medewerker", func(i *inhoud) *bool { return &i.Log.Gebruiker }, "log gebruiker", "gebruiker in log"),
	jaNee("log.soorten", "Log: welke soorten gegevens", func(i *inhoud) *bool { return &i.Log.Soorten }, "log soorten gegevens", "log soorten"),
	duur("bewaartermijnLog", "Bewaartermijn van het log", func(i *inhoud) *string { return &i.BewaartermijnLog }, "bewaartermijn log", "bewaartermijn logging", "bewaartermijn verwerkingenlog"),
	keuze("vertrouwelijkheid", "Vertrouwelijkheid", []string{"normaal", "vertrouwelijk"}, func(i *inhoud) *string { return &i.Vertrouwelijkheid }, "vertrouwelijk"),
	{Veld: Veld{Naam: "grondVertrouwelijk", Titel: "Grond vertrouwelijkheid"}, namen: []string{"grond voor vertrouwelijkheid", "grond vertrouwelijk", "beperking", "beperkingsgrond"},
		lees: func(r *rijLezer, s string) {
			var een []string
			r.codes("beperking", &een, s)
			if len(een) > 1 {
				r.fout("Hier staan meer gronden; kies er één.")
			} else if len(een) == 1 {
				r.uit.GrondVertrouwelijk = een[0]
			}
		},
		lijst: func(r *rij) []string {
			if r.GrondVertrouwelijk == "" {
				return nil
			}
			return []string{r.GrondVertrouwelijk}
		}},
	duur("duurVertrouwelijkheid", "Duur vertrouwelijkheid", func(i *inhoud) *string { return &i.DuurVertrouwelijkheid }, "duur van de vertrouwelijkheid", "duur vertrouwelijk"),
	datum("ingangsdatum", "Ingangsdatum", func(i *activiteit.Invoer) *activiteit.Datum { return &i.Ingangsdatum }, "begindatum", "startdatum", "datum ingang", "geldig vanaf", "geldig van"),
	datum("einddatum", "Einddatum", func(i *activiteit.Invoer) *activiteit.Datum { return &i.Einddatum }, "datum einde", "geldig tot en met", "eind datum", "beeindigd op"),
}

// Of the register itself: written for who reads the sheet, and left out when it comes back.
var alleenUit = []struct {
	titel   string
	schrijf func(r *rij) string
}{
	{"Stand in het register", func(r *rij) string { return r.status }},
	{"Versie in het register", func(r *rij) string { return r.versie }},
	{"Openbaar in het register", func(r *rij) string { return r.openbaar }},
}

var perNaam = func() map[string]*veld {
	m := map[string]*veld{}
	for k := range velden {
		m[velden[k].Naam] = &velden[k]
	}
	return m
}()

// tekst is the field as it would stand in one cell.
func (v *veld) tekst(r *rij) string {
	if v.lijst != nil {
		return strings.Join(punten(v.lijst(r)), "\n")
	}
	return v.schrijf(r)
}
