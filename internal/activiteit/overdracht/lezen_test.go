package overdracht

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/activiteit/overdracht/proefblad"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// een reads one row with a name and the given columns.
func een(t *testing.T, koppen, cellen []string) *Regel {
	t.Helper()
	v := lees(t, rijTabel(append([]string{"Naam", "Hoofdproces"}, koppen...), append([]string{"Behandelen aanvraag", "Burgerzaken"}, cellen...)))
	if len(v.Regels) != 1 {
		t.Fatalf("%d rows: %+v", len(v.Regels), v.Meldingen)
	}
	return &v.Regels[0]
}

func TestACellIsReadAsItsFieldAsksIt(t *testing.T) {
	t.Parallel()
	type inhoud = activiteit.Inhoud
	lijst := func(f func(i *inhoud) []string) func(*activiteit.Invoer) any {
		return func(i *activiteit.Invoer) any { return strings.Join(f(&i.Inhoud), "/") }
	}
	tekst := func(f func(i *inhoud) string) func(*activiteit.Invoer) any {
		return func(i *activiteit.Invoer) any { return f(&i.Inhoud) }
	}
	ontvangers := lijst(func(i *inhoud) []string { return i.Ontvangers })
	grondslagen := lijst(func(i *inhoud) []string { return append(i.Grondslagen, i.ToelichtingGrondslag) })
	gegevens := func(i *activiteit.Invoer) any { return i.Persoonsgegevens }
	type gegeven = activiteit.Persoonsgegeven
	for _, c := range []struct {
		kop, cel string
		get      func(*activiteit.Invoer) any
		want     any
	}{
		{"Doel", "  Twee\tregels \n\n met cafe\u0301\x01 ", tekst(func(i *inhoud) string { return i.Doel }), "Twee regels \n\n met café"},
		{"Proceseigenaar", "Team\nleider", tekst(func(i *inhoud) string { return i.Proceseigenaar }), "Team leider"},
		{"Ontvangers", "Politie; Belastingdienst;\n- UWV\n• SVB\n1. CAK\n n.v.t.", ontvangers, "Politie/Belastingdienst/UWV/SVB/CAK"},
		{"Ontvangers", "Politie, justitie, Halt", ontvangers, "Politie/justitie/Halt"},
		{"Ontvangers", "Partijen, waaronder de politie", ontvangers, "Partijen, waaronder de politie"},
		{"Ontvangers", "Partijen (politie, justitie)", ontvangers, "Partijen (politie, justitie)"},
		{"Ontvangers", "Geen", ontvangers, ""},
		{"Ontvangers", "• Geen\n• a, b; c\n  • d", ontvangers, "Geen/a, b; c • d"},
		{"Grondslag", "Wettelijke verplichtng", grondslagen, "wettelijke_verplichting/"},
		{"Grondslag", "publieke_taak", grondslagen, "publieke_taak/"},
		{"Grondslag", "Publieke taak; Toestemming", grondslagen, "publieke_taak/toestemming/"},
		{"Grondslag", "Publieke taak / wettelijke verplichting", grondslagen, "publieke_taak/wettelijke_verplichting/"},
		{"Grondslag", "Publieke taak en toestemming, publieke taak", grondslagen, "publieke_taak/toestemming/"},
		{"Grondslag", "Publieke taak (art. 172 Gemeentewet)", grondslagen, "publieke_taak/art. 172 Gemeentewet"},
		{"Grondslag", "Wettelijke verplichting: Wet BRP", grondslagen, "wettelijke_verplichting/Wet BRP"},
		{"Grondslag", "Nog te bepalen", grondslagen, "Nog te bepalen"},
		{"Grondslag", "Noodzaak: toestemming blijkt uit formulier 12", grondslagen, "toestemming/blijkt uit formulier 12"},
		{"Grondslag", "Noodzaak: toestemming vooraf", grondslagen, "toestemming/"},
		{"Uitzondering", "Gezondheidszorg", lijst(func(i *inhoud) []string { return i.Uitzonderingen }), "uavg_30"},
		{"Uitzondering", "Iets anders", func(i *activiteit.Invoer) any { return i.Overig }, []activiteit.Veld{{Naam: "Uitzondering", Waarde: "Iets anders"}}},
		{"Grond vertrouwelijk", "Nationale veiligheid", tekst(func(i *inhoud) string { return i.GrondVertrouwelijk }), "uavg_41_a"},
		{"Persoonsgegevens", "Aanvrager: naam, adres\nBSN", gegevens, []gegeven{{Rol: "Aanvrager", Naam: "naam, adres"}, {Naam: "BSN", Soort: "bsn"}}},
		{"Persoonsgegevens", "Gezondheid [bijzonder]; BSN-kopie [gewoon]", gegevens, []gegeven{{Naam: "Gezondheid", Soort: "bijzonder"}, {Naam: "BSN-kopie"}}},
		{"Burgerservicenummer", "Ja", gegevens, []gegeven{{Naam: "Burgerservicenummer", Soort: "bsn"}}},
		{"Burgerservicenummer", "nee", gegevens, []gegeven(nil)},
		{"Bijzondere persoonsgegevens", "Gezondheid, geloof", gegevens, []gegeven{{Naam: "Gezondheid", Soort: "bijzonder"}, {Naam: "geloof", Soort: "bijzonder"}}},
		{"Verwerkers", "Bedrijf | info@bedrijf.example | contract | 2; Ander", func(i *activiteit.Invoer) any { return i.Verwerkers },
			[]activiteit.Verwerker{{Naam: "Bedrijf", Contact: "info@bedrijf.example", Overeenkomst: "contract | 2"}, {Naam: "Ander"}}},
		{"OIN", "1001299992000", tekst(func(i *inhoud) string { return i.VerantwoordelijkeOrganisatie }), oin},
		{"Gebaseerd op", "5F0BEF4C-0000-4000-8000-000000000001", tekst(func(i *inhoud) string { return i.GebaseerdOp }), "urn:uuid:5f0bef4c-0000-4000-8000-000000000001"},
		{"Bewaartermijn log", "5 jaar", tekst(func(i *inhoud) string { return i.BewaartermijnLog }), "P5Y"},
		{"Bewaartermijn log", "p18m", tekst(func(i *inhoud) string { return i.BewaartermijnLog }), "P18M"},
		{"Omvang log", "Volledig", tekst(func(i *inhoud) string { return i.Log.Omvang }), "volledig"},
		{"Vertrouwelijk", "Ja", tekst(func(i *inhoud) string { return i.Vertrouwelijkheid }), "vertrouwelijk"},
		{"Log gebruiker", "x", func(i *activiteit.Invoer) any { return i.Log.Gebruiker }, true},
		{"Ingangsdatum", "1-2-2026", func(i *activiteit.Invoer) any { return i.Ingangsdatum }, activiteit.Datum("2026-02-01")},
		{"Ingangsdatum", "1 maart 2026", func(i *activiteit.Invoer) any { return i.Ingangsdatum }, activiteit.Datum("2026-03-01")},
		{"Ingangsdatum", "2026-02-01T00:00:00", func(i *activiteit.Invoer) any { return i.Ingangsdatum }, activiteit.Datum("2026-02-01")},
		{"UUID", "{5F0BEF4C-0000-4000-8000-000000000001}", func(i *activiteit.Invoer) any { return i.ID.String() }, "5f0bef4c-0000-4000-8000-000000000001"},
	} {
		r := een(t, []string{c.kop}, []string{c.cel})
		if d := cmp.Diff(c.want, c.get(&r.Invoer)); d != "" || slices.ContainsFunc(r.Meldingen, func(m Melding) bool { return m.Fout }) {
			t.Errorf("%s %q: %s %v", c.kop, c.cel, d, r.Meldingen)
		}
	}
}

