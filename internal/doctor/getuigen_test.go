package doctor

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/getuige"
	protocol "github.com/verantwoord/verantwoord/internal/getuige/dienst"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

func TestWitnessesAreLookedAt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	k, kaart, err := getuige.Open("buur.example", dir+"/sleutel", dir+"/gezien")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kaart.Close() })
	g, err := getuige.New(k, nil, kaart, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(protocol.Handler(g, "", slog.New(slog.DiscardHandler)))
	t.Cleanup(h.Close)
	elders := httptest.NewServer(protocol.Handler(g, "/elders", slog.New(slog.DiscardHandler)))
	t.Cleanup(elders.Close)
	for naam, s := range map[string]struct {
		getuigen string
		niveau   Niveau
		deel     string
	}{
		"one that answers":        {h.URL + " " + k.Publiek(), InOrde, "te bereiken (1)"},
		"one that is away":        {h.URL + " " + k.Publiek() + ",http://127.0.0.1:1 " + k.Publiek()[:5] + "x+0+BA==", Fout, "Getuige 2"},
		"nobody there":            {"http://127.0.0.1:1 " + k.Publiek(), Waarschuwing, "niet te bereiken"},
		"another address":         {elders.URL + " " + k.Publiek(), Waarschuwing, "status 404"},
		"a key that is not whole": {h.URL + " buur.example+00000000+BA==", Fout, "niet te lezen"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := opstellen(t)
			o.zet("organisaties."+oin+".getuigen", s.getuigen)
			moetTonen(t, o.onderzoek(), s.niveau, "getuigen", s.deel)
		})
	}
}

// The figures are those that a register writes.
func TestWhatTheRegisterTellsOfWitnessesIsRead(t *testing.T) {
	t.Parallel()
	nu := time.Unix(1_800_000_000, 0)
	m := telemetry.NewMetrics("1")
	m.Getuige(oin, "log", 1, nu, false)
	m.Getuige(oin, "beheer", 1, nu.Add(-3*time.Hour), false)
	m.Getuige(oin, "log", 2, nu, true)
	m.Getuige(oin, "log", 3, nu, false)
	m.Getuige(oin, "log", 4, time.Time{}, false)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	o := opstellen(t)
	o.zet("organisaties."+oin+".getuigen", "http://127.0.0.1:1 a+0+BA==,http://127.0.0.1:1 b+0+BA==,http://127.0.0.1:1 c+0+BA==,http://127.0.0.1:1 d+0+BA==")
	x := &onderzoek{Opties: Opties{Config: o.config(), Nu: func() time.Time { return nu }}, ctx: t.Context(), oins: []string{oin}, dienst: &dienst{getuigen: leesGetuigen(w.Body.String())}}
	x.getuigen()
	moetTonen(t, x.bevindingen, Waarschuwing, "getuigen", "Getuige 1 heeft een log al 3h0m0s niet medeondertekend")
	moetTonen(t, x.bevindingen, Fout, "getuigen", "Getuige 2 heeft een andere log gezien")
	if n := len(x.bevindingen); n != 4+2 {
		t.Errorf("%d findings: %+v", n, x.bevindingen)
	}
}
