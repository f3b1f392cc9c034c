package telemetry

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Weigering is a call that was not carried out. None of it is what was asked: no path, no query, no
// user, nothing of a body.
type Weigering struct {
	ClientID       string // empty when the caller is not known to be that client
	Organisatie    string // OIN the call was for; empty when that is not known
	CertificaatOIN string // OIN proved by a certificate; empty without one
	API            string
	Route          string // template
	Methode        string
	Status         int
	Reden          string // a word from a closed set
	Instance       string // as in the answer
}

// Audit writes refused calls, each as a record of its own, whatever the level of the log. A client
// that is refused often for one reason on one route is written out auditMax times a second; the
// others are counted, and their number is written when that second is over. nil writes nothing.
type Audit struct {
	logger *slog.Logger
	nu     func() time.Time

	bezig sync.WaitGroup // sums that wait for the end of their second, or are being written

	mu        sync.Mutex
	vensters  map[reeks]*venster
	opgeruimd time.Time
}

// auditMax is how many refusals of the same kind are written out in a second: enough that a person who
// asks about an answer finds its instance here, and few enough that a client gone mad, or somebody
// without a token, does not fill the disk.
const auditMax = 50

// reeks is what makes refusals the same kind. All of it comes from closed sets and from the list of
// applications, so there are few.
type reeks struct {
	client, organisatie, oin, api, route, methode, reden string
	status                                               int
}

// venster is a second of refusals of one kind.
type venster struct {
	begin time.Time
	aantal,
	geteld int // not written out
	klaar *time.Timer // set once something is counted
}

// NewAudit writes with this handler, also what is below its level.
func NewAudit(h slog.Handler) *Audit {
	return &Audit{logger: slog.New(altijd{h}), nu: time.Now, vensters: map[reeks]*venster{}}
}

// Refused writes a refused call, or counts it.
func (a *Audit) Refused(w Weigering) {
	if a == nil {
		return
	}
	w.Methode = uit(methoden, w.Methode) // the only one that a caller can make up
	if a.count(reeks{w.ClientID, w.Organisatie, w.CertificaatOIN, w.API, w.Route, w.Methode, w.Reden, w.Status}) {
		a.write("call refused", &w, 1)
	}
}

// count tells whether this one is to be written out.
func (a *Audit) count(r reeks) bool {
	nu := a.nu()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep(nu)
	v := a.vensters[r]
	if v == nil || v.klaar == nil && nu.Sub(v.begin) >= time.Second {
		v = &venster{begin: nu}
		a.vensters[r] = v
	}
	if v.aantal++; v.aantal <= auditMax {
		return true
	}
	v.geteld++
	if v.klaar == nil {
		a.bezig.Add(1)
		v.klaar = time.AfterFunc(max(0, time.Second-nu.Sub(v.begin)), func() { a.sum(r, v) })
	}
	return false
}

// sum writes how many of a kind were not written out.
func (a *Audit) sum(r reeks, v *venster) {
	defer a.bezig.Done()
	a.mu.Lock()
	n := v.geteld
	v.geteld = 0
	if a.vensters[r] == v {
		delete(a.vensters, r)
	}
	a.mu.Unlock()
	if n > 0 {
		a.write("more calls refused", &Weigering{
			ClientID: r.client, Organisatie: r.organisatie, CertificaatOIN: r.oin,
			API: r.api, Route: r.route, Methode: r.methode, Status: r.status, Reden: r.reden,
		}, n)
	}
}

// sweep forgets, now and then, what is over.
func (a *Audit) sweep(nu time.Time) {
	if nu.Sub(a.opgeruimd) < time.Minute {
		return
	}
	a.opgeruimd = nu
	for r, v := range a.vensters {
		if v.klaar == nil && nu.Sub(v.begin) >= time.Second {
			delete(a.vensters, r)
		}
	}
}

// Close writes what was only counted so far.
func (a *Audit) Close() {
	if a == nil {
		return
	}
	a.mu.Lock()
	open := make(map[reeks]*venster, len(a.vensters))
	for r, v := range a.vensters {
		if v.klaar != nil && v.klaar.Stop() {
			open[r] = v
		}
	}
	a.mu.Unlock()
	for r, v := range open {
		a.sum(r, v)
	}
	a.bezig.Wait()
}

func (a *Audit) write(bericht string, w *Weigering, aantal int) {
	attrs := make([]slog.Attr, 0, 10)
	for _, s := range [...]struct{ naam, waarde string }{
		{"client_id", w.ClientID}, {"organisatie", w.Organisatie}, {"certificaat_oin", w.CertificaatOIN},
		{"api", w.API}, {"route", w.Route}, {"methode", w.Methode}, {"reden", w.Reden}, {"instance", w.Instance},
	} {
		if s.waarde != "" {
			attrs = append(attrs, slog.String(s.naam, s.waarde))
		}
	}
	attrs = append(attrs, slog.Int("status", w.Status), slog.Int("aantal", aantal))
	a.logger.LogAttrs(context.Background(), slog.LevelInfo, bericht, slog.Attr{Key: "audit", Value: slog.GroupValue(attrs...)})
}

// altijd is a handler that does not ask for a level: an operator who turns the log down does not
// mean to lose the audit.
type altijd struct{ slog.Handler }

func (altijd) Enabled(context.Context, slog.Level) bool { return true }
