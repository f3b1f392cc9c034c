package overdracht

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// Herkenner knows the legal data of a day, also when they are spelled otherwise. soort is "grondslag", "uitzondering" or
// "beperking"; a code is recognised as itself.
type Herkenner interface {
	Herken(soort, tekst string) (code string, ok bool)
}

// Wat would happen to a row.
type Wat string

// What can happen.
const (
	Nieuw     Wat = "nieuw"
	Gewijzigd Wat = "gewijzigd"
	Gelijk    Wat = "gelijk"
)

// Voorbeeld is what would happen when a sheet is taken in. Nothing has happened yet.
type Voorbeeld struct {
	Regels                   []Regel
	Meldingen                []Melding // about the sheet as a whole, and about rows that are skipped
	Nieuw, Gewijzigd, Gelijk int       // rows
	Fouten                   int       // of all Meldingen
}

// Regel is a row with an activity.
type Regel struct {
	Rij       int // as in the sheet, from 1
	Wat       Wat
	Invoer    activiteit.Invoer
	Verschil  []string // Naam of each Veld that changes, and Overig
	Meldingen []Melding
}

// Melding is something to know of a row, or of a cell when Kolom is set.
type Melding struct {
	Rij   int    // of a Melding about the sheet: which row, 0 for none
	Kolom string // such as "C"
	Veld  string // Naam of the Veld
	Tekst string // Dutch
	Fout  bool   // nothing is taken in before it is solved; otherwise worth knowing
}

// MaxRegels is how many activities an organisation can have.
const MaxRegels = 5000

// Lees reads all rows below kop (from 0) as m says, and compares them with the activities that are there as they are on the
// day op. It changes nothing. What is wrong stands in the Voorbeeld.
func Lees(t *rekenblad.Tabel, kop int, m Koppeling, bestaand []*activiteit.Activiteit, wetten Herkenner, op activiteit.Datum) *Voorbeeld {
	v := &Voorbeeld{}
	l := &lezer{v: v, t: t, kop: kop, m: m, wetten: wetten, op: op, perID: map[uuid.UUID]*activiteit.Activiteit{}, perNaam: map[string]bool{}, herkend: map[[2]string]herkend{}}
	for _, a := range bestaand {
		l.perID[a.ID] = a
		if i, _, _ := stand(a, op); i != nil {
			l.perNaam[plat(i.Naam)] = true
		}
	}
	if l.koppel() {
		for k := kop + 1; k < len(t.Rijen); k++ {
			l.rij(k)
		}
	}
	l.dubbel()
	if len(v.Regels) == 0 {
		l.meld(Melding{Tekst: "Er is geen enkele rij met een verwerkingsactiviteit gevonden; kijk of de rij met de kolomnamen goed is gekozen.", Fout: true})
	}
	nieuw := 0
	for _, r := range v.Regels {
		if r.Wat == Nieuw {
			nieuw++
		}
	}
	if len(bestaand)+nieuw > MaxRegels {
		l.meld(Melding{Tekst: "Een organisatie kan niet meer dan " + strconv.Itoa(MaxRegels) + " verwerkingsactiviteiten hebben; voer minder rijen in.", Fout: true})
	}
	v.tel()
	return v
}

// Keur has the register judge each row that has no error yet: judge gives fout.Ongeldig with the path of each field. An error
// of another kind is given back.
func (v *Voorbeeld) Keur(m Koppeling, judge func(activiteit.Inhoud) error) error {
	for k := range v.Regels {
		r := &v.Regels[k]
		if slices.ContainsFunc(r.Meldingen, func(m Melding) bool { return m.Fout }) {
			continue
		}
		err := judge(r.Invoer.Inhoud)
		if err == nil {
			continue
		}
		var f *fout.Fout
		if !errors.As(err, &f) || f.Code != fout.CodeOngeldig {
			return err
		}
		for _, p := range f.Params {
			veld := vanPad(p.Name)
			r.Meldingen = append(r.Meldingen, Melding{Kolom: kolomVan(m, veld), Veld: veld, Tekst: p.Reason, Fout: true})
		}
		if len(f.Params) == 0 {
			r.Meldingen = append(r.Meldingen, Melding{Tekst: f.Detail, Fout: true})
		}
	}
	v.tel()
	return nil
}

// Invoer is what goes to the register: the rows that change something. Error fout.CodeOngeldig when something is still wrong.
func (v *Voorbeeld) Invoer() ([]activiteit.Invoer, error) {
	if v.Fouten > 0 {
		return nil, fout.New(fout.CodeOngeldig, "In dit bestand staan nog fouten; verbeter ze en bied het bestand opnieuw aan.")
	}
	var uit []activiteit.Invoer
	for k := range v.Regels {
		if v.Regels[k].Wat != Gelijk {
			uit = append(uit, v.Regels[k].Invoer)
		}
	}
	return uit, nil
}

// Geweigerd puts what the register refused of Invoer at its rows: fout.Ongeldig with paths "regels.<n>.<veld>", n counted in
// what Invoer gave. An error of another kind is given back.
func (v *Voorbeeld) Geweigerd(m Koppeling, err error) error {
	var f *fout.Fout
	if !errors.As(err, &f) || f.Code != fout.CodeOngeldig || len(f.Params) == 0 {
		return err
	}
	var gegeven []*Regel
	for k := range v.Regels {
		if v.Regels[k].Wat != Gelijk {
			gegeven = append(gegeven, &v.Regels[k])
		}
	}
	for _, p := range f.Params {
		rest, ok := strings.CutPrefix(p.Name, "regels.")
		nummer, pad, _ := strings.Cut(rest, ".")
		n, fout := strconv.Atoi(nummer)
		if !ok || fout != nil || n < 0 || n >= len(gegeven) {
			v.Meldingen = append(v.Meldingen, Melding{Tekst: p.Reason, Fout: true})
			continue
		}
		veld := vanPad(pad)
		gegeven[n].Meldingen = append(gegeven[n].Meldingen, Melding{Kolom: kolomVan(m, veld), Veld: veld, Tekst: p.Reason, Fout: true})
	}
	v.tel()
	return nil
}

func (v *Voorbeeld) tel() {
	v.Nieuw, v.Gewijzigd, v.Gelijk, v.Fouten = 0, 0, 0, 0
	fouten := func(list []Melding) {
		for _, m := range list {
			if m.Fout {
				v.Fouten++
			}
		}
	}
	fouten(v.Meldingen)
	for _, r := range v.Regels {
		switch r.Wat {
		case Nieuw:
			v.Nieuw++
		case Gewijzigd:
			v.Gewijzigd++
		case Gelijk:
			v.Gelijk++
		}
		fouten(r.Meldingen)
	}
}

// vanPad is the field of a path such as "persoonsgegevens.0.naam".
func vanPad(pad string) string {
	for pad != "" {
		if _, ok := perNaam[pad]; ok || pad == Overig {
			return pad
		}
		k := strings.LastIndexByte(pad, '.')
		if k < 0 {
			break
		}
		pad = pad[:k]
	}
	return ""
}

func kolomVan(m Koppeling, veld string) string {
	if k := slices.Index(m.Kolommen, veld); veld != "" && k >= 0 {
		return rekenblad.KolomNaam(k)
	}
	return ""
}
