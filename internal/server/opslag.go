package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/verdeeld"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// opslag is what the register needs of an engine.
type opslag interface {
	verwerkingenlog.Store
	verwerkingenlog.Hersleutelaar
	betrokkene.Vervaller
	// Zegels counts versions by the number of the zegel key that they are under.
	Zegels(ctx context.Context, oin string) (map[uint16]uint64, error)
	kamer.Opslag
	// OpenTijdvak adds the leaf of an epoch of the log and its row, and what mee adds, in one transaction.
	OpenTijdvak(ctx context.Context, b *bewijs.Tijdvakblad, mee func(*kamer.Tx) error) error
	// Ready tells cheaply whether the store can be used; the error says why not.
	Ready(ctx context.Context) error
	// Achterstand is the number of versions that an index lacks, to which readers look elsewhere.
	Achterstand() int
	Close() error
}

// motor is an engine, and how many groups are written side by side on it.
type motor struct {
	opslag
	adres      string
	schrijvers int
}

// opslagen are the engines of a register as one: the log of each organisation stands where the configuration
// places it, and all that is not the log on the main one.
type opslagen struct {
	*verdeeld.Store
	kamer.Opslag
	motoren []motor // the main one first
}

// openOpslag opens the engines that the configuration names, for these organisations. meld takes what is
// wrong in the background. Errors are for an operator.
func openOpslag(ctx context.Context, c *config.Config, oins []string, nu func() time.Time, meld func(error)) (_ *opslagen, err error) {
	plaats := map[string][]string{} // organisations by address of their store
	var adressen []string
	for _, oin := range oins {
		adres := c.Organisatie(oin).Store
		if adres == "" || adres == c.Store {
			continue
		}
		if plaats[adres] == nil {
			adressen = append(adressen, adres)
		}
		plaats[adres] = append(plaats[adres], oin)
	}
	// The main one knows every organisation: their applications stand there.
	hoofd, err := openMotor(ctx, c, c.Store, oins, nu, meld)
	if err != nil {
		return nil, fmt.Errorf("opslag openen: %w", err)
	}
	o := &opslagen{Opslag: hoofd, motoren: []motor{hoofd}}
	per := map[string]verdeeld.Deel{}
	for _, adres := range adressen {
		m, err := openMotor(ctx, c, adres, plaats[adres], nu, meld)
		if err != nil {
			err = fmt.Errorf("opslag van organisatie %s openen: %w", plaats[adres][0], err)
			for _, m := range o.motoren {
				err = errors.Join(err, m.Close())
			}
			return nil, err
		}
		o.motoren = append(o.motoren, m)
		for _, oin := range plaats[adres] {
			per[oin] = m.opslag
		}
	}
	o.Store = verdeeld.New(hoofd.opslag, per)
	return o, nil
}

// motor gives the engine of the log of an organisation.
func (o *opslagen) motor(oin string) motor {
	for _, m := range o.motoren {
		if o.Op(oin) == m.opslag {
			return m
		}
	}
	return o.motoren[0]
}

func openMotor(ctx context.Context, c *config.Config, adres string, oins []string, nu func() time.Time, meld func(error)) (motor, error) {
	if dir, ok := config.SQLiteMap(adres); ok {
		s, err := sqlite.Open(ctx, dir, sqlite.Opties{Organisaties: oins, Nu: nu, Fout: meld})
		if wat, uitweg := sqlite.Uitleg(err); wat != "" {
			err = fmt.Errorf("%s; %s (%w)", wat, uitweg, err)
		}
		return motor{s, adres, 1}, err
	}
	m := motor{adres: adres, schrijvers: cmp.Or(c.Schrijvers, 2)}
	o := postgres.Opties{Organisaties: oins, Nu: nu, Fout: meld, Schrijvers: m.schrijvers}
	if adres == c.Store {
		o.Standby = c.StoreRead
	}
	s, err := postgres.Open(ctx, adres, o)
	if err != nil {
		// The error itself is not shown: it may repeat the address, and with it a password.
		if wat, uitweg := postgres.Uitleg(err); wat != "" {
			return m, errors.New(wat + "; " + uitweg)
		}
		return m, err
	}
	m.opslag = s
	return m, nil
}
