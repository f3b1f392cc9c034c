package doctor

import (
	"fmt"
	"strings"

	"github.com/verantwoord/verantwoord/internal/hersleuteling"
)

// herschrijven tells of each organisation how far rewriting with new keys is, as the register wrote it down beside the keys.
func (o *onderzoek) herschrijven() {
	for _, oin := range o.oins {
		stand, err := hersleuteling.Lees(o.Config.Sleutels, oin)
		if err != nil {
			o.meld(Waarschuwing, "sleutels", "Hoever het herschrijven van organisatie "+oin+" is, is niet te lezen.", "U ziet niet of oude sleutels nog in gebruik zijn.",
				"Kijk naar de rechten van stand.json in de sleutelmap, en draai verantwoord doctor als dezelfde gebruiker.")
			continue
		}
		if stand == nil {
			continue
		}
		if vrij := stand.Vrij(); len(vrij) > 0 {
			o.goed("sleutels", "Bij organisatie %s heeft niets %s nog nodig; verantwoord sleutel vervalt zet dat vast.", oin, strings.Join(vrij, ", "))
		}
		if stand.Doel == "" {
			continue
		}
		v, met := stand.Voortgang, strings.ReplaceAll(stand.Doel, " ", " en ")
		switch {
		case v == nil || v.Doel != stand.Doel:
			o.goed("sleutels", "Organisatie %s schrijft met %s; oudere versies volgen ruim een uur later.", oin, met)
		case v.Gelaten+v.Kamers.Gelaten > 0:
			o.meld(Waarschuwing, "sleutels", fmt.Sprintf("Bij organisatie %s zijn %d versies en %d documenten niet te herschrijven met %s.", oin, v.Gelaten, v.Kamers.Gelaten, met),
				"Ze zijn niet wat er is vastgelegd.", "Draai verantwoord verify; dat zegt welke het zijn.")
		case v.Klaar.IsZero():
			o.goed("sleutels", "Organisatie %s herschrijft oudere versies met %s: %d van %d bekeken.", oin, met, v.Volgende, v.Totaal)
		case v.Kamers.Klaar.IsZero():
			o.goed("sleutels", "Organisatie %s heeft alle versies herschreven met %s, en is nu bij de rest: %d documenten bekeken.", oin, met, v.Kamers.Bekeken)
		default:
			o.goed("sleutels", "Organisatie %s heeft alles herschreven met %s.", oin, met)
		}
	}
}
