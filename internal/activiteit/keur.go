package activiteit

import (
	"maps"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Wetten are the legal data that activities point at (internal/juridisch): dated, and replaced by an administrator.
type Wetten interface {
	// Bestaat reports whether a kind (grondslag, uitzondering, beperking) has a code on a day.
	Bestaat(soort, code string, op Datum) bool
	// ToelichtingNodig reports whether a grondslag must be explained, such as by the law that is meant.
	ToelichtingNodig(code string, op Datum) bool
}

// Kinds of legal data.
const (
	Grondslag    = "grondslag"    // AVG art. 6
	Uitzondering = "uitzondering" // AVG art. 9 and 10, UAVG art. 22-33
	Beperking    = "beperking"    // UAVG art. 41
)

// wetboek asks the legal data for a day, and for today: what is written down afterwards may use the words of now. Without data
// any code is taken.
type wetboek struct {
	Wetten
	op, vandaag Datum
}

func (w wetboek) heeft(soort, code string) bool {
	return w.Wetten == nil || w.Bestaat(soort, code, w.op) || w.Bestaat(soort, code, w.vandaag)
}

func (w wetboek) vraagtToelichting(code string) bool {
	return w.Wetten != nil && (w.ToelichtingNodig(code, w.op) || w.ToelichtingNodig(code, w.vandaag))
}

// maxLijst bounds a list.
const maxLijst = 200

var oinVorm = regexp.MustCompile(`^[0-9]{20}$`)

// Keur tells everything that is wrong, as fout.CodeOngeldig with a path each. A concept may be incomplete: only its name is
// needed. It judges the normal form, on the legal data of today.
func (i Inhoud) Keur(concept bool, juridisch Wetten) error {
	vandaag := DatumVan(time.Now())
	k := keuring{}
	i = i.Normaal()
	i.keur(&k, concept, wetboek{juridisch, vandaag, vandaag})
	return k.err()
}

// keur judges what is in its normal form.
func (i *Inhoud) keur(k *keuring, concept bool, w wetboek) {
	i.veldteksten(k.veldtekst)
	k.verplicht("naam", i.Naam == "", "De activiteit heeft nog geen naam; vul die in.")
	i.keurLijsten(k)
	i.keurWaarden(k, w)
	if concept {
		return
	}
	i.keurVolledig(k, w)
}

func (k *keuring) veldtekst(pad string, v *string, maximum int, lang bool) {
	k.tekst(pad, *v, maximum, lang)
}

func (i *Inhoud) keurLijsten(k *keuring) {
	lengtes := map[string]int{"persoonsgegevens": len(i.Persoonsgegevens), "verwerkers": len(i.Verwerkers), "overig": len(i.Overig)}
	for _, l := range i.lijsten() {
		lengtes[l.pad] = len(*l.v)
	}
	for _, pad := range slices.Sorted(maps.Keys(lengtes)) {
		if lengtes[pad] > maxLijst {
			k.mis(pad, "max_length", "Dit zijn er te veel; noem er hoogstens 200 en voeg samen wat bij elkaar hoort.")
		}
	}
	for n := range i.Persoonsgegevens {
		k.verplicht("persoonsgegevens."+strconv.Itoa(n)+".naam", i.Persoonsgegevens[n].Naam == "", "Zeg om welk gegeven het gaat, of haal deze regel weg.")
	}
	for n := range i.Verwerkers {
		k.verplicht("verwerkers."+strconv.Itoa(n)+".naam", i.Verwerkers[n].Naam == "", "Zeg wie de verwerker is, of haal deze regel weg.")
	}
	for n := range i.Overig {
		k.verplicht("overig."+strconv.Itoa(n)+".naam", i.Overig[n].Naam == "", "Zeg hoe dit heet, of haal deze regel weg.")
	}
}

// keurWaarden checks what is filled in.
func (i *Inhoud) keurWaarden(k *keuring, w wetboek) {
	if i.GebaseerdOp != "" && !geldigeURI(i.GebaseerdOp) {
		k.mis("gebaseerdOp", "invalid", "Dit is geen volledig adres; schrijf het met https:// ervoor, of als urn:.")
	}
	if o := i.VerantwoordelijkeOrganisatie; o != "" && !oinVorm.MatchString(o) {
		k.mis("verantwoordelijkeOrganisatie", "invalid", "Dit is geen OIN; een OIN heeft 20 cijfers.")
	}
	for n, code := range i.Grondslagen {
		if !w.heeft(Grondslag, code) {
			k.mis("grondslagen."+strconv.Itoa(n), "invalid_choice", "Deze grondslag is er niet; kies een grondslag uit de lijst.")
		}
	}
	for n, code := range i.Uitzonderingen {
		if !w.heeft(Uitzondering, code) {
			k.mis("uitzonderingen."+strconv.Itoa(n), "invalid_choice", "Deze uitzondering is er niet; kies een uitzondering uit de lijst.")
		}
	}
	for n, p := range i.Persoonsgegevens {
		k.keuze("persoonsgegevens."+strconv.Itoa(n)+".soort", p.Soort, "", SoortBSN, SoortBijzonder, SoortStrafrechtelijk)
	}
	k.keuze("log.omvang", i.Log.Omvang, "", OmvangUit, OmvangMinimaal, OmvangVolledig)
	k.duur("bewaartermijnLog", i.BewaartermijnLog)
	k.keuze("vertrouwelijkheid", i.Vertrouwelijkheid, "", Vertrouwelijk)
	if g := i.GrondVertrouwelijk; g != "" && !w.heeft(Beperking, g) {
		k.mis("grondVertrouwelijk", "invalid_choice", "Deze grond is er niet; kies een grond uit de lijst.")
	}
	k.duur("duurVertrouwelijkheid", i.DuurVertrouwelijkheid)
	if o := i.Log.Omvang; i.Vertrouwelijkheid == Vertrouwelijk && (o == OmvangUit || o == OmvangMinimaal) {
		k.mis("log.omvang", "vertrouwelijk", "Een vertrouwelijke activiteit wordt volledig gelogd; kies volledig, of maak de activiteit niet vertrouwelijk.")
	}
}

// keurVolledig checks what must be there before an activity is definite: what AVG art. 30 asks, and what steers the log.
func (i *Inhoud) keurVolledig(k *keuring, w wetboek) {
	k.verplicht("doel", i.Doel == "", "Schrijf waarvoor de gegevens worden gebruikt.")
	k.verplicht("verantwoordelijkeOrganisatie", i.VerantwoordelijkeOrganisatie == "", "Vul het OIN in van de organisatie die verantwoordelijk is.")
	k.verplicht("grondslagen", len(i.Grondslagen) == 0, "Kies minstens één grondslag; zonder grondslag mag de verwerking niet.")
	k.verplicht("betrokkenen", len(i.Betrokkenen) == 0, "Noem de groepen mensen om wie het gaat, zoals inwoners of medewerkers.")
	k.verplicht("persoonsgegevens", len(i.Persoonsgegevens) == 0, "Noem de soorten persoonsgegevens, zoals naam en adres.")
	k.verplicht("bewaartermijn", i.Bewaartermijn == "", "Schrijf hoelang de gegevens bewaard blijven, of waar dat van afhangt.")
	k.verplicht("beveiliging", i.Beveiliging == "", "Schrijf in het kort hoe de gegevens zijn beveiligd.")
	k.verplicht("log.omvang", i.Log.Omvang == "", "Kies wat applicaties van deze activiteit loggen: uit, minimaal of volledig.")
	k.verplicht("bewaartermijnLog", i.Log.Omvang == OmvangMinimaal && i.Vertrouwelijkheid != Vertrouwelijk && i.BewaartermijnLog == "",
		"Minimaal loggen kan alleen als vaststaat hoelang logregels blijven; vul die termijn in, of kies volledig.") // A5924
	k.verplicht("toelichtingGrondslag", i.ToelichtingGrondslag == "" && slices.ContainsFunc(i.Grondslagen, w.vraagtToelichting),
		"Noem bij deze grondslag de wet en het artikel waar hij op rust.")
	gevoelig := slices.ContainsFunc(i.Persoonsgegevens, func(p Persoonsgegeven) bool { return p.Soort == SoortBijzonder || p.Soort == SoortStrafrechtelijk })
	k.verplicht("uitzonderingen", gevoelig && len(i.Uitzonderingen) == 0,
		"Bijzondere en strafrechtelijke gegevens mogen alleen met een uitzondering uit de wet; kies welke dat is.")
	k.verplicht("doorgifte", len(i.InternationaleDerden) > 0 && i.Doorgifte == "",
		"Schrijf met welke waarborgen de gegevens naar het buitenland gaan, of haal de ontvangers in het buitenland weg.")
	if i.Vertrouwelijkheid == Vertrouwelijk {
		k.verplicht("grondVertrouwelijk", i.GrondVertrouwelijk == "", "Kies waarom de inwoner dit nog niet mag zien.")
		k.verplicht("duurVertrouwelijkheid", i.DuurVertrouwelijkheid == "", "Vul in hoelang het vertrouwelijk blijft, zoals P6M voor zes maanden.")
	}
}

func (k *keuring) keuze(pad, v string, woorden ...string) {
	if !slices.Contains(woorden, v) {
		k.mis(pad, "invalid_choice", zinKeuze)
	}
}

func (k *keuring) duur(pad, v string) {
	if v != "" && !geldigeDuur(v) {
		k.mis(pad, "invalid", zinDuur)
	}
}

func (k *keuring) datum(pad string, d Datum, verplicht bool) {
	if _, ok := ParseDatum(string(d)); !ok {
		k.mis(pad, "invalid", zinDatum)
	} else if verplicht {
		k.verplicht(pad, d == "", "Vul de datum in, zoals 2026-12-31.")
	}
}

// geldigeURI takes an absolute address that is safe to make a link of.
func geldigeURI(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \"<>\\^`{|}") {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != "" && u.User == nil
	case "urn":
		return u.Opaque != ""
	}
	return false
}

// email takes a plain address.
func (k *keuring) email(pad, v string) {
	if v == "" {
		return
	}
	if a, err := mail.ParseAddress(v); err != nil || a.Address != v || !strings.Contains(v[strings.LastIndexByte(v, '@')+1:], ".") {
		k.mis(pad, "invalid", "Dit is geen e-mailadres; vul een adres in zoals naam@gemeente.nl.")
	}
}
