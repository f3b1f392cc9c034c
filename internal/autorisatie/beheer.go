package autorisatie

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Beheer is the built-in Autorisatiecomponent: the applications of the file and of the store as one
// whole, and the rules for changing them. It may be used by many goroutines. Every change is in
// force in its Register when the call returns, and within a poll of Follow in any other process.
//
// Who manages, manages only the applications of its own organisation, never its own rights, and
// never what stands in the file.
type Beheer struct {
	opslag   Opslag
	sleutels func(oin string) (*betrokkene.Sleutels, bool)
	register *Register
	bestand  *Bestand
	nu       func() time.Time
	meld     func(error)

	mu        sync.Mutex // one change, or one reading of the store, at a time
	generatie int64
	stand     atomic.Pointer[stand]
}

// BeheerOpties are what a Beheer needs.
type BeheerOpties struct {
	Opslag   Opslag
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	Register *Register // is told what is in force; nil when nobody asks
	Bestand  *Bestand
	Nu       func() time.Time
	Meld     func(error) // takes what is wrong in the background, for an operator
}

// Beheerder is who makes a change: an application by its client id, a person, or else the operator on the machine itself.
type Beheerder struct {
	Organisatie, ClientID string
	Persoon               *beheerlog.Wie // who did it on a page, and may: that was judged before
	Reden                 string         // of a person, for the beheerlog
	Met                   string         // who had a part in it, for the beheerlog: "voorgesteld door …"
}

// Registratie is an application with its place among the others.
type Registratie struct {
	ID          uuid.UUID
	Versie      int64  // 0: from the file
	Organisatie string // empty for one of the file, which may work for several
	Applicatie
}

// UitBestand reports whether the application stands in the file, and so can't be changed here.
func (r *Registratie) UitBestand() bool { return r.Versie == 0 }

// ETag is the version as a header; it goes back in If-Match.
func (r *Registratie) ETag() string { return `"` + strconv.FormatInt(r.Versie, 10) + `"` }

// bestandRuimte is the name space of the ids of applications in the file, so that they stay the same.
var bestandRuimte = uuid.MustParse("5e5f2b0a-3d0c-4f0e-9a34-3c1a9b6a2f6d")

// stand is everything that is known at a moment; never changed once published.
type stand struct {
	bestand    []*Registratie
	opgeslagen map[uuid.UUID]*Registratie
	clients    map[string]*Registratie
}

// NewBeheer reads the store and puts everything in force. An application that can't be opened is left out
// and told: nobody gets in by it, and nobody else is kept out.
func NewBeheer(ctx context.Context, o BeheerOpties) (*Beheer, error) {
	b := &Beheer{opslag: o.Opslag, sleutels: o.Sleutels, register: o.Register, bestand: o.Bestand, nu: o.Nu, meld: o.Meld}
	if b.nu == nil {
		b.nu = time.Now
	}
	if b.meld == nil {
		b.meld = func(error) {}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.load(ctx); err != nil {
		return nil, err
	}
	return b, nil
}

// Follow looks for changes by other processes until ctx ends. While the store can't be read what was
// in force stays so: nobody can change anything then.
func (b *Beheer) Follow(ctx context.Context, elke time.Duration) {
	t := time.NewTicker(elke)
	defer t.Stop()
	for kapot := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		err := b.Refresh(ctx)
		if err != nil && !kapot && ctx.Err() == nil {
			b.meld(fmt.Errorf("look for changed applications: %w", err))
		}
		kapot = err != nil
	}
}

// Refresh puts in force what another process changed, if anything.
func (b *Beheer) Refresh(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.opslag.Generatie(ctx)
	if err != nil || n == b.generatie {
		return err
	}
	return b.load(ctx)
}

// load reads everything; b.mu is held.
func (b *Beheer) load(ctx context.Context) error {
	rijen, generatie, err := b.opslag.LoadApplicaties(ctx)
	if err != nil {
		return fmt.Errorf("load applications: %w", err)
	}
	opgeslagen := make(map[uuid.UUID]*Registratie, len(rijen))
	for _, rij := range rijen {
		s, ok := b.sleutels(rij.OIN)
		if !ok {
			continue // of an organisation that is not served: none of its clients may sign in
		}
		r, err := ontzegel(s, rij)
		if err != nil {
			b.meld(err)
			continue
		}
		opgeslagen[r.ID] = r
	}
	b.publish(opgeslagen, generatie)
	return nil
}

// publish puts a new whole in force. The file wins from the store: the operator wrote it later.
func (b *Beheer) publish(opgeslagen map[uuid.UUID]*Registratie, generatie int64) {
	s := &stand{opgeslagen: opgeslagen, clients: map[string]*Registratie{}}
	samen := &Bestand{}
	if b.bestand != nil {
		for i := range b.bestand.Applicaties {
			a := &b.bestand.Applicaties[i]
			r := &Registratie{ID: uuid.NewSHA1(bestandRuimte, []byte(a.ClientIDs[0])), Applicatie: *a}
			s.bestand = append(s.bestand, r)
			samen.Applicaties = append(samen.Applicaties, *a)
			for _, id := range a.ClientIDs {
				s.clients[id] = r
			}
		}
	}
	for _, r := range opgeslagen {
		a := r.Applicatie
		a.ClientIDs = nil
		for _, id := range r.ClientIDs {
			if ander, bezet := s.clients[id]; bezet {
				b.meld(fmt.Errorf("client id %q of application %s is that of application %s as well, which keeps it", id, r.ID, ander.ID))
				continue
			}
			s.clients[id] = r
			a.ClientIDs = append(a.ClientIDs, id)
		}
		samen.Applicaties = append(samen.Applicaties, a)
	}
	b.stand.Store(s)
	b.generatie = generatie
	if b.register != nil {
		b.register.Replace(samen)
	}
}

func (b *Beheer) keys(oin string) (*betrokkene.Sleutels, error) {
	if s, ok := b.sleutels(oin); ok {
		return s, nil
	}
	return nil, errors.New("no keys of this organisation")
}

// ziet reports whether an organisation may see an application.
func (r *Registratie) ziet(oin string) bool {
	return oin != "" && slices.Contains(r.Organisaties, oin)
}

// List gives the applications of an organisation by label, those of the file first. With client ids
// it gives only those that have one of them.
func (b *Beheer) List(oin string, clientIDs []string) []*Registratie {
	s := b.stand.Load()
	var uit []*Registratie
	add := func(r *Registratie) {
		heeft := func(id string) bool { return slices.Contains(r.ClientIDs, id) }
		if r.ziet(oin) && (clientIDs == nil || slices.ContainsFunc(clientIDs, heeft)) {
			uit = append(uit, r)
		}
	}
	for _, r := range s.bestand {
		add(r)
	}
	n := len(uit)
	for _, r := range s.opgeslagen {
		add(r)
	}
	slices.SortFunc(uit[n:], func(a, b *Registratie) int {
		if c := strings.Compare(a.Label, b.Label); c != 0 {
			return c
		}
		return strings.Compare(a.ID.String(), b.ID.String())
	})
	return uit
}

// Get gives an application of an organisation; that of another one is unknown: fout.NietGevonden.
func (b *Beheer) Get(oin, id string) (*Registratie, error) {
	u, err := uuid.Parse(id)
	if err != nil || len(id) != 36 {
		return nil, fout.NietGevonden
	}
	s := b.stand.Load()
	r := s.opgeslagen[u]
	for _, f := range s.bestand {
		if f.ID == u {
			r = f
		}
	}
	if r == nil || !r.ziet(oin) {
		return nil, fout.NietGevonden
	}
	return r, nil
}
