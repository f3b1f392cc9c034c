//go:build !dev

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/server"
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
	url    string // of the register; empty: the one by default
	dir    string // of keys, and of an embedded store
	acties []string
	nu     func() time.Time // of a register on it; nil: the clock
}

func (p *proefopslag) omgeving() map[string]string {
	m := map[string]string{"VERANTWOORD_STORE": p.adres, "VERANTWOORD_SLEUTELS": filepath.Join(p.dir, "sleutels")}
	if p.url != "" {
		m["VERANTWOORD_URL"] = p.url
	}
	return m
}

func (p *proefopslag) config() *config.Config {
	p.t.Helper()
	omgeving := p.omgeving()
	var namen []string
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
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
	return server.Open(context.Background(), p.config(), b, server.Opties{Versie: "proef", Nu: p.nu})
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

// actieProef is the i-th actie.
func actieProef(i int) map[string]any {
	klasse := []string{"normaal", "vertrouwelijk"}[i%5/4]
	return map[string]any{
		"handelingNaam": "", "verwerkingNaam": "", "verwerkingsactiviteitUrl": nil, "bewaartermijn": "P5Y", "uitvoerder": nil, "gegevensbron": "", "soortAfnemerId": "", "afnemerId": nil,
		"verwerkingsactiviteitIdAfnemer": nil, "verwerkingsactiviteitUrlAfnemer": nil, "verwerkingIdAfnemer": nil,
		"actieNaam": fmt.Sprintf("Ophalen adres %d", i), "tijdstip": "2026-03-01T12:00:00+01:00", "vertrouwelijkheid": klasse, "gebruiker": "u-1", "systeem": "Balie",
		"verwerkingId": fmt.Sprintf("48086bf2-11b7-4603-9526-67d7c3bb65%02d", i/2), "verwerkingsactiviteitId": "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		"verwerkteObjecten": []any{
			map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "5649587", "betrokkenheid": "Getuige", "verwerkteSoortenGegevens": []any{map[string]any{"soortGegeven": "Adres"}}},
			map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": fmt.Sprintf("99999%04d", i), "betrokkenheid": "Partner", "verwerkteSoortenGegevens": []any{}},
		},
	}
}

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
		actie := actieProef(i)
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
	for _, oin := range []string{oinVerify, oinVerifyTwee} {
		for _, boom := range bewijs.Bomen {
			p.ondertekend(s, oin, boom)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *proefopslag) nakijk() *controle.Verslag {
	p.t.Helper()
	n, err := openNakijker(context.Background(), p.adres)
	if err != nil {
		p.t.Fatal(err)
	}
	defer n.Close()
	v, err := nakijkOpslag(context.Background(), opslagplek{p.adres, n, true, func(string) bool { return true }}, filepath.Join(p.dir, "sleutels"), nil)
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

// gevuldSQLite is one embedded store with its keys, filled once: the bytes of its files by path.
var gevuldSQLite struct {
	sync.Mutex
	bestanden map[string][]byte
	acties    []string
}

// vulSQLite gives a copy of it.
func vulSQLite(t testing.TB) *proefopslag {
	t.Helper()
	dir := t.TempDir()
	gevuldSQLite.Lock()
	defer gevuldSQLite.Unlock()
	if gevuldSQLite.bestanden == nil {
		p := vul(t, "sqlite:"+filepath.Join(dir, "store"), dir)
		gevuldSQLite.bestanden, gevuldSQLite.acties = leesMap(t, dir), p.acties
		return p
	}
	schrijfMap(t, dir, gevuldSQLite.bestanden)
	return &proefopslag{t: t, adres: "sqlite:" + filepath.Join(dir, "store"), dir: dir, acties: slices.Clone(gevuldSQLite.acties)}
}

func leesMap(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	m := map[string][]byte{}
	if err := filepath.WalkDir(dir, func(pad string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var naam string
			if naam, err = filepath.Rel(dir, pad); err == nil {
				m[naam], err = os.ReadFile(pad)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

// schrijfMap writes files that nobody else may read, as the keys ask.
func schrijfMap(t testing.TB, dir string, bestanden map[string][]byte) {
	t.Helper()
	for naam, b := range bestanden {
		pad := filepath.Join(dir, naam)
		if err := errors.Join(os.MkdirAll(filepath.Dir(pad), 0o700), os.WriteFile(pad, b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}
