package controle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Log is the check of the logs of a store.
type Log struct {
	Opslag   Opslag
	Sleutels func(oin string) (*betrokkene.Sleutels, bool)
	Meld     Meld
	// Tijdvakken gives the epochs of a log, whose leaves have no version; nil: there are none.
	Tijdvakken func(oin string) bewijs.Tijdvakken
	// Gang is told how far it is, now and then; may be nil.
	Gang func(oin string, bladen uint64)

	sommen  map[string]*sommen
	wortels map[string]map[uint64][2]bewijs.Hash
}

// Wortel gives the roots of the log at a size that Run was asked for: as the versions make it, and as the stored leaf
// hashes do, which is another one only when a version was changed. ok is false when the log is not so large.
func (l *Log) Wortel(oin string, grootte uint64) (w [2]bewijs.Hash, ok bool) {
	if grootte == 0 {
		return [2]bewijs.Hash{bewijs.Leeg(), bewijs.Leeg()}, true
	}
	w, ok = l.wortels[oin][grootte]
	return w, ok
}

// Run checks the logs, and tells how many leaves they have. groottes are the sizes, by organisation, of which Wortel will
// be asked. An error means that the store can't be read, or ctx ended.
func (l *Log) Run(ctx context.Context, groottes map[string][]uint64) (bladen map[string]uint64, err error) {
	l.sommen, l.wortels = map[string]*sommen{}, map[string]map[uint64][2]bewijs.Hash{}
	bladen = map[string]uint64{}
	if err := l.Opslag.Bouw(ctx, l.Meld); err != nil {
		return nil, err
	}
	zout := newZout()
	for _, oin := range l.Opslag.OINs() {
		s, ok := l.Sleutels(oin)
		if !ok {
			l.Meld(Gebrek{oin, DeelSleutel, "", "De sleutels van deze organisatie ontbreken of zijn andere; zonder is haar log niet te openen."})
			continue
		}
		tot, err := l.Opslag.Tot(ctx, oin)
		if err != nil {
			return nil, err
		}
		l.sommen[oin] = newSommen(zout, tot)
		if bladen[oin], err = l.log(ctx, oin, s, groottes[oin]); err != nil {
			return nil, fmt.Errorf("check log of organisation %s: %w", oin, err)
		}
	}
	return bladen, l.index(ctx)
}

// gang is how often is told how far it is, in leaves.
const gang = 50_000

// maxGat is the largest gap of leaves that are named one by one.
const maxGat = 10_000

// log walks along the leaves of an organisation.
func (l *Log) log(ctx context.Context, oin string, s *betrokkene.Sleutels, groottes []uint64) (uint64, error) {
	vaker, err := l.Opslag.Gewijzigd(ctx, oin)
	if err != nil {
		return 0, err
	}
	w := &wandeling{Log: l, oin: oin, s: s, vaker: vaker, vorige: map[uuid.UUID]*verwerkingenlog.Verleden{}, uit: &bewijs.Rand{}, in: &bewijs.Rand{}}
	if l.Tijdvakken != nil {
		w.tijdvakken = l.Tijdvakken(oin)
	}
	l.wortels[oin] = map[uint64][2]bewijs.Hash{}
	slices.Sort(groottes)
	for b, err := range l.Opslag.Bladen(ctx, oin, l.Meld) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, err
		}
		if b.Nummer > w.uit.Grootte()+maxGat {
			w.meld(DeelBoom, &b, fmt.Sprintf("Dit staat los van de log: na blad %d is niets opgeslagen.", w.uit.Grootte()))
			continue
		}
		for w.uit.Grootte() < b.Nummer { // nothing is stored of these
			w.blad(&Blad{Nummer: w.uit.Grootte()})
			groottes = l.onthoud(oin, w, groottes)
		}
		if b.Nummer < w.uit.Grootte() {
			w.meld(DeelBoom, &b, "Dit blad staat er meer dan eens.")
			continue
		}
		w.blad(&b)
		groottes = l.onthoud(oin, w, groottes)
		if l.Gang != nil && w.uit.Grootte()%gang == 0 {
			l.Gang(oin, w.uit.Grootte())
		}
	}
	for _, t := range w.tijdvakken {
		if t.Blad >= w.uit.Grootte() {
			losTijdvak(oin, t, l.Meld)
		}
	}
	return w.uit.Grootte(), l.Opslag.Einde(ctx, oin, Stand{w.in, w.laatste}, l.Meld)
}

