package api

import (
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/telemetry"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// operatie is one method of one path.
type operatie struct {
	methode    string
	recht      func(*autorisatie.Besluit) bool // coarse scope; never nil
	lichaam    bool                            // expects application/json
	parameters []string                        // query parameters it knows; any other is refused
	doe        func(*verzoek) error
}

// route is a path below the base of an API.
type route struct {
	pad       string
	operaties []operatie
}

// verzoek is one request under way.
type verzoek struct {
	*server
	w         http.ResponseWriter
	r         *http.Request
	api, pad  string // for figures and logs: templates, never what was asked
	spoor     *telemetry.Spoor
	besluit   *autorisatie.Besluit
	verbruik  *verbruik // of the client
	aanroeper verwerkingenlog.Aanroeper
	query     url.Values
	lichaam   []byte
	vorm      string // media type of the answer
}

// mount puts the routes of one API on the mux, and a 404 in the same form for everything else.
func (s *server) mount(mux *http.ServeMux, api, base string, routes []route) {
	s.handleAll(mux, api, base, routes)
	mux.HandleFunc(base+"/", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, api, &route{pad: "onbekend"}) })
}

// handleAll puts routes that ask a token on the mux.
func (s *server) handleAll(mux *http.ServeMux, api, base string, routes []route) {
	for _, rt := range routes {
		mux.HandleFunc(base+rt.pad, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, api, &rt) })
	}
}

// mountOpen is mount for routes that anybody may ask: without a token they give what is public. One that is sent is judged as
// everywhere.
func (s *server) mountOpen(mux *http.ServeMux, api, base string, routes []route) {
	for _, rt := range routes {
		mux.HandleFunc(base+rt.pad, func(w http.ResponseWriter, r *http.Request) {
			s.answer(w, r, api, rt.pad, func(q *verzoek) error {
				if len(r.Header.Values("Authorization")) > 0 {
					return q.handle(&rt)
				}
				return q.handleOpen(&rt)
			})
		})
	}
	mux.HandleFunc(base+"/", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, api, &route{pad: "onbekend"}) })
}

// altijd are the headers of every answer, in their canonical form, so that nothing is made for them.
var altijd = http.Header{
	"Api-Version":            {Version},
	"Cache-Control":          {"no-store"},
	"Referrer-Policy":        {"no-referrer"},
	"X-Content-Type-Options": {"nosniff"},
}

// serve runs one request through the checks in their order and answers it.
func (s *server) serve(w http.ResponseWriter, r *http.Request, api string, rt *route) {
	s.answer(w, r, api, rt.pad, func(q *verzoek) error { return q.handle(rt) })
}

// answer runs f, turns its error into an answer, and counts.
func (s *server) answer(w http.ResponseWriter, r *http.Request, api, pad string, f func(*verzoek) error) {
	begin := time.Now()
	answer := &antwoord{ResponseWriter: w}
	r, spoor := s.Sporen.Verzoek(r, api, pad)
	q := &verzoek{server: s, w: answer, r: r, api: api, pad: pad, spoor: spoor}
	h := w.Header()
	maps.Copy(h, altijd)
	defer func() {
		if cause := recover(); cause != nil {
			if cause == http.ErrAbortHandler { //nolint:errorlint // the value net/http defines
				panic(cause)
			}
			// The cause is not logged: it may quote what was sent. The stack tells where.
			s.Logger.Error("panic while answering", "route", pad, "stack", string(debug.Stack()))
			if answer.status == 0 {
				q.refuse(fout.New(fout.CodeIntern, ""))
			}
		}
		s.Meting.Served(api, pad, methode(r), answer.status, time.Since(begin))
		spoor.End(answer.status)
	}()
	if err := f(q); err != nil {
		q.refuse(err)
	}
}

// operatie finds the method of a path.
func (q *verzoek) operatie(rt *route) (*operatie, error) {
	if rt.operaties == nil {
		return nil, fout.New(fout.CodeNietGevonden, "Dit adres bestaat niet; zie /docs voor de adressen van deze API.")
	}
	k := slices.IndexFunc(rt.operaties, func(o operatie) bool { return o.methode == q.r.Method })
	if k < 0 {
		methoden := make([]string, len(rt.operaties))
		for n, o := range rt.operaties {
			methoden[n] = o.methode
		}
		q.w.Header().Set("Allow", strings.Join(methoden, ", "))
		return nil, fout.New(fout.CodeMethode, "Dit adres kent de methode niet; gebruik "+strings.Join(methoden, " of ")+".")
	}
	return &rt.operaties[k], nil
}

// handleOpen runs a request without a token on a route that is open. It is counted by address.
func (q *verzoek) handleOpen(rt *route) error {
	o, err := q.operatie(rt)
	if err != nil {
		return err
	}
	if q.verbruik, err = q.limieten.begin(adres(q.r)); err != nil {
		return err
	}
	defer q.limieten.end(q.verbruik)
	return q.run(rt, o)
}

