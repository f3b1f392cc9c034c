package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// proces is a server that is measured, in a process of its own. It is told what to do over its
// standard input and answers a line for each on its standard output.
type proces struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	addr  string
	token string

	path    string
	want    int // status of a success
	persons int
	counter atomic.Int64

	profiel string // directory for profiles
	motor   motor  // of the register
}

// hello is the first line of a server.
type hello struct {
	Addr, Token, Path string
	Want, Persons     int
	Records           int
}

// state is what a server tells of itself.
type state struct {
	CPU     float64 // seconds, user and system (getrusage)
	MB      float64 // resident memory now
	Records int     // versions in the store
}

// startKind starts this program again as a server.
func startKind(ctx context.Context, program, kind string, args ...string) (*proces, error) {
	p := &proces{cmd: exec.CommandContext(ctx, program, append([]string{Subcommand, kind}, args...)...)}
	p.cmd.Stderr = os.Stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	var h hello
	if err := p.read(&h); err != nil {
		p.stop()
		return nil, err
	}
	p.addr, p.token, p.path, p.want, p.persons = h.Addr, h.Token, h.Path, h.Want, h.Persons
	p.counter.Store(int64(h.Records))
	return p, nil
}

func (p *proces) read(v any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("server ended: %w", err)
	}
	return json.Unmarshal(line, v)
}

// next numbers the records.
func (p *proces) next() int { return int(p.counter.Add(1)) }

// state asks the server about itself.
func (p *proces) state() (s state, err error) {
	if _, err := io.WriteString(p.in, "state\n"); err != nil {
		return s, err
	}
	return s, p.read(&s)
}

// cpu asks what the server has used.
func (p *proces) cpu() (float64, error) {
	if _, err := io.WriteString(p.in, "cpu\n"); err != nil {
		return 0, err
	}
	var s state
	err := p.read(&s)
	return s.CPU, err
}

// measured runs f and adds the CPU of the server, and that of its engine, for each record.
func (p *proces) measured(naam string, f func() (Meting, error)) (Meting, error) {
	if p.profiel != "" {
		if err := p.ask("profiel " + filepath.Join(p.profiel, naam+".pprof")); err != nil {
			return Meting{}, err
		}
	}
	before, err := p.cpu()
	if err != nil {
		return Meting{}, err
	}
	var engine float64
	if p.motor != nil {
		engine = p.motor.cpu()
	}
	begin := time.Now()
	m, err := f()
	if err != nil {
		return m, err
	}
	n := m.PerS * time.Since(begin).Seconds()
	if p.motor != nil && n > 0 {
		m.CPUStore = (p.motor.cpu() - engine) / n * 1e6
	}
	after, err := p.cpu()
	if n > 0 {
		m.CPU = (after - before) / n * 1e6
	}
	if err == nil && p.profiel != "" {
		err = p.ask("profiel klaar")
	}
	return m, err
}

// ask sends a line and waits until it is done.
func (p *proces) ask(line string) error {
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		return err
	}
	var s state
	return p.read(&s)
}

// stop ends the server: its input ends.
func (p *proces) stop() {
	p.in.Close()
	_ = p.cmd.Wait() // it was asked to end; a second time does no harm
}

// answer serves the questions of the parent until its input ends.
func answer(out io.Writer, h hello, tell func() state) error {
	enc := json.NewEncoder(out)
	if err := enc.Encode(h); err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		s := state{}
		soort, pad, _ := strings.Cut(in.Text(), " ")
		switch soort {
		case "state":
			s = tell()
		case "profiel":
			if err := profile(pad); err != nil {
				return err
			}
		}
		s.CPU = usage()
		if err := enc.Encode(s); err != nil {
			return err
		}
	}
	return in.Err()
}

// profile ends the profile under way, and begins one in a file.
func profile(pad string) error {
	pprof.StopCPUProfile()
	if pad == "klaar" {
		return nil
	}
	f, err := os.Create(pad)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(f) // the file stays open as long as the process: a few in all
}

// usage is the CPU time of this process in seconds.
func usage() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// resident is the memory of this process in MB, as Linux tells it; 0 elsewhere.
func resident() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			return kb / 1024
		}
	}
	return 0
}
