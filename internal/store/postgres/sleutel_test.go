package postgres

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestFingerprints(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	s := open(t, url, opties(t))
	put := func(m map[string]string) error { return s.BewaarVingerafdrukken(bg, storetest.A, m) }
	if err := put(map[string]string{"handle-1": "aa", "zegel-1": "bb"}); err != nil {
		t.Fatal(err)
	}
	if err := put(map[string]string{"handle-1": "aa", "teken-1": "cc"}); err != nil {
		t.Fatal(err)
	}
	if err := put(map[string]string{"handle-2": "dd", "zegel-1": "xx"}); err != nil {
		t.Fatal(err) // what is known stays as it is
	}
	s = open(t, url, opties(t))
	got, err := s.Vingerafdrukken(bg, storetest.A)
	if d := cmp.Diff(map[string]string{"handle-1": "aa", "zegel-1": "bb", "teken-1": "cc", "handle-2": "dd"}, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	if got, err := s.Vingerafdrukken(bg, storetest.B); err != nil || len(got) != 0 {
		t.Errorf("other organisation: %v, %v", got, err)
	}
	if _, err := s.Vingerafdrukken(bg, "00000099000000000009"); err == nil {
		t.Error("unknown organisation")
	}
	must(t, s, storetest.Nieuw(storetest.A)) // no transaction was left open
}

func TestNodesThatNoteTheSameFingerprintsAtOnceDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := openNodes(t, 3)
	for range 50 {
		keys := map[string]string{}
		for range 6 {
			keys[uuid.NewString()] = "afdruk"
		}
		var fs []func()
		for _, s := range b.nodes {
			fs = append(fs, func() {
				if err := s.BewaarVingerafdrukken(bg, storetest.A, keys); err != nil {
					t.Error(err)
				}
			})
		}
		together(fs...)
	}
}
