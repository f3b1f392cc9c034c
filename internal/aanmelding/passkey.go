package aanmelding

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json" // what the library keeps is made for it
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// maxAntwoord bounds what a browser sends of a passkey.
const maxAntwoord = 64 << 10

// passkeyInhoud is a passkey: the public key and what the library keeps beside it.
type passkeyInhoud struct {
	Naam    string         `json:"naam"`
	Gemaakt time.Time      `json:"gemaakt"`
	Gezien  time.Time      `json:"gezien,omitzero"`
	Sleutel jsontext.Value `json:"sleutel"`
}

// passkeyNieuw is a challenge for one that is being made.
type passkeyNieuw struct {
	Uitdaging []byte    `json:"uitdaging"`
	Verloopt  time.Time `json:"verloopt"`
}

// Passkey is one of a person's, to show.
type Passkey struct {
	ID      string // to take it away by
	Naam    string
	Gemaakt time.Time
	Gezien  time.Time // zero: not used yet
}

// newWebauthn is for the address where people sign in; nil when there is none that passkeys can be bound to.
func newWebauthn(adres string) *webauthn.WebAuthn {
	u, err := url.Parse(adres)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Verantwoord", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			UserVerification: protocol.VerificationRequired, ResidentKey: protocol.ResidentKeyRequirementPreferred,
		},
	})
	if err != nil {
		return nil
	}
	return w
}

var errGeenPasskeys = fout.New(fout.CodeNietBeschikbaar,
	"Passkeys kunnen hier niet worden gebruikt: het adres van het register is niet ingesteld. Gebruik een app met codes, of vraag het uw beheerder.")

// Passkeys tells whether they can be made here.
func (d *Dienst) Passkeys() bool { return d.webauthn != nil }

// houder is a person as the library knows one.
type houder struct {
	mens    Mens
	sleutel []webauthn.Credential
	inhoud  []passkeyInhoud // in the same order
}

// WebAuthnID implements webauthn.User: it tells nothing of the person.
func (h *houder) WebAuthnID() []byte { return h.mens.ID[:] }

// WebAuthnName implements webauthn.User.
func (h *houder) WebAuthnName() string { return h.mens.Email }

// WebAuthnDisplayName implements webauthn.User.
func (h *houder) WebAuthnDisplayName() string { return h.mens.Naam }

// WebAuthnCredentials implements webauthn.User.
func (h *houder) WebAuthnCredentials() []webauthn.Credential { return h.sleutel }

func (m *middelen) houder(mens Mens) (*houder, error) {
	h := &houder{mens: mens}
	for i := range m.rijen {
		r := &m.rijen[i]
		if r.Soort != soortPasskey {
			continue
		}
		var in passkeyInhoud
		if err := r.open(m.sleutels, m.oin, &in); err != nil {
			return nil, err
		}
		var c webauthn.Credential
		if err := json.Unmarshal(in.Sleutel, &c); err != nil {
			return nil, errors.New("a passkey is in no form this version knows")
		}
		h.sleutel, h.inhoud = append(h.sleutel, c), append(h.inhoud, in)
	}
	return h, nil
}

func (m *middelen) passkeys() (uit []Passkey, err error) {
	h, err := m.houder(Mens{})
	if err != nil {
		return nil, err
	}
	for i, in := range h.inhoud {
		uit = append(uit, Passkey{passkeyID(h.sleutel[i].ID), in.Naam, in.Gemaakt, in.Gezien})
	}
	return uit, nil
}

func passkeyID(b []byte) string {
	som := sha256.Sum256(b)
	return hex.EncodeToString(som[:16])
}

