package inwonerdienst

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/oidc"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// mislukt says to begin anew; why is for the log.
func (d *Dienst) mislukt(oorzaak error) error {
	return fout.Wrap(fout.CodeAanmeldenMislukt, teksten(d.o.Naam).Mislukt, fmt.Errorf("sign in of a citizen: %w", oorzaak))
}

// bewijs takes out of a token who somebody is. Its errors are causes for the log.
func (d *Dienst) bewijs(t *oidc.Token) (*inwoner.Bewijs, error) {
	b := &inwoner.Bewijs{Dienst: d.o.Naam}
	var err error
	if b.Niveau, err = d.niveau(t.Claims); err != nil {
		return nil, err
	}
	if b.Persoon, b.Namens, err = d.wie(t); err != nil {
		return nil, err
	}
	if d.o.Claims.Naam != "" {
		naam, _, err := tekst(t.Claims, d.o.Claims.Naam)
		if err != nil || !oidc.Toonbaar(naam) {
			return nil, errors.New("the claim of the name holds what it can't hold")
		}
		b.Naam = naam
	}
	if b.Geheim, err = d.geheim(t.Claims); err != nil {
		return nil, err
	}
	b.Bewezen, err = d.bewezen(t.Claims)
	return b, err
}

// geheim reads whether the BRP keeps the data secret: true, or a number from 1 to 7 (LO BRP, element 07.70.10). What it can't read refuses the
// token: it may have said so.
func (d *Dienst) geheim(c oidc.Claims) (bool, error) {
	if d.o.Claims.Geheim == "" {
		return false, nil
	}
	v, ok := c.Zoek(d.o.Claims.Geheim)
	if !ok {
		if c.Gebroken(d.o.Claims.Geheim) {
			return false, errGeheim
		}
		return false, nil
	}
	switch s := strings.Trim(string(v), `"`); {
	case s == "" || s == "0" || s == "false" || s == "null":
		return false, nil
	case s == "true" || len(s) == 1 && s >= "1" && s <= "7":
		return true, nil
	}
	return false, errGeheim
}

var errGeheim = errors.New("the claim that tells of secrecy is in no known form")

// bewezen is when the service itself asked who somebody is (OpenID Connect Core 1.0, section 2: auth_time); zero when it does not say.
func (d *Dienst) bewezen(c oidc.Claims) (time.Time, error) {
	v, ok := c["auth_time"]
	if !ok || v.Kind() == 'n' {
		return time.Time{}, nil
	}
	var s float64
	if v.Kind() != '0' || json.Unmarshal(v, &s) != nil || s <= 0 || s > 1<<40 {
		return time.Time{}, errors.New("auth_time is in no known form")
	}
	t := time.Unix(int64(s), 0).UTC()
	if t.After(d.o.Nu().Add(time.Minute)) {
		return time.Time{}, errors.New("auth_time is in the future: compare the clocks")
	}
	return t, nil
}

// tekens are names that say in the tokens of brokers that somebody acts for another. One of them that leads to no Namens refuses the
// token: the number in it could be that of the other.
var tekens = []string{
	"act", "actor", "aanvrager", "gemachtigde", "machtiging", "vertegenwoordiger", "vertegenwoordigde", "vertegenwoordiging", "namens",
	"mandate", "mandates", "representation", "representative", "representee", "represented", "on_behalf_of", "legal_subject", "legalSubjectID",
	"urn:etoegang:core:LegalSubjectID", "urn:etoegang:core:ActingSubjectID", "urn:etoegang:core:Representation",
	"urn:nl-eid-gdi:1.0:LegalSubjectID", "urn:nl-eid-gdi:1.0:ActingSubjectID",
}

// wie tells who signed in, and whether they act for another.
func (d *Dienst) wie(t *oidc.Token) (inwoner.Persoon, *inwoner.Namens, error) {
	c := d.o.Claims
	bsn, heeftBSN, err := nummer(t.Claims, c.BSN)
	if err != nil {
		return inwoner.Persoon{}, nil, err
	}
	namens, ander, err := d.namens(t.Claims)
	if err != nil {
		return inwoner.Persoon{}, nil, err
	}
	gemachtigde, heeft, err := nummer(t.Claims, c.Gemachtigde)
	if err != nil {
		return inwoner.Persoon{}, nil, err
	}
	if heeft { // then the other number is that of who they act for
		ander, bsn, heeftBSN = bsn, gemachtigde, true
		if namens == nil {
			namens = &inwoner.Namens{Soort: inwoner.Gemachtigde}
		}
	}
	if namens != nil && ander != "" && namens.Soort != inwoner.Onderneming {
		namens.Persoon = inwoner.BSN(ander)
	}
	switch {
	case namens == nil && d.vertegenwoordigt(t.Claims):
		return inwoner.Persoon{}, nil, errors.New("the token says that somebody acts for another, in a claim that is not set: see docs/beheer/inwoners.md")
	case namens == nil && !heeftBSN:
		return inwoner.Persoon{}, nil, errors.New("the token holds no BSN in the claim that is set")
	case namens != nil && heeftBSN && bsn == ander:
		return inwoner.Persoon{}, nil, errors.New("the token gives one number to who signed in and to who they act for")
	case heeftBSN:
		return inwoner.BSN(bsn), namens, nil
	}
	// Of who acts for a company the service may give no number. This one never stands in a log.
	return inwoner.Persoon{Objecttype: "persoon", Soort: "sub", ID: d.o.Uitgever + " " + t.Onderwerp}, namens, nil
}

