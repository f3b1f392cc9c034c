package beheerpaginas

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// noodtoegang implements beheer.Noodtoegang.
type noodtoegang struct{ *Koppeling }

func (n noodtoegang) Keuzes(_ context.Context, b *pagina.Bezoeker) (*beheer.NoodBlad, error) {
	mogelijk, fg, err := n.Beheer.MogelijkeNoodtoegang(dader(b))
	if f, ok := errors.AsType[*fout.Fout](err); ok && f.Code == fout.CodeGeenToestemming && f.Detail != "" {
		return &beheer.NoodBlad{WaaromNiet: f.Detail}, nil
	}
	if err != nil {
		return nil, err
	}
	uit := &beheer.NoodBlad{FG: fg, Duren: gebruiker.DurenNoodtoegang()}
	for _, m := range mogelijk {
		uit.Keuzes = append(uit.Keuzes, beheer.Woord{Sleutel: m.Recht.String(), Naam: m.Zin})
	}
	return uit, nil
}

func (n noodtoegang) Neem(ctx context.Context, b *pagina.Bezoeker, recht string, duur time.Duration, reden string) error {
	r, err := gebruiker.ParseRecht(recht)
	if err != nil {
		return fout.Ongeldig(fout.Param{Name: "recht", Code: "invalid_choice", Reason: "Kies wat u nodig hebt."})
	}
	_, err = n.Beheer.NeemNoodtoegang(ctx, dader(b), r, duur, reden)
	n.Wek()
	return err
}

func (n noodtoegang) Beeindig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error {
	err := n.Beheer.StopNoodtoegang(ctx, dader(b), id)
	if errors.Is(err, fout.NietGevonden) { // it is over
		return nil
	}
	return err
}

func (n noodtoegang) Lopend(_ context.Context, b *pagina.Bezoeker) (uit []beheer.NoodRegel, err error) {
	l, err := n.Beheer.Noodtoegangen(dader(b))
	for _, r := range l {
		uit = append(uit, beheer.NoodRegel(r))
	}
	return uit, err
}

// lopend is what every page of a person says runs.
func (k *Koppeling) lopend(oin string, id uuid.UUID) (uit []pagina.Nood) {
	for _, n := range k.Beheer.Register().LopendeNoodtoegang(oin, id, k.Nu()) {
		uit = append(uit, pagina.Nood{ID: n.ID, Wat: n.Wat(), Tot: n.Tot})
	}
	return uit
}
