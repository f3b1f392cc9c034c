package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// zietOnderzoekNaOpheffen is about two people of whom the same was logged, but that there is an inquiry into one of them. Until that is lifted,
// every page and file of both is the same, of the same size, and costs the same: what is logged, and how often and for what the store is read. How
// long it takes is measured in internal/inzage (TestAConfidentialInquiryTakesNoTime).
func zietOnderzoekNaOpheffen(t *testing.T, s *stad) {
	zonder, met := testnummer(0), testnummer(1)
	verhuizing := uuid.NewString()
	gewoon := map[string]string{}
	for _, bsn := range []string{zonder, met} {
		for k, dag := range []string{"2026-02-03T10:11:12+01:00", "2026-03-04T11:12:13+01:00", "2026-05-06T13:14:15+02:00"} {
			id := s.leg(t, "burgerzaken", regelInStad(bsn, dag).with("verwerkingId", verhuizing))
			if k == 0 {
				gewoon[bsn] = id
			}
		}
	}
	onderzoek := uuid.NewString()
	geheim := func(bsn string) actie {
		return regelInStad(bsn, "2026-04-05T12:13:14+02:00").with("actieNaam", "Raadplegen onderzoeksdossier").with("verwerkingNaam", "Fraudeonderzoek sociale zekerheid").
			with("verwerkingId", onderzoek).with("vertrouwelijkheid", "vertrouwelijk").with("verwerkingsactiviteitId", fraudeInStad)
	}
	spoor := s.leg(t, "fraudeonderzoek", geheim(met))
	// The investigator looks in her log too. That inquiry is as confidential as what it finds.
	vraag, err := json.Marshal(map[string]string{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": met})
	if err != nil {
		t.Fatal(err)
	}
	if uit := s.stuur(t, "fraudeonderzoek", http.MethodPost, bewerking+"/verwerkingsacties/_zoek", "application/json", vraag); !strings.Contains(string(uit), "Raadplegen onderzoeksdossier") {
		t.Fatalf("there is no inquiry: %s", uit)
	}

	var gewone, onderzochte *burger
	var a, b []blad
	for dag := activiteit.Datum(""); dag != activiteit.DatumVan(time.Now()); { // a look at midnight is of two days
		dag = activiteit.DatumVan(time.Now())
		gewone = s.aangemeld(t, zonder, "Hoog", false)
		a = s.bladen(t, gewone, gewoon[zonder], uuid.NewString())
		onderzochte = s.aangemeld(t, met, "Hoog", false)
		b = s.bladen(t, onderzochte, gewoon[met], spoor)
	}
	if len(a) != len(b) {
		t.Fatalf("%d pages, and %d", len(a), len(b))
	}
	for k := range a {
		switch {
		case a[k].inhoud != b[k].inhoud || a[k].status != b[k].status:
			t.Errorf("%s tells of an inquiry: %d and %d\n%s\n%s", a[k].naam, a[k].status, b[k].status, a[k].inhoud, b[k].inhoud)
		case a[k].omvang != b[k].omvang:
			t.Errorf("%s has %d bytes, and %d of who is looked into", a[k].naam, a[k].omvang, b[k].omvang)
		case a[k].kosten != b[k].kosten:
			t.Errorf("%s costs %q, and %q of who is looked into", a[k].naam, a[k].kosten, b[k].kosten)
		case strings.Contains(b[k].inhoud, "nderzoeksdossier") || strings.Contains(b[k].inhoud, "Fraudeonderzoek"):
			t.Errorf("%s names the inquiry", b[k].naam)
		}
	}
	gelezen := 0
	for _, p := range b {
		if strings.Contains(p.kosten, `opslag_vragen_totaal{vraag="rows"}`) {
			gelezen++
		}
	}
	if gelezen < 20 {
		t.Errorf("%d of %d pages read the store: the test proves nothing", gelezen, len(b))
	}
	onderzochte.open("/mijn/overzicht")
	onderzochte.op("/mijn/overzicht", "Registratie verhuizing", "4 maart, 11:12")

	// It is lifted, and now she sees it where it happened, and when.
	s.stuur(t, "fraudeonderzoek", http.MethodPatch, bewerking+"/verwerkingsacties?verwerkingId="+onderzoek, "application/json", []byte(`{"vertrouwelijkheid":"opgeheven"}`))
	onderzochte.klik("form[action='/mijn/overzicht'][method='post'] button")
	onderzochte.op("/mijn/overzicht", "Fraudeonderzoek sociale zekerheid", "april 2026", "5 april, 12:13")
	onderzochte.klik("a[href='/mijn/gebruik/" + spoor + "']")
	onderzochte.op("/mijn/gebruik/"+spoor, "Raadplegen onderzoeksdossier", "5 april 2026 om 12:13", "Deze regel mocht u een tijd niet zien", "Dit hoort bij onze taak: Onderzoeken van misbruik")
	if csv := onderzochte.bestand("csv"); !strings.Contains(csv, "2026-04-05 12:13:14") {
		t.Errorf("what was lifted is not in the file: %s", csv)
	}
	gewone.klik("form[action='/mijn/overzicht'][method='post'] button")
	if strings.Contains(gewone.Tekst(), "Fraudeonderzoek") {
		t.Error("somebody else sees what was lifted")
	}
}

// blad is a page or file as somebody got it, without what differs between any two people.
type blad struct {
	naam   string
	status int
	omvang int // bytes of the answer as it came, but for places in a list and parts of a second: both are as long as a number is
	inhoud string
	kosten string // what the program counted for it
}

var (
	nummers     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	plekken     = regexp.MustCompile(`([?&]|&amp;)p=[A-Za-z0-9_%.=-]+`)
	breuken     = regexp.MustCompile(`(\d\d:\d\d:\d\d)\.\d+`)
	koppelingen = regexp.MustCompile(`href="([^"]*[?&;]p=[^"]*)"`)
)

// bladen asks everything that can be asked: a line of their own, and one that is not theirs to see.
func (s *stad) bladen(t *testing.T, b *burger, eigen, vreemd string) (uit []blad) {
	t.Helper()
	// Their own looks and sign-ins differ in their time.
	tijden := regexp.MustCompile(`\d\d:\d\d(:\d\d(\.\d+)?)?`)
	vast := map[string]bool{"10:11": true, "10:11:12": true, "11:12": true, "11:12:13": true, "12:13": true, "12:13:14": true, "13:14": true, "13:14:15": true}
	vraag := func(naam, methode, pad string, velden ...string) string {
		voor := s.gelogd(t)
		status, kop, inhoud := b.haal(methode, pad, velden...)
		na := s.gelogd(t)
		for k := range na { // in how many groups records come is chance: their sum is held against the pages below
			if !strings.Contains(k, "_opslag_") && !strings.Contains(k, "_vragen_") {
				delete(na, k)
			}
		}
		kosten := verschil(voor, na)
		omvang := len(breuken.ReplaceAllString(plekken.ReplaceAllString(inhoud, "${1}p="), "$1"))
		for _, k := range []string{"Location", "Content-Disposition", "Content-Type", "Set-Cookie"} {
			inhoud = k + ": " + kop.Get(k) + "\n" + inhoud
		}
		kaal := nummers.ReplaceAllString(plekken.ReplaceAllString(inhoud, "${1}p="), "nummer")
		kaal = tijden.ReplaceAllStringFunc(kaal, func(m string) string {
			if vast[m] {
				return m
			}
			return "tijd"
		})
		uit = append(uit, blad{naam, status, omvang, kaal, kosten})
		return inhoud
	}
	const get, post = http.MethodGet, http.MethodPost
	begin := vraag("overview", get, "/mijn/overzicht")
	voor := s.gelogd(t)["verantwoord_groep_records_sum"]
	vraag("start", get, "/mijn/")
	vraag("what is not seen", get, "/mijn/wat-u-niet-ziet")
	vraag("own sign-ins", get, "/mijn/aanmeldingen")
	for _, m := range koppelingen.FindAllStringSubmatch(begin, -1) {
		vraag("a month or page", get, strings.ReplaceAll(m[1], "&amp;", "&"))
	}
	for _, f := range []string{"van=2026-04-01&tot=2026-04-30", "van=2026-04-05&tot=2026-04-05", "doel=" + fraudeInStad, "doel=" + verhuizenInStad, "van=2026-04-01", "tot=2026-04-06", "van=1999-01-01&tot=1999-01-02"} {
		vraag("overview with "+f, get, "/mijn/overzicht?"+f)
		vraag("what can be kept with "+f, get, "/mijn/downloaden?"+f)
		for _, vorm := range []string{"csv", "json", "afdruk"} {
			vraag(vorm+" with "+f, post, "/mijn/downloaden?"+f, "vorm", vorm)
		}
	}
	vraag("a line", get, "/mijn/gebruik/"+eigen)
	vraag("a line that was guessed", get, "/mijn/gebruik/"+vreemd)
	vraag("a line that is none", get, "/mijn/gebruik/"+uuid.NewString())
	for _, vorm := range []string{"csv", "json", "afdruk"} {
		vraag(vorm, post, "/mijn/downloaden", "vorm", vorm)
	}
	vraag("namens", get, "/mijn/namens")
	vraag("look anew", post, "/mijn/overzicht")
	einde := vraag("overview again", get, "/mijn/overzicht")
	// All that was logged meanwhile is what they see of themselves: the overview counts the look that it is of on one side of the two. The first
	// look began before the measure.
	wil := regelsOp(t, einde) - regelsOp(t, begin)
	wacht(t, geduld, "the program counted what was logged", func() bool { return s.gelogd(t)["verantwoord_groep_records_sum"]-voor == float64(wil) })
	return uit
}

// regelsOp reads how many lines an overview says that there are.
func regelsOp(t *testing.T, html string) int {
	t.Helper()
	m := regexp.MustCompile(`Er staan (\d+) regels`).FindStringSubmatch(html)
	if m == nil {
		t.Fatalf("no overview: %s", html)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// gelogd is what the program says that it took in and answered.
func (s *stad) gelogd(t *testing.T) map[string]float64 {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	uit := map[string]float64{}
	for regel := range strings.Lines(string(b)) {
		if naam, waarde, ok := strings.Cut(strings.TrimSpace(regel), " "); ok && geteld.MatchString(naam) {
			if uit[naam], err = strconv.ParseFloat(waarde, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	if uit["verantwoord_groep_records_sum"] == 0 {
		t.Fatalf("the program measures nothing: %s", b)
	}
	return uit
}

// geteld are the measures of work that is done for somebody: records, commits, inquiries, refusals, reads of the store.
var geteld = regexp.MustCompile(`^verantwoord_(groep_records_(sum|count)|inname_totaal|vragen_totaal|geweigerd_totaal|opslag_(vragen|versies)_totaal)`)

// verschil says what was counted in between.
func verschil(voor, na map[string]float64) string {
	var uit strings.Builder
	for _, naam := range slices.Sorted(maps.Keys(na)) {
		if d := na[naam] - voor[naam]; d != 0 {
			fmt.Fprintf(&uit, "%s +%v ", naam, d)
		}
	}
	return uit.String()
}
