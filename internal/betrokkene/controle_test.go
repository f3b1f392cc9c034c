package betrokkene_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

func TestControleerJudgesAsOpenDoesAndMakesNothing(t *testing.T) {
	t.Parallel()
	dir, known := t.TempDir(), &prints{}
	nieuw := filepath.Join(dir, oinA)
	if b, fouten := betrokkene.Controleer(dir, []string{oinA}, nil); len(fouten) > 0 {
		t.Errorf("a new organisation: %v", fouten)
	} else if _, ok := b.Organisatie(oinA); ok {
		t.Error("there is a keyring without keys")
	}
	if _, err := os.Stat(nieuw); err == nil {
		t.Fatal("a directory was made")
	}
	want := keyring(t, open(t, dir, known, oinA, oinB), oinA)
	bekend := map[string]map[string]string{}
	for _, oin := range []string{oinA, oinB} {
		afdrukken, err := known.Vingerafdrukken(t.Context(), oin)
		if err != nil {
			t.Fatal(err)
		}
		bekend[oin] = afdrukken
	}
	b, fouten := betrokkene.Controleer(dir, []string{oinB, oinA, oinA}, bekend)
	if len(fouten) > 0 {
		t.Fatal(fouten)
	}
	if keyring(t, b, oinA).Handle("persoon", "BSN", "2308572") != want.Handle("persoon", "BSN", "2308572") {
		t.Error("the keyring is another one")
	}

	// One organisation's key in the place of the other's is wrong twice: it is another, and used twice.
	text, err := os.ReadFile(filepath.Join(dir, oinA, "teken-1.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, oinB, "teken-2.key"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, fouten = betrokkene.Controleer(dir, []string{oinA, oinB}, bekend); fouten[oinA] != nil || fouten[oinB] == nil || !strings.Contains(fouten[oinB].Error(), "dezelfde sleutel") {
		t.Errorf("a key used twice: %v", fouten)
	}
	if err := os.Remove(filepath.Join(dir, oinB, "teken-2.key")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, oinB, "zegel-1.key")); err != nil {
		t.Fatal(err)
	}
	b, fouten = betrokkene.Controleer(dir, []string{oinA, oinB}, bekend)
	if fouten[oinA] != nil || fouten[oinB] == nil || !strings.Contains(fouten[oinB].Error(), "zegel-1.key ontbreekt") {
		t.Errorf("a key that is gone: %v", fouten)
	}
	if _, ok := b.Organisatie(oinB); ok {
		t.Error("there is a keyring without all keys")
	}
	if _, err := os.Stat(filepath.Join(dir, oinB, "zegel-1.key")); err == nil {
		t.Error("a key was made")
	}
}
