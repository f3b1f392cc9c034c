package mijn

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// What somebody who is protected gets (decision 0034) has pages and files of its own: none of them has a place for a day, a name of an
// organisation, or a text that somebody typed.

type grofBlad struct {
	Aantal     int
	Maanden    []maandLink
	Delen      []grofDeel
	AlleenZelf bool // there is nothing but the citizen's own looks
	Nieuwer    string
	Ouder      string
}

type grofDeel struct {
	Maand   time.Time
	Regels  []grofRegel
	Blikken int // how often the citizen looked
}

// grofRegel is one use, or several of one verwerking.
type grofRegel struct {
	Maand    time.Time
	Adres    string
	Nummer   uuid.UUID
	Gronden  []inzage.Grond
	Deed     []string
	Ontvangt []string
	Soorten  []string
	Keer     int
}

// grofGebruik is the page of one line.
type grofGebruik struct {
	grofRegel
	Terug   string // address of the place in the overview where one was
	Contact contact
	FG      activiteit.Contact
}

// voegToe adds a use; it takes nothing of it but what Grof left.
func (r *grofRegel) voegToe(b *bezoek, g *inzage.Gebruik) {
	erbij := func(lijst *[]string, s string) {
		if s != "" && !slices.Contains(*lijst, s) {
			*lijst = append(*lijst, s)
		}
	}
	r.Keer++
	r.Maand, r.Nummer, r.Adres = g.Moment, g.ID, b.adresGebruik(g.ID)
	for _, w := range g.Uitleg.Grondslagen {
		r.Gronden = voegGrondToe(r.Gronden, w)
	}
	deed := b.partij(g.Uitvoerder)
	if deed == "" {
		if deed = b.t("grof.wij"); g.Eigen {
			deed = b.t("uitleg.zelf")
		} else if g.Namens {
			deed = b.t("uitleg.namens")
		}
	}
	erbij(&r.Deed, deed)
	erbij(&r.Ontvangt, b.partij(g.Ontvanger))
	for _, s := range g.Soorten {
		erbij(&r.Soorten, s)
	}
}

func (b *bezoek) grof(g *inzage.Gebruik) (r grofRegel) {
	r.voegToe(b, g)
	return r
}

func (b *bezoek) grofOverzicht(o *inzage.Overzicht) *scherm {
	blad := grofBlad{Aantal: o.Aantal}
	for _, m := range o.Maanden {
		blad.Maanden = append(blad.Maanden, maandLink{m.Begin, m.Aantal, adres(padOverzicht, inzage.Filter{}, "p", m.Cursor)})
	}
	if o.Vorige != "" {
		blad.Nieuwer = adres(padOverzicht, inzage.Filter{}, "p", o.Vorige)
	}
	if o.Volgende != "" {
		blad.Ouder = adres(padOverzicht, inzage.Filter{}, "p", o.Volgende)
	}
	for _, d := range o.Delen {
		deel := grofDeel{Maand: d.Maand, Blikken: d.Blikken}
		for _, groep := range d.Groepen {
			var r grofRegel
			for k := range groep.Gebruik {
				r.voegToe(b, &groep.Gebruik[k])
			}
			deel.Regels = append(deel.Regels, r)
		}
		blad.Delen = append(blad.Delen, deel)
	}
	blad.AlleenZelf = len(blad.Delen) > 0 && o.Vorige == "" && o.Volgende == "" && !slices.ContainsFunc(blad.Delen, func(d grofDeel) bool { return len(d.Regels) > 0 })
	return &scherm{sjabloon: "overzicht_grof", titel: b.t("overzicht.titel"), inhoud: blad}
}

// groveKolommen of a file, in order.
var groveKolommen = []string{"maand", "grond", "uitvoerder", "ontvanger", "soorten", "nummer"}

