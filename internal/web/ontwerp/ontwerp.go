// Package ontwerp is the design that all pages share: one stylesheet, the mark, the one script there is (for a
// passkey), and the parts that pages are made of, as templates.
//
// Parts carry the names and the anatomy of NL Design System components (utrecht-*); what it lacks is verantwoord-*.
// Colours and sizes are tokens, chosen once. A municipality's own theme is one CSS file that sets tokens; it is served
// as /thema.css and comes after ours.
package ontwerp

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

//go:embed verantwoord.css merk.svg passkey.js
var bestanden embed.FS

//go:embed onderdelen/*.html
var onderdelen embed.FS

// Onderdelen are the templates of the parts, one file each.
func Onderdelen() fs.FS {
	sub, err := fs.Sub(onderdelen, "onderdelen")
	if err != nil {
		panic("embedded parts: " + err.Error())
	}
	return sub
}

// Thema is the path of a municipality's own stylesheet.
const Thema = "/thema.css"

// Bestand is what is served on one path. Its ETag is a hash of what is in it.
type Bestand struct {
	Naam   string // for the content type
	Inhoud []byte
	ETag   string
}

// NewBestand makes a Bestand.
func NewBestand(naam string, inhoud []byte) Bestand {
	sum := sha256.Sum256(inhoud)
	return Bestand{Naam: naam, Inhoud: inhoud, ETag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

// Versie names what is in it, for an address that can be kept for ever.
func (b *Bestand) Versie() string { return strings.Trim(b.ETag, `"`) }

// ServeHTTP answers GET and HEAD; for ever when the address names the version.
func (b *Bestand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.RawQuery == "v="+b.Versie() {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("ETag", b.ETag)
	http.ServeContent(w, r, b.Naam, time.Time{}, bytes.NewReader(b.Inhoud))
}

// eigen are our own files by path: the same for everybody, so read once.
var eigen = sync.OnceValue(func() map[string]*Bestand {
	uit := map[string]*Bestand{}
	namen, err := bestanden.ReadDir(".")
	if err != nil {
		panic("embedded design: " + err.Error())
	}
	for _, n := range namen {
		inhoud, err := bestanden.ReadFile(n.Name())
		if err != nil {
			panic("embedded design: " + err.Error())
		}
		b := NewBestand(n.Name(), inhoud)
		uit["/ontwerp/"+n.Name()] = &b
	}
	return uit
})

// Ontwerp is the files of the design by path. It is read-only.
type Ontwerp struct{ paden map[string]*Bestand }

// New makes the design, with the stylesheet of a municipality or nil.
func New(thema []byte) *Ontwerp {
	o := &Ontwerp{maps.Clone(eigen())}
	if len(thema) > 0 {
		b := NewBestand("thema.css", thema)
		o.paden[Thema] = &b
	}
	return o
}

// Get gives the file of a path.
func (o *Ontwerp) Get(pad string) (*Bestand, bool) {
	b, ok := o.paden[pad]
	return b, ok
}

// URL is the address of a file of our design with its version. No theme changes it, so a template can call it for every register.
func URL(naam string) (string, error) {
	b, ok := eigen()["/ontwerp/"+naam]
	if !ok {
		return "", fmt.Errorf("no file %q in the design", naam)
	}
	return "/ontwerp/" + naam + "?v=" + b.Versie(), nil
}

// ThemaURL is the address of the theme with its version; empty when there is none.
func (o *Ontwerp) ThemaURL() string {
	if b, ok := o.paden[Thema]; ok {
		return Thema + "?v=" + b.Versie()
	}
	return ""
}