// tellen is "1;2;3;" and on.
func tellen(n int) string {
	var b strings.Builder
	for k := range n {
		fmt.Fprintf(&b, "%d;", k+1)
	}
	return b.String()
}

func TestWhatIsWrongIsSaidWithItsRowAndColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kop, cel, woord string }{
		{"UUID", "geen uuid", "geen UUID"},
		{"UUID", "00000000-0000-0000-0000-000000000000", "geen UUID"},
		{"OIN", "1,23E+15", "geen OIN"},
		{"OIN", "12345678", "geen OIN"},
		{"Ingangsdatum", "31-02-2026", "geen datum"},
		{"Ingangsdatum", "13 smarch 2026", "geen datum"},
		{"Ingangsdatum", "1-2-26", "geen datum"},
		{"Ingangsdatum", "2026-13-01", "geen datum"},
		{"Omvang log", "veel", "uit, minimaal, volledig"},
		{"Log gebruiker", "misschien", "ja of nee"},
		{"Bewaartermijn log", "lang", "geen duur"},
		{"Nummer", strings.Repeat("x", 51), "heeft 51 tekens"},
		{"Doel", strings.Repeat("é", 2043), "niet langer dan 2042"},
		{"Ontvangers", tellen(201), "meer dan 200 delen"},
		{"Ontvangers", strings.Repeat("a", 243), "243 tekens"},
		{"Verwerkers", " | info@bedrijf.example", "geen naam"},
		{"Grond vertrouwelijk", "• a\n• b", "kies er één"},
	} {
		r := een(t, []string{c.kop}, []string{c.cel})
		if !slices.ContainsFunc(r.Meldingen, func(m Melding) bool {
			return m.Fout && m.Kolom == "C" && m.Veld != "" && strings.Contains(m.Tekst, c.woord)
		}) || r.Rij != 2 {
			t.Errorf("%s %q: row %d, %+v", c.kop, c.cel, r.Rij, r.Meldingen)
		}
	}
}

