package server

import (
	"net/http"
	"time"
)

// loopUit goes on serving for a while after a stop was asked: whoever divides requests over nodes looks
// at /healthz/ready now and then, and until it has seen that this one goes away it sends requests here.
// It returns sooner, with its error, when serving ends by itself.
func (s *Server) loopUit(served <-chan error) error {
	if s.config.Uitloop == 0 {
		return nil
	}
	s.logger.Info("not ready any more", "uitloop", s.config.Uitloop.String())
	t := time.NewTimer(s.config.Uitloop)
	defer t.Stop()
	select {
	case err := <-served:
		return err
	case err := <-s.lost:
		return err
	case <-t.C:
		return nil
	}
}

// uitlopend asks clients to go on over another connection, and so to another node, once a stop was asked.
// On HTTP/2 the connection itself says so, after this answer.
func (s *Server) uitlopend(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-s.weg:
			w.Header().Set("Connection", "close")
		default:
		}
		next.ServeHTTP(w, r)
	})
}
