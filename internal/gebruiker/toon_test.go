package gebruiker_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

func TestTheLevelOfAField(t *testing.T) {
	t.Parallel()
	const m = ModuleVerzoeken
	for naam, p := range map[string]struct {
		rechten []string
		want    map[Veldklasse]Niveau
	}{
		"nothing":                    {nil, map[Veldklasse]Niveau{}},
		"a field without the thing":  {[]string{"verzoeken/zien/bsn/alles"}, map[Veldklasse]Niveau{}},
		"the thing":                  {[]string{"verzoeken/zien/gewoon/alles"}, map[Veldklasse]Niveau{Gewoon: Lezen, BSN: Gemaskeerd, Contact: Gemaskeerd}},
		"the thing and a field":      {[]string{"verzoeken/zien/gewoon/alles", "verzoeken/zien/bsn/alles"}, map[Veldklasse]Niveau{Gewoon: Lezen, BSN: Lezen, Contact: Gemaskeerd}},
		"writing":                    {[]string{"verzoeken/zien/gewoon/alles", "verzoeken/zien/geheim_adres/alles", "verzoeken/wijzigen/geheim_adres/alles"}, map[Veldklasse]Niveau{Gewoon: Lezen, BSN: Gemaskeerd, Contact: Gemaskeerd, GeheimAdres: Schrijven}},
		"writing what is not seen":   {[]string{"verzoeken/zien/gewoon/alles", "verzoeken/wijzigen/bsn/alles", "verzoeken/wijzigen/bijzonder/alles"}, map[Veldklasse]Niveau{Gewoon: Lezen, BSN: Gemaskeerd, Contact: Gemaskeerd}},
		"a verbod, that also unmask": {[]string{"verzoeken/zien/gewoon/alles", "verbod verzoeken/zien/bsn/alles"}, map[Veldklasse]Niveau{Gewoon: Lezen, Contact: Gemaskeerd}},
		"a verbod on the thing":      {[]string{"verzoeken/zien/gewoon/alles", "verzoeken/zien/bsn/alles", "verbod verzoeken/zien/gewoon/alles"}, map[Veldklasse]Niveau{}},
	} {
		r := NieuweRechten(nu, rechten(p.rechten...))
		for _, v := range Veldklassen() {
			if got := r.Niveau(m, v, BereikEigen); got != p.want[v] {
				t.Errorf("%s: %s is %s, want %s", naam, v, got, p.want[v])
			}
		}
	}
}

type persoon struct {
	Nummer int
	Naam   string     `klasse:"gewoon"`
	BSN    string     `klasse:"bsn"`
	Adres  *string    `klasse:"contact"`
	Lijst  []string   `klasse:"contact"`
	Geheim string     `klasse:"geheim_adres"`
	Sinds  *time.Time `klasse:"geheim_adres"`
	Bron   any        `klasse:"derde"`
}

type zaak struct {
	ID       uuid.UUID
	Gemaakt  time.Time
	Wie      persoon
	Anderen  []*persoon `klasse:"derde"`
	PerSoort map[int]persoon
	Tekst    []byte `klasse:"vrije_tekst"`
	Vergeten string
	Vrij     map[string]string
	diep     string // what Toon can't reach
}

func maak() (zaak, *string) {
	adres := "Dorpsstraat 1"
	p := persoon{Nummer: 7, Naam: "A", BSN: "999990019", Adres: &adres, Lijst: []string{"een", ""}, Geheim: "x", Sinds: &nu, Bron: "y"}
	return zaak{
		ID: uuid.New(), Gemaakt: nu, Wie: p, Anderen: []*persoon{&p}, PerSoort: map[int]persoon{1: p}, Tekst: []byte("tekst"), Vergeten: "z",
		Vrij: map[string]string{"a": "b"}, diep: "d",
	}, &adres
}

