package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/verantwoord/verantwoord/internal/api"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// applicatie manages the applications of a store: how the first administrator of an organisation comes
// to be. A store in PostgreSQL may be in use; a register with an embedded one is managed through its API.
func applicatie(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	delen := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"toevoegen": applicatieToevoegen, "lijst": applicatieLijst, "verwijderen": applicatieVerwijderen,
	}
	if len(args) > 0 {
		if run, ok := delen[args[0]]; ok {
			return run(ctx, args[1:], stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "Gebruik: verantwoord applicatie toevoegen, lijst of verwijderen [opties]")
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		return nil
	}
	return errGebruik
}

// keuze is what the flags of the three say.
type keuze struct {
	organisatie, client, label, oins, scopes string
	beheerder                                bool
}

func (k *keuze) vlagOrganisatie(f *flag.FlagSet) {
	f.StringVar(&k.organisatie, "organisatie", "", "`OIN` van de organisatie; mag weg als er één is")
}

func (k *keuze) vlagClient(f *flag.FlagSet) {
	f.StringVar(&k.client, "client", "", "`ID` van de applicatie (verplicht)")
}

// applicatieToevoegen makes an application with a new secret, which is shown this once.
func applicatieToevoegen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var k keuze
	o, err := lees("applicatie toevoegen", args, stderr, func(f *flag.FlagSet) {
		k.vlagOrganisatie(f)
		k.vlagClient(f)
		f.StringVar(&k.label, "label", "", "`NAAM` van de applicatie; anders haar ID")
		f.StringVar(&k.oins, "oin", "", "`OINS` van de applicatie zelf, gescheiden door komma's; zonder dat van de organisatie is zij een derde partij")
		f.StringVar(&k.scopes, "scopes", "", "rechten als `COMPONENT:SCOPE`, gescheiden door komma's, zoals verwerkingenlogging-bewerking:read:normal")
		f.BoolVar(&k.beheerder, "beheerder", false, "mag applicaties beheren (ac:autorisaties.lezen en ac:autorisaties.bijwerken)")
	})
	if err != nil {
		return err
	}
	organisatie, err := k.een(o.bestand, stderr, "toevoegen")
	if err != nil {
		return err
	}
	in, err := k.invoer()
	if err != nil {
		return err
	}
	return o.metBeheer(ctx, stderr, func(b *autorisatie.Beheer) error {
		r, err := b.Create(ctx, autorisatie.Beheerder{Organisatie: organisatie}, in)
		if err != nil {
			return leesbaar(err)
		}
		_, err = fmt.Fprintf(stdout, "Toegevoegd aan organisatie %s: %s\n\nclient_id  %s\ngeheim     %s\n\n%s\n",
			organisatie, r.Label, k.client, *in.Geheim,
			"Bewaar het geheim nu op een veilige plaats: het wordt niet nog eens getoond.")
		return err
	})
}

// invoer makes an application of the flags, with a secret of 32 random bytes.
func (k *keuze) invoer() (*autorisatie.Invoer, error) {
	sleutel := make([]byte, 32)
	rand.Read(sleutel) // never fails: the process stops instead
	geheim := base64.RawURLEncoding.EncodeToString(sleutel)
	label := k.label
	if label == "" {
		label = k.client
	}
	grants, err := k.grants()
	if err != nil {
		return nil, err
	}
	oins := lijst(k.oins)
	return &autorisatie.Invoer{
		ClientIDs: &[]string{k.client}, Label: &label, Geheim: &geheim, OINs: &oins, Autorisaties: &grants,
	}, nil
}

func (k *keuze) grants() ([]autorisatie.InvoerAutorisatie, error) {
	delen := lijst(k.scopes)
	if k.beheerder {
		for _, s := range []autorisatie.Scope{autorisatie.AutorisatiesLezen, autorisatie.AutorisatiesBijwerken} {
			delen = append(delen, autorisatie.ComponentAC+":"+string(s))
		}
	}
	uit := []autorisatie.InvoerAutorisatie{}
	for _, deel := range delen {
		component, scope, ok := strings.Cut(deel, ":")
		if !ok {
			return nil, errors.New("schrijf een recht als component:scope, zoals verwerkingenlogging-bewerking:read:normal")
		}
		i := slices.IndexFunc(uit, func(a autorisatie.InvoerAutorisatie) bool { return a.Component == component })
		if i < 0 {
			i, uit = len(uit), append(uit, autorisatie.InvoerAutorisatie{Component: component})
		}
		uit[i].Scopes = append(uit[i].Scopes, scope)
	}
	return uit, nil
}

// lijst splits a list with commas; empty is none.
func lijst(s string) []string {
	uit := []string{}
	for deel := range strings.SplitSeq(s, ",") {
		if deel = strings.TrimSpace(deel); deel != "" {
			uit = append(uit, deel)
		}
	}
	return uit
}

