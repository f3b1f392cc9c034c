// Package aanmelding is how employees sign in, and how it is known that they did (AVG art. 32 lid 1 and 4).
//
// Everybody passes two steps. The first is a password, or the sign-in service of the organisation. The second is a code by e-mail: always,
// on every browser, once in twelve hours. No setting, flag or call turns it off: a session is made of a value that only the comparison
// of a code, or a browser that passed one today, can make. Whoever has or needs serious rights gives a factor on top of it: a passkey, TOTP or
// a recovery code.
//
// Who guesses learns nothing: an unknown address, a wrong password and the right one give the same answer at the same time, and the
// attempts that may follow are counted alike. Attempts are counted in the store, so over all processes, and before anything is compared. A stranger who
// uses them up does not lock out the person: a browser that signed in before has a count of its own.
//
// Tokens, codes and passwords are kept as hashes and never logged; what the store keeps beside them is sealed. Every sign-in, failure and
// change is an event of the beheerlog in the same transaction. Decision 0019 gives the reasons and figures.
package aanmelding

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// The rules. They are constants: nothing that is configured reaches them.
const (
	codeGeldig     = 10 * time.Minute // and the whole sign-in, from its last code
	codePogingen   = 5                // per sign-in, and again for the factor after it
	uurPogingen    = 10               // per account, per hour: first steps, and wrong codes
	herhaalNa      = time.Minute
	herhalingen    = 3
	vertrouwd      = 12 * time.Hour      // a working day
	bekend         = 90 * 24 * time.Hour // that a browser is told from a stranger's
	versBevestigd  = 5 * time.Minute
	maxStil        = 30 * time.Minute
	maxDuur        = 10 * time.Hour
	gezienElke     = time.Minute
	uitnodigingTot = 24 * time.Hour
	noodcodeTot    = 15 * time.Minute
	stapEen        = 500 * time.Millisecond // answers come at multiples of these, so that their time tells nothing
	stapTwee       = 250 * time.Millisecond
)

// Kinds of counts.
const (
	telBegin       = "begin" // first steps
	telCode        = "code"  // comparisons
	telUitnodiging = "uitnodiging"
	telOnbekend    = "onbekend" // events about accounts that do not exist
)

// Mens is what signing in needs to know of a person.
type Mens struct {
	ID      uuid.UUID
	Naam    string
	Email   string
	Taal    string // "en": reads English; anything else: Dutch
	Actief  bool
	Ernstig bool // has rights that need a factor on top of the code

	Gekoppeld bool // is somebody at a sign-in service already, or what they sign in with is about to change
}

// Mensen knows the people of an organisation as they are now. It answers from memory.
type Mensen interface {
	// BijEmail is given the address as Adres writes it.
	BijEmail(oin, email string) (Mens, bool)
	BijOnderwerp(oin, uitgever, onderwerp string) (Mens, bool)
	BijID(oin string, id uuid.UUID) (Mens, bool)
}

// Opties are what a Dienst is made of.
type Opties struct {
	Opslag   Opslag
	Mensen   Mensen
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	Log      *beheerlog.Log
	Naam     func(oin string) string                                  // of the organisation
	Koppel   func(ctx context.Context, oin string, k Koppeling) error // ties a person to a sign-in service, for good; nil: nobody is ever tied
	Adres    string                                                   // where people sign in (https://register.example.nl): what passkeys are bound to; empty: no passkeys
	Stil     time.Duration                                            // how long a session lasts that is not used; 30 minutes, and never more
	Duur     time.Duration                                            // how long a session lasts; 10 hours, and never more
	Nu       func() time.Time
	Meting   Meting // nil: nothing is counted
}

// Dienst signs people in. It may be used by many goroutines.
type Dienst struct {
	opslag   Opslag
	mensen   Mensen
	sleutels func(oin string) (*betrokkene.Sleutels, bool)
	log      *beheerlog.Log
	naam     func(oin string) string
	koppel   func(ctx context.Context, oin string, k Koppeling) error
	webauthn *webauthn.WebAuthn // nil: no passkeys
	stil     time.Duration
	duur     time.Duration
	nu       func() time.Time
	rekenaar *rekenaar
	meting   Meting

	stapEen, stapTwee time.Duration
}

