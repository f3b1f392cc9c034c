package mijn

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

type overzichtBlad struct {
	Organisatie string
	Stand       time.Time
	Vorige      time.Time // the sign-in before this one
	Aantal      int
	Zoek        zoek
	Fout        string // what is wrong with what was chosen; then there is nothing else
	FoutVeld    string // and its field
	Adres       string // of this page without its place in the list
	Bewaren     string // where to keep it
	Maanden     []maandLink
	Delen       []maandDeel
	Zoekt       bool // lines are kept by their content: Aantal is of this page, and there may be more to look through
	AlleenZelf  bool // there is nothing but the citizen's own looks
	Nieuwer     string
	Ouder       string
}

// zoek is the form in which one chooses.
type zoek struct {
	Naar     string // address of the overview
	Van, Tot string
	Doel     string
	Ander    bool // the purpose is none of those that everybody can choose
	Groepen  []doelGroep
	// Organisaties are those that the citizen met so far; one that was chosen is among them.
	Organisaties []organisatieKeuze
	Organisatie  string // OIN
	Wijzen       bool   // one can choose what went by itself
	Wijze        string
	Gekozen      bool // something was chosen
	Open         bool
}

type organisatieKeuze struct{ OIN, Naam string }

type doelGroep struct {
	Categorie string
	Doelen    []inzage.Doel
}

type maandLink struct {
	Begin  time.Time
	Aantal int
	Adres  string
}

// maandDeel is what stands on the page of one month.
type maandDeel struct {
	Maand   time.Time
	Vervolg bool // it began on the page before
	Verder  bool // it goes on on the next one
	Kaarten []kaart
	Eigen   []stap
	Blikken int
}

// kaart is what was done for one thing.
type kaart struct {
	Naam        string
	Dag, Tot    time.Time // Tot is zero when it took less than a day
	Tijd        string
	Adres       string
	Redenen     []waarom // one, unless its acties are of more activities
	Gronden     []inzage.Grond
	Ontvangers  []string
	Uitvoerders []string
	Stappen     []stap // more than one, or none
}

// stap is one actie of it.
type stap struct {
	Moment time.Time
	Naam   string
	Adres  string
}

// waarom is why, on a card.
type waarom struct {
	Doel   string // of the organisation, in its own words
	Anders string // what to say when there is none
	Grond  []inzage.Grond
}

// filter reads what was chosen from the address. Somebody who is protected chooses nothing: a choice would tell what a line does not.
func (b *bezoek) filter() (inzage.Filter, error) {
	if b.Inwoner.Beschermd {
		return inzage.Filter{}, nil
	}
	f, err := filter(b.URL.Query())
	if !b.m.o.Inzage.Wijzen(b.Inwoner.OIN) {
		f.Wijze = "" // nothing is known of it
	}
	return f, err
}

// filter reads what was chosen from the address.
func filter(q url.Values) (f inzage.Filter, err error) {
	f = inzage.Filter{Van: activiteit.Datum(strings.TrimSpace(q.Get("van"))), Tot: activiteit.Datum(strings.TrimSpace(q.Get("tot")))}
	f.Organisatie, f.Wijze = q.Get("organisatie"), inzage.Wijze(q.Get("wijze"))
	if s := q.Get("doel"); s != "" {
		if f.Activiteit, err = uuid.Parse(s); err != nil {
			return f, fout.New(fout.CodeOnleesbaar, "")
		}
	}
	return f, nil
}

// adres is that of a page with what was chosen.
func adres(pad string, f inzage.Filter, erbij ...string) string {
	v := url.Values{}
	for naam, waarde := range map[string]string{"van": string(f.Van), "tot": string(f.Tot), "organisatie": f.Organisatie, "wijze": string(f.Wijze)} {
		if waarde != "" {
			v.Set(naam, waarde)
		}
	}
	if f.Activiteit != uuid.Nil {
		v.Set("doel", f.Activiteit.String())
	}
	for k := 0; k+1 < len(erbij); k += 2 {
		if erbij[k+1] != "" {
			v.Set(erbij[k], erbij[k+1])
		}
	}
	if len(v) == 0 {
		return pad
	}
	return pad + "?" + v.Encode()
}

