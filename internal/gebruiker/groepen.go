package gebruiker

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Uitkomst is what came of a change of rights: it is done, or it waits for a second administrator.
type Uitkomst struct {
	Voorstel *Voorstel // nil: it is done
	Melding  string    // Dutch: what else has to be done, such as when nobody can approve it; mostly empty
}

// groepInLog is a group as the beheerlog keeps it.
func groepInLog(a *Autorisatiegroep, nu time.Time) any {
	return struct {
		Naam         string   `json:"naam"`
		Omschrijving string   `json:"omschrijving,omitzero"`
		Rechten      []Recht  `json:"rechten"`
		Claims       []string `json:"claims"`
		Profiel      []string `json:"profiel"`
	}{a.Naam, a.Omschrijving, a.Rechten, a.Claims, profiel("Deze groep", a.Rechten, nu).zinnen()}
}

// VoegGroepToe adds an autorisatiegroep, which can do nothing. Errors: CodeOngeldig, CodeGeenToestemming.
func (b *Beheer) VoegGroepToe(ctx context.Context, d Dader, naam, omschrijving string) (*Autorisatiegroep, error) {
	var a *Autorisatiegroep
	err := b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magGroepenNoemen); err != nil {
			return err
		}
		a = &Autorisatiegroep{ID: uuid.New(), Versie: 1, OIN: d.oin, Rechten: []Recht{}, Claims: []string{}, Herzien: o.nu}
		var err error
		if a.Naam, a.Omschrijving, err = o.noem(a, naam, omschrijving); err != nil {
			return err
		}
		o.zet(a)
		o.meld(beheerlog.Regel{Soort: beheerlog.Autorisatiegroep, Betreft: wieIs(a), Wat: "Groep toegevoegd, zonder rechten.", Na: groepInLog(a, o.nu)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.kopie(), nil
}

// WijzigGroep changes the name. Errors: CodeOngeldig, CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) WijzigGroep(ctx context.Context, d Dader, id uuid.UUID, versie int64, naam, omschrijving string) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		if err := o.eis(magGroepenNoemen); err != nil {
			return err
		}
		voor, err := o.groep(id, versie)
		if err != nil {
			return err
		}
		na := voor.volgende()
		if na.Naam, na.Omschrijving, err = o.noem(na, naam, omschrijving); err != nil {
			return err
		}
		o.zet(na)
		o.meld(beheerlog.Regel{
			Soort: beheerlog.Autorisatiegroep, Betreft: wieIs(na), Wat: "Naam of omschrijving van de groep gewijzigd.",
			Voor: groepInLog(voor, o.nu), Na: groepInLog(na, o.nu),
		})
		return nil
	})
}

// noem checks a name and description for a group of either kind.
func (o *ontwerp) noem(d kast.Document, naam, omschrijving string) (string, string, error) {
	k := keuring{}
	naam = k.tekst("naam", naam, maxNaam, true)
	omschrijving = k.tekst("omschrijving", omschrijving, maxOmschrijving, false)
	bezet := false
	switch p := d.Plaats(); p.Soort {
	case SoortAutorisatiegroep:
		for id, a := range o.groepen {
			bezet = bezet || id != p.ID && vergelijkbaar(a.Naam) == vergelijkbaar(naam)
		}
	case SoortFunctiegroep:
		for id, f := range o.functiegroepen {
			bezet = bezet || id != p.ID && vergelijkbaar(f.Naam) == vergelijkbaar(naam)
		}
	}
	if bezet {
		k.mis("naam", "unique", "Een andere groep heet al zo; kies een andere naam.")
	}
	return naam, omschrijving, k.err()
}

// Voorzie tells what other rights would mean for a group, without giving them. Errors: CodeGeenToestemming,
// fout.NietGevonden, CodeOngeldig.
func (b *Beheer) Voorzie(d Dader, groep uuid.UUID, rechten []Recht) (Voorstelling, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return Voorstelling{}, err
	}
	a, ok := t.groepen[groep]
	if !ok {
		return Voorstelling{}, onbekend
	}
	k := keuring{ValidateRechten(rechten, b.nu())}
	if err := k.err(); err != nil {
		return Voorstelling{}, err
	}
	return t.voorzieRechten(a, ordenRechten(rechten), b.nu()), nil
}

