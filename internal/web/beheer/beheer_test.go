package beheer_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// bezoek is a browser without a screen: it keeps cookies and follows redirects to our own pages.
type bezoek struct {
	t      *testing.T
	p      *proef
	server *httptest.Server
	client *http.Client
}

// open starts the pages of a municipality, signed in with some rights; nil: not signed in.
func open(t *testing.T, p *proef, rechten mag) *bezoek {
	t.Helper()
	o := p.opties()
	mux := http.NewServeMux()
	mux.Handle("/beheer/", beheer.New(o))
	mux.HandleFunc("/ontwerp/", func(w http.ResponseWriter, r *http.Request) {
		if f, ok := o.Ontwerp.Get(r.URL.Path); ok {
			f.ServeHTTP(w, r)
		} else {
			http.NotFound(w, r)
		}
	})
	server := httptest.NewServer(mux)
	opruimen.Na(t, server.Close)
	return enter(t, p, server, rechten)
}

// enter is another browser on the same pages.
func enter(t *testing.T, p *proef, server *httptest.Server, rechten mag) *bezoek {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &bezoek{t, p, server, &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.Path, "/beheer/") || r.URL.Host != strings.TrimPrefix(server.URL, "http://") {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
	if rechten != nil {
		u, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(u, []*http.Cookie{{Name: "sessie", Value: p.meldAan(rechten), Path: "/"}})
	}
	return b
}

// answer is what a page gave.
type answer struct {
	status int
	path   string // where it ended
	body   string // as text: entities are resolved
	header http.Header
}

func (b *bezoek) do(r *http.Request) answer {
	b.t.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.Path, html.UnescapeString(string(body)), res.Header}
}

func (b *bezoek) get(path string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.server.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

// post sends a form as a page of ours does; values come in pairs.
func (b *bezoek) post(path string, values ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// want fails when the answer is not this, or lacks a text.
func (b *bezoek) want(a answer, status int, path string, texts ...string) {
	b.t.Helper()
	if a.status != status || a.path != path {
		b.t.Errorf("status %d at %s, want %d at %s", a.status, a.path, status, path)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			b.t.Errorf("%s lacks %q", a.path, text)
		}
	}
}

func TestSigningInTakesPasswordAndCodeAndLeadsBackToThePageAskedFor(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), nil)
	first := b.get("/beheer/beheerlog")
	b.want(first, 200, "/beheer/aanmelden", `name="naar" value="/beheer/beheerlog"`)
	code := b.post("/beheer/aanmelden", "email", "anna@voorbeeldstad.example", "wachtwoord", proefWachtwoord, "naar", "/beheer/beheerlog")
	b.want(code, 200, "/beheer/aanmelden/code", "a•••••g@v•••••d.example", "U hebt nog 5 pogingen.")
	if strings.Contains(code.body, "anna@voorbeeldstad.example") {
		t.Error("the address stands unmasked on the page")
	}
	b.want(b.post("/beheer/aanmelden/code", "code", "00000000"), 422, "/beheer/aanmelden/code", "Deze code is niet juist.", "U hebt nog 4 pogingen.", "<title>Fout:")
	b.want(b.post("/beheer/aanmelden/code", "code", "123"), 422, "/beheer/aanmelden/code", "Vul de 8 cijfers uit de e-mail in.", "U hebt nog 4 pogingen.")
	b.want(b.post("/beheer/aanmelden/code", "code", "1234 5678"), 200, "/beheer/beheerlog", "Anna Achterberg")
	b.want(b.get("/beheer/aanmelden"), 200, "/beheer/")
}

func TestAnUnknownAccountSeesTheSamePagesWithoutAnAddress(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), nil)
	code := b.post("/beheer/aanmelden", "email", "niemand@voorbeeldstad.example", "wachtwoord", "fout")
	b.want(code, 200, "/beheer/aanmelden/code", "Als wat u invulde klopt", "U hebt nog 5 pogingen.")
	if strings.Contains(code.body, "•") {
		t.Error("an address is shown before the password was right")
	}
	for range 5 {
		b.post("/beheer/aanmelden/code", "code", proefCode)
	}
	b.want(b.post("/beheer/aanmelden/code", "code", proefCode), 401, "/beheer/aanmelden/code", "U bent niet meer aangemeld", "/beheer/aanmelden")
}

