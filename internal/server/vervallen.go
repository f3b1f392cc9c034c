package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
)

const (
	// vervalTempo is how often is looked whether an operator asks to retire a key.
	vervalTempo = 2 * time.Second
	// telElke is how often documents under old keys are counted for who looks.
	telElke = 10 * time.Minute
)

// telling is how many versions and documents are under each zegel key, counted once everything was rewritten.
type telling struct {
	doel      string
	klaar     time.Time // of the rewriting after which versions were counted
	log       map[uint16]uint64
	kamers    map[uint16]uint64
	wanneer   time.Time
	geweigerd map[string]string // why a key was not retired, by name
}

// verval answers who asks to retire a key, and counts what old keys are needed for.
func (w *sleutelwerk) verval(ctx context.Context) {
	for _, oin := range w.oins {
		err := w.tel(ctx, oin)
		namen, e := betrokkene.Vervalverzoeken(w.s.config.Sleutels, oin)
		err = errors.Join(err, e)
		for _, naam := range namen {
			err = errors.Join(err, w.vervalEen(ctx, oin, naam))
		}
		if len(namen) > 0 { // the answer before the question goes
			w.schrijf(ctx)
			for _, naam := range namen {
				err = errors.Join(err, betrokkene.Beantwoord(w.s.config.Sleutels, oin, naam))
			}
		}
		if err != nil && ctx.Err() == nil {
			w.s.logger.Warn("keys", "oorzaak", err.Error())
		}
	}
}

func (w *sleutelwerk) vervalEen(ctx context.Context, oin, naam string) error {
	err := w.s.sleutels.Verval(ctx, w.s.store, oin, naam, func(ctx context.Context) error { return w.vrij(ctx, oin, naam) })
	waarom := ""
	var f *fout.Fout
	switch {
	case errors.As(err, &f):
		waarom = f.Detail
	case err != nil:
		waarom = "Het register kon niet nagaan of deze sleutel nog nodig is; kijk in het logboek van de dienst en probeer het opnieuw."
	}
	w.mu.Lock()
	w.telling(oin).geweigerd = map[string]string{naam: waarom}
	w.mu.Unlock()
	if err == nil {
		w.s.logger.Info("key retired", "organisatie", oin, "sleutel", naam)
		return w.note(ctx, oin)
	}
	if waarom == "" || f == nil {
		return fmt.Errorf("retire key %s of organisation %s: %w", naam, oin, err)
	}
	return nil
}

// vrij tells why something still needs a key that is not in use any more.
func (w *sleutelwerk) vrij(ctx context.Context, oin, naam string) error {
	nummer, ok := hersleuteling.Zegelnummer(naam)
	if !ok {
		return fout.New(fout.CodeIntern, hersleuteling.WaaromBlijft(naam))
	}
	k, _ := w.s.sleutels.Organisatie(oin)
	v, err := w.opslag.Voortgang(ctx, oin)
	if err != nil {
		return err
	}
	if v.Doel != k.Doel() || !v.AllesKlaar() {
		return fout.New(fout.CodeIntern, fmt.Sprintf("%s is nog nodig: het herschrijven met de nieuwe sleutel is niet klaar. Volg het met verantwoord sleutel voortgang.", naam))
	}
	versies, err := w.s.store.Zegels(ctx, oin)
	if err != nil {
		return err
	}
	documenten, err := w.opslag.Tel(ctx, oin)
	if err != nil {
		return err
	}
	if a, b := versies[nummer], documenten[nummer]; a+b > 0 {
		return fout.New(fout.CodeIntern, fmt.Sprintf(
			"%s is nog nodig: er staan %d versies van de log en %d documenten onder. Ze zijn niet meer wat er is vastgelegd; draai verantwoord verify.", naam, a, b))
	}
	return nil
}

// telling is what was counted of an organisation; w.mu is held.
func (w *sleutelwerk) telling(oin string) *telling {
	if w.geteld[oin] == nil {
		w.geteld[oin] = &telling{}
	}
	return w.geteld[oin]
}

// tel counts what is under old keys, when there are any and all was rewritten: the log once, and documents now and then.
func (w *sleutelwerk) tel(ctx context.Context, oin string) error {
	k, _ := w.s.sleutels.Organisatie(oin)
	v, err := w.opslag.Voortgang(ctx, oin)
	if err != nil || k.Doel() == "" || v.Doel != k.Doel() || !v.AllesKlaar() {
		return err
	}
	w.mu.Lock()
	t := *w.telling(oin)
	w.mu.Unlock()
	nu := w.s.nu()
	zelfde := t.doel == v.Doel && t.klaar.Equal(v.Kamers.Klaar)
	if zelfde && nu.Sub(t.wanneer) < telElke {
		return nil
	}
	if !zelfde {
		if t.log, err = w.s.store.Zegels(ctx, oin); err != nil {
			return err
		}
	}
	if t.kamers, err = w.opslag.Tel(ctx, oin); err != nil {
		return err
	}
	t.doel, t.klaar, t.wanneer = v.Doel, v.Kamers.Klaar, nu
	w.mu.Lock()
	t.geweigerd = w.telling(oin).geweigerd
	*w.telling(oin) = t
	w.mu.Unlock()
	return nil
}

// vulNodig says in a state what is retired and what old keys are needed for; w.mu is held.
func (w *sleutelwerk) vulNodig(stand *hersleuteling.Stand, oin string, bekend map[string]string) {
	t := w.telling(oin)
	for naam, afdruk := range bekend {
		if sinds, _, ok := betrokkene.Vervallen(afdruk); ok {
			if stand.Vervallen == nil {
				stand.Vervallen = map[string]time.Time{}
			}
			stand.Vervallen[naam] = sinds
			continue
		}
		n, ok := hersleuteling.Zegelnummer(naam)
		if !ok || n >= stand.Gebruik[betrokkene.SoortZegel] || !stand.Klaar() || t.doel != stand.Doel || t.wanneer.IsZero() {
			continue
		}
		if stand.Nodig == nil {
			stand.Nodig = map[string]hersleuteling.Nodig{}
		}
		stand.Nodig[naam] = hersleuteling.Nodig{Versies: t.log[n], Documenten: t.kamers[n]}
	}
	for naam, waarom := range t.geweigerd {
		if waarom != "" {
			stand.Geweigerd = map[string]string{naam: waarom}
		}
	}
}
