package overdracht

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// wetten recognises a few grounds, with the spelling errors that are in the test sheets.
type wetten struct{}

func (wetten) Herken(soort, tekst string) (string, bool) {
	bekend := map[string]map[string]string{
		"grondslag": {
			"wettelijke verplichting": "wettelijke_verplichting", "wettelijke verplichtng": "wettelijke_verplichting", "publieke taak": "publieke_taak",
			"algemeen belang": "publieke_taak", "toestemming": "toestemming", "toestemming betrokkene": "toestemming", "uitvoering overeenkomst": "overeenkomst",
			"vitaal belang": "vitaal_belang", "gerechtvaardigd belang": "gerechtvaardigd_belang",
		},
		"uitzondering": {"gezondheidszorg": "uavg_30", "uitdrukkelijke toestemming": "uavg_22"},
		"beperking":    {"nationale veiligheid": "uavg_41_a"},
	}
	if code, ok := bekend[soort][plat(tekst)]; ok {
		return code, true
	}
	for _, code := range bekend[soort] {
		if code == tekst {
			return code, true
		}
	}
	if strings.HasPrefix(plat(tekst), "noodzaak toestemming") { // as known words in a longer text
		return "toestemming", true
	}
	return "", false
}

const (
	vandaag = activiteit.Datum("2026-11-26")
	oin     = "00000001001299992000"
)

func rijTabel(rijen ...[]string) *rekenblad.Tabel { return &rekenblad.Tabel{Rijen: rijen} }

// proef is a *testing.T or a *rapid.T.
type proef interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// lees goes the whole way as the pages do.
func lees(t proef, tabel *rekenblad.Tabel, bestaand ...*activiteit.Activiteit) *Voorbeeld {
	t.Helper()
	kop, m := Voorstel(tabel)
	if kop < 0 {
		t.Fatalf("no row with names in %v", tabel.Rijen)
	}
	return Lees(tabel, kop, m, bestaand, wetten{}, vandaag)
}

func fouten(v *Voorbeeld) (uit []Melding) {
	for _, m := range v.Meldingen {
		if m.Fout {
			uit = append(uit, m)
		}
	}
	for _, r := range v.Regels {
		for _, m := range r.Meldingen {
			if m.Fout {
				m.Rij = r.Rij
				uit = append(uit, m)
			}
		}
	}
	return uit
}

func geenFouten(t proef, v *Voorbeeld) {
	t.Helper()
	if f := fouten(v); len(f) > 0 {
		t.Fatalf("%d errors, the first: %+v", len(f), f[0])
	}
}

func meldt(list []Melding, kolom, woord string) bool {
	return slices.ContainsFunc(list, func(m Melding) bool { return m.Kolom == kolom && bytes.Contains([]byte(m.Tekst), []byte(woord)) })
}

func vast(naam string, nummer int, in, uit activiteit.Datum) *activiteit.Activiteit {
	return &activiteit.Activiteit{ID: uuid.New(), Stand: 7, Versies: []activiteit.Versie{{Nummer: nummer, ID: uuid.New(), Ingangsdatum: in, Einddatum: uit,
		VastgesteldOp: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Inhoud: activiteit.Inhoud{Naam: naam, Doel: "Een doel"}}}}
}

// langs writes a table as a file of a kind and reads it again.
func langs(t proef, tabel *rekenblad.Tabel, soort rekenblad.Soort) *rekenblad.Tabel {
	t.Helper()
	var b bytes.Buffer
	schrijf := rekenblad.SchrijfCSV
	if soort == rekenblad.XLSX {
		schrijf = rekenblad.SchrijfXLSX
	}
	if err := schrijf(&b, tabel); err != nil {
		t.Fatal(err)
	}
	terug, err := rekenblad.Lees(bytes.NewReader(b.Bytes()), int64(b.Len()), "export."+string(soort), rekenblad.Limieten{Bytes: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return terug
}
