package smtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/post"
	storepost "github.com/verantwoord/verantwoord/internal/store/post"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// These tests are of the whole of mail: rows in a real store, a Bezorger, and real servers.

const oin = "00000099000000010000"

var bg = context.Background()

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// opstelling is a store with keys, and a clock that stands still but for what it is moved by hand.
type opstelling struct {
	t        *testing.T
	opslag   []post.Opslag // of two processes
	sleutels func(string) (*betrokkene.Sleutels, bool)
	begin    time.Time
	vooruit  atomic.Int64 // that the clock is ahead of begin

	mu     sync.Mutex
	gemeld []string
}

func op(t *testing.T, postgresql bool) *opstelling {
	t.Helper()
	o := &opstelling{t: t, begin: time.Now().Truncate(time.Microsecond)}
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{oin}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	bos, err := betrokkene.Open(bg, t.TempDir(), []string{oin}, s)
	if err != nil {
		t.Fatal(err)
	}
	o.sleutels = bos.Organisatie
	o.opslag = []post.Opslag{storepost.New(s), storepost.New(s)}
	if postgresql {
		url := postgrestest.Database(t)
		for i := range o.opslag {
			p, err := postgres.Open(bg, url, postgres.Opties{Organisaties: []string{oin}, Geduld: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			opruimen.Na(t, func() { p.Close() })
			o.opslag[i] = storepost.New(p)
		}
	}
	return o
}

func (o *opstelling) nu() time.Time { return o.begin.Add(time.Duration(o.vooruit.Load())) }

// start runs a Bezorger until the test ends or the given function is called.
func (o *opstelling) start(proces int, relays ...post.Relay) (*post.Bezorger, func()) {
	o.t.Helper()
	b := post.NewBezorger(post.Opties{
		Opslag: o.opslag[proces], Sleutels: o.sleutels, Relays: relays, Nu: o.nu, PerRelay: 30 * time.Second, Elke: 20 * time.Millisecond,
		Meld: func(err error) {
			quotesNothing(o.t, err)
			o.mu.Lock()
			defer o.mu.Unlock()
			o.gemeld = append(o.gemeld, err.Error())
		},
	})
	ctx, stop := context.WithCancel(bg)
	klaar := make(chan struct{})
	go func() {
		defer close(klaar)
		if err := b.Run(ctx); err != nil {
			o.t.Error(err)
		}
	}()
	einde := sync.OnceFunc(func() { stop(); <-klaar })
	o.t.Cleanup(einde)
	return b, einde
}

// queue adds a code, which is a message like those of the sign-in.
func (o *opstelling) queue(n int) {
	o.t.Helper()
	s, _ := o.sleutels(oin)
	for i := range n {
		r, err := post.Verzegel(s, oin, o.nu(), post.Bericht{Soort: post.Code, Aan: aan, Onderwerp: "Uw code om aan te melden", Tekst: "Uw code is " + fmt.Sprintf("%08d", i) + ".\n\nDe code is 10 minuten geldig.\n"})
		if err != nil {
			o.t.Fatal(err)
		}
		if err := o.opslag[0].Add(bg, r); err != nil {
			o.t.Fatal(err)
		}
	}
}

// standen waits until what is counted by state is as wanted, and gives the messages.
func (o *opstelling) standen(b *post.Bezorger, want map[post.Stand]int) []*post.Zending {
	o.t.Helper()
	var l []*post.Zending
	got := map[post.Stand]int{}
	for einde := time.Now().Add(90 * time.Second); time.Now().Before(einde); time.Sleep(20 * time.Millisecond) {
		var err error
		if l, err = b.Lijst(bg, oin, 500); err != nil {
			o.t.Fatal(err)
		}
		clear(got)
		for _, z := range l {
			got[z.Stand]++
		}
		if fmt.Sprint(got) == fmt.Sprint(want) {
			return l
		}
	}
	o.t.Fatalf("%v, want %v", got, want)
	return nil
}

func TestACodeLeavesAtOnceAndIsGoneFromTheStore(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	b, _ := o.start(0, relay(t, s, nil))
	o.queue(1)
	b.Wek()
	l := o.standen(b, map[post.Stand]int{post.Bezorgd: 1})
	if z := l[0]; z.Relay != "relay 1" || z.Pogingen != 1 || z.Aan != aan || z.Tekst != "" || z.Klaar.IsZero() || z.Reden != "" {
		t.Errorf("%+v", z)
	}
	sl, _ := o.sleutels(oin)
	rijen, err := o.opslag[0].List(bg, oin, 5)
	if err != nil || len(rijen) != 1 {
		t.Fatal(rijen, err)
	}
	if z, err := post.Ontzegel(sl, rijen[0]); err != nil || z.Tekst != "" || z.Onderwerp != "" {
		t.Errorf("the code is still there: %+v, %v", z, err)
	}
	if err := b.Gezond(bg); err != nil {
		t.Error(err)
	}
}

func TestTheSecondRelayTakesOverAndTheFirstComesBack(t *testing.T) {
	t.Parallel()
	for naam, stuk := range map[string]gedrag{
		"hangs":                {hang: "RCPT"},
		"drops in the middle":  {breek: "DATA"},
		"greylists":            {antwoord: map[string]string{"RCPT": "451 4.7.1 later"}},
		"does not let it in":   {antwoord: map[string]string{"BEGROET": "554 no"}},
		"refuses this address": {antwoord: map[string]string{"RCPT": "550 5.1.1 no"}},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := op(t, false)
			een, twee := serve(t, stuk), serve(t, gedrag{})
			eerste := &ongeduldig{Relay: relay(t, een, nil)}
			eerste.kort.Store(stuk.hang != "")
			b, _ := o.start(0, eerste, relay(t, twee, func(opt *Opties) { opt.Naam = "relay 2" }))
			o.queue(3)
			for _, z := range o.standen(b, map[post.Stand]int{post.Bezorgd: 3}) {
				if z.Relay != "relay 2" {
					t.Errorf("taken over by %q", z.Relay)
				}
			}
			if err := b.Gezond(bg); err != nil {
				t.Errorf("with one that works: %v", err)
			}
			een.doe(gedrag{})
			eerste.kort.Store(false)
			o.vooruit.Add(int64(2 * time.Minute))
			o.queue(1)
			o.standen(b, map[post.Stand]int{post.Bezorgd: 4})
			if n := len(een.berichten()); n != 1 {
				t.Errorf("the first took over %d once it worked", n)
			}
			for _, r := range b.Relays() {
				if r.Fout != nil || r.Gebruik.IsZero() {
					t.Errorf("%+v", r)
				}
			}
		})
	}
}

