package aanmelding_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// telefoon is an authenticator as a browser drives it: one key, ES256, for one address. Its fields are what an attack changes.
type telefoon struct {
	t         *testing.T
	sleutel   *ecdsa.PrivateKey
	id        []byte
	adres     string // origin that the browser writes
	rp        string
	vlaggen   byte // present and verified
	teller    uint32
	gewijzigd func(clientData string) string
}

func newTelefoon(t *testing.T) *telefoon {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	return &telefoon{t: t, sleutel: k, id: id, adres: "https://register.example", rp: "register.example", vlaggen: 0x05}
}

var b64 = base64.RawURLEncoding

func (f *telefoon) clientData(soort string, opties []byte) []byte {
	f.t.Helper()
	var o struct {
		PublicKey struct {
			Challenge              string
			UserVerification       string
			AuthenticatorSelection struct{ UserVerification string }
		} `json:"publicKey"`
	}
	if err := json.Unmarshal(opties, &o); err != nil || o.PublicKey.Challenge == "" {
		f.t.Fatalf("options: %v", err)
	}
	if o.PublicKey.UserVerification+o.PublicKey.AuthenticatorSelection.UserVerification != "required" {
		f.t.Error("verification of the person is not required")
	}
	s := `{"type":"` + soort + `","challenge":"` + o.PublicKey.Challenge + `","origin":"` + f.adres + `","crossOrigin":false}`
	if f.gewijzigd != nil {
		s = f.gewijzigd(s)
	}
	return []byte(s)
}

func (f *telefoon) authData(vlaggen byte) []byte {
	rp := sha256.Sum256([]byte(f.rp))
	return binary.BigEndian.AppendUint32(append(rp[:], vlaggen), f.teller)
}

// maak answers navigator.credentials.create.
func (f *telefoon) maak(opties []byte) []byte {
	f.t.Helper()
	pub, err := f.sleutel.PublicKey.Bytes() // 4 ‖ x ‖ y
	if err != nil {
		f.t.Fatal(err)
	}
	cose, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		f.t.Fatal(err)
	}
	key, err := cose.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: pub[1:33], -3: pub[33:]})
	if err != nil {
		f.t.Fatal(err)
	}
	auth := append(f.authData(f.vlaggen|0x40), make([]byte, 16)...)
	auth = append(append(binary.BigEndian.AppendUint16(auth, uint16(len(f.id))), f.id...), key...)
	att, err := cose.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": auth})
	if err != nil {
		f.t.Fatal(err)
	}
	return f.antwoord(map[string]string{"clientDataJSON": b64.EncodeToString(f.clientData("webauthn.create", opties)), "attestationObject": b64.EncodeToString(att)})
}

