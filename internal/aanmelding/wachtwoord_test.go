package aanmelding_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestAPasswordThatIsGuessedFirstIsRefused(t *testing.T) {
	t.Parallel()
	m := aanmelding.Mens{Naam: "Bea van den Heuvel", Email: "b.heuvel@voorbeeldstad.example"}
	for ww, want := range map[string]string{
		"zo2":                          "min_length",
		"elf tekens.":                  "min_length",
		strings.Repeat("ab1 ", 33):     "max_length",
		"met een regel\neinde erin":    "invalid",
		"\xff\xfe niet te typen":       "invalid",
		"wachtwoord12":                 "common",
		"Welkom01!2026":                "common",
		"W3lk0m!!!!!!":                 "common",
		"P@ssw0rd2026":                 "common",
		"qwertyuiop12":                 "common",
		"1q2w3e4r5t6y":                 "common",
		"123456789012":                 "common",
		"aaaaaaaaaaaa":                 "common",
		"abcdefghijkl":                 "common",
		"Zomer2026!!!":                 "common",
		"geheimgeheim":                 "common",
		"gemeentewelkom":               "common",
		"Verantwoord1!":                "common",
		"iloveyou1234":                 "common",
		"Heuvel-1970!!":                "personal",
		"Voorbeeldstad26":              "personal",
		"paarse regenboog op dinsdag":  "",
		"correct horse battery staple": "",
		"Tg7#kd9!Qm2z":                 "",
		"de buurman eet zuurkool":      "",
		"écht-héél-anders-vandaag":     "",
	} {
		err := aanmelding.Toets(ww, m, "Gemeente Voorbeeldstad")
		var f *fout.Fout
		got := ""
		if errors.As(err, &f) {
			got = f.Params[0].Code
			if strings.Contains(f.Error()+f.Params[0].Reason, ww) {
				t.Errorf("the error for %q quotes it", ww)
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", ww, got, want)
		}
	}
}

func TestAPasswordTypedOnAnotherKeyboardIsTheSame(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	samengesteld, los := "caf\u00e9 au lait vandaag", "cafe\u0301 au lait vandaag"
	s, err := p.d.WijzigWachtwoord(bg, s.Token, wachtwoord, samengesteld)
	if err != nil {
		t.Fatal(err)
	}
	p.geldig(s.Token, true)
	post := p.bus.aantal()
	p.vraag(p.bea, los, "")
	p.vraag(p.bea, samengesteld, "")
	if n := p.bus.aantal() - post; n != 2 {
		t.Errorf("%d of 2 spellings are right", n)
	}
}

func TestAnotherPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	ander := p.begin(p.bea, wachtwoord, s.Apparaat).Sessie
	onderweg := p.vraag(p.bea, wachtwoord, "")
	code := p.code(p.bea)
	p.na(time.Minute)
	_, err := p.d.WijzigWachtwoord(bg, s.Token, "niet het oude", "zuurkool met worst en jus")
	p.geweigerd("without the old one", err, fout.CodeOngeldig)
	_, err = p.d.WijzigWachtwoord(bg, s.Token, wachtwoord, "wachtwoord12")
	p.geweigerd("a common one", err, fout.CodeOngeldig)
	nieuw, err := p.d.WijzigWachtwoord(bg, s.Token, wachtwoord, "zuurkool met worst en jus")
	if err != nil {
		t.Fatal(err)
	}
	p.geldig(nieuw.Token, true)
	p.geldig(s.Token, false)
	p.geldig(ander.Token, false)
	if !strings.Contains(p.laatste(p.bea.Email), "Het wachtwoord is gewijzigd.") {
		t.Error("nobody was told")
	}
	_, err = p.d.Controleer(bg, onderweg.ID, onderweg.Browser, code)
	p.geweigerd("a sign-in that began with the old password", err, fout.CodeAanmeldenMislukt)
	post := p.bus.aantal()
	p.vraag(p.bea, wachtwoord, "")
	if p.bus.aantal() != post {
		t.Error("the old password is right")
	}
	// Knowing a password does not confirm anything.
	p.na(6 * time.Minute)
	nieuw, err = p.d.WijzigWachtwoord(bg, nieuw.Token, "zuurkool met worst en jus", wachtwoord)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := p.d.Zoek(bg, nieuw.Token); err != nil || b.Bevestigd {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestTheOldPasswordIsGuessedTenTimesAnHourInASession(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	for range 10 {
		_, err := p.d.WijzigWachtwoord(bg, s.Token, "geraden", "zuurkool met worst en jus")
		p.geweigerd("a guess", err, fout.CodeOngeldig)
	}
	_, err := p.d.WijzigWachtwoord(bg, s.Token, wachtwoord, "zuurkool met worst en jus")
	p.geweigerd("the eleventh", err, fout.CodeTeVeel)
}

func TestAnInvitationSetsAPasswordAndSignsNobodyIn(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	door := beheerlog.Wie{Soort: "gebruiker", ID: p.sem.ID.String(), Naam: p.sem.Naam}
	nodig := func() string {
		t.Helper()
		if err := p.d.Nodig(bg, oin, p.bea.ID, door); err != nil {
			t.Fatal(err)
		}
		tekst := p.laatste(p.bea.Email)
		if strings.Contains(tekst, "http") {
			t.Error("the mail holds a link")
		}
		return reWoord.FindStringSubmatch(tekst)[1]
	}
	eerste := nodig()
	tweede := nodig()
	fouten := map[string]error{
		"a code that was replaced": p.d.Aanvaard(bg, oin, p.bea.Email, eerste, wachtwoord),
		"another address":          p.d.Aanvaard(bg, oin, p.sem.Email, tweede, wachtwoord),
		"an unknown address":       p.d.Aanvaard(bg, oin, "niemand@gemeente.example", tweede, wachtwoord),
		"no code":                  p.d.Aanvaard(bg, oin, p.bea.Email, "", wachtwoord),
	}
	for wat, err := range fouten {
		p.geweigerd(wat, err, fout.CodeAanmeldenMislukt)
		if err.Error() != fouten["no code"].Error() {
			t.Errorf("%s is told apart", wat)
		}
	}
	p.geweigerd("a common password", p.d.Aanvaard(bg, oin, p.bea.Email, tweede, "wachtwoord12"), fout.CodeOngeldig)
	if err := p.d.Aanvaard(bg, oin, "BEA.Heer@Gemeente.example ", strings.ToUpper(tweede), wachtwoord); err != nil {
		t.Fatal(err)
	}
	p.geweigerd("a code that was used", p.d.Aanvaard(bg, oin, p.bea.Email, tweede, wachtwoord), fout.CodeAanmeldenMislukt)
	s := p.aangemeld(p.bea)
	// Who forgot theirs is invited again, and what was stays until then.
	laat := nodig()
	p.geldig(s.Token, true)
	p.na(24 * time.Hour)
	p.geweigerd("after a day", p.d.Aanvaard(bg, oin, p.bea.Email, laat, wachtwoord), fout.CodeAanmeldenMislukt)
	s = p.aangemeld(p.bea)
	if err := p.d.Aanvaard(bg, oin, p.bea.Email, nodig(), "zuurkool met worst en jus"); err != nil {
		t.Fatal(err)
	}
	p.geldig(s.Token, false)
}

func TestACodeOfTheConsoleTakesTwoAndReplacesTheMailOnly(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, _ := p.metApp(p.sem)
	for wat, c := range map[string]struct {
		namen [2]string
		reden string
	}{
		"one person":       {[2]string{"Piet Jansen", ""}, "De mailserver is stuk."},
		"twice the same":   {[2]string{"Piet Jansen", "piet jansen "}, "De mailserver is stuk."},
		"without a reason": {[2]string{"Piet Jansen", "Els de Vries"}, "stuk"},
	} {
		_, err := p.d.NoodCode(bg, oin, p.sem.Email, c.namen, c.reden)
		p.geweigerd(wat, err, fout.CodeOngeldig)
	}
	twee, reden := [2]string{"Piet Jansen", "Els de Vries"}, "De mailserver is stuk."
	_, err := p.d.NoodCode(bg, oin, "niemand@gemeente.example", twee, reden)
	p.geweigerd("for nobody", err, fout.CodeNietGevonden)
	code, err := p.d.NoodCode(bg, oin, p.sem.Email, twee, reden)
	if err != nil {
		t.Fatal(err)
	}
	fout1 := p.vraag(p.sem, "niet het wachtwoord", "")
	_, err = p.d.Controleer(bg, fout1.ID, fout1.Browser, code)
	p.geweigerd("without the password", err, fout.CodeAanmeldenMislukt)
	a := p.vraag(p.sem, wachtwoord, "")
	stap := p.controleer(a, code)
	if stap.Sessie != nil || stap.Aanmelding.Vraagt != "factor" {
		t.Fatalf("the factor is not asked: %+v", stap)
	}
	p.na(time.Minute)
	if _, err := p.factor(a, aanmelding.FactorTOTP, p.appCode(geheim)); err != nil {
		t.Fatal(err)
	}
	b := p.vraag(p.sem, wachtwoord, "")
	_, err = p.d.Controleer(bg, b.ID, b.Browser, code)
	p.geweigerd("a second time", err, fout.CodeAanmeldenMislukt)
	if code, err = p.d.NoodCode(bg, oin, p.sem.Email, twee, reden); err != nil {
		t.Fatal(err)
	}
	p.na(15 * time.Minute)
	b = p.vraag(p.sem, wachtwoord, "")
	_, err = p.d.Controleer(bg, b.ID, b.Browser, code)
	p.geweigerd("after a quarter of an hour", err, fout.CodeAanmeldenMislukt)
	if n := p.soorten()[beheerlog.Code]; n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestWhatIsTakenAwaySignsNobodyIn(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	s, _, _ := p.metApp(p.sem)
	if err := p.d.Herroep(bg, oin, p.sem.ID, beheerlog.Opdrachtregel, "Telefoon en laptop gestolen."); err != nil {
		t.Fatal(err)
	}
	p.geldig(s.Token, false)
	post := p.bus.aantal()
	p.vraag(p.sem, wachtwoord, "")
	if p.bus.aantal() != post {
		t.Error("the password is right")
	}
	if m, err := p.opties.Opslag.Middelen(bg, oin, p.sem.ID); err != nil || len(m) > 0 {
		t.Errorf("%d means are left, %v", len(m), err)
	}
}

func TestPasswordsAreComputedTwoAtATimeAndTheRestIsToldToWait(t *testing.T) {
	t.Parallel()
	r := aanmelding.NewRekenaar()
	hash, err := aanmelding.RekenHash(r, bg, wachtwoord)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=1,p=4$") {
		t.Fatal(hash, err)
	}
	for ww, want := range map[string]bool{wachtwoord: true, "anders": false, "": false} {
		if ok, err := aanmelding.RekenKlopt(r, bg, ww, hash); ok != want || err != nil {
			t.Errorf("%q: %v, %v", ww, ok, err)
		}
		if ok, err := aanmelding.RekenKlopt(r, bg, ww, ""); ok || err != nil {
			t.Errorf("%q for who has none: %v, %v", ww, ok, err)
		}
	}
	for _, h := range []string{"x", "$argon2i$v=19$m=65536,t=1,p=4$AAAA$AAAA", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=65536,t=1,p=4$?$AAAA"} {
		if ok, err := aanmelding.RekenKlopt(r, bg, wachtwoord, h); ok || err == nil {
			t.Errorf("%s was taken", h)
		}
	}
	vrij := aanmelding.Plaatsen(r)
	ctx, stop := context.WithCancel(bg)
	var wg sync.WaitGroup
	for range 31 {
		wg.Go(func() {
			if _, err := aanmelding.RekenHash(r, ctx, "x"); !errors.Is(err, context.Canceled) {
				t.Errorf("who waits: %v", err)
			}
		})
	}
	// The queue fills; then one is sent away.
	var f *fout.Fout
	end := time.Now().Add(time.Minute)
	for aanmelding.InDeRij(r) < 31 && time.Now().Before(end) {
		time.Sleep(time.Millisecond) // whoever came later might be the one who is sent away
	}
	for ; ; time.Sleep(time.Millisecond) {
		kort, af := context.WithTimeout(bg, 20*time.Millisecond)
		_, err := aanmelding.RekenHash(r, kort, "x")
		af()
		if errors.As(err, &f) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("nobody is sent away")
		}
		wg.Go(func() { _, _ = aanmelding.RekenHash(r, ctx, "x") })
	}
	if f.Code != fout.CodeTeVeel || f.OpnieuwNa == 0 {
		t.Errorf("%+v", f)
	}
	stop()
	wg.Wait()
	vrij()
	if ok, err := aanmelding.RekenKlopt(r, bg, wachtwoord, hash); !ok || err != nil {
		t.Errorf("after the crowd: %v, %v", ok, err)
	}
}

func BenchmarkWachtwoord(b *testing.B) {
	r := aanmelding.NewRekenaar()
	for b.Loop() {
		if _, err := aanmelding.RekenKlopt(r, bg, wachtwoord, ""); err != nil {
			b.Fatal(err)
		}
	}
}
