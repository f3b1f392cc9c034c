//go:build !dev

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/server"
	beheer "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// instellingen writes the settings of the store in a file.
func (p *proefopslag) instellingen() string {
	return schrijf(p.t, "verantwoord.yaml", []byte("store: "+p.adres+"\nsleutels: "+filepath.Join(p.dir, "sleutels")+"\n"))
}

// teruggezet gives a store that was put back to before records and an event that were signed, and what was signed last.
func teruggezet(t *testing.T) (p *proefopslag, gezien []byte) {
	p = vulSQLite(t)
	oud := p.kopie()
	p.draai(func(s *server.Server) {
		if _, err := s.Mensen().Beheer.VoegFunctiegroepToe(t.Context(), gebruiker.Opdrachtregel(oinVerify), "Later", ""); err != nil {
			t.Fatal(err)
		}
		p.leg(s, 2)
		gezien = p.ondertekend(s, oinVerify, bewijs.BoomLog)
	})
	p.adres = oud
	return p, gezien
}

// A process that was killed after the beheerlog went on and before the log did.
func TestAnEpochThatWasHalfOpenedIsFinished(t *testing.T) {
	t.Parallel()
	p, _ := teruggezet(t)
	half := p.kopie()
	l := p.openTijdvak(server.TijdvakOpties{})
	if len(l) != 2 || l[0].Boom != bewijs.BoomBeheer || l[1].Boom != bewijs.BoomLog {
		t.Fatalf("opened %+v", l)
	}
	p.wantGoed()
	p.adres = half
	dir, _ := config.SQLiteMap(half)
	s, err := sqlite.Open(t.Context(), dir, sqlite.Opties{})
	if err != nil {
		t.Fatal(err)
	}
	if err := beheer.New(s).OpenTijdvak(t.Context(), l[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	p.wantOuder()
	p.wantWeigert()
	if weer := p.openTijdvak(server.TijdvakOpties{}); len(weer) != 1 || weer[0].Boom != bewijs.BoomLog {
		t.Fatalf("opened %+v", weer)
	}
	p.draai(func(s *server.Server) { p.leg(s, 1) })
	p.wantGoed()
}

// What an auditor or a witness kept is the only thing that tells, when what stood beside the keys was put back too.
func TestACheckpointOfAnotherIsReasonForAnEpoch(t *testing.T) {
	t.Parallel()
	p, gezien := teruggezet(t)
	eigen, err := filepath.Glob(filepath.Join(p.dir, "sleutels", "*", "checkpoint-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, naam := range eigen {
		if err := os.Remove(naam); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"tijdvak", "open", "--config", p.instellingen(), "--oin", oinVerify, "--reden", "Schijf kapot"}
	if out := voer(t, 1, args...); !strings.Contains(out, "--zonder-verlies") {
		t.Errorf("nothing is known that is wrong:\n%s", out)
	}
	anders := bytes.Replace(gezien, []byte("moment 2"), []byte("moment 3"), 1)
	if out := voer(t, 1, append(args, "--checkpoint", schrijf(t, "anders", anders))...); !strings.Contains(out, "--checkpoint 1 is niet ondertekend") {
		t.Errorf("a checkpoint that nobody signed:\n%s", out)
	}
	if out := voer(t, 0, append(args, "--checkpoint", schrijf(t, "gezien", gezien))...); !strings.Contains(out, "De verwerkingenlog gaat verder in tijdvak 2") || strings.Contains(out, "Het beheerlog") || !strings.Contains(out, "Verloren zijn de bladen") {
		t.Errorf("the epoch is not told:\n%s", out)
	}
	out := voer(t, 0, "tijdvak", "lijst", "--config", p.instellingen(), "--oin", oinVerify)
	if !strings.Contains(out, "De verwerkingenlog gaat verder in tijdvak 2") || !strings.Contains(out, "Reden: Schijf kapot") || !strings.Contains(out, "Het beheerlog is in het eerste tijdvak") {
		t.Errorf("the list:\n%s", out)
	}
	p.draai(func(s *server.Server) { p.leg(s, 1) })
	p.wantGoed()
	voer(t, 2, "tijdvak", "open", "--config", p.instellingen(), "--oin", oinVerify)
	voer(t, 1, "tijdvak", "lijst", "--config", p.instellingen(), "--oin", oinVerifyTwee[:19]+"9")
}

// An epoch moves with its log, and keys that were made after the copy go on.
func TestAStoreWithAnEpochGetsNewKeysAndMoves(t *testing.T) {
	t.Parallel()
	p, _ := teruggezet(t)
	for _, soort := range []string{betrokkene.SoortTeken, betrokkene.SoortZegel} {
		if _, err := betrokkene.Nieuw(filepath.Join(p.dir, "sleutels"), oinVerify, soort); err != nil {
			t.Fatal(err)
		}
	}
	p.wantWeigert()
	p.openTijdvak(server.TijdvakOpties{})
	p.draai(func(s *server.Server) { p.leg(s, 3) })
	p.wantGoed()
	naar := postgrestest.Database(t)
	voer(t, 0, "verhuis", "--van", p.adres, "--naar", naar)
	p.adres = naar
	p.wantGoed()
	p.draai(func(s *server.Server) {
		p.leg(s, 2)
		if b := p.ondertekend(s, oinVerify, bewijs.BoomLog); !bytes.Contains(b, []byte("/tijdvak-2\n")) {
			t.Errorf("signed as %s", b)
		}
	})
	p.wantGoed()
}
