package activiteit

import "time"

// Datum is a calendar day in Europe/Amsterdam as "2006-01-02"; empty is none. Days compare as strings.
type Datum string

// ParseDatum accepts the form of Datum, or empty.
func ParseDatum(s string) (Datum, bool) {
	if s == "" {
		return "", true
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 9998 {
		return "", false
	}
	return Datum(s), true
}

// DatumVan gives the day of a moment.
func DatumVan(t time.Time) Datum { return Datum(t.In(amsterdam).Format(time.DateOnly)) }

// amsterdam is the zone in which days begin.
var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error()) // embedded by cmd, see tzdata
	}
	return loc
}()

// tussen reports whether a day lies in a period; an empty end is open.
func (d Datum) tussen(van, tot Datum) bool { return van <= d && (tot == "" || d <= tot) }

// Middag is a moment in the middle of the day; the zero time for no day.
func (d Datum) Middag() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), amsterdam)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}
