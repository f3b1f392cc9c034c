package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The register hears its clients' certificates from a proxy at this address; everybody else on this
// machine is somebody else.
const (
	proxyAdres  = "127.0.0.9"
	proxyHeader = "Client-Cert"
)

// vanAdres gives a client that calls from an address of this machine.
func vanAdres(t testing.TB, adres string) *http.Client {
	t.Helper()
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(adres)}, Timeout: 10 * time.Second}
	tr := &http.Transport{DialContext: d.DialContext}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 30 * time.Second}
}

// The two forms in which a proxy hands over a certificate.
func alsNginx(certs ...*x509.Certificate) string {
	// nginx escapes everything that is not unreserved, the + of base64 among it.
	return strings.ReplaceAll(url.QueryEscape(pemVan(certs...)), "+", "%20")
}

func alsRFC9440(c *x509.Certificate) string {
	return ":" + base64.StdEncoding.EncodeToString(c.Raw) + ":"
}

func proxyRegister(t *testing.T, lijst string, settings ...string) *register {
	t.Helper()
	settings = append(settings, "proxy.header: "+proxyHeader, "proxy.adressen: "+proxyAdres)
	if lijst != "" {
		b := nieuweBestanden(t)
		b.schrijf(b.lijst, lijst)
		settings = append(settings, "tls.client_ca: "+b.lijst)
	}
	return startEcht(t, settings...)
}

func TestAProxyHandsOverTheCertificateOfAClient(t *testing.T) {
	t.Parallel()
	var (
		stam   = nieuweUitgever(t, "Stam")
		domein = stam.onder("Domein")
		vreemd = nieuweUitgever(t, "Vreemd")
		goed   = stam.geef("a", metOIN(voorbeeldstad)).Leaf
		ander  = stam.geef("a", metOIN(anderdorp)).Leaf
	)
	// Each outcome, when the register knows the issuers and when only the proxy does.
	for _, mode := range []struct {
		name, lijst string
	}{{"known issuers", pemVan(stam.cert)}, {"issuers known to the proxy only", ""}} {
		r := proxyRegister(t, mode.lijst, "tls.client: verplicht")
		anders := func(eigen, zonder int) int {
			if mode.lijst == "" {
				return zonder
			}
			return eigen
		}
		for _, tt := range []struct {
			name    string
			headers []string
			want    int
		}{
			{"as nginx does", []string{alsNginx(goed)}, 201},
			{"as RFC 9440 says", []string{alsRFC9440(goed)}, 201},
			{"with its chain", []string{alsNginx(domein.geef("a", metOIN(voorbeeldstad)).Leaf, domein.cert)}, 201},
			{"without what lies between", []string{alsNginx(domein.geef("a", metOIN(voorbeeldstad)).Leaf)}, anders(403, 201)},
			{"the OIN of another", []string{alsNginx(ander)}, 403},
			{"no OIN", []string{alsNginx(stam.geef("a").Leaf)}, 403},
			{"an expired one", []string{alsNginx(stam.geef("a", metOIN(voorbeeldstad), verlopen).Leaf)}, 403},
			{"one of another issuer", []string{alsNginx(vreemd.geef("a", metOIN(voorbeeldstad)).Leaf)}, anders(403, 201)},
			{"no header", nil, 403},
			{"an empty header", []string{""}, 403},
			{"two headers", []string{alsNginx(goed), alsNginx(goed)}, 403},
			{"a word", []string{"SUCCESS"}, 403},
			{"the OIN itself", []string{voorbeeldstad}, 403},
			{"half a certificate", []string{alsRFC9440(goed)[:200]}, 403},
			{"base64 without colons", []string{base64.StdEncoding.EncodeToString(goed.Raw)}, 403},
			{"a certificate and something behind it", []string{alsNginx(goed) + "x"}, 403},
			{"a broken escape", []string{alsNginx(goed) + "%2"}, 403},
			{"seven certificates", []string{alsNginx(goed, goed, goed, goed, goed, goed, goed)}, 403},
		} {
			t.Run(mode.name+", "+tt.name, func(t *testing.T) {
				res, err := r.leg(vanAdres(t, proxyAdres), "normaal", func(q *http.Request) { q.Header[proxyHeader] = tt.headers })
				if err != nil {
					t.Fatal(err)
				}
				if res.StatusCode != tt.want {
					t.Errorf("status %d, want %d", res.StatusCode, tt.want)
				}
			})
		}
	}
}

