package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func TestPrintShowsWhatIsInForce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		golden, bestand string
		omgeving        map[string]string
	}{
		{"standaard.golden", "", nil},
		{"ingesteld.golden", volledig, map[string]string{"VERANTWOORD_LOG_NIVEAU": "warn", "VERANTWOORD_LIMIETEN_PATCH": "61"}},
	}
	for _, tt := range tests {
		t.Run(tt.golden, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := moetLaden(t, tt.bestand, tt.omgeving).Print(&b); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", tt.golden)
			if *update {
				if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), b.String()); d != "" {
				t.Error(d)
			}
			for _, geheim := range []string{"wachtwoord-van-de-opslag", "wachtwoord-van-de-mailserver", "geheim-van-de-aanmelddienst", "geheim-van-de-broker", "een-wachtwoord-uit-een-bestand"} {
				if strings.Contains(b.String(), geheim) {
					t.Errorf("%s is printed", geheim)
				}
			}
		})
	}
}

func TestSecretsAreMaskedInAddresses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"sqlite:./data":                            "sqlite:./data",
		"postgres://a:b@c:5432/d":                  "postgres://a:***@c:5432/d",
		"postgres://c/d?password=b&sslmode=prefer": "postgres://c/d?***",
		"postgresql://a@c/d":                       "postgresql://a@c/d",
		"postgres://a:b@c:poort/d":                 "***",
	} {
		if got := maskeerURL(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// eigen is an activity of the register of activities of an organisation.
const eigen = "0b1f5b7e-2f5e-4d0e-8a52-0d1d3a5f9c11"

func TestWaarschuwingen(t *testing.T) {
	t.Parallel()
	const (
		ander  = "00000099000000010000"
		dienst = "aanmelddiensten: {kc: {uitgever: 'https://kc.example', client_id: a, geheim: geheim-van-kc"
		genoeg = "organisaties: {'" + oin + "': {bewaren: {vloer: P1Y, maximum: P2Y, selectielijst: x}, activiteit: {inzage: " + eigen + ", bewerking: " + eigen + ", mijn: " + eigen + "}, verantwoording: {grondslag: x}}}"
	)
	tests := []struct {
		name, bestand string
		oins          []string
		want          []string // in this order, each a part of one warning
	}{
		{"nothing is set and nobody is known", "", nil, nil},
		{"an organisation without settings", "", []string{oin}, []string{
			oin + " mist bewaren.vloer, bewaren.maximum, bewaren.selectielijst",
			oin + " mist verantwoording.grondslag",
			oin + " gebruikt nog de meegeleverde activiteit.inzage en activiteit.bewerking",
		}},
		{"one that misses one thing", "organisaties: {'" + oin + "': {bewaren: {vloer: P1Y, maximum: P2Y}, activiteit: {inzage: " + StandaardBewerking + "}}}", nil, []string{
			oin + " mist bewaren.selectielijst", oin + " mist verantwoording.grondslag", oin + " gebruikt nog de meegeleverde activiteit.bewerking",
		}},
		{"settings for one that does not exist", volledig, []string{oin}, []string{ander + " heeft instellingen maar is niet bekend"}},
		{"links that do not lead to the TLS served", "{url: 'http://127.0.0.1:8443', tls: {certificaat: c, sleutel: k}}", nil, []string{"url begint met http://"}},
		{"certificates that only the proxy verifies", "{proxy: {header: X, adressen: 10.0.0.1}}", nil, []string{"controleert alleen de proxy"}},
		{"one mail server", "{post.afzender: a@b.example, post.relay.1.adres: 'm.example:25'}", nil, []string{"post.relay.2.adres is niet ingesteld"}},
		{"a service of an organisation that does not exist", dienst + ", organisatie: '" + ander + "'}}\n" + genoeg, []string{oin}, []string{"aanmelddiensten.kc.organisatie noemt een organisatie die niet bekend is"}},
		{"a service of one of two organisations, but which", dienst + "}}\n" + genoeg, []string{oin, oin}, []string{"aanmelddiensten.kc.organisatie is niet ingesteld"}},
		{"a service of citizens of one of two organisations, but which", strings.Replace(dienst, "aanmelddiensten", "inwonerdiensten", 1) + "}}\n" + genoeg, []string{oin, oin}, []string{"inwonerdiensten.kc.organisatie is niet ingesteld"}},
		{"a service of citizens of an organisation that does not exist", strings.Replace(dienst, "aanmelddiensten", "inwonerdiensten", 1) + ", organisatie: '" + ander + "'}}\n" + genoeg, []string{oin}, []string{"inwonerdiensten.kc.organisatie noemt"}},
		{"citizens who read that nobody knows why they looked", strings.Replace(dienst, "aanmelddiensten", "inwonerdiensten", 1) + "}}\n" + strings.Replace(genoeg, ", mijn: "+eigen, "", 1), []string{oin}, []string{oin + " gebruikt nog de meegeleverde activiteit.mijn"}},
		{"no citizens, who need no such activity", strings.Replace(genoeg, ", mijn: "+eigen, "", 1), []string{oin}, nil},
		{"a service of the only organisation", dienst + "}}\n" + genoeg, []string{oin}, nil},
		{"an address without its url", "listen: 127.0.0.1:9090", nil, []string{"links wijzen naar http://127.0.0.1:8080"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := moetLaden(t, tt.bestand, nil).Waarschuwingen(tt.oins...)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i := range got {
				if !strings.Contains(got[i], tt.want[i]) {
					t.Errorf("got %q, want %q", got[i], tt.want[i])
				}
			}
		})
	}
}

// FuzzBestand checks that no file makes reading panic, and that what is accepted, written out key
// by key, is read back as the same settings.
func FuzzBestand(f *testing.F) {
	for _, s := range []string{
		"", "listen: 127.0.0.1:1", volledig, "a: &a [*a]", "? [a]\n: b", "organisaties: {'" + oin + "': {bewaren: {vloer: P1Y}}}",
		"tls:\n", "- a", "---\n---\n", "listen: !!binary aGFsbG8=", "\xff\xfe", "{{{{{{{{{{", "url: http://[::1%25a]:80",
		"aanmelddiensten: {a: {uitgever: 'https://b.example'}, c: {}}", "post.afzender: '\"a b\" <c@d.example>'",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, inhoud []byte) {
		l := lezing{gegeven: map[string]gegeven{}, organisaties: map[string]bool{}}
		l.yaml(inhoud)
		c := l.config()
		if len(l.fouten) > 0 {
			return
		}
		weer := lezing{gegeven: map[string]gegeven{}, organisaties: l.organisaties, diensten: l.diensten}
		omgeving := map[string]string{}
		var environ []string
		for sleutel, g := range l.gegeven {
			naam := omgevingVoorvoegsel + variabele(sleutel)
			omgeving[naam] = g.tekst
			environ = append(environ, naam+"=")
		}
		weer.omgeving(func(naam string) string { return omgeving[naam] }, environ)
		d := weer.config()
		if len(weer.fouten) > 0 {
			t.Fatal(weer.fouten)
		}
		if d := cmp.Diff(c, d, gelijk); d != "" {
			t.Error(d)
		}
		if err := c.Print(&strings.Builder{}); err != nil {
			t.Error(err)
		}
	})
}

func TestWaardenAreThoseOfOneOrganisationWithWhatIsNotChosen(t *testing.T) {
	t.Parallel()
	const eigen, ander = "00000001001234567000", "00000002001234567000"
	sleutels := func(c *Config) map[string]Waarde {
		uit := map[string]Waarde{}
		for _, w := range c.Waarden(eigen) {
			uit[w.Sleutel] = w
		}
		return uit
	}
	niets := sleutels(moetLaden(t, "", nil))
	if want := len(alleSleutels()); len(niets) != want {
		t.Errorf("%d keys without any choice, want all %d", len(niets), want)
	}
	for _, moet := range []string{"listen", "organisaties." + eigen + ".fg", "aanmelddiensten.<dienst>.uitgever", "inwonerdiensten.<dienst>.claims.bsn"} {
		if w, ok := niets[moet]; !ok || w.Gekozen() {
			t.Errorf("%s: %+v", moet, w)
		}
	}
	c := moetLaden(t, `
organisaties: {"`+eigen+`": {inzage_headers: tolerant}, "`+ander+`": {inzage_headers: tolerant}}
aanmelddiensten:
  hier: {organisatie: "`+eigen+`", uitgever: 'https://login.example/hier', client_id: v, geheim: geheim-van-hier}
  daar: {organisatie: "`+ander+`", uitgever: 'https://login.example/daar', client_id: v, geheim: geheim-van-daar}
inwonerdiensten:
  hier: {organisatie: "`+eigen+`", uitgever: 'https://login.example/hier', client_id: v, geheim: geheim-van-hier}
  daar: {organisatie: "`+ander+`", uitgever: 'https://login.example/daar', client_id: v, geheim: geheim-van-daar}
`, nil)
	got := sleutels(c)
	if w := got["organisaties."+eigen+".inzage_headers"]; !w.Gekozen() || w.Tekst != "tolerant" || w.Standaard != "streng" {
		t.Errorf("%+v", w)
	}
	for _, sleutel := range []string{"aanmelddiensten.hier.geheim", "inwonerdiensten.hier.geheim"} {
		if w := got[sleutel]; w.Tekst != "***" {
			t.Errorf("%+v", w)
		}
	}
	for sleutel := range got {
		if strings.Contains(sleutel, ander) || strings.Contains(sleutel, ".daar.") || strings.Contains(sleutel, "<dienst>") {
			t.Errorf("%s is of another organisation, or of none", sleutel)
		}
	}
}
