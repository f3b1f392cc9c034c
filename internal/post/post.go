// Package post is the mail that the register sends to its employees: codes to sign in, and what somebody should know.
//
// A message is queued in the transaction of what it is about (a sign-in, a right): Verzegel makes its row, the store of
// the room that asks adds it. A Bezorger then takes it from there, on whichever node, and hands it to the first relay
// that accepts it. So there is no mail about what did not happen, and none is lost when a node stops.
//
// What a caller must know:
//   - A row is sealed, address included. Its subject and text are gone as soon as it was delivered or given up.
//   - It is delivered at least once. Of nodes that live only one has a message at a time; one that dies between the
//     acceptance by the relay and noting it leaves a message that is sent again, with the same Message-ID.
//   - A message holds no link that signs in, and no identifier of a citizen.
//   - "bezorgd" means that a relay took it over, not that somebody read it.
package post

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Stand is how a message stands. It is plain in the store.
type Stand string

// The closed set of states; the last two are final.
const (
	Wacht   Stand = "wacht"
	Bezorgd Stand = "bezorgd" // a relay took it over
	Mislukt Stand = "mislukt" // every relay refused it for good, or it came too late
)

// Soort says what a message is for, and so how long it is of use.
type Soort string

// The closed set of kinds.
const (
	Code    Soort = "code"    // something to type within ten minutes
	Melding Soort = "melding" // what somebody should know
)

// Geldig is how long after it was made a message is still sent; 0 for a kind that is none.
func (s Soort) Geldig() time.Duration {
	switch s {
	case Code:
		return 10 * time.Minute
	case Melding:
		return 24 * time.Hour // an outage of a night keeps nobody from being told
	}
	return 0
}

// Bericht is what is sent to one person.
type Bericht struct {
	Soort     Soort
	Aan       string // bare address, of at most 254 bytes
	Onderwerp string // one line, of at most 150 characters
	Tekst     string // plain text with \n, of at most 20,000 characters
}

// Rij is a message as the store keeps it.
type Rij struct {
	OIN       string
	ID        uuid.UUID
	Stand     Stand
	Pogingen  int64 // that were begun
	Volgende  int64 // µs; when waiting: not before this moment. One that was taken has the end of its lease here
	Gemaakt   int64 // µs
	Verzegeld []byte
}

// Opslag keeps the rows of all organisations.
type Opslag interface {
	// Add durably adds rows by themselves. A room that changes something adds them in its own transaction.
	Add(ctx context.Context, rijen ...Rij) error
	// Wachtend tells what waits. It is asked often and must be cheap.
	Wachtend(ctx context.Context) (Wachtend, error)
	// Neem takes at most n waiting rows with Volgende at or before nu, oldest first, for who asks alone: it gives them
	// with Volgende on tot and one in Pogingen more. All times in µs.
	Neem(ctx context.Context, nu, tot int64, n int) ([]Rij, error)
	// Zet durably replaces Stand, Volgende and Verzegeld of a row that waits and was taken with Volgende genomen and
	// r.Pogingen; otherwise fout.Gelijktijdig: its lease ran out and another has it.
	Zet(ctx context.Context, r Rij, genomen int64) error
	// List gives at most n rows of an organisation, newest first.
	List(ctx context.Context, oin string, n int) ([]Rij, error)
	// Ruim removes rows that don't wait and were made before voor, and tells how many.
	Ruim(ctx context.Context, voor int64) (int64, error)
}

// Wachtend is what waits, of all organisations.
type Wachtend struct {
	Aantal int64
	Eerste int64 // µs; earliest Volgende
	Oudste int64 // µs; earliest Gemaakt
}

// Zending is a message with how it goes.
type Zending struct {
	Bericht  // without Onderwerp and Tekst once it is delivered or given up
	OIN      string
	ID       uuid.UUID
	Stand    Stand
	Pogingen int64
	Volgende time.Time // when it waits: of the next attempt
	Gemaakt  time.Time
	Klaar    time.Time // delivered or given up
	Relay    string    // that took it over
	Reden    string    // why the last attempt failed: Dutch, naming nobody
}

// Einde is from when the message is not sent any more.
func (z *Zending) Einde() time.Time { return z.Gemaakt.Add(z.Soort.Geldig()) }

