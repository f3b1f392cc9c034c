package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/bestand"
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
	if err := leegGegeven(f); err != nil {
		return fmt.Errorf("%w: %w", errOnbekend, err)
	}
	tekst, err := leesBestand(*stuk)
	var inhoud []byte
	if err == nil && *record != "" {
		inhoud, err = leesBestand(*record)
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
	schrijfGebreken(stdout, "FOUT", b.Gebreken)
	if b.Grootte > 0 && b.Soort != "" {
		fmt.Fprintf(stdout, "regel %d van het beheerlog (%s), geregistreerd op %s, staat in de log %s (%d bladen, ondertekend op %s)\n",
			b.Regel, b.Soort, b.Registratie.Format(time.RFC3339Nano), b.Origin, b.Grootte, b.Moment.Format(time.RFC3339))
	} else if b.Grootte > 0 {
		fmt.Fprintf(stdout, "versie %d van actie %s, geregistreerd op %s, staat in de log %s (%d bladen, ondertekend op %s)\n",
			b.Nummer, b.ActieID, b.Registratie.Format(time.RFC3339Nano), b.Origin, b.Grootte, b.Moment.Format(time.RFC3339))
	}
	for _, d := range b.Delen {
		fmt.Fprintf(stdout, "het %s is zoals het is vastgelegd\n", d)
	}
	for _, d := range b.Open {
		fmt.Fprintf(stdout, "het %s is niet te controleren: het bewijs opent dat deel niet\n", d)
	}
	if b.Betrokkenen != [2]int{} {
		fmt.Fprintf(stdout, "het record toont %d van de %d betrokkenen\n", b.Betrokkenen[0], b.Betrokkenen[1])
	}
	if len(b.Overgeslagen) > 0 {
		fmt.Fprintf(stdout, "geen deel van het bewijs, en dus niet nagekeken: %s\n", namen(b.Overgeslagen))
	}
	if b.Niets {
		fmt.Fprintln(stdout, "in het record staat niets dat is na te kijken: geef het zoals het register het gaf")
	}
	return uitkomst(b.Oordeel())
}

// maxNamen is how many names of attributes are written.
const maxNamen = 20

// namen writes names that stand in somebody's file: few, and what a terminal would obey between quotes.
func namen(l []string) string {
	uit := make([]string, min(len(l), maxNamen))
	for i := range uit {
		if uit[i] = l[i]; !naamPatroon.MatchString(l[i]) {
			uit[i] = strconv.QuoteToASCII(l[i])
		}
	}
	if meer := len(l) - len(uit); meer > 0 {
		uit = append(uit, fmt.Sprintf("en nog %d", meer))
	}
	return strings.Join(uit, ", ")
}

var naamPatroon = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)

// maxAntwoord bounds what a log may answer, in bytes.
const maxAntwoord = 1 << 20

