package sdk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// storing is a thing that goes wrong between an application and its register, or its data provider.
type storing string

const (
	geen storing = "geen"

	// Of the network.
	weg      storing = "weg"      // the connection drops before the call arrives
	stil     storing = "stil"     // no answer ever; the application gives up
	naafloop storing = "naafloop" // the call is carried out, and then the connection drops
	half     storing = "half"     // carried out, and half of the answer comes
	toch     storing = "toch"     // carried out, and a proxy answers 503
	traag    storing = "traag"    // carried out, but after others

	// Of a register, or what stands in its place.
	onzin   storing = "onzin"   // 201 that is not JSON
	leeg    storing = "leeg"    // 201 with {}
	niets   storing = "niets"   // 201 without a body
	anders  storing = "anders"  // 200 with the page of a proxy
	elders  storing = "elders"  // 307 to another place
	verkort storing = "verkort" // 201, JSON that ends halfway, with the length of that half

	// Of a data provider.
	teGroot    storing = "teGroot"
	geenJSON   storing = "geenJSON"
	deel       storing = "deel"       // 206
	ongewijzig storing = "ongewijzig" // 304
	overstap   storing = "overstap"   // 101
	staart     storing = "staart"     // trailers
	vooruit    storing = "vooruit"    // 103 with a name in a header, then 200
	wijstHier  storing = "wijstHier"  // 307 to the same server
	wijstWeg   storing = "wijstWeg"   // 307 to another server
)

// status is an answer with this status, which carries nothing out.
func status(code int) storing { return storing(fmt.Sprint(code)) }

var statussen = []int{400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504}

// proef is one call of an application, and what goes wrong with it.
type proef struct {
	register []storing // for each try; the last one stays
	bron     storing
	bekend   []string // logged beforehand
	zoekt    bool
	vindt    []string // what the data provider answers

	mu         sync.Mutex
	pogingen   int
	bereikt    bool     // the data provider was called
	toenBekend []string // who was in the register at that moment
	afgebroken func()   // the application gives up
	fouten     []string
}

func (p *proef) fout(format string, a ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fouten = append(p.fouten, fmt.Sprintf(format, a...))
}

// strijd is a real register, a proxy in front of it and a data provider, all over sockets.
type strijd struct {
	register string
	token    string
	client   *sdk.Client
	bron     string
	elders   string

	mu      sync.Mutex
	proeven map[uuid.UUID]*proef
	vreemd  int // calls that arrived at the other server
}

func newStrijd(t testing.TB) *strijd {
	t.Helper()
	s := &strijd{register: consumentRegister(t).URL, token: geefToken(t), proeven: map[uuid.UUID]*proef{}}
	proxy := httptest.NewServer(http.HandlerFunc(s.voorRegister))
	opruimen.Na(t, proxy.Close)
	bron := httptest.NewServer(http.HandlerFunc(s.vanBron))
	opruimen.Na(t, bron.Close)
	elders := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		s.vreemd++
		s.mu.Unlock()
		fmt.Fprint(w, `{"personen":["999999999"]}`)
	}))
	opruimen.Na(t, elders.Close)
	s.client, s.bron, s.elders = consumentClient(t, proxy.URL, "balie"), bron.URL, elders.URL
	return s
}

func (s *strijd) proef(id string) *proef {
	u, err := uuid.Parse(id)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proeven[u]
}

// voorRegister stands between the SDK and the register.
func (s *strijd) voorRegister(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	var a struct{ VerwerkingID string }
	if json.Unmarshal(body, &a) != nil {
		panic(http.ErrAbortHandler)
	}
	p := s.proef(a.VerwerkingID)
	p.mu.Lock()
	wat := p.register[min(p.pogingen, len(p.register)-1)]
	p.pogingen++
	p.mu.Unlock()
	switch wat {
	case weg:
		panic(http.ErrAbortHandler)
	case stil:
		p.afgebroken()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case onzin:
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, "<html>welkom op dit netwerk</html>")
		return
	case leeg:
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, "{}")
		return
	case niets:
		w.WriteHeader(http.StatusCreated)
		return
	case anders:
		fmt.Fprint(w, "<html>welkom op dit netwerk</html>")
		return
	case elders:
		http.Redirect(w, r, s.elders, http.StatusTemporaryRedirect)
		return
	case traag:
		time.Sleep(5 * time.Millisecond) // others pass; nothing depends on how long it is
	case geen, naafloop, half, toch, verkort:
	default:
		antwoordStatus(w, wat)
		return
	}
	uit, err := http.NewRequest(r.Method, s.register+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	uit.Header = r.Header.Clone()
	res, err := http.DefaultClient.Do(uit) // in its own time: the application may be gone
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	antwoord, err := io.ReadAll(res.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	switch wat {
	case naafloop:
		panic(http.ErrAbortHandler)
	case toch:
		antwoordStatus(w, status(503))
		return
	}
	h := w.Header()
	for k, v := range res.Header {
		h[k] = v
	}
	stuk := antwoord
	if wat == half || wat == verkort {
		stuk = antwoord[:len(antwoord)/2]
	}
	h.Set("Content-Length", fmt.Sprint(len(antwoord)))
	if wat == verkort {
		h.Set("Content-Length", fmt.Sprint(len(stuk)))
	}
	w.WriteHeader(res.StatusCode)
	if _, err := w.Write(stuk); err != nil || wat == half {
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func antwoordStatus(w http.ResponseWriter, wat storing) {
	var code int
	if _, err := fmt.Sscan(string(wat), &code); err != nil {
		panic("geen status: " + wat)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"code":"storing","title":"Storing.","status":%d,"detail":"Storing van een test."}`, code)
}
