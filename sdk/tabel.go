package sdk

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

var errOngewijzigd = errors.New("unchanged")

// How long somebody waits for a newer table when there is one that may be used, how long asking takes at most, and how
// long the register is left alone after it did not answer, with and without such a table.
const (
	wachtOpTabel = time.Second
	haalTijd     = 30 * time.Second
	rustMet      = 10 * time.Second
	rustZonder   = time.Second
)

// periode is the days on which a row holds, as the VAR API writes them; an empty end is open.
type periode struct {
	Van string `json:"van"`
	Tot string `json:"tot"`
}

var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("time zone Europe/Amsterdam is missing: " + err.Error()) // time/tzdata has it
	}
	return loc
}()

// geldt reports whether a moment is on one of the days, in Dutch time.
func (p periode) geldt(op time.Time) bool {
	dag := op.In(amsterdam).Format(time.DateOnly)
	return p.Van <= dag && (p.Tot == "" || dag <= p.Tot)
}

// rij is a row of a table.
type rij[R any] struct {
	waarde R
	periode
}

// tabel keeps what the register answered last.
type tabel[S comparable, R any] struct {
	i     *VARInstellingen
	haal  func(ctx context.Context, etag string) (map[S]rij[R], string, error)
	wacht time.Duration // for a newer table, when there is one that may be used

	mu      sync.Mutex
	rijen   map[S]rij[R] // nil: none; never changed once it is here
	etag    string
	gezien  time.Time // when the register said that it is so
	fout    error     // of the last time; nil: it answered
	opnieuw time.Time // when to ask again after that
	bezig   beurt     // nil: nobody asks
}

// beurt is one time that the register is asked; who needs the table waits for the same one. It is closed at the end.
type beurt chan struct{}

// zoek finds a row that holds now.
func (t *tabel[S, R]) zoek(ctx context.Context, s S) (waarde R, ok bool, _ error) {
	rijen, err := t.actueel(ctx)
	if err != nil {
		return waarde, false, err
	}
	r, ok := rijen[s]
	if !ok || !r.geldt(t.i.Nu()) {
		return waarde, false, nil
	}
	return r.waarde, true, nil
}

// actueel gives the table, after asking for it when that is time.
func (t *tabel[S, R]) actueel(ctx context.Context) (map[S]rij[R], error) {
	nu := t.i.Nu()
	t.mu.Lock()
	rijen, bruikbaar := t.rijen, t.bruikbaar(nu)
	rust := t.fout != nil && nu.Before(t.opnieuw)
	if bruikbaar && (rust || nu.Sub(t.gezien) < t.i.Vers) {
		t.mu.Unlock()
		return rijen, nil
	}
	if rust {
		err := t.fout
		t.mu.Unlock()
		return nil, errors.Join(ErrVAR, err)
	}
	b := t.bezig
	if b == nil {
		b = make(beurt)
		t.bezig = b
		go t.ververs(context.WithoutCancel(ctx), b, nu)
	}
	t.mu.Unlock()

	var lang <-chan time.Time // never, when there is nothing to go on with
	if bruikbaar {
		timer := time.NewTimer(t.wacht)
		defer timer.Stop()
		lang = timer.C
	}
	select {
	case <-b:
	case <-lang:
		return rijen, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.bruikbaar(nu) {
		return nil, errors.Join(ErrVAR, t.fout)
	}
	return t.rijen, nil
}

func (t *tabel[S, R]) bruikbaar(nu time.Time) bool {
	return t.rijen != nil && nu.Sub(t.gezien) < t.i.Houdbaar
}

// ververs asks the register once. It goes on when who began it leaves: others may wait for it.
func (t *tabel[S, R]) ververs(ctx context.Context, b beurt, nu time.Time) {
	ctx, stop := context.WithTimeout(ctx, haalTijd)
	defer stop()
	t.mu.Lock()
	etag := t.etag
	t.mu.Unlock()
	rijen, nieuw, err := t.haal(ctx, etag)

	t.mu.Lock()
	defer t.mu.Unlock()
	t.bezig = nil
	close(b)
	var f *Fout
	switch {
	case err == nil:
		t.rijen, t.etag, t.gezien, t.fout = rijen, nieuw, nu, nil
		return
	case errors.Is(err, errOngewijzigd):
		t.gezien, t.fout = nu, nil
		return
	case errors.As(err, &f) && (f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden):
		t.rijen, t.etag = nil, ""
	}
	na, rust := t.i.Nu(), rustZonder
	if t.bruikbaar(na) {
		rust = rustMet
	}
	t.fout, t.opnieuw = err, na.Add(min(rust, t.i.Vers))
}
