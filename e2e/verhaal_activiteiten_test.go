package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/activiteit/overdracht/proefblad"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
	"github.com/verantwoord/verantwoord/internal/web/browsertest"
)

const rosa = "r.register@voorbeeldstad.example"

// vink puts a tick at a box or a choice, whether it was there or not.
func (m *mens) vink(selector string) {
	m.v.t.Helper()
	if !browsertest.Vraag[bool](m.Tab, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (e) e.checked = true; return !!e; })()`, selector)) {
		m.v.t.Fatalf("%s: no %s to choose", m.Waar(), selector)
	}
}

// A register that a municipality kept in a spreadsheet goes in, one of its activities is made definite, changed, and read by a
// citizen; all of it goes out again.
func TestARegisterGoesFromASheetToThePageOfACitizen(t *testing.T) {
	t.Parallel()
	v := newVerhaal(t, false)
	code := v.opConsole("Bea Heer", bea)
	v.serve()
	een := v.beheerder(bea, code)
	groep := een.groepErbij("Privacy", een.mensErbij("Rosa Register", rosa))
	een.open(groep + "/rechten")
	for _, h := range []string{"zien", "wijzigen", "goedkeuren", "exporteren"} {
		een.Kies("[name='r.activiteiten."+h+".gewoon']", "alles")
	}
	een.klik("form[action$='/rechten'] button")
	een.op(groep+"/rechten", "Er is nog niets veranderd.")
	een.klik("form[action$='/bewaren'] button")
	een.op(groep, "De rechten een voor een")

	const pad = "/beheer/verwerkingsactiviteiten"
	m := v.mens(rosa)
	m.aanvaard(v.post.uitnodiging(t, rosa, 1))
	m.meldAan()
	m.open(pad)
	m.op(pad, "Er is nog geen verwerkingsactiviteit.")

	const rijen = 300
	blad, err := proefblad.XLSX(rijen)
	if err != nil {
		t.Fatal(err)
	}
	bestand := filepath.Join(t.TempDir(), "register.xlsx")
	if err := os.WriteFile(bestand, blad, 0o600); err != nil {
		t.Fatal(err)
	}
	m.open(pad + "/invoeren")
	m.KiesBestand("#veld-bestand", bestand)
	m.klik("form[enctype] button")
	m.op(m.Waar(), "register.xlsx", "Naam verwerkng")
	m.klik("form.verantwoord-formulier--breed button[type=submit]")
	m.op(m.Waar(), "Alle rijen", "nieuw")
	m.vink("#veld-soort")
	m.klik("main form.verantwoord-formulier button[type=submit]")
	m.op(m.Waar(), fmt.Sprintf("Nieuw: %d.", rijen), "Alles staat klaar als concept.")

	m.klik("a[href='" + pad + "?stand=concept']")
	m.klik("main table th a")
	activiteit := m.Waar()
	m.op(activiteit, "Dit is een concept")
	m.klik("a[href='" + activiteit + "/wijzigen']")
	m.vink("[name='grondslagen'][value='publieke_taak']")
	m.vink("[name='uitzonderingen']") // the sheet says that there are delicate data
	m.vink("[name='log.omvang'][value='volledig']")
	inhoud := []string{
		"naam", "Verlenen van parkeervergunningen", "doel", "Parkeerruimte eerlijk verdelen.", "toelichtingGrondslag", "Gemeentewet, artikel 225", "betrokkenen", "aanvragers",
		"persoonsgegevens.0.naam", "kenteken", "bewaartermijn", "1 jaar", "beveiliging", "Sloten op kamer 3.",
	}
	m.bewaarConcept(inhoud...)
	if m.Waar() != activiteit {
		t.Fatalf("the concept is not kept: %s", m.Tekst())
	}
	if !m.er("a[href='" + activiteit + "/vaststellen']") {
		t.Fatalf("it can't be made definite: %s", m.Tekst())
	}
	m.klik("a[href='" + activiteit + "/vaststellen']")
	m.Kies("#veld-ingangsdatum", "2026-01-01")
	m.vink("[name='openbaar']")
	m.stuur("main form")
	m.op(activiteit, "Vastgesteld.", "Versie 1", "Bekijk wat inwoners lezen")

	// A change is a version of its own, with its reason; what was stays to be read.
	m.open(activiteit + "/wijzigen")
	m.bewaarConcept("doel", "Parkeerruimte eerlijk verdelen, ook voor bezoekers.")
	m.op(activiteit, "Er is een nieuw concept")
	m.klik("a[href='" + activiteit + "/vaststellen']")
	m.Kies("#veld-ingangsdatum", "2026-06-01")
	m.stuur("main form", "reden", "")
	m.op(activiteit+"/vaststellen", "Vul in wat er verandert en waarom.")
	m.stuur("main form", "reden", "Bezoekers kregen ook een regeling.")
	m.op(activiteit, "Versie 2", "Bezoekers kregen ook een regeling.")
	m.open(pad + "/register")
	m.op(pad+"/register", "Verlenen van parkeervergunningen", "Sloten op kamer 3.")
	m.open(pad + "/kwaliteit")
	m.op(pad+"/kwaliteit", "Kwaliteit van de vastlegging")

	inwoner := v.mens("")
	inwoner.open("/verwerkingsactiviteiten")
	inwoner.klik("main a[href^='/verwerkingsactiviteiten/']")
	openbaar := inwoner.Waar()
	inwoner.op(openbaar, "Verlenen van parkeervergunningen", "ook voor bezoekers", "Mag dat?", "Gemeentewet, artikel 225", "kenteken")
	if strings.Contains(inwoner.Tekst(), "kamer 3") {
		t.Error("a citizen reads how the data are guarded")
	}
	inwoner.open(openbaar + "?geldigOp=2026-02-01")
	if inwoner.op(openbaar, "Parkeerruimte eerlijk verdelen."); strings.Contains(inwoner.Tekst(), "ook voor bezoekers") {
		t.Error("an earlier day shows the version of now")
	}

	status, csv := v.vraag(http.MethodGet, pad+"/uitvoeren/csv", m.sessie(), nil)
	tabel, err := rekenblad.Lees(strings.NewReader(csv), int64(len(csv)), "uit.csv", rekenblad.Limieten{})
	if status != http.StatusOK || err != nil || len(tabel.Rijen) != rijen+1 {
		t.Fatalf("status %d, %v", status, err)
	}
	for _, zin := range []string{"Verlenen van parkeervergunningen", "Opmerking FG"} {
		if !strings.Contains(csv, zin) {
			t.Errorf("%q does not come out again", zin)
		}
	}
}

// bewaarConcept fills in fields of an activity, and keeps the concept.
func (m *mens) bewaarConcept(velden ...string) {
	m.v.t.Helper()
	const form = "form[action$='/wijzigen']"
	for i := 0; i+1 < len(velden); i += 2 {
		m.Vul(form+" [name='"+velden[i]+"']", velden[i+1])
	}
	m.klik(form + " button.utrecht-button--primary-action")
}
