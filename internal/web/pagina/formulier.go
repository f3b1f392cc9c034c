package pagina

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Formulier is what was sent, and what is wrong with it. On a page that is opened it holds what is there now.
type Formulier struct {
	Waarden url.Values
	Fouten  []Veldfout
}

// Veldfout says what is wrong with one field, in the language of the page. Without a field it is about the whole.
type Veldfout struct{ Veld, Tekst string }

// Waarde gives the value of a field.
func (f *Formulier) Waarde(naam string) string {
	if f == nil {
		return ""
	}
	return f.Waarden.Get(naam)
}

// Zet fills in a value.
func (f *Formulier) Zet(naam, waarde string) {
	if f.Waarden == nil {
		f.Waarden = url.Values{}
	}
	f.Waarden.Set(naam, waarde)
}

// Meld adds what is wrong with a field.
func (f *Formulier) Meld(veld, tekst string) { f.Fouten = append(f.Fouten, Veldfout{veld, tekst}) }

// Goed tells whether nothing is wrong.
func (f *Formulier) Goed() bool { return len(f.Fouten) == 0 }

// Fout gives what is wrong with a field, the first.
func (f *Formulier) Fout(veld string) string {
	if f == nil {
		return ""
	}
	for _, v := range f.Fouten {
		if v.Veld == veld {
			return v.Tekst
		}
	}
	return ""
}

// Neem takes over what a use case found wrong, and tells whether it was an error of the form: a field that is not
// right, or a rule that stands in the way and says the way out. Any other error is for the page of errors.
func (f *Formulier) Neem(b *Bezoek, err error) bool {
	var g *fout.Fout
	if !errors.As(err, &g) {
		return false
	}
	switch g.Code {
	case fout.CodeOngeldig:
		for _, p := range g.Params {
			f.Meld(p.Name, b.T(p.Reason))
		}
		if len(g.Params) == 0 {
			f.Meld("", b.T(g.Detail))
		}
	case fout.CodeVoorwaarde, fout.CodeGelijktijdig:
		f.Meld("", b.T("Iemand anders heeft dit intussen gewijzigd. Bekijk hoe het nu is, en probeer het opnieuw."))
	case fout.CodeGeenToestemming:
		if g.Detail == "" {
			return false
		}
		f.Meld("", b.T(g.Detail))
	default:
		return false
	}
	return true
}

// Veld is what the part of a field gets.
type Veld struct {
	Naam, Label, Uitleg, Waarde, Fout string
	Soort                             string // type of the input
	Aanvullen                         string // autocomplete
	Toetsen                           string // inputmode
	Max                               string // maxlength
	Rijen                             string
	Verplicht                         bool
	Klein                             bool // as wide as what goes in
	Aan                               bool // of a checkbox
	Keuzes                            []Keuze
}

// Keuze is one of several values.
type Keuze struct {
	Waarde, Tekst, Uitleg string
	Gekozen               bool
}

// ID is that of the input.
func (v *Veld) ID() string { return "veld-" + v.Naam }

// Beschreven are the ids of what explains the field.
func (v *Veld) Beschreven() string {
	var ids []string
	if v.Uitleg != "" {
		ids = append(ids, "uitleg-"+v.Naam)
	}
	if v.Fout != "" {
		ids = append(ids, "fout-"+v.Naam)
	}
	return strings.Join(ids, " ")
}

// newVeld makes a field of a form, in a template: {{veld .Formulier "naam" (t "Naam") "soort" "email"}}. Options come
// in pairs; "verplicht", "klein" and "aan" are true or false.
func newVeld(f *Formulier, naam, label string, opties ...any) (*Veld, error) {
	v := &Veld{Naam: naam, Label: label, Waarde: f.Waarde(naam), Fout: f.Fout(naam), Soort: "text", Rijen: "4", Verplicht: true}
	if len(opties)%2 != 0 {
		return nil, fmt.Errorf("field %s: options come in pairs", naam)
	}
	for i := 0; i < len(opties); i += 2 {
		naamVan, ok := opties[i].(string)
		if !ok {
			return nil, fmt.Errorf("field %s: the name of an option is a text", naam)
		}
		switch waarde := opties[i+1].(type) {
		case string:
			doel, ok := map[string]*string{"uitleg": &v.Uitleg, "soort": &v.Soort, "aanvullen": &v.Aanvullen, "toetsen": &v.Toetsen, "max": &v.Max, "rijen": &v.Rijen, "waarde": &v.Waarde}[naamVan]
			if !ok {
				return nil, fmt.Errorf("field %s: no option %s", naam, naamVan)
			}
			*doel = waarde
		case bool:
			doel, ok := map[string]*bool{"verplicht": &v.Verplicht, "klein": &v.Klein, "aan": &v.Aan}[naamVan]
			if !ok {
				return nil, fmt.Errorf("field %s: no option %s", naam, naamVan)
			}
			*doel = waarde
		case []Keuze:
			v.Keuzes = make([]Keuze, len(waarde))
			for j, k := range waarde {
				k.Gekozen = k.Gekozen || k.Waarde == v.Waarde
				v.Keuzes[j] = k
			}
		default:
			return nil, fmt.Errorf("field %s: option %s has no such value", naam, naamVan)
		}
	}
	if v.Soort == "password" {
		v.Waarde = "" // a secret is never sent back
	}
	return v, nil
}
