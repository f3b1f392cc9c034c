package gebruiker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Voorstel is a serious change that waits for a second administrator. Its JSON is the format in the store.
type Voorstel struct {
	ID          uuid.UUID     `json:"-"`
	Versie      int64         `json:"-"`
	OIN         string        `json:"-"`
	Wat         VoorstelSoort `json:"wat"`
	Groep       uuid.UUID     `json:"groep"`
	GroepVersie int64         `json:"groepVersie"`
	Rechten     []Recht       `json:"rechten,omitzero"`   // VoorstelRechten: all that the group will have
	Claims      []string      `json:"claims,omitzero"`    // VoorstelClaims: likewise
	Gebruiker   uuid.UUID     `json:"gebruiker,omitzero"` // VoorstelLid and VoorstelGeenLid
	Tot         time.Time     `json:"tot,omitzero"`       // VoorstelLid: end of the membership
	Door        uuid.UUID     `json:"door"`               // zero: the operator on the machine
	Reden       string        `json:"reden"`
	Gemaakt     time.Time     `json:"gemaakt"`
}

// VoorstelSoort is what a proposal is about.
type VoorstelSoort string

// The kinds of proposal.
const (
	VoorstelRechten VoorstelSoort = "rechten"
	VoorstelClaims  VoorstelSoort = "claims"
	VoorstelLid     VoorstelSoort = "lid"
	VoorstelGeenLid VoorstelSoort = "geen_lid" // leaving a group whose verbod kept something away
)

// Geldig is how long a proposal waits.
const Geldig = 14 * 24 * time.Hour

// wat says what a proposal would do: "annelies wordt lid van de groep Balie".
func (t *stand) wat(v *Voorstel) string {
	groep, wie := "de groep "+t.groepVan(v).Naam, "iemand"
	if g, ok := t.gebruikers[v.Gebruiker]; ok {
		wie = g.Naam
	}
	switch v.Wat {
	case VoorstelRechten:
		return "andere rechten voor " + groep
	case VoorstelClaims:
		return "andere groepen van de aanmelddienst maken lid van " + groep
	case VoorstelLid:
		if !v.Tot.IsZero() {
			return wie + " wordt lid van " + groep + ", tot " + Datum(v.Tot)
		}
		return wie + " wordt lid van " + groep
	case VoorstelGeenLid:
		return wie + " gaat uit " + groep
	}
	return ""
}

// stelVoor makes a proposal of what is serious, and clears away those that lapsed.
func (o *ontwerp) stelVoor(v *Voorstel, wat Voorstelling) (Uitkomst, error) {
	var err error
	if v.Reden, err = eisReden(v.Reden, true); err != nil {
		return Uitkomst{}, err
	}
	v.ID, v.Versie, v.OIN, v.Gemaakt = uuid.New(), 1, o.dader.oin, o.nu
	if !o.dader.machine {
		v.Door = o.dader.gebruiker
	}
	for _, ander := range o.voorstellen {
		if waarom := o.vervallen(ander, o.nu); waarom != "" {
			o.haalWeg(ander)
			o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Door: beheerlog.Systeem, Betreft: wieIs(o.groepVan(ander)), Wat: "Voorstel vervallen, want " + waarom + " Het was: " + o.wat(ander) + ".", Voor: ander})
		}
	}
	o.zet(v)
	o.meld(beheerlog.Regel{
		Soort: beheerlog.Voorstel, Betreft: wieIs(o.groepVan(v)), Reden: v.Reden, Na: v,
		Wat: "Voorgesteld aan een tweede beheerder: " + o.wat(v) + "." + gevolg(wat),
	})
	uit := Uitkomst{Voorstel: v.kopie()}
	if !o.na.heeftIemand(magGoedkeuren, o.nu, func(g *Gebruiker) bool { return o.na.bevoordeeld(g.ID, v, o.nu) }) {
		uit.Melding = "Er is nu niemand die dit kan goedkeuren. Laat op de server een tweede beheerder maken, die niet in deze groep zit."
		if v.Wat == VoorstelLid || v.Wat == VoorstelGeenLid {
			uit.Melding = "Er is nu niemand die dit kan goedkeuren. Laat op de server een tweede beheerder maken."
		}
	}
	return uit, nil
}

func (v *Voorstel) kopie() *Voorstel {
	uit := *v
	uit.Rechten, uit.Claims = slices.Clone(v.Rechten), slices.Clone(v.Claims)
	return &uit
}

// groepVan gives the group, a nameless one when it is gone.
func (t *stand) groepVan(v *Voorstel) *Autorisatiegroep {
	if a, ok := t.groepen[v.Groep]; ok {
		return a
	}
	return &Autorisatiegroep{ID: v.Groep}
}

// gevolg tells what will come.
func gevolg(v Voorstelling) string {
	var s strings.Builder
	for _, z := range v.Verschil.Erbij {
		s.WriteString(" " + z.Tekst)
	}
	return s.String()
}

