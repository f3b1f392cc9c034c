package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// inBestanden tells in which files of a store some bytes stand.
func inBestanden(t testing.TB, dir string, zoek []byte) (uit []string) {
	t.Helper()
	l, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range l {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, zoek) {
			uit = append(uit, e.Name())
		}
	}
	return uit
}

// When all is done nothing is found in the files under the old key, neither a handle nor what was sealed.
func TestNothingStaysUnderTheOldKeys(t *testing.T) {
	t.Parallel()
	m := newMachine(t, func(o *Opties) { o.segment, o.stil = 8, time.Millisecond })
	ringen := storetest.NieuweSleutelringen(t)
	bsns := []string{"999900001", "999900002", "999900003"}
	storetest.MetLog(t, m.s, ringen.Een, func(l *verwerkingenlog.Log) {
		for i := range 300 {
			v, err := l.Create(bg, storetest.Beller, storetest.Invoer(bsns[i%3]), "", nil)
			if err == nil && i%4 == 0 {
				_, err = l.Replace(bg, storetest.Beller, v.ActieID.String(), storetest.Invoer(bsns[(i+1)%3]), "", "")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	indexed(t, m.s)
	s, _ := ringen.Een.Organisatie(storetest.A)
	var oud [][]byte
	for _, bsn := range bsns {
		h := s.Handle("persoon", "BSN", bsn)
		oud = append(oud, h[:])
	}
	eerst, _ := storetest.Alles(t, m.s)
	for _, r := range eerst {
		oud = append(oud, r.Inhoud[15:31])
	}
	storetest.MetLog(t, m.s, ringen.Twee, func(l *verwerkingenlog.Log) {
		for i := 0; i < len(eerst); i += 5 { // these have entries of both
			_, err := l.Replace(bg, storetest.Beller, eerst[i].ActieID.String(), storetest.Invoer(bsns[i%3]), "", "")
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	// From the back to the front, so that rows come between others.
	ring, _ := ringen.Twee.Organisatie(storetest.A)
	eerst, hashes := storetest.Alles(t, m.s)
	n := 0
	for van := len(eerst) - len(eerst)%7; van >= 0; van -= 7 {
		_, gewijzigd, err := verwerkingenlog.Hersleutel(bg, m.s, ring, storetest.A, uint64(van), 7)
		if err != nil {
			t.Fatal(err)
		}
		n += gewijzigd
	}
	if n != len(eerst) {
		t.Fatalf("%d of %d versions changed", n, len(eerst))
	}
	storetest.WilNieuw(t, m.s, ringen.Twee, eerst, hashes, bsns)
	if n, err := m.s.Hersleuteld(bg, storetest.A); err != nil || n != int64(len(eerst)) {
		t.Errorf("the index has the old entries of %d versions, %v; want %d", n, err, len(eerst))
	}
	shut(t, m.s)
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
	for i, b := range oud {
		switch l := inBestanden(t, m.dir, b); {
		case i < len(bsns) && len(l) == 0:
			t.Error("the old handle is nowhere: the test looks for the wrong bytes")
		case i >= len(bsns) && len(l) > 0:
			t.Errorf("what was sealed with the old key is in %v", l)
		}
	}
	if err := Herbouw(bg, m.dir); err != nil {
		t.Fatal(err)
	}
	for _, b := range oud {
		if l := inBestanden(t, m.dir, b); len(l) > 0 {
			t.Errorf("after a rebuild the old key is in %v", l)
		}
	}
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
	m.s = open(t, m.dir, m.o)
	storetest.WilNieuw(t, m.s, ringen.Twee, eerst, hashes, bsns)
	if n, err := m.s.Hersleuteld(bg, storetest.A); err != nil || n != 0 {
		t.Errorf("the index has the old entries of %d versions, %v", n, err)
	}
}
