// Package telemetry gives the logger, the metrics, the traces and the audit of refused calls.
//
// Logs are JSON on one line, metrics are those of Prometheus, in a registry of their own: nothing
// is registered by importing a package. Neither ever holds an identifier of a person, a token or a
// raw path: labels come from closed sets, whatever a caller passes, so a request can't put a word
// of its own into a metric or make their number grow. For the log this is the caller's duty.
//
// Traces follow W3C Trace Context and go out by OTLP over HTTP, together with the same figures, when
// an operator says where to; a collector that is down costs nothing. The audit has a record for each
// refused call, and counts a flood instead of writing it out.
//
// All methods of *Metrics, *Sporen and *Audit do nothing on nil, so a test or tool passes nil.
// docs/beheer/metrieken.md lists every metric for operators; a test keeps it equal to the code.
package telemetry

import (
	"io"
	"log/slog"
)

// New gives a logger that writes JSON to w, from this level on.
func New(w io.Writer, niveau slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: niveau}))
}
