package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// meermaals is a flag that may come more than once.
type meermaals []string

// String implements flag.Value.
func (m *meermaals) String() string { return strings.Join(*m, " ") }

// Set implements flag.Value.
func (m *meermaals) Set(s string) error {
	*m = append(*m, s)
	return nil
}

// leesGetuigen takes public keys of witnesses, or names of files with one on each line.
func leesGetuigen(namen meermaals) (uit []*getuige.Sleutel, err error) {
	for _, s := range namen {
		tekst, err := leesSleutel(s)
		if err != nil {
			return nil, err
		}
		for _, l := range strings.Fields(tekst) {
			k, err := getuige.ParseSleutel(l)
			if err != nil {
				return nil, errors.New("dit is geen hele sleutel van een getuige; neem hem over van de pagina van de getuige")
			}
			uit = append(uit, k)
		}
	}
	return uit, nil
}

// gevolgd is what was seen of a log, and which witnesses cosigned it.
type gevolgd struct {
	*controle.Gevolgd
	Getuigen []getuigenis `json:"getuigen,omitempty"`
	Geloofd  bool         `json:"sleutelVanLog,omitzero"` // its key is the one that it gave itself
}

// getuigenis is what a witness did.
type getuigenis struct {
	Naam          string     `json:"naam"`
	Ondertekend   *time.Time `json:"medeondertekend,omitempty"` // nil: it did not
	onbetrouwbaar bool
}

// getuigd looks for the cosignatures of witnesses, of which one at least must be there.
func (g *gevolgd) getuigd(getuigen []*getuige.Sleutel) {
	if len(getuigen) == 0 || g.Oordeel() != controle.Goed {
		return
	}
	_, regels, _ := strings.Cut(string(g.Tekst), "\n\n")
	gezien := 0
	for _, k := range getuigen {
		w := getuigenis{Naam: k.Name()}
		l, err := getuige.Lees(g.Tekst, []byte(regels), k)
		switch {
		case err == nil:
			w.Ondertekend = &l[0].Moment
			gezien++
		case noemt(regels, k):
			w.onbetrouwbaar = true
			g.Gebreken = append(g.Gebreken, controle.Gebrek{Deel: controle.DeelCheckpoint, Wat: "De medeondertekening van getuige " + k.Name() + " klopt niet: zij of het checkpoint is veranderd."})
		}
		g.Getuigen = append(g.Getuigen, w)
	}
	if gezien == 0 && len(g.Gebreken) == 0 {
		g.Gebreken = append(g.Gebreken, controle.Gebrek{Deel: controle.DeelCheckpoint,
			Wat: "Geen van de gegeven getuigen heeft dit checkpoint medeondertekend; probeer het over een paar minuten opnieuw, en vraag anders de getuige wat hij zag."})
	}
}

// noemt tells whether there is a line of that very key. Name and key ID name one together: a witness may have had another key before.
func noemt(regels string, k *getuige.Sleutel) bool {
	for l := range strings.Lines(regels) {
		rest, is := strings.CutPrefix(l, "— "+k.Name()+" ")
		b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		if is && err == nil && len(b) >= 4 && binary.BigEndian.Uint32(b) == k.KeyHash() {
			return true
		}
	}
	return false
}

func (g *gevolgd) toonGetuigen(w io.Writer) {
	for _, k := range g.Getuigen {
		switch {
		case k.Ondertekend != nil:
			fmt.Fprintf(w, "getuige %s heeft medeondertekend op %s\n", k.Naam, k.Ondertekend.Format(time.RFC3339))
		case !k.onbetrouwbaar:
			fmt.Fprintf(w, "getuige %s heeft dit checkpoint niet medeondertekend\n", k.Naam)
		}
	}
}
