package beheerpaginas

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// mensen implements beheer.Mensen.
type mensen struct{ *Koppeling }

func (m mensen) Gebruikers(ctx context.Context, b *pagina.Bezoeker, z beheer.Zoek) (*beheer.GebruikersLijst, error) {
	alle, err := m.Beheer.Mensen(dader(b))
	if err != nil {
		return nil, err
	}
	alle = slices.DeleteFunc(alle, func(g gebruiker.GebruikerBeeld) bool {
		return !z.Alles && !g.Actief ||
			z.Tekst != "" && !strings.Contains(strings.ToLower(g.Naam), strings.ToLower(z.Tekst)) ||
			z.Groep != uuid.Nil && !slices.ContainsFunc(g.Groepen, func(l gebruiker.LidBeeld) bool { return l.Groep == z.Groep })
	})
	van, _ := strconv.Atoi(z.Vanaf)
	van = min(max(van, 0), len(alle))
	tot := min(van+max(z.N, 1), len(alle))
	uit := &beheer.GebruikersLijst{Totaal: len(alle)}
	if tot < len(alle) {
		uit.Volgende = strconv.Itoa(tot)
	}
	for _, g := range alle[van:tot] {
		r := beheer.GebruikerRegel{ID: g.ID, Naam: g.Naam, Email: g.Email, Functiegroep: g.Functiegroep, Actief: g.Actief, Ernstig: g.Ernstig}
		for _, l := range g.Groepen {
			r.Groepen = append(r.Groepen, l.Naam)
		}
		if r.Laatst, err = m.Aanmelding.LaatstAangemeld(ctx, b.OIN, g.ID); err != nil {
			return nil, err
		}
		uit.Regels = append(uit.Regels, r)
	}
	return uit, nil
}

func lidmaatschappen(l []gebruiker.LidBeeld) (uit []beheer.Lidmaatschap) {
	for _, g := range l {
		uit = append(uit, beheer.Lidmaatschap{Groep: g.Groep, Naam: g.Naam, Tot: g.Tot, Bron: g.Bron})
	}
	return uit
}

func (m mensen) Gebruiker(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.GebruikerBlad, error) {
	g, err := m.Beheer.Mens(dader(b), id)
	if err != nil {
		return nil, err
	}
	uit := &beheer.GebruikerBlad{
		ID: g.ID, Versie: g.Versie, Naam: g.Naam, Email: g.Email, Functiegroep: g.Functiegroep, FunctiegroepID: g.FunctieID,
		Groepen: lidmaatschappen(g.Groepen), Actief: g.Actief, Zelf: g.Zelf, Opleiding: g.Opleiding,
	}
	for _, d := range m.Extern {
		if g.Uitgever != "" && d.OIN == b.OIN && d.Uitgever() == g.Uitgever {
			uit.Aanmelddienst = d.Naam()
		}
	}
	if groepen, err := m.Beheer.Groepen(dader(b)); err == nil {
		for _, l := range g.Groepen {
			if i := slices.IndexFunc(groepen, func(g gebruiker.GroepBeeld) bool { return g.ID == l.Groep }); i >= 0 {
				for j := range uit.Groepen {
					if uit.Groepen[j].Groep == l.Groep {
						uit.Groepen[j].Ernstig = groepen[i].Ernstig
					}
				}
			}
		}
	}
	if uit.Kan, err = m.Beheer.Kan(dader(b), id); err != nil && fout.CodeOf(err) != fout.CodeGeenToestemming {
		return nil, err
	}
	if voorstellen, err := m.Beheer.Voorstellen(dader(b)); err == nil {
		for _, v := range voorstellen {
			if v.Soort == gebruiker.VoorstelLid && v.Gebruiker == id && v.Vervallen == "" {
				uit.Groepen = append(uit.Groepen, beheer.Lidmaatschap{Groep: v.Groep, Naam: v.GroepNaam, Tot: v.Tot, Wacht: true})
			}
		}
	}
	if err := m.aanmelding(ctx, b.OIN, uit); err != nil {
		return nil, err
	}
	return uit, nil
}

// aanmelding adds how somebody signs in.
func (m mensen) aanmelding(ctx context.Context, oin string, g *beheer.GebruikerBlad) error {
	o, err := m.Aanmelding.OverzichtVan(ctx, oin, g.ID)
	if err != nil {
		return err
	}
	if n := len(o.Passkeys); n > 0 {
		g.Middelen = append(g.Middelen, "passkey")
	}
	if o.TOTP {
		g.Middelen = append(g.Middelen, "app met codes")
	}
	if o.Herstelcodes > 0 {
		g.Middelen = append(g.Middelen, "herstelcodes")
	}
	if g.Sessies, err = m.Aanmelding.AantalSessies(ctx, oin, g.ID); err != nil {
		return err
	}
	g.Aanmeldingen, err = m.historie(ctx, oin, g.ID)
	return err
}

