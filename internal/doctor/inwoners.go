package doctor

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/verantwoord/verantwoord/internal/bron/inwonerdienst"
	"github.com/verantwoord/verantwoord/internal/config"
)

// inwonerdiensten asks each sign-in service of citizens what it says about itself, and looks who can read the key.
func (o *onderzoek) inwonerdiensten() {
	for _, c := range o.Config.Inwonerdiensten {
		o.inwonerdienst(c)
	}
	if len(o.Config.Inwonerdiensten) > 0 && onveilig(o.Config.URL) {
		o.meld(Fout, "inwoners", "Inwoners melden zich aan op een adres dat met http:// begint.", "Hun browser bewaart de cookie van de aanmelding alleen op https://.", "Zet url op het adres met https://.")
	}
}

// onveilig tells whether a browser would keep no cookie of the address that is for TLS alone.
func onveilig(adres string) bool {
	u, err := url.Parse(adres)
	if err != nil || u.Scheme == "https" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() != "localhost" && (err != nil || !ip.Unmap().IsLoopback())
}

const (
	waaromInwoners = "Inwoners kunnen zich met deze dienst niet aanmelden."
	gidsInwoners   = "In docs/beheer/inwoners.md staat bij deze melding wat u doet."
)

func (o *onderzoek) inwonerdienst(c config.Inwonerdienst) {
	naam := "inwonerdiensten." + c.Sleutel
	d, err := inwonerdienst.Instellen(c, o.Config.URL, o.Nu)
	if err != nil {
		o.meld(Fout, "inwoners", "De instellingen van "+naam+" zijn niet te gebruiken: "+err.Error()+".", waaromInwoners+" serve weigert te starten.", gidsInwoners)
		return
	}
	for _, pad := range []string{c.TekenSleutel, c.GeheimBestand} {
		if r := toegang(pad); pad != "" && r&0o077 != 0 {
			o.meld(Fout, "inwoners", fmt.Sprintf("Anderen dan de eigenaar kunnen bij %s (rechten %04o).", pad, r), "Wie dat leest, kan zich bij de dienst uitgeven voor dit register.",
				"Geef alleen de eigenaar toegang (chmod 600), en maak een nieuwe als anderen hem gelezen kunnen hebben.")
		}
	}
	ctx, stop := context.WithTimeout(o.ctx, geduld)
	b, err := d.Onderzoek(ctx)
	stop()
	switch afwijking := b.Klok.Abs(); {
	case err != nil:
		o.meld(Fout, "inwoners", "De dienst van "+naam+" is niet te gebruiken: "+err.Error()+".", waaromInwoners, gidsInwoners)
	case b.Sleutels == 0:
		o.meld(Fout, "inwoners", "De dienst van "+naam+" heeft geen sleutel waarmee een token ondertekend mag zijn.", waaromInwoners, "Laat de dienst ondertekenen met RS256, PS256 of ES256.")
	case b.KlokBekend && afwijking > klokSpeling:
		o.meld(Fout, "inwoners", fmt.Sprintf("De klok van %s wijkt %v af van die van deze machine.", naam, afwijking), "Tokens gelden dan nog niet of niet meer, en aanmelden mislukt.", "Zet beide klokken gelijk (NTP).")
	case b.KlokBekend && afwijking > klokSpeling/2:
		o.meld(Waarschuwing, "inwoners", fmt.Sprintf("De klok van %s wijkt %v af van die van deze machine.", naam, afwijking), "Bij meer dan een minuut mislukt aanmelden.", "Zet beide klokken gelijk (NTP).")
	default:
		o.goed("inwoners", "De dienst van %s antwoordt, met %d sleutel(s) en een klok die past.", naam, b.Sleutels)
	}
}
