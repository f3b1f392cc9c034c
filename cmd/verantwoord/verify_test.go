package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

const (
	oinVerify     = "00000099123456780000"
	oinVerifyTwee = "00000099876543210000"
	geheimVerify  = "een-geheim-van-minstens-32-tekens!"
)

// proefopslag is a store with records, events and checkpoints, that no register has open.
type proefopslag struct {
	t      testing.TB
	adres  string
	dir    string // of keys, and of an embedded store
	acties []string
}

func (p *proefopslag) omgeving() map[string]string {
	return map[string]string{"VERANTWOORD_STORE": p.adres, "VERANTWOORD_SLEUTELS": filepath.Join(p.dir, "sleutels")}
}

// open runs a register on the store.
func (p *proefopslag) open() (*server.Server, error) {
	p.t.Helper()
	var apps strings.Builder
	for i, oin := range []string{oinVerify, oinVerifyTwee} {
		fmt.Fprintf(&apps, "  - {clientIds: [alles-%d], geheim: %q, label: proef %d, organisatie: %q, oins: [%q], autorisaties: [{component: verwerkingenlogging-bewerking, scopes: ['create:confidential', 'read:confidential', 'update:confidential', 'delete:confidential', 'audit:read']}]}\n", i, geheimVerify, i, oin, oin)
	}
	b, err := autorisatie.Parse(strings.NewReader("organisaties: [{oin: \""+oinVerify+"\", naam: Voorbeeldstad}, {oin: \""+oinVerifyTwee+"\", naam: Anderdorp}]\napplicaties:\n"+apps.String()), "")
	if err != nil {
		p.t.Fatal(err)
	}
	omgeving := p.omgeving()
	var namen []string
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		p.t.Fatal(err)
	}
	return server.Open(context.Background(), c, b, server.Opties{Versie: "proef"})
}

