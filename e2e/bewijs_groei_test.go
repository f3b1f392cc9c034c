package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

func TestAVerifierOfAnotherMakerTellsGrowthFromAnotherPast(t *testing.T) {
	t.Parallel()
	n := nieuweNakijker(t)
	origin := "log.voorbeeldstad.example/bewijs/" + voorbeeldstad
	tekenaar, err := bewijs.NewTekenaar(origin, bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	// One tree, and one that has another leaf 4.
	groei := func(anders byte) (hashes []bewijs.Hash, punten [][]byte) {
		rand := &bewijs.Rand{}
		for i := range byte(24) {
			c, err := bewijs.Checkpoint{Origin: origin, Grootte: rand.Grootte(), Wortel: rand.Wortel(), Moment: time.Date(2026, 3, 1, int(i), 0, 0, 0, time.UTC)}.Sign(tekenaar)
			if err != nil {
				t.Fatal(err)
			}
			punten = append(punten, c)
			blad := bewijs.Hash{i}
			if i == 4 {
				blad[1] = anders
			}
			hashes = rand.Append(hashes, blad)
		}
		return hashes, punten
	}
	hashes, punten := groei(0)
	_, ander := groei(1)
	bewijsVan := func(van, tot uint64) []byte {
		if van == 0 || van == tot {
			return nil
		}
		pad, err := bewijs.Consistentie(van, tot, func(l []uint64) (uit []bewijs.Hash, err error) {
			for _, i := range l {
				uit = append(uit, hashes[i])
			}
			return uit, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return bewijs.PadTekst(pad)
	}
	sleutel := []byte(tekenaar.Publiek())
	kijk := func(want int, oud, nieuw, pad []byte) string {
		t.Helper()
		return n.vraag(want, map[string][]byte{"oud.txt": oud, "nieuw.txt": nieuw, "groei.txt": pad, "sleutel.txt": sleutel}, "groei", "oud.txt", "nieuw.txt", "groei.txt", "sleutel.txt")
	}
	for _, p := range [][2]uint64{{0, 0}, {0, 9}, {1, 1}, {1, 2}, {1, 23}, {2, 3}, {3, 4}, {3, 7}, {4, 23}, {5, 8}, {6, 7}, {7, 20}, {8, 9}, {8, 16}, {12, 21}, {15, 16}, {16, 23}, {22, 23}, {23, 23}} {
		uit := kijk(0, punten[p[0]], punten[p[1]], bewijsVan(p[0], p[1]))
		if !strings.Contains(uit, fmt.Sprintf("de %d bladen van 2026-03-01T%02d:00:00Z beginnen met de %d", p[1], p[1], p[0])) {
			t.Errorf("%v: %s", p, uit)
		}
	}
	for zin, uit := range map[string]string{
		"teruggezet":              kijk(1, punten[9], punten[8], bewijsVan(8, 9)),
		"twee gezichten":          kijk(1, punten[9], ander[9], nil),
		"is herschreven":          kijk(1, punten[9], ander[23], bewijsVan(9, 23)),
		"de 23 bladen":            kijk(1, punten[9], punten[23], bewijsVan(8, 23)),
		"de 9 van eerder":         kijk(1, punten[9], punten[23], nil),
		"handtekening onder":      kijk(1, bytes.Replace(punten[9], []byte("\n9\n"), []byte("\n8\n"), 1), punten[23], bewijsVan(9, 23)),
		"hash 1 van":              kijk(2, punten[9], punten[23], []byte("abc\n")),
		"er is geen handtekening": kijk(2, punten[9], []byte(origin+"\n"), nil),
	} {
		if !strings.Contains(uit, zin) {
			t.Errorf("does not say %q: %s", zin, uit)
		}
	}
	// What was seen is another past, though the proof holds for the tree of now.
	for m := uint64(5); m < 23; m++ {
		kijk(1, ander[m], punten[23], bewijsVan(m, 23))
	}
	// A checkpoint that says an earlier moment than what was seen is not shown as the next one.
	vroeger, err := bewijs.OpenCheckpoint(punten[9], origin, tekenaar.Lezer())
	if err != nil {
		t.Fatal(err)
	}
	vroeger.Moment = vroeger.Moment.Add(-time.Second)
	tekst, err := vroeger.Sign(tekenaar)
	if err != nil {
		t.Fatal(err)
	}
	if uit := kijk(1, punten[9], tekst, nil); !strings.Contains(uit, "ouder dan") {
		t.Error(uit)
	}
	// In a next epoch the name has another end, and the key and the tree are the same.
	in := func(eind string, grootte uint64, wortel bewijs.Hash) []byte {
		k, err := bewijs.NewTekenaar(origin+eind, bytes.Repeat([]byte{1}, 32))
		if err != nil {
			t.Fatal(err)
		}
		c, err := bewijs.Checkpoint{Origin: origin + eind, Grootte: grootte, Wortel: wortel, Moment: time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)}.Sign(k)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c, err := bewijs.OpenCheckpoint(punten[23], origin, tekenaar.Lezer())
	if err != nil {
		t.Fatal(err)
	}
	for eind, want := range map[string]int{"/tijdvak-2": 0, "/tijdvak-31": 0, "/tijdvak-1": 1, "/tijdvak-02": 1, "/beheer/tijdvak-2": 1} {
		kijk(want, punten[9], in(eind, 23, c.Wortel), bewijsVan(9, 23))
	}
	o := (&bewijs.Blad{OIN: voorbeeldstad, ActieID: [16]byte{1}, Nummer: 1, Operatie: bewijs.OperatiePOST}).Dicht()
	stuk := bewijs.Bewijsstuk{Extra: o.Tekst(), Checkpoint: in("/tijdvak-2", 1, o.BladHash())}
	uit := n.vraag(2, map[string][]byte{"record.json": []byte(`{"actieNaam":"x"}`), "bewijs.txt": stuk.Tekst(), "sleutel.txt": sleutel}, "record", "record.json", "bewijs.txt", "sleutel.txt")
	if !strings.Contains(uit, "staat in de log "+origin+"/tijdvak-2 (1 bladen") {
		t.Errorf("a record of after an epoch: %s", uit)
	}
	for _, blad := range []uint64{1, 2} { // a number that the tree does not have
		n.vraag(1, map[string][]byte{"bewijs.txt": (&bewijs.Bewijsstuk{Extra: o.Tekst(), Blad: blad, Checkpoint: stuk.Checkpoint}).Tekst()}, "record", "record.json", "bewijs.txt", "sleutel.txt")
	}
	vreemd := (&bewijs.Blad{OIN: anderdorp, ActieID: [16]byte{1}, Nummer: 1, Operatie: bewijs.OperatiePOST}).Dicht()
	stuk = bewijs.Bewijsstuk{Extra: vreemd.Tekst(), Checkpoint: in("", 1, vreemd.BladHash())}
	if uit := n.vraag(1, map[string][]byte{"bewijs.txt": stuk.Tekst()}, "record", "record.json", "bewijs.txt", "sleutel.txt"); !strings.Contains(uit, "andere organisatie") {
		t.Errorf("a leaf of another organisation: %s", uit)
	}
	// Every hash of a proof counts.
	goed := bewijsVan(7, 23)
	for i := range bytes.Count(goed, []byte("\n")) {
		regels := bytes.SplitAfter(goed, []byte("\n"))
		regels[i] = []byte(base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n")
		kijk(1, punten[7], punten[23], bytes.Join(regels, nil))
		kijk(1, punten[7], punten[23], bytes.Join(slices.Delete(regels, i, i+1), nil))
	}
}
