package aansluiting_test

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/aansluiting"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/applicatie"
	storebeheerlog "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

const gemeente = "00000099000000001001"

var bg = context.Background()

type bus struct{}

func (bus) Add(*kamer.Tx, string, gebruiker.Bericht) error { return nil }

// opstelling is a municipality with two administrators and somebody who may only look, on a store on disk.
type opstelling struct {
	*aansluiting.Dienst
	t             *testing.T
	log           *beheerlog.Log
	register      *autorisatie.Register
	nu            time.Time
	bea, tom, kim gebruiker.Dader
}

func opstellen(t *testing.T) *opstelling {
	t.Helper()
	o := &opstelling{t: t, register: autorisatie.NewRegister(nil), nu: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	oins := []string{gemeente}
	store, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
	must(err)
	opruimen.Na(t, func() { must(store.Close()) })
	sleutels, err := betrokkene.Open(bg, t.TempDir(), oins, store)
	must(err)
	klok := func() time.Time { return o.nu }
	mensen, err := gebruiker.NewBeheer(bg, gebruiker.BeheerOpties{
		Opslag: kast.New(store, kast.Gebruikers, bus{}), Sleutels: sleutels.Organisatie, Organisaties: oins, Nu: klok, Meld: func(err error) { t.Error(err) },
	})
	must(err)
	applicaties, err := autorisatie.NewBeheer(bg, autorisatie.BeheerOpties{
		Opslag: applicatie.New(store), Sleutels: sleutels.Organisatie, Register: o.register, Nu: klok, Meld: func(err error) { t.Error(err) },
	})
	must(err)
	o.Dienst, o.log = &aansluiting.Dienst{Mensen: mensen, Applicaties: applicaties}, beheerlog.NewLog(storebeheerlog.New(store), sleutels.Organisatie, klok)
	for _, p := range []struct {
		naam string
		d    *gebruiker.Dader
	}{{"Bea Heer", &o.bea}, {"Tom Tweede", &o.tom}} {
		g, err := mensen.MaakBeheerder(bg, gemeente, p.naam, strings.ToLower(p.naam[:3])+"@voorbeeldstad.example")
		must(err)
		*p.d = gebruiker.Als(gemeente, g.ID)
	}
	groep, err := mensen.VoegGroepToe(bg, o.bea, "Kijkers", "")
	must(err)
	recht, err := gebruiker.ParseRecht("applicaties/zien/gewoon/alles")
	must(err)
	_, err = mensen.ZetRechten(bg, o.bea, groep.ID, groep.Versie, []gebruiker.Recht{recht}, "")
	must(err)
	kim, err := mensen.VoegToe(bg, o.bea, gebruiker.GebruikerInvoer{Naam: "Kim Kijker", Email: "kim@voorbeeldstad.example"})
	must(err)
	_, err = mensen.ZetLid(bg, o.bea, groep.ID, kim.ID, kim.Versie, time.Time{}, "")
	must(err)
	o.kim = gebruiker.Als(gemeente, kim.ID)
	return o
}

func keuze(client string, scopes ...autorisatie.Scope) aansluiting.Keuze {
	return aansluiting.Keuze{
		Naam: "Balie", ClientIDs: []string{client}, OINs: []string{gemeente}, Autorisaties: []autorisatie.Autorisatie{{Component: autorisatie.ComponentInzage, Scopes: scopes}},
	}
}

const waarom = "De balie beantwoordt vragen van inwoners."

func (o *opstelling) wil(err error, code fout.Code) {
	o.t.Helper()
	if got := fout.CodeOf(err); got != code || err == nil {
		o.t.Errorf("%v (%s), want %s", err, got, code)
	}
}

// voorstel gives the one that waits.
func (o *opstelling) voorstel(d gebruiker.Dader) *aansluiting.Voorstel {
	o.t.Helper()
	l, err := o.Voorstellen(d)
	if err != nil || len(l) != 1 {
		o.t.Fatalf("%d proposals: %v", len(l), err)
	}
	return &l[0]
}

func (o *opstelling) gebeurtenissen(soort beheerlog.Soort) []*beheerlog.Regel {
	o.t.Helper()
	l, err := o.log.Van(bg, gemeente, soort, beheerlog.Vanaf, 50)
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}

func TestASeriousApplicationWaitsForSomebodyElseAndIsMadeOnce(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	_, err := o.Zet(bg, o.bea, "", "", keuze("balie", autorisatie.ReadNormal), "kort")
	o.wil(err, fout.CodeOngeldig)
	u, err := o.Zet(bg, o.bea, "", "", keuze("balie", autorisatie.ReadNormal), waarom)
	if err != nil || !u.Wacht || u.ID != "" || u.Melding != "" {
		t.Fatalf("%+v, %v", u, err)
	}
	if l, err := o.Lijst(o.bea); err != nil || len(l) != 0 {
		t.Fatalf("%d applications before anybody agreed: %v", len(l), err)
	}
	v := o.voorstel(o.tom)
	if !v.MagBeslissen || v.Steller != "Bea Heer" || !v.Voorstelling.Ernstig || o.voorstel(o.kim).MagBeslissen {
		t.Errorf("%+v", v)
	}
	o.wil(o.KeurGoed(bg, o.bea, v.ID, v.Versie), fout.CodeGeenToestemming)
	o.wil(o.Weiger(bg, o.bea, v.ID, v.Versie, waarom), fout.CodeGeenToestemming)
	o.wil(o.KeurGoed(bg, o.kim, v.ID, v.Versie), fout.CodeGeenToestemming)
	o.wil(o.TrekIn(bg, o.tom, v.ID, v.Versie), fout.CodeGeenToestemming)
	o.wil(o.KeurGoed(bg, o.tom, v.ID, v.Versie+1), fout.CodeGelijktijdig)
	if err := o.KeurGoed(bg, o.tom, v.ID, v.Versie); err != nil {
		t.Fatal(err)
	}
	o.wil(o.KeurGoed(bg, o.tom, v.ID, v.Versie), fout.CodeNietGevonden)
	l, err := o.Lijst(o.kim)
	if err != nil || len(l) != 1 || l[0].KanAanmelden || l[0].ID != v.Applicatie {
		t.Fatalf("%+v: %v", l, err)
	}
	e := o.gebeurtenissen(beheerlog.Applicatie)
	if len(e) != 1 || e[0].Door.Naam != "Tom Tweede" || e[0].Reden != waarom || !strings.Contains(e[0].Wat, "voorgesteld door Bea Heer en goedgekeurd") {
		t.Errorf("%+v", e)
	}
	if e := o.gebeurtenissen(beheerlog.Voorstel); len(e) != 2 || !strings.HasPrefix(e[0].Wat, "Voorstel goedgekeurd") {
		t.Errorf("%+v", e)
	}
}

func TestAProposalThatWasCarriedOutAndNotEndedIsNotCarriedOutAgain(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	if _, err := o.Zet(bg, o.bea, "", "", keuze("balie", autorisatie.ReadNormal), waarom); err != nil {
		t.Fatal(err)
	}
	v := o.voorstel(o.tom)
	// The register stopped after the application was made.
	in := &autorisatie.Invoer{ClientIDs: &[]string{"ander"}, Label: new(string)}
	*in.Label = "Balie"
	if _, err := o.Applicaties.CreateAls(bg, autorisatie.Beheerder{Organisatie: gemeente}, v.Applicatie, in); err != nil {
		t.Fatal(err)
	}
	if na := o.voorstel(o.tom); na.MagBeslissen || na.Vervallen == "" {
		t.Errorf("%+v", na)
	}
	o.wil(o.KeurGoed(bg, o.tom, v.ID, v.Versie), fout.CodeVoorwaarde)
	if err := o.TrekIn(bg, o.bea, v.ID, v.Versie); err != nil {
		t.Error(err)
	}
}

func TestAProposalLapsesWithTimeAndWithAChange(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	u, err := o.Zet(bg, o.bea, "", "", keuze("balie"), "")
	if err != nil || u.Wacht {
		t.Fatalf("%+v, %v", u, err)
	}
	if _, err := o.Zet(bg, o.bea, u.ID, `"1"`, keuze("balie", autorisatie.ReadNormal), waarom); err != nil {
		t.Fatal(err)
	}
	v := o.voorstel(o.tom)
	if _, err := o.Zet(bg, o.bea, u.ID, `"1"`, keuze("balie-2"), ""); err != nil { // no serious rights yet
		t.Fatal(err)
	}
	o.wil(o.KeurGoed(bg, o.tom, v.ID, v.Versie), fout.CodeVoorwaarde)
	if err := o.Weiger(bg, o.tom, v.ID, v.Versie, "Is intussen achterhaald."); err != nil {
		t.Fatal(err)
	}
	_, err = o.Zet(bg, o.bea, u.ID, `"1"`, keuze("balie", autorisatie.ReadNormal), waarom)
	o.wil(err, fout.CodeVoorwaarde)
	if _, err := o.Zet(bg, o.bea, u.ID, `"2"`, keuze("balie", autorisatie.ReadNormal), waarom); err != nil {
		t.Fatal(err)
	}
	v = o.voorstel(o.tom)
	o.nu = o.nu.Add(gebruiker.Geldig)
	o.wil(o.KeurGoed(bg, o.tom, v.ID, v.Versie), fout.CodeVoorwaarde)
	if _, err := o.Zet(bg, o.bea, "", "", keuze("ander", autorisatie.ReadNormal), waarom); err != nil {
		t.Fatal(err)
	}
	if na := o.voorstel(o.tom); na.ID == v.ID {
		t.Error("what lapsed was not cleared away")
	}
}

func TestWhoMayOnlyLookChangesNothing(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	u, err := o.Zet(bg, o.bea, "", "", keuze("balie"), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Voorzie(o.kim, "", keuze("ander"))
	o.wil(err, fout.CodeGeenToestemming)
	_, err = o.Zet(bg, o.kim, "", "", keuze("ander"), "")
	o.wil(err, fout.CodeGeenToestemming)
	_, err = o.Zet(bg, o.kim, "", "", keuze("ander", autorisatie.ReadNormal), waarom)
	o.wil(err, fout.CodeGeenToestemming)
	_, err = o.Geheim(bg, o.kim, u.ID, `"1"`, waarom)
	o.wil(err, fout.CodeGeenToestemming)
	o.wil(o.NeemWeg(bg, o.kim, u.ID, `"1"`, waarom), fout.CodeGeenToestemming)
	niemand := gebruiker.Als(gemeente, [16]byte{9})
	if _, err := o.Lijst(niemand); fout.CodeOf(err) != fout.CodeGeenToestemming {
		t.Errorf("%v", err)
	}
	if _, err := o.Een(niemand, u.ID); fout.CodeOf(err) != fout.CodeGeenToestemming {
		t.Errorf("%v", err)
	}
}

func TestASecretIsGivenOnceAndStandsNowhereElse(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	u, err := o.Zet(bg, o.bea, "", "", keuze("balie"), "")
	if err != nil {
		t.Fatal(err)
	}
	meldt := func(geheim string) bool {
		t.Helper()
		token, err := autorisatie.Sign("balie", []byte(geheim), autorisatie.Claims{}, o.nu)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.register.Authenticate(token, autorisatie.Instellingen{Nu: func() time.Time { return o.nu }, MaxLeeftijd: time.Hour})
		return err == nil
	}
	_, err = o.Geheim(bg, o.bea, u.ID, `"1"`, "")
	o.wil(err, fout.CodeOngeldig)
	eerste, err := o.Geheim(bg, o.bea, u.ID, `"1"`, waarom)
	if err != nil || !meldt(eerste) {
		t.Fatalf("the secret does not sign: %v", err)
	}
	_, err = o.Geheim(bg, o.bea, u.ID, `"1"`, waarom) // the form sent again
	o.wil(err, fout.CodeVoorwaarde)
	tweede, err := o.Geheim(bg, o.bea, u.ID, `"2"`, waarom)
	if err != nil || meldt(eerste) || !meldt(tweede) {
		t.Errorf("the old secret %v, the new %v: %v", meldt(eerste), meldt(tweede), err)
	}
	for _, e := range o.gebeurtenissen(beheerlog.Applicatie) {
		for _, g := range []string{eerste, tweede, base64.StdEncoding.EncodeToString([]byte(eerste)), base64.StdEncoding.EncodeToString([]byte(tweede))} {
			if s := e.Wat + e.Reden + tekst(e.Voor) + tekst(e.Na); strings.Contains(s, g) {
				t.Errorf("the beheerlog tells the secret: %s", s)
			}
		}
	}
	if err := o.NeemWeg(bg, o.bea, u.ID, `"3"`, waarom); err != nil || meldt(tweede) {
		t.Errorf("still signs in: %v", err)
	}
	if wat := o.gebeurtenissen(beheerlog.Applicatie); len(wat) != 4 || !slices.ContainsFunc(wat, func(r *beheerlog.Regel) bool { return r.Wat == "Applicatie verwijderd." && r.Reden == waarom }) {
		t.Errorf("%+v", wat)
	}
}

func tekst(v any) string {
	b, _ := v.(interface{ String() string })
	if b == nil {
		return ""
	}
	return b.String()
}
