package api

import (
	"net/http"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// json writes a successful answer.
func (q *verzoek) json(status int, b []byte) {
	h := q.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	q.w.WriteHeader(status)
	q.w.Write(b)
}

// actieURL is where an actie lives.
func (s *server) actieURL() string { return s.URL + PadBewerking + "/verwerkingsacties/" }

// objectURL is where a verwerkt object lives: only the Inzage API has such a path (X23).
func (s *server) objectURL() string { return s.URL + PadInzage + "/verwerkte-objecten/" }

// actie writes a VerwerkingsactieUitgebreid: every attribute of the current version.
func (s *server) actie(b *schrijver, v *verwerkingenlog.Versie) {
	a := &v.Actie
	s.beperkt(b, v, func() {
		b.key("systeem").tekst(a.Systeem)
		b.key("gebruiker").tekst(a.Gebruiker)
		b.key("gegevensbron").tekst(a.Gegevensbron)
	})
	b.key("verwerkteObjecten").openList()
	for k := range a.Objecten {
		b.next().open()
		s.object(b, &a.Objecten[k])
		b.close()
	}
	b.closeList().close()
}

// beperkt writes the attributes that both APIs show, leaving the object open; midden writes what only
// the Bewerking API shows.
func (s *server) beperkt(b *schrijver, v *verwerkingenlog.Versie, midden func()) {
	a := &v.Actie
	b.open()
	b.key("url").link(s.actieURL(), v.ActieID)
	b.key("actieId").uuid(v.ActieID)
	b.key("actieNaam").tekst(a.ActieNaam)
	b.key("handelingNaam").tekst(a.HandelingNaam)
	b.key("verwerkingNaam").tekst(a.VerwerkingNaam)
	b.key("verwerkingId").uuid(a.VerwerkingID)
	b.key("verwerkingsactiviteitId").uuid(a.VerwerkingsactiviteitID)
	b.key("verwerkingsactiviteitUrl").formaat(a.VerwerkingsactiviteitURL)
	b.key("vertrouwelijkheid").tekst(a.Vertrouwelijkheid.String())
	b.key("bewaartermijn").formaat(a.Bewaartermijn)
	b.key("uitvoerder").formaat(a.Uitvoerder)
	midden()
	b.key("soortAfnemerId").tekst(a.SoortAfnemerID)
	b.key("afnemerId").formaat(a.AfnemerID)
	b.key("verwerkingsactiviteitIdAfnemer").uuid(a.VerwerkingsactiviteitIDAfnemer)
	b.key("verwerkingsactiviteitUrlAfnemer").formaat(a.VerwerkingsactiviteitURLAfnemer)
	b.key("verwerkingIdAfnemer").uuid(a.VerwerkingIDAfnemer)
	b.key("tijdstip").tekst(string(a.Tijdstip))
	b.key("tijdstipRegistratie").tekst(verwerkingenlog.FormatRegistratie(v.Registratie))
}

// object writes the attributes of a VerwerktObject in an object that is open.
func (s *server) object(b *schrijver, o *verwerkingenlog.VerwerktObject) {
	b.key("url").link(s.objectURL(), o.ID)
	b.key("verwerktObjectId").uuid(o.ID)
	b.key("objecttype").tekst(o.Objecttype)
	b.key("soortObjectId").tekst(o.SoortObjectID)
	b.key("objectId").tekst(o.ObjectID)
	b.key("betrokkenheid").tekst(o.Betrokkenheid)
	b.key("verwerkteSoortenGegevens").openList()
	for _, soort := range o.Soorten {
		b.next().open().key("soortGegeven").tekst(soort).close()
	}
	b.closeList()
}

// inzage writes a VerwerktObjectUitgebreid: one person, and the actie without the others.
func (s *server) inzage(b *schrijver, r *verwerkingenlog.Regel) {
	b.open()
	s.object(b, &r.Object)
	b.key("verwerkingsactie")
	s.beperkt(b, r.Versie, func() {})
	b.close().close()
}

// versie writes one version of the history.
func (s *server) versie(b *schrijver, v *verwerkingenlog.Versie) {
	b.open()
	b.key("versieId").uuid(v.VersieID())
	b.key("volgnummer").getal(int(v.Nummer))
	b.key("operatie").tekst(v.Operatie.String())
	b.key("tijdstipRegistratie").tekst(verwerkingenlog.FormatRegistratie(v.Registratie))
	b.key("clientId").tekst(v.ClientID)
	b.key("vervallen").jaNee(v.Staat.Vervallen())
	b.key("ooitVertrouwelijk").jaNee(v.Staat.Ooit())
	b.key("toelichting").tekst(v.Toelichting)
	b.key("blad").getal(int(v.Blad))
	b.key("verwerkingsactie")
	s.actie(b, v)
	b.close()
}

// pagina writes a page of a list; regel writes one line. Links go to the same path with the cursor
// alone, so that no identifier stands in them.
func (q *verzoek) pagina(p *verwerkingenlog.Pagina, regel func(*schrijver, *verwerkingenlog.Regel)) error {
	b := schrijver{b: make([]byte, 0, 512+1536*len(p.Regels))}
	link := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		return q.URL + q.r.URL.Path + "?cursor=" + cursor
	}
	q.w.Header().Set("Peilmoment", verwerkingenlog.FormatRegistratie(p.Peilmoment))
	b.open().key("count").getal(p.Count)
	b.key("next").formaat(link(p.Next))
	b.key("previous").formaat(link(p.Previous))
	b.key("results").openList()
	for k := range p.Regels {
		b.next()
		regel(&b, &p.Regels[k])
	}
	b.closeList().close()
	q.json(http.StatusOK, b.b)
	return nil
}
