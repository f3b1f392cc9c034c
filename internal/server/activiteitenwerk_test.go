package server

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// eenXLSX is a sheet with two hundred rows of two cells, each with a text of its own.
func eenXLSX(t *testing.T) []byte {
	t.Helper()
	const ns, rel = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`, "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	var blad, teksten strings.Builder
	blad.WriteString(`<worksheet` + ns + `><sheetData>`)
	teksten.WriteString(`<sst` + ns + `>`)
	for rij := range 200 {
		blad.WriteString(`<row>`)
		for kolom := range 2 {
			n := strconv.Itoa(rij*2 + kolom)
			blad.WriteString(`<c t="s"><v>` + n + `</v></c>`)
			switch {
			case rij == 0 && kolom == 0:
				n = "Naam verwerking"
			case rij == 0:
				n = "Kolom " + n
			}
			teksten.WriteString(`<si><t>tekst ` + n + `</t></si>`)
		}
		blad.WriteString(`</row>`)
	}
	var uit bytes.Buffer
	z := zip.NewWriter(&uit)
	for _, d := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook` + ns + ` xmlns:r="` + rel + `"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", blad.String() + `</sheetData></worksheet>`}, {"xl/sharedStrings.xml", teksten.String() + `</sst>`},
	} {
		w, err := z.Create(d[0])
		if err == nil {
			_, err = w.Write([]byte(d[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return uit.Bytes()
}

const padBezig = padVAR + "/invoeren/bezig/"

// meteen makes every request show how far it is: each work waits for a call of verder, so that none is done before somebody looked.
func meteen(s *Server) (verder func()) {
	door := make(chan struct{})
	s.werk.Genoeg, s.werk.Elke = time.Nanosecond, 20*time.Millisecond
	s.werk.Voor = func(ctx context.Context) {
		select {
		case <-door:
		case <-ctx.Done():
		}
	}
	return func() { door <- struct{}{} }
}

// blijf asks for a page until it leads on.
func (b *browser) blijf(pad string) string {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if p := b.do(pad); !strings.Contains(p, "<progress") {
			return p
		}
	}
	b.t.Fatal("it does not go on")
	return ""
}

// dader is whoever is signed in as the privacy officer, for the register.
func (s *Server) dader(t *testing.T) activiteit.Dader {
	t.Helper()
	g, ok := s.Mensen().Beheer.Register().OpEmail(oinPaginas, "p.officer@voorbeeldstad.example", time.Now())
	if !ok {
		t.Fatal("nobody")
	}
	return activiteit.Dader{OIN: oinPaginas, Wie: beheerlog.Wie{Soort: "gebruiker", ID: g.ID.String(), Naam: g.Naam}, Mag: func(string) bool { return true }}
}

func TestALargeSheetShowsHowFarItIsAndGoesOnToItsColumns(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	verder := meteen(s)
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen)
	p := b.upload(padVAR+"/invoeren", "bestand", "groot.xlsx", eenXLSX(t))
	bezig := b.pad
	if !strings.HasPrefix(bezig, padBezig) {
		t.Fatalf("a large sheet leads to %s", bezig)
	}
	b.want(p, bezig, "Het bestand wordt gelezen", "groot.xlsx", `role="status"`, "<progress", "Stoppen, en het bestand weggooien")
	r, err := b.http.Get(b.url + bezig)
	if err != nil {
		t.Fatal(err)
	}
	if b.lees(r); r.Header.Get("Refresh") != "2" {
		t.Errorf("the page refreshes by %q", r.Header.Get("Refresh"))
	}
	if r, err = b.http.Get(b.url + bezig + "?ververs=nee"); err != nil {
		t.Fatal(err)
	}
	if b.lees(r); r.Header.Get("Refresh") != "" {
		t.Error("the page refreshes though it was asked not to")
	}
	// The page was closed; the way back is on the first one.
	b.want(b.do(padVAR+"/invoeren"), padVAR+"/invoeren", "groot.xlsx wordt nu gelezen", bezig)
	verder()
	p = b.blijf(bezig)
	b.want(p, padVAR+"/invoeren/kolommen/"+strings.TrimPrefix(bezig, padBezig), "Kolommen nakijken", "Naam verwerking")
	if p := b.do(padVAR + "/invoeren"); strings.Contains(p, "wordt nu gelezen") {
		t.Error("still said to be read")
	}
}

func TestASheetThatIsBeingReadCanBeThrownAway(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	meteen(s)
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen)
	b.upload(padVAR+"/invoeren", "bestand", "groot.xlsx", eenXLSX(t))
	bezig := b.pad
	id := uuid.MustParse(strings.TrimPrefix(bezig, padBezig))
	b.want(b.do(padVAR+"/invoeren/weg/"+id.String(), "x", ""), padVAR+"/invoeren", "Het bestand is weggegooid.")
	if p := b.do(bezig); !strings.Contains(p, "Dit bestand is er niet meer") {
		t.Errorf("%s", tekstVan(p))
	}
	s.werk.Stop() // all work has ended now
	if _, _, err := s.activiteiten.Haal(context.Background(), s.dader(t), id); err == nil {
		t.Error("it was kept all the same")
	}
}

func TestWhatIsWrongWithALargeSheetStandsAtItsField(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	verder := meteen(s)
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen)
	b.upload(padVAR+"/invoeren", "bestand", "te lang.csv", []byte("Naam verwerking;Doel\n"+strings.Repeat("Een;Iets doen.\n", 20_050)))
	verder()
	p := b.blijf(b.pad)
	if !strings.Contains(p, `href="#veld-bestand"`) || !strings.Contains(p, "niet meer dan 20.000 rijen gelezen") {
		t.Errorf("%s", tekstVan(p))
	}
}

func TestAStopWhileASheetIsReadSaysThatItMustBeSentAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	omgeving := map[string]string{"VERANTWOORD_STORE": "sqlite:" + filepath.Join(dir, "store"), "VERANTWOORD_SLEUTELS": filepath.Join(dir, "sleutels")}
	s, mail, adres := startPaginasMet(t, omgeving, "[]", nil)
	meteen(s)
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen)
	b.upload(padVAR+"/invoeren", "bestand", "groot.xlsx", eenXLSX(t))
	bezig := b.pad // cookies go by host, and not by port: the session goes along
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, b.url = startPaginasMet(t, omgeving, "[]", nil)
	p := b.do(bezig)
	b.want(p, bezig, "Het register is opnieuw gestart", `href="#veld-bestand"`, "Bestand lezen")
}

func TestAnotherNodeShowsHowFarItIsAndStopsIt(t *testing.T) {
	t.Parallel()
	omgeving := map[string]string{"VERANTWOORD_STORE": postgrestest.Database(t), "VERANTWOORD_SLEUTELS": filepath.Join(t.TempDir(), "sleutels")}
	s, mail, adres := startPaginasMet(t, omgeving, "[]", nil)
	verder := meteen(s)
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen)
	_, _, ander := startPaginasMet(t, omgeving, "[]", nil) // later, so that it does not deliver the mail of the first
	b.upload(padVAR+"/invoeren", "bestand", "groot.xlsx", eenXLSX(t))
	bezig := b.pad
	b.url = ander
	b.want(b.do(bezig), bezig, "Het bestand wordt gelezen", "groot.xlsx")
	verder()
	b.want(b.blijf(bezig), padVAR+"/invoeren/kolommen/"+strings.TrimPrefix(bezig, padBezig), "Kolommen nakijken")

	b.url = adres
	b.upload(padVAR+"/invoeren", "bestand", "groot.xlsx", eenXLSX(t))
	weg := strings.TrimPrefix(b.pad, padBezig)
	b.url = ander
	b.want(b.do(padVAR+"/invoeren/weg/"+weg, "x", ""), padVAR+"/invoeren", "Het bestand is weggegooid.")
	s.werk.Stop()
	if _, _, err := s.activiteiten.Haal(context.Background(), s.dader(t), uuid.MustParse(weg)); err == nil {
		t.Error("it was kept all the same")
	}
}

func TestALargeImportIsDoneOnceHoweverOftenItIsAsked(t *testing.T) {
	t.Parallel()
	var vooruit atomic.Int64
	s, mail, adres := startPaginasMet(t, nil, "[]", func() time.Time { return time.Now().Add(time.Duration(vooruit.Load())) })
	s.werk.Genoeg = time.Minute
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien, gebruiker.Wijzigen)
	var csv bytes.Buffer
	csv.WriteString("Naam verwerking;Doel\n")
	for n := range 150 {
		fmt.Fprintf(&csv, "Verwerking %d;Een doel.\n", n)
	}
	b.upload(padVAR+"/invoeren", "bestand", "register.csv", csv.Bytes())
	p := b.do(b.pad)
	if !strings.HasPrefix(b.pad, padVAR+"/invoeren/kolommen/") {
		t.Fatalf("a small sheet leads to %s", b.pad)
	}
	p = b.do(b.pad, kolommenVan(t, p)...)
	voorbeeld := b.pad
	b.want(p, voorbeeld, "150")
	verder := meteen(s)
	s.werk.Elke = time.Hour // a large import holds up its own signs
	p = b.do(voorbeeld, "soort", "concept")
	if !strings.HasPrefix(b.pad, padBezig) {
		t.Fatalf("a large import leads to %s: %s", b.pad, tekstVan(p))
	}
	bezig := b.pad
	b.do(voorbeeld, "soort", "concept") // sent again while it goes on
	vooruit.Store(int64(time.Minute))
	b.want(b.do(bezig), bezig, "<progress")
	verder()
	p = b.blijf(bezig)
	b.want(p, bezig, "Het bestand is ingevoerd", "Nieuw: 150. Gewijzigd: 0.")
	b.want(b.do(voorbeeld, "soort", "concept"), bezig, "Nieuw: 150.") // and once more
	b.want(b.do(padVAR+"/invoeren/weg/"+strings.TrimPrefix(bezig, padBezig), "x", ""), bezig, "Nieuw: 150.")
	l, err := s.activiteiten.Lijst(s.dader(t), activiteit.Filter{})
	if err != nil || len(l) != 150 {
		t.Errorf("%d activities: %v", len(l), err)
	}
}

var (
	kolomKeuze = regexp.MustCompile(`(?s)name="(kolom\.\d+)"[^>]*>(.*?)</select>`)
	gekozenOp  = regexp.MustCompile(`value="([^"]*)" selected`)
	kopVan     = regexp.MustCompile(`(?s)name="kop".*?value="(\d+)" selected`)
)

// kolommenVan are the fields of the form of the columns, as it proposes them.
func kolommenVan(t *testing.T, pagina string) (velden []string) {
	t.Helper()
	for _, m := range kolomKeuze.FindAllStringSubmatch(pagina, -1) {
		waarde := ""
		if g := gekozenOp.FindStringSubmatch(m[2]); g != nil {
			waarde = g[1]
		}
		velden = append(velden, m[1], waarde)
	}
	kop := kopVan.FindStringSubmatch(pagina)
	if kop == nil || len(velden) == 0 {
		t.Fatalf("no columns: %s", tekstVan(pagina))
	}
	return append(velden, "kop", kop[1])
}