func (q *verzoek) handle(rt *route) error {
	o, err := q.operatie(rt)
	if err != nil {
		return err
	}
	if q.besluit, err = q.authenticate(); err != nil {
		return err
	}
	if q.verbruik, err = q.limieten.begin(q.besluit.ClientID); err != nil {
		return err
	}
	defer q.limieten.end(q.verbruik)
	if !o.recht(new(autorisatie.Besluit)) { // it asks a right: those of an external component are fetched now, not before
		if err := q.Register.Grant(q.r.Context(), q.besluit); err != nil {
			return err
		}
	}
	if !o.recht(q.besluit) {
		return fout.New(fout.CodeGeenToestemming, "Deze applicatie heeft hiervoor geen recht; vraag de beheerder van het register om het recht dat nodig is.")
	}
	q.aanroeper = aanroeper(q.besluit, q.api)
	return q.run(rt, o)
}

// run looks at what was sent, and does it.
func (q *verzoek) run(rt *route, o *operatie) error {
	mediatypes := []string{"application/json"}
	if ander, ok := mediatypen[rt.pad]; ok {
		mediatypes[0] = ander
	}
	if rt.pad == padOverzicht {
		mediatypes = []string{html, "application/json"}
	}
	if q.vorm = prefers(q.r.Header.Values("Accept"), mediatypes...); q.vorm == "" {
		return fout.New(fout.CodeNietAanvaardbaar, "Dit adres antwoordt in een ander formaat; vraag in de header Accept om "+strings.Join(mediatypes, " of ")+".")
	}
	if o.lichaam {
		if err := q.read(); err != nil {
			return err
		}
	}
	if err := q.parseQuery(o.parameters); err != nil {
		return err
	}
	return o.doe(q)
}

// authenticate tells who calls. A Besluit beside an error is for the audit alone.
func (q *verzoek) authenticate() (*autorisatie.Besluit, error) {
	token, err := bearer(q.r)
	if err != nil {
		return nil, err
	}
	b, err := q.Register.Authenticate(token, q.Tokens)
	if err != nil {
		return b, err
	}
	return b, b.ToetsCertificaat(autorisatie.CertificaatVan(q.r.Context()), q.Tokens.CertificaatVerplicht, q.r.Header.Values("OIN"))
}

// bearer takes the token from the header (RFC 6750); nothing at all is CodeNietAangemeld.
func bearer(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1:
		return "", fout.New(fout.CodeAanmeldenMislukt, "Stuur de header Authorization één keer.")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", fout.New(fout.CodeAanmeldenMislukt, "Meld aan met een token: Authorization: Bearer <token>.")
	}
	return strings.TrimSpace(token), nil
}

// aanroeper applies the grants of one API to the rules (R-108: a scope means something else in each).
func aanroeper(b *autorisatie.Besluit, api string) verwerkingenlog.Aanroeper {
	bewerking := func(verb string) verwerkingenlog.Bereik { return bereik(b, autorisatie.ComponentBewerking, verb) }
	a := verwerkingenlog.Aanroeper{
		Organisatie:  b.Organisatie,
		ClientID:     b.ClientID,
		OINs:         b.OINs,
		Lezen:        bewerking("read"),
		Wijzigen:     bewerking("update"),
		Verwijderen:  bewerking("delete"),
		MagVerhullen: bewerking("create") == verwerkingenlog.BereikVertrouwelijk,
		MagAudit:     b.Mag(autorisatie.ComponentBewerking, "audit:read"),
	}
	if api == "inzage" {
		a.Lezen = bereik(b, autorisatie.ComponentInzage, "read")
	}
	return a
}

// callerFor gives the caller with the rights that logging this asks. What is not confidential asks
// none; for the rest the grants of an external component are fetched. It changes nothing of q.
func (q *verzoek) callerFor(in *verwerkingenlog.Invoer) (*verwerkingenlog.Aanroeper, error) {
	if v := in.Waarde[verwerkingenlog.VeldVertrouwelijkheid]; v == "" || strings.EqualFold(v, "normaal") {
		return &q.aanroeper, nil
	}
	b := *q.besluit
	if err := q.Register.Grant(q.r.Context(), &b); err != nil {
		return nil, err
	}
	a := aanroeper(&b, q.api)
	return &a, nil
}

func bereik(b *autorisatie.Besluit, component, verb string) verwerkingenlog.Bereik {
	switch {
	case b.Mag(component, autorisatie.Scope(verb+":confidential")):
		return verwerkingenlog.BereikVertrouwelijk
	case b.Mag(component, autorisatie.Scope(verb+":normal")):
		return verwerkingenlog.BereikNormaal
	}
	return verwerkingenlog.GeenBereik
}

