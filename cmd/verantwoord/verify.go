package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	beheer "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	checkpoints "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// Of verify, whose exit status tells what it found: 0 good, 1 wrong, 2 it could not be checked.
var (
	errGebreken = errors.New("gebreken")
	errOnbekend = errors.New("niet te controleren")
)

// verify checks the stores of the configuration; a log from afar when args hold its address; or one record with its proof.
func verify(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	for i, a := range args {
		if strings.HasPrefix(a, "https://") || strings.HasPrefix(a, "http://") {
			return verifyLog(ctx, a, slices.Concat(args[:i], args[i+1:]), stdout, stderr)
		}
		if strings.HasPrefix(strings.TrimLeft(a, "-"), "bewijsstuk") {
			return verifyStuk(args, stdout, stderr)
		}
	}
	var alsJSON bool
	c, err := parseConfig("verify", args, stderr, func(f *flag.FlagSet) {
		f.BoolVar(&alsJSON, "json", false, "geef de uitkomst als JSON")
		usage := f.Usage
		f.Usage = func() {
			usage()
			fmt.Fprintln(stderr, "\nOf een log op afstand: verantwoord verify https://HOST/bewijs/OIN [opties]")
			fmt.Fprintln(stderr, "Of een record met zijn bewijs: verantwoord verify --bewijsstuk BESTAND --sleutel SLEUTEL [--record BESTAND]")
			fmt.Fprintln(stderr, "Exitstatus: 0 alles klopt, 1 er klopt iets niet, 2 niet te controleren.")
		}
	})
	if err != nil {
		if !errors.Is(err, errGebruik) && !errors.Is(err, flag.ErrHelp) {
			return fmt.Errorf("%w: %w", errOnbekend, err)
		}
		return err
	}
	geheel := &controle.Verslag{Gebreken: []controle.Gebrek{}}
	for _, p := range opslagplaatsen(c) {
		v, err := nakijkOpslag(ctx, p.adres, c.Sleutels, voortgang(stderr))
		if err != nil {
			return fmt.Errorf("%w: %w", errOnbekend, opslagfout(p.sleutel, err))
		}
		geheel.Organisaties = append(geheel.Organisaties, v.Organisaties...)
		for _, g := range v.Gebreken {
			geheel.Add(g)
		}
		geheel.Meer += v.Meer
	}
	return toonVerslag(stdout, geheel, alsJSON)
}

// toonVerslag writes what was found; the error says what it comes to.
func toonVerslag(w io.Writer, v *controle.Verslag, alsJSON bool) error {
	if alsJSON {
		if err := schrijfJSON(w, v); err != nil {
			return err
		}
	} else {
		schrijfGebreken(w, v.Gebreken)
		if v.Meer > 0 {
			fmt.Fprintf(w, "En nog %d andere gebreken.\n", v.Meer)
		}
		for _, o := range v.Organisaties {
			fmt.Fprintf(w, "organisatie %s: %d versies, %d regels beheerlog en %d checkpoints nagekeken\n", o.OIN, o.Versies, o.Beheerlog, o.Checkpoints)
		}
	}
	switch v.Oordeel() {
	case controle.Fout:
		if !alsJSON {
			fmt.Fprintln(w, "\nDe opslag klopt niet met haar eigen bewijs. Bewaar een kopie zoals zij nu is en zet een goede reservekopie terug.")
			fmt.Fprintln(w, "Is alleen het deel index genoemd, dan is er niets verloren: verantwoord reindex bouwt de index opnieuw op.")
		}
		return errGebreken
	case controle.Onbekend:
		if !alsJSON {
			fmt.Fprintln(w, "\nNiet alles is nagekeken. Zet de juiste sleutels in de map sleutels en draai verantwoord verify opnieuw.")
		}
		return errOnbekend
	}
	if !alsJSON {
		fmt.Fprintln(w, "\nAlles klopt.")
	}
	return nil
}

func schrijfJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func schrijfGebreken(w io.Writer, l []controle.Gebrek) {
	for _, g := range l {
		waar := g.Deel
		if g.OIN != "" {
			waar = "organisatie " + g.OIN + ", " + waar
		}
		if g.Waar != "" {
			waar += ", " + g.Waar
		}
		fmt.Fprintf(w, "FOUT %s: %s\n", waar, g.Wat)
	}
}

// uitkomst is the error that an outcome ends with.
func uitkomst(o controle.Oordeel) error {
	switch o {
	case controle.Fout:
		return errGebreken
	case controle.Onbekend:
		return errOnbekend
	}
	return nil
}

// voortgang tells how far a long check is, at most every few seconds.
func voortgang(w io.Writer) func(oin string, bladen uint64) {
	laatst := time.Now()
	return func(oin string, bladen uint64) {
		if time.Since(laatst) > 2*time.Second {
			laatst = time.Now()
			fmt.Fprintf(w, "organisatie %s: %d versies nagekeken\n", oin, bladen)
		}
	}
}

// nakijker is a store that is looked at.
type nakijker interface {
	controle.Opslag
	kamer.Opslag
	// Vingerafdrukken are the fingerprints of the keys, by OIN and name of the key.
	Vingerafdrukken(ctx context.Context) (map[string]map[string]string, error)
	Close() error
}

func openNakijker(ctx context.Context, adres string) (nakijker, error) {
	dir, ok := config.SQLiteMap(adres)
	if !ok {
		return postgres.Nakijk(ctx, adres)
	}
	if in, err := sqlite.Bestaat(dir); err != nil || !in {
		return nil, errors.Join(fmt.Errorf("er is geen opslag in %s; controleer de instellingen (--config)", dir), err)
	}
	n, err := sqlite.Nakijk(ctx, dir)
	if errors.Is(err, sqlite.ErrInGebruik) {
		return nil, errors.New("de opslag is in gebruik; stop het register, of controleer een kopie van de map")
	}
	return n, err
}

// beheerVan is the beheerlog of a store that is looked at.
type beheerVan struct {
	*beheerlog.Log
	*beheer.Opslag
}

// nakijkOpslag checks one store against its proof.
func nakijkOpslag(ctx context.Context, adres, sleutels string, gang func(string, uint64)) (_ *controle.Verslag, err error) {
	n, err := openNakijker(ctx, adres)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	bekend, err := n.Vingerafdrukken(ctx)
	if err != nil {
		return nil, err
	}
	bos, fouten := betrokkene.Controleer(sleutels, n.OINs(), bekend)
	w := controle.Winkel{
		Opslag: n, Sleutels: bos.Organisatie, Punten: checkpoints.New(n), Gang: gang,
		Beheer: beheerVan{beheerlog.NewLog(beheer.New(n), bos.Organisatie, time.Now), beheer.New(n)},
	}
	v, err := w.Run(ctx)
	if err != nil {
		return nil, err
	}
	for oin, err := range fouten {
		v.Add(controle.Gebrek{OIN: oin, Deel: controle.DeelSleutel, Wat: tekst(err)})
	}
	return v, nil
}
