package server

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/config"
)

func TestWhatAnOperatorChangesIsInTheBeheerlogOnce(t *testing.T) {
	t.Parallel()
	const oin = "00000099123456780000"
	dir := t.TempDir()
	start := func(rechten, instelling string) []*beheerlog.Regel {
		t.Helper()
		b, err := autorisatie.Parse(strings.NewReader(`
organisaties: [{oin: "`+oin+`", naam: Voorbeeldstad}]
applicaties:
  - {clientIds: [balie], geheim: "een-geheim-van-minstens-32-tekens!", label: Balie, organisatie: "`+oin+`", oins: ["`+oin+`"],
     autorisaties: [{component: verwerkingenlogging-bewerking, scopes: [`+rechten+`]}]}
`), "")
		if err != nil {
			t.Fatal(err)
		}
		omgeving := map[string]string{
			"VERANTWOORD_STORE": "sqlite:" + dir + "/store", "VERANTWOORD_SLEUTELS": dir + "/sleutels", "VERANTWOORD_LIMIETEN_PAGINA": instelling,
		}
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
		regels, err := s.beheerlog.List(context.Background(), oin, beheerlog.Vanaf, 100)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.beheerlog.Controle(context.Background(), oin); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return regels
	}
	eerst := start("create:normal", "100")
	if len(eerst) != 2 {
		t.Fatalf("%d events at first", len(eerst))
	}
	for _, r := range eerst {
		if strings.Contains(fmt.Sprintf("%s %s", r.Wat, r.Na), "een-geheim") {
			t.Error("a secret is in the beheerlog")
		}
	}
	if n := len(start("create:normal", "100")); n != 2 {
		t.Errorf("%d events after nothing changed", n)
	}
	daarna := start("'create:normal', 'read:normal'", "50")
	if len(daarna) != 3 || daarna[0].Soort != beheerlog.Instelling || daarna[0].Wat != "Instellingen gewijzigd: applicatie balie, limieten.pagina." {
		t.Errorf("%d events, the last: %s", len(daarna), daarna[0].Wat)
	}
}
