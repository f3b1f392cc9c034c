package beheerpaginas

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// activiteiten implements beheer.Activiteiten.
type activiteiten struct{ *Koppeling }

// activiteitDader is who looks, for the register of verwerkingsactiviteiten: their rights as they are at the moment of asking.
func (k *Koppeling) activiteitDader(b *pagina.Bezoeker) activiteit.Dader {
	return activiteit.Dader{OIN: b.OIN, Wie: wie(b), Mag: func(handeling string) bool {
		return k.Beheer.Register().Rechten(b.OIN, b.ID, k.Nu()).MagErgens(gebruiker.ModuleActiviteiten, gebruiker.Handeling(handeling))
	}}
}

// vandaag is the day of today where people are.
func (k *Koppeling) vandaag() activiteit.Datum { return activiteit.DatumVan(k.Nu()) }

// dag is the day that was asked for; today when none was.
func (k *Koppeling) dag(op string) activiteit.Datum {
	if op == "" {
		return k.vandaag()
	}
	return activiteit.Datum(op)
}

func (a activiteiten) Lijst(_ context.Context, b *pagina.Bezoeker, z beheer.ActiviteitZoek) (*beheer.ActiviteitenLijst, error) {
	alle, err := a.Activiteiten.Lijst(a.activiteitDader(b), activiteit.Filter{})
	if err != nil {
		return nil, err
	}
	gevonden, err := a.Activiteiten.Lijst(a.activiteitDader(b), activiteit.Filter{Zoek: z.Tekst, Categorie: z.Categorie, Stand: z.Stand})
	if err != nil {
		return nil, err
	}
	uit := &beheer.ActiviteitenLijst{Totaal: len(gevonden), Alle: len(alle)}
	for _, v := range alle {
		if c := v.Actueel().Categorie; c != "" {
			uit.Categorien = append(uit.Categorien, c)
		}
	}
	uit.Categorien = opNaam(uit.Categorien)
	van := min(max(z.Vanaf, 0), len(gevonden))
	for _, v := range gevonden[van:min(van+z.N, len(gevonden))] {
		uit.Regels = append(uit.Regels, activiteitRegel(v, a.vandaag()))
	}
	return uit, nil
}

// opNaam gives each text once, in order; of those that differ in capitals only the first.
func opNaam(l []string) []string {
	vergelijk := func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }
	slices.SortStableFunc(l, vergelijk)
	return slices.CompactFunc(l, func(a, b string) bool { return vergelijk(a, b) == 0 })
}

// toon gives the version to show of an activity that is not asked for on a day: the one that holds, else the last, else none.
func toon(a *activiteit.Activiteit, op activiteit.Datum) *activiteit.Versie {
	if v, ok := a.GeldigOp(op); ok {
		return v
	}
	return a.Laatste()
}

func activiteitRegel(a *activiteit.Activiteit, op activiteit.Datum) beheer.ActiviteitRegel {
	in, uit := a.Actueel(), beheer.ActiviteitRegel{ID: a.ID, Stand: a.StandOp(op), HeeftConcept: a.Concept != nil, Openbaar: a.Openbaar}
	if v := toon(a, op); v != nil {
		in, uit.Versie, uit.Sinds, uit.Einde = &v.Inhoud, v.Nummer, string(v.Ingangsdatum), string(v.Einddatum)
	}
	uit.Naam, uit.Nummer, uit.Categorie, uit.Loggen, uit.Vertrouwelijk = in.Naam, in.Nummer, in.Categorie, in.Log.Omvang, in.Vertrouwelijkheid == activiteit.Vertrouwelijk
	return uit
}

