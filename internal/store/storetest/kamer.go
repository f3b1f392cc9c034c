package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// RunKamer is the suite of what rooms that are not the log stand on. open gives an engine that is
// closed by t.Cleanup.
func RunKamer(t *testing.T, open func(t testing.TB) kamer.Opslag) {
	for naam, f := range map[string]func(*testing.T, kamer.Opslag){
		"values come back as they were written":              waardenProef,
		"parameters may come again and in another order":     parameterProef,
		"what a Write reads is what it wrote":                eigenProef,
		"an organisation has a number, or is unknown":        organisatieProef,
		"a function that fails or panics leaves nothing":     misluktProef,
		"a statement that failed is not to be passed over":   foutProef,
		"a Read sees one moment and writes nothing":          momentopnameProef,
		"an answer that is left halfway is no hindrance":     halverwegeProef,
		"many that read, decide and write lose nothing":      tellerProef,
		"of two that decide on what the other writes one is": kruisProef,
		"once begun a Write is not stopped by its context":   contextProef,
		"rooms migrate once, whoever does it":                migreerProef,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			write(t, o, func(tx *kamer.Tx) error {
				_, err := tx.Exec(`CREATE TABLE proef(naam TEXT PRIMARY KEY, getal BIGINT NOT NULL, inhoud BYTEA);
					CREATE INDEX proef_getal ON proef(getal);`)
				return err
			})
			f(t, o)
		})
	}
}

func write(t testing.TB, o kamer.Opslag, f func(*kamer.Tx) error) {
	t.Helper()
	if err := o.Write(bg, f); err != nil {
		t.Fatalf("Write: %v", err)
	}
}

func insert(tx *kamer.Tx, naam string, getal int64, inhoud []byte) error {
	_, err := tx.Exec(`INSERT INTO proef(naam, getal, inhoud) VALUES($1, $2, $3)`, naam, getal, inhoud)
	return err
}

// namen lists the rows in order, as name and number.
func namen(tx *kamer.Tx) (uit []string, err error) {
	for row, err := range tx.Query(`SELECT naam, getal FROM proef ORDER BY naam`) {
		var naam string
		var getal int64
		if err == nil {
			err = row.Scan(&naam, &getal)
		}
		if err != nil {
			return nil, err
		}
		uit = append(uit, fmt.Sprint(naam, " ", getal))
	}
	return uit, nil
}

// holds compares all that is stored, as seen from outside.
func holds(t *testing.T, o kamer.Opslag, want ...string) {
	t.Helper()
	var got []string
	err := o.Read(bg, func(tx *kamer.Tx) (err error) { got, err = namen(tx); return err })
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("it holds %q, want %q: %v", got, want, err)
	}
}

func waardenProef(t *testing.T, o kamer.Opslag) {
	type rij struct {
		Naam   string
		Getal  int64
		Inhoud []byte
	}
	want := []rij{
		{"", -1 << 63, nil},
		{"1e3", 1<<63 - 1, []byte{}},
		{"Ꜳ'\"$1%é\u00a0", 0, []byte{0, 1, 0xff}},
	}
	write(t, o, func(tx *kamer.Tx) error {
		for _, r := range want {
			if err := insert(tx, r.Naam, r.Getal, r.Inhoud); err != nil {
				return err
			}
		}
		return nil
	})
	var got []rij
	err := o.Read(bg, func(tx *kamer.Tx) error {
		for row, err := range tx.Query(`SELECT naam, getal, inhoud FROM proef ORDER BY getal < 0 DESC, getal = 0, getal`) {
			var r rij
			if err == nil {
				err = row.Scan(&r.Naam, &r.Getal, &r.Inhoud)
			}
			if err != nil {
				return err
			}
			got = append(got, r)
		}
		return nil
	})
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	var leeg int64
	err = o.Read(bg, func(tx *kamer.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM proef WHERE inhoud IS NULL`).Scan(&leeg)
	})
	if err != nil || leeg != 1 {
		t.Errorf("%d rows have no content, want only that of nil: %v", leeg, err)
	}
}

func parameterProef(t *testing.T, o kamer.Opslag) {
	write(t, o, func(tx *kamer.Tx) error {
		if _, err := tx.Exec(`INSERT INTO proef(naam, getal) VALUES($2, $1), ($3, $1)`, 7, "een", "twee"); err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE proef SET getal = getal + $2 WHERE naam = $1 AND getal = $3`, "een", 3, 7)
		if n != 1 {
			t.Errorf("%d rows changed", n)
		}
		return err
	})
	holds(t, o, "een 10", "twee 7")
	write(t, o, func(tx *kamer.Tx) error {
		n, err := tx.Exec(`INSERT INTO proef(naam, getal) VALUES($1, 1) ON CONFLICT(naam) DO NOTHING`, "een")
		if n != 0 {
			t.Errorf("%d rows of a name that is taken", n)
		}
		return err
	})
}

