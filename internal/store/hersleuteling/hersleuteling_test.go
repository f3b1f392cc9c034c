package hersleuteling_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	domein "github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

var (
	bg   = context.Background()
	oins = []string{storetest.A, storetest.B}
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func openSQLite(t *testing.T) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	return s
}

func openPostgres(t *testing.T) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(bg, postgrestest.Database(t), postgres.Opties{Organisaties: oins, Geduld: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	return s
}

func opElke(t *testing.T, f func(t *testing.T, k kamer.Opslag)) {
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); f(t, openSQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); f(t, openPostgres(t)) })
}

var (
	voortgang = domein.Voortgang{Doel: "handle-2 zegel-1", Volgende: 7, Totaal: 9, Gewijzigd: 5, Gelaten: 1, Begonnen: storetest.Start, Kamers: domein.Kamers{Plek: "ergens", Bekeken: 4, Gewijzigd: 3, Gelaten: 1}}
	bekend    = map[string]time.Time{"handle-2": storetest.Start, "zegel-3": storetest.Start.Add(time.Hour)}
)

func TestMomentsAndProgressAreKept(t *testing.T) {
	t.Parallel()
	opElke(t, func(t *testing.T, k kamer.Opslag) {
		s := hersleuteling.New(k)
		if m, err := s.Momenten(bg, storetest.A); err != nil || len(m) != 0 {
			t.Errorf("at first: %v, %v", m, err)
		}
		if v, err := s.Voortgang(bg, storetest.A); err != nil || v != (domein.Voortgang{}) {
			t.Errorf("at first: %+v, %v", v, err)
		}
		if err := s.BewaarMomenten(bg, storetest.A, bekend); err != nil {
			t.Fatal(err)
		}
		// Of two moments the later counts.
		later := storetest.Start.Add(time.Second)
		for _, m := range []time.Time{later, storetest.Start.Add(-time.Hour)} {
			if err := s.BewaarMomenten(bg, storetest.A, map[string]time.Time{"handle-2": m}); err != nil {
				t.Fatal(err)
			}
		}
		m, err := s.Momenten(bg, storetest.A)
		if diff := cmp.Diff(map[string]time.Time{"handle-2": later, "zegel-3": bekend["zegel-3"]}, m); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		klaar := voortgang
		klaar.Volgende, klaar.Klaar, klaar.Kamers.Klaar = 9, later, later.Add(time.Minute)
		for _, v := range []domein.Voortgang{voortgang, klaar} {
			if err := s.BewaarVoortgang(bg, storetest.A, v); err != nil {
				t.Fatal(err)
			}
			got, err := s.Voortgang(bg, storetest.A)
			if diff := cmp.Diff(v, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		}
		if v, err := s.Voortgang(bg, storetest.B); err != nil || v.Doel != "" {
			t.Errorf("of another organisation: %+v, %v", v, err)
		}
		if s.BewaarVoortgang(bg, "00000099000000000009", voortgang) == nil || s.BewaarMomenten(bg, "00000099000000000009", bekend) == nil {
			t.Error("an organisation that is not there is kept")
		}
	})
}

func TestAMoveTakesBothAlong(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t), openPostgres(t)
	oud, nieuw := hersleuteling.New(van), hersleuteling.New(naar)
	if err := errors.Join(oud.BewaarMomenten(bg, storetest.A, bekend), oud.BewaarVoortgang(bg, storetest.A, voortgang)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a move may be begun again
		if err := hersleuteling.Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
	}
	m, err := nieuw.Momenten(bg, storetest.A)
	if diff := cmp.Diff(bekend, m); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	want := voortgang
	want.Kamers = domein.Kamers{} // they are gone through again
	if v, err := nieuw.Voortgang(bg, storetest.A); err != nil || v != want {
		t.Errorf("%+v, %v", v, err)
	}
}

// werkproef is the work of one node on a real store and real keys; what it rewrites is noted.
type werkproef struct {
	*testing.T
	opslag  *hersleuteling.Opslag
	bos     *betrokkene.Sleutelbos
	keys    string
	nu      time.Time
	stukken []uint64 // from where pieces were asked
	voor    func(van uint64) error
	pacht   func() (bool, error)
	gedaan  []string
	bladen  uint64        // that came since
	kamers  []domein.Stap // what is to be done of the rooms
	gemeld  []error
}

const bladen = 300

