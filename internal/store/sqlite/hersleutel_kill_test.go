package sqlite

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// killMap names the directory of a process that is killed while it logs and changes keys.
const killMap = "VERANTWOORD_TEST_KILL"

// A process that is killed with -9 while keys are changed leaves a store in which nothing is wrong, before it is opened and
// after, and every acknowledged record is found, once. It runs alone: a process that is forked holds the locks of all stores
// that others close, for a moment.
func TestKilledWhileKeysChange(t *testing.T) {
	if dir := os.Getenv(killMap); dir != "" {
		killed(t, dir)
		return
	}
	dir := t.TempDir()
	ringen := storetest.NieuweSleutelringenIn(t, filepath.Join(dir, "sleutels"))
	m := &machine{t: t, dir: filepath.Join(dir, "opslag"), o: opties(t)}
	m.o.segment, m.o.stil = 5, time.Millisecond
	m.s = open(t, m.dir, m.o)
	storetest.MetLog(t, m.s, ringen.Een, func(l *verwerkingenlog.Log) {
		for range 200 {
			if _, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001", "999900002"), "", nil); err != nil {
				t.Fatal(err)
			}
		}
	})
	eerst, hashes := storetest.Alles(t, m.s)
	shut(t, m.s)

	bevestigd := map[uuid.UUID]bool{}
	for _, r := range eerst {
		bevestigd[r.ActieID] = true
	}
	tussen := 0 // times that it was killed halfway
	for ronde := range 5 {
		kind := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		kind.Env = append(os.Environ(), killMap+"="+dir)
		out, err := kind.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := kind.Start(); err != nil {
			t.Fatal(err)
		}
		// It is killed somewhere after so many batches.
		batches := 0
		for l := bufio.NewScanner(out); l.Scan(); {
			if id, is := strings.CutPrefix(l.Text(), "acknowledged "); is {
				bevestigd[uuid.MustParse(id)] = true
			} else if l.Text() == "batch" {
				if batches++; batches == 4+3*ronde {
					if err := kind.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := kind.Wait(); err == nil {
			t.Fatal("the process was not killed")
		}
		m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
		m.s = open(t, m.dir, m.o)
		n, err := m.s.Hersleuteld(bg, storetest.A)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 && n < int64(len(eerst)) {
			tussen++
		}
		wilGevonden(t, m.s, ringen, bevestigd)
		if _, nu := storetest.Alles(t, m.s); !sameHashes(nu[:len(hashes)], hashes) {
			t.Error("leaves changed")
		}
		shut(t, m.s)
		m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
	}
	if tussen == 0 {
		t.Error("it was never killed halfway: the test proves nothing")
	}
	if err := Herbouw(bg, m.dir); err != nil {
		t.Fatal(err)
	}
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
	m.s = open(t, m.dir, m.o)
	wilGevonden(t, m.s, ringen, bevestigd)
}

func sameHashes(a, b []bewijs.Hash) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// wilGevonden finds each acknowledged actie under its person, named once.
func wilGevonden(t *testing.T, s *Store, ringen *storetest.Sleutelringen, bevestigd map[uuid.UUID]bool) {
	t.Helper()
	ring, _ := ringen.Twee.Organisatie(storetest.A)
	v := verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: verwerkingenlog.IngangPersoon, Tot: 1 << 40}
	for _, h := range ring.Handles("persoon", "BSN", "999900001") {
		v.Sleutels = append(v.Sleutels, h)
	}
	gevonden := map[uuid.UUID]uint16{}
	for _, f := range storetest.Find(t, s, v) {
		gevonden[f.ActieID] = f.Nu.Aantal
	}
	for id := range bevestigd {
		if gevonden[id] != 1 {
			t.Errorf("an acknowledged actie is named %d times", gevonden[id])
		}
	}
}

// killed is the process: it logs and changes keys until it is killed.
func killed(t *testing.T, dir string) {
	ringen := storetest.NieuweSleutelringenIn(t, filepath.Join(dir, "sleutels"))
	o := opties(t)
	o.segment, o.stil = 5, time.Millisecond
	s := open(t, filepath.Join(dir, "opslag"), o)
	ring, _ := ringen.Twee.Organisatie(storetest.A)
	go storetest.MetLog(t, s, ringen.Weet, func(l *verwerkingenlog.Log) {
		for {
			v, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001", "999900003"), "", nil)
			if err != nil {
				panic(err)
			}
			fmt.Println("acknowledged", v.ActieID)
		}
	})
	van := uint64(0)
	for range 30 { // however late it is killed: of 200 not all
		volgende, _, err := verwerkingenlog.Hersleutel(bg, s, ring, storetest.A, van, 5)
		if err != nil {
			t.Fatal(err)
		}
		van = volgende
		fmt.Println("batch")
	}
	select {}
}
