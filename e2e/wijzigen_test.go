package e2e

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// X11, R-231: which verwerkt object keeps its id in a PUT.
func TestPutObjecten(t *testing.T) {
	t.Parallel()
	r := start(t)
	a, b, c := nieuweBSN(), nieuweBSN(), nieuweBSN()
	var stored actie = r.post("normaal", basis().with("verwerkteObjecten", []any{persoon(a, "Aanvrager", "Naam"), persoon(b, "Partner")}))
	objA, objB := actie(objecten(stored)[0]), actie(objecten(stored)[1])
	idA, idB := objA["verwerktObjectId"].(string), objB["verwerktObjectId"].(string)
	other := objecten(r.post("normaal", basis()))[0]["verwerktObjectId"].(string)
	put := func(objects ...any) *antwoord {
		t.Helper()
		if objects == nil {
			objects = []any{}
		}
		return r.put("normaal", id(stored), stored.with("verwerkteObjecten", objects))
	}
	ids := func(a *antwoord) (out []string) {
		t.Helper()
		for _, o := range objecten(a.Want(http.StatusOK).JSON()) {
			out = append(out, o["verwerktObjectId"].(string))
		}
		return out
	}

	if got := ids(put(objB, objA.with("betrokkenheid", "Gemachtigde").with("verwerkteSoortenGegevens", nil))); !slices.Equal(got, []string{idB, idA}) {
		t.Error("a known id with another role does not stay with its person")
	}
	if got := ids(put(objA.with("soortObjectId", "bsn").with("objecttype", "Persoon"), objB.with("verwerktObjectId", objB["verwerktObjectId"]))); !slices.Equal(got, []string{idA, idB}) {
		t.Error("the kind in another case is another person")
	}
	// A missing id is a new object, also of a person who is already there.
	got := ids(put(objA, objB, persoon(c, "Getuige"), objA.with("verwerktObjectId", nil).with("url", nil)))
	if len(got) != 4 || got[0] != idA || got[1] != idB || got[2] == got[3] || slices.Contains([]string{idA, idB}, got[2]) || slices.Contains([]string{idA, idB}, got[3]) {
		t.Error("a missing id is not a new object")
	}
	idC := got[2]
	if shown := r.haalObject("inzage-normaal", idC).Want(http.StatusOK).JSON(); shown["objectId"] != c {
		t.Error("the new object is not to be seen")
	}
	// Foreign, invented, and twice.
	wantParams(t, put(objA, objB.with("verwerktObjectId", other)), "verwerkteObjecten.1.verwerktObjectId not_found")
	wantParams(t, put(objA.with("verwerktObjectId", uuid.NewString()), objB.with("verwerktObjectId", other)),
		"verwerkteObjecten.0.verwerktObjectId not_found", "verwerkteObjecten.1.verwerktObjectId not_found")
	wantParams(t, put(objA, objA), "verwerkteObjecten.1.verwerktObjectId not_found")
	wantParams(t, put(objA.with("verwerktObjectId", "x")), "verwerkteObjecten.0.verwerktObjectId invalid")
	// Another person under a known id: a link that one citizen holds never shows another.
	got = ids(put(objA.with("objectId", c), objB))
	if got[0] == idA || got[1] != idB {
		t.Error("another person took over a known id")
	}
	r.haalObject("inzage-normaal", idA).Want(http.StatusNotFound)
	r.haalObject("inzage-normaal", idC).Want(http.StatusNotFound) // left out of the last PUT
	// Who was left out does not come back under the old id.
	wantParams(t, put(objA, objB), "verwerkteObjecten.0.verwerktObjectId not_found")
	// Nobody at all is legal.
	if got := ids(put()); len(got) != 0 {
		t.Errorf("%d objects, want none", len(got))
	}
	if n := len(r.ingezien("inzage-normaal", b)); n != 0 {
		t.Errorf("%d acties of a person who is not in it any more", n)
	}
}

