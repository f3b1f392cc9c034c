// Package browsertest opens pages in a real browser for tests: headless Chromium, with axe-core to find what is not
// accessible, a walk by keyboard, and a look at whether everything fits.
//
// axe/axe.min.js is axe-core 4.14.1 of Deque Systems, unchanged, under the Mozilla Public License 2.0 (axe/LICENSE);
// it is used by tests only and is in no binary of the product.
package browsertest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed axe/axe.min.js
var axe string

// geduld is how long one step may take on a busy machine.
const geduld = time.Minute

// Beeld is how a page is looked at.
type Beeld struct {
	Breedte, Hoogte int64
	Donker          bool
	Druk            bool // as on paper
}

// The usual ones. Half is what is left of Breed at a zoom of 200 %.
var (
	Breed  = Beeld{Breedte: 1280, Hoogte: 900}
	Donker = Beeld{Breedte: 1280, Hoogte: 900, Donker: true}
	Half   = Beeld{Breedte: 640, Hoogte: 450}
	Smal   = Beeld{Breedte: 320, Hoogte: 640}
)

// Browser is one process. Start it once for all tabs of a test.
type Browser struct {
	ctx context.Context
}

// names under which Chromium is installed.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Start starts a browser that ends with the test. Without Chromium the test fails: scripts/voorzien installs it. It
// believes the certificates that are given, whoever signed them.
func Start(t testing.TB, vertrouwd ...*x509.Certificate) *Browser {
	t.Helper()
	var path string
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium: scripts/voorzien installs it")
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(geduld),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "nl"),
		chromedp.Flag("disable-extensions", true), chromedp.Flag("disable-features", "BackForwardCache"), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("font-render-hinting", "none"),
	}
	var sleutels []string
	for _, c := range vertrouwd {
		som := sha256.Sum256(c.RawSubjectPublicKeyInfo)
		sleutels = append(sleutels, base64.StdEncoding.EncodeToString(som[:]))
	}
	if len(sleutels) > 0 {
		opts = append(opts, chromedp.Flag("ignore-certificate-errors-spki-list", strings.Join(sleutels, ",")))
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	var once sync.Once
	t.Cleanup(func() {
		once.Do(func() {
			// Cancel waits for the process and removes its folder. It tries so for a while, as children of the process may still write there.
			_ = chromedp.Cancel(ctx)
			cancel()
			stop()
		})
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &Browser{ctx}
}

// Tab is a page in a browser. Its methods fail the test when they can't do what they say.
type Tab struct {
	t   testing.TB
	ctx context.Context
}

// Tab opens an empty tab of its own: without cookies of another.
func (b *Browser) Tab(t testing.TB, beeld Beeld) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tab := &Tab{t, ctx}
	// The first run of a context may have no deadline: it would close the tab.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	tab.Kijk(beeld)
	return tab
}

// Voor gives the tab to a part of its test, without the cookies of another: all that pages on other ports of this machine share. A new
// tab for each is a new process each time, which has to learn axe-core again. Parts that share a tab can't run at once.
func (tab *Tab) Voor(t testing.TB, beeld Beeld) *Tab {
	t.Helper()
	deel := &Tab{t, tab.ctx}
	call(deel, network.ClearBrowserCookies, cdp.Empty{})
	deel.Kijk(beeld)
	return deel
}

// do runs steps that give nothing.
func (tab *Tab) do(steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, geduld)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tab.t.Fatal(err)
	}
}

// Vraag evaluates an expression in a page.
func Vraag[T any](tab *Tab, expressie string) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, geduld)
	defer cancel()
	uit, err := chromedp.Run(ctx, chromedp.Evaluate[T](expressie, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("%.80s: %v", expressie, err)
	}
	return uit
}

// call runs a command of the browser.
func call[P, R any](tab *Tab, cmd cdp.Command[P, R], params P) R {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, geduld)
	defer cancel()
	uit, err := chromedp.Call(ctx, cmd, params)
	if err != nil {
		tab.t.Fatalf("%s: %v", cmd.Method, err)
	}
	return uit
}

// Kijk changes how the page is looked at.
func (tab *Tab) Kijk(beeld Beeld) {
	tab.t.Helper()
	kleur, soort := "light", "screen"
	if beeld.Donker {
		kleur = "dark"
	}
	if beeld.Druk {
		soort = "print"
	}
	tab.do(chromedp.EmulateViewport(beeld.Breedte, beeld.Hoogte))
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: soort, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: kleur}},
	})
}

