package autorisatie

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Bounds of an application through the API: those of the ZGW Autorisaties API where it has them.
const (
	maxClientIDAPI  = 50 // characters
	maxClientIDs    = 50
	maxOINs         = 50
	maxAutorisaties = 50
	maxScopes       = 100
)

// Invoer is an application as a caller wants it. A nil field was not given.
type Invoer struct {
	ClientIDs             *[]string
	Label                 *string
	Geheim                *string
	OINs                  *[]string
	HeeftAlleAutorisaties *bool
	Autorisaties          *[]InvoerAutorisatie
}

// InvoerAutorisatie is a grant in either spelling of its scopes.
type InvoerAutorisatie struct {
	Component string
	Scopes    []string
}

// Validate tells everything that is wrong; volledig asks what a new application and a PUT need.
func (in *Invoer) Validate(volledig bool) []fout.Param {
	_, params := in.op(Applicatie{}, volledig)
	return params
}

// op gives the application that a becomes. With volledig what is absent goes back to its default,
// except what the published contract does not know: a client of that contract must be able to PUT
// what it read without losing the secret and the OINs.
func (in *Invoer) op(a Applicatie, volledig bool) (Applicatie, []fout.Param) {
	k := keuring{}
	switch {
	case in.ClientIDs != nil:
		a.ClientIDs = k.clientIDs(*in.ClientIDs)
	case volledig:
		k.mis("clientIds", "required", "Noem minstens een client_id.")
	}
	switch {
	case in.Label != nil:
		k.tekst("label", *in.Label, maxLabel)
		a.Label = *in.Label
	case volledig:
		k.mis("label", "required", "Geef de applicatie een naam.")
	}
	if in.Geheim != nil {
		k.geheim(*in.Geheim)
		a.Geheim = Geheim(*in.Geheim)
	}
	if in.OINs != nil {
		a.OINs = k.oins(*in.OINs)
	}
	if a.OINs == nil {
		a.OINs = []string{}
	}

	grants, alle := in.Autorisaties, in.HeeftAlleAutorisaties
	if grants != nil && len(*grants) > 0 && alle != nil && *alle {
		k.mis("nonFieldErrors", "ambiguous-authorizations-specified", "Geef heeftAlleAutorisaties of autorisaties, niet allebei.")
	}
	if grants != nil {
		a.Autorisaties = k.autorisaties(*grants)
	} else if volledig || alle != nil && *alle {
		a.Autorisaties = nil
	}
	if alle != nil {
		a.HeeftAlleAutorisaties = *alle
	} else if volledig || len(a.Autorisaties) > 0 {
		a.HeeftAlleAutorisaties = false
	}
	if a.Autorisaties == nil {
		a.Autorisaties = []Autorisatie{}
	}
	return a, k.params
}

// keuring collects what is wrong. No value is ever in a reason.
type keuring struct{ params []fout.Param }

func (k *keuring) mis(name, code, reason string) {
	k.params = append(k.params, fout.Param{Name: name, Code: code, Reason: reason})
}

// teVeel bounds a list before anything is done with it.
func (k *keuring) teVeel(name string, n, maximum int) bool {
	if n > maximum {
		k.mis(name, "max_length", fmt.Sprintf("Geef er hoogstens %d.", maximum))
	}
	return n > maximum
}

// tekst checks one line of visible text.
func (k *keuring) tekst(name, v string, maximum int) bool {
	switch {
	case strings.TrimSpace(v) == "":
		k.mis(name, "required", "Dit is leeg; vul het in.")
	case utf8.RuneCountInString(v) > maximum:
		k.mis(name, "max_length", fmt.Sprintf("Dit is langer dan %d tekens; maak het korter.", maximum))
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		k.mis(name, "invalid", "Dit bevat een teken dat niet te tonen is; haal het weg.")
	default:
		return true
	}
	return false
}

func (k *keuring) clientIDs(ids []string) []string {
	if len(ids) == 0 {
		k.mis("clientIds", "required", "Noem minstens een client_id.")
	}
	if k.teVeel("clientIds", len(ids), maxClientIDs) {
		return nil
	}
	for i, id := range ids {
		name := "clientIds." + strconv.Itoa(i)
		if !k.tekst(name, id, maxClientIDAPI) {
			continue
		}
		// A list of client ids in a URL is separated by commas, and an id is compared byte for byte.
		if strings.ContainsRune(id, ',') || strings.TrimSpace(id) != id {
			k.mis(name, "invalid", "Een client_id heeft geen komma, en begint en eindigt niet met een spatie.")
		} else if slices.Contains(ids[:i], id) {
			k.mis(name, "unique", "Deze client_id staat er twee keer; laat er een weg.")
		}
	}
	return slices.Clone(ids)
}

func (k *keuring) geheim(v string) {
	switch {
	case len(v) < minGeheim:
		k.mis("geheim", "min_length", fmt.Sprintf("Het geheim is korter dan %d bytes; neem een langer, willekeurig geheim.", minGeheim))
	case len(v) > maxGeheim:
		k.mis("geheim", "max_length", fmt.Sprintf("Het geheim is langer dan %d bytes; neem een korter geheim.", maxGeheim))
	}
}

func (k *keuring) oins(oins []string) []string {
	if k.teVeel("oins", len(oins), maxOINs) {
		return nil
	}
	for i, oin := range oins {
		name := "oins." + strconv.Itoa(i)
		switch {
		case len(oin) != 20 || strings.Trim(oin, "0123456789") != "":
			k.mis(name, "invalid", "Een OIN heeft precies 20 cijfers.")
		case slices.Contains(oins[:i], oin):
			k.mis(name, "unique", "Dit OIN staat er twee keer; laat er een weg.")
		}
	}
	return slices.Clone(oins)
}

func (k *keuring) autorisaties(list []InvoerAutorisatie) []Autorisatie {
	if k.teVeel("autorisaties", len(list), maxAutorisaties) {
		return nil
	}
	uit := make([]Autorisatie, 0, len(list))
	for i, in := range list {
		name := "autorisaties." + strconv.Itoa(i)
		component := componentIndex(in.Component)
		switch {
		case in.Component == "":
			k.mis(name+".component", "required", "Noem het component: "+componentNamen()+".")
		case component < 0:
			k.mis(name+".component", "invalid_choice", "Dit component kent het register niet; kies uit "+componentNamen()+".")
		}
		if in.Scopes == nil {
			k.mis(name+".scopes", "required", "Noem de scopes; een lege lijst mag.")
		}
		if k.teVeel(name+".scopes", len(in.Scopes), maxScopes) {
			continue
		}
		uit = append(uit, Autorisatie{Component: in.Component, Scopes: k.scopes(name+".scopes", component, in.Scopes)})
	}
	return uit
}

// scopes reads either spelling, gives the one with the colon, and each once.
func (k *keuring) scopes(name string, component int, list []string) []Scope {
	uit := make([]Scope, 0, len(list))
	for i, tekst := range list {
		scope, err := ParseScope(tekst)
		switch {
		case component < 0: // said already
		case err != nil || !kent(component, scope):
			k.mis(name+"."+strconv.Itoa(i), "invalid_choice", "Dit component kent deze scope niet; kies uit "+scopeNamen(component)+".")
		case !slices.Contains(uit, scope):
			uit = append(uit, scope)
		}
	}
	return uit
}
