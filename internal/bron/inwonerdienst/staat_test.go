package inwonerdienst

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/aanmelddienst"
	"github.com/verantwoord/verantwoord/internal/bron/oidc"
)

// geenAfdrukken is a store that knows no keys.
type geenAfdrukken map[string]map[string]string

func (g geenAfdrukken) Vingerafdrukken(_ context.Context, oin string) (map[string]string, error) {
	return g[oin], nil
}

func (g geenAfdrukken) BewaarVingerafdrukken(_ context.Context, oin string, nieuw map[string]string) error {
	g[oin] = nieuw
	return nil
}

func TestAStateOpensForCitizensOfItsOrganisationOnly(t *testing.T) {
	t.Parallel()
	const een, twee = "00000099000000010000", "00000099000000020000"
	bos, err := betrokkene.Open(t.Context(), t.TempDir(), []string{een, twee}, geenAfdrukken{})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := bos.Organisatie(een)
	ander, _ := bos.Organisatie(twee)
	want := Staat{OIDC: oidc.Staat{State: "staat", Verifier: "geheim van PKCE", Verloopt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, Dienst: "digid", Vers: true}
	waarde, err := Seal(s, een, want)
	if err != nil || strings.ContainsAny(waarde, "+/=;, ") || len(waarde) > 1500 {
		t.Fatalf("%d bytes for a cookie: %v", len(waarde), err)
	}
	got, err := Open(s, een, waarde)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
	medewerker, err := aanmelddienst.Seal(s, een, want.OIDC)
	if err != nil {
		t.Fatal(err)
	}
	for wat, err := range map[string]error{
		"of an employee":               second(Open(s, een, medewerker)),
		"for another organisation":     second(Open(s, twee, waarde)),
		"with the keys of another":     second(Open(ander, een, waarde)),
		"cut off":                      second(Open(s, een, waarde[:len(waarde)-4])),
		"nothing":                      second(Open(s, een, "")),
		"of a citizen, at an employee": second(aanmelddienst.Open(s, een, waarde)),
	} {
		if err == nil {
			t.Errorf("%s: opened", wat)
		}
	}
}

func second[T any](_ T, err error) error { return err }
