package inwoner

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestOnlyWhoIsSureAndForThemselvesSeesTheOwnLog(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		naam string
		i    Inwoner
		deel string
	}{
		{"substantieel", Inwoner{Persoon: BSN("999990019"), Niveau: Substantieel}, ""},
		{"hoog", Inwoner{Persoon: BSN("999990019"), Niveau: Hoog}, ""},
		{"midden", Inwoner{Persoon: BSN("999990019"), Niveau: Midden}, "ID-check"},
		{"basis", Inwoner{Persoon: BSN("999990019"), Niveau: Basis}, "ID-check"},
		{"none", Inwoner{Persoon: BSN("999990019")}, "ID-check"},
		{"a parent", Inwoner{Persoon: BSN("999990019"), Niveau: Hoog, Namens: &Namens{Soort: Ouder}}, "namens een ander"},
		{"a company", Inwoner{Persoon: Persoon{"persoon", "sub", "x"}, Niveau: Hoog, Namens: &Namens{Soort: Onderneming}}, "namens een ander"},
		{"who has no number", Inwoner{Persoon: Persoon{"persoon", "sub", "x"}, Niveau: Hoog}, "namens een ander"},
		{"nobody", Inwoner{Niveau: Hoog}, "namens een ander"},
	} {
		err := p.i.MagInzien()
		if p.deel == "" {
			if err != nil {
				t.Errorf("%s: %v", p.naam, err)
			}
			continue
		}
		var f *fout.Fout
		if fout.CodeOf(err) != fout.CodeGeenToestemming || !errors.As(err, &f) || !strings.Contains(f.Detail, p.deel) {
			t.Errorf("%s: %v", p.naam, err)
		}
	}
}

func TestANumberIsNotPrinted(t *testing.T) {
	t.Parallel()
	w := &Inwoner{Persoon: BSN("999990019"), Niveau: Hoog}
	var b strings.Builder
	fmt.Fprintf(&b, "%v %+v %#v %s %+v", w, *w, w.Persoon, w.Persoon, Bewijs{Persoon: w.Persoon})
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "wie", w.Persoon)
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "wie", w, "persoon", w.Persoon)
	if strings.Contains(b.String(), "999990019") || strings.Count(b.String(), "***") != 8 {
		t.Errorf("printed: %s", b.String())
	}
}

func TestALevelHasOneName(t *testing.T) {
	t.Parallel()
	for n := Basis; n <= Hoog; n++ {
		if got, ok := NiveauVan(n.String()); !ok || got != n {
			t.Errorf("%d is %q, which is %d", n, n, got)
		}
	}
	for _, naam := range []string{"", "Basis", "hoogst", "substantial"} {
		if n, ok := NiveauVan(naam); ok {
			t.Errorf("%q is level %d", naam, n)
		}
	}
	if s := Niveau(200).String(); s != "" {
		t.Errorf("no level is called %q", s)
	}
}

func TestOneHouseholdHasOneCount(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:0:1:2:3:4:5": "2001:db8:0:1::/64", "fe80::1%eth0": "fe80::/64", "": "", "geen adres": "geen adres",
	} {
		if got := netwerk(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
