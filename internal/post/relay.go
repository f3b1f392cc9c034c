package post

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Relay hands messages to a mail server. It may be used by many goroutines.
type Relay interface {
	// Naam tells relays apart, for an operator.
	Naam() string
	// Send returns nil once the server took the message over, a *Geweigerd when it answered that it does not, and any
	// other error when the server can't be used: then the message may have been taken over all the same, if the
	// connection was lost at the last. No error quotes the message or its address. It ends soon after ctx.
	Send(ctx context.Context, b Brief) error
}

// Brief is a message as a relay gets it.
type Brief struct {
	ID      uuid.UUID // for the Message-ID: the same at every attempt
	OIN     string
	Gemaakt time.Time
	Bericht
}

// Geweigerd is the answer of a server that works and does not take this message.
type Geweigerd struct {
	Code       int // of SMTP, 400 to 599
	Definitief bool
}

// Error gives the code alone: what a server says beside it may quote the address.
func (g *Geweigerd) Error() string { return fmt.Sprintf("message refused with code %d", g.Code) }

// RelayStand is how a relay is doing, for an operator.
type RelayStand struct {
	Naam    string
	Gebruik time.Time // of the last attempt; zero: none yet
	Fout    error     // of that attempt, when the server could not be used; quotes nothing
}

// keten is the relays in the order of the settings. One that could not be used goes last for a while, so that its
// silence costs one message its time and not every one.
type keten struct {
	relays []Relay
	mu     sync.Mutex // guards what follows
	stand  []RelayStand
	mijd   []time.Time // not first before this moment
}

// mijdtijd is how long a relay that failed is not the first one.
const mijdtijd = time.Minute

func newKeten(relays []Relay) *keten {
	k := &keten{relays: relays, stand: make([]RelayStand, len(relays)), mijd: make([]time.Time, len(relays))}
	for i, r := range relays {
		k.stand[i].Naam = r.Naam()
	}
	return k
}

// volgorde gives the relays to try. A relay that was avoided long enough is tried first by one message, others wait
// for how that goes.
func (k *keten) volgorde(nu time.Time) []int {
	k.mu.Lock()
	defer k.mu.Unlock()
	var eerst, laatst []int
	for i := range k.relays {
		if nu.Before(k.mijd[i]) {
			laatst = append(laatst, i)
			continue
		}
		if k.stand[i].Fout != nil {
			k.mijd[i] = nu.Add(mijdtijd)
		}
		eerst = append(eerst, i)
	}
	return append(eerst, laatst...)
}

// noteer keeps how an attempt went, and tells whether the relay can't be used from now on.
func (k *keten) noteer(i int, nu time.Time, err error) (uitgevallen bool) {
	var g *Geweigerd
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stand[i].Gebruik = nu
	if err == nil || errors.As(err, &g) {
		k.stand[i].Fout, k.mijd[i] = nil, time.Time{}
		return false
	}
	uitgevallen = k.stand[i].Fout == nil
	k.stand[i].Fout, k.mijd[i] = err, nu.Add(mijdtijd)
	return uitgevallen
}

// kapot tells whether no relay can be used, as far as is known.
func (k *keten) kapot() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.stand {
		if s.Fout == nil {
			return false
		}
	}
	return true
}

// Relays tells how the relays are doing, in the order of the settings.
func (b *Bezorger) Relays() []RelayStand {
	b.keten.mu.Lock()
	defer b.keten.mu.Unlock()
	return append([]RelayStand(nil), b.keten.stand...)
}

// wachtLang is how long a message may wait before mail counts as not working.
const wachtLang = 5 * time.Minute

// Gezond returns nil when mail works as far as is known, and otherwise what an operator must do:
// fout.NietBeschikbaar. It sends nothing.
func (b *Bezorger) Gezond(ctx context.Context) error {
	switch w, err := b.o.Opslag.Wachtend(ctx); {
	case err != nil:
		return err
	case len(b.keten.relays) == 0:
		return fout.New(fout.CodeNietBeschikbaar, "Er is geen mailserver ingesteld, dus niemand krijgt een code om zich aan te melden; stel post.relay.1.adres in.")
	case b.keten.kapot():
		return fout.New(fout.CodeNietBeschikbaar, "Geen van de ingestelde mailservers is te gebruiken; kijk in het logboek van de dienst waarom.")
	case w.Aantal > 0 && b.o.Nu().Sub(time.UnixMicro(w.Oudste)) > wachtLang:
		return fout.New(fout.CodeNietBeschikbaar, "Er wacht al langer dan vijf minuten e-mail; kijk bij de bezorging waarom de mailserver die niet aanneemt.")
	}
	return nil
}
