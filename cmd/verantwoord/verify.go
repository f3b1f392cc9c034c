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
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	beheer "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	checkpoints "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	tijdvakken "github.com/verantwoord/verantwoord/internal/store/tijdvak"
)

// Of verify, whose exit status tells what it found: 0 good, 1 wrong, 2 it could not be checked.
var (
	errGebreken = errors.New("gebreken")
	errOnbekend = errors.New("niet te controleren")
)

// verify checks what args name. With --json there is an answer for a machine also when nothing could be checked.
func verify(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	err := verifyWat(ctx, args, stdout, stderr)
	vraagtJSON := func(a string) bool { a = strings.TrimLeft(a, "-"); return a == "json" || a == "json=true" }
	if reden, ok := strings.CutPrefix(fmt.Sprint(err), errOnbekend.Error()+": "); ok && errors.Is(err, errOnbekend) && slices.ContainsFunc(args, vraagtJSON) {
		if e := schrijfJSON(stdout, map[string]string{"nietTeControleren": reden}); e != nil {
			return e
		}
	}
	return err
}

// verifyWat checks the stores of the configuration; a log from afar when args hold its address; or one record with its proof.
func verifyWat(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
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
	hoofd, err := openNakijker(ctx, c.Store)
	if err != nil {
		return fmt.Errorf("%w: %w", errOnbekend, opslagfout("store", err))
	}
	defer func() { err = errors.Join(err, hoofd.Close()) }()
	for _, p := range opslagplaatsen(c) {
		v, err := nakijkOpslag(ctx, opslagplek{p.adres, hoofd, p.adres == c.Store, func(oin string) bool { return plaatsVan(c, oin) == p.adres }}, c.Sleutels, voortgang(stderr))
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
		schrijfGebreken(w, "FOUT", v.Gebreken)
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
			if slices.ContainsFunc(v.Gebreken, func(g controle.Gebrek) bool { return g.Deel == controle.DeelCheckpoint }) {
				fmt.Fprintln(w, "Is de opslag teruggezet, en is er geen nieuwere kopie? Leg dan vast wat er verloren is met verantwoord tijdvak open (docs/beheer/herstel.md).")
			}
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

// schrijfGebreken writes what is wrong, each on a line that begins with wat.
func schrijfGebreken(w io.Writer, wat string, l []controle.Gebrek) {
	for _, g := range l {
		waar := g.Deel
		if g.OIN != "" {
			waar = "organisatie " + g.OIN + ", " + waar
		}
		if g.Waar != "" {
			waar += ", " + g.Waar
		}
		fmt.Fprintf(w, "%s %s: %s\n", wat, waar, g.Wat)
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

// opslagplek is a store to be checked.
type opslagplek struct {
	adres string
	hoofd nakijker // the store of the register, where checkpoints and the beheerlog are
	is    bool     // this is that one
	hier  func(oin string) bool
}

// plaatsVan tells where the log of an organisation stands.
func plaatsVan(c *config.Config, oin string) string {
	if adres := c.Organisatie(oin).Store; adres != "" {
		return adres
	}
	return c.Store
}

// nakijkOpslag checks one store against its proof: the organisations whose log stands there.
func nakijkOpslag(ctx context.Context, p opslagplek, sleutels string, gang func(string, uint64)) (_ *controle.Verslag, err error) {
	n := p.hoofd
	if !p.is {
		if n, err = openNakijker(ctx, p.adres); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, n.Close()) }()
	}
	bekend, err := n.Vingerafdrukken(ctx)
	if err != nil {
		return nil, err
	}
	var oins []string
	for _, oin := range n.OINs() {
		if p.hier(oin) {
			oins = append(oins, oin)
		}
	}
	bos, fouten := betrokkene.Controleer(sleutels, oins, bekend)
	w := controle.Winkel{
		Tijdvakken: tijdvakken.Bomen{Log: n, Beheer: p.hoofd},
		Opslag:     &controle.Rustig{Opslag: n, Alleen: oins, Pauze: doorwerken}, Sleutels: bos.Organisatie, Punten: checkpoints.New(p.hoofd), Gang: gang,
		Geheugen: checkpoint.Map(sleutels).Lees,
		Beheer:   beheerVan{beheerlog.NewLog(beheer.New(p.hoofd), bos.Organisatie, time.Now), beheer.New(p.hoofd)},
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

// doorwerken is no pause between the pieces of a check: nothing else is served meanwhile.
func doorwerken(ctx context.Context) error { return ctx.Err() }
