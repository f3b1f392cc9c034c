package demo

// The two confidential investigations. The number of the one that runs is that of the example in the
// standard (C3079); the printed commands lift it.
const (
	lopendOnderzoek   = "89aa7a9a-1f79-44de-b32e-8e38e07138f3"
	afgerondOnderzoek = "efa9de08-e501-4cd2-9933-5f2864f79704"
)

// Who is investigated: each in a household of their own, the same whatever is drawn.
const (
	huisLopend   = 12
	huisAfgerond = 17
)

// verdachte is the resident of the investigation that runs.
func verdachte(zaad uint64) bsn { return newBewoners(zaad)[huisLopend].volwassenen[0] }

// onderzoeken plays both: one is still confidential, the other was closed and lifted.
func (d *draaiboek) onderzoeken() {
	loopt := d.onderzoek(lopendOnderzoek, d.bewoners[huisLopend], 40)
	loopt.doe("Verzamelen informatie", "Raadplegen onderzoeksdossier", als("Verdachte", d.bewoners[huisLopend].volwassenen[0]))

	h := d.bewoners[huisAfgerond]
	klaar := d.onderzoek(afgerondOnderzoek, h, 200)
	klaar.later(20)
	klaar.doe("Afronden onderzoek", "Opslaan bevindingen", als("Verdachte", h.volwassenen[0], "Bevindingen"))
	klaar.patch("vertrouwelijkheid", "opgeheven", "Onderzoek afgerond; betrokkene is ingelicht")
	// What follows is no secret any more.
	w := d.begin(sociaalDomein, bijstand, "Herziening uitkering", klaar.tijd)
	w.later(3)
	w.doe("Besluit", "Opslaan besluit", als("Ontvanger", h.volwassenen[0], "Uitkering"))
}

// naamgenoten turn up in the search of every investigation; nobody who is investigated is among them,
// so that a lifted investigation says nothing about the other.
func (d *draaiboek) naamgenoten() []bsn {
	return []bsn{d.bewoners[0].volwassenen[0], d.bewoners[4].volwassenen[1], d.bewoners[7].volwassenen[0]}
}

// onderzoek logs an investigation that began so many days ago, all of it confidential, with what the
// gegevensmagazijn logs of it. It ends well before a month has passed.
func (d *draaiboek) onderzoek(id string, h *huishouden, dagenGeleden int) *verwerking {
	persoon := h.volwassenen[0]
	w := d.begin(fraudeonderzoek, fraude, "Fraudeonderzoek sociale zekerheid", d.later(d.nu.AddDate(0, 0, -dagenGeleden), 0))
	w.vast.VerwerkingID, w.vast.Vertrouwelijkheid = id, "vertrouwelijk"
	w.doe("Aanmaken onderzoeksdossier", "Zoeken persoon", allen("Getoond in zoekresultaat", append(d.naamgenoten(), persoon))...)
	w.doe("Aanmaken onderzoeksdossier", "Opslaan dossier", als("Verdachte", persoon))
	w.haal("Verzamelen informatie", "Ophalen persoonsgegevens", als("Verdachte", persoon, "Verblijfsadres", "Burgerlijke staat"))
	w.haal("Verzamelen informatie", "Opvragen medebewoners", append(allen("Medebewoner", h.leden()[1:], "Verblijfsadres"), als("Verdachte", persoon, "Verblijfsadres"))...)
	w.later(2)
	w.doe("Verzamelen informatie", "Opvragen belastbaar inkomen", als("Verdachte", persoon, "Inkomen"))
	w.haal("Verzamelen informatie", "Opvragen contactgegevens", als("Verdachte", persoon, "Telefoonnummer"))
	w.later(3)
	w.doe("Verzamelen informatie", "Raadplegen voertuiggegevens", als("Verdachte", persoon, "Voertuigen"))
	w.haal("Verzamelen informatie", "Opvragen adreshistorie", als("Verdachte", persoon, "Verblijfsadres"))
	w.doe("Verzamelen informatie", "Opslaan onderzoeksgegevens", als("Verdachte", persoon, "Inkomen", "Voertuigen", "Verblijfsadres"))
	w.later(6)
	w.doe("Beoordelen informatie", "Raadplegen uitkeringsdossier", als("Verdachte", persoon, "Uitkering", "Vermogen"))
	w.later(1)
	return w
}
