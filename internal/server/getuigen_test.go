package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/getuige/dienst"
	"github.com/verantwoord/verantwoord/internal/opruimen"
)

const hostGetuigd = "log.voorbeeldstad.example"

// logtekst is a log of the service that a test reads.
type logtekst struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *logtekst) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *logtekst) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// getuigd is a register whose checkpoints are offered when the test says so.
type getuigd struct {
	*proef
	h   *httptest.Server
	log *logtekst
}

// startGetuigd runs a register on the store and the keys in dir, under one and the same name.
func startGetuigd(t *testing.T, dir string, nu time.Time, getuigen string) *getuigd {
	t.Helper()
	b, err := autorisatie.Parse(strings.NewReader("organisaties: [{oin: \""+oinBewijs+"\", naam: Voorbeeldstad}]\napplicaties:\n"+
		"  - {clientIds: [leverancier], geheim: \""+geheimBewijs+"\", label: a, organisatie: \""+oinBewijs+"\", oins: [\""+oinBewijs+"\"], autorisaties: [{component: verwerkingenlogging-bewerking, scopes: ['create:normal', 'read:normal']}]}\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	omgeving := map[string]string{
		"VERANTWOORD_STORE": "sqlite:" + filepath.Join(dir, "store"), "VERANTWOORD_SLEUTELS": filepath.Join(dir, "sleutels"), "VERANTWOORD_URL": "https://" + hostGetuigd,
		"VERANTWOORD_ORGANISATIES_" + oinBewijs + "_GETUIGEN": getuigen,
	}
	var namen []string
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		t.Fatal(err)
	}
	g := &getuigd{proef: &proef{t: t, nu: nu}, log: &logtekst{}}
	if g.Server, err = Open(context.Background(), c, b, Opties{Versie: "proef", Logger: slog.New(slog.NewTextHandler(g.log, nil)), stil: true}); err != nil {
		t.Fatal(err)
	}
	g.checkpoints.Nu = func() time.Time { return g.proef.nu }
	g.aanbieder.Nu = g.checkpoints.Nu
	g.h = httptest.NewServer(g.Handler())
	g.url = g.h.URL
	opruimen.Na(t, g.stop)
	return g
}

func (g *getuigd) stop() {
	g.h.Close()
	if err := g.Close(); err != nil {
		g.t.Error(err)
	}
}

// uur logs some records and makes and offers the next public checkpoint.
func (g *getuigd) uur(records int) {
	g.t.Helper()
	for range records {
		g.proef.log("leverancier", "normaal")
	}
	g.teken(time.Hour)
	g.bied()
}

func (g *getuigd) bied() {
	g.aanbieder.Bied(context.Background())
	g.aanbieder.Wacht()
}

// mede are the cosignatures that are shown under the public checkpoint.
func (g *getuigd) mede(pad string, sleutels ...*getuige.Sleutel) int {
	g.t.Helper()
	_, b := g.want("", "/bewijs/"+oinBewijs+pad+"/checkpoint", http.StatusOK)
	_, regels, _ := bytes.Cut(b, []byte("\n\n"))
	l, err := getuige.Lees(b, regels, sleutels...)
	if err != nil {
		return 0
	}
	return len(l)
}

func (g *getuigd) sleutels(pad string) string {
	_, b := g.want("", "/bewijs/"+oinBewijs+pad+"/sleutel", http.StatusOK)
	return string(b)
}

// buur is a witness. It has its key before it knows what it watches.
type buur struct {
	*getuige.Getuige
	o       *getuige.Ondertekenaar
	kaart   *getuige.Map
	url     string
	weg     bool // it answers nothing
	handler http.Handler
}

func startBuur(t *testing.T, naam string) *buur {
	t.Helper()
	dir := t.TempDir()
	b := &buur{}
	var err error
	if b.o, b.kaart, err = getuige.Open(naam, filepath.Join(dir, "getuige.key"), filepath.Join(dir, "gezien")); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.weg {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		b.handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { s.Close(); b.kaart.Close() })
	b.url = s.URL
	return b
}

func (b *buur) regel() string { return b.url + " " + b.o.Publiek() }

