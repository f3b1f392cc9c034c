package checkpoint_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/getuige/dienst"
	"github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// startGetuige is a witness on a socket of the logs of a node, which saw nothing yet; its key is eigen, or a new one.
func startGetuige(t testing.TB, k *knoop, klok *storetest.Klok, eigen ...*getuige.Ondertekenaar) (*getuige.Getuige, string) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	o, kaart, err := getuige.Open("getuige.example", filepath.Join(dir, "sleutel"), filepath.Join(dir, "gezien"))
	if err != nil {
		t.Fatal(err)
	}
	if eigen != nil {
		o = eigen[0]
	}
	var logs []getuige.Log
	for _, oin := range oins {
		for _, boom := range bewijs.Bomen {
			tekst, err := k.b.Sleutels(bg, oin, boom)
			if err != nil {
				t.Fatal(err)
			}
			keys, err := bewijs.ParseSleutels(tekst)
			if err != nil {
				t.Fatal(err)
			}
			logs = append(logs, getuige.Log{Origin: keys[0].Name(), Sleutels: keys})
		}
	}
	g, err := getuige.New(o, logs, kaart, klok.Now)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(dienst.Handler(g, "", slog.New(slog.DiscardHandler)))
	t.Cleanup(func() { h.Close(); kaart.Close() })
	return g, h.URL
}

// aanbod offers of a node, and keeps what it is told.
type aanbod struct {
	*getuige.Aanbieder
	mu      sync.Mutex
	meldt   []string
	ernstig bool
	gemeten map[bewijs.Boom]time.Time // of the first organisation
}

func (a *aanbod) Getuige(oin string, b bewijs.Boom, _ int, moment time.Time, _ bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if oin == storetest.A {
		a.gemeten[b] = moment
	}
}

func newAanbod(k *knoop, klok *storetest.Klok, p getuige.Pacht, vraag getuige.Vraag, g *getuige.Getuige, url string) *aanbod {
	a := &aanbod{gemeten: map[bewijs.Boom]time.Time{}}
	var doelen []getuige.Bestemming
	for _, oin := range oins {
		doelen = append(doelen, getuige.Bestemming{OIN: oin, Nummer: 1, URL: url, Sleutel: g.Sleutel})
	}
	a.Aanbieder = getuige.NewAanbieder(getuige.Opties{
		Punten: k.b, Opslag: checkpoint.New(k.motor), Vraag: vraag, Pacht: p, Bestemmingen: doelen, Meting: a, Nu: klok.Now,
		Meld: func(ernstig bool, err error) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.meldt, a.ernstig = append(a.meldt, err.Error()), a.ernstig || ernstig
		},
	})
	return a
}

func (a *aanbod) bied() {
	a.Bied(bg)
	a.Wacht()
}

// mede are the cosignatures of the newest public checkpoint.
func (k *knoop) mede(t testing.TB, oin string, boom bewijs.Boom) int {
	t.Helper()
	w, err := k.opslag.Openbaar(bg, oin, boom)
	if err != nil {
		t.Fatal(err)
	}
	l, err := checkpoint.New(k.motor).Medeondertekeningen(bg, oin, boom, w.Nr)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range l {
		if !m.Klopt(w.Tekst) {
			t.Errorf("a cosignature of checkpoint %d does not hold", w.Nr)
		}
	}
	return len(l)
}

// Two nodes without a lease are the worst case: both sign and both offer, while both log.
func TestTwinsOfferToAWitnessWithoutContradiction(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		klok := storetest.NieuweKlok()
		var knopen []*knoop
		for range 2 {
			knopen = append(knopen, nieuweKnoop(t, open(), klok, nil, ""))
		}
		g, url := startGetuige(t, knopen[0], klok)
		var aanbieders []*aanbod
		for _, k := range knopen {
			aanbieders = append(aanbieders, newAanbod(k, klok, nil, dienst.NewClient(nil), g, url))
		}
		for range 8 {
			klok.Add(time.Hour)
			var wg sync.WaitGroup
			for i, k := range knopen {
				wg.Go(func() {
					for range 4 {
						log(t, k.motor, storetest.A, 1+i)
						k.Teken(bg)
						aanbieders[i].bied()
					}
				})
			}
			wg.Wait()
		}
		klok.Add(time.Hour) // those that gave it up for a while
		for i, k := range knopen {
			k.Teken(bg)
			aanbieders[i].bied()
		}
		for i, a := range aanbieders {
			if a.ernstig || len(a.meldt) > 0 {
				t.Errorf("node %d told: %v", i, a.meldt)
			}
		}
		for _, oin := range oins {
			for _, boom := range bewijs.Bomen {
				if n := knopen[1].mede(t, oin, boom); n != 1 {
					t.Errorf("tree %s of %s: %d cosignatures", boom, oin, n)
				}
			}
		}
	})
}

