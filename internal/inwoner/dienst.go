package inwoner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// The rules. They are constants: nothing that is configured reaches them.
const (
	maxStil    = 15 * time.Minute
	maxDuur    = 60 * time.Minute
	gezienElke = time.Minute
	versTot    = 5 * time.Minute
	bewaard    = 365 * 24 * time.Hour // which events concern whom; the events themselves stay
	speling    = time.Minute          // that clocks may differ

	// Attempts that did not lead to a session, an hour. Many people share an address: a library, a network of phones.
	adresPogingen  = 300
	totaalPogingen = 10_000
	mislukteRegels = 60 // events about them
)

// Kinds of counts.
const (
	telAdres       = "adres"
	telTotaal      = "totaal"
	telMislukt     = "mislukt"     // events about attempts that failed
	telGeblokkeerd = "geblokkeerd" // events about a limit that was reached
)

// Opties are what a Dienst is made of.
type Opties struct {
	Opslag   Opslag
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	Log      *beheerlog.Log
	Naam     func(oin string) string // of the organisation
	// Toestand tells what holds of a person; nil: nothing is known of anybody.
	Toestand func(oin string, p Persoon) Toestand
	Nu       func() time.Time
}

// Dienst keeps who signed in. It may be used by many goroutines.
type Dienst struct {
	opslag   Opslag
	sleutels func(oin string) (*betrokkene.Sleutels, bool)
	log      *beheerlog.Log
	naam     func(oin string) string
	toestand func(oin string, p Persoon) Toestand
	nu       func() time.Time
}

// New makes a Dienst.
func New(o Opties) *Dienst {
	d := &Dienst{opslag: o.Opslag, sleutels: o.Sleutels, log: o.Log, naam: o.Naam, toestand: o.Toestand, nu: o.Nu}
	if d.nu == nil {
		d.nu = time.Now
	}
	if d.naam == nil {
		d.naam = func(string) string { return "" }
	}
	if d.toestand == nil {
		d.toestand = func(string, Persoon) Toestand { return Toestand{} }
	}
	return d
}

// Opruim removes what has no meaning any more; to be called every few minutes.
func (d *Dienst) Opruim(ctx context.Context) error {
	nu := d.nu()
	return d.opslag.Opruim(ctx, nu, nu.Add(-maxStil), nu.Add(-bewaard))
}

func (d *Dienst) keys(oin string) (*betrokkene.Sleutels, error) {
	s, ok := d.sleutels(oin)
	if !ok {
		return nil, errors.New("unknown organisation")
	}
	return s, nil
}

// Errors that a person meets.
var (
	errAfgemeld = fout.New(fout.CodeNietAangemeld, "U bent niet (meer) aangemeld. Meld u opnieuw aan.")
	errGebruikt = fout.New(fout.CodeAanmeldenMislukt, "Deze aanmelding is al gebruikt. Begin opnieuw met aanmelden.")
	errVerder   = fout.New(fout.CodeAanmeldenMislukt, "U kunt hier niet verder. Neem contact op met de organisatie.") // it does not say why
	errNietVers = fout.New(fout.CodeAanmeldenMislukt, "De dienst waarmee u zich aanmeldt, vroeg u niet opnieuw wie u bent. Meld u af en begin opnieuw; lukt het dan weer niet, neem dan contact op met de organisatie.")
)

// Poging is one attempt to sign in, that was counted.
type Poging struct {
	oin     string
	nu      time.Time
	tellers []Teller
}

// Probeer counts an attempt of an address, before a service is asked anything about it. An address that is not known ("") counts in the
// total alone. fout.CodeTeVeel when there were too many.
func (d *Dienst) Probeer(ctx context.Context, oin, adres string) (*Poging, error) {
	s, err := d.keys(oin)
	if err != nil {
		return nil, err
	}
	p := &Poging{oin: oin, nu: d.nu(), tellers: []Teller{{OIN: oin, Soort: telTotaal, Max: totaalPogingen}}}
	if adres != "" { // first, so that one address does not use up what is for all
		p.tellers = slices.Insert(p.tellers, 0, Teller{OIN: oin, Wie: s.Vast("inwoneradres", "", netwerk(adres)), Soort: telAdres, Max: adresPogingen})
	}
	for _, t := range p.tellers {
		n, err := d.opslag.Tel(ctx, t, p.nu)
		if err != nil {
			return nil, err
		}
		if !n.Mag {
			return nil, d.geblokkeerd(ctx, t, p.nu, n.Vrij)
		}
	}
	return p, nil
}

