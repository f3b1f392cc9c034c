package overdracht

import (
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

func TestNoNameOfAColumnIsTwoFields(t *testing.T) {
	t.Parallel()
	gezien := map[string]string{}
	for _, v := range velden {
		namen := append([]string{plat(v.Titel)}, v.namen...)
		if v.Naam != "id" {
			namen = append(namen, plat(v.Naam))
		}
		slices.Sort(namen)
		for _, n := range slices.Compact(namen) {
			if n != plat(n) {
				t.Errorf("%q of %s would never be found", n, v.Naam)
			}
			if ander, ok := gezien[n]; ok {
				t.Errorf("%q is %s and %s", n, ander, v.Naam)
			}
			gezien[n] = v.Naam
		}
	}
}

func TestColumnsAreKnownByOddNames(t *testing.T) {
	t.Parallel()
	for kop, want := range map[string]string{
		"UUID": "id", "ID": "nummer", "Hoofdproces": "categorie", "Naam verwerking": "naam", "naam  VERWERKING:": "naam", "Naam verwerkng": "naam", "Naamverwerking": "naam",
		"Verwerkingsverantwoordelijke": "verantwoordelijkeBestuursorgaan", "Verwerkingsverantwoordelijk": "verantwoordelijkeBestuursorgaan",
		"Gedelegeerd verantwoordelijke": "gedelegeerdVerantwoordelijke", "Proces-eigenaar": "proceseigenaar", "Proceseigenaar (functie)": "proceseigenaar",
		"Doeleinde": "doel", "Doeleinde(n)": "doel", "Doeleinden van de verwerking (art. 30 lid 1 sub b)": "doel", "Doelen": "doel",
		"Grondslag": "grondslagen", "Gronslag": "grondslagen", "Grondslag AVG (art. 6)": "grondslagen", "3. Grondslag": "grondslagen",
		"Toelichting op de grondslag": "toelichtingGrondslag", "Categorieën van betrokkenen": "betrokkenen", "Categorieen betrokkenen": "betrokkenen",
		"Bewaar-\ntermijn": "bewaartermijn", "BSN (ja/nee)": "persoonsgegevens.bsn", "Bijzondere persoonsgegevens": "persoonsgegevens.bijzonder",
		"Bijzondere categorieën persoonsgegevens (art. 9 AVG)": "persoonsgegevens.bijzonder", "Doorgifte aan derde landen": "internationaleDerden",
		"Technische en organisatorische maatregelen": "beveiliging", "bewaartermijnLog": "bewaartermijnLog", "Bewaartermijn log": "bewaartermijnLog",
		"persoonsgegevens.bijzonder": "persoonsgegevens.bijzonder", "Betrokkenen (vervolg 2)": "betrokkenen", "Stand in het register": Negeer,
		"Opmerking": "", "Overig: Grondslag": "", "Overig: Opmerking": "", "": "", "x": "", "Register van verwerkingen": "", "2026": "",
	} {
		if got := vind(kop).veld; got != want {
			t.Errorf("%q is %q, want %q", kop, got, want)
		}
	}
}

func TestTheRowWithNamesIsFoundBelowATitle(t *testing.T) {
	t.Parallel()
	koppen := []string{"ID", "Naam", "Doel", "Grondslag"}
	titel := []string{"Naam van de verwerking en doel", "", ""}
	diep := make([][]string, 250)
	for _, c := range []struct {
		naam string
		in   [][]string
		want int
	}{
		{"on top", [][]string{koppen, {"1", "a", "b", "c"}}, 0},
		{"below a title", [][]string{titel, nil, koppen, {"1", "a", "b", "c"}}, 2},
		{"below a title that was merged", [][]string{{"Register", "Register", "Register", "Register"}, koppen}, 1},
		{"below names over several columns", [][]string{{"Naam", "Naam", "Doel", "Doel"}, koppen}, 1},
		{"the lower of two that were merged downwards", [][]string{{"ID", "Naam", "Doel", "Doel"}, {"ID", "Naam", "Doel", "Toelichting"}}, 1},
		{"the upper of two tables", [][]string{koppen, {"1", "a", "b", "c"}, koppen}, 0},
		{"far down", append(diep, koppen, []string{"1", "a", "b", "c"}), 250},
		{"a column with a name alone", [][]string{{"Naam"}, {"Beheer"}}, 0},
		{"none", [][]string{{"x", "y"}, {"Doel", "z"}}, -1},
		{"nothing", nil, -1},
		{"deeper than anybody writes", append(make([][]string, zoekRijen), koppen), -1},
	} {
		if kop, m := Voorstel(rijTabel(c.in...)); kop != c.want || kop >= 0 && len(m.Kolommen) == 0 {
			t.Errorf("%s: row %d, %v", c.naam, kop, m)
		}
	}
}

func TestAFieldHasOneColumnUnlessItIsAList(t *testing.T) {
	t.Parallel()
	tabel := rijTabel([]string{"Doelen", "Naam", "Doeleinde", "Ontvanger", "Ontvangers", "Naam", "Verzonnen"}, []string{"", "", "", "", "", "", "", "meer"})
	_, m := Voorstel(tabel)
	want := []string{"doel", "naam", Overig, "ontvangers", "ontvangers", Overig, Overig, Overig}
	if !slices.Equal(m.Kolommen, want) {
		t.Errorf("got %v", m.Kolommen)
	}
	tabel.Rijen[0][0] = "Doeleinden van de verwerking en meer" // further from a known name than the other
	if _, m = Voorstel(tabel); m.Kolommen[0] != Overig || m.Kolommen[2] != "doel" {
		t.Errorf("got %v", m.Kolommen)
	}
	if m := VoorstelVoor(tabel, 1); m.Kolommen[1] != Overig || len(m.Kolommen) != 8 {
		t.Errorf("got %v", m.Kolommen)
	}
	if m := VoorstelVoor(tabel, 99); m.Kolommen != nil {
		t.Errorf("got %v", m.Kolommen)
	}
}

func TestTheDistanceBetweenWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		max  int
		want int
	}{{"doel", "doel", 2, 0}, {"dole", "doel", 2, 1}, {"doeleinde", "doeleidne", 2, 1}, {"abc", "xyz", 2, 3}, {"abc", "abcdef", 2, 3}, {"", "ab", 2, 2}, {"grondslag", "gronslag", 1, 1}, {"ab", "ba", 0, 1}} {
		if got := afstand(c.a, c.b, c.max); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func BenchmarkVoorstel(b *testing.B) {
	tabel := &rekenblad.Tabel{}
	for k := range 20_000 { // no row is one with names, and all texts differ
		rij := make([]string, 50)
		for n := range rij {
			rij[n] = strings.Repeat(string(rune('a'+n%26)), 10+k%20) + " tekst"
		}
		tabel.Rijen = append(tabel.Rijen, rij)
	}
	for b.Loop() {
		Voorstel(tabel)
	}
}
