package mijn_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
)

// beschermd is the municipality as it is for a citizen who is protected.
type beschermd struct{ *proef }

func (p beschermd) Zoek(ctx context.Context, token string) (*inwoner.Inwoner, error) {
	w, err := p.proef.Zoek(ctx, token)
	if err == nil {
		w.Beschermd = true
	}
	return w, err
}

func (p beschermd) Overzicht(ctx context.Context, w *inwoner.Inwoner, f inzage.Filter, cursor string) (*inzage.Overzicht, error) {
	o, err := p.proef.Overzicht(ctx, w, f, cursor)
	if err != nil {
		return nil, err
	}
	o.Grof = true
	for i := range o.Delen {
		for j := range o.Delen[i].Groepen {
			g := &o.Delen[i].Groepen[j]
			g.Naam = ""
			for k := range g.Gebruik {
				g.Gebruik[k] = inzage.Grof(g.Gebruik[k])
			}
		}
	}
	return o, nil
}

func (p beschermd) Een(ctx context.Context, w *inwoner.Inwoner, id uuid.UUID) (*inzage.Gebruik, error) {
	g, err := p.proef.Een(ctx, w, id)
	if err != nil {
		return nil, err
	}
	grof := inzage.Grof(*g)
	return &grof, nil
}

func (p beschermd) Alles(ctx context.Context, w *inwoner.Inwoner, f inzage.Filter, doe func(*inzage.Gebruik) error) error {
	return p.proef.Alles(ctx, w, f, func(g *inzage.Gebruik) error {
		grof := inzage.Grof(*g)
		return doe(&grof)
	})
}

func beschermdeOpties(p *proef) mijn.Opties {
	o := opties(p)
	o.Sessies, o.Inzage = beschermd{p}, beschermd{p}
	return o
}

func TestAProtectedCitizenReadsMonthsAndGrounds(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(beschermdeOpties(p))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht?van=2026-11-19&tot=2026-11-19&doel="+verhuizen.String(), goed)
	wil(t, w, http.StatusOK, "staan er bewust niet bij", "november 2026", "Wettelijke verplichting", "een andere organisatie, wij", "Wilt u meer weten? Vraag het ons.", "U keek zelf 3 keer")
	if p.filter != (inzage.Filter{}) || strings.Contains(w.Body.String(), `name="van"`) {
		t.Errorf("a day can be chosen: %+v", p.filter)
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht?p=volgende", goed), http.StatusOK, "Nieuwer")
	wil(t, vraag(t, m, http.MethodGet, "/mijn/gebruik/"+id(12).String(), goed), http.StatusOK, "Gebruik van uw gegevens", "november 2026", id(12).String())
	csv := vraag(t, m, http.MethodPost, "/mijn/downloaden", goed, "vorm", "csv")
	if csv.Header().Get("Content-Disposition") != "attachment; filename=mijn-gegevens-2026-11.csv" || !strings.Contains(csv.Body.String(), "2026-11") {
		t.Errorf("%v %s", csv.Header(), csv.Body)
	}
	for _, vorm := range []string{"csv", "json", "afdruk"} {
		w := vraag(t, m, http.MethodPost, "/mijn/downloaden", goed, "vorm", vorm)
		if s := w.Body.String(); w.Code != http.StatusOK || strings.Contains(s, "Waterschap") || strings.Contains(s, "Adres") || strings.Contains(s, "14:") || strings.Contains(s, "Verhuizing") {
			t.Errorf("%s: %d, %s", vorm, w.Code, s)
		}
	}
	wil(t, vraag(t, m, http.MethodPost, "/mijn/downloaden", goed, "vorm", "exe"), http.StatusBadRequest)
	wil(t, vraag(t, mijn.New(beschermdeOpties(&proef{leeg: true})), http.MethodGet, "/mijn/overzicht", goed), http.StatusOK, "Hier staat niets.")
	wil(t, vraag(t, mijn.New(beschermdeOpties(&proef{regels: 5000})), http.MethodPost, "/mijn/downloaden", goed, "vorm", "afdruk"), http.StatusOK, "Er zijn meer dan 1000 regels.")
}

func TestPagesOfAProtectedCitizenAreAccessible(t *testing.T) {
	t.Parallel()
	alle := browsertest.Start(t).Tab(t, browsertest.Breed)
	for _, s := range []struct {
		naam, pad, taal, vorm string
		p                     proef
	}{
		{naam: "overzicht", pad: "/mijn/overzicht"},
		{naam: "overzicht-engels", pad: "/mijn/overzicht", taal: "en"},
		{naam: "overzicht-leeg", pad: "/mijn/overzicht", p: proef{leeg: true}},
		{naam: "gebruik", pad: "/mijn/gebruik/" + id(12).String()},
		{naam: "afdruk", pad: "/mijn/downloaden", vorm: "afdruk"},
	} {
		t.Run(s.naam, func(t *testing.T) {
			o := beschermdeOpties(&s.p)
			o.BaseURL = "http://127.0.0.1" // the cookies of a test
			mux := http.NewServeMux()
			mux.Handle("/mijn/", mijn.New(o))
			mux.HandleFunc("/ontwerp/", func(w http.ResponseWriter, r *http.Request) {
				if f, ok := o.Ontwerp.Get(r.URL.Path); ok {
					f.ServeHTTP(w, r)
				}
			})
			server := httptest.NewServer(mux)
			opruimen.Na(t, server.Close)
			tab := alle.Voor(t, browsertest.Breed)
			tab.Koekje(server.URL, "mijn", goed)
			if s.taal != "" {
				tab.Koekje(server.URL, "taal", s.taal)
			}
			tab.Open(server.URL + s.pad)
			if s.vorm != "" {
				tab.Klik("button[value='" + s.vorm + "']")
			}
			tab.Axe()
			tab.Ontvouw()
			tab.Past()
			tab.Kijk(browsertest.Donker)
			tab.Axe()
			tab.Kijk(browsertest.Smal)
			tab.Past()
			tab.Kijk(browsertest.Breed)
			tab.Toetsenbord()
		})
	}
}