func TestToonTakesOutWhatMayNotBeSeen(t *testing.T) {
	t.Parallel()
	in, adres := maak()
	kopie := in
	ander := *in.Anderen[0]
	Toon(NieuweRechten(nu, rechten("verzoeken/zien/gewoon/alles")), ModuleVerzoeken, BereikEigen, &kopie)
	punten := "•••••"
	p := persoon{Nummer: 7, Naam: "A", BSN: "•••••••19", Adres: &punten, Lijst: []string{"•••••", ""}}
	want := zaak{ID: in.ID, Gemaakt: nu, Wie: p, PerSoort: map[int]persoon{1: p}, diep: "d"}
	if d := cmp.Diff(want, kopie, cmp.AllowUnexported(zaak{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// What the view shared with others is as it was.
	if *adres != "Dorpsstraat 1" || !reflect.DeepEqual(*in.Anderen[0], ander) || in.PerSoort[1].BSN != "999990019" || in.Wie.Lijst[0] != "een" {
		t.Error("what others hold was changed")
	}

	alles := []string{}
	for _, v := range Veldklassen() {
		alles = append(alles, "verzoeken/zien/"+string(v)+"/functiegroep")
	}
	kopie, _ = maak()
	kopie.ID = in.ID
	Toon(NieuweRechten(nu, rechten(alles...)), ModuleVerzoeken, BereikEigen, &kopie)
	want = in
	want.Vergeten, want.Vrij = "", nil
	if d := cmp.Diff(want, kopie, cmp.AllowUnexported(zaak{})); d != "" {
		t.Errorf("all may be seen (-want +got):\n%s", d)
	}
	Toon(NieuweRechten(nu, rechten(alles...)), ModuleVerzoeken, BereikAlles, &kopie)
	if d := cmp.Diff(zaak{}, kopie, cmp.AllowUnexported(zaak{})); d != "" {
		t.Errorf("outside the bereik (-want +got):\n%s", d)
	}
	kopie, _ = maak()
	Toon(nil, ModuleVerzoeken, BereikEigen, &kopie)
	if d := cmp.Diff(zaak{}, kopie, cmp.AllowUnexported(zaak{})); d != "" {
		t.Errorf("without rights (-want +got):\n%s", d)
	}
}

// For every set of classes that may be seen, nothing of another class comes through.
func TestToonLetsNoOtherClassThrough(t *testing.T) {
	t.Parallel()
	for set := range 1 << len(Veldklassen()) {
		teksten := []string{"verzoeken/zien/gewoon/alles"}
		mag := map[Veldklasse]bool{Gewoon: true}
		for i, v := range Veldklassen() {
			if set&(1<<i) != 0 && v != Gewoon {
				teksten = append(teksten, "verzoeken/zien/"+string(v)+"/alles")
				mag[v] = true
			}
		}
		in, adres := maak()
		Toon(NieuweRechten(nu, rechten(teksten...)), ModuleVerzoeken, BereikAlles, &in)
		for _, p := range append(in.Anderen, &in.Wie) {
			for v, seen := range map[Veldklasse]bool{
				BSN: p.BSN == "999990019", Contact: *p.Adres == *adres || p.Lijst[0] == "een", GeheimAdres: p.Geheim != "" || p.Sinds != nil, Derde: p.Bron != nil,
			} {
				if seen != mag[v] {
					t.Fatalf("%v: %s seen: %v", teksten, v, seen)
				}
			}
		}
		if (in.Anderen != nil) != mag[Derde] || (in.Tekst != nil) != mag[VrijeTekst] || in.Vergeten != "" {
			t.Fatalf("%v: %+v", teksten, in)
		}
	}
}

func TestTextWithoutAClassIsFound(t *testing.T) {
	t.Parallel()
	got := ZonderKlasse(reflect.TypeFor[zaak]())
	if want := []string{"zaak.Vergeten", "zaak.Vrij", "zaak.diep"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	type fout struct {
		A string `klasse:"onzin"`
		B []byte
		C *[]string
		D struct{ E any }
	}
	if got := ZonderKlasse(reflect.TypeFor[fout]()); len(got) != 4 {
		t.Errorf("got %v", got)
	}
}

func TestEveryViewOfThisRoomHasItsClasses(t *testing.T) {
	t.Parallel()
	for _, v := range []any{GebruikerBeeld{}, GroepBeeld{}, FunctiegroepBeeld{}, VoorstelBeeld{}} {
		if got := ZonderKlasse(reflect.TypeOf(v)); len(got) > 0 {
			t.Errorf("%T: %v", v, got)
		}
	}
}

func TestAMaskTellsNoLength(t *testing.T) {
	t.Parallel()
	for tekst, want := range map[string]string{"": "", "1": "•••••", "999990019": "•••••••19", "99999001": "•••••••01", "éééééééé9": "•••••"} {
		if got := Masker(BSN, tekst); got != want {
			t.Errorf("%q becomes %q", tekst, got)
		}
	}
	if a, b := Masker(Contact, "a"), Masker(Contact, "een lange straatnaam 1000"); a != b {
		t.Errorf("%q and %q", a, b)
	}
}
