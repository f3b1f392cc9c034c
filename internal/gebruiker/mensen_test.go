package gebruiker_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

// Every use case, by whoever has no right to it: nothing is done and nothing is told.
func TestWhoHasNoRightCanDoNothing(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	zonder, dicht := o.persoon("annelies"), o.persoon("pieternel")
	if err := o.Sluit(bg, o.bea, dicht.ID, dicht.Versie, ""); err != nil {
		t.Fatal(err)
	}
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"))
	u, err := o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, rechten("verwerkingenlog/zien/bsn/eigen"), reden)
	if err != nil || u.Voorstel == nil {
		t.Fatal(err)
	}
	f, err := o.VoegFunctiegroepToe(bg, o.bea, "Frontoffice", "")
	if err != nil {
		t.Fatal(err)
	}
	ontvanger := o.persoon("doel")
	events, err := o.log.Controle(bg, gemeente)
	if err != nil {
		t.Fatal(err)
	}
	in := GebruikerInvoer{Naam: "x", Email: "x@gemeente.example"}
	v := u.Voorstel
	for wie, d := range map[string]Dader{
		"nobody": {}, "who has no group": Als(gemeente, zonder.ID), "who was closed": Als(gemeente, dicht.ID), "who is unknown": Als(gemeente, uuid.New()),
		"the zero person": Als(gemeente, uuid.Nil), "an administrator of another organisation": Als(buurman, uuid.New()), "an unknown organisation": Opdrachtregel("00000099000000009999"),
	} {
		for wat, f := range map[string]func() error{
			"VoegToe":             func() error { _, err := o.VoegToe(bg, d, in); return err },
			"Wijzig":              func() error { _, err := o.Wijzig(bg, d, ontvanger.ID, 1, in); return err },
			"Sluit":               func() error { return o.Sluit(bg, d, ontvanger.ID, 1, "") },
			"Heropen":             func() error { return o.Heropen(bg, d, dicht.ID, 2, "") },
			"Mensen":              func() error { _, err := o.Mensen(d); return err },
			"Mens":                func() error { _, err := o.Mens(d, ontvanger.ID); return err },
			"VoegGroepToe":        func() error { _, err := o.VoegGroepToe(bg, d, "y", ""); return err },
			"WijzigGroep":         func() error { return o.WijzigGroep(bg, d, groep, 2, "y", "") },
			"Voorzie":             func() error { _, err := o.Voorzie(d, groep, nil); return err },
			"ZetRechten":          func() error { _, err := o.ZetRechten(bg, d, groep, 2, nil, ""); return err },
			"ZetClaims":           func() error { _, err := o.ZetClaims(bg, d, groep, 2, []string{"c"}, ""); return err },
			"Groepen":             func() error { _, err := o.Groepen(d); return err },
			"Groep":               func() error { _, err := o.Groep(d, groep); return err },
			"Leden":               func() error { _, err := o.Leden(d, groep); return err },
			"VoegFunctiegroepToe": func() error { _, err := o.VoegFunctiegroepToe(bg, d, "z", ""); return err },
			"WijzigFunctiegroep":  func() error { return o.WijzigFunctiegroep(bg, d, f.ID, 1, "z", "") },
			"Functiegroepen":      func() error { _, err := o.Functiegroepen(d); return err },
			"VoorzieLid":          func() error { _, err := o.VoorzieLid(d, groep, ontvanger.ID, time.Time{}, false); return err },
			"Kan":                 func() error { _, err := o.Kan(d, ontvanger.ID); return err },
			"ZetLid":              func() error { _, err := o.ZetLid(bg, d, groep, ontvanger.ID, 1, time.Time{}, ""); return err },
			"HaalLidWeg":          func() error { _, err := o.HaalLidWeg(bg, d, groep, ontvanger.ID, 1, ""); return err },
			"Voorstellen":         func() error { _, err := o.Voorstellen(d); return err },
			"Voorstel":            func() error { _, err := o.Voorstel(d, v.ID); return err },
			"KeurGoed":            func() error { return o.KeurGoed(bg, d, v.ID, v.Versie) },
			"Weiger":              func() error { return o.Weiger(bg, d, v.ID, v.Versie, reden) },
			"TrekIn":              func() error { return o.TrekIn(bg, d, v.ID, v.Versie) },
			"TeHerzien":           func() error { _, err := o.TeHerzien(d); return err },
			"Herzie":              func() error { return o.Herzie(bg, d, groep, 2) },
			"NeemNoodtoegang": func() error {
				_, err := o.NeemNoodtoegang(bg, d, rechten("verwerkingenlog/zien/bsn/alles")[0], MaxNoodtoegang, reden)
				return err
			},
			"MogelijkeNoodtoegang": func() error { _, _, err := o.MogelijkeNoodtoegang(d); return err },
			"Noodtoegangen":        func() error { _, err := o.Noodtoegangen(d); return err },
		} {
			err := f()
			elders := d.OIN() != gemeente && errors.Is(err, fout.NietGevonden) // nothing of it is there
			if !errors.Is(err, fout.GeenToestemming) && !elders {
				t.Errorf("%s by %s: %v", wat, wie, err)
			}
		}
	}
	if n, err := o.log.Controle(bg, gemeente); err != nil || n != events {
		t.Errorf("%d events became %d: %v", events, n, err)
	}
}

