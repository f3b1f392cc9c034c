// Package aansluiting is what people do with applications: add, change, give a secret and take away. It ties the room that knows
// applications to the one that knows what people may. What is serious waits for a second administrator
// (docs/besluiten/0027).
package aansluiting

import (
	"context"
	"slices"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
)

// Dienst holds the use cases. It may be used by many goroutines. Each judges what the dader may. Errors are those of the two
// rooms: CodeGeenToestemming, CodeOngeldig with the fields of autorisatie.Invoer and reden, fout.NietGevonden, and CodeVoorwaarde
// or fout.Gelijktijdig when somebody was first.
type Dienst struct {
	Mensen      *gebruiker.Beheer
	Applicaties *autorisatie.Beheer
}

// Keuze is all that a person chooses of an application; never a secret. Its JSON is the format of a proposal in the store.
type Keuze struct {
	Naam         string                    `json:"naam"`
	ClientIDs    []string                  `json:"clientIds"`
	OINs         []string                  `json:"oins"`
	Autorisaties []autorisatie.Autorisatie `json:"autorisaties"`
}

// invoer is the choice as the room of applications takes it: everything is given.
func (k *Keuze) invoer() *autorisatie.Invoer {
	naam, clients, oins := k.Naam, slices.Clone(k.ClientIDs), slices.Clone(k.OINs)
	lijst := []autorisatie.InvoerAutorisatie{}
	for _, a := range k.Autorisaties {
		if len(a.Scopes) == 0 {
			continue
		}
		in := autorisatie.InvoerAutorisatie{Component: a.Component, Scopes: []string{}}
		for _, s := range a.Scopes {
			in.Scopes = append(in.Scopes, string(s))
		}
		lijst = append(lijst, in)
	}
	return &autorisatie.Invoer{ClientIDs: &clients, Label: &naam, OINs: &oins, Autorisaties: &lijst}
}

// Beeld is an application with what it means.
type Beeld struct {
	*autorisatie.Registratie
	Profiel        []string // sentences
	Waarschuwingen []autorisatie.Waarschuwing
	KanAanmelden   bool // it has a secret
	Wacht          int  // proposals about it
}

// Lijst gives the applications of the organisation of the dader, those of the file first.
func (s *Dienst) Lijst(d gebruiker.Dader) ([]Beeld, error) {
	voorstellen, err := s.Mensen.Applicatievoorstellen(d) // asks the right to see applications
	if err != nil {
		return nil, err
	}
	uit := []Beeld{}
	for _, r := range s.Applicaties.List(d.OIN(), nil) {
		uit = append(uit, beeld(r, d.OIN(), voorstellen))
	}
	return uit, nil
}

// Een gives one.
func (s *Dienst) Een(d gebruiker.Dader, id string) (*Beeld, error) {
	voorstellen, err := s.Mensen.Applicatievoorstellen(d)
	if err != nil {
		return nil, err
	}
	r, err := s.Applicaties.Get(d.OIN(), id)
	if err != nil {
		return nil, err
	}
	uit := beeld(r, d.OIN(), voorstellen)
	return &uit, nil
}

func beeld(r *autorisatie.Registratie, oin string, voorstellen []gebruiker.ApplicatievoorstelBeeld) Beeld {
	uit := Beeld{
		Registratie: r, Profiel: r.Profiel(), Waarschuwingen: autorisatie.Waarschuwingen(nil, &r.Applicatie, oin), KanAanmelden: r.KanAanmelden(),
	}
	for _, v := range voorstellen {
		if v.Applicatie == r.ID {
			uit.Wacht++
		}
	}
	return uit
}

// Voorstelling is what a change of an application will mean, before it is made.
type Voorstelling struct {
	Profiel        []string // afterwards
	Erbij, Eraf    []string // sentences of the profile
	Verschillen    []string // beside what it can do
	Waarschuwingen []autorisatie.Waarschuwing
	Gelijk         bool
	Ernstig        bool // it needs a reason and a second administrator
}

