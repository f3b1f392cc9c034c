package activiteit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func (o *opstelling) namen(f Filter) (uit []string) {
	o.t.Helper()
	l, err := o.Lijst(o.bea, f)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, a := range l {
		uit = append(uit, a.Actueel().Naam)
	}
	return uit
}

func TestAnImportMakesChangesAndLeavesWhatEquals(t *testing.T) {
	t.Parallel()
	for _, definitief := range []bool{false, true} {
		o := opstellen(t)
		a := o.vast("Blijft", "2026-01-01")
		b := o.vast("Verandert", "2026-01-01")
		eigen := uuid.New()
		anders := volledig("Verandert")
		anders.Doel = "Een ander doel"
		in := []Invoer{
			{ID: a.ID, Stand: a.Stand, Inhoud: volledig(" Blijft ")}, {ID: b.ID, Stand: b.Stand, Inhoud: anders},
			{ID: eigen, Ingangsdatum: "2025-01-01", Einddatum: "2025-12-31", Inhoud: volledig("Met een eigen id")}, {Inhoud: volledig("Zonder id")},
		}
		u, err := o.Importeer(bg, o.bea, in, definitief)
		if err != nil || u != (Uitkomst{Nieuw: 2, Gewijzigd: 1, Gelijk: 1}) {
			t.Fatalf("%+v %v", u, err)
		}
		if got := o.namen(Filter{}); !slices.Equal(got, []string{"Blijft", "Met een eigen id", "Verandert", "Zonder id"}) {
			t.Errorf("%v", got)
		}
		if na := o.een(a.ID); na.Stand != a.Stand {
			t.Errorf("what equals was changed: %+v", na)
		}
		na, nieuw := o.een(b.ID), o.een(eigen)
		if definitief {
			if len(na.Versies) != 2 || na.Versies[1].Doel != "Een ander doel" || na.Versies[1].Ingangsdatum != "2026-03-02" || na.Versies[1].Reden == "" || na.Concept != nil {
				t.Errorf("%+v", na)
			}
			if len(nieuw.Versies) != 1 || nieuw.Versies[0].Ingangsdatum != "2025-01-01" || nieuw.Versies[0].Einddatum != "2025-12-31" || nieuw.Openbaar {
				t.Errorf("%+v", nieuw)
			}
		} else if len(na.Versies) != 1 || na.Concept == nil || na.Concept.Doel != "Een ander doel" || len(nieuw.Versies) != 0 || nieuw.Concept == nil {
			t.Errorf("%+v %+v", na, nieuw)
		}
		// Once more: all of it is there.
		for n := range in {
			if in[n].ID != (uuid.UUID{}) {
				in[n].Stand = o.een(in[n].ID).Stand
			}
		}
		if u, err := o.Importeer(bg, o.bea, in[:3], definitief); err != nil || u != (Uitkomst{Gelijk: 3}) {
			t.Errorf("the same again: %+v %v", u, err)
		}
	}
}

func TestOfAnImportWithAnErrorNothingIsTaken(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	dubbel := uuid.New()
	fouten := len(o.gebeurtenissen(100))
	zonderNaam, zonderDoel := volledig(""), volledig("Zonder doel")
	zonderDoel.Doel = ""
	in := []Invoer{
		{Inhoud: volledig("Goed")}, {Inhoud: zonderNaam}, {Inhoud: zonderDoel}, {ID: dubbel, Inhoud: volledig("Twee keer")}, {ID: dubbel, Inhoud: volledig("Twee keer")},
		{ID: a.ID, Stand: a.Stand + 1, Inhoud: volledig("Te laat")}, {ID: uuid.New(), Stand: 3, Inhoud: volledig("Intussen weg")},
		{Ingangsdatum: "2026-01-02", Einddatum: "2026-01-01", Inhoud: volledig("Omgekeerd")}, {Ingangsdatum: "eens", Inhoud: volledig("Wanneer")},
	}
	_, err := o.Importeer(bg, o.bea, in, true)
	want := []string{
		"regels.1.naam required", "regels.2.doel required", "regels.4.id unique", "regels.5.id gewijzigd", "regels.6.id gewijzigd", "regels.7.einddatum invalid",
		"regels.8.ingangsdatum invalid",
	}
	if got := paden(err); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := o.namen(Filter{}); !slices.Equal(got, []string{"Inschrijven"}) {
		t.Errorf("half taken: %v", got)
	}
	if got := len(o.gebeurtenissen(100)); got != fouten {
		t.Errorf("%d events of what did not happen", got-fouten)
	}
	in = []Invoer{in[0], in[2]}
	if u, err := o.Importeer(bg, o.bea, in, false); err != nil || u.Nieuw != 2 {
		t.Errorf("as concepts: %+v %v", u, err)
	}
}