// geef answers navigator.credentials.get.
func (f *telefoon) geef(opties []byte) []byte {
	f.t.Helper()
	f.teller++
	client, auth := f.clientData("webauthn.get", opties), f.authData(f.vlaggen)
	som := sha256.Sum256(client)
	te := sha256.Sum256(append(auth, som[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, f.sleutel, te[:])
	if err != nil {
		f.t.Fatal(err)
	}
	return f.antwoord(map[string]string{"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(f.authData(f.vlaggen)), "signature": b64.EncodeToString(sig)})
}

func (f *telefoon) antwoord(r map[string]string) []byte {
	b, err := json.Marshal(map[string]any{"id": b64.EncodeToString(f.id), "rawId": b64.EncodeToString(f.id), "type": "public-key", "response": r, "clientExtensionResults": map[string]any{}})
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

// metPasskey gives a person a passkey.
func (p *proef) metPasskey(m aanmelding.Mens) (*telefoon, *aanmelding.Sessie, []string) {
	p.Helper()
	p.gekozen(m)
	f := newTelefoon(p.T)
	s := p.aangemeld(m)
	opties, err := p.d.BeginPasskey(bg, s.Token)
	if err != nil {
		p.Fatal(err)
	}
	s, codes, err := p.d.VoegPasskeyToe(bg, s.Token, "telefoon", f.maak(opties))
	if err != nil {
		p.Fatal(err)
	}
	return f, s, codes
}

func (p *proef) passkey(a *aanmelding.Aanmelding, antwoord []byte) (*aanmelding.Sessie, error) {
	stap, err := p.d.ControleerFactor(bg, a.ID, a.Browser, aanmelding.Factor{Soort: aanmelding.FactorPasskey, Antwoord: antwoord})
	if err != nil {
		return nil, err
	}
	return stap.Sessie, nil
}

func (p *proef) vraagPasskey(a *aanmelding.Aanmelding) []byte {
	p.Helper()
	o, err := p.d.VraagPasskey(bg, a.ID, a.Browser)
	if err != nil {
		p.Fatal(err)
	}
	return o
}

func TestAPasskeyComesOnTopOfTheCode(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	f, s, codes := p.metPasskey(p.sem)
	if len(codes) != 10 {
		t.Errorf("%d recovery codes", len(codes))
	}
	b, err := p.d.Zoek(bg, s.Token)
	if err != nil || !b.Factor {
		t.Fatal(err)
	}
	o, err := p.d.Overzicht(bg, b)
	if err != nil || len(o.Passkeys) != 1 || o.Passkeys[0].Naam != "telefoon" || !o.Passkeys[0].Gezien.IsZero() {
		t.Fatalf("%+v, %v", o, err)
	}
	p.na(time.Hour)
	vroeg := p.vraag(p.sem, wachtwoord, "")
	_, err = p.d.VraagPasskey(bg, vroeg.ID, vroeg.Browser)
	p.geweigerd("a challenge before the code", err, fout.CodeAanmeldenMislukt)
	a := p.totFactor(p.sem)
	if strings.Join(a.Factoren, " ") != "passkey herstelcode" {
		t.Errorf("%v", a.Factoren)
	}
	s, err = p.passkey(a, f.geef(p.vraagPasskey(a)))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = p.d.Zoek(bg, s.Token); err != nil || !b.Factor || !b.Bevestigd {
		t.Fatalf("%+v, %v", b, err)
	}
	if o, err = p.d.Overzicht(bg, b); err != nil || !o.Passkeys[0].Gezien.Equal(p.klok.Now()) {
		t.Errorf("%+v, %v", o, err)
	}
	// It serves for step-up too.
	p.na(10 * time.Minute)
	c, err := p.d.BeginBevestiging(bg, s.Token, true)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = p.passkey(c, f.geef(p.vraagPasskey(c))); err != nil {
		t.Fatal(err)
	}
	if _, err := p.d.BeginPasskey(bg, s.Token); err != nil {
		t.Errorf("after confirming: %v", err)
	}
}

func TestAnAnswerOfAPasskeyThatIsNotRightIsRefused(t *testing.T) {
	t.Parallel()
	for wat, af := range map[string]func(f *telefoon, opties []byte) []byte{
		"of another site":    func(f *telefoon, o []byte) []byte { f.adres = "https://register.example.evil"; return f.geef(o) },
		"for another site":   func(f *telefoon, o []byte) []byte { f.rp = "evil.example"; return f.geef(o) },
		"without the person": func(f *telefoon, o []byte) []byte { f.vlaggen = 0x01; return f.geef(o) },
		"without presence":   func(f *telefoon, o []byte) []byte { f.vlaggen = 0x04; return f.geef(o) },
		"of another key":     func(f *telefoon, o []byte) []byte { g := newTelefoon(f.t); g.id = f.id; g.teller = 9; return g.geef(o) },
		"of another passkey": func(f *telefoon, o []byte) []byte { return newTelefoon(f.t).geef(o) },
		"made instead of given": func(f *telefoon, o []byte) []byte {
			f.gewijzigd = func(s string) string { return strings.Replace(s, ".get", ".create", 1) }
			return f.geef(o)
		},
		"to another challenge": func(f *telefoon, o []byte) []byte {
			f.gewijzigd = func(s string) string { return strings.Replace(s, `challenge":"`, `challenge":"AA`, 1) }
			return f.geef(o)
		},
		"whose counter stands still": func(f *telefoon, o []byte) []byte { f.teller = 4; return f.geef(o) },
		"that is no JSON":            func(*telefoon, []byte) []byte { return []byte("{") },
		"that is empty":              func(*telefoon, []byte) []byte { return nil },
		"that is large":              func(*telefoon, []byte) []byte { return make([]byte, 1<<20) },
	} {
		t.Run(wat, func(t *testing.T) {
			t.Parallel()
			p := newProef(t)
			f, _, _ := p.metPasskey(p.sem)
			f.teller = 4
			p.na(time.Minute)
			a := p.totFactor(p.sem)
			if _, err := p.passkey(a, f.geef(p.vraagPasskey(a))); err != nil { // the counter is at 5
				t.Fatal(err)
			}
			a = p.totFactor(p.sem)
			_, err := p.passkey(a, af(f, p.vraagPasskey(a)))
			p.geweigerd("an answer "+wat, err, fout.CodeAanmeldenMislukt)
		})
	}
}

func TestAChallengeOfAPasskeyIsUsedOnceAndSoon(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	f, _, _ := p.metPasskey(p.sem)
	p.na(time.Minute)
	a := p.totFactor(p.sem)
	antwoord := f.geef(p.vraagPasskey(a))
	_, err := p.passkey(a, []byte("{}"))
	p.geweigerd("nonsense", err, fout.CodeAanmeldenMislukt)
	_, err = p.passkey(a, antwoord)
	p.geweigerd("a challenge that was used up", err, fout.CodeAanmeldenMislukt)
	antwoord = f.geef(p.vraagPasskey(a))
	p.na(5 * time.Minute)
	_, err = p.passkey(a, antwoord)
	p.geweigerd("a challenge of five minutes", err, fout.CodeAanmeldenMislukt)
	antwoord = f.geef(p.vraagPasskey(a))
	var wg sync.WaitGroup
	var gelukt atomic.Int32
	for range 2 {
		wg.Go(func() {
			if s, err := p.passkey(a, antwoord); err == nil && s != nil {
				gelukt.Add(1)
			}
		})
	}
	wg.Wait()
	if n := gelukt.Load(); n != 1 {
		t.Errorf("one answer gave %d sessions", n)
	}
}

func TestAPasskeyThatDoesNotVerifyThePersonIsNotTaken(t *testing.T) {
	t.Parallel()
	for wat, af := range map[string]func(f *telefoon){
		"without the person": func(f *telefoon) { f.vlaggen = 0x01 },
		"of another site":    func(f *telefoon) { f.adres = "https://evil.example" },
		"for another site":   func(f *telefoon) { f.rp = "evil.example" },
	} {
		p := newProef(t)
		p.gekozen(p.sem)
		s := p.aangemeld(p.sem)
		f := newTelefoon(t)
		af(f)
		opties, err := p.d.BeginPasskey(bg, s.Token)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = p.d.VoegPasskeyToe(bg, s.Token, "telefoon", f.maak(opties))
		p.geweigerd("one "+wat, err, fout.CodeOngeldig)
		_, _, err = p.d.VoegPasskeyToe(bg, s.Token, "", f.maak(opties))
		p.geweigerd("one without a name", err, fout.CodeOngeldig)
	}
}

func TestAPasskeyIsTakenAwayByItsID(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	f, s, _ := p.metPasskey(p.sem)
	opties, err := p.d.BeginPasskey(bg, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = p.d.VoegPasskeyToe(bg, s.Token, "nog eens", f.maak(opties))
	p.geweigerd("the same passkey twice", err, fout.CodeOngeldig)
	tweede := newTelefoon(t)
	s, codes, err := p.d.VoegPasskeyToe(bg, s.Token, "laptop", tweede.maak(opties))
	if err != nil || codes != nil {
		t.Fatal(codes, err)
	}
	b, err := p.d.Zoek(bg, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	o, err := p.d.Overzicht(bg, b)
	if err != nil || len(o.Passkeys) != 2 {
		t.Fatal(o, err)
	}
	for _, k := range o.Passkeys {
		if k.Naam == "telefoon" {
			if s, err = p.d.VerwijderMiddel(bg, s.Token, aanmelding.FactorPasskey, k.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.na(time.Minute)
	a := p.totFactor(p.sem)
	_, err = p.passkey(a, f.geef(p.vraagPasskey(a)))
	p.geweigerd("the one that was taken away", err, fout.CodeAanmeldenMislukt)
	if _, err = p.passkey(a, tweede.geef(p.vraagPasskey(a))); err != nil {
		t.Error(err)
	}
	_ = s
}

func TestWithoutAnAddressThereAreNoPasskeys(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	for _, adres := range []string{"", "register.example", "http://register.example", "https://", "://"} {
		o := p.opties
		o.Adres = adres
		d := aanmelding.New(o)
		d.ZonderWachten()
		p.d = d
		p.na(2 * time.Hour)
		s := p.aangemeld(p.bea)
		_, err := d.BeginPasskey(bg, s.Token)
		p.geweigerd("address "+adres, err, fout.CodeNietBeschikbaar)
	}
}