// bewaakt has the witness watch both trees of a register.
func (b *buur) bewaakt(g *getuigd) {
	g.t.Helper()
	var logs []getuige.Log
	for _, pad := range []string{"", "/beheer"} {
		keys, err := bewijs.ParseSleutels(g.sleutels(pad))
		if err != nil {
			g.t.Fatal(err)
		}
		logs = append(logs, getuige.Log{Origin: keys[0].Name(), Sleutels: keys})
	}
	var err error
	if b.Getuige, err = getuige.New(b.o, logs, b.kaart, time.Now); err != nil {
		g.t.Fatal(err)
	}
	b.handler = dienst.Handler(b.Getuige, "", slog.New(slog.DiscardHandler))
}

func kopieer(t *testing.T, van, naar string, behalve ...string) {
	t.Helper()
	err := filepath.WalkDir(van, func(pad string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(van, pad)
		for _, b := range behalve {
			if strings.HasPrefix(d.Name(), b) {
				return nil
			}
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(naar, rel), 0o700)
		}
		inhoud, err := os.ReadFile(pad)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(naar, rel), inhoud, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPublicCheckpointsAreCosignedAndShownSo(t *testing.T) {
	t.Parallel()
	dir, nu := t.TempDir(), time.Now()
	een, twee := startBuur(t, "een.example"), startBuur(t, "twee.example")
	g := startGetuigd(t, dir, nu, een.regel()+" Buurstad,"+twee.regel())
	een.bewaakt(g)
	twee.bewaakt(g)
	for uur, records := range []int{0, 3, 0, 300} {
		g.uur(records)
		for _, pad := range []string{"", "/beheer"} {
			if n := g.mede(pad, een.Sleutel, twee.Sleutel); n != 2 {
				t.Errorf("hour %d: %d cosignatures stand under %s/checkpoint", uur, n, pad)
			}
		}
	}
	if l := een.Logs(); l[0].Grootte != 303 {
		t.Errorf("the witness saw %+v", l)
	}
	if tekst := g.log.String(); strings.Contains(tekst, "witness") || strings.Contains(tekst, "WITNESS") {
		t.Errorf("something is told:\n%s", tekst)
	}
	// Who knows nothing of witnesses reads the checkpoint as before.
	_, b := g.want("", "/bewijs/"+oinBewijs+"/checkpoint", http.StatusOK)
	keys, err := bewijs.ParseSleutels(g.sleutels(""))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := bewijs.OpenCheckpoint(b, hostGetuigd+"/bewijs/"+oinBewijs, keys...); err != nil || c.Grootte != 303 {
		t.Errorf("%+v, %v", c, err)
	}
	g.log.b.Reset()
	_, m := g.want("", "/metrics", http.StatusOK)
	for _, want := range []string{`verantwoord_getuige_tegenspraak{getuige="2"} 0`, `verantwoord_getuige_moment_seconden{getuige="1"} 1`} {
		if !strings.Contains(string(m), want) {
			t.Errorf("the figures do not tell %s", want)
		}
	}
	if strings.Contains(string(m), "127.0.0.1") || strings.Contains(string(m), oinBewijs) {
		t.Error("the figures name an organisation or an address")
	}
}

func TestAWitnessThatIsAwayDelaysNothing(t *testing.T) {
	t.Parallel()
	dir, nu := t.TempDir(), time.Now()
	er, weg := startBuur(t, "er.example"), startBuur(t, "weg.example")
	weg.weg = true
	// A third takes the request and never answers.
	vast := make(chan struct{})
	hangt := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-vast
	}))
	defer hangt.Close()
	hangend := startBuur(t, "hangt.example")
	g := startGetuigd(t, dir, nu, er.regel()+","+weg.regel()+","+hangt.URL+" "+hangend.o.Publiek())
	er.bewaakt(g)
	weg.bewaakt(g)
	g.proef.log("leverancier", "normaal")
	g.teken(time.Hour)
	g.aanbieder.Bied(context.Background())
	for g.mede("", er.Sleutel) == 0 || !strings.Contains(g.log.String(), "weg.example") {
		time.Sleep(5 * time.Millisecond) // the hanging one is still under way
	}
	g.proef.log("leverancier", "normaal")
	close(vast)
	g.aanbieder.Wacht()
	if n := g.mede("", weg.Sleutel); n != 0 {
		t.Fatal("a witness that is away cosigned")
	}
	// It comes back: at the next attempt it is asked again, and not before.
	weg.weg = false
	g.bied()
	if n := g.mede("", weg.Sleutel); n != 0 {
		t.Error("it was asked without a pause")
	}
	g.proef.nu = g.proef.nu.Add(31 * time.Second)
	g.bied()
	if n := g.mede("", er.Sleutel, weg.Sleutel); n != 2 {
		t.Errorf("after it came back %d cosigned", n)
	}
}

