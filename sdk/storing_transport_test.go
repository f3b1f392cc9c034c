package sdk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/sdk"
)

func contextVan(t testing.TB) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// metVoorbericht sees 1xx answers as an application may.
func metVoorbericht(ctx context.Context, zie func(http.Header)) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(_ int, h textproto.MIMEHeader) error {
		zie(http.Header(h))
		return nil
	}})
}

// patronen are the ways to call (B7952).
var patronen = []struct {
	naam   string
	bekend []string
	zoekt  bool
	vindt  []string
}{
	{"log then act", []string{persoon(1), persoon(2)}, false, []string{persoon(1), persoon(2)}},
	{"act, log, then show", nil, true, []string{persoon(3), persoon(4)}},
	{"a search of which somebody is known", []string{persoon(1)}, true, []string{persoon(3)}},
	{"a search that finds nobody", nil, true, []string{}},
}

// bijRegister are the faults of a register: whether one of them, always or once, lets a call pass.
func bijRegister() map[storing][2]bool {
	m := map[storing][2]bool{
		geen: {true, true}, traag: {true, true}, weg: {false, true}, stil: {false, false}, naafloop: {false, true},
		half: {false, true}, toch: {false, true}, onzin: {}, leeg: {}, niets: {}, anders: {}, elders: {}, verkort: {},
	}
	for _, s := range statussen {
		m[status(s)] = [2]bool{false, s == 429 || s == 502 || s == 503 || s == 504}
	}
	return m
}

// bijBron are the faults of a data provider: the status that reaches the application, 0 for none; for known persons and
// for a search.
func bijBron() map[storing][2]int {
	m := map[storing][2]int{
		geen: {200, 200}, weg: {}, stil: {}, naafloop: {}, half: {200, 0}, teGroot: {200, 0}, geenJSON: {200, 0}, deel: {206, 0},
		ongewijzig: {304, 0}, overstap: {101, 0}, staart: {200, 0}, vooruit: {200, 200}, wijstHier: {200, 200}, wijstWeg: {},
	}
	for _, s := range []int{404, 422, 500} { // the others are treated alike
		m[status(s)] = [2]int{s, s}
	}
	return m
}

// Every fault of the register, once and always, with every fault of the data provider, in every pattern.
func TestNoFaultShowsDataWithoutARecord(t *testing.T) {
	t.Parallel()
	s := newStrijd(t)
	tr := sdk.NewTransport(s.client, functies)
	tr.MaxAntwoord = 4096
	var wg sync.WaitGroup
	beurt := make(chan struct{}, 8)
	for bijLog, gaat := range bijRegister() {
		for k, register := range [][]storing{{bijLog}, {bijLog, geen}} {
			for bron, wil := range bijBron() {
				for _, patroon := range patronen {
					if patroon.vindt != nil && len(patroon.vindt) == 0 && bron != geen {
						continue // it has nobody to name in a fault
					}
					if patroon.bekend != nil && !gaat[k] && bron != geen {
						continue // it is never called
					}
					wg.Add(1)
					beurt <- struct{}{}
					go func() {
						defer func() { <-beurt; wg.Done() }()
						p := &proef{register: register, bron: bron, bekend: patroon.bekend, zoekt: patroon.zoekt, vindt: patroon.vindt}
						u, mis := s.voer(t, tr, p)
						want := wil[0]
						if patroon.zoekt {
							want = wil[1]
						}
						if !gaat[k] {
							want = 0
						}
						if u.status != want {
							mis = append(mis, fmt.Sprintf("status %d (%v), want %d", u.status, u.err, want))
						}
						for _, m := range mis {
							t.Errorf("%s, register %v, data provider %s: %s", patroon.naam, register, bron, m)
						}
					}()
				}
			}
		}
	}
	wg.Wait()
	if s.vreemd != 0 {
		t.Errorf("%d calls arrived at another server", s.vreemd)
	}
}

// Any number of calls at once through one Transport, each with its own faults.
func TestNoInterleavingShowsDataWithoutARecord(t *testing.T) {
	t.Parallel()
	s := newStrijd(t)
	tr := sdk.NewTransport(s.client, functies)
	tr.MaxAntwoord = 4096
	registers, bronnen := sleutelsVan(bijRegister()), sleutelsVan(bijBron())
	rapid.Check(t, func(rt *rapid.T) {
		proeven := make([]*proef, rapid.IntRange(1, 6).Draw(rt, "calls"))
		for k := range proeven {
			p := &proef{
				register: rapid.SliceOfN(rapid.SampledFrom(registers), 1, 4).Draw(rt, "register"),
				bron:     rapid.SampledFrom(bronnen).Draw(rt, "data provider"),
				zoekt:    rapid.Bool().Draw(rt, "search"),
			}
			nummers := rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 99999), persoon), 2, 6, rapid.ID[string]).Draw(rt, "persons")
			deling := rapid.IntRange(1, len(nummers)-1).Draw(rt, "known")
			p.bekend, p.vindt = nummers[:deling], nummers[deling:]
			switch {
			case !p.zoekt:
				p.vindt = p.bekend
			case rapid.Bool().Draw(rt, "nobody known"):
				p.bekend = nil
			}
			proeven[k] = p
		}
		alles := make([][]string, len(proeven))
		var wg sync.WaitGroup
		for k, p := range proeven {
			wg.Go(func() { _, alles[k] = s.voer(t, tr, p) })
		}
		wg.Wait()
		for k, mis := range alles {
			for _, m := range mis {
				rt.Errorf("register %v, data provider %s: %s", proeven[k].register, proeven[k].bron, m)
			}
		}
	})
	if s.vreemd != 0 {
		t.Errorf("%d calls arrived at another server", s.vreemd)
	}
}

func sleutelsVan[V any](m map[storing]V) []storing {
	var uit []storing
	for k := range m {
		uit = append(uit, k)
	}
	slices.Sort(uit)
	return uit
}
