package sqlite

import (
	"context"
	"errors"
)

var errGeenWAL = errors.New("shorten write-ahead log: log is not in WAL mode")

// walGrens is the length of log.db-wal, in pages, from which it is copied into log.db: 160 MiB.
const walGrens = 160 << 20 / paginaGrootte

// countPages estimates what the commit added to the write-ahead log, and asks for a checkpoint when
// that has become long. s.mu is held.
func (s *Store) countPages(g *groep) {
	// The content, and the partly filled pages at the ends of the trees.
	if s.walPaginas.Add(int64(g.bytes/paginaGrootte)+3) < walGrens {
		return
	}
	select {
	case s.checkpoint <- struct{}{}:
	default:
	}
}

// runCheckpoints copies the write-ahead log into the database beside the commits.
func (s *Store) runCheckpoints(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.checkpoint:
		}
		if err := s.shortenLog(ctx); err != nil && ctx.Err() == nil {
			s.opt.Fout(err)
		}
	}
}

// shortenLog makes the write-ahead log start anew. Commits go on while the bulk is copied; as they
// add to the log, the little that is left at the end is copied while they wait. Without that the
// log would never be copied whole, and grow for ever.
func (s *Store) shortenLog(ctx context.Context) error {
	const little = walGrens / 16
	var log, done int64
	var err error
	for range 4 {
		if log, done, err = s.checkpointLog(ctx); err != nil || log-done < little {
			break
		}
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.usable() != nil {
		return nil
	}
	log, done, err = s.checkpointLog(ctx)
	if err != nil {
		return err
	}
	if log == done {
		log = 0 // the next commit starts at the beginning
	}
	s.walPaginas.Store(min(log, walGrens/2)) // when a reader held it back: try again after that much more
	return nil
}

// checkpointLog runs one checkpoint. A failed sync of log.db is as bad as one of its log: whether
// the pages are on disk is unknown, and asking again would not tell.
func (s *Store) checkpointLog(ctx context.Context) (log, done int64, err error) {
	busy, log, done, err := s.lees.checkpoint(context.WithoutCancel(ctx), "PASSIVE")
	switch {
	case err != nil:
		return 0, 0, s.fail(judge("shorten write-ahead log", err))
	case log < 0 && busy:
		return walGrens, 0, nil // a commit was just being published: nothing was copied
	case log < 0:
		return 0, 0, errGeenWAL
	}
	return log, done, nil
}
