package beheerpaginas

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// groepen implements beheer.Groepen.
type groepen struct{ *Koppeling }

func (g groepen) Functiegroepen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Functiegroep, err error) {
	l, err := g.Beheer.Functiegroepen(dader(b))
	for _, f := range l {
		uit = append(uit, beheer.Functiegroep{ID: f.ID, Versie: f.Versie, Naam: f.Naam, Mensen: f.Mensen})
	}
	return uit, err
}

func (g groepen) ZetFunctiegroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, naam string) error {
	if id == uuid.Nil {
		_, err := g.Beheer.VoegFunctiegroepToe(ctx, dader(b), naam, "")
		return err
	}
	return g.Beheer.WijzigFunctiegroep(ctx, dader(b), id, versie, naam, "")
}

func autorisatiegroep(g *gebruiker.GroepBeeld) beheer.Autorisatiegroep {
	uit := beheer.Autorisatiegroep{
		ID: g.ID, Versie: g.Versie, Naam: g.Naam, Omschrijving: g.Omschrijving, Mensen: g.Mensen, Rechten: len(g.Rechten),
		Herzien: g.Herzien, Nakijken: g.Verouderd, Wacht: g.Voorstellen,
	}
	ergst := gebruiker.Ernst(0)
	for _, w := range g.Waarschuwingen {
		ergst = max(ergst, w.Ernst)
	}
	uit.Ernst = ernst(ergst)
	return uit
}

func ernst(e gebruiker.Ernst) string {
	return map[gebruiker.Ernst]string{gebruiker.Info: "info", gebruiker.LetOp: "let_op", gebruiker.Ernstig: "ernstig"}[e]
}

func (g groepen) Autorisatiegroepen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Autorisatiegroep, err error) {
	l, err := g.Beheer.Groepen(dader(b))
	for i := range l {
		uit = append(uit, autorisatiegroep(&l[i]))
	}
	return uit, err
}

func (g groepen) Autorisatiegroep(_ context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.GroepBlad, error) {
	groep, err := g.Beheer.Groep(dader(b), id)
	if err != nil {
		return nil, err
	}
	uit := &beheer.GroepBlad{
		Autorisatiegroep: autorisatiegroep(&groep), Claims: groep.Claims, RechtenLijst: naarRechten(groep.Rechten),
		Waarschuwingen: waarschuwingen(groep.Waarschuwingen), Lid: groep.Eigen,
	}
	for _, z := range groep.Zinnen {
		uit.Zinnen = append(uit.Zinnen, beheer.Zin{Tekst: z})
	}
	leden, err := g.Beheer.Leden(dader(b), id)
	if fout.CodeOf(err) == fout.CodeGeenToestemming { // who may see groups need not see people
		return uit, nil
	}
	for _, l := range leden {
		lid := beheer.GroepLid{ID: l.ID, Naam: l.Naam}
		for _, m := range l.Groepen {
			if m.Groep == id {
				lid.Tot = m.Tot
			}
		}
		uit.Leden = append(uit.Leden, lid)
	}
	return uit, err
}

func naarRechten(l []gebruiker.Recht) (uit []beheer.Recht) {
	for _, r := range l {
		uit = append(uit, beheer.Recht{
			Module: string(r.Module), Handeling: string(r.Handeling), Veldklasse: string(r.Veldklasse), Bereik: r.Bereik.String(), Verbod: r.Verbod, Tot: r.Tot,
		})
	}
	return uit
}

func vanRechten(l []beheer.Recht) (uit []gebruiker.Recht, err error) {
	for _, r := range l {
		bereik, err := gebruiker.ParseBereik(r.Bereik)
		if err != nil {
			return nil, fout.Ongeldig(fout.Param{Name: "bereik", Code: "invalid", Reason: "Kies tot waar een recht reikt."})
		}
		uit = append(uit, gebruiker.Recht{
			Module: gebruiker.Module(r.Module), Handeling: gebruiker.Handeling(r.Handeling), Veldklasse: gebruiker.Veldklasse(r.Veldklasse),
			Bereik: bereik, Verbod: r.Verbod, Tot: r.Tot,
		})
	}
	return uit, nil
}

