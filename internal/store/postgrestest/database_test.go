package postgrestest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func do(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, conn *pgx.Conn, sql string) (n int) {
	t.Helper()
	if err := conn.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const ownTables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"

func TestADatabaseIsFreshAndSeesNoOther(t *testing.T) {
	t.Parallel()
	a, b := connect(t, Database(t)), connect(t, Database(t))
	do(t, a, "CREATE TABLE boek (nr integer)")
	if n := count(t, a, ownTables); n != 1 {
		t.Errorf("%d tables where one was made", n)
	}
	if n := count(t, b, ownTables); n != 0 {
		t.Errorf("%d tables in another database", n)
	}
}

func TestADatabaseComesFromTheServerThatIsNamed(t *testing.T) {
	t.Parallel()
	c := Start(t, "log_statement=ddl")
	cmd := exec.Command(os.Args[0], "-test.run=^TestADatabaseIsFreshAndSeesNoOther$")
	cmd.Env = append(os.Environ(), Elders+"="+c.URL("postgres"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, sql := range []string{"CREATE DATABASE verantwoord_test_", "DROP DATABASE verantwoord_test_"} {
		if n := strings.Count(c.s.tail(), sql); n != 2 {
			t.Errorf("%d times %s…, want 2", n, sql)
		}
	}
}
