package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/sdk"
)

const (
	twijfelOIN      = "00000099555555550000"
	andereActivity  = "0b2ecf5e-2b5c-4b65-9b2f-9d5a8a5d0c11"
	onbekendeDoel   = "6d3c9f84-3d0e-4cb8-8a53-2f6a2f0d5f10"
	activiteitAnder = "7a3f7ad2-7a0c-4a69-9f73-53f4d8a35a07"
)

// wieMagWat is the table of this test: which caller may have which data set for which activity, and in confidence or not.
// What isn't in it is refused.
var wieMagWat = []struct {
	oin, set, doel, activiteit string
	vertrouwelijk              bool
}{
	{derdeOIN, "personen", activiteitDerde, activiteitEigen, true},
	{derdeOIN, "personen", sdk.NietOpgegeven, activiteitAnder, false},
	{derdeOIN, "documenten", activiteitDerde, activiteitAnder, false},
	{twijfelOIN, "personen", andereActivity, activiteitEigen, true},
	{twijfelOIN, "documenten", sdk.NietOpgegeven, activiteitEigen, true},
}

// credentials of callers: which OINs each may speak for, and whether in confidence.
var credentials = map[string]sdk.Afnemer{
	"derde":              {OINs: []string{derdeOIN}, MagVertrouwelijk: true},
	"derde-gewoon":       {OINs: []string{derdeOIN}},
	"twijfel":            {OINs: []string{twijfelOIN}, MagVertrouwelijk: true},
	"samenwerking":       {OINs: []string{derdeOIN, twijfelOIN}, MagVertrouwelijk: true},
	"niet-geregistreerd": {},
}

// oordeelVan says what a caller must hear, from the table alone.
func oordeelVan(credential, oin, set, doel string, v sdk.Vertrouwelijkheid, zonderVerwerking bool) (code, activiteit string) {
	c := credentials[credential]
	if len(c.OINs) == 0 {
		return "not_authenticated", ""
	}
	if oin == "" {
		if len(c.OINs) > 1 {
			return "invalid", ""
		}
		oin = c.OINs[0]
	}
	if !strings.Contains(strings.Join(c.OINs, " "), oin) {
		return "oin_niet_van_afnemer", ""
	}
	for _, r := range wieMagWat {
		if r.oin != oin || r.set != set || r.doel != strings.ToLower(doel) && (doel != "" || r.doel != sdk.NietOpgegeven) {
			continue
		}
		switch geheim := v == sdk.Vertrouwelijk || v == sdk.Opgeheven; {
		case geheim && (!r.vertrouwelijk || !c.MagVertrouwelijk):
			return "vertrouwelijk_niet_toegestaan", ""
		case geheim && zonderVerwerking:
			return "invalid", ""
		}
		return "", r.activiteit
	}
	return "geen_doelbinding", ""
}

