package betrokkene_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

var klassen = []betrokkene.Klasse{betrokkene.KlasseNormaal, betrokkene.KlasseVertrouwelijk}

func TestSealedContentOpensAndIsAppended(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	rapid.Check(t, func(t *rapid.T) {
		class := rapid.SampledFrom(klassen).Draw(t, "class")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		sealed := s.Seal([]byte("before"), class, aad, plain)
		sealed, ok := bytes.CutPrefix(sealed, []byte("before"))
		if !ok || len(sealed) != len(plain)+31 {
			t.Fatalf("%d bytes are sealed to %d", len(plain), len(sealed))
		}
		got, err := s.Open([]byte("before"), class, aad, sealed)
		if err != nil || !bytes.Equal(got, append([]byte("before"), plain...)) {
			t.Fatalf("got %d bytes, %v", len(got), err)
		}
	})
}

func TestSealedBytesHoldNoPlain(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	plain := []byte(`{"objectId":"999990019"}`)
	first, second := s.Seal(nil, betrokkene.KlasseNormaal, nil, plain), s.Seal(nil, betrokkene.KlasseNormaal, nil, plain)
	for i := 0; i+4 <= len(plain); i++ {
		for _, sealed := range [][]byte{first, second, s.SealCursor(nil, plain)} {
			if bytes.Contains(sealed, plain[i:i+4]) {
				t.Fatalf("4 bytes of plain are in the sealed bytes")
			}
		}
	}
	if bytes.Equal(first[15:], second[15:]) {
		t.Error("the same content is sealed to the same bytes")
	}
}

func TestAnythingAlteredIsNotOpened(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir(), &prints{}, oinA, oinB)
	s := keyring(t, b, oinA)
	aad, plain := []byte("organisation, actieId and number"), []byte("content")
	sealed := s.Seal(nil, betrokkene.KlasseNormaal, aad, plain)
	cursor := s.SealCursor(aad, plain)
	refused := func(name string, got []byte, err error) {
		t.Helper()
		if !errors.Is(err, betrokkene.NietTeOpenen) || got != nil {
			t.Errorf("%s: got %d bytes and error %v", name, len(got), err)
		}
	}
	for bit := range len(sealed) * 8 {
		altered := slices.Clone(sealed)
		altered[bit/8] ^= 1 << (bit % 8)
		got, err := s.Open(nil, betrokkene.KlasseNormaal, aad, altered)
		refused("an altered bit", got, err)
		altered = slices.Clone(cursor)
		altered[bit/8] ^= 1 << (bit % 8)
		got, err = s.OpenCursor(aad, altered)
		refused("an altered bit of a cursor", got, err)
	}
	for n := range sealed {
		got, err := s.Open(nil, betrokkene.KlasseNormaal, aad, sealed[:n])
		refused("cut off", got, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another class":               func() ([]byte, error) { return s.Open(nil, betrokkene.KlasseVertrouwelijk, aad, sealed) },
		"no class":                    func() ([]byte, error) { return s.Open(nil, 0, aad, sealed) },
		"a class that does not exist": func() ([]byte, error) { return s.Open(nil, 99, aad, sealed) },
		"other additional data":       func() ([]byte, error) { return s.Open(nil, betrokkene.KlasseNormaal, aad[1:], sealed) },
		"another organisation": func() ([]byte, error) {
			return keyring(t, b, oinB).Open(nil, betrokkene.KlasseNormaal, aad, sealed)
		},
		"a byte added":            func() ([]byte, error) { return s.Open(nil, betrokkene.KlasseNormaal, aad, append(sealed, 0)) },
		"a cursor as content":     func() ([]byte, error) { return s.Open(nil, betrokkene.KlasseNormaal, aad, cursor) },
		"content as a cursor":     func() ([]byte, error) { return s.OpenCursor(aad, sealed) },
		"a cursor of another one": func() ([]byte, error) { return s.OpenCursor([]byte("other client"), cursor) },
	} {
		got, err := open()
		refused(name, got, err)
	}
}

func TestSealingWithoutAClassIsRefused(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	defer func() {
		if recover() == nil {
			t.Error("content is sealed without a class")
		}
	}()
	s.Seal(nil, 0, nil, []byte("content"))
}

func FuzzOpen(f *testing.F) {
	s := keyring(f, open(f, f.TempDir(), &prints{}, oinA), oinA)
	made := s.Seal(nil, betrokkene.KlasseNormaal, nil, []byte("content"))
	for _, seed := range [][]byte{nil, {1}, {1, 0, 1}, made[:31], made} {
		f.Add(seed, []byte{})
	}
	f.Fuzz(func(t *testing.T, sealed, aad []byte) {
		for _, class := range klassen {
			got, err := s.Open(nil, class, aad, sealed)
			if err == nil && !(bytes.Equal(sealed, made) && string(got) == "content") {
				t.Error("bytes that were never sealed are opened")
			}
		}
	})
}

func FuzzOpenCursor(f *testing.F) {
	s := keyring(f, open(f, f.TempDir(), &prints{}, oinA), oinA)
	made := s.SealCursor(nil, []byte("page 2"))
	for _, seed := range [][]byte{nil, {1}, {1, 0, 1}, made[:31], made} {
		f.Add(seed, []byte{})
	}
	f.Fuzz(func(t *testing.T, sealed, aad []byte) {
		got, err := s.OpenCursor(aad, sealed)
		if err == nil && !(bytes.Equal(sealed, made) && string(got) == "page 2") {
			t.Error("bytes that were never sealed are opened")
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s := keyring(b, open(b, b.TempDir(), &prints{}, oinA), oinA)
	plain, aad, dst := make([]byte, 600), make([]byte, 40), make([]byte, 0, 700)
	b.ReportAllocs()
	for b.Loop() {
		s.Seal(dst, betrokkene.KlasseNormaal, aad, plain)
	}
}

func BenchmarkOpen(b *testing.B) {
	s := keyring(b, open(b, b.TempDir(), &prints{}, oinA), oinA)
	aad, dst := make([]byte, 40), make([]byte, 0, 700)
	sealed := s.Seal(nil, betrokkene.KlasseNormaal, aad, make([]byte, 600))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Open(dst, betrokkene.KlasseNormaal, aad, sealed); err != nil {
			b.Fatal(err)
		}
	}
}
