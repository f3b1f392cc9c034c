package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// until waits for a condition.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// tijdensUitval are options of a test in which background work fails because the server does. Its patience is that of a node.
func tijdensUitval(t testing.TB) Opties {
	o := opties(t)
	o.Geduld = 0
	o.Fout = func(err error) {
		if !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("background: %v", err)
		}
	}
	return o
}

// underLoad lets two nodes append with all their might while hurt does something to the server, several times.
// Without a hand the nodes must go on, and at the end nothing may be lost, torn or doubled.
func underLoad(t *testing.T, c *postgrestest.Cluster, times int, hurt func()) {
	t.Helper()
	var wg sync.WaitGroup
	var acked atomic.Int64
	var stop atomic.Bool
	var nodes []*Store
	var werkers []*werker
	for range 2 {
		nodes = append(nodes, open(t, c.URL("postgres"), tijdensUitval(t)))
	}
	for i := range 6 {
		w := newWerker(i, []string{storetest.A, storetest.A, storetest.B}[i%3:]...)
		werkers = append(werkers, w)
		wg.Go(func() {
			for !stop.Load() {
				voor := len(w.gelukt)
				if err := w.append(nodes[i%2]); err != nil {
					t.Error(err)
					return
				}
				acked.Add(int64(len(w.gelukt) - voor))
			}
		})
	}
	flow := func() {
		t.Helper()
		enough := acked.Load() + 50
		until(t, "units are acknowledged", func() bool { return acked.Load() > enough || t.Failed() })
	}
	for range times {
		flow()
		hurt()
	}
	flow()
	stop.Store(true)
	wg.Wait()

	logs := readLogs(t, nodes[0])
	n := 0
	for _, w := range werkers {
		w.check(t, logs)
		w.repeat(t, nodes[1], logs)
		n += len(w.onbekend)
	}
	t.Logf("%d units acknowledged; of %d the outcome was not known", acked.Load(), n)
	logs = readLogs(t, nodes[0])
	for _, w := range werkers {
		w.check(t, logs)
		for _, e := range w.onbekend {
			if e.Idempotentie != nil && logs[e.OIN].inhoud[string(e.Rijen[0].Inhoud)] != 1 {
				t.Error("a unit that was repeated with its key is not there once")
			}
		}
	}
}

// repeat sends once more the units of which the outcome is not known and that have a key.
func (w *werker) repeat(t *testing.T, s *Store, logs map[string]*logboek) {
	t.Helper()
	for _, e := range w.onbekend {
		if e.Idempotentie == nil {
			continue
		}
		must(t, s, e)
		if was := logs[e.OIN].inhoud[string(e.Rijen[0].Inhoud)] == 1; was != (e.Eerder != nil) {
			t.Errorf("a unit that is there: %v, and the store said to a repetition: %v", was, e.Eerder != nil)
		}
	}
}

func TestNothingIsLostOrDoubledWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	underLoad(t, c, 3, func() {
		c.Kill()
		c.Begin()
	})
}

