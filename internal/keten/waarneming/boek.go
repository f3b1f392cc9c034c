// Package waarneming notes what passes at the sockets of a landscape, in the order in which it happened: who called whom, with
// which headers and named values, and what was answered. It changes nothing of what passes.
//
// A request is stamped before its handler sees it, and an answer before its first byte leaves. So when one party waits for
// another, the numbers tell it: an answer that is waited for has a lower number than what comes after it.
//
// What names a person is masked before it is kept: of an identifier the last two characters stay. A body is never kept, only
// values by the name of their field.
package waarneming

import (
	"slices"
	"sync"
	"time"
)

// Stempel is a place in the order of everything that was noted. The zero value: it did not happen.
type Stempel struct {
	Nr     int64
	Moment time.Time
}

// Veld is a named value that was sent or answered.
type Veld struct{ Naam, Waarde string }

// Aanroep is a call that came in at a socket, or something a party decided by itself, which has no method.
type Aanroep struct {
	Plaats  string // whose socket, as given to Om
	Van     string // client_id of the token; empty: none, or no call
	Methode string
	Pad     string
	Koppen  []Veld // the headers of the doorgave that were there, in the order of the standard
	Velden  []Veld // of the body or the query, by name
	Begin   Stempel

	Status   int     // 0: not answered yet
	Code     string  // of a problem+json
	Antwoord []Veld  // named values of the answer
	Einde    Stempel // just before the answer left
}

// Veld gives a value that was sent, by its name.
func (a *Aanroep) Veld(naam string) string { return zoek(a.Velden, naam) }

// Kop gives a header of the doorgave.
func (a *Aanroep) Kop(naam string) string { return zoek(a.Koppen, naam) }

// Uit gives a value of the answer.
func (a *Aanroep) Uit(naam string) string { return zoek(a.Antwoord, naam) }

func zoek(velden []Veld, naam string) string {
	for _, v := range velden {
		if v.Naam == naam {
			return v.Waarde
		}
	}
	return ""
}

// maxAanroepen is how many calls are kept; the oldest go first.
const maxAanroepen = 4096

// Boek holds what was noted. Its zero value is empty and ready; it may be used by many goroutines.
type Boek struct {
	mu        sync.Mutex
	nr        int64
	aanroepen []*Aanroep
}

// Nr is the number of what was noted last.
func (b *Boek) Nr() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.nr
}

// Sinds gives the calls that began after a number, in that order.
func (b *Boek) Sinds(nr int64) []Aanroep {
	b.mu.Lock()
	defer b.mu.Unlock()
	var uit []Aanroep
	for _, a := range b.aanroepen {
		if a.Begin.Nr > nr {
			uit = append(uit, *a) // its lists are not written after they are set
		}
	}
	return uit
}

// begin stamps a call and keeps it. b.mu is held.
func (b *Boek) begin(a *Aanroep) {
	a.Begin = b.stempel()
	b.aanroepen = append(b.aanroepen, a)
	if n := len(b.aanroepen) - maxAanroepen; n > 0 {
		b.aanroepen = slices.Delete(b.aanroepen, 0, n)
	}
}

func (b *Boek) stempel() Stempel {
	b.nr++
	return Stempel{b.nr, time.Now()}
}
