// Package telemetry gives the logger and the metrics of the product.
//
// Logs are JSON on one line, metrics are those of Prometheus, in a registry of their own: nothing
// is registered by importing a package. Neither ever holds an identifier of a person, a token or a
// raw path: labels come from closed sets, whatever a caller passes, so a request can't put a word
// of its own into a metric or make their number grow. For the log this is the caller's duty.
//
// All methods of *Metrics do nothing on nil, so a test or tool that measures nothing passes nil.
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
