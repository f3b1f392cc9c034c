package server

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/store/kast"
)

// openActiviteiten puts the register of processing activities in force. The log never asks it anything (B8278).
func (s *Server) openActiviteiten(ctx context.Context, b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos) (err error) {
	s.activiteiten, err = activiteit.New(ctx, activiteit.Opties{
		Opslag: kast.New(s.store, kast.Activiteiten, nil), Sleutels: sleutels.Organisatie, Organisaties: oins(b), Wetten: s.wetten, Nu: s.nu,
		Meld:  func(err error) { s.logger.Error("processing activities", "oorzaak", err.Error()) },
		Eigen: s.eigenActiviteiten,
	})
	if err != nil {
		return fmt.Errorf("verwerkingsactiviteiten openen: %w", err)
	}
	return nil
}

// eigenActiviteiten are those under which the register logs what it is asked, each once.
func (s *Server) eigenActiviteiten(oin string) (uit []uuid.UUID) {
	a := s.config.Organisatie(oin).Activiteit
	onder := []string{a.Inzage, a.Bewerking}
	if slices.ContainsFunc(s.config.Inwonerdiensten, func(d config.Inwonerdienst) bool { return d.Organisatie == "" || d.Organisatie == oin }) {
		onder = append(onder, a.Mijn)
	}
	for _, tekst := range onder {
		if id, err := uuid.Parse(tekst); err == nil && !slices.Contains(uit, id) {
			uit = append(uit, id)
		}
	}
	return uit
}

// startActiviteiten follows what other nodes change.
func (s *Server) startActiviteiten() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.activiteiten.Follow(ctx, elkeHalveSeconde)
	}()
	s.stopActiviteiten = func() {
		stop()
		<-done
	}
}

// Activiteiten gives the register of processing activities without pages or API: for filling a store.
func (s *Server) Activiteiten() *activiteit.Register { return s.activiteiten }

// Domeinen gives what is open for who acts for another, as Activiteiten.
func (s *Server) Domeinen() *domein.Domeinen { return s.inwoners.domeinen }
