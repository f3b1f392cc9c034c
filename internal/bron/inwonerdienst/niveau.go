package inwonerdienst

import (
	"errors"
	"strings"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// niveaus are the values of levels that are known, in small letters. Of eIDAS and eHerkenning the lower one of two is taken where theirs is wider.
var niveaus = map[string]inwoner.Niveau{
	// words, and the numbers of DigiD
	"basis": inwoner.Basis, "midden": inwoner.Midden, "substantieel": inwoner.Substantieel, "hoog": inwoner.Hoog,
	"10": inwoner.Basis, "20": inwoner.Midden, "25": inwoner.Substantieel, "30": inwoner.Hoog,
	// DigiD over SAML
	"urn:oasis:names:tc:saml:2.0:ac:classes:passwordprotectedtransport": inwoner.Basis,
	"urn:oasis:names:tc:saml:2.0:ac:classes:mobiletwofactorcontract":    inwoner.Midden,
	"urn:oasis:names:tc:saml:2.0:ac:classes:smartcard":                  inwoner.Substantieel,
	"urn:oasis:names:tc:saml:2.0:ac:classes:smartcardpki":               inwoner.Hoog,
	// eHerkenning and the brokers that use its names
	"urn:etoegang:core:assurance-class:loa1":     inwoner.Basis,
	"urn:etoegang:core:assurance-class:loa2":     inwoner.Basis,
	"urn:etoegang:core:assurance-class:loa2plus": inwoner.Midden,
	"urn:etoegang:core:assurance-class:loa3":     inwoner.Substantieel,
	"urn:etoegang:core:assurance-class:loa4":     inwoner.Hoog,
	// eIDAS (Uitvoeringsverordening 2015/1502)
	"http://eidas.europa.eu/loa/low":         inwoner.Basis,
	"http://eidas.europa.eu/loa/substantial": inwoner.Substantieel,
	"http://eidas.europa.eu/loa/high":        inwoner.Hoog,
	"low":                                    inwoner.Basis,
	"substantial":                            inwoner.Substantieel,
	"high":                                   inwoner.Hoog,
}

// niveau reads how sure it is. One that is not known is refused: to take it for the lowest would hide that the settings are wrong.
func (d *Dienst) niveau(c oidc.Claims) (inwoner.Niveau, error) {
	waarde, ok, err := tekst(c, d.o.Claims.Niveau)
	if err != nil {
		return 0, err
	}
	if !ok || waarde == "" {
		return 0, errors.New("the token holds no level in the claim that is set")
	}
	if n, ok := d.o.Niveaus[waarde]; ok {
		return n, nil
	}
	if n, ok := niveaus[strings.ToLower(waarde)]; ok {
		return n, nil
	}
	return 0, errors.New("the level in the token is not known: add it to niveaus, see docs/beheer/inwoners.md")
}
