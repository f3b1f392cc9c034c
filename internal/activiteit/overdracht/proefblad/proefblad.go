// Package proefblad makes a workbook of the shape of the registers that municipalities keep, for tests: several hundred rows
// with merged cells, a title and headings above the table, columns and grounds spelled in many ways, most UUIDs missing, dates
// as days of a spreadsheet, and sheets beside it of which one is hidden. All names are made up. It is written by another
// library than the one that reads it here, so that both must be right.
package proefblad

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// Kop is the row with the names of the columns, as people count.
const Kop = 4

// Kolommen are the names of the columns, as odd as they come.
var Kolommen = []string{"UUID", "ID", "Hoofdproces", "Naam verwerkng", "Verwerkingsverantwoordelijke", "Gedelegeerd verantwoordelijke", "Proces-eigenaar",
	"Doeleinde(n)", "Grondslag AVG (art. 6)", "Wettelijke basis", "Categorieën van betrokkenen", "Persoonsgegevens", "BSN (ja/nee)", "Bijzondere persoonsgegevens",
	"Ontvangers", "Doorgifte aan derde landen", "Bewaar-\ntermijn", "Verwerkers", "Technische en organisatorische maatregelen", "Ingangsdatum", "Opmerking FG"}

var (
	processen   = []string{"Burgerzaken", "Werk en inkomen", "Belastingen", "Vergunningen", "Jeugd", "Toezicht en handhaving", "Bestuur", "Personeel"}
	handelingen = []string{"Behandelen aanvraag", "Wijzigen van", "Beëindigen", "Registreren", "Controleren", "Verstrekken uit", "Archiveren van", "Bezwaar tegen"}
	zaken       = []string{"geslachtsnaam", "bijstandsuitkering", "parkeervergunning", "OZB-aanslag", "adoptieakte", "briefadres", "huisverbod", "standplaats", "leerlingenvervoer", "kwijtschelding"}
	grondslagen = []string{"Wettelijke verplichting", "wettelijke verplichting ", "Wettelijke verplichtng", "Publieke taak", "publieke taak (art. 6 lid 1 onder e AVG)",
		"Algemeen belang", "Toestemming betrokkene", "Uitvoering overeenkomst", "Wettelijke verplichting: Wet BRP art. 2.1", "Publieke taak / wettelijke verplichting",
		"Nog te bepalen", "Vitaal belang", "Gerechtvaardigd belang"}
	organen  = []string{"College van B&W", "Burgemeester", "Gemeenteraad", "Ambtenaar van de burgerlijke stand"}
	gegevens = []string{"NAW-gegevens, geboortedatum, BSN", "Aanvrager: naam, adres en woonplaats\nPartner: naam", "- Naam\n- Adres\n- Inkomensgegevens", "Naam; adres; telefoonnummer", "Kenteken"}
)

