package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// Durable logging of one record a POST, against what this machine can do at most over HTTP: a bare
// echo that decodes and encodes the same record. Both are processes of their own, get the same bytes
// from the same generator over kept connections, by turns; medians of the rounds. Only the ratio says
// something. The store lies in the directory for temporary files: set TMPDIR to a real disk.
//
//	go test ./e2e -run '^$' -bench PostTegenEcho
const (
	echoRounds = 5
	echoRound  = 2 * time.Second
)

// testEcho, in the environment, makes the test binary an echo server on that address.
const testEcho = "VERANTWOORD_TEST_ECHO"

// echoRecord is a Verwerkingsactie as a programmer would write it down at first.
type echoRecord struct {
	ActieNaam                       string       `json:"actieNaam"`
	HandelingNaam                   string       `json:"handelingNaam"`
	VerwerkingNaam                  string       `json:"verwerkingNaam"`
	VerwerkingID                    string       `json:"verwerkingId"`
	VerwerkingsactiviteitID         string       `json:"verwerkingsactiviteitId"`
	VerwerkingsactiviteitURL        string       `json:"verwerkingsactiviteitUrl"`
	Vertrouwelijkheid               string       `json:"vertrouwelijkheid"`
	Bewaartermijn                   string       `json:"bewaartermijn"`
	Uitvoerder                      string       `json:"uitvoerder"`
	Systeem                         string       `json:"systeem"`
	Gebruiker                       string       `json:"gebruiker"`
	Gegevensbron                    string       `json:"gegevensbron"`
	SoortAfnemerID                  string       `json:"soortAfnemerId"`
	AfnemerID                       string       `json:"afnemerId"`
	VerwerkingsactiviteitIDAfnemer  string       `json:"verwerkingsactiviteitIdAfnemer"`
	VerwerkingsactiviteitURLAfnemer string       `json:"verwerkingsactiviteitUrlAfnemer"`
	VerwerkingIDAfnemer             string       `json:"verwerkingIdAfnemer"`
	Tijdstip                        string       `json:"tijdstip"`
	VerwerkteObjecten               []echoObject `json:"verwerkteObjecten"`
}

type echoObject struct {
	Objecttype               string      `json:"objecttype"`
	SoortObjectID            string      `json:"soortObjectId"`
	ObjectID                 string      `json:"objectId"`
	Betrokkenheid            string      `json:"betrokkenheid"`
	VerwerkteSoortenGegevens []echoSoort `json:"verwerkteSoortenGegevens"`
}

type echoSoort struct {
	SoortGegeven string `json:"soortGegeven"`
}

// serveEcho answers every POST with its own record, until the process is killed.
func serveEcho(address string) error {
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a echoRecord
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		out, err := json.Marshal(&a)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(out)))
		w.WriteHeader(http.StatusCreated)
		w.Write(out)
	}))
}

func BenchmarkPostTegenEcho(b *testing.B) {
	for _, clients := range []int{1, 64, 256} {
		b.Run(fmt.Sprint(clients, "-clients"), func(b *testing.B) {
			for range b.N { // one turn takes longer than a benchmark goes on: N is 1
				postTegenEcho(b, clients)
			}
		})
	}
}