func TestADefiniteImportLeavesTheConceptOfAnother(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	if err := o.Wijzig(bg, o.bea, a.ID, a.Stand, volledig("In de maak")); err != nil {
		t.Fatal(err)
	}
	anders := volledig("Uit het bestand")
	if _, err := o.Importeer(bg, o.bea, []Invoer{{ID: a.ID, Stand: a.Stand + 1, Inhoud: anders}}, true); err != nil {
		t.Fatal(err)
	}
	if na := o.een(a.ID); len(na.Versies) != 2 || na.Concept == nil || na.Concept.Naam != "In de maak" {
		t.Errorf("%+v", na)
	}
	id, err := o.Begin(bg, o.bea, Inhoud{Naam: "Nooit vastgesteld"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Importeer(bg, o.bea, []Invoer{{ID: id, Stand: 1, Inhoud: volledig("Nu wel")}}, true); err != nil {
		t.Fatal(err)
	}
	if na := o.een(id); len(na.Versies) != 1 || na.Concept != nil {
		t.Errorf("%+v", na)
	}
}

func TestAnEndIsNotLostByASheetThatHasNone(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	if err := o.Beeindig(bg, o.bea, a.ID, a.Stand, "2026-12-31", "Taak vervalt"); err != nil {
		t.Fatal(err)
	}
	anders := volledig("Inschrijven")
	anders.Doel = "Anders gezegd"
	if _, err := o.Importeer(bg, o.bea, []Invoer{{ID: a.ID, Stand: a.Stand + 1, Inhoud: anders}}, true); err != nil {
		t.Fatal(err)
	}
	if v := o.een(a.ID).Laatste(); v.Doel != "Anders gezegd" || v.Einddatum != "2026-12-31" {
		t.Errorf("%+v", v)
	}
}

func TestTheRegisterHasItsBounds(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	var in []Invoer
	for n := range 5000 {
		in = append(in, Invoer{Inhoud: Inhoud{Naam: fmt.Sprint("Activiteit ", n)}})
	}
	_, err := o.Importeer(bg, o.bea, append(slices.Clone(in), in[0]), false)
	geweigerd(t, err, fout.CodeTeGroot)
	if u, err := o.Importeer(bg, o.bea, in, false); err != nil || u.Nieuw != 5000 {
		t.Fatalf("%+v %v", u, err)
	}
	_, err = o.Begin(bg, o.bea, volledig("Eén te veel"))
	geweigerd(t, err, fout.CodeTeGroot)
	_, err = o.Importeer(bg, o.bea, in[:1], false)
	geweigerd(t, err, fout.CodeTeGroot)
	_, err = o.Importeer(bg, o.bea, make([]Invoer, 3000), false)
	if n := len(geweigerd(t, err, fout.CodeOngeldig).Params); n > 1100 {
		t.Errorf("%d errors in one answer", n)
	}
}

func TestAnActivityHasItsBounds(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	i := volledig("Te groot")
	for n := range 40 {
		i.Overig = append(i.Overig, Veld{Naam: fmt.Sprint("Kolom ", n), Waarde: strings.Repeat("x", 8192)})
	}
	_, err := o.Begin(bg, o.bea, i)
	geweigerd(t, err, fout.CodeTeGroot)
	klein := volledig("Klein")
	a := o.vast("Klein", "2026-01-01")
	stand := a.Stand
	for n := range 199 {
		klein.Doel = fmt.Sprint("Doel ", n)
		if _, err := o.Importeer(bg, o.bea, []Invoer{{ID: a.ID, Stand: stand, Inhoud: klein}}, true); err != nil {
			t.Fatal(err)
		}
		stand++
	}
	klein.Doel = "Eén te veel"
	_, err = o.Importeer(bg, o.bea, []Invoer{{ID: a.ID, Stand: stand, Inhoud: klein}}, true)
	geweigerd(t, err, fout.CodeOngeldig)
	if err := o.Wijzig(bg, o.bea, a.ID, stand, klein); err != nil {
		t.Fatal(err)
	}
	geweigerd(t, o.StelVast(bg, o.bea, a.ID, stand+1, Vaststelling{Ingangsdatum: "2026-01-01", Reden: "x"}), fout.CodeTeGroot)
	geweigerd(t, o.Beeindig(bg, o.bea, a.ID, stand+1, "2026-12-31", "x"), fout.CodeTeGroot)
}
