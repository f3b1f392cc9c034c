package e2e

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// Several nodes are one register: whatever was told by one is known to all, at once.

// rij are running nodes, by the harness of the other tests.
func rij(t *testing.T, n int) []*register {
	t.Helper()
	list := knopen(t, n, postgrestest.Database(t), applicaties)
	starten(t, list...)
	var out []*register
	for _, k := range list {
		out = append(out, k.register())
	}
	return out
}

// pad is the path and query of a link, to follow it on another node than the one that gave it.
func pad(t *testing.T, link any) string {
	t.Helper()
	u, err := url.Parse(link.(string))
	if err != nil {
		t.Fatal(err)
	}
	return u.RequestURI()
}

func TestAnyNodeKnowsAtOnceWhatAnotherWasTold(t *testing.T) {
	t.Parallel()
	nodes := rij(t, 3)
	for round := range 9 {
		a, b, c := nodes[round%3], nodes[(round+1+round/3)%3], nodes[(round+2)%3]
		bsn, werk := nieuweBSN(), uuid.NewString()
		sent := basis().with("verwerkingId", werk).with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")})
		stored := a.post("normaal", sent)
		for _, r := range []*register{b, c} {
			if d := cmp.Diff(stored, r.haal("normaal", id(stored)).Want(http.StatusOK).JSON()); d != "" {
				t.Errorf("reads back otherwise elsewhere:\n%s", d)
			}
		}
		const normaal = "&vertrouwelijkheid=normaal"
		for _, list := range [][]map[string]any{
			zonderOpvragingen(c.lijst("normaal", bsn, normaal).Want(http.StatusOK).Lijst()),
			zonderOpvragingen(b.do("normaal", "GET", bewerking+"/verwerkingsacties?verwerkingId="+werk+normaal, nil).Want(http.StatusOK).Lijst()),
			b.ingezien("inzage-normaal", bsn),
		} {
			if len(list) != 1 {
				t.Fatalf("%d acties elsewhere of the one that was logged", len(list))
			}
		}
		b.put("normaal", id(stored), sent.with("actieNaam", "Gewijzigd")).Want(http.StatusOK)
		if got := c.haal("normaal", id(stored)).Want(http.StatusOK); got.JSON()["actieNaam"] != "Gewijzigd" || got.Header.Get("ETag") != `"2"` {
			t.Errorf("a change is not seen elsewhere: version %s", got.Header.Get("ETag"))
		}
		a.put("normaal", id(stored), sent, header("If-Match", `"1"`)).Want(http.StatusPreconditionFailed)
		c.patch("normaal", werk, actie{"bewaartermijn": "P1Y"}).Want(http.StatusNoContent)
		if got := a.haal("normaal", id(stored)).Want(http.StatusOK).JSON()["bewaartermijn"]; got != "P1Y" {
			t.Errorf("a change of the verwerking is not seen elsewhere: %v", got)
		}
		b.delete("normaal", id(stored)).Want(http.StatusNoContent)
		a.haal("normaal", id(stored)).Want(http.StatusNotFound)
		if n := len(c.versies(id(stored))); n != 4 {
			t.Errorf("%d versions of the 4 that there are", n)
		}
	}
}

func TestACursorGoesOnAtAnyNode(t *testing.T) {
	t.Parallel()
	nodes := rij(t, 3)
	bsn := nieuweBSN()
	nodes[0].postAll("normaal", reeks(bsn, 25))
	p := nodes[0].lijst("normaal", bsn, "&vertrouwelijkheid=normaal&pageSize=4").pagina()
	var got []map[string]any
	for n := 1; ; n++ {
		got = append(got, p.regels...)
		if p.next == nil {
			break
		}
		// What is logged meanwhile, here or elsewhere, is not in the snapshot.
		nodes[(n+1)%3].post("normaal", basis().with("verwerkteObjecten", []any{persoon(bsn, "Aanvrager")}))
		p = nodes[n%3].do("normaal", "GET", pad(t, p.next), nil).pagina()
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(sleutels(got))))); n != 25 || len(got) != 25 {
		t.Errorf("%d acties of which %d different, want 25", len(got), n)
	}
	wantVolgorde(t, got)
	in := nodes[1].inzien("inzage-normaal", bsn, "&pageSize=10").pagina()
	nodes[2].do("inzage-normaal", "GET", pad(t, in.next), nil, doorgave()).Want(http.StatusOK)
}

