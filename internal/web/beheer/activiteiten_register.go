package beheer

import (
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// registerBlad is the register of AVG art. 30 as a document to read, to print and to hand to the regulator.
type registerBlad struct {
	Menu              []menuRegel
	Organisatie, OIN  string
	Op                string // day that it tells of
	Gemaakt           time.Time
	Verantwoordelijke Verantwoordelijke
	Hoofdstukken      []hoofdstuk
	Aantal            int
	Onvolledig        []string // names of activities in which something is not filled in
}

// hoofdstuk is the activities of one category.
type hoofdstuk struct {
	Titel        string
	Activiteiten []registerActiviteit
}

type registerActiviteit struct {
	GeldigeActiviteit
	Nr      string // in the document: "2.3"
	Secties []sectie
}

func (p *paginas) artikel30(b *pagina.Bezoek) (pagina.Antwoord, error) {
	gevraagd := b.URL.Query().Get("geldigOp")
	op := leesDag(gevraagd)
	b.Formulier.Zet("geldigOp", gevraagd)
	if gevraagd != "" && op == "" {
		b.Formulier.Meld("geldigOp", b.T("Vul een datum in als jaar-maand-dag, zoals 2027-01-31."))
	}
	if op == "" {
		op = vandaag(b)
	}
	v, err := p.o.Doelbinding.Verantwoordelijke(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	alle, err := p.o.Activiteiten.Geldig(b.Context(), b.Bezoeker, op)
	if err != nil {
		return nil, err
	}
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, op)
	if err != nil {
		return nil, err
	}
	blad := registerBlad{
		Menu: activiteitenMenu(b), Organisatie: b.Bezoeker.Organisatie, OIN: b.Bezoeker.OIN, Op: op, Gemaakt: b.Nu(), Verantwoordelijke: *v, Aantal: len(alle),
	}
	for _, a := range alle {
		titel := a.Categorie
		if titel == "" {
			titel = b.T("Zonder categorie")
		}
		n := len(blad.Hoofdstukken)
		if n == 0 || blad.Hoofdstukken[n-1].Titel != titel {
			blad.Hoofdstukken = append(blad.Hoofdstukken, hoofdstuk{Titel: titel})
			n++
		}
		h := &blad.Hoofdstukken[n-1]
		ra := registerActiviteit{GeldigeActiviteit: a, Nr: nummering(n, len(h.Activiteiten)+1), Secties: secties(b, &a.ActiviteitInhoud, j)}
		if onvolledig(b, ra.Secties) {
			blad.Onvolledig = append(blad.Onvolledig, a.Naam)
		}
		h.Activiteiten = append(h.Activiteiten, ra)
	}
	return &pagina.Scherm{Sjabloon: "activiteiten_register", Titel: b.T("Register van verwerkingsactiviteiten"), Kruimels: kruimelsActiviteiten(b, nil), Inhoud: blad}, nil
}

func nummering(hoofdstuk, nr int) string {
	return strconv.Itoa(hoofdstuk) + "." + strconv.Itoa(nr)
}

// onvolledig tells whether something is not filled in that art. 30 asks for.
func onvolledig(b *pagina.Bezoek, l []sectie) bool {
	return slices.ContainsFunc(l, func(s sectie) bool {
		return s.Artikel != "" && slices.ContainsFunc(s.Gegevens, func(g gegeven) bool { return len(g.Waarden) == 0 && g.Leeg == b.T("niet ingevuld") })
	})
}

type juridischBlad struct {
	Juridisch
	Menu []menuRegel
}

// juridisch shows which legal data hold, and where they come from.
func (p *paginas) juridisch(b *pagina.Bezoek) (pagina.Antwoord, error) {
	gevraagd := b.URL.Query().Get("geldigOp")
	b.Formulier.Zet("geldigOp", gevraagd)
	op := leesDag(gevraagd)
	if gevraagd != "" && op == "" {
		b.Formulier.Meld("geldigOp", b.T("Vul een datum in als jaar-maand-dag, zoals 2027-01-31."))
	}
	j, err := p.o.Activiteiten.Juridisch(b.Context(), b.Bezoeker, op)
	if err != nil {
		return nil, err
	}
	for i := range j.Selectielijst.Regels {
		r := &j.Selectielijst.Regels[i]
		r.Termijn = schrijfTermijn(b.Taal, r.Termijn)
	}
	return &pagina.Scherm{Sjabloon: "juridisch", Titel: b.T("Juridische gegevens"), Kruimels: kruimelsActiviteiten(b, nil), Inhoud: juridischBlad{*j, activiteitenMenu(b)}}, nil
}

type uitvoerenBlad struct{ Menu []menuRegel }

func (p *paginas) toonUitvoeren(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if err := metZicht(b); err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "uitvoeren", Titel: b.T("Opslaan als bestand"), Kruimels: kruimelsActiviteiten(b, nil), Inhoud: uitvoerenBlad{activiteitenMenu(b)}}, nil
}

func (p *paginas) uitvoeren(b *pagina.Bezoek) (pagina.Antwoord, error) {
	d, err := p.o.Activiteiten.Uitvoer(b.Context(), b.Bezoeker, path.Base(b.URL.Path))
	if err != nil {
		return nil, err
	}
	return d, nil
}