func waarschuwingen(l []gebruiker.Waarschuwing) (uit []beheer.Waarschuwing) {
	for _, w := range l {
		uit = append(uit, beheer.Waarschuwing{Ernst: ernst(w.Ernst), Regel: w.Regel, Tekst: w.Tekst})
	}
	return uit
}

func (g groepen) ZetGroep(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, naam, omschrijving string, claims []string) (uuid.UUID, error) {
	if id == uuid.Nil {
		groep, err := g.Beheer.VoegGroepToe(ctx, dader(b), naam, omschrijving)
		if err != nil {
			return uuid.Nil, err
		}
		id, versie = groep.ID, groep.Versie
		if len(claims) > 0 {
			_, err = g.Beheer.ZetClaims(ctx, dader(b), id, versie, claims, "")
		}
		return id, err
	}
	voor, err := g.Beheer.Groep(dader(b), id)
	if err != nil {
		return id, err
	}
	if voor.Naam != naam || voor.Omschrijving != omschrijving {
		if err := g.Beheer.WijzigGroep(ctx, dader(b), id, versie, naam, omschrijving); err != nil {
			return id, err
		}
		versie++
	}
	if !slices.Equal(voor.Claims, claims) {
		_, err = g.Beheer.ZetClaims(ctx, dader(b), id, versie, claims, "De groepen van de aanmelddienst zijn gewijzigd.")
	}
	return id, err
}

func (g groepen) Modules() (uit []beheer.Module) {
	for _, m := range gebruiker.Modules(false) {
		module := beheer.Module{Sleutel: string(m), Naam: m.Naam(), Kan: func(handeling, klasse string) bool {
			return slices.Contains(m.Veldklassen(gebruiker.Handeling(handeling)), gebruiker.Veldklasse(klasse))
		}, EenBereik: !m.Inwoners()}
		klassen := map[gebruiker.Veldklasse]bool{}
		for _, h := range gebruiker.Handelingen() {
			l := m.Veldklassen(h)
			if len(l) > 0 {
				module.Handelingen = append(module.Handelingen, beheer.Woord{Sleutel: string(h), Naam: string(h)})
			}
			for _, k := range l {
				klassen[k] = true
			}
		}
		for _, k := range gebruiker.Veldklassen() {
			if klassen[k] {
				module.Klassen = append(module.Klassen, beheer.Woord{Sleutel: string(k), Naam: klasnamen[k]})
			}
		}
		uit = append(uit, module)
	}
	return uit
}

var klasnamen = map[gebruiker.Veldklasse]string{
	gebruiker.Gewoon: "gewone gegevens", gebruiker.Contact: "contactgegevens", gebruiker.BSN: "BSN", gebruiker.Bijzonder: "bijzondere gegevens",
	gebruiker.Strafrechtelijk: "strafrechtelijke gegevens", gebruiker.VrijeTekst: "vrije tekst", gebruiker.Derde: "gegevens van derden", gebruiker.GeheimAdres: "geheim adres",
}

func (g groepen) Domeinen(context.Context, *pagina.Bezoeker) ([]string, error) { return nil, nil }

func voorstelling(v *gebruiker.Voorstelling) beheer.Voorstelling {
	uit := beheer.Voorstelling{Waarschuwingen: waarschuwingen(v.Waarschuwingen), Mensen: v.Mensen, Ernstig: v.Ernstig()}
	erbij := map[string]bool{}
	for _, z := range v.Verschil.Erbij {
		erbij[z.Tekst] = true
	}
	for _, z := range v.Profiel.Zinnen {
		zin := beheer.Zin{Tekst: z.Tekst}
		if erbij[z.Tekst] {
			zin.Verschil = "komt"
		}
		uit.Zinnen = append(uit.Zinnen, zin)
	}
	for _, z := range v.Verschil.Eraf {
		uit.Zinnen = append(uit.Zinnen, beheer.Zin{Tekst: z.Tekst, Verschil: "gaat"})
	}
	uit.Gelijk = len(v.Verschil.Erbij)+len(v.Verschil.Eraf) == 0
	return uit
}

