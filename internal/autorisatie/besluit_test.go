package autorisatie_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// besluit authenticates a client with these grants and a token with these claims.
func besluit(t interface {
	Helper()
	Fatal(...any)
}, grants []autorisatie.Autorisatie, c autorisatie.Claims) *autorisatie.Besluit {
	t.Helper()
	r := autorisatie.NewRegister(&autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{{
		ClientIDs: []string{"app"}, Geheim: geheimEen, Label: "App", Organisaties: []string{gemeente}, Autorisaties: grants,
	}}})
	token, err := autorisatie.Sign("app", geheimEen, c, nu)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Authenticate(token, instellingen)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type scopes = []autorisatie.Scope

// mag lists what a decision allows on a component.
func mag(b *autorisatie.Besluit, component string) string {
	var s []string
	for _, scope := range append(alleBewerking, "autorisaties.lezen", "autorisaties.bijwerken") {
		if b.Mag(component, scope) {
			s = append(s, string(scope))
		}
	}
	return strings.Join(s, " ")
}

func TestGrantsDecideAndTokensNarrow(t *testing.T) {
	t.Parallel()
	const bewerking, inzage, ac = autorisatie.ComponentBewerking, autorisatie.ComponentInzage, autorisatie.ComponentAC
	tests := map[string]struct {
		component string
		grants    scopes
		token     scopes // nil: no claim
		bewerking string
		inzage    string
		ac        string
	}{
		"a client without grants may create normal":         {bewerking, nil, nil, "create:normal", "", ""},
		"update:confidential includes update:normal":        {bewerking, scopes{"update:confidential"}, nil, "create:normal update:normal update:confidential", "", ""},
		"and no other verb":                                 {bewerking, scopes{"delete:confidential"}, nil, "create:normal delete:normal delete:confidential", "", ""},
		"normal does not include confidential":              {bewerking, scopes{"read:normal"}, nil, "create:normal read:normal", "", ""},
		"audit:read stands apart":                           {bewerking, scopes{"audit:read"}, nil, "create:normal audit:read", "", ""},
		"everything does not include audit:read":            {bewerking, alleBewerking[:8], nil, strings.TrimSuffix(mag(besluitAlles(t), bewerking), " audit:read"), "", ""},
		"Inzage says nothing about Bewerking":               {inzage, scopes{"read:confidential"}, nil, "create:normal", "read:normal read:confidential", ""},
		"Bewerking says nothing about Inzage":               {bewerking, scopes{"read:confidential"}, nil, "create:normal read:normal read:confidential", "", ""},
		"Inzage knows reading only":                         {inzage, scopes{"create:normal", "audit:read"}, nil, "create:normal", "", ""},
		"the component of authorisations":                   {ac, scopes{"autorisaties.lezen"}, nil, "create:normal", "", "autorisaties.lezen"},
		"an unknown component grants nothing":               {"zaken", alleBewerking, nil, "create:normal", "", ""},
		"an unknown scope grants nothing":                   {bewerking, scopes{"alles", ""}, nil, "create:normal", "", ""},
		"token normal leaves only normal":                   {bewerking, scopes{"update:confidential"}, scopes{"update:normal"}, "update:normal", "", ""},
		"token confidential keeps both":                     {bewerking, scopes{"update:confidential"}, scopes{"update:confidential"}, "update:normal update:confidential", "", ""},
		"token confidential adds nothing to a normal grant": {bewerking, scopes{"update:normal"}, scopes{"update:confidential"}, "update:normal", "", ""},
		"token in dot form":                                 {bewerking, scopes{"read:confidential"}, scopes{"read.normal"}, "read:normal", "", ""},
		"empty array leaves nothing":                        {bewerking, alleBewerking, scopes{}, "", "", ""},
		"unknown scope in the token leaves nothing":         {bewerking, alleBewerking, scopes{"READ:NORMAL"}, "", "", ""},
		"another verb leaves nothing":                       {inzage, scopes{"read:confidential"}, scopes{"delete:confidential"}, "", "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := besluit(t, []autorisatie.Autorisatie{{Component: tt.component, Scopes: tt.grants}}, autorisatie.Claims{Scopes: tt.token})
			for component, want := range map[string]string{bewerking: tt.bewerking, inzage: tt.inzage, ac: tt.ac, "": "", "zaken": ""} {
				if got := mag(b, component); got != want {
					t.Errorf("%s: %q, want %q", component, got, want)
				}
			}
		})
	}
}

