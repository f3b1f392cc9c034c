package inzage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// gevonden reads all pages of a filter; it gives names, and how many pages there were.
func (p *proef) gevonden(f inzage.Filter) (uit []string, bladen int) {
	p.Helper()
	w := p.mens(anna)
	for cursor := ""; ; bladen++ {
		o, err := p.Overzicht(bg, w, f, cursor)
		if err != nil {
			p.Fatal(err)
		}
		if !o.Zoekt || o.Vorige != "" || len(o.Maanden) != 0 || o.Aantal > 99 {
			p.Fatalf("%+v", o)
		}
		uit = append(uit, namen(o.Delen)...)
		if cursor = o.Volgende; cursor == "" {
			return uit, bladen + 1
		}
		if bladen > 50 {
			p.Fatal("it does not end")
		}
	}
}

func TestACitizenChoosesByOrganisationAndByHand(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	oin := zet(verwerkingenlog.VeldSoortAfnemerID, "OIN")
	naam := func(s string) func(*verwerkingenlog.Invoer) { return zet(verwerkingenlog.VeldActieNaam, s) }
	nacht := zet(verwerkingenlog.VeldSysteem, "Nachtelijke levering")
	p.leg(
		regel(anna, "2026-01-01T10:00:00Z", naam("ons")),
		regel(anna, "2026-01-02T10:00:00Z", naam("aan het waterschap"), oin, zet(verwerkingenlog.VeldAfnemerID, waterschap), nacht),
		regel(anna, "2026-01-03T10:00:00Z", naam("door het waterschap"), zet(verwerkingenlog.VeldUitvoerder, waterschap)),
		regel(anna, "2026-01-04T10:00:00Z", naam("aan wie niemand kent"), oin, zet(verwerkingenlog.VeldAfnemerID, fictief), nacht),
		regel(anna, "2026-01-05T10:00:00Z", naam("geheim aan het waterschap"), oin, zet(verwerkingenlog.VeldAfnemerID, waterschap), nacht, zet(verwerkingenlog.VeldVertrouwelijkheid, "vertrouwelijk")),
	)
	for _, een := range []struct {
		f    inzage.Filter
		want []string
	}{
		{inzage.Filter{Organisatie: waterschap}, []string{"door het waterschap", "aan het waterschap"}},
		{inzage.Filter{Organisatie: fictief}, []string{"aan wie niemand kent"}},
		{inzage.Filter{Organisatie: gemeente, Tot: "2026-01-31"}, []string{"aan wie niemand kent", "aan het waterschap", "ons"}},
		{inzage.Filter{Wijze: inzage.Vanzelf}, []string{"aan wie niemand kent", "aan het waterschap"}},
		{inzage.Filter{Wijze: inzage.MetMens, Tot: "2026-01-31"}, []string{"door het waterschap", "ons"}},
		{inzage.Filter{Wijze: inzage.Vanzelf, Organisatie: waterschap, Activiteit: verhuizen}, []string{"aan het waterschap"}},
		{inzage.Filter{Wijze: inzage.Vanzelf, Activiteit: parkeren}, nil},
	} {
		if got, bladen := p.gevonden(een.f); !slices.Equal(got, een.want) || bladen != 1 {
			t.Errorf("%+v: %q on %d pages, want %q", een.f, got, bladen, een.want)
		}
		var alles []string
		if err := p.Alles(bg, p.mens(anna), een.f, func(g *inzage.Gebruik) error {
			if !g.Eigen {
				alles = append(alles, g.Actie)
			}
			return nil
		}); err != nil || !slices.Equal(alles, een.want) {
			t.Errorf("%+v: a file holds %q, want %q: %v", een.f, alles, een.want, err)
		}
	}
	// The names to choose from are those that were met.
	p.verder(time.Second)
	w := p.mens(anna)
	o, err := p.Overzicht(bg, w, inzage.Filter{Activiteit: parkeren}, "")
	if err != nil || len(o.Organisaties) != 1 || o.Organisaties[0].OIN != gemeente || o.Zoekt {
		t.Errorf("%+v: %v", o, err)
	}
	// One that is asked for by a link from before is named too, and not met by that.
	o, err = p.Overzicht(bg, w, inzage.Filter{Organisatie: waterschap, Activiteit: parkeren}, "")
	if want := (inzage.Partij{Soort: inzage.Organisatie, OIN: waterschap, Naam: "Waterschap Voorbeeldvliet"}); err != nil || len(o.Organisaties) != 2 || o.Organisaties[1] != want {
		t.Errorf("to choose from when one is chosen that was not met: %+v, %v", o, err)
	}
	if o, err = p.Overzicht(bg, w, inzage.Filter{Activiteit: parkeren}, ""); err != nil || len(o.Organisaties) != 1 {
		t.Errorf("what was asked for counts as met: %+v, %v", o, err)
	}
	if o = p.kijk(w); len(o.Organisaties) != 3 || o.Organisaties[0].Naam != "Gemeente Voorbeeldstad" || o.Organisaties[1].OIN != waterschap || o.Organisaties[2] != (inzage.Partij{Soort: inzage.Organisatie, OIN: fictief}) {
		t.Errorf("to choose from: %+v", o.Organisaties)
	}
	for _, f := range []inzage.Filter{{Organisatie: "x"}, {Wijze: "soms"}} {
		if _, err := p.Overzicht(bg, w, f, ""); fout.CodeOf(err) != fout.CodeOngeldig {
			t.Errorf("%+v: %v", f, err)
		}
	}
	beschermd := p.mens(anna)
	beschermd.Beschermd = true
	if o, err := p.Overzicht(bg, beschermd, inzage.Filter{Organisatie: waterschap}, ""); err != nil || o.Zoekt || o.Organisaties != nil || o.Filter != (inzage.Filter{}) {
		t.Errorf("who is protected chooses: %+v, %v", o, err)
	}
}

