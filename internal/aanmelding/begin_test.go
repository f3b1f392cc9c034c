package aanmelding_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestSigningInTakesAPasswordAndACode(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	a := p.vraag(p.bea, wachtwoord, "")
	if a.Vraagt != "code" || a.Gemaskeerd != "b•••••r@g•••••e.example" {
		t.Errorf("%+v", a)
	}
	code := p.code(p.bea)
	stap := p.controleer(a, " "+code[:4]+" "+code[4:]+".")
	if stap.Sessie == nil || stap.Sessie.Apparaat == "" || stap.Sessie.Gebruiker != p.bea.ID || stap.Sessie.OIN != oin {
		t.Fatalf("%+v", stap)
	}
	b, err := p.d.Zoek(bg, stap.Sessie.Token)
	if err != nil || b.Naam != "Bea Heer" || !b.Bevestigd || b.Factor {
		t.Errorf("%+v, %v", b, err)
	}
	_, err = p.d.Controleer(bg, a.ID, a.Browser, code)
	p.geweigerd("the same code again", err, fout.CodeAanmeldenMislukt)
	if n := p.soorten(); n[beheerlog.Aangemeld] != 1 || n[beheerlog.AanmeldenMislukt] != 0 {
		t.Errorf("events %v", n)
	}
}

func TestAnUnknownAddressAWrongPasswordAndTheRightOneLookAlike(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	dicht := p.sem
	dicht.Actief = false
	p.wie.zet(dicht)
	post := p.bus.aantal()
	var stappen []*aanmelding.Stap
	for _, in := range []aanmelding.Eerste{
		{Email: "bea.heer@gemeente.example", Wachtwoord: "iets anders dat lang is"},
		{Email: "bas.haar@gemeente.example", Wachtwoord: wachtwoord},
		{Email: "bea.heer@gemeente.example", Wachtwoord: wachtwoord},
	} {
		stap, err := p.d.Begin(bg, oin, in)
		if err != nil {
			t.Fatal(err)
		}
		stappen = append(stappen, stap)
	}
	if n := p.bus.aantal() - post; n != 1 {
		t.Errorf("%d mails, want one to who knew the password", n)
	}
	zelfde := cmpopts.IgnoreFields(aanmelding.Aanmelding{}, "ID", "Browser")
	for _, s := range stappen[:2] {
		if d := cmp.Diff(stappen[2], s, zelfde); d != "" {
			t.Errorf("the answer differs:\n%s", d)
		}
	}
	// What follows is the same as well: wrong codes, and asking for another.
	p.na(time.Minute)
	var fouten [3][]string
	for i, s := range stappen {
		_, err := p.d.Opnieuw(bg, s.Aanmelding.ID, s.Aanmelding.Browser)
		if err != nil {
			t.Errorf("another code: %v", err)
		}
		for range 3 {
			_, err := p.d.Controleer(bg, s.Aanmelding.ID, s.Aanmelding.Browser, "123")
			fouten[i] = append(fouten[i], err.Error())
		}
	}
	if fouten[0][0] != fouten[2][0] || cmp.Diff(fouten[0], fouten[2]) != "" || cmp.Diff(fouten[1], fouten[2]) != "" {
		t.Errorf("refusals differ: %q", fouten)
	}
	// Who may not sign in is as unknown as who does not exist.
	if s, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: p.sem.Email, Wachtwoord: wachtwoord}); err != nil || s.Aanmelding == nil {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: "geen adres\x00", Wachtwoord: "\xff"}); err != nil {
		t.Errorf("what is no address: %v", err)
	}
}

