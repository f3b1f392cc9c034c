// Package inzage is what a citizen sees of what was done with data about them: the log of an organisation, put in words
// (AVG art. 12 lid 1, art. 15 lid 1; F4086, F2008).
//
// A look is a verwerking like any other. The portal logs it as the consumer that it is, and only then asks the log, which logs it as the
// provider (B7259, B9177): so the look stands in the log twice, and the citizen sees it there. One look is one sign-in with one filter;
// turning pages, opening a line and coming back are the same step (B7952). No log, no answer.
//
// What is confidential now is not seen, and nothing tells of it: texts, counts and the number of questions to the store are those of
// somebody about whom there is nothing of the kind (R-303, X04). What was lifted is seen.
//
// Somebody who is protected sees less of every line, everywhere: see Grof.
//
// Who may look is decided by inwoner.MagInzien: somebody who acts for another never sees the log of that other here, but for what is in a
// veilig domein: see Namens. Nothing in this room writes an identifier of a person down, but in what it logs.
package inzage

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// ClientID is under which the portal stands in the log. No application can have it: neither the Autorisaties-API nor the file takes a comma.
const ClientID = "Verantwoord, mijn omgeving"

// Activiteiten is what is asked of the register of processing activities.
type Activiteiten interface {
	// Bekend gives the version that was valid at a moment, nil when none was; bekend is false for an unknown activity.
	Bekend(oin string, id uuid.UUID, op time.Time) (v *activiteit.Versie, bekend bool)
	// OpenbareLijst gives what anybody may read, of all organisations, by name.
	OpenbareLijst(f activiteit.Filter) []*activiteit.Activiteit
	// Openbaar gives one of those.
	Openbaar(id uuid.UUID) (*activiteit.Activiteit, bool)
	// Verantwoordelijke tells who answers, and how they are reached.
	Verantwoordelijke(oin string) activiteit.Verantwoordelijke
}

// Instellingen are the settings of an organisation.
type Instellingen struct {
	Activiteit    uuid.UUID // under which the portal logs its looks, from the organisation's own register
	URL           string    // where that activity can be read
	ActieNaam     string
	Bewaartermijn string   // ISO 8601 duration; "" = none
	Automatisch   []string // systems that work without a person, as applications name them
}

// Opties are what an Inzage needs.
type Opties struct {
	Log          *verwerkingenlog.Log
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Activiteiten Activiteiten
	Juridisch    *juridisch.Gegevens
	Instellingen func(oin string) Instellingen
	Naam         func(oin string) string                              // of an organisation; "" = not known here
	Toestand     func(oin string, p inwoner.Persoon) inwoner.Toestand // what holds of somebody; nil: nothing of anybody
	Domeinen     Domeinen                                             // nil: nobody sees anything of another
	Systeem      string                                               // name and version of the portal, in its own acties
	PerPagina    int                                                  // lines; 0: 100
	Nu           func() time.Time                                     // nil: time.Now
}

// Inzage holds the use cases. It is safe for concurrent use.
type Inzage struct {
	o Opties

	mu        sync.Mutex
	zittingen map[zitting]*bekeken
	geruimd   time.Time // when those that ended were last thrown away
}

// New makes an Inzage.
func New(o Opties) *Inzage {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	if o.Toestand == nil {
		o.Toestand = func(string, inwoner.Persoon) inwoner.Toestand { return inwoner.Toestand{} }
	}
	if o.PerPagina <= 0 {
		o.PerPagina = 100
	}
	return &Inzage{o: o, zittingen: map[zitting]*bekeken{}}
}

// Filter says what of the log is asked for. Empty asks for all.
type Filter struct {
	Van, Tot   activiteit.Datum // days in Europe/Amsterdam, both included
	Activiteit uuid.UUID

	// What the index does not know, and is judged by content: see zeef.go. An organisation that did it, or got the data, by its OIN.
	Organisatie string
	Wijze       Wijze

	domein uuid.UUID // that somebody who acts for another looks at; see Namens
}