func (m *Mijn) grofCSV(b *bezoek) (*scherm, error) {
	tabel := &rekenblad.Tabel{Rijen: [][]string{make([]string, len(groveKolommen))}}
	for k, naam := range groveKolommen {
		tabel.Rijen[0][k] = b.t("kolom." + naam)
	}
	err := m.o.Inzage.Alles(b.Context(), b.Inwoner, inzage.Filter{}, func(g *inzage.Gebruik) error {
		r := b.grof(g)
		samen := func(l []string) string { return strings.Join(l, ", ") }
		tabel.Rijen = append(tabel.Rijen, []string{r.Maand.Format("2006-01"), samen(b.gronden(r.Gronden)), samen(r.Deed), samen(r.Ontvangt), samen(r.Soorten), r.Nummer.String()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	var uit bytes.Buffer
	if err := rekenblad.SchrijfCSV(&uit, tabel); err != nil {
		return nil, err
	}
	return b.stuur("csv", "text/csv; charset=utf-8", uit.Bytes())
}

// groveJSON is the file for a program. It does not say of which organisation it is.
type groveJSON struct {
	Maand  string           `json:"opgevraagdIn"`
	Regels []groveJSONRegel `json:"regels"`
}

type groveJSONRegel struct {
	Nummer           uuid.UUID   `json:"verwerktObjectId"`
	Maand            string      `json:"maand"`
	Grondslagen      []jsonGrond `json:"grondslagen"`
	Uitvoerder       string      `json:"uitvoerder"`
	Ontvanger        string      `json:"ontvanger"`
	Soorten          []string    `json:"verwerkteSoortenGegevens"`
	EigenRaadpleging bool        `json:"eigenRaadpleging"`
}

func (m *Mijn) grofJSON(b *bezoek) (*scherm, error) {
	uit := groveJSON{Maand: m.o.Nu().In(amsterdam).Format("2006-01"), Regels: []groveJSONRegel{}}
	err := m.o.Inzage.Alles(b.Context(), b.Inwoner, inzage.Filter{}, func(g *inzage.Gebruik) error {
		r := groveJSONRegel{
			Nummer: g.ID, Maand: g.Moment.Format("2006-01"), Grondslagen: []jsonGrond{}, Uitvoerder: b.partij(g.Uitvoerder), Ontvanger: b.partij(g.Ontvanger),
			Soorten: append([]string{}, g.Soorten...), EigenRaadpleging: g.Eigen,
		}
		for _, w := range g.Uitleg.Grondslagen {
			r.Grondslagen = append(r.Grondslagen, jsonGrond{w.Code, w.Naam, w.Artikel})
		}
		uit.Regels = append(uit.Regels, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	inhoud, err := json.MarshalIndent(&uit, "", "  ")
	if err != nil {
		return nil, err
	}
	return b.stuur("json", "application/json", append(inhoud, '\n'))
}

type grofAfdruk struct {
	Nu      time.Time // the month of it
	Maanden []grofDeel
	Aantal  int
	Grens   int // lines were left out beyond it; 0: none was
}

func (m *Mijn) grofAfdruk(b *bezoek) (*scherm, error) {
	blad := grofAfdruk{Nu: m.o.Nu().In(amsterdam)}
	err := m.o.Inzage.Alles(b.Context(), b.Inwoner, inzage.Filter{}, func(g *inzage.Gebruik) error {
		if blad.Aantal == maxAfdruk {
			blad.Grens = maxAfdruk
			return genoeg
		}
		blad.Aantal++
		if n := len(blad.Maanden); n == 0 || !blad.Maanden[n-1].Maand.Equal(g.Moment) {
			blad.Maanden = append(blad.Maanden, grofDeel{Maand: g.Moment})
		}
		d := &blad.Maanden[len(blad.Maanden)-1]
		d.Regels = append(d.Regels, b.grof(g))
		return nil
	})
	if err != nil && !errors.Is(err, genoeg) {
		return nil, err
	}
	return &scherm{sjabloon: "afdruk_grof", titel: b.t("downloaden.afdruk-titel"), inhoud: blad}, nil
}
