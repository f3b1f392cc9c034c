//go:build !dev

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever is at the screen of the demonstration is whom they choose to be; no release may offer that.
func TestAReleaseHoldsNothingOfTheDemonstration(t *testing.T) {
	t.Parallel()
	pad := filepath.Join(t.TempDir(), "verantwoord")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", pad, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "go", "tool", "nm", pad).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "verantwoord/internal/bron/inwonerdienst.New") {
		t.Fatal("this test looks at a file without symbols")
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "verantwoord/internal/demo") {
			t.Fatalf("the release holds %s", strings.TrimSpace(line))
		}
	}
}
