package demo

// bezoek is a citizen at home, looking at what the municipality knows. The one who receives the data
// is that citizen; there is no employee.
func (d *draaiboek) bezoek() {
	burger := d.volwassene()
	w := d.begin(mijnOmgeving, eigenGegevens, "Bezoek Mijn Voorbeeldstad", d.altijd())
	w.geef(burger, "", "Tonen persoonsgegevens", als("Betrokkene", burger, "Naam", "Verblijfsadres", "Contactgegevens"))
	if d.kans(50) {
		w.bijMagazijn(verstrekkenBinnen, "Ophalen gegevens", als("", burger, "Naam", "Verblijfsadres"))
	}
	if d.kans(55) {
		w.geef(burger, "", "Tonen zaken", als("Betrokkene", burger, "Lopende zaken"))
	}
	if d.kans(25) {
		w.geef(burger, "", "Tonen verwerkingen", als("Betrokkene", burger, "Verwerkingen"))
	}
	if d.kans(15) {
		w.doe("", "Wijzigen contactgegevens", als("Betrokkene", burger, "Telefoonnummer"))
	}
}