func TestAnIdempotencyKeyIsOneActieWhateverNodeItComesTo(t *testing.T) {
	t.Parallel()
	nodes := rij(t, 3)
	werk := uuid.NewString()
	ids := map[string]bool{}
	const rounds = 20
	for round := range rounds {
		key := header("Idempotency-Key", uuid.NewString())
		sent := basis().with("verwerkingId", werk).with("actieNaam", fmt.Sprint("Actie ", round))
		got := make([]*antwoord, 6)
		var all sync.WaitGroup
		for n := range got { // each node twice, all at once
			all.Go(func() { got[n] = nodes[n%3].do("normaal", "POST", bewerking+"/verwerkingsacties", sent, key) })
		}
		all.Wait()
		first := got[0].Want(http.StatusCreated).JSON()
		for _, a := range got {
			if d := cmp.Diff(first, a.Want(http.StatusCreated).JSON()); d != "" {
				t.Errorf("one key, two answers:\n%s", d)
			}
		}
		ids[id(first)] = true
		// Later, elsewhere; and with another body.
		if again := nodes[round%3].post("normaal", sent, key); id(again) != id(first) {
			t.Error("a key that is repeated is another actie")
		}
		nodes[(round+1)%3].do("normaal", "POST", bewerking+"/verwerkingsacties", sent.with("actieNaam", "Anders"), key).Want(http.StatusConflict)
	}
	list := zonderOpvragingen(nodes[0].do("normaal", "GET", bewerking+"/verwerkingsacties?vertrouwelijkheid=normaal&verwerkingId="+werk, nil).Want(http.StatusOK).Lijst())
	for _, a := range list {
		delete(ids, id(a))
	}
	if len(list) != rounds || len(ids) != 0 {
		t.Errorf("%d acties of %d keys, and %d that were acknowledged are not among them", len(list), rounds, len(ids))
	}
}

func TestOfTwoBodiesUnderOneKeyAtTwoNodesOneIsLogged(t *testing.T) {
	t.Parallel()
	nodes := rij(t, 2)
	for range 20 {
		key := header("Idempotency-Key", uuid.NewString())
		werk := uuid.NewString()
		status := make([]int, 4)
		var all sync.WaitGroup
		for n := range status {
			all.Go(func() {
				sent := basis().with("verwerkingId", werk).with("actieNaam", fmt.Sprint("Actie ", n))
				status[n] = nodes[n%2].do("normaal", "POST", bewerking+"/verwerkingsacties", sent, key).Status
			})
		}
		all.Wait()
		slices.Sort(status)
		if want := []int{201, 409, 409, 409}; !slices.Equal(status, want) {
			t.Fatalf("answers %v, want %v", status, want)
		}
		if list := zonderOpvragingen(nodes[0].do("normaal", "GET", bewerking+"/verwerkingsacties?vertrouwelijkheid=normaal&verwerkingId="+werk, nil).Want(http.StatusOK).Lijst()); len(list) != 1 {
			t.Fatalf("%d acties under one key", len(list))
		}
	}
}

