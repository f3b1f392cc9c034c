package telemetry

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	bridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// OTLP says where traces and figures go.
type OTLP struct {
	URL            string  // base of the collector's address; empty: nowhere
	HeadersBestand string  // file with a header a line; empty: none
	Deel           float64 // of the requests that is traced when the caller says nothing
	Versie         string  // of the program
}

// Start makes what traces, and sends it together with the figures of m to the collector. Without an
// address it gives nil, which traces nothing. The collector need not be there: what can't be
// delivered is dropped, and said in the log once a minute at most.
func Start(o OTLP, m *Metrics, logger *slog.Logger) (*Sporen, error) {
	if o.URL == "" {
		return nil, nil
	}
	headers, err := leesHeaders(o.HeadersBestand)
	if err != nil {
		return nil, err
	}
	var forTraces []otlptracehttp.Option
	var forMetrics []otlpmetrichttp.Option
	if headers != nil {
		forTraces = append(forTraces, otlptracehttp.WithHeaders(headers))
		forMetrics = append(forMetrics, otlpmetrichttp.WithHeaders(headers))
	}
	ctx := context.Background()
	traces, err := otlptracehttp.New(ctx, append(forTraces, otlptracehttp.WithEndpointURL(o.URL+"/v1/traces"))...)
	if err != nil {
		return nil, fmt.Errorf("make exporter of traces: %w", err)
	}
	figures, err := otlpmetrichttp.New(ctx, append(forMetrics, otlpmetrichttp.WithEndpointURL(o.URL+"/v1/metrics"))...)
	if err != nil {
		return nil, fmt.Errorf("make exporter of figures: %w", err)
	}
	// The environment (OTEL_RESOURCE_ATTRIBUTES) may add to this: it is the operator's.
	wie, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", "verantwoord"), attribute.String("service.version", o.Versie)))
	if err != nil {
		return nil, fmt.Errorf("describe this service: %w", err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(wie),
		sdktrace.WithSampler(volgt{sdktrace.ParentBased(sdktrace.TraceIDRatioBased(o.Deel))}),
		sdktrace.WithBatcher(stilleTraces{traces, &melder{logger: logger, wat: "traces"}}),
	)
	s := &Sporen{tracer: provider.Tracer("verantwoord"), stop: provider.Shutdown, redenen: m.woorden()}
	if m != nil {
		meter := sdkmetric.NewMeterProvider(
			sdkmetric.WithResource(wie),
			sdkmetric.WithReader(sdkmetric.NewPeriodicReader(
				stilleCijfers{figures, &melder{logger: logger, wat: "metrieken"}},
				sdkmetric.WithProducer(bridge.NewMetricProducer(bridge.WithGatherer(m.registry))),
			)),
		)
		s.stop = func(ctx context.Context) error { return errors.Join(provider.Shutdown(ctx), meter.Shutdown(ctx)) }
	}
	return s, nil
}

// Stop delivers what waits and stops, within the time of ctx.
func (s *Sporen) Stop(ctx context.Context) error {
	if s == nil {
		return nil
	}
	if err := s.stop(ctx); err != nil {
		return fmt.Errorf("stop telemetry: %w", err)
	}
	return nil
}

// stilleTraces and stilleCijfers pass on to an exporter. They keep errors away from the handler of
// OpenTelemetry, which is one for the whole process and prints whatever it gets.
type stilleTraces struct {
	sdktrace.SpanExporter
	*melder
}

func (e stilleTraces) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	e.meld(e.SpanExporter.ExportSpans(ctx, spans))
	return nil
}

type stilleCijfers struct {
	sdkmetric.Exporter
	*melder
}

func (e stilleCijfers) Export(ctx context.Context, cijfers *metricdata.ResourceMetrics) error {
	e.meld(e.Exporter.Export(ctx, cijfers))
	return nil
}

// melder says that nothing is delivered, once a minute at most.
type melder struct {
	logger *slog.Logger
	wat    string

	mu      sync.Mutex
	laatst  time.Time
	gemist  int
	herstel bool // the next delivery is news
}

func (m *melder) meld(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		if m.herstel {
			m.logger.Info("telemetry is delivered again", "wat", m.wat)
			m.herstel, m.gemist, m.laatst = false, 0, time.Time{}
		}
		return
	}
	m.gemist++
	m.herstel = true
	if nu := time.Now(); nu.Sub(m.laatst) >= time.Minute {
		m.laatst = nu
		m.logger.Warn("telemetry is not delivered", "wat", m.wat, "keren", m.gemist, "oorzaak", err.Error())
	}
}

// leesHeaders reads lines of "Naam: waarde"; empty ones and those that start with # don't count. An
// error names the line and never its text.
func leesHeaders(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.New("telemetrie.otlp_headers_bestand: dit bestand is niet te lezen; controleer het pad en de rechten")
	}
	defer f.Close()
	headers := map[string]string{}
	lines := bufio.NewScanner(io.LimitReader(f, 64<<10))
	for nr := 1; lines.Scan(); nr++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		naam, waarde, ok := strings.Cut(line, ":")
		if !ok || !token(naam) || strings.TrimSpace(waarde) == "" {
			return nil, fmt.Errorf("telemetrie.otlp_headers_bestand: regel %d is geen header; schrijf Naam: waarde", nr)
		}
		headers[http.CanonicalHeaderKey(naam)] = strings.TrimSpace(waarde)
	}
	if err := lines.Err(); err != nil {
		return nil, errors.New("telemetrie.otlp_headers_bestand: dit bestand is niet te lezen; controleer de inhoud")
	}
	return headers, nil
}

// token tells whether s can be the name of a header.
func token(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
