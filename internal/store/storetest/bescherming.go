package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// RunBescherming is the suite of protected citizens on a store with two nodes. open gives an empty store in which A and B exist, as the two
// see it.
func RunBescherming(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander KastKnoop)) {
	for naam, f := range map[string]func(*beschermproef){
		"what one node sets the other knows by itself": (*beschermproef).volgt,
		"one officer protects, and two end it":         (*beschermproef).einde,
		"it does not become shorter":                   (*beschermproef).korter,
		"who may not is refused":                       (*beschermproef).rechten,
		"what lapses is told a month before":           (*beschermproef).aflopend,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			p := &beschermproef{T: t, nu: Start, log: beheerlog.NewLog(ander.Log, sleutels, time.Now)}
			maak := func(k KastKnoop) *inwoner.Beschermingen {
				b, err := inwoner.OpenBeschermingen(bg, inwoner.BeschermingOpties{
					Opslag: k.Opslag, Sleutels: sleutels, Organisaties: []string{A, B}, Meld: func(err error) { t.Error(err) }, Nu: func() time.Time { return p.nu },
				})
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			p.hier, p.daar = maak(een), maak(ander)
			f(p)
			if _, err := p.log.Controle(bg, A); err != nil {
				t.Error(err)
			}
		})
	}
}

type beschermproef struct {
	*testing.T
	nu         time.Time
	hier, daar *inwoner.Beschermingen
	log        *beheerlog.Log
}

var (
	iemand = inwoner.BSN("999990019")
	opvang = inwoner.BeschermingInvoer{Wat: inwoner.Beschermd, Aanleiding: inwoner.Opvang, Opmerking: "Bel eerst de opvang."}
	waarom = "De inwoner vroeg hier zelf om."
	anja   = officier("anja", "zien", "beheren", "goedkeuren")
	boris  = officier("boris", "zien", "beheren", "goedkeuren")
	etmaal = 24 * time.Hour
)

func officier(naam string, mag ...string) inwoner.Medewerker {
	return inwoner.Medewerker{OIN: A, Wie: beheerlog.Wie{Soort: "gebruiker", ID: naam, Naam: naam}, Mag: func(h string) bool {
		for _, m := range mag {
			if m == h {
				return true
			}
		}
		return false
	}}
}

func (p *beschermproef) stel(m inwoner.Medewerker, in inwoner.BeschermingInvoer) uuid.UUID {
	p.Helper()
	id, err := p.hier.Stel(bg, m, iemand, in)
	if err != nil {
		p.Fatal(err)
	}
	p.ververs()
	return id
}

