package telemetry

import (
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// getuigen measures what witnesses cosigned, by the number of a witness in the settings of its organisation: no figure names an
// organisation or an address.
type getuigen struct {
	moment, tegenspraak *prometheus.GaugeVec

	mu  sync.Mutex
	per map[int]map[string]gezien // by number, and by organisation and tree
}

type gezien struct {
	moment      time.Time
	tegenspraak bool
}

func (g *getuigen) register(r prometheus.Registerer) {
	labels := []string{"getuige"}
	g.per = map[int]map[string]gezien{}
	g.moment = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_getuige_moment_seconden", Help: "When the witness with this number cosigned last, in seconds since 1970; of several logs the oldest. 0: never.",
	}, labels)
	g.tegenspraak = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "verantwoord_getuige_tegenspraak", Help: "How many trees the witness with this number saw otherwise than they are shown now.",
	}, labels)
	r.MustRegister(g.moment, g.tegenspraak)
}

// Getuige sets what the witness with a number of an organisation did for a tree; a zero moment: it never cosigned.
func (m *Metrics) Getuige(oin, boom string, nummer int, moment time.Time, tegenspraak bool) {
	if m == nil {
		return
	}
	g := &m.getuigen
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.per[nummer] == nil {
		g.per[nummer] = map[string]gezien{}
	}
	g.per[nummer][oin+uit(bomen, boom)] = gezien{moment, tegenspraak}
	oudste, anders := int64(-1), 0
	for _, z := range g.per[nummer] {
		s := int64(0)
		if !z.moment.IsZero() {
			s = z.moment.Unix()
		}
		if oudste < 0 || s < oudste {
			oudste = s
		}
		if z.tegenspraak {
			anders++
		}
	}
	g.moment.WithLabelValues(strconv.Itoa(nummer)).Set(float64(oudste))
	g.tegenspraak.WithLabelValues(strconv.Itoa(nummer)).Set(float64(anders))
}
