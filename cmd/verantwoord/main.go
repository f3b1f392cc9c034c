// Command verantwoord runs the register and its tools, one file per subcommand: serve, token,
// applicatie, gebruiker, config, doctor, migrate, verhuis, sleutel, verify, witness, tijdvak, reindex, version, bench, and dev in a build with the tag dev.
//
// Exit status: 0 well, 1 something went wrong (said on standard error, in Dutch, with the way out),
// 2 the command line is not understood or verify could not check, 3 migrate --plan found something to do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // calendar days are Dutch ones, also on a machine without zone data

	"github.com/verantwoord/verantwoord/internal/bench"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// versie is set by the linker (Makefile).
var versie = "ontwikkeling"

// opdracht is a subcommand.
type opdracht struct {
	naam, uitleg string
	run          func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

// opdrachten in the order of the help.
var opdrachten = []opdracht{
	{"serve", "draai het register", serve},
	{"token", "maak een token voor een geregistreerde applicatie", token},
	{"applicatie", "beheer applicaties zolang het register niet draait: toevoegen, lijst, verwijderen", applicatie},
	{"gebruiker", "maak de eerste beheerder, of geef een code als e-mail niet werkt: beheerder, uitnodigen, code", mensen},
	{"config", "toon welke instellingen gelden", toonConfig},
	{"doctor", "onderzoek de installatie: wat is er mis en wat is de uitweg", onderzoek},
	{"migrate", "breng de tabellen van de opslag op de versie van dit programma", migreer},
	{"verhuis", "verhuis de log van organisaties naar een andere opslag", verhuis},
	{"sleutel", "toon sleutels, vervang ze terwijl het register draait, en volg hoever het is: lijst, nieuw, voortgang, vervalt", sleutel},
	{"verify", "controleer of de opslag klopt met haar eigen bewijs; exitstatus 0 goed, 1 fout, 2 niet te controleren", verify},
	{"witness", "wees getuige van de logs van anderen: onderteken alleen wat voortbouwt op wat eerder is gezien", witness},
	{"tijdvak", "leg vast dat de opslag is teruggezet naar een oudere kopie, en ga verder: open, lijst", tijdvak},
	{"reindex", "bouw opnieuw op wat van de versies is afgeleid, en vergelijk", reindex},
	{"version", "toon de versie", version},
	{"bench", "meet hoe snel het register is op deze machine", meet},
	{"dev", "draai een demonstratie met fictieve gegevens", dev},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// errGebruik means the command line was wrong and what is right has been said.
var errGebruik = errors.New("gebruik")

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		help(stderr)
		return 2
	}
	switch args[0] {
	case "help", "-h", "--help":
		help(stdout)
		return 0
	}
	if args[0] == bench.Subcommand { // not for people: bench starts its servers with it
		if err := bench.Serve(ctx, args[1:], stdout); err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
		return 0
	}
	for _, o := range opdrachten {
		if o.naam != args[0] {
			continue
		}
		switch err := o.run(ctx, args[1:], stdout, stderr); {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errGebruik):
			return 2
		case errors.Is(err, errTeDoen):
			return 3
		case errors.Is(err, errGebreken):
			return 1
		case errors.Is(err, errOnbekend):
			if err.Error() != errOnbekend.Error() { // that was said already
				fmt.Fprintln(stderr, "verantwoord "+o.naam+": "+err.Error())
			}
			return 2
		default:
			fmt.Fprintln(stderr, "verantwoord "+o.naam+": "+tekst(err))
			return 1
		}
	}
	fmt.Fprintf(stderr, "verantwoord: de opdracht %q bestaat niet.\n\n", args[0])
	help(stderr)
	return 2
}

// tekst gives what an operator should read of an error.
func tekst(err error) string {
	var f *fout.Fout
	if errors.As(err, &f) && f.Detail != "" {
		return strings.TrimSpace(f.Detail)
	}
	return err.Error()
}

func help(w io.Writer) {
	fmt.Fprintln(w, "verantwoord: het register van verwerkingen van persoonsgegevens")
	fmt.Fprintln(w)
	fmt.Fprintln(w, "Gebruik: verantwoord OPDRACHT [opties]")
	fmt.Fprintln(w)
	for _, o := range opdrachten {
		fmt.Fprintf(w, "  %-10s %s\n", o.naam, o.uitleg)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "Elke instelling kan in een bestand (--config BESTAND) of in de omgeving staan (VERANTWOORD_LISTEN, ...);")
	fmt.Fprintln(w, "verantwoord config toont ze allemaal. Voeg --help toe voor de opties van een opdracht.")
}
