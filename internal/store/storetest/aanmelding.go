package storetest

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// AanmeldKnoop is one process on a store: its sign-ins, its beheerlog, and the mail that was queued in it.
type AanmeldKnoop struct {
	Opslag aanmelding.Opslag
	Log    beheerlog.Opslag
	Post   func(t testing.TB) []aanmelding.Bericht // oldest first
}

// RunAanmelding holds an engine to aanmelding.Opslag, and sign-in on it to its promises when many try at once. open gives two processes on one
// empty store in which A and B exist.
func RunAanmelding(t *testing.T, open func(testing.TB) (een, ander AanmeldKnoop)) {
	for naam, f := range map[string]func(*testing.T, *aanmeldProef){
		"what is written comes back":                                      aanmeldTerugProef,
		"what can't be done whole is not done":                            aanmeldGeheelProef,
		"an hour of attempts is counted, and forgotten after it":          aanmeldTelProef,
		"processes that count at once never pass the limit":               aanmeldTelSamenProef,
		"processes that change one sign-in at once lose no change":        aanmeldWijzigSamenProef,
		"only the next version of a means is accepted":                    middelProef,
		"ending all sessions of a person ends those of nobody else":       allesWegProef,
		"the moment of use moves forward only":                            gezienProef,
		"sessions that last are counted, of both organisations":           sessieTelProef,
		"what has no meaning any more is tidied, and nothing else":        opruimProef,
		"a person's history is theirs, newest first":                      historieProef,
		"fifty wrong codes at once on two processes are five comparisons": vijftigProef,
		"one code used by many at once gives one session":                 eenmaligProef,
		"an account has ten wrong codes an hour over all its sign-ins":    accountProef,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			f(t, newAanmeldProef(t, open))
		})
	}
}

// aanmeldProef is two processes with one person each in A and B.
type aanmeldProef struct {
	knopen   [2]AanmeldKnoop
	diensten [2]*aanmelding.Dienst
	log      *beheerlog.Log
	klok     *Klok
	mens     aanmelding.Mens // of A
}

// mensen are the people of both organisations, by address; fake, as people are another room.
type mensen map[string]aanmelding.Mens

func (m mensen) BijEmail(oin, email string) (aanmelding.Mens, bool) {
	x, ok := m[oin+email]
	return x, ok
}

func (m mensen) BijOnderwerp(string, string, string) (aanmelding.Mens, bool) {
	return aanmelding.Mens{}, false
}

func (m mensen) BijID(oin string, id uuid.UUID) (aanmelding.Mens, bool) {
	for k, x := range m {
		if strings.HasPrefix(k, oin) && x.ID == id {
			return x, true
		}
	}
	return aanmelding.Mens{}, false
}

const proefWachtwoord = "paarse regenboog op dinsdag"

func newAanmeldProef(t *testing.T, open func(testing.TB) (een, ander AanmeldKnoop)) *aanmeldProef {
	t.Helper()
	bos, err := betrokkene.Open(bg, t.TempDir(), []string{A, B}, afdrukken{})
	if err != nil {
		t.Fatal(err)
	}
	p := &aanmeldProef{klok: NieuweKlok(), mens: aanmelding.Mens{ID: uuid.New(), Naam: "Bea Heer", Email: "bea.heer@gemeente.example", Actief: true}}
	p.knopen[0], p.knopen[1] = open(t)
	wie := mensen{A + p.mens.Email: p.mens}
	for i, k := range p.knopen {
		log := beheerlog.NewLog(k.Log, bos.Organisatie, p.klok.Now)
		p.log = log
		p.diensten[i] = aanmelding.New(aanmelding.Opties{Opslag: k.Opslag, Mensen: wie, Sleutels: bos.Organisatie, Log: log, Nu: p.klok.Now})
	}
	return p
}

var reCode = regexp.MustCompile(`Uw code is ([0-9]{4}) ([0-9]{4})\.`)

