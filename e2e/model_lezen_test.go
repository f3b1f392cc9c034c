package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// The reading half of the model: what each client should see.

// seen tells whether a reader of the Bewerking API may see an actie that exists.
func (c modelClient) seen(a *modelActie) bool {
	return c.read == "confidential" || c.read == "normal" && a.klasse() == "normaal"
}

// same compares what is shown of an actie with the model; personen are those that should be there.
func same(t *rapid.T, got map[string]any, a *modelActie, personen []string) {
	if got["actieId"] != a.id || got["actieNaam"] != a.naam || got["vertrouwelijkheid"] != a.v || got["bewaartermijn"] != a.term ||
		got["verwerkingId"] != a.verwerking || got["tijdstip"] != a.dag+"T12:00:00+02:00" {
		t.Fatalf("another content than the current one of %s", a.id)
	}
	if personen == nil {
		return
	}
	var list []string
	for _, o := range objecten(got) {
		list = append(list, o["objectId"].(string))
	}
	if !slices.Equal(list, personen) {
		t.Fatalf("%d persons are shown, want %d", len(list), len(personen))
	}
}

func (m *model) get(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	a := m.pick(t)
	want := http.StatusOK
	switch {
	case c.read == "":
		want = http.StatusForbidden
	case a.vervallen || a.org != c.org:
		want = http.StatusNotFound
	case !c.seen(a):
		want = http.StatusForbidden
	}
	got := m.r.haal(naam, a.id)
	m.want(t, "GET", got, want)
	if want == http.StatusOK {
		same(t, got.JSON(), a, a.personen)
	}
}

// filter draws what narrows a list, as query and as a judgement.
func (m *model) filter(t *rapid.T) (string, func(*modelActie) bool) {
	query := url.Values{"pageSize": {"500"}}
	van, tot, acti := "", "9999", ""
	if rapid.Bool().Draw(t, "from a day") {
		van = modelDag.Draw(t, "from")
		query.Set("beginDatum", van)
	}
	if rapid.Bool().Draw(t, "until a day") {
		if tot = modelDag.Draw(t, "until"); tot <= van {
			tot = "2024-04-02"
		}
		query.Set("eindDatum", tot)
	}
	if rapid.IntRange(0, 3).Draw(t, "of an activity") == 0 {
		acti = modelActi.Draw(t, "activity")
		query.Set("verwerkingsactiviteitId", acti)
	}
	return "&" + query.Encode(), func(a *modelActie) bool { return a.dag >= van && a.dag < tot && (acti == "" || a.acti == acti) }
}

// asked draws the parameter vertrouwelijkheid in one of its forms.
func asked(t *rapid.T) (query string, classes []string) {
	classes = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"normaal", "vertrouwelijk", "opgeheven"}), 0, 3, rapid.ID).Draw(t, "classes")
	if len(classes) == 0 {
		return "", []string{"normaal", "vertrouwelijk", "opgeheven"}
	}
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		return "&vertrouwelijkheid=" + strings.Join(classes, "&vertrouwelijkheid="), classes
	case 1:
		return "&vertrouwelijkheid=" + strings.Join(classes, ","), classes
	}
	return "&vertrouwelijkheid__in=" + strings.Join(classes, ","), classes
}

// compare checks a list of the Bewerking API.
func (m *model) compare(t *rapid.T, naam string, c modelClient, got *antwoord, classQuery string, classes []string, in func(*modelActie) bool, personen func(*modelActie) []string) {
	if c.read == "" || c.read == "normal" && !(classQuery != "" && len(classes) == 1 && classes[0] == "normaal") {
		m.want(t, "list", got, http.StatusForbidden)
		return
	}
	m.want(t, "list", got, http.StatusOK)
	want := map[string]*modelActie{}
	for _, a := range m.acties {
		if a.org == c.org && !a.vervallen && slices.Contains(classes, a.klasse()) && c.seen(a) && in(a) {
			want[a.id] = a
		}
	}
	last := "9999"
	for _, line := range zonderOpvragingen(got.Lijst()) {
		a := want[id(line)]
		if a == nil {
			t.Fatalf("%s sees what is not to be seen, or sees it twice", naam)
		}
		delete(want, a.id)
		m.met["list "+c.read+" shows "+a.klasse()]++
		same(t, line, a, personen(a))
		if a.dag > last {
			t.Fatal("not newest first")
		}
		last = a.dag
	}
	if len(want) > 0 {
		t.Fatalf("%s does not see %d acties", naam, len(want))
	}
}

func (m *model) list(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	bsn := rapid.SampledFrom(m.personen).Draw(t, "person")
	narrow, in := m.filter(t)
	classQuery, classes := asked(t)
	got := m.r.lijst(naam, bsn, classQuery+narrow)
	m.compare(t, naam, c, got, classQuery, classes,
		func(a *modelActie) bool { return slices.Contains(a.personen, bsn) && in(a) },
		func(a *modelActie) []string { // the others are left out
			return slices.DeleteFunc(slices.Clone(a.personen), func(p string) bool { return p != bsn })
		})
}