// controleer refuses a period that can't be.
func (f Filter) controleer() error {
	var mis []fout.Param
	for naam, d := range map[string]activiteit.Datum{"van": f.Van, "tot": f.Tot} {
		if _, ok := activiteit.ParseDatum(string(d)); !ok {
			mis = append(mis, fout.Param{Name: naam, Code: "invalid", Reason: "Vul een dag in die bestaat."})
		}
	}
	if f.Organisatie != "" && !verwerkingenlog.ValidOIN(f.Organisatie) {
		mis = append(mis, fout.Param{Name: "organisatie", Code: "invalid", Reason: "Kies een organisatie uit de lijst."})
	}
	if f.Wijze != "" && f.Wijze != Vanzelf && f.Wijze != MetMens {
		mis = append(mis, fout.Param{Name: "wijze", Code: "invalid_choice", Reason: "Kies een van de mogelijkheden uit de lijst."})
	}
	if mis == nil && f.Van != "" && f.Tot != "" && f.Tot < f.Van {
		mis = append(mis, fout.Param{Name: "tot", Code: "invalid", Reason: "De laatste dag ligt voor de eerste. Draai ze om."})
	}
	if mis != nil {
		slices.SortFunc(mis, func(a, b fout.Param) int { return strings.Compare(a.Name, b.Name) })
		return fout.Ongeldig(mis...)
	}
	return nil
}

// vraag is the filter as the log takes it: with a period always, of which the last day does not count.
func (f Filter) vraag(p inwoner.Persoon) *verwerkingenlog.Filter {
	v := &verwerkingenlog.Filter{Objecttype: p.Objecttype, SoortObjectID: p.Soort, ObjectID: p.ID, BeginDatum: "1900-01-01", EindDatum: "9999-01-01"}
	if f.Van != "" {
		v.BeginDatum = string(f.Van)
	}
	if f.Tot != "" {
		v.EindDatum = f.Tot.Middag().AddDate(0, 0, 1).Format(time.DateOnly)
	}
	if f.Activiteit != uuid.Nil {
		v.VerwerkingsactiviteitID = f.Activiteit.String()
	}
	return v
}

// eerste is the question for the first page.
func (i *Inzage) eerste(f Filter, p inwoner.Persoon) *verwerkingenlog.Filter {
	v := f.vraag(p)
	v.PageSize = strconv.Itoa(i.o.PerPagina)
	return v
}

// oog is the portal as it stands before the log: with the right to what was lifted (F2008), for one citizen.
func (i *Inzage) oog(w *inwoner.Inwoner) (*oog, error) {
	if err := w.MagInzien(); err != nil {
		return nil, err
	}
	s, ok := i.o.Sleutels(w.OIN)
	if !ok {
		return nil, fout.NietGevonden
	}
	h := s.Vast(w.Persoon.Objecttype, w.Persoon.Soort, w.Persoon.ID)
	kijker := hex.EncodeToString(h[:])
	if w.Beschermd { // a cursor from before may be of one day or task, and tells by what it finds
		kijker += " beschermd"
	}
	a := &verwerkingenlog.Aanroeper{
		Organisatie: w.OIN, ClientID: ClientID, OINs: []string{w.OIN}, Kijker: kijker, Lezen: verwerkingenlog.BereikVertrouwelijk,
	}
	return &oog{a, zittingVan(w, h), w.Persoon, func(ctx context.Context, d verwerkingenlog.Doorgave) error {
		return i.leg(ctx, a, w, i.o.Instellingen(w.OIN).ActieNaam, d)
	}}, nil
}

// Doel is an activity to filter by.
type Doel struct {
	ID              uuid.UUID
	Naam, Categorie string
}

// Doelen gives the public activities of an organisation by name: the same for everybody, so that the list tells nothing of anybody.
func (i *Inzage) Doelen(oin string) (uit []Doel) {
	vandaag := activiteit.DatumVan(i.o.Nu())
	for _, a := range i.o.Activiteiten.OpenbareLijst(activiteit.Filter{}) {
		if a.OIN != oin {
			continue
		}
		v, ok := a.GeldigOp(vandaag)
		if !ok { // one that ended may have old lines; one that only begins later has none
			if v = a.Laatste(); v == nil || v.Ingangsdatum > vandaag {
				continue
			}
		}
		uit = append(uit, Doel{a.ID, v.Naam, v.Categorie})
	}
	return uit
}

// Verantwoordelijke tells who answers for the organisation, and how they are reached.
func (i *Inzage) Verantwoordelijke(oin string) activiteit.Verantwoordelijke {
	return i.o.Activiteiten.Verantwoordelijke(oin)
}

