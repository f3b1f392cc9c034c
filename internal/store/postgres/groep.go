package postgres

import (
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// groep is the work space of one Append, reused.
type groep struct {
	leden []lid
	groei []*groei // the organisations of the units, by nr
	nr    int64    // under which the rows of this attempt stand; 0 when there are none
	nu    int64    // µs
	alles bool     // first versions are looked up as well
	slot  bool     // the head rows are locked before they are numbered by

	// What is asked of the database before units can be judged, and what it said.
	nrs, actieNrs, sleutelNrs []int32
	acties, sleutels          []pgtype.UUID
	nummers                   map[actieSleutel]uint32 // newest number stored
	bewaard                   map[idemSleutel]bewaard

	// The judgement.
	nieuw, vorige []lid                   // units to be written; those of the judgement before
	laatste       map[actieSleutel]uint32 // newest number that this group gives an actie
	terug         []stand                 // what laatste was before the unit that is being judged
	idem          map[idemSleutel]*verwerkingenlog.Eenheid
	tweelingen    []tweeling

	buf, data []byte
	extra     []ingangRij

	werk map[*organisatie]*groei // every groei there ever was
}

// groei is what the group adds to one organisation.
type groei struct {
	o      *organisatie
	bezig  bool
	aantal int32 // versions that were accepted

	grootte, laatste int64        // of the head row, as it was read last
	gesloten         bool         // the same
	oud              []byte       // its right edge
	rand             *bewijs.Rand // the same, and then with what the group adds

	hashes []byte // that its leaves bring, in the order of tlog
	merken []byte // of its versions
}

// lid is a unit and its organisation; w is nil when that is unknown.
type lid struct {
	e *verwerkingenlog.Eenheid
	w *groei
}

type actieSleutel struct {
	organisatie int32
	actie       uuid.UUID
}

type stand struct {
	actieSleutel
	nummer uint32
	is     bool
}

func newGroep() *groep {
	return &groep{
		nummers: map[actieSleutel]uint32{}, bewaard: map[idemSleutel]bewaard{}, laatste: map[actieSleutel]uint32{},
		idem: map[idemSleutel]*verwerkingenlog.Eenheid{}, werk: map[*organisatie]*groei{},
	}
}

// begin takes the units of a call.
func (g *groep) begin(s *Store, eenheden []*verwerkingenlog.Eenheid) {
	g.alles, g.slot = false, false
	for _, e := range eenheden {
		l := lid{e: e}
		if o := s.organisaties[e.OIN]; o != nil {
			l.w = g.grow(o)
		}
		g.leden = append(g.leden, l)
	}
	slices.SortFunc(g.groei, func(a, b *groei) int { return int(a.o.nr) - int(b.o.nr) })
	for _, w := range g.groei {
		g.nrs = append(g.nrs, w.o.nr)
	}
	g.question()
}

func (g *groep) grow(o *organisatie) *groei {
	w := g.werk[o]
	if w == nil {
		w = &groei{o: o, oud: []byte{}} // an empty edge is not NULL
		g.werk[o] = w
	}
	if !w.bezig {
		w.bezig, w.grootte, w.laatste, w.gesloten, w.rand = true, 0, 0, false, nil
		g.groei = append(g.groei, w)
	}
	return w
}

// end forgets the call.
func (g *groep) end() {
	for _, w := range g.groei {
		w.bezig = false
	}
	clear(g.leden)
	clear(g.nieuw[:cap(g.nieuw)])
	clear(g.vorige[:cap(g.vorige)])
	clear(g.idem)
	clear(g.laatste)
	clear(g.tweelingen)
	g.leden, g.groei, g.nrs, g.nieuw, g.vorige = g.leden[:0], g.groei[:0], g.nrs[:0], g.nieuw[:0], g.vorige[:0]
}

// question gathers what must be asked.
func (g *groep) question() {
	g.actieNrs, g.acties, g.sleutelNrs, g.sleutels = g.actieNrs[:0], g.acties[:0], g.sleutelNrs[:0], g.sleutels[:0]
	clear(g.nummers)
	clear(g.bewaard)
	for _, l := range g.leden {
		if l.w == nil {
			continue
		}
		for _, r := range l.e.Rijen {
			// The id of a first version is random. One that is there all the same is refused by its index.
			if r.Nummer > 1 || g.alles {
				g.actieNrs, g.acties = append(g.actieNrs, l.w.o.nr), append(g.acties, pgUUID(r.ActieID))
			}
		}
		if id := l.e.Idempotentie; id != nil {
			g.sleutelNrs, g.sleutels = append(g.sleutelNrs, l.w.o.nr), append(g.sleutels, pgUUID(id.Sleutel))
		}
	}
}

// asks tells whether there is a question.
func (g *groep) asks() bool { return len(g.acties)+len(g.sleutels) > 0 }

// shut tells whether an organisation of the group takes nothing in.
func (g *groep) shut() bool {
	return slices.ContainsFunc(g.groei, func(w *groei) bool { return w.gesloten })
}

// judge decides which units are written, and tells whether they are those of the judgement before.
func (g *groep) judge() (same bool) {
	g.nieuw, g.vorige = g.vorige[:0], g.nieuw
	clear(g.laatste)
	clear(g.idem)
	g.tweelingen = g.tweelingen[:0]
	for _, w := range g.groei {
		w.aantal = 0
	}
	for _, l := range g.leden {
		l.e.Eerder = nil
		l.e.Err = g.accept(l)
	}
	return slices.Equal(g.nieuw, g.vorige)
}

// accept judges one unit. A refused unit leaves no trace in g.
func (g *groep) accept(l lid) error {
	e, w := l.e, l.w
	if w == nil {
		return errOrganisatie
	}
	if w.gesloten {
		return errGesloten
	}
	if len(e.Rijen) == 0 {
		return errors.New("unit without a version")
	}
	if e.Idempotentie != nil {
		if done, err := g.earlier(w, e); done || err != nil {
			return err
		}
	}
	g.terug = g.terug[:0]
	for _, r := range e.Rijen {
		err := checkRij(w.o.oin, r)
		if err == nil && !g.follows(w, r) {
			err = fout.Gelijktijdig
		}
		if err != nil {
			g.undo()
			return err
		}
	}
	if e.Idempotentie != nil {
		g.idem[idemSleutel{w.o.nr, e.Idempotentie.Sleutel}] = e
	}
	w.aantal += int32(len(e.Rijen))
	g.nieuw = append(g.nieuw, l)
	return nil
}

// follows tells whether r is the next version of its actie: after what the group brings, and otherwise after
// what is stored. It then is what comes last.
func (g *groep) follows(w *groei, r *verwerkingenlog.Rij) bool {
	k := actieSleutel{w.o.nr, r.ActieID}
	n, is := g.laatste[k]
	g.terug = append(g.terug, stand{k, n, is})
	if !is {
		n = g.nummers[k]
	}
	g.laatste[k] = r.Nummer
	return r.Nummer == n+1
}

// undo takes back what the unit that is being judged brought.
func (g *groep) undo() {
	for _, t := range slices.Backward(g.terug) {
		if t.is {
			g.laatste[t.actieSleutel] = t.nummer
		} else {
			delete(g.laatste, t.actieSleutel)
		}
	}
}

// tell answers the units that repeat one of the group, now that it is written.
func (g *groep) tell() {
	for _, t := range g.tweelingen {
		blad := t.eerste.Rijen[0].Blad
		t.e.Eerder = &blad
	}
}

// number gives the versions their leaves, registrations and hashes, after what the locked head rows say.
func (g *groep) number() {
	for _, w := range g.groei {
		w.aantal, w.hashes, w.merken = 0, w.hashes[:0], w.merken[:0]
	}
	var hashes []bewijs.Hash
	for _, l := range g.nieuw {
		w := l.w
		eerste := w.eerste(g.nu)
		for _, r := range l.e.Rijen {
			r.Plaats(w.rand.Grootte(), eerste+int64(w.aantal))
			hashes = w.rand.Append(hashes[:0], r.Bewijs.BladHash())
			for i := range hashes {
				w.hashes = append(w.hashes, hashes[i][:]...)
			}
			w.merken = append(w.merken, r.Merk[:]...)
			w.aantal++
		}
	}
}