func TestAnswersWaitForAWholeStepForUnknownAccountsToo(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.d = aanmelding.New(p.opties) // with its waits and its memory
	p.gekozen(p.bea)
	for naam, in := range map[string]aanmelding.Eerste{
		"known":   {Email: p.bea.Email, Wachtwoord: wachtwoord},
		"unknown": {Email: "bas.haar@gemeente.example", Wachtwoord: wachtwoord},
	} {
		begin := time.Now()
		stap, err := p.d.Begin(bg, oin, in)
		if err != nil {
			t.Fatal(err)
		}
		if geduurd := time.Since(begin); geduurd < 500*time.Millisecond {
			t.Errorf("%s: the first step took %v", naam, geduurd)
		}
		begin = time.Now()
		if _, err := p.d.Controleer(bg, stap.Aanmelding.ID, stap.Aanmelding.Browser, "00000000"); err == nil {
			t.Error("signed in")
		}
		if geduurd := time.Since(begin); geduurd < 250*time.Millisecond {
			t.Errorf("%s: the second step took %v", naam, geduurd)
		}
	}
	// Whatever the work took, the wait ends at the next whole step.
	for _, werk := range []time.Duration{0, 10 * time.Millisecond, 49 * time.Millisecond, 51 * time.Millisecond, 120 * time.Millisecond} {
		begin := time.Now().Add(-werk)
		aanmelding.Gelijk(bg, begin, 50*time.Millisecond)
		if geduurd, want := time.Since(begin), werk.Truncate(50*time.Millisecond)+50*time.Millisecond; geduurd < want {
			t.Errorf("work of %v was answered after %v", werk, geduurd)
		}
	}
}

func TestAnUnknownAccountNeverSignsIn(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	a := p.vraag(p.bea, "niet het wachtwoord", "")
	goed := p.vraag(p.bea, wachtwoord, "")
	_, err := p.d.Controleer(bg, a.ID, a.Browser, p.code(p.bea))
	p.geweigerd("a code of another sign-in", err, fout.CodeAanmeldenMislukt)
	if s := p.controleer(goed, p.code(p.bea)); s.Sessie == nil {
		t.Error("the code does not fit its own sign-in")
	}
}

func TestACodeFitsItsOwnBrowserForTenMinutes(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	a := p.vraag(p.bea, wachtwoord, "")
	b := p.vraag(p.bea, wachtwoord, "")
	code := p.code(p.bea)
	_, err := p.d.Controleer(bg, b.ID, a.Browser, code)
	p.geweigerd("another browser", err, fout.CodeAanmeldenMislukt)
	_, err = p.d.Controleer(bg, b.ID, "", code)
	p.geweigerd("no browser", err, fout.CodeAanmeldenMislukt)
	if r, err := p.opties.Opslag.Aanmelding(bg, b.ID); err != nil || r.Pogingen != 0 {
		t.Errorf("who does not have the cookie uses up tries: %d, %v", r.Pogingen, err)
	}
	p.na(10*time.Minute - time.Microsecond)
	if p.controleer(b, code).Sessie == nil {
		t.Error("within ten minutes")
	}
	p.na(-10 * time.Minute)
	c := p.vraag(p.bea, wachtwoord, "")
	p.na(10 * time.Minute)
	_, err = p.d.Controleer(bg, c.ID, c.Browser, p.code(p.bea))
	p.geweigerd("after ten minutes", err, fout.CodeAanmeldenMislukt)
}

func TestAnotherCodeComesAfterAMinuteThreeTimesAndKeepsTheCount(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	a := p.vraag(p.bea, wachtwoord, "")
	oud := p.code(p.bea)
	for range 2 {
		_, err := p.d.Controleer(bg, a.ID, a.Browser, fouteCode(oud))
		p.geweigerd("a wrong code", err, fout.CodeAanmeldenMislukt)
	}
	_, err := p.d.Opnieuw(bg, a.ID, a.Browser)
	p.geweigerd("at once", err, fout.CodeTeVeel)
	for range 3 {
		p.na(time.Minute)
		if _, err := p.d.Opnieuw(bg, a.ID, a.Browser); err != nil {
			t.Fatal(err)
		}
	}
	p.na(time.Minute)
	_, err = p.d.Opnieuw(bg, a.ID, a.Browser)
	p.geweigerd("a fourth time", err, fout.CodeTeVeel)
	_, err = p.d.Opnieuw(bg, a.ID, "")
	p.geweigerd("for another browser", err, fout.CodeAanmeldenMislukt)
	_, err = p.d.Controleer(bg, a.ID, a.Browser, oud)
	p.geweigerd("the first code", err, fout.CodeAanmeldenMislukt)
	_, err = p.d.Controleer(bg, a.ID, a.Browser, "1")
	p.geweigerd("a fourth wrong one", err, fout.CodeAanmeldenMislukt)
	if p.controleer(a, p.code(p.bea)).Sessie == nil {
		t.Error("the last code at the fifth try")
	}
}

