package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What the documentation page shows of one API.

type api struct {
	Anker      string // also the first part of its path
	Titel      string
	Versie     string
	Basis      string // path of the API
	Inleiding  string
	Aanmelden  string
	Operaties  []operatie
	Headers    []veld // every header a request can have, once
	Antwoorden []veld // every header an answer can have, once
	Fouten     []fout
	Schemas    []schema
}

type operatie struct {
	Anker, Methode, Pad string
	Samenvatting        string
	Uitleg              string
	Scopes              []string
	Parameters          []veld // in the path and the query
	Headers             []verwijzing
	Body                *verwijzing
	Gelukt              []antwoord
	Fouten              []verwijzing
	Voorbeelden         []voorbeeld
}

type antwoord struct {
	Status  string
	Uitleg  string
	Headers []verwijzing
	Schema  *verwijzing
}

// verwijzing is a name with the place on the page that explains it.
type verwijzing struct {
	Naam, Anker string
	Verplicht   bool
}

type fout struct {
	Anker, Status, Uitleg string
	Codes                 []verwijzing
	Headers               []verwijzing
}

type schema struct {
	Anker, Naam, Uitleg string
	Verzoek             bool         // part of a request, so that what is required matters
	Ook                 []verwijzing // schemas whose fields belong to it
	Of                  []verwijzing // schemas of which it is one
	Velden              []veld
}

type veld struct {
	Anker, Naam, Waar string
	Verplicht         bool
	Vorm              vorm
	Uitleg            string
}

type voorbeeld struct{ Titel, JSON string }

// tabel is what the part "velden" gets.
type tabel struct {
	Titel  string
	Soort  string // header: its rows can be pointed at; veld: its title shows in the heading above
	Velden []veld
}

// lezer turns a document into an api.
type lezer struct {
	doc   bronDocument
	anker string
}

func mustAPI(anker string, doc []byte) api {
	a, err := readAPI(anker, doc)
	if err != nil {
		panic("OpenAPI document " + anker + ": " + err.Error())
	}
	return a
}

func readAPI(anker string, doc []byte) (api, error) {
	l := lezer{anker: anker}
	if err := yaml.Unmarshal(doc, &l.doc); err != nil {
		return api{}, err
	}
	if len(l.doc.Servers) != 1 || len(l.doc.Components.SecuritySchemes) != 1 {
		return api{}, fmt.Errorf("want one server and one security scheme")
	}
	a := api{
		Anker: anker, Titel: l.doc.Info.Title, Versie: l.doc.Info.Version, Basis: l.doc.Servers[0].URL,
		Inleiding: l.doc.Info.Description, Aanmelden: l.doc.Components.SecuritySchemes[0].Waarde.Description,
		Schemas: l.schemas(),
	}
	for _, p := range l.doc.Components.Parameters {
		if p.Waarde.In == "header" {
			a.Headers = append(a.Headers, l.parameter(p.Waarde))
		}
	}
	for _, h := range l.doc.Components.Headers {
		naam := headerNaam(l.doc, h.Naam)
		a.Antwoorden = append(a.Antwoorden, veld{Anker: l.id("antwoordheader", naam), Naam: naam, Uitleg: h.Waarde.Description})
	}
	for _, r := range l.doc.Components.Responses {
		f, err := l.fout(r.Waarde)
		if err != nil {
			return api{}, fmt.Errorf("%s: %w", r.Naam, err)
		}
		if f.Status != "" {
			a.Fouten = append(a.Fouten, f)
		}
	}
	for _, p := range l.doc.Paths {
		for _, m := range p.Waarde.operaties() {
			op, err := l.operatie(m.Naam, p.Naam, p.Waarde, m.Waarde)
			if err != nil {
				return api{}, fmt.Errorf("%s %s: %w", m.Naam, p.Naam, err)
			}
			a.Operaties = append(a.Operaties, op)
		}
	}
	return a, nil
}

// id is the place of a thing on the page.
func (l lezer) id(parts ...string) string {
	return strings.ToLower(l.anker + "-" + strings.Join(parts, "-"))
}

