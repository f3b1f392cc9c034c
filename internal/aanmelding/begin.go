package aanmelding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Stap is where a sign-in stands: one of both is there.
type Stap struct {
	Aanmelding *Aanmelding // something is asked yet
	Sessie     *Sessie     // done
}

// Aanmelding is a sign-in under way. Browser goes into a cookie, and is asked back with every next step.
type Aanmelding struct {
	ID         uuid.UUID
	Browser    string
	Gemaskeerd string   // where the code went, if the first step was right
	Vraagt     string   // "code" or "factor"
	Factoren   []string // that may be given, when one is asked
}

// Stand is a sign-in under way, for a page that is opened again.
type Stand struct {
	Aanmelding
	Koppelt bool      // the account is tied to a sign-in service, if all goes well
	Over    int       // tries
	Opnieuw time.Time // from when another code may be asked; zero: no more, or none is asked
}

// Sessie is what a browser gets: tokens for two cookies.
type Sessie struct {
	Token     string
	Verloopt  time.Time
	Apparaat  string // recognises the browser, for 90 days; empty: it keeps the one it has
	OIN       string
	Gebruiker uuid.UUID
	Groepen   []string // as the sign-in service named them, at sign-in
}

// Eerste is the first step with a local account.
type Eerste struct {
	Email      string
	Wachtwoord string
	Apparaat   string // of an earlier Sessie; empty: none
	Agent      string // User-Agent
}

// Extern is the first step taken at the sign-in service of the organisation: what it said, verified.
type Extern struct {
	Dienst    string // its name
	Uitgever  string
	Onderwerp string
	Email     string // that the service told, checked or not: it finds an invitation, and proves nothing
	Groepen   []string
	Apparaat  string
	Agent     string
}

// Begin takes the first step with a password. Whether the address is known and the password right can't be told from the answer or its
// time: a code is asked, unless both are right and this browser gave one today. Errors: CodeTeVeel.
func (d *Dienst) Begin(ctx context.Context, oin string, in Eerste) (*Stap, error) {
	defer gelijk(ctx, time.Now(), d.stapEen)
	s, err := d.keys(oin)
	if err != nil {
		return nil, err
	}
	nu := d.nu()
	adres := Adres(in.Email)
	m, ok := d.mensen.BijEmail(oin, adres)
	ok = ok && m.Actief && adres != ""
	if !ok {
		m = Mens{ID: uuid.New()} // the store is asked the same questions
	}
	app, err := d.apparaat(ctx, oin, m.ID, in.Apparaat)
	if err != nil {
		return nil, err
	}
	teller := Teller{oin, telAccount(s, adres, app.klasse()), telBegin, uurPogingen}
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
	goed, err := d.wachtwoordKlopt(ctx, mid, in.Wachtwoord)
	if err != nil {
		return nil, err
	}
	goed = goed && ok

	b := &begin{d: d, s: s, oin: oin, nu: nu, teller: teller, telling: telling, app: app, mid: mid, in: inhoud{
		Doel: doelAanmelden, Vraagt: vraagtCode, Begonnen: nu, Wijze: wijzeWachtwoord, Adres: Masker(adres), Browser: Browser(in.Agent),
	}}
	if ok {
		b.in.Betreft = m.ID
	}
	if goed {
		b.in.Gebruiker, b.mens = m.ID, m
		return b.verder(ctx)
	}
	wat := "De eerste stap van het aanmelden is mislukt: het e-mailadres is hier niet bekend."
	if ok {
		wat = "De eerste stap van het aanmelden is mislukt: het wachtwoord klopte niet."
	}
	return b.mislukt(ctx, m, wat)
}

