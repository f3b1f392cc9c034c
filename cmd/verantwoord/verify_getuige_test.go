//go:build !dev

package main

import (
	"context"
	"database/sql"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/getuige"
	"github.com/verantwoord/verantwoord/internal/server"
	checkpoints "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

func newGetuige(t testing.TB, naam string, zaad byte) *getuige.Ondertekenaar {
	t.Helper()
	o, err := getuige.NewOndertekenaar(naam, append(make([]byte, 31), zaad))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// medeonderteken has a witness cosign the newest public checkpoints of a store.
//
// A register on it then stays in the hour of these: the next hour has another public checkpoint, which nobody cosigned.
func (p *proefopslag) medeonderteken(o *getuige.Ondertekenaar) {
	p.t.Helper()
	var s interface {
		kamer.Opslag
		Close() error
	}
	var err error
	if dir, is := config.SQLiteMap(p.adres); is {
		s, err = sqlite.Open(context.Background(), dir, sqlite.Opties{Organisaties: []string{oinVerify, oinVerifyTwee}})
	} else {
		s, err = postgres.Open(context.Background(), p.adres, postgres.Opties{})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	defer s.Close()
	k := checkpoints.New(s)
	for _, boom := range bewijs.Bomen {
		w, err := k.Openbaar(context.Background(), oinVerify, boom)
		if err != nil || w.Nr == 0 {
			p.t.Fatalf("no public checkpoint: %v", err)
		}
		if p.nu == nil || w.Moment.Before(p.nu()) { // the hour may have passed between the trees
			p.nu = func() time.Time { return w.Moment }
		}
		tekst, _, _ := strings.Cut(string(w.Tekst), "\n\n")
		m := o.Onderteken(tekst+"\n", time.Unix(1770000000, 0))
		if err := k.VoegMede(context.Background(), oinVerify, boom, w.Nr, &m); err != nil {
			p.t.Fatal(err)
		}
	}
}

func TestVerifyAsksForTheCosignatureOfAWitness(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	een, twee, weg := newGetuige(t, "een.example", 1), newGetuige(t, "twee.example", 2), newGetuige(t, "weg.example", 3)
	p.medeonderteken(een)
	p.medeonderteken(twee)
	url, stop := p.dienst()
	defer stop()
	log := url + "/bewijs/" + oinVerify
	sleutel := schrijf(t, "sleutel", get(t, log+"/sleutel"))
	onthoud := filepath.Join(t.TempDir(), "gezien")
	const (
		ja  = "heeft medeondertekend op 2026-02-02T02:40:00Z"
		nee = "heeft dit checkpoint niet medeondertekend"
	)
	for _, s := range []struct {
		naam     string
		want     int
		getuigen []string
		teksten  []string
	}{
		{"one of one", 0, []string{een.Publiek()}, []string{"getuige een.example " + ja}},
		{"both, in a file", 0, []string{schrijf(t, "getuigen", []byte(een.Publiek()+"\n"+twee.Publiek()+"\n"))}, []string{"een.example " + ja, "twee.example " + ja}},
		{"one of two", 0, []string{weg.Publiek(), een.Publiek()}, []string{"een.example " + ja, "weg.example " + nee}},
		{"none", 1, []string{weg.Publiek()}, []string{"Geen van de gegeven getuigen", "weg.example " + nee}},
		{"one of another key", 1, []string{newGetuige(t, "een.example", 9).Publiek()}, []string{"Geen van de gegeven getuigen", "een.example " + nee}},
		{"the key before and the key of now", 0, []string{newGetuige(t, "een.example", 9).Publiek(), een.Publiek()}, []string{"een.example " + nee, "een.example " + ja}},
		{"no key at all", 2, []string{"een.example+00000000+BA=="}, []string{"sleutel van een getuige"}},
		{"no such file", 2, []string{filepath.Join(t.TempDir(), "weg")}, nil},
	} {
		args := []string{"verify", log, "--sleutel", sleutel, "--onthoud", onthoud}
		for _, g := range s.getuigen {
			args = append(args, "--getuige", g)
		}
		out := opdrachtIn(t, s.want, args...)
		for _, want := range s.teksten {
			if !strings.Contains(out, want) {
				t.Errorf("%s: it does not say %q:\n%s", s.naam, want, out)
			}
		}
	}
	if out := opdrachtIn(t, 0, "verify", log+"/beheer", "--sleutel", schrijf(t, "sleutel", get(t, log+"/beheer/sleutel")), "--getuige", een.Publiek(), "--json"); !strings.Contains(out, `"medeondertekend": "2026-02-02T02:40:00Z"`) || !strings.Contains(out, `"log": `) {
		t.Error(out)
	}
}

// A line of a key that is known and does not hold is told, also when another witness cosigned (C2SP signed-note).
func TestVerifyNamesACosignatureThatDoesNotHold(t *testing.T) {
	t.Parallel()
	een, twee := newGetuige(t, "een.example", 1), newGetuige(t, "twee.example", 2)
	const kop = "x.example/bewijs/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	goed, fout := een.Onderteken(kop, time.Unix(1770000000, 0)), twee.Onderteken(kop+"iets\n", time.Unix(1770000000, 0))
	g := &gevolgd{Gevolgd: &controle.Gevolgd{Tekst: []byte(kop + "\n" + string(goed.Regel) + string(fout.Regel))}}
	g.getuigd([]*getuige.Sleutel{een.Sleutel, twee.Sleutel})
	if len(g.Gebreken) != 1 || !strings.Contains(g.Gebreken[0].Wat, "twee.example klopt niet") || g.Getuigen[0].Ondertekend == nil {
		t.Errorf("%+v", g)
	}
}

func TestAChangedCosignatureInAStoreIsNamed(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	p.medeonderteken(newGetuige(t, "een.example", 1))
	p.medeonderteken(newGetuige(t, "twee.example", 2))
	p.wantGoed()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "store", "log.db")+"?_pragma=synchronous(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for i := range 40 {
		v := veld{"log.db", "medeondertekening", []string{"nr", "sleutel", "moment", "regel"}[i%4], controle.DeelCheckpoint}
		var rij int64
		var oud any
		if err := db.QueryRow(`SELECT rowid, `+v.kolom+` FROM medeondertekening ORDER BY random() LIMIT 1`).Scan(&rij, &oud); err != nil {
			t.Fatal(err)
		}
		nieuw, _ := verander(oud)
		if _, err := db.Exec(`UPDATE medeondertekening SET `+v.kolom+` = ? WHERE rowid = ?`, nieuw, rij); err != nil {
			t.Fatal(err)
		}
		wantGevonden(t, p, v, oud, nieuw)
		if _, err := db.Exec(`UPDATE medeondertekening SET `+v.kolom+` = ? WHERE rowid = ?`, oud, rij); err != nil {
			t.Fatal(err)
		}
	}
	p.wantGoed()
}

// intussen is a store in which something is done once the checkpoints were read.
type intussen struct {
	nakijker
	doe func()
}

func (n intussen) Vast(ctx context.Context) error {
	n.doe()
	return n.nakijker.Vast(ctx)
}

// A register in PostgreSQL goes on while it is checked, and a check may take hours.
func TestACheckpointThatIsCosignedDuringACheckIsNoFault(t *testing.T) {
	t.Parallel()
	p := vul(t, postgrestest.Database(t), t.TempDir())
	n, err := openNakijker(t.Context(), p.adres)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	uur := func() {
		p.nu = func() time.Time { return time.Now().Add(time.Hour) }
		p.draai(func(s *server.Server) { p.nieuwUur(s) })
		p.medeonderteken(newGetuige(t, "een.example", 1))
	}
	v, err := nakijkOpslag(t.Context(), opslagplek{p.adres, intussen{n, uur}, true, func(string) bool { return true }}, filepath.Join(p.dir, "sleutels"), nil)
	if err != nil || v.Oordeel() != controle.Goed {
		t.Errorf("%+v, %v", v, err)
	}
}

// nieuwUur waits for a public checkpoint of the hour of the register, of both trees.
func (p *proefopslag) nieuwUur(s *server.Server) {
	p.t.Helper()
	for _, pad := range []string{"", "/beheer"} {
		for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:8080/bewijs/"+oinVerify+pad+"/checkpoint", nil))
			tekst, _, _ := strings.Cut(w.Body.String(), "\n\n")
			if c, err := bewijs.ParseCheckpoint(tekst + "\n"); err == nil && !c.Moment.Before(p.nu().Truncate(time.Hour)) {
				break
			}
			if time.Now().After(end) {
				p.t.Fatalf("no public checkpoint of this hour: %s", w.Body)
			}
		}
	}
}
