package beheer_test

import (
	"strings"
	"testing"
)

const padInwoners = "/beheer/inwoners"

// The number of a citizen is in the body of a form, and in nothing that comes back.
func TestANumberGoesInAndNeverComesOut(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, alles)
	schoon := func(a answer) answer {
		t.Helper()
		if strings.Contains(a.body, proefBSN) || strings.Contains(a.path, proefBSN) {
			t.Errorf("%s shows the number", a.path)
		}
		for naam, waarden := range a.header {
			if strings.Contains(strings.Join(waarden, " "), proefBSN) {
				t.Errorf("header %s holds the number", naam)
			}
		}
		return a
	}
	bevestigd := func() {
		t.Helper()
		b.want(b.get(padInwoners), 200, padInwoners, "Bevestig dat u het bent")
		b.want(b.post(padInwoners, "bevestigingscode", proefCode), 200, padInwoners, "Opzoeken")
	}
	// Who was away for five minutes gives a code, and the number again: the page that asks does not hold it.
	b.want(schoon(b.post(padInwoners, "bsn", proefBSN)), 200, padInwoners, "Bevestig dat u het bent", "Het nummer vult u daarna nog een keer in.")
	bevestigd()
	b.want(b.get("/beheer/"), 200, "/beheer/", "De bescherming van 1 inwoner eindigt binnen een maand", "1 voorstel om bescherming te beëindigen wacht")
	b.want(b.get(padInwoners), 200, padInwoners, "Eindigt binnen een maand", "••••••340")
	b.want(schoon(b.post(padInwoners, "bsn", "999912341")), 422, padInwoners, "Dit is geen burgerservicenummer.")
	gevonden := schoon(b.post(padInwoners, "bsn", proefBSN))
	b.want(gevonden, 200, padInwoners, "••••••340", "Extra beschermd", `name="inwoner" value="verzegeld"`)
	b.want(schoon(b.post(padInwoners+"/beschermen", "inwoner", "verzegeld", "wat", "beschermd")), 422, padInwoners+"/beschermen", "Kies waarom dit nodig is.")
	b.want(b.post(padInwoners+"/beschermen", "inwoner", "iets anders", "wat", "beschermd", "aanleiding", "opvang"), 404, padInwoners+"/beschermen")
	b.want(schoon(b.post(padInwoners+"/beschermen", "inwoner", "verzegeld", "wat", "beschermd", "aanleiding", "opvang", "tot", "2027-03-01", "opmerking", "Bel eerst.")), 200, padInwoners+"/"+beschermd.String(), "Vastgelegd. Dit geldt vanaf nu.", "Verblijft in een opvang", "Bel eerst de opvang.")
	if !p.gedaan("gesteld beschermd opvang 2027-03-01 Bel eerst.") {
		t.Error(p.besloten)
	}
}

func TestTheEndOfProtectionIsProposedAndDecidedOn(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, alles)
	b.get(padInwoners)
	b.post(padInwoners, "bevestigingscode", proefCode)
	pad := padInwoners + "/" + beschermd.String()
	b.want(b.get(pad+"/beeindigen"), 200, pad+"/beeindigen", "Een tweede medewerker beslist.", `name="versie" value="1"`)
	b.want(b.post(pad+"/beeindigen", "versie", "1", "reden", "kort"), 422, pad+"/beeindigen", "Schrijf in een zin waarom")
	b.want(b.post(pad+"/beeindigen", "versie", "1", "reden", "De inwoner vroeg hier zelf om."), 200, pad, "Dit wacht op een tweede medewerker.")
	pad = padInwoners + "/" + voorgesteld.String()
	b.want(b.get(pad), 200, pad, "Voorgesteld om te beëindigen", "Goedkeuren", "Waarom weigert u?")
	b.want(b.post(pad+"/weigeren", "versie", "3", "reden", ""), 422, pad+"/weigeren", "Schrijf in een zin waarom")
	b.want(b.post(pad+"/weigeren", "versie", "3", "reden", "Er is nog een dreiging."), 200, pad, "Geweigerd.")
	b.want(b.post(pad+"/intrekken", "versie", "3"), 200, pad, "Het voorstel is ingetrokken.")
	b.want(b.post(pad+"/goedkeuren", "versie", "3"), 200, padInwoners, "Goedgekeurd.")
	for _, s := range []string{"einde voorgesteld " + beschermd.String() + " 1 De", "einde beslist " + voorgesteld.String() + " 3 false Er is", "einde beslist " + voorgesteld.String() + " 3 true", "einde ingetrokken " + voorgesteld.String() + " 3"} {
		if !p.gedaan(s) {
			t.Errorf("%q is not in %v", s, p.besloten)
		}
	}
	lezer := open(t, newProef(), mag{"inwoners/zien"})
	lezer.get(padInwoners)
	lezer.post(padInwoners, "bevestigingscode", proefCode)
	for _, soort := range []string{"/beschermen", "/" + beschermd.String() + "/beeindigen", "/" + voorgesteld.String() + "/goedkeuren", "/" + voorgesteld.String() + "/weigeren", "/" + voorgesteld.String() + "/intrekken"} {
		lezer.want(lezer.post(padInwoners+soort, "versie", "3", "reden", "Er is nog een dreiging."), 403, padInwoners+soort)
	}
	if a := lezer.get(padInwoners + "/" + voorgesteld.String()); strings.Contains(a.body, "/goedkeuren") || strings.Contains(a.body, "/beeindigen") {
		t.Error("who may only look is offered more")
	}
}

// What is asked of an officer fits what holds: of who died other words than of who is protected, and what is needed is not called otherwise.
func TestWhatIsAskedFitsWhatHolds(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, alles)
	b.get(padInwoners)
	b.post(padInwoners, "bevestigingscode", proefCode)
	if a := b.post(padInwoners, "bsn", proefBSN); strings.Count(a.body, "niet verplicht") != 2 {
		t.Errorf("a reason for protection is called not needed: %d fields are", strings.Count(a.body, "niet verplicht"))
	}
	for id, want := range map[string][2]string{
		beschermd.String(): {"weer dagen, plaatsen en organisaties", "als deze persoon aanmelden"}, overleden.String(): {"weer als deze persoon aanmelden", "dagen, plaatsen"},
	} {
		pad := padInwoners + "/" + id + "/beeindigen"
		a := b.get(pad)
		b.want(a, 200, pad, want[0])
		if strings.Contains(a.body, want[1]) {
			t.Errorf("%s says %q", pad, want[1])
		}
	}
	pad := padInwoners + "/" + voorgesteld.String()
	a := b.get(pad)
	b.want(a, 200, pad, "geen gevaar meer loopt", "De reden komt in het beheerlog.")
	if strings.Contains(a.body, "Wie het voorstelde, leest dit.") {
		t.Error("who proposed it is said to read what only stands in the administration log")
	}
	pad = padInwoners + "/" + vergissing.String()
	b.want(b.get(pad), 200, pad, "Weet u zeker dat deze inwoner niet is overleden?")
}