// laatste gives what the last mail holds that re finds.
func (p *aanmeldProef) laatste(t *testing.T, re *regexp.Regexp) string {
	t.Helper()
	post := p.knopen[0].Post(t)
	if len(post) == 0 {
		t.Fatal("there is no mail")
	}
	m := re.FindStringSubmatch(post[len(post)-1].Tekst)
	if m == nil {
		t.Fatal("the last mail holds no code")
	}
	return strings.Join(m[1:], "")
}

// begonnen sets a password and takes the first step with it.
func (p *aanmeldProef) begonnen(t *testing.T) (*aanmelding.Aanmelding, string) {
	t.Helper()
	d := p.diensten[0]
	if err := d.Nodig(bg, A, p.mens.ID, beheerlog.Opdrachtregel); err != nil {
		t.Fatal(err)
	}
	code := p.laatste(t, regexp.MustCompile(`\n    ([a-z2-9-]+)\n`))
	if err := d.Aanvaard(bg, A, p.mens.Email, code, proefWachtwoord); err != nil {
		t.Fatal(err)
	}
	return p.begin(t), p.laatste(t, reCode)
}

func (p *aanmeldProef) begin(t *testing.T) *aanmelding.Aanmelding {
	t.Helper()
	stap, err := p.diensten[0].Begin(bg, A, aanmelding.Eerste{Email: p.mens.Email, Wachtwoord: proefWachtwoord})
	if err != nil || stap.Aanmelding == nil {
		t.Fatalf("first step: %+v, %v", stap, err)
	}
	return stap.Aanmelding
}

// soorten counts the events of each kind.
func (p *aanmeldProef) soorten(t *testing.T) map[beheerlog.Soort]int {
	t.Helper()
	l, err := p.log.List(bg, A, beheerlog.Vanaf, 500)
	if err != nil {
		t.Fatal(err)
	}
	uit := map[beheerlog.Soort]int{}
	for _, r := range l {
		uit[r.Soort]++
	}
	return uit
}

// verkeerd is another code than the right one.
func verkeerd(code string, i int) string {
	b := []byte(code)
	b[i%8] = '0' + (b[i%8]-'0'+1+byte(i/8)%9)%10
	return string(b)
}

func vijftigProef(t *testing.T, p *aanmeldProef) {
	a, code := p.begonnen(t)
	var wg sync.WaitGroup
	var gelukt atomic.Int32
	for i := range 50 {
		wg.Go(func() {
			if _, err := p.diensten[i%2].Controleer(bg, a.ID, a.Browser, verkeerd(code, i)); err == nil {
				gelukt.Add(1)
			} else if c := fout.CodeOf(err); c != fout.CodeAanmeldenMislukt {
				t.Errorf("a wrong code gave %v", err)
			}
		})
	}
	wg.Wait()
	if n := gelukt.Load(); n > 0 {
		t.Errorf("%d wrong codes were right", n)
	}
	// Each comparison is an event in its transaction.
	if n := p.soorten(t)[beheerlog.AanmeldenMislukt]; n != 5 {
		t.Errorf("%d comparisons, want 5", n)
	}
	if r, err := p.knopen[1].Opslag.Aanmelding(bg, a.ID); err != nil || r.Pogingen != 5 {
		t.Errorf("%d tries in the store, %v", r.Pogingen, err)
	}
	if _, err := p.diensten[1].Controleer(bg, a.ID, a.Browser, code); fout.CodeOf(err) != fout.CodeAanmeldenMislukt {
		t.Errorf("the right code after five wrong ones: %v", err)
	}
}