func TestRowsThatAreNoActivityAreSkippedAndTold(t *testing.T) {
	t.Parallel()
	koppen := []string{"UUID", "Naam", "Doel", "Notitie"}
	v := lees(t, rijTabel([]string{"Register"}, koppen, []string{"", "een", "d"}, nil, koppen, []string{"Burgerzaken", "Burgerzaken", "Burgerzaken", "Burgerzaken"},
		[]string{" "}, []string{"Bijgewerkt in mei"}, []string{"", "", "", "los"}, []string{"", "twee", "d", "n", "buiten"}, []string{"", "", "doel zonder naam", "x"}))
	if len(v.Regels) != 3 || v.Regels[1].Rij != 10 || len(v.Meldingen) != 4 {
		t.Fatalf("%+v", v)
	}
	for k, want := range []int{5, 6, 8, 9} {
		if m := v.Meldingen[k]; m.Rij != want || m.Fout || m.Tekst == "" {
			t.Errorf("%+v, want row %d", m, want)
		}
	}
	if got := v.Regels[1].Invoer.Overig; !slices.Equal(got, []activiteit.Veld{{Naam: "Notitie", Waarde: "n"}, {Naam: "Kolom E", Waarde: "buiten"}}) {
		t.Errorf("got %v", got)
	}
	if !meldt(v.Regels[2].Meldingen, "B", "naam van de verwerking ontbreekt") || v.Fouten != 1 {
		t.Errorf("%+v", v.Regels[2])
	}
	if _, err := v.Invoer(); fout.CodeOf(err) != fout.CodeOngeldig {
		t.Error(err)
	}
}

func TestRowsThatAreTheSameActivityAreTold(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	v := lees(t, rijTabel([]string{"UUID", "Naam", "Doel"}, []string{id, "een", "x"}, []string{strings.ToUpper(id), "twee", "x"}, []string{"", "EEN!", "x"}))
	if !meldt(v.Regels[1].Meldingen, "A", "Rij 2 heeft dezelfde UUID") || !meldt(v.Regels[2].Meldingen, "B", "Rij 2 heeft dezelfde naam") || v.Fouten != 1 {
		t.Errorf("%+v", v.Regels)
	}
}

