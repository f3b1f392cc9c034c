package verwerkingenlog

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// goed is the full example of dictionary.md.
func goed() *Invoer {
	in := &Invoer{ObjectenAanwezig: true, Objecten: []InvoerObject{{
		Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572", Betrokkenheid: "Partner",
		Soorten: []string{"Geboortedatum", "Nationaliteit"},
	}}}
	for v, s := range map[Veld]string{
		VeldActieNaam:                       "Ophalen persoonsgegevens",
		VeldHandelingNaam:                   "Intake",
		VeldVerwerkingNaam:                  "Huwelijk",
		VeldVerwerkingID:                    "48086bf2-11b7-4603-9526-67d7c3bb6587",
		VeldVerwerkingsactiviteitID:         "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		VeldVerwerkingsactiviteitURL:        "https://var.example/activiteiten/5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		VeldVertrouwelijkheid:               "normaal",
		VeldBewaartermijn:                   "P150Y",
		VeldUitvoerder:                      oinVoorbeeldstad,
		VeldSysteem:                         "FooBarApp v2.1",
		VeldGebruiker:                       "2ecf8e86-1a18-46ba-aa13-992c1dc231a5",
		VeldGegevensbron:                    "FooBar Database Publiekszaken",
		VeldSoortAfnemerID:                  "OIN",
		VeldAfnemerID:                       "00000099123456789000",
		VeldVerwerkingsactiviteitIDAfnemer:  "c5b9f4e7-8c79-41b9-91e2-6268419cb167",
		VeldVerwerkingsactiviteitURLAfnemer: "https://var.example/afnemer",
		VeldVerwerkingIDAfnemer:             "4b698de3-ffba-45e7-8697-a283ec863db2",
		VeldTijdstip:                        "2024-04-05T14:35:42+01:00",
	} {
		in.Set(v, s)
	}
	return in
}

func with(v Veld, s string) *Invoer {
	in := goed()
	in.Set(v, s)
	return in
}

func withObject(change func(*InvoerObject)) *Invoer {
	in := goed()
	change(&in.Objecten[0])
	return in
}

// codes are the wrong places and their codes, sorted; reasons are checked to be there.
func codes(t *testing.T, params []fout.Param) []string {
	t.Helper()
	list := []string{}
	for _, p := range params {
		if p.Reason == "" || p.Name == "" || p.Code == "" {
			t.Errorf("incomplete: %+v", p)
		}
		list = append(list, p.Name+" "+p.Code)
	}
	slices.Sort(list)
	return list
}

func TestTheExampleOfTheStandardIsValidAndKept(t *testing.T) {
	t.Parallel()
	a, params := goed().Validate(true)
	if len(params) > 0 {
		t.Fatal(codes(t, params))
	}
	want := Verwerkingsactie{
		ActieNaam: "Ophalen persoonsgegevens", HandelingNaam: "Intake", VerwerkingNaam: "Huwelijk",
		VerwerkingID:             uuid.MustParse("48086bf2-11b7-4603-9526-67d7c3bb6587"),
		VerwerkingsactiviteitID:  uuid.MustParse("5f0bef4c-f66f-4311-84a5-19e8bf359eaf"),
		VerwerkingsactiviteitURL: "https://var.example/activiteiten/5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		Bewaartermijn:            "P150Y", Uitvoerder: oinVoorbeeldstad, Systeem: "FooBarApp v2.1",
		Gebruiker: "2ecf8e86-1a18-46ba-aa13-992c1dc231a5", Gegevensbron: "FooBar Database Publiekszaken",
		SoortAfnemerID: "OIN", AfnemerID: "00000099123456789000",
		VerwerkingsactiviteitIDAfnemer:  uuid.MustParse("c5b9f4e7-8c79-41b9-91e2-6268419cb167"),
		VerwerkingsactiviteitURLAfnemer: "https://var.example/afnemer",
		VerwerkingIDAfnemer:             uuid.MustParse("4b698de3-ffba-45e7-8697-a283ec863db2"),
		Tijdstip:                        "2024-04-05T14:35:42+01:00",
		Objecten: []VerwerktObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572", Betrokkenheid: "Partner",
			Soorten: []string{"Geboortedatum", "Nationaliteit"}}},
	}
	if d := cmp.Diff(want, a); d != "" {
		t.Error(d)
	}
}

