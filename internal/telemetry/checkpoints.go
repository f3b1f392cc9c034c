package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// bomen is the closed set of trees.
var bomen = []string{"log", "beheer"}

// checkpoints measures what was signed. A node tells of what it signed itself: of several nodes the newest counts.
type checkpoints struct {
	grootte, moment, gestopt *prometheus.GaugeVec
}

func (c *checkpoints) register(r prometheus.Registerer) {
	labels := []string{"organisatie", "boom"}
	c.grootte = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_checkpoint_bladen", Help: "Leaves of the newest signed checkpoint that this node knows.",
	}, labels)
	c.moment = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_checkpoint_moment_seconden", Help: "When that checkpoint was signed, in seconds since 1970.",
	}, labels)
	c.gestopt = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_checkpoint_gestopt", Help: "1: the tree is no continuation of what was signed of it, and is signed no more.",
	}, labels)
	r.MustRegister(c.grootte, c.moment, c.gestopt)
}

// Checkpoint sets the newest signed checkpoint of a tree of an organisation: boom is log or beheer.
func (m *Metrics) Checkpoint(oin, boom string, grootte uint64, moment time.Time, gestopt bool) {
	if m == nil {
		return
	}
	boom = uit(bomen, boom)
	if !moment.IsZero() {
		m.checkpoints.grootte.WithLabelValues(oin, boom).Set(float64(grootte))
		m.checkpoints.moment.WithLabelValues(oin, boom).Set(float64(moment.Unix()))
	}
	stop := 0.0
	if gestopt {
		stop = 1
	}
	m.checkpoints.gestopt.WithLabelValues(oin, boom).Set(stop)
}
