package mijn_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

const (
	oin   = "00000099123456780000"
	bsn   = "999912340" // of everybody who signs in here; it may be seen nowhere
	ander = "999923456" // of who they act for; nor may this
)

// Tokens of sessions.
const (
	goed       = "goed"       // may look
	laag       = "laag"       // signed in with too little certainty
	namens     = "namens"     // acts for another
	laagNamens = "laagnamens" // both
	oud        = "oud"        // may look, and signed in a while ago
)

var amsterdam = activiteit.Datum("2026-01-01").Middag().Location()

// proef is a municipality with a citizen. Everybody in it is made up.
type proef struct {
	fout   error // that looking gives
	beide  bool  // organisations
	leeg   bool
	open   bool          // something is open for who acts for another
	wijzen bool          // it is known what goes by itself
	filter inzage.Filter // that was asked for last
	cursor string
	nieuw  int      // looks that were asked to be made anew
	geteld []string // sessions that ended
	dienst string
	vers   bool
	adres  string
	regels int          // beside those of the overview, in a file
	grond  inzage.Grond // of each line by itself, when it is set
}

func (p *proef) Diensten() []mijn.Dienst {
	uit := []mijn.Dienst{{Sleutel: "digid", Naam: "DigiD", Organisatie: "Gemeente Voorbeeldstad"}}
	if p.beide {
		uit = append(uit, mijn.Dienst{Sleutel: "digid-waterschap", Naam: "DigiD", Organisatie: "Waterschap Voorbeeldvliet"})
	}
	return uit
}

func (p *proef) Begin(_ context.Context, dienst string, vers bool) (naar, staat string, err error) {
	p.dienst, p.vers = dienst, vers
	return "https://digid.voorbeeldstad.example/authorize?state=s1", "verzegeld", nil
}

func (p *proef) Voltooi(_ context.Context, dienst string, antwoord url.Values, staat, adres string) (string, error) {
	p.adres = adres
	if dienst != "digid" || staat != "verzegeld" || antwoord.Get("code") != "c1" {
		return "", fout.New(fout.CodeAanmeldenMislukt, "Dit lukte niet: u bent gestopt bij DigiD. Begin opnieuw.")
	}
	return goed, nil
}

func (p *proef) Zoek(_ context.Context, token string) (*inwoner.Inwoner, error) {
	w := &inwoner.Inwoner{
		OIN: oin, Organisatie: "Gemeente Voorbeeldstad", Persoon: inwoner.BSN(bsn), Naam: "A. Voorbeeld", Niveau: inwoner.Substantieel,
		Begonnen: nu, Vorige: nu.AddDate(0, 0, -9),
	}
	switch token {
	case goed, oud:
	case laag:
		w.Niveau = inwoner.Midden
	case namens:
		w.Namens = &inwoner.Namens{Soort: inwoner.Ouder, Persoon: inwoner.BSN(ander)}
	case laagNamens:
		w.Niveau, w.Namens = inwoner.Basis, &inwoner.Namens{Soort: inwoner.Ouder, Persoon: inwoner.BSN(ander)}
	default:
		return nil, fout.New(fout.CodeNietAangemeld, "U bent niet (meer) aangemeld. Meld u opnieuw aan.")
	}
	return w, nil
}

func (p *proef) Beeindig(_ context.Context, token string) error {
	p.geteld = append(p.geteld, token)
	return nil
}

func (p *proef) BeeindigAlle(_ context.Context, token string) error {
	p.geteld = append(p.geteld, "alle van "+token)
	return nil
}

func (p *proef) Vers(_ context.Context, token string) (bool, error) { return token == goed, nil }

func (p *proef) Historie(context.Context, string) ([]inwoner.Aanmelding, error) {
	if p.leeg {
		return nil, nil
	}
	return []inwoner.Aanmelding{
		{Moment: nu, Wat: "Aangemeld met DigiD.", Dienst: "DigiD", Niveau: inwoner.Substantieel, Deze: true},
		{Moment: nu.AddDate(0, 0, -9), Wat: "Afgemeld."},
		{Moment: nu.AddDate(0, 0, -9).Add(-7 * time.Minute), Wat: "Aangemeld met DigiD.", Dienst: "DigiD", Niveau: inwoner.Hoog},
	}, nil
}

// nu is the moment of everything here.
var nu = time.Date(2026, 11, 26, 10, 32, 0, 0, amsterdam)

