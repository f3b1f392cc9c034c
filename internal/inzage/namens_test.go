package inzage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// cato is a child, of whom anna is the parent.
const cato = "999944321"

var fg = inwoner.Medewerker{OIN: gemeente, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "fg", Naam: "Fenna Geer"}, Mag: func(string) bool { return true }}

// openVoor opens a domein with these activities for parents.
func (p *proef) openVoor(naam string, taken ...uuid.UUID) uuid.UUID {
	p.Helper()
	in := domein.Inhoud{Naam: naam, Uitleg: "Wat bij " + naam + " hoort.", Voor: []inwoner.NamensSoort{inwoner.Ouder}}
	for _, t := range taken {
		in.Activiteiten = append(in.Activiteiten, domein.Activiteit{ID: t})
	}
	id, err := p.domeinen.StelVoor(bg, fg, uuid.Nil, 0, in)
	if err != nil {
		p.Fatal(err)
	}
	ander := fg
	ander.Wie.ID = "po"
	if err := p.domeinen.Beslis(bg, ander, id, 1, true, ""); err != nil {
		p.Fatal(err)
	}
	return id
}

// ouder is anna, who signed in for her child.
func (p *proef) ouder() *inwoner.Inwoner {
	w := p.mens(anna)
	w.Namens = &inwoner.Namens{Soort: inwoner.Ouder, Persoon: inwoner.BSN(cato)}
	return w
}

func namen(delen []inzage.Deel) (uit []string) {
	for _, d := range delen {
		for _, g := range d.Groepen {
			for _, een := range g.Gebruik {
				uit = append(uit, een.Actie)
			}
		}
	}
	return uit
}

var overParkeren = zet(verwerkingenlog.VeldVerwerkingsactiviteitID, parkeren.String())

