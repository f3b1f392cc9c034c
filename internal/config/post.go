package config

import (
	"net/mail"
	"strings"
	"unicode"
)

// Post says how mail to employees leaves: codes to sign in, and notices. Without Relays[0].Adres none does.
type Post struct {
	Afzender mail.Address
	Relays   [2]Relay // tried in this order; without Adres there is none
}

// Relay is a mail server.
type Relay struct {
	Adres                        string // host:port
	Versleuteling                string // one of the Versleuteling constants
	Gebruiker, Wachtwoord        string
	WachtwoordBestand, Uitgevers string // files; the first is read into Wachtwoord
}

// How the connection to a mail server is made unreadable for others.
const (
	VersleutelingStartTLS = "starttls"
	VersleutelingTLS      = "tls"
	VersleutelingUit      = "uit" // only to this machine
)

// Aanmelddienst is a service of OpenID Connect where employees of one organisation sign in.
type Aanmelddienst struct {
	Sleutel               string // its name in the settings, and in the address where the service sends a browser back to
	Naam                  string // for people; empty: Sleutel
	Organisatie           string // OIN; empty: the only one there is
	Uitgever, ClientID    string
	Geheim, GeheimBestand string // the file is read into Geheim
	GroepenClaim          string
}

// wachtwoord is a secret that another system made.
var wachtwoord = soort[string]{
	aanvaardt: "een wachtwoord van 8 tot en met 4096 bytes, zonder besturingstekens",
	lees:      func(s string) (string, bool) { return s, 8 <= len(s) && len(s) <= 4096 },
	masker:    func(string) string { return "***" },
}

var (
	mailserver = soort[string]{aanvaardt: "host:poort, bijvoorbeeld mail.voorbeeldstad.example:587", lees: leesMailserver}
	afzender   = soort[mail.Address]{aanvaardt: "een e-mailadres, met of zonder naam: Verantwoord <verantwoord@voorbeeldstad.example>", lees: leesAfzender}
	uitgever   = soort[string]{aanvaardt: "het adres van de uitgever met https://, precies zoals de dienst het zelf noemt", lees: leesUitgever}
	oinNummer  = soort[string]{aanvaardt: "een OIN van 20 cijfers", lees: func(s string) (string, bool) { return s, isOIN(s) }}
)

func leesMailserver(s string) (string, bool) {
	s, ok := leesLuisteradres(s)
	return s, ok && !strings.HasPrefix(s, ":") && !strings.HasSuffix(s, ":0")
}

func leesAfzender(s string) (mail.Address, bool) {
	a, err := mail.ParseAddress(s)
	if err != nil || len(a.Address) > 254 || len(a.Name) > 100 || strings.ContainsFunc(a.Address, unicode.IsSpace) {
		return mail.Address{}, false
	}
	return *a, true
}

// leesUitgever keeps a slash at the end: it is part of the name of the issuer.
func leesUitgever(s string) (string, bool) {
	s, ok := leesLink(s)
	return s, ok && !strings.ContainsAny(s, "?#") && veiligeURL(s)
}

// postSleutels are the keys of post.
var postSleutels = append(append([]sleutel[Config]{
	{"post.afzender", "", "e-mailadres", "van wie e-mail aan medewerkers komt", naar(afzender, func(c *Config) *mail.Address { return &c.Post.Afzender })},
}, relaySleutels("1", "mailserver voor codes en meldingen aan medewerkers", func(c *Config) *Relay { return &c.Post.Relays[0] })...),
	relaySleutels("2", "mailserver voor als de eerste niet werkt", func(c *Config) *Relay { return &c.Post.Relays[1] })...)

func relaySleutels(nr, betekenis string, relay func(*Config) *Relay) []sleutel[Config] {
	voor := "post.relay." + nr + "."
	return []sleutel[Config]{
		{voor + "adres", "", "host:poort", betekenis, naar(mailserver, func(c *Config) *string { return &relay(c).Adres })},
		{voor + "versleuteling", VersleutelingStartTLS, "keuze", "hoe de verbinding daarheen versleuteld wordt; uit mag alleen op deze machine", naar(keuze(VersleutelingStartTLS, VersleutelingTLS, VersleutelingUit), func(c *Config) *string { return &relay(c).Versleuteling })},
		{voor + "gebruiker", "", "tekst", "waarmee het register zich daar aanmeldt", naar(tekst, func(c *Config) *string { return &relay(c).Gebruiker })},
		{voor + "wachtwoord", "", "geheim", "wachtwoord daarbij", naar(wachtwoord, func(c *Config) *string { return &relay(c).Wachtwoord })},
		{voor + "wachtwoord_bestand", "", "bestand", "bestand met dat wachtwoord", naar(plaats, func(c *Config) *string { return &relay(c).WachtwoordBestand })},
		{voor + "ca", "", "bestand", "uitgevers van het certificaat daar; leeg: die van de machine", naar(plaats, func(c *Config) *string { return &relay(c).Uitgevers })},
	}
}

