package gebruiker

import (
	"slices"
	"strings"
)

// Module is a part of the product that rights are given in.
type Module string

// The modules.
const (
	ModuleVerwerkingenlog Module = "verwerkingenlog"
	ModuleActiviteiten    Module = "activiteiten"
	ModuleApplicaties     Module = "applicaties"
	ModuleGebruikers      Module = "gebruikers"
	ModuleGroepen         Module = "groepen"
	ModuleInstellingen    Module = "instellingen"
	ModuleBeheerlog       Module = "beheerlog"
	ModuleInwoners        Module = "inwoners"
	ModuleDomeinen        Module = "domeinen"

	ModuleVerzoeken Module = "verzoeken"
	ModuleWerkplek  Module = "werkplek"
	ModuleMagazijn  Module = "magazijn"
	ModuleDPIA      Module = "dpia"
	ModuleToezicht  Module = "toezicht"
	ModuleBewijs    Module = "bewijs"
)

// cel is what a right is about, apart from how far it reaches.
type cel struct {
	m Module
	h Handeling
	v Veldklasse
}

// module is one row of the table: what rights there are, and how each reads. A phrase is an infinitive that follows
// "Deze groep kan".
type module struct {
	module      Module
	naam        string
	later       bool // known, and not in this version: no right in it can be given
	inwoners    bool // holds data of citizens; then rights have a bereik, elsewhere it is always alles
	ding        string
	klassen     map[Handeling][]Veldklasse
	uitdrukking map[string]string // "handeling/veldklasse": the phrase, where the general one is not exact
}

var (
	gewoon = []Veldklasse{Gewoon}
	elke   = Veldklassen()
)

