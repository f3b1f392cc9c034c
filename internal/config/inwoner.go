package config

import (
	"slices"
	"strings"
)

// Inwonerdienst is a service of OpenID Connect where citizens sign in to see the log of one organisation.
type Inwonerdienst struct {
	Sleutel               string // its name in the settings, and in the address where the service sends a browser back to
	Naam                  string // for people; empty: Sleutel
	Organisatie           string // OIN; empty: the only one there is
	Uitgever, ClientID    string
	Geheim, GeheimBestand string // the file is read into Geheim
	TekenSleutel          string // file with a private key, instead of a secret (private_key_jwt)
	Scopes, Acr           []string
	Claims                Inwonerclaims
	Niveaus               map[string]string // value in the token to basis, midden, substantieel or hoog
	NamensSoorten         map[string]string // value in the token to ouder, curator, gemachtigde or onderneming
}

// Inwonerclaims say where in a token something stands: the name of a claim, or the path to it with dots; empty: it is not there.
type Inwonerclaims struct {
	BSN, Gemachtigde, Niveau, Naam    string
	Geheim                            string
	NamensBSN, NamensKvK, NamensSoort string
}

// HeeftInwonerdienst tells whether citizens can sign in to see the log of an organisation.
func (c *Config) HeeftInwonerdienst(oin string) bool {
	return slices.ContainsFunc(c.Inwonerdiensten, func(d Inwonerdienst) bool { return d.Organisatie == "" || d.Organisatie == oin })
}

var (
	niveauWoorden = []string{"basis", "midden", "substantieel", "hoog"}
	namensWoorden = []string{"ouder", "curator", "gemachtigde", "onderneming"}

	woorden = soort[[]string]{aanvaardt: "een lijst van woorden zonder spaties", lees: leesWoorden, lijst: true}
	namen   = soort[[]string]{aanvaardt: "een lijst van namen", lees: leesNamen, lijst: true}
)

// leesNamen reads names that may hold spaces, each once.
func leesNamen(s string) (uit []string, ok bool) {
	for deel := range strings.SplitSeq(s, ",") {
		if deel = strings.TrimSpace(deel); deel == "" || len(deel) > 242 || slices.Contains(uit, deel) {
			return nil, false
		}
		uit = append(uit, deel)
	}
	return uit, len(uit) <= 200
}

// oinNamen reads a list of OIN=name. A name holds no comma.
var oinNamen = soort[map[string]string]{aanvaardt: "een lijst van OIN=naam, met een OIN van 20 cijfers en een naam zonder komma", lijst: true, lees: func(s string) (map[string]string, bool) {
	delen, ok := leesNamen(s)
	uit := map[string]string{}
	for _, d := range delen {
		oin, naam, _ := strings.Cut(d, "=")
		naam = strings.TrimSpace(naam)
		if _, dubbel := uit[oin]; dubbel || naam == "" || !isOIN(oin) {
			return nil, false
		}
		uit[oin] = naam
	}
	return uit, ok
}}

func leesWoorden(s string) (uit []string, ok bool) {
	for deel := range strings.SplitSeq(s, ",") {
		deel = strings.TrimSpace(deel)
		if deel == "" || len(deel) > 242 || strings.Contains(deel, " ") {
			return nil, false
		}
		uit = append(uit, deel)
	}
	return uit, len(uit) <= 50
}

// vertaling reads a list of value=word, where the word is one of those given. A value may hold a = itself.
func vertaling(naar ...string) soort[map[string]string] {
	return soort[map[string]string]{
		aanvaardt: "een lijst van waarde=woord, met als woord " + keuze(naar...).aanvaardt, lijst: true,
		lees: func(s string) (map[string]string, bool) {
			delen, ok := leesWoorden(s)
			uit := map[string]string{}
			for _, d := range delen {
				i := strings.LastIndexByte(d, '=')
				if i < 1 {
					return nil, false
				}
				_, is := keuze(naar...).lees(d[i+1:])
				if _, dubbel := uit[d[:i]]; dubbel || !is {
					return nil, false
				}
				uit[d[:i]] = d[i+1:]
			}
			return uit, ok
		},
	}
}