func TestOneNodeOffersAtATimeAndAnotherTellsOfIt(t *testing.T) {
	t.Parallel()
	url, klok := postgrestest.Database(t), storetest.NieuweKlok()
	een, ander := openPostgres(t, url), openPostgres(t, url)
	k, l := nieuweKnoop(t, een, klok, nil, ""), nieuweKnoop(t, ander, klok, nil, "")
	g, adres := startGetuige(t, k, klok)
	a := newAanbod(k, klok, een.Lease("getuigen", time.Hour), dienst.NewClient(nil), g, adres)
	b := newAanbod(l, klok, ander.Lease("getuigen", time.Hour), nooit{t}, g, adres)
	k.Teken(bg)
	a.bied()
	b.bied()
	if n := l.mede(t, storetest.A, bewijs.BoomLog); n != 1 || !b.gemeten[bewijs.BoomLog].Equal(storetest.Start) {
		t.Errorf("%d cosignatures, and the other node tells of %v", n, b.gemeten)
	}
}

// nooit must not be asked.
type nooit struct{ t testing.TB }

func (n nooit) Vraag(context.Context, string, []byte) (getuige.Antwoord, error) {
	n.t.Error("a node without the lease asks a witness")
	return getuige.Antwoord{}, errors.New("no lease")
}

// A node that starts again goes on where the store says it was, and offers nothing twice.
func TestWhatWasCosignedIsNotAskedAgain(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		klok, m := storetest.NieuweKlok(), open()
		k := nieuweKnoop(t, m, klok, nil, "")
		g, url := startGetuige(t, k, klok)
		k.Teken(bg)
		newAanbod(k, klok, nil, dienst.NewClient(nil), g, url).bied()
		a := newAanbod(k, klok, nil, nooit{t}, g, url)
		a.bied()
		a.bied()
		if len(a.meldt) > 0 || k.mede(t, storetest.B, bewijs.BoomBeheer) != 1 {
			t.Errorf("told: %v", a.meldt)
		}
	})
}

// What a witness answers wrongly is told, keeps nothing and stops nothing.
func TestAWitnessThatAnswersWronglyIsTold(t *testing.T) {
	t.Parallel()
	klok, m := storetest.NieuweKlok(), openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, m, klok, nil, "")
	g, url := startGetuige(t, k, klok)
	log(t, m, storetest.A, 5)
	k.Teken(bg)
	vals, err := getuige.NewOndertekenaar("getuige.example", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	for naam, s := range map[string]struct {
		antwoord getuige.Antwoord
		want     string
		ernstig  bool
	}{
		"nothing":                   {getuige.Antwoord{Regels: []byte{}}, "does not hold", false},
		"lines of something else":   {getuige.Antwoord{Regels: []byte("<html>\n")}, "does not hold", false},
		"another key":               {getuige.Antwoord{Regels: vals.Onderteken("x\n0\n\n", klok.Now()).Regel}, "does not hold", false},
		"another size each time":    {getuige.Antwoord{}, "something else each time", true}, // of the empty trees it saw more
		"more than there is":        {getuige.Antwoord{Botsing: &getuige.Botsing{Grootte: 6000}}, "it saw 6000 leaves, and there are", true},
		"the same size":             {getuige.Antwoord{Botsing: &getuige.Botsing{Grootte: 0}}, "another root of 0 leaves", true},
		"that the proof is no good": {getuige.Antwoord{Onbewezen: true}, "another root of 0 leaves", true},
	} {
		a := newAanbod(k, klok, nil, &zegt{antwoord: s.antwoord}, g, url)
		a.bied()
		if len(a.meldt) != 4 || a.ernstig != s.ernstig || !strings.Contains(strings.Join(a.meldt, "\n"), s.want) || k.mede(t, storetest.A, bewijs.BoomLog) != 0 {
			t.Errorf("%s: serious %v, told %v", naam, a.ernstig, a.meldt)
		}
	}
}