func TestTheMappingIsJudged(t *testing.T) {
	t.Parallel()
	tabel := rijTabel([]string{"a", "b", "c"}, []string{"een", "twee", "drie"})
	for _, c := range []struct {
		naam string
		kop  int
		m    Koppeling
		want string
	}{
		{"no row", -1, Koppeling{}, "niet gekozen"},
		{"a row that is not there", 9, Koppeling{}, "niet gekozen"},
		{"no name", 0, Koppeling{Kolommen: []string{"doel"}}, "Geen kolom is de naam"},
		{"two names", 0, Koppeling{Kolommen: []string{"naam", "naam"}}, "Ook kolom A is Naam verwerking"},
		{"a field that does not exist", 0, Koppeling{Kolommen: []string{"naam", "verzonnen"}}, "onbekend veld"},
		{"nothing below", 1, Koppeling{Kolommen: []string{"naam"}}, "geen enkele rij"},
	} {
		v := Lees(tabel, c.kop, c.m, nil, nil, vandaag)
		if v.Fouten == 0 || !slices.ContainsFunc(v.Meldingen, func(m Melding) bool { return m.Fout && strings.Contains(m.Tekst, c.want) }) {
			t.Errorf("%s: %+v", c.naam, v.Meldingen)
		}
	}
	v := Lees(tabel, 0, Koppeling{Kolommen: []string{"naam", "doel", "doel"}, Standaard: map[string]string{"verantwoordelijkeOrganisatie": oin, "doel": "anders"}}, nil, nil, vandaag)
	geenFouten(t, v)
	if i := v.Regels[0].Invoer; i.Doel != "twee\ndrie" || i.VerantwoordelijkeOrganisatie != oin {
		t.Errorf("%+v", i)
	}
	v = Lees(tabel, 0, Koppeling{Kolommen: []string{"naam", Negeer}}, nil, nil, vandaag)
	if got := v.Regels[0].Invoer.Overig; !slices.Equal(got, []activiteit.Veld{{Naam: "c", Waarde: "drie"}}) {
		t.Errorf("got %v", got)
	}
}

func TestWhatWouldHappenToARow(t *testing.T) {
	t.Parallel()
	gelijk, anders := vast("gelijk", 1, "2026-01-01", ""), vast("anders", 3, "2026-01-01", "")
	concept := vast("was", 1, "2026-01-01", "")
	concept.Concept = &activiteit.Concept{Inhoud: activiteit.Inhoud{Naam: "wordt", Doel: "Een doel"}}
	los := &activiteit.Activiteit{ID: uuid.New(), Stand: 2, Concept: &activiteit.Concept{Inhoud: activiteit.Inhoud{Naam: "los", Doel: "Een doel"}}}
	v := lees(t, rijTabel([]string{"UUID", "Naam", "Doel", "Einddatum", "Vertrouwelijkheid"},
		[]string{gelijk.ID.String(), "gelijk", "Een doel", "", "normaal"},
		[]string{anders.ID.String(), "anders", "Ander doel"},
		[]string{concept.ID.String(), "wordt", "Een doel"},
		[]string{los.ID.String(), "los", "Een doel"},
		[]string{uuid.NewString(), "nieuw", "Een doel"},
		[]string{"", "Gelijk", "Een doel"},
	), gelijk, anders, concept, los)
	geenFouten(t, v)
	for k, want := range []Wat{Gelijk, Gewijzigd, Gelijk, Gelijk, Nieuw, Nieuw} {
		if r := v.Regels[k]; r.Wat != want {
			t.Errorf("row %d: %s %v", r.Rij, r.Wat, r.Verschil)
		}
	}
	if !slices.Equal(v.Regels[1].Verschil, []string{"doel"}) || v.Regels[1].Invoer.Stand != 7 || v.Regels[4].Invoer.Stand != 0 {
		t.Errorf("%+v", v.Regels[1])
	}
	if !meldt(v.Regels[5].Meldingen, "B", "al een verwerkingsactiviteit met deze naam") || v.Nieuw != 2 || v.Gewijzigd != 1 || v.Gelijk != 3 {
		t.Errorf("%+v", v)
	}
	v = lees(t, rijTabel([]string{"UUID", "Naam", "Doel", "Einddatum"}, []string{gelijk.ID.String(), "gelijk", "Een doel", "2027-01-01"}), gelijk)
	if r := v.Regels[0]; !meldt(r.Meldingen, "", "Alleen de datums") || r.Wat != Gewijzigd || !slices.Equal(r.Verschil, []string{"einddatum"}) {
		t.Errorf("%+v", r)
	}
}

