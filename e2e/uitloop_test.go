package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// A node that is asked to stop goes on for a while (uitloop), so that what stands in front of it can see
// that it goes away before it is gone.

func TestANodeThatIsAskedToStopAnswersAllAndSaysThatItGoes(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	d := o.serve("VERANTWOORD_UITLOOP=10m") // longer than the test: it is killed
	r := d.register()
	r.do("", "GET", "/healthz/ready", nil).Want(http.StatusOK)
	if a := r.do("burgerzaken", "POST", bewerking+"/verwerkingsacties", basis()).Want(http.StatusCreated); a.Header.Get("Connection") != "" {
		t.Error("a node that goes on asks to go elsewhere")
	}
	before := r.open("burgerzaken")
	ronde := func(s *stroom) {
		t.Helper()
		s.send(basis().line())
		if u, ok := s.next(); !ok || u.Status != http.StatusCreated {
			t.Errorf("a line of a stream: %v", u)
		}
	}
	ronde(before)
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	wacht(t, geduld, "it is not ready any more", func() bool {
		return r.do("", "GET", "/healthz/ready", nil).Status == http.StatusServiceUnavailable
	})
	r.do("", "GET", "/healthz/live", nil).Want(http.StatusOK)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	for n := range 20 {
		req, err := http.NewRequest("GET", r.url+bewerking+"/verwerkingsacties?verwerkingId="+uuid.NewString()+"&vertrouwelijkheid=normaal", nil)
		if err != nil {
			t.Fatal(err)
		}
		header("Authorization", "Bearer "+r.token("burgerzaken", autorisatie.Claims{}))(req)
		res, err := (&http.Client{Transport: transport}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK || !res.Close {
			t.Fatalf("answer %d: status %d, closes %v", n, res.StatusCode, res.Close)
		}
		r.post("burgerzaken", basis())
	}
	ronde(before)
	ronde(r.open("burgerzaken"))
	select {
	case err := <-d.done:
		t.Errorf("it stopped: %v", err)
	default:
	}
}

// Three nodes behind a balancer are replaced one after another, while consumers go on. Not one of them
// notices.
func TestNodesAreReplacedOneByOneWithoutARefusedRequest(t *testing.T) {
	t.Parallel()
	store := postgrestest.Database(t)
	list := knopen(t, 3, store, tweeOrganisaties, "VERANTWOORD_UITLOOP=6s") // a balancer on a busy machine looks later than it means to
	starten(t, list...)
	v := verdeel(t, list)
	b := belast(t, 8, v.url)
	for n, k := range list {
		b.vordert(100)
		s := k.register().open("vertrouwelijk")
		s.send(basis().line())
		if u, ok := s.next(); !ok || u.Status != http.StatusCreated {
			t.Errorf("a line of a stream: %v", u)
		}
		if err := k.stop(); err != nil {
			t.Fatal(err)
		}
		if u, ok := s.next(); !ok || u.Regel != 2 || u.Status != http.StatusServiceUnavailable {
			t.Errorf("a stream that was open ends with %v, want from which line to go on", u)
		}
		if v.ready(n) {
			t.Error("the balancer still sends to a node that is gone: uitloop is too short for this test")
		}
		b.vordert(50)
		starten(t, k)
		wacht(t, geduld, "the balancer finds the node again", func() bool { return v.ready(n) })
	}
	b.vordert(100)
	b.staak()
	for what, n := range map[string]int64{
		"without an answer": b.telling.zonderAntwoord.Load(), "refused": b.telling.geweigerd.Load(), "sent again": b.telling.herhaald.Load(),
	} {
		if n != 0 {
			t.Errorf("%d requests were %s", n, what)
		}
	}
	b.controleer()
	leaves := logboek(t, store)
	t.Logf("3 nodes replaced: %v; %d leaves", &b.telling, leaves)
}

// verdeler is a balancer as it stands in front of a real register: it asks every node now and then
// whether it is ready, and gives requests in turn to those that are. It never tries a request again.
type verdeler struct {
	url   string
	nodes []*httputil.ReverseProxy
	up    []atomic.Bool
	turn  atomic.Uint64
}

// elkeKeer is how often a balancer looks.
const elkeKeer = 100 * time.Millisecond

// verdeel puts a balancer in front of nodes, for as long as the test takes.
func verdeel(t testing.TB, list []*knoop) *verdeler {
	t.Helper()
	v := &verdeler{up: make([]atomic.Bool, len(list))}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	stop := make(chan struct{})
	var looking sync.WaitGroup
	for n, k := range list {
		u, err := url.Parse(k.url)
		if err != nil {
			t.Fatal(err)
		}
		v.nodes = append(v.nodes, &httputil.ReverseProxy{
			Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(u) },
			Transport: transport,
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
				t.Errorf("a request to node %d failed: %v", n+1, err)
				w.WriteHeader(http.StatusBadGateway)
			},
		})
		looking.Go(func() {
			for {
				v.up[n].Store(k.ready())
				select {
				case <-stop:
					return
				case <-time.After(elkeKeer):
				}
			}
		})
	}
	h := httptest.NewServer(v)
	v.url = h.URL
	t.Cleanup(func() {
		close(stop)
		looking.Wait()
		h.Close()
		transport.CloseIdleConnections()
	})
	for n := range list {
		wacht(t, geduld, fmt.Sprintf("node %d is found", n+1), func() bool { return v.ready(n) })
	}
	return v
}

func (v *verdeler) ready(n int) bool { return v.up[n].Load() }

// ServeHTTP gives a request to the next node that is ready.
func (v *verdeler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for range v.nodes {
		if n := int(v.turn.Add(1) % uint64(len(v.nodes))); v.ready(n) {
			v.nodes[n].ServeHTTP(w, r)
			return
		}
	}
	http.Error(w, "no node is ready", http.StatusBadGateway)
}
