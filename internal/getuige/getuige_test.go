package getuige_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

const naam = "getuige.buurstad.example"

// proef is a witness on files.
type proef struct {
	*getuige.Getuige
	kaart *getuige.Map
	dir   string
	nu    time.Time
}

func start(t testing.TB, dir string, l *proeflog) *proef {
	t.Helper()
	p, err := open(dir, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kaart.Close() })
	return p
}

func open(dir string, l *proeflog) (*proef, error) {
	p := &proef{dir: dir, nu: time.Unix(1770000100, 0).UTC()}
	o, kaart, err := getuige.Open(naam, filepath.Join(dir, "getuige.key"), filepath.Join(dir, "gezien"))
	if err != nil {
		return nil, err
	}
	p.kaart = kaart
	p.Getuige, err = getuige.New(o, []getuige.Log{{Origin: origin, Sleutels: l.lezers()}}, kaart, func() time.Time { return p.nu })
	if err != nil {
		return nil, errors.Join(err, kaart.Close())
	}
	return p, nil
}

// bied offers a checkpoint of n leaves as the continuation of van.
func (p *proef) bied(l *proeflog, van, n uint64) ([]byte, error) {
	v := &getuige.Verzoek{Oud: van, Checkpoint: l.punt(n)}
	if van > 0 && van < n {
		v.Pad = l.pad(van, n)
	}
	return p.Voeg(v.Tekst())
}

func (p *proef) want(t testing.TB, l *proeflog, van, n uint64) {
	t.Helper()
	regel, err := p.bied(l, van, n)
	if err != nil {
		t.Fatalf("from %d to %d: %v", van, n, err)
	}
	if m, err := getuige.Lees(l.punt(n), regel, p.Sleutel); err != nil || len(m) != 1 || !m[0].Klopt(l.punt(n)) {
		t.Fatalf("from %d to %d: what was signed does not hold: %v", van, n, err)
	}
	if g := p.Logs()[0]; g.Grootte != n || g.Wortel != l.wortels[n] {
		t.Fatalf("it remembers %+v", g)
	}
}

func TestAWitnessCosignsWhatContinuesWhatItSaw(t *testing.T) {
	t.Parallel()
	l := newLog(t, 40, 40)
	p := start(t, t.TempDir(), l)
	for _, s := range [][2]uint64{{0, 0}, {0, 1}, {1, 7}, {7, 8}, {8, 8}, {8, 33}, {33, 40}, {40, 40}} {
		p.want(t, l, s[0], s[1])
	}
}

