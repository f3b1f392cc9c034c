// Package kamer is what the rooms that are not the log stand on: applications, and what else an
// organisation keeps beside its records. The log is written natively for each engine; such a room has one
// SQL text, that both take, and so one behaviour and half the code.
//
// One text for both means:
//   - parameters are numbered ($1, $2, …) and may come again or in another order;
//   - types are TEXT, BIGINT and BYTEA, with string, int64 and []byte in Go; a moment is a BIGINT of
//     microseconds, a yes or no a BIGINT of 0 or 1, a uuid its text; nil is NULL, and what is empty may come back
//     as nil;
//   - a conflict is met by ON CONFLICT, or a version in WHERE, and the number of rows that Exec gives; not
//     by catching the error of a constraint;
//   - what PostgreSQL can't infer is said: CAST($1 AS BIGINT), and CAST(sum(x) AS BIGINT);
//   - table organisatie(nr, oin) of the log may be joined, and nothing else of it.
//
// The tables of a room come to be by a step in stappen.go.
package kamer

import "context"

// Opslag is an engine as the rooms see it. It may be used by many goroutines.
//
// A function may be run again from the start, when it met another one or the connection was lost. So it
// does nothing but its statements, and sets what it gives anew. It is short, as others wait for it, and
// asks the engine nothing in another way meanwhile. Its error comes back as it is (fout.Gelijktijdig,
// say). Trouble of the engine is fout.NietBeschikbaar: nothing was done, unless its text says that this is
// not known.
type Opslag interface {
	// Read shows f one consistent snapshot, with everything that was written before; f can't write.
	// It is stopped when ctx ends.
	Read(ctx context.Context, f func(*Tx) error) error
	// Write runs f in one transaction: when it returns nil all of it is durable, otherwise nothing was
	// done, also when f panics. No other Write comes between what f reads and what it writes, so that
	// to read, decide and write is safe. Once begun, it isn't stopped by the end of ctx.
	Write(ctx context.Context, f func(*Tx) error) error
}
