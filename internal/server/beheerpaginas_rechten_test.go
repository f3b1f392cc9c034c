package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/aansluiting"
	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/server/beheerpaginas"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Every route × every role × every class of data, over the real rooms: a route answers what the table of routes says of
// the role, and no answer holds a field of a class that the role lacks.

// merk is a value that stands in one field of the test data, and the right to see that field.
type merk struct {
	wat, waarde string
	veld
	ook veld // where the same is told too; zero: nowhere
}

type veld struct {
	m gebruiker.Module
	v gebruiker.Veldklasse
}

var merken = []merk{
	{"the name of a colleague", "Merk Collega", veld{gebruiker.ModuleGebruikers, gebruiker.Gewoon}, veld{gebruiker.ModuleBeheerlog, gebruiker.Gewoon}},
	{"the address of a colleague", "merk.adres@voorbeeldstad.example", veld{gebruiker.ModuleGebruikers, gebruiker.Contact}, veld{}},
	{"what a group is for", "Merk omschrijving van een groep", veld{gebruiker.ModuleGroepen, gebruiker.Gewoon}, veld{}},
	{"a group of the sign-in service", "/merk/claim", veld{gebruiker.ModuleGroepen, gebruiker.Gewoon}, veld{}},
	{"why somebody proposes something", "Merk reden van het voorstel.", veld{gebruiker.ModuleGroepen, gebruiker.Gewoon}, veld{gebruiker.ModuleBeheerlog, gebruiker.VrijeTekst}},
	{"a reason in the beheerlog", "Merk reden in het beheerlog.", veld{gebruiker.ModuleBeheerlog, gebruiker.VrijeTekst}, veld{}},
	{"an event of the beheerlog", "Lid gemaakt van de groep Kring.", veld{gebruiker.ModuleBeheerlog, gebruiker.Gewoon}, veld{}},
	{"the name of an application", "Merk zaaksysteem", veld{gebruiker.ModuleApplicaties, gebruiker.Gewoon}, veld{}},
	{"an application of the register", "Merk loket", veld{gebruiker.ModuleApplicaties, gebruiker.Gewoon}, veld{}},
	{"why somebody proposes an application", "Merk reden van de aansluiting.", veld{gebruiker.ModuleApplicaties, gebruiker.Gewoon}, veld{gebruiker.ModuleBeheerlog, gebruiker.VrijeTekst}},
	{"who set the protection of a citizen", "Merk Beschermer", veld{gebruiker.ModuleInwoners, gebruiker.Gewoon}, veld{gebruiker.ModuleBeheerlog, gebruiker.Gewoon}},
	{"a note about a citizen who is protected", "Merk opmerking bij een inwoner", veld{gebruiker.ModuleInwoners, gebruiker.VrijeTekst}, veld{}},
	{"why the protection of a citizen must end", "Merk reden van het einde.", veld{gebruiker.ModuleInwoners, gebruiker.VrijeTekst}, veld{gebruiker.ModuleBeheerlog, gebruiker.VrijeTekst}},
	{"what is proposed about veilige domeinen", "Merk domein", veld{gebruiker.ModuleDomeinen, gebruiker.Gewoon}, veld{gebruiker.ModuleBeheerlog, gebruiker.Gewoon}},
	{"why a sensitive activity is safe", "Merk waarom dit veilig is", veld{gebruiker.ModuleDomeinen, gebruiker.Gewoon}, veld{}},
	{"a setting", "Merk selectielijst", veld{gebruiker.ModuleInstellingen, gebruiker.Gewoon}, veld{}},
}

// ziet tells whether rights must show a field, and whether they may.
func (m *merk) ziet(r *gebruiker.Rechten) (moet, mag bool) {
	beide := func(module gebruiker.Module, v gebruiker.Veldklasse) bool {
		return r.Mag(module, gebruiker.Zien, gebruiker.Gewoon, gebruiker.BereikAlles) && r.Mag(module, gebruiker.Zien, v, gebruiker.BereikAlles)
	}
	moet = beide(m.m, m.v)
	return moet, moet || m.ook.m != "" && beide(m.ook.m, m.ook.v)
}