// ongeduldig is a relay that may be waited for a second only, so that one that never answers costs a test no more, and one that
// does has its whole time.
type ongeduldig struct {
	post.Relay
	kort atomic.Bool
}

func (r *ongeduldig) Send(ctx context.Context, b post.Brief) error {
	if !r.kort.Load() {
		return r.Relay.Send(ctx, b)
	}
	ctx, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	return r.Relay.Send(ctx, b)
}

func TestASilentRelayCostsNoMoreMessagesTheirTimeThanWereUnderWay(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	een, twee := serve(t, gedrag{stilteBegroet: true}), serve(t, gedrag{})
	stil := &ongeduldig{Relay: relay(t, een, nil)}
	stil.kort.Store(true)
	b, _ := o.start(0, stil, relay(t, twee, nil))
	o.queue(4)
	o.standen(b, map[post.Stand]int{post.Bezorgd: 4})
	een.mu.Lock()
	eerder := een.sessies
	een.mu.Unlock()
	o.queue(20)
	o.standen(b, map[post.Stand]int{post.Bezorgd: 24})
	o.vooruit.Add(int64(2 * time.Minute))
	o.queue(8)
	o.standen(b, map[post.Stand]int{post.Bezorgd: 32})
	een.mu.Lock()
	defer een.mu.Unlock()
	if eerder == 0 || een.sessies != eerder+1 { // the one that looks whether it is back
		t.Errorf("%d messages tried it first, and then %d", eerder, een.sessies-eerder)
	}
}

func TestAMessageThatEveryRelayRefusesForGoodFailsAtOnce(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	weg := gedrag{antwoord: map[string]string{"RCPT": "550 5.1.1 no such user " + aan}}
	b, _ := o.start(0, relay(t, serve(t, weg), nil), relay(t, serve(t, weg), nil))
	o.queue(1)
	z := o.standen(b, map[post.Stand]int{post.Mislukt: 1})[0]
	if z.Pogingen != 1 || !strings.Contains(z.Reden, "550") || strings.Contains(z.Reden, "@") {
		t.Errorf("%+v", z)
	}
}

