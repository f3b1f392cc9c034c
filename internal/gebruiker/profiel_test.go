package gebruiker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func teksten(p []Zin) []string {
	uit := []string{}
	for _, z := range p {
		uit = append(uit, z.Tekst)
	}
	return uit
}

func TestAProfileReadsAsPlainDutch(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a, err := o.VoegGroepToe(bg, o.bea, "Burgerzaken", "")
	if err != nil {
		t.Fatal(err)
	}
	r := rechten(
		"groepen/zien/gewoon/alles", "verwerkingenlog/zien/gewoon/functiegroep", "verwerkingenlog/zien/bsn/domein:burgerzaken",
		"verbod verwerkingenlog/zien/derde/alles", "verwerkingenlog/zien/derde/eigen", "verwerkingenlog/zoeken/gewoon/eigen", "verwerkingenlog/exporteren/gewoon/alles",
		"verbod verwerkingenlog/zoeken/bsn/alles", "verbod verwerkingenlog/wijzigen/gewoon/domein:burgerzaken",
	)
	r[2].Tot = time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC) // midnight in Amsterdam
	r[7].Tot = time.Date(2026, 6, 1, 13, 30, 0, 0, time.UTC)
	v, err := o.Voorzie(o.bea, a.ID, r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Deze groep kan in de verwerkingenlog zien welke verwerkingen er waren, voor het werk van de eigen functiegroep.",
		"Deze groep kan in de verwerkingenlog het BSN zien van de inwoners om wie het gaat, in het domein burgerzaken, tot 1 januari 2027.",
		"Deze groep mag nooit in de verwerkingenlog zien welke medewerker iets deed. Dit verbod gaat boven elk recht, ook uit een andere groep.",
		"Deze groep kan in de verwerkingenlog zoeken op activiteit, zaak en datum, alleen voor het eigen werk.",
		"Deze groep mag tot 1 juni 2026 om 15:30 uur niet in de verwerkingenlog zoeken op BSN, en zo alles van één inwoner bij elkaar zien. Dit verbod gaat boven elk recht, ook uit een andere groep.",
		"Deze groep mag nooit verwerkingen in de log corrigeren of laten vervallen in het domein burgerzaken. Dit verbod gaat boven elk recht, ook een ruimer recht en uit een andere groep.",
		"Deze groep kan verwerkingen als bestand opslaan, voor de hele organisatie.",
		"Deze groep kan zien welke groepen er zijn en wat die mogen.",
	}
	if d := cmp.Diff(want, teksten(v.Profiel.Zinnen)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff(want, teksten(v.Verschil.Erbij)); d != "" || len(v.Verschil.Eraf) > 0 {
		t.Errorf("difference (-want +got):\n%s\n%v", d, v.Verschil.Eraf)
	}
}

func TestADifferenceTellsWhatComesAndGoes(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	id := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen", "verwerkingenlog/zoeken/gewoon/eigen"), o.persoon("annelies"), o.persoon("pieternel"))
	v, err := o.Voorzie(o.bea, id, rechten("verwerkingenlog/zien/gewoon/functiegroep", "verwerkingenlog/zoeken/gewoon/eigen"))
	if err != nil {
		t.Fatal(err)
	}
	d := cmp.Diff([]string{"Deze groep kan in de verwerkingenlog zien welke verwerkingen er waren, voor het werk van de eigen functiegroep."}, teksten(v.Verschil.Erbij)) +
		cmp.Diff([]string{"Deze groep kan in de verwerkingenlog zien welke verwerkingen er waren, alleen voor het eigen werk."}, teksten(v.Verschil.Eraf))
	if d != "" || v.Mensen != 2 || v.Ernstig() {
		t.Errorf("%d people, %+v (-want +got):\n%s", v.Mensen, v.Waarschuwingen, d)
	}
	if got := o.beeld(id); len(got.Rechten) != 2 || got.Versie != 2 {
		t.Errorf("it was done: %+v", got)
	}
}

// Every right has a phrase of its own, that can stand after "kan".
func TestEveryRightHasItsOwnPhrase(t *testing.T) {
	t.Parallel()
	gezien := map[string]string{}
	n := 0
	for _, m := range Modules(true) {
		if m.Naam() == string(m) {
			t.Errorf("%s has no name for people", m)
		}
		for _, h := range Handelingen() {
			for _, v := range m.Veldklassen(h) {
				n++
				wie := string(m) + "/" + string(h) + "/" + string(v)
				s := Uitdrukking(m, h, v)
				if s == "" || strings.HasSuffix(s, ".") || strings.Contains(s, "  ") || strings.Contains(s, "_") || s != strings.TrimSpace(s) {
					t.Errorf("%s: %q", wie, s)
				}
				if ander, ok := gezien[s]; ok {
					t.Errorf("%s and %s read the same: %q", wie, ander, s)
				}
				gezien[s] = wie
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d rights", n)
	}
	if Uitdrukking(ModuleGroepen, Zien, BSN) != "" || Uitdrukking("iets", Zien, Gewoon) != "" {
		t.Error("what does not exist has a phrase")
	}
}
