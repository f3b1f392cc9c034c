package verwerkingenlog

import (
	"errors"
	"net/textproto"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

type headers map[string][]string

func (h headers) values(name string) []string {
	if name != textproto.CanonicalMIMEHeaderKey(name) {
		panic("not canonical")
	}
	for k, v := range h {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func TestPropagationHeadersAreReadWholeAndByTheirTypes(t *testing.T) {
	t.Parallel()
	const id = "48086bf2-11b7-4603-9526-67d7c3bb6587"
	full := headers{
		"OIN": {oinVoorbeeldstad}, "VerwerkingsactiviteitId": {id}, "VerwerkingsactiviteitUrl": {"https://var.example/1"},
		"VerwerkingId": {id}, "Vertrouwelijkheid": {"Vertrouwelijk"}, "Bewaartermijn": {"P5Y"},
	}
	change := func(name string, values ...string) headers {
		h := headers{}
		for k, v := range full {
			h[k] = v
		}
		h[name] = values
		return h
	}
	u := uuid.MustParse(id)
	want := Doorgave{OIN: oinVoorbeeldstad, ActiviteitID: u, ActiviteitURL: "https://var.example/1", VerwerkingID: u,
		Vertrouwelijkheid: Vertrouwelijk, HasVertrouwelijkheid: true, Bewaartermijn: "P5Y"}
	for _, tt := range []struct {
		name      string
		h         headers
		verplicht bool
		want      Doorgave
	}{
		{"all of them", full, true, want},
		{"none, in Bewerking", headers{}, false, Doorgave{}},
		{"the mandatory ones", headers{"oin": {oinVoorbeeldstad}, "verwerkingsactiviteitid": {id}, "VERWERKINGSACTIVITEITURL": {"https://var.example/1"}}, true,
			Doorgave{OIN: oinVoorbeeldstad, ActiviteitID: u, ActiviteitURL: "https://var.example/1"}},
		{"years in the old notation", headers{"Bewaartermijn": {"150"}}, false, Doorgave{Bewaartermijn: "P150Y"}},
		{"an empty one is none", headers{"OIN": {""}}, false, Doorgave{}},
		{"normaal said is said", headers{"Vertrouwelijkheid": {"normaal"}}, false, Doorgave{HasVertrouwelijkheid: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDoorgave(tt.h.values, tt.verplicht)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	for _, tt := range []struct {
		name      string
		h         headers
		verplicht bool
		want      []string
	}{
		{"none, in Inzage", headers{}, true, []string{"OIN required", "VerwerkingsactiviteitId required", "VerwerkingsactiviteitUrl required"}},
		{"an empty mandatory one", change("OIN", ""), true, []string{"OIN required"}},
		{"two values", change("OIN", oinVoorbeeldstad, oinVoorbeeldstad), false, []string{"OIN invalid"}},
		{"a wrong OIN", change("OIN", "123"), false, []string{"OIN pattern"}},
		{"a wrong UUID", change("VerwerkingsactiviteitId", "x"), false, []string{"VerwerkingsactiviteitId invalid"}},
		{"a wrong URL", change("VerwerkingsactiviteitUrl", "x"), true, []string{"VerwerkingsactiviteitUrl invalid"}},
		{"a URL that is too long", change("VerwerkingsactiviteitUrl", "https://var.example/"+strings.Repeat("a", 2042)), false, []string{"VerwerkingsactiviteitUrl max_length"}},
		{"a wrong verwerking", change("VerwerkingId", "x"), false, []string{"VerwerkingId invalid"}},
		{"a wrong vertrouwelijkheid", change("Vertrouwelijkheid", "geheim"), false, []string{"Vertrouwelijkheid invalid_choice"}},
		{"a wrong term", change("Bewaartermijn", "tien jaar"), false, []string{"Bewaartermijn invalid"}},
		{"a negative number of years", change("Bewaartermijn", "-1"), false, []string{"Bewaartermijn invalid"}},
		{"too many years", change("Bewaartermijn", "99999999"), false, []string{"Bewaartermijn invalid"}},
		{"everything wrong at once", headers{"OIN": {"1"}, "VerwerkingsactiviteitId": {"1"}, "VerwerkingId": {"1"}, "Bewaartermijn": {"x"}}, true,
			[]string{"Bewaartermijn invalid", "OIN pattern", "VerwerkingId invalid", "VerwerkingsactiviteitId invalid", "VerwerkingsactiviteitUrl required"}},
		{"a person in the URL", change("VerwerkingsactiviteitUrl", "https://var.example/999990019"), false, []string{"VerwerkingsactiviteitUrl persoonsnummer"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := ParseDoorgave(tt.h.values, tt.verplicht)
			var f *fout.Fout
			if !errors.As(err, &f) || f.Code != fout.CodeOngeldig || d != (Doorgave{}) {
				t.Fatalf("got %v, %v", d, err)
			}
			if d := cmp.Diff(tt.want, codes(t, f.Params)); d != "" {
				t.Error(d)
			}
		})
	}
}
