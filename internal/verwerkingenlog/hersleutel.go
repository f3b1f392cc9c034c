package verwerkingenlog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Hersleutelaar is an engine whose versions can be put under other keys.
type Hersleutelaar interface {
	Size(ctx context.Context, oin string) (uint64, error)
	Versions(ctx context.Context, oin string, actieID uuid.UUID) ([]*Rij, error)
	// Knopen reads stored hashes of the tree, by their index in the order of tlog.
	Knopen(ctx context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error)
	// Hersleutel shows f the versions from leaf van on, in order: max of them, or fewer when they are large. What f gives
	// anew replaces what was stored, all in one durable transaction between those of the intake; f itself runs before it
	// and holds nobody up. A version that another one replaced meanwhile is left. Nothing but content and entries changes.
	// volgende is the leaf from which to go on, van itself when there was no more; after an error nothing was written, or,
	// when the outcome of a commit is not known, the same call does it again.
	Hersleutel(ctx context.Context, oin string, van uint64, max int, f func(*Rij) (Nieuw, bool, error)) (volgende uint64, gewijzigd int, err error)
}

// Nieuw is what a version gets under other keys.
type Nieuw struct {
	Inhoud   []byte
	Ingangen []Ingang
}

// ErrGelaten is wrapped by an error that says which versions were left as they are, since they can't be put under other
// keys without hiding that they were changed. It names leaf and actie.
var ErrGelaten = errors.New("a version was left under its old keys")

// Hersleutel puts versions from leaf van on under the newest keys: their content is sealed anew, to the byte the same, and
// the handles of their persons are made anew, also of those that only earlier versions named. Leaf, hashes, registration
// and class stay. What is under the newest keys already is left.
//
// volgende is the leaf from which to go on, van itself when there are no more. With an error that wraps ErrGelaten
// everything else was done, and volgende and gewijzigd count; after any other one the same call may be made again.
func Hersleutel(ctx context.Context, store Hersleutelaar, s *betrokkene.Sleutels, oin string, van uint64, max int) (volgende uint64, gewijzigd int, err error) {
	h := &hersleuteling{ctx: ctx, store: store, s: s, oin: oin, max: max}
	volgende, gewijzigd, err = store.Hersleutel(ctx, oin, van, max, h.rij)
	if err != nil {
		return van, 0, err
	}
	return volgende, gewijzigd, errors.Join(h.gelaten...)
}

// hersleuteling is one call of Hersleutel.
type hersleuteling struct {
	ctx     context.Context
	store   Hersleutelaar
	s       *betrokkene.Sleutels
	oin     string
	max     int
	van     uint64        // leaf of the first of hashes
	hashes  []bewijs.Hash // as stored
	gelaten []error
}

// rij makes anew what is under old keys of a version.
func (h *hersleuteling) rij(r *Rij) (Nieuw, bool, error) {
	hash, err := h.hash(r.Blad)
	if err != nil {
		return Nieuw{}, false, err
	}
	n, err := h.nieuw(r, hash)
	if errors.Is(err, ErrGelaten) {
		h.gelaten = append(h.gelaten, fmt.Errorf("leaf %d: %w", r.Blad, err))
		return Nieuw{}, false, nil
	}
	return n, n.Inhoud != nil, err
}

// nieuw gives no content when nothing has to change.
func (h *hersleuteling) nieuw(r *Rij, hash bewijs.Hash) (n Nieuw, err error) {
	gelaten := func(err error) error {
		return fmt.Errorf("%w: version %d of actie %s: %w", ErrGelaten, r.Nummer, r.ActieID, err)
	}
	v, err := open(h.s, h.oin, r)
	if err != nil {
		return n, gelaten(err)
	}
	if blad(h.oin, v).BladHash() != hash {
		return n, gelaten(errors.New("its leaf is not the one in the tree"))
	}
	lijst, ok, err := h.ingangen(r, v)
	if err != nil {
		return n, err
	}
	if !ok {
		return n, gelaten(errors.New("it has an index entry of nobody"))
	}
	oud := !h.s.Nieuwste(r.Inhoud)
	if !oud && slices.Equal(lijst, r.Ingangen) {
		return n, nil
	}
	anders := *r
	anders.Ingangen = lijst
	if oud {
		a := aad(h.oin, r.ActieID, r.Nummer)
		plain, err := h.s.Open(nil, klasse(r.Staat), a, r.Inhoud)
		if err != nil {
			return n, gelaten(err)
		}
		anders.Inhoud = h.s.Seal(nil, klasse(r.Staat), a, plain)
	}
	// What is written must be what was there, whatever came between.
	if v, err = open(h.s, h.oin, &anders); err != nil {
		return n, fmt.Errorf("open what was sealed anew: %w", err)
	}
	if blad(h.oin, v).BladHash() != hash {
		return n, fmt.Errorf("leaf %d is another one after sealing anew", r.Blad)
	}
	return Nieuw{Inhoud: anders.Inhoud, Ingangen: anders.Ingangen}, nil
}

// ingangen gives the entries of a version under the handle key of now; false when one is of nobody that the actie named.
func (h *hersleuteling) ingangen(r *Rij, v *Versie) ([]Ingang, bool, error) {
	bekend := newHandles()
	bekend.add(h.s, &v.Actie)
	lijst, ok := bekend.nu(r.Ingangen, false)
	if ok || r.Nummer == 1 {
		return lijst, ok, nil
	}
	rijen, err := h.store.Versions(h.ctx, h.oin, r.ActieID)
	if err != nil {
		return nil, false, err
	}
	for _, eerder := range rijen {
		if eerder.Nummer >= r.Nummer {
			break
		}
		if v, err := open(h.s, h.oin, eerder); err == nil { // else its persons are missed below
			bekend.add(h.s, &v.Actie)
		}
	}
	lijst, ok = bekend.nu(r.Ingangen, false)
	return lijst, ok, nil
}

// hash gives the stored hash of a leaf. They are read together: leaves lie beside each other.
func (h *hersleuteling) hash(blad uint64) (bewijs.Hash, error) {
	if blad < h.van || blad >= h.van+uint64(len(h.hashes)) {
		size, err := h.store.Size(h.ctx, h.oin)
		if err != nil {
			return bewijs.Hash{}, err
		}
		var indexes []uint64
		for n := blad; n < min(size, blad+uint64(max(h.max, 1))); n++ {
			indexes = append(indexes, bewijs.AantalKnopen(n))
		}
		if len(indexes) == 0 {
			return bewijs.Hash{}, fmt.Errorf("leaf %d is not in the tree", blad)
		}
		if h.hashes, err = h.store.Knopen(h.ctx, h.oin, indexes); err != nil {
			return bewijs.Hash{}, err
		}
		h.van = blad
	}
	return h.hashes[blad-h.van], nil
}
