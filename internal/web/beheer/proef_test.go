package beheer_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// proef is a municipality in memory that fills the ports, with as many rules as the pages need to be tested.
// Everybody in it is made up.
type proef struct {
	mu       sync.Mutex
	nu       time.Time
	sessies  map[string]*pagina.Bezoeker
	vers     map[string]bool // sessions that were confirmed
	pogingen map[string]*proefPoging
	rechten  map[uuid.UUID][]beheer.Recht
	namen    map[uuid.UUID]string
	functies []beheer.Functiegroep
	gesloten map[uuid.UUID]bool
	besloten []string // what was asked of the ports
	leeg     bool     // an organisation where nothing is yet
	stuk     error    // what every port answers
	niets    bool     // no account with a password

	invoer    []string // fields of the columns of the file that waits; nil: none does
	invoerKop int
}

type proefPoging struct {
	browser  string
	bekend   bool
	over     int
	stap     string
	gestuurd int
	koppelt  bool // who came from the sign-in service for the first time
}

const (
	proefCode       = "12345678"
	proefWachtwoord = "correct paard batterij"
)

func id(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

var (
	groepLezen, groepBSN, groepBeheer = id(101), id(102), id(103)
	anna, bram, chris                 = id(1), id(2), id(3)
	voorstelBSN                       = id(201)
)

func newProef() *proef {
	return &proef{
		nu:      time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC),
		sessies: map[string]*pagina.Bezoeker{}, vers: map[string]bool{}, pogingen: map[string]*proefPoging{},
		rechten: map[uuid.UUID][]beheer.Recht{
			groepLezen:  {{Module: "verwerkingenlog", Handeling: "zien", Veldklasse: "gewoon", Bereik: "functiegroep"}},
			groepBSN:    {{Module: "verwerkingenlog", Handeling: "zien", Veldklasse: "gewoon", Bereik: "alles"}, {Module: "verwerkingenlog", Handeling: "zien", Veldklasse: "bsn", Bereik: "domein:burgerzaken", Tot: time.Date(2027, 6, 30, 21, 59, 59, 0, time.UTC)}, {Module: "verwerkingenlog", Handeling: "exporteren", Veldklasse: "gewoon", Bereik: "alles", Verbod: true}},
			groepBeheer: {{Module: "gebruikers", Handeling: "zien", Veldklasse: "gewoon", Bereik: "alles"}, {Module: "gebruikers", Handeling: "beheren", Veldklasse: "gewoon", Bereik: "alles"}},
		},
		namen:    map[uuid.UUID]string{anna: "Anna Achterberg", bram: "Bram van den Bovenkamp-Oosterhuizen", chris: "Chris Çelik"},
		functies: []beheer.Functiegroep{{ID: id(51), Versie: 1, Naam: "Burgerzaken", Mensen: 12}, {ID: id(52), Versie: 1, Naam: "Belastingen", Mensen: 4}, {ID: id(53), Versie: 3, Naam: "Informatievoorziening", Mensen: 2}},
		gesloten: map[uuid.UUID]bool{},
	}
}

// mag is a set of rights as "module/handeling".
type mag []string

func (m mag) Mag(module, handeling string) bool { return slices.Contains(m, module+"/"+handeling) }
func (m mag) HeeftModule(module string) bool {
	return slices.ContainsFunc(m, func(s string) bool { return strings.HasPrefix(s, module+"/") })
}

var alles = mag{"gebruikers/zien", "gebruikers/zoeken", "gebruikers/wijzigen", "gebruikers/beheren", "groepen/zien", "groepen/wijzigen", "groepen/beheren", "groepen/goedkeuren", "applicaties/zien", "applicaties/beheren", "applicaties/goedkeuren", "beheerlog/zien", "beheerlog/zoeken", "instellingen/zien",
	"activiteiten/zien", "activiteiten/wijzigen", "activiteiten/goedkeuren", "activiteiten/exporteren", "activiteiten/beheren", "inwoners/zien", "inwoners/beheren", "inwoners/goedkeuren",
	"domeinen/zien", "domeinen/beheren", "domeinen/goedkeuren"}

// kent knows the rights that routes need.
func kent(module, handeling string) bool { return alles.Mag(module, handeling) }

