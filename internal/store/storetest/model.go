package storetest

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Model is a Store in memory, as simple as can be and slow: it looks through everything. It promises
// all that an engine does, except that anything survives it, and of the tree it has the leaves alone.
type Model struct {
	nu func() time.Time

	mu   sync.Mutex
	logs map[string]*modelLog
}

type modelLog struct {
	rijen []*verwerkingenlog.Rij
	idem  map[[16]byte]modelSleutel
}

type modelSleutel struct {
	lichaam     [16]byte
	registratie int64
	blad        uint64
}

var _ verwerkingenlog.Store = (*Model)(nil)

var errOrganisatie = errors.New("unknown organisation")

// NieuwModel makes an empty store for some organisations.
func NieuwModel(nu func() time.Time, oins ...string) *Model {
	m := &Model{nu: nu, logs: map[string]*modelLog{}}
	for _, oin := range oins {
		m.logs[oin] = &modelLog{idem: map[[16]byte]modelSleutel{}}
	}
	return m
}

// Append implements verwerkingenlog.Store.
func (m *Model) Append(ctx context.Context, groep []*verwerkingenlog.Eenheid) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range groep {
		e.Eerder = nil
		e.Err = m.append(e)
	}
	return nil
}

func (m *Model) append(e *verwerkingenlog.Eenheid) error {
	l := m.logs[e.OIN]
	if l == nil {
		return errOrganisatie
	}
	if len(e.Rijen) == 0 {
		return errors.New("unit without a version")
	}
	nu := l.next(m.nu().UnixMicro())
	if id := e.Idempotentie; id != nil {
		if k, ok := l.idem[id.Sleutel]; ok && nu-k.registratie < int64(24*time.Hour/time.Microsecond) {
			if k.lichaam != id.Lichaam {
				return fout.Idempotentie
			}
			e.Eerder = &k.blad
			return nil
		}
	}
	before := len(l.rijen)
	for _, r := range e.Rijen {
		nummer := uint32(1)
		if v := l.versions(r.ActieID); len(v) > 0 {
			nummer = v[len(v)-1].Nummer + 1
		}
		if r.Nummer != nummer {
			l.rijen = l.rijen[:before]
			return fout.Gelijktijdig
		}
		r.Plaats(uint64(len(l.rijen)), l.next(m.nu().UnixMicro()))
		l.rijen = append(l.rijen, clone(r))
	}
	if id := e.Idempotentie; id != nil {
		l.idem[id.Sleutel] = modelSleutel{id.Lichaam, e.Rijen[0].Registratie, e.Rijen[0].Blad}
	}
	return nil
}

func (l *modelLog) next(nu int64) int64 {
	if n := len(l.rijen); n > 0 {
		return max(nu, l.rijen[n-1].Registratie+1)
	}
	return nu
}

func (l *modelLog) versions(id uuid.UUID) (v []*verwerkingenlog.Rij) {
	for _, r := range l.rijen {
		if r.ActieID == id {
			v = append(v, r)
		}
	}
	return v
}

func clone(r *verwerkingenlog.Rij) *verwerkingenlog.Rij {
	c := *r
	c.Ingangen = slices.Clone(r.Ingangen)
	c.Inhoud = slices.Clone(r.Inhoud)
	if c.BladHash == (bewijs.Hash{}) {
		c.BladHash = r.Bewijs.BladHash()
	}
	c.Bewijs, c.Zaad = bewijs.Blad{}, bewijs.Zaad{}
	return &c
}

// Latest implements verwerkingenlog.Store.
func (m *Model) Latest(ctx context.Context, oin string, id uuid.UUID) (*verwerkingenlog.Rij, error) {
	v, err := m.Versions(ctx, oin, id)
	if err != nil {
		return nil, err
	}
	return v[len(v)-1], nil
}

// Versions implements verwerkingenlog.Store.
func (m *Model) Versions(_ context.Context, oin string, id uuid.UUID) ([]*verwerkingenlog.Rij, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.logs[oin]
	if l == nil {
		return nil, errOrganisatie
	}
	v := l.versions(id)
	if len(v) == 0 {
		return nil, fout.NietGevonden
	}
	for i := range v {
		v[i] = clone(v[i])
	}
	return v, nil
}

// Find implements verwerkingenlog.Store.
func (m *Model) Find(_ context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.logs[v.OIN]
	if l == nil {
		return nil, errOrganisatie
	}
	type stand struct {
		verwerkingenlog.Treffer
		toen bool
	}
	gevonden := map[uuid.UUID]*stand{}
	for _, r := range l.rijen {
		aantal, named := 0, false
		for _, g := range r.Ingangen {
			if g.Soort == v.Soort && slices.Contains(v.Sleutels, g.Sleutel) {
				aantal, named = aantal+int(g.Aantal), true
			}
		}
		if !named {
			continue
		}
		f := gevonden[r.ActieID]
		if f == nil {
			f = &stand{}
			f.ActieID = r.ActieID
			gevonden[r.ActieID] = f
		}
		f.Nu = verwerkingenlog.Stand{Blad: r.Blad, Tijdstip: r.Tijdstip, Staat: r.Staat, Aantal: uint16(min(aantal, math.MaxUint16))}
		if r.Blad < v.Tot {
			f.Toen, f.toen = f.Nu, true
		}
		if v.MetActiviteit {
			f.Activiteit = r.Activiteit
		}
	}
	treffers := []verwerkingenlog.Treffer{}
	for _, f := range gevonden {
		if f.toen {
			treffers = append(treffers, f.Treffer)
		}
	}
	return treffers, nil
}

// Rows implements verwerkingenlog.Store.
func (m *Model) Rows(_ context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.logs[oin]
	if l == nil {
		return nil, errOrganisatie
	}
	rijen := []*verwerkingenlog.Rij{}
	for _, b := range bladen {
		if b >= uint64(len(l.rijen)) {
			return nil, fout.NietGevonden
		}
		rijen = append(rijen, clone(l.rijen[b]))
	}
	return rijen, nil
}

// Size implements verwerkingenlog.Store.
func (m *Model) Size(_ context.Context, oin string) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.logs[oin]
	if l == nil {
		return 0, errOrganisatie
	}
	return uint64(len(l.rijen)), nil
}

// Knopen implements verwerkingenlog.Store, for hashes of leaves.
func (m *Model) Knopen(_ context.Context, oin string, indexes []uint64) ([]bewijs.Hash, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.logs[oin]
	if l == nil {
		return nil, errOrganisatie
	}
	hashes := make([]bewijs.Hash, len(indexes))
	for i, x := range indexes {
		niveau, blad := tlog.SplitStoredHashIndex(int64(x))
		if niveau > 0 || blad >= int64(len(l.rijen)) {
			return nil, errors.New("no hash of a leaf")
		}
		hashes[i] = l.rijen[blad].BladHash
	}
	return hashes, nil
}
