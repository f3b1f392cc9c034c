package post

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	tegelijk = 4 // messages under way on a node

	// A lease holds all attempts of a message, and this much for clocks of nodes that differ and for noting how it went.
	pachtSpeling = 90 * time.Second

	eerstePauze   = 5 * time.Second
	langstePauze  = 10 * time.Minute
	stopGeduld    = 10 * time.Second // what is under way gets so long when the program stops
	laatstePoging = 5 * time.Second  // before a message is of no use any more

	bewaarKlaar = 7 * 24 * time.Hour // how long it can be seen how a message went
	elkeOpruim  = time.Hour
)

// Opties are what a Bezorger needs.
type Opties struct {
	Opslag   Opslag
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	Relays   []Relay // tried in this order
	Nu       func() time.Time
	Meld     func(error)        // takes what is wrong in the background, for an operator; names nobody
	PerRelay time.Duration      // how long one relay may take; 0: 20 seconds, and at most a minute
	Elke     time.Duration      // how often the store is asked; 0: every second
	Meet     func(Soort, Stand) // told how each attempt ended; Wacht: another will follow
}

// Bezorger delivers what waits, together with those of other nodes.
type Bezorger struct {
	o     Opties
	keten *keten
	wek   chan struct{}

	gezien atomic.Pointer[Wachtend] // what waited when the store was last asked
}

// NewBezorger makes one; Run starts it.
func NewBezorger(o Opties) *Bezorger {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	if o.Meld == nil {
		o.Meld = func(error) {}
	}
	if o.Meet == nil {
		o.Meet = func(Soort, Stand) {}
	}
	if o.PerRelay <= 0 {
		o.PerRelay = 20 * time.Second
	}
	o.PerRelay = min(o.PerRelay, time.Minute)
	if o.Elke <= 0 {
		o.Elke = time.Second
	}
	return &Bezorger{o: o, keten: newKeten(o.Relays), wek: make(chan struct{}, 1)}
}

// pacht is how long a message is for this node alone.
func (b *Bezorger) pacht() time.Duration {
	return time.Duration(len(b.o.Relays))*b.o.PerRelay + pachtSpeling
}

