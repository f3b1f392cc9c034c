package aanmelding_test

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const entra = "https://login.example/tenant/v2.0"

// ext is what a sign-in service says of somebody whom no account is tied to yet.
func ext(onderwerp, email string) aanmelding.Extern {
	return aanmelding.Extern{Dienst: "Mijn werkplek", Uitgever: entra, Onderwerp: onderwerp, Email: email, Groepen: []string{"balie"}, Agent: agent}
}

func (p *proef) nodig(m aanmelding.Mens) {
	p.Helper()
	if err := p.d.Nodig(bg, oin, m.ID, beheerlog.Opdrachtregel); err != nil {
		p.Fatal(err)
	}
}

func (p *proef) extern(in aanmelding.Extern) *aanmelding.Aanmelding {
	p.Helper()
	stap, err := p.d.BeginExtern(bg, oin, in)
	if err != nil {
		p.Fatal(err)
	}
	if stap.Aanmelding == nil {
		p.Fatal("a session without a code")
	}
	return stap.Aanmelding
}

// gekoppeld is who a subject signs in as, now.
func (p *proef) gekoppeld(onderwerp string) (uuid.UUID, bool) {
	m, ok := p.wie.BijOnderwerp(oin, entra, onderwerp)
	return m.ID, ok
}

func TestWhoWasInvitedTiesTheirWorkAccountWithTheCodeAndNotBefore(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	p.meting.neem()
	a := p.extern(ext("s1", " Bea.Heer@Gemeente.Example "))
	if a.Vraagt != "code" || a.Gemaskeerd != aanmelding.Masker(p.bea.Email) {
		t.Errorf("%+v", a)
	}
	if _, ok := p.gekoppeld("s1"); ok {
		t.Fatal("tied by what the service claims alone")
	}
	if s, err := p.d.Stand(bg, a.ID, a.Browser); err != nil || !s.Koppelt || s.Over != 5 {
		t.Errorf("%+v, %v", s, err)
	}
	code := p.code(p.bea)
	if text := p.laatste(p.bea.Email); !strings.Contains(text, "Mijn werkplek") || !strings.Contains(text, "over te nemen") || strings.Contains(text, "http") {
		t.Errorf("the mail does not say what the code does: %s", text)
	}
	for range 2 {
		_, err := p.d.Controleer(bg, a.ID, a.Browser, fouteCode(code))
		p.geweigerd("a wrong code", err, fout.CodeAanmeldenMislukt)
	}
	if _, err := p.d.Controleer(bg, a.ID, strings.Repeat("x", 43), code); err == nil {
		t.Error("another browser gave the code")
	}
	if _, ok := p.gekoppeld("s1"); ok {
		t.Fatal("tied by a wrong code")
	}
	stap := p.controleer(a, code)
	if stap.Sessie == nil || stap.Sessie.Gebruiker != p.bea.ID || len(stap.Sessie.Groepen) != 1 || stap.Sessie.Apparaat == "" {
		t.Fatalf("%+v", stap)
	}
	if id, ok := p.gekoppeld("s1"); !ok || id != p.bea.ID {
		t.Error("not tied")
	}
	if _, err := p.d.Zoek(bg, stap.Sessie.Token); err != nil {
		t.Error(err)
	}
	if n := p.meting.neem(); !maps.Equal(n, map[string]int{"begonnen": 1, "code gevraagd": 1, "code fout": 2, "code goed": 1, "gelukt": 1}) {
		t.Errorf("counted: %v", n)
	}
	// The invitation was for this: it sets no password any more, and the code ties nobody else.
	g := reWoord.FindStringSubmatch(p.bus.post[0].Tekst)
	p.geweigerd("the invitation", p.d.Aanvaard(bg, oin, p.bea.Email, g[1], wachtwoord), fout.CodeAanmeldenMislukt)
	_, err := p.d.Controleer(bg, a.ID, a.Browser, code)
	p.geweigerd("the code once more", err, fout.CodeAanmeldenMislukt)
	// From now on the subject is enough for the first step, whatever address the service tells.
	b := p.extern(ext("s1", "elders@voorbeeld.example"))
	if stap := p.controleer(b, p.code(p.bea)); stap.Sessie == nil || stap.Sessie.Gebruiker != p.bea.ID {
		t.Errorf("%+v", stap)
	}
}

