package aanmelding

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Factor is what is given on top of the code.
type Factor struct {
	Soort    string // FactorTOTP, FactorHerstel, FactorPasskey
	Code     string // of the first two
	Antwoord []byte // JSON of the browser, of the last
}

// ControleerFactor ends a sign-in or a confirmation that asks a factor. Errors: CodeAanmeldenMislukt, CodeTeVeel.
func (d *Dienst) ControleerFactor(ctx context.Context, id uuid.UUID, browser string, f Factor) (*Stap, error) {
	defer gelijk(ctx, time.Now(), d.stapTwee)
	stap, err := d.probeer(ctx, id, browser, vraagtFactor, func(p *poging) (*Stap, error) {
		g, eerder := eerderGoed(p.in)
		if !eerder || !p.ok {
			return nil, nil
		}
		goed, err := p.factor(f)
		if err != nil || !goed {
			return nil, err
		}
		if !p.koppelbaar() {
			return nil, errVerlopen
		}
		return p.bewaar(d.rond(p.s, p.rij.OIN, p.mens, p.in, g, f.Soort, p.nu, p.w))
	})
	return d.koppelDan(ctx, id, browser, stap, err)
}

// factor judges one, and adds to p.w that it can't be used again.
func (p *poging) factor(f Factor) (bool, error) {
	switch f.Soort {
	case FactorTOTP:
		r, goed, err := p.mid.totp(f.Code, p.nu)
		if goed {
			p.w.Middelen = append(p.w.Middelen, r)
		}
		return goed, err
	case FactorHerstel:
		return p.d.herstel(p.mid, p.mens, f.Code, p.w)
	case FactorPasskey:
		return p.passkey(f.Antwoord)
	}
	return false, nil
}
