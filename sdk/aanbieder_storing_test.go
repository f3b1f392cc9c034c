package sdk_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/sdk"
)

// Whatever goes wrong on the way to the register, and however a handler behaves: no byte of its answer leaves unless the
// register holds a record of everybody in it.
func TestNoFaultLetsAnAnswerOutWithoutARecord(t *testing.T) {
	t.Parallel()
	for _, patroon := range []string{"vooraf", "achteraf"} {
		t.Run(patroon, func(t *testing.T) {
			t.Parallel()
			g := newGemeente(t)
			a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.MaxAntwoord = 1 << 20 })
			gehaast, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) {
				i.MaxAntwoord, i.Log = 1<<20, g.logMet("magazijn", &http.Client{Timeout: 2 * time.Second})
			})
			gezien := 0
			for _, k := range kwalen() {
				a := a
				if k.naam == "hangs" { // which ends by that alone: to others a slow register is none that is away
					a = gehaast
				}
				for _, d := range daden() {
					if k.naam == "hangs" && d.naam != "as it should" || patroon == "vooraf" && !d.zien {
						continue // seconds each, and the handler doesn't matter; with Vooraf a handler may answer as it likes
					}
					if gezienNu := proefEen(t, g, a, patroon, k, d); gezienNu {
						gezien++
					}
				}
			}
			if gezien < 20 {
				t.Errorf("an answer was seen %d times: this tests little", gezien)
			}
		})
	}
}

func proefEen(t *testing.T, g *gemeente, a *sdk.Aanbieder, patroon string, k kwaal, d daad) (gezien bool) {
	t.Helper()
	bsn := []string{nieuwPersoon(), nieuwPersoon()}
	gedraaid := false
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gedraaid = true
		d.doe(w, r, bsn)
	})
	guarded := a.Achteraf(dienstMagazijn, h)
	if patroon == "vooraf" {
		guarded = a.Vooraf(dienstMagazijn, func(*http.Request, []byte) ([]sdk.Object, error) { return alle(bsn), nil },
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				gedraaid = true
				toonAlles(w, bsn)
			}))
	}
	s := g.serveer(guarded)
	defer s.Close()
	g.storen(k)
	uit := rauw(t, vraagAan(t, d.methode, s.URL, "", doorgaveDerde()))
	g.hoe.Store(nil)

	naam := fmt.Sprintf("%s, %s, %s", patroon, k.naam, d.naam)
	gezien = bytes.Contains(uit, []byte(merkteken))
	for _, b := range bsn {
		vast := len(g.acties(b))
		if bytes.Contains(uit, []byte(b)) && vast == 0 {
			t.Errorf("%s: data are shown without a record", naam)
		}
		if vast > 1 {
			t.Errorf("%s: %d records of one step", naam, vast)
		}
	}
	zien := !k.fataal && (d.zien || patroon == "vooraf")
	if gezien != zien {
		t.Errorf("%s: seen is %v, want %v: %.300s", naam, gezien, zien, uit)
	}
	if patroon == "vooraf" && gedraaid == k.fataal {
		t.Errorf("%s: the handler ran: %v", naam, gedraaid)
	}
	if bytes.Contains(uit, []byte(" 218 ")) && !zien {
		t.Errorf("%s: the status of the handler is shown", naam)
	}
	if zien {
		return gezien
	}
	var status int
	if len(uit) > 0 {
		res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(uit)), &http.Request{Method: d.methode})
		if err != nil {
			t.Errorf("%s: %v in %q", naam, err, uit)
			return gezien
		}
		status = res.StatusCode
		if opnieuw := res.Header.Get("Retry-After"); status == 503 && (opnieuw == "1") == k.blijvend {
			t.Errorf("%s: Retry-After is %q", naam, opnieuw)
		}
	}
	want := d.status
	logt := want != 0 && want != 500                           // what isn't shown anyhow needs no record
	if logt && k.naam == "201 of other persons" || !k.fataal { // there are no persons in it to be other ones
	} else if logt || d.zien {
		want = 503
	}
	if status != want {
		t.Errorf("%s: status %d, want %d: %.300s", naam, status, want, uit)
	}
	return gezien
}

