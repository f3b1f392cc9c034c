package server

import (
	"context"
	"net/url"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/config"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	punten "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
	"github.com/verantwoord/verantwoord/internal/web"
)

// pachtDuur is long enough for a node to look a few times before another takes over.
const pachtDuur = 10 * time.Second

// bomen reads both trees of an organisation, wherever they stand; it implements checkpoint.Bomen.
type bomen struct {
	store    *opslagen
	log      *beheerlog.Log
	beheer   *logboek.Opslag
	sleutels *betrokkene.Sleutelbos
}

// Grootte implements checkpoint.Bomen.
func (b *bomen) Grootte(ctx context.Context, oin string, boom bewijs.Boom) (uint64, error) {
	if boom == bewijs.BoomLog {
		return b.store.Size(ctx, oin)
	}
	rand, err := b.beheer.Stand(ctx, oin)
	if err != nil {
		return 0, err
	}
	return rand.Grootte(), nil
}

// Knopen implements checkpoint.Bomen.
func (b *bomen) Knopen(ctx context.Context, oin string, boom bewijs.Boom, indexes []uint64) ([]bewijs.Hash, error) {
	if boom == bewijs.BoomLog {
		return b.store.Knopen(ctx, oin, indexes)
	}
	return b.beheer.Knopen(ctx, oin, indexes)
}

// Tijdvakken implements checkpoint.Bomen.
func (b *bomen) Tijdvakken(ctx context.Context, oin string, boom bewijs.Boom) ([]bewijs.Tijdvak, error) {
	return tijdvak.Bomen{Log: b.store.motor(oin), Beheer: b.store}.Tijdvakken(ctx, oin, boom)
}

// Inhouden implements checkpoint.Bomen.
func (b *bomen) Inhouden(ctx context.Context, oin string, boom bewijs.Boom, van, tot uint64) ([]bewijs.Hash, error) {
	if boom == bewijs.BoomBeheer {
		return b.log.Inhouden(ctx, oin, van, tot)
	}
	s, _ := b.sleutels.Organisatie(oin) // that there is one was seen when the keys were opened
	return verwerkingenlog.Inhouden(ctx, b.store, s, oin, van, tot)
}

// openCheckpoints makes who signs the trees and who reads what was signed; startCheckpoints begins.
func (s *Server) openCheckpoints(oins []string, sleutels *betrokkene.Sleutelbos) error {
	adres, err := url.Parse(s.config.URL)
	if err != nil {
		return err
	}
	s.checkpoints, err = checkpoint.NewBewaarder(checkpoint.Opties{
		Opslag: punten.New(s.store), Bomen: &bomen{s.store, s.beheerlog, logboek.New(s.store), sleutels},
		Host: adres.Host, OINs: oins, Nu: s.nu,
		Zaden: func(oin string) [][]byte {
			if k, ok := sleutels.Organisatie(oin); ok {
				return k.Tekens()
			}
			return nil
		},
		Ondertekenen: func(oin string) [][]byte {
			if k, ok := sleutels.Organisatie(oin); ok {
				return k.Ondertekenen()
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	var pacht checkpoint.Pacht // one process has the embedded store to itself
	if p, ok := s.store.motoren[0].opslag.(*postgres.Store); ok {
		pacht = p.Lease("checkpoints", pachtDuur)
	}
	s.maker = checkpoint.NewMaker(s.checkpoints, pacht, checkpoint.Map(s.config.Sleutels), metenCheckpoints{s.metrics},
		func(err error) { s.logger.Error("checkpoints", "oorzaak", err.Error()) })
	return nil
}

func (s *Server) startCheckpoints() { s.stopTekenen = s.vanzelf(s.maker.Run) }

// bewijsOpenbaar tells whether an organisation shows the hashes of its trees to anybody.
func (s *Server) bewijsOpenbaar(oin string) bool {
	return s.config.Organisatie(oin).Bewijs == config.BewijsOpenbaar
}

// openbarePunten are the newest public checkpoints of the logs, for the start page.
func (s *Server) openbarePunten(ctx context.Context) (uit []web.Checkpoint) {
	for _, oin := range s.checkpoints.OINs {
		if w, err := s.checkpoints.Punt(ctx, oin, bewijs.BoomLog, true); err == nil {
			uit = append(uit, web.Checkpoint{OIN: oin, Grootte: w.Grootte, Wortel: w.Wortel[:], Moment: w.Moment, Heel: s.laatstHeel(ctx, oin)})
		}
	}
	return uit
}

// metenCheckpoints passes figures on to Prometheus.
type metenCheckpoints struct{ m *telemetry.Metrics }

// Checkpoint implements checkpoint.Meting.
func (m metenCheckpoints) Checkpoint(oin string, b bewijs.Boom, grootte uint64, moment time.Time, gestopt bool) {
	m.m.Checkpoint(oin, string(b), grootte, moment, gestopt)
}
