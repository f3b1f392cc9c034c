package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// takeNotificatie drops what is kept of an external component (A9726): everything, because a change
// may be about a client that was unknown before. Who notifies sends the value that was agreed when
// the subscription was made. Other channels are thanked and ignored: a notification component tries
// a subscription with one of its own.
func (q *verzoek) takeNotificatie() error {
	if q.r.Method != http.MethodPost {
		q.w.Header().Set("Allow", http.MethodPost)
		return fout.New(fout.CodeMethode, "Dit adres kent de methode niet; gebruik POST.")
	}
	values := q.r.Header.Values("Authorization")
	if len(values) == 0 {
		return fout.New(fout.CodeNietAangemeld, "Stuur de header Authorization die bij het abonnement is afgesproken.")
	}
	got, want := sha256.Sum256([]byte(values[0])), sha256.Sum256([]byte(q.Notificatie))
	if len(values) > 1 || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		return fout.New(fout.CodeAanmeldenMislukt, "De header Authorization is niet die van het abonnement; controleer autorisaties.notificatie_geheim.")
	}
	if err := q.read(); err != nil {
		return err
	}
	if err := q.parseQuery(nil); err != nil {
		return err
	}
	kanaal := ""
	params, err := decode(q.lichaam, q.MaxDiepte, func(l *lezer) error {
		return l.object(func(name []byte) (err error) {
			if string(name) != "kanaal" {
				return l.dec.SkipValue()
			}
			kanaal, err = l.text("kanaal")
			return err
		})
	})
	if err != nil {
		return err
	}
	if kanaal == "" && params == nil {
		params = []fout.Param{{Name: "kanaal", Code: "required", Reason: "Noem het kanaal van de notificatie."}}
	}
	if params != nil {
		return fout.Ongeldig(params...)
	}
	if kanaal == "autorisaties" {
		q.Register.Forget()
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}
