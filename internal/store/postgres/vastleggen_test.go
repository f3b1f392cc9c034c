package postgres

import (
	"bytes"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// achterLeiding gives a node whose line to the database can be cut, and one that is always connected. Over the line goes what the test
// asks for alone: no work in the background.
func achterLeiding(t *testing.T) (l *postgrestest.Leiding, achter, recht *Store) {
	t.Helper()
	adres := postgrestest.Database(t)
	recht = open(t, adres, opties(t))
	c, err := pgx.ParseConfig(adres)
	if err != nil {
		t.Fatal(err)
	}
	_, server := pgconn.NetworkAddress(c.Host, c.Port)
	l = postgrestest.Proxy(t, server)
	u := url.URL{Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Host: l.Addr(), Path: c.Database, RawQuery: "sslmode=disable"}
	achter = open(t, u.String(), opties(t))
	achter.stop()
	achter.achtergrond.Wait()
	return l, achter, recht
}

// atCommit runs f once, when the transaction of a group sends its COMMIT and before that goes on.
func atCommit(l *postgrestest.Leiding, f func()) {
	var once sync.Once
	l.Watch(func(sent []byte) {
		if bytes.Contains(sent, []byte("groep\x00")) && bytes.Contains(sent, []byte("vastleggen\x00")) && !bytes.Contains(sent, []byte("COMMIT")) {
			once.Do(f)
		}
	})
}

// metIdempotentie is a unit that may be repeated.
func metIdempotentie() *verwerkingenlog.Eenheid {
	e := storetest.Nieuw(storetest.A, storetest.Persoon())
	e.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: storetest.Sleutel(), Lichaam: storetest.Sleutel()}
	return e
}

// wantOnce checks that the log of A has the units, each once and nothing else.
func wantOnce(t *testing.T, s *Store, units ...*verwerkingenlog.Eenheid) {
	t.Helper()
	l := readLog(t, s, storetest.A)
	for _, e := range units {
		if n := l.inhoud[string(e.Rijen[0].Inhoud)]; n != 1 {
			t.Errorf("a unit is there %d times", n)
		}
	}
	if len(l.rijen) != len(units) {
		t.Errorf("%d leaves, want %d", len(l.rijen), len(units))
	}
}

func TestACommitThatNeverArrivedIsDoneAgain(t *testing.T) {
	t.Parallel()
	l, achter, recht := achterLeiding(t)
	before, e := storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.A)
	must(t, achter, before)
	var reached atomic.Bool
	atCommit(l, func() { reached.Store(true); l.Cut() })
	must(t, achter, e)
	if !reached.Load() || e.Rijen[0].Blad != 1 {
		t.Errorf("cut: %v, leaf %d", reached.Load(), e.Rijen[0].Blad)
	}
	wantOnce(t, recht, before, e)
}

// committed waits, on the other node, until the log of A has n leaves.
func committed(t testing.TB, s *Store, n uint64) {
	t.Helper()
	until(t, "the group is committed", func() bool { got, err := s.Size(bg, storetest.A); return err != nil || got == n })
}

func TestACommitThatArrivedIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	l, achter, recht := achterLeiding(t)
	e := storetest.Nieuw(storetest.A)
	reached := make(chan struct{})
	atCommit(l, func() { l.Mute(); close(reached) })
	done := make(chan error, 1)
	go func() { done <- achter.Append(bg, []*verwerkingenlog.Eenheid{e}) }()
	<-reached
	committed(t, recht, 1)
	l.Cut() // the answer is lost
	l.Unblock()
	if err := <-done; err != nil || e.Err != nil || e.Rijen[0].Blad != 0 {
		t.Errorf("%v, %v, leaf %d", err, e.Err, e.Rijen[0].Blad)
	}
	wantOnce(t, recht, e)
}

// As long as the server still runs the transaction of a lost connection, its outcome is not known: here the
// COMMIT lies with a process that sleeps. That has the head row, so whoever asks for it waits for the end.
func TestTheEndOfATransactionThatOutlivesItsConnectionIsAwaited(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	recht := open(t, c.URL("postgres"), opties(t))
	l := postgrestest.Proxy(t, c.Addr())
	o := tijdensUitval(t)
	achter := open(t, l.URL("postgres"), o)
	var lijnen []*pgxpool.Conn
	for range achter.schrijf.Config().MaxConns {
		c, err := achter.schrijf.Acquire(bg)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exec(bg, `SET idle_in_transaction_session_timeout = 0`); err != nil { // a process that sleeps seems idle
			t.Fatal(err)
		}
		lijnen = append(lijnen, c)
	}
	for _, c := range lijnen {
		c.Release()
	}
	one := func(tekst string) (n int) {
		if err := recht.lees.QueryRow(bg, tekst).Scan(&n); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			t.Error(err)
		}
		return n
	}
	asleep := make(chan int, 1)
	atCommit(l, func() {
		pid := one(`SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'`)
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Error(err)
		}
		asleep <- pid
	})
	e := storetest.Nieuw(storetest.A)
	done := make(chan error, 1)
	go func() { done <- achter.Append(bg, []*verwerkingenlog.Eenheid{e}) }()
	until(t, "the node asks for the head row", func() bool {
		return one(`SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`) > 0 || t.Failed()
	})
	if err := syscall.Kill(<-asleep, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || e.Err != nil {
		t.Errorf("%v, %v", err, e.Err)
	}
	wantOnce(t, recht, e)
}

