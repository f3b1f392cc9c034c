//go:build !dev

package main

import (
	"context"
	"errors"
	"io"
)

// dev is not in a release build: it makes tokens for everybody and fills the store with invented
// people.
func dev(context.Context, []string, io.Writer, io.Writer) error {
	return errors.New("de demonstratie zit niet in deze versie; draai make demo, of bouw met -tags dev")
}
