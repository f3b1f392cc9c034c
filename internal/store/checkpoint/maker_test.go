package checkpoint_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	domein "github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// motor is an engine with a log and rooms.
type motor interface {
	verwerkingenlog.Store
	kamer.Opslag
	Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error)
}

// bomen reads the log; that of the beheerlog stays empty here.
type bomen struct{ motor }

func (b bomen) Grootte(ctx context.Context, oin string, boom bewijs.Boom) (uint64, error) {
	if boom == bewijs.BoomBeheer {
		return 0, nil
	}
	return b.Size(ctx, oin)
}

func (b bomen) Knopen(ctx context.Context, oin string, _ bewijs.Boom, indexes []uint64) ([]bewijs.Hash, error) {
	return b.motor.Knopen(ctx, oin, indexes)
}

func (b bomen) Tijdvakken(ctx context.Context, oin string, boom bewijs.Boom) ([]bewijs.Tijdvak, error) {
	return tijdvak.New(b).Lijst(ctx, oin, boom)
}

func (bomen) Inhouden(context.Context, string, bewijs.Boom, uint64, uint64) ([]bewijs.Hash, error) {
	return nil, errors.New("not asked for here")
}

// knoop is a node that signs.
type knoop struct {
	*domein.Maker
	b      *domein.Bewaarder
	opslag domein.Opslag
	motor  motor

	mu      sync.Mutex
	meldt   []string
	gestopt bool
	gemeten uint64
	zaden   [][]byte
}

func (k *knoop) Checkpoint(oin string, b bewijs.Boom, grootte uint64, _ time.Time, gestopt bool) {
	if oin == storetest.A && b == bewijs.BoomLog {
		k.gemeten, k.gestopt = grootte, gestopt
	}
}

var zaad1, zaad2 = []byte(strings.Repeat("1", 32)), []byte(strings.Repeat("2", 32))