// Koekje gives the tab a cookie of a site.
func (tab *Tab) Koekje(url, naam, waarde string) {
	tab.t.Helper()
	call(tab, network.SetCookie, network.SetCookieParams{
		Name: naam, Value: waarde, URL: url, Path: "/", HTTPOnly: new(true), Secure: new(strings.HasPrefix(url, "https:")),
	})
}

// LeesKoekje gives the value of a cookie of a site; empty when there is none.
func (tab *Tab) LeesKoekje(url, naam string) string {
	tab.t.Helper()
	uit := call(tab, network.GetCookies, network.GetCookiesParams{URLs: []string{url}})
	for _, c := range uit.Cookies {
		if c.Name == naam {
			return c.Value
		}
	}
	return ""
}

// ZonderScript lets no page of the tab run a script.
func (tab *Tab) ZonderScript() {
	tab.t.Helper()
	call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// Open goes to a page and waits until it is there.
func (tab *Tab) Open(url string) {
	tab.t.Helper()
	tab.do(chromedp.Navigate(url))
}

// Klik clicks and waits for the page that follows.
func (tab *Tab) Klik(selector string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, geduld)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		tab.t.Fatalf("click %s at %s: %v", selector, tab.Waar(), err)
	}
}

// Vul types in a field, in place of what is there.
func (tab *Tab) Vul(selector, tekst string) {
	tab.t.Helper()
	tab.Kies(selector, "")
	tab.do(chromedp.SendKeys(chromedp.CSS(selector), tekst))
}

// Kies chooses a value of a list, or the day of a date.
func (tab *Tab) Kies(selector, waarde string) {
	tab.t.Helper()
	if !Vraag[bool](tab, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (e) e.value = %q; return !!e; })()`, selector, waarde)) {
		tab.t.Fatalf("%s: no field %s", tab.Waar(), selector)
	}
}

// KiesBestand chooses a file of this machine to send.
func (tab *Tab) KiesBestand(selector, bestand string) {
	tab.t.Helper()
	tab.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{bestand}))
}

// Ontvouw opens all parts that are folded.
func (tab *Tab) Ontvouw() {
	tab.t.Helper()
	Vraag[int](tab, `(() => { const l = document.querySelectorAll("details"); l.forEach(d => d.open = true); return l.length; })()`)
}

// PDF prints the page and gives how many pages it took; it writes the file when bestand is not empty.
func (tab *Tab) PDF(bestand string) (paginas int) {
	tab.t.Helper()
	pdf := call(tab, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true), PrintBackground: new(true)})
	if bestand != "" {
		if err := os.WriteFile(bestand, pdf.Data, 0o644); err != nil {
			tab.t.Fatal(err)
		}
	}
	return bytes.Count(pdf.Data, []byte("/Type /Page\n"))
}

// Ga walks with the Tab key until what the selector names has the focus.
func (tab *Tab) Ga(selector string) {
	tab.t.Helper()
	const meeste = 300 // stops; no page has as many
	for range meeste {
		tab.do(chromedp.KeyEvent(kb.Tab))
		if Vraag[bool](tab, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			return
		}
	}
	tab.t.Fatalf("%s: %s is not reached by keyboard", tab.Waar(), selector)
}

// Typ types into what has the focus.
func (tab *Tab) Typ(tekst string) {
	tab.t.Helper()
	tab.do(chromedp.KeyEvent(tekst))
}

// Enter presses that key and waits for the page that follows.
func (tab *Tab) Enter() {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, geduld)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		tab.t.Fatalf("enter at %s: %v", tab.Waar(), err)
	}
}

// Waar gives the path of the page.
func (tab *Tab) Waar() string {
	tab.t.Helper()
	return Vraag[string](tab, `location.pathname`)
}

// Tekst is all that can be read on the page.
func (tab *Tab) Tekst() string {
	tab.t.Helper()
	return Vraag[string](tab, `document.body.innerText`)
}

// Passkeys gives the tab a device that makes and uses passkeys without asking a person.
func (tab *Tab) Passkeys() {
	tab.t.Helper()
	call(tab, webauthn.Enable, webauthn.EnableParams{})
	call(tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
}

// Foto writes a picture of the whole page, as PNG.
func (tab *Tab) Foto(bestand string) {
	tab.t.Helper()
	maat := Vraag[[]float64](tab, `[document.documentElement.clientWidth, document.documentElement.scrollHeight]`)
	png := call(tab, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: new(true), Clip: &page.Viewport{Width: maat[0], Height: maat[1], Scale: 1},
	})
	if err := os.WriteFile(bestand, png.Data, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

// Axe reports every violation that axe-core finds on the page: of WCAG 2.2 A and AA, and of good practice.
func (tab *Tab) Axe() {
	tab.t.Helper()
	if !Vraag[bool](tab, `"axe" in window`) {
		Vraag[bool](tab, axe+";true")
	}
	raw := Vraag[string](tab, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`)
	var found []struct {
		ID, Help string
		Nodes    []struct{ HTML, FailureSummary string }
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		tab.t.Fatalf("axe: %v", err)
	}
	for _, f := range found {
		var waar []string
		for _, n := range f.Nodes {
			waar = append(waar, n.HTML+"\n      "+strings.ReplaceAll(n.FailureSummary, "\n", "\n      "))
		}
		tab.t.Errorf("%s: %s (%s)\n    %s", tab.Waar(), f.Help, f.ID, strings.Join(waar, "\n    "))
	}
}