func TestTheRegisterOfActivitiesIsAComponentOfItsOwn(t *testing.T) {
	t.Parallel()
	const read = autorisatie.VARRead
	for name, tt := range map[string]struct {
		component string
		grants    scopes
		token     scopes // nil: no claim
		want      bool
	}{
		"granted":                                      {autorisatie.ComponentVAR, scopes{read}, nil, true},
		"granted, and named in the token":              {autorisatie.ComponentVAR, scopes{read}, scopes{"var.read"}, true},
		"granted, and not named in the token":          {autorisatie.ComponentVAR, scopes{read}, scopes{"read:normal"}, false},
		"not granted":                                  {autorisatie.ComponentVAR, nil, nil, false},
		"every right on the log says nothing about it": {autorisatie.ComponentBewerking, alleBewerking, nil, false},
		"its scope on another component is none":       {autorisatie.ComponentInzage, scopes{read}, nil, false},
		"reading the log is no right on it":            {autorisatie.ComponentVAR, scopes{"read:confidential"}, nil, false},
		"who may have data is another right":           {autorisatie.ComponentVAR, scopes{autorisatie.VARLeveringen}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := besluit(t, []autorisatie.Autorisatie{{Component: tt.component, Scopes: tt.grants}}, autorisatie.Claims{Scopes: tt.token})
			if got := b.Mag(autorisatie.ComponentVAR, read); got != tt.want {
				t.Errorf("got %v", got)
			}
			if b.Mag(autorisatie.ComponentBewerking, read) || b.Mag(autorisatie.ComponentVAR, "read:normal") {
				t.Error("a right leaks between components")
			}
		})
	}
}

func besluitAlles(t *testing.T) *autorisatie.Besluit {
	t.Helper()
	b := besluit(t, []autorisatie.Autorisatie{{Component: autorisatie.ComponentBewerking, Scopes: alleBewerking}}, autorisatie.Claims{})
	if got := mag(b, autorisatie.ComponentBewerking); len(strings.Fields(got)) != 9 {
		t.Fatalf("all scopes of Bewerking: %q", got)
	}
	return b
}

func TestATokenNeverAddsARight(t *testing.T) {
	t.Parallel()
	componenten := []string{autorisatie.ComponentBewerking, autorisatie.ComponentInzage, autorisatie.ComponentAC, autorisatie.ComponentVAR, "zaken"}
	namen := append(scopes{"var:read", "var.read", "var:leveringen", "autorisaties.lezen", "autorisaties.bijwerken", "read.confidential", "update.normal", "alles", "*", ""}, alleBewerking...)
	rapid.Check(t, func(t *rapid.T) {
		lijst := rapid.SliceOfN(rapid.SampledFrom(namen), 0, 12)
		grants := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) autorisatie.Autorisatie {
			return autorisatie.Autorisatie{Component: rapid.SampledFrom(componenten).Draw(t, "component"), Scopes: lijst.Draw(t, "scopes")}
		}), 0, 5).Draw(t, "grants")
		genoemd := lijst.Draw(t, "token")

		ruim := besluit(t, grants, autorisatie.Claims{})
		nauw := besluit(t, grants, autorisatie.Claims{Scopes: genoemd})
		for _, c := range componenten {
			for _, s := range namen {
				if nauw.Mag(c, s) && !ruim.Mag(c, s) {
					t.Fatalf("the token added %s on %s", s, c)
				}
				if nauw.Mag(c, s) && !inbegrepen(genoemd, s) {
					t.Fatalf("%s on %s is left though the token does not name it", s, c)
				}
				if ruim.Mag(c, s) && inbegrepen(genoemd, s) && !nauw.Mag(c, s) {
					t.Fatalf("%s on %s was granted and named, and is gone", s, c)
				}
			}
		}
	})
}

