package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// The activities of the cases.
const (
	brpRegistratie  = "5f0bef4c-f66f-4311-84a5-19e8bf359eaf"
	leveringen      = "40fc7068-050d-45cc-8f60-770cd6d9de64" // Leveringen vanuit gegevensmagazijn
	uitvoeringFobar = "0d7e2f0b-54a5-4e39-8f0e-6f0d3c1a9b77" // Uitvoering Foobar
)

// in gives the same register to a subtest.
func (r *register) in(t testing.TB) *register {
	c := *r
	c.t = t
	return &c
}

var laatsteBSN atomic.Int64

// nieuweBSN is the number of a fictitious person that no other test knows.
func nieuweBSN() string { return fmt.Sprintf("9999%05d", laatsteBSN.Add(1)) }

// staat is a column of the decision tables (rules 3.7 and 4).
type staat int

const (
	staatN0       staat = iota // normaal, never confidential
	staatN1                    // normaal, once confidential
	staatV                     // vertrouwelijk
	staatO                     // opgeheven
	staatX                     // vervallen
	staatOnbekend              // no such actie
	aantalStaten
)

func (s staat) String() string {
	return [...]string{"a normaal actie (N0)", "a normaal but once confidential actie (N1)", "a vertrouwelijk actie (V)",
		"an opgeheven actie (O)", "a vervallen actie (X)", "an unknown actie"}[s]
}

// geval is an actie with a person and a verwerking of its own, so that nothing else is found by them.
type geval struct {
	staat                          staat
	bsn, verwerking, actie, object string
	opgeslagen                     actie // as last stored, a complete body for a PUT
	versies                        int
}

// geval logs an actie and brings it in a state, by the ways the standard offers.
func (r *register) geval(s staat) geval {
	r.t.Helper()
	g := geval{staat: s, bsn: nieuweBSN(), verwerking: uuid.NewString(), actie: uuid.NewString(), object: uuid.NewString()}
	body := basis().with("verwerkingId", g.verwerking).with("verwerkteObjecten", []any{persoon(g.bsn, "Aanvrager", "Geboortedatum")})
	if s == staatOnbekend {
		g.opgeslagen = body
		return g
	}
	v, client := "normaal", "normaal"
	if s == staatN1 || s == staatV || s == staatO {
		v, client = "vertrouwelijk", "vertrouwelijk"
	}
	g.opgeslagen = r.post(client, body.with("vertrouwelijkheid", v))
	g.actie, g.object, g.versies = id(g.opgeslagen), objecten(g.opgeslagen)[0]["verwerktObjectId"].(string), 1
	switch s {
	case staatN1:
		r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": "normaal"}).Want(http.StatusNoContent)
		g.opgeslagen = g.opgeslagen.with("vertrouwelijkheid", "normaal")
		g.versies++
	case staatO:
		r.patch("vertrouwelijk", g.verwerking, actie{"vertrouwelijkheid": "opgeheven"}).Want(http.StatusNoContent)
		g.opgeslagen = g.opgeslagen.with("vertrouwelijkheid", "opgeheven")
		g.versies++
	case staatX:
		r.delete("normaal", g.actie).Want(http.StatusNoContent)
		g.versies++
	}
	return g
}

// patch changes a verwerking.
func (r *register) patch(client, verwerkingID string, body any, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "PATCH", bewerking+"/verwerkingsacties?verwerkingId="+verwerkingID, body, opties...)
}

// put replaces an actie.
func (r *register) put(client, actieID string, body any, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "PUT", bewerking+"/verwerkingsacties/"+actieID, body, opties...)
}

// delete makes an actie vervallen.
func (r *register) delete(client, actieID string, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "DELETE", bewerking+"/verwerkingsacties/"+actieID, nil, opties...)
}

// haal asks the Bewerking API for one actie.
func (r *register) haal(client, actieID string, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "GET", bewerking+"/verwerkingsacties/"+actieID, nil, opties...)
}

// haalObject asks the Inzage API for one verwerkt object.
func (r *register) haalObject(client, objectID string, opties ...optie) *antwoord {
	r.t.Helper()
	return r.do(client, "GET", inzage+"/verwerkte-objecten/"+objectID, nil, append([]optie{doorgave()}, opties...)...)
}

// versies is the history of an actie, oldest first, as the auditor sees it.
func (r *register) versies(actieID string) []map[string]any {
	r.t.Helper()
	return r.do("auditor", "GET", bewerking+"/verwerkingsacties/"+actieID+"/versies", nil).Want(http.StatusOK).Lijst()
}

// objecten are the persons in an actie as answered.
func objecten(a map[string]any) []map[string]any {
	var list []map[string]any
	for _, o := range a["verwerkteObjecten"].([]any) {
		list = append(list, o.(map[string]any))
	}
	return list
}

// personen are the objectIds in an actie, sorted.
func personen(a map[string]any) []string {
	var list []string
	for _, o := range objecten(a) {
		list = append(list, o["objectId"].(string))
	}
	slices.Sort(list)
	return list
}

// namen are the actieNamen of a list, in its order; of Inzage those of the nested acties.
func namen(list []map[string]any) []string {
	var out []string
	for _, a := range list {
		if nested, ok := a["verwerkingsactie"].(map[string]any); ok {
			a = nested
		}
		out = append(out, a["actieNaam"].(string))
	}
	return out
}