func postTegenEcho(b *testing.B, clients int) {
	o := opstellen(b, contract)
	d := o.serve("VERANTWOORD_LOG_NIVEAU=warn")
	echo, address := startEcho(b)
	token, err := autorisatie.Sign("burgerzaken", []byte(geheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	sent := body(basis())
	request := []byte(fmt.Sprintf("POST %s/verwerkingsacties HTTP/1.1\r\nHost: register\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
		bewerking, token, len(sent), sent))

	post := &meting{address: o.address, pid: d.cmd.Process.Pid}
	bare := &meting{address: address, pid: echo.Process.Pid}
	for round := range echoRounds + 1 {
		for _, m := range []*meting{bare, post} {
			m.round(b, clients, request, round > 0) // the first one warms up
		}
	}
	d.stop()
	perSecond, bareSecond := median(post.perSecond), median(bare.perSecond)
	b.ReportMetric(perSecond/bareSecond, "ratio")
	b.ReportMetric(perSecond, "post/s")
	b.ReportMetric(bareSecond, "echo/s")
	b.ReportMetric(post.quantile(0.50), "p50-ms")
	b.ReportMetric(post.quantile(0.99), "p99-ms")
	b.ReportMetric(bare.quantile(0.50), "echo-p50-ms")
	b.ReportMetric(bare.quantile(0.99), "echo-p99-ms")
	if bareCPU := median(bare.cpu); bareCPU > 0 {
		b.ReportMetric(median(post.cpu)/bareCPU, "cpu-ratio")
	}
	b.ReportMetric(0, "ns/op")
}

// startEcho runs the test binary as an echo server.
func startEcho(b *testing.B) (*exec.Cmd, string) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = []string{testEcho + "=" + address}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 500 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return cmd, address
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.Fatal("echo does not start")
	return nil, ""
}

// meting is what was measured of one server.
type meting struct {
	address   string
	pid       int
	perSecond []float64
	cpu       []float64 // seconds of processor time a record
	duration  []time.Duration
}

// round lets the clients post for a while.
func (m *meting) round(b *testing.B, clients int, request []byte, counts bool) {
	b.Helper()
	var (
		group sync.WaitGroup
		stop  atomic.Bool
		mu    sync.Mutex
		total int
	)
	conns := make([]net.Conn, clients)
	for k := range conns {
		c, err := net.Dial("tcp", m.address)
		if err != nil {
			b.Fatal(err)
		}
		conns[k] = c
	}
	before, begin := cpuTime(b, m.pid), time.Now()
	for _, c := range conns {
		group.Go(func() {
			defer c.Close()
			in := bufio.NewReaderSize(c, 8<<10)
			taken := make([]time.Duration, 0, 1<<14)
			for !stop.Load() {
				sent := time.Now()
				if _, err := c.Write(request); err != nil {
					b.Error(err)
					return
				}
				if err := created(in); err != nil {
					b.Error(err)
					return
				}
				taken = append(taken, time.Since(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			total += len(taken)
			if counts {
				m.duration = append(m.duration, taken...)
			}
		})
	}
	time.Sleep(echoRound)
	stop.Store(true)
	group.Wait()
	if counts && total > 0 {
		m.perSecond = append(m.perSecond, float64(total)/time.Since(begin).Seconds())
		m.cpu = append(m.cpu, (cpuTime(b, m.pid)-before)/float64(total))
	}
}

var errNotCreated = errors.New("the answer is not 201")

// created reads one answer, with as little work as can be: client and servers share the processors.
func created(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	ok := bytes.HasPrefix(line, []byte("HTTP/1.1 201"))
	length := 0
	for len(bytes.TrimSpace(line)) > 0 {
		if line, err = in.ReadSlice('\n'); err != nil {
			return err
		}
		if name, value, found := bytes.Cut(line, []byte(":")); found && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if _, err := in.Discard(length); err != nil {
		return err
	}
	if !ok {
		return errNotCreated
	}
	return nil
}

// cpuTime is the processor time a process has used, in seconds; 0 where /proc does not tell.
func cpuTime(b *testing.B, pid int) float64 {
	b.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, err1 := strconv.ParseFloat(fields[11], 64)
	system, err2 := strconv.ParseFloat(fields[12], 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return (user + system) / 100 // ticks of 10 ms
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return s[len(s)/2]
}

// quantile of the time an answer took, in milliseconds.
func (m *meting) quantile(q float64) float64 {
	if len(m.duration) == 0 {
		return 0
	}
	slices.Sort(m.duration)
	return float64(m.duration[int(float64(len(m.duration)-1)*q)]) / float64(time.Millisecond)
}
