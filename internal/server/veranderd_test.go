package server

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
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

const verwerkingVeranderd = "48086bf2-11b7-4603-9526-67d7c3bb6587"

// veranderproef is a register whose store is changed under it, and all that it answered about its records before.
type veranderproef struct {
	*testing.T
	adres, dir string
	*Server
	acties []string
	bekend map[string]map[string]bool // by question: each record as it was answered
}

func (p *veranderproef) open() error {
	p.Helper()
	b, err := autorisatie.Parse(strings.NewReader(fmt.Sprintf(`organisaties: [{oin: %q, naam: Voorbeeldstad}]
applicaties: [{clientIds: [alles], geheim: %q, label: alles, organisatie: %[1]q, oins: [%[1]q], autorisaties: [
  {component: verwerkingenlogging-bewerking, scopes: ['create:confidential', 'read:confidential', 'update:confidential', 'delete:confidential', 'audit:read']},
  {component: verwerkingenlogging-inzage, scopes: ['read:confidential']}]}]`, oinBewijs, geheimBewijs)), "")
	if err != nil {
		p.Fatal(err)
	}
	omgeving := map[string]string{"VERANTWOORD_STORE": p.adres, "VERANTWOORD_SLEUTELS": filepath.Join(p.dir, "sleutels"), "VERANTWOORD_URL": "http://127.0.0.1:8080"}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, []string{"VERANTWOORD_STORE=", "VERANTWOORD_SLEUTELS=", "VERANTWOORD_URL="})
	if err != nil {
		p.Fatal(err)
	}
	p.Server, err = Open(context.Background(), c, b, Opties{Versie: "proef"})
	return err
}

func (p *veranderproef) do(methode, pad string, body any) (int, []byte) {
	p.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	r := httptest.NewRequest(methode, "http://127.0.0.1:8080"+pad, in)
	token, err := autorisatie.Sign("alles", []byte(geheimBewijs), autorisatie.Claims{}, time.Now())
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(pad, "/inzage") {
		r.Header.Set("OIN", oinBewijs)
		r.Header.Set("VerwerkingsactiviteitId", "5f0bef4c-f66f-4311-84a5-19e8bf359eaf")
		r.Header.Set("VerwerkingsactiviteitUrl", "https://var.voorbeeldstad.example/5f0bef4c")
	}
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// records are the records of an answer, each by itself.
func records(t *testing.T, pad string, b []byte) (uit []string) {
	t.Helper()
	if strings.HasSuffix(pad, "/bewijs") {
		s, err := bewijs.ParseBewijsstuk(b)
		if err != nil {
			t.Fatal(err)
		}
		return []string{string(s.Extra)} // the rest is the tree, which says for itself whether it is right
	}
	var lijst struct{ Results []json.RawMessage }
	if err := json.Unmarshal(b, &lijst); err != nil {
		t.Fatal(err)
	}
	if lijst.Results == nil {
		return []string{string(b)}
	}
	for _, r := range lijst.Results {
		uit = append(uit, string(r))
	}
	return uit
}

// vragen are all ways in which the records can be asked for.
func (p *veranderproef) vragen(f func(pad string, status int, b []byte)) {
	const acties = "/bewerking/api/v1/verwerkingsacties"
	een := func(methode, pad string, body any) {
		status, b := p.do(methode, pad, body)
		f(pad, status, b)
	}
	for _, id := range p.acties {
		een("GET", acties+"/"+id, nil)
		een("GET", acties+"/"+id+"/versies", nil)
		een("GET", acties+"/"+id+"/bewijs", nil)
	}
	een("GET", acties+"?verwerkingId="+verwerkingVeranderd, nil)
	een("POST", "/inzage/api/v1/verwerkte-objecten/_zoek", map[string]any{
		"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "5649587", "beginDatum": "2024-01-01", "eindDatum": "2024-12-31",
	})
}

func vulVeranderd(t *testing.T, adres, dir string) *veranderproef {
	t.Helper()
	p := &veranderproef{T: t, adres: adres, dir: dir, bekend: map[string]map[string]bool{}}
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	const acties = "/bewerking/api/v1/verwerkingsacties"
	ken := func(pad string, b []byte) {
		if p.bekend[pad] == nil {
			p.bekend[pad] = map[string]bool{}
		}
		for _, r := range records(t, pad, b) {
			p.bekend[pad][r] = true
		}
	}
	for i := range 5 {
		actie := map[string]any{
			"handelingNaam": "", "verwerkingNaam": "", "verwerkingsactiviteitUrl": nil, "bewaartermijn": "P5Y", "uitvoerder": nil, "gegevensbron": "", "soortAfnemerId": "", "afnemerId": nil,
			"verwerkingsactiviteitIdAfnemer": nil, "verwerkingsactiviteitUrlAfnemer": nil, "verwerkingIdAfnemer": nil,
			"actieNaam": fmt.Sprintf("Ophalen adres %d", i), "tijdstip": "2024-03-01T12:00:00+01:00", "vertrouwelijkheid": []string{"normaal", "vertrouwelijk"}[i/4], "gebruiker": "u-1", "systeem": "Balie",
			"verwerkingId": verwerkingVeranderd, "verwerkingsactiviteitId": "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
			"verwerkteObjecten": []any{map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "5649587", "betrokkenheid": "Getuige", "verwerkteSoortenGegevens": []any{map[string]any{"soortGegeven": "Adres"}}}},
		}
		status, b := p.do("POST", acties, actie)
		var m struct{ ActieID string }
		if err := json.Unmarshal(b, &m); err != nil || status != http.StatusCreated {
			t.Fatalf("status %d: %s", status, b)
		}
		pad := acties + "/" + m.ActieID
		p.acties = append(p.acties, m.ActieID)
		for n := range 2 { // of most there are more versions; each is known as the answer to who asked when it was the newest
			p.vragen(func(pad string, status int, b []byte) {
				if status == http.StatusOK {
					ken(pad, b)
				}
			})
			if n == 1 || i%2 == 1 {
				break
			}
			if status, b := p.do("PUT", pad, actie); status != http.StatusOK {
				t.Fatalf("PUT: status %d: %s", status, b)
			}
		}
	}
	if status, b := p.do("DELETE", acties+"/"+p.acties[0], nil); status != http.StatusNoContent {
		t.Fatalf("DELETE: status %d: %s", status, b)
	}
	// Receipts are there when all is signed.
	for einde := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		mist := 0
		p.vragen(func(pad string, status int, b []byte) {
			if status == http.StatusOK {
				ken(pad, b)
			} else if status == http.StatusServiceUnavailable {
				mist++
			}
		})
		if mist == 0 {
			break
		}
		if time.Now().After(einde) {
			t.Fatal("not all is signed")
		}
	}
	// When the newest version is hidden, the one before it is what there is.
	for _, id := range p.acties {
		for n := 1; n <= 3; n++ {
			if status, b := p.do("GET", fmt.Sprintf("%s/%s/bewijs?versie=%d", acties, id, n), nil); status == http.StatusOK {
				ken(acties+"/"+id+"/bewijs", b)
			}
		}
	}
	return p
}