// rol is somebody with rights.
type rol struct {
	naam    string
	rechten []gebruiker.Recht
}

// alleRechten are all there are in this version, for everything.
func alleRechten() (uit []gebruiker.Recht) {
	for _, m := range gebruiker.Modules(false) {
		for _, h := range gebruiker.Handelingen() {
			for _, v := range m.Veldklassen(h) {
				uit = append(uit, gebruiker.Recht{Module: m, Handeling: h, Veldklasse: v, Bereik: gebruiker.BereikAlles})
			}
		}
	}
	return uit
}

// rollen are nobody, those of the demonstration, each right alone, each right with the sight of its module, all rights
// but one, and all with one refused. Data of citizens is on no page yet, so the rights on it are given together.
func rollen() []rol {
	alle := alleRechten()
	uit := []rol{{"nothing", nil}, {"Beheer gebruikers", gebruiker.RechtenBeheerders()}, {"everything", alle}}
	inwoners := slices.DeleteFunc(slices.Clone(alle), func(r gebruiker.Recht) bool { return !r.Module.Inwoners() })
	uit = append(uit, rol{"all data of citizens", inwoners})
	for i, r := range alle {
		if r.Module.Inwoners() {
			continue
		}
		uit = append(uit, rol{"only " + r.String(), []gebruiker.Recht{r}})
		zien := gebruiker.Recht{Module: r.Module, Handeling: gebruiker.Zien, Veldklasse: gebruiker.Gewoon, Bereik: gebruiker.BereikAlles}
		if r != zien {
			uit = append(uit, rol{"sight and " + r.String(), []gebruiker.Recht{zien, r}})
		}
		uit = append(uit, rol{"all but " + r.String(), append(alle[:i:i], alle[i+1:]...)})
		if r.Handeling != gebruiker.Zien {
			continue
		}
		verbod := r
		verbod.Verbod = true
		uit = append(uit, rol{"all, and refused " + r.String(), append(alle[:len(alle):len(alle)], verbod)})
	}
	return uit
}

// proefland is a register with people, of whom one has another role each time.
type proefland struct {
	t        *testing.T
	s        *Server
	mail     *bus
	url      string
	http     *http.Client
	nu       func() time.Time
	bea, tom gebruiker.Dader
	groep    uuid.UUID // of who has the roles
	sessie   string
	plaatsen *strings.Replacer // ids in a path
	collega  uuid.UUID
	kring    uuid.UUID // a group of the colleague that gives nothing
}