// inbegrepen says R-107 once more, in strings: the scope itself or the confidential one of its verb.
func inbegrepen(lijst scopes, s autorisatie.Scope) bool {
	verb, _, _ := strings.Cut(string(s), ":")
	for _, n := range lijst {
		n, err := autorisatie.ParseScope(string(n))
		if err == nil && (n == s || string(n) == verb+":confidential" && string(s) == verb+":normal") {
			return true
		}
	}
	return false
}

func TestParseScopeAcceptsBothSpellings(t *testing.T) {
	t.Parallel()
	for _, s := range alleBewerking {
		for _, vorm := range []string{string(s), strings.Replace(string(s), ":", ".", 1)} {
			if got, err := autorisatie.ParseScope(vorm); err != nil || got != s {
				t.Errorf("%s: %q, %v", vorm, got, err)
			}
		}
	}
	for _, vorm := range []string{"", "create", "create:", "Create:normal", " create:normal", "create:normal ", "create::normal", "autorisaties:lezen"} {
		if got, err := autorisatie.ParseScope(vorm); err == nil {
			t.Errorf("%q accepted as %q", vorm, got)
		}
	}
}

func TestTheOrganisationComesFromRegistrationOrSignedClaim(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		client      string
		geheim      []byte
		claim       string
		organisatie string
		code        fout.Code
		reden       string
		derde       bool
	}{
		"one registered, no claim":               {"burgerzaken", geheimEen, "", gemeente, "", "", false},
		"one registered, claim names it":         {"burgerzaken", geheimEen, gemeente, gemeente, "", "", false},
		"one registered, claim names another":    {"burgerzaken", geheimEen, buurman, "", fout.CodeGeenToestemming, "andere_organisatie", false},
		"several registered, no claim":           {"uitvoerder", geheimMeer, "", "", fout.CodeOrganisatieOntbr, "organisatie_ontbreekt", false},
		"several, claim names the first":         {"uitvoerder", geheimMeer, gemeente, gemeente, "", "", true},
		"several, claim names its own":           {"uitvoerder", geheimMeer, buurman, buurman, "", "", false},
		"several, claim names none of them":      {"uitvoerder", geheimMeer, vreemde, "", fout.CodeGeenToestemming, "andere_organisatie", false},
		"a claim that is no OIN is none of them": {"uitvoerder", geheimMeer, "*", "", fout.CodeGeenToestemming, "andere_organisatie", false},
	}
	r := register()
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, err := autorisatie.Sign(tt.client, tt.geheim, autorisatie.Claims{Organisatie: tt.claim}, nu)
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.Authenticate(token, instellingen)
			if tt.code != "" {
				if b != nil || fout.CodeOf(err) != tt.code || autorisatie.Reden(err) != tt.reden {
					t.Errorf("%v, want %s for %s", err, tt.code, tt.reden)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if b.Organisatie != tt.organisatie || b.Derde() != tt.derde {
				t.Errorf("organisation %s, third party %t", b.Organisatie, b.Derde())
			}
		})
	}
}

func TestAClientWithoutOINsIsAThirdParty(t *testing.T) {
	t.Parallel()
	b := besluit(t, nil, autorisatie.Claims{})
	if !b.Derde() || b.EigenOIN(gemeente) || b.EigenOIN("") {
		t.Error("a client without OINs owns something")
	}
}

func TestNoDecisionMayDoNothing(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*autorisatie.Besluit{"nil": nil, "zero": {}} {
		if b.Mag(autorisatie.ComponentBewerking, "create:normal") || b.EigenOIN("") || !b.Derde() {
			t.Errorf("%s may do something", name)
		}
	}
}