func TestHeavyRightsAskForMoreThanACode(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), nil)
	b.post("/beheer/aanmelden", "email", "zwaar@voorbeeldstad.example", "wachtwoord", proefWachtwoord)
	extra := b.post("/beheer/aanmelden/code", "code", proefCode)
	b.want(extra, 200, "/beheer/aanmelden/extra", "Met een passkey", "Code uit uw app", "Herstelcode")
	if csp := extra.header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") {
		t.Errorf("the script of the passkey may not run: %s", csp)
	}
	b.want(b.get("/beheer/"), 200, "/beheer/aanmelden")
	b.want(b.post("/beheer/aanmelden/extra", "soort", "totp", "totp", "999999"), 422, "/beheer/aanmelden/extra", "Dit klopt niet.")
	b.want(b.post("/beheer/aanmelden/extra", "soort", "totp", "totp", "123456"), 200, "/beheer/")
}

func TestAServiceOfTheOrganisationIsFollowedByTheCodeToo(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), nil)
	b.want(b.get("/beheer/aanmelden"), 200, "/beheer/aanmelden", "Aanmelden met Gemeente Voorbeeldstad")
	away := b.get("/beheer/aanmelden/dienst/voorbeeldstad?naar=/beheer/instellingen")
	if to := away.header.Get("Location"); away.status != 303 || to != "https://login.voorbeeldstad.example/authorize?state=x" {
		t.Errorf("%d to %q", away.status, to)
	}
	b.want(b.get("/beheer/aanmelden/terug/voorbeeldstad?state=x"), 200, "/beheer/aanmelden/code", "a•••••g@v•••••d.example")
	b.want(b.post("/beheer/aanmelden/code", "code", proefCode), 200, "/beheer/instellingen")
	other := open(t, newProef(), nil)
	other.want(other.get("/beheer/aanmelden/terug/voorbeeldstad?state=x"), 401, "/beheer/aanmelden/terug/voorbeeldstad")
	other.want(other.get("/beheer/aanmelden/dienst/onbekend"), 404, "/beheer/aanmelden/dienst/onbekend")
}

func TestSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	b.want(b.get("/beheer/"), 200, "/beheer/", "Overzicht")
	b.want(b.post("/beheer/afmelden"), 200, "/beheer/afgemeld", "U bent afgemeld")
	b.want(b.get("/beheer/"), 200, "/beheer/aanmelden")
	if len(b.p.sessies) != 0 {
		t.Error("the session lives on")
	}
	b.want(b.post("/beheer/mijn-account/afmelden"), 401, "/beheer/mijn-account/afmelden", "niet bewaard")
}

func TestWithoutARightThereIsNoTabNoTileAndNoPage(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), mag{})
	home := b.get("/beheer/")
	b.want(home, 200, "/beheer/", "U hebt nog geen rechten.")
	for _, path := range []string{"/beheer/gebruikers", "/beheer/beheerlog", "/beheer/instellingen", "/beheer/autorisatiegroepen"} {
		if strings.Contains(home.body, path) {
			t.Errorf("%s shows", path)
		}
		b.want(b.get(path), 403, path, "Dit mag u niet bekijken of doen", "Chris Çelik (functioneel beheer)")
	}
	grey := open(t, newProef(), mag{"gebruikers/beheren", "beheerlog/zien"})
	page := grey.get("/beheer/")
	grey.want(page, 200, "/beheer/", `verantwoord-grijs">Mensen`, "U hebt hier geen rechten voor.", `href="/beheer/beheerlog"`)
	if strings.Contains(page.body, `href="/beheer/gebruikers"`) || strings.Contains(page.body, "Instellingen") {
		t.Error("a page shows that may not be had")
	}
	reader := open(t, newProef(), mag{"gebruikers/zien"})
	reader.want(reader.get("/beheer/gebruikers"), 200, "/beheer/gebruikers", `type="button" disabled="">Iemand toevoegen`, "Hiervoor hebt u geen rechten.")
}

