package pagina

import (
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

// Scherm is a page to show.
type Scherm struct {
	Sjabloon  string    // name of its template file, without .html
	Titel     string    // in the language of the page
	Kruimels  []Kruimel // the way to here, without the page itself
	Formulier *Formulier
	Inhoud    any
	Status    int // 0: 200, or 422 when something is wrong with the form
	Ververs   int // seconds after which the browser asks for it again; 0: never
}

// Kruimel is a page above this one.
type Kruimel struct{ Titel, Pad string }

// vel is what layout.html gets.
type vel struct {
	*Scherm
	Lichaam  template.HTML // the page itself, made
	Bezoeker *Bezoeker
	Menu     []MenuItem
	Grijs    []MenuItem // there is a module, and its first page is not for this person
	Taal     taal.Taal
	Pad      string
	Melding  string
	Thema    string // address of the stylesheet of the municipality; empty: none
	Versie   string
	Dev      bool
	Script   bool
	Nu       time.Time
}

func (s *Scherm) schrijf(p *Pagina, b *Bezoek) {
	if s.Formulier == nil {
		s.Formulier = b.Formulier
	}
	status := s.Status
	if status == 0 {
		if status = http.StatusOK; !s.Formulier.Goed() {
			status = http.StatusUnprocessableEntity
		}
	}
	if code := b.Koekje(koekjeMelding); code != "" {
		b.melding = meldingVan(code)
		b.ZetKoekje(koekjeMelding, "", 0)
	}
	v := vel{
		Scherm: s, Bezoeker: b.Bezoeker, Taal: b.Taal, Pad: b.URL.Path, Thema: p.o.Ontwerp.ThemaURL(),
		Versie: p.o.Versie, Dev: p.o.Dev, Script: b.route.Script, Nu: p.o.Nu(),
	}
	if b.melding != "" {
		v.Melding = b.T(b.melding)
	}
	if b.Bezoeker != nil {
		for _, m := range p.o.Menu {
			switch {
			case b.Bezoeker.Mag(m.Module, m.Handeling):
				v.Menu = append(v.Menu, m)
			case b.Bezoeker.HeeftModule(m.Module):
				v.Grijs = append(v.Grijs, m)
			}
		}
	}
	v.Lichaam = p.o.Sjablonen.perTaal[b.Taal].Inhoud(s.Sjabloon, v)
	uit := p.o.Sjablonen.perTaal[b.Taal].Kader(v)
	b.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	b.w.Header().Set("Content-Language", string(b.Taal))
	if s.Ververs > 0 {
		b.w.Header().Set("Refresh", strconv.Itoa(s.Ververs))
	}
	b.w.WriteHeader(status)
	// An error here means that the client went away; net/http sends no body with HEAD.
	_, _ = b.w.Write(uit)
}