// applicatieLijst shows every application, those of the file too, and no secret.
func applicatieLijst(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var k keuze
	o, err := lees("applicatie lijst", args, stderr, k.vlagOrganisatie)
	if err != nil {
		return err
	}
	return o.metBeheer(ctx, stderr, func(b *autorisatie.Beheer) error {
		t := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "ORGANISATIE\tCLIENT-ID\tLABEL\tOINS\tRECHTEN\tSTAAT IN")
		for _, org := range o.bestand.Organisaties {
			if k.organisatie != "" && k.organisatie != org.OIN {
				continue
			}
			for _, r := range b.List(org.OIN, nil) {
				waar := "opslag"
				switch {
				case r.UitBestand():
					waar = "bestand"
				case len(r.Geheim) == 0:
					waar = "opslag, zonder geheim"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", org.OIN, strings.Join(r.ClientIDs, ","), r.Label,
					streep(strings.Join(r.OINs, ",")), streep(rechten(r)), waar)
			}
		}
		return t.Flush()
	})
}

func rechten(r *autorisatie.Registratie) string {
	var uit []string
	for _, a := range r.Autorisaties {
		for _, s := range a.Scopes {
			uit = append(uit, a.Component+":"+string(s))
		}
	}
	return strings.Join(uit, ",")
}

func streep(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// applicatieVerwijderen removes an application of the store.
func applicatieVerwijderen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var k keuze
	o, err := lees("applicatie verwijderen", args, stderr, func(f *flag.FlagSet) {
		k.vlagOrganisatie(f)
		k.vlagClient(f)
	})
	if err != nil {
		return err
	}
	organisatie, err := k.een(o.bestand, stderr, "verwijderen")
	if err != nil {
		return err
	}
	return o.metBeheer(ctx, stderr, func(b *autorisatie.Beheer) error {
		list := b.List(organisatie, []string{k.client})
		if len(list) == 0 {
			return errors.New("deze applicatie is er niet; verantwoord applicatie lijst toont welke er zijn")
		}
		if err := b.Delete(ctx, autorisatie.Beheerder{Organisatie: organisatie}, list[0].ID.String(), ""); err != nil {
			return err
		}
		_, err := fmt.Fprintf(stdout, "Verwijderd van organisatie %s: %s\n", organisatie, list[0].Label)
		return err
	})
}

// een checks the client and gives the organisation that is meant.
func (k *keuze) een(b *autorisatie.Bestand, stderr io.Writer, naam string) (string, error) {
	if k.client == "" {
		fmt.Fprintf(stderr, "verantwoord applicatie %s: noem de applicatie, zoals --client beheer.\n", naam)
		return "", errGebruik
	}
	if k.organisatie == "" && len(b.Organisaties) == 1 {
		return b.Organisaties[0].OIN, nil
	}
	for _, o := range b.Organisaties {
		if o.OIN == k.organisatie {
			return o.OIN, nil
		}
	}
	return "", errors.New("noem met --organisatie een van de organisaties in het applicatiebestand")
}

// omgeving is what all three work with.
type omgeving struct {
	config  *config.Config
	bestand *autorisatie.Bestand
}

// lees reads flags, configuration and the applications file; nothing is opened yet.
func lees(naam string, args []string, stderr io.Writer, vlaggen func(*flag.FlagSet)) (*omgeving, error) {
	c, err := parseConfig(naam, args, stderr, vlaggen)
	if err != nil {
		return nil, err
	}
	if c.Applicaties == "" {
		return nil, errors.New("er is geen bestand met organisaties en applicaties; zet VERANTWOORD_APPLICATIES of de sleutel applicaties")
	}
	bestand, err := autorisatie.Load(c.Applicaties)
	if err != nil {
		return nil, err
	}
	return &omgeving{c, bestand}, nil
}

// metBeheer opens the applications and runs f.
func (o *omgeving) metBeheer(ctx context.Context, stderr io.Writer, f func(*autorisatie.Beheer) error) error {
	b, sluit, err := server.OpenBeheer(ctx, o.config, o.bestand, func(err error) { fmt.Fprintln(stderr, "let op:", err) })
	if errors.Is(err, sqlite.ErrInGebruik) {
		return inGebruik(o.config)
	}
	if err != nil {
		return err
	}
	return errors.Join(f(b), sluit())
}

func inGebruik(c *config.Config) error {
	return errors.New("het register draait en heeft de opslag in gebruik; beheer de applicaties dan met de API op " +
		c.URL + api.PadAutorisaties + "/applicaties, of stop het register eerst")
}

// leesbaar spells out what is wrong with an application, which an API shows in invalidParams.
func leesbaar(err error) error {
	var f *fout.Fout
	if !errors.As(err, &f) || len(f.Params) == 0 {
		return err
	}
	s := "de applicatie klopt niet:"
	for _, p := range f.Params {
		s += "\n  " + p.Name + ": " + p.Reason
	}
	return errors.New(s)
}
