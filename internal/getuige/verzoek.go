package getuige

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// MaxVerzoek is how long a request may be, in bytes: the longest checkpoint that bewijs reads, and its proof.
const MaxVerzoek = 64<<10 + maxHashes*45 + 32

// maxHashes is how many hashes a proof of consistency may have (C2SP tlog-witness).
const maxHashes = 63

const oudRegel = "old "

// Verzoek asks a witness to cosign a checkpoint: the body of add-checkpoint.
type Verzoek struct {
	Oud        uint64        // leaves of the one that the witness cosigned last; 0: none
	Pad        []bewijs.Hash // that the tree begins with those (RFC 6962, section 2.1.2)
	Checkpoint []byte        // the signed note
}

// Tekst writes the request.
func (v *Verzoek) Tekst() []byte {
	t := strconv.AppendUint([]byte(oudRegel), v.Oud, 10)
	t = append(append(t, '\n'), bewijs.PadTekst(v.Pad)...)
	return append(append(t, '\n'), v.Checkpoint...)
}

// ParseVerzoek reads a request. That it holds is for the Getuige to say.
func ParseVerzoek(b []byte) (*Verzoek, error) {
	if len(b) > MaxVerzoek {
		return nil, errors.New("the request is too long")
	}
	voor, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	if !ok {
		return nil, errors.New("a checkpoint comes after an empty line")
	}
	eerste, pad, meer := strings.Cut(string(voor), "\n")
	v := &Verzoek{Checkpoint: checkpoint}
	s, ok := strings.CutPrefix(eerste, oudRegel)
	var err error
	if v.Oud, err = ParseGrootte(s); err != nil || !ok {
		return nil, errors.New("the first line is old and a number of leaves")
	}
	if meer {
		if v.Pad, err = bewijs.ParsePad([]byte(pad + "\n")); err != nil {
			return nil, err
		}
	}
	if len(v.Pad) > maxHashes {
		return nil, fmt.Errorf("a proof of consistency has at most %d hashes", maxHashes)
	}
	return v, nil
}

// ParseGrootte reads a number of leaves, in the one way it can be written.
func ParseGrootte(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 62)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, errors.New("not a number of leaves")
	}
	return n, nil
}
