package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/post"
)

// RunPost holds an engine to post.Opslag. open gives two processes on one empty store; an engine of one process gives
// the same twice.
func RunPost(t *testing.T, open func(testing.TB) (een, ander post.Opslag)) {
	for naam, f := range map[string]func(t *testing.T, een, ander post.Opslag){
		"what waits is taken once, when it is due, oldest first":  neemProef,
		"what was taken comes back when its lease has run out":    pachtProef,
		"only who has a message notes how it went":                zetProef,
		"processes that take at once get different messages":      samenNeemProef,
		"what is done is listed until it is removed, and not due": klaarProef,
		"an unknown organisation has no mail":                     onbekendProef,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			f(t, een, ander)
		})
	}
}

// brief is a row that waits.
func brief(oin string, gemaakt int64) post.Rij {
	return post.Rij{OIN: oin, ID: uuid.New(), Stand: post.Wacht, Volgende: gemaakt, Gemaakt: gemaakt, Verzegeld: []byte("sealed")}
}

func queue(t *testing.T, o post.Opslag, rijen ...post.Rij) {
	t.Helper()
	if err := o.Add(bg, rijen...); err != nil {
		t.Fatal(err)
	}
}

func neem(t *testing.T, o post.Opslag, nu, tot int64, n int) []post.Rij {
	t.Helper()
	uit, err := o.Neem(bg, nu, tot, n)
	if err != nil {
		t.Fatal(err)
	}
	return uit
}

// genomen is a row as it is once taken.
func genomen(r post.Rij, tot int64) post.Rij {
	r.Volgende = tot
	r.Pogingen++
	return r
}

func neemProef(t *testing.T, een, ander post.Opslag) {
	a, b, c := brief(A, 100), brief(B, 50), brief(A, 200)
	queue(t, een, a, b, c)
	w, err := ander.Wachtend(bg)
	if d := cmp.Diff(post.Wachtend{Aantal: 3, Eerste: 50, Oudste: 50}, w); err != nil || d != "" {
		t.Error(err, d)
	}
	if d := cmp.Diff([]post.Rij{genomen(b, 1000), genomen(a, 1000)}, neem(t, ander, 100, 1000, 9)); d != "" {
		t.Error(d)
	}
	if got := neem(t, een, 100, 1000, 9); len(got) != 0 {
		t.Errorf("taken twice: %d", len(got))
	}
	w, err = een.Wachtend(bg)
	if d := cmp.Diff(post.Wachtend{Aantal: 3, Eerste: 200, Oudste: 50}, w); err != nil || d != "" {
		t.Error(err, d)
	}
	d := brief(A, 201)
	queue(t, een, d)
	if got := neem(t, een, 300, 1000, 1); len(got) != 1 || got[0].ID != c.ID {
		t.Errorf("at most one, the oldest: %v", got)
	}
}

func pachtProef(t *testing.T, een, ander post.Opslag) {
	r := brief(A, 1)
	queue(t, een, r)
	eerste := neem(t, een, 1, 500, 1)
	if got := neem(t, ander, 499, 900, 1); len(got) != 0 {
		t.Fatal("taken within the lease of another")
	}
	tweede := neem(t, ander, 500, 900, 1)
	if len(eerste) != 1 || len(tweede) != 1 || tweede[0].Pogingen != 2 {
		t.Fatalf("%v, %v", eerste, tweede)
	}
	laat := eerste[0]
	laat.Stand, laat.Volgende = post.Bezorgd, 600
	if err := een.Zet(bg, laat, 500); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("who lost its lease: %v", err)
	}
	goed := tweede[0]
	goed.Stand, goed.Volgende = post.Bezorgd, 600
	if err := ander.Zet(bg, goed, 900); err != nil {
		t.Error(err)
	}
}

