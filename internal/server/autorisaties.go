package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/autorisatiecomponent"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/store/applicatie"
)

// elkeHalveSeconde keeps a change by another process within the second that is promised.
const elkeHalveSeconde = 500 * time.Millisecond

// newRegister gives a register whose grants come from where the configuration says.
func newRegister(c *config.Config, nu func() time.Time) *autorisatie.Register {
	a := c.Autorisaties
	if a.URL == "" {
		return autorisatie.NewRegister(nil)
	}
	component := autorisatiecomponent.New(autorisatiecomponent.Opties{
		URL: a.URL, ClientID: a.ClientID, Geheim: []byte(a.Geheim), TimeOut: a.TimeOut,
		Bewerking: a.ComponentBewerking, Inzage: a.ComponentInzage, VAR: a.ComponentVAR, Nu: nu,
	})
	return autorisatie.NewExternRegister(component, autorisatie.ExternOpties{
		Bewaren: a.Cache == config.CacheNotificaties, Vangnet: a.Vangnet, TimeOut: a.TimeOut, Nu: nu,
	})
}

// openBeheer puts the applications of file and store in force and follows them.
func (s *Server) openBeheer(ctx context.Context, b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos, register *autorisatie.Register) error {
	var err error
	s.beheer, err = autorisatie.NewBeheer(ctx, autorisatie.BeheerOpties{
		Opslag: applicatie.New(s.store), Sleutels: sleutels.Organisatie, Register: register, Bestand: b, Nu: s.nu,
		Meld: func(err error) { s.logger.Error("applications", "oorzaak", err.Error()) },
	})
	if err != nil {
		return fmt.Errorf("applicaties openen: %w", err)
	}
	volgen, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.beheer.Follow(volgen, elkeHalveSeconde)
	}()
	s.stopVolgen = func() {
		stop()
		<-done
	}
	return nil
}

// OpenBeheer opens the applications of a store, for the command line; meld takes what is wrong. close
// must be called. An error that wraps sqlite.ErrInGebruik says that the store is embedded in a register
// that runs; one of PostgreSQL may be in use.
func OpenBeheer(ctx context.Context, c *config.Config, b *autorisatie.Bestand, meld func(error)) (beheer *autorisatie.Beheer, close func() error, err error) {
	oins := make([]string, len(b.Organisaties))
	for k, o := range b.Organisaties {
		oins[k] = o.OIN
	}
	store, err := openOpslag(ctx, c, oins, nil, meld)
	if err != nil {
		return nil, nil, err
	}
	sleutels, err := openSleutels(ctx, c, oins, store, nil, meld)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sleutels openen: %w", err), store.Close())
	}
	beheer, err = autorisatie.NewBeheer(ctx, autorisatie.BeheerOpties{Opslag: applicatie.New(store), Sleutels: sleutels.Organisatie, Bestand: b, Meld: meld})
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return beheer, store.Close, nil
}
