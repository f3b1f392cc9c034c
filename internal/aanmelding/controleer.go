package aanmelding

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// herhaal is how often something is tried again when another process was first.
const herhaal = 3

// poging is one try, as it is judged inside a transaction.
type poging struct {
	d    *Dienst
	s    *betrokkene.Sleutels
	rij  *AanmeldingRij
	in   *inhoud
	mens Mens
	ok   bool // mens is there, and may sign in
	mid  *middelen
	nu   time.Time
	w    *Wijziging // what its outcome does
}

// Controleer takes the second step: the code of the last mail. Errors: CodeAanmeldenMislukt, CodeTeVeel.
func (d *Dienst) Controleer(ctx context.Context, id uuid.UUID, browser, code string) (*Stap, error) {
	defer gelijk(ctx, time.Now(), d.stapTwee)
	stap, err := d.probeer(ctx, id, browser, vraagtCode, func(p *poging) (*Stap, error) {
		g, goed := codeGoed(p.s, p.rij, p.in, code)
		nood, noodGoed, err := noodcodeGoed(p.mid, code, p.nu)
		if err != nil {
			return nil, err
		}
		if noodGoed && p.ok && p.in.Koppel == nil { // a tie needs the mailbox itself
			g, goed = nood, true
			weg, err := p.mid.volgende(soortNoodcode, enig, nil)
			if err != nil {
				return nil, err
			}
			p.w.Middelen = append(p.w.Middelen, weg)
		}
		if !goed || !p.ok {
			return nil, nil
		}
		return p.na(g)
	})
	return d.koppelDan(ctx, id, browser, stap, err)
}

// na goes on after the second step, unless the password was changed since the first one.
func (p *poging) na(g gepasseerd) (*Stap, error) {
	var w wachtwoordInhoud
	if ok, err := p.mid.zoek(soortWachtwoord, enig, &w); err != nil {
		return nil, err
	} else if ok && p.in.Wijze == wijzeWachtwoord && p.in.Doel == doelAanmelden && w.Gezet.After(p.in.Begonnen) {
		return nil, errVerlopen
	}
	if !p.koppelbaar() {
		return nil, errVerlopen
	}
	return p.bewaar(p.d.naTweede(p.s, p.rij.OIN, p.mens, p.in, g, p.mid, p.nu, p.w))
}

// bewaar ends the sign-in with its session, or keeps what is asked next: with another five tries, and no code that fits.
func (p *poging) bewaar(stap *Stap, err error) (*Stap, error) {
	if err != nil || stap.Sessie != nil {
		p.rij.Gebruikt = true
		return stap, err
	}
	p.rij.Pogingen, p.rij.Code, p.rij.Verloopt = 0, geenCode(), p.nu.Add(codeGeldig)
	return stap, p.rij.verzegel(p.s, p.in)
}

// probeer counts a try before toets judges it, in one transaction: whatever comes at the same time, no more are judged than may be. toets
// gives nil for a wrong one. It may run again, and nothing of an earlier run is kept.
func (d *Dienst) probeer(ctx context.Context, id uuid.UUID, browser, vraagt string, toets func(*poging) (*Stap, error)) (*Stap, error) {
	for n := 1; ; n++ {
		stap, err := d.probeerEens(ctx, id, browser, vraagt, toets)
		if !errors.Is(err, fout.Gelijktijdig) {
			return stap, err
		}
		if n == herhaal { // what must end is gone, or the same was used elsewhere
			return nil, errVerlopen
		}
	}
}

