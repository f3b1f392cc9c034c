package server

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
)

// privacyofficer makes somebody who keeps the register of verwerkingsactiviteiten, and gives a browser in which they are signed in.
func privacyofficer(t *testing.T, s *Server, mail *bus, url string, handelingen ...gebruiker.Handeling) *browser {
	t.Helper()
	const email = "p.officer@voorbeeldstad.example"
	ctx, op := context.Background(), gebruiker.Opdrachtregel(oinPaginas)
	m := s.Mensen()
	functie, err := m.Beheer.VoegFunctiegroepToe(ctx, op, "Privacy", "")
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.Beheer.VoegToe(ctx, op, gebruiker.GebruikerInvoer{Naam: "Pia Officer", Email: email, Functiegroep: functie.ID})
	if err != nil {
		t.Fatal(err)
	}
	groep, err := m.Beheer.VoegGroepToe(ctx, op, "Register", "")
	if err != nil {
		t.Fatal(err)
	}
	var rechten []gebruiker.Recht
	for _, h := range handelingen {
		rechten = append(rechten, gebruiker.Recht{Module: gebruiker.ModuleActiviteiten, Handeling: h, Veldklasse: gebruiker.Gewoon, Bereik: gebruiker.BereikAlles})
	}
	if _, err := m.Beheer.ZetRechten(ctx, op, groep.ID, groep.Versie, rechten, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Beheer.ZetLid(ctx, op, groep.ID, g.ID, g.Versie, time.Time{}, ""); err != nil {
		t.Fatal(err)
	}
	code, err := m.Aanmelding.NodigHier(ctx, oinPaginas, email)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Aanmelding.Aanvaard(ctx, oinPaginas, email, code, goedWachtwoord); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, url)
	b.do("/beheer/aanmelden", "email", email, "wachtwoord", goedWachtwoord)
	b.want(b.do("/beheer/aanmelden/code", "code", mail.code(t, email, 1)), "/beheer/", "Verwerkingsactiviteiten")
	return b
}

// upload sends a file.
func (b *browser) upload(pad, veld, naam string, inhoud []byte) string {
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
	r, err := b.http.Post(b.url+pad, m.FormDataContentType(), &body)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	uit, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.pad = r.Request.URL.Path
	return string(uit)
}

const padVAR = "/beheer/verwerkingsactiviteiten"

