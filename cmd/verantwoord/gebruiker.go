package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// mensen does on the machine itself what can't be done on a page: the first administrator of an organisation, an
// invitation, and a code when mail does not work. A store in PostgreSQL may be in use.
func mensen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	delen := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"beheerder": mensenBeheerder, "uitnodigen": mensenUitnodigen, "code": mensenCode,
	}
	if len(args) > 0 {
		if run, ok := delen[args[0]]; ok {
			return run(ctx, args[1:], stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "Gebruik: verantwoord gebruiker beheerder, uitnodigen of code [opties]")
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		return nil
	}
	return errGebruik
}

// persoon is what the flags say of whom it is about.
type persoon struct{ organisatie, email, naam, namen, reden string }

// metMensen reads the flags, opens the rooms about people and runs f.
func metMensen(ctx context.Context, naam string, args []string, stderr io.Writer, p *persoon, vlaggen func(*flag.FlagSet), f func(*server.Mensen) error) error {
	o, err := lees("gebruiker "+naam, args, stderr, func(fs *flag.FlagSet) {
		fs.StringVar(&p.organisatie, "organisatie", "", "`OIN` van de organisatie; mag weg als er één is")
		fs.StringVar(&p.email, "email", "", "`ADRES` waarmee de persoon zich aanmeldt (verplicht)")
		if vlaggen != nil {
			vlaggen(fs)
		}
	})
	if err != nil {
		return err
	}
	if p.email == "" {
		fmt.Fprintf(stderr, "verantwoord gebruiker %s: noem het e-mailadres, zoals --email b.heer@voorbeeldstad.example.\n", naam)
		return errGebruik
	}
	if p.organisatie == "" && len(o.bestand.Organisaties) == 1 {
		p.organisatie = o.bestand.Organisaties[0].OIN
	}
	bekend := false
	for _, org := range o.bestand.Organisaties {
		bekend = bekend || org.OIN == p.organisatie
	}
	if !bekend {
		return errors.New("noem met --organisatie een van de organisaties in het applicatiebestand")
	}
	m, sluit, err := server.OpenMensen(ctx, o.config, o.bestand, func(err error) { fmt.Fprintln(stderr, "let op:", err) })
	if errors.Is(err, sqlite.ErrInGebruik) {
		return errors.New("het register draait en heeft de ingebouwde opslag in gebruik; stop het eerst")
	}
	if err != nil {
		return err
	}
	err = f(m)
	if errors.Is(err, fout.NietGevonden) {
		err = errors.New("dit e-mailadres is van niemand met een open account bij deze organisatie")
	}
	return errors.Join(leesbaar(err), sluit())
}

const zoVerder = `Ga naar %s/beheer/aanmelden, kies "Ik heb een uitnodiging" en vul het e-mailadres en deze code in:

    %s

De code is 24 uur geldig, geeft alleen een wachtwoord en wordt niet nog eens getoond. Bij het aanmelden
komt daarna een code per e-mail: stel dus eerst post.relay.1.adres en post.afzender in.
`

// mensenBeheerder makes an administrator, with the code to choose a password.
func mensenBeheerder(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var p persoon
	return metMensen(ctx, "beheerder", args, stderr, &p, func(fs *flag.FlagSet) {
		fs.StringVar(&p.naam, "naam", "", "`NAAM` van de persoon; mag weg als die er al is")
	}, func(m *server.Mensen) error {
		if _, err := m.Beheer.MaakBeheerder(ctx, p.organisatie, p.naam, p.email); err != nil {
			return err
		}
		code, err := m.Aanmelding.NodigHier(ctx, p.organisatie, p.email)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(stdout, "Beheerder van organisatie %s. Maak er een tweede: voor zware rechten zijn er twee nodig.\n\n"+zoVerder, p.organisatie, m.URL, code)
		return err
	})
}

// mensenUitnodigen gives the code to choose a password to who is there already.
func mensenUitnodigen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var p persoon
	return metMensen(ctx, "uitnodigen", args, stderr, &p, nil, func(m *server.Mensen) error {
		code, err := m.Aanmelding.NodigHier(ctx, p.organisatie, p.email)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(stdout, zoVerder, m.URL, code)
		return err
	})
}

// mensenCode gives a code that stands in for one by e-mail.
func mensenCode(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var p persoon
	return metMensen(ctx, "code", args, stderr, &p, func(fs *flag.FlagSet) {
		fs.StringVar(&p.namen, "namen", "", "`NAMEN` van de twee mensen die erbij zijn, met een komma ertussen (verplicht)")
		fs.StringVar(&p.reden, "reden", "", "`REDEN`, in ten minste 15 tekens (verplicht)")
	}, func(m *server.Mensen) error {
		een, twee, _ := strings.Cut(p.namen, ",")
		code, err := m.Aanmelding.NoodCode(ctx, p.organisatie, p.email, [2]string{een, twee}, p.reden)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(stdout, "Code in plaats van die per e-mail, één keer en 15 minuten geldig:\n\n    %s\n\nWie hem kreeg, staat met beide namen en de reden in het beheerlog.\n", code)
		return err
	})
}
