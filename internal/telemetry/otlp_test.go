package telemetry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is an OTLP receiver on a socket.
type collector struct {
	*httptest.Server
	mu      sync.Mutex
	spans   []*tracepb.Span
	headers http.Header
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.headers = r.Header.Clone()
		if r.URL.Path != "/v1/traces" {
			return
		}
		var in collectortrace.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &in); err != nil {
			t.Error(err)
		}
		for _, rs := range in.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				c.spans = append(c.spans, ss.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// stop stops the traces, which delivers them.
func (c *collector) stop(t *testing.T, s *Sporen) map[string]*tracepb.Span {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	byName := map[string]*tracepb.Span{}
	for _, s := range c.spans {
		byName[s.Name] = s
	}
	return byName
}

func startSporen(t *testing.T, o OTLP) *Sporen {
	t.Helper()
	s, err := Start(o, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestACallToAnotherCarriesTheTraceAndNotItsAddress(t *testing.T) {
	t.Parallel()
	c := startCollector(t)
	s := startSporen(t, OTLP{URL: c.URL, Deel: 1})
	var got string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("traceparent")
		w.WriteHeader(http.StatusTeapot)
	}))
	defer other.Close()

	in := httptest.NewRequest("GET", "/bewerking/api/v1/verwerkingsacties?objectId=2308572", nil)
	in.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	in.Header.Set("tracestate", "ander=2308572")
	in, spoor := s.Verzoek(in, "bewerking", "/verwerkingsacties")
	out, err := http.NewRequestWithContext(in.Context(), "GET", other.URL+"/personen/2308572", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: s.Transport(nil, "vraag personen")}).Do(out)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	spoor.End(200)
	if out.Header.Get("traceparent") != "" {
		t.Error("the caller's own request was changed")
	}

	spans := c.stop(t, s)
	call, request := spans["vraag personen"], spans["GET bewerking /verwerkingsacties"]
	if call == nil || request == nil {
		t.Fatalf("spans %v", slices.Sorted(maps.Keys(spans)))
	}
	if !bytes.Equal(call.ParentSpanId, request.SpanId) || !strings.HasPrefix(got, "00-0af7651916cd43dd8448eb211c80319c-") {
		t.Errorf("the trace does not go on: traceparent %s", got)
	}
	for _, span := range c.spans {
		if b, err := proto.Marshal(span); err != nil || bytes.Contains(b, []byte("2308572")) || span.TraceState != "" {
			t.Errorf("%s holds what was asked, or what the caller added", span.Name)
		}
	}
}

func TestAGroupIsTracedWhenOneOfItsRequestsIs(t *testing.T) {
	t.Parallel()
	c := startCollector(t)
	s := startSporen(t, OTLP{URL: c.URL}) // nothing is traced by itself
	request := func(flags string) (context.Context, *Spoor) {
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"+flags)
		r, spoor := s.Verzoek(r, "bewerking", "/verwerkingsacties")
		return r.Context(), spoor
	}
	traced, first := request("01")
	untraced, second := request("00")
	_, end := s.Vastlegging(t.Context(), "untraced", 1, slices.Values([]context.Context{untraced, t.Context()}))
	end(nil)
	_, end = s.Vastlegging(t.Context(), "traced", 2, slices.Values([]context.Context{untraced, traced}))
	end(errors.New("disk full"))
	_, end = s.Vraag(untraced, "no question")
	end(nil)
	first.Reden("2308572")
	first.End(503)
	second.End(201)

	spans := c.stop(t, s)
	if d := cmp.Diff([]string{"POST bewerking /verwerkingsacties", "traced"}, slices.Sorted(maps.Keys(spans))); d != "" {
		t.Fatal(d)
	}
	group, post := spans["traced"], spans["POST bewerking /verwerkingsacties"]
	if len(group.Links) != 1 || !bytes.Equal(group.Links[0].SpanId, post.SpanId) || len(group.ParentSpanId) != 0 {
		t.Errorf("links %v", group.Links)
	}
	if group.Status.Code != tracepb.Status_STATUS_CODE_ERROR || group.Status.Message != "" {
		t.Errorf("status %v", group.Status)
	}
	for _, a := range post.Attributes {
		if a.Key == "verantwoord.reden" && a.Value.GetStringValue() != overig {
			t.Errorf("an unknown reason became %v", a.Value)
		}
	}
}

