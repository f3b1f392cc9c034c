package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/verantwoord/verantwoord/internal/api"
)

// version prints what runs.
func version(_ context.Context, _ []string, stdout, _ io.Writer) error {
	_, err := fmt.Fprintf(stdout, "verantwoord %s (API %s, %s, %s/%s)\n", versie, api.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
