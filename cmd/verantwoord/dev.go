//go:build dev

package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/verantwoord/verantwoord/internal/demo"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// dev runs a register with invented people until a signal. It reads no configuration of this
// machine: that might be of a real register.
func dev(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("verantwoord dev", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Gebruik: verantwoord dev [opties]")
		flags.PrintDefaults()
	}
	o := demo.Opties{Programma: os.Args[0], Versie: versie, Logger: telemetry.New(stderr, slog.LevelWarn)}
	flags.StringVar(&o.Map, "map", "data/demo", "`MAP` waarin de demonstratie bewaart")
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8080", "`HOST:POORT` op deze machine; is de poort bezet, dan een vrije")
	if err := flags.Parse(args); err != nil {
		return errGebruik
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "verantwoord dev: %q wordt niet begrepen; zie verantwoord dev --help.\n", flags.Arg(0))
		return errGebruik
	}
	return demo.Run(ctx, o, stdout)
}
