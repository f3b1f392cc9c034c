package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, opties(t))
	_, err := Open(bg, dir, opties(t))
	if fout.CodeOf(err) != fout.CodeNietBeschikbaar || !strings.Contains(err.Error(), "al in gebruik door een ander proces") {
		t.Fatalf("second Open: %v", err)
	}
	must(t, s, storetest.Nieuw(storetest.A)) // the first one does not suffer from it
	shut(t, s)
	open(t, dir, opties(t))
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, opties(t))
	if _, err := s.schrijf.c.ExecContext(bg, `INSERT INTO schema(versie) VALUES(999)`); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	if _, err := Open(bg, dir, opties(t)); fout.CodeOf(err) != fout.CodeNietBeschikbaar || !strings.Contains(err.Error(), "nieuwere versie") {
		t.Fatalf("Open: %v", err)
	}
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "nieuw", "store?100%#")
	s := open(t, dir, opties(t))
	must(t, s, storetest.Nieuw(storetest.A))
	indexed(t, s)
	check := func(want ...string) {
		t.Helper()
		if fi, err := os.Stat(dir); err != nil || fi.Mode().Perm() != 0o700 {
			t.Errorf("directory: %v, %v", fi.Mode(), err)
		}
		l, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var namen []string
		for _, d := range l {
			namen = append(namen, d.Name())
			if fi, err := d.Info(); err != nil || fi.Mode() != 0o600 {
				t.Errorf("%s has mode %v (%v)", d.Name(), fi.Mode(), err)
			}
		}
		if !slices.Equal(namen, want) {
			t.Errorf("files %q, want %q", namen, want)
		}
	}
	check("index.db", "index.db-shm", "index.db-wal", "log.db", "log.db-shm", "log.db-wal", "slot")
	shut(t, s)
	check("index.db", "log.db", "slot")
}

func TestQueriesUseTheirKey(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	plan := func(db interface {
		explain(string) ([]string, error)
	}, q string) {
		l, err := db.explain(q)
		if err != nil {
			t.Errorf("%s: %v", q, err)
		}
		if len(l) == 0 {
			t.Errorf("%s: no plan", q)
		}
		for _, regel := range l {
			if !strings.HasPrefix(regel, "SEARCH ") || !strings.Contains(regel, "PRIMARY KEY (") {
				t.Errorf("%s: %s", q, regel)
			}
		}
	}
	for _, q := range []string{sqlRij, sqlRijen, sqlActiviteit, sqlRijLaatste, sqlRijenVanaf, sqlKnoopLees, sqlKnopenLees, sqlKnoopLaatste,
		sqlSleutelLees, sqlIdemLees, sqlIdemOud, sqlIdemWis} {
		plan(planner{s.lees.onderhoud}, q)
	}
	for _, q := range []string{sqlZoek, sqlBlokLees, sqlBlokWis, sqlRunWis, sqlStandLees} {
		plan(planner{s.index.ro}, q)
	}
}

// broken is a store whose write-ahead log can't be written any more.
func breakLog(t *testing.T, dir string) {
	t.Helper()
	null, err := os.Open(os.DevNull) // read only
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	l, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range l {
		naar, err := os.Readlink("/proc/self/fd/" + d.Name())
		if err != nil || naar != filepath.Join(dir, logBestand+"-wal") {
			continue
		}
		var fd int
		fmt.Sscan(d.Name(), &fd)
		if err := syscall.Dup3(int(null.Fd()), fd, syscall.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n == 0 {
		t.Fatal("write-ahead log is not open")
	}
}

func TestAfterAnIOErrorNothingIsAppended(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(bg, dir, opties(t))
	if err != nil {
		t.Fatal(err)
	}
	must(t, s, storetest.Nieuw(storetest.A))
	breakLog(t, dir)
	for range 2 {
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
			t.Fatalf("Append: %v", err)
		}
	}
	if err := s.Ready(bg); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Errorf("Ready: %v", err)
	}
	if err := s.BewaarVingerafdrukken(bg, storetest.A, map[string]string{"a": "b"}); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Errorf("BewaarVingerafdrukken: %v", err)
	}
	if err := s.Close(); !errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Errorf("Close: %v", err)
	}
}

func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	var paginas int
	if err := s.schrijf.c.QueryRowContext(bg, "PRAGMA page_count").Scan(&paginas); err != nil {
		t.Fatal(err)
	}
	if _, err := s.schrijf.c.ExecContext(bg, fmt.Sprintf("PRAGMA max_page_count = %d", paginas+30)); err != nil {
		t.Fatal(err)
	}
	var ids []uuid.UUID
	var err error
	for err == nil {
		groep := []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A), storetest.Nieuw(storetest.B)}
		groep[0].Rijen[0].Inhoud = make([]byte, 20_000)
		if err = s.Append(bg, groep); err == nil {
			ids = append(ids, groep[0].Rijen[0].ActieID)
		}
		if len(ids) > 1000 {
			t.Fatal("disk never full")
		}
	}
	if !errors.Is(err, fout.NietBeschikbaar) || errors.Is(err, verwerkingenlog.ErrNietDuurzaam) {
		t.Fatalf("Append on a full disk: %v", err)
	}
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{large()}); !errors.Is(err, fout.NietBeschikbaar) {
		t.Fatalf("Append on a full disk, again: %v", err)
	}
	if _, err := s.schrijf.c.ExecContext(bg, "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	e := storetest.Nieuw(storetest.A)
	must(t, s, e)
	if e.Rijen[0].Blad != uint64(len(ids)) {
		t.Errorf("leaf %d, want %d", e.Rijen[0].Blad, len(ids))
	}
	for _, id := range ids {
		if _, err := s.Latest(bg, storetest.A, id); err != nil {
			t.Error(err)
		}
	}
	checkTree(t, s, storetest.A)
	checkTree(t, s, storetest.B)
}

func large() *verwerkingenlog.Eenheid {
	e := storetest.Nieuw(storetest.A)
	e.Rijen[0].Inhoud = make([]byte, 100_000)
	return e
}

// When the index can't follow, intake is refused before memory is, and nothing is lost.
func TestStaartHasABound(t *testing.T) {
	t.Parallel()
	o := opties(t)
	o.segment, o.maxStaart, o.stil = 10, 40, time.Hour
	s := open(t, t.TempDir(), o)
	s.stop() // no indexer
	s.achtergrond.Wait()
	n := uint64(0)
	var err error
	for ; err == nil && n < 100; n++ {
		err = s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)})
	}
	var f *fout.Fout
	if !errors.As(err, &f) || f.Code != fout.CodeNietBeschikbaar || f.OpnieuwNa == 0 || n != 41 {
		t.Fatalf("Append %d: %v", n, err)
	}
	if err := s.indexAll(bg); err != nil {
		t.Fatal(err)
	}
	e := storetest.Nieuw(storetest.A)
	must(t, s, e)
	if e.Rijen[0].Blad != 40 {
		t.Errorf("leaf %d, want 40", e.Rijen[0].Blad)
	}
}

func TestClosedStoreRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	shut(t, s)
	if err := s.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("Append: %v", err)
	}
	if err := s.Ready(bg); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("Ready: %v", err)
	}
}
