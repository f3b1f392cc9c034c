package sdk

import (
	"regexp"
	"strconv"
	"time"
)

// duurVorm is an ISO 8601 duration as the standard uses it (B9559): parts in order, not negative, a fraction only on the
// seconds. The register takes at most nine digits a number.
var duurVorm = regexp.MustCompile(`^P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$`)

const maxDuur = 64 // characters

// geldigeDuur reports whether a text is such a duration, with at least one part, and one after a T.
func geldigeDuur(s string) bool {
	return len(s) >= 3 && len(s) <= maxDuur && s[len(s)-1] != 'T' && duurVorm.MatchString(s)
}

// eindeVan gives when a duration ends that begins at a moment; a month is as long as it is then. A part of a second
// counts for nothing.
func eindeVan(duur string, begin time.Time) time.Time {
	m := duurVorm.FindStringSubmatch(duur)
	if m == nil {
		return begin
	}
	n := make([]int64, len(m))
	for k := 1; k < len(m); k++ {
		n[k], _ = strconv.ParseInt(m[k], 10, 64) // empty: 0
	}
	const dag = 24 * 60 * 60
	seconden := n[5]*60*60 + n[6]*60 + n[7]
	dagen := 7*n[3] + n[4] + seconden/dag // a time.Duration ends after 292 years
	return begin.UTC().AddDate(int(n[1]), int(n[2]), int(dagen)).Add(time.Duration(seconden%dag) * time.Second)
}

// begrens keeps a term between a floor and a maximum, either of which may be "": what is too short becomes the floor,
// what is too long the maximum (B9177: a provider may replace what a caller asks by its own). No term stays none.
func begrens(termijn, vloer, maximum string, begin time.Time) string {
	if termijn == "" {
		return ""
	}
	einde := eindeVan(termijn, begin)
	switch {
	case vloer != "" && einde.Before(eindeVan(vloer, begin)):
		return vloer
	case maximum != "" && einde.After(eindeVan(maximum, begin)):
		return maximum
	}
	return termijn
}