// Whoever asks learns nothing from the answer: not that an address is unknown, not that an account is tied, has no invitation, or is closed.
func TestAnAddressThatTiesNobodyLooksTheSameAsOneThatDoes(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	mens := func(naam string, wijzig func(*aanmelding.Mens)) aanmelding.Mens {
		m := aanmelding.Mens{ID: uuid.New(), Naam: naam, Email: naam + "@gemeente.example", Actief: true}
		p.wie.zet(m)
		p.nodig(m)
		wijzig(&m)
		p.wie.zet(m)
		return m
	}
	dicht := mens("closed", func(m *aanmelding.Mens) { m.Actief = false })
	vast := mens("tied", func(m *aanmelding.Mens) { m.Gekoppeld = true })
	oud := mens("invited", func(*aanmelding.Mens) {})
	p.na(25 * time.Hour)
	nieuw := mens("fresh", func(*aanmelding.Mens) {})
	beelden := map[string]string{}
	vervang := regexp.MustCompile(`[0-9a-f-]{36}|[\w-]{43}|\S•••••\S*|\S*@\S*`)
	beeld := func(x ...any) string {
		var b strings.Builder
		for _, v := range x {
			switch v := v.(type) {
			case *aanmelding.Aanmelding:
				b.WriteString(v.Vraagt + strings.Join(v.Factoren, ",") + v.Gemaskeerd[len(v.Gemaskeerd)-8:])
			case *aanmelding.Stand:
				b.WriteString(v.Vraagt + v.Opnieuw.Format(time.RFC3339) + strings.Repeat("x", v.Over) + map[bool]string{true: "koppelt"}[v.Koppelt])
			case error:
				b.WriteString(v.Error())
			}
			b.WriteString("\n")
		}
		return vervang.ReplaceAllString(b.String(), "…")
	}
	for naam, email := range map[string]string{
		"fresh": nieuw.Email, "closed": dicht.Email, "tied": vast.Email, "expired": oud.Email, "unknown": "niemand@gemeente.example", "without a password or invitation": p.sem.Email,
	} {
		voor := p.bus.aantal()
		p.meting.neem()
		a := p.extern(ext("van "+naam, email))
		s, err := p.d.Stand(bg, a.ID, a.Browser)
		if err != nil {
			t.Fatal(err)
		}
		delen := []any{a, s}
		for range 6 {
			_, err := p.d.Controleer(bg, a.ID, a.Browser, "1234 5678")
			delen = append(delen, err)
		}
		_, err = p.d.Opnieuw(bg, a.ID, a.Browser)
		beelden[naam] = beeld(append(delen, err)...)
		if gestuurd := p.bus.aantal() - voor; gestuurd > 0 != (naam == "fresh") {
			t.Errorf("%s: %d mails", naam, gestuurd)
		}
		if n := p.meting.neem(); !maps.Equal(n, map[string]int{"begonnen": 1, "code gevraagd": 1, "code fout": 5}) {
			t.Errorf("%s can be told from the figures: %v", naam, n)
		}
		if _, ok := p.gekoppeld("van " + naam); ok {
			t.Errorf("%s was tied", naam)
		}
	}
	for naam, b := range beelden {
		if b != beelden["fresh"] {
			t.Errorf("%s can be told from who was invited:\n%s\n%s", naam, b, beelden["fresh"])
		}
	}
}

