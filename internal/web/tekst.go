package web

import (
	"html/template"
	"strings"
)

// tekst makes paragraphs of a description: blank lines part them, backticks mark code.
func tekst(s string) template.HTML {
	var b strings.Builder
	for alinea := range strings.SplitSeq(strings.TrimSpace(s), "\n\n") {
		if alinea != "" {
			b.WriteString(`<p class="utrecht-paragraph">`)
			b.WriteString(string(regel(alinea)))
			b.WriteString("</p>\n")
		}
	}
	return template.HTML(b.String()) // every part of it is escaped in regel
}

// regel is one line of text in which backticks mark code.
func regel(s string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		escaped := template.HTMLEscapeString(part)
		if i%2 == 1 {
			escaped = `<code class="utrecht-code">` + escaped + `</code>`
		}
		b.WriteString(escaped)
	}
	return template.HTML(b.String())
}
