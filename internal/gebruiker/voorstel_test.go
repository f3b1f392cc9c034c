package gebruiker_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func TestAnEverydayRightIsGivenAtOnce(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	groep := o.groep("Balie", nil, g)
	a := o.beeld(groep)
	if len(a.Rechten) != 0 || len(a.Zinnen) != 0 || a.Mensen != 1 {
		t.Errorf("a new group: %+v", a)
	}
	u, err := o.ZetRechten(bg, o.bea, groep, a.Versie, rechten("verwerkingenlog/zien/gewoon/functiegroep"), "")
	if err != nil || u.Voorstel != nil || !o.mag(g.ID, "verwerkingenlog/zien/gewoon/eigen") {
		t.Fatalf("%+v, %v", u, err)
	}
	r := o.laatste(1)[0]
	if r.Soort != beheerlog.Autorisatiegroep || r.Betreft.Naam != "Balie" || !strings.Contains(string(jsonVan(r.Na)), "Deze groep kan in de verwerkingenlog zien") || !strings.Contains(string(jsonVan(r.Voor)), `"profiel":[]`) {
		t.Errorf("%+v %s %s", r, r.Voor, r.Na)
	}
	// The same again is no change.
	if _, err := o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, rechten("verwerkingenlog/zien/gewoon/functiegroep"), ""); err != nil {
		t.Error(err)
	}
	if got := o.laatste(1)[0]; got.Nummer != r.Nummer {
		t.Errorf("an event of no change: %+v", got)
	}
	// Taking away needs nobody either.
	if u, err = o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, nil, ""); err != nil || u.Voorstel != nil || o.mag(g.ID, "verwerkingenlog/zien/gewoon/eigen") {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestASeriousRightWaitsForASecondAdministrator(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/functiegroep"), g)
	nieuw := rechten("verwerkingenlog/zien/gewoon/functiegroep", "verwerkingenlog/zien/bsn/functiegroep")
	v, err := o.Voorzie(o.bea, groep, nieuw)
	if err != nil || !v.Ernstig() || v.Mensen != 1 || v.Waarschuwingen[0].Regel != "bsn" || !v.Waarschuwingen[0].Nieuw {
		t.Errorf("%+v, %v", v, err)
	}
	versie := o.beeld(groep).Versie
	for _, kort := range []string{"", "te kort", "   a    b      c   ", "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0"} {
		_, err := o.ZetRechten(bg, o.bea, groep, versie, nieuw, kort)
		o.geweigerd(err, fout.CodeOngeldig)
	}
	u, err := o.ZetRechten(bg, o.bea, groep, versie, nieuw, reden)
	if err != nil || u.Voorstel == nil || u.Melding != "" {
		t.Fatalf("%+v, %v", u, err)
	}
	if o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Fatal("it was done without a second administrator")
	}
	if r := o.laatste(1)[0]; r.Soort != beheerlog.Voorstel || r.Reden != reden || !strings.Contains(r.Wat, "Deze groep kan in de verwerkingenlog het BSN zien") {
		t.Errorf("%+v", r)
	}
	id := u.Voorstel.ID
	err = o.KeurGoed(bg, o.bea, id, 1)
	o.geweigerd(err, fout.CodeGeenToestemming)
	if err == nil || !strings.Contains(err.Error(), "U deed dit voorstel zelf.") {
		t.Errorf("one's own: %v", err)
	}
	o.geweigerd(o.Weiger(bg, o.bea, id, 1, reden), fout.CodeGeenToestemming)
	o.geweigerd(o.KeurGoed(bg, Opdrachtregel(gemeente), id, 1), fout.CodeGeenToestemming)
	o.geweigerd(o.KeurGoed(bg, o.ben, id, 2), fout.CodeGelijktijdig)
	o.geweigerd(o.KeurGoed(bg, o.ben, uuid.New(), 1), fout.CodeNietGevonden)
	for d, want := range map[Dader]bool{o.bea: false, o.ben: true} {
		b, err := o.Voorstel(d, id)
		if err != nil || b.MagBeslissen != want || b.Eigen == want || b.Door != "beatrix" || b.Reden != reden || !b.Voorstelling.Ernstig() || b.Vervallen != "" {
			t.Errorf("%+v, %v", b, err)
		}
	}
	if err := o.KeurGoed(bg, o.ben, id, 1); err != nil {
		t.Fatal(err)
	}
	if !o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Error("approved, and not done")
	}
	if r := o.laatste(2); r[0].Soort != beheerlog.Voorstel || r[1].Soort != beheerlog.Autorisatiegroep || r[1].Door.Naam != "benedictus" || !strings.Contains(r[1].Wat, "voorgesteld door beatrix") || r[1].Reden != reden {
		t.Errorf("%+v", r)
	}
	o.geweigerd(o.KeurGoed(bg, o.ben, id, 1), fout.CodeNietGevonden)
	if n, err := o.log.Controle(bg, gemeente); err != nil {
		t.Errorf("%d: %v", n, err)
	}
	// Less of it, and an end to it, need nobody; longer does.
	minder := rechten("verwerkingenlog/zien/gewoon/functiegroep", "verwerkingenlog/zien/bsn/eigen")
	minder[1].Tot = o.nu().Add(time.Hour)
	if u, err = o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, minder, ""); err != nil || u.Voorstel != nil {
		t.Errorf("%+v, %v", u, err)
	}
	minder[1].Tot = o.nu().Add(2 * time.Hour)
	if u, err = o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, minder, reden); err != nil || u.Voorstel == nil {
		t.Errorf("longer: %+v, %v", u, err)
	}
}

