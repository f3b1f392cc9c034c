package autorisatie_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

func ptr[T any](v T) *T { return &v }

func TestEverythingThatIsWrongIsToldAtOnceWithoutItsValue(t *testing.T) {
	t.Parallel()
	type grants = []autorisatie.InvoerAutorisatie
	veel := func(n int) (s []string) {
		for i := range n {
			s = append(s, fmt.Sprintf("client-%d", i))
		}
		return s
	}
	tests := map[string]struct {
		in       autorisatie.Invoer
		volledig bool
		want     []string
	}{
		"nothing, for a new one": {autorisatie.Invoer{}, true, []string{"clientIds required", "label required"}},
		"nothing, for a change":  {autorisatie.Invoer{}, false, nil},
		"empty values": {autorisatie.Invoer{ClientIDs: &[]string{}, Label: ptr(" "), Geheim: ptr("")}, false,
			[]string{"clientIds required", "label required", "geheim min_length"}},
		"client ids": {autorisatie.Invoer{ClientIDs: &[]string{"goed", "", "goed", "a,b", " a", "a\nb", strings.Repeat("é", 51), "\xff", strings.Repeat("é", 50)}}, false,
			[]string{"clientIds.1 required", "clientIds.2 unique", "clientIds.3 invalid", "clientIds.4 invalid", "clientIds.5 invalid", "clientIds.6 max_length", "clientIds.7 invalid"}},
		"too many client ids": {autorisatie.Invoer{ClientIDs: ptr(veel(51))}, false, []string{"clientIds max_length"}},
		"a long label":        {autorisatie.Invoer{Label: ptr(strings.Repeat("x", 101))}, false, []string{"label max_length"}},
		"a short secret":      {autorisatie.Invoer{Geheim: ptr(strings.Repeat("x", 31))}, false, []string{"geheim min_length"}},
		"a long secret":       {autorisatie.Invoer{Geheim: ptr(strings.Repeat("x", 4097))}, false, []string{"geheim max_length"}},
		"OINs": {autorisatie.Invoer{OINs: &[]string{gemeente, "12", gemeente, "0000009912345678000x"}}, false,
			[]string{"oins.1 invalid", "oins.2 unique", "oins.3 invalid"}},
		"grants": {autorisatie.Invoer{Autorisaties: &grants{
			{Component: "zrc", Scopes: []string{"zaken.lezen"}},
			{Component: "", Scopes: nil},
			{Component: autorisatie.ComponentInzage, Scopes: []string{"read:normal", "create:normal", "alles"}},
			{Component: autorisatie.ComponentAC, Scopes: []string{"autorisaties.lezen", "read:normal"}},
		}}, false, []string{"autorisaties.0.component invalid_choice", "autorisaties.1.component required", "autorisaties.1.scopes required",
			"autorisaties.2.scopes.1 invalid_choice", "autorisaties.2.scopes.2 invalid_choice", "autorisaties.3.scopes.1 invalid_choice"}},
		"all and some": {autorisatie.Invoer{HeeftAlleAutorisaties: ptr(true), Autorisaties: &grants{{Component: "ac", Scopes: []string{}}}}, false,
			[]string{"nonFieldErrors ambiguous-authorizations-specified"}},
		"all and none":       {autorisatie.Invoer{HeeftAlleAutorisaties: ptr(true), Autorisaties: &grants{}}, false, nil},
		"too many grants":    {autorisatie.Invoer{Autorisaties: ptr(make(grants, 51))}, false, []string{"autorisaties max_length"}},
		"too many scopes":    {autorisatie.Invoer{Autorisaties: &grants{{Component: "ac", Scopes: veel(101)}}}, false, []string{"autorisaties.0.scopes max_length"}},
		"either spelling":    {autorisatie.Invoer{Autorisaties: &grants{{Component: autorisatie.ComponentBewerking, Scopes: []string{"create.normal", "create:normal"}}}}, false, nil},
		"a grant of nothing": {autorisatie.Invoer{Autorisaties: &grants{{Component: "ac", Scopes: []string{}}}}, false, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range tt.in.Validate(tt.volledig) {
				got = append(got, p.Name+" "+p.Code)
				if p.Reason == "" || !strings.HasSuffix(p.Reason, ".") || strings.Contains(p.Reason, "zaken.lezen") || strings.Contains(p.Reason, "alles") {
					t.Errorf("reason %q", p.Reason)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A tool that knows the published contract only must be able to PUT what it read.
func TestAReplacementKeepsWhatThePublishedContractDoesNotKnow(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(nil)
	in := wens("app", "read:normal")
	id := p.create(in).ID.String()
	in.Geheim, in.OINs = nil, nil
	r, err := p.Update(bg, beheerder, id, "", in, true)
	if err != nil || len(r.OINs) != 1 || string(r.Geheim) != string(geheimEen) {
		t.Fatalf("OINs or secret are lost: %v", err)
	}
	in.Autorisaties = nil
	if r, err = p.Update(bg, beheerder, id, "", in, true); err != nil || len(r.Autorisaties) != 0 {
		t.Errorf("what the contract knows keeps its value: %v", err)
	}
	p.wantMag("app", "create:normal")
}

func TestAllOrSomeButNotBothAfterAChange(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(nil)
	id := p.create(wens("app", "read:normal")).ID.String()
	change := func(in autorisatie.Invoer) *autorisatie.Registratie {
		t.Helper()
		r, err := p.Update(bg, beheerder, id, "", &in, false)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := change(autorisatie.Invoer{HeeftAlleAutorisaties: ptr(true)}); !r.HeeftAlleAutorisaties || len(r.Autorisaties) != 0 {
		t.Error("everything beside some")
	}
	p.wantMag("app", "create:normal") // everything is nothing here
	if r := change(autorisatie.Invoer{Autorisaties: wens("x", "read:normal").Autorisaties}); r.HeeftAlleAutorisaties {
		t.Error("some beside everything")
	}
	p.wantMag("app", "create:normal read:normal")
}
