package e2e

import (
	"net/url"
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// beide is an address of a server and its standby, of which the one that can be written is used.
func beide(t *testing.T, a, b *postgrestest.Cluster) string {
	t.Helper()
	hosts := func(c *postgrestest.Cluster) (host, port string, u *url.URL) {
		u, err := url.Parse(c.URL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("host"), u.Query().Get("port"), u
	}
	hostA, portA, u := hosts(a)
	hostB, portB, _ := hosts(b)
	q := u.Query()
	q.Set("host", hostA+","+hostB)
	q.Set("port", portA+","+portB)
	q.Set("target_session_attrs", "read-write")
	u.RawQuery = q.Encode()
	return u.String()
}

// The server dies and its synchronous standby takes over. Nodes find it by themselves, and it has all that
// was acknowledged.
func TestAPromotedStandbyHasAllThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	primary := postgrestest.Start(t)
	standby := primary.Standby(t)
	list := knopen(t, 3, beide(t, primary, standby), tweeOrganisaties)
	starten(t, list...)
	b := belast(t, 12, adressen(list)...)
	b.vordert(200)

	primary.Kill()
	voor := b.telling.bevestigd.Load()
	standby.Promote()
	for _, k := range list {
		wacht(t, geduld, "a node is ready on the new server", k.ready)
	}
	b.vordert(200)
	b.staak()
	b.controleer()
	for _, k := range list {
		if err := k.stop(); err != nil {
			t.Error(err)
		}
	}
	leaves := logboek(t, standby.URL("postgres"))
	t.Logf("%d records acknowledged when the server died, in all %v; %d leaves", voor, &b.telling, leaves)
}
