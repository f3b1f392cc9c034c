package aanmelding

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// The cost of a password: argon2id with 64 MiB, once, over four lanes (RFC 9106, section 4, second choice with less passes; figures in 0019).
const (
	argonGeheugen = 64 << 10 // KiB
	argonTijd     = 1
	argonBanen    = 4
	argonSleutel  = 32
	zoutLengte    = 16
)

// Of these computations two run at once, and so many wait: signing in never takes more of a machine than that from the register.
const (
	rekenPlaatsen = 2
	rekenWachtrij = 32
)

type rekenaar struct {
	plaatsen chan struct{} // who computes
	rij      chan struct{} // who computes or waits
	geheugen uint32        // KiB
	nep      string        // hash of a password that nobody has, for accounts that have none
}

func newRekenaar(geheugen uint32) *rekenaar {
	r := &rekenaar{geheugen: geheugen, plaatsen: make(chan struct{}, rekenPlaatsen), rij: make(chan struct{}, rekenPlaatsen+rekenWachtrij)}
	var zout [zoutLengte]byte
	var som [argonSleutel]byte
	rand.Read(zout[:])
	rand.Read(som[:]) // of which nobody knows a password, and finding one is as hard as for any other
	r.nep = r.phc(zout[:], som[:])
	return r
}

// reken computes when there is a place.
func (r *rekenaar) reken(ctx context.Context, wachtwoord string, zout []byte) ([]byte, error) {
	select {
	case r.rij <- struct{}{}:
		defer func() { <-r.rij }()
	default:
		f := fout.New(fout.CodeTeVeel, "Er melden zich nu veel mensen tegelijk aan. Probeer het over een paar seconden opnieuw.")
		f.OpnieuwNa = 5 * time.Second
		return nil, f
	}
	select {
	case r.plaatsen <- struct{}{}:
		defer func() { <-r.plaatsen }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(wachtwoord), zout, argonTijd, r.geheugen, argonBanen, argonSleutel), nil
}

// hash makes what is kept of a password, in the form of PHC.
func (r *rekenaar) hash(ctx context.Context, wachtwoord string) (string, error) {
	zout := make([]byte, zoutLengte)
	rand.Read(zout)
	som, err := r.reken(ctx, wachtwoord, zout)
	if err != nil {
		return "", err
	}
	return r.phc(zout, som), nil
}

func (r *rekenaar) phc(zout, som []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, r.geheugen, argonTijd, argonBanen,
		base64.RawStdEncoding.EncodeToString(zout), base64.RawStdEncoding.EncodeToString(som))
}

// klopt compares a password with what was kept; empty takes as long, and is never right.
func (r *rekenaar) klopt(ctx context.Context, wachtwoord, bewaard string) (bool, error) {
	nep := bewaard == ""
	if nep {
		bewaard = r.nep
	}
	delen := strings.Split(bewaard, "$")
	kop := strings.Split(r.phc(nil, nil), "$")
	if len(delen) != 6 || delen[1] != kop[1] || delen[2] != kop[2] || delen[3] != kop[3] {
		return false, errors.New("a password is kept in a form this version does not know")
	}
	zout, err := base64.RawStdEncoding.DecodeString(delen[4])
	if err != nil {
		return false, errors.New("the salt of a password can't be read")
	}
	want, err := base64.RawStdEncoding.DecodeString(delen[5])
	if err != nil {
		return false, errors.New("the hash of a password can't be read")
	}
	som, err := r.reken(ctx, wachtwoord, zout)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(som, want) == 1 && !nep, nil
}
