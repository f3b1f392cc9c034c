package verwerkingenlog

import (
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Verwerkingsactie is one operation on personal data, with the attributes of the standard
// (dictionary rows 3-20 and 23). Empty means not given: "" or uuid.Nil.
//
// It is also the stored form: the numbers are the keys of its CBOR map, are never reused, and leave
// room for the fields of the Logboek Dataverwerkingen (end time, parent span, status, resource,
// processor URL: 40-59).
type Verwerkingsactie struct {
	ActieNaam                       string            `cbor:"1,keyasint,omitempty"`
	HandelingNaam                   string            `cbor:"2,keyasint,omitempty"`
	VerwerkingNaam                  string            `cbor:"3,keyasint,omitempty"`
	VerwerkingID                    uuid.UUID         `cbor:"4,keyasint,omitzero"`
	VerwerkingsactiviteitID         uuid.UUID         `cbor:"5,keyasint,omitzero"`
	VerwerkingsactiviteitURL        string            `cbor:"6,keyasint,omitempty"`
	Vertrouwelijkheid               Vertrouwelijkheid `cbor:"7,keyasint,omitempty"`
	Bewaartermijn                   string            `cbor:"8,keyasint,omitempty"`
	Uitvoerder                      string            `cbor:"9,keyasint,omitempty"`
	Systeem                         string            `cbor:"10,keyasint,omitempty"`
	Gebruiker                       string            `cbor:"11,keyasint,omitempty"`
	Gegevensbron                    string            `cbor:"12,keyasint,omitempty"`
	SoortAfnemerID                  string            `cbor:"13,keyasint,omitempty"`
	AfnemerID                       string            `cbor:"14,keyasint,omitempty"`
	VerwerkingsactiviteitIDAfnemer  uuid.UUID         `cbor:"15,keyasint,omitzero"`
	VerwerkingsactiviteitURLAfnemer string            `cbor:"16,keyasint,omitempty"`
	VerwerkingIDAfnemer             uuid.UUID         `cbor:"17,keyasint,omitzero"`
	Tijdstip                        Moment            `cbor:"18,keyasint"`
	Objecten                        []VerwerktObject  `cbor:"19,keyasint,omitempty"`
}

// VerwerktObject is a person involved in an actie (B7571).
type VerwerktObject struct {
	ID            uuid.UUID `cbor:"1,keyasint"` // verwerktObjectId: issued by the register, stable over versions
	Objecttype    string    `cbor:"2,keyasint"` // "persoon"
	SoortObjectID string    `cbor:"3,keyasint"` // BSN, Personeelsnummer, ...: an open list, case-insensitive
	ObjectID      string    `cbor:"4,keyasint"`
	Betrokkenheid string    `cbor:"5,keyasint,omitempty"`
	Soorten       []string  `cbor:"6,keyasint,omitempty"` // verwerkteSoortenGegevens
}

// Versie is one version of an actie, opened. The newest is the current one.
type Versie struct {
	ActieID     uuid.UUID
	Nummer      uint32 // 1, 2, ...
	Blad        uint64 // leaf number in the organisation's tree
	Registratie int64  // tijdstipRegistratie, µs since 1970 UTC, by the register's clock
	Operatie    bewijs.Operatie
	Staat       Staat
	ClientID    string // who wrote it
	Toelichting string // X-Audit-Toelichting
	Eigen       bool   // the register's own record of an inquiry
	Actie       Verwerkingsactie

	Zaad bewijs.Zaad // of the commitments; never shown
}
