package aanmelddienst

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

const (
	oinEen   = "00000099000000010000"
	oinAnder = "00000099000000020000"
)

func bos(t testing.TB) *betrokkene.Sleutelbos {
	t.Helper()
	oins := []string{oinEen, oinAnder}
	s, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	b, err := betrokkene.Open(context.Background(), t.TempDir(), oins, s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func staat() Staat {
	return Staat{Uitgever: "https://keycloak.example/realms/stad", ClientID: client, State: random(), Nonce: random(), Verifier: random(),
		Verloopt: time.Date(2026, 3, 1, 12, 10, 0, 0, time.UTC), Verder: "/beheer/"}
}

func TestAStateComesBackFromTheBrowserAsItWas(t *testing.T) {
	t.Parallel()
	s, _ := bos(t).Organisatie(oinEen)
	want := staat()
	waarde, err := Seal(s, oinEen, want)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(waarde, "+/=;, \"") || strings.Contains(waarde, want.Verifier) || len(waarde) > 1000 {
		t.Errorf("it is no value for a cookie: %d bytes", len(waarde))
	}
	got, err := Open(s, oinEen, waarde)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
	want.Verder = strings.Repeat("a", 4000)
	if _, err := Seal(s, oinEen, want); err == nil {
		t.Error("a browser would not keep it")
	}
}

func TestAStateThatWasTouchedOrIsOfAnotherDoesNotOpen(t *testing.T) {
	t.Parallel()
	b := bos(t)
	s, _ := b.Organisatie(oinEen)
	t2, _ := b.Organisatie(oinAnder)
	goed, err := Seal(s, oinEen, staat())
	if err != nil {
		t.Fatal(err)
	}
	anders := "A"
	if strings.HasSuffix(goed[:40], "A") {
		anders = "B"
	}
	for naam, waarde := range map[string]string{
		"nothing":                        "",
		"no base64":                      "!!!",
		"one letter altered":             goed[:39] + anders + goed[40:],
		"cut off":                        goed[:len(goed)-4],
		"a letter more":                  goed + "AAAA",
		"a place in a list":              base64.RawURLEncoding.EncodeToString(s.SealCursor([]byte("lijst"), []byte(`{"state":"a"}`))),
		"a state that is no JSON":        base64.RawURLEncoding.EncodeToString(s.SealCursor(binding(oinEen), []byte(`geen`))),
		"much too long":                  strings.Repeat("A", 1<<20),
		"sealed as what is in the store": base64.RawURLEncoding.EncodeToString(s.Seal(nil, betrokkene.KlasseNormaal, binding(oinEen), []byte(`{}`))),
	} {
		if _, err := Open(s, oinEen, waarde); err == nil {
			t.Errorf("%s: opened", naam)
		}
	}
	if _, err := Open(s, oinAnder, goed); err == nil {
		t.Error("opened for another organisation")
	}
	if _, err := Open(t2, oinEen, goed); err == nil {
		t.Error("opened with the keys of another organisation")
	}
}

// FuzzOpen checks that no cookie makes reading panic.
func FuzzOpen(f *testing.F) {
	s, _ := bos(f).Organisatie(oinEen)
	goed, err := Seal(s, oinEen, staat())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(goed)
	f.Add("")
	f.Fuzz(func(t *testing.T, waarde string) {
		if _, err := Open(s, oinEen, waarde); err == nil && waarde != goed {
			t.Errorf("opened %q", waarde)
		}
	})
}
