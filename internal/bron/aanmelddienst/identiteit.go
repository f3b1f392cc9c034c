package aanmelddienst

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Identiteit is who somebody is according to the service.
type Identiteit struct {
	Uitgever, Onderwerp string // together they name one person, for good
	Email               string // empty when the service gave none; by ADFS its UPN when that looks like one
	Naam                string
	Groepen             []string // as the service writes them: "/belastingen" of Keycloak, a GUID of Entra ID, a name of ADFS
}

const maxGroepen = 1000

// beweringen is what is read of a token beside who it names.
type beweringen struct {
	Email             string         `json:"email"`
	Upn               string         `json:"upn"`
	Name              string         `json:"name"`
	UniqueName        string         `json:"unique_name"`
	PreferredUsername string         `json:"preferred_username"`
	Hasgroups         jsontext.Value `json:"hasgroups"`    // too many for the token (Entra ID)
	ClaimNames        oidc.Claims    `json:"_claim_names"` // claims that stand elsewhere
}

// ontleed reads the claims. One that is there twice is refused: others might take the other one.
func ontleed(ruw []byte) (b beweringen, alles oidc.Claims, err error) {
	if alles, err = oidc.Lees(ruw); err == nil && json.Unmarshal(ruw, &b) != nil {
		err = errors.New("the claims of the identity token are in no known form")
	}
	return b, alles, err
}

// identiteit judges what is said about a person.
func (d *Dienst) identiteit(onderwerp string, b beweringen, alles oidc.Claims) (*Identiteit, error) {
	uit := &Identiteit{Uitgever: d.o.Uitgever, Onderwerp: onderwerp, Naam: eerste(b.Name, b.UniqueName, b.PreferredUsername)}
	switch {
	case b.Email != "":
		uit.Email = b.Email
	case strings.Contains(b.Upn, "@"):
		uit.Email = b.Upn
	}
	if !oidc.Toonbaar(uit.Email) || !oidc.Toonbaar(uit.Naam) {
		return nil, d.mislukt(errors.New("a name or address in the identity token holds what it can't hold"))
	}
	groepen, err := d.groepen(b, alles)
	if err != nil {
		return nil, err
	}
	uit.Groepen = groepen
	return uit, nil
}

// groepen reads the claim of the groups. Without it somebody is in none.
func (d *Dienst) groepen(b beweringen, alles oidc.Claims) ([]string, error) {
	claim := d.o.GroepenClaim
	eerst, _, _ := strings.Cut(claim, ".")
	_, elders := b.ClaimNames[claim]
	if _, ook := b.ClaimNames[eerst]; elders || ook || string(b.Hasgroups) == "true" || string(b.Hasgroups) == `"true"` {
		return nil, fout.Wrap(fout.CodeAanmeldenMislukt, fmt.Sprintf(
			"Uw account zit in meer groepen dan %s in één keer doorgeeft, dus uw rechten zijn niet te bepalen. Vraag uw beheerder om daar alleen de groepen door te geven die aan deze toepassing zijn toegewezen.", d.o.Naam),
			errors.New("sign in by service: overage of groups, see docs/beheer/aanmelden.md"))
	}
	waarde, ok := alles.Zoek(claim)
	if !ok {
		return nil, nil
	}
	var uit []string
	switch waarde.Kind() {
	case 'n':
		return nil, nil
	case '"':
		var s string
		if json.Unmarshal(waarde, &s) != nil {
			return nil, d.mislukt(errGroepen)
		}
		uit = []string{s}
	case '[':
		if json.Unmarshal(waarde, &uit) != nil {
			return nil, d.mislukt(errGroepen)
		}
	default:
		return nil, d.mislukt(errGroepen)
	}
	if len(uit) > maxGroepen {
		return nil, d.mislukt(errGroepen)
	}
	for _, g := range uit {
		if g == "" || !oidc.Toonbaar(g) {
			return nil, d.mislukt(errGroepen)
		}
	}
	return uit, nil
}

var errGroepen = errors.New("the claim of the groups is no text and no list of texts")

func eerste(teksten ...string) string {
	for _, t := range teksten {
		if t != "" {
			return t
		}
	}
	return ""
}
