package e2e

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// What consumers notice when something behind the register fails: success, or 503 with Retry-After.
// Nothing that was acknowledged is lost, nothing is there twice, and nobody has to lend a hand.

// opstellingMetUitval is a register of some nodes on a PostgreSQL that a test may break, under load.
type opstellingMetUitval struct {
	t      *testing.T
	server *postgrestest.Cluster
	store  string
	nodes  []*knoop
	*belasting
}

func opDatabase(t *testing.T, nodes int, settings ...string) *opstellingMetUitval {
	t.Helper()
	server := postgrestest.Start(t, settings...)
	u := &opstellingMetUitval{t: t, server: server, store: server.URL("postgres")}
	u.nodes = knopen(t, nodes, u.store, tweeOrganisaties)
	starten(t, u.nodes...)
	u.belasting = belast(t, 12, adressen(u.nodes)...)
	u.vordert(50)
	return u
}

// geweigerdEnNietGereed waits until consumers are refused and every node says that it takes nothing, and
// checks that none of them has given up.
func (u *opstellingMetUitval) geweigerdEnNietGereed() {
	u.t.Helper()
	want := u.telling.geweigerd.Load() + 6
	for _, k := range u.nodes {
		wacht(u.t, geduld, "a node says that it is not ready", func() bool { return !k.ready() })
		res, err := http.Get(k.url + "/healthz/live")
		if err != nil {
			u.t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			u.t.Errorf("a node without its database is said to be dead: %d", res.StatusCode)
		}
	}
	wacht(u.t, geduld, "consumers are refused", func() bool { return u.telling.geweigerd.Load() >= want })
}

// gaatDoor waits until every node takes records again.
func (u *opstellingMetUitval) gaatDoor() {
	u.t.Helper()
	for _, k := range u.nodes {
		wacht(u.t, geduld, "a node is ready again", k.ready)
		key, sent := uuid.NewString(), []byte(body(basis()))
		wacht(u.t, geduld, "a node takes records again", func() bool {
			status, _ := u.send("vertrouwelijk", k.url, "POST", "", sent, key, http.StatusCreated)
			return status == http.StatusCreated
		})
	}
	u.vordert(50)
}

// klopt ends the load and checks everything.
func (u *opstellingMetUitval) klopt() {
	u.t.Helper()
	u.staak()
	u.controleer()
	for _, k := range u.nodes {
		if err := k.stop(); err != nil {
			u.t.Error(err)
		}
	}
	u.nergens(u.nodes)
	leaves := logboek(u.t, u.store)
	u.t.Logf("%v; %d leaves", &u.telling, leaves)
}

func TestANodeThatIsKilledIsMissedByNobody(t *testing.T) {
	t.Parallel()
	u := opDatabase(t, 3)
	u.vergeef.Store(true)
	for n := range 4 {
		k := u.nodes[n%3]
		k.kill()
		u.vordert(60) // by the others
		starten(t, k)
		u.vordert(20)
	}
	if n := u.telling.geweigerd.Load(); n != 0 {
		t.Errorf("%d requests were refused by the nodes that were left", n)
	}
	u.gaatDoor()
	u.klopt()
}

func TestConnectionsThatAreCutCostNothing(t *testing.T) {
	t.Parallel()
	u := opDatabase(t, 2)
	for range 8 {
		u.server.CutConnections()
		u.vordert(20)
	}
	u.gaatDoor()
	u.klopt()
}

func TestADatabaseThatHangsIsWaitedForAndThenRefused(t *testing.T) {
	t.Parallel()
	u := opDatabase(t, 2)
	for range 3 { // shorter than the time-outs: nobody is refused
		u.server.Pause()
		time.Sleep(700 * time.Millisecond)
		u.server.Resume()
		u.vordert(20)
	}
	if n := u.telling.geweigerd.Load(); n != 0 {
		t.Errorf("%d requests were refused because the database hung for less than a second", n)
	}
	u.server.Pause()
	u.geweigerdEnNietGereed()
	u.server.Resume()
	u.gaatDoor()
	u.klopt()
}

func TestADatabaseThatStopsOrDiesComesBackByItself(t *testing.T) {
	t.Parallel()
	u := opDatabase(t, 2)
	for _, end := range []func(){u.server.Stop, u.server.Kill} {
		end()
		u.geweigerdEnNietGereed()
		u.server.Begin()
		u.gaatDoor()
	}
	u.klopt()
}

// Another program takes every connection that the server has, those of the register too.
func TestAServerWithoutConnectionsIsRefusedUntilThereAreAgain(t *testing.T) {
	t.Parallel()
	u := opDatabase(t, 2, "max_connections=40", "superuser_reserved_connections=0")
	bg := context.Background()
	anders, err := url.Parse(u.store)
	if err != nil {
		t.Fatal(err)
	}
	q := anders.Query()
	q.Set("application_name", "vol")
	anders.RawQuery = q.Encode()
	var taken []*pgx.Conn
	defer func() {
		for _, c := range taken {
			_ = c.Close(bg)
		}
	}()
	take := func() bool {
		c, err := pgx.Connect(bg, anders.String())
		if err == nil {
			taken = append(taken, c)
		}
		return err == nil
	}
	for take() {
	}
	u.vordert(50) // with the connections that the nodes have
	wacht(t, geduld, "all connections are taken", func() bool {
		execute(t, taken[0], `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE backend_type = 'client backend' AND application_name <> 'vol'`)
		for take() {
		}
		return len(taken) == 40
	})
	u.geweigerdEnNietGereed()
	for _, c := range taken {
		_ = c.Close(bg)
	}
	taken = nil
	u.gaatDoor()
	u.klopt()
}
