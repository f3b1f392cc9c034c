package mijn_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
)

// Who acts for another is led to what is open, reads that it is a part, and finds no way to more: no line, file, count or month.
func TestWhoActsForAnotherIsLedToWhatIsOpen(t *testing.T) {
	t.Parallel()
	p := &proef{open: true}
	m := mijn.New(opties(p))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht", namens)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/mijn/namens" {
		t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/namens", namens), http.StatusOK, "Wat u hier kunt bekijken", "Leerlingenvervoer", "De pas voor de ondergrondse container.", "De ander ziet het terug", "Is uw kind jonger dan 16?")
	pad := "/mijn/namens/" + vervoer.ID.String()
	w = vraag(t, m, http.MethodGet, pad, namens)
	wil(t, w, http.StatusOK, "Dit is een deel. Er kan meer zijn", "Raadplegen persoon", "Bijhouden waar mensen wonen", "degene voor wie u kijkt", "Geboortedatum", "Wat eerder was")
	for _, s := range []string{bsn, ander, "/mijn/gebruik/", "/mijn/overzicht", "/mijn/downloaden", "1.234", "uzelf"} {
		if strings.Contains(w.Body.String(), s) {
			t.Errorf("%q is on the page", s)
		}
	}
	vraag(t, m, http.MethodGet, pad+"?p=volgende", namens)
	if p.cursor != "volgende" {
		t.Errorf("the page asked for %q", p.cursor)
	}
	if w := vraag(t, m, http.MethodGet, pad+"?p=verlopen", namens); w.Code != http.StatusSeeOther || w.Header().Get("Location") != pad {
		t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/namens/"+id(7).String(), namens), http.StatusNotFound)
	wil(t, vraag(t, m, http.MethodPost, "/mijn/downloaden", namens, "vorm", "csv"), http.StatusOK, "Wat u hier kunt bekijken")
	// For oneself there is nothing of it.
	for _, wie := range []string{goed, laag, ""} {
		if s := vraag(t, m, http.MethodGet, "/mijn/namens", wie).Body.String(); strings.Contains(s, "Leerlingenvervoer") || strings.Contains(s, "niets te bekijken") {
			t.Errorf("%q is shown what is open", wie)
		}
		if s := vraag(t, m, http.MethodGet, pad, wie).Body.String(); strings.Contains(s, "Raadplegen") {
			t.Errorf("%q is shown a domein", wie)
		}
	}
	// At a low level nothing is shown, and not said either that there is nothing.
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht", laagNamens), http.StatusForbidden, "U moet zich veiliger aanmelden om hier iets te bekijken.")
	if s := vraag(t, m, http.MethodGet, pad, laagNamens).Body.String(); strings.Contains(s, "Raadplegen") || strings.Contains(s, "niets te bekijken") || strings.Contains(s, "Leerlingenvervoer") {
		t.Error("who signed in at a low level is shown a domein, or told that nothing is open")
	}
	p.open = false
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht", namens), http.StatusForbidden, "Hier is voor u nu niets te bekijken.", "Dat zegt niets over de ander.")
	p.open, p.fout = true, fout.NietBeschikbaar
	wil(t, vraag(t, m, http.MethodGet, pad, namens), http.StatusServiceUnavailable, "dan laten wij niets zien")
}
