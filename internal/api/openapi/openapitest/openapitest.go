// Package openapitest checks requests and answers of the register against its own OpenAPI documents.
//
// Tests of the API call Check after every exchange, or wrap the server in Middleware. An answer is
// always checked: its status must be declared for the operation, its headers and body must fit, and
// its body may hold no field that the document does not name. A request is checked only when it was
// accepted (2xx), because tests send wrong ones on purpose; where the register is configured to be
// more lenient than its document (X15), CheckResponse leaves the request alone.
//
// A path or method that no document describes must give the error a document declares for its
// status (404, 405). The documents themselves (openapi.yaml, openapi.json) are not part of an API.
package openapitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
)

// document is a loaded OpenAPI document and the path under which it is served.
type document struct {
	base   string
	t      *openapi3.T
	fouten map[int]*openapi3.ResponseRef // the shared answer of every error status
}

var documents = sync.OnceValues(func() ([]document, error) {
	var out []document
	for _, doc := range [][]byte{openapi.Bewerking, openapi.Inzage, openapi.Autorisaties, openapi.Verwerkingsactiviteiten, openapi.Bewijs} {
		t, err := Load(doc)
		if err != nil {
			return nil, err
		}
		d := document{base: t.Servers[0].URL, t: t, fouten: map[int]*openapi3.ResponseRef{}}
		for _, ref := range t.Components.Responses {
			mt := ref.Value.Content["application/problem+json"]
			if mt == nil {
				continue
			}
			example, ok := mt.Example.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("%s: an error answer without an example", d.base)
			}
			status, ok := example["status"].(float64)
			if !ok {
				return nil, fmt.Errorf("%s: an error example without a status", d.base)
			}
			d.fouten[int(status)] = ref
		}
		out = append(out, d)
	}
	return out, nil
})

func init() { openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder) }

// Load reads a document and resolves its references.
func Load(doc []byte) (*openapi3.T, error) {
	t, err := openapi3.NewLoader().LoadFromData(doc)
	if err != nil {
		return nil, fmt.Errorf("load document: %w", err)
	}
	return t, nil
}

// Check reports in t every way in which the exchange differs from the document of its API. A path
// outside the APIs is not checked. No value of the exchange is printed, only places and rules.
func Check(t testing.TB, req *http.Request, reqBody []byte, res *http.Response, resBody []byte) {
	t.Helper()
	report(t, req, check(req, reqBody, res, resBody, true))
}

// CheckResponse is Check without the request.
func CheckResponse(t testing.TB, req *http.Request, res *http.Response, resBody []byte) {
	t.Helper()
	report(t, req, check(req, nil, res, resBody, false))
}

func report(t testing.TB, req *http.Request, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("openapi: %s %s: %v", req.Method, req.URL.Path, err)
	}
}

// Middleware is Check around a handler. Bodies are buffered whole, so it is no use for streams.
func Middleware(t testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reqBody, readErr := io.ReadAll(r.Body)
		sent := r.Clone(r.Context())
		r.Body = io.NopCloser(&readThen{bytes.NewReader(reqBody), readErr})
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		Check(t, sent, reqBody, rec.Result(), rec.Body.Bytes())
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		if _, err := w.Write(rec.Body.Bytes()); err != nil {
			t.Logf("openapi: write the answer: %v", err)
		}
	})
}

// readThen reads what was received and then fails as the original body did.
type readThen struct {
	io.Reader
	err error
}

func (r *readThen) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF && r.err != nil {
		err = r.err
	}
	return n, err
}

func check(req *http.Request, reqBody []byte, res *http.Response, resBody []byte, withRequest bool) error {
	docs, err := documents()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(docs, func(d document) bool { return strings.HasPrefix(req.URL.Path, d.base+"/") })
	if i < 0 {
		return nil
	}
	d := docs[i]
	path := strings.TrimPrefix(req.URL.Path, d.base)
	if (path == "/openapi.yaml" || path == "/openapi.json") && res.StatusCode == http.StatusOK {
		return nil
	}
	in := d.route(req, path)
	if err := in.checkResponse(d, res, resBody); err != nil {
		return err
	}
	if withRequest && res.StatusCode/100 == 2 {
		return in.checkRequest(reqBody)
	}
	return nil
}

// exchange is a request with the operation it belongs to; the operation is nil when there is none.
type exchange openapi3filter.RequestValidationInput

// route finds the operation: a literal path wins from one with a parameter, HEAD is GET.
func (d document) route(req *http.Request, path string) *exchange {
	in := &exchange{Request: req, Route: &routers.Route{Spec: d.t, Method: req.Method}, Options: options()}
	for _, template := range d.t.Paths.InMatchingOrder() {
		params, ok := match(template, path)
		if !ok {
			continue
		}
		in.PathParams, in.Route.Path = params, template
		in.Route.PathItem = d.t.Paths.Value(template)
		method := req.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		in.Route.Operation = in.Route.PathItem.Operations()[method]
		break
	}
	return in
}

