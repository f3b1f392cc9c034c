package server

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/post"
)

const oinPaginas = "00000099123456780000"

// bus is a mail server that keeps what it gets.
type bus struct {
	mu      sync.Mutex
	brieven []post.Brief
}

func (b *bus) Naam() string { return "bus" }

func (b *bus) Send(_ context.Context, brief post.Brief) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.brieven = append(b.brieven, brief)
	return nil
}

// achtCijfers is a code as a mail writes it.
var achtCijfers = regexp.MustCompile(`\b\d{4} \d{4}\b`)

// code waits for the n-th code that was sent to an address, from 1.
func (b *bus) code(t *testing.T, aan string, n int) string {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		b.mu.Lock()
		var codes []string
		for _, brief := range b.brieven {
			if c := achtCijfers.FindString(brief.Tekst); brief.Aan == aan && c != "" {
				codes = append(codes, c)
			}
		}
		b.mu.Unlock()
		if len(codes) >= n {
			return codes[n-1]
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	t.Fatalf("no code %d came among %d letters: %v", n, len(b.brieven), b.brieven)
	return ""
}

// browser is one that keeps cookies and follows redirects.
type browser struct {
	t    *testing.T
	url  string
	http *http.Client
	pad  string // of the last page
}

func newBrowser(t *testing.T, url string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, url: url, http: &http.Client{Jar: jar}}
}

