package kast

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/kast"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	postkast "github.com/verantwoord/verantwoord/internal/store/post"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// bus queues mail with the room of mail: in the same transaction, plain.
type bus struct{}

func (bus) Add(tx *kamer.Tx, oin string, b kast.Bericht) error {
	return postkast.Add(tx, post.Rij{OIN: oin, ID: uuid.New(), Stand: post.Wacht, Verzegeld: []byte(b.Aan)})
}

func TestMailIsQueuedWithTheChangeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for engine, open := range map[string]func(*testing.T) kamer.Opslag{
		"SQLite":     func(t *testing.T) kamer.Opslag { return openSQLite(t) },
		"PostgreSQL": func(t *testing.T) kamer.Opslag { return openPostgres(t, postgrestest.Database(t)) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			b, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{Opslag: New(k, Gebruikers, bus{}), Sleutels: keys(t), Organisaties: oins})
			if err != nil {
				t.Fatal(err)
			}
			g, err := b.MaakBeheerder(bg, storetest.A, "Bea Heer", "bea@gemeente.example")
			if err != nil {
				t.Fatal(err)
			}
			wacht := func() int64 {
				t.Helper()
				w, err := postkast.New(k).Wachtend(bg)
				if err != nil {
					t.Fatal(err)
				}
				return w.Aantal
			}
			kop := gebruiker.Koppeling{Dienst: "x", Uitgever: "https://idp", Onderwerp: "1", Email: g.Email}
			if err := b.Koppel(bg, storetest.A, g.ID, kop); err != nil || wacht() != 1 {
				t.Fatalf("%d mails wait, %v", wacht(), err)
			}
			rijen, generatie, err := New(k, Gebruikers, bus{}).Load(bg, storetest.A)
			if err != nil {
				t.Fatal(err)
			}
			w := kast.Wijziging{OIN: storetest.A, Generatie: generatie - 1, Post: []kast.Bericht{{Aan: "x@gemeente.example", Onderwerp: "x", Tekst: "x"}}}
			if err := New(k, Gebruikers, bus{}).Put(bg, w); !errors.Is(err, fout.Gelijktijdig) || wacht() != 1 {
				t.Errorf("of a change that came too late %d mails wait, %v", wacht(), err)
			}
			w.Generatie = generatie
			w.Rijen = []kast.Rij{{OIN: storetest.A, Soort: rijen[0].Soort, ID: rijen[0].ID, Versie: 99, Verzegeld: []byte("x")}}
			if err := New(k, Gebruikers, bus{}).Put(bg, w); err == nil || wacht() != 1 {
				t.Errorf("of a change that is refused %d mails wait, %v", wacht(), err)
			}
		})
	}
}
