package bewijs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

func voorbeeldTijdvak() *bewijs.Tijdvakblad {
	return &bewijs.Tijdvakblad{
		OIN: exampleOIN, Boom: bewijs.BoomLog, Nummer: 2, Moment: micros("2026-03-02T10:00:00.000001Z"), Blad: 12, Grootte: 17,
		Wortel: sha256.Sum256([]byte("wortel")), Noot: sha256.Sum256([]byte("noot")), Reden: "Schijf kapot; kopie van één dag eerder",
	}
}

// The bytes field by field, as docs/bewijs.md lists them, and the figures that it shows.
func TestTheLeafOfAnEpochIsWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	b := voorbeeldTijdvak()
	x := func(s string) string { return hex.EncodeToString([]byte(s)) }
	invoer := x("verantwoord/tijdvak/v1"+exampleOIN) + "03" + x("log") + "00000002" + fmt.Sprintf("%016x", b.Moment) + fmt.Sprintf("%016x%016x", 12, 17) +
		hex.EncodeToString(b.Wortel[:]) + hex.EncodeToString(b.Noot[:]) + fmt.Sprintf("%016x%04x", 5, len(b.Reden)) + x(b.Reden)
	if diff := cmp.Diff(invoer, hex.EncodeToString(b.Bytes())); diff != "" {
		t.Fatal(diff)
	}
	in, err := hex.DecodeString(invoer)
	if err != nil {
		t.Fatal(err)
	}
	inhoud := sha256.Sum256(in)
	blad := sha256.Sum256(append([]byte{0}, inhoud[:]...))
	if b.Entry() != inhoud || b.BladHash() != blad {
		t.Error("the leaf hash is not that of RFC 6962")
	}
	figuren := fmt.Sprintf("tijdvakInvoer %s\ninhoud        %x\nbladHash      %x\n", invoer, inhoud[:], blad[:])
	doc, err := os.ReadFile(docFile)
	if err != nil || !strings.Contains(string(doc), figuren) {
		t.Errorf("docs/bewijs.md does not show the vector of an epoch: %v\n%s", err, figuren)
	}
}

func TestEveryByteOfTheLeafOfAnEpochCounts(t *testing.T) {
	t.Parallel()
	b := voorbeeldTijdvak()
	d := b.Bytes()
	terug, err := bewijs.ParseTijdvakblad(d)
	if err != nil || *terug != *b {
		t.Fatalf("read back %+v, %v", terug, err)
	}
	for i := range d {
		anders := append([]byte(nil), d...)
		anders[i] ^= 1
		if a, err := bewijs.ParseTijdvakblad(anders); err == nil && a.BladHash() == b.BladHash() {
			t.Errorf("byte %d says nothing", i)
		}
	}
	for naam, anders := range map[string][]byte{
		"shorter": d[:len(d)-1], "longer": append(append([]byte(nil), d...), 'x'), "empty": nil, "a leaf of a version": []byte("verantwoord/blad/v1"),
	} {
		if _, err := bewijs.ParseTijdvakblad(anders); err == nil {
			t.Errorf("%s is read", naam)
		}
	}
	// A gap that does not follow from the sizes.
	gat := append([]byte(nil), d...)
	gat[len(d)-len(b.Reden)-3]++
	if _, err := bewijs.ParseTijdvakblad(gat); err == nil {
		t.Error("another gap is read")
	}
	for _, reden := range []string{"", " spatie", "regel\nregel", strings.Repeat("a", 201), "\xff"} {
		if bewijs.GoedeReden(reden) {
			t.Errorf("%q is a reason", reden)
		}
	}
	if !bewijs.GoedeReden(strings.Repeat("é", 200)) {
		t.Error("200 characters are too many")
	}
}

func TestAnOriginTellsItsEpoch(t *testing.T) {
	t.Parallel()
	const boom = "log.example/bewijs/00000099123456780000"
	for origin, want := range map[string]struct {
		basis  string
		nummer uint32
	}{
		boom: {boom, 1}, boom + "/tijdvak-2": {boom, 2}, boom + "/beheer/tijdvak-10": {boom + "/beheer", 10},
		boom + "/tijdvak-1": {boom + "/tijdvak-1", 1}, boom + "/tijdvak-02": {boom + "/tijdvak-02", 1}, boom + "/tijdvak-": {boom + "/tijdvak-", 1},
		boom + "/tijdvak-2/tijdvak-3": {boom + "/tijdvak-2/tijdvak-3", 1}, boom + "/tijdvak-99999999999": {boom + "/tijdvak-99999999999", 1},
	} {
		if basis, nummer := bewijs.Basis(origin); basis != want.basis || nummer != want.nummer {
			t.Errorf("%s: %s, %d", origin, basis, nummer)
		}
	}
	if bewijs.MetTijdvak(boom, 1) != boom || bewijs.MetTijdvak(boom, 3) != boom+"/tijdvak-3" {
		t.Error("an epoch has another name")
	}
}