func TestTheJudgementOfTheRegisterIsShownWithItsColumn(t *testing.T) {
	t.Parallel()
	tabel := rijTabel([]string{"Naam", "Doel", "Persoonsgegevens"}, []string{"een", "x", "a"}, []string{"twee", "x", "b"}, []string{"", "x", "y"})
	kop, m := Voorstel(tabel)
	v := Lees(tabel, kop, m, nil, wetten{}, vandaag)
	err := v.Keur(m, func(i activiteit.Inhoud) error {
		if i.Naam == "twee" {
			return fout.Ongeldig(fout.Param{Name: "persoonsgegevens.0.naam", Code: "invalid", Reason: "Niet goed."}, fout.Param{Name: "log.omvang", Code: "required", Reason: "Kies."},
				fout.Param{Name: "overig.0.waarde", Code: "x", Reason: "Vreemd."}, fout.Param{Name: "iets", Code: "x", Reason: "Anders."})
		}
		return nil
	})
	if err != nil || v.Fouten != 5 {
		t.Fatalf("%v, %d errors", err, v.Fouten)
	}
	want := []Melding{{Kolom: "C", Veld: "persoonsgegevens", Tekst: "Niet goed.", Fout: true}, {Veld: "log.omvang", Tekst: "Kies.", Fout: true},
		{Veld: Overig, Tekst: "Vreemd.", Fout: true}, {Tekst: "Anders.", Fout: true}}
	if d := cmp.Diff(want, v.Regels[1].Meldingen); d != "" {
		t.Error(d)
	}
	stuk := errors.New("stuk")
	if err := v.Keur(m, func(activiteit.Inhoud) error { return stuk }); !errors.Is(err, stuk) {
		t.Error(err)
	}
}

func TestWhatTheRegisterRefusesIsShownAtItsRow(t *testing.T) {
	t.Parallel()
	gelijk := vast("gelijk", 1, "2026-01-01", "")
	tabel := rijTabel([]string{"UUID", "Naam", "Doel"}, []string{gelijk.ID.String(), "gelijk", "Een doel"}, []string{"", "een", "x"}, []string{"", "twee", "x"})
	kop, m := Voorstel(tabel)
	v := Lees(tabel, kop, m, []*activiteit.Activiteit{gelijk}, wetten{}, vandaag)
	if list, err := v.Invoer(); err != nil || len(list) != 2 || list[0].Naam != "een" {
		t.Fatalf("%v, %v: a row that changes nothing does not go to the register", list, err)
	}
	err := v.Geweigerd(m, fout.Ongeldig(fout.Param{Name: "regels.1.doel", Reason: "Niet goed."}, fout.Param{Name: "regels.7.doel", Reason: "Vreemd."}, fout.Param{Name: "x", Reason: "Anders."}))
	if err != nil || v.Fouten != 3 || !meldt(v.Regels[2].Meldingen, "C", "Niet goed.") || len(v.Regels[0].Meldingen) != 0 || !meldt(v.Meldingen, "", "Vreemd.") || !meldt(v.Meldingen, "", "Anders.") {
		t.Errorf("%v, %+v", err, v)
	}
	if err := v.Geweigerd(m, fout.GeenToestemming); !errors.Is(err, fout.GeenToestemming) {
		t.Error(err)
	}
}

