package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/opruimen"
)

// What a stream does when one side is slow, goes away or stops.

// haastig serves the register with short time-outs for ordinary requests.
func (r *register) haastig() {
	h := httptest.NewUnstartedServer(r.server.Handler())
	h.Config.ReadTimeout, h.Config.WriteTimeout = 2*time.Second, 2*time.Second
	h.Start()
	opruimen.Na(r.t, h.Close)
	r.url = h.URL
}

func TestAStreamThatMovesOutlivesTheTimeOutsOfARequest(t *testing.T) {
	t.Parallel()
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprintf("HTTP/%d", version), func(t *testing.T) {
			t.Parallel()
			r := start(t, "limieten.stilte: 5s")
			h := httptest.NewUnstartedServer(r.server.Handler())
			h.Config.ReadTimeout, h.Config.WriteTimeout = 2*time.Second, 2*time.Second
			h.EnableHTTP2 = version == 2
			h.StartTLS()
			opruimen.Na(t, h.Close)
			r.url = h.URL
			s := r.open("normaal", via(h.Client()))
			if s.res.ProtoMajor != version {
				t.Fatalf("this is %s", s.res.Proto)
			}
			for k := range 5 {
				s.send(basis().line())
				if u, ok := s.next(); !ok || u.Regel != k+1 || u.Status != http.StatusCreated {
					t.Fatalf("result %d: %v, %v", k+1, u, s.uit.Err())
				}
				time.Sleep(600 * time.Millisecond)
			}
			// Then nothing comes any more.
			begin := time.Now()
			u, ok := s.next()
			if !ok || u.Regel != 6 || u.Status != http.StatusServiceUnavailable {
				t.Fatalf("a stalled stream ended with %v, %v", u, s.uit.Err())
			}
			if d := time.Since(begin); d > 40*time.Second {
				t.Errorf("after %v", d)
			}
			if _, ok := s.next(); ok {
				t.Error("something came after the last result")
			}
			if n := r.size(); n != 5 {
				t.Errorf("%d versions", n)
			}
		})
	}
}

func TestABlankLineKeepsAStreamOpen(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten.stilte: 5s")
	r.haastig()
	s := r.open("normaal")
	for range 5 {
		time.Sleep(1200 * time.Millisecond)
		s.send("")
	}
	s.send(basis().line())
	if u, ok := s.next(); !ok || u.Regel != 6 || u.Status != http.StatusCreated {
		t.Fatalf("%v, %v", u, s.uit.Err())
	}
}

// chunked opens a connection and sends the head of a stream, and a first piece of it.
func (r *register) chunked(client, piece string) net.Conn {
	r.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	_, err = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
		bulk, r.token(client, autorisatie.Claims{}))
	if err == nil && piece != "" { // an empty chunk is the end
		_, err = fmt.Fprintf(c, "%x\r\n%s\r\n", len(piece), piece)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// heap is what the process holds, this test's own client included.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Every line of three bytes gets an answer of more than a kilobyte. Whoever does not read those is
// not read from: neither lines nor answers pile up.
func TestAClientThatDoesNotReadStallsOnlyItself(t *testing.T) { // not beside others: it measures memory
	r := start(t, "limieten.stilte: 1s", "limieten.stromen: 1")
	r.post("vertrouwelijk", basis())
	before := heap()
	c := r.chunked("normaal", "")
	sent := make(chan int)
	go func() {
		n := 0
		line := "400\r\n" + strings.Repeat("{}\n", 341) + "\n\r\n"
		for range 100_000 { // 100 MB, if it were taken
			k, err := io.WriteString(c, line)
			n += k
			if err != nil {
				break
			}
		}
		sent <- n
	}()
	most := int64(0)
	for range 8 {
		time.Sleep(50 * time.Millisecond)
		r.post("vertrouwelijk", basis())
		most = max(most, heap()-before)
	}
	if most > 64<<20 {
		t.Errorf("it holds %d MB for a client that does not read", most>>20)
	}
	// The stream ends, and gives its place to another.
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		res := r.bulk("normaal", strings.NewReader(basis().line()))
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			break
		}
		if res.StatusCode != http.StatusTooManyRequests || time.Since(begin) > geduld {
			t.Fatalf("status %d after %v", res.StatusCode, time.Since(begin))
		}
	}
	if n := <-sent; n > 50<<20 {
		t.Errorf("%d MB was taken from it", n>>20)
	}
}

func TestWhoReadsLateGetsEveryResult(t *testing.T) {
	t.Parallel()
	r := start(t)
	const n = 20_000
	c := r.chunked("normaal", "")
	go func() {
		var b bytes.Buffer
		for range n {
			b.WriteString("3\r\n{}\n\r\n")
		}
		b.WriteString("0\r\n\r\n")
		_, _ = b.WriteTo(c) // the results tell whether it arrived
	}()
	time.Sleep(300 * time.Millisecond)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &stroom{t: t, uit: bufio.NewScanner(res.Body)}
	for k := range n {
		if u, ok := s.next(); !ok || u.Regel != k+1 || u.Status != http.StatusBadRequest {
			t.Fatalf("result %d: line %d, %v", k+1, u.Regel, s.uit.Err())
		}
	}
	if _, ok := s.next(); ok {
		t.Error("one result too many")
	}
}

