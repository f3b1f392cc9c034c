//go:build !race && !dev

package main

const metRace = false
