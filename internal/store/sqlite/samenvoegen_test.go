package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// still opens a store that does only what the test asks for: nothing in the background.
func still(t testing.TB, dir string) *Store {
	t.Helper()
	s := open(t, dir, opties(t))
	s.stop()
	s.achtergrond.Wait()
	return s
}

// mergeAll merges as long as there is something to merge, and tells in how many steps.
func mergeAll(t testing.TB, s *Store) (n int) {
	t.Helper()
	for {
		more, err := s.index.merge(bg)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return n
		}
		n++
	}
}

func count(t testing.TB, db *sql.DB, tabel string) (n int) {
	t.Helper()
	if err := db.QueryRow(`SELECT count(*) FROM ` + tabel).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Every answer stays the same while runs of several sizes are merged, over reopening, and no block
// is left behind.
func TestMergedRunsAnswerTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := still(t, dir)
	s.index.kleinste = 4
	var c inhoud
	var most int
	for range 200 {
		c.fill(t, s, 3)
		if err := s.indexAll(bg); err != nil {
			t.Fatal(err)
		}
		mergeAll(t, s)
		most = max(most, len(s.index.runs))
	}
	if most > 6*samenvoegen || len(s.index.runs) < 2 {
		t.Errorf("%d runs, at most %d", len(s.index.runs), most)
	}
	var versies int
	for _, r := range s.index.runs {
		versies += r.versies
	}
	if versies != 800 {
		t.Errorf("runs of %d versions, want 800", versies)
	}
	merged := c.answers(t, s)
	shut(t, s)
	s = still(t, dir)
	wantSame(t, merged, c.answers(t, s))
	// The indexer may have been stopped between a merge and the removal of what it replaced.
	if err := s.index.loadRuns(bg); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, r := range s.index.runs {
		want += len(r.wijzers)
	}
	if n := count(t, s.index.ro, "blok"); n != want {
		t.Errorf("%d blocks, want %d", n, want)
	}
	shut(t, s)
	if err := removeIndex(s.index.pad); err != nil {
		t.Fatal(err)
	}
	wantSame(t, c.answers(t, still(t, dir)), merged) // all in one run
}

// A merge of many blocks takes several transactions; a process that ends between two of them leaves
// nothing that the next one sees.
func TestMergeIsCutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := still(t, dir)
	s.index.kleinste = 1000
	a := s.organisaties[storetest.A]
	p := storetest.Persoon()
	const versies = 2500
	var blad uint64
	for range samenvoegen {
		s.staart.mu.Lock()
		for range versies {
			r := storetest.Rij(storetest.A, uuid.New(), 1, p)
			for range 10 {
				r.Ingangen = append(r.Ingangen, storetest.Persoon())
			}
			r.Blad, r.Tijdstip = blad, int64(blad)
			s.staart.put(a.nr, r)
			blad++
		}
		a.grootte.Store(blad)
		s.staart.mu.Unlock()
		if err := s.indexAll(bg); err != nil {
			t.Fatal(err)
		}
	}
	vraag := verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: p.Soort, Sleutels: [][16]byte{p.Sleutel}, Tot: blad}
	want := storetest.Find(t, s, vraag)
	if len(want) != samenvoegen*versies {
		t.Fatalf("found %d, want %d", len(want), samenvoegen*versies)
	}
	same := func() {
		t.Helper()
		if got := storetest.Find(t, s, vraag); !slices.Equal(want, got) {
			t.Fatalf("other answers: found %d, want %d", len(got), len(want))
		}
	}
	before := count(t, s.index.ro, "blok")
	if _, err := s.index.merge(bg); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s.index.ro, "blok"); n != before+stapBlokken-1 || len(s.index.runs) != samenvoegen {
		t.Fatalf("%d blocks and %d runs halfway, %d blocks before", n, len(s.index.runs), before)
	}
	same()

	// A cancelled step is undone, and begins anew.
	weg, cancel := context.WithCancel(bg)
	cancel()
	if _, err := s.index.merge(weg); err == nil {
		t.Error("merge of a store that stops")
	}
	if err := s.index.loadRuns(bg); err != nil { // as Open does
		t.Fatal(err)
	}
	if n := count(t, s.index.ro, "blok"); n != before {
		t.Errorf("%d blocks after a merge was cut off, want %d", n, before)
	}
	if n := mergeAll(t, s); n < 2 || len(s.index.runs) != 1 {
		t.Errorf("%d runs after %d steps", len(s.index.runs), n)
	}
	same()
	n, blokken := count(t, s.index.ro, "blok"), len(s.index.runs[0].wijzers)
	if n != blokken {
		t.Errorf("%d blocks, want %d", n, blokken)
	}
	if n := count(t, s.index.ro, `pragma_page_count, pragma_freelist_count
		WHERE freelist_count >= 512 AND freelist_count > page_count / 4`); n != 0 {
		t.Error("the space of the merged runs was not given back")
	}
}

// Readers ask while runs are added, merged and removed under them.
func TestReadersDoNotMissWhatIsMerged(t *testing.T) {
	t.Parallel()
	s := still(t, t.TempDir())
	s.index.kleinste = 2
	p := storetest.Persoon()
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			for range 300 {
				e := storetest.Nieuw(storetest.A, p)
				if err := s.Append(bg, []*verwerkingenlog.Eenheid{e}); err != nil {
					return err
				}
				if err := s.indexAll(bg); err != nil {
					return err
				}
				for more := true; more; {
					var err error
					if more, err = s.index.merge(bg); err != nil {
						return err
					}
				}
			}
			return nil
		}()
	}()
	for {
		n, err := s.Size(bg, storetest.A)
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: p.Soort, Sleutels: [][16]byte{p.Sleutel}, Tot: n})
		if err != nil {
			t.Fatal(err)
		}
		if len(l) != int(n) {
			t.Fatalf("found %d of %d", len(l), n)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		case <-time.After(time.Microsecond):
		}
	}
}

