package beheerpaginas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/activiteit/overdracht"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// invoeren implements beheer.Invoeren. What was read is kept sealed by the register, with what a person chose for it.
type invoeren struct{ *Koppeling }

// wachtend is a sheet between two steps.
type wachtend struct {
	Kop       int                  `json:"kop"` // row of the names of the columns, from 0
	Koppeling overdracht.Koppeling `json:"koppeling"`
	tabel     *rekenblad.Tabel
}

func (w *wachtend) keuze() (string, error) {
	b, err := json.Marshal(w)
	if err != nil {
		return "", fmt.Errorf("keep an import: %w", err)
	}
	return string(b), nil
}

func (i invoeren) haal(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*wachtend, error) {
	keuze, tabel, err := i.Activiteiten.Haal(ctx, i.activiteitDader(b), id)
	if err != nil {
		return nil, err
	}
	w := &wachtend{}
	if err := json.Unmarshal([]byte(keuze), w); err != nil {
		return nil, fmt.Errorf("read an import: %w", err)
	}
	w.tabel, err = rekenblad.PakUit(tabel)
	return w, err
}

// Rows and characters that are shown to recognise a sheet by.
const (
	eersteRijen = 15
	monsters    = 3
	maxMonster  = 80
)

func (i invoeren) Indeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.InvoerIndeling, error) {
	w, err := i.haal(ctx, b, id)
	if err != nil {
		return nil, err
	}
	t := w.tabel
	uit := &beheer.InvoerIndeling{Bestand: t.Naam, Rijen: max(len(t.Rijen)-w.Kop-1, 0), Kop: w.Kop + 1, Eerste: t.Rijen[:min(max(eersteRijen, w.Kop+1), len(t.Rijen))]}
	for _, v := range overdracht.Velden() {
		uit.Velden = append(uit.Velden, beheer.Woord{Sleutel: v.Naam, Naam: v.Titel})
	}
	uit.Velden = append(uit.Velden, beheer.Woord{Sleutel: overdracht.Negeer, Naam: "weglaten"})
	for k := range t.Kolommen() {
		kolom := beheer.InvoerKolom{Naam: w.naam(k)}
		if k < len(w.Koppeling.Kolommen) && w.Koppeling.Kolommen[k] != overdracht.Overig {
			kolom.Veld = w.Koppeling.Kolommen[k]
		}
		for rij := w.Kop + 1; rij < len(t.Rijen) && len(kolom.Voorbeelden) < monsters; rij++ {
			if s := kort(t.Cel(rij, k)); s != "" && !slices.Contains(kolom.Voorbeelden, s) {
				kolom.Voorbeelden = append(kolom.Voorbeelden, s)
			}
		}
		uit.Kolommen = append(uit.Kolommen, kolom)
	}
	for _, o := range t.Opmerkingen {
		uit.Opmerkingen = append(uit.Opmerkingen, strings.TrimSpace(o.Cel+" "+o.Tekst))
	}
	return uit, nil
}

// naam is what a column is called in the sheet; its letter when it has no name.
func (w *wachtend) naam(kolom int) string {
	if s := kort(w.tabel.Cel(w.Kop, kolom)); s != "" {
		return s
	}
	return rekenblad.KolomNaam(kolom)
}

// kort is a text on one line, not longer than is needed to recognise it.
func kort(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxMonster {
		s = string(r[:maxMonster]) + "…"
	}
	return s
}

func (i invoeren) ZetIndeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, kop int, kolommen []string) error {
	w, err := i.indeling(ctx, b, id, kop, kolommen)
	if err != nil {
		return err
	}
	keuze, err := w.keuze()
	if err != nil {
		return err
	}
	return i.Activiteiten.ZetKeuze(ctx, i.activiteitDader(b), id, keuze)
}

// indeling is what was chosen. A large table is unpacked only when another row has the names.
func (i invoeren) indeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, kop int, kolommen []string) (*wachtend, error) {
	keuze, err := i.Activiteiten.Keuze(ctx, i.activiteitDader(b), id)
	if err != nil {
		return nil, err
	}
	w := &wachtend{}
	if err := json.Unmarshal([]byte(keuze), w); err != nil {
		return nil, fmt.Errorf("read an import: %w", err)
	}
	if kop-1 == w.Kop && len(kolommen) == len(w.Koppeling.Kolommen) {
		w.Koppeling.Kolommen, err = gekozenVelden(kolommen)
		return w, err
	}
	if w, err = i.haal(ctx, b, id); err != nil {
		return nil, err
	}
	if kop < 1 || kop > len(w.tabel.Rijen) {
		return nil, fout.Ongeldig(fout.Param{Name: "kop", Code: "invalid_choice", Reason: "Deze rij is er niet; kies een rij uit de lijst."})
	}
	if w.Kop, w.Koppeling = kop-1, overdracht.VoorstelVoor(w.tabel, kop-1); kolommen != nil {
		w.Koppeling.Kolommen, err = gekozenVelden(kolommen)
	}
	return w, err
}

