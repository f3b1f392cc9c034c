package gebruiker

import (
	"encoding/binary"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// plaats is where a document stands.
type plaats struct {
	soort  Soort
	id     uuid.UUID
	versie int64
}

// document is one of the kinds.
type document interface {
	plaats() plaats
	uniek() string // what no other of the kind may have; empty: nothing
}

func (g *Gebruiker) plaats() plaats        { return plaats{SoortGebruiker, g.ID, g.Versie} }
func (f *Functiegroep) plaats() plaats     { return plaats{SoortFunctiegroep, f.ID, f.Versie} }
func (a *Autorisatiegroep) plaats() plaats { return plaats{SoortAutorisatiegroep, a.ID, a.Versie} }
func (v *Voorstel) plaats() plaats         { return plaats{SoortVoorstel, v.ID, v.Versie} }
func (n *Noodtoegang) plaats() plaats      { return plaats{SoortNoodtoegang, n.ID, n.Versie} }

func (g *Gebruiker) uniek() string        { return g.Email }
func (f *Functiegroep) uniek() string     { return vergelijkbaar(f.Naam) }
func (a *Autorisatiegroep) uniek() string { return vergelijkbaar(a.Naam) }
func (*Voorstel) uniek() string           { return "" }
func (*Noodtoegang) uniek() string        { return "" }

// binding is the additional data: what is sealed for one document and version opens for no other.
func binding(oin string, p plaats) []byte {
	b := append([]byte("verantwoord/gebruiker/v1\x00"), oin...)
	b = append(append(b, p.soort...), 0)
	b = append(b, p.id[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(p.versie))
}

// verzegel makes the row of a document.
func verzegel(s *betrokkene.Sleutels, oin string, d document) (Rij, error) {
	p := d.plaats()
	plain, err := json.Marshal(d)
	if err != nil {
		return Rij{}, fmt.Errorf("write %s %s: it can't be written as JSON", p.soort, p.id) // the cause could quote
	}
	rij := Rij{OIN: oin, Soort: p.soort, ID: p.id, Versie: p.versie, Verzegeld: s.Seal(nil, betrokkene.KlasseNormaal, binding(oin, p), plain)}
	if u := d.uniek(); u != "" {
		h := s.Handle("verantwoord/gebruiker/v1", string(p.soort), u)
		rij.Ingang = h[:]
	}
	return rij, nil
}

// ontzegel reads a row back into the state.
func (t *stand) ontzegel(s *betrokkene.Sleutels, r Rij) error {
	p := plaats{r.Soort, r.ID, r.Versie}
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, binding(r.OIN, p), r.Verzegeld)
	if err != nil {
		return fmt.Errorf("open %s %s: %w", r.Soort, r.ID, err)
	}
	var d document
	switch r.Soort {
	case SoortGebruiker:
		d = &Gebruiker{ID: r.ID, Versie: r.Versie, OIN: r.OIN}
	case SoortFunctiegroep:
		d = &Functiegroep{ID: r.ID, Versie: r.Versie, OIN: r.OIN}
	case SoortAutorisatiegroep:
		d = &Autorisatiegroep{ID: r.ID, Versie: r.Versie, OIN: r.OIN}
	case SoortVoorstel:
		d = &Voorstel{ID: r.ID, Versie: r.Versie, OIN: r.OIN}
	case SoortNoodtoegang:
		d = &Noodtoegang{ID: r.ID, Versie: r.Versie, OIN: r.OIN}
	default:
		return fmt.Errorf("document %s is of a kind that this version does not know", r.ID)
	}
	if err := json.Unmarshal(plain, d); err != nil {
		return fmt.Errorf("open %s %s: it is in no form this version knows", r.Soort, r.ID)
	}
	t.zet(d)
	return nil
}
