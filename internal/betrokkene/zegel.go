package betrokkene

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
)

// Sealed bytes are: format (1) ‖ number of the zegel key (uint16) ‖ nonce (12) ‖ ciphertext and
// tag of AES-256-GCM. The header needs no place in the additional data: another format is refused,
// and another number is another key.
const (
	formatAESGCM = 1
	nonceSize    = 12
	headerSize   = ZegelBegin + nonceSize
	tagSize      = 16
)

// zegel holds what is derived from one zegel key.
type zegel struct {
	nummer        uint16
	normaal       cipher.AEAD
	vertrouwelijk cipher.AEAD
	cursor        cipher.AEAD
}

func newZegel(nummer uint16, key []byte) (*zegel, error) {
	z := &zegel{nummer: nummer}
	for _, p := range []struct {
		aead    *cipher.AEAD
		purpose string
	}{
		{&z.normaal, "verantwoord/zegel/normaal/v1"},
		{&z.vertrouwelijk, "verantwoord/zegel/vertrouwelijk/v1"},
		{&z.cursor, "verantwoord/cursor/v1"},
	} {
		k, err := subkey(key, p.purpose)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(k)
		if err != nil {
			return nil, fmt.Errorf("make cipher: %w", err)
		}
		if *p.aead, err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("make cipher: %w", err)
		}
	}
	return z, nil
}

// klasse gives the cipher of a class, nil when there is no such class.
func (z *zegel) klasse(k Klasse) cipher.AEAD {
	switch k {
	case KlasseNormaal:
		return z.normaal
	case KlasseVertrouwelijk:
		return z.vertrouwelijk
	}
	return nil
}

// Seal appends plain, encrypted and authenticated together with aad, to dst; plain must not
// overlap what is behind dst. It panics on a Klasse that is none: that is a mistake of the program.
func (s *Sleutels) Seal(dst []byte, k Klasse, aad, plain []byte) []byte {
	z := s.nu.Load().zegel
	aead := z.klasse(k)
	if aead == nil {
		panic("betrokkene: sealing without a class")
	}
	return seal(dst, aead, z.nummer, aad, plain)
}

// Open appends what was sealed to dst. It returns NietTeOpenen when anything differs from what
// Seal was given or made.
func (s *Sleutels) Open(dst []byte, k Klasse, aad, sealed []byte) ([]byte, error) {
	z, err := s.zegelOf(sealed)
	if err != nil {
		return nil, err
	}
	return open(dst, z.klasse(k), aad, sealed)
}

// SealCursor seals a place in a list, with a key that opens nothing else.
func (s *Sleutels) SealCursor(aad, plain []byte) []byte {
	z := s.nu.Load().zegel
	return seal(nil, z.cursor, z.nummer, aad, plain)
}

// OpenCursor opens what SealCursor made; it returns NietTeOpenen for anything else.
func (s *Sleutels) OpenCursor(aad, sealed []byte) ([]byte, error) {
	z, err := s.zegelOf(sealed)
	if err != nil {
		return nil, err
	}
	return open(nil, z.cursor, aad, sealed)
}

// Nieuwste tells whether sealed bytes were sealed with the key that is written with now.
func (s *Sleutels) Nieuwste(sealed []byte) bool {
	return len(sealed) >= headerSize+tagSize && sealed[0] == formatAESGCM &&
		binary.BigEndian.Uint16(sealed[1:]) == s.nu.Load().zegel.nummer
}

// Ouder tells whether sealed bytes name an older key than is written with now.
func (s *Sleutels) Ouder(sealed []byte) bool {
	n, ok := Zegelnummer(sealed)
	return ok && n < s.nu.Load().zegel.nummer
}

// ZegelBegin is how many of the first bytes of what is sealed name its key.
const ZegelBegin = 1 + 2

// Zegelnummer gives the number of the zegel key that sealed bytes name, of which it needs the first ZegelBegin; false when they
// name none.
func Zegelnummer(begin []byte) (uint16, bool) {
	if len(begin) < ZegelBegin || begin[0] != formatAESGCM {
		return 0, false
	}
	return binary.BigEndian.Uint16(begin[1:]), true
}

// zegelOf finds the key that sealed bytes name. One that is not known may have just come: then the files are read again.
func (s *Sleutels) zegelOf(sealed []byte) (*zegel, error) {
	if len(sealed) < headerSize+tagSize || sealed[0] != formatAESGCM {
		return nil, NietTeOpenen
	}
	nummer := binary.BigEndian.Uint16(sealed[1:])
	if z := s.nu.Load().zegelMet(nummer); z != nil {
		return z, nil
	}
	if s.zoeken != nil {
		s.zoeken()
		if z := s.nu.Load().zegelMet(nummer); z != nil {
			return z, nil
		}
	}
	return nil, NietTeOpenen
}

func (r *ring) zegelMet(nummer uint16) *zegel {
	for _, z := range r.zegels {
		if z.nummer == nummer {
			return z
		}
	}
	return nil
}

func seal(dst []byte, aead cipher.AEAD, nummer uint16, aad, plain []byte) []byte {
	dst = slices.Grow(dst, headerSize+len(plain)+tagSize)
	dst = append(dst, formatAESGCM)
	dst = binary.BigEndian.AppendUint16(dst, nummer)
	nonce := dst[len(dst) : len(dst)+nonceSize]
	rand.Read(nonce) // never fails: the process stops instead
	return aead.Seal(dst[:len(dst)+nonceSize], nonce, plain, aad)
}

func open(dst []byte, aead cipher.AEAD, aad, sealed []byte) ([]byte, error) {
	if aead == nil {
		return nil, NietTeOpenen
	}
	out, err := aead.Open(dst, sealed[headerSize-nonceSize:headerSize], sealed[headerSize:], aad)
	if err != nil {
		return nil, NietTeOpenen
	}
	return out, nil
}
