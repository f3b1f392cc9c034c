package aanmelding

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Afdruk is the SHA-256 of a token: all that the store keeps of it. A token is 32 random bytes, so its hash can't be guessed.
type Afdruk [sha256.Size]byte

// Opslag keeps what is needed to sign in, for all organisations. It may be used by many goroutines and processes; what comes together in
// one call is one transaction. A function that it is given may be run again from the start, and does nothing but judge.
type Opslag interface {
	// Tel counts one attempt, unless the limit was reached in the hour before it.
	Tel(ctx context.Context, t Teller, nu time.Time) (Telling, error)
	// Schrijf does all of w or nothing: fout.Gelijktijdig when another version of a Middel came first, or a session that must end is gone.
	Schrijf(ctx context.Context, oin string, w *Wijziging) error

	// Aanmelding gives one: fout.NietGevonden.
	Aanmelding(ctx context.Context, id uuid.UUID) (*AanmeldingRij, error)
	// WijzigAanmelding shows f the row, and how often t was counted in the hour before nu; then it stores the row as f left it, and does what f
	// gave, which may count t once more. No other change of the row or of t comes between. An error of f is given back, and nothing was done.
	WijzigAanmelding(ctx context.Context, id uuid.UUID, t Teller, nu time.Time, f func(r *AanmeldingRij, geteld int) (*Wijziging, error)) error

	// Middelen gives all that a person signs in with.
	Middelen(ctx context.Context, oin string, gebruiker uuid.UUID) ([]MiddelRij, error)

	// Sessie gives one, ended by time or not: fout.NietGevonden.
	Sessie(ctx context.Context, id Afdruk) (*SessieRij, error)
	Sessies(ctx context.Context, oin string, gebruiker uuid.UUID) ([]SessieRij, error)
	// TelSessies tells how many end after nu and were used after gezien, of all organisations.
	TelSessies(ctx context.Context, nu, gezien time.Time) (int64, error)
	// Gezien moves the moment a session was last used; never back, and never makes one.
	Gezien(ctx context.Context, id Afdruk, nu time.Time) error

	// Apparaat gives a browser: fout.NietGevonden.
	Apparaat(ctx context.Context, id Afdruk) (*ApparaatRij, error)
	// Historie gives the numbers of the newest n events that Wijziging.Log noted of a person, newest first.
	Historie(ctx context.Context, oin string, gebruiker uuid.UUID, n int) ([]uint64, error)
	// Opruim removes what has no meaning any more at nu.
	Opruim(ctx context.Context, nu time.Time) error
}

// Venster is how finely attempts are counted: those of the last hour are those of the present window and the twelve before it. So a limit
// is never passed within any hour, and what was counted is forgotten after 60 to 65 minutes.
const Venster = 5 * time.Minute

// Teller names a count of attempts.
type Teller struct {
	OIN     string
	Account betrokkene.Handle
	Soort   string // closed set: telBegin and the like
	Max     int    // an hour
}

// Telling is what came of counting.
type Telling struct {
	Mag     bool
	Aantal  int       // in this hour, with this one when it was counted
	Venster time.Time // in which it was counted, to take it back
	Vrij    time.Time // when the oldest is forgotten
}

// AanmeldingRij is a sign-in (or a step-up) between its first step and its session.
type AanmeldingRij struct {
	ID        uuid.UUID
	OIN       string
	Account   betrokkene.Handle // that attempts are counted by
	Browser   Afdruk
	Code      betrokkene.Handle
	Pogingen  int
	Verzonden int // mails
	Gestuurd  time.Time
	Verloopt  time.Time
	Gebruikt  bool
	Verzegeld []byte
}

// MiddelRij is something a person signs in with.
type MiddelRij struct {
	Gebruiker uuid.UUID
	Soort     string
	ID        string
	Versie    int64  // 1: must not be there; else the next one of what is there
	Verzegeld []byte // nil: is taken away
}

// SessieRij is a session.
type SessieRij struct {
	ID        Afdruk
	OIN       string
	Gebruiker uuid.UUID
	Begonnen  time.Time
	Gezien    time.Time
	Verloopt  time.Time // whatever is done with it
	Bevestigd time.Time // last code or factor; zero: none in this session
	Verzegeld []byte
}

// ApparaatRij is a browser on which a person passed the code.
type ApparaatRij struct {
	ID        Afdruk
	OIN       string
	Gebruiker uuid.UUID
	Vertrouwd time.Time // until when no code is asked
	Verloopt  time.Time // until when it is told from a stranger's
}

// Bericht is mail to a person. After Tot delivering it has no use; zero: always.
type Bericht struct {
	Aan, Onderwerp, Tekst string
	Tot                   time.Time
}

// Wijziging is what one transaction does. The order of the fields is the order of doing.
type Wijziging struct {
	Aanmelding *AanmeldingRij // new
	Bij        *Teller        // counts once more, at Nu
	Terug      *Teller        // takes back what was counted in TerugVenster
	Nu         time.Time

	TerugVenster time.Time

	Middelen    []MiddelRij
	SessieWeg   []Afdruk      // each must be there
	AllesWeg    []uuid.UUID   // of these people all sessions and browsers
	Sessies     []SessieRij   // new, after the above
	ApparaatWeg []Afdruk      // may be gone already
	Apparaten   []ApparaatRij // new
	Post        []Bericht
	Log         []LogRij
}

// LogRij is an event, and the person in whose history of sign-ins it stands; Nil: of nobody.
type LogRij struct {
	Gebruiker uuid.UUID
	Rij       *beheerlog.Rij
}
