// Package openapi holds the OpenAPI documents of the register's APIs.
//
// bewerking.yaml, inzage.yaml, autorisaties.yaml, verwerkingsactiviteiten.yaml and bewijs.yaml are written by hand and describe everything the
// register serves, and nothing it does not: packages openapi (against the published documents of the
// standards) and openapitest (against every answer in the tests of the API) hold them to that. Where
// they differ from the published documents, docs/afwijkingen.md says so and why.
//
// The YAML is served as it is; the JSON is made from it once, when the program starts. Three
// extensions of our own: x-codes lists the error codes of an answer; x-vorm names the kind of a value
// in plain Dutch and x-waarden lists its values where capitals do not matter, both for the page at
// /docs.
package openapi

import (
	_ "embed"
	"encoding/json"

	"go.yaml.in/yaml/v3"
)

// Bewerking is the document of the Bewerking API, in YAML.
//
//go:embed bewerking.yaml
var Bewerking []byte

// Inzage is the document of the Inzage API, in YAML.
//
//go:embed inzage.yaml
var Inzage []byte

// Autorisaties is the document of the Autorisaties API, in YAML.
//
//go:embed autorisaties.yaml
var Autorisaties []byte

// Verwerkingsactiviteiten is the document of the VAR API, in YAML.
//
//go:embed verwerkingsactiviteiten.yaml
var Verwerkingsactiviteiten []byte

// Bewijs is the document of the checkpoints and proofs, in YAML.
//
//go:embed bewijs.yaml
var Bewijs []byte

// The same documents in JSON.
var (
	BewijsJSON = mustJSON(Bewijs)

	AutorisatiesJSON = mustJSON(Autorisaties)

	BewerkingJSON = mustJSON(Bewerking)
	InzageJSON    = mustJSON(Inzage)

	VerwerkingsactiviteitenJSON = mustJSON(Verwerkingsactiviteiten)
)

// mustJSON panics on a document that is not valid: it is part of the program, as a template is.
func mustJSON(doc []byte) []byte {
	var v any
	if err := yaml.Unmarshal(doc, &v); err != nil {
		panic("openapi document: " + err.Error())
	}
	out, err := json.Marshal(v)
	if err != nil {
		panic("openapi document: " + err.Error())
	}
	return out
}
