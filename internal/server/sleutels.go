package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	herstand "github.com/verantwoord/verantwoord/internal/store/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// openSleutels opens the keys of organisations on a store; meld takes what is wrong with them later.
func openSleutels(ctx context.Context, c *config.Config, oins []string, store *opslagen, nu func() time.Time, meld func(error)) (*betrokkene.Sleutelbos, error) {
	return betrokkene.OpenMet(ctx, c.Sleutels, oins, store, betrokkene.Opties{Momenten: herstand.New(store), Nu: nu, Meld: meld})
}

// sleutelsGewijzigd is the sentence of events about keys; what changed follows it.
const sleutelsGewijzigd = "Sleutels in gebruik genomen of gewijzigd"

// herschrijven is what such an event calls the rewriting of older versions.
const herschrijven = "herschrijven"

func (s *Server) meldSleutels(err error) {
	s.logger.Error("keys", "oorzaak", err.Error(), "uitweg", "zodra de bestanden goed zijn gaat het register vanzelf verder")
}

// sleutelwerk follows the keys of a register that runs.
type sleutelwerk struct {
	s      *Server
	oins   []string
	opslag *herstand.Opslag
	werk   *hersleuteling.Werk

	mu     sync.Mutex
	stand  map[string]*hersleuteling.Stand // as written last, by organisation
	geteld map[string]*telling             // by organisation
	stil   string

	zeggen sync.Mutex                   // one that tells the beheerlog at a time
	gezegd map[string]map[string]string // what it was told last, by organisation
}

// newSleutelwerk makes it.
func (s *Server) newSleutelwerk(oins []string) *sleutelwerk {
	w := &sleutelwerk{s: s, oins: oins, opslag: herstand.New(s.store.motoren[0].opslag), stand: map[string]*hersleuteling.Stand{}, geteld: map[string]*telling{}, gezegd: map[string]map[string]string{}}
	var pacht hersleuteling.Pacht
	if p, ok := s.store.motoren[0].opslag.(*postgres.Store); ok {
		pacht = p.Lease("sleutels", 3*hersleuteling.Tempo)
	}
	w.werk = hersleuteling.New(hersleuteling.Opties{
		Opslag: w.opslag, Momenten: w.opslag, Sleutels: s.sleutels.Organisatie, OINs: oins, Pacht: pacht, Nu: s.nu,
		Grootte: s.store.Size, Hersleutel: s.hersleutel, Kamers: w.opslag.Hersleutel, Index: s.vernieuwIndex, Wachtrij: s.vastleggers.wachtend,
		Meld: func(err error) { s.logger.Error("keys", "oorzaak", err.Error()) }, Gedaan: w.note,
	})
	return w
}

// hersleutel rewrites versions of the log. What could not be is told, and counted.
func (s *Server) hersleutel(ctx context.Context, k *betrokkene.Sleutels, oin string, van uint64, max int) (volgende uint64, gewijzigd, gelaten int, err error) {
	volgende, gewijzigd, err = verwerkingenlog.Hersleutel(ctx, s.store, k, oin, van, max)
	if errors.Is(err, verwerkingenlog.ErrGelaten) {
		gelaten = 1
		if l, ok := err.(interface{ Unwrap() []error }); ok {
			gelaten = len(l.Unwrap())
		}
		s.logger.Error("keys", "oorzaak", err.Error(), "uitweg", "draai verantwoord verify")
		err = nil
	}
	return volgende, gewijzigd, gelaten, err
}

// vernieuwIndex takes entries of before out of an index that is a file of its own.
func (s *Server) vernieuwIndex(ctx context.Context, oin string) error {
	if m, ok := s.store.Op(oin).(*sqlite.Store); ok {
		return m.VernieuwIndex(ctx)
	}
	return nil
}

// startSleutels looks for new keys, rewrites with them, and retires old ones when that is asked.
func (s *Server) startSleutels(oins []string) {
	s.sleutelwerk = s.newSleutelwerk(oins)
	kijken := s.vanzelf(func(ctx context.Context) {
		t := time.NewTicker(betrokkene.VerversElke)
		defer t.Stop()
		for {
			s.kijkSleutels(ctx)
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
		}
	})
	werken := s.vanzelf(s.sleutelwerk.werk.Run)
	vervallen := s.vanzelf(func(ctx context.Context) {
		t := time.NewTicker(vervalTempo)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				s.sleutelwerk.verval(ctx)
			}
		}
	})
	s.stopSleutels = func() { kijken(); vervallen(); werken() }
}

// kijkSleutels looks for new keys, and tells beside them how it is. What is wrong was told by the keyring.
func (s *Server) kijkSleutels(ctx context.Context) {
	_ = s.sleutels.Ververs(ctx)
	s.sleutelwerk.schrijf(ctx)
}

