package mijn_test

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

var attribuut = regexp.MustCompile(`\b(href|src|action|id|for|aria-labelledby|aria-describedby)="([^"]*)"`)

// elders is where the pieces of these tests stand.
func elders() mijn.Elders {
	return mijn.Elders{
		OIN: oin, Organisatie: "Gemeente Voorbeeldstad", Basis: "https://mijn.voorbeeldstad.example/gegevens", Taal: taal.Nederlands,
		Filter: inzage.Filter{Van: "2026-01-01"}, Cursor: "m1",
	}
}

// A piece fits in any page: no address in it leads elsewhere, no id of it is one of that page, and there is nothing in it to run or to fetch.
func TestAPieceFitsInAPageElsewhere(t *testing.T) {
	t.Parallel()
	for _, leeg := range []bool{false, true} {
		for _, l := range []taal.Taal{taal.Nederlands, taal.Engels} {
			p := &proef{leeg: leeg}
			m := mijn.New(opties(p))
			e := elders()
			e.Taal = l
			o, err := p.Overzicht(t.Context(), &inwoner.Inwoner{}, e.Filter, "")
			if err != nil {
				t.Fatal(err)
			}
			o.Hier = "hier"
			for naam, stuk := range map[string]string{"overzicht": string(m.OverzichtStuk(e, o)), "gebruik": string(m.GebruikStuk(e, &gebruik()[0]))} {
				if !strings.HasPrefix(stuk, `<div class="verantwoord-stuk" lang="`+string(l)+`">`) {
					t.Errorf("%s: language %s is not told", naam, l)
				}
				ids := map[string]bool{}
				for _, a := range attribuut.FindAllStringSubmatch(stuk, -1) {
					switch waarde := html.UnescapeString(a[2]); a[1] {
					case "href", "src", "action":
						if waarde != e.Basis && !strings.HasPrefix(waarde, e.Basis+"?") {
							t.Errorf("%s leads to %s", naam, waarde)
						}
					case "id":
						if ids[waarde] || !strings.HasPrefix(waarde, "verantwoord-") {
							t.Errorf("%s has the id %s, or twice", naam, waarde)
						}
						ids[waarde] = true
					}
				}
				for _, a := range attribuut.FindAllStringSubmatch(stuk, -1) {
					if (a[1] == "for" || strings.HasPrefix(a[1], "aria-")) && !ids[a[2]] {
						t.Errorf("%s points to %s, which is not there", naam, a[2])
					}
				}
				for _, mis := range []string{"<script", "<style", " style=", "<img", "<h1", "<main", "<body", "/mijn/"} {
					if strings.Contains(stuk, mis) {
						t.Errorf("%s holds %q", naam, mis)
					}
				}
			}
		}
	}
}

// What stands on our own page about each verwerking stands in the piece, in the same words and classes.
func TestAPieceIsTheViewOfOurOwnPage(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	o, err := p.Overzicht(t.Context(), &inwoner.Inwoner{}, inzage.Filter{}, "")
	if err != nil {
		t.Fatal(err)
	}
	e := elders()
	e.Filter, e.Cursor = inzage.Filter{}, ""
	adressen := regexp.MustCompile(`href="[^"]*"`)
	kaarten := func(s string) string {
		_, s, _ = strings.Cut(s, `<ul class="verantwoord-uitkomsten">`)
		s, _, _ = strings.Cut(s, `<nav class="utrecht-pagination"`)
		return adressen.ReplaceAllString(strings.ReplaceAll(s, `"verantwoord-m`, `"m`), "")
	}
	eigen := kaarten(vraag(t, m, http.MethodGet, "/mijn/overzicht", goed).Body.String())
	if stuk := kaarten(string(m.OverzichtStuk(e, o))); stuk != eigen || len(eigen) < 1000 {
		t.Errorf("the piece is\n%s\nand the page\n%s", stuk, eigen)
	}
}

func TestTheDataAreThoseOfThePiece(t *testing.T) {
	t.Parallel()
	p := &proef{}
	m := mijn.New(opties(p))
	o, err := p.Overzicht(t.Context(), &inwoner.Inwoner{}, inzage.Filter{}, "")
	if err != nil {
		t.Fatal(err)
	}
	e := elders()
	b, err := m.OverzichtData(e, o)
	var uit struct {
		Aantal  int
		Maanden []struct{ Maand, Adres string }
		Delen   []struct {
			EigenRaadplegingen int
			EigenActies        []struct{ Adres string }
			Verwerkingen       []struct {
				Naam               string
				Doelen, Ontvangers []string
				Acties             []struct{ Naam, Adres string }
			}
		}
		Ouder string
	}
	if err != nil || json.Unmarshal(b, &uit) != nil {
		t.Fatal(err)
	}
	stuk := html.UnescapeString(string(m.OverzichtStuk(e, o)))
	if uit.Aantal != 1234 || len(uit.Maanden) != 7 || uit.Maanden[0].Maand != "2026-11" || uit.Delen[0].EigenRaadplegingen != 3 || len(uit.Delen[0].EigenActies) != 6 {
		t.Errorf("%+v", uit)
	}
	adressen := []string{uit.Ouder, uit.Maanden[6].Adres, uit.Delen[0].EigenActies[5].Adres}
	for _, d := range uit.Delen {
		for _, v := range d.Verwerkingen {
			for _, s := range slices.Concat([]string{v.Naam}, v.Doelen, v.Ontvangers) {
				if !strings.Contains(stuk, s) {
					t.Errorf("%q is not on the page", s)
				}
			}
			for _, a := range v.Acties {
				adressen = append(adressen, a.Adres)
			}
		}
	}
	for _, a := range adressen {
		if !strings.HasPrefix(a, e.Basis+"?") || !strings.Contains(stuk, `href="`+a+`"`) {
			t.Errorf("%s leads nowhere", a)
		}
	}
}