func (m *model) listVerwerking(t *rapid.T) {
	naam, c := draw(t, modelWerkers)
	verwerking := rapid.SampledFrom(m.verwerkingen).Draw(t, "verwerking")
	narrow, in := m.filter(t)
	classQuery, classes := asked(t)
	got := m.r.do(naam, "GET", bewerking+"/verwerkingsacties?verwerkingId="+verwerking+classQuery+narrow, nil)
	m.compare(t, naam, c, got, classQuery, classes,
		func(a *modelActie) bool { return a.verwerking == verwerking && in(a) },
		func(a *modelActie) []string { return a.personen })
}

// citizen tells whether a reader of the Inzage API may see an actie that exists (rules 4).
func (c modelClient) citizen(a *modelActie) bool {
	return !a.vervallen && a.org == c.org && (c.inzage == "confidential" && a.klasse() != "vertrouwelijk" || c.inzage == "normal" && a.klasse() == "normaal")
}

// passed are the headers of Inzage, with the client's own OIN.
func (c modelClient) passed() []optie { return []optie{doorgave(), header("OIN", c.oin)} }

func (m *model) inzage(t *rapid.T) {
	naam, c := draw(t, modelKijkers)
	bsn := rapid.SampledFrom(m.personen).Draw(t, "person")
	got := m.r.inzien(naam, bsn, "&pageSize=500", c.passed()...)
	if c.inzage == "" {
		m.want(t, "inzage", got, http.StatusForbidden)
		return
	}
	m.want(t, "inzage", got, http.StatusOK)
	want := map[string]*modelActie{} // by verwerktObjectId
	for _, a := range m.acties {
		for k, p := range a.personen {
			switch {
			case p == bsn && c.citizen(a):
				want[a.objecten[k]] = a
				m.met["inzage "+c.inzage+" shows "+a.klasse()]++
			case p == bsn && !a.vervallen:
				m.met["inzage "+c.inzage+" hides "+a.klasse()]++
			}
		}
	}
	for _, line := range zonderOpvragingen(got.Lijst()) {
		a := want[line["verwerktObjectId"].(string)]
		if a == nil || line["objectId"] != bsn {
			t.Fatalf("%s sees what is not to be seen, or sees it twice", naam)
		}
		delete(want, line["verwerktObjectId"].(string))
		same(t, line["verwerkingsactie"].(map[string]any), a, nil)
	}
	if len(want) > 0 {
		t.Fatalf("%s does not see %d objects", naam, len(want))
	}
}

func (m *model) inzageByID(t *rapid.T) {
	naam, c := draw(t, modelKijkers)
	a := m.pick(t)
	object, bsn := uuid.NewString(), ""
	if len(a.objecten) > 0 {
		k := rapid.IntRange(0, len(a.objecten)-1).Draw(t, "object")
		object, bsn = a.objecten[k], a.personen[k]
	}
	want := http.StatusOK
	switch {
	case c.inzage == "":
		want = http.StatusForbidden
	case bsn == "" || !c.citizen(a):
		want = http.StatusNotFound
	}
	got := m.r.haalObject(naam, object, c.passed()...)
	m.want(t, "object", got, want)
	if want == http.StatusOK {
		if got.JSON()["objectId"] != bsn {
			t.Fatal("another person")
		}
		same(t, got.JSON()["verwerkingsactie"].(map[string]any), a, nil)
	}
}

func (m *model) history(t *rapid.T) {
	naam, c := draw(t, modelAuditors)
	a := m.pick(t)
	want := http.StatusOK
	switch {
	case !c.audit:
		want = http.StatusForbidden
	case a.org != c.org:
		want = http.StatusNotFound
	}
	got := m.r.do(naam, "GET", bewerking+"/verwerkingsacties/"+a.id+"/versies", nil)
	m.want(t, "history", got, want)
	if want != http.StatusOK {
		return
	}
	list := got.Lijst()
	if len(list) != a.versies {
		t.Fatalf("%d versions, want %d", len(list), a.versies)
	}
	ooit := false
	for k, v := range list {
		ooit = ooit || v["verwerkingsactie"].(map[string]any)["vertrouwelijkheid"] != "normaal"
		if v["volgnummer"] != float64(k+1) || v["ooitVertrouwelijk"] != ooit || v["vervallen"] != (a.vervallen && k == len(list)-1) {
			t.Fatalf("version %d: %v", k+1, fmt.Sprint(v["volgnummer"], v["ooitVertrouwelijk"], v["vervallen"]))
		}
	}
	same(t, list[len(list)-1]["verwerkingsactie"].(map[string]any), a, a.personen)
}