func TestEveryRouteRefusesWhoHasEveryOtherRight(t *testing.T) {
	t.Parallel()
	p := newProef()
	server := open(t, p, nil).server
	checked := 0
	for _, r := range beheer.New(p.opties()).Routes() {
		if r.Module == "" {
			continue
		}
		checked++
		var others mag
		for _, m := range alles {
			if m != r.Module+"/"+r.Handeling {
				others = append(others, m)
			}
		}
		path := strings.NewReplacer("{id}", bram.String(), "{groep}", groepBSN.String()).Replace(r.Patroon)
		for _, tc := range []struct {
			who    string
			b      *bezoek
			status int
		}{
			{"every other right", enter(t, p, server, others), 403},
			{"no session", enter(t, p, server, nil), 401},
		} {
			var a answer
			if r.Methode == http.MethodPost {
				a = tc.b.post(path, "reden", "een reden die lang genoeg is")
			} else if a = tc.b.get(path); a.path == "/beheer/aanmelden" {
				a.status = 401
			}
			if a.status != tc.status {
				t.Errorf("%s %s with %s: %d", r.Methode, r.Patroon, tc.who, a.status)
			}
		}
	}
	if checked < 30 || len(p.besloten) > 0 {
		t.Errorf("%d routes refused, and yet was done: %v", checked, p.besloten)
	}
}

func TestGrantingBSNShowsWhatItMeansAndWaitsForASecondAdministrator(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	group := "/beheer/autorisatiegroepen/" + groepLezen.String()
	b.want(b.get(group), 200, group, "Dit kan de groep (12 personen)")
	b.want(b.get(group+"/rechten"), 200, group+"/rechten", `name="r.verwerkingenlog.zien.bsn"`, `<option value="functiegroep" selected="">`)
	form := []string{"versie", "2", "r.verwerkingenlog.zien.gewoon", "functiegroep", "r.verwerkingenlog.zien.bsn", "domein:burgerzaken", "t.verwerkingenlog.zien", "2027-06-30"}
	means := b.post(group+"/rechten", form...)
	b.want(means, 200, group+"/rechten", "Ernstig", "burgerservicenummers", "Komt erbij:", "Een tweede beheerder moet dit goedkeuren", `name="t.verwerkingenlog.zien" value="2027-06-30"`)
	if b.p.gedaan("rechten") {
		t.Error("looking at what it means changed something")
	}
	b.want(b.post(group+"/rechten", append(form, "stap", "aanpassen")...), 200, group+"/rechten", `<option value="domein:burgerzaken" selected="">`)

	half := b.post(group+"/rechten", "versie", "2", "r.groepen.zien.gewoon", "eigen")
	b.want(half, 422, group+"/rechten", "Dit recht geldt altijd voor alles.", `href="#veld-r.groepen.zien.gewoon"`, `<option value="alles">ja</option>`)

	// Dangerous: a code first, and nothing of the form is lost.
	ask := b.post(group+"/rechten/bewaren", form...)
	b.want(ask, 200, group+"/rechten/bewaren", "Bevestig dat u het bent", `name="r.verwerkingenlog.zien.bsn" value="domein:burgerzaken"`)
	b.want(b.post(group+"/rechten/bewaren", append(form, "bevestigingscode", "00000000")...), 422, group+"/rechten/bewaren", "Deze code is niet juist.", `value="domein:burgerzaken"`)
	short := b.post(group+"/rechten/bewaren", append(form, "bevestigingscode", proefCode)...)
	b.want(short, 422, group+"/rechten/bewaren", "minstens 15 tekens", `href="#veld-reden"`)
	done := b.post(group+"/rechten/bewaren", append(form, "reden", "Teamleiders behandelen klachten.")...)
	b.want(done, 200, group, "Dit wacht op een tweede beheerder.")
	if !b.p.gedaan("domein:burgerzaken") {
		t.Errorf("%v", b.p.besloten)
	}
	if again := b.get(group); strings.Contains(again.body, "Tot die het goedkeurt") {
		t.Error("the message is shown twice")
	}
}

