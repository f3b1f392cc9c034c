package getuige

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

const (
	// soort is the type of a key that cosigns with Ed25519 (C2SP tlog-cosignature).
	soort = 0x04
	// kop begins what is signed; with it a cosignature never passes for the signature of a log.
	kop = "cosignature/v1\n"
	// maxMoment is the last second of the year 9999: what RFC 3339 can write, and the store keep.
	maxMoment = 253402300799
	// maxRegels is above what a witness with several keys answers, in bytes.
	maxRegels = 16 << 10
)

var base64Streng = base64.StdEncoding.Strict()

// Sleutel is the public key of a witness. It implements note.Verifier.
type Sleutel struct {
	naam    string
	id      uint32
	publiek ed25519.PublicKey
}

func newSleutel(naam string, publiek ed25519.PublicKey) (*Sleutel, error) {
	if naam == "" || len(naam) > 255 || !utf8.ValidString(naam) || strings.Contains(naam, "+") ||
		strings.ContainsFunc(naam, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return nil, errors.New("the name of a witness has no space and no plus")
	}
	h := sha256.Sum256(append([]byte(naam+"\n"), append([]byte{soort}, publiek...)...))
	return &Sleutel{naam, binary.BigEndian.Uint32(h[:]), publiek}, nil
}

// ParseSleutel reads a public key in the text form of C2SP signed-note: name, key id and key.
func ParseSleutel(tekst string) (*Sleutel, error) {
	naam, rest, _ := strings.Cut(tekst, "+")
	_, b64, _ := strings.Cut(rest, "+")
	b, err := base64Streng.DecodeString(b64)
	if err != nil || len(b) != 1+ed25519.PublicKeySize || b[0] != soort {
		return nil, errors.New("not the public key of a witness (Ed25519, cosignature/v1)")
	}
	s, err := newSleutel(naam, b[1:])
	if err == nil && s.Publiek() != tekst {
		err = errors.New("the public key of a witness is damaged: its name, number and key do not fit")
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Publiek is the text form of the key.
func (s *Sleutel) Publiek() string {
	return fmt.Sprintf("%s+%08x+%s", s.naam, s.id, base64.StdEncoding.EncodeToString(append([]byte{soort}, s.publiek...)))
}

// Name implements note.Verifier.
func (s *Sleutel) Name() string { return s.naam }

// KeyHash implements note.Verifier: the key ID of C2SP tlog-cosignature.
func (s *Sleutel) KeyHash() uint32 { return s.id }

// Verify implements note.Verifier: sig is the moment and the signature.
func (s *Sleutel) Verify(tekst, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	moment := binary.BigEndian.Uint64(sig)
	return moment <= maxMoment && ed25519.Verify(s.publiek, bericht(tekst, moment), sig[8:])
}

// bericht is what a cosignature is over; moment in seconds since 1970.
func bericht(tekst []byte, moment uint64) []byte {
	return append([]byte(kop+"time "+strconv.FormatUint(moment, 10)+"\n"), tekst...)
}

// Ondertekenaar cosigns.
type Ondertekenaar struct {
	*Sleutel
	geheim ed25519.PrivateKey
}

// NewOndertekenaar makes the key of the witness naam from the 32 bytes of a seed (RFC 8032). What is signed does not hold the
// name: a seed is for one witness.
func NewOndertekenaar(naam string, zaad []byte) (*Ondertekenaar, error) {
	if len(zaad) != ed25519.SeedSize {
		return nil, errors.New("the seed of a witness has 32 bytes")
	}
	k := ed25519.NewKeyFromSeed(zaad)
	s, err := newSleutel(naam, k.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	return &Ondertekenaar{s, k}, nil
}

// Onderteken cosigns the text of a checkpoint.
func (o *Ondertekenaar) Onderteken(tekst string, moment time.Time) Medeondertekening {
	m := uint64(moment.Unix())
	sig := append(binary.BigEndian.AppendUint64(nil, m), ed25519.Sign(o.geheim, bericht([]byte(tekst), m))...)
	return Medeondertekening{o.Publiek(), moment.UTC().Truncate(time.Second), regel(o.Sleutel, sig)}
}

// String keeps the key out of whatever is printed.
func (o *Ondertekenaar) String() string { return "getuige.Ondertekenaar(" + o.Publiek() + ")" }

// Format keeps the key out of %#v too.
func (o *Ondertekenaar) Format(f fmt.State, _ rune) { fmt.Fprint(f, o.String()) }

// Medeondertekening is the cosignature of a checkpoint by one witness.
type Medeondertekening struct {
	Sleutel string    // public key of the witness, in its text form
	Moment  time.Time // when it cosigned, to the second
	Regel   []byte    // line of the signed note, with its newline
}

func regel(s *Sleutel, sig []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, s.id)
	return []byte("— " + s.naam + " " + base64.StdEncoding.EncodeToString(append(b, sig...)) + "\n")
}

// Lees finds those of the given witnesses among lines that belong to a signed checkpoint. Lines of others are passed over.
// bewijs.ErrHandtekening: there is none, or one of these does not hold.
func Lees(checkpoint, regels []byte, sleutels ...*Sleutel) ([]Medeondertekening, error) {
	tekst, _, ok := bytes.Cut(checkpoint, []byte("\n\n"))
	if !ok {
		return nil, errors.New("a checkpoint has signatures after an empty line")
	}
	if len(regels) > maxRegels {
		return nil, errors.New("there are too many cosignatures")
	}
	lezers := make([]note.Verifier, len(sleutels))
	for i, s := range sleutels {
		lezers[i] = s
	}
	n, err := note.Open(append(append(bytes.Clone(tekst), "\n\n"...), regels...), note.VerifierList(lezers...))
	var unknown *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	if errors.As(err, &unknown) || errors.As(err, &invalid) {
		return nil, fmt.Errorf("open cosignature: %w", bewijs.ErrHandtekening)
	}
	if err != nil {
		return nil, fmt.Errorf("open cosignature: %w", err)
	}
	var uit []Medeondertekening
	for _, sig := range n.Sigs {
		b, err := base64.StdEncoding.DecodeString(sig.Base64)
		if err != nil {
			return nil, fmt.Errorf("open cosignature: %w", err)
		}
		for _, s := range sleutels {
			if s.naam == sig.Name && s.id == sig.Hash {
				moment := time.Unix(int64(binary.BigEndian.Uint64(b[4:])), 0).UTC()
				uit = append(uit, Medeondertekening{s.Publiek(), moment, regel(s, b[4:])})
				break
			}
		}
	}
	return uit, nil
}

// Klopt tells whether it is of that signed checkpoint, by the witness that it names, and written to the byte as it would be
// written again: base64 has bits that no signature covers.
func (m *Medeondertekening) Klopt(checkpoint []byte) bool {
	s, err := ParseSleutel(m.Sleutel)
	if err != nil {
		return false
	}
	l, err := Lees(checkpoint, m.Regel, s)
	return err == nil && len(l) == 1 && bytes.Equal(l[0].Regel, m.Regel) && l[0].Moment.Equal(m.Moment)
}