// perAanmelddienst holds the keys below aanmelddiensten.<dienst>.
var perAanmelddienst = []sleutel[Aanmelddienst]{
	{"naam", "", "tekst", "wat er op de knop staat; leeg: de naam in de instellingen", naar(tekst, func(a *Aanmelddienst) *string { return &a.Naam })},
	{"organisatie", "", "OIN", "van welke organisatie de medewerkers zijn; leeg: de enige", naar(oinNummer, func(a *Aanmelddienst) *string { return &a.Organisatie })},
	{"uitgever", "", "url", "uitgever (issuer) van de dienst", naar(uitgever, func(a *Aanmelddienst) *string { return &a.Uitgever })},
	{"client_id", "", "tekst", "hoe het register daar heet", naar(tekst, func(a *Aanmelddienst) *string { return &a.ClientID })},
	{"geheim", "", "geheim", "geheim daarbij", naar(wachtwoord, func(a *Aanmelddienst) *string { return &a.Geheim })},
	{"geheim_bestand", "", "bestand", "bestand met dat geheim", naar(plaats, func(a *Aanmelddienst) *string { return &a.GeheimBestand })},
	{"groepen_claim", "groups", "tekst", "claim met de groepen, of het pad daarheen met punten", naar(tekst, func(a *Aanmelddienst) *string { return &a.GroepenClaim })},
}

// geheimen reads the secrets that stand in a file of their own.
func (l *lezing) geheimen(c *Config) {
	for i, nr := range []string{"1", "2"} {
		r := &c.Post.Relays[i]
		l.geheim("post.relay."+nr+".wachtwoord", r.WachtwoordBestand, &r.Wachtwoord)
	}
	for i := range c.Aanmelddiensten {
		a := &c.Aanmelddiensten[i]
		l.geheim(dienstVoor+a.Sleutel+".geheim", a.GeheimBestand, &a.Geheim)
	}
	for i := range c.Inwonerdiensten {
		d := &c.Inwonerdiensten[i]
		l.geheim(inwonerVoor+d.Sleutel+".geheim", d.GeheimBestand, &d.Geheim)
	}
}

func (l *lezing) geheim(sleutel, pad string, veld *string) {
	if pad == "" {
		return
	}
	bestand := sleutel + "_bestand"
	fout := func(zin string) { l.fout(bestand, l.gegeven[bestand].plek, zin) }
	if l.gegeven[sleutel].tekst != "" {
		fout("ook " + sleutel + " is gezet; laat er één staan")
		return
	}
	inhoud, err := leesHooguit(pad, maxGeheim)
	if err != nil {
		fout(err.Error())
		return
	}
	waarde := strings.TrimRight(string(inhoud), "\r\n")
	if _, ok := wachtwoord.lees(waarde); !ok || strings.ContainsFunc(waarde, unicode.IsControl) {
		fout("in het bestand hoort " + wachtwoord.aanvaardt)
		return
	}
	*veld = waarde
}

// samenhang checks the rules between the keys of post.
func (p *Post) samenhang(fout func(sleutel, zin string)) {
	for i, nr := range []string{"1", "2"} {
		r := p.Relays[i]
		voor := "post.relay." + nr + "."
		switch {
		case r.Adres == "":
			if r.Gebruiker != "" || r.Wachtwoord != "" || r.Uitgevers != "" {
				fout(voor+"adres", "zonder dit adres is er geen mailserver; geef het, of haal de andere instellingen van "+strings.TrimSuffix(voor, ".")+" weg")
			}
			continue
		case p.Afzender.Address == "":
			fout(voor+"adres", "hierbij hoort post.afzender: van wie de e-mail komt")
		case i > 0 && p.Relays[0].Adres == "":
			fout(voor+"adres", "dit is de tweede mailserver en er is geen eerste; stel post.relay.1.adres in")
		}
		if r.Versleuteling == VersleutelingUit && !opLoopback(r.Adres) {
			fout(voor+"versleuteling", "codes om aan te melden gaan alleen versleuteld over het net; kies starttls of tls")
		}
		if (r.Gebruiker == "") != (r.Wachtwoord == "") {
			fout(voor+"gebruiker", "gebruiker en wachtwoord horen bij elkaar; geef beide of geen")
		}
	}
}

// samenhang checks the rules between the keys of a service.
func (a *Aanmelddienst) samenhang(fout func(sleutel, zin string)) {
	voor := dienstVoor + a.Sleutel + "."
	for _, m := range []struct{ naam, waarde string }{{"uitgever", a.Uitgever}, {"client_id", a.ClientID}, {"geheim", a.Geheim}} {
		if m.waarde == "" {
			fout(voor+m.naam, "zonder dit kan niemand zich bij deze dienst aanmelden; geef het, of haal "+strings.TrimSuffix(voor, ".")+" weg")
		}
	}
}
