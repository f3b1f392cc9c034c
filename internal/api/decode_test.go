package api

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// body makes a request under way with this body.
func body(s string) *verzoek {
	return &verzoek{server: &server{Opties: Opties{MaxDiepte: 32, MaxObject: 3}}, lichaam: []byte(s)}
}

// places are names and codes, sorted.
func places(params []fout.Param) []string {
	list := []string{}
	for _, p := range params {
		list = append(list, p.Name+" "+p.Code)
	}
	slices.Sort(list)
	return list
}

func TestWhatTheStandardKnowsIsReadAndTheRestSkipped(t *testing.T) {
	t.Parallel()
	in, params, err := body(` {"actieNaam":"Ophalen","verwerkingId":null,"onbekend":{"actieNaam":[1,{"a":null}]},"gebruiker":"",
		"act\u0069eId":"x","url":"https://a.example","verwerkteObjecten":[
		{"objecttype":"persoon","soortObjectId":"BSN","objectId":"23\u003085\"72","betrokkenheid":"Partner\u00e9","naam":"weg",
		"verwerktObjectId":null,"verwerkteSoortenGegevens":[{"soortGegeven":"Nationaliteit","waarde":"weg"},{"soortGegeven":null},{}]},
		{}]} `).decodeActie()
	if err != nil || len(params) > 0 {
		t.Fatal(err, places(params))
	}
	want := &verwerkingenlog.Invoer{ActieID: "x", ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{
		{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: `23085"72`, Betrokkenheid: "Partneré", Soorten: []string{"Nationaliteit", "", ""}}, {},
	}}
	want.Set(verwerkingenlog.VeldActieNaam, "Ophalen")
	want.Set(verwerkingenlog.VeldVerwerkingID, "")
	want.Set(verwerkingenlog.VeldGebruiker, "")
	if d := cmp.Diff(want, in); d != "" {
		t.Error(d)
	}
}