func (m *Mijn) overzicht(b *bezoek) (*scherm, error) {
	q := b.URL.Query()
	f, err := b.filter()
	if err != nil {
		return nil, err
	}
	blad := overzichtBlad{Organisatie: b.Inwoner.Organisatie, Vorige: b.Inwoner.Vorige, Zoek: m.zoek(b, f), Adres: adres(padOverzicht, f), Bewaren: adres(padDownloaden, f)}
	s := &scherm{sjabloon: "overzicht", titel: b.t("overzicht.titel")}
	o, err := m.o.Inzage.Overzicht(b.Context(), b.Inwoner, f, q.Get("p"))
	var g *fout.Fout
	switch {
	case isOngeldig(err) && q.Get("p") != "":
		return b.verder(blad.Adres) // a place in a list that is not there any more: begin at its top
	case errors.As(err, &g) && g.Code == fout.CodeOngeldig && len(g.Params) > 0:
		blad.Fout, blad.FoutVeld = g.Params[0].Reason, g.Params[0].Name
		uitleg := b.t("fout.keuze")
		s.titel, s.status = b.t("fout.keuze-kop"), http.StatusBadRequest
		if blad.FoutVeld == "van" || blad.FoutVeld == "tot" {
			s.titel, uitleg = b.t("fout.periode-kop"), b.t("fout.periode")
		}
		if b.taal != taal.Nederlands || blad.Fout == "" { // the room says it in Dutch, and more exactly
			blad.Fout = uitleg
		}
		s.inhoud = blad
		return s, nil
	case err != nil:
		return nil, err
	}
	b.gekozen, b.plaats = o.Filter, q.Get("p")
	if o.Grof {
		return b.grofOverzicht(o), nil
	}
	b.vul(&blad, o)
	s.inhoud = blad
	return s, nil
}

func isOngeldig(err error) bool { return fout.CodeOf(err) == fout.CodeOngeldig }

// bijwerken looks anew.
func (m *Mijn) bijwerken(b *bezoek) (*scherm, error) {
	f, err := b.filter()
	if err != nil {
		return nil, err
	}
	if err := m.o.Inzage.Bijwerken(b.Inwoner, f); err != nil {
		return nil, err
	}
	return b.verder(adres(padOverzicht, f))
}

// zoek makes the form. Its purposes are those that everybody can read of, so that they say nothing about anybody.
func (m *Mijn) zoek(b *bezoek, f inzage.Filter) zoek {
	z := zoek{Naar: b.padOverzicht(), Van: string(f.Van), Tot: string(f.Tot), Gekozen: f != (inzage.Filter{}), Organisatie: f.Organisatie, Wijze: string(f.Wijze), Wijzen: m.o.Inzage.Wijzen(b.Inwoner.OIN)}
	z.Open = z.Gekozen
	if f.Activiteit != uuid.Nil {
		z.Doel, z.Ander = f.Activiteit.String(), true
	}
	for _, d := range m.o.Inzage.Doelen(b.Inwoner.OIN) {
		if d.ID == f.Activiteit {
			z.Ander = false
		}
		n := slices.IndexFunc(z.Groepen, func(g doelGroep) bool { return g.Categorie == d.Categorie })
		if n < 0 {
			z.Groepen = append(z.Groepen, doelGroep{Categorie: d.Categorie})
			n = len(z.Groepen) - 1
		}
		z.Groepen[n].Doelen = append(z.Groepen[n].Doelen, d)
	}
	slices.SortStableFunc(z.Groepen, func(x, y doelGroep) int { return strings.Compare(x.Categorie, y.Categorie) })
	return z
}

// vul puts the overview in the words of the page.
func (b *bezoek) vul(blad *overzichtBlad, o *inzage.Overzicht) {
	blad.Stand, blad.Aantal, blad.Zoekt = o.Moment, o.Aantal, o.Zoekt
	for _, p := range o.Organisaties {
		blad.Zoek.Organisaties = append(blad.Zoek.Organisaties, organisatieKeuze{p.OIN, b.partij(p)})
	}
	for _, m := range o.Maanden {
		blad.Maanden = append(blad.Maanden, maandLink{m.Begin, m.Aantal, adres(b.padOverzicht(), o.Filter, "p", m.Cursor)})
	}
	if o.Vorige != "" {
		blad.Nieuwer = adres(b.padOverzicht(), o.Filter, "p", o.Vorige)
	}
	if o.Volgende != "" {
		blad.Ouder = adres(b.padOverzicht(), o.Filter, "p", o.Volgende)
	}
	for _, d := range o.Delen {
		deel := maandDeel{Maand: d.Maand, Blikken: d.Blikken}
		for k := range d.Eigen {
			deel.Eigen = append(deel.Eigen, b.stap(&d.Eigen[k]))
		}
		for k := range d.Groepen {
			deel.Kaarten = append(deel.Kaarten, b.kaart(&d.Groepen[k]))
		}
		blad.Delen = append(blad.Delen, deel)
	}
	blad.AlleenZelf = len(blad.Delen) > 0 && o.Vorige == "" && o.Volgende == "" && !slices.ContainsFunc(blad.Delen, func(d maandDeel) bool { return len(d.Kaarten) > 0 })
	// A month that is cut by the page says so.
	hoeveel := map[time.Time]int{}
	for _, m := range o.Maanden {
		hoeveel[m.Begin.UTC()] = m.Aantal
	}
	for n, d := range o.Delen {
		hier := len(d.Eigen)
		for _, g := range d.Groepen {
			hier += len(g.Gebruik)
		}
		if hier >= hoeveel[d.Maand.UTC()] {
			continue
		}
		blad.Delen[n].Vervolg = n == 0 && o.Vorige != "" && !begint(o, d.Maand)
		blad.Delen[n].Verder = n == len(o.Delen)-1 && o.Volgende != ""
	}
}

