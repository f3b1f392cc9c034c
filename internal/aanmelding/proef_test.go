package aanmelding_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	storeaanmelding "github.com/verantwoord/verantwoord/internal/store/aanmelding"
	storebeheerlog "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

var bg = context.Background()

const (
	oin        = storetest.A
	wachtwoord = "paarse regenboog op dinsdag"
	agent      = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
)

// proef is a Dienst on a real store, with people and a clock that a test changes. Bea has ordinary rights, Sem serious ones.
type proef struct {
	*testing.T
	d      *aanmelding.Dienst
	opties aanmelding.Opties
	store  *sqlite.Store
	log    *beheerlog.Log
	klok   *storetest.Klok
	bus    *bus
	wie    *mensen
	bea    aanmelding.Mens
	sem    aanmelding.Mens
	meting meting
	keys   string // directory
	bos    *betrokkene.Sleutelbos
}

// meting counts.
type meting struct {
	mu sync.Mutex
	n  map[string]int
}

func (m *meting) tel(wat string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n == nil {
		m.n = map[string]int{}
	}
	m.n[wat]++
}

func (m *meting) Aanmelding(uitkomst string) { m.tel(uitkomst) }
func (m *meting) Code(uitkomst string)       { m.tel("code " + uitkomst) }

// neem gives what was counted since it was last asked.
func (m *meting) neem() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	uit := m.n
	m.n = nil
	return uit
}

func newProef(t *testing.T) *proef {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{storetest.A, storetest.B}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	keys := t.TempDir()
	bos, err := betrokkene.Open(bg, keys, []string{storetest.A, storetest.B}, s)
	if err != nil {
		t.Fatal(err)
	}
	p := &proef{T: t, store: s, keys: keys, bos: bos, klok: storetest.NieuweKlok(), bus: &bus{},
		bea: aanmelding.Mens{ID: uuid.New(), Naam: "Bea Heer", Email: "bea.heer@gemeente.example", Actief: true},
		sem: aanmelding.Mens{ID: uuid.New(), Naam: "Sem Zwaar", Email: "sem@gemeente.example", Actief: true, Ernstig: true},
	}
	p.wie = &mensen{bij: map[string]uuid.UUID{}, m: map[uuid.UUID]aanmelding.Mens{p.bea.ID: p.bea, p.sem.ID: p.sem}}
	p.log = beheerlog.NewLog(storebeheerlog.New(s), bos.Organisatie, p.klok.Now)
	p.opties = aanmelding.Opties{Opslag: storeaanmelding.New(s, p.bus), Mensen: p.wie, Sleutels: bos.Organisatie, Log: p.log, Nu: p.klok.Now,
		Naam: func(string) string { return "Gemeente Voorbeeldstad" }, Koppel: p.wie.koppel, Meting: &p.meting, Adres: "https://register.example"}
	p.d = aanmelding.New(p.opties)
	p.d.ZonderWachten()
	return p
}

// mensen are people, in the place of the room that keeps them.
type mensen struct {
	mu  sync.Mutex
	m   map[uuid.UUID]aanmelding.Mens
	bij map[string]uuid.UUID // by issuer and subject: who was tied

	voorKoppel func() // what happens at the last moment
}

// koppel ties as the room of people does: once, and to the address that is kept.
func (m *mensen) koppel(_ context.Context, o string, k aanmelding.Koppeling) error {
	if m.voorKoppel != nil {
		m.voorKoppel()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	x, ok := m.m[k.Gebruiker]
	if !ok || o != oin {
		return fout.NietGevonden
	}
	if _, bezet := m.bij[k.Uitgever+k.Onderwerp]; bezet || x.Gekoppeld || x.Email != k.Email || !x.Actief {
		return fout.GeenToestemming
	}
	x.Gekoppeld = true
	m.m[x.ID], m.bij[k.Uitgever+k.Onderwerp] = x, x.ID
	return nil
}

func (m *mensen) zet(x aanmelding.Mens) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.m[x.ID] = x
}

func (m *mensen) zoek(o string, f func(aanmelding.Mens) bool) (aanmelding.Mens, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, x := range m.m {
		if o == oin && f(x) {
			return x, true
		}
	}
	return aanmelding.Mens{}, false
}

func (m *mensen) BijEmail(o, email string) (aanmelding.Mens, bool) {
	return m.zoek(o, func(x aanmelding.Mens) bool { return x.Email == email })
}

func (m *mensen) BijOnderwerp(o, uitgever, onderwerp string) (aanmelding.Mens, bool) {
	m.mu.Lock()
	id := m.bij[uitgever+onderwerp]
	m.mu.Unlock()
	return m.zoek(o, func(x aanmelding.Mens) bool { return x.ID == id || uitgever+onderwerp == "https://idp.example"+x.Naam })
}

