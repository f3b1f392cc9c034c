package smtp

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/post"
)

const aan = "b.heer@voorbeeldstad.example"

var afzender = mail.Address{Name: "Verantwoord Voorbeeldstad", Address: "verantwoord@voorbeeldstad.example"}

func relay(t testing.TB, s *server, wijzig func(*Opties)) *Relay {
	t.Helper()
	o := Opties{Naam: "relay 1", Adres: s.adres, Versleuteling: StartTLS, Uitgevers: s.ca, Afzender: afzender, EigenHostnaam: "register.voorbeeldstad.example"}
	if wijzig != nil {
		wijzig(&o)
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func brief() post.Brief {
	return post.Brief{ID: uuid.New(), OIN: "00000099000000010000", Gemaakt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Bericht: post.Bericht{Soort: post.Code, Aan: aan, Onderwerp: "Uw code om aan te melden", Tekst: "Uw code is " + "12345678" + ".\n\nDe code is 10 minuten geldig.\n"}}
}

// send sends with little patience.
func send(t *testing.T, r *Relay, b post.Brief, geduld time.Duration) error {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), geduld)
	defer stop()
	return r.Send(ctx, b)
}

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	for naam, p := range map[string]struct {
		g gedrag
		o func(*Opties)
	}{
		"over STARTTLS":                   {},
		"over TLS from the first byte":    {gedrag{directTLS: true}, func(o *Opties) { o.Versleuteling = TLS }},
		"with a sign-in":                  {gedrag{aanmelden: true}, func(o *Opties) { o.Gebruiker, o.Wachtwoord = "register", "geheim-wachtwoord" }},
		"to this machine without TLS":     {gedrag{zonderTLS: true}, func(o *Opties) { o.Versleuteling = Uit }},
		"though the server hangs after":   {gedrag{naOvername: "hang"}, nil},
		"though the server is gone after": {gedrag{naOvername: "breek"}, nil},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s := serve(t, p.g)
			b := brief()
			begin := time.Now()
			if err := send(t, relay(t, s, p.o), b, 90*time.Second); err != nil {
				t.Fatal(err)
			}
			if time.Since(begin) > time.Minute {
				t.Error("it waited for what never comes after the message was taken over")
			}
			got := s.berichten()
			if len(got) != 1 {
				t.Fatalf("%d messages", len(got))
			}
			m, err := mail.ReadMessage(strings.NewReader(got[0]))
			if err != nil {
				t.Fatal(err)
			}
			onderwerp, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || onderwerp != b.Onderwerp {
				t.Errorf("subject %q, %v", onderwerp, err)
			}
			van, err := m.Header.AddressList("From")
			if err != nil || len(van) != 1 || *van[0] != afzender {
				t.Errorf("from %v, %v", van, err)
			}
			for kop, want := range map[string]string{
				"To": "<" + aan + ">", "Message-Id": "<" + b.ID.String() + "@voorbeeldstad.example>", "Auto-Submitted": "auto-generated",
				"Date": "Sun, 01 Mar 2026 12:00:00 +0000",
			} {
				if m.Header.Get(kop) != want {
					t.Errorf("%s: %q, want %q", kop, m.Header.Get(kop), want)
				}
			}
			body := io.Reader(m.Body)
			if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
				body = quotedprintable.NewReader(body)
			}
			tekst, err := io.ReadAll(body)
			if err != nil || strings.TrimSpace(strings.ReplaceAll(string(tekst), "\r\n", "\n")) != strings.TrimSpace(b.Tekst) {
				t.Errorf("text %q, %v", tekst, err)
			}
		})
	}
}

func TestAServerThatWorksAndRefuses(t *testing.T) {
	t.Parallel()
	for naam, p := range map[string]struct {
		g    gedrag
		want post.Geweigerd
	}{
		"greylists":                       {gedrag{antwoord: map[string]string{"RCPT": "451 4.7.1 greylisted " + aan}}, post.Geweigerd{Code: 451}},
		"greylists the sender":            {gedrag{antwoord: map[string]string{"MAIL": "450 4.7.1 later " + aan}}, post.Geweigerd{Code: 450}},
		"knows no such address":           {gedrag{antwoord: map[string]string{"RCPT": "550 5.1.1 no such user " + aan}}, post.Geweigerd{Code: 550, Definitief: true}},
		"refuses the content":             {gedrag{antwoord: map[string]string{"EINDE": "554 5.7.1 spam to " + aan}}, post.Geweigerd{Code: 554, Definitief: true}},
		"is full at the end of the data":  {gedrag{antwoord: map[string]string{"EINDE": "452 4.3.1 full"}}, post.Geweigerd{Code: 452}},
		"is full before there is content": {gedrag{antwoord: map[string]string{"DATA": "452 4.3.1 full"}}, post.Geweigerd{Code: 452}},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s := serve(t, p.g)
			err := send(t, relay(t, s, nil), brief(), time.Minute)
			var g *post.Geweigerd
			if !errors.As(err, &g) || *g != p.want {
				t.Fatalf("%v, want %v", err, p.want)
			}
			quotesNothing(t, err)
			if len(s.berichten()) != 0 {
				t.Error("taken over")
			}
		})
	}
}

// quotesNothing holds an error to what may stand in a log.
func quotesNothing(t *testing.T, err error) {
	t.Helper()
	for _, fout := range []string{aan, "b.heer", "12345678", "1234 5678", "geheim-wachtwoord", "no such user", "wrong credentials"} {
		if strings.Contains(err.Error(), fout) {
			t.Errorf("the error quotes: %v", err)
		}
	}
}

