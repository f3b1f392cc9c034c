package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
	"github.com/verantwoord/verantwoord/internal/api/openapi/openapitest"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/opruimen"
)

const bulk = bewerking + "/verwerkingsacties/_bulk"

// uitslag is a result line of a stream.
type uitslag struct {
	Regel   int            `json:"regel"`
	Status  int            `json:"status"`
	ActieID string         `json:"actieId"`
	Fout    map[string]any `json:"fout"`
}

// stroom is a stream that a test writes to and reads from at its own pace.
type stroom struct {
	t   testing.TB
	in  *io.PipeWriter
	res *http.Response
	uit *bufio.Scanner
}

// open begins a stream; the answer has begun when it returns.
func (r *register) open(client string, opties ...optie) *stroom {
	r.t.Helper()
	uit, in := io.Pipe()
	res := r.bulk(client, uit, opties...)
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(res.Body)
		r.t.Fatalf("status %d: %s", res.StatusCode, b)
	}
	s := &stroom{t: r.t, in: in, res: res, uit: bufio.NewScanner(res.Body)}
	s.uit.Buffer(nil, 1<<24)
	return s
}

// bulk sends a body as a stream, on a connection of its own.
func (r *register) bulk(client string, body io.Reader, opties ...optie) *http.Response {
	r.t.Helper()
	stroom, ok := body.(io.ReadCloser) // a client that gives up closes it, and waits until nobody reads from it
	if !ok {
		stroom = io.NopCloser(body) // of no length that is known
	}
	req, err := http.NewRequestWithContext(r.t.Context(), "POST", r.url+bulk, stroom)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Authorization", "Bearer "+r.token(client, autorisatie.Claims{}))
	for _, o := range opties {
		o(req)
	}
	c, ok := req.Context().Value(clientKey{}).(*http.Client)
	if !ok {
		c = &http.Client{Transport: &http.Transport{}}
	}
	r.t.Cleanup(c.CloseIdleConnections)
	res, err := c.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { res.Body.Close() })
	return res
}

type clientKey struct{}

// via sends with this client.
func via(c *http.Client) optie {
	return func(r *http.Request) { *r = *r.WithContext(context.WithValue(r.Context(), clientKey{}, c)) }
}

