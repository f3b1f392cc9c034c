package inwoner

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Kastnaam is the name of the kast of protected persons, which is part of what is sealed; it never changes.
const Kastnaam = "verantwoord/bescherming/v1"

// Beschermingen knows of whom something holds. It may be used by many goroutines.
type Beschermingen struct {
	kast     *kast.Kast[*bescherming]
	sleutels func(oin string) (*betrokkene.Sleutels, bool)
	nu       func() time.Time
}

// BeschermingOpties are what Beschermingen need.
type BeschermingOpties struct {
	Opslag       kast.Opslag
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Organisaties []string // OINs
	Nu           func() time.Time
	Meld         func(error) // takes what is wrong in the background, for an operator
}

// OpenBeschermingen reads the store and puts everything in force.
func OpenBeschermingen(ctx context.Context, o BeschermingOpties) (*Beschermingen, error) {
	b := &Beschermingen{sleutels: o.Sleutels, nu: o.Nu}
	if b.nu == nil {
		b.nu = time.Now
	}
	var err error
	b.kast, err = kast.New(ctx, kast.Opties[*bescherming]{
		Naam: Kastnaam, Wat: "protected persons", Vorm: vorm, Opslag: o.Opslag, Sleutels: o.Sleutels,
		Organisaties: o.Organisaties, Nu: b.nu, Meld: o.Meld, Grens: 8 << 10,
	})
	return b, err
}

// Follow looks for changes by other nodes until ctx ends.
func (b *Beschermingen) Follow(ctx context.Context, elke time.Duration) { b.kast.Follow(ctx, elke) }

// Refresh puts in force what other nodes changed, if anything.
func (b *Beschermingen) Refresh(ctx context.Context) error { return b.kast.Refresh(ctx) }

// Toestand is what holds of a person now.
type Toestand struct{ Beschermd, Overleden bool }

// Van tells what holds of a person. When a document is missing everybody is Beschermd.
func (b *Beschermingen) Van(oin string, p Persoon) (t Toestand) {
	s, ok := b.sleutels(oin)
	if !ok {
		return Toestand{Beschermd: true}
	}
	stand, nu, handles := b.kast.Stand(oin), b.nu(), s.Handles(p.Objecttype, p.Soort, p.ID)
	loopt := func(wat BeschermingSoort) bool {
		d := stand.van(handles, wat)
		return d != nil && d.Loopt(nu)
	}
	return Toestand{Beschermd: loopt(Beschermd) || !stand.heel(), Overleden: loopt(Overleden)}
}

// Handelingen of the module inwoners.
const (
	MagZien        = "zien"
	MagBeschermen  = "beheren"    // set, extend, and propose the end
	MagBeeindigen  = "goedkeuren" // decide on the proposal of another
	maxBescherming = 20_000
	maxOpmerking   = 1000
	minReden       = 15
)

// Medewerker is an officer who asks. What Mag does not allow is refused; a nil Mag allows nothing.
type Medewerker struct {
	OIN string
	Wie beheerlog.Wie
	Mag func(handeling string) bool
}

// Sentences for people.
var (
	errBeschermen = fout.New(fout.CodeGeenToestemming, "U mag dit niet: inwoners opzoeken en beschermen. Vraag een beheerder van Verantwoord om het recht ervoor.")
	errOnbekend   = fout.New(fout.CodeNietGevonden, "Dit is er niet, of niet meer. Zoek de inwoner opnieuw op.")
	errVol        = fout.New(fout.CodeGeenToestemming, "Er staan al 20.000 inwoners op de lijst. Beëindig eerst wat niet meer nodig is.")
	errKorter     = fout.New(fout.CodeGeenToestemming, "Er geldt al bescherming die langer duurt. Eerder laten eindigen kan alleen met een tweede medewerker: stel voor om haar te beëindigen.")
	errEigen      = fout.New(fout.CodeGeenToestemming, "U stelde dit zelf voor. Vraag een andere medewerker om erover te beslissen.")
	errNietEigen  = fout.New(fout.CodeGeenToestemming, "Alleen wie het voorstel deed trekt het in. Een andere medewerker kan het weigeren.")
	errAl         = fout.New(fout.CodeGeenToestemming, "Dit is al voorgesteld. Het wacht op een tweede medewerker.")
	errVervallen  = fout.New(fout.CodeGeenToestemming, "Dit voorstel is vervallen: het stond er langer dan veertien dagen, of er is intussen iets gewijzigd. Stel het zo nodig opnieuw voor.")
)

