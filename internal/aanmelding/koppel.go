package aanmelding

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Koppeling is a person with who they proved to be at a sign-in service, and the address that they proved to read.
type Koppeling struct {
	Gebruiker uuid.UUID
	Dienst    string // name, for people
	Uitgever  string
	Onderwerp string
	Email     string
}

// koppelStaat is what a sign-in keeps of the tie that is to be made.
type koppelStaat struct {
	Uitgever  string `json:"uitgever"`
	Onderwerp string `json:"onderwerp"`
	Email     string `json:"email"` // of the account, where the code goes
}

// past tells whether a person can still be tied; of a sign-in that ties nobody always.
func (k *koppelStaat) past(m Mens) bool {
	return k == nil || !m.Gekoppeld && m.Email == k.Email
}

var errKoppeling = fout.New(fout.CodeGeenToestemming, "Uw werkaccount is niet gekoppeld, omdat uw account intussen is gewijzigd of al bij een ander werkaccount hoort. "+
	"Vraag een beheerder om het na te kijken en u opnieuw uit te nodigen.")

// beginKoppeling goes on with somebody of the sign-in service whom no account is tied to. The address that the service tells may be one that
// they typed themselves, so it proves nothing: it only finds the account that an administrator invited with it, within the day in which reading
// its mail would give them a password as well. The code goes to the address that is kept here. Whether there is such an account can't be told
// from the answer or its time.
//
// Attempts are counted for the address and the person at the service together: a stranger there uses up their own.
func (d *Dienst) beginKoppeling(ctx context.Context, s *betrokkene.Sleutels, oin string, in Extern) (*Stap, error) {
	nu, adres := d.nu(), Adres(in.Email)
	m, bestaat := d.mensen.BijEmail(oin, adres)
	bestaat = bestaat && m.Actief
	if !bestaat {
		m = Mens{ID: uuid.New()} // the store is asked the same questions
	}
	teller := Teller{oin, telAccount(s, adres, "koppelen "+in.Uitgever+" "+in.Onderwerp), telBegin, uurPogingen}
	telling, err := d.opslag.Tel(ctx, teller, nu)
	if err != nil {
		return nil, err
	}
	if err := d.begonnen(telling, nu); err != nil {
		return nil, err
	}
	mid, err := d.middelen(ctx, s, oin, m.ID)
	if err != nil {
		return nil, err
	}
	open, err := mid.uitgenodigd(nu)
	if err != nil {
		return nil, err
	}
	b := &begin{d: d, s: s, oin: oin, nu: nu, teller: teller, telling: telling, app: &apparaat{}, mid: mid, in: inhoud{
		Doel: doelAanmelden, Vraagt: vraagtCode, Begonnen: nu, Wijze: in.Dienst, Adres: Masker(adres), Browser: Browser(in.Agent), Groepen: in.Groepen,
		Koppel: &koppelStaat{in.Uitgever, in.Onderwerp, m.Email},
	}}
	wat := "het e-mailadres is hier niet bekend."
	if bestaat {
		b.in.Betreft = m.ID
		switch {
		case m.Gekoppeld:
			wat = "iemand anders noemde daar het e-mailadres van deze medewerker."
		case !open:
			wat = "er is geen uitnodiging die nog geldt."
		default:
			b.in.Gebruiker, b.mens = m.ID, m
			stap, r, code, err := b.vraagCode()
			if err != nil {
				return nil, err
			}
			return stap, b.schrijf(ctx, &Wijziging{Aanmelding: r, Post: []Bericht{koppelPost(m, d.naam(oin), in.Dienst, code, nu)}})
		}
	}
	return b.mislukt(ctx, m, "Aanmelden via "+in.Dienst+" is geweigerd: "+wat)
}

// uitgenodigd tells whether an invitation is open.
func (m *middelen) uitgenodigd(nu time.Time) (bool, error) {
	var u codeInhoud
	er, err := m.zoek(soortUitnodiging, enig, &u)
	return er && nu.Before(u.Verloopt), err
}

// koppelbaar tells whether the account of this sign-in can still be tied; of one that ties nobody always.
func (p *poging) koppelbaar() bool {
	if p.in.Koppel == nil {
		return true
	}
	open, err := p.mid.uitgenodigd(p.nu)
	return err == nil && open && p.in.Koppel.past(p.mens)
}

// koppelDan ties the account once the code, and a factor of who has one, was right, and then makes the session. What comes between leaves no
// session without a tie: the person begins again, and is tied or can still be.
func (d *Dienst) koppelDan(ctx context.Context, id uuid.UUID, browser string, stap *Stap, err error) (*Stap, error) {
	if err != nil || stap.Aanmelding == nil || stap.Aanmelding.Vraagt != vraagtKoppeling {
		return stap, err
	}
	rij, in, _, err := d.aanmelding(ctx, id, browser)
	if err != nil {
		return nil, err
	}
	k := in.Koppel
	if k == nil || in.Vraagt != vraagtKoppeling {
		return nil, errVerlopen
	}
	err = d.koppel(ctx, rij.OIN, Koppeling{Gebruiker: in.Gebruiker, Dienst: in.Wijze, Uitgever: k.Uitgever, Onderwerp: k.Onderwerp, Email: k.Email})
	switch fout.CodeOf(err) {
	case fout.CodeGeenToestemming, fout.CodeNietGevonden:
		return nil, d.nietGekoppeld(ctx, rij.OIN, in)
	}
	if err != nil {
		return nil, err
	}
	return d.probeer(ctx, id, browser, vraagtKoppeling, func(p *poging) (*Stap, error) {
		g, eerder := eerderGoed(p.in)
		m, er := d.mensen.BijOnderwerp(p.rij.OIN, k.Uitgever, k.Onderwerp)
		if !eerder || !p.ok || !er || m.ID != p.in.Gebruiker {
			return nil, errVerlopen
		}
		if p.mid.heeft(soortUitnodiging) { // it was for this
			weg, err := p.mid.volgende(soortUitnodiging, enig, nil)
			if err != nil {
				return nil, err
			}
			p.w.Middelen = append(p.w.Middelen, weg)
		}
		return p.bewaar(d.rond(p.s, p.rij.OIN, p.mens, p.in, g, p.in.Factor, p.nu, p.w))
	})
}

// nietGekoppeld refuses who gave the right code for an account that was tied, closed or changed at the last moment.
func (d *Dienst) nietGekoppeld(ctx context.Context, oin string, in *inhoud) error {
	m, ok := d.mensen.BijID(oin, in.Gebruiker)
	if !ok {
		return errKoppeling
	}
	l, err := d.regel(oin, m.ID, beheerlog.Regel{Soort: beheerlog.AanmeldenMislukt, Door: beheerlog.Systeem, Betreft: wie(m),
		Wat: "Koppelen aan " + in.Wijze + " is geweigerd: het account is intussen gewijzigd of hoort al bij een ander.", Na: gebeurtenis{Browser: in.Browser, Wijze: in.Wijze}})
	if err != nil {
		return err
	}
	if err := d.opslag.Schrijf(ctx, oin, &Wijziging{Log: []LogRij{l}}); err != nil {
		return err
	}
	return errKoppeling
}
