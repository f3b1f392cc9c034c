package betrokkene

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
)

// Sleutels is the keyring of one organisation. It is safe for concurrent use, and may be kept: new keys come in it while
// the process runs (Sleutelbos.Ververs). What one call gives is of one moment.
type Sleutels struct {
	nu     atomic.Pointer[ring]
	zoeken func() // asked for a key that is not known; nil: nobody is
}

// ring is what a keyring holds at a moment. It never changes.
type ring struct {
	handles    []*handleMaker // newest first
	zegels     []*zegel       // newest first
	tekens     [][]byte       // newest first
	handle     *handleMaker   // to write with
	zegel      *zegel         // to write with
	teken      int            // place in tekens of the first one to sign with
	pseudoniem []byte
	gebruik    map[string]uint16 // number of the key to write with, by kind
	doel       string            // as Doel
	gebrek     error             // why nothing may be written; nil: nothing is wrong
}

// newRing makes a ring of the keys on disk, that has at least one of each kind. wacht tells which are not to be written with
// yet; when all of a kind are, the oldest is used. weg are retired: what is among keys of them only reads.
func newRing(keys sleutelmap, wacht, weg map[naam]bool) (*ring, error) {
	r := &ring{gebruik: map[string]uint16{}}
	for _, soort := range Soorten {
		numbers := keys.nummers(soort)
		first := slices.IndexFunc(numbers, func(n uint16) bool { return !wacht[naam{soort, n}] })
		if first < 0 {
			first = len(numbers) - 1
		}
		r.gebruik[soort] = numbers[first]
		for i, n := range numbers {
			key := keys[naam{soort, n}]
			switch soort {
			case SoortHandle:
				r.handles = append(r.handles, newHandleMaker(key))
			case SoortZegel:
				z, err := newZegel(n, key)
				if err != nil {
					return nil, err
				}
				r.zegels = append(r.zegels, z)
			case SoortTeken:
				r.tekens = append(r.tekens, key)
				if i == first {
					r.teken = i
				}
			}
			if i == first && soort == SoortHandle {
				r.handle = r.handles[i]
			}
			if i == first && soort == SoortZegel {
				r.zegel = r.zegels[i]
			}
		}
	}
	r.doel = doelVan(keys, r.gebruik, weg)
	// A pseudonym is compared over many years by people who have no keys, so it stays with the
	// oldest key when handles go to a new one.
	numbers := keys.nummers(SoortHandle)
	oldest := keys[naam{SoortHandle, numbers[len(numbers)-1]}]
	var err error
	r.pseudoniem, err = subkey(oldest, "verantwoord/gebruiker/v1")
	return r, err
}

// doelVan names the keys that the log is written with, when there are older ones of them.
func doelVan(keys sleutelmap, gebruik map[string]uint16, weg map[naam]bool) string {
	var doel []string
	ouder := false
	for _, soort := range []string{SoortHandle, SoortZegel} {
		n := gebruik[soort]
		doel = append(doel, naam{soort, n}.String())
		ouder = ouder || slices.ContainsFunc(keys.nummers(soort), func(m uint16) bool { return m < n && !weg[naam{soort, m}] })
	}
	if !ouder {
		return ""
	}
	return strings.Join(doel, " ")
}

// newSleutels makes a keyring that nobody changes, and writes with the newest keys.
func newSleutels(keys sleutelmap, weg map[naam]bool) (*Sleutels, error) {
	r, err := newRing(keys, nil, weg)
	if err != nil {
		return nil, err
	}
	s := &Sleutels{}
	s.nu.Store(r)
	return s, nil
}

// Schrijfbaar tells why nothing may be written now, with fout.CodeNietBeschikbaar: a key that the store knows is missing
// here or is another one. Reading goes on with the keys that there were.
func (s *Sleutels) Schrijfbaar() error { return s.nu.Load().gebrek }

