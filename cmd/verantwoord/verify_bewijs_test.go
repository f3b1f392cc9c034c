//go:build !dev

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// dienst serves a register on a store, on the address that its proof names.
func (p *proefopslag) dienst() (url string, stop func()) {
	p.t.Helper()
	s, err := p.open()
	if err != nil {
		p.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	h := &httptest.Server{Listener: l, Config: &http.Server{Handler: s.Handler()}}
	h.Start()
	return h.URL, func() {
		h.Close()
		if err := s.Close(); err != nil {
			p.t.Error(err)
		}
	}
}

func opdrachtIn(t testing.TB, want int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if got := run(context.Background(), args, &out, &out); got != want {
		t.Fatalf("%v: exit status %d, want %d:\n%s", args, got, want, &out)
	}
	return out.String()
}

func schrijf(t testing.TB, naam string, inhoud []byte) string {
	t.Helper()
	pad := filepath.Join(t.TempDir(), naam)
	if err := os.WriteFile(pad, inhoud, 0o600); err != nil {
		t.Fatal(err)
	}
	return pad
}

func TestARecordIsVerifiedWithItsProofAndAPublicKeyAlone(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	s, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var record []byte
	lees := func(pad string) []byte {
		status, b := p.vraag(s.Handler(), "alles-0", "GET", pad, nil)
		if status != http.StatusOK {
			t.Fatalf("GET %s: status %d: %s", pad, status, b)
		}
		return b
	}
	id := p.acties[1]
	record = lees(padActies + "/" + id)
	stuk := lees(padActies + "/" + id + "/bewijs")
	sleutel := schrijf(t, "sleutel", lees("/bewijs/"+oinVerify+"/sleutel"))
	voer := func(want int, stuk, record []byte, sleutel string) string {
		t.Helper()
		args := []string{"verify", "--bewijsstuk", schrijf(t, "bewijs", stuk), "--sleutel", sleutel}
		if record != nil {
			args = append(args, "--record", schrijf(t, "record", record))
		}
		return opdrachtIn(t, want, args...)
	}
	if out := voer(0, stuk, record, sleutel); strings.Count(out, "zoals het is vastgelegd") != 4 {
		t.Errorf("not all parts are proved:\n%s", out)
	} else if !strings.Contains(out, "2 van de 2 betrokkenen") || !strings.Contains(out, "niet nagekeken: url\n") {
		t.Errorf("does not say what was looked at:\n%s", out)
	}
	if out := voer(0, stuk, bytes.Replace(record, []byte("{"), []byte(`{"a\u001b[2J":"",`), 1), sleutel); !strings.Contains(out, `niet nagekeken: "a\x1b[2J", url`) {
		t.Errorf("a name in the record reaches the terminal:\n%q", out)
	}
	voer(0, stuk, nil, sleutel)

	// The part of one person, with what is public: nothing of the other one and of the inside is needed.
	var m map[string]any
	if err := json.Unmarshal(record, &m); err != nil {
		t.Fatal(err)
	}
	deel := map[string]any{"verwerkteObjecten": m["verwerkteObjecten"].([]any)[1:]}
	eigen, _ := json.Marshal(deel)
	if out := voer(0, stuk, eigen, sleutel); strings.Count(out, "zoals het is vastgelegd") != 1 {
		t.Errorf("the part of a person is not proved:\n%s", out)
	}
	// As the Inzage API gives it, one person with the actie below it; and what says nothing proves nothing.
	binnen := map[string]any{}
	for k, v := range m {
		if k != "verwerkteObjecten" && k != "systeem" && k != "gebruiker" && k != "gegevensbron" {
			binnen[k] = v
		}
	}
	een := maps.Clone(m["verwerkteObjecten"].([]any)[0].(map[string]any))
	een["verwerkingsactie"] = binnen
	inzage, _ := json.Marshal(een)
	if out := voer(0, stuk, inzage, sleutel); strings.Count(out, "zoals het is vastgelegd") != 2 {
		t.Errorf("a record of the Inzage API is not proved:\n%s", out)
	}
	voer(1, stuk, bytes.Replace(inzage, []byte("Ophalen adres 1"), []byte("Ophalen adres 2"), 1), sleutel)
	voer(1, stuk, []byte(`{"tijdstip":"2020-01-01T00:00:00Z"}`), sleutel)
	for _, niets := range []string{"{}", `{"onbekend":1}`} {
		if out := voer(2, stuk, []byte(niets), sleutel); !strings.Contains(out, "niets dat is na te kijken") {
			t.Errorf("%s: %s", niets, out)
		}
	}
	for van, naar := range map[string]string{
		"Ophalen adres 1": "Ophalen adres 2", "Balie": "balie", "Adres": "Inkomen", "999990001": "999990002", "Getuige": "Partner", `"actieId":"` + id: `"actieId":"` + p.acties[2], "P5Y": "P6Y",
	} {
		anders := bytes.Replace(record, []byte(van), []byte(naar), 1)
		if bytes.Equal(anders, record) {
			t.Fatalf("%s is not in the record: %s", van, record)
		}
		if out := voer(1, stuk, anders, sleutel); !strings.Contains(out, "FOUT") {
			t.Errorf("%s: %s", van, out)
		}
	}
	// A leaf that says something else is not in the log; one that opens less proves less.
	extra, rest, _ := bytes.Cut(stuk, []byte("\nindex "))
	kop, tekst64, _ := bytes.Cut(extra, []byte("extra "))
	tekst, err := base64.StdEncoding.DecodeString(string(tekst64))
	if err != nil {
		t.Fatal(err)
	}
	met := func(tekst []byte) []byte {
		return bytes.Join([][]byte{kop, []byte("extra " + base64.StdEncoding.EncodeToString(tekst) + "\nindex "), rest}, nil)
	}
	voer(0, met(tekst), record, sleutel)
	voer(1, met(bytes.Replace(tekst, []byte("vervallen 0"), []byte("vervallen 1"), 1)), record, sleutel)
	regels := strings.Split(string(tekst), "\n")
	for i, r := range regels {
		if strings.HasPrefix(r, "intern ") {
			regels[i] = strings.Join(strings.Fields(r)[:2], " ")
		}
	}
	if out := voer(2, met([]byte(strings.Join(regels, "\n"))), record, sleutel); !strings.Contains(out, "interne deel is niet te controleren") {
		t.Error(out)
	}
	voer(1, stuk, record, schrijf(t, "andere", lees("/bewijs/"+oinVerify+"/beheer/sleutel")))
	voer(2, []byte("geen bewijs"), record, sleutel)
}

func TestALogIsFollowedFromAfarAndAnOlderStoreIsFound(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	oud := filepath.Join(p.dir, "oud")
	if err := os.CopyFS(oud, os.DirFS(filepath.Join(p.dir, "store"))); err != nil {
		t.Fatal(err)
	}
	onthouden := filepath.Join(t.TempDir(), "checkpoint")
	tokenVan := func() string {
		token, err := autorisatie.Sign("alles-0", []byte(geheimVerify), autorisatie.Claims{}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return schrijf(t, "token", []byte(token))
	}
	url, stop := p.dienst()
	log := url + "/bewijs/" + oinVerify
	sleutel := schrijf(t, "sleutel", get(t, log+"/sleutel"))

	// Its url names another port than this test serves it on.
	if out := opdrachtIn(t, 1, "verify", log); !strings.Contains(out, "noemt zich anders") {
		t.Error(out)
	}
	opdrachtIn(t, 0, "verify", log, "--sleutel", sleutel, "--onthoud", onthouden)
	out := opdrachtIn(t, 0, "verify", "--sleutel", sleutel, log, "--onthoud", onthouden, "--token-file", tokenVan())
	if !strings.Contains(out, "bouwt voort op") || !strings.Contains(out, "de hele boom is nagerekend") {
		t.Error(out)
	}
	opdrachtIn(t, 0, "verify", log+"/beheer", "--sleutel", schrijf(t, "sleutel", get(t, log+"/beheer/sleutel")), "--token-file", tokenVan())
	opdrachtIn(t, 2, "verify", log, "--sleutel", sleutel, "--token-file", schrijf(t, "token", []byte("geen.goed.token")))
	opdrachtIn(t, 0, "verify", log, "--sleutel", sleutel, "--hoogstens", "1h10m")
	if out := opdrachtIn(t, 1, "verify", log, "--sleutel", sleutel, "--hoogstens", "1ns"); !strings.Contains(out, "ondertekent niet meer") {
		t.Error(out)
	}
	opdrachtIn(t, 2, "verify", url+"/bewijs/00000099000000009999", "--sleutel", sleutel)

	// Who remembers a checkpoint of what came later finds that the store was put back.
	client := &http.Client{}
	token, err := os.ReadFile(tokenVan())
	if err != nil {
		t.Fatal(err)
	}
	grootte := func() ([]byte, uint64) {
		b := getMet(t, log+"/checkpoint/nieuw", tokenVan())
		tekst, _, _ := strings.Cut(string(b), "\n\n")
		c, err := bewijs.ParseCheckpoint(tekst + "\n")
		if err != nil {
			t.Fatal(err)
		}
		return b, c.Grootte
	}
	_, was := grootte()
	r, err := http.NewRequest(http.MethodPost, url+padActies, strings.NewReader(`{"actieNaam": "Later", "tijdstip": "2026-03-01T12:00:00+01:00", "verwerkteObjecten": []}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+string(token))
	r.Header.Set("Content-Type", "application/json")
	res, err := client.Do(r)
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("log one more: %v, %v", res, err)
	}
	res.Body.Close()
	nieuw, n := grootte()
	for end := time.Now().Add(time.Minute); n == was; nieuw, n = grootte() {
		if time.Now().After(end) {
			t.Fatalf("no checkpoint of more than %d leaves", was)
		}
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	pad := schrijf(t, "onthouden", nieuw)
	if err := errors.Join(os.RemoveAll(filepath.Join(p.dir, "store")), os.Rename(oud, filepath.Join(p.dir, "store"))); err != nil {
		t.Fatal(err)
	}
	eigen, err := filepath.Glob(filepath.Join(p.dir, "sleutels", "*", "checkpoint-*"))
	if err != nil || len(eigen) == 0 {
		t.Fatalf("the register remembers nothing itself: %v", err)
	}
	for _, naam := range eigen { // by which the register itself would find it
		if err := os.Remove(naam); err != nil {
			t.Fatal(err)
		}
	}
	url, stop = p.dienst()
	defer stop()
	for range 2 { // what is remembered stays
		if out := opdrachtIn(t, 1, "verify", url+"/bewijs/"+oinVerify, "--sleutel", sleutel, "--onthoud", pad); !strings.Contains(out, "teruggezet") {
			t.Errorf("a store that was put back is not found: %s", out)
		}
	}
}

func TestATokenGoesNowhereElse(t *testing.T) {
	t.Parallel()
	token := schrijf(t, "token", []byte("geheim"))
	if out := opdrachtIn(t, 2, "verify", "http://log.voorbeeldstad.example/bewijs/"+oinVerify, "--token-file", token); !strings.Contains(out, "https") {
		t.Error(out)
	}
	elders := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the token was sent on") }))
	defer elders.Close()
	log := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elders.URL+r.URL.Path, http.StatusFound)
	}))
	defer log.Close()
	opdrachtIn(t, 2, "verify", log.URL+"/bewijs/"+oinVerify, "--token-file", token)
}

func get(t testing.TB, url string) []byte { return getMet(t, url, "") }

func getMet(t testing.TB, url, tokenbestand string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tokenbestand != "" {
		token, err := os.ReadFile(tokenbestand)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v", url, res.Status, err)
	}
	return b.Bytes()
}
