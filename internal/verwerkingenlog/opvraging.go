package verwerkingenlog

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Every inquiry is a verwerking of its own and is logged before it is answered (R-400..R-402).

const (
	gegevensbronLog  = "Verwerkingenlog"
	betrokkenheidLog = "Geraadpleegd in verwerkingenlog"
)

// maxObjecten bounds the persons in one actie; an inquiry that shows more is logged in
// several acties of one verwerking.
const maxObjecten = 10_000

// opvraging is an inquiry under way: who asks, passed on by whom, since when.
type opvraging struct {
	a      *Aanroeper
	s      *betrokkene.Sleutels
	d      Doorgave
	inzage bool
	begin  time.Time
}

// begin judges who asks before anything is read: the OIN must be the client's own, and only who may
// log confidentially may hide an own look-up, else anyone could.
func (l *Log) begin(a *Aanroeper, d Doorgave, inzage bool) (*opvraging, error) {
	if d.OIN != "" && !a.eigen(d.OIN) {
		return nil, fout.New(fout.CodeGeenToestemming, "De OIN in de header hoort niet bij deze applicatie; stuur een OIN die voor haar geregistreerd staat.")
	}
	if d.HasVertrouwelijkheid && d.Vertrouwelijkheid != Normaal && !a.MagVerhullen {
		return nil, fout.New(fout.CodeGeenToestemming, "Deze applicatie mag haar opvragingen niet vertrouwelijk vastleggen; laat de header Vertrouwelijkheid weg of vraag het recht create:confidential.")
	}
	s, err := l.keys(a)
	if err != nil {
		return nil, err
	}
	return &opvraging{a: a, s: s, d: d, inzage: inzage, begin: l.opties.Nu()}, nil
}

// record logs the inquiry about these persons and returns, when it is durable, the leaf number of
// its first version: what lies before it is the snapshot that is answered, so an inquiry never shows
// itself. vertrouwelijk says that what is asked or found calls for a confidential record.
func (l *Log) record(ctx context.Context, o *opvraging, personen []VerwerktObject, vertrouwelijk bool) (uint64, error) {
	instellingen := l.opties.Organisatie(o.a.Organisatie)
	eigen := instellingen.ActiviteitBewerking
	if o.inzage {
		eigen = instellingen.ActiviteitInzage
	}
	actie := Verwerkingsactie{
		ActieNaam:                       eigen.ActieNaam,
		VerwerkingID:                    uuid.New(),
		VerwerkingsactiviteitID:         eigen.ID,
		VerwerkingsactiviteitURL:        eigen.URL,
		Bewaartermijn:                   o.d.Bewaartermijn,
		Systeem:                         l.opties.Systeem,
		Gegevensbron:                    gegevensbronLog,
		VerwerkingsactiviteitIDAfnemer:  o.d.ActiviteitID,
		VerwerkingsactiviteitURLAfnemer: o.d.ActiviteitURL,
		VerwerkingIDAfnemer:             o.d.VerwerkingID,
		Tijdstip:                        NewMoment(o.begin),
	}
	if o.d.OIN != "" {
		actie.SoortAfnemerID, actie.AfnemerID = "OIN", o.d.OIN
	}
	if actie.Bewaartermijn == "" {
		actie.Bewaartermijn = instellingen.BewaartermijnOpvragen
	}
	// The strictest wins. opgeheven can't be created: logged confidential, then lifted (X16).
	lift := false
	if vertrouwelijk || o.d.Vertrouwelijkheid != Normaal {
		actie.Vertrouwelijkheid = Vertrouwelijk
		lift = !vertrouwelijk && o.d.Vertrouwelijkheid == Opgeheven
	}
	e := &Eenheid{OIN: o.a.Organisatie, ClientID: o.a.ClientID, Verzoek: ctx}
	personen = geraadpleegd(personen)
	for {
		n := min(len(personen), maxObjecten)
		actie.Objecten, personen = personen[:n], personen[n:]
		if err := o.add(e, actie, lift); err != nil {
			return 0, err
		}
		if len(personen) == 0 {
			break
		}
	}
	if err := l.committer(e.OIN).Append(e); err != nil {
		return 0, err
	}
	return e.Rijen[0].Blad, nil
}

// add puts one actie of the inquiry in the unit, and its lifted version when asked.
func (o *opvraging) add(e *Eenheid, actie Verwerkingsactie, lift bool) error {
	v := newVersie(o.a, actie)
	v.Eigen = true
	rij, err := seal(o.s, e.OIN, v, nil)
	if err != nil {
		return err
	}
	e.Rijen = append(e.Rijen, rij)
	if !lift {
		return nil
	}
	next := *v
	next.Nummer, next.Operatie = 2, bewijs.OperatiePATCH
	next.Actie.Vertrouwelijkheid = Opgeheven
	next.Staat = v.Staat.Next(Opgeheven)
	if rij, err = seal(o.s, e.OIN, &next, rij.Ingangen); err != nil {
		return err
	}
	e.Rijen = append(e.Rijen, rij)
	return nil
}

// geraadpleegd makes of persons those of the inquiry's own record: each once, in that role, without
// kinds of data.
func geraadpleegd(personen []VerwerktObject) []VerwerktObject {
	type persoon struct{ objecttype, soort, id string }
	seen := make(map[persoon]bool, len(personen))
	var out []VerwerktObject
	for _, p := range personen {
		key := persoon{p.Objecttype, betrokkene.Soort(p.SoortObjectID), betrokkene.Nummer(p.SoortObjectID, p.ObjectID)}
		if !seen[key] {
			seen[key] = true
			out = append(out, VerwerktObject{
				Objecttype: p.Objecttype, SoortObjectID: p.SoortObjectID, ObjectID: p.ObjectID, Betrokkenheid: betrokkenheidLog,
			})
		}
	}
	return out
}
