package aansluiting

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
)

// stelVoor keeps a choice for a second administrator. voor is nil for a new application, whose id is chosen now: whoever carries
// the proposal out twice makes one application.
func (s *Dienst) stelVoor(ctx context.Context, d gebruiker.Dader, voor *autorisatie.Registratie, k Keuze, reden string) (Uitkomst, error) {
	wijziging, err := json.Marshal(k)
	if err != nil {
		return Uitkomst{}, fmt.Errorf("write a proposal about an application: %w", err)
	}
	v := &gebruiker.Applicatievoorstel{Applicatie: uuid.New(), Naam: k.Naam, Wat: "de applicatie " + k.Naam + " toevoegen", Wijziging: wijziging, Reden: reden}
	uit := Uitkomst{Wacht: true}
	if voor != nil {
		v.Applicatie, v.Stand, v.Naam, v.Wat = voor.ID, voor.Versie, voor.Label, "de applicatie "+voor.Label+" wijzigen"
		uit.ID = voor.ID.String()
	}
	uit.Melding, err = s.Mensen.StelApplicatieVoor(ctx, d, v)
	return uit, err
}

// Voorstel is a proposal with what it would mean now.
type Voorstel struct {
	gebruiker.ApplicatievoorstelBeeld
	Keuze        Keuze
	Nieuw        bool // of an application that is not there yet
	Voorstelling Voorstelling
}

// lees reads a proposal, and tells in Vervallen when the application is another than it was about.
func (s *Dienst) lees(d gebruiker.Dader, v gebruiker.ApplicatievoorstelBeeld) (Voorstel, error) {
	uit := Voorstel{ApplicatievoorstelBeeld: v, Nieuw: v.Stand == 0}
	if err := json.Unmarshal(v.Wijziging, &uit.Keuze); err != nil {
		return Voorstel{}, fmt.Errorf("read a proposal about an application: it is in no form this version knows")
	}
	w, waarom := s.nu(d, &v.Applicatievoorstel, uit.Keuze)
	if w != nil {
		uit.Voorstelling = *w
	}
	if uit.Vervallen == "" && waarom != "" {
		uit.Vervallen, uit.MagBeslissen = waarom, false
	}
	return uit, nil
}

// nu tells what a proposal would mean now, or why it can't be carried out any more.
func (s *Dienst) nu(d gebruiker.Dader, v *gebruiker.Applicatievoorstel, k Keuze) (w *Voorstelling, waarom string) {
	id := ""
	r, err := s.Applicaties.Get(d.OIN(), v.Applicatie.String())
	switch {
	case v.Stand == 0 && err == nil:
		return nil, "de applicatie is er al."
	case v.Stand > 0 && (err != nil || r.Versie != v.Stand):
		return nil, "de applicatie is intussen gewijzigd of weggehaald."
	case v.Stand > 0:
		id = v.Applicatie.String()
	}
	voor, na, err := s.Applicaties.Voorzie(d.OIN(), id, k.invoer())
	if err != nil {
		return nil, "een client-id is intussen van een andere applicatie."
	}
	return stelVoor(voor, na, d.OIN()), ""
}

// Voorstellen gives the proposals, oldest first, with those that lapsed.
func (s *Dienst) Voorstellen(d gebruiker.Dader) (uit []Voorstel, err error) {
	alle, err := s.Mensen.Applicatievoorstellen(d)
	if err != nil {
		return nil, err
	}
	for _, v := range alle {
		een, err := s.lees(d, v)
		if err != nil {
			return nil, err
		}
		uit = append(uit, een)
	}
	return uit, nil
}

// Voorstel gives one.
func (s *Dienst) Voorstel(d gebruiker.Dader, id uuid.UUID) (*Voorstel, error) {
	v, err := s.Mensen.Applicatievoorstel(d, id)
	if err != nil {
		return nil, err
	}
	uit, err := s.lees(d, v)
	return &uit, err
}

// KeurGoed carries a proposal out and ends it. The two are kept in two places, the application first: when the register stops
// between them, the proposal is left, lapsed by its own change, and is not carried out again.
func (s *Dienst) KeurGoed(ctx context.Context, d gebruiker.Dader, id uuid.UUID, versie int64) error {
	wie, err := s.Mensen.MagApplicaties(d, gebruiker.Goedkeuren)
	if err != nil {
		return err
	}
	if err := s.Applicaties.Refresh(ctx); err != nil {
		return err
	}
	v, err := s.Mensen.TeBeslissen(ctx, d, id, versie)
	if err != nil {
		return err
	}
	var k Keuze
	if err := json.Unmarshal(v.Wijziging, &k); err != nil {
		return errors.New("read a proposal about an application: it is in no form this version knows")
	}
	if _, waarom := s.nu(d, v, k); waarom != "" {
		return fout.New(fout.CodeVoorwaarde, "Dit voorstel is vervallen: "+waarom+" Dien het zo nodig opnieuw in.")
	}
	steller := "een beheerder"
	if beeld, err := s.Mensen.Applicatievoorstel(d, id); err == nil && beeld.Steller != "" {
		steller = beeld.Steller
	}
	door := autorisatie.Beheerder{
		Organisatie: d.OIN(), Persoon: &wie, Reden: v.Reden, Met: "voorgesteld door " + steller + " en goedgekeurd door een tweede beheerder",
	}
	if v.Stand == 0 {
		_, err = s.Applicaties.CreateAls(ctx, door, v.Applicatie, k.invoer())
	} else {
		_, err = s.Applicaties.Update(ctx, door, v.Applicatie.String(), strconv.Quote(strconv.FormatInt(v.Stand, 10)), k.invoer(), false)
	}
	if err != nil {
		return err
	}
	err = s.Mensen.RondAf(ctx, d, id, versie, gebruiker.Goedgekeurd, "")
	if fout.CodeOf(err) == fout.CodeNietGevonden {
		return nil // taken back in the very same moment; what was approved holds
	}
	return err
}

// Weiger ends a proposal with a reason, by who may decide; TrekIn by who made it.
func (s *Dienst) Weiger(ctx context.Context, d gebruiker.Dader, id uuid.UUID, versie int64, reden string) error {
	return s.Mensen.RondAf(ctx, d, id, versie, gebruiker.Geweigerd, reden)
}

// TrekIn takes one's own proposal back.
func (s *Dienst) TrekIn(ctx context.Context, d gebruiker.Dader, id uuid.UUID, versie int64) error {
	return s.Mensen.RondAf(ctx, d, id, versie, gebruiker.Ingetrokken, "")
}
