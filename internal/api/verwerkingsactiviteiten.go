package api

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Activiteiten is what the VAR API reads of the register of processing activities. What it gives is not changed.
type Activiteiten interface {
	// Openbare gives, by name, what anybody may read: public activities of all organisations, without concepts, with a
	// version that holds on the day and fits.
	Openbare(VraagActiviteiten) []*activiteit.Activiteit
	// Openbaar gives one of those, whether or not a version holds now.
	Openbaar(id uuid.UUID) (*activiteit.Activiteit, bool)
	// Van gives, by name, the activities of an organisation with a version that holds on the day and fits.
	Van(oin string, v VraagActiviteiten) ([]*activiteit.Activiteit, error)
	// Een gives one of an organisation. Error: fout.NietGevonden.
	Een(oin string, id uuid.UUID) (*activiteit.Activiteit, error)
	// Grondslag names a ground as it was on a day.
	Grondslag(code string, op activiteit.Datum) string
	// FunctiesOp gives, by function, what an application of an organisation can do on a day.
	FunctiesOp(oin, applicatie string, dag activiteit.Datum) []activiteit.Functie
	// LeveringenOp gives, by receiver, who may have which data of an organisation on a day; with a gegevensset only those.
	LeveringenOp(oin, gegevensset string, dag activiteit.Datum) []activiteit.Leverbaar
}

// VraagActiviteiten narrows a list; what is empty asks for all.
type VraagActiviteiten struct {
	Op                activiteit.Datum // never empty
	Zoek              string           // words
	Categorie         string
	GebaseerdOp       string // URI in a catalogue
	Verantwoordelijke string // OIN
}

// apiVAR names this API in figures and traces.
const apiVAR = "var"

// routesVAR is the register of processing activities, after the draft VAR API 0.1.0. These paths are open by decision (0025):
// what an organisation published is public information, so without a token they give that and nothing else. A token needs
// the scope.
var routesVAR = []route{
	{"/verwerkingsactiviteiten", leesVAR((*verzoek).listActiviteiten, "geldigOp", "gebaseerdOp", "categorie", "verantwoordelijkeOrganisatie", "zoek", "page", "pageSize")},
	{"/verwerkingsactiviteiten/{id}", leesVAR((*verzoek).getActiviteit, "geldigOp")},
	{"/verwerkingsactiviteiten/{id}/versies", leesVAR((*verzoek).listVersiesVanActiviteit)},
	{"/verwerkingsactiviteit/{id}", leesVAR((*verzoek).getActiviteit, "geldigOp")}, // the path of the draft
}

func leesVAR(doe func(*verzoek) error, parameters ...string) []operatie {
	return []operatie{{"GET", magVAR, false, parameters, doe}, {"HEAD", magVAR, false, parameters, doe}}
}

func magVAR(b *autorisatie.Besluit) bool { return b.Mag(autorisatie.ComponentVAR, autorisatie.VARRead) }

// Sizes of a page of activities.
const (
	paginaVAR    = 100
	paginaVARMax = 500
)

// listActiviteiten gives a page of what holds on a day.
func (q *verzoek) listActiviteiten() error {
	v, page, size, err := q.vraagActiviteiten()
	if err != nil {
		return err
	}
	var lijst []*activiteit.Activiteit
	if q.besluit == nil {
		lijst = q.Activiteiten.Openbare(v)
	} else if lijst, err = q.Activiteiten.Van(q.besluit.Organisatie, v); err != nil {
		return err
	}
	count := len(lijst)
	if page > 1 && (page-1)*size >= count {
		return fout.New(fout.CodeNietGevonden, "Zo veel pagina's zijn er niet; begin bij de eerste.")
	}
	from := min((page-1)*size, count)
	to := min(from+size, count)
	link := func(n int, there bool) string {
		if !there {
			return ""
		}
		values := url.Values{"page": {strconv.Itoa(n)}}
		for name, given := range q.query {
			if name != "page" {
				values[name] = given
			}
		}
		return q.URL + PadVAR + "/verwerkingsactiviteiten?" + values.Encode()
	}
	b := schrijver{b: make([]byte, 0, 512+2048*(to-from))}
	b.open().key("count").getal(count)
	b.key("next").formaat(link(page+1, to < count))
	b.key("previous").formaat(link(page-1, page > 1))
	b.key("results").openList()
	for _, a := range lijst[from:to] {
		w, ok := a.GeldigOp(v.Op)
		if !ok {
			return fout.Wrap(fout.CodeIntern, "", errors.New("an activity without a version on the day that was asked for"))
		}
		b.next()
		q.activiteit(&b, a, w)
	}
	b.closeList().close()
	return q.gelezen(b.b)
}

// getActiviteit gives the version of an activity that holds on a day.
func (q *verzoek) getActiviteit() error {
	dag, param := q.geldigOp()
	if param != nil {
		return fout.Ongeldig(*param)
	}
	a, err := q.zoekActiviteit()
	if err != nil {
		return err
	}
	v, ok := a.GeldigOp(dag)
	if !ok {
		return fout.New(fout.CodeNietGevonden, "Deze verwerkingsactiviteit geldt niet op deze dag; geef met geldigOp een dag waarop zij gold, of vraag haar versies.")
	}
	b := schrijver{b: make([]byte, 0, 2048)}
	q.activiteit(&b, a, v)
	return q.gelezen(b.b)
}

