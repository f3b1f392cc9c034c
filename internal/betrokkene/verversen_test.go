package betrokkene_test

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// momenten keeps since when keys are known, as a store does.
type momenten struct {
	mu   sync.Mutex
	kept map[string]map[string]time.Time
}

func (m *momenten) Momenten(_ context.Context, oin string) (map[string]time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.kept[oin]), nil
}

func (m *momenten) BewaarMomenten(_ context.Context, oin string, nieuw map[string]time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]map[string]time.Time{}
	}
	if m.kept[oin] == nil {
		m.kept[oin] = map[string]time.Time{}
	}
	maps.Copy(m.kept[oin], nieuw)
	return nil
}

// draaiend is a process that runs, with a clock that the test moves.
type draaiend struct {
	*betrokkene.Sleutelbos
	t      *testing.T
	dir    string
	p      *prints
	m      *momenten
	nu     time.Time
	gemeld []string
}

func newDraaiend(t *testing.T, oins ...string) *draaiend {
	t.Helper()
	d := &draaiend{t: t, dir: t.TempDir(), p: &prints{}, m: &momenten{}, nu: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.start(oins...)
	return d
}

func (d *draaiend) start(oins ...string) {
	d.t.Helper()
	var err error
	d.Sleutelbos, err = betrokkene.OpenMet(context.Background(), d.dir, oins, d.p, betrokkene.Opties{
		Momenten: d.m, Nu: func() time.Time { return d.nu }, Meld: func(err error) { d.gemeld = append(d.gemeld, err.Error()) },
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *draaiend) schrijft(handle, zegel, teken uint16) {
	d.t.Helper()
	if g := keyring(d.t, d.Sleutelbos, oinA).Gebruik(); g["handle"] != handle || g["zegel"] != zegel || g["teken"] != teken {
		d.t.Errorf("it writes with %v, want %d, %d and %d", g, handle, zegel, teken)
	}
}

func TestANewKeyIsSearchedWithAtOnceAndWrittenWithAfterAMinute(t *testing.T) {
	t.Parallel()
	d := newDraaiend(t, oinA)
	s := keyring(t, d.Sleutelbos, oinA)
	eerst := s.Handle("persoon", "BSN", "2308572")
	if s.Doel() != "" || s.AantalHandles() != 1 || len(s.Tekens()) != 1 {
		t.Error("there is more than the first keys")
	}
	for _, soort := range betrokkene.Soorten {
		k, err := betrokkene.Nieuw(d.dir, oinA, soort)
		if err != nil || k.Naam != soort+"-2" {
			t.Fatalf("%+v, %v", k, err)
		}
	}
	for _, later := range []time.Duration{0, betrokkene.Wachttijd - time.Second} {
		d.nu = d.nu.Add(later)
		if err := d.Ververs(context.Background()); err != nil {
			t.Fatal(err)
		}
		d.schrijft(1, 1, 1)
		if h := s.Handles("persoon", "BSN", "2308572"); len(h) != 2 || h[1] != eerst || s.Handle("persoon", "BSN", "2308572") != eerst {
			t.Error("it does not search with both and write with the first")
		}
		if len(s.Tekens()) != 2 || len(s.Ondertekenen()) != 1 || s.Doel() != "" {
			t.Error("the new signing key signs too soon, or is not shown")
		}
	}
	// Who starts again in between waits no longer and no shorter.
	d.start(oinA)
	d.schrijft(1, 1, 1)
	s = keyring(t, d.Sleutelbos, oinA)
	d.nu = d.nu.Add(time.Second)
	if err := d.Ververs(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.schrijft(2, 2, 2)
	if h := s.Handle("persoon", "BSN", "2308572"); h == eerst || s.Vast("persoon", "BSN", "2308572") != eerst || s.Doel() != "handle-2 zegel-2" {
		t.Error("the keyring that was kept does not write with the new key")
	}
	if len(s.Ondertekenen()) != 2 {
		t.Error("the new signing key does not sign")
	}
	d.start(oinA)
	d.schrijft(2, 2, 2)
}

func TestAKeyThatIsLostWhileServingStopsWritingAndNotReading(t *testing.T) {
	t.Parallel()
	d := newDraaiend(t, oinA, oinB)
	a, b := keyring(t, d.Sleutelbos, oinA), keyring(t, d.Sleutelbos, oinB)
	sealed := a.Seal(nil, betrokkene.KlasseNormaal, nil, []byte("content"))
	pad := filepath.Join(d.dir, oinA, "zegel-1.key")
	goed := files(t, d.dir)[oinA+"/zegel-1.key"]
	for naam, breek := range map[string]func(){
		"ontbreekt":      func() { remove(t, pad) },
		"andere sleutel": func() { write(t, pad, keyText("d"), 0o600) },
		"beschadigd":     func() { write(t, pad, "half", 0o600) },
		"chmod 600":      func() { chmod(t, pad, 0o644) },
	} {
		breek()
		d.gemeld = nil
		for range 2 {
			if err := d.Ververs(context.Background()); err == nil {
				t.Errorf("%s: nothing is told", naam)
			}
		}
		if len(d.gemeld) != 1 || !strings.Contains(d.gemeld[0], naam) || !strings.Contains(d.gemeld[0], "zegel-1.key") {
			t.Errorf("%s: told %q", naam, d.gemeld)
		}
		err := a.Schrijfbaar()
		var f *fout.Fout
		if !errors.As(err, &f) || f.Code != fout.CodeNietBeschikbaar || strings.Contains(f.Detail, "zegel") || d.Gebrek() == nil {
			t.Errorf("%s: writing gives %v", naam, err)
		}
		if b.Schrijfbaar() != nil {
			t.Errorf("%s: the other organisation can't write", naam)
		}
		if plain, err := a.Open(nil, betrokkene.KlasseNormaal, nil, sealed); err != nil || string(plain) != "content" {
			t.Errorf("%s: reading gives %v", naam, err)
		}
		write(t, pad, goed, 0o600)
		chmod(t, pad, 0o600)
		if err := d.Ververs(context.Background()); err != nil || a.Schrijfbaar() != nil || d.Gebrek() != nil {
			t.Errorf("%s: it does not go on: %v", naam, err)
		}
	}
}

func TestANewFileThatIsNoGoodIsToldAndLeft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file func(d *draaiend) (name, text string, mode uint32)
		want string
	}{
		"a copy under way":     {func(*draaiend) (string, string, uint32) { return "zegel-2.key", "ab", 0o600 }, "beschadigd"},
		"one that others read": {func(*draaiend) (string, string, uint32) { return "zegel-2.key", keyText("e"), 0o644 }, "chmod 600"},
		"the same key once more": {func(d *draaiend) (string, string, uint32) {
			return "zegel-2.key", files(d.t, d.dir)[oinA+"/zegel-1.key"], 0o600
		}, "dezelfde sleutel"},
		"that of another": {func(d *draaiend) (string, string, uint32) {
			return "zegel-2.key", files(d.t, d.dir)[oinB+"/zegel-1.key"], 0o600
		}, "dezelfde sleutel"},
		"a lower number than is used": {func(*draaiend) (string, string, uint32) { return "teken-4.key", keyText("e"), 0o600 }, "lager nummer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDraaiend(t, oinB, oinA)
			write(t, filepath.Join(d.dir, oinA, "teken-5.key"), keyText("f"), 0o600)
			if err := d.Ververs(context.Background()); err != nil {
				t.Fatal(err)
			}
			file, text, mode := c.file(d)
			pad := filepath.Join(d.dir, oinA, file)
			write(t, pad, text, 0o600)
			if mode != 0o600 {
				chmod(t, pad, 0o644)
			}
			d.nu = d.nu.Add(betrokkene.Wachttijd)
			if err := d.Ververs(context.Background()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it tells %v, and not %q", err, c.want)
			}
			d.schrijft(1, 1, 5)
			if keyring(t, d.Sleutelbos, oinA).Schrijfbaar() != nil || d.p.kept[oinA][strings.TrimSuffix(file, ".key")] != "" {
				t.Error("it stops, or the store knows the key")
			}
			remove(t, pad)
			if err := d.Ververs(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestKeysComeWhileOthersUseTheKeyring(t *testing.T) {
	t.Parallel()
	d := newDraaiend(t, oinA)
	s := keyring(t, d.Sleutelbos, oinA)
	eerst := s.Handle("persoon", "BSN", "2308572")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				sealed := s.Seal(nil, betrokkene.KlasseNormaal, nil, []byte("content"))
				if plain, err := s.Open(nil, betrokkene.KlasseNormaal, nil, sealed); err != nil || string(plain) != "content" {
					t.Errorf("open: %v", err)
					return
				}
				if h := s.Handle("persoon", "BSN", "2308572"); !slices.Contains(s.Handles("persoon", "BSN", "2308572"), h) {
					t.Error("what is written is not searched for")
					return
				}
			}
		})
	}
	for range 20 {
		for _, soort := range betrokkene.Soorten {
			if _, err := betrokkene.Nieuw(d.dir, oinA, soort); err != nil {
				t.Fatal(err)
			}
		}
		d.nu = d.nu.Add(betrokkene.Wachttijd)
		if err := d.Ververs(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	if h := s.Handles("persoon", "BSN", "2308572"); len(h) != 21 || h[20] != eerst {
		t.Errorf("%d handles", len(h))
	}
}

func TestMakingAKeyRefusesWhatCantBe(t *testing.T) {
	t.Parallel()
	d := newDraaiend(t, oinA)
	for _, c := range []struct{ oin, soort, want string }{
		{oinA, "slot", "handle, zegel of teken"}, {"../x", betrokkene.SoortZegel, "20 cijfers"}, {oinB, betrokkene.SoortZegel, "nog geen sleutel"},
	} {
		if _, err := betrokkene.Nieuw(d.dir, c.oin, c.soort); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v", c.oin, c.soort, err)
		}
	}
	// Of some that make one at once, each makes another or is told.
	var wg sync.WaitGroup
	var mu sync.Mutex
	gemaakt := map[string]bool{}
	for range 8 {
		wg.Go(func() {
			if k, err := betrokkene.Nieuw(d.dir, oinA, betrokkene.SoortZegel); err == nil {
				mu.Lock()
				defer mu.Unlock()
				if gemaakt[k.Naam] {
					t.Errorf("%s was made twice", k.Naam)
				}
				gemaakt[k.Naam] = true
			}
		})
	}
	wg.Wait()
	lijst, err := betrokkene.Lijst(d.dir, oinA)
	if err != nil || len(lijst) != 3+len(gemaakt) || len(gemaakt) == 0 {
		t.Errorf("%d made, %d listed, %v", len(gemaakt), len(lijst), err)
	}
}
