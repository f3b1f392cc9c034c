package openbaar

import (
	"fmt"
	"time"
)

var maanden = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}

// dag is a calendar day, as "2006-01-02", in words.
func dag(s string) string {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return fmt.Sprintf("%d %s %d", d.Day(), maanden[d.Month()-1], d.Year())
}

// plaatselijk is a moment where people are; the binary has the zone with it.
func plaatselijk(m time.Time) time.Time {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error())
	}
	return m.In(loc)
}
