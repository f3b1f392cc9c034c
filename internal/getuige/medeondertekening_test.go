package getuige_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	anders "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// The text and the cosignature that C2SP tlog-cosignature shows. It does not publish that key, so only what is not signed is
// looked at.
const (
	voorbeeld      = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
	voorbeeldRegel = "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
	voorbeeldTijd  = 1679315147
)

// Made by another program (the Ed25519 of OpenSSL) from the seed of RFC 8032, section 7.1, test 1, over the same text and moment.
const (
	zaad8032    = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
	naam8032    = "witness.example.com/w1"
	sleutel8032 = "witness.example.com/w1+7e6f4aaa+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
	regel8032   = "— witness.example.com/w1 fm9KqgAAAABkGFDL+TPmh4BYuAjsYRoqMJCWb/gWJaeRF/kmm5tlCr9sJ57DLErur7K0yDXc2ArN+TIuotuB/HbuL3AJsp3bv/aNCQ==\n"
)

func tekenaar(t testing.TB) *getuige.Ondertekenaar {
	t.Helper()
	zaad, err := hex.DecodeString(zaad8032)
	if err != nil {
		t.Fatal(err)
	}
	o, err := getuige.NewOndertekenaar(naam8032, zaad)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestACosignatureIsThatOfAnotherProgram(t *testing.T) {
	t.Parallel()
	o := tekenaar(t)
	if got := o.Publiek(); got != sleutel8032 {
		t.Errorf("key %s, want %s", got, sleutel8032)
	}
	m := o.Onderteken(voorbeeld, time.Unix(voorbeeldTijd, 5e8))
	if string(m.Regel) != regel8032 || m.Sleutel != sleutel8032 || m.Moment.Unix() != voorbeeldTijd {
		t.Errorf("line %q at %v, want %q", m.Regel, m.Moment, regel8032)
	}
	b, err := base64.StdEncoding.DecodeString(voorbeeldRegel)
	if err != nil || len(b) != 4+8+64 || binary.BigEndian.Uint64(b[4:]) != voorbeeldTijd {
		t.Errorf("the published one has another form: %d bytes, %v", len(b), err)
	}
}

// github.com/transparency-dev/formats is another implementation.
func TestAnotherImplementationAgrees(t *testing.T) {
	t.Parallel()
	for i := range 50 {
		geheim, publiek, err := note.GenerateKey(rand.Reader, fmt.Sprintf("getuige.example/%d", i))
		if err != nil {
			t.Fatal(err)
		}
		hun, err := anders.NewSignerForCosignatureV1(geheim)
		if err != nil {
			t.Fatal(err)
		}
		hunSleutel, err := anders.VKeyToCosignatureV1(publiek)
		if err != nil {
			t.Fatal(err)
		}
		_, zaad, _ := strings.Cut(strings.TrimPrefix(geheim, "PRIVATE+KEY+"), "+")
		_, zaad, _ = strings.Cut(zaad, "+")
		rauw, err := base64.StdEncoding.DecodeString(zaad)
		if err != nil {
			t.Fatal(err)
		}
		ons, err := getuige.NewOndertekenaar(fmt.Sprintf("getuige.example/%d", i), rauw[1:])
		if err != nil || ons.Publiek() != hunSleutel {
			t.Fatalf("our key is %v, theirs %s: %v", ons, hunSleutel, err)
		}
		// Theirs of ours.
		m := ons.Onderteken(voorbeeld, time.Unix(int64(i)*1e8, 0))
		lezer, err := anders.NewVerifierForCosignatureV1(ons.Publiek())
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open([]byte(voorbeeld+"\n"+string(m.Regel)), note.VerifierList(lezer))
		if err != nil {
			t.Fatal(err)
		}
		if moment, err := anders.CoSigV1Timestamp(n.Sigs[0]); err != nil || !moment.Equal(m.Moment) {
			t.Errorf("they read %v, %v", moment, err)
		}
		// Ours of theirs.
		tekst, err := note.Sign(&note.Note{Text: voorbeeld}, hun)
		if err != nil {
			t.Fatal(err)
		}
		_, regels, _ := bytes.Cut(tekst, []byte("\n\n"))
		if l, err := getuige.Lees(tekst, regels, ons.Sleutel); err != nil || len(l) != 1 || !l[0].Klopt(tekst) || !bytes.Equal(l[0].Regel, regels) {
			t.Errorf("we read %v, %v", l, err)
		}
	}
}

func TestKeysOfWitnessesAreReadInOneWay(t *testing.T) {
	t.Parallel()
	// One that is in use, and the one above.
	for _, s := range []string{"remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", sleutel8032} {
		k, err := getuige.ParseSleutel(s)
		if err != nil || k.Publiek() != s {
			t.Fatalf("%s: %v", s, err)
		}
		for i := range len(s) { // whatever changes, it is another key or none
			b := []byte(s)
			b[i] ^= 1
			if k, err := getuige.ParseSleutel(string(b)); err == nil {
				t.Errorf("%q is read as %s", b, k.Publiek())
			}
		}
		if _, err := getuige.ParseSleutel(strings.Replace(s, "+"+fmt.Sprintf("%08x", k.KeyHash()), "+"+fmt.Sprintf("%08X", k.KeyHash()), 1)); err == nil {
			t.Error("a number in capitals is read")
		}
	}
	// The key of a log is no key of a witness.
	if _, err := getuige.ParseSleutel(newLog(t, 0, 0).tekenaar.Publiek()); err == nil {
		t.Error("a log passes for a witness")
	}
	for _, naam := range []string{"", "a b", "a+b", "a\nb", "a\u00a0b", string([]byte{0xff}), strings.Repeat("a", 256)} {
		if _, err := getuige.NewOndertekenaar(naam, make([]byte, 32)); err == nil {
			t.Errorf("a witness may be called %q", naam)
		}
	}
}

func TestAChangedCosignatureDoesNotHold(t *testing.T) {
	t.Parallel()
	l := newLog(t, 9, 9)
	punt, o := l.punt(9), tekenaar(t)
	tekst, _, _ := strings.Cut(string(punt), "\n\n")
	m := o.Onderteken(tekst+"\n", time.Unix(voorbeeldTijd, 0))
	if !m.Klopt(punt) {
		t.Fatal("a good one does not hold")
	}
	for i := range m.Regel {
		for bit := range 8 {
			w := m
			w.Regel = bytes.Clone(m.Regel)
			w.Regel[i] ^= 1 << bit
			if w.Klopt(punt) {
				t.Errorf("byte %d, bit %d of the line is not covered", i, bit)
			}
		}
	}
	for i := range m.Sleutel {
		w := m
		b := []byte(m.Sleutel)
		b[i] ^= 2
		if w.Sleutel = string(b); w.Klopt(punt) {
			t.Errorf("byte %d of the key is not covered", i)
		}
	}
	later, dubbel, leeg := m, m, m
	later.Moment = m.Moment.Add(time.Second)
	dubbel.Regel = append(bytes.Clone(m.Regel), m.Regel...)
	leeg.Regel = nil
	if later.Klopt(punt) || dubbel.Klopt(punt) || leeg.Klopt(punt) || m.Klopt(l.punt(8)) {
		t.Error("another moment, twice the line, none, or another checkpoint holds")
	}
	ander, err := getuige.NewOndertekenaar(naam8032, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := getuige.Lees(punt, m.Regel, ander.Sleutel); !errors.Is(err, bewijs.ErrHandtekening) {
		t.Errorf("of another key of the same name: %v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", o, o, o, o); strings.Contains(s, zaad8032[:16]) || strings.Contains(s, "157 97 177") {
		t.Errorf("the key is printed: %s", s)
	}
}

// A moment that can't be written is none: it would come back as another one from the store.
func TestACosignatureIsOfAMomentThatCanBeWritten(t *testing.T) {
	t.Parallel()
	o, err := getuige.NewOndertekenaar("getuige.example", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	laatste := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for moment, want := range map[time.Time]bool{laatste: true, laatste.Add(time.Second): false, time.Unix(1<<62, 0): false} {
		m := o.Onderteken(voorbeeld, moment)
		if l, err := getuige.Lees([]byte(voorbeeld+"\n"), m.Regel, o.Sleutel); (err == nil) != want {
			t.Errorf("%d: %v, %v", moment.Unix(), l, err)
		}
	}
}
