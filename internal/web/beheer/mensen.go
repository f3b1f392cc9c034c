package beheer

import (
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// perPagina is how many people or events stand on a page.
const perPagina = 50

const padGebruikers = "/beheer/gebruikers"

type gebruikersBlad struct {
	GebruikersLijst
	Bladeren              bladeren
	Gezocht               bool
	MagBeheren, MagZoeken bool
}

// bladeren is what the part of paging gets: the addresses, empty where there is none.
type bladeren struct{ Eerste, Volgende string }

func (p *paginas) gebruikers(b *pagina.Bezoek) (pagina.Antwoord, error) {
	q := b.URL.Query()
	z := Zoek{Alles: q.Get("alles") == "ja", Vanaf: q.Get("vanaf"), N: perPagina}
	b.Formulier.Zet("alles", q.Get("alles"))
	return p.gebruikersScherm(b, z, q)
}

// zoekGebruikers finds people by name. It answers with the list itself: a name has no place in an address.
func (p *paginas) zoekGebruikers(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.gebruikersScherm(b, Zoek{Tekst: b.Waarde("naam"), Alles: b.Waarde("alles") == "ja", N: perPagina}, nil)
}

func (p *paginas) gebruikersScherm(b *pagina.Bezoek, z Zoek, q url.Values) (pagina.Antwoord, error) {
	lijst, err := p.o.Mensen.Gebruikers(b.Context(), b.Bezoeker, z)
	if err != nil {
		return nil, err
	}
	blad := gebruikersBlad{GebruikersLijst: *lijst, Gezocht: z.Tekst != "", MagBeheren: b.Bezoeker.Mag("gebruikers", "beheren"), MagZoeken: b.Bezoeker.Mag("gebruikers", "zoeken")}
	if !blad.Gezocht {
		if q == nil && z.Alles {
			q = url.Values{"alles": {"ja"}}
		}
		blad.Bladeren = blader(padGebruikers, q, z.Vanaf, lijst.Volgende)
	}
	return &pagina.Scherm{Sjabloon: "gebruikers", Titel: b.T("Mensen"), Inhoud: blad}, nil
}

// blader gives the addresses of other pages of a list, with the same filter.
func blader(pad string, q url.Values, vanaf, volgende string) bladeren {
	adres := func(v string) string {
		n := url.Values{}
		for naam, w := range q {
			if naam != "vanaf" && len(w) > 0 && w[0] != "" {
				n[naam] = w[:1]
			}
		}
		if v != "" {
			n.Set("vanaf", v)
		}
		if len(n) == 0 {
			return pad
		}
		return pad + "?" + n.Encode()
	}
	var uit bladeren
	if vanaf != "" {
		uit.Eerste = adres("")
	}
	if volgende != "" {
		uit.Volgende = adres(volgende)
	}
	return uit
}

type gebruikerBlad struct {
	GebruikerBlad
	MagBeheren, MagWijzigen, MagGroepen, MagHeropenen bool
}

// wie gives the person of the path.
func (p *paginas) wie(b *pagina.Bezoek) (*GebruikerBlad, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Mensen.Gebruiker(b.Context(), b.Bezoeker, id)
}

func padGebruiker(id uuid.UUID) string { return padGebruikers + "/" + id.String() }

// kruimels leads from the list, and from the person when one is given.
func kruimelsMensen(b *pagina.Bezoek, g *GebruikerBlad) []pagina.Kruimel {
	k := []pagina.Kruimel{{Titel: b.T("Mensen"), Pad: padGebruikers}}
	if g != nil {
		k = append(k, pagina.Kruimel{Titel: g.Naam, Pad: padGebruiker(g.ID)})
	}
	return k
}

func (p *paginas) gebruiker(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "gebruiker", Titel: g.Naam, Kruimels: kruimelsMensen(b, nil),
		Inhoud: gebruikerBlad{
			*g, b.Bezoeker.Mag("gebruikers", "beheren") && g.Actief, b.Bezoeker.Mag("gebruikers", "wijzigen") && g.Actief && !g.Zelf,
			b.Bezoeker.Mag("groepen", "beheren") && g.Actief && !g.Zelf, b.Bezoeker.Mag("gebruikers", "beheren") && !g.Actief,
		},
	}, nil
}

type gebruikerFormulier struct {
	Functiegroepen []pagina.Keuze
	Nieuw          bool
	Aanmelddienst  bool
	Pad, Terug     string
}

func (p *paginas) gebruikerScherm(b *pagina.Bezoek, g *GebruikerBlad) (pagina.Antwoord, error) {
	groepen, err := p.o.Groepen.Functiegroepen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	inhoud := gebruikerFormulier{Nieuw: g == nil, Pad: b.URL.Path, Terug: padGebruikers, Functiegroepen: []pagina.Keuze{{Waarde: "", Tekst: b.T("Kies een functiegroep")}}}
	for _, f := range groepen {
		inhoud.Functiegroepen = append(inhoud.Functiegroepen, pagina.Keuze{Waarde: f.ID.String(), Tekst: f.Naam})
	}
	titel := b.T("Iemand toevoegen")
	if g != nil {
		titel, inhoud.Terug, inhoud.Aanmelddienst = b.T("Gegevens wijzigen"), padGebruiker(g.ID), g.Aanmelddienst != ""
	}
	return &pagina.Scherm{Sjabloon: "gebruiker_formulier", Titel: titel, Kruimels: kruimelsMensen(b, g), Inhoud: inhoud}, nil
}

