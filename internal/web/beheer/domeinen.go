package beheer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// What who acts for a citizen may see (decision 0039): one officer proposes, another opens, and either closes.

const padDomeinen = "/beheer/domeinen"

func padDomein(id uuid.UUID) string { return padDomeinen + "/" + id.String() }

func kruimelsDomeinen(b *pagina.Bezoek, d *DomeinBlad) []pagina.Kruimel {
	uit := []pagina.Kruimel{{Titel: b.T("Veilige domeinen"), Pad: padDomeinen}}
	if d != nil {
		uit = append(uit, pagina.Kruimel{Titel: d.Naam, Pad: padDomein(d.ID)})
	}
	return uit
}

// voorWoord says for whom a domein is.
func voorWoord(b *pagina.Bezoek, soort string) string {
	switch soort {
	case "ouder":
		return b.T("Ouders en voogden")
	case "curator":
		return b.T("Curatoren")
	}
	return b.T("Gemachtigden")
}

// gevaarWoord says why an activity is sensitive.
func gevaarWoord(b *pagina.Bezoek, gevaar string) string {
	switch gevaar {
	case "bijzonder":
		return b.T("er zijn bijzondere persoonsgegevens bij, zoals over gezondheid of geloof")
	case "strafrechtelijk":
		return b.T("er zijn strafrechtelijke gegevens bij")
	case "onderwerp":
		return b.T("naam, doel of gegevens wijzen op hulp, veiligheid of onderzoek")
	case "eigen":
		return b.T("zij laat zien wanneer iemand in de log keek")
	}
	return b.T("zij is vertrouwelijk, of geldt nu niet")
}

// gevaren are the reasons of one activity, each with commas of its own.
func gevaren(b *pagina.Bezoek, lijst []string) string {
	uit := make([]string, len(lijst))
	for n, s := range lijst {
		uit[n] = gevaarWoord(b, s)
	}
	return strings.Join(uit, "; ")
}

func voorWie(b *pagina.Bezoek, lijst []string) string {
	uit := make([]string, len(lijst))
	for n, s := range lijst {
		if uit[n] = voorWoord(b, s); n > 0 {
			uit[n] = strings.ToLower(uit[n][:1]) + uit[n][1:]
		}
	}
	return strings.Join(uit, ", ")
}

type domeinenBlad struct {
	Domeinen   []domeinRij
	MagBeheren bool
}

type domeinRij struct {
	DomeinBlad
	Voor string
}

func (p *paginas) domeinen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	alle, err := p.o.Domeinen.Lijst(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	blad := domeinenBlad{MagBeheren: b.Bezoeker.Mag("domeinen", "beheren")}
	for _, d := range alle {
		rij := domeinRij{DomeinBlad: d}
		if d.Open {
			rij.Voor = voorWie(b, d.Geldt.Voor)
		}
		blad.Domeinen = append(blad.Domeinen, rij)
	}
	return &pagina.Scherm{Sjabloon: "domeinen", Titel: b.T("Veilige domeinen"), Inhoud: blad}, nil
}

// domeinDeel is what holds, or is proposed, in words.
type domeinDeel struct {
	DomeinInhoud
	VoorWie string
	Regels  []domeinRegel
}

type domeinRegel struct {
	DomeinActiviteit
	Gevaar string
}

func newDomeinDeel(b *pagina.Bezoek, in *DomeinInhoud) *domeinDeel {
	d := &domeinDeel{DomeinInhoud: *in, VoorWie: voorWie(b, in.Voor)}
	for _, a := range in.Activiteiten {
		d.Regels = append(d.Regels, domeinRegel{a, gevaren(b, a.Gevaren)})
	}
	return d
}

type domeinScherm struct {
	*DomeinBlad
	Pad                                string
	Nu, Straks                         *domeinDeel
	MagBeheren, MagBeslissen, MagDicht bool
}

func (p *paginas) domeinScherm(b *pagina.Bezoek, d *DomeinBlad) *pagina.Scherm {
	in := domeinScherm{DomeinBlad: d, Pad: padDomein(d.ID), MagBeheren: b.Bezoeker.Mag("domeinen", "beheren"), MagBeslissen: b.Bezoeker.Mag("domeinen", "goedkeuren")}
	in.MagDicht = d.Open && (in.MagBeheren || in.MagBeslissen)
	if d.Geldt != nil {
		in.Nu = newDomeinDeel(b, d.Geldt)
	}
	if d.Voorstel != nil {
		in.Straks = newDomeinDeel(b, &d.Voorstel.Inhoud)
	}
	return &pagina.Scherm{Sjabloon: "domein", Titel: d.Naam, Kruimels: kruimelsDomeinen(b, nil), Inhoud: in}
}

// welkDomein gives the one of the path.
func (p *paginas) welkDomein(b *pagina.Bezoek) (*DomeinBlad, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Domeinen.Een(b.Context(), b.Bezoeker, id)
}

func (p *paginas) domein(b *pagina.Bezoek) (pagina.Antwoord, error) {
	d, err := p.welkDomein(b)
	if err != nil {
		return nil, err
	}
	return p.domeinScherm(b, d), nil
}

type domeinFormulier struct {
	Pad, Terug   string
	Voor         []pagina.Keuze
	Activiteiten []pagina.Keuze
	Redenen      []domeinReden
}

// domeinReden is the field of why a sensitive activity is safe.
type domeinReden struct{ Veld, Naam, Gevaar string }