func (m Medewerker) eis(handeling string) error {
	if m.Mag == nil || !m.Mag(handeling) {
		return errBeschermen
	}
	return nil
}

func (m Medewerker) is(w beheerlog.Wie) bool { return m.Wie.Soort == w.Soort && m.Wie.ID == w.ID }

// BeschermingBeeld is a bescherming with the proposal to end it.
type BeschermingBeeld struct {
	*Bescherming
	Voorstel *EindeVoorstel // nil: there is none that can be decided on
	Eigen    bool           // the reader made it
}

func (s *bescherming) beeld(m Medewerker, d *Bescherming, nu time.Time) BeschermingBeeld {
	uit := BeschermingBeeld{Bescherming: d}
	if v := s.voorstellen[d.ID]; v != nil && !v.vervallen(d, nu) {
		uit.Voorstel, uit.Eigen = v, m.is(v.Door)
	}
	return uit
}

// Zoek gives what there is of a person, what lapsed included. That it was asked is for the caller to log first.
func (b *Beschermingen) Zoek(m Medewerker, p Persoon) (uit []BeschermingBeeld, err error) {
	if err := m.eis(MagZien); err != nil {
		return nil, err
	}
	s, ok := b.sleutels(m.OIN)
	if !ok {
		return nil, fout.GeenToestemming
	}
	stand, handles := b.kast.Stand(m.OIN), s.Handles(p.Objecttype, p.Soort, p.ID)
	for _, wat := range []BeschermingSoort{Beschermd, Overleden} {
		if d := stand.van(handles, wat); d != nil {
			uit = append(uit, stand.beeld(m, d, b.nu()))
		}
	}
	return uit, nil
}

// Een gives one. As Zoek.
func (b *Beschermingen) Een(m Medewerker, id uuid.UUID) (BeschermingBeeld, error) {
	if err := m.eis(MagZien); err != nil {
		return BeschermingBeeld{}, err
	}
	stand := b.kast.Stand(m.OIN)
	d, ok := stand.alle[id]
	if !ok {
		return BeschermingBeeld{}, errOnbekend
	}
	return stand.beeld(m, d, b.nu()), nil
}

// Aandacht gives what asks for a decision: what ends within a month, the first to end first, and what waits for a second officer.
func (b *Beschermingen) Aandacht(m Medewerker) (aflopend, wacht []BeschermingBeeld, err error) {
	if err := m.eis(MagZien); err != nil {
		return nil, nil, err
	}
	stand, nu := b.kast.Stand(m.OIN), b.nu()
	for _, d := range stand.alle {
		beeld := stand.beeld(m, d, nu)
		if d.Loopt(nu) && !d.Tot.IsZero() && !d.Loopt(nu.AddDate(0, 1, 0)) {
			aflopend = append(aflopend, beeld)
		}
		if beeld.Voorstel != nil {
			wacht = append(wacht, beeld)
		}
	}
	slices.SortFunc(aflopend, func(x, y BeschermingBeeld) int {
		return cmp.Or(x.Tot.Compare(y.Tot), strings.Compare(x.Handle, y.Handle))
	})
	slices.SortFunc(wacht, func(x, y BeschermingBeeld) int { return x.Voorstel.Gemaakt.Compare(y.Voorstel.Gemaakt) })
	return aflopend, wacht, nil
}

// BeschermingInvoer is what an officer sets.
type BeschermingInvoer struct {
	Wat        BeschermingSoort
	Aanleiding Aanleiding
	Opmerking  string
	Tot        time.Time // zero: without end
}

func (in *BeschermingInvoer) keur(nu time.Time) error {
	var mis []fout.Param
	zeg := func(veld, code, reden string) {
		mis = append(mis, fout.Param{Name: veld, Code: code, Reason: reden})
	}
	switch {
	case len(in.Wat.Aanleidingen()) == 0:
		zeg("wat", "invalid_choice", "Kies wat er geldt.")
	case in.Wat == Overleden:
		in.Aanleiding = Overlijden
		if !in.Tot.IsZero() {
			zeg("tot", "invalid", "Overlijden heeft geen einddatum. Laat het veld leeg.")
		}
	case !slices.Contains(in.Wat.Aanleidingen(), in.Aanleiding):
		zeg("aanleiding", "invalid_choice", "Kies waarom dit nodig is.")
	}
	if !in.Tot.IsZero() && !nu.Before(in.Tot) {
		zeg("tot", "invalid", "Deze dag is al voorbij. Kies een latere dag, of laat het veld leeg.")
	}
	if in.Opmerking = strings.TrimSpace(in.Opmerking); utf8.RuneCountInString(in.Opmerking) > maxOpmerking || !utf8.ValidString(in.Opmerking) {
		zeg("opmerking", "too_long", "Schrijf hooguit 1000 tekens.")
	}
	if mis != nil {
		return fout.Ongeldig(mis...)
	}
	return nil
}