// meldAan gives the token of a session of Anna with some rights.
func (p *proef) meldAan(rechten mag) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	token := fmt.Sprintf("sessie-%d", len(p.sessies)+1)
	p.sessies[token] = &pagina.Bezoeker{Rechten: rechten, ID: anna, OIN: "00000099123456780000", Organisatie: "Gemeente Voorbeeldstad", Naam: "Anna Achterberg", Beheerder: "Chris Çelik (functioneel beheer)"}
	return token
}

func (p *proef) opties() beheer.Opties {
	return beheer.Opties{
		BaseURL: "http://127.0.0.1", Versie: "0.5.0", Ontwerp: ontwerp.New(nil), Kent: kent, Logger: slog.New(slog.DiscardHandler),
		Nu:      func() time.Time { return p.nu },
		Sessies: sessies{p}, Aanmelden: aanmelden{p}, Account: account{p}, Mensen: mensen{p}, Groepen: groepen{p}, Beheerlog: beheerlog{p}, Applicaties: applicaties{p}, Instellingen: instellingen{p},
		Activiteiten: activiteiten{p}, Doelbinding: doelbinding{p}, Toezicht: toezicht{p}, Invoeren: invoeren{p}, Noodtoegang: &noodtoegang{p}, Inwoners: inwoners{p}, Domeinen: domeinen{p},
	}
}

func (p *proef) noteer(wat string, argumenten ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.besloten = append(p.besloten, fmt.Sprintf(wat, argumenten...))
}

func (p *proef) gedaan(deel string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.besloten, func(s string) bool { return strings.Contains(s, deel) })
}

type sessies struct{ *proef }

func (s sessies) Zoek(_ context.Context, token string) (*pagina.Bezoeker, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.sessies[token]; ok {
		return b, nil
	}
	return nil, pagina.ErrGeenSessie
}

func (s sessies) Beeindig(_ context.Context, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessies, token)
	return nil
}

func (s sessies) Bevestigd(_ context.Context, token string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vers[token], nil
}

func (s sessies) VraagBevestiging(context.Context, string) (string, string, error) {
	return "a•••••g@v•••••d.example", "poging", nil
}

func (s sessies) Gevraagd(context.Context, string) (string, error) {
	return "a•••••g@v•••••d.example", nil
}

func (s sessies) Bevestig(_ context.Context, token, _, code string) (string, error) {

	s.mu.Lock()
	defer s.mu.Unlock()
	if code != proefCode {
		return "", pagina.ErrCode
	}
	nieuw := token + "-vers"
	s.sessies[nieuw], s.vers[nieuw] = s.sessies[token], true
	delete(s.sessies, token)
	return nieuw, nil
}

type aanmelden struct{ *proef }

func (a aanmelden) Diensten(context.Context) ([]beheer.Dienst, error) {
	if a.leeg {
		return nil, a.stuk
	}
	return []beheer.Dienst{{Sleutel: "voorbeeldstad", Naam: "Gemeente Voorbeeldstad"}}, a.stuk
}
func (a aanmelden) Wachtwoorden(context.Context) bool { return !a.niets }

func (a aanmelden) Begin(_ context.Context, email, wachtwoord, browser, _, _ string) (beheer.Stap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id := fmt.Sprintf("poging-%d", len(a.pogingen)+1)
	a.pogingen[id] = &proefPoging{browser: browser, bekend: wachtwoord == proefWachtwoord, over: 5, stap: beheer.StapCode}
	if strings.HasPrefix(email, "zwaar@") {
		a.pogingen[id].gestuurd = 1
	}
	return a.stap(id), nil
}

func (a aanmelden) stap(id string) beheer.Stap {
	p := a.pogingen[id]
	s := beheer.Stap{Soort: p.stap, ID: id, Koppelt: p.koppelt, Pogingen: p.over, OpnieuwVanaf: a.nu.Add(-time.Second)}
	if p.bekend {
		s.Adres = "a•••••g@v•••••d.example"
	}
	if p.stap == beheer.StapExtra {
		s.Middelen = []string{"passkey", "totp", "herstelcode"}
		s.Passkey = `{"publicKey":{"challenge":"AAAA","rpId":"localhost","allowCredentials":[],"userVerification":"required"}}`
	}
	return s
}

func (a aanmelden) NaarDienst(_ context.Context, dienst string) (string, string, error) {
	if dienst != "voorbeeldstad" {
		return "", "", fout.NietGevonden
	}
	return "https://login.voorbeeldstad.example/authorize?state=x", "verzegeld", nil
}

