package aanmelding

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Meting counts what happens, of nobody in particular. An account that does not exist and a wrong password are counted as what is right: whoever
// reads the figures learns no more than who signs in.
type Meting interface {
	Aanmelding(uitkomst string) // one of the MeetX below
	Code(uitkomst string)       // one of the CodeX below
}

// How a sign-in goes.
const (
	MeetBegonnen    = "begonnen"    // the first step, right or wrong
	MeetGelukt      = "gelukt"      // a session
	MeetBevestigd   = "bevestigd"   // a session went on after a step-up
	MeetFactorFout  = "factor_fout" // a passkey, an app or a recovery code
	MeetGeblokkeerd = "geblokkeerd"
)

// What happens with codes by e-mail.
const (
	CodeGevraagd = "gevraagd" // whether one was sent or not
	CodeGoed     = "goed"
	CodeFout     = "fout"
)

type geenMeting struct{}

func (geenMeting) Aanmelding(string) {}
func (geenMeting) Code(string)       {}

// meetStap counts what came of a try, and of a first step that led to a session at once.
func (d *Dienst) meetStap(vraagt string, bevestigt bool, stap *Stap, err error) {
	switch {
	case fout.CodeOf(err) == fout.CodeTeVeel && err != nil:
		d.meting.Aanmelding(MeetGeblokkeerd)
		return
	case err != nil:
		return
	case stap == nil && vraagt == vraagtCode:
		d.meting.Code(CodeFout)
		return
	case stap == nil:
		d.meting.Aanmelding(MeetFactorFout)
		return
	case vraagt == vraagtCode:
		d.meting.Code(CodeGoed)
	}
	if stap.Sessie != nil && bevestigt {
		d.meting.Aanmelding(MeetBevestigd)
	} else if stap.Sessie != nil {
		d.meting.Aanmelding(MeetGelukt)
	}
}

// Sessies tells how many sessions last, of all organisations.
func (d *Dienst) Sessies(ctx context.Context) (int64, error) {
	nu := d.nu()
	return d.opslag.TelSessies(ctx, nu, nu.Add(-d.stil))
}
