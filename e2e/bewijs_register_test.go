package e2e

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/server"
)

// applicatiesPagina are those of the page for auditors.
const applicatiesPagina = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [zaaksysteem]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Zaaksysteem
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:normal"]}
  - clientIds: [auditor]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Auditor
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["read:normal", "audit:read"]}
`

// bewijspagina is a register with the address that the page names, and the directory of an auditor.
type bewijspagina struct {
	t       testing.TB
	store   string // directory of store and keys
	auditor string // directory of the auditor
	klok    *klok
	server  *server.Server
	handler atomic.Pointer[http.Handler]
	env     []string
	acties  []string
}

func (p *bewijspagina) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// open starts the register, as after a restart.
func (p *bewijspagina) open() {
	p.t.Helper()
	b, err := autorisatie.Parse(strings.NewReader(applicatiesPagina), "")
	p.must(err)
	vars := map[string]string{"VERANTWOORD_URL": logURL, "VERANTWOORD_STORE": "sqlite:" + filepath.Join(p.store, "store"), "VERANTWOORD_SLEUTELS": filepath.Join(p.store, "sleutels")}
	var namen []string
	for k := range vars {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return vars[k] }, namen)
	p.must(err)
	p.server, err = server.Open(p.t.Context(), c, b, server.Opties{Versie: "test", Nu: p.klok.Nu, Logger: slog.New(slog.DiscardHandler)})
	p.must(err)
	h := p.server.Handler()
	p.handler.Store(&h)
}

func (p *bewijspagina) dicht() {
	p.t.Helper()
	if p.server != nil {
		h := http.Handler(http.NotFoundHandler())
		p.handler.Store(&h)
		p.must(p.server.Close())
		p.server = nil
	}
}

// nieuwePagina serves it by TLS behind a proxy, so that every command goes to the address on the page.
func nieuwePagina(t testing.TB) *bewijspagina {
	t.Helper()
	p := &bewijspagina{t: t, store: t.TempDir(), auditor: t.TempDir(), klok: &klok{}}
	t.Cleanup(func() { p.dicht() })
	u := nieuweUitgever(t, "Eigen uitgever")
	naam := strings.TrimPrefix(logURL, "https://")
	voor := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*p.handler.Load()).ServeHTTP(w, r) }))
	voor.TLS = &tls.Config{Certificates: []tls.Certificate{u.geef(naam, func(c *x509.Certificate) { c.DNSNames = []string{naam} })}}
	voor.StartTLS()
	t.Cleanup(voor.Close)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != naam+":443" {
			http.Error(w, "no such place", http.StatusBadGateway)
			return
		}
		doel, err := net.Dial("tcp", voor.Listener.Addr().String())
		if err != nil {
			http.Error(w, "", http.StatusBadGateway)
			return
		}
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil { // only now does the client begin with TLS
			_, err = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		}
		if err != nil {
			doel.Close()
			return
		}
		go func() { _, _ = io.Copy(doel, c); doel.Close() }()
		go func() { _, _ = io.Copy(c, doel); c.Close() }()
	}))
	t.Cleanup(proxy.Close)
	ca := filepath.Join(p.store, "ca.pem")
	p.must(os.WriteFile(ca, []byte(pemVan(u.cert)), 0o600))
	programma, err := binary()
	p.must(err)
	nakijken, err := os.ReadFile("../docs/bewijs-nakijken/nakijken.mjs")
	p.must(err)
	p.must(os.WriteFile(filepath.Join(p.auditor, "nakijken.mjs"), nakijken, 0o600))
	p.env = []string{"PATH=" + filepath.Dir(programma) + ":" + os.Getenv("PATH"), "HOME=" + p.auditor, "https_proxy=" + proxy.URL, "HTTPS_PROXY=" + proxy.URL, "SSL_CERT_FILE=" + ca, "CURL_CA_BUNDLE=" + ca}
	return p
}

// vraag asks the register itself.
func (p *bewijspagina) vraag(client, methode, pad string, body any) (int, []byte) {
	p.t.Helper()
	raw, err := json.Marshal(body)
	p.must(err)
	r := httptest.NewRequest(methode, logURL+pad, bytes.NewReader(raw))
	token, err := autorisatie.Sign(client, []byte(geheim), autorisatie.Claims{}, p.klok.Nu())
	p.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	(*p.handler.Load()).ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// uur logs n acties in an hour, and lets the next one come with its public checkpoint. Then the auditor gets a token.
func (p *bewijspagina) uur(begin time.Time, n int) {
	p.t.Helper()
	p.klok.Set(begin)
	for range n {
		status, b := p.vraag("zaaksysteem", "POST", bewerking+"/verwerkingsacties", basis().with("verwerkteObjecten", []any{persoon("2308572", "Partner", "Adres", "Nationaliteit")}))
		if status != http.StatusCreated {
			p.t.Fatalf("status %d", status)
		}
		var m map[string]any
		p.must(json.Unmarshal(b, &m))
		p.acties = append(p.acties, id(m))
	}
	p.uurOp(begin.Truncate(time.Hour).Add(time.Hour))
}

// uurOp waits until the public checkpoints of both trees are those of that hour.
func (p *bewijspagina) uurOp(t time.Time) {
	p.t.Helper()
	p.klok.Set(t.Add(30 * time.Second))
	for _, boom := range []string{"", "/beheer"} {
		for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
			_, b := p.vraag("auditor", "GET", "/bewijs/"+voorbeeldstad+boom+"/checkpoint", nil)
			if bytes.Contains(b, []byte("\nmoment "+t.Format("2006-01-02T15:"))) {
				break
			}
			if time.Now().After(end) {
				p.t.Fatalf("no public checkpoint of %s: %s", t, b)
			}
		}
	}
	token, err := autorisatie.Sign("auditor", []byte(geheim), autorisatie.Claims{}, p.klok.Nu())
	p.must(err)
	p.must(os.WriteFile(filepath.Join(p.auditor, "token.txt"), []byte(token), 0o600))
}

// proef does what the page tells between its commands.
func (p *bewijspagina) proef(wat string) {
	p.t.Helper()
	switch wat {
	case "maand":
		p.uur(time.Date(2026, 4, 2, 9, 10, 0, 0, time.UTC), 5)
	case "stil":
		p.dicht()
	case "weer":
		p.open()
	case "terug":
		p.dicht()
		p.must(os.RemoveAll(filepath.Join(p.store, "store")))
		p.must(os.Rename(filepath.Join(p.store, "oud"), filepath.Join(p.store, "store")))
		eigen, err := filepath.Glob(filepath.Join(p.store, "sleutels", "*", "checkpoint-*"))
		p.must(err)
		for _, naam := range eigen { // by which the register itself would find it
			p.must(os.Remove(naam))
		}
		p.open()
		p.uurOp(time.Date(2026, 4, 2, 11, 0, 0, 0, time.UTC))
	case "verloren":
		p.dicht()
		p.must(os.RemoveAll(filepath.Join(p.store, "store")))
		p.must(os.Rename(filepath.Join(p.store, "oud"), filepath.Join(p.store, "store")))
	case "verder":
		p.open()
		p.uur(time.Date(2026, 4, 3, 9, 10, 0, 0, time.UTC), 3)
	default:
		p.t.Fatalf("the page asks for %q", wat)
	}
}
