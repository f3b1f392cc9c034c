//go:build race && !dev

package main

const metRace = true // the race detector runs
