package sqlite

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// The write-ahead log must start anew under continuous appends, or it would fill the disk.
func TestWriteAheadLogIsShortened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, opties(t))
	lengte := func() int64 {
		t.Helper()
		fi, err := os.Stat(filepath.Join(dir, logBestand+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return fi.Size()
	}
	begin := lengte() // of making the tables
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var n atomic.Uint64
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			e := storetest.Nieuw(storetest.A)
			if err := s.Append(bg, []*verwerkingenlog.Eenheid{e}); err != nil || e.Err != nil {
				t.Error(err, e.Err)
				return
			}
			n.Add(1)
		}
	})
	// However slow the machine is: what comes between two turns is a small part of all.
	var tussen, vorige uint64
	for i := 0; (i < 40 || n.Load() < 20*tussen) && !t.Failed(); i++ {
		time.Sleep(10 * time.Millisecond)
		if err := s.shortenLog(bg); err != nil {
			t.Error(err)
		}
		nu := n.Load()
		tussen, vorige = max(tussen, nu-vorige), nu
	}
	close(stop)
	wg.Wait()
	// Each commit writes two pages at least, and some three.
	if l := lengte(); l > begin+int64(8*tussen)*paginaGrootte {
		t.Errorf("write-ahead log has %d bytes after %d commits, at most %d between two turns: it keeps growing", l, n.Load(), tussen)
	}
	if got, _ := s.Size(bg, storetest.A); got != n.Load() {
		t.Errorf("size %d, want %d", got, n.Load())
	}
	checkTree(t, s, storetest.A)
}
