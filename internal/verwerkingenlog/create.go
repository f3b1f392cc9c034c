package verwerkingenlog

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Create logs an actie (F7446; F6624 when it is vertrouwelijk) and returns it when it is durable.
// lichaam is the body as received, to recognise a repeated Idempotency-Key.
//
// Errors: CodeOngeldig; fout.GeenToestemming for vertrouwelijk without the right, and for opgeheven
// always; fout.Idempotentie; fout.NietBeschikbaar.
func (l *Log) Create(ctx context.Context, a *Aanroeper, in *Invoer, idempotencyKey string, lichaam []byte) (*Versie, error) {
	actie, params := in.Validate(false)
	for k := range actie.Objecten {
		actie.Objecten[k].ID = uuid.Nil // issued by the register, whatever was sent
	}
	if len(params) > 0 {
		return nil, fout.Ongeldig(params...)
	}
	switch {
	case actie.Vertrouwelijkheid == Opgeheven:
		return nil, fout.New(fout.CodeGeenToestemming,
			"Een nieuwe verwerkingsactie kan niet opgeheven zijn; leg haar vast als vertrouwelijk en hef dat later op.")
	case actie.Vertrouwelijkheid == Vertrouwelijk && !a.MagVerhullen:
		return nil, fout.New(fout.CodeGeenToestemming,
			"Deze applicatie mag geen vertrouwelijke verwerkingsacties vastleggen; vraag de beheerder van het register om dat recht.")
	}
	s, err := l.keys(a)
	if err != nil {
		return nil, err
	}
	actie.Gebruiker = l.gebruiker(a, s, actie.Gebruiker, "")
	v := newVersie(a, actie)
	e := &Eenheid{OIN: a.Organisatie}
	if idempotencyKey != "" {
		e.Idempotentie = &Idempotentie{Sleutel: idempotencySleutel(a, idempotencyKey), Lichaam: short(sha256.Sum256(lichaam))}
	}
	return l.append(ctx, s, e, v)
}

// newVersie is the first version of a new actie: ids are random v4 (B2357).
func newVersie(a *Aanroeper, actie Verwerkingsactie) *Versie {
	for k := range actie.Objecten {
		if actie.Objecten[k].ID == uuid.Nil {
			actie.Objecten[k].ID = uuid.New()
		}
	}
	return &Versie{
		ActieID: uuid.New(), Nummer: 1, Operatie: bewijs.OperatiePOST,
		Staat: NewStaat(actie.Vertrouwelijkheid), ClientID: a.ClientID, Actie: actie,
	}
}

// append seals one version, waits until it is durable and gives it as stored; with a repeated
// Idempotency-Key, the one that was stored the first time.
func (l *Log) append(ctx context.Context, s *betrokkene.Sleutels, e *Eenheid, v *Versie, vorige ...Ingang) (*Versie, error) {
	rij, err := seal(s, e.OIN, v, vorige)
	if err != nil {
		return nil, err
	}
	e.Rijen = []*Rij{rij}
	if err := l.committer.Append(e); err != nil {
		return nil, err
	}
	if e.Eerder != nil {
		rijen, err := l.store.Rows(ctx, e.OIN, []uint64{*e.Eerder})
		if err != nil {
			return nil, err
		}
		if rijen[0] == nil {
			return nil, fout.New(fout.CodeIdempotentie, "Wat met deze Idempotency-Key is vastgelegd, is intussen vernietigd; gebruik een nieuwe sleutel.")
		}
		return open(s, e.OIN, rijen[0])
	}
	v.Blad, v.Registratie = rij.Blad, rij.Registratie
	return v, nil
}

// gebruiker applies R-703. A pseudonym that comes back unchanged in a PUT stays as it is.
func (l *Log) gebruiker(a *Aanroeper, s *betrokkene.Sleutels, nieuw, huidig string) string {
	switch l.opties.Organisatie(a.Organisatie).Gebruiker {
	case GebruikerUit:
		return ""
	case GebruikerPseudoniem:
		if nieuw != huidig {
			return s.Pseudoniem(nieuw)
		}
	}
	return nieuw
}

// idempotencySleutel is what is kept of a client's key: no text of the client itself.
func idempotencySleutel(a *Aanroeper, key string) [16]byte {
	h := sha256.New()
	h.Write([]byte(a.ClientID))
	h.Write([]byte{0})
	h.Write([]byte(key))
	return [16]byte(h.Sum(nil))
}

func short(h [32]byte) [16]byte { return [16]byte(h[:]) }
