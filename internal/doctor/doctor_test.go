package doctor

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
)

func TestAnInstallationInOrderHasNothingToMend(t *testing.T) {
	t.Parallel()
	controle := func(t *testing.T, bevindingen []Bevinding) {
		for _, b := range bevindingen {
			if b.Niveau != InOrde {
				t.Errorf("%+v", b)
			}
		}
		for _, onderwerp := range []string{"applicaties", "bewaren", "grondslag", "juridisch", "opslag", "sleutels", "rechten", "schijf", "klok", "versleuteling", "post", "systeem"} {
			moetTonen(t, bevindingen, InOrde, onderwerp, "")
		}
	}
	t.Run("before its first start, and it makes nothing", func(t *testing.T) {
		t.Parallel()
		o := opstellen(t)
		o.mail()
		controle(t, o.onderzoek())
		for _, naam := range []string{"store", "sleutels"} {
			if _, err := os.Stat(o.pad(naam)); err == nil {
				t.Errorf("%s was made", naam)
			}
		}
	})
	t.Run("stopped, and it leaves the store as it was", func(t *testing.T) {
		t.Parallel()
		o := opstellen(t)
		o.mail()
		o.draai(false)()
		voor := inhoud(t, o.pad("store"))
		controle(t, o.onderzoek())
		if na := inhoud(t, o.pad("store")); na != voor {
			t.Errorf("the store was changed: %s, was %s", na, voor)
		}
	})
	t.Run("running", func(t *testing.T) {
		t.Parallel()
		o := opstellen(t)
		o.mail()
		o.draai(true)
		b := o.onderzoek()
		controle(t, b)
		moetTonen(t, b, InOrde, "opslag", "in gebruik door een register dat gereed is")
		moetTonen(t, b, InOrde, "index", "loopt 0 versies achter")
	})
	t.Run("with a certificate", func(t *testing.T) {
		t.Parallel()
		o := opstellen(t)
		o.mail()
		o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
		o.zet("listen", "0.0.0.0:1")
		b := o.onderzoek()
		controle(t, b)
		moetTonen(t, b, InOrde, "certificaat", "geldt tot")
	})
}

// inhoud sums up the names, sizes and times of a directory.
func inhoud(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %d %v; ", e.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return b.String()
}

