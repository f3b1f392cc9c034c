package checkpoint_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	domein "github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// What can't be read now may say that the store was put back.
func TestNothingIsSignedWhileWhatIsRememberedCanNotBeRead(t *testing.T) {
	t.Parallel()
	dir, geheugen := t.TempDir(), t.TempDir()
	klok := storetest.NieuweKlok()
	s := openSQLite(t, dir)
	k := nieuweKnoop(t, s, klok, nil, geheugen)
	log(t, s, storetest.A, 5)
	k.want(t, 5)
	oud := copyDir(t, dir)
	log(t, s, storetest.A, 3)
	klok.Add(2 * time.Minute)
	k.want(t, 8)
	naam := filepath.Join(geheugen, storetest.A, "checkpoint-log")
	weg := naam + ".weg"
	if err := os.Rename(naam, weg); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(naam, 0o700); err != nil { // a name that is there and can't be read
		t.Fatal(err)
	}
	terug := openSQLite(t, oud)
	k = nieuweKnoop(t, terug, klok, nil, geheugen)
	log(t, terug, storetest.A, 9)
	for range 3 {
		k.Teken(bg)
	}
	if w, err := k.opslag.Laatste(bg, storetest.A, bewijs.BoomLog); err != nil || w.Grootte != 5 || len(k.meldt) != 1 || strings.Contains(k.meldt[0], "STOPPED") {
		t.Errorf("signed %d leaves, told %v, %v", w.Grootte, k.meldt, err)
	}
	if err := os.Remove(naam); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(weg, naam); err != nil {
		t.Fatal(err)
	}
	if k.Teken(bg); !k.gestopt {
		t.Errorf("it can be read again, and does not stop: %v", k.meldt)
	}
}

// An empty tree is the beginning of every other one.
func TestAnEmptyStoreMayBeginAnew(t *testing.T) {
	t.Parallel()
	geheugen := t.TempDir()
	klok := storetest.NieuweKlok()
	k := nieuweKnoop(t, openSQLite(t, t.TempDir()), klok, nil, geheugen)
	k.want(t, 0)
	klok.Add(2 * time.Minute)
	ander := openSQLite(t, t.TempDir())
	k = nieuweKnoop(t, ander, klok, nil, geheugen)
	k.want(t, 0)
	log(t, ander, storetest.A, 2)
	k.want(t, 2)
}

// What was signed by a clock that ran ahead is not made older. That keeps the public checkpoints away, so it is told.
func TestAClockThatWasPutBackIsTold(t *testing.T) {
	t.Parallel()
	klok := storetest.NieuweKlok()
	s := openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, s, klok, nil, "")
	k.want(t, 0)
	klok.Add(48 * time.Hour)
	log(t, s, storetest.A, 1)
	eerst := k.want(t, 1)
	klok.Add(-30 * time.Second) // as clocks do
	log(t, s, storetest.A, 1)
	k.want(t, 2)
	klok.Add(-48 * time.Hour)
	for range 3 {
		log(t, s, storetest.A, 1)
		k.Teken(bg)
	}
	w, err := k.opslag.Laatste(bg, storetest.A, bewijs.BoomLog)
	if err != nil || w.Grootte != 5 || w.Moment.Before(eerst.Moment) {
		t.Errorf("%d leaves at %v, %v", w.Grootte, w.Moment, err)
	}
	if len(k.meldt) != 1 || !strings.Contains(k.meldt[0], "clock") {
		t.Errorf("told %v", k.meldt)
	}
}

// schrift tells when it was written last.
type schrift struct {
	domein.Map
	klaar time.Time
}

func (g *schrift) Schrijf(oin string, b bewijs.Boom, tekst []byte) error {
	err := g.Map.Schrijf(oin, b, tekst)
	g.klaar = time.Now()
	return err
}

// terug is a lease that tells until when it may be given back.
type terug struct{ tot time.Time }

func (*terug) Acquire(context.Context) (bool, error) { return true, nil }

func (p *terug) Release(ctx context.Context) error {
	p.tot, _ = ctx.Deadline()
	return nil
}

// Whoever stops a register to open an epoch finds no lease, however slow the disk of the keys is.
func TestTheLeaseIsGivenBackHoweverLongRememberingTakes(t *testing.T) {
	t.Parallel()
	klok, dir := storetest.NieuweKlok(), t.TempDir()
	s := openSQLite(t, t.TempDir())
	g, p := &schrift{Map: domein.Map(dir)}, &terug{}
	m := domein.NewMaker(nieuweKnoop(t, s, klok, nil, dir).b, p, g, nil, func(err error) { t.Error(err) })
	m.Teken(bg)
	eerst := g.klaar
	log(t, s, storetest.A, 1)
	m.Teken(bg) // within the minute in which nothing is remembered
	if g.klaar != eerst {
		t.Fatal("it remembers each checkpoint at once")
	}
	ctx, stop := context.WithCancel(bg)
	stop()
	m.Run(ctx)
	if g.klaar == eerst || p.tot.Before(g.klaar.Add(domein.Tempo)) {
		t.Errorf("remembered at %v, and at %v and no later the lease may be given back", g.klaar, p.tot)
	}
}

// gelijk is read while another node signs and remembers.
type gelijk struct {
	domein.Map
	ander func()
}

func (g gelijk) Lees(oin string, b bewijs.Boom) ([][]byte, error) {
	g.ander()
	return g.Map.Lees(oin, b)
}

// Nodes that share the directory of the keys may start together.
func TestANodeThatStartsWhileAnotherSignsDoesNotCallTheStoreOlder(t *testing.T) {
	t.Parallel()
	for naam, p := range map[string]domein.Pacht{"that signs too": nil, "that follows": geenPacht{}} {
		klok, dir := storetest.NieuweKlok(), t.TempDir()
		s := openSQLite(t, t.TempDir())
		k := nieuweKnoop(t, s, klok, nil, dir)
		log(t, s, storetest.A, 1)
		domein.NewMaker(k.b, p, gelijk{domein.Map(dir), func() { k.Teken(bg) }}, nil, func(err error) { t.Errorf("a node %s: %v", naam, err) }).Teken(bg)
		if w, err := k.opslag.Laatste(bg, storetest.A, bewijs.BoomLog); err != nil || w.Grootte != 1 {
			t.Errorf("a node %s: %d leaves signed, %v", naam, w.Grootte, err)
		}
	}
}

// geenPacht is a lease that another node has.
type geenPacht struct{}

func (geenPacht) Acquire(context.Context) (bool, error) { return false, nil }
func (geenPacht) Release(context.Context) error         { return nil }
