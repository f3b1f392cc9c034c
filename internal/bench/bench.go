// Package bench measures the register on any machine: the limits of that machine, the simplest thing
// that could work, and the product, interleaved in one run, so that the ratios mean something even
// where absolute figures drift (performance targets are ratios).
//
// The servers run as processes of their own, this program again, so that their CPU and memory can be
// told from those of the load: the echo (net/http with typed encoding/json decode and encode of the
// same record) is H, one append of 4 KiB with fdatasync is F.
package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// Opties are what may be chosen.
type Opties struct {
	Programma string        // path of this program, started again for the servers
	Records   int           // records in the store before measuring
	Rondes    int           // interleaved rounds; medians are reported
	Duur      time.Duration // of one measurement
	Map       string        // where the store is made (a new directory below it); "" = temporary
	Store     string        // "" or sqlite: the embedded engine; postgres://…: a server on which databases may be made
	Knopen    int           // on PostgreSQL: registers on one database, beside the measurement of one; 0 or 1 = none
	Profiel   string        // directory for a CPU profile of the register in each measurement; "" = none
	Voortgang io.Writer     // progress; nil = none
}

// Meting is one figure: the median over the rounds.
type Meting struct {
	Naam     string  `json:"naam"`
	PerS     float64 `json:"per_seconde,omitempty"`
	P50      float64 `json:"p50_ms,omitempty"`
	P99      float64 `json:"p99_ms,omitempty"`
	CPU      float64 `json:"cpu_us_per_record,omitempty"`        // of the register
	CPUStore float64 `json:"cpu_opslag_us_per_record,omitempty"` // of the engine, when it has processes of its own
	Fouten   int     `json:"fouten,omitempty"`
	Klanten  int     `json:"klanten,omitempty"`
	perRonde []Meting
}

// Verhouding is a ratio with its targets.
type Verhouding struct {
	Naam   string  `json:"naam"`
	Waarde float64 `json:"waarde"`
	Eerst  string  `json:"eerst,omitempty"` // target of now
	Dan    string  `json:"dan,omitempty"`   // target of later
}

// Uitslag is the whole result.
type Uitslag struct {
	Wanneer       time.Time    `json:"wanneer"`
	Machine       string       `json:"machine"`
	Store         string       `json:"opslag"`
	Records       int          `json:"records_vooraf"`
	Rondes        int          `json:"rondes"`
	Metingen      []Meting     `json:"metingen"`
	Verhoudingen  []Verhouding `json:"verhoudingen"`
	BytesRecord   float64      `json:"bytes_per_record"`
	BytesJSON     int          `json:"bytes_json"`
	GeheugenMB    float64      `json:"geheugen_mb"`
	OpslagRecords int          `json:"records_in_opslag"`
}

// plan is one measurement of a round.
type plan struct {
	naam    string
	klanten int
	run     func(ctx context.Context, d time.Duration) (Meting, error)
}

// Run measures everything on one engine.
func Run(ctx context.Context, o Opties) (*Uitslag, error) {
	if o.Voortgang == nil {
		o.Voortgang = io.Discard
	}
	dir, err := os.MkdirTemp(o.Map, "verantwoord-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	m, err := openMotor(ctx, o.Store, dir)
	if err != nil {
		return nil, err
	}
	defer m.close()
	echo, err := startKind(ctx, o.Programma, "echo")
	if err != nil {
		return nil, fmt.Errorf("start echo: %w", err)
	}
	defer echo.stop()
	fmt.Fprintf(o.Voortgang, "opslag (%s) vullen met %d records\n", m.naam(), o.Records)
	reg, err := startKind(ctx, o.Programma, "register", dir, m.store(), fmt.Sprint(o.Records))
	if err != nil {
		return nil, fmt.Errorf("start register: %w", err)
	}
	defer reg.stop()
	reg.profiel, reg.motor = o.Profiel, m

	u := &Uitslag{
		Wanneer: time.Now().UTC(), Machine: machine(), Store: m.naam(), Records: o.Records, Rondes: o.Rondes,
		BytesJSON: len(newRecord(1, 1).json),
	}
	plannen := append([]plan{
		{"limiet: 4 KiB toevoegen met fdatasync, één schrijver", 1, fdatasync(filepath.Join(dir, "fdatasync"))},
		{"limiet: echo over HTTP", 64, echo.post(64)},
		{"limiet: echo over HTTP", 256, echo.post(256)},
	}, m.plannen()...)
	plannen = append(plannen,
		plan{"product: POST, duurzaam", 1, reg.post(1)},
		plan{"product: POST, duurzaam", 64, reg.post(64)},
		plan{"product: POST, duurzaam", 256, reg.post(256)},
		plan{"product: bulk (NDJSON)", 2, reg.bulk(2)},
		plan{"product: opvragen van een persoon", 8, reg.zoek(8)})
	if o.Knopen > 1 {
		knopen := &knopen{eerste: reg, motor: m}
		defer knopen.stop()
		if err := knopen.start(ctx, o.Programma, dir, o.Knopen); err != nil {
			return nil, fmt.Errorf("start more registers: %w", err)
		}
		plannen = append(plannen, plan{naamKnopen, 64, knopen.post(64)})
	}
	u.Metingen = make([]Meting, len(plannen))
	for r := range o.Rondes {
		fmt.Fprintf(o.Voortgang, "ronde %d van %d\n", r+1, o.Rondes)
		for k, p := range plannen {
			m, err := p.run(ctx, o.Duur)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.naam, err)
			}
			u.Metingen[k].Naam, u.Metingen[k].Klanten = p.naam, p.klanten
			u.Metingen[k].perRonde = append(u.Metingen[k].perRonde, m)
		}
	}
	for k := range u.Metingen {
		u.Metingen[k].median()
	}
	s, err := reg.state()
	if err != nil {
		return nil, err
	}
	u.GeheugenMB, u.OpslagRecords = s.MB, s.Records
	reg.stop() // the embedded engine folds its write-ahead logs into the databases
	bytes, err := m.bytes(ctx)
	if err != nil {
		return nil, err
	}
	u.BytesRecord = float64(bytes) / float64(max(1, s.Records))
	u.ratios()
	return u, nil
}

// median makes of the rounds one figure each.
func (m *Meting) median() {
	m.PerS = median(m.perRonde, func(r Meting) float64 { return r.PerS })
	m.P50 = median(m.perRonde, func(r Meting) float64 { return r.P50 })
	m.P99 = median(m.perRonde, func(r Meting) float64 { return r.P99 })
	m.CPU = median(m.perRonde, func(r Meting) float64 { return r.CPU })
	m.CPUStore = median(m.perRonde, func(r Meting) float64 { return r.CPUStore })
	for _, r := range m.perRonde {
		m.Fouten += r.Fouten
	}
}

func median[T any](list []T, f func(T) float64) float64 {
	if len(list) == 0 {
		return 0
	}
	v := make([]float64, len(list))
	for k := range list {
		v[k] = f(list[k])
	}
	slices.SortFunc(v, cmp.Compare)
	return v[len(v)/2]
}

func machine() string {
	return fmt.Sprintf("%d cores, %s %s/%s", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
