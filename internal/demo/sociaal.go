package demo

// wmo takes weeks; the one who helps at home is asked too.
func (d *draaiboek) wmo() {
	h := d.huishouden()
	client := kies(d.r, h.volwassenen)
	w := d.begin(sociaalDomein, wmo, "Melding Wmo", d.kantoor())
	w.doe("Melding", "Registreren melding", als("Cliënt", client, "Hulpvraag"))
	w.haal("Melding", "Ophalen persoonsgegevens", als("Cliënt", client, "Naam", "Geboortedatum", "Verblijfsadres"))
	w.later(5 + d.r.IntN(10))
	w.doe("Onderzoek", "Raadplegen dossier", als("Cliënt", client, "Gezondheid", "Eerdere voorzieningen"))
	onderzocht := []object{als("Cliënt", client, "Gezondheid", "Zelfredzaamheid")}
	for _, p := range h.volwassenen {
		if p != client {
			onderzocht = append(onderzocht, als("Mantelzorger", p, "Hulp in huis"))
		}
	}
	w.doe("Onderzoek", "Opslaan onderzoeksverslag", onderzocht...)
	w.later(10 + d.r.IntN(20))
	w.doe("Besluit", "Opslaan besluit", als("Cliënt", client, "Voorziening"))
	if d.kans(60) {
		w.lever(oinZorgaanbieder, "Besluit", "Versturen toewijzing", als("Cliënt", client, "Voorziening", "Verblijfsadres"))
	}
}

// jeugdhulp is about a child, with its parents beside it.
func (d *draaiboek) jeugdhulp() {
	h := d.gezin()
	kind := kies(d.r, h.kinderen)
	met := func(jeugdige object) []object {
		return append(allen("Ouder", h.volwassenen, "Gezagsverhouding"), jeugdige)
	}
	w := d.begin(sociaalDomein, jeugd, "Aanvraag jeugdhulp", d.kantoor())
	w.doe("Aanmelding", "Registreren aanmelding", als("Jeugdige", kind, "Hulpvraag"))
	w.haal("Aanmelding", "Ophalen gezinsgegevens", met(als("Jeugdige", kind, "Geboortedatum", "Verblijfsadres"))...)
	w.later(4 + d.r.IntN(8))
	w.doe("Onderzoek", "Raadplegen dossier", als("Jeugdige", kind, "Ontwikkeling", "Schoolgang"))
	w.doe("Onderzoek", "Opslaan gezinsplan", met(als("Jeugdige", kind, "Ontwikkeling", "Gezondheid"))...)
	w.later(8 + d.r.IntN(14))
	w.doe("Besluit", "Opslaan besluit", als("Jeugdige", kind, "Voorziening"))
	w.lever(oinZorgaanbieder, "Besluit", "Versturen toewijzing", als("Jeugdige", kind, "Voorziening"))
}

// bijstand is asked for by a household; the term is set once it is known how long it will last.
func (d *draaiboek) bijstand() {
	h := d.huishouden()
	aanvragers := allen("Aanvrager", h.volwassenen, "Inkomen", "Vermogen")
	w := d.begin(sociaalDomein, bijstand, "Aanvraag bijstand", d.kantoor())
	w.vast.Bewaartermijn = ""
	w.doe("Aanvraag", "Registreren aanvraag", allen("Aanvrager", h.volwassenen)...)
	w.haal("Aanvraag", "Ophalen persoonsgegevens", allen("Aanvrager", h.volwassenen, "Verblijfsadres", "Burgerlijke staat")...)
	w.doe("Beoordeling", "Opvragen inkomensgegevens", aanvragers...)
	w.later(6 + d.r.IntN(12))
	w.vanzelf("Beoordeling", "Berekenen uitkering", aanvragers...)
	w.doe("Besluit", "Opslaan besluit", allen("Aanvrager", h.volwassenen, "Uitkering")...)
	w.patch("bewaartermijn", kies(d.r, []string{"P7Y", "P2Y"}), "Bewaartermijn bekend na het besluit")
}

// uitkering is paid every month, without human hand.
func (d *draaiboek) uitkering() {
	ontvanger := d.volwassene()
	for _, t := range d.maanden(20 + d.r.IntN(5)) {
		w := d.begin(sociaalDomein, bijstand, "Betaling uitkering", t)
		w.vanzelf("", "Betalen uitkering", als("Ontvanger", ontvanger, "Uitkering", "Rekeningnummer"))
	}
}

// schuldhulp looks at everyone in the household who has an income.
func (d *draaiboek) schuldhulp() {
	h := d.huishouden()
	w := d.begin(sociaalDomein, schuldhulp, "Aanvraag schuldhulp", d.kantoor())
	w.haal("Aanmelding", "Ophalen persoonsgegevens", allen("Aanvrager", h.volwassenen, "Verblijfsadres")...)
	w.doe("Aanmelding", "Registreren aanmelding", allen("Aanvrager", h.volwassenen, "Schulden")...)
	w.later(3 + d.r.IntN(7))
	w.doe("Plan van aanpak", "Opslaan schuldenoverzicht", allen("Aanvrager", h.volwassenen, "Schulden", "Inkomen")...)
	w.doe("Plan van aanpak", "Opslaan plan van aanpak", allen("Aanvrager", h.volwassenen, "Afspraken")...)
}

// leerlingenvervoer is arranged for the child that can be chosen by name, and for a few others.
func (d *draaiboek) leerlingenvervoer() {
	gezinnen := []*huishouden{d.bewoners[huisGezin]}
	for range 5 {
		gezinnen = append(gezinnen, d.gezin())
	}
	for _, h := range gezinnen {
		kind := h.kinderen[0]
		w := d.begin(sociaalDomein, leerlingenvervoer, "Aanvraag leerlingenvervoer", d.kantoor())
		w.doe("Aanvraag", "Registreren aanvraag", append(allen("Ouder", h.volwassenen, "Telefoonnummer"), als("Leerling", kind, "School", "Schooltijden"))...)
		w.haal("Aanvraag", "Ophalen persoonsgegevens", als("Leerling", kind, "Naam", "Verblijfsadres"))
		w.later(3 + d.r.IntN(5))
		w.doe("Besluit", "Opslaan besluit", als("Leerling", kind, "Soort vervoer"))
	}
}
