package sqlite

import (
	"os"
	"path/filepath"
	"sync"
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
	stop := make(chan struct{})
	var wg sync.WaitGroup
	n := uint64(0)
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
			n++
		}
	})
	for range 40 {
		time.Sleep(10 * time.Millisecond)
		if err := s.shortenLog(bg); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	fi, err := os.Stat(filepath.Join(dir, logBestand+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	// Each commit writes two pages at least; making the tables took some 60 before that.
	if fi.Size() > int64(n+64)*paginaGrootte {
		t.Errorf("write-ahead log has %d bytes after %d commits: it keeps growing", fi.Size(), n)
	}
	if got, _ := s.Size(bg, storetest.A); got != n {
		t.Errorf("size %d, want %d", got, n)
	}
	checkTree(t, s, storetest.A)
}
