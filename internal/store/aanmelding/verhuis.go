package aanmelding

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Verhuis takes over what people of organisations sign in with, and their history. Sessions and trusted browsers stay
// behind: everybody signs in again.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		if err := kamer.Overnemen(ctx, van, naar, oin, "middel", "gebruiker", "soort", "id", "versie", "inhoud"); err != nil {
			return err
		}
		if err := kamer.Overnemen(ctx, van, naar, oin, "aanmeldhistorie", "gebruiker", "nr"); err != nil {
			return err
		}
	}
	return nil
}
