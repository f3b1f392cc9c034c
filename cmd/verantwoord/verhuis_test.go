//go:build !dev

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// alsProgramma makes the test binary the program itself.
const alsProgramma = "VERANTWOORD_TEST_PROGRAMMA"

func TestMain(m *testing.M) {
	if os.Getenv(alsProgramma) != "" {
		main()
	}
	os.Exit(postgrestest.Main(m))
}

// opdrachtregel is the program with arguments, as a process.
func opdrachtregel(t testing.TB, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = []string{alsProgramma + "=ja", "GORACE=" + os.Getenv("GORACE")}
	cmd.Dir = t.TempDir()
	out := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

// voer runs the program and gives what it says.
func voer(t testing.TB, want int, args ...string) string {
	t.Helper()
	cmd, out := opdrachtregel(t, args...)
	_ = cmd.Run() // the status says it
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Fatalf("%v: exit status %d, want %d:\n%s", args, got, want, out)
	}
	return out.String()
}

// gevuld is an embedded store with some thousand versions.
func gevuld(t testing.TB, groepen int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	s, err := sqlite.Open(t.Context(), dir, sqlite.Opties{Organisaties: []string{storetest.A, storetest.B}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range groepen {
		var groep []*verwerkingenlog.Eenheid
		for range 1 + i%40 {
			groep = append(groep, storetest.Nieuw(storetest.A, storetest.Persoon()), storetest.Nieuw(storetest.B))
		}
		if err := s.Append(t.Context(), groep); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// maak makes an empty store of an organisation.
func maak(t testing.TB, url, oin string) {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, postgres.Opties{Organisaties: []string{oin}, Geduld: time.Minute})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMoveThatIsKilledIsFinishedByTheSameCommand(t *testing.T) {
	t.Parallel()
	dir, naar := gevuld(t, 1200), postgrestest.Database(t)
	args := []string{"verhuis", "--van", "sqlite:" + dir, "--naar", naar}
	maak(t, naar, storetest.A)
	c, err := pgx.Connect(t.Context(), naar)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	cmd, _ := opdrachtregel(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	dood := false
	for end := time.Now().Add(time.Minute); !dood; {
		if time.Now().After(end) {
			t.Fatal("never halfway")
		}
		if err := pgx.BeginFunc(t.Context(), c, func(tx pgx.Tx) error {
			// It goes no further while this holds the row that it counts in.
			var n int64
			err := tx.QueryRow(t.Context(), "SELECT grootte FROM organisatie WHERE oin = $1 FOR UPDATE", storetest.A).Scan(&n)
			if dood = n > 0 && n < 24_600; dood {
				err = cmd.Process.Kill()
				_ = cmd.Wait() // it was killed
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	uit := voer(t, 0, args...)
	for _, oin := range []string{storetest.A, storetest.B} {
		if !regexp.MustCompile(`organisatie ` + oin + `: 24600 versies, wortel [0-9a-f]{64}\n`).MatchString(uit) {
			t.Errorf("of %s it says:\n%s", oin, uit)
		}
	}
	if uit := voer(t, 0, args...); strings.Count(uit, "is al verhuisd") != 2 {
		t.Errorf("once more:\n%s", uit)
	}
}

func TestVerhuisSaysWhatIsWrongAndTheWayOut(t *testing.T) {
	t.Parallel()
	dir, naar := gevuld(t, 3), postgrestest.Database(t)
	draait, err := sqlite.Open(context.Background(), dir, sqlite.Opties{})
	if err != nil {
		t.Fatal(err)
	}
	defer draait.Close()
	nergens := filepath.Join(t.TempDir(), "nergens")
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{2, "noem --van en --naar", []string{"--van", "sqlite:" + dir}},
		{2, "noem --van en --naar", []string{"--van", naar, "--naar", naar, "--open"}},
		{1, "stop het eerst", []string{"--van", "sqlite:" + dir, "--naar", naar}},
		{1, "er is geen opslag in", []string{"--van", "sqlite:" + nergens, "--naar", naar}},
		{1, "geef een adres dat met postgres:// begint", []string{"--van", naar, "--naar", "sqlite:" + nergens}},
		{1, "er is niets te verhuizen", []string{"--van", naar, "--naar", naar}},
		{1, "--van: de server antwoordt niet", []string{"--van", "postgres://geheim:geheim@127.0.0.1:1/x", "--naar", naar}},
	} {
		uit := voer(t, c.code, append([]string{"verhuis"}, c.args...)...)
		if !strings.Contains(uit, c.want) || strings.Contains(uit, "geheim:") {
			t.Errorf("%v:\n%s", c.args, uit)
		}
	}
	if _, err := os.Stat(nergens); err == nil {
		t.Error("a store was made")
	}
}

func TestAnOrganisationIsOpenedByHand(t *testing.T) {
	t.Parallel()
	van, naar := postgrestest.Database(t), postgrestest.Database(t)
	voer(t, 0, "verhuis", "--van", "sqlite:"+gevuld(t, 5), "--naar", van)
	voer(t, 0, "verhuis", "--van", van, "--naar", naar, "--organisatie", storetest.B)
	append1 := func(oin string) error {
		s, err := postgres.Open(t.Context(), van, postgres.Opties{Geduld: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		e := storetest.Nieuw(oin)
		if err := s.Append(t.Context(), []*verwerkingenlog.Eenheid{e}); err != nil {
			t.Fatal(err)
		}
		return e.Err
	}
	if append1(storetest.A) != nil || append1(storetest.B) == nil {
		t.Error("not B alone is closed")
	}
	if uit := voer(t, 0, "verhuis", "--open", "--van", van, "--organisatie", storetest.B); !strings.Contains(uit, "neemt op --van weer aan") {
		t.Error(uit)
	}
	if err := append1(storetest.B); err != nil {
		t.Error(err)
	}
}