func TestOnlyTijdstipAndObjectenAreRequiredOfAPost(t *testing.T) {
	t.Parallel()
	in := &Invoer{ObjectenAanwezig: true}
	in.Set(VeldTijdstip, "2024-04-05T14:35:42Z")
	if a, params := in.Validate(false); len(params) > 0 || a.Vertrouwelijkheid != Normaal {
		t.Errorf("%v, vertrouwelijkheid %s", codes(t, params), a.Vertrouwelijkheid)
	}
	_, params := new(Invoer).Validate(false)
	if d := cmp.Diff([]string{"tijdstip required", "verwerkteObjecten required"}, codes(t, params)); d != "" {
		t.Error(d)
	}
}

func TestAPutMustNameEveryKeyButMayLeaveItEmpty(t *testing.T) {
	t.Parallel()
	_, params := new(Invoer).Validate(true)
	want := []string{"verwerkteObjecten required"}
	for v := range AantalVelden {
		want = append(want, v.String()+" required")
	}
	slices.Sort(want)
	if d := cmp.Diff(want, codes(t, params)); d != "" {
		t.Error(d)
	}
	in := &Invoer{ObjectenAanwezig: true}
	for v := range AantalVelden {
		in.Set(v, "")
	}
	_, params = in.Validate(true)
	if d := cmp.Diff([]string{"tijdstip required"}, codes(t, params)); d != "" {
		t.Error(d)
	}
}

