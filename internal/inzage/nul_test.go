package inzage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A number that is nobody's, and as a system has it that keeps numbers.
const metNul, zonderNul = "000000012", "00000012"

// Who has a BSN that begins with a zero sees what was logged without it: now, and in a log of before that was the same person. There it
// goes on under one handle when the handle key is replaced.
func TestACitizenWhoseNumberBeginsWithAZeroMissesNothing(t *testing.T) {
	t.Parallel()
	for naam, op := range map[string]func(testing.TB) opslag{"embedded": opSQLite, "PostgreSQL": opPostgres} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			p := newProefOp(t, op(t))
			s, _ := p.bos.Organisatie(gemeente)
			nu, eerder := s.Handle("persoon", "BSN", metNul), s.Eerder("persoon", "BSN", metNul)[0]
			toen := 0
			p.store.voor = func(groep []*verwerkingenlog.Eenheid) {
				for _, e := range groep {
					for _, r := range e.Rijen {
						for k, i := range r.Ingangen {
							if i.Soort == verwerkingenlog.IngangPersoon && i.Sleutel == nu {
								r.Ingangen[k].Sleutel = eerder
								toen++
							}
						}
					}
				}
			}
			een := p.leg(regel(zonderNul, "2026-01-10T10:00:00+01:00"))
			p.store.voor = nil
			if toen != 1 {
				t.Fatalf("%d entries are of before", toen)
			}
			p.leg(regel(zonderNul, "2026-02-10T10:00:00+01:00"),
				regel(metNul, "2026-02-11T10:00:00+01:00", zet(verwerkingenlog.VeldSoortAfnemerID, "bsn"), zet(verwerkingenlog.VeldAfnemerID, zonderNul)),
				regel(anna, "2026-02-12T10:00:00+01:00"))
			ziet := func(wanneer string) {
				t.Helper()
				p.verder(time.Second)
				var zag []string
				for _, g := range regels(p.kijk(p.mens(metNul))) {
					zag = append(zag, g.Moment.Format("2006-01-02 ")+string(g.Ontvanger.Soort))
				}
				if want := []string{"2026-02-11 " + string(inzage.Zelf), "2026-02-10 ", "2026-01-10 "}; !slices.Equal(zag, want) {
					t.Errorf("%s: %q", wanneer, zag)
				}
				w := p.mens(metNul)
				p.kijk(w)
				if _, err := p.Een(bg, w, een.Actie.Objecten[0].ID); err != nil {
					t.Errorf("%s: one line of before: %v", wanneer, err)
				}
			}
			ziet("with the keys of before")
			if _, err := betrokkene.Nieuw(p.keys, gemeente, betrokkene.SoortHandle); err != nil {
				t.Fatal(err)
			}
			if err := p.bos.Ververs(bg); err != nil {
				t.Fatal(err)
			}
			ziet("with a new key beside it")
			nieuw, err := betrokkene.Open(bg, p.keys, []string{gemeente, waterschap}, p.store.Store.(opslag))
			if err != nil {
				t.Fatal(err)
			}
			s, _ = nieuw.Organisatie(gemeente)
			h := p.store.Store.(verwerkingenlog.Hersleutelaar)
			for van, klaar := uint64(0), false; !klaar; {
				volgende, _, err := verwerkingenlog.Hersleutel(bg, h, s, gemeente, van, 64)
				if err != nil {
					t.Fatal(err)
				}
				klaar, van = volgende == van, volgende
			}
			ziet("after rewriting")
			var onder []bool
			if _, _, err := h.Hersleutel(bg, gemeente, 0, 1, func(r *verwerkingenlog.Rij) (verwerkingenlog.Nieuw, bool, error) {
				for _, i := range r.Ingangen {
					if i.Soort == verwerkingenlog.IngangPersoon {
						onder = append(onder, i.Sleutel == s.Handle("persoon", "BSN", metNul))
					}
				}
				return verwerkingenlog.Nieuw{}, false, nil
			}); err != nil || !slices.Equal(onder, []bool{true}) {
				t.Errorf("the first version is not under the handle of now: %v %v", onder, err)
			}
		})
	}
}