// verifyLog checks a log from afar.
func verifyLog(ctx context.Context, adres string, args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("verantwoord verify", flag.ContinueOnError)
	f.SetOutput(stderr)
	sleutel := f.String("sleutel", "", "openbare `SLEUTEL` van de log, of een bestand daarmee; zonder wordt de log zelf geloofd")
	onthoud := f.String("onthoud", "", "`BESTAND` met het checkpoint dat het laatst is gezien; het wordt bijgewerkt")
	aanvaard := f.Uint("aanvaard-tijdvak", 0, "`NUMMER` van het tijdvak waarin verloren mag zijn wat u eerder zag; daarna wordt het nieuwe onthouden")
	tokenbestand := f.String("token-file", "", "`BESTAND` met een token (audit:read); dan wordt de hele boom nagerekend")
	var getuigen meermaals
	f.Var(&getuigen, "getuige", "openbare `SLEUTEL` van een getuige, of een bestand daarmee; mag vaker, een van hen moet hebben medeondertekend")
	hoogstens := f.Duration("hoogstens", 0, "hoe `OUD` het checkpoint mag zijn, zoals 2h; een register ondertekent elk uur")
	alsJSON := f.Bool("json", false, "geef de uitkomst als JSON")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil || f.NArg() > 0 {
		fmt.Fprintln(stderr, "verantwoord verify: dit wordt niet begrepen; zie verantwoord verify --help.")
		return errGebruik
	}
	if err := leegGegeven(f); err != nil {
		return fmt.Errorf("%w: %w", errOnbekend, err)
	}
	g, err := volg(ctx, adres, *sleutel, *onthoud, *tokenbestand, uint32(*aanvaard), getuigen, stderr)
	if err != nil {
		if errors.Is(err, controle.ErrGeenToegang) {
			err = errors.New("de log vraagt hiervoor een token met audit:read; geef --token-file")
			if *tokenbestand != "" {
				err = errors.New("de log neemt het token niet aan: het werkt een uur, alleen bij de organisatie die het gaf, en met de scope audit:read; vraag een nieuw token")
			}
		}
		return fmt.Errorf("%w: %w", errOnbekend, err)
	}
	if oud := time.Since(g.Moment); *hoogstens > 0 && g.Oordeel() == controle.Goed && (oud > *hoogstens || oud < -*hoogstens) {
		g.Gebreken = append(g.Gebreken, controle.Gebrek{Deel: controle.DeelCheckpoint,
			Wat: "Het checkpoint is van " + g.Moment.Format(time.RFC3339) + ": de log ondertekent niet meer, of toont u iets van een ander moment."})
	}
	if *alsJSON {
		if err := schrijfJSON(stdout, g); err != nil {
			return err
		}
		return uitkomst(g.Oordeel())
	}
	schrijfGebreken(stdout, "FOUT", g.Gebreken)
	g.toonGetuigen(stdout)
	g.toonTijdvakken(stdout)
	if len(g.Gebreken) > 0 {
		if g.Verloren > 0 {
			fmt.Fprintf(stdout, "\nHeeft de organisatie u het verlies uitgelegd, en aanvaardt u het? Geef dan --aanvaard-tijdvak %d.\n", g.Verloren)
		}
		if *onthoud == "" {
			fmt.Fprintln(stdout, "\nBewaar dit, en meld het bij de organisatie.")
		} else {
			fmt.Fprintln(stdout, "\nBewaar dit en het bestand van --onthoud: samen bewijzen zij wat er is gebeurd. Meld het bij de organisatie.")
		}
		return errGebreken
	}
	fmt.Fprintf(stdout, "log %s: %d bladen, ondertekend op %s, wortel %s\n", g.Origin, g.Grootte, g.Moment.Format(time.RFC3339), g.Wortel)
	if g.Sinds != nil {
		fmt.Fprintf(stdout, "de log bouwt voort op de %d bladen die eerder zijn gezien\n", *g.Sinds)
	}
	if g.Nagerekend > 0 {
		fmt.Fprintf(stdout, "de hele boom is nagerekend, uit %d bladen\n", g.Nagerekend)
	}
	if g.Geloofd {
		fmt.Fprintln(stdout, "LET OP: de sleutel is die van de log zelf. Wie het register heeft overgenomen, kan daar een andere tonen; vraag hem langs een andere weg en geef --sleutel.")
	}
	return nil
}

// toonTijdvakken tells of the epochs that are new to who looks.
func (g *gevolgd) toonTijdvakken(w io.Writer) {
	for _, t := range g.Tijdvakken {
		fmt.Fprintf(w, "tijdvak %d, geopend op %s, begint na %d bladen; verloren volgens de log: %d bladen; reden: %s\n", t.Nummer, t.Geopend.Format(time.RFC3339), t.Blad, t.Gat, t.Reden)
	}
	if g.Verloren > 0 && len(g.Gebreken) == 0 {
		fmt.Fprintf(w, "u hebt aanvaard dat in tijdvak %d verloren is wat u eerder zag\n", g.Verloren)
	}
}

func volg(ctx context.Context, adres, sleutel, onthoud, tokenbestand string, aanvaard uint32, getuigen []string, stderr io.Writer) (*gevolgd, error) {
	v := &controle.Volger{Adres: controle.Adres(adres), Aanvaard: aanvaard, Gang: voortgang(stderr)}
	bekend, err := leesGetuigen(getuigen)
	if err != nil {
		return nil, err
	}
	if sleutel != "" {
		if v.Sleutels, err = leesSleutel(sleutel); err != nil {
			return nil, err
		}
	}
	if onthoud != "" {
		if v.Onthouden, err = os.ReadFile(onthoud); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, bestandfout(onthoud, err)
		}
	}
	token := ""
	if tokenbestand != "" {
		b, err := leesBestand(tokenbestand)
		if err != nil {
			return nil, err
		}
		if token = strings.TrimSpace(string(b)); token == "" {
			return nil, fmt.Errorf("in %s staat geen token; vraag de organisatie een nieuw token", tokenbestand)
		}
		v.Geheel = true
	}
	// A token goes nowhere else than to the address that was given, and not in the open.
	if u, err := url.Parse(adres); err != nil || token != "" && u.Scheme != "https" && !lokaal(u.Hostname()) {
		return nil, errors.New("een token gaat alleen over https; geef het adres van de log met https://")
	}
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
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
			return nil, onbereikbaar(err)
		}
		defer res.Body.Close()
		if err := geweigerd(v.Adres, pad, res); err != nil {
			return nil, err
		}
		b, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord+1))
		if err == nil && len(b) > maxAntwoord {
			err = errors.New("het antwoord is te groot")
		}
		return b, err
	}
	k, err := v.Volg(ctx)
	g := &gevolgd{Gevolgd: k, Geloofd: sleutel == ""}
	if err == nil {
		g.getuigd(bekend)
	}
	if err == nil && onthoud != "" && g.Oordeel() == controle.Goed {
		err = bestandfout(onthoud, bestand.Vervang(onthoud, g.Tekst))
	}
	return g, err
}
