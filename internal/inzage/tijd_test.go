package inzage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A page of who is looked into takes no longer than that of somebody about whom as much can be seen. Their pages are asked in turns, and the
// quickest quarter of each is held beside the other: whatever else a machine does makes pages slower, never quicker. What else a machine does
// may still hit one more than the other, so there are a few rounds: what is really there is there in each. What the store has no more of than
// one inquiry is far below the bound; a question to the store more, or a wait, is above it: the second half of the test does such a thing, and
// must see it.
func TestAConfidentialInquiryTakesNoTime(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for n := range 100 {
		for _, b := range []string{anna, bas} {
			p.leg(regel(b, time.Date(2026, 1, 1, n, 0, 0, 0, time.UTC).Format(time.RFC3339)))
		}
	}
	onderzoek := uuid.NewString()
	for n := range 3 {
		p.leg(regel(anna, fmt.Sprintf("2026-01-15T1%d:30:00+01:00", n), zet(verwerkingenlog.VeldVertrouwelijkheid, "vertrouwelijk"), zet(verwerkingenlog.VeldVerwerkingID, onderzoek)))
	}
	// meet gives how much longer a page of Anna takes than one of Bas, and how long one of Bas takes. Coming back to a look writes nothing.
	meet := func() (langer, bladzijde time.Duration) {
		mensen := map[string]*inwoner.Inwoner{anna: p.mens(anna), bas: p.mens(bas)}
		for _, m := range mensen {
			p.kijk(m)
		}
		duur := map[string][]time.Duration{}
		for n := range 400 {
			om := []string{anna, bas}
			if n%2 == 1 {
				slices.Reverse(om)
			}
			for _, bsn := range om {
				p.store.nu.Store(&bsn)
				begin := time.Now()
				if _, err := p.Overzicht(bg, mensen[bsn], inzage.Filter{}, ""); err != nil {
					t.Fatal(err)
				}
				duur[bsn] = append(duur[bsn], time.Since(begin))
			}
		}
		kwart := func(bsn string) time.Duration { slices.Sort(duur[bsn]); return duur[bsn][len(duur[bsn])/4] }
		return kwart(anna) - kwart(bas), kwart(bas)
	}
	// eens tells whether it ever is so, in five rounds.
	eens := func(is func(langer, grens time.Duration) bool) bool {
		for range 5 {
			langer, bladzijde := meet()
			t.Logf("a page takes %v, and %v longer for her", bladzijde, langer)
			if is(langer, bladzijde/20) {
				return true
			}
		}
		return false
	}
	if !eens(func(langer, grens time.Duration) bool { return langer.Abs() <= grens }) {
		t.Error("a page takes longer, or less long, when there is an inquiry")
	}
	// As if what is confidential were looked up by itself: one question more, for her.
	p.store.extra.Store(true)
	if !eens(func(langer, grens time.Duration) bool { return langer > grens }) {
		t.Error("a question more is not seen: the test proves nothing")
	}
}