// inhoud is what is sealed of a Zending; its JSON is the format in the store.
type inhoud struct {
	Soort     Soort  `json:"soort"`
	Aan       string `json:"aan"`
	Onderwerp string `json:"onderwerp,omitempty"`
	Tekst     string `json:"tekst,omitempty"`
	Klaar     int64  `json:"klaar,omitzero"` // µs
	Relay     string `json:"relay,omitempty"`
	Reden     string `json:"reden,omitempty"`
}

// errBericht says that a message can't be sent; a more precise one could quote it.
var errBericht = errors.New("message is of no kind, to no address, or holds what mail can't carry")

// Verzegel makes the row of a message of an organisation, to be added in the transaction of what it is about. It fails
// when the message can't be sent at all.
func Verzegel(s *betrokkene.Sleutels, oin string, nu time.Time, b Bericht) (Rij, error) {
	if !Verzendbaar(b) {
		return Rij{}, errBericht
	}
	nu = nu.Truncate(time.Microsecond)
	return (&Zending{Bericht: b, OIN: oin, ID: uuid.New(), Stand: Wacht, Volgende: nu, Gemaakt: nu}).rij(s)
}

// Verzendbaar says whether a message can be sent, and is read as it was written: "=?" in a subject begins an encoded word (RFC 2047).
func Verzendbaar(b Bericht) bool {
	return b.Soort.Geldig() != 0 && IsAdres(b.Aan) && leesbaar(b.Onderwerp, 150, "") && !strings.Contains(b.Onderwerp, "=?") && leesbaar(b.Tekst, 20_000, "\n")
}

// IsAdres says whether mail can be sent to s: one bare address, without a name or comment.
func IsAdres(s string) bool {
	if len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == ',' || r == '<' }) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}

// leesbaar says whether a text of at most n characters is there, with no other control characters than those in ook.
func leesbaar(s string, n int, ook string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= n &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(ook, r) })
}

// rij seals a Zending.
func (z *Zending) rij(s *betrokkene.Sleutels) (Rij, error) {
	in := inhoud{Soort: z.Soort, Aan: z.Aan, Relay: z.Relay, Reden: z.Reden}
	if z.Stand == Wacht {
		in.Onderwerp, in.Tekst = z.Onderwerp, z.Tekst
	} else {
		in.Klaar = z.Klaar.UnixMicro()
	}
	plain, err := json.Marshal(in)
	if err != nil {
		return Rij{}, fmt.Errorf("message %s can't be written as JSON", z.ID) // the cause could quote
	}
	r := Rij{OIN: z.OIN, ID: z.ID, Stand: z.Stand, Pogingen: z.Pogingen, Volgende: z.Volgende.UnixMicro(), Gemaakt: z.Gemaakt.UnixMicro()}
	r.Verzegeld = s.Seal(nil, betrokkene.KlasseNormaal, r.Binding(), plain)
	return r, nil
}

// Ontzegel reads a row back.
func Ontzegel(s *betrokkene.Sleutels, r Rij) (*Zending, error) {
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, r.Binding(), r.Verzegeld)
	if err != nil {
		return nil, fmt.Errorf("open message %s: %w", r.ID, err)
	}
	var in inhoud
	if err := json.Unmarshal(plain, &in); err != nil || in.Soort.Geldig() == 0 {
		return nil, fmt.Errorf("open message %s: it is in no form this version knows", r.ID)
	}
	z := &Zending{
		Bericht: Bericht{Soort: in.Soort, Aan: in.Aan, Onderwerp: in.Onderwerp, Tekst: in.Tekst},
		OIN:     r.OIN, ID: r.ID, Stand: r.Stand, Pogingen: r.Pogingen, Volgende: time.UnixMicro(r.Volgende).UTC(), Gemaakt: time.UnixMicro(r.Gemaakt).UTC(),
		Relay: in.Relay, Reden: in.Reden,
	}
	if in.Klaar != 0 {
		z.Klaar = time.UnixMicro(in.Klaar).UTC()
	}
	return z, nil
}

// Binding is the additional data: whose, which message, from when, and how it stands, so that one that was delivered
// can't be made to wait again.
func (r *Rij) Binding() []byte {
	b := append([]byte("verantwoord/post/v1\x00"), r.OIN...)
	b = append(append(b, r.ID[:]...), r.Stand...)
	return binary.BigEndian.AppendUint64(b, uint64(r.Gemaakt))
}
