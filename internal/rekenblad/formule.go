package rekenblad

import (
	"strings"
	"unicode"
)

// Formula injection: a program that opens a CSV takes a cell that begins with one of these for a formula, and a formula can
// fetch, send and start things. The full-width forms count as the plain ones in some languages.
const gevaarlijk = "=+-@\t\r\n＝＋－＠"

// ongevaarlijk puts an apostrophe before a cell that could be taken for a formula, and before one that already looks as if
// that was done, so that ongevaarlijkTerug can undo it and nothing else. "'s-Gravenhage" stays as it is.
func ongevaarlijk(s string) string {
	if formule(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// ongevaarlijkTerug gives back what ongevaarlijk was given.
func ongevaarlijkTerug(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formule(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

// formule tells whether s begins as a formula does; some programs skip spaces before it.
func formule(s string) bool {
	for _, r := range s {
		if strings.ContainsRune(gevaarlijk, r) {
			return true
		}
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return false
}
