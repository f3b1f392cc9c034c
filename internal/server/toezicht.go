package server

import (
	"context"
	"time"

	telkast "github.com/verantwoord/verantwoord/internal/store/toezicht"
	"github.com/verantwoord/verantwoord/internal/toezicht"
)

// elkeHalveMinuut is how often is looked for records to count: who reads a report reads of this morning, not of this second.
const elkeHalveMinuut = 30 * time.Second

// openToezicht makes who counts the log; startToezicht begins.
func (s *Server) openToezicht(oins []string) {
	s.teller = toezicht.NewTeller(s.store, telkast.New(s.store), oins, func(err error) { s.logger.Error("supervision", "oorzaak", err.Error()) })
}

func (s *Server) startToezicht() {
	s.stopTellen = achtergrond(func(ctx context.Context) { s.teller.Run(ctx, elkeHalveMinuut) })
}
