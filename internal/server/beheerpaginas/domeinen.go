package beheerpaginas

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// domeinen implements beheer.Domeinen.
type domeinen struct{ *Koppeling }

func (d domeinen) medewerker(b *pagina.Bezoeker) inwoner.Medewerker {
	return inwoner.Medewerker{OIN: b.OIN, Wie: wie(b), Mag: func(handeling string) bool {
		return d.Beheer.Register().Rechten(b.OIN, b.ID, d.Nu()).MagGewoon(gebruiker.ModuleDomeinen, gebruiker.Handeling(handeling))
	}}
}

func (d domeinen) Lijst(_ context.Context, b *pagina.Bezoeker) (uit []beheer.DomeinBlad, err error) {
	m := d.medewerker(b)
	alle, err := d.Domeinen.Alle(m)
	for _, een := range alle {
		uit = append(uit, d.blad(m, een))
	}
	return uit, err
}

func (d domeinen) Een(_ context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.DomeinBlad, error) {
	m := d.medewerker(b)
	een, err := d.Domeinen.Een(m, id)
	if err != nil {
		return nil, err
	}
	uit := d.blad(m, een)
	return &uit, nil
}

func (d domeinen) blad(m inwoner.Medewerker, een *domein.Domein) beheer.DomeinBlad {
	uit := beheer.DomeinBlad{ID: een.ID, Versie: een.Versie, Naam: een.Naam(), Open: een.Open, Sinds: een.Sinds, Door: persoon(een.Door), Akkoord: persoon(een.Akkoord)}
	if een.Inhoud.Naam != "" {
		in := d.inhoud(m.OIN, &een.Inhoud)
		uit.Geldt = &in
	}
	if v := een.Wacht(d.Nu()); v != nil {
		uit.Voorstel = &beheer.DomeinVoorstel{
			Inhoud: d.inhoud(m.OIN, &v.Inhoud), Door: persoon(v.Door), Op: v.Gemaakt, Vervalt: v.Gemaakt.Add(domein.VoorstelGeldig), Eigen: v.Door.Soort == m.Wie.Soort && v.Door.ID == m.Wie.ID,
		}
	}
	return uit
}

func (d domeinen) inhoud(oin string, in *domein.Inhoud) beheer.DomeinInhoud {
	uit := beheer.DomeinInhoud{Naam: in.Naam, Uitleg: in.Uitleg}
	for _, s := range in.Voor {
		uit.Voor = append(uit.Voor, string(s))
	}
	for _, a := range in.Activiteiten {
		uit.Activiteiten = append(uit.Activiteiten, d.activiteit(oin, a))
	}
	return uit
}

func (d domeinen) activiteit(oin string, a domein.Activiteit) beheer.DomeinActiviteit {
	uit := beheer.DomeinActiviteit{ID: a.ID, Waarom: a.Waarom}
	if v, _ := d.Activiteiten.Bekend(oin, a.ID, d.Nu()); v != nil {
		uit.Naam = v.Naam
	}
	gevaren := d.Domeinen.Gevaren(oin, a.ID)
	for _, g := range gevaren {
		uit.Gevaren = append(uit.Gevaren, string(g))
	}
	uit.Buiten = len(gevaren) > 0 && a.Waarom == "" || slices.Contains(gevaren, domein.Geheim) || slices.Contains(gevaren, domein.Eigen)
	return uit
}

// Keuzes asks the register by itself: who decides on domeinen need not see the rest of it.
func (d domeinen) Keuzes(_ context.Context, b *pagina.Bezoeker) (uit []beheer.DomeinActiviteit, err error) {
	m := d.medewerker(b)
	if !m.Mag(domein.MagZien) {
		return nil, fout.GeenToestemming
	}
	alle, err := d.Activiteiten.Lijst(activiteit.Dader{OIN: b.OIN, Wie: m.Wie, Mag: func(string) bool { return true }}, activiteit.Filter{})
	if err != nil {
		return nil, err
	}
	for _, a := range alle {
		een := d.activiteit(b.OIN, domein.Activiteit{ID: a.ID, Waarom: "?"})
		if een.Waarom = ""; !een.Buiten {
			uit = append(uit, een)
		}
	}
	return uit, nil
}

func (d domeinen) StelVoor(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, in beheer.DomeinInvoer) (uuid.UUID, error) {
	voor := domein.Inhoud{Naam: in.Naam, Uitleg: in.Uitleg}
	for _, s := range in.Voor {
		voor.Voor = append(voor.Voor, inwoner.NamensSoort(s))
	}
	for _, a := range in.Activiteiten {
		voor.Activiteiten = append(voor.Activiteiten, domein.Activiteit(a))
	}
	return d.Domeinen.StelVoor(ctx, d.medewerker(b), id, versie, voor)
}

func (d domeinen) Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error {
	return d.Domeinen.Beslis(ctx, d.medewerker(b), id, versie, goed, reden)
}

func (d domeinen) TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error {
	return d.Domeinen.TrekIn(ctx, d.medewerker(b), id, versie)
}

func (d domeinen) Sluit(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, reden string) error {
	return d.Domeinen.Sluit(ctx, d.medewerker(b), id, reden)
}