func TestAStreamThatIsSentAgainToAnotherNodeIsLoggedOnce(t *testing.T) {
	t.Parallel()
	nodes := rij(t, 3)
	werk, key := uuid.NewString(), header("Idempotency-Key", uuid.NewString())
	const n = 300
	var list []string
	for k := range n {
		list = append(list, basis().with("verwerkingId", werk).with("actieNaam", fmt.Sprint("Actie ", k)).line())
	}
	got := make([][]uitslag, 3)
	var all sync.WaitGroup
	for k, r := range nodes[:2] { // at two nodes at once, and then at the third
		all.Go(func() { got[k] = r.all("normaal", lines(list...), key) })
	}
	all.Wait()
	got[2] = nodes[2].all("normaal", lines(list...), key)
	for k := range n {
		for _, g := range got {
			if len(g) != n || g[k].Status != http.StatusCreated || g[k].ActieID != got[0][k].ActieID {
				t.Fatalf("line %d of %d answers is another actie elsewhere, or none", k+1, len(g))
			}
		}
	}
	p := nodes[0].do("normaal", "GET", bewerking+"/verwerkingsacties?pageSize=500&vertrouwelijkheid=normaal&verwerkingId="+werk, nil).pagina()
	if list := zonderOpvragingen(p.regels); len(list) != n {
		t.Errorf("%d acties of %d lines", len(list), n)
	}
}

func TestAnApplicationThatIsChangedAtOneNodeIsSoAtAll(t *testing.T) {
	t.Parallel()
	nodes := rij(t, 3)
	var slowest time.Duration
	overal := func(what string, want int, client, geheim string) {
		t.Helper()
		begin := time.Now()
		for _, r := range nodes {
			wacht(t, geduld, what, func() bool { return r.reads(client, geheim) == want })
		}
		slowest = max(slowest, time.Since(begin))
	}
	const client = "nieuw"
	overal("nobody knows it yet", 401, client, nieuwGeheim)
	path := pad(t, nodes[0].newApp(app(client, "read:normal"))["url"])
	overal("a new application signs in", 200, client, nieuwGeheim)
	nodes[1].do("beheerder", "PATCH", path, map[string]any{"autorisaties": []any{}}).Want(200)
	overal("rights are taken away", 403, client, nieuwGeheim)
	nodes[2].do("beheerder", "PATCH", path, map[string]any{"geheim": geheim}).Want(200)
	overal("a secret is replaced", 403, client, geheim)
	overal("the one before is worth nothing", 401, client, nieuwGeheim)
	nodes[0].do("beheerder", "DELETE", path, nil).Want(204)
	overal("it is deleted", 401, client, geheim)
	t.Logf("the slowest change was in force everywhere after %v", slowest.Round(time.Millisecond))

	// One client id, at every node at once: one application has it.
	status := make([]int, 3)
	var all sync.WaitGroup
	for n, r := range nodes {
		all.Go(func() {
			status[n] = r.do("beheerder", "POST", autorisaties+"/applicaties", app("samen", "read:normal")).Status
		})
	}
	all.Wait()
	if slices.Sort(status); !slices.Equal(status, []int{201, 400, 400}) {
		t.Errorf("answers %v, want one 201", status)
	}
}

