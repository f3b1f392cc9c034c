package autorisatie

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
)

// maxToken bounds the work a caller without any right can cause.
const maxToken = 8 << 10

// algoritmen is the explicit list: whatever a header says, nothing else is ever tried.
var algoritmen = []jose.SignatureAlgorithm{jose.HS256}

// Instellingen are the limits on the time claims; a zero field takes its default.
type Instellingen struct {
	MaxLeeftijd time.Duration    // how long after iat a token is accepted; 1 hour
	Speling     time.Duration    // how far a client's clock may run ahead, for iat and nbf; 60 s, below zero is none
	Nu          func() time.Time // time.Now

	CertificaatVerplicht bool // a request must prove an OIN by a certificate, see ToetsCertificaat
}

func (i Instellingen) ingevuld() Instellingen {
	if i.MaxLeeftijd == 0 {
		i.MaxLeeftijd = time.Hour
	}
	if i.Speling == 0 {
		i.Speling = time.Minute
	}
	i.Speling = max(i.Speling, 0)
	if i.Nu == nil {
		i.Nu = time.Now
	}
	return i
}

// Authenticate turns a bearer token (without the word Bearer) into a Besluit. It refuses with a
// *fout.Fout: CodeNietAangemeld without a token, CodeAanmeldenMislukt for one that is not accepted,
// CodeOrganisatieOntbr when the token must name an organisation, CodeGeenToestemming when it names
// one that is not the client's. Reden gives the cause.
func (r *Register) Authenticate(token string, opties Instellingen) (*Besluit, error) {
	if token == "" {
		return nil, weigering(redenGeenToken)
	}
	if len(token) > maxToken {
		return nil, weigering(redenTeGroot)
	}
	key := sha256.Sum256([]byte(token))
	t, ok := r.gezien.get(key)
	if ok {
		c, bekend := r.zoek(t.inhoud.clientID)
		ok = bekend && c == t.client
	}
	if !ok {
		var reden reden
		if t, reden = r.verify(token); reden != "" {
			return nil, weigering(reden)
		}
		r.gezien.put(key, t)
	}
	if reden := t.inhoud.tijdig(opties.ingevuld()); reden != "" {
		return nil, weigering(reden)
	}
	return t.client.besluit(&t.inhoud)
}

// verify reads a token and checks its signature; "" when it is right.
func (r *Register) verify(token string) (t gezienToken, _ reden) {
	jws, err := jose.ParseSignedCompact(token, algoritmen)
	var algoritme *jose.ErrUnexpectedSignatureAlgorithm
	if errors.As(err, &algoritme) {
		return t, redenAlgoritme
	}
	if err != nil {
		return t, redenOnleesbaar
	}
	// Extensions that change what a token means (crit, RFC 7515 4.1.11; b64, RFC 7797) have no use here.
	for _, naam := range []jose.HeaderKey{"crit", "b64"} {
		if _, ok := jws.Signatures[0].Protected.ExtraHeaders[naam]; ok {
			return t, redenOnleesbaar
		}
	}

	// The content is read before it is verified, as it says whose secret to verify with. Until the
	// signature is right nothing else in it is used.
	if reden := t.inhoud.lees(jws.UnsafePayloadWithoutVerification()); reden != "" {
		return t, reden
	}
	if t.inhoud.clientID == "" {
		return t, redenGeenClient
	}
	c, bekend := r.zoek(t.inhoud.clientID)
	ondertekend := getekend(token, jws.Signatures[0].Signature, c.geheim) // the same work for an unknown client
	switch {
	case !bekend:
		return t, redenClient
	case !ondertekend:
		return t, redenHandtekening
	}
	t.client = c
	return t, ""
}

// getekend reports whether the signature is the HMAC-SHA256 of the token as received: everything
// before its last dot (RFC 7515 5.2). The comparison takes the same time wherever they differ.
func getekend(token string, handtekening, geheim []byte) bool {
	mac := hmac.New(sha256.New, geheim)
	mac.Write([]byte(token[:strings.LastIndexByte(token, '.')]))
	return hmac.Equal(mac.Sum(nil), handtekening)
}

// besluit picks the organisation and narrows the rights; the content is verified by now.
func (c *client) besluit(in *inhoud) (*Besluit, error) {
	organisatie := in.organisatie
	switch {
	case organisatie == "" && len(c.organisaties) == 1:
		organisatie = c.organisaties[0]
	case organisatie == "":
		return nil, weigering(redenGeenOrg)
	case !slices.Contains(c.organisaties, organisatie):
		return nil, weigering(redenAndereOrg)
	}
	b := &Besluit{
		ClientID:      in.clientID,
		Label:         c.label,
		Organisatie:   organisatie,
		OINs:          slices.Clone(c.oins),
		GebruikerID:   in.userID,
		GebruikerNaam: in.userRepresentation,
		tot:           ^verzameling(0),
	}
	if in.scopesGenoemd {
		b.tot = in.scopes
	}
	b.rechten = c.rechten.beperkt(b.tot)
	return b, nil
}

// Claims is what a client says in a token beside its id and the moment of issue.
type Claims struct {
	Iss                string    // empty: the client id
	UserID             string    // user_id
	UserRepresentation string    // user_representation
	Organisatie        string    // empty: left out
	Scopes             []Scope   // nil: left out; empty: the token may do nothing
	Exp                time.Time // zero: left out
}

// Sign makes a token for a client, issued at nu. It fails without a client id and with a secret of
// less than 32 bytes; the error holds neither.
func Sign(clientID string, geheim []byte, c Claims, nu time.Time) (string, error) {
	if clientID == "" || len(geheim) < minGeheim {
		return "", fmt.Errorf("sign token: a client id and a secret of at least %d bytes are needed", minGeheim)
	}
	uit := struct {
		Iss                string  `json:"iss"`
		Iat                int64   `json:"iat"`
		ClientID           string  `json:"client_id"`
		UserID             string  `json:"user_id"`
		UserRepresentation string  `json:"user_representation"`
		Organisatie        string  `json:"organisatie,omitzero"`
		Scopes             []Scope `json:"scopes,omitzero"`
		Exp                int64   `json:"exp,omitzero"`
	}{
		Iss: c.Iss, Iat: nu.Unix(), ClientID: clientID, UserID: c.UserID,
		UserRepresentation: c.UserRepresentation, Organisatie: c.Organisatie, Scopes: c.Scopes,
	}
	if uit.Iss == "" {
		uit.Iss = clientID
	}
	if !c.Exp.IsZero() {
		uit.Exp = c.Exp.Unix()
	}
	payload, err := json.Marshal(uit)
	if err != nil {
		return "", errors.New("sign token: a claim is not valid UTF-8") // the cause would quote the claim's place and value
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: geheim}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}
