package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// A log of before there were marks can be looked at as it is; opened, its versions are read as before, and what comes has a mark.
func TestALogOfBeforeThereWereMarks(t *testing.T) {
	t.Parallel()
	dir, ringen := t.TempDir(), storetest.NieuweSleutelringen(t)
	kijk := func() {
		t.Helper()
		n, err := Nakijk(bg, dir)
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		storetest.WilGaaf(t, n, ringen.Een)
	}
	s := open(t, dir, opties(t))
	storetest.LegVast(t, s, ringen.Een, 20)
	shut(t, s)
	kijk()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, logBestand), false))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`ALTER TABLE versie DROP COLUMN merk`, `DELETE FROM schema WHERE versie = 4`} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	kijk()
	s = open(t, dir, opties(t))
	storetest.WilMerken(t, s, 20, storetest.LegVast(t, s, ringen.Een, 1))
	shut(t, s)
	kijk()
}
