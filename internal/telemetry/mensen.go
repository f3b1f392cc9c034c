package telemetry

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The closed sets of labels about people who work with the register.
var (
	aanmeldUitkomsten = []string{"begonnen", "gelukt", "bevestigd", "factor_fout", "geblokkeerd"}
	codeUitkomsten    = []string{"gevraagd", "goed", "fout"}
	postStanden       = []string{"bezorgd", "mislukt", "uitgesteld"}
)

// postStil is how long a message waits before it is shown to: a code is gone within a second, and whoever reads the figures must not
// see from it that a password was right.
const postStil = 30 * time.Second

// mensen measures sign-ins and mail, without saying of whom.
type mensen struct {
	aanmeldingen *prometheus.CounterVec
	codes        *prometheus.CounterVec
	post         *prometheus.CounterVec
	sessies      prometheus.Gauge
	wachtend     atomic.Pointer[func() (aantal int64, oudste time.Duration)]
}

func (n *mensen) register(r prometheus.Registerer) {
	n.aanmeldingen = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verantwoord_aanmeldingen_totaal", Help: "Sign-ins of employees, by how they went; accounts that do not exist are counted alike.",
	}, []string{"uitkomst"})
	n.codes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verantwoord_codes_totaal", Help: "Codes to sign in that were asked for, whether one was mailed or not, and that were given.",
	}, []string{"uitkomst"})
	n.post = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verantwoord_post_totaal", Help: "Mails to employees, by how they went; a code that was delivered is not counted.",
	}, []string{"stand"})
	n.sessies = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "verantwoord_sessies", Help: "Sessions of employees that last, of all organisations and nodes.",
	})
	wachtend := func() (int64, time.Duration) {
		f := n.wachtend.Load()
		if f == nil {
			return 0, 0
		}
		aantal, oudste := (*f)()
		if aantal == 0 || oudste < postStil {
			return 0, 0
		}
		return aantal, oudste
	}
	r.MustRegister(n.aanmeldingen, n.codes, n.post, n.sessies,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "verantwoord_post_wachtend", Help: "Mails that wait, once one waits for half a minute; of all nodes.",
		}, func() float64 { aantal, _ := wachtend(); return float64(aantal) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "verantwoord_post_oudste_seconden", Help: "How long the oldest mail waits, from half a minute on.",
		}, func() float64 { _, oudste := wachtend(); return oudste.Seconds() }))
	for _, reeks := range []struct {
		c       *prometheus.CounterVec
		woorden []string
	}{{n.aanmeldingen, aanmeldUitkomsten}, {n.codes, codeUitkomsten}, {n.post, postStanden}} {
		for _, w := range reeks.woorden {
			reeks.c.WithLabelValues(w)
		}
	}
}

// Aanmelding counts how a sign-in goes: begonnen, gelukt, bevestigd (step-up), factor_fout or geblokkeerd.
func (m *Metrics) Aanmelding(uitkomst string) {
	if m != nil {
		m.mensen.aanmeldingen.WithLabelValues(uit(aanmeldUitkomsten, uitkomst)).Inc()
	}
}

// Code counts a code that was asked for (gevraagd), or given (goed, fout).
func (m *Metrics) Code(uitkomst string) {
	if m != nil {
		m.mensen.codes.WithLabelValues(uit(codeUitkomsten, uitkomst)).Inc()
	}
}

// Post counts how a mail went: bezorgd, mislukt or uitgesteld. The caller leaves out a code that was delivered.
func (m *Metrics) Post(stand string) {
	if m != nil {
		m.mensen.post.WithLabelValues(uit(postStanden, stand)).Inc()
	}
}

// PostWachtend sets the function that is asked, at each scrape and from any goroutine, how many mails wait and the oldest how long.
func (m *Metrics) PostWachtend(f func() (aantal int64, oudste time.Duration)) {
	if m != nil {
		m.mensen.wachtend.Store(&f)
	}
}

// Sessies sets how many sessions of employees last.
func (m *Metrics) Sessies(aantal int64) {
	if m != nil {
		m.mensen.sessies.Set(float64(aantal))
	}
}