func TestNothingIsLostOrDoubledWhenConnectionsAreCut(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	conn, err := pgx.Connect(bg, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(bg)
	underLoad(t, c, 30, func() {
		// Without waiting until they are gone, as Cluster.CutConnections does.
		if _, err := conn.Exec(bg, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'verantwoord'`); err != nil {
			t.Error(err)
		}
	})
}

func TestNothingIsLostOrDoubledWhenTheServerRestarts(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	underLoad(t, c, 3, c.Restart)
}

// unavailableSoon asks the store everything at once; each answer must be that it isn't available, and come within a minute: the store
// has a patience of seconds, and the machine may be slow.
func unavailableSoon(t *testing.T, s *Store) {
	t.Helper()
	var wg sync.WaitGroup
	for what, f := range map[string]func() error{
		"Append": func() error { return s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}) },
		"Size":   func() error { _, err := s.Size(bg, storetest.A); return err },
		"Latest": func() error { _, err := s.Latest(bg, storetest.A, storetest.Sleutel()); return err },
		"Rows":   func() error { _, err := s.Rows(bg, storetest.A, []uint64{0}); return err },
		"Find": func() error {
			_, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: 1, Sleutels: [][16]byte{{}}})
			return err
		},
		"Ready":           func() error { return s.Ready(bg) },
		"Vingerafdrukken": func() error { _, err := s.Vingerafdrukken(bg, storetest.A); return err },
	} {
		wg.Go(func() {
			begin := time.Now()
			err := f()
			var nb *fout.Fout
			if !errors.As(err, &nb) || nb.Code != fout.CodeNietBeschikbaar || nb.OpnieuwNa != time.Second || errors.Is(err, errOnbekend) {
				t.Errorf("%s: %v", what, err)
			}
			if d := time.Since(begin); d > time.Minute {
				t.Errorf("%s took %v", what, d)
			}
		})
	}
	wg.Wait()
}

func TestAServerThatIsAwayOrHangsIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	o := tijdensUitval(t)
	s := open(t, c.URL("postgres"), o)
	e := storetest.Nieuw(storetest.A)
	must(t, s, e)
	for _, do := range [][2]func(){{c.Pause, c.Resume}, {c.Kill, c.Begin}} {
		do[0]()
		unavailableSoon(t, s)
		do[1]()
		until(t, "the store is ready", func() bool { return s.Ready(bg) == nil })
		must(t, s, storetest.Nieuw(storetest.A))
	}
	if l := readLog(t, s, storetest.A); len(l.rijen) != 3 {
		t.Errorf("%d leaves, want 3", len(l.rijen))
	}
}

func TestAStandbyIsReadAndRefusesWrites(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	o := tijdensUitval(t)
	e := storetest.Nieuw(storetest.A)
	must(t, open(t, c.URL("postgres"), o), e)
	standby := c.Standby(t)
	s := open(t, standby.URL("postgres"), o)
	if r, err := s.Latest(bg, storetest.A, e.Rijen[0].ActieID); err != nil || r.Blad != 0 {
		t.Errorf("%v, %v", r, err)
	}
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}); !errors.Is(err, fout.NietBeschikbaar) || code(err) != codeAlleenLezen {
		t.Errorf("Append: %v", err)
	}
	if err := s.Ready(bg); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("Ready: %v", err)
	}
	if err := s.BewaarVingerafdrukken(bg, storetest.A, map[string]string{"a": "b"}); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("BewaarVingerafdrukken: %v", err)
	}
	standby.Promote()
	must(t, s, storetest.Nieuw(storetest.A)) // it goes on where the primary was
	if l := readLog(t, s, storetest.A); len(l.rijen) != 2 {
		t.Errorf("%d leaves, want 2", len(l.rijen))
	}
}

func TestAClosedStoreRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, postgrestest.Database(t), opties(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}); !errors.Is(err, fout.NietBeschikbaar) {
		t.Error(err)
	}
	if _, err := s.Size(bg, storetest.A); !errors.Is(err, fout.NietBeschikbaar) {
		t.Error(err)
	}
}

func TestWhenAllConnectionsAreTakenItIsUnavailable(t *testing.T) {
	t.Parallel()
	o := tijdensUitval(t)
	o.Schrijvers, o.Lezers = 1, 1
	s := open(t, postgrestest.Database(t), o)
	for _, p := range []*pgxpool.Pool{s.schrijf, s.lees} {
		for range p.Config().MaxConns {
			c, err := p.Acquire(bg)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Release)
		}
	}
	unavailableSoon(t, s)
}

func TestAQuestionThatIsCancelledSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t, postgrestest.Database(t), opties(t))
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if _, err := s.Size(ctx, storetest.A); !errors.Is(err, context.Canceled) || errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("got %v", err)
	}
}

// The default of the server, the database or the role is not what durability depends on.
func TestCommitsWaitForTheDiskWhateverTheDefault(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	c, err := pgx.Connect(bg, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(bg)
	for was, want := range map[string]string{"off": "on", "local": "on", "remote_write": "on", "on": "on", "remote_apply": "remote_apply"} {
		if _, err := c.Exec(bg, "ALTER DATABASE "+pgx.Identifier{c.Config().Database}.Sanitize()+" SET synchronous_commit = "+was); err != nil {
			t.Fatal(err)
		}
		s := open(t, url, opties(t))
		var got, bron string
		if err := s.schrijf.QueryRow(bg, "SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'").Scan(&got, &bron); err != nil {
			t.Fatal(err)
		}
		if got != want || bron != "session" {
			t.Errorf("%s became %s by %s, want %s", was, got, bron, want)
		}
	}
}
