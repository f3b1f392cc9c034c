package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// The real program, as an operator runs it: built once, with the five variables and the applications
// file of the contract.

const contract = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [burgerzaken]
    geheim: "een-geheim-van-minstens-32-tekens!"     # or geheimBestand: PATH
    label: Burgerzaken
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    heeftAlleAutorisaties: false
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:normal", "read:normal"]}
      - {component: verwerkingenlogging-inzage, scopes: ["read:normal"]}
`

var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "verantwoord-e2e-")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "verantwoord")
	cmd := exec.Command("go", "build", "-trimpath", "-o", path, "../cmd/verantwoord") // as make builds it, so that little is left to do
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

var built string // directory of the binary, once it is built

func TestMain(m *testing.M) {
	// A register that was closed is gone after some collections; left alone these come ever later, and the race detector takes
	// twice as much again beside the heap. This is a limit of the collector, not of what a test may take.
	debug.SetMemoryLimit(512 << 20)
	code := postgrestest.Main(m)
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// opstelling is a place to run the program in: its files and its environment.
type opstelling struct {
	t       testing.TB
	dir     string
	address string
	env     []string
	https   *http.Client // nil: it serves plain HTTP
}

// opstellen prepares one, with an applications file.
func opstellen(t testing.TB, applicaties string) *opstelling {
	t.Helper()
	o := &opstelling{t: t, dir: t.TempDir(), address: eigenPoort(t)}
	file := filepath.Join(o.dir, "applicaties.yaml")
	if err := os.WriteFile(file, []byte(applicaties), 0o600); err != nil {
		t.Fatal(err)
	}
	o.env = []string{
		"VERANTWOORD_LISTEN=" + o.address, "VERANTWOORD_URL=http://" + o.address, "VERANTWOORD_STORE=sqlite:" + filepath.Join(o.dir, "store"),
		"VERANTWOORD_SLEUTELS=" + filepath.Join(o.dir, "sleutels"), "VERANTWOORD_APPLICATIES=" + file,
	}
	return o
}

// vergeven are the ports that a test was given: it may stop its program and start it again.
var vergeven sync.Map

// eigenPoort is an address at 127.0.0.1 that is free until the program takes it: the system gives no port below 32768 to who asks for any.
func eigenPoort(t testing.TB) string {
	t.Helper()
	for range 100 {
		poort := 10_000 + rand.N(22_768)
		if _, al := vergeven.LoadOrStore(poort, true); al {
			continue
		}
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", poort)); err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

// command makes a command with these variables and no others; more wins.
func (o *opstelling) command(args []string, more ...string) (*exec.Cmd, *veiligeBuffer) {
	o.t.Helper()
	path, err := binary()
	if err != nil {
		o.t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(append([]string{}, o.env...), more...)
	cmd.Dir = o.dir
	out := &veiligeBuffer{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

// run runs a command that ends by itself.
func (o *opstelling) run(want int, args []string, more ...string) string {
	o.t.Helper()
	cmd, out := o.command(args, more...)
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	stop := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
	defer stop.Stop()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		o.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		o.t.Errorf("%v: exit status %d, want %d: %s", args, got, want, out)
	}
	return out.String()
}

// draait is a running register.
type draait struct {
	*opstelling
	cmd  *exec.Cmd
	out  *veiligeBuffer
	done chan error
}

// serve starts it and waits until it is ready.
func (o *opstelling) serve(more ...string) *draait {
	o.t.Helper()
	cmd, out := o.command([]string{"serve"}, more...)
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	d := &draait{o, cmd, out, make(chan error, 1)}
	go func() { d.done <- cmd.Wait() }()
	o.t.Cleanup(func() { _ = cmd.Process.Kill() })
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-d.done:
			o.t.Fatalf("stopped: %v: %s", err, out)
		default:
		}
		client, scheme := http.DefaultClient, "http://"
		if o.https != nil {
			client, scheme = o.https, "https://"
		}
		res, err := client.Get(scheme + o.address + "/healthz/ready")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return d
			}
		}
		if time.Now().After(end) {
			o.t.Fatalf("not ready: %s", out)
		}
	}
}

// stop asks it to stop in order and checks that it does.
func (d *draait) stop() {
	d.t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	d.ended()
}

func (d *draait) ended() {
	d.t.Helper()
	select {
	case err := <-d.done:
		if err != nil {
			d.t.Errorf("stopped with %v: %s", err, d.out)
		}
	case <-time.After(60 * time.Second):
		d.t.Error("does not stop")
	}
}

// register gives the harness of the other tests on the running program.
func (d *draait) register() *register {
	return &register{t: d.t, dir: d.dir, url: "http://" + d.address, log: d.out, klok: &klok{}}
}

func TestTheProgramRunsWithFiveVariablesAndSeesEverythingAfterARestart(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	d := o.serve()
	r := d.register()
	token := strings.TrimSpace(o.run(0, []string{"token", "--client", "burgerzaken"}))
	withToken := header("Authorization", "Bearer "+token)
	stored := r.do("", "POST", bewerking+"/verwerkingsacties", basis(), withToken).Want(http.StatusCreated).JSON()
	if !strings.HasPrefix(stored["url"].(string), "http://"+o.address+bewerking) {
		t.Errorf("url %v", stored["url"])
	}
	r.do("", "GET", "/healthz/live", nil).Want(http.StatusOK)
	r.do("", "GET", "/metrics", nil).Want(http.StatusOK)
	for _, name := range []string{"handle-1.key", "zegel-1.key", "teken-1.key"} {
		fi, err := os.Stat(filepath.Join(o.dir, "sleutels", voorbeeldstad, name))
		if err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.stop()
	d = o.serve()
	r = d.register()
	r.haal("burgerzaken", id(stored)).Want(http.StatusOK)
	if list := r.lijst("burgerzaken", "2308572", "&vertrouwelijkheid=normaal").Want(http.StatusOK).Lijst(); len(list) < 1 {
		t.Error("the list is empty after a restart")
	}
	d.stop()
	for line := range strings.Lines(d.out.String()) {
		if !strings.HasPrefix(line, "{") {
			t.Errorf("a line of the log is no JSON: %s", line)
		}
	}
}

func TestStoppingAnswersWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	d := o.serve()
	r := d.register()
	good := body(basis())
	token, err := autorisatie.Sign("burgerzaken", []byte(geheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	head := fmt.Sprintf("POST %s/verwerkingsacties HTTP/1.1\r\nHost: register\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", bewerking, token, len(good))

	// Clients that go on until they are refused, and some that are halfway their request.
	var (
		clients sync.WaitGroup
		mu      sync.Mutex
		ids     []string
	)
	stopped := make(chan struct{})
	for range 16 {
		clients.Go(func() {
			for {
				req, err := http.NewRequest("POST", r.url+bewerking+"/verwerkingsacties", strings.NewReader(good))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Authorization", "Bearer "+token)
				req.Header.Set("Content-Type", "application/json")
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					select {
					case <-stopped: // nobody listens any more
					default:
						t.Errorf("before it was stopped: %v", err)
					}
					return
				}
				b, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil {
					t.Errorf("an answer was cut off: %v", err)
				}
				if res.StatusCode == http.StatusCreated {
					a := &antwoord{t: t, Status: res.StatusCode, Body: b}
					mu.Lock()
					ids = append(ids, id(a.JSON()))
					mu.Unlock()
				}
			}
		})
	}
	var halfway []net.Conn
	for range 8 {
		c := r.dial()
		if _, err := io.WriteString(c, head+good[:100]); err != nil {
			t.Fatal(err)
		}
		const verder = "HTTP/1.1 100 Continue\r\n\r\n" // it reads the body: before that the request may not be under way yet
		if _, err := io.ReadFull(c, make([]byte, len(verder))); err != nil {
			t.Fatal(err)
		}
		halfway = append(halfway, c)
	}
	wacht(t, time.Minute, "there is a load", func() bool { mu.Lock(); defer mu.Unlock(); return len(ids) >= 50 })
	close(stopped)
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	for _, c := range halfway {
		if _, err := io.WriteString(c, good[100:]); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range halfway {
		stored := id(r.readAnswer(c).Want(http.StatusCreated).JSON())
		mu.Lock()
		ids = append(ids, stored)
		mu.Unlock()
	}
	clients.Wait()
	d.ended()
	r = o.serve().register()
	for _, actieID := range ids {
		r.haal("burgerzaken", actieID).Want(http.StatusOK)
	}
}

func TestTheProgramRefusesKeysThatDoNotFitTheStore(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	d := o.serve()
	stored := d.register().post("burgerzaken", basis())
	d.stop()
	keys := filepath.Join(o.dir, "sleutels", voorbeeldstad)
	for _, name := range []string{"handle-1.key", "zegel-1.key", "teken-1.key"} {
		path := filepath.Join(keys, name)
		right, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for what, change := range map[string]func() error{
			"gone":     func() error { return os.Remove(path) },
			"another":  func() error { return os.WriteFile(path, append(bytes.Repeat([]byte("ab"), 32), '\n'), 0o600) },
			"no key":   func() error { return os.WriteFile(path, []byte("geheim\n"), 0o600) },
			"readable": func() error { return os.Chmod(path, 0o644) },
		} {
			if err := change(); err != nil {
				t.Fatal(err)
			}
			out := o.run(1, []string{"serve"})
			if !strings.Contains(out, strings.TrimSuffix(name, ".key")) {
				t.Errorf("%s %s: the reason does not name it: %s", name, what, out)
			}
			if strings.Contains(out, strings.TrimSpace(string(right))) {
				t.Errorf("%s %s: the key itself is shown", name, what)
			}
			if err := errors.Join(os.WriteFile(path, right, 0o600), os.Chmod(path, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Rename(keys, keys+".weg"); err != nil {
		t.Fatal(err)
	}
	o.run(1, []string{"serve"})
	if err := errors.Join(os.RemoveAll(keys), os.Rename(keys+".weg", keys)); err != nil {
		t.Fatal(err)
	}
	o.serve().register().haal("burgerzaken", id(stored)).Want(http.StatusOK)
}

func TestASecondProcessOnTheSameStoreIsRefused(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	d := o.serve()
	second := opstellen(t, contract)
	out := o.run(1, []string{"serve"}, "VERANTWOORD_LISTEN="+second.address)
	if !strings.Contains(out, "in gebruik") {
		t.Errorf("reason: %s", out)
	}
	out = second.run(1, []string{"serve"}, "VERANTWOORD_LISTEN="+o.address)
	if !strings.Contains(out, o.address) {
		t.Errorf("reason: %s", out)
	}
	if _, err := os.Stat(filepath.Join(second.dir, "store")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a store was made although the address is taken")
	}
	d.register().post("burgerzaken", basis())
}

func TestWhatTheProgramSaysAndHowItEnds(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	for _, tt := range []struct {
		name string
		args []string
		env  []string
		exit int
		want string
	}{
		{"no command", nil, nil, 2, "serve"},
		{"help", []string{"help"}, nil, 0, "serve"},
		{"--help", []string{"--help"}, nil, 0, "token"},
		{"help of a command", []string{"serve", "--help"}, nil, 0, "config"},
		{"an unknown command", []string{"server"}, nil, 2, "server"},
		{"an unknown flag", []string{"serve", "--poort", "1"}, nil, 2, "poort"},
		{"an argument too many", []string{"serve", "nu"}, nil, 2, "nu"},
		{"version", []string{"version"}, nil, 0, "API 1.0.0"},
		{"config", []string{"config"}, nil, 0, "limieten.wachtrij"},
		{"config tells where a value comes from", []string{"config"}, nil, 0, "omgeving"},
		{"a token", []string{"token", "--client", "burgerzaken"}, nil, 0, "."},
		{"a token of nobody", []string{"token"}, nil, 2, "--client"},
		{"a token of an unknown client", []string{"token", "--client", "onbekend"}, nil, 1, "clientIds"},
		{"a token with an unknown scope", []string{"token", "--client", "burgerzaken", "--scopes", "alles"}, nil, 1, ""},
		{"an unknown variable", []string{"serve"}, []string{"VERANTWOORD_LISTNE=127.0.0.1:1"}, 1, "VERANTWOORD_LISTNE"},
		{"a wrong value", []string{"serve"}, []string{"VERANTWOORD_LIMIETEN_BODY=veel"}, 1, "LIMIETEN_BODY"},
		{"an open address without TLS", []string{"serve"}, []string{"VERANTWOORD_LISTEN=0.0.0.0:0"}, 1, "onversleuteld"},
		{"every address without TLS", []string{"serve"}, []string{"VERANTWOORD_LISTEN=:0"}, 1, "onversleuteld"},
		{"a database that does not answer", []string{"serve"}, []string{"VERANTWOORD_STORE=postgres://x:" + geheim + "@127.0.0.1:1/x"}, 1, "kijk of PostgreSQL draait"},
		{"a copy of the embedded store", []string{"serve"}, []string{"VERANTWOORD_STORE_READ=postgres://x/x"}, 1, "STORE_READ"},
		{"a plan for a database that does not answer", []string{"migrate", "--plan"}, []string{"VERANTWOORD_STORE=postgres://x:" + geheim + "@127.0.0.1:1/x"}, 1, "kijk of PostgreSQL draait"},
		{"no applications file", []string{"serve"}, []string{"VERANTWOORD_APPLICATIES="}, 1, "VERANTWOORD_APPLICATIES"},
		{"an applications file that is not there", []string{"serve"}, []string{"VERANTWOORD_APPLICATIES=/nergens.yaml"}, 1, "nergens.yaml"},
		{"a configuration file that is not there", []string{"serve", "--config", "/nergens.yaml"}, nil, 1, "nergens.yaml"},
		{"the demonstration is not in a release", []string{"dev"}, nil, 1, "make demo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := *o
			c.t = t
			out := c.run(tt.exit, tt.args, tt.env...)
			if !strings.Contains(out, tt.want) {
				t.Errorf("does not say %q: %s", tt.want, out)
			}
			if strings.Contains(out, geheim) {
				t.Error("a secret is shown")
			}
			if strings.Contains(out, "goroutine ") {
				t.Error("it panicked")
			}
		})
	}
	if _, err := os.Stat(filepath.Join(o.dir, "store")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a store was made by a start that was refused")
	}
}

// An unencrypted open address is served when the operator says that it is meant.
func TestAnOpenAddressIsServedWhenItIsMeant(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	_, port, err := net.SplitHostPort(o.address)
	if err != nil {
		t.Fatal(err)
	}
	d := o.serve("VERANTWOORD_LISTEN=0.0.0.0:"+port, "VERANTWOORD_ONVERSLEUTELD=true")
	d.register().post("burgerzaken", basis())
	d.stop()
}
