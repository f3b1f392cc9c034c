package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The parts of an OpenAPI document that the page shows, read with their order kept.

// reeks is a YAML mapping in the order of the document.
type reeks[T any] []paar[T]

type paar[T any] struct {
	Naam   string
	Waarde T
}

func (r *reeks[T]) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: not a mapping", n.Line)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		p := paar[T]{Naam: n.Content[i].Value}
		if err := n.Content[i+1].Decode(&p.Waarde); err != nil {
			return err
		}
		*r = append(*r, p)
	}
	return nil
}

func (r reeks[T]) get(naam string) (T, bool) {
	for _, p := range r {
		if p.Naam == naam {
			return p.Waarde, true
		}
	}
	var none T
	return none, false
}

type bronDocument struct {
	Info struct {
		Title, Version, Description string
	}
	Servers    []struct{ URL string }
	Paths      reeks[bronPad]
	Components struct {
		SecuritySchemes reeks[struct{ Description string }] `yaml:"securitySchemes"`
		Parameters      reeks[bronParameter]
		Headers         reeks[struct{ Description string }]
		Responses       reeks[bronAntwoord]
		Schemas         reeks[bronSchema]
		Examples        reeks[bronVoorbeeld]
	}
}

type bronPad struct {
	Parameters                    []bronParameter
	Post, Get, Put, Patch, Delete *bronOperatie
}

// operaties are the operations that there are, first the one that makes something.
func (p bronPad) operaties() reeks[*bronOperatie] {
	all := reeks[*bronOperatie]{{"POST", p.Post}, {"GET", p.Get}, {"PUT", p.Put}, {"PATCH", p.Patch}, {"DELETE", p.Delete}}
	return slices.DeleteFunc(all, func(o paar[*bronOperatie]) bool { return o.Waarde == nil })
}

type bronOperatie struct {
	OperationID          string `yaml:"operationId"`
	Summary, Description string
	Security             []reeks[[]string]
	Parameters           []bronParameter
	RequestBody          *struct {
		Required bool
		Content  reeks[bronInhoud]
	} `yaml:"requestBody"`
	Responses reeks[bronAntwoord]
}

type bronParameter struct {
	Ref                   string `yaml:"$ref"`
	Name, In, Description string
	Required              bool
	Schema                bronSchema
}

type bronAntwoord struct {
	Ref         string `yaml:"$ref"`
	Description string
	Codes       []string `yaml:"x-codes"`
	Headers     reeks[struct {
		Ref         string `yaml:"$ref"`
		Description string
	}]
	Content reeks[bronInhoud]
}

type bronInhoud struct {
	Schema   bronSchema
	Example  yaml.Node
	Examples reeks[bronVoorbeeld]
}

type bronVoorbeeld struct {
	Ref     string `yaml:"$ref"`
	Summary string
	Value   yaml.Node
}

type bronSchema struct {
	Ref                       string `yaml:"$ref"`
	Type, Format, Description string
	Enum                      []string
	MinLength                 *int `yaml:"minLength"`
	MaxLength                 *int `yaml:"maxLength"`
	Minimum, Maximum          *int
	Nullable                  bool
	Default                   string
	AllOf                     []bronSchema `yaml:"allOf"`
	OneOf                     []bronSchema `yaml:"oneOf"`
	Items                     *bronSchema
	Properties                reeks[bronSchema]
	Required                  []string
	Vorm                      string   `yaml:"x-vorm"`
	Waarden                   []string `yaml:"x-waarden"`
}

// naamVan is the last part of a reference.
func naamVan(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

// asJSON writes a YAML value as indented JSON with its keys in the order of the document.
func asJSON(n *yaml.Node) (string, error) {
	var compact bytes.Buffer
	if err := writeJSON(&compact, n); err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact.Bytes(), "", "  "); err != nil {
		return "", err
	}
	return out.String(), nil
}

func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeScalar(b, n.Content[i].Value); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := writeJSON(b, n.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, c := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, c); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		var v any
		if err := n.Decode(&v); err != nil {
			return err
		}
		return writeScalar(b, v)
	}
	return nil
}

func writeScalar(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write value: %w", err)
	}
	return nil
}
