// Package postgrestest gives tests a real PostgreSQL, from the programs of the distribution and never
// as root: a fresh database in a cluster that the test process shares (Database), or a cluster of its
// own that a test may kill, stop, pause and follow with a standby (Start). Between a node and its
// database a test may lay a Leiding, to cut, block and delay what passes.
//
// What a caller must know:
//   - Nothing is skipped. Without the programs a test fails and says what to install. Database, not
//     Start, then also takes a server that stands elsewhere: VERANTWOORD_TEST_POSTGRES.
//   - A cluster listens on a unix socket in a directory that only its user can enter; nobody else on
//     the machine can reach it. Over TCP it is reached through a Leiding.
//   - No cluster outlives the process that started it, however that ends: see guard.go.
//   - It reads /proc, and so needs Linux.
package postgrestest
