package smtp

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/post"
)

// Whatever is accepted as a message goes to its one address, under its one subject, with no line of a header that nobody meant.
func FuzzMessage(f *testing.F) {
	f.Add("b.heer@voorbeeldstad.example", "Uw code om aan te melden", "Uw code is 1234 5678.\n\nGeef hem aan niemand.\n")
	f.Add("\"a b\"@voorbeeldstad.example", "é €", ".\n..\n")
	f.Add("a@b", "=?utf-8?q?x?=", strings.Repeat("x", 2000))
	r, err := New(Opties{Naam: "relay", Adres: "127.0.0.1:25", Versleuteling: StartTLS, Afzender: afzender})
	if err != nil {
		f.Fatal(err)
	}
	want := map[string]bool{"From": true, "To": true, "Subject": true, "Date": true, "Message-Id": true, "Auto-Submitted": true, "Mime-Version": true, "Content-Type": true, "Content-Transfer-Encoding": true}
	f.Fuzz(func(t *testing.T, aan, onderwerp, tekst string) {
		b := post.Bericht{Soort: post.Code, Aan: aan, Onderwerp: onderwerp, Tekst: tekst}
		if !post.Verzendbaar(b) {
			return
		}
		m, err := r.message(post.Brief{ID: uuid.New(), Bericht: b})
		if err != nil {
			return
		}
		var buf bytes.Buffer
		if _, err := m.WriteTo(&buf); err != nil {
			t.Fatal(err)
		}
		gelezen, err := mail.ReadMessage(&buf)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range gelezen.Header {
			if !want[k] || len(v) != 1 {
				t.Errorf("header %s: %q", k, v)
			}
		}
		if l, err := gelezen.Header.AddressList("To"); err != nil || len(l) != 1 || l[0].Address != aan {
			t.Errorf("to %v, %v; want %q", l, err, aan)
		}
		if s, err := new(mime.WordDecoder).DecodeHeader(gelezen.Header.Get("Subject")); err != nil || strings.Join(strings.Fields(s), " ") != strings.Join(strings.Fields(onderwerp), " ") {
			t.Errorf("subject %q, %v; want %q", s, err, onderwerp)
		}
		if gelezen.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Fatalf("encoded as %q", gelezen.Header.Get("Content-Transfer-Encoding"))
		}
		body, err := io.ReadAll(quotedprintable.NewReader(gelezen.Body))
		if got := strings.TrimRight(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n"); err != nil || got != strings.TrimRight(tekst, "\n") {
			t.Errorf("text %q, %v; want %q", got, err, tekst)
		}
	})
}
