package activiteit_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
)

func TestActivitiesAreFoundByWhatTheySay(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	zet := func(naam string, van, tot Datum, definitief bool, wijzig func(*Inhoud)) uuid.UUID {
		i := volledig(naam)
		wijzig(&i)
		id := uuid.New()
		if _, err := o.Importeer(bg, o.bea, []Invoer{{ID: id, Ingangsdatum: van, Einddatum: tot, Inhoud: i}}, definitief); err != nil {
			t.Fatal(err)
		}
		return id
	}
	parkeren := zet("Parkeervergunning", "2020-01-01", "", true, func(i *Inhoud) { i.Categorie, i.Doel = "Verkeer", "Plaats geven aan bewoners" })
	zet("belastingen innen", "2020-01-01", "2025-12-31", true, func(i *Inhoud) { i.Categorie, i.Proceseigenaar = "Financiën", "Hoofd belastingen" })
	zet("Éénmalige toeslag", "2027-01-01", "", true, func(i *Inhoud) {
		i.GebaseerdOp, i.VerantwoordelijkeOrganisatie = "https://catalogus.voorbeeld.example/12", buurman
	})
	zet("Wijkteam", "", "", false, func(i *Inhoud) { i.Verwerkers = []Verwerker{{Naam: "Rekencentrum Noord"}} })
	anders := volledig("Parkeren")
	anders.Categorie = "Vervoer"
	if _, err := o.Importeer(bg, o.bea, []Invoer{{ID: parkeren, Stand: 1, Ingangsdatum: "2026-06-01", Inhoud: anders}}, true); err != nil {
		t.Fatal(err)
	}
	if err := o.ZetOpenbaar(bg, o.bea, parkeren, 2, true); err != nil {
		t.Fatal(err)
	}
	for naam, p := range map[string]struct {
		f    Filter
		want []string
	}{
		"all, by name whatever the case":              {Filter{}, []string{"belastingen innen", "Parkeren", "Wijkteam", "Éénmalige toeslag"}},
		"by a word of the purpose":                    {Filter{Zoek: "INSCHRIJVEN"}, []string{"belastingen innen", "Parkeren", "Wijkteam", "Éénmalige toeslag"}},
		"by a part of a name, with an accent":         {Filter{Zoek: "e\u0301énm"}, []string{"Éénmalige toeslag"}},
		"by several words, all of them":               {Filter{Zoek: "hoofd innen"}, []string{"belastingen innen"}},
		"by words of two that are in no one":          {Filter{Zoek: "hoofd wijkteam"}, nil},
		"by who processes":                            {Filter{Zoek: "rekencentrum"}, []string{"Wijkteam"}},
		"by category":                                 {Filter{Categorie: "vervoer"}, []string{"Parkeren"}},
		"by what it was in the past, on that day":     {Filter{Categorie: "Verkeer", GeldigOp: "2026-05-31"}, []string{"Parkeren"}},
		"not by what it will be":                      {Filter{Categorie: "Vervoer", GeldigOp: "2026-05-31"}, nil},
		"by a word of then":                           {Filter{Zoek: "plaats geven", GeldigOp: "2026-05-31"}, []string{"Parkeren"}},
		"those that hold on a day":                    {Filter{GeldigOp: "2025-12-31"}, []string{"belastingen innen", "Parkeren"}},
		"and the day after":                           {Filter{GeldigOp: "2026-01-01"}, []string{"Parkeren"}},
		"those that hold today":                       {Filter{Stand: StandGeldig}, []string{"Parkeren"}},
		"those to come":                               {Filter{Stand: StandToekomstig}, []string{"Éénmalige toeslag"}},
		"those that have ended":                       {Filter{Stand: StandVerlopen}, []string{"belastingen innen"}},
		"those that have not ended on an earlier day": {Filter{Stand: StandVerlopen, GeldigOp: "2025-12-31"}, nil},
		"concepts":              {Filter{Stand: StandConcept}, []string{"Wijkteam"}},
		"by the catalogue":      {Filter{GebaseerdOp: "https://catalogus.voorbeeld.example/12"}, []string{"Éénmalige toeslag"}},
		"by who is responsible": {Filter{Verantwoordelijke: buurman}, []string{"Éénmalige toeslag"}},
		"those that are public": {Filter{AlleenOpenbaar: true}, []string{"Parkeren"}},
		"a stand that there is none of finds nothing": {Filter{Stand: "onbekend"}, nil},
		"a word that is nowhere":                      {Filter{Zoek: "zwembad"}, nil},
		"a category that is nowhere":                  {Filter{Categorie: "Zwembad"}, nil},
		"spaces around a word":                        {Filter{Zoek: "  wijkteam "}, []string{"Wijkteam"}},
	} {
		if got := o.namen(p.f); !slices.Equal(got, p.want) {
			t.Errorf("%s: got %q, want %q", naam, got, p.want)
		}
	}
}

