package post

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

var (
	bg   = context.Background()
	oins = []string{storetest.A, storetest.B}
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func openSQLite(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	return s
}

func openPostgres(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: oins, Geduld: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	return s
}

func TestMailConformsOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunPost(t, func(t testing.TB) (een, ander post.Opslag) {
		s := openSQLite(t)
		return New(s), New(s)
	})
}

func TestMailConformsOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunPost(t, func(t testing.TB) (een, ander post.Opslag) {
		url := postgrestest.Database(t)
		return New(openPostgres(t, url)), New(openPostgres(t, url))
	})
}

func TestMailIsQueuedWithWhatItIsAboutOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	bos, err := betrokkene.Open(bg, t.TempDir(), oins, s)
	if err != nil {
		t.Fatal(err)
	}
	sleutels, _ := bos.Organisatie(storetest.A)
	rij, err := post.Verzegel(sleutels, storetest.A, time.Now(), post.Bericht{Soort: post.Code, Aan: "b.heer@voorbeeldstad.example", Onderwerp: "Uw code om aan te melden", Tekst: "Uw code is " + "12345678" + ".\n\nDe code is 10 minuten geldig.\n"})
	if err != nil {
		t.Fatal(err)
	}
	anders := errors.New("the change is refused")
	for _, uitkomst := range []error{anders, nil} {
		err := s.Write(bg, func(tx *kamer.Tx) error {
			if err := Add(tx, rij); err != nil {
				return err
			}
			return uitkomst
		})
		if !errors.Is(err, uitkomst) {
			t.Fatal(err)
		}
		want := int64(1)
		if uitkomst != nil {
			want = 0
		}
		if w, err := New(s).Wachtend(bg); err != nil || w.Aantal != want {
			t.Errorf("after %v %d wait, %v", uitkomst, w.Aantal, err)
		}
	}
	l, err := New(s).List(bg, storetest.A, 5)
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	z, err := post.Ontzegel(sleutels, l[0])
	if err != nil || z.Aan != "b.heer@voorbeeldstad.example" {
		t.Errorf("%+v, %v", z, err)
	}
}
