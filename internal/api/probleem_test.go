package api

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// fouten reads the closed set of codes from its source, so that none can be forgotten.
func fouten(t *testing.T) []fout.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../fout/fout.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []fout.Code
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, "Code") {
			return true
		}
		if lit, ok := v.Values[0].(*ast.BasicLit); ok {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, fout.Code(s))
		}
		return true
	})
	if len(codes) < 10 {
		t.Fatalf("only %d codes found", len(codes))
	}
	return codes
}

func TestEveryCodeHasAStatusATitleAndASentence(t *testing.T) {
	t.Parallel()
	known := map[fout.Code]bool{}
	for _, code := range fouten(t) {
		known[code] = true
		if code == fout.CodeGelijktijdig { // never leaves a use case
			continue
		}
		p, ok := problemen[code]
		switch {
		case !ok:
			t.Errorf("%s has no mapping", code)
		case p.status < 400 || p.status > 599 || http.StatusText(p.status) == "":
			t.Errorf("%s has status %d", code, p.status)
		case !strings.HasSuffix(p.titel, ".") || !strings.HasSuffix(p.detail, "."):
			t.Errorf("%s: no sentence for a person", code)
		}
	}
	for code := range problemen {
		if !known[code] {
			t.Errorf("%s is mapped but is no code", code)
		}
	}
}

// answer runs an error through the one place where errors are written.
func answer(t *testing.T, err error) (*httptest.ResponseRecorder, map[string]any, string) {
	t.Helper()
	var log bytes.Buffer
	s := newServer(t, &log)
	w := httptest.NewRecorder()
	q := &verzoek{server: s, w: w, r: request(t, "GET", "/x?objectId=999990019"), api: "bewerking", pad: "/x"}
	q.refuse(err)
	var b map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	return w, b, log.String()
}

func TestAnErrorHasTheFormOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, code := range fouten(t) {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			w, b, log := answer(t, &fout.Fout{Code: code, Params: []fout.Param{{Name: "tijdstip", Code: "required", Reason: "Verplicht."}}})
			if w.Header().Get("Content-Type") != "application/problem+json" {
				t.Error("not problem+json")
			}
			for _, key := range []string{"type", "code", "title", "detail", "instance"} {
				if s, ok := b[key].(string); !ok || s == "" {
					t.Errorf("%s is missing", key)
				}
			}
			if status, ok := b["status"].(float64); !ok || int(status) != w.Code {
				t.Errorf("status %v in an answer of %d", b["status"], w.Code)
			}
			_, has := b["invalidParams"]
			if has != (w.Code == http.StatusBadRequest) {
				t.Errorf("invalidParams in an answer of %d: %v", w.Code, has)
			}
			if auth := w.Header().Get("WWW-Authenticate"); (auth != "") != (w.Code == http.StatusUnauthorized) || auth != "" && !strings.HasPrefix(auth, "Bearer") {
				t.Errorf("WWW-Authenticate %q in an answer of %d", auth, w.Code)
			}
			if retry := w.Header().Get("Retry-After"); (retry != "") != (w.Code == http.StatusServiceUnavailable || w.Code == http.StatusTooManyRequests) {
				t.Errorf("Retry-After %q in an answer of %d", retry, w.Code)
			}
			if !strings.Contains(log, b["instance"].(string)) || strings.Contains(log, "999990019") {
				t.Errorf("log: %s", log)
			}
			if n, err := strconv.Atoi(w.Header().Get("Content-Length")); err != nil || n != w.Body.Len() {
				t.Error("wrong Content-Length")
			}
		})
	}
}

func TestAValidationErrorAlwaysHasAListOfWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, b, _ := answer(t, &fout.Fout{Code: fout.CodeOngeldig})
	if list, ok := b["invalidParams"].([]any); !ok || len(list) != 0 {
		t.Errorf("got %v", b["invalidParams"])
	}
}

func TestRetryAfterIsAtLeastASecondAndRoundedUp(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{0: "1", time.Millisecond: "1", time.Second: "1", 1001 * time.Millisecond: "2", time.Minute: "60"} {
		w, _, _ := answer(t, &fout.Fout{Code: fout.CodeNietBeschikbaar, OpnieuwNa: after})
		if got := w.Header().Get("Retry-After"); got != want {
			t.Errorf("%v gives %s, want %s", after, got, want)
		}
	}
}

func TestEveryErrorHasAnInstanceOfItsOwn(t *testing.T) {
	t.Parallel()
	_, first, _ := answer(t, fout.NietGevonden)
	_, second, _ := answer(t, fout.NietGevonden)
	if first["instance"] == second["instance"] {
		t.Error("two errors have one instance")
	}
}
