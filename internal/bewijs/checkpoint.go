package bewijs

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Boom names one of the trees of an organisation.
type Boom string

// The trees; stored, so never renamed.
const (
	BoomLog    Boom = "log"    // versions of verwerkingsacties
	BoomBeheer Boom = "beheer" // events of the beheerlog
)

// Bomen are all trees of an organisation.
var Bomen = []Boom{BoomLog, BoomBeheer}

// Origin is the name of a tree: the host of the register with a path (docs/bewijs.md). It is the origin of its first epoch.
func Origin(host, oin string, b Boom) string {
	if b == BoomBeheer {
		return host + "/bewijs/" + oin + "/beheer"
	}
	return host + "/bewijs/" + oin
}

// Checkpoint is what a log says of its tree: so many leaves, this root. Its text follows C2SP tlog-checkpoint.
type Checkpoint struct {
	Origin  string
	Grootte uint64
	Wortel  Hash
	Moment  time.Time // when it was made, to the second; zero: it does not say
}

// momentRegel begins the extension line that tells the moment: with it, whoever is shown an old checkpoint sees that.
const momentRegel = "moment "

// maxCheckpoint is far above a checkpoint with the signatures of a log and of its witnesses, in bytes.
const maxCheckpoint = 64 << 10

// Errors of a checkpoint, a tree or a proof that is not what it says. Others mean that its text can't be read.
var (
	ErrHandtekening = errors.New("signature does not hold")
	ErrBewijs       = errors.New("proof does not hold")
)

// Tekst is the text that is signed: origin, number of leaves, root in base64, and the moment when there is one.
func (c Checkpoint) Tekst() string {
	t := c.Origin + "\n" + strconv.FormatUint(c.Grootte, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Wortel[:]) + "\n"
	if !c.Moment.IsZero() {
		t += momentRegel + c.Moment.UTC().Format(time.RFC3339) + "\n"
	}
	return t
}

// ParseCheckpoint reads the text that is signed. Extension lines that it does not know say nothing to it.
func ParseCheckpoint(tekst string) (c Checkpoint, err error) {
	lines := strings.Split(tekst, "\n")
	n := len(lines) - 1
	if n < 3 || lines[n] != "" {
		return c, errors.New("a checkpoint has three lines at least")
	}
	for _, l := range lines[:n] {
		if l == "" {
			return c, errors.New("a line of a checkpoint is empty")
		}
	}
	c.Origin = lines[0]
	if c.Grootte, err = parseGetal(lines[1]); err != nil {
		return c, fmt.Errorf("size of a checkpoint: %w", err)
	}
	if c.Wortel, err = parseHash(lines[2]); err != nil {
		return c, fmt.Errorf("root of a checkpoint: %w", err)
	}
	for _, l := range lines[3:n] {
		m, ok := strings.CutPrefix(l, momentRegel)
		if !ok {
			continue
		}
		if !c.Moment.IsZero() {
			return c, errors.New("a checkpoint tells two moments")
		}
		if c.Moment, err = time.Parse(time.RFC3339, m); err != nil || c.Moment.IsZero() || c.Moment.UTC().Format(time.RFC3339) != m {
			return c, errors.New("moment of a checkpoint is not in the form of RFC 3339, in UTC, in whole seconds")
		}
	}
	return c, nil
}

// Sign makes the signed note: the text and a line for each key, in that order. The keys have the name of the tree.
func (c Checkpoint) Sign(keys ...*Tekenaar) ([]byte, error) {
	if _, err := ParseCheckpoint(c.Tekst()); err != nil {
		return nil, err // an origin that spoils the text
	}
	if len(keys) == 0 {
		return nil, errors.New("a checkpoint needs a key")
	}
	signers := make([]note.Signer, len(keys))
	for i, k := range keys {
		if basis, _ := Basis(c.Origin); k.naam != basis {
			return nil, errors.New("the key has another name than the log")
		}
		signers[i] = k
	}
	return note.Sign(&note.Note{Text: c.Tekst()}, signers...)
}

