package api

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// read is the first step.
func (s *stroom) read() {
	defer close(s.gelezen)
	for {
		d := s.take()
		if d == nil {
			s.einde, s.tot = s.oorzaak(nil), s.lijnen.nr+1
			return
		}
		err := s.fill(d)
		if len(d.regels) > 0 {
			if s.einde = s.admit(d); s.einde != nil {
				s.tot = d.regels[0].nr
				return
			}
			go s.prepare(d)
			s.gelezen <- d
		}
		if err != nil {
			s.termijn.rust(false) // else it would pass while the last lines are written
			s.einde, s.tot = s.oorzaak(err), s.lijnen.nr+1
			return
		}
	}
}

// take gives a part to fill, nil when reading must stop.
func (s *stroom) take() *deel {
	if s.ctx.Err() != nil {
		return nil
	}
	select {
	case d := <-s.vrij:
		return d
	default:
	}
	s.termijn.rust(false)
	select {
	case d := <-s.vrij:
		return d
	case <-s.ctx.Done():
		return nil
	}
}

// fill reads the lines that are there; it waits for the first one only.
func (s *stroom) fill(d *deel) error {
	if cap(d.buf) > bewaardeBuffer {
		d.buf = nil
	}
	clear(d.regels)
	d.buf, d.regels = d.buf[:0], d.regels[:0]
	for len(d.regels) == 0 || len(d.regels) < regelsPerDeel && len(d.buf) < bytesPerDeel && s.lijnen.ready() {
		van := len(d.buf)
		buf, teGroot, err := s.lijnen.next(d.buf)
		if err != nil {
			return err
		}
		d.buf = buf
		r := regel{nr: s.lijnen.nr, van: van, tot: len(buf)}
		switch {
		case teGroot:
			r.err = errRegel
		case blank(buf[van:]):
			d.buf = buf[:van]
			continue
		}
		d.regels = append(d.regels, r)
	}
	return nil
}

func blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// admit asks for each part anew who sends it: a right that was withdrawn, or a token that has
// expired, ends the stream. Then it holds the client to its pace, by not reading.
func (s *stroom) admit(d *deel) error {
	b, err := s.authenticate()
	if err != nil {
		return err
	}
	d.verzoek, d.verleend = *s.verzoek, false
	d.verzoek.besluit, d.verzoek.aanroeper = b, aanroeper(b, s.api)
	wacht := s.verbruik.wacht(len(d.regels))
	if wacht <= 0 {
		return nil
	}
	s.termijn.rust(false)
	t := time.NewTimer(wacht)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-s.ctx.Done():
		return s.oorzaak(nil)
	}
}

// oorzaak tells a client why its stream ends: first what was decided here, else what went wrong with
// reading.
func (s *stroom) oorzaak(err error) error {
	var timeout interface{ Timeout() bool }
	var f *fout.Fout
	switch {
	case s.ctx.Err() != nil && errors.As(context.Cause(s.ctx), &f):
		return f
	case err == io.EOF:
		return nil
	case errors.As(err, &timeout) && timeout.Timeout():
		return errStil
	}
	return errAfbreuk
}
