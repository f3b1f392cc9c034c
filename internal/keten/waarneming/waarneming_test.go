package waarneming_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
)

// bij serves a handler behind a recorder, over a real socket.
func bij(t *testing.T, b *waarneming.Boek, lees waarneming.Lezing, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(b.Om("hier", lees, h))
	t.Cleanup(s.Close)
	return s.URL
}

func stuur(t *testing.T, url, body string, koppen ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k := 0; k+1 < len(koppen); k += 2 {
		r.Header.Set(koppen[k], koppen[k+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	uit, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(uit)
}

func TestWhatPassesIsNotChanged(t *testing.T) {
	t.Parallel()
	b := &waarneming.Boek{}
	groot := `{"bsn":"999930011","x":"` + strings.Repeat("y", 3<<20) + `"}`
	url := bij(t, b, waarneming.VanVraag, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != groot {
			t.Errorf("%d of %d bytes arrive: %v", len(body), len(groot), err)
		}
		w.Header().Set("Location", "/acties/abc")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "antwoord")
	})
	if status, uit := stuur(t, url+"/pad?clientId=a&bsn=999930011", groot, "OIN", "00000099234567890000", "VerwerkingId", "v"); status != http.StatusCreated || uit != "antwoord" {
		t.Errorf("%d %q", status, uit)
	}
	a := b.Sinds(0)
	if len(a) != 1 || a[0].Status != http.StatusCreated || a[0].Uit("actieId") != "abc" || a[0].Kop("OIN") == "" || a[0].Pad != "/pad" || a[0].Veld("clientId") != "a" || a[0].Veld("bsn") != "" || a[0].Begin.Nr != 1 || a[0].Einde.Nr != 2 {
		t.Errorf("%+v", a)
	}
}

func TestABodyThatBreaksOffBreaksOffForTheHandler(t *testing.T) {
	t.Parallel()
	b := &waarneming.Boek{}
	h := b.Om("hier", waarneming.VanVraag, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); string(body) != `{"bs` || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", body, err)
		}
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader(`{"bs`), breekt{})))
}

type breekt struct{}

func (breekt) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestARefusalIsKnownByItsCode(t *testing.T) {
	t.Parallel()
	b := &waarneming.Boek{}
	url := bij(t, b, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"code":"geen_doelbinding","detail":"999930011"}`)
	})
	stuur(t, url, "")
	if a := b.Sinds(0)[0]; a.Status != http.StatusForbidden || a.Code != "geen_doelbinding" || len(a.Antwoord) > 0 {
		t.Errorf("%+v", a)
	}
}

func TestARecordIsKeptWithoutItsPerson(t *testing.T) {
	t.Parallel()
	velden := waarneming.VanActie("", "", []byte(`{"actieNaam":"Ophalen","soortAfnemerId":"BSN","afnemerId":"999930011","bewaartermijn":null,
		"onbekend":"999930011","verwerkteObjecten":[{"soortObjectId":"BSN","objectId":"999930011","betrokkenheid":"Aanvrager"},5]}`))
	var alles strings.Builder
	for _, v := range velden {
		alles.WriteString(v.Naam + "=" + v.Waarde + ";")
	}
	if got := alles.String(); got != "actieNaam=Ophalen;soortAfnemerId=BSN;afnemerId=•••••••11;object=BSN •••••••11 (Aanvrager);object= ••••••;" {
		t.Error(got)
	}
	for _, kort := range []string{"", "12345"} {
		if m := waarneming.Masker(kort); strings.Contains(m, "1") {
			t.Errorf("%q is shown as %q", kort, m)
		}
	}
	if v := waarneming.VanVraag("", "", []byte(`geen json`)); v != nil {
		t.Errorf("%v", v)
	}
}