func TestAPersonIsAddedChangedClosedAndOpenedAgain(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	f, err := o.VoegFunctiegroepToe(bg, o.bea, "Frontoffice", "Balie en telefoon")
	if err != nil {
		t.Fatal(err)
	}
	g, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: " Annelies ", Email: " Annelies@Gemeente.Example ", Functiegroep: f.ID})
	if err != nil {
		t.Fatal(err)
	}
	if g.Naam != "Annelies" || g.Email != "annelies@gemeente.example" || !g.Actief || g.Versie != 1 || len(g.Groepen) != 0 {
		t.Errorf("%+v", g)
	}
	if r := o.laatste(1)[0]; r.Soort != beheerlog.Gebruiker || r.Door.Naam != "beatrix" || r.Betreft.Naam != "Annelies" || r.Na == nil {
		t.Errorf("%+v", r)
	}
	if got, ok := o.Register().OpEmail(gemeente, "ANNELIES@gemeente.example", o.nu()); !ok || got.ID != g.ID {
		t.Error("not found by address")
	}
	if _, ok := o.Register().OpEmail(buurman, "annelies@gemeente.example", o.nu()); ok {
		t.Error("found by another organisation")
	}
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g)
	in := GebruikerInvoer{Naam: "Annelies de Vries", Email: g.Email, Opleiding: o.nu().AddDate(0, -1, 0)}
	na, err := o.Wijzig(bg, o.bea, g.ID, 2, in)
	berichten := o.post()
	if err != nil || len(berichten) != 0 || na.Naam != in.Naam || na.Functiegroep != uuid.Nil || len(na.Groepen) != 1 {
		t.Errorf("%+v, %d mails, %v", na, len(berichten), err)
	}
	if !o.mag(g.ID, "verwerkingenlog/zien/gewoon/eigen") {
		t.Error("no rights")
	}
	if err := o.Sluit(bg, o.bea, g.ID, 3, "Uit dienst"); err != nil {
		t.Fatal(err)
	}
	if o.mag(g.ID, "verwerkingenlog/zien/gewoon/eigen") || len(o.mens(g.ID).Groepen) != 0 || o.beeld(groep).Mensen != 0 {
		t.Error("who was closed still has rights")
	}
	if err := o.Heropen(bg, o.bea, g.ID, 4, "Weer in dienst"); err != nil {
		t.Fatal(err)
	}
	if o.mag(g.ID, "verwerkingenlog/zien/gewoon/eigen") || !o.mens(g.ID).Actief {
		t.Error("who was opened again has rights, or can't sign in")
	}
	if r := o.laatste(1)[0]; r.Reden != "Weer in dienst" {
		t.Errorf("%+v", r)
	}
}

