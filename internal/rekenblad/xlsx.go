package rekenblad

import (
	"encoding/xml"
	"io"
	"strings"
)

// maxBladen of a workbook.
const maxBladen = 500

// leesXLSX reads one sheet of a workbook (ECMA-376 part 1, SpreadsheetML; the strict form too).
func leesXLSX(r io.ReaderAt, n int64, blad string, l Limieten, t *Tabel) error {
	a, err := openArchief(r, n, l)
	if err != nil {
		return err
	}
	hoofd, err := a.hoofddeel()
	if err != nil {
		return err
	}
	naar, err := a.verwijzingen(hoofd)
	if err != nil {
		return err
	}
	w, err := a.werkmap(hoofd, naar)
	if err != nil {
		return err
	}
	keus, err := w.kies(a, blad)
	if err != nil {
		return err
	}
	t.Blad = keus.Naam
	for _, b := range w.bladen {
		t.Bladen = append(t.Bladen, b.Blad)
	}
	w.meldVerborgen(t, keus)
	a.tabel, a.totaal = t, a.uitgepakt+a.grootte(keus.deel)
	for _, v := range naar {
		if v.soort == "sharedStrings" || v.soort == "styles" {
			a.totaal += a.grootte(v.deel)
		}
	}
	bron := bron{dag1904: w.dag1904}
	gezien := map[string]string{}
	for _, v := range naar {
		switch v.soort {
		case "sharedStrings", "styles":
			if eerder, ok := gezien[v.soort]; ok && eerder != v.deel { // each program takes another
				return errNietHeel
			} else if ok {
				continue
			}
			gezien[v.soort] = v.deel
		}
		switch v.soort {
		case "sharedStrings":
			bron.teksten, err = a.teksten(v.deel)
		case "styles":
			bron.opmaak, err = a.opmaak(v.deel)
		}
		if err != nil {
			return err
		}
	}
	return a.blad(keus.deel, &bron, t)
}

// hoofddeel finds the workbook and refuses what is no XLSX.
func (a *archief) hoofddeel() (string, error) {
	switch {
	case a.heeft("mimetype") && a.heeft("content.xml"):
		return "", mediatype("Dit is een OpenDocument-bestand (zoals .ods); " + opslaanAlsXLSX)
	case !a.heeft("[Content_Types].xml"):
		return "", mediatype("Dit is een ZIP-bestand en geen rekenblad; pak het uit en bied het bestand aan dat erin zit.")
	}
	soort, err := a.soorten()
	if err != nil {
		return "", err
	}
	naar, err := a.verwijzingen("")
	if err != nil {
		return "", err
	}
	hoofd := ""
	for _, v := range naar {
		if v.soort == "officeDocument" {
			if hoofd != "" && hoofd != v.deel { // each program takes another
				return "", errNietHeel
			}
			hoofd = v.deel
		}
	}
	if hoofd == "" || !a.heeft(hoofd) {
		return "", errNietHeel
	}
	is := soort[hoofd]
	for naam := range a.delen {
		if strings.HasSuffix(naam, "vbaproject.bin") {
			is = "macroenabled"
		}
	}
	switch {
	case strings.Contains(is, "binary"):
		return "", mediatype("Dit is een binair Excel-bestand (.xlsb); " + opslaanAlsXLSX)
	case strings.Contains(is, "macroenabled"), strings.Contains(is, "addin"):
		return "", mediatype("Dit rekenblad bevat macro's (.xlsm) en die worden niet aangenomen; " + opslaanAlsXLSX)
	case strings.Contains(is, "wordprocessingml"), strings.Contains(is, "presentationml"):
		return "", mediatype("Dit is een document of presentatie en geen tabel; bied een Excel-werkmap (.xlsx) of een CSV aan.")
	}
	return hoofd, nil
}

// soorten is the kind of content of each part that has its own line, in lower case.
func (a *archief) soorten() (map[string]string, error) {
	uit := map[string]string{}
	err := a.lees("[Content_Types].xml", func(e *elementen) error {
		for {
			tok, err := e.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if t, ok := tok.(xml.StartElement); ok && e.in("Types", "Override") && len(uit) <= a.l.Delen {
				uit[deel(attr(t, "PartName"))] = strings.ToLower(attr(t, "ContentType"))
			}
		}
	})
	return uit, err
}

// werkmap is what the workbook says of its sheets.
type werkmap struct {
	bladen  []bladRef
	dag1904 bool // days are counted from 1904
}

type bladRef struct {
	Blad
	deel string // empty: no sheet of cells
}

func (a *archief) werkmap(hoofd string, naar map[string]verwijzing) (*werkmap, error) {
	w := &werkmap{}
	heeft := false
	err := a.lees(hoofd, func(e *elementen) error {
		for {
			tok, err := e.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			t, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			switch {
			case e.in("workbook"):
				heeft = true
			case e.in("workbook", "workbookPr"):
				w.dag1904 = waar(attr(t, "date1904"))
			case e.in("workbook", "sheets", "sheet"):
				if len(w.bladen) == maxBladen {
					return errTeVeel
				}
				b := bladRef{Blad: Blad{Naam: bestandsnaam(attr(t, "name"))}}
				b.Verborgen = strings.Contains(strings.ToLower(attr(t, "state")), "hidden")
				if v := naar[attrID(t)]; v.soort == "worksheet" && a.heeft(v.deel) {
					b.deel = v.deel
				}
				w.bladen = append(w.bladen, b)
			}
		}
	})
	if err == nil && !heeft {
		err = errNietHeel
	}
	return w, err
}

// attrID is r:id; sheetId is something else, and has another local name.
func attrID(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// kies gives the sheet with a name, or else the visible one that takes the most room: a workbook has sheets with an
// explanation and with lists of choices beside the one that is meant.
func (w *werkmap) kies(a *archief, naam string) (*bladRef, error) {
	var beste *bladRef
	var most uint64
	for k := range w.bladen {
		b := &w.bladen[k]
		switch {
		case b.deel == "":
		case naam != "" && strings.EqualFold(b.Naam, naam):
			return b, nil
		case naam == "" && !b.Verborgen:
			if n := a.delen[b.deel].UncompressedSize64; beste == nil || n > most {
				beste, most = b, n
			}
		}
	}
	switch {
	case beste != nil:
		return beste, nil
	case naam != "":
		return nil, geenBlad
	}
	return nil, onleesbaar("In dit rekenblad is geen blad met cellen zichtbaar; maak het blad met uw gegevens zichtbaar en sla het opnieuw op.", nil)
}

func (w *werkmap) meldVerborgen(t *Tabel, keus *bladRef) {
	var verborgen, andere []string
	for k := range w.bladen {
		switch b := &w.bladen[k]; {
		case b == keus:
		case b.Verborgen:
			verborgen = append(verborgen, b.Naam)
		case b.deel != "":
			andere = append(andere, b.Naam)
		}
	}
	if len(andere) > 0 {
		t.meld("", "Alleen het blad \""+keus.Naam+"\" is gelezen; niet gelezen: "+opsomming(andere)+".")
	}
	if len(verborgen) > 0 {
		t.meld("", "Dit rekenblad heeft verborgen bladen, die niet zijn gelezen: "+opsomming(verborgen)+".")
	}
}

// opsomming names ten at most.
func opsomming(namen []string) string {
	if len(namen) > 10 {
		return strings.Join(namen[:10], ", ") + " en andere"
	}
	return strings.Join(namen, ", ")
}

func waar(s string) bool { return s == "1" || s == "true" || s == "on" }