func TestMoreActivitiesThanAnOrganisationHasAreRefusedBeforehand(t *testing.T) {
	t.Parallel()
	tabel := rijTabel([]string{"Naam", "Doel"})
	for k := range MaxRegels + 1 {
		tabel.Rijen = append(tabel.Rijen, []string{fmt.Sprint("n", k), "d"})
	}
	if v := lees(t, tabel); v.Fouten != 1 || !meldt(v.Meldingen, "", "niet meer dan 5000") {
		t.Errorf("%d errors, %+v", v.Fouten, v.Meldingen)
	}
}

// The sheet that the issue asks for: read, and nothing of it lost.
func TestTheSheetOfAMunicipalityIsRead(t *testing.T) {
	t.Parallel()
	const n = 400
	b, err := proefblad.XLSX(n)
	if err != nil {
		t.Fatal(err)
	}
	tabel, err := rekenblad.Lees(bytes.NewReader(b), int64(len(b)), "Register.xlsx", rekenblad.Limieten{})
	if err != nil {
		t.Fatal(err)
	}
	if tabel.Blad != "Register" || len(tabel.Opmerkingen) != 2 {
		t.Errorf("%s %v", tabel.Blad, tabel.Opmerkingen)
	}
	kop, m := Voorstel(tabel)
	want := []string{"id", "nummer", "categorie", "naam", "verantwoordelijkeBestuursorgaan", "gedelegeerdVerantwoordelijke", "proceseigenaar", "doel", "grondslagen",
		"toelichtingGrondslag", "betrokkenen", "persoonsgegevens", "persoonsgegevens.bsn", "persoonsgegevens.bijzonder", "ontvangers", "internationaleDerden", "bewaartermijn",
		"verwerkers", "beveiliging", "ingangsdatum", Overig}
	if kop != proefblad.Kop-1 || !slices.Equal(m.Kolommen, want) {
		t.Fatalf("row %d: %v", kop, m.Kolommen)
	}
	v := Lees(tabel, kop, m, nil, wetten{}, vandaag)
	geenFouten(t, v)
	if len(v.Regels) != n || v.Nieuw != n || len(v.Meldingen) != 1 || v.Meldingen[0].Rij != proefblad.Kop+n+2 {
		t.Fatalf("%d rows, %+v", len(v.Regels), v.Meldingen)
	}
	zonder, nietHerkend, overig := 0, 0, 0
	for _, r := range v.Regels {
		i := r.Invoer
		if i.ID == uuid.Nil {
			zonder++
		}
		if len(i.Grondslagen) == 0 {
			nietHerkend++
			if !strings.Contains(i.ToelichtingGrondslag, "Nog te bepalen") {
				t.Errorf("row %d lost its ground: %+v", r.Rij, i)
			}
		}
		overig += len(i.Overig)
		if i.Categorie == "" || i.Naam == "" || i.Ingangsdatum == "" || len(i.Betrokkenen) != 2 || len(i.Persoonsgegevens) == 0 {
			t.Errorf("row %d: %+v", r.Rij, i)
		}
	}
	if zonder < n/3 || nietHerkend == 0 || nietHerkend > n/5 || overig == 0 {
		t.Errorf("%d without id, %d without ground, %d other", zonder, nietHerkend, overig)
	}
}

func BenchmarkLees(b *testing.B) {
	data, err := proefblad.XLSX(MaxRegels)
	if err != nil {
		b.Fatal(err)
	}
	tabel, err := rekenblad.Lees(bytes.NewReader(data), int64(len(data)), "Register.xlsx", rekenblad.Limieten{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		kop, m := Voorstel(tabel)
		if v := Lees(tabel, kop, m, nil, wetten{}, vandaag); v.Fouten > 0 {
			b.Fatal(fouten(v)[0])
		}
	}
}
