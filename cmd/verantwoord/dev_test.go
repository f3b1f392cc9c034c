//go:build dev

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program builds what `make demo` builds.
func program(t *testing.T) string {
	t.Helper()
	pad := filepath.Join(t.TempDir(), "verantwoord")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags", "dev", "-o", pad, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return pad
}

// scherm is the screen of the program.
type scherm struct {
	mu    sync.Mutex
	b     bytes.Buffer
	klaar chan struct{}
}

func (s *scherm) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := strings.Contains(s.b.String(), "Ctrl-C\n")
	s.b.Write(p)
	if !was && strings.Contains(s.b.String(), "Ctrl-C\n") {
		close(s.klaar)
	}
	return len(p), nil
}

func (s *scherm) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// geduld is how long the program may take to be ready: this guards against a test that hangs, and is no measure of speed.
const geduld = 5 * time.Minute

// start runs the demonstration in a directory until stop, which is Ctrl-C.
func start(t *testing.T, pad, dir string) (tekst string, stop func() string) {
	t.Helper()
	s := &scherm{klaar: make(chan struct{})}
	var fouten bytes.Buffer
	cmd := exec.CommandContext(t.Context(), pad, "dev", "--map", "data/demo", "--listen", "127.0.0.1:0")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, s, &fouten
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-s.klaar:
	case err := <-ended:
		t.Fatalf("ended before it was ready: %v\n%s", err, fouten.String())
	case <-time.After(geduld):
		t.Fatalf("not ready within %s", geduld)
	}
	return s.String(), func() string {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil || fouten.Len() > 0 {
			t.Errorf("after Ctrl-C: %v\n%s", err, fouten.String())
		}
		return s.String()
	}
}

// paste runs everything that was printed through sh, as it stands, and gives the answers: what each
// command showed, without what differs every time.
func paste(t *testing.T, tekst, dir string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(tekst)
	var fouten bytes.Buffer
	cmd.Stderr = &fouten
	out, err := cmd.Output()
	if err != nil || fouten.Len() > 0 {
		t.Fatalf("sh: %v\n%s", err, fouten.String())
	}
	// The first answer is the whole record; what counts of it is the same as of the others.
	return regexp.MustCompile(`"(?:count|actieNaam|vertrouwelijkheid|status)":(?:"[^"]*"|\d+)|(?m:^\d{3}$)`).FindAllString(string(out), -1)
}

// drie are the last acties of the investigation, as shown.
func drie(vertrouwelijkheid string) []string {
	list := []string{`"count":11`}
	for _, naam := range []string{"Raadplegen onderzoeksdossier", "Raadplegen uitkeringsdossier", "Opslaan onderzoeksgegevens"} {
		list = append(list, `"actieNaam":"`+naam+`"`, `"vertrouwelijkheid":"`+vertrouwelijkheid+`"`)
	}
	return list
}

func TestThePrintedCommandsWorkInOrderAtEveryStart(t *testing.T) {
	pad, dir := program(t), t.TempDir()
	want := slices.Concat(
		[]string{`"actieNaam":"Ophalen persoonsgegevens"`, `"vertrouwelijkheid":"normaal"`},              // 1
		[]string{`"count":1`, `"actieNaam":"Ophalen persoonsgegevens"`, `"vertrouwelijkheid":"normaal"`}, // 2
		[]string{`"count":0`, `"status":403`}, drie("vertrouwelijk"), []string{`"count":0`},              // 3
		[]string{"204"},   // 4
		drie("opgeheven"), // 5
	)
	for _, keer := range []string{"first", "second"} {
		tekst, stop := start(t, pad, dir)
		if strings.Contains(tekst, "vastgelegd in") != (keer == "first") {
			t.Errorf("the %s start says the wrong thing about filling", keer)
		}
		if got := paste(t, tekst, dir); !slices.Equal(got, want) {
			t.Errorf("at the %s start the commands show\n%s\nwant\n%s", keer, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		vers := regexp.MustCompile(`(?m)^#   (.* token --config .*)$`).FindStringSubmatch(tekst)
		if vers == nil {
			t.Fatal("does not tell how to make a token")
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", vers[1])
		cmd.Dir = dir
		if out, err := cmd.Output(); err != nil || strings.Count(string(out), ".") != 2 {
			t.Errorf("the command for a token gives %d bytes: %v", len(out), err)
		}
		if na := stop(); !strings.HasSuffix(na, "# Gestopt. Wat is vastgelegd, staat er de volgende keer nog.\n") {
			t.Error("does not say that it stopped")
		}
	}
}

func TestTheDemonstrationStaysOnThisMachine(t *testing.T) {
	var fouten bytes.Buffer
	if code := run(context.Background(), []string{"dev", "--map", t.TempDir(), "--listen", "0.0.0.0:0"}, io.Discard, &fouten); code != 1 {
		t.Errorf("exit status %d, want 1", code)
	}
	if !strings.Contains(fouten.String(), "alleen op deze machine") {
		t.Errorf("says %q", fouten.String())
	}
}

func TestUnknownWordsAreNotUnderstood(t *testing.T) {
	for _, args := range [][]string{{"dev", "iets"}, {"dev", "--bestaatniet"}} {
		if code := run(context.Background(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit status %d, want 2", args, code)
		}
	}
}
