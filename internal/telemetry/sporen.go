package telemetry

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// The attributes a span may have; there are no others, and their values come from closed sets. A
// query, a header, an id or anything of a body is never among them.
const (
	attrMethode = attribute.Key("http.request.method")
	attrRoute   = attribute.Key("http.route")
	attrStatus  = attribute.Key("http.response.status_code")
	attrAPI     = attribute.Key("verantwoord.api")
	attrReden   = attribute.Key("verantwoord.reden")
	attrRecords = attribute.Key("verantwoord.records")
)

// Sporen makes the spans of traces. nil makes none, at the price of a comparison.
type Sporen struct {
	tracer  trace.Tracer
	redenen []fout.Code
	stop    func(context.Context) error
}

// Spoor is a span under way; nil is none.
type Spoor struct {
	span    trace.Span
	redenen []fout.Code
}

var w3c propagation.TraceContext

// Verzoek starts the span of a request to a route (a template, never a path), as part of the trace
// its caller is in (W3C traceparent). The request that comes back carries it.
//
// The caller's tracestate ends here: it is free text of others, and would be exported with the span.
func (s *Sporen) Verzoek(r *http.Request, api, route string) (*http.Request, *Spoor) {
	if s == nil {
		return r, nil
	}
	ctx := r.Context()
	if from := trace.SpanContextFromContext(w3c.Extract(ctx, propagation.HeaderCarrier(r.Header))); from.IsValid() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, from.WithTraceState(trace.TraceState{}))
	}
	methode := uit(methoden, r.Method)
	ctx, span := s.tracer.Start(ctx, methode+" "+uit(apis, api)+" "+route,
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attrMethode.String(methode), attrRoute.String(route), attrAPI.String(uit(apis, api))))
	return r.WithContext(ctx), &Spoor{span, s.redenen}
}

// Reden notes why a request was refused.
func (p *Spoor) Reden(reden string) {
	if p == nil {
		return
	}
	p.span.SetAttributes(attrReden.String(string(uit(p.redenen, fout.Code(reden)))))
}

// End ends the span of a request.
func (p *Spoor) End(status int) {
	if p == nil {
		return
	}
	p.span.SetAttributes(attrStatus.Int(status))
	if status >= 500 {
		p.span.SetStatus(otelcodes.Error, "")
	}
	p.span.End()
}

// Vraag starts a span of a question to the store, below that of ctx; the function ends it. naam is
// a word of the code.
func (s *Sporen) Vraag(ctx context.Context, naam string) (context.Context, func(error)) {
	if s == nil || !trace.SpanContextFromContext(ctx).IsSampled() {
		return ctx, func(error) {}
	}
	ctx, span := s.tracer.Start(ctx, naam, trace.WithSpanKind(trace.SpanKindInternal))
	return ctx, einde(span)
}

// Vastlegging starts the span of a group commit: a trace of its own, with a link to each request
// whose record is in it. There is none when no such request is traced.
func (s *Sporen) Vastlegging(ctx context.Context, naam string, records int, verzoeken func(yield func(context.Context) bool)) (context.Context, func(error)) {
	if s == nil {
		return ctx, func(error) {}
	}
	var links []trace.Link
	for v := range verzoeken {
		if from := trace.SpanContextFromContext(v); from.IsSampled() && len(links) < maxLinks {
			links = append(links, trace.Link{SpanContext: from})
		}
	}
	if links == nil {
		return ctx, func(error) {}
	}
	ctx, span := s.tracer.Start(ctx, naam, trace.WithNewRoot(), trace.WithLinks(links...),
		trace.WithAttributes(attrRecords.Int(records)))
	return ctx, einde(span)
}

// maxLinks is what the limits of the SDK keep; more would be dropped there.
const maxLinks = 128

// einde ends a span. The error itself stays away: its text is for the log.
func einde(span trace.Span) func(error) {
	return func(err error) {
		if err != nil {
			span.SetStatus(otelcodes.Error, "")
		}
		span.End()
	}
}

// volgt samples a span that has links, since these are of sampled requests, and leaves the others to
// the choice of the parent or the ratio.
type volgt struct{ sdktrace.Sampler }

func (v volgt) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	if len(p.Links) > 0 && !trace.SpanContextFromContext(p.ParentContext).IsValid() {
		return sdktrace.SamplingResult{Decision: sdktrace.RecordAndSample}
	}
	return v.Sampler.ShouldSample(p)
}

// Transport gives a transport for calls to others, which passes the trace on (W3C traceparent) and
// makes a span called naam, a word of the code: never the address, which may hold an identifier.
// nil gives the base itself.
func (s *Sporen) Transport(basis http.RoundTripper, naam string) http.RoundTripper {
	if basis == nil {
		basis = http.DefaultTransport
	}
	if s == nil {
		return basis
	}
	return transport{s, basis, naam}
}

type transport struct {
	sporen *Sporen
	basis  http.RoundTripper
	naam   string
}

// RoundTrip sends the request with the header of the trace. The span ends when the headers of the
// answer are in.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, span := t.sporen.tracer.Start(r.Context(), t.naam, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attrMethode.String(uit(methoden, r.Method))))
	defer span.End()
	r = r.Clone(ctx) // a RoundTripper may not change what it was given
	w3c.Inject(ctx, propagation.HeaderCarrier(r.Header))
	res, err := t.basis.RoundTrip(r)
	if err != nil {
		span.SetStatus(otelcodes.Error, "")
		return nil, err
	}
	span.SetAttributes(attrStatus.Int(res.StatusCode))
	if res.StatusCode >= 500 {
		span.SetStatus(otelcodes.Error, "")
	}
	return res, nil
}
