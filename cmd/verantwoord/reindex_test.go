//go:build !dev

package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// ingangen are the entries that a store holds, each with how often.
func (p *proefopslag) ingangen() map[controle.Afgeleid]int {
	p.t.Helper()
	n, err := openNakijker(context.Background(), p.adres)
	if err != nil {
		p.t.Fatal(err)
	}
	defer n.Close()
	meld := func(g controle.Gebrek) { p.t.Errorf("%+v", g) }
	if err := n.Bouw(context.Background(), meld); err != nil {
		p.t.Fatal(err)
	}
	m := map[controle.Afgeleid]int{}
	for a, err := range n.Afgeleiden(context.Background(), meld) {
		if err != nil {
			p.t.Fatal(err)
		}
		m[a]++
	}
	return m
}

func (p *proefopslag) wantHerbouwd(eerder map[controle.Afgeleid]int, beschadigd bool) {
	p.t.Helper()
	eerst, daarna, telling, err := herbouw(context.Background(), p.adres)
	if err != nil || len(daarna) > 0 || (len(eerst) > 0) != beschadigd {
		p.t.Fatalf("before %+v, after %+v, %v", eerst, daarna, err)
	}
	na := p.ingangen()
	if int(telling.Ingangen) != len(na) || telling.Versies < 14 || len(na) < 14 || !maps.Equal(eerder, na) {
		p.t.Fatalf("%d entries, %+v counted; they differ from before: %s", len(na), telling, cmp.Diff(eerder, na))
	}
	p.wantGoed()
}

func TestReindexGivesBackWhatWasThereInAnEmbeddedStore(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	eerder := p.ingangen()
	p.wantHerbouwd(eerder, false)
	index := filepath.Join(p.dir, "store", "index.db")
	heel, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	for naam, kapot := range map[string][]byte{"cut off": heel[:len(heel)/2], "no database": make([]byte, 9000), "empty": {}} {
		if err := os.WriteFile(index, kapot, 0o600); err != nil {
			t.Fatal(err)
		}
		if eerst, _, _, err := herbouw(t.Context(), p.adres); err != nil || len(eerst) == 0 {
			t.Fatalf("%s: found %v, %v", naam, eerst, err)
		}
		p.wantHerbouwd(eerder, false)
	}
	if err := os.Remove(index); err != nil {
		t.Fatal(err)
	}
	p.wantHerbouwd(eerder, false)
}

func TestReindexGivesBackWhatWasThereInPostgreSQL(t *testing.T) {
	t.Parallel()
	p := vul(t, postgrestest.Database(t), t.TempDir())
	eerder := p.ingangen()
	p.wantHerbouwd(eerder, false)
	c, err := pgx.Connect(t.Context(), p.adres)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for _, stuk := range []string{
		`DELETE FROM ingang WHERE soort = 1`,
		`UPDATE ingang SET plaats = plaats + 1000`,
		`INSERT INTO ingang(organisatie, soort, sleutel, groep, plaats) SELECT organisatie, 4, sleutel, groep, plaats FROM ingang WHERE soort = 1`,
		`INSERT INTO ingang(organisatie, soort, sleutel, groep, plaats) SELECT 1, 1, '48086bf2-11b7-4603-9526-67d7c3bb6500', 17, 0`,
	} {
		if tag, err := c.Exec(t.Context(), stuk); err != nil || tag.RowsAffected() == 0 {
			t.Fatalf("%s: %v", stuk, err)
		}
		p.wantHerbouwd(eerder, true)
	}
}