// BeginExtern goes on after the first step at a sign-in service. Whom no account is tied to and who told an address gets a code if an account
// was invited with it, and otherwise the same answer. Errors: CodeGeenToestemming for who is closed here, or told no address; CodeTeVeel.
func (d *Dienst) BeginExtern(ctx context.Context, oin string, in Extern) (*Stap, error) {
	defer gelijk(ctx, time.Now(), d.stapEen)
	s, err := d.keys(oin)
	if err != nil {
		return nil, err
	}
	nu := d.nu()
	m, ok := d.mensen.BijOnderwerp(oin, in.Uitgever, in.Onderwerp)
	if !ok && Adres(in.Email) != "" {
		return d.beginKoppeling(ctx, s, oin, in)
	}
	if !ok || !m.Actief {
		return nil, d.onbekendExtern(ctx, oin, in, m, ok)
	}
	app, err := d.apparaat(ctx, oin, m.ID, in.Apparaat)
	if err != nil {
		return nil, err
	}
	// Counted apart from passwords: who guesses those must not stop who was vouched for.
	teller := Teller{oin, telAccount(s, Adres(m.Email), app.klasse()+" extern"), telBegin, uurPogingen}
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
	b := &begin{d: d, s: s, oin: oin, nu: nu, teller: teller, telling: telling, app: app, mid: mid, mens: m, in: inhoud{
		Doel: doelAanmelden, Vraagt: vraagtCode, Begonnen: nu, Gebruiker: m.ID, Betreft: m.ID, Wijze: in.Dienst,
		Adres: Masker(m.Email), Browser: Browser(in.Agent), Groepen: in.Groepen,
	}}
	return b.verder(ctx)
}

// onbekendExtern refuses who is not known here: the service vouched for them, so there is nothing to hide.
func (d *Dienst) onbekendExtern(ctx context.Context, oin string, in Extern, m Mens, bestaat bool) error {
	l, err := d.mislukt(ctx, oin, m, bestaat, "Aanmelden via "+in.Dienst+" is geweigerd: de medewerker is hier niet bekend of niet actief.", Browser(in.Agent))
	if err != nil {
		return err
	}
	if err := d.opslag.Schrijf(ctx, oin, &Wijziging{Log: l}); err != nil {
		return fmt.Errorf("note refusal: %w", err)
	}
	return fout.New(fout.CodeGeenToestemming, "Uw aanmelding is gelukt, maar u heeft hier (nog) geen toegang. Vraag de beheerder gebruikers van uw organisatie om u toe te voegen.")
}

// begin is a first step being taken.
type begin struct {
	d       *Dienst
	s       *betrokkene.Sleutels
	oin     string
	nu      time.Time
	teller  Teller
	telling Telling
	app     *apparaat
	mid     *middelen
	mens    Mens
	in      inhoud
}

// begonnen counts a first step, or refuses it.
func (d *Dienst) begonnen(t Telling, nu time.Time) error {
	if !t.Mag {
		d.meting.Aanmelding(MeetGeblokkeerd)
		return geblokkeerd(nu, t.Vrij)
	}
	d.meting.Aanmelding(MeetBegonnen)
	return nil
}

// verder goes on after a right first step: with a code, or without on a browser that gave one today.
func (b *begin) verder(ctx context.Context) (*Stap, error) {
	if g, ok := apparaatGoed(b.app, b.nu); ok {
		w := &Wijziging{Terug: &b.teller, TerugVenster: b.telling.Venster}
		stap, err := b.d.naTweede(b.s, b.oin, b.mens, &b.in, g, b.mid, b.nu, w)
		if err != nil {
			return nil, err
		}
		if stap.Sessie == nil { // a factor is asked
			token, hash := newToken()
			r := b.rij(hash)
			if err := r.verzegel(b.s, &b.in); err != nil {
				return nil, err
			}
			w.Aanmelding, stap.Aanmelding.ID, stap.Aanmelding.Browser = r, r.ID, token
		}
		err = b.schrijf(ctx, w)
		b.d.meetStap("", false, stap, err)
		return stap, err
	}
	stap, r, code, err := b.vraagCode()
	if err != nil {
		return nil, err
	}
	return stap, b.schrijf(ctx, &Wijziging{Aanmelding: r, Post: []Bericht{codePost(b.mens, b.d.naam(b.oin), code, b.nu)}})
}

