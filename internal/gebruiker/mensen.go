package gebruiker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// GebruikerInvoer is a person as a form gives them: all of it, each time.
type GebruikerInvoer struct {
	Naam, Email  string
	Functiegroep uuid.UUID // zero: none
	Uitgever     string    // with Onderwerp, or neither
	Onderwerp    string
	Opleiding    time.Time
}

// op puts what was typed in a person.
func (in *GebruikerInvoer) op(o *ontwerp, g *Gebruiker) error {
	k := keuring{}
	g.Naam = k.tekst("naam", in.Naam, maxNaam, true)
	g.Email = k.email(in.Email)
	g.Uitgever = k.tekst("uitgever", in.Uitgever, maxClaim, in.Onderwerp != "")
	g.Onderwerp = k.tekst("onderwerp", in.Onderwerp, maxClaim, in.Uitgever != "")
	g.Functiegroep, g.Opleiding = in.Functiegroep, in.Opleiding
	if _, ok := o.functiegroepen[g.Functiegroep]; !ok && g.Functiegroep != uuid.Nil {
		k.mis("functiegroep", "invalid_choice", "Deze functiegroep is er niet meer; kies een andere.")
	}
	if g.Opleiding.After(o.nu) {
		k.mis("opleiding", "invalid", "Deze datum is nog niet geweest; vul in wanneer de training was.")
	}
	for _, ander := range o.gebruikers {
		if ander.ID == g.ID {
			continue
		}
		if ander.Email == g.Email || ander.Wacht != nil && ander.Wacht.Email == g.Email {
			k.mis("email", "unique", "Een ander account heeft dit e-mailadres; kies een ander adres, of heropen dat account.")
		}
		zelfde := func(uitgever, onderwerp string) bool {
			return g.Onderwerp != "" && uitgever == g.Uitgever && onderwerp == g.Onderwerp
		}
		if zelfde(ander.Uitgever, ander.Onderwerp) || ander.Wacht != nil && zelfde(ander.Wacht.Uitgever, ander.Wacht.Onderwerp) {
			k.mis("onderwerp", "unique", "Een ander account hoort al bij deze persoon van de aanmelddienst; pas eerst dat account aan.")
		}
	}
	return k.err()
}

// VoegToe adds a person, who is in no group. Errors: CodeOngeldig, CodeGeenToestemming.
func (b *Beheer) VoegToe(ctx context.Context, d Dader, in GebruikerInvoer) (*Gebruiker, error) {
	var g *Gebruiker
	err := b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magMensenBeheren); err != nil {
			return err
		}
		g = &Gebruiker{ID: uuid.New(), Versie: 1, OIN: d.oin, Actief: true, Groepen: []Lidmaatschap{}}
		if err := in.op(o, g); err != nil {
			return err
		}
		o.zet(g)
		o.meld(beheerlog.Regel{Soort: beheerlog.Gebruiker, Betreft: wieIs(g), Wat: "Account toegevoegd, zonder rechten.", Na: g})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return g.op(b.nu()), nil
}

// Wijzig changes a person; nobody changes themselves. What is signed in with stays for a dader who may not change that:
// they may have got it masked. A change of what is signed in with mails a notice to the old
// address, and waits Wachttijd for who has serious rights. Errors: CodeOngeldig, CodeGeenToestemming,
// fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) Wijzig(ctx context.Context, d Dader, id uuid.UUID, versie int64, in GebruikerInvoer) (na *Gebruiker, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magMensenWijzigen); err != nil {
			return err
		}
		opgeslagen, err := o.gebruiker(id, versie)
		if err != nil {
			return err
		}
		if o.zelf(id) {
			return eigenGegevens
		}
		voor := opgeslagen.op(o.nu)
		na = opgeslagen.volgende(o.nu)
		in := in
		if !o.kan(d, magAdresWijzigen, o.nu) {
			in.Email, in.Uitgever, in.Onderwerp = na.Email, na.Uitgever, na.Onderwerp
		}
		if err := in.op(o, na); err != nil {
			return err
		}
		wat := "Gegevens van het account gewijzigd."
		na.Wacht = nil
		if nieuw := (Wisseling{Email: na.Email, Uitgever: na.Uitgever, Onderwerp: na.Onderwerp}); nieuw != (Wisseling{Email: voor.Email, Uitgever: voor.Uitgever, Onderwerp: voor.Onderwerp}) {
			wat = "Gewijzigd waarmee deze persoon zich aanmeldt."
			wacht := len(ernstig(o.rechten(id, o.nu))) > 0
			if wacht {
				nieuw.Vanaf = o.nu.Add(Wachttijd)
				na.Wacht = &nieuw
				na.Email, na.Uitgever, na.Onderwerp = voor.Email, voor.Uitgever, voor.Onderwerp
				wat = "Gewijzigd waarmee deze persoon zich aanmeldt, met ingang van " + Datum(nieuw.Vanaf) + "."
			}
			if voor.Actief {
				o.kast.Stuur(adresGewijzigd(voor, wacht))
			}
		}
		o.zet(na)
		o.meld(beheerlog.Regel{Soort: beheerlog.Gebruiker, Betreft: wieIs(na), Wat: wat, Voor: voor, Na: na})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return na.op(b.nu()), nil
}

