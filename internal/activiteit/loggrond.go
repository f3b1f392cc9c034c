package activiteit

import (
	"context"
	"reflect"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Loggrond gives why the log itself is allowed; the zero value when nobody said so yet. Errors: CodeGeenToestemming.
func (r *Register) Loggrond(d Dader) (Loggrond, error) {
	t, err := r.lees(d, Zien)
	if err != nil || t.loggrond == nil {
		return Loggrond{}, err
	}
	uit := *t.loggrond
	uit.Plichten = slices.Clone(uit.Plichten)
	return uit, nil
}

// ZetLoggrond says why the log is allowed. It may be incomplete: Ontbreekt tells what is missing. Errors: CodeOngeldig,
// CodeGeenToestemming, fout.Gelijktijdig.
func (r *Register) ZetLoggrond(ctx context.Context, d Dader, l Loggrond) error {
	l.normaal()
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor := &Loggrond{}
		if o.Voor.loggrond != nil {
			voor = o.Voor.loggrond
		}
		if voor.Stand != l.Stand {
			return kast.Gewijzigd
		}
		if reflect.DeepEqual(*voor, l) {
			return nil
		}
		if err := o.keurLoggrond(&l); err != nil {
			return err
		}
		na := l
		na.Stand++
		o.Zet(&na)
		v, n := anders(*voor, na)
		o.meld(beheerlog.Regel{Soort: beheerlog.Loggrond, Wat: "Grond van de log gewijzigd.", Voor: v, Na: n})
		return nil
	}, Beheren)
}

func (l *Loggrond) normaal() {
	l.Plichten = slices.Clone(l.Plichten)
	for n := range l.Plichten {
		p := &l.Plichten[n]
		p.Plicht, p.Grondslag, p.Toelichting = regel(p.Plicht), regel(p.Grondslag), alinea(p.Toelichting)
	}
	l.Plichten = zonderLege(l.Plichten)
	l.Vloer, l.Maximum, l.Selectielijst, l.Besluit = regel(l.Vloer), regel(l.Maximum), regel(l.Selectielijst), regel(l.Besluit)
}

func (o *ontwerp) keurLoggrond(l *Loggrond) error {
	k, wetten := keuring{}, o.wetboek(o.vandaag())
	if l.Activiteit != (uuid.UUID{}) {
		o.keurVerwijzing(&k, l.Activiteit)
	}
	if len(l.Plichten) > maxLijst {
		k.mis("plichten", "max_length", "Dit zijn er te veel; noem hoogstens 200 plichten.")
	}
	for n, p := range l.Plichten {
		pad := "plichten." + strconv.Itoa(n)
		k.verplicht(pad+".plicht", p.Plicht == "", "Noem de plicht, zoals AVG art. 5 lid 2.")
		k.tekst(pad+".plicht", p.Plicht, maxNaam, false)
		k.verplicht(pad+".grondslag", p.Grondslag == "", "Kies op welke grondslag het loggen voor deze plicht rust.")
		if p.Grondslag != "" && !wetten.heeft(Grondslag, p.Grondslag) {
			k.mis(pad+".grondslag", "invalid_choice", "Deze grondslag is er niet; kies een grondslag uit de lijst.")
		}
		k.tekst(pad+".toelichting", p.Toelichting, maxTekst, true)
	}
	k.duur("vloer", l.Vloer)
	k.duur("maximum", l.Maximum)
	if geldigeDuur(l.Vloer) && geldigeDuur(l.Maximum) && eindeVan(l.Maximum, o.Nu).Before(eindeVan(l.Vloer, o.Nu)) {
		k.mis("maximum", "invalid", "Dit is korter dan de vloer; maak het maximum langer of de vloer korter.")
	}
	k.tekst("selectielijst", l.Selectielijst, maxNaam, false)
	k.tekst("besluit", l.Besluit, maxNaam, false)
	k.datum("besluitDatum", l.BesluitDatum, false)
	return k.err()
}

// Verantwoordelijke gives who answers for the processing; the zero value when nobody said so yet. It is public (AVG art. 13).
func (r *Register) Verantwoordelijke(oin string) Verantwoordelijke {
	if v := r.kast.Stand(oin).verantwoordelijke; v != nil {
		return *v
	}
	return Verantwoordelijke{}
}

// ZetVerantwoordelijke says who answers. Errors: CodeOngeldig, CodeGeenToestemming, fout.Gelijktijdig.
func (r *Register) ZetVerantwoordelijke(ctx context.Context, d Dader, v Verantwoordelijke) error {
	v.Naam, v.Adres = regel(v.Naam), alinea(v.Adres)
	v.Contact.normaal()
	v.FG.normaal()
	return r.wijzig(ctx, d, func(o *ontwerp) error {
		voor := &Verantwoordelijke{}
		if o.Voor.verantwoordelijke != nil {
			voor = o.Voor.verantwoordelijke
		}
		if voor.Stand != v.Stand {
			return kast.Gewijzigd
		}
		if *voor == v {
			return nil
		}
		k := keuring{}
		k.verplicht("naam", v.Naam == "", "Vul de naam van de organisatie in.")
		k.tekst("naam", v.Naam, maxNaam, false)
		k.tekst("adres", v.Adres, maxTekst, true)
		k.contact("contact", v.Contact)
		k.contact("fg", v.FG)
		if err := k.err(); err != nil {
			return err
		}
		na := v
		na.Stand++
		o.Zet(&na)
		a, b := anders(*voor, na)
		o.meld(beheerlog.Regel{Soort: beheerlog.Verantwoordelijke, Wat: "Verantwoordelijke of functionaris gegevensbescherming gewijzigd.", Voor: a, Na: b})
		return nil
	}, Beheren)
}

func (c *Contact) normaal() {
	c.Naam, c.Email, c.Telefoon = regel(c.Naam), regel(c.Email), regel(c.Telefoon)
}

func (k *keuring) contact(pad string, c Contact) {
	k.tekst(pad+".naam", c.Naam, maxNaam, false)
	k.tekst(pad+".email", c.Email, maxEmail, false)
	k.email(pad+".email", c.Email)
	k.tekst(pad+".telefoon", c.Telefoon, maxTelefoon, false)
}