func TestSecretsAndUsersAreNeverPrinted(t *testing.T) {
	t.Parallel()
	b := besluit(t, nil, autorisatie.Claims{UserID: "gebruiker-x", UserRepresentation: "J. Voorbeeld"})
	app := autorisatie.Applicatie{ClientIDs: []string{"app"}, Geheim: geheimEen, Label: "App"}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+"\n", app, &app, app.Geheim, b)
		fmt.Fprintf(&out, verb+verb+"\n", *b, autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{app}})
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("x", "app", app, "geheim", app.Geheim, "besluit", b, "waarde", *b)
	}
	for _, v := range []any{app, app.Geheim, b, map[string]any{"a": &app}} {
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(j)
	}
	for _, niet := range []string{
		string(geheimEen), fmt.Sprintf("%x", geheimEen), fmt.Sprintf("%X", geheimEen), fmt.Sprint(geheimEen[:4])[1:8],
		"Z2VoZWlt", "gebruiker-x", "Voorbeeld",
	} {
		if strings.Contains(out.String(), niet) {
			t.Errorf("printed: %q", niet)
		}
	}
	if !strings.Contains(out.String(), "***") || !strings.Contains(out.String(), gemeente) {
		t.Error("nothing was printed at all")
	}
}

func TestSignMakesWhatAuthenticateReads(t *testing.T) {
	t.Parallel()
	b := besluit(t, nil, autorisatie.Claims{UserID: "u", UserRepresentation: "Ü \"n\"", Exp: nu.Add(time.Minute), Organisatie: gemeente})
	if b.GebruikerID != "u" || b.GebruikerNaam != "Ü \"n\"" {
		t.Error("the user came back as another")
	}
	for name, sign := range map[string]func() (string, error){
		"short secret": func() (string, error) { return autorisatie.Sign("app", geheimEen[:31], autorisatie.Claims{}, nu) },
		"no client id": func() (string, error) { return autorisatie.Sign("", geheimEen, autorisatie.Claims{}, nu) },
		"claim no UTF-8": func() (string, error) {
			return autorisatie.Sign("app", geheimEen, autorisatie.Claims{UserID: "\xff"}, nu)
		},
	} {
		token, err := sign()
		if err == nil || token != "" {
			t.Errorf("%s: signed", name)
		} else if strings.Contains(err.Error(), string(geheimEen[:8])) {
			t.Errorf("%s: the error holds the secret", name)
		}
	}
}

func TestReplaceTakesEffectWithTheNextRequest(t *testing.T) {
	t.Parallel()
	r := autorisatie.NewRegister(nil)
	app := func(geheim []byte, s ...autorisatie.Scope) *autorisatie.Bestand {
		return &autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{{
			ClientIDs: []string{"app"}, Geheim: geheim, Label: "App", Organisaties: []string{gemeente},
			Autorisaties: []autorisatie.Autorisatie{{Component: autorisatie.ComponentInzage, Scopes: s}},
		}}}
	}
	token, err := autorisatie.Sign("app", geheimEen, autorisatie.Claims{}, nu)
	if err != nil {
		t.Fatal(err)
	}
	stap := func(b *autorisatie.Bestand, reden string, leest bool) {
		t.Helper()
		r.Replace(b)
		besluit, err := r.Authenticate(token, instellingen)
		if autorisatie.Reden(err) != reden || besluit.Mag(autorisatie.ComponentInzage, "read:normal") != leest {
			t.Errorf("%v, want reason %q and read %t", err, reden, leest)
		}
	}
	stap(nil, "onbekende_client", false)
	stap(app(geheimEen, "read:normal"), "", true)
	stap(app(geheimEen), "", false)
	stap(app(geheimMeer, "read:normal"), "handtekening", false)
	stap(app(geheimEen[:31]), "onbekende_client", false)

	// What is handed over afterwards belongs to the caller again.
	b := app(geheimEen, "read:normal")
	geheim := bytes.Clone(geheimEen)
	b.Applicaties[0].Geheim = geheim
	r.Replace(b)
	clear(geheim)
	b.Applicaties[0].Organisaties[0] = vreemde
	if d, err := r.Authenticate(token, instellingen); err != nil || d.Organisatie != gemeente {
		t.Errorf("the register changed with the caller's data: %v", err)
	}
}

func TestReplaceWhileAuthenticating(t *testing.T) {
	t.Parallel()
	r := register()
	token := hs256(headerJWT, payload(""))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 300 {
				if _, err := r.Authenticate(token, instellingen); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	bestand := &autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{{
		ClientIDs: []string{"burgerzaken"}, Geheim: geheimEen, Label: "Burgerzaken", Organisaties: []string{gemeente},
	}}}
	for range 300 {
		r.Replace(bestand)
	}
	wg.Wait()
}
