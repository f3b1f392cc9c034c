package beheer_test

import (
	"strings"
	"testing"
)

const nood = "/beheer/noodtoegang"

func TestBreakGlassIsAskedWithAReasonAndProofAndRunsOnEveryPage(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, mag{"verwerkingenlog/zien", "beheerlog/zien"})
	b.want(b.get(nood), 200, nood, "fg@voorbeeldstad.example", "krijgt meteen een e-mail", "Waarom kan dit niet wachten?", "15 minuten")
	// Proof comes first, and what was typed is not lost.
	a := b.post(nood, "recht", "bsn", "duur", "15", "reden", "De balie is dicht en een inwoner wacht.")
	b.want(a, 200, nood, "Bevestig dat u het bent", "De balie is dicht en een inwoner wacht.")
	if p.gedaan("nood ") {
		t.Fatal("taken without proof")
	}
	b.want(b.post(nood, "bevestigingscode", proefCode, "recht", "", "duur", "", "reden", ""), 422, nood, "Kies wat u nodig hebt.", "Kies hoe lang u het nodig hebt.")
	b.want(b.post(nood, "recht", "bsn", "duur", "15", "reden", "haast"), 422, nood, "in minstens 15 tekens")
	for _, duur := range []string{"-1", "300", "x", "1e3", "99999999999999999999"} {
		b.want(b.post(nood, "recht", "bsn", "duur", duur, "reden", "De balie is dicht en een inwoner wacht."), 422, nood, "Kies hoe lang u het nodig hebt.")
	}
	b.want(b.post(nood, "recht", "bsn", "duur", "15", "reden", "De balie is dicht en een inwoner wacht."), 200, nood, "Noodtoegang is begonnen.", "Noodtoegang loopt tot", "10:45")
	if !p.gedaan("nood bsn 15m0s De balie is dicht") {
		t.Error("not taken")
	}
	einde := nood + "/" + id(301).String() + "/einde"
	for _, path := range []string{"/beheer/", "/beheer/mijn-account", "/beheer/beheerlog", "/beheer/bestaat-niet"} {
		if a := b.get(path); !strings.Contains(a.body, "Noodtoegang loopt tot") || !strings.Contains(a.body, einde) {
			t.Errorf("%s does not say that break-glass runs", path)
		}
	}
	b.want(b.post("/beheer/taal", "taal", "en", "naar", nood), 200, nood, `<html lang="en"`, "Break-glass access runs until", "see in the processing log the BSN")
	b.want(b.post(einde), 200, "/beheer/", "Break-glass access has ended.")
	if a := b.get("/beheer/"); strings.Contains(a.body, einde) {
		t.Error("the banner stays")
	}
	b.want(b.post(nood+"/geen-id/einde"), 404, nood+"/geen-id/einde")
}

func TestWhoCanTakeNoBreakGlassReadsWhy(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, mag{"gebruikers/zien"})
	a := b.get(nood)
	b.want(a, 200, nood, "U kunt nu geen noodtoegang nemen.", "alleen voor wie in deze module al gewone gegevens ziet")
	if strings.Contains(a.body, "<textarea") {
		t.Error("a form that is of no use")
	}
	b.want(b.get("/beheer/noodtoegangen"), 403, "/beheer/noodtoegangen")
	p.leeg = true
	b = enter(t, p, b.server, mag{"verwerkingenlog/zien", "beheerlog/zien"})
	b.want(b.get(nood), 200, nood, "U hebt geen noodtoegang nodig.")
	b.want(b.get("/beheer/noodtoegangen"), 200, "/beheer/noodtoegangen", "Er loopt nu geen noodtoegang.")
	p.leeg = false
	b.want(b.get("/beheer/noodtoegangen"), 200, "/beheer/noodtoegangen", "Chris Çelik", "De balie is dicht", "/beheer/beheerlog?soort=noodtoegang")
	dicht := enter(t, p, b.server, nil)
	dicht.want(dicht.get(nood), 200, "/beheer/aanmelden")
	dicht.want(dicht.post(nood, "recht", "bsn"), 401, nood)
}

func TestTheLanguageOfAPersonGoesBeforeThatOfTheBrowser(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, nil)
	b.want(b.post("/beheer/taal", "taal", "en", "naar", "/beheer/aanmelden"), 200, "/beheer/aanmelden", `<html lang="en"`)
	// Who chose nothing reads what this browser has.
	b.post("/beheer/aanmelden", "email", "anna@voorbeeldstad.example", "wachtwoord", proefWachtwoord)
	b.want(b.post("/beheer/aanmelden/code", "code", proefCode), 200, "/beheer/", `<html lang="en"`)
	b.want(b.post("/beheer/taal", "taal", "nl", "naar", "/beheer/"), 200, "/beheer/", `<html lang="nl"`)
	// Somebody else changes the browser; the person keeps theirs.
	vreemd := enter(t, p, b.server, nil)
	vreemd.client.Jar = b.client.Jar
	p.mu.Lock()
	for _, s := range p.sessies {
		if s.Taal != "nl" {
			t.Errorf("kept with the person: %q", s.Taal)
		}
		s.Taal = "en"
	}
	p.mu.Unlock()
	b.want(b.get("/beheer/mijn-account"), 200, "/beheer/mijn-account", `<html lang="en"`, "Language of pages and e-mails")
}
