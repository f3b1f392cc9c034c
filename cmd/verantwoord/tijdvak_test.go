//go:build !dev

package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// opBeide runs a test on a filled store of each engine.
func opBeide(t *testing.T, f func(t *testing.T, p *proefopslag)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, vulSQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, vul(t, postgrestest.Database(t), t.TempDir()))
	})
}

// kopie gives a copy of the store, as a backup keeps it; the keys stay where they are.
func (p *proefopslag) kopie() (adres string) {
	p.t.Helper()
	dir, is := config.SQLiteMap(p.adres)
	if !is {
		return postgrestest.Kopie(p.t, p.adres)
	}
	naar := filepath.Join(p.t.TempDir(), "store")
	if err := os.CopyFS(naar, os.DirFS(dir)); err != nil {
		p.t.Fatal(err)
	}
	return "sqlite:" + naar
}

// leg logs n acties on a register, and waits for a checkpoint of all.
func (p *proefopslag) leg(s *server.Server, n int) {
	p.t.Helper()
	for i := range n {
		status, b := p.vraag(s.Handler(), "alles-0", "POST", padActies, actieProef(len(p.acties)+i))
		if status != http.StatusCreated {
			p.t.Fatalf("status %d: %s", status, b)
		}
		p.acties = append(p.acties, string(b[bytes.Index(b, []byte(`"actieId":"`))+11:][:36]))
	}
	for _, boom := range bewijs.Bomen {
		p.ondertekend(s, oinVerify, boom)
	}
}

// ondertekend waits for the checkpoint of all that stands in a tree, and gives it.
func (p *proefopslag) ondertekend(s *server.Server, oin string, boom bewijs.Boom) []byte {
	p.t.Helper()
	pad := map[bewijs.Boom]string{bewijs.BoomLog: "", bewijs.BoomBeheer: "/beheer"}[boom]
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		_, b := p.vraag(s.Handler(), map[string]string{oinVerify: "alles-0", oinVerifyTwee: "alles-1"}[oin], "GET", "/bewijs/"+oin+pad+"/checkpoint/nieuw", nil)
		tekst, _, _ := strings.Cut(string(b), "\n\n")
		c, err := bewijs.ParseCheckpoint(tekst + "\n")
		n, fout := s.Size(p.t.Context(), oin, boom)
		if err == nil && fout == nil && c.Grootte == n {
			return b
		}
		if time.Now().After(end) {
			p.t.Fatalf("no checkpoint of all %d leaves: %s", n, b)
		}
	}
}

