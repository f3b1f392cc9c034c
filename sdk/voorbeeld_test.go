package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/server/servertest"
	"github.com/verantwoord/verantwoord/sdk"
)

// voorbeeldTB lets an example, which has no testing.T, run a register.
type voorbeeldTB struct {
	testing.TB
	af []func()
}

func (b *voorbeeldTB) Helper()                  {}
func (b *voorbeeldTB) Cleanup(f func())         { b.af = append(b.af, f) }
func (b *voorbeeldTB) Context() context.Context { return context.Background() }
func (b *voorbeeldTB) Fatal(a ...any)           { panic(fmt.Sprint(a...)) }
func (b *voorbeeldTB) Error(a ...any)           { panic(fmt.Sprint(a...)) }
func (b *voorbeeldTB) TempDir() string {
	dir, err := os.MkdirTemp("", "voorbeeld")
	if err != nil {
		panic(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// voorbeeldBron answers as a data provider does; it knows one person.
func voorbeeldBron(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, `{"personen":["999990019"]}`)
}

// voorbeeldConsument runs a register and a data provider for an example, until the end is called.
func voorbeeldConsument(id string) (_ *sdk.Client, register, bron string, _ func()) {
	b := &voorbeeldTB{}
	s := servertest.Start(b, consumentApps)
	h := httptest.NewServer(http.HandlerFunc(voorbeeldBron))
	b.Cleanup(h.Close)
	return consumentClient(b, s.URL, id), s.URL, h.URL, func() {
		for k := len(b.af) - 1; k >= 0; k-- {
			b.af[k]()
		}
	}
}

// What the README shows is compiled and run as it stands, on a real register.
func TestTheProgramOfTheREADMELogsBeforeItCalls(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "```go\n")
	programma, _, ok2 := strings.Cut(rest, "```\n")
	if !ok || !ok2 {
		t.Fatal("the README shows no program")
	}
	if n := regelsMetCode(programma); n > 30 {
		t.Errorf("the program of the README has %d lines of code in main, more than 30", n)
	}
	reg := consumentRegister(t)
	toen := -1 // records of the person when the data provider was called
	bron := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("VerwerkingId")
		acties, err := vraagRegister(reg.URL, geefToken(t), mustUUID(id))
		if err != nil {
			t.Error(err)
		}
		toen = len(acties)
		voorbeeldBron(w, r)
	}))
	opruimen.Na(t, bron.Close)
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(programma), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", file)
	cmd.Env = append(os.Environ(), "REGISTER_URL="+reg.URL, "REGISTER_GEHEIM="+consumentGeheim, "BRON_URL="+bron.URL)
	uit, err := cmd.CombinedOutput()
	if err != nil || string(uit) != "gelogd, en daarna opgehaald: 200 OK\n" {
		t.Fatalf("%v: %s", err, uit)
	}
	if toen != 1 {
		t.Errorf("%d records when the data provider was called, want 1", toen)
	}
}

// The body of the program is also the first example of the package, so that who reads the documentation sees the same.
func TestTheProgramOfTheREADMEIsTheExample(t *testing.T) {
	t.Parallel()
	lees := func(file, van string) string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, ok := strings.Cut(string(text), van)
		body, _, ok2 := strings.Cut(rest, "\n}\n")
		if !ok || !ok2 {
			t.Fatalf("%s has no %q", file, van)
		}
		return body
	}
	readme := lees("README.md", "func main() {\n")
	voorbeeld, _, _ := strings.Cut(lees("example_test.go", "defer opstelling()()\n\n"), "\n\t// Output:")
	if readme != voorbeeld {
		t.Errorf("the README shows\n%s\nand the example is\n%s", readme, voorbeeld)
	}
}

func regelsMetCode(programma string) int {
	_, main, _ := strings.Cut(programma, "func main() {\n")
	n := 0
	for regel := range strings.SplitSeq(main, "\n") {
		if regel = strings.TrimSpace(regel); regel != "" && regel != "}" && !strings.HasPrefix(regel, "//") {
			n++
		}
	}
	return n
}

func waarom(err error) string {
	for naam, e := range map[string]error{
		"ErrGeenDoelbinding": sdk.ErrGeenDoelbinding, "ErrGeenPersonen": sdk.ErrGeenPersonen, "ErrVerwerking": sdk.ErrVerwerking,
		"ErrNietVastgelegd": sdk.ErrNietVastgelegd, "ErrOnbruikbaar": sdk.ErrOnbruikbaar, "ErrOmleiding": sdk.ErrOmleiding,
	} {
		if errors.Is(err, e) {
			return naam
		}
	}
	return fmt.Sprint(err)
}