// zegt is a witness that answers the same to everything; without an answer another size each time that it is asked
// about a tree. Trees are offered side by side, so each has a count of its own.
type zegt struct {
	antwoord getuige.Antwoord
	mu       sync.Mutex
	n        map[string]uint64
}

func (z *zegt) Vraag(_ context.Context, _ string, body []byte) (getuige.Antwoord, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if a := z.antwoord; a.Regels != nil || a.Botsing != nil || a.Onbewezen {
		return a, nil
	}
	v, err := getuige.ParseVerzoek(body)
	if err != nil {
		return getuige.Antwoord{}, err
	}
	boom, _, _ := strings.Cut(string(v.Checkpoint), "\n")
	if z.n == nil {
		z.n = map[string]uint64{}
	}
	z.n[boom]++
	return getuige.Antwoord{Botsing: &getuige.Botsing{Grootte: 1 + z.n[boom]%4}}, nil
}

// A witness that lost what it saw is asked again from there, and that is told.
func TestAWitnessThatForgotIsTold(t *testing.T) {
	t.Parallel()
	klok, m := storetest.NieuweKlok(), openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, m, klok, nil, "")
	g, url := startGetuige(t, k, klok)
	log(t, m, storetest.A, 5)
	k.Teken(bg)
	newAanbod(k, klok, nil, dienst.NewClient(nil), g, url).bied()
	log(t, m, storetest.A, 2)
	klok.Add(time.Hour)
	k.Teken(bg)
	_, url = startGetuige(t, k, klok, g.Ondertekenaar)
	a := newAanbod(k, klok, nil, dienst.NewClient(nil), g, url)
	a.bied()
	if a.ernstig || !strings.Contains(strings.Join(a.meldt, "\n"), "forgot what it saw: it says 0 leaves, and cosigned 5") {
		t.Errorf("serious %v, told %v", a.ernstig, a.meldt)
	}
	if k.mede(t, storetest.A, bewijs.BoomLog) != 1 {
		t.Error("it is not asked again from what it says")
	}
}

// eerst has something happen before the first request about the log of the first organisation arrives.
type eerst struct {
	onder getuige.Vraag
	doe   sync.Once
	f     func()
}

func (e *eerst) Vraag(ctx context.Context, url string, verzoek []byte) (getuige.Antwoord, error) {
	if strings.Contains(string(verzoek), "/bewijs/"+storetest.A+"\n") {
		e.doe.Do(e.f)
	}
	return e.onder.Vraag(ctx, url, verzoek)
}

// A node that was overtaken while it asked sees no contradiction in what the other one offered.
func TestANodeThatIsOvertakenSeesNoContradiction(t *testing.T) {
	t.Parallel()
	url, klok := postgrestest.Database(t), storetest.NieuweKlok()
	k, l := nieuweKnoop(t, openPostgres(t, url), klok, nil, ""), nieuweKnoop(t, openPostgres(t, url), klok, nil, "")
	g, adres := startGetuige(t, k, klok)
	log(t, k.motor, storetest.A, 3)
	k.Teken(bg)
	snel := newAanbod(l, klok, nil, dienst.NewClient(nil), g, adres)
	traag := newAanbod(k, klok, nil, &eerst{onder: dienst.NewClient(nil), f: func() {
		log(t, l.motor, storetest.A, 4)
		klok.Add(time.Hour)
		l.Teken(bg)
		snel.bied()
	}}, g, adres)
	traag.bied()
	if traag.ernstig || len(traag.meldt) > 0 || g.Logs()[0].Grootte != 7 || k.mede(t, storetest.A, bewijs.BoomLog) != 1 {
		t.Errorf("serious %v, told %v, the witness saw %+v", traag.ernstig, traag.meldt, g.Logs())
	}
}
