package beheerpaginas

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// doelbinding implements beheer.Doelbinding.
type doelbinding struct{ *Koppeling }

// genoemd is what a table says of an activity that it names.
type genoemd struct {
	naam   string
	geldig bool // today
}

func (d doelbinding) genoemd(b *pagina.Bezoeker) (map[uuid.UUID]genoemd, error) {
	alle, err := d.Activiteiten.Lijst(d.activiteitDader(b), activiteit.Filter{})
	if err != nil {
		return nil, err
	}
	uit := make(map[uuid.UUID]genoemd, len(alle))
	for _, a := range alle {
		v, ok := a.GeldigOp(d.vandaag())
		g := genoemd{a.Actueel().Naam, ok}
		if ok {
			g.naam = v.Naam
		}
		uit[a.ID] = g
	}
	return uit, nil
}

func (d doelbinding) Koppelingen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Koppeling, err error) {
	alle, err := d.Activiteiten.Koppelingen(d.activiteitDader(b))
	if err != nil {
		return nil, err
	}
	bekend, err := d.genoemd(b)
	for _, k := range alle {
		g := bekend[k.Activiteit]
		uit = append(uit, beheer.Koppeling{
			ID: k.ID, Stand: k.Stand, Applicatie: k.Applicatie, Functie: k.Functie, Activiteit: k.Activiteit, ActiviteitNaam: g.naam, Geldig: g.geldig, Toelichting: k.Toelichting,
		})
	}
	return uit, err
}

func (d doelbinding) ZetKoppeling(ctx context.Context, b *pagina.Bezoeker, k beheer.Koppeling) error {
	_, err := d.Activiteiten.ZetKoppeling(ctx, d.activiteitDader(b), activiteit.Koppeling{
		ID: k.ID, Stand: k.Stand, Applicatie: k.Applicatie, Functie: k.Functie, Activiteit: k.Activiteit, Toelichting: k.Toelichting,
	})
	return err
}

func (d doelbinding) WisKoppeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64) error {
	return d.Activiteiten.WisKoppeling(ctx, d.activiteitDader(b), id, stand)
}

func (d doelbinding) Leveringen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Levering, err error) {
	alle, err := d.Activiteiten.Leveringen(d.activiteitDader(b))
	if err != nil {
		return nil, err
	}
	bekend, err := d.genoemd(b)
	op := d.vandaag()
	for _, l := range alle {
		g := bekend[l.Activiteit]
		uit = append(uit, beheer.Levering{
			ID: l.ID, Stand: l.Stand, Afnemer: l.Afnemer, AfnemerNaam: d.Naam(l.Afnemer), Gegevensset: l.Gegevensset, Doel: l.Doel, Activiteit: l.Activiteit,
			ActiviteitNaam: g.naam, Geldig: g.geldig && l.Van <= op && (l.Tot == "" || op <= l.Tot), Vertrouwelijk: l.Vertrouwelijk, Toelichting: l.Toelichting,
			Van: string(l.Van), Tot: string(l.Tot),
		})
	}
	return uit, err
}

func (d doelbinding) ZetLevering(ctx context.Context, b *pagina.Bezoeker, l beheer.Levering) error {
	_, err := d.Activiteiten.ZetLevering(ctx, d.activiteitDader(b), activiteit.Levering{
		ID: l.ID, Stand: l.Stand, Afnemer: l.Afnemer, Gegevensset: l.Gegevensset, Doel: l.Doel, Activiteit: l.Activiteit, Vertrouwelijk: l.Vertrouwelijk,
		Toelichting: l.Toelichting, Van: activiteit.Datum(l.Van), Tot: activiteit.Datum(l.Tot),
	})
	return err
}

func (d doelbinding) WisLevering(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64) error {
	return d.Activiteiten.WisLevering(ctx, d.activiteitDader(b), id, stand)
}

func (d doelbinding) Loggrond(_ context.Context, b *pagina.Bezoeker) (*beheer.Loggrond, error) {
	l, err := d.Activiteiten.Loggrond(d.activiteitDader(b))
	if err != nil {
		return nil, err
	}
	bekend, err := d.genoemd(b)
	uit := &beheer.Loggrond{
		Stand: l.Stand, Activiteit: l.Activiteit, ActiviteitNaam: bekend[l.Activiteit].naam, Vloer: l.Vloer, Maximum: l.Maximum,
		Selectielijst: l.Selectielijst, Besluit: l.Besluit, BesluitDatum: string(l.BesluitDatum),
	}
	for _, p := range l.Plichten {
		uit.Plichten = append(uit.Plichten, beheer.Plicht{Plicht: p.Plicht, Grondslag: p.Grondslag, Toelichting: p.Toelichting})
	}
	return uit, err
}

func (d doelbinding) ZetLoggrond(ctx context.Context, b *pagina.Bezoeker, l beheer.Loggrond) error {
	in := activiteit.Loggrond{
		Stand: l.Stand, Activiteit: l.Activiteit, Vloer: l.Vloer, Maximum: l.Maximum, Selectielijst: l.Selectielijst, Besluit: l.Besluit, BesluitDatum: activiteit.Datum(l.BesluitDatum),
	}
	for _, p := range l.Plichten {
		in.Plichten = append(in.Plichten, activiteit.Plicht{Plicht: p.Plicht, Grondslag: p.Grondslag, Toelichting: p.Toelichting})
	}
	return d.Activiteiten.ZetLoggrond(ctx, d.activiteitDader(b), in)
}

func (d doelbinding) Verantwoordelijke(_ context.Context, b *pagina.Bezoeker) (*beheer.Verantwoordelijke, error) {
	if !d.activiteitDader(b).Mag(activiteit.Zien) {
		return nil, fout.GeenToestemming
	}
	v := d.Activiteiten.Verantwoordelijke(b.OIN)
	return &beheer.Verantwoordelijke{Stand: v.Stand, Naam: v.Naam, Adres: v.Adres, Contact: beheer.Contact(v.Contact), FG: beheer.Contact(v.FG)}, nil
}

func (d doelbinding) ZetVerantwoordelijke(ctx context.Context, b *pagina.Bezoeker, v beheer.Verantwoordelijke) error {
	return d.Activiteiten.ZetVerantwoordelijke(ctx, d.activiteitDader(b), activiteit.Verantwoordelijke{
		Stand: v.Stand, Naam: v.Naam, Adres: v.Adres, Contact: activiteit.Contact(v.Contact), FG: activiteit.Contact(v.FG),
	})
}
