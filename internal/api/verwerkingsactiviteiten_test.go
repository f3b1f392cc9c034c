package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// leegRegister has no activities.
type leegRegister struct{}

func (leegRegister) Openbare(VraagActiviteiten) []*activiteit.Activiteit { return nil }
func (leegRegister) Openbaar(uuid.UUID) (*activiteit.Activiteit, bool)   { return nil, false }
func (leegRegister) Van(string, VraagActiviteiten) ([]*activiteit.Activiteit, error) {
	return nil, nil
}
func (leegRegister) Een(string, uuid.UUID) (*activiteit.Activiteit, error) {
	return nil, fout.NietGevonden
}
func (leegRegister) Grondslag(code string, _ activiteit.Datum) string { return code }
func (leegRegister) FunctiesOp(string, string, activiteit.Datum) []activiteit.Functie {
	return nil
}
func (leegRegister) LeveringenOp(string, string, activiteit.Datum) []activiteit.Leverbaar {
	return nil
}

// The routes of the activities are the only ones that are open; each has a right all the same, for who sends a token.
func TestOpenRoutesOnlyReadAndAskTheRightOfWhoSendsAToken(t *testing.T) {
	t.Parallel()
	o := newServer(t, io.Discard).Opties
	o.Activiteiten = leegRegister{}
	h := Handler(o)
	for _, rt := range routesVAR {
		for _, op := range rt.operaties {
			if op.methode != http.MethodGet && op.methode != http.MethodHead || op.lichaam {
				t.Errorf("%s %s does more than read", op.methode, rt.pad)
			}
			if op.recht == nil || op.recht(nil) || op.recht(new(autorisatie.Besluit)) {
				t.Errorf("%s %s lets a token through that gives no right", op.methode, rt.pad)
			}
			path := PadVAR + strings.ReplaceAll(rt.pad, "{id}", "48086bf2-11b7-4603-9526-67d7c3bb6587")
			open := http.StatusNotFound
			if rt.pad == "/verwerkingsactiviteiten" {
				open = http.StatusOK
			}
			for client, want := range map[string]int{"": open, "niets": 403, "alles": 403, "vreemd": 401} {
				r := request(t, op.methode, path)
				if client != "" {
					r.Header.Set("Authorization", bearerOf(t, client))
				}
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, r); w.Code != want {
					t.Errorf("%s %s as %q: %d, want %d", op.methode, path, client, w.Code, want)
				}
			}
		}
	}
	w := httptest.NewRecorder()
	Handler(newServer(t, io.Discard).Opties).ServeHTTP(w, request(t, "GET", PadVAR+"/verwerkingsactiviteiten"))
	if w.Code != http.StatusNotFound {
		t.Errorf("without a register of activities: %d", w.Code)
	}
}

func TestIfNoneMatchComparesWeakly(t *testing.T) {
	t.Parallel()
	const tag = `"ab"`
	for _, tt := range []struct {
		name   string
		values []string
		want   bool
	}{
		{"no header", nil, false},
		{"the tag", []string{`"ab"`}, true},
		{"weak", []string{`W/"ab"`}, true},
		{"one of a list", []string{`"x" , "ab","y"`}, true},
		{"in a second header", []string{`"x"`, `"ab"`}, true},
		{"any", []string{"*"}, true},
		{"another", []string{`"abc"`}, false},
		{"without quotes", []string{"ab"}, false},
		{"empty", []string{""}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := matches(tt.values, tag); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if a, b := entityTag([]byte("a")), entityTag([]byte("b")); a == b || a != entityTag([]byte("a")) {
		t.Errorf("%s, %s", a, b)
	}
}

func TestAnAddressWithoutATokenIsCountedAsOneSubscriber(t *testing.T) {
	t.Parallel()
	of := func(remote string) string { return adres(&http.Request{RemoteAddr: remote}) }
	for _, tt := range []struct {
		name, a, b string
		same       bool
	}{
		{"one address, two ports", "192.0.2.1:1", "192.0.2.1:2", true},
		{"two addresses", "192.0.2.1:1", "192.0.2.2:1", false},
		{"IPv4 inside IPv6", "192.0.2.1:1", "[::ffff:192.0.2.1]:1", true},
		{"one /64", "[2001:db8::1]:1", "[2001:db8::ffff:1]:1", true},
		{"two /64", "[2001:db8::1]:1", "[2001:db8:0:1::1]:1", false},
		{"a zone", "[fe80::1%eth0]:1", "[fe80::2%eth1]:1", true},
		{"no address at all", "", "@", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := of(tt.a) == of(tt.b); got != tt.same {
				t.Errorf("%q and %q", of(tt.a), of(tt.b))
			}
		})
	}
	if k := of("192.0.2.1:1"); k[0] != 0 {
		t.Errorf("%q can be the id of a client", k)
	}
}
