package sdk_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// Only the register of activities may say that nothing is logged, and not of what is confidential.
func TestAnActivityThatIsNotLogged(t *testing.T) {
	t.Parallel()
	b, reg := newVARBank(t), consumentRegister(t)
	b.koppel("tellen", b.activiteit(activiteit.Inhoud{Log: activiteit.Logprofiel{Omvang: "uit"}, BewaartermijnLog: "P1Y"}, ""))
	bron := httptest.NewServer(http.HandlerFunc(voorbeeldBron))
	opruimen.Na(t, bron.Close)
	metingen := &tel{}
	tr := sdk.NewTransport(consumentClient(t, reg.URL, "balie"), b.lezer("magazijn", sdk.VARInstellingen{}))
	tr.Meting = metingen.meet
	for k, tt := range []struct {
		hoe     sdk.Vertrouwelijkheid
		zoekt   bool
		acties  int
		gemeten map[string]int
	}{
		{sdk.Normaal, false, 0, map[string]int{sdk.SoortNietGelogd: 1}},
		{sdk.Normaal, true, 0, map[string]int{sdk.SoortNietGelogd: 2}},
		{sdk.Vertrouwelijk, false, 1, map[string]int{sdk.SoortNietGelogd: 2, sdk.SoortVastgelegd: 1}},
	} {
		v := verwerking(persoon(1))
		v.Functie, v.Vertrouwelijkheid = "tellen", tt.hoe
		ctx := sdk.MetVerwerking(t.Context(), v)
		if tt.zoekt {
			ctx = sdk.MetZoekopdracht(t.Context(), v, gevonden)
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, bron.URL, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := tr.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if n := len(inRegister(t, reg.URL, v.VerwerkingID)); n != tt.acties {
			t.Errorf("call %d: %d records, want %d", k, n, tt.acties)
		}
		for soort, n := range tt.gemeten {
			if metingen.n[soort] != n {
				t.Errorf("call %d: counted %v", k, metingen.n)
			}
		}
	}
}