// Wek makes Run look at once: something was queued on this node.
func (b *Bezorger) Wek() {
	select {
	case b.wek <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends. What is then under way gets a few seconds more; what is not done by then is given back, for
// another node or the next start.
func (b *Bezorger) Run(ctx context.Context) error {
	werk, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(stopGeduld, stop) })()

	t := time.NewTicker(b.o.Elke)
	defer t.Stop()
	vrij := make(chan struct{}, tegelijk) // holds a token for each that is under way
	var opgeruimd time.Time
	for kapot := false; ; {
		genomen, err := b.neem(ctx, tegelijk-len(vrij))
		if err != nil && !kapot && ctx.Err() == nil {
			b.o.Meld(fmt.Errorf("look for mail to deliver: %w", err))
		}
		kapot = err != nil
		for _, r := range genomen {
			vrij <- struct{}{}
			wg.Go(func() {
				b.bezorg(werk, r)
				<-vrij
				b.Wek()
			})
		}
		if nu := b.o.Nu(); err == nil && nu.Sub(opgeruimd) > elkeOpruim {
			opgeruimd = nu
			if _, err := b.o.Opslag.Ruim(ctx, nu.Add(-bewaarKlaar).UnixMicro()); err != nil && ctx.Err() == nil {
				b.o.Meld(fmt.Errorf("remove delivered mail: %w", err))
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		case <-b.wek:
		}
	}
}

// neem takes at most n rows that are due. It asks first, as nearly always there is nothing.
func (b *Bezorger) neem(ctx context.Context, n int) ([]Rij, error) {
	if n <= 0 || ctx.Err() != nil {
		return nil, nil
	}
	w, err := b.o.Opslag.Wachtend(ctx)
	if err == nil {
		b.gezien.Store(&w)
	}
	nu := b.o.Nu()
	if err != nil || w.Aantal == 0 || w.Eerste > nu.UnixMicro() {
		return nil, err
	}
	return b.o.Opslag.Neem(ctx, nu.UnixMicro(), nu.Add(b.pacht()).UnixMicro(), n)
}

// bezorg makes one attempt at a row that was taken, and notes how it went.
func (b *Bezorger) bezorg(ctx context.Context, r Rij) {
	// By the clock of this process, which does not jump: whatever happens, nothing is sent once another node may have it.
	ctx, stop := context.WithTimeout(ctx, b.pacht()-pachtSpeling/2)
	defer stop()
	genomen := r.Volgende
	s, ok := b.o.Sleutels(r.OIN)
	var z *Zending
	err := errors.New("its organisation is not served here")
	if ok {
		z, err = Ontzegel(s, r)
	}
	if err != nil {
		b.onleesbaar(ctx, r, genomen, err)
		return
	}
	b.poging(ctx, z)
	nieuw, err := z.rij(s)
	if err == nil {
		err = b.zet(ctx, nieuw, genomen)
	}
	if err != nil {
		b.o.Meld(fmt.Errorf("note that message %s is %s: %w", r.ID, z.Stand, err))
		return
	}
	b.o.Meet(z.Soort, z.Stand)
}

// Rij tells how many messages waited when the store was last asked, and how long the oldest waits.
func (b *Bezorger) Rij() (aantal int64, oudste time.Duration) {
	w := b.gezien.Load()
	if w == nil || w.Aantal == 0 {
		return 0, 0
	}
	return w.Aantal, max(0, b.o.Nu().Sub(time.UnixMicro(w.Oudste)))
}

// poging tries the relays, and sets how the message stands.
func (b *Bezorger) poging(ctx context.Context, z *Zending) {
	nu := b.o.Nu()
	if !nu.Before(z.Einde()) {
		z.Stand, z.Klaar = Mislukt, nu
		if z.Reden == "" {
			z.Reden = "De mailserver was niet op tijd bereikbaar."
		}
		return
	}
	definitief := len(b.keten.relays) > 0
	z.Reden = "Er is geen mailserver ingesteld."
	for _, i := range b.keten.volgorde(nu) {
		relay := b.keten.relays[i]
		err := b.send(ctx, relay, z)
		if ctx.Err() != nil && err != nil { // says nothing about the relay
			z.Volgende, z.Reden = b.o.Nu().Add(eerstePauze), "Het register stopte tijdens de bezorging."
			return
		}
		uitgevallen := b.keten.noteer(i, b.o.Nu(), err)
		if err == nil {
			z.Stand, z.Klaar, z.Relay, z.Reden = Bezorgd, b.o.Nu(), relay.Naam(), ""
			return
		}
		var g *Geweigerd
		if geweigerd := errors.As(err, &g); geweigerd || uitgevallen { // once, not for every message
			b.o.Meld(fmt.Errorf("message %s to %s, attempt %d: %w", z.ID, relay.Naam(), z.Pogingen, err))
		}
		if g != nil {
			z.Reden = fmt.Sprintf("De mailserver neemt het bericht niet aan (code %d).", g.Code)
			definitief = definitief && g.Definitief
		} else {
			z.Reden = "De mailserver is niet te gebruiken."
			definitief = false
		}
	}
	nu = b.o.Nu()
	volgende := nu.Add(pauze(z.Pogingen))
	if laatst := z.Einde().Add(-laatstePoging); volgende.After(laatst) {
		volgende = laatst
	}
	if definitief || !volgende.After(nu) {
		z.Stand, z.Klaar = Mislukt, nu
		return
	}
	z.Volgende = volgende
}

// send gives one relay its time.
func (b *Bezorger) send(ctx context.Context, r Relay, z *Zending) error {
	ctx, stop := context.WithTimeout(ctx, b.o.PerRelay)
	defer stop()
	return r.Send(ctx, Brief{ID: z.ID, OIN: z.OIN, Gemaakt: z.Gemaakt, Bericht: z.Bericht})
}

// pauze doubles with each attempt.
func pauze(pogingen int64) time.Duration {
	p := eerstePauze
	for range min(pogingen-1, 10) {
		p *= 2
	}
	return min(p, langstePauze)
}

// onleesbaar leaves a row that can't be opened to another node, and gives it up when none could.
func (b *Bezorger) onleesbaar(ctx context.Context, r Rij, genomen int64, oorzaak error) {
	b.o.Meld(fmt.Errorf("message %s is not sent: %w", r.ID, oorzaak))
	if nu := b.o.Nu(); nu.Sub(time.UnixMicro(r.Gemaakt)) > Melding.Geldig() {
		r.Stand, r.Volgende = Mislukt, nu.UnixMicro()
		if err := b.zet(ctx, r, genomen); err != nil {
			b.o.Meld(fmt.Errorf("give up message %s: %w", r.ID, err))
		}
	}
}

// zet notes how it went, and tries again while the store is away: what was delivered and isn't noted is sent twice.
func (b *Bezorger) zet(ctx context.Context, r Rij, genomen int64) error {
	for pauze := 50 * time.Millisecond; ; pauze = min(2*pauze, 5*time.Second) {
		// Not stopped halfway by the end of the program.
		err := b.o.Opslag.Zet(context.WithoutCancel(ctx), r, genomen)
		if err == nil || errors.Is(err, fout.Gelijktijdig) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pauze):
		}
	}
}

// Lijst gives at most n messages of an organisation, newest first, without their text: how they went, and to whom. One
// that can't be opened is given without what is sealed.
func (b *Bezorger) Lijst(ctx context.Context, oin string, n int) ([]*Zending, error) {
	s, ok := b.o.Sleutels(oin)
	if !ok {
		return nil, errors.New("list mail: unknown organisation")
	}
	rijen, err := b.o.Opslag.List(ctx, oin, min(n, 500))
	if err != nil {
		return nil, fmt.Errorf("list mail: %w", err)
	}
	uit := make([]*Zending, len(rijen))
	for i, r := range rijen {
		z, err := Ontzegel(s, r)
		if err != nil {
			z = &Zending{OIN: r.OIN, ID: r.ID, Stand: r.Stand, Pogingen: r.Pogingen, Volgende: time.UnixMicro(r.Volgende).UTC(), Gemaakt: time.UnixMicro(r.Gemaakt).UTC()}
		}
		z.Onderwerp, z.Tekst = "", ""
		uit[i] = z
	}
	return uit, nil
}
