package procesapplicatie

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/sdk"
)

// opvraging is one look-up as the page keeps it.
type opvraging struct {
	id           string
	opdracht     Opdracht
	moment       time.Time
	verwerking   uuid.UUID
	samenvatting Samenvatting
	verloop      Verloop
	gelezen      int64 // how often the data store was read

	// Guarded by Pagina.mu.
	gevonden    *gevondene // shown once
	wijzigingen []wijziging
}

// gevondene is what the municipality gave.
type gevondene struct {
	Personen   []magazijn.Persoon
	Documenten []magazijn.Document
	Vraag      string
}

// wijziging is a change of the whole verwerking, and what each log said of it.
type wijziging struct {
	Wat, Uitleg string
	Uitkomsten  []uitkomst
	velden      []waarneming.Veld // what it set, named as in the headers
}

type uitkomst struct {
	Wie   Kant
	Tekst string
	Soort string
}

// opvragingBlad is what opvraging.html gets.
type opvragingBlad struct {
	Samenvatting
	ID          string
	Functie     string
	Situatie    string
	Omgekeerd   bool // logged after the answer
	Stappen     []Stap
	Gevonden    *gevondene
	Logs        []logblad
	Schakelaars []schakelaar
	Terug       string
	Gelezen     int64
	Wijzigingen []wijziging
	Wijzigbaar  bool
	Opheffen    bool // it is confidential
}

var situaties = map[int]string{MetSDK: "situatie 1: met de SDK", ZonderSDK: "situatie 2: zonder de SDK"}

// logblad is what a log holds of a look-up.
type logblad struct {
	Wie    Kant
	Naam   string
	Acties [][]Gegeven
	Uit    bool   // it is stopped
	Fout   string // why nothing can be told
}

func (p *Pagina) opvraging(w http.ResponseWriter, r *http.Request) {
	o := p.zoek(r.PathValue("id"))
	if o == nil {
		p.weg(w, r)
		return
	}
	f, _ := functieVan(o.opdracht.Functie)
	b := opvragingBlad{
		Samenvatting: o.samenvatting, ID: o.id, Functie: f.tekst, Situatie: situaties[o.opdracht.Situatie], Stappen: o.verloop.Stappen, Schakelaars: p.schakelaars(),
		Omgekeerd: o.opdracht.Vraag == Zoeken, Terug: o.id, Gelezen: o.gelezen, Wijzigbaar: len(o.verloop.acties[Derde]) > 0, Opheffen: o.verloop.vertrouwelijk,
	}
	p.beurt.Lock()
	for _, k := range []Kant{Derde, Gemeente} {
		b.Logs = append(b.Logs, p.leesLog(r.Context(), k, o))
	}
	p.beurt.Unlock()
	p.mu.Lock()
	b.Wijzigingen = o.wijzigingen
	if r.Method == http.MethodGet {
		b.Gevonden, o.gevonden = o.gevonden, nil
	}
	p.mu.Unlock()
	p.schrijf(w, r, http.StatusOK, "opvraging", o.samenvatting.Kop, b)
}

func (p *Pagina) leesLog(ctx context.Context, k Kant, o *opvraging) logblad {
	b := logblad{Wie: k, Naam: "Het log van " + lid(k)}
	ids := o.verloop.acties[k]
	switch {
	case !p.o.Landschap.Draait(k):
		b.Uit = true
		return b
	case len(ids) == 0:
		return b
	}
	acties, err := p.o.Landschap.Lees(ctx, k, ids, o.verloop.vertrouwelijk)
	if err != nil {
		p.o.Logger.ErrorContext(ctx, "read a log of the landscape", "oorzaak", err.Error())
		b.Fout = "Dit log kon net niet worden gelezen. Laad de pagina opnieuw."
		return b
	}
	var koppen []waarneming.Veld
	for _, s := range o.verloop.Stappen {
		for _, g := range s.Koppen {
			koppen = append(koppen, waarneming.Veld{Naam: g.Naam, Waarde: g.Waarde})
		}
	}
	p.mu.Lock()
	for _, w := range o.wijzigingen { // what the third party changed later is its value too
		koppen = append(koppen, w.velden...)
	}
	p.mu.Unlock()
	for n := range acties {
		b.Acties = append(b.Acties, gegevens(k, &acties[n], koppen, o.opdracht.Vraag == Zoeken))
	}
	return b
}

// gegevens are the values of a record, those that are empty too when they tell something.
func gegevens(k Kant, a *sdk.Verwerkingsactie, koppen []waarneming.Veld, zoekt bool) []Gegeven {
	var uit []Gegeven
	zet := func(naam, waarde string) {
		if waarde == "" {
			uit = append(uit, Gegeven{Naam: naam, Van: k})
			return
		}
		uit = append(uit, herkomst(k, waarneming.Veld{Naam: naam, Waarde: waarde}, koppen, zoekt))
	}
	zet("actieNaam", a.ActieNaam)
	if a.VerwerkingNaam != "" {
		zet("verwerkingNaam", a.VerwerkingNaam)
	}
	zet("verwerkingId", tekst(a.VerwerkingID))
	zet("verwerkingsactiviteitId", tekst(a.VerwerkingsactiviteitID))
	zet("vertrouwelijkheid", string(a.Vertrouwelijkheid))
	zet("bewaartermijn", deref(a.Bewaartermijn))
	if k == Gemeente {
		zet("afnemerId", a.AfnemerID)
		zet("verwerkingsactiviteitIdAfnemer", tekst(a.VerwerkingsactiviteitIDAfn))
		zet("verwerkingIdAfnemer", tekst(a.VerwerkingIDAfnemer))
	}
	for _, o := range a.VerwerkteObjecten {
		w := o.SoortObjectID + " " + waarneming.Masker(o.ObjectID)
		if o.Betrokkenheid != "" {
			w += " (" + o.Betrokkenheid + ")"
		}
		zet("object", w)
	}
	return uit
}

func tekst(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
