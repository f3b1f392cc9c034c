package activiteit

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// What is done with a file that takes longer than somebody waits for.
const (
	WerkLezen    = "lezen"    // the file is being read
	WerkInvoeren = "invoeren" // the activities are being taken over
)

// Werk is how far work on a file is. It stands in the store, so that every node can tell. Its JSON is the format there.
type Werk struct {
	Wat        string    `json:"wat"`
	Bestand    string    `json:"bestand"` // as the sender calls it
	Sinds      time.Time `json:"sinds"`
	Levend     time.Time `json:"levend"` // last sign of the node that does it
	Rijen      int       `json:"rijen"`  // read so far
	Procent    int       `json:"procent"`
	Definitief bool      `json:"definitief,omitzero"`
	Uitkomst   *Uitkomst `json:"uitkomst,omitzero"` // of WerkInvoeren: it is done
	Fouten     []string  `json:"fouten,omitzero"`   // Dutch: why it failed
}

// stilte is how long a node may give no sign: then it was stopped, and what it did came to nothing.
const stilte = 20 * time.Second

// Loopt reports whether it is still being done.
func (w *Werk) Loopt(nu time.Time) bool {
	return w.Uitkomst == nil && len(w.Fouten) == 0 && nu.Sub(w.Levend) < stilte
}

// Gestopt reports whether the node that did it is gone.
func (w *Werk) Gestopt(nu time.Time) bool {
	return w.Uitkomst == nil && len(w.Fouten) == 0 && !w.Loopt(nu)
}

// Doe says that this node does the work on a file, until klaar. Here it goes on then, though it gives no sign: those wait for a
// change that takes long, as taking over a large file is itself.
func (r *Register) Doe(id uuid.UUID) (klaar func()) {
	r.doet.Store(id, nil)
	return func() { r.doet.Delete(id) }
}

// hier is work as it is known at this node.
func (r *Register) hier(id uuid.UUID, w *Werk) *Werk {
	uit := w.kopie()
	if _, doet := r.doet.Load(id); doet {
		uit.Levend = r.nu()
	}
	return uit
}

func (w *Werk) kopie() *Werk {
	uit := *w
	uit.Fouten = slices.Clone(w.Fouten)
	return &uit
}

// volgende is the next version of a wachtend.
func (w *wachtend) volgende() *wachtend {
	uit := *w
	uit.Stand++
	return &uit
}

// eigen gives what waits of the dader; verlopenInvoer when it is gone.
func (o *ontwerp) eigen(id uuid.UUID) (*wachtend, error) {
	w, ok := o.Voor.invoer[id]
	if !ok || !w.van(o.d.Wie) || !o.Nu.Before(w.Tot) {
		return nil, verlopenInvoer
	}
	return w, nil
}

var (
	werkLoopt = fout.New(fout.CodeGelijktijdig, "Met dit bestand is het register al bezig. Bekijk hoe ver het is.")
	alGedaan  = fout.New(fout.CodeVoorwaarde, "Dit bestand is al ingevoerd. Bekijk wat er is ingevoerd.")
)

// BeginWerk says that something is being done with a file; with no id it is one that is not kept yet, and gets one. Errors:
// CodeGeenToestemming; CodeTeVeel as of Bewaar; fout.NietGevonden; fout.Gelijktijdig when it is being done, CodeVoorwaarde when it was.
func (r *Register) BeginWerk(ctx context.Context, d Dader, id uuid.UUID, in Werk) (uuid.UUID, error) {
	nieuw := uuid.New()
	err := r.wijzig(ctx, d, func(o *ontwerp) error {
		w := &wachtend{ID: nieuw, Stand: 1, Door: d.Wie, Tot: o.Nu.Add(InvoerGeldig).UTC()}
		if id != uuid.Nil {
			voor, err := o.eigen(id)
			switch {
			case err != nil:
				return err
			case voor.Werk != nil && voor.Werk.Uitkomst != nil:
				return alGedaan
			case voor.Werk != nil && r.hier(id, voor.Werk).Loopt(o.Nu):
				return werkLoopt
			}
			w = voor.volgende()
		} else if err := o.plaatsVoor(); err != nil {
			return err
		}
		w.Werk = in.kopie()
		w.Werk.Sinds, w.Werk.Levend = in.Sinds.UTC(), o.Nu.UTC()
		o.Zet(w)
		nieuw = w.ID
		return nil
	}, Wijzigen, Goedkeuren)
	if err != nil {
		return uuid.UUID{}, err
	}
	return nieuw, nil
}

// MeldWerk is a sign that the work goes on. Errors: fout.NietGevonden when whoever asked for it threw it away: it is to stop.
func (r *Register) MeldWerk(ctx context.Context, d Dader, id uuid.UUID, rijen, procent int) error {
	return r.opWerk(ctx, d, id, func(o *ontwerp, w *wachtend) {
		w.Werk.Rijen, w.Werk.Procent, w.Werk.Levend = rijen, procent, o.Nu.UTC()
	})
}

// WerkMislukt ends work that came to nothing.
func (r *Register) WerkMislukt(ctx context.Context, d Dader, id uuid.UUID, fouten []string) error {
	return r.opWerk(ctx, d, id, func(_ *ontwerp, w *wachtend) { w.Werk.Fouten = slices.Clone(fouten) })
}

// WerkGelezen ends WerkLezen: what was read is kept as Bewaar keeps it. Errors as of Bewaar and MeldWerk.
func (r *Register) WerkGelezen(ctx context.Context, d Dader, id uuid.UUID, keuze string, inhoud []byte) error {
	gepakt, err := pakIn(inhoud)
	if err != nil {
		return err
	}
	return r.opWerk(ctx, d, id, func(o *ontwerp, w *wachtend) {
		w.Werk, w.Keuze, w.Tot = nil, keuze, o.Nu.Add(InvoerGeldig).UTC()
		o.ZetBijlage(id, gepakt)
	})
}

func (r *Register) opWerk(ctx context.Context, d Dader, id uuid.UUID, f func(*ontwerp, *wachtend)) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.eigen(id)
		if err != nil {
			return err
		}
		if voor.Werk == nil || voor.Werk.Uitkomst != nil {
			return nil // done by now
		}
		na := voor.volgende()
		na.Werk = voor.Werk.kopie()
		f(o, na)
		o.Zet(na)
		return nil
	}, Wijzigen, Goedkeuren)
}

// Werk gives how far work on a file is; nil when nothing is being done with it. Errors as of Haal.
func (r *Register) Werk(ctx context.Context, d Dader, id uuid.UUID) (*Werk, error) {
	w, err := r.wachtend(ctx, d, id)
	if err != nil || w.Werk == nil {
		return nil, err
	}
	return r.hier(id, w.Werk), nil
}

// Werken gives the work of the dader that goes on, by id of the file.
func (r *Register) Werken(d Dader) (map[uuid.UUID]Werk, error) {
	t, err := r.lees(d, Wijzigen, Goedkeuren)
	if err != nil {
		return nil, err
	}
	uit := map[uuid.UUID]Werk{}
	for id, w := range t.invoer {
		if w.van(d.Wie) && w.Werk != nil {
			if hier := r.hier(id, w.Werk); hier.Loopt(r.nu()) {
				uit[id] = *hier
			}
		}
	}
	return uit, nil
}