// vraag asks a register, and gives status and body.
func (p *proefopslag) vraag(h http.Handler, client, methode, pad string, body any) (int, []byte) {
	p.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	r := httptest.NewRequest(methode, "http://127.0.0.1:8080"+pad, in)
	token, err := autorisatie.Sign(client, []byte(geheimVerify), autorisatie.Claims{}, time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

const padActies = "/bewerking/api/v1/verwerkingsacties"

// vul fills the store: acties of two organisations, some changed, events, and checkpoints of all that.
func vul(t testing.TB, adres, dir string) *proefopslag {
	t.Helper()
	p := &proefopslag{t: t, adres: adres, dir: dir}
	s, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	h := s.Handler()
	for i := range 14 {
		klasse := []string{"normaal", "vertrouwelijk"}[i%5/4]
		actie := map[string]any{
			"handelingNaam": "", "verwerkingNaam": "", "verwerkingsactiviteitUrl": nil, "bewaartermijn": "P5Y", "uitvoerder": nil, "gegevensbron": "", "soortAfnemerId": "", "afnemerId": nil,
			"verwerkingsactiviteitIdAfnemer": nil, "verwerkingsactiviteitUrlAfnemer": nil, "verwerkingIdAfnemer": nil,
			"actieNaam": fmt.Sprintf("Ophalen adres %d", i), "tijdstip": "2026-03-01T12:00:00+01:00", "vertrouwelijkheid": klasse, "gebruiker": "u-1", "systeem": "Balie",
			"verwerkingId": fmt.Sprintf("48086bf2-11b7-4603-9526-67d7c3bb65%02d", i/2), "verwerkingsactiviteitId": "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
			"verwerkteObjecten": []any{
				map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "5649587", "betrokkenheid": "Getuige", "verwerkteSoortenGegevens": []any{map[string]any{"soortGegeven": "Adres"}}},
				map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": fmt.Sprintf("99999%04d", i), "betrokkenheid": "Partner", "verwerkteSoortenGegevens": []any{}},
			},
		}
		status, b := p.vraag(h, fmt.Sprintf("alles-%d", i%7/5), "POST", padActies, actie)
		if status != http.StatusCreated {
			t.Fatalf("status %d: %s", status, b)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		p.acties = append(p.acties, m["actieId"].(string))
		if i%7 == 0 {
			pad := padActies + "/" + m["actieId"].(string)
			if status, b := p.vraag(h, "alles-0", "PUT", pad, actie); status != http.StatusOK {
				t.Fatalf("PUT: status %d: %s", status, b)
			}
			if status, b := p.vraag(h, "alles-0", "DELETE", pad, nil); i == 0 && status != http.StatusNoContent {
				t.Fatalf("DELETE: status %d: %s", status, b)
			}
		}
	}
	for i := range 3 {
		if _, err := s.Mensen().Beheer.VoegFunctiegroepToe(context.Background(), gebruiker.Opdrachtregel(oinVerify), fmt.Sprintf("Groep %d", i), ""); err != nil {
			t.Fatal(err)
		}
	}
	// The next look of who signs covers all.
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		_, b := p.vraag(h, "alles-0", "GET", "/bewijs/"+oinVerify+"/checkpoint/nieuw", nil)
		c, err := bewijs.ParseCheckpoint(strings.SplitAfter(string(b), "\n\n")[0][:max(0, len(strings.SplitAfter(string(b), "\n\n")[0])-1)])
		n, _ := s.Size(context.Background(), oinVerify)
		if err == nil && c.Grootte == n {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no checkpoint of all: %s", b)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *proefopslag) nakijk() *controle.Verslag {
	p.t.Helper()
	v, err := nakijkOpslag(context.Background(), p.adres, filepath.Join(p.dir, "sleutels"), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func (p *proefopslag) wantGoed() {
	p.t.Helper()
	if v := p.nakijk(); v.Oordeel() != controle.Goed || len(v.Organisaties) != 2 {
		p.t.Fatalf("a store as it was written is called wrong: %+v", v)
	}
}

func vulSQLite(t testing.TB) *proefopslag {
	dir := t.TempDir()
	return vul(t, "sqlite:"+filepath.Join(dir, "store"), dir)
}

// veld is a column of a store, in which a byte is changed. deel is where the change must be found, one of several.
type veld struct {
	bestand, tabel, kolom string
	deel                  string
}

var veldenSQLite = []veld{
	{"log.db", "versie", "nr", "versie boom"}, {"log.db", "versie", "actie", "versie"}, {"log.db", "versie", "nummer", "versie"}, {"log.db", "versie", "registratie", "boom"},
	{"log.db", "versie", "tijdstip", "versie"}, {"log.db", "versie", "kenmerk", "versie"}, {"log.db", "versie", "activiteit", "versie"}, {"log.db", "versie", "ingangen", "versie"},
	{"log.db", "versie", "inhoud", "versie"}, {"log.db", "knoop", "nr", "boom"}, {"log.db", "knoop", "hashes", "boom"},
	{"log.db", "beheerregel", "nr", "beheerlog"}, {"log.db", "beheerregel", "id", "beheerlog"}, {"log.db", "beheerregel", "moment", "beheerlog"}, {"log.db", "beheerregel", "soort", "beheerlog"},
	{"log.db", "beheerregel", "hashes", "beheerlog"}, {"log.db", "beheerregel", "inhoud", "beheerlog"}, {"log.db", "boom", "grootte", "beheerlog"}, {"log.db", "boom", "rand", "beheerlog"},
	{"log.db", "checkpoint", "nr", "checkpoint"}, {"log.db", "checkpoint", "grootte", "checkpoint"}, {"log.db", "checkpoint", "wortel", "checkpoint"}, {"log.db", "checkpoint", "moment", "checkpoint"},
	{"log.db", "checkpoint", "openbaar", "checkpoint"}, {"log.db", "checkpoint", "tekst", "checkpoint"}, {"log.db", "checkpointsleutel", "sleutel", "checkpoint"}, {"log.db", "checkpointsleutel", "sinds", "checkpoint"},
	{"index.db", "stand", "tot", "index"}, {"index.db", "stand", "registratie", "index"}, {"index.db", "run", "nr", "index"}, {"index.db", "run", "versies", "index"},
	{"index.db", "run", "wijzers", "index"}, {"index.db", "run", "acties", "index"}, {"index.db", "blok", "nr", "index"}, {"index.db", "blok", "inhoud", "index"}, {"index.db", "herkomst", "logboek", "index"},
}

// verander changes one byte of a value.
func verander(v any) (any, bool) {
	switch w := v.(type) {
	case []byte:
		if len(w) == 0 {
			return nil, false
		}
		w = bytes.Clone(w)
		w[rand.IntN(len(w))] ^= byte(1 + rand.IntN(255))
		return w, true
	case string:
		b := []byte(w)
		b[rand.IntN(len(b))] ^= byte(1 + rand.IntN(127)) // still text
		return string(b), true
	case [16]byte:
		w[rand.IntN(len(w))] ^= byte(1 + rand.IntN(255))
		return w, true
	case int16:
		return w ^ int16(1+rand.IntN(255))<<(8*rand.IntN(2)), true
	case int32:
		return w ^ int32(1+rand.IntN(255))<<(8*rand.IntN(4)), true
	case int64:
		return w ^ int64(1+rand.IntN(255))<<(8*rand.IntN(8)), true
	}
	return nil, false
}

func TestEveryByteThatIsChangedInAnEmbeddedStoreIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	p.wantGoed()
	per := map[string]*sql.DB{}
	for _, bestand := range []string{"log.db", "index.db"} {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "store", bestand)+"?_pragma=synchronous(0)")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		per[bestand] = db
	}
	keren := 1000
	if testing.Short() {
		keren = 100
	}
	gedaan := map[string]int{}
	for n := 0; n < keren; {
		v := veldenSQLite[n%len(veldenSQLite)]
		if n%3 == 0 { // half of what is stored is records
			v = veldenSQLite[rand.IntN(11)]
		}
		db := per[v.bestand]
		var rij int64
		var oud any
		if err := db.QueryRow(`SELECT rowid, `+v.kolom+` FROM `+v.tabel+` ORDER BY random() LIMIT 1`).Scan(&rij, &oud); err != nil {
			t.Fatalf("%s.%s: %v", v.tabel, v.kolom, err)
		}
		nieuw, ok := verander(oud)
		if !ok {
			n++
			continue
		}
		if _, err := db.Exec(`UPDATE `+v.tabel+` SET `+v.kolom+` = ? WHERE rowid = ?`, nieuw, rij); err != nil {
			continue // two of one key: the store refuses it
		}
		n++
		gedaan[v.tabel]++
		wantGevonden(t, p, v, oud, nieuw)
		if v.kolom == "nr" && (v.tabel == "versie" || v.tabel == "knoop" || v.tabel == "run" || v.tabel == "blok") {
			rij = nieuw.(int64)
		}
		if _, err := db.Exec(`UPDATE `+v.tabel+` SET `+v.kolom+` = ? WHERE rowid = ?`, oud, rij); err != nil {
			t.Fatal(err)
		}
	}
	p.wantGoed()
	t.Log(gedaan)
}

func wantGevonden(t *testing.T, p *proefopslag, v veld, oud, nieuw any) {
	t.Helper()
	verslag := p.nakijk()
	if verslag.Oordeel() != controle.Fout {
		t.Fatalf("a byte of %s.%s was changed from %v to %v, and all is called good", v.tabel, v.kolom, oud, nieuw)
	}
	for _, g := range verslag.Gebreken {
		if strings.Contains(v.deel, g.Deel) && g.Wat != "" {
			return
		}
	}
	t.Fatalf("a byte of %s.%s was changed, and what is named is something else: %+v", v.tabel, v.kolom, verslag.Gebreken)
}

// altered gives what a register on the store answers with status 200 and otherwise than before.
func (p *proefopslag) altered(eerder map[string][]byte) (uit []string) {
	p.t.Helper()
	s, err := p.open()
	if err != nil {
		return nil // it refuses the store
	}
	defer s.Close()
	for pad, was := range eerder {
		if status, b := p.vraag(s.Handler(), "alles-0", "GET", pad, nil); status == http.StatusOK && !bytes.Equal(b, was) {
			uit = append(uit, fmt.Sprintf("%s: %s", pad, b))
		}
	}
	return uit
}

// The instant of registration is held by the tree alone: verify names it, and the register does not look at the tree when it
// reads. Every other column is held by the seal.
func TestARegisterNeverAnswersWithAnAlteredRecord(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	s, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	eerder := map[string][]byte{}
	for _, id := range p.acties {
		for _, pad := range []string{padActies + "/" + id, padActies + "/" + id + "/versies"} {
			if status, b := p.vraag(s.Handler(), "alles-0", "GET", pad, nil); status == http.StatusOK {
				eerder[pad] = b
			}
		}
	}
	if err := s.Close(); err != nil || len(eerder) < 15 {
		t.Fatalf("%d records read, %v", len(eerder), err)
	}
	zoals := t.TempDir()
	if err := os.CopyFS(zoals, os.DirFS(filepath.Join(p.dir, "store"))); err != nil {
		t.Fatal(err)
	}
	keren := 16
	if testing.Short() {
		keren = 10
	}
	for n := range keren {
		v := []veld{veldenSQLite[8], veldenSQLite[1], veldenSQLite[2], veldenSQLite[8], veldenSQLite[4], veldenSQLite[5], veldenSQLite[6], veldenSQLite[7]}[n%8]
		db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "store", v.bestand)+"?_pragma=synchronous(0)")
		if err != nil {
			t.Fatal(err)
		}
		var rij int64
		var oud any
		if err := db.QueryRow(`SELECT rowid, `+v.kolom+` FROM `+v.tabel+` WHERE length(`+v.kolom+`) > 0 ORDER BY random() LIMIT 1`).Scan(&rij, &oud); err != nil {
			t.Fatal(err)
		}
		nieuw, _ := verander(oud)
		if _, err = db.Exec(`UPDATE `+v.tabel+` SET `+v.kolom+` = ? WHERE rowid = ?`, nieuw, rij); err == nil {
			err = db.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		if l := p.altered(eerder); len(l) > 0 {
			t.Fatalf("a byte of %s was changed from %v to %v, and the register answers %v", v.kolom, oud, nieuw, l)
		}
		// Opening it may have added to the log: the store as it was comes back.
		if err := errors.Join(os.RemoveAll(filepath.Join(p.dir, "store")), os.CopyFS(filepath.Join(p.dir, "store"), os.DirFS(zoals))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryByteThatIsChangedInPostgreSQLIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	adres := postgrestest.Database(t)
	p := vul(t, adres, t.TempDir())
	p.wantGoed()
	c, err := pgx.Connect(t.Context(), adres)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	velden := []veld{
		{"", "versie", "groep", "versie"}, {"", "versie", "plaats", "versie boom"}, {"", "versie", "actie", "versie"}, {"", "versie", "nummer", "versie"}, {"", "versie", "tijdstip", "versie"},
		{"", "versie", "kenmerk", "versie"}, {"", "versie", "activiteit", "versie"}, {"", "versie", "verwerking", "versie"}, {"", "versie", "persoon", "versie"}, {"", "versie", "object", "versie"},
		{"", "versie", "ingangen", "versie"}, {"", "versie", "inhoud", "versie"}, {"", "versie", "inhoud", "versie"},
		{"", "groep", "van", "boom"}, {"", "groep", "nr", "versie"}, {"", "groep", "registratie", "boom"}, {"", "groep", "aantal", "boom"}, {"", "groep", "hashes", "boom"}, {"", "groep", "hashes", "boom"},
		{"", "ingang", "soort", "index"}, {"", "ingang", "sleutel", "index"}, {"", "ingang", "groep", "index"}, {"", "ingang", "plaats", "index"},
		{"", "organisatie", "grootte", "boom"}, {"", "organisatie", "laatste", "boom"}, {"", "organisatie", "rand", "boom"},
		{"", "beheerregel", "hashes", "beheerlog"}, {"", "beheerregel", "inhoud", "beheerlog"}, {"", "boom", "rand", "beheerlog"},
		{"", "checkpoint", "wortel", "checkpoint"}, {"", "checkpoint", "moment", "checkpoint"}, {"", "checkpoint", "tekst", "checkpoint"}, {"", "checkpoint", "grootte", "checkpoint"},
	}
	for n := 0; n < 50; n++ {
		v := velden[n%len(velden)]
		var rij string
		var oud any
		if err := c.QueryRow(t.Context(), `SELECT CAST(ctid AS text), `+v.kolom+` FROM `+v.tabel+` WHERE `+v.kolom+` IS NOT NULL ORDER BY random() LIMIT 1`).Scan(&rij, &oud); errors.Is(err, pgx.ErrNoRows) {
			t.Fatalf("no %s.%s to change", v.tabel, v.kolom)
		} else if err != nil {
			t.Fatal(err)
		}
		nieuw, ok := verander(oud)
		if !ok {
			continue
		}
		zet := func(waarde any) error {
			return c.QueryRow(t.Context(), `UPDATE `+v.tabel+` SET `+v.kolom+` = $1 WHERE ctid = CAST($2 AS tid) RETURNING CAST(ctid AS text)`, waarde, rij).Scan(&rij)
		}
		if err := zet(nieuw); err != nil {
			continue // two of one key: the store refuses it
		}
		wantGevonden(t, p, v, oud, nieuw)
		if err := zet(oud); err != nil {
			t.Fatal(err)
		}
	}
	p.wantGoed()
}
