package verwerkingenlog

import (
	"crypto/rand"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// newZaad is a fresh random seed.
func newZaad() (z bewijs.Zaad) {
	rand.Read(z[:]) // never fails (crypto/rand)
	return z
}

// commit fills in the commitments of a leaf: canonical JSON (RFC 8785) of the plain values, with
// the keys in their order. docs/bewijs.md gives the bytes.
func commit(b *bewijs.Blad, z *bewijs.Zaad, a *Verwerkingsactie) {
	buf := canonicalPubliek(make([]byte, 0, 1024), a)
	b.Publiek = bewijs.Verbintenis(bewijs.LabelPubliek, z.Zout(bewijs.LabelPubliek, 0), buf)
	buf = canonicalIntern(buf[:0], a)
	b.Intern = bewijs.Verbintenis(bewijs.LabelIntern, z.Zout(bewijs.LabelIntern, 0), buf)
	b.Personen = make([]bewijs.Hash, len(a.Objecten))
	for k := range a.Objecten {
		buf = canonicalPersoon(buf[:0], &a.Objecten[k])
		b.Personen[k] = bewijs.Verbintenis(bewijs.LabelPersoon, z.Zout(bewijs.LabelPersoon, k), buf)
	}
}

// afnemerIsPersoon tells whether the receiver may be a person: any number but an OIN is not public.
func (a *Verwerkingsactie) afnemerIsPersoon() bool {
	return a.AfnemerID != "" && !strings.EqualFold(a.SoortAfnemerID, "OIN")
}

func canonicalPubliek(b []byte, a *Verwerkingsactie) []byte {
	afnemer := a.AfnemerID
	if a.afnemerIsPersoon() {
		afnemer = ""
	}
	b = text(append(b, `{"actieNaam":`...), a.ActieNaam)
	b = formatted(append(b, `,"afnemerId":`...), afnemer)
	b = formatted(append(b, `,"bewaartermijn":`...), a.Bewaartermijn)
	b = text(append(b, `,"handelingNaam":`...), a.HandelingNaam)
	b = text(append(b, `,"soortAfnemerId":`...), a.SoortAfnemerID)
	b = formatted(append(b, `,"tijdstip":`...), string(a.Tijdstip))
	b = formatted(append(b, `,"uitvoerder":`...), a.Uitvoerder)
	b = text(append(b, `,"vertrouwelijkheid":`...), a.Vertrouwelijkheid.String())
	b = id(append(b, `,"verwerkingId":`...), a.VerwerkingID)
	b = id(append(b, `,"verwerkingIdAfnemer":`...), a.VerwerkingIDAfnemer)
	b = text(append(b, `,"verwerkingNaam":`...), a.VerwerkingNaam)
	b = id(append(b, `,"verwerkingsactiviteitId":`...), a.VerwerkingsactiviteitID)
	b = id(append(b, `,"verwerkingsactiviteitIdAfnemer":`...), a.VerwerkingsactiviteitIDAfnemer)
	b = formatted(append(b, `,"verwerkingsactiviteitUrl":`...), a.VerwerkingsactiviteitURL)
	b = formatted(append(b, `,"verwerkingsactiviteitUrlAfnemer":`...), a.VerwerkingsactiviteitURLAfnemer)
	return append(b, '}')
}

func canonicalIntern(b []byte, a *Verwerkingsactie) []byte {
	afnemer := ""
	if a.afnemerIsPersoon() {
		afnemer = a.AfnemerID
	}
	b = formatted(append(b, `{"afnemerId":`...), afnemer)
	b = text(append(b, `,"gebruiker":`...), a.Gebruiker)
	b = text(append(b, `,"gegevensbron":`...), a.Gegevensbron)
	b = text(append(b, `,"systeem":`...), a.Systeem)
	return append(b, '}')
}

func canonicalPersoon(b []byte, o *VerwerktObject) []byte {
	b = text(append(b, `{"betrokkenheid":`...), o.Betrokkenheid)
	b = text(append(b, `,"objectId":`...), o.ObjectID)
	b = text(append(b, `,"objecttype":`...), o.Objecttype)
	b = text(append(b, `,"soortObjectId":`...), o.SoortObjectID)
	b = id(append(b, `,"verwerktObjectId":`...), o.ID)
	b = append(b, `,"verwerkteSoortenGegevens":[`...)
	for k, s := range o.Soorten {
		if k > 0 {
			b = append(b, ',')
		}
		b = text(b, s)
	}
	return append(b, "]}"...)
}

// text appends a JSON string; AppendQuote escapes as RFC 8785 asks. Text is valid UTF-8 here.
func text(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s)
	return b
}

// formatted appends a string, or null when it is empty.
func formatted(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return text(b, s)
}

func id(b []byte, u uuid.UUID) []byte {
	if u == uuid.Nil {
		return append(b, "null"...)
	}
	return append(AppendUUID(append(b, '"'), u), '"')
}