func TestAnotherSubjectWithTheSameAddressTakesNothingOver(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	a := p.extern(ext("echt", p.bea.Email))
	p.controleer(a, p.code(p.bea))
	voor := p.bus.aantal()
	p.nodig(p.bea) // even when an administrator invites her again
	b := p.extern(ext("dief", p.bea.Email))
	if n := p.bus.aantal() - voor; n != 1 {
		t.Errorf("%d mails beside the invitation", n-1)
	}
	_, err := p.d.Controleer(bg, b.ID, b.Browser, p.code2(voor))
	p.geweigerd("the thief", err, fout.CodeAanmeldenMislukt)
	if _, ok := p.gekoppeld("dief"); ok {
		t.Error("the thief is tied")
	}
	if h, err := p.d.Historie(bg, oin, p.bea.ID); err != nil || len(h) == 0 || !strings.Contains(h[1].Wat+h[0].Wat, "iemand anders noemde daar het e-mailadres") {
		t.Errorf("she does not see it: %+v, %v", h, err)
	}
	// A subject that is tied stays who it is, whatever address it claims now.
	p.nodig(p.sem)
	c := p.extern(ext("echt", p.sem.Email))
	if stap := p.controleer(c, p.code(p.bea)); stap.Sessie == nil || stap.Sessie.Gebruiker != p.bea.ID {
		t.Errorf("%+v", stap)
	}
}

// code2 is the code of a mail that was sent before.
func (p *proef) code2(voor int) string {
	p.Helper()
	p.bus.mu.Lock()
	defer p.bus.mu.Unlock()
	for _, b := range p.bus.post[:voor] {
		if g := reCode.FindStringSubmatch(b.Tekst); g != nil {
			return g[1] + g[2]
		}
	}
	p.Fatal("no code")
	return ""
}

func TestOfTwoSubjectsWithARightCodeOneIsTied(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	type een struct {
		a         *aanmelding.Aanmelding
		code, wie string
	}
	var alle []een
	for _, wie := range []string{"s1", "s2"} {
		a := p.extern(ext(wie, p.bea.Email))
		alle = append(alle, een{a, p.code(p.bea), wie})
	}
	var mu sync.Mutex
	gelukt := map[string]*aanmelding.Sessie{}
	var wg sync.WaitGroup
	for _, e := range alle {
		wg.Go(func() {
			stap, err := p.d.Controleer(bg, e.a.ID, e.a.Browser, e.code)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && stap.Sessie != nil:
				gelukt[e.wie] = stap.Sessie
			case fout.CodeOf(err) != fout.CodeGeenToestemming && fout.CodeOf(err) != fout.CodeAanmeldenMislukt:
				t.Errorf("%s: %+v, %v", e.wie, stap, err)
			}
		})
	}
	wg.Wait()
	if len(gelukt) != 1 {
		t.Fatalf("%d of two have a session", len(gelukt))
	}
	for _, e := range alle {
		if _, ok := p.gekoppeld(e.wie); ok != (gelukt[e.wie] != nil) {
			t.Errorf("%s is tied: %v", e.wie, ok)
		}
		// And it does not get in by trying again.
		if _, err := p.d.Controleer(bg, e.a.ID, e.a.Browser, e.code); err == nil {
			t.Errorf("%s used its code again", e.wie)
		}
	}
}

func TestWhatChangesBeforeTheCodeEndsTheTie(t *testing.T) {
	t.Parallel()
	ander := func(p *proef) aanmelding.Mens {
		m := p.bea
		m.Email = "nieuw@gemeente.example"
		return m
	}
	for naam, wijzig := range map[string]func(p *proef){
		"her address was changed":        func(p *proef) { p.wie.zet(ander(p)) },
		"her account was closed":         func(p *proef) { m := p.bea; m.Actief = false; p.wie.zet(m) },
		"she was tied to somebody":       func(p *proef) { m := p.bea; m.Gekoppeld = true; p.wie.zet(m) },
		"the invitation ended":           func(p *proef) { p.na(9 * time.Minute) },
		"the invitation was taken back":  func(p *proef) { p.herroep() },
		"the invitation set a password":  func(p *proef) { p.aanvaard() },
		"at the last moment: an address": func(p *proef) { p.wie.voorKoppel = func() { p.wie.zet(ander(p)) } },
		"at the last moment: a tie":      func(p *proef) { p.wie.voorKoppel = func() { m := p.bea; m.Gekoppeld = true; p.wie.zet(m) } },
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			p := newProef(t)
			p.nodig(p.bea)
			p.na(23*time.Hour + 55*time.Minute)
			a := p.extern(ext("s1", p.bea.Email))
			code := p.code(p.bea)
			wijzig(p)
			_, err := p.d.Controleer(bg, a.ID, a.Browser, code)
			if c := fout.CodeOf(err); err == nil || c != fout.CodeAanmeldenMislukt && c != fout.CodeGeenToestemming {
				t.Errorf("got %v", err)
			}
			if _, ok := p.gekoppeld("s1"); ok {
				t.Error("tied all the same")
			}
			if _, err := p.d.Stand(bg, a.ID, a.Browser); strings.HasPrefix(naam, "at the last") && err == nil {
				t.Error("the sign-in goes on")
			}
		})
	}
}