func zetProef(t *testing.T, een, ander post.Opslag) {
	r := brief(A, 1)
	queue(t, een, r)
	weg := r
	weg.Stand = post.Bezorgd
	if err := een.Zet(bg, weg, 2); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("what was not taken: %v", err)
	}
	g := neem(t, een, 1, 500, 1)[0]
	g.Volgende, g.Verzegeld = 700, []byte("sealed anew")
	if err := ander.Zet(bg, g, 500); err != nil {
		t.Fatal(err)
	}
	if err := ander.Zet(bg, g, 500); !errors.Is(err, fout.Gelijktijdig) {
		t.Errorf("noted twice: %v", err)
	}
	if d := cmp.Diff([]post.Rij{genomen(g, 999)}, neem(t, ander, 700, 999, 1)); d != "" {
		t.Error(d)
	}
}

func samenNeemProef(t *testing.T, een, ander post.Opslag) {
	const aantal = 60
	var rijen []post.Rij
	for i := range aantal {
		rijen = append(rijen, brief(A, int64(i)))
	}
	queue(t, een, rijen...)
	var mu sync.Mutex
	var ids []string
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			o := []post.Opslag{een, ander}[i%2]
			for {
				uit, err := o.Neem(bg, aantal, 1000, 3)
				if err != nil || len(uit) == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				for _, r := range uit {
					ids = append(ids, r.ID.String())
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(ids)
	if len(ids) != aantal || len(slices.Compact(ids)) != aantal {
		t.Errorf("%d taken, %d different, of %d", len(ids), len(slices.Compact(ids)), aantal)
	}
}

func klaarProef(t *testing.T, een, ander post.Opslag) {
	a, b, c, d := brief(A, 1), brief(A, 2), brief(A, 3), brief(B, 1)
	queue(t, een, a, b, c, d)
	for i, stand := range []post.Stand{post.Bezorgd, post.Mislukt} {
		g := neem(t, een, 3, 500, 4)
		for _, r := range g {
			if r.ID == []post.Rij{a, b}[i].ID {
				r.Stand, r.Volgende = stand, 9
			} else {
				r.Volgende = r.Gemaakt
			}
			if err := een.Zet(bg, r, 500); err != nil {
				t.Fatal(err)
			}
		}
	}
	standen := func() (uit []post.Stand) {
		t.Helper()
		l, err := ander.List(bg, A, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l {
			uit = append(uit, r.Stand)
		}
		return uit
	}
	if d := cmp.Diff([]post.Stand{post.Wacht, post.Mislukt, post.Bezorgd}, standen()); d != "" {
		t.Error(d)
	}
	if l, err := een.List(bg, A, 1); err != nil || len(l) != 1 || l[0].ID != c.ID {
		t.Errorf("the newest: %v, %v", l, err)
	}
	if l, err := een.List(bg, B, 10); err != nil || len(l) != 1 || l[0].ID != d.ID || l[0].OIN != B {
		t.Errorf("of another organisation: %v, %v", l, err)
	}
	if n, err := ander.Ruim(bg, 2); err != nil || n != 1 {
		t.Errorf("removed %d, %v", n, err)
	}
	if n, err := ander.Ruim(bg, 100); err != nil || n != 1 {
		t.Errorf("removed %d, %v", n, err)
	}
	if d := cmp.Diff([]post.Stand{post.Wacht}, standen()); d != "" {
		t.Error("what waits is kept", d)
	}
	if w, err := een.Wachtend(bg); err != nil || w.Aantal != 2 {
		t.Errorf("%+v, %v", w, err)
	}
}

func onbekendProef(t *testing.T, een, _ post.Opslag) {
	if err := een.Add(bg, brief(A, 1), brief("00000099000000009999", 1)); err == nil {
		t.Error("queued")
	}
	if w, err := een.Wachtend(bg); err != nil || w != (post.Wachtend{}) {
		t.Errorf("the other one is there: %+v, %v", w, err)
	}
	if l, err := een.List(bg, "00000099000000009999", 5); err != nil || len(l) != 0 {
		t.Errorf("%v, %v", l, err)
	}
}