func TestEveryDefectIsFoundWithItsWayOut(t *testing.T) {
	t.Parallel()
	const orgSleutel = "organisaties." + oin + "."
	tests := []struct {
		name      string
		breek     func(o *opstelling)
		niveau    Niveau
		onderwerp string
		deel      string
	}{
		{"no floor, maximum or selectielijst", func(o *opstelling) {
			o.zet(orgSleutel+"bewaren.vloer", "")
			o.zet(orgSleutel+"bewaren.selectielijst", "")
		}, Fout, "bewaren", "bewaren.vloer, organisaties." + oin + ".bewaren.selectielijst."},
		{"no ground of the log itself", func(o *opstelling) { o.zet(orgSleutel+"verantwoording.grondslag", "") }, Fout, "grondslag", oin},
		{"legal data that can't be read", func(o *opstelling) { o.schrijf("juridisch/grondslagen-2018-05-25.yaml", "soort: [", 0o644) }, Fout, "juridisch", "grondslagen-2018-05-25.yaml"},
		{"legal data that are gone", func(o *opstelling) { o.zet("juridisch", o.pad("weg")) }, Fout, "juridisch", "weg"},
		{"legal data that no lawyer saw", func(o *opstelling) { o.zet("juridisch", "") }, Waarschuwing, "juridisch", "grondslagen-2018-05-25.yaml, uitzonderingen-2018-05-25.yaml, beperkingen-2018-05-25.yaml."},
		{"a selectielijst of examples", func(o *opstelling) { o.zet("juridisch", "") }, Waarschuwing, "juridisch", "5 van de 5 rijen in selectielijst-2020-01-01.yaml"},
		{"a log without a ground", func(o *opstelling) {
			o.leeg = true
			o.draai(false)()
		}, Fout, "verantwoording", "waarom het loggen zelf mag"},
		{"nobody who answers for the register", func(o *opstelling) {
			o.stuurloos = true
			o.draai(false)()
		}, Waarschuwing, "verantwoording", "wie verantwoordelijk is"},
		{"inquiries under an activity that is not in the register", func(o *opstelling) {
			o.draai(false)()
			o.zet(orgSleutel+"activiteit.inzage", "7a22eb38-bca6-463f-9955-54ab040287cb")
		}, Waarschuwing, "verantwoording", "raadpleegt onder een activiteit"},
		{"a floor that is not the one decided on", func(o *opstelling) {
			o.draai(false)()
			o.zet(orgSleutel+"bewaren.vloer", "P2Y")
		}, Waarschuwing, "verantwoording", "vloer van de log is besloten op P1Y, en ingesteld op P2Y"},
		{"terms that rest on an example", func(o *opstelling) {
			o.draai(false)()
			o.zet("juridisch", "")
		}, Waarschuwing, "verantwoording", "rusten op rij VB-1"},
		{"the activities that came along", func(o *opstelling) { o.zet(orgSleutel+"activiteit.inzage", config.StandaardInzage) }, Waarschuwing, "activiteiten", "activiteit.inzage"},
		{"settings for an organisation that is not served", func(o *opstelling) { o.zet("organisaties.00000099000000010000.gebruiker", "uit") }, Waarschuwing, "instellingen", "00000099000000010000"},
		{"a database that does not answer", func(o *opstelling) { o.zet("store", "postgres://127.0.0.1:1/log") }, Fout, "opslag", "antwoordt niet"},
		{"no applications file set", func(o *opstelling) { o.zet("applicaties", "") }, Fout, "applicaties", "geen bestand"},
		{"an applications file that is wrong", func(o *opstelling) { o.applicaties = "organisaties: []" }, Fout, "applicaties", "niet te gebruiken"},
		{"an applications file that others read", func(o *opstelling) { o.schrijf("applicaties.yaml", o.applicaties, 0o640) }, Fout, "applicaties", "0640"},
		{"a secret that others read", func(o *opstelling) {
			o.schrijf("geheim", willekeurig(), 0o644)
			o.applicaties += strings.Replace(applicatie("balie", "x", eigen, ""), `geheim: "x"`, "geheimBestand: geheim", 1)
		}, Fout, "applicaties", "0644"},
		{"a key that is gone", func(o *opstelling) {
			o.draai(false)()
			o.moet(os.Remove(o.pad("sleutels/" + oin + "/zegel-1.key")))
		}, Fout, "sleutels", "zegel-1.key ontbreekt"},
		{"another key", func(o *opstelling) {
			o.draai(false)()
			o.moet(os.WriteFile(o.pad("sleutels/"+oin+"/handle-1.key"), []byte(strings.Repeat("ab", 32)), 0o600))
		}, Fout, "sleutels", "andere sleutel"},
		{"keys that are gone altogether", func(o *opstelling) {
			o.draai(false)()
			o.moet(os.RemoveAll(o.pad("sleutels")))
		}, Fout, "sleutels", "ontbreekt"},
		{"a key that others read", func(o *opstelling) {
			o.draai(false)()
			o.moet(os.Chmod(o.pad("sleutels/"+oin+"/teken-1.key"), 0o644))
		}, Fout, "sleutels", "0644"},
		{"a key that others read while the register runs", func(o *opstelling) {
			o.draai(true)
			o.moet(os.Chmod(o.pad("sleutels/"+oin+"/teken-1.key"), 0o644))
		}, Fout, "sleutels", "0644"},
		{"a damaged store", func(o *opstelling) {
			o.draai(false)()
			f, err := os.OpenFile(o.pad("store/log.db"), os.O_RDWR, 0)
			o.moet(err)
			defer f.Close()
			info, err := f.Stat()
			o.moet(err)
			for at := int64(8192); at < info.Size(); at += 8192 { // every page but the first
				_, err = f.WriteAt(bytes.Repeat([]byte{0xff}, 4096), at)
				o.moet(err)
			}
		}, Fout, "opslag", ""},
		{"a store that hangs", func(o *opstelling) {
			o.draai(true)
			o.zet("url", "http://127.0.0.1:1")
		}, Fout, "opslag", "antwoordt geen register"},
		{"a register that is not ready", func(o *opstelling) {
			o.draai(true) // holds the store
			ziek := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusServiceUnavailable)
				fmt.Fprintln(w, "opslag onbetrouwbaar")
			}))
			o.t.Cleanup(ziek.Close)
			o.zet("url", ziek.URL)
		}, Fout, "opslag", "opslag onbetrouwbaar"},
		{"an index that is far behind", func(o *opstelling) {
			o.draai(true)
			achter := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/metrics" {
					fmt.Fprintln(w, "# HELP x\nverantwoord_index_achterstand_records 3.2e+05")
				}
			}))
			o.t.Cleanup(achter.Close)
			o.zet("url", achter.URL)
		}, Fout, "index", "320000"},
		{"little room on the disk", func(o *opstelling) {
			o.opties.Schijf = func(string) (uint64, uint64, error) { return 50 << 30, 1 << 40, nil }
		}, Waarschuwing, "schijf", "4 %"},
		{"less than 5 GiB", func(o *opstelling) {
			o.opties.Schijf = func(string) (uint64, uint64, error) { return 4 << 30, 8 << 30, nil }
		}, Waarschuwing, "schijf", "4.0 GiB"},
		{"hardly any room", func(o *opstelling) {
			o.opties.Schijf = func(string) (uint64, uint64, error) { return 1 << 29, 8 << 30, nil }
		}, Fout, "schijf", "512.0 MiB"},
		{"a clock behind the store", func(o *opstelling) {
			o.opties.Nu = func() time.Time { return time.Now().Add(time.Hour) }
			o.draai(false)()
			o.opties.Nu = nil
		}, Fout, "klok", "later geregistreerd"},
		{"a clock that differs from the register's", func(o *opstelling) {
			o.draai(true)
			o.opties.Nu = func() time.Time { return time.Now().Add(-330 * time.Second) }
		}, Fout, "klok", "wijkt 5m"},
		{"a clock that differs a little", func(o *opstelling) {
			o.draai(true)
			o.opties.Nu = func() time.Time { return time.Now().Add(45 * time.Second) }
		}, Waarschuwing, "klok", "wijkt 4"},
		{"a certificate that ends soon", func(o *opstelling) {
			o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(0, 0, 20))
		}, Waarschuwing, "certificaat", "verloopt op"},
		{"a certificate that ended", func(o *opstelling) {
			o.certificaat(time.Now().Add(-48*time.Hour), time.Now().Add(-time.Hour))
		}, Fout, "certificaat", "is verlopen"},
		{"a certificate for later", func(o *opstelling) {
			o.certificaat(time.Now().Add(48*time.Hour), time.Now().AddDate(1, 0, 0))
		}, Fout, "certificaat", "geldt pas vanaf"},
		{"a key of TLS that others read", func(o *opstelling) {
			o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
			o.moet(os.Chmod(o.pad("k.pem"), 0o644))
		}, Fout, "certificaat", "k.pem (rechten 0644)"},
		{"a key of TLS of another certificate", func(o *opstelling) {
			o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
			o.schrijf("k.pem", "geen sleutel", 0o600)
		}, Fout, "certificaat", "niet samen te gebruiken"},
		{"issuers that can't be read", func(o *opstelling) {
			o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
			o.zet("tls.client_ca", o.schrijf("ca.pem", "geen certificaat", 0o644))
		}, Fout, "certificaat", "tls.client_ca staat geen certificaat"},
		{"an issuer that ended", func(o *opstelling) {
			o.certificaat(time.Now().Add(-48*time.Hour), time.Now().Add(-time.Hour))
			ca, err := os.ReadFile(o.pad("c.pem"))
			o.moet(err)
			o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
			o.zet("tls.client_ca", o.schrijf("ca.pem", string(ca), 0o644))
		}, Fout, "certificaat", "uitgever"},
		{"a proxy's certificate that ends soon", func(o *opstelling) {
			o.certificaat(time.Now().Add(-time.Hour), time.Now().AddDate(0, 0, 3))
			paar, err := tls.LoadX509KeyPair(o.pad("c.pem"), o.pad("k.pem"))
			o.moet(err)
			o.zet("tls.certificaat", "")
			o.zet("tls.sleutel", "")
			proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }))
			proxy.TLS = &tls.Config{Certificates: []tls.Certificate{paar}}
			proxy.StartTLS()
			o.t.Cleanup(proxy.Close)
			o.zet("url", proxy.URL)
		}, Waarschuwing, "certificaat", "https://127.0.0.1:"},
		{"plain HTTP in the url", func(o *opstelling) { o.zet("url", "http://register.voorbeeldstad.example") }, Fout, "versleuteling", "url begint met http://"},
		{"plain HTTP on the network", func(o *opstelling) {
			o.zet("listen", "0.0.0.0:1")
			o.zet("onversleuteld", "true")
		}, Waarschuwing, "versleuteling", "zonder TLS"},
		{"a secret for the collector on the network", func(o *opstelling) {
			o.zet("telemetrie.otlp", "http://collector.example:4318")
			o.zet("telemetrie.otlp_headers_bestand", o.schrijf("headers", "a: b", 0o600))
		}, Waarschuwing, "versleuteling", "telemetrie.otlp"},
		{"a secret for the collector that others read", func(o *opstelling) {
			o.zet("telemetrie.otlp_headers_bestand", o.schrijf("headers", "a: b", 0o644))
		}, Waarschuwing, "telemetrie", "0644"},
		{"an audit that others read", func(o *opstelling) { o.zet("audit.bestand", o.schrijf("audit.jsonl", "", 0o644)) }, Fout, "audit", "0644"},
		{"heeftAlleAutorisaties", func(o *opstelling) { o.applicaties += "\n    heeftAlleAutorisaties: true" }, Waarschuwing, "rechten", "heeftAlleAutorisaties"},
		{"a secret that is shared", func(o *opstelling) {
			geheim := willekeurig()
			o.applicaties += applicatie("balie", geheim, eigen, "") + applicatie("loket", geheim, eigen, "")
		}, Fout, "rechten", `"balie" en "loket"`},
		{"a secret made up by a person", func(o *opstelling) {
			o.applicaties += applicatie("balie", "een-geheim-van-minstens-32-tekens!", eigen, "")
		}, Waarschuwing, "rechten", "te raden"},
		{"a secret of few characters", func(o *opstelling) {
			o.applicaties += applicatie("balie", strings.Repeat("abc1", 10), eigen, "")
		}, Waarschuwing, "rechten", "te raden"},
		{"a third party that sees what is confidential", func(o *opstelling) {
			o.applicaties += applicatie("keten", willekeurig(), `"00000099555555550000"`, bewerking(`"read:confidential"`))
		}, Waarschuwing, "rechten", `"keten" is van een derde`},
		{"who audits also changes", func(o *opstelling) {
			o.applicaties += applicatie("controle", willekeurig(), eigen, bewerking(`"audit:read", "update:normal"`))
		}, Waarschuwing, "rechten", `"controle" heeft audit:read`},
		{"who grants rights also reads", func(o *opstelling) {
			o.applicaties += applicatie("beheer", willekeurig(), eigen, bewerking(`"read:normal"`)+`, {component: ac, scopes: ["autorisaties.bijwerken"]}`)
		}, Waarschuwing, "rechten", `"beheer" kan rechten uitdelen`},
		{"confidential scopes all around", func(o *opstelling) {
			for _, label := range []string{"een", "twee", "drie", "vier"} {
				o.applicaties += applicatie(label, willekeurig(), eigen, bewerking(`"create:confidential"`))
			}
		}, Waarschuwing, "rechten", "4 applicaties"},
		{"too few open files for the connections", func(o *opstelling) { o.zet("limieten.verbindingen", "1000000") }, Waarschuwing, "systeem", "bestanden open"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := opstellen(t)
			tt.breek(o)
			b := o.onderzoek()
			moetTonen(t, b, tt.niveau, tt.onderwerp, tt.deel)
			if n := Tel(b, Fout); (n > 0) != (tt.niveau == Fout) {
				t.Errorf("%d of level fout", n)
			}
		})
	}
}

