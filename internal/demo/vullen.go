package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

const (
	padActies = "/bewerking/api/v1/verwerkingsacties"
	// werkers call the register at the same time: enough to share the cost of a commit.
	werkers = 32
	// pogingen bounds how often a call is repeated when the register says that it is too busy.
	pogingen    = 10
	maxAntwoord = 1 << 20
)

// tokens are those of the applications, by client id.
type tokens map[string]string

// newTokens makes a token for every application.
func newTokens(b *autorisatie.Bestand, nu time.Time) (tokens, error) {
	t := tokens{}
	for _, a := range applicaties {
		r, ok := b.Applicatie(a.clientID)
		if !ok {
			return nil, fmt.Errorf("de applicatie %s staat niet meer in %s; gooi de map van de demonstratie weg", a.clientID, bestandApplicaties)
		}
		s, err := autorisatie.Sign(a.clientID, r.Geheim, autorisatie.Claims{}, nu)
		if err != nil {
			return nil, fmt.Errorf("make token of %s: %w", a.clientID, err)
		}
		t[a.clientID] = s
	}
	return t, nil
}

// vuller is a client of the Bewerking API, in the name of any application.
type vuller struct {
	url    string
	tokens tokens
	client *http.Client
	acties atomic.Int64
}

func newVuller(url string, t tokens) *vuller {
	return &vuller{url: url, tokens: t, client: &http.Client{
		Timeout: 30 * time.Second,
		// No proxy: the register is on this machine.
		Transport: &http.Transport{MaxIdleConnsPerHost: werkers},
	}}
}

func (v *vuller) close() { v.client.CloseIdleConnections() }

// fill plays all stories, several at a time and each in its own order. It stops at the first error;
// the number is that of acties logged.
func (v *vuller) fill(ctx context.Context, verhalen []*verhaal) (int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan *verhaal)
	var group sync.WaitGroup
	for range werkers {
		group.Go(func() {
			for w := range queue {
				if err := v.play(ctx, w); err != nil {
					cancel(err) // the first one counts
					return
				}
			}
		})
	}
	for _, w := range verhalen {
		select {
		case queue <- w:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(queue)
	group.Wait()
	return int(v.acties.Load()), context.Cause(ctx)
}

// play makes the calls of one story, one after another.
func (v *vuller) play(ctx context.Context, w *verhaal) error {
	gelogd := make([]map[string]any, len(w.stappen))
	for n := range w.stappen {
		var err error
		switch s := &w.stappen[n]; s.methode {
		case http.MethodPost:
			gelogd[n], err = v.post(ctx, s)
		case http.MethodPut:
			for veld, waarde := range s.wijzig {
				gelogd[s.op][veld] = waarde
			}
			err = v.call(ctx, s.client, http.MethodPut, v.actie(gelogd[s.op]), gelogd[s.op], s.toelichting, nil)
		case http.MethodDelete:
			err = v.call(ctx, s.client, http.MethodDelete, v.actie(gelogd[s.op]), nil, s.toelichting, nil)
		case http.MethodPatch:
			err = v.patch(ctx, s.client, s.verwerking, s.wijzig, s.toelichting)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// post logs an actie and gives it back as stored. It has a key of its own, so that a repeated call
// can't log it twice.
func (v *vuller) post(ctx context.Context, s *stap) (gelogd map[string]any, err error) {
	if err = v.call(ctx, s.client, http.MethodPost, padActies, s.actie, "", &gelogd); err == nil {
		v.acties.Add(1)
	}
	return gelogd, err
}

// patch changes all acties of a verwerking.
func (v *vuller) patch(ctx context.Context, client, verwerking string, wijzig map[string]string, toelichting string) error {
	return v.call(ctx, client, http.MethodPatch, padActies+"?verwerkingId="+url.QueryEscape(verwerking), wijzig, toelichting, nil)
}

// actie is the path of a stored actie.
func (v *vuller) actie(gelogd map[string]any) string {
	return padActies + "/" + fmt.Sprint(gelogd["actieId"])
}

// call makes one call, again when the register asks for that, and reads the answer into to.
func (v *vuller) call(ctx context.Context, client, methode, pad string, lichaam any, toelichting string, to any) error {
	var body []byte
	if lichaam != nil {
		var err error
		if body, err = json.Marshal(lichaam); err != nil {
			return fmt.Errorf("encode body: %w", err)
		}
	}
	key := uuid.NewString()
	for poging := 1; ; poging++ {
		req, err := http.NewRequestWithContext(ctx, methode, v.url+pad, bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("make request: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+v.tokens[client])
		if body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		if methode == http.MethodPost {
			req.Header.Set("Idempotency-Key", key)
		}
		if toelichting != "" {
			req.Header.Set("X-Audit-Toelichting", toelichting)
		}
		answer, status, err := v.send(req)
		switch {
		case err != nil:
			return err
		case status == http.StatusServiceUnavailable && poging < pogingen:
			select {
			case <-time.After(time.Second): // what Retry-After says
			case <-ctx.Done():
				return ctx.Err()
			}
		case status/100 != 2:
			return refused(client, methode, status, answer)
		case to == nil:
			return nil
		default:
			if err := json.Unmarshal(answer, to); err != nil {
				return fmt.Errorf("read answer: %w", err)
			}
			return nil
		}
	}
}

func (v *vuller) send(req *http.Request) ([]byte, int, error) {
	res, err := v.client.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("call register: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // everything has been read by then
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord))
	if err != nil {
		return nil, 0, fmt.Errorf("read answer: %w", err)
	}
	return answer, res.StatusCode, nil
}

// refused tells why the register did not want something. Its errors hold no identifiers.
func refused(client, methode string, status int, answer []byte) error {
	var f struct {
		Detail        string `json:"detail"`
		InvalidParams []struct {
			Name   string `json:"name"`
			Reason string `json:"reason"`
		} `json:"invalidParams"`
	}
	if json.Unmarshal(answer, &f) != nil {
		return fmt.Errorf("%s by %s: status %d", methode, client, status)
	}
	reden := []string{f.Detail}
	for _, p := range f.InvalidParams {
		reden = append(reden, p.Name+": "+p.Reason)
	}
	return fmt.Errorf("%s by %s: status %d: %s", methode, client, status, strings.Join(reden, " "))
}
