package server

import (
	"bytes"
	"html"
	"strings"
	"testing"
)

func TestThePageOfSettingsShowsEveryKeyBesideItsSafeDefault(t *testing.T) {
	t.Parallel()
	const geheim = "een-geheim-van-een-andere-dienst"
	s, mail, adres := startPaginasMet(t, map[string]string{
		"VERANTWOORD_TOKEN_MAX_LEEFTIJD": "2h", "VERANTWOORD_TOKEN_SPELING": "30s", "VERANTWOORD_TLS_CLIENT": "uit", "VERANTWOORD_LIMIETEN_PAGINA": "50",
		"VERANTWOORD_ORGANISATIES_" + oinPaginas + "_INZAGE_HEADERS": "tolerant", "VERANTWOORD_AANMELDDIENSTEN_ENTRA_UITGEVER": "https://login.voorbeeldstad.example",
		"VERANTWOORD_AANMELDDIENSTEN_ENTRA_CLIENT_ID": "verantwoord", "VERANTWOORD_AANMELDDIENSTEN_ENTRA_GEHEIM": geheim,
	}, "[]", nil)
	een, _ := beheerder(t, s, mail, adres, "Bea Heer", "b.heer@voorbeeldstad.example")
	blad := een.do("/beheer/instellingen")
	een.want(blad, "/beheer/instellingen", "handle-1, zegel-1, teken-1", "Niets staat onder een oudere sleutel", "De code per e-mail bij het aanmelden is geen instelling: die staat altijd aan.")

	var alles bytes.Buffer
	if err := s.config.Print(&alles); err != nil {
		t.Fatal(err)
	}
	n := 0
	for regel := range strings.Lines(alles.String()) {
		sleutel, _, _ := strings.Cut(regel, " ")
		if sleutel == "SLEUTEL" {
			continue
		}
		n++
		if !strings.Contains(blad, `<code class="utrecht-code">`+html.EscapeString(sleutel)+`</code>`) {
			t.Errorf("the page lacks %s", sleutel)
		}
	}
	if n < 80 {
		t.Errorf("only %d settings", n)
	}
	for _, w := range s.config.Waarden(oinPaginas) {
		_, rij, _ := strings.Cut(blad, `<code class="utrecht-code">`+html.EscapeString(w.Sleutel)+`</code>`)
		rij, _, _ = strings.Cut(rij, "</tr>")
		for _, moet := range []string{w.Tekst, w.Standaard, w.Betekenis, w.Eenheid} {
			if !strings.Contains(html.UnescapeString(rij), moet) {
				t.Errorf("%s does not show %q", w.Sleutel, moet)
			}
		}
		minder := map[string]bool{"token.max_leeftijd": true, "tls.client": true, "organisaties." + oinPaginas + ".inzage_headers": true}[w.Sleutel]
		if strings.Contains(rij, "minder veilig") != minder {
			t.Errorf("%s (%s, default %s) is called less safe: %v", w.Sleutel, w.Tekst, w.Standaard, !minder)
		}
		if eigen := strings.Contains(rij, "eigen keuze"); eigen != (!minder && w.Tekst != w.Standaard) {
			t.Errorf("%s (%s, default %s) is called a choice: %v", w.Sleutel, w.Tekst, w.Standaard, eigen)
		}
	}
	if strings.Contains(blad, geheim) {
		t.Error("a secret is shown")
	}
	if strings.Count(blad, ">Algemeen</h2>") != 1 {
		t.Error("what belongs together does not stand together")
	}
}
