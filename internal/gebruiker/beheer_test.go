package gebruiker_test

import (
	"context"
	"errors"
	"testing"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/kast"
)

func TestAChangeIsDecidedOnWhatAnotherNodeMadeOfIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	ander := o.herstart()
	if _, err := ander.VoegToe(bg, o.ben, GebruikerInvoer{Naam: "annelies", Email: "annelies@gemeente.example"}); err != nil {
		t.Fatal(err)
	}
	// This node has not seen her: the address is taken all the same, and another change goes well.
	_, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: "x", Email: "annelies@gemeente.example"})
	o.geweigerd(err, fout.CodeOngeldig)
	g, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: "x", Email: "x@gemeente.example"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := o.Register().OpEmail(gemeente, "annelies@gemeente.example", o.nu()); !ok {
		t.Error("the change of the other node is lost")
	}
	// Bea loses her rights on the other node, and can't do anything here any more.
	if err := ander.Refresh(bg); err != nil {
		t.Fatal(err)
	}
	bea, _ := ander.Register().Gebruiker(gemeente, beaID(o), o.nu())
	if err := ander.Sluit(bg, o.ben, bea.ID, bea.Versie, ""); err != nil {
		t.Fatal(err)
	}
	o.geweigerd(o.Sluit(bg, o.bea, g.ID, g.Versie, ""), fout.CodeGeenToestemming)
	_, err = o.VoegGroepToe(bg, o.bea, "Balie", "")
	o.geweigerd(err, fout.CodeGeenToestemming)
}

func TestATabAndAButtonAreThereForWhatIsAllowed(t *testing.T) {
	t.Parallel()
	r := NieuweRechten(nu, rechten("verwerkingenlog/zoeken/bsn/domein:burgerzaken", "groepen/zien/gewoon/alles", "verbod groepen/zien/gewoon/alles"))
	for _, m := range Modules(true) {
		if got := r.Module(m); got != (m == ModuleVerwerkingenlog) {
			t.Errorf("a tab of %s: %v", m, got)
		}
		for _, h := range Handelingen() {
			if got := r.MagErgens(m, h); got != (m == ModuleVerwerkingenlog && h == Zoeken) {
				t.Errorf("a button of %s/%s: %v", m, h, got)
			}
		}
	}
}

func TestAnOrganisationWithoutKeysIsNotServed(t *testing.T) {
	t.Parallel()
	o := leeg(t)
	opties := o.opties
	opties.Sleutels = func(string) (*betrokkene.Sleutels, bool) { return nil, false }
	if _, err := NewBeheer(bg, opties); err == nil {
		t.Error("started without keys")
	}
}

// brekend is a store that is down for a while.
type brekend struct {
	kast.Opslag
	fout error
}

func (b *brekend) Put(ctx context.Context, w kast.Wijziging) error {
	if b.fout != nil {
		return b.fout
	}
	return b.Opslag.Put(ctx, w)
}

func TestWhileTheStoreIsDownNothingChanges(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	opties := o.opties
	s := &brekend{Opslag: opties.Opslag}
	opties.Opslag = s
	b, err := NewBeheer(bg, opties)
	if err != nil {
		t.Fatal(err)
	}
	s.fout = fout.NietBeschikbaar
	if _, err := b.VoegGroepToe(bg, o.bea, "Balie", ""); !errors.Is(err, fout.NietBeschikbaar) {
		t.Error(err)
	}
	if groepen, err := b.Groepen(o.bea); err != nil || len(groepen) != 1 {
		t.Errorf("%d groups: %v", len(groepen), err)
	}
	s.fout = nil
	if _, err := b.VoegGroepToe(bg, o.bea, "Balie", ""); err != nil {
		t.Error(err)
	}
}
