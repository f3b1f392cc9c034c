package sqlite

import (
	"bytes"
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// A document that is larger than a page stands on pages of its own: those are given free, and say nothing any more.
func TestWhatARoomOverwritesDoesNotStayInTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, opties(t))
	schrijf := func(write func(f func(*kamer.Tx) error) error, tekst string, args ...any) {
		t.Helper()
		if err := write(func(tx *kamer.Tx) error { _, err := tx.Exec(tekst, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	gewoon := func(f func(*kamer.Tx) error) error { return s.Write(bg, f) }
	wissend := func(f func(*kamer.Tx) error) error { return kamer.Overwrite(bg, s, f) }
	for i, merk := range []string{"blijft liggen", "wordt gewist"} {
		schrijf(gewoon, `INSERT INTO gebruikersrij(organisatie, soort, id, versie, inhoud) VALUES(1, 'x', $1, 1, $2)`, merk, bytes.Repeat([]byte(merk), 4000*(1+i)))
	}
	shut(t, s)
	s = open(t, dir, opties(t))
	schrijf(gewoon, `UPDATE gebruikersrij SET inhoud = $1 WHERE id = 'blijft liggen'`, []byte("kort"))
	schrijf(wissend, `UPDATE gebruikersrij SET inhoud = $1 WHERE id = 'wordt gewist'`, []byte("kort"))
	shut(t, s)
	if l := inBestanden(t, dir, []byte("blijft liggenblijft liggen")); len(l) == 0 {
		t.Error("the test does not see what stays: it would not see what is wiped")
	}
	if l := inBestanden(t, dir, []byte("wordt gewistwordt gewist")); len(l) > 0 {
		t.Errorf("what was overwritten is still in %v", l)
	}
}
