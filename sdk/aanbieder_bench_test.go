package sdk_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/sdk"
)

// ontvanger says 201 at once, with what it was sent: what is left is the cost of the middleware and of one call.
func ontvanger(b *testing.B) *httptest.Server {
	b.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a sdk.Verwerkingsactie
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		id := uuid.New()
		a.ActieID, a.TijdstipRegistratie = &id, a.Tijdstip
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(a)
	}))
	b.Cleanup(s.Close)
	return s
}

// BenchmarkAanbieder is the time that a caller waits, over a real socket: a handler that isn't guarded, one that is with a
// register that says 201 at once, and one with a real register, which writes it to disk first.
func BenchmarkAanbieder(b *testing.B) {
	kaal := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		_, _ = w.Write(body)
	})
	zoekt := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sdk.Getoond(r.Context(), sdk.BSN("999990019", "Getoond in zoekresultaat"))
		kaal.ServeHTTP(w, r)
	})
	meet := func(b *testing.B, h http.Handler) {
		s := httptest.NewServer(h)
		defer s.Close()
		b.ReportAllocs()
		for b.Loop() {
			res, err := http.DefaultClient.Do(vraagAan(b, http.MethodPost, s.URL, "999990019", doorgaveDerde()))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				b.Fatal(res.StatusCode)
			}
		}
	}
	aanbieder := func(b *testing.B, url string) *sdk.Aanbieder {
		log, err := sdk.New(sdk.Instellingen{URL: url, ClientID: "magazijn", Geheim: []byte(gemeenteGeheim), Organisatie: gemeenteOIN, Systeem: "Gegevensmagazijn 3.1"})
		if err != nil {
			b.Fatal(err)
		}
		a, err := sdk.NewAanbieder(sdk.AanbiederInstellingen{Log: log, Afnemers: derdeMetToken(b), Leveringen: leveringDerde(b), Vloer: "P1Y", Maximum: "P10Y"})
		if err != nil {
			b.Fatal(err)
		}
		return a
	}
	b.Run("bare", func(b *testing.B) { meet(b, kaal) })
	for _, register := range []string{"at once", "real"} {
		url := ontvanger(b).URL
		if register == "real" {
			url = newGemeente(b).url
		}
		a := aanbieder(b, url)
		b.Run("vooraf/"+register, func(b *testing.B) { meet(b, a.Vooraf(dienstMagazijn, bsnInBody, kaal)) })
		b.Run("achteraf/"+register, func(b *testing.B) { meet(b, a.Achteraf(dienstMagazijn, zoekt)) })
	}
}

// BenchmarkAfnemers is what it takes to know who calls.
func BenchmarkAfnemers(b *testing.B) {
	root := (*stempel)(nil).geef(b, true, nil)
	pool := x509.NewCertPool()
	pool.AddCert(root.cert)
	certificaten, err := sdk.NewCertificaten(pool)
	if err != nil {
		b.Fatal(err)
	}
	token, err := autorisatie.Sign("derde", []byte(gemeenteGeheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(""))
	r.Header.Set("Authorization", "Bearer "+token)
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{root.geef(b, false, vanOIN(derdeOIN)).cert}}
	tokens := derdeMetToken(b)
	for naam, wie := range map[string]sdk.Afnemers{"token": tokens, "certificate": certificaten, "both": sdk.Beide(tokens, certificaten)} {
		b.Run(naam, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wie.Wie(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