// meeloper is a context that does something whenever it is asked whether it is over.
type meeloper struct {
	context.Context
	f func()
}

func (m meeloper) Err() error {
	m.f()
	return nil
}

func TestBlocksStayWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	s := still(t, t.TempDir())
	must(t, s, storetest.Nieuw(storetest.A))
	if err := s.indexAll(bg); err != nil {
		t.Fatal(err)
	}
	asked, p := 0, s.index.runs[0].wijzers[0].eerste
	_, err := s.search(meeloper{bg, func() {
		asked++
		if s.index.mu.TryLock() {
			s.index.mu.Unlock()
			t.Error("the blocks may be removed halfway a question")
		}
	}}, s.organisaties[storetest.A], p.soort(), [][16]byte{[16]byte(p[8:]), [16]byte(p[8:])})
	if err != nil || asked < 2 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

func TestBlocksKeepEveryEntry(t *testing.T) {
	t.Parallel()
	var l []regel
	for i := range 50 {
		for soort := range verwerkingenlog.IngangSoort(5) {
			k := sleutelVan(int64(i%3)<<30+1, soort, storetest.Sleutel())
			for j := range 3 {
				r := regel{k.plaats(), vermelding{blad: maxBlad >> (i * j % 40), actie: storetest.Sleutel(), aantal: 1<<32 - 1}}
				r.tijdstip, r.staat = []int64{-1 << 63, 1<<63 - 1, 0}[(i+j)%3], verwerkingenlog.Staat(255-i)
				if soort == soortActie {
					r.actie, r.tijdstip, r.staat = k.id, 0, 0
				}
				l = append(l, r)
			}
		}
	}
	slices.SortFunc(l, func(a, b regel) int { return a.compare(&b) })
	var b []byte
	var vorige regel
	for i := range l {
		n := len(b)
		b = appendRegel(b, &l[i], &vorige)
		if len(b)-n > maxRegel {
			t.Errorf("entry of %d bytes", len(b)-n)
		}
		vorige = l[i]
	}
	rest, r := b, regel{}
	for i := range l {
		var err error
		if rest, err = nextRegel(rest, &r); err != nil {
			t.Fatal(err)
		}
		if r != l[i] {
			t.Fatalf("entry %d: %+v, want %+v", i, r, l[i])
		}
	}
	if len(rest) > 0 {
		t.Errorf("%d bytes left", len(rest))
	}
}

// FuzzBlok reads what may be on a damaged disk and got past the checksum.
func FuzzBlok(f *testing.F) {
	r := regel{plaats: sleutelVan(1, verwerkingenlog.IngangPersoon, [16]byte{1}).plaats()}
	f.Add(appendRegel(appendRegel(nil, &r, &regel{}), &r, &r))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r regel
		for len(b) > 0 {
			rest, err := nextRegel(b, &r)
			if err != nil {
				return
			}
			if len(rest) >= len(b) {
				t.Fatal("no progress")
			}
			b = rest
		}
	})
}

func TestDamagedBlocksAreSeen(t *testing.T) {
	t.Parallel()
	for naam, spoil := range map[string]string{
		"a bit that fell over": `UPDATE blok SET inhoud = CAST(substr(inhoud, 1, 40) || iif(substr(inhoud, 41, 1) = X'99', X'98', X'99') || substr(inhoud, 42) AS BLOB)`,
		"a block too short":    `UPDATE blok SET inhoud = X'00'`,
		"a block that is gone": `DELETE FROM blok`,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := opties(t)
			told := 0
			o.Fout = func(error) { told++ }
			s := open(t, t.TempDir(), o)
			s.stop()
			s.achtergrond.Wait()
			var c inhoud
			for range samenvoegen {
				c.fill(t, s, 3)
				if err := s.indexAll(bg); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.index.c.ExecContext(bg, spoil); err != nil {
				t.Fatal(err)
			}
			if _, err := s.index.merge(bg); !damaged(err) {
				t.Errorf("merge: %v", err)
			}
			if l, err := s.Versions(bg, storetest.A, c.ids[0]); err == nil || told != 1 {
				t.Errorf("%d versions, %v, told %d times", len(l), err, told)
			}
		})
	}
}

func TestFilterKnowsWhatIsInIt(t *testing.T) {
	t.Parallel()
	const n = 10_000
	for naam, id := range map[string]func(i int) uuid.UUID{
		"random ids":   func(int) uuid.UUID { return uuid.New() },
		"numbered ids": func(i int) uuid.UUID { return uuid.UUID{14: byte(i >> 8), 15: byte(i)} },
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			f, ids := newFilter(n), make([]uuid.UUID, 2*n)
			for i := range ids {
				if ids[i] = id(i); i < n {
					f.add(ids[i][:])
				}
			}
			wrong := 0
			for i := range ids {
				has := f.has(ids[i][:])
				if i < n && !has {
					t.Fatalf("id %d is not in it", i)
				}
				if i >= n && has {
					wrong++
				}
			}
			if wrong > n/50 {
				t.Errorf("wrong about %d of %d", wrong, n)
			}
		})
	}
}