func TestAServerThatCanNotBeUsed(t *testing.T) {
	t.Parallel()
	ca, sleutel, _ := uitgever(t)
	vreemd := certificaat(t, ca, sleutel, []string{"127.0.0.1"}, time.Now().Add(time.Hour))
	for naam, p := range map[string]struct {
		g    gedrag
		o    func(*Opties)
		want string
	}{
		"says nothing":                         {gedrag{stilteBegroet: true}, nil, "in time"},
		"hangs at EHLO":                        {gedrag{hang: "EHLO"}, nil, "in time"},
		"hangs at RCPT":                        {gedrag{hang: "RCPT"}, nil, "in time"},
		"hangs after the data":                 {gedrag{hang: "EINDE"}, nil, "in time"},
		"closes at MAIL":                       {gedrag{breek: "MAIL"}, nil, "breaks off"},
		"closes in the middle":                 {gedrag{breek: "DATA"}, nil, "breaks off"},
		"closes before it answers to the data": {gedrag{breek: "EINDE"}, nil, "breaks off"},
		"is closing":                           {gedrag{antwoord: map[string]string{"MAIL": "421 4.3.2 closing"}}, nil, "breaks off"},
		"turns everybody away":                 {gedrag{antwoord: map[string]string{"BEGROET": "554 not for you"}}, nil, "answers 554"},
		"does not take the sender":             {gedrag{antwoord: map[string]string{"MAIL": "553 5.7.1 not yours"}}, nil, "answers 553 to the sender"},
		"offers no STARTTLS":                   {gedrag{zonderTLS: true}, nil, "no STARTTLS"},
		"refuses STARTTLS":                     {gedrag{antwoord: map[string]string{"STARTTLS": "454 4.7.0 not now"}}, nil, "answers 454"},
		"has a certificate of a stranger":      {gedrag{certificaat: vreemd}, nil, "certificate"},
		"speaks no TLS where it should":        {gedrag{}, func(o *Opties) { o.Versleuteling = TLS }, ""},
		"does not know the password":           {gedrag{aanmelden: true}, func(o *Opties) { o.Gebruiker, o.Wachtwoord = "register", "verkeerd" }, "answers 535"},
		"knows no sign-in":                     {gedrag{}, func(o *Opties) { o.Gebruiker, o.Wachtwoord = "register", "geheim-wachtwoord" }, "sign in"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s := serve(t, p.g)
			geduld := time.Minute
			if p.g.hang != "" || p.g.stilteBegroet || p.want == "" {
				geduld = time.Second
			}
			begin := time.Now()
			err := send(t, relay(t, s, p.o), brief(), geduld)
			if err == nil || !strings.Contains(err.Error(), p.want) {
				t.Fatalf("%v, want %q", err, p.want)
			}
			var g *post.Geweigerd
			if errors.As(err, &g) {
				t.Errorf("it counts as an answer: %v", err)
			}
			quotesNothing(t, err)
			if d := time.Since(begin); d > langst/2 {
				t.Errorf("it went on for %v after its time", d)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.ontvangen) != 0 {
				t.Error("taken over")
			}
			if p.g.zonderTLS || p.g.certificaat != nil {
				for _, c := range s.gezien {
					if c == "MAIL" || c == "AUTH" || c == "RCPT" {
						t.Errorf("%s was sent to it", c)
					}
				}
			}
		})
	}
}

func TestACertificateIsThatOfTheServerAndOfNow(t *testing.T) {
	t.Parallel()
	ca, sleutel, pool := uitgever(t)
	for naam, c := range map[string]struct {
		namen []string
		tot   time.Time
	}{
		"of another server": {[]string{"10.1.1.1", "anders.example"}, time.Now().Add(time.Hour)},
		"that has expired":  {[]string{"127.0.0.1"}, time.Now().Add(-time.Hour)},
	} {
		s := serve(t, gedrag{certificaat: certificaat(t, ca, sleutel, c.namen, c.tot)})
		err := send(t, relay(t, s, func(o *Opties) { o.Uitgevers = pool }), brief(), time.Minute)
		if err == nil || !strings.Contains(err.Error(), "certificate") || len(s.berichten()) != 0 {
			t.Errorf("%s: %v", naam, err)
		}
	}
	s := serve(t, gedrag{certificaat: certificaat(t, ca, sleutel, []string{"127.0.0.1"}, time.Now().Add(time.Hour))})
	if err := send(t, relay(t, s, func(o *Opties) { o.Uitgevers = pool }), brief(), time.Minute); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	r := relay(t, &server{adres: "127.0.0.1:1"}, nil)
	if err := send(t, r, brief(), time.Minute); err == nil || !strings.Contains(err.Error(), "can't be reached") {
		t.Errorf("%v", err)
	}
}

func TestOptionsThatCanNotWorkAreRefused(t *testing.T) {
	t.Parallel()
	goed := Opties{Adres: "mail.voorbeeldstad.example:587", Versleuteling: StartTLS, Afzender: afzender}
	if _, err := New(goed); err != nil {
		t.Fatal(err)
	}
	for naam, wijzig := range map[string]func(*Opties){
		"no port":                  func(o *Opties) { o.Adres = "mail.voorbeeldstad.example" },
		"no host":                  func(o *Opties) { o.Adres = ":587" },
		"no TLS over the net":      func(o *Opties) { o.Versleuteling = Uit },
		"an unknown encryption":    func(o *Opties) { o.Versleuteling = "" },
		"no sender":                func(o *Opties) { o.Afzender = mail.Address{} },
		"a user without password":  func(o *Opties) { o.Gebruiker = "register" },
		"a password without user":  func(o *Opties) { o.Wachtwoord = "geheim-wachtwoord" },
		"a sender with a new line": func(o *Opties) { o.Afzender.Address = "a@b.example\r\nBcc: x@y.example" },
	} {
		o := goed
		wijzig(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: accepted", naam)
		}
	}
}
