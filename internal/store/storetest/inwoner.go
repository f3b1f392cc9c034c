package storetest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
)

// InwonerKnoop is one process on a store: its sessions of citizens and its beheerlog.
type InwonerKnoop struct {
	Opslag inwoner.Opslag
	Log    beheerlog.Opslag
	Dump   func(t testing.TB) string // all that the tables of the room and the beheerlog hold, bytes as they are
}

// RunInwoner holds an engine to inwoner.Opslag, and sessions of citizens on it to their promises. open gives two processes on one empty store
// in which A and B exist.
func RunInwoner(t *testing.T, open func(testing.TB) (een, ander InwonerKnoop)) {
	for naam, f := range map[string]func(*testing.T, *inwonerProef){
		"what was proved comes back, on another node too":               inwonerTerugProef,
		"a session ends by itself":                                      inwonerEindeProef,
		"signing out ends one session, and everywhere all of one":       inwonerAfmeldProef,
		"of one sign-in comes one session, whoever is asked at once":    inwonerEenmaligProef,
		"what somebody made up or altered is no session":                inwonerVervalstProef,
		"the store and the beheerlog hold no token, number or name":     inwonerLeesbaarProef,
		"an hour of attempts is counted, and success is taken back":     inwonerTelProef,
		"failures are events, but no flood of them":                     inwonerMislukProef,
		"who proved it just now is told from who did before":            inwonerVersProef,
		"a citizen's history is theirs, newest first, for a year":       inwonerHistorieProef,
		"what ended is tidied, and nothing else":                        inwonerOpruimProef,
		"a change that can't be whole is not done":                      inwonerGeheelProef,
		"a new handle key changes neither sessions nor history nor end": inwonerRotatieProef,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			f(t, newInwonerProef(t, open))
		})
	}
}

type inwonerProef struct {
	knopen   [2]InwonerKnoop
	diensten [2]*inwoner.Dienst
	logs     [2]*beheerlog.Log
	klok     *Klok
	dir      string // of the keys
	afdruk   afdrukken
	bos      *betrokkene.Sleutelbos
}

// Citizens of the tests; numbers that nobody has.
const (
	bsnEen  = "999990019"
	bsnTwee = "999990275"
	naamEen = "Anna Voorbeeld"
)

func newInwonerProef(t *testing.T, open func(testing.TB) (een, ander InwonerKnoop)) *inwonerProef {
	t.Helper()
	p := &inwonerProef{klok: NieuweKlok(), dir: t.TempDir(), afdruk: afdrukken{}}
	p.knopen[0], p.knopen[1] = open(t)
	p.laad(t)
	return p
}

// laad reads the keys, as a process that starts.
func (p *inwonerProef) laad(t *testing.T) {
	t.Helper()
	bos, err := betrokkene.Open(bg, p.dir, []string{A, B}, p.afdruk)
	if err != nil {
		t.Fatal(err)
	}
	p.bos = bos
	for i, k := range p.knopen {
		p.logs[i] = beheerlog.NewLog(k.Log, bos.Organisatie, p.klok.Now)
		p.diensten[i] = inwoner.New(inwoner.Opties{Opslag: k.Opslag, Sleutels: bos.Organisatie, Log: p.logs[i], Naam: func(oin string) string { return "Gemeente " + oin[:10] }, Nu: p.klok.Now})
	}
}

var staatNr atomic.Int64

// bewijs is that of a new sign-in.
func (p *inwonerProef) bewijs(bsn string) inwoner.Bewijs {
	nu := p.klok.Now()
	return inwoner.Bewijs{
		Dienst: "DigiD", Persoon: inwoner.BSN(bsn), Naam: naamEen, Niveau: inwoner.Substantieel, Bewezen: nu, Sinds: nu.Add(-time.Minute),
		Staat: fmt.Appendf(nil, "staat %d", staatNr.Add(1)), Tot: nu.Add(9 * time.Minute),
	}
}

// meld signs in on a node.
func (p *inwonerProef) meld(t *testing.T, knoop int, oin string, b inwoner.Bewijs) (string, error) {
	t.Helper()
	poging, err := p.diensten[knoop].Probeer(bg, oin, "192.0.2.1")
	if err != nil {
		return "", err
	}
	return p.diensten[knoop].Meld(bg, poging, b)
}