func TestAnActivityGoesFromConceptToThePageOfACitizen(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen, gebruiker.Goedkeuren)
	b.want(b.do(padVAR), padVAR, "Er is nog geen verwerkingsactiviteit.")
	p := b.do(padVAR+"/nieuw", "naam", "Verlenen van parkeervergunningen", "verantwoordelijkeOrganisatie", oinPaginas, "grondslagen", "publieke_taak")
	blad := b.pad
	b.want(p, blad, "Het concept is bewaard.", "Schrijf waarvoor de gegevens worden gebruikt.", "Noem bij deze grondslag de wet")
	velden := []string{
		"versie", "1", "naam", "Verlenen van parkeervergunningen", "categorie", "Vergunningen", "verantwoordelijkeOrganisatie", oinPaginas, "doel", "Parkeerruimte eerlijk verdelen.",
		"grondslagen", "publieke_taak", "toelichtingGrondslag", "Gemeentewet, artikel 225", "betrokkenen", "aanvragers\nbezoekers", "persoonsgegevens.0.naam", "kenteken", "persoonsgegevens.0.rol", "aanvrager",
		"bewaartermijn", "1 jaar", "beveiliging", "Geheime kluis op kamer 3.", "log.omvang", "volledig", "log.gebruiker", "ja", "bewaartermijnLog", "2 jaar", "vertrouwelijkheid", "ja", "duurVertrouwelijkheid", "een poos",
	}
	b.want(b.do(blad+"/wijzigen", velden...), blad+"/wijzigen", "Vul een termijn in", "Parkeerruimte eerlijk verdelen.")
	velden = velden[:len(velden)-4]
	p = b.do(blad+"/wijzigen", velden...)
	b.want(p, blad, "Het concept is bewaard.", "Vaststellen", "Publieke taak", "2 jaar", "aanvrager: kenteken")
	inwoner := newBrowser(t, adres)
	inwoner.want(inwoner.do("/verwerkingsactiviteiten"), "/verwerkingsactiviteiten", "Hier staat nog niets.")
	b.want(b.do(blad+"/vaststellen", "versie", "2", "ingangsdatum", "2026-01-01", "openbaar", "ja"), blad, "Vastgesteld.", "Bekijk wat inwoners lezen")

	b.want(b.do(blad+"/wijzigen", append(velden, "versie", "3", "herkomst", "De aanvrager zelf.")...), blad+"/wijzigen", "Iemand anders heeft dit intussen gewijzigd")
	velden[1] = "3"
	b.want(b.do(blad+"/wijzigen", append(velden, "herkomst", "De aanvrager zelf.")...), blad, "Er is een nieuw concept", "erbij:")
	b.want(b.do(blad+"/vaststellen", "versie", "4", "ingangsdatum", "2026-06-01", "openbaar", "ja"), blad+"/vaststellen", "Vul in wat er verandert en waarom.")
	b.want(b.do(blad+"/vaststellen", "versie", "4", "ingangsdatum", "2026-06-01", "openbaar", "ja", "reden", "De herkomst staat er nu bij."), blad, "Versie 2", "De herkomst staat er nu bij.")
	b.want(b.do(blad+"?geldigOp=2026-02-01"), blad, "1 februari 2026", "gold toen")

	p = inwoner.do("/verwerkingsactiviteiten?zoek=parkeer")
	openbaar := regexp.MustCompile(`/verwerkingsactiviteiten/[0-9a-f-]{36}`).FindString(p)
	inwoner.want(p, "/verwerkingsactiviteiten", "1 taak gevonden", "Parkeerruimte eerlijk verdelen.")
	p = inwoner.do(openbaar)
	inwoner.want(p, openbaar, "Waarom gebruiken wij uw gegevens?", "De aanvrager zelf.", "Dan mag u bezwaar maken", "Zoals het was op 1 januari 2026")
	if strings.Contains(p, "kluis") || strings.Contains(p, "volledig") || strings.Contains(p, "Officer") {
		t.Error("a citizen reads what is not public")
	}
	if p = inwoner.do(openbaar + "?geldigOp=2026-02-01"); strings.Contains(p, "De aanvrager zelf.") || !strings.Contains(p, "1 februari 2026") {
		t.Error("an earlier moment shows the version of now")
	}
	b.want(b.do(padVAR+"/register"), padVAR+"/register", "1.1 Verlenen van parkeervergunningen", "Geheime kluis", "artikel 30")
	b.want(b.do(padVAR+"/juridisch"), padVAR+"/juridisch", "Nog niet nagekeken door een jurist.", "selectielijst-2020-01-01.yaml")
	b.want(b.do(padVAR+"/log"), padVAR+"/log", "De grond van de log is nog niet vastgelegd.", "Wat nog ontbreekt")
	b.want(b.do("/beheer/"), "/beheer/", "Er staat nog niet waarom het loggen zelf mag.")
	b.want(b.do(padVAR+"/log/wijzigen"), padVAR+"/log/wijzigen", "Dit mag u niet bekijken of doen")
	b.want(b.do(blad+"/openbaar", "versie", "5"), blad, "Inwoners kunnen deze verwerkingsactiviteit niet meer lezen.")
	inwoner.want(inwoner.do(openbaar), openbaar, "Deze pagina is er niet")
	if _, err := s.beheerlog.Controle(context.Background(), oinPaginas); err != nil {
		t.Error(err)
	}
}

