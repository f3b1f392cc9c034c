package postgres

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// openKamers gives the rooms of a database that the test may take away.
func openKamers(t testing.TB, adres string) kamer.Opslag {
	t.Helper()
	return open(t, adres, Opties{Fout: func(err error) { t.Logf("background: %v", err) }})
}

func TestRoomsConform(t *testing.T) {
	t.Parallel()
	storetest.RunKamer(t, func(t testing.TB) kamer.Opslag { return open(t, postgrestest.Database(t), opties(t)) })
}

// teller is a table with one number, on which rooms try themselves.
func teller(t *testing.T, k kamer.Opslag) {
	t.Helper()
	moet(t, k.Write(t.Context(), func(tx *kamer.Tx) error {
		_, err := tx.Exec(`CREATE TABLE teller(n BIGINT NOT NULL); INSERT INTO teller VALUES(0)`)
		return err
	}))
}

func moet(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func lees(tx *kamer.Tx) (n int64, err error) {
	err = tx.QueryRow(`SELECT n FROM teller`).Scan(&n)
	return n, err
}

func tel(tx *kamer.Tx) error {
	n, err := lees(tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE teller SET n = $1`, n+1)
	return err
}

func wantTeller(t *testing.T, k kamer.Opslag, want int64) {
	t.Helper()
	var n int64
	err := k.Read(t.Context(), func(tx *kamer.Tx) (err error) { n, err = lees(tx); return err })
	if err != nil || n != want {
		t.Errorf("counted to %d, want %d: %v", n, want, err)
	}
}

func TestAWriteThatMetAnotherRunsAgainOnWhatThatMade(t *testing.T) {
	t.Parallel()
	k := openKamers(t, postgrestest.Database(t))
	teller(t, k)
	for name, met := range map[string]func(error) error{
		"and returns the error of the statement": func(err error) error { return err },
		"and makes another error of it":          func(error) error { return errors.New("of the function") },
		"and keeps it to itself":                 func(error) error { return nil },
	} {
		var voor int64
		moet(t, k.Read(t.Context(), func(tx *kamer.Tx) (err error) { voor, err = lees(tx); return err }))
		runs := 0
		err := k.Write(t.Context(), func(tx *kamer.Tx) error {
			runs++
			if _, err := lees(tx); err != nil { // fixes the snapshot
				return err
			}
			if runs == 1 {
				moet(t, k.Write(t.Context(), tel))
			}
			if err := tel(tx); err != nil {
				return met(err)
			}
			return nil
		})
		if err != nil || runs != 2 {
			t.Errorf("%s: %d runs: %v", name, runs, err)
		}
		wantTeller(t, k, voor+2)
	}
}

func TestARoomWhoseKeyIsAlwaysTakenGivesUp(t *testing.T) {
	t.Parallel()
	k := openKamers(t, postgrestest.Database(t))
	moet(t, k.Write(t.Context(), func(tx *kamer.Tx) error {
		_, err := tx.Exec(`CREATE TABLE een(nr BIGINT PRIMARY KEY); INSERT INTO een VALUES(1)`)
		return err
	}))
	begin := time.Now()
	err := k.Write(t.Context(), func(tx *kamer.Tx) error { _, err := tx.Exec(`INSERT INTO een VALUES(1)`); return err })
	if err == nil || time.Since(begin) > time.Minute {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
}

// leiding gives the rooms of a database behind a line that can be cut, and the same without it.
func leiding(t *testing.T) (l *postgrestest.Leiding, achter, recht kamer.Opslag) {
	t.Helper()
	adres := postgrestest.Database(t)
	c, err := pgx.ParseConfig(adres)
	moet(t, err)
	_, server := pgconn.NetworkAddress(c.Host, c.Port)
	l = postgrestest.Proxy(t, server)
	recht = openKamers(t, adres)
	teller(t, recht)
	u := url.URL{Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Host: l.Addr(), Path: c.Database, RawQuery: "sslmode=disable"}
	return l, openKamers(t, u.String()), recht
}

func TestALineThatBreaksBeforeTheCommitIsTriedOnceMore(t *testing.T) {
	t.Parallel()
	l, achter, recht := leiding(t)
	write := func(breaks int) (runs int, err error) {
		err = achter.Write(t.Context(), func(tx *kamer.Tx) error {
			runs++
			if err := tel(tx); err != nil {
				return err
			}
			if runs <= breaks {
				l.Cut()
			}
			return tel(tx)
		})
		return runs, err
	}
	if runs, err := write(1); err != nil || runs != 2 {
		t.Errorf("broken once: %d runs: %v", runs, err)
	}
	wantTeller(t, recht, 2)
	if runs, err := write(2); !errors.Is(err, fout.NietBeschikbaar) || errors.Is(err, errOnbekend) || runs != 2 {
		t.Errorf("broken twice: %d runs: %v", runs, err)
	}
	wantTeller(t, recht, 2)
}

func TestACommitWithoutAnAnswerIsToldAsUnknownAndNotDoneTwice(t *testing.T) {
	t.Parallel()
	l, achter, recht := leiding(t)
	var once sync.Once
	var wg sync.WaitGroup
	l.Watch(func(sent []byte) {
		if !bytes.Contains(sent, []byte("\x00vastleggen\x00")) {
			return
		}
		once.Do(func() {
			l.Mute()
			wg.Go(func() { // the commit arrives, its answer never
				for n := int64(0); n == 0 && t.Context().Err() == nil; {
					if err := recht.Read(t.Context(), func(tx *kamer.Tx) (err error) { n, err = lees(tx); return err }); err != nil {
						t.Error(err)
						break
					}
				}
				l.Cut()
				l.Unblock()
			})
		})
	})
	err := achter.Write(t.Context(), tel)
	wg.Wait()
	if !errors.Is(err, fout.NietBeschikbaar) || !errors.Is(err, errOnbekend) {
		t.Errorf("got %v", err)
	}
	wantTeller(t, recht, 1)
}

func TestAServerThatHangsIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	l, achter, recht := leiding(t)
	moet(t, achter.Write(t.Context(), tel))
	begin := time.Now()
	err := achter.Write(t.Context(), func(tx *kamer.Tx) error {
		l.Block()
		return tel(tx)
	})
	if !errors.Is(err, fout.NietBeschikbaar) || time.Since(begin) > time.Minute {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := achter.Read(ctx, func(tx *kamer.Tx) error { _, err := lees(tx); return err }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read: %v", err)
	}
	l.Unblock()
	wantTeller(t, recht, 1)
}

func TestAServerThatIsGoneComesBack(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	k := openKamers(t, c.URL("postgres"))
	teller(t, k)
	c.Kill()
	for what, err := range map[string]error{
		"write": k.Write(t.Context(), tel),
		"read":  k.Read(t.Context(), func(tx *kamer.Tx) error { _, err := lees(tx); return err }),
	} {
		if !errors.Is(err, fout.NietBeschikbaar) || errors.Is(err, errOnbekend) {
			t.Errorf("%s: %v", what, err)
		}
	}
	c.Begin()
	moet(t, k.Write(t.Context(), tel))
	wantTeller(t, k, 1)
}

func TestACopyIsReadAndNotWritten(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	teller(t, openKamers(t, c.URL("postgres")))
	k := openKamers(t, c.Standby(t).URL("postgres"))
	if err := k.Write(t.Context(), tel); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("got %v", err)
	}
	wantTeller(t, k, 0)
}
