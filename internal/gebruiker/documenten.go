package gebruiker

import "github.com/verantwoord/verantwoord/internal/kast"

// The kinds of documents. They are part of what is sealed, and never change their name.
const (
	SoortGebruiker        kast.Soort = "gebruiker"
	SoortFunctiegroep     kast.Soort = "functiegroep"
	SoortAutorisatiegroep kast.Soort = "autorisatiegroep"
	SoortVoorstel         kast.Soort = "voorstel"
	SoortNoodtoegang      kast.Soort = "noodtoegang"

	SoortApplicatievoorstel kast.Soort = "applicatievoorstel"
)

// Plaats and Uniek implement kast.Document.
func (g *Gebruiker) Plaats() kast.Plaats {
	return kast.Plaats{Soort: SoortGebruiker, ID: g.ID, Versie: g.Versie}
}
func (f *Functiegroep) Plaats() kast.Plaats {
	return kast.Plaats{Soort: SoortFunctiegroep, ID: f.ID, Versie: f.Versie}
}
func (a *Autorisatiegroep) Plaats() kast.Plaats {
	return kast.Plaats{Soort: SoortAutorisatiegroep, ID: a.ID, Versie: a.Versie}
}
func (v *Voorstel) Plaats() kast.Plaats {
	return kast.Plaats{Soort: SoortVoorstel, ID: v.ID, Versie: v.Versie}
}
func (n *Noodtoegang) Plaats() kast.Plaats {
	return kast.Plaats{Soort: SoortNoodtoegang, ID: n.ID, Versie: n.Versie}
}
func (v *Applicatievoorstel) Plaats() kast.Plaats {
	return kast.Plaats{Soort: SoortApplicatievoorstel, ID: v.ID, Versie: v.Versie}
}

// Uniek is what no other of the kind may have.
func (g *Gebruiker) Uniek() string        { return g.Email }
func (f *Functiegroep) Uniek() string     { return vergelijkbaar(f.Naam) }
func (a *Autorisatiegroep) Uniek() string { return vergelijkbaar(a.Naam) }
func (*Voorstel) Uniek() string           { return "" }
func (*Noodtoegang) Uniek() string        { return "" }
func (*Applicatievoorstel) Uniek() string { return "" }

var vorm = kast.Vorm[*stand]{
	Leeg: newStand, Kopie: (*stand).kopie, Zet: (*stand).zet, HaalWeg: (*stand).haalWeg,
	Nieuw: func(oin string, p kast.Plaats) kast.Document {
		switch p.Soort {
		case SoortGebruiker:
			return &Gebruiker{ID: p.ID, Versie: p.Versie, OIN: oin}
		case SoortFunctiegroep:
			return &Functiegroep{ID: p.ID, Versie: p.Versie, OIN: oin}
		case SoortAutorisatiegroep:
			return &Autorisatiegroep{ID: p.ID, Versie: p.Versie, OIN: oin}
		case SoortVoorstel:
			return &Voorstel{ID: p.ID, Versie: p.Versie, OIN: oin}
		case SoortNoodtoegang:
			return &Noodtoegang{ID: p.ID, Versie: p.Versie, OIN: oin}
		case SoortApplicatievoorstel:
			return &Applicatievoorstel{ID: p.ID, Versie: p.Versie, OIN: oin}
		}
		return nil
	},
}
