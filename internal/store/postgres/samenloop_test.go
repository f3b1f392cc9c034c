package postgres

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestNodesThatAppendSideBySideMakeOneLog(t *testing.T) {
	t.Parallel()
	b := openNodes(t, 3)
	var wg sync.WaitGroup
	var werkers []*werker
	for i := range 9 {
		oins := [][]string{{storetest.A}, {storetest.B}, {storetest.A, storetest.B}}[i/3]
		w := newWerker(i, oins...)
		werkers = append(werkers, w)
		wg.Go(func() {
			for range 30 {
				if err := w.append(b.nodes[i%3]); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	logs := readLogs(t, b.nodes[0])
	for _, w := range werkers {
		if len(w.mislukt)+len(w.onbekend) > 0 {
			t.Error("refused by a server that runs")
		}
		w.check(t, logs)
	}
}

// together runs the functions at the same time.
func together(fs ...func()) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, f := range fs {
		wg.Go(func() {
			<-start
			f()
		})
	}
	close(start)
	wg.Wait()
}

// appendTogether has each node append its group at the same time.
func appendTogether(t *testing.T, b *beurten, groepen ...[]*verwerkingenlog.Eenheid) {
	t.Helper()
	var fs []func()
	for i, groep := range groepen {
		fs = append(fs, func() {
			if err := b.nodes[i].Append(bg, groep); err != nil {
				t.Error(err)
			}
		})
	}
	together(fs...)
}

func TestOfConflictingVersionsExactlyOneWins(t *testing.T) {
	t.Parallel()
	b := openNodes(t, 2)
	for round := range 20 {
		// Also a first version, as imported ids are not random; and two acties the other way round.
		x, y := uuid.New(), uuid.New()
		n := uint32(1 + round%2)
		if n == 2 {
			must(t, b, storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, x, 1)), storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, y, 1)))
		}
		unit := func(id uuid.UUID) *verwerkingenlog.Eenheid {
			return storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, id, n, storetest.Persoon()))
		}
		x1, y1, x2, y2 := unit(x), unit(y), unit(x), unit(y)
		n1, n2 := storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.A)
		appendTogether(t, b, []*verwerkingenlog.Eenheid{x1, n1, y1}, []*verwerkingenlog.Eenheid{y2, n2, x2})
		for _, pair := range [][2]*verwerkingenlog.Eenheid{{x1, x2}, {y1, y2}} {
			won, lost := pair[0], pair[1]
			if won.Err != nil {
				won, lost = lost, won
			}
			if won.Err != nil || !errors.Is(lost.Err, fout.Gelijktijdig) {
				t.Fatalf("version %d: %v and %v", n, won.Err, lost.Err)
			}
			got, err := b.Latest(bg, storetest.A, won.Rijen[0].ActieID)
			if err != nil || got.Blad != won.Rijen[0].Blad {
				t.Fatalf("the newest is not the one that won (%v)", err)
			}
		}
		if n1.Err != nil || n2.Err != nil {
			t.Fatalf("neighbours refused: %v, %v", n1.Err, n2.Err)
		}
	}
	readLogs(t, b.nodes[0])
}

func TestTheSameIdempotencyKeyOnTwoNodesAtOnceIsOneRecord(t *testing.T) {
	t.Parallel()
	// Midnight is between the nodes: what the first registers on one day, the second would on the next.
	url, klok := postgrestest.Database(t), storetest.KlokVan(t)
	b := &beurten{}
	for i := range 2 {
		o := opties(t)
		o.Nu = func() time.Time { return klok.Now().Add(12*time.Hour + time.Duration(2*i-1)*time.Second) }
		b.nodes = append(b.nodes, open(t, url, o))
	}
	for round := range 20 {
		klok.Add(24 * time.Hour)
		sleutel, lichaam := storetest.Sleutel(), storetest.Sleutel()
		unit := func(lichaam [16]byte) *verwerkingenlog.Eenheid {
			e := storetest.Nieuw(storetest.A, storetest.Persoon())
			e.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: sleutel, Lichaam: lichaam}
			return e
		}
		first, second := unit(lichaam), unit(lichaam)
		same := round%2 == 0
		if !same {
			second = unit(storetest.Sleutel())
		}
		before, err := b.Size(bg, storetest.A)
		if err != nil {
			t.Fatal(err)
		}
		appendTogether(t, b, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A), first}, []*verwerkingenlog.Eenheid{second, storetest.Nieuw(storetest.A)})
		if first.Eerder != nil || first.Err != nil {
			first, second = second, first
		}
		if first.Eerder != nil || first.Err != nil {
			t.Fatalf("nobody was first: %v, %v", first.Err, second.Err)
		}
		if same && (second.Err != nil || second.Eerder == nil || *second.Eerder != first.Rijen[0].Blad) {
			t.Fatalf("the second got %v, %v", second.Eerder, second.Err)
		}
		if !same && !errors.Is(second.Err, fout.Idempotentie) {
			t.Fatalf("the second, with another body, got %v", second.Err)
		}
		if after, err := b.Size(bg, storetest.A); err != nil || after != before+3 {
			t.Fatalf("%d leaves were added: %v", after-before, err)
		}
	}
	readLogs(t, b.nodes[0])
}

// Clocks of nodes differ. Registrations of one organisation grow all the same, and what a node knows of an
// idempotency key holds on the other.
func TestNodesWhoseClocksDifferMakeOneLog(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	var nodes []*Store
	for _, verschil := range []time.Duration{0, time.Hour, -23 * time.Hour} {
		o := opties(t)
		o.Nu = func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(verschil) }
		nodes = append(nodes, open(t, url, o))
	}
	var units []*verwerkingenlog.Eenheid
	keys := metIdempotentie()
	units = append(units, keys)
	must(t, nodes[1], keys)
	for round := range 12 {
		e := storetest.Nieuw(storetest.A)
		must(t, nodes[round%3], e)
		units = append(units, e)
		repeated := metIdempotentie()
		*repeated.Idempotentie = *keys.Idempotentie
		if must(t, nodes[(round+1)%3], repeated); repeated.Eerder == nil || *repeated.Eerder != 0 {
			t.Errorf("round %d: the key was used again", round)
		}
	}
	for i, e := range units {
		if r := e.Rijen[0]; r.Blad != uint64(i) || i > 0 && r.Registratie <= units[i-1].Rijen[0].Registratie {
			t.Errorf("leaf %d of unit %d, registered at %d", r.Blad, i, r.Registratie)
		}
	}
	wantOnce(t, nodes[0], units...)
}
