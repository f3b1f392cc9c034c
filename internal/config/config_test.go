package config

import (
	"log/slog"
	"net/mail"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const oin = "00000099123456780000"

// gelijk compares settings, not how they are printed.
var gelijk = cmp.Options{
	cmpopts.IgnoreFields(Config{}, "waarden"),
	cmp.AllowUnexported(Config{}),
	cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
}

// laad loads a file with this content, none when it is empty, and these variables.
func laad(t *testing.T, inhoud string, omgeving map[string]string) (*Config, error) {
	t.Helper()
	path := ""
	if inhoud != "" {
		path = schrijf(t, inhoud)
	}
	environ := []string{"PATH=/bin", "HOME"}
	for naam, waarde := range omgeving {
		environ = append(environ, naam+"="+waarde)
	}
	return Load(path, func(naam string) string { return omgeving[naam] }, environ)
}

func schrijf(t *testing.T, inhoud string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bestand")
	if err := os.WriteFile(path, []byte(inhoud), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func moetLaden(t *testing.T, inhoud string, omgeving map[string]string) *Config {
	t.Helper()
	c, err := laad(t, inhoud, omgeving)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaultsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	want := &Config{
		Listen: "127.0.0.1:8080", URL: "http://127.0.0.1:8080", Store: "sqlite:./data/store", Sleutels: "./data/sleutels",
		Nakijken:  3 * time.Hour,
		TLS:       TLS{Client: ClientGevraagd},
		Limieten:  Limieten{Body: 8 << 20, Diepte: 32, Objecten: 10000, Patch: 10000, Pagina: 100, PaginaMax: 500, Wachtrij: 8192, Regel: 1 << 20, Piek: 1000, Gelijktijdig: 1024, Stromen: 8, Stilte: time.Minute, Verbindingen: 10000, VerbindingenPerAdres: 512},
		Token:     Token{MaxLeeftijd: time.Hour, Speling: time.Minute},
		Post:      Post{Relays: [2]Relay{{Versleuteling: VersleutelingStartTLS}, {Versleuteling: VersleutelingStartTLS}}},
		LogNiveau: slog.LevelInfo, Telemetrie: Telemetrie{Deel: 1}, organisaties: map[string]Organisatie{},
		Autorisaties: Autorisaties{
			Cache: CacheUit, Vangnet: 5 * time.Minute, TimeOut: 2 * time.Second,
			ComponentBewerking: "verwerkingenlogging-bewerking", ComponentInzage: "verwerkingenlogging-inzage", ComponentVAR: "verwerkingsactiviteiten",
		},
	}
	got := moetLaden(t, "", nil)
	if d := cmp.Diff(want, got, gelijk); d != "" {
		t.Error(d)
	}
	wantOrg := Organisatie{
		OIN: oin, Gebruiker: "zoals-gegeven", InzageHeaders: "streng", WijzigViaAfnemer: true, Bewijs: "besloten",
		Activiteit: Activiteit{Inzage: StandaardInzage, InzageActie: "Inzien verwerkingenlog", Bewerking: StandaardBewerking, BewerkingActie: "Opvragen verwerkingsacties", Mijn: StandaardMijn, MijnActie: "Tonen verwerkingen"},
	}
	if d := cmp.Diff(wantOrg, got.Organisatie(oin)); d != "" {
		t.Error(d)
	}
	if dir, ok := got.SQLiteMap(); dir != "./data/store" || !ok {
		t.Errorf("SQLiteMap() = %q, %v", dir, ok)
	}
}

func TestEveryKeyOfTheTableIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, s := range algemeen {
		if s.standaard != "" && !s.zet(&Config{}, s.standaard) {
			t.Errorf("%s: its default is refused", s.naam)
		}
		if s.eenheid == "" || s.betekenis == "" || s.aanvaardt == "" {
			t.Errorf("%s: a column is empty", s.naam)
		}
	}
	for _, s := range perOrganisatie {
		if s.standaard != "" && !s.zet(&Organisatie{}, s.standaard) {
			t.Errorf("%s: its default is refused", s.naam)
		}
		if s.eenheid == "" || s.betekenis == "" || s.aanvaardt == "" {
			t.Errorf("%s: a column is empty", s.naam)
		}
	}
	for _, s := range perAanmelddienst {
		if s.standaard != "" && !s.zet(&Aanmelddienst{}, s.standaard) {
			t.Errorf("%s: its default is refused", s.naam)
		}
		if s.eenheid == "" || s.betekenis == "" || s.aanvaardt == "" {
			t.Errorf("%s: a column is empty", s.naam)
		}
	}
	gezien := map[string]string{}
	for _, s := range alleSleutels() {
		if ander, dubbel := gezien[variabele(s)]; dubbel {
			t.Errorf("%s and %s share a variable", s, ander)
		}
		gezien[variabele(s)] = s
	}
}

const volledig = `
listen: 0.0.0.0:8443
url: https://register.voorbeeldstad.example/log/
store: postgres://log:wachtwoord-van-de-opslag@db.example/log?sslmode=verify-full
store_read: postgres://lees@kopie.example/log
schrijvers: 3
sleutels: /var/lib/verantwoord/sleutels
applicaties: /etc/verantwoord/applicaties.yaml
uitloop: 25s
nakijken.tijd: "04:30"
thema: /etc/verantwoord/thema.css
juridisch: /etc/verantwoord/juridisch
organisatienamen: ["00000099345678910000=Belastingsamenwerking A=B", "00000099456789120000= Zorgaanbieder"]
tls: {certificaat: /etc/c.pem, sleutel: /etc/k.pem, client_ca: /etc/ca.pem, client: verplicht}
onversleuteld: false
proxy.header: X-Client-Certificaat
proxy.adressen: [10.1.2.3, 10.2.0.0/16]
limieten: {body: 1 MiB, diepte: 16, objecten: 50, patch: 60, pagina: 20, pagina_max: 40, wachtrij: 70, regel: 2 KiB, per_seconde: 11, piek: 12, gelijktijdig: 13, stromen: 14, stilte: 15s, verbindingen: 80, verbindingen_per_adres: 90}
token:
  max_leeftijd: 15m
  speling: 0s
log: {niveau: debug}
autorisaties:
  url: https://ac.example/autorisaties/api/v1/
  client_id: register
  geheim: een-geheim-dat-nergens-getoond-mag-worden
  cache: notificaties
  notificatie_geheim: nog-een-geheim-dat-nergens-getoond-mag
  vangnet: 90s
  time_out: 500ms
  component_bewerking: kc
  component_inzage: vrc
  component_var: var
audit: {bestand: /var/log/verantwoord/audit.jsonl}
telemetrie: {otlp: "https://collector.example:4318/", otlp_headers_bestand: /etc/otlp-headers, deel: 0.25}
post:
  afzender: Verantwoord <verantwoord@voorbeeldstad.example>
  relay:
    1: {adres: "mail.example:465", versleuteling: tls, gebruiker: register, wachtwoord: wachtwoord-van-de-mailserver, ca: /etc/mail-ca.pem}
    2: {adres: "127.0.0.1:25", versleuteling: uit, gebruiker: reserve, wachtwoord_bestand: testdata/wachtwoord, ca: /etc/reserve-ca.pem}
aanmelddiensten:
  keycloak:
    naam: Mijn werkplek
    organisatie: "00000099123456780000"
    uitgever: https://keycloak.example/realms/stad/
    client_id: verantwoord
    geheim: geheim-van-de-aanmelddienst
    groepen_claim: realm_access.roles
  adfs: {naam: Inloggen, organisatie: "00000099123456780000", uitgever: "https://adfs.example/adfs", client_id: v2, geheim_bestand: testdata/wachtwoord, groepen_claim: group}
inwonerdiensten:
  digid:
    naam: DigiD
    organisatie: "00000099123456780000"
    uitgever: https://broker.example/digid
    client_id: verantwoord
    geheim: geheim-van-de-broker
    scopes: [bsn, profile]
    acr: urn:etoegang:core:assurance-class:loa3
    claims: {bsn: persoon.bsn, gemachtigde: gemachtigde.bsn, niveau: zekerheid, naam: name, geheim: brp.geheim, namens: {bsn: ander.bsn, kvk: ander.kvk, soort: ander.soort}}
    niveaus: ["urn:eigen:goud=hoog", "a=b=midden"]
    namens_soorten: [CUR=curator]
  eid:
    naam: eID
    organisatie: "00000099123456780000"
    uitgever: https://broker.example/eid
    client_id: v3
    sleutel: /etc/broker-sleutel.pem
    scopes: bsn
    acr: [hoog]
    claims: {bsn: nummer, gemachtigde: g, niveau: loa, naam: n, geheim: h, namens: {bsn: b, kvk: k, soort: s}}
    niveaus: 3=substantieel
    namens_soorten: O=ouder
organisaties:
  "00000099123456780000":
    store: postgres://log:wachtwoord-van-de-opslag@ander.example/log
    bewaren: {vloer: P5Y, maximum: P20Y, selectielijst: Selectielijst 2020}
    gebruiker: pseudoniem
    automatisch: [Nachtelijke levering, Balie 2.0]
    inzage_headers: tolerant
    toelichting_verplicht: true
    wijzig_via_afnemer: false
    activiteit:
      inzage: 5F0BEF4C-f66f-4311-84a5-19e8bf359eaf
      inzage_url: https://var.example/1
      bewerking: c5b9f4e7-8c79-41b9-91e2-6268419cb167
      bewerking_url: https://var.example/2
      inzage_actie: Bekijken logregels
      bewerking_actie: Opzoeken logregels
      mijn: 0b9f6c3a-9a0e-4a42-8a51-2b6d5c2f7e10
      mijn_url: https://var.example/3
      mijn_actie: Bekijken eigen regels
      bewaartermijn: P7Y
    bewijs: openbaar
    getuigen:
      - {url: https://g.example/, sleutel: g+1+BA==, naam: Ons Dorp}
    verantwoording.grondslag: "AVG art. 6 lid 1 onder c"
    fg: fg@voorbeeldstad.example
  00000099000000010000: {}
`

func TestTheFileSetsEveryKey(t *testing.T) {
	t.Parallel()
	want := &Config{
		Listen: "0.0.0.0:8443", URL: "https://register.voorbeeldstad.example/log",
		Store:     "postgres://log:wachtwoord-van-de-opslag@db.example/log?sslmode=verify-full",
		StoreRead: "postgres://lees@kopie.example/log", Schrijvers: 3, Sleutels: "/var/lib/verantwoord/sleutels",
		Applicaties: "/etc/verantwoord/applicaties.yaml", Uitloop: 25 * time.Second, Thema: "/etc/verantwoord/thema.css", Juridisch: "/etc/verantwoord/juridisch",
		Namen:     map[string]string{"00000099345678910000": "Belastingsamenwerking A=B", "00000099456789120000": "Zorgaanbieder"},
		Nakijken:  4*time.Hour + 30*time.Minute,
		TLS:       TLS{"/etc/c.pem", "/etc/k.pem", "/etc/ca.pem", ClientVerplicht},
		Proxy:     Proxy{"X-Client-Certificaat", []netip.Prefix{netip.MustParsePrefix("10.1.2.3/32"), netip.MustParsePrefix("10.2.0.0/16")}},
		Limieten:  Limieten{Body: 1 << 20, Diepte: 16, Objecten: 50, Patch: 60, Pagina: 20, PaginaMax: 40, Wachtrij: 70, Regel: 2048, PerSeconde: 11, Piek: 12, Gelijktijdig: 13, Stromen: 14, Stilte: 15 * time.Second, Verbindingen: 80, VerbindingenPerAdres: 90},
		Token:     Token{MaxLeeftijd: 15 * time.Minute},
		LogNiveau: slog.LevelDebug,
		Autorisaties: Autorisaties{
			URL: "https://ac.example/autorisaties/api/v1", ClientID: "register", Geheim: "een-geheim-dat-nergens-getoond-mag-worden",
			Cache: CacheNotificaties, NotificatieGeheim: "nog-een-geheim-dat-nergens-getoond-mag",
			Vangnet: 90 * time.Second, TimeOut: 500 * time.Millisecond, ComponentBewerking: "kc", ComponentInzage: "vrc", ComponentVAR: "var",
		},
		Audit:      Audit{Bestand: "/var/log/verantwoord/audit.jsonl"},
		Telemetrie: Telemetrie{OTLP: "https://collector.example:4318", HeadersBestand: "/etc/otlp-headers", Deel: 0.25},
		Post: Post{
			Afzender: mail.Address{Name: "Verantwoord", Address: "verantwoord@voorbeeldstad.example"},
			Relays: [2]Relay{
				{Adres: "mail.example:465", Versleuteling: VersleutelingTLS, Gebruiker: "register", Wachtwoord: "wachtwoord-van-de-mailserver", Uitgevers: "/etc/mail-ca.pem"},
				{Adres: "127.0.0.1:25", Versleuteling: VersleutelingUit, Gebruiker: "reserve", Wachtwoord: "een-wachtwoord-uit-een-bestand", WachtwoordBestand: "testdata/wachtwoord", Uitgevers: "/etc/reserve-ca.pem"},
			},
		},
		Aanmelddiensten: []Aanmelddienst{
			{Sleutel: "adfs", Naam: "Inloggen", Organisatie: oin, Uitgever: "https://adfs.example/adfs", ClientID: "v2", Geheim: "een-wachtwoord-uit-een-bestand", GeheimBestand: "testdata/wachtwoord", GroepenClaim: "group"},
			{Sleutel: "keycloak", Naam: "Mijn werkplek", Organisatie: oin, Uitgever: "https://keycloak.example/realms/stad/", ClientID: "verantwoord", Geheim: "geheim-van-de-aanmelddienst", GroepenClaim: "realm_access.roles"},
		},
		Inwonerdiensten: []Inwonerdienst{
			{
				Sleutel: "digid", Naam: "DigiD", Organisatie: oin, Uitgever: "https://broker.example/digid", ClientID: "verantwoord", Geheim: "geheim-van-de-broker",
				Scopes: []string{"bsn", "profile"}, Acr: []string{"urn:etoegang:core:assurance-class:loa3"},
				Claims:  Inwonerclaims{BSN: "persoon.bsn", Gemachtigde: "gemachtigde.bsn", Niveau: "zekerheid", Naam: "name", Geheim: "brp.geheim", NamensBSN: "ander.bsn", NamensKvK: "ander.kvk", NamensSoort: "ander.soort"},
				Niveaus: map[string]string{"urn:eigen:goud": "hoog", "a=b": "midden"}, NamensSoorten: map[string]string{"CUR": "curator"},
			},
			{
				Sleutel: "eid", Naam: "eID", Organisatie: oin, Uitgever: "https://broker.example/eid", ClientID: "v3", TekenSleutel: "/etc/broker-sleutel.pem",
				Scopes: []string{"bsn"}, Acr: []string{"hoog"},
				Claims:  Inwonerclaims{BSN: "nummer", Gemachtigde: "g", Niveau: "loa", Naam: "n", Geheim: "h", NamensBSN: "b", NamensKvK: "k", NamensSoort: "s"},
				Niveaus: map[string]string{"3": "substantieel"}, NamensSoorten: map[string]string{"O": "ouder"},
			},
		},
		organisaties: map[string]Organisatie{
			oin: {
				OIN: oin, Store: "postgres://log:wachtwoord-van-de-opslag@ander.example/log", Bewaren: Bewaren{"P5Y", "P20Y", "Selectielijst 2020"}, Gebruiker: "pseudoniem", InzageHeaders: "tolerant",
				ToelichtingVerplicht: true, Bewijs: "openbaar", Getuigen: []Getuige{{"https://g.example", "g+1+BA==", "Ons Dorp"}},
				Automatisch: []string{"Nachtelijke levering", "Balie 2.0"},
				Activiteit: Activiteit{
					Inzage: "5f0bef4c-f66f-4311-84a5-19e8bf359eaf", InzageURL: "https://var.example/1", InzageActie: "Bekijken logregels",
					Bewerking: "c5b9f4e7-8c79-41b9-91e2-6268419cb167", BewerkingURL: "https://var.example/2", BewerkingActie: "Opzoeken logregels",
					Mijn: "0b9f6c3a-9a0e-4a42-8a51-2b6d5c2f7e10", MijnURL: "https://var.example/3", MijnActie: "Bekijken eigen regels",
					Bewaartermijn: "P7Y",
				},
				Verantwoording: Verantwoording{Grondslag: "AVG art. 6 lid 1 onder c"}, FG: mail.Address{Address: "fg@voorbeeldstad.example"},
			},
			"00000099000000010000": standaardOrganisatie("00000099000000010000"),
		},
	}
	got := moetLaden(t, volledig, nil)
	if d := cmp.Diff(want, got, gelijk); d != "" {
		t.Error(d)
	}
	// Of a secret and its file one is given: here the other one of each kind.
	anders := []string{"post.relay.1.wachtwoord_bestand", "post.relay.2.wachtwoord", "aanmelddiensten.adfs.geheim", "aanmelddiensten.keycloak.geheim_bestand",
		"inwonerdiensten.digid.geheim_bestand", "inwonerdiensten.digid.sleutel", "inwonerdiensten.eid.geheim", "inwonerdiensten.eid.geheim_bestand"}
	for _, s := range got.waarden {
		if s.herkomst == uitStandaard && !strings.Contains(s.sleutel, "0001") && !slices.Contains(anders, s.sleutel) {
			t.Errorf("%s is not in the test's file", s.sleutel)
		}
	}
}

func TestTheEnvironmentSetsEveryKeyToo(t *testing.T) {
	t.Parallel()
	uitBestand := moetLaden(t, volledig, nil)
	omgeving := map[string]string{}
	l := lezing{gegeven: map[string]gegeven{}, organisaties: map[string]bool{}}
	l.yaml([]byte(volledig))
	for sleutel, g := range l.gegeven {
		omgeving["VERANTWOORD_"+variabele(sleutel)] = g.tekst
	}
	got := moetLaden(t, "organisaties: {00000099000000010000: {}}", omgeving)
	if d := cmp.Diff(uitBestand, got, gelijk); d != "" {
		t.Error(d)
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	t.Run("the environment wins over the file, even over a wrong value there", func(t *testing.T) {
		t.Parallel()
		c := moetLaden(t, "limieten.diepte: onzin\nlimieten.patch: 7", map[string]string{"VERANTWOORD_LIMIETEN_DIEPTE": "9"})
		if c.Limieten.Diepte != 9 || c.Limieten.Patch != 7 || c.Limieten.Objecten != 10000 {
			t.Errorf("got %+v", c.Limieten)
		}
	})
	t.Run("an empty variable and an empty value count as absent", func(t *testing.T) {
		t.Parallel()
		c := moetLaden(t, "limieten.diepte: 12\ntls:\napplicaties:\nsleutels: ''", map[string]string{"VERANTWOORD_LIMIETEN_DIEPTE": ""})
		if c.Limieten.Diepte != 12 || c.Sleutels != "./data/sleutels" {
			t.Errorf("got %+v", c)
		}
	})
	t.Run("a variable with _BESTAND reads the value from that file", func(t *testing.T) {
		t.Parallel()
		path := schrijf(t, "postgres://log:geheim@db.example/log\n")
		c := moetLaden(t, "", map[string]string{"VERANTWOORD_STORE_BESTAND": path})
		if c.Store != "postgres://log:geheim@db.example/log" {
			t.Error("the value is not that of the file")
		}
	})
	t.Run("a secret in a file of its own is read, also by the variable", func(t *testing.T) {
		t.Parallel()
		path := schrijf(t, "geheim-van-de-mailserver\n")
		c := moetLaden(t, "post: {afzender: a@b.example, relay: {1: {adres: 'm.example:587', gebruiker: g}}}", map[string]string{"VERANTWOORD_POST_RELAY_1_WACHTWOORD_BESTAND": path})
		if c.Post.Relays[0].Wachtwoord != "geheim-van-de-mailserver" {
			t.Error("the secret is not that of the file")
		}
	})
	t.Run("a service of citizens too", func(t *testing.T) {
		t.Parallel()
		c := moetLaden(t, "", map[string]string{
			"VERANTWOORD_INWONERDIENSTEN_DIGID_UITGEVER": "https://b.example", "VERANTWOORD_INWONERDIENSTEN_DIGID_CLIENT_ID": "v", "VERANTWOORD_INWONERDIENSTEN_DIGID_GEHEIM_BESTAND": "testdata/wachtwoord",
			"VERANTWOORD_INWONERDIENSTEN_DIGID_CLAIMS_NAMENS_BSN": "x.bsn",
		})
		want := []Inwonerdienst{{Sleutel: "digid", Uitgever: "https://b.example", ClientID: "v", Geheim: "een-wachtwoord-uit-een-bestand", GeheimBestand: "testdata/wachtwoord",
			Claims: Inwonerclaims{BSN: "bsn", Niveau: "acr", NamensBSN: "x.bsn"}}}
		if d := cmp.Diff(want, c.Inwonerdiensten); d != "" {
			t.Error(d)
		}
	})
	t.Run("a service stands in the name of the variable", func(t *testing.T) {
		t.Parallel()
		c := moetLaden(t, "aanmelddiensten: {entra1: {uitgever: 'https://login.example/t/v2.0', geheim: geheim-van-entra}}", map[string]string{"VERANTWOORD_AANMELDDIENSTEN_ENTRA1_CLIENT_ID": "v"})
		want := []Aanmelddienst{{Sleutel: "entra1", Uitgever: "https://login.example/t/v2.0", ClientID: "v", Geheim: "geheim-van-entra", GroepenClaim: "groups"}}
		if d := cmp.Diff(want, c.Aanmelddiensten); d != "" {
			t.Error(d)
		}
	})
	t.Run("a key of an organisation may stand on one line", func(t *testing.T) {
		t.Parallel()
		c := moetLaden(t, "organisaties."+oin+".bewaren.vloer: P5Y", nil)
		if c.Organisatie(oin).Bewaren.Vloer != "P5Y" {
			t.Error("the setting is ignored")
		}
	})
	t.Run("variables of tests are left alone", func(t *testing.T) {
		t.Parallel()
		moetLaden(t, "", map[string]string{"VERANTWOORD_TEST_POSTGRES": "x", "VERANTWOORDELIJK": "y"})
	})
	t.Run("the organisation stands in the name of the variable", func(t *testing.T) {
		t.Parallel()
		c := moetLaden(t, "", map[string]string{"VERANTWOORD_ORGANISATIES_" + oin + "_TOELICHTING_VERPLICHT": "true"})
		if !c.Organisatie(oin).ToelichtingVerplicht || c.Organisatie("00000099000000020000").ToelichtingVerplicht {
			t.Error("the setting is not that of the one organisation")
		}
		if d := cmp.Diff([]string{oin}, c.Organisaties()); d != "" {
			t.Error(d)
		}
	})
}