// zonderOpvragingen leaves out the records that the register makes of inquiries.
func zonderOpvragingen(list []map[string]any) []map[string]any {
	return slices.DeleteFunc(slices.Clone(list), func(a map[string]any) bool {
		if nested, ok := a["verwerkingsactie"].(map[string]any); ok {
			a = nested
		}
		return a["gegevensbron"] == "Verwerkingenlog" || a["actieNaam"] == "Inzien verwerkingenlog" || a["actieNaam"] == "Opvragen verwerkingsacties"
	})
}

// fields fails the test for every field that differs; values of persons are not printed.
func wantVelden(t testing.TB, got map[string]any, want map[string]any) {
	t.Helper()
	for _, naam := range slices.Sorted(maps.Keys(want)) {
		have, ok := got[naam]
		switch {
		case !ok:
			t.Errorf("field %s is missing", naam)
		case fmt.Sprint(have) != fmt.Sprint(want[naam]):
			if naam == "objectId" || naam == "afnemerId" || naam == "verwerkteObjecten" {
				t.Errorf("field %s differs", naam)
				continue
			}
			t.Errorf("field %s = %v, want %v", naam, have, want[naam])
		}
	}
}

// wantNamen fails the test when the list has other actieNamen, or another order.
func wantNamen(t testing.TB, list []map[string]any, want ...string) {
	t.Helper()
	if got := namen(list); !slices.Equal(got, want) {
		t.Errorf("acties %q, want %q", got, want)
	}
}

// params are the wrong fields that a 400 names, as "name code", sorted.
func params(a *antwoord) []string {
	a.t.Helper()
	var out []string
	list, _ := a.Want(http.StatusBadRequest).JSON()["invalidParams"].([]any)
	for _, p := range list {
		m := p.(map[string]any)
		out = append(out, m["name"].(string)+" "+m["code"].(string))
	}
	slices.Sort(out)
	return out
}

// wantParams fails the test when a 400 names anything else.
func wantParams(t testing.TB, a *antwoord, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := params(a); !slices.Equal(got, want) {
		t.Errorf("invalidParams %q, want %q", got, want)
	}
}

// zonderInstance is the body of an error without the number that differs every time.
func zonderInstance(a *antwoord) string {
	a.t.Helper()
	m := a.JSON()
	delete(m, "instance")
	return fmt.Sprint(a.Status, m)
}

// zicht is what the four kinds of readers see of an actie, by list and by id: its vertrouwelijkheid,
// "" for nothing.
type zicht struct{ BewerkingNormaal, BewerkingVertrouwelijk, InzageNormaal, InzageVertrouwelijk string }

// zicht asks them all. A list and a look by id that differ make the test fail.
func (r *register) zicht(g geval) zicht {
	r.t.Helper()
	var z zicht
	bewerkt := func(client, query string, weigert int) string {
		r.t.Helper()
		seen := ""
		for _, a := range r.lijst(client, g.bsn, query).Want(http.StatusOK).Lijst() {
			if id(a) == g.actie {
				seen = a["vertrouwelijkheid"].(string)
			}
		}
		byID := r.haal(client, g.actie)
		switch {
		case seen != "":
			if got := byID.Want(http.StatusOK).JSON()["vertrouwelijkheid"]; got != seen {
				r.t.Errorf("%s: by id %v, in the list %s", client, got, seen)
			}
		case byID.Status != weigert && byID.Status != http.StatusNotFound:
			r.t.Errorf("%s: hidden in the list, by id %d", client, byID.Status)
		}
		return seen
	}
	z.BewerkingNormaal = bewerkt("normaal", "&vertrouwelijkheid=normaal", http.StatusForbidden)
	z.BewerkingVertrouwelijk = bewerkt("vertrouwelijk", "", http.StatusNotFound)
	ingezien := func(client string) string {
		r.t.Helper()
		seen := ""
		for _, o := range r.inzien(client, g.bsn, "").Want(http.StatusOK).Lijst() {
			if o["verwerktObjectId"] == g.object {
				seen = o["verwerkingsactie"].(map[string]any)["vertrouwelijkheid"].(string)
			}
		}
		byID := r.haalObject(client, g.object)
		if seen == "" {
			byID.Want(http.StatusNotFound)
		} else if got := byID.Want(http.StatusOK).JSON()["verwerkingsactie"].(map[string]any)["vertrouwelijkheid"]; got != seen {
			r.t.Errorf("%s: by id %v, in the list %s", client, got, seen)
		}
		return seen
	}
	z.InzageNormaal = ingezien("inzage-normaal")
	z.InzageVertrouwelijk = ingezien("inzage-vertrouwelijk")
	return z
}

// zichtVan is what the tables of rules 3.7 and 4 say of a state.
func zichtVan(s staat) zicht {
	return map[staat]zicht{
		staatN0: {"normaal", "normaal", "normaal", "normaal"},
		staatN1: {"", "normaal", "", "normaal"},
		staatV:  {"", "vertrouwelijk", "", ""},
		staatO:  {"", "opgeheven", "", "opgeheven"},
		staatX:  {},
	}[s]
}

// organisatie gives lines of the configuration for the municipality of most tests.
func organisatie(lines ...string) []string {
	return []string{"organisaties: {\"" + voorbeeldstad + "\": {" + strings.Join(lines, ", ") + "}}"}
}
