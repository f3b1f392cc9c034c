package aanmelddienst

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Identiteit is who somebody is according to the service.
type Identiteit struct {
	Uitgever, Onderwerp string // together they name one person, for good
	Email               string // empty when the service gave none; by ADFS its UPN when that looks like one
	Naam                string
	Groepen             []string // as the service writes them: "/belastingen" of Keycloak, a GUID of Entra ID, a name of ADFS
}

const (
	maxGroepen = 1000
	maxTekst   = 512
)

// beweringen is what is read of a token beside what the library reads.
type beweringen struct {
	Azp               string         `json:"azp"`
	Nbf               float64        `json:"nbf"`
	Email             string         `json:"email"`
	Upn               string         `json:"upn"`
	Name              string         `json:"name"`
	UniqueName        string         `json:"unique_name"`
	PreferredUsername string         `json:"preferred_username"`
	Hasgroups         jsontext.Value `json:"hasgroups"`    // too many for the token (Entra ID)
	ClaimNames        namen          `json:"_claim_names"` // claims that stand elsewhere
}

type namen map[string]jsontext.Value

// lees takes the person out of a token whose signature, issuer, audience and nonce are right.
func (d *Dienst) lees(id *oidc.IDToken) (*Identiteit, error) {
	var ruw stdjson.RawMessage
	if err := id.Claims(&ruw); err != nil {
		return nil, d.mislukt(errors.New("the identity token can't be read"))
	}
	b, alles, err := ontleed(ruw)
	if err == nil {
		err = d.tijdig(id, b.Nbf)
	}
	if err == nil && (b.Azp != "" && b.Azp != d.o.ClientID || b.Azp == "" && len(id.Audience) > 1) {
		err = errors.New("the identity token was given to another application")
	}
	if err != nil {
		return nil, d.mislukt(err)
	}
	return d.identiteit(id.Subject, b, alles)
}

// ontleed reads the claims. One that is there twice is refused: others might take the other one.
func ontleed(ruw []byte) (b beweringen, alles namen, err error) {
	if json.Unmarshal(ruw, &b) != nil || json.Unmarshal(ruw, &alles) != nil {
		return b, nil, errors.New("the claims of the identity token are in no known form")
	}
	return b, alles, nil
}

// identiteit judges what is said about a person.
func (d *Dienst) identiteit(onderwerp string, b beweringen, alles namen) (*Identiteit, error) {
	if onderwerp == "" || len(onderwerp) > 255 || !netjes(onderwerp) {
		return nil, d.mislukt(errors.New("the identity token names nobody"))
	}
	uit := &Identiteit{Uitgever: d.o.Uitgever, Onderwerp: onderwerp, Naam: eerste(b.Name, b.UniqueName, b.PreferredUsername)}
	switch {
	case b.Email != "":
		uit.Email = b.Email
	case strings.Contains(b.Upn, "@"):
		uit.Email = b.Upn
	}
	if !netjes(uit.Email) || !netjes(uit.Naam) {
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
func (d *Dienst) groepen(b beweringen, alles namen) ([]string, error) {
	claim := d.o.GroepenClaim
	eerst, _, _ := strings.Cut(claim, ".")
	_, elders := b.ClaimNames[claim]
	if _, ook := b.ClaimNames[eerst]; elders || ook || string(b.Hasgroups) == "true" || string(b.Hasgroups) == `"true"` {
		return nil, fout.Wrap(fout.CodeAanmeldenMislukt, fmt.Sprintf(
			"Uw account zit in meer groepen dan %s in één keer doorgeeft, dus uw rechten zijn niet te bepalen. Vraag uw beheerder om daar alleen de groepen door te geven die aan deze toepassing zijn toegewezen.", d.o.Naam),
			errors.New("sign in by service: overage of groups, see docs/beheer/aanmelden.md"))
	}
	waarde, ok := zoek(alles, claim)
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
		if g == "" || !netjes(g) {
			return nil, d.mislukt(errGroepen)
		}
	}
	return uit, nil
}

var errGroepen = errors.New("the claim of the groups is no text and no list of texts")

// zoek finds a claim by its whole name, as names may be addresses with dots, and otherwise by its path.
func zoek(in namen, claim string) (jsontext.Value, bool) {
	if v, ok := in[claim]; ok {
		return v, true
	}
	eerst, rest, ok := strings.Cut(claim, ".")
	if !ok {
		return nil, false
	}
	v, ok := in[eerst]
	if !ok || v.Kind() != '{' {
		return nil, false
	}
	onder := namen{}
	if json.Unmarshal(v, &onder) != nil {
		return nil, false
	}
	return zoek(onder, rest)
}

// netjes says whether a text can be shown and stored.
func netjes(s string) bool {
	return len(s) <= maxTekst && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func eerste(teksten ...string) string {
	for _, t := range teksten {
		if t != "" {
			return t
		}
	}
	return ""
}
