//go:build !dev

package main

import (
	"bytes"
	"encoding/json"
	"io"
	stdlog "log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// What was given and is empty checks less than was asked, so nothing is called good then; and what can't be used is told in Dutch
// with the way out.
func TestWhoVerifiesIsToldWhatIsMissing(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	url, stop := p.dienst()
	defer stop()
	log := url + "/bewijs/" + oinVerify
	sleutel, beheer := schrijf(t, "sleutel", get(t, log+"/sleutel")), schrijf(t, "sleutel", get(t, log+"/beheer/sleutel"))
	token := func(client string) string {
		token, err := autorisatie.Sign(client, []byte(geheimVerify), autorisatie.Claims{}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return schrijf(t, "token", []byte(token))
	}
	gezien := filepath.Join(t.TempDir(), "gezien")
	opdrachtIn(t, 0, "verify", log+"/beheer", "--sleutel", beheer, "--onthoud", gezien)
	leeg, niets := schrijf(t, "leeg", []byte(" \n")), filepath.Join(t.TempDir(), "er niet")
	id := p.acties[1]
	stuk, record := schrijf(t, "bewijs", getMet(t, url+padActies+"/"+id+"/bewijs", token("alles-0"))), schrijf(t, "record", getMet(t, url+padActies+"/"+id, token("alles-0")))
	doorgestuurd := httptest.NewServer(http.RedirectHandler("https://log.voorbeeldstad.example/", http.StatusMovedPermanently))
	defer doorgestuurd.Close()
	onbekend := httptest.NewTLSServer(http.NotFoundHandler())
	onbekend.Config.ErrorLog = stdlog.New(io.Discard, "", 0)
	defer onbekend.Close()

	for naam, c := range map[string]struct {
		args []string
		want string
	}{
		"a file of keys without a key":  {[]string{log, "--sleutel", leeg}, "staat geen sleutel"},
		"a key that a variable lacks":   {[]string{log, "--sleutel", ""}, "--sleutel is leeg"},
		"a witness that it lacks":       {[]string{log, "--sleutel", sleutel, "--getuige", ""}, "--getuige is leeg"},
		"what is remembered lacks":      {[]string{log, "--sleutel", sleutel, "--onthoud", ""}, "--onthoud is leeg"},
		"a token that lacks":            {[]string{log, "--sleutel", sleutel, "--token-file", ""}, "--token-file is leeg"},
		"a record that lacks":           {[]string{"--bewijsstuk", stuk, "--sleutel", sleutel, "--record", ""}, "--record is leeg"},
		"a witness without a key":       {[]string{log, "--sleutel", sleutel, "--getuige", leeg}, "staat geen sleutel"},
		"no such file":                  {[]string{log, "--sleutel", niets}, "is er niet; controleer de naam"},
		"no such token":                 {[]string{log, "--sleutel", sleutel, "--token-file", niets}, "is er niet; controleer de naam"},
		"no such record":                {[]string{"--bewijsstuk", stuk, "--sleutel", sleutel, "--record", niets}, "is er niet; controleer de naam"},
		"nowhere to remember":           {[]string{log, "--sleutel", sleutel, "--onthoud", filepath.Join(niets, "gezien")}, "of zijn map, is er niet"},
		"a file without a token":        {[]string{log, "--sleutel", sleutel, "--token-file", leeg}, "staat geen token"},
		"a token of another kind":       {[]string{log, "--sleutel", sleutel, "--token-file", schrijf(t, "token", []byte("geen.goed.token"))}, "vraag een nieuw token"},
		"remembered of another log":     {[]string{log, "--sleutel", sleutel, "--onthoud", gezien}, "van een andere log"},
		"remembered what is none":       {[]string{log, "--sleutel", sleutel, "--onthoud", record}, "niet als checkpoint te lezen"},
		"no log there":                  {[]string{url + "/bewijs", "--sleutel", sleutel}, "is geen log"},
		"another address":               {[]string{doorgestuurd.URL + "/bewijs/" + oinVerify, "--sleutel", sleutel}, "verwijst naar een ander adres"},
		"nobody there":                  {[]string{"http://127.0.0.1:1/bewijs/" + oinVerify, "--sleutel", sleutel}, "niet te bereiken"},
		"a certificate of who knows":    {[]string{onbekend.URL + "/bewijs/" + oinVerify, "--sleutel", sleutel}, "certificaat van de log wordt niet vertrouwd"},
		"a proof that is another thing": {[]string{"--bewijsstuk", record, "--sleutel", sleutel}, "vraag het opnieuw"},
	} {
		out := opdrachtIn(t, 2, append([]string{"verify"}, c.args...)...)
		if !strings.Contains(out, c.want) {
			t.Errorf("%s: %s", naam, out)
		}
		for _, vreemd := range []string{"no such file", "Get \"", "the ", "a proof"} {
			if strings.Contains(out, vreemd) {
				t.Errorf("%s: %q is no Dutch: %s", naam, vreemd, out)
			}
		}
		var uit bytes.Buffer
		var machine struct{ NietTeControleren string }
		if code := run(t.Context(), append([]string{"verify", "--json"}, c.args...), &uit, io.Discard); code != 2 {
			t.Errorf("%s: status %d", naam, code)
		}
		if err := json.Unmarshal(uit.Bytes(), &machine); err != nil || !strings.Contains(machine.NietTeControleren, c.want) {
			t.Errorf("%s: for a machine: %v, %s", naam, err, &uit)
		}
	}
	if _, err := os.Stat(niets); err == nil {
		t.Error("a directory was made")
	}

	if out := opdrachtIn(t, 1, "verify", log); strings.Contains(out, "--onthoud") || !strings.Contains(out, "meld het bij de organisatie") {
		t.Error(out)
	}
}

// What was said on standard output is not half repeated.
func TestAStoreWithoutItsKeysIsToldOnce(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	if err := os.RemoveAll(filepath.Join(p.dir, "sleutels")); err != nil {
		t.Fatal(err)
	}
	if out := opdrachtIn(t, 2, "verify", "--config", p.instellingen()); !strings.Contains(out, "Zet de juiste sleutels in de map sleutels") || strings.Contains(out, "verantwoord verify: niet te controleren") {
		t.Error(out)
	}
}

// A register that was taken over can show another key at its own address.
func TestWhoGivesNoKeyIsToldThatTheLogWasBelieved(t *testing.T) {
	t.Parallel()
	h := httptest.NewUnstartedServer(nil)
	dir := t.TempDir()
	p := &proefopslag{t: t, adres: "sqlite:" + filepath.Join(dir, "store"), dir: dir, url: "http://" + h.Listener.Addr().String()}
	s, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	h.Config.Handler = s.Handler()
	h.Start()
	log := p.url + "/bewijs/" + oinVerify
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) { // until it has signed for the first time
		res, err := http.Get(log + "/checkpoint")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no checkpoint: %s", res.Status)
		}
	}
	sleutel := schrijf(t, "sleutel", get(t, log+"/sleutel"))
	for geloofd, args := range map[bool][]string{true: {"verify", log}, false: {"verify", log, "--sleutel", sleutel}} {
		if out := opdrachtIn(t, 0, args...); strings.Contains(out, "LET OP: de sleutel is die van de log zelf") != geloofd {
			t.Error(out)
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(opdrachtIn(t, 0, append(args, "--json")...)), &m); err != nil || (m["sleutelVanLog"] == true) != geloofd {
			t.Errorf("%v %v", m, err)
		}
	}
}