func TestNobodyElseIsBelievedAboutACertificate(t *testing.T) {
	t.Parallel()
	stam := nieuweUitgever(t, "Stam")
	goed := alsNginx(stam.geef("a", metOIN(voorbeeldstad)).Leaf)
	ander := alsNginx(stam.geef("a", metOIN(anderdorp)).Leaf)
	const teller = "verantwoord_proxyheader_genegeerd_totaal"

	r := proxyRegister(t, pemVan(stam.cert), "tls.client: verplicht")
	vreemde := vanAdres(t, "127.0.0.8")
	r.wantLeg(vreemde, "normaal", http.StatusForbidden, header(proxyHeader, goed))
	r.wantLeg(vreemde, "normaal", http.StatusForbidden, header(proxyHeader, goed), header("X-Forwarded-For", proxyAdres), header("Forwarded", "for="+proxyAdres))
	r.wantLeg(vreemde, "normaal", http.StatusForbidden, header(strings.ToLower(proxyHeader), goed))
	if n := r.metriek(vreemde, teller); n != 3 {
		t.Errorf("%v counted, want 3", n)
	}
	r.wantLeg(vanAdres(t, proxyAdres), "normaal", http.StatusCreated, header(proxyHeader, goed))
	if n := r.metriek(vreemde, teller); n != 3 {
		t.Errorf("%v counted after the proxy's own, want 3", n)
	}

	// Where certificates are only asked for, what is not believed is as if it were not there.
	r = proxyRegister(t, pemVan(stam.cert))
	r.wantLeg(vreemde, "normaal", http.StatusCreated, header(proxyHeader, ander))
	r.wantLeg(vanAdres(t, proxyAdres), "normaal", http.StatusForbidden, header(proxyHeader, ander))
	r.wantLeg(vanAdres(t, proxyAdres), "normaal", http.StatusForbidden, header(proxyHeader, "onleesbaar"))
	r.wantLeg(vanAdres(t, proxyAdres), "normaal", http.StatusCreated)
}

// A proxy that itself shows a certificate to the register speaks for its clients, never for itself.
func TestTheCertificateOfAProxyIsNotThatOfItsClient(t *testing.T) {
	t.Parallel()
	eigen, stam := nieuweUitgever(t, "Eigen uitgever"), nieuweUitgever(t, "Stam")
	b := nieuweBestanden(t)
	b.eigen(eigen.geef("register", voorLokaal))
	b.schrijf(b.lijst, pemVan(stam.cert))
	r := startEcht(t, "tls.certificaat: "+b.certificaat, "tls.sleutel: "+b.sleutel, "tls.client_ca: "+b.lijst,
		"tls.client: verplicht", "proxy.header: "+proxyHeader, "proxy.adressen: "+proxyAdres)
	proxy := klant(t, eigen, stam.geef("proxy", metOIN(voorbeeldstad)))
	proxy.Transport.(*http.Transport).DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(proxyAdres)}}).DialContext
	r.wantLeg(proxy, "normaal", http.StatusForbidden)
	r.wantLeg(proxy, "derde", http.StatusCreated, header(proxyHeader, alsRFC9440(stam.geef("a", metOIN(derdePartij)).Leaf)))
	r.wantLeg(proxy, "normaal", http.StatusForbidden, header(proxyHeader, alsRFC9440(stam.geef("a", metOIN(derdePartij)).Leaf)))

	// Who is no proxy shows a certificate of its own on the same port.
	r.wantLeg(klant(t, eigen, stam.geef("a", metOIN(voorbeeldstad))), "normaal", http.StatusCreated)
}

// The whole way: a client, a proxy that ends its TLS, the register behind it.
func TestAClientReachesTheRegisterThroughAProxy(t *testing.T) {
	t.Parallel()
	stam := nieuweUitgever(t, "Stam")
	r := proxyRegister(t, pemVan(stam.cert), "tls.client: verplicht")
	achter, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(stam.cert)
	proxy := httptest.NewUnstartedServer(&httputil.ReverseProxy{
		Transport: vanAdres(t, proxyAdres).Transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(achter)
			p.Out.Header.Del(proxyHeader)
			if certs := p.In.TLS.PeerCertificates; len(certs) > 0 {
				p.Out.Header.Set(proxyHeader, alsNginx(certs[0]))
			}
		},
	})
	proxy.TLS = &tls.Config{
		Certificates: []tls.Certificate{stam.geef("proxy", voorLokaal)}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: pool,
	}
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	voor := &register{t: t, url: proxy.URL, log: r.log, klok: r.klok}
	voor.wantLeg(klant(t, stam, stam.geef("a", metOIN(voorbeeldstad))), "normaal", http.StatusCreated)
	voor.wantLeg(klant(t, stam, stam.geef("a", metOIN(anderdorp))), "normaal", http.StatusForbidden)
	voor.wantLeg(klant(t, stam), "normaal", http.StatusForbidden)
	voor.wantLeg(klant(t, stam), "normaal", http.StatusForbidden, header(proxyHeader, alsNginx(stam.geef("a", metOIN(voorbeeldstad)).Leaf)))
}
