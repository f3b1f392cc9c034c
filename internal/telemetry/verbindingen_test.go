package telemetry

import (
	"strings"
	"testing"
	"time"
)

func TestConnectionsAndCertificatesAreCounted(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1")
	m.Verbinding(1)
	m.Verbinding(1)
	m.Verbinding(-1)
	m.VerbindingGeweigerd("adres")
	m.VerbindingGeweigerd("2308572")
	m.ProxyheaderGenegeerd()
	m.TLSHerladen(true)
	m.TLSHerladen(false)
	m.TLSHerladen(false)
	m.CertificaatEinde(time.Unix(1_900_000_000, 0))
	got := lees(t, m)
	for _, want := range []string{
		"verantwoord_verbindingen_open 1\n",
		`verantwoord_verbindingen_geweigerd_totaal{grens="adres"} 1`,
		`verantwoord_verbindingen_geweigerd_totaal{grens="totaal"} 0`,
		`verantwoord_verbindingen_geweigerd_totaal{grens="overig"} 1`,
		"verantwoord_proxyheader_genegeerd_totaal 1\n",
		`verantwoord_tls_herladen_totaal{uitkomst="gelukt"} 1`,
		`verantwoord_tls_herladen_totaal{uitkomst="mislukt"} 2`,
		"verantwoord_tls_certificaat_einde_seconden 1.9e+09\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in:\n%s", want, got)
		}
	}
	var nothing *Metrics
	nothing.Verbinding(1)
	nothing.VerbindingGeweigerd("adres")
	nothing.ProxyheaderGenegeerd()
	nothing.TLSHerladen(true)
	nothing.CertificaatEinde(time.Now())
}
