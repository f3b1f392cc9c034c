package sdk

import (
	"time"

	"github.com/google/uuid"
)

// Verwerkingsactie is a record as the Bewerking API knows it: names and lengths are those of the standard. What
// the register sets (ActieID, TijdstipRegistratie, the ids of objects) is ignored when sent.
type Verwerkingsactie struct {
	ActieID                     *uuid.UUID        `json:"actieId,omitempty"`
	ActieNaam                   string            `json:"actieNaam"`
	HandelingNaam               string            `json:"handelingNaam"`
	VerwerkingNaam              string            `json:"verwerkingNaam"`
	VerwerkingID                *uuid.UUID        `json:"verwerkingId"`
	VerwerkingsactiviteitID     *uuid.UUID        `json:"verwerkingsactiviteitId"`
	VerwerkingsactiviteitURL    *string           `json:"verwerkingsactiviteitUrl"`
	Vertrouwelijkheid           Vertrouwelijkheid `json:"vertrouwelijkheid"`
	Bewaartermijn               *string           `json:"bewaartermijn"`
	Uitvoerder                  *string           `json:"uitvoerder"` // OIN, only when it is not the responsible organisation itself
	Systeem                     string            `json:"systeem"`
	Gebruiker                   string            `json:"gebruiker"`
	Gegevensbron                string            `json:"gegevensbron"`
	SoortAfnemerID              string            `json:"soortAfnemerId"` // OIN or BSN
	AfnemerID                   string            `json:"afnemerId"`
	VerwerkingsactiviteitIDAfn  *uuid.UUID        `json:"verwerkingsactiviteitIdAfnemer"`
	VerwerkingsactiviteitURLAfn *string           `json:"verwerkingsactiviteitUrlAfnemer"`
	VerwerkingIDAfnemer         *uuid.UUID        `json:"verwerkingIdAfnemer"`
	Tijdstip                    string            `json:"tijdstip"` // RFC 3339 with zone; when the step began (B2017)
	TijdstipRegistratie         string            `json:"tijdstipRegistratie,omitempty"`
	VerwerkteObjecten           []VerwerktObject  `json:"verwerkteObjecten"`

	ETag string `json:"-"` // of this version, as Actie reads it: Wijzig and Verwijder then refuse when there is a newer one
}

// VerwerktObject is a person in a record.
type VerwerktObject struct {
	VerwerktObjectID         *uuid.UUID     `json:"verwerktObjectId,omitempty"`
	Objecttype               string         `json:"objecttype"`
	SoortObjectID            string         `json:"soortObjectId"`
	ObjectID                 string         `json:"objectId"`
	Betrokkenheid            string         `json:"betrokkenheid"`
	VerwerkteSoortenGegevens []SoortGegeven `json:"verwerkteSoortenGegevens"`
}

// SoortGegeven is a kind of data, never the data.
type SoortGegeven struct {
	SoortGegeven string `json:"soortGegeven"`
}

// Actie makes the record of a step that begins at a moment. Profiel and the properties of the application are
// added by who logs it.
func (v *Verwerking) Actie(begin time.Time) Verwerkingsactie {
	a := Verwerkingsactie{
		ActieNaam: v.ActieNaam, HandelingNaam: v.HandelingNaam, VerwerkingNaam: v.VerwerkingNaam,
		VerwerkingID: of(v.VerwerkingID), VerwerkingsactiviteitID: of(v.Activiteit), VerwerkingsactiviteitURL: of(v.ActiviteitURL),
		Vertrouwelijkheid: v.Vertrouwelijkheid, Bewaartermijn: of(v.Bewaartermijn), Gebruiker: v.Gebruiker,
		Tijdstip: begin.Format(time.RFC3339Nano), VerwerkteObjecten: make([]VerwerktObject, len(v.Objecten)),
	}
	if a.Vertrouwelijkheid == "" {
		a.Vertrouwelijkheid = Normaal
	}
	for k, o := range v.Objecten {
		a.VerwerkteObjecten[k] = o.verwerkt()
	}
	return a
}

func (o *Object) verwerkt() VerwerktObject {
	w := VerwerktObject{
		Objecttype: "persoon", SoortObjectID: o.Soort, ObjectID: o.ID, Betrokkenheid: o.Betrokkenheid,
		VerwerkteSoortenGegevens: make([]SoortGegeven, len(o.Soorten)),
	}
	for k, s := range o.Soorten {
		w.VerwerkteSoortenGegevens[k].SoortGegeven = s
	}
	return w
}

// of gives nil for what is empty: the standard writes null there.
func of[T comparable](v T) *T {
	var leeg T
	if v == leeg {
		return nil
	}
	return &v
}
