package api

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A stream of acties, one a line, each answered on a line of its own when it is durable, in order
// (contracts: "Bulk"). Lines go through four steps, a part of them at a time and every step at its
// own pace: read, prepared (parts beside each other), submitted (in order), answered. There are
// aantalDelen parts, which go round: so what is under way is bounded, and a client that does not read
// its answers is not read from either.

const (
	ndjson  = "application/x-ndjson"
	padBulk = "/verwerkingsacties/_bulk"

	aantalDelen    = 8
	regelsPerDeel  = 128
	bytesPerDeel   = 512 << 10
	bewaardeBuffer = 256 << 10 // a larger one is not kept for the next part
	maxParams      = 50        // wrong fields named in the answer to one line
	geduldVol      = 10 * time.Second
)

// deel is a part of the stream: lines that were read together.
type deel struct {
	buf      []byte
	regels   []regel
	klaar    chan struct{} // gets one value when it is prepared
	verzoek  verzoek       // with the rights of this moment
	verleend bool          // aanroeper holds every right there is
}

// regel is a line that is not blank.
type regel struct {
	nr          int
	van, tot    int // in buf
	vastlegging *verwerkingenlog.Vastlegging
	err         error
}

// stroom is a stream under way.
type stroom struct {
	*verzoek
	key     string
	termijn *termijn
	lijnen  *regels
	ctx     context.Context // ends when there is nobody to answer, or reading must stop
	cancel  context.CancelCauseFunc

	vrij, gelezen, ingediend chan *deel

	// Set by the reader before it closes gelezen.
	einde error // nil: the client has sent everything
	tot   int   // number of the line it stopped before

	// Of the last step.
	gelukt, mislukt int
	gemeld          map[fout.Code]bool // errors of ours that were logged
}

var (
	errStopt   = fout.New(fout.CodeNietBeschikbaar, "Het register stopt. Deze regel en wat erna komt zijn niet vastgelegd; stuur ze over een paar seconden opnieuw.")
	errStil    = fout.New(fout.CodeNietBeschikbaar, "Er kwam te lang niets binnen, dus de stroom is beëindigd. Stuur wat vanaf deze regel komt in een nieuwe stroom; een lege regel houdt een stroom open.")
	errAfbreuk = parseError("De stroom hield halverwege op. Deze regel is niet vastgelegd; stuur haar opnieuw.")
	errRegel   = fout.New(fout.CodeTeGroot, "Deze regel is te groot; splits haar in meer verwerkingsacties met hetzelfde verwerkingId.")
)

// createStroom is _bulk.
func (q *verzoek) createStroom() error {
	mediatype, params, err := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	charset, hasCharset := params["charset"]
	if err != nil || mediatype != ndjson || hasCharset && !strings.EqualFold(charset, "utf-8") {
		return fout.New(fout.CodeMediatype, "Stuur één verwerkingsactie per regel, met de header Content-Type: "+ndjson+".")
	}
	if e := q.r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return fout.New(fout.CodeMediatype, "Stuur het bericht ongecomprimeerd; de header Content-Encoding wordt niet ondersteund.")
	}
	key, err := idempotencyKey(q.r.Header.Values("Idempotency-Key"))
	if err != nil {
		return err
	}
	if err := q.limieten.beginStroom(q.verbruik); err != nil {
		return err
	}
	defer q.limieten.endStroom(q.verbruik)

	t := newTermijn(q.w, q.Stilte)
	_ = t.rc.EnableFullDuplex() // HTTP/2 is by nature
	if strings.EqualFold(q.r.Header.Get("Expect"), "100-continue") {
		q.w.WriteHeader(http.StatusContinue) // it must be sent before the answer begins
	}
	q.w.Header().Set("Content-Type", ndjson)
	q.w.Header().Set("X-Accel-Buffering", "no") // a proxy that collects answers would stall the stream
	q.w.WriteHeader(http.StatusOK)
	s := &stroom{
		verzoek: q, key: key, termijn: t, lijnen: newRegels(t.reader(q.r.Body), int(q.MaxRegel)),
		vrij: make(chan *deel, aantalDelen), gelezen: make(chan *deel, aantalDelen), ingediend: make(chan *deel, aantalDelen),
		gemeld: map[fout.Code]bool{},
	}
	s.ctx, s.cancel = context.WithCancelCause(q.r.Context())
	s.run()
	return nil
}

// run carries the stream to its end. What was read and submitted is written and, if somebody still
// listens, answered.
func (s *stroom) run() {
	defer s.cancel(nil)
	defer s.termijn.einde(s.r)
	if err := s.termijn.schrijf(s.w, nil); err != nil { // the answer begins before the first line comes
		return
	}
	defer context.AfterFunc(s.ctx, s.termijn.stop)()
	klaar := make(chan struct{})
	defer close(klaar)
	go func() {
		select {
		case <-s.Stopt:
			s.cancel(errStopt)
		case <-klaar:
		}
	}()
	for range aantalDelen {
		s.vrij <- &deel{klaar: make(chan struct{}, 1)}
	}
	go s.read()
	go s.submit()
	b := schrijver{}
	var broken error
	for d := range s.ingediend {
		b.b = b.b[:0]
		n := s.mislukt
		for k := range d.regels {
			s.answer(&b, &d.regels[k])
		}
		s.Meting.Accepted("POST", len(d.regels)-(s.mislukt-n))
		if broken == nil {
			if broken = s.termijn.schrijf(s.w, b.b); broken != nil {
				s.cancel(broken)
			}
		}
		if cap(b.b) > bewaardeBuffer {
			b.b = nil
		}
		s.vrij <- d
	}
	if s.einde != nil && broken == nil {
		b.b = b.b[:0]
		s.refuseLine(&b, s.tot, s.einde)
		if s.termijn.schrijf(s.w, b.b) == nil {
			s.termijn.uit(s.r.Body)
		}
	}
	s.Logger.Info("stream ended", "api", s.api, "vastgelegd", s.gelukt, "geweigerd", s.mislukt, "volledig", s.einde == nil && broken == nil)
}

// answer is the last step: it waits until the line is durable and writes its result.
func (s *stroom) answer(b *schrijver, r *regel) {
	err := r.err
	if err == nil {
		var v *verwerkingenlog.Versie
		if v, err = r.vastlegging.Wait(s.r.Context()); err == nil {
			s.gelukt++
			b.open().key("regel").getal(r.nr).key("status").getal(http.StatusCreated).key("actieId").uuid(v.ActieID).close()
			b.b = append(b.b, '\n')
			return
		}
	}
	s.mislukt++
	s.refuseLine(b, r.nr, err)
}

// refuseLine writes why a line was not logged.
func (s *stroom) refuseLine(b *schrijver, nr int, err error) {
	code := fout.CodeOf(err)
	p := schrijver{}
	_, status := s.problem(&p, err, !s.gemeld[code])
	s.gemeld[code] = true
	b.open().key("regel").getal(nr).key("status").getal(status).key("fout")
	b.b = append(append(b.b, p.b...), '}', '\n')
}
