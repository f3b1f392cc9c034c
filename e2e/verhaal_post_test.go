package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailserver is where the mail of a story ends: a server of its own that takes over what it is sent (RFC 5321).
type mailserver struct {
	adres string

	mu      sync.Mutex
	brieven []brief
	gelezen map[string]int // codes that were taken, by address
}

type brief struct{ aan, onderwerp, tekst string }

func startMailserver(t testing.TB) *mailserver {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailserver{adres: l.Addr().String(), gelezen: map[string]int{}}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(time.Minute))
				if err := m.sessie(textproto.NewConn(c)); err != nil {
					t.Errorf("mail: %v", err)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
	})
	return m
}

func (m *mailserver) sessie(c *textproto.Conn) error {
	zeg := func(regel string) error { return c.PrintfLine("%s", regel) }
	var aan string
	err := zeg("220 mail.voorbeeldstad.example ESMTP")
	for err == nil {
		var regel string
		if regel, err = c.ReadLine(); err != nil {
			break
		}
		switch woord, _, _ := strings.Cut(strings.ToUpper(regel), " "); woord {
		case "EHLO":
			err = zeg("250-mail.voorbeeldstad.example\r\n250-8BITMIME\r\n250 SIZE 1000000")
		case "RCPT":
			aan = strings.ToLower(regel[strings.IndexByte(regel, '<')+1 : strings.IndexByte(regel, '>')])
			err = zeg("250 ok")
		case "DATA":
			if err = zeg("354 go on"); err != nil {
				break
			}
			var bericht []byte
			if bericht, err = c.ReadDotBytes(); err != nil {
				break
			}
			if err := m.neem(aan, bytes.NewReader(bericht)); err != nil {
				return err
			}
			err = zeg("250 taken over")
		case "QUIT":
			_ = zeg("221 bye")
			return nil
		case "MAIL", "RSET", "NOOP":
			err = zeg("250 ok")
		default:
			err = zeg("502 not here")
		}
	}
	return nil // who goes away without a word, as a program that is killed at the end of a test, took nothing along
}

// neem keeps a message as its reader would see it.
func (m *mailserver) neem(aan string, r io.Reader) error {
	bericht, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	onderwerp, err := new(mime.WordDecoder).DecodeHeader(bericht.Header.Get("Subject"))
	if err != nil {
		return err
	}
	if got := bericht.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
		return fmt.Errorf("encoded as %q", got)
	}
	tekst, err := io.ReadAll(quotedprintable.NewReader(bericht.Body))
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.brieven = append(m.brieven, brief{aan, onderwerp, strings.ReplaceAll(string(tekst), "\r\n", "\n")})
	return nil
}

// bij gives all that came for an address, oldest first.
func (m *mailserver) bij(aan string) (uit []brief) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.brieven {
		if b.aan == aan {
			uit = append(uit, b)
		}
	}
	return uit
}

var (
	codeInBrief        = regexp.MustCompile(`Uw code is (\d{4}) (\d{4})\.`)
	uitnodigingInBrief = regexp.MustCompile(`(?m)^    (\S.*)$`)
)

// code waits for the next code to sign in with, that was not taken before.
func (m *mailserver) code(t testing.TB, aan string) string {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var codes []string
		for _, b := range m.bij(aan) {
			if c := codeInBrief.FindStringSubmatch(b.tekst); c != nil {
				codes = append(codes, c[1]+c[2])
			}
		}
		m.mu.Lock()
		n := m.gelezen[aan]
		if len(codes) > n {
			m.gelezen[aan]++
			m.mu.Unlock()
			return codes[n]
		}
		m.mu.Unlock()
	}
	t.Fatalf("no code came to %s among %q", aan, m.bij(aan))
	return ""
}

// brief waits for one with a subject, and gives the newest.
func (m *mailserver) brief(t testing.TB, aan, onderwerp string) string {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		for _, b := range slices.Backward(m.bij(aan)) {
			if b.onderwerp == onderwerp {
				return b.tekst
			}
		}
	}
	t.Fatalf("no %q came to %s among %q", onderwerp, aan, m.bij(aan))
	return ""
}

// uitnodiging waits for the code of the n-th invitation, with which a password is chosen.
func (m *mailserver) uitnodiging(t testing.TB, aan string, n int) string {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var codes []string
		for _, b := range m.bij(aan) {
			if c := uitnodigingInBrief.FindStringSubmatch(b.tekst); b.onderwerp == "Kies uw wachtwoord" && c != nil {
				codes = append(codes, c[1])
			}
		}
		if len(codes) >= n {
			return codes[n-1]
		}
	}
	t.Fatalf("invitation %d did not come to %s among %q", n, aan, m.bij(aan))
	return ""
}
