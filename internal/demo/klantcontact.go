package demo

// gesprek is a call or a visit: search, look, note down.
func (d *draaiboek) gesprek() {
	h := d.huishouden()
	klant := kies(d.r, h.volwassenen)
	onderwerp := kies(d.r, []string{"Vraag over zaak", "Vraag over belasting", "Melding openbare ruimte", "Afspraak maken", "Vraag over Wmo"})
	w := d.begin(klantcontact, vragen, onderwerp, d.kantoor())
	w.doe("Gesprek", "Zoeken persoon", d.getoond(klant)...)
	w.doe("Gesprek", "Raadplegen klantbeeld", als("Klant", klant, "Naam", "Contactgegevens", "Lopende zaken"))
	if d.kans(35) {
		w.bijMagazijn(verstrekkenBinnen, "Ophalen gegevens", als("", klant, "Naam", "Verblijfsadres"))
	}
	w.doe("Gesprek", "Registreren contactmoment", als("Klant", klant, "Contactgegevens"))
	if d.kans(20) {
		w.doe("Gesprek", "Registreren contactverzoek", als("Klant", klant, "Telefoonnummer"))
		w.later(1 + d.r.IntN(3))
		w.doe("Terugbellen", "Raadplegen contactverzoek", als("Klant", klant, "Telefoonnummer", "Lopende zaken"))
	}
}

// klacht goes to another department.
func (d *draaiboek) klacht() {
	klager := d.volwassene()
	w := d.begin(klantcontact, klacht, "Klacht", d.kantoor())
	w.doe("Ontvangst", "Registreren klacht", als("Klager", klager, "Contactgegevens", "Omschrijving klacht"))
	w.vanzelf("Ontvangst", "Versturen ontvangstbevestiging", als("Klager", klager, "Contactgegevens"))
	w.later(5 + d.r.IntN(20))
	w.doe("Behandeling", "Raadplegen klachtdossier", als("Klager", klager, "Omschrijving klacht"))
	w.doe("Behandeling", "Opslaan afhandeling", als("Klager", klager, "Omschrijving klacht"))
}
