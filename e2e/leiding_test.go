package e2e

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// lijn is two nodes, one of which has a line to the database that a test can break.
type lijn struct {
	t           *testing.T
	line        *postgrestest.Leiding
	store       string
	here, there *knoop // here is the one with the line
}

func metLijn(t *testing.T) *lijn {
	t.Helper()
	server := postgrestest.Start(t)
	l := &lijn{t: t, store: server.URL("postgres"), line: postgrestest.Proxy(t, server.Addr())}
	list := knopen(t, 2, l.store, tweeOrganisaties)
	l.here, l.there = list[0], list[1]
	l.here.env = append(l.here.env, "VERANTWOORD_STORE="+l.line.URL("postgres"))
	starten(t, list...)
	l.here.register().post("vertrouwelijk", basis()) // its connections are made
	return l
}

// atCommit does something at the moment that the node sends the commit of its next records, before that goes on. Rooms end their
// transactions likewise, and now and then one does beside it.
func (l *lijn) atCommit(f func()) {
	l.line.Watch(func(sent []byte) {
		// COMMIT is prepared under this name, so its text is not sent again.
		if bytes.Contains(sent, []byte("groep\x00")) && bytes.Contains(sent, []byte("vastleggen\x00")) && !bytes.Contains(sent, []byte("COMMIT")) {
			l.line.Watch(nil)
			f()
		}
	})
}

// logs sends one actie with a key to a node.
func (l *lijn) logs(k *knoop, werk, key string) chan *antwoord {
	out := make(chan *antwoord, 1)
	r := k.register()
	go func() {
		out <- r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties", basis().with("verwerkingId", werk), header("Idempotency-Key", key))
	}()
	return out
}

// stored is what the other node knows of a verwerking.
func (l *lijn) stored(werk string) []map[string]any {
	l.t.Helper()
	return zonderOpvragingen(l.there.register().do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?verwerkingId="+werk, nil).Want(http.StatusOK).Lijst())
}

// once checks that an acknowledged actie is the only one of its verwerking.
func (l *lijn) once(werk string, a *antwoord) {
	l.t.Helper()
	list := l.stored(werk)
	if len(list) != 1 || id(list[0]) != id(a.Want(http.StatusCreated).JSON()) {
		l.t.Errorf("%d acties, or another one than was acknowledged", len(list))
	}
}

// A node loses its line to the database at the worst moment, during a commit, and another node does not.
func TestACommitWhoseAnswerIsLostIsNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	l := metLijn(t)

	// The commit never comes: it is written anew.
	werk, key := uuid.NewString(), uuid.NewString()
	l.atCommit(l.line.Cut)
	l.once(werk, <-l.logs(l.here, werk, key))

	// It comes, and its answer does not: it is found.
	werk, key = uuid.NewString(), uuid.NewString()
	l.atCommit(l.line.Mute)
	answer := l.logs(l.here, werk, key)
	wacht(t, geduld, "the commit is done", func() bool { return len(l.stored(werk)) == 1 })
	l.line.Cut()
	l.line.Unblock()
	l.once(werk, <-answer)

	// The same, and the line stays away: the node can't know, says so, and what to do about it.
	werk, key = uuid.NewString(), uuid.NewString()
	l.atCommit(l.line.Mute)
	answer = l.logs(l.here, werk, key)
	wacht(t, geduld, "the commit is done", func() bool { return len(l.stored(werk)) == 1 })
	l.line.Block()
	l.line.Cut()
	a := (<-answer).Want(http.StatusServiceUnavailable)
	detail, _ := a.JSON()["detail"].(string)
	if a.Header.Get("Retry-After") == "" || !strings.Contains(detail, "nog niet bekend") || !strings.Contains(detail, "Idempotency-Key") {
		t.Errorf("it does not say that the outcome is unknown and repeating is safe: %s", a.Body)
	}
	l.once(werk, <-l.logs(l.there, werk, key)) // the consumer does as it is told, at the other node

	l.line.Unblock()
	wacht(t, geduld, "the node is ready again", l.here.ready)
	l.once(werk, <-l.logs(l.here, werk, key))
	logboek(t, l.store)
}

// A node vanishes while it holds what all nodes need to write. The server ends its transaction in seconds.
func TestANodeThatVanishesDuringACommitHoldsOthersUpForSecondsOnly(t *testing.T) {
	t.Parallel()
	l := metLijn(t)
	gone := make(chan struct{})
	l.atCommit(func() {
		l.line.Block()
		close(gone)
	})
	lost, key := uuid.NewString(), uuid.NewString()
	answer := l.logs(l.here, lost, key)
	<-gone
	b := belast(t, 4, l.there.url)
	b.vordert(20)
	b.staak()
	b.controleer()
	if n := len(l.stored(lost)); n != 0 {
		t.Errorf("%d acties of a commit that never came", n)
	}
	l.line.Unblock()
	wacht(t, geduld, "the node is ready again", l.here.ready)
	if a := <-answer; a.Status != http.StatusServiceUnavailable && a.Status != http.StatusCreated {
		t.Errorf("status %d", a.Status)
	}
	l.once(lost, <-l.logs(l.here, lost, key))
	logboek(t, l.store)
	t.Logf("%v", &b.telling)
}
