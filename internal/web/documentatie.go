package web

import (
	"bytes"
	"html/template"
)

// Documenten are the OpenAPI documents of our APIs, YAML.
type Documenten struct {
	Bewerking    []byte
	Inzage       []byte
	Autorisaties []byte
	VAR          []byte // the register of processing activities
	Bewijs       []byte // checkpoints and proofs
}

// Documentatie is what the page about our APIs says, made. Nothing of a register is in it, so any number of registers can show it.
type Documentatie struct{ inhoud template.HTML }

// NewDocumentatie makes it. It panics on a document that can't be read: those are part of the program.
func NewDocumentatie(d Documenten) *Documentatie {
	apis := []api{mustAPI("bewerking", d.Bewerking), mustAPI("inzage", d.Inzage), mustAPI("autorisaties", d.Autorisaties), mustAPI("var", d.VAR), mustAPI("bewijs", d.Bewijs)}
	markCodes(apis)
	var uit bytes.Buffer
	if err := sjablonen()["docs.html"].ExecuteTemplate(&uit, "inhoud", pagina{Inhoud: apis}); err != nil {
		panic("page docs.html: " + err.Error())
	}
	return &Documentatie{template.HTML(uit.String())} // our own template escaped it
}
