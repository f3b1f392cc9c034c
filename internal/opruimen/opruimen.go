// Package opruimen lets tests clean up so that nothing of it stays in memory. For tests only.
//
// The testing package keeps each function that was given to Cleanup until the last parallel test of the package has ended, and
// with it all that the function knows: a whole register, a store with its caches. A package of hundreds of such tests took
// gigabytes, and the collector went through them over and over. Whoever closes something large does it by Na.
package opruimen

import "testing"

// Na is t.Cleanup(f), after which f and what it knows may go.
func Na(t testing.TB, f func()) {
	t.Helper()
	t.Cleanup(func() {
		// Last: what is added while cleaning up takes the place of the function that runs.
		defer t.Cleanup(func() {})
		f()
	})
}
