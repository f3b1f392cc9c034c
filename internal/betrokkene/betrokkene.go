// Package betrokkene keeps the identifiers of people out of what is stored (rules B2042, R-700).
//
// Two things are made of an identifier. A Handle is keyed and always the same: the only thing that
// is indexed and searched. The content of a version, identifiers included, is sealed with
// authenticated encryption: whoever has the store but not the keys reads nothing, can't guess a
// BSN, and can't change a record without notice. With the keys everything is reversible, for the
// organisation alone.
//
// Each organisation has its own keys (Sleutels), of three kinds: handle, zegel (sealing) and teken
// (signing). A key is a file <dir>/<oin>/<kind>-<number>.key of 64 hexadecimal digits and a
// newline, mode 0600: readable for back-up on paper, and never overwritten. The newest number is
// used to write, the other ones to read and to search. Open makes the first ones, and refuses to
// start with missing or other keys, by the fingerprints that the store keeps.
//
// Callers check identifiers beforehand (no NUL, limits of the standard), and give as additional
// data what the sealed bytes belong to. A zegel key may seal 2^32 times in each class; then it
// must be rotated.
package betrokkene

import "errors"

// Handle stands for an identifier of a person in the store: the first 16 bytes of
// HMAC-SHA256(handle key, objecttype ‖ 0 ‖ lower(soortObjectId) ‖ 0 ‖ objectId), with objectId as Nummer has it.
type Handle [16]byte

// Klasse is the class of sealing. Classes have keys of their own, so that what was ever
// confidential is stored apart (rules R-700).
type Klasse uint8

// The classes; the zero value is none, so that forgetting the class is noticed.
const (
	KlasseNormaal       Klasse = 1
	KlasseVertrouwelijk Klasse = 2 // is or was ever confidential, as at the moment of writing
)

// NietTeOpenen says that sealed bytes were altered, or sealed with another key, class or
// additional data. Which of these is not told.
var NietTeOpenen = errors.New("sealed bytes can't be opened")