func (d *Dienst) probeerEens(ctx context.Context, id uuid.UUID, browser, vraagt string, toets func(*poging) (*Stap, error)) (*Stap, error) {
	rij, in, s, err := d.aanmelding(ctx, id, browser)
	if err != nil {
		return nil, err
	}
	van, doel := in.Gebruiker, in.Doel
	if van == uuid.Nil {
		van = uuid.New() // the same questions
	}
	mid, err := d.middelen(ctx, s, rij.OIN, van)
	if err != nil {
		return nil, err
	}
	teller := Teller{OIN: rij.OIN, Account: rij.Account, Soort: telCode, Max: uurPogingen}
	onbekend, err := d.onbekendMag(ctx, rij.OIN, in) // counted outside, as it is another's count
	if err != nil {
		return nil, err
	}
	nu := d.nu()
	var stap *Stap
	var uitslag error
	err = d.opslag.WijzigAanmelding(ctx, id, teller, nu, func(r *AanmeldingRij, geteld int) (*Wijziging, error) {
		stap, uitslag = nil, nil
		in, err := r.open(s)
		if err != nil {
			return nil, err
		}
		switch {
		case r.Gebruikt || !nu.Before(r.Verloopt) || in.Vraagt != vraagt:
			return nil, errVerlopen
		case r.Pogingen >= codePogingen:
			return nil, errOp
		case geteld >= teller.Max:
			return nil, geblokkeerd(nu, nu.Add(time.Hour))
		}
		r.Pogingen++
		p := &poging{d: d, s: s, rij: r, in: in, mid: mid, nu: nu, w: &Wijziging{}}
		p.mens, p.ok = d.mens(r.OIN, in.Gebruiker)
		if stap, err = toets(p); err != nil || stap != nil {
			return p.w, err
		}
		w := &Wijziging{Bij: &teller, Nu: nu}
		w.Log, uitslag, err = d.fouteCode(r, in, geteld+1, onbekend)
		return w, err
	})
	d.meetStap(vraagt, doel == doelBevestigen, stap, err)
	if err == nil {
		err = uitslag
	}
	if err != nil {
		return nil, err
	}
	if a := stap.Aanmelding; a != nil {
		a.ID, a.Browser = id, browser
	}
	return stap, nil
}

// fouteCode is what comes of a wrong try: events, and what the person reads.
func (d *Dienst) fouteCode(r *AanmeldingRij, in *inhoud, geteld int, onbekend bool) (l []LogRij, uitslag, err error) {
	m, bestaat := d.mensen.BijID(r.OIN, in.Betreft)
	bestaat = bestaat && in.Betreft != uuid.Nil
	uitslag = errOp
	if over := codePogingen - r.Pogingen; over > 0 {
		keer := fmt.Sprintf("nog %d keer", over)
		zin := errCode.Detail
		if in.Vraagt == vraagtFactor {
			zin = errFactor.Detail
		}
		uitslag = fout.New(fout.CodeAanmeldenMislukt, zin+" Dat kan "+keer+".")
	}
	add := func(soort beheerlog.Soort, wat string) {
		e := beheerlog.Regel{Soort: soort, Door: beheerlog.Systeem, Wat: wat, Na: gebeurtenis{Browser: in.Browser, Wijze: in.Wijze}}
		gebruiker := uuid.Nil
		if bestaat {
			gebruiker, e.Betreft = m.ID, wie(m)
		} else if !onbekend {
			return
		}
		var rij LogRij
		if rij, err = d.regel(r.OIN, gebruiker, e); err == nil {
			l = append(l, rij)
		}
	}
	wat := "De tweede stap van het aanmelden is mislukt: de code klopte niet."
	if in.Vraagt == vraagtFactor {
		wat = "De extra beveiliging bij het aanmelden is mislukt."
	}
	add(beheerlog.AanmeldenMislukt, wat)
	if err == nil && (r.Pogingen == codePogingen || geteld == uurPogingen) {
		add(beheerlog.Geblokkeerd, "Er zijn te veel verkeerde codes ingevoerd; deze aanmelding is beëindigd.")
	}
	return l, uitslag, err
}

// onbekendMag is whether an event about an account that does not exist is kept.
func (d *Dienst) onbekendMag(ctx context.Context, oin string, in *inhoud) (bool, error) {
	if in.Betreft != uuid.Nil {
		return true, nil
	}
	s, err := d.keys(oin)
	if err != nil {
		return false, err
	}
	t, err := d.opslag.Tel(ctx, Teller{oin, telAccount(s, "", telOnbekend), telOnbekend, onbekendPerUur}, d.nu())
	return t.Mag, err
}