func nieuweKnoop(t testing.TB, m motor, klok *storetest.Klok, p domein.Pacht, dir string, zaden ...[]byte) *knoop {
	t.Helper()
	if zaden == nil {
		zaden = [][]byte{zaad1}
	}
	k := &knoop{opslag: checkpoint.New(m), motor: m, zaden: zaden}
	var err error
	k.b, err = domein.NewBewaarder(domein.Opties{
		Opslag: k.opslag, Bomen: bomen{m}, Host: "verantwoord.example", OINs: oins, Nu: klok.Now, Zaden: func(string) [][]byte { return k.zaden },
	})
	if err != nil {
		t.Fatal(err)
	}
	var g domein.Geheugen
	if dir != "" {
		for _, oin := range oins {
			if err := os.MkdirAll(dir+"/"+oin, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		g = domein.Map(dir)
	}
	k.Maker = domein.NewMaker(k.b, p, g, k, func(err error) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.meldt = append(k.meldt, err.Error())
	})
	return k
}

// want signs, and expects that the newest checkpoint has so many leaves and holds.
func (k *knoop) want(t testing.TB, grootte uint64) domein.Bewaard {
	t.Helper()
	k.Teken(bg)
	if len(k.meldt) > 0 {
		t.Fatalf("told: %v", k.meldt)
	}
	w, err := k.opslag.Laatste(bg, storetest.A, bewijs.BoomLog)
	if err != nil {
		t.Fatal(err)
	}
	if w.Nr == 0 || w.Grootte != grootte {
		t.Fatalf("the newest checkpoint is number %d of %d leaves, want %d", w.Nr, w.Grootte, grootte)
	}
	k.holds(t, &w)
	return w
}

func (k *knoop) keys(t testing.TB) []note.Verifier {
	t.Helper()
	tekst, err := k.b.Sleutels(bg, storetest.A, bewijs.BoomLog)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := bewijs.ParseSleutels(tekst)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// holds verifies a checkpoint against the tree and the published keys.
func (k *knoop) holds(t testing.TB, w *domein.Bewaard) {
	t.Helper()
	c, err := bewijs.OpenCheckpoint(w.Tekst, "verantwoord.example/bewijs/"+storetest.A, k.keys(t)...)
	if err != nil {
		t.Fatalf("checkpoint %d: %v", w.Nr, err)
	}
	root, err := bewijs.Wortel(w.Grootte, func(x []uint64) ([]bewijs.Hash, error) { return k.motor.Knopen(bg, storetest.A, x) })
	if err != nil || c.Wortel != root || c.Grootte != w.Grootte || w.Wortel != root {
		t.Fatalf("checkpoint %d does not hold: %v", w.Nr, err)
	}
}

func log(t testing.TB, m motor, oin string, n int) {
	t.Helper()
	var groep []*verwerkingenlog.Eenheid
	for range n {
		groep = append(groep, storetest.Nieuw(oin))
	}
	if err := m.Append(bg, groep); err != nil {
		t.Fatal(err)
	}
	for _, e := range groep {
		if e.Err != nil {
			t.Fatal(e.Err)
		}
	}
}

func (k *knoop) openbaar(t testing.TB) domein.Bewaard {
	t.Helper()
	w, err := k.opslag.Openbaar(bg, storetest.A, bewijs.BoomLog)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// overal runs a test on both engines.
func overal(t *testing.T, f func(t *testing.T, open func() motor)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := openSQLite(t, t.TempDir())
		f(t, func() motor { return s })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := postgrestest.Database(t)
		f(t, func() motor { return openPostgres(t, url) })
	})
}

func TestATreeThatGrewIsSigned(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		m, klok := open(), storetest.NieuweKlok()
		k := nieuweKnoop(t, m, klok, nil, "")
		leeg := k.want(t, 0) // the empty tree is signed too, so that later ones are held against it
		var vorige domein.Bewaard
		n := uint64(0)
		for i := range 12 {
			log(t, m, storetest.A, 1+i*i%7)
			n += uint64(1 + i*i%7)
			klok.Add(2 * time.Second)
			w := k.want(t, n)
			if i > 0 {
				pad, err := k.b.Consistentie(bg, storetest.A, bewijs.BoomLog, vorige.Grootte, w.Grootte, false)
				if err != nil {
					t.Fatal(err)
				}
				hashes, err := bewijs.ParsePad(pad)
				if err != nil {
					t.Fatal(err)
				}
				if err := bewijs.CheckConsistentie(hashes, vorige.Grootte, w.Grootte, vorige.Wortel, w.Wortel); err != nil {
					t.Error(err)
				}
			}
			vorige = w
		}
		// What did not grow is not signed again.
		klok.Add(2 * time.Second)
		if w := k.want(t, n); w.Nr != vorige.Nr || w.Nr != leeg.Nr+12 {
			t.Errorf("number %d after nothing happened, %d before", w.Nr, vorige.Nr)
		}
		if k.gemeten != n || k.gestopt {
			t.Errorf("measured %d, stopped %v", k.gemeten, k.gestopt)
		}
	})
}

// From outside nobody sees within an hour whether anything was logged, nor from hour to hour when.
func TestThePublicCheckpointComesOnTheHourAndTellsNothingInBetween(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		m, klok := open(), storetest.NieuweKlok() // 12.00
		k := nieuweKnoop(t, m, klok, nil, "")
		k.want(t, 0)
		eerste := k.openbaar(t)
		n := uint64(0)
		for klok.Now().Before(storetest.Start.Add(59 * time.Minute)) {
			klok.Add(7 * time.Minute)
			log(t, m, storetest.A, 3)
			n += 3
			k.want(t, n)
			if w := k.openbaar(t); string(w.Tekst) != string(eerste.Tekst) {
				t.Fatalf("at %v another public checkpoint", klok.Now())
			}
			if klok.Now().Add(7 * time.Minute).After(storetest.Start.Add(time.Hour)) {
				break
			}
		}
		klok.Add(storetest.Start.Add(time.Hour + time.Second).Sub(klok.Now()))
		k.want(t, n)
		if w := k.openbaar(t); w.Grootte != n || !w.Moment.Equal(storetest.Start.Add(time.Hour+time.Second)) {
			t.Errorf("on the hour one of %d leaves at %v", w.Grootte, w.Moment)
		}
		// Also when nothing grew: otherwise a quiet hour would show.
		for uur := range 3 {
			voor := k.openbaar(t)
			klok.Add(time.Hour)
			k.want(t, n)
			na := k.openbaar(t)
			if na.Nr == voor.Nr || na.Grootte != n || na.Wortel != voor.Wortel {
				t.Errorf("hour %d: number %d after %d, %d leaves", uur, na.Nr, voor.Nr, na.Grootte)
			}
			k.Teken(bg)
			if again := k.openbaar(t); again.Nr != na.Nr {
				t.Error("two in one hour")
			}
		}
		if is, err := k.b.TussenOpenbare(bg, storetest.A, bewijs.BoomLog, 0, n); err != nil || !is {
			t.Errorf("both sizes are public: %v, %v", is, err)
		}
		if is, err := k.b.TussenOpenbare(bg, storetest.A, bewijs.BoomLog, 0, n-1); err != nil || is {
			t.Errorf("a size in between is public: %v, %v", is, err)
		}
	})
}

