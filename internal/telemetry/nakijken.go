package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// nakijken measures the daily check, of all organisations together: no figure names one.
type nakijken struct {
	moment, heel, gebreken prometheus.Gauge

	mu  sync.Mutex
	per map[string]nagekeken // by organisation
}

type nagekeken struct {
	moment, heel time.Time
	gebreken     int
}

func (n *nakijken) register(r prometheus.Registerer) {
	n.per = map[string]nagekeken{}
	n.moment = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "verantwoord_nakijken_moment_seconden", Help: "When the log was last checked, of the organisation where that is longest ago, in seconds since 1970.",
	})
	n.heel = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "verantwoord_nakijken_heel_seconden", Help: "When all was last found well, of the organisation where that is longest ago, in seconds since 1970; 0: never.",
	})
	n.gebreken = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "verantwoord_nakijken_gebreken", Help: "How much is wrong according to the newest checks.",
	})
	r.MustRegister(n.moment, n.heel, n.gebreken)
}

// Nagekeken sets what the newest check of an organisation found, when it began, and when all was well last (zero: never).
func (m *Metrics) Nagekeken(oin string, moment, heel time.Time, gebreken int) {
	if m == nil {
		return
	}
	n := &m.nakijken
	n.mu.Lock()
	defer n.mu.Unlock()
	n.per[oin] = nagekeken{moment, heel, gebreken}
	var oudste, oudsteHeel float64
	som, first := 0, true
	for _, x := range n.per {
		h := 0.0
		if !x.heel.IsZero() {
			h = float64(x.heel.Unix())
		}
		if t := float64(x.moment.Unix()); first || t < oudste {
			oudste = t
		}
		if first || h < oudsteHeel {
			oudsteHeel = h
		}
		first = false
		som += x.gebreken
	}
	n.moment.Set(oudste)
	n.heel.Set(oudsteHeel)
	n.gebreken.Set(float64(som))
}
