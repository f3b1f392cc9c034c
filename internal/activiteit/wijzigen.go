package activiteit

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// keurConcept checks what is to become a concept.
func (o *ontwerp) keurConcept(i *Inhoud) error {
	k := keuring{}
	i.keur(&k, true, o.wetboek(o.vandaag()))
	return k.err()
}

func (o *ontwerp) concept(i Inhoud) *Concept {
	return &Concept{GewijzigdOp: o.Nu.UTC(), Door: o.d.Wie, Inhoud: i}
}

// Begin makes an activity that is a concept. Errors: CodeOngeldig, CodeGeenToestemming, CodeTeGroot.
func (r *Register) Begin(ctx context.Context, d Dader, i Inhoud) (uuid.UUID, error) {
	i = i.Normaal()
	id := uuid.New()
	err := r.wijzig(ctx, d, func(o *ontwerp) error {
		if err := o.keurConcept(&i); err != nil {
			return err
		}
		if len(o.Voor.activiteiten) >= maxActiviteiten {
			return teVeelActiviteiten
		}
		a := &Activiteit{ID: id, OIN: d.OIN, Stand: 1, Concept: o.concept(i)}
		o.Zet(a)
		_, na := anders(nil, i)
		o.meld(beheerlog.Regel{Soort: beheerlog.Activiteit, Betreft: a.wieIs(), Wat: "Verwerkingsactiviteit begonnen, als concept.", Na: na})
		return nil
	}, Wijzigen)
	if err != nil {
		return uuid.UUID{}, err
	}
	return id, nil
}

// Wijzig makes a concept of an activity, or replaces the one there is. The same concept again changes nothing. stand is that of
// the document that the caller saw. Errors: CodeOngeldig, CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig, CodeTeGroot.
func (r *Register) Wijzig(ctx context.Context, d Dader, id uuid.UUID, stand int64, i Inhoud) error {
	i = i.Normaal()
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.activiteit(id, stand)
		if err != nil {
			return err
		}
		if err := o.keurConcept(&i); err != nil {
			return err
		}
		o.zetConcept(voor, i)
		return nil
	}, Wijzigen)
}

// zetConcept makes the concept part of the change, unless it is there already.
func (o *ontwerp) zetConcept(voor *Activiteit, i Inhoud) (gewijzigd bool) {
	wat, van := "Wijziging van de verwerkingsactiviteit begonnen, als concept.", voor.Actueel()
	if c := voor.Concept; c != nil {
		if c.gelijk(&i) {
			return false
		}
		wat, van = "Concept van de verwerkingsactiviteit gewijzigd.", &c.Inhoud
	}
	na := voor.volgende()
	na.Concept = o.concept(i)
	o.Zet(na)
	v, n := anders(van, i)
	o.meld(beheerlog.Regel{Soort: beheerlog.Activiteit, Betreft: na.wieIs(), Wat: wat, Voor: v, Na: n})
	return true
}

// GooiWeg removes the concept. An activity that never was definite goes whole, unless something points at it. Errors:
// CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig, CodeOngeldig.
func (r *Register) GooiWeg(ctx context.Context, d Dader, id uuid.UUID, stand int64) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.activiteit(id, stand)
		if err != nil {
			return err
		}
		if voor.Concept == nil {
			return fout.New(fout.CodeOngeldig, "Van deze activiteit is geen concept om weg te gooien. Een vastgestelde activiteit beëindigt u.")
		}
		weg, _ := anders(voor.Concept.Inhoud, nil)
		if len(voor.Versies) > 0 {
			na := voor.volgende()
			na.Concept = nil
			o.Zet(na)
			o.meld(beheerlog.Regel{Soort: beheerlog.Activiteit, Betreft: na.wieIs(), Wat: "Concept van de verwerkingsactiviteit weggegooid.", Voor: weg})
			return nil
		}
		if o.Voor.wijstNaar(id) {
			return fout.New(fout.CodeOngeldig, "Er zijn nog koppelingen of leveringen van deze activiteit, of de log rust erop. Verwijs die eerst naar een andere.")
		}
		o.HaalWeg(voor)
		o.meld(beheerlog.Regel{Soort: beheerlog.Activiteit, Betreft: voor.wieIs(), Wat: "Verwerkingsactiviteit weggegooid, die nooit was vastgesteld.", Voor: weg})
		return nil
	}, Wijzigen)
}

// wijstNaar reports whether something points at an activity.
func (t *stand) wijstNaar(id uuid.UUID) bool {
	for _, k := range t.koppelingen {
		if k.Activiteit == id {
			return true
		}
	}
	for _, l := range t.leveringen {
		if l.Activiteit == id {
			return true
		}
	}
	return t.loggrond != nil && t.loggrond.Activiteit == id
}
