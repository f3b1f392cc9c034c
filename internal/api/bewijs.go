package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Bewijzen is what these routes read: checkpoint.Bewaarder, which tells what each gives. openbaar asks for no more than the
// newest public checkpoint covers.
type Bewijzen interface {
	Punt(ctx context.Context, oin string, boom bewijs.Boom, openbaar bool) (checkpoint.Bewaard, error)
	Sleutels(ctx context.Context, oin string, boom bewijs.Boom) (string, error)
	Tegel(ctx context.Context, oin string, boom bewijs.Boom, t bewijs.Tegel, openbaar bool) ([]byte, error)
	Inclusie(ctx context.Context, oin string, boom bewijs.Boom, blad, grootte uint64, openbaar bool) ([]byte, error)
	Consistentie(ctx context.Context, oin string, boom bewijs.Boom, van, tot uint64, openbaar bool) ([]byte, error)
	TussenOpenbare(ctx context.Context, oin string, boom bewijs.Boom, van, tot uint64) (bool, error)
	TijdvakIn(ctx context.Context, oin string, boom bewijs.Boom, blad, grootte uint64) (bool, error)
	OpenbareTijdvakken(ctx context.Context, oin string, boom bewijs.Boom) (bewijs.Tijdvakken, error)
	Bewijsstuk(ctx context.Context, oin string, blad uint64, o *bewijs.Bladopening) ([]byte, error)
}

const (
	apiBewijs  = "bewijs" // in figures and traces
	padBewijs  = "/verwerkingsacties/{actieId}/bewijs"
	padTegel   = "/tile/{tegel...}"
	platTekst  = "text/plain"
	bytesReeks = "application/octet-stream"
	padTijdvak = "/tijdvakken"
)

// routesBewijs is the proof, for both trees of an organisation. The public checkpoint and the public keys are open by decision
// (0031): they are there to be compared by whoever does not trust this register. So is the proof that one public checkpoint
// continues another, and the epochs of a tree, with the proof that the leaf of one is in a public checkpoint. All the rest asks audit:read of that organisation, unless it chose to show the hashes of its trees
// (organisaties.<oin>.bewijs).
var routesBewijs = append(bewijsVan("/{oin}", bewijs.BoomLog), bewijsVan("/{oin}/beheer", bewijs.BoomBeheer)...)

func bewijsVan(pad string, boom bewijs.Boom) []route {
	lees := func(recht func(*autorisatie.Besluit) bool, doe func(*verzoek, bewijs.Boom) error, parameters ...string) []operatie {
		f := func(q *verzoek) error { return doe(q, boom) }
		return []operatie{{"GET", recht, false, parameters, f}, {"HEAD", recht, false, parameters, f}}
	}
	return []route{
		{pad + "/checkpoint", lees(iedereen, (*verzoek).openbaarCheckpoint)},
		{pad + "/sleutel", lees(iedereen, (*verzoek).bewijsSleutels)},
		{pad + padTijdvak, lees(iedereen, (*verzoek).tijdvakken)},
		{pad + "/checkpoint/nieuw", lees(magBewijs, (*verzoek).nieuwCheckpoint)},
		{pad + padTegel, lees(magBewijs, (*verzoek).tegel)},
		{pad + "/inclusie", lees(magBewijs, (*verzoek).inclusie, "blad", "grootte")},
		{pad + "/consistentie", lees(magBewijs, (*verzoek).consistentie, "van", "tot")},
	}
}

// iedereen is the right to what is open: a token changes nothing.
func iedereen(*autorisatie.Besluit) bool { return true }

func magBewijs(b *autorisatie.Besluit) bool {
	return b.Mag(autorisatie.ComponentBewerking, "audit:read")
}

// mediatypen are those of routes that do not answer in JSON, by path.
var mediatypen = func() map[string]string {
	m := map[string]string{padBulk: ndjson, padBewijs: platTekst}
	for _, rt := range routesBewijs {
		m[rt.pad] = platTekst
	}
	m["/{oin}"+padTegel], m["/{oin}/beheer"+padTegel] = bytesReeks, bytesReeks
	delete(m, "/{oin}"+padTijdvak)
	delete(m, "/{oin}/beheer"+padTijdvak)
	return m
}()

