//go:build !dev

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/server"
)

func TestAKeyIsMadeAndFollowedBesideARegisterThatRuns(t *testing.T) {
	t.Parallel()
	const oin = "00000099000000001000"
	dir := t.TempDir()
	instellingen := filepath.Join(dir, "verantwoord.yaml")
	tekst := fmt.Sprintf("store: %q\nsleutels: %q\nurl: http://127.0.0.1:8080\n", "sqlite:"+dir+"/store", dir+"/sleutels")
	if err := os.WriteFile(instellingen, []byte(tekst), 0o600); err != nil {
		t.Fatal(err)
	}
	sleutel := func(want int, args ...string) string {
		t.Helper()
		uit := opdrachtIn(t, want, append(append([]string{"sleutel"}, args...), "--config", instellingen)...)
		for _, pad := range sleutelbestanden(t, dir) { // no key is ever shown
			key, err := os.ReadFile(pad)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(uit, strings.TrimSpace(string(key))) {
				t.Errorf("%v shows a key", args)
			}
		}
		return uit
	}
	toont := func(uit string, delen ...string) {
		t.Helper()
		for _, deel := range delen {
			if !strings.Contains(uit, deel) {
				t.Errorf("%q is not in:\n%s", deel, uit)
			}
		}
	}
	toont(sleutel(1, "lijst"), "sleutelmap", "niet te lezen")

	c, err := config.Load(instellingen, func(string) string { return "" }, nil)
	if err != nil {
		t.Fatal(err)
	}
	var vooruit atomic.Int64
	b := &autorisatie.Bestand{Organisaties: []autorisatie.Organisatie{{OIN: oin, Naam: "Voorbeeldstad"}}}
	s, err := server.Open(context.Background(), c, b, server.Opties{Versie: "proef", Nu: func() time.Time { return time.Now().Add(time.Duration(vooruit.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	s.Herlaad()
	toont(sleutel(0, "lijst"), oin, "handle-1", "schrijft en zoekt", "zegel-1", "verzegelt en leest", "teken-1", "ondertekent")
	toont(sleutel(0, "voortgang"), "niets te herschrijven")
	toont(sleutel(1, "nieuw"), "handle, zegel of teken")
	for _, soort := range betrokkene.Soorten {
		toont(sleutel(0, "nieuw", "--soort", soort), "Gemaakt: ", soort+"-2.key", "reservekopie", "Herstarten hoeft niet", "Gooi geen sleutelbestand weg zolang")
	}
	// It looks every ten seconds by itself, so what it says now is one of two.
	eerst := &hersleuteling.Stand{Gebruik: map[string]uint16{betrokkene.SoortZegel: 1}}
	toont(gebruikt(betrokkene.Sleutel{Naam: "zegel-2", Soort: betrokkene.SoortZegel, Nummer: 2}, eerst), "het register kent hem nog niet")
	toont(sleutel(0, "lijst"), "handle-2")
	s.Herlaad() // as SIGHUP does
	toont(sleutel(0, "lijst"), "bekend; binnen een minuut schrijft het register ermee")
	vooruit.Add(int64(betrokkene.Wachttijd))
	s.Herlaad()
	toont(sleutel(0, "lijst"), "zoekt wat eerder is geschreven, en", "leest wat eerder is verzegeld; bewaren", "ondertekent mee tot")
	toont(sleutel(0, "voortgang"), "herschrijven met handle-2 en zegel-2 begint ruim een uur")
	toont(sleutel(2, "vervalt"), "soort en nummer")
	toont(sleutel(2, "vervalt", "zegel", "een"), "soort en nummer")
	toont(sleutel(1, "vervalt", "zegel", "2"), "gebruikt zegel-2")
	toont(sleutel(1, "vervalt", "zegel", "1"), "niet klaar")
	toont(sleutel(1, "vervalt", "handle", "1"), "handle-1 blijft")
	toont(sleutel(1, "vervalt", "teken", "1"), "teken-1 blijft")
	vooruit.Add(int64(hersleuteling.Rust))
	for uit := ""; !strings.Contains(uit, "is klaar sinds"); uit = sleutel(0, "voortgang") {
		time.Sleep(100 * time.Millisecond)
		s.Herlaad()
	}
	for uit := ""; !strings.Contains(uit, "niets heeft hem nog nodig; hij kan vervallen"); uit = sleutel(0, "lijst") {
		time.Sleep(100 * time.Millisecond)
		s.Herlaad()
	}
	toont(sleutel(0, "vervalt", "zegel", "1"), "Vervallen: zegel-1", "zegel-1.key", "reservekopieën")
	toont(sleutel(0, "lijst"), "vervallen sinds")
	if err := os.Remove(filepath.Join(dir, "sleutels", oin, "zegel-1.key")); err != nil {
		t.Fatal(err)
	}
	s.Herlaad()
	if uit := sleutel(0, "lijst"); strings.Contains(uit, "LET OP") || strings.Contains(uit, "zegel-1") {
		t.Errorf("without the file:\n%s", uit)
	}
	if err := os.Remove(filepath.Join(dir, "sleutels", oin, "teken-1.key")); err != nil {
		t.Fatal(err)
	}
	s.Herlaad()
	toont(sleutel(0, "voortgang"), "LET OP: het register neemt niets aan", "teken-1.key ontbreekt")
	toont(sleutel(2, "weg"), "lijst, nieuw, voortgang of vervalt")
}

func sleutelbestanden(t *testing.T, dir string) []string {
	t.Helper()
	l, err := filepath.Glob(filepath.Join(dir, "sleutels", "*", "*.key"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}
