package aanmelding_test

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// appCode is what an app shows now.
func (p *proef) appCode(geheim string) string {
	p.Helper()
	c, err := totp.GenerateCode(geheim, p.klok.Now())
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// metApp gives a person an app with codes, and says its secret and the recovery codes.
func (p *proef) metApp(m aanmelding.Mens) (s *aanmelding.Sessie, geheim string, codes []string) {
	p.Helper()
	p.gekozen(m)
	s = p.aangemeld(m)
	a, err := p.d.BeginTOTP(bg, s.Token)
	if err != nil {
		p.Fatal(err)
	}
	s, codes, err = p.d.BevestigTOTP(bg, s.Token, p.appCode(a.Geheim))
	if err != nil {
		p.Fatal(err)
	}
	return s, a.Geheim, codes
}

// totFactor signs in until a factor is asked.
func (p *proef) totFactor(m aanmelding.Mens) *aanmelding.Aanmelding {
	p.Helper()
	stap := p.controleer(p.vraag(m, wachtwoord, ""), p.code(m))
	if stap.Sessie != nil || stap.Aanmelding.Vraagt != "factor" {
		p.Fatalf("no factor is asked: %+v", stap)
	}
	return stap.Aanmelding
}

func (p *proef) factor(a *aanmelding.Aanmelding, soort, code string) (*aanmelding.Sessie, error) {
	stap, err := p.d.ControleerFactor(bg, a.ID, a.Browser, aanmelding.Factor{Soort: soort, Code: code})
	if err != nil {
		return nil, err
	}
	return stap.Sessie, nil
}

func TestSeriousRightsNeedAFactorOnTopOfTheCode(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.sem)
	s := p.aangemeld(p.sem)
	if _, err := p.d.Zoek(bg, s.Token); !errors.Is(err, aanmelding.FactorNodig) {
		t.Fatalf("without a factor: %v", err)
	}
	if _, err := p.d.ZoekVoorMiddelen(bg, s.Token); err != nil {
		t.Fatalf("can't make one: %v", err)
	}
	a, err := p.d.BeginTOTP(bg, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(a.QR)); err != nil || !strings.HasPrefix(a.URL, "otpauth://totp/Gemeente") {
		t.Errorf("%s, %v", a.URL, err)
	}
	_, _, err = p.d.BevestigTOTP(bg, s.Token, "0000000") // one digit too many: never that of the app
	p.geweigerd("a code of no app", err, fout.CodeOngeldig)
	nieuw, codes, err := p.d.BevestigTOTP(bg, s.Token, p.appCode(a.Geheim))
	if err != nil || len(codes) != 10 {
		t.Fatal(len(codes), err)
	}
	p.geldig(s.Token, false)
	if b, err := p.d.Zoek(bg, nieuw.Token); err != nil || !b.Factor {
		t.Errorf("%+v, %v", b, err)
	}
	if !strings.Contains(p.laatste(p.sem.Email), "Een app met codes is ingesteld") {
		t.Error("nobody was told")
	}
	// And from then on it is asked at every sign-in, also where no code is.
	p.na(time.Hour)
	ap := p.begin(p.sem, wachtwoord, s.Apparaat)
	if ap.Sessie != nil || ap.Aanmelding.Vraagt != "factor" || strings.Join(ap.Aanmelding.Factoren, " ") != "totp herstelcode" {
		t.Fatalf("%+v", ap)
	}
	uit, err := p.factor(ap.Aanmelding, aanmelding.FactorTOTP, p.appCode(a.Geheim))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := p.d.Zoek(bg, uit.Token); err != nil || !b.Factor || !b.Bevestigd {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestAFactorIsNoWayAroundTheCode(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, codes := p.metApp(p.sem)
	p.na(time.Minute)
	a := p.vraag(p.sem, wachtwoord, "")
	for soort, code := range map[string]string{aanmelding.FactorTOTP: p.appCode(geheim), aanmelding.FactorHerstel: codes[0]} {
		_, err := p.factor(a, soort, code)
		p.geweigerd(soort+" before the code", err, fout.CodeAanmeldenMislukt)
	}
	if p.controleer(a, p.code(p.sem)).Sessie != nil {
		t.Error("a code alone is enough")
	}
	_, err := p.d.Controleer(bg, a.ID, a.Browser, p.code(p.sem))
	p.geweigerd("the code in the place of the factor", err, fout.CodeAanmeldenMislukt)
	_, err = p.factor(a, "iets", "x")
	p.geweigerd("a factor that is none", err, fout.CodeAanmeldenMislukt)
}

func TestSomeoneWhoBecomesSeriousIsHeldUntilAFactorIsGiven(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	s := p.aangemeld(p.bea)
	p.geldig(s.Token, true)
	zwaar := p.bea
	zwaar.Ernstig = true
	p.wie.zet(zwaar)
	if _, err := p.d.Zoek(bg, s.Token); !errors.Is(err, aanmelding.FactorNodig) {
		t.Errorf("%v", err)
	}
}

func TestACodeOfAnAppIsUsedOnceAlsoAtOnce(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, _ := p.metApp(p.sem)
	code := p.appCode(geheim) // that of the moment of setting up was used
	a := p.totFactor(p.sem)
	_, err := p.factor(a, aanmelding.FactorTOTP, code)
	p.geweigerd("the code of setting up", err, fout.CodeAanmeldenMislukt)
	p.na(2 * time.Minute)
	b, c := p.totFactor(p.sem), p.totFactor(p.sem)
	code = p.appCode(geheim)
	var wg sync.WaitGroup
	var gelukt atomic.Int32
	for _, x := range []*aanmelding.Aanmelding{a, b, c} {
		wg.Go(func() {
			if s, err := p.factor(x, aanmelding.FactorTOTP, code); err == nil && s != nil {
				gelukt.Add(1)
			}
		})
	}
	wg.Wait()
	if n := gelukt.Load(); n != 1 {
		t.Errorf("one code of an app gave %d sessions", n)
	}
}

func TestAClockThatIsHalfAMinuteOffIsForgiven(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, _ := p.metApp(p.sem)
	p.na(10 * time.Minute)
	for _, c := range []struct {
		af   time.Duration
		goed bool
	}{{-90 * time.Second, false}, {-30 * time.Second, true}, {90 * time.Second, false}, {30 * time.Second, true}} {
		a := p.totFactor(p.sem)
		code, err := totp.GenerateCode(geheim, p.klok.Now().Add(c.af))
		if err != nil {
			t.Fatal(err)
		}
		if s, err := p.factor(a, aanmelding.FactorTOTP, code); (s != nil) != c.goed {
			t.Errorf("%v off: %v", c.af, err)
		}
		p.na(10 * time.Minute)
	}
}

func TestFiveWrongFactorsEndTheSignIn(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, _ := p.metApp(p.sem)
	p.na(time.Minute)
	a := p.totFactor(p.sem)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if s, _ := p.factor(a, aanmelding.FactorTOTP, fouteCode("00"+p.appCode(geheim))); s != nil {
				t.Error("signed in")
			}
		})
	}
	wg.Wait()
	if n := p.soorten()[beheerlog.AanmeldenMislukt]; n != 5 {
		t.Errorf("%d comparisons", n)
	}
	_, err := p.factor(a, aanmelding.FactorTOTP, p.appCode(geheim))
	p.geweigerd("the right one after five", err, fout.CodeAanmeldenMislukt)
}