func TestAChangeToAnOldVersionIsRefused(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	in := GebruikerInvoer{Naam: "Annelies", Email: g.Email}
	if _, err := o.Wijzig(bg, o.bea, g.ID, 1, in); err != nil {
		t.Fatal(err)
	}
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"))
	f, err := o.VoegFunctiegroepToe(bg, o.bea, "Frontoffice", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, versie := range []int64{0, 1, 3} {
		_, err := o.Wijzig(bg, o.bea, g.ID, versie, in)
		o.geweigerd(err, fout.CodeGelijktijdig)
		o.geweigerd(o.Sluit(bg, o.bea, g.ID, versie, ""), fout.CodeGelijktijdig)
		_, err = o.ZetLid(bg, o.bea, groep, g.ID, versie, time.Time{}, "")
		o.geweigerd(err, fout.CodeGelijktijdig)
		_, err = o.ZetRechten(bg, o.bea, groep, versie, nil, "")
		o.geweigerd(err, fout.CodeGelijktijdig)
		o.geweigerd(o.WijzigGroep(bg, o.bea, groep, versie, "Anders", ""), fout.CodeGelijktijdig)
	}
	o.geweigerd(o.WijzigFunctiegroep(bg, o.bea, f.ID, 2, "Anders", ""), fout.CodeGelijktijdig)
}

func TestWhatIsTypedIsChecked(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: "a", Email: "annelies@gemeente.example", Uitgever: "https://idp", Onderwerp: "1"})
	if err != nil {
		t.Fatal(err)
	}
	ok := GebruikerInvoer{Naam: "b", Email: "b@gemeente.example"}
	for want, wijzig := range map[string]func(*GebruikerInvoer){
		"naam required":               func(in *GebruikerInvoer) { in.Naam = " " },
		"naam max_length":             func(in *GebruikerInvoer) { in.Naam = strings.Repeat("a", 101) },
		"naam invalid":                func(in *GebruikerInvoer) { in.Naam = "a\nb" },
		"email required":              func(in *GebruikerInvoer) { in.Email = "" },
		"email invalid":               func(in *GebruikerInvoer) { in.Email = "a b@c.nl" },
		"email unique":                func(in *GebruikerInvoer) { in.Email = "Annelies@gemeente.example" },
		"functiegroep invalid_choice": func(in *GebruikerInvoer) { in.Functiegroep = uuid.New() },
		"uitgever required":           func(in *GebruikerInvoer) { in.Onderwerp = "2" },
		"onderwerp required":          func(in *GebruikerInvoer) { in.Uitgever = "https://idp" },
		"onderwerp unique":            func(in *GebruikerInvoer) { in.Uitgever, in.Onderwerp = "https://idp", "1" },
		"opleiding invalid":           func(in *GebruikerInvoer) { in.Opleiding = o.nu().Add(time.Hour) },
	} {
		in := ok
		wijzig(&in)
		_, err := o.VoegToe(bg, o.bea, in)
		o.geweigerd(err, fout.CodeOngeldig)
		var f *fout.Fout
		if !errors.As(err, &f) || len(f.Params) != 1 || f.Params[0].Name+" "+f.Params[0].Code != want {
			t.Errorf("want %s: %v", want, err)
		}
	}
	for _, adres := range []string{"a", "@b.nl", "a@", "a@b", "a@b@c.nl", "a\x00@b.nl", "<a@b.nl>", "a@b.nl\r\nBcc: c@d.nl", strings.Repeat("a", 250) + "@b.nl"} {
		in := ok
		in.Email = adres
		_, err := o.VoegToe(bg, o.bea, in)
		o.geweigerd(err, fout.CodeOngeldig)
	}
	if got, found := o.Register().OpOnderwerp(gemeente, "https://idp", "1", o.nu()); !found || got.ID != g.ID {
		t.Error("not found by issuer and subject")
	}
	if _, found := o.Register().OpOnderwerp(gemeente, "", "", o.nu()); found {
		t.Error("found by nothing")
	}
}

