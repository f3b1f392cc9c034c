package betrokkene_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/hex"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

func TestHandleIsTheHMACOfTheContractForAnyText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := keyring(t, open(t, dir, &prints{}, oinA), oinA)
	key, err := hex.DecodeString(strings.TrimSpace(files(t, dir)[filepath.Join(oinA, "handle-1.key")]))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.OneOf(rapid.SampledFrom([]string{"BSN", "bsn", "Personeelsnummer", "SOORT ÉÉN", "İ", ""}), rapid.String()).Draw(t, "soortObjectId")
		objecttype, id := rapid.String().Draw(t, "objecttype"), rapid.String().Draw(t, "objectId")
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(objecttype + "\x00" + strings.ToLower(kind) + "\x00" + id))
		if got := s.Handle(objecttype, kind, id); string(got[:]) != string(mac.Sum(nil)[:16]) {
			t.Fatalf("got %x", got)
		}
	})
}

func TestHandlesTellApartWhatMustBeTold(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir(), &prints{}, oinA, oinB)
	s := keyring(t, b, oinA)
	base := s.Handle("persoon", "BSN", "2308572")
	for name, c := range map[string]struct {
		got  betrokkene.Handle
		same bool
	}{
		"the same identifier":                   {s.Handle("persoon", "BSN", "2308572"), true},
		"the kind in other case":                {s.Handle("persoon", "bSn", "2308572"), true},
		"another organisation":                  {keyring(t, b, oinB).Handle("persoon", "BSN", "2308572"), false},
		"another objecttype":                    {s.Handle("zaak", "BSN", "2308572"), false},
		"another kind":                          {s.Handle("persoon", "Personeelsnummer", "2308572"), false},
		"another identifier":                    {s.Handle("persoon", "BSN", "2308573"), false},
		"a digit moved from identifier to kind": {s.Handle("persoon", "BSN2", "308572"), false},
	} {
		if (c.got == base) != c.same {
			t.Errorf("%s: same is %t", name, !c.same)
		}
	}
}

func TestHandlesAreMadeConcurrently(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	var want [100]betrokkene.Handle
	for i := range want {
		want[i] = s.Handle("persoon", "BSN", strconv.Itoa(2300000+i))
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range want {
				if s.Handle("persoon", "BSN", strconv.Itoa(2300000+i)) != want[i] {
					t.Error("a handle differs")
				}
			}
		})
	}
	wg.Wait()
}

// enumerate tries all candidates, as somebody does who copied the store: it tells whether one of
// the guesses turns a candidate into something that is stored.
func enumerate(stored map[betrokkene.Handle]bool, guesses []func(candidate string) []byte) bool {
	for _, from := range []int{2300000, 999900000} {
		for n := from; n < from+10000; n++ {
			candidate := strconv.Itoa(n)
			for _, guess := range guesses {
				var h betrokkene.Handle
				copy(h[:], guess(candidate))
				if stored[h] {
					return true
				}
			}
		}
	}
	return false
}

// guesses are ways to make a pseudonym that need nothing secret.
func guesses() []func(string) []byte {
	hashes := []func([]byte) []byte{
		func(b []byte) []byte { h := sha256.Sum256(b); return h[:] },
		func(b []byte) []byte { h := sha3.Sum256(b); return h[:] },
		func(b []byte) []byte { h := sha512.Sum512(b); return h[:] },
		func(b []byte) []byte { h := sha1.Sum(b); return h[:] },
		func(b []byte) []byte { h := md5.Sum(b); return h[:] },
	}
	for _, key := range []string{"", string(make([]byte, 32)), oinA, "verantwoord", "secret"} {
		mac := hmac.New(sha256.New, []byte(key))
		hashes = append(hashes, func(b []byte) []byte { mac.Reset(); mac.Write(b); return mac.Sum(nil) })
	}
	var out []func(string) []byte
	for _, hash := range hashes {
		for _, prefix := range []string{"", "persoon\x00bsn\x00"} {
			out = append(out, func(candidate string) []byte { return hash([]byte(prefix + candidate)) })
		}
	}
	return append(out, func(candidate string) []byte { return []byte(candidate) })
}

// Defect 1 of other logs: all valid BSNs are enumerable when the pseudonym has no key.
func TestEnumeratingAllCandidatesFindsNobodyWithoutTheKey(t *testing.T) {
	t.Parallel()
	s := keyring(t, open(t, t.TempDir(), &prints{}, oinA), oinA)
	ours := map[betrokkene.Handle]bool{}
	for _, bsn := range []string{"2308572", "999900456"} {
		ours[s.Handle("persoon", "BSN", bsn)] = true
	}
	if enumerate(ours, guesses()) {
		t.Error("a handle was found without the key")
	}

	// The same enumeration does find what is made without a key, and ours with it.
	for name, weak := range map[string]func(string) []byte{
		"SHA3 of the BSN": func(c string) []byte { h := sha3.Sum256([]byte(c)); return h[:] },
		"the contract with a key of zero": func(c string) []byte {
			mac := hmac.New(sha256.New, make([]byte, 32))
			mac.Write([]byte("persoon\x00bsn\x00" + c))
			return mac.Sum(nil)
		},
	} {
		var h betrokkene.Handle
		copy(h[:], weak("2308572"))
		if !enumerate(map[betrokkene.Handle]bool{h: true}, guesses()) {
			t.Errorf("%s is not found: the enumeration proves nothing", name)
		}
	}
	withKey := []func(string) []byte{func(c string) []byte { h := s.Handle("persoon", "BSN", c); return h[:] }}
	for h := range ours {
		if !enumerate(map[betrokkene.Handle]bool{h: true}, withKey) {
			t.Error("with the key the person is not found")
		}
	}
}

func TestPseudonymIsMeaninglessStableAndOfTheOrganisation(t *testing.T) {
	t.Parallel()
	dir, p := t.TempDir(), &prints{}
	b := open(t, dir, p, oinA, oinB)
	s := keyring(t, b, oinA)
	if got := s.Pseudoniem(""); got != "" {
		t.Errorf("nobody is %q", got)
	}
	got := s.Pseudoniem("j.jansen@gemeente.example")
	if !regexp.MustCompile(`^[a-z2-7]{32}$`).MatchString(got) {
		t.Errorf("%q is not 32 letters and digits", got)
	}
	if again := keyring(t, open(t, dir, p, oinA), oinA).Pseudoniem("j.jansen@gemeente.example"); again != got {
		t.Error("it changes with a restart")
	}
	if got == keyring(t, b, oinB).Pseudoniem("j.jansen@gemeente.example") {
		t.Error("it is the same in another organisation")
	}
	if got == s.Pseudoniem("J.jansen@gemeente.example") {
		t.Error("two users share it")
	}
}

func BenchmarkHandle(b *testing.B) {
	s := keyring(b, open(b, b.TempDir(), &prints{}, oinA), oinA)
	b.ReportAllocs()
	for b.Loop() {
		s.Handle("persoon", "BSN", "999990019")
	}
}