func TestAProposalIsRefusedTakenBackOrLapses(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	groep := o.groep("Balie", nil, g)
	stel := func() *Voorstel {
		t.Helper()
		u, err := o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, rechten("verwerkingenlog/zien/bsn/eigen"), reden)
		if err != nil || u.Voorstel == nil {
			t.Fatalf("%+v, %v", u, err)
		}
		return u.Voorstel
	}
	v := stel()
	o.geweigerd(o.Weiger(bg, o.ben, v.ID, 1, "nee"), fout.CodeOngeldig)
	if err := o.Weiger(bg, o.ben, v.ID, 1, "Dit team heeft geen BSN nodig."); err != nil {
		t.Error(err)
	}
	if r := o.laatste(1)[0]; r.Wat != "Voorstel geweigerd: andere rechten voor de groep Balie." || r.Reden == "" {
		t.Errorf("%+v", r)
	}
	o.geweigerd(o.KeurGoed(bg, o.ben, v.ID, 1), fout.CodeNietGevonden)

	v = stel()
	o.geweigerd(o.TrekIn(bg, o.ben, v.ID, 1), fout.CodeGeenToestemming)
	if err := o.TrekIn(bg, o.bea, v.ID, 1); err != nil {
		t.Error(err)
	}

	lapsed := func(v *Voorstel) {
		t.Helper()
		o.geweigerd(o.KeurGoed(bg, o.ben, v.ID, 1), fout.CodeVoorwaarde)
		if b, err := o.Voorstel(o.ben, v.ID); err != nil || b.Vervallen == "" || b.MagBeslissen {
			t.Errorf("%+v, %v", b, err)
		}
	}
	v = stel()
	o.verder(14*24*time.Hour - time.Second)
	if b, err := o.Voorstel(o.ben, v.ID); err != nil || b.Vervallen != "" {
		t.Errorf("%+v, %v", b, err)
	}
	o.verder(time.Second)
	lapsed(v)
	ander := stel() // which clears away the one that lapsed
	o.geweigerd(o.KeurGoed(bg, o.ben, v.ID, 1), fout.CodeNietGevonden)
	if r := o.laatste(2); r[1].Door.Soort != "systeem" || !strings.HasPrefix(r[1].Wat, "Voorstel vervallen, want er is in veertien dagen niet over besloten. Het was: andere rechten voor de groep Balie.") {
		t.Errorf("%+v", r[1])
	}
	if err := o.WijzigGroep(bg, o.bea, groep, o.beeld(groep).Versie, "Balie noord", ""); err != nil {
		t.Fatal(err)
	}
	lapsed(ander)

	v = stel() // and then Bea leaves
	if err := o.Sluit(bg, o.ben, beaID(o), o.mens(beaID(o)).Versie, ""); err != nil {
		t.Fatal(err)
	}
	lapsed(v)
	if o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Error("something was done")
	}
}

