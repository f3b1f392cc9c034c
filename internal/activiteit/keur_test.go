package activiteit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Everything that a change to a complete activity makes wrong, when it is to be definite and when it is a concept.
func TestAnActivityIsJudgedByEveryField(t *testing.T) {
	t.Parallel()
	lang := func(n int) string { return strings.Repeat("é", n) }
	for _, p := range []struct {
		naam    string
		wijzig  func(*Inhoud)
		want    []string // when definite
		concept []string // as a concept
	}{
		{"a complete one is good", func(*Inhoud) {}, nil, nil},
		{"without a name nothing can be kept", func(i *Inhoud) { i.Naam = " \n" }, []string{"naam required"}, []string{"naam required"}},
		{"a name of 242 characters fits", func(i *Inhoud) { i.Naam = lang(242) }, nil, nil},
		{"a name of 243 does not", func(i *Inhoud) { i.Naam = lang(243) }, []string{"naam max_length"}, []string{"naam max_length"}},
		{"without a purpose it is no more than a concept", func(i *Inhoud) { i.Doel = "" }, []string{"doel required"}, nil},
		{"a purpose of 2042 characters fits, with lines", func(i *Inhoud) { i.Doel = lang(1020) + "\n\n" + lang(1020) }, nil, nil},
		{"a purpose of 2043 does not", func(i *Inhoud) { i.Doel = lang(2043) }, []string{"doel max_length"}, []string{"doel max_length"}},
		{"somebody is responsible", func(i *Inhoud) { i.VerantwoordelijkeOrganisatie = "" }, []string{"verantwoordelijkeOrganisatie required"}, nil},
		{"an OIN has 20 digits", func(i *Inhoud) { i.VerantwoordelijkeOrganisatie = "1234" }, []string{"verantwoordelijkeOrganisatie invalid"}, []string{"verantwoordelijkeOrganisatie invalid"}},
		{"there is a ground", func(i *Inhoud) { i.Grondslagen = nil }, []string{"grondslagen required"}, nil},
		{"a ground that is none is refused", func(i *Inhoud) { i.Grondslagen = []string{"toestemming", "zomaar"} }, []string{"grondslagen.1 invalid_choice"}, []string{"grondslagen.1 invalid_choice"}},
		{"a public task names its law", func(i *Inhoud) { i.ToelichtingGrondslag = "" }, []string{"toelichtingGrondslag required"}, nil},
		{"consent needs no law", func(i *Inhoud) { i.Grondslagen, i.ToelichtingGrondslag = []string{"toestemming"}, "" }, nil, nil},
		{"people are named", func(i *Inhoud) { i.Betrokkenen = []string{" "} }, []string{"betrokkenen required"}, nil},
		{"data are named", func(i *Inhoud) { i.Persoonsgegevens = nil }, []string{"persoonsgegevens required"}, nil},
		{"a datum has a name", func(i *Inhoud) { i.Persoonsgegevens = []Persoonsgegeven{{Rol: "Inwoner"}} }, []string{"persoonsgegevens.0.naam required"}, []string{"persoonsgegevens.0.naam required"}},
		{"a kind of datum is one of four", func(i *Inhoud) { i.Persoonsgegevens[0].Soort = "geheim" }, []string{"persoonsgegevens.0.soort invalid_choice"}, []string{"persoonsgegevens.0.soort invalid_choice"}},
		{"ordinary may be said", func(i *Inhoud) { i.Persoonsgegevens[0].Soort = "gewoon" }, nil, nil},
		{"special data ask for an exception", func(i *Inhoud) { i.Persoonsgegevens[0].Soort = SoortBijzonder }, []string{"uitzonderingen required"}, nil},
		{"criminal data too", func(i *Inhoud) { i.Persoonsgegevens[0].Soort = SoortStrafrechtelijk }, []string{"uitzonderingen required"}, nil},
		{"with the exception they are good", func(i *Inhoud) {
			i.Persoonsgegevens[0].Soort, i.Uitzonderingen = SoortBijzonder, []string{"gezondheid"}
		}, nil, nil},
		{"an exception that is none is refused", func(i *Inhoud) { i.Uitzonderingen = []string{"publieke_taak"} }, []string{"uitzonderingen.0 invalid_choice"}, []string{"uitzonderingen.0 invalid_choice"}},
		{"there is a term", func(i *Inhoud) { i.Bewaartermijn = "" }, []string{"bewaartermijn required"}, nil},
		{"there is security", func(i *Inhoud) { i.Beveiliging = "" }, []string{"beveiliging required"}, nil},
		{"abroad asks for safeguards", func(i *Inhoud) { i.InternationaleDerden = []string{"Een dienst"} }, []string{"doorgifte required"}, nil},
		{"the profile of the log is chosen", func(i *Inhoud) { i.Log.Omvang = "" }, []string{"log.omvang required"}, nil},
		{"minimal is a choice", func(i *Inhoud) { i.Log.Omvang, i.BewaartermijnLog = OmvangMinimaal, "P5Y" }, nil, nil},
		{"and asks for the term of the log", func(i *Inhoud) { i.Log.Omvang = OmvangMinimaal }, []string{"bewaartermijnLog required"}, nil},
		{"another is not", func(i *Inhoud) { i.Log.Omvang = "half" }, []string{"log.omvang invalid_choice"}, []string{"log.omvang invalid_choice"}},
		{"what is confidential is logged whole", func(i *Inhoud) {
			i.Vertrouwelijkheid, i.GrondVertrouwelijk, i.DuurVertrouwelijkheid, i.Log.Omvang = Vertrouwelijk, "opsporing", "P6M", OmvangMinimaal
		}, []string{"log.omvang vertrouwelijk"}, []string{"log.omvang vertrouwelijk"}},
		{"or not at all is no answer", func(i *Inhoud) {
			i.Vertrouwelijkheid, i.GrondVertrouwelijk, i.DuurVertrouwelijkheid, i.Log.Omvang = Vertrouwelijk, "opsporing", "P6M", OmvangUit
		}, []string{"log.omvang vertrouwelijk"}, []string{"log.omvang vertrouwelijk"}},
		{"what is confidential has a ground and an end", func(i *Inhoud) { i.Vertrouwelijkheid = Vertrouwelijk },
			[]string{"duurVertrouwelijkheid required", "grondVertrouwelijk required"}, nil},
		{"and is then good", func(i *Inhoud) {
			i.Vertrouwelijkheid, i.GrondVertrouwelijk, i.DuurVertrouwelijkheid = Vertrouwelijk, "opsporing", "P6M"
		}, nil, nil},
		{"a ground of confidentiality that is none is refused", func(i *Inhoud) { i.GrondVertrouwelijk = "publieke_taak" }, []string{"grondVertrouwelijk invalid_choice"}, []string{"grondVertrouwelijk invalid_choice"}},
		{"a third kind of confidentiality is refused", func(i *Inhoud) { i.Vertrouwelijkheid = "opgeheven" }, []string{"vertrouwelijkheid invalid_choice"}, []string{"vertrouwelijkheid invalid_choice"}},
		{"a term of the log is a duration", func(i *Inhoud) { i.BewaartermijnLog = "vijf jaar" }, []string{"bewaartermijnLog invalid"}, []string{"bewaartermijnLog invalid"}},
		{"such as five years", func(i *Inhoud) { i.BewaartermijnLog = "P5Y" }, nil, nil},
		{"an address is whole", func(i *Inhoud) { i.GebaseerdOp = "www.voorbeeld.example" }, []string{"gebaseerdOp invalid"}, []string{"gebaseerdOp invalid"}},
		{"and safe to follow", func(i *Inhoud) { i.GebaseerdOp = "javascript:alert(1)" }, []string{"gebaseerdOp invalid"}, []string{"gebaseerdOp invalid"}},
		{"a urn is good", func(i *Inhoud) { i.GebaseerdOp = "urn:uuid:6a0f3f5e-7a3a-4a0e-9a67-0d3b6b8d0001" }, nil, nil},
		{"no number of a person", func(i *Inhoud) { i.Doel = "Zoals bij 999990019." }, []string{"doel persoonsnummer"}, []string{"doel persoonsnummer"}},
		{"nor in a list", func(i *Inhoud) { i.Ontvangers = []string{"Belastingdienst", "J. de Vries (999990019)"} }, []string{"ontvangers.1 persoonsnummer"}, []string{"ontvangers.1 persoonsnummer"}},
		{"nor in what a sheet had more", func(i *Inhoud) { i.Overig = []Veld{{Naam: "Kolom", Waarde: "999990019"}} }, []string{"overig.0.waarde persoonsnummer"}, []string{"overig.0.waarde persoonsnummer"}},
		{"nine digits that are no such number are good", func(i *Inhoud) { i.Doel = "Zaak 999990018" }, nil, nil},
		{"nor those in a longer word", func(i *Inhoud) { i.Doel = "Zaak Z-999990019" }, nil, nil},
		{"what does not show is refused", func(i *Inhoud) { i.Naam, i.Doel = "In\x00schrijven", "Doel\u202etekst" }, []string{"doel invalid", "naam invalid"}, []string{"doel invalid", "naam invalid"}},
		{"broken text is refused", func(i *Inhoud) { i.Herkomst = "\xff" }, []string{"herkomst invalid"}, []string{"herkomst invalid"}},
		{"a list of 201 is too long", func(i *Inhoud) {
			i.Ontvangers = nil
			for n := range 201 {
				i.Ontvangers = append(i.Ontvangers, fmt.Sprint("Ontvanger ", n))
			}
		}, []string{"ontvangers max_length"}, []string{"ontvangers max_length"}},
		{"all of it is told at once", func(i *Inhoud) { *i = Inhoud{Naam: "Leeg"} }, []string{
			"betrokkenen required", "beveiliging required", "bewaartermijn required", "doel required", "grondslagen required", "log.omvang required",
			"persoonsgegevens required", "verantwoordelijkeOrganisatie required",
		}, nil},
	} {
		for concept, want := range map[bool][]string{false: p.want, true: p.concept} {
			i := volledig("Inschrijven")
			p.wijzig(&i)
			err := i.Keur(concept, wetten{})
			if got := paden(err); !slices.Equal(got, append([]string{}, want...)) || (err == nil) != (len(want) == 0) {
				t.Errorf("%s (concept: %v): got %v, want %v", p.naam, concept, got, want)
			}
			if err != nil {
				for _, par := range geweigerd(t, err, fout.CodeOngeldig).Params {
					if !strings.HasSuffix(par.Reason, ".") || strings.Contains(par.Reason, "999990019") {
						t.Errorf("%s: %q", p.naam, par.Reason)
					}
				}
			}
		}
	}
}