func eigenProef(t *testing.T, o kamer.Opslag) {
	write(t, o, func(tx *kamer.Tx) error {
		var getal int64
		if err := tx.QueryRow(`SELECT getal FROM proef WHERE naam = $1`, "een").Scan(&getal); !errors.Is(err, kamer.ErrGeenRij) {
			t.Errorf("a row that is not there: %v", err)
		}
		if err := insert(tx, "een", 5, nil); err != nil {
			return err
		}
		err := tx.QueryRow(`UPDATE proef SET getal = getal + 1 WHERE naam = $1 RETURNING getal`, "een").Scan(&getal)
		if getal != 6 {
			t.Errorf("got %d", getal)
		}
		return err
	})
	holds(t, o, "een 6")
}

func organisatieProef(t *testing.T, o kamer.Opslag) {
	if err := o.Read(bg, func(tx *kamer.Tx) error {
		a, err := tx.Organisatie(A)
		if err != nil {
			return err
		}
		b, err := tx.Organisatie(B)
		if a == b {
			t.Errorf("two organisations with number %d", a)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// What a room asks may find no row, and that is an answer; an organisation that is not there is none.
	err := o.Read(bg, func(tx *kamer.Tx) error {
		_, err := tx.Organisatie("00000099000000000009")
		return err
	})
	if err == nil || errors.Is(err, kamer.ErrGeenRij) {
		t.Errorf("an unknown organisation: %v", err)
	}
}

func misluktProef(t *testing.T, o kamer.Opslag) {
	write(t, o, func(tx *kamer.Tx) error { return insert(tx, "staat", 1, nil) })
	eigen := errors.New("of the function")
	for _, want := range []error{fout.Gelijktijdig, fout.NietGevonden, eigen} {
		err := o.Write(bg, func(tx *kamer.Tx) error {
			if err := insert(tx, "weg", 1, nil); err != nil {
				return err
			}
			return want
		})
		if err != want {
			t.Errorf("got %v, want %v itself", err, want)
		}
		if err := o.Read(bg, func(*kamer.Tx) error { return want }); err != want {
			t.Errorf("reading gives %v, want %v itself", err, want)
		}
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
		}()
		_ = o.Write(bg, func(tx *kamer.Tx) error {
			_ = insert(tx, "weg", 1, nil)
			panic("of the function")
		})
	}()
	holds(t, o, "staat 1")
	write(t, o, func(tx *kamer.Tx) error { return insert(tx, "weg", 2, nil) }) // nothing was left open
	holds(t, o, "staat 1", "weg 2")
}

func foutProef(t *testing.T, o kamer.Opslag) {
	err := o.Write(bg, func(tx *kamer.Tx) error {
		if err := insert(tx, "een", 1, nil); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO proef(naam, getal) VALUES($1, NULL)`, "twee"); err == nil {
			t.Error("what the table forbids is accepted")
		}
		if err := insert(tx, "drie", 3, nil); err == nil {
			t.Error("a statement after one that failed is accepted")
		}
		for _, err := range tx.Query(`SELECT naam FROM proef`) {
			if err == nil {
				t.Error("a question after a statement that failed is answered")
			}
		}
		return nil
	})
	if err == nil {
		t.Error("the failure was passed over")
	}
	if fout.CodeOf(err) != fout.CodeIntern {
		t.Errorf("a mistake in the program is shown as %v", err)
	}
	holds(t, o)
	err = o.Write(bg, func(tx *kamer.Tx) error {
		if err := insert(tx, "een", 1, nil); err != nil {
			return err
		}
		for _, err := range tx.Query(`SELECT naam FROM proef`) {
			if err == nil {
				_ = insert(tx, "twee", 2, nil)
			}
		}
		return nil
	})
	if err == nil {
		t.Error("a statement while rows are read is accepted")
	}
	holds(t, o)
}

func momentopnameProef(t *testing.T, o kamer.Opslag) {
	write(t, o, func(tx *kamer.Tx) error { return insert(tx, "een", 1, nil) })
	err := o.Read(bg, func(tx *kamer.Tx) error {
		voor, err := namen(tx)
		if err != nil {
			return err
		}
		write(t, o, func(tx *kamer.Tx) error { return insert(tx, "twee", 2, nil) })
		holds(t, o, "een 1", "twee 2")
		na, err := namen(tx)
		if !slices.Equal(voor, na) {
			t.Errorf("first %q, then %q", voor, na)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := o.Read(bg, func(tx *kamer.Tx) error { return insert(tx, "drie", 3, nil) }); err == nil {
		t.Error("a Read has written")
	}
	holds(t, o, "een 1", "twee 2")
}

func halverwegeProef(t *testing.T, o kamer.Opslag) {
	write(t, o, func(tx *kamer.Tx) error {
		for i := range int64(1000) {
			if err := insert(tx, fmt.Sprint("rij ", i), i, nil); err != nil {
				return err
			}
		}
		return nil
	})
	write(t, o, func(tx *kamer.Tx) error {
		for range 3 {
			for _, err := range tx.Query(`SELECT naam FROM proef`) {
				if err != nil {
					return err
				}
				break
			}
			var n int64
			if err := tx.QueryRow(`SELECT getal FROM proef ORDER BY getal`).Scan(&n); err != nil {
				return err
			}
		}
		n, err := tx.Exec(`DELETE FROM proef WHERE getal > $1`, 0)
		if n != 999 {
			t.Errorf("%d rows deleted", n)
		}
		return err
	})
	holds(t, o, "rij 0 0")
}

func tellerProef(t *testing.T, o kamer.Opslag) {
	write(t, o, func(tx *kamer.Tx) error { return insert(tx, "teller", 0, nil) })
	const wie, elk = 8, 5
	var wg sync.WaitGroup
	for range wie {
		wg.Go(func() {
			for range elk {
				err := o.Write(bg, func(tx *kamer.Tx) error {
					var n int64
					if err := tx.QueryRow(`SELECT getal FROM proef WHERE naam = $1`, "teller").Scan(&n); err != nil {
						return err
					}
					_, err := tx.Exec(`UPDATE proef SET getal = $2 WHERE naam = $1`, "teller", n+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	holds(t, o, fmt.Sprint("teller ", wie*elk))
}

// kruisProef is write skew: each writes a row of its own, when it sees that nobody else has. Locks on
// rows don't notice that; the rule is broken all the same.
func kruisProef(t *testing.T, o kamer.Opslag) {
	for range 10 {
		var wg sync.WaitGroup
		for _, naam := range []string{"een", "twee"} {
			wg.Go(func() {
				err := o.Write(bg, func(tx *kamer.Tx) error {
					if al, err := namen(tx); err != nil || len(al) > 0 {
						return err
					}
					return insert(tx, naam, 1, nil)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		write(t, o, func(tx *kamer.Tx) error {
			n, err := tx.Exec(`DELETE FROM proef`)
			if n != 1 {
				t.Errorf("%d have written", n)
			}
			return err
		})
	}
}

func contextProef(t *testing.T, o kamer.Opslag) {
	ctx, cancel := context.WithCancel(bg)
	err := o.Write(ctx, func(tx *kamer.Tx) error {
		cancel()
		return insert(tx, "een", 1, nil)
	})
	if err != nil {
		t.Error(err)
	}
	holds(t, o, "een 1")
	if err := o.Write(ctx, func(tx *kamer.Tx) error { return insert(tx, "twee", 2, nil) }); !errors.Is(err, context.Canceled) {
		t.Errorf("begun after its context ended: %v", err)
	}
	if err := o.Read(ctx, func(*kamer.Tx) error { return nil }); err == nil {
		t.Error("read after its context ended")
	}
	holds(t, o, "een 1")
}

func migreerProef(t *testing.T, o kamer.Opslag) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := kamer.Migrate(bg, o); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if plan, err := kamer.Plan(bg, o); err != nil || len(plan) > 0 {
		t.Errorf("still to do: %q: %v", plan, err)
	}
	write(t, o, func(tx *kamer.Tx) error {
		_, err := tx.Exec(`INSERT INTO kamerschema(versie) VALUES($1)`, 1000)
		return err
	})
	for _, err := range []error{kamer.Migrate(bg, o), func() error { _, err := kamer.Plan(bg, o); return err }()} {
		if !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("rooms of a later version: %v", err)
		}
	}
}
