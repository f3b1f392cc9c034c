package openapi_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// verschillen lists, as short Dutch lines, everything in which our document differs from the
// published one: what is missing, what is more and what is another shape. Descriptions, examples and
// titles are ours and do not count; nor does an answer that promises more than the published one
// (a field always there, a narrower value), because every client of that one can read it.
type verschillen struct {
	api   string
	found map[string]bool
}

// vergelijk compares two documents of one API.
func vergelijk(api string, published, ours *openapi3.T) []string {
	v := &verschillen{api: api, found: map[string]bool{}}
	for path, item := range published.Paths.Map() {
		own := ours.Paths.Value(path)
		for method, op := range item.Operations() {
			at := method + " " + path
			if own == nil || own.Operations()[method] == nil {
				v.add(at, "ontbreekt")
				continue
			}
			v.operation(at, method, item, op, own, own.Operations()[method])
		}
	}
	for path, item := range ours.Paths.Map() {
		for method := range item.Operations() {
			if p := published.Paths.Value(path); p == nil || p.Operations()[method] == nil {
				v.add(method+" "+path, "toegevoegd")
			}
		}
	}
	statuses := map[string]bool{}
	for _, item := range published.Paths.Map() {
		for _, op := range item.Operations() {
			for status := range op.Responses.Map() {
				statuses[status] = true
			}
		}
	}
	for _, ref := range ours.Components.Responses {
		if mt := ref.Value.Content["application/problem+json"]; mt != nil {
			if status := fmt.Sprint(mt.Example.(map[string]any)["status"]); !statuses[status] {
				v.add("fout "+status, "toegevoegd")
			}
		}
	}
	return slices.Sorted(maps.Keys(v.found))
}

func (v *verschillen) add(at, format string, args ...any) {
	v.found[v.api+" "+at+": "+fmt.Sprintf(format, args...)] = true
}

func (v *verschillen) operation(at, method string, pItem *openapi3.PathItem, p *openapi3.Operation, oItem *openapi3.PathItem, o *openapi3.Operation) {
	if p.OperationID != o.OperationID {
		v.add(at, "andere operationId")
	}
	if !reflect.DeepEqual(p.Security, o.Security) {
		v.add(at, "scopes als keuze")
	}
	v.parameters(at, params(pItem, p), params(oItem, o))
	if (p.RequestBody == nil) != (o.RequestBody == nil) {
		v.add(at, "andere body")
	} else if p.RequestBody != nil {
		v.schema("verzoek "+method, "", content(p.RequestBody.Value.Content), content(o.RequestBody.Value.Content), true)
	}
	for status, pr := range p.Responses.Map() {
		or := o.Responses.Value(status)
		if or == nil {
			v.add(at, "zonder %s", status)
			continue
		}
		kind := "antwoord"
		if status >= "4" {
			kind = "fout " + status
		}
		v.headers(kind, status, pr.Value.Headers, or.Value.Headers)
		if slices.Sorted(maps.Keys(pr.Value.Content)) == nil && len(or.Value.Content) == 0 {
			continue
		}
		if !slices.Equal(slices.Sorted(maps.Keys(pr.Value.Content)), slices.Sorted(maps.Keys(or.Value.Content))) {
			v.add(at, "ander mediatype bij %s", status)
		}
		v.schema(kind, "", content(pr.Value.Content), content(or.Value.Content), false)
	}
	for status := range o.Responses.Map() {
		if p.Responses.Value(status) == nil {
			v.add(at, "met %s", status)
		}
	}
}

func (v *verschillen) headers(kind, status string, p, o openapi3.Headers) {
	for name := range p {
		if o[name] == nil {
			v.add(kind, "zonder header %s", name)
		}
	}
	for name := range o {
		if p[name] == nil {
			v.add(strings.TrimSuffix(kind, " "+status)+" "+status, "met header %s", name)
		}
	}
}

func params(item *openapi3.PathItem, op *openapi3.Operation) map[string]*openapi3.Parameter {
	out := map[string]*openapi3.Parameter{}
	for _, list := range []openapi3.Parameters{item.Parameters, op.Parameters} {
		for _, ref := range list {
			out[ref.Value.In+" "+ref.Value.Name] = ref.Value
		}
	}
	return out
}

func (v *verschillen) parameters(at string, p, o map[string]*openapi3.Parameter) {
	for key, pp := range p {
		op := o[key]
		switch {
		case op == nil:
			v.add(at, "zonder %s", key)
			continue
		case pp.Required && !op.Required:
			v.add(at, "%s niet verplicht", key)
		case !pp.Required && op.Required:
			v.add(at, "%s verplicht", key)
		}
		v.value("vraag", pp.Name, pp.Schema.Value, op.Schema.Value)
	}
	for key, op := range o {
		if p[key] != nil {
			continue
		}
		if op.Required {
			v.add(at, "met verplichte %s", key)
		} else {
			v.add(at, "met %s", key)
		}
	}
}