// schrijf tells how it is, in the files beside the keys and in figures.
func (w *sleutelwerk) schrijf(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var gedaan, totaal uint64
	for _, oin := range w.oins {
		nu, err := w.lees(ctx, oin)
		if err == nil {
			if v := nu.Voortgang; v != nil {
				gedaan, totaal = gedaan+v.Volgende, totaal+v.Totaal
			}
			if was := w.stand[oin]; was != nil && nu.Moment.Sub(was.Moment) < time.Minute {
				gelijk := *was
				if gelijk.Moment = nu.Moment; reflect.DeepEqual(&gelijk, nu) {
					continue
				}
			}
			if was := w.stand[oin]; was != nil && !reflect.DeepEqual(was.Gebruik, nu.Gebruik) {
				w.s.logger.Info("new keys are written with", "organisatie", oin, "sleutels", nu.Gebruik)
			}
			err = nu.Schrijf(w.s.config.Sleutels, oin)
			w.stand[oin] = nu
		}
		if err != nil && ctx.Err() == nil && err.Error() != w.stil {
			w.stil = err.Error()
			w.s.logger.Warn("keys", "oorzaak", err.Error())
		}
	}
	w.s.metrics.Sleutels(w.s.sleutels.Gebrek() != nil, gedaan, totaal)
}

// nu gives how it is now.
func (w *sleutelwerk) nu(ctx context.Context, oin string) (*hersleuteling.Stand, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lees(ctx, oin)
}

// lees gives how it is now; w.mu is held.
func (w *sleutelwerk) lees(ctx context.Context, oin string) (*hersleuteling.Stand, error) {
	k, _ := w.s.sleutels.Organisatie(oin) // that there is one was seen when the keys were opened
	stand := &hersleuteling.Stand{Moment: w.s.nu().UTC().Truncate(time.Second), Gebruik: k.Gebruik(), Doel: k.Doel()}
	var err error
	if stand.Bekend, err = w.opslag.Momenten(ctx, oin); err != nil {
		return nil, err
	}
	v, err := w.opslag.Voortgang(ctx, oin)
	if err != nil {
		return nil, err
	}
	if v.Doel != "" {
		stand.Voortgang = &v
	}
	var f *fout.Fout
	if errors.As(k.Schrijfbaar(), &f) {
		stand.Gebrek = f.Oorzaak.Error()
		if errors.As(f.Oorzaak, &f) { // the sentence for an operator
			stand.Gebrek = f.Detail
		}
	}
	bekend, err := w.s.store.Vingerafdrukken(ctx, oin)
	if err != nil {
		return nil, err
	}
	w.vulNodig(stand, oin, bekend)
	return stand, nil
}

// note tells in the beheerlog what changed about the keys of an organisation: the node that has the lease, and one that retired a
// key.
func (w *sleutelwerk) note(ctx context.Context, oin string) error {
	w.zeggen.Lock()
	defer w.zeggen.Unlock()
	nu, err := w.s.sleutelstand(ctx, oin)
	if err != nil {
		return err
	}
	if maps.Equal(nu, w.gezegd[oin]) {
		return nil
	}
	if err := w.s.note(ctx, oin, beheerlog.Sleutel, sleutelsGewijzigd, nu); err != nil {
		return err
	}
	w.gezegd[oin] = nu
	return nil
}

// sleutelstand is what the beheerlog tells of keys: their fingerprints, which of those that came later are written with,
// with which all was rewritten, and which are retired.
func (s *Server) sleutelstand(ctx context.Context, oin string) (map[string]string, error) {
	uit, err := s.store.Vingerafdrukken(ctx, oin)
	if err != nil {
		return nil, err
	}
	for naam, bewaard := range maps.Clone(uit) {
		if sinds, afdruk, ok := betrokkene.Vervallen(bewaard); ok {
			uit[naam], uit[naam+" vervallen"] = afdruk, sinds.UTC().Format(time.RFC3339)
		}
	}
	opslag := herstand.New(s.store)
	momenten, err := opslag.Momenten(ctx, oin)
	if err != nil {
		return nil, err
	}
	for naam, sinds := range momenten {
		if _, ok := uit[naam]; ok && !s.nu().Before(sinds.Add(betrokkene.Wachttijd)) {
			uit[naam+" in gebruik"] = sinds.Add(betrokkene.Wachttijd).UTC().Format(time.RFC3339)
		}
	}
	v, err := opslag.Voortgang(ctx, oin)
	if err != nil || v.Doel == "" {
		return uit, err
	}
	met := "met " + strings.ReplaceAll(v.Doel, " ", " en ")
	if uit[herschrijven] = "bezig " + met; v.AllesKlaar() {
		uit[herschrijven] = fmt.Sprintf("klaar %s, %d versies en %d documenten", met, v.Gewijzigd, v.Kamers.Gewijzigd)
		if n := v.Gelaten + v.Kamers.Gelaten; n > 0 {
			uit[herschrijven] += fmt.Sprintf(", %d gelaten", n)
		}
	}
	return uit, nil
}
