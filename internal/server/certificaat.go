package server

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// Bounds on what a proxy hands over, and on what is remembered.
const (
	maxProxyheader = 24 << 10
	maxKeten       = 6
	maxBekend      = 2048
)

// afnemers finds out which organisation is at the other end: by the certificate of the connection or,
// from a proxy that is believed, by the one in its header. A proxy speaks for others: its own
// certificate never counts as that of a client.
type afnemers struct {
	proxy     config.Proxy
	uitgevers func() *x509.CertPool // nil pool: the proxy alone verifies
	nu        func() time.Time
	metrics   *telemetry.Metrics

	mu     sync.Mutex
	bekend map[[sha256.Size]byte]bevinding
}

// bevinding is a certificate that was verified: for so long, and for these issuers.
type bevinding struct {
	oin       string
	tot       time.Time
	uitgevers *x509.CertPool
}

// middleware puts what the client proved into the context of each request. It never refuses: that is
// for who knows what is asked (autorisatie.Besluit.ToetsCertificaat).
func (a *afnemers) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !a.certificaat(r).Getoond {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(autorisatie.MetCertificaat(r.Context(), func() autorisatie.Certificaat { return a.certificaat(r) })))
	})
}

func (a *afnemers) certificaat(r *http.Request) autorisatie.Certificaat {
	if a.proxy.Header != "" {
		values := r.Header.Values(a.proxy.Header)
		if vanProxy(a.proxy.Adressen, r.RemoteAddr) {
			return a.uitHeader(values)
		}
		if len(values) > 0 {
			r.Header.Del(a.proxy.Header)
			a.metrics.ProxyheaderGenegeerd()
		}
	}
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return autorisatie.Certificaat{}
	}
	// The handshake verified it already. On a connection that lives long it may have ended since, or
	// its issuer may have been taken from the file.
	keten := r.TLS.PeerCertificates
	return a.oordeel(sha256.Sum256(keten[0].Raw), func() ([]*x509.Certificate, error) { return keten, nil })
}

// uitHeader judges the header of a proxy; an empty one says that the client showed nothing.
func (a *afnemers) uitHeader(values []string) autorisatie.Certificaat {
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return autorisatie.Certificaat{}
	case len(values) > 1 || len(values[0]) > maxProxyheader:
		return autorisatie.Certificaat{Getoond: true}
	}
	// A header never has the sum of a certificate: that would be bytes no header can hold.
	return a.oordeel(sha256.Sum256([]byte(values[0])), func() ([]*x509.Certificate, error) { return leesHeader(values[0]) })
}

// oordeel verifies a chain, or remembers that it did.
func (a *afnemers) oordeel(som [sha256.Size]byte, keten func() ([]*x509.Certificate, error)) autorisatie.Certificaat {
	pool, nu := a.uitgevers(), a.nu()
	a.mu.Lock()
	b, ok := a.bekend[som]
	a.mu.Unlock()
	if !ok || b.uitgevers != pool || nu.After(b.tot) {
		certs, err := keten()
		if err != nil {
			return autorisatie.Certificaat{Getoond: true}
		}
		tot, err := verifieer(certs, pool, nu)
		if err != nil {
			return autorisatie.Certificaat{Getoond: true}
		}
		b = bevinding{oinVan(certs[0]), tot, pool}
		a.mu.Lock()
		if a.bekend == nil || len(a.bekend) >= maxBekend {
			a.bekend = map[[sha256.Size]byte]bevinding{}
		}
		a.bekend[som] = b
		a.mu.Unlock()
	}
	return autorisatie.Certificaat{Getoond: true, Geldig: true, OIN: b.oin}
}

// verifieer holds a chain, the client's own certificate first, against the issuers and the clock. It
// gives until when the outcome may be remembered.
func verifieer(keten []*x509.Certificate, pool *x509.CertPool, nu time.Time) (time.Time, error) {
	eigen := keten[0]
	if pool == nil {
		if nu.Before(eigen.NotBefore) || nu.After(eigen.NotAfter) {
			return time.Time{}, errors.New("certificate is not in force")
		}
		return eigen.NotAfter, nil
	}
	tussen := x509.NewCertPool()
	for _, c := range keten[1:] {
		tussen.AddCert(c)
	}
	ketens, err := eigen.Verify(x509.VerifyOptions{
		Roots: pool, Intermediates: tussen, CurrentTime: nu, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return time.Time{}, err
	}
	var tot time.Time
	for _, k := range ketens {
		einde := slices.MinFunc(k, func(x, y *x509.Certificate) int { return x.NotAfter.Compare(y.NotAfter) }).NotAfter
		if einde.After(tot) {
			tot = einde
		}
	}
	return tot, nil
}

var serienummer = asn1.ObjectIdentifier{2, 5, 4, 5}

// oinVan reads the OIN as PKIoverheid gives it: the one serialNumber of the subject, 20 digits. Any
// other shape is no OIN, and two of them are not one.
func oinVan(c *x509.Certificate) string {
	oin, aantal := "", 0
	for _, n := range c.Subject.Names {
		if n.Type.Equal(serienummer) {
			oin, _ = n.Value.(string)
			aantal++
		}
	}
	if aantal != 1 || len(oin) != 20 || strings.Trim(oin, "0123456789") != "" {
		return ""
	}
	return oin
}

// leesHeader reads a certificate from a header, in one of two forms: RFC 9440 (base64 of DER between
// colons), and PEM in percent-encoding, as $ssl_client_escaped_cert of nginx. Only the second can
// hold a chain.
func leesHeader(s string) ([]*x509.Certificate, error) {
	if kern, ok := strings.CutPrefix(s, ":"); ok {
		kern, ok = strings.CutSuffix(kern, ":")
		der, err := base64.StdEncoding.Strict().DecodeString(kern)
		if !ok || err != nil {
			return nil, errors.New("header is no byte sequence")
		}
		c, err := x509.ParseCertificate(der)
		return []*x509.Certificate{c}, err
	}
	tekst, err := url.PathUnescape(s)
	if err != nil {
		return nil, errors.New("header is not percent-encoded")
	}
	var keten []*x509.Certificate
	for rest := []byte(tekst); len(strings.TrimSpace(string(rest))) > 0; {
		var blok *pem.Block
		blok, rest = pem.Decode(rest)
		if blok == nil || blok.Type != "CERTIFICATE" || len(keten) == maxKeten {
			return nil, errors.New("header holds something else than certificates")
		}
		c, err := x509.ParseCertificate(blok.Bytes)
		if err != nil {
			return nil, err
		}
		keten = append(keten, c)
	}
	if keten == nil {
		return nil, errors.New("header holds no certificate")
	}
	return keten, nil
}

// vanProxy tells whether the other end of the connection is one of the addresses.
func vanProxy(adressen []netip.Prefix, remote string) bool {
	ip, ok := adresVan(remote)
	return ok && slices.ContainsFunc(adressen, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// adresVan takes the address from "host:port", an IPv4 one in its own form, without a zone.
func adresVan(remote string) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(host)
	return ip.Unmap().WithZone(""), err == nil
}
