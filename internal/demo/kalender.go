package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// kalender draws moments in the year before now, on a Dutch clock.
type kalender struct {
	r         *rand.Rand
	begin, nu time.Time
}

// ruimte is what is kept free before now, so that a story that begins then has begun.
const ruimte = 30 * time.Minute

func newKalender(r *rand.Rand, nu time.Time) (*kalender, error) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return nil, fmt.Errorf("load time zone: %w", err)
	}
	nu = nu.In(zone).Truncate(time.Second)
	return &kalender{r: r, begin: nu.AddDate(-1, 0, 0), nu: nu}, nil
}

// kantoor draws a moment in office hours.
func (k *kalender) kantoor() time.Time {
	for {
		t := k.werktijd(k.nu.AddDate(0, 0, -k.r.IntN(366)))
		if werkdag(t) && k.past(t) {
			return t
		}
	}
}

// altijd draws a moment when people are awake, any day of the week: citizens at home.
func (k *kalender) altijd() time.Time {
	for {
		d := k.nu.AddDate(0, 0, -k.r.IntN(366))
		t := k.op(d, 7, k.r.IntN(16*60))
		if k.past(t) {
			return t
		}
	}
}

// later gives a moment in office hours so many days later, or on the first working day after it.
// It may lie after now.
func (k *kalender) later(t time.Time, dagen int) time.Time {
	t = k.werktijd(t.AddDate(0, 0, dagen))
	for !werkdag(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// nacht gives a moment in the night of a day: that is when software works on its own.
func (k *kalender) nacht(dag time.Time) time.Time { return k.op(dag, 2, k.r.IntN(120)) }

// maanden gives the given day of every month that lies in the year.
func (k *kalender) maanden(dag int) []time.Time {
	var list []time.Time
	for m := range 13 {
		t := time.Date(k.begin.Year(), k.begin.Month()+time.Month(m), dag, 0, 0, 0, 0, k.nu.Location())
		if t = k.nacht(t); k.past(t) {
			list = append(list, t)
		}
	}
	return list
}

func (k *kalender) werktijd(dag time.Time) time.Time { return k.op(dag, 8, 30+k.r.IntN(8*60)) }

func (k *kalender) op(dag time.Time, uur, minuten int) time.Time {
	return time.Date(dag.Year(), dag.Month(), dag.Day(), uur, minuten, k.r.IntN(60), 0, k.nu.Location())
}

func (k *kalender) past(t time.Time) bool {
	return !t.Before(k.begin) && !t.After(k.nu.Add(-ruimte))
}

// werkdag tells whether the town hall is open; of the holidays only those with a fixed date count.
func werkdag(t time.Time) bool {
	if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
		return false
	}
	switch t.Format("01-02") {
	case "01-01", "04-27", "12-25", "12-26":
		return false
	}
	return true
}