func (g *getuigd) wantTegenspraak(t *testing.T, want string) {
	t.Helper()
	tekst := g.log.String()
	if !strings.Contains(tekst, "level=ERROR msg=\"WITNESS CONTRADICTS THE LOG\"") || !strings.Contains(tekst, want) {
		t.Errorf("it does not tell %q:\n%s", want, tekst)
	}
	_, m := g.want("", "/metrics", http.StatusOK)
	if !regexp.MustCompile(`verantwoord_getuige_tegenspraak\{getuige="1"\} [12]\n`).Match(m) {
		t.Error("the figures do not tell it")
	}
}

func TestTwoViewsOfOneLogAreFoundByAWitness(t *testing.T) {
	t.Parallel()
	for naam, s := range map[string]struct {
		records int
		want    string
		soort   string
	}{
		"of the same size": {5, "another root of 5 leaves", getuige.Tegenspraak},
		"larger":           {9, "another root of 5 leaves", getuige.Onbewezen},
		"smaller":          {3, "it saw 5 leaves, and there are 3", ""},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			dir, kopie, nu := t.TempDir(), t.TempDir(), time.Now()
			b := startBuur(t, "buur.example")
			een := startGetuigd(t, dir, nu, b.regel())
			b.bewaakt(een)
			kopieer(t, filepath.Join(dir, "sleutels"), filepath.Join(kopie, "sleutels"), "checkpoint-")
			een.uur(5)
			if een.mede("", b.Sleutel) != 1 {
				t.Fatal("the first view is not cosigned")
			}
			// Another register with the same key and the same name, and other records.
			twee := startGetuigd(t, kopie, nu, b.regel())
			twee.uur(s.records)
			if twee.mede("", b.Sleutel) != 0 {
				t.Error("the other view is cosigned as well")
			}
			twee.wantTegenspraak(t, s.want)
			if s.soort != "" {
				if l, err := b.kaart.Bewaard(hostGetuigd+"/bewijs/"+oinBewijs, s.soort); err != nil || len(l) != 1 {
					t.Errorf("the witness keeps %v, %v", l, err)
				}
			}
			// The first goes on, and the other one too: nothing of a witness stops a register.
			een.uur(2)
			if een.mede("", b.Sleutel) != 1 || strings.Contains(een.log.String(), "WITNESS") {
				t.Error("the first view is not cosigned any more")
			}
			twee.proef.log("leverancier", "normaal")
		})
	}
}

func TestAStoreThatWasPutBackIsToldByAWitness(t *testing.T) {
	t.Parallel()
	dir, nu := t.TempDir(), time.Now()
	b := startBuur(t, "buur.example")
	g := startGetuigd(t, dir, nu, b.regel())
	b.bewaakt(g)
	g.uur(4)
	g.stop()
	oud := t.TempDir()
	kopieer(t, dir, oud, "checkpoint-", "slot") // what is remembered beside the keys is put back too
	g = startGetuigd(t, dir, g.proef.nu, b.regel())
	g.uur(4)
	if g.mede("", b.Sleutel) != 1 || b.Logs()[0].Grootte != 8 {
		t.Fatalf("the witness saw %+v", b.Logs())
	}
	g.stop()
	terug := startGetuigd(t, oud, g.proef.nu, b.regel())
	terug.uur(1)
	terug.wantTegenspraak(t, "it saw 8 leaves, and there are 5")
	terug.log.b.Reset()
	terug.uur(6) // also when it grew past that
	terug.wantTegenspraak(t, "another root of 8 leaves")
	terug.proef.log("leverancier", "normaal")
}