func (a aanmelden) VanDienst(_ context.Context, _ string, vraag url.Values, bewaard, browser, _, _ string) (beheer.Stap, error) {
	if bewaard != "verzegeld" || vraag.Get("state") != "x" {
		return beheer.Stap{}, fout.New(fout.CodeAanmeldenMislukt, "")
	}
	s, err := a.Begin(context.Background(), "", proefWachtwoord, browser, "", "")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pogingen[s.ID].koppelt = true
	return s, err
}

func (a aanmelden) zoek(id, browser string) (*proefPoging, error) {
	p, ok := a.pogingen[id]
	if !ok || p.browser != browser || p.over == 0 {
		return nil, fout.New(fout.CodeNietAangemeld, "")
	}
	return p, nil
}

func (a aanmelden) Stand(_ context.Context, id, browser string) (beheer.Stap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := a.zoek(id, browser); err != nil {
		return beheer.Stap{}, err
	}
	return a.stap(id), nil
}

func (a aanmelden) Controleer(_ context.Context, id, browser, code string) (beheer.Stap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, err := a.zoek(id, browser)
	if err != nil {
		return beheer.Stap{}, err
	}
	if code != proefCode || !p.bekend {
		p.over--
		return beheer.Stap{}, pagina.ErrCode
	}
	if p.gestuurd == 1 {
		p.stap = beheer.StapExtra
		return a.stap(id), nil
	}
	return a.klaar(), nil
}

func (a aanmelden) klaar() beheer.Stap {
	token := fmt.Sprintf("sessie-%d", len(a.sessies)+1)
	a.sessies[token] = &pagina.Bezoeker{Rechten: alles, ID: anna, Organisatie: "Gemeente Voorbeeldstad", Naam: "Anna Achterberg"}
	return beheer.Stap{Soort: beheer.StapKlaar, Token: token, Apparaat: "apparaat-1"}
}

func (a aanmelden) Opnieuw(context.Context, string, string) error { return nil }

func (a aanmelden) Extra(_ context.Context, id, browser, soort, antwoord string) (beheer.Stap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := a.zoek(id, browser); err != nil {
		return beheer.Stap{}, err
	}
	switch {
	case soort == "totp" && antwoord == "123456", soort == "passkey" && strings.Contains(antwoord, `"authenticatorData":"`) && strings.Contains(antwoord, `"signature":"`):
		return a.klaar(), nil
	}
	return beheer.Stap{}, pagina.ErrCode
}

type account struct{ *proef }

func (a account) Account(context.Context, *pagina.Bezoeker, string) (*beheer.AccountBlad, error) {
	return &beheer.AccountBlad{
		Naam: "Anna Achterberg", Email: "anna@voorbeeldstad.example", Functiegroep: "Informatievoorziening",
		Groepen:    []beheer.Lidmaatschap{{Groep: groepBeheer, Naam: "Beheer gebruikers", Bron: "hand"}},
		Wachtwoord: true, Passkeys: true, MiddelNodig: a.leeg, Middelen: []beheer.Middel{{ID: "m1", Soort: "totp", Naam: "telefoon", Sinds: a.nu.AddDate(0, -2, 0)}, {ID: "m2", Soort: "herstelcode", Naam: "nog 9 codes", Sinds: a.nu.AddDate(0, -2, 0)}},
		Sessies: []beheer.Sessie{{Begonnen: a.nu.Add(-time.Hour), Met: "Firefox op Windows", Deze: true}, {Begonnen: a.nu.Add(-3 * time.Hour), Met: "Safari op iPhone"}}, Aanmeldingen: a.historie(),
	}, a.stuk
}

func (a account) OveralAfmelden(context.Context, *pagina.Bezoeker, string) error {
	a.noteer("overal afgemeld")
	return nil
}

func (a account) ZetWachtwoord(_ context.Context, token, oud, nieuw string) (string, error) {
	if oud != proefWachtwoord {
		return "", fout.Ongeldig(fout.Param{Name: "oud", Code: "invalid", Reason: "Dit is niet uw huidige wachtwoord."})
	}
	a.noteer("wachtwoord %d", len(nieuw))
	return token, nil
}

// qr is a white picture of one pixel.
const qr = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII="

func (a account) BeginApp(context.Context, string) (*beheer.AppBlad, error) {
	return &beheer.AppBlad{Geheim: "JBSW Y3DP EHPK 3PXP", QR: qr}, a.stuk
}