// headerNaam finds the HTTP name under which an answer uses a shared header.
func headerNaam(doc bronDocument, component string) string {
	for _, r := range doc.Components.Responses {
		for _, h := range r.Waarde.Headers {
			if naamVan(h.Waarde.Ref) == component {
				return h.Naam
			}
		}
	}
	return component
}

func (l lezer) operatie(methode, pad string, bp bronPad, b *bronOperatie) (operatie, error) {
	o := operatie{Anker: l.id(b.OperationID), Methode: methode, Pad: pad, Samenvatting: b.Summary, Uitleg: b.Description}
	for _, keuze := range b.Security {
		for _, s := range keuze {
			o.Scopes = append(o.Scopes, s.Waarde...)
		}
	}
	for _, p := range slices.Concat(bp.Parameters, b.Parameters) {
		if p.Ref != "" {
			p, _ = l.doc.Components.Parameters.get(naamVan(p.Ref))
		}
		if v := l.parameter(p); p.In == "header" {
			o.Headers = append(o.Headers, verwijzing{v.Naam, v.Anker, v.Verplicht})
		} else {
			o.Parameters = append(o.Parameters, v)
		}
	}
	if b.RequestBody != nil && len(b.RequestBody.Content) > 0 {
		inhoud := b.RequestBody.Content[0].Waarde
		o.Body = l.verwijs(inhoud.Schema)
		o.Body.Verplicht = b.RequestBody.Required
		if err := l.voorbeelden(&o, "Voorbeeld van een verzoek", inhoud); err != nil {
			return operatie{}, err
		}
	}
	for _, r := range b.Responses {
		if r.Naam >= "4" {
			o.Fouten = append(o.Fouten, verwijzing{Naam: r.Naam, Anker: l.id("fout", r.Naam)})
			continue
		}
		a := r.Waarde
		if a.Ref != "" {
			a, _ = l.doc.Components.Responses.get(naamVan(a.Ref))
		}
		gelukt := antwoord{Status: r.Naam, Uitleg: a.Description, Headers: l.headers(a)}
		if len(a.Content) > 0 {
			if s := a.Content[0].Waarde.Schema; s.Ref != "" || s.Items != nil { // plain text has no fields to show
				gelukt.Schema = l.verwijs(s)
			}
			if err := l.voorbeelden(&o, "Voorbeeld van een antwoord", a.Content[0].Waarde); err != nil {
				return operatie{}, err
			}
		}
		o.Gelukt = append(o.Gelukt, gelukt)
	}
	return o, nil
}

func (l lezer) voorbeelden(o *operatie, titel string, inhoud bronInhoud) error {
	for _, e := range inhoud.Examples {
		v := e.Waarde
		if v.Ref != "" {
			v, _ = l.doc.Components.Examples.get(naamVan(v.Ref))
		}
		text, err := asJSON(&v.Value)
		if err != nil {
			return err
		}
		o.Voorbeelden = append(o.Voorbeelden, voorbeeld{titel + ": " + strings.ToLower(v.Summary[:1]) + v.Summary[1:], text})
	}
	return nil
}

func (l lezer) headers(a bronAntwoord) []verwijzing {
	var out []verwijzing
	for _, h := range a.Headers {
		v := verwijzing{Naam: h.Naam}
		if h.Waarde.Ref != "" {
			v.Anker = l.id("antwoordheader", h.Naam)
		}
		out = append(out, v)
	}
	return out
}

// fout reads a shared error answer; the status is in its example. Other answers give an empty one.
func (l lezer) fout(a bronAntwoord) (fout, error) {
	inhoud, ok := a.Content.get("application/problem+json")
	if !ok {
		return fout{}, nil
	}
	var ex struct{ Status int }
	if err := inhoud.Example.Decode(&ex); err != nil {
		return fout{}, err
	}
	status := strconv.Itoa(ex.Status)
	var codes []verwijzing
	for _, c := range a.Codes {
		codes = append(codes, verwijzing{Naam: c})
	}
	return fout{
		Anker: l.id("fout", status), Status: status, Codes: codes, Uitleg: a.Description,
		Headers: slices.DeleteFunc(l.headers(a), func(v verwijzing) bool { return v.Naam == "API-version" }),
	}, nil
}

