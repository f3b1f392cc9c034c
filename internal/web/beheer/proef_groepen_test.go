package beheer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

type groepen struct{ *proef }

func (g groepen) Functiegroepen(context.Context, *pagina.Bezoeker) ([]beheer.Functiegroep, error) {
	if g.leeg {
		return nil, g.stuk
	}
	return g.functies, g.stuk
}

func (g groepen) ZetFunctiegroep(_ context.Context, _ *pagina.Bezoeker, _ uuid.UUID, _ int64, naam string) error {
	if naam == "Burgerzaken" {
		return fout.Ongeldig(fout.Param{Name: "naam", Code: "bezet", Reason: "Er is al een functiegroep met deze naam."})
	}
	g.noteer("functiegroep %s", naam)
	return nil
}

func (g groepen) Autorisatiegroepen(context.Context, *pagina.Bezoeker) ([]beheer.Autorisatiegroep, error) {
	if g.leeg {
		return nil, g.stuk
	}
	return []beheer.Autorisatiegroep{
		{ID: groepLezen, Versie: 2, Naam: "Inzien verwerkingen", Omschrijving: "Medewerkers die vragen van inwoners beantwoorden.", Mensen: 12, Rechten: 1, Ernst: "info", Herzien: g.nu.AddDate(0, -1, 0)},
		{ID: groepBSN, Versie: 5, Naam: "Inzien met BSN", Omschrijving: "Teamleiders Burgerzaken.", Mensen: 3, Rechten: 3, Ernst: "ernstig", Herzien: g.nu.AddDate(0, -5, 0), Nakijken: true, Wacht: 1},
		{ID: groepBeheer, Versie: 1, Naam: "Beheer gebruikers", Mensen: 1, Rechten: 2, Ernst: "ernstig", Herzien: g.nu.AddDate(0, 0, -2)},
		{ID: id(104), Versie: 1, Naam: "Nieuwe groep"},
	}, g.stuk
}

func (g groepen) Autorisatiegroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.GroepBlad, error) {
	lijst, _ := g.Autorisatiegroepen(ctx, b)
	for _, a := range lijst {
		if a.ID == id {
			v, _ := g.Voorzie(ctx, b, id, g.rechten[id])
			blad := &beheer.GroepBlad{Autorisatiegroep: a, RechtenLijst: g.rechten[id], Zinnen: v.Zinnen, Waarschuwingen: v.Waarschuwingen}
			if id == groepBSN {
				blad.Leden = []beheer.GroepLid{{ID: bram, Naam: g.namen[bram], Tot: time.Date(2027, 6, 30, 20, 0, 0, 0, time.UTC)}}
				blad.Claims = []string{"/gemeente/teamleiders"}
			}
			return blad, g.stuk
		}
	}
	return nil, fout.NietGevonden
}

func (g groepen) ZetGroep(_ context.Context, _ *pagina.Bezoeker, id uuid.UUID, _ int64, naam, _ string, claims []string) (uuid.UUID, error) {
	g.noteer("groep %s %v", naam, claims)
	if id == (uuid.UUID{}) {
		return groepLezen, nil
	}
	return id, nil
}

func (g groepen) Modules() []beheer.Module {
	w := func(delen ...string) []beheer.Woord {
		var uit []beheer.Woord
		for i := 0; i < len(delen); i += 2 {
			uit = append(uit, beheer.Woord{Sleutel: delen[i], Naam: delen[i+1]})
		}
		return uit
	}
	alleen := func(h, k string) bool { return k == "gewoon" || h == "zien" || h == "wijzigen" }
	return []beheer.Module{
		{Sleutel: "verwerkingenlog", Naam: "Verwerkingenlog", Handelingen: w("zien", "zien", "zoeken", "zoeken", "exporteren", "exporteren", "verwijderen", "verwijderen"), Klassen: w("gewoon", "gewoon", "contact", "contact", "bsn", "BSN", "bijzonder", "bijzonder", "strafrechtelijk", "strafrechtelijk", "vrije_tekst", "vrije tekst", "derde", "van derden", "geheim_adres", "geheim adres")},
		{Sleutel: "gebruikers", Naam: "Mensen", Handelingen: w("zien", "zien", "beheren", "beheren"), Klassen: w("gewoon", "gewoon", "contact", "contact"), Kan: alleen},
		{Sleutel: "groepen", Naam: "Groepen en rechten", Handelingen: w("zien", "zien", "beheren", "beheren", "goedkeuren", "goedkeuren"), Klassen: w("gewoon", "gewoon"), EenBereik: true},
	}
}

func (g groepen) Domeinen(context.Context, *pagina.Bezoeker) ([]string, error) {
	return []string{"burgerzaken", "sociaal"}, g.stuk
}