func (a account) ZetApp(_ context.Context, token, code string) (string, []string, error) {
	if code != "123456" {
		return "", nil, fout.Ongeldig(fout.Param{Name: "totp", Code: "invalid", Reason: "Deze code klopt niet. Kijk of de klok van uw telefoon goed staat."})
	}
	a.noteer("app")
	return token, nil, nil
}

func (a account) BeginPasskey(context.Context, string) (string, error) {
	return `{"publicKey":{"challenge":"AAAA","rp":{"name":"Verantwoord","id":"localhost"},"authenticatorSelection":{"residentKey":"required","userVerification":"required"},"user":{"id":"AAAA","name":"anna","displayName":"Anna"},"pubKeyCredParams":[{"type":"public-key","alg":-7}]}}`, a.stuk
}

func (a account) ZetPasskey(_ context.Context, token, antwoord, naam string) (string, []string, error) {
	a.noteer("passkey %s %s", naam, antwoord)
	return token, nil, nil
}

func (a account) Herstelcodes(_ context.Context, token string) (string, []string, error) {
	a.noteer("herstelcodes")
	return token, []string{"abcd-efgh-1", "abcd-efgh-2", "abcd-efgh-3", "abcd-efgh-4", "abcd-efgh-5", "abcd-efgh-6", "abcd-efgh-7", "abcd-efgh-8", "abcd-efgh-9", "abcd-efgh-0"}, a.stuk
}

func (a account) NeemWeg(_ context.Context, token, id string) (string, error) {
	if id == "m1" {
		return "", fout.New(fout.CodeGeenToestemming, "Met uw rechten hebt u een passkey of app nodig. Voeg eerst een andere toe.")
	}
	a.noteer("weg %s", id)
	return token, nil
}

func (a account) Aanvaard(_ context.Context, email, code, wachtwoord string) error {
	if code != "uitnodiging" {
		return fout.Ongeldig(fout.Param{Name: "code", Code: "invalid", Reason: "Het e-mailadres en de code horen niet bij elkaar."})
	}
	a.noteer("aanvaard %s %d", email, len(wachtwoord))
	return nil
}

func (p *proef) historie() []beheer.Aanmelding {
	return []beheer.Aanmelding{
		{Moment: p.nu.Add(-time.Hour), Wat: "Aangemeld met wachtwoord, e-mailcode en app", Gelukt: true},
		{Moment: p.nu.Add(-26 * time.Hour), Wat: "Verkeerde code", Gelukt: false},
	}
}

type mensen struct{ *proef }

func (m mensen) Gebruikers(_ context.Context, _ *pagina.Bezoeker, z beheer.Zoek) (*beheer.GebruikersLijst, error) {
	if m.leeg {
		return &beheer.GebruikersLijst{}, m.stuk
	}
	alle := []beheer.GebruikerRegel{
		{ID: anna, Naam: m.namen[anna], Email: "anna@voorbeeldstad.example", Functiegroep: "Informatievoorziening", Groepen: []string{"Beheer gebruikers"}, Actief: true, Ernstig: true, Laatst: m.nu.Add(-time.Hour)},
		{ID: bram, Naam: m.namen[bram], Email: "b.vandenbovenkamp-oosterhuizen@voorbeeldstad.example", Functiegroep: "Burgerzaken", Groepen: []string{"Inzien verwerkingen", "Inzien met BSN"}, Actief: true, Laatst: m.nu.Add(-50 * time.Hour)},
		{ID: chris, Naam: m.namen[chris], Functiegroep: "Belastingen", Actief: !m.gesloten[chris]},
	}
	var uit []beheer.GebruikerRegel
	for _, g := range alle {
		if strings.Contains(strings.ToLower(g.Naam), strings.ToLower(z.Tekst)) {
			uit = append(uit, g)
		}
	}
	volgende := "2"
	if z.Vanaf != "" {
		volgende = ""
	}
	return &beheer.GebruikersLijst{Regels: uit, Totaal: len(uit), Volgende: volgende}, m.stuk
}

