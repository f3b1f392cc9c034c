package demo

// verhuizing is the base case of the standard: search, select, fetch, save (C9172, C4081).
func (d *draaiboek) verhuizing() {
	h := d.huishouden()
	aanvrager := kies(d.r, h.volwassenen)
	w := d.begin(burgerzaken, verhuizen, "Registratie verhuizing", d.kantoor())
	w.doe("Intake", "Zoeken persoon", d.getoond(aanvrager)...)
	w.doe("Intake", "Selecteren persoon", als("Aanvrager", aanvrager))
	w.haal("Intake", "Ophalen persoonsgegevens", als("Aanvrager", aanvrager, "Naam", "Geboortedatum", "Verblijfsadres"))
	mee := []object{als("Aanvrager", aanvrager, "Verblijfsadres", "Datum aanvang adreshouding")}
	if len(h.leden()) > 1 {
		w.doe("Bepalen medebewoners", "Zoeken personen", allen("Getoond in zoekresultaat", h.leden())...)
		if d.kans(70) {
			for _, p := range h.leden() {
				if p != aanvrager {
					mee = append(mee, als("Medebewoner", p, "Verblijfsadres", "Datum aanvang adreshouding"))
				}
			}
		}
	}
	w.doe("Vastleggen", "Opslaan adresgegevens", mee...)
	w.meld(mee...)
}

// huwelijk has witnesses, and relatives who are looked at to see whether marrying is allowed (B7952).
func (d *draaiboek) huwelijk() {
	h := d.huishouden()
	for h.ouders == nil || len(h.volwassenen) < 2 {
		h = d.huishouden()
	}
	paar := h.volwassenen
	w := d.begin(burgerzaken, huwelijk, "Huwelijk", d.kantoor())
	w.haal("Melding voorgenomen huwelijk", "Ophalen persoonsgegevens",
		allen("Partner", paar, "Naam", "Geboortedatum", "Burgerlijke staat", "Nationaliteit")...)
	w.doe("Melding voorgenomen huwelijk", "Opslaan melding", allen("Partner", paar, "Burgerlijke staat")...)
	w.later(7 + d.r.IntN(14))
	w.doe("Voorbereiding huwelijksakte", "Opvoeren getuigen", allen("Getuige", d.anderen(2+d.r.IntN(3), h), "Naam", "Geboortedatum")...)
	w.doe("Voorbereiding huwelijksakte", "Uitvoeren vereiste controles",
		allen("Verwantschapscontrole", h.ouders.volwassenen, "Ouderschap")...)
	w.later(14 + d.r.IntN(60))
	w.doe("Voltrekking", "Opslaan huwelijksakte", allen("Partner", paar, "Burgerlijke staat", "Naamgebruik")...)
	w.meld(allen("", paar, "Burgerlijke staat", "Naamgebruik")...)
}

// reisdocument starts with a manual step that the application logs too (C5672). For a child both
// parents are asked.
func (d *draaiboek) reisdocument() {
	h := d.huishouden()
	aanvrager := kies(d.r, h.leden())
	w := d.begin(burgerzaken, reisdocument, "Aanvraag reisdocument", d.kantoor())
	w.doe("Aanvraag", "Controleren identiteit", als("Aanvrager", aanvrager, "Naam", "Pasfoto"))
	w.haal("Aanvraag", "Ophalen persoonsgegevens", als("Aanvrager", aanvrager, "Naam", "Geboortedatum", "Nationaliteit"))
	if len(h.kinderen) > 0 && aanvrager != h.volwassenen[0] {
		w.doe("Aanvraag", "Controleren gezag", append(allen("Gezaghouder", h.volwassenen, "Gezagsverhouding"), als("Aanvrager", aanvrager))...)
	}
	w.doe("Aanvraag", "Opslaan aanvraag", als("Aanvrager", aanvrager, "Pasfoto", "Vingerafdrukken", "Handtekening"))
	w.later(5 + d.r.IntN(6))
	w.doe("Uitreiking", "Registreren uitgifte", als("Aanvrager", aanvrager, "Documentnummer"))
}

// geboorte ends with a number that is given without human hand.
func (d *draaiboek) geboorte() {
	h := d.gezin()
	kind := h.kinderen[len(h.kinderen)-1]
	w := d.begin(burgerzaken, geboorte, "Aangifte geboorte", d.kantoor())
	w.doe("Aangifte", "Controleren identiteit", als("Aangever", kies(d.r, h.volwassenen), "Naam"))
	w.haal("Aangifte", "Ophalen persoonsgegevens", allen("Ouder", h.volwassenen, "Naam", "Burgerlijke staat", "Nationaliteit")...)
	gezin := append(allen("Ouder", h.volwassenen, "Ouderschap"), als("Kind", kind, "Naam", "Geboortedatum", "Geboorteplaats"))
	w.doe("Aangifte", "Opslaan geboorteakte", gezin...)
	w.vast.VerwerkingsactiviteitID, w.vast.VerwerkingsactiviteitURL = bijhoudenBRP, activiteitURL(bijhoudenBRP)
	w.vanzelf("Inschrijving", "Toekennen burgerservicenummer", als("Kind", kind, "Burgerservicenummer"))
	w.vanzelf("Inschrijving", "Opslaan persoonsgegevens", gezin...)
	w.meld(gezin...)
}

// uittreksel is data given to a person: sometimes about a child of that person.
func (d *draaiboek) uittreksel() {
	h := d.huishouden()
	aanvrager := kies(d.r, h.volwassenen)
	over := aanvrager
	if len(h.kinderen) > 0 && d.kans(40) {
		over = kies(d.r, h.kinderen)
	}
	w := d.begin(burgerzaken, uittreksel, "Verstrekking uittreksel", d.kantoor())
	w.haal("", "Ophalen persoonsgegevens", als("Betrokkene", over, "Naam", "Geboortedatum", "Verblijfsadres", "Ouderschap"))
	w.geef(aanvrager, "", "Verstrekken uittreksel", als("Betrokkene", over, "Naam", "Geboortedatum", "Verblijfsadres"))
}
