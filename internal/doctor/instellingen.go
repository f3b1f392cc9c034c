package doctor

import (
	"slices"
	"strings"

	"github.com/verantwoord/verantwoord/internal/config"
)

// instellingen judges what must be decided for every organisation.
func (o *onderzoek) instellingen() {
	c := o.Config
	for _, oin := range o.oins {
		org := c.Organisatie(oin)
		sleutel := "organisaties." + oin + "."
		var mist []string
		for _, m := range []struct{ waarde, naam string }{
			{org.Bewaren.Vloer, "bewaren.vloer"}, {org.Bewaren.Maximum, "bewaren.maximum"}, {org.Bewaren.Selectielijst, "bewaren.selectielijst"},
		} {
			if m.waarde == "" {
				mist = append(mist, sleutel+m.naam)
			}
		}
		if len(mist) > 0 {
			o.meld(Fout, "bewaren", "Organisatie "+oin+" heeft geen "+strings.Join(mist, ", ")+".",
				"Zonder deze grenzen vernietigt het register niets, en bewaart het langer dan mag (AVG art. 5 lid 1 onder e).",
				"Kies de grenzen met de archivaris en stel ze in, met de plaats in de selectielijst.")
		} else {
			o.goed("bewaren", "Organisatie %s heeft een vloer, een maximum en een selectielijst.", oin)
		}
		if org.Verantwoording.Grondslag == "" {
			o.meld(Fout, "grondslag", "Organisatie "+oin+" heeft geen "+sleutel+"verantwoording.grondslag.",
				"Ook het loggen zelf verwerkt persoonsgegevens; zonder eigen grondslag (AVG art. 6) mag het niet met echte gegevens.",
				"Bepaal de grondslag met de functionaris gegevensbescherming, leg haar vast in de DPIA van de log en stel haar hier in.")
		} else {
			o.goed("grondslag", "Organisatie %s heeft een grondslag voor het loggen zelf.", oin)
		}
		var eigen []string
		if org.Activiteit.Inzage == config.StandaardInzage {
			eigen = append(eigen, sleutel+"activiteit.inzage")
		}
		if org.Activiteit.Bewerking == config.StandaardBewerking {
			eigen = append(eigen, sleutel+"activiteit.bewerking")
		}
		if len(eigen) > 0 {
			o.meld(Waarschuwing, "activiteiten", "Organisatie "+oin+" gebruikt nog de meegeleverde "+strings.Join(eigen, " en ")+".",
				"Een burger die een opvraging van zijn logregels ziet, vindt die activiteit niet in het register van verwerkingsactiviteiten.",
				"Neem het raadplegen van de log op in het eigen register en stel die UUID in.")
		}
		if org.Activiteit.Mijn == config.StandaardMijn && c.HeeftInwonerdienst(oin) {
			o.meld(Waarschuwing, "activiteiten", "Organisatie "+oin+" gebruikt nog de meegeleverde "+sleutel+"activiteit.mijn.",
				"Inwoners lezen bij elke keer dat zij zelf keken dat niemand weet waarvoor dat was.",
				"Neem het tonen van het eigen overzicht op in het eigen register en stel die UUID in.")
		}
	}
	for _, oin := range c.Organisaties() {
		if len(o.oins) > 0 && !slices.Contains(o.oins, oin) {
			o.meld(Waarschuwing, "instellingen", "Er zijn instellingen voor organisatie "+oin+", die niet in het applicatiebestand staat.",
				"Waarschijnlijk is het OIN verkeerd, en gelden voor de bedoelde organisatie de standaardwaarden.", "Controleer het OIN.")
		}
	}
}
