package telemetry

import "github.com/prometheus/client_golang/prometheus"

// sleutels measures the keys of all organisations together: no figure names one.
type sleutels struct {
	gebrek                  prometheus.Gauge
	herschreven, herschrijf prometheus.Gauge
}

func (s *sleutels) register(r prometheus.Registerer) {
	gauge := func(naam, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: naam, Help: help})
		r.MustRegister(g)
		return g
	}
	s.gebrek = gauge("verantwoord_sleutels_gebrek", "1 when a key that the store knows is missing on this node or is another one: nothing is accepted.")
	s.herschrijf = gauge("verantwoord_hersleuteling_versies", "Versions that are to be looked at to rewrite what older keys wrote.")
	s.herschreven = gauge("verantwoord_hersleuteling_gedaan", "How many of those were looked at; as many when it is finished.")
}

// Sleutels sets whether something is wrong with the keys, and how far rewriting with new ones is, in versions.
func (m *Metrics) Sleutels(gebrek bool, gedaan, totaal uint64) {
	if m == nil {
		return
	}
	m.sleutels.gebrek.Set(0)
	if gebrek {
		m.sleutels.gebrek.Set(1)
	}
	m.sleutels.herschreven.Set(float64(gedaan))
	m.sleutels.herschrijf.Set(float64(totaal))
}
