package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/applicatie"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestRoomsConform(t *testing.T) {
	t.Parallel()
	storetest.RunKamer(t, func(t testing.TB) kamer.Opslag { return open(t, t.TempDir(), opties(t)) })
}

func rijVan(client string) (autorisatie.Rij, autorisatie.WijzigingRij) {
	r := autorisatie.Rij{OIN: storetest.A, ID: uuid.New(), Versie: 1, ClientIDs: []string{client}, Verzegeld: []byte{1, 2, 3}}
	return r, autorisatie.WijzigingRij{OIN: r.OIN, ID: r.ID, Versie: 1, Verzegeld: []byte{4}}
}

func TestRoomsOutliveAReopenAndLeaveNoTransaction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, opties(t))
	r, w := rijVan("een")
	if err := applicatie.New(s).PutApplicatie(bg, r, w); err != nil {
		t.Fatal(err)
	}
	twin, tw := rijVan("een")
	if err := applicatie.New(s).PutApplicatie(bg, twin, tw); !errors.Is(err, autorisatie.ErrClientInGebruik) {
		t.Fatal(err)
	}
	must(t, s, storetest.Nieuw(storetest.A)) // no transaction was left open
	shut(t, s)
	s = open(t, dir, opties(t))
	got, n, err := applicatie.New(s).LoadApplicaties(bg)
	if err != nil || n != 1 || len(got) != 1 || got[0].ID != r.ID || string(got[0].Verzegeld) != string(r.Verzegeld) {
		t.Errorf("%d applications, generation %d: %v", len(got), n, err)
	}
	shut(t, s)
	if err := applicatie.New(s).PutApplicatie(bg, twin, tw); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("write to a closed store: %v", err)
	}
	if _, err := applicatie.New(s).Generatie(bg); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("read a closed store: %v", err)
	}
}

// released is what the second step of log.db was before the rooms counted their own steps.
const released = `CREATE TABLE applicatie(id TEXT PRIMARY KEY, organisatie BIGINT NOT NULL, versie BIGINT NOT NULL, inhoud BYTEA NOT NULL);
	CREATE TABLE applicatieclient(client_id TEXT PRIMARY KEY, applicatie TEXT NOT NULL);
	CREATE INDEX applicatieclient_applicatie ON applicatieclient(applicatie);
	CREATE TABLE applicatiewijziging(nr BIGINT PRIMARY KEY, organisatie BIGINT NOT NULL, applicatie TEXT NOT NULL,
		versie BIGINT NOT NULL, moment BIGINT NOT NULL, inhoud BYTEA NOT NULL);
	CREATE INDEX applicatiewijziging_organisatie ON applicatiewijziging(organisatie, nr);`

func TestAStoreOfBeforeKeepsItsApplications(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, logBestand), false, "journal_mode(WAL)"))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := rijVan("een")
	for _, q := range []string{
		`CREATE TABLE schema(versie INTEGER PRIMARY KEY) STRICT`, stappen[0], released,
		`INSERT INTO schema(versie) VALUES(1), (2)`, `INSERT INTO logboek(id) VALUES(x'00112233445566778899aabbccddeeff')`,
		`INSERT INTO organisatie(nr, oin) VALUES(1, '` + storetest.A + `')`,
		`INSERT INTO applicatie VALUES('` + r.ID.String() + `', 1, 1, x'010203')`, `INSERT INTO applicatieclient VALUES('een', '` + r.ID.String() + `')`,
		`INSERT INTO applicatiewijziging VALUES(1, 1, '` + r.ID.String() + `', 1, 0, x'04')`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	loads := func(o kamer.Opslag) error {
		got, n, err := applicatie.New(o).LoadApplicaties(bg)
		if err != nil || n != 1 || len(got) != 1 || got[0].ID != r.ID || string(got[0].Verzegeld) != string(r.Verzegeld) {
			t.Errorf("%d applications, generation %d: %v", len(got), n, err)
		}
		return nil
	}
	if _, err := Inspect(bg, dir, 0, loads); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, opties(t))
	_ = loads(s)
	twin, w := rijVan("een")
	if err := applicatie.New(s).PutApplicatie(bg, twin, w); !errors.Is(err, autorisatie.ErrClientInGebruik) {
		t.Errorf("its client id is free: %v", err)
	}
	if plan, err := kamer.Plan(bg, s); err != nil || len(plan) > 0 {
		t.Errorf("still to do: %q: %v", plan, err)
	}
}

// A room may write often while the log is quiet.
func TestRoomsAloneShortenTheWriteAheadLog(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), opties(t))
	voor := s.walPaginas.Load()
	if err := s.Write(bg, func(tx *kamer.Tx) error {
		for range 10 {
			if _, err := tx.Exec(`UPDATE applicatie SET versie = versie`); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n := s.walPaginas.Load() - voor; n < 10 {
		t.Errorf("ten statements count as %d pages", n)
	}
}
