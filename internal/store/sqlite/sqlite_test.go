package sqlite

import (
	"context"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var bg = context.Background()

// opties are those of a test; background errors fail it.
func opties(t testing.TB) Opties {
	return Opties{
		Organisaties: []string{storetest.A, storetest.B},
		Nu:           storetest.Nu(t),
		Fout:         func(err error) { t.Errorf("background: %v", err) },
	}
}

func open(t testing.TB, dir string, o Opties) *Store {
	t.Helper()
	s, err := Open(bg, dir, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// shut closes a store that the test opens again.
func shut(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

// must appends units that all have to be accepted.
func must(t testing.TB, s verwerkingenlog.Store, groep ...*verwerkingenlog.Eenheid) {
	t.Helper()
	if err := s.Append(bg, groep); err != nil {
		t.Fatalf("Append: %v", err)
	}
	for _, e := range groep {
		if e.Err != nil {
			t.Fatalf("unit refused: %v", e.Err)
		}
	}
}

// indexed waits until the index file has everything.
func indexed(t testing.TB, s *Store) {
	t.Helper()
	for end := time.Now().Add(time.Minute); s.Achterstand() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still %d versions not indexed", s.Achterstand())
		}
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for naam, set := range map[string]func(*Opties){
		"everything from the staart":        func(o *Opties) { o.stil = time.Hour },
		"staart and index file by turns":    func(o *Opties) { o.segment, o.maxRun, o.stil = 3, 10, time.Millisecond },
		"everything from the index at once": func(o *Opties) { o.segment, o.stil = 1, time.Nanosecond },
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t testing.TB) verwerkingenlog.Store {
				o := opties(t)
				set(&o)
				return open(t, t.TempDir(), o)
			})
		})
	}
}

func TestNodesOfTheTreeAreRead(t *testing.T) {
	t.Parallel()
	storetest.RunKnopen(t, func(t testing.TB) storetest.Boom { return open(t, t.TempDir(), opties(t)) })
}
