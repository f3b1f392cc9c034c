package verdeeld

import (
	"context"
	"errors"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var bg = context.Background()

func open(t testing.TB, oins ...string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{
		Organisaties: oins, Nu: storetest.Nu(t), Fout: func(err error) { t.Errorf("background: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// With each organisation on an engine of its own a store does all that one engine does.
func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) verwerkingenlog.Store {
		s := New(open(t, storetest.A), map[string]Deel{storetest.B: open(t, storetest.B)})
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
		return s
	})
}

func TestNodesOfTheTreeAreReadFromTheEngineOfTheOrganisation(t *testing.T) {
	t.Parallel()
	storetest.RunKnopen(t, func(t testing.TB) storetest.Boom {
		s := New(open(t, storetest.A), map[string]Deel{storetest.B: open(t, storetest.B)})
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}

// An engine that is down refuses its own organisations; the others never notice.
func TestAnEngineThatIsDownCostsItsOwnOrganisationsAlone(t *testing.T) {
	t.Parallel()
	hoofd, ander := open(t, storetest.A), open(t, storetest.B)
	s := New(hoofd, map[string]Deel{storetest.B: ander})
	t.Cleanup(func() { _ = s.Close() })
	if err := ander.Close(); err != nil {
		t.Fatal(err)
	}
	a, b := storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.B)
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{a, b}); err != nil {
		t.Fatalf("Append: %v", err)
	}
	if a.Err != nil || !errors.Is(b.Err, fout.NietBeschikbaar) {
		t.Errorf("A: %v, B: %v", a.Err, b.Err)
	}
	if _, err := s.Latest(bg, storetest.A, a.Rijen[0].ActieID); err != nil {
		t.Errorf("A can't be read: %v", err)
	}
	if err := s.Ready(bg); err != nil {
		t.Errorf("Ready: %v", err)
	}
}
