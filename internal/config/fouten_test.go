package config

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestWrongSettingsAreRefused(t *testing.T) {
	t.Parallel()
	const org = "organisaties: {'" + oin + "': {"
	tests := []struct {
		name     string
		bestand  string
		omgeving map[string]string
		want     []string // each in the error
	}{
		{"an unknown key suggests the nearest", "lisen: x", nil, []string{"lisen (regel 1 van het bestand)", "bedoelde u listen?"}},
		{"an unknown nested key suggests the nearest", "limieten:\n  diepten: 3", nil, []string{"limieten.diepten (regel 2", "bedoelde u limieten.diepte?"}},
		{"an unknown key of an organisation suggests the nearest", org + "bewaren: {vloeren: P1Y}}}", nil, []string{"bedoelde u organisaties.<oin>.bewaren.vloer?"}},
		{"a key without its group suggests the whole", "certificaat: x", nil, []string{"bedoelde u tls.certificaat?"}},
		{"an unknown key far from all suggests none", "kleurenschema: x", nil, []string{"verantwoord config toont welke er zijn"}},
		{"an unknown variable suggests the nearest", "", map[string]string{"VERANTWOORD_STOER": "x"}, []string{"VERANTWOORD_STOER (omgeving)", "bedoelde u VERANTWOORD_STORE?"}},
		{"an unknown variable of an organisation suggests the nearest", "", map[string]string{"VERANTWOORD_ORGANISATIES_" + oin + "_GEBRUIKERS": "uit"}, []string{"bedoelde u VERANTWOORD_ORGANISATIES_<oin>_GEBRUIKER?"}},
		{"an unknown variable far from all suggests none", "", map[string]string{"VERANTWOORD_FOO": "x"}, []string{"verantwoord config toont welke er zijn"}},
		{"a variable with a short OIN says so", "", map[string]string{"VERANTWOORD_ORGANISATIES_123_GEBRUIKER": "uit"}, []string{"een OIN van 20 cijfers"}},
		{"a file with a short OIN says so", "organisaties: {123: {gebruiker: uit}}", nil, []string{"een OIN van 20 cijfers"}},
		{"a group with a value says so", "tls: aan", nil, []string{"hier horen instellingen onder"}},
		{"an organisation with a value says so", "organisaties: {'" + oin + "': uit}", nil, []string{"hier horen instellingen onder"}},
		{"a key twice", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2", nil, []string{"listen (regel 2", "twee keer"}},
		{"a key twice in two notations", "tls.certificaat: a\ntls: {certificaat: b, sleutel: c}", nil, []string{"tls.certificaat (regel 2", "twee keer"}},
		{"an alias", "sleutels: &a x\napplicaties: *a", nil, []string{"applicaties (regel 2", "schrijf de waarde uit"}},
		{"no YAML", "listen: 'x", nil, []string{"geen geldige YAML"}},
		{"two documents", "listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2", nil, []string{"meer dan één"}},
		{"only a text", "listen", nil, []string{"sleutel: waarde"}},
		{"a list at the top", "[listen, url]", nil, []string{"sleutel: waarde"}},
		{"a list where one value belongs", "sleutels: [a, b]", nil, []string{"sleutels (regel 1", "een pad"}},
		{"a list of lists", "proxy.adressen: [[10.0.0.1]]", nil, []string{"lijst van losse waarden"}},
		{"a control character", "sleutels: \"a\\x00b\"", nil, []string{"sleutels (regel 1"}},
		{"a listen address without a port", "listen: 127.0.0.1", nil, []string{"host:poort"}},
		{"a port that does not exist", "listen: 127.0.0.1:70000", nil, []string{"host:poort"}},
		{"an url with a password", "url: https://a:b@c.example", nil, []string{"url (regel 1"}},
		{"an url with a question", "url: https://c.example/?x", nil, []string{"zonder vraagteken"}},
		{"an unknown store", "store: mysql://x", nil, []string{"sqlite:MAP of postgres://"}},
		{"an embedded store without a directory", "store: 'sqlite:'", nil, []string{"sqlite:MAP"}},
		{"a yes that is not true or false", "onversleuteld: ja", nil, []string{"true of false"}},
		{"a negative limit", "limieten.diepte: -1", nil, []string{"van 8 tot en met 1000"}},
		{"a body without limit", "limieten.body: 10000 MiB", nil, []string{"1 KiB tot 1024 MiB"}},
		{"an age without a unit", "token.max_leeftijd: 60", nil, []string{"bijvoorbeeld 90s"}},
		{"an age of a year", "token.max_leeftijd: 8760h", nil, []string{"tot en met 24h"}},
		{"an unknown level", "log.niveau: INFO", nil, []string{"debug, info, warn of error"}},
		{"a proxy address that is a name", "proxy: {header: X, adressen: proxy.example}", nil, []string{"IP-adressen"}},
		{"a header name with a space", "proxy: {header: 'X Y', adressen: 10.0.0.1}", nil, []string{"HTTP-header"}},
		{"a term in words", org + "bewaren: {vloer: 5 jaar}}}", nil, []string{"ISO 8601", "P5Y"}},
		{"a term without a number", org + "bewaren: {vloer: P1YT}}}", nil, []string{"ISO 8601"}},
		{"an unknown way with gebruiker", org + "gebruiker: weg}}", nil, []string{"uit, pseudoniem of zoals-gegeven"}},
		{"an activity that is no uuid", org + "activiteit: {inzage: 42}}}", nil, []string{"een uuid"}},
		{"a witness without a key", org + "getuigen: [{url: 'https://g.example'}]}}", nil, []string{"getuigen (regel 1", "losse waarden"}},
		{"a witness without TLS", org + "getuigen: [{url: 'http://g.example', sleutel: g+00000000+BA==}]}}", nil, []string{"getuigen (regel 1", "hooguit 16 getuigen"}},
		{"a witness twice", org + "getuigen: ['https://g.example g+00000000+BA==', 'https://h.example g+00000000+BA==']}}", nil, []string{"hooguit 16 getuigen"}},
		{"a witness with a setting that does not exist", org + "getuigen: [{url: 'https://g.example', sleutel: g+00000000+BA==, oin: x}]}}", nil, []string{"getuigen (regel 1"}},
		{"a group where one value belongs", org + "gebruiker: [{url: 'https://g.example', sleutel: g+00000000+BA==}]}}", nil, []string{"losse waarden"}},
		{"a link that is no url", org + "activiteit: {inzage_url: var/1}}}", nil, []string{"een volledig adres"}},

		{"an external component without a client", "autorisaties.url: https://ac.example", nil, []string{"autorisaties.url (regel 1", "autorisaties.client_id"}},
		{"an external component without TLS", "autorisaties: {url: 'http://ac.example', client_id: a, geheim: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}", nil, []string{"https://"}},
		{"a short secret for it", "autorisaties: {url: 'https://ac.example', client_id: a, geheim: kort}", nil, []string{"autorisaties.geheim", "32"}},
		{"answers kept without notifications", "autorisaties: {url: 'https://ac.example', client_id: a, geheim: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', cache: notificaties}", nil, []string{"notificatie_geheim"}},
		{"one name for both components", "autorisaties: {url: 'https://ac.example', client_id: a, geheim: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', component_inzage: kc, component_bewerking: kc}", nil, []string{"component_inzage"}},
		{"the name of the log for the register of activities", "autorisaties: {url: 'https://ac.example', client_id: a, geheim: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', component_var: kc, component_bewerking: kc}", nil, []string{"component_var"}},
		{"a secret for no external component", "autorisaties.geheim: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", nil, []string{"autorisaties.url"}},

		{"a service of citizens without a secret or a key", "inwonerdiensten: {digid: {uitgever: 'https://b.example', client_id: a}}", nil, []string{"inwonerdiensten.digid.geheim (standaard)"}},
		{"a service of citizens without anything", "inwonerdiensten: {digid: {}}", nil, []string{"inwonerdiensten.digid.uitgever", "inwonerdiensten.digid.client_id"}},
		{"a service of citizens without TLS", "inwonerdiensten.digid.uitgever: http://b.example", nil, []string{"https://"}},
		{"a service of citizens with a secret and a key", "inwonerdiensten: {digid: {uitgever: 'https://b.example', client_id: a, geheim: geheim-van-b, sleutel: k.pem}}", nil, []string{"inwonerdiensten.digid.sleutel (regel 1", "laat er één staan"}},
		{"one claim for two people", "inwonerdiensten: {digid: {uitgever: 'https://b.example', client_id: a, sleutel: k.pem, claims: {namens: {bsn: bsn}}}}", nil, []string{"inwonerdiensten.digid.claims.namens.bsn (regel 1", "claims.bsn"}},
		{"a level that does not exist", "inwonerdiensten.digid.niveaus: goud=beste", nil, []string{"inwonerdiensten.digid.niveaus", "substantieel of hoog"}},
		{"a level of nothing", "inwonerdiensten.digid.niveaus: =hoog", nil, []string{"inwonerdiensten.digid.niveaus"}},
		{"a level that means two", "inwonerdiensten.digid.niveaus: [a=hoog, a=basis]", nil, []string{"inwonerdiensten.digid.niveaus"}},
		{"a way to act for another that does not exist", "inwonerdiensten.digid.namens_soorten: X=tante", nil, []string{"gemachtigde of onderneming"}},
		{"a name of no organisation", "organisatienamen: ['12=Waterschap']", nil, []string{"organisatienamen (regel 1", "OIN van 20 cijfers"}},
		{"an organisation without its name", "organisatienamen: ['00000099345678910000=']", nil, []string{"organisatienamen"}},
		{"an organisation with two names", "organisatienamen: ['00000099345678910000=A', '00000099345678910000=B']", nil, []string{"organisatienamen"}},
		{"a scope with a space", "inwonerdiensten.digid.scopes: a b", nil, []string{"inwonerdiensten.digid.scopes", "zonder spaties"}},
		{"an unknown key of a service of citizens suggests the nearest", "inwonerdiensten: {digid: {claims: {bsm: a}}}", nil, []string{"bedoelde u inwonerdiensten.<dienst>.claims.bsn?"}},
		{"a service of citizens with a name that is none", "inwonerdiensten: {Digi-D: {client_id: a}}", nil, []string{"een naam van kleine letters en cijfers"}},
		{"a service without its secret", "aanmelddiensten: {kc: {uitgever: 'https://kc.example', client_id: a}}", nil, []string{"aanmelddiensten.kc.geheim (standaard)"}},
		{"a service without anything", "aanmelddiensten: {kc: {}}", nil, []string{"aanmelddiensten.kc.uitgever", "aanmelddiensten.kc.client_id"}},
		{"a service without TLS", "aanmelddiensten.kc.uitgever: http://kc.example", nil, []string{"https://"}},
		{"a service with a query", "aanmelddiensten.kc.uitgever: https://kc.example/?a", nil, []string{"aanmelddiensten.kc.uitgever (regel 1", "uitgever"}},
		{"a service of no organisation", "aanmelddiensten.kc.organisatie: 12", nil, []string{"een OIN van 20 cijfers"}},
		{"a service with a name that is none", "aanmelddiensten: {Key-cloak: {client_id: a}}", nil, []string{"aanmelddiensten.Key-cloak.client_id", "een naam van kleine letters en cijfers"}},
		{"a variable of a service with a name that is none", "", map[string]string{"VERANTWOORD_AANMELDDIENSTEN_1A_GEHEIM": "x"}, []string{"na AANMELDDIENSTEN_ hoort een naam"}},
		{"an unknown key of a service suggests the nearest", "aanmelddiensten: {kc: {clientid: a}}", nil, []string{"bedoelde u aanmelddiensten.<dienst>.client_id?"}},
		{"an unknown variable of a service suggests the nearest", "", map[string]string{"VERANTWOORD_AANMELDDIENSTEN_KC_GEHEIMEN": "x"}, []string{"bedoelde u VERANTWOORD_AANMELDDIENSTEN_<dienst>_GEHEIM?"}},
		{"a secret twice", "aanmelddiensten: {kc: {geheim: geheim-van-kc, geheim_bestand: testdata/wachtwoord}}", nil, []string{"aanmelddiensten.kc.geheim_bestand (regel 1", "laat er één staan"}},
		{"a secret in a file that is not there", "aanmelddiensten: {kc: {geheim_bestand: testdata/geen}}", nil, []string{"aanmelddiensten.kc.geheim_bestand (regel 1", "bestaat niet"}},
		{"a secret in a file that holds more", "post.relay.1.wachtwoord_bestand: testdata/standaard.golden", nil, []string{"post.relay.1.wachtwoord_bestand (regel 1", "een wachtwoord van 8"}},

		{"a mail server without a sender", "post.relay.1.adres: m.example:587", nil, []string{"post.relay.1.adres (regel 1", "post.afzender"}},
		{"a second mail server without a first", "{post.afzender: a@b.example, post.relay.2.adres: 'm.example:587'}", nil, []string{"post.relay.2.adres", "post.relay.1.adres"}},
		{"a third mail server", "post.relay.3.adres: m.example:587", nil, []string{"bedoelde u post.relay.1.adres?"}},
		{"mail over the net without TLS", "{post.afzender: a@b.example, post.relay.1: {adres: 'm.example:25', versleuteling: uit}}", nil, []string{"post.relay.1.versleuteling", "starttls of tls"}},
		{"a mail server with a user alone", "{post.afzender: a@b.example, post.relay.1: {adres: 'm.example:25', gebruiker: a}}", nil, []string{"post.relay.1.gebruiker", "horen bij elkaar"}},
		{"a password for no mail server", "post.relay.1.wachtwoord: wachtwoord-zonder-server", nil, []string{"post.relay.1.adres (standaard)"}},
		{"a mail server without a port", "post.relay.1.adres: m.example", nil, []string{"host:poort"}},
		{"a mail server without a host", "post.relay.1.adres: ':25'", nil, []string{"host:poort"}},
		{"a sender that is no address", "post.afzender: Verantwoord", nil, []string{"een e-mailadres"}},
		{"two senders", "post.afzender: a@b.example, c@d.example", nil, []string{"een e-mailadres"}},

		{"open to others without TLS", "listen: 0.0.0.0:8080", nil, []string{"listen (regel 1", "onversleuteld op true"}},
		{"open on every address without TLS", "listen: ':8080'", nil, []string{"onversleuteld op true"}},
		{"open on a name without TLS", "listen: log.example:8080", nil, []string{"onversleuteld op true"}},
		{"a certificate without a key", "tls.certificaat: c.pem", nil, []string{"horen bij elkaar"}},
		{"client certificates without TLS", "tls.client_ca: c.pem", nil, []string{"tls.client_ca (regel 1"}},
		{"a header anyone may set", "proxy.header: X", nil, []string{"proxy.header (regel 1", "hoort proxy.adressen"}},
		{"certificates of clients that nobody can show", "tls.client: verplicht", nil, []string{"tls.client (regel 1", "tls.client_ca"}},
		{"certificates of clients from a proxy that are not wanted", "{tls.client: uit, proxy: {header: X, adressen: 10.0.0.1}}", nil, []string{"tls.client (regel 1", "gevraagd"}},
		{"an unknown way with certificates of clients", "tls.client: soms", nil, []string{"uit, gevraagd of verplicht"}},
		{"a standby of an embedded store", "store_read: postgres://x/y", nil, []string{"store_read (regel 1"}},
		{"pages above their maximum", "limieten.pagina_max: 50", nil, []string{"limieten.pagina (standaard)", "limieten.pagina_max"}},
		{"a maximum below the floor", org + "bewaren: {vloer: P5Y, maximum: P59M}}}", nil, []string{"korter dan bewaren.vloer"}},

		{"a variable and its file", "", map[string]string{"VERANTWOORD_STORE": "sqlite:x", "VERANTWOORD_STORE_BESTAND": "y"}, []string{"VERANTWOORD_STORE_BESTAND", "ook VERANTWOORD_STORE is gezet"}},
		{"a file that is not there", "", map[string]string{"VERANTWOORD_STORE_BESTAND": "/bestaat/niet"}, []string{"VERANTWOORD_STORE_BESTAND (omgeving)", "bestaat niet"}},
		{
			"all that is wrong, at once", "listen: x\nlimieten: {diepte: x, patch: x}", map[string]string{"VERANTWOORD_URL": "x", "VERANTWOORD_X": "y"},
			[]string{"listen (", "limieten.diepte (", "limieten.patch (", "url (VERANTWOORD_URL)", "VERANTWOORD_X ("},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := laad(t, tt.bestand, tt.omgeving)
			if err == nil {
				t.Fatalf("accepted: %+v", c)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
		})
	}
}

func TestAcceptedOnPurpose(t *testing.T) {
	t.Parallel()
	for name, bestand := range map[string]string{
		"IPv6 loopback":                           "listen: '[::1]:0'",
		"localhost by name":                       "listen: localhost:8080",
		"open to others behind a proxy":           "{listen: ':8080', onversleuteld: true}",
		"certificates of clients from a proxy":    "{proxy: {header: X, adressen: 10.0.0.1}, tls: {client_ca: c, client: verplicht}}",
		"a proxy that carries no certificates":    "proxy.adressen: 10.0.0.1",
		"open to others with TLS":                 "{listen: ':8443', tls: {certificaat: c, sleutel: k}}",
		"an OIN without quotes":                   "organisaties: {00000099123456780000: {gebruiker: uit}}",
		"a group that is empty":                   "organisaties:\n  '00000099123456780000':\n    bewaren:\n",
		"a floor and a maximum that are equal":    "organisaties: {'00000099123456780000': {bewaren: {vloer: P1Y, maximum: P12M}}}",
		"a term with weeks and parts of a second": "organisaties: {'00000099123456780000': {bewaren: {vloer: P3Y6M2W4DT12H30M5.5S}}}",
		"only comments":                           "# niets\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moetLaden(t, bestand, nil)
		})
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	geen := func(string) string { return "" }
	dir := t.TempDir()
	for name, path := range map[string]string{
		"does not exist": filepath.Join(dir, "geen.yaml"),
		"is a directory": dir,
		"is too large":   schrijf(t, strings.Repeat("#", maxBestand+1)),
	} {
		if _, err := Load(path, geen, nil); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestNoErrorRepeatsASecret(t *testing.T) {
	t.Parallel()
	const geheim = "zeergeheim"
	_, err := laad(t, "store: 'postgres//log:"+geheim+"@db'\nstore_read: \""+geheim+"\\n\"", map[string]string{
		"VERANTWOORD_SLEUTELS_BESTAND": geheim,
		"VERANTWOORD_TLS_SLEUTEL":      geheim + "\n",
	})
	if err == nil || strings.Contains(err.Error(), geheim) {
		t.Errorf("got %v", err)
	}
	_, err = laad(t, "aanmelddiensten: {kc: {geheim: kort}, x: {geheim_bestand: "+schrijf(t, geheim+"\x00")+"}}\npost.relay.1.wachtwoord: '"+geheim+"'", nil)
	if err == nil || strings.Contains(err.Error(), geheim) || strings.Contains(err.Error(), "kort)") {
		t.Errorf("got %v", err)
	}
	_, err = laad(t, "store: postgres://log:"+geheim+"@db\n  store_read: "+geheim, nil)
	if err == nil || strings.Contains(err.Error(), geheim) {
		t.Errorf("got %v", err)
	}
}
