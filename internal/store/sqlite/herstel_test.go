package sqlite

import (
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// inhoud is a log with some history, and all questions about it.
type inhoud struct {
	ids      []uuid.UUID
	personen []verwerkingenlog.Ingang
}

// fill appends n acties of a few persons to A and B, every third with a second version.
func (c *inhoud) fill(t testing.TB, s *Store, n int) {
	t.Helper()
	for len(c.personen) < 5 {
		c.personen = append(c.personen, storetest.Persoon())
	}
	for i := range n {
		oin := []string{storetest.A, storetest.A, storetest.B}[i%3]
		id, p := uuid.New(), c.personen[i%len(c.personen)]
		groep := []*verwerkingenlog.Eenheid{storetest.Eenheid(oin, storetest.Rij(oin, id, 1, p))}
		if i%3 == 0 {
			groep = append(groep, storetest.Eenheid(oin, storetest.Rij(oin, id, 2, p, storetest.Persoon())))
		}
		must(t, s, groep...)
		c.ids = append(c.ids, id)
	}
}

// answers asks everything.
func (c *inhoud) answers(t testing.TB, s *Store) map[string]any {
	t.Helper()
	m := map[string]any{}
	for _, oin := range []string{storetest.A, storetest.B} {
		n, err := s.Size(bg, oin)
		if err != nil {
			t.Fatal(err)
		}
		m[oin] = n
		for _, p := range c.personen {
			for _, tot := range []uint64{n, n / 2} {
				m[oin+uuid.UUID(p.Sleutel).String()+time.Duration(tot).String()] = storetest.Find(t, s,
					verwerkingenlog.Zoekvraag{OIN: oin, Soort: p.Soort, Sleutels: [][16]byte{p.Sleutel}, Tot: tot, MetActiviteit: true})
			}
		}
		for _, id := range c.ids {
			v, err := s.Versions(bg, oin, id)
			if err != nil && fout.CodeOf(err) != fout.CodeNietGevonden {
				t.Fatal(err)
			}
			m[oin+id.String()] = v
		}
	}
	return m
}

func wantSame(t testing.TB, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("other answers (-want +got):\n%s", d)
	}
}

func copyFile(t testing.TB, van, naar string) {
	t.Helper()
	b, err := os.ReadFile(van)
	if err == nil {
		err = os.WriteFile(naar, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	dir, o := t.TempDir(), opties(t)
	var c inhoud
	s := open(t, dir, o)
	c.fill(t, s, 60)
	want := c.answers(t, s)
	shut(t, s)

	o.Organisaties = nil // what exists stays
	s = open(t, dir, o)
	wantSame(t, want, c.answers(t, s))
	if n := s.Achterstand(); n != 0 {
		t.Errorf("%d versions not indexed by Close", n)
	}
	before, _ := s.Size(bg, storetest.A)
	e := storetest.Nieuw(storetest.A)
	must(t, s, e)
	if e.Rijen[0].Blad != before {
		t.Errorf("leaf %d after reopening, want %d", e.Rijen[0].Blad, before)
	}
	rows, err := s.Rows(bg, storetest.A, []uint64{before - 1})
	if err != nil || rows[0].Registratie >= e.Rijen[0].Registratie {
		t.Errorf("registration does not grow over reopening (%v)", err)
	}
}

func TestIndexIsRebuilt(t *testing.T) {
	t.Parallel()
	overwrite := func(at int64) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			f, err := os.OpenFile(filepath.Join(dir, indexBestand), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := io.CopyN(io.NewOffsetWriter(f, at), rand.Reader, 50_000); err != nil {
				t.Fatal(err)
			}
		}
	}
	truncate := func(n int64) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, indexBestand), n); err != nil {
				t.Fatal(err)
			}
		}
	}
	for naam, spoil := range map[string]func(t *testing.T, dir string){
		"after it was deleted": func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, indexBestand)); err != nil {
				t.Fatal(err)
			}
		},
		"after it was deleted and its write-ahead log stayed": func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, indexBestand), filepath.Join(dir, indexBestand+"-wal")); err != nil {
				t.Fatal(err)
			}
		},
		"after it was emptied":             truncate(0),
		"after it was cut off":             truncate(3*paginaGrootte + 100),
		"after it was cut off at a page":   truncate(4 * paginaGrootte),
		"after its header was overwritten": overwrite(0),
		"when it is an older copy of itself": func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, "ouder"), filepath.Join(dir, indexBestand))
		},
	} {
		for hoe, set := range map[string]func(*Opties){
			"in memory":             func(o *Opties) { o.stil = time.Hour },
			"in runs, memory bound": func(o *Opties) { o.segment, o.maxRun, o.maxStaart = 7, 20, 20 },
		} {
			t.Run(naam+" "+hoe, func(t *testing.T) {
				t.Parallel()
				dir, o := t.TempDir(), opties(t)
				o.Fout = func(error) {} // that it is rebuilt is told
				set(&o)
				var c inhoud
				s := open(t, dir, o)
				c.fill(t, s, 50)
				shut(t, s)
				copyFile(t, filepath.Join(dir, indexBestand), filepath.Join(dir, "ouder"))
				s = open(t, dir, o)
				c.fill(t, s, 50)
				want := c.answers(t, s)
				shut(t, s)
				spoil(t, dir)
				s = open(t, dir, o)
				if n := s.Achterstand(); n > 200 || o.maxStaart == 20 && n > 20 {
					t.Errorf("%d versions in memory", n)
				}
				wantSame(t, want, c.answers(t, s))
				shut(t, s)
				s = open(t, dir, opties(t))
				wantSame(t, want, c.answers(t, s))
			})
		}
	}
}

