package gebruiker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

// Each rule by the rights it must speak of, and rights close to those of which it must not. These are of the engine, so
// that modules which are to come count as well.
func TestEveryRuleSpeaksOfItsRightsAndOfNoOther(t *testing.T) {
	t.Parallel()
	gezien := map[string]bool{}
	for _, p := range []struct {
		regel   string
		ernst   Ernst
		wel     []string
		nietOok []string
	}{
		{"bsn", Ernstig, []string{"verwerkingenlog/zien/bsn/eigen"}, []string{"verwerkingenlog/zien/gewoon/eigen"}},
		{"bsn", Ernstig, []string{"verwerkingenlog/zoeken/bsn/domein:burgerzaken"}, []string{"verwerkingenlog/zoeken/gewoon/eigen"}},
		{"bijzonder", Ernstig, []string{"werkplek/zien/bijzonder/eigen"}, []string{"verwerkingenlog/zien/bijzonder/eigen"}},
		{"strafrechtelijk", Ernstig, []string{"werkplek/zoeken/strafrechtelijk/eigen"}, []string{"werkplek/zoeken/gewoon/eigen"}},
		{"beschermden", Ernstig, []string{"inwoners/zien/gewoon/alles"}, []string{"beheerlog/zien/gewoon/alles"}},
		{"domeinen", Ernstig, []string{"domeinen/goedkeuren/gewoon/alles"}, []string{"domeinen/zien/gewoon/alles", "inwoners/goedkeuren/gewoon/alles"}},
		{"geheim_adres", Ernstig, []string{"werkplek/zien/geheim_adres/eigen"}, []string{"werkplek/zien/contact/eigen"}},
		{"vertrouwelijk", Ernstig, []string{"verwerkingenlog/zien/bijzonder/eigen"}, []string{"werkplek/zien/bijzonder/eigen"}},
		{"exporteren", Ernstig, []string{"verwerkingenlog/exporteren/derde/eigen"}, []string{"verwerkingenlog/exporteren/gewoon/eigen"}},
		{"exporteren_gewoon", LetOp, []string{"verwerkingenlog/exporteren/gewoon/eigen"}, []string{"verwerkingenlog/zien/gewoon/eigen"}},
		{"exporteren_gewoon", LetOp, []string{"beheerlog/exporteren/gewoon/alles"}, []string{"activiteiten/exporteren/gewoon/alles"}},
		{"leveren", Ernstig, []string{"activiteiten/beheren/gewoon/alles"}, []string{"activiteiten/goedkeuren/gewoon/alles"}},
		{"zelf_vaststellen", LetOp, []string{"activiteiten/wijzigen/gewoon/alles", "activiteiten/goedkeuren/gewoon/alles"},
			[]string{"activiteiten/goedkeuren/gewoon/alles", "verwerkingenlog/wijzigen/gewoon/eigen"}},
		{"verwijderen", Ernstig, []string{"verwerkingenlog/verwijderen/gewoon/eigen"}, []string{"verwerkingenlog/wijzigen/gewoon/eigen"}},
		{"in_een_hand", Ernstig, []string{"verwerkingenlog/wijzigen/gewoon/eigen", "verwerkingenlog/goedkeuren/gewoon/eigen", "verwerkingenlog/uitvoeren/gewoon/eigen"},
			[]string{"verwerkingenlog/wijzigen/gewoon/eigen", "verwerkingenlog/goedkeuren/gewoon/eigen", "verzoeken/uitvoeren/gewoon/eigen"}},
		{"in_een_hand", Ernstig, []string{"verwerkingenlog/verwijderen/gewoon/eigen", "verwerkingenlog/goedkeuren/gewoon/eigen", "verwerkingenlog/uitvoeren/gewoon/eigen"},
			[]string{"verwerkingenlog/goedkeuren/gewoon/eigen", "verwerkingenlog/uitvoeren/gewoon/eigen"}},
		{"beheer_en_inzage", Ernstig, []string{"gebruikers/beheren/gewoon/alles", "verwerkingenlog/zien/gewoon/eigen"}, []string{"gebruikers/wijzigen/gewoon/alles", "verwerkingenlog/zien/gewoon/eigen"}},
		{"rechten_uitdelen", Ernstig, []string{"groepen/beheren/gewoon/alles"}, []string{"groepen/wijzigen/gewoon/alles"}},
		{"rechten_uitdelen", Ernstig, []string{"groepen/goedkeuren/gewoon/alles"}, []string{"groepen/zien/gewoon/alles"}},
		{"rechten_uitdelen", Ernstig, []string{"applicaties/beheren/gewoon/alles"}, []string{"applicaties/zien/gewoon/alles"}},
		{"bereik_alles", LetOp, []string{"verwerkingenlog/zien/gewoon/alles"}, []string{"verwerkingenlog/zien/gewoon/functiegroep", "beheerlog/zien/gewoon/alles"}},
	} {
		gezien[p.regel] = true
		vindt := func(teksten []string) *Waarschuwing {
			for _, w := range Waarschuwingen(rechten(teksten...), nu) {
				if w.Regel == p.regel {
					return &w
				}
			}
			return nil
		}
		if w := vindt(p.wel); w == nil || w.Ernst != p.ernst || !strings.HasPrefix(w.Tekst, "Mensen in deze groep kunnen ") || !strings.HasSuffix(w.Tekst, ".") || strings.Contains(w.Tekst, "%") {
			t.Errorf("%s, of %v: %+v", p.regel, p.wel, w)
		}
		if w := vindt(p.nietOok); w != nil {
			t.Errorf("%s speaks of %v", p.regel, p.nietOok)
		}
		verboden := slices.Clone(p.wel)
		for _, s := range p.wel {
			verboden = append(verboden, "verbod "+s)
		}
		if w := vindt(verboden); w != nil {
			t.Errorf("%s speaks of what is forbidden beside it: %v", p.regel, verboden)
		}
	}
	for _, code := range Risicos() {
		if !gezien[code] {
			t.Errorf("no test of rule %s", code)
		}
	}
	if w := Waarschuwingen(nil, nu); len(w) != 0 {
		t.Errorf("an empty group: %+v", w)
	}
}

