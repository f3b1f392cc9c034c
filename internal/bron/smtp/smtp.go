// Package smtp hands mail to a mail server: post.Relay over SMTP (RFC 5321).
//
// What it promises:
//   - Without TLS nothing is sent, but to this machine itself. The certificate is verified against the name of the
//     server; a server that offers no STARTTLS is one that can't be used.
//   - It ends soon after its context, whatever the server does or leaves undone.
//   - What a server took over (its answer to the end of the data) is delivered, whatever goes wrong after it.
//   - No error quotes the message, an address, or what the server said beside its code: that may hold one.
package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	gosmtp "github.com/wneessen/go-mail/smtp"

	"github.com/verantwoord/verantwoord/internal/post"
)

// How the connection is made unreadable for others.
const (
	StartTLS = "starttls" // TLS after STARTTLS, port 587 or 25
	TLS      = "tls"      // TLS from the first byte, port 465
	Uit      = "uit"      // none: only for a server on this machine
)

// Opties say where a server is and who sends.
type Opties struct {
	Naam           string // for an operator
	Adres          string // host:port
	Versleuteling  string // one of the constants
	Gebruiker      string // empty: it asks for no sign-in
	Wachtwoord     string
	Uitgevers      *x509.CertPool // of its certificate; nil: those of the machine
	Afzender       mail.Address
	EigenHostnaam  string // in EHLO; empty: that of the machine
	maakVerbinding func(ctx context.Context, network, address string) (net.Conn, error)
}

// Relay implements post.Relay.
type Relay struct {
	o      Opties
	host   string
	poort  int
	domein string // of Message-IDs
}

var _ post.Relay = (*Relay)(nil)

// New gives a relay. It fails when the options can't work, and connects to nothing.
func New(o Opties) (*Relay, error) {
	host, p, err := net.SplitHostPort(o.Adres)
	poort, err2 := strconv.ParseUint(p, 10, 16)
	if err != nil || err2 != nil || host == "" || poort == 0 {
		return nil, errors.New("address of the mail server is no host:port")
	}
	switch o.Versleuteling {
	case StartTLS, TLS:
	case Uit:
		if !opLoopback(host) {
			return nil, errors.New("mail without TLS goes to this machine only")
		}
	default:
		return nil, errors.New("unknown kind of encryption to the mail server")
	}
	if !post.IsAdres(o.Afzender.Address) {
		return nil, errors.New("the sender of mail is no address")
	}
	if (o.Gebruiker == "") != (o.Wachtwoord == "") {
		return nil, errors.New("the user and the password of the mail server belong together")
	}
	if o.maakVerbinding == nil {
		o.maakVerbinding = (&net.Dialer{}).DialContext
	}
	return &Relay{o: o, host: host, poort: int(poort), domein: o.Afzender.Address[strings.LastIndexByte(o.Afzender.Address, '@')+1:]}, nil
}

func opLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// Naam implements post.Relay.
func (r *Relay) Naam() string { return r.o.Naam }

// Send implements post.Relay, on a connection of its own: mail is rare, and a connection that is kept dies unseen.
func (r *Relay) Send(ctx context.Context, b post.Brief) error {
	m, err := r.message(b)
	if err != nil {
		return err
	}
	// The library watches the context only while it connects, and leaves the connection open when it fails before the
	// sign-in: so it is closed here, in each case.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s, err := r.dial(ctx)
	if err != nil {
		return err
	}
	err = s.client.SendWithSMTPClient(s.smtp, m)
	switch {
	case m.IsDelivered():
		s.quit()
		return nil
	case ctx.Err() != nil:
		return errTraag
	}
	return refusal(err)
}

// Controleer tells whether the server could be used now: it connects, makes the connection unreadable, signs in and leaves, and offers
// no message. Errors as of Send.
func (r *Relay) Controleer(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s, err := r.dial(ctx)
	if err != nil {
		return err
	}
	s.quit()
	return nil
}

// sessie is a connection to the server on which it was signed in.
type sessie struct {
	client *gomail.Client
	smtp   *gosmtp.Client
	conn   net.Conn
}