// A parent sees what was done for the tasks that are open, of the child alone, and nothing of the rest; the child sees that they looked.
func TestWhoActsForAnotherSeesWhatIsOpenAndNothingElse(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	geheim := zet(verwerkingenlog.VeldVertrouwelijkheid, "vertrouwelijk")
	p.leg(
		regel(cato, "2026-02-01T10:00:00Z", overParkeren, zet(verwerkingenlog.VeldActieNaam, "Pas maken"), func(in *verwerkingenlog.Invoer) {
			in.Objecten = append(in.Objecten, verwerkingenlog.InvoerObject{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bas, Betrokkenheid: "buurjongen"})
		}),
		regel(cato, "2026-02-02T10:00:00Z", zet(verwerkingenlog.VeldActieNaam, "Verhuizing doen")),
		regel(anna, "2026-02-03T10:00:00Z", overParkeren, zet(verwerkingenlog.VeldActieNaam, "Pas van de ouder")),
		regel(cato, "2026-02-04T10:00:00Z", overParkeren, geheim, zet(verwerkingenlog.VeldActieNaam, "Nagaan van misbruik")),
	)
	onderzoek := uuid.NewString()
	p.leg(regel(cato, "2026-02-05T10:00:00Z", overParkeren, geheim, zet(verwerkingenlog.VeldActieNaam, "Opgeheven nagaan"), zet(verwerkingenlog.VeldVerwerkingID, onderzoek)))
	lift := verwerkingenlog.Wijziging{Vertrouwelijkheid: "opgeheven", HasVertrouwelijkheid: true}
	if _, err := p.log.UpdateVerwerking(bg, applicatie(), onderzoek, lift, ""); err != nil {
		t.Fatal(err)
	}

	w := p.ouder()
	if l, err := p.NamensDomeinen(w); err != nil || len(l) != 0 {
		t.Fatalf("nothing was opened, and %v is: %v", l, err)
	}
	id := p.openVoor("Afvalpas", parkeren)
	voor := p.size()
	if l, err := p.NamensDomeinen(w); err != nil || len(l) != 1 || l[0].ID != id || l[0].Uitleg != "Wat bij Afvalpas hoort." || p.size() != voor {
		t.Fatalf("%v is open, %d acties: %v", l, p.size()-voor, err)
	}
	o, err := p.Namens(bg, w, id, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := namen(o.Delen); !slices.Equal(got, []string{"Pas maken"}) || o.Vorige != "" || o.Volgende != "" {
		t.Errorf("a parent sees %q, and %q %q", got, o.Vorige, o.Volgende)
	}
	if n := p.size() - voor; n != 2 {
		t.Errorf("a look is %d acties", n)
	}
	if _, err := p.Namens(bg, w, id, ""); err != nil || p.size()-voor != 2 {
		t.Errorf("coming back is another look: %v", err)
	}
	// The other pages stay shut, whatever is open.
	if _, err := p.Overzicht(bg, w, inzage.Filter{}, ""); fout.CodeOf(err) != fout.CodeGeenToestemming {
		t.Errorf("the overview of the other: %v", err)
	}

	// The child reads that somebody looked, in what way, and not who.
	p.verder(time.Minute)
	kind := p.kijk(p.mens(cato))
	var keken []inzage.Gebruik
	for _, g := range regels(kind) {
		if g.Namens {
			keken = append(keken, g)
		}
	}
	if len(keken) != 2 || keken[0].Verwerking != "Bekijken door iemand die namens u mag kijken" || keken[0].Ontvanger != (inzage.Partij{Soort: inzage.Namens}) || keken[0].Eigen {
		t.Fatalf("the child reads %+v", keken)
	}
	if !slices.ContainsFunc(keken, func(g inzage.Gebruik) bool {
		return g.Actie == "Tonen verwerkingen aan een ouder of voogd" && g.Handeling == "Afvalpas"
	}) {
		t.Errorf("the child reads %+v", keken)
	}
	if kind.Delen[0].Blikken != 1 || kind.Delen[0].Groepen[0].Naam != "Bekijken door iemand die namens u mag kijken" || len(kind.Delen[0].Groepen[0].Gebruik) != 2 {
		t.Errorf("%+v", kind.Delen[0])
	}
	// And the parent has nothing of it in their own.
	if got := namen(p.kijk(p.mens(anna)).Delen); !slices.Equal(got, []string{"Pas van de ouder"}) {
		t.Errorf("the parent's own overview holds %q", got)
	}
}

// What is not for them costs and says the same: nothing is open, the other is protected or died, the number is not known.
func TestNothingTellsWhyNothingIsOpen(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(cato, "2026-02-01T10:00:00Z", overParkeren))
	id := p.openVoor("Afvalpas", parkeren)
	voor := p.size()
	p.store.gevraagd()
	kijk := func(w *inwoner.Inwoner) {
		t.Helper()
		if l, err := p.NamensDomeinen(w); err != nil || l != nil {
			t.Errorf("%v is open: %v", l, err)
		}
		if _, err := p.Namens(bg, w, id, ""); !errors.Is(err, fout.NietGevonden) {
			t.Errorf("the domein itself: %v", err)
		}
		if n := p.store.gevraagd(); n != [3]int64{} || p.size() != voor {
			t.Errorf("it cost %v, and left %d acties", n, p.size()-voor)
		}
	}
	for _, toestand := range []inwoner.Toestand{{Beschermd: true}, {Overleden: true}} {
		p.toestand.Store(&toestand)
		kijk(p.ouder())
	}
	p.toestand.Store(&inwoner.Toestand{})
	zelf := p.ouder()
	zelf.Beschermd = true
	kijk(zelf)
	curator := p.ouder()
	curator.Namens.Soort = inwoner.Curator
	kijk(curator)
	for naam, f := range map[string]func(*inwoner.Inwoner){
		"for nobody": func(w *inwoner.Inwoner) { w.Namens = nil }, "for a company": func(w *inwoner.Inwoner) { w.Namens.Soort = inwoner.Onderneming },
		"for whom is not known": func(w *inwoner.Inwoner) { w.Namens.Persoon = inwoner.Persoon{} }, "at a low level": func(w *inwoner.Inwoner) { w.Niveau = inwoner.Midden },
	} {
		w := p.ouder()
		f(w)
		if _, err := p.Namens(bg, w, id, ""); fout.CodeOf(err) != fout.CodeGeenToestemming {
			t.Errorf("%s: %v", naam, err)
		}
	}
}

