package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/post"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// sleutelproef is a directory of keys and a store, and a clock that the test moves; nodes run on them.
type sleutelproef struct {
	*testing.T
	store, sleutels string
	mail            *bus
	vooruit         atomic.Int64
}

func newSleutelproef(t *testing.T, store string) *sleutelproef {
	return &sleutelproef{T: t, store: store, sleutels: t.TempDir(), mail: &bus{}}
}

func (p *sleutelproef) nu() time.Time { return time.Now().Add(time.Duration(p.vooruit.Load())) }

func (p *sleutelproef) later(d time.Duration) { p.vooruit.Add(int64(d)) }

func (p *sleutelproef) config(sleutels string) *config.Config {
	p.Helper()
	omgeving := map[string]string{"VERANTWOORD_STORE": p.store, "VERANTWOORD_SLEUTELS": sleutels, "VERANTWOORD_URL": "http://127.0.0.1:8080"}
	var namen []string
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// knoop is a register on a real socket; its own background work on keys and checkpoints is done when the test says so.
type knoop struct {
	*Server
	p     *sleutelproef
	url   string
	close func()
}

func (p *sleutelproef) knoop(sleutels string) *knoop {
	p.Helper()
	b, err := autorisatie.Parse(strings.NewReader(fmt.Sprintf(
		"organisaties: [{oin: %q, naam: Voorbeeldstad}]\napplicaties:\n  - {clientIds: [app], geheim: %q, label: App, organisatie: %q, oins: [%q], autorisaties: [{component: verwerkingenlogging-bewerking, scopes: ['create:normal', 'read:normal', 'update:normal', 'audit:read']}]}\n",
		oinBewijs, geheimBewijs, oinBewijs, oinBewijs)), "")
	if err != nil {
		p.Fatal(err)
	}
	s, err := Open(context.Background(), p.config(sleutels), b, Opties{Versie: "proef", Nu: p.nu, Relays: []post.Relay{p.mail}, stil: true, Logger: slog.New(slog.NewTextHandler(p.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		p.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	k := &knoop{Server: s, p: p, url: h.URL}
	done := false
	k.close = func() {
		if done {
			return
		}
		done = true
		h.Close()
		k.af()
		if err := s.Close(); err != nil {
			p.Error(err)
		}
	}
	opruimen.Na(p, k.close)
	return k
}

// af gives back the leases that this node has, as its background work does when it ends.
func (k *knoop) af() {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	k.maker.Run(ctx)
	k.sleutelwerk.werk.Run(ctx)
}

// kijk does what the background does: look for keys, and then the work that one node does.
func (k *knoop) kijk() {
	k.kijkSleutels(context.Background())
	k.sleutelwerk.werk.Doe(context.Background())
	k.kijkSleutels(context.Background())
}

func (k *knoop) do(methode, pad, body string) (int, string) {
	k.p.Helper()
	r, err := http.NewRequest(methode, k.url+pad, strings.NewReader(body))
	if err != nil {
		k.p.Fatal(err)
	}
	token, err := autorisatie.Sign("app", []byte(geheimBewijs), autorisatie.Claims{}, k.p.nu())
	if err != nil {
		k.p.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		k.p.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		k.p.Fatal(err)
	}
	return res.StatusCode, string(b)
}

const acties = "/bewerking/api/v1/verwerkingsacties"

// leg logs a record of one person, and gives its id.
func (k *knoop) leg(naam string) string {
	k.p.Helper()
	status, b := k.do("POST", acties, fmt.Sprintf(`{"actieNaam":%q,"tijdstip":"2026-03-01T12:00:00+01:00","vertrouwelijkheid":"normaal",
		"verwerkteObjecten":[{"objecttype":"persoon","soortObjectId":"BSN","objectId":"5649587","betrokkenheid":"Aanvrager","verwerkteSoortenGegevens":[]}]}`, naam))
	var m struct{ ActieID string }
	if err := json.Unmarshal([]byte(b), &m); err != nil || status != http.StatusCreated {
		k.p.Fatalf("status %d: %s", status, b)
	}
	return m.ActieID
}

// vindt asserts that a search for the person shows these records, each once.
func (k *knoop) vindt(ids ...string) {
	k.p.Helper()
	status, b := k.do("POST", acties+"/_zoek", `{"objecttype":"persoon","soortObjectId":"BSN","objectId":"5649587","vertrouwelijkheid":["normaal"]}`)
	if status != http.StatusOK {
		k.p.Fatalf("search: status %d: %s", status, b)
	}
	for _, id := range ids {
		if n := strings.Count(b, `"actieId":"`+id+`"`); n != 1 {
			k.p.Errorf("%s is shown %d times in %.300s", id, n, b)
		}
	}
}

func (p *sleutelproef) nieuw(soorten ...string) {
	p.Helper()
	for _, soort := range soorten {
		if _, err := betrokkene.Nieuw(p.sleutels, oinBewijs, soort); err != nil {
			p.Fatal(err)
		}
	}
}

// schrijft asserts with which keys a node writes.
func (k *knoop) schrijft(handle, zegel, teken uint16) {
	k.p.Helper()
	s, _ := k.sleutels.Organisatie(oinBewijs)
	if g := s.Gebruik(); g["handle"] != handle || g["zegel"] != zegel || g["teken"] != teken {
		k.p.Fatalf("it writes with %v", g)
	}
}

// gebeurd asserts that the beheerlog tells of keys, once.
func (k *knoop) gebeurd(wat string, keer int) {
	k.p.Helper()
	l, err := k.beheerlog.Van(context.Background(), oinBewijs, beheerlog.Sleutel, beheerlog.Vanaf, 100)
	if err != nil {
		k.p.Fatal(err)
	}
	n := 0
	for _, r := range l {
		if strings.Contains(r.Wat, wat) {
			n++
		}
	}
	if n != keer {
		k.p.Errorf("the beheerlog tells %d times of %q, want %d", n, wat, keer)
	}
}

func (k *knoop) ondertekenaars() int {
	k.p.Helper()
	k.maker.Teken(context.Background())
	c, err := k.checkpoints.Punt(context.Background(), oinBewijs, bewijs.BoomLog, false)
	if err != nil {
		k.p.Fatal(err)
	}
	return strings.Count(string(c.Tekst), "\n— ")
}

func TestEachKindOfKeyIsReplacedWhileServing(t *testing.T) {
	t.Parallel()
	opElkeOpslag(t, func(t *testing.T, store string) {
		p := newSleutelproef(t, store)
		k := p.knoop(p.sleutels)
		eerst := k.leg("Eerst")
		if n := k.ondertekenaars(); n != 1 {
			t.Errorf("%d signatures before a new key", n)
		}

		p.nieuw(betrokkene.Soorten...)
		k.kijk()
		k.schrijft(1, 1, 1)
		k.gebeurd("handle-2, teken-2, zegel-2", 1)
		wachtend := k.leg("Wachtend")
		if n := k.ondertekenaars(); n != 1 {
			t.Errorf("%d signatures while the new key waits", n)
		}
		if status, b := k.do("GET", "/bewijs/"+oinBewijs+"/sleutel", ""); status != 200 || strings.Count(b, "\n") != 2 {
			t.Errorf("the public key page while it waits: %d %s", status, b)
		}

		p.later(betrokkene.Wachttijd)
		k.kijk()
		k.schrijft(2, 2, 2)
		k.gebeurd("handle-2 in gebruik, teken-2 in gebruik, zegel-2 in gebruik", 1)
		daarna := k.leg("Daarna")
		k.vindt(eerst, wachtend, daarna)
		if n := k.ondertekenaars(); n != 2 {
			t.Errorf("%d signatures after it came in use", n)
		}
		rij, err := k.store.Latest(context.Background(), oinBewijs, mustUUID(t, daarna))
		if err != nil {
			t.Fatal(err)
		}
		if s, _ := k.sleutels.Organisatie(oinBewijs); !s.Nieuwste(rij.Inhoud) {
			t.Error("the record is not sealed with the new key")
		}
		// A change of what was written before, and a list that goes on.
		_, b := k.do("GET", acties+"/"+eerst, "")
		if status, b := k.do("PUT", acties+"/"+eerst, strings.Replace(b, `"Eerst"`, `"Anders"`, 1)); status != 200 {
			t.Errorf("change: %d %.300s", status, b)
		}
		k.vindt(eerst, wachtend, daarna)

		k.close()
		k = p.knoop(p.sleutels)
		k.kijk()
		k.schrijft(2, 2, 2)
		k.gebeurd("-2 in gebruik", 1)
		k.vindt(eerst, wachtend, daarna)
		if n := k.ondertekenaars(); n != 2 {
			t.Errorf("%d signatures after a start", n)
		}
		p.later(31 * 24 * time.Hour)
		k.leg("Later")
		if n := k.ondertekenaars(); n != 1 {
			t.Errorf("%d signatures after the overlap", n)
		}
	})
}

func TestNoNodeWritesWithAKeyThatAnotherDoesNotHave(t *testing.T) {
	t.Parallel()
	p := newSleutelproef(t, postgrestest.Database(t))
	een, ander := p.knoop(p.sleutels), p.knoop(p.sleutels)
	eerst := een.leg("Eerst")
	p.nieuw(betrokkene.SoortHandle, betrokkene.SoortZegel)
	een.kijk()
	een.schrijft(1, 1, 1)
	ander.vindt(eerst)
	ander.kijk()
	ander.schrijft(1, 1, 1)
	p.later(betrokkene.Wachttijd)
	een.kijk()
	een.schrijft(2, 2, 1)
	ander.schrijft(1, 1, 1) // it has not looked since, and searches with the new key already
	nieuw, oud := een.leg("Nieuw"), ander.leg("Oud")
	for _, k := range []*knoop{een, ander} {
		k.vindt(eerst, nieuw, oud)
	}
	ander.kijk()
	ander.schrijft(2, 2, 1)
	for _, k := range []*knoop{een, ander} {
		k.vindt(eerst, nieuw, oud)
		k.gebeurd("handle-2, zegel-2", 1)
		k.gebeurd("-2 in gebruik", 1)
	}
}

func TestANodeWithoutAKeyThatTheStoreKnowsAcceptsNothingUntilItIsThere(t *testing.T) {
	t.Parallel()
	p := newSleutelproef(t, postgrestest.Database(t))
	een := p.knoop(p.sleutels)
	apart := t.TempDir() // of the other node, with the same keys
	if err := os.CopyFS(apart, os.DirFS(p.sleutels)); err != nil {
		t.Fatal(err)
	}
	alleenEigenaar(t, apart)
	ander := p.knoop(apart)
	p.nieuw(betrokkene.SoortZegel)
	een.kijk()
	ander.kijk()
	ander.gereed(http.StatusOK, "ok") // nobody writes with it so soon
	ander.leg("Nog")
	p.later(betrokkene.Wachttijd/2 + time.Second)
	ander.kijk()
	ander.gereed(http.StatusServiceUnavailable, "sleutels kloppen niet")
	status, b := ander.do("POST", acties, `{"actieNaam":"Niet","tijdstip":"2026-03-01T12:00:00+01:00","vertrouwelijkheid":"normaal","verwerkteObjecten":[{"objecttype":"persoon","soortObjectId":"BSN","objectId":"5649587","betrokkenheid":"Aanvrager","verwerkteSoortenGegevens":[]}]}`)
	if status != http.StatusServiceUnavailable || strings.Contains(b, "zegel") {
		t.Errorf("a record is answered with %d %s", status, b)
	}
	if stand, err := hersleuteling.Lees(apart, oinBewijs); err != nil || stand == nil || !strings.Contains(stand.Gebrek, "zegel-2.key ontbreekt") {
		t.Errorf("beside the keys stands %+v, %v", stand, err)
	}
	een.leg("Wel")

	bron := filepath.Join(p.sleutels, oinBewijs, "zegel-2.key")
	tekst, err := os.ReadFile(bron)
	if err == nil {
		err = os.WriteFile(filepath.Join(apart, oinBewijs, "zegel-2.key"), tekst, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	ander.kijk()
	ander.gereed(http.StatusOK, "ok")
	ander.leg("Weer")
}

func TestALostOrForeignKeyStopsIntakeUntilItIsMended(t *testing.T) {
	t.Parallel()
	p := newSleutelproef(t, "sqlite:"+t.TempDir()+"/store")
	k := p.knoop(p.sleutels)
	id := k.leg("Eerst")
	pad := filepath.Join(p.sleutels, oinBewijs, "handle-1.key")
	goed, err := os.ReadFile(pad)
	if err != nil {
		t.Fatal(err)
	}
	for naam, breek := range map[string]func() error{
		"lost":     func() error { return os.Remove(pad) },
		"foreign":  func() error { return os.WriteFile(pad, []byte(strings.Repeat("ab", 32)+"\n"), 0o600) },
		"cut off":  func() error { return os.WriteFile(pad, goed[:40], 0o600) },
		"readable": func() error { return os.Chmod(pad, 0o644) },
	} {
		if err := breek(); err != nil {
			t.Fatal(err)
		}
		k.kijk()
		k.gereed(http.StatusServiceUnavailable, "sleutels kloppen niet")
		if status, b := k.do("POST", acties+"/_zoek", `{"objecttype":"persoon","soortObjectId":"BSN","objectId":"5649587","vertrouwelijkheid":["normaal"]}`); status != http.StatusServiceUnavailable {
			t.Errorf("%s: a search, which is logged, is answered with %d %.300s", naam, status, b)
		}
		if err := os.WriteFile(pad, goed, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(pad, 0o600); err != nil {
			t.Fatal(err)
		}
		k.kijk()
		k.gereed(http.StatusOK, "ok")
		k.vindt(id)
	}
	// A new file that is no good yet is somebody's copy under way.
	half := filepath.Join(p.sleutels, oinBewijs, "handle-2.key")
	if err := os.WriteFile(half, goed[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	k.kijk()
	k.gereed(http.StatusOK, "ok")
	k.schrijft(1, 1, 1)
}

func (k *knoop) gereed(status int, woord string) {
	k.p.Helper()
	got, b := k.do("GET", "/healthz/ready", "")
	if got != status || strings.TrimSpace(b) != woord {
		k.p.Errorf("ready: %d %q, want %d %q", got, b, status, woord)
	}
}

// alleenEigenaar gives a copied directory of keys the rights that it must have.
func alleenEigenaar(t *testing.T, dir string) {
	t.Helper()
	err := filepath.Walk(dir, func(pad string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		return os.Chmod(pad, 0o600)
	})
	if err == nil {
		err = os.Chmod(filepath.Join(dir, oinBewijs), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func mustUUID(t *testing.T, s string) uuid.UUID {
	t.Helper()
	id, err := uuid.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
