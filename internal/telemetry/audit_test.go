package telemetry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// regels collects lines of many goroutines.
type regels struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *regels) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

// lees gives the audit part of each line.
func (r *regels) lees(t *testing.T) (records []map[string]any) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for line := range strings.Lines(r.b.String()) {
		var l struct {
			Time  time.Time
			Msg   string
			Audit map[string]any
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Time.IsZero() || l.Msg == "" {
			t.Fatalf("%s: %v", line, err)
		}
		records = append(records, l.Audit)
	}
	return records
}

var weigering = Weigering{
	ClientID: "burgerzaken", Organisatie: "00000099123456780000", CertificaatOIN: "00000099123456780000",
	API: "bewerking", Route: "/verwerkingsacties", Methode: "GET", Status: 403, Reden: "permission_denied", Instance: "urn:uuid:1",
}

func TestARefusalIsOneRecordOfItsOwn(t *testing.T) {
	t.Parallel()
	out := &regels{}
	a := NewAudit(New(out, slog.LevelError).Handler()) // the audit does not follow the level of the log
	a.Refused(weigering)
	a.Refused(Weigering{API: "inzage", Route: "onbekend", Methode: "2308572", Status: 401, Reden: "not_authenticated", Instance: "urn:uuid:2"})
	want := []map[string]any{{
		"client_id": "burgerzaken", "organisatie": "00000099123456780000", "certificaat_oin": "00000099123456780000", "api": "bewerking",
		"route": "/verwerkingsacties", "methode": "GET", "reden": "permission_denied", "instance": "urn:uuid:1", "status": 403.0, "aantal": 1.0,
	}, {
		"api": "inzage", "route": "onbekend", "methode": "overig", "reden": "not_authenticated", "instance": "urn:uuid:2", "status": 401.0, "aantal": 1.0,
	}}
	if d := cmp.Diff(want, out.lees(t)); d != "" {
		t.Error(d)
	}
	var none *Audit
	none.Refused(weigering)
	none.Close()
}

func TestAFloodIsCountedAndNothingOfItIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &regels{}
		a := NewAudit(New(out, slog.LevelInfo).Handler())
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 500 {
					a.Refused(weigering)
				}
			})
		}
		wg.Wait()
		other := weigering
		other.Reden = "throttled"
		a.Refused(other)
		if n := len(out.lees(t)); n != auditMax+1 {
			t.Errorf("%d records at once, want %d of the flood and the other one", n, auditMax)
		}
		time.Sleep(time.Second + time.Millisecond)
		synctest.Wait()
		records := out.lees(t)
		last := records[len(records)-1]
		if len(records) != auditMax+2 || last["aantal"] != 4000.0-auditMax || last["reden"] != "permission_denied" || last["instance"] != nil {
			t.Errorf("%d records, the last is %v", len(records), last)
		}
		// The next second begins anew.
		a.Refused(weigering)
		if n := len(out.lees(t)); n != auditMax+3 {
			t.Errorf("%d records", n)
		}
	})
}

func TestWhatWasCountedIsWrittenWhenItStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &regels{}
		a := NewAudit(New(out, slog.LevelInfo).Handler())
		for range auditMax + 7 {
			a.Refused(weigering)
		}
		a.Close()
		records := out.lees(t)
		if len(records) != auditMax+1 || records[auditMax]["aantal"] != 7.0 {
			t.Errorf("got %v", records)
		}
	})
}

// dicht holds up who writes what was counted, until it is open.
type dicht struct {
	regels
	open chan struct{}
}

func (d *dicht) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("more calls refused")) {
		<-d.open
	}
	return d.regels.Write(p)
}

func TestStoppingWaitsForWhatIsBeingWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &dicht{open: make(chan struct{})}
		a := NewAudit(New(out, slog.LevelInfo).Handler())
		for range auditMax + 7 {
			a.Refused(weigering)
		}
		time.Sleep(time.Second + time.Millisecond)
		go func() {
			synctest.Wait() // it is being written, and Close waits
			close(out.open)
		}()
		a.Close()
		if records := out.lees(t); len(records) != auditMax+1 || records[auditMax]["aantal"] != 7.0 {
			t.Errorf("%d records", len(records))
		}
	})
}

func TestKindsThatAreOverAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := NewAudit(slog.DiscardHandler)
		for k := range 1000 {
			w := weigering
			w.ClientID = fmt.Sprint(k)
			a.Refused(w)
		}
		time.Sleep(2 * time.Minute)
		a.Refused(weigering)
		if len(a.vensters) != 1 {
			t.Errorf("%d kinds are remembered", len(a.vensters))
		}
	})
}

func TestTheAuditFileIsForItsOwnerAndFollowsItsName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "audit.jsonl")
	b, err := OpenBestand(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	a := NewAudit(New(b, slog.LevelInfo).Handler())
	a.Refused(weigering)
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	a.Refused(weigering)
	if err := b.Reopen(); err != nil {
		t.Fatal(err)
	}
	a.Refused(weigering)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string]int{path: 1, path + ".1": 2} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if got := bytes.Count(text, []byte("\n")); got != lines {
			t.Errorf("%s: %d lines, want %d", filepath.Base(name), got, lines)
		}
	}
}

func TestAnAuditFileThatOthersReadIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := OpenBestand(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := b.Reopen(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
	if _, err := b.Write([]byte("x\n")); err != nil {
		t.Errorf("the old file is not in use any more: %v", err)
	}
	if _, err := OpenBestand(filepath.Join(path, "x"), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a file below a file opens")
	}
}

func TestAnAuditThatCannotBeWrittenIsSaidInTheLog(t *testing.T) {
	t.Parallel()
	var log regels
	b := &Bestand{logger: slog.New(slog.NewTextHandler(&log, nil))}
	var err error
	if b.f, err = os.Open(os.DevNull); err != nil { // for reading only: every write fails
		t.Fatal(err)
	}
	a := NewAudit(New(b, slog.LevelInfo).Handler())
	a.Refused(weigering)
	a.Refused(weigering)
	if got := log.b.String(); strings.Count(got, "audit can't be written") != 1 {
		t.Errorf("got %s", got)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, err := b.f.Stat(); err == nil || !strings.Contains(err.Error(), fs.ErrClosed.Error()) {
		t.Errorf("the file is open: %v", err)
	}
}
