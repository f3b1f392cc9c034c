package bewijs_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

func drawHash(t *rapid.T, label string) (h bewijs.Hash) {
	copy(h[:], rapid.SliceOfN(rapid.Byte(), len(h), len(h)).Draw(t, label))
	return h
}

func TestSaltIsTheHMACOfLabelAndIndex(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := bewijs.Zaad(drawHash(t, "seed"))
		label := rapid.StringN(0, 100, 200).Draw(t, "label")
		index := rapid.IntRange(0, 1<<32-1).Draw(t, "index")
		mac := hmac.New(sha256.New, seed[:])
		mac.Write([]byte(label))
		mac.Write([]byte{0})
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(index)))
		if got := seed.Zout(label, index); !bytes.Equal(got[:], mac.Sum(nil)) {
			t.Fatalf("got %x, crypto/hmac says %x", got, mac.Sum(nil))
		}
	})
}

func TestCommitmentIsTheHashOfTagSaltAndTextOfAnyLength(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		salt := drawHash(t, "salt")
		text := bytes.Repeat([]byte("é"), rapid.IntRange(0, 3000).Draw(t, "length"))
		h := sha256.New()
		h.Write([]byte(bewijs.LabelPubliek))
		h.Write(salt[:])
		h.Write(text)
		if got := bewijs.Verbintenis(bewijs.LabelPubliek, salt, text); !bytes.Equal(got[:], h.Sum(nil)) {
			t.Fatalf("got %x", got)
		}
	})
}

func TestGuessingTheTextWithoutTheSaltFindsNothing(t *testing.T) {
	t.Parallel()
	texts := [][]byte{[]byte(`{"afnemerId":null}`), []byte(`{"objectId":"2308572"}`)}
	seed := bewijs.Zaad{7}
	salt := seed.Zout(bewijs.LabelPersoon, 0)
	commitment := bewijs.Verbintenis(bewijs.LabelPersoon, salt, texts[1])
	find := func(salts ...[32]byte) (found bool) {
		for _, s := range salts {
			for _, text := range texts {
				found = found || bewijs.Verbintenis(bewijs.LabelPersoon, s, text) == commitment
			}
		}
		return found
	}
	if !find(salt) {
		t.Error("with the salt the text is not found")
	}
	if find([32]byte{}, seed.Zout(bewijs.LabelPersoon, 1), seed.Zout(bewijs.LabelIntern, 0)) {
		t.Error("the text is found with another salt of the same version")
	}
}

func TestLabelsCannotBeMistakenForOneAnother(t *testing.T) {
	t.Parallel()
	tags := []string{bewijs.LabelPubliek, bewijs.LabelIntern, bewijs.LabelPersoon, "verantwoord/blad/v1"}
	for i, a := range tags {
		for j, b := range tags {
			if i != j && bytes.HasPrefix([]byte(b), []byte(a)) {
				t.Errorf("%s is the beginning of %s", a, b)
			}
		}
	}
}

func exampleLeaf() bewijs.Blad {
	return bewijs.Blad{
		OIN: "00000099123456780000", ActieID: [16]byte{1}, Nummer: 1, Registratie: 1, Operatie: bewijs.OperatiePOST,
		Publiek: bewijs.Hash{1}, Intern: bewijs.Hash{2}, Personen: []bewijs.Hash{{3}, {4}},
	}
}

