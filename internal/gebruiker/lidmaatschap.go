package gebruiker

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func (o *ontwerp) zetLid(na *Gebruiker, wat, reden string) {
	o.zet(na)
	o.meld(beheerlog.Regel{Soort: beheerlog.Lidmaatschap, Betreft: wieIs(na), Wat: wat, Reden: reden, Voor: o.gebruikers[na.ID], Na: na})
}

// lidVan gives the person and the group of a membership that the dader may change.
func (o *ontwerp) lidVan(groep, gebruiker uuid.UUID, versie int64) (*Gebruiker, *Autorisatiegroep, error) {
	if err := o.eis(magRechtenGeven); err != nil {
		return nil, nil, err
	}
	g, err := o.gebruiker(gebruiker, versie)
	if err != nil {
		return nil, nil, err
	}
	a, ok := o.groepen[groep]
	switch {
	case !ok:
		return nil, nil, onbekend
	case o.zelf(gebruiker):
		return nil, nil, eigenGegevens
	case !g.Actief:
		return nil, nil, fout.New(fout.CodeGeenToestemming, "Dit account is gesloten. Heropen het eerst.")
	}
	return g, a, nil
}

// VoorzieLid tells what membership of a group would mean for a person, or with weg leaving it. Errors:
// CodeGeenToestemming, fout.NietGevonden.
func (b *Beheer) VoorzieLid(d Dader, groep, gebruiker uuid.UUID, tot time.Time, weg bool) (Voorstelling, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return Voorstelling{}, err
	}
	if _, err := b.read(d, magMensenZien); err != nil {
		return Voorstelling{}, err
	}
	g, ok := t.gebruikers[gebruiker]
	if _, er := t.groepen[groep]; !er || !ok {
		return Voorstelling{}, onbekend
	}
	nu := b.nu()
	if weg {
		return t.voorzieLid(zonderGroep(g, groep, nu), nu), nil
	}
	return t.voorzieLid(metGroep(g, Lidmaatschap{Groep: groep, Tot: tot, Bron: BronHand}, nu), nu), nil
}

// Kan tells in sentences what a person can do, by all their groups together. Errors: CodeGeenToestemming,
// fout.NietGevonden.
func (b *Beheer) Kan(d Dader, gebruiker uuid.UUID) ([]string, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return nil, err
	}
	if _, err := b.read(d, magMensenZien); err != nil {
		return nil, err
	}
	if _, ok := t.gebruikers[gebruiker]; !ok {
		return nil, onbekend
	}
	nu := b.nu()
	uit := []string{}
	for _, z := range profielVan("Deze persoon", t.verleend(gebruiker, nu), nu).zinnen() {
		if !slices.Contains(uit, z) { // two groups may give the same
			uit = append(uit, z)
		}
	}
	return uit, nil
}

// ZetLid makes a person a member of a group, until a moment or without end; versie is that of the person. What brings
// something serious needs a reason and becomes a Voorstel. Errors: CodeOngeldig, CodeGeenToestemming, fout.NietGevonden,
// fout.Gelijktijdig.
func (b *Beheer) ZetLid(ctx context.Context, d Dader, groep, gebruiker uuid.UUID, versie int64, tot time.Time, reden string) (u Uitkomst, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		u = Uitkomst{}
		g, a, err := o.lidVan(groep, gebruiker, versie)
		if err != nil {
			return err
		}
		if !loopt(tot, o.nu) {
			return fout.Ongeldig(fout.Param{Name: "tot", Code: "invalid", Reason: "Deze einddatum is al voorbij; kies een latere."})
		}
		na := metGroep(g, Lidmaatschap{Groep: groep, Tot: tot, Bron: BronHand}, o.nu)
		if v := o.voorzieLid(na, o.nu); v.Ernstig() {
			u, err = o.stelVoor(&Voorstel{Wat: VoorstelLid, Groep: groep, GroepVersie: a.Versie, Gebruiker: gebruiker, Tot: tot, Reden: reden}, v)
			return err
		}
		if reden, err = eisReden(reden, false); err != nil {
			return err
		}
		wat := "Lid gemaakt van de groep " + a.Naam
		if !tot.IsZero() {
			wat += ", tot " + Datum(tot)
		}
		o.zetLid(na, wat+".", reden)
		return nil
	})
	return u, err
}

// HaalLidWeg ends a membership at once, unless that would let loose something serious that a verbod kept away. Errors
// as of ZetLid.
func (b *Beheer) HaalLidWeg(ctx context.Context, d Dader, groep, gebruiker uuid.UUID, versie int64, reden string) (u Uitkomst, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		u = Uitkomst{}
		g, a, err := o.lidVan(groep, gebruiker, versie)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(g.Groepen, func(l Lidmaatschap) bool { return l.Groep == groep }) {
			return nil
		}
		na := zonderGroep(g, groep, o.nu)
		if v := o.voorzieLid(na, o.nu); v.Ernstig() {
			u, err = o.stelVoor(&Voorstel{Wat: VoorstelGeenLid, Groep: groep, GroepVersie: a.Versie, Gebruiker: gebruiker, Reden: reden}, v)
			return err
		}
		if reden, err = eisReden(reden, false); err != nil {
			return err
		}
		o.zetLid(na, "Uit de groep "+a.Naam+" gehaald.", reden)
		if l, _ := g.lid(groep, o.nu); l.Bron == BronAanmelddienst {
			u.Melding = "Dit lidmaatschap kwam van de aanmelddienst, en komt bij de volgende aanmelding terug. Haal de persoon ook daar uit de groep."
		}
		return nil
	})
	return u, err
}

// NeemGroepenOver makes a person a member of the groups that the sign-in service gives at this sign-in, and ends those
// that it gave earlier and no longer does. What was given by hand stays. Whoever set the claims of a group with
// serious rights had a second administrator for it; so this has none. The last who can give rights keeps what is
// needed for that. Errors: fout.NietGevonden.
func (b *Beheer) NeemGroepenOver(ctx context.Context, oin string, gebruiker uuid.UUID, claims []string) error {
	neem := func(ook bool) error {
		return b.change(ctx, Dader{oin: oin}, func(o *ontwerp) error {
			o.door = beheerlog.Systeem
			g, ok := o.gebruikers[gebruiker]
			if !ok || !g.Actief {
				return onbekend
			}
			na := g.volgende(o.nu)
			var wat string
			for _, a := range o.groepen {
				lid, is := g.lid(a.ID, o.nu)
				krijgt := slices.ContainsFunc(a.Claims, func(c string) bool { return slices.Contains(claims, c) })
				switch {
				case krijgt && !is:
					na.zetLid(Lidmaatschap{Groep: a.ID, Bron: BronAanmelddienst})
					wat += " Lid geworden van " + a.Naam + "."
				case !krijgt && is && lid.Bron == BronAanmelddienst && ook:
					na.haalWeg(a.ID)
					wat += " Geen lid meer van " + a.Naam + "."
				}
			}
			if wat != "" {
				o.zetLid(na, "Overgenomen van de aanmelddienst."+wat, "")
			}
			return nil
		})
	}
	err := neem(true)
	if errors.Is(err, laatsteBeheerder) {
		b.meld(errors.New("the sign-in service takes away the last administrator of an organisation; the memberships are kept"))
		err = neem(false)
	}
	return err
}