// Sluit closes an account: it can't be used any more, is tied to nobody at a sign-in service, and has left all groups, so that
// opening it again gives nothing.
// Errors as of Wijzig.
func (b *Beheer) Sluit(ctx context.Context, d Dader, id uuid.UUID, versie int64, reden string) error {
	return b.openOfDicht(ctx, d, id, versie, reden, false)
}

// Heropen opens an account again, without rights.
func (b *Beheer) Heropen(ctx context.Context, d Dader, id uuid.UUID, versie int64, reden string) error {
	return b.openOfDicht(ctx, d, id, versie, reden, true)
}

func (b *Beheer) openOfDicht(ctx context.Context, d Dader, id uuid.UUID, versie int64, reden string, actief bool) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magMensenBeheren); err != nil {
			return err
		}
		voor, err := o.gebruiker(id, versie)
		if err != nil {
			return err
		}
		if o.zelf(id) {
			return eigenGegevens
		}
		k := keuring{}
		reden := k.tekst("reden", reden, maxReden, false)
		if err := k.err(); err != nil {
			return err
		}
		if voor.Actief == actief {
			return nil
		}
		na := voor.volgende(o.nu)
		na.Actief, na.Groepen, na.Wacht = actief, []Lidmaatschap{}, nil
		na.Uitgever, na.Onderwerp = "", "" // tied anew, with a new invitation, or another account is
		o.zet(na)
		wat := "Account gesloten; de persoon zit in geen enkele groep meer."
		if actief {
			wat = "Account heropend, zonder rechten."
		}
		o.meld(beheerlog.Regel{Soort: beheerlog.Gebruiker, Betreft: wieIs(na), Wat: wat, Reden: reden, Voor: voor, Na: na})
		for _, n := range o.nood {
			if n.Gebruiker == id {
				o.haalWeg(n)
			}
		}
		return nil
	})
}

// NaamBeheerders is the group of those who manage people and groups. It is made with the first of them.
const NaamBeheerders = "Beheer gebruikers"

// RechtenBeheerders are what that group begins with. It sees nothing of citizens.
func RechtenBeheerders() (uit []Recht) {
	for _, s := range []string{
		"gebruikers/zien/gewoon/alles", "gebruikers/zien/contact/alles", "gebruikers/zoeken/gewoon/alles", "gebruikers/wijzigen/gewoon/alles",
		"gebruikers/wijzigen/contact/alles", "gebruikers/beheren/gewoon/alles", "groepen/zien/gewoon/alles", "groepen/wijzigen/gewoon/alles",
		"groepen/beheren/gewoon/alles", "groepen/goedkeuren/gewoon/alles", "applicaties/zien/gewoon/alles",
		"applicaties/beheren/gewoon/alles", "applicaties/goedkeuren/gewoon/alles", "instellingen/zien/gewoon/alles",
		"beheerlog/zien/gewoon/alles", "beheerlog/zien/vrije_tekst/alles", "beheerlog/zoeken/gewoon/alles",
	} {
		r, _ := ParseRecht(s)
		uit = append(uit, r)
	}
	return ordenRechten(uit)
}

