package inzage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// veel logs n acties about somebody, spread over the year before.
func (p *proef) veel(bsn string, n int) {
	p.Helper()
	begin, stap := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), 365*24*time.Hour/time.Duration(n)
	const tegelijk = 2000
	for van := 0; van < n; van += tegelijk {
		var wacht []*verwerkingenlog.Vastlegging
		for k := van; k < min(van+tegelijk, n); k++ {
			v, err := p.log.Prepare(bg, applicatie(), regel(bsn, begin.Add(time.Duration(k)*stap).Format(time.RFC3339)), "", nil)
			if err != nil {
				p.Fatal(err)
			}
			if err := v.Submit(); err != nil {
				p.Fatal(err)
			}
			wacht = append(wacht, v)
		}
		for _, v := range wacht {
			if _, err := v.Wait(bg); err != nil {
				p.Fatal(err)
			}
		}
	}
}

func TestTenThousandLinesCostOneSearchAndOnePage(t *testing.T) {
	t.Parallel()
	const veel = 10_000
	p := newProef(t)
	p.veel(anna, veel)
	w := p.mens(anna)
	p.store.gevraagd()
	o := p.kijk(w)
	if n := p.store.gevraagd(); n != [3]int64{1, 1, 50} {
		t.Errorf("%d searches, %d reads of %d versions; want one of each, of a page", n[0], n[1], n[2])
	}
	som := 0
	for k, m := range o.Maanden {
		som += m.Aantal
		if k > 0 && !m.Begin.Before(o.Maanden[k-1].Begin) || m.Begin.Day() != 1 || m.Begin.Hour() != 0 || m.Aantal == 0 {
			t.Errorf("month %d is %+v", k, m)
		}
	}
	if o.Aantal != veel+1 || som != o.Aantal || len(o.Maanden) != 13 { // March twice: of last year, and with the own look
		t.Errorf("%d lines, %d in %d months", o.Aantal, som, len(o.Maanden))
	}
	voor := p.size()
	for _, m := range o.Maanden[1:] {
		d, err := p.Overzicht(bg, w, inzage.Filter{}, m.Cursor)
		if err != nil {
			t.Fatal(err)
		}
		if eerste := d.Delen[0]; !eerste.Maand.Equal(m.Begin) || d.Aantal != o.Aantal {
			t.Errorf("the page of %s begins with %s", m.Begin.Format("2006-01"), eerste.Maand.Format("2006-01"))
		}
	}
	if n := p.store.gevraagd(); n != [3]int64{12, 12, 600} || p.size() != voor {
		t.Errorf("twelve months: %v, %d acties", n, p.size()-voor)
	}
}

// BenchmarkEersteScherm is the first screen of a citizen: with the two acties of the look (tmpfs or disk decides about those), and
// without, beside the search by person alone.
func BenchmarkEersteScherm(b *testing.B) {
	for _, veel := range []int{100, 10_000} {
		p := newProef(b)
		p.veel(anna, veel)
		w := p.mens(anna)
		b.Run(fmt.Sprintf("regels=%d/blik", veel), func(b *testing.B) {
			for b.Loop() {
				w.Begonnen = w.Begonnen.Add(time.Microsecond) // another session
				p.kijk(w)
			}
		})
		o := p.kijk(w)
		b.Run(fmt.Sprintf("regels=%d/terug", veel), func(b *testing.B) {
			for b.Loop() {
				if p.kijk(w).Aantal != o.Aantal {
					b.Fatal("another number")
				}
			}
		})
		b.Run(fmt.Sprintf("regels=%d/vraag", veel), func(b *testing.B) {
			f := &verwerkingenlog.Filter{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: anna, BeginDatum: "1900-01-01", EindDatum: "9999-01-01", PageSize: "50"}
			d := verwerkingenlog.Doorgave{OIN: gemeente, ActiviteitID: mijn, VerwerkingID: inzien}
			for b.Loop() {
				if _, err := p.log.ListInzage(bg, applicatie(), f, "", d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
