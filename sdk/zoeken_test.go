package sdk_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// What an answer holds besides its body waits for the record too.
func TestNothingOfASearchIsSeenBeforeItsRecord(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	wie := persoon(7)
	bron := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Persoon", wie)
		if r.URL.Path == "/fout" {
			w.Header().Set("Retry-After", "3")
			w.Header().Set("Allow", wie)
			w.Header().Set("Www-Authenticate", "Bearer realm="+wie)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, `{"code":%q,"title":%q}`, r.URL.Query().Get("code"), wie)
			return
		}
		fmt.Fprintf(w, `{"personen":[%q]}`, wie)
	}))
	opruimen.Na(t, bron.Close)
	weg := httptest.NewServer(http.NotFoundHandler())
	weg.Close()
	vraag := func(register, pad string, lees sdk.Gevonden) (*http.Response, string, error) {
		tr := sdk.NewTransport(consumentClient(t, register, "balie"), functies)
		r, err := http.NewRequestWithContext(sdk.MetZoekopdracht(t.Context(), verwerking(), lees), http.MethodPost, bron.URL+pad, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := tr.RoundTrip(r)
		if err != nil {
			return res, "", err
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		if res.ContentLength != int64(len(body)) {
			t.Errorf("ContentLength %d for %d bytes", res.ContentLength, len(body))
		}
		return res, string(body), nil
	}
	t.Run("the register is away", func(t *testing.T) {
		if res, _, err := vraag(weg.URL, "/", gevonden); !errors.Is(err, sdk.ErrNietVastgelegd) || res != nil || noemtIemand(err.Error()) {
			t.Errorf("got %v, %v", res, err)
		}
	})
	for name, lees := range map[string]sdk.Gevonden{
		"Gevonden panics":                     func(*http.Response, []byte) ([]sdk.Object, error) { panic("persoon " + wie) },
		"Gevonden fails":                      func(_ *http.Response, b []byte) ([]sdk.Object, error) { return nil, fmt.Errorf("niet te lezen: %s", b) },
		"Gevonden names nobody with a number": func(*http.Response, []byte) ([]sdk.Object, error) { return []sdk.Object{sdk.BSN("", "")}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			res, _, err := vraag(reg.URL, "/", lees)
			if err == nil || res != nil || noemtIemand(err.Error()) || !errors.Is(err, sdk.ErrOnbruikbaar) && !errors.Is(err, sdk.ErrNietVastgelegd) {
				t.Errorf("got %v, %v", res, err)
			}
		})
	}
	t.Run("Gevonden changes what it was given", func(t *testing.T) {
		res, body, err := vraag(reg.URL, "/", func(r *http.Response, b []byte) ([]sdk.Object, error) {
			o, err := gevonden(r, b)
			r.Header.Set("X-Ander", persoon(8))
			r.Body.Close()
			copy(b, persoon(8))
			return o, err
		})
		if err != nil || body != `{"personen":["`+wie+`"]}` || res.Header.Get("X-Ander") != "" || res.Header.Get("X-Persoon") != wie {
			t.Errorf("got %q, %v", body, err)
		}
	})
	for code, want := range map[string]string{"niet_gevonden": `"code":"niet_gevonden",`, wie + " ": "", wie: "", "Jansen": "", strings.Repeat("a", 65): ""} {
		res, body, err := vraag(reg.URL, "/fout?code="+url.QueryEscape(code), gevonden)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != 404 || body != `{`+want+`"title":"Not Found","status":404}` || noemtIemand(fmt.Sprint(res.Header)) || res.Header.Get("Retry-After") != "3" || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("got %d %v %s", res.StatusCode, res.Header, body)
		}
	}
}

// TLS and HTTP/2, many at once, answers of several megabytes.
func TestLargeAnswersOverHTTP2AreLoggedBeforeTheyAreShown(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	bron := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("HTTP/%d", r.ProtoMajor)
		}
		fmt.Fprintf(w, `{"personen":[%q],"vulling":%q}`, r.Header.Get("X-Wie"), strings.Repeat("x", 3<<20))
	}))
	bron.EnableHTTP2 = true
	bron.StartTLS()
	opruimen.Na(t, bron.Close)
	tr := &sdk.Transport{Basis: bron.Client().Transport, Log: consumentClient(t, reg.URL, "balie"), Functies: functies}
	var wg sync.WaitGroup
	for k := range 6 {
		wg.Go(func() {
			v := verwerking()
			r, err := http.NewRequestWithContext(sdk.MetZoekopdracht(t.Context(), v, gevonden), http.MethodPost, bron.URL, strings.NewReader("{}"))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("X-Wie", persoon(k))
			res, err := (&http.Client{Transport: tr}).Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			acties, err := vraagRegister(reg.URL, geefToken(t), v.VerwerkingID)
			if got := personenIn(acties); err != nil || len(got) != 1 || got[0] != persoon(k) {
				t.Errorf("in the register: %v, %v", got, err)
			}
			if body, err := io.ReadAll(res.Body); err != nil || len(body) < 3<<20 {
				t.Errorf("%d bytes, %v", len(body), err)
			}
		})
	}
	wg.Wait()
}
