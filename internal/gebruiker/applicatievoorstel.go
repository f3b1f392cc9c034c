package gebruiker

import (
	"context"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Applicatievoorstel is a serious change of an application that waits for a second administrator. What the change is, the room
// of applications writes and reads; a secret is never in it. Its JSON is the format in the store.
type Applicatievoorstel struct {
	ID         uuid.UUID      `json:"-"`
	Versie     int64          `json:"-"`
	OIN        string         `json:"-"`
	Applicatie uuid.UUID      `json:"applicatie"` // also of one that is still to be made
	Stand      int64          `json:"stand"`      // version of the application that it is a change of; 0: a new one
	Naam       string         `json:"naam"`
	Wat        string         `json:"wat"` // in a sentence, in Dutch: "de applicatie Balie toevoegen"
	Wijziging  jsontext.Value `json:"wijziging"`
	Door       uuid.UUID      `json:"door"`
	Reden      string         `json:"reden"`
	Gemaakt    time.Time      `json:"gemaakt"`
}

func (v *Applicatievoorstel) betreft() beheerlog.Wie {
	return beheerlog.Wie{Soort: "applicatie", ID: v.Applicatie.String(), Naam: v.Naam}
}

func (v *Applicatievoorstel) kopie() *Applicatievoorstel {
	uit := *v
	uit.Wijziging = slices.Clone(v.Wijziging)
	return &uit
}

// aansluitingVervallen tells why one can't be approved any more, as far as this room knows; empty: it can.
func (t *stand) aansluitingVervallen(v *Applicatievoorstel, nu time.Time) string {
	switch {
	case !nu.Before(v.Gemaakt.Add(Geldig)):
		return "er is in veertien dagen niet over besloten."
	case !t.rechten(v.Door, nu).mag(magApplicatiesBeheren, BereikAlles):
		return "wie het voorstelde mag dit zelf niet meer."
	}
	return ""
}

// MagApplicaties refuses a dader who may not see, manage or approve applications, and says whom to ask. It gives who it is, for
// the beheerlog. The operator has a command of his own, and no part in this.
func (b *Beheer) MagApplicaties(d Dader, h Handeling) (beheerlog.Wie, error) {
	if d.machine {
		return beheerlog.Wie{}, fout.GeenToestemming
	}
	t, err := b.read(d, cel{ModuleApplicaties, h, Gewoon})
	if err != nil {
		return beheerlog.Wie{}, err
	}
	return t.wie(d), nil
}

// EisReden gives a reason in its normal form; verplicht asks a sentence. Errors: CodeOngeldig with the field reden.
func EisReden(reden string, verplicht bool) (string, error) { return eisReden(reden, verplicht) }

// StelApplicatieVoor keeps a proposal of a dader who may manage applications, with its event, and clears away those that lapsed.
// It fills in who, when and the id. melding says what else has to be done, such as when nobody can approve it. Errors: CodeOngeldig
// with the field reden, CodeGeenToestemming.
func (b *Beheer) StelApplicatieVoor(ctx context.Context, d Dader, in *Applicatievoorstel) (melding string, err error) {
	id := uuid.New()
	err = b.change(ctx, d, func(o *ontwerp) error {
		if d.machine {
			return fout.GeenToestemming
		}
		if err := o.eis(magApplicatiesBeheren); err != nil {
			return err
		}
		reden, err := eisReden(in.Reden, true)
		if err != nil {
			return err
		}
		v := in.kopie()
		v.ID, v.Versie, v.OIN, v.Door, v.Reden, v.Gemaakt = id, 1, d.oin, d.gebruiker, reden, o.nu
		for _, ander := range o.aansluitingen {
			if waarom := o.aansluitingVervallen(ander, o.nu); waarom != "" {
				o.haalWeg(ander)
				o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Door: beheerlog.Systeem, Betreft: ander.betreft(), Wat: "Voorstel vervallen, want " + waarom + " Het was: " + ander.Wat + ".", Voor: ander})
			}
		}
		o.zet(v)
		o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Betreft: v.betreft(), Reden: v.Reden, Na: v, Wat: "Voorgesteld aan een tweede beheerder: " + v.Wat + "."})
		melding = ""
		if !o.na.heeftIemand(magApplicatiesGoedkeuren, o.nu, func(g *Gebruiker) bool { return g.ID == d.gebruiker }) {
			melding = "Er is nu niemand die dit kan goedkeuren. Laat op de server een tweede beheerder maken."
		}
		return nil
	})
	return melding, err
}

// TeBeslissen gives a proposal that the dader may decide on: not their own, and one that still holds. Errors: CodeGeenToestemming,
// CodeVoorwaarde when it lapsed, fout.NietGevonden, fout.Gelijktijdig.
func (b *Beheer) TeBeslissen(ctx context.Context, d Dader, id uuid.UUID, versie int64) (*Applicatievoorstel, error) {
	if err := b.Refresh(ctx); err != nil {
		return nil, err
	}
	t, err := b.read(d, magApplicatiesGoedkeuren)
	if err != nil {
		return nil, err
	}
	v, err := t.teBeslissen(d, id, versie, b.nu())
	if err != nil {
		return nil, err
	}
	return v.kopie(), nil
}