func (p *proef) herroep() {
	p.Helper()
	if err := p.d.Herroep(bg, oin, p.bea.ID, beheerlog.Opdrachtregel, "Verkeerde persoon."); err != nil {
		p.Fatal(err)
	}
}

func (p *proef) aanvaard() {
	p.Helper()
	g := reWoord.FindStringSubmatch(p.bus.post[0].Tekst)
	if err := p.d.Aanvaard(bg, oin, p.bea.Email, g[1], wachtwoord); err != nil {
		p.Fatal(err)
	}
}

func TestANewCodeOfATieGoesToTheAddressOfTheAccountAndNoOther(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	a := p.extern(ext("s1", p.bea.Email))
	p.na(time.Minute)
	if _, err := p.d.Opnieuw(bg, a.ID, a.Browser); err != nil {
		t.Fatal(err)
	}
	if text := p.laatste(p.bea.Email); !strings.Contains(text, "Mijn werkplek") {
		t.Errorf("the second mail does not say what the code does: %s", text)
	}
	m := p.bea
	m.Email = "nieuw@gemeente.example"
	p.wie.zet(m)
	voor := p.bus.aantal()
	p.na(time.Minute)
	if _, err := p.d.Opnieuw(bg, a.ID, a.Browser); err != nil || p.bus.aantal() != voor {
		t.Errorf("%d mails to an address that nobody claimed, %v", p.bus.aantal()-voor, err)
	}
	p.wie.zet(p.bea)
	p.na(time.Minute)
	if _, err := p.d.Opnieuw(bg, a.ID, a.Browser); err != nil {
		t.Fatal(err)
	}
	if stap := p.controleer(a, p.code(p.bea)); stap.Sessie == nil {
		t.Error("the last code does not fit")
	}
}

func TestACodeOfTheConsoleTiesNobody(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	nood, err := p.d.NoodCode(bg, oin, p.bea.Email, [2]string{"Piet Jansen", "Els de Vries"}, "De mailserver is stuk.")
	if err != nil {
		t.Fatal(err)
	}
	a := p.extern(ext("s1", p.bea.Email))
	_, err = p.d.Controleer(bg, a.ID, a.Browser, nood)
	p.geweigerd("a code of the console", err, fout.CodeAanmeldenMislukt)
	if _, ok := p.gekoppeld("s1"); ok {
		t.Error("tied without the mailbox")
	}
}

