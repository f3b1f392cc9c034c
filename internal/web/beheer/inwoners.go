package beheer

import (
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Citizens who are protected, and those who died (decision 0034). A number is only ever in the body of a form; pages show its last digits.

const padInwoners = "/beheer/inwoners"

func padBescherming(id uuid.UUID) string { return padInwoners + "/" + id.String() }

// naamVan says in words what stands in a view.
var naamVan = map[string]string{
	"beschermd": "Extra beschermd", "overleden": "Overleden",
	"geheimhouding": "Geheimhouding in de BRP", "opvang": "Verblijft in een opvang", "dreiging": "Wordt bedreigd", "anders": "Een andere reden", "overlijden": "Overlijden",
}

func kruimelsInwoners(b *pagina.Bezoek) []pagina.Kruimel {
	return []pagina.Kruimel{{Titel: b.T("Inwoners beschermen"), Pad: padInwoners}}
}

func (p *paginas) inwoners(b *pagina.Bezoek) (pagina.Antwoord, error) {
	a, err := p.o.Inwoners.Aandacht(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{Sjabloon: "inwoners", Titel: b.T("Inwoners beschermen"), Inhoud: a}, nil
}

func (p *paginas) zoekInwoner(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if !b.Formulier.Waarden.Has("bsn") { // who confirmed to be there, on the way to the page
		return p.inwoners(b)
	}
	blad, err := p.o.Inwoners.Zoek(b.Context(), b.Bezoeker, b.Waarde("bsn"))
	b.Formulier.Zet("bsn", "") // it is not sent back
	if err == nil {
		b.Formulier.Zet("wat", "beschermd")
		return p.inwonerScherm(b, blad), nil
	}
	if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.inwoners(b)
}

type inwonerScherm struct {
	*InwonerBlad
	Soorten, Aanleidingen []pagina.Keuze
	MagStellen            bool
}

func (p *paginas) inwonerScherm(b *pagina.Bezoek, blad *InwonerBlad) *pagina.Scherm {
	in := inwonerScherm{InwonerBlad: blad, MagStellen: b.Bezoeker.Mag("inwoners", "beheren")}
	in.Soorten = []pagina.Keuze{
		{Waarde: "beschermd", Tekst: b.T("Extra beschermd"), Uitleg: b.T("Ziet in het eigen overzicht geen plaatsen, organisaties en dagen.")},
		{Waarde: "overleden", Tekst: b.T("Overleden"), Uitleg: b.T("Niemand kan zich meer als deze persoon aanmelden.")},
	}
	in.Aanleidingen = []pagina.Keuze{{Waarde: "", Tekst: b.T("Kies een reden")}}
	for _, s := range []string{"geheimhouding", "opvang", "dreiging", "anders"} {
		in.Aanleidingen = append(in.Aanleidingen, pagina.Keuze{Waarde: s, Tekst: b.T(naamVan[s])})
	}
	return &pagina.Scherm{Sjabloon: "inwoner", Titel: b.T("Wat geldt voor deze inwoner"), Kruimels: kruimelsInwoners(b), Inhoud: in}
}

func (p *paginas) stelBescherming(b *pagina.Bezoek) (pagina.Antwoord, error) {
	in := BeschermingInvoer{Wat: b.Waarde("wat"), Aanleiding: b.Waarde("aanleiding"), Opmerking: b.Waarde("opmerking"), Tot: dag(b, "tot")}
	if b.Formulier.Goed() {
		id, err := p.o.Inwoners.Stel(b.Context(), b.Bezoeker, b.Waarde("inwoner"), in)
		if err == nil {
			return pagina.Verder{Naar: padBescherming(id), Melding: pagina.BeschermingGeldt}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	}
	blad, err := p.o.Inwoners.Gezocht(b.Context(), b.Bezoeker, b.Waarde("inwoner"))
	if err != nil {
		return nil, err
	}
	return p.inwonerScherm(b, blad), nil
}

// welkeBescherming gives the one of the path.
func (p *paginas) welkeBescherming(b *pagina.Bezoek) (*BeschermingBlad, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	return p.o.Inwoners.Een(b.Context(), b.Bezoeker, id)
}

type beschermingScherm struct {
	*BeschermingBlad
	Pad                      string
	MagStellen, MagBeslissen bool
}

func (p *paginas) beschermingScherm(b *pagina.Bezoek, d *BeschermingBlad) *pagina.Scherm {
	return &pagina.Scherm{
		Sjabloon: "bescherming", Titel: b.T(naamVan[d.Wat]), Kruimels: kruimelsInwoners(b),
		Inhoud: beschermingScherm{d, padBescherming(d.ID), b.Bezoeker.Mag("inwoners", "beheren"), b.Bezoeker.Mag("inwoners", "goedkeuren")},
	}
}

func (p *paginas) bescherming(b *pagina.Bezoek) (pagina.Antwoord, error) {
	d, err := p.welkeBescherming(b)
	if err != nil {
		return nil, err
	}
	return p.beschermingScherm(b, d), nil
}

func (p *paginas) eindeBescherming(b *pagina.Bezoek) (pagina.Antwoord, error) {
	d, err := p.welkeBescherming(b)
	if err != nil {
		return nil, err
	}
	if b.Formulier.Waarden.Has("reden") { // else who asks confirmed to be there, on the way to the page
		err := p.o.Inwoners.StelEindeVoor(b.Context(), b.Bezoeker, d.ID, versie(b), b.Waarde("reden"))
		if err == nil {
			return pagina.Verder{Naar: padBescherming(d.ID), Melding: pagina.WachtOpMedewerker}, nil
		}
		if !b.Formulier.Neem(b, err) {
			return nil, err
		}
	} else {
		b.Formulier.Zet("versie", strconv.FormatInt(d.Versie, 10))
	}
	titel, daarna := b.T("Bescherming beëindigen"), b.T("Daarna ziet de inwoner weer dagen, plaatsen en organisaties.")
	if d.Wat == "overleden" {
		titel, daarna = b.T("Overlijden was een vergissing"), b.T("Daarna kan iemand zich weer als deze persoon aanmelden.")
	}
	return &pagina.Scherm{
		Sjabloon: "besluit", Titel: titel, Kruimels: append(kruimelsInwoners(b), pagina.Kruimel{Titel: b.T(naamVan[d.Wat]), Pad: padBescherming(d.ID)}),
		Inhoud: besluitBlad{
			Uitleg: []string{daarna, b.T("Een tweede medewerker beslist. Tot die tijd verandert er niets.")},
			Knop:   b.T("Voorstel doen"), Gevaar: true, Pad: b.URL.Path, Terug: padBescherming(d.ID), RedenNodig: true,
			RedenUitleg: b.T("Minstens 15 tekens. Noem geen naam, adres of nummer. De reden komt in het beheerlog."),
		},
	}, nil
}

// beslisBescherming decides on a proposal, or takes one's own back, and then leads on.
func (p *paginas) beslisBescherming(b *pagina.Bezoek, naar func(*BeschermingBlad) string, melding string, doe func(*BeschermingBlad) error) (pagina.Antwoord, error) {
	d, err := p.welkeBescherming(b)
	if err != nil {
		return nil, err
	}
	if err := doe(d); err == nil {
		return pagina.Verder{Naar: naar(d), Melding: melding}, nil
	} else if !b.Formulier.Neem(b, err) {
		return nil, err
	}
	return p.beschermingScherm(b, d), nil
}

func zelfde(d *BeschermingBlad) string { return padBescherming(d.ID) }

func (p *paginas) keurEindeGoed(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisBescherming(b, func(*BeschermingBlad) string { return padInwoners }, pagina.Goedgekeurd, func(d *BeschermingBlad) error {
		return p.o.Inwoners.Beslis(b.Context(), b.Bezoeker, d.ID, versie(b), true, "")
	})
}

func (p *paginas) weigerEinde(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisBescherming(b, zelfde, pagina.Geweigerd, func(d *BeschermingBlad) error {
		return p.o.Inwoners.Beslis(b.Context(), b.Bezoeker, d.ID, versie(b), false, b.Waarde("reden"))
	})
}

func (p *paginas) trekEindeIn(b *pagina.Bezoek) (pagina.Antwoord, error) {
	return p.beslisBescherming(b, zelfde, pagina.VoorstelIngetrokken, func(d *BeschermingBlad) error {
		return p.o.Inwoners.TrekIn(b.Context(), b.Bezoeker, d.ID, versie(b))
	})
}

// WatNaam and Reden say in Dutch what it is, and why.
func (d *BeschermingBlad) WatNaam() string { return naamVan[d.Wat] }
func (d *BeschermingBlad) Reden() string   { return naamVan[d.Aanleiding] }