// aanmelding reads a sign-in for the browser that began it; for another one there is none.
func (d *Dienst) aanmelding(ctx context.Context, id uuid.UUID, browser string) (*AanmeldingRij, *inhoud, *betrokkene.Sleutels, error) {
	r, err := d.opslag.Aanmelding(ctx, id)
	if errors.Is(err, fout.NietGevonden) {
		return nil, nil, nil, errVerlopen
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if h := afdruk(browser); subtle.ConstantTimeCompare(h[:], r.Browser[:]) != 1 {
		return nil, nil, nil, errVerlopen
	}
	s, err := d.keys(r.OIN)
	if err != nil {
		return nil, nil, nil, err
	}
	in, err := r.open(s)
	return r, in, s, err
}

// Opnieuw sends another code in the place of the last one; the tries that were used stay used. Errors: CodeAanmeldenMislukt, CodeTeVeel.
func (d *Dienst) Opnieuw(ctx context.Context, id uuid.UUID, browser string) (*Aanmelding, error) {
	defer gelijk(ctx, time.Now(), d.stapTwee)
	rij, in, s, err := d.aanmelding(ctx, id, browser)
	if err != nil {
		return nil, err
	}
	nu, code := d.nu(), newCode()
	teller := Teller{OIN: rij.OIN, Account: rij.Account, Soort: telCode, Max: uurPogingen}
	err = d.opslag.WijzigAanmelding(ctx, id, teller, nu, func(r *AanmeldingRij, _ int) (*Wijziging, error) {
		switch wacht := r.Gestuurd.Add(herhaalNa).Sub(nu); {
		case r.Gebruikt || !nu.Before(r.Verloopt) || in.Vraagt != vraagtCode:
			return nil, errVerlopen
		case r.Pogingen >= codePogingen:
			return nil, errOp
		case r.Verzonden > herhalingen:
			return nil, fout.New(fout.CodeTeVeel, "Er zijn al vier codes gestuurd. Kijk of uw e-mail bij ongewenste post staat, of begin later opnieuw met aanmelden.")
		case wacht > 0:
			f := fout.New(fout.CodeTeVeel, fmt.Sprintf("Er is net een code gestuurd. U kunt over %d seconden een nieuwe vragen.", int((wacht+time.Second-1)/time.Second)))
			f.OpnieuwNa = wacht
			return nil, f
		}
		r.Verzonden++
		r.Gestuurd, r.Verloopt = nu, nu.Add(codeGeldig)
		m, ok := d.mens(r.OIN, in.Gebruiker)
		if !ok || !in.Koppel.past(m) {
			r.Code = geenCode()
			return nil, nil
		}
		r.Code = codeHash(s, in.Doel, r.ID.String(), code)
		b := codePost(m, d.naam(r.OIN), code, nu)
		if in.Koppel != nil {
			b = koppelPost(m, d.naam(r.OIN), in.Wijze, code, nu)
		}
		return &Wijziging{Post: []Bericht{b}}, nil
	})
	if err != nil {
		return nil, err
	}
	d.meting.Code(CodeGevraagd)
	return &Aanmelding{ID: id, Browser: browser, Gemaskeerd: in.Adres, Vraagt: vraagtCode}, nil
}

// Stand tells how a sign-in stands; of one that can't succeed no different. Errors: CodeAanmeldenMislukt when it ended.
func (d *Dienst) Stand(ctx context.Context, id uuid.UUID, browser string) (*Stand, error) {
	rij, in, s, err := d.aanmelding(ctx, id, browser)
	if err != nil {
		return nil, err
	}
	if rij.Gebruikt || !d.nu().Before(rij.Verloopt) || in.Vraagt == vraagtKoppeling { // what a crash left of one is begun anew
		return nil, errVerlopen
	}
	if rij.Pogingen >= codePogingen {
		return nil, errOp
	}
	uit := &Stand{Aanmelding: Aanmelding{ID: id, Browser: browser, Gemaskeerd: in.Adres, Vraagt: in.Vraagt}, Koppelt: in.Koppel != nil, Over: codePogingen - rij.Pogingen}
	if in.Vraagt == vraagtCode {
		if rij.Verzonden <= herhalingen {
			uit.Opnieuw = rij.Gestuurd.Add(herhaalNa)
		}
		return uit, nil
	}
	mid, err := d.middelen(ctx, s, rij.OIN, in.Gebruiker)
	if err != nil {
		return nil, err
	}
	uit.Factoren = mid.factoren()
	return uit, nil
}
