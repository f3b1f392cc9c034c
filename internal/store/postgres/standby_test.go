package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// found is how many acties are found under a key, read back in full.
func found(t *testing.T, s *Store, key verwerkingenlog.Ingang) int {
	t.Helper()
	tot, err := s.Size(bg, storetest.A)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Find(bg, verwerkingenlog.Zoekvraag{OIN: storetest.A, Soort: key.Soort, Sleutels: [][16]byte{key.Sleutel}, Tot: tot})
	if err != nil {
		t.Fatal(err)
	}
	bladen := make([]uint64, len(l))
	for i := range l {
		bladen[i] = l[i].Nu.Blad
	}
	rijen, err := s.Rows(bg, storetest.A, bladen)
	if err != nil {
		t.Fatal(err)
	}
	return len(rijen)
}

// Questions go to the standby as long as it has all there was when they came. One that is behind, or away,
// is passed over: no answer is ever older than its question.
func TestAStandbyAnswersOnlyWhatItHas(t *testing.T) {
	t.Parallel()
	c := postgrestest.Start(t)
	kopie := c.Standby(t)
	o := opties(t)
	o.Standby = kopie.URL("postgres")
	s := open(t, c.URL("postgres"), o)
	key := storetest.Persoon()
	log := func(want int) {
		t.Helper()
		must(t, s, storetest.Eenheid(storetest.A, storetest.Rij(storetest.A, uuid.New(), 1, key)))
		if n := found(t, s, key); n != want {
			t.Errorf("%d acties found, want %d", n, want)
		}
	}
	for want := 1; want <= 20; want++ {
		log(want)
	}
	vraag := func(na int64, want int, wat string) {
		t.Helper()
		for eind := time.Now().Add(time.Minute); s.standby.gevraagd.Load() == na; time.Sleep(20 * time.Millisecond) {
			if found(t, s, key) != want {
				t.Fatal("an actie is gone")
			}
			if time.Now().After(eind) {
				t.Fatal(wat)
			}
		}
	}
	vraag(0, 20, "the standby is never asked")

	beheer, err := pgx.Connect(bg, kopie.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer beheer.Close(bg)
	if _, err := beheer.Exec(bg, "SELECT pg_wal_replay_pause()"); err != nil {
		t.Fatal(err)
	}
	gevraagd := s.standby.gevraagd.Load()
	log(21)
	if n := s.standby.gevraagd.Load(); n != gevraagd {
		t.Error("a standby that is behind was believed")
	}
	if _, err := beheer.Exec(bg, "SELECT pg_wal_replay_resume()"); err != nil {
		t.Fatal(err)
	}
	vraag(gevraagd, 21, "the standby caught up and is not asked")

	// Away altogether. Commits must not wait for it.
	if _, err := s.schrijf.Exec(bg, "ALTER SYSTEM SET synchronous_standby_names = ''"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.schrijf.Exec(bg, "SELECT pg_reload_conf()"); err != nil {
		t.Fatal(err)
	}
	kopie.Kill()
	begin := time.Now()
	log(22)
	log(23)
	if d := time.Since(begin); d > time.Minute {
		t.Errorf("a standby that is away held questions up for %v", d)
	}
}
