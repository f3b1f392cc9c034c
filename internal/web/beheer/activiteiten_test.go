package beheer_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/beheer"
)

const padActiviteiten = "/beheer/verwerkingsactiviteiten"

// postForm sends a form whose fields may have more than one value.
func (b *bezoek) postForm(path string, form url.Values) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// upload sends a file as the form of a page of ours does.
func (b *bezoek) upload(path, veld, naam string, inhoud []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	w, err := m.CreateFormFile(veld, naam)
	if err == nil {
		_, err = w.Write(inhoud)
	}
	if err != nil || m.Close() != nil {
		b.t.Fatal("make a form with a file")
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.server.URL+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func TestActivitiesAreFoundByWordStandAndCategory(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	b.want(b.get(padActiviteiten), 200, padActiviteiten, "5 activiteiten", "Verlenen van parkeervergunningen", "nieuw concept", "gaat later in", "geldt niet meer", "vertrouwelijk", "niet gekozen")
	one := b.get(padActiviteiten + "?zoek=zonnepanelen")
	b.want(one, 200, padActiviteiten, "1 activiteit", "van 5", `value="zonnepanelen"`)
	if strings.Contains(one.body, "parkeervergunningen") {
		t.Error("an activity shows that was not asked for")
	}
	b.want(b.get(padActiviteiten+"?stand=verlopen"), 200, padActiviteiten, "stempelkaarten", `value="verlopen" selected=""`)
	b.want(b.get(padActiviteiten+"?zoek=bestaatniet"), 200, padActiviteiten, "Niets gevonden.")
	reader := open(t, newProef(), mag{"activiteiten/zien"})
	page := reader.get(padActiviteiten)
	reader.want(page, 200, padActiviteiten, `disabled="">Activiteit toevoegen`)
	for _, path := range []string{"/invoeren", "/uitvoeren"} {
		if strings.Contains(page.body, padActiviteiten+path) {
			t.Errorf("%s shows to who may not have it", path)
		}
	}
}

func TestAnActivityShowsWhatArticle30AsksAndWhatItsVersionsChanged(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/" + parkeren.String()
	page := b.get(path)
	b.want(page, 200, path, "De schaarse parkeerruimte verdelen onder wie er woont of werkt.", "Publieke taak", "aanvrager: naam en adres, burgerservicenummer (BSN), kenteken", "bezoeker: kenteken",
		"Er is een nieuw concept", "Wat er verandert", "Parkeersoftware Inc., Verenigde Staten", "Ook bezoekers kunnen parkeren.", "2 jaar", "DPIA uitgevoerd", "functie aanvraag-beoordelen van applicatie vergunningen",
		"levering van personen/adres aan Waterschap Voorbeeldvliet, voor heffing", `href="/verwerkingsactiviteiten/`+parkeren.String())
	for _, want := range []string{"<del class=\"verantwoord-regels\">De schaarse parkeerruimte verdelen.</del>", "<ins class=\"verantwoord-regels\">handhavers van de gemeente</ins>", "<del class=\"verantwoord-regels\">bezoekers</del>"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("what changed lacks %s", want)
		}
	}
	toen := b.get(path + "?geldigOp=2025-06-01")
	b.want(toen, 200, path, "U ziet de activiteit zoals zij gold op", "1 juni 2025", "gold toen", "Versie 1")
	b.want(b.get(path+"?geldigOp=2020-01-01"), 200, path, "Op deze dag geldt geen versie.")
	b.want(b.get(path+"?geldigOp=gisteren"), 422, path, "Vul een datum in als jaar-maand-dag", "Versie 2")
	concept := padActiviteiten + "/" + nieuw.String()
	incomplete := b.get(concept)
	b.want(incomplete, 200, concept, "Dit is een concept", "Kies minstens één grondslag")
	if strings.Contains(incomplete.body, concept+"/vaststellen") {
		t.Error("what is not complete can be made definite")
	}
	b.want(b.get(padActiviteiten+"/"+id(399).String()), 404, padActiviteiten+"/"+id(399).String())
	reader := open(t, newProef(), mag{"activiteiten/zien"})
	if body := reader.get(path).body; strings.Contains(body, path+"/") {
		t.Error("a decision shows to who may only look")
	}
}

func TestAConceptIsFilledInWithoutScriptAndNothingIsLostWhenSomethingIsWrong(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/nieuw"
	b.want(b.get(path), 200, path, `value="`+oinProef+`"`, `name="persoonsgegevens.2.naam"`, "Publieke taak (AVG art. 6 lid 1 onder e)")
	form := url.Values{
		"naam": {"Uitlenen van fietsen"}, "betrokkenen": {"leners\n\n fout "}, "grondslagen": {"publieke_taak", "toestemming"},
		"persoonsgegevens.0.rol": {""}, "persoonsgegevens.1.naam": {"naam"}, "persoonsgegevens.1.rol": {"lener"}, "persoonsgegevens.1.soort": {"bsn"}, "persoonsgegevens.2.rol": {"lener"},
		"verwerkers.0.naam": {"Fietsbeheer B.V."}, "bewaartermijnLog": {"18 maanden"}, "vertrouwelijkheid": {"ja"}, "log.omvang": {"minimaal"},
	}
	wrong := b.postForm(path, form)
	b.want(wrong, 422, path, `href="#veld-betrokkenen">Deze betrokkene klopt niet.`, `href="#veld-persoonsgegevens.1.naam"`, `href="#veld-log.omvang"`,
		"leners\nfout", `value="Uitlenen van fietsen"`, `value="18 maanden"`, `value="publieke_taak" checked=""`, `value="toestemming" checked=""`, `id="veld-persoonsgegevens.1.naam"`, `value="Fietsbeheer B.V."`)
	if !strings.Contains(wrong.body, `value="naam" id="veld-persoonsgegevens.0.naam"`) {
		t.Error("a row that was empty shifts the others")
	}
	form.Set("bewaartermijnLog", "een tijdje")
	b.want(b.postForm(path, form), 422, path, "Vul een termijn in, zoals 5 jaar of 18 maanden.", `value="een tijdje"`)
	form.Set("stap", "meer")
	more := b.postForm(path, form)
	b.want(more, 200, path, `name="persoonsgegevens.11.naam"`, `value="naam" id="veld-persoonsgegevens.0.naam"`)
	if len(b.p.besloten) > 0 {
		t.Errorf("asking for more rows did something: %v", b.p.besloten)
	}
	form.Del("stap")
	form.Del("persoonsgegevens.2.rol")
	form.Set("betrokkenen", "leners")
	form.Set("log.omvang", "volledig")
	form.Set("bewaartermijnLog", "1 jaar en 6 maanden")
	b.want(b.postForm(path, form), 200, padActiviteiten+"/"+nieuw.String(), "Het concept is bewaard.")
	if !b.p.gedaan("begin Uitlenen van fietsen; grondslagen [publieke_taak toestemming]; gegevens [{lener naam bsn}]; verwerkers [{Fietsbeheer B.V.  }]; overig []; log P1Y6M") {
		t.Errorf("%v", b.p.besloten)
	}
}

func TestAChangeStartsFromWhatHoldsAndKeepsTheColumnsOfASheet(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/" + fraude.String() + "/wijzigen"
	b.want(b.get(path), 200, path, `value="Onderzoeken van misbruik van uitkeringen"`, `value="2 jaar"`, `id="veld-vertrouwelijkheid"`, `<option value="toezicht" selected="">`, `name="versie" value="2"`)
	path = padActiviteiten + "/" + parkeren.String() + "/wijzigen"
	b.want(b.get(path), 200, path, `name="overig.0.naam" value="DPIA uitgevoerd"`, "nee, niet nodig", "Parkeersoftware Inc., Verenigde Staten")
	form := url.Values{"versie": {"3"}, "naam": {"Parkeren"}, "overig.0.naam": {"DPIA uitgevoerd"}, "overig.0.waarde": {"ja"}}
	b.want(b.postForm(path, form), 200, padActiviteiten+"/"+parkeren.String(), "Het concept is bewaard.")
	if !b.p.gedaan("wijzig Parkeren") || !b.p.gedaan("overig [{DPIA uitgevoerd ja}]") {
		t.Errorf("%v", b.p.besloten)
	}
	form.Set("versie", "2")
	b.want(b.postForm(path, form), 422, path, "Iemand anders heeft dit intussen gewijzigd.", `value="Parkeren"`)
}

func TestWhatIsDecidedAboutAnActivityAsksForADayAndAReason(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/" + parkeren.String()
	b.want(b.get(path+"/vaststellen"), 200, path+"/vaststellen", "Versie 3 vaststellen", `value="2026-11-26"`, "Parkeersoftware Inc., Verenigde Staten", `checked=""`)
	b.want(b.post(path+"/vaststellen", "versie", "3", "ingangsdatum", "morgen"), 422, path+"/vaststellen", "Vul een datum in als jaar-maand-dag", "Vul in wat er verandert en waarom.")
	b.want(b.post(path+"/vaststellen", "versie", "3", "ingangsdatum", "2027-01-01", "reden", "Nieuwe leverancier.", "openbaar", "ja"), 200, path, "Vastgesteld.")
	concept := padActiviteiten + "/" + nieuw.String()
	short := b.post(concept+"/vaststellen", "versie", "1", "ingangsdatum", "2027-01-01")
	b.want(short, 422, concept+"/vaststellen", "Schrijf waarvoor de gegevens worden gebruikt.")
	if strings.Contains(short.body, `href="#veld-doel"`) {
		t.Error("an error points at a field that is not on the page")
	}
	b.want(b.get(path+"/beeindigen"), 200, path+"/beeindigen", "Laatste dag")
	b.want(b.post(path+"/beeindigen", "versie", "3", "einddatum", "2025-01-01", "reden", "Ingetrokken."), 422, path+"/beeindigen", "kies een latere dag", `href="#veld-einddatum"`)
	b.want(b.post(path+"/beeindigen", "versie", "3", "einddatum", "2026-12-31"), 422, path+"/beeindigen", "Vul in waarom.")
	b.want(b.post(path+"/beeindigen", "versie", "3", "einddatum", "2026-12-31", "reden", "Ingetrokken."), 200, path, "Het einde is vastgelegd.")
	b.want(b.get(path+"/openbaar"), 200, path+"/openbaar", "Inwoners kunnen deze activiteit dan niet meer lezen.")
	b.want(b.post(path+"/openbaar", "versie", "3"), 200, path, "niet meer lezen")
	b.want(b.get(path+"/weggooien"), 200, path+"/weggooien", "Wat is vastgesteld, blijft")
	b.want(b.post(path+"/weggooien", "versie", "3"), 200, path, "Het concept is weggegooid.")
	b.want(b.post(concept+"/weggooien", "versie", "1"), 200, padActiviteiten, "Het concept is weggegooid.")
	b.want(b.get(padActiviteiten+"/"+fraude.String()+"/vaststellen"), 200, padActiviteiten+"/"+fraude.String())
	for _, done := range []string{"vastgesteld " + parkeren.String() + " 3 2027-01-01  Nieuwe leverancier. true", "beëindigd " + parkeren.String() + " 2026-12-31", "openbaar " + parkeren.String() + " false", "weggegooid " + nieuw.String()} {
		if !b.p.gedaan(done) {
			t.Errorf("%s was not done: %v", done, b.p.besloten)
		}
	}
}

func TestTheRegisterReadsAsADocumentOfADay(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/register"
	page := b.get(path)
	b.want(page, 200, path, "Volgens artikel 30, eerste lid", "College van burgemeester en wethouders van Voorbeeldstad", "Marktplein 1", "fg@voorbeeldstad.example", "26 november 2026",
		`href="#a-`+parkeren.String(), "2.1 Verlenen van parkeervergunningen", "(onder f, g)", "Uitzondering voor bijzondere gegevens", "Organen die het strafrecht toepassen")
	if strings.Contains(page.body, "stempelkaarten") || strings.Contains(page.body, "zonnepanelen") {
		t.Error("the register tells of what does not hold on that day")
	}
	b.want(b.get(path+"?geldigOp=2025-06-01"), 200, path, "1 juni 2025", "Uitgeven van papieren stempelkaarten", "Versie 1")
	empty := newProef()
	empty.leeg = true
	b = open(t, empty, alles)
	b.want(b.get(path), 200, path, "Op deze dag gold geen enkele activiteit.", "niet ingevuld", "Gemeente Voorbeeldstad")
}

func TestFunctionsAndDeliveriesAreCoupledInTables(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/koppelingen"
	b.want(b.get(path), 200, path, "2 functies", "aanvraag-beoordelen", "geldt nu niet")
	b.want(b.get(path+"/nieuw?activiteit="+parkeren.String()), 200, path+"/nieuw", `value="`+parkeren.String()+`" selected=""`, "Uitgeven van papieren stempelkaarten (geldt niet meer)")
	b.want(b.post(path+"/nieuw", "applicatie", "loket"), 422, path+"/nieuw", "Vul in hoe de applicatie de functie noemt.", "Kies een verwerkingsactiviteit.", `value="loket"`)
	b.want(b.post(path+"/nieuw", "applicatie", "loket", "functie", "stempelkaart-uitgeven", "activiteit", parkeren.String()), 422, path+"/nieuw", "al gekoppeld")
	b.want(b.post(path+"/nieuw", "applicatie", "loket", "functie", "vergunning-uitgeven", "activiteit", parkeren.String()), 200, path, "Toegevoegd.")
	one := path + "/wijzig/" + koppelingID.String()
	b.want(b.get(one), 200, one, `value="aanvraag-beoordelen"`, `name="versie" value="2"`)
	b.want(b.post(one, "versie", "2", "applicatie", "vergunningen", "functie", "aanvraag-inzien", "activiteit", parkeren.String()), 200, path, "Bewaard.")
	b.want(b.get(path+"/weg/"+koppelingID.String()), 200, path+"/weg/"+koppelingID.String(), "hoort dan bij geen enkele verwerkingsactiviteit meer")
	b.want(b.post(path+"/weg/"+koppelingID.String(), "versie", "2"), 200, path, "Weggehaald.")

	path = padActiviteiten + "/leveringen"
	b.want(b.get(path), 200, path, "2 leveringen", "Waterschap Voorbeeldvliet", "mag vertrouwelijk", "31 december 2026", "altijd")
	b.want(b.post(path+"/nieuw", "afnemer", "123", "gegevensset", "personen", "doel", "heffing", "activiteit", parkeren.String(), "van", "ooit"), 422, path+"/nieuw", "Vul een datum in")
	b.want(b.post(path+"/nieuw", "afnemer", "123", "gegevensset", "personen", "doel", "heffing", "activiteit", parkeren.String()), 422, path+"/nieuw", "Dit is geen OIN", `href="#veld-afnemer"`)
	b.want(b.post(path+"/nieuw", "afnemer", oinProef, "gegevensset", "personen", "doel", "heffing", "activiteit", parkeren.String(), "van", "2027-01-01", "vertrouwelijk", "ja"), 200, path, "Toegevoegd.")
	one = path + "/wijzig/" + leveringID.String()
	b.want(b.get(one), 200, one, `value="2026-12-31"`, `value="personen/adres"`)
	b.want(b.post(path+"/weg/"+leveringID.String(), "versie", "1"), 200, path, "Weggehaald.")
	b.want(b.get(path+"/weg/"+id(399).String()), 404, path+"/weg/"+id(399).String())
	for _, done := range []string{"koppeling loket vergunning-uitgeven", "koppeling vergunningen aanvraag-inzien", "koppeling weg " + koppelingID.String() + " 2", "levering " + oinProef + " personen 2027-01-01  true", "levering weg"} {
		if !b.p.gedaan(done) {
			t.Errorf("%s was not done: %v", done, b.p.besloten)
		}
	}
}

func TestTheGroundOfTheLogIsFilledInPerDuty(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/log"
	b.want(b.get(path), 200, path, "Wat nog ontbreekt", "wie over de log besloot", "AVG artikel 5, tweede lid", "5 jaar", "10 jaar", "VB-1", "Vastleggingen van verwerkingen")
	form := path + "/wijzigen"
	b.want(b.get(form), 200, form, `value="5 jaar"`, `name="plichten.3.plicht"`, `name="versie" value="3"`)
	b.want(b.post(form, "versie", "3", "activiteit", parkeren.String(), "plichten.1.plicht", "AVG artikel 24", "vloer", "lang"), 422, form, "Vul een termijn in", `value="lang"`, `value="AVG artikel 24" id="veld-plichten.0.plicht"`)
	b.want(b.post(form, "versie", "3", "activiteit", parkeren.String(), "plichten.1.plicht", "AVG artikel 24"), 422, form, `href="#veld-plichten.0.grondslag"`)
	b.want(b.post(form, "versie", "3", "activiteit", parkeren.String(), "plichten.1.plicht", "AVG artikel 24", "plichten.1.grondslag", "publieke_taak", "vloer", "5 jaar", "maximum", "P10Y", "besluitDatum", "2026-11-01"), 200, path, "Bewaard.")
	if !b.p.gedaan("loggrond 3 [{AVG artikel 24 publieke_taak }] P5Y P10Y 2026-11-01") {
		t.Errorf("%v", b.p.besloten)
	}
	home := b.get("/beheer/")
	b.want(home, 200, "/beheer/", "Wat nog ontbreekt om u te verantwoorden", "wie over de log besloot", `href="`+path+`"`)
	nobody := open(t, newProef(), mag{"gebruikers/zien"})
	if strings.Contains(nobody.get("/beheer/").body, "ontbreekt") {
		t.Error("what is missing shows to who may not see the register")
	}
	who := padActiviteiten + "/verantwoordelijke"
	b.want(b.get(who), 200, who, "Marktplein 1", "privacy@voorbeeldstad.example")
	b.want(b.post(who+"/wijzigen", "versie", "1", "naam", "College", "fg.email", "fg"), 422, who+"/wijzigen", "Dit is geen e-mailadres", `href="#veld-fg.email"`)
	b.want(b.post(who+"/wijzigen", "versie", "1", "naam", "College", "fg.email", "fg@voorbeeldstad.example"), 200, who, "Bewaard.")
}

func TestLegalDataShowWhichFileHoldsAndWhoLookedAtIt(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/juridisch"
	b.want(b.get(path), 200, path, "grondslagen-2018-05-25.yaml", "25 mei 2018", "Nog niet nagekeken door een jurist.", "Nagekeken door juridische zaken op", "Dit bestand heeft uw organisatie zelf neergezet.", "voorbeeld", "5 jaar", "Noem de wet en het artikel.")
	b.want(b.get(path+"?geldigOp=2017-01-01"), 200, path, "Op deze dag geldt hiervan geen bestand.")
}

func TestASheetIsImportedInFourStepsAndNothingHappensBeforeTheLast(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/invoeren"
	b.want(b.get(path), 200, path, "Bestand kiezen", `enctype="multipart/form-data"`)
	b.want(b.upload(path, "bestand", "leeg.csv", nil), 422, path, "Kies een bestand: CSV of Excel")
	b.want(b.upload(path, "bestand", "brief.doc", []byte("x")), 422, path, "Dit is een document uit Word")
	columns := path + "/kolommen/" + bestandID.String()
	b.want(b.upload(path, "bestand", "Register 2025.xlsx", []byte("PK...")), 200, columns, "Register 2025.xlsx heeft 312 rijen.", "2 kolommen hebben geen veld", "Grondslg", "rij 3: ID | Naam verwerking", `aria-label="Veld van kolom Grondslg"`, "verborgen blad")
	b.want(b.post(columns, "kop", "3", "kolom.0", "nummer", "kolom.1", "", "kolom.2", "doel"), 422, columns, "Wijs aan in welke kolom de naam", `<option value="doel" selected="">`)
	b.want(b.post(columns, "kop", "4", "kolom.1", "naam"), 200, columns, "Kolommen nakijken")
	preview := path + "/voorbeeld/" + bestandID.String()
	wrong := b.post(columns, "kop", "4", "kolom.0", "nummer", "kolom.1", "naam", "kolom.2", "doel", "kolom.3", "")
	b.want(wrong, 200, preview, "Dit bestand kan nog niet worden ingevoerd", "rij 6", "Naam verwerking:", "een BSN kan zijn")
	if strings.Contains(wrong.body, "Nu invoeren") {
		t.Error("a sheet with errors can be imported")
	}
	if b.post(preview, "soort", "concept"); len(b.p.besloten) > 0 {
		t.Errorf("a sheet with errors was imported: %v", b.p.besloten)
	}
	right := b.post(columns, "kop", "4", "kolom.0", "nummer", "kolom.1", "naam", "kolom.2", "grondslagen", "kolom.3", "")
	b.want(right, 200, preview, "Nu invoeren", "Gelezen als: Publieke taak.", "rij 9", "blijft gelijk", "2 rijen zijn daarvoor nog niet volledig genoeg", `href="`+preview+`?vanaf=50"`)
	b.want(b.get(preview+"?vanaf=100"), 200, preview, "rij 104", "Naar het begin")
	b.want(b.post(preview, "soort", "definitief", "ingangsdatum", ""), 422, preview, "Vul een datum in")
	b.want(b.post(preview, "soort", "definitief", "ingangsdatum", "2027-01-01"), 200, preview, "Nieuw: 120. Gewijzigd: 1. Gelijk gebleven: 1.", "Alles is vastgesteld.")
	if !b.p.gedaan("ingevoerd true 2027-01-01") {
		t.Errorf("%v", b.p.besloten)
	}
	b.want(b.get(preview), 404, preview, "het wordt een uur bewaard")

	careful := open(t, newProef(), mag{"activiteiten/zien", "activiteiten/wijzigen"})
	careful.upload(path, "bestand", "register.csv", []byte("x"))
	page := careful.get(preview)
	careful.want(page, 200, preview, "Alles wordt een concept.")
	careful.want(careful.post(preview, "soort", "definitief", "ingangsdatum", "2027-01-01"), 200, preview, "Alles staat klaar als concept.")
	if !careful.p.gedaan("ingevoerd false") {
		t.Errorf("who may not approve made it definite: %v", careful.p.besloten)
	}
}

func TestAFileThatIsTooLargeIsRefusedAndAStrangerIsNotReadAtAll(t *testing.T) {
	t.Parallel()
	p := newProef()
	b := open(t, p, alles)
	path := padActiviteiten + "/invoeren"
	b.want(b.upload(path, "bestand", "groot.csv", make([]byte, beheer.MaxInvoer+2<<20)), 413, path, "maak het kleiner")
	stranger := enter(t, p, b.server, mag{"activiteiten/zien"})
	stranger.want(stranger.upload(path, "bestand", "klein.csv", []byte("x")), 403, path)
}

func TestActivitiesAreTakenAwayAsAFileThatIsNeverShown(t *testing.T) {
	t.Parallel()
	b := open(t, newProef(), alles)
	path := padActiviteiten + "/uitvoeren"
	b.want(b.get(path), 200, path, path+"/xlsx", path+"/json")
	file := b.get(path + "/csv")
	if got := file.header.Get("Content-Disposition"); file.status != 200 || got != "attachment; filename=verwerkingsactiviteiten.csv" || file.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %q", file.status, got)
	}
}

func TestTermsAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ tekst, iso string }{
		{"5 jaar", "P5Y"}, {"1 jaar en 6 maanden", "P1Y6M"}, {"18 maanden", "P18M"}, {"2 weken", "P2W"}, {"30 dagen, 1 jaar", "P1Y30D"}, {"p5y", "P5Y"}, {" ", ""}, {"5 years and 1 month", "P5Y1M"}, {"010 jaar", "P10Y"},
	} {
		if got, ok := beheer.LeesTermijn(tc.tekst); !ok || got != tc.iso {
			t.Errorf("%q gives %q", tc.tekst, got)
		}
	}
	for _, tekst := range []string{"P", "lang", "5", "5 eeuwen", "1 jaar 2 jaar", "5 jaar en", "-1 jaar", "0 jaar"} {
		if got, ok := beheer.LeesTermijn(tekst); ok {
			t.Errorf("%q is taken as %q", tekst, got)
		}
	}
}
