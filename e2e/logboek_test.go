package e2e

import (
	"context"
	"encoding/hex"
	"math/bits"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"
)

// logboek looks into a log on PostgreSQL behind the register, at rest: nothing is missing, nothing is
// there twice, and the tree is the one that its leaves make. It gives the number of leaves of all
// organisations.
func logboek(t testing.TB, url string) (leaves int64) {
	t.Helper()
	conn := verbinden(t, url)
	for what, sql := range map[string]string{
		"versions of no group": `SELECT count(*) FROM versie v LEFT JOIN groep g ON g.organisatie = v.organisatie AND g.nr = v.groep
			WHERE g.nr IS NULL OR v.plaats < 0 OR v.plaats >= g.aantal`,
		"groups that lack a version": `SELECT count(*) FROM groep g
			WHERE aantal <> (SELECT count(*) FROM versie v WHERE v.organisatie = g.organisatie AND v.groep = g.nr)`,
		"acties whose versions are not numbered without a gap": `SELECT count(*) FROM (
			SELECT FROM versie GROUP BY organisatie, actie HAVING min(nummer) <> 1 OR max(nummer) <> count(*)) a`,
		"index entries of no version": `SELECT count(*) FROM ingang i LEFT JOIN versie v
			ON v.organisatie = i.organisatie AND v.groep = i.groep AND v.plaats = i.plaats WHERE v.actie IS NULL`,
		"idempotency keys that lead to no new actie": `SELECT count(*) FROM idempotentie i
			LEFT JOIN LATERAL (SELECT * FROM groep g WHERE g.organisatie = i.organisatie AND g.van <= i.blad ORDER BY g.van DESC LIMIT 1) g ON true
			LEFT JOIN versie v ON v.organisatie = i.organisatie AND v.groep = g.nr AND v.plaats = i.blad - g.van
			WHERE v.nummer IS DISTINCT FROM 1 OR i.registratie <> g.registratie + v.plaats`,
		"acties of two idempotency keys": `SELECT count(*) FROM (
			SELECT FROM idempotentie GROUP BY organisatie, blad HAVING count(*) > 1) i`,
		"groups of no organisation": `SELECT count(*) FROM groep g LEFT JOIN organisatie o ON o.nr = g.organisatie WHERE o.nr IS NULL`,
	} {
		if n := tel(t, conn, sql); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	rows, err := conn.Query(context.Background(), `SELECT nr, grootte, laatste, rand FROM organisatie`)
	if err != nil {
		t.Fatal(err)
	}
	heads, err := pgx.CollectRows(rows, pgx.RowToStructByPos[kop])
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		checkBoom(t, conn, h)
		leaves += h.Grootte
	}
	return leaves
}

// kop is the head row of an organisation.
type kop struct {
	Nr               int32
	Grootte, Laatste int64
	Rand             []byte
}

// checkBoom checks one tree: leaves are numbered without a gap, their instants increase, every node is
// what the two below it make, and the head row is of that tree.
func checkBoom(t testing.TB, conn *pgx.Conn, h kop) {
	t.Helper()
	rows, err := conn.Query(context.Background(), `SELECT van, aantal, registratie, hashes FROM groep WHERE organisatie = $1 ORDER BY van`, h.Nr)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var (
		nodes   []tlog.Hash
		leaves  int64
		laatste int64
	)
	for rows.Next() {
		var van, aantal, registratie int64
		var hashes []byte
		if err := rows.Scan(&van, &aantal, &registratie, &hashes); err != nil {
			t.Fatal(err)
		}
		if van != leaves || aantal < 1 {
			t.Fatalf("a group begins at leaf %d, want %d", van, leaves)
		}
		if registratie <= laatste {
			t.Errorf("leaf %d was registered at or before the one in front of it", van)
		}
		leaves, laatste = leaves+aantal, registratie+aantal-1
		for ; len(hashes) >= tlog.HashSize; hashes = hashes[tlog.HashSize:] {
			nodes = append(nodes, tlog.Hash(hashes[:tlog.HashSize]))
		}
		if want := tlog.StoredHashCount(leaves); len(hashes) != 0 || int64(len(nodes)) != want {
			t.Fatalf("%d nodes for %d leaves, want %d", len(nodes), leaves, want)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if h.Grootte != leaves || h.Laatste != laatste {
		t.Errorf("the head row tells of %d leaves until %d, there are %d until %d", h.Grootte, h.Laatste, leaves, laatste)
	}
	// The tree anew, from its leaves.
	level := make([]tlog.Hash, leaves)
	for n := range level {
		level[n] = nodes[tlog.StoredHashIndex(0, int64(n))]
	}
	edge := make([]byte, 0, len(h.Rand))
	for l := 0; len(level) > 0; l++ {
		for n := range level {
			if level[n] != nodes[tlog.StoredHashIndex(l, int64(n))] {
				t.Fatalf("node %d of level %d is not what its leaves make", n, l)
			}
		}
		if len(level)%2 == 1 {
			edge = append(level[len(level)-1][:], edge...) // the largest subtree comes first
		}
		for n := range len(level) / 2 {
			level[n] = tlog.NodeHash(level[2*n], level[2*n+1])
		}
		level = level[:len(level)/2]
	}
	if want := tlog.HashSize * bits.OnesCount64(uint64(leaves)); len(edge) != want || string(edge) != string(h.Rand) {
		t.Errorf("the edge of the tree in the head row is %s, its leaves make %s", hex.EncodeToString(h.Rand), hex.EncodeToString(edge))
	}
}
