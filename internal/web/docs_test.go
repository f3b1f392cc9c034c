package web_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/api/openapi"
	"github.com/verantwoord/verantwoord/internal/api/openapi/openapitest"
	"github.com/verantwoord/verantwoord/internal/web"
)

func TestTheDocumentationShowsAllThatTheDocumentsDescribe(t *testing.T) {
	t.Parallel()
	page := get(t, web.Handler(opties()), "GET", "/docs").Body.String()
	for anker, doc := range map[string][]byte{"bewerking": openapi.Bewerking, "inzage": openapi.Inzage, "autorisaties": openapi.Autorisaties, "var": openapi.Verwerkingsactiviteiten, "bewijs": openapi.Bewijs} {
		d, err := openapitest.Load(doc)
		if err != nil {
			t.Fatal(err)
		}
		must := func(what, text string) {
			t.Helper()
			if !strings.Contains(page, text) {
				t.Errorf("%s: %s is not on the page (%s)", anker, what, text)
			}
		}
		base := d.Servers[0].URL
		must("the YAML", `href="`+base+`/openapi.yaml"`)
		must("the JSON", `href="`+base+`/openapi.json"`)
		for path, item := range d.Paths.Map() {
			for method, op := range item.Operations() {
				start := strings.Index(page, `<h4 class="utrecht-heading-4" id="`+anker+"-"+op.OperationID+`">`)
				if start < 0 {
					t.Errorf("%s %s has no place on the page", method, path)
					continue
				}
				part, _, _ := strings.Cut(page[start:], "</section>")
				for _, want := range []string{op.Summary, ">" + method + "</span>", ">" + path + "</code>"} {
					if !strings.Contains(part, want) {
						t.Errorf("%s %s lacks %q", method, path, want)
					}
				}
				for _, choice := range *op.Security {
					for _, scopes := range choice {
						if len(scopes) > 0 && !strings.Contains(part, ">"+scopes[0]+"</code>") {
							t.Errorf("%s %s lacks scope %s", method, path, scopes[0])
						}
					}
				}
				for _, ref := range append(item.Parameters, op.Parameters...) {
					if !strings.Contains(part, ">"+ref.Value.Name+"<") {
						t.Errorf("%s %s lacks parameter %s", method, path, ref.Value.Name)
					}
				}
				for status := range op.Responses.Map() {
					if !strings.Contains(part, ">"+status+"</a>") && !strings.Contains(part, "Antwoord "+status) {
						t.Errorf("%s %s lacks status %s", method, path, status)
					}
				}
			}
		}
		for name, ref := range d.Components.Schemas {
			if len(ref.Value.Properties) == 0 && len(ref.Value.AllOf) == 0 {
				continue
			}
			must("schema "+name, `id="`+anker+"-schema-"+strings.ToLower(name)+`">`+name+"<")
			for field := range ref.Value.Properties {
				must("field "+field, ">"+field+"</code>")
			}
		}
		for _, ref := range d.Components.Responses {
			codes, ok := ref.Value.Extensions["x-codes"].([]any)
			if !ok {
				continue
			}
			example := ref.Value.Content["application/problem+json"].Example.(map[string]any)
			must("error", `id="`+anker+"-fout-"+strconv.Itoa(int(example["status"].(float64)))+`"`)
			for _, code := range codes {
				must("error code", ">"+code.(string)+"</code>")
				// The "type" of an error leads here.
				must("error code", ` id="fout-`+code.(string)+`"`)
			}
		}
	}
	for _, loose := range []string{"&lt;no value&gt;", "<no value>", "{{", "keuze<", "map["} {
		if strings.Contains(page, loose) {
			t.Errorf("the page holds %q", loose)
		}
	}
}
