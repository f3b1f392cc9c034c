package activiteit

import (
	"reflect"
	"slices"
	"strconv"
)

// veldteksten calls f for every text of an Inhoud, with its path, its greatest length, and whether it may have several lines.
func (i *Inhoud) veldteksten(f func(pad string, v *string, maximum int, lang bool)) {
	f("naam", &i.Naam, maxNaam, false)
	f("nummer", &i.Nummer, maxNummer, false)
	f("gebaseerdOp", &i.GebaseerdOp, maxTekst, false)
	f("categorie", &i.Categorie, maxNaam, false)
	f("verantwoordelijkeOrganisatie", &i.VerantwoordelijkeOrganisatie, maxNaam, false)
	f("verantwoordelijkeBestuursorgaan", &i.VerantwoordelijkeBestuursorgaan, maxNaam, false)
	f("gedelegeerdVerantwoordelijke", &i.GedelegeerdVerantwoordelijke, maxNaam, false)
	f("proceseigenaar", &i.Proceseigenaar, maxNaam, false)
	f("doel", &i.Doel, maxTekst, true)
	f("toelichtingGrondslag", &i.ToelichtingGrondslag, maxTekst, true)
	f("bewaartermijn", &i.Bewaartermijn, maxTekst, true)
	f("herkomst", &i.Herkomst, maxTekst, true)
	f("doorgifte", &i.Doorgifte, maxTekst, true)
	f("beveiliging", &i.Beveiliging, maxTekst, true)
	f("selecties", &i.Selecties, maxTekst, true)
	f("toestemming", &i.Toestemming, maxTekst, true)
	f("log.omvang", &i.Log.Omvang, maxNummer, false)
	f("bewaartermijnLog", &i.BewaartermijnLog, maxDuur, false)
	f("vertrouwelijkheid", &i.Vertrouwelijkheid, maxNummer, false)
	f("grondVertrouwelijk", &i.GrondVertrouwelijk, maxNaam, false)
	f("duurVertrouwelijkheid", &i.DuurVertrouwelijkheid, maxDuur, false)
	for _, l := range i.lijsten() {
		for n := range *l.v {
			f(l.pad+"."+strconv.Itoa(n), &(*l.v)[n], maxNaam, false)
		}
	}
	for n := range i.Persoonsgegevens {
		p, pad := &i.Persoonsgegevens[n], "persoonsgegevens."+strconv.Itoa(n)
		f(pad+".rol", &p.Rol, maxNaam, false)
		f(pad+".naam", &p.Naam, maxNaam, false)
		f(pad+".soort", &p.Soort, maxNummer, false)
	}
	for n := range i.Verwerkers {
		v, pad := &i.Verwerkers[n], "verwerkers."+strconv.Itoa(n)
		f(pad+".naam", &v.Naam, maxNaam, false)
		f(pad+".contact", &v.Contact, maxNaam, false)
		f(pad+".overeenkomst", &v.Overeenkomst, maxTekst, true)
	}
	for n := range i.Overig {
		v, pad := &i.Overig[n], "overig."+strconv.Itoa(n)
		f(pad+".naam", &v.Naam, maxNaam, false)
		f(pad+".waarde", &v.Waarde, maxWaarde, true)
	}
}

// lijst is a field that holds words.
type lijst struct {
	pad string
	v   *[]string
}

func (i *Inhoud) lijsten() []lijst {
	return []lijst{
		{"gezamenlijkMet", &i.GezamenlijkMet}, {"grondslagen", &i.Grondslagen}, {"uitzonderingen", &i.Uitzonderingen}, {"betrokkenen", &i.Betrokkenen},
		{"ontvangers", &i.Ontvangers}, {"internationaleDerden", &i.InternationaleDerden},
	}
}

// Words of the fields that are a choice.
const (
	SoortGewoon          = "gewoon"
	SoortBSN             = "bsn"
	SoortBijzonder       = "bijzonder"
	SoortStrafrechtelijk = "strafrechtelijk"

	Normaal       = "normaal"
	Vertrouwelijk = "vertrouwelijk"

	OmvangUit      = "uit"
	OmvangMinimaal = "minimaal"
	OmvangVolledig = "volledig"
)

// Normaal gives the form that is kept and compared: texts in NFC and without spaces around them, lists without what is empty or
// there twice, and the ordinary choice as nothing. It shares nothing that is changed with i.
func (i Inhoud) Normaal() Inhoud {
	for _, l := range i.lijsten() {
		*l.v = slices.Clone(*l.v)
	}
	i.Persoonsgegevens, i.Verwerkers, i.Overig = slices.Clone(i.Persoonsgegevens), slices.Clone(i.Verwerkers), slices.Clone(i.Overig)
	i.veldteksten(func(_ string, v *string, _ int, lang bool) {
		if lang {
			*v = alinea(*v)
		} else {
			*v = regel(*v)
		}
	})
	for _, l := range i.lijsten() {
		*l.v = eenmaal(*l.v)
	}
	for n := range i.Persoonsgegevens {
		if p := &i.Persoonsgegevens[n]; p.Soort == SoortGewoon {
			p.Soort = ""
		}
	}
	i.Persoonsgegevens, i.Verwerkers, i.Overig = zonderLege(i.Persoonsgegevens), zonderLege(i.Verwerkers), zonderLege(i.Overig)
	if i.Vertrouwelijkheid == Normaal {
		i.Vertrouwelijkheid = ""
	}
	return i
}

// eenmaal gives what is not empty, each once; nil when that is nothing.
func eenmaal(in []string) (uit []string) {
	for _, s := range in {
		if s != "" && !slices.Contains(uit, s) {
			uit = append(uit, s)
		}
	}
	return uit
}

func zonderLege[T comparable](in []T) (uit []T) {
	var leeg T
	for _, v := range in {
		if v != leeg {
			uit = append(uit, v)
		}
	}
	return uit
}

// gelijk compares two in their normal form.
func (i *Inhoud) gelijk(j *Inhoud) bool { return reflect.DeepEqual(i, j) }
