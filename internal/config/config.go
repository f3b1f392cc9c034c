// Package config reads the settings of the product: a YAML file, then the environment, which
// wins.
//
// One table (sleutels.go) holds a line per key with its default, unit, meaning and parser; it
// drives reading, checking and printing, so that a key that works is also printed and the other
// way round. Load reports everything that is wrong at once, in Dutch, naming the key and where it
// came from and never the value, which may be a secret. A key that is unknown is an error: a
// mistyped term of retention must not silently be the default.
//
// Every key is also a variable: VERANTWOORD_ and the key in capitals, dots as underscores. The
// same name with _BESTAND reads the value from that file, so that a secret need not stand in the
// environment. An empty value counts as absent. VERANTWOORD_TEST_* is left to tests.
//
// Settings of an organisation that is not named in the file have their defaults: ask for them by
// Organisatie. Waarschuwingen lists what an operator must still decide.
package config

import (
	"errors"
	"log/slog"
	"maps"
	"net/mail"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Config holds all settings that are in force.
type Config struct {
	Listen        string        // host:port
	URL           string        // base of all links, without a slash at the end
	Store         string        // sqlite:DIR or postgres://…
	StoreRead     string        // an optional standby, postgres://…
	Schrijvers    int           // groups that are written side by side on a PostgreSQL; 0: not chosen
	Sleutels      string        // directory of the keys
	Applicaties   string        // file of applications; empty: none
	Uitloop       time.Duration // serving goes on so long after a stop is asked, not ready any more
	Onversleuteld bool          // plain HTTP on anything but loopback is meant
	TLS           TLS
	Proxy         Proxy
	Limieten      Limieten
	Token         Token
	LogNiveau     slog.Level
	Autorisaties  Autorisaties
	Audit         Audit
	Telemetrie    Telemetrie
	Post          Post
	Nakijken      time.Duration     // moment of the daily check since midnight in Nederland; negative: none
	Thema         string            // file; empty: none
	Namen         map[string]string // of organisations elsewhere, by OIN: for citizens to read
	Juridisch     string            // directory of legal data beside those that come along; empty: none

	Aanmelddiensten []Aanmelddienst // by Sleutel
	Inwonerdiensten []Inwonerdienst // likewise

	organisaties map[string]Organisatie
	waarden      []waarde
}

// TLS holds the files for serving TLS, and whether clients show a certificate: in the handshake or,
// behind a proxy, in its header.
type TLS struct {
	Certificaat, Sleutel, ClientCA string
	Client                         string // one of the Client constants
}

// Whether a client shows a certificate.
const (
	ClientUit       = "uit"
	ClientGevraagd  = "gevraagd"
	ClientVerplicht = "verplicht"
)

// Proxy says which header carries the client certificate and from which addresses it is believed.
// Without a header the addresses are only those of proxies, which may hold many connections.
type Proxy struct {
	Header   string
	Adressen []netip.Prefix
}

// Limieten bound everything that comes from outside.
type Limieten struct {
	Body      int64 // bytes
	Diepte    int   // levels of JSON
	Objecten  int   // verwerkte objecten in one actie
	Patch     int   // acties touched by one PATCH
	Pagina    int   // default page size
	PaginaMax int
	Wachtrij  int // records that wait for a commit

	Regel        int64         // bytes of one line of a stream (_bulk)
	PerSeconde   int           // requests or lines of a client, on average; 0: no limit
	Piek         int           // of them at once
	Gelijktijdig int           // requests of a client under way
	Stromen      int           // of those, streams
	Stilte       time.Duration // after which a stream that does not move ends

	Verbindingen         int // open at the same time
	VerbindingenPerAdres int // of one address, or of one /64 of IPv6; proxies are exempt
}

// Token bounds the age of a token.
type Token struct{ MaxLeeftijd, Speling time.Duration }

// Audit says where refused calls are written; empty: with the log.
type Audit struct{ Bestand string }

// Telemetrie says where traces and figures are sent by OTLP over HTTP; without OTLP nothing is sent.
type Telemetrie struct {
	OTLP           string  // base of the collector's address, without a slash at the end
	HeadersBestand string  // file with a header a line, which may hold a secret
	Deel           float64 // of the requests that is traced when the caller says nothing, 0 to 1
}

// Autorisaties says where an Autorisatiecomponent outside the register is; without URL the grants are
// those of the register itself.
type Autorisaties struct {
	URL                string // base of its API, without a slash at the end
	ClientID, Geheim   string // by which the register signs in there
	Cache              string // one of the Cache constants
	NotificatieGeheim  string // the header Authorization of its notifications
	Vangnet, TimeOut   time.Duration
	ComponentBewerking string // what it calls the components of the log
	ComponentInzage    string
	ComponentVAR       string
}

// NakijkenUit says that there is no daily check.
const NakijkenUit = "uit"

// Whether answers of the Autorisatiecomponent are kept (X50).
const (
	CacheUit          = "uit"
	CacheNotificaties = "notificaties"
)

// What is done with the attribute gebruiker.
const (
	GebruikerUit          = "uit"
	GebruikerPseudoniem   = "pseudoniem"
	GebruikerZoalsGegeven = "zoals-gegeven"
)

// Whether an inquiry without the mandatory headers is refused (X15).
const (
	BewijsBesloten  = "besloten"
	BewijsOpenbaar  = "openbaar"
	HeadersStreng   = "streng"
	HeadersTolerant = "tolerant"
)

// The register's own activities for logging inquiries, as long as an organisation has not
// set those of its own register of processing activities.
const (
	StandaardInzage    = "61f10c09-ca30-448e-ba29-d1f4c754643d"
	StandaardBewerking = "c3c1e90a-5861-4716-b91d-c3149ea92cbd"
	StandaardMijn      = "8d2b6a54-0c1e-4f6b-9a37-5e1f0c7d42b8" // of citizens who look themselves
)

// Organisatie holds the settings of one organisation.
type Organisatie struct {
	OIN                  string
	Store                string // postgres://…, when its log does not stand on the main store
	Bewaren              Bewaren
	Gebruiker            string // one of the Gebruiker constants
	InzageHeaders        string // one of the Headers constants
	ToelichtingVerplicht bool
	WijzigViaAfnemer     bool
	Activiteit           Activiteit
	Bewijs               string // one of the Bewijs constants
	Getuigen             []Getuige
	Verantwoording       Verantwoording
	Automatisch          []string     // systems that work without a person
	FG                   mail.Address // of the functionaris gegevensbescherming; zero: not known
}

// Bewaren holds the bounds of retention: ISO 8601 durations, and the selectielijst they
// rest on. Empty: not set, the purge refuses.
type Bewaren struct{ Vloer, Maximum, Selectielijst string }

// Verantwoording says on what the log itself rests: it is a processing of personal data too, and so
// needs a ground of AVG art. 6 of its own. Empty: not decided.
type Verantwoording struct{ Grondslag string }

// Activiteit names the organisation's activities under which its register logs inquiries, and what
// else those records say.
type Activiteit struct {
	Inzage, InzageURL, InzageActie          string
	Bewerking, BewerkingURL, BewerkingActie string
	Mijn, MijnURL, MijnActie                string // of citizens who look themselves
	Bewaartermijn                           string // ISO 8601 duration; empty: none
}

// Organisatie gives the settings of an organisation, the defaults where nothing is set.
func (c *Config) Organisatie(oin string) Organisatie {
	if o, ok := c.organisaties[oin]; ok {
		return o
	}
	return standaardOrganisatie(oin)
}

// Organisaties gives the OINs that have settings of their own, sorted.
func (c *Config) Organisaties() []string {
	return slices.Sorted(maps.Keys(c.organisaties))
}

// SQLiteMap gives the directory of the embedded store, and whether that is the store in use.
func (c *Config) SQLiteMap() (string, bool) { return SQLiteMap(c.Store) }

// SQLiteMap gives the directory that the address of a store names, and whether that is an embedded one.
func SQLiteMap(adres string) (string, bool) { return strings.CutPrefix(adres, voorvoegselSQLite) }

// Load reads the file at path (none when path is empty) and then the environment: the names of
// environ ("NAME=value", as os.Environ gives), with the values that getenv gives for them. The
// error joins one Dutch sentence for each thing that is wrong.
func Load(path string, getenv func(string) string, environ []string) (*Config, error) {
	l := lezing{gegeven: map[string]gegeven{}, organisaties: map[string]bool{}}
	if path != "" {
		l.bestand(path)
	}
	l.omgeving(getenv, environ)
	c := l.config()
	l.geheimen(c)
	// A rule between keys says nothing useful about values that were refused themselves.
	if len(l.fouten) == 0 {
		l.samenhang(c)
	}
	if len(l.fouten) > 0 {
		return nil, errors.Join(l.fouten...)
	}
	return c, nil
}