// Not parallel: it counts allocations.
func TestWithoutACollectorNothingIsDone(t *testing.T) {
	s := startSporen(t, OTLP{Deel: 1})
	if s != nil {
		t.Fatal("there are traces")
	}
	r := httptest.NewRequest("GET", "/", nil)
	got, spoor := s.Verzoek(r, "bewerking", "/")
	spoor.Reden("invalid")
	spoor.End(200)
	if got != r || spoor != nil {
		t.Error("the request was changed")
	}
	if s.Transport(http.DefaultTransport, "x") != http.DefaultTransport {
		t.Error("the transport was wrapped")
	}
	if n := testing.AllocsPerRun(100, func() {
		r, spoor := s.Verzoek(r, "bewerking", "/")
		_, end := s.Vraag(r.Context(), "find")
		end(nil)
		spoor.End(200)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestHeadersForTheCollectorComeFromAFile(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		p := filepath.Join(t.TempDir(), "headers")
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Run("each line is one", func(t *testing.T) {
		t.Parallel()
		c := startCollector(t)
		s := startSporen(t, OTLP{URL: c.URL, Deel: 1, HeadersBestand: file("# ons geheim\nAuthorization: Bearer a:b\n\nx-tenant:  7 \n")})
		_, spoor := s.Verzoek(httptest.NewRequest("GET", "/", nil), "bewerking", "/")
		spoor.End(200)
		c.stop(t, s)
		if c.headers.Get("Authorization") != "Bearer a:b" || c.headers.Get("X-Tenant") != "7" {
			t.Error("the headers did not come along")
		}
	})
	for name, text := range map[string]string{
		"a line without a colon":         "geheim-woord",
		"a name that can't be one":       "een naam: geheim-woord",
		"a header without a value":       "geheim-woord:",
		"a line that is longer than all": strings.Repeat("geheim-woord", 10_000),
	} {
		t.Run(name+" is refused without showing it", func(t *testing.T) {
			t.Parallel()
			_, err := Start(OTLP{URL: "http://127.0.0.1:1", HeadersBestand: file(text)}, nil, slog.New(slog.DiscardHandler))
			if err == nil || strings.Contains(err.Error(), "geheim-woord") || !strings.Contains(err.Error(), "telemetrie.otlp_headers_bestand") {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a file that is not there is refused", func(t *testing.T) {
		t.Parallel()
		if _, err := Start(OTLP{URL: "http://127.0.0.1:1", HeadersBestand: t.TempDir() + "/x"}, nil, nil); err == nil {
			t.Error("accepted")
		}
	})
}

func TestACollectorThatIsDownIsSaidOnceAMinute(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	m := &melder{logger: slog.New(slog.NewTextHandler(&b, nil)), wat: "traces"}
	down := errors.New("connection refused")
	for range 5 {
		m.meld(down)
	}
	m.laatst = m.laatst.Add(-2 * time.Minute)
	m.meld(down)
	m.meld(nil)
	m.meld(nil)
	if got := b.String(); strings.Count(got, "is not delivered") != 2 || !strings.Contains(got, "keren=6") || strings.Count(got, "delivered again") != 1 {
		t.Errorf("got %s", got)
	}
}

func BenchmarkVerzoek(b *testing.B) {
	c := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer c.Close()
	on, err := Start(OTLP{URL: c.URL, Deel: 1}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	seldom, err := Start(OTLP{URL: c.URL, Deel: 0.01}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range []struct {
		name   string
		sporen *Sporen
	}{{"off", nil}, {"one in a hundred", seldom}, {"all", on}} {
		b.Run(s.name, func(b *testing.B) {
			r := httptest.NewRequest("POST", "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				_, spoor := s.sporen.Verzoek(r, "bewerking", "/verwerkingsacties")
				spoor.End(201)
			}
		})
	}
	for _, s := range []*Sporen{on, seldom} {
		if err := s.Stop(b.Context()); err != nil {
			b.Error(err)
		}
	}
}