// dial opens one. It is closed when ctx ends, which the caller sees to.
func (r *Relay) dial(ctx context.Context) (*sessie, error) {
	var s sessie
	var err error
	s.client, err = r.client(func(c net.Conn) {
		s.conn = c
		context.AfterFunc(ctx, func() { _ = c.Close() })
	})
	if err != nil {
		return nil, err
	}
	s.smtp, err = s.client.DialToSMTPClientWithContext(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, errTraag
	case err != nil:
		return nil, connection(err)
	}
	return &s, nil
}

// quit takes leave; politeness waits for nobody.
func (s *sessie) quit() {
	_ = s.conn.SetDeadline(time.Now().Add(time.Second))
	_ = s.smtp.Quit()
}

var errTraag = errors.New("mail server does not answer in time")

// langst bounds what the context does not.
const langst = 2 * time.Minute

// client makes one of the library, that tells opened of its connection.
func (r *Relay) client(opened func(net.Conn)) (*gomail.Client, error) {
	config := &tls.Config{ServerName: r.host, MinVersion: tls.VersionTLS12, RootCAs: r.o.Uitgevers}
	opties := []gomail.Option{
		gomail.WithPort(r.poort), gomail.WithTimeout(langst), gomail.WithTLSConfig(config), gomail.WithoutNoop(), gomail.WithoutRset(),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := r.o.maakVerbinding(ctx, network, address)
			if err != nil {
				return nil, err
			}
			opened(c)
			if r.o.Versleuteling != TLS {
				return c, nil
			}
			veilig := tls.Client(c, config)
			return veilig, veilig.HandshakeContext(ctx)
		}),
	}
	switch r.o.Versleuteling {
	case StartTLS:
		opties = append(opties, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		opties = append(opties, gomail.WithSSL())
	case Uit:
		opties = append(opties, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if r.o.EigenHostnaam != "" {
		opties = append(opties, gomail.WithHELO(r.o.EigenHostnaam))
	}
	if r.o.Gebruiker != "" {
		opties = append(opties, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(r.o.Gebruiker), gomail.WithPassword(r.o.Wachtwoord))
	}
	c, err := gomail.NewClient(r.host, opties...)
	if err != nil {
		return nil, fmt.Errorf("set up the connection to the mail server: %w", err)
	}
	return c, nil
}

// message writes a Brief as mail.
func (r *Relay) message(b post.Brief) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&r.o.Afzender)
	if err := m.To(b.Aan); err != nil {
		return nil, &post.Geweigerd{Code: 553, Definitief: true} // the error quotes it
	}
	m.Subject(b.Onderwerp)
	m.SetDateWithValue(b.Gemaakt)
	m.SetMessageIDWithValue(b.ID.String() + "@" + r.domein)
	// No out-of-office comes back to it (RFC 3834).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, b.Tekst)
	return m, nil
}

// connection says why a server can't be used.
func connection(err error) error {
	var antwoord *textproto.Error
	if errors.As(err, &antwoord) { // at greeting, EHLO, STARTTLS or the sign-in: about this register, not about a message
		return fmt.Errorf("mail server answers %d before a message is offered", antwoord.Code)
	}
	var certificaat *tls.CertificateVerificationError
	var netwerk net.Error
	switch {
	case errors.As(err, &certificaat):
		return fmt.Errorf("certificate of the mail server is not accepted: %w", certificaat.Err)
	case errors.As(err, &netwerk) && netwerk.Timeout():
		return errTraag
	case errors.As(err, &netwerk):
		return fmt.Errorf("mail server can't be reached: %w", netwerk)
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		return errors.New("mail server offers no STARTTLS")
	case strings.Contains(err.Error(), "AUTH"):
		return errors.New("mail server offers no way to sign in that is safe")
	}
	return errors.New("mail server breaks off before a message is offered")
}

// refusal says why a message was not taken over.
func refusal(err error) error {
	var s *gomail.SendError
	if errors.As(err, &s) {
		code := s.ErrorCode()
		if s.Reason == gomail.ErrSMTPMailFrom && code >= 500 { // the same for every message
			return fmt.Errorf("mail server answers %d to the sender", code)
		}
		if code >= 400 && code <= 599 && code != 421 { // 421: it closes
			return &post.Geweigerd{Code: code, Definitief: code >= 500}
		}
		switch s.Reason {
		case gomail.ErrGetSender, gomail.ErrGetRcpts, gomail.ErrNoUnencoded:
			return &post.Geweigerd{Code: 553, Definitief: true}
		}
	}
	return errors.New("mail server breaks off while a message is offered")
}