// draai runs a register, for as long as f.
func (p *proefopslag) draai(f func(s *server.Server)) {
	p.t.Helper()
	s, err := p.open()
	if err != nil {
		p.t.Fatal(err)
	}
	f(s)
	if err := s.Close(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *proefopslag) wantWeigert() {
	p.t.Helper()
	s, err := p.open()
	if err == nil {
		s.Close()
		p.t.Fatal("a register starts on a store that was put back")
	}
	if !strings.Contains(err.Error(), "verantwoord tijdvak open --oin "+oinVerify) {
		p.t.Fatalf("the way out is not told: %v", err)
	}
}

// wantOuder wants a store in which all is well, but for what is remembered of it beside the keys.
func (p *proefopslag) wantOuder() {
	p.t.Helper()
	v := p.nakijk()
	if v.Oordeel() != controle.Fout {
		p.t.Fatalf("a store that was put back is called %d", v.Oordeel())
	}
	for _, g := range v.Gebreken {
		if g.OIN != oinVerify || g.Deel != controle.DeelCheckpoint || !strings.Contains(g.Waar, "naast de sleutels") {
			p.t.Errorf("it finds %+v", g)
		}
	}
}

func (p *proefopslag) openTijdvak(o server.TijdvakOpties) []*bewijs.Tijdvakblad {
	p.t.Helper()
	if o.Reden == "" {
		o.Reden = "Schijf kapot; kopie van gisteren"
	}
	o.OIN = oinVerify
	l, err := server.OpenTijdvak(context.Background(), p.config(), o)
	if err != nil {
		p.t.Fatal(err)
	}
	return l
}

func TestAStoreThatWasPutBackGoesOnInANewEpoch(t *testing.T) {
	opBeide(t, func(t *testing.T, p *proefopslag) {
		oud := p.kopie()
		p.draai(func(s *server.Server) { p.leg(s, 5) })
		p.wantGoed()
		p.acties = p.acties[:len(p.acties)-5]
		p.adres = oud
		p.wantWeigert()
		p.wantOuder() // and left nothing behind

		for naam, o := range map[string]server.TijdvakOpties{
			"a number of a person": {OIN: oinVerify, Reden: "Voor 000000012 teruggezet"},
			"seven digits of one":  {OIN: oinVerify, Reden: "Voor 2308572."},
			"two lines":            {OIN: oinVerify, Reden: "een\ntwee"},
			"too long":             {OIN: oinVerify, Reden: strings.Repeat("a", 201)},
			"another organisation": {OIN: "00000099123456789000", Reden: "Schijf kapot"},
			"a foreign checkpoint": {OIN: oinVerify, Reden: "Schijf kapot", Checkpoints: [][]byte{[]byte("log.example/bewijs/" + oinVerify + "\n1\n")}},
		} {
			if l, err := server.OpenTijdvak(t.Context(), p.config(), o); err == nil {
				t.Fatalf("%s: opened %v", naam, l)
			}
		}

		l := p.openTijdvak(server.TijdvakOpties{})
		if len(l) == 0 || l[len(l)-1].Boom != bewijs.BoomLog || l[len(l)-1].Nummer != 2 || l[len(l)-1].Gat() != 5 {
			t.Fatalf("opened %+v", l)
		}
		p.wantGoed()
		if _, err := server.OpenTijdvak(t.Context(), p.config(), server.TijdvakOpties{OIN: oinVerify, Reden: "Nog eens"}); !errors.Is(err, server.ErrNietNodig) {
			t.Fatalf("a second time: %v", err)
		}
		p.draai(func(s *server.Server) {
			p.leg(s, 9) // now it has the lease
			if _, err := server.OpenTijdvak(t.Context(), p.config(), server.TijdvakOpties{OIN: oinVerify, Reden: "Erbij", ZonderVerlies: true}); err == nil || !strings.Contains(err.Error(), "draait") {
				t.Errorf("beside a register: %v", err)
			}
			if b := p.ondertekend(s, oinVerify, bewijs.BoomLog); !bytes.Contains(b, []byte("/bewijs/"+oinVerify+"/tijdvak-2\n")) {
				t.Errorf("signed as %s", b)
			}
			for _, id := range append(p.acties[:2:2], p.acties[len(p.acties)-1]) { // of before and after
				if status, b := p.vraag(s.Handler(), "alles-0", "GET", padActies+"/"+id+"/bewijs", nil); status != http.StatusOK || !bytes.Contains(b, []byte("/tijdvak-2\n")) {
					t.Errorf("the receipt of %s: %d %s", id, status, b)
				}
			}
			if status, b := p.vraag(s.Handler(), "alles-0", "GET", "/bewijs/"+oinVerify+"/tile/entries/000.p/20", nil); status != http.StatusOK || len(b) != 20*34 {
				t.Errorf("the entries: %d, %d bytes", status, len(b))
			}
			if status, _ := p.vraag(s.Handler(), "alles-0", "GET", "/bewijs/"+oinVerify+"/beheer/tile/entries/000.p/4", nil); status != http.StatusOK {
				t.Errorf("the entries of the beheerlog: %d", status)
			}
		})
		p.wantGoed()
		eerst, daarna, _, err := herbouw(t.Context(), p.adres)
		if err != nil || len(eerst)+len(daarna) > 0 {
			t.Errorf("reindex: %v %v %v", eerst, daarna, err)
		}
		// What is kept beside the keys of the epoch before stays.
		if kept, err := filepath.Glob(filepath.Join(p.dir, "sleutels", oinVerify, "checkpoint-log*")); err != nil || len(kept) != 2 {
			t.Errorf("kept %v, %v", kept, err)
		}
		p.draai(func(s *server.Server) { p.leg(s, 1) })
		p.wantGoed()
	})
}

func TestEveryByteOfAnEpochThatIsChangedIsFound(t *testing.T) {
	opBeide(t, func(t *testing.T, p *proefopslag) {
		oud := p.kopie()
		p.draai(func(s *server.Server) { p.leg(s, 1) })
		p.adres = oud
		if n := len(p.openTijdvak(server.TijdvakOpties{ZonderVerlies: true})); n != 2 {
			t.Fatalf("%d trees went on", n)
		}
		p.wantGoed()
		db := p.tabellen("tijdvak", "beheerregel", "groep")
		for _, boom := range []string{"log", "beheer"} {
			inhoud := db.lees(`SELECT inhoud FROM tijdvak WHERE boom = $1`, boom)
			for i := 0; i < len(inhoud); i += max(1, len(inhoud)/25) { // some of them; bewijs has a test of them all
				anders := bytes.Clone(inhoud)
				anders[i] ^= 1
				db.wantFout("tijdvak boom", `UPDATE tijdvak SET inhoud = $1 WHERE boom = $2`, anders, boom)
			}
			for _, anders := range []string{"nummer = 3", "blad = blad + 1", "blad = 0", "boom = 'elders'", "organisatie = organisatie + 1"} {
				db.wantFout("tijdvak versie", "UPDATE tijdvak SET "+anders+" WHERE boom = $1", boom)
			}
			db.wantFout("tijdvak versie", "DELETE FROM tijdvak WHERE boom = $1", boom)
		}
		for _, anders := range []string{"moment = moment + 1", "id = '00000000-0000-4000-8000-000000000000'", "soort = 'hersteld'"} {
			db.wantFout("beheerlog tijdvak", "UPDATE beheerregel SET "+anders+" WHERE soort = 'tijdvak'")
		}
		regel := db.lees(`SELECT inhoud FROM beheerregel WHERE soort = $1`, "tijdvak")
		regel[60] ^= 1
		db.wantFout("beheerlog", `UPDATE beheerregel SET inhoud = $1 WHERE soort = 'tijdvak'`, regel)
		if !strings.HasPrefix(p.adres, "sqlite:") {
			db.wantFout("boom", "UPDATE groep SET registratie = 1 WHERE registratie = 0")
		}
		p.wantGoed()
	})
}

// tabellen are tables of a store that are changed and put back.
type tabellen struct {
	p     *proefopslag
	namen []string
	db    *sql.DB
}

func (p *proefopslag) tabellen(namen ...string) *tabellen {
	p.t.Helper()
	soort, adres := "pgx", p.adres
	if dir, is := config.SQLiteMap(p.adres); is {
		soort, adres = "sqlite", "file:"+filepath.Join(dir, "log.db")+"?_pragma=synchronous(0)"
		namen = slices.DeleteFunc(namen, func(n string) bool { return n == "groep" })
	}
	db, err := sql.Open(soort, adres)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { db.Close() })
	d := &tabellen{p, namen, db}
	for _, n := range namen {
		d.doe("CREATE TABLE eerder_" + n + " AS SELECT * FROM " + n)
	}
	return d
}

