// Package internal_test guards the shape of the whole: which room may know which, and that every
// room says what it is.
package internal_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/verantwoord/verantwoord"

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Dir        string
	Doc        string
	GoFiles    []string
	Imports    []string
	Deps       []string
	Standard   bool
}

// short is the path below the module.
func short(importPath string) string { return strings.TrimPrefix(importPath, module+"/") }

// packages lists those of the module with the tag dev, so that nothing hides behind it.
var packages = sync.OnceValues(func() ([]pkg, error) {
	out, err := exec.Command("go", "list", "-tags", "dev", "-json=ImportPath,Dir,Doc,GoFiles,Imports,Deps,Standard", module+"/...").Output()
	if err != nil {
		return nil, err
	}
	var list []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
})

func all(t *testing.T) []pkg {
	t.Helper()
	list, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 10 {
		t.Fatalf("only %d packages found", len(list))
	}
	return list
}

// rooms: what each may import of the module. Others are outside the domain.
var rooms = map[string][]string{
	"internal/fout":            {},
	"internal/betrokkene":      {"internal/fout"},
	"internal/bestand":         {},
	"internal/bewijs":          {"internal/fout"},
	"internal/verwerkingenlog": {"internal/fout", "internal/betrokkene", "internal/bewijs"},
	"internal/autorisatie":     {"internal/fout", "internal/betrokkene", "internal/bewijs", "internal/beheerlog"},
	"internal/beheerlog":       {"internal/fout", "internal/betrokkene", "internal/bewijs"},
	"internal/checkpoint":      {"internal/fout", "internal/bestand", "internal/bewijs"},
	"internal/hersleuteling":   {"internal/fout", "internal/betrokkene"},
	"internal/controle":        {"internal/fout", "internal/betrokkene", "internal/bewijs", "internal/getuige", "internal/verwerkingenlog"},
	"internal/getuige":         {"internal/fout", "internal/bestand", "internal/bewijs", "internal/checkpoint"},
	"internal/juridisch":       {},
	"internal/kast":            {"internal/fout", "internal/betrokkene", "internal/beheerlog"},
	"internal/activiteit":      {"internal/fout", "internal/betrokkene", "internal/beheerlog", "internal/kast"},
	"internal/gebruiker":       {"internal/fout", "internal/betrokkene", "internal/beheerlog", "internal/kast"},
	"internal/aanmelding":      {"internal/fout", "internal/betrokkene", "internal/beheerlog"},
	"internal/inwoner":         {"internal/fout", "internal/betrokkene", "internal/beheerlog", "internal/kast"},
	"internal/domein":          {"internal/fout", "internal/betrokkene", "internal/beheerlog", "internal/kast", "internal/activiteit", "internal/inwoner"},
	"internal/inzage":          {"internal/fout", "internal/betrokkene", "internal/verwerkingenlog", "internal/activiteit", "internal/juridisch", "internal/inwoner", "internal/domein"},
	"internal/post":            {"internal/fout", "internal/betrokkene"},
	"internal/rekenblad":       {"internal/fout"},
	"internal/aansluiting":     {"internal/fout", "internal/autorisatie", "internal/gebruiker"},
	"internal/toezicht":        {"internal/fout", "internal/verwerkingenlog", "internal/activiteit"},

	"internal/activiteit/overdracht": {"internal/fout", "internal/activiteit", "internal/rekenblad"},
}

// machinery that no domain room may depend on, not even through another package.
var machinery = []string{
	"database/sql", "modernc.org/", "github.com/jackc/", "net/http", "net/http/", "go.opentelemetry.io/", "github.com/prometheus/", "html/template",
}

func TestDomainRoomsImportInwardOnly(t *testing.T) {
	t.Parallel()
	found := 0
	for _, p := range all(t) {
		allowed, ok := rooms[short(p.ImportPath)]
		if !ok {
			continue
		}
		found++
		for _, i := range p.Imports {
			if strings.HasPrefix(i, module) && !slices.Contains(allowed, short(i)) {
				t.Errorf("%s imports %s", short(p.ImportPath), short(i))
			}
		}
	}
	if found != len(rooms) {
		t.Errorf("%d of %d domain rooms found", found, len(rooms))
	}
}

func TestDomainRoomsKnowNoSQLNoHTTPAndNoTelemetry(t *testing.T) {
	t.Parallel()
	for _, p := range all(t) {
		if _, ok := rooms[short(p.ImportPath)]; !ok {
			continue
		}
		for _, d := range p.Imports {
			for _, m := range machinery {
				if d == strings.TrimSuffix(m, "/") || strings.HasSuffix(m, "/") && strings.HasPrefix(d, m) {
					t.Errorf("%s imports %s", short(p.ImportPath), d)
				}
			}
		}
		for _, d := range p.Deps {
			// Through others: no engine and no telemetry. (net/http may come along with a library of tokens.)
			if d == "database/sql" || strings.HasPrefix(d, "modernc.org/") || strings.HasPrefix(d, "go.opentelemetry.io/") || strings.HasPrefix(d, "github.com/prometheus/") {
				t.Errorf("%s depends on %s", short(p.ImportPath), d)
			}
		}
	}
}

