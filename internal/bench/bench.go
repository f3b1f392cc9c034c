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
	Voortgang io.Writer     // progress; nil = none
}

// Meting is one figure: the median over the rounds.
type Meting struct {
	Naam     string  `json:"naam"`
	PerS     float64 `json:"per_seconde,omitempty"`
	P50      float64 `json:"p50_ms,omitempty"`
	P99      float64 `json:"p99_ms,omitempty"`
	CPU      float64 `json:"cpu_us_per_record,omitempty"` // of the server
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

// Run measures everything.
func Run(ctx context.Context, o Opties) (*Uitslag, error) {
	if o.Voortgang == nil {
		o.Voortgang = io.Discard
	}
	dir, err := os.MkdirTemp(o.Map, "verantwoord-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	echo, err := startKind(ctx, o.Programma, "echo")
	if err != nil {
		return nil, fmt.Errorf("start echo: %w", err)
	}
	defer echo.stop()
	fmt.Fprintf(o.Voortgang, "opslag vullen met %d records\n", o.Records)
	reg, err := startKind(ctx, o.Programma, "register", dir, fmt.Sprint(o.Records))
	if err != nil {
		return nil, fmt.Errorf("start register: %w", err)
	}
	defer reg.stop()
	naief, err := newNaief(filepath.Join(dir, "naief.db"))
	if err != nil {
		return nil, err
	}
	defer naief.close()
	ruw, err := newRuw(filepath.Join(dir, "ruw.db"))
	if err != nil {
		return nil, err
	}
	defer ruw.close()
	ruwLog, err := newRuw(filepath.Join(dir, "ruw-log.db"))
	if err != nil {
		return nil, err
	}
	defer ruwLog.close()

	plannen := []plan{
		{"limiet: 4 KiB toevoegen met fdatasync, één schrijver", 1, fdatasync(filepath.Join(dir, "fdatasync"))},
		{"limiet: echo over HTTP", 64, echo.post(64)},
		{"limiet: echo over HTTP", 256, echo.post(256)},
		{"limiet: rijen met index in groepen van 512", 1, ruw.insert(true)},
		{"limiet: alleen logrijen in groepen van 512", 1, ruwLog.insert(false)},
		{"nulmeting: één transactie per record", 64, naief.insert(64)},
		{"product: POST, duurzaam", 1, reg.post(1)},
		{"product: POST, duurzaam", 64, reg.post(64)},
		{"product: POST, duurzaam", 256, reg.post(256)},
		{"product: bulk (NDJSON)", 2, reg.bulk(2)},
		{"product: opvragen van een persoon", 8, reg.zoek(8)},
	}
	u := &Uitslag{Wanneer: time.Now().UTC(), Machine: machine(), Records: o.Records, Rondes: o.Rondes, BytesJSON: len(newRecord(1, 1).json)}
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
	reg.stop() // folds the write-ahead logs into the databases
	u.BytesRecord = float64(bytesIn(filepath.Join(dir, "store"))) / float64(max(1, s.Records))
	u.ratios()
	return u, nil
}

// median makes of the rounds one figure each.
func (m *Meting) median() {
	m.PerS = median(m.perRonde, func(r Meting) float64 { return r.PerS })
	m.P50 = median(m.perRonde, func(r Meting) float64 { return r.P50 })
	m.P99 = median(m.perRonde, func(r Meting) float64 { return r.P99 })
	m.CPU = median(m.perRonde, func(r Meting) float64 { return r.CPU })
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

// at finds a figure by name and clients.
func (u *Uitslag) at(naam string, klanten int) Meting {
	for _, m := range u.Metingen {
		if m.Klanten == klanten && len(m.Naam) >= len(naam) && m.Naam[:len(naam)] == naam {
			return m
		}
	}
	return Meting{}
}

// ratios holds the targets of the performance document beside what was measured.
func (u *Uitslag) ratios() {
	div := func(a, b float64) float64 {
		if b == 0 {
			return 0
		}
		return a / b
	}
	f, h64, h256 := u.at("limiet: 4 KiB", 1), u.at("limiet: echo", 64), u.at("limiet: echo", 256)
	ruw, ruwLog, naief := u.at("limiet: rijen", 1), u.at("limiet: alleen", 1), u.at("nulmeting", 64)
	p1, p64, p256, bulk := u.at("product: POST", 1), u.at("product: POST", 64), u.at("product: POST", 256), u.at("product: bulk", 2)
	u.Verhoudingen = []Verhouding{
		{"server-CPU per record tegen die van de echo (64)", div(p64.CPU, h64.CPU), "≤ 3,0", "≤ 2,2"},
		{"POST tegen echo, 64 klanten", div(p64.PerS, h64.PerS), "≥ 0,30", "≥ 0,50"},
		{"POST tegen echo, 256 klanten", div(p256.PerS, h256.PerS), "≥ 0,30", "≥ 0,55"},
		{"p99 van POST bij 64 klanten (ms)", p64.P99, "", "≤ 20"},
		{"p50 van één klant tegen één fdatasync", div(p1.P50, f.P50), "", "≤ 2,5"},
		{"bulk tegen dezelfde rijen met index in groepen invoegen", div(bulk.PerS, ruw.PerS), "", "≥ 0,8"},
		{"bulk tegen alleen de logrijen in groepen invoegen", div(bulk.PerS, ruwLog.PerS), "", "≥ 0,8"},
		{"POST tegen één transactie per record (64)", div(p64.PerS, naief.PerS), "≥ 3", "≥ 5"},
		{"p99 daarvan tegen die van één transactie per record", div(p64.P99, naief.P99), "", "≤ 0,2"},
		{"bytes op schijf tegen de JSON van het record", div(u.BytesRecord, float64(u.BytesJSON)), "", "≤ 1,0"},
		{"geheugen van de server onder belasting (MB)", u.GeheugenMB, "", "≤ 400"},
	}
}

func machine() string {
	return fmt.Sprintf("%d cores, %s %s/%s", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
