package gebruiker_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func jsonVan(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func TestAGroupIsListedUntilSomeoneElseLookedAtIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	groep := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g)
	o.groep("Leeg", nil)
	lijst := func(want ...string) {
		t.Helper()
		alle, err := o.TeHerzien(o.bea)
		var got []string
		for _, a := range alle {
			got = append(got, a.Naam)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v, want %v: %v", got, want, err)
		}
	}
	lijst()
	o.verder(93 * 24 * time.Hour)
	lijst("Balie", NaamBeheerders)
	beheerders := o.mens(beaID(o)).Groepen[0].Groep
	o.geweigerd(o.Herzie(bg, o.bea, beheerders, o.beeld(beheerders).Versie), fout.CodeGeenToestemming)
	o.geweigerd(o.Herzie(bg, o.bea, groep, 1), fout.CodeGelijktijdig)
	if err := o.Herzie(bg, o.bea, groep, o.beeld(groep).Versie); err != nil {
		t.Fatal(err)
	}
	lijst(NaamBeheerders)
	if r := o.laatste(1)[0]; r.Soort != beheerlog.Hercertificering || r.Betreft.Naam != "Balie" || !strings.Contains(string(jsonVan(r.Na)), `"leden":["annelies"]`) {
		t.Errorf("%+v", r)
	}
	if !o.mag(g.ID, "verwerkingenlog/zien/gewoon/eigen") {
		t.Error("looking at it took rights away")
	}
}

func TestBreakGlassIsShortToldAndLogged(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g)
	d := Als(gemeente, g.ID)
	bsn := rechten("verwerkingenlog/zien/bsn/alles")[0]
	n, err := o.NeemNoodtoegang(bg, d, bsn, MaxNoodtoegang, "Er is nu gevaar voor een kind.")
	if err != nil {
		t.Fatal(err)
	}
	post := o.post()
	if len(post) != 1 {
		t.Fatalf("%d mails", len(post))
	}
	bericht := post[0]
	if !n.Tot.Equal(o.nu().Add(time.Hour)) || bericht.Aan != "fg@gemeente.example" || strings.Contains(bericht.Tekst, "annelies") || strings.Contains(bericht.Tekst, "kind") {
		t.Errorf("%+v, %+v", n, bericht)
	}
	r := o.laatste(1)[0]
	if r.Soort != beheerlog.Noodtoegang || r.Door.Naam != "annelies" || r.Reden != "Er is nu gevaar voor een kind." || !strings.Contains(r.Wat, "het BSN zien") {
		t.Errorf("%+v", r)
	}
	if !o.mag(g.ID, "verwerkingenlog/zien/bsn/alles") || len(o.Register().LopendeNoodtoegang(gemeente, g.ID, o.nu())) != 1 {
		t.Error("no access")
	}
	o.verder(time.Hour - time.Nanosecond)
	if !o.mag(g.ID, "verwerkingenlog/zien/bsn/alles") {
		t.Error("no access within the hour")
	}
	o.verder(time.Nanosecond)
	if o.mag(g.ID, "verwerkingenlog/zien/bsn/alles") || len(o.Register().LopendeNoodtoegang(gemeente, g.ID, o.nu())) != 0 {
		t.Error("access after the hour")
	}
	if n, err = o.NeemNoodtoegang(bg, d, bsn, MaxNoodtoegang, reden); err != nil {
		t.Fatal(err)
	}
	if err := o.StopNoodtoegang(bg, o.bea, n.ID); err == nil {
		t.Error("ended by another")
	}
	if err := o.StopNoodtoegang(bg, d, n.ID); err != nil || o.mag(g.ID, "verwerkingenlog/zien/bsn/alles") {
		t.Error("not ended", err)
	}
	if _, err = o.NeemNoodtoegang(bg, d, bsn, MaxNoodtoegang, reden); err != nil {
		t.Fatal(err)
	}
	if err := o.Sluit(bg, o.bea, g.ID, o.mens(g.ID).Versie, ""); err != nil || o.mag(g.ID, "verwerkingenlog/zien/bsn/alles") {
		t.Error("who was closed has access", err)
	}
}

func TestBreakGlassIsNoWayAround(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g, zonder, verboden := o.persoon("annelies"), o.persoon("pieternel"), o.persoon("c")
	balie := o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g, verboden)
	o.groep("Verbod", rechten("verbod verwerkingenlog/zien/bsn/eigen"), verboden)
	_ = balie
	for naam, p := range map[string]struct {
		d     Dader
		recht string
		reden string
		code  fout.Code
	}{
		"without seeing anything":  {Als(gemeente, zonder.ID), "verwerkingenlog/zien/bsn/alles", reden, fout.CodeGeenToestemming},
		"an administrator":         {o.bea, "verwerkingenlog/zien/bsn/alles", reden, fout.CodeGeenToestemming},
		"the operator":             {Opdrachtregel(gemeente), "verwerkingenlog/zien/bsn/alles", reden, fout.CodeGeenToestemming},
		"rights over rights":       {Als(gemeente, g.ID), "groepen/beheren/gewoon/alles", reden, fout.CodeGeenToestemming},
		"more than seeing":         {Als(gemeente, g.ID), "verwerkingenlog/exporteren/bsn/alles", reden, fout.CodeOngeldig},
		"without a reason":         {Als(gemeente, g.ID), "verwerkingenlog/zien/bsn/alles", "haast", fout.CodeOngeldig},
		"what is forbidden":        {Als(gemeente, verboden.ID), "verwerkingenlog/zien/bsn/alles", reden, fout.CodeGeenToestemming},
		"what one may already":     {Als(gemeente, g.ID), "verwerkingenlog/zien/gewoon/eigen", reden, fout.CodeGeenToestemming},
		"a verbod":                 {Als(gemeente, g.ID), "verbod verwerkingenlog/zien/bsn/alles", reden, fout.CodeOngeldig},
		"a module that is to come": {Als(gemeente, g.ID), "werkplek/zien/bsn/alles", reden, fout.CodeGeenToestemming},
	} {
		_, err := o.NeemNoodtoegang(bg, p.d, rechten(p.recht)[0], MaxNoodtoegang, p.reden)
		if err == nil || len(o.post()) != 0 {
			t.Errorf("%s: %v", naam, err)
		}
		o.geweigerd(err, p.code)
	}
	for _, duur := range []time.Duration{0, -time.Hour, time.Second, MaxNoodtoegang + time.Nanosecond} {
		_, err := o.NeemNoodtoegang(bg, Als(gemeente, g.ID), rechten("verwerkingenlog/zien/bsn/alles")[0], duur, reden)
		o.geweigerd(err, fout.CodeOngeldig)
	}
	o.fg = ""
	_, err := o.NeemNoodtoegang(bg, Als(gemeente, g.ID), rechten("verwerkingenlog/zien/bsn/alles")[0], MaxNoodtoegang, reden)
	o.geweigerd(err, fout.CodeGeenToestemming)
}
