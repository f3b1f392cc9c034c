package gebruiker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func TestWhatCanBeTakenIsWhatIsAcceptedAndNothingElse(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g := o.persoon("annelies")
	o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/functiegroep", "verbod verwerkingenlog/zien/derde/eigen"), g)
	d := Als(gemeente, g.ID)
	mogelijk, fg, err := o.MogelijkeNoodtoegang(d)
	if err != nil || fg != "fg@gemeente.example" {
		t.Fatal(fg, err)
	}
	gezien := map[string]bool{}
	for _, m := range mogelijk {
		gezien[m.Recht.String()] = true
		if m.Zin == "" || strings.HasSuffix(m.Zin, ".") {
			t.Errorf("%s: %q", m.Recht, m.Zin)
		}
	}
	for recht, want := range map[string]bool{
		"verwerkingenlog/zien/bsn/alles": true, "verwerkingenlog/zien/bsn/functiegroep": true, "verwerkingenlog/zoeken/bsn/alles": true, "verwerkingenlog/zien/gewoon/alles": true,
		"verwerkingenlog/zien/gewoon/functiegroep": false, "verwerkingenlog/zien/derde/alles": false, "verwerkingenlog/wijzigen/gewoon/alles": false,
	} {
		if gezien[recht] != want {
			t.Errorf("%s can be taken: %v", recht, gezien[recht])
		}
	}
	for _, m := range mogelijk {
		n, err := o.NeemNoodtoegang(bg, d, m.Recht, DurenNoodtoegang()[0], reden)
		if err != nil {
			t.Fatalf("%s: %v", m.Recht, err)
		}
		if n.Wat() != m.Zin || !n.Tot.Equal(o.nu().Add(15*time.Minute)) {
			t.Errorf("%+v", n)
		}
		if err := o.StopNoodtoegang(bg, d, n.ID); err != nil {
			t.Fatal(err)
		}
	}
	// What runs is not offered again.
	if _, err := o.NeemNoodtoegang(bg, d, rechten("verwerkingenlog/zien/bsn/alles")[0], 30*time.Minute, reden); err != nil {
		t.Fatal(err)
	}
	mogelijk, _, err = o.MogelijkeNoodtoegang(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mogelijk {
		if m.Recht.Veldklasse == BSN && m.Recht.Handeling == Zien {
			t.Errorf("%s is offered", m.Recht)
		}
	}
	for naam, d := range map[string]Dader{"an administrator": o.bea, "the operator": Opdrachtregel(gemeente)} {
		if _, _, err := o.MogelijkeNoodtoegang(d); fout.CodeOf(err) != fout.CodeGeenToestemming {
			t.Errorf("%s: %v", naam, err)
		}
	}
	o.fg = ""
	if _, _, err := o.MogelijkeNoodtoegang(d); fout.CodeOf(err) != fout.CodeGeenToestemming || !strings.Contains(err.Error(), "functionaris") {
		t.Error(err)
	}
}

func TestWhoSeesTheBeheerlogSeesWhatRunsAndTheReasonOnlyByRight(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g, lezer := o.persoon("annelies"), o.persoon("pieternel")
	o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g)
	o.groep("Lezers", rechten("beheerlog/zien/gewoon/alles"), lezer)
	d := Als(gemeente, g.ID)
	const waarom = "Er is nu gevaar voor een kind."
	for _, r := range rechten("verwerkingenlog/zien/bsn/alles", "verwerkingenlog/zoeken/gewoon/alles") {
		if _, err := o.NeemNoodtoegang(bg, d, r, 30*time.Minute, waarom); err != nil {
			t.Fatal(err)
		}
		o.verder(time.Minute)
	}
	for naam, p := range map[string]struct {
		d     Dader
		reden string
	}{"an administrator": {o.bea, waarom}, "a reader": {Als(gemeente, lezer.ID), ""}, "the operator": {Opdrachtregel(gemeente), waarom}} {
		l, err := o.Noodtoegangen(p.d)
		if err != nil || len(l) != 2 {
			t.Fatalf("%s: %d, %v", naam, len(l), err)
		}
		if l[0].Wie != "annelies" || !strings.Contains(l[0].Wat, "zoeken") || !strings.Contains(l[1].Wat, "BSN") || l[0].Reden != p.reden || !l[0].Tot.Equal(l[0].Van.Add(30*time.Minute)) {
			t.Errorf("%s: %+v", naam, l)
		}
	}
	if _, err := o.Noodtoegangen(d); fout.CodeOf(err) != fout.CodeGeenToestemming {
		t.Error("who took it sees the list", err)
	}
	o.verder(28 * time.Minute)
	if l, err := o.Noodtoegangen(o.bea); err != nil || len(l) != 1 {
		t.Errorf("after half an hour %d run, %v", len(l), err)
	}
}

func TestTheFunctionarisIsToldInTheirLanguageWithoutAName(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	g, fg := o.persoon("annelies"), o.persoon("fg")
	o.groep("Balie", rechten("verwerkingenlog/zien/gewoon/eigen"), g)
	neem := func() Bericht {
		t.Helper()
		o.post()
		n, err := o.NeemNoodtoegang(bg, Als(gemeente, g.ID), rechten("verwerkingenlog/zien/bsn/alles")[0], 15*time.Minute, reden)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.StopNoodtoegang(bg, Als(gemeente, g.ID), n.ID); err != nil {
			t.Fatal(err)
		}
		post := o.post()
		if len(post) != 1 || post[0].Aan != "fg@gemeente.example" || strings.Contains(post[0].Tekst, "annelies") || strings.Contains(post[0].Tekst, reden) || !strings.Contains(post[0].Tekst, "15 minu") {
			t.Fatalf("%+v", post)
		}
		return post[0]
	}
	if b := neem(); b.Onderwerp != "Er is noodtoegang genomen" {
		t.Errorf("%+v", b)
	}
	if err := o.ZetTaal(bg, Als(gemeente, fg.ID), Engels); err != nil {
		t.Fatal(err)
	}
	if b := neem(); b.Onderwerp != "Break-glass access was taken" || strings.Contains(b.Tekst, "Beste") {
		t.Errorf("%+v", b)
	}
}
