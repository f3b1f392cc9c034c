package post

import (
	"net/mail"
	"strings"
	"testing"
)

// What counts as an address is one address, and goes nowhere else when it is written in a header.
func FuzzIsAdres(f *testing.F) {
	for _, s := range []string{"b.heer@voorbeeldstad.example", "a@b", "\"a b\"@c", "a@[127.0.0.1]", "Bea <b@c>", "a@b, c@d", "ü@ü.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !IsAdres(s) {
			return
		}
		l, err := mail.ParseAddressList(s)
		if err != nil || len(l) != 1 || l[0].Address != s || strings.ContainsAny(s, "\r\n,<>") {
			t.Errorf("%q is %v, %v", s, l, err)
		}
	})
}
