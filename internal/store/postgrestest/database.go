package postgrestest

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
)

// Elders names the environment variable with the URL of a server to use for Database instead of one
// that is started here. Its role must have the right to create databases.
const Elders = "VERANTWOORD_TEST_POSTGRES"

// shared is the cluster of this process for all its tests.
var shared struct {
	once   sync.Once
	server *server // nil when it stands elsewhere
	url    *url.URL
	err    error
}

// Main is for TestMain of a package that calls Database: os.Exit(postgrestest.Main(m)). It starts
// nothing, and removes the shared cluster at the end.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.server != nil {
		if err := shared.server.remove(); err != nil {
			fmt.Fprintln(os.Stderr, "removing the shared cluster:", err)
			return max(code, 1)
		}
	}
	return code
}

// Database returns the URL of a fresh, empty database that is dropped when the test ends. It stands in
// a cluster that all tests of this process share and that the first call starts.
func Database(t testing.TB) string {
	t.Helper()
	return database(t, "")
}

// Kopie returns the URL of a copy of a database that Database gave, as it is now: as if it was dumped and put back. Nobody may be
// connected to it.
func Kopie(t testing.TB, van string) string {
	t.Helper()
	u, err := url.Parse(van)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	// Who has just left may still be there, and CREATE DATABASE waits five seconds for that and no longer.
	if err := execute(shared.url.String(), "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = $1", name); err != nil {
		t.Fatalf("wait for who leaves: %v", err)
	}
	return database(t, " TEMPLATE "+name)
}

func database(t testing.TB, hoe string) string {
	t.Helper()
	shared.once.Do(startShared)
	if errors.Is(shared.err, errNoPrograms) {
		t.Fatalf("%v, or let %s name a server", shared.err, Elders)
	}
	if shared.err != nil {
		t.Fatalf("shared cluster: %v", shared.err)
	}
	name := newName("verantwoord_test")
	if err := execute(shared.url.String(), "CREATE DATABASE "+name+hoe); err != nil {
		t.Fatalf("new database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(shared.url.String(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop database: %v", err)
		}
		if t.Failed() && shared.server != nil {
			t.Logf("end of the log of PostgreSQL:\n%s", shared.server.tail())
		}
	})
	u := *shared.url
	u.Path = "/" + name
	return u.String()
}

func startShared() {
	address := os.Getenv(Elders)
	if address == "" {
		// Nobody crashes this one, so it need not survive anything.
		shared.server, shared.err = startServer(inMemory(), "fsync=off", "full_page_writes=off", "max_wal_size=128MB")
		if shared.err != nil {
			return
		}
		address = shared.server.url("postgres")
	}
	if shared.url, shared.err = url.Parse(address); shared.err != nil {
		shared.err = fmt.Errorf("%s is not a URL", Elders) // the error itself would show a password
	}
}

// newName is a name that no other test has.
func newName(prefix string) string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return prefix + "_" + hex.EncodeToString(b)
}