// what the register issues it issues, whatever a POST says.
func TestPostNegeertWatHetRegisterBepaalt(t *testing.T) {
	t.Parallel()
	r := start(t)
	first := r.post("normaal", basis())
	sent := objecten(first)[0]["verwerktObjectId"]
	var body actie = first
	second := r.post("normaal", body.with("tijdstipRegistratie", "2001-01-01T00:00:00Z"))
	if id(second) == id(first) || objecten(second)[0]["verwerktObjectId"] == sent || second["tijdstipRegistratie"] == "2001-01-01T00:00:00Z" || second["url"] == first["url"] {
		t.Error("a value that only the register gives was taken over")
	}
	if n := len(r.versies(id(first))); n != 1 {
		t.Errorf("%d versions of the first actie, want 1", n)
	}
}

// ETag and If-Match on GET, PUT and DELETE.
func TestIfMatch(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusCreated)
	var body actie = a.JSON()
	first := a.Header.Get("ETag")
	if got := r.haal("normaal", id(body)).Want(http.StatusOK).Header.Get("ETag"); got != first || first == "" {
		t.Errorf("ETag %q of GET, %q of POST", got, first)
	}
	met := func(tag string) optie { return header("If-Match", tag) }
	second := r.put("normaal", id(body), body, met(first)).Want(http.StatusOK).Header.Get("ETag")
	if second == first {
		t.Error("a new version has the old ETag")
	}
	for _, tag := range []string{first, `"x"`, `W/` + second, `""`, "geen", `"x", ` + first} {
		r.put("normaal", id(body), body, met(tag)).Want(http.StatusPreconditionFailed)
		r.delete("normaal", id(body), met(tag)).Want(http.StatusPreconditionFailed)
		r.haal("normaal", id(body), met(tag)).Want(http.StatusPreconditionFailed)
	}
	if n := len(r.versies(id(body))); n != 2 {
		t.Errorf("%d versions, want 2: a failed condition changes nothing", n)
	}
	r.haal("normaal", id(body), met(second)).Want(http.StatusOK)
	third := r.put("normaal", id(body), body, met(`"x", `+second)).Want(http.StatusOK).Header.Get("ETag")
	r.put("normaal", id(body), body, met("*")).Want(http.StatusOK)
	r.delete("normaal", id(body), met(third)).Want(http.StatusPreconditionFailed)
	r.delete("normaal", id(body), met("*")).Want(http.StatusNoContent)
	r.delete("normaal", id(body), met("*")).Want(http.StatusBadRequest)
	// The condition tells nothing to who may not see the record.
	g := r.geval(staatV)
	r.put("normaal", g.actie, g.opgeslagen.with("vertrouwelijkheid", "normaal"), met(`"9"`)).Want(http.StatusForbidden)
	r.delete("normaal", g.actie, met(`"9"`)).Want(http.StatusForbidden)
	r.haal("normaal", g.actie, met(`"9"`)).Want(http.StatusForbidden)
}

// many at once stay in line. Without a condition everybody's change is kept; with one, one wins.
func TestGelijktijdigWijzigen(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusCreated)
	var body actie = a.JSON()
	const n = 8
	storm := func(opties ...optie) map[int]int {
		var mu sync.Mutex
		var wg sync.WaitGroup
		got := map[int]int{}
		for range n {
			wg.Go(func() {
				s := r.put("normaal", id(body), body, opties...).Status
				mu.Lock()
				defer mu.Unlock()
				got[s]++
			})
		}
		wg.Wait()
		return got
	}
	if got := storm(header("If-Match", a.Header.Get("ETag"))); got[http.StatusOK] != 1 || got[http.StatusPreconditionFailed] != n-1 {
		t.Errorf("statuses %v, want one 200 and the rest 412", got)
	}
	if got := storm(); got[http.StatusOK] != n {
		t.Errorf("statuses %v, want only 200", got)
	}
	versies := r.versies(id(body))
	if len(versies) != 2+n {
		t.Errorf("%d versions, want %d", len(versies), 2+n)
	}
	for k, v := range versies {
		if v["volgnummer"] != float64(k+1) {
			t.Errorf("version %d has number %v", k+1, v["volgnummer"])
		}
	}
}