func stelVoor(voor, na *autorisatie.Registratie, oin string) *Voorstelling {
	uit := &Voorstelling{Profiel: na.Profiel()}
	var had []string
	var oud *autorisatie.Applicatie
	if voor != nil {
		oud, had = &voor.Applicatie, voor.Profiel()
		uit.Verschillen = autorisatie.Verschillen(oud, &na.Applicatie)
		uit.Gelijk = autorisatie.Gelijk(oud, &na.Applicatie)
	}
	for _, z := range uit.Profiel {
		if !slices.Contains(had, z) {
			uit.Erbij = append(uit.Erbij, z)
		}
	}
	for _, z := range had {
		if !slices.Contains(uit.Profiel, z) {
			uit.Eraf = append(uit.Eraf, z)
		}
	}
	uit.Waarschuwingen = autorisatie.Waarschuwingen(oud, &na.Applicatie, oin)
	uit.Ernstig = !uit.Gelijk && autorisatie.TweedeNodig(uit.Waarschuwingen)
	return uit
}

// Voorzie tells what a choice would mean, and changes nothing; without an id it is for a new application.
func (s *Dienst) Voorzie(d gebruiker.Dader, id string, k Keuze) (*Voorstelling, error) {
	if _, err := s.Mensen.MagApplicaties(d, gebruiker.Beheren); err != nil {
		return nil, err
	}
	voor, na, err := s.Applicaties.Voorzie(d.OIN(), id, k.invoer())
	if err != nil {
		return nil, err
	}
	return stelVoor(voor, na, d.OIN()), nil
}

// Uitkomst is what came of a change.
type Uitkomst struct {
	ID      string // of the application; empty while a new one waits
	Wacht   bool   // for a second administrator
	Melding string // Dutch: what else has to be done; mostly empty
}

// Zet adds an application when id is empty, or changes the version of it that the dader saw. What is serious becomes a proposal,
// for which reden is needed.
func (s *Dienst) Zet(ctx context.Context, d gebruiker.Dader, id, etag string, k Keuze, reden string) (Uitkomst, error) {
	wie, err := s.Mensen.MagApplicaties(d, gebruiker.Beheren)
	if err != nil {
		return Uitkomst{}, err
	}
	voor, na, err := s.Applicaties.Voorzie(d.OIN(), id, k.invoer())
	switch {
	case err != nil:
		return Uitkomst{}, err
	case voor != nil && voor.ETag() != etag:
		return Uitkomst{}, fout.Voorwaarde
	}
	w := stelVoor(voor, na, d.OIN())
	if reden, err = gebruiker.EisReden(reden, w.Ernstig); err != nil {
		return Uitkomst{}, err
	}
	if w.Gelijk {
		return Uitkomst{ID: id}, nil
	}
	if w.Ernstig {
		return s.stelVoor(ctx, d, voor, k, reden)
	}
	door := autorisatie.Beheerder{Organisatie: d.OIN(), Persoon: &wie, Reden: reden}
	if voor == nil {
		na, err = s.Applicaties.Create(ctx, door, k.invoer())
	} else {
		na, err = s.Applicaties.Update(ctx, door, id, etag, k.invoer(), false)
	}
	if err != nil {
		return Uitkomst{}, err
	}
	return Uitkomst{ID: na.ID.String()}, nil
}

// Geheim gives an application another secret, and gives it back this once. A secret that leaked must be gone at once, so this waits
// for nobody; it is told in the beheerlog.
func (s *Dienst) Geheim(ctx context.Context, d gebruiker.Dader, id, etag, reden string) (string, error) {
	door, err := s.door(d, reden)
	if err != nil {
		return "", err
	}
	return s.Applicaties.ZetNieuwGeheim(ctx, door, id, etag)
}

// NeemWeg removes an application: none of its tokens is accepted from then on.
func (s *Dienst) NeemWeg(ctx context.Context, d gebruiker.Dader, id, etag, reden string) error {
	door, err := s.door(d, reden)
	if err != nil {
		return err
	}
	return s.Applicaties.Delete(ctx, door, id, etag)
}

// door is a dader who may manage applications, with a reason.
func (s *Dienst) door(d gebruiker.Dader, reden string) (autorisatie.Beheerder, error) {
	wie, err := s.Mensen.MagApplicaties(d, gebruiker.Beheren)
	if err == nil {
		reden, err = gebruiker.EisReden(reden, true)
	}
	return autorisatie.Beheerder{Organisatie: d.OIN(), Persoon: &wie, Reden: reden}, err
}
