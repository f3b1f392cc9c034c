package demo

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/demo/proefmap"
)

// scherm takes what is printed, of which a test waits for the last line.
type scherm struct {
	mu    sync.Mutex
	b     bytes.Buffer
	klaar chan struct{}
}

func (s *scherm) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Write(p)
	select {
	case <-s.klaar:
	default:
		if strings.Contains(s.b.String(), "# Stoppen: Ctrl-C\n") {
			close(s.klaar)
		}
	}
	return len(p), nil
}

func (s *scherm) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// run starts a demonstration and gives what it printed, and how to stop it.
func run(t *testing.T, dir string) (tekst string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &scherm{klaar: make(chan struct{})}
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Opties{Map: dir, Listen: "127.0.0.1:0", Programma: "bin/verantwoord", Versie: "test"}, s)
	}()
	select {
	case <-s.klaar:
	case err := <-done:
		cancel()
		t.Fatalf("stopped before it was ready: %v", err)
	}
	return s.String(), func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if !strings.HasSuffix(s.String(), "staat er de volgende keer nog.\n") {
			t.Error("says no goodbye")
		}
	}
}

// gevonden gives a figure of the printed text.
func gevonden(t *testing.T, tekst, patroon string) string {
	t.Helper()
	m := regexp.MustCompile(patroon).FindStringSubmatch(tekst)
	if m == nil {
		t.Fatalf("nothing printed fits %s", patroon)
	}
	return m[1]
}

// token puts the lines of a printed token together.
func token(t *testing.T, tekst, naam string) string {
	t.Helper()
	return strings.ReplaceAll(gevonden(t, tekst, `(?s)\n`+naam+`="([^"]+)"`), "\\\n", "")
}

// getekend tells when a token was signed: at the moment that the script is drawn for.
func getekend(t *testing.T, token string) time.Time {
	t.Helper()
	var claims struct{ IAT int64 }
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil || json.Unmarshal(raw, &claims) != nil || claims.IAT == 0 {
		t.Fatalf("no token: %v", err)
	}
	return time.Unix(claims.IAT, 0)
}

// tel asks how many acties of a verwerking a client may see.
func tel(t *testing.T, tekst, wie, verwerking, klasse string) int {
	t.Helper()
	return vraag(t, tekst, wie, padActies, map[string]any{"verwerkingId": verwerking, "vertrouwelijkheid": klasse})
}

func vraag(t *testing.T, tekst, wie, pad string, filter map[string]any) int {
	t.Helper()
	body, err := json.Marshal(filter)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, gevonden(t, tekst, `\nURL=(.*)`)+pad+"/_zoek", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t, tekst, wie))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("OIN", oinGemeente)
	req.Header.Set("VerwerkingsactiviteitId", eigenGegevens)
	req.Header.Set("VerwerkingsactiviteitUrl", activiteitURL(eigenGegevens))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var lijst struct{ Count int }
	raw, err := io.ReadAll(res.Body)
	if err != nil || json.Unmarshal(raw, &lijst) != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("status %d (%d bytes): %v", res.StatusCode, len(raw), err)
	}
	return lijst.Count
}

func TestFillsOnceAndShowsTheSameAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "demo")
	tekst, stop := run(t, dir)
	want := 0
	for _, v := range script(t, zaad, getekend(t, token(t, tekst, "BURGERZAKEN"))) { // at another moment it may be quite another one
		for _, s := range v.stappen {
			if s.methode == http.MethodPost {
				want++
			}
		}
	}
	if n := gevonden(t, tekst, `(\d+) verwerkingsacties vastgelegd`); n != strconv.Itoa(want) {
		t.Errorf("%s acties logged, want %d", n, want)
	}
	const lopend, afgerond = 11, 11
	controleer := func(tekst string) {
		t.Helper()
		if n := tel(t, tekst, "ONDERZOEK", lopendOnderzoek, "vertrouwelijk"); n != lopend {
			t.Errorf("the investigation that runs has %d acties, want %d", n, lopend)
		}
		if n := tel(t, tekst, "BURGERZAKEN", lopendOnderzoek, "normaal"); n != 0 {
			t.Errorf("an ordinary application sees %d acties of it", n)
		}
		if n := tel(t, tekst, "ONDERZOEK", afgerondOnderzoek, "opgeheven"); n != afgerond {
			t.Errorf("the lifted investigation has %d acties, want %d", n, afgerond)
		}
		if n := vraag(t, tekst, "MIJN", "/inzage/api/v1/verwerkte-objecten", map[string]any{
			"objecttype": "persoon", "soortObjectId": "BSN", "objectId": newBewoners(zaad)[huisAfgerond].volwassenen[0],
			"beginDatum": "2000-01-01", "eindDatum": "2100-01-01", "verwerkingsactiviteitId": fraude,
		}); n != afgerond {
			t.Errorf("the citizen sees %d acties of it, want %d", n, afgerond)
		}
	}
	controleer(tekst)
	stop()

	tekst, stop = run(t, dir)
	if !strings.Contains(tekst, "de gegevens van de vorige keer staan er nog") {
		t.Error("a second start does not say that it was filled before")
	}
	controleer(tekst)
	stop()

	// What an interrupted filling leaves is the same without the mark.
	if err := os.Remove(filepath.Join(dir, bestandGevuld)); err != nil {
		t.Fatal(err)
	}
	tekst, stop = run(t, dir)
	controleer(tekst)
	stop()
}

func TestSecretsAreForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	m, err := openMap(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.write("127.0.0.1:8080", newGeheim()); err != nil {
		t.Fatal(err)
	}
	for _, naam := range []string{bestandApplicaties, bestandConfig} {
		info, err := os.Stat(m.Pad(naam))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", naam, info.Mode(), err)
		}
	}
	eerst, err := os.ReadFile(m.Pad(bestandApplicaties))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.write("127.0.0.1:8081", newGeheim()); err != nil {
		t.Fatal(err)
	}
	if nu, err := os.ReadFile(m.Pad(bestandApplicaties)); err != nil || !bytes.Equal(nu, eerst) {
		t.Errorf("the secrets changed: %v", err)
	}
}

func TestADirectoryOfSomethingElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	for naam, bestand := range map[string]string{
		"with a real store":               "store/log.db",
		"with a note of something else":   proefmap.Briefje,
		"with keys but without that note": "sleutels/00000099123456780000/handle-1.key",
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pad := filepath.Join(dir, bestand)
			if err := os.MkdirAll(filepath.Dir(pad), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(pad, []byte("van iemand anders"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Run(t.Context(), Opties{Map: dir, Listen: "127.0.0.1:0"}, io.Discard); err == nil || !strings.Contains(err.Error(), "lege map") {
				t.Errorf("error %v, want one that asks for an empty directory", err)
			}
			if b, err := os.ReadFile(pad); err != nil || string(b) != "van iemand anders" {
				t.Errorf("what was there is gone: %v", err)
			}
		})
	}
}

func TestASecondDemonstrationInTheSameDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m, err := openMap(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := os.Mkdir(m.Pad(mapStore), 0o700); err != nil { // as while it is filled
		t.Fatal(err)
	}
	if _, err := openMap(dir); err == nil || !strings.Contains(err.Error(), "draait al") {
		t.Errorf("error %v, want one that says it runs already", err)
	}
	if _, err := os.Stat(m.Pad(mapStore)); err != nil {
		t.Errorf("the store of the first is gone: %v", err)
	}
}

func TestStoppingWhileFillingIsNoErrorAndLeavesNoMark(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	// Filling is under way when the store exists.
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(filepath.Join(dir, mapStore, "log.db")); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var out bytes.Buffer
	err := Run(ctx, Opties{Map: dir, Listen: "127.0.0.1:0", Logger: slog.New(slog.DiscardHandler)}, &out)
	if _, statErr := os.Stat(filepath.Join(dir, bestandGevuld)); statErr == nil {
		t.Fatal("marked as filled")
	}
	if err != nil || out.String() != "# Onderbroken; de volgende start maakt het af.\n" {
		t.Errorf("printed %q, error %v", out.String(), err)
	}
}

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	t.Parallel()
	for _, adres := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "voorbeeld.example:0", "127.0.0.1", "127.0.0.1.example:0"} {
		if l, _, err := listen(adres); err == nil {
			l.Close()
			t.Errorf("listens on %s", adres)
		}
	}
	l, verplaatst, err := listen("127.0.0.1:0")
	if err != nil || verplaatst {
		t.Fatalf("moved %v, error %v", verplaatst, err)
	}
	defer l.Close()
	ander, verplaatst, err := listen(l.Addr().String())
	if err != nil || !verplaatst {
		t.Fatalf("on a taken port: moved %v, error %v", verplaatst, err)
	}
	defer ander.Close()
	if !ander.Addr().(*net.TCPAddr).IP.IsLoopback() {
		t.Error("the free port is not on loopback")
	}
}
