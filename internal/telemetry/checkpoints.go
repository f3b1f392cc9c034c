package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// bomen is the closed set of trees.
var bomen = []string{"log", "beheer"}

// checkpoints measures what was signed, of all organisations together: no figure names one. A node tells of what it signed itself: of
// several nodes the newest counts.
type checkpoints struct {
	grootte, moment, gestopt *prometheus.GaugeVec

	mu  sync.Mutex
	per map[string]map[string]getekend // by tree and organisation
}

// getekend is the newest checkpoint of one tree.
type getekend struct {
	grootte uint64
	moment  time.Time
	gestopt bool
}

func (c *checkpoints) register(r prometheus.Registerer) {
	labels := []string{"boom"}
	c.per = map[string]map[string]getekend{}
	c.grootte = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_checkpoint_bladen", Help: "Leaves of the newest signed checkpoints that this node knows, of all organisations.",
	}, labels)
	c.moment = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_checkpoint_moment_seconden", Help: "When the oldest of those checkpoints was signed, in seconds since 1970.",
	}, labels)
	c.gestopt = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_checkpoint_gestopt", Help: "How many trees are no continuation of what was signed of them, and are signed no more.",
	}, labels)
	r.MustRegister(c.grootte, c.moment, c.gestopt)
}

// Checkpoint sets the newest signed checkpoint of a tree of an organisation: boom is log or beheer.
func (m *Metrics) Checkpoint(oin, boom string, grootte uint64, moment time.Time, gestopt bool) {
	if m == nil {
		return
	}
	c := &m.checkpoints
	boom = uit(bomen, boom)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.per[boom] == nil {
		c.per[boom] = map[string]getekend{}
	}
	een := c.per[boom][oin]
	if een.gestopt = gestopt; !moment.IsZero() {
		een.grootte, een.moment = grootte, moment
	}
	c.per[boom][oin] = een
	var bladen, stil float64
	var oudste time.Time
	for _, g := range c.per[boom] {
		bladen += float64(g.grootte)
		if g.gestopt {
			stil++
		}
		if !g.moment.IsZero() && (oudste.IsZero() || g.moment.Before(oudste)) {
			oudste = g.moment
		}
	}
	if !oudste.IsZero() {
		c.grootte.WithLabelValues(boom).Set(bladen)
		c.moment.WithLabelValues(boom).Set(float64(oudste.Unix()))
	}
	c.gestopt.WithLabelValues(boom).Set(stil)
}
