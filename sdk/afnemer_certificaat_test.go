package sdk_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// stempel issues certificates.
type stempel struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func (s *stempel) geef(t testing.TB, uitgever bool, wijzig func(*x509.Certificate)) *stempel {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	nummer, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: nummer, Subject: pkix.Name{Organization: []string{"Fictief"}, CommonName: nummer.String()},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if uitgever {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.ExtKeyUsage = true, true, x509.KeyUsageCertSign, nil
	}
	if wijzig != nil {
		wijzig(c)
	}
	boven, met := c, key
	if s != nil {
		boven, met = s.cert, s.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, boven, &key.PublicKey, met)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &stempel{cert, key}
}

func (s *stempel) tls(boven ...*stempel) tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{s.cert.Raw}, PrivateKey: s.key}
	for _, b := range boven {
		c.Certificate = append(c.Certificate, b.cert.Raw)
	}
	return c
}

func vanOIN(oin string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject.SerialNumber = oin }
}

// Over real TLS: the OIN of a certificate of PKIoverheid is who calls.
func TestTheCertificateOfTheConnectionIsWhoCalls(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	root := (*stempel)(nil).geef(t, true, nil)
	tussen := root.geef(t, true, nil)
	vreemd := (*stempel)(nil).geef(t, true, nil)
	pool := x509.NewCertPool()
	pool.AddCert(root.cert)
	certificaten, err := sdk.NewCertificaten(pool, derdeOIN)
	if err != nil {
		t.Fatal(err)
	}
	beide := sdk.Beide(derdeMetToken(t), certificaten)
	serveer := func(wie sdk.Afnemers) *httptest.Server {
		a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.Afnemers = wie })
		s := httptest.NewUnstartedServer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g)))
		s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert} // it asks, and believes nothing by itself
		s.EnableHTTP2 = true
		s.Config.ErrorLog = zwijgend
		s.StartTLS()
		opruimen.Na(t, s.Close)
		return s
	}
	metCertificaat, metBeide := serveer(certificaten), serveer(beide)
	anders := func(d sdk.Doorgave, oin string) sdk.Doorgave { d.OIN = oin; return d }
	geheim := doorgaveDerde()
	geheim.Vertrouwelijkheid = sdk.Vertrouwelijk
	eigen := root.geef(t, false, vanOIN(derdeOIN))
	ander := root.geef(t, false, vanOIN("00000099555555550000"))
	for _, tt := range []struct {
		naam     string
		s        *httptest.Server
		cert     *tls.Certificate
		token    bool
		doorgave sdk.Doorgave
		status   int
	}{
		{"right", metCertificaat, new(eigen.tls()), false, doorgaveDerde(), 200},
		{"right, and no headers", metCertificaat, new(eigen.tls()), false, sdk.Doorgave{}, 200},
		{"right, in confidence", metCertificaat, new(eigen.tls()), false, geheim, 200},
		{"right, by an issuer between", metCertificaat, new(tussen.geef(t, false, vanOIN(derdeOIN)).tls(tussen)), false, doorgaveDerde(), 200},
		{"none", metCertificaat, nil, false, doorgaveDerde(), 401},
		{"none, and a token", metCertificaat, nil, true, doorgaveDerde(), 401},
		{"of an unknown issuer", metCertificaat, new(vreemd.geef(t, false, vanOIN(derdeOIN)).tls(vreemd)), false, doorgaveDerde(), 401},
		{"without the issuer between", metCertificaat, new(tussen.geef(t, false, vanOIN(derdeOIN)).tls()), false, doorgaveDerde(), 401},
		{"signed by itself", metCertificaat, new((*stempel)(nil).geef(t, false, vanOIN(derdeOIN)).tls()), false, doorgaveDerde(), 401},
		{"signed by a caller", metCertificaat, new(eigen.geef(t, false, vanOIN(derdeOIN)).tls(eigen)), false, doorgaveDerde(), 401},
		{"expired", metCertificaat, new(root.geef(t, false, func(c *x509.Certificate) {
			vanOIN(derdeOIN)(c)
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
		}).tls()), false, doorgaveDerde(), 401},
		{"not yet", metCertificaat, new(root.geef(t, false, func(c *x509.Certificate) {
			vanOIN(derdeOIN)(c)
			c.NotBefore = time.Now().Add(time.Hour)
		}).tls()), false, doorgaveDerde(), 401},
		{"of a server", metCertificaat, new(root.geef(t, false, func(c *x509.Certificate) {
			vanOIN(derdeOIN)(c)
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}).tls()), false, doorgaveDerde(), 401},
		{"without an OIN", metCertificaat, new(root.geef(t, false, nil).tls()), false, doorgaveDerde(), 401},
		{"of 19 digits", metCertificaat, new(root.geef(t, false, vanOIN(derdeOIN[1:])).tls()), false, doorgaveDerde(), 401},
		{"with two numbers", metCertificaat, new(root.geef(t, false, func(c *x509.Certificate) {
			nummer := asn1.ObjectIdentifier{2, 5, 4, 5}
			c.Subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: nummer, Value: derdeOIN}, {Type: nummer, Value: gemeenteOIN}}
		}).tls()), false, doorgaveDerde(), 401},
		{"the OIN as its name", metCertificaat, new(root.geef(t, false, func(c *x509.Certificate) { c.Subject.CommonName = derdeOIN }).tls()), false, doorgaveDerde(), 401},
		{"of another organisation, in whose name it asks", metCertificaat, new(ander.tls()), false, anders(doorgaveDerde(), "00000099555555550000"), 403},
		{"of another organisation", metCertificaat, new(ander.tls()), false, doorgaveDerde(), 403},

		{"both", metBeide, new(eigen.tls()), true, doorgaveDerde(), 200},
		{"both, in confidence", metBeide, new(eigen.tls()), true, geheim, 200},
		{"both, no token", metBeide, new(eigen.tls()), false, doorgaveDerde(), 401},
		{"both, no certificate", metBeide, nil, true, doorgaveDerde(), 401},
		{"both, of two organisations", metBeide, new(ander.tls()), true, doorgaveDerde(), 401},
	} {
		bsn := nieuwPersoon()
		r := vraagAan(t, http.MethodPost, tt.s.URL, bsn, tt.doorgave)
		if !tt.token {
			r.Header.Del("Authorization")
		}
		// The root that a client trusts is not what is tested.
		c := tt.s.Client().Transport.(*http.Transport).Clone()
		if tt.cert != nil {
			c.TLSClientConfig.Certificates = []tls.Certificate{*tt.cert}
			c.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return tt.cert, nil }
		}
		res, err := (&http.Client{Transport: c}).Do(r)
		if err != nil {
			t.Fatalf("%s: %v", tt.naam, err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		c.CloseIdleConnections()
		if err != nil || res.StatusCode != tt.status {
			t.Errorf("%s: %d %s %v", tt.naam, res.StatusCode, body, err)
		}
		if acties := g.acties(bsn); (len(acties) == 1) != (tt.status == 200) || strings.Contains(string(body), bsn) != (tt.status == 200) {
			t.Errorf("%s: %d acties, %s", tt.naam, len(acties), body)
		} else if tt.status == 200 && acties[0].AfnemerID != derdeOIN {
			t.Errorf("%s: afnemer %s", tt.naam, acties[0].AfnemerID)
		}
	}
	for naam, f := range map[string]func() (*sdk.Certificaten, error){
		"no issuers":  func() (*sdk.Certificaten, error) { return sdk.NewCertificaten(nil) },
		"a wrong OIN": func() (*sdk.Certificaten, error) { return sdk.NewCertificaten(pool, "123") },
	} {
		if _, err := f(); err == nil {
			t.Errorf("%s: accepted", naam)
		}
	}
}

// Who isn't named for it may not ask for confidentiality, whatever the levering says.
func TestACertificateGivesNoRightToConfidentiality(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	root := (*stempel)(nil).geef(t, true, nil)
	pool := x509.NewCertPool()
	pool.AddCert(root.cert)
	certificaten, err := sdk.NewCertificaten(pool)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.Afnemers = certificaten })
	d := doorgaveDerde()
	d.Vertrouwelijkheid = sdk.Vertrouwelijk
	r := vraagAan(t, http.MethodPost, "https://magazijn.example", nieuwPersoon(), d)
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{root.geef(t, false, vanOIN(derdeOIN)).cert}}
	w := httptest.NewRecorder()
	a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g)).ServeHTTP(w, r)
	if got := codeVan(t, w.Result(), w.Body.String()); w.Code != 403 || got != "vertrouwelijk_niet_toegestaan" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
