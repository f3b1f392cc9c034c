package server

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// onder tells of every version whether it is under the keys of now, and gives the hashes of all leaves.
func (k *knoop) onder() (nieuw, oud int, bladen []bewijs.Hash) {
	k.p.Helper()
	ctx := context.Background()
	n, err := k.store.Size(ctx, oinBewijs)
	if err != nil {
		k.p.Fatal(err)
	}
	var nummers, knopen []uint64
	for i := range n {
		nummers, knopen = append(nummers, i), append(knopen, bewijs.AantalKnopen(i))
	}
	rijen, err := k.store.Rows(ctx, oinBewijs, nummers)
	if err == nil {
		bladen, err = k.store.Knopen(ctx, oinBewijs, knopen)
	}
	if err != nil {
		k.p.Fatal(err)
	}
	s, _ := k.sleutels.Organisatie(oinBewijs)
	h := s.Handle("persoon", "BSN", "5649587")
	for _, r := range rijen {
		goed := s.Nieuwste(r.Inhoud)
		for _, i := range r.Ingangen {
			goed = goed && (i.Soort != verwerkingenlog.IngangPersoon || bytes.Equal(i.Sleutel[:], h[:]))
		}
		if goed {
			nieuw++
		} else {
			oud++
		}
	}
	return nieuw, oud, bladen
}

// blad gives the address of the next page of a list of ten; without one, a list begins.
func (k *knoop) blad(pad string) string {
	k.p.Helper()
	methode, body := "GET", ""
	if pad == "" {
		methode, pad, body = "POST", acties+"/_zoek", `{"objecttype":"persoon","soortObjectId":"BSN","objectId":"5649587","vertrouwelijkheid":["normaal"],"pageSize":10}`
	}
	status, b := k.do(methode, pad, body)
	var m struct {
		Next    string
		Results []any
	}
	if err := json.Unmarshal([]byte(b), &m); err != nil || status != 200 || len(m.Results) != 10 || m.Next == "" {
		k.p.Fatalf("page: %d %.300s", status, b)
	}
	return strings.TrimPrefix(m.Next, "http://127.0.0.1:8080")
}

func TestWhatWasWrittenBeforeIsRewrittenInTheBackground(t *testing.T) {
	t.Parallel()
	opElkeOpslag(t, func(t *testing.T, store string) {
		p := newSleutelproef(t, store)
		k := p.knoop(p.sleutels)
		var ids []string
		for range 70 {
			ids = append(ids, k.leg("Eerst"))
		}
		lijst := k.blad("")
		p.nieuw(betrokkene.SoortHandle, betrokkene.SoortZegel)
		k.kijk()
		p.later(betrokkene.Wachttijd)
		k.kijk()
		ids = append(ids, k.leg("Daarna"))
		lijst = k.blad(lijst)
		k.vindt(ids[0], ids[70])
		_, _, voor := k.onder()
		if nieuw, oud, _ := k.onder(); nieuw != 2 || oud != 71 { // a search is logged too
			t.Fatalf("before an hour: %d versions under the new keys and %d under the old", nieuw, oud)
		}
		k.gebeurd("herschrijven", 0)

		// A list that was begun before ends before its records are found under the new key alone.
		p.later(hersleuteling.Rust / 2)
		lijst = k.blad(lijst)
		p.later(hersleuteling.Rust / 2)
		if status, b := k.do("GET", lijst, ""); status != 400 || !strings.Contains(b, "doe de opvraging opnieuw") {
			t.Errorf("a list of before goes on: %d %.200s", status, b)
		}
		k.kijk()
		nieuw, oud, na := k.onder()
		if nieuw != 73 || oud != 0 {
			t.Errorf("after it: %d versions under the new keys and %d under the old", nieuw, oud)
		}
		if diff := cmp.Diff(voor, na); diff != "" {
			t.Error("leaves changed")
		}
		k.vindt(ids...)
		if m, ok := k.store.Op(oinBewijs).(*sqlite.Store); ok {
			if n, err := m.Hersleuteld(context.Background(), oinBewijs); err != nil || n != 0 {
				t.Errorf("the index has entries of before of %d versions, %v", n, err)
			}
		}
		k.gebeurd("herschrijven klaar met handle-2 en zegel-2, 71 versies en ", 1)
		stand, err := hersleuteling.Lees(p.sleutels, oinBewijs)
		if err != nil || stand == nil || !stand.Klaar() || stand.Voortgang.Gewijzigd != 71 || stand.Gebruik["zegel"] != 2 {
			t.Errorf("beside the keys stands %+v, %v", stand, err)
		}
		k.kijk()
		k.gebeurd("herschrijven", 1)

		k.close()
		k = p.knoop(p.sleutels)
		k.kijk()
		k.gebeurd("herschrijven", 1)
		k.vindt(ids...)
		// Once more: what is there now is rewritten with the third key.
		p.nieuw(betrokkene.SoortZegel)
		k.kijk()
		p.later(betrokkene.Wachttijd + hersleuteling.Rust)
		k.kijk()
		k.kijk()
		if _, oud, _ := k.onder(); oud != 0 {
			t.Errorf("after the third key %d versions are under old ones", oud)
		}
		k.gebeurd("herschrijven klaar met handle-2 en zegel-3", 1)
	})
}