// listVersiesVanActiviteit gives all definite versions, also those that have ended or are still to begin.
func (q *verzoek) listVersiesVanActiviteit() error {
	a, err := q.zoekActiviteit()
	if err != nil {
		return err
	}
	b := schrijver{b: make([]byte, 0, 512+2048*len(a.Versies))}
	b.open().key("count").getal(len(a.Versies))
	b.key("next").formaat("").key("previous").formaat("")
	b.key("results").openList()
	for k := range a.Versies {
		b.next()
		q.activiteit(&b, a, &a.Versies[k])
	}
	b.closeList().close()
	return q.gelezen(b.b)
}

// zoekActiviteit finds the activity of the path: for a token one of its organisation, and for everybody what is public.
func (q *verzoek) zoekActiviteit() (*activiteit.Activiteit, error) {
	tekst := q.r.PathValue("id")
	id, err := uuid.Parse(tekst)
	if err != nil || len(tekst) != len("00000000-0000-4000-8000-000000000000") {
		return nil, fout.NietGevonden
	}
	if q.besluit != nil {
		a, err := q.Activiteiten.Een(q.besluit.Organisatie, id)
		if err == nil && len(a.Versies) > 0 {
			return a, nil
		}
		if err != nil && !errors.Is(err, fout.NietGevonden) {
			return nil, err
		}
	}
	a, ok := q.Activiteiten.Openbaar(id)
	if !ok {
		return nil, fout.NietGevonden
	}
	return a, nil
}

// vraagActiviteiten reads the query of the list: everything that is wrong at once.
func (q *verzoek) vraagActiviteiten() (v VraagActiviteiten, page, size int, err error) {
	var params []fout.Param
	mis := func(name, code, reason string) {
		params = append(params, fout.Param{Name: name, Code: code, Reason: reason})
	}
	tekst := func(name string, tot int) string {
		s := q.query.Get(name)
		switch n := utf8.RuneCountInString(s); {
		case q.query.Has(name) && strings.TrimSpace(s) == "":
			mis(name, "required", "Deze parameter is leeg; vul hem in of laat hem weg.")
		case n > tot || !utf8.ValidString(s):
			mis(name, "max_length", "Deze parameter is te lang of niet goed gecodeerd; er mogen "+strconv.Itoa(tot)+" tekens in staan.")
		}
		return s
	}
	getal := func(name string, standaard, tot int) int {
		if !q.query.Has(name) {
			return standaard
		}
		n, err := strconv.Atoi(q.query.Get(name))
		if err != nil || n < 1 || n > tot {
			mis(name, "invalid", "Geef een geheel getal van 1 tot en met "+strconv.Itoa(tot)+".")
			return standaard
		}
		return n
	}
	dag, param := q.geldigOp()
	if param != nil {
		params = append(params, *param)
	}
	v = VraagActiviteiten{Op: dag, GebaseerdOp: tekst("gebaseerdOp", 2042), Categorie: tekst("categorie", 242), Zoek: tekst("zoek", 242)}
	if v.Verantwoordelijke = q.query.Get("verantwoordelijkeOrganisatie"); q.query.Has("verantwoordelijkeOrganisatie") && !isOIN(v.Verantwoordelijke) {
		mis("verantwoordelijkeOrganisatie", "invalid", "Geef een OIN: precies 20 cijfers.")
	}
	page, size = getal("page", 1, 1_000_000), getal("pageSize", paginaVAR, paginaVARMax)
	if params != nil {
		return v, 0, 0, fout.Ongeldig(params...)
	}
	return v, page, size, nil
}

func isOIN(s string) bool {
	return len(s) == 20 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// geldigOp reads the day that is asked for: a day, or a moment, which falls on a day in Dutch time. Without it that is today.
func (q *verzoek) geldigOp() (activiteit.Datum, *fout.Param) {
	tekst := q.query.Get("geldigOp")
	if !q.query.Has("geldigOp") {
		return q.vandaag(), nil
	}
	if t, err := time.Parse(time.RFC3339, tekst); err == nil {
		tekst = string(activiteit.DatumVan(t))
	}
	dag, ok := activiteit.ParseDatum(tekst)
	if !ok || dag == "" {
		return "", &fout.Param{Name: "geldigOp", Code: "invalid", Reason: "Geef een dag, zoals 2026-03-05, of een moment met tijdzone, zoals 2026-03-05T14:35:42Z."}
	}
	return dag, nil
}

// vandaag is today in Dutch time.
func (q *verzoek) vandaag() activiteit.Datum {
	nu := time.Now
	if q.Tokens.Nu != nil {
		nu = q.Tokens.Nu
	}
	return activiteit.DatumVan(nu())
}

// gelezen answers with a representation, or says that the client has it already (RFC 9110 section 13.1.2). It may be kept, but is
// asked for again each time: what was published can be taken back.
func (q *verzoek) gelezen(b []byte) error {
	h := q.w.Header()
	etag := entityTag(b)
	h.Set("ETag", etag)
	h.Set("Vary", "Authorization")
	if q.besluit == nil {
		h.Set("Cache-Control", "public, no-cache")
		h.Set("Access-Control-Allow-Origin", "*") // as anybody may read it, so may a page of anybody
	} else {
		h.Set("Cache-Control", "private, no-cache")
	}
	switch {
	case matches(q.r.Header.Values("If-None-Match"), etag):
		q.w.WriteHeader(http.StatusNotModified)
	case q.r.Method == http.MethodHead:
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(b)))
		q.w.WriteHeader(http.StatusOK)
	default:
		q.json(http.StatusOK, b)
	}
	return nil
}
