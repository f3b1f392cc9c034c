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

// FuzzRegel unpacks the entries of a block of the index, which may be anything that its checksum did
// not catch.
func FuzzRegel(f *testing.F) {
	var first, second regel
	first.plaats, first.vermelding = sleutelVan(1, 1, [16]byte{7}).plaats(), vermelding{blad: 5, tijdstip: -1, staat: 3, aantal: 1}
	second.plaats, second.vermelding = first.plaats, vermelding{blad: 9, tijdstip: 12, aantal: 2}
	f.Add(appendRegel(appendRegel(nil, &first, &regel{}), &second, &first))
	f.Add([]byte{})
	f.Add([]byte{24, 1, 1})
	walk := func(b []byte) (list []regel) {
		var r regel
		for len(b) > 0 {
			var err error
			if b, err = nextRegel(b, &r); err != nil {
				return list
			}
			list = append(list, r)
		}
		return list
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list := walk(b)
		var packed []byte
		last := &regel{}
		for k := range list {
			packed = appendRegel(packed, &list[k], last)
			last = &list[k]
		}
		again := walk(packed)
		if len(again) != len(list) {
			t.Fatalf("%d entries became %d", len(list), len(again))
		}
		for k := range list {
			if list[k] != again[k] {
				t.Errorf("entry %d is %v, then %v", k, list[k], again[k])
			}
		}
	})
}