func TestWhoGainsByAProposalDoesNotApproveIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	lid := o.persoon("pieternel")
	o.groep("Toezicht", rechten("groepen/zien/gewoon/alles", "groepen/goedkeuren/gewoon/alles"), lid)
	groep := o.groep("Balie", nil, lid)
	d := Als(gemeente, lid.ID)
	u, err := o.ZetRechten(bg, o.bea, groep, o.beeld(groep).Versie, rechten("verwerkingenlog/zien/bsn/eigen"), reden)
	if err != nil {
		t.Fatal(err)
	}
	o.geweigerd(o.KeurGoed(bg, d, u.Voorstel.ID, 1), fout.CodeGeenToestemming)
	if b, err := o.Voorstel(d, u.Voorstel.ID); err != nil || b.MagBeslissen {
		t.Errorf("%+v, %v", b, err)
	}
	if err := o.TrekIn(bg, o.bea, u.Voorstel.ID, 1); err != nil {
		t.Fatal(err)
	}
	// Nor does one become a member by one's own approval.
	bsn := o.groep("BSN", rechten("verwerkingenlog/zien/bsn/eigen"))
	if u, err = o.ZetLid(bg, o.bea, bsn, lid.ID, o.mens(lid.ID).Versie, time.Time{}, reden); err != nil || u.Voorstel == nil {
		t.Fatalf("%+v, %v", u, err)
	}
	o.geweigerd(o.KeurGoed(bg, d, u.Voorstel.ID, 1), fout.CodeGeenToestemming)
	if o.mag(lid.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Error("it was done")
	}
}

func TestWithOneAdministratorASeriousRightSaysWhatToDo(t *testing.T) {
	t.Parallel()
	o := leeg(t)
	g, err := o.MaakBeheerder(bg, gemeente, "beatrix", "beatrix@gemeente.example")
	if err != nil {
		t.Fatal(err)
	}
	d := Als(gemeente, g.ID)
	a, err := o.VoegGroepToe(bg, d, "Balie", "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := o.ZetRechten(bg, d, a.ID, 1, rechten("verwerkingenlog/zien/bsn/eigen"), reden)
	if err != nil || u.Voorstel == nil || !strings.Contains(u.Melding, "tweede beheerder") {
		t.Fatalf("%+v, %v", u, err)
	}
	ander, err := o.MaakBeheerder(bg, gemeente, "benedictus", "benedictus@gemeente.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.KeurGoed(bg, Als(gemeente, ander.ID), u.Voorstel.ID, 1); err != nil {
		t.Error(err)
	}
}

func TestMembershipOfASeriousGroupWaitsAsWell(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	bsn := o.groep("BSN", rechten("verwerkingenlog/zien/bsn/eigen"))
	versie := o.mens(g.ID).Versie
	v, err := o.VoorzieLid(o.bea, bsn, g.ID, time.Time{}, false)
	if err != nil || !v.Ernstig() || len(v.Verschil.Erbij) != 1 || v.Verschil.Erbij[0].Tekst != "Deze persoon kan in de verwerkingenlog het BSN zien van de inwoners om wie het gaat, alleen voor het eigen werk." {
		t.Errorf("%+v, %v", v, err)
	}
	_, err = o.ZetLid(bg, o.bea, bsn, g.ID, versie, time.Time{}, "")
	o.geweigerd(err, fout.CodeOngeldig)
	tot := o.nu().Add(48 * time.Hour)
	u, err := o.ZetLid(bg, o.bea, bsn, g.ID, versie, tot, reden)
	if err != nil || u.Voorstel == nil || o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Fatalf("%+v, %v", u, err)
	}
	if err := o.KeurGoed(bg, o.ben, u.Voorstel.ID, 1); err != nil {
		t.Fatal(err)
	}
	if r := o.laatste(2)[1]; r.Soort != beheerlog.Lidmaatschap || r.Betreft.Naam != "annelies" || !strings.Contains(r.Wat, "BSN") {
		t.Errorf("%+v", r)
	}
	if !o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") || !o.Register().Ernstig(gemeente, g.ID, o.nu()) {
		t.Error("approved, and no member")
	}
	// Shorter and out at once; longer again not.
	kort := o.nu().Add(time.Hour)
	if u, err = o.ZetLid(bg, o.bea, bsn, g.ID, o.mens(g.ID).Versie, kort, ""); err != nil || u.Voorstel != nil {
		t.Errorf("%+v, %v", u, err)
	}
	if u, err = o.ZetLid(bg, o.bea, bsn, g.ID, o.mens(g.ID).Versie, tot, reden); err != nil || u.Voorstel == nil {
		t.Errorf("%+v, %v", u, err)
	}
	o.verder(time.Hour)
	if o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") || o.Register().Ernstig(gemeente, g.ID, o.nu()) || len(o.mens(g.ID).Groepen) != 0 {
		t.Error("a membership outlives its end")
	}
	_, err = o.ZetLid(bg, o.bea, bsn, g.ID, o.mens(g.ID).Versie, o.nu(), reden)
	o.geweigerd(err, fout.CodeOngeldig)
}

