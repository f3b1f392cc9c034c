package verhuizing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/store/verhuizing"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var bg = context.Background()

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

var oins = []string{storetest.A, storetest.B}

func openSQLite(t testing.TB, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(bg, dir, sqlite.Opties{Organisaties: oins, Nu: storetest.Nu(t), Fout: func(err error) { t.Errorf("background: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { _ = s.Close() })
	return s
}

func openPostgres(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(bg, url, postgres.Opties{Organisaties: oins, Geduld: time.Minute, Nu: storetest.Nu(t), Fout: func(err error) { t.Logf("background: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { _ = s.Close() })
	return s
}

func run(t testing.TB, bron verhuizing.Bron, doel verhuizing.Doel) ([]verhuizing.Verslag, error) {
	return verhuizing.Run(bg, bron, doel, verhuizing.Opties{Portie: 100, Meld: func(zin string) { t.Log(zin) }})
}

// mustRun moves, and checks what is told of it.
func mustRun(t testing.TB, bron verhuizing.Bron, doel verhuizing.Doel) {
	t.Helper()
	verslagen, err := run(t, bron, doel)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verslagen {
		kop, err := doel.Kop(bg, v.OIN)
		if err != nil {
			t.Fatal(err)
		}
		if v.Grootte != kop.Grootte() || v.Wortel != fmt.Sprintf("%x", kop.Rand.Wortel()) || kop.Staat != verhuizing.Open {
			t.Errorf("%+v is told of %d leaves, state %v", v, kop.Grootte(), kop.Staat)
		}
	}
}

// vulling fills a store, and remembers what it may be asked.
type vulling struct {
	rnd      *rand.Rand
	klok     *storetest.Klok
	ids      map[string][]uuid.UUID
	nummers  map[uuid.UUID]uint32
	sleutels []*verwerkingenlog.Eenheid // those with an idempotency key
	keys     map[string][]verwerkingenlog.Ingang
}

func newVulling(t testing.TB) *vulling {
	return &vulling{rand.New(rand.NewPCG(1, 2)), storetest.KlokVan(t), map[string][]uuid.UUID{}, map[uuid.UUID]uint32{}, nil, map[string][]verwerkingenlog.Ingang{}}
}

// fill appends n groups, of one unit up to max.
func (v *vulling) fill(t testing.TB, s verwerkingenlog.Store, n, max int) {
	t.Helper()
	for range n {
		var groep []*verwerkingenlog.Eenheid
		for range 1 + v.rnd.IntN(max) {
			groep = append(groep, v.unit(oins[v.rnd.IntN(2)]))
		}
		if err := s.Append(bg, groep); err != nil {
			t.Fatal(err)
		}
		for _, e := range groep {
			if e.Err != nil {
				t.Fatal(e.Err)
			}
		}
		v.klok.Add(time.Duration(v.rnd.IntN(50)) * time.Microsecond)
	}
}

func (v *vulling) unit(oin string) *verwerkingenlog.Eenheid {
	e := storetest.Eenheid(oin)
	for range 1 + v.rnd.IntN(2) {
		id := uuid.New()
		if l := v.ids[oin]; len(l) > 0 && v.rnd.IntN(4) == 0 {
			id = l[v.rnd.IntN(len(l))]
		} else {
			v.ids[oin] = append(v.ids[oin], id)
		}
		v.nummers[id]++
		var in []verwerkingenlog.Ingang
		for range v.rnd.IntN(5) {
			in = append(in, v.key(oin))
		}
		r := storetest.Rij(oin, id, v.nummers[id], in...)
		r.Inhoud = r.Inhoud[:v.rnd.IntN(len(r.Inhoud))]
		switch v.rnd.IntN(5) {
		case 0:
			r.Operatie, r.Staat = bewijs.OperatieDELETE, r.Staat.Expire()
			storetest.Seal(oin, r)
		case 1:
			r.Activiteit = uuid.Nil
		}
		e.Rijen = append(e.Rijen, r)
	}
	if v.rnd.IntN(3) == 0 {
		e.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: storetest.Sleutel(), Lichaam: storetest.Sleutel()}
		v.sleutels = append(v.sleutels, e)
	}
	return e
}

func (v *vulling) key(oin string) verwerkingenlog.Ingang {
	if l := v.keys[oin]; len(l) > 0 && v.rnd.IntN(2) == 0 {
		k := l[v.rnd.IntN(len(l))]
		k.Aantal = uint16(v.rnd.IntN(4))
		return k
	}
	k := verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangSoort(1 + v.rnd.IntN(4)), Sleutel: storetest.Sleutel(), Aantal: 1}
	v.keys[oin] = append(v.keys[oin], k)
	return k
}

// some takes at most a hundred and twenty of a list, spread over it.
func some[T any](l []T) (uit []T) {
	for i := 0; i < len(l); i += 1 + len(l)/60 {
		uit = append(uit, l[i])
	}
	return uit
}

// sameReads asks both stores all there is to ask.
func (v *vulling) sameReads(t testing.TB, a, b verwerkingenlog.Store) {
	t.Helper()
	for _, oin := range oins {
		n, err := a.Size(bg, oin)
		if m, err2 := b.Size(bg, oin); err != nil || err2 != nil || n != m || n == 0 {
			t.Fatalf("sizes %d and %d: %v, %v", n, m, err, err2)
		}
		bladen := make([]uint64, n)
		for i := range bladen {
			bladen[i] = uint64(i)
		}
		x, err := a.Rows(bg, oin, bladen)
		y, err2 := b.Rows(bg, oin, bladen)
		same(t, "Rows", x, y, err, err2)
		for _, id := range some(v.ids[oin]) {
			x, err := a.Versions(bg, oin, id)
			y, err2 := b.Versions(bg, oin, id)
			same(t, "Versions", x, y, err, err2)
			p, err := a.Latest(bg, oin, id)
			q, err2 := b.Latest(bg, oin, id)
			same(t, "Latest", p, q, err, err2)
		}
		for i, k := range some(v.keys[oin]) {
			vraag := verwerkingenlog.Zoekvraag{OIN: oin, Soort: k.Soort, Sleutels: [][16]byte{k.Sleutel, storetest.Sleutel()},
				Tot: []uint64{n, n / 2, 1}[i%3], MetActiviteit: i%2 == 0}
			same(t, "Find", storetest.Find(t, a, vraag), storetest.Find(t, b, vraag), nil, nil)
		}
	}
}

func same[T any](t testing.TB, wat string, a, b T, errA, errB error) {
	t.Helper()
	if errA != nil || errB != nil {
		t.Fatalf("%s: %v, %v", wat, errA, errB)
	}
	if d := cmp.Diff(a, b, storetest.Opts); d != "" {
		t.Fatalf("%s (-source +target):\n%s", wat, d)
	}
}

// sameKeys repeats requests: all are known, at the same leaf.
func (v *vulling) sameKeys(t testing.TB, s verwerkingenlog.Store) {
	t.Helper()
	for _, e := range some(v.sleutels) {
		blad := e.Rijen[0].Blad
		weer := storetest.Nieuw(e.OIN)
		weer.Idempotentie = e.Idempotentie
		ander := storetest.Nieuw(e.OIN)
		ander.Idempotentie = &verwerkingenlog.Idempotentie{Sleutel: e.Idempotentie.Sleutel, Lichaam: storetest.Sleutel()}
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{weer, ander}); err != nil {
			t.Fatal(err)
		}
		if weer.Err != nil || weer.Eerder == nil || *weer.Eerder != blad || fout.CodeOf(ander.Err) != fout.CodeIdempotentie {
			t.Fatalf("a repeated request got %v (%v), another with its key %v", weer.Eerder, weer.Err, ander.Err)
		}
	}
}

func TestALogMovesFromSQLiteToPostgreSQL(t *testing.T) {
	t.Parallel()
	bron, doel := openSQLite(t, t.TempDir()), openPostgres(t, postgrestest.Database(t))
	v := newVulling(t)
	v.fill(t, bron, 120, 1)
	v.fill(t, bron, 30, 60)
	v.fill(t, bron, 3, 500)
	afdrukken := map[string]string{"handle-1": "aa", "zegel-1": "bb"}
	if err := bron.BewaarVingerafdrukken(bg, storetest.A, afdrukken); err != nil {
		t.Fatal(err)
	}

	mustRun(t, bron, doel)
	v.sameReads(t, bron, doel)
	v.sameKeys(t, doel)
	got, err := doel.Vingerafdrukken(bg, storetest.A)
	if err != nil || !cmp.Equal(got, afdrukken) {
		t.Errorf("fingerprints %v, %v", got, err)
	}

	// It goes on: what both would write now gets the same place and the same root.
	e := storetest.Nieuw(storetest.A)
	kopie := *e.Rijen[0]
	ander := storetest.Eenheid(storetest.A, &kopie)
	for s, e := range map[verwerkingenlog.Store]*verwerkingenlog.Eenheid{bron: e, doel: ander} {
		if err := s.Append(bg, []*verwerkingenlog.Eenheid{e}); err != nil || e.Err != nil {
			t.Fatal(err, e.Err)
		}
	}
	a, b := kop(t, bron, storetest.A), kop(t, doel, storetest.A)
	if a.Rand.Wortel() != b.Rand.Wortel() || a.Laatste != b.Laatste || e.Rijen[0].Registratie != kopie.Registratie {
		t.Error("after the move the logs go different ways")
	}
}

func kop(t testing.TB, s verhuizing.Bron, oin string) verhuizing.Kop {
	t.Helper()
	k, err := s.Kop(bg, oin)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestOneOrganisationMovesAlone(t *testing.T) {
	t.Parallel()
	bron, doel := openSQLite(t, t.TempDir()), openPostgres(t, postgrestest.Database(t))
	v := newVulling(t)
	v.fill(t, bron, 10, 5)
	// Portions as they are without a choice.
	if _, err := verhuizing.Run(bg, bron, doel, verhuizing.Opties{OINs: []string{storetest.B}}); err != nil {
		t.Fatal(err)
	}
	if kop(t, doel, storetest.A).Grootte() != 0 || kop(t, doel, storetest.B).Grootte() != kop(t, bron, storetest.B).Grootte() {
		t.Error("not B alone moved")
	}
	if _, err := verhuizing.Run(bg, bron, doel, verhuizing.Opties{OINs: []string{"00000099000000000009"}}); err == nil {
		t.Error("an organisation moved that there is not")
	}
}

// A version that was purged leaves its hash.
func TestPurgedVersionsKeepTheirLeaf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bron := openSQLite(t, dir)
	v := newVulling(t)
	v.fill(t, bron, 40, 4)
	v.fill(t, bron, 3, 50)
	n := kop(t, bron, storetest.A).Grootte()
	if err := bron.Close(); err != nil {
		t.Fatal(err)
	}
	weg := []uint64{0, 1, 7, 8, 9, n / 2, n - 1} // the first ones, some in a row, the last one
	sqliteExec(t, filepath.Join(dir, "log.db"), `DELETE FROM versie WHERE nr & 0xffffffffff IN (`+strings.Trim(strings.ReplaceAll(fmt.Sprint(weg), " ", ","), "[]")+`)
		AND nr >> 40 = (SELECT nr FROM organisatie WHERE oin = '`+storetest.A+`')`)
	bron = openSQLite(t, dir)
	url := postgrestest.Database(t)
	doel := openPostgres(t, url)
	mustRun(t, bron, doel)
	tweede := openPostgres(t, postgrestest.Database(t))
	mustRun(t, doel, tweede)
	for _, s := range []*postgres.Store{doel, tweede} {
		for blad := range n {
			x, err := bron.Rows(bg, storetest.A, []uint64{blad})
			y, err2 := s.Rows(bg, storetest.A, []uint64{blad})
			same(t, "Rows", x, y, err, err2)
			if (x[0] == nil) != slices.Contains(weg, blad) {
				t.Fatalf("leaf %d: %v", blad, x[0])
			}
		}
	}
	if err := tweede.Append(bg, []*verwerkingenlog.Eenheid{storetest.Nieuw(storetest.A)}); err != nil {
		t.Fatal(err)
	}
	if got := kop(t, tweede, storetest.A); got.Grootte() != n+1 || got.Laatste <= kop(t, bron, storetest.A).Laatste {
		t.Errorf("%d leaves, registered at %d", got.Grootte(), got.Laatste)
	}
}

func TestWhatMustNotBeMovedIsRefused(t *testing.T) {
	t.Parallel()
	v := newVulling(t)
	url := postgrestest.Database(t)
	bron, ander, doel := openPostgres(t, postgrestest.Database(t)), openPostgres(t, postgrestest.Database(t)), openPostgres(t, url)
	v.fill(t, bron, 10, 5)
	newVulling(t).fill(t, ander, 30, 5)
	refused := func(t testing.TB, want string, bron verhuizing.Bron, doel verhuizing.Doel) {
		t.Helper()
		if _, err := run(t, bron, doel); err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("error %v, want one about %q", err, want)
		}
	}
	refused(t, "een andere log", ander, bron) // nothing was touched
	for _, s := range []*postgres.Store{bron, ander} {
		if kop(t, s, storetest.A).Staat != verhuizing.Open {
			t.Fatal("closed by a move that was refused")
		}
	}
	mustRun(t, bron, doel)
	mustRun(t, bron, doel) // it has moved already: that is all right
	// A log that moved away is not copied once more: there would be two. Of a whole store it is left out.
	derde := openPostgres(t, postgrestest.Database(t))
	if _, err := verhuizing.Run(bg, bron, derde, verhuizing.Opties{OINs: oins}); err == nil || !strings.Contains(err.Error(), "al ergens anders heen") {
		t.Fatalf("error %v", err)
	}
	var samen []string
	verslagen, err := verhuizing.Run(bg, bron, derde, verhuizing.Opties{Kamers: []func(context.Context, kamer.Opslag, kamer.Opslag, []string) error{
		func(_ context.Context, _, _ kamer.Opslag, l []string) error { samen = l; return nil },
	}})
	if err != nil || len(verslagen) != 0 || !slices.Equal(samen, oins) || kop(t, derde, storetest.A).Grootte() != 0 {
		t.Fatalf("%v moved, the rooms of %v along: %v", verslagen, samen, err)
	}
	if err := bron.SetGesloten(bg, storetest.A, false); err != nil {
		t.Fatal(err)
	}
	refused(t, "al in gebruik", bron, doel)
}

// A log that moved on is not brought to life again where it was, by whoever repeats an earlier move.
func TestALogStandsInOnePlace(t *testing.T) {
	t.Parallel()
	eerst := openSQLite(t, t.TempDir())
	een, twee, drie := openPostgres(t, postgrestest.Database(t)), openPostgres(t, postgrestest.Database(t)), openPostgres(t, postgrestest.Database(t))
	v := newVulling(t)
	v.fill(t, eerst, 10, 5)
	mustRun(t, eerst, een)
	mustRun(t, een, twee)
	mustRun(t, twee, drie)
	repeat := func(bron verhuizing.Bron, doel verhuizing.Doel) {
		t.Helper()
		if _, err := run(t, bron, doel); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*postgres.Store{een, twee} {
			if kop(t, s, storetest.A).Staat != verhuizing.Vertrekt {
				t.Fatal("the log stands in two places")
			}
		}
	}
	repeat(eerst, een)
	repeat(een, twee)
	repeat(twee, drie)

	// Halfway a move it is no source, and not opened by hand.
	v.fill(t, drie, 5, 5)
	if _, err := run(t, drie, &breekbaar{Store: een, stap: "keys"}); !errors.Is(err, errOnderbroken) {
		t.Fatalf("error %v", err)
	}
	if _, err := run(t, een, openPostgres(t, postgrestest.Database(t))); err == nil || !strings.Contains(err.Error(), "onderweg") {
		t.Fatalf("error %v", err)
	}
	if err := een.SetGesloten(bg, storetest.A, false); err == nil {
		t.Fatal("half a log was opened")
	}
	mustRun(t, drie, een)
	v.sameReads(t, drie, een)
}

func TestALogMovesBack(t *testing.T) {
	t.Parallel()
	v := newVulling(t)
	een, twee := openPostgres(t, postgrestest.Database(t)), openPostgres(t, postgrestest.Database(t))
	v.fill(t, een, 20, 5)
	mustRun(t, een, twee)
	v.fill(t, twee, 20, 5)
	mustRun(t, twee, een)
	v.sameReads(t, twee, een)
	v.sameKeys(t, een)
	v.fill(t, een, 1, 1)
	if e := storetest.Nieuw(storetest.A); true {
		if err := twee.Append(bg, []*verwerkingenlog.Eenheid{e}); err != nil || fout.CodeOf(e.Err) != fout.CodeNietBeschikbaar {
			t.Errorf("a log that moved away took in: %v, %v", err, e.Err)
		}
	}
}
