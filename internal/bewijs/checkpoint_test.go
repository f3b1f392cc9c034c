package bewijs_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

const origin = "verantwoord.example/bewijs/00000099123456780000"

func tekenaar(t testing.TB, origin string, nummer byte) *bewijs.Tekenaar {
	t.Helper()
	k, err := bewijs.NewTekenaar(origin, bytes.Repeat([]byte{nummer}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sign(t testing.TB, c bewijs.Checkpoint, keys ...*bewijs.Tekenaar) []byte {
	t.Helper()
	b, err := c.Sign(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var punt = bewijs.Checkpoint{Origin: origin, Grootte: 20_852_163, Wortel: content(1), Moment: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}

// The example of C2SP tlog-checkpoint is a tree head of sum.golang.org under another name; with its own name the
// signature holds for its published key. So our text is the text that others sign.
func TestTheTextOfACheckpointIsThatOfAPublishedOne(t *testing.T) {
	t.Parallel()
	const sleutel = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
	root, err := base64.StdEncoding.DecodeString("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
	if err != nil {
		t.Fatal(err)
	}
	c := bewijs.Checkpoint{Origin: "go.sum database tree", Grootte: 20_852_163, Wortel: bewijs.Hash(root)}
	b := c.Tekst() + "\n— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
	keys, err := bewijs.ParseSleutels(sleutel)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(b), note.VerifierList(keys...))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := bewijs.ParseCheckpoint(n.Text); err != nil || back != c {
		t.Errorf("%+v, %v", back, err)
	}
}

// The first key of RFC 8032, section 7.1.
func TestTheKeyIsThatOfRFC8032UnderTheNameOfTheLog(t *testing.T) {
	t.Parallel()
	zaad, _ := hex.DecodeString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
	publiek, _ := hex.DecodeString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
	k, err := bewijs.NewTekenaar(origin, zaad)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s+%08x+%s", origin, k.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{1}, publiek...))); k.Publiek() != want {
		t.Errorf("%s, want %s", k.Publiek(), want)
	}
	beheer, err := bewijs.NewTekenaar(bewijs.Origin("verantwoord.example", "00000099123456780000", bewijs.BoomBeheer), zaad)
	if err != nil || beheer.KeyHash() == k.KeyHash() {
		t.Errorf("both trees have key id %08x, %v", k.KeyHash(), err)
	}
	for _, f := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if s := fmt.Sprintf(f, k); strings.Contains(s, hex.EncodeToString(zaad)) || strings.Contains(s, "157 97 177") {
			t.Errorf("%s prints the key", f)
		}
	}
	for _, fout := range []string{"", "twee woorden", "met+plus", "regel\neinde"} {
		if _, err := bewijs.NewTekenaar(fout, zaad); err == nil {
			t.Errorf("a key named %q", fout)
		}
	}
	if _, err := bewijs.NewTekenaar(origin, zaad[:31]); err == nil {
		t.Error("a seed of 31 bytes")
	}
}

func TestACheckpointComesBackFromItsSignedNote(t *testing.T) {
	t.Parallel()
	k := tekenaar(t, origin, 1)
	rapid.Check(t, func(r *rapid.T) {
		c := bewijs.Checkpoint{Origin: origin, Grootte: rapid.Uint64Range(0, 1<<62-1).Draw(r, "n"), Wortel: content(rapid.Uint64().Draw(r, "root"))}
		if rapid.Bool().Draw(r, "moment") {
			c.Moment = time.Unix(rapid.Int64Range(0, 1<<33).Draw(r, "s"), 0).UTC()
		}
		back, err := bewijs.OpenCheckpoint(sign(t, c, k), origin, k.Lezer())
		if err != nil || back != c {
			r.Errorf("%+v came back as %+v, %v", c, back, err)
		}
	})
}

func TestWhatWasNotSignedSoIsNotOpened(t *testing.T) {
	t.Parallel()
	k, ander := tekenaar(t, origin, 1), tekenaar(t, origin, 2)
	beheer := origin + "/beheer"
	goed := string(sign(t, punt, k))
	vervang := func(oud, nieuw string) string {
		t.Helper()
		if !strings.Contains(goed, oud) {
			t.Fatalf("%q is not in it", oud)
		}
		return strings.Replace(goed, oud, nieuw, 1)
	}
	anders := punt
	anders.Wortel = content(2)
	regels := strings.Split(string(sign(t, anders, k)), "\n")
	for naam, c := range map[string]struct {
		tekst, origin string
		sleutel       note.Verifier
	}{
		"another key":                  {goed, origin, ander.Lezer()},
		"another log":                  {goed, beheer, tekenaar(t, beheer, 1).Lezer()},
		"a key of another name":        {goed, origin, tekenaar(t, beheer, 1).Lezer()},
		"another size":                 {vervang("20852163", "20852164"), origin, k.Lezer()},
		"another root":                 {vervang(strings.Split(goed, "\n")[2], regels[2]), origin, k.Lezer()},
		"the signature of another":     {vervang(strings.Split(goed, "\n")[5], regels[5]), origin, k.Lezer()},
		"an extra line":                {vervang("\n\n", "\nextra\n\n"), origin, k.Lezer()},
		"the moment taken out":         {vervang("moment 2026-11-26T09:00:00Z\n", ""), origin, k.Lezer()},
		"another moment":               {vervang("T09", "T10"), origin, k.Lezer()},
		"other bits in the signature":  {andereBits(goed), origin, k.Lezer()},
		"no signature":                 {goed[:strings.Index(goed, "\n\n")+2], origin, k.Lezer()},
		"the name in the signature":    {vervang("— "+origin, "— "+beheer), origin, k.Lezer()},
		"a good one and a spoilt one":  {spoil(string(sign(t, punt, k, ander)), 6), origin, nil},
		"nothing":                      {"", origin, k.Lezer()},
		"far too long":                 {goed + strings.Repeat("— x AAAAAAA=\n", 10_000), origin, k.Lezer()},
		"a carriage return in the end": {strings.ReplaceAll(goed, "\n", "\r\n"), origin, k.Lezer()},
	} {
		keys := []note.Verifier{c.sleutel}
		if c.sleutel == nil {
			keys = []note.Verifier{k.Lezer(), ander.Lezer()}
		}
		if got, err := bewijs.OpenCheckpoint([]byte(c.tekst), c.origin, keys...); err == nil {
			t.Errorf("%s: opened as %+v", naam, got)
		}
	}
	if _, err := bewijs.OpenCheckpoint([]byte(goed), origin, ander.Lezer()); !errors.Is(err, bewijs.ErrHandtekening) {
		t.Errorf("another key: %v", err)
	}
	if _, err := bewijs.OpenCheckpoint([]byte(goed), origin); !errors.Is(err, bewijs.ErrHandtekening) {
		t.Errorf("no key: %v", err)
	}
}

// andereBits writes the last signature with bits in base64 that mean nothing: the same bytes in another text.
func andereBits(tekst string) string {
	const cijfers = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	b := []byte(tekst)
	i := strings.LastIndexByte(tekst, '=') - 1
	b[i] = cijfers[strings.IndexByte(cijfers, b[i])^1]
	return string(b)
}

// spoil changes a byte of the signature on a line.
func spoil(tekst string, regel int) string {
	lines := strings.Split(tekst, "\n")
	b := []byte(lines[regel])
	if b[len(b)-10]++; b[len(b)-10] == 'z'+1 || b[len(b)-10] == 'Z'+1 || b[len(b)-10] == '9'+1 {
		b[len(b)-10] = 'q'
	}
	lines[regel] = string(b)
	return strings.Join(lines, "\n")
}

// While one key follows another both sign: who knows either can go on.
func TestWhoKnowsOneOfTheKeysOfARotationOpensWhatBothSigned(t *testing.T) {
	t.Parallel()
	oud, nieuw := tekenaar(t, origin, 1), tekenaar(t, origin, 2)
	both := sign(t, punt, nieuw, oud)
	if got := bytes.Count(both, []byte("\n— ")); got != 2 {
		t.Fatalf("%d signatures", got)
	}
	for naam, keys := range map[string][]note.Verifier{"old": {oud.Lezer()}, "new": {nieuw.Lezer()}, "both": {oud.Lezer(), nieuw.Lezer()}} {
		if c, err := bewijs.OpenCheckpoint(both, origin, keys...); err != nil || c != punt {
			t.Errorf("who knows the %s key: %v", naam, err)
		}
	}
	// Lines of a witness are passed over.
	getuige := tekenaar(t, "getuige.example", 3)
	n, err := note.Open(both, note.VerifierList(nieuw.Lezer()))
	if err != nil {
		t.Fatal(err)
	}
	three, err := note.Sign(n, getuige)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := bewijs.OpenCheckpoint(three, origin, oud.Lezer()); err != nil || c != punt {
		t.Errorf("with a witness: %v", err)
	}
	// And a witness alone is not the log.
	if _, err := bewijs.OpenCheckpoint(three, origin, getuige.Lezer()); err == nil {
		t.Error("the signature of a witness passes for that of the log")
	}
}

func TestTheTextOfACheckpointIsReadStrictly(t *testing.T) {
	t.Parallel()
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, fout := range []string{
		"", "\n", "a\n1\n" + root, "a\n1\n", "a\n01\n" + root + "\n", "a\n-1\n" + root + "\n", "a\n+1\n" + root + "\n", "a\n1\nAAAA\n", "\n1\n" + root + "\n",
		"a\n1\n" + root + "\n\nb\n", "a\n1\n" + root + "\n\n", "a\n4611686018427387904\n" + root + "\n", "a\n1\n" + root[:43] + "\n", "a\n1\n" + root + "=\n",
		"a\n1\n" + root + "\nmoment 2026-11-26T09:00:00Z\nmoment 2026-11-26T09:00:00Z\n", "a\n1\n" + root + "\nmoment gisteren\n",
		"a\n1\n" + root + "\nmoment 2026-11-26T10:00:00+01:00\n", "a\n1\n" + root + "\nmoment 2026-11-26T09:00:00.5Z\n",
	} {
		if c, err := bewijs.ParseCheckpoint(fout); err == nil {
			t.Errorf("%q was read as %+v", fout, c)
		}
	}
	if _, err := bewijs.ParseCheckpoint("a\n0\n" + root + "\niets anders\n"); err != nil {
		t.Errorf("a line that says nothing to us: %v", err)
	}
	if _, err := (bewijs.Checkpoint{Origin: "a\nb"}).Sign(tekenaar(t, origin, 1)); err == nil {
		t.Error("an origin of two lines was signed")
	}
	if _, err := (bewijs.Checkpoint{Origin: "ander.example"}).Sign(tekenaar(t, origin, 1)); err == nil {
		t.Error("the key of one log signed another")
	}
	if _, err := punt.Sign(); err == nil {
		t.Error("signed without a key")
	}
}

func FuzzOpenCheckpoint(f *testing.F) {
	k := tekenaar(f, origin, 1)
	goed := sign(f, punt, k)
	f.Add(goed)
	f.Add([]byte(punt.Tekst()))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := bewijs.OpenCheckpoint(b, origin, k.Lezer())
		if err == nil && c != punt {
			t.Errorf("%+v was never signed", c)
		}
	})
}