// Two nodes without a lease at all are the worst case: each signs when it likes, while both log.
func TestTwoNodesNeverKeepTwoCheckpointsOfOneSizeWithAnotherRoot(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		klok := storetest.NieuweKlok()
		var knopen []*knoop
		for range 2 {
			knopen = append(knopen, nieuweKnoop(t, open(), klok, nil, ""))
		}
		var wg sync.WaitGroup
		for _, k := range knopen {
			wg.Go(func() {
				for range 15 {
					log(t, k.motor, storetest.A, 2)
				}
			})
			wg.Go(func() {
				for range 40 {
					k.Teken(bg)
				}
			})
		}
		wg.Wait()
		k := knopen[0]
		k.Teken(bg)
		for _, k := range knopen {
			if len(k.meldt) > 0 {
				t.Errorf("told: %v", k.meldt)
			}
		}
		all, err := k.opslag.Vanaf(bg, storetest.A, bewijs.BoomLog, 0, 1000)
		if err != nil || len(all) < 2 || all[len(all)-1].Grootte != 60 {
			t.Fatalf("%d checkpoints, %v", len(all), err)
		}
		for i := range all {
			k.holds(t, &all[i])
			if all[i].Nr != uint64(i+1) || i > 0 && (all[i].Grootte < all[i-1].Grootte || all[i].Grootte == all[i-1].Grootte && !all[i].Openbaar) {
				t.Errorf("checkpoint %d of %d leaves after one of %d", all[i].Nr, all[i].Grootte, all[max(i, 1)-1].Grootte)
			}
		}
	})
}

func TestOneNodeSignsAtATimeAndAnotherTakesOver(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	klok := storetest.NieuweKlok()
	een, ander := openPostgres(t, url), openPostgres(t, url)
	a := nieuweKnoop(t, een, klok, een.Lease("checkpoints", time.Hour), "")
	dir := t.TempDir()
	b := nieuweKnoop(t, ander, klok, ander.Lease("checkpoints", time.Hour), dir)
	a.want(t, 0)
	log(t, ander, storetest.A, 3)
	b.Teken(bg)
	if w, err := b.opslag.Laatste(bg, storetest.A, bewijs.BoomLog); err != nil || w.Grootte != 0 {
		t.Fatalf("a node without the lease signed %d leaves, %v", w.Grootte, err)
	}
	a.want(t, 3)
	// It sees what the other signed, and remembers it.
	klok.Add(2 * time.Minute)
	a.want(t, 3)
	b.Teken(bg)
	if w, err := b.opslag.Laatste(bg, storetest.A, bewijs.BoomLog); err != nil || w.Grootte != 3 || b.gemeten != 3 {
		t.Fatalf("%d leaves are signed, the other node saw %d, %v", w.Grootte, b.gemeten, err)
	}
	if tekst, err := domein.Map(dir).Lees(storetest.A, bewijs.BoomLog); err != nil || len(tekst) != 1 || !strings.Contains(string(tekst[0]), "\n3\n") {
		t.Errorf("it remembers %q, %v", tekst, err)
	}
	log(t, een, storetest.A, 1)
	// The first one stops in order: it gives the lease back.
	ctx, stop := context.WithCancel(bg)
	stop()
	a.Run(ctx)
	b.want(t, 4)
	if len(b.meldt) > 0 {
		t.Errorf("told: %v", b.meldt)
	}
}

