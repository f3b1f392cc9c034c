package postgrestest

import (
	"testing"
)

func TestAKilledClusterComesBackWithWhatWasCommitted(t *testing.T) {
	t.Parallel()
	c := Start(t)
	conn := connect(t, c.URL("postgres"))
	do(t, conn, "CREATE TABLE boek (nr integer)")
	do(t, conn, "INSERT INTO boek VALUES (1), (2)")
	do(t, conn, "BEGIN")
	do(t, conn, "INSERT INTO boek VALUES (3)")
	c.Kill()
	c.Begin()
	if n := count(t, connect(t, c.URL("postgres")), "SELECT count(*) FROM boek"); n != 2 {
		t.Errorf("%d rows after the kill, want the 2 that were committed", n)
	}
}
