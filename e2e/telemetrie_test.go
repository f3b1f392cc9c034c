package e2e

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is an OTLP receiver over a socket; it keeps all it was sent, read and raw.
type collector struct {
	*httptest.Server
	mu       sync.Mutex
	raw      bytes.Buffer
	spans    []*tracepb.Span
	metrics  map[string]bool
	resource map[string]string
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{metrics: map[string]bool{}, resource: map[string]string{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw.Write(body)
		switch r.URL.Path {
		case "/v1/traces":
			var in collectortrace.ExportTraceServiceRequest
			if err := proto.Unmarshal(body, &in); err != nil {
				t.Error(err)
			}
			for _, rs := range in.ResourceSpans {
				for _, a := range rs.Resource.Attributes {
					c.resource[a.Key] = a.Value.GetStringValue()
				}
				for _, ss := range rs.ScopeSpans {
					c.spans = append(c.spans, ss.Spans...)
				}
			}
		case "/v1/metrics":
			var in collectormetrics.ExportMetricsServiceRequest
			if err := proto.Unmarshal(body, &in); err != nil {
				t.Error(err)
			}
			for _, rm := range in.ResourceMetrics {
				for _, sm := range rm.ScopeMetrics {
					for _, m := range sm.Metrics {
						c.metrics[m.Name] = true
					}
				}
			}
		default:
			t.Errorf("something was sent to %s", r.URL.Path)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// named gives the spans of this name, in the order of their beginning.
func (c *collector) named(naam string) []*tracepb.Span {
	var list []*tracepb.Span
	for _, s := range c.spans {
		if s.Name == naam {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *tracepb.Span) int { return int(a.StartTimeUnixNano) - int(b.StartTimeUnixNano) })
	return list
}

// attributes of a span as text.
func attributes(s *tracepb.Span) map[string]string {
	m := map[string]string{}
	for _, a := range s.Attributes {
		m[a.Key] = a.Value.GetStringValue()
		if i := a.Value.GetIntValue(); i != 0 {
			m[a.Key] = fmt.Sprint(i)
		}
	}
	return m
}

func TestATraceGoesThroughTheRegisterWithoutAnIdentifier(t *testing.T) {
	t.Parallel()
	const (
		traceID = "0af7651916cd43dd8448eb211c80319c"
		parent  = "b7ad6b7169203331"
	)
	c := startCollector(t)
	r := start(t, "telemetrie.otlp: "+c.URL)
	traced := func(q *http.Request) {
		q.Header.Set("traceparent", "00-"+traceID+"-"+parent+"-01")
		q.Header.Set("tracestate", "klant=2308572")
		q.Header.Set("baggage", "bsn=2308572")
	}
	stored := r.post("normaal", basis(), traced)
	r.lijst("normaal", "2308572", "&vertrouwelijkheid=normaal", traced).Want(http.StatusOK)
	r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties/"+id(stored), nil, traced).Want(http.StatusOK)
	r.lijst("niets", "2308572", "", traced).Want(http.StatusForbidden)
	r.lijst("normaal", "2308572", "&onzin2308572=1").Want(http.StatusBadRequest)
	r.inzien("inzage-normaal", "2308572", "").Want(http.StatusOK)
	r.do("", "GET", bewerking+"/2308572", nil).Want(http.StatusNotFound)
	if err := r.server.Close(); err != nil { // delivers what waits
		t.Fatal(err)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.resource["service.name"] != "verantwoord" || c.resource["service.version"] != "test" {
		t.Errorf("resource %v", c.resource)
	}
	posts := c.named("POST bewerking /verwerkingsacties")
	lists := c.named("GET bewerking /verwerkingsacties")
	if len(posts) != 1 || len(lists) != 3 {
		t.Fatalf("%d and %d spans", len(posts), len(lists))
	}
	post, list := posts[0], lists[0]
	for _, s := range []*tracepb.Span{post, list} {
		if hex.EncodeToString(s.TraceId) != traceID || hex.EncodeToString(s.ParentSpanId) != parent || s.Kind != tracepb.Span_SPAN_KIND_SERVER {
			t.Errorf("%s does not continue the trace of its caller", s.Name)
		}
	}
	if got := attributes(post); got["http.response.status_code"] != "201" || got["http.route"] != "/verwerkingsacties" || got["verantwoord.api"] != "bewerking" || got["http.request.method"] != "POST" {
		t.Errorf("attributes %v", got)
	}
	if got := attributes(lists[1]); got["verantwoord.reden"] != "permission_denied" || got["http.response.status_code"] != "403" {
		t.Errorf("attributes of a refusal: %v", got)
	}
	finds := c.named("store find")
	if len(finds) == 0 || !bytes.Equal(finds[0].ParentSpanId, list.SpanId) {
		t.Error("the question to the store is not below its request")
	}
	linked := 0
	for _, g := range c.named("store append") {
		for _, l := range g.Links {
			if bytes.Equal(l.SpanId, post.SpanId) && bytes.Equal(l.TraceId, post.TraceId) {
				linked++
			}
		}
	}
	if linked != 1 {
		t.Errorf("%d group commits are linked to the POST", linked)
	}

	known := []string{"http.request.method", "http.route", "http.response.status_code", "verantwoord.api", "verantwoord.reden", "verantwoord.records"}
	for _, s := range c.spans {
		for key := range attributes(s) {
			if !slices.Contains(known, key) {
				t.Errorf("%s has the attribute %s", s.Name, key)
			}
		}
		if len(s.Events) > 0 || s.TraceState != "" || s.Status.GetMessage() != "" {
			t.Errorf("%s says more than its attributes", s.Name)
		}
	}
	for _, naam := range []string{"verantwoord_inname_totaal", "verantwoord_http_seconden", "verantwoord_geweigerd_totaal", "verantwoord_wachtrij_maximum"} {
		if !c.metrics[naam] {
			t.Errorf("the figure %s was not sent", naam)
		}
	}
	if c.raw.Len() == 0 {
		t.Fatal("nothing was sent")
	}
	b := basis()
	for _, secret := range []string{
		"2308572", "inzage-normaal", id(stored), b["verwerkingId"].(string), b["gebruiker"].(string), b["actieNaam"].(string),
		b["afnemerId"].(string), b["systeem"].(string), "onzin", "objectId", "Partner", voorbeeldstad, "127.0.0.1",
	} {
		if bytes.Contains(c.raw.Bytes(), []byte(secret)) {
			t.Errorf("%q was sent to the collector", secret)
		}
	}
}

func TestWithoutTelemetryTheTraceOfACallerIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis(), header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
	a.Want(http.StatusCreated)
	for _, h := range []string{"traceparent", "tracestate"} {
		if a.Header.Get(h) != "" {
			t.Errorf("the answer has %s", h)
		}
	}
}

// A collector that refuses connections, or one that takes them and is silent, costs a client nothing.
func TestACollectorThatIsDownNeitherSlowsNorFailsIntake(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts: requests hang
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	for name, address := range map[string]string{"refuses": "127.0.0.1:1", "is silent": silent.Addr().String()} {
		t.Run("it "+name, func(t *testing.T) {
			t.Parallel()
			r := start(t, "telemetrie.otlp: http://"+address)
			var slowest time.Duration
			for range 600 { // more than one batch of spans
				begin := time.Now()
				r.lijst("niets", "2308572", "").Want(http.StatusForbidden)
				slowest = max(slowest, time.Since(begin))
			}
			for range 30 {
				begin := time.Now()
				r.post("normaal", basis())
				slowest = max(slowest, time.Since(begin))
			}
			if slowest > 10*time.Second {
				t.Errorf("a request took %v", slowest)
			}
			begin := time.Now()
			if err := r.server.Close(); err != nil {
				t.Error(err)
			}
			if d := time.Since(begin); d > 10*time.Second {
				t.Errorf("stopping took %v", d)
			}
			if name == "refuses" && strings.Count(r.log.String(), "telemetry is not delivered") == 0 {
				t.Error("the log does not say that nothing is delivered")
			}
		})
	}
}
