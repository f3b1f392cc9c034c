package keten

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// uitleg is what is printed once the landscape runs. What is said stands behind a #, as with the other demonstration.
func (k *Keten) uitleg(gestart time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Twee organisaties draaien, elk met een eigen verwerkingenlog en een eigen Autorisatiecomponent. Niets hiervan gaat over\n# echte mensen. Gestart in %s seconden.\n",
		strings.Replace(strconv.FormatFloat(gestart.Seconds(), 'f', 1, 64), ".", ",", 1))
	if k.verplaatst {
		fmt.Fprintln(&b, "# De gevraagde poort is bezet; dit zijn vrije.")
	}
	fmt.Fprintf(&b, "#\n# Open de procesapplicatie van het waterschap: %s\n#\n", k.URL)
	for _, a := range k.adressen()[1:] {
		fmt.Fprintf(&b, "#   %-12s%-26s%s\n", a.Wie.Naam(), a.Naam, a.URL)
	}
	fmt.Fprintf(&b, "#\n# Opnieuw beginnen: stop, en gooi de map %s weg.\n# Stoppen: Ctrl-C\n", k.m.Naam)
	return b.String()
}