// do gives the page that a request ends on; velden nil is a GET.
func (b *browser) do(pad string, velden ...string) string {
	b.t.Helper()
	var r *http.Response
	var err error
	if velden == nil {
		r, err = b.http.Get(b.url + pad)
	} else {
		v := url.Values{}
		for i := 0; i+1 < len(velden); i += 2 {
			v.Add(velden[i], velden[i+1])
		}
		r, err = b.http.PostForm(b.url+pad, v)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.pad = r.Request.URL.Path
	return b.lees(r)
}

func (b *browser) lees(r *http.Response) string {
	b.t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(body)
}

// want checks where a request ended, and that the page says what it must.
func (b *browser) want(pagina, pad string, zinnen ...string) {
	b.t.Helper()
	if b.pad != pad {
		b.t.Fatalf("on %s instead of %s:\n%s", b.pad, pad, tekstVan(pagina))
	}
	for _, z := range zinnen {
		if !strings.Contains(pagina, z) {
			b.t.Errorf("%s does not say %q:\n%s", pad, z, tekstVan(pagina))
		}
	}
}

var tags = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>|\n\s*\n`)

func tekstVan(pagina string) string {
	_, pagina, _ = strings.Cut(pagina, "<main")
	return tags.ReplaceAllString(pagina, " ")
}

func startPaginas(t *testing.T) (*Server, *bus, string) {
	t.Helper()
	return startPaginasMet(t, nil, "[]", nil)
}

// startPaginasMet starts a register with variables beside the usual ones, applications, and a clock or nil.
func startPaginasMet(t *testing.T, erbij map[string]string, applicaties string, nu func() time.Time) (*Server, *bus, string) {
	t.Helper()
	b, err := autorisatie.Parse(strings.NewReader(`organisaties: [{oin: "`+oinPaginas+`", naam: Voorbeeldstad}]
applicaties: `+applicaties+`
`), "")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	omgeving := map[string]string{"VERANTWOORD_STORE": "sqlite:" + dir + "/store", "VERANTWOORD_SLEUTELS": dir + "/sleutels"}
	maps.Copy(omgeving, erbij)
	var namen []string
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		t.Fatal(err)
	}
	mail := &bus{}
	s, err := Open(context.Background(), c, b, Opties{Versie: "proef", Relays: []post.Relay{mail}, Nu: nu})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	opruimen.Na(t, func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, mail, h.URL
}

const goedWachtwoord = "vier losse woorden gekozen"

// beheerder makes an administrator with a password and an app, and gives a browser in which they are signed in.
func beheerder(t *testing.T, s *Server, mail *bus, url, naam, email string) (*browser, string) {
	t.Helper()
	ctx := context.Background()
	if _, err := s.Mensen().Beheer.MaakBeheerder(ctx, oinPaginas, naam, email); err != nil {
		t.Fatal(err)
	}
	code, err := s.Mensen().Aanmelding.NodigHier(ctx, oinPaginas, email)
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, url)
	p := b.do("/beheer/")
	b.want(p, "/beheer/aanmelden", "Ik heb een uitnodiging")
	p = b.do("/beheer/aanmelden/uitnodiging", "email", email, "code", code, "wachtwoord", "kort")
	b.want(p, "/beheer/aanmelden/uitnodiging", "wachtwoord")
	p = b.do("/beheer/aanmelden/uitnodiging", "email", email, "code", code, "wachtwoord", goedWachtwoord)
	b.want(p, "/beheer/aanmelden", "Uw nieuwe wachtwoord geldt vanaf nu.")
	p = b.do("/beheer/aanmelden", "email", email, "wachtwoord", goedWachtwoord)
	b.want(p, "/beheer/aanmelden/code", "•••••")
	p = b.do("/beheer/aanmelden/code", "code", "00000000")
	b.want(p, "/beheer/aanmelden/code", "niet juist", "nog 4 pogingen")
	p = b.do("/beheer/aanmelden/code", "code", mail.code(t, email, 1))
	// Rights that reach far ask for more than the code: nothing else can be had until there is an app.
	b.want(p, "/beheer/mijn-account", "Voeg een passkey of een app met codes toe")
	b.want(b.do("/beheer/gebruikers"), "/beheer/mijn-account")
	p = b.do("/beheer/mijn-account/app")
	m := regexp.MustCompile(`<code class="utrecht-code">([A-Z2-7 ]+)</code>`).FindStringSubmatch(p)
	if m == nil {
		t.Fatalf("no secret on %s: %s", b.pad, tekstVan(p))
	}
	geheim := strings.ReplaceAll(m[1], " ", "")
	app, err := totp.GenerateCode(geheim, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	// A code of an app has six digits: this is the code of none.
	b.want(b.do("/beheer/mijn-account/app", "bewaar", "ja", "totp", "0000000"), "/beheer/mijn-account/app", "Opnieuw scannen hoeft niet")
	p = b.do("/beheer/mijn-account/app", "bewaar", "ja", "totp", app)
	b.want(p, "/beheer/mijn-account/app", "Bewaar deze codes")
	p = b.do("/beheer/gebruikers")
	b.want(p, "/beheer/gebruikers", naam)
	return b, geheim
}

func TestTwoAdministratorsGrantTheRightToSeeBSNs(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	een, _ := beheerder(t, s, mail, adres, "Bea Heer", "b.heer@voorbeeldstad.example")
	twee, _ := beheerder(t, s, mail, adres, "Tom Tweede", "t.tweede@voorbeeldstad.example")

	p := een.do("/beheer/autorisatiegroepen/nieuw", "naam", "Burgerzaken leiding", "omschrijving", "Mag BSN's zien.")
	groep := een.pad
	een.want(p, groep, "Burgerzaken leiding")
	if !strings.HasPrefix(groep, "/beheer/autorisatiegroepen/") || len(groep) < 60 {
		t.Fatalf("a new group leads to %s", groep)
	}
	for _, pad := range []string{
		"/beheer/", "/beheer/mijn-account", "/beheer/functiegroepen", "/beheer/autorisatiegroepen", groep + "/rechten", "/beheer/voorstellen",
		"/beheer/nakijken", "/beheer/beheerlog", "/beheer/instellingen", "/beheer/gebruikers/nieuw",
	} {
		een.want(een.do(pad), pad, "<h1")
	}

	keuzes := []string{"versie", "1", "r.verwerkingenlog.zien.gewoon", "alles", "r.verwerkingenlog.zien.bsn", "alles"}
	p = een.do(groep+"/rechten", keuzes...)
	een.want(p, groep+"/rechten", "in de verwerkingenlog het BSN zien", "Een tweede beheerder moet dit goedkeuren")
	een.want(een.do(groep+"/rechten/bewaren", append(keuzes, "reden", "omdat het moet")...), groep+"/rechten/bewaren", "15 tekens")
	een.want(een.do(groep+"/rechten/bewaren", append(keuzes, "reden", "Het team onderzoekt fouten in dossiers.")...), groep, "Dit wacht op een tweede beheerder.", "Deze groep kan niets")

	voorstel := regexp.MustCompile(`/beheer/voorstellen/[0-9a-f-]{36}`).FindString(een.do("/beheer/voorstellen"))
	een.want(een.do(voorstel), voorstel, "U hebt dit zelf voorgesteld", "Het team onderzoekt fouten in dossiers.")
	een.do(voorstel+"/goedkeuren", "versie", "1")
	een.want(een.do(groep), groep, "Deze groep kan niets")
	twee.want(twee.do(voorstel), voorstel, "in de verwerkingenlog het BSN zien", "Goedkeuren")
	twee.want(twee.do(voorstel+"/goedkeuren", "versie", "1"), "/beheer/voorstellen", "Goedgekeurd.")
	een.want(een.do(groep), groep, "in de verwerkingenlog het BSN zien")
	een.want(een.do("/beheer/beheerlog"), "/beheer/beheerlog", "Het team onderzoekt fouten in dossiers.", "Tom Tweede")
	if _, err := s.beheerlog.Controle(context.Background(), oinPaginas); err != nil {
		t.Error(err)
	}
}

// uitnodiging waits for the code of an invitation.
func (b *bus) uitnodiging(t *testing.T, aan string) string {
	t.Helper()
	regel := regexp.MustCompile(`(?m)^    (\S.*?)\r?$`)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		b.mu.Lock()
		for _, brief := range b.brieven {
			if m := regel.FindStringSubmatch(brief.Tekst); brief.Aan == aan && m != nil {
				b.mu.Unlock()
				return m[1]
			}
		}
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	t.Fatalf("no invitation came among %q", b.brieven)
	return ""
}

func TestWhoIsNewSeesNothingAndAStolenCookieDiesWithSignOutEverywhere(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	een, _ := beheerder(t, s, mail, adres, "Bea Heer", "b.heer@voorbeeldstad.example")
	const kim = "k.nieuw@voorbeeldstad.example"
	een.want(een.do("/beheer/functiegroepen", "naam", "Burgerzaken"), "/beheer/functiegroepen", "Burgerzaken")
	functie := regexp.MustCompile(`<option value="([0-9a-f-]{36})"`).FindStringSubmatch(een.do("/beheer/gebruikers/nieuw"))
	if functie == nil {
		t.Fatal("no functiegroep to choose")
	}
	p := een.do("/beheer/gebruikers/nieuw", "naam", "Kim Nieuw", "email", kim, "functiegroep", functie[1])
	persoon := een.pad
	een.want(p, persoon, "Kim Nieuw", "De uitnodiging is onderweg")

	b := newBrowser(t, adres)
	b.want(b.do("/beheer/aanmelden/uitnodiging", "email", kim, "code", mail.uitnodiging(t, kim), "wachtwoord", goedWachtwoord), "/beheer/aanmelden")
	b.do("/beheer/aanmelden", "email", kim, "wachtwoord", goedWachtwoord)
	p = b.do("/beheer/aanmelden/code", "code", mail.code(t, kim, 1))
	b.want(p, "/beheer/", "Kim Nieuw", "wie nieuw is, mag niets")
	for _, deel := range []string{"/beheer/gebruikers\"", "/beheer/beheerlog\"", "/beheer/instellingen\"", "/beheer/autorisatiegroepen\""} {
		if strings.Contains(p, deel) {
			t.Errorf("somebody without rights sees a way to %s", deel)
		}
	}
	for _, pad := range []string{"/beheer/gebruikers", persoon, "/beheer/autorisatiegroepen", "/beheer/beheerlog", "/beheer/instellingen", "/beheer/voorstellen"} {
		p := b.do(pad)
		if b.pad != pad || !strings.Contains(p, "recht") || strings.Contains(p, "b.heer@") || strings.Contains(p, "Bea Heer") {
			t.Errorf("%s shows: %s", pad, tekstVan(p))
		}
	}

	dief := newBrowser(t, adres)
	u, err := url.Parse(adres)
	if err != nil {
		t.Fatal(err)
	}
	dief.http.Jar.SetCookies(u, b.http.Jar.Cookies(u))
	dief.want(dief.do("/beheer/mijn-account"), "/beheer/mijn-account", kim)
	een.want(een.do(persoon+"/afmelden", "x", ""), persoon, "Alle sessies van deze persoon zijn beëindigd.")
	dief.want(dief.do("/beheer/mijn-account"), "/beheer/aanmelden")
	b.want(b.do("/beheer/mijn-account"), "/beheer/aanmelden")
	// The browser was trusted today; it is not any more.
	b.do("/beheer/aanmelden", "email", kim, "wachtwoord", goedWachtwoord)
	b.want("", "/beheer/aanmelden/code")
}

func TestWrongCodesEndASignInAndAnUnknownAddressLooksTheSame(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	const bea = "b.heer@voorbeeldstad.example"
	beheerder(t, s, mail, adres, "Bea Heer", bea)
	paginas := map[string]string{}
	for _, email := range []string{bea, "bestaat.niet.meer@voorbeeldstad.example"} {
		b := newBrowser(t, adres)
		p := b.do("/beheer/aanmelden", "email", email, "wachtwoord", "een verkeerd wachtwoord")
		b.want(p, "/beheer/aanmelden/code", "Als wat u invulde klopt")
		paginas[email] = regexp.MustCompile(`Over \d+ seconden`).ReplaceAllString(p, "")
		for range 4 {
			b.want(b.do("/beheer/aanmelden/code", "code", "00000000"), "/beheer/aanmelden/code", "niet juist")
		}
		p = b.do("/beheer/aanmelden/code", "code", "00000000")
		if strings.Contains(p, "niet juist") {
			t.Errorf("a sixth try is offered: %s", tekstVan(p))
		}
	}
	if paginas[bea] != paginas["bestaat.niet.meer@voorbeeldstad.example"] {
		t.Errorf("an unknown address can be told from a known one:\n%s\n%s", paginas[bea], paginas["bestaat.niet.meer@voorbeeldstad.example"])
	}
}
