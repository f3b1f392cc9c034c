package api

import (
	"errors"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// prepare is the second step.
func (s *stroom) prepare(d *deel) {
	for k := range d.regels {
		if r := &d.regels[k]; r.err == nil {
			r.vastlegging, r.err = s.prepareLine(d, r)
		}
	}
	d.klaar <- struct{}{}
}

func (s *stroom) prepareLine(d *deel, r *regel) (_ *verwerkingenlog.Vastlegging, err error) {
	defer func() {
		if recover() != nil {
			s.Logger.Error("panic in a line of a stream", "route", s.pad, "stack", string(debug.Stack()))
			err = fout.New(fout.CodeIntern, "")
		}
	}()
	line := d.buf[r.van:r.tot]
	in, params, err := s.decodeInvoer(line)
	if err != nil {
		return nil, err
	}
	if params != nil {
		_, more := in.Validate(false)
		return nil, bounded(fout.Ongeldig(merge(params, more)...))
	}
	if !d.verleend { // an external component is asked once for each part
		caller, err := d.verzoek.callerFor(in)
		if err != nil {
			return nil, err
		}
		d.verleend = caller != &d.verzoek.aanroeper
		d.verzoek.aanroeper = *caller
	}
	key := s.key
	if key != "" {
		key += "\x00" + strconv.Itoa(r.nr) // no key that a client can send
	}
	v, err := s.Log.Prepare(s.r.Context(), &d.verzoek.aanroeper, in, key, line)
	return v, bounded(err)
}

// bounded keeps what is wrong with one line short: it waits in memory until it is its turn.
func bounded(err error) error {
	var f *fout.Fout
	if !errors.As(err, &f) || len(f.Params) <= maxParams {
		return err
	}
	params := append(make([]fout.Param, 0, maxParams+1), f.Params[:maxParams]...)
	return fout.Ongeldig(append(params, fout.Param{
		Name: "nonFieldErrors", Code: "invalid",
		Reason: "Er is nog meer mis met deze regel: " + strconv.Itoa(len(f.Params)-maxParams) + " fouten staan hier niet.",
	})...)
}

// submit is the third step.
func (s *stroom) submit() {
	defer close(s.ingediend)
	for d := range s.gelezen {
		<-d.klaar
		for k := range d.regels {
			if r := &d.regels[k]; r.err == nil {
				r.err = s.submitLine(r.vastlegging)
			}
		}
		s.ingediend <- d
	}
}

// submitLine waits a while when the queue is full: a stream is slowed down rather than refused.
func (s *stroom) submitLine(v *verwerkingenlog.Vastlegging) error {
	err := v.Submit()
	if !errors.Is(err, verwerkingenlog.ErrVol) {
		return err
	}
	begin := time.Now()
	for pauze := time.Millisecond; time.Since(begin) < geduldVol && s.ctx.Err() == nil; pauze = min(2*pauze, 50*time.Millisecond) {
		time.Sleep(pauze)
		if err = v.Submit(); !errors.Is(err, verwerkingenlog.ErrVol) {
			return err
		}
	}
	return err
}