func (p *beschermproef) ververs() {
	p.Helper()
	for _, b := range []*inwoner.Beschermingen{p.hier, p.daar} {
		if err := b.Refresh(bg); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *beschermproef) geldt(want inwoner.Toestand) {
	p.Helper()
	for naam, b := range map[string]*inwoner.Beschermingen{"here": p.hier, "there": p.daar} {
		if got := b.Van(A, iemand); got != want {
			p.Errorf("%s %+v holds, want %+v", naam, got, want)
		}
		if got := b.Van(A, inwoner.BSN("999990275")); got != (inwoner.Toestand{}) {
			p.Errorf("of another %+v holds", got)
		}
		if got := b.Van(B, iemand); got != (inwoner.Toestand{}) {
			p.Errorf("elsewhere %+v holds", got)
		}
	}
}

func (p *beschermproef) weigert(want fout.Code, err error) {
	p.Helper()
	if fout.CodeOf(err) != want {
		p.Errorf("%v, want %s", err, want)
	}
}

func (p *beschermproef) volgt() {
	ctx, stop := context.WithCancel(bg)
	var wg sync.WaitGroup
	wg.Go(func() { p.daar.Follow(ctx, 100*time.Millisecond) })
	p.Cleanup(func() { stop(); wg.Wait() })
	if _, err := p.hier.Stel(bg, anja, iemand, inwoner.BeschermingInvoer{Wat: inwoner.Overleden}); err != nil {
		p.Fatal(err)
	}
	// A portal elsewhere may have lost the first zero of a number.
	if _, err := p.hier.Stel(bg, anja, inwoner.BSN("000000012"), opvang); err != nil {
		p.Fatal(err)
	}
	if p.hier.Van(A, inwoner.BSN("000000012")) != (inwoner.Toestand{Beschermd: true}) || p.hier.Van(A, inwoner.BSN("00000012")) != (inwoner.Toestand{Beschermd: true}) {
		p.Error("who is protected is not, without the first zero of the number")
	}
	vanzelf(p, "the other node knows", func() bool { return p.daar.Van(A, iemand).Overleden })
	p.geldt(inwoner.Toestand{Overleden: true})
}

func (p *beschermproef) einde() {
	id := p.stel(anja, opvang)
	p.geldt(inwoner.Toestand{Beschermd: true})
	p.weigert(fout.CodeOngeldig, p.hier.StelEindeVoor(bg, anja, id, 1, "kort"))
	p.weigert(fout.CodeGelijktijdig, p.hier.StelEindeVoor(bg, anja, id, 7, waarom))
	if err := p.hier.StelEindeVoor(bg, anja, id, 1, waarom); err != nil {
		p.Fatal(err)
	}
	p.weigert(fout.CodeGeenToestemming, p.daar.StelEindeVoor(bg, boris, id, 1, waarom))
	p.weigert(fout.CodeGeenToestemming, p.hier.Beeindig(bg, anja, id, 1))
	p.weigert(fout.CodeGeenToestemming, p.hier.Weiger(bg, anja, id, 1, waarom))
	p.weigert(fout.CodeGeenToestemming, p.hier.TrekIn(bg, boris, id, 1))
	p.weigert(fout.CodeGeenToestemming, p.daar.Beeindig(bg, officier("carla", "zien", "beheren"), id, 1))
	p.geldt(inwoner.Toestand{Beschermd: true})
	if err := p.daar.Weiger(bg, boris, id, 1, "Er is nog een dreiging."); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.StelEindeVoor(bg, anja, id, 1, waarom); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.TrekIn(bg, anja, id, 1); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.StelEindeVoor(bg, anja, id, 1, waarom); err != nil {
		p.Fatal(err)
	}
	// One that lapsed decides nothing, and makes way for another.
	p.nu = p.nu.Add(inwoner.VoorstelGeldig)
	p.weigert(fout.CodeGeenToestemming, p.daar.Beeindig(bg, boris, id, 1))
	if err := p.daar.StelEindeVoor(bg, anja, id, 1, waarom); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.Beeindig(bg, boris, id, 2); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	p.geldt(inwoner.Toestand{})
	p.weigert(fout.CodeNietGevonden, p.hier.Beeindig(bg, boris, id, 2))
	l, err := p.log.Van(bg, A, beheerlog.Bescherming, beheerlog.Vanaf, 100)
	if err != nil || len(l) != 8 {
		p.Fatalf("%d events: %v", len(l), err)
	}
	for _, r := range l {
		if r.Betreft.Soort != "inwoner" || len(r.Betreft.ID) != 32 && len(r.Betreft.ID) != 64 || r.Betreft.Naam != "" {
			p.Errorf("event of %+v", r.Betreft)
		}
	}
	if l[0].Wat != "Beëindigd: de extra bescherming van een inwoner, voorgesteld door anja en goedgekeurd door een tweede medewerker." || l[0].Door.ID != "boris" || l[0].Reden != waarom {
		p.Errorf("%+v", l[0])
	}
}

func (p *beschermproef) korter() {
	over := func(dagen int) inwoner.BeschermingInvoer {
		in := opvang
		in.Tot = p.nu.Add(time.Duration(dagen) * etmaal)
		return in
	}
	id := p.stel(anja, over(10))
	if err := p.hier.StelEindeVoor(bg, anja, id, 1, waarom); err != nil {
		p.Fatal(err)
	}
	if ander := p.stel(boris, over(20)); ander != id {
		p.Error("somebody is protected twice")
	}
	p.weigert(fout.CodeNietGevonden, p.daar.Beeindig(bg, boris, id, 1)) // what was proposed is not what holds now
	_, err := p.daar.Stel(bg, boris, iemand, over(5))
	p.weigert(fout.CodeGeenToestemming, err)
	p.stel(boris, opvang)
	_, err = p.daar.Stel(bg, boris, iemand, over(1000))
	p.weigert(fout.CodeGeenToestemming, err)
	for _, in := range []inwoner.BeschermingInvoer{{}, {Wat: inwoner.Beschermd}, {Wat: inwoner.Beschermd, Aanleiding: inwoner.Overlijden}, over(-1), {Wat: inwoner.Overleden, Tot: p.nu.Add(etmaal)}} {
		_, err := p.hier.Stel(bg, anja, iemand, in)
		p.weigert(fout.CodeOngeldig, err)
	}
	p.geldt(inwoner.Toestand{Beschermd: true})
}

func (p *beschermproef) rechten() {
	id := p.stel(anja, opvang)
	for _, m := range []inwoner.Medewerker{{OIN: A, Wie: boris.Wie}, officier("boris", "zien", "goedkeuren")} {
		_, err := p.hier.Stel(bg, m, iemand, opvang)
		p.weigert(fout.CodeGeenToestemming, err)
		p.weigert(fout.CodeGeenToestemming, p.hier.StelEindeVoor(bg, m, id, 1, waarom))
		p.weigert(fout.CodeGeenToestemming, p.hier.TrekIn(bg, m, id, 1))
	}
	niemand := officier("boris", "beheren")
	_, err := p.hier.Zoek(niemand, iemand)
	p.weigert(fout.CodeGeenToestemming, err)
	_, err = p.hier.Een(niemand, id)
	p.weigert(fout.CodeGeenToestemming, err)
	_, _, err = p.hier.Aandacht(niemand)
	p.weigert(fout.CodeGeenToestemming, err)
	elders := anja
	elders.OIN = B
	if _, err := p.hier.Een(elders, id); !errors.Is(err, fout.NietGevonden) {
		p.Error(err)
	}
	if l, err := p.daar.Zoek(boris, iemand); err != nil || len(l) != 1 || l[0].Opmerking != opvang.Opmerking || l[0].Masker() != "••••••019" {
		p.Errorf("%+v, %v", l, err)
	}
}

func (p *beschermproef) aflopend() {
	in := opvang
	in.Tot = p.nu.AddDate(0, 2, 0)
	id := p.stel(anja, in)
	telt := func(want int) {
		p.Helper()
		if l, _, err := p.daar.Aandacht(boris); err != nil || len(l) != want || want == 1 && l[0].ID != id {
			p.Errorf("%d end soon: %v", len(l), err)
		}
	}
	telt(0)
	p.nu = p.nu.AddDate(0, 1, 1)
	telt(1)
	p.nu = in.Tot
	telt(0)
	p.geldt(inwoner.Toestand{})
}