// MaakBeheerder makes a person a member of the group "Beheer gebruikers", on the machine itself: the first, or a second when
// there is nobody to approve one. Both the person and the group are made when they aren't there. Errors: CodeOngeldig.
func (b *Beheer) MaakBeheerder(ctx context.Context, oin, naam, email string) (*Gebruiker, error) {
	var na *Gebruiker
	err := b.change(ctx, Opdrachtregel(oin), func(o *ontwerp) error {
		var groep *Autorisatiegroep
		for _, a := range o.groepen {
			if vergelijkbaar(a.Naam) == vergelijkbaar(NaamBeheerders) {
				groep = a
			}
		}
		if groep == nil {
			groep = &Autorisatiegroep{
				ID: uuid.New(), Versie: 1, OIN: oin, Naam: NaamBeheerders, Omschrijving: "Beheert mensen, groepen en rechten, en ziet geen gegevens van inwoners.",
				Rechten: RechtenBeheerders(), Claims: []string{}, Herzien: o.nu,
			}
			o.zet(groep)
			o.meld(beheerlog.Regel{
				Soort: beheerlog.Autorisatiegroep, Betreft: wieIs(groep), Wat: "Groep van beheerders gemaakt.", Na: groepInLog(groep, o.nu),
			})
		} else if heel := groep.volgende(); !NieuweRechten(o.nu, groep.Rechten).mag(magRechtenGeven, BereikAlles) {
			heel.Rechten = RechtenBeheerders()
			o.zetRechten(groep, heel, "Op de server de rechten van de groep van beheerders hersteld.", "")
		}
		var voor any
		na = nil
		for _, g := range o.gebruikers {
			if h := g.op(o.nu); h.Email == NormaalEmail(email) {
				na, voor = g.volgende(o.nu), g
			}
		}
		if na == nil {
			na = &Gebruiker{ID: uuid.New(), Versie: 1, OIN: oin, Groepen: []Lidmaatschap{}}
			if err := (&GebruikerInvoer{Naam: naam, Email: email}).op(o, na); err != nil {
				return err
			}
		}
		na.Actief = true
		na.zetLid(Lidmaatschap{Groep: groep.ID, Bron: BronHand})
		o.zet(na)
		o.meld(beheerlog.Regel{Soort: beheerlog.Lidmaatschap, Betreft: wieIs(na), Wat: "Op de server beheerder van gebruikers gemaakt.", Voor: voor, Na: na})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return na.op(b.nu()), nil
}

// GebruikerBeeld is what a page or the API shows of a person. Text that the reader may not see is masked or gone.
type GebruikerBeeld struct {
	ID           uuid.UUID
	Versie       int64
	Naam         string `klasse:"gewoon"`
	Email        string `klasse:"contact"`
	EmailStraks  string `klasse:"contact"` // with EmailVanaf: the address that will hold
	EmailVanaf   time.Time
	Functiegroep string `klasse:"gewoon"` // its name
	FunctieID    uuid.UUID
	Groepen      []LidBeeld
	Actief       bool
	Uitgever     string `klasse:"contact"`
	Onderwerp    string `klasse:"contact"`
	Opleiding    time.Time
	Ernstig      bool // has rights that a serious warning goes with
	Zelf         bool // the reader
}

// LidBeeld is a running membership.
type LidBeeld struct {
	Groep uuid.UUID
	Naam  string `klasse:"gewoon"`
	Tot   time.Time
	Bron  string `klasse:"gewoon"`
}

// Mensen gives everyone by name, those whose account is closed last. Errors: CodeGeenToestemming.
func (b *Beheer) Mensen(d Dader) ([]GebruikerBeeld, error) {
	t, err := b.read(d, magMensenZien)
	if err != nil {
		return nil, err
	}
	uit := []GebruikerBeeld{}
	for _, g := range t.gebruikers {
		uit = append(uit, b.beeld(t, d, g))
	}
	slices.SortFunc(uit, func(a, b GebruikerBeeld) int {
		switch {
		case a.Actief != b.Actief && a.Actief:
			return -1
		case a.Actief != b.Actief:
			return 1
		}
		return strings.Compare(vergelijkbaar(a.Naam)+a.ID.String(), vergelijkbaar(b.Naam)+b.ID.String())
	})
	return uit, nil
}

// Mens gives one person. Errors: CodeGeenToestemming, fout.NietGevonden.
func (b *Beheer) Mens(d Dader, id uuid.UUID) (GebruikerBeeld, error) {
	t, err := b.read(d, magMensenZien)
	if err != nil {
		return GebruikerBeeld{}, err
	}
	g, ok := t.gebruikers[id]
	if !ok {
		return GebruikerBeeld{}, onbekend
	}
	return b.beeld(t, d, g), nil
}

func (b *Beheer) beeld(t *stand, d Dader, opgeslagen *Gebruiker) GebruikerBeeld {
	nu := b.nu()
	g := opgeslagen.op(nu)
	uit := GebruikerBeeld{
		ID: g.ID, Versie: g.Versie, Naam: g.Naam, Email: g.Email, FunctieID: g.Functiegroep, Actief: g.Actief, Uitgever: g.Uitgever,
		Onderwerp: g.Onderwerp, Opleiding: g.Opleiding, Ernstig: len(ernstig(t.rechten(g.ID, nu))) > 0, Zelf: !d.machine && d.gebruiker == g.ID,
	}
	if f, ok := t.functiegroepen[g.Functiegroep]; ok {
		uit.Functiegroep = f.Naam
	}
	if g.Wacht != nil {
		uit.EmailStraks, uit.EmailVanaf = g.Wacht.Email, g.Wacht.Vanaf
	}
	uit.Groepen = t.lidBeelden(g, nu)
	if !d.machine {
		Toon(t.rechten(d.gebruiker, nu), ModuleGebruikers, BereikAlles, &uit)
	}
	return uit
}

func (t *stand) lidBeelden(g *Gebruiker, nu time.Time) (uit []LidBeeld) {
	for _, l := range g.Groepen {
		if a, ok := t.groepen[l.Groep]; ok && loopt(l.Tot, nu) {
			uit = append(uit, LidBeeld{l.Groep, a.Naam, l.Tot, l.Bron})
		}
	}
	slices.SortFunc(uit, func(a, b LidBeeld) int { return strings.Compare(vergelijkbaar(a.Naam), vergelijkbaar(b.Naam)) })
	return uit
}

// wieIs names a document for the beheerlog.
func wieIs(d kast.Document) beheerlog.Wie {
	p := d.Plaats()
	w := beheerlog.Wie{Soort: string(p.Soort), ID: p.ID.String()}
	switch d := d.(type) {
	case *Gebruiker:
		w.Naam = d.Naam
	case *Functiegroep:
		w.Naam = d.Naam
	case *Autorisatiegroep:
		w.Naam = d.Naam
	}
	return w
}
