package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

// Stories of people, walked in a real browser on the real program: a process of its own with its own store, mail that a
// real server takes over, and accounts made as an operator and an administrator make them. Whatever page a story
// meets is looked at once: axe-core in both themes, 320 pixels, and the keyboard.

// verhaal is the place where a story happens.
type verhaal struct {
	*opstelling
	url     string
	post    *mailserver
	browser *browsertest.Browser
}

// newVerhaal prepares one: over TLS at a name, as a passkey needs, or on plain HTTP. Nothing runs yet.
func newVerhaal(t *testing.T, metTLS bool, omgeving ...string) *verhaal {
	t.Helper()
	v := &verhaal{opstelling: opstellen(t, contract), post: startMailserver(t)}
	v.url = "http://" + v.address
	if metTLS {
		u, b := nieuweUitgever(t, "Eigen uitgever"), nieuweBestanden(t)
		eigen := u.geef("register", voorLokaal)
		b.eigen(eigen)
		v.https = klant(t, u)
		v.url = "https://" + strings.Replace(v.address, "127.0.0.1", "localhost", 1)
		v.env = append(v.env, "VERANTWOORD_TLS_CERTIFICAAT="+b.certificaat, "VERANTWOORD_TLS_SLEUTEL="+b.sleutel)
		v.browser = browsertest.Start(t, eigen.Leaf)
	} else {
		v.browser = browsertest.Start(t)
	}
	v.env = append(v.env, "VERANTWOORD_URL="+v.url, "VERANTWOORD_POST_AFZENDER=Verantwoord <verantwoord@voorbeeldstad.example>",
		"VERANTWOORD_POST_RELAY_1_ADRES="+v.post.adres, "VERANTWOORD_POST_RELAY_1_VERSLEUTELING=uit")
	v.env = append(v.env, omgeving...)
	return v
}

const wachtwoordVerhaal = "vier losse woorden gekozen"

// opConsole makes an administrator with `verantwoord gebruiker`, and gives the code that it prints.
func (v *verhaal) opConsole(naam, email string) string {
	v.t.Helper()
	uit := v.run(0, []string{"gebruiker", "beheerder", "--naam", naam, "--email", email})
	c := uitnodigingInBrief.FindStringSubmatch(uit)
	if c == nil {
		v.t.Fatalf("no code on the console: %s", uit)
	}
	return c[1]
}

// mens is somebody at a browser of their own.
type mens struct {
	*browsertest.Tab
	v     *verhaal
	email string
	app   string // secret of their app with codes
	keer  int    // codes of it that were used
	stil  bool   // their browser runs no script, so none of ours either
}

func (v *verhaal) mens(email string) *mens {
	v.t.Helper()
	return &mens{Tab: v.browser.Tab(v.t, browsertest.Breed), v: v, email: email}
}

// gekeurd are the pages that were looked at, by what they look like. With VERANTWOORD_SCHERMEN, a folder, their pictures
// are kept.
var (
	gekeurd      sync.Map
	gezienBladen atomic.Int64
)

