package e2e

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// bel opens a connection from an address of this machine; nil when it is reset at once.
func (r *register) bel(adres string) net.Conn {
	r.t.Helper()
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(adres)}, Timeout: 10 * time.Second}
	_, host, _ := strings.Cut(r.url, "://")
	c, err := d.Dial("tcp", host)
	if errors.Is(err, syscall.ECONNRESET) {
		return nil
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	return c
}

// leeft asks for health on a connection that stays open; false when it is closed.
func leeft(c net.Conn) bool {
	if c == nil {
		return false
	}
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return false
	}
	if _, err := io.WriteString(c, "GET /healthz/live HTTP/1.1\r\nHost: register\r\n\r\n"); err != nil {
		return false
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err == nil && res.StatusCode == http.StatusOK
}

// gesloten tells whether the other end closes the connection within a time.
func gesloten(c net.Conn, binnen time.Duration) bool {
	if c == nil {
		return true
	}
	_ = c.SetReadDeadline(time.Now().Add(binnen))
	_, err := io.Copy(io.Discard, c)
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

func TestTwoHundredDribblingConnectionsDoNotStopOthers(t *testing.T) {
	t.Parallel()
	r := startEcht(t)
	token := r.token("normaal", autorisatie.Claims{})
	const kop = "POST " + bewerking + "/verwerkingsacties HTTP/1.1\r\nHost: register\r\nContent-Type: application/json\r\n"
	halen := kop + "Authorization: Bearer " + token + "\r\nContent-Length: 5000\r\n\r\n{"
	begin := time.Now()
	var lussen sync.WaitGroup
	stop := make(chan struct{})
	t.Cleanup(lussen.Wait)
	t.Cleanup(func() { close(stop) })
	var traag []net.Conn
	for n := range 200 {
		c := r.bel("127.0.0.1")
		traag = append(traag, c)
		eerst, druppel := kop, "X-Traag: 1\r\n" // a header that never ends
		switch n % 4 {
		case 1:
			eerst, druppel = halen, " " // a body that hardly comes
		case 2:
			eerst, druppel = "", "" // nothing at all
		case 3:
			eerst, druppel = kop+"Content-Length: 5000\r\n\r\n", "x" // a body that nobody reads: there is no token
		}
		lussen.Go(func() {
			for deel := eerst; ; deel = druppel {
				if _, err := io.WriteString(c, deel); err != nil {
					return
				}
				select {
				case <-stop:
					return
				case <-time.After(500 * time.Millisecond):
				}
			}
		})
	}
	c := vanAdres(t, "127.0.0.2")
	if n := r.metriek(c, "verantwoord_verbindingen_open"); n < 200 {
		t.Fatalf("%v connections are open", n)
	}
	for range 50 {
		r.wantLeg(c, "normaal", http.StatusCreated)
	}
	// They lose their connections, however diligently they drip.
	for n, c := range traag {
		if !gesloten(c, geduld) {
			t.Fatalf("connection %d is still open after %v", n, time.Since(begin))
		}
	}
	wacht(t, time.Minute, "the places are free", func() bool { return r.metriek(c, "verantwoord_verbindingen_open") < 10 })
	r.wantLeg(c, "normaal", http.StatusCreated)
}

func TestABodyThatKeepsComingGetsItsTime(t *testing.T) {
	t.Parallel()
	r := startEcht(t)
	// 3 MiB of space around a good record, in 26 s: longer than a request may take to come in, and
	// faster than a dribble.
	const delen, deel = 26, 120 << 10
	good := body(basis())
	c := r.bel("127.0.0.1")
	_, err := fmt.Fprintf(c, "POST %s/verwerkingsacties HTTP/1.1\r\nHost: register\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n",
		bewerking, r.token("normaal", autorisatie.Claims{}), delen*deel+len(good))
	if err != nil {
		t.Fatal(err)
	}
	ruimte := strings.Repeat(" ", deel)
	for range delen {
		time.Sleep(time.Second)
		if _, err := io.WriteString(c, ruimte); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(c, good); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestADribblingStreamOfHTTP2IsCutOffAndItsNeighboursAreNot(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	r, _ := tlsRegister(t, u, "")
	c := klant(t, u)
	lees, schrijf := io.Pipe()
	defer lees.Close()
	go func() {
		for {
			if _, err := io.WriteString(schrijf, " "); err != nil {
				return
			}
			time.Sleep(300 * time.Millisecond)
		}
	}()
	req, err := http.NewRequest("POST", r.url+bewerking+"/verwerkingsacties", lees)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.token("normaal", autorisatie.Claims{}))
	begin := time.Now()
	klaar := make(chan int, 1)
	go func() {
		res, err := (&http.Client{Transport: c.Transport}).Do(req)
		if err != nil {
			klaar <- 0
			return
		}
		res.Body.Close()
		klaar <- res.StatusCode
	}()
	for gedaan := 0; ; gedaan++ {
		select {
		case status := <-klaar:
			if status != http.StatusBadRequest && status != 0 {
				t.Errorf("status %d", status)
			}
			if d := time.Since(begin); d < 10*time.Second || gedaan == 0 {
				t.Errorf("cut off after %v, with %d requests beside it", d, gedaan)
			}
			return
		case <-time.After(time.Until(begin.Add(geduld))):
			t.Fatal("it still drips")
		default:
			if res := r.wantLeg(c, "normaal", http.StatusCreated); res.ProtoMajor != 2 {
				t.Fatal(res.Proto)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

func TestConnectionsBeyondTheTotalAreClosed(t *testing.T) {
	t.Parallel()
	r := startEcht(t, "limieten.verbindingen: 20", "limieten.verbindingen_per_adres: 512")
	c := vanAdres(t, "127.0.0.2") // holds one connection
	if n := r.metriek(c, "verantwoord_verbindingen_open"); n != 1 {
		t.Fatalf("%v open", n)
	}
	var binnen []net.Conn
	for n := range 19 {
		v := r.bel("127.0.0.1")
		if !leeft(v) {
			t.Fatalf("connection %d is refused", n)
		}
		binnen = append(binnen, v)
	}
	for range 30 {
		if leeft(r.bel("127.0.0.3")) {
			t.Fatal("a connection beyond the limit is served")
		}
	}
	// Those inside go on.
	for _, v := range binnen {
		if !leeft(v) {
			t.Error("a connection inside the limit is lost")
		}
	}
	r.wantLeg(c, "normaal", http.StatusCreated)
	if n := r.metriek(c, `verantwoord_verbindingen_geweigerd_totaal{grens="totaal"}`); n != 30 {
		t.Errorf("%v refused, want 30", n)
	}
	// A place that comes free is given away.
	for _, v := range binnen[:5] {
		v.Close()
	}
	wacht(t, time.Minute, "places are free", func() bool { return r.metriek(c, "verantwoord_verbindingen_open") == 15 })
	for n := range 5 {
		if !leeft(r.bel("127.0.0.3")) {
			t.Errorf("connection %d is refused although there is room", n)
		}
	}
	if leeft(r.bel("127.0.0.3")) {
		t.Error("one too many is served")
	}
}

func TestOneAddressCannotTakeAllConnections(t *testing.T) {
	t.Parallel()
	r := startEcht(t, "limieten.verbindingen: 100", "limieten.verbindingen_per_adres: 8", "proxy.adressen: ["+proxyAdres+"]")
	for n := range 30 {
		if v := r.bel("127.0.0.5"); leeft(v) != (n < 8) {
			t.Errorf("connection %d: served %v", n, n >= 8)
		}
	}
	ander := vanAdres(t, "127.0.0.6")
	r.wantLeg(ander, "normaal", http.StatusCreated)
	if n := r.metriek(ander, `verantwoord_verbindingen_geweigerd_totaal{grens="adres"}`); n != 22 {
		t.Errorf("%v refused, want 22", n)
	}
	// A proxy has many clients behind it.
	for n := range 40 {
		if !leeft(r.bel(proxyAdres)) {
			t.Fatalf("connection %d of the proxy is refused", n)
		}
	}
}

func TestConnectionsOfTLSAreBoundedToo(t *testing.T) {
	t.Parallel()
	u := nieuweUitgever(t, "Eigen uitgever")
	r, _ := tlsRegister(t, u, "", "limieten.verbindingen_per_adres: 10")
	var stil []net.Conn
	for range 10 { // they never begin their handshake
		stil = append(stil, r.bel("127.0.0.5"))
	}
	c := klant(t, u)
	wacht(t, time.Minute, "they are counted", func() bool { return r.metriek(c, "verantwoord_verbindingen_open") == 11 })
	if v := r.bel("127.0.0.5"); !gesloten(v, 5*time.Second) {
		t.Error("the eleventh is kept")
	}
	r.wantLeg(c, "normaal", http.StatusCreated)
	for _, v := range stil {
		if !gesloten(v, geduld) {
			t.Fatal("a connection without a handshake is kept")
		}
	}
	v := tls.Client(r.bel("127.0.0.5"), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}) //nolint:gosec // only whether it is served
	if !leeft(v) {
		t.Error("places are not freed")
	}
}

func TestAHeaderIsBounded(t *testing.T) {
	t.Parallel()
	r := startEcht(t)
	req, err := http.NewRequest("GET", r.url+"/healthz/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Groot", strings.Repeat("a", 40<<10))
	res, err := vanAdres(t, "127.0.0.1").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", res.StatusCode)
	}
}
