package aanmelding_test

import (
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func (p *proef) geldig(token string, want bool) {
	p.Helper()
	_, err := p.d.Zoek(bg, token)
	if want && err != nil {
		p.Errorf("a session that should hold: %v", err)
	}
	if !want {
		p.geweigerd("a session that should have ended", err, fout.CodeNietAangemeld)
	}
}

func TestASessionEndsAfterThirtyMinutesOfNothingAndTenHours(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	if !s.Verloopt.Equal(p.klok.Now().Add(10 * time.Hour)) {
		t.Errorf("ends at %v", s.Verloopt)
	}
	ander := p.begin(p.bea, wachtwoord, s.Apparaat).Sessie
	p.na(30*time.Minute - time.Second)
	p.geldig(s.Token, true)
	p.na(time.Second)
	p.geldig(ander.Token, false)
	for range 18 {
		p.na(29 * time.Minute)
		p.geldig(s.Token, true)
	}
	p.na(29 * time.Minute)
	p.geldig(s.Token, true)
	p.na(20 * time.Minute)
	p.geldig(s.Token, false)
}

func TestUseIsWrittenAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	gezien := func() time.Time {
		l, err := p.opties.Opslag.Sessies(bg, oin, p.bea.ID)
		if err != nil || len(l) != 1 {
			t.Fatal(len(l), err)
		}
		return l[0].Gezien
	}
	begin := gezien()
	p.na(59 * time.Second)
	p.geldig(s.Token, true)
	if !gezien().Equal(begin) {
		t.Error("written within a minute")
	}
	p.na(time.Second)
	p.geldig(s.Token, true)
	if !gezien().Equal(begin.Add(time.Minute)) {
		t.Error("not written after a minute")
	}
}

func TestLimitsCanBeMadeShorterAndNeverLonger(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	for _, c := range []struct{ stil, duur, wantStil, wantDuur time.Duration }{
		{0, 0, 30 * time.Minute, 10 * time.Hour},
		{10 * time.Minute, time.Hour, 10 * time.Minute, time.Hour},
		{48 * time.Hour, 1000 * time.Hour, 30 * time.Minute, 10 * time.Hour},
		{-1, -1, 30 * time.Minute, 10 * time.Hour},
	} {
		o := p.opties
		o.Stil, o.Duur = c.stil, c.duur
		d := aanmelding.New(o)
		d.ZonderWachten()
		p.d = d
		s := p.aangemeld(p.bea)
		if got := s.Verloopt.Sub(p.klok.Now()); got != c.wantDuur {
			t.Errorf("lasts %v, want %v", got, c.wantDuur)
		}
		p.na(c.wantStil - time.Second)
		p.geldig(s.Token, true)
		p.na(c.wantStil)
		p.geldig(s.Token, false)
	}
}