func TestEmptyNodesThatStartAtOnceAgreeOnKeysAndTables(t *testing.T) {
	t.Parallel()
	for range 5 {
		list := knopen(t, 3, postgrestest.Database(t), applicaties)
		tegelijk(t, list...)
		a, b, c := list[0].register(), list[1].register(), list[2].register()
		for _, client := range []string{"normaal", "anderdorp"} {
			stored := a.post(client, basis())
			b.haal(client, id(stored)).Want(http.StatusOK)
			c.haal(client, id(stored)).Want(http.StatusOK)
		}
		keys := map[string]int{}
		err := filepath.WalkDir(filepath.Join(list[0].dir, "sleutels"), func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".key" { // what was signed last lies beside them
				keys[d.Name()]++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"handle-1.key": 2, "zegel-1.key": 2, "teken-1.key": 2}
		if !maps.Equal(keys, want) {
			t.Errorf("keys %v, want %v", keys, want)
		}
		for _, k := range list {
			if err := k.stop(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestANodeWithOtherKeysIsRefused(t *testing.T) {
	t.Parallel()
	list := knopen(t, 2, postgrestest.Database(t), applicaties)
	starten(t, list[0])
	stored := list[0].register().post("normaal", basis())
	elsewhere := "VERANTWOORD_SLEUTELS=" + filepath.Join(t.TempDir(), "sleutels")
	out := list[1].run(1, []string{"serve"}, elsewhere)
	if !strings.Contains(out, "dezelfde sleutelmap") {
		t.Errorf("it does not say what to do: %s", out)
	}
	if entries, err := filepath.Glob(filepath.Join(list[1].dir, "sleutels", voorbeeldstad, "*.key")); err != nil || len(entries) != 3 {
		t.Errorf("the right keys: %d files, %v", len(entries), err)
	}
	starten(t, list[1])
	list[1].register().haal("normaal", id(stored)).Want(http.StatusOK)
}

// The job that deletes old idempotency keys tells by its work which node does it.
func TestAJobIsDoneByOneNodeAtATime(t *testing.T) {
	t.Parallel()
	store := postgrestest.Database(t)
	list := knopen(t, 3, store, applicaties)
	list[0].run(0, []string{"migrate"})
	conn := verbinden(t, store)
	// What the job does is noted, also when it finds nothing: what is made old during a round might still be in it.
	execute(t, conn, `CREATE TABLE gewist(); CREATE FUNCTION noteer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO gewist DEFAULT VALUES; RETURN NULL; END';
		CREATE TRIGGER noteer AFTER DELETE ON idempotentie FOR EACH STATEMENT EXECUTE FUNCTION noteer()`)
	starten(t, list[0])
	holders := func() (out []string) {
		t.Helper()
		rows, err := conn.Query(t.Context(), `SELECT naam || ' ' || houder FROM pacht WHERE naam = 'opruimen' AND tot > now() ORDER BY 1`)
		if err == nil {
			out, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	old := func() (n int) { return tel(t, conn, `SELECT count(*) FROM idempotentie WHERE dag = 1`) }
	age := func() {
		t.Helper()
		execute(t, conn, `INSERT INTO idempotentie(organisatie, dag, sleutel, lichaam, registratie, blad)
			SELECT nr, 1, gen_random_uuid(), gen_random_uuid(), 1, 1 FROM organisatie, generate_series(1, 10)`)
	}
	wacht(t, geduld, "the first node did the job, for both organisations", func() bool { return tel(t, conn, `SELECT count(*) FROM gewist`) == 2 })
	first := holders()
	age()
	starten(t, list[1:]...)
	for _, k := range list {
		k.register().post("normaal", basis())
	}
	if d := cmp.Diff(first, holders()); d != "" {
		t.Errorf("others took the job:\n%s", d)
	}
	if n := old(); n != 20 {
		t.Errorf("%d keys are left of 20: another node did the job as well", n)
	}
	// Whoever stops in order leaves the job to the next one that comes.
	if err := list[0].stop(); err != nil {
		t.Fatal(err)
	}
	if got := holders(); slices.Equal(got, first) {
		t.Errorf("a node that stopped still has %v", got)
	}
	starten(t, list[0])
	wacht(t, geduld, "the next node does the job", func() bool { return old() == 0 })
	second := holders()
	if len(second) != 1 || slices.Equal(first, second) {
		t.Errorf("the job is with %v, before with %v", second, first)
	}
	// Whoever dies keeps it until its term is over.
	list[0].kill()
	age()
	starten(t, list[0])
	if d := cmp.Diff(second, holders()); d != "" {
		t.Errorf("a job was taken before its term was over:\n%s", d)
	}
	list[0].kill()
	execute(t, conn, `UPDATE pacht SET tot = now() - interval '1 second'`)
	starten(t, list[0])
	wacht(t, geduld, "a job is taken when its term is over", func() bool { return old() == 0 && len(holders()) == 1 })
}

// verbinden makes a connection to look behind the register.
func verbinden(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func tel(t testing.TB, conn *pgx.Conn, sql string, args ...any) (n int) {
	t.Helper()
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