func TestAStrangerDoesNotLockOutAPerson(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	p.na(13 * time.Hour)
	for range 10 {
		p.vraag(p.bea, "geraden wachtwoord", "")
	}
	for _, apparaat := range []string{"", "verzonnen"} {
		_, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: p.bea.Email, Wachtwoord: wachtwoord, Apparaat: apparaat})
		p.geweigerd("the eleventh of an unknown browser", err, fout.CodeTeVeel)
	}
	if n := p.soorten()[beheerlog.Geblokkeerd]; n != 1 {
		t.Errorf("%d events of the lock", n)
	}
	a := p.vraag(p.bea, wachtwoord, s.Apparaat)
	if p.controleer(a, p.code(p.bea)).Sessie == nil {
		t.Error("the person can't sign in on their own browser")
	}
	p.na(66 * time.Minute)
	p.vraag(p.bea, "geraden wachtwoord", "") // the hour is over
	// An account that does not exist is locked alike.
	for range 10 {
		if _, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: "niemand@gemeente.example"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: "niemand@gemeente.example"})
	p.geweigerd("the eleventh of an unknown account", err, fout.CodeTeVeel)
}

func TestABrowserThatGaveACodeTodayIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	p.na(12*time.Hour - time.Second)
	stap := p.begin(p.bea, wachtwoord, s.Apparaat)
	if stap.Sessie == nil || stap.Sessie.Apparaat != "" {
		t.Fatalf("%+v", stap)
	}
	b, err := p.d.Zoek(bg, stap.Sessie.Token)
	if err != nil || b.Bevestigd {
		t.Errorf("a session without a code is confirmed: %+v, %v", b, err)
	}
	p.vraag(p.bea, "niet het wachtwoord", s.Apparaat)
	// The browser is one of Bea's, not of others.
	p.gekozen(p.sem)
	p.vraag(p.sem, wachtwoord, s.Apparaat)
	p.na(time.Second)
	a := p.vraag(p.bea, wachtwoord, s.Apparaat)
	nieuw := p.controleer(a, p.code(p.bea)).Sessie
	if nieuw == nil || nieuw.Apparaat == "" || nieuw.Apparaat == s.Apparaat {
		t.Fatalf("%+v", nieuw)
	}
	// The old token is worth nothing, the new one is.
	p.vraag(p.bea, wachtwoord, s.Apparaat)
	if p.begin(p.bea, wachtwoord, nieuw.Apparaat).Sessie == nil {
		t.Error("asked twice in a day")
	}
}

func TestSigningInOftenOnATrustedBrowserIsNoAttack(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	for range 15 {
		if p.begin(p.bea, wachtwoord, s.Apparaat).Sessie == nil {
			t.Fatal("a code is asked")
		}
	}
}

