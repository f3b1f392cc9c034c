package mijn

import (
	"net/url"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/inzage"
)

type gebruikBlad struct {
	*inzage.Gebruik
	Kop         string
	Organisatie string
	Waarom      waarom
	Ontvangt    string // who received the data
	Voerde      string // who did it, when that was another
	Meer        string // address of the page about the activity
	Alleen      string // address of the overview of this activity
	Wie         activiteit.Verantwoordelijke
	Vraag       string // address of a mail to them
}

func (m *Mijn) gebruik(b *bezoek) (*scherm, error) {
	id, err := b.id("id")
	if err != nil {
		return nil, err
	}
	g, err := m.o.Inzage.Een(b.Context(), b.Inwoner, id)
	if err != nil {
		return nil, err
	}
	blad := m.gebruikBlad(b, g)
	if g.Uitleg.Openbaar {
		blad.Meer = "/verwerkingsactiviteiten/" + g.Uitleg.Activiteit.String() + "?geldigOp=" + string(g.Uitleg.Dag)
	}
	mail := blad.Wie.Contact.Email
	if mail == "" {
		mail = blad.Wie.FG.Email
	}
	if mail != "" { // the number names no person
		blad.Vraag = "mailto:" + mail + "?subject=" + url.PathEscape(b.t("gebruik.vraag-onderwerp", "nummer", g.ID))
	}
	return &scherm{sjabloon: "gebruik", titel: blad.Kop, inhoud: blad}, nil
}

// gebruikBlad puts one line in the words of the page.
func (m *Mijn) gebruikBlad(b *bezoek, g *inzage.Gebruik) gebruikBlad {
	blad := gebruikBlad{
		Gebruik: g, Kop: b.naam(g), Organisatie: b.Inwoner.Organisatie, Waarom: b.waarom(g.Uitleg), Ontvangt: b.partij(g.Ontvanger), Voerde: b.partij(g.Uitvoerder),
		Wie: m.o.Inzage.Verantwoordelijke(b.Inwoner.OIN),
	}
	if g.Uitleg.Activiteit != uuid.Nil {
		blad.Alleen = adres(b.padOverzicht(), inzage.Filter{Activiteit: g.Uitleg.Activiteit})
	}
	return blad
}
