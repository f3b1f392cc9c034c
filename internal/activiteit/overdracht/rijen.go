package overdracht

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// lezer reads the rows of a sheet.
type lezer struct {
	v       *Voorbeeld
	t       *rekenblad.Tabel
	kop     int
	m       Koppeling
	wetten  Herkenner
	op      activiteit.Datum
	perID   map[uuid.UUID]*activiteit.Activiteit
	perNaam map[string]bool // plat; of activities that are there
	herkend map[[2]string]herkend
	velden  []*veld  // by column; nil: Overig or Negeer
	namen   []string // by column
}

func (l *lezer) meld(m Melding) { l.v.Meldingen = append(l.v.Meldingen, m) }

// koppel looks at the Koppeling; false when no row can be read with it.
func (l *lezer) koppel() bool {
	if l.kop < 0 || l.kop >= len(l.t.Rijen) {
		l.meld(Melding{Tekst: "De rij met de namen van de kolommen is niet gekozen; kies haar.", Fout: true})
		return false
	}
	breed := l.t.Kolommen()
	l.velden, l.namen = make([]*veld, breed), make([]string, breed)
	eerste := map[string]int{}
	goed := true
	for k := range breed {
		naam := regelVan(strings.TrimPrefix(l.t.Cel(l.kop, k), voorOverig))
		if naam == "" {
			naam = "Kolom " + rekenblad.KolomNaam(k)
		}
		l.namen[k] = naam
		keus := l.keus(k)
		if keus == Overig || keus == Negeer {
			continue
		}
		v := perNaam[keus]
		if v == nil {
			l.meld(Melding{Kolom: rekenblad.KolomNaam(k), Tekst: "Voor deze kolom is een onbekend veld gekozen; kies een veld uit de lijst.", Fout: true})
			goed = false
			continue
		}
		if e, ok := eerste[keus]; ok && v.vorm == enkel {
			l.meld(Melding{Kolom: rekenblad.KolomNaam(k), Veld: keus, Fout: true,
				Tekst: "Ook kolom " + rekenblad.KolomNaam(e) + " is " + v.Titel + "; kies voor een van beide iets anders."})
			goed = false
		} else if !ok {
			eerste[keus] = k
		}
		l.velden[k] = v
	}
	if _, ok := eerste["naam"]; !ok {
		l.meld(Melding{Veld: "naam", Tekst: "Geen kolom is de naam van de verwerking; kies welke kolom dat is.", Fout: true})
		goed = false
	}
	return goed
}

func (l *lezer) keus(k int) string {
	if k >= len(l.m.Kolommen) || l.m.Kolommen[k] == "" {
		return Overig
	}
	return l.m.Kolommen[k]
}

// rij reads row k, from 0.
func (l *lezer) rij(k int) {
	cellen := l.t.Rijen[k]
	if l.sla(k, cellen) {
		return
	}
	regel := Regel{Rij: k + 1}
	r := &rijLezer{wetten: l.wetten, bekend: l.herkend, regel: &regel}
	for n, s := range cellen {
		if strings.TrimSpace(s) == "" {
			continue
		}
		r.kolom, r.veld, r.kop = rekenblad.KolomNaam(n), "", l.namen[n]
		switch v := l.velden[n]; {
		case v != nil:
			r.veld = v.Naam
			v.lees(r, strings.TrimSpace(s))
		case l.keus(n) == Overig:
			l.overig(r, n, s)
		}
	}
	l.rondAf(r)
	regel.Invoer = r.uit
	l.vergelijk(&regel)
	l.v.Regels = append(l.v.Regels, regel)
}

// overig keeps a cell of a column without a field. The column of an export that holds all of them is taken apart again.
func (l *lezer) overig(r *rijLezer, n int, s string) {
	r.veld = Overig
	entries, ok := ontpunt(s)
	if !ok || !alleOverig(l.t.Cel(l.kop, n)) {
		r.overig(l.namen[n], s)
		return
	}
	for _, e := range entries {
		if v, ok := leesVeld(schoon(e), true); ok {
			r.overig(v.Naam, v.Waarde)
		} else {
			r.overig(l.namen[n], e)
		}
	}
}

// sla tells whether a row holds no activity, and says so when it has text.
func (l *lezer) sla(k int, cellen []string) bool {
	gevuld, gelijk, velden, naam := 0, true, 0, false
	eerste := ""
	for n, s := range cellen {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if gevuld++; gevuld == 1 {
			eerste = s
		}
		gelijk = gelijk && s == eerste
		if v := l.velden[n]; v != nil {
			velden++
			naam = naam || v.Naam == "naam"
		}
	}
	switch {
	case gevuld == 0:
	case slices.Equal(cellen, l.t.Rijen[l.kop]):
		l.meld(Melding{Rij: k + 1, Tekst: "Deze rij herhaalt de namen van de kolommen en is overgeslagen."})
	case gelijk && gevuld > 2:
		l.meld(Melding{Rij: k + 1, Tekst: "Deze rij heeft overal dezelfde tekst, zoals een tussenkop, en is overgeslagen."})
	case !naam && (velden == 0 || gevuld == 1):
		l.meld(Melding{Rij: k + 1, Tekst: "Deze rij heeft geen naam van een verwerking en is overgeslagen."})
	default:
		return false
	}
	return true
}

