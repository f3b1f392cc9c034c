package server

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The invariants of the architecture, all of them after each random sequence of all that can happen to a register: what was
// acknowledged is there, also after kill -9; the tree only grew; nothing plain lies anywhere; what was confidential is never
// shown to a :normal reader; what is not allowed is refused; and verify finds nothing.
func TestTheInvariantsHoldAfterWhateverHappens(t *testing.T) {
	t.Parallel()
	aantal, keer := 1, 1
	if os.Getenv("VERANTWOORD_LANG") != "" {
		aantal, keer = 25, 3
	}
	zaad := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("VERANTWOORD_ZAAD"), 10, 64); err == nil {
		zaad = n
	}
	for i := range uint64(aantal) {
		t.Run(strconv.FormatUint(zaad+i, 10), func(t *testing.T) {
			opElkeOpslag(t, func(t *testing.T, store string) { newReeks(t, store, zaad+i).run(keer) })
		})
	}
}

func newReeks(t *testing.T, store string, zaad uint64) *reeks {
	dir := t.TempDir()
	p := &reeks{
		T: t, r: rand.New(rand.NewPCG(zaad, 0)), store: store, sleutels: filepath.Join(dir, "sleutels"), logboek: filepath.Join(dir, "logboek"),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}, Timeout: time.Minute},
	}
	p.merk = fmt.Sprintf("Kwartel%08x", p.r.Uint32())
	for range 4 {
		p.personen = append(p.personen, fmt.Sprintf("9999%05d", p.r.IntN(100_000)))
		p.verwerkingen = append(p.verwerkingen, uuid.NewString())
	}
	t.Cleanup(func() {
		p.einde()
		if t.Failed() {
			b, _ := os.ReadFile(p.logboek)
			t.Logf("the same sequence again: VERANTWOORD_ZAAD=%d; end of the log:\n%s", zaad, b[max(0, len(b)-2000):])
		}
	})
	return p
}

// run does each thing at least so often, in random order, and then looks at all.
func (p *reeks) run(keer int) {
	p.begin()
	for range 8 {
		p.took(p.want(http.StatusCreated, "alles", "POST", acties, p.lijf(kies(p, "normaal", "vertrouwelijk"))))
	}
	type stap struct {
		naam string
		f    func()
		keer int
	}
	var stappen []stap
	for _, s := range []stap{
		{"log", p.log, 6}, {"change", p.wijzig, 8}, {"lift", p.hefOp, 3}, {"delete", p.verwijder, 3}, {"bulk", p.bulk, 2}, {"refuse", p.weiger, 3}, {"read", p.lees, 1},
		{"sign", p.teken, 2}, {"rotate", p.draai, 1}, {"rewrite half", p.herschrijfDeels, 1}, {"rewrite", p.herschrijf, 1}, {"kill", p.val, 2}, {"reindex", p.herindex, 1},
	} {
		for range s.keer * keer {
			stappen = append(stappen, s)
		}
	}
	p.r.Shuffle(len(stappen), func(i, j int) { stappen[i], stappen[j] = stappen[j], stappen[i] })
	var gedaan []string
	defer func() {
		if p.Failed() {
			p.Log(strings.Join(gedaan, ", "))
		}
	}()
	for _, s := range append(stappen, stap{"read", p.lees, 1}, stap{"sign", p.teken, 1}, stap{"all", p.alles, 1}, stap{"sign", p.teken, 1}) {
		gedaan = append(gedaan, s.naam)
		s.f()
		if p.Failed() {
			return
		}
	}
	_, meting, err := p.stuur("", "GET", "/metrics", nil)
	if err != nil || p.noemt(meting) {
		p.Errorf("the figures name a person, %v", err)
	}
	p.Logf("%d acties, %d leaves, %d rotations; of %d requests at a kill %d were answered", len(p.acties), len(p.bladen), p.draaiingen, p.gevallen, p.beantwoord)
	p.einde()
	p.kijkNa()
	p.nietsLeesbaar()
}
