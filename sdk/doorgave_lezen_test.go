package sdk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
	"github.com/verantwoord/verantwoord/sdk"
)

// waardenVanHeaders is one table for both who read these headers: a register of its own callers, and a provider.
var waardenVanHeaders = map[string][]string{
	"OIN": {"", derdeOIN, " " + derdeOIN, "0000000180477069400", "000000018047706940001", "0000000180477069400x", "٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠", "\xff"},
	"VerwerkingsactiviteitId": {
		"", activiteitDerde, strings.ToUpper(activiteitDerde), "{" + activiteitDerde + "}", "urn:uuid:" + activiteitDerde, strings.ReplaceAll(activiteitDerde, "-", ""),
		"00000000-0000-0000-0000-000000000000", "5f0bef4c-f66f-4311-84a5-19e8bf359eag", "5f0bef4cf-66f-4311-84a5-19e8bf359eaf", "x",
	},
	"VerwerkingsactiviteitUrl": {
		"", "https://var.derde-partij.example/" + activiteitDerde, "urn:uuid:" + activiteitDerde, "/activiteiten/1", "https:", "https://", "://x", "mailto:a@b", "https://a,https://b",
		"https://a, https://b", "https://var.example/é", "https://var.example/%zz", "https://var.example/{1}", "https://[::1", "\x00", "https://var.example/\xff",
		"https://var.example/999990019", "https://var.example/999990018", "https://var.example/?x=999990019&y", "https://var.example/x-999990019", "https://var.example/é999990019",
		"https://var.example/000000000", "https://var.example/" + strings.Repeat("a", 2022), "https://var.example/" + strings.Repeat("a", 2023), "https://var.example/999990019/" + strings.Repeat("a", 2023),
	},
	"VerwerkingId":      {"", verwerkingDerde, "Zaak 12", "00000000-0000-0000-0000-000000000000"},
	"Vertrouwelijkheid": {"", "normaal", "Vertrouwelijk", "OPGEHEVEN", "geheim", "normaal ", "normaal,vertrouwelijk", "vertrouweliĳk", "vertrouwelij\u212a", "opgeheven\x00"},
	"Bewaartermijn": {
		"", "P150Y", "P6M", "P30D", "P2W", "P1Y2M3W4DT5H6M7.8S", "PT0S", "PT1.5S", "PT1.5M", "P", "PT", "P1", "P1YT", "T1S", "-P1Y", "P-1Y", "+P1Y", "p1y", "P1M1Y", "P1.5Y", "P999999999Y",
		"P9999999999Y", "P1Y ", "10", "0", "007", "65535", "65536", "-1", "+1", "1e3", "0x10", "10 jaar", "P1S", "PT1Y", "P" + strings.Repeat("0", 63) + "Y", "PT1." + strings.Repeat("0", 59) + "S", "PT1." + strings.Repeat("0", 60) + "S",
	},
}

// gelijkGelezen holds both readers against one set of headers.
func gelijkGelezen(h http.Header) string {
	van, err := verwerkingenlog.ParseDoorgave(func(naam string) []string { return h[naam] }, false)
	params := []sdk.Param{}
	if f := (*fout.Fout)(nil); errors.As(err, &f) {
		for _, p := range f.Params {
			params = append(params, sdk.Param(p))
		}
	}
	hier, misHier := sdk.LeesDoorgave(h)
	want := sdk.Doorgave{OIN: van.OIN, ActiviteitID: van.ActiviteitID, ActiviteitURL: van.ActiviteitURL, VerwerkingID: van.VerwerkingID, Bewaartermijn: van.Bewaartermijn}
	if van.HasVertrouwelijkheid {
		want.Vertrouwelijkheid = sdk.Vertrouwelijkheid(van.Vertrouwelijkheid.String())
	}
	return cmp.Diff(want, hier) + cmp.Diff(params, append([]sdk.Param{}, misHier...))
}

func TestAProviderReadsTheHeadersAsTheRegisterDoes(t *testing.T) {
	t.Parallel()
	goed, fout := 0, 0
	for naam, waarden := range waardenVanHeaders {
		for _, w := range waarden {
			h := http.Header{http.CanonicalHeaderKey(naam): {w}}
			if d := gelijkGelezen(h); d != "" {
				t.Errorf("%s: %q: %s", naam, w, d)
			}
			if _, params := sdk.LeesDoorgave(h); params == nil {
				goed++
			} else {
				fout++
			}
			for _, twee := range [][]string{{w, w}, {w, ""}, {}} {
				if d := gelijkGelezen(http.Header{http.CanonicalHeaderKey(naam): twee}); d != "" {
					t.Errorf("%s: %q: %s", naam, twee, d)
				}
			}
		}
	}
	if goed < 20 || fout < 40 {
		t.Errorf("%d good and %d malformed values: the table is no longer one of both", goed, fout)
	}
}

func TestAProviderReadsAnyHeadersAsTheRegisterDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := http.Header{}
		for naam, waarden := range waardenVanHeaders {
			waarde := rapid.OneOf(rapid.SampledFrom(waarden), rapid.String(), rapid.StringMatching(`P([0-9]{1,10}[YMWD.]){0,3}(T([0-9.]{1,10}[HMS]){0,3})?`), rapid.StringMatching(`[a-z]{1,5}:/{0,2}[a-z0-9%.é-]{0,12}(/[0-9]{7,10})?`))
			if v := rapid.SliceOfN(waarde, 0, 2).Draw(t, naam); len(v) > 0 {
				h[http.CanonicalHeaderKey(naam)] = v
			}
		}
		if d := gelijkGelezen(h); d != "" {
			t.Fatalf("%v: %s", h, d)
		}
	})
}

// What a consumer writes, a provider reads.
func TestWhatIsWrittenInTheHeadersIsRead(t *testing.T) {
	t.Parallel()
	d := doorgaveDerde()
	h := http.Header{}
	d.Zet(h)
	terug, params := sdk.LeesDoorgave(h)
	if params != nil || terug != d {
		t.Errorf("%+v, %v", terug, params)
	}
}