// Past reports when the page is wider than the window, so that one would have to scroll sideways to read.
func (tab *Tab) Past() {
	tab.t.Helper()
	for _, w := range Vraag[[]string](tab, `(() => {
		const room = document.documentElement.clientWidth, wide = [];
		if (document.documentElement.scrollWidth > room) {
			for (const e of document.querySelectorAll("body *")) {
				const r = e.getBoundingClientRect();
				if (r.right > room + 1 && r.width > 1) wide.push(e.tagName + "." + e.className + " to " + Math.round(r.right) + " of " + room);
			}
			if (!wide.length) wide.push("something");
		}
		return wide.slice(0, 5);
	})()`) {
		tab.t.Errorf("%s is wider than the window: %s", tab.Waar(), w)
	}
}

// stap is where the focus is during a walk.
type stap struct {
	Nr     int
	Naam   string
	Omlijn bool
	Zicht  bool
}

// Toetsenbord walks the page with the Tab key, and reports what can't be reached, what has no visible focus, and a
// focus that gets stuck.
func (tab *Tab) Toetsenbord() {
	tab.t.Helper()
	aantal := Vraag[int](tab, `(() => {
		window.lijst = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
			.filter(e => !e.disabled && e.type !== "hidden" && e.checkVisibility() && !(e.type === "radio" && !e.checked && (document.querySelector('input[type=radio][name="' + e.name + '"]:checked') ?? document.querySelector('input[type=radio][name="' + e.name + '"]')) !== e));
		document.activeElement.blur();
		return window.lijst.length;
	})()`)
	gezien := make([]string, aantal)
	vorige, zelfde, rond := -1, 0, 0
	for range aantal*4 + 10 {
		tab.do(chromedp.KeyEvent(kb.Tab))
		s := Vraag[stap](tab, `(() => {
			const e = document.activeElement, st = getComputedStyle(e), r = e.getBoundingClientRect();
			return {Nr: window.lijst.indexOf(e), Naam: e.tagName + " " + (e.id || e.textContent.trim().slice(0, 40)),
				Omlijn: st.outlineStyle !== "none" && parseFloat(st.outlineWidth) >= 2,
				Zicht: r.width > 1 && r.height > 1 && r.bottom > 0 && r.top < innerHeight};
		})()`)
		if s.Nr < 0 {
			if rond++; rond > 1 { // a page that set the focus itself is not begun at its top
				break
			}
			continue
		}
		if s.Nr == vorige {
			if zelfde++; zelfde > 6 { // a date has a stop for each part
				tab.t.Errorf("%s: the focus is stuck at %s", tab.Waar(), s.Naam)
				return
			}
		} else {
			vorige, zelfde = s.Nr, 0
		}
		if gezien[s.Nr] == "" {
			gezien[s.Nr] = s.Naam
			if !s.Omlijn || !s.Zicht {
				tab.t.Errorf("%s: the focus on %s is not to be seen", tab.Waar(), s.Naam)
			}
		}
	}
	for i, n := range gezien {
		if n == "" {
			wat := Vraag[string](tab, fmt.Sprintf(`window.lijst[%d].outerHTML.slice(0, 120)`, i))
			tab.t.Errorf("%s: not reached by keyboard: %s", tab.Waar(), wat)
		}
	}
}
