package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"strconv"
)

// zoek acts, logs and then shows. Until the record is durable nothing of the answer reaches the application: no body,
// no header, no reason of the other side and no text of an error.
func (s *stap) zoek(uit *http.Request) (*http.Response, error) {
	res, err := s.t.basis().RoundTrip(uit)
	if err != nil || res == nil {
		return nil, zonderInhoud(err)
	}
	body, err := s.lees(res)
	if err != nil {
		return nil, s.onbruikbaar(err)
	}
	var objecten []Object
	omgeleid := res.StatusCode >= 300 && res.StatusCode < 400
	if res.StatusCode < 400 && !omgeleid {
		if objecten, err = s.vind(res, body); err != nil {
			return nil, s.onbruikbaar(err)
		}
	}
	if res.StatusCode < 400 || !s.vooraf { // else the step stands in the register already, and nobody came of it
		if err := s.log(objecten); err != nil {
			return nil, err
		}
	}
	switch {
	case res.StatusCode >= 400:
		body = uitleg(res, body)
	case omgeleid:
		body = nil
	}
	res.Request = s.gemerkt()
	res.Body, res.ContentLength, res.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	if res.Header.Get("Content-Length") != "" {
		res.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	return res, nil
}

// lees takes in the whole answer and closes it.
func (s *stap) lees(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusSwitchingProtocols, http.StatusPartialContent, http.StatusNotModified:
		return nil, fmt.Errorf("de andere kant antwoordt %d, en daarin staat niet wie er gevonden is", res.StatusCode)
	}
	grens := s.t.MaxAntwoord
	if grens <= 0 {
		grens = maxGezocht
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, grens+1))
	switch {
	case err != nil:
		return nil, zonderInhoud(err)
	case int64(len(body)) > grens:
		return nil, fmt.Errorf("het antwoord is groter dan %d bytes; vraag om minder tegelijk", grens)
	case len(res.Trailer) > 0:
		return nil, errors.New("na het antwoord komen nog headers")
	}
	return body, nil
}

// vind asks the application who is in the answer. It gets a copy, so that it can't change what will be shown.
func (s *stap) vind(res *http.Response, body []byte) (_ []Object, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("Gevonden liep vast")
		}
	}()
	kopie := *res
	kopie.Header, kopie.Body, kopie.Request = res.Header.Clone(), io.NopCloser(bytes.NewReader(body)), s.r
	objecten, err := s.b.gevonden(&kopie, bytes.Clone(body))
	if err != nil {
		return nil, &stilleFout{"Gevonden kan niet zeggen wie erin staan", err}
	}
	return objecten, nil
}

func (s *stap) onbruikbaar(err error) error {
	err = errors.Join(ErrOnbruikbaar, err)
	meld(s.t.Meting, Gebeurtenis{Soort: SoortOnbruikbaar, Fout: err})
	return err
}

// What may be told of a refusal: anything else may be a name, or the number of a person.
var magGetoond = map[string]*regexp.Regexp{
	"Allow":            regexp.MustCompile(`^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|, ?)+$`),
	"Date":             regexp.MustCompile(`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$`),
	"Retry-After":      regexp.MustCompile(`^\d{1,6}$`),
	"Www-Authenticate": regexp.MustCompile(`^(?:Bearer|Basic|DPoP|Negotiate)$`),
}

// uitleg puts what may be told of a refusal in the place of the answer: its status, and its code for machines.
func uitleg(res *http.Response, body []byte) []byte {
	var p struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(body, &p) != nil || !codeVorm.MatchString(p.Code) || reeksCijfers.MatchString(p.Code) {
		p.Code = ""
	}
	titel := http.StatusText(res.StatusCode)
	if titel == "" {
		titel = "Niet gelukt"
	}
	body, _ = json.Marshal(struct { // of a number and two plain strings: it can't fail
		Code   string `json:"code,omitempty"`
		Title  string `json:"title"`
		Status int    `json:"status"`
	}{p.Code, titel, res.StatusCode})
	h := http.Header{"Content-Type": {"application/problem+json"}}
	for naam, vorm := range magGetoond {
		if w := res.Header.Values(naam); len(w) == 1 && vorm.MatchString(w[0]) {
			h[naam] = w
		}
	}
	res.Header, res.Status, res.Uncompressed = h, strconv.Itoa(res.StatusCode)+" "+titel, false
	return body
}

// stilleFout does not print its cause, in which may stand what was received.
type stilleFout struct {
	tekst   string
	oorzaak error
}

func (f *stilleFout) Error() string { return f.tekst }
func (f *stilleFout) Unwrap() error { return f.oorzaak }

// zonderInhoud keeps an error as it is when it is of the connection or of time; others may quote the answer.
func zonderInhoud(err error) error {
	var op *net.OpError
	if err == nil || errors.As(err, &op) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		if err == nil {
			err = errors.New("geen antwoord")
		}
		return err
	}
	return &stilleFout{"de andere kant is niet te bereiken, of haar antwoord is niet te lezen", err}
}

// kaal is a context without the trace of an application.
type kaal struct{ context.Context }

func (k kaal) Value(sleutel any) any {
	v := k.Context.Value(sleutel)
	if _, ok := v.(*httptrace.ClientTrace); ok {
		return nil
	}
	return v
}

// zonderVoorbericht keeps 1xx responses, which may come with headers, from a trace of the application: they come before
// the record.
func zonderVoorbericht(ctx context.Context) context.Context {
	sporen := httptrace.ContextClientTrace(ctx)
	if sporen == nil {
		return ctx
	}
	kopie := *sporen
	kopie.Got1xxResponse = nil
	return httptrace.WithClientTrace(kaal{ctx}, &kopie)
}
