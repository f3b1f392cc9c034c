package server

import (
	"bytes"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
)

func TestPlacesAreTakenAndGivenBack(t *testing.T) {
	t.Parallel()
	b := &begrensd{limieten: config.Limieten{Verbindingen: 3, VerbindingenPerAdres: 2}, perAdres: map[netip.Prefix]int{}}
	een, twee := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/64")
	for k, stap := range []struct {
		adres netip.Prefix
		telt  bool
		want  string
	}{
		{een, true, ""}, {een, true, ""}, {een, true, "adres"}, {twee, true, ""}, {twee, true, "totaal"}, {netip.Prefix{}, false, "totaal"},
	} {
		if got := b.neem(stap.adres, stap.telt); got != stap.want {
			t.Errorf("step %d: %q, want %q", k, got, stap.want)
		}
	}
	b.geef(een, true)
	b.geef(een, true)
	b.geef(twee, true)
	if b.open != 0 || len(b.perAdres) != 0 {
		t.Errorf("%d open, %v", b.open, b.perAdres)
	}
	for range 3 {
		if got := b.neem(netip.Prefix{}, false); got != "" {
			t.Errorf("a proxy is refused: %s", got)
		}
	}
}

func TestTheLogOfConnectionsIsBounded(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	nu := time.Unix(1_800_000_000, 0)
	l := foutlog(slog.New(slog.NewJSONHandler(&b, nil)), func() time.Time { return nu })
	for range 1000 {
		l.Print("http: TLS handshake error")
	}
	if n := strings.Count(b.String(), "\n"); n != maxFoutregels {
		t.Errorf("%d lines in a minute", n)
	}
	nu = nu.Add(time.Minute)
	l.Print("http: TLS handshake error")
	if !strings.Contains(b.String(), `"aantal":980`) {
		t.Errorf("it does not say what was left out: %s", b.String())
	}
}
