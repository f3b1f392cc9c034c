package gebruiker

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Verhuis takes over the people and groups of organisations that stand in both stores. The source decides: that the
// destination did not go on by itself is for the beheerlog to tell, which moves before it.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, "gebruikersrij", "soort", "id", "versie", "ingang", "inhoud"); err != nil {
			return err
		}
		// Last: nodes read the documents anew when it changes.
		if err := kamer.Overnemen(ctx, van, naar, oin, "gebruikersstand", "generatie"); err != nil {
			return err
		}
	}
	return nil
}