// begint tells whether the page begins with the first line of a month: as many lines stand before it as newer months have.
func begint(o *inzage.Overzicht, maand time.Time) bool {
	nieuwer := 0
	for _, m := range o.Maanden {
		if m.Begin.After(maand) {
			nieuwer += m.Aantal
		}
	}
	return nieuwer == o.Vooraf
}

func (b *bezoek) stap(g *inzage.Gebruik) stap {
	return stap{Moment: g.Moment, Naam: b.naam(g), Adres: b.adresGebruik(g.ID)}
}

// naam is what to call a line that may have no name.
func (b *bezoek) naam(g *inzage.Gebruik) string {
	for _, s := range []string{g.Actie, g.Handeling, g.Verwerking, g.Uitleg.Naam} {
		if s != "" {
			return s
		}
	}
	return b.t("uitleg.zonder-naam")
}

func (b *bezoek) kaart(g *inzage.Groep) kaart {
	k := kaart{Naam: g.Naam, Adres: b.adresGebruik(g.Gebruik[0].ID), Dag: g.Laatste, Tijd: tijd(g.Laatste)}
	if k.Naam == "" {
		k.Naam = b.naam(&g.Gebruik[0])
	}
	if g.Eerste.Format(time.DateOnly) != g.Laatste.Format(time.DateOnly) {
		k.Dag, k.Tot, k.Tijd = g.Eerste, g.Laatste, ""
	}
	erbij := func(lijst []string, s string) []string {
		if s == "" || slices.Contains(lijst, s) {
			return lijst
		}
		return append(lijst, s)
	}
	for n := range g.Gebruik {
		een := &g.Gebruik[n]
		w := b.waarom(een.Uitleg)
		if !slices.ContainsFunc(k.Redenen, func(v waarom) bool { return v.Doel == w.Doel && v.Anders == w.Anders }) {
			k.Redenen = append(k.Redenen, w)
		}
		for _, grond := range w.Grond {
			k.Gronden = voegGrondToe(k.Gronden, grond)
		}
		k.Ontvangers = erbij(k.Ontvangers, b.partij(een.Ontvanger))
		k.Uitvoerders = erbij(k.Uitvoerders, b.partij(een.Uitvoerder))
		if len(g.Gebruik) > 1 {
			k.Stappen = append(k.Stappen, b.stap(een))
		}
	}
	return k
}

// waarom tells why data were used, or that it is not known.
func (b *bezoek) waarom(u *inzage.Uitleg) (w waarom) {
	switch {
	case u.Geldig:
		w.Doel = u.Doel
	case u.Activiteit == uuid.Nil:
		w.Anders = b.t("uitleg.geen-doel")
	case !u.Bekend:
		w.Anders = b.t("uitleg.onbekend")
	default:
		w.Anders = b.t("uitleg.ongeldig")
	}
	w.Grond = u.Grondslagen
	return w
}

// partij says who; empty for nobody.
func (b *bezoek) partij(p inzage.Partij) string {
	switch {
	case p.Soort == inzage.Zelf && b.voorAnder:
		return b.t("namens.de-ander")
	case p.Soort == inzage.Namens:
		return b.t("uitleg.namens")
	case p.Soort == inzage.Zelf:
		return b.t("uitleg.zelf")
	case p.Soort == inzage.Persoon:
		return b.t("uitleg.persoon")
	case p.Soort == inzage.Ander:
		return b.t("grof.ander")
	case p.Soort == inzage.Wij && b.Inwoner.Beschermd:
		return b.t("grof.wij")
	case p.Soort == inzage.Wij:
		return b.t("uitleg.wij", "organisatie", b.Inwoner.Organisatie)
	case p.Soort == inzage.Organisatie && p.Naam != "":
		return p.Naam
	case p.Soort == inzage.Organisatie:
		return b.t("uitleg.onbekende-organisatie", "oin", p.OIN)
	}
	return ""
}