func TestAfterTheSignInServiceACodeIsAskedToo(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	in := aanmelding.Extern{Dienst: "Voorbeeld-ID", Uitgever: "https://idp.example", Onderwerp: "Bea Heer", Groepen: []string{"balie"}, Agent: agent}
	stap, err := p.d.BeginExtern(bg, oin, in)
	if err != nil || stap.Sessie != nil || stap.Aanmelding == nil || stap.Aanmelding.Vraagt != "code" {
		t.Fatalf("%+v, %v", stap, err)
	}
	s := p.controleer(stap.Aanmelding, p.code(p.bea)).Sessie
	if s == nil || len(s.Groepen) != 1 || s.Groepen[0] != "balie" {
		t.Fatalf("%+v", s)
	}
	in.Apparaat = s.Apparaat
	if stap, err := p.d.BeginExtern(bg, oin, in); err != nil || stap.Sessie == nil {
		t.Errorf("twice in a day: %+v, %v", stap, err)
	}
	for range 10 {
		p.vraag(p.bea, "geraden wachtwoord", "")
	}
	in.Apparaat = "" // who guesses passwords does not stop who comes from the service
	if stap, err := p.d.BeginExtern(bg, oin, in); err != nil || stap.Aanmelding == nil {
		t.Errorf("after ten guesses of a password: %+v, %v", stap, err)
	}
	in.Onderwerp = "Onbekend"
	_, err = p.d.BeginExtern(bg, oin, in)
	p.geweigerd("who is not known here", err, fout.CodeGeenToestemming)
	dicht := p.bea
	dicht.Actief = false
	p.wie.zet(dicht)
	in.Onderwerp = "Bea Heer"
	_, err = p.d.BeginExtern(bg, oin, in)
	p.geweigerd("who was closed", err, fout.CodeGeenToestemming)
	if n := p.soorten()[beheerlog.AanmeldenMislukt]; n != 12 {
		t.Errorf("%d events of refusals", n)
	}
}

func TestMadeUpAddressesDoNotFillTheBeheerlog(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for i := range 11 { // each is six events: a first step, and five codes
		a := p.vraag(aanmelding.Mens{Email: string(rune('a'+i)) + "@gemeente.example"}, "x", "")
		for range 5 {
			_, err := p.d.Controleer(bg, a.ID, a.Browser, "12345678")
			p.geweigerd("a code", err, fout.CodeAanmeldenMislukt)
		}
	}
	if n := p.soorten()[beheerlog.AanmeldenMislukt]; n != 60 {
		t.Errorf("%d events, want 60", n)
	}
	p.gekozen(p.bea)
	p.vraag(p.bea, "fout", "")
	if n := p.soorten()[beheerlog.AanmeldenMislukt]; n != 61 {
		t.Errorf("an attempt on a person who exists is not on record")
	}
}

func TestAPageThatIsOpenedAgainShowsHowASignInStands(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, _ := p.metApp(p.sem)
	p.na(time.Minute)
	goed, niet := p.vraag(p.sem, wachtwoord, ""), p.vraag(p.sem, "niet het wachtwoord", "")
	stand := func(a *aanmelding.Aanmelding) *aanmelding.Stand {
		t.Helper()
		s, err := p.d.Stand(bg, a.ID, a.Browser)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, a := range []*aanmelding.Aanmelding{goed, niet} {
		if _, err := p.d.Controleer(bg, a.ID, a.Browser, "1"); err == nil {
			t.Error("signed in")
		}
		s := stand(a)
		if d := cmp.Diff(*a, s.Aanmelding); d != "" || s.Over != 4 || !s.Opnieuw.Equal(p.klok.Now().Add(time.Minute)) {
			t.Errorf("%+v %s", s, d)
		}
	}
	_, err := p.d.Stand(bg, goed.ID, niet.Browser)
	p.geweigerd("another browser", err, fout.CodeAanmeldenMislukt)
	p.controleer(goed, p.code(p.sem))
	if s := stand(goed); s.Vraagt != "factor" || s.Over != 5 || len(s.Factoren) != 2 || !s.Opnieuw.IsZero() {
		t.Errorf("%+v", s)
	}
	if _, err := p.factor(goed, aanmelding.FactorTOTP, p.appCode(geheim)); err != nil {
		t.Fatal(err)
	}
	_, err = p.d.Stand(bg, goed.ID, goed.Browser)
	p.geweigerd("one that was used", err, fout.CodeAanmeldenMislukt)
	p.na(10 * time.Minute)
	_, err = p.d.Stand(bg, niet.ID, niet.Browser)
	p.geweigerd("one that expired", err, fout.CodeAanmeldenMislukt)
}