// vertegenwoordigt tells whether a token says, in a way that was not set, that somebody acts for another.
func (d *Dienst) vertegenwoordigt(c oidc.Claims) bool {
	for _, naam := range tekens {
		v, ok := c[naam]
		if !ok || v.Kind() == 'n' || v.Kind() == 'f' {
			continue
		}
		if eigen, _, _ := strings.Cut(d.o.Claims.BSN, "."); eigen != naam && d.o.Claims.BSN != naam {
			return true
		}
	}
	return false
}

// namens reads what is set about acting for another; nil when the token does not say so. ander is the BSN of the other.
func (d *Dienst) namens(c oidc.Claims) (uit *inwoner.Namens, ander string, err error) {
	ander, heeft, err := nummer(c, d.o.Claims.NamensBSN)
	if err != nil {
		return nil, "", err
	}
	if heeft {
		uit = &inwoner.Namens{Soort: inwoner.Gemachtigde}
	}
	kvk, heeft, err := tekst(c, d.o.Claims.NamensKvK)
	if err != nil {
		return nil, "", err
	}
	if heeft && kvk != "" {
		uit = &inwoner.Namens{Soort: inwoner.Onderneming}
	}
	soort, heeft, err := tekst(c, d.o.Claims.NamensSoort)
	if err != nil {
		return nil, "", err
	}
	if heeft && soort != "" {
		s, ok := d.soort(soort)
		if !ok {
			return nil, "", errors.New("in what way somebody acts for another is not in namens_soorten")
		}
		uit = &inwoner.Namens{Soort: s}
	}
	return uit, ander, nil
}

// soort reads a way to act for another.
func (d *Dienst) soort(waarde string) (inwoner.NamensSoort, bool) {
	if s, ok := d.o.Namens[waarde]; ok {
		return s, true
	}
	switch s := inwoner.NamensSoort(strings.ToLower(waarde)); s {
	case inwoner.Ouder, inwoner.Curator, inwoner.Gemachtigde, inwoner.Onderneming:
		return s, true
	}
	return "", false
}

// tekst reads a claim that is a text or a whole number; false when there is none. A way to it that ends halfway is an error: what it leads to may
// be there in another form, and say that somebody acts for another.
func tekst(c oidc.Claims, pad string) (string, bool, error) {
	if pad == "" {
		return "", false, nil
	}
	v, ok := c.Zoek(pad)
	if !ok {
		if c.Gebroken(pad) {
			return "", false, errVorm
		}
		return "", false, nil
	}
	switch v.Kind() {
	case 'n':
		return "", false, nil
	case '"':
		var s string
		if json.Unmarshal(v, &s) != nil || len(s) > 1024 {
			return "", false, errVorm
		}
		return strings.TrimSpace(s), true, nil
	case '0':
		if heel(v) {
			return string(v), true, nil
		}
	}
	return "", false, errVorm
}

// heel tells whether a number of JSON is written in digits alone.
func heel(v jsontext.Value) bool {
	return len(v) <= 20 && !strings.ContainsFunc(string(v), func(r rune) bool { return r < '0' || r > '9' })
}

var errVorm = errors.New("a claim is no text")

// sectorBSN is how DigiD writes that a number is a BSN.
const sectorBSN = "s00000000:"

// nummer reads a BSN of nine digits; false when there is none.
func nummer(c oidc.Claims, pad string) (string, bool, error) {
	s, ok, err := tekst(c, pad)
	if err != nil || !ok || s == "" {
		return "", false, err
	}
	s = betrokkene.Nummer("BSN", strings.TrimPrefix(s, sectorBSN)) // a number of JSON, or a list of numbers, has lost its zero
	if !betrokkene.IsBSN(s) {
		return "", false, errors.New("the claim of a BSN holds no BSN")
	}
	return s, true, nil
}
