package e2e

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// driver lets one process of Node run the verifier many times: a line in is arguments, a line out what it said.
const driver = `
import { createInterface } from 'node:readline';
const { nakijk } = await import(process.env.NAKIJKEN);
for await (const regel of createInterface({ input: process.stdin })) {
  const gezegd = [];
  const status = nakijk(JSON.parse(regel), (l) => gezegd.push(l));
  console.log(JSON.stringify({ status, gezegd: gezegd.join('\n') }));
}`

// nakijker is the independent verifier, in a directory of its own.
type nakijker struct {
	t   testing.TB
	dir string
	in  *json.Encoder
	uit *json.Decoder
}

func nieuweNakijker(t testing.TB) *nakijker {
	t.Helper()
	programma, err := filepath.Abs("../docs/bewijs-nakijken/nakijken.mjs")
	if err != nil {
		t.Fatal(err)
	}
	n := &nakijker{t: t, dir: t.TempDir()}
	cmd := exec.Command("node", "--input-type=module", "-e", driver)
	cmd.Env = append(os.Environ(), "NAKIJKEN="+programma)
	cmd.Dir, cmd.Stderr = n.dir, &veiligeBuffer{}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	uit, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	n.in, n.uit = json.NewEncoder(in), json.NewDecoder(uit)
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("node: %v: %s", err, cmd.Stderr)
		}
	})
	return n
}

// vraag runs it with files (name -> content) in its directory, and gives what it says. want -1: it does not pass, for whatever
// reason it gives.
func (n *nakijker) vraag(want int, bestanden map[string][]byte, args ...string) string {
	n.t.Helper()
	for naam, b := range bestanden {
		if err := os.WriteFile(filepath.Join(n.dir, naam), b, 0o600); err != nil {
			n.t.Fatal(err)
		}
	}
	var a struct {
		Status int
		Gezegd string
	}
	if err := errors.Join(n.in.Encode(args), n.uit.Decode(&a)); err != nil {
		n.t.Fatal(err)
	}
	niet := want < 0 && (a.Status == 1 || a.Status == 2)
	if a.Status != want && !niet || (a.Status == 0) != strings.Contains(a.Gezegd, "Dit klopt.") || len(a.Gezegd) < 12 {
		n.t.Errorf("%v: exit status %d, want %d:\n%s", args, a.Status, want, a.Gezegd)
	}
	return a.Gezegd
}

// record verifies a record.
func (n *nakijker) record(want int, record, stuk []byte, sleutel string) string {
	n.t.Helper()
	return n.vraag(want, map[string][]byte{"record.json": record, "bewijs.txt": stuk, "sleutel.txt": []byte(sleutel)}, "record", "record.json", "bewijs.txt", "sleutel.txt")
}