// want asks for everything, and tells how often it was refused because of a fault. What is shown must be what was logged.
func (p *veranderproef) want(wat string, oud, nieuw any) (geweigerd int) {
	p.Helper()
	p.vragen(func(pad string, status int, b []byte) {
		switch {
		case status >= http.StatusInternalServerError:
			geweigerd++
			var f struct{ Detail string }
			if err := json.Unmarshal(b, &f); err != nil || f.Detail == "" || bytes.Contains(b, []byte("5649587")) {
				p.Errorf("%s: refused with %s", wat, b)
			}
		case status == http.StatusOK:
			for _, r := range records(p.T, pad, b) {
				if !p.bekend[pad][r] {
					p.Fatalf("a byte of %s was changed from %v to %v, and the register answers %s with %s", wat, oud, nieuw, pad, r)
				}
			}
		}
	})
	return geweigerd
}

// eersteHash is where a byte of hashes is changed: in that of the first leaf, as nobody is shown a node above it.
func eersteHash(int) int { return bewijs.HashSize }

func overal(n int) int { return n }

// andereByte changes one byte of a value; tot tells how many of its bytes may be changed.
func andereByte(v any, tot func(int) int) any {
	switch w := v.(type) {
	case []byte:
		w = bytes.Clone(w)
		w[rand.IntN(tot(len(w)))] ^= byte(1 + rand.IntN(255))
		return w
	case [16]byte:
		w[rand.IntN(len(w))] ^= byte(1 + rand.IntN(255))
		return w
	case int16:
		return w ^ int16(1+rand.IntN(255))<<(8*rand.IntN(2))
	case int32:
		return w ^ int32(1+rand.IntN(255))<<(8*rand.IntN(4))
	case int64:
		return w ^ int64(1+rand.IntN(255))<<(8*rand.IntN(8))
	}
	panic(fmt.Sprintf("%T", v))
}

// keren is how often a store is changed: as often as VERANTWOORD_VERANDERINGEN says, and less often in an ordinary run.
func keren(gewoon int) int {
	if n, err := strconv.Atoi(os.Getenv("VERANTWOORD_VERANDERINGEN")); err == nil {
		return n
	}
	return gewoon
}

