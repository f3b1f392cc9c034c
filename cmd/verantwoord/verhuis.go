package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/verantwoord/verantwoord/internal/fout"
	middelen "github.com/verantwoord/verantwoord/internal/store/aanmelding"
	applicaties "github.com/verantwoord/verantwoord/internal/store/applicatie"
	beheer "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	checkpoints "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/hersleuteling"
	inwoners "github.com/verantwoord/verantwoord/internal/store/inwoner"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	tijdvakken "github.com/verantwoord/verantwoord/internal/store/tijdvak"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
)

// verhuis moves the log of organisations to a store in PostgreSQL. It needs no keys and no configuration.
func verhuis(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("verantwoord verhuis", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Gebruik: verantwoord verhuis --van OPSLAG --naar OPSLAG [--organisatie OIN ...]")
		fmt.Fprintln(stderr, "         verantwoord verhuis --open --van OPSLAG [--organisatie OIN ...]")
		flags.PrintDefaults()
	}
	var oins []string
	van := flags.String("van", "", "`OPSLAG` waar de log nu staat: sqlite:MAP of postgres://…")
	naar := flags.String("naar", "", "`OPSLAG` waar de log komt te staan: postgres://…")
	flags.Func("organisatie", "`OIN` van wie de log verhuist; mag vaker; zonder dit alle organisaties", func(s string) error {
		oins = append(oins, s)
		return nil
	})
	open := flags.Bool("open", false, "verhuis niets, maar laat --van weer aannemen voor de organisaties")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errGebruik
	}
	if flags.NArg() > 0 || *van == "" || (*naar == "") != *open {
		fmt.Fprintln(stderr, "verantwoord verhuis: noem --van en --naar, of --van en --open; zie verantwoord verhuis --help.")
		return errGebruik
	}
	if !*open && !isPostgres(*naar) {
		return errors.New("--naar: " + geenPostgres)
	}
	bron, sluit, err := openBron(ctx, *van)
	if err != nil {
		return err
	}
	if *open {
		return errors.Join(heropen(ctx, bron, oins, stdout), sluit())
	}
	return errors.Join(verhuisNaar(ctx, bron, *naar, oins, stdout, stderr), sluit())
}

// openBron opens a store to read from.
func openBron(ctx context.Context, adres string) (verhuizing.Bron, func() error, error) {
	if dir, ok := strings.CutPrefix(adres, "sqlite:"); ok {
		// A directory that is mistyped must not become a store.
		if in, err := sqlite.Bestaat(dir); err != nil || !in {
			return nil, nil, errors.Join(fmt.Errorf("er is geen opslag in %s; controleer --van", dir), err)
		}
		s, err := sqlite.Open(ctx, dir, sqlite.Opties{})
		if errors.Is(err, sqlite.ErrInGebruik) {
			return nil, nil, errors.New("het register draait nog op " + dir + "; stop het eerst, want wat het intussen vastlegt zou achterblijven")
		}
		if err != nil {
			return nil, nil, err
		}
		return s, s.Close, nil
	}
	s, err := openPostgres(ctx, adres, "--van", nil)
	if err != nil {
		return nil, nil, err
	}
	return s, s.Close, nil
}

const geenPostgres = "geef een adres dat met postgres:// begint; een ingebouwde opslag (sqlite:MAP) kan alleen de bron zijn"

func isPostgres(adres string) bool {
	return strings.HasPrefix(adres, "postgres://") || strings.HasPrefix(adres, "postgresql://")
}

// openPostgres opens a store of an address that is never shown: it may hold a password.
func openPostgres(ctx context.Context, adres, vlag string, oins []string) (*postgres.Store, error) {
	if !isPostgres(adres) {
		return nil, errors.New(vlag + ": " + geenPostgres)
	}
	s, err := postgres.Open(ctx, adres, postgres.Opties{Organisaties: oins})
	if err != nil {
		return nil, opslagfout(vlag, err)
	}
	return s, nil
}

func verhuisNaar(ctx context.Context, bron verhuizing.Bron, naar string, oins []string, stdout, stderr io.Writer) error {
	plaatsen := oins
	if len(oins) == 0 {
		plaatsen = bron.OINs()
	}
	if len(plaatsen) == 0 {
		return errors.New("op --van staat geen enkele organisatie; er is niets te verhuizen")
	}
	doel, err := openPostgres(ctx, naar, "--naar", plaatsen)
	if err != nil {
		return err
	}
	verslagen, err := verhuizing.Run(ctx, bron, doel, verhuizing.Opties{
		OINs: oins,
		Kamers: []func(context.Context, kamer.Opslag, kamer.Opslag, []string) error{
			applicaties.Verhuis, beheer.Verhuis, kast.Gebruikers.Verhuis, middelen.Verhuis, kast.Activiteiten.Verhuis, inwoners.Verhuis,
			checkpoints.Verhuis, kast.Bescherming.Verhuis, kast.Domeinen.Verhuis, hersleuteling.Verhuis, tijdvakken.Verhuis,
		},
		Meld: func(zin string) { fmt.Fprintln(stderr, zin) },
	})
	if err = errors.Join(err, doel.Close()); err != nil {
		if errors.Is(err, fout.NietBeschikbaar) || ctx.Err() != nil {
			fmt.Fprintln(stderr, "De verhuizing is niet af en er is niets verloren: dezelfde opdracht gaat verder waar zij was.")
		}
		return err
	}
	nieuw := false
	for _, v := range verslagen {
		fmt.Fprintf(stdout, "organisatie %s: %d versies, wortel %s\n", v.OIN, v.Grootte, v.Wortel)
		nieuw = nieuw || !v.Al
	}
	if !nieuw {
		return nil
	}
	fmt.Fprintln(stdout, "\nAlles is overgenomen en vergeleken. Zet het adres van het doel nu in de instellingen, als store of als")
	fmt.Fprintln(stdout, "organisaties.<oin>.store, en start de knooppunten na elkaar opnieuw. Tot een knooppunt opnieuw gestart is,")
	fmt.Fprintln(stdout, "antwoordt het voor deze organisaties 503. Bewaar de bron tot er een reservekopie van het doel is.")
	return nil
}

// heropen undoes the closing of organisations on a source whose move is given up.
func heropen(ctx context.Context, bron verhuizing.Bron, oins []string, stdout io.Writer) error {
	levend, ok := bron.(verhuizing.Levend)
	if !ok {
		return errors.New("een ingebouwde opslag wordt bij een verhuizing niet gesloten; er is niets te openen")
	}
	if len(oins) == 0 {
		oins = bron.OINs()
	}
	for _, oin := range oins {
		if err := levend.SetGesloten(ctx, oin, false); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "organisatie %s neemt op --van weer aan\n", oin)
	}
	return nil
}
