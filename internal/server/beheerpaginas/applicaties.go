package beheerpaginas

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aansluiting"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// applicaties implements beheer.Applicaties.
type applicaties struct{ *Koppeling }

func (a applicaties) Applicaties(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Applicatie, err error) {
	l, err := a.Aansluiting.Lijst(dader(b))
	for i := range l {
		uit = append(uit, naarApplicatie(&l[i]))
	}
	return uit, err
}

func naarApplicatie(r *aansluiting.Beeld) beheer.Applicatie {
	uit := beheer.Applicatie{ID: r.ID.String(), Naam: r.Label, Bestand: r.UitBestand(), KanAanmelden: r.KanAanmelden, Wacht: r.Wacht}
	for _, g := range r.Autorisaties {
		uit.Scopes += len(g.Scopes)
	}
	ergst := autorisatie.Ernst(0)
	for _, w := range r.Waarschuwingen {
		ergst = max(ergst, w.Ernst)
	}
	uit.Ernst = ernstApplicatie(ergst)
	return uit
}

func ernstApplicatie(e autorisatie.Ernst) string {
	return map[autorisatie.Ernst]string{autorisatie.Info: "info", autorisatie.LetOp: "let_op", autorisatie.Ernstig: "ernstig"}[e]
}

func (a applicaties) Applicatie(_ context.Context, b *pagina.Bezoeker, id string) (*beheer.ApplicatieBlad, error) {
	r, err := a.Aansluiting.Een(dader(b), id)
	if err != nil {
		return nil, err
	}
	uit := &beheer.ApplicatieBlad{
		Applicatie: naarApplicatie(r), Versie: r.Versie, Clients: r.ClientIDs, OINs: r.OINs, Waarschuwingen: overApplicatie(r.Waarschuwingen),
	}
	for _, z := range r.Profiel {
		uit.Zinnen = append(uit.Zinnen, beheer.Zin{Tekst: z})
	}
	for _, g := range r.Autorisaties {
		l := beheer.Autorisatie{Component: g.Component, Naam: autorisatie.ComponentWeergave(g.Component)}
		for _, s := range g.Scopes {
			l.Scopes = append(l.Scopes, string(s))
		}
		uit.Autorisaties = append(uit.Autorisaties, l)
	}
	return uit, nil
}

func overApplicatie(l []autorisatie.Waarschuwing) (uit []beheer.Waarschuwing) {
	for _, w := range l {
		uit = append(uit, beheer.Waarschuwing{Ernst: ernstApplicatie(w.Ernst), Regel: w.Regel, Tekst: w.Tekst})
	}
	return uit
}

func (a applicaties) Componenten() (uit []beheer.Component) {
	for _, c := range autorisatie.Componenten() {
		component := beheer.Component{Sleutel: c.Component, Naam: autorisatie.ComponentWeergave(c.Component)}
		for _, s := range c.Scopes {
			component.Scopes = append(component.Scopes, beheer.Woord{Sleutel: string(s), Naam: beginZin(autorisatie.Kan(c.Component, s))})
		}
		uit = append(uit, component)
	}
	return uit
}

func vanKeuze(k *beheer.ApplicatieKeuze) aansluiting.Keuze {
	uit := aansluiting.Keuze{Naam: k.Naam, ClientIDs: slices.Clone(k.Clients), OINs: slices.Clone(k.OINs)}
	for _, g := range k.Autorisaties {
		grant := autorisatie.Autorisatie{Component: g.Component}
		for _, s := range g.Scopes {
			grant.Scopes = append(grant.Scopes, autorisatie.Scope(s))
		}
		uit.Autorisaties = append(uit.Autorisaties, grant)
	}
	return uit
}

func applicatieVoorstelling(v *aansluiting.Voorstelling) beheer.ApplicatieVoorstelling {
	uit := beheer.ApplicatieVoorstelling{Verschillen: v.Verschillen, Waarschuwingen: overApplicatie(v.Waarschuwingen), Ernstig: v.Ernstig, Gelijk: v.Gelijk}
	for _, z := range v.Profiel {
		zin := beheer.Zin{Tekst: z}
		if slices.Contains(v.Erbij, z) {
			zin.Verschil = "komt"
		}
		uit.Zinnen = append(uit.Zinnen, zin)
	}
	for _, z := range v.Eraf {
		uit.Zinnen = append(uit.Zinnen, beheer.Zin{Tekst: z, Verschil: "gaat"})
	}
	return uit
}

func (a applicaties) Voorzie(_ context.Context, b *pagina.Bezoeker, id string, k *beheer.ApplicatieKeuze) (*beheer.ApplicatieVoorstelling, error) {
	v, err := a.Aansluiting.Voorzie(dader(b), id, vanKeuze(k))
	if err != nil {
		return nil, bijVeld(err)
	}
	uit := applicatieVoorstelling(v)
	return &uit, nil
}

