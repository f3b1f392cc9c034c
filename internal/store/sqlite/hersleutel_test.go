package sqlite

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// machine is a store in a directory that changes when a process ends without closing.
type machine struct {
	t   testing.TB
	dir string
	o   Opties
	s   *Store
}

func newMachine(t testing.TB, set func(*Opties)) *machine {
	o := opties(t)
	set(&o)
	m := &machine{t: t, dir: t.TempDir(), o: o}
	m.s = open(t, m.dir, o)
	return m
}

func (m *machine) machine() *storetest.Machine {
	return &storetest.Machine{
		Store: func() storetest.Motor { return m.s },
		Kijk: func(f func(controle.Opslag)) {
			shut(m.t, m.s)
			m.kijk(f)
			m.s = open(m.t, m.dir, m.o)
		},
		Breek: func() {
			m.dir = copyOpen(m.t, m.dir)
			m.kijk(gaaf(m.t)) // also before anything is mended
			m.s = open(m.t, m.dir, m.o)
		},
		Herbouw: func() {
			shut(m.t, m.s)
			if err := Herbouw(bg, m.dir); err != nil {
				m.t.Fatal(err)
			}
			m.s = open(m.t, m.dir, m.o)
		},
	}
}

// gaaf finds nothing wrong, without keys.
func gaaf(t testing.TB) func(controle.Opslag) {
	return func(k controle.Opslag) {
		if _, err := controle.Index(bg, k, func(g controle.Gebrek) { t.Errorf("after a crash: %+v", g) }); err != nil {
			t.Error(err)
		}
	}
}

func (m *machine) kijk(f func(controle.Opslag)) {
	n, err := Nakijk(bg, m.dir)
	if err != nil {
		m.t.Fatal(err)
	}
	f(n)
	if err := n.Close(); err != nil {
		m.t.Fatal(err)
	}
}

// copyOpen copies a store that is in use: what a process leaves that is killed. The log comes last: the index is never
// ahead of it.
func copyOpen(t testing.TB, dir string) string {
	t.Helper()
	naar := t.TempDir()
	for _, naam := range []string{indexBestand, indexBestand + "-wal", logBestand, logBestand + "-wal"} {
		if _, err := os.Stat(filepath.Join(dir, naam)); err == nil {
			copyFile(t, filepath.Join(dir, naam), filepath.Join(naar, naam))
		}
	}
	return naar
}

func TestKeysChangeWhileTheStoreIsUsed(t *testing.T) {
	t.Parallel()
	for naam, set := range map[string]func(*Opties){
		"staart":           func(o *Opties) { o.stil = time.Hour },
		"index":            func(o *Opties) { o.segment, o.stil = 1, time.Nanosecond },
		"staart and index": func(o *Opties) { o.segment, o.maxRun, o.stil = 3, 10, time.Millisecond },
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			storetest.RunHersleutel(t, 4, func(t testing.TB) *storetest.Machine { return newMachine(t, set).machine() })
		})
	}
}

func TestKeysChangeBesideIntakeAndQuestions(t *testing.T) {
	t.Parallel()
	storetest.RunHersleutelDruk(t, false, func(t testing.TB) *storetest.Machine {
		return newMachine(t, func(o *Opties) { o.segment, o.maxRun, o.stil = 20, 60, time.Millisecond }).machine()
	})
}

// A version that was changed stays as it is, so that it is still found; the others go on.
func TestAChangedVersionKeepsItsKeys(t *testing.T) {
	t.Parallel()
	for naam, tekst := range map[string]string{
		"registration": `UPDATE versie SET registratie = registratie + 1 WHERE nr & 0xff = 3`,
		"content":      `UPDATE versie SET inhoud = CAST(substr(inhoud, 1, 40) || iif(substr(inhoud, 41, 1) = x'00', x'01', x'00') || substr(inhoud, 42) AS BLOB) WHERE nr & 0xff = 3`,
		"entries":      `UPDATE versie SET ingangen = CAST(substr(ingangen, 1, 5) || iif(substr(ingangen, 6, 1) = x'00', x'01', x'00') || substr(ingangen, 7) AS BLOB) WHERE nr & 0xff = 3`,
		"hash":         `UPDATE knoop SET hashes = CAST(iif(substr(hashes, 1, 1) = x'00', x'01', x'00') || substr(hashes, 2) AS BLOB) WHERE nr & 0xff = 4`, // before it come 0, 1, 0+1, 2
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			m, ringen := newMachine(t, func(*Opties) {}), storetest.NieuweSleutelringen(t)
			storetest.MetLog(t, m.s, ringen.Een, func(l *verwerkingenlog.Log) {
				for range 6 {
					if _, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001"), "", nil); err != nil {
						t.Fatal(err)
					}
				}
			})
			r, err := m.s.schrijf.c.ExecContext(bg, tekst)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := r.RowsAffected(); n != 1 {
				t.Fatalf("%d rows were changed", n)
			}
			storetest.WilGelaten(t, m.s, ringen.Twee, 3)
		})
	}
}