func (m *mensen) BijID(o string, id uuid.UUID) (aanmelding.Mens, bool) {
	return m.zoek(o, func(x aanmelding.Mens) bool { return x.ID == id })
}

// bus keeps mail, in the place of the room that sends it. SQLite has one writer and runs a function once, so it keeps what was written.
type bus struct {
	mu   sync.Mutex
	post []aanmelding.Bericht
}

func (b *bus) Add(_ *kamer.Tx, _ string, x aanmelding.Bericht) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.post = append(b.post, x)
	return nil
}

func (b *bus) aantal() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.post)
}

// laatste is the newest mail to an address.
func (p *proef) laatste(aan string) string {
	p.Helper()
	p.bus.mu.Lock()
	defer p.bus.mu.Unlock()
	for i := len(p.bus.post) - 1; i >= 0; i-- {
		if p.bus.post[i].Aan == aan {
			return p.bus.post[i].Tekst
		}
	}
	p.Fatal("no mail to this person")
	return ""
}

var (
	reCode  = regexp.MustCompile(`Uw code is ([0-9]{4}) ([0-9]{4})\.`)
	reWoord = regexp.MustCompile(`\n    ([a-z2-9-]+)\n`)
)

func (p *proef) code(m aanmelding.Mens) string {
	p.Helper()
	g := reCode.FindStringSubmatch(p.laatste(m.Email))
	if g == nil {
		p.Fatal("the last mail holds no code")
	}
	return g[1] + g[2]
}

// gekozen lets a person choose the password.
func (p *proef) gekozen(m aanmelding.Mens) {
	p.Helper()
	if err := p.d.Nodig(bg, oin, m.ID, beheerlog.Opdrachtregel); err != nil {
		p.Fatal(err)
	}
	g := reWoord.FindStringSubmatch(p.laatste(m.Email))
	if g == nil {
		p.Fatal("the invitation holds no code")
	}
	if err := p.d.Aanvaard(bg, oin, m.Email, g[1], wachtwoord); err != nil {
		p.Fatal(err)
	}
}

func (p *proef) begin(m aanmelding.Mens, ww, apparaat string) *aanmelding.Stap {
	p.Helper()
	stap, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: m.Email, Wachtwoord: ww, Apparaat: apparaat, Agent: agent})
	if err != nil {
		p.Fatal(err)
	}
	if (stap.Aanmelding == nil) == (stap.Sessie == nil) {
		p.Fatalf("a step that is none: %+v", stap)
	}
	return stap
}

// vraag is a first step after which something is asked.
func (p *proef) vraag(m aanmelding.Mens, ww, apparaat string) *aanmelding.Aanmelding {
	p.Helper()
	stap := p.begin(m, ww, apparaat)
	if stap.Aanmelding == nil {
		p.Fatal("signed in without a question")
	}
	return stap.Aanmelding
}

func (p *proef) controleer(a *aanmelding.Aanmelding, code string) *aanmelding.Stap {
	p.Helper()
	stap, err := p.d.Controleer(bg, a.ID, a.Browser, code)
	if err != nil {
		p.Fatal(err)
	}
	return stap
}

// aangemeld signs in with password and code.
func (p *proef) aangemeld(m aanmelding.Mens) *aanmelding.Sessie {
	p.Helper()
	stap := p.controleer(p.vraag(m, wachtwoord, ""), p.code(m))
	if stap.Sessie == nil {
		p.Fatal("no session")
	}
	return stap.Sessie
}

// geweigerd wants an error of a code.
func (p *proef) geweigerd(wat string, err error, want fout.Code) {
	p.Helper()
	if fout.CodeOf(err) != want || err == nil {
		p.Errorf("%s: got %v, want %s", wat, err, want)
	}
	if err != nil && strings.Contains(err.Error(), "@") {
		p.Errorf("%s: the error holds an address", wat)
	}
}

func (p *proef) soorten() map[beheerlog.Soort]int {
	p.Helper()
	l, err := p.log.List(bg, oin, beheerlog.Vanaf, 500)
	if err != nil {
		p.Fatal(err)
	}
	uit := map[beheerlog.Soort]int{}
	for _, r := range l {
		uit[r.Soort]++
	}
	return uit
}

// fouteCode is another one.
func fouteCode(code string) string {
	b := []byte(code)
	b[7] = '0' + (b[7]-'0'+1)%10
	return string(b)
}

// na moves the clock.
func (p *proef) na(d time.Duration) { p.klok.Add(d) }