var wisselend = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d+`)

// keur looks at the page, unless one like it was looked at.
func (m *mens) keur() {
	t := m.v.t
	t.Helper()
	if m.stil {
		return
	}
	soort := wisselend.ReplaceAllString(m.Waar(), "") + browsertest.Vraag[string](m.Tab, `[...document.querySelectorAll("h1, h2, form")].map(e => e.tagName === "FORM" ? e.method + e.getAttribute("action") : e.id || "").join("|")`)
	// A list with more months, or one with fewer, is the same page.
	soort = strings.Join(slices.Compact(strings.Split(wisselend.ReplaceAllString(soort, ""), "|")), "|")
	if _, gezien := gekeurd.LoadOrStore(soort, true); gezien {
		return
	}
	nr := gezienBladen.Add(1)
	foto := func(soort string) {
		if folder := os.Getenv("VERANTWOORD_SCHERMEN"); folder != "" {
			pad := strings.ReplaceAll(strings.Trim(wisselend.ReplaceAllString(m.Waar(), "x"), "/"), "/", "-")
			m.Foto(filepath.Join(folder, fmt.Sprintf("echt-%03d-%s%s.png", nr, pad, soort)))
		}
	}
	foto("")
	m.Axe()
	m.Kijk(browsertest.Donker)
	m.Axe()
	foto("-donker")
	m.Kijk(browsertest.Smal)
	m.Past()
	foto("-smal")
	m.Kijk(browsertest.Breed)
	m.Toetsenbord()
	if tekst := m.Tekst(); strings.Contains(tekst, "<no value>") || strings.Contains(tekst, "%!") {
		t.Errorf("%s holds what a template could not fill", m.Waar())
	}
}

// open goes to a page and looks at it.
func (m *mens) open(pad string) {
	m.v.t.Helper()
	m.Open(m.v.url + pad)
	m.keur()
}

// klik clicks, and looks at the page that follows. Who is asked for a code, because five minutes went by, gives it.
func (m *mens) klik(selector string) {
	m.v.t.Helper()
	m.Klik(selector)
	m.keur()
	if m.er("#veld-bevestigingscode") {
		m.Vul("#veld-bevestigingscode", m.v.post.code(m.v.t, m.email))
		m.Klik("main form button")
		m.keur()
	}
}

// stuur fills in the fields of a form, in pairs of name and value, and sends it.
func (m *mens) stuur(form string, velden ...string) {
	m.v.t.Helper()
	for i := 0; i+1 < len(velden); i += 2 {
		m.Vul(form+" [name='"+velden[i]+"']", velden[i+1])
	}
	m.klik(form + " button[type=submit]")
}

// op checks where the browser is, and what can be read there.
func (m *mens) op(pad string, zinnen ...string) {
	m.v.t.Helper()
	tekst := m.Tekst()
	if got := m.Waar(); got != pad {
		m.v.t.Fatalf("at %s instead of %s: %s", got, pad, tekst)
	}
	for _, z := range zinnen {
		if !strings.Contains(tekst, z) {
			m.v.t.Errorf("%s does not say %q: %s", pad, z, tekst)
		}
	}
}

// er tells whether something is on the page.
func (m *mens) er(selector string) bool {
	m.v.t.Helper()
	return browsertest.Vraag[bool](m.Tab, `!!document.querySelector(`+"`"+selector+"`"+`)`)
}

// aanvaard chooses a password with the code of an invitation.
func (m *mens) aanvaard(code string) {
	m.v.t.Helper()
	m.open("/beheer/")
	m.op("/beheer/aanmelden")
	m.klik("a[href='/beheer/aanmelden/uitnodiging']")
	m.stuur("main form", "email", m.email, "code", code, "wachtwoord", wachtwoordVerhaal)
	m.op("/beheer/aanmelden", "Uw nieuwe wachtwoord geldt vanaf nu.")
}

// begin takes the first step of signing in.
func (m *mens) begin() {
	m.v.t.Helper()
	m.open("/beheer/aanmelden")
	m.stuur("form[action='/beheer/aanmelden']", "email", m.email, "wachtwoord", wachtwoordVerhaal)
}

// meldAan takes both steps, on a browser that has to.
func (m *mens) meldAan() {
	m.v.t.Helper()
	m.begin()
	m.op("/beheer/aanmelden/code", "Als wat u invulde klopt, hebben we een code gestuurd")
	m.stuur("form[action='/beheer/aanmelden/code']", "code", m.v.post.code(m.v.t, m.email))
}

// meldAf signs out.
func (m *mens) meldAf() {
	m.v.t.Helper()
	m.klik("form[action='/beheer/afmelden'] button")
	m.op("/beheer/afgemeld", "U bent afgemeld")
}

// voegAppToe makes an app with codes theirs, and gives the recovery codes that are shown then.
func (m *mens) voegAppToe() []string {
	m.v.t.Helper()
	m.klik("a[href='/beheer/mijn-account/app']")
	m.op("/beheer/mijn-account/app", "scan dit plaatje")
	m.app = strings.ReplaceAll(browsertest.Vraag[string](m.Tab, `document.querySelector("main code").textContent`), " ", "")
	m.stuur("form[action='/beheer/mijn-account/app']", "totp", m.appCode())
	return m.herstelcodes()
}

// herstelcodes reads the codes of the page.
func (m *mens) herstelcodes() []string {
	m.v.t.Helper()
	m.op(m.Waar(), "Bewaar deze codes op een veilige plek")
	codes := browsertest.Vraag[[]string](m.Tab, `[...document.querySelectorAll("main ol code")].map(e => e.textContent)`)
	if len(codes) != 10 {
		m.v.t.Fatalf("%d recovery codes: %s", len(codes), m.Tekst())
	}
	return codes
}

// appCode is what their app shows. Each code counts once, so the second one is that of the next half minute, which a
// clock may be ahead; a story has two at hand.
func (m *mens) appCode() string {
	m.v.t.Helper()
	code, err := totp.GenerateCode(m.app, time.Now().Add(time.Duration(m.keer)*30*time.Second))
	if err != nil {
		m.v.t.Fatal(err)
	}
	m.keer++
	return code
}

// beheerder signs in who was made on the console, and adds the app that their rights ask for.
func (v *verhaal) beheerder(email, code string) *mens {
	v.t.Helper()
	m := v.mens(email)
	m.aanvaard(code)
	m.meldAan()
	m.op("/beheer/mijn-account", "Voeg een passkey of een app met codes toe")
	m.voegAppToe()
	m.klik("a.utrecht-button--primary-action[href='/beheer/mijn-account']")
	m.open("/beheer/")
	m.op("/beheer/", "Autorisatiegroepen")
	return m
}

// sessie is the secret of their session, as somebody who steals the cookie has it.
func (m *mens) sessie() string {
	m.v.t.Helper()
	s := m.LeesKoekje(m.v.url, m.v.koekje())
	if s == "" {
		m.v.t.Fatalf("no session at %s", m.Waar())
	}
	return s
}

// koekje is the name of the cookie of a session.
func (v *verhaal) koekje() string {
	if v.https != nil {
		return "__Host-sessie"
	}
	return "sessie"
}

// vraag sends a request with a session and follows nothing; a form is posted when there are fields.
func (v *verhaal) vraag(methode, pad, sessie string, velden url.Values) (int, string) {
	v.t.Helper()
	req, err := http.NewRequest(methode, v.url+pad, strings.NewReader(velden.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if methode == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if sessie != "" {
		req.AddCookie(&http.Cookie{Name: v.koekje(), Value: sessie})
	}
	res, err := v.klant().Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// klant is a client without a memory.
func (v *verhaal) klant() *http.Client {
	c := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if v.https != nil {
		c.Transport = v.https.Transport
	}
	return c
}