func TestEveryEscapeOfJSONIsRead(t *testing.T) {
	t.Parallel()
	in, params, err := body(`{"actieNaam":"\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00"}`).decodeActie()
	if err != nil || len(params) > 0 {
		t.Fatal(err, params)
	}
	if got, want := in.Waarde[verwerkingenlog.VeldActieNaam], "\"\\/\b\f\n\r\tAé😀"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBodiesThatAreNoJSONObjectAreRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, body string }{
		{"empty", ""}, {"white space", " \n\t"}, {"a list", `[]`}, {"a list of one", `[{"tijdstip":"x"}]`}, {"null", `null`},
		{"a number", `1`}, {"a text", `"x"`}, {"a word", `tijdstip`}, {"cut off at the start", `{`}, {"cut off in a name", `{"tijd`},
		{"cut off after a name", `{"tijdstip"`}, {"cut off after a colon", `{"tijdstip":`}, {"cut off in a text", `{"tijdstip":"2024`},
		{"cut off in an escape", `{"tijdstip":"\u00`}, {"cut off in the objects", `{"verwerkteObjecten":[{"objecttype":"persoon"}`},
		{"cut off in what is skipped", `{"x":{"y":[`},
		{"single quotes", `{'tijdstip':'x'}`}, {"a comma too many", `{"tijdstip":"x",}`}, {"a comma too few", `{"a":1 "b":2}`},
		{"a comment", `{/* x */}`}, {"NaN", `{"x":NaN}`}, {"a leading zero", `{"x":01}`},
		{"two objects", `{}{}`}, {"something behind it", `{} x`}, {"a NUL behind it", "{}\x00"},
		{"a byte order mark", "\ufeff{}"},
		{"a NUL in a text", "{\"actieNaam\":\"a\x00\"}"}, {"a line feed in a text", "{\"actieNaam\":\"a\n\"}"},
		{"invalid UTF-8 in a text", "{\"actieNaam\":\"\xff\"}"}, {"invalid UTF-8 in a name", "{\"\xff\":1}"},
		{"invalid UTF-8 in what is skipped", "{\"x\":[\"\xc3\"]}"}, {"an overlong encoding", "{\"actieNaam\":\"\xc0\x80\"}"},
		{"half a surrogate pair", `{"actieNaam":"\ud800"}`}, {"the other half", `{"actieNaam":"\udc00"}`}, {"an encoded surrogate", "{\"actieNaam\":\"\xed\xa0\x80\"}"},
		{"a name twice", `{"actieNaam":"a","actieNaam":"b"}`}, {"a name twice, once escaped", `{"actieNaam":"a","actie\u004eaam":"b"}`},
		{"an unknown name twice", `{"x":1,"x":2}`}, {"a name twice in what is skipped", `{"x":{"y":1,"y":2}}`},
		{"a name twice in an object", `{"verwerkteObjecten":[{"objectId":"1","objectId":"2"}]}`},
		{"verwerkteObjecten twice", `{"verwerkteObjecten":[],"verwerkteObjecten":[]}`},
		{"vertrouwelijkheid twice", `{"vertrouwelijkheid":"normaal","vertrouwelijkheid":"vertrouwelijk"}`},
		{"a name twice in an object beyond the limit", `{"verwerkteObjecten":[{},{},{},{"objectId":"1","objectId":"2"}]}`},
		{"brackets that do not match", `{"x":[}`}, {"UTF-16", "{\x00}\x00"}, {"gzip", "\x1f\x8b\x08\x00"},
		{"too deep in what is skipped", `{"x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`},
		{"far too deep", strings.Repeat(`{"x":`, 1_000_000)}, {"far too deep, lists", strings.Repeat(`[`, 1_000_000)},
		{"deep after a text with brackets", `{"y":"]]]]]\"]]]","x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for what, decode := range map[string]func() ([]fout.Param, error){
				"actie":     func() ([]fout.Param, error) { _, p, err := body(tt.body).decodeActie(); return p, err },
				"wijziging": func() ([]fout.Param, error) { _, p, err := body(tt.body).decodeWijziging(); return p, err },
				"filter": func() ([]fout.Param, error) {
					_, err := body(tt.body).decodeFilter(parametersBewerking)
					return nil, err
				},
			} {
				_, err := decode()
				var f *fout.Fout
				if !errors.As(err, &f) || f.Code != fout.CodeOnleesbaar && f.Code != fout.CodeTeGroot {
					t.Errorf("%s: got %v", what, err)
					continue
				}
				for _, p := range f.Params {
					if p.Name == "" || p.Code == "" || p.Reason == "" {
						t.Errorf("%s: incomplete: %+v", what, p)
					}
				}
				if text := f.Error(); strings.Contains(text, "jsontext") || !strings.Contains(text, "parse_error") {
					t.Errorf("%s: %s", what, text)
				}
			}
		})
	}
}

func TestThirtyTwoLevelsAreReadAndNoMore(t *testing.T) {
	t.Parallel()
	if _, _, err := body(`{"x":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`).decodeActie(); err != nil {
		t.Error(err)
	}
}

func TestEveryValueOfAWrongTypeIsNotedAtOnce(t *testing.T) {
	t.Parallel()
	_, params, err := body(`{"actieNaam":1,"handelingNaam":true,"verwerkingNaam":["x"],"verwerkingId":{"a":1},"vertrouwelijkheid":false,
		"tijdstip":20240405,"actieId":5,"gebruiker":1e999,
		"verwerkteObjecten":[{"objecttype":1,"soortObjectId":null,"objectId":2308572,"betrokkenheid":[],"verwerktObjectId":{},
		"verwerkteSoortenGegevens":[{"soortGegeven":1},"Nationaliteit",null]},"BSN",{"verwerkteSoortenGegevens":"x"}]}`).decodeActie()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"actieId invalid", "actieNaam invalid", "gebruiker invalid", "handelingNaam invalid", "tijdstip invalid", "vertrouwelijkheid invalid",
		"verwerkingId invalid", "verwerkingNaam invalid", "verwerkteObjecten.0.betrokkenheid invalid", "verwerkteObjecten.0.objectId invalid",
		"verwerkteObjecten.0.objecttype invalid", "verwerkteObjecten.0.verwerktObjectId invalid",
		"verwerkteObjecten.0.verwerkteSoortenGegevens.0.soortGegeven invalid", "verwerkteObjecten.0.verwerkteSoortenGegevens.1 invalid",
		"verwerkteObjecten.0.verwerkteSoortenGegevens.2 invalid", "verwerkteObjecten.1 invalid", "verwerkteObjecten.2.verwerkteSoortenGegevens invalid",
	}
	if d := cmp.Diff(want, places(params)); d != "" {
		t.Error(d)
	}
	for _, s := range []string{`{"verwerkteObjecten":{}}`, `{"verwerkteObjecten":"x"}`, `{"verwerkteObjecten":7}`} {
		in, params, err := body(s).decodeActie()
		if err != nil || in.ObjectenAanwezig || !cmp.Equal(places(params), []string{"verwerkteObjecten invalid"}) {
			t.Errorf("%s: %v %v", s, places(params), err)
		}
	}
}

func TestNullIsEmptyEverywhere(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for v := range verwerkingenlog.AantalVelden {
		b.WriteString(`"` + v.String() + `":null,`)
	}
	in, params, err := body(`{` + b.String() + `"actieId":null,"verwerkteObjecten":null}`).decodeActie()
	if err != nil || len(params) > 0 {
		t.Fatal(err, places(params))
	}
	want := &verwerkingenlog.Invoer{}
	for v := range verwerkingenlog.AantalVelden {
		want.Set(v, "")
	}
	if d := cmp.Diff(want, in); d != "" { // no list: the rules ask for one
		t.Error(d)
	}
	w, params, err := body(`{"bewaartermijn":null,"vertrouwelijkheid":null}`).decodeWijziging()
	if err != nil || len(params) > 0 || w != (verwerkingenlog.Wijziging{HasVertrouwelijkheid: true}) {
		t.Errorf("%+v %v %v", w, params, err)
	}
}

func TestTooManyObjectsAreCountedAndRefused(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]fout.Code{3: "", 4: fout.CodeTeGroot, 100_000: fout.CodeTeGroot} {
		list := strings.TrimSuffix(strings.Repeat(`{"objectId":"1"},`, n), ",")
		in, _, err := body(`{"verwerkteObjecten":[` + list + `]}`).decodeActie()
		if want == "" {
			if err != nil || len(in.Objecten) != n {
				t.Errorf("%d: %v", n, err)
			}
			continue
		}
		var f *fout.Fout
		if !errors.As(err, &f) || f.Code != want || !strings.Contains(f.Detail, strconv.Itoa(n)) || !strings.Contains(f.Detail, "3") {
			t.Errorf("%d: %v", n, err)
		}
		if len(in.Objecten) > 3 {
			t.Errorf("%d objects are kept", len(in.Objecten))
		}
	}
}

func TestAFilterInABodyKnowsTheSameNamesAsTheQuery(t *testing.T) {
	t.Parallel()
	f, err := body(`{"objecttype":"persoon","soortObjectId":"BSN","objectId":"2308572","verwerkingId":null,"beginDatum":"2024-01-01","eindDatum":"2024-02-01",
		"vertrouwelijkheid":["normaal","opgeheven"],"verwerkingsactiviteitId":"x","page":2,"pageSize":5}`).decodeFilter(parametersBewerking)
	if err != nil {
		t.Fatal(err)
	}
	want := verwerkingenlog.Filter{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572", BeginDatum: "2024-01-01", EindDatum: "2024-02-01",
		Vertrouwelijkheid: []string{"normaal", "opgeheven"}, HasVertrouwelijkheid: true, VerwerkingsactiviteitID: "x", Page: "2", PageSize: "5"}
	if d := cmp.Diff(want, f); d != "" {
		t.Error(d)
	}
	for _, tt := range []struct {
		name, body string
		known      []string
		want       []string
	}{
		{"an unknown name", `{"objectID":"1"}`, parametersBewerking, []string{"objectID unknown-parameters"}},
		{"a number as a name is not repeated", `{"999990019":"1"}`, parametersBewerking, []string{"onbekend unknown-parameters"}},
		{"a name in another script is not repeated", `{"objectId９":"1"}`, parametersBewerking, []string{"onbekend unknown-parameters"}},
		{"a cursor belongs in the query", `{"cursor":"x"}`, parametersBewerking, []string{"cursor unknown-parameters"}},
		{"the alias of the query", `{"vertrouwelijkheid__in":"normaal"}`, parametersBewerking, []string{"vertrouwelijkheid__in unknown-parameters"}},
		{"a page number as a text", `{"page":"2"}`, parametersBewerking, []string{"page invalid"}},
		{"vertrouwelijkheid is no filter of Inzage", `{"vertrouwelijkheid":"normaal"}`, parametersInzage, []string{"vertrouwelijkheid unknown-parameters"}},
		{"verwerkingId is no filter of Inzage", `{"verwerkingId":"x"}`, parametersInzage, []string{"verwerkingId unknown-parameters"}},
		{"wrong types, all of them", `{"objectId":2308572,"beginDatum":[],"vertrouwelijkheid":[1,{}],"page":true}`, parametersBewerking,
			[]string{"beginDatum invalid", "objectId invalid", "page invalid", "vertrouwelijkheid.0 invalid", "vertrouwelijkheid.1 invalid"}},
		{"vertrouwelijkheid as an object", `{"vertrouwelijkheid":{}}`, parametersBewerking, []string{"vertrouwelijkheid invalid"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := body(tt.body).decodeFilter(tt.known)
			if err != nil {
				t.Fatalf("got %v", err)
			}
			if d := cmp.Diff(tt.want, places(f.Vormfouten)); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzActie(f *testing.F) {
	f.Add([]byte(voorbeeld))
	f.Add([]byte(`{"verwerkteObjecten":[{"verwerkteSoortenGegevens":[{"soortGegeven":1}]},null]}`))
	f.Add([]byte(`{"a":{"b":[[[]]]},"actieNaam":"\ud83d\ude00","actieNaam":1}`))
	f.Add([]byte("{\"actieNaam\":\"\xff\"}"))
	f.Add([]byte(`{"verwerkteObjecten":[{},{},{},{},{}]} `))
	f.Add([]byte(`{"x":"]\\","y":[[[[`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		in, params, err := body(string(raw)).decodeActie()
		if err != nil {
			checkFout(t, err)
			return
		}
		if len(in.Objecten) > 3 {
			t.Error("more objects than allowed")
		}
		for _, p := range params {
			if p.Name == "" || p.Code == "" || p.Reason == "" {
				t.Errorf("incomplete: %+v", p)
			}
		}
		for _, p := range merge(params, second(in.Validate(true))) {
			if strings.ContainsAny(p.Name, " \x00\"") {
				t.Errorf("a name of the sender came through: %q", p.Name)
			}
		}
	})
}

func second[A, B any](_ A, b B) B { return b }

func FuzzFilter(f *testing.F) {
	f.Add([]byte(`{"objecttype":"persoon","soortObjectId":"BSN","objectId":"2308572","vertrouwelijkheid":["normaal"],"page":1}`), "objecttype=persoon&objectId=2308572")
	f.Add([]byte(`{"vertrouwelijkheid":{"a":[1]},"page":-1e5}`), "vertrouwelijkheid=normaal&vertrouwelijkheid__in=a,b&page=&page=2")
	f.Add([]byte(`{"999990019":1}`), "999990019=1&%ff=%zz;a=b")
	f.Add([]byte(`{`), "cursor=&cursor=x")
	f.Fuzz(func(t *testing.T, raw []byte, query string) {
		for _, known := range [][]string{parametersBewerking, parametersInzage} {
			if _, err := body(string(raw)).decodeFilter(known); err != nil {
				checkFout(t, err)
			}
			q := body("")
			q.r = request(t, "GET", "/")
			q.r.URL.RawQuery = query
			if err := q.parseQuery(known); err != nil {
				checkFout(t, err)
			} else if _, _, err := q.filter(); err != nil {
				checkFout(t, err)
			}
		}
	})
}

// checkFout fails on an error that is not one to be shown, or that repeats digits of the input.
func checkFout(t *testing.T, err error) {
	t.Helper()
	var f *fout.Fout
	if !errors.As(err, &f) || problemen[f.Code].status < 400 || problemen[f.Code].status > 499 {
		t.Fatalf("got %v", err)
	}
	for _, p := range f.Params {
		if strings.Trim(safeName(p.Name), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.") != "" || p.Code == "" || p.Reason == "" {
			t.Errorf("%+v", p)
		}
	}
}

// voorbeeld is a record of the usual size.
const voorbeeld = `{"actieNaam":"Ophalen persoonsgegevens","handelingNaam":"Intake","verwerkingNaam":"Huwelijk",
"verwerkingId":"48086bf2-11b7-4603-9526-67d7c3bb6587","verwerkingsactiviteitId":"5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
"verwerkingsactiviteitUrl":"https://var.voorbeeldstad.example/5f0bef4c-f66f-4311-84a5-19e8bf359eaf","vertrouwelijkheid":"normaal","bewaartermijn":"P150Y",
"uitvoerder":"00000099123456780000","systeem":"FooBarApp v2.1","gebruiker":"2ecf8e86-1a18-46ba-aa13-992c1dc231a5","gegevensbron":"FooBar Database Publiekszaken",
"soortAfnemerId":"OIN","afnemerId":"00000099123456789000","verwerkingsactiviteitIdAfnemer":"c5b9f4e7-8c79-41b9-91e2-6268419cb167",
"verwerkingsactiviteitUrlAfnemer":"https://var.anderdorp.example/c5b9f4e7-8c79-41b9-91e2-6268419cb167","verwerkingIdAfnemer":"4b698de3-ffba-45e7-8697-a283ec863db2",
"tijdstip":"2024-04-05T14:35:42+01:00","verwerkteObjecten":[{"objecttype":"persoon","soortObjectId":"BSN","objectId":"2308572","betrokkenheid":"Partner",
"verwerkteSoortenGegevens":[{"soortGegeven":"Geboortedatum"},{"soortGegeven":"Nationaliteit"}]}]}`

func BenchmarkDecode(b *testing.B) {
	q := body(voorbeeld)
	b.SetBytes(int64(len(voorbeeld)))
	b.ReportAllocs()
	for b.Loop() {
		if _, params, err := q.decodeActie(); err != nil || params != nil {
			b.Fatal(err, params)
		}
	}
}