// The lifting of X48 is a second call, and what goes wrong with it keeps no data back: the record is there.
func TestAFaultWithTheLiftingKeepsItConfidential(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	a, n := g.aanbieder()
	d := doorgaveDerde()
	d.Vertrouwelijkheid = sdk.Opgeheven
	for _, k := range kwalen() {
		if !k.fataal || k.naam == "204" || k.naam == "hangs" {
			continue
		}
		bsn := nieuwPersoon()
		s := g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g)))
		alleenPatch := k
		alleenPatch.voor = func(n int, w http.ResponseWriter, r *http.Request, door http.Handler) {
			if r.Method == http.MethodPatch {
				k.voor(n, w, r, door)
				return
			}
			door.ServeHTTP(w, r)
		}
		g.storen(alleenPatch)
		res, body := doe(t, vraagAan(t, http.MethodPost, s.URL, bsn, d))
		g.hoe.Store(nil)
		if res.StatusCode != 200 || body != "gegevens van "+bsn {
			t.Errorf("%s: %d %s", k.naam, res.StatusCode, body)
		}
		if got := n.soorten(); !slices.Equal(got, []string{sdk.SoortVastgelegd, sdk.SoortOpheffenMislukt}) {
			t.Errorf("%s: counted %v", k.naam, got)
		}
		acties := g.acties(bsn)
		if len(acties) != 1 || acties[0].Vertrouwelijkheid == sdk.Normaal {
			t.Errorf("%s: %+v", k.naam, acties)
		}
	}
}

// Any handler and any line: random steps of a handler that tells of everybody or of nobody, in any order.
func TestNoHandlerGetsAByteOutWithoutARecord(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.MaxAntwoord = 4096 })
	var ziek []kwaal
	for _, k := range kwalen() {
		if k.naam != "hangs" {
			ziek = append(ziek, k)
		}
	}
	var teller struct {
		sync.Mutex
		gezien, geweigerd int
	}
	var stappen []func(w http.ResponseWriter, b string)
	var zegt bool
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, s := range stappen {
			s(w, r.Header.Get("X-Wie"))
		}
		if zegt {
			sdk.Getoond(r.Context(), alle(strings.Split(r.Header.Get("X-Wie"), ","))...)
		}
	})
	s := g.serveer(a.Achteraf(dienstMagazijn, h))
	mogelijk := []func(w http.ResponseWriter, b string){
		func(w http.ResponseWriter, b string) { _, _ = io.WriteString(w, merkteken+b) },
		func(w http.ResponseWriter, b string) { _, _ = io.WriteString(w, strings.Repeat(merkteken+b+" ", 100)) },
		func(w http.ResponseWriter, b string) { w.Header().Add("X-Gegevens", merkteken+b) },
		func(w http.ResponseWriter, b string) { w.Header().Set("Location", "/"+merkteken+b) },
		func(w http.ResponseWriter, b string) { w.Header().Set("Content-Length", "5") },
		func(w http.ResponseWriter, b string) { w.Header().Set("Transfer-Encoding", "identity") },
		func(w http.ResponseWriter, b string) { w.Header().Set("Trailer", "X-Na") },
		func(w http.ResponseWriter, b string) { w.Header().Set("X-Na", merkteken+b) },
		func(w http.ResponseWriter, b string) { w.Header().Set(http.TrailerPrefix+"X-Na", merkteken+b) },
		func(w http.ResponseWriter, _ string) { w.WriteHeader(103) },
		func(w http.ResponseWriter, _ string) { w.WriteHeader(200) },
		func(w http.ResponseWriter, _ string) { w.WriteHeader(218) },
		func(w http.ResponseWriter, _ string) { w.WriteHeader(304) },
		func(w http.ResponseWriter, _ string) { w.WriteHeader(404) },
		func(w http.ResponseWriter, _ string) { w.WriteHeader(101) },
		func(w http.ResponseWriter, _ string) { _ = http.NewResponseController(w).Flush() },
		func(w http.ResponseWriter, b string) {
			if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = io.WriteString(c, merkteken+b)
				_ = c.Close()
			}
		},
		func(_ http.ResponseWriter, b string) { panic(merkteken + b) },
	}
	rapid.Check(t, func(rt *rapid.T) {
		zegt = rapid.Bool().Draw(rt, "tells")
		stappen = nil
		for _, k := range rapid.SliceOfN(rapid.IntRange(0, len(mogelijk)+8), 0, 8).Draw(rt, "steps") {
			stappen = append(stappen, mogelijk[max(0, k-9)]) // often the first
		}
		k := kwaal{naam: "none", voor: kwalen()[0].voor}
		if rapid.Bool().Draw(rt, "ill") {
			k = ziek[rapid.IntRange(0, len(ziek)-1).Draw(rt, "fault")]
		}
		var bsn []string
		for range rapid.IntRange(1, 3).Draw(rt, "persons") {
			bsn = append(bsn, nieuwPersoon())
		}
		r := vraagAan(t, rapid.SampledFrom([]string{"GET", "POST", "HEAD"}).Draw(rt, "method"), s.URL, "", doorgaveDerde())
		r.Header.Set("X-Wie", strings.Join(bsn, ","))
		g.storen(k)
		uit := rauw(t, r)
		g.hoe.Store(nil)
		gezien := bytes.Contains(uit, []byte(merkteken)) || bytes.Contains(uit, []byte(" 218 "))
		for _, b := range bsn {
			if gezien && len(g.acties(b)) != 1 {
				rt.Fatalf("%s: seen without a record: %.300q", k.naam, uit)
			}
		}
		if gezien && (!zegt || k.fataal) {
			rt.Fatalf("%s: seen: %.300q", k.naam, uit)
		}
		teller.Lock()
		defer teller.Unlock()
		if gezien {
			teller.gezien++
		} else {
			teller.geweigerd++
		}
	})
	if teller.gezien == 0 || teller.geweigerd == 0 { // of a hundred some fourteen are seen, and by chance now and then no five
		t.Errorf("seen %d times and refused %d times: this tests nothing", teller.gezien, teller.geweigerd)
	}
}