func newWerkproef(t *testing.T) *werkproef {
	t.Helper()
	s := openSQLite(t)
	p := &werkproef{T: t, opslag: hersleuteling.New(s), keys: t.TempDir(), nu: storetest.Start}
	var err error
	p.bos, err = betrokkene.OpenMet(bg, p.keys, oins, s, betrokkene.Opties{Momenten: p.opslag, Nu: func() time.Time { return p.nu }})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Acquire and Release implement the lease.
func (p *werkproef) Acquire(context.Context) (bool, error) {
	if p.pacht == nil {
		return true, nil
	}
	return p.pacht()
}
func (p *werkproef) Release(context.Context) error { return nil }

// doe is one look at the work, by a process that begins.
func (p *werkproef) doe() []uint64 {
	p.Helper()
	p.stukken, p.gedaan = nil, nil
	domein.New(domein.Opties{
		Opslag: p.opslag, Momenten: p.opslag, Sleutels: p.bos.Organisatie, OINs: []string{storetest.A}, Pacht: p, Nu: func() time.Time { return p.nu },
		Grootte: func(context.Context, string) (uint64, error) { return p.bladen + bladen, nil },
		Hersleutel: func(_ context.Context, _ *betrokkene.Sleutels, _ string, van uint64, max int) (uint64, int, int, error) {
			if p.voor != nil {
				if err := p.voor(van); err != nil {
					return van, 0, 0, err
				}
			}
			p.stukken = append(p.stukken, van)
			return min(van+uint64(max), p.bladen+bladen), max, 0, nil
		},
		Kamers: func(context.Context, *betrokkene.Sleutels, string, string, int) (domein.Stap, error) {
			return p.kamer()
		},
		Meld:   func(err error) { p.gemeld = append(p.gemeld, err) },
		Gedaan: func(_ context.Context, oin string) error { p.gedaan = append(p.gedaan, oin); return nil },
	}).Doe(bg)
	return p.stukken
}

func (p *werkproef) kamer() (domein.Stap, error) {
	if len(p.kamers) == 0 {
		return domein.Stap{Klaar: true}, nil
	}
	stap := p.kamers[0]
	p.kamers = p.kamers[1:]
	return stap, nil
}

func (p *werkproef) sleutel(soort string) {
	p.Helper()
	if _, err := betrokkene.Nieuw(p.keys, storetest.A, soort); err != nil {
		p.Fatal(err)
	}
	p.ververs()
}

func (p *werkproef) ververs() {
	p.Helper()
	if err := p.bos.Ververs(bg); err != nil {
		p.Fatal(err)
	}
}

func TestRewritingWaitsAnHourAndIsDoneOnce(t *testing.T) {
	t.Parallel()
	p := newWerkproef(t)
	if p.doe() != nil || !slices.Equal(p.gedaan, []string{storetest.A}) {
		t.Error("with the first keys there is work, or nobody was told")
	}
	p.sleutel(betrokkene.SoortTeken)
	p.sleutel(betrokkene.SoortZegel)
	p.nu = p.nu.Add(betrokkene.Wachttijd)
	p.ververs()
	for _, d := range []time.Duration{0, domein.Rust - time.Second} {
		if p.nu = p.nu.Add(d); p.doe() != nil {
			t.Error("it begins too soon")
		}
	}
	p.nu = p.nu.Add(time.Second)
	if got := p.doe(); len(got) < 3 || got[0] != 0 {
		t.Errorf("it rewrites from %v", got)
	}
	if v, err := p.opslag.Voortgang(bg, storetest.A); err != nil || v.Volgende != bladen || v.Klaar != p.nu || v.Doel != "handle-1 zegel-2" {
		t.Errorf("%+v, %v", v, err)
	}
	if p.doe() != nil {
		t.Error("it does so twice")
	}
	// The log is done and the rooms are not, as the version before left it.
	v, err := p.opslag.Voortgang(bg, storetest.A)
	if err != nil {
		t.Fatal(err)
	}
	klaar := v.Klaar
	v.Kamers = domein.Kamers{}
	if err := p.opslag.BewaarVoortgang(bg, storetest.A, v); err != nil {
		t.Fatal(err)
	}
	p.nu = p.nu.Add(time.Minute)
	stuk := errors.New("one does not open")
	p.kamers = []domein.Stap{{Plek: "a", Bekeken: 3, Gewijzigd: 2, Gelaten: 1, Waarom: stuk}, {Plek: "b", Bekeken: 4, Gewijzigd: 4}, {Klaar: true, Bekeken: 1}}
	want := domein.Kamers{Bekeken: 8, Gewijzigd: 6, Gelaten: 1, Klaar: p.nu}
	if p.doe() != nil || len(p.kamers) != 0 {
		t.Error("the log is done again, or the rooms are not done")
	}
	if v, err := p.opslag.Voortgang(bg, storetest.A); err != nil || v.Kamers != want || v.Klaar != klaar || len(p.gemeld) != 1 || !errors.Is(p.gemeld[0], stuk) {
		t.Errorf("%+v, %v, told %v", v, err, p.gemeld)
	}
	// A next key begins anew, from the first version.
	p.sleutel(betrokkene.SoortHandle)
	p.nu = p.nu.Add(betrokkene.Wachttijd + domein.Rust)
	p.ververs()
	if got := p.doe(); len(got) < 3 || got[0] != 0 {
		t.Errorf("with a third key it rewrites from %v", got)
	}
}

func TestRewritingGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	p := newWerkproef(t)
	p.sleutel(betrokkene.SoortZegel)
	p.nu = p.nu.Add(betrokkene.Wachttijd + domein.Rust)
	p.ververs()
	stuk := errors.New("the store is away")
	p.voor = func(van uint64) error {
		if van > 100 {
			return stuk
		}
		return nil
	}
	if p.doe(); len(p.gemeld) != 1 || !errors.Is(p.gemeld[0], stuk) || p.gedaan != nil {
		t.Errorf("told %v, done %v", p.gemeld, p.gedaan)
	}
	v, err := p.opslag.Voortgang(bg, storetest.A)
	if err != nil || v.Doel == "" || !v.Klaar.IsZero() {
		t.Errorf("%+v, %v", v, err)
	}
	// As another process left it.
	v.Volgende = 200
	if err := p.opslag.BewaarVoortgang(bg, storetest.A, v); err != nil {
		t.Fatal(err)
	}
	p.voor = nil
	if got := p.doe(); len(got) == 0 || got[0] != 200 {
		t.Errorf("it goes on from %v", got)
	}
	if v, err := p.opslag.Voortgang(bg, storetest.A); err != nil || v.Klaar.IsZero() {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestANewerKeyWhileRewritingBeginsAnew(t *testing.T) {
	t.Parallel()
	p := newWerkproef(t)
	p.sleutel(betrokkene.SoortZegel)
	p.nu = p.nu.Add(betrokkene.Wachttijd + domein.Rust)
	p.ververs()
	p.voor = func(van uint64) error {
		if van == 0 {
			p.sleutel(betrokkene.SoortZegel)
			p.nu = p.nu.Add(betrokkene.Wachttijd)
			p.ververs()
		}
		return nil
	}
	if got := p.doe(); !slices.Equal(got, []uint64{0}) {
		t.Errorf("it went on with %v", got)
	}
	p.voor = nil
	p.nu = p.nu.Add(domein.Rust)
	if got := p.doe(); len(got) < 3 || got[0] != 0 {
		t.Errorf("it begins anew with %v", got)
	}
}

func TestWithoutTheLeaseNothingIsRewritten(t *testing.T) {
	t.Parallel()
	p := newWerkproef(t)
	p.sleutel(betrokkene.SoortZegel)
	p.nu = p.nu.Add(betrokkene.Wachttijd + domein.Rust)
	p.ververs()
	p.pacht = func() (bool, error) { return false, nil }
	if p.doe() != nil || p.gedaan != nil {
		t.Error("it works without the lease")
	}
}

func TestWhatIsLoggedMeanwhileIsLookedAtToo(t *testing.T) {
	t.Parallel()
	p := newWerkproef(t)
	p.sleutel(betrokkene.SoortHandle)
	p.nu = p.nu.Add(betrokkene.Wachttijd + domein.Rust)
	p.ververs()
	p.voor = func(van uint64) error { p.bladen += 64; return nil } // as much as it does
	got := p.doe()
	v, err := p.opslag.Voortgang(bg, storetest.A)
	if err != nil || v.Klaar.IsZero() || v.Totaal <= bladen || len(got) < 2*bladen/64 || len(got) > 100 {
		t.Errorf("it looked %d times and came to %+v, %v", len(got), v, err)
	}
}