func TestAWarningLooksAtWhatComesLater(t *testing.T) {
	t.Parallel()
	r := rechten("verwerkingenlog/zien/bsn/eigen", "verbod verwerkingenlog/zien/bsn/alles")
	if w := Waarschuwingen(r, nu); len(w) != 0 {
		t.Errorf("forbidden for ever: %+v", w)
	}
	r[1].Tot = nu.Add(time.Hour)
	if w := Waarschuwingen(r, nu); !slices.Equal(regels(w), []string{"bsn"}) {
		t.Errorf("forbidden for an hour: %+v", w)
	}
}

func TestTheRulesAboutPeople(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"))
	add := func(n int) {
		for range n {
			g := o.persoon(uuid.NewString())
			o.lid(groep, g.ID)
		}
	}
	heeft := func(want ...string) {
		t.Helper()
		if got := regels(o.beeld(groep).Waarschuwingen); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	add(25)
	heeft()
	add(1)
	heeft("veel_mensen")
	o.verder(2*365*24*time.Hour + 48*time.Hour)
	heeft("opleiding", "veel_mensen")
	tekst := o.beeld(groep).Waarschuwingen[0].Tekst + o.beeld(groep).Waarschuwingen[1].Tekst
	for _, s := range []string{"Deze groep heeft 26 mensen.", "Van niemand in deze groep is bekend dat die in de afgelopen drie jaar een privacytraining volgde."} {
		if !strings.Contains(tekst, s) {
			t.Errorf("%q is not in %q", s, tekst)
		}
	}
	leeg := o.groep("Leeg", nil, o.persoon("annelies"))
	if w := o.beeld(leeg).Waarschuwingen; len(w) > 0 {
		t.Errorf("a group that can do nothing: %+v", w)
	}
	zonder := rechten("verwerkingenlog/zien/bsn/eigen", "verwerkingenlog/zien/gewoon/eigen", "verwerkingenlog/zoeken/bsn/eigen")
	v, err := o.Voorzie(o.bea, leeg, zonder)
	if err != nil || !slices.ContainsFunc(v.Waarschuwingen, func(w Waarschuwing) bool {
		return w.Regel == "zonder_einde" && w.Ernst == Info && strings.HasPrefix(w.Tekst, "2 gevoelige rechten hebben geen einddatum.")
	}) {
		t.Errorf("%v %+v", err, v.Waarschuwingen)
	}
	for i := range zonder {
		zonder[i].Tot = o.nu().Add(time.Hour)
	}
	if v, err = o.Voorzie(o.bea, leeg, zonder); err != nil || slices.Contains(regels(v.Waarschuwingen), "zonder_einde") {
		t.Errorf("%v %+v", err, v.Waarschuwingen)
	}
}

func ExampleUitdrukking() {
	for _, s := range []string{
		"verwerkingenlog/zien/bsn/alles", "verwerkingenlog/zoeken/bsn/alles", "groepen/goedkeuren/gewoon/alles", "instellingen/beheren/gewoon/alles",
		"verzoeken/zien/bsn/eigen", "verzoeken/zoeken/geheim_adres/eigen", "werkplek/exporteren/bijzonder/eigen", "magazijn/zien/gewoon/eigen",
	} {
		r, _ := ParseRecht(s)
		fmt.Println("Deze groep kan", Uitdrukking(r.Module, r.Handeling, r.Veldklasse)+".")
	}
	// Output:
	// Deze groep kan in de verwerkingenlog het BSN zien van de inwoners om wie het gaat.
	// Deze groep kan in de verwerkingenlog zoeken op BSN, en zo alles van één inwoner bij elkaar zien.
	// Deze groep kan als tweede beheerder ernstige wijzigingen van rechten goedkeuren, en groepen herzien.
	// Deze groep kan de instellingen van het register wijzigen.
	// Deze groep kan BSN's zien in verzoeken van inwoners.
	// Deze groep kan in verzoeken van inwoners zoeken op geheime adressen.
	// Deze groep kan bijzondere persoonsgegevens uit dossiers van inwoners als bestand opslaan.
	// Deze groep kan het gegevensmagazijn zien.
}
