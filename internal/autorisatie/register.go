package autorisatie

import (
	"crypto/rand"
	"slices"
	"sync/atomic"
)

// Register looks applications up by client id. It may be used by many goroutines; Replace swaps
// everything at once, so that no request sees half of a change, and takes effect with the next
// request (A9726: no stale cache).
type Register struct {
	clients  atomic.Pointer[map[string]*client]
	onbekend *client // stands in for every unknown client: its secret is random and kept nowhere
	extern   *extern // where the grants come from; nil: from the applications themselves
	gezien   gezien
}

// client is what authentication needs of an application; never changed once published.
type client struct {
	geheim       Geheim
	label        string
	organisaties []string
	oins         []string
	rechten      rechten
}

// NewRegister gives a register that knows the applications of b; nil knows none.
func NewRegister(b *Bestand) *Register {
	r := newRegister()
	r.Replace(b)
	return r
}

func newRegister() *Register {
	r := &Register{onbekend: &client{geheim: make(Geheim, minGeheim)}}
	_, _ = rand.Read(r.onbekend.geheim) // crypto/rand.Read never returns an error
	return r
}

// Replace makes the register know the applications of b and no others. An application whose secret
// is too short to be one is left out: nothing may ever verify against it.
func (r *Register) Replace(b *Bestand) {
	clients := map[string]*client{}
	if b != nil {
		for _, a := range b.Applicaties {
			if len(a.Geheim) < minGeheim {
				continue
			}
			c := &client{
				geheim:       slices.Clone(a.Geheim),
				label:        a.Label,
				organisaties: slices.Clone(a.Organisaties),
				oins:         slices.Clone(a.OINs),
				rechten:      rechtenVan(nil),
			}
			if r.extern == nil {
				c.rechten = rechtenVan(a.Autorisaties)
			}
			for _, id := range a.ClientIDs {
				clients[id] = c
			}
		}
	}
	r.clients.Store(&clients)
}

// zoek gives the client, or the stand-in and false.
func (r *Register) zoek(clientID string) (*client, bool) {
	if c, ok := (*r.clients.Load())[clientID]; ok {
		return c, true
	}
	return r.onbekend, false
}