func (g groepen) Voorzie(_ context.Context, _ *pagina.Bezoeker, id uuid.UUID, rechten []beheer.Recht) (*beheer.Voorstelling, error) {
	v := &beheer.Voorstelling{Mensen: 3, Gelijk: slices.Equal(rechten, g.rechten[id])}
	for _, r := range rechten {
		z := beheer.Zin{Tekst: fmt.Sprintf("%s: %s van gegevens van soort %s, bereik %s.", r.Module, r.Handeling, r.Veldklasse, r.Bereik)}
		if !slices.Contains(g.rechten[id], r) {
			z.Verschil = "komt"
		}
		v.Zinnen = append(v.Zinnen, z)
		if r.Veldklasse == "bsn" && !r.Verbod {
			v.Ernstig = true
			v.Waarschuwingen = append(v.Waarschuwingen, beheer.Waarschuwing{Ernst: "ernstig", Regel: "bsn", Tekst: "Deze groep kan burgerservicenummers zien. Daarmee zijn mensen overal te vinden."})
		}
		if r.Bereik == "alles" && !r.Verbod {
			v.Waarschuwingen = append(v.Waarschuwingen, beheer.Waarschuwing{Ernst: "let_op", Regel: "alles", Tekst: "Het bereik is alles: ook wat niet bij het eigen werk hoort."})
		}
	}
	for _, r := range g.rechten[id] {
		if !slices.Contains(rechten, r) {
			v.Zinnen = append(v.Zinnen, beheer.Zin{Tekst: fmt.Sprintf("%s: %s van gegevens van soort %s.", r.Module, r.Handeling, r.Veldklasse), Verschil: "gaat"})
		}
	}
	if v.Ernstig {
		v.Waarschuwingen = append(v.Waarschuwingen, beheer.Waarschuwing{Ernst: "info", Regel: "einde", Tekst: "Niet elk zwaar recht heeft een einddatum."})
	}
	return v, g.stuk
}

func (g groepen) ZetRechten(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, rechten []beheer.Recht, reden string) (string, error) {
	if versie == 0 {
		return "", fout.Voorwaarde
	}
	v, _ := g.Voorzie(ctx, b, id, rechten)
	if v.Ernstig && len(reden) < 15 {
		return "", fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in minstens 15 tekens op waarom dit nodig is."})
	}
	g.noteer("rechten %v %s", rechten, reden)
	if v.Ernstig {
		return pagina.WachtOpTweede, nil
	}
	return pagina.Bewaard, nil
}

func (g groepen) Nagekeken(context.Context, *pagina.Bezoeker, uuid.UUID, int64) error {
	g.noteer("nagekeken")
	return nil
}

func (g groepen) Voorstellen(ctx context.Context, b *pagina.Bezoeker) ([]beheer.Voorstel, error) {
	if g.leeg {
		return nil, g.stuk
	}
	v, err := g.Voorstel(ctx, b, voorstelBSN)
	return []beheer.Voorstel{*v}, errors.Join(err, g.stuk)
}

func (g groepen) Voorstel(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.Voorstel, error) {
	if id != voorstelBSN {
		return nil, fout.NietGevonden
	}
	v, _ := g.Voorzie(ctx, b, groepBSN, append(slices.Clone(g.rechten[groepBSN]), beheer.Recht{Module: "verwerkingenlog", Handeling: "zoeken", Veldklasse: "bsn", Bereik: "alles"}))
	return &beheer.Voorstel{
		ID: voorstelBSN, Versie: 1, Titel: "Rechten van de groep Inzien met BSN verruimen", GroepID: groepBSN, Groep: "Inzien met BSN", Door: "Chris Çelik",
		Op: g.nu.Add(-5 * time.Hour), Vervalt: g.nu.AddDate(0, 0, 14), Reden: "Teamleiders moeten bij een klacht op BSN kunnen zoeken.", Voorstelling: *v,
		MagBeslissen: b.Mag("groepen", "goedkeuren"), Eigen: !b.Mag("groepen", "goedkeuren"), WaaromNiet: "U hebt geen recht om voorstellen goed te keuren. Een andere beheerder beslist hierover.",
	}, g.stuk
}

func (g groepen) Beslis(_ context.Context, _ *pagina.Bezoeker, _ uuid.UUID, _ int64, goed bool, reden string) error {
	g.noteer("besloten %v %s", goed, reden)
	return nil
}

func (g groepen) TrekIn(context.Context, *pagina.Bezoeker, uuid.UUID, int64) error {
	g.noteer("ingetrokken")
	return nil
}

func (g groepen) Aandacht(context.Context, *pagina.Bezoeker) (beheer.Aandacht, error) {
	if g.leeg {
		return beheer.Aandacht{}, g.stuk
	}
	return beheer.Aandacht{Voorstellen: 1, Nakijken: 2}, g.stuk
}