// netwerk is what attempts are counted by: an address, of IPv6 the /64 that one household has.
func netwerk(adres string) string {
	ip, err := netip.ParseAddr(adres)
	if err != nil {
		return adres
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// geblokkeerd says how long to wait. The first time in an hour it is an event.
func (d *Dienst) geblokkeerd(ctx context.Context, t Teller, nu, vrij time.Time) error {
	wat := "Van één adres kwamen te veel pogingen van inwoners om zich aan te melden."
	if t.Soort == telTotaal {
		wat = "Er waren te veel pogingen van inwoners om zich aan te melden."
	}
	t.Soort, t.Max = telGeblokkeerd, 1
	if err := d.meld(ctx, t, nu, beheerlog.Regel{Soort: beheerlog.Geblokkeerd, Door: beheerlog.Systeem, Wat: wat}); err != nil {
		return err
	}
	wacht := max(vrij.Sub(nu), time.Minute)
	f := fout.New(fout.CodeTeVeel, fmt.Sprintf("Er zijn te veel pogingen gedaan om zich aan te melden. Probeer het over %d minuten opnieuw.", int((wacht+time.Minute-1)/time.Minute)))
	f.OpnieuwNa = wacht
	return f
}

// meld adds an event that concerns nobody, as often as t allows.
func (d *Dienst) meld(ctx context.Context, t Teller, nu time.Time, r beheerlog.Regel) error {
	n, err := d.opslag.Tel(ctx, t, nu)
	if err != nil || !n.Mag {
		return err
	}
	return d.log.Add(ctx, t.OIN, r)
}

// Mislukt notes that an attempt led to no session. Nobody is named: it may not be who they say.
func (d *Dienst) Mislukt(ctx context.Context, p *Poging, dienst string) error {
	return d.meld(ctx, Teller{OIN: p.oin, Soort: telMislukt, Max: mislukteRegels}, p.nu, beheerlog.Regel{
		Soort: beheerlog.AanmeldenMislukt, Door: beheerlog.Systeem, Wat: "Een inwoner kon zich niet aanmelden met " + dienst + ".", Na: gebeurtenis{Dienst: dienst},
	})
}

// Bewijs is who somebody is according to a service.
type Bewijs struct {
	Dienst  string // its name, for people
	Persoon Persoon
	Naam    string
	Niveau  Niveau
	Namens  *Namens
	Geheim  bool      // the service says that the BRP keeps their data secret
	Bewezen time.Time // when they proved it there; zero: it did not say
	Vers    bool      // that was to be asked again
	Sinds   time.Time // when the sign-in began
	Staat   []byte    // secret of it, of which one session is made at most
	Tot     time.Time // until when it could be
}

// Meld signs somebody in and gives the token of a new session. fout.CodeAanmeldenMislukt when the sign-in made one before, or the
// service did not ask again when it had to, or when nobody can be this person any more.
func (d *Dienst) Meld(ctx context.Context, p *Poging, b Bewijs) (token string, err error) {
	s, err := d.keys(p.oin)
	if err != nil {
		return "", err
	}
	if b.Niveau < Basis || b.Niveau > Hoog || b.Persoon.ID == "" || len(b.Staat) == 0 {
		return "", errors.New("proof of a citizen is not whole")
	}
	if b.Vers && b.Bewezen.Before(b.Sinds.Add(-speling)) {
		return "", errNietVers
	}
	if d.toestand(p.oin, b.Persoon).Overleden {
		return "", errVerder
	}
	vorige, err := d.vorige(ctx, s, p.oin, b.Persoon)
	if err != nil {
		return "", err
	}
	token, id := newToken()
	h := handle(s, b.Persoon)
	log, err := d.log.Rij(p.oin, beheerlog.Regel{Soort: beheerlog.Aangemeld, Door: wie(h), Wat: b.zin(), Na: b.gebeurtenis()})
	if err != nil {
		return "", fmt.Errorf("make event: %w", err)
	}
	r := &SessieRij{ID: id, OIN: p.oin, Persoon: h, Begonnen: p.nu, Gezien: p.nu, Verloopt: p.nu.Add(maxDuur)}
	err = r.verzegel(s, inhoud{Persoon: b.Persoon, Naam: b.Naam, Niveau: b.Niveau, Namens: b.Namens, Geheim: b.Geheim, Vorige: vorige, Bewezen: b.Bewezen, Dienst: b.Dienst, Gebeurtenis: log.ID})
	if err != nil {
		return "", err
	}
	err = d.opslag.Schrijf(ctx, p.oin, &Wijziging{
		Staat: &StaatRij{sha256.Sum256(b.Staat), b.Tot}, Terug: p.tellers, TerugVenster: p.nu, Sessie: r, Log: log, Persoon: &h,
	})
	if errors.Is(err, fout.Gelijktijdig) {
		return "", errGebruikt
	}
	if err != nil {
		return "", fmt.Errorf("begin session of a citizen: %w", err)
	}
	return token, nil
}

func handle(s *betrokkene.Sleutels, p Persoon) betrokkene.Handle {
	return s.Handle(p.Objecttype, p.Soort, p.ID)
}

// wie names a citizen in an event: by their handle, as a name would say to administrators who asked for what.
func wie(h betrokkene.Handle) beheerlog.Wie {
	return beheerlog.Wie{Soort: "inwoner", ID: hex.EncodeToString(h[:])}
}

// gebeurtenis is what an event of this room keeps beside its sentence.
type gebeurtenis struct {
	Dienst string      `json:"dienst,omitempty"`
	Niveau string      `json:"niveau,omitempty"`
	Namens NamensSoort `json:"namens,omitempty"`
}

func (b *Bewijs) zin() string {
	if b.Namens != nil {
		return "Aangemeld met " + b.Dienst + ", namens een ander."
	}
	return "Aangemeld met " + b.Dienst + "."
}

func (b *Bewijs) gebeurtenis() gebeurtenis {
	g := gebeurtenis{Dienst: b.Dienst, Niveau: b.Niveau.String()}
	if b.Namens != nil {
		g.Namens = b.Namens.Soort
	}
	return g
}

// inhoud is what is sealed of a SessieRij; its JSON is the format in the store.
type inhoud struct {
	Persoon     Persoon   `json:"persoon"`
	Naam        string    `json:"naam,omitempty"`
	Niveau      Niveau    `json:"niveau"`
	Namens      *Namens   `json:"namens,omitzero"`
	Geheim      bool      `json:"geheim,omitzero"`
	Vorige      time.Time `json:"vorige,omitzero"`
	Bewezen     time.Time `json:"bewezen,omitzero"`
	Dienst      string    `json:"dienst"`
	Gebeurtenis uuid.UUID `json:"gebeurtenis"` // with which it began
}