// domeinFormulier is the page of a new domein and of a change, that takes what is proposed.
func (p *paginas) domeinFormulier(b *pagina.Bezoek) (pagina.Antwoord, error) {
	var d *DomeinBlad
	titel := b.T("Domein voorstellen")
	in := domeinFormulier{Pad: b.URL.Path, Terug: padDomeinen}
	if b.PathValue("id") != "" {
		var err error
		if d, err = p.welkDomein(b); err != nil {
			return nil, err
		}
		titel, in.Terug = b.T("Wijziging voorstellen"), padDomein(d.ID)
	}
	keuzes, err := p.o.Domeinen.Keuzes(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	if b.Method == "POST" {
		wie, versieVan := uuid.Nil, int64(0)
		if d != nil {
			wie, versieVan = d.ID, versie(b)
		}
		id, err := p.o.Domeinen.StelVoor(b.Context(), b.Bezoeker, wie, versieVan, leesDomein(b))
		if err == nil {
			return pagina.Verder{Naar: padDomein(id), Melding: pagina.WachtOpMedewerker}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	} else if d != nil {
		vulDomein(b, d)
	}
	for _, s := range []string{"ouder", "curator", "gemachtigde"} {
		in.Voor = append(in.Voor, pagina.Keuze{Waarde: s, Tekst: voorWoord(b, s), Gekozen: slices.Contains(gekozen(b, "voor"), s)})
	}
	ids := gekozen(b, "activiteiten")
	for _, a := range keuzes {
		k := pagina.Keuze{Waarde: a.ID.String(), Tekst: a.Naam, Gekozen: slices.Contains(ids, a.ID.String())}
		if len(a.Gevaren) > 0 {
			gevaar := gevaren(b, a.Gevaren)
			k.Uitleg = b.T("Gevoelig: %s.", gevaar)
			if k.Gekozen {
				in.Redenen = append(in.Redenen, domeinReden{"waarom." + a.ID.String(), a.Naam, gevaar})
			}
		}
		in.Activiteiten = append(in.Activiteiten, k)
	}
	return &pagina.Scherm{Sjabloon: "domein_formulier", Titel: titel, Kruimels: kruimelsDomeinen(b, d), Inhoud: in}, nil
}

func leesDomein(b *pagina.Bezoek) DomeinInvoer {
	in := DomeinInvoer{Naam: b.Waarde("naam"), Uitleg: b.Waarde("uitleg"), Voor: gekozen(b, "voor")}
	for _, s := range gekozen(b, "activiteiten") {
		if id, err := uuid.Parse(s); err == nil {
			in.Activiteiten = append(in.Activiteiten, DomeinGekozen{id, b.Waarde("waarom." + s)})
		}
	}
	return in
}

// vulDomein fills in what waits, or else what holds.
func vulDomein(b *pagina.Bezoek, d *DomeinBlad) {
	f := b.Formulier
	f.Zet("versie", strconv.FormatInt(d.Versie, 10))
	in := d.Geldt
	if d.Voorstel != nil {
		in = &d.Voorstel.Inhoud
	}
	if in == nil {
		return
	}
	f.Zet("naam", in.Naam)
	f.Zet("uitleg", in.Uitleg)
	f.Waarden["voor"] = in.Voor
	for _, a := range in.Activiteiten {
		f.Waarden["activiteiten"] = append(f.Waarden["activiteiten"], a.ID.String())
		f.Zet("waarom."+a.ID.String(), a.Waarom)
	}
}

// beslisDomein decides on a proposal, or takes one's own back, and then leads on.
func (p *paginas) beslisDomein(b *pagina.Bezoek, melding string, doe func(*DomeinBlad) error) (pagina.Antwoord, error) {
	d, err := p.welkDomein(b)
	if err != nil {
		return nil, err
	}
	if err := doe(d); err == nil {
		naar := padDomein(d.ID)
		if d.Geldt == nil && melding != pagina.Goedgekeurd { // it is gone
			naar = padDomeinen
		}
		return pagina.Verder{Naar: naar, Melding: melding}, nil
	} else if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.domeinScherm(b, d), nil
}

func (p *paginas) openDomein(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisDomein(b, pagina.Goedgekeurd, func(d *DomeinBlad) error {
		return p.o.Domeinen.Beslis(b.Context(), b.Bezoeker, d.ID, versie(b), true, "")
	})
}

func (p *paginas) weigerDomein(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisDomein(b, pagina.Geweigerd, func(d *DomeinBlad) error {
		return p.o.Domeinen.Beslis(b.Context(), b.Bezoeker, d.ID, versie(b), false, b.Waarde("reden"))
	})
}

func (p *paginas) trekDomeinIn(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisDomein(b, pagina.VoorstelIngetrokken, func(d *DomeinBlad) error {
		return p.o.Domeinen.TrekIn(b.Context(), b.Bezoeker, d.ID, versie(b))
	})
}

func (p *paginas) sluitDomein(b *pagina.Bezoek) (pagina.Antwoord, error) {
	d, err := p.welkDomein(b)
	if err != nil {
		return nil, err
	}
	if b.Method == "POST" {
		err := p.o.Domeinen.Sluit(b.Context(), b.Bezoeker, d.ID, b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padDomein(d.ID), Melding: pagina.DomeinDicht}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: b.T("Domein sluiten"), Kruimels: kruimelsDomeinen(b, d),
		Inhoud: besluitBlad{
			Uitleg: []string{b.T("Dit geldt meteen: niemand ziet bij dit domein nog iets van een ander."), b.T("Weer openen kan alleen met een tweede medewerker.")},
			Knop:   b.T("Sluiten"), Gevaar: true, Pad: b.URL.Path, Terug: padDomein(d.ID), RedenNodig: true,
			RedenUitleg: b.T("Minstens 15 tekens. Noem geen naam, adres of nummer. De reden komt in het beheerlog."),
		},
	}, nil
}