// A page costs one search and a bound of content, fills up over what is not kept, and the pages together are all there is, each once.
func TestWhatIsChosenByContentCostsOneSearchAndABound(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.klok = p.klok.AddDate(0, 0, 1)
	var want []string
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range 1300 {
		in := regel(anna, begin.Add(time.Duration(n)*time.Minute).Format(time.RFC3339))
		if n < 30 || n >= 700 && n < 900 || n >= 900 && n < 1200 && n%4 == 0 { // some close together, and the oldest far behind
			in.Set(verwerkingenlog.VeldSoortAfnemerID, "OIN")
			in.Set(verwerkingenlog.VeldAfnemerID, waterschap)
			in.Set(verwerkingenlog.VeldActieNaam, fmt.Sprintf("%04d", n))
			want = append(want, fmt.Sprintf("%04d", n))
		}
		p.leg(in)
	}
	slices.Reverse(want)
	got, bladen := p.gevonden(inzage.Filter{Organisatie: waterschap})
	if !slices.Equal(got, want) {
		t.Errorf("%d of %d lines, on %d pages", len(got), len(want), bladen)
	}
	w := p.mens(anna)
	w.Begonnen = w.Begonnen.Add(time.Second)
	for cursor := ""; ; {
		p.store.gevraagd()
		o, err := p.Overzicht(bg, w, inzage.Filter{Organisatie: waterschap}, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if n := p.store.gevraagd(); n[0] != 1 || n[1] > 10 || n[2] > 500 {
			t.Errorf("a page costs %v", n)
		}
		if cursor = o.Volgende; cursor == "" {
			break
		}
	}
}

// A portal elsewhere chooses as our own pages do, and what it may choose from is what this citizen met there.
func TestAPortalElsewhereChoosesAsOurOwnPagesDo(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	oin := zet(verwerkingenlog.VeldSoortAfnemerID, "OIN")
	p.leg(
		regel(anna, "2026-01-01T10:00:00Z", zet(verwerkingenlog.VeldActieNaam, "ons")),
		regel(anna, "2026-01-02T10:00:00Z", zet(verwerkingenlog.VeldActieNaam, "aan het waterschap"), oin, zet(verwerkingenlog.VeldAfnemerID, waterschap), zet(verwerkingenlog.VeldSysteem, "Nachtelijke levering")),
		regel(bas, "2026-01-02T10:00:00Z", oin, zet(verwerkingenlog.VeldAfnemerID, fictief)),
	)
	portaal := func(clientID, bsn string) inzage.Elders {
		return inzage.Elders{
			Aanroeper: &verwerkingenlog.Aanroeper{Organisatie: gemeente, ClientID: clientID, OINs: []string{gemeente}, Lezen: verwerkingenlog.BereikVertrouwelijk},
			Doorgave:  verwerkingenlog.Doorgave{OIN: gemeente, ActiviteitID: mijn, ActiviteitURL: "https://x.example", VerwerkingID: uuid.New()}, Persoon: inwoner.BSN(bsn),
		}
	}
	kijk := func(e inzage.Elders, f inzage.Filter, cursor string) *inzage.Overzicht {
		t.Helper()
		o, err := p.OverzichtElders(bg, e, f, cursor)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	keuze := func(o *inzage.Overzicht) (uit []string) {
		for _, k := range o.Organisaties {
			uit = append(uit, k.OIN)
		}
		return uit
	}
	hier := portaal("portaal", anna)
	if o := kijk(hier, inzage.Filter{}, ""); o.Zoekt || !slices.Equal(keuze(o), []string{gemeente, waterschap}) {
		t.Errorf("all of it: %+v", o)
	}
	for _, een := range []struct {
		f    inzage.Filter
		want []string
	}{
		{inzage.Filter{Organisatie: waterschap}, []string{"aan het waterschap"}},
		{inzage.Filter{Wijze: inzage.Vanzelf}, []string{"aan het waterschap"}},
		{inzage.Filter{Wijze: inzage.MetMens, Tot: "2026-01-31"}, []string{"ons"}},
	} {
		o := kijk(hier, een.f, "")
		if got := namen(o.Delen); !o.Zoekt || !slices.Equal(got, een.want) || !slices.Equal(keuze(o), []string{gemeente, waterschap}) {
			t.Errorf("%+v: %q to choose from %q", een.f, got, keuze(o))
		}
		// A line of it is a part of the same look.
		voor := p.size()
		if _, _, err := p.EenElders(bg, hier, o.Hier, regels(o)[0].ID); err != nil || p.size() != voor {
			t.Errorf("%+v: a line costs %d looks: %v", een.f, p.size()-voor, err)
		}
	}
	// Nobody else can choose from what she met, nor she somewhere else.
	if o := kijk(portaal("portaal", bas), inzage.Filter{}, ""); !slices.Equal(keuze(o), []string{gemeente, fictief}) {
		t.Errorf("somebody else chooses from %q", keuze(o))
	}
	if o := kijk(portaal("ander", anna), inzage.Filter{Activiteit: parkeren}, ""); !slices.Equal(keuze(o), []string{gemeente}) {
		t.Errorf("another portal lets choose from %q", keuze(o))
	}
	p.verder(2 * time.Hour)
	if o := kijk(hier, inzage.Filter{Activiteit: parkeren}, ""); !slices.Equal(keuze(o), []string{gemeente}) {
		t.Errorf("after two hours she chooses from %q", keuze(o))
	}
	for _, f := range []inzage.Filter{{Organisatie: "x"}, {Wijze: "soms"}} {
		if _, err := p.OverzichtElders(bg, hier, f, ""); fout.CodeOf(err) != fout.CodeOngeldig {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
