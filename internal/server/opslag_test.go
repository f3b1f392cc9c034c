package server

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

func TestMain(m *testing.M) {
	if tekst, is := os.LookupEnv(alsProces); is {
		os.Exit(wordProces(tekst))
	}
	debug.SetMemoryLimit(512 << 20) // as in e2e: closed registers go sooner
	os.Exit(postgrestest.Main(m))
}

const gemeente = "00000099123456780000"

// configVan gives settings with a store of this kind.
func configVan(t *testing.T, store string) *config.Config {
	t.Helper()
	omgeving := map[string]string{"VERANTWOORD_STORE": store, "VERANTWOORD_SLEUTELS": filepath.Join(t.TempDir(), "sleutels")}
	var namen []string
	for naam := range omgeving {
		namen = append(namen, naam+"=")
	}
	c, err := config.Load("", func(naam string) string { return omgeving[naam] }, namen)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The command line, on a database that a register uses.
func TestApplicationsAreManagedBesideARegisterOnPostgreSQL(t *testing.T) {
	t.Parallel()
	c := configVan(t, postgrestest.Database(t))
	bestand := &autorisatie.Bestand{Organisaties: []autorisatie.Organisatie{{OIN: gemeente, Naam: "Gemeente Voorbeeldstad"}}}
	s, err := Open(t.Context(), c, bestand, Opties{Versie: "test"})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b, sluit, err := OpenBeheer(t.Context(), c, bestand, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	label, geheim, scopes := "Beheer", strings.Repeat("geheim van een test ", 3), []autorisatie.InvoerAutorisatie{}
	_, err = b.Create(t.Context(), autorisatie.Beheerder{Organisatie: gemeente}, &autorisatie.Invoer{
		ClientIDs: &[]string{"beheer"}, Label: &label, Geheim: &geheim, OINs: &[]string{gemeente}, Autorisaties: &scopes,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := sluit(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); len(s.beheer.List(gemeente, []string{"beheer"})) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the register does not come to know the application")
		}
	}
}

func TestAStoreThatCannotBeOpenedSaysTheWayOutAndNoPassword(t *testing.T) {
	t.Parallel()
	goed, err := url.Parse(postgrestest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	met := func(f func(*url.URL)) string {
		u := *goed
		f(&u)
		return u.String()
	}
	const dicht = "127.0.0.1:1"
	const wachtwoord = "zeer-geheim"
	for name, tt := range map[string]struct{ store, want string }{
		"nobody answers":        {"postgres://log:" + wachtwoord + "@" + dicht + "/log", "kijk of PostgreSQL draait"},
		"a server without name": {"postgres://log:" + wachtwoord + "@bestaat-niet.invalid/log", "controleer het adres in store"},
		"a setting of no sense": {"postgres://log:" + wachtwoord + "@localhost/log?sslmode=misschien", "schrijf postgres://"},
		"no such database":      {met(func(u *url.URL) { u.Path = "/bestaat_niet" }), "maak haar aan met createdb"},
		"nobody of that name": {met(func(u *url.URL) {
			q := u.Query()
			q.Set("user", "niemand")
			q.Set("password", wachtwoord)
			u.User, u.RawQuery = nil, q.Encode()
		}), "gebruiker en wachtwoord"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := openOpslag(t.Context(), configVan(t, tt.store), []string{gemeente}, nil, func(error) {})
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), wachtwoord) {
				t.Errorf("got %v", err)
			}
		})
	}
}
