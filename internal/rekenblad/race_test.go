//go:build race

package rekenblad

const race = true
