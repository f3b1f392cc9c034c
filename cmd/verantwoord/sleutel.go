package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
)

// sleutel shows and makes key files, beside a register that may run. It reads and writes in the directory of the keys alone,
// where the register tells how it is, and never shows what is in a key.
func sleutel(_ context.Context, args []string, stdout, stderr io.Writer) error {
	delen := map[string]func(*sleutelkeuze, io.Writer) error{"lijst": sleutelLijst, "nieuw": sleutelNieuw, "voortgang": sleutelVoortgang, "vervalt": sleutelVervalt}
	if len(args) == 0 || delen[args[0]] == nil {
		fmt.Fprintln(stderr, "Gebruik: verantwoord sleutel lijst, nieuw, voortgang of vervalt SOORT NUMMER [opties]")
		if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
			return nil
		}
		return errGebruik
	}
	k := &sleutelkeuze{}
	vlaggen := args[1:]
	if args[0] == "vervalt" {
		n, err := 0, error(nil)
		if len(vlaggen) >= 2 {
			n, err = strconv.Atoi(vlaggen[1])
		}
		if n < 1 || err != nil || !slices.Contains(betrokkene.Soorten, vlaggen[0]) {
			fmt.Fprintln(stderr, "Noem de sleutel met soort en nummer, bijvoorbeeld: verantwoord sleutel vervalt zegel 1")
			return errGebruik
		}
		k.soort, k.nummer, vlaggen = vlaggen[0], n, vlaggen[2:]
	}
	var organisatie string
	var err error
	k.config, err = parseConfig("sleutel "+args[0], vlaggen, stderr, func(f *flag.FlagSet) {
		f.StringVar(&organisatie, "organisatie", "", "`OIN` van de organisatie; mag weg als er één is")
		if args[0] == "nieuw" {
			f.StringVar(&k.soort, "soort", "", "`SOORT` sleutel: handle (vinden), zegel (verzegelen) of teken (ondertekenen)")
		}
	})
	if err != nil {
		return err
	}
	if k.oins, err = metSleutels(k.config.Sleutels, organisatie); err != nil {
		return err
	}
	return delen[args[0]](k, stdout)
}

// sleutelkeuze is what the flags say.
type sleutelkeuze struct {
	config *config.Config
	soort  string
	nummer int
	oins   []string
}

var mapVanOrganisatie = regexp.MustCompile(`^[0-9]{20}$`)

// metSleutels are the organisations that have a directory of keys.
func metSleutels(dir, organisatie string) (oins []string, err error) {
	if organisatie != "" {
		return []string{organisatie}, nil
	}
	in, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("de sleutelmap %s is niet te lezen; wijs met --config de instellingen van het register aan, en draai dit als dezelfde gebruiker", dir)
	}
	for _, e := range in {
		if e.IsDir() && mapVanOrganisatie.MatchString(e.Name()) {
			oins = append(oins, e.Name())
		}
	}
	if len(oins) == 0 {
		return nil, fmt.Errorf("in %s staan nog geen sleutels; start het register, dat maakt de eerste", dir)
	}
	return oins, nil
}

// tijdstip is a moment for a person.
func tijdstip(t time.Time) string {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		zone = time.UTC
	}
	return t.In(zone).Format("02-01-2006 15:04")
}

func sleutelNieuw(k *sleutelkeuze, w io.Writer) error {
	if len(k.oins) > 1 {
		return errors.New("er zijn meer organisaties; kies er een met --organisatie OIN")
	}
	n, err := betrokkene.Nieuw(k.config.Sleutels, k.oins[0], k.soort)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Gemaakt: %s\n\n", n.Bestand)
	fmt.Fprintln(w, "1. Maak nu een reservekopie van de sleutelmap. Zonder deze sleutel is straks niet te lezen wat ermee is geschreven.")
	fmt.Fprintln(w, "2. Heeft elke knoop een eigen sleutelmap? Zet het bestand dan binnen 30 seconden ook daar.")
	fmt.Fprintln(w, "3. Het register vindt de sleutel binnen 10 seconden en schrijft er een minuut later mee. Herstarten hoeft niet.")
	switch n.Soort {
	case betrokkene.SoortTeken:
		fmt.Fprintf(w, "4. Checkpoints krijgen 30 dagen lang ook de handtekening van de sleutel ervoor. Geef wie u controleert\n   in die tijd de nieuwe openbare sleutel: %s/bewijs/%s/sleutel\n", k.config.URL, k.oins[0])
	default:
		fmt.Fprintln(w, "4. Ruim een uur later herschrijft het register wat er al stond. Volg dat met verantwoord sleutel voortgang.")
	}
	fmt.Fprintln(w, "\nGooi geen sleutelbestand weg zolang verantwoord sleutel lijst niet zegt dat het vervallen is.")
	return nil
}

