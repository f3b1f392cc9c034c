package inwoner

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Afdruk is the SHA-256 of a token or of the state of a sign-in: all that the store keeps of it. Both are 32 random bytes, so the hash can't
// be guessed.
type Afdruk [sha256.Size]byte

// Opslag keeps what is needed to sign citizens in, for all organisations. It may be used by many goroutines and processes; what comes
// together in one call is one transaction.
type Opslag interface {
	// Tel counts one attempt, unless the limit was reached in the hour before it.
	Tel(ctx context.Context, t Teller, nu time.Time) (Telling, error)
	// Schrijf does all of w or nothing: fout.Gelijktijdig when the state was used before, or a session that must end is gone.
	Schrijf(ctx context.Context, oin string, w *Wijziging) error
	// Sessie gives one, ended by time or not: fout.NietGevonden.
	Sessie(ctx context.Context, id Afdruk) (*SessieRij, error)
	// Gezien moves the moment a session was last used; never back, and never makes one.
	Gezien(ctx context.Context, id Afdruk, nu time.Time) error
	// Historie gives the numbers of the newest n events that Wijziging.Log noted of a person, newest first.
	Historie(ctx context.Context, oin string, personen []betrokkene.Handle, n int) ([]uint64, error)
	// Opruim removes what ended before nu, sessions that were not used since stil, and history from before oud.
	Opruim(ctx context.Context, nu, stil, oud time.Time) error
}

// Venster is how finely attempts are counted, as in room aanmelding: no hour ever holds more than the limit, and what was counted is
// forgotten after 60 to 65 minutes.
const Venster = 5 * time.Minute

// Teller names a count of attempts.
type Teller struct {
	OIN   string
	Wie   betrokkene.Handle
	Soort string // closed set: telAdres and the like
	Max   int    // an hour
}

// Telling is what came of counting.
type Telling struct {
	Mag  bool
	Vrij time.Time // when the oldest is forgotten
}

// SessieRij is a session.
type SessieRij struct {
	ID        Afdruk
	OIN       string
	Persoon   betrokkene.Handle
	Begonnen  time.Time
	Gezien    time.Time
	Verloopt  time.Time // whatever is done with it
	Verzegeld []byte
}

// StaatRij is the state of a sign-in that was used.
type StaatRij struct {
	ID       Afdruk
	Verloopt time.Time // from then on it is refused for its age
}

// Wijziging is what one transaction does. The order of the fields is the order of doing.
type Wijziging struct {
	Staat        *StaatRij // must be new
	Terug        []Teller  // of each is taken back what was counted in TerugVenster
	TerugVenster time.Time
	SessieWeg    *Afdruk             // must be there
	AllesWeg     []betrokkene.Handle // of these people all sessions
	Sessie       *SessieRij          // new, after the above
	Log          *beheerlog.Rij
	Persoon      *betrokkene.Handle // in whose history Log stands; nil: of nobody
}

// newToken makes a token for a cookie, and its hash for the store.
func newToken() (string, Afdruk) {
	var b [32]byte
	rand.Read(b[:]) // never fails: the process stops instead
	t := base64.RawURLEncoding.EncodeToString(b[:])
	return t, sha256.Sum256([]byte(t))
}

// tokenLengte is that of what newToken makes.
const tokenLengte = 43
