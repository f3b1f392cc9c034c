package beheerlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// TijdvakRij is the row of the leaf with which the beheerlog goes on in a new epoch. It is not sealed, as it is public; its id
// follows from it.
func TijdvakRij(b *bewijs.Tijdvakblad) *Rij {
	return &Rij{OIN: b.OIN, ID: tijdvakID(b), Nummer: b.Blad, Moment: b.Moment, Soort: Tijdvak, Verzegeld: b.Bytes()}
}

func tijdvakID(b *bewijs.Tijdvakblad) uuid.UUID {
	h := b.Entry()
	return uuid.UUID(h[:16])
}

// openTijdvak reads such a row back as an event.
func openTijdvak(r *Rij) (*Regel, error) {
	b, err := bewijs.ParseTijdvakblad(r.Verzegeld)
	if err == nil && (b.OIN != r.OIN || b.Boom != bewijs.BoomBeheer || b.Blad != r.Nummer || b.Moment != r.Moment || tijdvakID(b) != r.ID) {
		err = errors.New("what stands beside it differs")
	}
	if err != nil {
		return nil, fmt.Errorf("open event %d: %w", r.Nummer, err)
	}
	return &Regel{
		ID: r.ID, Nummer: r.Nummer, Moment: time.UnixMicro(r.Moment).UTC(), Soort: r.Soort, Door: Opdrachtregel, Wat: TijdvakZin("Het beheerlog", b), Reden: b.Reden,
	}, nil
}

// Tijdvakregels gives the numbers of the events that begin an epoch, at most MaxLijst.
func (l *Log) Tijdvakregels(ctx context.Context, oin string) (uit []uint64, err error) {
	regels, err := l.Van(ctx, oin, Tijdvak, Vanaf, MaxLijst)
	for _, r := range regels {
		uit = append(uit, r.Nummer)
	}
	return uit, err
}

// TijdvakZin says what an epoch tells, in Dutch: of which log (with a capital).
func TijdvakZin(log string, b *bewijs.Tijdvakblad) string {
	zin := fmt.Sprintf("%s gaat verder in tijdvak %d, vanaf blad %d.", log, b.Nummer, b.Blad)
	switch gat := b.Gat(); {
	case gat == 1:
		zin += fmt.Sprintf(" Verloren is blad %d, dat wel was ondertekend.", b.Blad)
	case gat > 1:
		zin += fmt.Sprintf(" Verloren zijn de bladen %d tot en met %d, die wel waren ondertekend.", b.Blad, b.Grootte-1)
	case b.Grootte == 0:
		zin += " Wat er daarvoor was ondertekend, is niet bekend."
	default:
		zin += " Alles wat was ondertekend, staat er nog."
	}
	return zin
}