func TestAProposalIsApprovedOrRefusedWithAReason(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := "/beheer/voorstellen/" + voorstelBSN.String()
	b.want(b.get("/beheer/voorstellen"), 200, "/beheer/voorstellen", "wacht op u", path)
	b.want(b.get(path), 200, path, "Chris Çelik", "Goedkeuren", "Komt erbij:")
	b.want(b.post(path+"/weigeren", "versie", "1"), 422, path+"/weigeren", "Vul in waarom u weigert.")
	b.want(b.post(path+"/weigeren", "versie", "1", "reden", "Te ruim."), 200, "/beheer/voorstellen", "Geweigerd.")
	b.want(b.post(path+"/goedkeuren", "versie", "1", "bevestigingscode", proefCode), 200, "/beheer/voorstellen", "Goedgekeurd.")
	if !b.p.gedaan("besloten true") || !b.p.gedaan("besloten false Te ruim.") {
		t.Errorf("%v", b.p.besloten)
	}
	reader := open(t, newProef(), mag{"groepen/zien"})
	page := reader.get(path)
	reader.want(page, 200, path, "Een andere beheerder beslist hierover.")
	if strings.Contains(page.body, path+"/goedkeuren") || strings.Contains(page.body, path+"/weigeren") {
		t.Error("a form shows to who may not decide")
	}
	reader.want(reader.post(path+"/intrekken", "versie", "1"), 200, "/beheer/voorstellen", "Het voorstel is ingetrokken.")
}

func TestPeopleAreAddedChangedAndClosed(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	b.want(b.get("/beheer/gebruikers"), 200, "/beheer/gebruikers", "3 personen", "zware rechten", `href="/beheer/gebruikers?vanaf=2"`)
	b.want(b.post("/beheer/gebruikers", "naam", "zzz"), 200, "/beheer/gebruikers", "Niemand gevonden.")
	b.want(b.post("/beheer/gebruikers", "naam", "çel"), 200, "/beheer/gebruikers", "1 persoon", "Chris Çelik", `value="çel"`)
	b.want(b.get("/beheer/gebruikers?alles=ja"), 200, "/beheer/gebruikers", `checked=""`, `href="/beheer/gebruikers?alles=ja&vanaf=2"`)
	wrong := b.post("/beheer/gebruikers/nieuw", "naam", "<b>Dirk</b>")
	b.want(wrong, 422, "/beheer/gebruikers/nieuw", "Vul een e-mailadres in.", `href="#veld-functiegroep"`, `aria-invalid="true"`)
	b.want(b.post("/beheer/gebruikers/nieuw", "naam", "Dirk", "email", "anna@voorbeeldstad.example", "functiegroep", id(51).String()), 422, "/beheer/gebruikers/nieuw", "Er is al iemand met dit e-mailadres.")
	person := "/beheer/gebruikers/" + bram.String()
	b.want(b.post("/beheer/gebruikers/nieuw", "naam", "Dirk", "email", "dirk@voorbeeldstad.example", "functiegroep", id(51).String()), 200, person, "De uitnodiging is onderweg")
	b.want(b.get(person), 200, person, "Inzien met BSN", "30 juni 2027", "BSN's zien in het domein burgerzaken.", "app met codes")
	b.want(b.post(person+"/wijzigen", "versie", "2", "naam", "Bram", "email", "b@voorbeeldstad.example", "functiegroep", id(51).String()), 422, person+"/wijzigen", "Iemand anders heeft dit intussen gewijzigd.")
	b.want(b.post(person+"/wijzigen", "versie", "3", "naam", "Bram", "email", "b@voorbeeldstad.example", "functiegroep", id(51).String()), 200, person, "Bewaard.")
	b.want(b.post(person+"/groep", "versie", "3", "groep", groepBSN.String(), "tot", "2027-06-30", "bevestigingscode", proefCode), 200, person+"/groep",
		"Er is nog niets veranderd.", "Dit kan deze persoon straks", "burgerservicenummers", "Een tweede beheerder moet dit goedkeuren", `name="tot" value="2027-06-30"`)
	if b.p.gedaan("lid") {
		t.Error("looking at what a membership means changed something")
	}
	b.want(b.post(person+"/groep", "versie", "3", "groep", groepBSN.String(), "stap", "bewaren", "reden", "kort"), 422, person+"/groep", "minstens 15 tekens", "Dit kan deze persoon straks")
	b.want(b.post(person+"/groep", "versie", "3", "groep", groepLezen.String(), "stap", "aanpassen"), 200, person+"/groep", "Kies een autorisatiegroep")
	b.want(b.post(person+"/groep", "versie", "3", "groep", groepBeheer.String(), "stap", "bewaren"), 200, person, "Bewaard.")
	b.want(b.post("/beheer/gebruikers/"+anna.String()+"/groep", "groep", groepBeheer.String(), "stap", "bewaren"), 422, "/beheer/gebruikers/"+anna.String()+"/groep", "Niemand wijzigt de eigen rechten.")
	b.want(b.get(person+"/groep/"+groepBSN.String()+"/weg"), 200, person+"/groep/"+groepBSN.String()+"/weg", "verliest de rechten van de groep meteen")
	b.want(b.post(person+"/groep/"+groepBSN.String()+"/weg"), 200, person, "Weggehaald.")
	b.want(b.post(person+"/sluiten"), 422, person+"/sluiten", "Vul in waarom.")
	b.want(b.post(person+"/uitnodigen", "x", ""), 200, person, "De uitnodiging is onderweg per e-mail.")
	b.want(b.post(person+"/intrekken", "reden", ""), 422, person+"/intrekken", "Vul in waarom.")
	b.want(b.post(person+"/intrekken", "reden", "Telefoon verloren."), 200, person, "Ingetrokken.")
	b.want(b.post(person+"/sluiten", "reden", "Uit dienst."), 200, person, "Het account is gesloten.", "gesloten", person+"/heropenen")
	b.want(b.get(person+"/heropenen"), 200, person+"/heropenen", "Rechten komen niet terug")
	b.want(b.post(person+"/heropenen", "reden", ""), 422, person+"/heropenen", "Vul in waarom.")
	b.want(b.post(person+"/heropenen", "reden", "Terug in dienst."), 200, person, "Het account is weer open, zonder rechten.")
	for _, what := range []string{"uitgenodigd", "ingetrokken Telefoon verloren.", "heropend Terug in dienst."} {
		if !b.p.gedaan(what) {
			t.Errorf("%s was not done: %v", what, b.p.besloten)
		}
	}
	for _, missing := range []string{"/beheer/gebruikers/x", "/beheer/gebruikers/" + id(9).String(), person + "/groep/" + groepBeheer.String() + "/weg"} {
		b.want(b.get(missing), 404, missing, "Deze pagina is er niet")
	}
}

