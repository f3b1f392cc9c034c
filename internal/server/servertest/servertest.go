// Package servertest runs a whole register for a test: real store and keys on disk, HTTP over a real socket.
package servertest

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/server"
)

// Register is a running one; it ends with the test.
type Register struct {
	URL    string
	Server *server.Server
}

// Start runs a register on a new store. applicaties is the text of an applications file, settings are lines of the
// configuration file.
func Start(t testing.TB, applicaties string, settings ...string) *Register {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dir, url := t.TempDir(), "http://"+l.Addr().String()
	file := filepath.Join(dir, "verantwoord.yaml")
	lines := append([]string{"url: " + url, "store: sqlite:" + filepath.Join(dir, "store"), "sleutels: " + filepath.Join(dir, "sleutels")}, settings...)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file, func(string) string { return "" }, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := autorisatie.Parse(strings.NewReader(applicaties), "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.Open(t.Context(), c, b, server.Opties{Versie: "test", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h := &httptest.Server{Listener: l, Config: &http.Server{Handler: s.Handler()}}
	h.Start()
	opruimen.Na(t, func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Register{URL: url, Server: s}
}
