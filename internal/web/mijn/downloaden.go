package mijn

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

type downloadBlad struct {
	Keuze  string // what was chosen, in words; empty: everything
	Hier   string // address of this page with what was chosen
	Anders string // address of the overview, to choose something else; "" = there is nothing to choose
	Grof   bool   // the file names no organisations
}

// keuze says what was chosen.
func (m *Mijn) keuze(b *bezoek, f inzage.Filter) string {
	var delen []string
	for _, d := range []struct{ sleutel, dag string }{{"van", string(f.Van)}, {"tot", string(f.Tot)}} {
		if t, err := time.Parse(time.DateOnly, d.dag); err == nil {
			delen = append(delen, b.t("downloaden.periode-"+d.sleutel, d.sleutel, dag(b.taal, t)))
		}
	}
	if f.Activiteit != uuid.Nil {
		naam := b.t("overzicht.ander-doel")
		for _, d := range m.o.Inzage.Doelen(b.Inwoner.OIN) {
			if d.ID == f.Activiteit {
				naam = d.Naam
			}
		}
		delen = append(delen, b.t("downloaden.doel", "doel", naam))
	}
	if f.Organisatie != "" {
		delen = append(delen, b.t("downloaden.organisatie"))
	}
	switch f.Wijze {
	case inzage.Vanzelf:
		delen = append(delen, b.t("downloaden.vanzelf"))
	case inzage.MetMens:
		delen = append(delen, b.t("downloaden.mens"))
	}
	return strings.Join(delen, ", ")
}

func (m *Mijn) downloaden(b *bezoek) (*scherm, error) {
	f, err := b.filter()
	if err != nil {
		return nil, err
	}
	blad := downloadBlad{Keuze: m.keuze(b, f), Hier: adres(padDownloaden, f), Grof: b.Inwoner.Beschermd}
	if !blad.Grof {
		blad.Anders = adres(padOverzicht, f)
	}
	return &scherm{sjabloon: "downloaden", titel: b.t("downloaden.titel"), inhoud: blad}, nil
}

// bestand gives the overview to keep: for a spreadsheet, for a program, or to be printed.
func (m *Mijn) bestand(b *bezoek) (*scherm, error) {
	f, err := b.filter()
	if err != nil {
		return nil, err
	}
	if b.Inwoner.Beschermd {
		switch b.PostFormValue("vorm") {
		case "csv":
			return m.grofCSV(b)
		case "json":
			return m.grofJSON(b)
		case "afdruk":
			return m.grofAfdruk(b)
		}
		return nil, fout.New(fout.CodeOnleesbaar, "")
	}
	switch b.PostFormValue("vorm") {
	case "csv":
		return m.csv(b, f)
	case "json":
		return m.json(b, f)
	case "afdruk":
		return m.afdruk(b, f)
	}
	return nil, fout.New(fout.CodeOnleesbaar, "")
}

// kolommen of a file, in order; each is a text of the catalogue.
var kolommen = []string{"moment", "actie", "verwerking", "taak", "waarom", "grond", "uitvoerder", "ontvanger", "rol", "soorten", "nummer"}

// velden are the values of a line, in the order of kolommen.
func (b *bezoek) velden(g *inzage.Gebruik) []string {
	w := b.waarom(g.Uitleg)
	uitvoerder := b.partij(g.Uitvoerder)
	if uitvoerder == "" {
		uitvoerder = b.Inwoner.Organisatie
	}
	waarom := w.Doel
	if waarom == "" {
		waarom = w.Anders
	}
	return []string{
		g.Moment.Format("2006-01-02 15:04:05"), b.naam(g), g.Verwerking, g.Uitleg.Naam, waarom, strings.Join(b.gronden(w.Grond), ", "),
		uitvoerder, b.partij(g.Ontvanger), g.Rol, strings.Join(g.Soorten, ", "), g.ID.String(),
	}
}