// New makes a Dienst.
func New(o Opties) *Dienst {
	d := &Dienst{
		opslag: o.Opslag, mensen: o.Mensen, sleutels: o.Sleutels, log: o.Log, naam: o.Naam, koppel: o.Koppel, webauthn: newWebauthn(o.Adres), nu: o.Nu,
		stil: limiet(o.Stil, maxStil), duur: limiet(o.Duur, maxDuur), rekenaar: newRekenaar(argonGeheugen), stapEen: stapEen, stapTwee: stapTwee,
	}
	if d.nu == nil {
		d.nu = time.Now
	}
	if d.koppel == nil {
		d.koppel = func(context.Context, string, Koppeling) error { return fout.GeenToestemming }
	}
	if d.meting = o.Meting; d.meting == nil {
		d.meting = geenMeting{}
	}
	if d.naam == nil {
		d.naam = func(string) string { return "" }
	}
	return d
}

// limiet is what was chosen, within what is safe.
func limiet(gekozen, hoogste time.Duration) time.Duration {
	if gekozen <= 0 || gekozen > hoogste {
		return hoogste
	}
	return gekozen
}

// Opruim removes what has no meaning any more; to be called every few minutes.
func (d *Dienst) Opruim(ctx context.Context) error { return d.opslag.Opruim(ctx, d.nu()) }

func (d *Dienst) keys(oin string) (*betrokkene.Sleutels, error) {
	s, ok := d.sleutels(oin)
	if !ok {
		return nil, errors.New("unknown organisation")
	}
	return s, nil
}

// mens gives a person who may sign in.
func (d *Dienst) mens(oin string, id uuid.UUID) (Mens, bool) {
	if id == uuid.Nil {
		return Mens{}, false
	}
	m, ok := d.mensen.BijID(oin, id)
	return m, ok && m.Actief
}

// Adres writes an e-mail address in the one way in which it is compared: NFKC, lower case, no space around it. "" for what is none.
func Adres(s string) string {
	s = strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	vreemd := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }
	if len(s) > 254 || strings.IndexByte(s, '@') < 1 || strings.ContainsFunc(s, vreemd) {
		return ""
	}
	return s
}

// gelijk waits until a whole number of steps has passed since begin, so that the time of an answer tells nothing of how it was found.
func gelijk(ctx context.Context, begin time.Time, stap time.Duration) {
	if stap <= 0 {
		return
	}
	t := time.NewTimer(stap - time.Since(begin)%stap)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// regel makes an event. Door is who did it; betreft is zero when that is the same person.
func (d *Dienst) regel(oin string, gebruiker uuid.UUID, r beheerlog.Regel) (LogRij, error) {
	rij, err := d.log.Rij(oin, r)
	if err != nil {
		return LogRij{}, fmt.Errorf("make event: %w", err)
	}
	return LogRij{gebruiker, rij}, nil
}

func wie(m Mens) beheerlog.Wie {
	return beheerlog.Wie{Soort: "gebruiker", ID: m.ID.String(), Naam: m.Naam}
}

// Errors that a person meets.
var (
	errVerlopen = fout.New(fout.CodeAanmeldenMislukt, "Deze aanmelding is verlopen of al gebruikt. Begin opnieuw met aanmelden.")
	errCode     = fout.New(fout.CodeAanmeldenMislukt, "De code klopt niet. Controleer de code in uw laatste e-mail en typ hem opnieuw.")
	errFactor   = fout.New(fout.CodeAanmeldenMislukt, "Uw extra beveiliging is niet aangenomen. Probeer het opnieuw, of gebruik een andere manier.")
	errOp       = fout.New(fout.CodeAanmeldenMislukt, "De code is te vaak verkeerd ingevoerd. Begin opnieuw met aanmelden; u krijgt dan een nieuwe code.")
	errAfgemeld = fout.New(fout.CodeNietAangemeld, "U bent niet (meer) aangemeld. Meld u opnieuw aan.")
)

// geblokkeerd says how long to wait.
func geblokkeerd(nu, vrij time.Time) error {
	wacht := max(vrij.Sub(nu), time.Minute)
	f := fout.New(fout.CodeTeVeel, fmt.Sprintf("Er zijn te veel pogingen gedaan met dit e-mailadres. Probeer het over %d minuten opnieuw, "+
		"of meld u aan in een browser waarin u dat eerder deed.", int((wacht+time.Minute-1)/time.Minute)))
	f.OpnieuwNa = wacht
	return f
}