// rondAf adds what holds for all rows and checks what the row as a whole needs.
func (l *lezer) rondAf(r *rijLezer) {
	r.kolom = kolomVan(l.m, "grondslagen")
	for _, v := range r.rest {
		r.veld = v.Naam
		if t := samen(r.uit.ToelichtingGrondslag, v.Waarde); !strings.Contains(r.uit.ToelichtingGrondslag, v.Waarde) {
			r.uit.ToelichtingGrondslag = r.lang(t, maxLang)
		}
	}
	r.kolom = ""
	for k := range velden {
		v := &velden[k]
		if s := l.m.Standaard[v.Naam]; s != "" && v.tekst(&rij{Invoer: r.uit}) == "" {
			r.veld = v.Naam
			v.lees(r, s)
		}
	}
	if r.uit.Naam == "" {
		r.kolom, r.veld = kolomVan(l.m, "naam"), "naam"
		r.fout("De naam van de verwerking ontbreekt; vul haar in, of verwijder de rij.")
	}
	if r.uit.Einddatum != "" && r.uit.Einddatum < r.uit.Ingangsdatum {
		r.kolom, r.veld = kolomVan(l.m, "einddatum"), "einddatum"
		r.fout("De einddatum ligt voor de ingangsdatum; verbeter een van beide.")
	}
}

// vergelijk says what would happen to the row.
func (l *lezer) vergelijk(regel *Regel) {
	a := l.perID[regel.Invoer.ID]
	if a == nil || regel.Invoer.ID == uuid.Nil {
		regel.Wat = Nieuw
		if l.perNaam[plat(regel.Invoer.Naam)] && regel.Invoer.Naam != "" {
			regel.Meldingen = append(regel.Meldingen, Melding{Kolom: kolomVan(l.m, "naam"), Veld: "naam",
				Tekst: "Er is al een verwerkingsactiviteit met deze naam; zet haar UUID in de rij als u die wilt wijzigen."})
		}
		return
	}
	regel.Invoer.Stand = a.Stand
	was, versie, _ := stand(a, l.op)
	regel.Verschil = verschil(was, &regel.Invoer.Inhoud)
	if a.Concept != nil && len(verschil(&a.Concept.Inhoud, &regel.Invoer.Inhoud)) == 0 {
		regel.Verschil = nil // a sheet that repeats the change in the making changes nothing either
	}
	anders := len(regel.Verschil) > 0
	if i := &regel.Invoer; versie != nil && !(a.Concept != nil && !anders) { // a day that is not said stays as it is
		if i.Ingangsdatum != "" && i.Ingangsdatum != versie.Ingangsdatum {
			regel.Verschil = append(regel.Verschil, "ingangsdatum")
		}
		if i.Einddatum != "" && i.Einddatum != versie.Einddatum {
			regel.Verschil = append(regel.Verschil, "einddatum")
		}
	}
	if regel.Wat = Gelijk; len(regel.Verschil) == 0 {
		return
	}
	if regel.Wat = Gewijzigd; !anders {
		regel.Meldingen = append(regel.Meldingen, Melding{Tekst: "Alleen de datums zijn anders; die worden alleen overgenomen als u de invoer meteen vaststelt."})
	}
}

// dubbel tells of rows that are the same activity.
func (l *lezer) dubbel() {
	ids, namen := map[uuid.UUID]int{}, map[string]int{}
	for k := range l.v.Regels {
		r := &l.v.Regels[k]
		if id := r.Invoer.ID; id != uuid.Nil {
			if eerder, ok := ids[id]; ok {
				r.Meldingen = append(r.Meldingen, Melding{Kolom: kolomVan(l.m, "id"), Veld: "id", Fout: true,
					Tekst: "Rij " + strconv.Itoa(eerder) + " heeft dezelfde UUID; maak de cel leeg als dit een andere verwerking is, of verwijder een van de rijen."})
			} else {
				ids[id] = r.Rij
			}
		}
		if naam := plat(r.Invoer.Naam); naam != "" {
			if eerder, ok := namen[naam]; ok {
				r.Meldingen = append(r.Meldingen, Melding{Kolom: kolomVan(l.m, "naam"), Veld: "naam",
					Tekst: "Rij " + strconv.Itoa(eerder) + " heeft dezelfde naam; controleer of dit een andere verwerking is."})
			} else {
				namen[naam] = r.Rij
			}
		}
	}
}
