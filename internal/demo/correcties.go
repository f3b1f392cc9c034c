package demo

// verkeerdeActiviteit is an actie under the wrong activity, put right later (C7021): a call that was
// logged as a complaint, a move as another change.
func (d *draaiboek) verkeerdeActiviteit() {
	klant := d.volwassene()
	if d.kans(50) {
		w := d.begin(klantcontact, klacht, "Vraag over zaak", d.kantoor())
		n := w.doe("Gesprek", "Raadplegen klantbeeld", als("Klant", klant, "Lopende zaken"))
		w.put(n, map[string]string{
			"verwerkingsactiviteitId": vragen, "verwerkingsactiviteitUrl": activiteitURL(vragen),
			"bewaartermijn": activiteitVan(vragen).BewaartermijnLog,
		}, "Vraag was als klacht vastgelegd")
		return
	}
	w := d.begin(burgerzaken, bijhoudenBRP, "Registratie verhuizing", d.kantoor())
	n := w.doe("", "Opslaan adresgegevens", als("Aanvrager", klant, "Verblijfsadres"))
	w.put(n, map[string]string{"verwerkingsactiviteitId": verhuizen, "verwerkingsactiviteitUrl": activiteitURL(verhuizen)},
		"Verkeerde verwerkingsactiviteit ingesteld")
}

// dubbelVastgelegd is an actie that was logged twice by a fault; the second one is deleted.
func (d *draaiboek) dubbelVastgelegd() {
	klant := d.volwassene()
	t, activiteit, rol := klantcontact, vragen, "Klant"
	if d.kans(50) {
		t, activiteit, rol = belastingen, woz, "Belastingplichtige"
	}
	w := d.begin(t, activiteit, "Vraag over belasting", d.kantoor())
	w.doe("", "Raadplegen dossier", als(rol, klant, "Heffing"))
	n := w.doe("", "Raadplegen dossier", als(rol, klant, "Heffing"))
	w.del(n, "Dubbel vastgelegd door een fout in de applicatie")
}