var modules = []module{
	{
		module: ModuleVerwerkingenlog, naam: "Verwerkingenlog", inwoners: true, ding: "de verwerkingenlog",
		klassen: map[Handeling][]Veldklasse{
			Zien: {Gewoon, BSN, Bijzonder, VrijeTekst, Derde}, Zoeken: {Gewoon, BSN, Bijzonder}, Wijzigen: {Gewoon, Bijzonder},
			Goedkeuren: gewoon, Uitvoeren: gewoon, Exporteren: {Gewoon, BSN, Bijzonder, VrijeTekst, Derde}, Verwijderen: gewoon,
		},
		uitdrukking: map[string]string{
			"zien/gewoon":            "in de verwerkingenlog zien welke verwerkingen er waren",
			"zien/bsn":               "in de verwerkingenlog het BSN zien van de inwoners om wie het gaat",
			"zien/bijzonder":         "vertrouwelijke verwerkingen zien, zoals van een lopend onderzoek",
			"zien/vrije_tekst":       "in de verwerkingenlog de toelichtingen lezen",
			"zien/derde":             "in de verwerkingenlog zien welke medewerker iets deed",
			"zoeken/gewoon":          "in de verwerkingenlog zoeken op activiteit, zaak en datum",
			"zoeken/bsn":             "in de verwerkingenlog zoeken op BSN, en zo alles van één inwoner bij elkaar zien",
			"zoeken/bijzonder":       "zoeken in vertrouwelijke verwerkingen",
			"wijzigen/gewoon":        "verwerkingen in de log corrigeren of laten vervallen",
			"wijzigen/bijzonder":     "verwerkingen vertrouwelijk maken, of dat opheffen",
			"goedkeuren/gewoon":      "een lijst met te vernietigen verwerkingen goedkeuren",
			"uitvoeren/gewoon":       "een goedgekeurde vernietiging van verwerkingen uitvoeren",
			"exporteren/gewoon":      "verwerkingen als bestand opslaan",
			"exporteren/bsn":         "verwerkingen met het BSN erbij als bestand opslaan",
			"exporteren/bijzonder":   "vertrouwelijke verwerkingen als bestand opslaan",
			"exporteren/vrije_tekst": "de toelichtingen bij verwerkingen als bestand opslaan",
			"exporteren/derde":       "als bestand opslaan welke medewerker iets deed",
			"verwijderen/gewoon":     "verwerkingen waarvan de bewaartermijn om is op de lijst voor vernietiging zetten",
		},
	},
	{
		module: ModuleActiviteiten, naam: "Verwerkingsactiviteiten", ding: "het register van verwerkingsactiviteiten",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Wijzigen: gewoon, Goedkeuren: gewoon, Exporteren: gewoon, Beheren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":       "in het register van verwerkingsactiviteiten zien waarvoor gegevens worden gebruikt en op welke grondslag",
			"wijzigen/gewoon":   "verwerkingsactiviteiten voorbereiden als concept, en functies van applicaties eraan koppelen",
			"goedkeuren/gewoon": "verwerkingsactiviteiten vaststellen, beëindigen en openbaar maken",
			"beheren/gewoon":    "bepalen welke organisatie welke gegevens mag krijgen, waar het loggen op rust en wie verantwoordelijk is",
		},
	},
	{
		module: ModuleApplicaties, naam: "Applicaties", ding: "applicaties",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Beheren: gewoon, Goedkeuren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":       "zien welke applicaties zijn aangesloten en wat die mogen",
			"beheren/gewoon":    "applicaties aansluiten en verwijderen, en bepalen wat die mogen lezen en vastleggen",
			"goedkeuren/gewoon": "als tweede beheerder ernstige wijzigingen van applicaties goedkeuren",
		},
	},
	{
		module: ModuleGebruikers, naam: "Mensen", ding: "accounts van collega's",
		klassen: map[Handeling][]Veldklasse{Zien: {Gewoon, Contact}, Zoeken: gewoon, Wijzigen: {Gewoon, Contact}, Beheren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":      "zien welke collega's een account hebben en in welke groepen zij zitten",
			"zien/contact":     "het e-mailadres van collega's zien",
			"zoeken/gewoon":    "zoeken in de accounts van collega's",
			"wijzigen/gewoon":  "de naam, de functiegroep en de trainingsdatum van collega's wijzigen",
			"wijzigen/contact": "wijzigen met welk e-mailadres collega's zich aanmelden",
			"beheren/gewoon":   "accounts van collega's toevoegen, sluiten en heropenen",
		},
	},
	{
		module: ModuleGroepen, naam: "Groepen en rechten", ding: "groepen en rechten",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Wijzigen: gewoon, Beheren: gewoon, Goedkeuren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":       "zien welke groepen er zijn en wat die mogen",
			"wijzigen/gewoon":   "groepen toevoegen en hun naam wijzigen",
			"beheren/gewoon":    "bepalen wat een groep mag en wie erin zit",
			"goedkeuren/gewoon": "als tweede beheerder ernstige wijzigingen van rechten goedkeuren, en groepen herzien",
		},
	},
	{
		module: ModuleInstellingen, naam: "Instellingen", ding: "instellingen",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Beheren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":    "zien hoe het register is ingesteld",
			"beheren/gewoon": "de instellingen van het register wijzigen",
		},
	},
	{
		module: ModuleBeheerlog, naam: "Beheerlog", ding: "het beheerlog",
		klassen: map[Handeling][]Veldklasse{Zien: {Gewoon, VrijeTekst}, Zoeken: gewoon, Exporteren: {Gewoon, VrijeTekst}},
		uitdrukking: map[string]string{
			"zien/gewoon":            "in het beheerlog zien wie zich aanmeldde en wie rechten of instellingen wijzigde",
			"zien/vrije_tekst":       "in het beheerlog de redenen lezen die collega's opgaven",
			"exporteren/gewoon":      "het beheerlog als bestand opslaan",
			"exporteren/vrije_tekst": "de redenen uit het beheerlog als bestand opslaan",
		},
	},
	{
		module: ModuleInwoners, naam: "Inwoners beschermen", ding: "beschermde inwoners",
		klassen: map[Handeling][]Veldklasse{Zien: {Gewoon, VrijeTekst}, Goedkeuren: gewoon, Beheren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":       "opzoeken welke inwoners extra beschermd of overleden zijn",
			"zien/vrije_tekst":  "lezen waarom een inwoner extra beschermd is",
			"beheren/gewoon":    "inwoners extra beschermen, hun overlijden vastleggen, en voorstellen om dat te beëindigen",
			"goedkeuren/gewoon": "als tweede medewerker beslissen dat de bescherming van een inwoner eindigt",
		},
	},
	{
		module: ModuleDomeinen, naam: "Veilige domeinen", ding: "veilige domeinen",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Goedkeuren: gewoon, Beheren: gewoon},
		uitdrukking: map[string]string{
			"zien/gewoon":       "zien voor welke taken ouders, curatoren en gemachtigden namens een inwoner mogen kijken",
			"beheren/gewoon":    "voorstellen dat ouders, curatoren en gemachtigden voor een taak mogen kijken, en dat meteen stoppen",
			"goedkeuren/gewoon": "als tweede medewerker beslissen dat ouders, curatoren en gemachtigden voor een taak mogen kijken",
		},
	},

	{
		module: ModuleVerzoeken, naam: "Verzoeken", later: true, inwoners: true, ding: "verzoeken van inwoners",
		klassen: map[Handeling][]Veldklasse{Zien: elke, Zoeken: elke, Wijzigen: elke, Goedkeuren: gewoon, Uitvoeren: gewoon, Exporteren: elke, Verwijderen: gewoon},
		uitdrukking: map[string]string{
			"goedkeuren/gewoon": "besluiten op verzoeken van inwoners goedkeuren",
			"uitvoeren/gewoon":  "besluiten op verzoeken van inwoners uitvoeren",
		},
	},
	{
		module: ModuleWerkplek, naam: "Werkplek", later: true, inwoners: true, ding: "dossiers van inwoners",
		klassen: map[Handeling][]Veldklasse{Zien: elke, Zoeken: elke, Wijzigen: elke, Exporteren: elke, Verwijderen: elke},
	},
	{
		module: ModuleMagazijn, naam: "Magazijn", later: true, inwoners: true, ding: "het gegevensmagazijn",
		klassen: map[Handeling][]Veldklasse{Zien: elke, Zoeken: elke, Wijzigen: elke, Exporteren: elke, Verwijderen: elke},
	},
	{
		module: ModuleDPIA, naam: "DPIA's", later: true, ding: "DPIA's",
		klassen: map[Handeling][]Veldklasse{Zien: {Gewoon, VrijeTekst}, Zoeken: gewoon, Wijzigen: {Gewoon, VrijeTekst}, Goedkeuren: gewoon, Exporteren: gewoon},
	},
	{
		module: ModuleToezicht, naam: "Toezicht", later: true, ding: "het overzicht voor toezicht",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Zoeken: gewoon, Exporteren: gewoon},
	},
	{
		module: ModuleBewijs, naam: "Bewijs", later: true, ding: "bewijzen en checkpoints",
		klassen: map[Handeling][]Veldklasse{Zien: gewoon, Zoeken: gewoon, Exporteren: gewoon, Beheren: gewoon},
	},
}

