package sdk_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/sdk"
)

// What the guard costs a call: beside the call itself, a register that answers at once shows the share of the SDK and one
// more round trip, and a real one what an application waits for in the end.
func BenchmarkCall(b *testing.B) {
	bron := httptest.NewServer(http.HandlerFunc(voorbeeldBron))
	b.Cleanup(bron.Close)
	snel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			b.Error(err)
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"actieId":"7a22eb38-bca6-463f-9955-54ab040287cb","tijdstipRegistratie":"2026-03-05T13:35:42.118204Z"}`)
	}))
	b.Cleanup(snel.Close)
	v := verwerking("999990019")
	leeg := verwerking()
	bekend := func(ctx context.Context) context.Context { return sdk.MetVerwerking(ctx, v) }
	zoekt := func(ctx context.Context) context.Context { return sdk.MetZoekopdracht(ctx, leeg, gevonden) }
	guard := func(url string) http.RoundTripper {
		return sdk.NewTransport(consumentClient(b, url, "balie"), functies)
	}
	for _, tt := range []struct {
		naam string
		met  func() http.RoundTripper
		ctx  func(context.Context) context.Context
	}{
		{"bare", func() http.RoundTripper { return http.DefaultTransport }, bekend},
		{"known/register at once", func() http.RoundTripper { return guard(snel.URL) }, bekend},
		{"search/register at once", func() http.RoundTripper { return guard(snel.URL) }, zoekt},
		{"known/real register", func() http.RoundTripper { return guard(consumentRegister(b).URL) }, bekend},
		{"search/real register", func() http.RoundTripper { return guard(consumentRegister(b).URL) }, zoekt},
	} {
		b.Run(tt.naam, func(b *testing.B) {
			client := &http.Client{Transport: tt.met()}
			b.ReportAllocs()
			for b.Loop() {
				r, err := http.NewRequestWithContext(tt.ctx(b.Context()), http.MethodPost, bron.URL, nil)
				if err != nil {
					b.Fatal(err)
				}
				res, err := client.Do(r)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, res.Body); err != nil {
					b.Fatal(err)
				}
				res.Body.Close()
			}
		})
	}
}

// The guard alone: no socket on either side.
func BenchmarkGuard(b *testing.B) {
	antwoord := func(status int, body string) http.RoundTripper {
		return rondgang(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return w.Result(), nil
		})
	}
	log, err := sdk.New(sdk.Instellingen{
		URL: "https://log.example", ClientID: "balie", Geheim: []byte(consumentGeheim), Organisatie: consumentOIN,
		HTTP: &http.Client{Transport: antwoord(201, `{"actieId":"`+uuid.NewString()+`","tijdstipRegistratie":"2026-03-05T13:35:42Z"}`)},
	})
	if err != nil {
		b.Fatal(err)
	}
	tr := &sdk.Transport{Basis: antwoord(200, `{"personen":["999990019"]}`), Log: log, Functies: functies}
	for naam, ctx := range map[string]context.Context{
		"known":  sdk.MetVerwerking(b.Context(), verwerking("999990019")),
		"search": sdk.MetZoekopdracht(b.Context(), verwerking(), gevonden),
	} {
		b.Run(naam, func(b *testing.B) {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://bron.example", nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				res, err := tr.RoundTrip(r)
				if err != nil {
					b.Fatal(err)
				}
				res.Body.Close()
			}
		})
	}
}

type rondgang func(*http.Request) (*http.Response, error)

func (f rondgang) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