// markCodes gives every error code one place on the page, where it first appears: the "type" of an
// error leads there, whichever API gave it.
func markCodes(apis []api) {
	seen := map[string]bool{}
	for _, a := range apis {
		for _, f := range a.Fouten {
			for i := range f.Codes {
				if c := &f.Codes[i]; !seen[c.Naam] {
					seen[c.Naam], c.Anker = true, "fout-"+c.Naam
				}
			}
		}
	}
}

func (l lezer) parameter(p bronParameter) veld {
	v := l.veld(p.Name, p.Schema, p.Required)
	v.Anker, v.Waar, v.Uitleg = l.id("header", p.Name), p.In, p.Description
	return v
}

// schemas are the ones with fields; the others show as the kind of a field.
func (l lezer) schemas() []schema {
	verzoek := l.inVerzoek()
	var out []schema
	for _, p := range l.doc.Components.Schemas {
		if !l.isObject(p.Waarde) {
			continue
		}
		s := schema{Anker: l.id("schema", p.Naam), Naam: p.Naam, Uitleg: p.Waarde.Description, Verzoek: verzoek[p.Naam]}
		for _, deel := range slices.Concat([]bronSchema{p.Waarde}, p.Waarde.AllOf) {
			if deel.Ref != "" {
				s.Ook = append(s.Ook, *l.verwijs(deel))
			}
			for _, v := range deel.Properties {
				s.Velden = append(s.Velden, l.veld(v.Naam, v.Waarde, s.Verzoek && slices.Contains(deel.Required, v.Naam)))
			}
		}
		for _, deel := range p.Waarde.OneOf {
			s.Of = append(s.Of, *l.verwijs(deel))
		}
		out = append(out, s)
	}
	return out
}

// inVerzoek names the schemas that a request body can hold.
func (l lezer) inVerzoek() map[string]bool {
	found := map[string]bool{}
	var walk func(bronSchema)
	walk = func(s bronSchema) {
		if s.Ref != "" {
			naam := naamVan(s.Ref)
			if found[naam] {
				return
			}
			found[naam] = true
			s, _ = l.doc.Components.Schemas.get(naam)
		}
		for _, deel := range s.AllOf {
			walk(deel)
		}
		for _, p := range s.Properties {
			walk(p.Waarde)
		}
		if s.Items != nil {
			walk(*s.Items)
		}
	}
	for _, p := range l.doc.Paths {
		for _, op := range p.Waarde.operaties() {
			if body := op.Waarde.RequestBody; body != nil {
				for _, c := range body.Content {
					walk(c.Waarde.Schema)
				}
			}
		}
	}
	return found
}

func (l lezer) isObject(s bronSchema) bool {
	if s.Ref != "" {
		s, _ = l.doc.Components.Schemas.get(naamVan(s.Ref))
	}
	return len(s.Properties) > 0 || slices.ContainsFunc(s.AllOf, l.isObject) || slices.ContainsFunc(s.OneOf, l.isObject)
}

// verwijs points to a schema; a plain list points to that of its elements.
func (l lezer) verwijs(s bronSchema) *verwijzing {
	if s.Ref == "" && s.Items != nil {
		v := l.verwijs(*s.Items)
		v.Naam = "Lijst van " + v.Naam
		return v
	}
	naam := naamVan(s.Ref)
	return &verwijzing{Naam: naam, Anker: l.id("schema", naam)}
}

func (l lezer) veld(naam string, s bronSchema, verplicht bool) veld {
	v := veld{Naam: naam, Verplicht: verplicht, Uitleg: s.Description, Vorm: l.vorm(s)}
	if v.Uitleg == "" && s.Ref != "" {
		doel, _ := l.doc.Components.Schemas.get(naamVan(s.Ref))
		v.Uitleg = doel.Description
	}
	return v
}
