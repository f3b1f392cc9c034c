package inwoner

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Verhuis takes over which events concern which citizens of organisations. Sessions and counts stay behind: everybody signs in again. So do
// states that were used: one that is open at that moment has its code used up at the service.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, "inwonerhistorie", "persoon", "nr", "moment"); err != nil {
			return err
		}
	}
	return nil
}