// What is open, of whom, and of which activities is judged on every page: a cursor opens nothing.
func TestACursorOpensNothing(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for n := range 60 {
		p.leg(regel(cato, time.Date(2026, 1, 1, 0, n, 0, 0, time.UTC).Format(time.RFC3339), overParkeren), regel(cato, time.Date(2026, 1, 1, 0, n, 30, 0, time.UTC).Format(time.RFC3339)))
	}
	id := p.openVoor("Afvalpas", parkeren)
	w := p.ouder()
	o, err := p.Namens(bg, w, id, "")
	if err != nil || len(namen(o.Delen)) != 50 || o.Volgende == "" {
		t.Fatalf("%d lines: %v", len(namen(o.Delen)), err)
	}
	tweede, err := p.Namens(bg, w, id, o.Volgende)
	if err != nil || len(namen(tweede.Delen)) != 10 || tweede.Volgende != "" {
		t.Fatalf("%d lines on the second page: %v", len(namen(tweede.Delen)), err)
	}
	ongeldig := func(waar string, err error) {
		t.Helper()
		if c := fout.CodeOf(err); c != fout.CodeOngeldig && c != fout.CodeNietGevonden && c != fout.CodeGeenToestemming {
			t.Errorf("%s: %v", waar, err)
		}
	}
	ander := p.openVoor("Verhuizen", verhuizen)
	_, err = p.Namens(bg, w, ander, o.Volgende)
	ongeldig("in another domein", err)
	_, err = p.Overzicht(bg, p.mens(cato), inzage.Filter{}, o.Volgende)
	ongeldig("as the child", err)
	_, err = p.Overzicht(bg, p.mens(anna), inzage.Filter{}, o.Volgende)
	ongeldig("for oneself", err)
	vader := p.mens(bas)
	vader.Namens = w.Namens
	_, err = p.Namens(bg, vader, id, o.Volgende)
	ongeldig("by another parent", err)
	eigen := p.kijk(p.mens(cato))
	_, err = p.Namens(bg, w, id, eigen.Volgende)
	ongeldig("that of the child", err)

	if err := p.domeinen.Sluit(bg, fg, id, "Een ouder zag te veel."); err != nil {
		t.Fatal(err)
	}
	_, err = p.Namens(bg, w, id, o.Volgende)
	ongeldig("after it was closed", err)
	d, err := p.domeinen.Een(fg, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.domeinen.StelVoor(bg, fg, id, d.Versie, domein.Inhoud{Naam: "Afvalpas", Uitleg: "Nu anders.", Voor: []inwoner.NamensSoort{inwoner.Ouder}, Activiteiten: []domein.Activiteit{{ID: verhuizen}}}); err != nil {
		t.Fatal(err)
	}
	po := fg
	po.Wie.ID = "po"
	if err := p.domeinen.Beslis(bg, po, id, d.Versie+1, true, ""); err != nil {
		t.Fatal(err)
	}
	if o, err := p.Namens(bg, w, id, o.Volgende); err != nil || slices.ContainsFunc(regelsVan(o.Delen), func(g inzage.Gebruik) bool { return g.Uitleg.Activiteit == parkeren }) {
		t.Errorf("what is not open any more is shown: %v", err)
	}
	p.toestand.Store(&inwoner.Toestand{Beschermd: true})
	_, err = p.Namens(bg, w, id, o.Volgende)
	ongeldig("after protection", err)
}

func regelsVan(delen []inzage.Deel) []inzage.Gebruik { return regels(&inzage.Overzicht{Delen: delen}) }

// The number of reads is that of what is open, whatever else there is.
func TestWhatElseThereIsCostsNothing(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(cato, "2026-02-01T10:00:00Z", overParkeren), regel(bas, "2026-02-01T10:00:00Z", overParkeren))
	for n := range 40 {
		p.leg(regel(bas, time.Date(2026, 1, 1, 0, n, 0, 0, time.UTC).Format(time.RFC3339)))
	}
	id := p.openVoor("Afvalpas", parkeren)
	kost := func(bsn string) [3]int64 {
		w := p.ouder()
		w.Namens.Persoon = inwoner.BSN(bsn)
		p.verder(time.Second)
		w.Begonnen = p.nu()
		p.store.gevraagd()
		if o, err := p.Namens(bg, w, id, ""); err != nil || len(namen(o.Delen)) != 1 || strings.Contains(strings.Join(namen(o.Delen), " "), "Verhuizing") {
			t.Fatalf("%v: %v", o, err)
		}
		return p.store.gevraagd()
	}
	if een, ander := kost(cato), kost(bas); een != ander || een != [3]int64{1, 1, 1} {
		t.Errorf("it costs %v, and with other lines %v", een, ander)
	}
}

// A line is judged by the version of its own moment too: what was about health then is not shown now that the activity is not any more.
func TestWhatWasSensitiveThenIsNotShown(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	bij := zet(verwerkingenlog.VeldVerwerkingsactiviteitID, school.String())
	p.leg(
		regel(cato, "2025-12-30T10:00:00Z", bij, zet(verwerkingenlog.VeldActieNaam, "Beoordelen van de beperking")),
		regel(cato, "2026-01-02T10:00:00Z", bij, zet(verwerkingenlog.VeldActieNaam, "Toewijzen van een plaats")),
	)
	o, err := p.Namens(bg, p.ouder(), p.openVoor("Plaatsen op school", school), "")
	if err != nil || !slices.Equal(namen(o.Delen), []string{"Toewijzen van een plaats"}) {
		t.Errorf("%q: %v", namen(o.Delen), err)
	}
}