// ZetRechten gives a group these rights in place of what it had. What brings something serious needs a reason of at least
// 15 characters and becomes a Voorstel. Nobody changes a group that they are in. Errors: CodeOngeldig,
// CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) ZetRechten(ctx context.Context, d Dader, groep uuid.UUID, versie int64, rechten []Recht, reden string) (u Uitkomst, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		u = Uitkomst{}
		voor, err := o.rechtengroep(groep, versie)
		if err != nil {
			return err
		}
		k := keuring{ValidateRechten(rechten, o.nu)}
		if err := k.err(); err != nil {
			return err
		}
		na := voor.volgende()
		na.Rechten = ordenRechten(rechten)
		if slices.EqualFunc(voor.Rechten, na.Rechten, gelijk) {
			return nil
		}
		v := o.voorzieRechten(voor, na.Rechten, o.nu)
		if v.Ernstig() {
			u, err = o.stelVoor(&Voorstel{Wat: VoorstelRechten, Groep: groep, GroepVersie: versie, Rechten: na.Rechten, Reden: reden}, v)
			return err
		}
		reden, err = eisReden(reden, false)
		if err != nil {
			return err
		}
		o.zetRechten(voor, na, "Rechten van de groep gewijzigd.", reden)
		return nil
	})
	return u, err
}

// rechtengroep gives a group that the dader may change the rights of.
func (o *ontwerp) rechtengroep(groep uuid.UUID, versie int64) (*Autorisatiegroep, error) {
	if err := o.eis(magRechtenGeven); err != nil {
		return nil, err
	}
	a, err := o.groep(groep, versie)
	if err != nil {
		return nil, err
	}
	if o.zitIn(groep) {
		return nil, eigenGroep
	}
	return a, nil
}

func (o *ontwerp) zetRechten(voor, na *Autorisatiegroep, wat, reden string) {
	o.zet(na)
	o.meld(beheerlog.Regel{
		Soort: beheerlog.Autorisatiegroep, Betreft: wieIs(na), Wat: wat, Reden: reden, Voor: groepInLog(voor, o.nu), Na: groepInLog(na, o.nu),
	})
}

// ZetClaims says which groups of the sign-in service make someone a member. For a group with serious rights that is
// serious: it becomes a Voorstel. Errors as of ZetRechten.
func (b *Beheer) ZetClaims(ctx context.Context, d Dader, groep uuid.UUID, versie int64, claims []string, reden string) (u Uitkomst, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		u = Uitkomst{}
		voor, err := o.rechtengroep(groep, versie)
		if err != nil {
			return err
		}
		k := keuring{}
		na := voor.volgende()
		na.Claims = []string{}
		for _, c := range claims {
			if c = k.tekst("claims", c, maxClaim, false); c != "" && !slices.Contains(na.Claims, c) {
				na.Claims = append(na.Claims, c)
			}
		}
		if len(na.Claims) > maxClaims {
			k.mis("claims", "max_length", "Dit zijn er te veel; noem hoogstens 50 groepen van de aanmelddienst.")
		}
		if err := k.err(); err != nil {
			return err
		}
		if slices.Equal(voor.Claims, na.Claims) {
			return nil
		}
		erbij := slices.ContainsFunc(na.Claims, func(c string) bool { return !slices.Contains(voor.Claims, c) })
		if erbij && ooitErnstig(voor.Rechten, o.nu) {
			u, err = o.stelVoor(&Voorstel{Wat: VoorstelClaims, Groep: groep, GroepVersie: versie, Claims: na.Claims, Reden: reden}, Voorstelling{})
			return err
		}
		if reden, err = eisReden(reden, false); err != nil {
			return err
		}
		o.zetRechten(voor, na, "Gewijzigd welke groepen van de aanmelddienst lid maken.", reden)
		return nil
	})
	return u, err
}

// ooitErnstig reports whether rights are serious now or at a later moment.
func ooitErnstig(rechten []Recht, nu time.Time) bool {
	return len(nieuwe(nil, []verleend{{rechten: rechten}}, nu)) > 0
}

