// Package storetest is the conformance suite of verwerkingenlog.Store: what every engine must do,
// and a model in memory that does it in the simplest way.
//
// An engine's test calls Run with a function that opens an empty store with the organisations A and
// B, that uses the clock Nu(t), and that closes itself at the end of the test. Model serves tests of
// other rooms that need a store without a disk. The bytes in a Rij are random: an engine never looks
// into them.
package storetest
