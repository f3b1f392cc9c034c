package pagina

import (
	"mime"
	"net/http"
	"strconv"
)

// Download is a file to keep. The browser never shows it: what stands in it was typed by people.
type Download struct {
	Naam   string // of the file
	Soort  string // content type
	Inhoud []byte
}

func (d Download) schrijf(_ *Pagina, b *Bezoek) {
	h := b.w.Header()
	h.Set("Content-Type", d.Soort)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Naam}))
	h.Set("Content-Length", strconv.Itoa(len(d.Inhoud)))
	b.w.WriteHeader(http.StatusOK)
	// An error here means that the client went away; net/http sends no body with HEAD.
	_, _ = b.w.Write(d.Inhoud)
}
