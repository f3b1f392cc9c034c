package e2e

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// tlsRegister runs a register with a certificate of its own, and the issuers whose clients it knows.
func tlsRegister(t *testing.T, eigen *uitgever, lijst string, settings ...string) (*register, *bestanden) {
	t.Helper()
	b := nieuweBestanden(t)
	b.eigen(eigen.geef("register", voorLokaal))
	settings = append(settings, "tls.certificaat: "+b.certificaat, "tls.sleutel: "+b.sleutel)
	if lijst != "" {
		b.schrijf(b.lijst, lijst)
		settings = append(settings, "tls.client_ca: "+b.lijst)
	}
	return startEcht(t, settings...), b
}

func TestTheRegisterServesTLS(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	r, _ := tlsRegister(t, u, "")

	t.Run("HTTP/2 over TLS 1.3 is what a client gets", func(t *testing.T) {
		res := r.wantLeg(klant(t, u), "normaal", http.StatusCreated)
		if res.ProtoMajor != 2 || res.TLS.Version != tls.VersionTLS13 {
			t.Errorf("%s, TLS %x", res.Proto, res.TLS.Version)
		}
	})
	t.Run("HTTP/1.1 is served too", func(t *testing.T) {
		c := klant(t, u)
		c.Transport.(*http.Transport).TLSClientConfig.NextProtos = []string{"http/1.1"}
		c.Transport.(*http.Transport).ForceAttemptHTTP2 = false
		c.Transport.(*http.Transport).TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		if res := r.wantLeg(c, "normaal", http.StatusCreated); res.ProtoMajor != 1 {
			t.Errorf("%s", res.Proto)
		}
	})
	t.Run("health and pages answer", func(t *testing.T) {
		for _, pad := range []string{"/healthz/live", "/healthz/ready", "/docs", "/metrics"} {
			res, err := klant(t, u).Get(r.url + pad)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", pad, res.StatusCode)
			}
		}
	})
	t.Run("TLS 1.2 has forward secrecy, older versions do not exist", func(t *testing.T) {
		pool := x509.NewCertPool()
		pool.AddCert(u.cert)
		for _, tt := range []struct {
			versie uint16
			suites []uint16
			goed   bool
		}{
			{tls.VersionTLS12, nil, true},
			{tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}, false},
			{tls.VersionTLS11, nil, false},
			{tls.VersionTLS10, nil, false},
		} {
			c, err := tls.Dial("tcp", strings.TrimPrefix(r.url, "https://"), &tls.Config{
				RootCAs: pool, MinVersion: tt.versie, MaxVersion: tt.versie, CipherSuites: tt.suites,
			})
			if (err == nil) != tt.goed {
				t.Errorf("version %x, suites %x: %v", tt.versie, tt.suites, err)
			}
			if err == nil {
				c.Close()
			}
		}
	})
	t.Run("plain HTTP to the port of TLS is told so", func(t *testing.T) {
		res, err := http.Get(strings.Replace(r.url, "https://", "http://", 1) + "/healthz/live")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", res.StatusCode)
		}
	})
	t.Run("the end of the certificate is a figure", func(t *testing.T) {
		einde := time.Unix(int64(r.metriek(klant(t, u), "verantwoord_tls_certificaat_einde_seconden")), 0)
		if d := time.Until(einde); d < 23*time.Hour || d > 25*time.Hour {
			t.Errorf("it ends in %v", d)
		}
	})
}

