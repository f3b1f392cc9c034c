package server

import (
	"log"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// maxFoutregels bounds, each minute, what net/http may log: a scanner that fails handshakes all day
// must not fill the disk.
const maxFoutregels = 20

// foutlog is the log of net/http: failed handshakes and the like.
func foutlog(l *slog.Logger, nu func() time.Time) *log.Logger {
	return log.New(&regels{logger: l, nu: nu}, "", 0)
}

type regels struct {
	logger *slog.Logger
	nu     func() time.Time

	mu           sync.Mutex
	minuut       time.Time
	geschreven   int
	overgeslagen int
}

// Write logs a line, or counts it when the minute is full.
func (r *regels) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.nu().Truncate(time.Minute); !m.Equal(r.minuut) {
		if r.overgeslagen > 0 {
			r.logger.Warn("lines of the connection log were left out", "aantal", r.overgeslagen)
		}
		r.minuut, r.geschreven, r.overgeslagen = m, 0, 0
	}
	if r.geschreven == maxFoutregels {
		r.overgeslagen++
		return len(p), nil
	}
	r.geschreven++
	r.logger.Warn(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}
