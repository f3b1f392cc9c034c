package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// elders is an Autorisatiecomponent over a real socket, in the form that implementations answer.
type elders struct {
	*httptest.Server
	mu     sync.Mutex
	scopes map[string][]string // of Bewerking, by client id
	status int                 // instead of an answer
	vragen int
	duur   time.Duration
}

func startElders(t *testing.T) *elders {
	t.Helper()
	e := &elders{scopes: map[string][]string{}}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func (e *elders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client := r.URL.Query().Get("clientId")
	e.mu.Lock()
	e.vragen++
	scopes, known := e.scopes[client]
	status, duur := e.status, e.duur
	e.mu.Unlock()
	select {
	case <-time.After(duur):
	case <-r.Context().Done():
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case status != 0:
		w.WriteHeader(status)
	case !known:
		w.WriteHeader(http.StatusNotFound)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{
			"url": e.URL, "clientIds": []string{client}, "label": client, "heeftAlleAutorisaties": false,
			"autorisaties": []any{map[string]any{"component": "nrc", "componentWeergave": "x", "scopes": scopes}},
		})
	}
}

func (e *elders) set(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f()
}

func (e *elders) asked() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.vragen
}

const meldGeheim = "Bearer afgesproken-bij-het-abonnement"

// startMet runs a register whose grants come from e.
func startMet(t *testing.T, e *elders, more ...string) *register {
	t.Helper()
	return start(t, append([]string{
		"autorisaties.url: " + e.URL, "autorisaties.client_id: register", "autorisaties.geheim: " + geheim,
		"autorisaties.component_bewerking: nrc",
	}, more...)...)
}

func TestRightsFromAnotherComponent(t *testing.T) {
	t.Parallel()
	e := startElders(t)
	r := startMet(t, e)
	reads := func(want int) {
		t.Helper()
		if got := r.reads("normaal", geheim); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	reads(403) // whatever the file grants
	e.set(func() { e.scopes["normaal"] = []string{"read.normal"} })
	reads(200)
	e.set(func() { e.scopes["normaal"] = []string{} })
	reads(403)
	if got := r.reads("normaal", nieuwGeheim); got != http.StatusUnauthorized {
		t.Errorf("another secret: %d", got)
	}
	if got := r.reads("onbekend", geheim); got != http.StatusUnauthorized {
		t.Errorf("a client the file does not know: %d", got)
	}

	// Confidential needs its right; the token still narrows.
	vertrouwelijk := basis().with("vertrouwelijkheid", "Vertrouwelijk")
	r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties", vertrouwelijk).Want(403)
	e.set(func() { e.scopes["vertrouwelijk"] = []string{"create:confidential"} })
	r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties", vertrouwelijk).Want(201)
	r.do("", "POST", bewerking+"/verwerkingsacties", vertrouwelijk,
		r.as("vertrouwelijk", geheim, autorisatie.Claims{Scopes: []autorisatie.Scope{"create:normal"}})).Want(403)
}

func TestLoggingAsksNothingOfTheOtherComponent(t *testing.T) {
	t.Parallel()
	e := startElders(t)
	r := startMet(t, e)
	e.set(func() { e.status = 500 })
	for _, v := range []any{"normaal", "Normaal", "", nil} {
		r.post("normaal", basis().with("vertrouwelijkheid", v))
	}
	if n := e.asked(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

func TestWithoutTheOtherComponentNothingElseIsAnswered(t *testing.T) {
	t.Parallel()
	e := startElders(t)
	e.set(func() { e.scopes["normaal"] = []string{"read:normal", "update:normal"} })
	r := startMet(t, e, "autorisaties.time_out: 300ms")
	stored := r.post("normaal", basis())
	refused := func(what string) {
		t.Helper()
		for _, a := range []*antwoord{
			r.lijst("normaal", "2308572", "&vertrouwelijkheid=normaal"),
			r.do("normaal", "GET", bewerking+"/verwerkingsacties/"+id(stored), nil),
			r.do("normaal", "PUT", bewerking+"/verwerkingsacties/"+id(stored), basis()),
			r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with("vertrouwelijkheid", "vertrouwelijk")),
			r.inzien("inzage-normaal", "2308572", ""),
			r.do("beheerder", "GET", autorisaties+"/applicaties", nil),
		} {
			a.Want(http.StatusServiceUnavailable)
			if a.Header.Get("Retry-After") == "" || !strings.Contains(a.JSON()["detail"].(string), "Autorisatiecomponent") {
				t.Errorf("%s: %s", what, foutTekst(a))
			}
		}
		r.post("normaal", basis())
	}
	e.set(func() { e.status = 500 })
	refused("500")
	e.set(func() { e.status, e.duur = 0, time.Second })
	refused("slow")
	e.Close()
	refused("down")
	if log := r.log.String(); !strings.Contains(log, "autorisatiecomponent") || strings.Contains(log, geheim) {
		t.Error("the log does not tell the cause, or holds a secret")
	}
}

func TestKeptRightsAreDroppedByANotification(t *testing.T) {
	t.Parallel()
	e := startElders(t)
	e.set(func() { e.scopes["normaal"] = []string{"read:normal"} })
	r := startMet(t, e, "autorisaties.cache: notificaties", "autorisaties.notificatie_geheim: "+meldGeheim)
	reads := func(want int) {
		t.Helper()
		if got := r.reads("normaal", geheim); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	notify := func(body any, auth ...optie) *antwoord {
		t.Helper()
		return r.do("", "POST", autorisaties+"/notificaties", body, auth...)
	}
	agreed := header("Authorization", meldGeheim)
	melding := map[string]any{
		"kanaal": "autorisaties", "hoofdObject": e.URL, "resource": "applicatie", "resourceUrl": e.URL, "actie": "update",
		"aanmaakdatum": "2026-03-05T14:35:42Z", "kenmerken": map[string]any{},
	}
	reads(200)
	e.set(func() { e.scopes["normaal"] = nil })
	reads(200)
	if n := e.asked(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	// Nobody else can notify, and other channels change nothing.
	notify(melding).Want(401)
	notify(melding, header("Authorization", meldGeheim+"x")).Want(401)
	notify(melding, header("Authorization", "Bearer "+r.token("beheerder", autorisatie.Claims{}))).Want(401)
	r.do("", "GET", autorisaties+"/notificaties", nil, agreed).Want(405)
	notify("{", agreed).Want(400)
	notify(map[string]any{}, agreed).Want(400)
	notify(melding, agreed, header("Content-Type", "text/plain")).Want(415)
	notify(map[string]any{"kanaal": "test"}, agreed).Want(204)
	reads(200)
	notify(melding, agreed).Want(204)
	reads(403)
	// A client that was unknown and now is not.
	e.set(func() { e.scopes["auditor"] = []string{"read:normal"} })
	if got := r.reads("auditor", geheim); got != 200 {
		t.Errorf("a client not asked for before: %d", got)
	}
	// Kept rights outlive the component for a while.
	e.set(func() { e.scopes["normaal"] = []string{"read:normal"} })
	notify(melding, agreed).Want(204)
	reads(200)
	e.set(func() { e.status = 500 })
	reads(200)
	r.klok.Set(time.Now().Add(5*time.Minute + time.Second))
	reads(503)
}
