package sdk_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// veelActies are acties of one verwerking, each with a moment of its own.
func veelActies(v sdk.Verwerking, n int) iter.Seq[sdk.Verwerkingsactie] {
	return func(yield func(sdk.Verwerkingsactie) bool) {
		for k := range n {
			if !yield(v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00").AddDate(0, 0, k%300))) {
				return
			}
		}
	}
}

// A stream that is cut off, refused or made nonsense of goes on where it was, and nothing stands there twice.
func TestAStreamThatIsCutGoesOnWithoutDoubles(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	const n = 520 // two parts
	for name, snij := range map[string]func(http.ResponseWriter, []byte, int){
		"cut in the first line":  func(w http.ResponseWriter, b []byte, _ int) { w.Write(b[:10]); stop(w) },
		"cut between lines":      func(w http.ResponseWriter, b []byte, _ int) { w.Write(eersteRegels(b, 7)); stop(w) },
		"cut within a line":      func(w http.ResponseWriter, b []byte, _ int) { w.Write(b[:len(eersteRegels(b, 9))+20]); stop(w) },
		"no answer, but done":    func(http.ResponseWriter, []byte, int) { panic(http.ErrAbortHandler) },
		"ends early":             func(w http.ResponseWriter, b []byte, _ int) { w.Write(eersteRegels(b, 3)) },
		"a proxy says 503":       func(w http.ResponseWriter, _ []byte, _ int) { w.WriteHeader(http.StatusServiceUnavailable) },
		"nonsense after a while": func(w http.ResponseWriter, b []byte, _ int) { w.Write(eersteRegels(b, 4)); fmt.Fprintln(w, "<html>") },
		"another line's answer":  func(w http.ResponseWriter, b []byte, _ int) { w.Write(b[len(eersteRegels(b, 1)):]) },
		"a line is not now": func(w http.ResponseWriter, b []byte, eerste int) {
			w.Write(eersteRegels(b, 5))
			fmt.Fprintf(w, `{"regel":%d,"status":503,"fout":{"code":"niet_beschikbaar","status":503,"detail":"vol"}}`+"\n", eerste+5)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keer atomic.Int32
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					panic(http.ErrAbortHandler)
				}
				antwoord := doorNaar(t, reg.URL, r, body)
				eerste := len(body) - len(bytes.TrimLeft(body, "\n")) + 1
				if keer.Add(1)%2 == 1 { // every other time
					snij(w, antwoord, eerste)
					return
				}
				w.Write(antwoord)
			}))
			opruimen.Na(t, proxy.Close)
			v := verwerking(persoon(1))
			regel := 0
			for a, err := range consumentClient(t, proxy.URL, "balie").LogVeel(t.Context(), "", veelActies(v, n)) {
				if regel++; err != nil || a.Fout != nil || a.Regel != regel {
					t.Fatalf("line %d: %+v, %v", regel, a, err)
				}
			}
			if regel != n {
				t.Errorf("%d answers, want %d", regel, n)
			}
			if got := telRegister(t, reg.URL, v); got != n {
				t.Errorf("%d records, want %d", got, n)
			}
		})
	}
}

// A program that stopped begins anew, under its own key.
func TestAStreamThatIsGivenAgainStandsThereOnce(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	c := consumentClient(t, reg.URL, "balie")
	v := verwerking(persoon(1))
	var ids []string
	for ronde := range 2 {
		k := 0
		for a, err := range c.LogVeel(t.Context(), "conversie", veelActies(v, 600)) {
			if err != nil {
				t.Fatal(err)
			}
			if ronde == 0 {
				ids = append(ids, a.ActieID.String())
				if k++; k == 530 { // it stops in the second part
					break
				}
				continue
			}
			if k < len(ids) && ids[k] != a.ActieID.String() {
				t.Fatalf("line %d was logged again", k+1)
			}
			k++
		}
	}
	if got := telRegister(t, reg.URL, v); got != 600 {
		t.Errorf("%d records, want 600", got)
	}
}

func TestAStreamToARegisterThatIsAwayTellsWhatIsDurable(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	var keer atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || keer.Add(1) > 1 {
			panic(http.ErrAbortHandler)
		}
		w.Write(eersteRegels(doorNaar(t, reg.URL, r, body), 40))
	}))
	opruimen.Na(t, proxy.Close)
	goed, fouten := 0, 0
	for a, err := range consumentClient(t, proxy.URL, "balie").LogVeel(t.Context(), "", veelActies(verwerking(persoon(1)), 100)) {
		if err != nil {
			fouten++
			continue
		}
		goed++
		if a.Regel != goed || a.Fout != nil {
			t.Errorf("answer %d: %+v", goed, a)
		}
	}
	if goed != 40 || fouten != 1 || keer.Load() < 4 {
		t.Errorf("%d durable, %d errors, %d tries", goed, fouten, keer.Load())
	}
}

func eersteRegels(b []byte, n int) []byte {
	af := 0
	for range n {
		af += bytes.IndexByte(b[af:], '\n') + 1
	}
	return b[:af]
}

func stop(w http.ResponseWriter) {
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// doorNaar lets a register do it, and gives its whole answer.
func doorNaar(t *testing.T, register string, r *http.Request, body []byte) []byte {
	t.Helper()
	uit, err := http.NewRequest(r.Method, register+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return nil
	}
	uit.Header = r.Header.Clone()
	res, err := http.DefaultClient.Do(uit)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer res.Body.Close()
	antwoord, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%d, %v: %s", res.StatusCode, err, antwoord)
	}
	return antwoord
}

// telRegister counts what a register holds of a verwerking.
func telRegister(t *testing.T, register string, v sdk.Verwerking) int {
	t.Helper()
	lezer := consumentClient(t, register, "auditor").Bewaakt(sdk.NewTransport(consumentClient(t, register, "auditor"), functies))
	n := 0
	for _, err := range lezer.Acties(sdk.MetVerwerking(t.Context(), verwerking()), sdk.Vraag{VerwerkingID: v.VerwerkingID, PerPagina: 500}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// The lines of a part that is sent again keep their numbers.
func TestLinesThatAreAnsweredAreBlankWhenAPartIsSentAgain(t *testing.T) {
	t.Parallel()
	reg := consumentRegister(t)
	var bodies [][]byte
	var sleutels []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		bodies, sleutels = append(bodies, body), append(sleutels, r.Header.Get("Idempotency-Key"))
		antwoord := doorNaar(t, reg.URL, r, body)
		if len(bodies) == 1 {
			antwoord = eersteRegels(antwoord, 2)
		}
		w.Write(antwoord)
	}))
	opruimen.Na(t, proxy.Close)
	for _, err := range consumentClient(t, proxy.URL, "balie").LogVeel(t.Context(), "", veelActies(verwerking(persoon(1)), 4)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(bodies) != 2 || sleutels[0] != sleutels[1] {
		t.Fatalf("%d requests under %q", len(bodies), slices.Compact(sleutels))
	}
	var leeg []int
	s := bufio.NewScanner(bytes.NewReader(bodies[1]))
	for k := 1; s.Scan(); k++ {
		if strings.TrimSpace(s.Text()) == "" {
			leeg = append(leeg, k)
		}
	}
	if !slices.Equal(leeg, []int{1, 2}) {
		t.Errorf("blank lines %v, want 1 and 2", leeg)
	}
}