func TestTwoGroupsThatTogetherAreTooMuchAreNoticed(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	balie := o.groep("Balie", rechten("gebruikers/beheren/gewoon/alles"), g)
	log := o.groep("Log", nil, g)
	// The group by itself is innocent; with the other one it isn't.
	nieuw := rechten("verwerkingenlog/zien/gewoon/eigen")
	v, err := o.Voorzie(o.bea, log, nieuw)
	if err != nil || !v.Ernstig() || !slices.Equal(regels(v.Waarschuwingen), []string{"beheer_en_inzage"}) ||
		!strings.HasPrefix(v.Waarschuwingen[0].Tekst, "Samen met een andere groep kan 1 persoon accounts beheren en ook de verwerkingenlog zien.") {
		t.Errorf("%+v, %v", v, err)
	}
	u, err := o.ZetRechten(bg, o.bea, log, o.beeld(log).Versie, nieuw, reden)
	o.klaar(u, err)
	if u.Voorstel == nil {
		t.Error("it was done at once")
	}
	ander := o.persoon("pieternel")
	o.lid(balie, ander.ID)
	if u, err = o.ZetLid(bg, o.bea, log, ander.ID, o.mens(ander.ID).Versie, time.Time{}, reden); err != nil || u.Voorstel == nil {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestAVerbodThatGoesIsSeriousWhenItHeldSomethingSerious(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	o.groep("BSN", rechten("verwerkingenlog/zien/bsn/eigen"), g)
	verbod := o.groep("Geen BSN", rechten("verbod verwerkingenlog/zien/bsn/alles"), g)
	if o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Fatal("a verbod did not win")
	}
	u, err := o.ZetRechten(bg, o.bea, verbod, o.beeld(verbod).Versie, nil, reden)
	if err != nil || u.Voorstel == nil || o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Errorf("%+v, %v", u, err)
	}
	if u, err = o.HaalLidWeg(bg, o.bea, verbod, g.ID, o.mens(g.ID).Versie, reden); err != nil || u.Voorstel == nil || o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Fatalf("%+v, %v", u, err)
	}
	if err := o.KeurGoed(bg, o.ben, u.Voorstel.ID, 1); err != nil || !o.mag(g.ID, "verwerkingenlog/zien/bsn/eigen") {
		t.Error(err)
	}
}

