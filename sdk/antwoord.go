package sdk

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Getoond says who is in the answer of a handler behind Achteraf; with nobody it says that there is nobody in it. It may
// be called more than once and from many goroutines, until the handler returns. What comes later is in no answer.
//
// It panics elsewhere: then nobody would log these persons.
func Getoond(ctx context.Context, objecten ...Object) {
	a, ok := ctx.Value(antwoordSleutel{}).(*antwoord)
	if !ok {
		panic("sdk.Getoond: deze context is niet die van een handler achter Aanbieder.Achteraf")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.dicht {
		a.gezegd = true
		a.objecten = append(a.objecten, objecten...)
	}
}

type antwoordSleutel struct{}

var (
	errDicht    = errors.New("de handler is al klaar, en wat nu nog wordt geschreven komt in geen antwoord")
	errTeGroot  = errors.New("het antwoord is te groot om achter te houden")
	errWisselen = errors.New("een ander protocol is niet achter te houden")
)

// antwoord withholds what a handler answers. It can't flush, hijack or send anything beforehand: it has no such methods,
// nor one that gives the writer behind it.
type antwoord struct {
	kop http.Header // of the handler alone
	max int64

	mu       sync.Mutex
	dicht    bool // the handler is done
	gezegd   bool // Getoond was called
	objecten []Object
	status   int         // 0: nothing was written
	vast     http.Header // as they were at WriteHeader
	body     bytes.Buffer
	mis      error // why it can't be shown
}

func newAntwoord(max int64) *antwoord { return &antwoord{kop: http.Header{}, max: max} }

// Header implements http.ResponseWriter.
func (a *antwoord) Header() http.Header { return a.kop }

// WriteHeader implements http.ResponseWriter. Informational statuses are not sent.
func (a *antwoord) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic("invalid WriteHeader code " + strconv.Itoa(status)) // as net/http does
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begin(status)
}

// begin is called with the lock held.
func (a *antwoord) begin(status int) {
	if a.dicht || a.status != 0 || status < 200 && status != http.StatusSwitchingProtocols {
		return
	}
	if status == http.StatusSwitchingProtocols {
		a.mis = errWisselen
	}
	a.status, a.vast = status, a.kop.Clone()
}

// Write implements http.ResponseWriter.
func (a *antwoord) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.dicht {
		return 0, errDicht
	}
	a.begin(http.StatusOK)
	switch {
	case a.mis != nil:
		return 0, a.mis
	case a.status == http.StatusNoContent || a.status == http.StatusNotModified:
		return 0, http.ErrBodyNotAllowed
	case int64(a.body.Len()+len(p)) > a.max:
		a.mis = errTeGroot
		return 0, a.mis
	}
	return a.body.Write(p)
}

// sluit ends it: from here on nothing changes.
func (a *antwoord) sluit() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begin(http.StatusOK)
	a.dicht = true
}

// toon sends it, once it is closed. It may not be sent before everybody in it is logged.
func (a *antwoord) toon(w http.ResponseWriter, r *http.Request) {
	trailers := map[string]bool{"Trailer": true, "Transfer-Encoding": true, "Content-Length": true}
	for _, lijst := range a.vast["Trailer"] {
		for naam := range strings.SplitSeq(lijst, ",") {
			trailers[http.CanonicalHeaderKey(strings.TrimSpace(naam))] = true
		}
	}
	lengte := a.vast.Get("Content-Length")
	maps.DeleteFunc(a.vast, func(naam string, _ []string) bool {
		return trailers[naam] || strings.HasPrefix(naam, http.TrailerPrefix)
	})
	maps.Copy(w.Header(), a.vast)
	if a.body.Len() > 0 {
		lengte = strconv.Itoa(a.body.Len())
	} else if r.Method != http.MethodHead {
		lengte = "" // net/http knows what to say of an empty one
	}
	if lengte != "" {
		w.Header().Set("Content-Length", lengte)
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead && a.body.Len() > 0 {
		_, _ = w.Write(a.body.Bytes())
	}
}