// gekozenVelden reads what a person chose for each column.
func gekozenVelden(kolommen []string) ([]string, error) {
	uit := make([]string, len(kolommen))
	for k, v := range kolommen {
		switch {
		case v == "":
			uit[k] = overdracht.Overig
		case v == overdracht.Negeer || slices.ContainsFunc(overdracht.Velden(), func(w overdracht.Veld) bool { return w.Naam == v }):
			uit[k] = v
		default:
			return nil, fout.Ongeldig(fout.Param{Name: "kolom." + strconv.Itoa(k), Code: "invalid_choice", Reason: "Dit veld is er niet; kies een veld uit de lijst."})
		}
	}
	if !slices.Contains(uit, "naam") {
		return nil, fout.Ongeldig(fout.Param{Name: "kolom.0", Code: "required", Reason: "Wijs aan in welke kolom de naam van de activiteit staat."})
	}
	return uit, nil
}

// lees says what would happen. A row that names no responsible organisation is of this one.
func (i invoeren) lees(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*wachtend, *overdracht.Voorbeeld, error) {
	w, err := i.haal(ctx, b, id)
	if err != nil {
		return nil, nil, err
	}
	bestaand, err := i.Activiteiten.Lijst(i.activiteitDader(b), activiteit.Filter{})
	if err != nil {
		return nil, nil, err
	}
	m := w.Koppeling
	m.Standaard = map[string]string{"verantwoordelijkeOrganisatie": b.OIN}
	v := overdracht.Lees(w.tabel, w.Kop, m, bestaand, i.Juridisch.Op(string(i.vandaag())), i.vandaag())
	if err := v.Keur(m, func(in activiteit.Inhoud) error { return in.Keur(true, i.Wetten) }); err != nil {
		return nil, nil, err
	}
	return w, v, nil
}

func (i invoeren) Voorbeeld(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.InvoerVoorbeeld, error) {
	w, v, err := i.lees(ctx, b, id)
	if err != nil {
		return nil, err
	}
	uit := &beheer.InvoerVoorbeeld{Bestand: w.tabel.Naam}
	for _, m := range v.Meldingen {
		if m.Fout {
			uit.Blad = append(uit.Blad, w.melding(m))
		} else {
			uit.BladLet = append(uit.BladLet, w.melding(m))
		}
	}
	for n := range v.Regels {
		r := &v.Regels[n]
		regel := beheer.InvoerRegel{Rij: r.Rij, Naam: r.Invoer.Naam, Wat: string(r.Wat)}
		for _, m := range r.Meldingen {
			if m.Fout {
				regel.Fouten = append(regel.Fouten, w.melding(m))
			} else {
				regel.Let = append(regel.Let, w.melding(m))
			}
		}
		if r.Wat == overdracht.Gewijzigd && len(r.Verschil) > 0 {
			regel.Let = append(regel.Let, beheer.InvoerMelding{Tekst: "Verandert: " + strings.Join(titels(r.Verschil), ", ") + "."})
		}
		switch {
		case len(regel.Fouten) > 0:
			regel.Wat = beheer.InvoerFout
			uit.Fout++
		case r.Wat == overdracht.Gelijk:
			uit.Gelijk++
		case r.Wat == overdracht.Gewijzigd:
			uit.Gewijzigd++
		default:
			uit.Nieuw++
		}
		if len(regel.Fouten) == 0 && r.Wat != overdracht.Gelijk && r.Invoer.Keur(false, i.Wetten) != nil {
			uit.NietDefinitief++
		}
		uit.Regels = append(uit.Regels, regel)
	}
	return uit, nil
}

