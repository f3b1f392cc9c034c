package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/server"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Subcommand is the hidden subcommand with which this program starts itself as a server.
const Subcommand = "bench-server"

const (
	oin    = "00000099123456780000"
	client = "bench"
	geheim = "een-geheim-van-minstens-32-tekens!"
)

const applicaties = `
organisaties: [{oin: "` + oin + `", naam: Bench}]
applicaties:
  - clientIds: [` + client + `]
    geheim: "` + geheim + `"
    label: Bench
    organisatie: "` + oin + `"
    oins: ["` + oin + `"]
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:normal", "read:normal"]}
`

// Serve is the other side of startKind: "echo", or "register DIR STORE RECORDS".
func Serve(ctx context.Context, args []string, out io.Writer) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "echo":
		go http.Serve(l, http.HandlerFunc(echo)) // ends with the process
		return answer(out, hello{Addr: l.Addr().String(), Path: "/", Want: http.StatusCreated, Persons: 1000},
			func() state { return state{MB: resident()} })
	case len(args) == 4 && args[0] == "register":
		records, err := strconv.Atoi(args[3])
		if err != nil {
			return err
		}
		return serveRegister(ctx, l, args[1], args[2], records, out)
	}
	return fmt.Errorf("%s: what to serve is not known", Subcommand)
}

// echo is what the product is held against: net/http and encoding/json, typed, nothing else.
func echo(w http.ResponseWriter, r *http.Request) {
	var in echoRecord
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(&in)
}

func serveRegister(ctx context.Context, l net.Listener, dir, store string, records int, out io.Writer) error {
	path := filepath.Join(dir, "verantwoord-"+strconv.Itoa(os.Getpid())+".yaml")
	url := "http://" + l.Addr().String()
	settings := "url: " + url + "\nstore: \"" + store + "\"\nsleutels: " + filepath.Join(dir, "sleutels") + "\n"
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		return err
	}
	c, err := config.Load(path, func(string) string { return "" }, nil)
	if err != nil {
		return err
	}
	b, err := autorisatie.Parse(strings.NewReader(applicaties), "")
	if err != nil {
		return err
	}
	s, err := server.Open(ctx, c, b, server.Opties{Versie: "bench"})
	if err != nil {
		return err
	}
	persons := min(100_000, max(1000, records/100))
	if err := fill(ctx, s.Log(), records, persons); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- s.Run(ctx, l) }()
	token, err := autorisatie.Sign(client, []byte(geheim), autorisatie.Claims{}, time.Now())
	if err != nil {
		stop()
		return err
	}
	err = answer(out, hello{
		Addr: l.Addr().String(), Token: token, Path: "/bewerking/api/v1/verwerkingsacties",
		Want: http.StatusCreated, Persons: persons, Records: records,
	}, func() state {
		size, err := s.Size(ctx, oin, bewijs.BoomLog)
		if err != nil {
			size = 0
		}
		return state{MB: resident(), Records: int(size)}
	})
	stop()
	<-served
	return err
}

// fill logs records through the register itself, without HTTP. What is refused because the store is busy is tried again, as any
// client does: a checkpoint of the database may hold it up for seconds.
func fill(ctx context.Context, log *verwerkingenlog.Log, records, persons int) error {
	a := &verwerkingenlog.Aanroeper{Organisatie: oin, ClientID: client, OINs: []string{oin}}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var (
		n  atomic.Int64
		wg sync.WaitGroup
	)
	for range 256 * runtime.NumCPU() {
		wg.Go(func() {
			for k := int(n.Add(1)); k <= records && ctx.Err() == nil; k = int(n.Add(1)) {
				_, err := log.Create(ctx, a, newRecord(k, persons).invoer(), "", nil)
				for errors.Is(err, fout.NietBeschikbaar) && ctx.Err() == nil {
					time.Sleep(100 * time.Millisecond)
					_, err = log.Create(ctx, a, newRecord(k, persons).invoer(), "", nil)
				}
				if err != nil {
					stop(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// bytesIn adds up the files below a directory.
func bytesIn(dir string) (sum int64) {
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasSuffix(d.Name(), "-shm") && !strings.HasSuffix(d.Name(), "-wal") {
			if info, err := d.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}
