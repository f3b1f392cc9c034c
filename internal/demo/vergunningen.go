package demo

// How long records are kept follows from the decision (C5644): the dossier says P20Y or P5Y.
const (
	naVerlening  = "P20Y"
	naWeigering  = "P5Y"
	termijnReden = "Bewaartermijn volgt uit het besluit"
)

// omgevingsvergunning looks up who lives next door. Its term is not known before the decision.
func (d *draaiboek) omgevingsvergunning() {
	h := d.huishouden()
	aanvrager := kies(d.r, h.volwassenen)
	w := d.begin(vergunningen, omgevingswet, "Aanvraag omgevingsvergunning", d.kantoor())
	w.doe("Ontvangst", "Registreren aanvraag", als("Aanvrager", aanvrager, "Bouwplan", "Verblijfsadres"))
	w.haal("Ontvangst", "Ophalen persoonsgegevens", als("Aanvrager", aanvrager, "Naam", "Verblijfsadres"))
	w.later(4 + d.r.IntN(10))
	w.doe("Beoordeling", "Opvragen omwonenden", allen("Omwonende", d.anderen(2+d.r.IntN(4), h), "Naam", "Verblijfsadres")...)
	w.doe("Beoordeling", "Beoordelen aanvraag", als("Aanvrager", aanvrager, "Bouwplan"))
	w.later(14 + d.r.IntN(30))
	w.doe("Besluit", "Opslaan besluit", als("Aanvrager", aanvrager, "Besluit"))
	termijn := naVerlening
	if d.kans(20) {
		termijn = naWeigering
	}
	w.patch("bewaartermijn", termijn, termijnReden)
}

// parkeervergunning is decided by software in most cases.
func (d *draaiboek) parkeervergunning() {
	aanvrager := d.volwassene()
	w := d.begin(vergunningen, parkeren, "Aanvraag parkeervergunning", d.altijd())
	w.vanzelf("", "Ontvangen aanvraag", als("Aanvrager", aanvrager, "Kenteken"))
	w.vanzelf("", "Controleren inschrijving", als("Aanvrager", aanvrager, "Verblijfsadres"))
	w.bijMagazijn(verstrekkenBinnen, "Ophalen gegevens", als("", aanvrager, "Verblijfsadres"))
	if d.kans(25) {
		w.later(1 + d.r.IntN(3))
		w.doe("", "Beoordelen aanvraag", als("Aanvrager", aanvrager, "Kenteken", "Verblijfsadres"))
	}
	w.vanzelf("", "Opslaan vergunning", als("Aanvrager", aanvrager, "Kenteken"))
}

// evenement has an organiser, known as a resident or only by a number of the association.
func (d *draaiboek) evenement() {
	organisator := als("Organisator", d.volwassene(), "Naam", "Telefoonnummer")
	w := d.begin(vergunningen, evenement, "Aanvraag evenementenvergunning", d.kantoor())
	if d.kans(40) { // a private-law relation may not use the BSN (B7972)
		organisator.SoortObjectID, organisator.ObjectID = "Relatienummer", "VV-"+d.uuid()[:8]
	}
	w.doe("", "Registreren aanvraag", organisator)
	w.later(7 + d.r.IntN(14))
	w.doe("", "Beoordelen aanvraag", organisator)
	w.doe("", "Opslaan besluit", organisator)
	w.patch("bewaartermijn", naWeigering, termijnReden)
}
