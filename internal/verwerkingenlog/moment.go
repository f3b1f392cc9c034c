package verwerkingenlog

import (
	"time"
)

// Moment is a date-time with an explicit zone. The text is kept byte for byte as it was delivered
// (B2017); the instant beside it serves sorting and filtering.
type Moment string

// ParseMoment checks RFC 3339 with zone and at most 9 fraction digits, upper case T and Z.
func ParseMoment(s string) (Moment, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' {
		return "", false
	}
	// time.Parse is more liberal than RFC 3339: it takes a comma, more fraction digits and larger
	// offsets. What follows the seconds is therefore checked here.
	rest := s[19:]
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n < 2 || n > 10 {
			return "", false
		}
		rest = rest[n:]
	}
	if rest != "Z" && (len(rest) != len("+01:00") || rest[0] != '+' && rest[0] != '-' || rest[1:3] > "23" || rest[4:6] > "59") {
		return "", false
	}
	if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
		return "", false
	}
	return Moment(s), true
}

// Micro is the instant in µs since 1970 UTC, rounded down.
func (m Moment) Micro() int64 {
	t, err := time.Parse(time.RFC3339Nano, string(m))
	if err != nil {
		return 0
	}
	return t.UnixMicro()
}

// FormatRegistratie writes an instant in µs as the register returns it: UTC, microseconds.
func FormatRegistratie(micro int64) string {
	return time.UnixMicro(micro).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// amsterdam is the zone of calendar days in filters (contracts: "dates in filters").
var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error()) // embedded by cmd, see tzdata
	}
	return loc
}()

// NewMoment is now as the register writes it in its own acties: milliseconds, Dutch offset.
func NewMoment(t time.Time) Moment {
	return Moment(t.In(amsterdam).Format("2006-01-02T15:04:05.000Z07:00"))
}

// Datum is a calendar day in Europe/Amsterdam; zero means not given.
type Datum int64 // µs of 00:00 that day, plus nothing else

// ParseDatum reads YYYY-MM-DD.
func ParseDatum(s string) (Datum, bool) {
	if len(s) != len(time.DateOnly) {
		return 0, false
	}
	t, err := time.ParseInLocation(time.DateOnly, s, amsterdam)
	if err != nil {
		return 0, false
	}
	return Datum(t.UnixMicro()), true
}

// Periode is begin (inclusive) to eind (exclusive) in µs; see X26.
type Periode struct {
	Begin, Eind       int64
	HasBegin, HasEind bool
}

// Contains tells whether an instant lies in the period.
func (p Periode) Contains(micro int64) bool {
	return (!p.HasBegin || micro >= p.Begin) && (!p.HasEind || micro < p.Eind)
}
