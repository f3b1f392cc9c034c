package api

import (
	"net/http"
	"time"
)

// The server gives a request a short time to arrive (internal/server). Who sends a large body gets
// more as long as it keeps coming; who dribbles does not, and frees the connection.
const (
	minTempo     = 64 << 10 // bytes a second
	geduld       = 20 * time.Second
	antwoordtijd = 2 * time.Minute // for the answer, from then on
)

// tempo moves the deadlines of a body under way.
type tempo struct {
	rc      *http.ResponseController
	begin   time.Time
	gegeven time.Duration // beyond geduld
}

// gelezen grants the time that belongs to so many bytes. A body of ordinary size costs no call.
func (t *tempo) gelezen(bytes int) {
	verdiend := time.Duration(bytes) * time.Second / minTempo
	if verdiend < t.gegeven+2*time.Second {
		return
	}
	t.gegeven = verdiend
	einde := t.begin.Add(geduld + verdiend)
	// A connection without deadlines, as in a test without one, has nothing to move.
	_ = t.rc.SetReadDeadline(einde)
	_ = t.rc.SetWriteDeadline(einde.Add(antwoordtijd))
}
