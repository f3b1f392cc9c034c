package verwerkingenlog

import (
	"strings"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// persoonsnummers refuses the number of a person where a name, a kind or a URL belongs: only the
// identifier fields are shown to those who may see them and found again by a citizen (B3238). It
// looks for the objectIds of this very actie, and for nine digits on their own that pass the
// 11-check. gebruiker is left alone: a key of a user may look like anything.
func (c *controle) persoonsnummers(a *Verwerkingsactie) {
	var eigen map[string]bool // made when the first text with so many digits turns up
	check := func(name, s string) {
		if !hasDigits(s, minIdentificerend) {
			return
		}
		if eigen == nil {
			eigen = map[string]bool{}
			for k := range a.Objecten {
				if o := &a.Objecten[k]; hasDigits(o.ObjectID, minIdentificerend) {
					for _, id := range betrokkene.Schrijfwijzen(o.SoortObjectID, o.ObjectID) {
						eigen[id] = true
					}
				}
			}
		}
		for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r < 0x80 && !joined(byte(r)) }) {
			if eigen[word] || betrokkene.IsBSN(word) {
				c.add(name, "persoonsnummer", "Hier staat een nummer van een persoon; zet dat alleen in objectId of afnemerId.")
				return
			}
		}
	}
	check("actieNaam", a.ActieNaam)
	check("handelingNaam", a.HandelingNaam)
	check("verwerkingNaam", a.VerwerkingNaam)
	check("verwerkingsactiviteitUrl", a.VerwerkingsactiviteitURL)
	check("systeem", a.Systeem)
	check("gegevensbron", a.Gegevensbron)
	check("soortAfnemerId", a.SoortAfnemerID)
	check("verwerkingsactiviteitUrlAfnemer", a.VerwerkingsactiviteitURLAfnemer)
	for k := range a.Objecten {
		o, before := &a.Objecten[k], len(c.params)
		check("soortObjectId", o.SoortObjectID)
		check("betrokkenheid", o.Betrokkenheid)
		for n, s := range o.Soorten {
			at := len(c.params)
			check("soortGegeven", s)
			c.prefix(at, "verwerkteSoortenGegevens", n)
		}
		c.prefix(before, "verwerkteObjecten", k)
	}
}

// minIdentificerend is the shortest run of digits that may identify a person: the test numbers of
// the standard have seven.
const minIdentificerend = 7

// hasDigits tells whether s holds a run of at least n digits.
func hasDigits(s string, n int) bool {
	run := 0
	for k := 0; k < len(s); k++ {
		if s[k] < '0' || s[k] > '9' {
			run = 0
			continue
		}
		if run++; run >= n {
			return true
		}
	}
	return false
}

// joined tells whether a character makes one word with its neighbour: digits joined to letters, a
// hyphen, a dot or an underscore are a part of something else, such as a case number or a UUID.
func joined(b byte) bool {
	return b == '-' || b == '_' || b == '.' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80
}