func moduleIndex(m Module) int {
	return slices.IndexFunc(modules, func(r module) bool { return r.module == m })
}

// bestaande are the rights of the table.
var bestaande = func() map[cel]bool {
	alle := map[cel]bool{}
	for _, m := range modules {
		for h, klassen := range m.klassen {
			for _, v := range klassen {
				alle[cel{m.module, h, v}] = true
			}
		}
	}
	return alle
}()

// bestaat reports whether the module has such a right at all.
func bestaat(c cel) bool { return bestaande[c] }

// Modules gives the modules of this version; with later also those that are to come.
func Modules(later bool) (uit []Module) {
	for _, m := range modules {
		if later || !m.later {
			uit = append(uit, m.module)
		}
	}
	return uit
}

// Naam gives the name for people; the module itself when it is unknown.
func (m Module) Naam() string {
	if i := moduleIndex(m); i >= 0 {
		return modules[i].naam
	}
	return string(m)
}

// Veldklassen gives the veldklassen that the handeling has in the module; none when it has no such handeling.
func (m Module) Veldklassen(h Handeling) []Veldklasse {
	if i := moduleIndex(m); i >= 0 {
		return slices.Clone(modules[i].klassen[h])
	}
	return nil
}

// Inwoners reports whether the module holds data of citizens, and so has rights of every bereik. In others it is alles.
func (m Module) Inwoners() bool {
	i := moduleIndex(m)
	return i >= 0 && modules[i].inwoners
}

// klasseWoorden name fields of a class; gewoon is the thing itself.
var klasseWoorden = map[Veldklasse]string{
	Contact: "adressen, telefoonnummers en e-mailadressen", BSN: "BSN's", Bijzonder: "bijzondere persoonsgegevens",
	Strafrechtelijk: "strafrechtelijke gegevens", VrijeTekst: "vrije tekst", Derde: "gegevens van anderen dan de inwoner zelf",
	GeheimAdres: "geheime adressen",
}

// Uitdrukking says what a right allows, as an infinitive: "BSN's zien in verzoeken van inwoners". It is empty for
// what does not exist.
func Uitdrukking(m Module, h Handeling, v Veldklasse) string {
	if !bestaat(cel{m, h, v}) {
		return ""
	}
	r := modules[moduleIndex(m)]
	if s, ok := r.uitdrukking[string(h)+"/"+string(v)]; ok {
		return s
	}
	werkwoord := string(h)
	if v == Gewoon {
		switch h {
		case Zoeken:
			return "zoeken in " + r.ding
		case Exporteren:
			return r.ding + " als bestand opslaan"
		}
		return r.ding + " " + werkwoord
	}
	switch h {
	case Zoeken:
		return strings.Join([]string{"in", r.ding, "zoeken op", klasseWoorden[v]}, " ")
	case Exporteren:
		return strings.Join([]string{klasseWoorden[v], "uit", r.ding, "als bestand opslaan"}, " ")
	}
	return strings.Join([]string{klasseWoorden[v], werkwoord, "in", r.ding}, " ")
}