func TestPeopleKeepTheirOwnProofsInOrderAfterACode(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), mag{}) // one's own account needs no right
	const own = "/beheer/mijn-account"
	b.want(b.get(own), 200, own, "app met codes", "Firefox op Windows", "Verkeerde code", "anna@voorbeeldstad.example")
	ask := b.post(own+"/wachtwoord", "oud", "fout", "nieuw", "een heel nieuw wachtwoord", "nogmaals", "anders")
	b.want(ask, 200, own+"/wachtwoord", "Bevestig dat u het bent")
	other := b.post(own+"/wachtwoord", "oud", "fout", "nieuw", "een heel nieuw wachtwoord", "nogmaals", "anders", "bevestigingscode", proefCode)
	b.want(other, 422, own+"/wachtwoord", "Dit is niet hetzelfde als het nieuwe wachtwoord.")
	if strings.Contains(other.body, "een heel nieuw") {
		t.Error("a password is sent back")
	}
	b.want(b.post(own+"/wachtwoord", "oud", "fout", "nieuw", "een heel nieuw wachtwoord", "nogmaals", "een heel nieuw wachtwoord"), 422, own+"/wachtwoord", "Dit is niet uw huidige wachtwoord.")
	b.want(b.post(own+"/wachtwoord", "oud", proefWachtwoord, "nieuw", "een heel nieuw wachtwoord", "nogmaals", "een heel nieuw wachtwoord"), 200, own, "Uw nieuwe wachtwoord geldt vanaf nu.")
	b.want(b.post("/beheer/aanmelden/uitnodiging", "email", "a@voorbeeldstad.example", "code", "anders", "wachtwoord", "een heel nieuw wachtwoord"), 422, "/beheer/aanmelden/uitnodiging", "horen niet bij elkaar")
	b.want(b.get(own+"/app"), 200, own+"/app", "JBSW Y3DP", "data:image/png;base64,")
	b.want(b.post(own+"/app", "bewaar", "verzegeld", "totp", "000 000"), 422, own+"/app", "Deze code klopt niet.")
	b.want(b.post(own+"/app", "bewaar", "verzegeld", "totp", "123 456"), 200, own, "Toegevoegd.")
	passkey := b.get(own + "/passkey")
	b.want(passkey, 200, own+"/passkey", "data-passkey=", `data-soort="maken"`)
	if !strings.Contains(passkey.header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Error("the script may not run")
	}
	b.want(b.post(own+"/passkey", "bewaar", "ja", "naam", "sleutelbos"), 422, own+"/passkey", "Uw browser gaf geen passkey.")
	b.want(b.post(own+"/passkey", "bewaar", "ja", "naam", "sleutelbos", "passkey", "{}"), 200, own, "Toegevoegd.")
	b.want(b.post(own+"/herstelcodes"), 200, own+"/herstelcodes", "abcd-efgh-9", "U ziet ze maar één keer.")
	b.want(b.post(own+"/weg", "middel", "m1"), 403, own+"/weg", "Voeg eerst een andere toe.")
	b.want(b.post(own+"/weg", "middel", "m2"), 200, own, "Weggehaald.")
	for _, done := range []string{"wachtwoord 25", "app", "passkey sleutelbos", "herstelcodes", "weg m2"} {
		if !b.p.gedaan(done) {
			t.Errorf("%s was not done: %v", done, b.p.besloten)
		}
	}
}

