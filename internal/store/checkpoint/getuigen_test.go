package checkpoint_test

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	domein "github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestCosignaturesConformOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunGetuigen(t, func(t testing.TB) (een, ander storetest.OpslagMetGetuigen) {
		s := openSQLite(t, t.TempDir())
		return checkpoint.New(s), checkpoint.New(s)
	})
}

func TestCosignaturesConformOnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.RunGetuigen(t, func(t testing.TB) (een, ander storetest.OpslagMetGetuigen) {
		url := postgrestest.Database(t)
		return checkpoint.New(openPostgres(t, url)), checkpoint.New(openPostgres(t, url))
	})
}

func TestAMoveTakesTheCosignaturesAlong(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t, t.TempDir()), openPostgres(t, postgrestest.Database(t))
	c := &domein.Bewaard{Nr: 1, Grootte: 7, Moment: storetest.Start, Openbaar: true, Tekst: []byte("tekst")}
	m := &getuige.Medeondertekening{Sleutel: "getuige", Moment: storetest.Start, Regel: []byte("regel")}
	s := checkpoint.New(van)
	if err := s.Voeg(bg, storetest.A, bewijs.BoomLog, c, "sleutel"); err != nil {
		t.Fatal(err)
	}
	if err := s.VoegMede(bg, storetest.A, bewijs.BoomLog, 1, m); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a move may be begun again
		if err := checkpoint.Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	if l, err := checkpoint.New(naar).Medeondertekeningen(bg, storetest.A, bewijs.BoomLog, 1); err != nil || len(l) != 1 || string(l[0].Regel) != "regel" {
		t.Errorf("%v, %v", l, err)
	}
}
