package sdk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// AanbiederInstellingen of an Aanbieder.
type AanbiederInstellingen struct {
	Log        *Client    // the register of the own organisation
	Afnemers   Afnemers   // who calls
	Leveringen Leveringen // who may have what, and for what

	// A caller may ask for a term of the record (B9177). What is shorter than Vloer becomes Vloer, what is longer
	// than Maximum becomes Maximum: ISO 8601 durations, "" is no bound.
	Vloer, Maximum string

	AfnemerLeeg bool // leave the afnemer empty when a caller doesn't tell it, in place of taking it from the credential (X47)

	MaxVerzoek  int64 // bytes that Vooraf reads of a request; 0: 1 MiB
	MaxAntwoord int64 // bytes that Achteraf withholds of an answer; 0: 8 MiB

	Meting func(Gebeurtenis) // counts; nil: nobody does. Many goroutines call it
}

// Aanbieder guards the handlers of a provider: who calls is known, gets only what it may have for what it asks, and
// the register holds a record before the data leave (B7259, B7952). Many goroutines may use it.
type Aanbieder struct {
	i  AanbiederInstellingen
	nu func() time.Time
}

const (
	standaardVerzoek  = 1 << 20
	standaardAntwoord = 8 << 20
)

// NewAanbieder checks the settings.
func NewAanbieder(i AanbiederInstellingen) (*Aanbieder, error) {
	if i.Log == nil || i.Afnemers == nil || i.Leveringen == nil {
		return nil, errors.New("een Aanbieder heeft een Log, Afnemers en Leveringen nodig")
	}
	for _, d := range []string{i.Vloer, i.Maximum} {
		if d != "" && !geldigeDuur(d) {
			return nil, errors.New("geef Vloer en Maximum als periode volgens ISO 8601, zoals P10Y")
		}
	}
	a := &Aanbieder{i: i, nu: time.Now}
	if nu := a.nu(); i.Vloer != "" && i.Maximum != "" && eindeVan(i.Vloer, nu).After(eindeVan(i.Maximum, nu)) {
		return nil, errors.New("de Vloer is langer dan het Maximum")
	}
	if a.i.MaxVerzoek <= 0 {
		a.i.MaxVerzoek = standaardVerzoek
	}
	if a.i.MaxAntwoord <= 0 {
		a.i.MaxAntwoord = standaardAntwoord
	}
	return a, nil
}

// Dienst is what a handler gives, and how that is logged.
type Dienst struct {
	Gegevensset    string // as the table of leveringen calls it
	ActieNaam      string // infinitive and noun: "Ophalen gegevens" (A7838)
	HandelingNaam  string // may be empty
	VerwerkingNaam string // may be empty
}

func (d *Dienst) moet(bruikbaar bool) {
	if !bruikbaar || d.Gegevensset == "" || d.ActieNaam == "" {
		panic("sdk: een Dienst heeft een Gegevensset en een ActieNaam nodig, en een handler die geen nil is")
	}
}

// Vooraf guards a handler that gives data of persons whom the request names: *log, then act*. personen reads them
// from the request and its body; it may use everything of r but r.Body. Only when they are logged does the handler run,
// with the body as it came, and then it may answer as it likes, as long as it is about them.
//
// The handler is not run, and the caller gets problem+json: 401 for who isn't known; 400 for headers that are wrong and
// when personen gives an error or nobody; 403 geen_doelbinding, oin_niet_van_afnemer, vertrouwelijk_niet_toegestaan;
// 413; 503 log_niet_beschikbaar. It panics at once for a Dienst without names.
func (a *Aanbieder) Vooraf(d Dienst, personen func(r *http.Request, body []byte) ([]Object, error), h http.Handler) http.Handler {
	d.moet(h != nil && personen != nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, p := a.toets(r, d)
		if p == nil {
			r, p = a.vooraf(w, r, v, personen)
		}
		if p != nil {
			a.weiger(w, v, p)
			return
		}
		nietBewaren(w.Header())
		h.ServeHTTP(w, r)
	})
}

// nietBewaren keeps an answer out of caches, from which it would be seen again without a record. A handler may say otherwise.
func nietBewaren(kop http.Header) { kop.Set("Cache-Control", "no-store") }

