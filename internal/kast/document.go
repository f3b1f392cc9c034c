package kast

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// Plaats is where a document stands.
type Plaats struct {
	Soort  Soort
	ID     uuid.UUID
	Versie int64
}

// Document is one of the kinds of a room. Its JSON is the format in the store.
type Document interface {
	Plaats() Plaats
	Uniek() string // what no other of the kind may have; empty: nothing
}

// Binding is the additional data: what is sealed for one document and version opens for no other. naam is that of the room
// (Opties.Naam).
func Binding(naam, oin string, p Plaats) []byte {
	b := append(append([]byte(naam), 0), oin...)
	b = append(append(b, p.Soort...), 0)
	b = append(b, p.ID[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(p.Versie))
}

// verzegel makes the row of a document.
func (k *Kast[S]) verzegel(s *betrokkene.Sleutels, oin string, d Document) (Rij, error) {
	p := d.Plaats()
	plain, err := json.Marshal(d)
	if err != nil {
		return Rij{}, fmt.Errorf("write %s %s: it can't be written as JSON", p.Soort, p.ID) // the cause could quote
	}
	if k.grens > 0 && len(plain) > k.grens {
		return Rij{}, fmt.Errorf("write %s %s: %w", p.Soort, p.ID, ErrTeGroot)
	}
	rij := k.rij(s, oin, p, plain)
	if u := d.Uniek(); u != "" {
		h := s.Handle(k.naam, string(p.Soort), u)
		rij.Ingang = h[:]
	}
	return rij, nil
}

func (k *Kast[S]) rij(s *betrokkene.Sleutels, oin string, p Plaats, plain []byte) Rij {
	return Rij{OIN: oin, Soort: p.Soort, ID: p.ID, Versie: p.Versie, Verzegeld: s.Seal(nil, betrokkene.KlasseNormaal, Binding(k.naam, oin, p), plain)}
}

// open gives what a row holds.
func (k *Kast[S]) open(s *betrokkene.Sleutels, r *Rij) ([]byte, error) {
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, Binding(k.naam, r.OIN, Plaats{r.Soort, r.ID, r.Versie}), r.Verzegeld)
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", r.Soort, r.ID, err)
	}
	return plain, nil
}

// ontzegel reads a row back.
func (k *Kast[S]) ontzegel(s *betrokkene.Sleutels, r *Rij) (Document, error) {
	plain, err := k.open(s, r)
	if err != nil {
		return nil, err
	}
	d := k.vorm.Nieuw(r.OIN, Plaats{r.Soort, r.ID, r.Versie})
	if d == nil {
		return nil, fmt.Errorf("document %s is of a kind that this version does not know", r.ID)
	}
	if err := json.Unmarshal(plain, d); err != nil {
		return nil, fmt.Errorf("open %s %s: it is in no form this version knows", r.Soort, r.ID)
	}
	return d, nil
}

var errGeenSleutels = errors.New("no keys of this organisation")
