package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"
)

const padInzage = "/inzage/api/v1/verwerkte-objecten"

// geraadpleegd is the role of a person whose log is read.
const geraadpleegd = "Geraadpleegd in verwerkingenlog"

// Bewaakt gives a client that logs what it reads as this Transport does: in its register, by its functions. Without it
// a client logs in the register that it reads, and each Verwerking must give its Activiteit.
//
// To read a log is itself a verwerking with personal data (C3677): it needs a doelbinding in the context, of either kind,
// and both sides log it. A person who is asked about is logged before the question; who turns up in an answer, before
// that answer is given.
func (c *Client) Bewaakt(t *Transport) *Client {
	kopie := *c
	kopie.wacht = t
	return &kopie
}

// Vraag says which acties are asked for: of a person, or of a verwerking.
type Vraag struct {
	Soort, ID    string    // soortObjectId and objectId of a person; they go in the body, never in an address
	VerwerkingID uuid.UUID // instead of a person; not for Inzage

	Begin, Eind       string              // dates as 2026-01-31, Dutch time; Eind is the day after. Inzage needs both
	Vertrouwelijkheid []Vertrouwelijkheid // empty: of all kinds; without the right read:confidential it must be Normaal. Not for Inzage
	Activiteit        uuid.UUID           // only of this one; zero: of all
	PerPagina         int                 // how many come at a time, at most 500; 0: as the register chooses
}

// MarshalJSON writes it as _zoek of a register reads it.
func (v Vraag) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	if v.Soort != "" || v.ID != "" {
		m["objecttype"], m["soortObjectId"], m["objectId"] = "persoon", v.Soort, v.ID
	}
	zet := func(naam string, waarde any, leeg bool) {
		if !leeg {
			m[naam] = waarde
		}
	}
	zet("verwerkingId", v.VerwerkingID, v.VerwerkingID == uuid.Nil)
	zet("beginDatum", v.Begin, v.Begin == "")
	zet("eindDatum", v.Eind, v.Eind == "")
	zet("vertrouwelijkheid", v.Vertrouwelijkheid, len(v.Vertrouwelijkheid) == 0)
	zet("verwerkingsactiviteitId", v.Activiteit, v.Activiteit == uuid.Nil)
	zet("pageSize", v.PerPagina, v.PerPagina == 0)
	return json.Marshal(m)
}

// Acties gives the acties that answer a question, the newest first. It ends after the first error.
func (c *Client) Acties(ctx context.Context, v Vraag) iter.Seq2[Verwerkingsactie, error] {
	return lijst(ctx, c, v, padActies, func(a *Verwerkingsactie) []VerwerktObject { return a.VerwerkteObjecten })
}

// Inzicht is a person in an actie as Inzage shows it: without the system, the employee, the source and other persons.
type Inzicht struct {
	VerwerktObject
	Verwerkingsactie Verwerkingsactie `json:"verwerkingsactie"`
}

// Inzage gives what was logged of one person, the newest first, without what is confidential. It ends after the first error.
func (c *Client) Inzage(ctx context.Context, v Vraag) iter.Seq2[Inzicht, error] {
	if v.VerwerkingID != uuid.Nil || len(v.Vertrouwelijkheid) > 0 {
		return func(yield func(Inzicht, error) bool) {
			yield(Inzicht{}, errors.New("inzage gaat over een persoon; laat VerwerkingID en Vertrouwelijkheid leeg"))
		}
	}
	return lijst(ctx, c, v, padInzage, func(i *Inzicht) []VerwerktObject { return []VerwerktObject{i.VerwerktObject} })
}

// lijst follows a question over its pages.
func lijst[T any](ctx context.Context, c *Client, v Vraag, pad string, wie func(*T) []VerwerktObject) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		mis := func(err error) { yield(*new(T), err) }
		persoon := v.VerwerkingID == uuid.Nil
		var over []VerwerktObject
		if persoon {
			over = []VerwerktObject{{SoortObjectID: v.Soort, ObjectID: v.ID}}
		}
		s, err := c.leesstap(ctx, over)
		if err != nil {
			mis(err)
			return
		}
		q := vraag{methode: http.MethodPost, pad: pad + "/_zoek", body: v, want: http.StatusOK, veilig: true}
		for {
			var p struct {
				Next    *string
				Results []T
			}
			if err := c.vraagAls(s, q, &p); err != nil {
				mis(err)
				return
			}
			if !persoon {
				var objecten []Object
				for k := range p.Results {
					objecten = erbij(objecten, wie(&p.Results[k]))
				}
				if err := s.leg(objecten); err != nil {
					mis(err)
					return
				}
			}
			for _, r := range p.Results {
				if !yield(r, nil) {
					return
				}
			}
			if p.Next == nil {
				return
			}
			// Only its cursor: where the register says it is, is not where the token may go.
			u, err := url.Parse(*p.Next)
			if err != nil || u.Query().Get("cursor") == "" {
				mis(errors.New("het register noemt een volgende pagina zonder cursor"))
				return
			}
			q = vraag{methode: http.MethodGet, pad: pad + "/_zoek?" + url.Values{"cursor": {u.Query().Get("cursor")}}.Encode(), want: http.StatusOK}
		}
	}
}

