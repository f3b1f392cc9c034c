package doctor

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailserver is one on this machine that needs no TLS, and notes what it is told.
type mailserver struct {
	mu     sync.Mutex
	gezien []string
}

func (m *mailserver) start(t *testing.T, groet string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go m.spreek(c, groet)
		}
	}()
	return l.Addr().String()
}

func (m *mailserver) spreek(c net.Conn, groet string) {
	defer c.Close()
	fmt.Fprintf(c, "%s\r\n", groet)
	for regels := bufio.NewScanner(c); regels.Scan(); {
		woord, _, _ := strings.Cut(strings.ToUpper(regels.Text()), " ")
		m.mu.Lock()
		m.gezien = append(m.gezien, woord)
		m.mu.Unlock()
		if woord == "QUIT" {
			fmt.Fprint(c, "221 bye\r\n")
			return
		}
		fmt.Fprint(c, "250 ok\r\n")
	}
}

// mail gives the installation two mail servers that work.
func (o *opstelling) mail() *mailserver {
	m := &mailserver{}
	o.zet("post.afzender", "verantwoord@voorbeeldstad.example")
	for _, nr := range []string{"1", "2"} {
		o.zet("post.relay."+nr+".adres", m.start(o.t, "220 mail"))
		o.zet("post.relay."+nr+".versleuteling", "uit")
	}
	return m
}

func TestMailServersAreLookedAtAndGetNoMessage(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	m := o.mail()
	b := o.onderzoek()
	moetTonen(t, b, InOrde, "post", "post.relay.1 is bereikbaar")
	moetTonen(t, b, InOrde, "post", "post.relay.2 is bereikbaar")
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.gezien) == 0 {
		t.Error("nobody was asked")
	}
	for _, w := range m.gezien {
		if w == "MAIL" || w == "RCPT" || w == "DATA" {
			t.Errorf("a message was offered: %v", m.gezien)
		}
	}
}

func TestWhatStopsMailIsFound(t *testing.T) {
	t.Parallel()
	weg := func(o *opstelling, nr string) { o.zet("post.relay."+nr+".adres", "127.0.0.1:1") }
	for naam, p := range map[string]struct {
		breek  func(o *opstelling)
		niveau Niveau
		deel   string
	}{
		"none is set": {func(o *opstelling) {
			for _, nr := range []string{"1", "2"} {
				o.zet("post.relay."+nr+".adres", `""`)
			}
		}, Waarschuwing, "geen mailserver ingesteld"},
		"only one is set": {func(o *opstelling) { o.zet("post.relay.2.adres", `""`) }, Waarschuwing, "maar één mailserver"},
		"one is away":     {func(o *opstelling) { weg(o, "1") }, Fout, "post.relay.1 is niet te gebruiken: mail server can't be reached"},
		"both are away":   {func(o *opstelling) { weg(o, "1"); weg(o, "2") }, Fout, "Geen enkele mailserver"},
		"one refuses us":  {func(o *opstelling) { o.zet("post.relay.2.adres", (&mailserver{}).start(o.t, "554 no")) }, Fout, "answers 554"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := opstellen(t)
			o.mail()
			p.breek(o)
			moetTonen(t, o.onderzoek(), p.niveau, "post", p.deel)
		})
	}
}

func TestMailThatWaitsIsFound(t *testing.T) {
	t.Parallel()
	for seconden, niveau := range map[string]Niveau{"0": InOrde, "59": InOrde, "60": Waarschuwing, "299": Waarschuwing, "300": Fout} {
		t.Run(seconden, func(t *testing.T) {
			t.Parallel()
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/metrics" {
					fmt.Fprintf(w, "verantwoord_post_wachtend 3\nverantwoord_post_oudste_seconden %s\n", seconden)
					return
				}
				fmt.Fprintln(w, "ok")
			}))
			t.Cleanup(h.Close)
			o := opstellen(t)
			o.zet("url", h.URL)
			moetTonen(t, o.onderzoek(), niveau, "post", "wacht")
		})
	}
}

func TestSignInServicesAreExamined(t *testing.T) {
	t.Parallel()
	for naam, p := range map[string]struct {
		breek  func(doc map[string]any, h http.Header) (jwks string)
		niveau Niveau
		deel   string
	}{
		"all is well": {func(map[string]any, http.Header) string { return sleutelset }, InOrde, "antwoordt, met 1 sleutel"},
		"another issuer": {func(doc map[string]any, _ http.Header) string {
			doc["issuer"] = "https://elders.example"
			return sleutelset
		}, Fout, "another issuer"},
		"no keys":         {func(map[string]any, http.Header) string { return `{"keys":[]}` }, Fout, "geen sleutel"},
		"keys unreadable": {func(map[string]any, http.Header) string { return "x" }, Fout, "no set of keys"},
		"a clock that is somewhat off": {func(_ map[string]any, h http.Header) string {
			h.Set("Date", time.Now().Add(45*time.Second).UTC().Format(http.TimeFormat))
			return sleutelset
		}, Waarschuwing, "klok"},
		"a clock that is off": {func(_ map[string]any, h http.Header) string {
			h.Set("Date", time.Now().Add(-5*time.Minute).UTC().Format(http.TimeFormat))
			return sleutelset
		}, Fout, "klok"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			var url string
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				doc := map[string]any{"issuer": url, "authorization_endpoint": url + "/a", "token_endpoint": url + "/t", "jwks_uri": url + "/k"}
				jwks := p.breek(doc, w.Header())
				switch r.URL.Path {
				case "/.well-known/openid-configuration":
					w.Header().Set("Content-Type", "application/json")
					if err := json.NewEncoder(w).Encode(doc); err != nil {
						t.Error(err)
					}
				case "/k":
					fmt.Fprint(w, jwks)
				default:
					t.Errorf("%s was asked", r.URL.Path)
				}
			}))
			t.Cleanup(h.Close)
			url = h.URL
			o := opstellen(t)
			for _, naam := range []string{"aanmelddiensten", "inwonerdiensten"} {
				o.zet(naam+".werkplek.uitgever", url)
				o.zet(naam+".werkplek.client_id", "verantwoord")
				o.zet(naam+".werkplek.geheim", "een geheim van de werkplek")
			}
			bevindingen := o.onderzoek()
			moetTonen(t, bevindingen, p.niveau, "aanmelden", p.deel)
			moetTonen(t, bevindingen, p.niveau, "inwoners", p.deel)
			moetTonen(t, bevindingen, Waarschuwing, "activiteiten", "activiteit.mijn") // citizens read that nobody knows why they looked
		})
	}
}

// sleutelset is a public key of nobody (RFC 7517, appendix A.1).
const sleutelset = `{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"1"}]}`