func TestNobodyChangesThemselves(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"))
	bea := o.mens(beaID(o))
	_, err := o.Wijzig(bg, o.bea, bea.ID, bea.Versie, GebruikerInvoer{Naam: "Anders", Email: bea.Email})
	o.geweigerd(err, fout.CodeGeenToestemming)
	o.geweigerd(o.Sluit(bg, o.bea, bea.ID, bea.Versie, ""), fout.CodeGeenToestemming)
	_, err = o.ZetLid(bg, o.bea, groep, bea.ID, bea.Versie, time.Time{}, "")
	o.geweigerd(err, fout.CodeGeenToestemming)
	_, err = o.HaalLidWeg(bg, o.bea, bea.Groepen[0].Groep, bea.ID, bea.Versie, "")
	o.geweigerd(err, fout.CodeGeenToestemming)
	_, err = o.ZetRechten(bg, o.bea, bea.Groepen[0].Groep, o.beeld(bea.Groepen[0].Groep).Versie, nil, "")
	o.geweigerd(err, fout.CodeGeenToestemming)
	_, err = o.ZetClaims(bg, o.bea, bea.Groepen[0].Groep, o.beeld(bea.Groepen[0].Groep).Versie, []string{"x"}, reden)
	o.geweigerd(err, fout.CodeGeenToestemming)
	if !o.mens(bea.ID).Actief || o.mens(bea.ID).Versie != bea.Versie {
		t.Error("something was changed")
	}
}

func beaID(o *opstelling) uuid.UUID {
	g, _ := o.Register().OpEmail(gemeente, "beatrix@gemeente.example", o.nu())
	return g.ID
}

func TestAChangeOfAddressTellsTheOldOneAndWaitsForSeriousRights(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g)
	wijzig := func(email string) []Bericht {
		t.Helper()
		_, err := o.Wijzig(bg, o.bea, g.ID, o.mens(g.ID).Versie, GebruikerInvoer{Naam: "Annelies", Email: email})
		berichten := o.post()
		if err != nil || len(berichten) != 1 {
			t.Fatalf("%d mails, %v", len(berichten), err)
		}
		return berichten
	}
	is := func(email string, want bool) {
		t.Helper()
		if _, ok := o.Register().OpEmail(gemeente, email, o.nu()); ok != want {
			t.Errorf("%s signs in: %v", email, ok)
		}
	}
	b := wijzig("een@gemeente.example")[0]
	if b.Aan != "annelies@gemeente.example" || !strings.HasPrefix(b.Tekst, "Beste annelies,") || strings.Contains(b.Tekst, "een@") || strings.Contains(b.Tekst, "http") {
		t.Errorf("%+v", b)
	}
	is("annelies@gemeente.example", false)
	is("een@gemeente.example", true)

	o.groep("BSN", rechten("verwerkingenlog/zien/bsn/eigen"), g)
	b = wijzig("twee@gemeente.example")[0]
	if b.Aan != "een@gemeente.example" || !strings.Contains(b.Tekst, "over 24 uur") {
		t.Errorf("%+v", b)
	}
	is("twee@gemeente.example", false)
	if got := o.mens(g.ID); got.Email != "een@gemeente.example" || got.EmailStraks != "twee@gemeente.example" || !got.EmailVanaf.Equal(o.nu().Add(24*time.Hour)) {
		t.Errorf("%+v", got)
	}
	_, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: "x", Email: "twee@gemeente.example"})
	o.geweigerd(err, fout.CodeOngeldig)
	o.verder(24*time.Hour - time.Second)
	is("een@gemeente.example", true)
	o.verder(time.Second)
	is("een@gemeente.example", false)
	is("twee@gemeente.example", true)
	if got := o.mens(g.ID); got.Email != "twee@gemeente.example" || got.EmailStraks != "" {
		t.Errorf("%+v", got)
	}
	// What waits can be taken back.
	wijzig("drie@gemeente.example")
	if _, err := o.Wijzig(bg, o.bea, g.ID, o.mens(g.ID).Versie, GebruikerInvoer{Naam: "Annelies", Email: "twee@gemeente.example"}); err != nil {
		t.Fatal(err)
	}
	o.verder(25 * time.Hour)
	is("drie@gemeente.example", false)
	is("twee@gemeente.example", true)
}

