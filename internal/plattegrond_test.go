package internal_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The list of rooms in docs/architectuur.md is how somebody new finds the way: no room is missing there, and none is gone.
func TestEveryRoomIsInTheArchitecture(t *testing.T) {
	t.Parallel()
	tekst, err := os.ReadFile("../docs/architectuur.md")
	if err != nil {
		t.Fatal(err)
	}
	_, lijst, found := strings.Cut(string(tekst), "\n## Rooms\n\n```\n")
	lijst, _, closed := strings.Cut(lijst, "```")
	if !found || !closed {
		t.Fatal("docs/architectuur.md has no list of rooms")
	}
	namen := regexp.MustCompile(`[a-z0-9/]+`).FindAllString(lijst, -1) // a room inside another: anywhere, by its whole path
	for _, p := range all(t) {
		kamer := strings.TrimPrefix(short(p.ImportPath), "internal/")
		if len(p.GoFiles) == 0 || strings.HasPrefix(kamer, "docs/") {
			continue
		}
		if diep := strings.Contains(kamer, "/"); diep && !slices.Contains(namen, kamer) && !slices.Contains(namen, kamer+"/") ||
			!diep && !strings.Contains("\n"+lijst, "\n  "+kamer+"/") && !strings.Contains("\n"+lijst, "\n"+kamer+"/") {
			t.Errorf("%s is not in the list of rooms of docs/architectuur.md", kamer)
		}
	}
	regels := regexp.MustCompile(`(?m)^( {0,2})([a-z0-9/]+)/ `).FindAllStringSubmatch(lijst, -1)
	if len(regels) < 20 {
		t.Fatalf("%d rooms in the list", len(regels))
	}
	for _, r := range regels {
		dir := "../" + r[2]
		if r[1] != "" {
			dir = r[2]
		}
		if i, err := os.Stat(dir); err != nil || !i.IsDir() {
			t.Errorf("there is no room %s", r[2])
		}
	}
}
