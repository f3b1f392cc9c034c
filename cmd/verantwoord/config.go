package main

import (
	"context"
	"io"
)

// toonConfig prints every key with its value, origin, default and unit; secrets are masked.
func toonConfig(_ context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := parseConfig("config", args, stderr, nil)
	if err != nil {
		return err
	}
	return c.Print(stdout)
}