func sleutelLijst(k *sleutelkeuze, w io.Writer) error {
	for i, oin := range k.oins {
		lijst, err := betrokkene.Lijst(k.config.Sleutels, oin)
		if err != nil {
			return err
		}
		stand, err := hersleuteling.Lees(k.config.Sleutels, oin)
		if err != nil {
			return err
		}
		if len(lijst) == 0 {
			return fmt.Errorf("in %s staan geen sleutels; controleer het OIN", filepath.Join(k.config.Sleutels, oin))
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "Organisatie %s\n", oin)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, s := range lijst {
			sinds := s.Gemaakt
			if stand != nil {
				if bekend, ok := stand.Bekend[s.Naam]; ok {
					sinds = bekend
				}
			}
			fmt.Fprintf(t, "  %s\tsinds %s\t%s\n", s.Naam, tijdstip(sinds), gebruikt(s, stand))
		}
		if err := t.Flush(); err != nil {
			return err
		}
		zegStand(w, stand)
	}
	return nil
}

// gebruikt says what a key does now.
func gebruikt(s betrokkene.Sleutel, stand *hersleuteling.Stand) string {
	if stand == nil {
		return "wat ermee gebeurt, zegt het register zodra het draait"
	}
	nu := int(stand.Gebruik[s.Soort])
	_, bekend := stand.Bekend[s.Naam]
	switch {
	case s.Nummer > nu && !bekend:
		return "net gemaakt; het register kent hem nog niet"
	case s.Nummer > nu:
		return "bekend; binnen een minuut schrijft het register ermee"
	case s.Nummer == nu:
		return map[string]string{
			betrokkene.SoortHandle: "schrijft en zoekt", betrokkene.SoortZegel: "verzegelt en leest", betrokkene.SoortTeken: "ondertekent",
		}[s.Soort]
	case s.Soort == betrokkene.SoortTeken:
		return tekentMee(s, stand)
	case s.Soort == betrokkene.SoortZegel:
		return leest(s, stand)
	}
	return "zoekt wat eerder is geschreven, en vergelijkt herstelcodes, pseudoniemen en pogingen; bewaren"
}

// leest says what an old sealing key is needed for.
func leest(s betrokkene.Sleutel, stand *hersleuteling.Stand) string {
	nodig, geteld := stand.Nodig[s.Naam]
	sinds, weg := stand.Vervallen[s.Naam]
	switch {
	case weg:
		return "vervallen sinds " + tijdstip(sinds) + "; haal het bestand hier weg, en bewaar het bij de reservekopieën van daarvoor"
	case !geteld:
		return "leest wat eerder is verzegeld; bewaren, herschrijven is niet klaar"
	case nodig.Niets():
		return "niets heeft hem nog nodig; hij kan vervallen"
	}
	return fmt.Sprintf("nog nodig voor %d versies en %d documenten; bewaren, en draai verantwoord verify", nodig.Versies, nodig.Documenten)
}

// tekentMee says until when an old signing key signs along: the one before the newest.
func tekentMee(s betrokkene.Sleutel, stand *hersleuteling.Stand) string {
	const slot = "controleert wat eerder is ondertekend; bewaren"
	nu := int(stand.Gebruik[s.Soort])
	bekend, ok := stand.Bekend[fmt.Sprintf("%s-%d", s.Soort, nu)]
	if tot := bekend.Add(betrokkene.Wachttijd + checkpoint.Overlap); ok && s.Nummer == nu-1 && stand.Moment.Before(tot) {
		return "ondertekent mee tot " + tijdstip(tot) + ", en " + slot
	}
	return slot
}

// zegStand says how old what was said is, and what is wrong.
func zegStand(w io.Writer, stand *hersleuteling.Stand) {
	switch {
	case stand == nil:
		fmt.Fprintln(w, "  Het register heeft hier zijn stand nog niet opgeschreven. Draait het niet? Dan gebeurt er nu niets.")
	case time.Since(stand.Moment) > 2*time.Minute:
		fmt.Fprintf(w, "  Dit was de stand van %s. Sindsdien schreef het register hier niets op; kijk of het draait.\n", tijdstip(stand.Moment))
	}
	if stand != nil && stand.Gebrek != "" {
		fmt.Fprintf(w, "  LET OP: het register neemt niets aan. %s\n", stand.Gebrek)
	}
}

