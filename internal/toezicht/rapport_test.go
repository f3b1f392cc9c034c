package toezicht

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// vast is a store that holds these counts.
type vast []Telling

func (vast) Stand(context.Context, string) (uint64, error)                { return 90, nil }
func (vast) Tel(context.Context, string, uint64, uint64, []Telling) error { return nil }
func (v vast) Tellingen(_ context.Context, _ string, van activiteit.Datum) (uit []Telling, _ error) {
	for _, t := range v {
		if t.Dag >= van {
			uit = append(uit, t)
		}
	}
	return uit, nil
}

type honderd struct{}

func (honderd) Size(context.Context, string) (uint64, error) { return 100, nil }
func (honderd) Rows(context.Context, string, []uint64) ([]*verwerkingenlog.Rij, error) {
	return nil, nil
}
func (honderd) Versions(context.Context, string, uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	return nil, nil
}

// geldig knows one activity, valid in March.
type geldig struct{ id uuid.UUID }

func (g geldig) Bekend(_ string, id uuid.UUID, op time.Time) (*activiteit.Versie, bool) {
	if id != g.id {
		return nil, false
	}
	if dag := activiteit.DatumVan(op); dag < "2026-03-01" || dag > "2026-03-31" {
		return nil, true
	}
	return &activiteit.Versie{Nummer: 1}, true
}

func TestAReportTellsWhichRecordsHaveNoValidActivity(t *testing.T) {
	t.Parallel()
	goed, vreemd := uuid.UUID{1}, uuid.UUID{2}
	tellingen := vast{
		{goed, "2026-02-27", 4}, {goed, "2026-02-28", 1}, {goed, "2026-03-01", 70}, {goed, "2026-03-31", 5}, {goed, "2026-04-01", 2},
		{vreemd, "2026-03-02", 9}, {uuid.Nil, "2026-03-03", 3},
	}
	r, err := NewTeller(honderd{}, tellingen, nil, nil).Rapport(t.Context(), geldig{goed}, "00000099000000000001", "2026-02-28")
	if err != nil {
		t.Fatal(err)
	}
	want := &Rapport{
		Geteld: 90, Grootte: 100, Van: "2026-02-28", Totaal: 90, Goed: 75,
		Bevindingen: []Bevinding{
			{RedenLeeg, uuid.Nil, 3, "2026-03-03", "2026-03-03"},
			{RedenOnbekend, vreemd, 9, "2026-03-02", "2026-03-02"},
			{RedenOngeldig, goed, 3, "2026-02-28", "2026-04-01"},
		},
		Gebruik: map[uuid.UUID]int64{goed: 78, vreemd: 9, uuid.Nil: 3},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