// vooraf logs the persons of a request, and gives it as the handler may have it.
func (a *Aanbieder) vooraf(w http.ResponseWriter, r *http.Request, v *aanvraag, personen func(*http.Request, []byte) ([]Object, error)) (*http.Request, *probleem) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, a.i.MaxVerzoek))
	if groot := (*http.MaxBytesError)(nil); errors.As(err, &groot) {
		return nil, &probleem{code: "te_groot"}
	} else if err != nil {
		return nil, &probleem{code: "personen_onbekend"}
	}
	var objecten []Object
	if p := draai(func() { objecten, err = personen(met(r, r.Context(), body), body) }); p != nil {
		return nil, p
	}
	if err != nil || !noembaar(objecten) {
		return nil, &probleem{code: "personen_onbekend"} // what the error says may be of a person
	}
	if noemtPersoon(v.doorgave.ActiviteitURL, objecten) {
		return nil, &probleem{code: "invalid", params: []Param{{headerActiviteitURL, "persoonsnummer", "Hier staat een nummer van een persoon; zet dat alleen in objectId of afnemerId."}}}
	}
	if p := a.legVast(r.Context(), v, objecten); p != nil {
		return nil, p
	}
	v.eigen.Objecten = objecten
	return met(r, MetVerwerking(r.Context(), v.eigen), body), nil
}

// met gives a request with a body that can be read anew.
func met(r *http.Request, ctx context.Context, body []byte) *http.Request {
	r = r.WithContext(ctx)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

// noembaar reports whether there are persons, and each has a number that the register can take.
func noembaar(objecten []Object) bool {
	for _, o := range objecten {
		if o.Soort == "" || o.ID == "" || utf8.RuneCountInString(o.ID) > maxObjectID || !utf8.ValidString(o.ID) || strings.ContainsFunc(o.ID, unicode.IsControl) {
			return false
		}
	}
	return len(objecten) > 0
}

const maxObjectID = 40 // characters: the standard's longest number of a person

// Achteraf guards a handler that searches: *act, log, then show*. The handler calls Getoond for everybody in its answer,
// also when there is nobody in it. All it answers is withheld, whole: status, headers and body. When everybody is logged
// it is sent as it is, without what can't be withheld: flushes, interim answers, trailers, another protocol.
//
// Refusals are those of Vooraf before the handler runs, and after it: 503 log_niet_beschikbaar; 500
// geen_personen_opgegeven for a handler that shows something and did not call Getoond; 500 antwoord_te_groot; 500 for one
// that panics. Of an error status without Getoond only the status and the code of its problem+json are passed on.
func (a *Aanbieder) Achteraf(d Dienst, h http.Handler) http.Handler {
	d.moet(h != nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, p := a.toets(r, d)
		if p != nil {
			a.weiger(w, v, p)
			return
		}
		b := newAntwoord(a.i.MaxAntwoord)
		nietBewaren(b.kop)
		ctx := context.WithValue(MetVerwerking(r.Context(), v.eigen), antwoordSleutel{}, b)
		if p = draai(func() { h.ServeHTTP(b, r.WithContext(ctx)) }); p == nil {
			b.sluit()
			p = b.oordeel()
		}
		if p == nil {
			p = a.legVast(r.Context(), v, b.objecten)
		}
		switch {
		case p != nil:
			a.weiger(w, v, p)
		case !b.gezegd:
			schrijfNaam(w, b.status, b.body.Bytes())
		default:
			b.toon(w, r)
		}
	})
}

// oordeel tells why a closed answer can't be shown, whatever is logged.
func (a *antwoord) oordeel() *probleem {
	switch {
	case errors.Is(a.mis, errTeGroot):
		return &probleem{code: "antwoord_te_groot", soort: SoortOnbruikbaar, reden: a.mis}
	case a.mis != nil:
		return &probleem{code: "error", soort: SoortOnbruikbaar, reden: a.mis}
	case !a.gezegd && a.status < http.StatusBadRequest:
		return &probleem{code: "geen_personen_opgegeven", soort: SoortOnbruikbaar, reden: errors.New("de handler riep Getoond niet aan")}
	}
	return nil
}

// draai runs a part of the application. A panic is the end of its answer; the value may be of a person, so only the place
// is told.
func draai(deel func()) (p *probleem) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			panic(v) // the handler asks for the connection to be cut, and nothing was sent
		default:
			p = &probleem{code: "error", soort: SoortOnbruikbaar, reden: fmt.Errorf("de toepassing stopte met een panic in %s", plaats())}
		}
	}()
	deel()
	return nil
}

// plaats gives the functions that were running, the innermost first, without their arguments.
func plaats() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var b strings.Builder
	for {
		f, meer := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			fmt.Fprintf(&b, "%s:%d ", f.Function, f.Line)
		}
		if !meer {
			return strings.TrimSpace(b.String())
		}
	}
}

// weiger answers that there are no data, and counts it.
func (a *Aanbieder) weiger(w http.ResponseWriter, v *aanvraag, p *probleem) {
	if p.soort == "" {
		p.soort = SoortGeweigerd
	}
	if p.reden == nil {
		p.reden = errors.New(p.code)
	}
	meld(a.i.Meting, v.gebeurtenis(p.soort, p.reden))
	p.schrijf(w)
}
