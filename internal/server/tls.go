package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// kijkElke is how often the files are looked at. A change is taken into use at the second look that
// shows it, so that a certificate written before its key is no error.
const kijkElke = 500 * time.Millisecond

// maxTLSBestand bounds a file with certificates.
const maxTLSBestand = 4 << 20

// certificaten are the files of TLS and what was made of them. They are taken into use together;
// when a changed file is no good, everything stays as it was. Connections that exist are not broken.
type certificaten struct {
	paden   config.TLS
	nu      func() time.Time
	logger  *slog.Logger
	metrics *telemetry.Metrics

	geldend atomic.Pointer[geladen]

	mu        sync.Mutex // one look at a time
	gezien    [sha256.Size]byte
	mislukt   [sha256.Size]byte
	toegepast [sha256.Size]byte
}

// geladen is what the files hold.
type geladen struct {
	certificaat *tls.Certificate // nil: no TLS of our own
	uitgevers   *x509.CertPool   // nil: no issuers of certificates of clients
	server      *tls.Config
}

// openCertificaten reads the files; its errors are for an operator. Without files there is nothing
// in it, and nothing to look at.
func openCertificaten(paden config.TLS, nu func() time.Time, logger *slog.Logger) (*certificaten, error) {
	c := &certificaten{paden: paden, nu: nu, logger: logger}
	inhoud, som, err := c.lees()
	if err != nil {
		return nil, err
	}
	g, err := c.maak(inhoud)
	if err != nil {
		return nil, err
	}
	c.gezien, c.toegepast = som, som
	c.gebruik(g)
	return c, nil
}

// Certificaten serves TLS with the files of t for something else than a register, as a register does: changed files are taken into
// use until ctx ends. It gives nil without files; its errors are for an operator.
func Certificaten(ctx context.Context, t config.TLS, logger *slog.Logger) (*tls.Config, error) {
	c, err := openCertificaten(t, time.Now, logger)
	if err != nil {
		return nil, err
	}
	go c.bewaak(ctx)
	return c.serverConfig(), nil
}

// inhoud of the three files; nil where none is set.
type inhoud struct{ certificaat, sleutel, uitgevers []byte }

// lees reads the files and sums them up; a file that can't be read counts in the sum as well.
func (c *certificaten) lees() (inhoud, [sha256.Size]byte, error) {
	var (
		in   inhoud
		errs []error
	)
	som := sha256.New()
	for _, b := range []struct {
		sleutel, pad string
		naar         *[]byte
	}{
		{"tls.certificaat", c.paden.Certificaat, &in.certificaat},
		{"tls.sleutel", c.paden.Sleutel, &in.sleutel},
		{"tls.client_ca", c.paden.ClientCA, &in.uitgevers},
	} {
		if b.pad == "" {
			continue
		}
		p, err := leesHooguit(b.pad)
		if err != nil {
			err = fmt.Errorf("%s: het bestand is niet te lezen: %w", b.sleutel, err)
			errs = append(errs, err)
			p = []byte(err.Error())
		}
		*b.naar = p
		deel := sha256.Sum256(p)
		som.Write(deel[:])
	}
	return in, [sha256.Size]byte(som.Sum(nil)), errors.Join(errs...)
}

func leesHooguit(pad string) ([]byte, error) {
	f, err := os.Open(pad)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := io.ReadAll(io.LimitReader(f, maxTLSBestand+1))
	if err == nil && len(p) > maxTLSBestand {
		err = errors.New("het is te groot")
	}
	return p, err
}

