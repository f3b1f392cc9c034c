package postgres

import (
	"fmt"
	"sync"
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// Two empty nodes that start at once note the same keys.
func TestNodesThatNoteTheSameKeysAtOnceMeetNoDeadlock(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	const rounds = 200
	var oins []string
	for n := range rounds {
		oins = append(oins, fmt.Sprintf("00000099%012d", n))
	}
	var nodes []*Store
	for range 3 {
		s, err := Open(t.Context(), url, Opties{Organisaties: oins})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		nodes = append(nodes, s)
	}
	for _, oin := range oins {
		var all sync.WaitGroup
		for _, s := range nodes {
			all.Go(func() {
				if err := s.BewaarVingerafdrukken(t.Context(), oin, map[string]string{"handle-1": "a", "zegel-1": "b", "teken-1": "c"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}
