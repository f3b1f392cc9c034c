package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// auditregels gives the audit of each line of a log.
func auditregels(t *testing.T, log string) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(log) {
		var l struct{ Audit map[string]any }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Audit != nil {
			list = append(list, l.Audit)
		}
	}
	return list
}

func TestEveryRefusedCallIsInTheAuditAndNoOther(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.post("normaal", basis(), header("Idempotency-Key", "een"))
	r.lijst("normaal", "2308572", "&vertrouwelijkheid=normaal").Want(http.StatusOK)
	if got := auditregels(t, r.log.String()); len(got) != 0 {
		t.Fatalf("calls that were carried out are in the audit: %v", got)
	}
	metGebruiker := func(q *http.Request) {
		q.Header.Set("Authorization", "Bearer "+r.token("niets", autorisatie.Claims{UserID: "gebruiker-2308572", UserRepresentation: "J. Jansen-2308572"}))
	}
	refusals := []struct {
		naam, client, reden, route, methode string
		status                              float64
		antwoord                            *antwoord
	}{
		{"without a token", "", "geen_token", "/verwerkingsacties", "GET", 401, r.lijst("", "2308572", "")},
		{"with another's secret", "", "", "/verwerkingsacties", "GET", 401, r.do("", "GET", bewerking+"/verwerkingsacties", nil, header("Authorization", "Bearer a.b.c"))},
		{"without the right", "niets", "permission_denied", "/verwerkingsacties", "GET", 403, r.lijst("niets", "2308572", "", metGebruiker)},
		{"with an unknown filter", "normaal", "invalid", "/verwerkingsacties", "GET", 400, r.lijst("normaal", "2308572", "&naam2308572=Jansen")},
		{"an address that does not exist", "", "not_found", "onbekend", "GET", 404, r.do("", "GET", bewerking+"/personen/2308572", nil)},
		{"an actie that does not exist", "vertrouwelijk", "not_found", "/verwerkingsacties/{actieId}", "GET", 404, r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties/48086bf2-11b7-4603-9526-67d7c3bb6587", nil)},
		{"a key that was used", "normaal", "idempotentie_conflict", "/verwerkingsacties", "POST", 409, r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with("actieNaam", "Anders"), header("Idempotency-Key", "een"))},
		{"another media type", "normaal", "unsupported_media_type", "/verwerkingsacties", "POST", 415, r.do("normaal", "POST", bewerking+"/verwerkingsacties", "naam=Jansen", header("Content-Type", "text/plain"))},
	}
	got := auditregels(t, r.log.String())
	if len(got) != len(refusals) {
		t.Fatalf("%d records of %d refusals", len(got), len(refusals))
	}
	for k, want := range refusals {
		g := got[k]
		if g["status"] != want.status || g["route"] != want.route || g["methode"] != want.methode || want.reden != "" && g["reden"] != want.reden {
			t.Errorf("%s: %v", want.naam, g)
		}
		if client, _ := g["client_id"].(string); client != want.client {
			t.Errorf("%s: client %q, want %q", want.naam, client, want.client)
		}
		if oin, _ := g["organisatie"].(string); (oin == voorbeeldstad) != (want.client != "") {
			t.Errorf("%s: organisation %q", want.naam, oin)
		}
		if g["instance"] != want.antwoord.JSON()["instance"] || g["aantal"] != 1.0 {
			t.Errorf("%s: %v is not the instance of the answer", want.naam, g)
		}
	}
	for _, secret := range []string{"2308572", "Jansen", "gebruiker-", "48086bf2", "objectId", "Bearer"} {
		if strings.Contains(r.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestAFloodOfRefusalsIsSummarised(t *testing.T) {
	t.Parallel()
	r := start(t)
	const flood, hooguit = 200, 50 // written out of a kind in each second
	begin := time.Now()
	for range flood {
		r.lijst("niets", "2308572", "").Want(http.StatusForbidden)
	}
	seconden := int(time.Since(begin).Seconds()) + 1
	if err := r.server.Close(); err != nil { // writes what was only counted
		t.Fatal(err)
	}
	records := auditregels(t, r.log.String())
	som := 0.0
	for _, g := range records {
		som += g["aantal"].(float64)
	}
	if som != flood || len(records) > seconden*(hooguit+1) {
		t.Errorf("%d records of %d seconds tell of %v refusals, there were %d", len(records), seconden, som, flood)
	}
}

func TestTheAuditGoesToItsOwnFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	r := start(t, "audit.bestand: "+path)
	lees := func(path string) []map[string]any {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return auditregels(t, string(b))
	}
	r.lijst("niets", "2308572", "").Want(http.StatusForbidden)
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	r.server.Herlaad() // what serve does at SIGHUP
	r.lijst("niets", "2308572", "").Want(http.StatusForbidden)
	if a, b := len(lees(path)), len(lees(path+".1")); a != 1 || b != 1 {
		t.Errorf("%d records in the new file and %d in the old one", a, b)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if len(auditregels(t, r.log.String())) != 0 {
		t.Error("the audit is in the log as well")
	}
}

// The real program moves on to a new file at a SIGHUP, and goes on serving.
func TestTheProgramReopensTheAuditAtASignal(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	path := filepath.Join(o.dir, "audit.jsonl")
	d := o.serve("VERANTWOORD_AUDIT_BESTAND=" + path)
	r := d.register()
	r.lijst("", "2308572", "").Want(http.StatusUnauthorized)
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the file is not made again")
		}
	}
	r.lijst("", "2308572", "").Want(http.StatusUnauthorized)
	d.stop()
	for _, p := range []string{path, path + ".1"} {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := auditregels(t, string(b)); len(got) != 1 || got[0]["reden"] != "geen_token" {
			t.Errorf("%s: %v", filepath.Base(p), got)
		}
	}
}
