//go:build !dev

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/server"
)

// nieuwste gives the newest checkpoint of the log, as somebody with a token keeps it.
func (p *proefopslag) nieuwste(s *server.Server) string {
	p.t.Helper()
	return schrijf(p.t, "gezien.txt", p.ondertekend(s, oinVerify, bewijs.BoomLog))
}

func TestWhoRemembersACheckpointIsToldWhatAnEpochLost(t *testing.T) {
	t.Parallel()
	p := vulSQLite(t)
	var voor, net, na string
	p.draai(func(s *server.Server) { p.leg(s, 0); voor = p.nieuwste(s) })
	oud := p.kopie()
	sleutels := leesMap(t, filepath.Join(p.dir, "sleutels"))
	p.draai(func(s *server.Server) { p.leg(s, 3); net = p.nieuwste(s) })
	bewaard := leesMap(t, filepath.Join(p.dir, "sleutels"))
	p.draai(func(s *server.Server) { p.leg(s, 4); na = p.nieuwste(s) })

	// Who opens the epoch leaves out what was signed last: somebody else kept it.
	for naam := range sleutels {
		if strings.Contains(naam, "checkpoint-") {
			schrijfMap(t, filepath.Join(p.dir, "sleutels"), map[string][]byte{naam: bewaard[naam]})
		}
	}
	p.adres = oud
	l := p.openTijdvak(server.TijdvakOpties{})
	if gat := l[len(l)-1].Gat(); gat != 3 {
		t.Fatalf("%d leaves are lost", gat)
	}
	url, stop := p.dienst()
	defer stop()
	url += "/bewijs/" + oinVerify
	token, err := autorisatie.Sign("alles-0", []byte(geheimVerify), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	tokenbestand := schrijf(t, "token", []byte(token))
	haal := func(pad string) []byte {
		t.Helper()
		res, err := http.Get(url + pad)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", pad, res.Status, err)
		}
		return b
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get(url + "/checkpoint"); err == nil {
			b, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if bytes.Contains(b, []byte("/tijdvak-2\n")) {
				break
			}
		}
		if time.Now().After(end) {
			t.Fatal("the first checkpoint of the epoch is not public")
		}
	}
	sleutel := schrijf(t, "sleutel", haal("/sleutel"))
	// What anybody may read: the epochs, and that they are in the tree.
	if out := opdrachtIn(t, 0, "verify", url, "--sleutel", sleutel); !strings.Contains(out, "tijdvak 2, geopend op ") || !strings.Contains(out, "3 bladen; reden: Schijf kapot") {
		t.Errorf("the epoch is not told:\n%s", out)
	}
	kijk := func(want int, gezien string, meer ...string) string {
		t.Helper()
		b, err := os.ReadFile(gezien)
		if err != nil {
			t.Fatal(err)
		}
		onthoud := schrijf(t, "onthoud", b)
		out := opdrachtIn(t, want, append([]string{"verify", url, "--sleutel", sleutel, "--onthoud", onthoud, "--token-file", tokenbestand}, meer...)...)
		nu, err := os.ReadFile(onthoud)
		if err != nil || bytes.Equal(nu, b) != (want != 0) {
			t.Errorf("status %d, and what is remembered is %s", want, nu)
		}
		if want == 0 { // from then on it is an epoch like any other
			if weer := opdrachtIn(t, 0, "verify", url, "--sleutel", sleutel, "--onthoud", onthoud, "--token-file", tokenbestand); strings.Contains(weer, "tijdvak 2,") || !strings.Contains(weer, "bouwt voort") {
				t.Errorf("the next time:\n%s", weer)
			}
		}
		return out
	}
	if out := kijk(0, voor); !strings.Contains(out, "bouwt voort") || !strings.Contains(out, "tijdvak 2,") || !strings.Contains(out, "de hele boom is nagerekend") {
		t.Errorf("who saw what stayed:\n%s", out)
	}
	n := int(l[len(l)-1].Blad)
	if out := kijk(1, net); !strings.Contains(out, fmt.Sprintf("De bladen %d tot en met %d die u zag, zijn verloren.", n, n+2)) || !strings.Contains(out, "Schijf kapot") || !strings.Contains(out, "--aanvaard-tijdvak 2") {
		t.Errorf("who saw what was lost:\n%s", out)
	}
	kijk(1, net, "--aanvaard-tijdvak", "3")
	if out := kijk(0, net, "--aanvaard-tijdvak", "2"); !strings.Contains(out, "u hebt aanvaard") {
		t.Errorf("who accepts it:\n%s", out)
	}
	for _, meer := range [][]string{nil, {"--aanvaard-tijdvak", "2"}} {
		if out := kijk(1, na, meer...); !strings.Contains(out, "ontkent wat u zag") {
			t.Errorf("who saw more than the epoch knows:\n%s", out)
		}
	}

	// A log that shows another epoch than it signed.
	v := &controle.Volger{Sleutels: string(haal("/sleutel")), Haal: func(_ context.Context, pad string) ([]byte, error) {
		if strings.HasPrefix(pad, "inclusie") && !strings.Contains(pad, fmt.Sprintf("blad=%d&", n)) {
			return nil, controle.ErrGeenToegang // it is no leaf that anybody may ask for
		}
		return haal("/" + pad), nil
	}}
	anders := func(f func(b *bewijs.Tijdvakblad)) *controle.Volger {
		w := *v
		w.Haal = func(ctx context.Context, pad string) ([]byte, error) {
			d, err := v.Haal(ctx, pad)
			if pad != "tijdvakken" || err != nil {
				return d, err
			}
			l, err := bewijs.ParseTijdvakken(oinVerify, bewijs.BoomLog, d)
			if err != nil {
				t.Fatal(err)
			}
			f(l[0])
			return l.JSON(), nil
		}
		return &w
	}
	for naam, f := range map[string]func(b *bewijs.Tijdvakblad){
		"as it is":             func(*bewijs.Tijdvakblad) {},
		"another reason":       func(b *bewijs.Tijdvakblad) { b.Reden = "Niets aan de hand" },
		"a larger known size":  func(b *bewijs.Tijdvakblad) { b.Grootte += 10 },
		"it began before that": func(b *bewijs.Tijdvakblad) { b.Blad-- },
		"another number":       func(b *bewijs.Tijdvakblad) { b.Nummer++ },
	} {
		g, err := anders(f).Volg(t.Context())
		if goed := err == nil && g.Oordeel() == controle.Goed; goed != (naam == "as it is") {
			t.Errorf("%s: %+v, %v", naam, g, err)
		}
	}
}