func (g groepen) Voorzie(_ context.Context, b *pagina.Bezoeker, id uuid.UUID, l []beheer.Recht) (*beheer.Voorstelling, error) {
	rechten, err := vanRechten(l)
	if err != nil {
		return nil, err
	}
	v, err := g.Beheer.Voorzie(dader(b), id, rechten)
	if err != nil {
		return nil, bijRecht(err, l)
	}
	uit := voorstelling(&v)
	if groep, err := g.Beheer.Groep(dader(b), id); err == nil && uit.Gelijk {
		uit.Gelijk = slices.Equal(groep.Rechten, rechten) // an end date has no sentence of its own
	}
	return &uit, nil
}

func (g groepen) ZetRechten(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, l []beheer.Recht, reden string) (string, error) {
	rechten, err := vanRechten(l)
	if err != nil {
		return "", err
	}
	u, err := g.Beheer.ZetRechten(ctx, dader(b), id, versie, rechten, reden)
	return uitkomst(u, pagina.Bewaard), bijRecht(err, l)
}

// bijRecht puts what is wrong with the n-th right ("rechten.3.tot") at its field in the table of the page.
func bijRecht(err error, l []beheer.Recht) error {
	f, ok := errors.AsType[*fout.Fout](err)
	if !ok || f.Code != fout.CodeOngeldig {
		return err
	}
	uit := *f
	uit.Params = slices.Clone(f.Params)
	for i, p := range uit.Params {
		nr, veld, _ := strings.Cut(strings.TrimPrefix(p.Name, "rechten."), ".")
		n, err := strconv.Atoi(nr)
		switch {
		case !strings.HasPrefix(p.Name, "rechten"):
		case err != nil || n < 0 || n >= len(l):
			uit.Params[i].Name = ""
		case veld == "tot":
			uit.Params[i].Name = "t." + l[n].Module + "." + l[n].Handeling
		default:
			uit.Params[i].Name = "r." + l[n].Module + "." + l[n].Handeling + "." + l[n].Veldklasse
		}
	}
	return &uit
}

func (g groepen) Nagekeken(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error {
	return g.Beheer.Herzie(ctx, dader(b), id, versie)
}

// beginZin writes the first letter as that of a sentence.
func beginZin(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func naarVoorstel(v *gebruiker.VoorstelBeeld) beheer.Voorstel {
	uit := beheer.Voorstel{
		ID: v.ID, Versie: v.Versie, Titel: beginZin(v.Wat), GroepID: v.Groep, Groep: v.GroepNaam, Door: v.Door, Op: v.Gemaakt, Vervalt: v.Vervalt,
		Reden: v.Reden, Voorstelling: voorstelling(&v.Voorstelling), MagBeslissen: v.MagBeslissen, Eigen: v.Eigen,
	}
	switch {
	case v.MagBeslissen:
	case v.Vervallen != "":
		uit.WaaromNiet = v.Vervallen
	case v.Eigen:
		uit.WaaromNiet = "U hebt dit zelf voorgesteld. Een andere beheerder beslist erover."
	default:
		uit.WaaromNiet = "U kunt hier niet over beslissen: daarvoor is het recht nodig om groepen goed te keuren, en u mag er zelf niet door winnen. Vraag het een andere beheerder."
	}
	return uit
}

func (g groepen) Voorstellen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Voorstel, err error) {
	l, err := g.Beheer.Voorstellen(dader(b))
	for i := range l {
		uit = append(uit, naarVoorstel(&l[i]))
	}
	return uit, err
}

func (g groepen) Voorstel(_ context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.Voorstel, error) {
	v, err := g.Beheer.Voorstel(dader(b), id)
	if err != nil {
		return nil, err
	}
	uit := naarVoorstel(&v)
	return &uit, nil
}

func (g groepen) Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error {
	if goed {
		return g.Beheer.KeurGoed(ctx, dader(b), id, versie)
	}
	return g.Beheer.Weiger(ctx, dader(b), id, versie, reden)
}

func (g groepen) TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error {
	return g.Beheer.TrekIn(ctx, dader(b), id, versie)
}

func (g groepen) Aandacht(_ context.Context, b *pagina.Bezoeker) (uit beheer.Aandacht, err error) {
	if l, err := g.Beheer.Voorstellen(dader(b)); err == nil {
		for _, v := range l {
			if v.MagBeslissen {
				uit.Voorstellen++
			}
		}
	}
	if l, err := g.Beheer.TeHerzien(dader(b)); err == nil {
		uit.Nakijken = len(l)
	}
	return uit, nil
}
