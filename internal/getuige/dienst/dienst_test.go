package dienst_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/getuige/dienst"
	"github.com/verantwoord/verantwoord/internal/opruimen"
)

const origin = "voorbeeldstad.example/bewijs/00000099123456780000"

// Of a process that is a witness and ends by SIGKILL once it kept a checkpoint, before it answers.
const (
	alsGetuige = "VERANTWOORD_TEST_GETUIGE"
	stopNa     = "VERANTWOORD_TEST_STOP" // leaves
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(alsGetuige); dir != "" {
		fmt.Fprintln(os.Stderr, wees(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// plots ends the process between keeping and answering.
type plots struct {
	*getuige.Map
	na string
}

func (p plots) Schrijf(origin string, tekst []byte) error {
	err := p.Map.Schrijf(origin, tekst)
	if lines := strings.Split(string(tekst), "\n"); err == nil && lines[1] == p.na {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	return err
}

// wees is a witness on a socket of which the address is written to standard output.
func wees(dir string) error {
	o, kaart, err := getuige.Open("getuige.example", filepath.Join(dir, "getuige.key"), filepath.Join(dir, "gezien"))
	if err != nil {
		return err
	}
	g, err := getuige.New(o, logs(), plots{kaart, os.Getenv(stopNa)}, time.Now)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return (&http.Server{Handler: dienst.Handler(g, "", slog.New(slog.DiscardHandler)), ReadHeaderTimeout: time.Minute}).Serve(l)
}

func tekenaar() *bewijs.Tekenaar {
	k, err := bewijs.NewTekenaar(origin, make([]byte, 32))
	if err != nil {
		panic(err)
	}
	return k
}

func logs() []getuige.Log {
	return []getuige.Log{{Origin: origin, Sleutels: []note.Verifier{tekenaar().Lezer()}}}
}

// verzoek asks for n leaves after van, of a log of which leaves from anders on differ.
func verzoek(t testing.TB, van, n, anders uint64) []byte {
	t.Helper()
	rand := &bewijs.Rand{}
	var hashes []bewijs.Hash
	for i := range n {
		hashes = rand.Append(hashes, sha256.Sum256(fmt.Appendf(nil, "blad %d %v", i, i >= anders)))
	}
	tekst, err := bewijs.Checkpoint{Origin: origin, Grootte: n, Wortel: rand.Wortel(), Moment: time.Unix(1770000000, 0)}.Sign(tekenaar())
	if err != nil {
		t.Fatal(err)
	}
	v := getuige.Verzoek{Oud: van, Checkpoint: tekst}
	if van > 0 && van < n {
		if v.Pad, err = bewijs.Consistentie(van, n, func(x []uint64) (uit []bewijs.Hash, err error) {
			for _, i := range x {
				uit = append(uit, hashes[i])
			}
			return uit, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return v.Tekst()
}

func post(t testing.TB, url string, b []byte) (int, string, string) {
	t.Helper()
	res, err := http.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	tekst, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), string(tekst)
}

func start(t testing.TB, voor string) (*getuige.Getuige, string) {
	t.Helper()
	dir := t.TempDir()
	o, kaart, err := getuige.Open("getuige.example", filepath.Join(dir, "getuige.key"), filepath.Join(dir, "gezien"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := getuige.New(o, logs(), kaart, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(dienst.Handler(g, voor, slog.New(slog.DiscardHandler)))
	opruimen.Na(t, func() { s.Close(); kaart.Close() })
	return g, s.URL + voor
}

func TestTheProtocolIsThatOfC2SP(t *testing.T) {
	t.Parallel()
	g, url := start(t, "/bij/ons")
	const plat = "text/plain; charset=utf-8"
	vals := bytes.Replace(verzoek(t, 10, 12, 99), []byte("moment 2026"), []byte("moment 2025"), 1)
	elders := bytes.Replace(verzoek(t, 0, 12, 99), []byte(origin), []byte("elders.example/bewijs/1"), 1)
	for _, s := range []struct {
		naam     string
		verzoek  []byte
		status   int
		soort    string
		antwoord string // whole, when it is given
	}{
		{"the first", verzoek(t, 0, 10, 99), 200, plat, ""},
		{"again", verzoek(t, 0, 10, 99), 409, "text/x.tlog.size", "10\n"},
		{"the same", verzoek(t, 10, 10, 99), 200, plat, ""},
		{"another face", verzoek(t, 10, 10, 5), 409, "text/x.tlog.size", "10\n"},
		{"another course", verzoek(t, 10, 20, 5), 422, plat, ""},
		{"not signed", vals, 403, plat, ""},
		{"another log", elders, 404, plat, ""},
		{"shrinks", []byte("old 11\n\n" + string(verzoek(t, 0, 10, 99)[7:])), 400, plat, ""},
		{"nothing", nil, 400, plat, ""},
		{"too long", make([]byte, getuige.MaxVerzoek+1), 400, plat, ""},
		{"the next", verzoek(t, 10, 300, 999), 200, plat, ""},
	} {
		status, soort, tekst := post(t, url, s.verzoek)
		if status != s.status || soort != s.soort || s.antwoord != "" && tekst != s.antwoord {
			t.Errorf("%s: %d %s %q, want %d %s", s.naam, status, soort, tekst, s.status, s.soort)
		}
		if status == 200 && (!strings.HasPrefix(tekst, "— getuige.example ") || strings.Count(tekst, "\n") != 1 || !strings.HasSuffix(tekst, "=\n")) {
			t.Errorf("%s: %q", s.naam, tekst)
		}
	}
	res, err := http.Get(url + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	for _, want := range []string{g.Publiek(), origin, "300 bladen", fmt.Sprintf("%x", g.Logs()[0].Wortel)} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the page does not tell %q:\n%s", want, b)
		}
	}
	if res, err := http.Get(url + "/add-checkpoint"); err != nil || res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET add-checkpoint: %v, %v", res, err)
	}
}

func TestASlowClientKeepsNobodyFromAWitness(t *testing.T) {
	t.Parallel()
	_, url := start(t, "")
	adres := strings.TrimPrefix(url, "http://")
	for range 80 {
		c, err := net.Dial("tcp", adres)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := fmt.Fprintf(c, "POST /add-checkpoint HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n", adres); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, make([]byte, 12)); err != nil { // now it waits for the body
			t.Fatal(err)
		}
	}
	if status, _, tekst := post(t, url, verzoek(t, 0, 10, 99)); status != http.StatusOK {
		t.Errorf("%d: %s", status, tekst)
	}
}

func TestAWitnessThatIsKilledBeforeItAnswersKnowsWhatItSaw(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begin := func(na string) (string, *exec.Cmd) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = []string{alsGetuige + "=" + dir, stopNa + "=" + na}
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		var adres string
		if _, err := fmt.Fscanln(out, &adres); err != nil {
			t.Fatal(err)
		}
		return "http://" + adres, cmd
	}
	n := uint64(0)
	for tot := uint64(10); tot <= 50; tot += 10 {
		url, cmd := begin(fmt.Sprint(tot))
		if res, err := http.Post(url+"/add-checkpoint", "", bytes.NewReader(verzoek(t, n, tot, 99))); err == nil {
			t.Fatalf("it answered with %s", res.Status)
		}
		if err := cmd.Wait(); err == nil || !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
			t.Fatalf("it was not killed: %v", err)
		}
		url, cmd = begin("")
		// It counts as cosigned: nobody may have the line, and somebody may.
		if status, _, tekst := post(t, url, verzoek(t, n, tot, tot-1)); status != 409 || tekst != fmt.Sprintf("%d\n", tot) {
			t.Errorf("another face of what it saw before it was killed: %d %q", status, tekst)
		}
		if status, _, tekst := post(t, url, verzoek(t, n, tot, 99)); status != 409 || tekst != fmt.Sprintf("%d\n", tot) {
			t.Errorf("the same request again: %d %q", status, tekst)
		}
		if status, _, _ := post(t, url, verzoek(t, tot, tot, 99)); status != 200 {
			t.Errorf("what it saw is cosigned with status %d", status)
		}
		n = tot
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

func TestAClientReadsLittleAndIsNotLedElsewhere(t *testing.T) {
	t.Parallel()
	var antwoord http.HandlerFunc
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { antwoord(w, r) }))
	defer s.Close()
	c := dienst.NewClient(nil)
	zegt := func(code int, tekst string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, tekst)
		}
	}
	for naam, g := range map[string]struct {
		antwoord http.HandlerFunc
		want     string // in the error
	}{
		"too much": {zegt(200, strings.Repeat("x", 1<<20)), "too large"},
		"redirected": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, "redirected elsewhere"},
		"a size in words":     {zegt(409, "tien\n"), "does not tell"},
		"a size of two lines": {zegt(409, "10\n11\n"), "does not tell"},
		"not known":           {zegt(404, ""), "does not know this log"},
		"no key":              {zegt(403, ""), "does not know the key"},
		"broken":              {zegt(500, "persoon 999990001"), "status 500"},
	} {
		antwoord = g.antwoord
		if a, err := c.Vraag(context.Background(), s.URL, nil); err == nil || !strings.Contains(err.Error(), g.want) || strings.Contains(err.Error(), "999990001") {
			t.Errorf("%s: %+v, %v", naam, a, err)
		}
	}
	antwoord = zegt(409, "12\n")
	if a, err := c.Vraag(context.Background(), s.URL, nil); err != nil || a.Botsing == nil || a.Botsing.Grootte != 12 {
		t.Errorf("%+v, %v", a, err)
	}
	antwoord = zegt(422, "")
	if a, err := c.Vraag(context.Background(), s.URL, nil); err != nil || !a.Onbewezen {
		t.Errorf("%+v, %v", a, err)
	}
	if err := c.Bereikbaar(context.Background(), s.URL); err == nil {
		t.Error("what does not refuse an empty request passes for a witness")
	}
	if _, url := start(t, "/bij"); c.Bereikbaar(context.Background(), url) != nil || c.Bereikbaar(context.Background(), url+"/elders") == nil {
		t.Error("it can't tell a witness from another address")
	}
	wacht := make(chan struct{})
	antwoord = func(http.ResponseWriter, *http.Request) { <-wacht }
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := c.Vraag(ctx, s.URL, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a witness that does not answer: %v", err)
	}
	close(wacht)
}