// A process that is killed between the commit of a group and the signature leaves leaves that nobody signed.
func TestWhatWasCommittedBeforeACrashIsSignedAfterIt(t *testing.T) {
	t.Parallel()
	dir, geheugen := t.TempDir(), t.TempDir()
	klok := storetest.NieuweKlok()
	s := openSQLite(t, dir)
	k := nieuweKnoop(t, s, klok, nil, geheugen)
	log(t, s, storetest.A, 5)
	k.want(t, 5)
	log(t, s, storetest.A, 4)
	kopie := copyDir(t, dir) // as the disk is at this moment, without closing: that is what a kill leaves
	klok.Add(2 * time.Second)
	k = nieuweKnoop(t, openSQLite(t, kopie), klok, nil, geheugen)
	k.want(t, 9)
	if w := k.openbaar(t); w.Grootte != 5 {
		t.Errorf("the public one has %d leaves: a restart shows growth", w.Grootte)
	}
}

func copyDir(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to+"/store", os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to + "/store"
}

// The store is put back to an older copy, together with the checkpoints in it.
func TestAStoreThatWasPutBackIsNotSignedOnWhileIntakeGoesOn(t *testing.T) {
	t.Parallel()
	dir, geheugen := t.TempDir(), t.TempDir()
	klok := storetest.NieuweKlok()
	s := openSQLite(t, dir)
	k := nieuweKnoop(t, s, klok, nil, geheugen)
	log(t, s, storetest.A, 5)
	log(t, s, storetest.B, 2)
	k.want(t, 5)
	oud := copyDir(t, dir)
	log(t, s, storetest.A, 3)
	klok.Add(2 * time.Minute)
	k.want(t, 8)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for naam, n := range map[string]int{"shorter than what was signed": 0, "as long as that": 3, "grown beyond it": 9} {
		terug := openSQLite(t, copyDir(t, oud))
		log(t, terug, storetest.A, n+1)
		log(t, terug, storetest.A, 1) // intake goes on
		k := nieuweKnoop(t, terug, klok, nil, copyDir(t, geheugen))
		for range 3 {
			klok.Add(2 * time.Hour)
			k.Teken(bg)
			log(t, terug, storetest.A, 1)
			log(t, terug, storetest.B, 1)
		}
		w, err := k.opslag.Laatste(bg, storetest.A, bewijs.BoomLog)
		if err != nil || w.Grootte != 5 {
			t.Errorf("%s: signed %d leaves, %v", naam, w.Grootte, err)
		}
		if !k.gestopt || len(k.meldt) != 1 || !strings.Contains(k.meldt[0], "STOPPED") || !strings.Contains(k.meldt[0], storetest.A) {
			t.Errorf("%s: stopped %v, told %v", naam, k.gestopt, k.meldt)
		}
		// The tree of the other organisation is whole, and signed.
		if w, err := k.opslag.Laatste(bg, storetest.B, bewijs.BoomLog); err != nil || w.Grootte != 4 {
			t.Errorf("%s: of the other one %d leaves are signed, %v", naam, w.Grootte, err)
		}
	}
}

func TestATreeThatWasChangedIsNotSignedOn(t *testing.T) {
	for naam, wijzig := range map[string]string{
		"the text of the checkpoint":   `UPDATE checkpoint SET tekst = (SELECT tekst FROM checkpoint c WHERE c.organisatie = checkpoint.organisatie AND c.boom = 'log' AND c.nr = 1) WHERE boom = 'log' AND nr = 2`,
		"the size beside it":           `UPDATE checkpoint SET grootte = grootte - 1 WHERE boom = 'log' AND nr = 2`,
		"the newest checkpoint is out": `DELETE FROM checkpoint WHERE boom = 'log' AND nr = 2`,
	} {
		t.Run(naam, func(t *testing.T) {
			overal(t, func(t *testing.T, open func() motor) {
				m, klok, geheugen := open(), storetest.NieuweKlok(), t.TempDir()
				k := nieuweKnoop(t, m, klok, nil, geheugen)
				k.want(t, 0)
				log(t, m, storetest.A, 4)
				klok.Add(2 * time.Minute)
				k.want(t, 4)
				if err := m.Write(bg, func(tx *kamer.Tx) error { _, err := tx.Exec(wijzig); return err }); err != nil {
					t.Fatal(err)
				}
				log(t, m, storetest.A, 1)
				nieuw := nieuweKnoop(t, m, klok, nil, geheugen)
				nieuw.Teken(bg)
				if !nieuw.gestopt || len(nieuw.meldt) != 1 {
					t.Errorf("stopped %v, told %v", nieuw.gestopt, nieuw.meldt)
				}
			})
		})
	}
}

