package e2e

import (
	"bufio"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var bijwerken = flag.Bool("update", false, "write the answers on docs/beheer/bewijs.md anew")

const bewijsPagina = "../docs/beheer/bewijs.md"

var (
	// stukken are the commands of the page, each with the answer below it if there is one, and what happens between them.
	stukken = regexp.MustCompile("(?m)^<!-- proef: (\\w+) -->$|^```sh\n((?s:.*?))^```\n(?:```\n((?s:.*?))^```\n)?")
	// wisselt is what differs every time: ids, times, hashes, keys and signatures, and how often was signed.
	wisselt = []struct {
		re *regexp.Regexp
		is string
	}{
		{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "ID"},
		{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "TIJD"},
		{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "HASH"},
		{regexp.MustCompile(`\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}`), "+NR+SLEUTEL"},
		{regexp.MustCompile(`(?m)^[A-Za-z0-9+/]{43}=$`), "WORTEL"},
		{regexp.MustCompile(`(?m)^(— \S+) \S+$`), "$1 HANDTEKENING"},
		{regexp.MustCompile(`\d+ checkpoints`), "N checkpoints"},
		{regexp.MustCompile(`\(\d+ bladen, `), "(N bladen, "},                     // reading a record is logged, and may be signed before its proof is asked
		{regexp.MustCompile(`(?m)^organisatie \d+: \d+ versies nagekeken\n`), ""}, // told when it takes long
	}
)

// zonderToeval leaves out what differs every time.
func zonderToeval(s string) string {
	for _, w := range wisselt {
		s = w.re.ReplaceAllString(s, w.is)
	}
	return s
}

func TestThePageForAuditorsShowsWhatItsCommandsAnswer(t *testing.T) {
	t.Parallel()
	p := nieuwePagina(t)
	p.klok.Set(time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC))
	p.open()
	p.uur(time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC), 12)
	p.dicht()
	p.must(os.CopyFS(filepath.Join(p.store, "oud"), os.DirFS(filepath.Join(p.store, "store"))))
	p.open()
	if stuks := p.loop(bewijsPagina); stuks < 10 {
		t.Errorf("the page has %d commands", stuks)
	}
}

// loop runs the commands of a page, compares what they answer with what it shows, and tells how many there are.
func (p *bewijspagina) loop(pagina string) (stuks int) {
	t := p.t
	t.Helper()
	tekst, err := os.ReadFile(pagina)
	p.must(err)
	sh := exec.CommandContext(t.Context(), "sh")
	sh.Dir, sh.Env = p.auditor, p.env
	in, err := sh.StdinPipe()
	p.must(err)
	uit, err := sh.StdoutPipe()
	p.must(err)
	sh.Stderr = sh.Stdout
	p.must(sh.Start())
	antwoorden := bufio.NewReader(uit)
	const einde = "einde van dit stuk\n"
	voer := func(stuk string) string {
		t.Helper()
		_, err := io.WriteString(in, stuk+"echo '"+strings.TrimSpace(einde)+"'\n")
		p.must(err)
		var b strings.Builder
		for {
			regel, err := antwoorden.ReadString('\n')
			if err != nil {
				t.Fatalf("%s: %v after %s", stuk, err, b.String())
			}
			if regel == einde {
				return b.String()
			}
			b.WriteString(regel)
		}
	}

	var nieuw strings.Builder
	laatst := 0
	for _, m := range stukken.FindAllSubmatchIndex(tekst, -1) {
		if m[2] >= 0 {
			p.proef(string(tekst[m[2]:m[3]]))
			continue
		}
		stuks++
		stuk := string(tekst[m[4]:m[5]])
		// The page names one actie and one directory; here they are others.
		vast := wisselt[0].re.FindString(string(tekst))
		echt := wisselt[0].re.ReplaceAllString(strings.ReplaceAll(stuk, "/var/lib/verantwoord", p.store), p.acties[7])
		got := strings.ReplaceAll(voer(echt), p.acties[7], vast)
		want, plek := "", m[5]+len("```\n")
		if m[6] >= 0 {
			want, plek = string(tekst[m[6]:m[7]]), m[6]
		} else if got != "" {
			t.Errorf("the page shows no answer of\n%s\n%s", stuk, got)
			continue
		}
		if d := cmp.Diff(zonderToeval(want), zonderToeval(got)); d != "" {
			if !*bijwerken {
				t.Errorf("%s\nanswers otherwise than the page shows (-page +answer), run with -update:\n%s", stuk, d)
			}
			nieuw.Write(tekst[laatst:plek])
			nieuw.WriteString(got)
			laatst = plek + len(want)
		}
	}
	p.must(in.Close())
	p.must(sh.Wait())
	if *bijwerken && laatst > 0 {
		nieuw.Write(tekst[laatst:])
		p.must(os.WriteFile(pagina, []byte(nieuw.String()), 0o644))
	}
	return stuks
}