func (t *stand) teBeslissen(d Dader, id uuid.UUID, versie int64, nu time.Time) (*Applicatievoorstel, error) {
	v, err := gezien(t.aansluitingen[id], versie)
	switch {
	case err != nil:
		return nil, err
	case d.machine:
		return nil, fout.New(fout.CodeGeenToestemming, "Goedkeuren doet een beheerder die zich aanmeldt, niet de opdrachtregel.")
	case v.Door == d.gebruiker:
		return nil, fout.New(fout.CodeGeenToestemming, "U deed dit voorstel zelf. Vraag een andere beheerder om erover te beslissen, of trek het in.")
	}
	if waarom := t.aansluitingVervallen(v, nu); waarom != "" {
		return nil, fout.New(fout.CodeVoorwaarde, "Dit voorstel is vervallen: "+waarom+" Dien het zo nodig opnieuw in.")
	}
	return v, nil
}

// Besluit is what became of a proposal.
type Besluit string

// The ends of a proposal.
const (
	Goedgekeurd Besluit = "goedgekeurd"
	Geweigerd   Besluit = "geweigerd" // with a reason
	Ingetrokken Besluit = "ingetrokken"
)

// RondAf ends a proposal, with its event: Goedgekeurd and Geweigerd by who may decide, Ingetrokken by who made it. What was approved
// has been done before. Errors: CodeOngeldig with the field reden, and those of TeBeslissen.
func (b *Beheer) RondAf(ctx context.Context, d Dader, id uuid.UUID, versie int64, besluit Besluit, reden string) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		var v *Applicatievoorstel
		var err error
		if besluit == Ingetrokken {
			v, err = gezien(o.aansluitingen[id], versie)
			if err == nil && !o.zelf(v.Door) {
				err = fout.New(fout.CodeGeenToestemming, "Alleen wie het voorstel deed trekt het in. Een andere beheerder kan het weigeren.")
			}
		} else if err = o.eis(magApplicatiesGoedkeuren); err == nil {
			v, err = o.teBeslissen(d, id, versie, o.nu)
		}
		if err != nil {
			return err
		}
		if reden, err = eisReden(reden, besluit == Geweigerd); err != nil {
			return err
		}
		o.haalWeg(v)
		o.meld(beheerlog.Regel{Soort: beheerlog.Voorstel, Betreft: v.betreft(), Reden: reden, Voor: v, Wat: "Voorstel " + string(besluit) + ": " + v.Wat + "."})
		return nil
	})
}

// ApplicatievoorstelBeeld is what a page shows of a proposal.
type ApplicatievoorstelBeeld struct {
	Applicatievoorstel
	Steller      string `klasse:"gewoon"` // who made it
	Eigen        bool   // the reader did
	MagBeslissen bool
	Vervalt      time.Time
	Vervallen    string `klasse:"gewoon"` // why it can't be approved any more; empty: it can, as far as this room knows
}

// Applicatievoorstellen gives the proposals, oldest first. Errors: CodeGeenToestemming.
func (b *Beheer) Applicatievoorstellen(d Dader) ([]ApplicatievoorstelBeeld, error) {
	t, err := b.read(d, magApplicatiesZien)
	if err != nil {
		return nil, err
	}
	nu := b.nu()
	uit := []ApplicatievoorstelBeeld{}
	for _, v := range t.aansluitingen {
		beeld := ApplicatievoorstelBeeld{
			Applicatievoorstel: *v.kopie(), Eigen: !d.machine && v.Door == d.gebruiker, Vervalt: v.Gemaakt.Add(Geldig), Vervallen: t.aansluitingVervallen(v, nu),
		}
		if g, ok := t.gebruikers[v.Door]; ok {
			beeld.Steller = g.Naam
		}
		beeld.MagBeslissen = beeld.Vervallen == "" && !beeld.Eigen && !d.machine && t.kan(d, magApplicatiesGoedkeuren, nu)
		uit = append(uit, beeld)
	}
	slices.SortFunc(uit, func(a, b ApplicatievoorstelBeeld) int { return a.Gemaakt.Compare(b.Gemaakt) })
	return uit, nil
}

// Applicatievoorstel gives one. Errors: CodeGeenToestemming, fout.NietGevonden.
func (b *Beheer) Applicatievoorstel(d Dader, id uuid.UUID) (ApplicatievoorstelBeeld, error) {
	alle, err := b.Applicatievoorstellen(d)
	if err != nil {
		return ApplicatievoorstelBeeld{}, err
	}
	for _, v := range alle {
		if v.ID == id {
			return v, nil
		}
	}
	return ApplicatievoorstelBeeld{}, onbekend
}
