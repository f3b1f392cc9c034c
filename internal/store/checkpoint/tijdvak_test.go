package checkpoint_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	domein "github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/getuige/dienst"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// opener is an engine whose log can go on in another epoch.
type opener interface {
	OpenTijdvak(ctx context.Context, b *bewijs.Tijdvakblad, mee func(*kamer.Tx) error) error
}

func bladVan(nummer uint32, blad, grootte uint64, wortel bewijs.Hash) *bewijs.Tijdvakblad {
	return &bewijs.Tijdvakblad{
		OIN: storetest.A, Boom: bewijs.BoomLog, Nummer: nummer, Moment: storetest.Start.UnixMicro(), Blad: blad, Grootte: grootte, Wortel: wortel,
		Noot: sha256.Sum256([]byte("noot")), Reden: "Schijf kapot",
	}
}

func TestAnEpochIsSignedUnderItsOwnNameByEveryNodeAndKey(t *testing.T) {
	overal(t, func(t *testing.T, open func() motor) {
		m, klok, geheugen := open(), storetest.NieuweKlok(), t.TempDir()
		k := nieuweKnoop(t, m, klok, nil, geheugen)
		log(t, m, storetest.A, 4)
		w := k.want(t, 4)
		k.Run(gedaan())
		o := m.(opener)
		if err := o.OpenTijdvak(bg, bladVan(2, 5, 9, w.Wortel), nil); !errors.Is(err, fout.Gelijktijdig) {
			t.Errorf("at another size: %v", err)
		}
		fail := errors.New("no")
		if err := o.OpenTijdvak(bg, bladVan(2, 4, 9, w.Wortel), func(*kamer.Tx) error { return fail }); !errors.Is(err, fail) {
			t.Errorf("what goes with it fails: %v", err)
		}
		if n, err := m.Size(bg, storetest.A); n != 4 || err != nil {
			t.Fatalf("%d leaves, %v", n, err)
		}
		if err := o.OpenTijdvak(bg, bladVan(2, 4, 9, w.Wortel), nil); err != nil {
			t.Fatal(err)
		}
		log(t, m, storetest.A, 2)

		// In the same hour, by another node, with a newer key: its first checkpoint is public.
		klok.Add(time.Minute)
		twee := nieuweKnoop(t, open(), klok, nil, t.TempDir(), zaad2, zaad1)
		log(t, twee.motor, storetest.A, 1)
		twee.Teken(bg)
		p := twee.openbaar(t)
		if len(twee.meldt) > 0 || p.Grootte != 8 || bewijs.OriginVan(p.Tekst) != "verantwoord.example/bewijs/"+storetest.A+"/tijdvak-2" {
			t.Fatalf("told %v; public is %s", twee.meldt, p.Tekst)
		}
		keys := twee.keys(t)
		for _, key := range keys {
			if _, err := bewijs.OpenCheckpoint(p.Tekst, bewijs.OriginVan(p.Tekst), key); err != nil {
				t.Errorf("key %s: %v", key.Name(), err)
			}
		}
		log(t, m, storetest.A, 1)
		klok.Add(2 * time.Minute)
		k = nieuweKnoop(t, m, klok, nil, geheugen, zaad2, zaad1)
		k.Teken(bg)
		if laatste, err := k.opslag.Laatste(bg, storetest.A, bewijs.BoomLog); err != nil || laatste.Grootte != 9 || laatste.Openbaar || len(k.meldt) > 0 {
			t.Errorf("%+v, %v, told %v", laatste, err, k.meldt)
		}
		k.Run(gedaan())
		if l, err := domein.Map(geheugen).Lees(storetest.A, bewijs.BoomLog); err != nil || len(l) != 2 {
			t.Errorf("%d checkpoints are remembered, %v", len(l), err)
		}
		// Everybody may see that the leaf of the epoch is there.
		if mag, err := k.b.TijdvakIn(bg, storetest.A, bewijs.BoomLog, 4, 8); err != nil || !mag {
			t.Errorf("the leaf of the epoch: %v, %v", mag, err)
		}
		for _, n := range [][2]uint64{{3, 8}, {5, 8}, {4, 9}} {
			if mag, err := k.b.TijdvakIn(bg, storetest.A, bewijs.BoomLog, n[0], n[1]); err != nil || mag {
				t.Errorf("leaf %d of %d: %v, %v", n[0], n[1], mag, err)
			}
		}
		if l, err := k.b.OpenbareTijdvakken(bg, storetest.A, bewijs.BoomLog); err != nil || len(l) != 1 || l[0].Gat() != 5 {
			t.Errorf("shown: %+v, %v", l, err)
		}
	})
}

