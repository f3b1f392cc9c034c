package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/api/openapi/openapitest"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/opruimen"
)

const (
	oinBewijs    = "00000099123456780000"
	oinAnder     = "00000099876543210000"
	geheimBewijs = "een-geheim-van-minstens-32-tekens!"
)

// proef is a register on a real socket whose trees are signed when the test says so.
type proef struct {
	*Server
	t   *testing.T
	url string
	nu  time.Time
}

func startBewijs(t *testing.T, instellingen ...string) *proef {
	t.Helper()
	var apps strings.Builder
	for naam, a := range map[string][2]string{
		"leverancier":         {oinBewijs, "'create:normal'"},
		"lezer":               {oinBewijs, "'create:normal', 'read:normal'"},
		"vertrouwelijk":       {oinBewijs, "'create:confidential', 'read:confidential', 'update:confidential', 'delete:confidential'"},
		"auditor":             {oinBewijs, "'audit:read'"},
		"niets":               {oinBewijs, ""},
		"anders-alles":        {oinAnder, "'create:confidential', 'read:confidential', 'update:confidential', 'audit:read'"},
		"stille-leverancier":  {oinBewijs, "'create:confidential'"},
		"andere-leverancier":  {oinBewijs, "'create:normal'"},
		"auditor-van-anderen": {oinAnder, "'audit:read'"},
	} {
		fmt.Fprintf(&apps, "  - {clientIds: [%s], geheim: %q, label: %s, organisatie: %q, oins: [%q], autorisaties: [{component: verwerkingenlogging-bewerking, scopes: [%s]}]}\n",
			naam, geheimBewijs, naam, a[0], a[0], a[1])
	}
	b, err := autorisatie.Parse(strings.NewReader("organisaties: [{oin: \""+oinBewijs+"\", naam: Voorbeeldstad}, {oin: \""+oinAnder+"\", naam: Anderdorp}]\napplicaties:\n"+apps.String()), "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	omgeving := map[string]string{"VERANTWOORD_STORE": "sqlite:" + dir + "/store", "VERANTWOORD_SLEUTELS": dir + "/sleutels", "VERANTWOORD_URL": "http://" + l.Addr().String()}
	var namen []string
	for i := 0; i < len(instellingen); i += 2 {
		omgeving[instellingen[i]] = instellingen[i+1]
	}
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		t.Fatal(err)
	}
	// What is public comes once in an hour of the clock: a test that waits seconds stays in the one that it began in.
	p := &proef{t: t, url: c.URL, nu: time.Now().Truncate(time.Hour)}
	if p.Server, err = Open(context.Background(), c, b, Opties{Versie: "proef", stil: true}); err != nil {
		t.Fatal(err)
	}
	h := &httptest.Server{Listener: l, Config: &http.Server{Handler: openapitest.Middleware(t, p.Handler())}}
	h.Start()
	opruimen.Na(t, func() {
		h.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	p.checkpoints.Nu = func() time.Time { return p.nu }
	return p
}

// teken signs at an hour from now.
func (p *proef) teken(d time.Duration) {
	p.nu = p.nu.Add(d)
	p.maker.Teken(context.Background())
}

func (p *proef) do(client, methode, pad string, body any) (int, http.Header, []byte) {
	p.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), methode, p.url+pad, in)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if client != "" {
		token, err := autorisatie.Sign(client, []byte(geheimBewijs), autorisatie.Claims{}, time.Now())
		if err != nil {
			p.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, res.Header, b
}

func (p *proef) want(client, pad string, status int) (http.Header, []byte) {
	p.t.Helper()
	got, h, b := p.do(client, "GET", pad, nil)
	if got != status {
		p.t.Fatalf("%q GET %s: status %d, want %d: %.300s", client, pad, got, status, b)
	}
	return h, b
}

func (p *proef) log(client, klasse string) map[string]any {
	p.t.Helper()
	status, _, b := p.do(client, "POST", "/bewerking/api/v1/verwerkingsacties", map[string]any{
		"actieNaam": "Ophalen \"adres\" <nu>", "tijdstip": "2026-03-01T12:00:00+01:00", "vertrouwelijkheid": klasse, "gebruiker": "u-1", "systeem": "Balie",
		"soortAfnemerId": "BSN", "afnemerId": "2308572",
		"verwerkteObjecten": []any{
			map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "5649587", "betrokkenheid": "Getuige", "verwerkteSoortenGegevens": []any{map[string]any{"soortGegeven": "Adres"}}},
			map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "6351429", "betrokkenheid": "Partner", "verwerkteSoortenGegevens": []any{}},
		},
	})
	if status != http.StatusCreated {
		p.t.Fatalf("status %d: %s", status, b)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		p.t.Fatal(err)
	}
	return m
}

