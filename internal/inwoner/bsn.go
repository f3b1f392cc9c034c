package inwoner

import (
	"strings"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// LeesBSN reads a BSN as people type it: nine digits, or eight of which the first zero was left out, with spaces, dots or hyphens between
// them. false when it can be nobody's (betrokkene.IsBSN).
func LeesBSN(s string) (Persoon, bool) {
	s = strings.NewReplacer(" ", "", ".", "", "-", "").Replace(s)
	s = betrokkene.Nummer(soortBSN, s)
	if !betrokkene.IsBSN(s) {
		return Persoon{}, false
	}
	return BSN(s), true
}
