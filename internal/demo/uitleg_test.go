package demo

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func voorbeeld() *uitleg {
	t := tokens{}
	for _, a := range applicaties {
		t[a.clientID] = strings.Repeat(a.clientID+".", 20)
	}
	return &uitleg{
		url: "http://127.0.0.1:8080", programma: "bin/verantwoord", dir: "data/demo", nu: vaste,
		starten: 120 * time.Millisecond, vullen: 1450 * time.Millisecond, acties: 4012, tokens: t,
	}
}

func TestEveryLineFitsTheScreen(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if _, err := voorbeeld().WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > breedte {
			t.Errorf("%d characters: %s", n, line)
		}
	}
	for _, want := range []string{"Gestart in 0,12 seconden", "4012 verwerkingsacties vastgelegd in 1,45 seconden"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("does not say %q", want)
		}
	}
	if strings.ContainsRune(b.String(), '\x1b') {
		t.Error("holds a colour code")
	}
}

func TestTheShellPutsTokensTogetherAgain(t *testing.T) {
	t.Parallel()
	u := voorbeeld()
	u.proxy = true
	var b strings.Builder
	u.variabelen(&b)
	out, err := exec.Command("sh", "-c", b.String()+"\nprintf '%s\\n' \"$BURGERZAKEN\" \"$ONDERZOEK\" \"$MIJN\" \"$no_proxy\"").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	for n, a := range []*applicatie{burgerzaken, fraudeonderzoek, mijnOmgeving} {
		if got[n] != u.tokens[a.clientID] {
			t.Errorf("the token of %s changed on its way through sh", a.clientID)
		}
	}
	if !strings.Contains(got[3], "127.0.0.1") {
		t.Error("curl would ask the proxy")
	}
}

func TestAwkwardPathsAreQuoted(t *testing.T) {
	t.Parallel()
	u := voorbeeld()
	for _, pad := range []string{"bin/verantwoord", "/tmp/mijn map/it's $HOME/`x`", "", "~/x"} {
		out, err := exec.Command("sh", "-c", "printf %s "+u.shell(pad)).Output()
		if err != nil || string(out) != pad {
			t.Errorf("sh reads %q as %q: %v", pad, out, err)
		}
	}
}
