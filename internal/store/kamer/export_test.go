package kamer

import "context"

// MigrateSteps is Migrate of a program with these steps.
func MigrateSteps(ctx context.Context, o Opslag, teksten ...string) error {
	var l []stap
	for _, t := range teksten {
		l = append(l, stap{"proef", t})
	}
	return migrate(ctx, o, l)
}
