package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/server"
)

// uitgever issues certificates.
type uitgever struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func nieuweSleutel(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// nieuweUitgever gives a root; onder gives one below it.
func nieuweUitgever(t testing.TB, naam string) *uitgever {
	t.Helper()
	u := &uitgever{t: t, key: nieuweSleutel(t)}
	c := u.sjabloon(naam)
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.ExtKeyUsage = true, true, x509.KeyUsageCertSign, nil
	u.cert = u.teken(c, c, u.key, u.key)
	return u
}

func (u *uitgever) onder(naam string) *uitgever {
	u.t.Helper()
	v := &uitgever{t: u.t, key: nieuweSleutel(u.t)}
	c := u.sjabloon(naam)
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.ExtKeyUsage = true, true, x509.KeyUsageCertSign, nil
	v.cert = u.teken(c, u.cert, v.key, u.key)
	return v
}

func (u *uitgever) sjabloon(naam string) *x509.Certificate {
	u.t.Helper()
	nummer, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		u.t.Fatal(err)
	}
	return &x509.Certificate{
		SerialNumber: nummer,
		Subject:      pkix.Name{Organization: []string{"Fictief"}, CommonName: naam},
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}

func (u *uitgever) teken(c, boven *x509.Certificate, eigen, met *ecdsa.PrivateKey) *x509.Certificate {
	u.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, boven, &eigen.PublicKey, met)
	if err != nil {
		u.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		u.t.Fatal(err)
	}
	return cert
}

// geef issues a certificate; wijzig changes it before it is signed.
func (u *uitgever) geef(naam string, wijzig ...func(*x509.Certificate)) tls.Certificate {
	u.t.Helper()
	c := u.sjabloon(naam)
	for _, w := range wijzig {
		w(c)
	}
	key := nieuweSleutel(u.t)
	cert := u.teken(c, u.cert, key, u.key)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

// metOIN puts an OIN where PKIoverheid does.
func metOIN(oin string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject.SerialNumber = oin }
}

func verlopen(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
}

func alleenServer(c *x509.Certificate) {
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
}

// voorLokaal makes a certificate that a server on this machine can show.
func voorLokaal(c *x509.Certificate) {
	c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	c.DNSNames = []string{"localhost"}
}

func pemVan(certs ...*x509.Certificate) string {
	var b strings.Builder
	for _, c := range certs {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}) // a Builder never fails
	}
	return b.String()
}

// bestanden are the files of TLS of one register.
type bestanden struct {
	t                           testing.TB
	certificaat, sleutel, lijst string
}

func nieuweBestanden(t testing.TB) *bestanden {
	t.Helper()
	dir := t.TempDir()
	return &bestanden{t, filepath.Join(dir, "certificaat.pem"), filepath.Join(dir, "sleutel.pem"), filepath.Join(dir, "uitgevers.pem")}
}

func (b *bestanden) schrijf(pad, inhoud string) {
	b.t.Helper()
	// As a careful operator does: nobody sees half of it.
	if err := os.WriteFile(pad+".nieuw", []byte(inhoud), 0o600); err != nil {
		b.t.Fatal(err)
	}
	if err := os.Rename(pad+".nieuw", pad); err != nil {
		b.t.Fatal(err)
	}
}

// eigen writes the register's own certificate and key.
func (b *bestanden) eigen(c tls.Certificate) {
	b.t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		b.t.Fatal(err)
	}
	b.schrijf(b.certificaat, pemVan(c.Leaf))
	b.schrijf(b.sleutel, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// startEcht runs a register as serve does: limits, timeouts and TLS are those of the product.
func startEcht(t testing.TB, settings ...string) *register {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &register{t: t, dir: t.TempDir(), log: &veiligeBuffer{}, klok: &klok{}}
	scheme := "http"
	if strings.Contains(strings.Join(settings, "\n"), "tls.certificaat:") {
		scheme = "https"
	}
	r.url = scheme + "://" + l.Addr().String()
	file := filepath.Join(t.TempDir(), "verantwoord.yaml")
	lines := append([]string{
		"url: " + r.url, "store: sqlite:" + filepath.Join(r.dir, "store"), "sleutels: " + filepath.Join(r.dir, "sleutels"),
	}, settings...)
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
	r.server, err = server.Open(t.Context(), c, b, server.Opties{
		Versie: "test", Nu: r.klok.Nu, Logger: slog.New(slog.NewJSONHandler(r.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.server.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil && !strings.Contains(err.Error(), "context") {
			t.Error(err)
		}
	})
	return r
}

// klant gives a client that trusts these issuers and shows these certificates.
func klant(t testing.TB, vertrouwt *uitgever, toont ...tls.Certificate) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(vertrouwt.cert)
	tr := &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{
			RootCAs: pool,
			// Shown whatever the server asks for: it is the server that must refuse.
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if len(toont) == 0 {
					return &tls.Certificate{}, nil
				}
				return &toont[0], nil
			},
		},
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 30 * time.Second}
}

// leg sends a good record as a client of the register.
func (r *register) leg(c *http.Client, client string, opties ...optie) (*http.Response, error) {
	req, err := http.NewRequest("POST", r.url+bewerking+"/verwerkingsacties", strings.NewReader(body(basis())))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.token(client, autorisatie.Claims{}))
	for _, o := range opties {
		o(req)
	}
	res, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	p, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 && !strings.Contains(string(p), `"detail"`) {
		err = fmt.Errorf("status %d without a reason", res.StatusCode)
	}
	return res, err
}

// wantLeg sends one and checks the status.
func (r *register) wantLeg(c *http.Client, client string, want int, opties ...optie) *http.Response {
	r.t.Helper()
	res, err := r.leg(c, client, opties...)
	if err != nil {
		r.t.Fatal(err)
	}
	if res.StatusCode != want {
		r.t.Fatalf("status %d, want %d", res.StatusCode, want)
	}
	return res
}

// metriek reads a figure from /metrics.
func (r *register) metriek(c *http.Client, naam string) float64 {
	r.t.Helper()
	res, err := c.Get(r.url + "/metrics")
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	p, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(naam) + ` (\S+)$`).FindSubmatch(p)
	if m == nil {
		r.t.Fatalf("no %s", naam)
	}
	var v float64
	if _, err := fmt.Sscan(string(m[1]), &v); err != nil {
		r.t.Fatal(err)
	}
	return v
}

// wacht waits until something is true.
func wacht(t testing.TB, hoelang time.Duration, wat string, waar func() bool) {
	t.Helper()
	for end := time.Now().Add(hoelang); !waar(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", hoelang, wat)
		}
	}
}
