// Package postgres keeps the register on PostgreSQL: an implementation of verwerkingenlog.Store for
// several nodes on one database, with nothing between them but that database.
//
// A group of units is one transaction. Its rows go in first, under a number of the group (versie,
// ingang); only then the head row of the organisation is locked, the leaves get their numbers and the
// tree its hashes (groep, organisatie), and the transaction commits. So nodes wait for each other during
// the numbering and the sync alone. A node that is alone numbers by what it remembers of the head row, and
// sends it all in one message that fails when it is wrong (besluit 0017). A leaf number is groep.van + versie.plaats, and a registration is
// groep.registratie + versie.plaats: a row is written once and never touched again.
//
// What a caller must know:
//   - A nil error of Append means that PostgreSQL has the commit on disk, and on its synchronous standbys.
//     A session that would not wait for that is told to. fsync=off is between the operator and the server.
//   - When the connection is lost during a commit, Append finds out how it ended before it answers. When it
//     can't, it says so; repeating is then safe with an idempotency key only.
//   - What was acknowledged, by any node, is seen: reads go to the server of the writes, or to a standby that
//     has it.
//   - Sessions have settings and prepared statements: a pooler between must keep them (session mode).
//   - Any trouble of the server is fout.NietBeschikbaar, within seconds. ErrNietDuurzaam is never returned:
//     PostgreSQL itself stops when a sync fails.
//   - Content arrives sealed. Beside it lie ids, handles, class and times, never an identifier.
//
// The SQL is plain: no extensions, triggers, sequences or advisory locks, and organisatie leads every key.
package postgres