func (p *paginas) toonNieuweGebruiker(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.gebruikerScherm(b, nil)
}

// gegevens reads the form of a person.
func gegevens(b *pagina.Bezoek) Gegevens {
	g := Gegevens{Naam: b.Waarde("naam"), Email: b.Waarde("email")}
	if g.Naam == "" {
		b.Formulier.Meld("naam", b.T("Vul een naam in."))
	}
	if g.Email == "" {
		b.Formulier.Meld("email", b.T("Vul een e-mailadres in. Daar komen de codes voor het aanmelden."))
	}
	var err error
	if g.Functiegroep, err = uuid.Parse(b.Waarde("functiegroep")); err != nil {
		b.Formulier.Meld("functiegroep", b.T("Kies een functiegroep. Die zegt welk werk iemand doet, en geeft geen rechten."))
	}
	g.Opleiding = dag(b, "opleiding")
	return g
}

// dag reads a date that may be left out.
func dag(b *pagina.Bezoek, veld string) time.Time {
	tekst := b.Waarde(veld)
	if tekst == "" {
		return time.Time{}
	}
	d, ok := pagina.LeesDag(tekst)
	if !ok {
		b.Formulier.Meld(veld, b.T("Vul een datum in als jaar-maand-dag, zoals 2027-01-31."))
	}
	return d
}

func (p *paginas) nieuweGebruiker(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g := gegevens(b)
	if b.Formulier.Goed() {
		id, err := p.o.Mensen.VoegToe(b.Context(), b.Bezoeker, g)
		if err == nil {
			return pagina.Verder{Naar: padGebruiker(id), Melding: pagina.Uitgenodigd}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.gebruikerScherm(b, nil)
}

func (p *paginas) toonWijzigGebruiker(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	f := b.Formulier
	f.Zet("naam", g.Naam)
	f.Zet("email", g.Email)
	f.Zet("functiegroep", g.FunctiegroepID.String())
	f.Zet("opleiding", pagina.SchrijfDag(g.Opleiding))
	f.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.gebruikerScherm(b, g)
}

// versie reads which version the form was made of; what is none, is one that passed.
func versie(b *pagina.Bezoek) int64 {
	v, err := strconv.ParseInt(b.Waarde("versie"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func (p *paginas) wijzigGebruiker(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	nieuw := gegevens(b)
	if b.Formulier.Goed() {
		melding, err := p.o.Mensen.Wijzig(b.Context(), b.Bezoeker, g.ID, versie(b), nieuw)
		if err == nil {
			return pagina.Verder{Naar: padGebruiker(g.ID), Melding: melding}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.gebruikerScherm(b, g)
}

// besluitBlad is what besluit.html gets: a question with a reason.
type besluitBlad struct {
	Uitleg      []string
	Knop        string
	Gevaar      bool
	Pad, Terug  string
	RedenNodig  bool
	ZonderReden bool           // none is asked, or only in the next step
	Groepen     []pagina.Keuze // to choose from, when it is about one
	MetTot      bool
	RedenUitleg string
	Dag         string // field of a day that is asked for, with its label
	DagLabel    string
	Versie      int64
}

func (p *paginas) toonSluit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	b.Formulier.Zet("versie", strconv.FormatInt(g.Versie, 10))
	return p.sluitScherm(b, g), nil
}

func (p *paginas) sluitScherm(b *pagina.Bezoek, g *GebruikerBlad) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("Account van %s sluiten", g.Naam), Kruimels: kruimelsMensen(b, g),
		Inhoud: besluitBlad{
			Uitleg: []string{
				b.T("Na het sluiten kan deze persoon zich niet meer aanmelden. Lopende sessies eindigen meteen."),
				b.T("Wat iemand heeft gedaan, blijft in het beheerlog staan. Een gesloten account kunt u later heropenen. Het heeft dan geen rechten."),
			},
			Knop: b.T("Account sluiten"), Gevaar: true, Pad: b.URL.Path, Terug: padGebruiker(g.ID), RedenNodig: true,
			RedenUitleg: b.T("Bijvoorbeeld: uit dienst. De reden komt in het beheerlog."),
		},
	}
}

func (p *paginas) sluit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	if b.Waarde("reden") == "" {
		b.Formulier.Meld("reden", b.T("Vul in waarom."))
	} else {
		err := p.o.Mensen.Sluit(b.Context(), b.Bezoeker, g.ID, versie(b), b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padGebruiker(g.ID), Melding: pagina.Gesloten}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.sluitScherm(b, g), nil
}

func (p *paginas) meldGebruikerAf(b *pagina.Bezoek) (pagina.Antwoord, error) {
	g, err := p.wie(b)
	if err != nil {
		return nil, err
	}
	if err := p.o.Mensen.MeldAf(b.Context(), b.Bezoeker, g.ID); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padGebruiker(g.ID), Melding: pagina.OveralAfgemeld}, nil
}