// Whoever changes a cosignature in the store spoils no checkpoint with it.
func TestACosignatureThatDoesNotHoldIsNotShown(t *testing.T) {
	t.Parallel()
	dir, nu := t.TempDir(), time.Now()
	b := startBuur(t, "buur.example")
	g := startGetuigd(t, dir, nu, b.regel())
	b.bewaakt(g)
	g.teken(time.Hour)
	w, err := g.checkpoints.Punt(context.Background(), oinBewijs, bewijs.BoomLog, true)
	if err != nil {
		t.Fatal(err)
	}
	tekst, _, _ := strings.Cut(string(w.Tekst), "\n\n")
	m := b.Onderteken(tekst+"\n", time.Now())
	m.Regel[len(m.Regel)-10] ^= 3
	if err := g.aanbieder.Opslag.VoegMede(context.Background(), oinBewijs, bewijs.BoomLog, w.Nr, &m); err != nil {
		t.Fatal(err)
	}
	_, body := g.want("", "/bewijs/"+oinBewijs+"/checkpoint", http.StatusOK)
	if n, err := note.Open(body, note.VerifierList(b.Sleutel)); err == nil || strings.Contains(string(body), "buur.example") {
		t.Errorf("it is shown: %+v", n)
	}
	if !strings.Contains(g.log.String(), "does not hold; verify the store") {
		t.Error("nothing is told")
	}
}

func TestAWitnessWithAKeyThatCannotBeReadIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	omgeving := map[string]string{"VERANTWOORD_STORE": "sqlite:" + t.TempDir() + "/store", "VERANTWOORD_SLEUTELS": t.TempDir(), "VERANTWOORD_ORGANISATIES_" + oinBewijs + "_GETUIGEN": "https://g.example g+00000000+BA=="}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, []string{"VERANTWOORD_STORE=", "VERANTWOORD_SLEUTELS=", "VERANTWOORD_ORGANISATIES_" + oinBewijs + "_GETUIGEN="})
	if err != nil {
		t.Fatal(err)
	}
	b, err := autorisatie.Parse(strings.NewReader("organisaties: [{oin: \""+oinBewijs+"\", naam: Voorbeeldstad}]\napplicaties: []\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Open(context.Background(), c, b, Opties{}); err == nil || !strings.Contains(err.Error(), "de sleutel van getuige 1 is niet te lezen") {
		t.Errorf("%v, %v", s, err)
	}
}

// A witness that looks by itself needs nothing of the register: it finds another view that is never offered to it.
func TestAWitnessThatLooksByItselfFindsAnotherView(t *testing.T) {
	t.Parallel()
	dir, kopie, nu := t.TempDir(), t.TempDir(), time.Now()
	b := startBuur(t, "buur.example")
	een := startGetuigd(t, dir, nu, "")
	b.bewaakt(een)
	kopieer(t, filepath.Join(dir, "sleutels"), filepath.Join(kopie, "sleutels"), "checkpoint-")
	twee := startGetuigd(t, kopie, nu, "")
	origin, log := hostGetuigd+"/bewijs/"+oinBewijs, &logtekst{}
	volg := func(g *getuigd) *dienst.Volger {
		return dienst.NewVolger(b.Getuige, map[string]string{origin: g.url + "/bewijs/" + oinBewijs}, slog.New(slog.NewTextHandler(log, nil)))
	}
	v := volg(een)
	for _, records := range []int{0, 3, 4} {
		een.uur(records)
		v.Kijk(context.Background())
		v.Kijk(context.Background())
	}
	if l := b.Logs()[0]; l.Grootte != 7 || log.String() != "" {
		t.Fatalf("it saw %+v and told %s", l, log)
	}
	v = volg(twee)
	for _, s := range []struct {
		records int
		want    string
	}{{6, "has 7 leaves"}, {1, "another root before"}, {2, "proof does not hold"}} {
		twee.uur(s.records)
		v.Kijk(context.Background())
		if !strings.Contains(log.String(), s.want) {
			t.Errorf("it does not tell %q: %s", s.want, log)
		}
	}
	if strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("another view is told as something small: %s", log)
	}
	een.uur(1)
	volg(een).Kijk(context.Background())
	if l := b.Logs()[0]; l.Grootte != 8 {
		t.Errorf("of the first view it saw %+v", l)
	}
}
