package server

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
)

// openbaarRegister implements openbaar.Activiteiten: what citizens may read of the register of verwerkingsactiviteiten.
type openbaarRegister struct {
	register  *activiteit.Register
	juridisch *juridisch.Gegevens
	naam      func(oin string) string
	nu        func() time.Time
}

func (o openbaarRegister) vandaag() activiteit.Datum { return activiteit.DatumVan(o.nu()) }

// voorNu gives the version that holds today; else the last that did: a citizen who finds an old line in the log must be able
// to read what it was about. What only begins later is not told yet.
func (o openbaarRegister) voorNu(a *activiteit.Activiteit) (v *activiteit.Versie, gestopt bool) {
	op := o.vandaag()
	if v, ok := a.GeldigOp(op); ok {
		return v, false
	}
	for i := range a.Versies {
		w := &a.Versies[i]
		if w.Ingangsdatum <= op && (v == nil || w.Ingangsdatum > v.Ingangsdatum || w.Ingangsdatum == v.Ingangsdatum && w.Nummer > v.Nummer) {
			v = w
		}
	}
	return v, v != nil
}

func (o openbaarRegister) Zoek(z openbaar.Zoek) (uit openbaar.Lijst) {
	for _, a := range o.register.OpenbareLijst(activiteit.Filter{}) {
		if v, _ := o.voorNu(a); v != nil && v.Categorie != "" {
			uit.Categorien = append(uit.Categorien, v.Categorie)
		}
	}
	slices.Sort(uit.Categorien)
	uit.Categorien = slices.Compact(uit.Categorien)
	for _, a := range o.register.OpenbareLijst(activiteit.Filter{Zoek: z.Tekst}) {
		v, gestopt := o.voorNu(a)
		if v == nil || z.Categorie != "" && v.Categorie != z.Categorie || z.Organisatie != "" && a.OIN != z.Organisatie {
			continue
		}
		uit.Regels = append(uit.Regels, openbaar.Regel{ID: a.ID, Naam: v.Naam, Doel: v.Doel, Categorie: v.Categorie, Organisatie: o.naam(a.OIN), Gestopt: gestopt})
	}
	return uit
}

func (o openbaarRegister) Een(id uuid.UUID, geldigOp string) (*openbaar.Activiteit, bool) {
	a, ok := o.register.Openbaar(id)
	if !ok {
		return nil, false
	}
	op := o.vandaag()
	uit := &openbaar.Activiteit{ID: id, Organisatie: o.naam(a.OIN)}
	var v *activiteit.Versie
	if geldigOp == "" || activiteit.Datum(geldigOp) == op {
		if v, uit.Gestopt = o.voorNu(a); v == nil {
			return nil, false // it only begins later
		}
	} else {
		op, uit.Anders = activiteit.Datum(geldigOp), geldigOp
		if v, ok = a.GeldigOp(op); !ok {
			return uit, true
		}
	}
	o.vul(uit, a, v, op)
	return uit, true
}

// vul tells what a version says, as far as it is for everybody.
func (o openbaarRegister) vul(uit *openbaar.Activiteit, a *activiteit.Activiteit, v *activiteit.Versie, op activiteit.Datum) {
	stand := o.juridisch.Op(string(op))
	uit.Naam, uit.Categorie, uit.Nummer, uit.Van, uit.Tot = v.Naam, v.Categorie, v.Nummer, string(v.Ingangsdatum), string(v.Einddatum)
	for _, w := range a.Versies {
		if geldt, ok := a.GeldigOp(w.Ingangsdatum); ok && geldt.Nummer == w.Nummer && w.Nummer != v.Nummer && w.Ingangsdatum < v.Ingangsdatum {
			uit.Eerder = append(uit.Eerder, openbaar.Periode{Nummer: w.Nummer, Van: string(w.Ingangsdatum)})
		}
	}
	slices.SortFunc(uit.Eerder, func(x, y openbaar.Periode) int { return strings.Compare(y.Van, x.Van) })
	uit.Doel, uit.Toelichting, uit.Toestemming, uit.Herkomst = v.Doel, v.ToelichtingGrondslag, v.Toestemming, v.Herkomst
	for _, c := range v.Grondslagen {
		g, ok := stand.Grondslag(c)
		uit.Grondslagen = append(uit.Grondslagen, grond(c, &g.Regel, ok))
	}
	for _, c := range v.Uitzonderingen {
		u, ok := stand.Uitzondering(c)
		uit.Uitzonderingen = append(uit.Uitzonderingen, grond(c, &u.Regel, ok))
	}
	uit.Betrokkenen, uit.Ontvangers, uit.BuitenEU, uit.Doorgifte = v.Betrokkenen, v.Ontvangers, v.InternationaleDerden, v.Doorgifte
	for _, p := range v.Persoonsgegevens {
		i := slices.IndexFunc(uit.Persoonsgegevens, func(g openbaar.Gegevens) bool { return g.Rol == p.Rol })
		if i < 0 {
			uit.Persoonsgegevens = append(uit.Persoonsgegevens, openbaar.Gegevens{Rol: p.Rol})
			i = len(uit.Persoonsgegevens) - 1
		}
		g := &uit.Persoonsgegevens[i]
		g.Namen = append(g.Namen, p.Naam)
	}
	for _, w := range v.Verwerkers {
		uit.Verwerkers = append(uit.Verwerkers, w.Naam)
	}
	uit.Bewaartermijn, uit.Bestuursorgaan, uit.GezamenlijkMet = v.Bewaartermijn, v.VerantwoordelijkeBestuursorgaan, v.GezamenlijkMet
	uit.Vertrouwelijk = v.Vertrouwelijkheid == activiteit.Vertrouwelijk
	wie := o.register.Verantwoordelijke(a.OIN)
	uit.Verantwoordelijke, uit.Adres = wie.Naam, wie.Adres
	if strings.Contains(strings.ToLower(wie.Naam), strings.ToLower(uit.Bestuursorgaan)) { // it is named already
		uit.Bestuursorgaan = ""
	}
	uit.Contact, uit.FG = openbaar.Contact(wie.Contact), openbaar.Contact(wie.FG)
}

// grond names a ground; a code that is not known any more stands for itself.
func grond(code string, r *juridisch.Regel, bekend bool) openbaar.Grond {
	if !bekend {
		return openbaar.Grond{Code: code, Naam: code}
	}
	return openbaar.Grond{Code: code, Naam: r.Naam, Uitleg: r.Uitleg, Artikel: r.Artikel}
}
