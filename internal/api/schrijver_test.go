package api

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestCommasStandBetweenAndNowhereElse(t *testing.T) {
	t.Parallel()
	b := schrijver{}
	b.open().key("a").openList().closeList().key("b").openList()
	b.next().open().close()
	b.next().open().key("c").getal(-3).key("d").jaNee(true).close()
	b.closeList().key("e").formaat("").key("f").tekst("").key("g").uuid(uuid.Nil).key("h").formaat("x").close()
	if got, want := string(b.b), `{"a":[],"b":[{},{"c":-3,"d":true}],"e":null,"f":"","g":null,"h":"x"}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAnyTextIsWrittenSoThatItReadsBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "text")
		b := schrijver{}
		b.open().key("a").tekst(want).close()
		var got struct{ A string }
		if err := json.Unmarshal(b.b, &got); err != nil || got.A != want {
			t.Fatalf("%q came back as %q, %v", want, got.A, err)
		}
	})
}

func TestAnActieHasEveryKeyAlwaysInTheFormOfTheContract(t *testing.T) {
	t.Parallel()
	s := &server{Opties: Opties{URL: "http://register.example"}}
	v := &verwerkingenlog.Versie{ActieID: uuid.MustParse("48086bf2-11b7-4603-9526-67d7c3bb6587"), Registratie: 1712324142123456}
	v.Actie.Tijdstip = "2024-04-05T14:35:42+01:00"
	b := schrijver{}
	s.actie(&b, v)
	var got map[string]any
	if err := json.Unmarshal(b.b, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"url": "http://register.example/bewerking/api/v1/verwerkingsacties/48086bf2-11b7-4603-9526-67d7c3bb6587", "actieId": "48086bf2-11b7-4603-9526-67d7c3bb6587",
		"actieNaam": "", "handelingNaam": "", "verwerkingNaam": "", "verwerkingId": nil, "verwerkingsactiviteitId": nil, "verwerkingsactiviteitUrl": nil,
		"vertrouwelijkheid": "normaal", "bewaartermijn": nil, "uitvoerder": nil, "systeem": "", "gebruiker": "", "gegevensbron": "", "soortAfnemerId": "",
		"afnemerId": nil, "verwerkingsactiviteitIdAfnemer": nil, "verwerkingsactiviteitUrlAfnemer": nil, "verwerkingIdAfnemer": nil,
		"tijdstip": "2024-04-05T14:35:42+01:00", "tijdstipRegistratie": "2024-04-05T13:35:42.123456Z", "verwerkteObjecten": []any{},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// In Inzage: the same without systeem, gebruiker, gegevensbron and the list of persons.
	v.Actie.Systeem, v.Actie.Gebruiker, v.Actie.Gegevensbron = "geheim", "geheim", "geheim"
	for _, key := range []string{"systeem", "gebruiker", "gegevensbron", "verwerkteObjecten"} {
		delete(want, key)
	}
	b = schrijver{}
	s.inzage(&b, &verwerkingenlog.Regel{Versie: v, Object: verwerkingenlog.VerwerktObject{
		ID: v.ActieID, Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572", Soorten: []string{"Nationaliteit"},
	}})
	got = nil
	if err := json.Unmarshal(b.b, &got); err != nil {
		t.Fatal(err)
	}
	wrapper := map[string]any{
		"url": "http://register.example/inzage/api/v1/verwerkte-objecten/48086bf2-11b7-4603-9526-67d7c3bb6587", "verwerktObjectId": "48086bf2-11b7-4603-9526-67d7c3bb6587",
		"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "2308572", "betrokkenheid": "",
		"verwerkteSoortenGegevens": []any{map[string]any{"soortGegeven": "Nationaliteit"}}, "verwerkingsactie": want,
	}
	if d := cmp.Diff(wrapper, got); d != "" {
		t.Error(d)
	}
}

func BenchmarkEncode(b *testing.B) {
	s := &server{Opties: Opties{URL: "http://register.example"}}
	q := body(voorbeeld)
	in, _, err := q.decodeActie()
	if err != nil {
		b.Fatal(err)
	}
	a, _ := in.Validate(false)
	v := &verwerkingenlog.Versie{ActieID: uuid.New(), Registratie: 1712324142123456, Actie: a}
	b.ReportAllocs()
	for b.Loop() {
		w := schrijver{b: make([]byte, 0, 2048)}
		s.actie(&w, v)
	}
}
