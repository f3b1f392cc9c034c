package verwerkingenlog

// maxBewaartermijn bounds the text of a duration; the longest sensible one is well under it.
const maxBewaartermijn = 64

// ValidBewaartermijn checks an ISO 8601 duration as the standard uses it (B9559): P nY nM nW nD
// T nH nM nS in that order, not negative, at least one part, a fraction only on the seconds.
func ValidBewaartermijn(s string) bool {
	if len(s) < 3 || len(s) > maxBewaartermijn || s[0] != 'P' {
		return false
	}
	rest, parts := durationParts(s[1:], "YMWD", false)
	if rest != "" {
		if rest[0] != 'T' || len(rest) == 1 {
			return false
		}
		var timeParts int
		rest, timeParts = durationParts(rest[1:], "HMS", true)
		if timeParts == 0 {
			return false
		}
		parts += timeParts
	}
	return rest == "" && parts > 0
}

// durationParts eats number+unit pairs whose units come in the given order; it returns what is left
// and how many it ate. At most 9 digits a number, so that calendar arithmetic cannot overflow.
func durationParts(s, units string, fraction bool) (rest string, parts int) {
	for s != "" && units != "" {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 0 || n > 9 || n == len(s) {
			return s, parts
		}
		end := n
		if s[n] == '.' && fraction {
			end++
			for end < len(s) && s[end] >= '0' && s[end] <= '9' {
				end++
			}
			if end == n+1 || end == len(s) || s[end] != 'S' {
				return s, parts
			}
		}
		i := 0
		for i < len(units) && units[i] != s[end] {
			i++
		}
		if i == len(units) {
			return s, parts
		}
		units = units[i+1:]
		s = s[end+1:]
		parts++
	}
	return s, parts
}