func TestNoRecordThatWasAlteredUnderARegisterIsEverShown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := vulVeranderd(t, "sqlite:"+filepath.Join(dir, "store"), dir)
	defer func() {
		if p.Server != nil { // it opened
			p.Close()
		}
	}()
	openDB := func(bestand string) *sql.DB {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "store", bestand)+"?_pragma=synchronous(0)&_pragma=busy_timeout(10000)")
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		return db
	}
	log := openDB("log.db")
	rijen := p.rijen(log)
	verzegeld := []string{"registratie", "inhoud", "tijdstip", "kenmerk", "nummer", "actie", "activiteit"}
	kolommen := append(slices.Clone(verzegeld), "registratie", "inhoud", "nr", "ingangen", "merk")
	gedaan, geweigerd := map[string]int{}, map[string]int{}
	n := keren(80)
	for i := range n {
		kolom := kolommen[i%len(kolommen)]
		rij := rijen[rand.IntN(len(rijen))]
		var oud any
		if err := log.QueryRow(`SELECT `+kolom+` FROM versie WHERE nr = ?`, rij).Scan(&oud); err != nil {
			t.Fatal(err)
		}
		if b, ok := oud.([]byte); oud == nil || ok && len(b) == 0 {
			continue
		}
		nieuw := andereByte(oud, overal)
		if x, ok := nieuw.(int64); ok && kolom == "nr" && x >= rijen[0] && x < rijen[0]+1<<20 {
			continue // where the next record comes
		}
		zet := func(rij any, waarde any) {
			if _, err := log.Exec(`UPDATE versie SET `+kolom+` = ? WHERE nr = ?`, waarde, rij); err != nil {
				t.Fatal(err)
			}
		}
		zet(rij, nieuw)
		gedaan[kolom]++
		w := p.want("versie."+kolom, oud, nieuw)
		geweigerd[kolom] += w
		if w == 0 && slices.Contains(verzegeld, kolom) {
			t.Fatalf("a byte of versie.%s was changed from %v to %v, and nothing is refused", kolom, oud, nieuw)
		}
		if kolom == "nr" {
			zet(nieuw, oud)
		} else {
			zet(rij, oud)
		}
	}
	if w := p.want("nothing", nil, nil); w > 0 {
		t.Fatalf("%d questions are refused while all is as it was", w)
	}
	t.Log(gedaan, geweigerd)
	if gedaan["merk"] > 0 && geweigerd["merk"] > 0 {
		t.Error("records that are as they were logged are refused, as their leaf was not asked")
	}
	p.ouder(func(q string) error { _, err := log.Exec(q); return err }, "UPDATE versie SET merk = NULL", "UPDATE versie SET registratie = registratie + 1")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	// A register remembers the index in part: what is beside the versions is changed while it does not run.
	zoals := t.TempDir()
	store := filepath.Join(dir, "store")
	if err := os.CopyFS(zoals, os.DirFS(store)); err != nil {
		t.Fatal(err)
	}
	geweigerd["knoop"] = 0
	for i := range n / 8 {
		v := [][3]string{{"log.db", "knoop", "hashes"}, {"index.db", "blok", "inhoud"}, {"log.db", "knoop", "nr"}, {"index.db", "run", "wijzers"}, {"log.db", "knoop", "hashes"}, {"index.db", "run", "acties"}}[i%6]
		db := openDB(v[0])
		var rij int64
		var oud any
		waar := `1`
		if v[1] == "knoop" { // the row that holds the leaf of a version that is asked for; a tree has an even number
			blad := rijen[rand.IntN(len(rijen))] & (1<<40 - 1)
			waar = fmt.Sprintf(`nr = (SELECT max(nr) FROM knoop WHERE nr <= %d)`, (2*(rijen[0]>>40))<<41|int64(bewijs.AantalKnopen(uint64(blad))))
		}
		if err := db.QueryRow(`SELECT rowid, `+v[2]+` FROM `+v[1]+` WHERE `+waar+` ORDER BY random() LIMIT 1`).Scan(&rij, &oud); err != nil {
			t.Fatal(err)
		}
		tot := overal
		if v[2] == "hashes" {
			tot = eersteHash
		}
		nieuw := andereByte(oud, tot)
		_, err := db.Exec(`UPDATE `+v[1]+` SET `+v[2]+` = ? WHERE rowid = ?`, nieuw, rij)
		if closed := db.Close(); err == nil && closed != nil {
			t.Fatal(closed)
		}
		if err != nil {
			continue // two of one key
		}
		if p.open() == nil { // else it refuses the store
			geweigerd[v[1]] += p.want(v[1]+"."+v[2], oud, nieuw)
			p.Close()
		}
		if err := os.RemoveAll(store); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(store, os.DirFS(zoals)); err != nil {
			t.Fatal(err)
		}
		// A store that is older than what is remembered beside the keys would be refused as a whole.
		onthouden, err := filepath.Glob(filepath.Join(dir, "sleutels", "*", "checkpoint-*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, pad := range onthouden {
			if err := os.Remove(pad); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	t.Log(geweigerd)
	if geweigerd["registratie"] == 0 || geweigerd["knoop"] == 0 {
		t.Error("nothing was refused of what the tree alone holds")
	}
}

// rijen are the rows of the versions that are asked for.
func (p *veranderproef) rijen(log *sql.DB) (l []int64) {
	for _, id := range p.acties {
		rows, err := log.Query(`SELECT nr FROM versie WHERE lower(hex(actie)) = ?`, strings.ReplaceAll(id, "-", ""))
		if err != nil {
			p.Fatal(err)
		}
		for rows.Next() {
			var nr int64
			if err := rows.Scan(&nr); err != nil {
				p.Fatal(err)
			}
			l = append(l, nr)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			p.Fatal(err)
		}
	}
	return l
}

func TestNoRecordThatWasAlteredInPostgreSQLIsEverShown(t *testing.T) {
	t.Parallel()
	adres := postgrestest.Database(t)
	p := vulVeranderd(t, adres, t.TempDir())
	defer p.Close()
	c, err := pgx.Connect(t.Context(), adres)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	velden := [][2]string{
		{"groep", "registratie"}, {"versie", "inhoud"}, {"groep", "hashes"}, {"groep", "merken"}, {"versie", "tijdstip"}, {"versie", "kenmerk"}, {"versie", "nummer"}, {"versie", "actie"},
		{"versie", "activiteit"}, {"versie", "verwerking"}, {"versie", "persoon"}, {"versie", "object"}, {"versie", "plaats"}, {"versie", "groep"},
	}
	geweigerd := map[string]int{}
	for i := range keren(28) {
		v := velden[i%len(velden)]
		eigen := map[string]string{"groep": "nr IN (SELECT groep FROM versie WHERE actie = ANY($1))", "versie": "actie = ANY($1)"}[v[0]]
		var rij string
		var oud any
		if err := c.QueryRow(t.Context(), `SELECT CAST(ctid AS text), `+v[1]+` FROM `+v[0]+` WHERE `+v[1]+` IS NOT NULL AND `+eigen+` ORDER BY random() LIMIT 1`, p.acties).Scan(&rij, &oud); err != nil {
			t.Fatal(err)
		}
		tot := overal
		if v[1] == "hashes" {
			tot = eersteHash
		}
		nieuw := andereByte(oud, tot)
		zet := func(waarde any) error {
			return c.QueryRow(t.Context(), `UPDATE `+v[0]+` SET `+v[1]+` = $1 WHERE ctid = CAST($2 AS tid) RETURNING CAST(ctid AS text)`, waarde, rij).Scan(&rij)
		}
		if zet(nieuw) != nil {
			continue // two of one key
		}
		geweigerd[v[0]+"."+v[1]] += p.want(v[0]+"."+v[1], oud, nieuw)
		if err := zet(oud); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(geweigerd)
	if w := p.want("nothing", nil, nil); w > 0 {
		t.Fatalf("%d questions are refused while all is as it was", w)
	}
	for _, k := range []string{"groep.registratie", "groep.hashes", "versie.inhoud"} {
		if geweigerd[k] == 0 {
			t.Errorf("nothing was refused when %s was changed", k)
		}
	}
	if geweigerd["groep.merken"] > 0 {
		t.Error("records that are as they were logged are refused, as their leaf was not asked")
	}
	p.ouder(func(q string) error { _, err := c.Exec(t.Context(), q); return err }, "UPDATE groep SET merken = NULL", "UPDATE groep SET registratie = registratie + 1")
}

// ouder makes the versions those of before there were marks, and then alters when they were registered: the leaves answer for them.
func (p *veranderproef) ouder(doe func(string) error, zonder, anders string) {
	p.Helper()
	if err := doe(zonder); err != nil {
		p.Fatal(err)
	}
	if w := p.want("no mark", nil, nil); w > 0 {
		p.Fatalf("%d questions are refused as versions have no mark", w)
	}
	if err := doe(anders); err != nil {
		p.Fatal(err)
	}
	if w := p.want("registration of versions without a mark", nil, nil); w < len(p.acties)*3 {
		p.Fatalf("%d questions are refused", w)
	}
	if err := doe(strings.Replace(anders, "+ 1", "- 1", 1)); err != nil {
		p.Fatal(err)
	}
}
