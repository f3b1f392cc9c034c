package betrokkene

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
)

// Sleutels is the keyring of one organisation. It is immutable and safe for concurrent use.
type Sleutels struct {
	handles    []*handleMaker // newest first
	zegels     []*zegel       // newest first
	pseudoniem []byte
	tekens     [][]byte // newest first
}

// newSleutels makes a keyring of the keys on disk, that has at least one of each kind.
func newSleutels(keys sleutelmap) (*Sleutels, error) {
	s := &Sleutels{}
	for _, n := range keys.nummers(soortHandle) {
		s.handles = append(s.handles, newHandleMaker(keys[naam{soortHandle, n}]))
	}
	for _, n := range keys.nummers(soortZegel) {
		z, err := newZegel(n, keys[naam{soortZegel, n}])
		if err != nil {
			return nil, err
		}
		s.zegels = append(s.zegels, z)
	}
	for _, n := range keys.nummers(soortTeken) {
		s.tekens = append(s.tekens, keys[naam{soortTeken, n}])
	}
	// A pseudonym is compared over many years by people who have no keys, so it stays with the
	// oldest key when handles go to a new one.
	numbers := keys.nummers(soortHandle)
	oldest := keys[naam{soortHandle, numbers[len(numbers)-1]}]
	var err error
	s.pseudoniem, err = subkey(oldest, "verantwoord/gebruiker/v1")
	return s, err
}

// subkey derives a key for one purpose, by HKDF-SHA256 without salt: the key is random already.
func subkey(key []byte, purpose string) ([]byte, error) {
	k, err := hkdf.Key(sha256.New, key, nil, purpose, sleutelSize)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return k, nil
}

// Handle gives the handle to write, made with the newest key.
func (s *Sleutels) Handle(objecttype, soortObjectID, objectID string) Handle {
	return s.handles[0].handle(objecttype, soortObjectID, objectID)
}

// Handles gives the handles to search for, one for each key, newest first: records keep the handle
// of the key they were written with.
func (s *Sleutels) Handles(objecttype, soortObjectID, objectID string) []Handle {
	out := make([]Handle, len(s.handles))
	for i, m := range s.handles {
		out[i] = m.handle(objecttype, soortObjectID, objectID)
	}
	return out
}

var pseudoniemText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Pseudoniem gives a meaningless key for a gebruiker (rules R-703): 32 lower-case letters and
// digits, always the same within the organisation, also after rotation. Empty stays empty. It
// does not recognise its own results: a stored pseudonym must not be given again.
func (s *Sleutels) Pseudoniem(gebruiker string) string {
	if gebruiker == "" {
		return ""
	}
	mac := hmac.New(sha256.New, s.pseudoniem)
	mac.Write([]byte(gebruiker))
	return pseudoniemText.EncodeToString(mac.Sum(nil)[:20])
}

// Tekens gives the Ed25519 seeds (RFC 8032) with which checkpoints are signed, newest first. They are not to be changed.
func (s *Sleutels) Tekens() [][]byte { return s.tekens }

// Format keeps keys out of whatever is printed.
func (s *Sleutels) Format(f fmt.State, _ rune) { io.WriteString(f, "betrokkene.Sleutels(***)") }
