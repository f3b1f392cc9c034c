package server

import (
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"
)

func TestClientsOfANodeThatGoesAwayTakeAnotherConnection(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 2; version++ {
		s := &Server{weg: make(chan struct{})}
		h := httptest.NewUnstartedServer(s.uitlopend(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
		h.EnableHTTP2 = version == 2
		h.StartTLS()
		t.Cleanup(h.Close)
		asked, reused := 0, 0
		ask := func() {
			t.Helper()
			asked++
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
				if i.Reused {
					reused++
				}
			}})
			req, err := http.NewRequestWithContext(ctx, "GET", h.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := h.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK || res.ProtoMajor != version {
				t.Errorf("status %d over %s", res.StatusCode, res.Proto)
			}
		}
		ask()
		ask()
		if reused != asked-1 {
			t.Errorf("HTTP/%d: %d of %d requests on a connection that was there", version, reused, asked)
		}
		close(s.weg)
		ask() // still answered where the client was
		before := reused
		for range 3 {
			ask()
		}
		if reused != before {
			t.Errorf("HTTP/%d: %d of 3 requests stayed on their connection", version, reused-before)
		}
	}
}
