package e2e

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite" // to look into the store of a process that was killed

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

const crashApplicaties = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [vertrouwelijk]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Alles
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential"]}
`

// How long the crash test goes on: short enough for every run of the tests.
const (
	crashRounds  = 5
	crashClients = 32
	crashPerWerk = 8 // acties of one verwerking, changed together
)

// bevestigd is what one client was told to be stored.
type bevestigd struct {
	posts   map[string]string // actieId -> actieNaam
	keys    map[string]string // Idempotency-Key of a POST without an answer -> its body
	werk    string            // verwerkingId whose acties are changed together
	werkIDs []string
	term    int // last term that was acknowledged for all of werkIDs
	tried   int // last term that was sent
	put     string
	naam    int // last name that was acknowledged for put
	naamUit int // last name that was sent
}

// An acknowledged record survives kill -9 (invariant 1), and no change is half there.
func TestKillUnderLoadLosesNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	o := opstellen(t, crashApplicaties)
	token, err := autorisatie.Sign("vertrouwelijk", []byte(geheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: crashClients}
	defer transport.CloseIdleConnections()
	c := &crashClient{t, &http.Client{Transport: transport}, "http://" + o.address + bewerking + "/verwerkingsacties", token}

	d := o.serve()
	state := make([]*bevestigd, crashClients)
	each(func(n int) {
		s := &bevestigd{posts: map[string]string{}, keys: map[string]string{}, werk: uuid.NewString()}
		for range crashPerWerk {
			s.werkIDs = append(s.werkIDs, c.must("POST", "", basis().with("verwerkingId", s.werk)))
		}
		s.put = c.must("POST", "", basis())
		state[n] = s
	})
	total := 0
	for round := range crashRounds {
		if round > 0 {
			d = o.serve()
			each(func(n int) { c.check(state[n]) })
			if t.Failed() {
				t.Fatalf("after round %d", round)
			}
		}
		var dead atomic.Bool
		var steps atomic.Int64
		var clients sync.WaitGroup
		for n := range crashClients {
			clients.Go(func() {
				for !dead.Load() {
					c.step(state[n])
					steps.Add(1)
				}
			})
		}
		wacht(t, time.Minute, "there is a load", func() bool { return steps.Load() >= 200 })
		time.Sleep(time.Duration(rand.IntN(900)) * time.Millisecond)
		if err := d.cmd.Process.Kill(); err != nil { // SIGKILL: nothing is told to the process
			t.Fatal(err)
		}
		dead.Store(true)
		clients.Wait()
		<-d.done
		inspect(t, filepath.Join(o.dir, "store"))
	}
	d = o.serve()
	each(func(n int) { c.check(state[n]) })
	for _, s := range state {
		total += len(s.posts)
	}
	t.Logf("%d records acknowledged in %d rounds, all there", total, crashRounds)
	if total < 100*crashRounds {
		t.Errorf("only %d records: the load is none", total)
	}
	d.stop()
	inspect(t, filepath.Join(o.dir, "store"))
}

// each runs f for every client at once.
func each(f func(n int)) {
	var clients sync.WaitGroup
	for n := range crashClients {
		clients.Go(func() { f(n) })
	}
	clients.Wait()
}

type crashClient struct {
	t     *testing.T
	http  *http.Client
	url   string
	token string
}

// send gives status 0 when no whole answer came.
func (c *crashClient) send(method, path string, body any, key string) (int, map[string]any) {
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Error(err)
		return 0, nil
	}
	if s, ok := body.(string); ok {
		raw = []byte(s)
	}
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(string(raw)))
	if err != nil {
		c.t.Error(err)
		return 0, nil
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	var m map[string]any
	if len(b) > 0 && json.Unmarshal(b, &m) != nil {
		c.t.Errorf("status %d with a body that is no JSON", res.StatusCode)
	}
	return res.StatusCode, m
}

// must sends what can't fail, and gives the actieId.
func (c *crashClient) must(method, path string, body any) string {
	status, m := c.send(method, path, body, "")
	if status/100 != 2 {
		c.t.Errorf("%s: status %d", method, status)
		return ""
	}
	s, _ := m["actieId"].(string)
	return s
}

// step does one thing and remembers what was acknowledged.
func (c *crashClient) step(s *bevestigd) {
	switch rand.IntN(12) {
	case 0:
		s.tried++
		if status, _ := c.send("PATCH", "?verwerkingId="+s.werk, actie{"bewaartermijn": fmt.Sprintf("P%dD", s.tried)}, ""); status == http.StatusNoContent {
			s.term = s.tried
		}
	case 1:
		s.naamUit++
		if status, _ := c.send("PUT", "/"+s.put, basis().with("actieNaam", fmt.Sprint("Naam ", s.naamUit)), ""); status == http.StatusOK {
			s.naam = s.naamUit
		}
	case 2:
		naam, key := uuid.NewString(), uuid.NewString()
		sent := body(basis().with("actieNaam", naam))
		if status, m := c.send("POST", "", sent, key); status == http.StatusCreated {
			s.posts[m["actieId"].(string)] = naam
		} else if status == 0 {
			s.keys[key] = sent
		}
	default:
		naam := uuid.NewString()
		if status, m := c.send("POST", "", basis().with("actieNaam", naam), ""); status == http.StatusCreated {
			s.posts[m["actieId"].(string)] = naam
		}
	}
}

// check finds everything back.
func (c *crashClient) check(s *bevestigd) {
	for actieID, naam := range s.posts {
		if status, m := c.send("GET", "/"+actieID, nil, ""); status != http.StatusOK || m["actieNaam"] != naam {
			c.t.Errorf("an acknowledged record is lost: status %d", status)
			return
		}
	}
	// The acties of one verwerking changed together or not at all.
	terms := map[any]bool{}
	var term any
	for _, actieID := range s.werkIDs {
		status, m := c.send("GET", "/"+actieID, nil, "")
		if status != http.StatusOK {
			c.t.Errorf("status %d", status)
			return
		}
		term = m["bewaartermijn"]
		terms[term] = true
	}
	if len(terms) != 1 {
		c.t.Errorf("a change is half there: %v", terms)
		return
	}
	stored := 0
	if term != "P150Y" {
		if _, err := fmt.Sscanf(term.(string), "P%dD", &stored); err != nil {
			c.t.Error(err)
		}
	}
	if stored < s.term || stored > s.tried {
		c.t.Errorf("term %d, acknowledged was %d", stored, s.term)
	}
	s.term, s.tried = stored, max(s.tried, stored)
	status, m := c.send("GET", "/"+s.put, nil, "")
	stored = 0
	if naam, _ := m["actieNaam"].(string); status != http.StatusOK {
		c.t.Errorf("status %d", status)
	} else if naam != basis()["actieNaam"] {
		if _, err := fmt.Sscanf(naam, "Naam %d", &stored); err != nil {
			c.t.Error(err)
		}
	}
	if stored < s.naam || stored > s.naamUit {
		c.t.Errorf("name %d, acknowledged was %d", stored, s.naam)
	}
	s.naam = stored
	// What was not answered may be sent again, and is there once.
	for key, sent := range s.keys {
		first, a := c.send("POST", "", sent, key)
		second, b := c.send("POST", "", sent, key)
		if first != http.StatusCreated || second != http.StatusCreated || a["actieId"] != b["actieId"] {
			c.t.Errorf("a repeated key: status %d and %d", first, second)
			continue
		}
		s.posts[a["actieId"].(string)] = a["actieNaam"].(string)
	}
	clear(s.keys)
}

// inspect looks into a store that nobody has open: leaves are numbered without a gap, and every node
// of the tree is what its leaves make of it.
func inspect(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "log.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var leaves, last, distinct int64
	err = db.QueryRowContext(t.Context(), `SELECT count(*), max(nr & ((1 << 40) - 1)), count(DISTINCT registratie) FROM versie`).Scan(&leaves, &last, &distinct)
	if err != nil {
		t.Fatal(err)
	}
	if last != leaves-1 || distinct != leaves {
		t.Errorf("%d leaves, the last one is number %d, %d different instants", leaves, last, distinct)
	}
	var ok string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&ok); err != nil || ok != "ok" {
		t.Errorf("integrity: %s, %v", ok, err)
	}
	var nodes []tlog.Hash
	rows, err := db.QueryContext(t.Context(), `SELECT nr & ((1 << 41) - 1), hashes FROM knoop ORDER BY nr`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var first int
		var b []byte
		if err := rows.Scan(&first, &b); err != nil {
			t.Fatal(err)
		}
		if first != len(nodes) || len(b)%tlog.HashSize != 0 {
			t.Fatalf("a row of nodes begins at %d, want %d", first, len(nodes))
		}
		for ; len(b) > 0; b = b[tlog.HashSize:] {
			nodes = append(nodes, tlog.Hash(b[:tlog.HashSize]))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if want := tlog.StoredHashCount(leaves); int64(len(nodes)) != want {
		t.Fatalf("%d nodes for %d leaves, want %d", len(nodes), leaves, want)
	}
	stored := func(level int, n int64) tlog.Hash { return nodes[tlog.StoredHashIndex(level, n)] }
	for level := 1; leaves>>level > 0; level++ {
		for n := range leaves >> level {
			if stored(level, n) != tlog.NodeHash(stored(level-1, 2*n), stored(level-1, 2*n+1)) {
				t.Fatalf("node %d of level %d is wrong", n, level)
			}
		}
	}
	root, err := tlog.TreeHash(leaves, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for k, i := range indexes {
			out[k] = nodes[i]
		}
		return out, nil
	}))
	if err != nil || root == (tlog.Hash{}) {
		t.Errorf("no root: %v", err)
	}
}