func TestAMessageIsTriedAgainLaterAndLaterAndThenGivenUp(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{antwoord: map[string]string{"RCPT": "451 4.7.1 greylisted"}})
	o.queue(1)
	l, err := o.opslag[1].List(bg, oin, 5)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := o.start(0, relay(t, s, nil)) // after what stands there before the first attempt was read
	sleutels, _ := o.sleutels(oin)
	var pauzes []time.Duration
	for vorige := l[0].Verzegeld; ; {
		for einde := time.Now().Add(time.Minute); bytes.Equal(vorige, l[0].Verzegeld); time.Sleep(10 * time.Millisecond) {
			if l, err = o.opslag[1].List(bg, oin, 5); err != nil || time.Now().After(einde) {
				t.Fatalf("attempt %d was not noted: %v", len(pauzes)+1, err)
			}
		}
		vorige = l[0].Verzegeld
		z, err := post.Ontzegel(sleutels, l[0])
		if err != nil {
			t.Fatal(err)
		}
		if z.Stand == post.Mislukt {
			break
		}
		d := z.Volgende.Sub(o.nu())
		pauzes = append(pauzes, d)
		o.vooruit.Add(int64(d + time.Millisecond))
	}
	want := []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second}
	if len(pauzes) != 7 || !slices.Equal(pauzes[:6], want) || pauzes[6] > 5*time.Minute {
		t.Errorf("waited %v, want %v and then until just before it is of no use", pauzes, want)
	}
	if n := len(s.berichten()); n != 0 {
		t.Errorf("%d taken over", n)
	}
	if err := b.Gezond(bg); err != nil {
		t.Errorf("a refusal is no relay that does not work: %v", err)
	}
}

func TestACodeThatCameTooLateIsNotSent(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	o.queue(1)
	o.vooruit.Store(int64(11 * time.Minute))
	b, _ := o.start(0, relay(t, s, nil))
	z := o.standen(b, map[post.Stand]int{post.Mislukt: 1})[0]
	if len(s.berichten()) != 0 || z.Reden == "" {
		t.Errorf("%+v, %d sent", z, len(s.berichten()))
	}
}

func TestTwoProcessesNeverDeliverOneMessageTwice(t *testing.T) {
	t.Parallel()
	for naam, postgresql := range map[string]bool{"SQLite": false, "PostgreSQL": true} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := op(t, postgresql)
			een, twee := serve(t, gedrag{}), serve(t, gedrag{})
			// The first relay is away for a while, so that there are second attempts and a second relay too.
			een.doe(gedrag{antwoord: map[string]string{"RCPT": "451 4.7.1 later"}})
			const aantal = 60
			b, _ := o.start(0, relay(t, een, nil), relay(t, twee, nil))
			o.start(1, relay(t, een, nil), relay(t, twee, nil))
			o.queue(aantal / 2)
			een.doe(gedrag{})
			o.queue(aantal / 2)
			o.standen(b, map[post.Stand]int{post.Bezorgd: aantal})
			geteld := map[string]int{}
			for _, m := range slices.Concat(een.berichten(), twee.berichten()) {
				_, na, _ := strings.Cut(m, "Message-ID: <")
				id, _, _ := strings.Cut(na, "@")
				geteld[id]++
			}
			if len(geteld) != aantal {
				t.Errorf("%d different messages", len(geteld))
			}
			for id, n := range geteld {
				if n != 1 {
					t.Errorf("%s was delivered %d times", id, n)
				}
			}
		})
	}
}

// dood is the store of a process that dies once a relay took the message over.
type dood struct{ post.Opslag }

func (dood) Zet(context.Context, post.Rij, int64) error { return fout.Gelijktijdig }