func TestTheCertificateOfAClientMustBeOfTheClientInItsToken(t *testing.T) {
	t.Parallel()
	var (
		eigen   = nieuweUitgever(t, "Eigen uitgever")
		stam    = nieuweUitgever(t, "Stam")
		domein  = stam.onder("Domein")
		vreemd  = nieuweUitgever(t, "Vreemd")
		subject = func(attrs ...string) func(*x509.Certificate) {
			return func(c *x509.Certificate) {
				for _, a := range attrs {
					c.Subject.ExtraNames = append(c.Subject.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, 5}, Value: a})
				}
			}
		}
		// The chain as a client shows it when only the root is in the list.
		metKeten = func(c tls.Certificate) tls.Certificate {
			c.Certificate = append(c.Certificate, domein.cert.Raw)
			return c
		}
	)
	const handdruk = 0 // refused before any request
	tests := []struct {
		name      string
		client    string
		toont     []tls.Certificate
		gevraagd  int // status, when certificates are asked for
		verplicht int // and when they must be there
		opties    []optie
	}{
		{"its own OIN", "normaal", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad))}, 201, 201, nil},
		{"its own OIN, from an issuer below the root", "normaal", []tls.Certificate{metKeten(domein.geef("a", metOIN(voorbeeldstad)))}, 201, 201, nil},
		{"one of its two OINs", "beide", []tls.Certificate{stam.geef("a", metOIN(anderdorp))}, 403, 403, nil}, // the token names no organisation
		{"the OIN of another", "normaal", []tls.Certificate{stam.geef("a", metOIN(anderdorp))}, 403, 403, nil},
		{"the OIN of the organisation, by a third party", "derde", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad))}, 403, 403, nil},
		{"the OIN of the third party itself", "derde", []tls.Certificate{stam.geef("a", metOIN(derdePartij))}, 201, 201, nil},
		{"no OIN in it", "normaal", []tls.Certificate{stam.geef("a")}, 201, 403, nil},
		{"something else in its place", "normaal", []tls.Certificate{stam.geef("a", metOIN("NTRNL-12345678"))}, 201, 403, nil},
		{"19 digits", "normaal", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad[:19]))}, 201, 403, nil},
		{"an OIN as common name only", "normaal", []tls.Certificate{stam.geef(voorbeeldstad)}, 201, 403, nil},
		{"two serial numbers", "normaal", []tls.Certificate{stam.geef("a", subject(anderdorp, voorbeeldstad))}, 201, 403, nil},
		{"no certificate", "normaal", nil, 201, 403, nil},
		{"an expired one", "normaal", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad), verlopen)}, handdruk, handdruk, nil},
		{"one of another issuer", "normaal", []tls.Certificate{vreemd.geef("a", metOIN(voorbeeldstad))}, handdruk, handdruk, nil},
		{"one of an issuer that names itself the same", "normaal", []tls.Certificate{nieuweUitgever(t, "Stam").geef("a", metOIN(voorbeeldstad))}, handdruk, handdruk, nil},
		{"one below the root without what lies between", "normaal", []tls.Certificate{domein.geef("a", metOIN(voorbeeldstad))}, handdruk, handdruk, nil},
		{"one for servers only", "normaal", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad), alleenServer)}, handdruk, handdruk, nil},
		{"the same OIN in the header", "normaal", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad))}, 201, 201, []optie{header("OIN", voorbeeldstad)}},
		{"another OIN in the header", "normaal", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad))}, 403, 403, []optie{header("OIN", anderdorp)}},
		{"another OIN of its own in the header", "beide", []tls.Certificate{stam.geef("a", metOIN(anderdorp))}, 403, 403, []optie{header("OIN", voorbeeldstad)}},
		{"a good certificate without a token", "", []tls.Certificate{stam.geef("a", metOIN(voorbeeldstad))}, 401, 401, []optie{header("Authorization", "")}},
	}
	for mode, want := range map[string]func(int) int{
		"gevraagd":  func(k int) int { return tests[k].gevraagd },
		"verplicht": func(k int) int { return tests[k].verplicht },
	} {
		r, _ := tlsRegister(t, eigen, pemVan(stam.cert), "tls.client: "+mode)
		for k, tt := range tests {
			t.Run(mode+", "+tt.name, func(t *testing.T) {
				c := klant(t, eigen, tt.toont...)
				client := tt.client
				opties := tt.opties
				if client == "" {
					client = "normaal"
					opties = []optie{func(q *http.Request) { q.Header.Del("Authorization") }}
				}
				mislukt := strings.Count(r.log.String(), "TLS handshake error")
				res, err := r.leg(c, client, opties...)
				switch {
				case want(k) == handdruk && err == nil:
					t.Errorf("status %d, want no connection", res.StatusCode)
				case want(k) == handdruk:
					wacht(t, time.Minute, "the handshake is logged as failed", func() bool {
						return strings.Count(r.log.String(), "TLS handshake error") > mislukt
					})
				case err != nil:
					t.Error(err)
				case res.StatusCode != want(k):
					t.Errorf("status %d, want %d", res.StatusCode, want(k))
				}
			})
		}
		t.Run(mode+", health needs no certificate", func(t *testing.T) {
			res, err := klant(t, eigen).Get(r.url + "/healthz/ready")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("status %d", res.StatusCode)
			}
		})
	}
}

