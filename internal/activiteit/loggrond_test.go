package activiteit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func (o *opstelling) ontbreekt() (codes []string) {
	for _, g := range o.Ontbreekt(gemeente) {
		codes = append(codes, g.Code)
		if !strings.HasSuffix(g.Tekst, ".") || !strings.HasPrefix(g.Pad, "/beheer/verwerkingsactiviteiten") {
			o.t.Errorf("%+v", g)
		}
	}
	return codes
}

func TestWhatIsMissingIsToldUntilItIsThere(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	is := func(want ...string) {
		t.Helper()
		if got := o.ontbreekt(); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	is("loggrond", "opvragingen", "verantwoordelijke", "fg")
	must(o.ZetLoggrond(bg, o.bea, Loggrond{Vloer: "P5Y"}))
	is("loggrond_activiteit", "loggrond_plichten", "loggrond_maximum", "loggrond_selectielijst", "loggrond_besluit", "opvragingen", "verantwoordelijke", "fg")
	log := o.vast("Verantwoording van verwerkingen", "2026-01-01")
	_, err := o.Importeer(bg, o.bea, []Invoer{{ID: eigen, Inhoud: volledig("Raadplegen van de log")}}, true)
	must(err)
	must(o.ZetLoggrond(bg, o.bea, Loggrond{
		Stand: 1, Activiteit: log.ID, Plichten: []Plicht{{Plicht: "AVG art. 5 lid 2", Grondslag: "publieke_taak"}}, Vloer: "P5Y", Maximum: "P10Y",
		Selectielijst: "12.1", Besluit: "College van B&W", BesluitDatum: "2026-02-01",
	}))
	is("verantwoordelijke", "fg")
	must(o.ZetVerantwoordelijke(bg, o.bea, Verantwoordelijke{Naam: "Gemeente Voorbeeldstad"}))
	is("fg")
	must(o.ZetVerantwoordelijke(bg, o.bea, Verantwoordelijke{Stand: 1, Naam: "Gemeente Voorbeeldstad", FG: Contact{Email: "fg@voorbeeldstad.example"}}))
	is()
	_, err = o.Begin(bg, o.bea, Inhoud{Naam: "Zonder logprofiel"})
	must(err)
	is("logprofiel")
	must(o.Beeindig(bg, o.bea, log.ID, log.Stand, "2026-02-28", "Vervangen"))
	is("loggrond_activiteit", "logprofiel")
}

func TestTheGroundOfTheLogIsJudged(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	for naam, p := range map[string]struct {
		l    Loggrond
		want []string
	}{
		"an activity that is not there": {Loggrond{Activiteit: uuid.New()}, []string{"activiteit invalid_choice"}},
		"a duty without a name":         {Loggrond{Plichten: []Plicht{{Grondslag: "publieke_taak"}}}, []string{"plichten.0.plicht required"}},
		"a duty without a ground":       {Loggrond{Plichten: []Plicht{{Plicht: "AVG art. 5"}}}, []string{"plichten.0.grondslag required"}},
		"a ground that is none":         {Loggrond{Plichten: []Plicht{{Plicht: "AVG art. 5", Grondslag: "x"}}}, []string{"plichten.0.grondslag invalid_choice"}},
		"terms in words":                {Loggrond{Vloer: "vijf jaar", Maximum: "tien jaar"}, []string{"maximum invalid", "vloer invalid"}},
		"a maximum below the floor":     {Loggrond{Vloer: "P5Y", Maximum: "P59M"}, []string{"maximum invalid"}},
		"a day that is none":            {Loggrond{BesluitDatum: "gisteren"}, []string{"besluitDatum invalid"}},
		"a maximum that is the floor":   {Loggrond{Vloer: "P1Y", Maximum: "P12M"}, nil},
		"a floor of a great many hours": {Loggrond{Vloer: "PT999999999H", Maximum: "P1Y"}, []string{"maximum invalid"}},
	} {
		l := opstellen(t)
		if err := l.ZetLoggrond(bg, l.bea, p.l); (err == nil) != (p.want == nil) || !slices.Equal(paden(err), append([]string{}, p.want...)) {
			t.Errorf("%s: %v, want %v", naam, err, p.want)
		}
	}
	if err := o.ZetLoggrond(bg, o.bea, Loggrond{Vloer: " P5Y "}); err != nil {
		t.Fatal(err)
	}
	geweigerd(t, o.ZetLoggrond(bg, o.bea, Loggrond{Vloer: "P6Y"}), fout.CodeGelijktijdig)
	if l, err := o.Loggrond(o.bea); err != nil || l.Vloer != "P5Y" || l.Stand != 1 {
		t.Errorf("%+v %v", l, err)
	}
}

func TestWhoIsResponsibleIsJudged(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	err := o.ZetVerantwoordelijke(bg, o.bea, Verantwoordelijke{Contact: Contact{Email: "bea"}, FG: Contact{Email: "Bea <bea@voorbeeldstad.example>"}})
	if got := paden(err); !slices.Equal(got, []string{"contact.email invalid", "fg.email invalid", "naam required"}) {
		t.Errorf("%v", got)
	}
	if v := o.Verantwoordelijke(gemeente); v != (Verantwoordelijke{}) {
		t.Errorf("%+v", v)
	}
	if err := o.ZetVerantwoordelijke(bg, o.bea, Verantwoordelijke{Naam: "Gemeente", Adres: "Plein 1\r\n1234 AB Voorbeeldstad"}); err != nil {
		t.Fatal(err)
	}
	geweigerd(t, o.ZetVerantwoordelijke(bg, o.bea, Verantwoordelijke{Naam: "Anders"}), fout.CodeGelijktijdig)
	if v := o.Verantwoordelijke(gemeente); v.Adres != "Plein 1\n1234 AB Voorbeeldstad" || v.Stand != 1 {
		t.Errorf("%+v", v)
	}
	if v := o.Verantwoordelijke(buurman); v.Naam != "" {
		t.Errorf("%+v", v)
	}
}
