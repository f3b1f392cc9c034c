package gebruiker

import (
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/kast"
)

// Register answers who someone is and what they may, from memory. It may be used by many goroutines. What it gives
// may be changed by the caller.
type Register struct{ kast *kast.Kast[*stand] }

// stand gives what holds now; of an unknown organisation it is empty.
func (r *Register) stand(oin string) *stand { return r.kast.Stand(oin) }

// Rechten gives what a person may at a moment: nothing when unknown or closed.
func (r *Register) Rechten(oin string, gebruiker uuid.UUID, nu time.Time) *Rechten {
	return r.stand(oin).rechten(gebruiker, nu)
}

// Ernstig reports whether a person has a right that a serious warning goes with, so that signing in takes more.
func (r *Register) Ernstig(oin string, gebruiker uuid.UUID, nu time.Time) bool {
	return len(ernstig(r.Rechten(oin, gebruiker, nu))) > 0
}

// Gebruiker gives a person, closed or not.
func (r *Register) Gebruiker(oin string, id uuid.UUID, nu time.Time) (*Gebruiker, bool) {
	g, ok := r.stand(oin).gebruikers[id]
	if !ok {
		return nil, false
	}
	return g.op(nu), true
}

// OpEmail gives the person who signs in with an address now.
func (r *Register) OpEmail(oin, email string, nu time.Time) (*Gebruiker, bool) {
	email = NormaalEmail(email)
	return r.zoek(oin, nu, func(g *Gebruiker) bool { return g.Email == email && email != "" })
}

// OpOnderwerp gives the person whom a sign-in service calls so now.
func (r *Register) OpOnderwerp(oin, uitgever, onderwerp string, nu time.Time) (*Gebruiker, bool) {
	return r.zoek(oin, nu, func(g *Gebruiker) bool {
		return g.Uitgever == uitgever && g.Onderwerp == onderwerp && uitgever != "" && onderwerp != ""
	})
}

// zoek looks at everyone, whether found or not: it takes as long for an unknown account.
func (r *Register) zoek(oin string, nu time.Time, is func(*Gebruiker) bool) (gevonden *Gebruiker, ok bool) {
	for _, g := range r.stand(oin).gebruikers {
		if h := g.op(nu); is(h) {
			gevonden, ok = h, true
		}
	}
	return gevonden, ok
}

// Functiegroep gives the name of a functiegroep.
func (r *Register) Functiegroep(oin string, id uuid.UUID) (Functiegroep, bool) {
	f, ok := r.stand(oin).functiegroepen[id]
	if !ok {
		return Functiegroep{}, false
	}
	return *f, true
}

// Groepen gives the running memberships of a person, by name of the group: for who looks at their own account, whatever
// they may see of others.
func (r *Register) Groepen(oin string, gebruiker uuid.UUID, nu time.Time) []LidBeeld {
	t := r.stand(oin)
	if g, ok := t.gebruikers[gebruiker]; ok {
		return t.lidBeelden(g, nu)
	}
	return nil
}

// stand is everything of an organisation; never changed once published.
type stand struct {
	gebruikers     map[uuid.UUID]*Gebruiker
	functiegroepen map[uuid.UUID]*Functiegroep
	groepen        map[uuid.UUID]*Autorisatiegroep
	voorstellen    map[uuid.UUID]*Voorstel
	nood           map[uuid.UUID]*Noodtoegang
	aansluitingen  map[uuid.UUID]*Applicatievoorstel
}

func newStand() *stand {
	return &stand{
		gebruikers: map[uuid.UUID]*Gebruiker{}, functiegroepen: map[uuid.UUID]*Functiegroep{}, groepen: map[uuid.UUID]*Autorisatiegroep{},
		voorstellen: map[uuid.UUID]*Voorstel{}, nood: map[uuid.UUID]*Noodtoegang{},
		aansluitingen: map[uuid.UUID]*Applicatievoorstel{},
	}
}

// kopie can be changed; the documents in it can't.
func (t *stand) kopie() *stand {
	return &stand{
		maps.Clone(t.gebruikers), maps.Clone(t.functiegroepen), maps.Clone(t.groepen), maps.Clone(t.voorstellen), maps.Clone(t.nood),
		maps.Clone(t.aansluitingen),
	}
}

func (t *stand) zet(d kast.Document) {
	switch d := d.(type) {
	case *Gebruiker:
		t.gebruikers[d.ID] = d
	case *Functiegroep:
		t.functiegroepen[d.ID] = d
	case *Autorisatiegroep:
		t.groepen[d.ID] = d
	case *Voorstel:
		t.voorstellen[d.ID] = d
	case *Noodtoegang:
		t.nood[d.ID] = d
	case *Applicatievoorstel:
		t.aansluitingen[d.ID] = d
	}
}

func (t *stand) haalWeg(d kast.Document) {
	switch p := d.Plaats(); p.Soort {
	case SoortVoorstel:
		delete(t.voorstellen, p.ID)
	case SoortNoodtoegang:
		delete(t.nood, p.ID)
	case SoortApplicatievoorstel:
		delete(t.aansluitingen, p.ID)
	}
}

// verleend is what rights come from: a group's, for as long as the membership.
type verleend struct {
	rechten []Recht
	tot     time.Time
}

// verleend gives everything that gives the person rights, or refuses them. It is nothing for who is unknown or closed,
// and for who is in a group that isn't there: that group may have held a verbod.
func (t *stand) verleend(gebruiker uuid.UUID, nu time.Time) (uit []verleend) {
	g, ok := t.gebruikers[gebruiker]
	if !ok || !g.Actief {
		return nil
	}
	for _, l := range g.Groepen {
		if !loopt(l.Tot, nu) {
			continue
		}
		a, ok := t.groepen[l.Groep]
		if !ok {
			return nil
		}
		uit = append(uit, verleend{a.Rechten, l.Tot})
	}
	for _, n := range t.nood {
		if n.Gebruiker == gebruiker && loopt(n.Tot, nu) {
			uit = append(uit, verleend{[]Recht{n.Recht}, n.Tot})
		}
	}
	return uit
}

func (t *stand) rechten(gebruiker uuid.UUID, nu time.Time) *Rechten {
	return rechtenOp(t.verleend(gebruiker, nu), nu)
}

// rechtenOp gives the union at a moment.
func rechtenOp(alle []verleend, nu time.Time) *Rechten {
	var groepen [][]Recht
	for _, v := range alle {
		if loopt(v.tot, nu) {
			groepen = append(groepen, v.rechten)
		}
	}
	return NieuweRechten(nu, groepen...)
}

// leden gives who is in a group now and can sign in.
func (t *stand) leden(groep uuid.UUID, nu time.Time) (uit []*Gebruiker) {
	for _, g := range t.gebruikers {
		if _, lid := g.lid(groep, nu); lid && g.Actief {
			uit = append(uit, g)
		}
	}
	return uit
}

// heeftIemand reports whether anyone may do that at a moment, in the whole organisation.
func (t *stand) heeftIemand(c cel, nu time.Time, behalve func(*Gebruiker) bool) bool {
	for _, g := range t.gebruikers {
		if (behalve == nil || !behalve(g)) && t.rechten(g.ID, nu).mag(c, BereikAlles) {
			return true
		}
	}
	return false
}

// vergelijkbaar is a name as names are compared.
func vergelijkbaar(naam string) string {
	return strings.ToLower(strings.Join(strings.Fields(naam), " "))
}
