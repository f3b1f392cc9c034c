package kast

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Verhuis takes over the documents of organisations that stand in both stores. The source decides: that the destination did
// not go on by itself is for the beheerlog to tell, which moves before it.
func (t Tabel) Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, t.rij, "soort", "id", "versie", "ingang", "inhoud"); err != nil {
			return err
		}
		// Last: nodes read the documents anew when it changes.
		if err := kamer.Overnemen(ctx, van, naar, oin, t.stand, "generatie"); err != nil {
			return err
		}
	}
	return nil
}