func eenmaligProef(t *testing.T, p *aanmeldProef) {
	a, code := p.begonnen(t)
	var wg sync.WaitGroup
	var gelukt atomic.Int32
	for i := range 20 {
		wg.Go(func() {
			stap, err := p.diensten[i%2].Controleer(bg, a.ID, a.Browser, code)
			if err == nil && stap.Sessie != nil {
				gelukt.Add(1)
			}
		})
	}
	wg.Wait()
	if n := gelukt.Load(); n != 1 {
		t.Errorf("%d sessions of one code", n)
	}
	if n := p.soorten(t)[beheerlog.Aangemeld]; n != 1 {
		t.Errorf("%d sign-ins on record", n)
	}
	if l, err := p.knopen[0].Opslag.Sessies(bg, A, p.mens.ID); err != nil || len(l) != 1 {
		t.Errorf("%d sessions in the store, %v", len(l), err)
	}
}

func accountProef(t *testing.T, p *aanmeldProef) {
	a, code := p.begonnen(t)
	var wg sync.WaitGroup
	b := p.begin(t)
	c := p.begin(t)
	laatste := p.laatste(t, reCode)
	for i := range 5 {
		for k, x := range []*aanmelding.Aanmelding{a, b} {
			wg.Go(func() {
				if _, err := p.diensten[k].Controleer(bg, x.ID, x.Browser, verkeerd(code, i)); err == nil {
					t.Error("a wrong code was right")
				}
			})
		}
	}
	wg.Wait()
	if n := p.soorten(t)[beheerlog.AanmeldenMislukt]; n != 10 {
		t.Fatalf("%d comparisons, want 10", n)
	}
	if _, err := p.diensten[0].Controleer(bg, c.ID, c.Browser, laatste); fout.CodeOf(err) != fout.CodeTeVeel {
		t.Errorf("the eleventh try in an hour, of another sign-in: %v", err)
	}
}

func account(b byte) betrokkene.Handle { return betrokkene.Handle(bytes.Repeat([]byte{b}, 16)) }

func hash(b byte) aanmelding.Afdruk { return aanmelding.Afdruk(bytes.Repeat([]byte{b}, 32)) }

func proefRij() *aanmelding.AanmeldingRij {
	return &aanmelding.AanmeldingRij{ID: uuid.New(), OIN: A, Account: account(1), Browser: hash(2), Code: account(3), Verzonden: 1,
		Gestuurd: Start, Verloopt: Start.Add(time.Minute), Verzegeld: []byte("sealed")}
}

func proefSessie(id byte, oin string, gebruiker uuid.UUID) aanmelding.SessieRij {
	return aanmelding.SessieRij{ID: hash(id), OIN: oin, Gebruiker: gebruiker, Begonnen: Start, Gezien: Start, Verloopt: Start.Add(time.Hour), Bevestigd: Start, Verzegeld: []byte("sealed")}
}

func (p *aanmeldProef) schrijf(t *testing.T, oin string, w *aanmelding.Wijziging) {
	t.Helper()
	if err := p.knopen[0].Opslag.Schrijf(bg, oin, w); err != nil {
		t.Fatal(err)
	}
}

