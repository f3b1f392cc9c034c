package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// errTeDoen means that migrate --plan found something to do, and has said what.
var errTeDoen = errors.New("te doen")

// migreer brings the tables of every store that is configured to the version of this program, or tells what
// that would take. serve does the same when it starts; here it can be seen, and done, beforehand.
func migreer(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var plan bool
	c, err := parseConfig("migrate", args, stderr, func(f *flag.FlagSet) {
		f.BoolVar(&plan, "plan", false, "verander niets en toon wat er zou gebeuren; exitstatus 3 als er iets te doen is")
	})
	if err != nil {
		return err
	}
	tedoen := 0
	for _, p := range opslagplaatsen(c) {
		stappen, err := migratieplan(ctx, p.adres)
		if err != nil {
			return opslagfout(p.sleutel, err)
		}
		for _, s := range stappen {
			fmt.Fprintf(stdout, "%s: %s\n", p.sleutel, s)
		}
		if len(stappen) == 0 {
			fmt.Fprintf(stdout, "%s: niets te doen\n", p.sleutel)
		}
		tedoen += len(stappen)
		if plan || len(stappen) == 0 {
			continue
		}
		if err := migreerStore(ctx, p.adres); err != nil {
			return opslagfout(p.sleutel, err)
		}
		fmt.Fprintf(stdout, "%s: gedaan\n", p.sleutel)
	}
	if plan && tedoen > 0 {
		return errTeDoen
	}
	return nil
}

// opslagplaats is a store and the setting that names it; the address itself may hold a password.
type opslagplaats struct{ sleutel, adres string }

// opslagplaatsen are the stores of a configuration, each once.
func opslagplaatsen(c *config.Config) []opslagplaats {
	list := []opslagplaats{{"store", c.Store}}
	gezien := map[string]bool{c.Store: true}
	for _, oin := range c.Organisaties() {
		if adres := c.Organisatie(oin).Store; adres != "" && !gezien[adres] {
			gezien[adres] = true
			list = append(list, opslagplaats{"organisaties." + oin + ".store", adres})
		}
	}
	return list
}

// migratieplan names the steps that opening a store would take, those of the log first.
func migratieplan(ctx context.Context, adres string) ([]string, error) {
	dir, ok := config.SQLiteMap(adres)
	if !ok {
		return postgres.Plan(ctx, adres)
	}
	var kamers []string
	in, err := sqlite.Inspect(ctx, dir, 0, func(o kamer.Opslag) (err error) {
		kamers, err = kamer.Plan(ctx, o)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case in.InGebruik:
		return nil, nil // whoever has it open has migrated it
	case !in.Bestaat:
		kamers = kamer.Stappen()
	}
	return append(in.Stappen[:len(in.Stappen):len(in.Stappen)], kamers...), nil
}

func migreerStore(ctx context.Context, adres string) error {
	if dir, ok := config.SQLiteMap(adres); ok {
		s, err := sqlite.Open(ctx, dir, sqlite.Opties{})
		if err != nil {
			return err
		}
		return s.Close()
	}
	s, err := postgres.Open(ctx, adres, postgres.Opties{})
	if err != nil {
		return err
	}
	return s.Close()
}

// opslagfout says what is wrong with a store in Dutch, and the way out, without its address. waar is the setting
// or the flag that names it.
func opslagfout(waar string, err error) error {
	for _, uitleg := range []func(error) (wat, uitweg string){postgres.Uitleg, sqlite.Uitleg} {
		if wat, uitweg := uitleg(err); wat != "" {
			return fmt.Errorf("%s: %s; %s", waar, wat, uitweg)
		}
	}
	return fmt.Errorf("%s: %w", waar, err)
}