// One key signs every epoch, and an epoch does not pass for another one.
func TestAKeyGoesOnInTheNextEpoch(t *testing.T) {
	t.Parallel()
	const boom = "log.example/bewijs/00000099123456780000"
	k, err := bewijs.NewTekenaar(boom+"/tijdvak-2", make([]byte, 32))
	if err != nil || k.Name() != boom {
		t.Fatalf("%v, %v", k, err)
	}
	tekst, err := bewijs.Checkpoint{Origin: boom + "/tijdvak-2", Grootte: 3}.Sign(k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bewijs.OpenCheckpoint(tekst, boom+"/tijdvak-2", k.Lezer()); err != nil {
		t.Error(err)
	}
	for _, origin := range []string{boom, boom + "/tijdvak-3", boom + "/beheer"} {
		if _, err := bewijs.OpenCheckpoint(tekst, origin, k.Lezer()); err == nil {
			t.Errorf("it passes for %s", origin)
		}
	}
	if _, err := (bewijs.Checkpoint{Origin: boom + "/beheer/tijdvak-2"}).Sign(k); err == nil {
		t.Error("the key of the log signs the beheerlog")
	}
}

func TestAnEpochSaysWhatBecameOfACheckpoint(t *testing.T) {
	t.Parallel()
	const boom = "log.example/bewijs/" + exampleOIN
	twee := voorbeeldTijdvak()
	drie := *twee
	drie.Nummer, drie.Blad, drie.Grootte = 3, 30, 40
	l, err := bewijs.OpenTijdvakken(exampleOIN, bewijs.BoomLog, []bewijs.Tijdvak{{Nummer: 2, Blad: 12, Inhoud: twee.Bytes()}, {Nummer: 3, Blad: 30, Inhoud: drie.Bytes()}})
	if err != nil || l.Nu() != 3 || l.Van(12) != 1 || l.Van(13) != 2 || l.Van(31) != 3 || l.Op(30).Nummer != 3 || l.Op(29) != nil {
		t.Fatalf("%v, %v", l, err)
	}
	if weer, err := bewijs.ParseTijdvakken(exampleOIN, bewijs.BoomLog, l.JSON()); err != nil || cmp.Diff(l, weer) != "" {
		t.Errorf("shown and read back: %v, %v", weer, err)
	}
	if leeg := (bewijs.Tijdvakken)(nil).JSON(); string(leeg) != `{"tijdvakken":[]}` {
		t.Errorf("none is shown as %s", leeg)
	}
	for naam, tt := range map[string]struct {
		nummer  uint32
		grootte uint64
		wortel  bewijs.Hash
		want    uint32 // the epoch that says that it is lost
		err     error
	}{
		"within what stayed":                {1, 12, bewijs.Hash{}, 0, nil},
		"one leaf was lost":                 {1, 13, bewijs.Hash{}, 2, nil},
		"the last one that was known":       {1, 17, twee.Wortel, 2, nil},
		"another one of that size":          {1, 17, bewijs.Hash{}, 0, bewijs.ErrOntkend},
		"larger than the last known":        {1, 18, bewijs.Hash{}, 0, bewijs.ErrOntkend},
		"of the second, within what stayed": {2, 30, bewijs.Hash{}, 0, nil},
		"of the second, lost":               {2, 31, bewijs.Hash{}, 3, nil},
		"of the second, denied":             {2, 41, bewijs.Hash{}, 0, bewijs.ErrOntkend},
		"of this epoch":                     {3, 100, bewijs.Hash{}, 0, nil},
		"of an epoch that is not there":     {4, 1, bewijs.Hash{}, 0, bewijs.ErrTijdvak},
	} {
		b, err := l.Verloren(&bewijs.Checkpoint{Origin: bewijs.MetTijdvak(boom, tt.nummer), Grootte: tt.grootte, Wortel: tt.wortel})
		if !errors.Is(err, tt.err) || (b == nil) != (tt.want == 0) || b != nil && b.Nummer != tt.want {
			t.Errorf("%s: %+v, %v", naam, b, err)
		}
	}
	for naam, rijen := range map[string][]bewijs.Tijdvak{
		"another number":      {{Nummer: 3, Blad: 12, Inhoud: twee.Bytes()}},
		"another leaf":        {{Nummer: 2, Blad: 13, Inhoud: twee.Bytes()}},
		"twice":               {{Nummer: 2, Blad: 12, Inhoud: twee.Bytes()}, {Nummer: 2, Blad: 12, Inhoud: twee.Bytes()}},
		"in the wrong order":  {{Nummer: 3, Blad: 30, Inhoud: drie.Bytes()}, {Nummer: 2, Blad: 12, Inhoud: twee.Bytes()}},
		"what can't be read":  {{Nummer: 2, Blad: 12, Inhoud: twee.Bytes()[1:]}},
		"of an earlier place": {{Nummer: 2, Blad: 12, Inhoud: twee.Bytes()}, {Nummer: 3, Blad: 12, Inhoud: func() []byte { d := drie; d.Blad = 12; return d.Bytes() }()}},
	} {
		if _, err := bewijs.OpenTijdvakken(exampleOIN, bewijs.BoomLog, rijen); err == nil {
			t.Errorf("%s: accepted", naam)
		}
	}
	if _, err := bewijs.OpenTijdvakken(exampleOIN, bewijs.BoomBeheer, []bewijs.Tijdvak{{Nummer: 2, Blad: 12, Inhoud: twee.Bytes()}}); err == nil {
		t.Error("the epoch of another tree is accepted")
	}
}