// wachtOp is how long is waited for the answer of a register that runs: it may have to count all versions. A variable for tests.
var wachtOp = 30 * time.Minute

// sleutelVervalt asks the register that runs to retire a key, and waits for what it says.
func sleutelVervalt(k *sleutelkeuze, w io.Writer) error {
	if len(k.oins) > 1 {
		return errors.New("er zijn meer organisaties; kies er een met --organisatie OIN")
	}
	oin := k.oins[0]
	stand, err := hersleuteling.Lees(k.config.Sleutels, oin)
	if err != nil {
		return err
	}
	if stand == nil || time.Since(stand.Moment) > 2*time.Minute {
		return errors.New("het register draait niet, en alleen een register dat draait kan nagaan of een sleutel nog nodig is; start het en probeer het opnieuw")
	}
	naam, pad, err := betrokkene.VraagVerval(k.config.Sleutels, oin, k.soort, k.nummer)
	if err != nil {
		return err
	}
	defer os.Remove(pad) // nobody answers any more who is not waited for
	for einde := time.Now().Add(wachtOp); ; time.Sleep(100 * time.Millisecond) {
		if _, err := os.Stat(pad); errors.Is(err, fs.ErrNotExist) {
			break
		}
		if time.Now().After(einde) {
			return errors.New("het register gaf geen antwoord; kijk in het logboek van de dienst, en met verantwoord sleutel lijst of de sleutel is vervallen")
		}
	}
	if stand, err = hersleuteling.Lees(k.config.Sleutels, oin); err != nil {
		return err
	}
	if waarom := stand.Geweigerd[naam]; waarom != "" {
		return errors.New(waarom)
	}
	if _, ok := stand.Vervallen[naam]; !ok {
		return errors.New("het register gaf geen antwoord; kijk in het logboek van de dienst")
	}
	fmt.Fprintf(w, "Vervallen: %s van organisatie %s. Niets in het register heeft deze sleutel nog nodig.\n\n", naam, oin)
	fmt.Fprintf(w, "1. Haal het bestand weg, op alle knopen: %s\n", strings.TrimSuffix(pad, ".vervalt")+".key")
	fmt.Fprintln(w, "2. Bewaar het bij de reservekopieën van vandaag en eerder. Zolang u die bewaart, is het nodig om ze te lezen.")
	fmt.Fprintln(w, "3. Gooit u de laatste van die kopieën weg, vernietig dan ook dit bestand.")
	return nil
}

func sleutelVoortgang(k *sleutelkeuze, w io.Writer) error {
	for _, oin := range k.oins {
		stand, err := hersleuteling.Lees(k.config.Sleutels, oin)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "Organisatie %s: %s\n", oin, hoever(stand))
		zegStand(w, stand)
	}
	return nil
}

func hoever(stand *hersleuteling.Stand) string {
	switch {
	case stand == nil:
		return "nog niets bekend."
	case stand.Doel == "":
		return "niets te herschrijven, want niets staat onder een oudere sleutel."
	}
	met, v := strings.ReplaceAll(stand.Doel, " ", " en "), stand.Voortgang
	switch {
	case v == nil || v.Doel != stand.Doel:
		return "herschrijven met " + met + " begint ruim een uur nadat de sleutel in gebruik is."
	case v.Klaar.IsZero():
		deel := 0.0
		if v.Totaal > 0 {
			deel = 100 * float64(v.Volgende) / float64(v.Totaal)
		}
		return fmt.Sprintf("herschrijven met %s is bezig: %d van %d versies bekeken (%.0f %%), begonnen %s.", met, v.Volgende, v.Totaal, deel, tijdstip(v.Begonnen))
	}
	k := v.Kamers
	zin := fmt.Sprintf("herschrijven met %s is bezig: de log is klaar (%d versies), van de rest zijn %d documenten bekeken.", met, v.Totaal, k.Bekeken)
	if v.AllesKlaar() {
		zin = fmt.Sprintf("herschrijven met %s is klaar sinds %s: %d versies en %d documenten bekeken, %d en %d herschreven.", met, tijdstip(k.Klaar), v.Totaal, k.Bekeken, v.Gewijzigd, k.Gewijzigd)
	}
	if n := v.Gelaten + k.Gelaten; n > 0 {
		zin += fmt.Sprintf(" LET OP: %d versies of documenten zijn gelaten zoals ze waren, want ze zijn niet wat er is vastgelegd. Draai verantwoord verify.", n)
	}
	return zin
}
