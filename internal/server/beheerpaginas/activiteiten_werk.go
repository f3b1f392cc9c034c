package beheerpaginas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/activiteit/overdracht"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Reading and taking over a sheet: done at once when it is small; else it goes on beside the requests, and stands in the store with
// how far it is, so that every node can tell (docs/besluiten/0027).

// herstart is told when the register stopped while it was busy.
const herstart = "Het register is opnieuw gestart terwijl het met dit bestand bezig was. Er is niets ingevoerd. Probeer het opnieuw."

// gelezen is a sheet that was read.
type gelezen struct {
	keuze string
	tabel []byte
}

func (i invoeren) Lees(ctx context.Context, b *pagina.Bezoeker, naam string, r io.ReaderAt, n int64) (id uuid.UUID, bezig bool, err error) {
	d := i.activiteitDader(b)
	if !d.Mag(activiteit.Zien) || !d.Mag(activiteit.Wijzigen) { // a preview tells what there is
		return uuid.UUID{}, false, fout.GeenToestemming
	}
	inhoud := make([]byte, min(n, beheer.MaxInvoer+1)) // the request may end before it is read
	if _, err := r.ReadAt(inhoud, 0); err != nil && err != io.EOF {
		return uuid.UUID{}, false, fmt.Errorf("take a file: %w", err)
	}
	begonnen := i.Nu()
	var rijen, procent atomic.Int64
	k := begin(i.Werk, func(ctx context.Context) (gelezen, error) {
		return leesBlad(naam, inhoud, func(nu, deel int) error {
			rijen.Store(int64(nu))
			procent.Store(int64(deel))
			return ctx.Err()
		})
	})
	if u, klaar := k.wacht(ctx, i.Werk.genoeg()); klaar {
		k.stop()
		if u.err == nil {
			id, u.err = i.Activiteiten.Bewaar(ctx, d, u.waarde.keuze, u.waarde.tabel)
		}
		return id, false, u.err
	}
	id, err = i.Activiteiten.BeginWerk(ctx, d, uuid.UUID{}, activiteit.Werk{
		Wat: activiteit.WerkLezen, Bestand: kort(naam), Sinds: begonnen, Rijen: int(rijen.Load()), Procent: int(procent.Load()),
	})
	if err != nil {
		k.stop()
		return uuid.UUID{}, false, err
	}
	gedaan := i.Activiteiten.Doe(id)
	k.volg(i.Werk, func(ctx context.Context) error {
		return weg(i.Activiteiten.MeldWerk(ctx, d, id, int(rijen.Load()), int(procent.Load())))
	}, func(ctx context.Context, u uitslag[gelezen]) {
		defer gedaan()
		if u.err == nil {
			u.err = i.Activiteiten.WerkGelezen(ctx, d, id, u.waarde.keuze, u.waarde.tabel)
		}
		i.mislukt(ctx, d, id, u.err)
	})
	return id, true, nil
}

// weg gives an error only when what is done is not wanted any more: a store that can't be reached for a while stops nothing.
func weg(err error) error {
	if c := fout.CodeOf(err); c == fout.CodeNietGevonden || c == fout.CodeGeenToestemming {
		return err
	}
	return nil
}

// mislukt says why work came to nothing, if it did. When that can't be said, its silence does.
func (i invoeren) mislukt(ctx context.Context, d activiteit.Dader, id uuid.UUID, err error) {
	if err != nil && weg(err) == nil {
		_ = i.Activiteiten.WerkMislukt(ctx, d, id, zinnen(err))
	}
}

// zinnen are what is wrong, for people.
func zinnen(err error) (uit []string) {
	f, ok := errors.AsType[*fout.Fout](err)
	switch {
	case errors.Is(err, context.Canceled):
		return []string{herstart}
	case !ok || f.Code == fout.CodeIntern:
		return []string{"Dit ligt aan ons, niet aan u. Er is niets ingevoerd. Probeer het opnieuw."}
	}
	for _, p := range f.Params {
		uit = append(uit, p.Reason)
	}
	if len(uit) == 0 && f.Detail != "" {
		uit = []string{f.Detail}
	}
	if len(uit) == 0 {
		uit = []string{"Iemand anders heeft dit intussen gewijzigd. Er is niets ingevoerd. Bekijk hoe het nu is, en probeer het opnieuw."}
	}
	return uit
}