// wijzig lets f decide on what holds now, for who may.
func (b *Beschermingen) wijzig(ctx context.Context, m Medewerker, handeling string, f func(*kast.Ontwerp[*bescherming]) error) error {
	err := b.kast.Wijzig(ctx, m.OIN, func(o *kast.Ontwerp[*bescherming]) error {
		if err := m.eis(handeling); err != nil {
			return err
		}
		if err := f(o); err != nil || o.Leeg() {
			return err
		}
		if len(o.Na.alle) != len(o.Voor.alle) {
			t := &telling{Versie: 1, Aantal: len(o.Na.alle), Gemaakt: true}
			if voor := o.Voor.telling; voor != nil {
				t.Versie, t.Aantal = voor.Versie+1, voor.Aantal+len(o.Na.alle)-len(o.Voor.alle) // what is missing stays missing
			}
			o.Zet(t)
		}
		return nil
	})
	if errors.Is(err, kast.ErrInGebruik) { // by a document that can't be opened here
		return fout.NietBeschikbaar
	}
	return err
}

// Stel sets what holds of a person, or makes it last longer. One officer is enough: it only hides more.
//
// Errors: CodeOngeldig (wat, aanleiding, tot, opmerking), CodeGeenToestemming with the way out when it would end earlier than what holds.
func (b *Beschermingen) Stel(ctx context.Context, m Medewerker, p Persoon, in BeschermingInvoer) (id uuid.UUID, err error) {
	s, ok := b.sleutels(m.OIN)
	if !ok || p.ID == "" {
		return uuid.Nil, errOnbekend
	}
	handles, h := s.Handles(p.Objecttype, p.Soort, p.ID), handle(s, p)
	nieuw := uuid.New()
	err = b.wijzig(ctx, m, MagBeschermen, func(o *kast.Ontwerp[*bescherming]) error {
		in := in
		if err := in.keur(o.Nu); err != nil {
			return err
		}
		na := &Bescherming{ID: nieuw, Versie: 1, Wat: in.Wat, Handle: hex.EncodeToString(h[:]), Persoon: p, Aanleiding: in.Aanleiding, Opmerking: in.Opmerking, Door: m.Wie, Sinds: o.Nu, Tot: in.Tot}
		zin := "ingesteld"
		if voor := o.Voor.van(handles, in.Wat); voor != nil {
			if voor.Loopt(o.Nu) {
				if !in.Tot.IsZero() && (voor.Tot.IsZero() || in.Tot.Before(voor.Tot)) {
					return errKorter
				}
				na.Sinds, zin = voor.Sinds, "gewijzigd"
			}
			na.ID, na.Versie, na.Handle, na.Persoon = voor.ID, voor.Versie+1, voor.Handle, voor.Persoon
		} else if len(o.Voor.alle) >= maxBescherming {
			return errVol
		}
		if v := o.Voor.voorstellen[na.ID]; v != nil {
			o.HaalWeg(v)
		}
		id = na.ID
		o.Zet(na)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Bescherming, Door: m.Wie, Betreft: na.wieIs(), Wat: na.zin(zin), Reden: string(na.Aanleiding)})
		return nil
	})
	return id, err
}

// zin tells what was done with it.
func (b *Bescherming) zin(gedaan string) string {
	wat := "Extra bescherming van een inwoner "
	if b.Wat == Overleden {
		wat = "Overlijden van een inwoner "
	}
	if !b.Tot.IsZero() {
		return wat + gedaan + ", tot en met " + b.Tot.Format("02-01-2006") + "."
	}
	return wat + gedaan + ", zonder einddatum."
}

// gezien gives a bescherming that is as the caller saw it.
func (s *bescherming) gezien(id uuid.UUID, versie int64) (*Bescherming, error) {
	d, ok := s.alle[id]
	if !ok {
		return nil, errOnbekend
	}
	if d.Versie != versie {
		return nil, kast.Gewijzigd
	}
	return d, nil
}

func keurReden(reden string) (string, error) {
	reden = strings.Join(strings.Fields(reden), " ")
	if n := utf8.RuneCountInString(reden); n < minReden || n > maxOpmerking || !utf8.ValidString(reden) {
		return "", fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in een zin waarom, in minstens 15 en hooguit 1000 tekens. De reden komt in het beheerlog."})
	}
	return reden, nil
}

