package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/verantwoord/verantwoord/internal/controle"
)

// leegGegeven names an option that was given without a value, as by a variable of a shell that has none: without it less would be
// checked than was asked, and called good.
func leegGegeven(f *flag.FlagSet) (err error) {
	f.Visit(func(o *flag.Flag) {
		if strings.TrimSpace(o.Value.String()) == "" {
			err = fmt.Errorf("--%s is leeg; geef er iets achter, of laat hem weg", o.Name)
		}
	})
	return err
}

// leesSleutel takes public keys as text, or the name of a file with them. A file without any is an error: no key would be taken for
// one that is not asked for.
func leesSleutel(s string) (string, error) {
	b, err := os.ReadFile(s)
	if errors.Is(err, fs.ErrNotExist) && strings.Count(s, "+") >= 2 {
		return s, nil
	}
	if err == nil && len(strings.TrimSpace(string(b))) == 0 {
		return "", fmt.Errorf("in %s staat geen sleutel; haal hem opnieuw", s)
	}
	return string(b), bestandfout(s, err)
}

func leesBestand(naam string) ([]byte, error) {
	b, err := os.ReadFile(naam)
	return b, bestandfout(naam, err)
}

// bestandfout says of a file that was named on the command line what is wrong with it, in Dutch.
func bestandfout(naam string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("het bestand %s, of zijn map, is er niet; controleer de naam", naam)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("u mag niet bij het bestand %s; vraag de eigenaar om toegang", naam)
	default:
		return fmt.Errorf("het bestand %s is niet te gebruiken; controleer de naam en de schijf (%w)", naam, err)
	}
}

// geweigerd says what it means that a log did not answer what was asked; nil: it did.
func geweigerd(adres, pad string, res *http.Response) error {
	switch {
	case res.StatusCode == http.StatusOK:
		return nil
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		return controle.ErrGeenToegang
	case res.StatusCode == http.StatusNotFound && pad == "checkpoint":
		return fmt.Errorf("op %s is geen log; een adres eindigt op /bewijs/ met het OIN van de organisatie, en voor het beheerlog /beheer", adres)
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return fmt.Errorf("%s verwijst naar een ander adres; geef het adres waar de log zelf staat", adres)
	default:
		return fmt.Errorf("%s antwoordt %s; probeer het later opnieuw, en vraag het anders de organisatie", adres, res.Status)
	}
}

// onbereikbaar says that a log does not answer. The cause goes without the address, which who asked knows.
func onbereikbaar(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if c := (*tls.CertificateVerificationError)(nil); errors.As(err, &c) {
		return fmt.Errorf("het certificaat van de log wordt niet vertrouwd; controleer het adres, en vraag het anders de organisatie (%w)", err)
	}
	return fmt.Errorf("de log is niet te bereiken; controleer het adres en de verbinding (%w)", err)
}
