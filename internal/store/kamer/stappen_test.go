package kamer_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

var bg = context.Background()

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// store is an open engine.
type store interface {
	kamer.Opslag
	Close() error
}

// engines are opened as this program does: with all its steps.
var engines = map[string]func(t *testing.T) store{
	"sqlite": func(t *testing.T) store {
		s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	},
	"postgres": func(t *testing.T) store {
		s, err := postgres.Open(bg, postgrestest.Database(t), postgres.Opties{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	},
}

func TestALaterProgramAddsItsStepsWholeAndOnce(t *testing.T) {
	t.Parallel()
	for naam, open := range engines {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			t.Cleanup(func() {
				if err := o.Close(); err != nil {
					t.Error(err)
				}
			})
			const nieuw = `CREATE TABLE nieuw(nr BIGINT PRIMARY KEY); INSERT INTO nieuw(nr) VALUES(1);`
			if err := kamer.MigrateLater(bg, o, nieuw+` CREATE TABLE nieuw(nr BIGINT);`); err == nil {
				t.Fatal("a step that is wrong was taken")
			}
			if plan, err := kamer.Plan(bg, o); err != nil || len(plan) > 0 {
				t.Fatalf("the wrong step left something: %v", err)
			}
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if err := kamer.MigrateLater(bg, o, nieuw); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			var n int64
			err := o.Read(bg, func(tx *kamer.Tx) error { return tx.QueryRow(`SELECT count(*) FROM nieuw`).Scan(&n) })
			if err != nil || n != 1 {
				t.Errorf("the step was taken %d times: %v", n, err)
			}
			if err := kamer.Migrate(bg, o); !errors.Is(err, fout.NietBeschikbaar) {
				t.Errorf("this program, which does not know it: %v", err)
			}
		})
	}
}