func (m *Mijn) csv(b *bezoek, f inzage.Filter) (*scherm, error) {
	tabel := &rekenblad.Tabel{Rijen: [][]string{make([]string, len(kolommen))}}
	for k, naam := range kolommen {
		tabel.Rijen[0][k] = b.t("kolom." + naam)
	}
	err := m.o.Inzage.Alles(b.Context(), b.Inwoner, f, func(g *inzage.Gebruik) error {
		tabel.Rijen = append(tabel.Rijen, b.velden(g))
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

// jsonBestand is the file for a program. Its names are those of the standard where that has them.
type jsonBestand struct {
	Organisatie  string      `json:"organisatie"`
	OIN          string      `json:"oin"`
	OpgevraagdOp time.Time   `json:"opgevraagdOp"`
	Van          string      `json:"van,omitempty"`
	Tot          string      `json:"totEnMet,omitempty"`
	Regels       []jsonRegel `json:"regels"`
}

type jsonRegel struct {
	Nummer           uuid.UUID   `json:"verwerktObjectId"`
	Tijdstip         time.Time   `json:"tijdstip"`
	Actie            string      `json:"actieNaam"`
	Handeling        string      `json:"handelingNaam"`
	Verwerking       string      `json:"verwerkingNaam"`
	Activiteit       *uuid.UUID  `json:"verwerkingsactiviteitId"`
	Taak             string      `json:"verwerkingsactiviteit"`
	Doel             string      `json:"doel"`
	Grondslagen      []jsonGrond `json:"grondslagen"`
	Uitvoerder       string      `json:"uitvoerder"`
	Ontvanger        string      `json:"ontvanger"`
	Betrokkenheid    string      `json:"betrokkenheid"`
	Soorten          []string    `json:"verwerkteSoortenGegevens"`
	EigenRaadpleging bool        `json:"eigenRaadpleging"`
}

type jsonGrond struct {
	Code    string `json:"code"`
	Naam    string `json:"naam"`
	Artikel string `json:"artikel"`
}

// jsonRegel is one line for a program.
func (b *bezoek) jsonRegel(g *inzage.Gebruik) jsonRegel {
	r := jsonRegel{
		Nummer: g.ID, Tijdstip: g.Moment, Actie: g.Actie, Handeling: g.Handeling, Verwerking: g.Verwerking, Taak: g.Uitleg.Naam, Doel: g.Uitleg.Doel, Grondslagen: []jsonGrond{},
		Uitvoerder: b.partij(g.Uitvoerder), Ontvanger: b.partij(g.Ontvanger), Betrokkenheid: g.Rol, Soorten: append([]string{}, g.Soorten...), EigenRaadpleging: g.Eigen,
	}
	if g.Uitleg.Activiteit != uuid.Nil {
		r.Activiteit = &g.Uitleg.Activiteit
	}
	for _, w := range g.Uitleg.Grondslagen {
		r.Grondslagen = append(r.Grondslagen, jsonGrond{w.Code, w.Naam, w.Artikel})
	}
	return r
}

func (m *Mijn) json(b *bezoek, f inzage.Filter) (*scherm, error) {
	uit := jsonBestand{Organisatie: b.Inwoner.Organisatie, OIN: b.Inwoner.OIN, OpgevraagdOp: m.o.Nu().In(amsterdam).Truncate(time.Second), Van: string(f.Van), Tot: string(f.Tot), Regels: []jsonRegel{}}
	err := m.o.Inzage.Alles(b.Context(), b.Inwoner, f, func(g *inzage.Gebruik) error {
		uit.Regels = append(uit.Regels, b.jsonRegel(g))
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

// stuur sends a file to keep. The browser never shows it: what stands in it was typed by people.
func (b *bezoek) stuur(soort, type_ string, inhoud []byte) (*scherm, error) {
	h := b.w.Header()
	dag := time.DateOnly
	if b.Inwoner.Beschermd {
		dag = "2006-01"
	}
	naam := b.t("downloaden.bestand") + "-" + b.m.o.Nu().In(amsterdam).Format(dag) + "." + soort
	h.Set("Content-Type", type_)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": naam}))
	h.Set("Content-Length", strconv.Itoa(len(inhoud)))
	b.w.WriteHeader(http.StatusOK)
	_, _ = b.w.Write(inhoud) // an error here means that the client went away
	return nil, nil
}

// maxAfdruk is how many lines are put on paper: some sixty pages.
const maxAfdruk = 1000

type afdrukBlad struct {
	Organisatie string
	Stand       time.Time
	Keuze       string
	Maanden     []afdrukMaand
	Aantal      int
	Grens       int // lines were left out beyond it; 0: none was
	Terug       string
	Wie         *activiteit.Verantwoordelijke // where to ask
}

type afdrukMaand struct {
	Maand  time.Time
	Regels []afdrukRegel
}

type afdrukRegel struct {
	*inzage.Gebruik
	Naam     string
	Waarom   waarom
	Ontvangt string
	Voerde   string
}

// genoeg ends a walk.
var genoeg = errors.New("enough lines")

func (m *Mijn) afdruk(b *bezoek, f inzage.Filter) (*scherm, error) {
	blad := afdrukBlad{Organisatie: b.Inwoner.Organisatie, Stand: m.o.Nu(), Keuze: m.keuze(b, f), Terug: adres(padDownloaden, f), Wie: b.wie()}
	err := m.o.Inzage.Alles(b.Context(), b.Inwoner, f, func(g *inzage.Gebruik) error {
		if blad.Aantal == maxAfdruk {
			blad.Grens = maxAfdruk
			return genoeg
		}
		blad.Aantal++
		eerste := time.Date(g.Moment.Year(), g.Moment.Month(), 1, 0, 0, 0, 0, amsterdam)
		if n := len(blad.Maanden); n == 0 || !blad.Maanden[n-1].Maand.Equal(eerste) {
			blad.Maanden = append(blad.Maanden, afdrukMaand{Maand: eerste})
		}
		d := &blad.Maanden[len(blad.Maanden)-1]
		d.Regels = append(d.Regels, afdrukRegel{g, b.naam(g), b.waarom(g.Uitleg), b.partij(g.Ontvanger), b.partij(g.Uitvoerder)})
		return nil
	})
	if err != nil && !errors.Is(err, genoeg) {
		return nil, err
	}
	return &scherm{sjabloon: "afdruk", titel: b.t("downloaden.afdruk-titel"), inhoud: blad}, nil
}