func TestTheBeheerlogIsReadInPagesAndByKind(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	first := b.get("/beheer/beheerlog")
	b.want(first, 200, "/beheer/beheerlog", "Teamleiders behandelen klachten", `href="/beheer/beheerlog?vanaf=70"`)
	second := b.get("/beheer/beheerlog?vanaf=70")
	b.want(second, 200, "/beheer/beheerlog", `scope="row">69<`, "Naar het begin", `href="/beheer/beheerlog?vanaf=20"`)
	b.want(b.get("/beheer/beheerlog?soort=sleutel"), 200, "/beheer/beheerlog", "Hiervan is niets vastgelegd.", `value="sleutel" selected`)
	b.want(b.get("/beheer/beheerlog?soort=%3Cscript%3E&vanaf=-1"), 200, "/beheer/beheerlog", `scope="row">119<`)
}

func TestApplicationsShowWhatTheyCanDo(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	b.want(b.get("/beheer/applicaties"), 200, "/beheer/applicaties", "Zaaksysteem", "zware rechten")
	one := b.get("/beheer/applicaties/onderzoek")
	b.want(one, 200, "/beheer/applicaties/onderzoek", "kan vertrouwelijke verwerkingen opvragen", "read:confidential")
	if strings.Index(one.body, "Ernstig") > strings.Index(one.body, "Let op") {
		t.Error("what is most serious does not come first")
	}
	b.want(b.get("/beheer/applicaties/weg"), 404, "/beheer/applicaties/weg")
}

func TestSettingsShowTheSafeDefaultBesideWhatWasChosen(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	b.want(b.get("/beheer/instellingen"), 200, "/beheer/instellingen", "minder veilig", "eigen keuze", "handle-2, zegel-1, teken-1", "Binnen een minuut komt daarbij: zegel-2", "versies bekeken", "2 versies of documenten zijn niet te herschrijven", "token.max_leeftijd", "geen instelling: die staat altijd aan")
}

func TestAnEmptyOrganisationExplainsItself(t *testing.T) {
	t.Parallel()
	p := newProef()
	p.leeg, p.niets = true, true
	b := open(t, p, alles)
	for path, text := range map[string]string{
		"/beheer/gebruikers": "Er is nog niemand.", "/beheer/functiegroepen": "Er zijn nog geen functiegroepen.", "/beheer/autorisatiegroepen": "Er zijn nog geen autorisatiegroepen.",
		"/beheer/voorstellen": "Er wacht niets.", "/beheer/nakijken": "Alle groepen zijn nagekeken.", "/beheer/beheerlog": "Er is nog niets vastgelegd.",
		"/beheer/applicaties": "Er is nog geen applicatie aangemeld.",
	} {
		b.want(b.get(path), 200, path, text)
	}
	nobody := open(t, p, nil)
	nobody.want(nobody.get("/beheer/aanmelden"), 200, "/beheer/aanmelden", "Er kan zich nog niemand aanmelden.")
}