func TestTheSignInServiceGivesAndTakesMemberships(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	balie, hand := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen")), o.groep("Hand", rechten("verwerkingenlog/zoeken/gewoon/eigen"), g)
	for id, claims := range map[uuid.UUID][]string{balie: {" /balie ", "/balie", ""}, hand: {"/hand"}} {
		if u, err := o.ZetClaims(bg, o.bea, id, o.beeld(id).Versie, claims, ""); err != nil || u.Voorstel != nil {
			t.Fatalf("%+v, %v", u, err)
		}
	}
	neem := func(want string, claims ...string) {
		t.Helper()
		if err := o.NeemGroepenOver(bg, gemeente, g.ID, claims); err != nil {
			t.Fatal(err)
		}
		var namen []string
		for _, l := range o.mens(g.ID).Groepen {
			namen = append(namen, l.Naam+" "+l.Bron)
		}
		if got := strings.Join(namen, ", "); got != want {
			t.Errorf("%v: %s, want %s", claims, got, want)
		}
	}
	neem("Hand hand")
	neem("Balie aanmelddienst, Hand hand", "/balie", "/hand", "/iets")
	nr := o.laatste(1)[0].Nummer
	neem("Balie aanmelddienst, Hand hand", "/balie")
	if r := o.laatste(1)[0]; r.Nummer != nr || r.Door.Soort != "systeem" || !strings.Contains(r.Wat, "Lid geworden van Balie.") {
		t.Errorf("%+v", r)
	}
	if got := regels(o.beeld(balie).Waarschuwingen); !slices.Equal(got, []string{"vanzelf_lid"}) {
		t.Errorf("warnings %v", got)
	}
	neem("Hand hand", "/BALIE")
	neem("Balie aanmelddienst, Hand hand", "/balie")
	if u, err := o.HaalLidWeg(bg, o.bea, balie, g.ID, o.mens(g.ID).Versie, ""); err != nil || !strings.Contains(u.Melding, "komt bij de volgende aanmelding terug") {
		t.Errorf("%+v, %v", u, err)
	}
	if err := o.NeemGroepenOver(bg, gemeente, uuid.New(), nil); err == nil {
		t.Error("an unknown person")
	}
	// For a group with serious rights the claims have a second administrator.
	bsn := o.groep("BSN", rechten("verwerkingenlog/zien/bsn/eigen"))
	u, err := o.ZetClaims(bg, o.bea, bsn, o.beeld(bsn).Versie, []string{"/bsn"}, reden)
	if err != nil || u.Voorstel == nil {
		t.Fatalf("%+v, %v", u, err)
	}
	neem("Hand hand", "/bsn")
	if err := o.KeurGoed(bg, o.ben, u.Voorstel.ID, 1); err != nil {
		t.Fatal(err)
	}
	neem("BSN aanmelddienst, Hand hand", "/bsn")
}

func TestTheSignInServiceDoesNotTakeTheLastAdministratorAway(t *testing.T) {
	t.Parallel()
	o := leeg(t)
	g, err := o.MaakBeheerder(bg, gemeente, "beatrix", "beatrix@gemeente.example")
	if err != nil {
		t.Fatal(err)
	}
	machine := Opdrachtregel(gemeente)
	a, err := o.VoegGroepToe(bg, machine, "Uit de dienst", "")
	if err != nil {
		t.Fatal(err)
	}
	ander, err := o.MaakBeheerder(bg, gemeente, "benedictus", "benedictus@gemeente.example")
	if err != nil {
		t.Fatal(err)
	}
	u, err := o.ZetRechten(bg, machine, a.ID, 1, RechtenBeheerders(), reden)
	if err == nil {
		err = o.KeurGoed(bg, Als(gemeente, ander.ID), u.Voorstel.ID, 1)
	}
	if err == nil {
		u, err = o.ZetClaims(bg, machine, a.ID, 2, []string{"beheer"}, reden)
	}
	if err == nil {
		err = o.KeurGoed(bg, Als(gemeente, ander.ID), u.Voorstel.ID, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := o.NeemGroepenOver(bg, gemeente, ander.ID, []string{"beheer"}); err != nil {
		t.Fatal(err)
	}
	// Of the two only the one from the service is left, and the service takes that away.
	beheerders := o.mens(g.ID).Groepen[0].Groep
	for _, id := range []uuid.UUID{g.ID, ander.ID} {
		if _, err := o.HaalLidWeg(bg, machine, beheerders, id, o.mens(id).Versie, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.NeemGroepenOver(bg, gemeente, ander.ID, nil); err != nil {
		t.Fatal(err)
	}
	if !o.mag(ander.ID, "groepen/beheren/gewoon/alles") || len(o.gemeld) != 1 {
		t.Errorf("told: %v", o.gemeld)
	}
}
