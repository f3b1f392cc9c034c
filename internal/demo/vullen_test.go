package demo

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// een is a script of one actie.
func een() []*verhaal {
	return []*verhaal{{stappen: []stap{{
		client: burgerzaken.clientID, methode: http.MethodPost, actie: &actie{ActieNaam: "Ophalen persoonsgegevens"},
	}}}}
}

func TestABusyRegisterIsAskedAgainWithTheSameKey(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var keys []string
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"actieId": "48086bf2-11b7-4603-9526-67d7c3bb6587"}`)
	}))
	defer h.Close()
	v := newVuller(h.URL, tokens{})
	defer v.close()
	n, err := v.fill(t.Context(), een())
	if n != 1 || err != nil {
		t.Errorf("%d acties, error %v", n, err)
	}
	if len(keys) != 2 || keys[0] == "" || keys[0] != keys[1] {
		t.Errorf("%d calls, whose keys are not one and the same", len(keys))
	}
}

func TestARefusalStopsTheFillingAndSaysWhy(t *testing.T) {
	t.Parallel()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"detail": "Het bericht klopt niet.", "invalidParams": [{"name": "tijdstip", "reason": "Verplicht."}]}`)
	}))
	defer h.Close()
	v := newVuller(h.URL, tokens{})
	defer v.close()
	verhalen := een()
	for range 1000 {
		verhalen = append(verhalen, een()...)
	}
	_, err := v.fill(t.Context(), verhalen)
	if err == nil || !strings.Contains(err.Error(), "status 400: Het bericht klopt niet. tijdstip: Verplicht.") {
		t.Errorf("error %v", err)
	}
}

func TestFillingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := newVuller("http://127.0.0.1:1", tokens{})
	defer v.close()
	if _, err := v.fill(ctx, een()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