// leesBlad reads a sheet, and what its columns seem to be.
func leesBlad(naam string, inhoud []byte, voortgang func(rijen, procent int) error) (uit gelezen, err error) {
	t, err := rekenblad.Lees(bytes.NewReader(inhoud), int64(len(inhoud)), naam, rekenblad.Limieten{Bytes: beheer.MaxInvoer, Voortgang: voortgang})
	if err != nil {
		return uit, err
	}
	if err := voortgang(len(t.Rijen), 100); err != nil {
		return uit, err
	}
	w := &wachtend{tabel: t}
	if w.Kop, w.Koppeling = overdracht.Voorstel(t); w.Kop < 0 {
		w.Kop, w.Koppeling = 0, overdracht.VoorstelVoor(t, 0)
	}
	if uit.tabel, err = t.Pak(); err != nil {
		return uit, err
	}
	uit.keuze, err = w.keuze()
	return uit, err
}

func (i invoeren) Voer(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, definitief bool, dag string) (*beheer.InvoerUitkomst, error) {
	d, begonnen := i.activiteitDader(b), i.Nu()
	if w, err := i.Activiteiten.Werk(ctx, d, id); err != nil {
		return nil, err
	} else if w != nil && (w.Uitkomst != nil || w.Loopt(i.Nu())) {
		return naarUitkomst(w.Uitkomst), nil // sent twice
	}
	k := begin(i.Werk, func(ctx context.Context) (activiteit.Uitkomst, error) { return i.voer(ctx, b, id, definitief, dag) })
	u, klaar := k.wacht(context.WithoutCancel(ctx), i.Werk.genoeg())
	if !klaar {
		_, err := i.Activiteiten.BeginWerk(ctx, d, id, activiteit.Werk{Wat: activiteit.WerkInvoeren, Sinds: begonnen, Definitief: definitief})
		switch fout.CodeOf(err) {
		case fout.CodeVoorwaarde: // it was done in between
			u = <-k.uit
		case fout.CodeGelijktijdig:
			k.stop()
			return nil, nil // somebody sent it twice, and is shown the other
		default:
			if err != nil {
				k.stop()
				return nil, err
			}
			gedaan := i.Activiteiten.Doe(id)
			k.volg(i.Werk, func(ctx context.Context) error { return weg(i.Activiteiten.MeldWerk(ctx, d, id, 0, 0)) },
				func(ctx context.Context, u uitslag[activiteit.Uitkomst]) {
					defer gedaan()
					i.mislukt(ctx, d, id, u.err)
				})
			return nil, nil
		}
	}
	k.stop()
	if u.err != nil {
		return nil, u.err
	}
	return naarUitkomst(&u.waarde), nil
}

func naarUitkomst(u *activiteit.Uitkomst) *beheer.InvoerUitkomst {
	if u == nil {
		return nil
	}
	return &beheer.InvoerUitkomst{Nieuw: u.Nieuw, Gewijzigd: u.Gewijzigd, Gelijk: u.Gelijk}
}

func (i invoeren) Bezig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.InvoerWerk, error) {
	w, err := i.Activiteiten.Werk(ctx, i.activiteitDader(b), id)
	if err != nil || w == nil {
		return nil, err
	}
	uit := naarWerk(id, w)
	if w.Gestopt(i.Nu()) {
		uit.Fouten = []string{herstart}
	}
	return uit, nil
}

func naarWerk(id uuid.UUID, w *activiteit.Werk) *beheer.InvoerWerk {
	return &beheer.InvoerWerk{
		ID: id, Invoeren: w.Wat == activiteit.WerkInvoeren, Bestand: w.Bestand, Sinds: w.Sinds, Rijen: w.Rijen, Procent: w.Procent, Definitief: w.Definitief,
		Uitkomst: naarUitkomst(w.Uitkomst), Fouten: w.Fouten,
	}
}

func (i invoeren) Lopend(_ context.Context, b *pagina.Bezoeker) (uit []beheer.InvoerWerk, err error) {
	werken, err := i.Activiteiten.Werken(i.activiteitDader(b))
	for id, w := range werken {
		uit = append(uit, *naarWerk(id, &w))
	}
	return uit, err
}
