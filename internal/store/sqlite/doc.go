// Package sqlite is the embedded engine of the register: an implementation of verwerkingenlog.Store
// on SQLite without cgo, for one process on one machine.
//
// A directory holds two databases. log.db is the truth and is only appended to: the versions and
// the hashes of the trees, one transaction with one fsync for a group of units. index.db tells which
// versions belong to an actie and which name a key; it is derived, filled behind the commit in packed,
// sorted runs, and may be deleted at any time. What is not in it yet stands in memory (the staart),
// where every reader looks first. So a commit touches only the ends of two B-trees, however many
// records there are, and a reader never notices that the index lags.
//
// What a caller must know:
//   - Open takes the directory for itself alone; a second process is refused.
//   - A nil error of Append means synced to disk. After verwerkingenlog.ErrNietDuurzaam every
//     further Append is refused and the process must stop: a failed sync is never tried again.
//   - Content arrives sealed. Beside it lie ids, handles, class and times, never an identifier.
//   - When the index can't keep up, Append slows down and then answers fout.NietBeschikbaar: memory
//     has a bound.
package sqlite