func (m mensen) Gebruiker(_ context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.GebruikerBlad, error) {
	naam, ok := m.namen[id]
	if !ok {
		return nil, fout.NietGevonden
	}
	g := &beheer.GebruikerBlad{ID: id, Versie: 3, Naam: naam, Email: "iemand@voorbeeldstad.example", Functiegroep: "Burgerzaken", FunctiegroepID: m.functies[0].ID, Actief: !m.gesloten[id], Zelf: id == b.ID, Opleiding: time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC), Aanmeldingen: m.historie(), Sessies: 1}
	if id == bram {
		g.Groepen = []beheer.Lidmaatschap{{Groep: groepLezen, Naam: "Inzien verwerkingen", Bron: "aanmelddienst"}, {Groep: groepBSN, Naam: "Inzien met BSN", Tot: time.Date(2027, 6, 30, 20, 0, 0, 0, time.UTC), Bron: "hand", Ernstig: true}}
		g.Kan = []string{"Verwerkingen van de eigen functiegroep zien.", "BSN's zien in het domein burgerzaken."}
		g.Middelen = []string{"app met codes"}
		g.Aanmelddienst = "Gemeente Voorbeeldstad"
	}
	return g, m.stuk
}

func (m mensen) VoegToe(_ context.Context, _ *pagina.Bezoeker, g beheer.Gegevens) (uuid.UUID, error) {
	if g.Email == "anna@voorbeeldstad.example" {
		return uuid.UUID{}, fout.Ongeldig(fout.Param{Name: "email", Code: "bezet", Reason: "Er is al iemand met dit e-mailadres."})
	}
	m.noteer("toegevoegd %s", g.Naam)
	return bram, nil
}

func (m mensen) Wijzig(_ context.Context, _ *pagina.Bezoeker, _ uuid.UUID, versie int64, g beheer.Gegevens) (string, error) {
	if versie != 3 {
		return "", fout.Voorwaarde
	}
	m.noteer("gewijzigd %s", g.Naam)
	return pagina.Bewaard, nil
}

func (m mensen) Lid(_ context.Context, _ *pagina.Bezoeker, id uuid.UUID, _ int64, groep uuid.UUID, _ time.Time, reden string) (string, error) {
	if id == anna {
		return "", fout.New(fout.CodeGeenToestemming, "Niemand wijzigt de eigen rechten. Vraag een andere beheerder.")
	}
	if groep == groepBSN {
		if len(reden) < 15 {
			return "", fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in minstens 15 tekens op waarom dit nodig is."})
		}
		m.noteer("voorstel lid %s", reden)
		return pagina.WachtOpTweede, nil
	}
	m.noteer("lid")
	return pagina.Bewaard, nil
}

func (m mensen) VoorzieLid(ctx context.Context, b *pagina.Bezoeker, _ uuid.UUID, groep uuid.UUID, _ time.Time) (*beheer.Voorstelling, error) {
	v, err := groepen(m).Voorzie(ctx, b, uuid.UUID{}, m.rechten[groep])
	if err == nil {
		v.Mensen, v.Gelijk = 1, false
	}
	return v, err
}

func (m mensen) GeenLid(_ context.Context, _ *pagina.Bezoeker, _ uuid.UUID, _ int64, groep uuid.UUID, _ string) error {
	m.noteer("geen lid %s", groep)
	return nil
}

func (m mensen) Sluit(_ context.Context, _ *pagina.Bezoeker, id uuid.UUID, _ int64, reden string) error {
	m.noteer("gesloten %s", reden)
	m.gesloten[id] = true
	return nil
}

func (m mensen) MeldAf(context.Context, *pagina.Bezoeker, uuid.UUID) error {
	m.noteer("afgemeld")
	return nil
}

func (m mensen) Heropen(_ context.Context, _ *pagina.Bezoeker, id uuid.UUID, _ int64, reden string) error {
	m.noteer("heropend %s", reden)
	m.gesloten[id] = false
	return nil
}

func (m mensen) NodigUit(context.Context, *pagina.Bezoeker, uuid.UUID) error {
	m.noteer("uitgenodigd")
	return nil
}

func (m mensen) Herroep(_ context.Context, _ *pagina.Bezoeker, _ uuid.UUID, reden string) error {
	m.noteer("ingetrokken %s", reden)
	return nil
}

type beheerlog struct{ *proef }

func (l beheerlog) Soorten() []beheer.Woord {
	return []beheer.Woord{{Sleutel: "aangemeld", Naam: "aangemeld"}, {Sleutel: "autorisatiegroep", Naam: "autorisatiegroep"}, {Sleutel: "sleutel", Naam: "sleutel"}}
}

