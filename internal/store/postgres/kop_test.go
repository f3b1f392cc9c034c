package postgres

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// warm lets a node find the head row of A as it left it, so often that it goes by what it remembers.
func warm(t *testing.T, s *Store) (units []*verwerkingenlog.Eenheid) {
	t.Helper()
	for range alleen + 2 {
		e := storetest.Nieuw(storetest.A)
		must(t, s, e)
		units = append(units, e)
	}
	if k := &s.organisaties[storetest.A].kop; !k.bekend || k.reeks < alleen || s.Gedeeld() {
		t.Fatalf("known %v, %d in a row", k.bekend, k.reeks)
	}
	return units
}

// pieces counts what a node sends during f. That it tries a connection first which was idle for a second does not count.
func pieces(t *testing.T, l interface{ Watch(func([]byte)) }, f func()) (n int) {
	t.Helper()
	var mu sync.Mutex
	l.Watch(func(sent []byte) {
		mu.Lock()
		defer mu.Unlock()
		if !bytes.Contains(sent, []byte("-- ping")) {
			n++
		}
	})
	f()
	l.Watch(func([]byte) {})
	mu.Lock()
	defer mu.Unlock()
	return n
}

func TestAGroupOfANodeThatIsAloneIsOneRoundTrip(t *testing.T) {
	t.Parallel()
	l, achter, recht := achterLeiding(t)
	units := warm(t, achter)
	e := storetest.Nieuw(storetest.A, storetest.Persoon(), storetest.Persoon())
	if n := pieces(t, l, func() { must(t, achter, e) }); n != 1 {
		t.Errorf("%d messages instead of one", n)
	}
	units = append(units, e)

	// Another node takes it by surprise once. From then on the head row is locked first.
	other := storetest.Nieuw(storetest.A)
	must(t, recht, other)
	surprised := storetest.Nieuw(storetest.A)
	must(t, achter, surprised)
	if achter.organisaties[storetest.A].kop.reeks != 0 {
		t.Error("it goes on by heart")
	}
	units = append(units, other, surprised)
	for range alleen {
		e, f := storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.A)
		must(t, recht, e)
		must(t, achter, f)
		units = append(units, e, f)
	}
	if !achter.Gedeeld() || !recht.Gedeeld() {
		t.Error("nodes that write by turns do not know it")
	}
	units = append(units, warm(t, achter)...)
	for i, e := range units {
		if e.Rijen[0].Blad != uint64(i) {
			t.Fatalf("unit %d has leaf %d", i, e.Rijen[0].Blad)
		}
	}
	wantOnce(t, recht, units...)
}

func TestAnEarlierAnswerHoldsUntilTheHeadRowMoves(t *testing.T) {
	t.Parallel()
	l, achter, recht := achterLeiding(t)
	units := warm(t, achter)
	zero, first := metIdempotentie(), metIdempotentie()
	must(t, achter, zero) // the driver prepares the question once
	if n := pieces(t, l, func() { must(t, achter, first) }); n != 2 {
		t.Errorf("%d messages instead of a question and a group", n)
	}
	// Between the question and the group another node writes the same key.
	mine := metIdempotentie()
	theirs := metIdempotentie()
	*theirs.Idempotentie = *mine.Idempotentie
	var once sync.Once
	l.Watch(func(sent []byte) {
		if bytes.Contains(sent, []byte("COPY versie")) {
			once.Do(func() { must(t, recht, theirs) })
		}
	})
	must(t, achter, mine)
	l.Watch(func([]byte) {})
	if mine.Eerder == nil || *mine.Eerder != theirs.Rijen[0].Blad {
		t.Error("a key was used twice")
	}
	wantOnce(t, recht, append(units, zero, first, theirs)...)
}

// What goes ahead may fail before it has begun a transaction, as when somebody cancels it at that instant. What
// comes after it must not become durable by itself.
func TestWithoutItsRowsAGroupIsNotCommitted(t *testing.T) {
	t.Parallel()
	_, achter, recht := achterLeiding(t)
	units := warm(t, achter)
	err := with(bg, achter.schrijf, func(c *pgx.Conn) error {
		g := newGroep()
		e := storetest.Nieuw(storetest.A)
		g.begin(achter, []*verwerkingenlog.Eenheid{e})
		defer g.end()
		g.judge()
		g.rows()(nil)
		g.nr, g.nu = 1, achter.opt.Nu().UnixMicro()
		if !g.recall() {
			t.Fatal("the head row is not remembered")
		}
		g.number()
		return achter.commit(bg, c, g)
	})
	if code(err) != codeKopAnders {
		t.Errorf("commit without rows: %v", err)
	}
	wantOnce(t, recht, units...)
}

