//go:build !dev

package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

const originGetuigd = "log.voorbeeldstad.example/bewijs/" + oinVerify

func tekenaarGetuigd(t testing.TB) *bewijs.Tekenaar {
	t.Helper()
	k, err := bewijs.NewTekenaar(originGetuigd, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// getuigeproces is the program as a witness, killed when the test ends.
type getuigeproces struct {
	cmd     *exec.Cmd
	url     string
	sleutel string
}

func startGetuige(t testing.TB, dir string) *getuigeproces {
	t.Helper()
	cmd, _ := opdrachtregel(t, "witness")
	cmd.Dir, cmd.Stderr = dir, nil
	fout, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	var eerste struct{ Adres, Sleutel, Msg string }
	line, err := bufio.NewReader(fout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &eerste)
	}
	if err != nil || eerste.Msg != "ready" {
		t.Fatalf("the witness does not start: %s, %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, fout) }()
	return &getuigeproces{cmd, "http://" + eerste.Adres, eerste.Sleutel}
}

func (g *getuigeproces) dood() {
	_ = g.cmd.Process.Signal(syscall.SIGKILL)
	_ = g.cmd.Wait()
}

// groeilog is a log of which every size is signed when asked.
type groeilog struct {
	hashes  []bewijs.Hash
	wortels []bewijs.Hash
	k       *bewijs.Tekenaar
}

func newGroeilog(t testing.TB, n int) *groeilog {
	l := &groeilog{wortels: []bewijs.Hash{bewijs.Leeg()}, k: tekenaarGetuigd(t)}
	rand := &bewijs.Rand{}
	for i := range n {
		l.hashes = rand.Append(l.hashes, sha256.Sum256(fmt.Append(nil, i)))
		l.wortels = append(l.wortels, rand.Wortel())
	}
	return l
}

func (l *groeilog) verzoek(t testing.TB, van, tot uint64) (checkpoint, verzoek []byte) {
	t.Helper()
	tekst, err := bewijs.Checkpoint{Origin: originGetuigd, Grootte: tot, Wortel: l.wortels[tot], Moment: time.Unix(1770000000, 0)}.Sign(l.k)
	if err != nil {
		t.Fatal(err)
	}
	pad, err := bewijs.Consistentie(van, tot, func(x []uint64) (uit []bewijs.Hash, err error) {
		for _, i := range x {
			uit = append(uit, l.hashes[i])
		}
		return uit, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tekst, (&getuige.Verzoek{Oud: van, Pad: pad, Checkpoint: tekst}).Tekst()
}

func TestAWitnessThatIsKilledAtAnyMomentTakesNothingBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := newGroeilog(t, 4001)
	config := fmt.Sprintf("listen: 127.0.0.1:0\nurl: https://getuige.buurstad.example/bij\nlogs: [{sleutels: [%q]}]\n", l.k.Publiek())
	if err := os.WriteFile(filepath.Join(dir, "getuige.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	vast, sleutel := uint64(0), ""
	for ronde := range 6 {
		g := startGetuige(t, dir)
		if sleutel == "" {
			sleutel = g.sleutel
		}
		if g.sleutel != sleutel || !strings.HasPrefix(sleutel, "getuige.buurstad.example/bij+") {
			t.Fatalf("the key was %s and is %s", sleutel, g.sleutel)
		}
		k, err := getuige.ParseSleutel(sleutel)
		if err != nil {
			t.Fatal(err)
		}
		post := func(verzoek []byte) (int, []byte, error) {
			res, err := http.Post(g.url+"/bij/add-checkpoint", "text/plain", bytes.NewReader(verzoek))
			if err != nil {
				return 0, nil, err
			}
			defer res.Body.Close()
			b, err := io.ReadAll(res.Body)
			return res.StatusCode, b, err
		}
		// What it says it saw is no less than what it cosigned, however it ended.
		_, v := l.verzoek(t, 4001, 4001) // more than is ever cosigned here, however fast the machine
		status, b, err := post(v)
		var n uint64
		if err == nil {
			n, err = getuige.ParseGrootte(strings.TrimSpace(string(b)))
		}
		if err != nil || n < vast || status != http.StatusConflict {
			t.Fatalf("round %d: it cosigned %d leaves, and says %d: status %d, %v", ronde, vast, n, status, err)
		}
		klaar := make(chan struct{})
		go func() {
			defer close(klaar)
			for n < 4000 {
				punt, v := l.verzoek(t, n, n+1)
				status, b, err := post(v)
				if err != nil {
					return // it was killed
				}
				if _, err := getuige.Lees(punt, b, k); status != http.StatusOK || err != nil {
					t.Errorf("round %d, %d leaves: status %d, %v", ronde, n+1, status, err)
					return
				}
				n++
				vast = n
			}
		}()
		time.Sleep(time.Duration(50+37*ronde) * time.Millisecond)
		g.dood()
		<-klaar
	}
	t.Logf("%d checkpoints were cosigned", vast)
}

func TestAWitnessSaysWhatIsWrongAndTheWayOut(t *testing.T) {
	t.Parallel()
	log := tekenaarGetuigd(t).Publiek()
	const goed = "url: https://g.example\n"
	for naam, s := range map[string][2]string{
		"no file":                 {"", "--config"},
		"no address":              {"logs: []\n", "url: geef het adres"},
		"an address with a query": {"url: https://g.example/?x\n", "url: geef het adres"},
		"an unknown setting":      {goed + "lgos: []\n", "niet te begrijpen"},
		"open to the world":       {goed + "listen: 0.0.0.0:8090\n", "onversleuteld"},
		"half of TLS":             {goed + "tls: {certificaat: a.pem}\n", "horen bij elkaar"},
		"no certificate":          {goed + "tls: {certificaat: a.pem, sleutel: b.pem}\n", "niet te lezen"},
		"no port":                 {goed + "listen: localhost\n", "host:poort"},
		"a log without a key":     {goed + "logs: [{origin: a}]\n", "/bewijs/<oin>/sleutel"},
		"a log of another name":   {goed + "logs: [{origin: a, sleutels: [" + log + "]}]\n", "van een andere log"},
		"a log twice":             {goed + "logs: [{sleutels: [" + log + "]}, {sleutels: [" + log + "]}]\n", "twee keer"},
		"a log without TLS":       {goed + "logs: [{sleutels: [" + log + "], url: 'http://log.example'}]\n", "begint met https://"},
		"a witness as a log":      {goed + "logs: [{sleutels: [" + newGetuige(t, "a.example", 1).Publiek() + "]}]\n", "/bewijs/<oin>/sleutel"},
	} {
		cmd, out := opdrachtregel(t, "witness", "--config", "getuige.yaml")
		if s[0] != "" {
			if err := os.WriteFile(filepath.Join(cmd.Dir, "getuige.yaml"), []byte(s[0]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Run() // the status says it
		if got := cmd.ProcessState.ExitCode(); got != 1 || !strings.Contains(out.String(), s[1]) {
			t.Errorf("%s: exit status %d, want %q:\n%s", naam, got, s[1], out)
		}
	}
}
