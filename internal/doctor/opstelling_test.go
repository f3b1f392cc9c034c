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
	"io/fs"
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

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/server"
)

const oin = "00000099123456780000"

// The activities of the register itself.
const (
	activiteitInzage    = "5f0bef4c-f66f-4311-84a5-19e8bf359eaf"
	activiteitBewerking = "c5b9f4e7-8c79-41b9-91e2-6268419cb167"
	activiteitLog       = "0b1f7c52-6a3d-4e88-9c41-5d2e7f90a1b3"
)

// opstelling is an installation on disk, all in order until a test breaks something.
type opstelling struct {
	t            *testing.T
	dir          string
	instellingen []string // lines of the configuration
	applicaties  string
	leeg         bool // without processing activities
	stuurloos    bool // with them, and nobody who answers for them
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
	o.juridisch()
	o.instellingen = []string{
		"juridisch: " + o.pad("juridisch"),
		"store: sqlite:" + o.pad("store"), "sleutels: " + o.pad("sleutels"), "applicaties: " + o.pad("applicaties.yaml"),
		"url: http://127.0.0.1:1", "listen: 127.0.0.1:1", "limieten.verbindingen: 400",
	}
	for _, s := range []string{
		"bewaren.vloer: P1Y", "bewaren.maximum: P20Y", "bewaren.selectielijst: Selectielijst 2020, 18.1",
		"verantwoording.grondslag: AVG art. 6 lid 1 onder c",
		"activiteit.inzage: " + activiteitInzage, "activiteit.bewerking: " + activiteitBewerking,
	} {
		o.instellingen = append(o.instellingen, "organisaties."+oin+"."+s)
	}
	o.applicaties = "organisaties: [{oin: \"" + oin + "\", naam: Gemeente Voorbeeldstad}]\napplicaties:" +
		applicatie("burgerzaken", willekeurig(), eigen, bewerking(`"create:normal", "read:normal"`))
	o.opties.Schijf = func(string) (uint64, uint64, error) { return 50 << 30, 100 << 30, nil }
	return o
}

// juridisch writes the legal data as an organisation keeps them: looked at by a lawyer, with rows of its own list.
func (o *opstelling) juridisch() {
	o.t.Helper()
	o.moet(os.Mkdir(o.pad("juridisch"), 0o755))
	bron := juridisch.Ingebouwd()
	namen, err := fs.Glob(bron, "*.yaml")
	o.moet(err)
	for _, naam := range namen {
		tekst, err := fs.ReadFile(bron, naam)
		o.moet(err)
		eigen := strings.Replace(string(tekst), "\nregels:\n", "\nnagekeken: {door: Een jurist van de gemeente, op: 2026-01-05}\nregels:\n", 1)
		o.schrijf("juridisch/"+naam, strings.ReplaceAll(eigen, "    voorbeeld: true\n", ""), 0o644)
	}
}

// beheerder may do everything with the activities.
var beheerder = activiteit.Dader{OIN: oin, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}

// verantwoord fills the register of processing activities with all it needs, once.
func (o *opstelling) verantwoord(r *activiteit.Register) {
	o.t.Helper()
	if o.leeg || len(r.Ontbreekt(oin)) == 0 {
		return
	}
	inhoud := activiteit.Inhoud{
		VerantwoordelijkeOrganisatie: oin, Doel: "Verantwoorden wie gegevens zag.", Grondslagen: []string{"wettelijke_verplichting"},
		ToelichtingGrondslag: "AVG art. 5 lid 2", Betrokkenen: []string{"Inwoners"}, Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "BSN", Soort: "bsn"}},
		Bewaartermijn: "5 jaar", Beveiliging: "Versleuteld.", Log: activiteit.Logprofiel{Omvang: "volledig"},
	}
	var regels []activiteit.Invoer
	for k, id := range []string{activiteitInzage, activiteitBewerking, activiteitLog} {
		inhoud.Naam = fmt.Sprintf("Activiteit %d", k+1)
		regels = append(regels, activiteit.Invoer{ID: uuid.MustParse(id), Ingangsdatum: "2020-01-01", Inhoud: inhoud})
	}
	_, err := r.Importeer(o.t.Context(), beheerder, regels, true)
	o.moet(err)
	o.moet(r.ZetLoggrond(o.t.Context(), beheerder, activiteit.Loggrond{
		Activiteit: uuid.MustParse(activiteitLog), Plichten: []activiteit.Plicht{{Plicht: "AVG art. 5 lid 2", Grondslag: "wettelijke_verplichting"}},
		Vloer: "P1Y", Maximum: "P20Y", Selectielijst: "VB-1", Besluit: "Besluit van het college", BesluitDatum: "2026-01-05",
	}))
	if o.stuurloos {
		return
	}
	o.moet(r.ZetVerantwoordelijke(o.t.Context(), beheerder, activiteit.Verantwoordelijke{
		Naam: "Gemeente Voorbeeldstad", Adres: "Markt 1, Voorbeeldstad", FG: activiteit.Contact{Naam: "De FG", Email: "fg@voorbeeldstad.example"},
	}))
	if mist := r.Ontbreekt(oin); len(mist) > 0 {
		o.t.Fatalf("still missing: %v", mist)
	}
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
	o.verantwoord(s.Activiteiten())
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
	opruimen.Na(o.t, stop)
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
