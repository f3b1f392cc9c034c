package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/verantwoord/verantwoord/internal/bestand"
)

// Herbouw makes the index file of a store that is not open anew from the versions. ErrInGebruik: another process has it open.
// When it is broken off, the next start of the register goes on.
func Herbouw(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	slot, err := takeSlot(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(removeIndex(filepath.Join(dir, indexBestand)), bestand.Ontgrendel(slot)); err != nil {
		return fmt.Errorf("remove index: %w", err)
	}
	s, err := Open(ctx, dir, Opties{})
	if err != nil {
		return err
	}
	for s.Achterstand() > 0 && ctx.Err() == nil && s.Ready(ctx) == nil {
		pause(ctx, 20*time.Millisecond)
	}
	return errors.Join(ctx.Err(), s.Close())
}