func (p *inwonerProef) moetMelden(t *testing.T, oin, bsn string) string {
	t.Helper()
	token, err := p.meld(t, 0, oin, p.bewijs(bsn))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// binnen tells whether a token belongs to somebody.
func (p *inwonerProef) binnen(t *testing.T, token string) bool {
	t.Helper()
	w, err := p.diensten[1].Zoek(bg, token)
	if err != nil && fout.CodeOf(err) != fout.CodeNietAangemeld {
		t.Errorf("not signed in: %v", err)
	}
	return err == nil && w != nil
}

func (p *inwonerProef) regels(t *testing.T, oin string) (uit []*beheerlog.Regel) {
	t.Helper()
	uit, err := p.logs[1].List(bg, oin, beheerlog.Vanaf, 500)
	if err != nil {
		t.Fatal(err)
	}
	return uit
}

func inwonerTerugProef(t *testing.T, p *inwonerProef) {
	eerste := p.klok.Now()
	p.moetMelden(t, A, bsnEen)
	p.klok.Add(time.Hour)
	b := p.bewijs(bsnEen)
	b.Namens = &inwoner.Namens{Soort: inwoner.Ouder}
	token, err := p.meld(t, 0, A, b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.diensten[1].Zoek(bg, token)
	want := &inwoner.Inwoner{OIN: A, Organisatie: "Gemeente " + A[:10], Persoon: inwoner.BSN(bsnEen), Naam: naamEen, Niveau: inwoner.Substantieel, Namens: b.Namens, Begonnen: p.klok.Now(), Vorige: eerste}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	if err := got.MagInzien(); fout.CodeOf(err) != fout.CodeGeenToestemming {
		t.Errorf("for another: %v", err)
	}
	ander, err := p.diensten[1].Zoek(bg, p.moetMelden(t, B, bsnEen))
	if err != nil || ander.OIN != B || !ander.Vorige.IsZero() || ander.MagInzien() != nil {
		t.Errorf("at another organisation: %+v, %v", ander, err)
	}
}

func inwonerEindeProef(t *testing.T, p *inwonerProef) {
	token := p.moetMelden(t, A, bsnEen)
	for range 4 { // used every 14 minutes
		p.klok.Add(14 * time.Minute)
		if !p.binnen(t, token) {
			t.Fatal("it ended while it was used")
		}
	}
	p.klok.Add(4*time.Minute - time.Microsecond)
	if !p.binnen(t, token) {
		t.Error("it ended before an hour")
	}
	p.klok.Add(time.Microsecond)
	if p.binnen(t, token) {
		t.Error("it lasted an hour")
	}
	stil := p.moetMelden(t, A, bsnEen)
	p.klok.Add(15*time.Minute - time.Microsecond)
	rij := p.binnen(t, stil)
	p.klok.Add(15 * time.Minute)
	if !rij || p.binnen(t, stil) {
		t.Errorf("after a quarter without use it lasted on (before it: %v)", rij)
	}
}

func inwonerAfmeldProef(t *testing.T, p *inwonerProef) {
	een, twee, drie := p.moetMelden(t, A, bsnEen), p.moetMelden(t, A, bsnEen), p.moetMelden(t, A, bsnEen)
	ander, elders := p.moetMelden(t, A, bsnTwee), p.moetMelden(t, B, bsnEen)
	for range 2 { // twice is no error
		if err := p.diensten[1].Beeindig(bg, een); err != nil {
			t.Error(err)
		}
	}
	if p.binnen(t, een) || !p.binnen(t, twee) {
		t.Error("signing out ended another session, or none")
	}
	if err := p.diensten[1].BeeindigAlle(bg, twee); err != nil {
		t.Fatal(err)
	}
	for naam, x := range map[string]struct {
		token string
		in    bool
	}{"this one": {twee, false}, "another browser": {drie, false}, "another citizen": {ander, true}, "another organisation": {elders, true}} {
		if p.binnen(t, x.token) != x.in {
			t.Errorf("%s: %v", naam, !x.in)
		}
	}
	if err := p.diensten[0].BeeindigAlle(bg, twee); fout.CodeOf(err) != fout.CodeNietAangemeld {
		t.Errorf("who was signed out: %v", err)
	}
	var soorten []beheerlog.Soort
	s, _ := p.bos.Organisatie(A)
	h := s.Handle("persoon", "BSN", bsnEen)
	for _, r := range p.regels(t, A) {
		if r.Door.ID == hex.EncodeToString(h[:]) {
			soorten = append(soorten, r.Soort)
		}
		if r.Door.Soort != "inwoner" || r.Door.Naam != "" {
			t.Errorf("an event by %+v", r.Door)
		}
	}
	if d := cmp.Diff([]beheerlog.Soort{beheerlog.OveralAfgemeld, beheerlog.Afgemeld, beheerlog.Aangemeld, beheerlog.Aangemeld, beheerlog.Aangemeld}, soorten); d != "" {
		t.Error(d)
	}
}

func inwonerEenmaligProef(t *testing.T, p *inwonerProef) {
	b := p.bewijs(bsnEen)
	var wg sync.WaitGroup
	var gelukt atomic.Int32
	for i := range 20 {
		wg.Go(func() {
			switch _, err := p.meld(t, i%2, A, b); {
			case err == nil:
				gelukt.Add(1)
			case fout.CodeOf(err) != fout.CodeAanmeldenMislukt:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := gelukt.Load(); n != 1 {
		t.Errorf("%d sessions of one sign-in", n)
	}
	if n := len(p.regels(t, A)); n != 1 {
		t.Errorf("%d events of one sign-in", n)
	}
	gezien := map[string]bool{}
	for range 10 {
		token := p.moetMelden(t, A, bsnEen)
		if gezien[token] || len(token) != 43 {
			t.Errorf("a token of %d letters, or one that was there", len(token))
		}
		gezien[token] = true
	}
	for naam, wijzig := range map[string]func(*inwoner.Bewijs){
		"no level": func(b *inwoner.Bewijs) { b.Niveau = 0 }, "a level beyond all": func(b *inwoner.Bewijs) { b.Niveau = 5 },
		"nobody": func(b *inwoner.Bewijs) { b.Persoon.ID = "" }, "no state": func(b *inwoner.Bewijs) { b.Staat = nil },
	} {
		b := p.bewijs(bsnEen)
		wijzig(&b)
		if _, err := p.meld(t, 0, A, b); err == nil {
			t.Errorf("%s: signed in", naam)
		}
	}
}

func inwonerVervalstProef(t *testing.T, p *inwonerProef) {
	token := p.moetMelden(t, A, bsnEen)
	for _, x := range []string{"", "x", strings.Repeat("A", 43), token + "A", token[:42], token[:42] + "=", strings.ToLower(token)} {
		if x != token && p.binnen(t, x) {
			t.Errorf("a made-up token of %d letters is somebody", len(x))
		}
	}
	// Whoever can write in the store puts a session of their own under the handle of another, or makes it last.
	o, nu := p.knopen[0].Opslag, p.klok.Now()
	s, _ := p.bos.Organisatie(A)
	echt := &inwoner.SessieRij{ID: inwoner.Afdruk(bytes.Repeat([]byte{7}, 32)), OIN: A, Persoon: s.Handle("persoon", "BSN", bsnTwee), Begonnen: nu, Gezien: nu, Verloopt: nu.Add(time.Hour), Verzegeld: []byte("made up")}
	if err := o.Schrijf(bg, A, &inwoner.Wijziging{Sessie: echt}); err != nil {
		t.Fatal(err)
	}
	got, err := o.Sessie(bg, echt.ID)
	if d := cmp.Diff(echt, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	for naam, wijzig := range map[string]func(r *inwoner.SessieRij){
		"under another handle": func(r *inwoner.SessieRij) { r.Persoon = s.Handle("persoon", "BSN", bsnTwee) },
		"that lasts longer":    func(r *inwoner.SessieRij) { r.Verloopt = r.Verloopt.Add(time.Hour) },
		"that began later":     func(r *inwoner.SessieRij) { r.Begonnen = r.Begonnen.Add(time.Minute) },
	} {
		token := p.moetMelden(t, A, bsnEen)
		r, err := o.Sessie(bg, afdrukVan(token))
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Schrijf(bg, A, &inwoner.Wijziging{SessieWeg: &r.ID}); err != nil {
			t.Fatal(err)
		}
		wijzig(r)
		if err := o.Schrijf(bg, A, &inwoner.Wijziging{Sessie: r}); err != nil {
			t.Fatal(err)
		}
		if w, err := p.diensten[0].Zoek(bg, token); err == nil {
			t.Errorf("a session %s is that of %v", naam, w.Niveau)
		}
	}
}

func inwonerLeesbaarProef(t *testing.T, p *inwonerProef) {
	b := p.bewijs(bsnEen)
	b.Namens = &inwoner.Namens{Soort: inwoner.Gemachtigde}
	token, err := p.meld(t, 0, A, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.diensten[0].BeeindigAlle(bg, p.moetMelden(t, A, bsnTwee)); err != nil {
		t.Fatal(err)
	}
	dump := p.knopen[1].Dump(t)
	if len(dump) < 500 {
		t.Fatalf("only %d bytes were looked at", len(dump))
	}
	h := afdrukVan(token)
	if !strings.Contains(dump, string(h[:])) {
		t.Error("the hash of the token is not there: this test looks at something else")
	}
	for _, wat := range []string{token, bsnEen, bsnTwee, bsnEen[:8], naamEen, "Anna", "Substantieel", "substantieel", "gemachtigde", "DigiD", "192.0.2", string(b.Staat)} {
		if strings.Contains(dump, wat) {
			t.Errorf("%q can be read in the store", wat)
		}
	}
}

func inwonerTelProef(t *testing.T, p *inwonerProef) {
	probeer := func(adres string) (*inwoner.Poging, error) { return p.diensten[0].Probeer(bg, A, adres) }
	for range 5 { // what succeeds does not count
		poging, err := probeer("2001:db8:1:2::1")
		if err == nil {
			_, err = p.diensten[1].Meld(bg, poging, p.bewijs(bsnEen))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		if _, err := probeer([]string{"2001:db8:1:2::1", "2001:db8:1:2:ffff::2"}[i%2]); err != nil {
			t.Fatalf("attempt %d: %v", i, err)
		}
	}
	for range 3 {
		_, err := probeer("2001:db8:1:2::3")
		var f *fout.Fout
		if fout.CodeOf(err) != fout.CodeTeVeel || !errors.As(err, &f) || f.OpnieuwNa < 50*time.Minute || f.OpnieuwNa > 66*time.Minute {
			t.Fatalf("the next one: %v", err)
		}
	}
	for _, adres := range []string{"2001:db8:1:3::1", "192.0.2.9", "::ffff:192.0.2.9", ""} {
		if _, err := probeer(adres); err != nil {
			t.Errorf("another address: %v", err)
		}
	}
	n := 0
	for _, r := range p.regels(t, A) {
		if r.Soort == beheerlog.Geblokkeerd {
			n++
			if strings.Contains(r.Wat, "2001") {
				t.Errorf("an event names the address: %s", r.Wat)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d events of one limit", n)
	}
	p.klok.Add(66 * time.Minute)
	if _, err := probeer("2001:db8:1:2::3"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func inwonerMislukProef(t *testing.T, p *inwonerProef) {
	for range 70 {
		poging, err := p.diensten[0].Probeer(bg, A, "192.0.2.1")
		if err == nil {
			err = p.diensten[0].Mislukt(bg, poging, "DigiD")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	l := p.regels(t, A)
	if len(l) != 60 || l[0].Soort != beheerlog.AanmeldenMislukt || l[0].Door != beheerlog.Systeem || !strings.Contains(l[0].Wat, "DigiD") {
		t.Errorf("%d events, the last %+v", len(l), l[0])
	}
}

func inwonerVersProef(t *testing.T, p *inwonerProef) {
	vers := func(b inwoner.Bewijs) bool {
		t.Helper()
		token, err := p.meld(t, 0, A, b)
		if err != nil {
			t.Fatal(err)
		}
		v, err := p.diensten[1].Vers(bg, token)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	nu, eerder, onbekend := p.bewijs(bsnEen), p.bewijs(bsnEen), p.bewijs(bsnEen)
	eerder.Bewezen, onbekend.Bewezen = p.klok.Now().Add(-5*time.Minute), time.Time{}
	if !vers(nu) || vers(eerder) || vers(onbekend) {
		t.Error("who proved it five minutes ago, or nobody knows when, is as one who did now")
	}
	token := p.moetMelden(t, A, bsnEen)
	p.klok.Add(5 * time.Minute)
	if v, err := p.diensten[0].Vers(bg, token); v || err != nil {
		t.Errorf("after five minutes: %v, %v", v, err)
	}
	for naam, sinds := range map[string]time.Duration{"before it was asked": -2 * time.Minute, "not said when": 0} {
		b := p.bewijs(bsnEen)
		b.Vers = true
		if b.Bewezen = b.Sinds.Add(sinds); sinds == 0 {
			b.Bewezen = time.Time{}
		}
		if _, err := p.meld(t, 0, A, b); fout.CodeOf(err) != fout.CodeAanmeldenMislukt {
			t.Errorf("asked to prove it again, and proved %s: %v", naam, err)
		}
	}
	b := p.bewijs(bsnEen)
	b.Vers = true
	if !vers(b) {
		t.Error("who proved it again is not taken for one who did")
	}
	if _, err := p.diensten[0].Vers(bg, "niemand"); fout.CodeOf(err) != fout.CodeNietAangemeld {
		t.Errorf("nobody: %v", err)
	}
}

func inwonerHistorieProef(t *testing.T, p *inwonerProef) {
	een := p.moetMelden(t, A, bsnEen)
	p.moetMelden(t, A, bsnTwee)
	p.moetMelden(t, B, bsnEen)
	p.klok.Add(time.Minute)
	if err := p.diensten[0].Beeindig(bg, een); err != nil {
		t.Fatal(err)
	}
	p.klok.Add(time.Minute)
	b := p.bewijs(bsnEen)
	b.Namens = &inwoner.Namens{Soort: inwoner.Curator}
	token, err := p.meld(t, 1, A, b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.diensten[0].Historie(bg, token)
	if err != nil {
		t.Fatal(err)
	}
	want := []inwoner.Aanmelding{
		{Moment: Start.Add(2 * time.Minute), Wat: "Aangemeld met DigiD, namens een ander.", Dienst: "DigiD", Niveau: inwoner.Substantieel, Deze: true},
		{Moment: Start.Add(time.Minute), Wat: "Afgemeld."},
		{Moment: Start, Wat: "Aangemeld met DigiD.", Dienst: "DigiD", Niveau: inwoner.Substantieel},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	p.klok.Add(370 * 24 * time.Hour)
	if err := p.diensten[0].Opruim(bg); err != nil {
		t.Fatal(err)
	}
	if got, err = p.diensten[1].Historie(bg, p.moetMelden(t, A, bsnEen)); err != nil || len(got) != 1 || !got[0].Deze {
		t.Errorf("a year later: %+v, %v", got, err)
	}
	if n := len(p.regels(t, A)); n != 5 {
		t.Errorf("of the beheerlog itself %d events are left of 5", n)
	}
}

func inwonerOpruimProef(t *testing.T, p *inwonerProef) {
	oud := p.moetMelden(t, A, bsnEen)
	gebruikt := p.bewijs(bsnTwee)
	gebruikt.Tot = p.klok.Now().Add(30 * time.Minute)
	if _, err := p.meld(t, 0, A, gebruikt); err != nil {
		t.Fatal(err)
	}
	p.klok.Add(16 * time.Minute)
	nieuw := p.moetMelden(t, A, bsnEen)
	if err := p.diensten[0].Opruim(bg); err != nil {
		t.Fatal(err)
	}
	if _, err := p.knopen[1].Opslag.Sessie(bg, afdrukVan(oud)); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("a session that was not used is still there: %v", err)
	}
	if !p.binnen(t, nieuw) {
		t.Error("a session that lasts was tidied")
	}
	if _, err := p.meld(t, 1, A, gebruikt); fout.CodeOf(err) != fout.CodeAanmeldenMislukt {
		t.Errorf("a state that was used can be used again: %v", err)
	}
}

func inwonerGeheelProef(t *testing.T, p *inwonerProef) {
	o, nu := p.knopen[0].Opslag, p.klok.Now()
	s, _ := p.bos.Organisatie(A)
	h := s.Handle("persoon", "BSN", bsnEen)
	rij, err := p.logs[0].Rij(A, beheerlog.Regel{Soort: beheerlog.Aangemeld})
	if err != nil {
		t.Fatal(err)
	}
	weg := inwoner.Afdruk{9} // is not there
	w := &inwoner.Wijziging{
		Staat: &inwoner.StaatRij{ID: inwoner.Afdruk{1}, Verloopt: nu}, SessieWeg: &weg,
		Sessie: &inwoner.SessieRij{ID: inwoner.Afdruk{2}, OIN: A, Persoon: h, Begonnen: nu, Gezien: nu, Verloopt: nu, Verzegeld: []byte("sealed")}, Log: rij, Persoon: &h,
	}
	if err := o.Schrijf(bg, A, w); !errors.Is(err, fout.Gelijktijdig) {
		t.Fatalf("a session that is gone was ended: %v", err)
	}
	if _, err := o.Sessie(bg, inwoner.Afdruk{2}); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("the session stayed: %v", err)
	}
	if n := len(p.regels(t, A)); n > 0 {
		t.Errorf("%d events stayed", n)
	}
	w.SessieWeg = nil
	if err := o.Schrijf(bg, A, w); err != nil {
		t.Fatal(err)
	}
	if err := o.Schrijf(bg, B, &inwoner.Wijziging{SessieWeg: &w.Sessie.ID}); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("another organisation ended it: %v", err)
	}
	for _, na := range []time.Duration{time.Minute, 0} {
		if err := o.Gezien(bg, w.Sessie.ID, nu.Add(na)); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := p.knopen[1].Opslag.Sessie(bg, w.Sessie.ID); err != nil || !r.Gezien.Equal(nu.Add(time.Minute)) {
		t.Errorf("its use moved back: %v, %v", r, err)
	}
	if err := o.Schrijf(bg, "00000099000000000009", w); err == nil {
		t.Error("an unknown organisation")
	}
	if _, err := p.diensten[0].Probeer(bg, "00000099000000000009", ""); err == nil {
		t.Error("an unknown organisation counts")
	}
}

func inwonerRotatieProef(t *testing.T, p *inwonerProef) {
	oud := p.moetMelden(t, A, bsnEen)
	nieuweHandleSleutel(t, p.dir, A)
	delete(p.afdruk, A) // it keeps only what was added last
	p.laad(t)
	p.klok.Add(time.Minute)
	nieuw := p.moetMelden(t, A, bsnEen)
	if w, err := p.diensten[0].Zoek(bg, oud); err != nil || w.Persoon.ID != bsnEen {
		t.Errorf("a session of before: %v", err)
	}
	w, err := p.diensten[1].Zoek(bg, nieuw)
	if err != nil || !w.Vorige.Equal(Start) {
		t.Errorf("the sign-in before the new key is not known: %v, %v", w, err)
	}
	if l, err := p.diensten[1].Historie(bg, nieuw); err != nil || len(l) != 2 {
		t.Errorf("%d lines of history of 2: %v", len(l), err)
	}
	if err := p.diensten[0].BeeindigAlle(bg, nieuw); err != nil {
		t.Fatal(err)
	}
	if p.binnen(t, oud) || p.binnen(t, nieuw) {
		t.Error("a session was left under one of the keys")
	}
}

func afdrukVan(token string) inwoner.Afdruk { return sha256.Sum256([]byte(token)) }

// nieuweHandleSleutel adds the next key of handles to those of an organisation.
func nieuweHandleSleutel(t *testing.T, dir, oin string) {
	t.Helper()
	k := make([]byte, 32)
	rand.Read(k)
	if err := os.WriteFile(filepath.Join(dir, oin, "handle-2.key"), []byte(hex.EncodeToString(k)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
