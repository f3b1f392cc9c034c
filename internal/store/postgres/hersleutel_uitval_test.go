package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Connections that are cut and a server that is killed while keys are changed cost the calls that were under way, and
// nothing else: what was asked again is done once.
func TestKeysChangeOverCutsAndCrashesOfTheServer(t *testing.T) {
	t.Parallel()
	c, ringen := postgrestest.Start(t), storetest.NieuweSleutelringen(t)
	url := c.URL("postgres")
	o := opties(t)
	o.Fout = func(error) {} // the server is away
	s := open(t, url, o)
	storetest.MetLog(t, s, ringen.Een, func(l *verwerkingenlog.Log) {
		for range 300 {
			if _, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001", "999900002", "999900001"), "", nil); err != nil {
				t.Fatal(err)
			}
		}
	})
	eerst, hashes := storetest.Alles(t, s)
	ring, _ := ringen.Twee.Organisatie(storetest.A)
	gedaan, batches := make(chan error, 1), make(chan struct{}, 10) // of 75: it does not run far ahead
	go func() {
		for van := uint64(0); ; {
			volgende, _, err := verwerkingenlog.Hersleutel(bg, s, ring, storetest.A, van, 4)
			switch {
			case errors.Is(err, fout.NietBeschikbaar):
				time.Sleep(10 * time.Millisecond)
			case err != nil || volgende == van:
				gedaan <- err
				return
			default:
				van = volgende
				batches <- struct{}{}
			}
		}
	}()
	wacht := func(n int) {
		for range n {
			select {
			case <-batches:
			case err := <-gedaan:
				t.Fatalf("all was done before the server failed: %v", err)
			}
		}
	}
	wacht(5)
	c.CutConnections()
	wacht(5)
	c.Kill()
	c.Begin()
	wacht(5)
	c.CutConnections()
	for bezig := true; bezig; {
		select {
		case <-batches:
		case err := <-gedaan:
			if bezig = false; err != nil {
				t.Fatal(err)
			}
		}
	}
	storetest.WilNieuw(t, s, ringen.Twee, eerst, hashes, []string{"999900001", "999900002"})
	n, err := Nakijk(bg, url)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	storetest.WilGaaf(t, n, ringen.Twee)
}

// What was changed in the database is left as it is.
func TestAChangedVersionKeepsItsKeys(t *testing.T) {
	t.Parallel()
	for naam, tekst := range map[string]string{
		"registration": `UPDATE groep SET registratie = registratie + 1 WHERE van = 3`,
		"content":      `UPDATE versie SET inhoud = set_byte(inhoud, 40, 255 - get_byte(inhoud, 40)) WHERE groep = (SELECT nr FROM groep WHERE van = 3)`,
		"handle":       `UPDATE versie SET persoon = CAST('00000000-0000-4000-8000-000000000000' AS uuid) WHERE groep = (SELECT nr FROM groep WHERE van = 3)`,
		"hash":         `UPDATE groep SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) WHERE van = 3`,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s, ringen := open(t, postgrestest.Database(t), opties(t)), storetest.NieuweSleutelringen(t)
			storetest.MetLog(t, s, ringen.Een, func(l *verwerkingenlog.Log) {
				for range 6 {
					if _, err := l.Create(bg, storetest.Beller, storetest.Invoer("999900001"), "", nil); err != nil {
						t.Fatal(err)
					}
				}
			})
			if n, err := s.exec(bg, "", tekst); err != nil || n != 1 {
				t.Fatalf("%d rows were changed, %v", n, err)
			}
			storetest.WilGelaten(t, s, ringen.Twee, 3)
		})
	}
}
