package telemetry

import (
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// overig is the label of anything outside a closed set.
const overig = "overig"

// The closed sets of labels.
var (
	operaties = []string{"POST", "PUT", "PATCH", "DELETE"}
	methoden  = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
	apis      = []string{"bewerking", "inzage", "autorisaties", "var", "bewijs"}
	functies  = []string{"lijst", "enkel", "versies"}
	lezingen  = []string{"latest", "versions", "find", "rows"}
	// Why something was refused: the codes a client sees. NewMetrics may add words.
	codes = []fout.Code{
		fout.CodeOngeldig, fout.CodeOnleesbaar, fout.CodeNietAangemeld, fout.CodeAanmeldenMislukt, fout.CodeGeenToestemming, fout.CodeGeenDoelbinding,
		fout.CodeOrganisatieOntbr, fout.CodeNietGevonden, fout.CodeMethode, fout.CodeNietAanvaardbaar, fout.CodeIdempotentie,
		fout.CodeVoorwaarde, fout.CodeTeGroot, fout.CodeMediatype, fout.CodeTeVeel, fout.CodeNietBeschikbaar, fout.CodeBewijsNogNiet, fout.CodeGelijktijdig,
		fout.CodeIntern,
	}
)

// Metrics holds everything that is measured.
type Metrics struct {
	registry *prometheus.Registry
	redenen  []fout.Code

	inname           *prometheus.CounterVec
	geweigerd        *prometheus.CounterVec
	vragen           *prometheus.CounterVec
	lezing           *prometheus.CounterVec
	gelezen          prometheus.Counter
	veranderd        prometheus.Counter
	wachtrij         prometheus.Gauge
	wachtrijMaximum  prometheus.Gauge
	groep            prometheus.Histogram
	commit           prometheus.Histogram
	http             *prometheus.HistogramVec
	indexAchterstand atomic.Pointer[func() int]
	verbindingen     verbindingen
	mensen           mensen
	checkpoints      checkpoints
	sleutels         sleutels
	nakijken         nakijken
	getuigen         getuigen
}

// NewMetrics gives metrics that start at zero. versie is that of the product; redenen are words for
// a refusal that tell more than its code (autorisatie.Redenen).
func NewMetrics(versie string, redenen ...string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		redenen:  slices.Clone(codes),
		inname: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verantwoord_inname_totaal", Help: "Versions accepted, by operation.",
		}, []string{"operatie"}),
		geweigerd: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verantwoord_geweigerd_totaal", Help: "Requests refused, by reason.",
		}, []string{"reden"}),
		vragen: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verantwoord_vragen_totaal", Help: "Inquiries answered, by API and kind.",
		}, []string{"api", "functie"}),
		lezing: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verantwoord_opslag_vragen_totaal", Help: "Questions to the store of the log, by kind.",
		}, []string{"vraag"}),
		gelezen: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "verantwoord_opslag_versies_totaal", Help: "Versions whose content these questions gave.",
		}),
		veranderd: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "verantwoord_veranderd_totaal", Help: "Versions that were not shown because they were altered in the store.",
		}),
		wachtrij: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "verantwoord_wachtrij_records", Help: "Records that wait for a commit.",
		}),
		wachtrijMaximum: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "verantwoord_wachtrij_maximum", Help: "Records that may wait; above it 503.",
		}),
		groep: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "verantwoord_groep_records", Help: "Records in one commit.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 14),
		}),
		commit: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "verantwoord_commit_seconden", Help: "Time of one commit, until it is durable.",
			Buckets: prometheus.ExponentialBuckets(0.00025, 2, 15),
		}),
		http: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "verantwoord_http_seconden", Help: "Time of one request.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
		}, []string{"api", "methode", "status"}),
	}
	achterstand := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "verantwoord_index_achterstand_records", Help: "Records that are durable and not yet in the index on disk.",
	}, func() float64 {
		if f := m.indexAchterstand.Load(); f != nil {
			return float64((*f)())
		}
		return 0
	})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "verantwoord_build_info", Help: "Always 1; the labels tell what runs.",
		ConstLabels: prometheus.Labels{"versie": versie, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.inname, m.geweigerd, m.vragen, m.lezing, m.gelezen, m.veranderd, m.wachtrij, m.wachtrijMaximum, m.groep, m.commit, m.http, achterstand, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.verbindingen = nieuweVerbindingen(m.registry)
	m.mensen.register(m.registry)
	m.checkpoints.register(m.registry)
	m.sleutels.register(m.registry)
	m.nakijken.register(m.registry)
	m.getuigen.register(m.registry)
	// A counter that exists from the start shows its first increase.
	for _, o := range operaties {
		m.inname.WithLabelValues(o)
	}
	for _, l := range lezingen {
		m.lezing.WithLabelValues(l)
	}
	for _, r := range redenen {
		m.redenen = append(m.redenen, fout.Code(r))
	}
	for _, r := range m.redenen {
		m.geweigerd.WithLabelValues(string(r))
	}
	return m
}