// alsOpenbaar tells whether the caller is shown what the newest public checkpoint covers, or more. Without a token that is
// only when the organisation chose so; with one of another organisation too.
func (q *verzoek) alsOpenbaar(oin string) (bool, error) {
	switch {
	case q.besluit != nil && q.besluit.Organisatie == oin:
		return false, nil
	case q.BewijsOpenbaar != nil && q.BewijsOpenbaar(oin):
		return true, nil
	case q.besluit == nil:
		return true, fout.New(fout.CodeNietAangemeld, "Dit is niet openbaar; stuur een token mee: Authorization: Bearer <token>.")
	}
	return true, fout.New(fout.CodeNietGevonden, "Van deze organisatie is hier geen log; controleer het OIN in het adres.")
}

// openbaarCheckpoint gives the newest public checkpoint. It is asked for anew each time, as it may be an hour old and no more.
func (q *verzoek) openbaarCheckpoint(boom bewijs.Boom) error {
	w, err := q.Bewijzen.Punt(q.r.Context(), q.r.PathValue("oin"), boom, true)
	if err != nil {
		return err
	}
	return q.gegeven(platTekst, w.Tekst, nakijken, true)
}

func (q *verzoek) bewijsSleutels(boom bewijs.Boom) error {
	tekst, err := q.Bewijzen.Sleutels(q.r.Context(), q.r.PathValue("oin"), boom)
	if err != nil {
		return err
	}
	return q.gegeven(platTekst, []byte(tekst), nakijken, true)
}

// tijdvakken gives the epochs of a tree after the first.
func (q *verzoek) tijdvakken(boom bewijs.Boom) error {
	l, err := q.Bewijzen.OpenbareTijdvakken(q.r.Context(), q.r.PathValue("oin"), boom)
	if err != nil {
		return err
	}
	return q.gegeven("application/json", l.JSON(), nakijken, true)
}

// nieuwCheckpoint gives the newest checkpoint: it tells how much was logged until just now, so it asks a token whatever the
// organisation chose.
func (q *verzoek) nieuwCheckpoint(boom bewijs.Boom) error {
	oin := q.r.PathValue("oin")
	openbaar, err := q.alsOpenbaar(oin)
	if err == nil && openbaar {
		err = fout.New(fout.CodeNietAangemeld, "Het nieuwste checkpoint is niet openbaar; stuur een token van deze organisatie mee.")
		if q.besluit != nil {
			err = fout.NietGevonden
		}
	}
	if err != nil {
		return err
	}
	w, err := q.Bewijzen.Punt(q.r.Context(), oin, boom, false)
	if err != nil {
		return err
	}
	return q.gegeven(platTekst, w.Tekst, nakijken, false)
}

func (q *verzoek) tegel(boom bewijs.Boom) error {
	oin := q.r.PathValue("oin")
	openbaar, err := q.alsOpenbaar(oin)
	if err != nil {
		return err
	}
	t, err := bewijs.ParseTegel(q.r.PathValue("tegel"))
	if err != nil {
		return fout.New(fout.CodeNietGevonden, "Dit is geen adres van een tegel; gebruik de adressen van C2SP tlog-tiles.")
	}
	b, err := q.Bewijzen.Tegel(q.r.Context(), oin, boom, t, openbaar)
	if err != nil {
		return err
	}
	return q.gegeven(bytesReeks, b, voorAltijd, openbaar)
}

func (q *verzoek) inclusie(boom bewijs.Boom) error {
	oin := q.r.PathValue("oin")
	openbaar, toegang := q.alsOpenbaar(oin)
	n, err := q.getallen("blad", "grootte")
	if err == nil && toegang != nil {
		var mag bool
		if mag, err = q.Bewijzen.TijdvakIn(q.r.Context(), oin, boom, n[0], n[1]); err == nil && !mag {
			err = toegang
		}
	}
	if err != nil {
		return err
	}
	b, err := q.Bewijzen.Inclusie(q.r.Context(), oin, boom, n[0], n[1], openbaar)
	if err != nil {
		return err
	}
	return q.gegeven(platTekst, b, voorAltijd, openbaar)
}

