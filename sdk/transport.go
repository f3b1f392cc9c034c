package sdk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Transport is the guard of a consumer: an http.RoundTripper through which a call leaves only with a doelbinding in its
// context, and after which no data are seen that are not in the register (B7952). Use it as the Transport of an
// http.Client. It may be used by many goroutines; its fields may not change after the first call.
//
// With MetVerwerking it logs, then calls. With MetZoekopdracht it calls, reads the answer whole, logs who is in it, and
// then returns it; a status from 400 on is returned without its text, and no person is logged for it.
//
// A redirect to the same server is part of the same step: known persons are not logged again, a search is, since each
// answer has its own persons. Responses that a cache above the Transport keeps are never seen by it: put the cache in Basis.
type Transport struct {
	Basis    http.RoundTripper // makes the calls; nil: http.DefaultTransport
	Log      *Client           // the register
	Functies Functies          // which activity a function is; may be nil when every Verwerking gives its Activiteit
	Meting   func(Gebeurtenis) // told of every call; may be nil

	MaxAntwoord int64 // of a search, in bytes; 0: 8 MiB
}

// maxGezocht is the default of MaxAntwoord: as much as a register takes of persons in one record.
const maxGezocht = 8 << 20

// NewTransport guards the calls of an application with this register and these functions.
func NewTransport(log *Client, functies Functies) *Transport {
	return &Transport{Log: log, Functies: functies}
}

// RoundTrip implements http.RoundTripper. Errors wrap ErrGeenDoelbinding, ErrVerwerking, ErrGeenPersonen, ErrNietVastgelegd
// or ErrOmleiding when the call was not made, and ErrOnbruikbaar or ErrNietVastgelegd when its answer is not shown.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	s, err := t.begin(r)
	if err == nil && s.vooraf {
		err = s.log(s.b.Objecten)
	}
	if err != nil {
		if r.Body != nil {
			r.Body.Close() // as a RoundTripper must
		}
		return nil, err
	}
	uit := r.Clone(r.Context())
	s.doorgave().Zet(uit.Header)
	if s.achteraf {
		return s.zoek(uit.WithContext(zonderVoorbericht(r.Context())))
	}
	res, err := t.basis().RoundTrip(uit)
	if res != nil {
		res.Request = s.gemerkt()
	}
	return res, err
}

// CloseIdleConnections closes those of Basis, as http.Client asks.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.basis().(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func (t *Transport) basis() http.RoundTripper {
	if t.Basis == nil {
		return http.DefaultTransport
	}
	return t.Basis
}

// stap is one step with personal data: what is logged of it, and when.
type stap struct {
	t          *Transport
	ctx        context.Context
	b          *binding
	activiteit Activiteit
	tijdstip   time.Time
	actie      Verwerkingsactie // of nobody yet, with the profile applied
	loggen     bool             // false: the profile says that nothing is

	r        *http.Request
	vooraf   bool // log before the call
	achteraf bool // log before the answer is shown
}

// begin decides whether a call may be made, and how it is logged.
func (t *Transport) begin(r *http.Request) (*stap, error) {
	if !zelfdeServer(eersteVan(r), r) {
		return nil, t.weiger(ErrOmleiding)
	}
	s, err := t.stap(r.Context())
	if err != nil {
		return nil, err
	}
	s.r = r
	s.achteraf = s.loggen && s.b.gevonden != nil
	s.vooraf = s.loggen && len(s.b.Objecten) > 0 && !s.isGemerkt()
	if s.b.gevonden == nil && len(s.b.Objecten) == 0 {
		return nil, t.weiger(ErrGeenPersonen)
	}
	if !s.loggen {
		meld(t.Meting, Gebeurtenis{Soort: SoortNietGelogd})
	}
	return s, nil
}

// stap begins what the context is bound to. Refused is refused: nothing is done without a doelbinding.
func (t *Transport) stap(ctx context.Context) (*stap, error) {
	b, ok := ctx.Value(sleutel{}).(*binding)
	if !ok {
		return nil, t.weiger(ErrGeenDoelbinding)
	}
	if t.Log == nil {
		return nil, t.weiger(fmt.Errorf("de Transport heeft geen Log: %w", ErrNietVastgelegd))
	}
	s := &stap{t: t, ctx: ctx, b: b, tijdstip: time.Now()}
	var err error
	if s.activiteit, err = t.activiteit(ctx, &b.Verwerking); err != nil {
		return nil, t.weiger(err)
	}
	s.actie, s.loggen = s.maak(nil)
	if err := keur(&b.Verwerking, &s.actie); err != nil {
		return nil, t.weiger(err)
	}
	return s, nil
}

func (t *Transport) weiger(err error) error {
	meld(t.Meting, Gebeurtenis{Soort: SoortGeweigerd, Fout: err})
	return err
}