func newProefland(t *testing.T) *proefland {
	t.Helper()
	// The clock is slow, so that who proved to be there did so a moment ago, however long the walk takes.
	begin := time.Now()
	traag := func() time.Time { return begin.Add(time.Since(begin) / 100) }
	p := &proefland{t: t, nu: traag, http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	p.s, p.mail, p.url = startPaginasMet(t, map[string]string{"VERANTWOORD_ORGANISATIES_" + oinPaginas + "_BEWAREN_SELECTIELIJST": "Merk selectielijst"}, `
  - {clientIds: [zaak], geheim: "een-geheim-van-minstens-32-tekens!", label: Merk zaaksysteem, organisatie: "`+oinPaginas+`", autorisaties: [{component: verwerkingenlogging-inzage, scopes: ["read:normal"]}]}`, traag)
	ctx, b := context.Background(), p.s.Mensen().Beheer
	maak := func(naam, email string) gebruiker.Dader {
		g, err := b.MaakBeheerder(ctx, oinPaginas, naam, email)
		if err != nil {
			t.Fatal(err)
		}
		return gebruiker.Als(oinPaginas, g.ID)
	}
	p.bea, p.tom = maak("Bea Heer", "b.heer@voorbeeldstad.example"), maak("Tom Tweede", "t.tweede@voorbeeldstad.example")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := b.VoegFunctiegroepToe(ctx, p.bea, "Burgerzaken", "")
	must(err)
	collega, err := b.VoegToe(ctx, p.bea, gebruiker.GebruikerInvoer{Naam: "Merk Collega", Email: "merk.adres@voorbeeldstad.example", Functiegroep: f.ID})
	must(err)
	p.collega = collega.ID
	ander, err := b.VoegGroepToe(ctx, p.bea, "Onderzoek", "Merk omschrijving van een groep")
	must(err)
	_, err = b.ZetClaims(ctx, p.bea, ander.ID, 1, []string{"/merk/claim"}, "")
	must(err)
	kring, err := b.VoegGroepToe(ctx, p.bea, "Kring", "")
	must(err)
	p.kring = kring.ID
	u, err := b.ZetRechten(ctx, p.bea, ander.ID, 2, alleRechten()[:2], "Merk reden van het voorstel.")
	must(err)
	if u.Voorstel == nil {
		t.Fatal("rights on BSNs need no proposal")
	}
	eigen, err := b.VoegGroepToe(ctx, p.bea, "Proef", "")
	must(err)
	p.groep = eigen.ID
	wie, err := b.VoegToe(ctx, p.bea, gebruiker.GebruikerInvoer{Naam: "Robin Rol", Email: "r.rol@voorbeeldstad.example", Functiegroep: f.ID})
	must(err)
	_, err = b.ZetLid(ctx, p.bea, p.groep, wie.ID, wie.Versie, time.Time{}, "")
	must(err)
	p.meldAan("r.rol@voorbeeldstad.example")

	aansluiting := &aansluiting.Dienst{Mensen: b, Applicaties: p.s.beheer}
	loket, err := aansluiting.Zet(ctx, p.bea, "", "", keuzeVan("Merk loket", "loket"), "")
	must(err)
	_, err = aansluiting.Zet(ctx, p.bea, "", "", keuzeVan("Merk inzage", "inzage", autorisatie.ReadNormal), "Merk reden van de aansluiting.")
	must(err)
	voorstellen, err := aansluiting.Voorstellen(p.bea)
	must(err)
	if len(voorstellen) != 1 || loket.ID == "" {
		t.Fatalf("%d proposals, and the application %q", len(voorstellen), loket.ID)
	}
	officier := inwoner.Medewerker{OIN: oinPaginas, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "merk", Naam: "Merk Beschermer"}, Mag: func(string) bool { return true }}
	beschermd, err := p.s.inwoners.beschermingen.Stel(ctx, officier, inwoner.BSN(bsnInwoner), inwoner.BeschermingInvoer{Wat: inwoner.Beschermd, Aanleiding: inwoner.Opvang, Opmerking: "Merk opmerking bij een inwoner"})
	must(err)
	must(p.s.inwoners.beschermingen.StelEindeVoor(ctx, officier, beschermd, 1, "Merk reden van het einde."))
	taak := uuid.New()
	_, err = p.s.Activiteiten().Importeer(ctx, activiteit.Dader{OIN: oinPaginas, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}, []activiteit.Invoer{{ID: taak, Ingangsdatum: "2020-01-01", Inhoud: activiteit.Inhoud{
		Naam: "Jeugdhulp", VerantwoordelijkeOrganisatie: oinPaginas, Doel: "Helpen.", Grondslagen: []string{"publieke_taak"}, ToelichtingGrondslag: "Jeugdwet.", Betrokkenen: []string{"kinderen"},
		Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "naam", Rol: "kind"}}, Bewaartermijn: "1 jaar", Beveiliging: "Goed.", Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig}, BewaartermijnLog: "P2Y",
	}}}, true)
	must(err)
	fg := officier
	fg.Wie = beheerlog.Wie{Soort: "gebruiker", ID: "fg", Naam: "Fenna Geer"}
	vervoer, err := p.s.inwoners.domeinen.StelVoor(ctx, fg, uuid.Nil, 0, domein.Inhoud{Naam: "Merk domein", Uitleg: "De bus.", Voor: []inwoner.NamensSoort{inwoner.Ouder}, Activiteiten: []domein.Activiteit{{ID: taak, Waarom: "Merk waarom dit veilig is"}}})
	must(err)

	p.plaatsen = strings.NewReplacer("/gebruikers/{id}", "/gebruikers/"+collega.ID.String(), "/functiegroepen/{id}", "/functiegroepen/"+f.ID.String(),
		"/autorisatiegroepen/{id}", "/autorisatiegroepen/"+ander.ID.String(), "/voorstellen/{id}", "/voorstellen/"+u.Voorstel.ID.String(),
		"/inwoners/{id}", "/inwoners/"+beschermd.String(), "/domeinen/{id}", "/domeinen/"+vervoer.String(), "/applicaties/{id}", "/applicaties/"+loket.ID, "/applicatievoorstellen/{id}", "/applicatievoorstellen/"+voorstellen[0].ID.String(), "{groep}", ander.ID.String(), "{$}", "", "{dienst}", "geen")
	return p
}