func TestAWitnessSaysWhyItDoesNotCosign(t *testing.T) {
	t.Parallel()
	l, ander := newLog(t, 40, 40), newLog(t, 40, 15)
	p := start(t, t.TempDir(), l)
	if _, err := p.bied(l, 5, 7); !isBotsing(err, 0, false) {
		t.Errorf("of a log that it did not see: %v", err)
	}
	leeg := newLog(t, 0, 0)
	leeg.wortels[0][0] ^= 1
	if _, err := p.bied(leeg, 0, 0); !isBotsing(err, 0, true) {
		t.Errorf("an empty tree with another root: %v", err)
	}
	p.want(t, l, 0, 20)
	vreemd, err := bewijs.NewTekenaar(origin, bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	vals := *l
	vals.tekenaar = vreemd
	elders := *l
	if elders.tekenaar, err = bewijs.NewTekenaar("elders.example/bewijs/1", make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	mis := l.pad(20, 30)
	mis[0][3] ^= 1
	for naam, g := range map[string]struct {
		verzoek getuige.Verzoek
		want    func(error) bool
	}{
		"another key":           {getuige.Verzoek{Oud: 20, Pad: l.pad(20, 30), Checkpoint: vals.punt(30)}, func(err error) bool { return errors.Is(err, bewijs.ErrHandtekening) }},
		"shrinks":               {getuige.Verzoek{Oud: 20, Checkpoint: l.punt(10)}, func(err error) bool { return errors.Is(err, getuige.ErrVerzoek) }},
		"older than was seen":   {getuige.Verzoek{Oud: 10, Pad: l.pad(10, 15), Checkpoint: l.punt(15)}, func(err error) bool { return isBotsing(err, 20, false) }},
		"from older":            {getuige.Verzoek{Oud: 10, Pad: l.pad(10, 30), Checkpoint: l.punt(30)}, func(err error) bool { return isBotsing(err, 20, false) }},
		"from nothing":          {getuige.Verzoek{Oud: 0, Checkpoint: l.punt(30)}, func(err error) bool { return isBotsing(err, 20, false) }},
		"from newer":            {getuige.Verzoek{Oud: 25, Pad: l.pad(25, 30), Checkpoint: l.punt(30)}, func(err error) bool { return isBotsing(err, 20, false) }},
		"a damaged proof":       {getuige.Verzoek{Oud: 20, Pad: mis, Checkpoint: l.punt(30)}, func(err error) bool { return errors.Is(err, bewijs.ErrBewijs) }},
		"no proof":              {getuige.Verzoek{Oud: 20, Checkpoint: l.punt(30)}, func(err error) bool { return errors.Is(err, bewijs.ErrBewijs) }},
		"a proof of nothing":    {getuige.Verzoek{Oud: 20, Pad: l.pad(19, 20), Checkpoint: l.punt(20)}, func(err error) bool { return errors.Is(err, bewijs.ErrBewijs) }},
		"another face":          {getuige.Verzoek{Oud: 20, Checkpoint: ander.punt(20)}, func(err error) bool { return isBotsing(err, 20, true) }},
		"another face, from 0":  {getuige.Verzoek{Oud: 0, Checkpoint: ander.punt(20)}, func(err error) bool { return isBotsing(err, 20, true) }},
		"another course":        {getuige.Verzoek{Oud: 20, Pad: ander.pad(20, 30), Checkpoint: ander.punt(30)}, func(err error) bool { return errors.Is(err, bewijs.ErrBewijs) }},
		"no signed note at all": {getuige.Verzoek{Oud: 20, Checkpoint: []byte(origin + "\n")}, func(err error) bool { return errors.Is(err, getuige.ErrVerzoek) }},
	} {
		if regel, err := p.Voeg(g.verzoek.Tekst()); !g.want(err) || regel != nil {
			t.Errorf("%s: %v", naam, err)
		}
	}
	v := getuige.Verzoek{Oud: 0, Checkpoint: []byte("elders.example/bewijs/1\n1\n\n")}
	if _, err := p.Voeg(v.Tekst()); !errors.Is(err, getuige.ErrOnbekend) {
		t.Errorf("of another log: %v", err)
	}
	p.want(t, l, 20, 30)
	for soort, want := range map[string]int{getuige.Tegenspraak: 2, getuige.Onbewezen: 2} {
		// Of the damaged one, the one without a proof and the one to the same size the note is good: those are kept once.
		if l, err := p.kaart.Bewaard(origin, soort); err != nil || len(l) < want {
			t.Errorf("%s: %v are kept, %v", soort, l, err)
		}
	}
}

// Anybody can write lines below a note that says the same: they must not take the places of other evidence.
func TestTheSameNoteIsKeptOnceHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	l, ander := newLog(t, 40, 40), newLog(t, 40, 15)
	p := start(t, filepath.Join(t.TempDir(), "getuige [1]"), l)
	p.want(t, l, 0, 20)
	bits := func(punt []byte) []byte { // that no signature covers
		const cijfers = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		i := bytes.LastIndexByte(punt, '=') - 1
		punt[i] = cijfers[strings.IndexByte(cijfers, punt[i])^1]
		return punt
	}
	for i := range 30 {
		regel := fmt.Appendf(nil, "— x%d.example AAAAAAAA\n", i)
		for _, v := range []getuige.Verzoek{{Oud: 20, Checkpoint: append(ander.punt(20), regel...)}, {Oud: 20, Checkpoint: append(l.punt(30), regel...)}} {
			if _, err := p.Voeg(v.Tekst()); err == nil {
				t.Fatal("cosigned")
			}
		}
	}
	for _, punt := range [][]byte{bits(ander.punt(20)), bits(l.punt(30))} {
		if _, err := p.Voeg((&getuige.Verzoek{Oud: 20, Checkpoint: punt}).Tekst()); !errors.Is(err, getuige.ErrVerzoek) {
			t.Errorf("another text of the same signature: %v", err)
		}
	}
	for _, soort := range []string{getuige.Tegenspraak, getuige.Onbewezen} {
		if l, err := p.kaart.Bewaard(origin, soort); err != nil || len(l) != 1 {
			t.Errorf("%s: %d are kept, %v", soort, len(l), err)
		}
	}
}

func isBotsing(err error, n uint64, anders bool) bool {
	var b *getuige.Botsing
	return errors.As(err, &b) && b.Grootte == n && b.Anders == anders
}

// Whatever is asked in whatever order, across restarts: everything that was cosigned lies on one line, and of the two courses of the
// log only one.
func TestWhatAWitnessCosignedIsOneLog(t *testing.T) {
	t.Parallel()
	courses := []*proeflog{newLog(t, 60, 60), newLog(t, 60, 20)}
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			r.Fatal(err)
		}
		p, err := open(dir, courses[0])
		if err != nil {
			r.Fatal(err)
		}
		defer func() { p.kaart.Close() }()
		var n uint64
		gezien := map[int]bool{0: true, 1: true} // courses that may still be the one
		var moment time.Time
		for range rapid.IntRange(1, 25).Draw(r, "requests") {
			if rapid.IntRange(0, 5).Draw(r, "restart") == 0 {
				p.kaart.Close()
				nu := p.nu
				if p, err = open(dir, courses[0]); err != nil {
					r.Fatal(err)
				}
				p.nu = nu
			}
			p.nu = p.nu.Add(time.Duration(rapid.IntRange(-50, 100).Draw(r, "seconds")) * time.Second)
			k := rapid.IntRange(0, 1).Draw(r, "course")
			tot := rapid.Uint64Range(0, 60).Draw(r, "size")
			van := rapid.OneOf(rapid.Just(n), rapid.Uint64Range(0, 60)).Draw(r, "old")
			if van > tot {
				van = tot
			}
			regel, err := p.bied(courses[k], van, tot)
			mag := van == n && tot >= n && (gezien[k] || n <= 20)
			if (err == nil) != mag {
				r.Fatalf("course %d from %d to %d, it saw %d: %v", k, van, tot, n, err)
			}
			if err != nil {
				continue
			}
			m, err := getuige.Lees(courses[k].punt(tot), regel, p.Sleutel)
			if err != nil || m[0].Moment.Before(moment) {
				r.Fatalf("%v, earlier than %v: %v", m, moment, err)
			}
			n, moment = tot, m[0].Moment
			if n > 20 {
				gezien = map[int]bool{k: true}
			}
		}
	})
}

func TestTwinsAreNotCosignedBoth(t *testing.T) {
	t.Parallel()
	courses := []*proeflog{newLog(t, 30, 30), newLog(t, 30, 3)}
	p := start(t, t.TempDir(), courses[0])
	p.want(t, courses[0], 0, 2)
	var wg sync.WaitGroup
	var mu sync.Mutex
	gelukt := map[int][]uint64{}
	for i := range 40 {
		k, n := i%2, uint64(4+i/2)
		wg.Go(func() {
			if _, err := p.bied(courses[k], 2, n); err == nil {
				mu.Lock()
				gelukt[k] = append(gelukt[k], n)
				mu.Unlock()
			}
			p.Logs()
		})
	}
	wg.Wait()
	if len(gelukt[0])+len(gelukt[1]) != 1 {
		t.Errorf("of requests from the same size were cosigned: %v", gelukt)
	}
}
