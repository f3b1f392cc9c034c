package demo

import "github.com/verantwoord/verantwoord/internal/autorisatie"

// applicatie is software that logs: a client of its own, with no more rights than its work asks for.
type applicatie struct {
	clientID, label   string
	systeem, bron     string // as logged; fictitious names
	oin               string // of the organisation it works for
	uitvoerder        string // empty when that organisation executes the work itself (B7191)
	bewerking, inzage []autorisatie.Scope
	gebruikers        int // people who work with it; 0: it is always on its own
}

var (
	burgerzaken = &applicatie{
		clientID: "burgerzaken", label: "Burgerzaken", oin: oinGemeente, gebruikers: 6,
		systeem: "Balie Burgerzaken 6.2", bron: "Persoonsregistratie Burgerzaken",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal, autorisatie.ReadNormal, autorisatie.UpdateNormal, autorisatie.DeleteNormal},
	}
	sociaalDomein = &applicatie{
		clientID: "sociaal-domein", label: "Sociaal domein", oin: oinGemeente, gebruikers: 9,
		systeem: "Zorgvenster 4.8", bron: "Cliëntdossiers sociaal domein",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal, autorisatie.UpdateNormal},
	}
	fraudeonderzoek = &applicatie{
		clientID: "fraudeonderzoek", label: "Fraudeonderzoek sociale zekerheid", oin: oinGemeente, gebruikers: 2,
		systeem: "Dossier Onderzoek 2.1", bron: "Onderzoeksdossiers",
		bewerking: []autorisatie.Scope{autorisatie.CreateConfidential, autorisatie.ReadConfidential, autorisatie.UpdateConfidential},
	}
	vergunningen = &applicatie{
		clientID: "vergunningen", label: "Vergunningen", oin: oinGemeente, gebruikers: 5,
		systeem: "Vergunningenloket 3.5", bron: "Vergunningdossiers",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal, autorisatie.UpdateNormal},
	}
	klantcontact = &applicatie{
		clientID: "klantcontact", label: "Klantcontactcentrum", oin: oinGemeente, gebruikers: 8,
		systeem: "Contactplein 5.0", bron: "Contactregistratie",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal, autorisatie.UpdateNormal, autorisatie.DeleteNormal},
	}
	belastingen = &applicatie{
		clientID: "belastingen", label: "Belastingen", oin: oinGemeente, uitvoerder: oinBelastingsamenwerking, gebruikers: 4,
		systeem: "Heffen en Innen 9.4", bron: "Belastingadministratie",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal, autorisatie.UpdateNormal, autorisatie.DeleteNormal},
	}
	// A provider logs confidentially when its consumer says so (B9177), hence the right.
	gegevensmagazijn = &applicatie{
		clientID: "gegevensmagazijn", label: "Gegevensmagazijn", oin: oinGemeente,
		systeem: "Gegevensmagazijn 7.1", bron: "Gegevensmagazijn personen",
		bewerking: []autorisatie.Scope{autorisatie.CreateConfidential},
	}
	mijnOmgeving = &applicatie{
		clientID: "mijn-omgeving", label: "Mijn Voorbeeldstad", oin: oinGemeente,
		systeem: "Mijn Voorbeeldstad 2.3", bron: "Zaken en berichten",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal},
		inzage:    []autorisatie.Scope{autorisatie.ReadConfidential},
	}
	waterschap = &applicatie{
		clientID: "waterschap", label: "Waterschap Voorbeeldvliet", oin: oinWaterschap, gebruikers: 2,
		systeem: "Waterheffing 1.9", bron: "Heffingen waterschap",
		bewerking: []autorisatie.Scope{autorisatie.CreateNormal, autorisatie.ReadNormal},
		inzage:    []autorisatie.Scope{autorisatie.ReadConfidential},
	}
)

// applicaties lists the eight of the municipality, and that of the waterschap.
var applicaties = []*applicatie{
	burgerzaken, sociaalDomein, fraudeonderzoek, vergunningen, klantcontact, belastingen, gegevensmagazijn, mijnOmgeving,
	waterschap,
}

// applicatiebestand gives the applications file, with new secrets.
func applicatiebestand() any {
	type organisatie struct {
		OIN  string `yaml:"oin"`
		Naam string `yaml:"naam"`
	}
	type autorisaties struct {
		Component string              `yaml:"component"`
		Scopes    []autorisatie.Scope `yaml:"scopes,flow"`
	}
	type regel struct {
		ClientIDs    []string       `yaml:"clientIds,flow"`
		Geheim       string         `yaml:"geheim"`
		Label        string         `yaml:"label"`
		Organisatie  string         `yaml:"organisatie"`
		OINs         []string       `yaml:"oins,flow"`
		Autorisaties []autorisaties `yaml:"autorisaties"`
	}
	var regels []regel
	for _, t := range applicaties {
		a := regel{[]string{t.clientID}, newGeheim(), t.label, t.oin, []string{t.oin}, nil}
		a.Autorisaties = append(a.Autorisaties, autorisaties{autorisatie.ComponentBewerking, t.bewerking})
		if t.inzage != nil {
			a.Autorisaties = append(a.Autorisaties, autorisaties{autorisatie.ComponentInzage, t.inzage})
		}
		regels = append(regels, a)
	}
	return struct {
		Organisaties []organisatie `yaml:"organisaties"`
		Applicaties  []regel       `yaml:"applicaties"`
	}{
		[]organisatie{{oinGemeente, "Gemeente Voorbeeldstad"}, {oinWaterschap, "Waterschap Voorbeeldvliet"}},
		regels,
	}
}