func TestJudgingLeavesWhatWasGivenAsItWas(t *testing.T) {
	t.Parallel()
	i := volledig("  Inschrijven ")
	i.Betrokkenen = []string{"", " Inwoners "}
	if err := i.Keur(false, nil); err != nil {
		t.Fatal(err)
	}
	if i.Naam != "  Inschrijven " || i.Betrokkenen[1] != " Inwoners " {
		t.Errorf("%q %q", i.Naam, i.Betrokkenen)
	}
}

func TestTheNormalFormIsWhatIsCompared(t *testing.T) {
	t.Parallel()
	i := Inhoud{
		Naam: " Cafe\u0301 \tvan\r\nde buurt ", Doel: "een\r\ntwee\rdrie ", Vertrouwelijkheid: Normaal, Betrokkenen: []string{"b", "", "a", "b "},
		Persoonsgegevens: []Persoonsgegeven{{}, {Naam: "Naam", Soort: "gewoon"}}, Ontvangers: []string{" "}, Verwerkers: []Verwerker{{}},
	}.Normaal()
	if i.Naam != "Café  van de buurt" || i.Doel != "een\ntwee\ndrie" || i.Vertrouwelijkheid != "" || !slices.Equal(i.Betrokkenen, []string{"b", "a"}) ||
		!slices.Equal(i.Persoonsgegevens, []Persoonsgegeven{{Naam: "Naam"}}) || i.Ontvangers != nil || i.Verwerkers != nil {
		t.Errorf("%+v", i)
	}
}

