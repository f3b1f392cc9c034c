package gebruiker

import (
	"context"
	"slices"
	"strconv"
	"strings"
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

// MaxNoodtoegang is how long it holds at most.
const MaxNoodtoegang = time.Hour

// DurenNoodtoegang are the durations to choose from, the shortest first.
func DurenNoodtoegang() []time.Duration {
	return []time.Duration{15 * time.Minute, 30 * time.Minute, MaxNoodtoegang}
}

func minuten(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }

// Wat says what it allows, as an infinitive.
func (n *Noodtoegang) Wat() string {
	return Uitdrukking(n.Recht.Module, n.Recht.Handeling, n.Recht.Veldklasse) + bereikWoorden(n.Recht.Module, n.Recht.Bereik)
}

// nemer gives what the dader may without break-glass, if they are somebody who could take it in the module.
func (t *stand) nemer(d Dader, m Module, nu time.Time) (*Rechten, error) {
	mag := t.rechten(d.gebruiker, nu)
	if _, ok := t.gebruikers[d.gebruiker]; !ok || d.machine || m != ModuleVerwerkingenlog && m != ModuleWerkplek || !mag.ziet(m) {
		return nil, fout.New(fout.CodeGeenToestemming,
			"Noodtoegang is er alleen voor wie in deze module al gewone gegevens ziet. Vraag een collega die dat mag.")
	}
	return mag, nil
}

var geenFG = fout.New(fout.CodeGeenToestemming, "Noodtoegang kan pas als bekend is wie de functionaris gegevensbescherming is. "+
	"Vraag een beheerder om diens e-mailadres bij de instellingen in te vullen.")

// nog refuses what the verbod of a group forbids, and what needs no break-glass.
func (r *Rechten) nog(recht Recht) error {
	switch {
	case r.verboden(recht.cel(), recht.Bereik):
		return fout.New(fout.CodeGeenToestemming, "Dit is u uitdrukkelijk verboden; noodtoegang heft dat niet op. Vraag een collega die dit mag.")
	case r.mag(recht.cel(), recht.Bereik):
		return fout.New(fout.CodeGeenToestemming, "U mag dit al; noodtoegang is niet nodig.")
	}
	return nil
}

// NeemNoodtoegang gives the dader a right to see or to search, in a module with data of citizens in which they see
// something already, for at most MaxNoodtoegang. It needs a reason, and the functionaris gegevensbescherming is mailed in
// the same transaction. A verbod stays. Errors: CodeOngeldig (recht, duur, reden), CodeGeenToestemming.
func (b *Beheer) NeemNoodtoegang(ctx context.Context, d Dader, recht Recht, duur time.Duration, reden string) (n *Noodtoegang, err error) {
	err = b.change(ctx, d, func(o *ontwerp) error {
		mag, err := o.nemer(d, recht.Module, o.nu)
		if err != nil {
			return err
		}
		aan := b.fg(d.oin)
		if aan == "" {
			return geenFG
		}
		recht := recht
		recht.Tot = time.Time{}
		k := keuring{ValidateRechten([]Recht{recht}, o.nu)}
		if recht.Handeling != Zien && recht.Handeling != Zoeken || recht.Verbod {
			k.mis("recht", "invalid_choice", "Noodtoegang is er alleen om te zien of te zoeken.")
		}
		if duur < time.Minute || duur > MaxNoodtoegang {
			k.mis("duur", "invalid_choice", "Noodtoegang duurt hooguit een uur; kies een duur uit de lijst.")
		}
		goed, err := eisReden(reden, true)
		k.neem(err)
		if err := k.err(); err != nil {
			return err
		}
		if err := mag.nog(recht); err != nil {
			return err
		}
		g := o.gebruikers[d.gebruiker]
		doc := &Noodtoegang{ID: uuid.New(), Versie: 1, OIN: d.oin, Gebruiker: g.ID, Recht: recht, Reden: goed, Van: o.nu, Tot: o.nu.Add(duur)}
		for _, oud := range o.nood {
			if !loopt(oud.Tot, o.nu) {
				o.haalWeg(oud)
			}
		}
		o.zet(doc)
		o.kast.Stuur(noodtoegangBegonnen(o.fg(aan), duur))
		o.meld(beheerlog.Regel{
			Soort: beheerlog.Noodtoegang, Betreft: wieIs(g), Reden: goed, Na: doc, Wat: "Noodtoegang genomen, tot " + Datum(doc.Tot) + ": " + doc.Wat() + ".",
		})
		kopie := *doc
		n = &kopie
		return nil
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// fg is the functionaris gegevensbescherming: somebody with an account, or an address alone.
func (o *ontwerp) fg(adres string) *Gebruiker {
	for _, g := range o.gebruikers {
		if h := g.op(o.nu); h.Email == NormaalEmail(adres) && h.Actief {
			return h
		}
	}
	return &Gebruiker{Email: adres}
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

// LopendeNoodtoegang gives what a person has taken and still holds, what ends first before the rest.
func (r *Register) LopendeNoodtoegang(oin string, gebruiker uuid.UUID, nu time.Time) (uit []Noodtoegang) {
	for _, n := range r.stand(oin).nood {
		if n.Gebruiker == gebruiker && loopt(n.Tot, nu) {
			uit = append(uit, *n)
		}
	}
	slices.SortFunc(uit, func(a, b Noodtoegang) int {
		if c := a.Tot.Compare(b.Tot); c != 0 {
			return c
		}
		return strings.Compare(a.ID.String(), b.ID.String())
	})
	return uit
}

// Mogelijk is something that break-glass could be taken for.
type Mogelijk struct {
	Recht Recht
	Zin   string // what it allows, as an infinitive
}

// MogelijkeNoodtoegang gives what the dader could take, and fg: the address of who will be told. Errors: CodeGeenToestemming, with
// the sentence that says why they can take none.
func (b *Beheer) MogelijkeNoodtoegang(d Dader) (uit []Mogelijk, fg string, err error) {
	if !b.kast.Kent(d.oin) {
		return nil, "", fout.GeenToestemming
	}
	t, nu := b.register.stand(d.oin), b.nu()
	mag, err := t.nemer(d, ModuleVerwerkingenlog, nu)
	if err != nil {
		return nil, "", err
	}
	if fg = b.fg(d.oin); fg == "" {
		return nil, "", geenFG
	}
	for _, h := range []Handeling{Zien, Zoeken} {
		for _, v := range ModuleVerwerkingenlog.Veldklassen(h) {
			for _, bereik := range []Bereik{BereikFunctiegroep, BereikAlles} { // the narrowest first
				n := Noodtoegang{Recht: Recht{Module: ModuleVerwerkingenlog, Handeling: h, Veldklasse: v, Bereik: bereik}}
				if mag.nog(n.Recht) == nil {
					uit = append(uit, Mogelijk{n.Recht, n.Wat()})
				}
			}
		}
	}
	return uit, fg, nil
}

// NoodBeeld is what is shown of break-glass that runs. Text that the reader may not see is gone.
type NoodBeeld struct {
	Van, Tot time.Time
	Wie      string `klasse:"gewoon"`
	Wat      string `klasse:"gewoon"`
	Reden    string `klasse:"vrije_tekst"`
}

// magNoodZien is the right to see who took what: the beheerlog tells the same.
var magNoodZien = cel{ModuleBeheerlog, Zien, Gewoon}

// Noodtoegangen gives what runs in the organisation, what began last first. Errors: CodeGeenToestemming.
func (b *Beheer) Noodtoegangen(d Dader) ([]NoodBeeld, error) {
	t, err := b.read(d, magNoodZien)
	if err != nil {
		return nil, err
	}
	nu := b.nu()
	uit := []NoodBeeld{}
	for _, n := range t.nood {
		if !loopt(n.Tot, nu) {
			continue
		}
		beeld := NoodBeeld{Van: n.Van, Tot: n.Tot, Wat: n.Wat(), Reden: n.Reden}
		if g, ok := t.gebruikers[n.Gebruiker]; ok {
			beeld.Wie = g.Naam
		}
		if !d.machine {
			Toon(t.rechten(d.gebruiker, nu), ModuleBeheerlog, BereikAlles, &beeld)
		}
		uit = append(uit, beeld)
	}
	slices.SortFunc(uit, func(a, b NoodBeeld) int {
		if c := b.Van.Compare(a.Van); c != 0 {
			return c
		}
		return strings.Compare(a.Wie+a.Wat, b.Wie+b.Wat)
	})
	return uit, nil
}
