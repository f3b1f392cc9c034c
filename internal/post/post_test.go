package post

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

const (
	oin = "00000099000000010000"
	aan = "b.heer@voorbeeldstad.example"
)

var nu = time.Date(2026, 7, 1, 12, 0, 0, 123_456_789, time.UTC)

// keys gives those of two organisations.
func keys(t testing.TB) (een, ander *betrokkene.Sleutels) {
	t.Helper()
	oins := []string{oin, "00000099000000020000"}
	s, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	bos, err := betrokkene.Open(context.Background(), t.TempDir(), oins, s)
	if err != nil {
		t.Fatal(err)
	}
	een, _ = bos.Organisatie(oins[0])
	ander, _ = bos.Organisatie(oins[1])
	return een, ander
}

func TestAMessageComesOutOfItsRowAsItWasWritten(t *testing.T) {
	t.Parallel()
	s, _ := keys(t)
	b := Bericht{Soort: Code, Aan: aan, Onderwerp: "Uw code: één", Tekst: "12345678\n"}
	r, err := Verzegel(s, oin, nu, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, wat := range []string{aan, "12345678", "Uw code"} {
		if strings.Contains(string(r.Verzegeld), wat) {
			t.Errorf("%s lies plain in the row", wat)
		}
	}
	z, err := Ontzegel(s, r)
	if err != nil {
		t.Fatal(err)
	}
	moment := nu.Truncate(time.Microsecond)
	if d := cmp.Diff(&Zending{Bericht: b, OIN: oin, ID: r.ID, Stand: Wacht, Volgende: moment, Gemaakt: moment}, z); d != "" {
		t.Error(d)
	}
	if einde := z.Einde(); !einde.Equal(moment.Add(10 * time.Minute)) {
		t.Errorf("sent until %v", einde)
	}
}

func TestARowThatWasTouchedDoesNotOpen(t *testing.T) {
	t.Parallel()
	s, ander := keys(t)
	r, err := Verzegel(s, oin, nu, Bericht{Soort: Code, Aan: aan, Onderwerp: "Uw code om aan te melden", Tekst: "Uw code is " + "12345678" + ".\n\nDe code is 10 minuten geldig.\n"})
	if err != nil {
		t.Fatal(err)
	}
	tweede, err := Verzegel(s, oin, nu, Bericht{Soort: Code, Aan: aan, Onderwerp: "Uw code om aan te melden", Tekst: "Uw code is " + "87654321" + ".\n\nDe code is 10 minuten geldig.\n"})
	if err != nil {
		t.Fatal(err)
	}
	for naam, wijzig := range map[string]func(*Rij){
		"another id":             func(r *Rij) { r.ID = tweede.ID },
		"another state":          func(r *Rij) { r.Stand = Bezorgd },
		"another moment":         func(r *Rij) { r.Gemaakt++ },
		"another organisation":   func(r *Rij) { r.OIN = "00000099000000020000" },
		"the content of another": func(r *Rij) { r.Verzegeld = tweede.Verzegeld },
		"no content":             func(r *Rij) { r.Verzegeld = nil },
	} {
		g := r
		wijzig(&g)
		if z, err := Ontzegel(s, g); err == nil {
			t.Errorf("%s: %+v", naam, z)
		} else if strings.Contains(err.Error(), aan) {
			t.Errorf("the error quotes: %v", err)
		}
	}
	if _, err := Ontzegel(ander, r); err == nil {
		t.Error("another organisation opens it")
	}
}

func TestWhatMailCanNotCarryIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := keys(t)
	goed := Bericht{Soort: Melding, Aan: aan, Onderwerp: "Onderwerp", Tekst: "Tekst"}
	for naam, wijzig := range map[string]func(*Bericht){
		"no kind":                     func(b *Bericht) { b.Soort = "" },
		"no address":                  func(b *Bericht) { b.Aan = "" },
		"an address without a domain": func(b *Bericht) { b.Aan = "b.heer" },
		"two addresses":               func(b *Bericht) { b.Aan = "a@b.example,c@d.example" },
		"an address with a name":      func(b *Bericht) { b.Aan = "Bea <a@b.example>" },
		"an address with a new line":  func(b *Bericht) { b.Aan = "a@b.example\r\nBcc: c@d.example" },
		"a long address":              func(b *Bericht) { b.Aan = strings.Repeat("a", 250) + "@b.example" },
		"no subject":                  func(b *Bericht) { b.Onderwerp = "" },
		"a subject of two lines":      func(b *Bericht) { b.Onderwerp = "a\r\nBcc: c@d.example" },
		"a long subject":              func(b *Bericht) { b.Onderwerp = strings.Repeat("a", 151) },
		"a subject that is decoded":   func(b *Bericht) { b.Onderwerp = "=?utf-8?q?anders?=" },
		"no text":                     func(b *Bericht) { b.Tekst = "" },
		"a text with a NUL":           func(b *Bericht) { b.Tekst = "a\x00" },
		"a text that is no UTF-8":     func(b *Bericht) { b.Tekst = "\xff" },
		"a text that is too long":     func(b *Bericht) { b.Tekst = strings.Repeat("a", 20_001) },
	} {
		b := goed
		wijzig(&b)
		if _, err := Verzegel(s, oin, nu, b); err == nil {
			t.Errorf("%s: accepted", naam)
		} else if b.Aan != "" && strings.Contains(err.Error(), b.Aan) {
			t.Errorf("the error quotes: %v", err)
		}
	}
	if _, err := Verzegel(s, oin, nu, goed); err != nil {
		t.Error(err)
	}
}

func TestPausesGrowFromFiveSecondsToTenMinutes(t *testing.T) {
	t.Parallel()
	for pogingen, want := range map[int64]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 7: 320 * time.Second, 8: 10 * time.Minute, 1000: 10 * time.Minute} {
		if got := pauze(pogingen); got != want {
			t.Errorf("after attempt %d: %v, want %v", pogingen, got, want)
		}
	}
}
