package activiteit

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Bounds of imports that wait to be confirmed.
const (
	maxInvoer          = 8 << 20  // bytes, packed
	maxInvoerUitgepakt = 64 << 20 // bytes
	maxWachtend        = 20       // of an organisation
	maxWachtendEigen   = 3        // of a person
	// InvoerGeldig is how long one waits.
	InvoerGeldig = time.Hour
)

var teGroteInvoer = fout.New(fout.CodeTeGroot, "Dit bestand is te groot om in één keer in te lezen. Splits het in kleinere bestanden.")

// Bewaar keeps what was uploaded for an hour, with what is chosen for it, for nobody but who did it, until it is confirmed. It is no
// change of the register and has no event. Whoever uploads a fourth loses the oldest. Errors: CodeGeenToestemming, CodeTeGroot,
// CodeTeVeel.
func (r *Register) Bewaar(ctx context.Context, d Dader, keuze string, concept []byte) (uuid.UUID, error) {
	gepakt, err := pakIn(concept)
	if err != nil {
		return uuid.UUID{}, err
	}
	id := uuid.New()
	err = r.wijzig(ctx, d, func(o *ontwerp) error {
		if err := o.plaatsVoor(); err != nil {
			return err
		}
		o.Zet(&wachtend{ID: id, Stand: 1, Door: d.Wie, Tot: o.Nu.Add(InvoerGeldig).UTC(), Keuze: keuze})
		o.ZetBijlage(id, gepakt)
		return nil
	}, Wijzigen, Goedkeuren)
	if err != nil {
		return uuid.UUID{}, err
	}
	return id, nil
}

// pakIn makes it small.
func pakIn(inhoud []byte) ([]byte, error) {
	if len(inhoud) > maxInvoerUitgepakt {
		return nil, teGroteInvoer
	}
	gepakt := &bytes.Buffer{}
	z := gzip.NewWriter(gepakt)
	if _, err := z.Write(inhoud); err != nil {
		return nil, fmt.Errorf("pack an import: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack an import: %w", err)
	}
	if gepakt.Len() > maxInvoer {
		return nil, teGroteInvoer
	}
	return gepakt.Bytes(), nil
}

// plaatsVoor makes room for one more.
func (o *ontwerp) plaatsVoor() error {
	o.ruimOp()
	if len(o.Na.invoer) >= maxWachtend {
		return &fout.Fout{
			Code: fout.CodeTeVeel, Detail: "Er wachten al te veel bestanden om ingelezen te worden. Probeer het over een uur opnieuw.", OpnieuwNa: InvoerGeldig,
		}
	}
	return nil
}

// ZetKeuze keeps what is chosen now for what Bewaar kept. Errors as of Haal; fout.Gelijktijdig while it is taken over, CodeVoorwaarde
// when it was.
func (r *Register) ZetKeuze(ctx context.Context, d Dader, id uuid.UUID, keuze string) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.eigen(id)
		switch {
		case err != nil:
			return err
		case voor.Werk != nil && voor.Werk.Uitkomst != nil:
			return alGedaan
		case voor.Werk != nil && r.hier(id, voor.Werk).Loopt(o.Nu):
			return werkLoopt
		}
		na := voor.volgende()
		na.Keuze, na.Werk = keuze, nil
		o.Zet(na)
		return nil
	}, Wijzigen, Goedkeuren)
}

// ruimOp removes what waited too long, and of the dader what is more than they may have with one to come.
func (o *ontwerp) ruimOp() {
	var eigen []*wachtend
	for _, w := range o.Voor.invoer {
		switch {
		case !o.Nu.Before(w.Tot), w.van(o.d.Wie) && w.Werk != nil && w.Werk.Uitkomst != nil: // done: it was seen, or never will be
			o.gooi(w)
		case w.van(o.d.Wie):
			eigen = append(eigen, w)
		}
	}
	for len(eigen) >= maxWachtendEigen {
		oudste := 0
		for n, w := range eigen {
			if w.Tot.Before(eigen[oudste].Tot) {
				oudste = n
			}
		}
		o.gooi(eigen[oudste])
		eigen = append(eigen[:oudste], eigen[oudste+1:]...)
	}
}

func (o *ontwerp) gooi(w *wachtend) {
	o.HaalWeg(w)
	o.WisBijlage(w.ID)
}

// van reports whether it is of that person, who may have got another name meanwhile.
func (w *wachtend) van(wie beheerlog.Wie) bool {
	return w.Door.Soort == wie.Soort && w.Door.ID == wie.ID
}

// Haal gives back what Bewaar kept, with what is chosen for it. Errors: CodeGeenToestemming; fout.NietGevonden when it is over, or of
// someone else.
func (r *Register) Haal(ctx context.Context, d Dader, id uuid.UUID) (keuze string, inhoud []byte, err error) {
	w, err := r.wachtend(ctx, d, id)
	if err != nil {
		return "", nil, err
	}
	gepakt, err := r.kast.Bijlage(ctx, d.OIN, id)
	if err != nil {
		if fout.CodeOf(err) == fout.CodeNietGevonden {
			return "", nil, verlopenInvoer
		}
		return "", nil, fmt.Errorf("read an import: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(gepakt))
	if err != nil {
		return "", nil, fmt.Errorf("unpack an import: %w", err)
	}
	if inhoud, err = io.ReadAll(io.LimitReader(z, maxInvoerUitgepakt)); err != nil {
		return "", nil, fmt.Errorf("unpack an import: %w", err)
	}
	return w.Keuze, inhoud, nil
}

// Keuze gives what is chosen for what Bewaar kept, without its content. Errors as of Haal.
func (r *Register) Keuze(ctx context.Context, d Dader, id uuid.UUID) (string, error) {
	w, err := r.wachtend(ctx, d, id)
	if err != nil {
		return "", err
	}
	return w.Keuze, nil
}

// wachtend gives what waits of the dader.
func (r *Register) wachtend(ctx context.Context, d Dader, id uuid.UUID) (*wachtend, error) {
	t, err := r.lees(d, Wijzigen, Goedkeuren)
	if err != nil {
		return nil, err
	}
	if _, ok := t.invoer[id]; !ok { // another node may have kept it a moment ago
		if err := r.kast.Refresh(ctx); err != nil {
			return nil, err
		}
		t = r.kast.Stand(d.OIN)
	}
	w, ok := t.invoer[id]
	if !ok || !w.van(d.Wie) || !r.nu().Before(w.Tot) {
		return nil, verlopenInvoer
	}
	return w, nil
}

var verlopenInvoer = fout.New(fout.CodeNietGevonden, "Dit bestand is er niet meer: het wordt een uur bewaard. Kies het bestand opnieuw.")

// GooiInvoerWeg removes what Bewaar kept, and with it what is being done with it; what is gone already is no error. Errors:
// CodeGeenToestemming; CodeVoorwaarde when it was taken over already.
func (r *Register) GooiInvoerWeg(ctx context.Context, d Dader, id uuid.UUID) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		if w, ok := o.Voor.invoer[id]; ok && w.van(d.Wie) {
			if w.Werk != nil && w.Werk.Uitkomst != nil {
				return alGedaan
			}
			o.gooi(w)
		}
		return nil
	}, Wijzigen, Goedkeuren)
}