func TestWhoHasAFactorGivesItBeforeTheAccountIsTied(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, _ := p.metApp(p.sem)
	p.nodig(p.sem)
	a := p.extern(ext("s1", p.sem.Email))
	stap := p.controleer(a, p.code(p.sem))
	if stap.Aanmelding == nil || stap.Aanmelding.Vraagt != "factor" {
		t.Fatalf("%+v", stap)
	}
	if _, err := p.d.ControleerFactor(bg, a.ID, a.Browser, aanmelding.Factor{Soort: aanmelding.FactorTOTP, Code: "0000000"}); err == nil { // one digit too many: never that of the app
		t.Error("a wrong code of the app was taken")
	}
	if _, ok := p.gekoppeld("s1"); ok {
		t.Fatal("tied without the factor")
	}
	p.na(time.Minute)
	stap, err := p.d.ControleerFactor(bg, a.ID, a.Browser, aanmelding.Factor{Soort: aanmelding.FactorTOTP, Code: p.appCode(geheim)})
	if err != nil || stap.Sessie == nil {
		t.Fatalf("%+v, %v", stap, err)
	}
	if b, err := p.d.Zoek(bg, stap.Sessie.Token); err != nil || !b.Factor {
		t.Errorf("%+v, %v", b, err)
	}
	if id, ok := p.gekoppeld("s1"); !ok || id != p.sem.ID {
		t.Error("not tied")
	}
}

func TestAStrangerUsesUpTheirOwnTriesToTie(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	var err error
	for range 11 {
		_, err = p.d.BeginExtern(bg, oin, ext("vreemde", p.bea.Email))
	}
	p.geweigerd("the eleventh try in an hour", err, fout.CodeTeVeel)
	a := p.extern(ext("echt", p.bea.Email))
	if stap := p.controleer(a, p.code(p.bea)); stap.Sessie == nil {
		t.Error("the person can't tie their account")
	}
}

// A process that stops between the code and the session leaves no session; the person begins again.
func TestACrashAfterTheCodeIsBegunAnew(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.nodig(p.bea)
	a := p.extern(ext("s1", p.bea.Email))
	stuk := errors.New("the store is away")
	o := p.opties
	o.Koppel = func(context.Context, string, aanmelding.Koppeling) error { return stuk }
	kapot := aanmelding.New(o)
	kapot.ZonderWachten()
	if _, err := kapot.Controleer(bg, a.ID, a.Browser, p.code(p.bea)); !errors.Is(err, stuk) {
		t.Fatal(err)
	}
	if _, err := p.d.Stand(bg, a.ID, a.Browser); fout.CodeOf(err) != fout.CodeAanmeldenMislukt {
		t.Errorf("it goes on: %v", err)
	}
	for range 2 { // tied or not when it stopped
		b := p.extern(ext("s1", p.bea.Email))
		if stap := p.controleer(b, p.code(p.bea)); stap.Sessie == nil || stap.Sessie.Gebruiker != p.bea.ID {
			t.Errorf("%+v", stap)
		}
	}
}

func TestMailIsInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.bea.Taal = "en"
	p.wie.zet(p.bea)
	p.nodig(p.bea)
	wil := func(deel string) {
		t.Helper()
		text := p.laatste(p.bea.Email)
		if !strings.Contains(text, deel) {
			t.Errorf("no %q in: %s", deel, text)
		}
		for _, nl := range []string{" uw ", " een ", "Geef ", "beheerder", " niet "} {
			if strings.Contains(text, nl) {
				t.Errorf("Dutch in: %s", text)
			}
		}
	}
	wil("I have an invitation")
	p.extern(ext("s1", p.bea.Email))
	wil("With this code you link your account to Mijn werkplek.")
	g := reWoord.FindStringSubmatch(p.bus.post[0].Tekst)
	if err := p.d.Aanvaard(bg, oin, p.bea.Email, g[1], wachtwoord); err != nil {
		t.Fatal(err)
	}
	wil("The password was changed.")
	p.vraag(p.bea, wachtwoord, "")
	wil("Your code is ")
	if _, err := p.d.NoodCode(bg, oin, p.bea.Email, [2]string{"Piet Jansen", "Els de Vries"}, "De mailserver is stuk."); err != nil {
		t.Fatal(err)
	}
	wil("a code with which you can sign in was made on the server.")
	p.herroep()
	wil("withdrawn by an administrator")
	// The beheerlog stays Dutch.
	l, err := p.log.List(bg, oin, beheerlog.Vanaf, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range l {
		if strings.Contains(r.Wat, "password") {
			t.Errorf("%s", r.Wat)
		}
	}
}