func (a activiteiten) Een(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, geldigOp string) (*beheer.ActiviteitBlad, error) {
	v, err := a.Activiteiten.Een(a.activiteitDader(b), id)
	if err != nil {
		return nil, err
	}
	uit := &beheer.ActiviteitBlad{ActiviteitRegel: activiteitRegel(v, a.vandaag()), DocStand: v.Stand, GeldigOp: string(a.dag(geldigOp))}
	if v.Openbaar && len(v.Versies) > 0 {
		uit.URL = openbaar.Begin + "/" + id.String()
	}
	for i := range v.Versies {
		uit.Versies = append(uit.Versies, naarVersie(&v.Versies[i]))
	}
	if w, ok := v.GeldigOp(a.dag(geldigOp)); ok {
		uit.Nu = &uit.Versies[slices.IndexFunc(uit.Versies, func(x beheer.ActiviteitVersie) bool { return x.Nummer == w.Nummer })]
	}
	if w := v.Laatste(); w != nil {
		uit.Laatste = &uit.Versies[slices.IndexFunc(uit.Versies, func(x beheer.ActiviteitVersie) bool { return x.Nummer == w.Nummer })]
	}
	if c := v.Concept; c != nil {
		uit.Concept = &beheer.ActiviteitConcept{GewijzigdOp: c.GewijzigdOp, Door: c.Door.Naam, Mist: mist(c.Keur(false, a.Wetten)), ActiviteitInhoud: naarInhoud(&c.Inhoud)}
	}
	d := doelbinding(a)
	koppelingen, err := d.Koppelingen(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, k := range koppelingen {
		if k.Activiteit == id {
			uit.Koppelingen = append(uit.Koppelingen, k)
		}
	}
	leveringen, err := d.Leveringen(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, l := range leveringen {
		if l.Activiteit == id {
			uit.Leveringen = append(uit.Leveringen, l)
		}
	}
	return uit, nil
}

// mist are the sentences of what keeps a concept from being made definite.
func mist(err error) (uit []string) {
	f, ok := errors.AsType[*fout.Fout](err)
	if !ok {
		return nil
	}
	for _, p := range f.Params {
		uit = append(uit, p.Reason)
	}
	return uit
}

func (a activiteiten) Geldig(_ context.Context, b *pagina.Bezoeker, geldigOp string) (uit []beheer.GeldigeActiviteit, err error) {
	op := a.dag(geldigOp)
	alle, err := a.Activiteiten.Lijst(a.activiteitDader(b), activiteit.Filter{GeldigOp: op})
	for _, v := range alle {
		if w, ok := v.GeldigOp(op); ok {
			uit = append(uit, beheer.GeldigeActiviteit{ID: v.ID, Openbaar: v.Openbaar, ActiviteitVersie: naarVersie(w)})
		}
	}
	slices.SortStableFunc(uit, func(x, y beheer.GeldigeActiviteit) int { // without a category last
		return cmp.Or(cmp.Compare(leegLaatst(x.Categorie), leegLaatst(y.Categorie)), cmp.Compare(strings.ToLower(x.Categorie), strings.ToLower(y.Categorie)),
			cmp.Compare(strings.ToLower(x.Naam), strings.ToLower(y.Naam)))
	})
	return uit, err
}

func leegLaatst(s string) int {
	if s == "" {
		return 1
	}
	return 0
}

func (a activiteiten) Namen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.ActiviteitNaam, err error) {
	alle, err := a.Activiteiten.Lijst(a.activiteitDader(b), activiteit.Filter{})
	for _, v := range alle {
		uit = append(uit, beheer.ActiviteitNaam{ID: v.ID, Naam: v.Actueel().Naam, Stand: v.StandOp(a.vandaag())})
	}
	return uit, err
}

func (a activiteiten) Begin(ctx context.Context, b *pagina.Bezoeker, in beheer.ActiviteitInhoud) (uuid.UUID, error) {
	return a.Activiteiten.Begin(ctx, a.activiteitDader(b), vanInhoud(&in))
}

func (a activiteiten) Wijzig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, in beheer.ActiviteitInhoud) error {
	return a.Activiteiten.Wijzig(ctx, a.activiteitDader(b), id, stand, vanInhoud(&in))
}

func (a activiteiten) GooiWeg(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64) error {
	return a.Activiteiten.GooiWeg(ctx, a.activiteitDader(b), id, stand)
}

func (a activiteiten) StelVast(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, v beheer.ActiviteitVaststelling) error {
	return a.Activiteiten.StelVast(ctx, a.activiteitDader(b), id, stand, activiteit.Vaststelling{
		Ingangsdatum: activiteit.Datum(v.Ingangsdatum), Einddatum: activiteit.Datum(v.Einddatum), Reden: v.Reden, Openbaar: v.Openbaar,
	})
}

func (a activiteiten) Beeindig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, einddatum, reden string) error {
	return a.Activiteiten.Beeindig(ctx, a.activiteitDader(b), id, stand, activiteit.Datum(einddatum), reden)
}

func (a activiteiten) ZetOpenbaar(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64, ja bool) error {
	return a.Activiteiten.ZetOpenbaar(ctx, a.activiteitDader(b), id, stand, ja)
}

// Ontbreekt is for who may see the register: it says nothing that is not on its pages.
func (a activiteiten) Ontbreekt(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Gemis, err error) {
	if !a.activiteitDader(b).Mag(activiteit.Zien) {
		return nil, fout.GeenToestemming
	}
	for _, g := range a.Activiteiten.Ontbreekt(b.OIN) {
		uit = append(uit, beheer.Gemis{Code: g.Code, Tekst: g.Tekst, Pad: g.Pad})
	}
	return uit, nil
}
