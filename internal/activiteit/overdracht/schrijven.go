package overdracht

import (
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// The most that a cell may hold, and the most columns that Overig may take: with all fields they stay well within what a sheet
// that is read may have.
const (
	maxCel           = 32_767
	maxOverigKolomen = 100
	overigAlles      = "Overige gegevens" // the one column when there would be more
)

// How an activity stands on a day.
const (
	standGeldig     = "geldig"
	standConcept    = "concept"
	standToekomstig = "toekomstig"
	standVerlopen   = "verlopen"
)

// stand is what an activity is on a day: the version that holds; else the first that will; else the last that did; else the
// change in the making, then without a version.
func stand(a *activiteit.Activiteit, op activiteit.Datum) (*activiteit.Inhoud, *activiteit.Versie, string) {
	var nu, straks *activiteit.Versie
	for k := range a.Versies {
		v := &a.Versies[k]
		switch {
		case v.Ingangsdatum > op:
			if straks == nil || v.Ingangsdatum < straks.Ingangsdatum || v.Ingangsdatum == straks.Ingangsdatum && v.Nummer > straks.Nummer {
				straks = v
			}
		case nu == nil || v.Ingangsdatum > nu.Ingangsdatum || v.Ingangsdatum == nu.Ingangsdatum && v.Nummer > nu.Nummer:
			nu = v
		}
	}
	voorbij := nu != nil && nu.Einddatum != "" && nu.Einddatum < op
	switch {
	case nu != nil && !voorbij:
		return &nu.Inhoud, nu, standGeldig
	case straks != nil:
		return &straks.Inhoud, straks, standToekomstig
	case nu != nil:
		return &nu.Inhoud, nu, standVerlopen
	case a.Concept != nil:
		return &a.Concept.Inhoud, nil, standConcept
	}
	return nil, nil, ""
}

// rijVan is an activity as a row; false when it has nothing to tell.
func rijVan(a *activiteit.Activiteit, op activiteit.Datum) (*rij, bool) {
	i, v, status := stand(a, op)
	if i == nil {
		return nil, false
	}
	r := &rij{Invoer: activiteit.Invoer{ID: a.ID, Stand: a.Stand, Inhoud: *i}, status: status, openbaar: "nee"}
	if v != nil {
		r.Ingangsdatum, r.Einddatum, r.versie = v.Ingangsdatum, v.Einddatum, strconv.Itoa(v.Nummer)
		if a.Concept != nil {
			r.status += ", met een wijziging in voorbereiding"
		}
	}
	if a.Openbaar {
		r.openbaar = "ja"
	}
	return r, true
}

// verschil names the fields that differ. It compares what a cell would say, so that empty and absent are one.
func verschil(was, wordt *activiteit.Inhoud) []string {
	a, b := &rij{Invoer: activiteit.Invoer{Inhoud: *was}}, &rij{Invoer: activiteit.Invoer{Inhoud: *wordt}}
	for _, r := range []*rij{a, b} {
		if r.Vertrouwelijkheid == "normaal" { // as when it is not said
			r.Vertrouwelijkheid = ""
		}
	}
	var uit []string
	for k := range velden {
		if v := &velden[k]; !v.deel && v.tekst(a) != v.tekst(b) {
			uit = append(uit, v.Naam)
		}
	}
	if !slices.Equal(metWaarde(was.Overig), metWaarde(wordt.Overig)) {
		uit = append(uit, Overig)
	}
	return uit
}

func metWaarde(list []activiteit.Veld) []activiteit.Veld {
	return slices.DeleteFunc(slices.Clone(list), func(v activiteit.Veld) bool { return v.Waarde == "" })
}

// Schrijf gives the activities as they are on the day op: one row each, with its id. What Lees reads from it is the same,
// through CSV and XLSX. A field without text in any row has its column too: who fills in the sheet sees what can be said. Of an
// activity that holds, a change in the making is left out; of one that is nothing else, it is the row.
func Schrijf(activiteiten []*activiteit.Activiteit, op activiteit.Datum) *rekenblad.Tabel {
	t := &rekenblad.Tabel{Soort: rekenblad.XLSX, Blad: "Verwerkingsactiviteiten", Koprijen: 1, Rijen: [][]string{nil}}
	var rijen []*rij
	for _, a := range activiteiten {
		if r, ok := rijVan(a, op); ok {
			rijen = append(rijen, r)
			t.Rijen = append(t.Rijen, nil)
		}
	}
	kolom := func(titel string, cel func(r *rij) string) {
		t.Rijen[0] = append(t.Rijen[0], titel)
		for k, r := range rijen {
			t.Rijen[k+1] = append(t.Rijen[k+1], cel(r))
		}
	}
	for k := range velden {
		v := &velden[k]
		switch {
		case v.deel:
		case v.lijst == nil:
			kolom(v.Titel, v.schrijf)
		default:
			lijstKolommen(v.Titel, rijen, kolom, v.lijst)
		}
	}
	for _, u := range alleenUit {
		kolom(u.titel, u.schrijf)
	}
	overigKolommen(rijen, kolom)
	for k, rij := range t.Rijen {
		for len(rij) > 0 && rij[len(rij)-1] == "" {
			rij = rij[:len(rij)-1]
		}
		t.Rijen[k] = rij
	}
	return t
}

type zetKolom func(titel string, cel func(r *rij) string)

// lijstKolommen writes a list in one column, or in more when a cell can't hold it.
func lijstKolommen(titel string, rijen []*rij, kolom zetKolom, lijst func(r *rij) []string) {
	cellen, meest := map[*rij][]string{}, 1
	for _, r := range rijen {
		cellen[r] = verdeel(punten(lijst(r)))
		meest = max(meest, len(cellen[r]))
	}
	for n := range meest {
		t := titel
		if n > 0 {
			t += " (vervolg " + strconv.Itoa(n+1) + ")"
		}
		kolom(t, func(r *rij) string {
			if n < len(cellen[r]) {
				return cellen[r][n]
			}
			return ""
		})
	}
}

// verdeel puts entries into as few cells as hold them.
func verdeel(entries []string) []string {
	var uit []string
	lengte := 0
	for _, e := range entries {
		n := rekenblad.Lengte(e) + 1
		if len(uit) == 0 || lengte+n > maxCel {
			uit, lengte = append(uit, e), n
			continue
		}
		uit[len(uit)-1] += "\n" + e
		lengte += n
	}
	return uit
}

// overigKolommen gives each name of Overig a column, so that rows keep the order of theirs; a name that a row has twice has
// two columns. When that would be too many there is one column for all.
func overigKolommen(rijen []*rij, kolom zetKolom) {
	var namen []string
	waarden := make([]map[int]string, len(rijen))
	for k, r := range rijen {
		waarden[k] = map[int]string{}
		at := 0
		for _, v := range r.Overig {
			if v.Waarde == "" {
				continue
			}
			n := slices.Index(namen[at:], v.Naam)
			if n < 0 {
				namen = slices.Insert(namen, at, v.Naam)
				n = 0
				for _, w := range waarden[:k+1] {
					schuif(w, at)
				}
			}
			at += n
			waarden[k][at] = v.Waarde
			at++
			if len(namen) > maxOverigKolomen {
				lijstKolommen(overigAlles, rijen, kolom, func(r *rij) []string {
					var uit []string
					for _, v := range metWaarde(r.Overig) {
						uit = append(uit, schrijfVeld(v))
					}
					return uit
				})
				return
			}
		}
	}
	nummer := make(map[*rij]int, len(rijen))
	for k, r := range rijen {
		nummer[r] = k
	}
	for n, naam := range namen {
		kolom(voorOverig+naam, func(r *rij) string { return waarden[nummer[r]][n] })
	}
}

// schuif makes room for a column before place at.
func schuif(w map[int]string, at int) {
	for n := maxOverigKolomen + 1; n >= at; n-- {
		if s, ok := w[n]; ok {
			w[n+1] = s
			delete(w, n)
		}
	}
}

// alleOverig tells whether a column is one of those that hold all of Overig.
func alleOverig(kop string) bool {
	return kop == overigAlles || len(kop) > len(overigAlles) && kop[:len(overigAlles)+1] == overigAlles+" "
}

// uitvoer is an activity in JSON. Who made a version is left out: the register says what is done with data, not by whom it was
// written down.
type uitvoer struct {
	ID           uuid.UUID          `json:"id"`
	Stand        string             `json:"stand"` // as Schrijf has it
	Openbaar     bool               `json:"openbaar"`
	Versie       int                `json:"versie,omitzero"`
	VersieID     uuid.UUID          `json:"versieId,omitzero"`
	Ingangsdatum activiteit.Datum   `json:"ingangsdatum,omitzero"`
	Einddatum    activiteit.Datum   `json:"einddatum,omitzero"`
	Inhoud       *activiteit.Inhoud `json:"inhoud"`
	Concept      *activiteit.Inhoud `json:"concept,omitzero"` // the change in the making, of an activity that has a version
}

// SchrijfJSON writes the activities as they are on the day op.
func SchrijfJSON(w io.Writer, activiteiten []*activiteit.Activiteit, op activiteit.Datum) error {
	uit := struct {
		Peildatum               activiteit.Datum `json:"peildatum"`
		Verwerkingsactiviteiten []uitvoer        `json:"verwerkingsactiviteiten"`
	}{Peildatum: op, Verwerkingsactiviteiten: []uitvoer{}}
	for _, a := range activiteiten {
		i, v, status := stand(a, op)
		if i == nil {
			continue
		}
		u := uitvoer{ID: a.ID, Stand: status, Openbaar: a.Openbaar, Inhoud: i}
		if v != nil {
			u.Versie, u.VersieID, u.Ingangsdatum, u.Einddatum = v.Nummer, v.ID, v.Ingangsdatum, v.Einddatum
			if a.Concept != nil {
				u.Concept = &a.Concept.Inhoud
			}
		}
		uit.Verwerkingsactiviteiten = append(uit.Verwerkingsactiviteiten, u)
	}
	return json.MarshalWrite(w, uit, jsontext.WithIndent("  "), json.Deterministic(true))
}