// maak checks the contents and makes what serves them.
func (c *certificaten) maak(in inhoud) (*geladen, error) {
	g := &geladen{}
	if in.uitgevers != nil {
		var err error
		if g.uitgevers, err = uitgevers(in.uitgevers); err != nil {
			return nil, fmt.Errorf("tls.client_ca: %w", err)
		}
	}
	if in.certificaat == nil {
		return g, nil
	}
	paar, err := tls.X509KeyPair(in.certificaat, in.sleutel)
	if err != nil {
		return nil, fmt.Errorf("tls.certificaat en tls.sleutel zijn onleesbaar of horen niet bij elkaar; geef PEM, met het eigen certificaat voorop: %w", err)
	}
	if c.nu().After(paar.Leaf.NotAfter) {
		return nil, fmt.Errorf("tls.certificaat: het certificaat is verlopen op %s; vernieuw het", paar.Leaf.NotAfter.Format(time.DateOnly))
	}
	g.certificaat = &paar
	g.server = &tls.Config{
		Certificates: []tls.Certificate{paar},
		NextProtos:   []string{"h2", "http/1.1"},
		MinVersion:   tls.VersionTLS12,
		// For TLS 1.2: forward secrecy and authenticated encryption only. 1.3 has no other.
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		Time: c.nu,
	}
	if g.uitgevers != nil && c.paden.Client != config.ClientUit {
		// Whether there must be one is decided for each request: health checks need none, and a
		// client without one gets an answer it can read.
		g.server.ClientAuth = tls.VerifyClientCertIfGiven
		g.server.ClientCAs = g.uitgevers
	}
	return g, nil
}

// uitgevers reads a bundle of certificates; anything else in it is an error, because who thinks to
// trust two issuers must not trust one.
func uitgevers(p []byte) (*x509.CertPool, error) {
	pool, aantal := x509.NewCertPool(), 0
	for rest := p; ; aantal++ {
		var blok *pem.Block
		blok, rest = pem.Decode(rest)
		if blok == nil {
			if len(bytes.TrimSpace(rest)) > 0 && bytes.Contains(rest, []byte("-----BEGIN")) || aantal == 0 {
				return nil, errors.New("hier horen certificaten van uitgevers in PEM, en niets anders")
			}
			return pool, nil
		}
		if blok.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("hier horen certificaten van uitgevers in PEM, en geen %s", blok.Type)
		}
		cert, err := x509.ParseCertificate(blok.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificaat %d is onleesbaar: %w", aantal+1, err)
		}
		if !cert.IsCA {
			return nil, fmt.Errorf("certificaat %d is niet van een uitgever; geef dat van wie de certificaten uitgaf", aantal+1)
		}
		pool.AddCert(cert)
	}
}

// meet shows the figures there; before, there are none.
func (c *certificaten) meet(m *telemetry.Metrics) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.metrics = m
	c.gebruik(c.geldend.Load())
}

func (c *certificaten) gebruik(g *geladen) {
	c.geldend.Store(g)
	if g.certificaat != nil {
		c.metrics.CertificaatEinde(g.certificaat.Leaf.NotAfter)
	}
}

// uitgevers gives the issuers in force, nil without any.
func (c *certificaten) uitgevers() *x509.CertPool { return c.geldend.Load().uitgevers }

// serverConfig is what a listener serves TLS with, nil without TLS of our own. Each handshake takes
// what is in force then.
func (c *certificaten) serverConfig() *tls.Config {
	basis := c.geldend.Load().server
	if basis == nil {
		return nil
	}
	basis = basis.Clone()
	basis.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return c.geldend.Load().server, nil }
	return basis
}

// bewaak looks at the files until ctx ends.
func (c *certificaten) bewaak(ctx context.Context) {
	if c.paden.Certificaat == "" && c.paden.ClientCA == "" {
		return
	}
	tik := time.NewTicker(kijkElke)
	defer tik.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tik.C:
			c.kijk(false)
		}
	}
}

// kijk takes changed files into use. meteen does so at once and says so when nothing changed.
func (c *certificaten) kijk(meteen bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in, som, err := c.lees()
	rustig := som == c.gezien
	c.gezien = som
	switch {
	case som == c.toegepast:
		c.mislukt = [sha256.Size]byte{} // put back: the same mistake is news again
		if meteen {
			c.logger.Info("TLS files are unchanged")
		}
		return
	case meteen:
	case !rustig || som == c.mislukt:
		return
	}
	var g *geladen
	if err == nil {
		g, err = c.maak(in)
	}
	if err != nil {
		c.mislukt = som
		c.metrics.TLSHerladen(false)
		c.logger.Error("changed TLS files are not taken into use; the old ones stay in force", "oorzaak", err.Error())
		return
	}
	c.toegepast = som
	c.gebruik(g)
	c.metrics.TLSHerladen(true)
	attrs := []any{}
	if g.certificaat != nil {
		attrs = append(attrs, "verloopt", g.certificaat.Leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	c.logger.Info("changed TLS files are in use", attrs...)
}
