package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/fout"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	punten "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	nagekeken "github.com/verantwoord/verantwoord/internal/store/nakijken"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
)

// rustMaal is how many times as long as it works the daily check waits: a quarter of one core at most is for it.
const rustMaal = 3

// openNakijken makes who holds the stores against their own proof once a day; startNakijken begins.
func (s *Server) openNakijken(oins []string, sleutels *betrokkene.Sleutelbos) error {
	adres, err := url.Parse(s.config.URL)
	if err != nil {
		return err
	}
	s.nakijker = &controle.Dagelijks{
		OINs: oins, Nakijkingen: nagekeken.New(s.store), Tijd: s.config.Nakijken, Naam: adres.Host, Nu: s.nu, Klaar: s.isNagekeken,
		Nakijk: func(ctx context.Context) ([]*controle.Verslag, error) { return s.kijkNa(ctx, oins, sleutels) },
		Meld:   func(err error) { s.logger.Error("daily check", "oorzaak", err.Error()) },
	}
	if p, ok := s.store.motoren[0].opslag.(*postgres.Store); ok {
		s.nakijker.Pacht = p.Lease("nakijken", controle.PachtDuur)
	}
	return nil
}

func (s *Server) startNakijken() { s.stopNakijken = s.vanzelf(s.nakijker.Run) }

// beheerVan is the beheerlog as a check reads it.
type beheerVan struct {
	*beheerlog.Log
	*logboek.Opslag
}

// kijkNa checks every engine; what is not the log stands on the main one.
func (s *Server) kijkNa(ctx context.Context, oins []string, sleutels *betrokkene.Sleutelbos) (uit []*controle.Verslag, err error) {
	beheer := logboek.New(s.store)
	for _, m := range s.store.motoren {
		var hier []string
		for _, oin := range oins {
			if s.store.Op(oin) == m.opslag {
				hier = append(hier, oin)
			}
		}
		o, sluit, err := m.nakijker(ctx)
		if err != nil {
			return nil, fmt.Errorf("look at store: %w", err)
		}
		w := controle.Winkel{
			Opslag: &controle.Rustig{Opslag: o, Alleen: hier, Pauze: controle.Rust(rustMaal)}, Sleutels: sleutels.Organisatie,
			Punten: punten.New(s.store), Beheer: beheerVan{s.beheerlog, beheer}, Tijdvakken: tijdvak.Bomen{Log: m, Beheer: s.store},
		}
		v, err := w.Run(ctx)
		if err = errors.Join(err, sluit()); err != nil {
			return nil, err
		}
		uit = append(uit, v)
	}
	return uit, nil
}

// nakijker looks at an engine that is open.
func (m motor) nakijker(ctx context.Context) (controle.Opslag, func() error, error) {
	switch e := m.opslag.(type) {
	case *sqlite.Store:
		n, err := e.Nakijk(ctx)
		if err != nil {
			return nil, nil, err
		}
		return n, n.Close, nil
	case *postgres.Store:
		n, err := postgres.Nakijk(ctx, m.adres)
		if err != nil {
			return nil, nil, err
		}
		return n, n.Close, nil
	}
	return nil, nil, fmt.Errorf("no check for %T", m.opslag)
}

// isNagekeken tells the operator what a check came to.
func (s *Server) isNagekeken(n, heel *controle.Nagekeken) {
	var laatstHeel time.Time
	if heel != nil {
		laatstHeel = heel.Begonnen
	}
	s.metrics.Nagekeken(n.OIN, n.Begonnen, laatstHeel, n.Aantal)
	if n.Oordeel == controle.Goed {
		s.logger.Info("the store was checked and all is well", "organisatie", n.OIN, "begonnen", n.Begonnen, "duur", n.Duur.String(),
			"versies", n.Versies, "beheerlog", n.Beheerlog, "checkpoints", n.Checkpoints)
		return
	}
	for _, k := range controle.Soorten(n.Gebreken) {
		s.logger.Error("the store does not fit its own proof", "organisatie", n.OIN, "deel", k.Deel, "aantal", k.Aantal, "eerste", k.Eerste,
			"begonnen", n.Begonnen, "gebreken", n.Aantal)
	}
}

// laatstHeel gives when all of an organisation was well last; the zero time: never.
func (s *Server) laatstHeel(ctx context.Context, oin string) time.Time {
	if !slices.Contains(s.nakijker.OINs, oin) {
		return time.Time{}
	}
	n, err := s.nakijker.Nakijkingen.Heel(ctx, oin)
	if err != nil || n == nil {
		return time.Time{}
	}
	return n.Begonnen
}

// bewijsStand tells officers what is known of the proof of an organisation.
func (s *Server) bewijsStand(ctx context.Context, oin string) (*beheer.BewijsStand, error) {
	n, err := s.nakijker.Nakijkingen.Laatste(ctx, oin)
	if err != nil {
		return nil, err
	}
	uit := &beheer.BewijsStand{Uit: s.config.Nakijken < 0}
	for _, b := range []struct {
		boom bewijs.Boom
		naam string
	}{{bewijs.BoomLog, "Verwerkingenlog"}, {bewijs.BoomBeheer, "Beheerlog"}} {
		t := beheer.BoomStand{Naam: b.naam, Pad: bewijs.Origin("", oin, b.boom)}
		if t.Bladen, err = s.checkpoints.Bomen.Grootte(ctx, oin, b.boom); err != nil {
			return nil, err
		}
		switch w, err := s.checkpoints.Punt(ctx, oin, b.boom, false); {
		case err == nil:
			t.Getekend, t.Moment = w.Grootte, w.Moment
		case !errors.Is(err, fout.New(fout.CodeBewijsNogNiet, "")):
			return nil, err
		}
		tijdvakken, err := s.checkpoints.Tijdvakken(ctx, oin, b.boom)
		if err != nil {
			return nil, err
		}
		if t.Tijdvak = tijdvakken.Nu(); t.Tijdvak > 1 {
			nieuwste := tijdvakken[len(tijdvakken)-1]
			t.Begonnen, t.Gat = nieuwste.Blad, nieuwste.Gat()
		}
		if n != nil {
			t.Nagekeken = map[bewijs.Boom]uint64{bewijs.BoomLog: n.Versies, bewijs.BoomBeheer: n.Beheerlog}[b.boom]
		}
		uit.Bomen = append(uit.Bomen, t)
	}
	if n == nil {
		return uit, nil
	}
	uit.Nagekeken = &beheer.Nagekeken{
		Moment: n.Begonnen, Duur: n.Duur.Round(time.Second / 10).String(), Klopt: n.Oordeel == controle.Goed, Aantal: n.Aantal, Meer: n.Aantal - len(n.Gebreken),
	}
	for _, g := range n.Gebreken {
		uit.Nagekeken.Gebreken = append(uit.Nagekeken.Gebreken, beheer.Gebrek{Deel: g.Deel, Waar: g.Waar, Wat: g.Wat})
	}
	uit.Nagekeken.Heel = s.laatstHeel(ctx, oin)
	return uit, nil
}

// regelbewijs gives the proof of an event of the beheerlog.
func (s *Server) regelbewijs(ctx context.Context, oin string, nummer uint64) ([]byte, error) {
	b, err := s.beheerlog.Blad(ctx, oin, nummer)
	if err != nil {
		return nil, err
	}
	return s.checkpoints.Regelbewijs(ctx, oin, nummer, b)
}
