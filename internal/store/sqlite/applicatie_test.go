package sqlite

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestApplicationsConform(t *testing.T) {
	t.Parallel()
	storetest.RunApplicaties(t, func(t testing.TB) autorisatie.Opslag { return open(t, t.TempDir(), opties(t)) })
}

func rijVan(client string) (autorisatie.Rij, autorisatie.WijzigingRij) {
	r := autorisatie.Rij{OIN: storetest.A, ID: uuid.New(), Versie: 1, ClientIDs: []string{client}, Verzegeld: []byte{1, 2, 3}}
	return r, autorisatie.WijzigingRij{OIN: r.OIN, ID: r.ID, Versie: 1, Verzegeld: []byte{4}}
}

func TestApplicationsOutliveAReopenAndLeaveNoTransaction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, opties(t))
	r, w := rijVan("een")
	if err := s.PutApplicatie(bg, r, w); err != nil {
		t.Fatal(err)
	}
	twin, tw := rijVan("een")
	if err := s.PutApplicatie(bg, twin, tw); !errors.Is(err, autorisatie.ErrClientInGebruik) {
		t.Fatal(err)
	}
	must(t, s, storetest.Nieuw(storetest.A)) // no transaction was left open
	shut(t, s)
	s = open(t, dir, opties(t))
	got, n, err := s.LoadApplicaties(bg)
	if err != nil || n != 1 || len(got) != 1 || got[0].ID != r.ID || string(got[0].Verzegeld) != string(r.Verzegeld) {
		t.Errorf("%d applications, generation %d: %v", len(got), n, err)
	}
	shut(t, s)
	if err := s.PutApplicatie(bg, twin, tw); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("a closed store: %v", err)
	}
}

// The poll runs twice a second for ever, and the others in the way of a commit.
func TestApplicationQueriesScanNothingThatGrows(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	for _, q := range []string{sqlApplicatieWijzig, sqlApplicatieWis, sqlClientWis, sqlWijzigingenVan, sqlGeneratie} {
		rows, err := s.lees.onderhoud.Query("EXPLAIN QUERY PLAN "+q, make([]any, strings.Count(q, "$"))...)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, parent, x int
			var detail string
			if err := rows.Scan(&id, &parent, &x, &detail); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(detail, "SEARCH") {
				t.Errorf("%s: %s", q, detail)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