func id(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

var verhuizen, onbekend = id(1), id(2)

func verhuizing() *inzage.Uitleg {
	return &inzage.Uitleg{
		Activiteit: verhuizen, Dag: "2026-11-19", Bekend: true, Geldig: true, Openbaar: true, Naam: "Verwerken van verhuizingen", Doel: "Bijhouden waar mensen wonen, zodat alle overheden hetzelfde adres gebruiken.",
		Grondslagen: []inzage.Grond{{Code: "wettelijke_verplichting", Naam: "Wettelijke verplichting", Uitleg: "Een wet verplicht de organisatie om dit te doen.", Artikel: "AVG art. 6 lid 1 onder c"}},
		Toelichting: "Wet basisregistratie personen, artikel 2.20.",
	}
}

func om(dag, uur, minuut int) time.Time {
	return time.Date(2026, 11, dag, uur, minuut, 7, 0, amsterdam)
}

var waterschap = inzage.Partij{Soort: inzage.Organisatie, OIN: "00000099234567890000", Naam: "Waterschap Voorbeeldvliet"}

// gebruik are the lines of the overview.
func gebruik() []inzage.Gebruik {
	u, ander := verhuizing(), verhuizing()
	ander.Doel, ander.Grondslagen = "Nagaan of een adres bestaat.", []inzage.Grond{{Code: "publieke_taak", Naam: "Publieke taak"}}
	return []inzage.Gebruik{
		{ID: id(11), Moment: om(19, 14, 20), Actie: "Verstrekken adres", Verwerking: "Verhuizing", Uitleg: u, Rol: "aangever", Soorten: []string{"Naam", "Adres"}, Ontvanger: waterschap},
		{ID: id(12), Moment: om(19, 14, 12), Actie: "Opslaan verhuizing", Handeling: "Registratie", Verwerking: "Verhuizing", Uitleg: u, Rol: "aangever", Soorten: []string{"Adres"}, Ontvanger: inzage.Partij{Soort: inzage.Wij}},
		{ID: id(13), Moment: om(19, 13, 58), Verborgen: true, Actie: "Raadplegen persoon", Verwerking: "Verhuizing", Uitleg: ander, Rol: "aangever", Soorten: []string{"Naam", "Geboortedatum", "Adres"}},
		{ID: id(14), Moment: om(3, 2, 4), Actie: "Controleren inkomen", Uitleg: &inzage.Uitleg{Activiteit: onbekend, Dag: "2026-11-03"}, Uitvoerder: waterschap, Ontvanger: inzage.Partij{Soort: inzage.Organisatie, OIN: "00000099999999990000"}},
	}
}

func (p *proef) Overzicht(_ context.Context, w *inwoner.Inwoner, f inzage.Filter, cursor string) (*inzage.Overzicht, error) {
	p.filter, p.cursor = f, cursor
	if p.fout != nil {
		return nil, p.fout
	}
	if f.Van == "morgen" {
		return nil, fout.Ongeldig(fout.Param{Name: "van", Code: "invalid", Reason: "Vul een dag in die bestaat."})
	}
	if cursor == "verlopen" {
		return nil, fout.Ongeldig(fout.Param{Name: "cursor", Code: "invalid", Reason: "Deze verwijzing naar een pagina is ongeldig of verlopen; doe de opvraging opnieuw."})
	}
	o := &inzage.Overzicht{Organisatie: w.Organisatie, Filter: f, Moment: nu, Zoekt: f.Organisatie != "" || f.Wijze != ""}
	if o.Zoekt {
		o.Volgende = "volgende"
	}
	if p.leeg {
		return o, nil
	}
	o.Organisaties = []inzage.Partij{{Soort: inzage.Organisatie, OIN: oin, Naam: "Gemeente Voorbeeldstad"}, waterschap, {Soort: inzage.Organisatie, OIN: "00000099999999990000"}}
	g := gebruik()
	maand := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, amsterdam) }
	oktober := verhuizing()
	oktober.Naam, oktober.Doel, oktober.Grondslagen = "Verlenen van parkeervergunningen", "De schaarse parkeerruimte verdelen onder wie er woont.", append(oktober.Grondslagen, inzage.Grond{Code: "publieke_taak", Naam: "Publieke taak"})
	o.Aantal, o.Volgende = 1234, "volgende"
	for n, aantal := range []int{10, 900, 201, 60, 40, 20, 3} {
		o.Maanden = append(o.Maanden, inzage.Maand{Begin: maand(time.Month(11 - n)), Aantal: aantal, Cursor: fmt.Sprintf("m%d", n)})
	}
	if o.Zoekt {
		o.Aantal, o.Maanden = 12, nil
	}
	o.Delen = []inzage.Deel{{
		Maand: maand(11), Blikken: 3,
		Groepen: []inzage.Groep{
			{Naam: "Verhuizing", Gebruik: g[:3], Eerste: g[2].Moment, Laatste: g[0].Moment},
			{Naam: "Controleren inkomen", Gebruik: g[3:], Eerste: g[3].Moment, Laatste: g[3].Moment},
		},
	}, {
		Maand: maand(10),
		Groepen: []inzage.Groep{{
			Naam: "Aanvraag van een parkeervergunning voor bewoners van de binnenstad", Eerste: om(-20, 9, 0), Laatste: om(-2, 16, 45),
			Gebruik: []inzage.Gebruik{
				{ID: id(15), Moment: om(-2, 16, 45), Actie: "Versturen besluit", Uitleg: oktober, Ontvanger: inzage.Partij{Soort: inzage.Zelf}},
				{ID: id(16), Moment: om(-20, 9, 0), Actie: "Opslaan aanvraag", Uitleg: oktober, Ontvanger: inzage.Partij{Soort: inzage.Persoon}},
			},
		}},
	}}
	for n := range 6 {
		o.Delen[0].Eigen = append(o.Delen[0].Eigen, inzage.Gebruik{ID: id(20 + n), Moment: om(18-n/2, 20, 15), Actie: []string{"Tonen verwerkingen", "Inzien verwerkingenlog"}[n%2], Eigen: true, Uitleg: oktober})
	}
	if cursor == "volgende" {
		o.Vorige, o.Volgende, o.Delen, o.Vooraf = "vorige", "", o.Delen[1:], 12
	}
	if cursor == "m1" { // another cursor than those on the page: each is sealed anew
		o.Vorige, o.Delen, o.Vooraf = "vorige", o.Delen[1:], 10
	}
	return o, nil
}