func TestARecoveryCodeWorksOnceAndIsTold(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	_, geheim, codes := p.metApp(p.sem)
	p.na(time.Minute)
	s, err := p.factor(p.totFactor(p.sem), aanmelding.FactorHerstel, strings.ToUpper(strings.ReplaceAll(codes[3], "-", " ")))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.laatste(p.sem.Email), "Er zijn er nog 9 over.") {
		t.Errorf("mail: %s", p.laatste(p.sem.Email))
	}
	b, err := p.d.Zoek(bg, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := p.d.Overzicht(bg, b); err != nil || o.Herstelcodes != 9 || !o.TOTP || !o.Wachtwoord {
		t.Errorf("%+v, %v", o, err)
	}
	a := p.totFactor(p.sem)
	_, err = p.factor(a, aanmelding.FactorHerstel, codes[3])
	p.geweigerd("a code that was used", err, fout.CodeAanmeldenMislukt)
	if _, err = p.factor(a, aanmelding.FactorHerstel, codes[4]); err != nil {
		t.Error(err)
	}
	// New ones end the old ones.
	s, nieuw, err := p.d.Herstelcodes(bg, s.Token)
	if err != nil || len(nieuw) != 10 {
		t.Fatal(len(nieuw), err)
	}
	p.geldig(s.Token, true)
	a = p.totFactor(p.sem)
	_, err = p.factor(a, aanmelding.FactorHerstel, codes[5])
	p.geweigerd("an old code", err, fout.CodeAanmeldenMislukt)
	p.na(time.Minute)
	if _, err = p.factor(a, aanmelding.FactorTOTP, p.appCode(geheim)); err != nil {
		t.Error(err)
	}
}

