package beheer

import (
	"context"
	"net/url"
	"time"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Aanmelden is what signing in needs. Browser is a secret of the cookie that binds the steps to one browser; Apparaat
// is the token of a browser that passed the code this working day, or empty. A wrong answer is pagina.ErrCode; what
// ends the attempt is a fout.Fout with a sentence.
type Aanmelden interface {
	// Diensten are the services of an organisation where its people sign in.
	Diensten(ctx context.Context) ([]Dienst, error)
	// Wachtwoorden tells whether there are accounts with a password of our own.
	Wachtwoorden(ctx context.Context) bool
	// Begin takes the same time and gives the same answer whether the account exists or not.
	Begin(ctx context.Context, email, wachtwoord, browser, apparaat, agent string) (Stap, error)
	// NaarDienst gives where to send the person, and a sealed text to keep in a cookie until they return.
	NaarDienst(ctx context.Context, dienst string) (adres, bewaar string, err error)
	VanDienst(ctx context.Context, dienst string, vraag url.Values, bewaard, browser, apparaat, agent string) (Stap, error)
	// Stand gives where an attempt is.
	Stand(ctx context.Context, id, browser string) (Stap, error)
	Controleer(ctx context.Context, id, browser, code string) (Stap, error)
	Opnieuw(ctx context.Context, id, browser string) error
	// Extra checks a code of an app ("totp"), a recovery code ("herstelcode") or a passkey ("passkey", JSON).
	Extra(ctx context.Context, id, browser, soort, antwoord string) (Stap, error)
}

// Dienst is a service where people of an organisation sign in.
type Dienst struct {
	Sleutel string `klasse:"gewoon"` // in the path
	Naam    string `klasse:"gewoon"`
}

// The steps of signing in.
const (
	StapCode  = "code"
	StapExtra = "extra"
	StapKlaar = "klaar"
)

// Stap is where an attempt is.
type Stap struct {
	Soort        string    `klasse:"gewoon"`
	ID           string    `klasse:"gewoon"`  // of the attempt
	Adres        string    `klasse:"contact"` // masked; empty when it may not be told that there is one
	Koppelt      bool      // the code ties an account to a sign-in service, of who was invited
	Pogingen     int       // that are left; below zero: not told
	OpnieuwVanaf time.Time // when another code can be asked for; zero: not any more
	Middelen     []string  `klasse:"gewoon"` // with StapExtra: totp, herstelcode, passkey
	Passkey      string    `klasse:"gewoon"` // with StapExtra: what the browser asks of a passkey, JSON
	Token        string    `klasse:"gewoon"` // with StapKlaar: of the session
	Apparaat     string    `klasse:"gewoon"` // with StapKlaar: of the device; empty: as it was
	Taal         string    `klasse:"gewoon"` // with StapKlaar: that the person chose; empty: none
}

// Account is what somebody sees and does of their own account.
type Account interface {
	Account(ctx context.Context, b *pagina.Bezoeker, token string) (*AccountBlad, error)
	// OveralAfmelden ends all sessions but this one.
	OveralAfmelden(ctx context.Context, b *pagina.Bezoeker, token string) error

	// What follows changes the session, and gives the token that replaces its old one.

	// ZetWachtwoord fields: oud, nieuw.
	ZetWachtwoord(ctx context.Context, token, oud, nieuw string) (sessie string, err error)
	// BeginApp makes a secret for an app with codes; it counts once a code of it was given.
	BeginApp(ctx context.Context, token string) (*AppBlad, error)
	// ZetApp field: totp. Codes are new recovery codes, of who had none.
	ZetApp(ctx context.Context, token, code string) (sessie string, codes []string, err error)
	// BeginPasskey gives what the browser is asked, JSON.
	BeginPasskey(ctx context.Context, token string) (vraag string, err error)
	// ZetPasskey field: naam. Codes as of ZetApp.
	ZetPasskey(ctx context.Context, token, antwoord, naam string) (sessie string, codes []string, err error)
	// Herstelcodes makes ten new ones, in place of those there were.
	Herstelcodes(ctx context.Context, token string) (sessie string, codes []string, err error)
	// NeemWeg takes a means away; a fout.Fout with a sentence when it is the last that is needed.
	NeemWeg(ctx context.Context, token, id string) (sessie string, err error)

	// Aanvaard sets the password of who was invited. Fields: code, wachtwoord.
	Aanvaard(ctx context.Context, email, code, wachtwoord string) error
}

// AppBlad is a secret for an app with codes, to be shown once.
type AppBlad struct {
	Geheim string `klasse:"gewoon"` // to type, in groups of four
	QR     string `klasse:"gewoon"` // PNG in base64
}

// Middel is a proof that somebody can give beside the code by e-mail.
type Middel struct {
	ID    string `klasse:"gewoon"`
	Soort string `klasse:"gewoon"` // totp, passkey, herstelcode
	Naam  string `klasse:"gewoon"` // given by the person; of recovery codes how many are left
	Sinds time.Time
}

// AccountBlad is somebody's own account.
type AccountBlad struct {
	Naam         string `klasse:"gewoon"`
	Email        string `klasse:"contact"`
	Functiegroep string `klasse:"gewoon"`
	Groepen      []Lidmaatschap
	Wachtwoord   bool // has one of our own
	Passkeys     bool // can be made here
	Middelen     []Middel
	MiddelNodig  bool // by their rights; with none of them they can't go on
	Sessies      []Sessie
	Aanmeldingen []Aanmelding
}

// Sessie is a session that lasts.
type Sessie struct {
	Begonnen, Gezien time.Time
	Met              string `klasse:"gewoon"` // kind of browser
	Deze             bool
}

// Aanmelding is a line of the history.
type Aanmelding struct {
	Moment time.Time
	Wat    string `klasse:"gewoon"`
	Gelukt bool
}
