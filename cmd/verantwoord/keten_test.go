//go:build dev

package main

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// landschap runs `dev --keten` in a directory, and gives where its page is.
func landschap(t *testing.T, pad, dir string) (*exec.Cmd, string) {
	t.Helper()
	s := &scherm{klaar: make(chan struct{})}
	cmd := exec.CommandContext(t.Context(), pad, "dev", "--keten", "--listen", "127.0.0.1:0")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, s, t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.klaar:
	case <-time.After(geduld):
		t.Fatalf("not ready within %s", geduld)
	}
	m := regexp.MustCompile(`procesapplicatie van het waterschap: (http://\S+)`).FindStringSubmatch(s.String())
	if m == nil {
		t.Fatal("does not say where the page is")
	}
	return cmd, m[1]
}

// raadpleeg looks somebody up, and tells what the page of it says.
func raadpleeg(t *testing.T, adres string) string {
	t.Helper()
	res, err := http.PostForm(adres+"/opvragingen", url.Values{"functie": {"misbruik-onderzoeken"}, "vraag": {"adres"}, "situatie": {"1"}, "bsn": {"999930011"}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if strings.Contains(res.Request.URL.String(), "999930011") {
		t.Error("the address names a person")
	}
	var b strings.Builder
	if err := res.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestALandscapeThatWasKilledStartsAgain(t *testing.T) {
	pad, dir := program(t), t.TempDir()
	for range 2 {
		cmd, adres := landschap(t, pad, dir)
		if p := raadpleeg(t, adres); !strings.Contains(p, "Geleverd, vertrouwelijk, en aan beide kanten te verantwoorden") || strings.Count(p, "Zojuist teruggelezen") != 2 {
			t.Error("the look-up does not stand in both logs")
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
	cmd, adres := landschap(t, pad, dir)
	raadpleeg(t, adres)
	if _, err := os.Stat(filepath.Join(dir, "data", "keten", "LEESMIJ.txt")); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}
