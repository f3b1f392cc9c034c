package activiteit

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Invoer is one activity of an import.
type Invoer struct {
	ID           uuid.UUID // zero: a new one is made; one that is unknown is taken as it is
	Stand        int64     // of the activity with that ID, as the preview saw it; 0 when there was none
	Ingangsdatum Datum     // only when it is made definite; empty: that of the version it equals, or today
	Einddatum    Datum     // empty: as it was
	Inhoud
}

// Uitkomst counts what an import did, or would do.
type Uitkomst struct{ Nieuw, Gewijzigd, Gelijk int }

// redenInvoer is the reason of a version that an import made.
const redenInvoer = "Ingelezen uit een bestand."

// maxFouten is after how many wrong fields an import is read no further.
const maxFouten = 1000

// perGebeurtenis is how many activities one event of an import tells of.
const perGebeurtenis = 200

// Importeer takes over all activities or none, in one transaction: as concepts, or with definitief as versions. What equals
// what the register holds is left alone. A definite import leaves the concept of an activity that has a version: that is
// another change, which someone is still making. Errors: CodeOngeldig with every wrong field of every row, by path
// "regels.<n>.<veld>"; CodeGeenToestemming, CodeTeGroot.
func (r *Register) Importeer(ctx context.Context, d Dader, regels []Invoer, definitief bool) (Uitkomst, error) {
	return r.ImporteerUit(ctx, d, uuid.UUID{}, regels, 0, definitief)
}

// ImporteerUit is Importeer of a file that Bewaar kept. In the same transaction the file says that it is done: it is taken over once,
// and not any more once it was thrown away. gelijk is how many rows were left out as they change nothing. Errors: those, and
// fout.NietGevonden and CodeVoorwaarde.
func (r *Register) ImporteerUit(ctx context.Context, d Dader, bestand uuid.UUID, regels []Invoer, gelijk int, definitief bool) (Uitkomst, error) {
	if len(regels) > maxActiviteiten {
		return Uitkomst{}, fout.New(fout.CodeTeGroot, "Dit zijn er meer dan 5000. Lees het bestand in delen in.")
	}
	// Made once: a change may be decided anew.
	in := make([]opgenomen, len(regels))
	for n, i := range regels {
		in[n] = opgenomen{Invoer: i, versie: uuid.New()}
		in[n].Inhoud = i.Inhoud.Normaal()
		if i.ID == (uuid.UUID{}) {
			in[n].ID = uuid.New()
		}
	}
	recht := Wijzigen
	if definitief {
		recht = Goedkeuren
	}
	var u Uitkomst
	err := r.wijzig(ctx, d, func(o *ontwerp) error {
		m := &importeur{ontwerp: o, definitief: definitief}
		for n := range in {
			m.k.voor = "regels." + strconv.Itoa(n) + "."
			if m.neem(&in[n]); len(m.k.params) > maxFouten {
				break
			}
		}
		if err := m.k.err(); err != nil {
			return err
		}
		if len(o.Na.activiteiten) > maxActiviteiten {
			return teVeelActiviteiten
		}
		m.meldAlles()
		u = m.uitkomst
		u.Gelijk += gelijk
		return m.meldGedaan(bestand, u)
	}, recht)
	if err != nil {
		return Uitkomst{}, err
	}
	return u, nil
}

// meldGedaan keeps with the file what came of it.
func (m *importeur) meldGedaan(bestand uuid.UUID, u Uitkomst) error {
	if bestand == uuid.Nil {
		return nil
	}
	voor, err := m.eigen(bestand)
	switch {
	case err != nil:
		return err
	case voor.Werk != nil && voor.Werk.Uitkomst != nil:
		return alGedaan
	}
	na := voor.volgende()
	if na.Werk = (&Werk{Wat: WerkInvoeren, Sinds: m.Nu.UTC()}); voor.Werk != nil {
		na.Werk = voor.Werk.kopie()
	}
	na.Werk.Uitkomst, na.Werk.Definitief, na.Werk.Fouten, na.Werk.Levend = &u, m.definitief, nil, m.Nu.UTC()
	m.Zet(na)
	m.WisBijlage(bestand)
	return nil
}

// opgenomen is an Invoer in its normal form, with an ID, and the id of the version it may become.
type opgenomen struct {
	Invoer
	versie uuid.UUID
}