// mislukt asks for a code that will never be right.
func (b *begin) mislukt(ctx context.Context, m Mens, wat string) (*Stap, error) {
	stap, r, _, err := b.vraagCode()
	if err != nil {
		return nil, err
	}
	r.Code = geenCode()
	bestaat := b.in.Betreft != uuid.Nil
	l, err := b.d.mislukt(ctx, b.oin, m, bestaat, wat, b.in.Browser)
	if err != nil {
		return nil, err
	}
	if b.telling.Aantal == uurPogingen && bestaat && b.in.Koppel == nil { // those of a link are counted for the stranger
		g, err := b.d.regel(b.oin, m.ID, beheerlog.Regel{Soort: beheerlog.Geblokkeerd, Door: beheerlog.Systeem, Betreft: wie(m),
			Wat: "Aanmelden is voor een uur geblokkeerd " + b.app.waar() + ", na te veel pogingen."})
		if err != nil {
			return nil, err
		}
		l = append(l, g)
	}
	return stap, b.schrijf(ctx, &Wijziging{Aanmelding: r, Log: l})
}

// vraagCode makes the row of a sign-in that waits for a code.
func (b *begin) vraagCode() (*Stap, *AanmeldingRij, string, error) {
	b.d.meting.Code(CodeGevraagd)
	token, hash := newToken()
	r, code := b.rij(hash), newCode()
	r.Code, r.Verzonden, r.Gestuurd = codeHash(b.s, b.in.Doel, r.ID.String(), code), 1, b.nu
	if b.app.rij != nil {
		b.in.Apparaat = b.app.rij.ID[:]
	}
	if err := r.verzegel(b.s, &b.in); err != nil {
		return nil, nil, "", err
	}
	return &Stap{Aanmelding: &Aanmelding{ID: r.ID, Browser: token, Gemaskeerd: b.in.Adres, Vraagt: vraagtCode}}, r, code, nil
}

func (b *begin) rij(browser Afdruk) *AanmeldingRij {
	return &AanmeldingRij{ID: uuid.New(), OIN: b.oin, Account: b.teller.Account, Browser: browser, Code: geenCode(), Verloopt: b.nu.Add(codeGeldig)}
}

func (b *begin) schrijf(ctx context.Context, w *Wijziging) error {
	if err := b.d.opslag.Schrijf(ctx, b.oin, w); err != nil {
		return fmt.Errorf("store sign-in: %w", err)
	}
	return nil
}

// onbekendPerUur is how many events an hour are kept of accounts that do not exist: whoever makes up addresses must not fill the beheerlog.
const onbekendPerUur = 60

// mislukt makes the event of a step that failed; of who does not exist only the first ones of an hour.
func (d *Dienst) mislukt(ctx context.Context, oin string, m Mens, bestaat bool, wat, browser string) ([]LogRij, error) {
	r := beheerlog.Regel{Soort: beheerlog.AanmeldenMislukt, Door: beheerlog.Systeem, Wat: wat, Na: gebeurtenis{Browser: browser}}
	gebruiker := uuid.Nil
	if bestaat {
		gebruiker, r.Betreft = m.ID, wie(m)
	} else {
		s, err := d.keys(oin)
		if err != nil {
			return nil, err
		}
		t, err := d.opslag.Tel(ctx, Teller{oin, telAccount(s, "", telOnbekend), telOnbekend, onbekendPerUur}, d.nu())
		if err != nil || !t.Mag {
			return nil, err
		}
	}
	l, err := d.regel(oin, gebruiker, r)
	if err != nil {
		return nil, err
	}
	return []LogRij{l}, nil
}

// apparaat is the browser of a first step; rij is nil when it is not known as one of this person.
type apparaat struct{ rij *ApparaatRij }

// apparaat asks the store who passed a code with a browser; also when none is given, which takes as long.
func (d *Dienst) apparaat(ctx context.Context, oin string, gebruiker uuid.UUID, token string) (*apparaat, error) {
	r, err := d.opslag.Apparaat(ctx, afdruk(token))
	if errors.Is(err, fout.NietGevonden) {
		return &apparaat{}, nil
	}
	if err != nil {
		return nil, err
	}
	if token == "" || r.OIN != oin || r.Gebruiker != gebruiker || !d.nu().Before(r.Verloopt) {
		return &apparaat{}, nil
	}
	return &apparaat{r}, nil
}

// klasse is what its attempts are counted under.
func (a *apparaat) klasse() string {
	if a.rij == nil {
		return vreemd
	}
	return fmt.Sprintf("%x", a.rij.ID[:])
}

func (a *apparaat) waar() string {
	if a.rij == nil {
		return "voor onbekende browsers"
	}
	return "in één browser"
}