func TestTheLastFactorOfWhoNeedsOneStays(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	s, _, _ := p.metApp(p.sem)
	_, err := p.d.VerwijderMiddel(bg, s.Token, aanmelding.FactorTOTP, "")
	p.geweigerd("the last factor", err, fout.CodeGeenToestemming)
	_, err = p.d.VerwijderMiddel(bg, s.Token, aanmelding.FactorPasskey, "x")
	p.geweigerd("a passkey that is not there", err, fout.CodeNietGevonden)
	licht := p.sem
	licht.Ernstig = false
	p.wie.zet(licht)
	s, err = p.d.VerwijderMiddel(bg, s.Token, aanmelding.FactorTOTP, "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.d.Zoek(bg, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := p.d.Overzicht(bg, b); err != nil || o.TOTP || o.Herstelcodes != 0 {
		t.Errorf("%+v, %v", o, err)
	}
	_, _, err = p.d.Herstelcodes(bg, s.Token)
	p.geweigerd("recovery codes without a factor", err, fout.CodeGeenToestemming)
}

func TestChangingFactorsNeedsAFreshConfirmation(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	s, geheim, _ := p.metApp(p.sem)
	p.na(6 * time.Minute)
	_, err := p.d.BeginTOTP(bg, s.Token)
	if !errors.Is(err, aanmelding.BevestigingNodig) {
		t.Fatalf("another app: %v", err)
	}
	_, _, err = p.d.Herstelcodes(bg, s.Token)
	p.geweigerd("recovery codes", err, fout.CodeGeenToestemming)
	_, err = p.d.VerwijderMiddel(bg, s.Token, aanmelding.FactorTOTP, "")
	p.geweigerd("taking away", err, fout.CodeGeenToestemming)
	a, err := p.d.BeginBevestiging(bg, s.Token, true)
	if err != nil || a.Vraagt != "factor" {
		t.Fatalf("%+v, %v", a, err)
	}
	nieuw, err := p.factor(a, aanmelding.FactorTOTP, p.appCode(geheim))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.d.BeginTOTP(bg, nieuw.Token); err != nil {
		t.Errorf("after confirming: %v", err)
	}
}

func TestACodeByMailIsNotEnoughToReplaceAFactor(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	s, _, _ := p.metApp(p.bea)
	// A session that began before there was a factor, and confirms with a code only.
	p.na(time.Hour)
	_ = s
	stap := p.begin(p.bea, wachtwoord, "")
	if stap = p.controleer(stap.Aanmelding, p.code(p.bea)); stap.Sessie != nil {
		t.Fatal("no factor asked")
	}
	q := newProef(t)
	q.gekozen(q.bea)
	oud := q.aangemeld(q.bea)
	ander := q.begin(q.bea, wachtwoord, oud.Apparaat).Sessie
	app, err := q.d.BeginTOTP(bg, oud.Token)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := q.d.BevestigTOTP(bg, oud.Token, q.appCode(app.Geheim)); err != nil {
		t.Fatal(err)
	}
	a, err := q.d.BeginBevestiging(bg, ander.Token, false)
	if err != nil {
		t.Fatal(err)
	}
	ander = q.controleer(a, q.code(q.bea)).Sessie
	if _, err := q.d.BeginTOTP(bg, ander.Token); !errors.Is(err, aanmelding.FactorNodig) {
		t.Errorf("another app with a code alone: %v", err)
	}
}