func (m mensen) VoegToe(ctx context.Context, b *pagina.Bezoeker, in beheer.Gegevens) (uuid.UUID, error) {
	g, err := m.Beheer.VoegToe(ctx, dader(b), gebruiker.GebruikerInvoer{Naam: in.Naam, Email: in.Email, Functiegroep: in.Functiegroep, Opleiding: in.Opleiding})
	if err != nil {
		return uuid.Nil, err
	}
	defer m.Wek()
	return g.ID, m.Aanmelding.Nodig(ctx, b.OIN, g.ID, wie(b))
}

func (m mensen) Wijzig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, in beheer.Gegevens) (string, error) {
	g, err := m.Beheer.Mens(dader(b), id)
	if err != nil {
		return "", err
	}
	na, err := m.Beheer.Wijzig(ctx, dader(b), id, versie, gebruiker.GebruikerInvoer{
		Naam: in.Naam, Email: in.Email, Functiegroep: in.Functiegroep, Opleiding: in.Opleiding, Uitgever: g.Uitgever, Onderwerp: g.Onderwerp,
	})
	if err != nil {
		return "", err
	}
	m.Wek()
	if na != nil && na.Wacht != nil {
		return pagina.WachtDag, nil
	}
	return pagina.Bewaard, nil
}

// uitkomst is the message that a change of rights ends with.
func uitkomst(u gebruiker.Uitkomst, gedaan string) string {
	if u.Voorstel != nil {
		return pagina.WachtOpTweede
	}
	return gedaan
}

func (m mensen) VoorzieLid(_ context.Context, b *pagina.Bezoeker, id uuid.UUID, groep uuid.UUID, tot time.Time) (*beheer.Voorstelling, error) {
	v, err := m.Beheer.VoorzieLid(dader(b), groep, id, tot, false)
	if err != nil {
		return nil, err
	}
	uit := voorstelling(&v)
	return &uit, nil
}

func (m mensen) Lid(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, groep uuid.UUID, tot time.Time, reden string) (string, error) {
	u, err := m.Beheer.ZetLid(ctx, dader(b), groep, id, versie, tot, reden)
	return uitkomst(u, pagina.Toegevoegd), err
}

func (m mensen) GeenLid(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, groep uuid.UUID, reden string) error {
	_, err := m.Beheer.HaalLidWeg(ctx, dader(b), groep, id, versie, reden)
	return err
}

func (m mensen) Sluit(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, reden string) error {
	if err := m.Beheer.Sluit(ctx, dader(b), id, versie, reden); err != nil {
		return err
	}
	return m.Aanmelding.BeeindigAlles(ctx, b.OIN, id, wie(b), reden)
}

func (m mensen) MeldAf(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error {
	if err := m.mag(b, gebruiker.ModuleGebruikers, gebruiker.Beheren); err != nil {
		return err
	}
	return m.Aanmelding.BeeindigAlles(ctx, b.OIN, id, wie(b), "")
}

// Herroep is for who lost what they signed in with, or whose account was taken over: they begin anew, with an invitation.
func (m mensen) Herroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, reden string) error {
	if err := m.mag(b, gebruiker.ModuleGebruikers, gebruiker.Beheren); err != nil {
		return err
	}
	if id == b.ID {
		return fout.New(fout.CodeGeenToestemming, "Uw eigen aanmeldgegevens trekt een andere beheerder in.")
	}
	if err := m.Aanmelding.Herroep(ctx, b.OIN, id, wie(b), reden); err != nil {
		return err
	}
	defer m.Wek()
	return m.Aanmelding.Nodig(ctx, b.OIN, id, wie(b))
}

func (m mensen) Heropen(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, reden string) error {
	if err := m.Beheer.Heropen(ctx, dader(b), id, versie, reden); err != nil {
		return err
	}
	defer m.Wek()
	return m.Aanmelding.Nodig(ctx, b.OIN, id, wie(b))
}

func (m mensen) NodigUit(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error {
	if err := m.mag(b, gebruiker.ModuleGebruikers, gebruiker.Beheren); err != nil {
		return err
	}
	defer m.Wek()
	return m.Aanmelding.Nodig(ctx, b.OIN, id, wie(b))
}
