package bestand_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/verantwoord/verantwoord/internal/bestand"
)

func TestAFileIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pad := filepath.Join(dir, "a")
	for _, inhoud := range []string{"lang genoeg", "kort", ""} {
		if err := bestand.Vervang(pad, []byte(inhoud)); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(pad)
		if err != nil || string(b) != inhoud {
			t.Errorf("%q, %v", b, err)
		}
	}
	s, err := os.Stat(pad)
	if err != nil || s.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", s.Mode(), err)
	}
	// What can't be written leaves what was there, and nothing beside it.
	vol := filepath.Join(dir, "map")
	if err := os.MkdirAll(filepath.Join(vol, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := bestand.Vervang(vol, []byte("x")); err == nil {
		t.Error("a directory is replaced")
	}
	if l, err := os.ReadDir(dir); err != nil || len(l) != 2 {
		t.Errorf("%v, %v", l, err)
	}
}
