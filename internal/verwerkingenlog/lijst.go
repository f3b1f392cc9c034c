package verwerkingenlog

import (
	"context"
	"slices"
	"sort"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Pagina is one page of a list. Next and Previous are cursors, "" at the ends.
type Pagina struct {
	Count          int // of the whole list, as visible now
	Next, Previous string
	Regels         []Regel
	Peilmoment     int64 // µs: when it was asked; what had been registered before is taken into account

	// For who looks through a portal (Aanroeper.Kijker) only:
	Hier    string  // cursor of this very page, "" when there is nothing on it
	Vooraf  int     // lines of the list before this page
	Maanden []Maand // of the whole list, newest first
}

// Regel is one line: in the Bewerking API an actie with the objects that were asked for; in the
// Inzage API one object, and its actie without other persons and with the limited attributes.
type Regel struct {
	Versie *Versie
	Object VerwerktObject // Inzage only
}

// List finds current acties of a person or a verwerking (Bewerking GET list; F9787, F2525, F0143).
// With a cursor the filter is not looked at.
//
// Errors: CodeOngeldig; fout.GeenToestemming; fout.NietGevonden for a page beyond the
// end; fout.NietBeschikbaar when the inquiry can't be logged.
func (l *Log) List(ctx context.Context, a *Aanroeper, f *Filter, token string, d Doorgave) (*Pagina, error) {
	return l.list(ctx, a, f, token, d, false)
}

// ListInzage finds what may be shown to a person about that person (Inzage GET list; F4086, F2008).
// Errors as List.
func (l *Log) ListInzage(ctx context.Context, a *Aanroeper, f *Filter, token string, d Doorgave) (*Pagina, error) {
	return l.list(ctx, a, f, token, d, true)
}

func (l *Log) list(ctx context.Context, a *Aanroeper, f *Filter, token string, d Doorgave, inzage bool) (*Pagina, error) {
	if token != "" {
		return l.nextPage(ctx, a, token, d, inzage)
	}
	q, params := f.parse(inzage, l.opties.Pagina, l.opties.MaxPagina)
	if len(params) > 0 {
		return nil, fout.Ongeldig(params...)
	}
	if a.Lezen == GeenBereik || !inzage && !a.Lezen.MayAsk(q.klassen) {
		return nil, geenToestemming
	}
	o, err := l.begin(a, d, inzage)
	if err != nil {
		return nil, err
	}
	c := cursor{Inzage: inzage, Periode: q.periode, Klassen: q.klassen, Activiteit: q.activiteit, Omvang: q.omvang}
	if q.verwerking != uuid.Nil {
		// The persons are known only after the search: act, log, then show (B7952).
		c.Soort, c.Sleutels = IngangVerwerking, []betrokkene.Handle{betrokkene.Handle(q.verwerking)}
		if c.Tot, err = l.store.Size(ctx, a.Organisatie); err != nil {
			return nil, err
		}
		return l.showPage(ctx, o, c, q.pagina)
	}
	c.Soort, c.Handles = IngangPersoon, o.s.AantalHandles() // before the handles: a key that comes in between is missed, not counted
	c.Sleutels = o.s.Handles(q.persoon.Objecttype, q.persoon.SoortObjectID, q.persoon.ObjectID)
	// The person is known: log, then act. What is asked decides the class; in the Inzage API
	// only the header does, so that a citizen sees the own look.
	if c.Tot, err = l.record(ctx, o, []VerwerktObject{q.persoon}, !inzage && !q.klassen.OnlyNormaal()); err != nil {
		return nil, err
	}
	return l.page(ctx, o, c, q.pagina)
}

// nextPage goes on with an inquiry that was logged when it began.
func (l *Log) nextPage(ctx context.Context, a *Aanroeper, token string, d Doorgave, inzage bool) (*Pagina, error) {
	o, err := l.begin(a, d, inzage)
	if err != nil {
		return nil, err
	}
	c, err := l.openCursor(a, o.s, inzage, token)
	if err != nil {
		return nil, err
	}
	if a.Lezen == GeenBereik || !inzage && !a.Lezen.MayAsk(c.Klassen) {
		return nil, geenToestemming
	}
	if c.Soort == IngangVerwerking {
		return l.showPage(ctx, o, c, 0)
	}
	return l.page(ctx, o, c, 0)
}

// showPage gives a page of a search by verwerkingId, logged with the persons it shows; a record that
// is or was confidential makes the inquiry confidential.
func (l *Log) showPage(ctx context.Context, o *opvraging, c cursor, pagina int) (*Pagina, error) {
	p, err := l.page(ctx, o, c, pagina)
	if err != nil {
		return nil, err
	}
	var personen []VerwerktObject
	vertrouwelijk := false
	for _, r := range p.Regels {
		personen = append(personen, r.Versie.Actie.Objecten...)
		vertrouwelijk = vertrouwelijk || r.Versie.Staat.Ooit()
	}
	if _, err := l.record(ctx, o, personen, vertrouwelijk); err != nil {
		return nil, err
	}
	return p, nil
}

// line is one line of the list before its content is read.
type line struct {
	plaats
	actie uuid.UUID
	blad  uint64 // of the current version
}

// page gives one page: the n-th (from 1), or the one the cursor points at when n is 0.
func (l *Log) page(ctx context.Context, o *opvraging, c cursor, n int) (*Pagina, error) {
	lines, err := l.lines(ctx, o, &c)
	if err != nil {
		return nil, err
	}
	var from, to int
	switch {
	case n > 0:
		from = (n - 1) * c.Omvang
		if n > 1 && from >= len(lines) {
			return nil, fout.New(fout.CodeNietGevonden, "Deze pagina bestaat niet: de lijst is korter.")
		}
		to = min(from+c.Omvang, len(lines))
	case c.Terug:
		to = sort.Search(len(lines), func(k int) bool { return !lines[k].before(c.Plaats) })
		from = max(to-c.Omvang, 0)
	default:
		from = sort.Search(len(lines), func(k int) bool { return c.Plaats.before(lines[k].plaats) })
		to = min(from+c.Omvang, len(lines))
	}
	if o.inzage && o.a.Zeef != nil && !c.Terug {
		return l.gezeefd(ctx, o, c, lines, from)
	}
	p := &Pagina{Count: len(lines), Peilmoment: o.begin.UnixMicro()}
	if p.Regels, err = l.regels(ctx, o, &c, lines[from:to]); err != nil {
		return nil, err
	}
	// One that was begun before a handle key came is not extended: it does not find what is rewritten with that key.
	if c.Soort != IngangPersoon || c.Verloopt == 0 || c.Handles >= o.s.AantalHandles() {
		c.Verloopt = l.expires()
	}
	if o.a.Kijker != "" && to > from {
		p.Vooraf = from
		if p.Hier, err = l.cursorAt(o, c, lines, from); err != nil {
			return nil, err
		}
		if p.Maanden, err = l.maanden(o, c, lines); err != nil {
			return nil, err
		}
	}
	if to < len(lines) && to > from {
		c.Plaats, c.Terug = lines[to-1].plaats, false
		if p.Next, err = l.sealCursor(o.a, o.s, c); err != nil {
			return nil, err
		}
	}
	if from > 0 && to > from {
		c.Plaats, c.Terug = lines[from].plaats, true
		if p.Previous, err = l.sealCursor(o.a, o.s, c); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// lines finds everything the inquiry is about that this caller may see now, in order.
func (l *Log) lines(ctx context.Context, o *opvraging, c *cursor) ([]line, error) {
	sleutels := make([][16]byte, len(c.Sleutels))
	for k, h := range c.Sleutels {
		sleutels[k] = h
	}
	treffers, err := l.store.Find(ctx, Zoekvraag{
		OIN: o.a.Organisatie, Soort: c.Soort, Sleutels: sleutels, Tot: c.Tot, MetActiviteit: c.Activiteit != uuid.Nil || o.a.Alleen != nil,
	})
	if err != nil {
		return nil, err
	}
	lines := make([]line, 0, len(treffers))
	for _, t := range treffers {
		if t.Toen.Aantal == 0 || t.Nu.Aantal == 0 || !c.Periode.Contains(t.Toen.Tijdstip) || !c.Klassen.Has(t.Nu.Staat.Klasse()) ||
			c.Activiteit != uuid.Nil && t.Activiteit != c.Activiteit || !o.a.binnen(t.Activiteit) || !o.sees(t.Nu.Staat) {
			continue
		}
		times := uint16(1)
		if c.Inzage { // one line for each time the person stands in the actie
			times = min(t.Toen.Aantal, t.Nu.Aantal)
		}
		for k := range times {
			lines = append(lines, line{plaats{t.Toen.Tijdstip, t.Toen.Blad, k}, t.ActieID, t.Nu.Blad})
		}
	}
	slices.SortFunc(lines, func(p, q line) int {
		if p.before(q.plaats) {
			return -1
		}
		return 1
	})
	return lines, nil
}

// sees applies the table of the API that is asked (zichtbaarheid.go).
func (o *opvraging) sees(s Staat) bool {
	if o.inzage {
		return o.a.Lezen.SeesInInzage(s)
	}
	return o.a.Lezen.SeesInBewerking(s)
}

// regels reads and opens the content of a page.
func (l *Log) regels(ctx context.Context, o *opvraging, c *cursor, lines []line) ([]Regel, error) {
	bladen, acties := make([]uint64, len(lines)), make([]uuid.UUID, len(lines))
	for k := range lines {
		bladen[k], acties[k] = lines[k].blad, lines[k].actie
	}
	rijen, err := l.store.Rows(ctx, o.a.Organisatie, bladen)
	if err != nil {
		return nil, err
	}
	versies, err := l.openAll(ctx, o.s, o.a.Organisatie, acties, rijen)
	if err != nil {
		return nil, err
	}
	regels := make([]Regel, 0, len(lines))
	for k, v := range versies {
		if v == nil { // purged since it was found
			continue
		}
		if !o.sees(v.Staat) || !o.a.binnen(v.Actie.VerwerkingsactiviteitID) { // the index said otherwise; the content itself decides
			continue
		}
		if c.Soort == IngangPersoon {
			v.Actie.Objecten = slices.DeleteFunc(v.Actie.Objecten, func(p VerwerktObject) bool { return !c.names(o.s, &p) })
		}
		if !c.Inzage {
			regels = append(regels, Regel{Versie: v})
			continue
		}
		if n := int(lines[k].Voorkom); n < len(v.Actie.Objecten) && o.a.Zeef.houdt(&v.Actie) {
			regels = append(regels, limit(v, v.Actie.Objecten[n]))
		}
	}
	return regels, nil
}

// names tells whether a person is the one that was asked for: by handle, since the
// cursor holds no identifier.
func (c *cursor) names(s *betrokkene.Sleutels, p *VerwerktObject) bool {
	for _, h := range s.Handles(p.Objecttype, p.SoortObjectID, p.ObjectID) {
		if slices.Contains(c.Sleutels, h) {
			return true
		}
	}
	return false
}

// limit keeps what the Inzage API shows of an actie about one person: not systeem, gebruiker
// and gegevensbron, no other persons, and no afnemerId that is another person's number (X18).
func limit(v *Versie, p VerwerktObject) Regel {
	w := *v
	w.Actie.Systeem, w.Actie.Gebruiker, w.Actie.Gegevensbron, w.Actie.Objecten = "", "", "", nil
	if w.Actie.afnemerIsPersoon() && !betrokkene.Zelfde(p.SoortObjectID, p.ObjectID, w.Actie.SoortAfnemerID, w.Actie.AfnemerID) {
		w.Actie.AfnemerID = ""
	}
	return Regel{Versie: &w, Object: p}
}
