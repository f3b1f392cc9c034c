package server

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// Times and sizes of a connection. Who takes longer loses it; a body that keeps coming gets more
// time (internal/api), and so does a stream that renews its own deadlines.
const (
	kopTijd      = 10 * time.Second // handshake, and the header of a request
	verzoekTijd  = 20 * time.Second // header and body
	antwoordTijd = 2 * time.Minute
	rustTijd     = 2 * time.Minute // between requests
	maxKop       = 32 << 10        // a token of 8 KiB and the certificate of a proxy fit in

	maxStromen  = 128 // HTTP/2: requests at once on one connection
	pingNa      = 30 * time.Second
	pingTijd    = 15 * time.Second
	schrijfTijd = time.Minute // without one byte going out
)

// httpServer bounds what a connection may take.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		TLSConfig:         s.certificaten.serverConfig(),
		ReadHeaderTimeout: kopTijd,
		ReadTimeout:       verzoekTijd,
		WriteTimeout:      antwoordTijd,
		IdleTimeout:       rustTijd,
		MaxHeaderBytes:    maxKop,
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams: maxStromen,
			SendPingTimeout:      pingNa,
			PingTimeout:          pingTijd,
			WriteByteTimeout:     schrijfTijd,
		},
		ErrorLog: foutlog(s.logger, s.nu),
	}
}

// begrensd is a listener that closes what is beyond the limits as soon as it comes, so that those
// inside keep working.
type begrensd struct {
	net.Listener
	limieten config.Limieten
	vrij     []netip.Prefix // proxies: many clients behind one address
	metrics  *telemetry.Metrics

	mu       sync.Mutex
	open     int
	perAdres map[netip.Prefix]int
}

func begrens(l net.Listener, c *config.Config, m *telemetry.Metrics) *begrensd {
	return &begrensd{Listener: l, limieten: c.Limieten, vrij: c.Proxy.Adressen, metrics: m, perAdres: map[netip.Prefix]int{}}
}

// Accept gives the next connection within the limits.
func (b *begrensd) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		adres, telt := b.adres(c.RemoteAddr().String())
		grens := b.neem(adres, telt)
		if grens == "" {
			b.metrics.Verbinding(1)
			return &verbinding{Conn: c, los: sync.OnceFunc(func() { b.geef(adres, telt) })}, nil
		}
		b.metrics.VerbindingGeweigerd(grens)
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // nothing of it stays behind in the kernel
		}
		_ = c.Close()
	}
}

// adres gives what is counted together: one address, or one /64 of IPv6, which is what one subscriber
// has at least. False: it is not counted by address.
func (b *begrensd) adres(remote string) (netip.Prefix, bool) {
	ip, ok := adresVan(remote)
	if !ok || vanProxy(b.vrij, remote) {
		return netip.Prefix{}, false
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(ip, bits).Masked(), true
}

// neem takes a place; it gives the limit that is reached when there is none.
func (b *begrensd) neem(adres netip.Prefix, telt bool) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.open >= b.limieten.Verbindingen:
		return "totaal"
	case telt && b.perAdres[adres] >= b.limieten.VerbindingenPerAdres:
		return "adres"
	}
	b.open++
	if telt {
		b.perAdres[adres]++
	}
	return ""
}

func (b *begrensd) geef(adres netip.Prefix, telt bool) {
	defer b.metrics.Verbinding(-1) // whoever reads of a place finds it free
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open--
	if !telt {
		return
	}
	if b.perAdres[adres]--; b.perAdres[adres] == 0 {
		delete(b.perAdres, adres)
	}
}

// verbinding gives its place back when it closes, once.
type verbinding struct {
	net.Conn
	los func()
}

// Close closes the connection and frees its place.
func (v *verbinding) Close() error {
	defer v.los()
	return v.Conn.Close()
}