func TestTheLogLearnsWhichVersionHeldThen(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	concept, err := o.Begin(bg, o.bea, volledig("Concept"))
	if err != nil {
		t.Fatal(err)
	}
	for naam, p := range map[string]struct {
		oin    string
		id     uuid.UUID
		op     string
		bekend bool
		geldig bool
	}{
		"a version that held":                     {gemeente, a.ID, "2026-02-01T12:00:00Z", true, true},
		"its first moment, in Amsterdam":          {gemeente, a.ID, "2025-12-31T23:00:00Z", true, true},
		"the moment before":                       {gemeente, a.ID, "2025-12-31T22:59:59Z", true, false},
		"one that never was definite":             {gemeente, concept, "2026-02-01T12:00:00Z", true, false},
		"one that is unknown":                     {gemeente, uuid.New(), "2026-02-01T12:00:00Z", false, false},
		"that of another organisation":            {buurman, a.ID, "2026-02-01T12:00:00Z", false, false},
		"that of an organisation nobody knows of": {"x", a.ID, "2026-02-01T12:00:00Z", false, false},
	} {
		op, err := time.Parse(time.RFC3339, p.op)
		if err != nil {
			t.Fatal(err)
		}
		if v, bekend := o.Bekend(p.oin, p.id, op); bekend != p.bekend || (v != nil) != p.geldig {
			t.Errorf("%s: %v %+v", naam, bekend, v)
		}
	}
}

func TestWhatEenGivesIsTheCallers(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	a := o.vast("Inschrijven", "2026-01-01")
	a.Versies[0].Naam, a.Openbaar = "Gewijzigd", true
	a.Versies = nil
	if na := o.een(a.ID); len(na.Versies) != 1 || na.Versies[0].Naam != "Inschrijven" || na.Openbaar {
		t.Errorf("%+v", na)
	}
}

func vulling(n int) (in []Invoer) {
	for k := range n {
		i := volledig(fmt.Sprintf("Activiteit %04d", n-k))
		i.Categorie = fmt.Sprint("Hoofdproces ", k%20)
		in = append(in, Invoer{Ingangsdatum: "2020-01-01", Inhoud: i})
	}
	return in
}

func BenchmarkLijst(b *testing.B) {
	o := opstellen(b)
	if _, err := o.Importeer(bg, o.bea, vulling(1000), true); err != nil {
		b.Fatal(err)
	}
	for naam, f := range map[string]Filter{
		"alles": {}, "zoeken": {Zoek: "basisregistratie 0042"}, "categorie en geldig": {Categorie: "Hoofdproces 7", GeldigOp: "2026-01-01"},
	} {
		b.Run(naam, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if l, err := o.Lijst(o.bea, f); err != nil || len(l) == 0 {
					b.Fatal(len(l), err)
				}
			}
		})
	}
	b.Run("na een wijziging", func(b *testing.B) {
		l, err := o.Lijst(o.bea, Filter{Zoek: "activiteit 0001"})
		if err != nil || len(l) != 1 {
			b.Fatal(len(l), err)
		}
		stand := l[0].Stand
		for n := 0; b.Loop(); n++ {
			if err := o.ZetOpenbaar(bg, o.bea, l[0].ID, stand, n%2 == 0); err != nil {
				b.Fatal(err)
			}
			stand++
			if _, err := o.Lijst(o.bea, Filter{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBekend(b *testing.B) {
	o := opstellen(b)
	in := vulling(1000)
	in[500].ID = uuid.New()
	if _, err := o.Importeer(bg, o.bea, in, true); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if v, ok := o.Bekend(gemeente, in[500].ID, o.nu()); !ok || v == nil {
			b.Fatal("unknown")
		}
	}
}

func BenchmarkImporteer(b *testing.B) {
	o := opstellen(b)
	for b.Loop() {
		in := vulling(400)
		u, err := o.Importeer(bg, o.bea, in, true)
		if err != nil || u.Nieuw != 400 {
			b.Fatal(u, err)
		}
		b.StopTimer()
		o = opstellen(b)
		b.StartTimer()
	}
}

func TestWhoSearchesInPublicFindsNothingOutThatIsNotPublic(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	in := volledig("Parkeren")
	in.Proceseigenaar, in.GedelegeerdVerantwoordelijke, in.Doel = "Hoofd Handhaving", "Directeur Ruimte", "Plaatsen verdelen."
	id, err := o.Begin(bg, o.bea, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.StelVast(bg, o.bea, id, 1, Vaststelling{Ingangsdatum: "2020-01-01", Openbaar: true}); err != nil {
		t.Fatal(err)
	}
	in.Doel = "Zwembaden bouwen."
	if err := o.Wijzig(bg, o.bea, id, 2, in); err != nil {
		t.Fatal(err)
	}
	if err := o.StelVast(bg, o.bea, id, 3, Vaststelling{Ingangsdatum: "2199-01-01", Reden: "Later.", Openbaar: true}); err != nil {
		t.Fatal(err)
	}
	for woord, n := range map[string]int{"parkeren": 1, "verdelen": 1, "handhaving": 0, "directeur": 0, "zwembaden": 0} {
		if l := o.OpenbareLijst(Filter{Zoek: woord}); len(l) != n {
			t.Errorf("%s: found %d in public, want %d", woord, len(l), n)
		}
		if l, err := o.Lijst(o.bea, Filter{Zoek: woord}); err != nil || len(l) != 1 && woord != "verdelen" {
			t.Errorf("%s: found %d in the office: %v", woord, len(l), err)
		}
	}
}
