//go:build linux

package e2e

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// What a broken disk does to the proof: whatever fails, nothing is acknowledged that is not durable, and afterwards every
// acknowledged record is there, the store fits its own proof, and the tree continues the checkpoint that was handed out before.

const defectApplicaties = `
organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [alles]
    geheim: "een-geheim-van-minstens-32-tekens!"
    label: Alles
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:confidential", "read:confidential", "audit:read"]}
`

const defectBewijs = "/bewijs/00000099123456780000/"

// defectproef is the program on a disk that breaks.
type defectproef struct {
	*opstelling
	token   string
	ids     []string // acknowledged
	gezien  bewijs.Checkpoint
	gezienN int
}

// startDefect prepares one whose directory deel is a file system of its own.
func startDefect(t *testing.T, deel string, omvang string) *defectproef {
	t.Helper()
	o := opstellen(t, defectApplicaties)
	token, err := autorisatie.Sign("alles", []byte(geheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := &defectproef{opstelling: o, token: token}
	if deel != "" {
		dir := filepath.Join(o.dir, deel)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+omvang); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
	}
	return p
}

// inNaamruimte runs the test in a namespace of its own when this process may not mount, and tells whether it did: there it may.
func inNaamruimte(t *testing.T) bool {
	t.Helper()
	dir := t.TempDir()
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m")
	if err == nil {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Fatal(err)
		}
		return false
	}
	if !errors.Is(err, unix.EPERM) || os.Getenv(inNaamruimteAl) != "" {
		t.Fatalf("mount a file system for the test: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inNaamruimteAl+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}},
	}
	var uit bytes.Buffer
	cmd.Stdout, cmd.Stderr = &uit, &uit
	if err := cmd.Start(); err != nil {
		t.Fatalf("no file system can be mounted here, nor a namespace made for it: %v; run the tests as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, uit.Bytes())
	}
	return true
}

const inNaamruimteAl = "VERANTWOORD_PROEF_NAAMRUIMTE"

// alleenLezen makes that file system read-only, or writable again. It can't as long as the program writes a file there.
func (p *defectproef) alleenLezen(deel string, ja bool) {
	p.t.Helper()
	vlag := uintptr(unix.MS_REMOUNT)
	if ja {
		vlag |= unix.MS_RDONLY
	}
	var err error
	wacht(p.t, geduld, "nothing is being written", func() bool {
		err = unix.Mount("", filepath.Join(p.dir, deel), "", vlag, "")
		return !errors.Is(err, unix.EBUSY)
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// vraag gives the status, 0 when nobody answers.
func (p *defectproef) vraag(method, path string, in string) (int, string) {
	r, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+p.address+path, strings.NewReader(in))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(b)
}

// log sends a record, and remembers it when it is acknowledged.
func (p *defectproef) log() int {
	status, b := p.vraag("POST", bewerking+"/verwerkingsacties", body(basis()))
	if status == http.StatusCreated {
		_, rest, _ := strings.Cut(b, `"actieId":"`)
		id, _, _ := strings.Cut(rest, `"`)
		p.ids = append(p.ids, id)
	}
	return status
}

func (p *defectproef) logAlle(n int) {
	p.t.Helper()
	for range n {
		if status := p.log(); status != http.StatusCreated {
			p.t.Fatalf("status %d", status)
		}
	}
}

// punt waits for a checkpoint of at least n leaves, and verifies it.
func (p *defectproef) punt(n int) bewijs.Checkpoint {
	p.t.Helper()
	_, sleutel := p.vraag("GET", defectBewijs+"sleutel", "")
	keys, err := bewijs.ParseSleutels(sleutel)
	if err != nil {
		p.t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if status, tekst := p.vraag("GET", defectBewijs+"checkpoint/nieuw", ""); status == http.StatusOK {
			c, err := bewijs.OpenCheckpoint([]byte(tekst), bewijs.OriginVan([]byte(tekst)), keys...)
			if err != nil {
				p.t.Fatal(err)
			}
			if c.Grootte >= uint64(n) {
				return c
			}
		}
		if time.Now().After(end) {
			p.t.Fatal("no checkpoint comes")
		}
	}
}

// onthoud keeps the checkpoint that is handed out now.
func (p *defectproef) onthoud() { p.t.Helper(); p.gezienN = len(p.ids); p.gezien = p.punt(p.gezienN) }

// wantHeel starts the program again on a disk that is whole.
func (p *defectproef) wantHeel() {
	p.t.Helper()
	d := p.serve()
	for _, id := range p.ids {
		if status, _ := p.vraag("GET", bewerking+"/verwerkingsacties/"+id, ""); status != http.StatusOK {
			p.t.Fatalf("an acknowledged record is lost: status %d", status)
		}
	}
	p.logAlle(3)
	c := p.punt(len(p.ids))
	status, tekst := p.vraag("GET", defectBewijs+"consistentie?van="+strconv.FormatUint(p.gezien.Grootte, 10)+"&tot="+strconv.FormatUint(c.Grootte, 10), "")
	pad, err := bewijs.ParsePad([]byte(tekst))
	if status != http.StatusOK || err != nil {
		p.t.Fatalf("status %d, %v", status, err)
	}
	if err := bewijs.CheckConsistentie(pad, p.gezien.Grootte, c.Grootte, p.gezien.Wortel, c.Wortel); err != nil {
		p.t.Errorf("what was signed before the defect is contradicted: %v", err)
	}
	d.stop()
	if out := p.run(0, []string{"verify"}); !strings.Contains(out, "Alles klopt.") {
		p.t.Errorf("verify says:\n%s", out)
	}
}

// kindDefect makes the process of the test the program, under a filter that refuses syncs.
const kindDefect = "VERANTWOORD_TEST_WEIGER_SYNC"

func TestWhenSyncsFailNothingIsAcknowledgedAndTheProofHolds(t *testing.T) {
	if pad := os.Getenv(kindDefect); pad != "" {
		storetest.RefuseSyncs(t)
		t.Fatal(syscall.Exec(pad, []string{pad, "serve"}, os.Environ()))
	}
	t.Parallel()
	p := startDefect(t, "", "")
	d := p.serve()
	p.logAlle(20)
	p.onthoud()
	d.stop()

	pad, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	kind := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	kind.Env, kind.Dir = append(append([]string{}, p.env...), kindDefect+"="+pad), p.dir
	out := &veiligeBuffer{}
	kind.Stdout, kind.Stderr = out, out
	if err := kind.Start(); err != nil {
		t.Fatal(err)
	}
	p.wantNiets(kind, out)
	if s := out.String(); !strings.Contains(s, "input/output error") && !strings.Contains(s, "disk I/O error") {
		t.Errorf("no sync failed:\n%s", s)
	}
	p.wantHeel()
}

// wantNiets waits until a program that can't write has ended; meanwhile nothing is acknowledged.
func (p *defectproef) wantNiets(kind *exec.Cmd, out *veiligeBuffer) {
	p.t.Helper()
	klaar := make(chan error, 1)
	go func() { klaar <- kind.Wait() }()
	defer kind.Process.Kill()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-klaar:
			if err == nil {
				p.t.Errorf("it ended as if all was well:\n%s", out)
			}
			return
		default:
		}
		if status := p.log(); status == http.StatusCreated {
			p.t.Fatal("a record was acknowledged")
		}
		if time.Now().After(end) {
			p.t.Fatalf("it does not stop:\n%s", out)
		}
	}
}

func TestOnAFullDiskNothingIsAcknowledgedAndTheProofHolds(t *testing.T) {
	t.Parallel()
	if inNaamruimte(t) {
		return
	}
	p := startDefect(t, "store", "24m")
	d := p.serve()
	p.logAlle(20)
	p.onthoud()
	vulling := filepath.Join(p.dir, "store", "vulling")
	f, err := os.Create(vulling)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	f.Close()
	var status int
	for n := 0; ; n++ { // what is already given to the files can still be filled
		if status = p.log(); status != http.StatusCreated {
			break
		}
		if n == 20_000 {
			t.Fatal("the disk does not get full")
		}
	}
	if status != 0 && status < 500 {
		t.Errorf("status %d", status)
	}
	for range 5 {
		if status := p.log(); status == http.StatusCreated {
			t.Log("a record was acknowledged on what space was left")
		} else if status != 0 && status < 500 {
			t.Errorf("status %d", status)
		}
	}
	_ = d.cmd.Process.Kill()
	<-d.done
	kind, out := p.command([]string{"serve"})
	if err := kind.Start(); err != nil {
		t.Fatal(err)
	}
	p.wantNiets(kind, out)
	if !strings.Contains(out.String(), "de schijf van de opslag is vol; maak ruimte vrij") {
		t.Errorf("a start does not say what is wrong and the way out:\n%s", out)
	}
	if err := os.Remove(vulling); err != nil {
		t.Fatal(err)
	}
	p.wantHeel()
}

func TestOnADiskThatCanNotBeWrittenItDoesNotStartAndTheProofHolds(t *testing.T) {
	t.Parallel()
	if inNaamruimte(t) {
		return
	}
	p := startDefect(t, "store", "64m")
	d := p.serve()
	p.logAlle(20)
	p.onthoud()
	d.stop()
	p.alleenLezen("store", true)
	kind, out := p.command([]string{"serve"})
	if err := kind.Start(); err != nil {
		t.Fatal(err)
	}
	p.wantNiets(kind, out)
	for wat, tekst := range map[string]string{"serve": out.String(), "verify": p.run(2, []string{"verify"})} {
		if !strings.Contains(tekst, "op de schijf van de opslag is alleen te lezen; zorg dat er geschreven mag worden") {
			t.Errorf("%s does not say what is wrong and the way out:\n%s", wat, tekst)
		}
	}
	p.alleenLezen("store", false)
	p.wantHeel()
}

// What is remembered beside the keys is one more guard: intake does not wait for it.
func TestIntakeGoesOnWhenNothingCanBeWrittenBesideTheKeys(t *testing.T) {
	t.Parallel()
	if inNaamruimte(t) {
		return
	}
	p := startDefect(t, "sleutels", "1m")
	d := p.serve()
	p.logAlle(5)
	p.onthoud()
	p.alleenLezen("sleutels", true)
	p.logAlle(20)
	p.punt(len(p.ids))
	d.stop()
	if s := d.out.String(); !strings.Contains(s, "beside the keys") {
		t.Errorf("it was not told:\n%s", s)
	}
	p.alleenLezen("sleutels", false)
	p.wantHeel()
}
