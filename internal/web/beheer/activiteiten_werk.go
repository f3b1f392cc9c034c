package beheer

import (
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Reading or importing a file that takes longer than a second: a page that shows how far it is, asks for itself again, and goes on to
// what comes of it. It can be closed and opened again, on any node.

func padBezig(id uuid.UUID) string { return padInvoeren + "/bezig/" + id.String() }

// Seconds between two looks: often at first, and less often for what takes long.
const (
	versVaak  = 2
	versTraag = 5
	langWerk  = 20 * time.Second
)

type bezigBlad struct {
	InvoerWerk
	Stappen  []stap
	Duurt    int // seconds
	Pad, Weg string
	Stil     bool // who looks asked not to be shown it again by itself
}

func (p *paginas) invoerBezig(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if err := metZicht(b); err != nil {
		return nil, err
	}
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	w, err := p.o.Invoeren.Bezig(b.Context(), b.Bezoeker, id)
	switch {
	case err != nil:
		return nil, err
	case w == nil:
		return pagina.Verder{Naar: padInvoeren + "/kolommen/" + id.String()}, nil
	case w.Uitkomst != nil:
		return invoerKlaar(b, w.Uitkomst, w.Definitief), nil
	case len(w.Fouten) > 0 && !w.Invoeren:
		for _, f := range w.Fouten {
			b.Formulier.Meld("bestand", b.T(f))
		}
		return p.invoerenScherm(b)
	case len(w.Fouten) > 0:
		for _, f := range w.Fouten {
			b.Formulier.Meld("", b.T(f))
		}
		v, err := p.o.Invoeren.Voorbeeld(b.Context(), b.Bezoeker, id)
		if err != nil {
			return nil, err
		}
		return p.voorbeeldScherm(b, id, v, b.Bezoeker.Mag("activiteiten", "goedkeuren")), nil
	}
	blad := bezigBlad{
		InvoerWerk: *w, Stappen: stappen(b, 1), Duurt: int(max(b.Nu().Sub(w.Sinds), 0).Seconds()), Pad: padBezig(id), Weg: padInvoeren + "/weg/" + id.String(),
		Stil: b.URL.Query().Get("ververs") == "nee",
	}
	titel := b.T("Het bestand wordt gelezen")
	if w.Invoeren {
		titel, blad.Stappen = b.T("Het bestand wordt ingevoerd"), stappen(b, 4)
	}
	s := &pagina.Scherm{Sjabloon: "invoer_bezig", Titel: titel, Kruimels: kruimelsInvoeren(b), Inhoud: blad, Ververs: versVaak}
	switch {
	case blad.Stil:
		s.Ververs = 0
	case b.Nu().Sub(w.Sinds) > langWerk:
		s.Ververs = versTraag
	}
	return s, nil
}

func invoerKlaar(b *pagina.Bezoek, uit *InvoerUitkomst, definitief bool) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "invoer_klaar", Titel: b.T("Het bestand is ingevoerd"), Kruimels: kruimelsInvoeren(b),
		Inhoud: klaarBlad{*uit, stappen(b, 4), definitief, b.Bezoeker.Mag("activiteiten", "exporteren")},
	}
}
