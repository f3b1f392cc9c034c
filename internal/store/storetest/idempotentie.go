package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func durationSeconds(n int) time.Duration { return time.Duration(n) * time.Second }

// metSleutel gives a unit an idempotency key.
func metSleutel(e *verwerkingenlog.Eenheid, sleutel, lichaam [16]byte) *verwerkingenlog.Eenheid {
	e.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: sleutel, Lichaam: lichaam}
	return e
}

func wantEerder(t *testing.T, e *verwerkingenlog.Eenheid, want uint64) {
	t.Helper()
	if e.Err != nil || e.Eerder == nil || *e.Eerder != want {
		t.Fatalf("Eerder = %v, Err = %v; want leaf %d", e.Eerder, e.Err, want)
	}
}

var idempotentieProeven = []proef{
	{"a repeated key with the same body gives the earlier leaf and logs nothing", func(t *testing.T, s verwerkingenlog.Store) {
		k, l := Sleutel(), Sleutel()
		must(t, s, Nieuw(A))
		must(t, s, metSleutel(Nieuw(A, Persoon()), k, l))
		for range 2 {
			again := metSleutel(Nieuw(A), k, l)
			must(t, s, again)
			wantEerder(t, again, 1)
		}
		wantSize(t, s, A, 2)
	}},
	{"a key may be repeated where its unit would be refused now", func(t *testing.T, s verwerkingenlog.Store) {
		k, l, id := Sleutel(), Sleutel(), uuid.New()
		must(t, s, Eenheid(A, Rij(A, id, 1)))
		must(t, s, metSleutel(Eenheid(A, Rij(A, id, 2)), k, l))
		again := metSleutel(Eenheid(A, Rij(A, id, 2)), k, l)
		must(t, s, again)
		wantEerder(t, again, 1)
	}},
	{"a repeated key with another body is a conflict", func(t *testing.T, s verwerkingenlog.Store) {
		k := Sleutel()
		must(t, s, metSleutel(Nieuw(A), k, Sleutel()))
		other := metSleutel(Nieuw(A), k, Sleutel())
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{other, Nieuw(A)}); err != nil {
			t.Fatal(err)
		}
		wantErr(t, other.Err, fout.Idempotentie)
		wantSize(t, s, A, 2)
	}},
	{"twins in one group are one", func(t *testing.T, s verwerkingenlog.Store) {
		k, l := Sleutel(), Sleutel()
		first, twin, other := metSleutel(Nieuw(A), k, l), metSleutel(Nieuw(A), k, l), metSleutel(Nieuw(A), k, Sleutel())
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{Nieuw(A), first, twin, other}); err != nil {
			t.Fatal(err)
		}
		if first.Err != nil || first.Eerder != nil {
			t.Fatalf("first: %v, %v", first.Err, first.Eerder)
		}
		wantEerder(t, twin, 1)
		wantErr(t, other.Err, fout.Idempotentie)
		wantSize(t, s, A, 2)
	}},
	{"the twin of a refused unit is judged on its own", func(t *testing.T, s verwerkingenlog.Store) {
		k, l := Sleutel(), Sleutel()
		refused, twin := metSleutel(Eenheid(A, Rij(A, uuid.New(), 5)), k, l), metSleutel(Nieuw(A), k, l)
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{refused, twin}); err != nil {
			t.Fatal(err)
		}
		if refused.Err == nil || twin.Err != nil || twin.Eerder != nil {
			t.Fatalf("refused: %v; twin: %v, %v", refused.Err, twin.Err, twin.Eerder)
		}
	}},
	{"a key is forgotten after 24 hours and not before", func(t *testing.T, s verwerkingenlog.Store) {
		klok := KlokVan(t)
		for _, start := range []time.Duration{0, 11 * time.Hour, 13*time.Hour - time.Second} { // also around midnight
			klok.Add(start)
			k, l := Sleutel(), Sleutel()
			e := metSleutel(Nieuw(A), k, l)
			must(t, s, e)
			klok.Add(24*time.Hour - time.Minute)
			again := metSleutel(Nieuw(A), k, l)
			must(t, s, again)
			wantEerder(t, again, e.Rijen[0].Blad)
			klok.Add(2 * time.Minute)
			late := metSleutel(Nieuw(A), k, Sleutel())
			must(t, s, late)
			if late.Eerder != nil {
				t.Fatal("key still known after 24 hours")
			}
			must(t, s, metSleutel(Nieuw(A), k, late.Idempotentie.Lichaam))
		}
	}},
	{"a clock that goes back forgets no key", func(t *testing.T, s verwerkingenlog.Store) {
		k, l := Sleutel(), Sleutel()
		e := metSleutel(Nieuw(A), k, l)
		must(t, s, e)
		KlokVan(t).Add(-72 * time.Hour)
		again := metSleutel(Nieuw(A), k, l)
		must(t, s, again)
		wantEerder(t, again, e.Rijen[0].Blad)
	}},
	{"a key counts for one client and one organisation", func(t *testing.T, s verwerkingenlog.Store) {
		k, l := Sleutel(), Sleutel() // a key is a hash with the client in it
		for _, e := range []*verwerkingenlog.Eenheid{
			metSleutel(Nieuw(A), k, l), metSleutel(Nieuw(B), k, l), metSleutel(Nieuw(A), Sleutel(), l),
		} {
			must(t, s, e)
			if e.Eerder != nil {
				t.Fatal("taken for another one's")
			}
		}
		wantSize(t, s, A, 2)
		wantSize(t, s, B, 1)
	}},
	{"a refused unit leaves no key", func(t *testing.T, s verwerkingenlog.Store) {
		k := Sleutel()
		refused := metSleutel(Eenheid(A, Rij(A, uuid.New(), 2)), k, Sleutel())
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{refused}); err != nil || !errors.Is(refused.Err, fout.Gelijktijdig) {
			t.Fatalf("%v, %v", err, refused.Err)
		}
		e := metSleutel(Nieuw(A), k, Sleutel())
		must(t, s, e)
		if e.Eerder != nil {
			t.Fatal("key of a refused unit was kept")
		}
	}},
}