func TestCertificatesOfClientsAreNotReadWhenTheyAreNotWanted(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	r, _ := tlsRegister(t, u, pemVan(u.cert), "tls.client: uit")
	r.wantLeg(klant(t, u, u.geef("a", metOIN(anderdorp))), "normaal", http.StatusCreated)
}

// A certificate is judged at each request: a connection that lives long does not outlive it.
func TestAnOpenConnectionDoesNotOutliveTheTrust(t *testing.T) {
	t.Parallel()
	eigen, stam := nieuweUitgever(t, "Eigen uitgever"), nieuweUitgever(t, "Stam")

	t.Run("its certificate ends", func(t *testing.T) {
		t.Parallel()
		r, _ := tlsRegister(t, eigen, pemVan(stam.cert))
		r.t = t
		c := klant(t, eigen, stam.geef("a", metOIN(voorbeeldstad), func(c *x509.Certificate) { c.NotAfter = time.Now().Add(time.Hour) }))
		r.wantLeg(c, "normaal", http.StatusCreated)
		r.klok.Set(time.Now().Add(2 * time.Hour))
		r.wantLeg(c, "normaal", http.StatusForbidden)
	})
	t.Run("its issuer is taken from the list", func(t *testing.T) {
		t.Parallel()
		ander := nieuweUitgever(t, "Ander")
		r, b := tlsRegister(t, eigen, pemVan(stam.cert, ander.cert))
		r.t = t
		c := klant(t, eigen, stam.geef("a", metOIN(voorbeeldstad)))
		r.wantLeg(c, "normaal", http.StatusCreated)
		b.schrijf(b.lijst, pemVan(ander.cert))
		wacht(t, time.Minute, "the open connection is refused", func() bool {
			res, err := r.leg(c, "normaal")
			return err == nil && res.StatusCode == http.StatusForbidden
		})
		r.wantLeg(klant(t, eigen, ander.geef("b", metOIN(voorbeeldstad))), "normaal", http.StatusCreated)
		if _, err := r.leg(klant(t, eigen, stam.geef("c", metOIN(voorbeeldstad))), "normaal"); err == nil {
			t.Error("a new connection is accepted")
		}
	})
}

// A stream that lasts is judged at each part of it.
func TestAnOpenStreamDoesNotOutliveTheTrust(t *testing.T) {
	t.Parallel()
	eigen, stam := nieuweUitgever(t, "Eigen uitgever"), nieuweUitgever(t, "Stam")
	r, b := tlsRegister(t, eigen, pemVan(stam.cert), "tls.client: verplicht")
	lees, schrijf := io.Pipe()
	defer schrijf.Close()
	req, err := http.NewRequest("POST", r.url+bewerking+"/verwerkingsacties/_bulk", lees)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Authorization", "Bearer "+r.token("normaal", autorisatie.Claims{}))
	regel := strings.ReplaceAll(body(basis()), "\n", "") + "\n"
	go func() { _, _ = io.WriteString(schrijf, regel) }()
	res, err := klant(t, eigen, stam.geef("a", metOIN(voorbeeldstad))).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	uit := bufio.NewReader(res.Body)
	if eerste, err := uit.ReadString('\n'); err != nil || !strings.Contains(eerste, `"status":201`) {
		t.Fatalf("the first line is not accepted: %v", err)
	}
	b.schrijf(b.lijst, pemVan(nieuweUitgever(t, "Ander").cert))
	wacht(t, time.Minute, "the issuers are taken into use", func() bool { return strings.Contains(r.log.String(), "are in use") })
	go func() { _, _ = io.WriteString(schrijf, regel) }()
	if rest, _ := io.ReadAll(uit); strings.Contains(string(rest), `"status":201`) {
		t.Error("a line is accepted although the issuer is not trusted any more")
	}
}

