package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// komtVoorEenAnder is about a parent, a curator, somebody who was authorised, and somebody of a company.
func komtVoorEenAnder(t *testing.T, s *stad) {
	kind := s.aangemeld(t, "vijftien", "Substantieel", false)
	kind.op("/mijn/overzicht", "Wie gebruikte uw gegevens?", "Cato Voorbeeld", "U keek zelf 1 keer")
	_, _, overzicht := kind.haal(http.MethodGet, "/mijn/overzicht")
	regel := nummers.FindString(overzicht[strings.Index(overzicht, "/mijn/gebruik/"):])

	zietDomein(t, s, regel)
	var eerste string // what all others read: nothing is open for them
	for _, wie := range []string{"curator", "gemachtigde", "onderneming"} {
		m := s.aangemeld(t, wie, "Hoog", false)
		m.op("/mijn/overzicht", "U komt voor iemand anders", "een verzoek doen")
		voor := s.gelogd(t)
		for _, pad := range []string{"/mijn/overzicht", "/mijn/overzicht?van=2026-01-01", "/mijn/gebruik/" + regel, "/mijn/gebruik/" + uuid.NewString(), "/mijn/downloaden"} {
			status, _, inhoud := m.haal(http.MethodGet, pad)
			if status != http.StatusForbidden || !strings.Contains(inhoud, "U komt voor iemand anders") || strings.Contains(inhoud, "verwerkingNaam") {
				t.Errorf("%s gets %s: status %d", wie, pad, status)
			}
		}
		for _, vorm := range []string{"csv", "json", "afdruk"} {
			if status, kop, _ := m.haal(http.MethodPost, "/mijn/downloaden", "vorm", vorm); status != http.StatusForbidden || kop.Get("Content-Disposition") != "" {
				t.Errorf("%s gets a file: status %d", wie, status)
			}
		}
		if d := verschil(voor, s.gelogd(t)); strings.Contains(d, "inname") || strings.Contains(d, "records") {
			t.Errorf("refusing %s is a look in a log: %s", wie, d)
		}
		tekst := browsertestHoofd(m)
		if eerste == "" {
			eerste = tekst
		}
		if tekst != eerste {
			t.Errorf("%s reads something else: %s", wie, tekst)
		}
		m.open("/mijn/namens")
		m.op("/mijn/namens", "U komt voor iemand anders", "Voor uw kind", "Voor een bedrijf")
		m.open("/mijn/")
		m.op("/mijn/", "Aanmelden met")
	}

	// The child sees nothing of who tried.
	kind.klik("form[action='/mijn/overzicht'][method='post'] button")
	kind.op("/mijn/overzicht", "U keek zelf 2 keer")
}

// zietDomein is about a parent, who sees what two officers opened for parents and nothing else of the child: no line, no file.
func zietDomein(t *testing.T, s *stad, regel string) {
	t.Helper()
	m := s.aangemeld(t, "ouder", "Hoog", false)
	m.op("/mijn/namens", "U komt voor iemand anders", "Wat u hier kunt bekijken", "Leerlingenvervoer", "Of uw kind met een bus of taxi naar school kan.", "Voor uw kind")
	m.klik("main a[href^='/mijn/namens/']")
	for _, want := range []string{"Leerlingenvervoer", "Aanvraag leerlingenvervoer", "Een kind met een bus of taxi naar een school laten gaan die ver weg is"} {
		if !strings.Contains(m.Tekst(), want) {
			t.Errorf("a parent does not read %q: %s", want, m.Tekst())
		}
	}
	geenRest := func(waar, tekst string) {
		for _, rest := range []string{"eugdhulp", "eisdocument", "erhuizing", "verwerkingNaam"} {
			if strings.Contains(tekst, rest) {
				t.Errorf("a parent reads of %s on %s", rest, waar)
			}
		}
	}
	geenRest("the domein", m.Tekst())
	for _, pad := range []string{"/mijn/overzicht", "/mijn/overzicht?van=2026-01-01", "/mijn/gebruik/" + regel, "/mijn/gebruik/" + uuid.NewString(), "/mijn/downloaden"} {
		status, _, inhoud := m.haal(http.MethodGet, pad)
		if geenRest(pad, inhoud); status == http.StatusOK {
			t.Errorf("a parent gets %s", pad)
		}
	}
	for _, vorm := range []string{"csv", "json", "afdruk"} {
		status, kop, inhoud := m.haal(http.MethodPost, "/mijn/downloaden", "vorm", vorm)
		if geenRest(vorm, inhoud); kop.Get("Content-Disposition") != "" || !strings.Contains(inhoud, "Wat u hier kunt bekijken") {
			t.Errorf("a parent gets a file, or is not told what there is instead: status %d", status)
		}
	}
}

// staatNergens is about somebody of whom nothing was ever logged.
func staatNergens(t *testing.T, s *stad) {
	gijs := s.aangemeld(t, "leeg", "Substantieel", false)
	gijs.op("/mijn/overzicht", "Behalve uw eigen bezoek is er niets vastgelegd dat u hier kunt zien", "Wat u niet ziet")
	gijs.klik("main a[href='/mijn/wat-u-niet-ziet']")
	gijs.op("/mijn/wat-u-niet-ziet", "Onderzoek dat nog loopt", "Regels van lang geleden")
	gijs.open("/mijn/overzicht?van=2026-01-01&tot=2026-01-31")
	gijs.op("/mijn/overzicht", "Bij wat u koos, is er niets vastgelegd")
	// Nor of somebody whose address is secret.
	s.aangemeld(t, testnummer(4), "Substantieel", true).op("/mijn/overzicht", "in welke maand", "Behalve uw eigen bezoek is er niets vastgelegd dat u hier kunt zien")
	gijs.open("/mijn/downloaden")
	gijs.klik("button[value='afdruk']")
	gijs.op("/mijn/downloaden", "Wie gebruikte mijn gegevens?")
}
