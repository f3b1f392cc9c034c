package pagina

import (
	"fmt"
	"html/template"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// plaatselijk is the time of people; the binary has the zone with it.
var plaatselijk = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error())
	}
	return loc
})

// Dag is the day of a moment where people are.
func Dag(m time.Time) time.Time { return m.In(plaatselijk()) }

// LeesDag reads a day of a date field as the end of that day, the last moment at which something still holds.
func LeesDag(s string) (time.Time, bool) {
	d, err := time.ParseInLocation(time.DateOnly, s, plaatselijk())
	if err != nil || d.Year() < 2000 || d.Year() > 2200 {
		return time.Time{}, false
	}
	return d.AddDate(0, 0, 1).Add(-time.Second), true
}

// SchrijfDag is the value of a date field; empty for no day.
func SchrijfDag(m time.Time) string {
	if m.IsZero() {
		return ""
	}
	return Dag(m).Format(time.DateOnly)
}

var maanden = map[taal.Taal][12]string{
	taal.Nederlands: {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	taal.Engels:     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

func dagTekst(t taal.Taal, m time.Time) string {
	return fmt.Sprintf("%d %s %d", m.Day(), maanden[t][m.Month()-1], m.Year())
}

// datum is a day in words.
func datum(t taal.Taal, m time.Time) template.HTML {
	if m.IsZero() {
		return "–"
	}
	m = Dag(m)
	return template.HTML(`<time datetime="` + m.Format(time.DateOnly) + `">` + dagTekst(t, m) + `</time>`)
}

// dag is a calendar day, as "2006-01-02", in words; what is none stays as it is.
func dag(t taal.Taal, s string) template.HTML {
	m, err := time.ParseInLocation(time.DateOnly, s, plaatselijk())
	if err != nil {
		if s == "" {
			return "–"
		}
		return template.HTML(template.HTMLEscapeString(s))
	}
	return datum(t, m)
}

// tijd is a time of the day, to the minute.
func tijd(m time.Time) template.HTML {
	m = Dag(m)
	return template.HTML(`<time datetime="` + m.Format(time.RFC3339) + `">` + m.Format("15:04") + `</time>`)
}

// moment is a day with its time to the second.
func moment(t taal.Taal, m time.Time) template.HTML {
	if m.IsZero() {
		return "–"
	}
	m = Dag(m)
	return template.HTML(`<time datetime="` + m.Format(time.RFC3339) + `">` + dagTekst(t, m) + ` ` + m.Format("15:04:05") + `</time>`)
}
