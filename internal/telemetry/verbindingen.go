package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The closed sets of labels about connections.
var (
	grenzen    = []string{"totaal", "adres"}
	uitkomsten = []string{"gelukt", "mislukt"}
)

// verbindingen measures what happens before a request: connections and certificates.
type verbindingen struct {
	open        prometheus.Gauge
	geweigerd   *prometheus.CounterVec
	genegeerd   prometheus.Counter
	herladen    *prometheus.CounterVec
	certificaat prometheus.Gauge
}

func nieuweVerbindingen(r prometheus.Registerer) verbindingen {
	v := verbindingen{
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "verantwoord_verbindingen_open", Help: "Connections that are open.",
		}),
		geweigerd: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verantwoord_verbindingen_geweigerd_totaal", Help: "Connections closed at once, by the limit they were beyond.",
		}, []string{"grens"}),
		genegeerd: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "verantwoord_proxyheader_genegeerd_totaal", Help: "Requests with the proxy's header from an address that may not set it.",
		}),
		herladen: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verantwoord_tls_herladen_totaal", Help: "Attempts to take changed TLS files into use, by outcome.",
		}, []string{"uitkomst"}),
		certificaat: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "verantwoord_tls_certificaat_einde_seconden", Help: "When the register's own certificate ends, as Unix time; 0 without TLS.",
		}),
	}
	r.MustRegister(v.open, v.geweigerd, v.genegeerd, v.herladen, v.certificaat)
	for _, g := range grenzen {
		v.geweigerd.WithLabelValues(g)
	}
	for _, u := range uitkomsten {
		v.herladen.WithLabelValues(u)
	}
	return v
}

// Verbinding counts a connection that opened (1) or closed (-1).
func (m *Metrics) Verbinding(verschil int) {
	if m == nil {
		return
	}
	m.verbindingen.open.Add(float64(verschil))
}

// VerbindingGeweigerd counts a connection that was closed at once: grens is totaal or adres.
func (m *Metrics) VerbindingGeweigerd(grens string) {
	if m == nil {
		return
	}
	m.verbindingen.geweigerd.WithLabelValues(uit(grenzen, grens)).Inc()
}

// ProxyheaderGenegeerd counts a request whose certificate header was not believed.
func (m *Metrics) ProxyheaderGenegeerd() {
	if m == nil {
		return
	}
	m.verbindingen.genegeerd.Inc()
}

// TLSHerladen counts an attempt to take changed files into use.
func (m *Metrics) TLSHerladen(gelukt bool) {
	if m == nil {
		return
	}
	uitkomst := "mislukt"
	if gelukt {
		uitkomst = "gelukt"
	}
	m.verbindingen.herladen.WithLabelValues(uitkomst).Inc()
}

// CertificaatEinde sets when the certificate in use ends.
func (m *Metrics) CertificaatEinde(einde time.Time) {
	if m == nil {
		return
	}
	m.verbindingen.certificaat.Set(float64(einde.Unix()))
}