// Gebruik gives the numbers of the keys that are written with, by kind.
func (s *Sleutels) Gebruik() map[string]uint16 { return maps.Clone(s.nu.Load().gebruik) }

// Doel names the keys that are written with now ("handle-2 zegel-1"); empty when nothing can be under older ones: there are
// none, or they are retired.
func (s *Sleutels) Doel() string { return s.nu.Load().doel }

// subkey derives a key for one purpose, by HKDF-SHA256 without salt: the key is random already.
func subkey(key []byte, purpose string) ([]byte, error) {
	k, err := hkdf.Key(sha256.New, key, nil, purpose, sleutelSize)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return k, nil
}

// Handle gives the handle to write, made with the newest key that is in use.
func (s *Sleutels) Handle(objecttype, soortObjectID, objectID string) Handle {
	return s.nu.Load().handle.handle(objecttype, soortObjectID, objectID)
}

// Handles gives the handles to search for, one for each key, newest first: records keep the handle
// of the key they were written with. The first ones may be of a key that is not written with yet: another node does so
// sooner. Those of Eerder come last.
func (s *Sleutels) Handles(objecttype, soortObjectID, objectID string) []Handle {
	handles := s.nu.Load().handles
	out := make([]Handle, len(handles))
	for i, m := range handles {
		out[i] = m.handle(objecttype, soortObjectID, objectID)
	}
	return append(out, eerder(handles, objecttype, soortObjectID, objectID)...)
}

// Eerder gives the handles that the log has of an identifier from when a BSN without its first zero was another person's, one for each
// key; nearly always none. They go away when the log is rewritten with a new handle key.
func (s *Sleutels) Eerder(objecttype, soortObjectID, objectID string) []Handle {
	return eerder(s.nu.Load().handles, objecttype, soortObjectID, objectID)
}

func eerder(handles []*handleMaker, objecttype, soortObjectID, objectID string) (out []Handle) {
	zonder, ok := zonderNul(soortObjectID, Nummer(soortObjectID, objectID))
	if !ok {
		return nil
	}
	for _, m := range handles {
		out = append(out, m.letter(objecttype, soortObjectID, zonder))
	}
	return out
}

// Vast gives the handle that stays the same over rotation, made with the oldest key: for what is compared and never
// searched in the log, as counts of attempts and the holder of a cursor.
func (s *Sleutels) Vast(objecttype, soortObjectID, objectID string) Handle {
	handles := s.nu.Load().handles
	return handles[len(handles)-1].handle(objecttype, soortObjectID, objectID)
}

// AantalHandles is for how many keys Handles gives them.
func (s *Sleutels) AantalHandles() int { return len(s.nu.Load().handles) }

var pseudoniemText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Pseudoniem gives a meaningless key for a gebruiker (rules R-703): 32 lower-case letters and
// digits, always the same within the organisation, also after rotation. Empty stays empty. It
// does not recognise its own results: a stored pseudonym must not be given again.
func (s *Sleutels) Pseudoniem(gebruiker string) string {
	if gebruiker == "" {
		return ""
	}
	mac := hmac.New(sha256.New, s.nu.Load().pseudoniem)
	mac.Write([]byte(gebruiker))
	return pseudoniemText.EncodeToString(mac.Sum(nil)[:20])
}

// Tekens gives the Ed25519 seeds (RFC 8032) that may have signed a checkpoint, newest first: those that are not in use yet
// too, as another node may sign with them sooner. They are not to be changed.
func (s *Sleutels) Tekens() [][]byte { return s.nu.Load().tekens }

// Ondertekenen gives the seeds to sign with, newest first: those of Tekens that are in use.
func (s *Sleutels) Ondertekenen() [][]byte {
	r := s.nu.Load()
	return r.tekens[r.teken:]
}

// Format keeps keys out of whatever is printed.
func (s *Sleutels) Format(f fmt.State, _ rune) { io.WriteString(f, "betrokkene.Sleutels(***)") }
