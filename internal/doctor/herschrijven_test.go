package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
)

func TestHowFarRewritingIsIsTold(t *testing.T) {
	t.Parallel()
	const oin = "00000099000000001000"
	nu := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for naam, c := range map[string]struct {
		stand *hersleuteling.Stand
		want  string
		hoe   Niveau
	}{
		"no state":     {nil, "", ""},
		"first keys":   {&hersleuteling.Stand{}, "", ""},
		"waiting":      {&hersleuteling.Stand{Doel: "handle-2 zegel-1"}, "schrijft met handle-2 en zegel-1", InOrde},
		"of before":    {&hersleuteling.Stand{Doel: "handle-3 zegel-1", Voortgang: &hersleuteling.Voortgang{Doel: "handle-2 zegel-1", Klaar: nu}}, "volgen ruim een uur later", InOrde},
		"under way":    {&hersleuteling.Stand{Doel: "a b", Voortgang: &hersleuteling.Voortgang{Doel: "a b", Volgende: 3, Totaal: 9}}, "3 van 9 bekeken", InOrde},
		"the rooms":    {&hersleuteling.Stand{Doel: "a b", Voortgang: &hersleuteling.Voortgang{Doel: "a b", Klaar: nu, Kamers: hersleuteling.Kamers{Bekeken: 7}}}, "7 documenten bekeken", InOrde},
		"finished":     {&hersleuteling.Stand{Doel: "a b", Voortgang: &hersleuteling.Voortgang{Doel: "a b", Klaar: nu, Kamers: hersleuteling.Kamers{Klaar: nu}}}, "alles herschreven", InOrde},
		"to retire":    {&hersleuteling.Stand{Nodig: map[string]hersleuteling.Nodig{"zegel-1": {}, "zegel-2": {Documenten: 1}}}, "niets zegel-1 nog nodig", InOrde},
		"left as were": {&hersleuteling.Stand{Doel: "a b", Voortgang: &hersleuteling.Voortgang{Doel: "a b", Klaar: nu, Gelaten: 2}}, "2 versies en 0 documenten niet te herschrijven", Waarschuwing},
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, oin), 0o700); err != nil {
			t.Fatal(err)
		}
		if c.stand != nil {
			if err := c.stand.Schrijf(dir, oin); err != nil {
				t.Fatal(err)
			}
		}
		o := &onderzoek{Opties: Opties{Config: &config.Config{Sleutels: dir}}, oins: []string{oin}}
		o.herschrijven()
		switch {
		case c.want == "" && len(o.bevindingen) > 0:
			t.Errorf("%s: %v", naam, o.bevindingen)
		case c.want != "" && (len(o.bevindingen) != 1 || o.bevindingen[0].Niveau != c.hoe || !strings.Contains(o.bevindingen[0].Wat, c.want)):
			t.Errorf("%s: %v", naam, o.bevindingen)
		}
	}
}

// An embedded store that is in use can't be asked which keys there must be, so what the register itself found is told.
func TestWhatARunningRegisterFoundWrongWithItsKeysIsTold(t *testing.T) {
	t.Parallel()
	const oin, gebrek = "00000099000000001000", "Sleutelbestand zegel-2.key ontbreekt: zet het terug."
	for _, stuk := range []string{"", gebrek} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, oin), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := (&hersleuteling.Stand{Gebrek: stuk}).Schrijf(dir, oin); err != nil {
			t.Fatal(err)
		}
		o := &onderzoek{Opties: Opties{Config: &config.Config{Sleutels: dir}}, oins: []string{oin}, dienst: &dienst{}}
		o.sleutels()
		want := InOrde
		if stuk != "" {
			want = Fout
		}
		if len(o.bevindingen) != 1 || o.bevindingen[0].Niveau != want || !strings.Contains(o.bevindingen[0].Wat, stuk) {
			t.Errorf("%q: %v", stuk, o.bevindingen)
		}
	}
}