// perInwonerdienst holds the keys below inwonerdiensten.<dienst>.
var perInwonerdienst = []sleutel[Inwonerdienst]{
	{"naam", "", "tekst", "wat er op de knop staat; leeg: de naam in de instellingen", naar(tekst, func(d *Inwonerdienst) *string { return &d.Naam })},
	{"organisatie", "", "OIN", "in welke log de inwoners kijken; leeg: die van de enige organisatie", naar(oinNummer, func(d *Inwonerdienst) *string { return &d.Organisatie })},
	{"uitgever", "", "url", "uitgever (issuer) van de dienst", naar(uitgever, func(d *Inwonerdienst) *string { return &d.Uitgever })},
	{"client_id", "", "tekst", "hoe het register daar heet", naar(tekst, func(d *Inwonerdienst) *string { return &d.ClientID })},
	{"geheim", "", "geheim", "geheim daarbij", naar(wachtwoord, func(d *Inwonerdienst) *string { return &d.Geheim })},
	{"geheim_bestand", "", "bestand", "bestand met dat geheim", naar(plaats, func(d *Inwonerdienst) *string { return &d.GeheimBestand })},
	{"sleutel", "", "bestand", "in plaats van een geheim: privésleutel (PEM) waarmee het register ondertekent (private_key_jwt)", naar(plaats, func(d *Inwonerdienst) *string { return &d.TekenSleutel })},
	{"scopes", "", "woorden", "wat er naast openid wordt gevraagd", naar(woorden, func(d *Inwonerdienst) *[]string { return &d.Scopes })},
	{"acr", "", "woorden", "welke niveaus er worden gevraagd (acr_values)", naar(woorden, func(d *Inwonerdienst) *[]string { return &d.Acr })},
	{"claims.bsn", "bsn", "tekst", "claim met het BSN van wie zich aanmeldt, of het pad daarheen met punten", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.BSN })},
	{"claims.gemachtigde", "", "tekst", "claim met het BSN van de gemachtigde, bij een dienst die dan in claims.bsn dat van de ander geeft", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.Gemachtigde })},
	{"claims.niveau", "acr", "tekst", "claim met het niveau", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.Niveau })},
	{"claims.naam", "", "tekst", "claim met de naam, om te tonen", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.Naam })},
	{"claims.geheim", "", "tekst", "claim die zegt dat de gegevens in de BRP geheim zijn", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.Geheim })},
	{"claims.namens.bsn", "", "tekst", "claim met het BSN van de ander namens wie iemand zich aanmeldt", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.NamensBSN })},
	{"claims.namens.kvk", "", "tekst", "claim met het nummer van de onderneming namens wie iemand zich aanmeldt", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.NamensKvK })},
	{"claims.namens.soort", "", "tekst", "claim die zegt hoe iemand voor een ander optreedt", naar(tekst, func(d *Inwonerdienst) *string { return &d.Claims.NamensSoort })},
	{"niveaus", "", "waarde=niveau", "wat waarden van het niveau betekenen, naast de bekende", naar(vertaling(niveauWoorden...), func(d *Inwonerdienst) *map[string]string { return &d.Niveaus })},
	{"namens_soorten", "", "waarde=soort", "wat waarden van claims.namens.soort betekenen", naar(vertaling(namensWoorden...), func(d *Inwonerdienst) *map[string]string { return &d.NamensSoorten })},
}

// samenhang checks the rules between the keys of a service.
func (d *Inwonerdienst) samenhang(fout func(sleutel, zin string)) {
	voor := inwonerVoor + d.Sleutel + "."
	for _, m := range []struct{ naam, waarde string }{{"uitgever", d.Uitgever}, {"client_id", d.ClientID}, {"geheim", d.Geheim + d.TekenSleutel}} {
		if m.waarde == "" {
			fout(voor+m.naam, "zonder dit kan niemand zich bij deze dienst aanmelden; geef het, of haal "+strings.TrimSuffix(voor, ".")+" weg")
		}
	}
	if d.Geheim != "" && d.TekenSleutel != "" {
		fout(voor+"sleutel", "er is ook een geheim ingesteld; laat er één staan")
	}
	gezien := map[string]string{}
	for _, p := range []struct{ naam, claim string }{
		{"claims.bsn", d.Claims.BSN}, {"claims.gemachtigde", d.Claims.Gemachtigde}, {"claims.namens.bsn", d.Claims.NamensBSN},
		{"claims.namens.kvk", d.Claims.NamensKvK}, {"claims.namens.soort", d.Claims.NamensSoort},
	} {
		if eerder := gezien[p.claim]; p.claim != "" && eerder != "" {
			fout(voor+p.naam, "dit is dezelfde claim als "+eerder+"; wie zich aanmeldt en namens wie moeten uit elkaar te houden zijn")
		}
		gezien[p.claim] = p.naam
	}
}
