package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
)

// verifyStuk checks one record, or a part of one, with its proof and a public key. It needs no register.
func verifyStuk(args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("verantwoord verify", flag.ContinueOnError)
	f.SetOutput(stderr)
	stuk := f.String("bewijsstuk", "", "`BESTAND` met het ontvangstbewijs")
	record := f.String("record", "", "`BESTAND` met het record in JSON, geheel of een deel")
	sleutel := f.String("sleutel", "", "openbare `SLEUTEL` van de log, of een bestand daarmee")
	alsJSON := f.Bool("json", false, "geef de uitkomst als JSON")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil || f.NArg() > 0 || *stuk == "" || *sleutel == "" {
		fmt.Fprintln(stderr, "verantwoord verify: geef --bewijsstuk en --sleutel; zie verantwoord verify --help.")
		return errGebruik
	}
	tekst, err := os.ReadFile(*stuk)
	var inhoud []byte
	if err == nil && *record != "" {
		inhoud, err = os.ReadFile(*record)
	}
	var sleutels string
	if err == nil {
		sleutels, err = leesSleutel(*sleutel)
	}
	var b *controle.Bewezen
	if err == nil {
		b, err = controle.Stuk(tekst, inhoud, sleutels)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errOnbekend, err)
	}
	if *alsJSON {
		if err := schrijfJSON(stdout, b); err != nil {
			return err
		}
		return uitkomst(b.Oordeel())
	}
	schrijfGebreken(stdout, b.Gebreken)
	if b.Grootte > 0 {
		fmt.Fprintf(stdout, "versie %d van actie %s, geregistreerd op %s, staat in de log %s (%d bladen, ondertekend op %s)\n",
			b.Nummer, b.ActieID, b.Registratie.Format(time.RFC3339Nano), b.Origin, b.Grootte, b.Moment.Format(time.RFC3339))
	}
	for _, d := range b.Delen {
		fmt.Fprintf(stdout, "het %s is zoals het is vastgelegd\n", d)
	}
	for _, d := range b.Open {
		fmt.Fprintf(stdout, "het %s is niet te controleren: het bewijs opent dat deel niet\n", d)
	}
	return uitkomst(b.Oordeel())
}

// leesSleutel takes public keys as text, or the name of a file with them.
func leesSleutel(s string) (string, error) {
	b, err := os.ReadFile(s)
	if errors.Is(err, fs.ErrNotExist) && strings.Count(s, "+") >= 2 {
		return s, nil
	}
	return string(b), err
}

// maxAntwoord bounds what a log may answer, in bytes.
const maxAntwoord = 1 << 20

// verifyLog checks a log from afar.
func verifyLog(ctx context.Context, adres string, args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("verantwoord verify", flag.ContinueOnError)
	f.SetOutput(stderr)
	sleutel := f.String("sleutel", "", "openbare `SLEUTEL` van de log, of een bestand daarmee; zonder wordt de log zelf geloofd")
	onthoud := f.String("onthoud", "", "`BESTAND` met het checkpoint dat het laatst is gezien; het wordt bijgewerkt")
	tokenbestand := f.String("token-file", "", "`BESTAND` met een token (audit:read); dan wordt de hele boom nagerekend")
	alsJSON := f.Bool("json", false, "geef de uitkomst als JSON")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil || f.NArg() > 0 {
		fmt.Fprintln(stderr, "verantwoord verify: dit wordt niet begrepen; zie verantwoord verify --help.")
		return errGebruik
	}
	g, err := volg(ctx, adres, *sleutel, *onthoud, *tokenbestand, stderr)
	if err != nil {
		if errors.Is(err, controle.ErrGeenToegang) {
			err = errors.New("de log vraagt hiervoor een token met audit:read; geef --token-file")
		}
		return fmt.Errorf("%w: %w", errOnbekend, err)
	}
	if *alsJSON {
		if err := schrijfJSON(stdout, g); err != nil {
			return err
		}
		return uitkomst(g.Oordeel())
	}
	schrijfGebreken(stdout, g.Gebreken)
	if len(g.Gebreken) > 0 {
		fmt.Fprintln(stdout, "\nBewaar dit en het bestand van --onthoud: samen bewijzen zij wat er is gebeurd. Meld het bij de organisatie.")
		return errGebreken
	}
	fmt.Fprintf(stdout, "log %s: %d bladen, ondertekend op %s, wortel %s\n", g.Origin, g.Grootte, g.Moment.Format(time.RFC3339), g.Wortel)
	if g.Sinds != nil {
		fmt.Fprintf(stdout, "de log bouwt voort op de %d bladen die eerder zijn gezien\n", *g.Sinds)
	}
	if g.Nagerekend > 0 {
		fmt.Fprintf(stdout, "de hele boom is nagerekend, uit %d bladen\n", g.Nagerekend)
	}
	return nil
}

func volg(ctx context.Context, adres, sleutel, onthoud, tokenbestand string, stderr io.Writer) (*controle.Gevolgd, error) {
	v := &controle.Volger{Adres: controle.Adres(adres), Gang: voortgang(stderr)}
	var err error
	if sleutel != "" {
		if v.Sleutels, err = leesSleutel(sleutel); err != nil {
			return nil, err
		}
	}
	if onthoud != "" {
		if v.Onthouden, err = os.ReadFile(onthoud); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	token := ""
	if tokenbestand != "" {
		b, err := os.ReadFile(tokenbestand)
		if err != nil {
			return nil, err
		}
		token, v.Geheel = strings.TrimSpace(string(b)), true
	}
	client := &http.Client{Timeout: 30 * time.Second}
	v.Haal = func(ctx context.Context, pad string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(adres, "/")+"/"+pad, nil)
		if err != nil {
			return nil, err
		}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		switch {
		case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
			return nil, controle.ErrGeenToegang
		case res.StatusCode != http.StatusOK:
			return nil, fmt.Errorf("%s antwoordt %s", v.Adres, res.Status)
		}
		b, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord+1))
		if err == nil && len(b) > maxAntwoord {
			err = errors.New("het antwoord is te groot")
		}
		return b, err
	}
	g, err := v.Volg(ctx)
	if err == nil && onthoud != "" && g.Oordeel() == controle.Goed {
		err = vervang(onthoud, g.Tekst)
	}
	return g, err
}

// vervang writes a file as a whole: what was remembered is never half lost.
func vervang(pad string, inhoud []byte) error {
	f, err := os.CreateTemp(filepath.Dir(pad), ".checkpoint-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(inhoud)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), pad)
	}
	return err
}