// woorden are the reasons that are told apart.
func (m *Metrics) woorden() []fout.Code {
	if m == nil {
		return codes
	}
	return m.redenen
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	if m == nil {
		return http.NotFoundHandler()
	}
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Inname counts versions that were accepted by POST, PUT, PATCH or DELETE.
func (m *Metrics) Inname(operatie string, versies int) {
	if m == nil || versies <= 0 {
		return
	}
	m.inname.WithLabelValues(uit(operaties, operatie)).Add(float64(versies))
}

// Geweigerd counts a refused request by its code, or by one of the words NewMetrics was given.
func (m *Metrics) Geweigerd(reden fout.Code) {
	if m == nil {
		return
	}
	m.geweigerd.WithLabelValues(string(uit(m.redenen, reden))).Inc()
}

// Vraag counts an answered inquiry: api is bewerking or inzage, functie is lijst (a page of acties or
// objects), enkel (one of them by its id) or versies (the history of one).
func (m *Metrics) Vraag(api, functie string) {
	if m == nil {
		return
	}
	m.vragen.WithLabelValues(uit(apis, api), uit(functies, functie)).Inc()
}

// Gelezen counts a question to the store of the log: latest (the newest version of an actie), versions (all of one), find (a search in the
// index) or rows (the content of lines that were found), and how many versions it gave. What was found and is not shown is not counted.
func (m *Metrics) Gelezen(vraag string, versies int) {
	if m == nil {
		return
	}
	m.lezing.WithLabelValues(uit(lezingen, vraag)).Inc()
	m.gelezen.Add(float64(versies))
}

// Veranderd counts a version that was asked for and is another one than was logged.
func (m *Metrics) Veranderd() {
	if m != nil {
		m.veranderd.Inc()
	}
}

// Wachtrij sets how many records wait.
func (m *Metrics) Wachtrij(records int) {
	if m == nil {
		return
	}
	m.wachtrij.Set(float64(records))
}

// WachtrijMaximum sets how many records may wait.
func (m *Metrics) WachtrijMaximum(records int) {
	if m == nil {
		return
	}
	m.wachtrijMaximum.Set(float64(records))
}

// Commit measures one commit of a group.
func (m *Metrics) Commit(records int, duur time.Duration) {
	if m == nil {
		return
	}
	m.groep.Observe(float64(records))
	m.commit.Observe(duur.Seconds())
}

// IndexAchterstand sets the function that is asked, at each scrape and from any goroutine, how many
// records the index on disk is behind.
func (m *Metrics) IndexAchterstand(records func() int) {
	if m == nil {
		return
	}
	m.indexAchterstand.Store(&records)
}

// HTTP measures one request: api is bewerking, inzage or autorisaties.
func (m *Metrics) HTTP(api, methode string, status int, duur time.Duration) {
	if m == nil {
		return
	}
	code := overig
	if 100 <= status && status <= 599 {
		code = strconv.Itoa(status)
	}
	m.http.WithLabelValues(uit(apis, api), uit(methoden, methode), code).Observe(duur.Seconds())
}

// uit gives s if it is in the set, overig otherwise.
func uit[S ~string](reeks []S, s S) S {
	if slices.Contains(reeks, s) {
		return s
	}
	return overig
}
