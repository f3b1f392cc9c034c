package demo

import (
	"slices"
	"time"
)

// aanslagen go out once a year to every household, by software in one night.
func (d *draaiboek) aanslagen() {
	nachten := d.maanden(26)
	avond := nachten[max(0, slices.IndexFunc(nachten, func(t time.Time) bool { return t.Month() == time.February }))]
	for _, h := range d.bewoners {
		w := d.begin(belastingen, afvalstoffen, "Aanslag afvalstoffenheffing", d.nacht(avond))
		w.vanzelf("", "Opvragen bewoners", allen("Medebewoner", h.leden(), "Verblijfsadres")...)
		w.vanzelf("", "Opleggen aanslag", als("Belastingplichtige", h.volwassenen[0], "Verblijfsadres", "Heffing"))
		o := d.begin(belastingen, woz, "Aanslag onroerendezaakbelasting", d.nacht(avond.AddDate(0, 0, 1)))
		o.vanzelf("", "Opleggen aanslag", als("Belastingplichtige", h.volwassenen[0], "Woningwaarde", "Heffing"))
	}
}

// bezwaar is handled by people.
func (d *draaiboek) bezwaar() {
	bezwaarmaker := d.volwassene()
	w := d.begin(belastingen, woz, "Bezwaar woningwaarde", d.kantoor())
	w.doe("Ontvangst", "Registreren bezwaar", als("Bezwaarmaker", bezwaarmaker, "Woningwaarde"))
	w.haal("Ontvangst", "Ophalen persoonsgegevens", als("Bezwaarmaker", bezwaarmaker, "Verblijfsadres"))
	w.later(10 + d.r.IntN(30))
	w.doe("Beoordeling", "Beoordelen woningwaarde", als("Bezwaarmaker", bezwaarmaker, "Woningwaarde"))
	w.doe("Beoordeling", "Opslaan uitspraak", als("Bezwaarmaker", bezwaarmaker, "Woningwaarde", "Heffing"))
}

// kwijtschelding is checked by software and decided by people when that does not settle it.
func (d *draaiboek) kwijtschelding() {
	h := d.huishouden()
	w := d.begin(belastingen, kwijtschelding, "Verzoek kwijtschelding", d.kantoor())
	w.doe("", "Registreren verzoek", als("Verzoeker", h.volwassenen[0]))
	w.vanzelf("", "Toetsen inkomensgegevens", allen("Verzoeker", h.volwassenen, "Inkomen", "Vermogen")...)
	if d.kans(60) {
		w.later(5 + d.r.IntN(10))
		w.doe("", "Beoordelen verzoek", allen("Verzoeker", h.volwassenen, "Inkomen", "Vermogen", "Voertuigen")...)
	}
	w.vanzelf("", "Versturen besluit", als("Verzoeker", h.volwassenen[0], "Verblijfsadres"))
}

// incasso is a payment in monthly parts.
func (d *draaiboek) incasso() {
	betaler := d.volwassene()
	for _, t := range d.maanden(26 + d.r.IntN(3)) {
		w := d.begin(belastingen, afvalstoffen, "Automatische incasso", t)
		w.vanzelf("", "Innen termijn", als("Belastingplichtige", betaler, "Rekeningnummer", "Heffing"))
	}
}

// waterschapsheffing is another organisation that asks the gegevensmagazijn: each logs in its own
// register, and neither sees what the other logged (C2866).
func (d *draaiboek) waterschapsheffing() {
	persoon := d.volwassene()
	w := d.begin(waterschap, waterschapsheffing, "Aanslag waterschapsbelasting", d.kantoor())
	w.doe("", "Ophalen persoonsgegevens bij gemeente", als("Belastingplichtige", persoon, "Verblijfsadres"))
	w.bijMagazijn(verstrekkenBuiten, "Ophalen gegevens", als("", persoon, "Verblijfsadres"))
	if d.kans(60) {
		w.doe("", "Opleggen aanslag", als("Belastingplichtige", persoon, "Heffing"))
	}
}
