package server

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/juridisch"
)

func TestAChangeOfLegalDataIsInTheBeheerlogOnce(t *testing.T) {
	t.Parallel()
	const oin = "00000099123456780000"
	dir := t.TempDir()
	wet := filepath.Join(dir, "wet")
	if err := os.Mkdir(wet, 0o755); err != nil {
		t.Fatal(err)
	}
	schrijf := func(uitleg string) {
		t.Helper()
		tekst := "soort: beperkingen\nvanaf: 2027-01-01\nbron: Wet van de test\nregels:\n  - {code: een, naam: Een, artikel: Artikel 1, uitleg: " + uitleg + "}\n"
		if err := os.WriteFile(filepath.Join(wet, "beperkingen-2027-01-01.yaml"), []byte(tekst), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// start gives what the newest event about settings says.
	start := func() string {
		t.Helper()
		b, err := autorisatie.Parse(strings.NewReader(`organisaties: [{oin: "`+oin+`", naam: Voorbeeldstad}]`), "")
		if err != nil {
			t.Fatal(err)
		}
		omgeving := map[string]string{"VERANTWOORD_STORE": "sqlite:" + dir + "/store", "VERANTWOORD_SLEUTELS": dir + "/sleutels", "VERANTWOORD_JURIDISCH": wet}
		var namen []string
		for k := range omgeving {
			namen = append(namen, k+"=")
		}
		c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), c, b, Opties{Versie: "proef"})
		if err != nil {
			t.Fatal(err)
		}
		regels, err := s.beheerlog.Van(context.Background(), oin, beheerlog.Instelling, beheerlog.Vanaf, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return regels[0].Wat
	}
	schrijf("Eerste uitleg.")
	if got, want := start(), "Instellingen gewijzigd: juridisch, juridisch beperkingen-2027-01-01.yaml."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	schrijf("Tweede uitleg.")
	if got, want := start(), "Instellingen gewijzigd: juridisch beperkingen-2027-01-01.yaml."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLegalDataAreAskedForADayOrToday(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tekst := "soort: grondslagen\nvanaf: 2027-01-01\nbron: Wet van de test\nregels:\n  - {code: nieuw, naam: Nieuw, artikel: Artikel 1, uitleg: Nieuwe grondslag., toelichtingNodig: true}\n"
	if err := os.WriteFile(filepath.Join(dir, "grondslagen-2027-01-01.yaml"), []byte(tekst), 0o644); err != nil {
		t.Fatal(err)
	}
	g, err := juridisch.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	// Half past eleven at night in UTC is the next day in Dutch time.
	op := func(dag int) wetten {
		return wetten{g, func() time.Time { return time.Date(2026, 12, dag, 23, 30, 0, 0, time.UTC) }}
	}
	for _, tt := range []struct {
		name string
		w    wetten
		op   string
		want bool
	}{
		{"the day before", op(31), "2026-12-31", false},
		{"the first day", op(1), "2027-01-01", true},
		{"today, the day before", op(30), "", false},
		{"today, in Dutch time", op(31), "", true},
	} {
		if got := tt.w.Bestaat("grondslag", "nieuw", activiteit.Datum(tt.op)); got != tt.want {
			t.Errorf("%s: Bestaat %v", tt.name, got)
		}
		if got := tt.w.ToelichtingNodig("nieuw", activiteit.Datum(tt.op)); got != tt.want {
			t.Errorf("%s: ToelichtingNodig %v", tt.name, got)
		}
	}
	v := varActiviteiten{nil, g}
	if got := v.Grondslag("nieuw", "2027-01-01"); got != "Nieuw" {
		t.Errorf("the name of a ground: %q", got)
	}
	if got := v.Grondslag("weg", "2027-01-01"); got != "weg" {
		t.Errorf("a code that is gone: %q", got)
	}
}
