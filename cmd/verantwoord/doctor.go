package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/verantwoord/verantwoord/internal/doctor"
)

// onderzoek examines this installation; it fails when something must be mended.
func onderzoek(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var alsJSON bool
	var controle time.Duration
	c, err := parseConfig("doctor", args, stderr, func(f *flag.FlagSet) {
		f.BoolVar(&alsJSON, "json", false, "geef de bevindingen als JSON")
		f.DurationVar(&controle, "controle", 30*time.Second, "hoelang de controle van de opslag mag duren, een `DUUR`")
	})
	if err != nil {
		return err
	}
	bevindingen := doctor.Onderzoek(ctx, doctor.Opties{Config: c, Controle: controle})
	schrijf := doctor.Print
	if alsJSON {
		schrijf = doctor.PrintJSON
	}
	if err := schrijf(stdout, bevindingen); err != nil {
		return err
	}
	if n := doctor.Tel(bevindingen, doctor.Fout); n > 0 {
		return fmt.Errorf("%d bevinding(en) van het niveau fout; los die op en draai verantwoord doctor opnieuw", n)
	}
	return nil
}
