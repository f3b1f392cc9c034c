package inzage_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Whatever is logged about a household, in whatever roles and states, nobody of it reads the number of another: not on a page, not in a
// file, and not by trying the ids of the others. And everybody reads all that may be shown about them.
func TestNobodyOfAHouseholdReadsTheNumberOfAnother(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	volgnr := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "people")
		var leden []string
		for range n {
			volgnr++
			leden = append(leden, fmt.Sprintf("9999%05d", volgnr))
		}
		lid := rapid.SampledFrom(leden)
		zichtbaar := map[string]int{}
		ids := map[string][]uuid.UUID{}
		for range rapid.IntRange(1, 12).Draw(t, "acties") {
			in := regel(lid.Draw(t, "first"), rapid.SampledFrom([]string{"2026-01-05T10:00:00+01:00", "2026-02-05T10:00:00Z", "2026-02-28T23:30:00Z"}).Draw(t, "when"))
			for range rapid.IntRange(0, 3).Draw(t, "others") {
				in.Objecten = append(in.Objecten, verwerkingenlog.InvoerObject{
					Objecttype: "persoon", SoortObjectID: rapid.SampledFrom([]string{"BSN", "bsn"}).Draw(t, "kind"), ObjectID: lid.Draw(t, "who"),
					Betrokkenheid: rapid.SampledFrom([]string{"partner", "kind", ""}).Draw(t, "role"), Soorten: []string{"Adres"},
				})
			}
			if rapid.Bool().Draw(t, "delivered") {
				in.Set(verwerkingenlog.VeldSoortAfnemerID, "BSN")
				in.Set(verwerkingenlog.VeldAfnemerID, lid.Draw(t, "to"))
			}
			klasse := rapid.SampledFrom([]string{"normaal", "normaal", "vertrouwelijk"}).Draw(t, "class")
			in.Set(verwerkingenlog.VeldVertrouwelijkheid, klasse)
			v, err := p.log.Create(bg, applicatie(), in, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range v.Actie.Objecten {
				ids[o.ObjectID] = append(ids[o.ObjectID], o.ID)
				if klasse == "normaal" {
					zichtbaar[o.ObjectID]++
				}
			}
		}
		p.verder(time.Second)
		for _, ik := range leden {
			w := p.mens(ik)
			var alles []any
			o, err := p.Overzicht(bg, w, inzage.Filter{}, "")
			if err != nil {
				t.Fatal(err)
			}
			alles = append(alles, o)
			if got := len(regels(o)); got != zichtbaar[ik] {
				t.Errorf("%d lines, want %d", got, zichtbaar[ik])
			}
			for _, g := range regels(o) {
				if !slices.Contains(ids[ik], g.ID) {
					t.Errorf("the part of another in an actie is shown: %+v", g)
				}
			}
			if err := p.Alles(bg, w, inzage.Filter{}, func(g *inzage.Gebruik) error { alles = append(alles, g); return nil }); err != nil {
				t.Fatal(err)
			}
			for van, lijst := range ids {
				for _, id := range lijst {
					g, err := p.Een(bg, w, id)
					if van != ik && err == nil {
						t.Errorf("a line of another is shown: %+v", g)
					}
					alles = append(alles, g, fmt.Sprint(err))
				}
			}
			b, err := json.Marshal(alles)
			if err != nil {
				t.Fatal(err)
			}
			for _, ander := range leden {
				if strings.Contains(string(b), ander) {
					t.Errorf("a number is shown: %s", b)
				}
			}
		}
	})
}
