package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// The register against a model of it in plain Go, written from the tables of rules 3.7, 3.8 and 4
// and sharing no code with the product: whatever is done in whatever order by whomever, statuses and
// what is seen must agree.

// modelActie is all that the model knows of an actie.
type modelActie struct {
	id, org, client               string
	naam, v, term, dag, acti      string
	verwerking, viaAfnemer, afnID string
	ooit, vervallen               bool
	personen                      []string // in order; one may stand there twice
	objecten                      []string // their ids
	versies                       int
}

// klasse is the effective class of R-216.
func (a *modelActie) klasse() string {
	if a.v == "vertrouwelijk" {
		return "vertrouwelijk"
	}
	if a.v == "opgeheven" || a.ooit {
		return "opgeheven"
	}
	return "normaal"
}

// modelClient is what a client of the tests may do: per verb "", "normal" or "confidential".
type modelClient struct {
	org, oin                     string
	create, read, update, delete string
	inzage                       string
	audit                        bool
}

var modelClients = map[string]modelClient{
	"normaal":              {org: voorbeeldstad, oin: voorbeeldstad, create: "normal", read: "normal", update: "normal", delete: "normal"},
	"vertrouwelijk":        {org: voorbeeldstad, oin: voorbeeldstad, create: "confidential", read: "confidential", update: "confidential", delete: "confidential"},
	"auditor":              {org: voorbeeldstad, oin: voorbeeldstad, audit: true},
	"inzage-normaal":       {org: voorbeeldstad, oin: voorbeeldstad, inzage: "normal"},
	"inzage-vertrouwelijk": {org: voorbeeldstad, oin: voorbeeldstad, inzage: "confidential"},
	"niets":                {org: voorbeeldstad, oin: voorbeeldstad},
	"derde":                {org: voorbeeldstad, oin: derdePartij, create: "confidential", read: "confidential", update: "confidential", delete: "confidential"},
	"anderdorp":            {org: anderdorp, oin: anderdorp, create: "confidential", read: "confidential", update: "confidential", delete: "confidential", inzage: "confidential", audit: true},
}

// model is the register as it should be, and a run over it.
type model struct {
	r                      *register
	acties                 []*modelActie
	personen, verwerkingen []string
	met                    map[string]int // how often what happened, over all runs
}

var (
	modelV    = rapid.SampledFrom([]string{"normaal", "normaal", "vertrouwelijk", "opgeheven"})
	modelDag  = rapid.SampledFrom([]string{"2024-03-30", "2024-03-31", "2024-04-01"})
	modelActi = rapid.SampledFrom([]string{brpRegistratie, leveringen})
)

func TestTheRegisterAgreesWithAModelOfIt(t *testing.T) {
	t.Parallel()
	r := start(t)
	met := map[string]int{}
	missing := func() (list []string) {
		for _, what := range modelTegengekomen {
			if met[what] == 0 {
				list = append(list, what)
			}
		}
		return list
	}
	// A hundred runs; more when something never happened in them, as then it was not tested.
	for n := 0; n == 0 || n < 10 && len(missing()) > 0; n++ {
		rapid.Check(t, func(rt *rapid.T) {
			m := &model{r: r, met: met}
			for range 3 { // few, so that everything meets
				m.personen = append(m.personen, nieuweBSN())
				m.verwerkingen = append(m.verwerkingen, uuid.NewString())
			}
			for range 5 {
				m.post(rt)
			}
			rt.Repeat(map[string]func(*rapid.T){
				"log":             m.post,
				"replace":         m.put,
				"patch":           m.patch,
				"patch again":     m.patch,
				"delete":          m.delete,
				"get":             m.get,
				"list":            m.list,
				"list verwerking": m.listVerwerking,
				"inzage":          m.inzage,
				"inzage again":    m.inzage,
				"inzage by id":    m.inzageByID,
				"history":         m.history,
			})
		})
	}
	if list := missing(); len(list) > 0 {
		t.Errorf("did not come up: %q", list)
	}
}