// onthoud keeps the roots of the sizes that are asked for, and gives those that are still to come.
func (l *Log) onthoud(oin string, w *wandeling, groottes []uint64) []uint64 {
	for len(groottes) > 0 && groottes[0] <= w.uit.Grootte() {
		if groottes[0] == w.uit.Grootte() {
			l.wortels[oin][groottes[0]] = [2]bewijs.Hash{w.uit.Wortel(), w.in.Wortel()}
		}
		groottes = groottes[1:]
	}
	return groottes
}

// wandeling is a walk along the leaves of a log.
type wandeling struct {
	*Log
	oin        string
	s          *betrokkene.Sleutels
	tijdvakken bewijs.Tijdvakken
	vaker      map[uuid.UUID]bool                      // acties with more than one version
	vorige     map[uuid.UUID]*verwerkingenlog.Verleden // of those, what the versions before told
	laatste    int64
	uit        *bewijs.Rand // of the leaves as the versions make them
	in         *bewijs.Rand // of the leaf hashes as stored
	nieuw      [2][]bewijs.Hash
}

func (w *wandeling) meld(deel string, b *Blad, wat string) {
	waar := fmt.Sprintf("blad %d", b.Nummer)
	if b.Rij != nil {
		waar += fmt.Sprintf(", versie %d van actie %s", b.Rij.Nummer, b.Rij.ActieID)
	}
	w.Meld(Gebrek{w.oin, deel, waar, wat})
}

// blad judges one leaf. When its version and its stored hash differ both trees go on, so that what comes after it is
// judged by itself.
func (w *wandeling) blad(b *Blad) {
	uit, ok := w.versie(b)
	if len(b.Hashes) == 0 {
		w.meld(DeelBoom, b, "De hash van dit blad ontbreekt.")
		w.uit.Append(nil, uit)
		w.in.Append(nil, uit)
		return
	}
	in := b.Hashes[0]
	if !ok {
		uit = in
	}
	if uit != in {
		wat := "De versie en de hash in de boom verschillen: een van beide is veranderd."
		if w.tijdvakken.Op(b.Nummer) != nil {
			wat = "Het tijdvak dat hier begint en de hash in de boom verschillen: een van beide is veranderd."
		}
		w.meld(DeelBoom, b, wat)
	}
	w.nieuw[0] = w.uit.Append(w.nieuw[0][:0], uit)
	w.nieuw[1] = w.in.Append(w.nieuw[1][:0], in)
	if len(b.Hashes) != len(w.nieuw[0]) {
		w.meld(DeelBoom, b, fmt.Sprintf("Bij dit blad horen %d hashes van de boom, en er staan er %d.", len(w.nieuw[0]), len(b.Hashes)))
		return
	}
	for i, h := range b.Hashes[1:] {
		if h != w.nieuw[0][i+1] && h != w.nieuw[1][i+1] {
			w.meld(DeelBoom, b, fmt.Sprintf("De knoop op hoogte %d van de boom die dit blad afmaakt, is veranderd.", i+1))
		}
	}
}

// versie judges a version, and gives the hash of its leaf when it can be made.
func (w *wandeling) versie(b *Blad) (h bewijs.Hash, ok bool) {
	r := b.Rij
	t := w.tijdvakken.Op(b.Nummer)
	switch {
	case t != nil && r == nil:
		return t.BladHash(), true
	case t != nil:
		w.meld(DeelTijdvak, b, "Op het blad waarmee een tijdvak begint, staat ook een versie.")
	case r == nil:
		w.meld(DeelVersie, b, "De versie ontbreekt: zij is verwijderd zonder dat dit is vastgelegd.")
		return h, false
	}
	w.laatste = r.Registratie
	if s := w.sommen[w.oin]; s.in(r.Blad) {
		w.Opslag.Verwacht(w.oin, r, func(a Afgeleid) { s.add(&a, 1) })
	}
	v := w.vorige[r.ActieID]
	if v == nil && w.vaker[r.ActieID] {
		v = &verwerkingenlog.Verleden{}
		w.vorige[r.ActieID] = v
	}
	blad, err := verwerkingenlog.Nakijken(w.s, w.oin, r, v)
	if errors.Is(err, verwerkingenlog.ErrVeranderd) {
		w.meld(DeelVersie, b, "De versie is veranderd: haar inhoud is niet te openen, of past niet bij wat ernaast staat.")
		return h, false
	}
	if errors.Is(err, verwerkingenlog.ErrIngangen) {
		w.meld(DeelVersie, b, "De ingangen waaronder deze versie te vinden is, horen niet bij haar inhoud.")
	}
	if errors.Is(err, verwerkingenlog.ErrMerk) {
		w.meld(DeelVersie, b, "Het merk van deze versie hoort niet bij haar plaats in de log en haar moment van registratie.")
	}
	return blad.BladHash(), true
}
