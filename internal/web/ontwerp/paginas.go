package ontwerp

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
)

// kader is the template of what stands around a page.
const kader = "layout.html"

// Paginas are pages that share a frame and parts. They stand in one set of templates: with a copy of the parts for each page
// they were nine tenths of what a register at rest holds in memory, and the collector went through them again and again.
// They are safe for concurrent use.
type Paginas struct{ alle *template.Template }

// NewPaginas begins a set with the frame, layout.html of bron.
func NewPaginas(functies template.FuncMap, bron fs.FS) *Paginas {
	return &Paginas{template.Must(template.New("").Option("missingkey=error").Funcs(functies).ParseFS(bron, kader))}
}

// Lees adds the files of bron but its frame. A file that defines "inhoud" is a page, by its name without .html; what else a file defines is a
// part for all. It panics when one can't be read or a name is there already: they are part of the program.
func (p *Paginas) Lees(functies template.FuncMap, bron fs.FS) {
	bestanden, err := fs.Glob(bron, "*.html")
	if err != nil {
		panic("templates: " + err.Error())
	}
	for _, bestand := range bestanden {
		if bestand == kader {
			continue
		}
		los := template.Must(template.New("").Funcs(functies).ParseFS(bron, bestand))
		for _, t := range los.Templates() {
			naam := t.Name()
			switch naam {
			case "", bestand: // what stands between the definitions
				continue
			case "inhoud":
				naam = bestand
			}
			if p.alle.Lookup(naam) != nil {
				panic("template " + naam + " is there twice, also in " + bestand)
			}
			template.Must(p.alle.AddParseTree(naam, t.Tree))
		}
	}
}

// Inhoud makes a page without its frame. It panics when that fails: a page that is not in the set, or that asks for what data has not.
func (p *Paginas) Inhoud(naam string, data any) template.HTML {
	return template.HTML(p.maak(naam+".html", data).String()) // a template of ours escaped it
}

// Kader makes the frame, of data that holds the page.
func (p *Paginas) Kader(data any) []byte { return p.maak(kader, data).Bytes() }

func (p *Paginas) maak(naam string, data any) *bytes.Buffer {
	var uit bytes.Buffer
	if err := p.alle.ExecuteTemplate(&uit, naam, data); err != nil {
		panic(fmt.Sprintf("page %s: %v", naam, err))
	}
	return &uit
}
