package inzage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inzage"
)

func TestWhatAProtectedPersonSeesOfALine(t *testing.T) {
	t.Parallel()
	id, dag := uuid.New(), time.Date(2026, 3, 31, 22, 30, 0, 0, time.UTC) // in April, where people are
	april := time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC)
	wet := inzage.Grond{Code: "publieke_taak", Naam: "Publieke taak", Uitleg: "Omdat het moet.", Artikel: "AVG art. 6"}
	for naam, x := range map[string]struct{ in, uit inzage.Gebruik }{
		"texts that somebody typed": {
			inzage.Gebruik{ID: id, Moment: dag, Actie: "Inschrijven bij opvang Zuid", Handeling: "Intake Zuid", Verwerking: "Verhuizing naar Zuid", Rol: "bewoner van Zuid", Uitleg: &inzage.Uitleg{
				Activiteit: uuid.New(), Dag: "2026-04-01", Bekend: true, Geldig: true, Openbaar: true, Naam: "Opvang Zuid", Doel: "Wonen in Zuid", Toelichting: "Verordening Zuid", Grondslagen: []inzage.Grond{wet, {Code: "zuid", Naam: "zuid"}},
			}},
			inzage.Gebruik{ID: id, Moment: april, Grof: true, Uitleg: &inzage.Uitleg{Grondslagen: []inzage.Grond{wet}}},
		},
		"organisations": {
			inzage.Gebruik{ID: id, Moment: dag, Uitvoerder: inzage.Partij{inzage.Organisatie, waterschap, "Waterschap Zuid"}, Ontvanger: inzage.Partij{inzage.Organisatie, fictief, ""}},
			inzage.Gebruik{ID: id, Moment: april, Grof: true, Uitleg: &inzage.Uitleg{}, Uitvoerder: inzage.Partij{Soort: inzage.Ander}, Ontvanger: inzage.Partij{Soort: inzage.Ander}},
		},
		"the organisation itself": {
			inzage.Gebruik{ID: id, Moment: dag, Ontvanger: inzage.Partij{Soort: inzage.Wij}},
			inzage.Gebruik{ID: id, Moment: april, Grof: true, Uitleg: &inzage.Uitleg{}, Ontvanger: inzage.Partij{Soort: inzage.Wij}},
		},
		"the citizen and somebody else": {
			inzage.Gebruik{ID: id, Moment: dag, Eigen: true, Uitvoerder: inzage.Partij{Soort: inzage.Persoon, Naam: "Zuid"}, Ontvanger: inzage.Partij{Soort: inzage.Zelf}},
			inzage.Gebruik{ID: id, Moment: april, Grof: true, Eigen: true, Uitleg: &inzage.Uitleg{}, Uitvoerder: inzage.Partij{Soort: inzage.Persoon}, Ontvanger: inzage.Partij{Soort: inzage.Zelf}},
		},
		"kinds of data": {
			inzage.Gebruik{ID: id, Moment: dag, Soorten: []string{"Adres", " Naam ", "naam", "Postcode", "Inkomen", "Woonplaats", "Naam van de opvang", "verblijfplaats"}},
			inzage.Gebruik{ID: id, Moment: april, Grof: true, Uitleg: &inzage.Uitleg{}, Soorten: []string{"naam", "inkomen"}},
		},
	} {
		got := inzage.Grof(x.in)
		if d := cmp.Diff(x.uit, got, cmpopts.IgnoreUnexported(inzage.Gebruik{}), cmpopts.EquateApproxTime(0)); d != "" {
			t.Errorf("%s: %s", naam, d)
		}
		if d := cmp.Diff(got, inzage.Grof(got), cmpopts.IgnoreUnexported(inzage.Gebruik{}), cmpopts.EquateApproxTime(0)); d != "" {
			t.Errorf("%s: twice is not the same: %s", naam, d)
		}
	}
}

func TestNothingFromBeforeProtectionWorksAfter(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for n := range 60 {
		p.leg(regel(anna, fmt.Sprintf("2026-02-10T10:%02d:00+01:00", n)))
	}
	w := p.mens(anna)
	dag := inzage.Filter{Van: "2026-02-10", Tot: "2026-02-10"}
	p.kijk(w)
	o, err := p.Overzicht(bg, w, dag, "")
	if err != nil || o.Volgende == "" {
		t.Fatalf("%+v, %v", o, err)
	}
	w.Beschermd = true // the same session, and the next
	for _, c := range []string{o.Hier, o.Volgende} {
		if _, err := p.Overzicht(bg, w, inzage.Filter{}, c); fout.CodeOf(err) != fout.CodeOngeldig {
			t.Errorf("a link to the lines of a day: %v", err)
		}
	}
	grof := p.kijk(w)
	if !grof.Grof || grof.Aantal < 61 || grof.Volgende == "" {
		t.Errorf("%+v", grof)
	}
	if g, err := p.Een(bg, w, regels(o)[0].ID); err != nil || !g.Grof {
		t.Errorf("%+v, %v", g, err)
	}
	twee, err := p.Overzicht(bg, w, inzage.Filter{}, grof.Volgende)
	if err != nil || !twee.Grof {
		t.Errorf("%+v, %v", twee, err)
	}
	w.Beschermd = false
	if _, err := p.Overzicht(bg, w, inzage.Filter{}, grof.Volgende); fout.CodeOf(err) != fout.CodeOngeldig {
		t.Errorf("and the other way: %v", err)
	}
}
