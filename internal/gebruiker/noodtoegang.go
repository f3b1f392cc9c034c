package gebruiker

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Noodtoegang is a right that someone takes for a short time, because waiting would do harm (break-glass). Its JSON is the
// format in the store.
type Noodtoegang struct {
	ID        uuid.UUID `json:"-"`
	Versie    int64     `json:"-"`
	OIN       string    `json:"-"`
	Gebruiker uuid.UUID `json:"gebruiker"`
	Recht     Recht     `json:"recht"`
	Reden     string    `json:"reden"`
	Van       time.Time `json:"van"`
	Tot       time.Time `json:"tot"`
}

// DuurNoodtoegang is how long it holds.
const DuurNoodtoegang = time.Hour

// NeemNoodtoegang gives the dader a right to see or to search, in a module with data of citizens in which they see
// something already, for at most DuurNoodtoegang. It needs a reason, and gives the mail to the functionaris
// gegevensbescherming. A verbod stays. Errors: CodeOngeldig, CodeGeenToestemming.
func (b *Beheer) NeemNoodtoegang(ctx context.Context, d Dader, recht Recht, reden string) (n *Noodtoegang, bericht Bericht, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		g, ok := o.gebruikers[d.gebruiker]
		mag := o.rechten(d.gebruiker, o.nu)
		if !ok || d.machine || recht.Module != ModuleVerwerkingenlog && recht.Module != ModuleWerkplek || !mag.ziet(recht.Module) {
			return fout.New(fout.CodeGeenToestemming,
				"Noodtoegang is er alleen voor wie in deze module al gewone gegevens ziet. Vraag een collega die dat mag.")
		}
		aan := b.fg(d.oin)
		if aan == "" {
			return fout.New(fout.CodeGeenToestemming, "Noodtoegang kan pas als bekend is wie de functionaris gegevensbescherming is. "+
				"Vraag een beheerder om diens e-mailadres bij de instellingen in te vullen.")
		}
		k := keuring{ValidateRechten([]Recht{recht}, o.nu)}
		if recht.Handeling != Zien && recht.Handeling != Zoeken || recht.Verbod {
			k.mis("recht", "invalid_choice", "Noodtoegang is er alleen om te zien of te zoeken.")
		}
		if err := k.err(); err != nil {
			return err
		}
		reden, err := eisReden(reden, true)
		if err != nil {
			return err
		}
		if mag.verboden(recht.cel(), recht.Bereik) {
			return fout.New(fout.CodeGeenToestemming, "Dit is u uitdrukkelijk verboden; noodtoegang heft dat niet op. Vraag een collega die dit mag.")
		}
		if mag.mag(recht.cel(), recht.Bereik) {
			return fout.New(fout.CodeGeenToestemming, "U mag dit al; noodtoegang is niet nodig.")
		}
		recht := recht
		recht.Tot = time.Time{}
		doc := &Noodtoegang{
			ID: uuid.New(), Versie: 1, OIN: d.oin, Gebruiker: g.ID, Recht: recht, Reden: reden, Van: o.nu, Tot: o.nu.Add(DuurNoodtoegang),
		}
		for _, oud := range o.nood {
			if !loopt(oud.Tot, o.nu) {
				o.haalWeg(oud)
			}
		}
		o.zet(doc)
		o.meld(beheerlog.Regel{
			Soort: beheerlog.Noodtoegang, Betreft: wieIs(g), Reden: reden, Na: doc,
			Wat: "Noodtoegang genomen, tot " + Datum(doc.Tot) + ": " + Uitdrukking(recht.Module, recht.Handeling, recht.Veldklasse) + bereikWoorden(recht.Module, recht.Bereik) + ".",
		})
		kopie := *doc
		n, bericht = &kopie, noodtoegangBegonnen(aan)
		return nil
	})
	if err != nil {
		return nil, Bericht{}, err
	}
	return n, bericht, nil
}

// ziet reports whether ordinary data in the module is seen, in whatever bereik.
func (r *Rechten) ziet(m Module) bool { return r != nil && len(r.bereiken(cel{m, Zien, Gewoon})) > 0 }

// StopNoodtoegang ends one's own break-glass before its time. Errors: fout.NietGevonden.
func (b *Beheer) StopNoodtoegang(ctx context.Context, d Dader, id uuid.UUID) error {
	return b.change(ctx, d, func(o *ontwerp) error {
		n, ok := o.nood[id]
		if !ok || !o.zelf(n.Gebruiker) {
			return onbekend
		}
		o.haalWeg(n)
		o.meld(beheerlog.Regel{Soort: beheerlog.Noodtoegang, Betreft: wieIs(o.gebruikers[n.Gebruiker]), Wat: "Noodtoegang beëindigd.", Voor: n})
		return nil
	})
}

// LopendeNoodtoegang gives what a person has taken and still holds.
func (r *Register) LopendeNoodtoegang(oin string, gebruiker uuid.UUID, nu time.Time) (uit []Noodtoegang) {
	for _, n := range r.stand(oin).nood {
		if n.Gebruiker == gebruiker && loopt(n.Tot, nu) {
			uit = append(uit, *n)
		}
	}
	return uit
}