func TestEveryFieldOfALeafChangesItsHash(t *testing.T) {
	t.Parallel()
	original := exampleLeaf()
	for name, change := range map[string]func(*bewijs.Blad){
		"the organisation":             func(b *bewijs.Blad) { b.OIN = "00000099123456790000" },
		"the actie":                    func(b *bewijs.Blad) { b.ActieID[15] = 1 },
		"the number":                   func(b *bewijs.Blad) { b.Nummer = 2 },
		"the instant":                  func(b *bewijs.Blad) { b.Registratie = -1 },
		"the operation":                func(b *bewijs.Blad) { b.Operatie = bewijs.OperatiePUT },
		"vervallen":                    func(b *bewijs.Blad) { b.Vervallen = true },
		"the public commitment":        func(b *bewijs.Blad) { b.Publiek[31] = 1 },
		"the internal commitment":      func(b *bewijs.Blad) { b.Intern[31] = 1 },
		"public and internal swapped":  func(b *bewijs.Blad) { b.Publiek, b.Intern = b.Intern, b.Publiek },
		"a person":                     func(b *bewijs.Blad) { b.Personen[1][31] = 1 },
		"the order of the persons":     func(b *bewijs.Blad) { b.Personen[0], b.Personen[1] = b.Personen[1], b.Personen[0] },
		"a person less":                func(b *bewijs.Blad) { b.Personen = b.Personen[:1] },
		"more persons than the buffer": func(b *bewijs.Blad) { b.Personen = make([]bewijs.Hash, 100) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := exampleLeaf()
			change(&changed)
			if changed.Inhoud() == original.Inhoud() || changed.BladHash() == original.BladHash() {
				t.Error("the hash is the same")
			}
		})
	}
}

func TestLeafOfAnOINThatIsNotTwentyDigitsIsRefused(t *testing.T) {
	t.Parallel()
	for _, oin := range []string{"", "0000009912345678000", "000000991234567800000"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("an OIN of %d bytes is accepted", len(oin))
				}
			}()
			leaf := exampleLeaf()
			leaf.OIN = oin
			leaf.Inhoud()
		}()
	}
}

func TestOperationsHaveTheNamesOfTheMethods(t *testing.T) {
	t.Parallel()
	for number, want := range map[bewijs.Operatie]string{1: "POST", 2: "PUT", 3: "PATCH", 4: "DELETE", 0: "Operatie(0)", 9: "Operatie(9)"} {
		if got := number.String(); got != want {
			t.Errorf("%d is %q, want %q", uint8(number), got, want)
		}
	}
}

// BenchmarkLeaf is one version with one person: salts, commitments, leaf and tree.
func BenchmarkLeaf(b *testing.B) {
	seed := bewijs.Zaad{1}
	public, internal, person := make([]byte, 700), make([]byte, 120), make([]byte, 200)
	leaf := exampleLeaf()
	leaf.Personen = make([]bewijs.Hash, 1)
	edge := emptyEdge(b)
	stored := make([]bewijs.Hash, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		leaf.Publiek = bewijs.Verbintenis(bewijs.LabelPubliek, seed.Zout(bewijs.LabelPubliek, 0), public)
		leaf.Intern = bewijs.Verbintenis(bewijs.LabelIntern, seed.Zout(bewijs.LabelIntern, 0), internal)
		leaf.Personen[0] = bewijs.Verbintenis(bewijs.LabelPersoon, seed.Zout(bewijs.LabelPersoon, 0), person)
		stored = edge.Append(stored[:0], leaf.BladHash())
	}
}

// BenchmarkLeafInTree is what remains for the one writer when the commitments were made before.
func BenchmarkLeafInTree(b *testing.B) {
	leaf := exampleLeaf()
	edge := emptyEdge(b)
	stored := make([]bewijs.Hash, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		stored = edge.Append(stored[:0], leaf.BladHash())
	}
}

func TestAMarkIsTheHMACOfLeafAndRegistration(t *testing.T) {
	t.Parallel()
	var z bewijs.Zaad
	for i := range z {
		z[i] = byte(i)
	}
	for _, p := range []struct {
		blad        uint64
		registratie int64
	}{{0, 0}, {1, 1772362800000000}, {1<<40 - 1, -1}} {
		h := hmac.New(sha256.New, z[:])
		h.Write([]byte("verantwoord/merk/v1\x00"))
		_ = binary.Write(h, binary.BigEndian, p.blad)
		_ = binary.Write(h, binary.BigEndian, p.registratie)
		if want := bewijs.Merk(h.Sum(nil)[:bewijs.MerkSize]); z.Merk(p.blad, p.registratie) != want {
			t.Errorf("%v: another mark than %x", p, want)
		}
	}
}
