package inzage

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// zitting is a session of a citizen.
type zitting struct {
	oin      string
	handle   betrokkene.Handle
	begonnen int64  // µs; 0: of a portal elsewhere, that knows when
	portaal  string // client id of that one
	grof     bool   // looks from before somebody was protected are no looks of this one
}

func zittingVan(w *inwoner.Inwoner, h betrokkene.Handle) zitting {
	return zitting{oin: w.OIN, handle: h, begonnen: w.Begonnen.UnixMicro(), grof: w.Beschermd}
}

// blik is one look: it was logged, and may be looked on with until then. Another node, or this one after a restart, does not know it and
// logs another: a citizen may see a look too many of themselves, never one too few.
type blik struct {
	mu sync.Mutex // held while the look is logged: who comes twice at once looks once
	stand
}

// stand is what is known of a look that was logged.
type stand struct {
	cursor   string // of its first page; "" when there was nothing to see
	doorgave verwerkingenlog.Doorgave
	moment   time.Time // of the look; zero: not logged yet
}

// geldig is how long a look may be looked on with: a bit shorter than the cursors of the log (an hour), and than a session at most lasts.
const geldig = 50 * time.Minute

// Bounds of what is kept, and of what one session can have logged: looking again and again fills the log, and with it what a citizen has
// to read through.
const (
	maxZittingen = 100_000 // beyond it a citizen looks anew each time
	maxKijken    = 200     // looks and files of a session
)

// bekeken is what is known of a session.
type bekeken struct {
	per    map[Filter]*blik
	namen  map[string]bool // OINs of organisations that were shown
	aantal int             // looks and files that were logged
	laatst time.Time       // when one was
}

// blik gives the look with this filter, which need not be logged yet.
func (i *Inzage) blik(z zitting, f Filter) *blik {
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.bekeken(z)
	b, ok := k.per[f]
	if !ok {
		b = &blik{}
		if len(k.per) < 2*maxKijken {
			k.per[f] = b
		}
	}
	return b
}

// bekeken gives what is known of a session, and begins one; the mutex is held.
func (i *Inzage) bekeken(z zitting) *bekeken {
	nu := i.o.Nu()
	if nu.Sub(i.geruimd) > time.Minute {
		i.geruimd = nu
		for z, k := range i.zittingen {
			if nu.Sub(k.laatst) > 2*geldig { // longer than a session lasts
				delete(i.zittingen, z)
			}
		}
	}
	k, ok := i.zittingen[z]
	if !ok {
		k = &bekeken{per: map[Filter]*blik{}, laatst: nu}
		if len(i.zittingen) < maxZittingen {
			i.zittingen[z] = k
		}
	}
	return k
}

// lopend gives the newest look of this session in which there was something to see: of all looks it knows the most lines.
func (i *Inzage) lopend(z zitting) (s stand, ok bool) {
	nu := i.o.Nu()
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.zittingen[z]
	if k == nil {
		return stand{}, false
	}
	for _, b := range k.per {
		if !b.mu.TryLock() { // it is being logged, and nobody has read of it yet
			continue
		}
		if b.cursor != "" && !b.over(nu) && !b.moment.Before(s.moment) {
			s, ok = b.stand, true
		}
		b.mu.Unlock()
	}
	return s, ok
}

// tel counts what a session has logged.
func (i *Inzage) tel(z zitting) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.zittingen[z]
	if k == nil {
		return nil
	}
	if k.aantal >= maxKijken {
		return fout.New(fout.CodeTeVeel, "U hebt al heel vaak opnieuw gekeken. Meld u af, en meld u later opnieuw aan.")
	}
	k.aantal++
	k.laatst = i.o.Nu()
	return nil
}

// over tells whether it can't be looked on with any more.
func (s *stand) over(nu time.Time) bool { return !s.moment.IsZero() && nu.Sub(s.moment) > geldig }

// oog is who looks, at whose log.
type oog struct {
	aanroeper *verwerkingenlog.Aanroeper
	zitting   zitting
	persoon   inwoner.Persoon
	leg       func(context.Context, verwerkingenlog.Doorgave) error // logs the actie of the portal
}

// kijk logs the look when that was not done yet, and then gives its first page too; nil when it was logged before.
func (b *blik) kijk(ctx context.Context, i *Inzage, o *oog, f Filter) (stand, *verwerkingenlog.Pagina, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	nu := i.o.Nu()
	if !b.moment.IsZero() && !b.over(nu) {
		return b.stand, nil, nil
	}
	if err := i.tel(o.zitting); err != nil {
		return stand{}, nil, err
	}
	s := i.o.Instellingen(o.zitting.oin)
	d := verwerkingenlog.Doorgave{OIN: o.zitting.oin, ActiviteitID: s.Activiteit, ActiviteitURL: s.URL, VerwerkingID: uuid.New()}
	if err := o.leg(ctx, d); err != nil {
		return stand{}, nil, err
	}
	p, err := i.o.Log.ListInzage(ctx, o.aanroeper, i.eerste(f, o.persoon), "", d)
	if err != nil {
		return stand{}, nil, err
	}
	b.stand = stand{p.Hier, d, nu}
	return b.stand, p, nil
}

// leg logs an actie of the portal as the consumer: the data go to the citizen (B9330), there is no employee.
func (i *Inzage) leg(ctx context.Context, a *verwerkingenlog.Aanroeper, w *inwoner.Inwoner, actie string, d verwerkingenlog.Doorgave) error {
	in := i.actie(w.OIN, w.Persoon, w.Persoon, d)
	in.Set(verwerkingenlog.VeldActieNaam, actie)
	in.Set(verwerkingenlog.VeldVerwerkingNaam, "Bekijken van het eigen overzicht")
	return i.schrijf(ctx, a, in)
}

// actie is an actie of the portal about a person, whose data go to naar.
func (i *Inzage) actie(oin string, over, naar inwoner.Persoon, d verwerkingenlog.Doorgave) *verwerkingenlog.Invoer {
	s := i.o.Instellingen(oin)
	in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{
		Objecttype: over.Objecttype, SoortObjectID: over.Soort, ObjectID: over.ID, Betrokkenheid: "Betrokkene", Soorten: []string{"Verwerkingen"},
	}}}
	in.Set(verwerkingenlog.VeldVerwerkingID, d.VerwerkingID.String())
	in.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, s.Activiteit.String())
	in.Set(verwerkingenlog.VeldVerwerkingsactiviteitURL, s.URL)
	in.Set(verwerkingenlog.VeldBewaartermijn, s.Bewaartermijn)
	in.Set(verwerkingenlog.VeldSysteem, i.o.Systeem)
	in.Set(verwerkingenlog.VeldSoortAfnemerID, naar.Soort)
	in.Set(verwerkingenlog.VeldAfnemerID, naar.ID)
	return in
}

// schrijf logs an actie of the register itself.
func (i *Inzage) schrijf(ctx context.Context, a *verwerkingenlog.Aanroeper, in *verwerkingenlog.Invoer) error {
	in.Set(verwerkingenlog.VeldTijdstip, string(verwerkingenlog.NewMoment(i.o.Nu())))
	if _, err := i.o.Log.Create(ctx, a, in, "", nil); err != nil {
		if fout.CodeOf(err) == fout.CodeOngeldig { // a setting is wrong; its text is not for a citizen
			return fout.Wrap(fout.CodeIntern, "", fmt.Errorf("log a look: %w", err))
		}
		return err
	}
	return nil
}