func (l beheerlog) Stand(context.Context, *pagina.Bezoeker) (*beheer.BewijsStand, error) {
	s := &beheer.BewijsStand{Bomen: []beheer.BoomStand{
		{Naam: "Verwerkingenlog", Pad: "/bewijs/00000099123456780000", Bladen: 1234, Getekend: 1230, Moment: l.nu.Add(-time.Minute), Nagekeken: 1100, Tijdvak: 2, Begonnen: 1000, Gat: 12},
		{Naam: "Beheerlog", Pad: "/bewijs/00000099123456780000/beheer", Bladen: 120, Getekend: 120, Moment: l.nu.Add(-time.Hour), Nagekeken: 119},
	}}
	if l.leeg {
		return s, l.stuk
	}
	s.Nagekeken = &beheer.Nagekeken{Moment: l.nu.Add(-9 * time.Hour), Heel: l.nu.Add(-33 * time.Hour), Duur: "4 s", Aantal: 2, Gebreken: []beheer.Gebrek{
		{Deel: "versie", Waar: "blad 41, versie 1 van actie 4ebf5fe0-d2f9-4776-a727-c24b091f9a73", Wat: "De versie is veranderd: haar inhoud is niet te openen, of past niet bij wat ernaast staat."},
		{Deel: "index", Waar: "blad 41, ingang persoon", Wat: "Deze ingang ontbreekt in de index."},
	}}
	return s, l.stuk
}

func (l beheerlog) Bewijs(_ context.Context, _ *pagina.Bezoeker, nummer uint64) ([]byte, error) {
	if nummer >= 120 {
		return nil, fout.New(fout.CodeNietGevonden, "Deze regel staat niet in het beheerlog; kies er een in de lijst.")
	}
	return fmt.Appendf(nil, "c2sp.org/tlog-proof@v1\nindex %d\n", nummer), l.stuk
}

func (l beheerlog) Lijst(_ context.Context, _ *pagina.Bezoeker, soort string, voor uint64, n int) ([]beheer.LogRegel, error) {
	if l.leeg || soort == "sleutel" {
		return nil, l.stuk
	}
	if voor == 0 {
		voor = 120
	}
	var uit []beheer.LogRegel
	for i := voor; i > 0 && len(uit) < n; i-- {
		r := beheer.LogRegel{Nummer: i - 1, Moment: l.nu.Add(-time.Duration(120-i) * time.Minute), Soort: "aangemeld", Wat: "Aangemeld met wachtwoord en e-mailcode.", Door: "Anna Achterberg"}
		if i%3 == 0 {
			r.Soort, r.Wat, r.Betreft, r.Reden = "autorisatiegroep", "Rechten gewijzigd: BSN's zien in het domein burgerzaken.", "Inzien met BSN", "Teamleiders behandelen klachten van inwoners."
		}
		uit = append(uit, r)
	}
	return uit, l.stuk
}

type instellingen struct{ *proef }

func (i instellingen) Sleutels(context.Context, *pagina.Bezoeker) (beheer.Sleutels, error) {
	return beheer.Sleutels{Schrijft: []string{"handle-2", "zegel-1", "teken-1"}, Wacht: []string{"zegel-2"}, Stand: beheer.HerschrijfBezig, Bekeken: 1200, Totaal: 5000, Gelaten: 2, Vrij: []string{"zegel-2"}, Vervallen: []string{"zegel-1"}}, i.stuk
}

func (i instellingen) Instellingen(context.Context, *pagina.Bezoeker) ([]beheer.Instelling, error) {
	return []beheer.Instelling{
		{Groep: "Algemeen", Sleutel: "listen", Betekenis: "adres waarop het register luistert", Gekozen: "127.0.0.1:8080", Standaard: "127.0.0.1:8080", Eenheid: "host:poort", Herkomst: "standaard"},
		{Groep: "Algemeen", Sleutel: "onversleuteld", Betekenis: "gewone HTTP buiten deze machine, achter een proxy", Gekozen: "true", Standaard: "false", Eenheid: "true of false", Herkomst: "bestand", Onveilig: true},
		{Groep: "Tokens", Sleutel: "token.max_leeftijd", Betekenis: "oudste token dat nog geldt", Gekozen: "30m", Standaard: "1h", Eenheid: "duur", Herkomst: "omgeving"},
		{Groep: "Tokens", Sleutel: "autorisaties.geheim", Betekenis: "geheim daarbij", Gekozen: "•••", Eenheid: "geheim", Herkomst: "bestand"},
	}, i.stuk
}
