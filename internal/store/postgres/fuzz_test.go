package postgres

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// FuzzIngangen unpacks the index entries of a row: a damaged row gives an error and never another entry than its
// bytes say.
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
		unpack := func(b []byte) (list []verwerkingenlog.Ingang, err error) {
			err = eachIngang(b, func(g verwerkingenlog.Ingang) { list = append(list, g) })
			return list, err
		}
		list, err := unpack(b)
		if err != nil {
			return
		}
		if again, err := unpack(appendIngangen(nil, list)); err != nil || !slices.Equal(list, again) {
			t.Errorf("%v became %v: %v", list, again, err)
		}
		if 17*len(list) > len(b) {
			t.Errorf("%d entries of %d bytes", len(list), len(b))
		}
	})
}

// However a stream is read, it says the same.
func TestACopyIsAStreamOfItsRows(t *testing.T) {
	t.Parallel()
	rijen := []string{"een", "", "drie en veel langer dan wat er in één keer gelezen wordt", "vier"}
	want := kopieKop + "een" + rijen[2] + "vier\xff\xff"
	stream := func() *kopie {
		i := 0
		return newKopie(nil, func(dst []byte) ([]byte, bool) {
			if i == len(rijen) {
				return dst, false
			}
			i++
			return append(dst, rijen[i-1]...), true
		})
	}
	if err := iotest.TestReader(stream(), []byte(want)); err != nil {
		t.Error(err)
	}
	if b, err := io.ReadAll(iotest.OneByteReader(stream())); err != nil || string(b) != want {
		t.Errorf("byte by byte: %q, %v", b, err)
	}
	k := stream()
	k.close()
	if n, err := k.Read(make([]byte, 100)); n > 0 || err == nil {
		t.Errorf("%d bytes of a stream that was closed, %v", n, err)
	}
}
