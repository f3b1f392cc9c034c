package inwoner_test

import (
	"context"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

func TestWhoIsProtectedStaysSoOverNewKeys(t *testing.T) {
	t.Parallel()
	const oin = "00000099000000001001"
	bg, dir, nu := context.Background(), t.TempDir(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{oin}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	bos, err := betrokkene.Open(bg, dir, []string{oin}, s)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *inwoner.Beschermingen {
		b, err := inwoner.OpenBeschermingen(bg, inwoner.BeschermingOpties{
			Opslag: kast.New(s, kast.Bescherming, nil), Sleutels: bos.Organisatie, Organisaties: []string{oin},
			Nu: func() time.Time { return nu }, Meld: func(err error) { t.Error(err) },
		})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := open()
	wie := inwoner.Medewerker{OIN: oin, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	in := inwoner.BeschermingInvoer{Wat: inwoner.Beschermd, Aanleiding: inwoner.Opvang, Tot: nu.AddDate(0, 1, 0)}
	eerst, ander := inwoner.BSN("999990019"), inwoner.BSN("999990275")
	id, err := b.Stel(bg, wie, eerst, in)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, soort := range betrokkene.Soorten {
			if _, err := betrokkene.Nieuw(dir, oin, soort); err != nil {
				t.Fatal(err)
			}
		}
		if err := bos.Ververs(bg); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range []*inwoner.Beschermingen{b, open()} {
		if !b.Van(oin, eerst).Beschermd || b.Van(oin, ander).Beschermd {
			t.Error("who is protected is not, or another is")
		}
	}
	// To make it last longer is a change of the one that there is.
	in.Tot = nu.AddDate(1, 0, 0)
	if weer, err := b.Stel(bg, wie, eerst, in); err != nil || weer != id {
		t.Errorf("%v, %v, want %v", weer, err, id)
	}
	if _, err := b.Stel(bg, wie, ander, in); err != nil {
		t.Error(err)
	}
	if l, err := b.Zoek(wie, eerst); err != nil || len(l) != 1 || !l[0].Tot.Equal(in.Tot) {
		t.Errorf("%v, %v", l, err)
	}
	if !b.Van(oin, eerst).Beschermd || !b.Van(oin, ander).Beschermd {
		t.Error("who is protected is not")
	}
}