func TestTheNormalFormIsItsOwn(t *testing.T) {
	t.Parallel()
	tekst := rapid.StringOf(rapid.RuneFrom([]rune("aé \u0301\n\r\t1\u0000\u202e")))
	rapid.Check(t, func(t *rapid.T) {
		i := Inhoud{
			Naam: tekst.Draw(t, "naam"), Doel: tekst.Draw(t, "doel"), Ontvangers: rapid.SliceOfN(tekst, 0, 4).Draw(t, "ontvangers"),
			Overig: []Veld{{Naam: tekst.Draw(t, "veld"), Waarde: tekst.Draw(t, "waarde")}},
		}.Normaal()
		j := i.Normaal()
		if i.Naam != j.Naam || i.Doel != j.Doel || !slices.Equal(i.Ontvangers, j.Ontvangers) || !slices.Equal(i.Overig, j.Overig) {
			t.Fatalf("%+v becomes %+v", i, j)
		}
	})
}

// The log and this room take the same durations.
func TestADurationIsThatOfTheLog(t *testing.T) {
	t.Parallel()
	teken := rapid.StringOf(rapid.RuneFrom([]rune("PT0123.YMWDHS-")))
	deel := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprint(rapid.IntRange(0, 999).Draw(t, "n")) + rapid.SampledFrom([]string{"Y", "M", "W", "D", "T", "H", "S", ".5S"}).Draw(t, "eenheid")
	})
	rapid.Check(t, func(t *rapid.T) {
		s := "P" + teken.Draw(t, "rest")
		if rapid.Bool().Draw(t, "bijna") {
			s = "P" + strings.Join(rapid.SliceOfN(deel, 0, 5).Draw(t, "delen"), "")
		}
		i := Inhoud{Naam: "Naam", BewaartermijnLog: s}
		if got, want := i.Keur(true, nil) == nil, verwerkingenlog.ValidBewaartermijn(s); got != want {
			t.Fatalf("%q: %v, and the log says %v", s, got, want)
		}
	})
}
