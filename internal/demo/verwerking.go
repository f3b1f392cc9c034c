package demo

import "time"

// verwerking is a task under way in the script. Every method adds to its verhaal; what would lie
// after now has not happened yet, and is left out.
type verwerking struct {
	d    *draaiboek
	v    *verhaal
	t    *applicatie
	vast actie // what all acties of the task share
	tijd time.Time
}

// begin starts a task of an application at a moment: with a new verwerkingId (a zaak has one) and
// the employee who does it.
func (d *draaiboek) begin(t *applicatie, activiteit, naam string, tijd time.Time) *verwerking {
	w := &verwerking{d: d, v: &verhaal{}, t: t, tijd: tijd, vast: actie{
		VerwerkingNaam:           naam,
		VerwerkingID:             d.uuid(),
		VerwerkingsactiviteitID:  activiteit,
		VerwerkingsactiviteitURL: activiteitURL(activiteit),
		Vertrouwelijkheid:        "normaal",
		Bewaartermijn:            activiteitVan(activiteit).BewaartermijnLog,
		Uitvoerder:               t.uitvoerder,
		Systeem:                  t.systeem,
		Gegevensbron:             t.bron,
	}}
	if t.gebruikers > 0 {
		w.vast.Gebruiker = kies(d.r, d.gebruikers[t])
	}
	d.verhalen = append(d.verhalen, w.v)
	return w
}

// later goes on with the task so many days later, in office hours.
func (w *verwerking) later(dagen int) { w.tijd = w.d.later(w.tijd, dagen) }

// pauze is the time a person takes for a step.
func (w *verwerking) pauze() { w.tijd = w.tijd.Add(time.Duration(15+w.d.r.IntN(150)) * time.Second) }

// doe logs an actie; it gives its stap, or -1 when that has not happened yet.
func (w *verwerking) doe(handeling, naam string, personen ...object) int {
	a := w.vast
	a.ActieNaam, a.HandelingNaam, a.VerwerkteObjecten = naam, handeling, personen
	n := w.log(w.t, &a)
	w.pauze()
	return n
}

// vanzelf logs an actie that software does on its own: no gebruiker, and no time to speak of.
func (w *verwerking) vanzelf(handeling, naam string, personen ...object) {
	a := w.vast
	a.ActieNaam, a.HandelingNaam, a.VerwerkteObjecten, a.Gebruiker = naam, handeling, personen, ""
	w.log(w.t, &a)
	w.tijd = w.tijd.Add(time.Duration(1+w.d.r.IntN(4)) * time.Second)
}

// geef logs that data go to a person, as with an extract at the desk (B9330).
func (w *verwerking) geef(aan bsn, handeling, naam string, personen ...object) {
	a := w.vast
	a.ActieNaam, a.HandelingNaam, a.VerwerkteObjecten = naam, handeling, personen
	a.SoortAfnemerID, a.AfnemerID = "BSN", string(aan)
	w.log(w.t, &a)
	w.pauze()
}

// lever logs that data go to another organisation.
func (w *verwerking) lever(oin, handeling, naam string, personen ...object) {
	a := w.vast
	a.ActieNaam, a.HandelingNaam, a.VerwerkteObjecten = naam, handeling, personen
	a.SoortAfnemerID, a.AfnemerID = "OIN", oin
	w.log(w.t, &a)
	w.pauze()
}

// haal logs an actie that asks the gegevensmagazijn, and what the gegevensmagazijn logs of it: both
// sides, each under its own activity (C3472, B7259).
func (w *verwerking) haal(handeling, naam string, personen ...object) {
	w.doe(handeling, naam, personen...)
	w.bijMagazijn(verstrekkenBinnen, "Ophalen gegevens", personen...)
}

// meld logs that the gegevensmagazijn takes over what was changed (C2359).
func (w *verwerking) meld(personen ...object) {
	w.bijMagazijn(verstrekkenBinnen, "Bijwerken gegevens", personen...)
}

// bijMagazijn logs the provider's side: what the consumer's headers tell (B9177) and no
// betrokkenheid, which a provider does not know. A term that is not known yet follows by PATCH.
func (w *verwerking) bijMagazijn(activiteit, naam string, personen ...object) {
	eigen := actie{
		ActieNaam:                       naam,
		VerwerkingID:                    w.d.uuid(),
		VerwerkingsactiviteitID:         activiteit,
		VerwerkingsactiviteitURL:        activiteitURL(activiteit),
		Vertrouwelijkheid:               w.vast.Vertrouwelijkheid,
		Bewaartermijn:                   w.vast.Bewaartermijn,
		Systeem:                         gegevensmagazijn.systeem,
		Gegevensbron:                    gegevensmagazijn.bron,
		SoortAfnemerID:                  "OIN",
		AfnemerID:                       w.t.oin,
		VerwerkingsactiviteitIDAfnemer:  w.vast.VerwerkingsactiviteitID,
		VerwerkingsactiviteitURLAfnemer: w.vast.VerwerkingsactiviteitURL,
		VerwerkingIDAfnemer:             w.vast.VerwerkingID,
	}
	for _, p := range personen {
		p.Betrokkenheid = ""
		eigen.VerwerkteObjecten = append(eigen.VerwerkteObjecten, p)
	}
	w.log(gegevensmagazijn, &eigen)
}

func (w *verwerking) log(t *applicatie, a *actie) int {
	if w.tijd.After(w.d.nu) {
		return -1
	}
	a.Tijdstip = w.tijd.Format(time.RFC3339)
	w.v.stappen = append(w.v.stappen, stap{client: t.clientID, methode: "POST", actie: a})
	w.tijd = w.tijd.Add(time.Second) // order: who asks comes before who answers
	return len(w.v.stappen) - 1
}

// patch changes all acties of the task, at the gegevensmagazijn too (F2969, F4415).
func (w *verwerking) patch(veld, waarde, toelichting string) {
	if !w.tijd.After(w.d.nu) {
		w.v.stappen = append(w.v.stappen, stap{
			client: w.t.clientID, methode: "PATCH", verwerking: w.vast.VerwerkingID,
			wijzig: map[string]string{veld: waarde}, toelichting: toelichting,
		})
	}
}

// put corrects an actie (C7021).
func (w *verwerking) put(op int, wijzig map[string]string, toelichting string) {
	if op >= 0 {
		w.v.stappen = append(w.v.stappen, stap{client: w.t.clientID, methode: "PUT", op: op, wijzig: wijzig, toelichting: toelichting})
	}
}

// del makes an actie vervallen.
func (w *verwerking) del(op int, toelichting string) {
	if op >= 0 {
		w.v.stappen = append(w.v.stappen, stap{client: w.t.clientID, methode: "DELETE", op: op, toelichting: toelichting})
	}
}
