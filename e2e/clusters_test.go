package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// versies counts the versions of an organisation in a database.
func versies(t *testing.T, url, oin string) (n int) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	err = c.QueryRow(ctx, `SELECT count(*) FROM versie v JOIN organisatie o ON o.nr = v.organisatie WHERE o.oin = $1`, oin).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The organisation is the shard: its log stands on its own cluster, which costs only its own consumers their
// answer when it is down, and it moves to another one without losing anything.
func TestOrganisationsOnClustersOfTheirOwn(t *testing.T) {
	t.Parallel()
	een, twee := postgrestest.Start(t), postgrestest.Start(t)
	plaats := "VERANTWOORD_ORGANISATIES_" + anderdorp + "_STORE=" + twee.URL("postgres")
	k := knopen(t, 1, een.URL("postgres"), tweeOrganisaties, plaats)[0]
	starten(t, k)
	r := k.register()
	werk := map[string]string{"vertrouwelijk": uuid.NewString(), "anderdorp": uuid.NewString()}
	for client, w := range werk {
		for range 10 {
			r.post(client, basis().with("verwerkingId", w))
		}
	}
	count := func(r *register, client string) any {
		t.Helper()
		return r.do(client, "GET", bewerking+"/verwerkingsacties?vertrouwelijkheid=normaal&verwerkingId="+werk[client], nil).Want(http.StatusOK).JSON()["count"]
	}
	for client := range werk {
		if n := count(r, client); n != float64(10) {
			t.Errorf("%s finds %v of its 10 acties", client, n)
		}
	}
	for _, tt := range []struct {
		url, oin string
		heeft    bool
	}{
		{een.URL("postgres"), voorbeeldstad, true}, {een.URL("postgres"), anderdorp, false},
		{twee.URL("postgres"), anderdorp, true}, {twee.URL("postgres"), voorbeeldstad, false},
	} {
		if n := versies(t, tt.url, tt.oin); (n > 0) != tt.heeft {
			t.Errorf("%d versions of %s on a cluster where it should be: %v", n, tt.oin, tt.heeft)
		}
	}

	k.run(0, []string{"verify"}) // checkpoints stand on the one cluster, this log on the other

	twee.Kill()
	if a := r.do("anderdorp", "POST", bewerking+"/verwerkingsacties", basis()); a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("a cluster that is down is answered with %d", a.Status)
	}
	r.post("vertrouwelijk", basis())
	if !k.ready() {
		t.Error("the node left all organisations because of one cluster")
	}
	twee.Begin()
	for end := time.Now().Add(geduld); ; {
		if r.do("anderdorp", "POST", bewerking+"/verwerkingsacties", basis()).Status == http.StatusCreated {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the cluster is back and nothing is taken in")
		}
	}

	// The move: the node goes on, and refuses the organisation from the moment that its log is closed.
	voor := versies(t, twee.URL("postgres"), anderdorp)
	k.run(0, []string{"verhuis", "--van", twee.URL("postgres"), "--naar", een.URL("postgres"), "--organisatie", anderdorp})
	a := r.do("anderdorp", "POST", bewerking+"/verwerkingsacties", basis())
	if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("an organisation that moved is answered with %d at its old place", a.Status)
	}
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	k.env = k.env[:len(k.env)-1] // the place of the organisation
	starten(t, k)
	r = k.register()
	if n := versies(t, een.URL("postgres"), anderdorp); n != voor {
		t.Errorf("%d versions after the move, want %d", n, voor)
	}
	if n := count(r, "anderdorp"); n != float64(10) {
		t.Errorf("%v acties found after the move, want 10", n)
	}
	r.post("anderdorp", basis())
	k.run(0, []string{"verify"})
}

// What a start would do to the tables can be seen beforehand, and done.
func TestMigrateTellsWhatItWouldDoAndDoesIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t, tweeOrganisaties)
	for naam, store := range map[string]string{
		"SQLite": "sqlite:" + t.TempDir() + "/store", "SQLite by default": "sqlite:./data/store", "PostgreSQL": postgrestest.Database(t),
	} {
		env := "VERANTWOORD_STORE=" + store
		for _, stap := range []struct {
			exit int
			args []string
			want string
		}{
			{3, []string{"migrate", "--plan"}, "store: logboek"},
			{3, []string{"migrate", "--plan"}, "store: applicaties"}, // it changed nothing
			{0, []string{"migrate"}, "store: gedaan"},
			{0, []string{"migrate", "--plan"}, "store: niets te doen"},
			{0, []string{"migrate"}, "store: niets te doen"},
		} {
			if out := o.run(stap.exit, stap.args, env); !strings.Contains(out, stap.want) {
				t.Errorf("%s, %v: does not say %q: %s", naam, stap.args, stap.want, out)
			}
		}
	}
}
