package juridisch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// bron makes a source of files.
func bron(bestanden map[string]string) fs.FS {
	m := fstest.MapFS{}
	for naam, tekst := range bestanden {
		m[naam] = &fstest.MapFile{Data: []byte(tekst)}
	}
	return m
}

// grondslagen is a file with one ground for each code.
func grondslagen(vanaf string, codes ...string) string {
	b := strings.Builder{}
	fmt.Fprintf(&b, "soort: grondslagen\nvanaf: %s\nbron: Wet van de test\nregels:\n", vanaf)
	for _, c := range codes {
		fmt.Fprintf(&b, "  - {code: %s, naam: Naam %s, artikel: Artikel %s, uitleg: Uitleg bij %s.}\n", c, c, c, c)
	}
	return b.String()
}

func laad(t *testing.T, bronnen ...fs.FS) *Gegevens {
	t.Helper()
	g, err := Laad(bronnen...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTheFilesThatComeAlongHoldWhatTheLawCounts(t *testing.T) {
	t.Parallel()
	s := laad(t, Ingebouwd()).Op("2026-11-26")
	var codes, toelichting []string
	for _, g := range s.Grondslagen() {
		codes = append(codes, g.Code)
		if g.ToelichtingNodig {
			toelichting = append(toelichting, g.Code)
		}
	}
	if d := cmp.Diff([]string{"toestemming", "overeenkomst", "wettelijke_verplichting", "vitaal_belang", "publieke_taak", "gerechtvaardigd_belang"}, codes); d != "" {
		t.Errorf("grounds of art. 6: %s", d)
	}
	if d := cmp.Diff([]string{"wettelijke_verplichting", "publieke_taak"}, toelichting); d != "" {
		t.Errorf("grounds that name a law: %s", d)
	}
	for k, b := range s.Beperkingen() {
		if want := "UAVG art. 41 lid 1 onder " + string(rune('a'+k)); b.Artikel != want {
			t.Errorf("%s is %s, want %s", b.Code, b.Artikel, want)
		}
	}
	if n := len(s.Beperkingen()); n != 10 {
		t.Errorf("%d restrictions", n)
	}
	artikelen := map[string]bool{}
	for _, u := range s.Uitzonderingen() {
		for n := 22; n <= 33; n++ {
			if strings.HasPrefix(u.Artikel+" ", fmt.Sprintf("UAVG art. %d ", n)) {
				artikelen[fmt.Sprint("UAVG ", n)] = true
			}
		}
		if strings.HasPrefix(u.Artikel, "AVG art. 9 lid 2 onder ") {
			artikelen[u.Artikel] = true
		}
	}
	if len(artikelen) != 12+10 {
		t.Errorf("%d articles with an exception: %v", len(artikelen), artikelen)
	}
	for _, r := range s.Selectielijst() {
		if !r.Voorbeeld {
			t.Errorf("row %s is not marked as an example", r.Nummer)
		}
	}
	for _, b := range s.Bestanden() {
		if b.Nagekeken != nil || b.Toelichting == "" || b.Laag != 0 {
			t.Errorf("%s: it says that somebody checked it, or does not say that nobody did", b.Naam)
		}
	}
}

func TestOnADayTheNewestFileNotAfterItHolds(t *testing.T) {
	t.Parallel()
	g := laad(t,
		bron(map[string]string{"grondslagen-2018-05-25.yaml": grondslagen("2018-05-25", "een"), "grondslagen-2027-01-01.yaml": grondslagen("2027-01-01", "twee")}),
		bron(map[string]string{"grondslagen-2020-06-01.yaml": grondslagen("2020-06-01", "drie"), "grondslagen-2027-01-01.yaml": grondslagen("2027-01-01", "vier"), "LEESMIJ.txt": "?"}))
	for _, tc := range []struct{ name, dag, code string }{
		{"before the first, as nothing older is known", "2010-01-01", "een"},
		{"on the first day", "2018-05-25", "een"},
		{"on the last day of a file", "2020-05-31", "een"},
		{"on the first day of one that the organisation added", "2020-06-01", "drie"},
		{"on the last day of that", "2026-12-31", "drie"},
		{"one that the organisation replaced", "2027-01-01", "vier"},
		{"long after", "2999-01-01", "vier"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, code := range []string{"een", "twee", "drie", "vier"} {
				if got := g.Bestaat("grondslag", code, tc.dag); got != (code == tc.code) {
					t.Errorf("%s: %v", code, got)
				}
			}
		})
	}
	var namen []string
	for _, b := range g.Bestanden() {
		namen = append(namen, fmt.Sprint(b.Naam, " ", b.Laag))
	}
	if d := cmp.Diff([]string{"grondslagen-2018-05-25.yaml 0", "grondslagen-2020-06-01.yaml 1", "grondslagen-2027-01-01.yaml 1"}, namen); d != "" {
		t.Error(d)
	}
}

func TestAKindIsKnownByItsFilesAndByTheWordForOneRow(t *testing.T) {
	t.Parallel()
	s := laad(t, Ingebouwd()).Op("2026-11-26")
	for _, tc := range []struct {
		soort, code string
		want        bool
	}{
		{"grondslag", "publieke_taak", true}, {"grondslagen", "publieke_taak", true}, {"uitzondering", "avg9_g", true},
		{"beperking", "toezicht", true}, {"selectielijst", "VB-1", true}, {"rij", "VB-1", true},
		{"grondslag", "toezicht", false}, {"beperking", "publieke_taak", false}, {"grondslag", "", false}, {"", "publieke_taak", false}, {"Grondslag", "publieke_taak", false},
	} {
		if got := s.Bestaat(tc.soort, tc.code); got != tc.want {
			t.Errorf("%s %s: %v", tc.soort, tc.code, got)
		}
	}
	leeg := laad(t).Op("2026-11-26")
	if leeg.Bestaat("grondslag", "publieke_taak") || leeg.Grondslagen() != nil {
		t.Error("without files there is something")
	}
}

func TestAFileThatIsNoGoodIsRefusedWithItsNameAndTheWayOut(t *testing.T) {
	t.Parallel()
	goed := grondslagen("2020-01-01", "een", "twee")
	const naam = "grondslagen-2020-01-01.yaml"
	selectie := func(rij string) string {
		return "soort: selectielijst\nvanaf: 2020-01-01\nbron: Lijst\nregels:\n  - {nummer: '1.1', omschrijving: Iets, lijst: Lijst, " + rij + "}\n"
	}
	for _, tc := range []struct{ name, bestand, tekst, want string }{
		{"a kind that does not exist", "wetten-2020-01-01.yaml", goed, "deze naam zegt niet wat erin staat"},
		{"no day", "grondslagen.yaml", goed, "deze naam zegt niet"},
		{"a day that does not exist", "grondslagen-2020-02-30.yaml", goed, "deze naam zegt niet"},
		{"the other extension", "grondslagen-2020-01-01.yml", goed, "deze naam zegt niet"},
		{"another kind in it", naam, strings.Replace(goed, "soort: grondslagen", "soort: beperkingen", 1), "soort moet grondslagen zijn"},
		{"another day in it", naam, strings.Replace(goed, "2020-01-01", "2020-01-02", 1), "vanaf moet 2020-01-01 zijn"},
		{"no YAML", naam, "soort: [", "geen goede YAML"},
		{"a field that does not exist", naam, goed + "datum: 2020-01-01\n", "regel 7: het veld datum bestaat niet"},
		{"a field of a row that does not exist", naam, strings.Replace(goed, "uitleg: Uitleg bij een.", "uitleg: Uitleg bij een., titel: x", 1), "het veld titel bestaat niet"},
		{"two documents", naam, goed + "---\n" + goed, "meer dan één document"},
		{"nothing in it", naam, "soort: grondslagen\nvanaf: 2020-01-01\nbron: Wet\n", "er staan geen regels in"},
		{"an empty file", naam, "", "geen goede YAML"},
		{"the same code twice", naam, grondslagen("2020-01-01", "een", "een"), "een staat er meer dan eens in"},
		{"a code that is none", naam, grondslagen("2020-01-01", "Een-1"), "code bestaat uit kleine letters"},
		{"no name", naam, strings.Replace(goed, "naam: Naam een", "naam: ''", 1), "regels[1] (een).naam ontbreekt"},
		{"a name that is too long", naam, strings.Replace(goed, "naam: Naam een", "naam: "+strings.Repeat("x", 243), 1), "is 243 tekens lang"},
		{"a character that can't be seen", naam, strings.Replace(goed, "naam: Naam een", `naam: "x\u0007"`, 1), "niet te lezen"},
		{"a spelling of two rows", naam, strings.Replace(goed, "uitleg: Uitleg bij een.", "uitleg: x, ookBekendAls: [naam TWEE]", 1), `"Naam twee" hoort bij een en ook bij twee`},
		{"a check by nobody", naam, strings.Replace(goed, "bron:", "nagekeken: {op: gisteren}\nbron:", 1), "nagekeken.door ontbreekt"},
		{"a check on no day", naam, strings.Replace(goed, "bron:", "nagekeken: {door: Een jurist, op: gisteren}\nbron:", 1), "nagekeken.op moet een dag zijn"},
		{"an exception for nothing", "uitzonderingen-2020-01-01.yaml", strings.Replace(goed, "grondslagen", "uitzonderingen", 1), "voor noemt bijzonder, strafrechtelijk of beide"},
		{"too large", naam, goed + "#" + strings.Repeat("x", 1<<20), "groter dan 1 MiB"},
		{"too many rows", naam, grondslagen("2020-01-01", make([]string, maxRegels+1)...), "er mogen er hooguit 5000 zijn"},
		{"a row to be destroyed without a term", "selectielijst-2020-01-01.yaml", selectie("waardering: vernietigen"), "zoals P5Y"},
		{"a row to be destroyed after nothing", "selectielijst-2020-01-01.yaml", selectie("waardering: vernietigen, termijn: P"), "zoals P5Y"},
		{"a row that is kept, with a term", "selectielijst-2020-01-01.yaml", selectie("waardering: bewaren, termijn: P5Y"), "heeft geen termijn"},
		{"a row without a value", "selectielijst-2020-01-01.yaml", selectie("termijn: P5Y"), "waardering is vernietigen of bewaren"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Laad(bron(map[string]string{tc.bestand: tc.tekst}))
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), tc.bestand) {
				t.Errorf("want %q in: %v", tc.want, err)
			}
		})
	}
	t.Run("everything that is wrong at once", func(t *testing.T) {
		t.Parallel()
		_, err := Laad(bron(map[string]string{"wetten-2020-01-01.yaml": "", naam: strings.ReplaceAll(goed, "naam: Naam", "titel:")}), bron(map[string]string{"grondslagen-x.yaml": ""}))
		if err == nil || len(strings.Split(err.Error(), "\n")) < 3 {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a source with too many files", func(t *testing.T) {
		t.Parallel()
		m := map[string]string{}
		for n := range maxBestanden + 1 {
			m[fmt.Sprint(n, ".yaml")] = ""
		}
		if _, err := Laad(bron(m)); err == nil || !strings.Contains(err.Error(), "201 bestanden") {
			t.Errorf("got %v", err)
		}
	})
}

