package pagina

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/verantwoord/verantwoord/internal/web/taal"
)

//go:embed sjablonen/*.html
var eigenSjablonen embed.FS

// eigen are the templates of the framework: the frame, errors, confirming.
func eigen() fs.FS {
	sub, err := fs.Sub(eigenSjablonen, "sjablonen")
	if err != nil {
		panic("embedded templates: " + err.Error())
	}
	return sub
}

// eigenRoutes are those of the frame itself.
func (p *Pagina) eigenRoutes() []Route {
	return []Route{
		{Methode: http.MethodPost, Patroon: PadTaal, Open: "de taal kiezen kan ook voor het aanmelden", Handler: zetTaal},
		{Methode: http.MethodPost, Patroon: PadAfmelden, Open: "afmelden lukt altijd", Handler: afmelden},
		{Methode: http.MethodGet, Patroon: PadAfgemeld, Open: "wie is afgemeld, heeft geen sessie", Handler: func(b *Bezoek) (Antwoord, error) {
			return &Scherm{Sjabloon: "afgemeld", Titel: b.T("U bent afgemeld")}, nil
		}},
	}
}

// zetTaal keeps the choice, with the person when one is signed in, and leads back.
func zetTaal(b *Bezoek) (Antwoord, error) {
	gekozen := taal.Kies(b.Waarde("taal"))
	if b.Bezoeker != nil {
		if err := b.p.o.Sessies.ZetTaal(b.Context(), b.Bezoeker, string(gekozen)); err != nil {
			return nil, err
		}
	}
	b.ZetTaal(string(gekozen))
	return Verder{Naar: Lokaal(b.Waarde("naar"))}, nil
}

// afmelden ends the session, also when it had ended.
func afmelden(b *Bezoek) (Antwoord, error) {
	if token := b.Token(); token != "" {
		if err := b.p.o.Sessies.Beeindig(b.Context(), token); err != nil {
			return nil, err
		}
	}
	b.ZetKoekje(koekjeSessie, "", 0)
	b.w.Header().Set("Clear-Site-Data", `"cache"`)
	return Verder{Naar: PadAfgemeld}, nil
}
