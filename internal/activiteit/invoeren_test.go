package activiteit_test

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
)

func TestAnUploadWaitsAnHourForWhoDidIt(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	inhoud := bytes.Repeat([]byte("naam;doel\n"), 100000)
	id, err := o.Bewaar(bg, o.bea, "", inhoud)
	if err != nil {
		t.Fatal(err)
	}
	if _, got, err := o.Haal(bg, o.bea, id); err != nil || !bytes.Equal(got, inhoud) {
		t.Fatalf("%d bytes: %v", len(got), err)
	}
	ander := o.bea
	ander.Wie.ID = "ben"
	_, _, err = o.Haal(bg, ander, id)
	geweigerd(t, err, fout.CodeNietGevonden)
	if err := o.GooiInvoerWeg(bg, ander, id); err != nil {
		t.Fatal(err)
	}
	hernoemd := o.bea
	hernoemd.Wie.Naam = "Bea de Heer"
	o.verder(59 * time.Minute)
	if _, _, err := o.Haal(bg, hernoemd, id); err != nil {
		t.Errorf("just within the hour, under a new name: %v", err)
	}
	o.verder(time.Minute)
	_, _, err = o.Haal(bg, o.bea, id)
	geweigerd(t, err, fout.CodeNietGevonden)
	tweede, err := o.Bewaar(bg, o.bea, "", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.GooiInvoerWeg(bg, o.bea, tweede); err != nil {
		t.Fatal(err)
	}
	for _, weg := range []uuid.UUID{id, tweede, uuid.New()} {
		_, _, err = o.Haal(bg, o.bea, weg)
		geweigerd(t, err, fout.CodeNietGevonden)
	}
	if err := o.GooiInvoerWeg(bg, o.bea, tweede); err != nil {
		t.Errorf("thrown away twice: %v", err)
	}
	if n := len(o.gebeurtenissen(10)); n != 0 {
		t.Errorf("%d events, though nothing of the register changed", n)
	}
}

func TestUploadsHaveTheirBounds(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	_, err := o.Bewaar(bg, o.bea, "", make([]byte, 64<<20+1))
	geweigerd(t, err, fout.CodeTeGroot)
	willekeur := make([]byte, 9<<20)
	rand.Read(willekeur)
	_, err = o.Bewaar(bg, o.bea, "", willekeur)
	geweigerd(t, err, fout.CodeTeGroot)
	var ids []uuid.UUID
	for range 4 {
		o.verder(time.Second)
		id, err := o.Bewaar(bg, o.bea, "", []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	_, _, err = o.Haal(bg, o.bea, ids[0])
	geweigerd(t, err, fout.CodeNietGevonden)
	if _, _, err := o.Haal(bg, o.bea, ids[1]); err != nil {
		t.Errorf("the second of four: %v", err)
	}
	for n := range 17 {
		wie := o.bea
		wie.Wie.ID = uuid.NewString()
		if _, err := o.Bewaar(bg, wie, "", []byte("x")); err != nil {
			t.Fatalf("%d: %v", n, err)
		}
	}
	vol := o.bea
	vol.Wie.ID = "te laat"
	_, err = o.Bewaar(bg, vol, "", []byte("x"))
	geweigerd(t, err, fout.CodeTeVeel)
	o.verder(InvoerGeldig)
	if _, err := o.Bewaar(bg, vol, "", []byte("x")); err != nil {
		t.Errorf("after an hour: %v", err)
	}
}
