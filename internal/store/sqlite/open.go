package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/verantwoord/verantwoord/internal/bestand"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var _ verwerkingenlog.Store = (*Store)(nil)

// Opties are the settings of a store; the zero value works for a store whose organisations exist.
type Opties struct {
	Organisaties []string         // OINs to make sure exist
	Nu           func() time.Time // the clock; time.Now when nil
	Fout         func(error)      // takes errors of background work; slog's default logger when nil

	segment   int                 // versions in a segment of the staart
	maxRun    int                 // versions indexed in one transaction
	maxStaart int                 // versions in the staart before Append is refused
	naStap    func(vervangt bool) // for tests: told of each step of VernieuwIndex, and whether the new run is in place
	stil      time.Duration       // quiet after which the staart is indexed, whatever its size
}

// Store is an open store. Its methods may be called concurrently; appends run one at a time.
type Store struct {
	dir  string
	opt  Opties
	slot *os.File

	organisaties map[string]*organisatie // by OIN; fixed after Open
	lees         *lezer
	index        *index
	vernieuw     atomic.Pointer[vernieuwing]
	staart       *staart
	stop         context.CancelFunc
	achtergrond  sync.WaitGroup

	// mu is held for the whole of every write to log.db. It guards what follows, and the part of
	// every organisatie that its comment names.
	mu      sync.Mutex
	schrijf *schrijver
	groep   groep

	gesloten   atomic.Bool
	stuk       atomic.Pointer[error] // why nothing may be appended any more
	walPaginas atomic.Int64          // estimate of the length of log.db-wal
	checkpoint chan struct{}
}

// Open opens the store in dir, which it creates when needed, and brings the index up to date as far
// as memory asks for. It fails with fout.NietBeschikbaar when another process has the store open.
func Open(ctx context.Context, dir string, o Opties) (_ *Store, err error) {
	o.fill()
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{dir: dir, opt: o, organisaties: map[string]*organisatie{}, checkpoint: make(chan struct{}, 1)}
	if s.slot, err = takeSlot(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	if s.schrijf, err = openSchrijver(ctx, dir); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	if s.lees, err = openLezer(ctx, dir); err != nil {
		return nil, fmt.Errorf("open log for reading: %w", err)
	}
	if err = s.loadOrganisaties(ctx); err != nil {
		return nil, fmt.Errorf("load organisations: %w", err)
	}
	if err = kamer.Migrate(ctx, s); err != nil {
		return nil, err
	}
	s.staart = newStaart(o.segment, o.maxStaart)
	if err = s.openIndex(ctx); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if err = s.catchUp(ctx); err != nil {
		return nil, fmt.Errorf("bring index up to date: %w", err)
	}

	run, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.achtergrond.Go(func() { s.runIndexer(run) })
	s.achtergrond.Go(func() { s.runCheckpoints(run) })
	s.achtergrond.Go(func() { s.runOpruimen(run) })
	return s, nil
}

func (o *Opties) fill() {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	if o.Fout == nil {
		o.Fout = func(err error) { slog.Error("achtergrondwerk van de opslag mislukt", "fout", err) }
	}
	if o.segment == 0 {
		o.segment = 32 << 10
	}
	if o.maxRun == 0 {
		o.maxRun = 128 << 10
	}
	if o.maxStaart == 0 {
		o.maxStaart = 400_000
	}
	if o.stil == 0 {
		o.stil = 200 * time.Millisecond
	}
}

// Close waits for a running Append, indexes what is cheap, folds the write-ahead logs into the
// databases and gives the directory free. After ErrNietDuurzaam it touches nothing any more, since
// closing would sync again, and returns that error.
func (s *Store) Close() error {
	s.mu.Lock()
	eerder := s.gesloten.Swap(true)
	s.mu.Unlock()
	if eerder {
		return nil
	}
	s.stop()
	s.achtergrond.Wait()
	if err := s.broken(); err != nil {
		return err
	}
	ctx := context.Background()
	var errs []error
	const cheap = 100_000
	if !s.index.stuk.Load() && s.staart.len() <= cheap {
		errs = append(errs, s.indexAll(ctx))
	}
	_, _, _, err := s.lees.checkpoint(ctx, "TRUNCATE")
	errs = append(errs, err, s.release())
	return errors.Join(errs...)
}

// release closes whatever is open, the directory last.
func (s *Store) release() error {
	var errs []error
	if s.index != nil {
		errs = append(errs, s.index.close())
	}
	if s.lees != nil {
		errs = append(errs, s.lees.close())
	}
	if s.schrijf != nil {
		errs = append(errs, s.schrijf.close())
	}
	errs = append(errs, bestand.Ontgrendel(s.slot))
	return errors.Join(errs...)
}

// Ready tells cheaply whether the store can be used; the error says why not.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.usable(); err != nil {
		return err
	}
	if s.index.stuk.Load() {
		return foutIndexStuk(nil)
	}
	return s.lees.ping(ctx)
}

// Achterstand is the number of versions that are not in the index file yet.
func (s *Store) Achterstand() int { return s.staart.len() }

// usable tells why nothing can be written.
func (s *Store) usable() error {
	if err := s.broken(); err != nil {
		return err
	}
	if s.gesloten.Load() {
		return fout.New(fout.CodeNietBeschikbaar, "Het register wordt afgesloten; probeer het straks opnieuw.")
	}
	return nil
}

func (s *Store) broken() error {
	if err := s.stuk.Load(); err != nil {
		return *err
	}
	return nil
}