func TestAStolenCookieDiesWithSignOutEverywhere(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	tweede := p.begin(p.bea, wachtwoord, s.Apparaat).Sessie
	p.geldig(tweede.Token, true)
	if err := p.d.BeeindigAlles(bg, oin, p.bea.ID, beheerlog.Opdrachtregel, "Laptop kwijt."); err != nil {
		t.Fatal(err)
	}
	p.geldig(s.Token, false)
	p.geldig(tweede.Token, false)
	p.vraag(p.bea, wachtwoord, s.Apparaat) // the stolen browser is asked a code again
	if n := p.soorten()[beheerlog.OveralAfgemeld]; n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestSigningOutEndsThisSessionAlone(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	tweede := p.begin(p.bea, wachtwoord, s.Apparaat).Sessie
	if s.Token == tweede.Token {
		t.Fatal("a token came twice")
	}
	for range 2 {
		if err := p.d.Beeindig(bg, s.Token); err != nil {
			t.Fatal(err)
		}
	}
	p.geldig(s.Token, false)
	p.geldig(tweede.Token, true)
	b, err := p.d.Zoek(bg, tweede.Token)
	if err != nil {
		t.Fatal(err)
	}
	derde := p.begin(p.bea, wachtwoord, s.Apparaat).Sessie
	l, err := p.d.Lopend(bg, b)
	if err != nil || len(l) != 2 || !strings.Contains(l[0].Browser, "Firefox op Linux") || l[0].Deze == l[1].Deze {
		t.Fatalf("%+v, %v", l, err)
	}
	for _, x := range l {
		p.geldig(x.ID, false) // the id of a list is no token
		if !x.Deze {
			if err := p.d.BeeindigEen(bg, b, x.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.geldig(derde.Token, false)
	p.geldig(tweede.Token, true)
	if n := p.soorten()[beheerlog.Afgemeld]; n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestWhoIsClosedIsOutAtOnce(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	a := p.vraag(p.bea, wachtwoord, "")
	dicht := p.bea
	dicht.Actief = false
	p.wie.zet(dicht)
	p.geldig(s.Token, false)
	_, err := p.d.Controleer(bg, a.ID, a.Browser, p.code(p.bea))
	p.geweigerd("a sign-in that was under way", err, fout.CodeAanmeldenMislukt)
}

func TestATokenOfNobodyIsNoSession(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for _, token := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("\x00", 43), strings.Repeat("A", 1<<20)} {
		p.geldig(token, false)
		if err := p.d.Beeindig(bg, token); err != nil {
			t.Error(err)
		}
	}
}

func TestConfirmingGivesTheSessionANewToken(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	b, err := p.d.Zoek(bg, s.Token)
	if err != nil || b.Toets() != nil {
		t.Fatal(err)
	}
	p.na(5 * time.Minute)
	if b, err = p.d.Zoek(bg, s.Token); err != nil || b.Toets() == nil {
		t.Fatalf("confirmed five minutes ago: %v", err)
	}
	a, err := p.d.BeginBevestiging(bg, s.Token, true) // she has no factor, so it is a code
	if err != nil || a.Vraagt != "code" {
		t.Fatalf("%+v, %v", a, err)
	}
	_, err = p.d.Controleer(bg, a.ID, a.Browser, fouteCode(p.code(p.bea)))
	p.geweigerd("a wrong code", err, fout.CodeAanmeldenMislukt)
	nieuw := p.controleer(a, p.code(p.bea)).Sessie
	if nieuw == nil || nieuw.Token == s.Token || !nieuw.Verloopt.Equal(s.Verloopt) {
		t.Fatalf("%+v", nieuw)
	}
	p.geldig(s.Token, false)
	if b, err = p.d.Zoek(bg, nieuw.Token); err != nil || b.Toets() != nil {
		t.Errorf("%+v, %v", b, err)
	}
	if n := p.soorten()[beheerlog.Bevestigd]; n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestAConfirmationDoesNotBringBackASessionThatEnded(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	a, err := p.d.BeginBevestiging(bg, s.Token, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.d.BeeindigAlles(bg, oin, p.bea.ID, beheerlog.Opdrachtregel, ""); err != nil {
		t.Fatal(err)
	}
	_, err = p.d.Controleer(bg, a.ID, a.Browser, p.code(p.bea))
	p.geweigerd("a confirmation of a session that ended", err, fout.CodeAanmeldenMislukt)
	if l, err := p.opties.Opslag.Sessies(bg, oin, p.bea.ID); err != nil || len(l) != 0 {
		t.Errorf("%d sessions, %v", len(l), err)
	}
}

func TestAPersonSeesTheirOwnHistory(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	p.vraag(p.bea, "fout", "")
	s := p.aangemeld(p.bea)
	p.gekozen(p.sem)
	if err := p.d.Beeindig(bg, s.Token); err != nil {
		t.Fatal(err)
	}
	l, err := p.d.Historie(bg, oin, p.bea.ID)
	if err != nil {
		t.Fatal(err)
	}
	var soorten []string
	for _, g := range l {
		soorten = append(soorten, string(g.Soort))
	}
	if got := strings.Join(soorten, " "); got != "afgemeld aangemeld aanmelden_mislukt middel middel" {
		t.Errorf("%s", got)
	}
	if l[1].Door != "" || l[1].Browser != "Firefox op Linux" || l[2].Door != "Verantwoord" || l[4].Door != "de beheerder van de server" {
		t.Errorf("%+v", l)
	}
}
