package postgres

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// A log of before there were marks can be looked at as it is; opened, its versions are read as before, and what comes has a mark.
func TestALogOfBeforeThereWereMarks(t *testing.T) {
	t.Parallel()
	url, ringen := postgrestest.Database(t), storetest.NieuweSleutelringen(t)
	kijk := func() {
		t.Helper()
		n, err := Nakijk(bg, url)
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		storetest.WilGaaf(t, n, ringen.Een)
	}
	storetest.LegVast(t, open(t, url, opties(t)), ringen.Een, 20)
	kijk()
	c, err := pgx.Connect(bg, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(bg)
	if _, err := c.Exec(bg, `ALTER TABLE groep DROP COLUMN merken; DELETE FROM schema WHERE versie = 2`); err != nil {
		t.Fatal(err)
	}
	kijk()
	s := open(t, url, opties(t))
	storetest.WilMerken(t, s, 20, storetest.LegVast(t, s, ringen.Een, 1))
	kijk()
}