func (q *verzoek) consistentie(boom bewijs.Boom) error {
	oin := q.r.PathValue("oin")
	openbaar, toegang := q.alsOpenbaar(oin)
	n, err := q.getallen("van", "tot")
	if err == nil && toegang != nil {
		var mag bool
		if mag, err = q.Bewijzen.TussenOpenbare(q.r.Context(), oin, boom, n[0], n[1]); err == nil && !mag {
			err = toegang
		}
	}
	if err != nil {
		return err
	}
	b, err := q.Bewijzen.Consistentie(q.r.Context(), oin, boom, n[0], n[1], openbaar)
	if err != nil {
		return err
	}
	return q.gegeven(platTekst, b, voorAltijd, openbaar)
}

// getallen reads numbers of leaves from the query: all that are wrong at once.
func (q *verzoek) getallen(namen ...string) ([]uint64, error) {
	var params []fout.Param
	out := make([]uint64, len(namen))
	for i, naam := range namen {
		n, err := strconv.ParseUint(q.query.Get(naam), 10, 62)
		if !q.query.Has(naam) {
			params = append(params, fout.Param{Name: naam, Code: "required", Reason: "Geef een aantal bladen, zoals in een checkpoint."})
		} else if err != nil {
			params = append(params, fout.Param{Name: naam, Code: "invalid", Reason: "Geef een geheel getal van 0 of meer."})
		}
		out[i] = n
	}
	if params != nil {
		return nil, fout.Ongeldig(params...)
	}
	return out, nil
}

// ontvangst gives the receipt of a version: the proof that it is in the log.
func (q *verzoek) ontvangst() error {
	nummer := uint64(0)
	if q.query.Has("versie") {
		var err error
		if nummer, err = strconv.ParseUint(q.query.Get("versie"), 10, 32); err != nil || nummer == 0 {
			return fout.Ongeldig(fout.Param{Name: "versie", Code: "invalid", Reason: "Geef het nummer van een versie: een geheel getal van 1 of meer."})
		}
	}
	blad, o, err := q.Log.Ontvangst(q.r.Context(), &q.aanroeper, q.r.PathValue("actieId"), uint32(nummer))
	if err != nil {
		return err
	}
	b, err := q.Bewijzen.Bewijsstuk(q.r.Context(), q.aanroeper.Organisatie, blad, o)
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Disposition", `attachment; filename="bewijs.tlog-proof"`)
	return q.gegeven(platTekst, b, nooit, false)
}

// How long an answer may be kept.
type bewaring string

const (
	nooit      bewaring = "no-store"
	nakijken   bewaring = "no-cache"                    // and asked for again each time
	voorAltijd bewaring = "max-age=31536000, immutable" // what is in a tree never changes
)

// gegeven answers with bytes, or says that the client has them already (RFC 9110 section 13.1.2).
func (q *verzoek) gegeven(mediatype string, b []byte, keep bewaring, openbaar bool) error {
	h := q.w.Header()
	switch {
	case keep == nooit:
		h.Set("Cache-Control", string(nooit))
	case openbaar:
		h.Set("Cache-Control", "public, "+string(keep))
		h.Set("Access-Control-Allow-Origin", "*")
	default:
		h.Set("Cache-Control", "private, "+string(keep))
		h.Set("Vary", "Authorization")
	}
	if keep != nooit {
		etag := entityTag(b)
		h.Set("ETag", etag)
		if matches(q.r.Header.Values("If-None-Match"), etag) {
			q.w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	if mediatype == platTekst {
		mediatype += "; charset=utf-8"
	}
	h.Set("Content-Type", mediatype)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	q.w.WriteHeader(http.StatusOK)
	if q.r.Method != http.MethodHead {
		_, _ = q.w.Write(b) // an error means that the client went away
	}
	return nil
}
