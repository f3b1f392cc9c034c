package gebruiker

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Gebruiker is a person who signs in. Its JSON is the format in the store.
type Gebruiker struct {
	ID           uuid.UUID      `json:"-"`
	Versie       int64          `json:"-"` // from 1
	OIN          string         `json:"-"`
	Naam         string         `json:"naam"`
	Email        string         `json:"email"`        // lower case, unique among people
	Functiegroep uuid.UUID      `json:"functiegroep"` // zero: none yet
	Groepen      []Lidmaatschap `json:"groepen"`
	Actief       bool           `json:"actief"`
	Uitgever     string         `json:"uitgever,omitzero"` // of the sign-in service (OIDC), with Onderwerp who it is there
	Onderwerp    string         `json:"onderwerp,omitzero"`
	Opleiding    time.Time      `json:"opleiding,omitzero"` // date of the last privacy training
	Wacht        *Wisseling     `json:"wacht,omitzero"`     // what will be asked to sign in from a moment on
	Taal         string         `json:"taal,omitzero"`      // Nederlands or Engels; empty: no choice made
}

// Lidmaatschap is a person's place in an Autorisatiegroep.
type Lidmaatschap struct {
	Groep uuid.UUID `json:"groep"`
	Tot   time.Time `json:"tot,omitzero"` // it holds before this moment; zero: without end
	Bron  string    `json:"bron"`
}

// Where a membership comes from.
const (
	BronHand          = "hand"
	BronAanmelddienst = "aanmelddienst" // it comes and goes with the groups that the sign-in service tells
)

// Wisseling is a change of what someone signs in with, that has to wait.
type Wisseling struct {
	Email     string    `json:"email"`
	Uitgever  string    `json:"uitgever,omitzero"`
	Onderwerp string    `json:"onderwerp,omitzero"`
	Vanaf     time.Time `json:"vanaf"`
}

// Wachttijd is how long a change of what someone with serious rights signs in with has to wait.
const Wachttijd = 24 * time.Hour

// op gives the person as they are at a moment.
func (g *Gebruiker) op(nu time.Time) *Gebruiker {
	uit := *g
	uit.Groepen = slices.Clone(g.Groepen)
	if g.Wacht != nil {
		w := *g.Wacht
		uit.Wacht = &w
		if !nu.Before(w.Vanaf) {
			uit.Email, uit.Uitgever, uit.Onderwerp, uit.Wacht = w.Email, w.Uitgever, w.Onderwerp, nil
		}
	}
	return &uit
}

// volgende is a copy to be changed, of the next version.
func (g *Gebruiker) volgende(nu time.Time) *Gebruiker {
	uit := g.op(nu)
	uit.Versie++
	return uit
}

// lid gives the running membership of a group.
func (g *Gebruiker) lid(groep uuid.UUID, nu time.Time) (Lidmaatschap, bool) {
	for _, l := range g.Groepen {
		if l.Groep == groep && loopt(l.Tot, nu) {
			return l, true
		}
	}
	return Lidmaatschap{}, false
}

// zetLid makes the person a member as l says, in place of what they were of that group.
func (g *Gebruiker) zetLid(l Lidmaatschap) {
	g.haalWeg(l.Groep)
	g.Groepen = append(g.Groepen, l)
}

func (g *Gebruiker) haalWeg(groep uuid.UUID) {
	g.Groepen = slices.DeleteFunc(slices.Clone(g.Groepen), func(l Lidmaatschap) bool { return l.Groep == groep })
}

// Functiegroep is what work people do. It gives no right.
type Functiegroep struct {
	ID           uuid.UUID `json:"-"`
	Versie       int64     `json:"-"`
	OIN          string    `json:"-"`
	Naam         string    `json:"naam"`
	Omschrijving string    `json:"omschrijving,omitzero"`
}

// Autorisatiegroep gives rights to its members. It says nothing of their work.
type Autorisatiegroep struct {
	ID           uuid.UUID `json:"-"`
	Versie       int64     `json:"-"`
	OIN          string    `json:"-"`
	Naam         string    `json:"naam"`
	Omschrijving string    `json:"omschrijving,omitzero"`
	Rechten      []Recht   `json:"rechten"`
	Claims       []string  `json:"claims"`  // groups of the sign-in service whose members are members here
	Herzien      time.Time `json:"herzien"` // when someone last looked whether all this is still needed
}

func (a *Autorisatiegroep) volgende() *Autorisatiegroep {
	uit := a.kopie()
	uit.Versie++
	return uit
}

func (a *Autorisatiegroep) kopie() *Autorisatiegroep {
	uit := *a
	uit.Rechten, uit.Claims = slices.Clone(a.Rechten), slices.Clone(a.Claims)
	return &uit
}

// Bounds of what people type.
const (
	maxNaam         = 100 // characters
	maxOmschrijving = 500
	maxReden        = 1000
	maxEmail        = 254 // bytes
	maxClaims       = 50
	maxClaim        = 250 // characters
)

// keuring collects what is wrong. No value is ever in a reason.
type keuring struct{ params []fout.Param }

func (k *keuring) mis(name, code, reason string) {
	k.params = append(k.params, fout.Param{Name: name, Code: code, Reason: reason})
}

// neem takes over what another judged; any other error is not of what was typed.
func (k *keuring) neem(err error) {
	if f, ok := errors.AsType[*fout.Fout](err); ok {
		k.params = append(k.params, f.Params...)
	}
}

func (k *keuring) err() error {
	if len(k.params) == 0 {
		return nil
	}
	return fout.Ongeldig(k.params...)
}

// tekst gives one line of visible text, without spaces around it.
func (k *keuring) tekst(name, v string, maximum int, verplicht bool) string {
	v = strings.TrimSpace(v)
	switch {
	case v == "" && verplicht:
		k.mis(name, "required", "Dit is leeg; vul het in.")
	case utf8.RuneCountInString(v) > maximum:
		k.mis(name, "max_length", "Dit is te lang; maak het korter.")
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		k.mis(name, "invalid", "Dit bevat een teken dat niet te tonen is; haal het weg.")
	}
	return v
}

// email gives an address as it is compared: lower case.
func (k *keuring) email(v string) string {
	v = NormaalEmail(v)
	voor, na, ok := strings.Cut(v, "@")
	a, err := mail.ParseAddress(v)
	switch {
	case v == "":
		k.mis("email", "required", "Vul het e-mailadres in.")
	case !ok || voor == "" || !strings.Contains(na, ".") || strings.ContainsAny(na, "@") || len(v) > maxEmail || !utf8.ValidString(v) ||
		strings.ContainsFunc(v, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>()[],;:"\`, r)
		}) || err != nil || a.Address != v: // no mail could go there
		k.mis("email", "invalid", "Dit is geen e-mailadres; vul een adres in zoals naam@gemeente.nl.")
	}
	return v
}

// NormaalEmail gives an address as it is stored and compared.
func NormaalEmail(v string) string { return strings.ToLower(strings.TrimSpace(v)) }
