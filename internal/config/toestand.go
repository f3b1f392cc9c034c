package config

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Print writes every key with what is in force, where that comes from, its default, its unit and
// its meaning. Secrets are masked.
func (c *Config) Print(w io.Writer) error {
	waarden := slices.Clone(c.waarden)
	// Without an organisation or a service the reader still learns which keys there are.
	if len(c.Aanmelddiensten) == 0 {
		waarden = append(waarden, voorbeelden(dienstVoor+"<dienst>.", perAanmelddienst)...)
	}
	if len(c.Inwonerdiensten) == 0 {
		waarden = append(waarden, voorbeelden(inwonerVoor+"<dienst>.", perInwonerdienst)...)
	}
	if len(c.organisaties) == 0 {
		waarden = append(waarden, voorbeelden(organisatieVoor+"<oin>.", perOrganisatie)...)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SLEUTEL\tWAARDE\tHERKOMST\tSTANDAARD\tEENHEID\tBETEKENIS")
	for _, v := range waarden {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", v.sleutel, ofStreep(v.tekst), v.herkomst, ofStreep(v.standaard), v.eenheid, v.betekenis)
	}
	return t.Flush()
}

// Waarde is a key with what is in force; a secret is masked.
type Waarde struct{ Sleutel, Tekst, Herkomst, Standaard, Eenheid, Betekenis string }

// Gekozen tells whether it is other than the default because somebody said so.
func (w Waarde) Gekozen() bool { return w.Herkomst != uitStandaard }

// Waarden are all keys that hold for an organisation, its own among them, in the order of the documentation. Without a
// sign-in service the keys that one would have are among them too. Those of another organisation are not.
func (c *Config) Waarden(oin string) (uit []Waarde) {
	eigen := organisatieVoor + oin + "."
	elders := func(sleutel string) bool {
		return strings.HasPrefix(sleutel, organisatieVoor) && !strings.HasPrefix(sleutel, eigen) ||
			slices.ContainsFunc(c.Aanmelddiensten, func(a Aanmelddienst) bool {
				return a.Organisatie != "" && a.Organisatie != oin && strings.HasPrefix(sleutel, dienstVoor+a.Sleutel+".")
			}) ||
			slices.ContainsFunc(c.Inwonerdiensten, func(d Inwonerdienst) bool {
				return d.Organisatie != "" && d.Organisatie != oin && strings.HasPrefix(sleutel, inwonerVoor+d.Sleutel+".")
			})
	}
	add := func(waarden []waarde) {
		for _, v := range waarden {
			if !elders(v.sleutel) {
				uit = append(uit, Waarde{v.sleutel, v.tekst, v.herkomst, v.standaard, v.eenheid, v.betekenis})
			}
		}
	}
	add(c.waarden)
	for _, r := range []struct {
		voor   string
		zonder []waarde
	}{{dienstVoor, voorbeelden(dienstVoor+"<dienst>.", perAanmelddienst)}, {inwonerVoor, voorbeelden(inwonerVoor+"<dienst>.", perInwonerdienst)}, {organisatieVoor, voorbeelden(eigen, perOrganisatie)}} {
		if !slices.ContainsFunc(uit, func(w Waarde) bool { return strings.HasPrefix(w.Sleutel, r.voor) }) {
			add(r.zonder)
		}
	}
	return uit
}

// voorbeelden gives the lines of a table that is set for nobody.
func voorbeelden[T any](voor string, tabel []sleutel[T]) (uit []waarde) {
	for _, s := range tabel {
		uit = append(uit, waarde{voor + s.naam, s.standaard, uitStandaard, s.standaard, s.eenheid, s.betekenis})
	}
	return uit
}

func ofStreep(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// Waarschuwingen lists, in Dutch, what runs but must still be decided, for the organisations with
// settings and those given. The given ones are all there are: settings for another are reported.
func (c *Config) Waarschuwingen(oins ...string) []string {
	var uit []string
	if c.herkomst("listen") != uitStandaard && c.herkomst("url") == uitStandaard {
		uit = append(uit, "listen is ingesteld en url niet: links wijzen naar "+c.URL)
	}
	if c.TLS.Certificaat != "" && strings.HasPrefix(c.URL, "http://") {
		uit = append(uit, "het register versleutelt zelf en url begint met http://: zet url op https://, anders wijzen links naar een adres dat niet antwoordt")
	}
	if c.Proxy.Header != "" && c.TLS.ClientCA == "" {
		uit = append(uit, "proxy.header is ingesteld en tls.client_ca niet: of een certificaat echt is, controleert alleen de proxy")
	}
	if c.Post.Relays[0].Adres != "" && c.Post.Relays[1].Adres == "" {
		uit = append(uit, "post.relay.2.adres is niet ingesteld: valt de ene mailserver uit, dan kan niemand zich aanmelden")
	}
	dienst := func(sleutel, oin string) {
		switch {
		case oin == "" && len(oins) > 1:
			uit = append(uit, sleutel+" is niet ingesteld en er zijn meer organisaties: niemand kan zich bij deze dienst aanmelden")
		case oin != "" && len(oins) > 0 && !slices.Contains(oins, oin):
			uit = append(uit, sleutel+" noemt een organisatie die niet bekend is; controleer het OIN")
		}
	}
	for _, a := range c.Aanmelddiensten {
		dienst(dienstVoor+a.Sleutel+".organisatie", a.Organisatie)
	}
	for _, d := range c.Inwonerdiensten {
		dienst(inwonerVoor+d.Sleutel+".organisatie", d.Organisatie)
	}
	alle := slices.Concat(oins, c.Organisaties())
	slices.Sort(alle)
	for _, oin := range slices.Compact(alle) {
		o := c.Organisatie(oin)
		if len(oins) > 0 && !slices.Contains(oins, oin) {
			uit = append(uit, "organisatie "+oin+" heeft instellingen maar is niet bekend; controleer het OIN")
			continue
		}
		var mist []string
		for _, m := range []struct{ waarde, naam string }{
			{o.Bewaren.Vloer, "vloer"}, {o.Bewaren.Maximum, "maximum"}, {o.Bewaren.Selectielijst, "selectielijst"},
		} {
			if m.waarde == "" {
				mist = append(mist, "bewaren."+m.naam)
			}
		}
		if len(mist) > 0 {
			uit = append(uit, "organisatie "+oin+" mist "+strings.Join(mist, ", ")+": er wordt niets vernietigd")
		}
		if o.Verantwoording.Grondslag == "" {
			uit = append(uit, "organisatie "+oin+" mist verantwoording.grondslag: ook het loggen zelf is een verwerking en heeft een grondslag nodig")
		}
		var eigen []string
		if o.Activiteit.Inzage == StandaardInzage {
			eigen = append(eigen, "activiteit.inzage")
		}
		if o.Activiteit.Bewerking == StandaardBewerking {
			eigen = append(eigen, "activiteit.bewerking")
		}
		if o.Activiteit.Mijn == StandaardMijn && c.HeeftInwonerdienst(oin) {
			eigen = append(eigen, "activiteit.mijn")
		}
		if len(eigen) > 0 {
			uit = append(uit, "organisatie "+oin+" gebruikt nog de meegeleverde "+strings.Join(eigen, " en ")+": geef die uit het eigen register van verwerkingsactiviteiten")
		}
	}
	return uit
}

func (c *Config) herkomst(sleutel string) string {
	i := slices.IndexFunc(c.waarden, func(w waarde) bool { return w.sleutel == sleutel })
	if i < 0 {
		return uitStandaard
	}
	return c.waarden[i].herkomst
}