// While keys are changed, with acties that have versions under each, every changed byte of a version, of what is kept of the
// entries of before and of the index is found.
func TestEveryChangedByteIsFoundWhileKeysChange(t *testing.T) {
	t.Parallel()
	m, ringen := newMachine(t, func(o *Opties) { o.segment, o.stil = 4, time.Millisecond }), storetest.NieuweSleutelringen(t)
	for i, b := range []*betrokkene.Sleutelbos{ringen.Een, ringen.Weet, ringen.Twee} {
		storetest.MetLog(t, m.s, b, func(l *verwerkingenlog.Log) {
			for range 8 {
				v, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001", "999900002"), "", nil)
				if err == nil {
					_, err = l.Replace(bg, storetest.Beller, v.ActieID.String(), storetest.Invoer("999900002"), "", "")
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		})
		if ring, _ := ringen.Twee.Organisatie(storetest.A); i > 0 {
			if _, _, err := verwerkingenlog.Hersleutel(bg, m.s, ring, storetest.A, uint64(10*i), 12); err != nil {
				t.Fatal(err)
			}
		}
	}
	indexed(t, m.s)
	shut(t, m.s)
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })

	db := map[string]*sql.DB{}
	for _, bestand := range []string{logBestand, indexBestand} {
		var err error
		if db[bestand], err = sql.Open("sqlite", "file:"+filepath.Join(m.dir, bestand)+"?_pragma=synchronous(0)"); err != nil {
			t.Fatal(err)
		}
		defer db[bestand].Close()
		db[bestand].SetMaxOpenConns(1)
	}
	for i := range 120 {
		c := [][3]string{
			{logBestand, "versie", "ingangen"}, {logBestand, "hersleuteld", "ingangen"}, {logBestand, "versie", "inhoud"},
			{logBestand, "hersleuteld", "ingangen"}, {indexBestand, "blok", "inhoud"}, {logBestand, "hersleuteld", "nr"},
		}[i%6]
		d := db[c[0]]
		var rij int64
		var oud any
		if err := d.QueryRow(`SELECT rowid, `+c[2]+` FROM `+c[1]+` ORDER BY random() LIMIT 1`).Scan(&rij, &oud); err != nil {
			t.Fatal(err)
		}
		var nieuw any
		switch w := oud.(type) {
		case []byte:
			w = bytes.Clone(w)
			w[rand.IntN(len(w))] ^= byte(1 + rand.IntN(255))
			nieuw = w
		case int64:
			nieuw = w ^ int64(1+rand.IntN(255))<<(8*rand.IntN(8))
		}
		if _, err := d.Exec(`UPDATE `+c[1]+` SET `+c[2]+` = ? WHERE rowid = ?`, nieuw, rij); err != nil {
			continue // two of one key: the store refuses it
		}
		n := 0
		m.kijk(func(k controle.Opslag) {
			l := &controle.Log{Opslag: k, Sleutels: ringen.Twee.Organisatie, Meld: func(g controle.Gebrek) {
				if g.Deel != controle.DeelSleutel { // the other organisation has none
					n++
				}
			}}
			if _, err := l.Run(bg, nil); err != nil {
				t.Error(err)
			}
		})
		if n == 0 {
			t.Errorf("%s.%s was changed from %v to %v, and nothing is found", c[1], c[2], oud, nieuw)
		}
		if c[2] == "nr" {
			rij = nieuw.(int64)
		}
		if _, err := d.Exec(`UPDATE `+c[1]+` SET `+c[2]+` = ? WHERE rowid = ?`, oud, rij); err != nil {
			t.Fatal(err)
		}
	}
	m.kijk(func(k controle.Opslag) { storetest.WilGaaf(t, k, ringen.Twee) })
}

func BenchmarkHersleutel(b *testing.B) {
	storetest.BenchHersleutel(b, func(t testing.TB) *storetest.Machine {
		return newMachine(t, func(o *Opties) { o.Nu = time.Now }).machine()
	})
}