// bijVeld puts what is wrong at its field on the page: the room counts the client ids and the grants, the page has lines and marks.
func bijVeld(err error) error {
	f, ok := errors.AsType[*fout.Fout](err)
	if !ok || f.Code != fout.CodeOngeldig {
		return err
	}
	uit := *f
	uit.Params = slices.Clone(f.Params)
	for i, p := range uit.Params {
		naam, rest, _ := strings.Cut(p.Name, ".")
		nr, _, _ := strings.Cut(rest, ".")
		n, mis := strconv.Atoi(nr)
		switch naam {
		case "label":
			if uit.Params[i].Name = "naam"; p.Code == "required" {
				uit.Params[i].Reason = "Vul in hoe de applicatie heet."
			}
		case "clientIds", "oins":
			if uit.Params[i].Name = "oins"; naam == "clientIds" {
				uit.Params[i].Name = "clients"
			}
			if mis == nil && n > 0 {
				uit.Params[i].Reason = "Regel " + strconv.Itoa(n+1) + ": " + p.Reason
			}
		case "autorisaties":
			uit.Params[i].Name = ""
		}
	}
	return &uit
}

// etag is a version as the room of applications asks for it.
func etag(versie int64) string { return strconv.Quote(strconv.FormatInt(versie, 10)) }

func (a applicaties) Zet(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, k *beheer.ApplicatieKeuze, reden string) (na, melding string, err error) {
	u, err := a.Aansluiting.Zet(ctx, dader(b), id, etag(versie), vanKeuze(k), reden)
	switch {
	case err != nil:
		return "", "", bijVeld(err)
	case u.Wacht && u.Melding != "":
		return u.ID, pagina.WachtNiemand, nil
	case u.Wacht:
		return u.ID, pagina.WachtOpTweede, nil
	case id == "":
		return u.ID, pagina.Toegevoegd, nil
	}
	return u.ID, pagina.Bewaard, nil
}

func (a applicaties) Geheim(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, reden string) (string, error) {
	return a.Aansluiting.Geheim(ctx, dader(b), id, etag(versie), reden)
}

func (a applicaties) NeemWeg(ctx context.Context, b *pagina.Bezoeker, id string, versie int64, reden string) error {
	return a.Aansluiting.NeemWeg(ctx, dader(b), id, etag(versie), reden)
}

func naarApplicatieVoorstel(v *aansluiting.Voorstel) beheer.ApplicatieVoorstel {
	uit := beheer.ApplicatieVoorstel{
		ID: v.ID, Versie: v.Versie, Titel: beginZin(v.Wat), Naam: v.Naam, Clients: v.Keuze.ClientIDs, OINs: v.Keuze.OINs, Door: v.Steller, Op: v.Gemaakt,
		Vervalt: v.Vervalt, Reden: v.Reden, ApplicatieVoorstelling: applicatieVoorstelling(&v.Voorstelling), MagBeslissen: v.MagBeslissen, Eigen: v.Eigen,
	}
	if !v.Nieuw {
		uit.Applicatie = v.Applicatie.String()
	}
	switch {
	case v.MagBeslissen:
	case v.Vervallen != "":
		uit.WaaromNiet = "Dit voorstel is vervallen: " + v.Vervallen + " Dien het zo nodig opnieuw in."
	case v.Eigen:
		uit.WaaromNiet = "U hebt dit zelf voorgesteld. Een andere beheerder beslist erover."
	default:
		uit.WaaromNiet = "U kunt hier niet over beslissen: daarvoor is het recht nodig om applicaties goed te keuren. Vraag het een andere beheerder."
	}
	return uit
}

func (a applicaties) Voorstellen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.ApplicatieVoorstel, err error) {
	l, err := a.Aansluiting.Voorstellen(dader(b))
	for i := range l {
		uit = append(uit, naarApplicatieVoorstel(&l[i]))
	}
	return uit, err
}

func (a applicaties) Voorstel(_ context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.ApplicatieVoorstel, error) {
	v, err := a.Aansluiting.Voorstel(dader(b), id)
	if err != nil {
		return nil, err
	}
	uit := naarApplicatieVoorstel(v)
	return &uit, nil
}

func (a applicaties) Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error {
	if goed {
		return bijVeld(a.Aansluiting.KeurGoed(ctx, dader(b), id, versie))
	}
	return a.Aansluiting.Weiger(ctx, dader(b), id, versie, reden)
}

func (a applicaties) TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error {
	return a.Aansluiting.TrekIn(ctx, dader(b), id, versie)
}
