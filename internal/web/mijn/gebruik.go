package mijn

import (
	"cmp"
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
	Terug       string // address of the place in the overview where one was
	Contact     contact
	FG          activiteit.Contact
	Vraag       string // address of a mail about this line
}

// contact is where to ask about a line.
type contact struct {
	Organisatie, Mail, Telefoon string    // Mail and Telefoon may be empty
	Nummer                      uuid.UUID // of the line: names no person
}

func (b *bezoek) contact(nummer uuid.UUID) contact {
	v := b.m.o.Inzage.Verantwoordelijke(b.Inwoner.OIN)
	return contact{b.Inwoner.Organisatie, cmp.Or(v.Contact.Email, v.FG.Email), v.Contact.Telefoon, nummer}
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
	if g.Grof {
		return &scherm{sjabloon: "gebruik_grof", titel: b.naam(g), inhoud: grofGebruik{b.grof(g), b.terug(), b.contact(g.ID), b.m.o.Inzage.Verantwoordelijke(b.Inwoner.OIN).FG}}, nil
	}
	blad := m.gebruikBlad(b, g)
	blad.Terug = b.terug()
	if g.Uitleg.Openbaar {
		blad.Meer = "/verwerkingsactiviteiten/" + g.Uitleg.Activiteit.String() + "?geldigOp=" + string(g.Uitleg.Dag)
	}
	if mail := blad.Contact.Mail; mail != "" {
		blad.Vraag = "mailto:" + mail + "?subject=" + url.PathEscape(b.t("gebruik.vraag-onderwerp", "nummer", g.ID))
	}
	return &scherm{sjabloon: "gebruik", titel: blad.Kop, inhoud: blad}, nil
}

// terug is where in the overview one was, as far as the address of a line tells.
func (b *bezoek) terug() string {
	f, err := b.filter()
	if err != nil {
		return padOverzicht
	}
	return adres(padOverzicht, f, "p", b.URL.Query().Get("p"))
}

// gebruikBlad puts one line in the words of the page.
func (m *Mijn) gebruikBlad(b *bezoek, g *inzage.Gebruik) gebruikBlad {
	blad := gebruikBlad{
		Gebruik: g, Kop: b.naam(g), Organisatie: b.Inwoner.Organisatie, Waarom: b.waarom(g.Uitleg), Ontvangt: b.partij(g.Ontvanger), Voerde: b.partij(g.Uitvoerder),
		Contact: b.contact(g.ID), FG: m.o.Inzage.Verantwoordelijke(b.Inwoner.OIN).FG,
	}
	if g.Uitleg.Activiteit != uuid.Nil {
		blad.Alleen = adres(b.padOverzicht(), inzage.Filter{Activiteit: g.Uitleg.Activiteit})
	}
	return blad
}
