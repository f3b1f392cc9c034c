package demo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/config"
)

func TestWhoCanBeChosenLivesInTheTown(t *testing.T) {
	t.Parallel()
	bewoners := newBewoners(zaad)
	huis := func(nummer string) *huishouden {
		for _, h := range bewoners {
			if slices.Contains(h.leden(), bsn(nummer)) {
				return h
			}
		}
		return nil
	}
	namen := map[string]bool{}
	for _, p := range inwoners() {
		if namen[p.Sleutel] || p.Naam == "" || p.Uitleg == "" || !strings.HasPrefix(p.BSN, "9999") {
			t.Errorf("%+v", p)
		}
		namen[p.Sleutel] = true
		if in := huis(p.BSN) != nil; in == (p.Sleutel == "leeg") {
			t.Errorf("%s lives in the town: %v", p.Sleutel, in)
		}
		if p.Namens != "" && (huis(p.Namens) == nil || p.Namens == p.BSN) {
			t.Errorf("%s acts for nobody of the town", p.Sleutel)
		}
	}
	for _, moet := range []string{"volwassene", "vijftien", "ouder", "curator", "gemachtigde", "onderneming", "geheim", "leeg", "basis", "onderzocht"} {
		if !namen[moet] {
			t.Errorf("nobody is %s", moet)
		}
	}
	for _, p := range inwoners() {
		if p.Geheim != (p.Sleutel == "geheim") {
			t.Errorf("%s has a secret address: %v", p.Sleutel, p.Geheim)
		}
		if p.Soort == "ouder" && huis(p.BSN) != huis(p.Namens) {
			t.Error("a parent does not live with the child")
		}
	}
}

func TestTheSignInServiceOfTheDemonstrationIsOnItsOwnAddress(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m, err := openMap(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	mux := http.NewServeMux()
	h := httptest.NewServer(mux)
	defer h.Close()
	const geheim = "een geheim van deze proef"
	d, err := newInlogdienst(h.URL, geheim)
	if err != nil {
		t.Fatal(err)
	}
	for pad, p := range paginas(&postvak{}, d) {
		mux.Handle(pad, p)
	}
	if err := m.write(strings.TrimPrefix(h.URL, "http://"), geheim); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(m.Pad(bestandConfig), func(string) string { return "" }, nil)
	if err != nil || len(c.Inwonerdiensten) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	s := c.Inwonerdiensten[0]
	res, err := http.Get(s.Uitgever + "/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), `"issuer":"`+s.Uitgever+`"`) {
		t.Errorf("%s: %v\n%s", res.Status, err, body)
	}
	if s.Geheim != geheim || s.Organisatie != oinGemeente || s.Claims.NamensBSN == "" || s.Claims.NamensKvK == "" || s.Claims.Geheim == "" {
		t.Errorf("%+v", s)
	}
}
