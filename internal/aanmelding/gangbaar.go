package aanmelding

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// gangbaar.txt holds the words that common passwords are made of, one a line, in Dutch and English. With letters for look-alikes, case and
// what stands around them taken away, they stand for all passwords of the usual lists that have twelve characters or more.
//
//go:embed gangbaar.txt
var gangbaarTekst string

var gangbareWoorden = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(gangbaarTekst) {
		m[w] = true
	}
	return m
}()

var lijktOp = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e")

// kernVan is the letters of a password: lower case, without accents, digits or signs. With lijkt, digits and signs between letters count as the
// letters they look like.
func kernVan(s string, lijkt bool) string {
	s = strings.TrimFunc(strings.ToLower(norm.NFKD.String(s)), func(r rune) bool { return !unicode.IsLetter(r) })
	if lijkt {
		s = lijktOp.Replace(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// rijen are keys and letters that lie side by side.
var rijen = []string{"abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "azertyuiop"}

// gangbaar reports whether letters are nothing but common words (two at most, or the same one again and again), or keys in a row.
func gangbaar(kern string) bool {
	r := []rune(kern)
	uniek := slices.Clone(r)
	slices.Sort(uniek)
	if len(slices.Compact(uniek)) < 4 { // digits and signs alone, or aaaa
		return true
	}
	for n := 1; n <= len(r); n++ { // a part that comes again and again counts once
		if len(r)%n == 0 && strings.Repeat(string(r[:n]), len(r)/n) == kern {
			kern = string(r[:n])
			break
		}
	}
	return woordenIn(kern, 2)
}

// woordenIn reports whether s is at most n common words or rows of keys, one after the other.
func woordenIn(s string, n int) bool {
	if s == "" {
		return true
	}
	if n == 0 {
		return false
	}
	for i := 3; i <= len(s); i++ {
		if (gangbareWoorden[s[:i]] || inRij(s[:i])) && woordenIn(s[i:], n-1) {
			return true
		}
	}
	return false
}

// inRij reports whether s lies in a row of keys, in either direction.
func inRij(s string) bool {
	b := []byte(s)
	slices.Reverse(b)
	return slices.ContainsFunc(rijen, func(rij string) bool { return strings.Contains(rij, s) || strings.Contains(rij, string(b)) })
}