func TestAFailureIsToldWithoutItsCause(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		err    error
		status int
		text   string
	}{
		{"an error of ours", errors.New("geheim van de opslag"), 500, "Nummer van deze fout:"},
		{"a store that is away", &fout.Fout{Code: fout.CodeNietBeschikbaar, Oorzaak: errors.New("geheim van de opslag")}, 503, "Er is niets half gedaan."},
		{"somebody came first", fout.Gelijktijdig, 409, "Iemand was u voor"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newProef()
			p.stuk = tc.err
			b := open(t, p, alles)
			a := b.get("/beheer/instellingen")
			b.want(a, tc.status, "/beheer/instellingen", tc.text)
			if strings.Contains(a.body, "geheim van") {
				t.Error("the cause is on the page")
			}
		})
	}
}

func TestTheLanguageIsChosenAndKept(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	b.want(b.post("/beheer/taal", "taal", "en", "naar", "/beheer/instellingen"), 200, "/beheer/instellingen", `<html lang="en"`, "Settings", `<span lang="nl">duur</span>`, "environment")
	b.want(b.get("/beheer/gebruikers"), 200, "/beheer/gebruikers", "People", "3 people")
	b.want(b.post("/beheer/taal", "taal", "nl", "naar", "//elders.example/"), 200, "/beheer/", `<html lang="nl"`, "Overzicht")
}

func TestNoPageHoldsAnAddressOfAnotherSite(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"//elders.example", "https://elders.example/beheer/", "/beheer/../docs", "/beheer/\\elders", "/beheer/x?y=z", "/docs", ""} {
		if got := pagina.Lokaal(path); got != "/beheer/" {
			t.Errorf("%q leads to %q", path, got)
		}
	}
	if got := pagina.Lokaal("/beheer/gebruikers"); got != "/beheer/gebruikers" {
		t.Errorf("a page of ours leads to %q", got)
	}
}