// toont gives the certificate a new connection is shown.
func (r *register) toont() *x509.Certificate {
	r.t.Helper()
	c, err := tls.Dial("tcp", strings.TrimPrefix(r.url, "https://"), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // only looked at
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0]
}

func TestANewCertificateIsTakenIntoUseAndABrokenOneIsNot(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	r, b := tlsRegister(t, u, "")
	c := klant(t, u)
	eerste := r.toont()

	tweede := u.geef("register", voorLokaal)
	b.eigen(tweede)
	wacht(t, time.Minute, "the new certificate is shown", func() bool { return r.toont().Equal(tweede.Leaf) })
	if r.toont().Equal(eerste) {
		t.Error("the old certificate is still shown")
	}
	if n := r.metriek(c, `verantwoord_tls_herladen_totaal{uitkomst="gelukt"}`); n != 1 {
		t.Errorf("%v reloads", n)
	}

	los := u.geef("register", voorLokaal)
	for k, kapot := range []func(){
		func() { b.schrijf(b.certificaat, "geen certificaat") },
		func() { b.schrijf(b.certificaat, pemVan(los.Leaf)) }, // without its key
		func() { b.eigen(u.geef("register", voorLokaal, verlopen)) },
		func() {
			if err := os.Remove(b.sleutel); err != nil {
				t.Error(err)
			}
		},
	} {
		kapot()
		wacht(t, time.Minute, "the failure is counted", func() bool {
			return r.metriek(c, `verantwoord_tls_herladen_totaal{uitkomst="mislukt"}`) == float64(k+1)
		})
		if !r.toont().Equal(tweede.Leaf) {
			t.Errorf("change %d: another certificate is shown", k)
		}
		r.wantLeg(c, "normaal", http.StatusCreated)
	}
	time.Sleep(1500 * time.Millisecond)
	if n := strings.Count(r.log.String(), "not taken into use"); n != 4 {
		t.Errorf("one failure each must be logged once, %d lines", n)
	}
	derde := u.geef("register", voorLokaal)
	b.eigen(derde)
	wacht(t, time.Minute, "the mended certificate is shown", func() bool { return r.toont().Equal(derde.Leaf) })
}

func TestReloadingUnderLoadDropsNoRequest(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	r, b := tlsRegister(t, u, pemVan(u.cert), "tls.client: verplicht")
	var (
		wg      sync.WaitGroup
		stop    = make(chan struct{})
		gedaan  atomic.Int64
		nieuwen atomic.Int64
	)
	toont := u.geef("a", metOIN(voorbeeldstad))
	for n := range 8 {
		wg.Go(func() {
			c := klant(t, u, toont)
			for {
				select {
				case <-stop:
					return
				default:
				}
				if n%2 == 0 { // half of them make a connection for each request
					c = klant(t, u, toont)
					nieuwen.Add(1)
				}
				res, err := r.leg(c, "normaal")
				if err != nil {
					t.Error(err)
					return
				}
				if res.StatusCode != http.StatusCreated {
					t.Errorf("status %d", res.StatusCode)
					return
				}
				gedaan.Add(1)
				c.CloseIdleConnections()
			}
		})
	}
	for range 3 {
		nieuw := u.geef("register", voorLokaal)
		b.eigen(nieuw)
		wacht(t, time.Minute, "the new certificate is shown", func() bool { return r.toont().Equal(nieuw.Leaf) })
		eerder, eerderNieuw := gedaan.Load(), nieuwen.Load()
		wacht(t, time.Minute, "requests go on with it", func() bool { return gedaan.Load() >= eerder+17 && nieuwen.Load() >= eerderNieuw+4 })
	}
	close(stop)
	wg.Wait()
}