func (s *stroom) send(lines ...string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, strings.Join(lines, "\n")+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

// regelantwoord is what our document says of a result.
var regelantwoord = sync.OnceValues(func() (*openapi3.Schema, error) {
	doc, err := openapitest.Load(openapi.Bewerking)
	if err != nil {
		return nil, err
	}
	return doc.Components.Schemas["Regelantwoord"].Value, nil
})

// next reads one result and holds it against our document; false at the end of the stream.
func (s *stroom) next() (u uitslag, ok bool) {
	s.t.Helper()
	if !s.uit.Scan() {
		return u, false
	}
	return s.lees(s.uit.Bytes()), true
}

// rest reads all results up to the end of the stream, and looks at them afterwards. heel is false when the client lost the end: that of
// net/http closes the connection when it can't write, whatever it has still to read.
func (s *stroom) rest() (l []uitslag, heel bool) {
	s.t.Helper()
	var regels [][]byte
	for s.uit.Scan() {
		regels = append(regels, bytes.Clone(s.uit.Bytes()))
	}
	if s.uit.Err() != nil {
		return nil, false
	}
	for _, r := range regels {
		l = append(l, s.lees(r))
	}
	return l, true
}

func (s *stroom) lees(regel []byte) (u uitslag) {
	s.t.Helper()
	schema, err := regelantwoord()
	if err != nil {
		s.t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(regel, &v); err != nil {
		s.t.Fatalf("%v, and the stream %v", err, s.uit.Err())
	}
	if err := schema.VisitJSON(v); err != nil {
		s.t.Fatalf("openapi: result: %v", err)
	}
	if err := json.Unmarshal(regel, &u); err != nil {
		s.t.Fatal(err)
	}
	return u
}

// all sends everything, ends the stream and gives all results.
func (r *register) all(client string, body []byte, opties ...optie) []uitslag {
	r.t.Helper()
	res := r.bulk(client, bytes.NewReader(body), opties...)
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(res.Body)
		r.t.Fatalf("status %d: %s", res.StatusCode, b)
	}
	s := &stroom{t: r.t, uit: bufio.NewScanner(res.Body)}
	s.uit.Buffer(nil, 1<<24)
	var list []uitslag
	for {
		u, ok := s.next()
		if !ok {
			if err := s.uit.Err(); err != nil {
				r.t.Fatal(err)
			}
			return list
		}
		list = append(list, u)
	}
}

// line is an actie as one line.
func (a actie) line() string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func lines(list ...string) []byte { return []byte(strings.Join(list, "\n") + "\n") }

func TestAStreamIsAnsweredLineByLineInOrder(t *testing.T) {
	t.Parallel()
	r := start(t)
	got := r.all("normaal", lines(
		basis().line(),
		"",
		basis().with("tijdstip", "gisteren").line(),
		"{",
		"  \t\r",
		basis().with("vertrouwelijkheid", "vertrouwelijk").line(),
		basis().with("verwerkingNaam", strings.Repeat("x", 1<<20)).line(),
		basis().line()+"\r",
		"[]",
		"null null",
		basis().with("vertrouwelijkheid", "opgeheven").line(),
		basis().line(),
	))
	want := []struct {
		regel, status int
		code          string
	}{
		{1, 201, ""}, {3, 400, "invalid"}, {4, 400, "parse_error"}, {6, 403, "permission_denied"}, {7, 413, "te_groot"},
		{8, 201, ""}, {9, 400, "parse_error"}, {10, 400, "parse_error"}, {11, 403, "permission_denied"}, {12, 201, ""},
	}
	if len(got) != len(want) {
		t.Fatalf("%d results, want %d", len(got), len(want))
	}
	for k, w := range want {
		u := got[k]
		if u.Regel != w.regel || u.Status != w.status {
			t.Fatalf("result %d: line %d status %d, want %d and %d: %v", k, u.Regel, u.Status, w.regel, w.status, u.Fout)
		}
		if w.status == 201 {
			r.do("normaal", "GET", bewerking+"/verwerkingsacties/"+u.ActieID, nil).Want(http.StatusOK)
		} else if u.Fout["code"] != w.code || u.Fout["status"] != float64(w.status) || u.Fout["detail"] == "" {
			t.Errorf("line %d: %v", u.Regel, u.Fout)
		}
	}
	if n := r.lijst("normaal", "2308572", "&vertrouwelijkheid=normaal").JSON()["count"]; n != 6.0 { // with the three looks above
		t.Errorf("%v acties are shown, want 6", n)
	}
}

// http2 serves the register over TLS and HTTP/2 and gives a client for it.
func (r *register) http2() *http.Client {
	h := httptest.NewUnstartedServer(r.server.Handler())
	h.EnableHTTP2 = true
	h.StartTLS()
	opruimen.Na(r.t, h.Close)
	r.url = h.URL
	return h.Client()
}

func TestAStreamAnswersBeforeItEnds(t *testing.T) {
	t.Parallel()
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprintf("HTTP/%d", version), func(t *testing.T) {
			t.Parallel()
			r := start(t)
			client := &http.Client{Transport: &http.Transport{}}
			if version == 2 {
				client = r.http2()
			}
			s := r.open("normaal", via(client))
			if s.res.ProtoMajor != version {
				t.Fatalf("this is %s", s.res.Proto)
			}
			for k := range 20 {
				s.send(basis().line(), "")
				u, ok := s.next()
				if !ok || u.Regel != 2*k+1 || u.Status != http.StatusCreated {
					t.Fatalf("result %d: %v", k, u)
				}
			}
			s.in.Close()
			if u, ok := s.next(); ok || s.uit.Err() != nil {
				t.Errorf("after the end came %v, %v", u, s.uit.Err())
			}
		})
	}
}

func TestAStreamThatDoesNotBeginIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	r := start(t)
	body := basis().line() + "\n"
	stream := header("Content-Type", "application/x-ndjson")
	for _, tt := range []struct {
		name, client string
		opties       []optie
		status       int
	}{
		{"without a token", "", []optie{stream}, 401},
		{"as one JSON object", "normaal", nil, 415},
		{"in another encoding of text", "normaal", []optie{header("Content-Type", "application/x-ndjson; charset=latin1")}, 415},
		{"compressed", "normaal", []optie{stream, header("Content-Encoding", "gzip")}, 415},
		{"for who wants only a JSON object", "normaal", []optie{stream, header("Accept", "application/json")}, 406},
		{"with a key that is none", "normaal", []optie{stream, header("Idempotency-Key", "a b")}, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r.do(tt.client, "POST", bulk, body, tt.opties...).Want(tt.status)
		})
	}
	t.Run("by GET", func(t *testing.T) {
		t.Parallel()
		// The path is also that of an actie, which this is no id of; a stream is POST.
		if a := r.do("normaal", "GET", bulk, nil); a.Status == http.StatusOK {
			t.Error("it answers")
		}
	})
}

func TestAStreamWithAKeyMayBeSentAgain(t *testing.T) {
	t.Parallel()
	r := start(t)
	var list []string
	for k := range 300 {
		list = append(list, basis().with("gebruiker", fmt.Sprint(k)).line())
	}
	key := header("Idempotency-Key", "stroom-1")
	first := r.all("normaal", lines(list...), key)
	list[9] = basis().with("gebruiker", "another").line()
	again := r.all("normaal", lines(append(list, basis().line())...), key)
	if len(first) != 300 || len(again) != 301 {
		t.Fatalf("%d and %d results", len(first), len(again))
	}
	for k, u := range first {
		switch v := again[k]; {
		case u.Status != http.StatusCreated:
			t.Fatalf("line %d: %v", u.Regel, u.Fout)
		case k == 9:
			if v.Status != http.StatusConflict || v.Fout["code"] != "idempotentie_conflict" {
				t.Errorf("another line under the same number: %v", v)
			}
		case v.Status != http.StatusCreated || v.ActieID != u.ActieID:
			t.Fatalf("line %d was logged as %v first, and as %v", u.Regel, u, v)
		}
	}
	if n := r.size(); n != 301 {
		t.Errorf("%d versions were logged, want 301", n)
	}
	// The same key on a single POST, or by another client, is another key.
	r.post("normaal", basis(), key)
	r.all("vertrouwelijk", lines(list[0]), key)
	if n := r.size(); n != 303 {
		t.Errorf("%d versions, want 303", n)
	}
}

// size is the number of versions of Voorbeeldstad.
func (r *register) size() uint64 {
	n, err := r.server.Size(r.t.Context(), voorbeeldstad, bewijs.BoomLog)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestALongStreamIsWrittenWhole(t *testing.T) {
	t.Parallel()
	r := start(t)
	const n = 50_000
	line := basis().line() + "\n"
	got := r.all("normaal", bytes.Repeat([]byte(line), n))
	seen := map[string]bool{}
	for k, u := range got {
		if u.Regel != k+1 || u.Status != http.StatusCreated {
			t.Fatalf("result %d is of line %d, status %d: %v", k, u.Regel, u.Status, u.Fout)
		}
		seen[u.ActieID] = true
	}
	if len(seen) != n || r.size() != n {
		t.Errorf("%d ids and %d versions, want %d", len(seen), r.size(), n)
	}
}

func TestAFullQueueSlowsAStreamAndNotAnotherClient(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.wachtrij: 20")
	klaar := make(chan []uitslag)
	go func() { klaar <- r.all("normaal", bytes.Repeat([]byte(basis().line()+"\n"), 3000)) }()
	for range 50 {
		r.post("vertrouwelijk", basis())
	}
	got := <-klaar
	for _, u := range got {
		if u.Status != http.StatusCreated {
			t.Fatalf("line %d: %v", u.Regel, u.Fout)
		}
	}
	if len(got) != 3000 {
		t.Errorf("%d results", len(got))
	}
}
