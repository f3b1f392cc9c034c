package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/bench"
)

// meet measures this machine, the simplest thing that could work and the product, in one run.
func meet(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("verantwoord bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	o := bench.Opties{Voortgang: stderr}
	records := flags.String("records", "0", "`AANTALLEN` records in de opslag voordat er wordt gemeten, gescheiden door komma's")
	flags.IntVar(&o.Rondes, "rondes", 5, "`AANTAL` rondes; de mediaan telt")
	flags.DurationVar(&o.Duur, "duur", 2*time.Second, "`DUUR` van één meting")
	flags.StringVar(&o.Map, "map", "", "`MAP` voor de tijdelijke opslag, op de schijf die gemeten moet worden")
	stores := flags.String("store", "sqlite", "`OPSLAG`: sqlite, een adres van PostgreSQL (postgres://…) waarop databases gemaakt mogen worden, of beide met een komma ertussen")
	flags.IntVar(&o.Knopen, "knopen", 1, "op PostgreSQL: `AANTAL` registers op één database, gemeten naast één register")
	flags.StringVar(&o.Profiel, "profiel", "", "`MAP` voor een CPU-profiel van het register bij elke meting")
	asJSON := flags.Bool("json", false, "geef de uitslag als JSON")
	svg := flags.String("svg", "", "teken de groei over de aantallen records in dit `BESTAND`")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errGebruik
	}
	sizes, err := parseSizes(*records)
	if err != nil || flags.NArg() > 0 || o.Rondes < 1 || o.Duur <= 0 || *svg != "" && len(sizes) < 2 {
		fmt.Fprintln(stderr, "verantwoord bench: de opties kloppen niet; zie verantwoord bench --help.")
		return errGebruik
	}
	if o.Programma, err = os.Executable(); err != nil {
		return err
	}
	var uitslagen []*bench.Uitslag
	knopen := o.Knopen
	for _, o.Records = range sizes {
		for o.Store = range strings.SplitSeq(*stores, ",") {
			if o.Knopen = knopen; o.Store == "sqlite" {
				o.Knopen = 1 // one process has the embedded store for itself
			}
			u, err := bench.Run(ctx, o)
			if err != nil {
				return err
			}
			uitslagen = append(uitslagen, u)
			if !*asJSON {
				if err := u.Print(stdout); err != nil {
					return err
				}
				fmt.Fprintln(stdout)
			}
		}
	}
	if growth := bench.Groeiverhoudingen(uitslagen); len(growth) > 0 && !*asJSON {
		if err := bench.PrintVerhoudingen(stdout, growth); err != nil {
			return err
		}
	}
	if *svg != "" {
		if err := drawGrowth(*svg, uitslagen); err != nil {
			return err
		}
	}
	if !*asJSON {
		return nil
	}
	enc := json.NewEncoder(stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(uitslagen)
}

func parseSizes(list string) (sizes []int, err error) {
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 {
			return nil, errGebruik
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

func drawGrowth(path string, uitslagen []*bench.Uitslag) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(bench.Groei(f, uitslagen), f.Close())
}