func TestADirectoryOfTheOrganisationIsAddedToWhatComesAlong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "grondslagen-2027-01-01.yaml"), []byte(grondslagen("2027-01-01", "een")), 0o644); err != nil {
		t.Fatal(err)
	}
	g, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !g.Bestaat("grondslag", "publieke_taak", "2026-12-31") || !g.Bestaat("grondslag", "een", "2027-01-01") || !g.Bestaat("beperking", "toezicht", "2027-01-01") {
		t.Error("something is gone")
	}
	if g, err = Open(""); err != nil || !g.Bestaat("grondslag", "publieke_taak", "2027-01-01") {
		t.Errorf("without a directory: %v", err)
	}
	if _, err = Open(filepath.Join(dir, "weg")); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "weg")) {
		t.Errorf("a directory that is not there: %v", err)
	}
}

func TestOddSpellingsAreRecognisedAndDoubtIsNot(t *testing.T) {
	t.Parallel()
	s := laad(t, Ingebouwd()).Op("2026-11-26")
	for _, tc := range []struct{ soort, tekst, code string }{
		{"grondslag", "Wettelijke verplichting", "wettelijke_verplichting"},
		{"grondslag", "  wettelijke   VERPLICHTING. ", "wettelijke_verplichting"},
		{"grondslag", "Wettelijk verplichting", "wettelijke_verplichting"},
		{"grondslag", "Wetelijke verplchting", "wettelijke_verplichting"},
		{"grondslag", "c. Wettelijke verplichting", "wettelijke_verplichting"},
		{"grondslag", "Wettelijke verplichting (art. 6 lid 1 onder c AVG)", "wettelijke_verplichting"},
		{"grondslag", "Art. 6, lid 1, sub c AVG", "wettelijke_verplichting"},
		{"grondslag", "artikel 6.1.c", "wettelijke_verplichting"},
		{"grondslag", "6 lid 1 aanhef en onder e", "publieke_taak"},
		{"grondslag", "Noodzakelijk voor de vervulling van een taak van algemeen belang", "publieke_taak"},
		{"grondslag", "Publieke taak/openbaar gezag", "publieke_taak"},
		{"grondslag", "Taak (publieke taak)", "publieke_taak"},
		{"grondslag", "publieke_taak", "publieke_taak"},
		{"grondslag", "Toestemming van de betrokkene", "toestemming"},
		{"grondslag", "Uitvoering van een overeenkomst", "overeenkomst"},
		{"grondslag", "Vitale belangen", "vitaal_belang"},
		{"grondslag", "gerechtvaardigd belang", "gerechtvaardigd_belang"},
		{"grondslag", "Gerechtvaardïgd belang", "gerechtvaardigd_belang"},
		{"uitzondering", "AVG art. 9 lid 2 onder g", "avg9_g"},
		{"uitzondering", "Zwaarwegend algemeen belang", "avg9_g"},
		{"uitzondering", "art 30 lid 3 UAVG", "uavg30_3"},
		{"beperking", "artikel 41 lid 1 sub d UAVG", "strafbare_feiten"},
		{"selectielijst", "vb-1", "VB-1"},

		{"grondslag", "", ""},
		{"grondslag", "onbekend", ""},
		{"grondslag", "n.v.t.", ""},
		{"grondslag", "Geen toestemming", ""},
		{"grondslag", "Zonder wettelijke verplichting", ""},
		{"grondslag", "Wettelijke verplichting en publieke taak", ""},
		{"grondslag", "art. 6 lid 1", ""},
		{"grondslag", "e", ""},
		{"grondslag", strings.Repeat("wettelijke verplichting ", 200), ""},
		{"onzin", "Wettelijke verplichting", ""},
	} {
		code, ok := s.Herken(tc.soort, tc.tekst)
		if code != tc.code || ok != (tc.code != "") {
			t.Errorf("%s %.60q: %q, %v; want %q", tc.soort, tc.tekst, code, ok, tc.code)
		}
	}
	// Every row is recognised by its own words.
	for _, g := range s.Uitzonderingen() {
		for _, tekst := range append([]string{g.Code, g.Naam, g.Artikel}, g.OokBekendAls...) {
			if code, _ := s.Herken("uitzonderingen", tekst); code != g.Code {
				t.Errorf("%q is taken for %q, not %s", tekst, code, g.Code)
			}
		}
	}
}

func FuzzHerken(f *testing.F) {
	g, err := Laad(Ingebouwd())
	if err != nil {
		f.Fatal(err)
	}
	s := g.Op("2026-11-26")
	for _, tekst := range []string{"Wettelijke verplichting", "(", ")(", "art. 6 lid 1 sub é", "\xff", "6 1 c | 6 1 e"} {
		f.Add(tekst)
	}
	f.Fuzz(func(t *testing.T, tekst string) {
		for _, soort := range Soorten() {
			if code, ok := s.Herken(string(soort), tekst); ok != s.Bestaat(string(soort), code) {
				t.Errorf("%s: %q, %v", soort, code, ok)
			}
		}
	})
}
