package web

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
)

// Checkpoint is the newest public checkpoint of the log of an organisation.
type Checkpoint struct {
	OIN     string
	Grootte uint64 // leaves
	Wortel  []byte // root of the tree
	Moment  time.Time
	Heel    time.Time // when all of the log was found well last; zero: never yet
}

// puntenGeldig is how long the start page goes without looking for newer checkpoints: they come once an hour.
const puntenGeldig = 10 * time.Second

// start is the start page as it was made last.
type start struct {
	punten func(context.Context) []Checkpoint // nil: it shows none
	maak   func([]Checkpoint) ontwerp.Bestand

	mu      sync.Mutex
	gekeken time.Time
	getoond []Checkpoint
	bestand *ontwerp.Bestand
}

// page gives the start page, made anew when there are other checkpoints.
func (s *start) page(ctx context.Context) ontwerp.Bestand {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bestand != nil && (s.punten == nil || time.Since(s.gekeken) < puntenGeldig) {
		return *s.bestand
	}
	var punten []Checkpoint
	if s.punten != nil {
		punten = s.punten(ctx)
	}
	s.gekeken = time.Now()
	same := func(a, b Checkpoint) bool {
		return a.OIN == b.OIN && a.Moment.Equal(b.Moment) && a.Heel.Equal(b.Heel) && a.Grootte == b.Grootte
	}
	if s.bestand == nil || !slices.EqualFunc(punten, s.getoond, same) {
		b := s.maak(punten)
		s.bestand, s.getoond = &b, punten
	}
	return *s.bestand
}

var maanden = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}

// moment writes an instant for a person, in Dutch time.
func moment(t time.Time) string {
	t = t.In(amsterdam())
	return strconv.Itoa(t.Day()) + " " + maanden[t.Month()-1] + " " + strconv.Itoa(t.Year()) + " om " + t.Format("15.04") + " uur"
}

// amsterdam is the zone of the readers, or UTC on a machine without zones.
var amsterdam = sync.OnceValue(func() *time.Location {
	l, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.UTC
	}
	return l
})

// getal writes a number with a point for the thousands.
func getal(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}