// minReden is what a reason has at least, in characters.
const minReden = 15

// eisReden gives a reason without spaces around it.
func eisReden(reden string, verplicht bool) (string, error) {
	k := keuring{}
	reden = k.tekst("reden", strings.Join(strings.Fields(reden), " "), maxReden, false)
	if verplicht && utf8.RuneCountInString(reden) < minReden {
		k.mis("reden", "required", "Schrijf in een zin waarom dit nodig is, in minstens 15 tekens. De reden komt in het beheerlog.")
	}
	return reden, k.err()
}

// GroepBeeld is what a page or the API shows of an autorisatiegroep.
type GroepBeeld struct {
	ID             uuid.UUID
	Versie         int64
	Naam           string         `klasse:"gewoon"`
	Omschrijving   string         `klasse:"gewoon"`
	Rechten        []Recht        `klasse:"gewoon"`
	Claims         []string       `klasse:"gewoon"`
	Zinnen         []string       `klasse:"gewoon"` // the profile
	Waarschuwingen []Waarschuwing `klasse:"gewoon"`
	Mensen         int
	Ernstig        bool
	Eigen          bool // the reader is in it
	Herzien        time.Time
	Verouderd      bool // it is time to look at it again
	Voorstellen    int  // how many wait
}

// Groepen gives the autorisatiegroepen by name. Errors: CodeGeenToestemming.
func (b *Beheer) Groepen(d Dader) ([]GroepBeeld, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return nil, err
	}
	uit := []GroepBeeld{}
	for _, a := range t.groepen {
		uit = append(uit, b.groepBeeld(t, d, a))
	}
	slices.SortFunc(uit, func(a, b GroepBeeld) int { return strings.Compare(vergelijkbaar(a.Naam), vergelijkbaar(b.Naam)) })
	return uit, nil
}

// Groep gives one. Errors: CodeGeenToestemming, fout.NietGevonden.
func (b *Beheer) Groep(d Dader, id uuid.UUID) (GroepBeeld, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return GroepBeeld{}, err
	}
	a, ok := t.groepen[id]
	if !ok {
		return GroepBeeld{}, onbekend
	}
	return b.groepBeeld(t, d, a), nil
}

func (b *Beheer) groepBeeld(t *stand, d Dader, a *Autorisatiegroep) GroepBeeld {
	nu := b.nu()
	v := t.voorzieRechten(a, a.Rechten, nu)
	a = a.kopie()
	uit := GroepBeeld{
		ID: a.ID, Versie: a.Versie, Naam: a.Naam, Omschrijving: a.Omschrijving, Rechten: a.Rechten, Claims: a.Claims, Zinnen: v.Profiel.zinnen(),
		Waarschuwingen: v.Waarschuwingen, Mensen: v.Mensen, Ernstig: ooitErnstig(a.Rechten, nu), Herzien: a.Herzien, Verouderd: a.verouderd(nu),
	}
	if g, ok := t.gebruikers[d.gebruiker]; ok && !d.machine {
		_, uit.Eigen = g.lid(a.ID, nu)
	}
	for _, v := range t.voorstellen {
		if v.Groep == a.ID && t.vervallen(v, nu) == "" {
			uit.Voorstellen++
		}
	}
	if !d.machine {
		Toon(t.rechten(d.gebruiker, nu), ModuleGroepen, BereikAlles, &uit)
	}
	return uit
}

// Leden gives who is in a group now, by name. Errors: CodeGeenToestemming, fout.NietGevonden.
func (b *Beheer) Leden(d Dader, groep uuid.UUID) ([]GebruikerBeeld, error) {
	mensen, err := b.Mensen(d)
	if err != nil {
		return nil, err
	}
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return nil, err
	}
	if _, ok := t.groepen[groep]; !ok {
		return nil, onbekend
	}
	return slices.DeleteFunc(mensen, func(g GebruikerBeeld) bool {
		return !slices.ContainsFunc(g.Groepen, func(l LidBeeld) bool { return l.Groep == groep })
	}), nil
}
