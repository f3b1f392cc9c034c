package mijn

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

type foutBlad struct {
	Uitleg string
	Detail string // Dutch, of the rooms
	Nummer string // to quote, when the cause is in the log
	Pad    string
}

// soorten are the pages of errors by code: status, and the key of the texts.
var soorten = map[fout.Code]struct {
	status  int
	sleutel string
}{
	fout.CodeNietGevonden:     {http.StatusNotFound, "niet-gevonden"},
	fout.CodeGeenToestemming:  {http.StatusForbidden, "geen-toestemming"},
	fout.CodeNietAangemeld:    {http.StatusUnauthorized, "niet-aangemeld"},
	fout.CodeAanmeldenMislukt: {http.StatusUnauthorized, "aanmelden"},
	fout.CodeMethode:          {http.StatusMethodNotAllowed, "methode"},
	fout.CodeOngeldig:         {http.StatusBadRequest, "onleesbaar"},
	fout.CodeOnleesbaar:       {http.StatusBadRequest, "onleesbaar"},
	fout.CodeTeGroot:          {http.StatusRequestEntityTooLarge, "onleesbaar"},
	fout.CodeTeVeel:           {http.StatusTooManyRequests, "te-veel"},
	fout.CodeNietBeschikbaar:  {http.StatusServiceUnavailable, "even-niet"},
}

// fout shows the page of an error. What is not for people is logged, and shown as an error of ours.
func (m *Mijn) fout(b *bezoek, err error) {
	var g *fout.Fout
	if !errors.As(err, &g) {
		g = fout.Wrap(fout.CodeIntern, "", err)
	}
	blad := foutBlad{Detail: g.Detail, Pad: Begin}
	if b.Inwoner != nil && b.Inwoner.MagInzien() == nil {
		blad.Pad = padOverzicht
	}
	s, ok := soorten[g.Code]
	if !ok {
		s.status, s.sleutel = http.StatusInternalServerError, "intern"
		blad.Detail, blad.Nummer = "", nummer()
		m.log(b.Context(), g, blad.Nummer)
	}
	blad.Uitleg = b.t("fout." + s.sleutel)
	if blad.Detail != "" && b.taal == taal.Nederlands { // it says itself what to do
		blad.Uitleg = ""
	}
	if g.Code == fout.CodeNietGevonden || g.Code == fout.CodeNietBeschikbaar { // what the rooms say of it is for applications
		blad.Detail, blad.Uitleg = "", b.t("fout."+s.sleutel)
	}
	if g.OpnieuwNa > 0 {
		b.w.Header().Set("Retry-After", strconv.Itoa(int(g.OpnieuwNa.Seconds())))
	}
	m.toon(b, &scherm{sjabloon: "fout", titel: b.t("fout." + s.sleutel + "-kop"), status: s.status, inhoud: blad})
}

// nummer is for people to quote.
func nummer() string {
	var b [4]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
