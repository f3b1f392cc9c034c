package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
)

// The register of the invariants as a process of its own, so that it can be killed: this test binary, started again.

// alsProces names the variable that tells the test binary to be one.
const alsProces = "VERANTWOORD_PROEF_PROCES"

// procesinstelling is what that process is told.
type procesinstelling struct {
	Store, Sleutels string
	Vooruit         time.Duration // of its clock
}

const (
	hostInvarianten    = "127.0.0.1:8080" // as the register calls itself; it listens elsewhere
	geheimInvarianten  = "nog-een-geheim-van-minstens-32-tekens!"
	clientsInvarianten = `organisaties: [{oin: %[1]q, naam: Voorbeeldstad}, {oin: %[2]q, naam: Anderdorp}]
applicaties:
  - {clientIds: [alles], geheim: %[3]q, label: Alles, organisatie: %[1]q, oins: [%[1]q], autorisaties: [
      {component: verwerkingenlogging-bewerking, scopes: ['create:confidential', 'read:confidential', 'update:confidential', 'delete:confidential', 'audit:read']},
      {component: verwerkingenlogging-inzage, scopes: ['read:confidential']}]}
  - {clientIds: [gewoon], geheim: %[3]q, label: Gewoon, organisatie: %[1]q, oins: [%[1]q], autorisaties: [
      {component: verwerkingenlogging-bewerking, scopes: ['create:normal', 'read:normal', 'update:normal', 'delete:normal']},
      {component: verwerkingenlogging-inzage, scopes: ['read:normal']}]}
  - {clientIds: [leverancier], geheim: %[3]q, label: Leverancier, organisatie: %[1]q, oins: [%[1]q], autorisaties: [{component: verwerkingenlogging-bewerking, scopes: ['create:normal']}]}
  - {clientIds: [niets], geheim: %[3]q, label: Niets, organisatie: %[1]q, oins: [%[1]q], autorisaties: []}
  - {clientIds: [ander], geheim: %[3]q, label: Ander, organisatie: %[2]q, oins: [%[2]q], autorisaties: [
      {component: verwerkingenlogging-bewerking, scopes: ['create:confidential', 'read:confidential', 'update:confidential', 'delete:confidential', 'audit:read']},
      {component: verwerkingenlogging-inzage, scopes: ['read:confidential']}]}
`
)