// match compares a path with a template such as /verwerkingsacties/{actieId}.
func match(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	params := map[string]string{}
	for i := range want {
		if name, ok := strings.CutPrefix(want[i], "{"); ok {
			params[strings.TrimSuffix(name, "}")] = got[i]
		} else if want[i] != got[i] {
			return nil, false
		}
	}
	return params, true
}

func options() *openapi3filter.Options {
	return &openapi3filter.Options{
		AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
		IncludeResponseStatus:   true,
		SkipSettingDefaults:     true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.SetSchemaErrorMessageCustomizer(reason)},
	}
}

// reason names the place and the rule, never the value: test output may hold no number of a person.
func reason(err *openapi3.SchemaError) string {
	at := "/" + strings.Join(err.JSONPointer(), "/") + ": "
	var inner *openapi3.SchemaError
	if errors.As(err.Origin, &inner) {
		return at + reason(inner)
	}
	return at + err.SchemaField + " " + err.Reason
}

func (in *exchange) checkResponse(d document, res *http.Response, body []byte) error {
	// An operation that the document does not know can only give an error it knows.
	if in.Route.Operation == nil {
		ref, ok := d.fouten[res.StatusCode]
		if !ok {
			return fmt.Errorf("no such operation, yet status %d", res.StatusCode)
		}
		in.Route.Operation = &openapi3.Operation{Responses: openapi3.NewResponses(openapi3.WithStatus(res.StatusCode, ref))}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: (*openapi3filter.RequestValidationInput)(in),
		Status:                 res.StatusCode,
		Header:                 res.Header,
		Options:                in.Options,
	}
	out.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(in.Request.Context(), out); err != nil {
		return fmt.Errorf("answer %d: %w", res.StatusCode, err)
	}
	if in.Request.Method == http.MethodHead {
		return nil
	}
	ref := in.Route.Operation.Responses.Status(res.StatusCode)
	if len(ref.Value.Content) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("answer %d has a body, the document has none", res.StatusCode)
		}
		return nil
	}
	mt := ref.Value.Content.Get(res.Header.Get("Content-Type"))
	if mt.Schema.Value.Type.Is("string") {
		return nil // a text, or bytes: there are no fields in it
	}
	if err := checkKnown(mt.Schema.Value, body); err != nil {
		return fmt.Errorf("answer %d: %w", res.StatusCode, err)
	}
	if err := checkCode(ref.Value, body); err != nil {
		return fmt.Errorf("answer %d: %w", res.StatusCode, err)
	}
	return nil
}

// checkCode reports an error code that the document does not name for this answer.
func checkCode(ref *openapi3.Response, body []byte) error {
	codes, ok := ref.Extensions["x-codes"].([]any)
	if !ok {
		return nil // not an error
	}
	var got struct{ Code string }
	if err := json.Unmarshal(body, &got); err != nil {
		return fmt.Errorf("read the error: %w", err)
	}
	if !slices.Contains(codes, any(got.Code)) {
		return fmt.Errorf("code %q is not one of %v", got.Code, codes)
	}
	return nil
}

func (in *exchange) checkRequest(body []byte) error {
	if err := in.unknownParameters(); err != nil {
		return err
	}
	req := in.Request.Clone(in.Request.Context())
	req.Body, req.GetBody = io.NopCloser(bytes.NewReader(body)), nil
	checked := *in
	checked.Request = req
	if q := req.URL.Query(); len(q) == 1 && q.Has("cursor") {
		// A next page belongs to an inquiry that was logged with its headers: they may be absent here,
		// which a document can't say.
		route, op := *in.Route, *in.Route.Operation
		op.Parameters = slices.DeleteFunc(slices.Clone(op.Parameters), func(p *openapi3.ParameterRef) bool {
			return p.Value.In == openapi3.ParameterInHeader && req.Header.Get(p.Value.Name) == ""
		})
		route.Operation, checked.Route = &op, &route
	}
	if err := openapi3filter.ValidateRequest(req.Context(), (*openapi3filter.RequestValidationInput)(&checked)); err != nil {
		return fmt.Errorf("accepted request: %w", err)
	}
	return nil
}

// unknownParameters refuses a query parameter that was accepted and is not in the document.
func (in *exchange) unknownParameters() error {
	for name := range in.Request.URL.Query() {
		p := in.Route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name)
		if p == nil {
			return fmt.Errorf("accepted query parameter %q is not in the document", name)
		}
	}
	return nil
}