// The adapters see the domain, not each other; only the composition root ties them together.
func TestAdaptersDoNotKnowEachOther(t *testing.T) {
	t.Parallel()
	adapter := func(p string) string {
		for _, a := range []string{"internal/api", "internal/web", "internal/sidecar", "internal/store", "internal/bron", "internal/telemetry", "internal/config"} {
			if p == a || strings.HasPrefix(p, a+"/") {
				return a
			}
		}
		return ""
	}
	for _, p := range all(t) {
		from := adapter(short(p.ImportPath))
		if from == "" {
			continue
		}
		for _, i := range p.Imports {
			if !strings.HasPrefix(i, module) {
				continue
			}
			to := adapter(short(i))
			if strings.HasPrefix(short(i), "cmd/") || short(i) == "internal/server" || short(i) == "e2e" {
				t.Errorf("%s imports %s", short(p.ImportPath), short(i))
			}
			if to != "" && to != from && (from == "internal/store" || from == "internal/api" || from == "internal/web") && to != "internal/telemetry" {
				t.Errorf("%s imports %s", short(p.ImportPath), short(i))
			}
		}
	}
}

// Who takes the SDK into an application takes little with it, and nothing of the register.
func TestTheSDKDependsOnLittle(t *testing.T) {
	t.Parallel()
	found := false
	for _, p := range all(t) {
		if short(p.ImportPath) != "sdk" {
			continue
		}
		found = true
		for _, d := range p.Deps {
			host, _, _ := strings.Cut(d, "/")
			std := host == "vendor" || !strings.Contains(host, ".")
			if !std && d != "github.com/google/uuid" && d != "github.com/go-jose/go-jose/v4" && !strings.HasPrefix(d, "github.com/go-jose/go-jose/v4/") {
				t.Errorf("sdk depends on %s", d)
			}
		}
	}
	if !found {
		t.Error("no package sdk")
	}
}

// Nothing of a test, of the demonstration or of the contract checker is in the release binary, and no cgo.
func TestTheReleaseBinaryHoldsOnlyWhatItNeeds(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-deps", module+"/cmd/verantwoord")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := range strings.FieldsSeq(string(out)) {
		for _, wrong := range []string{"testing", "runtime/cgo", "net/http/httptest", "net/http/pprof", "pgregory.net/rapid", "github.com/google/go-cmp/cmp",
			"github.com/getkin/kin-openapi/openapi3", module + "/internal/demo", module + "/internal/keten", module + "/internal/web/browsertest", module + "/internal/api/openapi/openapitest",
			"github.com/xuri/excelize/v2", module + "/internal/activiteit/overdracht/proefblad"} {
			if d == wrong || strings.HasPrefix(d, wrong+"/") && strings.HasPrefix(wrong, module) {
				t.Errorf("the release binary holds %s", d)
			}
		}
	}
}

func TestNoRoomIsADrawer(t *testing.T) {
	t.Parallel()
	drawers := []string{"util", "utils", "common", "shared", "helper", "helpers", "types", "model", "models", "pkg", "misc", "base", "core", "lib", "http", "errors", "log"}
	for _, p := range all(t) {
		for part := range strings.SplitSeq(short(p.ImportPath), "/") {
			if slices.Contains(drawers, part) {
				t.Errorf("%s: %s says nothing", p.ImportPath, part)
			}
		}
		if name := path.Base(p.ImportPath); name != strings.ToLower(name) || strings.ContainsAny(name, "_") {
			t.Errorf("%s: a name is lower case, without underscores", p.ImportPath)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, p := range all(t) {
		if len(p.GoFiles) == 0 { // tests only: their own comment stands in a test file
			if !testComment(t, p.Dir) {
				t.Errorf("%s has no package comment", short(p.ImportPath))
			}
			continue
		}
		if len(strings.Fields(p.Doc)) < 5 {
			t.Errorf("%s has no package comment", short(p.ImportPath))
		}
		// One package comment, in one file: two would be read one after the other.
		comments := 0
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if f.Doc != nil && !generated(f.Doc) {
				comments++
			}
		}
		if comments != 1 {
			t.Errorf("%s has %d package comments", short(p.ImportPath), comments)
		}
	}
}

func generated(doc *ast.CommentGroup) bool { return strings.HasPrefix(doc.Text(), "Code generated") }

func testComment(t *testing.T, dir string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			return true
		}
	}
	return false
}