// holds makes the coarse check of a route: any scope for this verb (R-103: one of, not both).
func holds(component, verb string) func(*autorisatie.Besluit) bool {
	return func(b *autorisatie.Besluit) bool { return bereik(b, component, verb) != verwerkingenlog.GeenBereik }
}

// prefers gives the media type that the client wants most, the first of those it wants as much, and "" when it takes none (RFC 9110
// section 12.5.1): the most specific range that covers one decides. Errors come as problem+json to everybody.
func prefers(values []string, mediatypes ...string) (best string) {
	if len(values) == 0 {
		return mediatypes[0]
	}
	most := 0.0
	for _, m := range mediatypes {
		if q := quality(values, m); q > most {
			best, most = m, q
		}
	}
	return best
}

func quality(values []string, want string) (quality float64) {
	soort, _, _ := strings.Cut(want, "/")
	ranges := [...]string{"*/*", soort + "/*", want}
	found := -1
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		mediatype, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if k := slices.Index(ranges[:], mediatype); k > found {
			found, quality = k, 1
			if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
				quality = q
			}
		}
	}
	return quality
}

// read takes the body in, bounded.
func (q *verzoek) read() error {
	mediatype, params, err := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	charset, hasCharset := params["charset"]
	if err != nil || mediatype != "application/json" || hasCharset && !strings.EqualFold(charset, "utf-8") {
		return fout.New(fout.CodeMediatype, "Stuur JSON in UTF-8, met de header Content-Type: application/json.")
	}
	if e := q.r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return fout.New(fout.CodeMediatype, "Stuur het bericht ongecomprimeerd; de header Content-Encoding wordt niet ondersteund.")
	}
	tooLarge := fout.New(fout.CodeTeGroot, "Het bericht is te groot; splits het in meer verwerkingsacties met hetzelfde verwerkingId.")
	if q.api == "autorisaties" {
		tooLarge = fout.New(fout.CodeTeGroot, "Het bericht is te groot; een applicatie heeft genoeg aan enkele kilobytes.")
	}
	if q.r.ContentLength > q.MaxBody {
		q.w.Header().Set("Connection", "close")
		return tooLarge
	}
	size := q.r.ContentLength
	if size < 0 {
		size = 2048
	}
	// One more, to see the end without growing; what is only announced gets no memory yet.
	buf := make([]byte, 0, min(size, 64<<10)+1)
	limited := io.LimitReader(q.r.Body, q.MaxBody+1)
	tempo := tempo{rc: http.NewResponseController(q.w), begin: time.Now()}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := limited.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		tempo.gelezen(len(buf))
		if err == io.EOF {
			break
		}
		if err != nil {
			return parseError("Het bericht is niet helemaal aangekomen; stuur het opnieuw.")
		}
	}
	if int64(len(buf)) > q.MaxBody {
		q.w.Header().Set("Connection", "close")
		return tooLarge
	}
	q.lichaam = buf
	return nil
}

// parseQuery reads the query and refuses what the operation does not know: a mistyped filter must
// not widen a privacy-sensitive result.
func (q *verzoek) parseQuery(known []string) error {
	if q.r.URL.RawQuery == "" {
		return nil
	}
	values, err := url.ParseQuery(q.r.URL.RawQuery)
	if err != nil {
		return fout.Ongeldig(fout.Param{Name: "nonFieldErrors", Code: "invalid", Reason: "De parameters in de URL zijn niet goed gecodeerd."})
	}
	var params []fout.Param
	for name, v := range values {
		switch {
		case !slices.Contains(known, name):
			params = append(params, fout.Param{Name: safeName(name), Code: "unknown-parameters", Reason: "Deze parameter bestaat niet; controleer de schrijfwijze."})
		case len(v) > 1 && !strings.HasPrefix(name, "vertrouwelijkheid"):
			params = append(params, fout.Param{Name: name, Code: "invalid", Reason: "Deze parameter mag maar één keer voorkomen."})
		}
	}
	if params != nil {
		slices.SortFunc(params, func(a, b fout.Param) int { return strings.Compare(a.Name, b.Name) })
		return fout.Ongeldig(params...)
	}
	q.query = values
	return nil
}

// safeName gives back a name from outside only when it can't be a person's: letters and a few signs.
func safeName(name string) string {
	for _, b := range []byte(name) {
		if b != '_' && b != '-' && b != '.' && (b|0x20 < 'a' || b|0x20 > 'z') {
			return "onbekend"
		}
	}
	if name == "" || len(name) > 40 {
		return "onbekend"
	}
	return name
}

// antwoord remembers the status.
type antwoord struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status and passes it on.
func (a *antwoord) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap serves http.ResponseController.
func (a *antwoord) Unwrap() http.ResponseWriter { return a.ResponseWriter }