// OpenCheckpoint verifies a signed note: it is of the log origin, and one of the keys has signed it at least. Lines of
// other keys are passed over, as those of witnesses are; one of these keys that does not hold spoils the whole.
// The keys have the name of the tree, whatever its epoch. ErrHandtekening when it was not signed so.
func OpenCheckpoint(b []byte, origin string, keys ...note.Verifier) (Checkpoint, error) {
	if len(b) > maxCheckpoint {
		return Checkpoint{}, errors.New("a checkpoint is too long")
	}
	basis, _ := Basis(origin)
	for _, k := range keys {
		if k.Name() != basis {
			return Checkpoint{}, errors.New("the key has another name than the log")
		}
	}
	n, err := note.Open(b, note.VerifierList(keys...))
	var unknown *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	if errors.As(err, &unknown) || errors.As(err, &invalid) {
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", ErrHandtekening)
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", err)
	}
	for _, sig := range n.Sigs { // base64 has bits that no signature covers
		if _, err := base64Streng.DecodeString(sig.Base64); err != nil {
			return Checkpoint{}, errors.New("a signature of a checkpoint is not written as it should be")
		}
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != origin {
		return Checkpoint{}, errors.New("the checkpoint is of another log")
	}
	return c, nil
}

// OriginVan reads of whose log a signed note says it is, without verifying it.
func OriginVan(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return string(line)
}

// Tekenaar signs for one log. It implements note.Signer.
type Tekenaar struct {
	naam    string
	sleutel ed25519.PrivateKey
	vkey    string
	lezer   note.Verifier
}

// NewTekenaar makes the signing key of the log origin from the 32 bytes of teken-<n>.key, the seed of RFC 8032. One
// seed signs for both trees of an organisation; as the name is in the key and in the text, neither passes for the other. The
// key has the name of the tree, whatever epoch the origin is of, so that one who knows the key goes on knowing it.
func NewTekenaar(origin string, zaad []byte) (*Tekenaar, error) {
	origin, _ = Basis(origin)
	if len(zaad) != ed25519.SeedSize {
		return nil, errors.New("the seed of a signing key has 32 bytes")
	}
	k := ed25519.NewKeyFromSeed(zaad)
	vkey, err := note.NewEd25519VerifierKey(origin, k.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	lezer, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err) // the name holds a space or a plus
	}
	return &Tekenaar{origin, k, vkey, lezer}, nil
}

// Name implements note.Signer: the name of the tree.
func (t *Tekenaar) Name() string { return t.naam }

// KeyHash implements note.Signer: the key id of C2SP signed-note.
func (t *Tekenaar) KeyHash() uint32 { return t.lezer.KeyHash() }

// Sign implements note.Signer.
func (t *Tekenaar) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(t.sleutel, msg), nil }

// Publiek is the public key in the text form of C2SP signed-note: name, key id and key.
func (t *Tekenaar) Publiek() string { return t.vkey }

// Lezer verifies what the Tekenaar signs.
func (t *Tekenaar) Lezer() note.Verifier { return t.lezer }

// String keeps the key out of whatever is printed.
func (t *Tekenaar) String() string { return "bewijs.Tekenaar(" + t.vkey + ")" }

// Format keeps the key out of %#v too.
func (t *Tekenaar) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// ParseSleutels reads public keys, one on a line.
func ParseSleutels(tekst string) (keys []note.Verifier, err error) {
	for l := range strings.Lines(tekst) {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		k, err := note.NewVerifier(l)
		if err != nil {
			return nil, fmt.Errorf("read public key: %w", err)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, errors.New("there is no public key")
	}
	return keys, nil
}

// parseGetal reads a number without leading zeros, small enough for a tree.
func parseGetal(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n >= maxGrootte || strconv.FormatUint(n, 10) != s {
		return 0, errors.New("not a number of leaves")
	}
	return n, nil
}

var base64Streng = base64.StdEncoding.Strict()

// parseHash reads a hash in base64, in the one way it can be written.
func parseHash(s string) (h Hash, err error) {
	b, err := base64Streng.DecodeString(s)
	if err != nil || len(b) != HashSize || strings.ContainsAny(s, "\r\n") {
		return h, errors.New("not a hash in base64")
	}
	return Hash(b), nil
}