func (o *opstelling) moet(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestTheRealDiskIsAsked(t *testing.T) {
	t.Parallel()
	vrij, totaal, err := schijf(t.TempDir())
	if err != nil || totaal == 0 || vrij > totaal {
		t.Errorf("%d of %d, %v", vrij, totaal, err)
	}
	if _, _, err := schijf(t.TempDir() + "/x"); err == nil {
		t.Error("a directory that is not there has room")
	}
}

func TestFindingsArePrintedWorstFirstAndAsJSON(t *testing.T) {
	t.Parallel()
	list := []Bevinding{
		{Niveau: InOrde, Onderwerp: "klok", Wat: "De klok past."},
		{Fout, "bewaren", "Er mist iets.", "Daarom.", "Doe dit & dat."},
		{Waarschuwing, "rechten", "Te veel.", "Daarom.", "Minder."},
	}
	var tekst, js bytes.Buffer
	if err := Print(&tekst, list); err != nil {
		t.Fatal(err)
	}
	fout, let, goed := strings.Index(tekst.String(), "FOUT"), strings.Index(tekst.String(), "WAARSCHUWING"), strings.Index(tekst.String(), "IN ORDE")
	if fout != 0 || let < fout || goed < let || !strings.Contains(tekst.String(), "Uitweg: Doe dit & dat.") || !strings.Contains(tekst.String(), "1 fout, 1 waarschuwing, 1 in orde.") {
		t.Errorf("got:\n%s", &tekst)
	}
	if err := PrintJSON(&js, list); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Fouten, Waarschuwingen int
		Bevindingen            []Bevinding
	}
	if err := json.Unmarshal(js.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Fouten != 1 || got.Waarschuwingen != 1 || len(got.Bevindingen) != 3 || got.Bevindingen[1] != list[1] {
		t.Errorf("got %+v", got)
	}
}
