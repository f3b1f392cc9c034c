package activiteit_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestWorkOnAFileTellsHowFarItIsToWhoAskedForIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id, err := o.BeginWerk(bg, o.bea, uuid.Nil, Werk{Wat: WerkLezen, Bestand: "register.xlsx", Sinds: o.klok})
	if err != nil {
		t.Fatal(err)
	}
	o.verder(5 * time.Second)
	if err := o.MeldWerk(bg, o.bea, id, 1200, 40); err != nil {
		t.Fatal(err)
	}
	w, err := o.Werk(bg, o.bea, id)
	if err != nil || w == nil || w.Rijen != 1200 || w.Procent != 40 || w.Bestand != "register.xlsx" || !w.Loopt(o.klok) {
		t.Fatalf("%+v: %v", w, err)
	}
	if l, err := o.Werken(o.bea); err != nil || len(l) != 1 {
		t.Errorf("%v: %v", l, err)
	}
	ander := o.bea
	ander.Wie.ID = "ben"
	_, err = o.Werk(bg, ander, id)
	geweigerd(t, err, fout.CodeNietGevonden)
	geweigerd(t, o.MeldWerk(bg, ander, id, 1, 1), fout.CodeNietGevonden)
	if l, err := o.Werken(ander); err != nil || len(l) != 0 {
		t.Errorf("of somebody else: %v, %v", l, err)
	}
	if _, _, err := o.Haal(bg, o.bea, id); fout.CodeOf(err) != fout.CodeNietGevonden {
		t.Errorf("there is content before it was read: %v", err)
	}
	if err := o.WerkGelezen(bg, o.bea, id, "keuze", []byte("inhoud")); err != nil {
		t.Fatal(err)
	}
	if keuze, inhoud, err := o.Haal(bg, o.bea, id); err != nil || keuze != "keuze" || string(inhoud) != "inhoud" {
		t.Errorf("%q %q %v", keuze, inhoud, err)
	}
	if w, err := o.Werk(bg, o.bea, id); err != nil || w != nil {
		t.Errorf("still being read: %+v, %v", w, err)
	}
	if n := len(o.gebeurtenissen(10)); n != 0 {
		t.Errorf("%d events, though nothing of the register changed", n)
	}
}

func TestWorkOfANodeThatIsGoneIsSaidToHaveStopped(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id, err := o.BeginWerk(bg, o.bea, uuid.Nil, Werk{Wat: WerkLezen, Sinds: o.klok})
	if err != nil {
		t.Fatal(err)
	}
	o.verder(19 * time.Second)
	if w, err := o.Werk(bg, o.bea, id); err != nil || w.Gestopt(o.klok) {
		t.Errorf("stopped too early: %v", err)
	}
	o.verder(time.Second)
	if w, err := o.Werk(bg, o.bea, id); err != nil || !w.Gestopt(o.klok) || w.Loopt(o.klok) {
		t.Errorf("%+v: %v", w, err)
	}
	if l, err := o.Werken(o.bea); err != nil || len(l) != 0 {
		t.Errorf("goes on: %v, %v", l, err)
	}
	klaar := o.Doe(id) // it is not gone: its signs wait
	if w, err := o.Werk(bg, o.bea, id); err != nil || w.Gestopt(o.klok) {
		t.Errorf("work of this node has stopped: %+v, %v", w, err)
	}
	if l, err := o.Werken(o.bea); err != nil || len(l) != 1 {
		t.Errorf("does not go on: %v, %v", l, err)
	}
	_, err = o.BeginWerk(bg, o.bea, id, Werk{Wat: WerkInvoeren, Sinds: o.klok})
	geweigerd(t, err, fout.CodeGelijktijdig)
	geweigerd(t, o.ZetKeuze(bg, o.bea, id, "anders"), fout.CodeGelijktijdig)
	klaar()
	if w, err := o.Werk(bg, o.bea, id); err != nil || !w.Gestopt(o.klok) {
		t.Errorf("%+v: %v", w, err)
	}
}

func TestAFileIsTakenOverOnceAndNotAfterItWasThrownAway(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	een := []Invoer{{Inhoud: Inhoud{Naam: "Een"}}}
	id, err := o.Bewaar(bg, o.bea, "", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.BeginWerk(bg, o.bea, id, Werk{Wat: WerkInvoeren, Sinds: o.klok}); err != nil {
		t.Fatal(err)
	}
	_, err = o.BeginWerk(bg, o.bea, id, Werk{Wat: WerkInvoeren, Sinds: o.klok})
	geweigerd(t, err, fout.CodeGelijktijdig)
	geweigerd(t, o.ZetKeuze(bg, o.bea, id, "anders"), fout.CodeGelijktijdig)
	if u, err := o.ImporteerUit(bg, o.bea, id, een, 3, false); err != nil || u != (Uitkomst{Nieuw: 1, Gelijk: 3}) {
		t.Fatalf("%+v: %v", u, err)
	}
	w, err := o.Werk(bg, o.bea, id)
	if err != nil || w.Uitkomst == nil || *w.Uitkomst != (Uitkomst{Nieuw: 1, Gelijk: 3}) {
		t.Errorf("%+v: %v", w, err)
	}
	_, err = o.ImporteerUit(bg, o.bea, id, een, 3, false)
	geweigerd(t, err, fout.CodeVoorwaarde)
	geweigerd(t, o.GooiInvoerWeg(bg, o.bea, id), fout.CodeVoorwaarde)
	if err := o.WerkMislukt(bg, o.bea, id, []string{"Te laat."}); err != nil {
		t.Error(err)
	}
	if w, err := o.Werk(bg, o.bea, id); err != nil || len(w.Fouten) != 0 {
		t.Errorf("what was done failed afterwards: %+v, %v", w, err)
	}

	weg, err := o.Bewaar(bg, o.bea, "", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.GooiInvoerWeg(bg, o.bea, weg); err != nil {
		t.Fatal(err)
	}
	_, err = o.ImporteerUit(bg, o.bea, weg, []Invoer{{Inhoud: Inhoud{Naam: "Twee"}}}, 0, false)
	geweigerd(t, err, fout.CodeNietGevonden)
	l, err := o.Lijst(o.bea, Filter{})
	if err != nil || len(l) != 1 {
		t.Errorf("%d activities: %v", len(l), err)
	}
}
