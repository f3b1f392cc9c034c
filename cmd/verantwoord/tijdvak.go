package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/server"
)

// tijdvak opens and shows the epochs of the trees of an organisation, while no register runs.
func tijdvak(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	delen := map[string]func(context.Context, []string, io.Writer, io.Writer) error{"open": tijdvakOpen, "lijst": tijdvakLijst}
	if len(args) > 0 {
		if run, ok := delen[args[0]]; ok {
			return run(ctx, args[1:], stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "Gebruik: verantwoord tijdvak open of lijst [opties]")
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		return nil
	}
	return errGebruik
}

// maxGegeven bounds a file with a checkpoint, in bytes; bewijs refuses what is longer.
const maxGegeven = 64<<10 + 1

func tijdvakOpen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o server.TijdvakOpties
	var bestanden meermaals
	c, err := parseConfig("tijdvak open", args, stderr, func(f *flag.FlagSet) {
		f.StringVar(&o.OIN, "oin", "", "`OIN` van de organisatie (verplicht)")
		f.StringVar(&o.Reden, "reden", "", "`REDEN`, in één regel van hoogstens 200 tekens; iedereen kan haar lezen (verplicht)")
		f.Var(&bestanden, "checkpoint", "`BESTAND` met een checkpoint dat een ander bewaarde, zoals een getuige of een auditor; mag vaker")
		f.BoolVar(&o.ZonderVerlies, "zonder-verlies", false, "open ook een tijdvak als er niets verloren is")
	})
	if err != nil {
		return err
	}
	if o.OIN == "" || o.Reden == "" {
		fmt.Fprintln(stderr, "verantwoord tijdvak open: noem --oin en --reden.")
		return errGebruik
	}
	for _, naam := range bestanden {
		b, err := leesHoogstens(naam, maxGegeven)
		if err != nil {
			return err
		}
		o.Checkpoints = append(o.Checkpoints, b)
	}
	l, err := server.OpenTijdvak(ctx, c, o)
	for _, b := range l {
		fmt.Fprintln(stdout, beheerlog.TijdvakZin(boomnaam(b.Boom), b))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "\nStart het register weer. Geef door aan wie de log volgt (auditors, getuigen) wat er is gebeurd: zij zien het ook zelf.")
	return nil
}

func leesHoogstens(naam string, max int64) ([]byte, error) {
	f, err := os.Open(naam)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

func boomnaam(b bewijs.Boom) string {
	if b == bewijs.BoomBeheer {
		return "Het beheerlog"
	}
	return "De verwerkingenlog"
}

func tijdvakLijst(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var oin string
	c, err := parseConfig("tijdvak lijst", args, stderr, func(f *flag.FlagSet) {
		f.StringVar(&oin, "oin", "", "`OIN` van de organisatie (verplicht)")
	})
	if err != nil {
		return err
	}
	if oin == "" {
		return errors.New("noem de organisatie met --oin")
	}
	per, err := server.Tijdvakken(ctx, c, oin)
	if err != nil {
		return err
	}
	for _, boom := range bewijs.Bomen {
		if len(per[boom]) == 0 {
			fmt.Fprintf(stdout, "%s is in het eerste tijdvak.\n", boomnaam(boom))
		}
		for _, b := range per[boom] {
			fmt.Fprintf(stdout, "%s Geopend op %s. Reden: %s\n", beheerlog.TijdvakZin(boomnaam(boom), b), time.UnixMicro(b.Moment).UTC().Format(time.RFC3339), b.Reden)
		}
	}
	return nil
}
