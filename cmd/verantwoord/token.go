package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// token prints a token for a registered application, made with its secret from the applications
// file: for trying out and for scripts of the operator.
func token(_ context.Context, args []string, stdout, stderr io.Writer) error {
	var client, organisatie, gebruiker, scopes string
	c, err := parseConfig("token", args, stderr, func(f *flag.FlagSet) {
		f.StringVar(&client, "client", "", "`ID` van de applicatie (verplicht)")
		f.StringVar(&organisatie, "organisatie", "", "`OIN`, voor een applicatie van meer organisaties")
		f.StringVar(&gebruiker, "gebruiker", "", "betekenisloze `SLEUTEL` van de gebruiker (claim user_id)")
		f.StringVar(&scopes, "scopes", "", "beperk het token tot deze `SCOPES`, gescheiden door komma's")
	})
	if err != nil {
		return err
	}
	if client == "" {
		fmt.Fprintln(stderr, "verantwoord token: noem de applicatie, zoals verantwoord token --client burgerzaken.")
		return errGebruik
	}
	if c.Applicaties == "" {
		return errors.New("er is geen bestand met applicaties; zet VERANTWOORD_APPLICATIES of de sleutel applicaties")
	}
	b, err := autorisatie.Load(c.Applicaties)
	if err != nil {
		return err
	}
	a, ok := b.Applicatie(client)
	if !ok {
		return errors.New("deze applicatie staat niet in het bestand met applicaties; controleer clientIds")
	}
	claims := autorisatie.Claims{UserID: gebruiker, Organisatie: organisatie}
	if scopes != "" {
		for s := range strings.SplitSeq(scopes, ",") {
			scope, err := autorisatie.ParseScope(strings.TrimSpace(s))
			if err != nil {
				return err
			}
			claims.Scopes = append(claims.Scopes, scope)
		}
	}
	text, err := autorisatie.Sign(client, a.Geheim, claims, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, text)
	return err
}
