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
	v, err := l.Prepare(ctx, a, in, idempotencyKey, lichaam)
	if err != nil {
		return nil, err
	}
	if err := v.Submit(); err != nil {
		return nil, err
	}
	return v.Wait(ctx)
}

// Prepare is the part of Create that takes work and no turn: the actie is checked and sealed, and
// nothing is written. Errors: CodeOngeldig and fout.GeenToestemming of Create.
func (l *Log) Prepare(ctx context.Context, a *Aanroeper, in *Invoer, idempotencyKey string, lichaam []byte) (*Vastlegging, error) {
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
	e := &Eenheid{OIN: a.Organisatie, ClientID: a.ClientID}
	if idempotencyKey != "" {
		e.Idempotentie = &Idempotentie{Sleutel: idempotencySleutel(a, idempotencyKey), Lichaam: short(sha256.Sum256(lichaam))}
	}
	return l.prepare(ctx, s, e, v)
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

// Vastlegging is one version on its way into the register. It is prepared, then submitted, then
// waited for; whoever has many of them does each step for all, so that they share transactions.
type Vastlegging struct {
	log      *Log
	sleutels *betrokkene.Sleutels
	eenheid  *Eenheid
	versie   *Versie
	opdracht *Opdracht
}

// prepare seals one version.
func (l *Log) prepare(ctx context.Context, s *betrokkene.Sleutels, e *Eenheid, v *Versie, vorige ...Ingang) (*Vastlegging, error) {
	rij, err := seal(s, e.OIN, v, vorige)
	if err != nil {
		return nil, err
	}
	e.Rijen, e.Verzoek = []*Rij{rij}, ctx
	return &Vastlegging{log: l, sleutels: s, eenheid: e, versie: v}, nil
}

// Submit puts it in the queue; from then on it is written, whether or not somebody waits. Errors:
// fout.NietBeschikbaar, and when that wraps ErrVol it may be submitted again later.
func (v *Vastlegging) Submit() (err error) {
	v.opdracht, err = v.log.committer(v.eenheid.OIN).Submit(v.eenheid)
	return err
}

// Wait gives the version when it is durable, once; with a repeated Idempotency-Key, the one that was
// stored the first time. Errors: fout.Gelijktijdig; fout.Idempotentie; fout.NietBeschikbaar.
func (v *Vastlegging) Wait(ctx context.Context) (*Versie, error) {
	if err := v.opdracht.Wait(); err != nil {
		return nil, err
	}
	e, rij := v.eenheid, v.eenheid.Rijen[0]
	if e.Eerder == nil {
		v.versie.Blad, v.versie.Registratie = rij.Blad, rij.Registratie
		return v.versie, nil
	}
	rijen, err := v.log.store.Rows(ctx, e.OIN, []uint64{*e.Eerder})
	if err != nil {
		return nil, err
	}
	if rijen[0] == nil {
		return nil, fout.New(fout.CodeIdempotentie, "Wat met deze Idempotency-Key is vastgelegd, is intussen vernietigd; gebruik een nieuwe sleutel.")
	}
	versies, err := v.log.openAll(ctx, v.sleutels, e.OIN, []uuid.UUID{rijen[0].ActieID}, rijen)
	if err != nil {
		return nil, err
	}
	return versies[0], nil
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
