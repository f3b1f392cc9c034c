package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

const tenant = "00000099123456780000"

// moeizaam is a real store whose Append can be held up or made to fail.
type moeizaam struct {
	*sqlite.Store
	entered chan struct{} // one for each group, when set
	release chan struct{}
	fail    atomic.Pointer[error]
}

func (m *moeizaam) Append(ctx context.Context, groep []*verwerkingenlog.Eenheid) error {
	if m.entered != nil {
		m.entered <- struct{}{}
		<-m.release
	}
	if err := m.fail.Load(); err != nil {
		return *err
	}
	return m.Store.Append(ctx, groep)
}

// running is the API on a real store and real keys.
func running(t *testing.T, queue int, hold bool) (*moeizaam, http.Handler, *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), dir+"/store", sqlite.Opties{Organisaties: []string{tenant}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := betrokkene.Open(t.Context(), dir+"/sleutels", []string{tenant}, store)
	if err != nil {
		t.Fatal(err)
	}
	m := &moeizaam{Store: store}
	if hold {
		m.entered, m.release = make(chan struct{}, 100), make(chan struct{}, 100)
	}
	committer := verwerkingenlog.NewCommitter(m, queue, nil)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = committer.Run() // lost durability is what some of these tests bring about
	}()
	t.Cleanup(func() {
		committer.Close()
		<-stopped
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	var log bytes.Buffer
	s := newServer(t, &log)
	s.MaxBody = 1 << 20
	s.Log = verwerkingenlog.NewLog(m, func(string) *verwerkingenlog.Committer { return committer }, keys, verwerkingenlog.Opties{
		Organisatie: func(string) *verwerkingenlog.Instellingen { return &verwerkingenlog.Instellingen{} },
		MaxPatch:    10, Pagina: 10, MaxPagina: 10,
	})
	return m, Handler(s.Opties), &log
}

// ask sends a request of the client that may do everything.
func ask(t *testing.T, h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", bearerOf(t, "alles"))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("OIN", tenant)
	r.Header.Set("VerwerkingsactiviteitId", "5f0bef4c-f66f-4311-84a5-19e8bf359eaf")
	r.Header.Set("VerwerkingsactiviteitUrl", "https://var.example/1")
	for k := 0; k < len(headers); k += 2 {
		r.Header.Set(headers[k], headers[k+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const vraagPersoon = "objecttype=persoon&soortObjectId=BSN&objectId=2308572&beginDatum=2000-01-01&eindDatum=2100-01-01"

func wantUnavailable(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	var b map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusServiceUnavailable || b["code"] != "niet_beschikbaar" || w.Header().Get("Retry-After") != "1" ||
		w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("API-version") != Version {
		t.Errorf("status %d, code %v, headers %v", w.Code, b["code"], w.Header())
	}
	if strings.Contains(w.Body.String(), "2308572") {
		t.Error("the answer names the person")
	}
}

func size(t *testing.T, m *moeizaam) uint64 {
	t.Helper()
	n, err := m.Size(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFullQueueIs503WithRetryAfterAndNothingIsLost(t *testing.T) {
	t.Parallel()
	m, h, _ := running(t, 1, true)
	answer := make(chan *httptest.ResponseRecorder)
	go func() { answer <- ask(t, h, "POST", PadBewerking+"/verwerkingsacties", voorbeeld) }()
	<-m.entered // it is in the transaction; there is no room for another
	for range 3 {
		wantUnavailable(t, ask(t, h, "POST", PadBewerking+"/verwerkingsacties", voorbeeld))
		wantUnavailable(t, ask(t, h, "GET", PadBewerking+"/verwerkingsacties?"+vraagPersoon, ""))
	}
	close(m.release)
	if w := <-answer; w.Code != http.StatusCreated {
		t.Errorf("status %d for what was accepted", w.Code)
	}
	if w := ask(t, h, "POST", PadBewerking+"/verwerkingsacties", voorbeeld); w.Code != http.StatusCreated {
		t.Errorf("status %d when there is room again", w.Code)
	}
	if n := size(t, m); n != 2 {
		t.Errorf("%d versions, want the two that were accepted", n)
	}
}

// no log, no answer. Every way of reading asks the log first.
func TestAStoreThatRefusesIs503AndShowsNothing(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{errors.New("disk is full, 2308572"), fmt.Errorf("fsync: %w", verwerkingenlog.ErrNietDuurzaam)} {
		m, h, log := running(t, 100, false)
		w := ask(t, h, "POST", PadBewerking+"/verwerkingsacties", voorbeeld)
		if w.Code != http.StatusCreated {
			t.Fatalf("status %d", w.Code)
		}
		var stored struct {
			ActieID           string `json:"actieId"`
			VerwerkteObjecten []struct {
				VerwerktObjectID string `json:"verwerktObjectId"`
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &stored); err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		actie := PadBewerking + "/verwerkingsacties/" + stored.ActieID
		const verwerking = "48086bf2-11b7-4603-9526-67d7c3bb6587"
		before := size(t, m)
		m.fail.Store(&cause)
		for _, r := range []struct{ method, path, body string }{
			{"GET", actie, ""},
			{"GET", actie + "/versies", ""},
			{"GET", PadBewerking + "/verwerkingsacties?" + vraagPersoon, ""},
			{"GET", PadBewerking + "/verwerkingsacties?verwerkingId=" + verwerking, ""},
			{"POST", PadBewerking + "/verwerkingsacties/_zoek", `{"objecttype":"persoon","soortObjectId":"BSN","objectId":"2308572"}`},
			{"POST", PadBewerking + "/verwerkingsacties/_zoek", `{"verwerkingId":"` + verwerking + `"}`},
			{"GET", PadInzage + "/verwerkte-objecten?" + vraagPersoon, ""},
			{"POST", PadInzage + "/verwerkte-objecten/_zoek", `{"objecttype":"persoon","soortObjectId":"BSN","objectId":"2308572","beginDatum":"2000-01-01","eindDatum":"2100-01-01"}`},
			{"GET", PadInzage + "/verwerkte-objecten/" + stored.VerwerkteObjecten[0].VerwerktObjectID, ""},
			{"POST", PadBewerking + "/verwerkingsacties", voorbeeld},
			{"PUT", actie, string(whole)},
			{"PATCH", PadBewerking + "/verwerkingsacties?verwerkingId=" + verwerking, `{"bewaartermijn":"P1Y"}`},
			{"DELETE", actie, ""},
		} {
			t.Run(r.method+" "+strings.ReplaceAll(r.path, stored.ActieID, "{actieId}"), func(t *testing.T) {
				w := ask(t, h, r.method, r.path, r.body)
				wantUnavailable(t, w)
				if strings.Contains(w.Body.String(), "disk is full") || strings.Contains(w.Body.String(), "fsync") {
					t.Error("the cause is shown")
				}
			})
		}
		if n := size(t, m); n != before {
			t.Errorf("%d versions were stored", n-before)
		}
		if !strings.Contains(log.String(), "disk is full") && !strings.Contains(log.String(), "fsync") {
			t.Error("the operator does not learn the cause")
		}
		if errors.Is(cause, verwerkingenlog.ErrNietDuurzaam) {
			continue
		}
		// It heals: what was asked before the trouble is answered after it.
		m.fail.Store(nil)
		if w := ask(t, h, "GET", actie, ""); w.Code != http.StatusOK {
			t.Errorf("afterwards: status %d", w.Code)
		}
	}
}

func TestARepeatedKeyIsOneRecordAlsoWhileTheFirstIsUnderWay(t *testing.T) {
	t.Parallel()
	m, h, _ := running(t, 100, true)
	answers := make(chan *httptest.ResponseRecorder, 5)
	for range 5 {
		go func() {
			answers <- ask(t, h, "POST", PadBewerking+"/verwerkingsacties", voorbeeld, "Idempotency-Key", "k-1")
		}()
	}
	<-m.entered
	close(m.release)
	bodies := map[string]bool{}
	for range 5 {
		w := <-answers
		if w.Code != http.StatusCreated {
			t.Errorf("status %d", w.Code)
		}
		bodies[w.Body.String()+w.Header().Get("Location")] = true
	}
	if len(bodies) != 1 || size(t, m) != 1 {
		t.Errorf("%d different answers, %d versions", len(bodies), size(t, m))
	}
	other := ask(t, h, "POST", PadBewerking+"/verwerkingsacties", strings.Replace(voorbeeld, "Intake", "Uitname", 1), "Idempotency-Key", "k-1")
	if other.Code != http.StatusConflict || !strings.Contains(other.Body.String(), "idempotentie_conflict") {
		t.Errorf("another body: status %d", other.Code)
	}
}
