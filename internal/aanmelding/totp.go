package aanmelding

import (
	"bytes"
	"context"
	"crypto/subtle"
	"fmt"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// totpInhoud is a secret shared with an app (RFC 6238: SHA-1, 6 digits, 30 seconds, as all apps know it).
type totpInhoud struct {
	Geheim   string    `json:"geheim"`            // base32
	Laatste  int64     `json:"laatste"`           // period of the last code that was taken; that one and those before it are refused
	Verloopt time.Time `json:"verloopt,omitzero"` // of one that is not proven yet
}

const totpPeriode = 30 * time.Second

// TOTP is what a person puts in an app.
type TOTP struct {
	Geheim string // to type
	URL    string // to open on the same device
	QR     []byte // PNG of the URL
}

// BeginTOTP makes a secret, which counts after BevestigTOTP. Errors: CodeNietAangemeld, BevestigingNodig.
func (d *Dienst) BeginTOTP(ctx context.Context, token string) (*TOTP, error) {
	b, mid, err := d.bevestigde(ctx, token)
	if err != nil {
		return nil, err
	}
	naam := d.naam(b.OIN)
	if naam == "" {
		naam = "Verantwoord"
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: naam, AccountName: b.mens.Email})
	if err != nil {
		return nil, fmt.Errorf("make TOTP: %w", err)
	}
	r, err := mid.volgende(soortTOTPNieuw, enig, totpInhoud{Geheim: key.Secret(), Verloopt: d.nu().Add(totpNieuwTot)})
	if err != nil {
		return nil, err
	}
	beeld, err := key.Image(240, 240)
	if err != nil {
		return nil, fmt.Errorf("draw TOTP: %w", err)
	}
	var qr bytes.Buffer
	if err := png.Encode(&qr, beeld); err != nil {
		return nil, fmt.Errorf("draw TOTP: %w", err)
	}
	if err := d.opslag.Schrijf(ctx, b.OIN, &Wijziging{Middelen: []MiddelRij{r}}); err != nil {
		return nil, tegelijk(err)
	}
	return &TOTP{key.Secret(), key.URL(), qr.Bytes()}, nil
}

// BevestigTOTP proves that the app has the secret, and puts it in force. The session gets a new token; the codes are new recovery codes, of
// who had none. Errors: CodeNietAangemeld, BevestigingNodig, CodeOngeldig, CodeTeVeel.
func (d *Dienst) BevestigTOTP(ctx context.Context, token, code string) (*Sessie, []string, error) {
	b, mid, err := d.bevestigde(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	if err := d.telSessie(ctx, b); err != nil {
		return nil, nil, err
	}
	var t totpInhoud
	nu := d.nu()
	er, err := mid.zoek(soortTOTPNieuw, enig, &t)
	if err != nil {
		return nil, nil, err
	}
	if !er || !nu.Before(t.Verloopt) {
		return nil, nil, fout.New(fout.CodeNietGevonden, "Het instellen duurde te lang. Begin opnieuw met het instellen van de app.")
	}
	periode, goed := totpPast(t, code, nu)
	if !goed {
		return nil, nil, fout.Ongeldig(fout.Param{Name: "code", Code: "invalid",
			Reason: "De code klopt niet. Wacht op de volgende code in de app, en controleer of de klok van uw telefoon goed staat."})
	}
	weg, err := mid.volgende(soortTOTPNieuw, enig, nil)
	if err != nil {
		return nil, nil, err
	}
	r, err := mid.volgende(soortTOTP, enig, totpInhoud{Geheim: t.Geheim, Laatste: periode})
	if err != nil {
		return nil, nil, err
	}
	w := &Wijziging{Middelen: []MiddelRij{weg, r}}
	codes, err := d.eersteHerstel(mid, w)
	if err != nil {
		return nil, nil, err
	}
	if err := d.meld(b.OIN, b.mens, beheerlog.Wie{}, tweetalig{"Een app met codes is ingesteld", "An app with codes was set up"},
		tweetalig{"Een app met codes is ingesteld als extra beveiliging.", "An app with codes was set up as extra security."}, w); err != nil {
		return nil, nil, err
	}
	sessie, err := d.vervang(ctx, b, FactorTOTP, w)
	return sessie, codes, err
}

// totp judges a code, and gives the row in which it was used.
func (m *middelen) totp(code string, nu time.Time) (r MiddelRij, goed bool, err error) {
	var t totpInhoud
	er, err := m.zoek(soortTOTP, enig, &t)
	if err != nil || !er {
		return r, false, err
	}
	periode, goed := totpPast(t, code, nu)
	if !goed {
		return r, false, nil
	}
	t.Laatste = periode
	r, err = m.volgende(soortTOTP, enig, t)
	return r, err == nil, err
}

// totpPast compares with the codes of this period and those beside it, which a phone's clock may be in; what was used is not used again.
func totpPast(t totpInhoud, code string, nu time.Time) (periode int64, goed bool) {
	code = cijfers(code)
	for i := int64(-1); i <= 1; i++ {
		p := nu.Unix()/int64(totpPeriode/time.Second) + i
		want, err := totp.GenerateCodeCustom(t.Geheim, time.Unix(p*int64(totpPeriode/time.Second), 0), totp.ValidateOpts{
			Period: uint(totpPeriode / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && p > t.Laatste {
			periode, goed = p, true
		}
	}
	return periode, goed
}

// bevestigde gives the visitor who confirmed who they are, and what they sign in with.
func (d *Dienst) bevestigde(ctx context.Context, token string) (*Bezoeker, *middelen, error) {
	b, err := d.ZoekVoorMiddelen(ctx, token)
	if err == nil {
		err = b.Toets()
	}
	if err != nil {
		return nil, nil, err
	}
	s, err := d.keys(b.OIN)
	if err != nil {
		return nil, nil, err
	}
	mid, err := d.middelen(ctx, s, b.OIN, b.Gebruiker)
	if err == nil && len(mid.factoren()) > 0 && !b.Factor { // a code by e-mail must not be enough to add or replace a factor
		err = FactorNodig
	}
	return b, mid, err
}