// activiteit is that of a verwerking, with its profile when it goes by its function.
func (t *Transport) activiteit(ctx context.Context, v *Verwerking) (Activiteit, error) {
	if v.Functie == "" {
		if v.Activiteit == uuid.Nil {
			return Activiteit{}, fmt.Errorf("de verwerking noemt geen Functie en geen Activiteit: %w", ErrGeenDoelbinding)
		}
		return Activiteit{ID: v.Activiteit, URL: v.ActiviteitURL}, nil
	}
	if t.Functies == nil {
		return Activiteit{}, fmt.Errorf("de Transport kent geen Functies: %w", ErrGeenDoelbinding)
	}
	a, err := t.Functies.Activiteit(ctx, v.Functie)
	switch {
	case err != nil && errors.Is(err, ErrGeenDoelbinding):
		return Activiteit{}, err
	case err != nil:
		return Activiteit{}, errors.Join(ErrGeenDoelbinding, err)
	case a.ID == uuid.Nil:
		return Activiteit{}, ErrGeenDoelbinding
	case v.Activiteit != uuid.Nil && v.Activiteit != a.ID:
		return Activiteit{}, fmt.Errorf("de Functie hoort bij een andere verwerkingsactiviteit dan is opgegeven; laat Activiteit leeg: %w", ErrVerwerking)
	}
	return a, nil
}

// keur tells what would make a record that nobody can find back to change it (B8157), or that a register refuses.
func keur(v *Verwerking, a *Verwerkingsactie) error {
	switch v.Vertrouwelijkheid {
	case "", Normaal, Vertrouwelijk:
	case Opgeheven:
		return fmt.Errorf("opgeheven kan pas achteraf; log Vertrouwelijk en gebruik daarna VeranderVerwerking: %w", ErrVerwerking)
	default:
		return fmt.Errorf("onbekende Vertrouwelijkheid; kies Normaal of Vertrouwelijk: %w", ErrVerwerking)
	}
	if v.VerwerkingID == uuid.Nil && (a.Vertrouwelijkheid == Vertrouwelijk || a.Bewaartermijn == nil) {
		return fmt.Errorf("een vertrouwelijke verwerking, of een zonder Bewaartermijn, heeft een VerwerkingID nodig; maak er een met NewVerwerkingID: %w", ErrVerwerking)
	}
	return nil
}

// maak makes the record for these persons, and tells whether there is one to make.
func (s *stap) maak(objecten []Object) (Verwerkingsactie, bool) {
	v := s.b.Verwerking
	v.Objecten = objecten
	a := v.Actie(s.tijdstip)
	loggen := s.activiteit.pasToe(&a)
	return a, loggen
}

// log makes it durable. When that fails the step ends here.
func (s *stap) log(objecten []Object) error {
	a, _ := s.maak(objecten)
	if _, err := s.t.Log.Log(s.ctx, a); err != nil {
		err = errors.Join(ErrNietVastgelegd, err)
		meld(s.t.Meting, Gebeurtenis{Soort: SoortNietVastgelegd, Fout: err})
		return err
	}
	meld(s.t.Meting, Gebeurtenis{Soort: SoortVastgelegd})
	return nil
}

// doorgave is what the other side is told. Who executes the work asks in its own name (B9177).
func (s *stap) doorgave() Doorgave {
	d := Doorgave{
		OIN: s.t.Log.i.Organisatie, ActiviteitID: s.activiteit.ID, ActiviteitURL: s.activiteit.URL,
		VerwerkingID: s.b.VerwerkingID, Vertrouwelijkheid: s.actie.Vertrouwelijkheid,
	}
	if s.t.Log.i.Uitvoerder != "" {
		d.OIN = s.t.Log.i.Uitvoerder
	}
	if s.actie.Bewaartermijn != nil {
		d.Bewaartermijn = *s.actie.Bewaartermijn
	}
	return d
}

// merk stands in the request of a response: its step was logged, by this transport and for this binding. http.Client gives
// it back when it follows a redirect.
type merk struct {
	t *Transport
	b *binding
}

type merkSleutel struct{}

func (s *stap) gemerkt() *http.Request {
	if !s.vooraf && !s.isGemerkt() {
		return s.r
	}
	return s.r.WithContext(context.WithValue(s.r.Context(), merkSleutel{}, merk{s.t, s.b}))
}

func (s *stap) isGemerkt() bool {
	v := s.r.Response
	return v != nil && v.Request != nil && v.Request.Context().Value(merkSleutel{}) == merk{s.t, s.b}
}

// eersteVan is the request that http.Client was asked, before it followed redirects.
func eersteVan(r *http.Request) *http.Request {
	for r.Response != nil && r.Response.Request != nil {
		r = r.Response.Request
	}
	return r
}

func zelfdeServer(a, b *http.Request) bool {
	return a.URL.Scheme == b.URL.Scheme && strings.EqualFold(a.URL.Hostname(), b.URL.Hostname()) && poort(a) == poort(b)
}

func poort(r *http.Request) string {
	switch p := r.URL.Port(); {
	case p != "":
		return p
	case r.URL.Scheme == "https":
		return "443"
	}
	return "80"
}