// Actie reads one with everybody in it; *Fout with status 404 when it isn't there, or no longer.
func (c *Client) Actie(ctx context.Context, id uuid.UUID) (Verwerkingsactie, error) {
	var a Verwerkingsactie
	var kop http.Header
	err := c.lees(ctx, padActies+"/"+id.String(), &kop, &a, func() []Object { return erbij(nil, a.VerwerkteObjecten) })
	if err != nil {
		return Verwerkingsactie{}, err
	}
	a.ETag = kop.Get("ETag")
	return a, nil
}

// Versie is one of the history of an actie.
type Versie struct {
	VersieID            uuid.UUID        `json:"versieId"`
	Volgnummer          int              `json:"volgnummer"` // the first is 1
	Operatie            string           `json:"operatie"`   // POST, PUT, PATCH or DELETE
	TijdstipRegistratie string           `json:"tijdstipRegistratie"`
	ClientID            string           `json:"clientId"` // the application that asked it
	Vervallen           bool             `json:"vervallen"`
	OoitVertrouwelijk   bool             `json:"ooitVertrouwelijk"`
	Toelichting         string           `json:"toelichting"`
	Blad                int64            `json:"blad"` // its leaf in the proof of the organisation
	Verwerkingsactie    Verwerkingsactie `json:"verwerkingsactie"`
}

// Versies reads the history of an actie, the oldest first, also when it has expired (right audit:read).
func (c *Client) Versies(ctx context.Context, id uuid.UUID) ([]Versie, error) {
	var p struct{ Results []Versie }
	err := c.lees(ctx, padActies+"/"+id.String()+"/versies", nil, &p, func() []Object {
		var uit []Object
		for _, v := range p.Results {
			uit = erbij(uit, v.Verwerkingsactie.VerwerkteObjecten)
		}
		return uit
	})
	if err != nil {
		return nil, err
	}
	return p.Results, nil
}

// lees asks, logs who is in the answer, and then lets it be shown.
func (c *Client) lees(ctx context.Context, pad string, kop *http.Header, uit any, wie func() []Object) error {
	s, err := c.leesstap(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.vraagAls(s, vraag{methode: http.MethodGet, pad: pad, want: http.StatusOK, kop: kop}, uit); err != nil {
		return err
	}
	return s.leg(wie())
}

// leesstap begins a step that reads a log: who is known beforehand is logged now.
func (c *Client) leesstap(ctx context.Context, over []VerwerktObject) (*stap, error) {
	t := c.wacht
	if t == nil {
		t = &Transport{Log: c}
	}
	s, err := t.stap(ctx)
	if err != nil {
		return nil, err
	}
	if bekend := erbij(slices.Clone(s.b.Objecten), over); len(bekend) > 0 {
		err = s.leg(bekend)
	}
	return s, err
}

// leg logs these persons, if the profile of the activity says so.
func (s *stap) leg(objecten []Object) error {
	if !s.loggen {
		meld(s.t.Meting, Gebeurtenis{Soort: SoortNietGelogd})
		return nil
	}
	return s.log(objecten)
}

// vraagAls asks a register, and tells it why. It is told the own organisation: its credential is of that one.
func (c *Client) vraagAls(s *stap, q vraag, uit any) error {
	d := s.doorgave()
	d.OIN = c.i.Organisatie
	q.header = http.Header{}
	d.Zet(q.header)
	q.gebruiker = s.actie.Gebruiker
	return c.do(s.ctx, q, uit)
}

// erbij adds the persons of a record, each once.
func erbij(bij []Object, van []VerwerktObject) []Object {
	for _, o := range van {
		if !slices.ContainsFunc(bij, func(b Object) bool { return zelfde(b.Soort, b.ID, o.SoortObjectID, o.ObjectID) }) {
			bij = append(bij, Object{Soort: o.SoortObjectID, ID: o.ObjectID, Betrokkenheid: geraadpleegd})
		}
	}
	return bij
}