// vervallen tells why a proposal can't be approved any more; empty: it can.
func (t *stand) vervallen(v *Voorstel, nu time.Time) string {
	a, ok := t.groepen[v.Groep]
	switch {
	case !nu.Before(v.Gemaakt.Add(Geldig)):
		return "er is in veertien dagen niet over besloten."
	case !ok || a.Versie != v.GroepVersie:
		return "de groep is intussen gewijzigd."
	case v.Door != uuid.Nil && !t.rechten(v.Door, nu).mag(magRechtenGeven, BereikAlles):
		return "wie het voorstelde mag dit zelf niet meer."
	case len(ValidateRechten(v.Rechten, nu)) > 0 || !loopt(v.Tot, nu):
		return "een einddatum erin is al voorbij."
	}
	if g, ok := t.gebruikers[v.Gebruiker]; v.Gebruiker != uuid.Nil && (!ok || !g.Actief) {
		return "het account is intussen gesloten."
	}
	return ""
}

// bevoordeeld reports whether a person may not decide on a proposal: it is their own, or they gain by it.
func (t *stand) bevoordeeld(id uuid.UUID, v *Voorstel, nu time.Time) bool {
	if id == v.Door || id == v.Gebruiker {
		return true
	}
	g, ok := t.gebruikers[id]
	if !ok || v.Wat != VoorstelRechten && v.Wat != VoorstelClaims {
		return !ok
	}
	_, lid := g.lid(v.Groep, nu)
	return lid
}

// voorzie tells what a proposal would mean now.
func (t *stand) voorzie(v *Voorstel, nu time.Time) Voorstelling {
	a, ok := t.groepen[v.Groep]
	if !ok {
		return Voorstelling{}
	}
	switch g := t.gebruikers[v.Gebruiker]; {
	case v.Wat == VoorstelRechten:
		return t.voorzieRechten(a, v.Rechten, nu)
	case v.Wat == VoorstelClaims:
		return t.voorzieRechten(a, a.Rechten, nu)
	case g == nil:
		return Voorstelling{}
	case v.Wat == VoorstelGeenLid:
		return t.voorzieLid(zonderGroep(g, v.Groep, nu), nu)
	default:
		return t.voorzieLid(metGroep(g, Lidmaatschap{Groep: v.Groep, Tot: v.Tot, Bron: BronHand}, nu), nu)
	}
}

// beslis lets f decide on a proposal that still holds, by a person who may and who gains nothing by it.
func (b *Beheer) beslis(ctx context.Context, d Dader, id uuid.UUID, versie int64, f func(*ontwerp, *Voorstel) error) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		if d.machine {
			return fout.New(fout.CodeGeenToestemming, "Goedkeuren doet een beheerder die zich aanmeldt, niet de opdrachtregel.")
		}
		if err := o.eis(magGoedkeuren); err != nil {
			return err
		}
		v, err := gezien(o.voorstellen[id], versie)
		if err != nil {
			return err
		}
		if waarom := o.vervallen(v, o.nu); waarom != "" {
			return fout.New(fout.CodeVoorwaarde, "Dit voorstel is vervallen: "+waarom+" Dien het zo nodig opnieuw in.")
		}
		return f(o, v)
	})
}

// KeurGoed does what a proposal says. Errors: CodeGeenToestemming for who may not, made it, or gains by it; CodeVoorwaarde
// when it lapsed; fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) KeurGoed(ctx context.Context, d Dader, id uuid.UUID, versie int64) error {
	return b.beslis(ctx, d, id, versie, func(o *ontwerp, v *Voorstel) error {
		switch {
		case o.zelf(v.Door):
			return fout.New(fout.CodeGeenToestemming, "U deed dit voorstel zelf. Vraag een andere beheerder om het goed te keuren.")
		case o.bevoordeeld(d.gebruiker, v, o.nu):
			return fout.New(fout.CodeGeenToestemming,
				"U krijgt zelf meer rechten door dit voorstel, en keurt het dus niet goed. Vraag een beheerder die er niet bij betrokken is.")
		}
		a := o.groepen[v.Groep]
		na := a.volgende()
		door := ", voorgesteld door " + o.wieStelde(v) + " en goedgekeurd door een tweede beheerder."
		switch v.Wat {
		case VoorstelRechten:
			na.Rechten = v.Rechten
			o.zetRechten(a, na, "Rechten van de groep gewijzigd"+door, v.Reden)
		case VoorstelClaims:
			na.Claims = v.Claims
			o.zetRechten(a, na, "Gewijzigd welke groepen van de aanmelddienst lid maken"+door, v.Reden)
		case VoorstelLid:
			l := Lidmaatschap{Groep: a.ID, Tot: v.Tot, Bron: BronHand}
			o.zetLid(metGroep(o.gebruikers[v.Gebruiker], l, o.nu), "Lid gemaakt van de groep "+a.Naam+door, v.Reden)
		case VoorstelGeenLid:
			o.zetLid(zonderGroep(o.gebruikers[v.Gebruiker], a.ID, o.nu), "Uit de groep "+a.Naam+" gehaald"+door, v.Reden)
		default:
			return onbekend
		}
		o.haalWeg(v)
		o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Betreft: wieIs(a), Wat: "Voorstel goedgekeurd: " + o.wat(v) + ".", Voor: v})
		return nil
	})
}