func bewijsPad(actie map[string]any) string {
	return "/bewerking/api/v1/verwerkingsacties/" + actie["actieId"].(string) + "/bewijs"
}

// canoniek writes some members of a record as RFC 8785 asks, with another encoder than the register has: sorted keys, no
// escapes for HTML.
func canoniek(t testing.TB, van map[string]any, keys ...string) []byte {
	t.Helper()
	m := map[string]any{}
	for _, k := range keys {
		m[k] = van[k]
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// houdt verifies a receipt with nothing but the record, as the register gave it, and the public key.
func houdt(t testing.TB, tekst []byte, record map[string]any, sleutel string, oin string) error {
	t.Helper()
	b, err := bewijs.ParseBewijsstuk(tekst)
	if err != nil {
		return err
	}
	o, err := bewijs.ParseBladopening(b.Extra)
	if err != nil {
		return err
	}
	keys, err := bewijs.ParseSleutels(sleutel)
	if err != nil {
		return err
	}
	host, _, _ := strings.Cut(sleutel, "/")
	if _, err := b.Verify(o.BladHash(), host+"/bewijs/"+oin, keys...); err != nil {
		return err
	}
	if o.OIN != oin || fmt.Sprintf("%x-%x-%x-%x-%x", o.ActieID[:4], o.ActieID[4:6], o.ActieID[6:8], o.ActieID[8:10], o.ActieID[10:]) != record["actieId"] {
		return fmt.Errorf("a receipt of another actie")
	}
	intern := map[string]any{"afnemerId": record["afnemerId"], "gebruiker": record["gebruiker"], "gegevensbron": record["gegevensbron"], "systeem": record["systeem"]}
	openbaar := map[string]any{}
	for k, v := range record {
		openbaar[k] = v
	}
	openbaar["afnemerId"] = nil // it is a number of a person here
	check := func(label string, zout *[32]byte, h bewijs.Hash, canoniek []byte) error {
		if zout == nil {
			return fmt.Errorf("%s can't be opened", label)
		}
		if bewijs.Verbintenis(label, *zout, canoniek) != h {
			return fmt.Errorf("%s differs", label)
		}
		return nil
	}
	if err := check(bewijs.LabelPubliek, o.ZoutPubliek, o.Publiek, canoniek(t, openbaar, "actieNaam", "handelingNaam", "verwerkingNaam", "verwerkingId",
		"verwerkingsactiviteitId", "verwerkingsactiviteitUrl", "vertrouwelijkheid", "bewaartermijn", "uitvoerder", "soortAfnemerId", "afnemerId",
		"verwerkingsactiviteitIdAfnemer", "verwerkingsactiviteitUrlAfnemer", "verwerkingIdAfnemer", "tijdstip")); err != nil {
		return err
	}
	if err := check(bewijs.LabelIntern, o.ZoutIntern, o.Intern, canoniek(t, intern, "afnemerId", "gebruiker", "gegevensbron", "systeem")); err != nil {
		return err
	}
	objecten := record["verwerkteObjecten"].([]any)
	if len(objecten) != len(o.Personen) {
		return fmt.Errorf("%d persons", len(o.Personen))
	}
	for i, x := range objecten {
		persoon := x.(map[string]any)
		soorten := []any{}
		for _, s := range persoon["verwerkteSoortenGegevens"].([]any) {
			soorten = append(soorten, s.(map[string]any)["soortGegeven"])
		}
		eigen := map[string]any{}
		for k, v := range persoon {
			eigen[k] = v
		}
		eigen["verwerkteSoortenGegevens"] = soorten
		if err := check(bewijs.LabelPersoon, o.ZoutPersonen[i], o.Personen[i], canoniek(t, eigen, "betrokkenheid", "objectId", "objecttype", "soortObjectId", "verwerktObjectId", "verwerkteSoortenGegevens")); err != nil {
			return err
		}
	}
	return nil
}

func TestAReceiptIsVerifiedWithNothingButTheRecordAndTheKey(t *testing.T) {
	t.Parallel()
	p := startBewijs(t)
	p.teken(0)
	record := p.log("leverancier", "normaal")
	pad := bewijsPad(record)
	// Until a checkpoint covers it.
	h, b := p.want("leverancier", pad, http.StatusServiceUnavailable)
	if h.Get("Retry-After") != "2" || !strings.Contains(string(b), `"bewijs_nog_niet"`) {
		t.Errorf("Retry-After %q: %s", h.Get("Retry-After"), b)
	}
	p.teken(2 * time.Second)
	h, tekst := p.want("leverancier", pad, http.StatusOK)
	if h.Get("Content-Type") != "text/plain; charset=utf-8" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
	_, sleutel := p.want("", "/bewijs/"+oinBewijs+"/sleutel", http.StatusOK)
	if err := houdt(t, tekst, record, string(sleutel), oinBewijs); err != nil {
		t.Fatal(err)
	}
	for _, nummer := range []string{"5649587", "6351429", "2308572"} {
		if bytes.Contains(tekst, []byte(nummer)) {
			t.Error("a receipt holds a number of a person")
		}
	}
	// Later it still holds, against any later checkpoint too.
	for range 5 {
		p.log("leverancier", "normaal")
	}
	p.teken(2 * time.Second)
	_, later := p.want("lezer", pad, http.StatusOK)
	if err := houdt(t, later, record, string(sleutel), oinBewijs); err != nil || bytes.Equal(later, tekst) {
		t.Errorf("a later receipt: %v", err)
	}
	// Another record, another word, another key, another log.
	ander := p.log("leverancier", "normaal")
	if err := houdt(t, tekst, ander, string(sleutel), oinBewijs); err == nil {
		t.Error("it holds for another record")
	}
	record["gebruiker"] = "u-2"
	if err := houdt(t, tekst, record, string(sleutel), oinBewijs); err == nil {
		t.Error("it holds for a record that was changed")
	}
	record["gebruiker"] = "u-1"
	_, vreemd := p.want("", "/bewijs/"+oinAnder+"/sleutel", http.StatusOK)
	if err := houdt(t, tekst, record, strings.ReplaceAll(string(vreemd), oinAnder, oinBewijs), oinBewijs); err == nil {
		t.Error("it holds for another key")
	}
	if err := houdt(t, bytes.Replace(tekst, []byte("index 0"), []byte("index 1"), 1), record, string(sleutel), oinBewijs); err == nil {
		t.Error("it holds for another leaf")
	}
}

func TestAReceiptIsForWhoLoggedItAndForWhoMayReadIt(t *testing.T) {
	t.Parallel()
	p := startBewijs(t)
	gewoon, geheim := p.log("leverancier", "normaal"), p.log("stille-leverancier", "vertrouwelijk")
	p.teken(0)
	for _, c := range []struct {
		client string
		actie  map[string]any
		status int
	}{
		{"leverancier", gewoon, 200}, {"lezer", gewoon, 200}, {"vertrouwelijk", gewoon, 200}, {"auditor", gewoon, 200},
		{"andere-leverancier", gewoon, 404}, {"niets", gewoon, 404}, {"anders-alles", gewoon, 404}, {"", gewoon, 401},
		{"stille-leverancier", geheim, 200}, {"vertrouwelijk", geheim, 200}, {"auditor", geheim, 200},
		{"lezer", geheim, 403}, {"leverancier", geheim, 404}, {"niets", geheim, 404}, {"anders-alles", geheim, 404},
	} {
		status, _, b := p.do(c.client, "GET", bewijsPad(c.actie), nil)
		if status != c.status {
			t.Errorf("%q: status %d, want %d: %.200s", c.client, status, c.status, b)
		}
	}
	_, sleutel := p.want("", "/bewijs/"+oinBewijs+"/sleutel", http.StatusOK)
	_, b := p.want("vertrouwelijk", bewijsPad(geheim), http.StatusOK)
	if err := houdt(t, b, geheim, string(sleutel), oinBewijs); err != nil {
		t.Error(err)
	}
	// The refusal of a confidential record is that of the record itself, and of what does not exist it is the same as
	// of what is another's.
	body := func(client, pad string) string {
		_, _, b := p.do(client, "GET", pad, nil)
		voor, _, _ := strings.Cut(string(b), `"instance"`)
		return voor
	}
	if a, b := body("lezer", bewijsPad(geheim)), body("lezer", strings.TrimSuffix(bewijsPad(geheim), "/bewijs")); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	onbekend := "/bewerking/api/v1/verwerkingsacties/48086bf2-11b7-4603-9526-67d7c3bb6587/bewijs"
	for _, client := range []string{"niets", "leverancier", "anders-alles"} {
		if a, b := body(client, bewijsPad(geheim)), body(client, onbekend); a != b {
			t.Errorf("%s sees that it exists:\n%s\n%s", client, a, b)
		}
	}
	for _, pad := range []string{"?versie=0", "?versie=x", "?versie=-1", "?anders=1"} {
		p.want("leverancier", bewijsPad(gewoon)+pad, http.StatusBadRequest)
	}
	p.want("leverancier", bewijsPad(gewoon)+"?versie=2", http.StatusNotFound)

	// Versions: another makes it confidential. Who logged the first keeps its receipt, and is not told of the second.
	id := gewoon["actieId"].(string)
	nieuw := map[string]any{}
	for k, v := range gewoon {
		nieuw[k] = v
	}
	for _, k := range []string{"url", "actieId", "tijdstipRegistratie"} {
		delete(nieuw, k)
	}
	nieuw["vertrouwelijkheid"] = "vertrouwelijk"
	if status, _, b := p.do("vertrouwelijk", "PUT", "/bewerking/api/v1/verwerkingsacties/"+id, nieuw); status != http.StatusOK {
		t.Fatalf("status %d: %s", status, b)
	}
	p.teken(2 * time.Second)
	for client, want := range map[string]string{"leverancier": "nummer 1", "vertrouwelijk": "nummer 2", "auditor": "nummer 2"} {
		_, b := p.want(client, bewijsPad(gewoon), http.StatusOK)
		s, err := bewijs.ParseBewijsstuk(b)
		if err != nil || !strings.Contains(string(s.Extra), want+"\n") {
			t.Errorf("%s has another version: %v", client, err)
		}
	}
	p.want("lezer", bewijsPad(gewoon), http.StatusForbidden)
	p.want("leverancier", bewijsPad(gewoon)+"?versie=2", http.StatusNotFound)
	_, b = p.want("vertrouwelijk", bewijsPad(gewoon)+"?versie=1", http.StatusOK)
	if s, err := bewijs.ParseBewijsstuk(b); err != nil {
		t.Error(err)
	} else if o, err := bewijs.ParseBladopening(s.Extra); err != nil || o.ZoutPubliek != nil || o.ZoutPersonen[0] != nil {
		t.Errorf("an older version is opened for a reader: %v", err)
	}
}

// What everybody sees, and what not.
func TestTheProofIsOpenAsFarAsWasDecidedAndNoFurther(t *testing.T) {
	t.Parallel()
	p := startBewijs(t, "VERANTWOORD_ORGANISATIES_"+oinAnder+"_BEWIJS", "openbaar")
	basis, ander := "/bewijs/"+oinBewijs, "/bewijs/"+oinAnder
	p.want("", basis+"/checkpoint", http.StatusServiceUnavailable)
	for range 3 {
		p.log("leverancier", "normaal")
		p.log("anders-alles", "normaal")
	}
	p.teken(0)
	_, eerste := p.want("", basis+"/checkpoint", http.StatusOK)
	for range 3 {
		p.log("leverancier", "normaal")
		p.log("anders-alles", "normaal")
	}
	p.teken(2 * time.Second)
	for _, c := range []struct {
		client, pad string
		status      int
	}{
		{"", "/checkpoint", 200}, {"niets", "/checkpoint", 200}, {"auditor-van-anderen", "/checkpoint", 200}, {"", "/sleutel", 200}, {"", "/beheer/checkpoint", 200}, {"", "/beheer/sleutel", 200},
		{"", "/checkpoint/nieuw", 401}, {"niets", "/checkpoint/nieuw", 403}, {"auditor", "/checkpoint/nieuw", 200}, {"auditor-van-anderen", "/checkpoint/nieuw", 404},
		{"", "/tile/0/000.p/3", 401}, {"lezer", "/tile/0/000.p/3", 403}, {"auditor", "/tile/0/000.p/3", 200}, {"auditor", "/tile/0/000.p/6", 200}, {"auditor", "/tile/0/000.p/7", 404},
		{"auditor", "/tile/0/000", 404}, {"auditor-van-anderen", "/tile/0/000.p/3", 404}, {"auditor", "/tile/0/0", 404}, {"auditor", "/tile/9/000", 404},
		{"", "/tile/entries/000.p/3", 401}, {"auditor", "/tile/entries/000.p/6", 200}, {"", "/beheer/tile/0/000.p/1", 401}, {"auditor", "/beheer/tile/0/000.p/1", 200},
		{"auditor", "/beheer/tile/entries/000.p/1", 200},
		{"", "/inclusie?blad=0&grootte=3", 401}, {"auditor", "/inclusie?blad=0&grootte=3", 200}, {"auditor", "/inclusie?blad=3&grootte=3", 400}, {"auditor", "/inclusie?blad=0&grootte=7", 503},
		{"auditor", "/inclusie?blad=0", 400}, {"auditor", "/inclusie?blad=x&grootte=3", 400}, {"auditor-van-anderen", "/inclusie?blad=0&grootte=3", 404},
		{"auditor", "/consistentie?van=3&tot=6", 200}, {"auditor", "/consistentie?van=6&tot=3", 400}, {"", "/consistentie?van=3&tot=6", 401}, {"", "/consistentie?van=3&tot=3", 200},
		{"", "/consistentie", 400}, {"", "/consistentie?van=2&tot=3", 401}, {"niets", "/consistentie?van=3&tot=3", 403}, {"", "/iets", 404}, {"", "", 404},
	} {
		if status, _, b := p.do(c.client, "GET", basis+c.pad, nil); status != c.status {
			t.Errorf("%q %s: status %d, want %d: %.150s", c.client, c.pad, status, c.status, b)
		}
	}
	for pad, want := range map[string]int{
		"/checkpoint/nieuw": 401, "/tile/0/000.p/3": 200, "/tile/0/000.p/4": 404, "/tile/0/000.p/6": 404, "/inclusie?blad=1&grootte=3": 200, "/inclusie?blad=1&grootte=4": 503,
		"/consistentie?van=1&tot=3": 200, "/consistentie?van=1&tot=6": 503, "/tile/entries/000.p/3": 200, "/tile/entries/000.p/6": 404,
	} {
		if status, _, b := p.do("", "GET", ander+pad, nil); status != want {
			t.Errorf("open %s: status %d, want %d: %.150s", pad, status, want, b)
		}
	}
	p.want("auditor", ander+"/tile/0/000.p/3", http.StatusOK) // of another, and open
	p.want("auditor", ander+"/tile/0/000.p/6", http.StatusNotFound)
	p.want("", "/bewijs/00000099000000009999/checkpoint", http.StatusNotFound)
	p.want("", "/bewijs/iets/sleutel", http.StatusNotFound)

	if h, nu := p.want("", basis+"/checkpoint", http.StatusOK); !bytes.Equal(nu, eerste) || h.Get("Cache-Control") != "public, no-cache" {
		t.Errorf("the public checkpoint shows growth, or is kept: %s", h.Get("Cache-Control"))
	}
	p.teken(time.Hour)
	_, tweede := p.want("", basis+"/checkpoint", http.StatusOK)
	a, b := p.open(eerste, ""), p.open(tweede, "")
	if a.Grootte != 3 || b.Grootte != 6 {
		t.Fatalf("%d and %d leaves", a.Grootte, b.Grootte)
	}
	_, tekst := p.want("", basis+"/consistentie?van=3&tot=6", http.StatusOK) // now both are public
	pad, err := bewijs.ParsePad(tekst)
	if err != nil {
		t.Fatal(err)
	}
	if err := bewijs.CheckConsistentie(pad, a.Grootte, b.Grootte, a.Wortel, b.Wortel); err != nil {
		t.Error(err)
	}
	for pad, want := range map[string]string{"/tile/0/000.p/3": "private, max-age=31536000, immutable", "/checkpoint/nieuw": "private, no-cache"} {
		if h, _ := p.want("auditor", basis+pad, http.StatusOK); h.Get("Cache-Control") != want || h.Get("Vary") != "Authorization" {
			t.Errorf("%s: %v", pad, h)
		}
	}
	if h, _ := p.want("", ander+"/tile/0/000.p/3", http.StatusOK); h.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("an open tile: %v", h)
	}
	// The start page shows it.
	_, pagina := p.want("", "/", http.StatusOK)
	if !strings.Contains(string(pagina), "/bewijs/"+oinBewijs+"/checkpoint") {
		t.Error("the start page has no checkpoint")
	}
	_, metingen := p.want("", "/metrics", http.StatusOK)
	if !regexp.MustCompile(`verantwoord_checkpoint_bladen{boom="log"} [1-9]`).Match([]byte(metingen)) || strings.Contains(string(metingen), oinBewijs) {
		t.Error("the figures do not tell of the checkpoint, or name the organisation")
	}
}

// open verifies a checkpoint with the published key.
func (p *proef) open(tekst []byte, boom string) bewijs.Checkpoint {
	p.t.Helper()
	_, sleutel := p.want("", "/bewijs/"+oinBewijs+boom+"/sleutel", http.StatusOK)
	keys, err := bewijs.ParseSleutels(string(sleutel))
	if err != nil {
		p.t.Fatal(err)
	}
	c, err := bewijs.OpenCheckpoint(tekst, strings.TrimPrefix(p.url, "http://")+"/bewijs/"+oinBewijs+boom, keys...)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// tegels reads tiles over the socket for the client of tlog.
type tegels struct {
	p     *proef
	basis string
}

func (tegels) Height() int { return bewijs.TegelHoogte }

func (r tegels) ReadTiles(want []tlog.Tile) (out [][]byte, err error) {
	for _, w := range want {
		t := bewijs.Tegel{Niveau: w.L, Nummer: uint64(w.N), Breedte: w.W}
		status, _, b := r.p.do("auditor", "GET", r.basis+"/tile/"+t.Pad(), nil)
		if status != http.StatusOK {
			return nil, fmt.Errorf("tile %s: status %d", t.Pad(), status)
		}
		out = append(out, b)
	}
	return out, nil
}

func (tegels) SaveTiles([]tlog.Tile, [][]byte) {}

func TestTheClientOfTlogReadsAWholeLogByItsTiles(t *testing.T) {
	t.Parallel()
	p := startBewijs(t)
	for range 301 {
		p.log("leverancier", "normaal")
	}
	p.teken(0)
	for _, boom := range []string{"", "/beheer"} {
		basis := "/bewijs/" + oinBewijs + boom
		_, tekst := p.want("auditor", basis+"/checkpoint/nieuw", http.StatusOK)
		c := p.open(tekst, boom)
		if want := map[string]uint64{"": 301, "/beheer": 2}[boom]; c.Grootte != want {
			t.Fatalf("%d leaves in %q", c.Grootte, boom)
		}
		tree := tlog.Tree{N: int64(c.Grootte), Hash: tlog.Hash(c.Wortel)}
		r := tlog.TileHashReader(tree, tegels{p, basis})
		for nummer := uint64(0); nummer*256 < c.Grootte; nummer++ {
			b := bewijs.Tegel{Niveau: bewijs.NiveauBundel, Nummer: nummer, Breedte: int(min(256, c.Grootte-nummer*256))}
			_, bundel := p.want("auditor", basis+"/tile/"+b.Pad(), http.StatusOK)
			inhouden, err := bewijs.ParseBundel(bundel)
			if err != nil || len(inhouden) != b.Breedte {
				t.Fatalf("%d entries, %v", len(inhouden), err)
			}
			for i, inhoud := range inhouden {
				n := int64(nummer*256) + int64(i)
				if n%37 != 0 && n != tree.N-1 {
					continue
				}
				pad, err := tlog.ProveRecord(tree.N, n, r)
				if err != nil {
					t.Fatal(err)
				}
				if err := tlog.CheckRecord(pad, tree.N, tree.Hash, n, tlog.RecordHash(inhoud[:])); err != nil {
					t.Errorf("leaf %d: %v", n, err)
				}
			}
		}
	}
}