func TestOfACutConnectionEverythingAcknowledgedIsThere(t *testing.T) {
	t.Parallel()
	r := start(t)
	var b strings.Builder
	for k := range 2000 {
		b.WriteString(basis().with("gebruiker", fmt.Sprint(k)).line() + "\n")
	}
	half := basis().with("gebruiker", "half").line()
	c := r.chunked("normaal", b.String()+half[:len(half)/2])
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &stroom{t: t, uit: bufio.NewScanner(res.Body)}
	var acked []string
	for range 700 {
		u, ok := s.next()
		if !ok || u.Status != http.StatusCreated {
			t.Fatalf("%v, %v", u, s.uit.Err())
		}
		acked = append(acked, u.ActieID)
	}
	c.Close()
	for _, actie := range acked {
		r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties/"+actie, nil).Want(http.StatusOK)
	}
	// What was not acknowledged is there whole or not at all; half a line is not there.
	seen := 0
	next := "?objecttype=persoon&soortObjectId=BSN&objectId=2308572&vertrouwelijkheid=normaal&pageSize=500"
	for path := bewerking + "/verwerkingsacties" + next; path != ""; {
		page := r.do("vertrouwelijk", "GET", path, nil).Want(http.StatusOK)
		for _, a := range page.Lijst() {
			if a["gebruiker"] == "half" {
				t.Error("half a line was logged")
			}
			if a["verwerkingId"] == basis()["verwerkingId"] {
				seen++
			}
		}
		next, _ := page.JSON()["next"].(string)
		path = strings.TrimPrefix(next, r.url)
	}
	if seen < 700 || seen > 2000 {
		t.Errorf("%d acties are there", seen)
	}
}

func TestStoppingFinishesWhatWasReadAndSaysWhereItStopped(t *testing.T) {
	t.Parallel()
	for range 5 {
		if stopsInTheMiddle(t) {
			return
		}
	}
	t.Error("no client reads the end of its stream")
}

// stopsInTheMiddle stops a register while a client sends; false when that client lost the end.
func stopsInTheMiddle(t *testing.T) bool {
	r := start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.url = "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- r.server.Run(ctx, l) }()
	idle, busy := r.open("normaal"), r.open("vertrouwelijk")
	idle.send(basis().line())
	if u, _ := idle.next(); u.Status != http.StatusCreated {
		t.Fatal(u)
	}
	go func() {
		line := basis().line() + "\n"
		for ctx.Err() == nil {
			if _, err := io.WriteString(busy.in, line); err != nil {
				return
			}
		}
	}()
	for range 200 {
		if u, ok := busy.next(); !ok || u.Status != http.StatusCreated {
			t.Fatal(u)
		}
	}
	begin := time.Now()
	stop()
	last := uitslag{Regel: 200}
	gehad, heel := busy.rest()
	if !heel {
		busy.in.CloseWithError(errors.New("done"))
		idle.in.Close()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		return false
	}
	for _, u := range gehad {
		if u.Regel != last.Regel+1 || last.Status > http.StatusCreated {
			t.Fatalf("%v after %v", u, last)
		}
		last = u
	}
	if last.Status != http.StatusServiceUnavailable || last.Fout["code"] != "niet_beschikbaar" {
		t.Errorf("the last result is %v, %v", last, busy.uit.Err())
	}
	if u, ok := idle.next(); !ok || u.Regel != 2 || u.Status != http.StatusServiceUnavailable {
		t.Errorf("a stream at rest ended with %v, %v", u, idle.uit.Err())
	}
	busy.in.CloseWithError(errors.New("done"))
	idle.in.Close()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if d := time.Since(begin); d > 30*time.Second { // then it cuts off what is left
		t.Errorf("stopping took %v", d)
	}
	again := startIn(t, r.dir)
	if n := again.size(); n != uint64(last.Regel-1)+1 {
		t.Errorf("%d versions are there, %d were acknowledged", n, last.Regel)
	}
	return true
}

func TestAStreamEndsWhenItsTokenDoes(t *testing.T) {
	t.Parallel()
	r := start(t)
	s := r.open("normaal")
	s.send(basis().line())
	if u, _ := s.next(); u.Status != http.StatusCreated {
		t.Fatal(u)
	}
	r.klok.Set(time.Now().Add(2 * time.Hour))
	s.send(basis().line())
	if u, ok := s.next(); !ok || u.Regel != 2 || u.Status != http.StatusUnauthorized {
		t.Fatalf("%v, %v", u, s.uit.Err())
	}
	if _, ok := s.next(); ok {
		t.Error("it goes on")
	}
	if n := r.size(); n != 1 {
		t.Errorf("%d versions", n)
	}
}

func TestAClientThatAsksBeforeItSendsIsAnswered(t *testing.T) {
	t.Parallel()
	r := start(t)
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	begin := time.Now()
	res := r.bulk("normaal", strings.NewReader(basis().line()), via(client), header("Expect", "100-continue"))
	b, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(b), `"status":201`) {
		t.Errorf("status %d, %d bytes, %v", res.StatusCode, len(b), err)
	}
	if d := time.Since(begin); d > 30*time.Second {
		t.Errorf("it took %v", d)
	}
}