// The program itself: an address that others can reach is served with TLS, and SIGHUP reloads.
func TestTheProgramServesAnOpenAddressWithTLS(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	b := nieuweBestanden(t)
	b.eigen(u.geef("register", voorLokaal))
	o := opstellen(t, contract)
	_, port, err := net.SplitHostPort(o.address)
	if err != nil {
		t.Fatal(err)
	}
	cmd, out := o.command([]string{"serve"}, "VERANTWOORD_LISTEN=0.0.0.0:"+port, "VERANTWOORD_URL=https://"+o.address,
		"VERANTWOORD_TLS_CERTIFICAAT="+b.certificaat, "VERANTWOORD_TLS_SLEUTEL="+b.sleutel)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d := &draait{o, cmd, out, make(chan error, 1)}
	go func() { d.done <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	c := klant(t, u)
	wacht(t, time.Minute, "it is ready", func() bool {
		res, err := c.Get("https://" + o.address + "/healthz/ready")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode == http.StatusOK
	})
	r := &register{t: t, url: "https://" + o.address, log: out, klok: &klok{}}
	r.wantLeg(c, "burgerzaken", http.StatusCreated)

	b.schrijf(b.certificaat, "geen certificaat")
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	wacht(t, time.Minute, "the refusal is logged", func() bool { return strings.Contains(out.String(), "not taken into use") })
	r.wantLeg(klant(t, u), "burgerzaken", http.StatusCreated)
	d.stop()
	if !strings.Contains(out.String(), `"tls":true`) {
		t.Error("it does not say that it serves TLS")
	}
}

func TestTheProgramRefusesTLSThatCannotWork(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	b := nieuweBestanden(t)
	b.eigen(u.geef("register", voorLokaal))
	b.schrijf(b.lijst, pemVan(u.geef("a").Leaf))
	oud := nieuweBestanden(t)
	oud.eigen(u.geef("register", voorLokaal, verlopen))
	o := opstellen(t, contract)
	for _, tt := range []struct {
		name string
		env  []string
		want string
	}{
		{"a certificate that is not there", []string{"VERANTWOORD_TLS_CERTIFICAAT=/nergens.pem", "VERANTWOORD_TLS_SLEUTEL=" + b.sleutel}, "tls.certificaat"},
		{"a key of another certificate", []string{"VERANTWOORD_TLS_CERTIFICAAT=" + b.certificaat, "VERANTWOORD_TLS_SLEUTEL=" + oud.sleutel}, "horen niet bij elkaar"},
		{"a certificate that has ended", []string{"VERANTWOORD_TLS_CERTIFICAAT=" + oud.certificaat, "VERANTWOORD_TLS_SLEUTEL=" + oud.sleutel}, "verlopen"},
		{"issuers that are none", []string{"VERANTWOORD_TLS_CERTIFICAAT=" + b.certificaat, "VERANTWOORD_TLS_SLEUTEL=" + b.sleutel, "VERANTWOORD_TLS_CLIENT_CA=" + b.lijst}, "niet van een uitgever"},
		{"issuers that are a key", []string{"VERANTWOORD_TLS_CERTIFICAAT=" + b.certificaat, "VERANTWOORD_TLS_SLEUTEL=" + b.sleutel, "VERANTWOORD_TLS_CLIENT_CA=" + b.sleutel}, "tls.client_ca"},
		{"certificates that nobody can show", []string{"VERANTWOORD_TLS_CLIENT=verplicht"}, "tls.client"},
		{"an open address without TLS", []string{"VERANTWOORD_LISTEN=0.0.0.0:0"}, "onversleuteld"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := *o
			c.t = t
			// Beside each other, so each on a port of its own.
			env := append([]string{"VERANTWOORD_LISTEN=127.0.0.1:0"}, tt.env...)
			if out := c.run(1, []string{"serve"}, env...); !strings.Contains(out, tt.want) {
				t.Errorf("does not say %q: %s", tt.want, out)
			}
		})
	}
	t.Cleanup(func() {
		if _, err := os.Stat(o.dir + "/store"); !errors.Is(err, os.ErrNotExist) {
			t.Error("a store was made by a start that was refused")
		}
	})
}