// A restored backup of the log may be older than the index, or have gone another way since.
func TestIndexOfAnotherCourseIsRebuilt(t *testing.T) {
	t.Parallel()
	for naam, more := range map[string]int{"the index is ahead": 0, "the log went another way": 80} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			dir, o := t.TempDir(), opties(t)
			var told int
			o.Fout = func(error) { told++ }
			var c inhoud
			s := open(t, dir, o)
			c.fill(t, s, 30)
			shut(t, s)
			copyFile(t, filepath.Join(dir, logBestand), filepath.Join(dir, "backup"))
			s = open(t, dir, o)
			c.fill(t, s, 30)
			shut(t, s)

			storetest.KlokVan(t).Add(time.Hour)
			copyFile(t, filepath.Join(dir, "backup"), filepath.Join(dir, logBestand))
			index := filepath.Join(dir, indexBestand)
			copyFile(t, index, filepath.Join(dir, "index"))
			c.ids = c.ids[:30]
			if err := os.Remove(index); err != nil {
				t.Fatal(err)
			}
			s = open(t, dir, o)
			c.fill(t, s, more)
			want := c.answers(t, s)
			shut(t, s)
			copyFile(t, filepath.Join(dir, "index"), index)
			s = open(t, dir, o)
			wantSame(t, want, c.answers(t, s))
			if told != 1 {
				t.Errorf("told %d times of a rebuilt index, want once", told)
			}
		})
	}
}

func TestIndexOfAnotherLogIsRebuilt(t *testing.T) {
	t.Parallel()
	dir, other, o := t.TempDir(), t.TempDir(), opties(t)
	o.Fout = func(error) {}
	var c, d inhoud
	s := open(t, dir, o)
	c.fill(t, s, 30)
	want := c.answers(t, s)
	shut(t, s)
	s = open(t, other, o)
	d.fill(t, s, 20)
	shut(t, s)
	copyFile(t, filepath.Join(other, indexBestand), filepath.Join(dir, indexBestand))
	wantSame(t, want, c.answers(t, open(t, dir, o)))
}

// Damage that shows only when it is read puts the index out of use, never gives half an answer, and
// is over after a restart.
func TestIndexDamagedWhileServing(t *testing.T) {
	t.Parallel()
	dir, o := t.TempDir(), opties(t)
	const derde = "00000099000000000003"
	o.Organisaties = append(o.Organisaties, derde)
	var c inhoud
	s := open(t, dir, o)
	c.fill(t, s, 300)
	want := c.answers(t, s)
	shut(t, s)

	o.Fout = func(error) {}
	s = open(t, dir, o)
	var root int64
	if err := s.index.c.QueryRowContext(bg, `SELECT rootpage FROM sqlite_schema WHERE name = 'blok'`).Scan(&root); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, indexBestand), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	garbage := make([]byte, fi.Size()-(root-1)*paginaGrootte)
	rand.Read(garbage)
	if _, err := f.WriteAt(garbage, (root-1)*paginaGrootte); err != nil {
		t.Fatal(err)
	}
	vraag := verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: verwerkingenlog.IngangPersoon, Sleutels: [][16]byte{c.personen[0].Sleutel}, Tot: 1000}
	if l, err := s.Find(bg, vraag); fout.CodeOf(err) != fout.CodeNietBeschikbaar {
		t.Errorf("Find = %d, %v", len(l), err)
	}
	if err := s.Ready(bg); fout.CodeOf(err) != fout.CodeNietBeschikbaar {
		t.Errorf("Ready = %v", err)
	}
	next := storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, c.ids[0], 3))
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{next}); err != nil || fout.CodeOf(next.Err) != fout.CodeNietBeschikbaar {
		t.Errorf("next version: %v, %v", err, next.Err)
	}
	must(t, s, storetest.Nieuw(derde)) // the log itself goes on
	shut(t, s)
	wantSame(t, want, c.answers(t, open(t, dir, o)))
}
