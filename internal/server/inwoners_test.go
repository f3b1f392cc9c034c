package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/demo/inlogdienst"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// Numbers that nobody has, of who signs in and of who they act for.
const (
	bsnInwoner = "999990019"
	bsnKind    = "999990275"
)

// schrift keeps what is logged.
type schrift struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *schrift) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *schrift) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// burgerproef is a register with the sign-in service of the demonstration, on real sockets.
type burgerproef struct {
	*testing.T
	s   *Server
	log *schrift
	dir string
	los func() // closes the register
}

func newBurgerproef(t *testing.T, store string) *burgerproef {
	t.Helper()
	p := &burgerproef{T: t, log: &schrift{}, dir: t.TempDir()}
	var dienst *inlogdienst.Dienst
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { dienst.ServeHTTP(w, r) }))
	t.Cleanup(h.Close)
	const register, geheim = "http://127.0.0.1:8080", "een geheim van deze proef"
	var err error
	dienst, err = inlogdienst.New(inlogdienst.Opties{
		Uitgever: h.URL + "/inlogdienst", ClientID: "verantwoord", Geheim: geheim, Terug: register + "/mijn/aanmelden/digid/terug",
		Personen: []inlogdienst.Persoon{
			{Sleutel: "anna", Naam: "Anna Voorbeeld", BSN: bsnInwoner},
			{Sleutel: "ouder", Naam: "Anna Voorbeeld", BSN: bsnInwoner, Namens: bsnKind, Soort: "ouder"},
			{Sleutel: "curator", Naam: "Anna Voorbeeld", BSN: bsnInwoner, Namens: bsnKind, Soort: "curator"},
			{Sleutel: "kind", Naam: "Cato Voorbeeld", BSN: bsnKind},
			{Sleutel: "basis", Naam: "Bram Voorbeeld", BSN: bsnKind, Hoogste: "Basis"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if store == "" {
		store = "sqlite:" + p.dir + "/store"
	}
	instellingen := filepath.Join(p.dir, "verantwoord.yaml")
	tekst := fmt.Sprintf(`store: %q
sleutels: %q
url: %q
inwonerdiensten:
  digid:
    naam: DigiD
    uitgever: %q
    client_id: verantwoord
    geheim: %q
    claims: {naam: name, namens: {bsn: namens.bsn, soort: namens.soort}}
`, store, p.dir+"/sleutels", register, h.URL+"/inlogdienst", geheim)
	if err := os.WriteFile(instellingen, []byte(tekst), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(instellingen, func(string) string { return "" }, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &autorisatie.Bestand{Organisaties: []autorisatie.Organisatie{{OIN: gemeente, Naam: "Gemeente Voorbeeldstad"}}}
	p.s, err = Open(context.Background(), c, b, Opties{Versie: "proef", Logger: slog.New(slog.NewTextHandler(p.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	p.los = sync.OnceFunc(func() {
		if err := p.s.Close(); err != nil {
			t.Error(err)
		}
	})
	opruimen.Na(t, p.los)
	return p
}

// elkeOpslag runs f on both engines.
func elkeOpslag(t *testing.T, f func(*burgerproef)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(newBurgerproef(t, "")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(newBurgerproef(t, postgrestest.Database(t))) })
}

var verborgen = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// begin sends a browser to the service, where somebody is chosen; it gives what the browser brings back, and its cookie.
func (p *burgerproef) begin(vers bool, keuze ...string) (antwoord url.Values, staat string) {
	p.Helper()
	naar, staat, err := p.s.inwoners.Begin(p.Context(), "digid", vers)
	if err != nil {
		p.Fatal(err)
	}
	r, err := http.Get(naar)
	if err != nil {
		p.Fatal(err)
	}
	var b bytes.Buffer
	_, err = b.ReadFrom(r.Body)
	r.Body.Close()
	if err != nil || r.StatusCode != http.StatusOK {
		p.Fatalf("the service shows %s: %v", r.Status, err)
	}
	if vers != strings.Contains(b.String(), "Kies opnieuw wie u bent") {
		p.Errorf("asked to sign in again: %v", vers)
	}
	velden := url.Values{}
	for _, m := range verborgen.FindAllStringSubmatch(b.String(), -1) {
		velden.Set(m[1], m[2])
	}
	for i := 0; i < len(keuze); i += 2 {
		velden.Set(keuze[i], keuze[i+1])
	}
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err = c.PostForm(r.Request.URL.Scheme+"://"+r.Request.URL.Host+r.Request.URL.Path, velden)
	if err != nil {
		p.Fatal(err)
	}
	r.Body.Close()
	loc, err := r.Location()
	if err != nil {
		p.Fatalf("the service answered %s: %v", r.Status, err)
	}
	for _, wat := range []string{bsnInwoner, bsnKind, "Anna"} {
		if strings.Contains(naar+loc.String()+staat, wat) {
			p.Errorf("%s stands in an address or a cookie", wat)
		}
	}
	return loc.Query(), staat
}

// meld signs somebody in.
func (p *burgerproef) meld(vers bool, keuze ...string) (string, error) {
	p.Helper()
	antwoord, staat := p.begin(vers, keuze...)
	return p.s.inwoners.Voltooi(p.Context(), "digid", antwoord, staat, "192.0.2.1")
}

func (p *burgerproef) moetMelden(keuze ...string) string {
	p.Helper()
	token, err := p.meld(false, keuze...)
	if err != nil {
		p.Fatal(err)
	}
	return token
}

func TestACitizenSignsInByAService(t *testing.T) {
	t.Parallel()
	elkeOpslag(t, func(p *burgerproef) {
		i, ctx := p.s.inwoners, p.Context()
		if d := i.Diensten(); len(d) != 1 || d[0] != (mijnDienst{"digid", "DigiD", "Gemeente Voorbeeldstad"}) {
			p.Fatalf("%+v", d)
		}
		token := p.moetMelden("persoon", "anna")
		w, err := i.Zoek(ctx, token)
		if err != nil || w.Persoon != inwoner.BSN(bsnInwoner) || w.Niveau != inwoner.Substantieel || w.Namens != nil || w.Organisatie != "Gemeente Voorbeeldstad" || w.MagInzien() != nil {
			p.Fatalf("%+v, %v", w, err)
		}
		if v, err := i.Vers(ctx, token); err != nil || !v {
			p.Errorf("proved just now: %v, %v", v, err)
		}
		again, err := p.meld(true, "persoon", "anna", "niveau", "Hoog")
		if err != nil || again == token {
			p.Fatalf("signed in again: %v", err)
		}
		for _, x := range []struct {
			keuze  []string
			niveau inwoner.Niveau
			namens inwoner.NamensSoort
		}{{[]string{"persoon", "basis", "niveau", "Basis"}, inwoner.Basis, ""}, {[]string{"persoon", "anna", "niveau", "Midden"}, inwoner.Midden, ""}, {[]string{"persoon", "ouder"}, inwoner.Substantieel, inwoner.Ouder}} {
			w, err := i.Zoek(ctx, p.moetMelden(x.keuze...))
			if err != nil || w.Niveau != x.niveau || (w.Namens != nil) != (x.namens != "") || x.namens != "" && (w.Namens.Soort != x.namens || w.Persoon.ID != bsnInwoner) {
				p.Fatalf("%v: %+v, %v", x.keuze, w, err)
			}
			if err := w.MagInzien(); fout.CodeOf(err) != fout.CodeGeenToestemming {
				p.Errorf("%v: sees the log: %v", x.keuze, err)
			}
		}
		h, err := i.Historie(ctx, again)
		if err != nil || len(h) != 4 || !h[2].Deze || h[3].Dienst != "DigiD" {
			p.Errorf("%+v, %v", h, err)
		}
		if err := i.BeeindigAlle(ctx, again); err != nil {
			p.Fatal(err)
		}
		for _, x := range []string{token, again} {
			if _, err := i.Zoek(ctx, x); fout.CodeOf(err) != fout.CodeNietAangemeld {
				p.Errorf("signed out everywhere: %v", err)
			}
		}
		if _, err := p.s.beheerlog.Controle(ctx, gemeente); err != nil {
			p.Error(err)
		}
	})
}

func TestWhatDoesNotBelongTogetherSignsNobodyIn(t *testing.T) {
	t.Parallel()
	elkeOpslag(t, func(p *burgerproef) {
		i, ctx := p.s.inwoners, p.Context()
		weiger := func(wat string, err error) {
			p.Helper()
			if c := fout.CodeOf(err); c != fout.CodeAanmeldenMislukt && c != fout.CodeNietGevonden {
				p.Errorf("%s: %v", wat, err)
			}
			if err != nil && (strings.Contains(err.Error(), bsnInwoner) || strings.Contains(err.Error(), "Anna")) {
				p.Errorf("%s: the error quotes somebody: %v", wat, err)
			}
		}
		for _, gaat := range []string{"stoppen", "storing", "ondertekening", "nonce", "niveau", "nummer", "vreemd"} {
			_, err := p.meld(false, "persoon", "anna", "gaat", gaat)
			weiger(gaat, err)
		}
		antwoord, staat := p.begin(false, "persoon", "anna")
		_, ander := p.begin(false, "persoon", "anna")
		for wat, x := range map[string]string{"no cookie": "", "the cookie of another browser": ander, "an altered cookie": staat[:30] + "AAAA" + staat[34:]} {
			_, err := i.Voltooi(ctx, "digid", antwoord, x, "192.0.2.1")
			weiger(wat, err)
		}
		_, err := i.Voltooi(ctx, "eherkenning", antwoord, staat, "192.0.2.1")
		weiger("another service", err)
		_, _, err = i.Begin(ctx, "eherkenning", false)
		weiger("a service that is not there", err)

		antwoord, staat = p.begin(false, "persoon", "anna")
		token, err := i.Voltooi(ctx, "digid", antwoord, staat, "192.0.2.1")
		if err != nil {
			p.Fatal(err)
		}
		_, err = i.Voltooi(ctx, "digid", antwoord, staat, "192.0.2.1")
		weiger("the same answer again", err)
		// A token that somebody put in a browser beforehand is not the one that signing in makes.
		vast := strings.Repeat("A", len(token))
		if _, err := i.Zoek(ctx, vast); fout.CodeOf(err) != fout.CodeNietAangemeld {
			p.Errorf("a token that was put there: %v", err)
		}
		if nieuw := p.moetMelden("persoon", "anna"); nieuw == vast || nieuw == token {
			p.Error("a token came again")
		}
		l, err := p.s.beheerlog.Van(ctx, gemeente, beheerlog.AanmeldenMislukt, beheerlog.Vanaf, 50)
		if err != nil || len(l) != 9 { // seven that went wrong, one of another browser, one again
			p.Errorf("%d events of failures, %v", len(l), err)
		}
	})
}

func TestNothingOfACitizenCanBeReadOnDiskOrInTheLog(t *testing.T) {
	t.Parallel()
	p := newBurgerproef(t, "")
	token := p.moetMelden("persoon", "ouder")
	anders, err := p.meld(false, "persoon", "anna", "gaat", "ondertekening")
	if err == nil || anders != "" {
		t.Fatalf("signed in: %v", err)
	}
	slog.New(slog.NewTextHandler(p.log, nil)).Error("as it is logged", "oorzaak", err.Error())
	zoek := func(wanneer string) {
		t.Helper()
		bytesGezien := 0
		err := filepath.WalkDir(p.dir, func(pad string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == "verantwoord.yaml" {
				return err
			}
			inhoud, err := os.ReadFile(pad)
			if errors.Is(err, fs.ErrNotExist) {
				return nil // what is written anew goes by another name for a moment
			}
			bytesGezien += len(inhoud)
			for _, wat := range []string{bsnInwoner, bsnKind, "Anna V", "Voorbeeld", "ubstantieel", "192.0.2.1", token} {
				if bytes.Contains(inhoud, []byte(wat)) {
					t.Errorf("%s: %s can be read in %s", wanneer, wat, filepath.Base(pad))
				}
			}
			return err
		})
		if err != nil || bytesGezien < 50_000 {
			t.Fatalf("%s: %d bytes were looked at: %v", wanneer, bytesGezien, err)
		}
	}
	zoek("while it runs")
	if w, err := p.s.inwoners.Zoek(t.Context(), token); err != nil || w.Persoon.ID != bsnInwoner {
		t.Fatalf("%+v, %v", w, err)
	}
	p.los()
	zoek("after it stopped")
	if tekst := p.log.String(); !strings.Contains(tekst, "as it is logged") || strings.Contains(tekst, bsnInwoner) || strings.Contains(tekst, "Anna") || strings.Contains(tekst, "eyJ") {
		t.Errorf("the log says\n%s", tekst)
	}
}

func TestAServiceOfNoOrganisationKeepsTheRegisterFromStarting(t *testing.T) {
	t.Parallel()
	dienst := func(oin string) *config.Config {
		t.Helper()
		dir := t.TempDir()
		pad := filepath.Join(dir, "c.yaml")
		tekst := fmt.Sprintf("store: 'sqlite:%[1]s/store'\nsleutels: %[1]s/sleutels\ninwonerdiensten: {digid: {uitgever: 'https://broker.example', client_id: a, geheim: geheim-van-de-broker, organisatie: '%[2]s'}}", dir, oin)
		if err := os.WriteFile(pad, []byte(tekst), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(pad, func(string) string { return "" }, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	een, twee := autorisatie.Organisatie{OIN: gemeente, Naam: "Een"}, autorisatie.Organisatie{OIN: "00000099234567890000", Naam: "Twee"}
	for _, p := range []struct {
		oin  string
		b    []autorisatie.Organisatie
		deel string
	}{{"", []autorisatie.Organisatie{een}, ""}, {"", []autorisatie.Organisatie{een, twee}, "noem de organisatie"}, {twee.OIN, []autorisatie.Organisatie{een}, "controleer het OIN"}} {
		s, err := Open(t.Context(), dienst(p.oin), &autorisatie.Bestand{Organisaties: p.b}, Opties{Versie: "proef"})
		if err == nil {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if (p.deel == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), p.deel) {
			t.Errorf("%q of %d organisations: %v", p.oin, len(p.b), err)
		}
	}
}
