package smtp

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestAServerIsLookedAtWithoutAMessage(t *testing.T) {
	t.Parallel()
	metNaam := func(o *Opties) { o.Gebruiker, o.Wachtwoord = "register", "geheim-wachtwoord" }
	for naam, p := range map[string]struct {
		g    gedrag
		o    func(*Opties)
		deel string // of the error; empty: it can be used
	}{
		"over STARTTLS":               {gedrag{}, nil, ""},
		"over TLS from the first":     {gedrag{directTLS: true}, func(o *Opties) { o.Versleuteling = TLS }, ""},
		"with a sign-in":              {gedrag{aanmelden: true}, metNaam, ""},
		"it hangs when we leave":      {gedrag{hang: "QUIT"}, nil, ""},
		"a wrong password":            {gedrag{aanmelden: true}, func(o *Opties) { o.Gebruiker, o.Wachtwoord = "register", "verkeerd-wachtwoord" }, "535"},
		"no STARTTLS":                 {gedrag{zonderTLS: true}, nil, "no STARTTLS"},
		"a certificate of nobody":     {gedrag{}, func(o *Opties) { o.Uitgevers = nil }, "certificate"},
		"it does not answer":          {gedrag{stilteBegroet: true}, nil, "in time"},
		"it breaks off at the hello":  {gedrag{breek: "EHLO"}, nil, "breaks off"},
		"it greets with a refusal":    {gedrag{antwoord: map[string]string{"BEGROET": "554 go away register"}}, nil, "554"},
		"nobody is there":             {gedrag{}, func(o *Opties) { o.Adres = "127.0.0.1:1" }, "can't be reached"},
		"it is busy when we sign in":  {gedrag{aanmelden: true, hang: "AUTH"}, metNaam, "in time"},
		"it takes no message anyhow":  {gedrag{antwoord: map[string]string{"MAIL": "550 no"}}, nil, ""},
		"it knows no address anyhow":  {gedrag{antwoord: map[string]string{"RCPT": "550 no"}}, nil, ""},
		"it hangs at a message anyho": {gedrag{hang: "DATA"}, nil, ""},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			s := serve(t, p.g)
			geduld := time.Minute
			if p.deel == "in time" {
				geduld = 300 * time.Millisecond
			}
			ctx, stop := context.WithTimeout(t.Context(), geduld)
			defer stop()
			err := relay(t, s, p.o).Controleer(ctx)
			switch {
			case p.deel == "" && err != nil:
				t.Error(err)
			case p.deel != "" && (err == nil || !strings.Contains(err.Error(), p.deel)):
				t.Errorf("got %v, want %q", err, p.deel)
			case err != nil && (strings.Contains(err.Error(), "register") || strings.Contains(err.Error(), "@")):
				t.Errorf("the error quotes: %v", err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, c := range s.gezien {
				if c == "MAIL" || c == "RCPT" || c == "DATA" {
					t.Errorf("a message was offered: %v", s.gezien)
				}
			}
		})
	}
}
