package sdk

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Certificaten knows callers by the certificate of the connection: PKIoverheid puts the OIN in the serialNumber of the
// subject. NewCertificaten makes one.
//
// The server must ask for a certificate (tls.RequestClientCert or stricter), and withdrawn ones are for its
// tls.Config.VerifyConnection to refuse. Behind a proxy that ends TLS there is none to see here: write an Afnemers that
// believes that proxy.
type Certificaten struct {
	uitgevers     *x509.CertPool
	vertrouwelijk []string
	nu            func() time.Time
}

// NewCertificaten takes who issues certificates that are believed, and the OINs of organisations that are registered
// for confidential verwerkingen.
func NewCertificaten(uitgevers *x509.CertPool, vertrouwelijk ...string) (*Certificaten, error) {
	if uitgevers == nil {
		return nil, errors.New("geef de uitgevers van certificaten die worden geloofd")
	}
	if len(vertrouwelijk) > 0 {
		if err := (Afnemer{OINs: vertrouwelijk}).keur(); err != nil {
			return nil, fmt.Errorf("vertrouwelijk: %w", err)
		}
	}
	return &Certificaten{uitgevers: uitgevers, vertrouwelijk: slices.Clone(vertrouwelijk), nu: time.Now}, nil
}

// Wie implements Afnemers. The chain is verified for each request: a connection may outlive its certificate.
func (c *Certificaten) Wie(r *http.Request) (Afnemer, error) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return Afnemer{}, onbewezen("geen certificaat")
	}
	tussen := x509.NewCertPool()
	for _, t := range r.TLS.PeerCertificates[1:] {
		tussen.AddCert(t)
	}
	eigen := r.TLS.PeerCertificates[0]
	if _, err := eigen.Verify(x509.VerifyOptions{
		Roots: c.uitgevers, Intermediates: tussen, CurrentTime: c.nu(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}); err != nil {
		return Afnemer{}, onbewezen("het certificaat geldt niet, of is van een uitgever die niet wordt geloofd")
	}
	oin, ok := oinVan(eigen)
	if !ok {
		return Afnemer{}, onbewezen("in het certificaat staat geen OIN")
	}
	return Afnemer{OINs: []string{oin}, MagVertrouwelijk: slices.Contains(c.vertrouwelijk, oin)}, nil
}

var serienummer = asn1.ObjectIdentifier{2, 5, 4, 5}

// oinVan reads the one serialNumber of the subject (RFC 5280 appendix A.1); two of them are not one.
func oinVan(c *x509.Certificate) (oin string, ok bool) {
	aantal := 0
	for _, n := range c.Subject.Names {
		if n.Type.Equal(serienummer) {
			oin, _ = n.Value.(string)
			aantal++
		}
	}
	return oin, aantal == 1 && isOIN(oin)
}