func TestWhoMayNotSeeAnAddressGetsAMaskAndChangesNoAddress(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	lezer := o.persoon("pieternel")
	o.groep("Personeel", rechten("gebruikers/zien/gewoon/alles", "gebruikers/wijzigen/gewoon/alles"), lezer)
	g := o.persoon("annelies")
	d := Als(gemeente, lezer.ID)
	mensen, err := o.Mensen(d)
	if err != nil || len(mensen) != 4 {
		t.Fatalf("%d people: %v", len(mensen), err)
	}
	for _, m := range mensen {
		if m.Email != "•••••" || m.Naam == "" {
			t.Errorf("%+v", m)
		}
	}
	in := GebruikerInvoer{Naam: "Annelies", Email: mensen[0].Email}
	if _, err := o.Wijzig(bg, d, g.ID, 1, in); err != nil || len(o.post()) > 0 {
		t.Fatal("a mail was queued, or ", err)
	}
	if got := o.mens(g.ID); got.Naam != "Annelies" || got.Email != "annelies@gemeente.example" {
		t.Errorf("%+v", got)
	}
}

func TestTheLastWhoCanGiveRightsStays(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	bea, ben := o.mens(beaID(o)), GebruikerBeeld{}
	mensen, err := o.Mensen(o.bea)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mensen {
		if m.Naam == "benedictus" {
			ben = m
		}
	}
	beheerders := bea.Groepen[0].Groep
	machine := Opdrachtregel(gemeente)
	if err := o.Sluit(bg, o.bea, ben.ID, ben.Versie, ""); err != nil {
		t.Fatal(err)
	}
	o.geweigerd(o.Sluit(bg, machine, bea.ID, bea.Versie, ""), fout.CodeGeenToestemming)
	_, err = o.HaalLidWeg(bg, machine, beheerders, bea.ID, bea.Versie, "")
	o.geweigerd(err, fout.CodeGeenToestemming)
	_, err = o.ZetLid(bg, machine, beheerders, bea.ID, bea.Versie, o.nu().Add(time.Hour), "") // one who ends is none
	o.geweigerd(err, fout.CodeGeenToestemming)
	_, err = o.ZetRechten(bg, machine, beheerders, 1, rechten("gebruikers/zien/gewoon/alles"), "")
	o.geweigerd(err, fout.CodeGeenToestemming)
	if !o.mag(bea.ID, "groepen/beheren/gewoon/alles") {
		t.Error("nobody can give rights any more")
	}
	// The operator makes a second one, and then the first can go.
	if _, err := o.MaakBeheerder(bg, gemeente, "", ben.Email); err != nil {
		t.Fatal(err)
	}
	if !o.mag(ben.ID, "groepen/beheren/gewoon/alles") {
		t.Error("made on the machine, and no administrator")
	}
	if err := o.Sluit(bg, o.ben, bea.ID, bea.Versie, ""); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnceLoseNoChange(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	done := make(chan error)
	for range 20 {
		go func() {
			_, err := o.VoegToe(bg, o.bea, GebruikerInvoer{Naam: "x", Email: uuid.NewString() + "@gemeente.example"})
			done <- err
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	mensen, err := o.Mensen(o.bea)
	if err != nil || len(mensen) != 22 || !slices.IsSortedFunc(mensen, func(a, b GebruikerBeeld) int { return strings.Compare(a.Naam, b.Naam) }) {
		t.Errorf("%d people: %v", len(mensen), err)
	}
	if n, err := o.log.Controle(bg, gemeente); err != nil || n != 23 { // the group, two administrators, twenty people
		t.Errorf("%d events: %v", n, err)
	}
}
