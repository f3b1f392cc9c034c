package keten

import (
	"maps"
	"slices"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// The two organisations; 00000099 is the prefix of test numbers (B0516).
const (
	oinGemeente = "00000099123456780000"
	oinDerde    = "00000099234567890000"
)

// organisatie is one of them, as it is set up: who may use its log, and what its register of activities holds.
type organisatie struct {
	oin, naam, kort  string
	applicaties      []applicatie
	activiteiten     []activiteit.Invoer
	functies         []activiteit.Koppeling
	leveringen       []activiteit.Levering
	inzien, opvragen string // activities under which its log logs what it is asked
}

// applicatie is a client of the log of an organisation. What it may, the Autorisatiecomponent knows.
type applicatie struct {
	clientID, label string
	oins            []string
	bewerking       []autorisatie.Scope
	vars            []autorisatie.Scope // on the register of activities
	inzage          []autorisatie.Scope // what a citizen sees
}

// clientLog is the client of a log at its Autorisatiecomponent.
const clientLog = "verwerkingenlog"

// geheimVan names a secret: of a client at the log of an organisation, or at its Autorisatiecomponent.
func geheimVan(organisatie, waar, clientID string) string {
	return organisatie + "/" + waar + "/" + clientID
}

// geheimNamen are all secrets of an organisation.
func (o *organisatie) geheimNamen() []string {
	uit := []string{geheimVan(o.kort, "autorisaties", clientLog)}
	for _, a := range o.applicaties {
		// The component holds no secret by which one could sign in at the log.
		uit = append(uit, geheimVan(o.kort, "log", a.clientID), geheimVan(o.kort, "autorisaties", a.clientID))
	}
	return uit
}

// bestand makes the applications file of the log (waar is log), or of the component (autorisaties).
func (o *organisatie) bestand(waar string, geheimen map[string]string) any {
	regel := func(a applicatie, rechten map[string][]autorisatie.Scope) map[string]any {
		m := map[string]any{
			"clientIds": []string{a.clientID}, "label": a.label, "geheim": geheimen[geheimVan(o.kort, waar, a.clientID)],
			"organisatie": o.oin, "oins": a.oins,
		}
		var lijst []map[string]any
		for _, c := range slices.Sorted(maps.Keys(rechten)) {
			if len(rechten[c]) > 0 {
				lijst = append(lijst, map[string]any{"component": c, "scopes": rechten[c]})
			}
		}
		if lijst != nil {
			m["autorisaties"] = lijst
		}
		return m
	}
	var regels []map[string]any
	for _, a := range o.applicaties {
		rechten := map[string][]autorisatie.Scope{}
		if waar == "autorisaties" {
			rechten[autorisatie.ComponentBewerking], rechten[autorisatie.ComponentVAR], rechten[autorisatie.ComponentInzage] = a.bewerking, a.vars, a.inzage
		}
		regels = append(regels, regel(a, rechten))
	}
	if waar == "autorisaties" {
		regels = append(regels, regel(applicatie{clientID: clientLog, label: "Verwerkingenlog", oins: []string{o.oin}},
			map[string][]autorisatie.Scope{autorisatie.ComponentAC: {autorisatie.AutorisatiesLezen}}))
	}
	return map[string]any{"organisaties": []map[string]any{{"oin": o.oin, "naam": o.naam}}, "applicaties": regels}
}

// instellingen of the log: its component is elsewhere, and it is asked each time.
func (o *organisatie) instellingen(component string, geheimen map[string]string) map[string]any {
	return map[string]any{
		"autorisaties": map[string]any{
			"url": component + "/autorisaties/api/v1", "client_id": clientLog, "geheim": geheimen[geheimVan(o.kort, "autorisaties", clientLog)],
		},
		"organisaties": map[string]any{o.oin: map[string]any{
			"fg":         "fg@" + o.kort + ".example",
			"bewaren":    map[string]string{"vloer": "P1Y", "maximum": "P10Y", "selectielijst": "Fictief, voor de demonstratie"},
			"activiteit": map[string]string{"inzage": o.inzien, "bewerking": o.opvragen},
		}},
	}
}