// XLSX makes a workbook with n activities, the same for each n.
func XLSX(n int) ([]byte, error) {
	r := rand.New(rand.NewPCG(30, uint64(n)))
	f := excelize.NewFile()
	defer f.Close() // nothing is on disk
	const blad = "Register"
	w := schrijver{f: f, blad: blad}
	w.doe(f.SetSheetName("Sheet1", "Toelichting"))
	w.doe(f.SetCellStr("Toelichting", "A1", "Dit register is verzonnen."))
	for _, naam := range []string{blad, "Keuzelijsten"} {
		_, err := f.NewSheet(naam)
		w.doe(err)
	}
	w.doe(f.SetSheetVisible("Keuzelijsten", false))
	w.doe(f.SetCellStr("Keuzelijsten", "A1", "Wettelijke verplichting"))
	dag, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	w.doe(err)

	w.cel(1, 1, "Register van verwerkingsactiviteiten gemeente Voorbeeldstad (art. 30 AVG)")
	w.voeg(1, 1, 1, len(Kolommen))
	w.cel(3, 1, "Algemeen")
	w.voeg(3, 1, 3, 7)
	w.cel(3, 8, "Doel en grondslag")
	w.voeg(3, 8, 3, 10)
	w.cel(3, 11, "Gegevens")
	w.voeg(3, 11, 3, 14)
	for k, kop := range Kolommen {
		w.cel(Kop, k+1, kop)
	}
	rij, begin, vorig := Kop, 0, ""
	for k := range n {
		rij++
		proces := processen[k*len(processen)/max(n, 1)]
		if proces != vorig {
			if begin > 0 && rij-1 > begin {
				w.voeg(begin, 3, rij-1, 3)
			}
			begin, vorig = rij, proces
			w.cel(rij, 3, proces)
		}
		if r.IntN(10) < 4 {
			w.cel(rij, 1, strings.ToUpper(uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d/%d", n, k)).String()))
		}
		w.cel(rij, 2, fmt.Sprintf("%s-%03d", proces[:2], k+1))
		w.cel(rij, 4, fmt.Sprintf("%s %s (%d)", handelingen[r.IntN(len(handelingen))], zaken[r.IntN(len(zaken))], k+1))
		w.cel(rij, 5, organen[r.IntN(len(organen))])
		if r.IntN(2) == 0 {
			w.cel(rij, 6, "Directeur Dienstverlening")
		}
		w.cel(rij, 7, "Teammanager "+proces)
		w.cel(rij, 8, "Het behandelen van zaken van inwoners.\nMet \"aanhalingstekens\"; en = tekens.")
		w.cel(rij, 9, grondslagen[r.IntN(len(grondslagen))])
		if r.IntN(2) == 0 {
			w.cel(rij, 10, fmt.Sprintf("Wet voorbeeld, artikel %d", 1+r.IntN(90)))
		}
		w.cel(rij, 11, "Inwoners, ondernemers")
		w.cel(rij, 12, gegevens[r.IntN(len(gegevens))])
		w.cel(rij, 13, []string{"ja", "Nee", "X", ""}[r.IntN(4)])
		w.cel(rij, 14, []string{"n.v.t.", "Gezondheid", "geen", "Etnische afkomst;Gezondheid"}[r.IntN(4)])
		w.cel(rij, 15, []string{"Belastingdienst; UWV", "Geen", "Politie"}[r.IntN(3)])
		w.cel(rij, 16, []string{"Nee", "n.v.t", ""}[r.IntN(3)])
		w.cel(rij, 17, fmt.Sprintf("%d jaar na afhandeling", 1+r.IntN(20)))
		w.cel(rij, 18, []string{"", "Voorbeeldsoft BV", "Voorbeeldsoft BV | info@voorbeeld.example | contract 12"}[r.IntN(3)])
		w.cel(rij, 19, "Zie het informatiebeveiligingsbeleid.")
		naam := plaats(rij, 20)
		w.doe(f.SetCellInt(blad, naam, int64(45000+r.IntN(800)))) // a day, as a spreadsheet counts
		w.doe(f.SetCellStyle(blad, naam, naam, dag))
		if r.IntN(8) == 0 {
			w.cel(rij, 21, "=nog nakijken")
		}
	}
	if begin > 0 && rij > begin {
		w.voeg(begin, 3, rij, 3)
	}
	w.cel(rij+2, 1, "Laatst bijgewerkt door de privacy officer.")
	if w.err != nil {
		return nil, w.err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// schrijver keeps the first error.
type schrijver struct {
	f    *excelize.File
	blad string
	err  error
}

func (w *schrijver) doe(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *schrijver) cel(rij, kolom int, s string) {
	if s != "" {
		w.doe(w.f.SetCellStr(w.blad, plaats(rij, kolom), s))
	}
}

func (w *schrijver) voeg(rij, kolom, totRij, totKolom int) {
	w.doe(w.f.MergeCell(w.blad, plaats(rij, kolom), plaats(totRij, totKolom)))
}

func plaats(rij, kolom int) string {
	naam, err := excelize.CoordinatesToCellName(kolom, rij)
	if err != nil {
		panic(err) // rows and columns are ours, from 1
	}
	return naam
}