func TestASheetGoesInAndComesOutTheSame(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	s.werk.Genoeg = time.Minute
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen, gebruiker.Goedkeuren, gebruiker.Exporteren)
	sheet := "Register van de gemeente;;;;\n;;;;\nID;Naam verwerking;Doeleinde;Grondslg;DPIA gedaan\n1;Verlenen van parkeervergunningen;Ruimte verdelen;publieke taak;nee\n2;;Zonder naam;toestemming;ja\n"
	p := b.upload(padVAR+"/invoeren", "bestand", "register.csv", []byte(sheet))
	b.want(p, b.pad, "Kolommen nakijken", "register.csv heeft 2 rijen.", "Grondslg", `selected="">rij 3: ID`)
	keuze := func(p string) []string {
		uit := []string{"kop", "3"}
		for _, m := range regexp.MustCompile(`(?s)name="(kolom\.\d+)".*?<option value="([^"]*)" selected`).FindAllStringSubmatch(p, -1) {
			uit = append(uit, m[1], m[2])
		}
		return uit
	}
	p = b.do(b.pad, keuze(p)...)
	b.want(p, b.pad, "Dit bestand kan nog niet worden ingevoerd", "rij 5")
	sheet = strings.Replace(sheet, "2;;Zonder", "2;Behandelen van klachten;Met", 1)
	p = b.upload(padVAR+"/invoeren", "bestand", "register.csv", []byte(sheet))
	p = b.do(b.pad, keuze(p)...)
	b.want(p, b.pad, "Nu invoeren", "Voorbeeld van het invoeren", "2 rijen zijn daarvoor nog niet volledig genoeg")
	voorbeeld := b.pad
	b.want(b.do(voorbeeld, "soort", "definitief", "ingangsdatum", "2026-01-01"), voorbeeld, "Rij 4 (Verlenen van parkeervergunningen):")
	b.want(b.do(padVAR), padVAR, "Er is nog geen verwerkingsactiviteit.")
	b.want(b.do(voorbeeld, "soort", "concept"), voorbeeld, "Nieuw: 2. Gewijzigd: 0. Gelijk gebleven: 0.")
	b.want(b.do(padVAR+"?stand=concept"), padVAR, "2 activiteiten", "Behandelen van klachten")
	b.want(b.do(voorbeeld), strings.Replace(voorbeeld, "/voorbeeld/", "/bezig/", 1), "Nieuw: 2. Gewijzigd: 0.") // done, and not again

	for _, soort := range []string{"csv", "xlsx", "json"} {
		r, err := b.http.Get(adres + padVAR + "/uitvoeren/" + soort)
		if err != nil {
			t.Fatal(err)
		}
		inhoud, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment; filename=verwerkingsactiviteiten-") {
			t.Fatalf("%s: %d, %q, %v", soort, r.StatusCode, r.Header.Get("Content-Disposition"), err)
		}
		if soort == "json" {
			if !bytes.Contains(inhoud, []byte("DPIA gedaan")) {
				t.Error("a column without a field was lost")
			}
			continue
		}
		p = b.upload(padVAR+"/invoeren", "bestand", "terug."+soort, inhoud)
		k := keuze(p)
		k[1] = "1"
		p = b.do(b.pad, k...)
		b.want(p, b.pad, "Voorbeeld van het invoeren")
		if n := strings.Count(p, ">blijft gelijk</span>"); n != 2 {
			t.Errorf("%s: %d of 2 rows come back the same:\n%s", soort, n, tekstVan(p))
		}
	}
}

func TestACitizenReadsWhatHeldOnceAndNotWhatIsToCome(t *testing.T) {
	t.Parallel()
	s, _, adres := startPaginas(t)
	ctx := context.Background()
	d := activiteit.Dader{OIN: oinPaginas, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	in := func(naam string) activiteit.Inhoud {
		return activiteit.Inhoud{
			Naam: naam, VerantwoordelijkeOrganisatie: oinPaginas, Doel: "Iets doen.", Grondslagen: []string{"toestemming"}, Betrokkenen: []string{"inwoners"},
			Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "naam", Rol: "inwoner"}}, Bewaartermijn: "1 jaar", Beveiliging: "Goed.", Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig},
		}
	}
	oud, straks, eigen := uuid.New(), uuid.New(), uuid.New()
	if _, err := s.Activiteiten().Importeer(ctx, d, []activiteit.Invoer{
		{ID: oud, Ingangsdatum: "2020-01-01", Einddatum: "2021-12-31", Inhoud: in("Stempelkaarten uitgeven")},
		{ID: straks, Ingangsdatum: "2199-01-01", Inhoud: in("Sportpassen uitgeven")},
		{ID: eigen, Ingangsdatum: "2020-01-01", Inhoud: in("Binnenshuis werken")},
	}, true); err != nil {
		t.Fatal(err)
	}
	for _, id := range []uuid.UUID{oud, straks} {
		if err := s.Activiteiten().ZetOpenbaar(ctx, d, id, 1, true); err != nil {
			t.Fatal(err)
		}
	}
	// A later version of the one that ended is told of only when it comes.
	if _, err := s.Activiteiten().Importeer(ctx, d, []activiteit.Invoer{{ID: oud, Stand: 2, Ingangsdatum: "2199-01-01", Inhoud: in("Stempelkaarten, nu digitaal")}}, true); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, adres)
	p := b.do("/verwerkingsactiviteiten")
	b.want(p, "/verwerkingsactiviteiten", "1 taak", "Stempelkaarten uitgeven", "gestopt")
	for _, niet := range []string{"Sportpassen", "digitaal", "Binnenshuis"} {
		if strings.Contains(p, niet) {
			t.Errorf("%s is told to everybody", niet)
		}
	}
	pad := "/verwerkingsactiviteiten/" + oud.String()
	b.want(b.do(pad), pad, "Dit doen wij niet meer sinds 31 december 2021.", "U gaf toestemming.")
	b.want(b.do(pad+"?geldigOp=2021-06-01"), pad, "U leest hoe het was op 1 juni 2021.")
	b.want(b.do(pad+"?geldigOp=2022-06-01"), pad, "Op deze dag gold deze verwerking niet")
	for _, id := range []uuid.UUID{straks, eigen} {
		pad := "/verwerkingsactiviteiten/" + id.String()
		b.want(b.do(pad), pad, "Deze pagina is er niet")
	}
}