// Overzicht gives a page of what was done with data about the citizen. Without a cursor it is the first; the first time with this filter
// in this session the look is logged.
//
// Errors: fout.GeenToestemming with the way out; CodeOngeldig for a filter, or for a cursor that is not (or no longer) of this citizen;
// fout.NietBeschikbaar when the look can't be logged; CodeTeVeel after two hundred looks in a session.
func (i *Inzage) Overzicht(ctx context.Context, w *inwoner.Inwoner, f Filter, cursor string) (*Overzicht, error) {
	o, err := i.oog(w)
	if err != nil {
		return nil, err
	}
	f = f.grof(w.Beschermd)
	if err := f.controleer(); err != nil {
		return nil, err
	}
	o.aanroeper.Zeef = i.zeef(w.OIN, f)
	s, p, err := i.bladzijde(ctx, o, f, cursor)
	if err != nil {
		return nil, err
	}
	uit := i.newVertaler(w).overzicht(w, f, p, s.moment)
	if uit.Zoekt = o.aanroeper.Zeef != nil; !uit.Grof {
		uit.Organisaties = i.gezien(o.zitting, uit)
	}
	return uit, nil
}

// bladzijde gives a page of a look, that is logged when it begins.
func (i *Inzage) bladzijde(ctx context.Context, o *oog, f Filter, cursor string) (stand, *verwerkingenlog.Pagina, error) {
	s, p, err := i.blik(o.zitting, f).kijk(ctx, i, o, f)
	if err != nil {
		return s, nil, err
	}
	switch {
	case cursor == "" && p == nil:
		cursor = s.cursor
	case cursor != "":
		p = nil
	}
	if p == nil && cursor != "" { // a look under way: turned a page, or came back
		if p, err = i.o.Log.ListInzage(ctx, o.aanroeper, nil, cursor, s.doorgave); err != nil {
			return s, nil, err
		}
	}
	if p == nil { // nothing was found when it began
		p = &verwerkingenlog.Pagina{}
	}
	return s, p, nil
}

// Bijwerken forgets the look with this filter: the next Overzicht is a new one, that knows what came since.
func (i *Inzage) Bijwerken(w *inwoner.Inwoner, f Filter) error {
	o, err := i.oog(w)
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if k := i.zittingen[o.zitting]; k != nil {
		delete(k.per, f.grof(w.Beschermd))
	}
	return nil
}

// Een gives one line, by the id of the verwerkt object. It is part of the look under way; without one, a look begins.
//
// Errors: fout.GeenToestemming with the way out; fout.NietGevonden, also for what is of another, or was logged after the look;
// fout.NietBeschikbaar.
func (i *Inzage) Een(ctx context.Context, w *inwoner.Inwoner, id uuid.UUID) (*Gebruik, error) {
	o, err := i.oog(w)
	if err != nil {
		return nil, err
	}
	s, ok := i.lopend(o.zitting)
	if !ok {
		if s, _, err = i.blik(o.zitting, Filter{}).kijk(ctx, i, o, Filter{}); err != nil {
			return nil, err
		}
	}
	if s.cursor == "" { // nothing was found
		return nil, fout.NietGevonden
	}
	r, err := i.o.Log.LineInzage(ctx, o.aanroeper, s.cursor, id, s.doorgave)
	if err != nil {
		return nil, err
	}
	g := i.newVertaler(w).gebruik(r)
	return &g, nil
}

// Alles gives every line of the look with this filter, newest first, for a file: that it goes out of the portal is logged as an actie of
// the same verwerking. It ends at the first error of f.
//
// Errors: as Overzicht, and those of f.
func (i *Inzage) Alles(ctx context.Context, w *inwoner.Inwoner, f Filter, g func(*Gebruik) error) error {
	o, err := i.oog(w)
	if err != nil {
		return err
	}
	f = f.grof(w.Beschermd)
	if err := f.controleer(); err != nil {
		return err
	}
	o.aanroeper.Zeef = i.zeef(w.OIN, f)
	s, _, err := i.blik(o.zitting, f).kijk(ctx, i, o, f)
	if err != nil {
		return err
	}
	if err := i.tel(o.zitting); err != nil {
		return err
	}
	if err := i.leg(ctx, o.aanroeper, w, "Downloaden verwerkingen", s.doorgave); err != nil {
		return err
	}
	if s.cursor == "" {
		return nil
	}
	v := i.newVertaler(w)
	return i.o.Log.WalkInzage(ctx, o.aanroeper, s.cursor, s.doorgave, func(r *verwerkingenlog.Regel) error {
		een := v.gebruik(r)
		return g(&een)
	})
}
