package server

import (
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"
	"time"
)

func TestClientsOfANodeThatGoesAwayTakeAnotherConnection(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 2; version++ {
		s := &Server{weg: make(chan struct{})}
		h := httptest.NewUnstartedServer(s.uitlopend(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
		h.EnableHTTP2 = version == 2
		h.StartTLS()
		t.Cleanup(h.Close)
		// ask tells whether a request went over a connection that was there.
		ask := func() (reused bool) {
			t.Helper()
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = i.Reused }})
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
			return reused
		}
		// A client may open a connection beside the one that it still puts away, and on HTTP/2 read an answer before it reads that it was
		// the last one. So it is asked until it does as it must.
		until := func(want bool, fault string) {
			t.Helper()
			for end := time.Now().Add(time.Minute); ask() != want; {
				if time.Now().After(end) {
					t.Fatalf("HTTP/%d: %s", version, fault)
				}
			}
		}
		ask()
		until(true, "no connection is kept")
		close(s.weg)
		ask() // still answered where the client was
		until(false, "the client stays on its connection")
	}
}