func (d *tabellen) doe(tekst string, args ...any) int64 {
	d.p.t.Helper()
	r, err := d.db.Exec(tekst, args...)
	if err != nil {
		d.p.t.Fatalf("%s: %v", tekst, err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		d.p.t.Fatal(err)
	}
	return n
}

func (d *tabellen) lees(tekst string, args ...any) (b []byte) {
	d.p.t.Helper()
	if err := d.db.QueryRow(tekst, args...).Scan(&b); err != nil {
		d.p.t.Fatal(err)
	}
	return b
}

// wantFout changes something, sees that verify names it in one of these parts, and puts it back.
func (d *tabellen) wantFout(delen, tekst string, args ...any) {
	d.p.t.Helper()
	if d.doe(tekst, args...) == 0 {
		d.p.t.Fatalf("%s: nothing was changed", tekst)
	}
	v := d.p.nakijk()
	for _, n := range d.namen {
		d.doe("DELETE FROM " + n)
		d.doe("INSERT INTO " + n + " SELECT * FROM eerder_" + n)
	}
	for _, g := range v.Gebreken {
		if strings.Contains(delen, g.Deel) {
			return
		}
	}
	d.p.t.Errorf("%s: called %v, %+v", tekst, v.Oordeel(), v.Gebreken)
}