// Many callers at once: each answer is of its own request.
func TestManyCallersAtOnceEachGetTheirOwn(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	a, _ := g.aanbieder()
	mux := http.NewServeMux()
	mux.Handle("/raadpleeg", a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g)))
	mux.Handle("/zoek", a.Achteraf(dienstMagazijn, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sdk.Getoond(r.Context(), sdk.BSN(string(body), ""))
		_, _ = w.Write(append([]byte("gegevens van "), body...))
	})))
	s := g.serveer(mux)
	var bezig sync.WaitGroup
	for range 8 {
		for _, pad := range []string{"/raadpleeg", "/zoek"} {
			bezig.Go(func() {
				for range 8 {
					bsn := nieuwPersoon()
					res, err := http.DefaultClient.Do(vraagAan(t, http.MethodPost, s.URL+pad, bsn, doorgaveDerde()))
					if err != nil {
						t.Error(err)
						return
					}
					body, err := io.ReadAll(res.Body)
					_ = res.Body.Close()
					if err != nil || string(body) != "gegevens van "+bsn {
						t.Errorf("%d %s %v", res.StatusCode, body, err)
						return
					}
					acties, err := g.vraag(map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn})
					if err != nil || len(acties) != 1 {
						t.Errorf("%d acties, %v", len(acties), err)
					}
				}
			})
		}
	}
	bezig.Wait()
}

// What a handler left behind writes while its persons are logged comes in no answer: they are not the ones that are logged.
func TestWhatIsWrittenDuringTheLoggingIsNotShown(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	a, _ := g.aanbieder()
	bekend, later := nieuwPersoon(), nieuwPersoon()
	bezig, geschreven := make(chan struct{}), make(chan struct{})
	s := g.serveer(a.Achteraf(dienstMagazijn, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sdk.Getoond(r.Context(), sdk.BSN(bekend, ""))
		_, _ = io.WriteString(w, merkteken+bekend)
		go func() {
			defer close(geschreven)
			<-bezig
			sdk.Getoond(r.Context(), sdk.BSN(later, ""))
			if _, err := io.WriteString(w, merkteken+later); err == nil {
				t.Error("it could write")
			}
		}()
	})))
	f := func(w http.ResponseWriter, r *http.Request, door http.Handler) {
		close(bezig)
		<-geschreven
		door.ServeHTTP(w, r)
	}
	g.hoe.Store(&f)
	res, body := doe(t, vraagAan(t, http.MethodPost, s.URL, "", doorgaveDerde()))
	if res.StatusCode != http.StatusOK || body != merkteken+bekend || len(g.acties(bekend)) != 1 || len(g.acties(later)) != 0 {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

// A caller that leaves while its request is logged gets nothing, and Vooraf does nothing for it.
func TestACallerThatLeavesGetsNothingDone(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	a, n := g.aanbieder()
	klaar := make(chan struct{})
	s := g.serveer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(klaar)
		a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g)).ServeHTTP(w, r)
	}))
	bij := make(chan struct{})
	f := func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(bij)
		<-r.Context().Done()
	}
	g.hoe.Store(&f)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if err := vraagAan(t, http.MethodPost, s.URL, nieuwPersoon(), doorgaveDerde()).Write(c); err != nil {
		t.Fatal(err)
	}
	<-bij
	_ = c.Close()
	<-klaar
	if got := g.toen(); got != nil {
		t.Errorf("%v", got)
	}
	if got := n.soorten(); !slices.Equal(got, []string{sdk.SoortNietVastgelegd}) {
		t.Errorf("counted %v", got)
	}
}
