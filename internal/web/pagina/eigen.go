package pagina

import (
	"embed"
	"io/fs"
	"net/http"
	"time"

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

// zetTaal keeps the choice in a cookie for a year and leads back.
func zetTaal(b *Bezoek) (Antwoord, error) {
	b.ZetKoekje(koekjeTaal, string(taal.Kies(b.Waarde("taal"))), 365*24*time.Hour)
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
