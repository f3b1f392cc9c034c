package smtp

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a mail server of the test, with the failures of real ones.
type server struct {
	adres string
	ca    *x509.CertPool

	mu        sync.Mutex
	gedrag    gedrag
	ontvangen []string // whole messages that were taken over
	gezien    []string // commands, in order
	sessies   int      // connections
}

// gedrag is how a server behaves; the zero value takes everything over after STARTTLS.
type gedrag struct {
	antwoord      map[string]string // command, or "EINDE" of the data, to another answer than usual
	hang          string            // command that is never answered
	breek         string            // command at which the connection is closed
	naOvername    string            // "hang" or "breek" at QUIT, after a message was taken over
	zonderTLS     bool              // offers no STARTTLS
	aanmelden     bool              // wants AUTH PLAIN of register with geheim-wachtwoord
	certificaat   *tls.Certificate  // another one
	directTLS     bool              // from the first byte
	stilteBegroet bool              // says nothing at all
}

func certificaat(t testing.TB, ca *x509.Certificate, sleutel *ecdsa.PrivateKey, namen []string, tot time.Time) *tls.Certificate {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: tot,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, n := range namen {
		if ip := net.ParseIP(n); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, ca, &k.PublicKey, sleutel)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: k}
}

func uitgever(t testing.TB) (*x509.Certificate, *ecdsa.PrivateKey, *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Testuitgever"}, NotBefore: time.Now().Add(-72 * time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(c)
	return c, k, pool
}

// serve starts a server on this machine that ends with the test.
func serve(t testing.TB, g gedrag) *server {
	t.Helper()
	ca, sleutel, pool := uitgever(t)
	if g.certificaat == nil {
		g.certificaat = certificaat(t, ca, sleutel, []string{"127.0.0.1"}, time.Now().Add(time.Hour))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{adres: l.Addr().String(), ca: pool, gedrag: g}
	einde := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				klaar := make(chan struct{})
				go func() {
					select {
					case <-einde:
					case <-klaar:
					}
					c.Close()
				}()
				s.sessie(c, einde)
				close(klaar)
			})
		}
	})
	t.Cleanup(func() {
		close(einde)
		l.Close()
		wg.Wait()
	})
	return s
}

func (s *server) doe(g gedrag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.certificaat = s.gedrag.certificaat
	s.gedrag = g
}

func (s *server) berichten() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.ontvangen...)
}

func (s *server) sessie(c net.Conn, einde <-chan struct{}) {
	s.mu.Lock()
	g := s.gedrag
	s.sessies++
	s.mu.Unlock()
	versleuteld := false
	if g.directTLS {
		c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{*g.certificaat}})
		versleuteld = true
	}
	defer c.Close()
	r := bufio.NewReader(c)
	zeg := func(regel string) { fmt.Fprintf(c, "%s\r\n", regel) }
	if g.stilteBegroet {
		<-einde
		return
	}
	if a := g.antwoord["BEGROET"]; a != "" {
		zeg(a)
	} else {
		zeg("220 mail.voorbeeldstad.example ESMTP")
	}
	overgenomen := false
	for {
		regel, err := r.ReadString('\n')
		if err != nil {
			return
		}
		woord, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(regel)), " ")
		s.mu.Lock()
		s.gezien = append(s.gezien, woord)
		s.mu.Unlock()
		if g.hang == woord || woord == "QUIT" && overgenomen && g.naOvername == "hang" {
			<-einde
			return
		}
		if g.breek == woord || woord == "QUIT" && overgenomen && g.naOvername == "breek" {
			return
		}
		if a := g.antwoord[woord]; a != "" {
			zeg(a)
			continue
		}
		switch woord {
		case "EHLO":
			zeg("250-mail.voorbeeldstad.example")
			zeg("250-8BITMIME")
			zeg("250-ENHANCEDSTATUSCODES")
			if !versleuteld && !g.zonderTLS {
				zeg("250-STARTTLS")
			}
			if g.aanmelden && versleuteld {
				zeg("250-AUTH PLAIN")
			}
			zeg("250 SIZE 1000000")
		case "STARTTLS":
			zeg("220 ready")
			t := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{*g.certificaat}})
			if t.Handshake() != nil {
				return
			}
			c, r, versleuteld = t, bufio.NewReader(t), true
		case "AUTH":
			if strings.Contains(regel, "AHJlZ2lzdGVyAGdlaGVpbS13YWNodHdvb3Jk") {
				zeg("235 ok")
			} else {
				zeg("535 5.7.8 wrong credentials of register")
			}
		case "MAIL", "RCPT", "RSET", "NOOP":
			zeg("250 ok")
		case "DATA":
			zeg("354 go on")
			var b strings.Builder
			for {
				regel, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if regel == ".\r\n" {
					break
				}
				b.WriteString(regel)
			}
			if g.hang == "EINDE" {
				<-einde
				return
			}
			if g.breek == "EINDE" {
				return
			}
			if a := g.antwoord["EINDE"]; a != "" {
				zeg(a)
				continue
			}
			s.mu.Lock()
			s.ontvangen = append(s.ontvangen, b.String())
			s.mu.Unlock()
			overgenomen = true
			if g.naOvername == "bezorg-en-zwijg" { // took it over, and its answer gets lost
				return
			}
			zeg("250 2.0.0 queued")
		case "QUIT":
			zeg("221 bye")
			return
		default:
			zeg("502 what")
		}
	}
}
