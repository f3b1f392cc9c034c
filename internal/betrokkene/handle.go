package betrokkene

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
	"unicode/utf8"
)

// handleMaker makes handles with one key. It keeps HMAC states that already took in the key: that
// halves the work and leaves nothing to allocate.
type handleMaker struct {
	states sync.Pool // of *handleState
}

type handleState struct {
	mac hash.Hash
	buf []byte
	sum [sha256.Size]byte
}

func newHandleMaker(key []byte) *handleMaker {
	m := &handleMaker{}
	m.states.New = func() any {
		return &handleState{mac: hmac.New(sha256.New, key), buf: make([]byte, 0, 320)}
	}
	return m
}

// handle makes the handle of an identifier, the same for all ways to write it.
func (m *handleMaker) handle(objecttype, soortObjectID, objectID string) Handle {
	return m.letter(objecttype, soortObjectID, Nummer(soortObjectID, objectID))
}

// letter makes the handle of an identifier to the letter.
func (m *handleMaker) letter(objecttype, soortObjectID, objectID string) (h Handle) {
	s := m.states.Get().(*handleState)
	b := append(s.buf[:0], objecttype...)
	b = append(b, 0)
	b = appendLower(b, soortObjectID)
	b = append(b, 0)
	b = append(b, objectID...)
	s.buf = b
	s.mac.Reset()
	s.mac.Write(b)
	copy(h[:], s.mac.Sum(s.sum[:0]))
	m.states.Put(s)
	return h
}

// appendLower appends Soort(s), without allocating when s is ASCII as nearly always.
func appendLower(dst []byte, s string) []byte {
	start := len(dst)
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return append(dst[:start], Soort(s)...)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