// A leaf of the past gets another hash, and what lies above it too: the tree is whole, and not the one that was signed.
func TestALeafThatWasReplacedStopsTheSigning(t *testing.T) {
	t.Parallel()
	klok, geheugen := storetest.NieuweKlok(), t.TempDir()
	s := openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, s, klok, nil, geheugen)
	log(t, s, storetest.A, 4)
	k.want(t, 4)
	ander := openSQLite(t, t.TempDir()) // another past of the same length
	log(t, ander, storetest.A, 4)
	log(t, ander, storetest.A, 4)
	nieuw := nieuweKnoop(t, ander, klok, nil, geheugen)
	nieuw.Teken(bg)
	if !nieuw.gestopt {
		t.Error("another past was signed")
	}
}

func TestANewKeySignsWithTheOneBeforeItAlongForAWhile(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		m, klok := open(), storetest.NieuweKlok()
		origin := "verantwoord.example/bewijs/" + storetest.A
		oud, err := bewijs.NewTekenaar(origin, zaad1)
		if err != nil {
			t.Fatal(err)
		}
		nieuw, err := bewijs.NewTekenaar(origin, zaad2)
		if err != nil {
			t.Fatal(err)
		}
		signed := func(w domein.Bewaard) string {
			var uit []string
			for _, k := range []struct {
				naam string
				note.Verifier
			}{{"oud", oud.Lezer()}, {"nieuw", nieuw.Lezer()}} {
				if _, err := bewijs.OpenCheckpoint(w.Tekst, origin, k.Verifier); err == nil {
					uit = append(uit, k.naam)
				}
			}
			return strings.Join(uit, " and ")
		}
		k := nieuweKnoop(t, m, klok, nil, "")
		log(t, m, storetest.A, 1)
		if got := signed(k.want(t, 1)); got != "oud" {
			t.Errorf("before: %s", got)
		}
		k = nieuweKnoop(t, m, klok, nil, "", zaad2, zaad1)
		for dag := range 40 {
			log(t, m, storetest.A, 1)
			got, want := signed(k.want(t, uint64(dag+2))), "oud and nieuw"
			if dag >= 30 {
				want = "nieuw"
			}
			if got != want {
				t.Errorf("day %d: signed by %s, want %s", dag, got, want)
			}
			klok.Add(24 * time.Hour)
		}
		// Whoever keeps an old checkpoint finds the old key among the published ones.
		all, err := k.opslag.Vanaf(bg, storetest.A, bewijs.BoomLog, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			k.holds(t, &all[i])
		}
		if keys := k.keys(t); len(keys) != 2 || keys[0].KeyHash() != nieuw.KeyHash() {
			t.Errorf("%d keys are published", len(keys))
		}
	})
}

func TestARegisterWithAnotherAddressGoesOnUnderItsNewName(t *testing.T) {
	t.Parallel()
	klok, geheugen := storetest.NieuweKlok(), t.TempDir()
	s := openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, s, klok, nil, geheugen)
	log(t, s, storetest.A, 3)
	k.want(t, 3)
	log(t, s, storetest.A, 3)
	nieuw := nieuweKnoop(t, s, klok, nil, geheugen)
	nieuw.b.Host = "log.example"
	b, err := domein.NewBewaarder(nieuw.b.Opties)
	if err != nil {
		t.Fatal(err)
	}
	domein.NewMaker(b, nil, domein.Map(geheugen), nil, func(err error) { t.Error(err) }).Teken(bg)
	w, err := b.Punt(bg, storetest.A, bewijs.BoomLog, false)
	if err != nil || w.Grootte != 6 || !strings.HasPrefix(string(w.Tekst), "log.example/bewijs/"+storetest.A+"\n") {
		t.Errorf("%d leaves, %v\n%s", w.Grootte, err, w.Tekst)
	}
	if tekst, err := b.Sleutels(bg, storetest.A, bewijs.BoomLog); err != nil || strings.Count(tekst, "\n") != 2 || !strings.Contains(tekst, "verantwoord.example/") {
		t.Errorf("the key under the old name is gone: %v\n%s", err, tekst)
	}
}