func TestRowsThatWereNotSentStayBehind(t *testing.T) {
	t.Parallel()
	_, achter, recht := achterLeiding(t)
	units := warm(t, achter)
	ctx, cancel := context.WithCancel(bg)
	cancel()
	err := with(bg, achter.schrijf, func(c *pgx.Conn) error {
		g := newGroep()
		g.begin(achter, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)})
		defer g.end()
		if err := achter.write(ctx, c, g); err == nil {
			t.Error("a cancelled group was written")
		}
		if c.IsClosed() {
			return nil
		}
		_, err := c.Exec(bg, "SELECT 1")
		return err
	})
	if err != nil {
		t.Error(err)
	}
	wantOnce(t, recht, units...)
}

// dribbel is a server that answers a byte at a time.
type dribbel struct {
	net.Conn
	in  *bytes.Reader
	out bytes.Buffer
}

func (d *dribbel) Read(p []byte) (int, error)  { return d.in.Read(p[:1]) }
func (d *dribbel) Write(p []byte) (int, error) { return d.out.Write(p) }

func TestALineKeepsTheAnswersToWhatWentAhead(t *testing.T) {
	t.Parallel()
	fout := "E\x00\x00\x00\x1aSERROR\x00VERROR\x00C23505\x00\x00"
	for naam, c := range map[string]struct{ in, want, code string }{
		"accepted":  {"G\x00\x00\x00\x05\x00C\x00\x00\x00\x0bCOPY 1\x00Z\x00\x00\x00\x05T" + "2\x00\x00\x00\x04rest", "2\x00\x00\x00\x04rest", ""},
		"refused":   {fout + "Z\x00\x00\x00\x05E" + "2\x00\x00\x00\x04", "2\x00\x00\x00\x04", "23505"},
		"cut off":   {"C\x00\x00\x00\x0bCOPY", "", ""},
		"senseless": {"C\xff\xff\xff\xffCOPY", "", ""},
	} {
		t.Run(naam, func(t *testing.T) {
			d := &dribbel{in: bytes.NewReader([]byte(c.in))}
			l := &lijn{Conn: d, vooruit: []byte("eerst ")}
			if n, err := l.Write([]byte("dan")); n != 3 || err != nil || d.out.String() != "eerst dan" {
				t.Errorf("wrote %d, %v: %q", n, err, d.out.String())
			}
			got, err := io.ReadAll(l)
			if string(got) != c.want {
				t.Errorf("read %q, %v", got, err)
			}
			if naam == "senseless" && err != errAntwoord {
				t.Errorf("%v", err)
			}
			if (l.fout == nil) != (c.code == "") || l.fout != nil && l.fout.Code != c.code {
				t.Errorf("error %v", l.fout)
			}
			if _, err := l.Write([]byte("!")); err != nil || d.out.String() != "eerst dan!" {
				t.Errorf("what went ahead went twice: %q", d.out.String())
			}
		})
	}
}

// traag is a trigger that holds the first COPY up after its rows are in, however often it is cancelled, for as long as somebody has the lock.
const traag = `CREATE SEQUENCE traag;
	CREATE FUNCTION traag() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF nextval('traag') > 1 THEN RETURN NULL; END IF;
		LOOP
			BEGIN PERFORM pg_advisory_lock(1); RETURN NULL; EXCEPTION WHEN query_canceled THEN END;
		END LOOP;
	END $$;
	CREATE TRIGGER traag AFTER INSERT ON versie FOR EACH STATEMENT EXECUTE FUNCTION traag()`

// The whole transaction lies with the server when the line is lost, and has no lock on the head row yet: whoever asks
// then finds nothing of it. It must not be able to commit after that.
func TestAGroupThatOutlivesItsConnectionIsNotWrittenAfterItWasCalledLost(t *testing.T) {
	t.Parallel()
	l, achter, recht := achterLeiding(t)
	units := warm(t, achter)
	if _, err := recht.schrijf.Exec(bg, traag); err != nil {
		t.Fatal(err)
	}
	slot, err := recht.schrijf.Acquire(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer slot.Release()
	if _, err := slot.Exec(bg, `SELECT pg_advisory_lock(1)`); err != nil {
		t.Fatal(err)
	}
	e := storetest.Nieuw(storetest.A, storetest.Persoon())
	done := make(chan error, 1)
	go func() { done <- achter.Append(bg, []*verwerkingenlog.Eenheid{e}) }()
	wacht := func(op string) func() bool {
		return func() bool {
			var n int
			err := recht.lees.QueryRow(bg, `SELECT count(*) FROM pg_stat_activity WHERE wait_event = $1 AND datname = current_database()`, op).Scan(&n)
			return err != nil || n > 0
		}
	}
	until(t, "the rows are in", wacht("advisory"))
	l.Strand()
	until(t, "the same rows wait for what becomes of them", wacht("transactionid"))
	if _, err := slot.Exec(bg, `SELECT pg_advisory_unlock(1)`); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || e.Err != nil {
		t.Errorf("%v, %v", err, e.Err)
	}
	next := storetest.Nieuw(storetest.A)
	must(t, achter, next)
	wantOnce(t, recht, append(units, e, next)...)
}