// The whole table, every caller with every question.
func TestWhichCallerMayHaveWhichDataForWhichActivity(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	var regels []sdk.Regel
	for _, r := range wieMagWat {
		regels = append(regels, sdk.Regel{Afnemer: r.oin, Gegevensset: r.set, Doel: r.doel, Levering: sdk.Levering{Activiteit: eigenActiviteit(r.activiteit), Vertrouwelijk: r.vertrouwelijk}})
	}
	tabel, err := sdk.NewVasteLeveringen(regels...)
	if err != nil {
		t.Fatal(err)
	}
	clients := map[string]sdk.TokenClient{}
	for naam, c := range credentials {
		if len(c.OINs) > 0 {
			clients[naam] = sdk.TokenClient{Geheim: []byte(gemeenteGeheim), Afnemer: c}
		}
	}
	tokens, err := sdk.NewTokens(clients)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.Afnemers, i.Leveringen = tokens, tabel })
	mux := http.NewServeMux()
	for _, set := range []string{"personen", "documenten", "financien"} {
		mux.Handle("/"+set, a.Vooraf(sdk.Dienst{Gegevensset: set, ActieNaam: "Ophalen gegevens"}, bsnInBody, geefGegevens(g)))
	}
	s := g.serveer(mux)
	per := map[string]int{}
	for credential := range credentials {
		token, err := autorisatie.Sign(credential, []byte(gemeenteGeheim), autorisatie.Claims{}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, oin := range []string{"", derdeOIN, twijfelOIN, gemeenteOIN} {
			for _, set := range []string{"personen", "documenten", "financien"} {
				for _, doel := range []string{"", activiteitDerde, strings.ToUpper(activiteitDerde), andereActivity, onbekendeDoel} {
					for _, v := range []sdk.Vertrouwelijkheid{"", sdk.Normaal, sdk.Vertrouwelijk, sdk.Opgeheven} {
						for _, zonder := range []bool{false, true} {
							naam := fmt.Sprintf("%s, OIN %q, %s, doel %q, %q, without verwerkingId %v", credential, oin, set, doel, v, zonder)
							bsn := nieuwPersoon()
							r := vraagAan(t, http.MethodPost, s.URL+"/"+set, bsn, sdk.Doorgave{OIN: oin, Vertrouwelijkheid: v})
							r.Header.Set("Authorization", "Bearer "+token)
							if doel != "" {
								r.Header.Set("VerwerkingsactiviteitId", doel)
							}
							if !zonder {
								r.Header.Set("VerwerkingId", verwerkingDerde)
							}
							code, eigen := oordeelVan(credential, oin, set, doel, v, zonder)
							g.toen()
							res, body := doe(t, r)
							if code != "" {
								if got := codeVan(t, res, body); got != code || g.toen() != nil {
									t.Errorf("%s: %d %s, want %s", naam, res.StatusCode, got, code)
								}
								per[code]++
								continue
							}
							per["geleverd"]++
							if res.StatusCode != 200 || body != "gegevens van "+bsn {
								t.Errorf("%s: %d %s", naam, res.StatusCode, body)
								continue
							}
							want := map[sdk.Vertrouwelijkheid]sdk.Vertrouwelijkheid{"": sdk.Normaal}[v]
							if want == "" {
								want = v
							}
							acties := g.acties(bsn)
							if len(acties) != 1 || acties[0].VerwerkingsactiviteitID.String() != eigen || acties[0].Vertrouwelijkheid != want {
								t.Errorf("%s: %+v", naam, acties)
							}
						}
					}
				}
			}
		}
	}
	for _, code := range []string{"geleverd", "not_authenticated", "invalid", "oin_niet_van_afnemer", "geen_doelbinding", "vertrouwelijk_niet_toegestaan"} {
		if per[code] < 10 {
			t.Errorf("%s: only %d times", code, per[code])
		}
	}
	t.Logf("%v", per)
}

// leveringenStuk can't be asked.
type leveringenStuk struct{ err error }

func (l leveringenStuk) Levering(context.Context, string, string, string) (sdk.Levering, error) {
	return sdk.Levering{}, l.err
}

// A table that can't be read, or says nothing of an activity, allows nothing.
func TestWithoutATableNothingIsDelivered(t *testing.T) {
	t.Parallel()
	g := newGemeente(t)
	for _, tt := range []struct {
		l      sdk.Leveringen
		status int
		code   string
	}{
		{leveringenStuk{errors.New("weg")}, 503, "doelbinding_niet_beschikbaar"},
		{leveringenStuk{fmt.Errorf("x: %w", sdk.ErrGeenDoelbinding)}, 403, "geen_doelbinding"},
		{leveringenStuk{}, 403, "geen_doelbinding"},
		{sdk.VasteLeveringen{}, 403, "geen_doelbinding"},
		{sdk.VasteLeveringen{{Afnemer: derdeOIN, Gegevensset: "personen", Doel: activiteitDerde, Levering: sdk.Levering{Activiteit: sdk.Activiteit{ID: uuid.Nil}}}}, 403, "geen_doelbinding"},
	} {
		a, _ := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.Leveringen = tt.l })
		res, body := doe(t, vraagAan(t, http.MethodPost, g.serveer(a.Vooraf(dienstMagazijn, bsnInBody, geefGegevens(g))).URL, nieuwPersoon(), doorgaveDerde()))
		if got := codeVan(t, res, body); res.StatusCode != tt.status || got != tt.code || g.toen() != nil {
			t.Errorf("%+v: %d %s", tt.l, res.StatusCode, body)
		}
	}
}