func content(c openapi3.Content) *openapi3.Schema {
	for _, mt := range c {
		return mt.Schema.Value
	}
	return &openapi3.Schema{}
}

// object is a schema with everything it is composed of.
type object struct {
	props    map[string]*openapi3.Schema
	required map[string]bool
}

func flatten(s *openapi3.Schema, into *object) {
	for name, ref := range s.Properties {
		into.props[name] = ref.Value
	}
	for _, name := range s.Required {
		into.required[name] = true
	}
	for _, ref := range s.AllOf {
		flatten(ref.Value, into)
	}
}

// schema compares two objects field by field.
func (v *verschillen) schema(kind, path string, p, o *openapi3.Schema, request bool) {
	pub := &object{map[string]*openapi3.Schema{}, map[string]bool{}}
	own := &object{map[string]*openapi3.Schema{}, map[string]bool{}}
	flatten(p, pub)
	flatten(o, own)
	for name, ps := range pub.props {
		if request && ps.ReadOnly {
			continue // no part of a request
		}
		if os := own.props[name]; os == nil {
			v.add(kind, "zonder veld %s%s", path, name)
		} else {
			v.field(kind, path+name, ps, os, request)
		}
	}
	for name := range own.props {
		if pub.props[name] == nil {
			v.add(kind, "met veld %s%s", path, name)
		}
	}
	for name := range pub.required {
		if ps := pub.props[name]; !own.required[name] && (ps == nil || !request || !ps.ReadOnly) {
			v.add(kind, "%s%s niet verplicht", path, name)
		}
	}
	for name := range own.required {
		if request && !pub.required[name] {
			v.add(kind, "%s%s verplicht", path, name)
		}
	}
}

func (v *verschillen) field(kind, path string, p, o *openapi3.Schema, request bool) {
	if p.Type.Is("array") {
		if !o.Type.Is("array") {
			v.add(kind, "%s geen lijst", path)
			return
		}
		if o.Nullable && !p.Nullable {
			v.add(kind, "%s mag null zijn", path)
		}
		v.field(kind, path+"[]", p.Items.Value, o.Items.Value, request)
		return
	}
	pub := &object{map[string]*openapi3.Schema{}, map[string]bool{}}
	if flatten(p, pub); len(pub.props) > 0 {
		v.schema(kind, path+".", p, o, request)
		return
	}
	v.value(kind, path, p, o)
	if strings.HasSuffix(path, "url") && strings.Contains(fmt.Sprint(p.Example), "bewerking-api") && strings.Contains(fmt.Sprint(o.Example), "/inzage/") {
		v.add(kind, "%s wijst naar de Inzage API", path)
	}
}

// value compares two plain values; ours may be a named one with a description around it.
func (v *verschillen) value(kind, path string, p, o *openapi3.Schema) {
	nullable := o.Nullable
	for len(o.AllOf) == 1 {
		o = o.AllOf[0].Value
	}
	if p.Type.Is("array") && o.Type.Is("array") {
		v.value(kind, path+"[]", p.Items.Value, o.Items.Value)
		return
	}
	if o.Type == nil || !p.Type.Is(o.Type.Slice()[0]) {
		v.add(kind, "%s ander type", path)
	}
	if nullable && !p.Nullable {
		v.add(kind, "%s mag null zijn", path)
	}
	// A format that no validator knows says nothing more than the length beside it.
	format := p.Format
	if slices.Contains([]string{"naam", "beschrijving", "identificator", "OIN"}, format) {
		format = ""
	}
	if request := strings.HasPrefix(kind, "verzoek") || kind == "vraag"; request {
		if !reflect.DeepEqual(p.MaxLength, o.MaxLength) {
			v.add(kind, "%s andere lengte", path)
		}
		if p.MinLength != o.MinLength {
			v.add(kind, "%s andere minimumlengte", path)
		}
		if !reflect.DeepEqual(p.Enum, o.Enum) || format != o.Format || !samePattern(p, o) {
			v.add(kind, "%s andere vorm", path)
		}
		return
	}
	wider := p.MaxLength != nil && (o.MaxLength == nil || *o.MaxLength > *p.MaxLength) ||
		p.MinLength > o.MinLength && len(o.Enum) == 0 && o.Pattern == "" ||
		format != "" && format != o.Format || p.Pattern != "" && !samePattern(p, o) ||
		p.Enum != nil && (o.Enum == nil || slices.ContainsFunc(o.Enum, func(x any) bool { return !slices.Contains(p.Enum, x) }))
	if wider {
		v.add(kind, "%s ruimer", path)
	}
}

// samePattern ignores anchors: the published ones forgot them.
func samePattern(p, o *openapi3.Schema) bool { return p.Pattern == strings.Trim(o.Pattern, "^$") }
