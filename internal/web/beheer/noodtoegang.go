package beheer

import (
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Break-glass: somebody takes a right for a short time because waiting would do harm, and others are told at once.

const padNood = "/beheer/noodtoegang"

// noodScherm is the page where break-glass is asked for.
type noodScherm struct {
	NoodBlad
	Rechten, Duren []pagina.Keuze
}

func (p *paginas) toonNood(b *pagina.Bezoek) (pagina.Antwoord, error) {
	blad, err := p.o.Noodtoegang.Keuzes(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	in := noodScherm{NoodBlad: *blad, Rechten: []pagina.Keuze{{Waarde: "", Tekst: b.T("Kies wat u nodig hebt")}}}
	for _, k := range blad.Keuzes {
		in.Rechten = append(in.Rechten, pagina.Keuze{Waarde: k.Sleutel, Tekst: b.T(k.Naam)})
	}
	for _, d := range blad.Duren {
		m := int(d / time.Minute)
		in.Duren = append(in.Duren, pagina.Keuze{Waarde: strconv.Itoa(m), Tekst: b.T("%d minuten", m)})
	}
	return &pagina.Scherm{Sjabloon: "noodtoegang", Titel: b.T("Noodtoegang"), Inhoud: in}, nil
}

func (p *paginas) nood(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if b.Waarde("recht") == "" {
		b.Formulier.Meld("recht", b.T("Kies wat u nodig hebt."))
	}
	minuten, err := strconv.ParseUint(b.Waarde("duur"), 10, 8)
	if err != nil {
		b.Formulier.Meld("duur", b.T("Kies hoe lang u het nodig hebt."))
	}
	if b.Formulier.Goed() {
		err := p.o.Noodtoegang.Neem(b.Context(), b.Bezoeker, b.Waarde("recht"), time.Duration(minuten)*time.Minute, b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padNood, Melding: pagina.NoodBegonnen}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	return p.toonNood(b)
}

func (p *paginas) noodEinde(b *pagina.Bezoek) (pagina.Antwoord, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	if err := p.o.Noodtoegang.Beeindig(b.Context(), b.Bezoeker, id); err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: pagina.Begin, Melding: pagina.NoodBeeindigd}, nil
}

func (p *paginas) noden(b *pagina.Bezoek) (pagina.Antwoord, error) {
	regels, err := p.o.Noodtoegang.Lopend(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "noodtoegangen", Titel: b.T("Lopende noodtoegang"), Inhoud: regels}, nil
}