// BeginPasskey gives what the browser makes a passkey with (JSON for navigator.credentials.create). Errors: CodeNietAangemeld,
// BevestigingNodig, FactorNodig, CodeNietBeschikbaar.
func (d *Dienst) BeginPasskey(ctx context.Context, token string) ([]byte, error) {
	b, mid, err := d.bevestigde(ctx, token)
	if err != nil {
		return nil, err
	}
	if d.webauthn == nil {
		return nil, errGeenPasskeys
	}
	h, err := mid.houder(b.mens)
	if err != nil {
		return nil, err
	}
	if len(h.sleutel) >= maxPasskeys {
		return nil, fout.New(fout.CodeGeenToestemming, "U heeft al tien passkeys. Verwijder er eerst een die u niet meer gebruikt.")
	}
	var al []protocol.CredentialDescriptor
	for i := range h.sleutel {
		al = append(al, h.sleutel[i].Descriptor())
	}
	opties, sessie, err := d.webauthn.BeginRegistration(h, webauthn.WithExclusions(al))
	if err != nil {
		return nil, fmt.Errorf("begin passkey: %w", err)
	}
	uitdaging, err := json.Marshal(sessie)
	if err != nil {
		return nil, errors.New("begin passkey: it can't be written as JSON")
	}
	r, err := mid.volgende(soortPasskeyNieuw, enig, passkeyNieuw{uitdaging, d.nu().Add(uitdagingTot)})
	if err != nil {
		return nil, err
	}
	if err := d.opslag.Schrijf(ctx, b.OIN, &Wijziging{Middelen: []MiddelRij{r}}); err != nil {
		return nil, tegelijk(err)
	}
	return json.Marshal(opties)
}

var errPasskey = fout.New(fout.CodeOngeldig,
	"De passkey is niet aangenomen. Begin opnieuw, en gebruik een passkey die om uw vingerafdruk, gezicht of pincode vraagt.")

