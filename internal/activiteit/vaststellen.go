package activiteit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Vaststelling makes a concept definite.
type Vaststelling struct {
	Ingangsdatum Datum
	Einddatum    Datum  // last day of the activity; empty: no end is known
	Reden        string // what changed and why; needed from the second version on
	Openbaar     bool   // citizens may read the activity
}

// keurPeriode checks the days of a version.
func (k *keuring) keurPeriode(ingang, eind Datum) {
	k.datum("ingangsdatum", ingang, true)
	k.datum("einddatum", eind, false)
	if eind != "" && ingang != "" && eind < ingang {
		k.mis("einddatum", "invalid", "De einddatum ligt voor de ingangsdatum; kies een latere.")
	}
}

// StelVast makes the concept a version that never changes. Errors: CodeOngeldig with every field that is missing or wrong,
// CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig, CodeTeGroot.
func (r *Register) StelVast(ctx context.Context, d Dader, id uuid.UUID, stand int64, v Vaststelling) error {
	v.Reden = alinea(v.Reden)
	versie := uuid.New()
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.activiteit(id, stand)
		if err != nil {
			return err
		}
		if voor.Concept == nil {
			return fout.New(fout.CodeOngeldig, "Er is niets om vast te stellen. Wijzig de activiteit eerst.")
		}
		k := keuring{}
		k.keurPeriode(v.Ingangsdatum, v.Einddatum)
		k.tekst("reden", v.Reden, maxReden, true)
		k.verplicht("reden", len(voor.Versies) > 0 && v.Reden == "", "Schrijf in een zin wat er is gewijzigd en waarom.")
		voor.Concept.keur(&k, false, o.wetboek(v.Ingangsdatum))
		if err := k.err(); err != nil {
			return err
		}
		if len(voor.Versies) >= maxVersies {
			return teVeelVersies
		}
		na := voor.volgende()
		na.Concept, na.Openbaar = nil, v.Openbaar
		o.zetVersie(na, Versie{ID: versie, Ingangsdatum: v.Ingangsdatum, Einddatum: v.Einddatum, Reden: v.Reden, Inhoud: voor.Concept.Inhoud})
		o.Zet(na)
		wat := "Verwerkingsactiviteit vastgesteld."
		if len(voor.Versies) > 0 {
			wat = "Nieuwe versie van de verwerkingsactiviteit vastgesteld."
		}
		o.meldVersie(wat, voor, na)
		return nil
	}, Goedkeuren)
}

// zetVersie adds a version, made now by the dader.
func (o *ontwerp) zetVersie(a *Activiteit, v Versie) {
	v.Nummer, v.VastgesteldOp, v.Door = len(a.Versies)+1, o.Nu.UTC().Truncate(time.Microsecond), o.d.Wie
	a.Versies = append(a.Versies, v)
}

// versieInLog is a version as the beheerlog keeps it; the text of it is in the version itself, which never changes.
type versieInLog struct {
	Versie       int       `json:"versie"`
	ID           uuid.UUID `json:"id"`
	Ingangsdatum Datum     `json:"ingangsdatum"`
	Einddatum    Datum     `json:"einddatum,omitzero"`
	Openbaar     bool      `json:"openbaar"`
}

func (a *Activiteit) inLog() any {
	v := a.Laatste()
	if v == nil {
		return nil
	}
	return versieInLog{v.Nummer, v.ID, v.Ingangsdatum, v.Einddatum, a.Openbaar}
}

// meldVersie tells of the version that was added last.
func (o *ontwerp) meldVersie(wat string, voor, na *Activiteit) {
	v := &na.Versies[len(na.Versies)-1]
	o.meld(beheerlog.Regel{
		Soort: beheerlog.Activiteit, Betreft: na.wieIs(), Wat: wat, Reden: v.Reden, Voor: voor.inLog(),
		Na: versieInLog{v.Nummer, v.ID, v.Ingangsdatum, v.Einddatum, na.Openbaar},
	})
}

// Beeindig ends an activity on a day: a version like the last, that says so. A reason is needed. A concept stays. Errors:
// CodeOngeldig, CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig, CodeTeGroot.
func (r *Register) Beeindig(ctx context.Context, d Dader, id uuid.UUID, stand int64, einddatum Datum, reden string) error {
	reden = alinea(reden)
	versie := uuid.New()
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.activiteit(id, stand)
		if err != nil {
			return err
		}
		laatste := voor.Laatste()
		if laatste == nil {
			return fout.New(fout.CodeOngeldig, "Deze activiteit is nog niet vastgesteld. Gooi het concept weg als zij niet doorgaat.")
		}
		k := keuring{}
		k.datum("einddatum", einddatum, true)
		if einddatum != "" && einddatum < laatste.Ingangsdatum {
			k.mis("einddatum", "invalid", "De laatste versie gaat pas later in; kies die ingangsdatum of een latere dag.")
		}
		k.tekst("reden", reden, maxReden, true)
		k.verplicht("reden", reden == "", "Schrijf in een zin waarom de activiteit eindigt.")
		if err := k.err(); err != nil {
			return err
		}
		if laatste.Einddatum == einddatum {
			return nil
		}
		if len(voor.Versies) >= maxVersies {
			return teVeelVersies
		}
		na := voor.volgende()
		o.zetVersie(na, Versie{ID: versie, Ingangsdatum: laatste.Ingangsdatum, Einddatum: einddatum, Reden: reden, Inhoud: laatste.Inhoud})
		o.Zet(na)
		o.meldVersie("Verwerkingsactiviteit beëindigd.", voor, na)
		return nil
	}, Goedkeuren)
}

// ZetOpenbaar lets citizens read an activity, or not any more. Errors: CodeOngeldig while no version is definite,
// CodeGeenToestemming, fout.NietGevonden, fout.Gelijktijdig.
func (r *Register) ZetOpenbaar(ctx context.Context, d Dader, id uuid.UUID, stand int64, ja bool) error {
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor, err := o.activiteit(id, stand)
		if err != nil || voor.Openbaar == ja {
			return err
		}
		if ja && len(voor.Versies) == 0 {
			return fout.New(fout.CodeOngeldig, "Deze activiteit is nog niet vastgesteld. Stel haar eerst vast.")
		}
		na := voor.volgende()
		na.Openbaar = ja
		o.Zet(na)
		wat := "Verwerkingsactiviteit openbaar gemaakt."
		if !ja {
			wat = "Verwerkingsactiviteit niet meer openbaar."
		}
		o.meld(beheerlog.Regel{Soort: beheerlog.Activiteit, Betreft: na.wieIs(), Wat: wat, Voor: voor.inLog(), Na: na.inLog()})
		return nil
	}, Goedkeuren)
}
