package activiteit

import (
	"regexp"
	"strconv"
	"time"
)

// duurVorm is an ISO 8601 duration as the standard uses it (B9559): parts in order, not negative, a fraction only on the
// seconds. At most nine digits a number, so that arithmetic with it can't overflow.
var duurVorm = regexp.MustCompile(`^P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$`)

const maxDuur = 64 // characters

// geldigeDuur reports whether a text is such a duration, with at least one part.
func geldigeDuur(s string) bool {
	return len(s) <= maxDuur && len(s) >= 3 && s[len(s)-1] != 'T' && duurVorm.MatchString(s)
}

// eindeVan gives when a duration ends that begins at a moment; durations are compared by it. A part of a second counts for nothing.
func eindeVan(duur string, t time.Time) time.Time {
	m := duurVorm.FindStringSubmatch(duur)
	if m == nil {
		return t
	}
	n := make([]int, len(m))
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i]) // empty: 0
	}
	const dag = 24 * 60 * 60
	seconden := 60*60*n[5] + 60*n[6] + n[7] // whole days of it apart: a time.Duration ends after 292 years
	return t.AddDate(n[1], n[2], 7*n[3]+n[4]+seconden/dag).Add(time.Duration(seconden%dag) * time.Second)
}