func aanmeldTerugProef(t *testing.T, p *aanmeldProef) {
	o := p.knopen[1].Opslag
	r, gebruiker := proefRij(), uuid.New()
	sessie := proefSessie(1, A, gebruiker)
	apparaat := aanmelding.ApparaatRij{ID: hash(9), OIN: A, Gebruiker: gebruiker, Vertrouwd: Start.Add(time.Hour), Verloopt: Start.Add(2 * time.Hour)}
	middel := aanmelding.MiddelRij{Gebruiker: gebruiker, Soort: "wachtwoord", ID: "1", Versie: 1, Verzegeld: []byte("sealed")}
	bericht := aanmelding.Bericht{Aan: "een@gemeente.example", Onderwerp: "Onderwerp", Tekst: "Tekst"}
	p.schrijf(t, A, &aanmelding.Wijziging{
		Aanmelding: r, Middelen: []aanmelding.MiddelRij{middel}, Sessies: []aanmelding.SessieRij{sessie},
		Apparaten: []aanmelding.ApparaatRij{apparaat}, Post: []aanmelding.Bericht{bericht},
	})
	got, err := o.Aanmelding(bg, r.ID)
	if d := cmp.Diff(r, got); err != nil || d != "" {
		t.Errorf("sign-in: %v\n%s", err, d)
	}
	gotSessie, err := o.Sessie(bg, sessie.ID)
	if d := cmp.Diff(&sessie, gotSessie); err != nil || d != "" {
		t.Errorf("session: %v\n%s", err, d)
	}
	gotApparaat, err := o.Apparaat(bg, apparaat.ID)
	if d := cmp.Diff(&apparaat, gotApparaat); err != nil || d != "" {
		t.Errorf("browser: %v\n%s", err, d)
	}
	gotMiddel, err := o.Middelen(bg, A, gebruiker)
	if d := cmp.Diff([]aanmelding.MiddelRij{middel}, gotMiddel); err != nil || d != "" {
		t.Errorf("means: %v\n%s", err, d)
	}
	if d := cmp.Diff([]aanmelding.Bericht{bericht}, p.knopen[1].Post(t)); d != "" {
		t.Errorf("mail: %s", d)
	}
	if l, err := o.Middelen(bg, B, gebruiker); err != nil || len(l) > 0 {
		t.Errorf("the other organisation has the means too: %v", err)
	}
	for name, err := range map[string]error{
		"sign-in": second(o.Aanmelding(bg, uuid.New())),
		"session": second(o.Sessie(bg, hash(8))),
		"browser": second(o.Apparaat(bg, hash(8))),
	} {
		if !errors.Is(err, fout.NietGevonden) {
			t.Errorf("an unknown %s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func aanmeldGeheelProef(t *testing.T, p *aanmeldProef) {
	gebruiker := uuid.New()
	rij, err := p.log.Rij(A, beheerlog.Regel{Soort: beheerlog.Aangemeld})
	if err != nil {
		t.Fatal(err)
	}
	w := &aanmelding.Wijziging{
		Aanmelding: proefRij(), Bij: &aanmelding.Teller{OIN: A, Account: account(1), Soort: "code", Max: 1}, Nu: Start,
		Middelen:  []aanmelding.MiddelRij{{Gebruiker: gebruiker, Soort: "wachtwoord", ID: "1", Versie: 1, Verzegeld: []byte("sealed")}},
		SessieWeg: []aanmelding.Afdruk{hash(7)}, // is not there
		Sessies:   []aanmelding.SessieRij{proefSessie(1, A, gebruiker)},
		Post:      []aanmelding.Bericht{{Aan: "een@gemeente.example"}}, Log: []aanmelding.LogRij{{Gebruiker: gebruiker, Rij: rij}},
	}
	if err := p.knopen[0].Opslag.Schrijf(bg, A, w); !errors.Is(err, fout.Gelijktijdig) {
		t.Fatalf("a session that is gone was replaced: %v", err)
	}
	o := p.knopen[1].Opslag
	if _, err := o.Aanmelding(bg, w.Aanmelding.ID); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("the sign-in stayed: %v", err)
	}
	if _, err := o.Sessie(bg, hash(1)); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("the session stayed: %v", err)
	}
	if m, err := o.Middelen(bg, A, gebruiker); err != nil || len(m) > 0 {
		t.Errorf("the means stayed: %v", err)
	}
	if len(p.knopen[1].Post(t)) > 0 || len(p.soorten(t)) > 0 {
		t.Error("mail or an event stayed")
	}
	if n, err := o.Tel(bg, *w.Bij, Start); err != nil || !n.Mag {
		t.Errorf("the count stayed: %v", err)
	}
}

func aanmeldTelProef(t *testing.T, p *aanmeldProef) {
	o := p.knopen[0].Opslag
	x := aanmelding.Teller{OIN: A, Account: account(1), Soort: "begin", Max: 3}
	tel := func(x aanmelding.Teller, na time.Duration) aanmelding.Telling {
		t.Helper()
		n, err := o.Tel(bg, x, Start.Add(na))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := 1; i <= 3; i++ {
		if n := tel(x, time.Duration(i)*time.Minute); !n.Mag || n.Aantal != i {
			t.Errorf("attempt %d: %+v", i, n)
		}
	}
	n := tel(x, 59*time.Minute)
	if n.Mag || n.Aantal != 3 {
		t.Errorf("the fourth within an hour: %+v", n)
	}
	if vrij := n.Vrij.Sub(Start); vrij < time.Hour || vrij > time.Hour+2*aanmelding.Venster {
		t.Errorf("free after %v", vrij)
	}
	andere := []aanmelding.Teller{x, x, x}
	andere[0].Account, andere[1].Soort, andere[2].OIN = account(2), "code", B
	for i, y := range andere {
		if !tel(y, 59*time.Minute).Mag {
			t.Errorf("what is counted apart (%d) is refused", i)
		}
	}
	if n := tel(x, n.Vrij.Sub(Start)); !n.Mag || n.Aantal != 1 {
		t.Errorf("after the time it said: %+v", n)
	}
	laatste := tel(x, 66*time.Minute)
	p.schrijf(t, A, &aanmelding.Wijziging{Terug: &x, TerugVenster: laatste.Venster})
	if n := tel(x, 67*time.Minute); n.Aantal != 2 {
		t.Errorf("after one was taken back: %+v", n)
	}
	x.OIN = "00000099000000000009"
	if _, err := o.Tel(bg, x, Start); err == nil {
		t.Error("an unknown organisation counts")
	}
}

func aanmeldTelSamenProef(t *testing.T, p *aanmeldProef) {
	var wg sync.WaitGroup
	var mag atomic.Int32
	for i := range 40 {
		wg.Go(func() {
			n, err := p.knopen[i%2].Opslag.Tel(bg, aanmelding.Teller{OIN: A, Account: account(1), Soort: "begin", Max: 10}, Start)
			if err != nil {
				t.Error(err)
			} else if n.Mag {
				mag.Add(1)
			}
		})
	}
	wg.Wait()
	if n := mag.Load(); n != 10 {
		t.Errorf("%d of 40 at once, want 10", n)
	}
}

func aanmeldWijzigSamenProef(t *testing.T, p *aanmeldProef) {
	r := proefRij()
	p.schrijf(t, A, &aanmelding.Wijziging{Aanmelding: r})
	x := aanmelding.Teller{OIN: A, Account: account(1), Soort: "code"}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := p.knopen[i%2].Opslag.WijzigAanmelding(bg, r.ID, x, Start, func(r *aanmelding.AanmeldingRij, geteld int) (*aanmelding.Wijziging, error) {
				if r.Pogingen != geteld {
					t.Errorf("%d tries of the sign-in, %d of the account", r.Pogingen, geteld)
				}
				r.Pogingen++
				return &aanmelding.Wijziging{Bij: &x, Nu: Start}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, err := p.knopen[1].Opslag.Aanmelding(bg, r.ID); err != nil || got.Pogingen != 20 {
		t.Errorf("%d tries of 20: %v", got.Pogingen, err)
	}
	eigen := errors.New("own")
	err := p.knopen[0].Opslag.WijzigAanmelding(bg, r.ID, x, Start, func(r *aanmelding.AanmeldingRij, _ int) (*aanmelding.Wijziging, error) {
		r.Gebruikt = true
		return nil, eigen
	})
	if got, lees := p.knopen[0].Opslag.Aanmelding(bg, r.ID); !errors.Is(err, eigen) || lees != nil || got.Gebruikt {
		t.Errorf("a change that was refused: %v, %v", err, lees)
	}
}

func middelProef(t *testing.T, p *aanmeldProef) {
	o, gebruiker := p.knopen[0].Opslag, uuid.New()
	put := func(versie int64, verzegeld []byte) error {
		return o.Schrijf(bg, A, &aanmelding.Wijziging{Middelen: []aanmelding.MiddelRij{{Gebruiker: gebruiker, Soort: "totp", ID: "1", Versie: versie, Verzegeld: verzegeld}}})
	}
	for i, stap := range []struct {
		versie    int64
		verzegeld []byte
		want      error
	}{
		{2, []byte("a"), fout.Gelijktijdig}, {1, []byte("a"), nil}, {1, []byte("b"), fout.Gelijktijdig}, {3, []byte("b"), fout.Gelijktijdig},
		{2, []byte("b"), nil}, {2, nil, fout.Gelijktijdig}, {3, nil, nil}, {3, nil, fout.Gelijktijdig}, {1, []byte("c"), nil},
	} {
		if err := put(stap.versie, stap.verzegeld); !errors.Is(err, stap.want) {
			t.Errorf("step %d: %v", i, err)
		}
	}
	if m, err := o.Middelen(bg, A, gebruiker); err != nil || len(m) != 1 || string(m[0].Verzegeld) != "c" {
		t.Errorf("%v, %v", m, err)
	}
}

func allesWegProef(t *testing.T, p *aanmeldProef) {
	een, twee := uuid.New(), uuid.New()
	p.schrijf(t, A, &aanmelding.Wijziging{
		Sessies:   []aanmelding.SessieRij{proefSessie(1, A, een), proefSessie(2, A, een), proefSessie(3, A, twee)},
		Apparaten: []aanmelding.ApparaatRij{{ID: hash(1), OIN: A, Gebruiker: een, Vertrouwd: Start, Verloopt: Start}, {ID: hash(2), OIN: A, Gebruiker: twee, Vertrouwd: Start, Verloopt: Start}},
	})
	p.schrijf(t, B, &aanmelding.Wijziging{Sessies: []aanmelding.SessieRij{proefSessie(4, B, een)}})
	p.schrijf(t, A, &aanmelding.Wijziging{AllesWeg: []uuid.UUID{een}, Sessies: []aanmelding.SessieRij{proefSessie(5, A, een)}})
	o := p.knopen[1].Opslag
	for id, blijft := range map[byte]bool{1: false, 2: false, 3: true, 4: true, 5: true} {
		if _, err := o.Sessie(bg, hash(id)); (err == nil) != blijft {
			t.Errorf("session %d: %v", id, err)
		}
	}
	for id, blijft := range map[byte]bool{1: false, 2: true} {
		if _, err := o.Apparaat(bg, hash(id)); (err == nil) != blijft {
			t.Errorf("browser %d: %v", id, err)
		}
	}
	if err := o.Schrijf(bg, B, &aanmelding.Wijziging{SessieWeg: []aanmelding.Afdruk{hash(3)}}); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("the other organisation ended a session: %v", err)
	}
}

func gezienProef(t *testing.T, p *aanmeldProef) {
	o := p.knopen[0].Opslag
	p.schrijf(t, A, &aanmelding.Wijziging{Sessies: []aanmelding.SessieRij{proefSessie(1, A, uuid.New())}})
	for _, na := range []time.Duration{time.Minute, 0} {
		if err := o.Gezien(bg, hash(1), Start.Add(na)); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := p.knopen[1].Opslag.Sessie(bg, hash(1)); err != nil || !r.Gezien.Equal(Start.Add(time.Minute)) {
		t.Errorf("%+v, %v", r, err)
	}
	if err := o.Gezien(bg, hash(2), Start); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Sessie(bg, hash(2)); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("use made a session: %v", err)
	}
}

func sessieTelProef(t *testing.T, p *aanmeldProef) {
	s := []aanmelding.SessieRij{proefSessie(1, A, uuid.New()), proefSessie(2, A, uuid.New()), proefSessie(3, A, uuid.New())}
	s[0].Verloopt, s[1].Verloopt, s[2].Verloopt = Start.Add(time.Hour), Start.Add(time.Hour), Start.Add(time.Minute)
	s[0].Gezien, s[1].Gezien, s[2].Gezien = Start, Start.Add(-time.Hour), Start
	p.schrijf(t, A, &aanmelding.Wijziging{Sessies: s})
	b := proefSessie(4, B, uuid.New())
	b.Verloopt, b.Gezien = Start.Add(time.Hour), Start
	if err := p.knopen[1].Opslag.Schrijf(bg, B, &aanmelding.Wijziging{Sessies: []aanmelding.SessieRij{b}}); err != nil {
		t.Fatal(err)
	}
	for na, want := range map[time.Duration]int64{0: 3, time.Minute: 2, time.Hour: 0} {
		if n, err := p.knopen[0].Opslag.TelSessies(bg, Start.Add(na), Start.Add(-30*time.Minute)); err != nil || n != want {
			t.Errorf("after %v: %d, %v; want %d", na, n, err, want)
		}
	}
}

func opruimProef(t *testing.T, p *aanmeldProef) {
	o, g := p.knopen[0].Opslag, uuid.New()
	oud, nieuw := proefRij(), proefRij()
	nieuw.Verloopt = Start.Add(25 * time.Hour)
	later := proefSessie(2, A, g)
	later.Verloopt = Start.Add(50 * time.Hour)
	p.schrijf(t, A, &aanmelding.Wijziging{Aanmelding: oud, Sessies: []aanmelding.SessieRij{proefSessie(1, A, g), later},
		Apparaten: []aanmelding.ApparaatRij{{ID: hash(1), OIN: A, Gebruiker: g, Verloopt: Start}, {ID: hash(2), OIN: A, Gebruiker: g, Verloopt: Start.Add(50 * time.Hour)}}})
	p.schrijf(t, A, &aanmelding.Wijziging{Aanmelding: nieuw})
	x := aanmelding.Teller{OIN: A, Account: account(1), Soort: "begin", Max: 1}
	nu := Start.Add(25 * time.Hour)
	for _, m := range []time.Time{Start, nu} {
		if n, err := o.Tel(bg, x, m); err != nil || !n.Mag {
			t.Fatal(n, err)
		}
	}
	if err := o.Opruim(bg, nu); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"old sign-in": second(o.Aanmelding(bg, oud.ID)), "old session": second(o.Sessie(bg, hash(1))), "old browser": second(o.Apparaat(bg, hash(1))),
	} {
		if !errors.Is(err, fout.NietGevonden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"sign-in": second(o.Aanmelding(bg, nieuw.ID)), "session": second(o.Sessie(bg, hash(2))), "browser": second(o.Apparaat(bg, hash(2))),
	} {
		if err != nil {
			t.Errorf("%s was tidied: %v", name, err)
		}
	}
	if n, err := o.Tel(bg, x, nu); err != nil || n.Mag {
		t.Errorf("the count of this hour was tidied: %v", err)
	}
}

func historieProef(t *testing.T, p *aanmeldProef) {
	een, twee := uuid.New(), uuid.New()
	add := func(g uuid.UUID) uint64 {
		rij, err := p.log.Rij(A, beheerlog.Regel{Soort: beheerlog.Aangemeld})
		if err != nil {
			t.Fatal(err)
		}
		p.schrijf(t, A, &aanmelding.Wijziging{Log: []aanmelding.LogRij{{Gebruiker: g, Rij: rij}}})
		return rij.Nummer
	}
	a, _, _, d := add(een), add(twee), add(uuid.Nil), add(een)
	got, err := p.knopen[1].Opslag.Historie(bg, A, een, 10)
	if df := cmp.Diff([]uint64{d, a}, got); err != nil || df != "" {
		t.Errorf("%v\n%s", err, df)
	}
	if got, err := p.knopen[1].Opslag.Historie(bg, A, een, 1); err != nil || len(got) != 1 || got[0] != d {
		t.Errorf("the newest: %v, %v", got, err)
	}
	if got, err := p.knopen[1].Opslag.Historie(bg, B, een, 10); err != nil || len(got) > 0 {
		t.Errorf("in the other organisation: %v, %v", got, err)
	}
}