// wordProces runs a register until it is killed, or its parent is gone.
func wordProces(tekst string) int {
	if err := draaiProces(tekst); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

func draaiProces(tekst string) error {
	var i procesinstelling
	if err := json.Unmarshal([]byte(tekst), &i); err != nil {
		return err
	}
	b, err := autorisatie.Parse(strings.NewReader(fmt.Sprintf(clientsInvarianten, oinBewijs, oinAnder, geheimInvarianten)), "")
	if err != nil {
		return err
	}
	omgeving := map[string]string{"VERANTWOORD_STORE": i.Store, "VERANTWOORD_SLEUTELS": i.Sleutels, "VERANTWOORD_URL": "http://" + hostInvarianten}
	var namen []string
	for k := range omgeving {
		namen = append(namen, k+"=")
	}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, namen)
	if err != nil {
		return err
	}
	p := &proces{}
	p.vooruit.Store(int64(i.Vooruit))
	if p.Server, err = Open(context.Background(), c, b, Opties{
		Versie: "proef", stil: true, Nu: func() time.Time { return time.Now().Add(time.Duration(p.vooruit.Load())) },
		Logger: slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	fmt.Println(l.Addr())
	go func() { _ = http.Serve(l, p) }()
	return <-p.Lost()
}

// proces is a register, and what the test tells it to do below /_proef/.
type proces struct {
	*Server
	vooruit atomic.Int64
}

func (p *proces) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wat, eigen := strings.CutPrefix(r.URL.Path, "/_proef/")
	if !eigen {
		p.Handler().ServeHTTP(w, r)
		return
	}
	getal := func(naam string) int {
		n, err := strconv.Atoi(r.URL.Query().Get(naam))
		if err != nil {
			panic(err)
		}
		return n
	}
	ctx := context.WithoutCancel(r.Context())
	k, _ := p.sleutels.Organisatie(oinBewijs)
	switch wat {
	case "later":
		p.vooruit.Add(int64(getal("seconden")) * int64(time.Second))
		p.kijkSleutels(ctx)
	case "teken":
		p.maker.Teken(ctx)
	case "herschrijf":
		p.sleutelwerk.werk.Doe(ctx)
		p.kijkSleutels(ctx)
	case "stuk": // of rewriting; that it was done is told to nobody, as when it is killed right after
		volgende, _, gelaten, err := p.hersleutel(ctx, k, oinBewijs, uint64(getal("van")), getal("max"))
		if err != nil || gelaten > 0 {
			http.Error(w, fmt.Sprintf("%d versions left alone, %v", gelaten, err), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, volgende)
	case "oud": // versions that are not under the newest keys, and all
		oud, n, err := p.onderOud(ctx)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, oud, " ", n)
	default:
		http.NotFound(w, r)
	}
}

func (p *proces) onderOud(ctx context.Context) (oud int, n uint64, err error) {
	k, _ := p.sleutels.Organisatie(oinBewijs)
	if n, err = p.store.Size(ctx, oinBewijs); err != nil {
		return 0, 0, err
	}
	var nummers []uint64
	for i := range n {
		nummers = append(nummers, i)
	}
	rijen, err := p.store.Rows(ctx, oinBewijs, nummers)
	for _, r := range rijen {
		if !k.Nieuwste(r.Inhoud) {
			oud++
		}
	}
	return oud, n, err
}

// begin starts the process.
func (p *reeks) begin() {
	p.Helper()
	tekst, err := json.Marshal(procesinstelling{p.store, p.sleutels, p.vooruit})
	if err != nil {
		p.Fatal(err)
	}
	logboek, err := os.OpenFile(p.logboek, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.Fatal(err)
	}
	defer logboek.Close()
	p.proces = exec.Command(os.Args[0])
	p.proces.Env = append(os.Environ(), alsProces+"="+string(tekst))
	p.proces.Stderr = logboek
	in, err := p.proces.StdinPipe()
	if err != nil {
		p.Fatal(err)
	}
	p.adem = in
	uit, err := p.proces.StdoutPipe()
	if err == nil {
		err = p.proces.Start()
	}
	if err != nil {
		p.Fatal(err)
	}
	regel, err := bufio.NewReader(uit).ReadString('\n')
	if err != nil {
		b, _ := os.ReadFile(p.logboek)
		p.Fatalf("the register does not start: %v\n%s", err, b[max(0, len(b)-3000):])
	}
	p.url = "http://" + strings.TrimSpace(regel)
}

// einde kills the process. What it held of PostgreSQL is over then, its leases too: their time passes.
func (p *reeks) einde() {
	p.Helper()
	if p.proces == nil {
		return
	}
	if err := p.proces.Process.Kill(); err != nil {
		p.Fatal(err)
	}
	_ = p.proces.Wait() // it was killed
	_ = p.adem.Close()
	p.proces = nil
	p.http.CloseIdleConnections()
	if p.dir() != "" {
		return
	}
	ctx := context.Background()
	c, err := pgx.Connect(ctx, p.store)
	if err != nil {
		p.Fatal(err)
	}
	defer c.Close(ctx)
	for n := 1; n > 0; {
		if err := c.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&n); err != nil {
			p.Fatal(err)
		}
	}
	if _, err := c.Exec(ctx, `DELETE FROM pacht`); err != nil {
		p.Fatal(err)
	}
}

// dir is where the embedded store stands; empty for PostgreSQL.
func (p *reeks) dir() string {
	if dir, ok := config.SQLiteMap(p.store); ok {
		return dir
	}
	return ""
}

// zeg tells the process to do something.
func (p *reeks) zeg(wat string) string {
	p.Helper()
	status, b, err := p.stuur("", "POST", "/_proef/"+wat, nil)
	if err != nil || status != http.StatusOK {
		p.Fatalf("%s: %d %s %v", wat, status, b, err)
	}
	return string(b)
}

func (p *reeks) later(d time.Duration) {
	p.Helper()
	p.zeg(fmt.Sprintf("later?seconden=%d", int(d/time.Second)))
	p.vooruit += d
}

// stuur sends a request; an error means that no whole answer came. koppen are pairs.
func (p *reeks) stuur(client, methode, pad string, body []byte, koppen ...string) (int, []byte, error) {
	r, err := http.NewRequest(methode, p.url+pad, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if client != "" {
		token, err := autorisatie.Sign(client, []byte(geheimInvarianten), autorisatie.Claims{}, time.Now().Add(p.vooruit))
		if err != nil {
			return 0, nil, err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(koppen); i += 2 {
		r.Header.Set(koppen[i], koppen[i+1])
	}
	res, err := p.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	b, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err == nil && res.StatusCode >= http.StatusBadRequest && p.noemt(b) {
		p.Error("an error names a person")
	}
	return res.StatusCode, b, err
}