// titels are what fields are called.
func titels(velden []string) []string {
	uit := slices.Clone(velden)
	for k, v := range velden {
		if v == overdracht.Overig {
			uit[k] = "andere kolommen"
		}
		for _, w := range overdracht.Velden() {
			if w.Naam == v {
				uit[k] = w.Titel
			}
		}
	}
	return uit
}

// melding names the column as the sheet does.
func (w *wachtend) melding(m overdracht.Melding) beheer.InvoerMelding {
	uit := beheer.InvoerMelding{Rij: m.Rij, Tekst: m.Tekst}
	for k := range w.tabel.Kolommen() {
		if m.Kolom != "" && rekenblad.KolomNaam(k) == m.Kolom {
			uit.Kolom = w.naam(k)
		}
	}
	return uit
}

// maxFouten is how many errors of an import are told at once.
const maxFouten = 25

// voer takes it over; it may take seconds.
func (i invoeren) voer(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, definitief bool, dag string) (activiteit.Uitkomst, error) {
	_, v, err := i.lees(ctx, b, id)
	if err != nil {
		return activiteit.Uitkomst{}, err
	}
	in, err := v.Invoer()
	if err != nil {
		return activiteit.Uitkomst{}, err
	}
	for n := range in {
		if definitief && in[n].Ingangsdatum == "" {
			in[n].Ingangsdatum = activiteit.Datum(dag)
		}
	}
	u, err := i.Activiteiten.ImporteerUit(ctx, i.activiteitDader(b), id, in, v.Gelijk, definitief)
	if err != nil {
		return activiteit.Uitkomst{}, perRij(err, v)
	}
	return u, nil
}

// perRij says of which row of the sheet each error is: the register counts what it was given.
func perRij(err error, v *overdracht.Voorbeeld) error {
	f, ok := errors.AsType[*fout.Fout](err)
	if !ok || f.Code != fout.CodeOngeldig || len(f.Params) == 0 {
		return err
	}
	var gegeven []*overdracht.Regel // what the register was given: the rows that change something
	for n := range v.Regels {
		if v.Regels[n].Wat != overdracht.Gelijk {
			gegeven = append(gegeven, &v.Regels[n])
		}
	}
	var uit []fout.Param
	for _, p := range f.Params {
		if len(uit) == maxFouten {
			uit = append(uit, fout.Param{Code: "meer", Reason: fmt.Sprintf("En nog %d fouten. Voer het bestand in als concept, en vul daarna aan.", len(f.Params)-maxFouten)})
			break
		}
		reden := p.Reason
		if delen := strings.Split(p.Name, "."); len(delen) > 1 && delen[0] == "regels" {
			if n, err := strconv.Atoi(delen[1]); err == nil && n >= 0 && n < len(gegeven) {
				reden = fmt.Sprintf("Rij %d (%s): %s", gegeven[n].Rij, gegeven[n].Invoer.Naam, p.Reason)
			}
		}
		uit = append(uit, fout.Param{Code: p.Code, Reason: reden})
	}
	return fout.Ongeldig(uit...)
}

func (i invoeren) GooiInvoerWeg(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error {
	return i.Activiteiten.GooiInvoerWeg(ctx, i.activiteitDader(b), id)
}

// Uitvoer makes a file of all activities as they are today, for who may see them too.
func (a activiteiten) Uitvoer(_ context.Context, b *pagina.Bezoeker, soort string) (*pagina.Download, error) {
	d := a.activiteitDader(b)
	if !d.Mag(activiteit.Exporteren) {
		return nil, fout.GeenToestemming
	}
	alle, err := a.Activiteiten.Lijst(d, activiteit.Filter{})
	if err != nil {
		return nil, err
	}
	op, inhoud := a.vandaag(), &bytes.Buffer{}
	uit := &pagina.Download{Naam: "verwerkingsactiviteiten-" + string(op) + "." + soort}
	switch soort {
	case "csv":
		uit.Soort, err = "text/csv; charset=utf-8", rekenblad.SchrijfCSV(inhoud, overdracht.Schrijf(alle, op))
	case "xlsx":
		uit.Soort, err = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", rekenblad.SchrijfXLSX(inhoud, overdracht.Schrijf(alle, op))
	case "json":
		uit.Soort, err = "application/json", overdracht.SchrijfJSON(inhoud, alle, op)
	default:
		return nil, fout.NietGevonden
	}
	if err != nil {
		return nil, fmt.Errorf("write activities as %s: %w", soort, err)
	}
	uit.Inhoud = inhoud.Bytes()
	return uit, nil
}