// gedaan is over at once: who runs until then writes down what it knows.
func gedaan() context.Context {
	ctx, stop := context.WithCancel(bg)
	stop()
	return ctx
}

// Who opens an epoch says what was known last. What is remembered beside the keys may not be more than that.
func TestAnEpochThatDeniesWhatIsRememberedIsNotSigned(t *testing.T) {
	t.Parallel()
	klok, geheugen := storetest.NieuweKlok(), t.TempDir()
	m := openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, m, klok, nil, geheugen)
	log(t, m, storetest.A, 6)
	w := k.want(t, 6)
	k.Run(gedaan())
	for naam, tt := range map[string]struct {
		blad *bewijs.Tijdvakblad
		goed bool
	}{
		"too small":             {bladVan(2, 3, 5, w.Wortel), false},
		"as large, another one": {bladVan(2, 3, 6, bewijs.Hash{1}), false},
		"what was signed":       {bladVan(2, 3, 6, w.Wortel), true},
		"more than is kept":     {bladVan(2, 3, 7, bewijs.Hash{1}), true},
	} {
		s := openSQLite(t, t.TempDir())
		log(t, s, storetest.A, 3)
		if err := s.OpenTijdvak(bg, tt.blad, nil); err != nil {
			t.Fatal(err)
		}
		eigen := t.TempDir()
		if err := os.CopyFS(eigen, os.DirFS(geheugen)); err != nil {
			t.Fatal(err)
		}
		k := nieuweKnoop(t, s, klok, nil, eigen)
		err := k.b.Teruggezet(bg, domein.Map(eigen), storetest.A, bewijs.BoomLog)
		k.Teken(bg)
		if tt.goed && (err != nil || k.gestopt) || !tt.goed && (!errors.Is(err, domein.ErrTeruggezet) || !k.gestopt || !strings.Contains(strings.Join(k.meldt, " "), "denies")) {
			t.Errorf("%s: %v; stopped %v, told %v", naam, err, k.gestopt, k.meldt)
		}
	}
}

// A witness is not asked to believe that a log is another one now: its operator adds the epoch, and so hears of it.
func TestAWitnessCosignsAnEpochWhenItsOperatorAddedIt(t *testing.T) {
	t.Parallel()
	klok := storetest.NieuweKlok()
	m := openSQLite(t, t.TempDir())
	k := nieuweKnoop(t, m, klok, nil, "")
	log(t, m, storetest.A, 4)
	w := k.want(t, 4)
	g, url := startGetuige(t, k, klok)
	a := newAanbod(k, klok, nil, dienst.NewClient(nil), g, url)
	if a.bied(); len(a.meldt) > 0 || k.mede(t, storetest.A, bewijs.BoomLog) != 1 {
		t.Fatalf("told %v", a.meldt)
	}
	if err := m.OpenTijdvak(bg, bladVan(2, 4, 4, w.Wortel), nil); err != nil {
		t.Fatal(err)
	}
	klok.Add(2 * time.Second)
	k.Teken(bg)
	origin := bewijs.MetTijdvak("verantwoord.example/bewijs/"+storetest.A, 2)
	a.bied()
	if k.mede(t, storetest.A, bewijs.BoomLog) != 0 || !strings.Contains(strings.Join(a.meldt, " "), "have "+origin+" added there, with the same keys") || a.ernstig {
		t.Fatalf("told %v", a.meldt)
	}
	dir := t.TempDir()
	_, kaart, err := getuige.Open("getuige.example", dir+"/sleutel", dir+"/gezien")
	if err != nil {
		t.Fatal(err)
	}
	defer kaart.Close()
	nieuw, err := getuige.New(g.Ondertekenaar, []getuige.Log{{Origin: origin, Sleutels: k.keys(t)}}, kaart, klok.Now)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(dienst.Handler(nieuw, "", slog.New(slog.DiscardHandler)))
	defer h.Close()
	a = newAanbod(k, klok, nil, dienst.NewClient(nil), g, h.URL)
	a.bied()
	if k.mede(t, storetest.A, bewijs.BoomLog) != 1 || strings.Contains(strings.Join(a.meldt, " "), "forgot") {
		t.Errorf("the epoch is not cosigned: %v", a.meldt)
	}
}
