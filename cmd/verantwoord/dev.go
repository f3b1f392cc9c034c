//go:build dev

package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/verantwoord/verantwoord/internal/demo"
	"github.com/verantwoord/verantwoord/internal/keten"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// dev runs a register with invented people until a signal, or with --keten two organisations of which one asks the other. It
// reads no configuration of this machine: that might be of a real register.
func dev(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("verantwoord dev", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Gebruik: verantwoord dev [opties]")
		flags.PrintDefaults()
	}
	o := demo.Opties{Programma: os.Args[0], Versie: versie, Logger: telemetry.New(stderr, slog.LevelWarn)}
	flags.StringVar(&o.Map, "map", "", "`MAP` waarin de demonstratie bewaart (standaard data/demo, met --keten data/keten)")
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8080", "`HOST:POORT` op deze machine; is de poort bezet, dan een vrije")
	metKeten := flags.Bool("keten", false, "twee organisaties: een waterschap vraagt gegevens bij een gemeente, en beide leggen dat vast")
	if err := flags.Parse(args); err != nil {
		return errGebruik
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "verantwoord dev: %q wordt niet begrepen; zie verantwoord dev --help.\n", flags.Arg(0))
		return errGebruik
	}
	if *metKeten {
		return keten.Run(ctx, keten.Opties{Map: cmp.Or(o.Map, "data/keten"), Listen: o.Listen, Versie: o.Versie, Logger: o.Logger}, stdout)
	}
	o.Map = cmp.Or(o.Map, "data/demo")
	return demo.Run(ctx, o, stdout)
}
