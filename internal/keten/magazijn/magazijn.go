package magazijn

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/sdk"
)

// The sets of data that the store gives, as the table of leveringen calls them.
const (
	SetAdres      = "personen/adres"
	SetZoeken     = "personen/zoeken"
	SetDocumenten = "personen/documenten"
)

// Begin is where the API is.
const Begin = "/magazijn/v1/"

// Paths of the API.
const (
	PadRaadpleeg  = Begin + "personen/_raadpleeg"   // {"bsn"}: the person, or 404
	PadZoek       = Begin + "personen/_zoek"        // {"geslachtsnaam", "geboortedatum"}: {"personen": [...]}
	PadDocumenten = Begin + "documenten/_raadpleeg" // {"bsn"}: {"documenten": [...]}
)

// actieNaam is how the municipality calls what it does, in both situations of C2866.
const actieNaam = "Ophalen gegevens"

// maxVraag bounds a question; sdk.Aanbieder bounds it once more.
const maxVraag = 16 << 10

// Handler is the API on a store, guarded by an Aanbieder.
func Handler(o *Opslag, a *sdk.Aanbieder) http.Handler {
	m := &magazijn{o}
	dienst := func(set string) sdk.Dienst { return sdk.Dienst{Gegevensset: set, ActieNaam: actieNaam} }
	mux := http.NewServeMux()
	mux.Handle("POST "+PadRaadpleeg, a.Vooraf(dienst(SetAdres), genoemd, http.HandlerFunc(m.raadpleeg)))
	mux.Handle("POST "+PadDocumenten, a.Vooraf(dienst(SetDocumenten), genoemd, http.HandlerFunc(m.documenten)))
	mux.Handle("POST "+PadZoek, a.Achteraf(dienst(SetZoeken), http.HandlerFunc(m.zoek)))
	return mux
}

type magazijn struct{ opslag *Opslag }

// vraag is what can be asked.
type vraag struct {
	BSN           string `json:"bsn"`
	Geslachtsnaam string `json:"geslachtsnaam"`
	Geboortedatum string `json:"geboortedatum"`
}

func lees(body []byte) (vraag, error) {
	var v vraag
	if json.Unmarshal(body, &v) != nil {
		return v, errors.New("stuur de vraag als JSON")
	}
	v.Geslachtsnaam = strings.TrimSpace(v.Geslachtsnaam)
	return v, nil
}

// genoemd tells about whom a question is, before anything is looked up.
func genoemd(_ *http.Request, body []byte) ([]sdk.Object, error) {
	v, err := lees(body)
	if err != nil {
		return nil, err
	}
	if len(v.BSN) != 9 || strings.Trim(v.BSN, "0123456789") != "" {
		return nil, errors.New("geef een bsn van negen cijfers")
	}
	return []sdk.Object{sdk.BSN(v.BSN, "")}, nil
}

func (m *magazijn) raadpleeg(w http.ResponseWriter, r *http.Request) {
	v, ok := vraagVan(w, r)
	if !ok {
		return
	}
	p, err := m.opslag.Persoon(r.Context(), v.BSN)
	switch {
	case err != nil:
		probleem(w, http.StatusInternalServerError, "intern")
	case len(p) == 0:
		probleem(w, http.StatusNotFound, "niet_gevonden")
	default:
		stuur(w, p[0])
	}
}

func (m *magazijn) documenten(w http.ResponseWriter, r *http.Request) {
	v, ok := vraagVan(w, r)
	if !ok {
		return
	}
	d, err := m.opslag.Documenten(r.Context(), v.BSN)
	if err != nil {
		probleem(w, http.StatusInternalServerError, "intern")
		return
	}
	stuur(w, map[string]any{"documenten": d})
}

// zoek finds people first; the Aanbieder holds the answer until everybody in it is logged.
func (m *magazijn) zoek(w http.ResponseWriter, r *http.Request) {
	v, ok := vraagVan(w, r)
	if !ok {
		return
	}
	if _, err := time.Parse(time.DateOnly, v.Geboortedatum); err != nil || v.Geslachtsnaam == "" {
		probleem(w, http.StatusBadRequest, "ongeldig")
		return
	}
	p, err := m.opslag.Zoek(r.Context(), v.Geslachtsnaam, v.Geboortedatum)
	if err != nil {
		probleem(w, http.StatusInternalServerError, "intern")
		return
	}
	getoond := make([]sdk.Object, len(p))
	for k := range p {
		getoond[k] = sdk.BSN(p[k].BSN, "Getoond in zoekresultaat")
	}
	sdk.Getoond(r.Context(), getoond...)
	stuur(w, map[string]any{"personen": p})
}

func vraagVan(w http.ResponseWriter, r *http.Request) (vraag, bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxVraag))
	if err == nil {
		var v vraag
		if v, err = lees(body); err == nil {
			return v, true
		}
	}
	probleem(w, http.StatusBadRequest, "ongeldig")
	return vraag{}, false
}

func stuur(w http.ResponseWriter, uit any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(uit) // an error means that the caller went away
}

// probleem tells what is wrong, and nothing of who was asked for.
func probleem(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "code": code, "title": http.StatusText(status), "status": status})
}