// modelTegengekomen is what must have happened at least once.
var modelTegengekomen = []string{
	"POST 201", "POST 403", "PUT 200", "PUT 400", "PUT 403", "PATCH 204", "PATCH 400", "PATCH 403", "DELETE 204", "DELETE 400", "DELETE 403",
	"GET 200", "GET 403", "GET 404", "list 200", "list 403", "object 200", "object 403", "object 404", "history 200", "history 403", "history 404",
	"list normal shows normaal", "list confidential shows normaal", "list confidential shows vertrouwelijk", "list confidential shows opgeheven",
	"inzage normal shows normaal", "inzage confidential shows normaal", "inzage confidential shows opgeheven",
	"inzage normal hides opgeheven", "inzage normal hides vertrouwelijk", "inzage confidential hides vertrouwelijk",
	"PATCH by a third party", "PATCH by way of the afnemer", "PUT by a third party of its own", "normaal after it was confidential",
}

// Who does what: everybody may try, those who may come up more often.
var (
	modelAlle     = slices.Sorted(maps.Keys(modelClients))
	modelWerkers  = append(slices.Clone(modelAlle), "normaal", "vertrouwelijk", "vertrouwelijk", "vertrouwelijk", "vertrouwelijk", "derde", "normaal")
	modelKijkers  = append(slices.Clone(modelAlle), "inzage-normaal", "inzage-vertrouwelijk", "inzage-vertrouwelijk", "inzage-vertrouwelijk", "inzage-normaal", "inzage-vertrouwelijk")
	modelAuditors = append(slices.Clone(modelAlle), "auditor", "auditor", "auditor", "auditor")
)

func draw(t *rapid.T, from []string) (string, modelClient) {
	naam := rapid.SampledFrom(from).Draw(t, "client")
	return naam, modelClients[naam]
}

// pick gives an actie, or one that is nowhere.
func (m *model) pick(t *rapid.T) *modelActie {
	if len(m.acties) == 0 || rapid.IntRange(0, 15).Draw(t, "unknown") == 0 {
		return &modelActie{id: uuid.NewString(), org: "-", v: "normaal", vervallen: true}
	}
	return rapid.SampledFrom(m.acties).Draw(t, "actie")
}

func (m *model) want(t *rapid.T, what string, a *antwoord, want int) {
	m.met[fmt.Sprint(what, " ", want)]++
	if a.Status != want {
		t.Fatalf("status %d, want %d: %s", a.Status, want, foutTekst(a))
	}
}

// content draws what a POST or PUT sends, and fills it in the model.
func (m *model) content(t *rapid.T, a *modelActie) actie {
	a.naam = "Actie " + rapid.StringMatching(`[a-z]{6}`).Draw(t, "naam")
	a.v, a.dag, a.acti = modelV.Draw(t, "vertrouwelijkheid"), modelDag.Draw(t, "day"), modelActi.Draw(t, "activity")
	a.verwerking = rapid.SampledFrom(m.verwerkingen).Draw(t, "verwerking")
	a.viaAfnemer, a.afnID, a.term = "", "", "P10Y"
	body := basis().with("actieNaam", a.naam).with("vertrouwelijkheid", a.v).with("tijdstip", a.dag+"T12:00:00+02:00").
		with("verwerkingsactiviteitId", a.acti).with("verwerkingId", a.verwerking).with("bewaartermijn", a.term)
	for _, key := range []string{"soortAfnemerId", "afnemerId", "verwerkingIdAfnemer"} {
		body[key] = nil
	}
	if rapid.Bool().Draw(t, "delivered") {
		a.viaAfnemer = rapid.SampledFrom(m.verwerkingen).Draw(t, "verwerking of the afnemer")
		a.afnID = rapid.SampledFrom([]string{voorbeeldstad, derdePartij, anderdorp}).Draw(t, "afnemer")
		body["soortAfnemerId"], body["afnemerId"], body["verwerkingIdAfnemer"] = "OIN", a.afnID, a.viaAfnemer
	}
	a.personen = rapid.SliceOfN(rapid.SampledFrom(m.personen), 0, 3).Draw(t, "persons")
	list := []any{}
	for _, p := range a.personen {
		list = append(list, persoon(p, "Aanvrager", "Naam"))
	}
	body["verwerkteObjecten"] = list
	return body
}

func (a *modelActie) take(stored map[string]any) {
	a.id, a.objecten = id(stored), nil
	for _, o := range objecten(stored) {
		a.objecten = append(a.objecten, o["verwerktObjectId"].(string))
	}
}

