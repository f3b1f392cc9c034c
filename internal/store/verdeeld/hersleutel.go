package verdeeld

import (
	"context"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Hersleutel implements verwerkingenlog.Hersleutelaar.
func (s *Store) Hersleutel(ctx context.Context, oin string, van uint64, max int, f func(*verwerkingenlog.Rij) (verwerkingenlog.Nieuw, bool, error)) (volgende uint64, gewijzigd int, err error) {
	return s.Op(oin).Hersleutel(ctx, oin, van, max, f)
}
