package autorisatie

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// inhoud is the payload of a token. Claims that are not named here are ignored.
type inhoud struct {
	iat, exp, nbf      tijdstip
	clientID           string
	userID             string
	userRepresentation string
	organisatie        string
	scopesGenoemd      bool
	scopes             verzameling // closed under R-107
}

var errClaim = errors.New("claim of another form")

// lees reads a payload. It gives redenOnleesbaar for what is no JSON object with unique names in
// valid UTF-8, redenClaim for a claim of another type, and "" when all is well.
func (in *inhoud) lees(payload []byte) reden {
	switch err := in.leesObject(jsontext.NewDecoder(bytes.NewBuffer(payload))); {
	case err == nil:
		return ""
	case errors.Is(err, errClaim):
		return redenClaim
	default:
		return redenOnleesbaar
	}
}

func (in *inhoud) leesObject(d *jsontext.Decoder) error {
	tok, err := d.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() != '{' {
		return errClaim
	}
	for {
		naam, err := d.ReadToken() // the decoder refuses a name it has seen before
		if err != nil {
			return err
		}
		if naam.Kind() == '}' {
			break
		}
		if err := in.leesClaim(d, naam.String()); err != nil {
			return err
		}
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return errors.New("something follows the claims")
	}
	return nil
}

func (in *inhoud) leesClaim(d *jsontext.Decoder, naam string) error {
	switch naam {
	case "iat":
		return in.iat.lees(d)
	case "exp":
		return in.exp.lees(d)
	case "nbf":
		return in.nbf.lees(d)
	case "iss":
		return leesTekst(d, new(string))
	case "client_id":
		return leesTekst(d, &in.clientID)
	case "user_id":
		return leesTekst(d, &in.userID)
	case "user_representation":
		return leesTekst(d, &in.userRepresentation)
	case "organisatie":
		return leesTekst(d, &in.organisatie)
	case "scopes":
		return in.leesScopes(d)
	default:
		return d.SkipValue()
	}
}

// leesTekst reads a string without control characters, as it may end up in records; null is empty.
func leesTekst(d *jsontext.Decoder, s *string) error {
	tok, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch tok.Kind() {
	case 'n':
		return nil
	case '"':
		*s = tok.String()
	default:
		return errClaim
	}
	if strings.ContainsFunc(*s, unicode.IsControl) {
		return errClaim
	}
	return nil
}

// leesScopes reads an array of strings and nothing else: null is no array, as reading it as absent
// would widen the token. A scope that nobody knows narrows to nothing.
func (in *inhoud) leesScopes(d *jsontext.Decoder) error {
	tok, err := d.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() != '[' {
		return errClaim
	}
	in.scopesGenoemd = true
	for {
		tok, err := d.ReadToken()
		if err != nil {
			return err
		}
		switch tok.Kind() {
		case ']':
			return nil
		case '"':
			if s, err := ParseScope(tok.String()); err == nil {
				in.scopes |= gesloten(s)
			}
		default:
			return errClaim
		}
	}
}

// tijdstip is a NumericDate (RFC 7519): seconds since 1970, possibly with a fraction.
type tijdstip struct {
	aanwezig bool
	t        time.Time
}

// verste keeps absurd numbers within what time.Time and time.Duration can compare (the year 2201).
const verste = 7.3e9

// lees reads a number; null is absent.
func (t *tijdstip) lees(d *jsontext.Decoder) error {
	tok, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch tok.Kind() {
	case 'n':
		return nil
	case '0':
	default:
		return errClaim
	}
	f, err := strconv.ParseFloat(tok.String(), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return errClaim
	}
	seconden, deel := math.Modf(max(-verste, min(f, verste)))
	t.aanwezig, t.t = true, time.Unix(int64(seconden), int64(deel*1e9))
	return nil
}

// tijdig judges the time claims; "" is in time. Only the future has leeway: a clock that runs ahead
// is nobody's fault, but past its own end a token is worth nothing.
func (in *inhoud) tijdig(i Instellingen) reden {
	nu := i.Nu()
	switch {
	case !in.iat.aanwezig:
		return redenGeenIat
	case in.iat.t.After(nu.Add(i.Speling)):
		return redenToekomst
	case in.exp.aanwezig && !nu.Before(in.exp.t):
		return redenVerlopen
	case in.nbf.aanwezig && in.nbf.t.After(nu.Add(i.Speling)):
		return redenNogNiet
	case nu.Sub(in.iat.t) > i.MaxLeeftijd:
		return redenTeOud
	}
	return ""
}
