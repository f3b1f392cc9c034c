package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

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
	Schrijvers   int              // groups that are written side by side; 2 when 0
	Lezers       int              // connections for reading; 8 when 0
	Standby      string           // URL of a copy that answers questions when it is not behind; "" for none
	Geduld       time.Duration    // bounds a read with all its attempts, and of an Append what comes before its commit; 5 seconds when 0

	stappen []stap
}

// Store is an open store: a node. Its methods may be called concurrently.
type Store struct {
	opt    Opties
	node   string // who this is among the nodes
	geduld time.Duration

	organisaties map[string]*organisatie // by OIN; fixed after Open
	schrijf      *pgxpool.Pool
	lees         *pgxpool.Pool
	standby      standby
	groepen      sync.Pool // of *groep
	stop         context.CancelFunc
	achtergrond  sync.WaitGroup

	weg      atomic.Bool // the server could not be reached when it was tried last
	gedeeld  atomic.Bool // other nodes write as well
	gesloten atomic.Bool
}

// Open opens the store in the database that url leads to, and brings its tables to the newest version.
// Several nodes may open one at the same time. It fails with fout.NietBeschikbaar when the server can't be
// reached, or when a newer Verantwoord has been at work.
func Open(ctx context.Context, url string, o Opties) (_ *Store, err error) {
	o.fill()
	s := &Store{opt: o, node: uuid.NewString(), geduld: o.Geduld, organisaties: map[string]*organisatie{}}
	s.groepen.New = func() any { return newGroep() }
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	if err := s.migrate(ctx, url); err != nil {
		return nil, err
	}
	// One connection more than there are groups: for keys, leases and rooms.
	if s.schrijf, err = openPool(ctx, url, o.Schrijvers+1, prepareSchrijver); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if s.lees, err = openPool(ctx, url, o.Lezers, func(context.Context, *pgx.Conn) error { return nil }); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if o.Standby != "" {
		// It may be away at the moment, and come back.
		if s.standby.pool, err = openPool(ctx, o.Standby, o.Lezers, func(context.Context, *pgx.Conn) error { return nil }); err != nil {
			return nil, fmt.Errorf("open standby: %w", err)
		}
	}
	if err = s.loadOrganisaties(ctx); err != nil {
		return nil, fmt.Errorf("load organisations: %w", err)
	}
	if err = kamer.Migrate(ctx, s); err != nil {
		return nil, err
	}
	run, stop := context.WithCancel(context.Background())
	s.stop = stop
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
	if o.Schrijvers == 0 {
		o.Schrijvers = 2
	}
	if o.Lezers == 0 {
		o.Lezers = 8
	}
	if o.Geduld == 0 {
		o.Geduld = geduld
	}
	if o.stappen == nil {
		o.stappen = stappen
	}
}

func (s *Store) migrate(ctx context.Context, url string) error {
	c, err := connect(ctx, url)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer c.Close(ctx)
	return migrate(ctx, c, s.node, s.opt.stappen)
}

// Close waits for what is running, and ends all connections.
func (s *Store) Close() error {
	if !s.gesloten.Swap(true) {
		s.stop()
		s.achtergrond.Wait()
		s.release()
	}
	return nil
}

func (s *Store) release() {
	for _, p := range []*pgxpool.Pool{s.schrijf, s.lees, s.standby.pool} {
		if p != nil {
			p.Close()
		}
	}
}

// Ready tells cheaply whether the store can be used; the error says why not.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.usable(); err != nil {
		return err
	}
	l, err := read(ctx, s, "ask for readiness", "SHOW transaction_read_only", pgx.RowTo[string])
	if err == nil && l[0] == "on" {
		err = alleenLezen("ask for readiness", nil)
	}
	return err
}

// Achterstand is the number of versions that are not in an index yet: indexes are part of the transaction.
func (s *Store) Achterstand() int { return 0 }

// usable tells why nothing can be done.
func (s *Store) usable() error {
	if s.gesloten.Load() {
		return fout.New(fout.CodeNietBeschikbaar, "Het register wordt afgesloten; probeer het straks opnieuw.")
	}
	return nil
}
