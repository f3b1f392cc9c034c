package getuige_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/getuige"
)

func TestAWitnessThatForgotIsRefused(t *testing.T) {
	t.Parallel()
	l := newLog(t, 9, 9)
	wis := func(naam string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, naam)); err != nil {
				t.Fatal(err)
			}
		}
	}
	andere := func(bestand, inhoud string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			pad, err := filepath.Glob(filepath.Join(dir, bestand))
			if err != nil || len(pad) != 1 {
				t.Fatal(pad, err)
			}
			if err := os.WriteFile(pad[0], []byte(inhoud), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for naam, g := range map[string]struct {
		doe  func(*testing.T, string)
		want string // in the error; "": it starts
	}{
		"nothing happened":        {func(*testing.T, string) {}, ""},
		"what it saw is gone":     {wis("gezien"), "is leeg"},
		"its key is gone":         {wis("getuige.key"), "sleutelbestand van de getuige is weg"},
		"another key":             {andere("getuige.key", strings.Repeat("x", 32)), "andere naam of sleutel"},
		"half a key":              {andere("getuige.key", "x"), "geen 32 bytes"},
		"what it saw is damaged":  {andere("gezien/*.checkpoint", "x"), "read what was seen"},
		"what it saw is emptied":  {andere("gezien/*.checkpoint", ""), "read what was seen"},
		"what it saw is unsigned": {andere("gezien/*.checkpoint", string(l.punt(3))), "read what was seen"},
		"its key may be read": {func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, "getuige.key"), 0o640); err != nil {
				t.Fatal(err)
			}
		}, "0600"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := start(t, dir, l)
			p.want(t, l, 0, 9)
			eerder := p.Publiek()
			p.kaart.Close()
			g.doe(t, dir)
			nu, err := open(dir, l)
			if g.want == "" {
				if err != nil || nu.Publiek() != eerder || nu.Logs()[0].Grootte != 9 {
					t.Fatalf("it does not go on: %v", err)
				}
				nu.kaart.Close()
				return
			}
			if err == nil || !strings.Contains(err.Error(), g.want) {
				t.Errorf("error %v, want %q", err, g.want)
			}
		})
	}
}

// A crash at every step of the first start: the next start goes on, with one key.
func TestAFirstStartThatWasBrokenOffIsFinished(t *testing.T) {
	t.Parallel()
	l := newLog(t, 9, 9)
	heel := t.TempDir()
	p := start(t, heel, l)
	p.kaart.Close()
	zaad, err := os.ReadFile(filepath.Join(heel, "getuige.key"))
	if err != nil {
		t.Fatal(err)
	}
	for stap, bestanden := range []map[string][]byte{
		{}, {"getuige.key.nieuw": zaad}, {"getuige.key.nieuw": zaad, "gezien/sleutel": []byte(p.Publiek() + "\n")},
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "gezien"), 0o700); err != nil {
			t.Fatal(err)
		}
		for naam, b := range bestanden {
			if err := os.WriteFile(filepath.Join(dir, naam), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			nu, err := open(dir, l)
			if err != nil || stap > 0 && nu.Publiek() != p.Publiek() {
				t.Fatalf("step %d: %v", stap, err)
			}
			nu.kaart.Close()
		}
		if s, err := os.Stat(filepath.Join(dir, "getuige.key")); err != nil || s.Mode().Perm() != 0o600 {
			t.Errorf("step %d: the key file is %v, %v", stap, s, err)
		}
	}
}

func TestOneProcessHasADirectory(t *testing.T) {
	t.Parallel()
	l := newLog(t, 1, 1)
	dir := t.TempDir()
	p := start(t, dir, l)
	if _, err := open(dir, l); err == nil || !strings.Contains(err.Error(), "een andere getuige") {
		t.Errorf("a second one: %v", err)
	}
	p.kaart.Close()
	if _, err := open(dir, l); err != nil {
		t.Errorf("after the first ended: %v", err)
	}
}

func TestContradictionsAreKeptAndNotMany(t *testing.T) {
	t.Parallel()
	l := newLog(t, 1, 1)
	p := start(t, t.TempDir(), l)
	for i := range 30 {
		if err := p.kaart.Bewaar(origin, getuige.Onbewezen, []byte{byte(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.kaart.Bewaar(origin, getuige.Tegenspraak, []byte("b")); err != nil {
		t.Fatal(err)
	}
	for soort, want := range map[string]int{getuige.Onbewezen: 20, getuige.Tegenspraak: 1} {
		if l, err := p.kaart.Bewaard(origin, soort); err != nil || len(l) != want {
			t.Errorf("%d are kept of %s, %v", len(l), soort, err)
		}
	}
}

// When what was seen can't be kept, nothing is signed.
func TestNothingIsSignedThatCannotBeKept(t *testing.T) {
	t.Parallel()
	l := newLog(t, 9, 9)
	dir := t.TempDir()
	p := start(t, dir, l)
	p.want(t, l, 0, 3)
	if err := os.Rename(filepath.Join(dir, "gezien"), filepath.Join(dir, "weg")); err != nil {
		t.Fatal(err)
	}
	if regel, err := p.bied(l, 3, 9); err == nil || regel != nil {
		t.Errorf("signed %q, %v", regel, err)
	}
	if g := p.Logs()[0]; g.Grootte != 3 {
		t.Errorf("it says it saw %d", g.Grootte)
	}
	if err := os.Rename(filepath.Join(dir, "weg"), filepath.Join(dir, "gezien")); err != nil {
		t.Fatal(err)
	}
	p.want(t, l, 3, 9)
}
