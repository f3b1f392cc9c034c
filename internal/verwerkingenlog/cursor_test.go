package verwerkingenlog

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

var cursorBegin = time.Date(2024, 4, 5, 12, 0, 0, 0, time.UTC)

func testCursor(s *betrokkene.Sleutels) cursor {
	return cursor{
		Soort: IngangPersoon, Sleutels: s.Handles("persoon", "BSN", "999990019"),
		Periode: Periode{Begin: 1, Eind: 2, HasBegin: true, HasEind: true}, Klassen: AlleKlassen, Activiteit: uuid.New(),
		Tot: 7, Omvang: 100, Verloopt: cursorBegin.Add(time.Hour).UnixMicro(), Plaats: plaats{Tijdstip: -5, Blad: 3, Voorkom: 1}, Terug: true,
	}
}

func TestACursorComesBackOnlyToTheOneItWasGivenTo(t *testing.T) {
	t.Parallel()
	b := openKeys(t)
	s := keysOf(t, b, oinVoorbeeldstad)
	nu := cursorBegin
	l := logWithout(b, func() time.Time { return nu })
	a := &Aanroeper{Organisatie: oinVoorbeeldstad, ClientID: "burgerzaken"}
	c := testCursor(s)
	token, err := l.sealCursor(a, s, c)
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.openCursor(a, s, false, token)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c, got); d != "" {
		t.Error(d)
	}
	if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" || len(token) > maxCursor {
		t.Error("does not fit in a URL")
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range [][]byte{[]byte("999990019"), []byte(hex.EncodeToString([]byte("999990019"))), c.Sleutels[0][:]} {
		if bytes.Contains(raw, plain) || strings.Contains(token, string(plain)) {
			t.Error("the cursor shows whom it is about")
		}
	}
	refused := func(t *testing.T, l *Log, a *Aanroeper, s *betrokkene.Sleutels, inzage bool, token string) {
		t.Helper()
		_, err := l.openCursor(a, s, inzage, token)
		var f *fout.Fout
		if !errors.As(err, &f) || f.Code != fout.CodeOngeldig || len(f.Params) != 1 || f.Params[0].Name != "cursor" {
			t.Errorf("got %v", err)
		}
	}
	later := func(d time.Duration) *Log {
		return logWithout(b, func() time.Time { return cursorBegin.Add(d) })
	}
	t.Run("it lives an hour", func(t *testing.T) {
		if _, err := later(time.Hour).openCursor(a, s, false, token); err != nil {
			t.Error(err)
		}
		refused(t, later(time.Hour+time.Microsecond), a, s, false, token)
	})
	t.Run("not for another client", func(t *testing.T) {
		refused(t, l, &Aanroeper{Organisatie: oinVoorbeeldstad, ClientID: "burgerzaken2"}, s, false, token)
	})
	t.Run("not for another organisation", func(t *testing.T) {
		refused(t, l, &Aanroeper{Organisatie: oinAnderdorp, ClientID: "burgerzaken"}, s, false, token)
		refused(t, l, &Aanroeper{Organisatie: oinAnderdorp, ClientID: "burgerzaken"}, keysOf(t, b, oinAnderdorp), false, token)
	})
	t.Run("not in the other API", func(t *testing.T) {
		refused(t, l, a, s, true, token)
	})
	t.Run("not with any character changed", func(t *testing.T) {
		for k := range token {
			changed := []byte(token)
			if changed[k]++; changed[k] == '{' {
				changed[k] = 'A'
			}
			refused(t, l, a, s, false, string(changed))
		}
	})
	t.Run("not anything else", func(t *testing.T) {
		for _, other := range []string{"", "a", "!!", token + "A", token + "=", token[:len(token)-1],
			strings.Repeat("A", maxCursor), strings.Repeat("A", maxCursor+1), "\x00", base64.RawURLEncoding.EncodeToString(make([]byte, 100))} {
			refused(t, l, a, s, false, other)
		}
	})
	t.Run("sealed content of a record is no cursor", func(t *testing.T) {
		sealed := s.Seal(nil, betrokkene.KlasseNormaal, cursorAAD(a, false), []byte{0xa0})
		refused(t, l, a, s, false, base64.RawURLEncoding.EncodeToString(sealed))
	})
}

func TestListsAreOrderedNewestFirstAndTheOrderIsTotal(t *testing.T) {
	t.Parallel()
	gen := rapid.Custom(func(t *rapid.T) plaats {
		return plaats{rapid.Int64Range(-3, 3).Draw(t, "tijdstip"), rapid.Uint64Range(0, 3).Draw(t, "leaf"), rapid.Uint16Range(0, 2).Draw(t, "nth")}
	})
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := gen.Draw(t, "p"), gen.Draw(t, "q"), gen.Draw(t, "r")
		switch {
		case p.before(p):
			t.Fatal("before itself")
		case p != q && p.before(q) == q.before(p):
			t.Fatal("two places have no order")
		case p.before(q) && q.before(r) && !p.before(r):
			t.Fatal("not transitive")
		case p.Tijdstip > q.Tijdstip && !p.before(q):
			t.Fatal("a later tijdstip does not come first")
		case p.Tijdstip == q.Tijdstip && p.Blad > q.Blad && !p.before(q):
			t.Fatal("a later registration does not come first")
		}
	})
	list := []plaats{{1, 1, 0}, {2, 1, 1}, {2, 1, 0}, {2, 5, 0}, {-1, 9, 0}}
	slices.SortFunc(list, func(p, q plaats) int {
		if p.before(q) {
			return -1
		}
		return 1
	})
	if d := cmp.Diff([]plaats{{2, 5, 0}, {2, 1, 0}, {2, 1, 1}, {1, 1, 0}, {-1, 9, 0}}, list); d != "" {
		t.Error(d)
	}
}

func FuzzCursor(f *testing.F) {
	b := openKeys(f)
	s := keysOf(f, b, oinVoorbeeldstad)
	l := logWithout(b, func() time.Time { return cursorBegin })
	a := &Aanroeper{Organisatie: oinVoorbeeldstad, ClientID: "burgerzaken"}
	c := testCursor(s)
	token, err := l.sealCursor(a, s, c)
	if err != nil {
		f.Fatal(err)
	}
	plain, err := encoding.Marshal(&c)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token, plain)
	f.Add("", []byte{})
	f.Add("AQAB", []byte{0xbf, 0xff})
	f.Add(token[:20], []byte{0xa1, 0x03, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, raw string, plain []byte) {
		if c2, err := l.openCursor(a, s, false, raw); err == nil && !cmp.Equal(c, c2) {
			t.Error("a forged cursor opens")
		}
		// Sealed by somebody who has the key: still no panic, and never an expired one.
		sealed := base64.RawURLEncoding.EncodeToString(s.SealCursor(cursorAAD(a, false), plain))
		if c2, err := l.openCursor(a, s, false, sealed); err == nil && (c2.Inzage || c2.Verloopt < cursorBegin.UnixMicro()) {
			t.Error("a cursor of the other API, or an expired one, opens")
		}
	})
}
