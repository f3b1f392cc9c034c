package doctor

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/server"
)

const oin = "00000099123456780000"

// opstelling is an installation on disk, all in order until a test breaks something.
type opstelling struct {
	t            *testing.T
	dir          string
	instellingen []string // lines of the configuration
	applicaties  string
	opties       Opties
}

func (o *opstelling) pad(naam string) string { return filepath.Join(o.dir, naam) }

func (o *opstelling) schrijf(naam, tekst string, mode os.FileMode) string {
	o.t.Helper()
	if err := os.WriteFile(o.pad(naam), []byte(tekst), mode); err != nil {
		o.t.Fatal(err)
	}
	if err := os.Chmod(o.pad(naam), mode); err != nil { // whatever the umask is
		o.t.Fatal(err)
	}
	return o.pad(naam)
}

// applicatie gives an entry of the applications file.
func applicatie(label, geheim, oins, scopes string) string {
	return fmt.Sprintf(`
  - clientIds: [%[1]s]
    geheim: %[2]q
    label: %[1]s
    organisatie: "00000099123456780000"
    oins: [%[3]s]
    autorisaties: [%[4]s]`, label, geheim, oins, scopes)
}

const eigen = `"00000099123456780000"`

func bewerking(scopes string) string {
	return "{component: verwerkingenlogging-bewerking, scopes: [" + scopes + "]}"
}

// willekeurig is a secret as it should be.
func willekeurig() string { return rand.Text() + rand.Text() }

func opstellen(t *testing.T) *opstelling {
	t.Helper()
	o := &opstelling{t: t, dir: t.TempDir()}
	o.instellingen = []string{
		"store: sqlite:" + o.pad("store"), "sleutels: " + o.pad("sleutels"), "applicaties: " + o.pad("applicaties.yaml"),
		"url: http://127.0.0.1:1", "listen: 127.0.0.1:1", "limieten.verbindingen: 400",
	}
	for _, s := range []string{
		"bewaren.vloer: P1Y", "bewaren.maximum: P20Y", "bewaren.selectielijst: Selectielijst 2020, 18.1",
		"verantwoording.grondslag: AVG art. 6 lid 1 onder c",
		"activiteit.inzage: 5f0bef4c-f66f-4311-84a5-19e8bf359eaf", "activiteit.bewerking: c5b9f4e7-8c79-41b9-91e2-6268419cb167",
	} {
		o.instellingen = append(o.instellingen, "organisaties."+oin+"."+s)
	}
	o.applicaties = "organisaties: [{oin: \"" + oin + "\", naam: Gemeente Voorbeeldstad}]\napplicaties:" +
		applicatie("burgerzaken", willekeurig(), eigen, bewerking(`"create:normal", "read:normal"`))
	o.opties.Schijf = func(string) (uint64, uint64, error) { return 50 << 30, 100 << 30, nil }
	return o
}

// zet replaces a setting.
func (o *opstelling) zet(sleutel, waarde string) {
	for k, s := range o.instellingen {
		if strings.HasPrefix(s, sleutel+":") {
			o.instellingen[k] = sleutel + ": " + waarde
			return
		}
	}
	o.instellingen = append(o.instellingen, sleutel+": "+waarde)
}

func (o *opstelling) config() *config.Config {
	o.t.Helper()
	c, err := config.Load(o.schrijf("verantwoord.yaml", strings.Join(o.instellingen, "\n"), 0o600), os.Getenv, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// draai opens a register on the installation, so that there are a store and keys; it serves until
// the test stops it or ends.
func (o *opstelling) draai(serve bool) (stop func()) {
	o.t.Helper()
	b, err := autorisatie.Parse(strings.NewReader(o.applicaties), o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	var l net.Listener
	if serve {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			o.t.Fatal(err)
		}
		o.zet("url", "http://"+l.Addr().String())
	}
	s, err := server.Open(o.t.Context(), o.config(), b, server.Opties{Versie: "test", Logger: slog.New(slog.DiscardHandler), Nu: o.opties.Nu})
	if err != nil {
		o.t.Fatal(err)
	}
	var h *httptest.Server
	if serve {
		h = &httptest.Server{Listener: l, Config: &http.Server{Handler: s.Handler()}}
		h.Start()
	} else {
		o.post(s.Handler(), b)
	}
	var done bool
	stop = func() {
		if done {
			return
		}
		done = true
		if h != nil {
			h.Close()
		}
		if err := s.Close(); err != nil {
			o.t.Error(err)
		}
	}
	o.t.Cleanup(stop)
	return stop
}

// post logs an actie, so that there is a newest registration.
func (o *opstelling) post(h http.Handler, b *autorisatie.Bestand) {
	o.t.Helper()
	a := &b.Applicaties[0]
	nu := time.Now()
	if o.opties.Nu != nil {
		nu = o.opties.Nu()
	}
	token, err := autorisatie.Sign(a.ClientIDs[0], a.Geheim, autorisatie.Claims{}, nu)
	if err != nil {
		o.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/bewerking/api/v1/verwerkingsacties", strings.NewReader(`{
		"actieNaam": "Ophalen", "verwerkingsactiviteitId": "5f0bef4c-f66f-4311-84a5-19e8bf359eaf", "tijdstip": "2024-04-05T14:35:42+01:00", "verwerkteObjecten": []}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusCreated {
		o.t.Fatalf("status %d: %s", w.Code, w.Body)
	}
}

// onderzoek examines it.
func (o *opstelling) onderzoek() []Bevinding {
	o.t.Helper()
	if _, err := os.Stat(o.pad("applicaties.yaml")); err != nil {
		o.schrijf("applicaties.yaml", o.applicaties, 0o600)
	}
	o.opties.Config = o.config()
	return Onderzoek(o.t.Context(), o.opties)
}

// certificaat writes a certificate of its own making and its key.
func (o *opstelling) certificaat(van, tot time.Time) {
	o.t.Helper()
	sleutel, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	vorm := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "register.example"}, NotBefore: van, NotAfter: tot, DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, vorm, vorm, &sleutel.PublicKey, sleutel)
	if err != nil {
		o.t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(sleutel)
	if err != nil {
		o.t.Fatal(err)
	}
	o.zet("tls.certificaat", o.schrijf("c.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), 0o644))
	o.zet("tls.sleutel", o.schrijf("k.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})), 0o600))
}

func moetTonen(t *testing.T, bevindingen []Bevinding, n Niveau, onderwerp, deel string) {
	t.Helper()
	for _, b := range bevindingen {
		if b.Niveau == n && b.Onderwerp == onderwerp && strings.Contains(b.Wat, deel) {
			if n != InOrde && (b.Waarom == "" || b.Uitweg == "") {
				t.Errorf("no reason or way out: %+v", b)
			}
			return
		}
	}
	var all bytes.Buffer
	_ = Print(&all, bevindingen)
	t.Errorf("no %s about %s with %q in:\n%s", n, onderwerp, deel, &all)
}
