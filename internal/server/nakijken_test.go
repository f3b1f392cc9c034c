package server

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
)

// buffer is a log that is read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// nakijkproef is a register with records, which checks when the test says so.
type nakijkproef struct {
	*proef
	logboek buffer
	store   string
}

func startNakijken(t *testing.T, store string) *nakijkproef {
	t.Helper()
	p := &nakijkproef{proef: startBewijs(t, "VERANTWOORD_STORE", store), store: store}
	p.logger = slog.New(slog.NewTextHandler(&p.logboek, nil))
	p.teken(0)
	for range 12 {
		p.log("leverancier", "normaal")
	}
	weg := p.log("leverancier", "normaal")
	if status, _, b := p.do("vertrouwelijk", "DELETE", "/bewerking/api/v1/verwerkingsacties/"+weg["actieId"].(string), nil); status != http.StatusNoContent {
		t.Fatalf("status %d: %s", status, b)
	}
	p.teken(time.Hour)
	p.wantGeindexeerd()
	return p
}

// wantGeindexeerd waits until nothing is left to index: what is not indexed has no entries to look at.
func (p *nakijkproef) wantGeindexeerd() {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); p.Server.store.Achterstand() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatal("nothing is indexed")
		}
	}
}

// kijkNa checks, and gives what was kept.
func (p *nakijkproef) kijkNa() *controle.Nagekeken {
	p.t.Helper()
	eerder, err := p.nakijker.Nakijkingen.Laatste(p.t.Context(), oinBewijs)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.nakijker.Doe(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	n, err := p.nakijker.Nakijkingen.Laatste(p.t.Context(), oinBewijs)
	if err != nil {
		p.t.Fatal(err)
	}
	if n == nil || eerder != nil && !eerder.Begonnen.Before(n.Begonnen) {
		p.t.Fatal("nothing was kept of the check")
	}
	return n
}

// sql runs a statement on the store, beside the register that has it open.
func (p *nakijkproef) sql(bestand, tekst string) {
	p.t.Helper()
	if dir, ok := config.SQLiteMap(p.store); ok {
		db, err := sql.Open("sqlite", "file:"+dir+"/"+bestand+"?_pragma=busy_timeout(10000)")
		if err != nil {
			p.t.Fatal(err)
		}
		defer db.Close()
		if r, err := db.ExecContext(p.t.Context(), tekst); err != nil {
			p.t.Fatal(err)
		} else if n, err := r.RowsAffected(); err != nil || n == 0 {
			p.t.Fatalf("%s: %d rows, %v", tekst, n, err)
		}
		return
	}
	c, err := pgx.Connect(p.t.Context(), p.store)
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close(context.Background())
	if r, err := c.Exec(p.t.Context(), tekst); err != nil || r.RowsAffected() == 0 {
		p.t.Fatalf("%s: %v, %v", tekst, r, err)
	}
}

func TestTheDailyCheckFindsNothingBesideIntakeAndShowsWhenAllWasWell(t *testing.T) {
	t.Parallel()
	opElkeOpslag(t, func(t *testing.T, store string) {
		p := startNakijken(t, store)
		n := p.kijkNa()
		if n.Oordeel != controle.Goed || n.Aantal != 0 || n.Versies != 14 || n.Beheerlog == 0 || n.Checkpoints < 4 {
			t.Fatalf("%+v", n)
		}
		ctx, stop := context.WithCancel(t.Context())
		var gelogd uint64
		var werk sync.WaitGroup
		defer werk.Wait()
		defer stop()
		werk.Go(func() {
			for ctx.Err() == nil {
				p.log("leverancier", "normaal")
				gelogd++
				p.teken(time.Second)
			}
		})
		for range 5 {
			if n := p.kijkNa(); n.Oordeel != controle.Goed {
				t.Fatalf("%+v", n)
			}
		}
		stop()
		werk.Wait()
		if n := p.kijkNa(); n.Oordeel != controle.Goed || n.Versies != 14+gelogd || gelogd == 0 {
			t.Errorf("%+v", n)
		}
		_, b := p.want("", "/metrics", http.StatusOK)
		if !strings.Contains(string(b), "verantwoord_nakijken_gebreken 0\n") || strings.Contains(string(b), "verantwoord_nakijken_heel_seconden 0\n") {
			t.Error("the figures do not show that all is well")
		}
		if _, b := p.want("", "/", http.StatusOK); !strings.Contains(string(b), "Helemaal nagekeken op") {
			t.Error("the start page does not show when all was well")
		}
		if s := p.logboek.String(); strings.Contains(s, "level=ERROR") || !strings.Contains(s, "all is well") {
			t.Errorf("the log says:\n%s", s)
		}
	})
}

func TestTheDailyCheckNamesWhatWasChangedUnderARunningRegister(t *testing.T) {
	t.Parallel()
	type wijziging struct{ deel, bestand, doe, weer string }
	opElkeOpslag(t, func(t *testing.T, store string) {
		p := startNakijken(t, store)
		heel := p.kijkNa()
		if heel.Oordeel != controle.Goed {
			t.Fatalf("%+v", heel)
		}
		// A byte is turned, and turned back by the same.
		var lijst []wijziging
		if strings.HasPrefix(store, "sqlite:") {
			draai := func(tabel, kolom, waar string) (s string) {
				hex := fmt.Sprintf("hex(%s)", kolom)
				return fmt.Sprintf("UPDATE %s SET %s = unhex(substr(%s, 1, 20) || CASE substr(%s, 21, 1) WHEN '0' THEN '1' WHEN '1' THEN '0' WHEN '2' THEN '3' WHEN '3' THEN '2' WHEN '4' THEN '5' WHEN '5' THEN '4' WHEN '6' THEN '7' WHEN '7' THEN '6' WHEN '8' THEN '9' WHEN '9' THEN '8' WHEN 'A' THEN 'B' WHEN 'B' THEN 'A' WHEN 'C' THEN 'D' WHEN 'D' THEN 'C' WHEN 'E' THEN 'F' ELSE 'E' END || substr(%s, 22)) WHERE %s",
					tabel, kolom, hex, hex, hex, waar)
			}
			for _, w := range [][4]string{
				{"versie", "log.db", "inhoud", "nr = (SELECT min(nr) FROM versie)"}, {"versie", "log.db", "ingangen", "nr = (SELECT min(nr) FROM versie)"}, {"versie", "log.db", "merk", "nr = (SELECT min(nr) FROM versie)"},
				{"knoop", "log.db", "hashes", "nr = (SELECT min(nr) FROM knoop)"}, {"beheerregel", "log.db", "inhoud", "nr = 0 AND organisatie = (SELECT nr FROM organisatie WHERE oin = '" + oinBewijs + "')"},
				{"checkpoint", "log.db", "wortel", "nr = 2 AND boom = 'log' AND organisatie = (SELECT nr FROM organisatie WHERE oin = '" + oinBewijs + "')"},
			} {
				deel := map[string]string{"knoop": "boom", "beheerregel": "beheerlog"}[w[0]]
				if deel == "" {
					deel = w[0]
				}
				s := draai(w[0], w[2], w[3])
				lijst = append(lijst, wijziging{deel, w[1], s, s})
			}
			lijst = append(lijst, wijziging{"boom", "log.db", "UPDATE versie SET registratie = registratie + 1 WHERE nr = (SELECT max(nr) FROM versie)", ""})
			lijst = append(lijst, wijziging{"boom", "log.db", "DELETE FROM versie WHERE nr = (SELECT max(nr) FROM versie); DELETE FROM knoop WHERE nr = (SELECT max(nr) FROM knoop)", ""})
			// The register may find it first: then it puts the index out of use, which is told too.
			lijst = append(lijst, wijziging{"index", "index.db", draai("blok", "inhoud", "nr = (SELECT min(nr) FROM blok)"), ""})
		} else {
			eigen := "organisatie = (SELECT nr FROM organisatie WHERE oin = '" + oinBewijs + "')"
			for _, w := range [][3]string{
				{"versie", "inhoud", eigen}, {"groep", "hashes", eigen + " AND van = 0"}, {"beheerregel", "inhoud", eigen + " AND nr = 0"},
				{"checkpoint", "wortel", eigen + " AND nr = 2 AND boom = 'log'"},
			} {
				deel := map[string]string{"groep": "boom", "beheerregel": "beheerlog"}[w[0]]
				if deel == "" {
					deel = w[0]
				}
				s := fmt.Sprintf("UPDATE %s SET %s = set_byte(%s, 10, get_byte(%s, 10) # 1) WHERE %s", w[0], w[1], w[1], w[1], w[2])
				lijst = append(lijst, wijziging{deel, "", s, s})
			}
			lijst = append(lijst, wijziging{"index", "", "DELETE FROM ingang WHERE " + eigen, ""})
		}
		for _, w := range lijst {
			p.sql(w.bestand, w.doe)
			n := p.kijkNa()
			delen := []string{}
			for _, g := range n.Gebreken {
				delen = append(delen, g.Deel)
			}
			if n.Oordeel != controle.Fout || n.Aantal == 0 || !slices.Contains(delen, w.deel) {
				t.Errorf("after %s: %+v", w.doe, n)
			}
			if s := p.logboek.String(); !strings.Contains(s, "level=ERROR") || !strings.Contains(s, "deel="+w.deel) {
				t.Errorf("after %s the log says:\n%s", w.doe, s)
			}
			if _, b := p.want("", "/metrics", http.StatusOK); strings.Contains(string(b), "verantwoord_nakijken_gebreken 0\n") {
				t.Errorf("after %s the figures show that all is well", w.doe)
			}
			if h, err := p.nakijker.Nakijkingen.Heel(t.Context(), oinBewijs); err != nil || !h.Begonnen.Equal(heel.Begonnen) {
				t.Errorf("%+v, %v", h, err)
			}
			// The other organisation has nothing to do with it, but for an index file that is broken.
			if a, err := p.nakijker.Nakijkingen.Laatste(t.Context(), oinAnder); err != nil || a.Oordeel != controle.Goed && w.deel != controle.DeelIndex {
				t.Errorf("after %s the other organisation: %+v, %v", w.doe, a, err)
			}
			if w.weer == "" {
				continue // it stays; what comes after it is found all the same
			}
			p.sql(w.bestand, w.weer)
			if heel = p.kijkNa(); heel.Oordeel != controle.Goed {
				t.Fatalf("after %s was put back: %+v", w.doe, heel)
			}
		}
	})
}

func TestTheDailyCheckComesOnceADayOnOneNode(t *testing.T) {
	t.Parallel()
	opElkeOpslag(t, func(t *testing.T, store string) {
		p := startNakijken(t, store)
		nu := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		o := p.nakijker // one that was never asked
		p.nakijker = &controle.Dagelijks{
			OINs: o.OINs, Nakijkingen: o.Nakijkingen, Pacht: o.Pacht, Tijd: o.Tijd, Naam: o.Naam, Klaar: o.Klaar, Meld: o.Meld, Nu: func() time.Time { return nu },
		}
		aantal, doe := 0, o.Nakijk
		p.nakijker.Nakijk = func(ctx context.Context) ([]*controle.Verslag, error) { aantal++; return doe(ctx) }
		kijk := func(verder time.Duration, want int) {
			t.Helper()
			nu = nu.Add(verder)
			if err := p.nakijker.Kijk(t.Context()); err != nil {
				t.Fatal(err)
			}
			if aantal != want {
				t.Fatalf("at %v it was checked %d times, want %d", nu, aantal, want)
			}
		}
		kijk(0, 0)
		kijk(9*time.Minute, 0)
		kijk(time.Minute, 1) // it never was
		kijk(time.Minute, 1)
		kijk(13*time.Hour, 1) // 01:11 UTC: before three o'clock in Nederland
		kijk(2*time.Hour, 2)  // whatever its minute is, by four it comes
		kijk(time.Hour, 2)
		p.nakijker.Tijd = -1
		kijk(48*time.Hour, 2)
		p.nakijker.Tijd = 3 * time.Hour
		if pacht := p.nakijker.Pacht; pacht != nil {
			ander := startBewijs(t, "VERANTWOORD_STORE", store, "VERANTWOORD_SLEUTELS", p.config.Sleutels)
			if held, err := ander.nakijker.Pacht.Acquire(t.Context()); err != nil || !held {
				t.Fatal(held, err)
			}
			kijk(0, 2)
			if err := ander.nakijker.Pacht.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		kijk(0, 3)
		// One of the future, by a clock that was wrong or a hand that should not be there, keeps none away.
		if err := o.Nakijkingen.Voeg(t.Context(), &controle.Nagekeken{Omvang: controle.Omvang{OIN: oinBewijs}, Begonnen: nu.Add(365 * 24 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		kijk(time.Minute, 4)
		kijk(time.Minute, 4)
	})
}

func TestTheBeheerlogShowsItsProofAndGivesThatOfALine(t *testing.T) {
	t.Parallel()
	opElkeOpslag(t, func(t *testing.T, store string) {
		s, mail, adres, _ := startWerkplek(t, store)
		s.stopTekenen()
		s.stopNakijken()
		bea, _ := beheerder(t, s, mail, adres, "Bea Heer", "b.heer@voorbeeldstad.example")
		bea.want(bea.do("/beheer/beheerlog"), "/beheer/beheerlog", "De log is nog niet nagekeken.")
		s.maker.Teken(t.Context())
		if err := s.nakijker.Doe(t.Context()); err != nil {
			t.Fatal(err)
		}
		bea.want(bea.do("/beheer/beheerlog"), "/beheer/beheerlog", "Alles klopte.", "/bewijs/"+oinPaginas+"/beheer/checkpoint", "/beheer/beheerlog/0/bewijs")
		stuk := []byte(bea.do("/beheer/beheerlog/1/bewijs"))
		sleutels, err := s.checkpoints.Sleutels(t.Context(), oinPaginas, bewijs.BoomBeheer)
		if err != nil {
			t.Fatal(err)
		}
		b, err := controle.Stuk(stuk, nil, sleutels)
		if err != nil || b.Oordeel() != controle.Goed || b.Regel != 1 || b.Soort == "" || b.Grootte < 2 {
			t.Fatalf("%+v, %v", b, err)
		}
		// Of another line, or with another kind, it does not hold.
		for _, anders := range []string{"\nindex 0\n", "\nindex 2\n"} {
			if b, err := controle.Stuk(bytes.Replace(stuk, []byte("\nindex 1\n"), []byte(anders), 1), nil, sleutels); err != nil || b.Oordeel() != controle.Fout {
				t.Errorf("%q: %+v, %v", anders, b, err)
			}
		}
		p, err := bewijs.ParseBewijsstuk(stuk)
		if err != nil {
			t.Fatal(err)
		}
		p.Extra = bytes.Replace(p.Extra, []byte("soort "), []byte("soort x"), 1)
		if b, err := controle.Stuk(p.Tekst(), nil, sleutels); err != nil || b.Oordeel() != controle.Fout {
			t.Errorf("%+v, %v", b, err)
		}
		log, err := s.checkpoints.Sleutels(t.Context(), oinPaginas, bewijs.BoomLog)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := controle.Stuk(stuk, nil, log); err != nil || b.Oordeel() != controle.Fout {
			t.Errorf("with the key of the other tree: %+v, %v", b, err)
		}
		if _, err := controle.Stuk(stuk, []byte("{}"), sleutels); err == nil {
			t.Error("a record was held against the proof of an event")
		}
		bea.want(bea.do("/beheer/beheerlog/999999/bewijs"), "/beheer/beheerlog/999999/bewijs", "Deze regel staat niet in het beheerlog")

		// What is wrong is on the page, and on the overview.
		if strings.Contains(bea.do("/beheer/"), "De log klopt niet met haar eigen bewijs") {
			t.Error("the overview says that something is wrong")
		}
		n := &nakijkproef{proef: &proef{Server: s, t: t}, store: store}
		n.sql("log.db", "UPDATE checkpoint SET grootte = grootte + 1 WHERE boom = 'beheer'")
		if err := s.nakijker.Doe(t.Context()); err != nil {
			t.Fatal(err)
		}
		bea.want(bea.do("/beheer/beheerlog"), "/beheer/beheerlog", "checkpoint, checkpoint 1 van de boom beheer", "Voor het laatst klopte alles:")
		bea.want(bea.do("/beheer/"), "/beheer/", "De log klopt niet met haar eigen bewijs")
	})
}
