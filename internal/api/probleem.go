package api

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/telemetry"
)

// problemen maps the closed set of codes to status, title and the sentence for a person who gets no
// better one. It is the only such mapping.
var problemen = map[fout.Code]struct {
	status int
	titel  string
	detail string
}{
	fout.CodeIntern:           {http.StatusInternalServerError, "Er is een fout opgetreden in het register.", "Er ging iets mis aan onze kant; probeer het later opnieuw en noem bij een melding de waarde van instance."},
	fout.CodeOngeldig:         {http.StatusBadRequest, "Ongeldige invoer.", "Er klopt iets niet in wat is gestuurd; zie invalidParams."},
	fout.CodeOnleesbaar:       {http.StatusBadRequest, "Onleesbaar bericht.", "Het bericht is geen geldige JSON; zie invalidParams."},
	fout.CodeNietAangemeld:    {http.StatusUnauthorized, "Niet aangemeld.", "Stuur een token mee: Authorization: Bearer <token>."},
	fout.CodeAanmeldenMislukt: {http.StatusUnauthorized, "Aanmelden mislukt.", "Het token wordt niet geaccepteerd; maak een nieuw token en probeer het opnieuw."},
	fout.CodeGeenToestemming:  {http.StatusForbidden, "Geen toestemming.", "Deze applicatie mag dit niet; vraag de beheerder van het register om het recht dat nodig is."},
	fout.CodeGeenDoelbinding:  {http.StatusForbidden, "Geen doelbinding.", "Er is geen verwerkingsactiviteit die dit toestaat; vraag de beheerder van het register om de doelbinding die nodig is."},
	fout.CodeOrganisatieOntbr: {http.StatusForbidden, "Organisatie ontbreekt.", "Deze applicatie werkt voor meer organisaties; noem er één in de claim organisatie van het token."},
	fout.CodeNietGevonden:     {http.StatusNotFound, "Niet gevonden.", "Dit bestaat niet; controleer het adres."},
	fout.CodeMethode:          {http.StatusMethodNotAllowed, "Methode niet toegestaan.", "Dit adres kent de methode niet; zie de header Allow."},
	fout.CodeNietAanvaardbaar: {http.StatusNotAcceptable, "Antwoord niet mogelijk.", "Deze API antwoordt in JSON; vraag in de header Accept om application/json."},
	fout.CodeIdempotentie:     {http.StatusConflict, "Idempotency-Key al gebruikt.", "Deze Idempotency-Key is al voor een ander bericht gebruikt; neem een nieuwe sleutel voor een nieuw bericht."},
	fout.CodeVoorwaarde:       {http.StatusPreconditionFailed, "Intussen gewijzigd.", "De verwerkingsactie is intussen gewijzigd; haal haar opnieuw op."},
	fout.CodeTeGroot:          {http.StatusRequestEntityTooLarge, "Te groot.", "Het bericht is te groot; splits het."},
	fout.CodeMediatype:        {http.StatusUnsupportedMediaType, "Mediatype niet ondersteund.", "Stuur JSON, met de header Content-Type: application/json."},
	fout.CodeTeVeel:           {http.StatusTooManyRequests, "Te veel verzoeken.", "Deze applicatie stuurt te veel tegelijk; wacht even en probeer het opnieuw."},
	fout.CodeBewijsNogNiet:    {http.StatusServiceUnavailable, "Nog niet ondertekend.", "Het register heeft dit nog niet ondertekend; vraag het over twee seconden opnieuw."},
	fout.CodeNietBeschikbaar:  {http.StatusServiceUnavailable, "Even niet beschikbaar.", "Het register kan dit nu niet vastleggen; probeer het over een seconde opnieuw, er is niets verloren."},
}

// refuse answers with problem+json.
func (q *verzoek) refuse(err error) {
	b := schrijver{}
	f, status := q.problem(&b, err, true)
	h := q.w.Header()
	switch f.Code {
	case fout.CodeNietAangemeld, fout.CodeAanmeldenMislukt:
		h.Set("WWW-Authenticate", `Bearer realm="verantwoord"`)
	case fout.CodeNietBeschikbaar, fout.CodeBewijsNogNiet, fout.CodeTeVeel:
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(f.OpnieuwNa.Seconds())))))
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(b.b)))
	q.w.WriteHeader(status)
	q.w.Write(b.b)
}

// problem writes the object that tells a client why it was refused, and notes the refusal. With log,
// an error of ours is logged with what a person needs to find its cause: never the query, the body
// or an identifier.
func (q *verzoek) problem(b *schrijver, err error, log bool) (f *fout.Fout, status int) {
	if !errors.As(err, &f) {
		f = &fout.Fout{Code: fout.CodeIntern, Oorzaak: err}
	}
	p, ok := problemen[f.Code]
	if !ok {
		f = &fout.Fout{Code: fout.CodeIntern, Oorzaak: err}
		p = problemen[f.Code]
	}
	instance := "urn:uuid:" + uuid.NewString()
	reden := string(f.Code)
	if r := autorisatie.Reden(err); r != "" {
		reden = r
	}
	q.noteRefusal(p.status, reden, instance)
	if log && p.status >= 500 {
		q.Logger.Error("request failed", "instance", instance, "status", p.status, "reden", reden, "api", q.api, "route", q.pad, "methode", methode(q.r), "oorzaak", cause(f))
	}
	detail := f.Detail
	if detail == "" {
		detail = p.detail
	}
	b.open().key("type").tekst(q.URL + "/docs#fout-" + string(f.Code))
	b.key("code").tekst(string(f.Code))
	b.key("title").tekst(p.titel)
	b.key("status").getal(p.status)
	b.key("detail").tekst(detail)
	b.key("instance").tekst(instance)
	if p.status == http.StatusBadRequest {
		b.key("invalidParams").openList()
		for _, param := range f.Params {
			b.next().open().key("name").tekst(param.Name).key("code").tekst(param.Code).key("reason").tekst(param.Reason).close()
		}
		b.closeList()
	}
	b.close()
	return f, p.status
}

// noteRefusal counts a refusal and writes it in the audit: who, if that is known, and why; never what
// was asked.
func (q *verzoek) noteRefusal(status int, reden, instance string) {
	q.Meting.Refused(reden)
	q.spoor.Reden(reden)
	w := telemetry.Weigering{
		CertificaatOIN: autorisatie.CertificaatOIN(q.r.Context()),
		API:            q.api, Route: q.pad, Methode: methode(q.r), Status: status, Reden: reden, Instance: instance,
	}
	if q.besluit != nil {
		w.ClientID, w.Organisatie = q.besluit.ClientID, q.besluit.Organisatie
	}
	q.Audit.Refused(w)
}

// methode names the method, when it is one of HTTP's own: a client may send any word.
func methode(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "overig"
}

func cause(f *fout.Fout) string {
	if f.Oorzaak == nil {
		return ""
	}
	return f.Oorzaak.Error()
}

// parseError is a body that can't be read as JSON; a position would need the text, a reason does not.
func parseError(reason string) *fout.Fout {
	return &fout.Fout{Code: fout.CodeOnleesbaar, Params: []fout.Param{{Name: "nonFieldErrors", Code: "parse_error", Reason: reason}}}
}