// importeur is an import in the making.
type importeur struct {
	*ontwerp
	definitief bool
	k          keuring
	gezien     map[uuid.UUID]bool
	uitkomst   Uitkomst
	gedaan     []opgenomenInLog
}

type opgenomenInLog struct {
	ID     uuid.UUID `json:"id"`
	Naam   string    `json:"naam"`
	Wat    string    `json:"wat"`
	Versie int       `json:"versie,omitzero"`
}

// neem takes one row.
func (m *importeur) neem(i *opgenomen) {
	if m.gezien == nil {
		m.gezien = map[uuid.UUID]bool{}
	}
	if m.gezien[i.ID] {
		m.k.mis("id", "unique", "Deze activiteit staat er twee keer; haal een van beide regels weg.")
		return
	}
	m.gezien[i.ID] = true
	voor, bestaat := m.Voor.activiteiten[i.ID]
	if bestaat && voor.Stand != i.Stand || !bestaat && i.Stand != 0 {
		m.k.mis("id", "gewijzigd", "Iemand heeft deze activiteit intussen gewijzigd; maak opnieuw een voorbeeld van de invoer.")
		return
	}
	op := i.Ingangsdatum
	if op == "" {
		op = m.vandaag()
	}
	fouten := len(m.k.params)
	if i.Ingangsdatum != "" || i.Einddatum != "" {
		m.k.keurPeriode(op, i.Einddatum)
	}
	i.keur(&m.k, !m.definitief, m.wetboek(op))
	if len(m.k.params) > fouten {
		return
	}
	if bestaat && m.isGelijk(voor, i) {
		m.uitkomst.Gelijk++
		return
	}
	na := &Activiteit{ID: i.ID, OIN: m.d.OIN, Stand: 1}
	wat := "nieuw"
	if bestaat {
		na, wat = voor.volgende(), "gewijzigd"
		m.uitkomst.Gewijzigd++
	} else {
		m.uitkomst.Nieuw++
	}
	in := opgenomenInLog{ID: i.ID, Naam: i.Naam, Wat: wat}
	if !m.definitief {
		na.Concept = m.concept(i.Inhoud)
	} else {
		if len(na.Versies) >= maxVersies {
			m.k.mis("id", "max_length", teVeelVersies.Detail)
			return
		}
		v := Versie{ID: i.versie, Ingangsdatum: op, Einddatum: i.Einddatum, Inhoud: i.Inhoud}
		if w := na.Laatste(); w == nil {
			na.Concept = nil
		} else {
			v.Reden = redenInvoer
			if v.Einddatum == "" && w.Einddatum >= op {
				v.Einddatum = w.Einddatum
			}
		}
		m.zetVersie(na, v)
		in.Versie = len(na.Versies)
	}
	m.Zet(na)
	m.gedaan = append(m.gedaan, in)
}

// isGelijk reports whether the register holds this already.
func (m *importeur) isGelijk(a *Activiteit, i *opgenomen) bool {
	if !m.definitief {
		if a.Concept != nil {
			return a.Concept.gelijk(&i.Inhoud)
		}
		return a.Laatste().gelijk(&i.Inhoud)
	}
	v := a.Laatste()
	return v != nil && v.gelijk(&i.Inhoud) && (i.Ingangsdatum == "" || i.Ingangsdatum == v.Ingangsdatum) && (i.Einddatum == "" || i.Einddatum == v.Einddatum)
}

// meldAlles adds the events: one import is one act, told in parts that stay readable.
func (m *importeur) meldAlles() {
	wat := fmt.Sprintf("Verwerkingsactiviteiten ingelezen uit een bestand, als concept: %d nieuw, %d gewijzigd.", m.uitkomst.Nieuw, m.uitkomst.Gewijzigd)
	if m.definitief {
		wat = strings.Replace(wat, "als concept", "vastgesteld", 1)
	}
	delen := (len(m.gedaan) + perGebeurtenis - 1) / perGebeurtenis
	for n := range delen {
		zin := wat
		if delen > 1 {
			zin = fmt.Sprintf("%s Deel %d van %d.", wat, n+1, delen)
		}
		m.meld(beheerlog.Regel{Soort: beheerlog.Activiteit, Wat: zin, Na: m.gedaan[n*perGebeurtenis : min((n+1)*perGebeurtenis, len(m.gedaan))]})
	}
}
