package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// langsteAntwoord bounds an answer, whatever happens behind the register: the time-outs of the register
// add up to less. Who waits longer hangs.
const langsteAntwoord = 45 * time.Second

// tweeOrganisaties are those of the load, each with one application that may do everything.
const tweeOrganisaties = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
  - {oin: "00000099876543210000", naam: Gemeente Anderdorp}
applicaties:
  - clientIds: [vertrouwelijk]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Alles in Voorbeeldstad
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential"]}
  - clientIds: [anderdorp]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Alles in Anderdorp
    organisatie: "00000099876543210000"
    oins: ["00000099876543210000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "update:confidential", "delete:confidential"]}
`

// belasting is consumers at work on a register of one or more nodes, and what they were told. A consumer
// accepts two things from a register in trouble: success, and 503 with Retry-After.
type belasting struct {
	t       testing.TB
	http    *http.Client
	nodes   []string    // their addresses; any of them will do
	vergeef atomic.Bool // nodes may be away: an answer may fail to come

	stop     chan struct{}
	work     sync.WaitGroup
	afnemers []*afnemer
	telling  telling

	mu     sync.Mutex // guards what follows
	fouten int
	tokens map[string]string // by client
	tot    time.Time         // when they are to be replaced
}

// telling counts what happened.
type telling struct {
	bevestigd, gewijzigd, gelezen       atomic.Int64 // records and changes acknowledged, records read back
	herhaald, geweigerd, zonderAntwoord atomic.Int64 // requests sent again, answers 503, answers that never came
	langste                             atomic.Int64 // the longest answer, in ns
}

func (c *telling) String() string {
	return fmt.Sprintf("%d records and %d changes acknowledged, %d read back; %d times 503, %d times no answer, %d sent again; the longest answer took %v",
		c.bevestigd.Load(), c.gewijzigd.Load(), c.gelezen.Load(), c.geweigerd.Load(), c.zonderAntwoord.Load(), c.herhaald.Load(),
		time.Duration(c.langste.Load()).Round(time.Millisecond))
}

// belast lets n consumers loose on nodes, which run.
func belast(t testing.TB, n int, nodes ...string) *belasting {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: n}
	b := &belasting{t: t, http: &http.Client{Transport: transport, Timeout: langsteAntwoord}, nodes: nodes, stop: make(chan struct{})}
	t.Cleanup(func() {
		b.staak()
		transport.CloseIdleConnections()
	})
	for k := range n {
		b.afnemers = append(b.afnemers, newAfnemer(b, []string{"vertrouwelijk", "anderdorp"}[k%2]))
	}
	for _, a := range b.afnemers {
		b.work.Go(a.run)
	}
	return b
}

// adressen are those of nodes.
func adressen(list []*knoop) (urls []string) {
	for _, k := range list {
		urls = append(urls, k.url)
	}
	return urls
}

// staak lets every consumer finish what it is at, and returns when all have.
func (b *belasting) staak() {
	select {
	case <-b.stop:
	default:
		close(b.stop)
	}
	b.work.Wait()
}

func (b *belasting) gestaakt() bool {
	select {
	case <-b.stop:
		return true
	default:
		return false
	}
}

// vordert waits until there are n more records acknowledged than now.
func (b *belasting) vordert(n int64) {
	b.t.Helper()
	want := b.telling.bevestigd.Load() + n
	wacht(b.t, geduld, "records are acknowledged", func() bool { return b.telling.bevestigd.Load() >= want })
}

// fout reports what a consumer may not see; after a handful only that there is more.
func (b *belasting) fout(format string, args ...any) {
	b.t.Helper()
	b.mu.Lock()
	b.fouten++
	n := b.fouten
	b.mu.Unlock()
	switch {
	case n <= 10:
		b.t.Errorf(format, args...)
	case n == 11:
		b.t.Error("and more")
	}
}

// token is one that is not too old, however long the load lasts.
func (b *belasting) token(client string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if now.After(b.tot) {
		b.tokens, b.tot = map[string]string{}, now.Add(10*time.Minute)
	}
	if b.tokens[client] == "" {
		token, err := autorisatie.Sign(client, []byte(geheim), autorisatie.Claims{}, now)
		if err != nil {
			b.t.Error(err)
		}
		b.tokens[client] = token
	}
	return b.tokens[client]
}

// willekeurig is a node, and another one than that was asked last.
func (b *belasting) willekeurig(niet string) string {
	for {
		if u := b.nodes[rand.N(len(b.nodes))]; u != niet || len(b.nodes) == 1 {
			return u
		}
	}
}

// send asks a node for something, as a client. Status 0: no answer came, as happens when a node is killed; 503: not now.
// Any other status than ok is an error, and so is an answer that takes too long.
func (b *belasting) send(client, node, method, path string, body []byte, key string, ok int) (status int, answer []byte) {
	req, err := http.NewRequest(method, node+bewerking+"/verwerkingsacties"+path, bytes.NewReader(body))
	if err != nil {
		b.fout("%v", err)
		return 0, nil
	}
	req.Header.Set("Authorization", "Bearer "+b.token(client))
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	begin := time.Now()
	res, err := b.http.Do(req)
	if err == nil {
		answer, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	duur := time.Since(begin)
	for langste := b.telling.langste.Load(); int64(duur) > langste && !b.telling.langste.CompareAndSwap(langste, int64(duur)); {
		langste = b.telling.langste.Load()
	}
	switch {
	case duur >= langsteAntwoord:
		b.fout("%s: no answer within %v", method, langsteAntwoord)
		return 0, nil
	case err != nil:
		b.telling.zonderAntwoord.Add(1)
		if !b.vergeef.Load() {
			b.fout("%s: %v", method, err)
		}
		return 0, nil
	case res.StatusCode == http.StatusServiceUnavailable:
		b.telling.geweigerd.Add(1)
		if res.Header.Get("Retry-After") == "" || !bytes.Contains(answer, []byte(`"niet_beschikbaar"`)) {
			b.fout("%s: 503 without a word on trying again: %s", method, answer)
		}
	case res.StatusCode != ok:
		if res.Header.Get("Content-Type") != "application/problem+json" {
			answer = nil // it may be a record
		}
		b.fout("%s: status %d, want %d or 503: %s", method, res.StatusCode, ok, answer)
	}
	return res.StatusCode, answer
}

// probeer sends until it succeeds, each time to another node; nil: it never did.
func (b *belasting) probeer(client, niet, method, path string, body []byte, key string, ok int) (answer []byte, node string) {
	node = niet
	for end := time.Now().Add(geduld); ; b.telling.herhaald.Add(1) {
		node = b.willekeurig(node)
		status, answer := b.send(client, node, method, path, body, key, ok)
		switch {
		case status == ok:
			return answer, node
		case status != 0 && status != http.StatusServiceUnavailable:
			return nil, node
		case time.Now().After(end):
			b.fout("%s: not in %v, at any node", method, geduld)
			return nil, node
		}
		time.Sleep(20*time.Millisecond + rand.N(80*time.Millisecond)) // a consumer waits before it tries again
	}
}

// controleer asks for all that was acknowledged and compares it record by record: it is there, once, as
// it was acknowledged. Nobody may be at work any more.
func (b *belasting) controleer() {
	b.t.Helper()
	b.vergeef.Store(false)
	var all sync.WaitGroup
	for _, a := range b.afnemers {
		all.Go(a.controleer)
	}
	all.Wait()
	if b.telling.bevestigd.Load() == 0 {
		b.t.Error("nothing was acknowledged: there was no load")
	}
}

// nergens checks that the log of no node names a person of the load.
func (b *belasting) nergens(list []*knoop) {
	b.t.Helper()
	for _, k := range list {
		for _, a := range b.afnemers {
			if strings.Contains(k.log(), a.bsn) {
				b.t.Error("the log of a node names a person")
			}
		}
	}
}

// afdruk stands for a record as a consumer gets it.
type afdruk [sha256.Size]byte

// lees reads a record of an answer.
func (b *belasting) lees(answer []byte) (a map[string]any, h afdruk) {
	if err := json.Unmarshal(answer, &a); err != nil {
		b.fout("a record that is no JSON: %v", err)
		return map[string]any{"actieId": ""}, h
	}
	return a, vat(a)
}

// vat makes the print of a record; the order of fields makes no difference.
func vat(a map[string]any) afdruk {
	raw, err := json.Marshal(a)
	if err != nil {
		panic(err) // it came from JSON
	}
	return sha256.Sum256(raw)
}

// zoek gives all acties of a verwerking, without the inquiries after it, page by page from any node.
func (b *belasting) zoek(client, werk string) (list []map[string]any) {
	q := body(actie{"verwerkingId": werk, "pageSize": 500})
	answer, node := b.probeer(client, "", "POST", "/_zoek", []byte(q), "", http.StatusOK)
	for answer != nil {
		var p struct {
			Next    *string
			Results []map[string]any
		}
		if err := json.Unmarshal(answer, &p); err != nil {
			b.fout("a page that is no JSON: %v", err)
			break
		}
		list = append(list, zonderOpvragingen(p.Results)...)
		if p.Next == nil {
			break
		}
		_, cursor, _ := strings.Cut(*p.Next, "?")
		answer, node = b.probeer(client, node, "GET", "/_zoek?"+cursor, nil, "", http.StatusOK)
	}
	return list
}
