package sqlite

import (
	"bytes"
	"testing"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// FuzzIngangen unpacks the index entries of a row, from which the index is rebuilt: a damaged row
// gives an error and never another entry than its bytes say.
func FuzzIngangen(f *testing.F) {
	f.Add(appendIngangen(nil, []verwerkingenlog.Ingang{
		{Soort: verwerkingenlog.IngangPersoon, Sleutel: [16]byte{1, 2, 3}, Aantal: 1},
		{Soort: verwerkingenlog.IngangAfnemer, Sleutel: [16]byte{0xff}, Aantal: 0xffff},
		{Soort: verwerkingenlog.IngangVerwerking, Sleutel: [16]byte{0xff}},
	}))
	f.Add([]byte{})
	f.Add([]byte{0x11})
	f.Add(append(bytes.Repeat([]byte{0x80}, 11), make([]byte, 16)...)) // a number that does not end
	f.Add(append([]byte{0x80, 0x00}, make([]byte, 16)...))             // one written longer than needed
	f.Fuzz(func(t *testing.T, b []byte) {
		var list []verwerkingenlog.Ingang
		if err := eachIngang(b, func(g verwerkingenlog.Ingang) { list = append(list, g) }); err != nil {
			return
		}
		var again []verwerkingenlog.Ingang
		if err := eachIngang(appendIngangen(nil, list), func(g verwerkingenlog.Ingang) { again = append(again, g) }); err != nil {
			t.Fatal(err)
		}
		if len(list) != len(again) {
			t.Fatalf("%d entries became %d", len(list), len(again))
		}
		for k := range list {
			if list[k] != again[k] {
				t.Errorf("entry %d is %v, then %v", k, list[k], again[k])
			}
		}
		if 17*len(list) > len(b) {
			t.Errorf("%d entries of %d bytes", len(list), len(b))
		}
	})
}

// FuzzStand unpacks what the index file tells of a version.
func FuzzStand(f *testing.F) {
	v := staartVersie{tijdstip: -1, staat: 3}
	f.Add(v.standBytes(nil))
	f.Add([]byte{})
	f.Add(make([]byte, 26))
	f.Fuzz(func(t *testing.T, b []byte) {
		var v vermelding
		if v.setStand(b) != (len(b) == 25) {
			t.Fatalf("%d bytes", len(b))
		}
		if len(b) != 25 {
			return
		}
		back := staartVersie{actie: v.actie, tijdstip: v.tijdstip, staat: v.staat}
		if got := back.standBytes(nil); !bytes.Equal(got, b) {
			t.Errorf("%x became %x", b, got)
		}
	})
}
