package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// heeftTienduizendRegels is about somebody of whom a system logged ten thousand acties in a year. What the first screen asks of the store is
// counted in internal/inzage (TestTenThousandLinesCostOneSearchAndOnePage); here it is what a person has to read and to press.
func heeftTienduizendRegels(t *testing.T, s *stad) {
	const veel = 10_000
	bsn := testnummer(3)
	var stroom bytes.Buffer
	eerste := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	for k := range veel {
		regel := regelInStad(bsn, eerste.Add(time.Duration(k)*50*time.Minute).Format(time.RFC3339)).with("verwerkingNaam", fmt.Sprintf("Controle %d", k/4)).
			with("verwerkingId", fmt.Sprintf("48086bf2-11b7-4603-9526-%012d", k/4))
		b, err := json.Marshal(regel)
		if err != nil {
			t.Fatal(err)
		}
		stroom.Write(append(b, '\n'))
	}
	gelogd := func() float64 { return s.gelogd(t)["verantwoord_groep_records_sum"] }
	voor := gelogd()
	uit := s.stuur(t, "burgerzaken", http.MethodPost, bulk, "application/x-ndjson", stroom.Bytes())
	if n := bytes.Count(uit, []byte(`"status":201`)); n != veel {
		t.Fatalf("%d of %d were accepted: %.300s", n, veel, uit)
	}

	wacht(t, geduld, "the program counted all of them", func() bool { return gelogd() == voor+veel })
	m := s.aangemeld(t, bsn, "Substantieel", false)
	m.op("/mijn/overzicht", "Er staan 10.001 regels in uw overzicht.", "Ga naar een maand", "Ouder")
	wacht(t, geduld, "the first screen is a look, on both sides", func() bool { return gelogd() == voor+veel+2 })
	status, _, html := m.haal(http.MethodGet, "/mijn/overzicht")
	if status != http.StatusOK || len(html) > 150_000 {
		t.Errorf("the first screen is %d bytes", len(html))
	}
	maat := browsertest.Vraag[[]int](m.Tab, `[document.querySelectorAll("main .verantwoord-gebruik").length, document.querySelectorAll("main details[open]").length,
		document.querySelectorAll("main .verantwoord-maanden__lijst li").length, Math.ceil(document.documentElement.scrollHeight / innerHeight)]`)
	if maat[0] < 10 || maat[0] > 50 || maat[1] != 0 || maat[2] < 12 || maat[3] > 15 {
		t.Errorf("%d uses are shown, %d parts are open, %d months, %d screens: that is not to be read", maat[0], maat[1], maat[2], maat[3])
	}

	m.Axe()
	m.Kijk(browsertest.Smal)
	m.Past()
	m.Kijk(browsertest.Breed)

	// By keyboard alone: to older lines, to a month, to a line, and back.
	m.Ga("a[rel='next']")
	m.Enter()
	m.keur()
	m.op("/mijn/overzicht", "Nieuwer", "Ouder")
	m.Ga(".verantwoord-maanden summary")
	m.Typ(" ")
	m.Ga(".verantwoord-maanden__lijst li:nth-child(5) a")
	maand := browsertest.Vraag[string](m.Tab, `document.activeElement.textContent`)
	m.Enter()
	m.keur()
	if kop := browsertest.Vraag[string](m.Tab, `document.querySelector("main h2").textContent`); kop != maand {
		t.Errorf("the page of %s begins with %s", maand, kop)
	}
	m.Ga(".verantwoord-gebruik summary")
	m.Typ(" ")
	m.Ga(".verantwoord-stapjes__lijst a")
	m.Enter()
	m.op(m.Waar(), "Wanneer was het?", "Controle")
	m.Ga("main a[href^='/mijn/overzicht?p=']")
	m.Enter()
	m.op("/mijn/overzicht", "Er staan 10.001 regels")
	if kop := browsertest.Vraag[string](m.Tab, `document.querySelector("main h2").textContent`); kop != maand {
		t.Errorf("the way back from a line of %s leads to %s", maand, kop)
	}
	if n := gelogd() - voor - veel; n != 2 {
		t.Errorf("turning pages is logged as a look: %v", n)
	}
	if csv := m.bestand("csv"); strings.Count(csv, "\n") < veel {
		t.Errorf("the file has %d lines", strings.Count(csv, "\n"))
	}
}
