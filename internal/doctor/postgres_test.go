package doctor

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func TestAStoreInPostgreSQLInOrderHasNothingToMend(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	o := opstellen(t)
	o.mail()
	o.zet("store", c.URL("postgres"))
	inOrde := func(deel string) {
		t.Helper()
		list := o.onderzoek()
		for _, b := range list {
			if b.Niveau != InOrde {
				t.Errorf("%+v", b)
			}
		}
		for _, onderwerp := range []string{"duurzaamheid", "sleutels", "klok"} {
			moetTonen(t, list, InOrde, onderwerp, "")
		}
		moetTonen(t, list, InOrde, "opslag", deel)
	}
	inOrde("staat nog geen opslag")
	o.draai(false)()
	inOrde("bevat 1 versies van 1 organisaties")
	o.draai(true)
	inOrde("bevat 1 versies van 1 organisaties")
}

func TestEveryDefectOfAStoreInPostgreSQLIsFoundWithItsWayOut(t *testing.T) {
	t.Parallel()
	exec := func(o *opstelling, url, tekst string) {
		o.t.Helper()
		conn, err := pgx.Connect(o.t.Context(), url)
		o.moet(err)
		defer conn.Close(o.t.Context())
		_, err = conn.Exec(o.t.Context(), tekst)
		o.moet(err)
	}
	for name, tt := range map[string]struct {
		breek     func(o *opstelling, url string)
		niveau    Niveau
		onderwerp string
		deel      string
	}{
		"tables of a later version": {func(o *opstelling, url string) {
			o.draai(false)()
			exec(o, url, `INSERT INTO schema(versie) VALUES(1000)`)
		}, Fout, "opslag", "nieuwere versie"},
		"keys of another store": {func(o *opstelling, _ string) {
			o.draai(false)()
			o.moet(os.WriteFile(o.pad("sleutels/"+oin+"/handle-1.key"), []byte(strings.Repeat("ab", 32)), 0o600))
		}, Fout, "sleutels", "andere sleutel"},
		"an application of the store with too many rights": {func(o *opstelling, _ string) {
			bestand, err := autorisatie.Parse(strings.NewReader(o.applicaties), o.dir)
			o.moet(err)
			b, sluit, err := server.OpenBeheer(o.t.Context(), o.config(), bestand, func(err error) { o.t.Error(err) })
			o.moet(err)
			label, geheim := "controle", willekeurig()
			_, err = b.Create(o.t.Context(), autorisatie.Beheerder{Organisatie: oin}, &autorisatie.Invoer{
				ClientIDs: &[]string{label}, Label: &label, Geheim: &geheim, OINs: &[]string{oin},
				Autorisaties: &[]autorisatie.InvoerAutorisatie{{Component: autorisatie.ComponentBewerking, Scopes: []string{"audit:read", "update:normal"}}},
			})
			o.moet(err)
			o.moet(sluit())
		}, Waarschuwing, "rechten", `"controle" heeft audit:read`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := opstellen(t)
			url := postgrestest.Database(t)
			o.zet("store", url)
			tt.breek(o, url)
			moetTonen(t, o.onderzoek(), tt.niveau, tt.onderwerp, tt.deel)
		})
	}
	t.Run("a server that confirms what is not on disk", func(t *testing.T) {
		t.Parallel()
		o := opstellen(t)
		o.zet("store", postgrestest.Start(t, "fsync=off", "full_page_writes=off", "synchronous_commit=off").URL("postgres"))
		list := o.onderzoek()
		moetTonen(t, list, Fout, "duurzaamheid", "fsync staat uit")
		moetTonen(t, list, Waarschuwing, "duurzaamheid", "full_page_writes staat uit")
		moetTonen(t, list, Waarschuwing, "duurzaamheid", "synchronous_commit staat op off")
	})
	t.Run("a copy", func(t *testing.T) {
		t.Parallel()
		o := opstellen(t)
		c := postgrestest.Start(t)
		o.zet("store", c.URL("postgres"))
		o.draai(false)()
		o.zet("store", c.Standby(t).URL("postgres"))
		moetTonen(t, o.onderzoek(), Fout, "opslag", "kopie (standby)")
	})
}

func TestOnlyADatabaseOnThisMachineNeedsNoEncryption(t *testing.T) {
	t.Parallel()
	for adres, want := range map[string]bool{
		"postgres://log@localhost/log":           true,
		"postgres://log@127.0.0.1:5432/log":      true,
		"postgres://log@[::1]/log":               true,
		"postgres:///log?host=/run/postgresql":   true,
		"postgres://log@db.example/log":          false,
		"postgres://log@10.0.0.1/log":            false,
		"postgres:///log?host=db.example":        false,
		"postgres://log@localhost,10.0.0.1/log":  false,
		"postgres://log@localhost:a/log":         false,
		"postgres://log@/log?host=/run&port=543": true,
	} {
		if got := opMachine(adres); got != want {
			t.Errorf("%s: %v", adres, got)
		}
	}
}