// StelEindeVoor asks a second officer to end it. versie is that of the bescherming.
//
// Errors: CodeOngeldig (reden), CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beschermingen) StelEindeVoor(ctx context.Context, m Medewerker, id uuid.UUID, versie int64, reden string) error {
	nieuw := uuid.New()
	return b.wijzig(ctx, m, MagBeschermen, func(o *kast.Ontwerp[*bescherming]) error {
		d, err := o.Voor.gezien(id, versie)
		if err != nil {
			return err
		}
		reden, err := keurReden(reden)
		if err != nil {
			return err
		}
		na := &EindeVoorstel{ID: nieuw, Versie: 1, Bescherming: id, BeschermingVersie: versie, Reden: reden, Door: m.Wie, Gemaakt: o.Nu}
		if v := o.Voor.voorstellen[id]; v != nil { // one that lapsed makes way
			if !v.vervallen(d, o.Nu) {
				return errAl
			}
			na.ID, na.Versie = v.ID, v.Versie+1
		}
		o.Zet(na)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Bescherming, Door: m.Wie, Betreft: d.wieIs(), Wat: "Voorgesteld aan een tweede medewerker om te beëindigen: " + d.naam() + ".", Reden: reden})
		return nil
	})
}

// naam says what it is.
func (b *Bescherming) naam() string {
	if b.Wat == Overleden {
		return "dat een inwoner is overleden"
	}
	return "de extra bescherming van een inwoner"
}

// beslis lets f decide on the proposal about a bescherming. versie is that of the proposal.
func (b *Beschermingen) beslis(ctx context.Context, m Medewerker, handeling string, id uuid.UUID, versie int64, f func(*kast.Ontwerp[*bescherming], *Bescherming, *EindeVoorstel) error) error {
	return b.wijzig(ctx, m, handeling, func(o *kast.Ontwerp[*bescherming]) error {
		d, v := o.Voor.alle[id], o.Voor.voorstellen[id]
		switch {
		case d == nil || v == nil:
			return errOnbekend
		case v.Versie != versie:
			return kast.Gewijzigd
		case v.vervallen(d, o.Nu):
			return errVervallen
		}
		return f(o, d, v)
	})
}

// Beeindig ends a bescherming as another officer proposed.
//
// Errors: CodeGeenToestemming for who may not, made the proposal, or when it lapsed; fout.NietGevonden, fout.Gelijktijdig.
func (b *Beschermingen) Beeindig(ctx context.Context, m Medewerker, id uuid.UUID, versie int64) error {
	return b.beslis(ctx, m, MagBeeindigen, id, versie, func(o *kast.Ontwerp[*bescherming], d *Bescherming, v *EindeVoorstel) error {
		if m.is(v.Door) {
			return errEigen
		}
		o.HaalWeg(v)
		o.HaalWeg(d)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Bescherming, Door: m.Wie, Betreft: d.wieIs(), Wat: "Beëindigd: " + d.naam() + ", voorgesteld door " + v.Door.Naam + " en goedgekeurd door een tweede medewerker.", Reden: v.Reden})
		return nil
	})
}

// Weiger refuses the proposal of another, with a reason. Errors: CodeOngeldig (reden) and those of Beeindig.
func (b *Beschermingen) Weiger(ctx context.Context, m Medewerker, id uuid.UUID, versie int64, reden string) error {
	return b.beslis(ctx, m, MagBeeindigen, id, versie, func(o *kast.Ontwerp[*bescherming], d *Bescherming, v *EindeVoorstel) error {
		if m.is(v.Door) {
			return errEigen
		}
		reden, err := keurReden(reden)
		if err != nil {
			return err
		}
		o.HaalWeg(v)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Bescherming, Door: m.Wie, Betreft: d.wieIs(), Wat: "Geweigerd om te beëindigen: " + d.naam() + ".", Reden: reden})
		return nil
	})
}

// TrekIn takes one's own proposal back. Errors: CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beschermingen) TrekIn(ctx context.Context, m Medewerker, id uuid.UUID, versie int64) error {
	return b.beslis(ctx, m, MagBeschermen, id, versie, func(o *kast.Ontwerp[*bescherming], d *Bescherming, v *EindeVoorstel) error {
		if !m.is(v.Door) {
			return errNietEigen
		}
		o.HaalWeg(v)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Bescherming, Door: m.Wie, Betreft: d.wieIs(), Wat: "Ingetrokken: het voorstel om te beëindigen " + d.naam() + "."})
		return nil
	})
}