func TestAnApplicationIsAddedChangedGivenASecretAndTakenAway(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	const all, scope = "/beheer/applicaties", "scopes.verwerkingenlogging-bewerking"
	b.want(b.get(all), 200, all, "nog geen geheim", "voorstel wacht", "wacht op u", all+"/nieuw")
	b.want(b.get(all+"/nieuw"), 200, all+"/nieuw", "Er verandert nog niets.", ">00000099123456780000</textarea>", `value="read:confidential"`, "ook zonder vinkje")
	b.want(b.post(all+"/nieuw", "naam", "", "clients", "zaaksysteem"), 422, all+"/nieuw", `href="#veld-naam"`, `href="#veld-clients"`, "al in gebruik")

	light := b.post(all+"/nieuw", "naam", "Balie", "clients", " balie \r\n\r\nbalie-2", scope, "create:normal")
	b.want(light, 200, all+"/nieuw", "Er is nog niets veranderd.", "Komt erbij:", all+"/nieuw/bewaren", `name="`+scope+`" value="create:normal"`)
	if strings.Contains(light.body, `name="reden"`) || b.p.gedaan("applicatie") {
		t.Error("what is light asks a reason, or is done already")
	}
	b.want(b.post(all+"/nieuw", "naam", "Balie", "clients", "balie", scope, "create:normal", "stap", "aanpassen"), 200, all+"/nieuw", `value="create:normal" checked=""`)
	ask := b.post(all+"/nieuw/bewaren", "naam", "Balie", "clients", "balie", scope, "create:normal")
	b.want(ask, 200, all+"/nieuw/bewaren", "Bevestig dat u het bent", `name="`+scope+`" value="create:normal"`)
	b.want(b.post(all+"/nieuw/bewaren", "naam", "Balie", "clients", "balie\nbalie-2", scope, "create:normal", "bevestigingscode", proefCode), 200, all+"/nieuw-loket", "Toegevoegd.", "nog geen geheim")
	if !b.p.gedaan("applicatie Balie [balie balie-2] [] [{verwerkingenlogging-bewerking  [create:normal]}]") {
		t.Errorf("done: %v", b.p.besloten)
	}

	heavy := b.post(all+"/nieuw", "naam", "Balie", "clients", "balie", scope, "read:confidential")
	b.want(heavy, 200, all+"/nieuw", "Een tweede beheerder moet dit goedkeuren", `name="reden"`, "Voorstel indienen")
	b.want(b.post(all+"/nieuw/bewaren", "naam", "Balie", "clients", "balie", scope, "read:confidential", "reden", "kort"), 422, all+"/nieuw/bewaren", "in minstens 15 tekens", "Voorstel indienen")
	b.want(b.post(all+"/nieuw/bewaren", "naam", "Balie", "clients", "balie", scope, "read:confidential", "reden", "Nodig voor het onderzoek."), 200, all, "Dit wacht op een tweede beheerder.")

	one := all + "/onderzoek"
	b.want(b.get(one), 200, one, "wacht een voorstel op een tweede beheerder", one+"/wijzigen", one+"/geheim", one+"/weghalen")
	b.want(b.get(one+"/wijzigen"), 200, one+"/wijzigen", `name="versie" value="3"`, `value="Onderzoek naleving"`, `value="create:normal" checked=""`)
	b.want(b.post(one+"/wijzigen", "versie", "3", "naam", "Onderzoek", "clients", "onderzoek-2"), 200, one+"/wijzigen", "Dit verandert ook", "Client-id onderzoek-2 komt erbij.")
	b.want(b.post(one+"/wijzigen/bewaren", "versie", "2", "naam", "Onderzoek", "clients", "onderzoek"), 422, one+"/wijzigen/bewaren", "Iemand anders heeft dit intussen gewijzigd.")

	b.want(b.get(one+"/geheim"), 200, one+"/geheim", "werkt daarna meteen niet meer")
	b.want(b.post(one+"/geheim", "versie", "3", "reden", ""), 422, one+"/geheim", "in minstens 15 tekens")
	made := b.post(one+"/geheim", "versie", "3", "reden", "Het oude geheim is gelekt.")
	b.want(made, 200, one+"/geheim", proefGeheim, "deze ene keer")
	if cache := made.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("the page of a secret is kept: %q", cache)
	}
	if strings.Contains(b.get(one).body, proefGeheim) {
		t.Error("the secret is shown again")
	}
	b.want(b.post(one+"/geheim", "versie", "2", "reden", "Het oude geheim is gelekt."), 422, one+"/geheim", "Iemand anders heeft dit intussen gewijzigd.")

	b.want(b.get(one+"/weghalen"), 200, one+"/weghalen", "Dit werkt dan niet meer", "kan vertrouwelijke verwerkingen opvragen", "onderzoek</code>")
	b.want(b.post(one+"/weghalen", "versie", "3", "reden", "De software is vervangen."), 200, all, "Weggehaald.")

	proposal := "/beheer/applicatievoorstellen/" + voorstelApp.String()
	b.want(b.get(proposal), 200, proposal, "handhaving onderzoekt", "Komt erbij:", proposal+"/goedkeuren")
	b.want(b.post(proposal+"/weigeren", "versie", "1", "reden", ""), 422, proposal+"/weigeren", "Vul in waarom u weigert.")
	b.want(b.post(proposal+"/weigeren", "versie", "1", "reden", "Dit kan met minder."), 200, all, "Geweigerd.")
	b.want(b.post(proposal+"/goedkeuren", "versie", "1"), 200, all, "Goedgekeurd.")
	b.want(b.post(proposal+"/intrekken", "versie", "1"), 200, all, "Het voorstel is ingetrokken.")
	for _, what := range []string{"geheim onderzoek", "weg onderzoek De software is vervangen.", "applicatievoorstel true", "applicatievoorstel false Dit kan met minder.", "applicatievoorstel ingetrokken"} {
		if !b.p.gedaan(what) {
			t.Errorf("%s was not done: %v", what, b.p.besloten)
		}
	}
}

func TestAnApplicationOfTheFileAndOneThatMayOnlyBeSeenOfferNoChange(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	const file = "/beheer/applicaties/zaaksysteem"
	page := b.get(file)
	b.want(page, 200, file, "staat in het applicatiebestand op de server")
	if strings.Contains(page.body, file+"/") {
		t.Error("a change is offered")
	}
	for _, path := range []string{file + "/wijzigen", file + "/geheim", file + "/weghalen"} {
		b.want(b.get(path), 403, path, "hier alleen te lezen")
	}
	reader := open(t, newProef(), mag{"applicaties/zien"})
	const one = "/beheer/applicaties/onderzoek"
	page = reader.get(one)
	reader.want(page, 200, one, "Hiervoor hebt u geen rechten.")
	if strings.Contains(page.body, one+"/geheim") || strings.Contains(page.body, one+"/weghalen") {
		t.Error("a change is offered to who may only look")
	}
	reader.want(reader.post(one+"/geheim", "versie", "3", "reden", "Het oude geheim is gelekt."), 403, one+"/geheim")
}
