package waarneming

import (
	"encoding/json"
	"strings"
)

// velden of a record that are kept, in the order of the standard.
var velden = []string{
	"actieNaam", "handelingNaam", "verwerkingNaam", "verwerkingId", "verwerkingsactiviteitId", "verwerkingsactiviteitUrl", "vertrouwelijkheid",
	"bewaartermijn", "uitvoerder", "systeem", "gebruiker", "gegevensbron", "soortAfnemerId", "afnemerId", "verwerkingsactiviteitIdAfnemer",
	"verwerkingsactiviteitUrlAfnemer", "verwerkingIdAfnemer", "tijdstip",
}

// VanActie reads a record as it is sent to a register, or a change of a verwerking.
func VanActie(_, _ string, body []byte) []Veld {
	var m map[string]any
	if json.Unmarshal(body, &m) != nil {
		return nil
	}
	var uit []Veld
	for _, naam := range velden {
		if s, ok := m[naam].(string); ok && s != "" {
			if naam == "afnemerId" && m["soortAfnemerId"] != "OIN" {
				s = Masker(s)
			}
			uit = append(uit, Veld{naam, s})
		}
	}
	objecten, _ := m["verwerkteObjecten"].([]any)
	for _, o := range objecten {
		o, _ := o.(map[string]any)
		tekst := func(naam string) string { s, _ := o[naam].(string); return s }
		w := tekst("soortObjectId") + " " + Masker(tekst("objectId"))
		if b := tekst("betrokkenheid"); b != "" {
			w += " (" + b + ")"
		}
		uit = append(uit, Veld{"object", w})
	}
	return uit
}

// VanVraag reads a question to a data store: the names of its fields, and no more of a value than its end.
func VanVraag(_, _ string, body []byte) []Veld {
	var m map[string]any
	if json.Unmarshal(body, &m) != nil {
		return nil
	}
	var uit []Veld
	for _, naam := range []string{"bsn", "geslachtsnaam", "geboortedatum"} {
		if s, ok := m[naam].(string); ok {
			if naam == "bsn" {
				s = Masker(s)
			} else {
				s = strings.Repeat("•", 6)
			}
			uit = append(uit, Veld{naam, s})
		}
	}
	return uit
}

// Masker leaves the last two characters of an identifier.
func Masker(s string) string {
	if len(s) < 6 {
		return strings.Repeat("•", 6)
	}
	return strings.Repeat("•", len(s)-2) + s[len(s)-2:]
}