func (p *proef) Bijwerken(_ *inwoner.Inwoner, f inzage.Filter) error {
	p.filter = f
	p.nieuw++
	return nil
}

func (p *proef) Een(_ context.Context, _ *inwoner.Inwoner, een uuid.UUID) (*inzage.Gebruik, error) {
	if p.fout != nil {
		return nil, p.fout
	}
	for _, g := range gebruik() {
		if g.ID == een {
			if p.grond.Code != "" {
				g.Uitleg.Grondslagen = []inzage.Grond{p.grond}
			}
			return &g, nil
		}
	}
	return nil, fout.NietGevonden
}

func (p *proef) Alles(_ context.Context, _ *inwoner.Inwoner, f inzage.Filter, g func(*inzage.Gebruik) error) error {
	p.filter = f
	if p.fout != nil {
		return p.fout
	}
	for _, een := range gebruik() {
		if err := g(&een); err != nil {
			return err
		}
	}
	for n := range p.regels {
		een := gebruik()[3]
		een.Moment, een.Actie = om(1, 0, 0).AddDate(0, 0, -n), fmt.Sprintf("Actie %d", n)
		if err := g(&een); err != nil {
			return err
		}
	}
	return nil
}

func (p *proef) Wijzen(string) bool { return p.wijzen }

// vervoer is what is open when something is.
var vervoer = domein.OpenDomein{ID: id(5), Naam: "Leerlingenvervoer", Uitleg: "De aanvraag van de bus naar school, en de ritten."}

func (p *proef) NamensDomeinen(w *inwoner.Inwoner) ([]domein.OpenDomein, error) {
	if err := w.MagNamens(); err != nil || !p.open {
		return nil, err
	}
	return []domein.OpenDomein{vervoer, {ID: id(6), Naam: "Afvalpas", Uitleg: "De pas voor de ondergrondse container."}}, p.fout
}

func (p *proef) Namens(_ context.Context, _ *inwoner.Inwoner, welk uuid.UUID, cursor string) (*inzage.NamensOverzicht, error) {
	p.cursor = cursor
	if p.fout != nil {
		return nil, p.fout
	}
	if cursor == "verlopen" {
		return nil, fout.Ongeldig(fout.Param{Name: "cursor", Code: "invalid", Reason: "Deze verwijzing naar een pagina is ongeldig of verlopen; doe de opvraging opnieuw."})
	}
	if !p.open || welk != vervoer.ID {
		return nil, fout.NietGevonden
	}
	o := &inzage.NamensOverzicht{Domein: vervoer, Moment: nu}
	if p.leeg {
		return o, nil
	}
	g := gebruik()[:3]
	g[1].Ontvanger = inzage.Partij{Soort: inzage.Zelf}
	o.Delen, o.Volgende = []inzage.Deel{{Maand: time.Date(2026, 11, 1, 0, 0, 0, 0, amsterdam), Groepen: []inzage.Groep{{Naam: "Verhuizing", Gebruik: g, Eerste: g[2].Moment, Laatste: g[0].Moment}}}}, "volgende"
	return o, nil
}

func (p *proef) Doelen(string) []inzage.Doel {
	return []inzage.Doel{{ID: id(3), Naam: "Verlenen van parkeervergunningen", Categorie: "Vergunningen"}, {ID: verhuizen, Naam: "Verwerken van verhuizingen", Categorie: "Burgerzaken"}}
}

func (p *proef) Verantwoordelijke(string) activiteit.Verantwoordelijke {
	if p.leeg {
		return activiteit.Verantwoordelijke{}
	}
	return activiteit.Verantwoordelijke{
		Naam: "Gemeente Voorbeeldstad", Contact: activiteit.Contact{Email: "privacy@voorbeeldstad.example", Telefoon: "14 099"},
		FG: activiteit.Contact{Naam: "Functionaris gegevensbescherming", Email: "fg@voorbeeldstad.example"},
	}
}

func opties(p *proef) mijn.Opties {
	o := mijn.Opties{
		BaseURL: "https://register.voorbeeldstad.example", Versie: "0.8.0", Ontwerp: ontwerp.New(nil), Aanmelden: p, Sessies: p, Inzage: p,
		Logger: slog.New(slog.DiscardHandler), Nu: func() time.Time { return nu },
	}
	if !p.beide {
		o.OIN, o.Organisatie = oin, "Gemeente Voorbeeldstad"
	}
	return o
}
