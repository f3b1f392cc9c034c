package controle

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// emmer is the number of leaves whose entries are added up together.
const emmer = 4096

// som is a sum of keyed hashes, in four words: the order of what is added does not matter. Who does not know the key can't
// make two changes that keep it.
type som [4]uint64

// sommen are those of one organisation: what is expected minus what is stored, so that all are 0 when nothing is wrong.
type sommen struct {
	zout [32]byte
	tot  uint64 // leaves that entries are derived from
	per  []som
}

func newZout() (z [32]byte) {
	rand.Read(z[:])
	return z
}

func newSommen(zout [32]byte, tot uint64) *sommen { return &sommen{zout: zout, tot: tot} }

// in tells whether entries are derived from a leaf.
func (s *sommen) in(blad uint64) bool { return blad < s.tot }

// add adds an entry so many times; -1 takes it away.
func (s *sommen) add(a *Afgeleid, maal int64) {
	n := int(a.Blad / emmer)
	for len(s.per) <= n {
		s.per = append(s.per, som{})
	}
	var buf [256]byte
	b := append(buf[:0], s.zout[:]...)
	b = binary.BigEndian.AppendUint64(b, a.Blad)
	h := sha256.Sum256(append(b, a.Inhoud...))
	for i := range s.per[n] {
		s.per[n][i] += binary.BigEndian.Uint64(h[8*i:]) * uint64(maal)
	}
}

// verschillen are the numbers of the sums that are not 0.
func (s *sommen) verschillen() (uit []uint64) {
	for n := range s.per {
		if s.per[n] != (som{}) {
			uit = append(uit, uint64(n))
		}
	}
	return uit
}

// They bound of how much of an index the entries are named; more is counted.
const (
	maxEmmers   = 16
	maxIngangen = 20
)

// index holds what is derived against what the versions derive.
func (l *Log) index(ctx context.Context) error {
	for a, err := range l.Opslag.Afgeleiden(ctx, l.Meld) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("check index: %w", err)
		}
		if s := l.sommen[a.OIN]; s == nil {
			continue // its keys are missing, which was said
		} else if s.in(a.Blad) {
			s.add(&a, -1)
		} else {
			l.Meld(Gebrek{a.OIN, DeelIndex, fmt.Sprintf("blad %d", a.Blad), "De index noemt een blad dat volgens de index zelf nog niet is verwerkt."})
		}
	}
	if err := l.opnieuw(ctx); err != nil {
		return fmt.Errorf("check index: %w", err)
	}
	for _, oin := range l.Opslag.OINs() {
		s := l.sommen[oin]
		if s == nil {
			continue
		}
		n := s.verschillen()
		if len(n) > maxEmmers {
			l.Meld(Gebrek{oin, DeelIndex, "", fmt.Sprintf("Van %d reeksen van %d bladen past de index niet bij de versies; de eerste %d staan hieronder.", len(n), emmer, maxEmmers)})
			n = n[:maxEmmers]
		}
		if len(n) > 0 {
			if err := l.noem(ctx, oin, n, s.tot); err != nil {
				return fmt.Errorf("check index: %w", err)
			}
		}
	}
	return nil
}

// maxOpnieuw bounds how often differences are looked at again. Each version is put under other keys once, so two or three
// times are enough.
const maxOpnieuw = 8

// opnieuw adds up again what differs, until it differs as it did before: a register that runs may have put versions under
// other keys after they were read here, and before their entries were.
func (l *Log) opnieuw(ctx context.Context) error {
	for range maxOpnieuw {
		eerst := map[string]map[uint64]som{}
		for _, oin := range l.Opslag.OINs() {
			s := l.sommen[oin]
			if s == nil || len(s.verschillen()) == 0 {
				continue
			}
			eerst[oin] = map[uint64]som{}
			for _, n := range s.verschillen() {
				eerst[oin][n], s.per[n] = s.per[n], som{}
				for r, err := range l.Opslag.Versies(ctx, oin, n*emmer, min((n+1)*emmer, s.tot)) {
					if err != nil {
						return err
					}
					l.Opslag.Verwacht(oin, r, func(a Afgeleid) { s.add(&a, 1) })
				}
			}
		}
		if len(eerst) == 0 {
			return nil
		}
		for a, err := range l.Opslag.Afgeleiden(ctx, func(Gebrek) {}) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if s := l.sommen[a.OIN]; s != nil && s.in(a.Blad) {
				if _, is := eerst[a.OIN][a.Blad/emmer]; is {
					s.add(&a, -1)
				}
			}
		}
		zelfde := true
		for oin, per := range eerst {
			for n, was := range per {
				zelfde = zelfde && l.sommen[oin].per[n] == was
			}
		}
		if zelfde {
			return nil
		}
	}
	return nil
}

// noem names the entries of some sums that are missing, and those that do not belong there.
func (l *Log) noem(ctx context.Context, oin string, emmers []uint64, tot uint64) error {
	over := map[Afgeleid]int{}
	for _, n := range emmers {
		for r, err := range l.Opslag.Versies(ctx, oin, n*emmer, min((n+1)*emmer, tot)) {
			if err != nil {
				return err
			}
			l.Opslag.Verwacht(oin, r, func(a Afgeleid) { over[a]++ })
		}
	}
	for a, err := range l.Opslag.Afgeleiden(ctx, func(Gebrek) {}) {
		if err != nil {
			return err
		}
		if a.OIN == oin && slices.Contains(emmers, a.Blad/emmer) {
			over[a]--
		}
	}
	var anders []Afgeleid
	for a, n := range over {
		if n != 0 {
			anders = append(anders, a)
		}
	}
	slices.SortFunc(anders, func(a, b Afgeleid) int {
		return cmp.Or(cmp.Compare(a.Blad, b.Blad), cmp.Compare(a.Soort, b.Soort), cmp.Compare(a.Inhoud, b.Inhoud))
	})
	for i, a := range anders {
		if i == maxIngangen {
			l.Meld(Gebrek{oin, DeelIndex, "", fmt.Sprintf("En nog %d andere ingangen ontbreken of staan er niet zo.", len(anders)-i)})
			break
		}
		wat := "Deze ingang ontbreekt in de index."
		if over[a] < 0 {
			wat = "Deze ingang staat in de index en hoort daar niet zo."
		}
		l.Meld(Gebrek{oin, DeelIndex, fmt.Sprintf("blad %d, ingang %s", a.Blad, a.Soort), wat})
	}
	return nil
}
