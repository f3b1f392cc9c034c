package autorisatie

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestACertificateMustBeOfTheClient(t *testing.T) {
	t.Parallel()
	const eigen, tweede, vreemd = "00000099123456780000", "00000099222222220000", "00000099876543210000"
	besluit := &Besluit{OINs: []string{eigen, tweede}}
	geldig := func(oin string) Certificaat { return Certificaat{Getoond: true, Geldig: true, OIN: oin} }
	for _, tt := range []struct {
		name      string
		besluit   *Besluit
		c         Certificaat
		verplicht bool
		header    []string
		want      string
	}{
		{"none, not demanded", besluit, Certificaat{}, false, nil, ""},
		{"none, demanded", besluit, Certificaat{}, true, nil, "certificaat_ontbreekt"},
		{"one that does not hold", besluit, Certificaat{Getoond: true}, false, nil, "certificaat_ongeldig"},
		{"one that does not hold, with an OIN", besluit, Certificaat{Getoond: true, OIN: eigen}, true, nil, "certificaat_ongeldig"},
		{"no OIN, not demanded", besluit, geldig(""), false, []string{eigen}, ""},
		{"no OIN, demanded", besluit, geldig(""), true, nil, "certificaat_zonder_oin"},
		{"its own", besluit, geldig(eigen), true, nil, ""},
		{"the other of its own", besluit, geldig(tweede), true, nil, ""},
		{"of another", besluit, geldig(vreemd), false, nil, "certificaat_andere_oin"},
		{"of nobody", nil, geldig(eigen), false, nil, "certificaat_andere_oin"},
		{"the same in the header", besluit, geldig(eigen), true, []string{" " + eigen + " "}, ""},
		{"nothing in the header", besluit, geldig(eigen), true, []string{""}, ""},
		{"another of its own in the header", besluit, geldig(eigen), true, []string{tweede}, "header_andere_oin"},
		{"another second header", besluit, geldig(eigen), true, []string{eigen, tweede}, "header_andere_oin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.besluit.ToetsCertificaat(tt.c, tt.verplicht, tt.header)
			if got := Reden(err); got != tt.want || (err == nil) != (tt.want == "") {
				t.Fatalf("got %q (%v), want %q", got, err, tt.want)
			}
			if err != nil && fout.CodeOf(err) != fout.CodeGeenToestemming {
				t.Errorf("code %s", fout.CodeOf(err))
			}
		})
	}
}

func TestTheOINOfACertificateTravelsWithTheRequest(t *testing.T) {
	t.Parallel()
	if got := CertificaatOIN(t.Context()); got != "" {
		t.Errorf("an OIN out of nothing: %s", got)
	}
	c := Certificaat{Getoond: true, Geldig: true, OIN: "00000099123456780000"}
	ctx := MetCertificaat(t.Context(), func() Certificaat { return c })
	if got := CertificaatOIN(ctx); got != "00000099123456780000" {
		t.Errorf("got %q", got)
	}
	c.Geldig = false // it ended while the request was under way
	if got := CertificaatOIN(ctx); got != "" {
		t.Errorf("an OIN that was not proved: %s", got)
	}
}
