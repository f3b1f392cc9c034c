package server

import (
	"context"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/getuige/dienst"
	punten "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// openGetuigen makes who offers public checkpoints to witnesses; startGetuigen begins. A key that can't be read is an error for an
// operator.
func (s *Server) openGetuigen(oins []string) error {
	var l []getuige.Bestemming
	for _, oin := range oins {
		for i, g := range s.config.Organisatie(oin).Getuigen {
			k, err := getuige.ParseSleutel(g.Sleutel)
			if err != nil {
				return fmt.Errorf("organisaties.%s.getuigen: de sleutel van getuige %d is niet te lezen; neem hem over van de pagina van de getuige: %w", oin, i+1, err)
			}
			l = append(l, getuige.Bestemming{OIN: oin, Nummer: i + 1, URL: g.URL, Sleutel: k})
		}
	}
	var pacht getuige.Pacht // one process has the embedded store to itself
	if p, ok := s.store.motoren[0].opslag.(*postgres.Store); ok {
		pacht = p.Lease("getuigen", 3*getuige.Tempo)
	}
	s.aanbieder = getuige.NewAanbieder(getuige.Opties{
		Punten: s.checkpoints, Opslag: punten.New(s.store), Vraag: dienst.NewClient(nil), Pacht: pacht, Bestemmingen: l, Nu: s.nu,
		Meting: metenGetuigen{s.metrics},
		Meld: func(ernstig bool, err error) {
			if ernstig {
				s.logger.Error("WITNESS CONTRADICTS THE LOG", "oorzaak", err.Error())
				return
			}
			s.logger.Warn("witness", "oorzaak", err.Error())
		},
	})
	return nil
}

func (s *Server) startGetuigen() { s.stopAanbod = s.vanzelf(s.aanbieder.Run) }

// bewijzen are the checkpoints and proofs as they are shown: with the cosignatures under the public checkpoints.
func (s *Server) bewijzen() *getoond { return &getoond{s.checkpoints, punten.New(s.store), s} }

type getoond struct {
	*checkpoint.Bewaarder
	opslag getuige.Opslag
	s      *Server
}

// Punt adds to a public checkpoint what witnesses signed. A line that does not hold would spoil the whole for who knows that
// witness, so it is left out.
func (g *getoond) Punt(ctx context.Context, oin string, boom bewijs.Boom, openbaar bool) (checkpoint.Bewaard, error) {
	w, err := g.Bewaarder.Punt(ctx, oin, boom, openbaar)
	if err != nil || !openbaar {
		return w, err
	}
	l, err := g.opslag.Medeondertekeningen(ctx, oin, boom, w.Nr)
	if err != nil {
		return w, err
	}
	for i := range l {
		if !l[i].Klopt(w.Tekst) {
			g.s.logger.Error("a cosignature in the store does not hold; verify the store", "organisatie", oin, "boom", string(boom), "checkpoint", w.Nr)
			continue
		}
		w.Tekst = append(w.Tekst, l[i].Regel...)
	}
	return w, nil
}

// metenGetuigen passes figures on to Prometheus.
type metenGetuigen struct{ m *telemetry.Metrics }

// Getuige implements getuige.Meting.
func (m metenGetuigen) Getuige(oin string, b bewijs.Boom, nummer int, moment time.Time, tegenspraak bool) {
	m.m.Getuige(oin, string(b), nummer, moment, tegenspraak)
}
