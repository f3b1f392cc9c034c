package beheerlog

import (
	"errors"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

func TestAMoveKeepsEveryEventAndTheTree(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	bron, doel := beheerlog.NewLog(New(van), sleutels, time.Now), beheerlog.NewLog(New(naar), sleutels, time.Now)
	add := func(l *beheerlog.Log, n int) {
		for range n {
			if err := l.Add(bg, storetest.A, beheerlog.Regel{Soort: beheerlog.Instelling, Wat: "Gewijzigd."}); err != nil {
				t.Fatal(err)
			}
		}
	}
	same := func(want uint64) {
		t.Helper()
		if err := Verhuis(bg, van, naar, oins); err != nil {
			t.Fatal(err)
		}
		if n, err := doel.Controle(bg, storetest.A); n != want || err != nil {
			t.Fatalf("%d events there, %v", n, err)
		}
		r, err := New(van).Stand(bg, storetest.A)
		if err != nil {
			t.Fatal(err)
		}
		q, err := New(naar).Stand(bg, storetest.A)
		if err != nil || q.Wortel() != r.Wortel() {
			t.Errorf("another root, %v", err)
		}
	}
	add(bron, 503)
	same(503) // more than one part
	same(503) // and nothing twice
	add(bron, 1)
	same(504)

	// A source without events, as is a cluster for logs alone, leaves those of the destination.
	if err := Verhuis(bg, openSQLite(t), naar, oins); err != nil {
		t.Error(err)
	}

	// What comes later on both sides can't become one.
	add(doel, 1)
	if err := Verhuis(bg, van, naar, oins); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("a destination that went on: %v", err)
	}
	add(bron, 2)
	if err := Verhuis(bg, van, naar, oins); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("a destination with another event: %v", err)
	}
}

func TestAMoveDoesNotSpreadWhatWasTouched(t *testing.T) {
	t.Parallel()
	sleutels := keys(t)
	van, naar := openSQLite(t), openSQLite(t)
	for range 3 {
		if err := beheerlog.NewLog(New(van), sleutels, time.Now).Add(bg, storetest.A, beheerlog.Regel{Soort: beheerlog.Aangemeld}); err != nil {
			t.Fatal(err)
		}
	}
	err := van.Write(bg, func(tx *kamer.Tx) error {
		_, err := tx.Exec(`UPDATE beheerregel SET hashes = (SELECT hashes FROM beheerregel WHERE nr = 1) WHERE nr = 2`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := Verhuis(bg, van, naar, oins); err == nil {
		t.Error("a tree that is wrong was taken over")
	}
	if r, err := New(naar).Stand(bg, storetest.A); err != nil || r.Grootte() != 0 {
		t.Errorf("%v events came, %v", r, err)
	}
}
