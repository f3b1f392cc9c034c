package doctor

import (
	"fmt"
	"strings"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/juridisch"
)

// juridisch judges the legal data that hold today.
func (o *onderzoek) juridisch() {
	g, err := juridisch.Open(o.Config.Juridisch)
	if err != nil {
		o.meld(Fout, "juridisch", strings.ReplaceAll(hoofdletter(err.Error()), "\n", " ")+".",
			"Op deze gegevens rusten de verwerkingsactiviteiten; serve weigert te starten.",
			"Verbeter wat er staat in de map van de instelling juridisch, of haal het bestand daar weg; dan geldt het meegeleverde.")
		return
	}
	o.recht = g
	var namen, ongezien []string
	for _, b := range g.Op(string(activiteit.DatumVan(o.Nu()))).Bestanden() {
		namen = append(namen, fmt.Sprintf("%s van %s", b.Soort, b.Vanaf))
		// What examples say is not for a lawyer to check.
		if b.Nagekeken == nil && b.Voorbeelden < b.Regels {
			ongezien = append(ongezien, b.Naam)
		}
		if b.Voorbeelden > 0 {
			o.meld(Waarschuwing, "juridisch", fmt.Sprintf("%d van de %d rijen in %s zijn voorbeelden.", b.Voorbeelden, b.Regels, b.Naam),
				"Een bewaartermijn die op een voorbeeld rust, rust op niets.",
				"Zet de rijen van de eigen selectielijst in een bestand, en dat in de map van de instelling juridisch.")
		}
	}
	if len(ongezien) > 0 {
		o.meld(Waarschuwing, "juridisch", "Nog geen jurist keek deze bestanden na: "+strings.Join(ongezien, ", ")+".",
			"Medewerkers kiezen hieruit waarom een verwerking mag.",
			"Laat een jurist ze nakijken, en leg dat met nagekeken vast in een eigen kopie in de map van de instelling juridisch.")
	}
	o.goed("juridisch", "De juridische gegevens zijn te lezen: %s.", strings.Join(namen, ", "))
}