// keuzeVan is an application with scopes of the inzage.
func keuzeVan(naam, client string, scopes ...autorisatie.Scope) aansluiting.Keuze {
	return aansluiting.Keuze{
		Naam: naam, ClientIDs: []string{client}, OINs: []string{oinPaginas},
		Autorisaties: []autorisatie.Autorisatie{{Component: autorisatie.ComponentInzage, Scopes: scopes}},
	}
}

// meldAan signs the person of the roles in, with an app with codes, so that no role asks for more.
func (p *proefland) meldAan(email string) {
	p.t.Helper()
	ctx, d := context.Background(), p.s.Mensen().Aanmelding
	code, err := d.NodigHier(ctx, oinPaginas, email)
	if err == nil {
		err = d.Aanvaard(ctx, oinPaginas, email, code, goedWachtwoord)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	stap, err := d.Begin(ctx, oinPaginas, aanmelding.Eerste{Email: email, Wachtwoord: goedWachtwoord})
	if err != nil {
		p.t.Fatal(err)
	}
	p.s.Mensen().Bezorger.Wek()
	if stap, err = d.Controleer(ctx, stap.Aanmelding.ID, stap.Aanmelding.Browser, p.mail.code(p.t, email, 1)); err != nil {
		p.t.Fatal(err)
	}
	app, err := d.BeginTOTP(ctx, stap.Sessie.Token)
	if err != nil {
		p.t.Fatal(err)
	}
	if code, err = totp.GenerateCode(app.Geheim, p.nu()); err != nil {
		p.t.Fatal(err)
	}
	sessie, _, err := d.BevestigTOTP(ctx, stap.Sessie.Token, code)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sessie = sessie.Token
}

// geef gives the person of the roles these rights and no others.
func (p *proefland) geef(rechten []gebruiker.Recht) *gebruiker.Rechten {
	p.t.Helper()
	ctx, b := context.Background(), p.s.Mensen().Beheer
	groep, err := b.Groep(p.bea, p.groep)
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := b.ZetRechten(ctx, p.bea, p.groep, groep.Versie, rechten, "Een andere rol voor de proef.")
	if err == nil && u.Voorstel != nil {
		err = b.KeurGoed(ctx, p.tom, u.Voorstel.ID, u.Voorstel.Versie)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	// The newest events are about the colleague, with a reason.
	m, err := b.Mens(p.bea, p.collega)
	if err == nil {
		_, err = b.ZetLid(ctx, p.bea, p.kring, p.collega, m.Versie, time.Time{}, "Merk reden in het beheerlog.")
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return gebruiker.NieuweRechten(p.nu(), rechten)
}

// vraag asks a route of something that is there. A form is sent empty, so that nothing changes.
func (p *proefland) vraag(r pagina.Route) (int, string) {
	p.t.Helper()
	req, err := http.NewRequest(r.Methode, p.url+p.plaatsen.Replace(r.Patroon), strings.NewReader(url.Values{"versie": {"0"}}.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if r.Methode == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.AddCookie(&http.Cookie{Name: "sessie", Value: p.sessie})
	res, err := p.http.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, (&browser{t: p.t}).lees(res)
}

// ziet tells whether rights give the sight of what a route shows beside what it is about.
func ziet(r *pagina.Route, rechten *gebruiker.Rechten) bool {
	zien := func(m gebruiker.Module) bool { return rechten.MagGewoon(m, gebruiker.Zien) }
	switch {
	case r.Patroon == "/beheer/gebruikers/nieuw", strings.HasPrefix(r.Patroon, "/beheer/functiegroepen"): // which belong to people and to groups
		return zien(gebruiker.ModuleGebruikers) || zien(gebruiker.ModuleGroepen)
	case r.Patroon == "/beheer/autorisatiegroepen/nieuw", strings.HasPrefix(r.Patroon, "/beheer/applicaties/nieuw"): // nothing
		return true
	case strings.HasPrefix(r.Patroon, "/beheer/gebruikers/{id}/groep"): // whose membership it is
		return zien(gebruiker.ModuleGebruikers) && zien(gebruiker.ModuleGroepen)
	}
	return zien(gebruiker.Module(r.Module))
}

var titelVan = regexp.MustCompile(`<h1[^>]*>([^<]*)`)

func TestEveryRouteAnswersEveryRoleWhatTheTableSaysAndShowsNoFieldThatTheRoleLacks(t *testing.T) {
	t.Parallel()
	p := newProefland(t)
	tabel := beheer.New(beheer.Opties{Ontwerp: ontwerp.New(nil), Kent: beheerpaginas.Kent}).Routes()
	gezien := map[string]int{} // markers, so that a test without them can't pass
	vragen := 0
	for _, rol := range rollen() {
		rechten := p.geef(rol.rechten)
		zichtbaar := map[string]bool{}
		for _, r := range tabel {
			if r.Methode == http.MethodPost && r.Module == "" || r.Patroon == "/beheer/mijn-account/passkey" {
				continue // of oneself and of signing in: these would end the session; passkeys need TLS
			}
			vragen++
			status, blad := p.vraag(r)
			mag := true
			if r.Module != "" {
				mag = rechten.MagGewoon(gebruiker.Module(r.Module), gebruiker.Handeling(r.Handeling))
			}
			alles := mag && (r.Module == "" || ziet(&r, rechten))
			waar := fmt.Sprintf("%s: %s %s", rol.naam, r.Methode, r.Patroon)
			geweigerd := status == http.StatusForbidden
			switch {
			case status >= 500 || status == http.StatusUnauthorized && r.Open == "":
				t.Errorf("%s: status %d, %v", waar, status, titelVan.FindStringSubmatch(blad))
			case !mag && (!geweigerd || !strings.Contains(blad, "Dit mag u niet bekijken of doen")):
				t.Errorf("%s: status %d without the right %s", waar, status, r.Recht())
			case mag && !alles && status == http.StatusOK:
				t.Errorf("%s: status %d without the sight of what it shows", waar, status)
			case alles && geweigerd:
				t.Errorf("%s: refused with the right %s: %v", waar, r.Recht(), titelVan.FindStringSubmatch(blad))
			}
			for i := range merken {
				if m := &merken[i]; strings.Contains(blad, m.waarde) {
					zichtbaar[m.wat] = true
					if _, mag := m.ziet(rechten); !mag {
						t.Errorf("%s tells %s", waar, m.wat)
					}
				}
			}
		}
		for i := range merken {
			m := &merken[i]
			if moet, _ := m.ziet(rechten); moet && !zichtbaar[m.wat] {
				t.Errorf("%s: no page shows %s, and it may", rol.naam, m.wat)
			} else if zichtbaar[m.wat] {
				gezien[m.wat]++
			}
		}
		if t.Failed() && len(rol.rechten) > 1 {
			break // the rest says the same
		}
	}
	if len(gezien) != len(merken) || vragen < 2500 {
		t.Errorf("only %d requests were made, and shown were: %v", vragen, gezien)
	}
}
