package overdracht

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/activiteit/overdracht/proefblad"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// Texts as the register keeps them, with everything in them that a sheet could trip over.
var (
	lastig = []string{"", "=1+1", "-5", "@x", "'s-Gravenhage", "'=1", "• punt", "•", "a, b", "a; b", "a: b", "a:b", `a\b`, `a\: b`, `a\`, "a | b", "|", "[bsn]", "x [bijzonder]", "BSN", "geen", "n.v.t.",
		"ja", "Naam", "UUID", "Overig: x", "Overig: Overig: y", "Kolom A", "é", "😀", "\u00a0x", "_x0041_", "<b>&amp;", `"aan" 'halen'`, "1.", "1. een", "- een", "00123", "1e5", "2026-01-01", "sep=;", "Doeleinde",
		"wettelijke_verplichting", "P5Y", "o een", "a)", ": begin", "eind:", "eind: "}
	genTekst = rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "lastig") {
			return regelVan(rapid.SampledFrom(lastig).Draw(t, "s") + rapid.SampledFrom(lastig).Draw(t, "s2"))
		}
		return regelVan(rapid.StringN(0, 30, 60).Draw(t, "s"))
	})
	genNaam = genTekst.Filter(func(s string) bool { return s != "" })
	genLang = rapid.Custom(func(t *rapid.T) string {
		return schoon(strings.Join(rapid.SliceOfN(genTekst, 0, 4).Draw(t, "regels"), "\n"))
	})
	genLijst = rapid.SliceOfNDistinct(genNaam, 0, 5, rapid.ID[string]) // the register keeps each once
	genCodes = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"wettelijke_verplichting", "publieke_taak", "toestemming", "nieuwe_code.2026", "art-9:2"}), 0, 3, rapid.ID[string])
	genDatum = rapid.SampledFrom([]activiteit.Datum{"", "2026-01-01", "2026-11-26", "2027-12-31", "1999-02-28"})
)

var genInhoud = rapid.Custom(func(t *rapid.T) activiteit.Inhoud {
	soort := rapid.SampledFrom([]string{"", "bsn", "bijzonder", "strafrechtelijk"})
	veld := rapid.SampledFrom([]string{"Notitie", "Opmerking FG", "Doel", "Overig: z", "x: y", `a\b`})
	een := rapid.SampledFrom([]string{"", "uavg_41_a"})
	return activiteit.Inhoud{
		Naam: genNaam.Draw(t, "naam"), Nummer: genTekst.Filter(func(s string) bool { return len([]rune(s)) <= 50 }).Draw(t, "nummer"), Categorie: genTekst.Draw(t, "categorie"),
		GebaseerdOp:                     rapid.SampledFrom([]string{"", "urn:uuid:5f0bef4c-0000-4000-8000-000000000001", "https://voorbeeld.example/a?b=c#d"}).Draw(t, "gebaseerdOp"),
		VerantwoordelijkeOrganisatie:    rapid.SampledFrom([]string{"", oin}).Draw(t, "oin"),
		VerantwoordelijkeBestuursorgaan: genTekst.Draw(t, "orgaan"), GezamenlijkMet: genLijst.Draw(t, "gezamenlijk"), GedelegeerdVerantwoordelijke: genTekst.Draw(t, "gedelegeerd"),
		Proceseigenaar: genTekst.Draw(t, "eigenaar"), Doel: genLang.Draw(t, "doel"), Grondslagen: genCodes.Draw(t, "grondslagen"), ToelichtingGrondslag: genLang.Draw(t, "toelichting"),
		Uitzonderingen: genCodes.Draw(t, "uitzonderingen"), Betrokkenen: genLijst.Draw(t, "betrokkenen"),
		Persoonsgegevens: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) activiteit.Persoonsgegeven {
			return activiteit.Persoonsgegeven{Rol: genTekst.Draw(t, "rol"), Naam: genNaam.Draw(t, "naam"), Soort: soort.Draw(t, "soort")}
		}), 0, 4).Draw(t, "persoonsgegevens"),
		Bewaartermijn: genLang.Draw(t, "bewaartermijn"), Herkomst: genLang.Draw(t, "herkomst"), Ontvangers: genLijst.Draw(t, "ontvangers"),
		InternationaleDerden: genLijst.Draw(t, "derden"), Doorgifte: genLang.Draw(t, "doorgifte"),
		Verwerkers: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) activiteit.Verwerker {
			return activiteit.Verwerker{Naam: genNaam.Draw(t, "naam"), Contact: genTekst.Draw(t, "contact"), Overeenkomst: genLang.Draw(t, "overeenkomst")}
		}), 0, 3).Draw(t, "verwerkers"),
		Beveiliging: genLang.Draw(t, "beveiliging"), Selecties: genLang.Draw(t, "selecties"), Toestemming: genLang.Draw(t, "toestemming"),
		Log: activiteit.Logprofiel{Omvang: rapid.SampledFrom([]string{"", "uit", "minimaal", "volledig"}).Draw(t, "omvang"), Gebruiker: rapid.Bool().Draw(t, "gebruiker"),
			Soorten: rapid.Bool().Draw(t, "soorten")},
		BewaartermijnLog: rapid.SampledFrom([]string{"", "P5Y", "P18M", "P1Y6M"}).Draw(t, "bewaartermijnLog"), Vertrouwelijkheid: rapid.SampledFrom([]string{"", "normaal", "vertrouwelijk"}).Draw(t, "vertrouwelijkheid"),
		GrondVertrouwelijk: een.Draw(t, "grond"), DuurVertrouwelijkheid: rapid.SampledFrom([]string{"", "P2Y"}).Draw(t, "duur"),
		Overig: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) activiteit.Veld {
			return activiteit.Veld{Naam: veld.Draw(t, "naam"), Waarde: genLang.Filter(func(s string) bool { return s != "" }).Draw(t, "waarde")}
		}), 0, 5).Draw(t, "overig"),
	}
})

// What goes out comes back as it was, along every way: that is how a municipality can take its register away and bring it back.
func TestAnExportComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []*activiteit.Activiteit
		var want []activiteit.Invoer
		for k, i := range rapid.SliceOfN(genInhoud, 1, 6).Draw(t, "inhoud") {
			a := &activiteit.Activiteit{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(fmt.Sprint(k))), Stand: int64(k + 1), Openbaar: k%2 == 0}
			w := activiteit.Invoer{ID: a.ID, Stand: a.Stand, Inhoud: i}
			if k%3 == 2 {
				a.Concept = &activiteit.Concept{Inhoud: i}
			} else {
				w.Ingangsdatum = "2026-01-01"
				w.Einddatum = genDatum.Filter(func(d activiteit.Datum) bool { return d == "" || d >= "2026" }).Draw(t, "einddatum")
				a.Versies = []activiteit.Versie{{Nummer: 1, Ingangsdatum: w.Ingangsdatum, Einddatum: w.Einddatum, Inhoud: i}}
			}
			list, want = append(list, a), append(want, w)
		}
		tabel := Schrijf(list, vandaag)
		for _, weg := range []*rekenblad.Tabel{tabel, langs(t, tabel, rekenblad.CSV), langs(t, tabel, rekenblad.XLSX)} {
			kop, m := Voorstel(weg)
			v := Lees(weg, kop, m, list, wetten{}, vandaag)
			if f := fouten(v); kop != 0 || len(f) > 0 {
				t.Fatalf("names in row %d, errors %+v", kop, f)
			}
			var got []activiteit.Invoer
			for _, r := range v.Regels {
				if r.Wat != Gelijk {
					t.Fatalf("row %d would be %s: %v", r.Rij, r.Wat, r.Verschil)
				}
				got = append(got, r.Invoer)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Fatal(d)
			}
		}
	})
}

// The sheet of a municipality, taken in and given out, and taken in again by another: the same register.
func TestTheSheetOfAMunicipalityGoesRoundWithoutLoss(t *testing.T) {
	t.Parallel()
	b, err := proefblad.XLSX(300)
	if err != nil {
		t.Fatal(err)
	}
	tabel, err := rekenblad.Lees(bytes.NewReader(b), int64(len(b)), "x.xlsx", rekenblad.Limieten{})
	if err != nil {
		t.Fatal(err)
	}
	v := lees(t, tabel)
	geenFouten(t, v)
	var list []*activiteit.Activiteit
	for _, r := range v.Regels {
		id := r.Invoer.ID
		if id == uuid.Nil {
			id = uuid.New() // as the register does
		}
		list = append(list, &activiteit.Activiteit{ID: id, Versies: []activiteit.Versie{{Nummer: 1, Ingangsdatum: r.Invoer.Ingangsdatum, Inhoud: r.Invoer.Inhoud}}})
	}
	for _, soort := range []rekenblad.Soort{rekenblad.CSV, rekenblad.XLSX} {
		terug := lees(t, langs(t, Schrijf(list, vandaag), soort), list...)
		geenFouten(t, terug)
		if terug.Gelijk != len(list) || len(terug.Meldingen) != 0 {
			t.Fatalf("%s: %d of %d are the same", soort, terug.Gelijk, len(list))
		}
		for k, r := range terug.Regels {
			if d := cmp.Diff(v.Regels[k].Invoer.Inhoud, r.Invoer.Inhoud, cmpopts.EquateEmpty()); d != "" || r.Invoer.ID != list[k].ID || len(r.Meldingen) > 0 {
				t.Fatalf("%s row %d: %s %v", soort, r.Rij, d, r.Meldingen)
			}
		}
	}
}

func TestAListThatNoCellHoldsTakesMoreColumns(t *testing.T) {
	t.Parallel()
	a := vast("groot", 1, "2026-01-01", "")
	for k := range 200 {
		a.Versies[0].Betrokkenen = append(a.Versies[0].Betrokkenen, strings.Repeat("😀", 230)+fmt.Sprint(k))
	}
	tabel := Schrijf([]*activiteit.Activiteit{a, vast("klein", 1, "2026-01-01", "")}, vandaag)
	terug := lees(t, langs(t, tabel, rekenblad.XLSX), a)
	geenFouten(t, terug)
	if d := cmp.Diff(a.Versies[0].Betrokkenen, terug.Regels[0].Invoer.Betrokkenen); d != "" || !strings.Contains(strings.Join(tabel.Rijen[0], "/"), "Betrokkenen (vervolg 3)") {
		t.Error(d)
	}
}

func TestOverigThatWouldTakeTooManyColumnsTakesOne(t *testing.T) {
	t.Parallel()
	var list []*activiteit.Activiteit
	for k := range 30 {
		a := vast(fmt.Sprint("a", k), 1, "2026-01-01", "")
		for n := range 20 {
			a.Versies[0].Overig = append(a.Versies[0].Overig, activiteit.Veld{Naam: fmt.Sprintf(`kolom %d: \%d`, k, n), Waarde: "regel\n• nog een: x"})
		}
		list = append(list, a)
	}
	tabel := Schrijf(list, vandaag)
	if n := tabel.Kolommen(); n > 100 {
		t.Errorf("%d columns", n)
	}
	terug := lees(t, langs(t, tabel, rekenblad.CSV), list...)
	geenFouten(t, terug)
	for k, r := range terug.Regels {
		if d := cmp.Diff(list[k].Versies[0].Overig, r.Invoer.Overig); d != "" {
			t.Fatal(d)
		}
	}
}

func TestTheColumnsOfOverigKeepTheOrderOfEachRow(t *testing.T) {
	t.Parallel()
	a, b, c := vast("a", 1, "2026-01-01", ""), vast("b", 1, "2026-01-01", ""), vast("c", 1, "2026-01-01", "")
	w := func(n string) activiteit.Veld { return activiteit.Veld{Naam: n, Waarde: n} }
	a.Versies[0].Overig = []activiteit.Veld{w("p"), w("q")}
	b.Versies[0].Overig = []activiteit.Veld{w("q"), w("p"), w("p")}
	c.Versies[0].Overig = []activiteit.Veld{w("r"), {Naam: "leeg"}, w("q")}
	list := []*activiteit.Activiteit{a, b, c}
	terug := lees(t, Schrijf(list, vandaag), list...)
	for k, r := range terug.Regels {
		if d := cmp.Diff(metWaarde(list[k].Versies[0].Overig), r.Invoer.Overig); d != "" || r.Wat != Gelijk {
			t.Errorf("row %d %s: %s", r.Rij, r.Wat, d)
		}
	}
}

func TestTheStandOfAnActivityOnADay(t *testing.T) {
	t.Parallel()
	v := func(nummer int, in, uit activiteit.Datum) activiteit.Versie {
		return activiteit.Versie{Nummer: nummer, Ingangsdatum: in, Einddatum: uit, Inhoud: activiteit.Inhoud{Naam: fmt.Sprint(nummer)}}
	}
	concept := &activiteit.Concept{Inhoud: activiteit.Inhoud{Naam: "concept"}}
	for _, c := range []struct {
		naam    string
		versies []activiteit.Versie
		concept *activiteit.Concept
		want    string
	}{
		{"a change in the making alone", nil, concept, "concept concept"},
		{"the version that holds, not the change", []activiteit.Versie{v(1, "2026-01-01", "")}, concept, "1 geldig"},
		{"the latest that began", []activiteit.Versie{v(1, "2025-01-01", ""), v(2, "2026-01-01", ""), v(3, "2027-01-01", "")}, nil, "2 geldig"},
		{"a correction of the same day", []activiteit.Versie{v(1, "2026-01-01", ""), v(2, "2026-01-01", "")}, nil, "2 geldig"},
		{"a correction that began earlier", []activiteit.Versie{v(1, "2026-01-01", ""), v(2, "2025-01-01", "")}, nil, "1 geldig"},
		{"on its last day", []activiteit.Versie{v(1, "2026-01-01", vandaag)}, nil, "1 geldig"},
		{"after its last day", []activiteit.Versie{v(1, "2026-01-01", "2026-11-25")}, nil, "1 verlopen"},
		{"after its last day, with one to come", []activiteit.Versie{v(1, "2026-01-01", "2026-11-25"), v(2, "2028-01-01", ""), v(3, "2027-01-01", "")}, nil, "3 toekomstig"},
	} {
		i, _, status := stand(&activiteit.Activiteit{Versies: c.versies, Concept: c.concept}, vandaag)
		if got := i.Naam + " " + status; got != c.want {
			t.Errorf("%s: %s, want %s", c.naam, got, c.want)
		}
	}
	if tabel := Schrijf([]*activiteit.Activiteit{{ID: uuid.New()}}, vandaag); len(tabel.Rijen) != 1 {
		t.Errorf("an activity that says nothing has a row: %v", tabel.Rijen)
	}
}

func TestTheJSONNamesNobodyWhoMadeAVersion(t *testing.T) {
	t.Parallel()
	a := vast("Behandelen", 2, "2026-01-01", "2027-01-01")
	a.Versies[0].Door.Naam, a.Versies[0].VastgesteldOp = "J. Voorbeeld", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	a.Concept = &activiteit.Concept{Inhoud: activiteit.Inhoud{Naam: "Behandelen en beslissen"}}
	a.Concept.Door.Naam = "J. Voorbeeld"
	var b bytes.Buffer
	if err := SchrijfJSON(&b, []*activiteit.Activiteit{a, {ID: uuid.New()}}, vandaag); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Voorbeeld") {
		t.Error(b.String())
	}
	var terug struct {
		Peildatum               activiteit.Datum
		Verwerkingsactiviteiten []struct {
			ID, VersieID    uuid.UUID
			Stand           string
			Versie          int
			Einddatum       activiteit.Datum
			Inhoud, Concept activiteit.Inhoud
		}
	}
	if err := json.Unmarshal(b.Bytes(), &terug, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if len(terug.Verwerkingsactiviteiten) != 1 || terug.Peildatum != vandaag {
		t.Fatal(b.String())
	}
	if got := terug.Verwerkingsactiviteiten[0]; got.ID != a.ID || got.VersieID != a.Versies[0].ID || got.Versie != 2 || got.Stand != "geldig" || got.Einddatum != "2027-01-01" ||
		got.Inhoud.Naam != "Behandelen" || got.Concept.Naam != "Behandelen en beslissen" {
		t.Errorf("%+v", got)
	}
	b.Reset()
	if err := SchrijfJSON(&b, nil, vandaag); err != nil || !strings.Contains(b.String(), `"verwerkingsactiviteiten": []`) {
		t.Error(b.String(), err)
	}
}
