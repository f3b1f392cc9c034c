package aanmelding

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// newToken makes a token for a cookie, and its hash for the store.
func newToken() (string, Afdruk) {
	var b [32]byte
	rand.Read(b[:]) // never fails: the process stops instead
	t := base64.RawURLEncoding.EncodeToString(b[:])
	return t, sha256.Sum256([]byte(t))
}

// afdruk is the hash of a token as received.
func afdruk(token string) Afdruk { return sha256.Sum256([]byte(token)) }

// newCode makes a code of 8 digits, each as likely as any other.
func newCode() string {
	const aantal = 100_000_000
	for {
		var b [4]byte
		rand.Read(b[:])
		// The numbers above the last whole multiple are left out.
		if n := binary.BigEndian.Uint32(b[:]); n < 1<<32/aantal*aantal {
			return fmt.Sprintf("%08d", n%aantal)
		}
	}
}

// cijfers keeps the digits: people type a code with spaces, or paste it with a full stop.
func cijfers(s string) string {
	if len(s) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

var letters = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding) // none that look alike

// newWoord makes a code of 5 n bits in groups of four letters and digits.
func newWoord(n int) string {
	b := make([]byte, (n*5+7)/8)
	rand.Read(b)
	s := letters.EncodeToString(b)[:n]
	var delen []string
	for ; len(s) > 4; s = s[4:] {
		delen = append(delen, s[:4])
	}
	return strings.Join(append(delen, s), "-")
}

// woord keeps what newWoord makes of what is typed.
func woord(s string) string {
	if len(s) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '2' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// codeHash is what is kept of a code: keyed, for one purpose and one bearer, so that it is neither guessed nor moved.
func codeHash(s *betrokkene.Sleutels, doel, drager, code string) betrokkene.Handle {
	return s.Handle("aanmeldcode", doel, drager+" "+code)
}

// codeKlopt compares in constant time, with every key that is in use.
func codeKlopt(s *betrokkene.Sleutels, doel, drager, code string, bewaard betrokkene.Handle) bool {
	goed := 0
	for _, h := range s.Handles("aanmeldcode", doel, drager+" "+code) {
		goed |= subtle.ConstantTimeCompare(h[:], bewaard[:])
	}
	return goed == 1
}

// geenCode is kept where no code may fit.
func geenCode() (h betrokkene.Handle) {
	rand.Read(h[:])
	return h
}

// telAccount is what attempts of an account are counted by: its address, with the browser when that is a known one. A new key begins no
// new count.
func telAccount(s *betrokkene.Sleutels, adres, klasse string) betrokkene.Handle {
	return s.Vast("aanmeldteller", klasse, adres)
}

const vreemd = "vreemd" // class of all browsers that are not known

// Masker shows an address to who knows it already, and hides how long it is: "j•••••n@t•••••d.nl".
func Masker(adres string) string {
	naam, domein, ok := strings.Cut(adres, "@")
	if !ok {
		return "•••••"
	}
	huis, land := domein, ""
	if i := strings.LastIndexByte(domein, '.'); i > 0 {
		huis, land = domein[:i], domein[i:]
	}
	return rand5(naam) + "@" + rand5(huis) + land
}

// rand5 keeps the first and the last letter; of what has less than three only the first.
func rand5(s string) string {
	r := []rune(s)
	switch {
	case len(r) == 0:
		return "•••••"
	case len(r) < 3:
		return string(r[0]) + "•••••"
	}
	return string(r[0]) + "•••••" + string(r[len(r)-1])
}
