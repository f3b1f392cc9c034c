package sqlite

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// What a caller says to have seen saves a look-up, and never lets a version in that is not the next.
func TestAChangeAfterAnotherChangeIsRefusedWhateverTheCallerSaw(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, between bool // all is indexed before the other change, and after it
	}{
		"all in memory":                  {false, false},
		"the actie in the index file":    {true, false},
		"the other change in it as well": {true, true},
		"indexed in one go, afterwards":  {false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir(), opties(t))
			changed, same := uuid.New(), uuid.New()
			must(t, s, storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, changed, 1), storetest.Rij(storetest.A, same, 1)))
			if tt.before {
				indexed(t, s)
			}
			seen, err := s.Size(bg, storetest.A)
			if err != nil {
				t.Fatal(err)
			}
			must(t, s, storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, changed, 2)))
			if tt.between {
				indexed(t, s)
			}
			late := storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, same, 2), storetest.Rij(storetest.A, changed, 2))
			late.Gezien = seen
			if err := s.Append(bg, []*verwerkingenlog.Eenheid{late}); err != nil || !errors.Is(late.Err, fout.Gelijktijdig) {
				t.Fatalf("%v, %v", err, late.Err)
			}
			again := storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, same, 2), storetest.Rij(storetest.A, changed, 3), storetest.Rij(storetest.A, changed, 4))
			if again.Gezien, err = s.Size(bg, storetest.A); err != nil {
				t.Fatal(err)
			}
			must(t, s, again)
			for id, want := range map[uuid.UUID]uint32{same: 2, changed: 4} {
				if r, err := s.Latest(bg, storetest.A, id); err != nil || r.Nummer != want {
					t.Errorf("number %v, %v, want %d", r, err, want)
				}
			}
		})
	}
}

func TestAUnitCannotNameAnActieTwiceWithOneNumber(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	id := uuid.New()
	twice := storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, id, 1), storetest.Rij(storetest.A, uuid.New(), 1), storetest.Rij(storetest.A, id, 1))
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{twice}); err != nil || !errors.Is(twice.Err, fout.Gelijktijdig) {
		t.Fatalf("%v, %v", err, twice.Err)
	}
}
