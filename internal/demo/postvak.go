package demo

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/post"
)

// postvak is where mail of the demonstration ends: a page on this machine, with the codes of the apps beside it.
type postvak struct {
	mu      sync.Mutex
	brieven []post.Brief      // newest first
	apps    map[string]string // secret by address
}

const (
	padPostvak = "/postvak"
	maxBrieven = 50
	geduldPost = time.Minute // mail takes a moment, or much longer on a machine that is busy
)

// Naam implements post.Relay.
func (p *postvak) Naam() string { return "postvak van de demonstratie" }

// Send implements post.Relay.
func (p *postvak) Send(_ context.Context, b post.Brief) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.brieven = slices.Insert(p.brieven, 0, b)
	p.brieven = p.brieven[:min(len(p.brieven), maxBrieven)]
	return nil
}

func (p *postvak) zetApps(apps map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.apps = apps
}

var codeInBrief = regexp.MustCompile(`\b(\d{4}) (\d{4})\b`)

// code waits for the code of the newest mail to an address.
func (p *postvak) code(ctx context.Context, aan string) (string, error) {
	for end := time.Now().Add(geduldPost); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		p.mu.Lock()
		for _, b := range p.brieven {
			if m := codeInBrief.FindStringSubmatch(b.Tekst); b.Aan == aan && m != nil {
				p.mu.Unlock()
				return m[1] + m[2], nil
			}
		}
		p.mu.Unlock()
	}
	return "", errors.New("no mail with a code came")
}

type appCode struct{ Naam, Email, Code string }

// ServeHTTP shows the mail.
func (p *postvak) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	p.mu.Lock()
	in := struct {
		Brieven []post.Brief
		Apps    []appCode
	}{Brieven: slices.Clone(p.brieven)}
	for _, m := range mensen {
		if geheim := p.apps[m.email]; geheim != "" {
			code, err := totp.GenerateCode(geheim, time.Now())
			if err == nil {
				in.Apps = append(in.Apps, appCode{m.naam, m.email, code[:3] + " " + code[3:]})
			}
		}
	}
	p.mu.Unlock()
	_ = postvakBlad.Execute(w, in) // an error means that the client went away
}

var postvakBlad = template.Must(template.New("postvak").Funcs(template.FuncMap{
	"tijd":    func(t time.Time) string { return t.Local().Format("15:04:05") },
	"alineas": func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n\n") },
}).Parse(`<!doctype html>
<html lang="nl" class="utrecht-root">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Postvak · Verantwoord</title><link rel="stylesheet" href="/ontwerp/verantwoord.css"><link rel="icon" href="/ontwerp/merk.svg"></head>
<body class="utrecht-document"><div class="utrecht-page-layout"><main class="utrecht-page-body" id="inhoud">
<div class="verantwoord-kolom">
<h1 class="utrecht-heading-1">Postvak van de demonstratie</h1>
<p class="utrecht-paragraph utrecht-paragraph--lead">Hier komt de e-mail die in het echt naar medewerkers gaat. Laad de pagina opnieuw voor nieuwe post. <a class="utrecht-link" href="/beheer/">Naar beheer</a></p>
{{with .Apps}}<h2 class="utrecht-heading-2">Apps met codes</h2>
<p class="utrecht-paragraph">Wat de telefoon van deze beheerders nu zou tonen; elke halve minuut iets anders.</p>
<dl class="utrecht-data-list">{{range .}}<div class="utrecht-data-list__item"><dt class="utrecht-data-list__item-key">{{.Naam}}</dt><dd class="utrecht-data-list__item-value"><code class="utrecht-code">{{.Code}}</code></dd></div>{{end}}</dl>{{end}}
<h2 class="utrecht-heading-2">E-mail</h2>
{{range .Brieven}}<article><h3 class="utrecht-heading-3">{{.Onderwerp}}</h3>
<p class="utrecht-paragraph utrecht-paragraph--small">Aan {{.Aan}}, {{tijd .Gemaakt}}</p>
{{range alineas .Tekst}}<p class="utrecht-paragraph">{{.}}</p>{{end}}</article>
{{else}}<p class="utrecht-paragraph">Er is nog geen e-mail.</p>{{end}}
</div></main></div></body></html>
`))