func TestEveryFieldThatIsTooLongIsRefusedCountedInCharacters(t *testing.T) {
	t.Parallel()
	for v := range AantalVelden {
		max := 0
		switch velden[v].soort {
		case naam:
			max = 242
		case identificator:
			max = 40
		case uri:
			max = 2042
		default: // formats have one length, or their own test
			continue
		}
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			fill := func(n int) string { return strings.Repeat("é", n) }
			if velden[v].soort == uri {
				fill = func(n int) string { return "https://var.example/" + strings.Repeat("a", n-20) }
			}
			if _, params := with(v, fill(max)).Validate(false); v != VeldAfnemerID && len(params) > 0 {
				t.Errorf("%d characters are refused: %v", max, codes(t, params))
			}
			_, params := with(v, fill(max+1)).Validate(false)
			if !slices.Contains(codes(t, params), v.String()+" max_length") {
				t.Errorf("%d characters give %v", max+1, codes(t, params))
			}
		})
	}
	for _, tt := range []struct {
		name string
		max  int
		set  func(*InvoerObject, string)
	}{
		{"soortObjectId", 242, func(o *InvoerObject, s string) { o.SoortObjectID = s }},
		{"objectId", 40, func(o *InvoerObject, s string) { o.ObjectID = s }},
		{"betrokkenheid", 242, func(o *InvoerObject, s string) { o.Betrokkenheid = s }},
		{"verwerkteSoortenGegevens.1.soortGegeven", 242, func(o *InvoerObject, s string) { o.Soorten[1] = s }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, params := withObject(func(o *InvoerObject) { tt.set(o, strings.Repeat("é", tt.max)) }).Validate(false); len(params) > 0 {
				t.Errorf("%d characters are refused: %v", tt.max, codes(t, params))
			}
			_, params := withObject(func(o *InvoerObject) { tt.set(o, strings.Repeat("é", tt.max+1)) }).Validate(false)
			if d := cmp.Diff([]string{"verwerkteObjecten.0." + tt.name + " max_length"}, codes(t, params)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestControlCharactersAreRefusedInEveryText(t *testing.T) {
	t.Parallel()
	signs := map[string]string{"NUL": "a\x00b", "line feed": "a\nb", "carriage return": "a\r", "tab": "\tb", "escape": "\x1b[31m",
		"DEL": "a\x7f", "C1": "a\u0085b", "the last C1": "\u009f"}
	for name, s := range signs {
		for v := range AantalVelden {
			_, params := with(v, s).Validate(false)
			if !slices.ContainsFunc(params, func(p fout.Param) bool { return p.Name == v.String() }) {
				t.Errorf("%s is accepted in %s", name, v)
			}
		}
		for place, in := range map[string]*Invoer{
			"verwerkteObjecten.0.soortObjectId":                           withObject(func(o *InvoerObject) { o.SoortObjectID = s }),
			"verwerkteObjecten.0.objectId":                                withObject(func(o *InvoerObject) { o.ObjectID = s }),
			"verwerkteObjecten.0.betrokkenheid":                           withObject(func(o *InvoerObject) { o.Betrokkenheid = s }),
			"verwerkteObjecten.0.objecttype":                              withObject(func(o *InvoerObject) { o.Objecttype = s }),
			"verwerkteObjecten.0.verwerktObjectId":                        withObject(func(o *InvoerObject) { o.ID = s }),
			"verwerkteObjecten.0.verwerkteSoortenGegevens.0.soortGegeven": withObject(func(o *InvoerObject) { o.Soorten[0] = s }),
		} {
			_, params := in.Validate(false)
			if !slices.ContainsFunc(params, func(p fout.Param) bool { return p.Name == place }) {
				t.Errorf("%s is accepted in %s", name, place)
			}
		}
	}
	for _, s := range []string{"\u00a0", "Ñandú 漢字 👩‍👧", "a\u200db", "<script>", `"`, `\`} {
		if _, params := with(VeldActieNaam, s).Validate(false); len(params) > 0 {
			t.Errorf("%q is refused: %v", s, codes(t, params))
		}
	}
}

func TestValuesOfAWrongFormAreNamedWithTheirCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   *Invoer
		want string // place and code; "" = right
	}{
		{"a UUID in upper case is right", with(VeldVerwerkingID, "48086BF2-11B7-4603-9526-67D7C3BB6587"), ""},
		{"a UUID of any version is right", with(VeldVerwerkingID, "ffffffff-ffff-ffff-ffff-ffffffffffff"), ""},
		{"the nil UUID is none", with(VeldVerwerkingID, "00000000-0000-0000-0000-000000000000"), "verwerkingId invalid"},
		{"a UUID without hyphens is none", with(VeldVerwerkingID, "48086bf211b74603952667d7c3bb6587"), "verwerkingId invalid"},
		{"a UUID in braces is none", with(VeldVerwerkingID, "{48086bf2-11b7-4603-9526-67d7c3bb6587}"), "verwerkingId invalid"},
		{"a URN is no UUID", with(VeldVerwerkingsactiviteitID, "urn:uuid:48086bf2-11b7-4603-9526-67d7c3bb6587"), "verwerkingsactiviteitId invalid"},
		{"36 characters that are no UUID", with(VeldVerwerkingsactiviteitIDAfnemer, "48086bf2-11b7-4603-9526-67d7c3bb658g"), "verwerkingsactiviteitIdAfnemer invalid"},
		{"hyphens in other places are no UUID", with(VeldVerwerkingIDAfnemer, "48086bf211-b7-4603-9526-67d7c3bb6587"), "verwerkingIdAfnemer invalid"},
		{"a relative URI is refused", with(VeldVerwerkingsactiviteitURL, "/activiteiten/1"), "verwerkingsactiviteitUrl invalid"},
		{"a word is no URI", with(VeldVerwerkingsactiviteitURL, "activiteit"), "verwerkingsactiviteitUrl invalid"},
		{"a URI with a space is none", with(VeldVerwerkingsactiviteitURL, "https://var.example/a b"), "verwerkingsactiviteitUrl invalid"},
		{"a URI with a bracket is none", with(VeldVerwerkingsactiviteitURLAfnemer, "https://var.example/<a>"), "verwerkingsactiviteitUrlAfnemer invalid"},
		{"a URI with other script is none", with(VeldVerwerkingsactiviteitURLAfnemer, "https://var.example/é"), "verwerkingsactiviteitUrlAfnemer invalid"},
		{"a scheme alone is no URI", with(VeldVerwerkingsactiviteitURLAfnemer, "https:"), "verwerkingsactiviteitUrlAfnemer invalid"},
		{"a broken escape is no URI", with(VeldVerwerkingsactiviteitURL, "https://var.example/%zz"), "verwerkingsactiviteitUrl invalid"},
		{"a URN is right", with(VeldVerwerkingsactiviteitURL, "urn:uuid:48086bf2-11b7-4603-9526-67d7c3bb6587"), ""},
		{"years as a number are no duration", with(VeldBewaartermijn, "150"), "bewaartermijn invalid"},
		{"a negative duration is refused", with(VeldBewaartermijn, "-P1Y"), "bewaartermijn invalid"},
		{"an OIN of 19 digits is refused", with(VeldUitvoerder, "0000009912345678000"), "uitvoerder pattern"},
		{"an OIN of 21 digits is refused", with(VeldUitvoerder, "000000991234567800000"), "uitvoerder pattern"},
		{"an OIN with letters is refused", with(VeldUitvoerder, "0000009912345678000O"), "uitvoerder pattern"},
		{"an OIN in another script is refused", with(VeldUitvoerder, "٠٠٠٠٠٠٩٩١٢"), "uitvoerder pattern"},
		{"an unknown vertrouwelijkheid", with(VeldVertrouwelijkheid, "geheim"), "vertrouwelijkheid invalid_choice"},
		{"an empty vertrouwelijkheid is normaal", with(VeldVertrouwelijkheid, ""), ""},
		{"a moment without zone", with(VeldTijdstip, "2024-04-05T14:35:42"), "tijdstip invalid"},
		{"no moment", with(VeldTijdstip, ""), "tijdstip required"},
		{"a moment in the future is right", with(VeldTijdstip, "2999-04-05T14:35:42Z"), ""},
		{"an afnemerId without its kind", with(VeldSoortAfnemerID, ""), "soortAfnemerId required"},
		{"a kind without an afnemerId", with(VeldAfnemerID, ""), "afnemerId required"},
		{"an afnemerId that is no OIN", with(VeldAfnemerID, "123"), "afnemerId pattern"},
		{"an afnemer that is a person", func() *Invoer { in := with(VeldSoortAfnemerID, "bsn"); in.Set(VeldAfnemerID, "2308573"); return in }(), ""},
		{"a BSN with a letter as afnemer", func() *Invoer { in := with(VeldSoortAfnemerID, "BSN"); in.Set(VeldAfnemerID, "230857X"); return in }(), "afnemerId pattern"},
		{"another kind of afnemer is free", func() *Invoer { in := with(VeldSoortAfnemerID, "Vestiging"); in.Set(VeldAfnemerID, "V-1"); return in }(), ""},
		{"persoon in another case is right", withObject(func(o *InvoerObject) { o.Objecttype = "Persoon" }), ""},
		{"another objecttype", withObject(func(o *InvoerObject) { o.Objecttype = "zaak" }), "verwerkteObjecten.0.objecttype invalid_choice"},
		{"no objecttype", withObject(func(o *InvoerObject) { o.Objecttype = "" }), "verwerkteObjecten.0.objecttype required"},
		{"no soortObjectId", withObject(func(o *InvoerObject) { o.SoortObjectID = "" }), "verwerkteObjecten.0.soortObjectId required"},
		{"no objectId", withObject(func(o *InvoerObject) { o.ObjectID = "" }), "verwerkteObjecten.0.objectId required"},
		{"a wrong verwerktObjectId", withObject(func(o *InvoerObject) { o.ID = "1" }), "verwerkteObjecten.0.verwerktObjectId invalid"},
		{"an empty soortGegeven", withObject(func(o *InvoerObject) { o.Soorten[0] = "" }), "verwerkteObjecten.0.verwerkteSoortenGegevens.0.soortGegeven required"},
		{"no soorten is right", withObject(func(o *InvoerObject) { o.Soorten = nil }), ""},
		{"a BSN of seven digits is right", withObject(func(o *InvoerObject) { o.ObjectID = "2308573" }), ""},
		{"a BSN that fails the 11-check is right", withObject(func(o *InvoerObject) { o.ObjectID = "999999999" }), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, params := tt.in.Validate(false)
			want := []string{}
			if tt.want != "" {
				want = append(want, tt.want)
			}
			if d := cmp.Diff(want, codes(t, params)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestEverythingThatIsWrongComesInOneAnswer(t *testing.T) {
	t.Parallel()
	in := goed()
	in.Set(VeldActieNaam, strings.Repeat("a", 243))
	in.Set(VeldVerwerkingID, "x")
	in.Set(VeldVerwerkingsactiviteitURL, "x")
	in.Set(VeldVertrouwelijkheid, "x")
	in.Set(VeldBewaartermijn, "x")
	in.Set(VeldUitvoerder, "x")
	in.Set(VeldSysteem, "\x00")
	in.Set(VeldSoortAfnemerID, "")
	in.Set(VeldTijdstip, "x")
	in.Objecten = append(in.Objecten, InvoerObject{ID: "x", Objecttype: "x", Soorten: []string{"goed", ""}})
	_, params := in.Validate(true)
	want := []string{
		"actieNaam max_length", "bewaartermijn invalid", "soortAfnemerId required", "systeem invalid", "tijdstip invalid",
		"uitvoerder pattern", "verwerkingId invalid", "verwerkingsactiviteitUrl invalid", "vertrouwelijkheid invalid_choice",
		"verwerkteObjecten.1.objectId required", "verwerkteObjecten.1.objecttype invalid_choice", "verwerkteObjecten.1.soortObjectId required",
		"verwerkteObjecten.1.verwerktObjectId invalid", "verwerkteObjecten.1.verwerkteSoortenGegevens.1.soortGegeven required",
	}
	slices.Sort(want)
	if d := cmp.Diff(want, codes(t, params)); d != "" {
		t.Error(d)
	}
}

func TestAHopelessBodyGetsABoundedAnswer(t *testing.T) {
	t.Parallel()
	in := goed()
	in.Objecten = make([]InvoerObject, 10_000)
	_, params := in.Validate(false)
	if n := len(params); n < maxParams || n > maxParams+10 {
		t.Errorf("%d errors are listed", n)
	}
}

func TestTheNumberOfAPersonIsRefusedWhereItDoesNotBelong(t *testing.T) {
	t.Parallel()
	texts := map[string]func(*Invoer, string){
		"soortAfnemerId": func(in *Invoer, s string) { in.Set(VeldSoortAfnemerID, s) },
		"verwerkteObjecten.0.soortObjectId": func(in *Invoer, s string) {
			in.Objecten[0].SoortObjectID = s
		},
		"verwerkteObjecten.0.betrokkenheid":                           func(in *Invoer, s string) { in.Objecten[0].Betrokkenheid = s },
		"verwerkteObjecten.0.verwerkteSoortenGegevens.1.soortGegeven": func(in *Invoer, s string) { in.Objecten[0].Soorten[1] = s },
	}
	for _, v := range []Veld{VeldActieNaam, VeldHandelingNaam, VeldVerwerkingNaam, VeldSysteem, VeldGegevensbron} {
		texts[v.String()] = func(in *Invoer, s string) { in.Set(v, s) }
	}
	urls := map[string]func(*Invoer, string){
		"verwerkingsactiviteitUrl":        func(in *Invoer, s string) { in.Set(VeldVerwerkingsactiviteitURL, s) },
		"verwerkingsactiviteitUrlAfnemer": func(in *Invoer, s string) { in.Set(VeldVerwerkingsactiviteitURLAfnemer, s) },
	}
	check := func(t *testing.T, place string, set func(*Invoer, string), s string, refused bool) {
		t.Helper()
		in := goed()
		set(in, s)
		_, params := in.Validate(false)
		want := []string{}
		if refused {
			want = append(want, place+" persoonsnummer")
		}
		if d := cmp.Diff(want, codes(t, params)); d != "" {
			t.Errorf("%s with %q:\n%s", place, s, d)
		}
		for _, p := range params {
			if strings.Contains(p.Reason, "999990019") || strings.Contains(p.Reason, "2308572") {
				t.Errorf("%s: the reason repeats the number", place)
			}
		}
	}
	for place, set := range texts {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			check(t, place, set, "Ophalen gegevens 999990019", true)     // passes the 11-check
			check(t, place, set, "999990019", true)                      //
			check(t, place, set, "(BSN:999990019)", true)                //
			check(t, place, set, "Intake 2308572", true)                 // an objectId of this very actie
			check(t, place, set, "Intake 999990018", false)              // fails the 11-check
			check(t, place, set, "Intake 2308573", false)                // no objectId of this actie
			check(t, place, set, "Zaak Z-2024-999990019", false)         // part of a case number
			check(t, place, set, "Factuur 1999990019", false)            // ten digits
			check(t, place, set, "5f0bef4c-999990019", false)            // part of another id
			check(t, place, set, "000000000", false)                     // nobody
			check(t, place, set, "OIN 00000099123456780000", false)      // an organisation
			check(t, place, set, "versie 20240405 build 1234567", false) // a date, a build
		})
	}
	for place, set := range urls {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			check(t, place, set, "https://var.example/personen/999990019", true)
			check(t, place, set, "https://var.example/?bsn=999990019", true)
			check(t, place, set, "https://var.example/?bsn=2308572&x=1", true)
			check(t, place, set, "https://var.example/z-999990019", false)
		})
	}
	t.Run("gebruiker may be any key", func(t *testing.T) {
		t.Parallel()
		if _, params := with(VeldGebruiker, "999990019").Validate(false); len(params) > 0 {
			t.Error(codes(t, params))
		}
	})
}

func FuzzInvoer(f *testing.F) {
	f.Add(uint8(VeldActieNaam), "Ophalen persoonsgegevens", "BSN", "2308572", "Partner", "Nationaliteit", "")
	f.Add(uint8(VeldTijdstip), "2024-04-05T14:35:42.123456789+01:00", "Personeelsnummer", "P\x00", "é", "", "x")
	f.Add(uint8(VeldBewaartermijn), "P3Y6M4DT12H30M5S", "", "999990019", "999990019", "999990019", "48086bf2-11b7-4603-9526-67d7c3bb6587")
	f.Add(uint8(VeldVerwerkingsactiviteitURL), "https://var.example/%", "BSN", strings.Repeat("é", 41), "\u0085", "\xff", "")
	s := keysOf(f, openKeys(f), oinVoorbeeldstad)
	f.Fuzz(func(t *testing.T, veld uint8, waarde, soort, objectID, betrokkenheid, gegeven, id string) {
		for _, s := range []string{waarde, soort, objectID, betrokkenheid, gegeven} {
			if !utf8.ValidString(s) {
				return // the decoder of the API refuses it
			}
		}
		in := with(Veld(veld)%AantalVelden, waarde)
		in.Objecten = append(in.Objecten, InvoerObject{
			ID: id, Objecttype: "persoon", SoortObjectID: soort, ObjectID: objectID, Betrokkenheid: betrokkenheid, Soorten: []string{gegeven},
		})
		a, params := in.Validate(true)
		codes(t, params)
		if len(params) > 0 {
			return
		}
		// What passes can be sealed and comes back the same.
		v := newVersie(&Aanroeper{Organisatie: oinVoorbeeldstad, ClientID: "fuzz"}, a)
		rij, err := seal(s, oinVoorbeeldstad, v, nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := open(s, oinVoorbeeldstad, rij)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(v, back); d != "" {
			t.Error(d)
		}
		if a.Tijdstip.Micro() != rij.Tijdstip || len([]rune(objectID)) > MaxIdentificator || strings.ContainsRune(objectID, 0) {
			t.Error("accepted what the rules refuse")
		}
	})
}
