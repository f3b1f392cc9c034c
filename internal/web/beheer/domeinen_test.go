package beheer_test

import (
	"strings"
	"testing"
)

const padDomeinen = "/beheer/domeinen"

// A domein is proposed with a warning, asks a reason of what is sensitive, and waits for a second officer.
func TestADomainIsProposedWithAWarningAndDecidedOn(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, alles)
	b.want(b.get("/beheer/"), 200, "/beheer/", "1 voorstel voor een veilig domein wacht op een tweede medewerker", "Veilige domeinen")
	b.want(b.get(padDomeinen), 200, padDomeinen, "Leerlingenvervoer", "Ouders en voogden, curatoren", "wacht op een tweede medewerker")
	nieuw := padDomeinen + "/nieuw"
	b.want(b.get(nieuw), 200, nieuw, "Wat kan er misgaan?", "Een kind kan zelf om hulp hebben gevraagd.", "Gevoelig: er zijn bijzondere persoonsgegevens bij, zoals over gezondheid of geloof; naam, doel of gegevens wijzen op hulp")
	b.want(b.post(nieuw, "naam", "Steun", "uitleg", "Steun.", "voor", "ouder", "activiteiten", gezin.String()), 200, nieuw, "Bevestig dat u het bent")
	fout := b.post(nieuw, "naam", "Steun", "uitleg", "Steun.", "voor", "ouder", "activiteiten", gezin.String(), "bevestigingscode", proefCode)
	b.want(fout, 422, nieuw, "Waarom is dit toch veilig: Ondersteunen van gezinnen", "Deze activiteit is gevoelig. Schrijf in 15 tot 500 tekens", `value="Steun"`)
	if strings.Count(fout.body, "checked") != 2 {
		t.Error("what was chosen is not chosen any more")
	}
	pad := padDomeinen + "/" + domeinNieuw.String()
	b.want(b.post(nieuw, "naam", "Steun", "uitleg", "Steun.", "voor", "ouder", "activiteiten", gezin.String(), "waarom."+gezin.String(), "Alleen de uitnodiging staat erin."), 200, pad,
		"Dit wacht op een tweede medewerker.", "Goedkeuren en openen", "Waarom toch: Alleen de uitnodiging voor een gesprek", "wordt niet getoond", "Wat iemand heeft gezien")
	b.want(b.post(pad+"/weigeren", "versie", "1", "reden", "nee"), 422, pad+"/weigeren", "Schrijf in een zin waarom")
	b.want(b.post(pad+"/intrekken", "versie", "1"), 422, pad+"/intrekken", "Alleen wie het voorstel deed trekt het in.")
	b.want(b.post(pad+"/goedkeuren", "versie", "1"), 200, pad, "Goedgekeurd.")
	b.want(b.post(pad+"/weigeren", "versie", "1", "reden", "Dit gaat te ver voor ouders."), 200, padDomeinen, "Geweigerd.")
	pad = padDomeinen + "/" + domeinOpen.String()
	b.want(b.get(pad), 200, pad, "Nu open", "Dina Dirksen", "Nu sluiten", "Wijziging voorstellen")
	b.want(b.get(pad+"/wijzigen"), 200, pad+"/wijzigen", `value="Leerlingenvervoer"`, `name="versie" value="2"`)
	b.want(b.get(pad+"/sluiten"), 200, pad+"/sluiten", "Dit geldt meteen")
	b.want(b.post(pad+"/sluiten", "reden", "nee"), 422, pad+"/sluiten", "Schrijf in een zin waarom")
	b.want(b.post(pad+"/sluiten", "reden", "Een ouder zag te veel."), 200, pad, "Het domein is gesloten.")
	for _, s := range []string{"domein beslist " + domeinNieuw.String() + " 1 true", "domein gesloten " + domeinOpen.String() + " Een ouder"} {
		if !p.gedaan(s) {
			t.Errorf("%q is not in %v", s, p.besloten)
		}
	}
	lezer := open(t, newProef(), mag{"domeinen/zien"})
	a := lezer.get(padDomeinen + "/" + domeinNieuw.String())
	lezer.want(a, 200, padDomeinen+"/"+domeinNieuw.String(), "Een medewerker met het recht om dit goed te keuren beslist erover.")
	if s := a.body + lezer.get(padDomeinen+"/"+domeinOpen.String()).body; strings.Contains(s, "/goedkeuren") || strings.Contains(s, "/sluiten") || strings.Contains(s, "/wijzigen") {
		t.Error("who may only look is offered more")
	}
}
