package verwerkingenlog

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAMomentHasAZoneAndFollowsRFC3339Strictly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		ok         bool
	}{
		{"with an offset", "2024-04-05T14:35:42+01:00", true},
		{"in UTC", "2024-04-05T14:35:42Z", true},
		{"with an unknown offset", "2024-04-05T14:35:42-00:00", true},
		{"with one fraction digit", "2024-04-05T14:35:42.1Z", true},
		{"with nine fraction digits", "2024-04-05T14:35:42.123456789+01:00", true},
		{"on a leap day", "2024-02-29T00:00:00Z", true},
		{"with the largest offset", "2024-04-05T14:35:42+23:59", true},
		{"empty", "", false},
		{"without a zone", "2024-04-05T14:35:42", false},
		{"without a zone, with a fraction", "2024-04-05T14:35:42.123", false},
		{"a date alone", "2024-04-05", false},
		{"with ten fraction digits", "2024-04-05T14:35:42.1234567890Z", false},
		{"with a comma", "2024-04-05T14:35:42,5Z", false},
		{"with a dot and no digits", "2024-04-05T14:35:42.Z", false},
		{"with a space", "2024-04-05 14:35:42Z", false},
		{"with a lower-case t", "2024-04-05t14:35:42Z", false},
		{"with a lower-case z", "2024-04-05T14:35:42z", false},
		{"with a zone name", "2024-04-05T14:35:42CET", false},
		{"with an offset without colon", "2024-04-05T14:35:42+0100", false},
		{"with an offset of hours only", "2024-04-05T14:35:42+01", false},
		{"with an offset of 24 hours", "2024-04-05T14:35:42+24:00", false},
		{"with an offset of 60 minutes", "2024-04-05T14:35:42+01:60", false},
		{"with hour 24", "2024-04-05T24:00:00Z", false},
		{"with minute 60", "2024-04-05T14:60:00Z", false},
		{"with second 61", "2024-04-05T14:35:61Z", false},
		{"with month 13", "2024-13-05T14:35:42Z", false},
		{"on 30 February", "2024-02-30T14:35:42Z", false},
		{"on a leap day that is not", "2023-02-29T14:35:42Z", false},
		{"with an hour of one digit", "2024-04-05T4:35:42.00Z", false},
		{"with something behind it", "2024-04-05T14:35:42Z ", false},
		{"with a NUL", "2024-04-05T14:35:42\x00", false},
		{"in another script", "２０２４-04-05T14:35:42Z", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, ok := ParseMoment(tt.text)
			if ok != tt.ok {
				t.Fatalf("ok = %v, want %v", ok, tt.ok)
			}
			if ok && string(m) != tt.text {
				t.Errorf("kept %q, want it byte for byte", m)
			}
		})
	}
}

func TestEveryInstantInEveryZoneKeepsItsTextAndSortsByInstant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.IntRange(-23*60, 23*60).Draw(t, "offset in minutes")
		at := time.Unix(rapid.Int64Range(-1<<33, 1<<33).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).
			In(time.FixedZone("", offset*60))
		text := at.Format(time.RFC3339Nano)
		m, ok := ParseMoment(text)
		if !ok || string(m) != text {
			t.Fatalf("%q was not kept", text)
		}
		if m.Micro() != at.UnixMicro() {
			t.Fatalf("instant %d, want %d", m.Micro(), at.UnixMicro())
		}
	})
}

func TestDatesAreCalendarDaysInAmsterdam(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text, utc string
		ok              bool
	}{
		{"in winter a day begins an hour earlier than in UTC", "2024-01-15", "2024-01-14T23:00:00Z", true},
		{"in summer two", "2024-07-15", "2024-07-14T22:00:00Z", true},
		{"on the day the clock goes forward it begins in winter time", "2024-03-31", "2024-03-30T23:00:00Z", true},
		{"the day after in summer time", "2024-04-01", "2024-03-31T22:00:00Z", true},
		{"a date-time is no date", "2024-01-15T00:00:00Z", "", false},
		{"a date without zeros is none", "2024-1-15", "", false},
		{"a Dutch date is none", "15-01-2024", "", false},
		{"30 February is none", "2024-02-30", "", false},
		{"empty is none", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, ok := ParseDatum(tt.text)
			if ok != tt.ok {
				t.Fatalf("ok = %v, want %v", ok, tt.ok)
			}
			if ok && int64(d) != Moment(tt.utc).Micro() {
				t.Errorf("begins at %s, want %s", time.UnixMicro(int64(d)).UTC(), tt.utc)
			}
		})
	}
}

func TestAPeriodIncludesItsBeginAndExcludesItsEnd(t *testing.T) {
	t.Parallel()
	p := Periode{Begin: 10, Eind: 20, HasBegin: true, HasEind: true}
	for _, tt := range []struct {
		name string
		p    Periode
		at   int64
		want bool
	}{
		{"before the begin", p, 9, false},
		{"the begin", p, 10, true},
		{"the last moment", p, 19, true},
		{"the end", p, 20, false},
		{"no begin has no lower bound", Periode{Eind: 20, HasEind: true}, -1 << 60, true},
		{"no end has no upper bound", Periode{Begin: 10, HasBegin: true}, 1 << 60, true},
		{"no period is always", Periode{}, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.p.Contains(tt.at); got != tt.want {
				t.Errorf("contains = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheRegisterWritesItsOwnTimesInOneForm(t *testing.T) {
	t.Parallel()
	if got := FormatRegistratie(1712324142123456); got != "2024-04-05T13:35:42.123456Z" {
		t.Errorf("registration is %s", got)
	}
	if got := FormatRegistratie(1712324142000000); got != "2024-04-05T13:35:42.000000Z" {
		t.Errorf("a whole second loses its digits: %s", got)
	}
	if got := NewMoment(time.UnixMicro(1712324142123456)); got != "2024-04-05T15:35:42.123+02:00" {
		t.Errorf("own moment is %s", got)
	}
}
