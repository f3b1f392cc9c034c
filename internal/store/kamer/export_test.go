package kamer

import (
	"context"
	"slices"
)

// MigrateLater is Migrate of a later program, that has these steps more.
func MigrateLater(ctx context.Context, o Opslag, teksten ...string) error {
	l := slices.Clone(stappen)
	for _, t := range teksten {
		l = append(l, stap{"proef", t})
	}
	return migrate(ctx, o, l)
}