func TestAProcessThatDiesBeforeItNotesADeliveryMakesItComeTwiceWithOneMessageID(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	echt := o.opslag[0]
	o.queue(1)
	o.opslag[0] = dood{echt}
	_, stop := o.start(0, relay(t, s, nil))
	for len(s.berichten()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	b, _ := o.start(1, relay(t, s, nil))
	time.Sleep(200 * time.Millisecond)
	if n := len(s.berichten()); n != 1 {
		t.Fatalf("delivered %d times within the lease", n)
	}
	o.vooruit.Store(int64(3 * time.Minute))
	o.standen(b, map[post.Stand]int{post.Bezorgd: 1})
	l := s.berichten()
	id := func(m string) string {
		_, na, _ := strings.Cut(m, "Message-ID: ")
		uit, _, _ := strings.Cut(na, "\r\n")
		return uit
	}
	if len(l) != 2 || id(l[0]) == "" || id(l[0]) != id(l[1]) {
		t.Errorf("%d deliveries", len(l))
	}
}

func TestAStoreThatIsAwayAfterADeliveryIsWaitedFor(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	w := &weg{Opslag: o.opslag[0]}
	w.keer.Store(3)
	o.opslag[0] = w
	b, _ := o.start(0, relay(t, s, nil))
	o.queue(1)
	o.standen(b, map[post.Stand]int{post.Bezorgd: 1})
	if n := len(s.berichten()); n != 1 || w.keer.Load() > 0 {
		t.Errorf("delivered %d times", n)
	}
}

// weg is a store that can't be reached a few times when an outcome is noted.
type weg struct {
	post.Opslag
	keer atomic.Int64
}

func (w *weg) Zet(ctx context.Context, r post.Rij, genomen int64) error {
	if w.keer.Add(-1) >= 0 {
		return fout.NietBeschikbaar
	}
	return w.Opslag.Zet(ctx, r, genomen)
}

func TestWhatIsUnderWayIsFinishedWhenTheProgramStops(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	traag := traag{relay(t, s, nil), make(chan struct{})}
	_, stop := o.start(0, traag)
	o.queue(1)
	<-traag.begonnen
	stop()
	l, err := o.opslag[1].List(bg, oin, 5)
	if err != nil || len(l) != 1 || l[0].Stand != post.Bezorgd {
		t.Errorf("%v, %v", l, err)
	}
}

func TestWhatCanNotBeFinishedWhenTheProgramStopsIsGivenBack(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	stil := serve(t, gedrag{stilteBegroet: true})
	b, stop := o.start(0, relay(t, stil, nil))
	o.queue(1)
	for n := 0; n == 0; time.Sleep(10 * time.Millisecond) {
		stil.mu.Lock()
		n = stil.sessies
		stil.mu.Unlock()
	}
	stop()
	z := o.standen(b, map[post.Stand]int{post.Wacht: 1})[0]
	if z.Volgende.After(o.nu().Add(5*time.Second)) || z.Reden == "" {
		t.Errorf("it waits until %v: %s", z.Volgende.Sub(o.nu()), z.Reden)
	}
	if r := b.Relays()[0]; r.Fout != nil {
		t.Errorf("the relay is blamed: %v", r.Fout)
	}
}

// traag is a relay that takes a moment.
type traag struct {
	post.Relay
	begonnen chan struct{}
}

func (r traag) Send(ctx context.Context, b post.Brief) error {
	close(r.begonnen)
	time.Sleep(300 * time.Millisecond)
	return r.Relay.Send(ctx, b)
}

func TestMailThatDoesNotWorkIsNotHealthy(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	zonder, _ := o.start(0)
	if err := zonder.Gezond(bg); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("without a relay: %v", err)
	}
	o = op(t, false)
	s := serve(t, gedrag{zonderTLS: true})
	b, _ := o.start(0, relay(t, s, nil))
	if err := b.Gezond(bg); err != nil {
		t.Errorf("before anything was sent: %v", err)
	}
	o.queue(1)
	for einde := time.Now().Add(time.Minute); b.Gezond(bg) == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(einde) {
			t.Fatal("healthy while no relay works")
		}
	}
	if r := b.Relays(); r[0].Fout == nil || !strings.Contains(r[0].Fout.Error(), "STARTTLS") {
		t.Errorf("%+v", r)
	}
	s.doe(gedrag{})
	o.vooruit.Add(int64(10 * time.Second))
	o.standen(b, map[post.Stand]int{post.Bezorgd: 1})
	if err := b.Gezond(bg); err != nil {
		t.Errorf("once it works: %v", err)
	}
}

func TestARowThatDoesNotOpenKeepsNothingElseBackAndIsGivenUpInTheEnd(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	o.queue(1)
	stuk, err := o.opslag[0].List(bg, oin, 1)
	if err != nil {
		t.Fatal(err)
	}
	kwaad := stuk[0]
	kwaad.ID, kwaad.Gemaakt = uuid.New(), kwaad.Gemaakt-1 // the content of another, put in before it
	if err := o.opslag[0].Add(bg, kwaad); err != nil {
		t.Fatal(err)
	}
	b, _ := o.start(0, relay(t, s, nil))
	l := o.standen(b, map[post.Stand]int{post.Wacht: 1, post.Bezorgd: 1})
	if l[1].ID != kwaad.ID || l[1].Stand != post.Wacht {
		t.Errorf("%+v", l[1])
	}
	o.vooruit.Add(int64(25 * time.Hour))
	o.standen(b, map[post.Stand]int{post.Mislukt: 1, post.Bezorgd: 1})
	if n := len(s.berichten()); n != 1 {
		t.Errorf("%d sent", n)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !strings.Contains(strings.Join(o.gemeld, "\n"), kwaad.ID.String()) {
		t.Error("no operator was told")
	}
}

func TestMailOfLongAgoIsRemoved(t *testing.T) {
	t.Parallel()
	o := op(t, false)
	s := serve(t, gedrag{})
	b, stop := o.start(0, relay(t, s, nil))
	o.queue(1)
	o.standen(b, map[post.Stand]int{post.Bezorgd: 1})
	stop()
	o.vooruit.Store(int64(8 * 24 * time.Hour))
	b, _ = o.start(1, relay(t, s, nil))
	o.standen(b, map[post.Stand]int{})
}