func TestACommitOfWhichNothingIsKnownIsToldAsSuchAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	for name, arrives := range map[string]bool{"it arrived": true, "it was lost": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, achter, recht := achterLeiding(t)
			achter.geduld = geduld
			e, zonder := metIdempotentie(), storetest.Nieuw(storetest.A)
			reached := make(chan struct{})
			atCommit(l, func() {
				if arrives {
					l.Mute()
				} else {
					l.Block()
				}
				close(reached)
			})
			begin := time.Now()
			done := make(chan error, 1)
			go func() { done <- achter.Append(bg, []*verwerkingenlog.Eenheid{e, zonder}) }()
			<-reached
			if arrives {
				committed(t, recht, 2)
			}
			l.Block() // and there is no other line either
			err := <-done
			var f *fout.Fout
			if !errors.Is(err, errOnbekend) || !errors.As(err, &f) || f.Code != fout.CodeNietBeschikbaar || f.OpnieuwNa == 0 {
				t.Errorf("got %v", err)
			}
			if d := time.Since(begin); d > time.Minute {
				t.Errorf("it took %v", d)
			}
			if e.Err != nil || e.Eerder != nil || zonder.Err != nil {
				t.Errorf("units were told something: %v, %v, %v", e.Err, e.Eerder, zonder.Err)
			}
			l.Cut()
			l.Unblock()
			must(t, recht, e) // the client goes to another node
			if (e.Eerder != nil) != arrives {
				t.Errorf("taken for a repetition: %v", e.Eerder != nil)
			}
			if arrives {
				wantOnce(t, recht, e, zonder)
			} else {
				wantOnce(t, recht, e)
			}
			until(t, "the node is back", func() bool { return achter.Ready(bg) == nil })
			must(t, achter, storetest.Nieuw(storetest.A))
		})
	}
}

func TestANodeThatVanishesWithTheHeadRowHoldsOthersUpForAMomentOnly(t *testing.T) {
	t.Parallel()
	l, achter, recht := achterLeiding(t)
	achter.geduld = geduld
	reached := make(chan struct{})
	atCommit(l, func() { l.Block(); close(reached) }) // the server is not told that anything is wrong
	done := make(chan error, 1)
	go func() { done <- achter.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}) }()
	<-reached
	e := storetest.Nieuw(storetest.A)
	must(t, recht, e)
	if err := <-done; !errors.Is(err, errOnbekend) {
		t.Errorf("got %v", err)
	}
	l.Cut()
	wantOnce(t, recht, e)
}

// An operator who cancels the wait for a standby makes the commit succeed on the primary alone. That is not
// what was promised, so the node waits on.
func TestACommitIsNotAcknowledgedBeforeTheStandbyHasIt(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	o := tijdensUitval(t)
	s := open(t, c.URL("postgres"), o)
	eerst, e := storetest.Nieuw(storetest.A), metIdempotentie()
	must(t, s, eerst)
	standby := c.Standby(t)
	standby.Pause()
	done := make(chan error, 1)
	go func() { done <- s.Append(bg, []*verwerkingenlog.Eenheid{e}) }()
	cancel := func() bool {
		var n int
		err := s.lees.QueryRow(bg, `SELECT count(*) FROM (SELECT pg_cancel_backend(pid) FROM pg_stat_activity
			WHERE wait_event = 'SyncRep' AND datname = current_database()) geannuleerd`).Scan(&n)
		return err != nil || n > 0
	}
	until(t, "the commit waits for the standby, and is told not to", cancel)
	if err := <-done; !errors.Is(err, errOnbekend) {
		t.Errorf("got %v", err)
	}
	standby.Resume()
	until(t, "the server commits", func() bool { return s.Append(bg, []*verwerkingenlog.Eenheid{e}) == nil })
	if e.Err != nil || e.Eerder == nil || *e.Eerder != 1 {
		t.Errorf("repeated: %v, %v", e.Err, e.Eerder)
	}
	wantOnce(t, s, eerst, e)
}
