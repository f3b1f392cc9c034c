// Package getuige has the log of one organisation watched by another.
//
// A Getuige (witness) remembers of each log the largest checkpoint that it saw, and cosigns one only when it continues that
// (C2SP tlog-witness, tlog-cosignature). So whoever demands the cosignature of a witness knows that the log shows everybody the
// same: of two views of one log it cosigns one. What it saw is durable before a cosignature leaves, and never becomes less.
//
// An Aanbieder is the side of the register: it offers its public checkpoints to witnesses and keeps what they sign. It never
// delays anything, and tells when a witness saw another log.
//
// Neither knows HTTP: that is in the package dienst below this one.
package getuige

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Errors of a request, besides bewijs.ErrHandtekening (no key of the log signed) and bewijs.ErrBewijs (the tree does not begin
// with what was seen).
var (
	ErrVerzoek  = errors.New("the request can't be read")
	ErrOnbekend = errors.New("the log is not one of this witness")
)

// Botsing says that the size in a request is not that of the checkpoint that was cosigned last, or that its root is another.
type Botsing struct {
	Grootte uint64 // that was cosigned last
	Anders  bool   // of that size the log has now signed another root
}

// Error implements error.
func (b *Botsing) Error() string {
	if b.Anders {
		return fmt.Sprintf("of %d leaves the log signed another root before", b.Grootte)
	}
	return fmt.Sprintf("the checkpoint that was cosigned last has %d leaves", b.Grootte)
}

// Log is one that a witness watches.
type Log struct {
	Origin   string
	Sleutels []note.Verifier // with the origin, without its epoch, for a name
}

// Standen keeps the last cosigned checkpoint of each log.
type Standen interface {
	// Lees gives the signed note; nil: there is none.
	Lees(origin string) ([]byte, error)
	// Schrijf durably replaces it.
	Schrijf(origin string, tekst []byte) error
	// Bewaar keeps a signed note that was not cosigned, of one of the kinds below. It keeps no more than some.
	Bewaar(origin, soort string, tekst []byte) error
}

// Why a note was not cosigned.
const (
	// Tegenspraak is of the size of the one that was cosigned, with another root: together they prove that the log has two faces.
	Tegenspraak = "tegenspraak"
	// Onbewezen came with a proof that does not hold. Anybody can send a good note so: it proves nothing by itself.
	Onbewezen = "onbewezen"
)

// Gezien is what a witness saw of a log.
type Gezien struct {
	Origin  string
	Grootte uint64
	Wortel  bewijs.Hash
	Moment  time.Time // when it cosigned that; zero: it saw nothing yet
}

// Getuige is a witness. It is safe for concurrent use.
type Getuige struct {
	*Ondertekenaar
	standen Standen
	nu      func() time.Time
	logs    map[string]*stand
}

// stand is what is known of a log. Checking, keeping and cosigning are one step: between them no other request may come.
type stand struct {
	Log
	mu sync.Mutex
	Gezien
}

// New makes a witness of logs, and verifies what it remembers of them: nil or a note that the log and this witness signed.
func New(o *Ondertekenaar, logs []Log, standen Standen, nu func() time.Time) (*Getuige, error) {
	g := &Getuige{o, standen, nu, map[string]*stand{}}
	for _, l := range logs {
		if g.logs[l.Origin] != nil {
			return nil, fmt.Errorf("log %s: it is there twice", l.Origin)
		}
		s := &stand{Log: l, Gezien: Gezien{Origin: l.Origin, Wortel: bewijs.Leeg()}}
		tekst, err := standen.Lees(l.Origin)
		if err == nil && tekst != nil {
			s.Gezien, err = g.onthouden(l, tekst)
		}
		if err != nil {
			return nil, fmt.Errorf("log %s: read what was seen: %w", l.Origin, err)
		}
		g.logs[l.Origin] = s
	}
	return g, nil
}

// onthouden verifies a remembered checkpoint. The keys of the log may have changed since: the cosignature says enough.
func (g *Getuige) onthouden(l Log, tekst []byte) (Gezien, error) {
	_, regels, _ := bytes.Cut(tekst, []byte("\n\n"))
	mede, err := Lees(tekst, regels, g.Sleutel)
	if err != nil {
		return Gezien{}, err
	}
	kop, _, _ := strings.Cut(string(tekst), "\n\n")
	c, err := bewijs.ParseCheckpoint(kop + "\n")
	if err == nil && c.Origin != l.Origin {
		err = errors.New("it is of another log")
	}
	return Gezien{c.Origin, c.Grootte, c.Wortel, mede[0].Moment}, err
}

// Logs are those that it watches, sorted, with what it saw of each.
func (g *Getuige) Logs() (uit []Gezien) {
	for _, origin := range slices.Sorted(maps.Keys(g.logs)) {
		s := g.logs[origin]
		s.mu.Lock()
		uit = append(uit, s.Gezien)
		s.mu.Unlock()
	}
	return uit
}

// Voeg cosigns a checkpoint that continues what was seen of its log, and gives the line. Errors are those of this package and
// of bewijs, and Botsing; any other means that it could not be kept, and that nothing was signed.
func (g *Getuige) Voeg(verzoek []byte) ([]byte, error) {
	v, err := ParseVerzoek(verzoek)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrVerzoek, err)
	}
	s := g.logs[bewijs.OriginVan(v.Checkpoint)]
	if s == nil {
		return nil, ErrOnbekend
	}
	c, err := bewijs.OpenCheckpoint(v.Checkpoint, s.Log.Origin, s.Sleutels...)
	if errors.Is(err, bewijs.ErrHandtekening) {
		return nil, err
	}
	if err == nil && v.Oud > c.Grootte {
		err = fmt.Errorf("a log of %d leaves does not shrink to %d", v.Oud, c.Grootte)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrVerzoek, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Grootte == s.Grootte && c.Wortel != s.Wortel {
		return nil, errors.Join(&Botsing{s.Grootte, true}, g.standen.Bewaar(s.Log.Origin, Tegenspraak, eigen(v.Checkpoint, s.Sleutels)))
	}
	if v.Oud != s.Grootte {
		return nil, &Botsing{Grootte: s.Grootte}
	}
	if err := bewijs.CheckConsistentie(v.Pad, v.Oud, c.Grootte, s.Wortel, c.Wortel); err != nil {
		return nil, errors.Join(err, g.standen.Bewaar(s.Log.Origin, Onbewezen, eigen(v.Checkpoint, s.Sleutels)))
	}
	moment := g.nu().UTC().Truncate(time.Second)
	if moment.Before(s.Moment) {
		moment = s.Moment // the clock was put back; what was seen later is not said to be older
	}
	tekst, _, _ := strings.Cut(string(v.Checkpoint), "\n\n")
	mede := g.Onderteken(tekst+"\n", moment)
	if err := g.standen.Schrijf(s.Log.Origin, append(eigen(v.Checkpoint, s.Sleutels), mede.Regel...)); err != nil {
		return nil, err
	}
	s.Gezien = Gezien{c.Origin, c.Grootte, c.Wortel, moment}
	return mede.Regel, nil
}

// eigen leaves of a verified note the signatures of the log itself: others may be many, or damaged, and anybody can add them.
func eigen(checkpoint []byte, sleutels []note.Verifier) []byte {
	n, err := note.Open(checkpoint, note.VerifierList(sleutels...))
	if err != nil {
		return checkpoint
	}
	uit := []byte(n.Text + "\n")
	for _, sig := range n.Sigs {
		uit = append(uit, "— "+sig.Name+" "+sig.Base64+"\n"...)
	}
	return uit
}
