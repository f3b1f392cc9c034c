package postgres

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var bg = context.Background()

// opties are those of a test; background errors fail it, and a machine that is slow does not.
func opties(t testing.TB) Opties {
	return Opties{
		Organisaties: []string{storetest.A, storetest.B},
		Nu:           storetest.Nu(t),
		Geduld:       time.Minute,
		Fout:         func(err error) { t.Errorf("background: %v", err) },
	}
}

func open(t testing.TB, url string, o Opties) *Store {
	t.Helper()
	s, err := Open(bg, url, o)
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

// beurten is a store whose calls go to several nodes by turns.
type beurten struct {
	nodes []*Store
	n     atomic.Uint32
}

func openNodes(t testing.TB, n int) *beurten {
	b := &beurten{}
	url := postgrestest.Database(t)
	for range n {
		b.nodes = append(b.nodes, open(t, url, opties(t)))
	}
	return b
}

func (b *beurten) next() *Store { return b.nodes[int(b.n.Add(1))%len(b.nodes)] }

func (b *beurten) Append(ctx context.Context, groep []*verwerkingenlog.Eenheid) error {
	return b.next().Append(ctx, groep)
}

func (b *beurten) Latest(ctx context.Context, oin string, id uuid.UUID) (*verwerkingenlog.Rij, error) {
	return b.next().Latest(ctx, oin, id)
}

func (b *beurten) Versions(ctx context.Context, oin string, id uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	return b.next().Versions(ctx, oin, id)
}

func (b *beurten) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	return b.next().Find(ctx, v)
}

func (b *beurten) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	return b.next().Rows(ctx, oin, bladen)
}

func (b *beurten) Size(ctx context.Context, oin string) (uint64, error) {
	return b.next().Size(ctx, oin)
}

func (b *beurten) Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error) {
	return b.next().Knopen(ctx, oin, indexes)
}

func TestOneNodeConforms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) verwerkingenlog.Store { return open(t, postgrestest.Database(t), opties(t)) })
}

func TestThreeNodesConformAsOne(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) verwerkingenlog.Store { return openNodes(t, 3) })
}

func TestNodesOfTheTreeAreRead(t *testing.T) {
	t.Parallel()
	storetest.RunKnopen(t, func(t testing.TB) storetest.Boom { return openNodes(t, 2) })
}
