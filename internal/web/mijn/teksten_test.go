package mijn

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// sleutels are all keys of a language.
func sleutels(t taal.Taal) map[string]string {
	uit := map[string]string{}
	for groep, zinnen := range catalogi[t].Zinnen {
		for naam, s := range zinnen {
			uit[groep+"."+naam] = s
		}
	}
	return uit
}

var plaats = regexp.MustCompile(`\{[^}]*\}`)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	nl, en := sleutels(taal.Nederlands), sleutels(taal.Engels)
	for k, s := range nl {
		ander, ok := en[k]
		if !ok {
			t.Errorf("%s has no English", k)
			continue
		}
		p, q := plaats.FindAllString(s, -1), plaats.FindAllString(ander, -1)
		slices.Sort(p)
		slices.Sort(q)
		if !slices.Equal(p, q) {
			t.Errorf("%s fills in %v, and %v in English", k, p, q)
		}
		if s == "" || ander == "" || strings.Contains(s+ander, "—") {
			t.Errorf("%s is empty, or has a long dash", k)
		}
	}
	for k := range en {
		if _, ok := nl[k]; !ok {
			t.Errorf("%s has no Dutch", k)
		}
	}
	bladen := slices.Sorted(maps.Keys(catalogi[taal.Nederlands].Bladen))
	if !slices.Equal(bladen, slices.Sorted(maps.Keys(catalogi[taal.Engels].Bladen))) {
		t.Error("the languages have different pages")
	}
	for _, naam := range bladen {
		a, b := catalogi[taal.Nederlands].Bladen[naam], catalogi[taal.Engels].Bladen[naam]
		if len(a.Delen) != len(b.Delen) || a.Titel == "" || b.Titel == "" || a.Intro == "" || b.Intro == "" {
			t.Errorf("page %s differs", naam)
			continue
		}
		for k := range a.Delen {
			x, y := a.Delen[k], b.Delen[k]
			if x.Kop == "" || y.Kop == "" || len(x.Tekst) != len(y.Tekst) || len(x.Punten) != len(y.Punten) || (x.Link == nil) != (y.Link == nil) {
				t.Errorf("page %s: part %q differs from %q", naam, x.Kop, y.Kop)
			}
		}
	}
}

// The texts that the templates and the program ask for are there, and no others: an editor changes nothing in vain.
func TestEveryTextIsUsedAndEveryUseHasAText(t *testing.T) {
	t.Parallel()
	var bron strings.Builder
	for _, patroon := range []string{"*.go", "sjablonen/*.html"} {
		namen, err := filepath.Glob(patroon)
		if err != nil {
			t.Fatal(err)
		}
		for _, naam := range namen {
			if strings.HasSuffix(naam, "_test.go") {
				continue
			}
			b, err := os.ReadFile(naam)
			if err != nil {
				t.Fatal(err)
			}
			bron.Write(b)
		}
	}
	gebruikt := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:\bt|\btn|tekst|telling)\(?(?:b\.taal, )? ?"([a-z]+\.[a-z-]+)"`).FindAllStringSubmatch(bron.String(), -1) {
		if !strings.HasSuffix(m[1], "-") {
			gebruikt[m[1]] = true
		}
	}
	// Keys that are put together.
	for _, k := range slices.Concat(kolommen, groveKolommen) {
		gebruikt["kolom."+k] = true
	}
	for _, s := range soorten {
		gebruikt["fout."+s.sleutel], gebruikt["fout."+s.sleutel+"-kop"] = true, true
	}
	for _, k := range []string{"fout.intern", "fout.intern-kop", "downloaden.periode-van", "downloaden.periode-tot", "aanmeldingen.basis", "aanmeldingen.midden", "aanmeldingen.substantieel", "aanmeldingen.hoog"} {
		gebruikt[k] = true
	}
	nl := sleutels(taal.Nederlands)
	for k := range gebruikt {
		if _, ok := nl[k]; !ok {
			t.Errorf("%s is asked for, and is not there", k)
		}
	}
	for k := range nl {
		if !gebruikt[k] && !gebruikt[strings.TrimSuffix(k, "-een")] {
			t.Errorf("%s is used nowhere", k)
		}
	}
}

// Every ground of the law that comes along is explained in English.
func TestEveryGroundHasEnglish(t *testing.T) {
	t.Parallel()
	wetten, err := juridisch.Open("")
	if err != nil {
		t.Fatal(err)
	}
	grondslagen := wetten.Op("2026-01-01").Grondslagen()
	if len(grondslagen) != 6 {
		t.Errorf("%d grounds", len(grondslagen))
	}
	for _, g := range grondslagen {
		if e, ok := vertaald(taal.Engels, inzage.Grond{Code: g.Code}); !ok || e.Naam == "" || e.Artikel == "" || e.Uitleg == "" {
			t.Errorf("%s: %+v", g.Code, e)
		}
		if e, ok := vertaald(taal.Nederlands, inzage.Grond{Code: g.Code, Naam: "eigen"}); !ok || e.Naam != "eigen" {
			t.Errorf("%s in Dutch is not what the legal data say: %+v", g.Code, e)
		}
	}
	if n := len(catalogi[taal.Engels].Gronden); n != len(grondslagen) {
		t.Errorf("%d grounds in English", n)
	}
}

func TestNumbersAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567"} {
		if s := getal(taal.Nederlands, n); s != want {
			t.Errorf("%d is written %s", n, s)
		}
	}
	if s := telling(taal.Nederlands, "overzicht.aantal", 1); s != "1 regel" {
		t.Error(s)
	}
}