func (m *model) post(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	a := &modelActie{org: c.org, client: naam, versies: 1}
	sent := m.content(t, a)
	want := http.StatusCreated // a known client is enough for what is normaal
	switch {
	case a.v == "opgeheven", a.v == "vertrouwelijk" && c.create != "confidential":
		want = http.StatusForbidden
	}
	var opties []optie
	twice := rapid.IntRange(0, 4).Draw(t, "repeated") == 0
	if twice {
		opties = append(opties, header("Idempotency-Key", uuid.NewString()))
	}
	got := m.r.do(naam, "POST", bewerking+"/verwerkingsacties", sent, opties...)
	m.want(t, "POST", got, want)
	if twice {
		again := m.r.do(naam, "POST", bewerking+"/verwerkingsacties", sent, opties...)
		m.want(t, "POST again", again, want)
		if want == http.StatusCreated && string(again.Body) != string(got.Body) {
			t.Fatal("a repeated POST gives another answer")
		}
	}
	if want == http.StatusCreated {
		a.ooit = a.v != "normaal"
		a.take(got.JSON())
		m.acties = append(m.acties, a)
	}
}

// own tells whether a third party may touch an actie: only one it logged itself.
func (c modelClient) own(naam string, a *modelActie) bool { return c.oin == c.org || a.client == naam }

func (m *model) put(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	a := m.pick(t)
	next := *a
	sent := m.content(t, &next)
	want := http.StatusOK
	switch {
	case c.update == "":
		want = http.StatusForbidden
	case a.vervallen || a.org != c.org:
		want = http.StatusBadRequest
	case c.update == "normal" && (a.klasse() != "normaal" || next.v != "normaal"):
		want = http.StatusForbidden
	case next.v == "opgeheven" && a.v != "opgeheven":
		want = http.StatusForbidden
	case !c.own(naam, a):
		want = http.StatusForbidden
	}
	got := m.r.put(naam, a.id, sent)
	m.want(t, "PUT", got, want)
	if want != http.StatusOK {
		return
	}
	next.ooit = a.ooit || next.v != "normaal"
	next.versies++
	next.take(got.JSON())
	if c.oin != c.org {
		m.met["PUT by a third party of its own"]++
	}
	if next.id != a.id {
		t.Fatal("a PUT gave another actieId")
	}
	*a = next
}

func (m *model) patch(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	verwerking := rapid.SampledFrom(m.verwerkingen).Draw(t, "verwerking")
	sent := actie{}
	v, term := "", ""
	if rapid.Bool().Draw(t, "with a term") {
		term = rapid.SampledFrom([]string{"P1Y", "P2Y", "PT0S"}).Draw(t, "term")
		sent["bewaartermijn"] = term
	}
	if term == "" || rapid.Bool().Draw(t, "with vertrouwelijkheid") {
		v = modelV.Draw(t, "vertrouwelijkheid")
		sent["vertrouwelijkheid"] = v
	}
	third := c.oin != c.org
	var targets []*modelActie
	allNormaal := true
	for _, a := range m.acties {
		if a.org != c.org || a.vervallen {
			continue
		}
		if !third && a.verwerking == verwerking || a.viaAfnemer == verwerking && a.afnID == c.oin {
			targets = append(targets, a)
			allNormaal = allNormaal && a.klasse() == "normaal"
		}
	}
	want := http.StatusNoContent
	switch {
	case c.update == "", c.update == "normal" && v != "":
		want = http.StatusForbidden
	case len(targets) == 0:
		want = http.StatusBadRequest
	case c.update == "normal" && !allNormaal:
		want = http.StatusForbidden
	}
	m.want(t, "PATCH", m.r.patch(naam, verwerking, sent), want)
	if want != http.StatusNoContent {
		return
	}
	for _, a := range targets {
		a.versies++
		if term != "" {
			a.term = term
		}
		if v != "" {
			a.v, a.ooit = v, a.ooit || v != "normaal"
		}
		switch {
		case third:
			m.met["PATCH by a third party"]++
		case a.verwerking != verwerking:
			m.met["PATCH by way of the afnemer"]++
		}
		if a.v == "normaal" && a.ooit {
			m.met["normaal after it was confidential"]++
		}
	}
}

func (m *model) delete(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	a := m.pick(t)
	want := http.StatusNoContent
	switch {
	case c.delete == "":
		want = http.StatusForbidden
	case a.vervallen || a.org != c.org:
		want = http.StatusBadRequest
	case c.delete == "normal" && a.klasse() != "normaal", !c.own(naam, a):
		want = http.StatusForbidden
	}
	m.want(t, "DELETE", m.r.delete(naam, a.id), want)
	if want == http.StatusNoContent {
		a.vervallen, a.versies = true, a.versies+1
	}
}