func (t *stand) wieStelde(v *Voorstel) string {
	if g, ok := t.gebruikers[v.Door]; ok {
		return g.Naam
	}
	return "de operator van de server"
}

// Weiger refuses a proposal, with a reason. Errors: CodeOngeldig and those of KeurGoed.
func (b *Beheer) Weiger(ctx context.Context, d Dader, id uuid.UUID, versie int64, reden string) error {
	return b.beslis(ctx, d, id, versie, func(o *ontwerp, v *Voorstel) error {
		reden, err := eisReden(reden, true)
		if err != nil {
			return err
		}
		if o.zelf(v.Door) {
			return fout.New(fout.CodeGeenToestemming, "U deed dit voorstel zelf. Trek het in als het niet meer nodig is.")
		}
		o.haalWeg(v)
		o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Betreft: wieIs(o.groepVan(v)), Wat: "Voorstel geweigerd: " + o.wat(v) + ".", Reden: reden, Voor: v})
		return nil
	})
}

// TrekIn takes one's own proposal back. Errors: CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) TrekIn(ctx context.Context, d Dader, id uuid.UUID, versie int64) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		v, err := gezien(o.voorstellen[id], versie)
		if err != nil {
			return err
		}
		if !o.zelf(v.Door) && (!d.machine || v.Door != uuid.Nil) {
			return fout.New(fout.CodeGeenToestemming, "Alleen wie het voorstel deed trekt het in. Een andere beheerder kan het weigeren.")
		}
		o.haalWeg(v)
		o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Betreft: wieIs(o.groepVan(v)), Wat: "Voorstel ingetrokken: " + o.wat(v) + ".", Voor: v})
		return nil
	})
}

// VoorstelBeeld is what a page or the API shows of a proposal.
type VoorstelBeeld struct {
	ID           uuid.UUID
	Versie       int64
	Soort        VoorstelSoort `klasse:"gewoon"`
	Wat          string        `klasse:"gewoon"` // in a sentence: "annelies wordt lid van de groep Balie"
	Groep        uuid.UUID
	GroepNaam    string `klasse:"gewoon"`
	Gebruiker    uuid.UUID
	Persoon      string    `klasse:"gewoon"` // name of who becomes a member or leaves
	Rechten      []Recht   `klasse:"gewoon"`
	Claims       []string  `klasse:"gewoon"`
	Tot          time.Time // end of the membership
	Door         string    `klasse:"gewoon"`
	Eigen        bool      // the reader made it
	MagBeslissen bool      // the reader may approve it
	Reden        string    `klasse:"gewoon"`
	Gemaakt      time.Time
	Vervalt      time.Time
	Vervallen    string       `klasse:"gewoon"` // why it can't be approved any more; empty: it can
	Voorstelling Voorstelling `klasse:"gewoon"` // what it would mean now
}

// Voorstellen gives the proposals, oldest first, with those that lapsed but weren't cleared away. Errors:
// CodeGeenToestemming.
func (b *Beheer) Voorstellen(d Dader) ([]VoorstelBeeld, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return nil, err
	}
	uit := []VoorstelBeeld{}
	for _, v := range t.voorstellen {
		uit = append(uit, b.voorstelBeeld(t, d, v))
	}
	slices.SortFunc(uit, func(a, b VoorstelBeeld) int { return a.Gemaakt.Compare(b.Gemaakt) })
	return uit, nil
}

// Voorstel gives one. Errors: CodeGeenToestemming, fout.NietGevonden.
func (b *Beheer) Voorstel(d Dader, id uuid.UUID) (VoorstelBeeld, error) {
	t, err := b.read(d, magGroepenZien)
	if err != nil {
		return VoorstelBeeld{}, err
	}
	v, ok := t.voorstellen[id]
	if !ok {
		return VoorstelBeeld{}, onbekend
	}
	return b.voorstelBeeld(t, d, v), nil
}

func (b *Beheer) voorstelBeeld(t *stand, d Dader, v *Voorstel) VoorstelBeeld {
	nu := b.nu()
	v = v.kopie()
	uit := VoorstelBeeld{
		ID: v.ID, Versie: v.Versie, Soort: v.Wat, Wat: t.wat(v), Groep: v.Groep, GroepNaam: t.groepVan(v).Naam, Gebruiker: v.Gebruiker,
		Rechten: v.Rechten, Claims: v.Claims, Tot: v.Tot, Door: t.wieStelde(v), Reden: v.Reden, Gemaakt: v.Gemaakt, Vervalt: v.Gemaakt.Add(Geldig),
		Vervallen: t.vervallen(v, nu), Voorstelling: t.voorzie(v, nu), Eigen: !d.machine && d.gebruiker == v.Door,
	}
	if g, ok := t.gebruikers[v.Gebruiker]; ok {
		uit.Persoon = g.Naam
	}
	if !d.machine {
		uit.MagBeslissen = uit.Vervallen == "" && t.kan(d, magGoedkeuren, nu) && !t.bevoordeeld(d.gebruiker, v, nu)
		Toon(t.rechten(d.gebruiker, nu), ModuleGroepen, BereikAlles, &uit)
	}
	return uit
}
