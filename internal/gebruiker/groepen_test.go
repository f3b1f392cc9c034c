package gebruiker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func TestGroupsOfEitherKindHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a, err := o.VoegGroepToe(bg, o.bea, "  Team   Balie ", "Balie en telefoon")
	if err != nil || a.Naam != "Team   Balie" || len(a.Rechten) != 0 {
		t.Fatalf("%+v, %v", a, err)
	}
	f, err := o.VoegFunctiegroepToe(bg, o.bea, "Team Balie", "") // another kind: another thing
	if err != nil {
		t.Fatal(err)
	}
	for _, naam := range []string{"", "team balie", strings.Repeat("x", 101), "a\x00b"} {
		_, err := o.VoegGroepToe(bg, o.bea, naam, "")
		o.geweigerd(err, fout.CodeOngeldig)
		_, err = o.VoegFunctiegroepToe(bg, o.bea, naam, "")
		o.geweigerd(err, fout.CodeOngeldig)
	}
	b, err := o.VoegGroepToe(bg, o.bea, "Team Noord", "")
	if err != nil {
		t.Fatal(err)
	}
	o.geweigerd(o.WijzigGroep(bg, o.bea, b.ID, 1, "TEAM BALIE", ""), fout.CodeOngeldig)
	o.geweigerd(o.WijzigGroep(bg, o.bea, uuid.New(), 1, "Iets", ""), fout.CodeNietGevonden)
	if err := o.WijzigGroep(bg, o.bea, b.ID, 1, "team noord", "Ander hoofdlettergebruik mag"); err != nil {
		t.Error(err)
	}
	if err := o.WijzigFunctiegroep(bg, o.bea, f.ID, 1, "Frontoffice", "Balie"); err != nil {
		t.Error(err)
	}
	g, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: "annelies", Email: "annelies@gemeente.example", Functiegroep: f.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.mens(g.ID); got.Functiegroep != "Frontoffice" {
		t.Errorf("%+v", got)
	}
	if got, ok := o.Register().Functiegroep(gemeente, f.ID); !ok || got.Naam != "Frontoffice" {
		t.Errorf("%+v", got)
	}
	want := []FunctiegroepBeeld{{ID: f.ID, Versie: 2, Naam: "Frontoffice", Omschrijving: "Balie", Mensen: 1}}
	if got, err := o.Functiegroepen(o.bea); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v %v", got, err)
	}
	// Work gives no right.
	elk(func(m Module, h Handeling, v Veldklasse, b Bereik) {
		if o.Register().Rechten(gemeente, g.ID, o.nu()).Mag(m, h, v, b) {
			t.Fatalf("a functiegroep gives %s/%s/%s/%s", m, h, v, b)
		}
	})
	groepen, err := o.Groepen(o.bea)
	if err != nil || len(groepen) != 3 || groepen[0].Naam != NaamBeheerders || !groepen[0].Eigen || !groepen[0].Ernstig || groepen[1].Eigen {
		t.Errorf("%+v, %v", groepen, err)
	}
}

func TestTheMembersOfAGroup(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g, dicht := o.persoon("annelies"), o.persoon("pieternel")
	groep := o.groep("Balie", nil, g, dicht)
	if err := o.Sluit(bg, o.bea, dicht.ID, o.mens(dicht.ID).Versie, ""); err != nil {
		t.Fatal(err)
	}
	leden, err := o.Leden(o.bea, groep)
	if err != nil || len(leden) != 1 || leden[0].ID != g.ID {
		t.Errorf("%+v, %v", leden, err)
	}
	if _, err := o.Leden(o.bea, uuid.New()); err == nil {
		t.Error("of an unknown group")
	}
	_, err = o.ZetLid(bg, o.bea, groep, dicht.ID, o.mens(dicht.ID).Versie, time.Time{}, "")
	o.geweigerd(err, fout.CodeGeenToestemming)
	_, err = o.ZetLid(bg, o.bea, uuid.New(), g.ID, o.mens(g.ID).Versie, time.Time{}, "")
	o.geweigerd(err, fout.CodeNietGevonden)
	if u, err := o.HaalLidWeg(bg, o.bea, groep, g.ID, o.mens(g.ID).Versie, ""); err != nil || u.Voorstel != nil || o.beeld(groep).Mensen != 0 {
		t.Errorf("%+v, %v", u, err)
	}
}

// Whatever was written, another process that starts now reads the same.
func TestWhatIsStoredIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	f, err := o.VoegFunctiegroepToe(bg, o.bea, "Frontoffice", "Balie")
	if err != nil {
		t.Fatal(err)
	}
	g, err := o.VoegToe(bg, o.bea, GebruikerInvoer{
		Naam: "annelies", Email: "annelies@gemeente.example", Functiegroep: f.ID, Uitgever: "https://idp", Onderwerp: "1", Opleiding: o.nu().AddDate(0, -1, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := rechten("verwerkingenlog/zien/gewoon/functiegroep", "verwerkingenlog/zien/bsn/domein:burgerzaken", "verbod verwerkingenlog/zien/derde/eigen")
	r[1].Tot = o.nu().Add(1000 * time.Hour)
	groep := o.groep("Balie", r)
	u, err := o.ZetClaims(bg, o.bea, groep, o.beeld(groep).Versie, []string{"/balie"}, reden)
	o.klaar(u, err)
	u, err = o.ZetLid(bg, o.bea, groep, g.ID, g.Versie, o.nu().Add(500*time.Hour), reden)
	o.klaar(u, err)
	if _, err := o.Wijzig(bg, o.bea, g.ID, o.mens(g.ID).Versie, GebruikerInvoer{Naam: "annelies", Email: "straks@gemeente.example", Functiegroep: f.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, rechten("verwerkingenlog/zoeken/bsn/alles"), reden); err != nil {
		t.Fatal(err)
	}
	if _, err := o.NeemNoodtoegang(bg, Als(gemeente, g.ID), rechten("verwerkingenlog/zoeken/bsn/alles")[0], MaxNoodtoegang, reden); err != nil {
		t.Fatal(err)
	}
	ander := o.herstart()
	for naam, lees := range map[string]func(b *Beheer) (any, error){
		"people":         func(b *Beheer) (any, error) { return b.Mensen(o.bea) },
		"groups":         func(b *Beheer) (any, error) { return b.Groepen(o.bea) },
		"functiegroepen": func(b *Beheer) (any, error) { return b.Functiegroepen(o.bea) },
		"proposals":      func(b *Beheer) (any, error) { return b.Voorstellen(o.bea) },
		"break-glass":    func(b *Beheer) (any, error) { return b.Register().LopendeNoodtoegang(gemeente, g.ID, o.nu()), nil },
		"a person":       func(b *Beheer) (any, error) { p, _ := b.Register().Gebruiker(gemeente, g.ID, o.nu()); return p, nil },
		"rights": func(b *Beheer) (any, error) {
			return b.Register().Rechten(gemeente, g.ID, o.nu()).Mag(ModuleVerwerkingenlog, Zoeken, BSN, BereikAlles), nil
		},
	} {
		want, err := lees(o.Beheer)
		if err != nil {
			t.Fatal(err)
		}
		got, err := lees(ander)
		if d := cmp.Diff(want, got, cmp.Comparer(func(a, b Bereik) bool { return a == b })); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", naam, err, d)
		}
		if s := string(jsonVan(want)); s == "[]" || s == "null" || s == "false" {
			t.Errorf("%s: nothing", naam)
		}
	}
}