// VoegPasskeyToe puts the passkey that the browser made in force, under a name of the person's choice. The session gets a new token; the codes are
// new recovery codes, of who had none. Errors as of BeginPasskey, and CodeOngeldig.
func (d *Dienst) VoegPasskeyToe(ctx context.Context, token, naam string, antwoord []byte) (*Sessie, []string, error) {
	b, mid, err := d.bevestigde(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	if d.webauthn == nil {
		return nil, nil, errGeenPasskeys
	}
	naam = strings.TrimSpace(naam)
	if naam == "" || utf8.RuneCountInString(naam) > 60 || !utf8.ValidString(naam) || strings.ContainsFunc(naam, unicode.IsControl) {
		return nil, nil, fout.Ongeldig(fout.Param{Name: "naam", Code: "invalid",
			Reason: "Geef de passkey een naam van ten hoogste 60 tekens waaraan u hem herkent, zoals \"telefoon\"."})
	}
	var n passkeyNieuw
	if er, err := mid.zoek(soortPasskeyNieuw, enig, &n); err != nil {
		return nil, nil, err
	} else if !er || !d.nu().Before(n.Verloopt) || len(antwoord) > maxAntwoord {
		return nil, nil, errPasskey
	}
	var sessie webauthn.SessionData
	if err := json.Unmarshal(n.Uitdaging, &sessie); err != nil {
		return nil, nil, errors.New("a challenge is in no form this version knows")
	}
	h, err := mid.houder(b.mens)
	if err != nil {
		return nil, nil, err
	}
	gelezen, err := protocol.ParseCredentialCreationResponseBytes(antwoord)
	if err != nil {
		return nil, nil, errPasskey
	}
	c, err := d.webauthn.CreateCredential(h, sessie, gelezen)
	if err != nil {
		return nil, nil, errPasskey
	}
	sleutel, err := json.Marshal(c)
	if err != nil {
		return nil, nil, errors.New("a passkey can't be written as JSON")
	}
	weg, err := mid.volgende(soortPasskeyNieuw, enig, nil)
	if err != nil {
		return nil, nil, err
	}
	r, err := mid.volgende(soortPasskey, passkeyID(c.ID), passkeyInhoud{Naam: naam, Gemaakt: d.nu(), Sleutel: sleutel})
	if err != nil {
		return nil, nil, err
	}
	if r.Versie != 1 {
		return nil, nil, errPasskey // it is there already
	}
	w := &Wijziging{Middelen: []MiddelRij{weg, r}}
	codes, err := d.eersteHerstel(mid, w)
	if err != nil {
		return nil, nil, err
	}
	if err := d.meld(b.OIN, b.mens, beheerlog.Wie{}, tweetalig{"Een passkey is toegevoegd", "A passkey was added"},
		tweetalig{"Een passkey is toegevoegd als extra beveiliging.", "A passkey was added as extra security."}, w); err != nil {
		return nil, nil, err
	}
	nieuw, err := d.vervang(ctx, b, FactorPasskey, w)
	return nieuw, codes, err
}

// VraagPasskey gives what the browser answers with a passkey (JSON for navigator.credentials.get), for a sign-in or confirmation that asks a
// factor. The answer goes to ControleerFactor within five minutes. Errors: CodeAanmeldenMislukt, CodeNietBeschikbaar.
func (d *Dienst) VraagPasskey(ctx context.Context, id uuid.UUID, browser string) ([]byte, error) {
	if d.webauthn == nil {
		return nil, errGeenPasskeys
	}
	rij, in, s, err := d.aanmelding(ctx, id, browser)
	if err != nil {
		return nil, err
	}
	m, ok := d.mens(rij.OIN, in.Gebruiker)
	if !ok || in.Vraagt != vraagtFactor {
		return nil, errVerlopen
	}
	mid, err := d.middelen(ctx, s, rij.OIN, m.ID)
	if err != nil {
		return nil, err
	}
	h, err := mid.houder(m)
	if err != nil {
		return nil, err
	}
	if len(h.sleutel) == 0 {
		return nil, errFactor
	}
	opties, sessie, err := d.webauthn.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("ask for passkey: %w", err)
	}
	uitdaging, err := json.Marshal(sessie)
	if err != nil {
		return nil, errors.New("ask for passkey: it can't be written as JSON")
	}
	nu := d.nu()
	err = d.opslag.WijzigAanmelding(ctx, id, Teller{OIN: rij.OIN, Account: rij.Account, Soort: telCode}, nu, func(r *AanmeldingRij, _ int) (*Wijziging, error) {
		in, err := r.open(s)
		if err != nil {
			return nil, err
		}
		if r.Gebruikt || !nu.Before(r.Verloopt) || r.Pogingen >= codePogingen || in.Vraagt != vraagtFactor {
			return nil, errVerlopen
		}
		in.Uitdaging, in.UitdagingTot = uitdaging, nu.Add(uitdagingTot)
		return nil, r.verzegel(s, in)
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(opties)
}

// passkey judges an answer to the last challenge, which is used up by it. One whose counter does not rise may be copied, and is refused.
func (p *poging) passkey(antwoord []byte) (bool, error) {
	uitdaging, tot := p.in.Uitdaging, p.in.UitdagingTot
	p.in.Uitdaging = nil
	if err := p.rij.verzegel(p.s, p.in); err != nil {
		return false, err
	}
	if p.d.webauthn == nil || uitdaging == nil || !p.nu.Before(tot) || len(antwoord) > maxAntwoord {
		return false, nil
	}
	var sessie webauthn.SessionData
	if err := json.Unmarshal(uitdaging, &sessie); err != nil {
		return false, errors.New("a challenge is in no form this version knows")
	}
	h, err := p.mid.houder(p.mens)
	if err != nil {
		return false, err
	}
	gelezen, err := protocol.ParseCredentialRequestResponseBytes(antwoord)
	if err != nil {
		return false, nil
	}
	c, err := p.d.webauthn.ValidateLogin(h, sessie, gelezen)
	if err != nil || c.Authenticator.CloneWarning || !c.Flags.UserVerified {
		return false, nil
	}
	for i := range h.sleutel {
		if !bytes.Equal(h.sleutel[i].ID, c.ID) {
			continue
		}
		in := h.inhoud[i]
		in.Gezien = p.nu
		if in.Sleutel, err = json.Marshal(c); err != nil {
			return false, errors.New("a passkey can't be written as JSON")
		}
		r, err := p.mid.volgende(soortPasskey, passkeyID(c.ID), in)
		p.w.Middelen = append(p.w.Middelen, r)
		return err == nil, err
	}
	return false, nil
}
